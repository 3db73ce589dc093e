/* What becomes of `...` in an adapter. ISO/IEC 9899:2018, 7.16: a list can be made of unnamed arguments, but not the reverse. */
#include "plan/unnamed.h"

#include "base/diag.h"
#include "call/represent.h"
#include "layout/layout.h"
#include "plan/places.h"
#include "spec/compilers.h"
#include "spec/rules.h"

#include <string.h>

/* ---- what lists are ---- */

static bool has_same_fields(const struct abide_unnamed_list *a, const struct abide_unnamed_list *b)
{
    if (a->slot_bytes != b->slot_bytes || a->field_count != b->field_count)
        return false;
    for (size_t i = 0; i < a->field_count; i++)
        if (strcmp(a->fields[i].name, b->fields[i].name) != 0 ||
            a->fields[i].is_address != b->fields[i].is_address ||
            a->fields[i].value != b->fields[i].value)
            return false;
    return true;
}

static bool has_same_banks(const abide_module *a, const abide_module *b)
{
    if (a->bank_count != b->bank_count)
        return false;
    for (size_t i = 0; i < a->bank_count; i++) {
        const struct abide_bank *one = a->banks[i], *other = b->banks[i];
        if (one->register_count != other->register_count || one->width_bytes != other->width_bytes)
            return false;
        for (size_t j = 0; j < one->register_count; j++)
            if (strcmp(one->registers[j], other->registers[j]) != 0)
                return false;
    }
    return true;
}

/* The same line of the same text, perhaps read twice. */
static bool is_same_place(struct abide_place a, struct abide_place b)
{
    if (a.start_bytes != b.start_bytes || a.end_bytes != b.end_bytes || !a.source || !b.source)
        return false;
    return a.source == b.source ||
           (a.source->length_bytes == b.source->length_bytes &&
            memcmp(a.source->text, b.source->text, a.source->length_bytes) == 0);
}

static bool has_same_rules(const abide_module *a, const abide_module *b)
{
    const struct abide_rule_list *one = &abide_module__rules(a)->args;
    const struct abide_rule_list *other = &abide_module__rules(b)->args;
    if (one->count != other->count)
        return false;
    for (size_t i = 0; i < one->count; i++)
        if (!is_same_place(one->items[i].origin.place, other->items[i].origin.place))
            return false;
    return true;
}

/* A convention beside a C ABI has that one's lists, whatever its own arguments do, unless C calls them by other names. */
static bool is_beside(const abide_module *a, const abide_module *b)
{
    const char *own = a->compilers->va, *other = b->compilers->va;
    return (a->of || b->of) && !strcmp(a->of ? a->of : a->name, b->of ? b->of : b->name) &&
           (!own || !other || strcmp(own, other) == 0);
}

/* Else what is in a list lies where the ABI's rules put unnamed arguments: the same rules and registers have the same lists. */
bool abide_unnamed__same_lists(const abide_module *from, const abide_module *to)
{
    const struct abide_unnamed_list *a = &from->unnamed_list, *b = &to->unnamed_list;
    bool are_rows =
        a->slot_bytes && a->slot_bytes == b->slot_bytes && !a->field_count && !b->field_count;
    return from == to || are_rows || is_beside(from, to) ||
           (has_same_fields(a, b) && has_same_banks(from, to) && has_same_rules(from, to));
}

/* ---- signatures ------------------------------------------------------------------------------------ */

/* The signature with other parameters: the first `kept` of its own, and then `added` of which the caller fills in the type. */
static abide_signature *with_params(abide_ctx *ctx, const abide_signature *signature, size_t kept,
                                    size_t added, struct abide_param **rest)
{
    abide_signature *copy = abide__new(ctx, abide_signature);
    struct abide_param *params = abide__new_array(ctx, struct abide_param, kept + added);
    *copy = *signature;
    if (kept)
        memcpy(params, signature->params, kept * sizeof *params);
    copy->params = params;
    copy->param_count = kept + added;
    *rest = params + kept;
    return copy;
}

/* All that is listed, as parameters like any others. */
static const abide_signature *with_parameters(abide_ctx *ctx, const abide_signature *signature)
{
    size_t extra_count = signature->param_count - signature->fixed_count;
    struct abide_param *extra;
    abide_signature *copy =
        with_params(ctx, signature, signature->fixed_count, extra_count, &extra);
    for (size_t i = 0; i < extra_count; i++) {
        extra[i] = signature->params[signature->fixed_count + i];
        extra[i].is_variadic = false;
    }
    copy->fixed_count = copy->param_count;
    copy->is_variadic = false;
    return copy;
}

static const abide_signature *with_list(abide_ctx *ctx, const abide_signature *signature)
{
    struct abide_param *list;
    abide_signature *copy = with_params(ctx, signature, signature->fixed_count, 1, &list);
    list->name = "args";
    list->type = abide_type__of(ctx, ABIDE_KIND_VA_LIST, NULL);
    list->place = signature->place;
    copy->fixed_count = copy->param_count;
    copy->is_variadic = false;
    return copy;
}

void abide_unnamed__sides(abide_ctx *ctx, const abide_function *function,
                          const abide_signature **caller, const abide_signature **callee)
{
    const abide_signature *signature = function->signature;
    *caller = *callee = signature;
    switch (function->unnamed) {
    case ABIDE_UNNAMED_SAME:
        if (signature->is_variadic && signature->param_count > signature->fixed_count)
            *caller = with_parameters(ctx, signature);
        return;
    case ABIDE_UNNAMED_LIST:
    case ABIDE_UNNAMED_WORDS: *callee = with_list(ctx, signature); return;
    case ABIDE_UNNAMED_PARAMETERS: *callee = with_parameters(ctx, signature); return;
    }
}

/* ---- places of arguments that nobody lists ----------------------------------------------------------- */

/* More than any ABI has registers of a kind. */
#define PROBES 40

/* Where unnamed arguments would go, all of one type, behind the named ones. NULL: reported. */
static const abide_assignment *probe(abide_ctx *ctx, const abide_module *module,
                                     const abide_module *foreign, const abide_signature *signature,
                                     const abide_type *const *types, size_t type_count)
{
    struct abide_param *unnamed;
    abide_signature *call = with_params(ctx, signature, signature->fixed_count, PROBES, &unnamed);
    for (size_t i = 0; i < PROBES; i++)
        unnamed[i] = (struct abide_param){
            .type = types[i % type_count], .is_variadic = true, .place = signature->place};
    const struct abide_physical *physical = abide_physical__of(ctx, module, call, foreign, false);
    return physical ? abide_assignment__of(ctx, physical) : NULL;
}

static const abide_type *pair(abide_ctx *ctx, const abide_type *first, const abide_type *second)
{
    struct abide_field fields[2] = {{.type = first}, {.type = second}};
    return abide_type__tuple(ctx, fields, 2);
}

static bool agree(const abide_assignment *a, const abide_assignment *b)
{
    if (!a || !b || a->physical->param_count != b->physical->param_count)
        return false;
    for (size_t i = 0; i < a->physical->param_count; i++)
        if (a->physical->params[i].is_variadic &&
            !abide_places__same(&a->arguments[i], &b->arguments[i]))
            return false;
    return true;
}

/* Whether two ABIs have the same places for unnamed arguments of this function: of numbers, pointers, records, and all of them mixed. */
static bool same_places(struct abide_builder *builder)
{
    abide_ctx *ctx = builder->ctx;
    const abide_module *caller = builder->caller, *callee = builder->callee;
    if (caller->machine == callee->machine)
        return true;
    const abide_type *int_type = abide_type__scalar(ctx, ABIDE_SCALAR_C_INT);
    const abide_type *long_type = abide_type__scalar(ctx, ABIDE_SCALAR_I64);
    const abide_type *double_type = abide_type__scalar(ctx, ABIDE_SCALAR_F64);
    const abide_type *types[] = {
        int_type,
        double_type,
        long_type,
        pair(ctx, double_type, double_type),
        pair(ctx, long_type, double_type),
        pair(ctx, long_type, pair(ctx, long_type, long_type)),
        abide_type__scalar(ctx, ABIDE_SCALAR_C_LONGDOUBLE),
    };
    const size_t count = sizeof types / sizeof *types;
    for (size_t i = 0; i <= count; i++) {
        const abide_type *const *some = i < count ? &types[i] : types;
        size_t some_count = i < count ? 1 : count;
        if (!agree(probe(ctx, caller, callee, builder->signature, some, some_count),
                   probe(ctx, callee, caller, builder->signature, some, some_count)))
            return false;
    }
    return true;
}

bool abide_unnamed__check(struct abide_builder *builder)
{
    const struct abide_plan *plan = builder->plan;
    if (!plan->caller->physical->is_variadic || !plan->callee->physical->is_variadic)
        return true;
    const char *caller = plan->caller->vector_count_register;
    const char *callee = plan->callee->vector_count_register;
    bool same_count = caller == callee || (caller && callee && strcmp(caller, callee) == 0);
    if (plan->tier == ABIDE_TIER_SAME && same_count && same_places(builder))
        return true;
    abide_diag *diag = abide__report(
        builder->ctx, ABIDE_CODE_VARIADIC_ADAPTER, builder->place,
        "%s is variadic, and an adapter from %s to %s would have to move arguments whose "
        "number it does not know",
        builder->what, builder->caller->name, builder->callee->name);
    abide__diag_help(
        builder->ctx, diag,
        "describe the calls that are made: list the types behind the dots, for callers "
        "with so many parameters; or let the callee take a va_list (`unnamed: "
        "va_list`)");
    return false;
}

/* ---- lists --------------------------------------------------------------------------------------------- */

static const abide_type *list_type(struct abide_builder *builder, const abide_module *module)
{
    struct abide_representing how = {.module = module, .place = builder->place};
    return abide_represent__as(builder->ctx, &how,
                               abide_type__of(builder->ctx, ABIDE_KIND_VA_LIST, NULL));
}

/* Memory for a module's list. */
static bool new_list(struct abide_builder *builder, const abide_module *module, bool zeroed,
                     const char *purpose, struct abide_object *list, const abide_type **type)
{
    *type = list_type(builder, module->machine);
    const abide_layout *layout =
        *type ? abide_layout__physical(builder->ctx, module->machine->data, *type) : NULL;
    if (layout)
        *list = abide_builder__temporary(builder, layout->size_bytes, layout->align_bytes, zeroed,
                                         purpose);
    return layout;
}

/* Where the first unnamed arguments are: what starts a list has to know. */
static bool find_unnamed(struct abide_builder *builder)
{
    struct abide_unnamed_places *places = &builder->plan->unnamed;
    abide_ctx *ctx = builder->ctx;
    const abide_signature *signature = builder->plan->function->signature;
    const abide_type *const types[] = {abide_type__scalar(ctx, ABIDE_SCALAR_SSIZE),
                                       abide_type__scalar(ctx, ABIDE_SCALAR_F64)};
    const abide_assignment *found[2];
    for (size_t i = 0; i < 2; i++) {
        found[i] = probe(ctx, builder->caller, builder->callee, signature, &types[i], 1);
        if (!found[i])
            return false;
        const struct abide_assigned *all = found[i]->arguments;
        size_t first = found[i]->physical->param_count - PROBES, at = first;
        while (at < first + PROBES && (all[at].piece_count == 0 || all[at].pieces[0].register_name))
            at++;
        if (all[first].piece_count == 0 || at == first + PROBES)
            return abide_builder__refuse(
                builder, NULL, "the caller's ABI has no stack for unnamed arguments", NULL);
        places->first[i] = all[first].pieces[0];
        places->stack_offset_bytes[i] = all[at].pieces[0].stack_offset_bytes;
    }
    return true;
}

static const struct abide_field *field_named(const abide_type *type, const char *name, size_t *at)
{
    for (*at = 0; type->kind == ABIDE_KIND_STRUCT && *at < type->field_count; ++*at)
        if (type->fields[*at].name && strcmp(type->fields[*at].name, name) == 0)
            return &type->fields[*at];
    return NULL;
}

/* One field of a list over arguments that lie in a row, whose address is what `from` holds. */
static bool set_field(struct abide_builder *builder, const struct abide_list_field *field,
                      const abide_type *type, struct abide_object from, struct abide_object to)
{
    size_t index;
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, builder->callee->machine->data, type);
    if (!layout || !field_named(type, field->name, &index)) {
        abide__report(builder->ctx, ABIDE_CODE_BAD_VALUE, field->place, "the list has no field %s",
                      abide__quote(builder->ctx, field->name));
        return false;
    }
    const abide_field_info place = abide_layout__field(layout, index);
    uint64_t offset_bytes = place.offset_bits / 8, size_bytes = place.size_bits / 8;
    if (field->is_address) {
        struct abide_runs all = abide_builder__identity(builder, size_bytes);
        to.offset_bytes += offset_bytes;
        from.size_bytes = to.size_bytes = size_bytes;
        abide_builder__copy_before(builder, from, to, &all);
        return true;
    }
    struct abide_store store = {.kind = ABIDE_STORE_CONSTANT,
                                .temporary = to.index,
                                .offset_bytes = offset_bytes,
                                .size_bytes = (uint32_t)size_bytes,
                                .value = (uint64_t)field->value};
    abide__push(builder->ctx, &builder->stores, store);
    return true;
}

/* A list of the callee's ABI over the arguments that are in the caller's. */
static bool convert_list(struct abide_builder *builder, const struct abide_param *param,
                         struct abide_object *list)
{
    const abide_module *from = builder->caller->machine, *to = builder->callee->machine;
    const struct abide_unnamed_list *source = &from->unnamed_list, *sink = &to->unnamed_list;
    if (abide_unnamed__same_lists(from, to))
        return true;
    bool fits = source->slot_bytes && source->slot_bytes == sink->slot_bytes &&
                !source->field_count && sink->field_count;
    if (!fits)
        return abide_builder__refuse(
            builder, param,
            abide__printf(builder->ctx, "a list of %s's unnamed arguments cannot be read by %s",
                          from->name, to->name),
            "list the types behind the dots, and let the callee take them as parameters "
            "(`unnamed: parameters`)");
    if (builder->plan->function->unnamed != ABIDE_UNNAMED_WORDS)
        return abide_builder__refuse(
            builder, param,
            abide__printf(builder->ctx,
                          "a list of %s's unnamed arguments can be read by %s only where each of "
                          "them is a number or a pointer of at most %u bytes",
                          from->name, to->name, (unsigned)source->slot_bytes),
            "if they are, say so: `unnamed: words`");
    const abide_type *type;
    struct abide_object converted;
    bool fine = new_list(builder, builder->callee, true, "the callee's list", &converted, &type);
    for (size_t i = 0; fine && i < sink->field_count; i++)
        fine = set_field(builder, &sink->fields[i], type, *list, converted);
    *list = converted;
    return fine;
}

bool abide_unnamed__feed(struct abide_builder *builder, size_t param)
{
    struct abide_plan *plan = builder->plan;
    const struct abide_param *abstract = &builder->signature->params[param];
    const abide_type *type;
    struct abide_object list;
    size_t count, index = abide_builder__find(plan->callee, param, &count);
    if (count != 1)
        return abide_builder__refuse(builder, abstract, "the callee's ABI has no lists", NULL);
    if (!find_unnamed(builder) ||
        !new_list(builder, builder->caller, false, "list of unnamed arguments", &list, &type))
        return false;
    plan->unnamed.is_list_started = true;
    plan->unnamed.list = list.index;
    if (!convert_list(builder, abstract, &list))
        return false;
    const struct abide_physical_param *sink = &plan->callee->physical->params[index];
    bool by_address =
        sink->copy != ABIDE_COPY_NONE || plan->callee->arguments[index].pass == ABIDE_PASS_POINTER;
    struct abide_runs all = abide_builder__identity(builder, list.size_bytes);
    builder->ends_with_call[param] = true;
    builder->feeds[index] = by_address
                                ? (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = list}
                                : (struct abide_feed){.kind = ABIDE_FEED_VALUE,
                                                      .object = list,
                                                      .runs = all.items,
                                                      .run_count = all.count};
    abide_builder__charge(builder, param, ABIDE_COST_SHUFFLE,
                          "a list is started over the unnamed arguments");
    return true;
}
