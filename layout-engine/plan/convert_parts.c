/* Moving bytes between two ABIs' own forms of one thing, as far as each says what its members are for. */
#include "plan/convert_parts.h"

#include "base/hash.h"
#include "plan/flatten.h"

#include <string.h>

struct abide_side abide_crossing__from(struct abide_crossing crossing)
{
    return (struct abide_side){crossing.ctx, crossing.from, crossing.to};
}

struct abide_side abide_crossing__to(struct abide_crossing crossing)
{
    return (struct abide_side){crossing.ctx, crossing.to, crossing.from};
}

static uint64_t size_of(struct abide_crossing crossing, const abide_type *type)
{
    const abide_layout *layout =
        abide_layout__physical(crossing.ctx, crossing.from->machine->data, type);
    return layout ? layout->size_bytes : 0;
}

/* ---- sequences ---- */

static const char *convert_part(struct abide_crossing crossing, const char *name,
                                const struct abide_part *from, const struct abide_part *to,
                                struct abide_runs *runs)
{
    struct abide_runs one = {0};
    if (!to->type)
        return NULL;
    if (!from->type)
        return abide__printf(crossing.ctx, "one side keeps no '%s' with it", name);
    uint64_t from_bytes = size_of(crossing, from->type), to_bytes = size_of(crossing, to->type);
    if (to_bytes < from_bytes)
        return abide__printf(crossing.ctx, "its '%s' may be too large for the other side", name);
    const char *reason = abide_convert__number(crossing, from->type, to->type, &one);
    if (!reason)
        abide_runs__add_all(crossing.ctx, runs, &one, from->offset_bytes, to->offset_bytes);
    return reason;
}

/* Text that may have a NUL in it, and none behind it. */
static bool is_free_text(const abide_type *type)
{
    return abide_kind__is_counted_text(type->kind) && type->kind != ABIDE_KIND_STRING0;
}

/* What a unit of text takes; 0: unknown. */
static uint64_t unit_bytes(struct abide_crossing crossing, const struct abide_part *pointer)
{
    const abide_type *unit =
        pointer->type->target ? abide_type__strip(pointer->type->target) : NULL;
    return unit && unit->kind == ABIDE_KIND_SCALAR ? size_of(crossing, unit) : 0;
}

/* A NUL behind the end cannot be put there, and where only it tells the end, none may come before. */
static const char *check_end(struct abide_crossing crossing, const abide_type *type,
                             const struct abide_sequence_parts *from,
                             const struct abide_sequence_parts *to)
{
    if (abide_kind__is_text(type->kind) &&
        unit_bytes(crossing, &from->pointer) != unit_bytes(crossing, &to->pointer))
        return "one side has its text as UTF-8, the other as UTF-16";
    if (!is_free_text(type))
        return NULL;
    if (!to->length.type && from->length.type)
        return "one side counts its bytes, and the other looks for a NUL at the end";
    if (to->pointer.is_terminated && !from->pointer.is_terminated && from->length.type)
        return "one side puts a NUL behind its end, the other does not";
    return NULL;
}

/* A runtime that makes values itself may have put something in front of their memory. */
static const char *check_maker(const struct abide_side *from, const struct abide_side *to,
                               const abide_type *type)
{
    const struct abide_owned_rule *owned = abide_parts__owned(to, type);
    if (!owned || owned->make != ABIDE_MAKE_ASSIGN || owned == abide_parts__owned(from, type))
        return NULL;
    return abide__printf(to->ctx, "%s only takes what its own runtime made", to->module->name);
}

const char *abide_convert__sequence(struct abide_crossing crossing, const abide_type *type,
                                    const abide_type *from_type, const abide_type *to_type,
                                    struct abide_runs *runs)
{
    struct abide_side from_side = abide_crossing__from(crossing);
    struct abide_side to_side = abide_crossing__to(crossing);
    struct abide_sequence_parts from, to;
    if (!abide_parts__sequence(&from_side, type, from_type, &from) ||
        !abide_parts__sequence(&to_side, type, to_type, &to) || !to.is_plain)
        return abide_convert__form(crossing, from_type, to_type, runs);
    const char *reason = type->target ? abide_convert__same(crossing, type->target) : NULL;
    if (!reason)
        reason = check_end(crossing, type, &from, &to);
    if (!reason)
        reason = check_maker(&from_side, &to_side, type);
    struct abide_runs parts = {0};
    if (!reason)
        reason = convert_part(crossing, ABIDE_PART_POINTER, &from.pointer, &to.pointer, &parts);
    if (!reason)
        reason = convert_part(crossing, ABIDE_PART_LENGTH, &from.length, &to.length, &parts);
    if (!reason)
        reason = convert_part(crossing, ABIDE_PART_CAPACITY, &from.capacity, &to.capacity, &parts);
    if (!reason)
        reason = convert_part(crossing, ABIDE_PART_OWNER, &from.owner, &to.owner, &parts);
    if (!reason && !abide_runs__unite(crossing.ctx, &parts, runs))
        reason = "its parts overlap";
    return reason;
}

/* ---- sums ---- */

static const char *of_case(struct abide_crossing crossing, const abide_type *sum, size_t index,
                           const char *reason)
{
    return abide__printf(crossing.ctx, "in case '%s' of %s: %s", sum->fields[index].name,
                         sum->name ? sum->name : abide__kind_names[sum->kind], reason);
}

static const char *check_tags(struct abide_crossing crossing, const abide_type *sum,
                              const struct abide_sum_parts *from, const struct abide_sum_parts *to)
{
    for (size_t i = 0; i < sum->field_count; i++)
        if (from->tags[i] != to->tags[i])
            return of_case(crossing, sum, i, "the two sides number it differently");
    if (size_of(crossing, to->tag.type) < size_of(crossing, from->tag.type))
        return "its tag may be too large for the other side";
    return NULL;
}

/* The whole value, unknown cases included. */
static const char *convert_open(struct abide_crossing crossing, const abide_type *from_type,
                                const abide_type *to_type, const struct abide_sum_parts *from,
                                const struct abide_sum_parts *to, struct abide_runs *runs)
{
    uint64_t size_bytes = size_of(crossing, to_type);
    bool moves = false;
    for (size_t i = 0; i < runs->count; i++)
        moves = moves || !abide_run__is_plain(&runs->items[i]) ||
                runs->items[i].from_bytes != runs->items[i].to_bytes;
    if (moves || size_of(crossing, from_type) != size_bytes ||
        from->tag.offset_bytes != to->tag.offset_bytes ||
        size_of(crossing, from->tag.type) != size_of(crossing, to->tag.type))
        return "the cases it may get later lie differently on the two sides";
    runs->count = 0;
    abide_runs__add(crossing.ctx, runs,
                    (struct abide_run){.from_size_bytes = size_bytes, .to_size_bytes = size_bytes});
    return NULL;
}

static const char *convert_cases(struct abide_crossing crossing, const abide_type *sum,
                                 const struct abide_sum_parts *from,
                                 const struct abide_sum_parts *to, struct abide_runs *runs)
{
    struct abide_runs all = {0}, tag = {0};
    const char *reason = abide_convert__number(crossing, from->tag.type, to->tag.type, &tag);
    abide_runs__add_all(crossing.ctx, &all, &tag, from->tag.offset_bytes, to->tag.offset_bytes);
    for (size_t i = 0; i < sum->field_count && !reason; i++) {
        if (!to->payloads[i].type || !from->payloads[i].type)
            continue;
        struct abide_runs payload = {0};
        reason = abide_convert__runs(crossing, sum->fields[i].type, from->payloads[i].type,
                                     to->payloads[i].type, &payload);
        if (reason)
            return of_case(crossing, sum, i, reason);
        for (size_t k = 0; k < payload.count; k++) {
            struct abide_run run = payload.items[k];
            run.from_bytes += from->payloads[i].offset_bytes;
            run.to_bytes += to->payloads[i].offset_bytes;
            abide__push(crossing.ctx, &all, run);
        }
    }
    if (!reason && !abide_runs__unite(crossing.ctx, &all, runs))
        reason = "which of its bytes go where depends on the case that it is";
    return reason;
}

const char *abide_convert__sum(struct abide_crossing crossing, const abide_type *type,
                               const abide_type *from_type, const abide_type *to_type,
                               struct abide_runs *runs)
{
    struct abide_side from_side = abide_crossing__from(crossing);
    struct abide_side to_side = abide_crossing__to(crossing);
    struct abide_sum_parts from, to;
    if (!abide_parts__sum(&from_side, type, from_type, &from) ||
        !abide_parts__sum(&to_side, type, to_type, &to))
        return abide_parts__template(&from_side, type) == abide_parts__template(&to_side, type)
                   ? abide_convert__form(crossing, from_type, to_type, runs)
                   : "one side does not say which of its members is the tag";
    if ((from.niche_case == SIZE_MAX) != (to.niche_case == SIZE_MAX))
        return "one side tells its cases by a tag, the other by a null pointer";
    if (from.niche_case != to.niche_case)
        return "a null pointer means another case on the other side";
    size_t niche = from.niche_case;
    if (niche != SIZE_MAX)
        return abide_convert__runs(crossing, type->fields[niche].type, from.payloads[niche].type,
                                   to.payloads[niche].type, runs);
    const char *reason = check_tags(crossing, type, &from, &to);
    struct abide_runs cases = {0};
    if (!reason)
        reason = convert_cases(crossing, type, &from, &to, &cases);
    if (!reason && type->is_open)
        reason = convert_open(crossing, from_type, to_type, &from, &to, &cases);
    if (!reason)
        abide_runs__add_all(crossing.ctx, runs, &cases, 0, 0);
    return reason;
}

/* ---- closures ---- */

const char *abide_convert__closure(struct abide_crossing crossing, const abide_type *from_type,
                                   const abide_type *to_type, struct abide_runs *runs)
{
    struct abide_side from_side = abide_crossing__from(crossing);
    struct abide_side to_side = abide_crossing__to(crossing);
    struct abide_closure_parts from, to;
    uint64_t word_bytes = crossing.to->machine->data->pointer_bytes;
    if (!abide_parts__closure(&from_side, from_type, &from) ||
        !abide_parts__closure(&to_side, to_type, &to))
        return abide_convert__form(crossing, from_type, to_type, runs);
    if ((from.drop_bytes == SIZE_MAX) != (to.drop_bytes == SIZE_MAX))
        return "only one side keeps with it what ends its environment";
    const uint64_t parts[][2] = {{from.code_bytes, to.code_bytes},
                                 {from.env_bytes, to.env_bytes},
                                 {from.drop_bytes, to.drop_bytes}};
    struct abide_runs words = {0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts && parts[i][0] != SIZE_MAX; i++)
        abide_runs__add(crossing.ctx, &words,
                        (struct abide_run){parts[i][0], parts[i][1], word_bytes, word_bytes, 0});
    return abide_runs__unite(crossing.ctx, &words, runs) ? NULL : "its parts overlap";
}

/* ---- flat forms ---- */

static bool has_same_words(const abide_type *from, const abide_type *to)
{
    if (from->field_count != to->field_count)
        return false;
    for (size_t i = 0; i < from->field_count; i++)
        if (abide_type__strip(from->fields[i].type) != abide_type__strip(to->fields[i].type))
            return false;
    return true;
}

static const abide_type *in_memory(struct abide_side side, const abide_type *type,
                                   const abide_type *physical)
{
    if (!physical->flat_of)
        return physical;
    struct abide_representing how = {.module = side.module, .foreign = side.foreign, .quiet = true};
    return abide_represent__as(side.ctx, &how, type);
}

const char *abide_convert__flat(struct abide_crossing crossing, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type,
                                struct abide_runs *runs)
{
    abide_ctx *ctx = crossing.ctx;
    struct abide_side from_side = abide_crossing__from(crossing);
    struct abide_side to_side = abide_crossing__to(crossing);
    bool big_endian = crossing.from->machine->data->big_endian;
    const abide_type *from = in_memory(from_side, type, from_type);
    const abide_type *to = in_memory(to_side, type, to_type);
    if (!from || !to)
        return "one side has no form for it in memory";
    struct abide_runs middle = {0}, part = {0};
    const char *reason = abide_convert__runs(crossing, type, from, to, &middle);
    if (reason)
        return reason;
    if (from_type->flat_of && to_type->flat_of && has_same_words(from_type, to_type) &&
        abide_runs__are_identity(middle.items, middle.count, size_of(crossing, to))) {
        uint64_t size_bytes = size_of(crossing, to_type);
        abide_runs__add(
            ctx, runs,
            (struct abide_run){.from_size_bytes = size_bytes, .to_size_bytes = size_bytes});
        return NULL;
    }
    if (from_type->flat_of) {
        struct abide_runs whole = {0};
        reason = abide_flatten__runs(&from_side, type, from, from_type, false, &part);
        abide_runs__compose(ctx, &part, &middle, big_endian, &whole);
        middle = whole;
    }
    if (!reason && to_type->flat_of) {
        struct abide_runs whole = {0};
        part = (struct abide_runs){0};
        reason = abide_flatten__runs(&to_side, type, to, to_type, true, &part);
        abide_runs__compose(ctx, &middle, &part, big_endian, &whole);
        middle = whole;
    }
    if (!reason)
        abide_runs__add_all(ctx, runs, &middle, 0, 0);
    return reason;
}

/* ---- ownership ---- */

struct seen_type {
    const abide_type *type;
    UT_hash_handle hh;
};

struct type_walk {
    abide_ctx *ctx;
    ABIDE_VEC(const abide_type *) types;
    struct seen_type *seen;
};

static void visit(struct type_walk *walk, const abide_type *type)
{
    abide_ctx *ctx = walk->ctx;
    struct seen_type *seen = NULL;
    type = abide_type__strip(type);
    HASH_FIND_PTR(walk->seen, &type, seen);
    if (seen)
        return;
    seen = abide__new(ctx, struct seen_type);
    seen->type = type;
    HASH_ADD_PTR(walk->seen, type, seen);
    abide__push(ctx, &walk->types, type);
}

static const char *hook_symbol(const abide_module *module, const char *name)
{
    for (size_t i = 0; name && i < module->language->hook_count; i++)
        if (strcmp(module->language->hooks[i].name, name) == 0)
            return module->language->hooks[i].symbol;
    return NULL;
}

static bool is_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *compare_owners(struct abide_crossing crossing, const abide_type *type)
{
    struct abide_side from_side = abide_crossing__from(crossing);
    struct abide_side to_side = abide_crossing__to(crossing);
    const struct abide_owned_rule *from = abide_parts__owned(&from_side, type);
    const struct abide_owned_rule *to = abide_parts__owned(&to_side, type);
    if (from == to || crossing.from == crossing.to)
        return NULL;
    bool is_counted = (from && from->keep_hook) || (to && to->keep_hook);
    if (from && to && from->drop == to->drop && from->empty_is_nowhere == to->empty_is_nowhere &&
        !is_counted &&
        (from->drop == ABIDE_DROP_OWNER ||
         (from->drop == ABIDE_DROP_RELEASE && is_equal(from->drop_hook, to->drop_hook) &&
          is_equal(hook_symbol(crossing.from, from->drop_hook),
                   hook_symbol(crossing.to, to->drop_hook)))))
        return NULL;
    return abide__printf(crossing.ctx, "the two sides release %s in different ways",
                         abide_type_print(crossing.ctx, type));
}

static bool owns_memory(const abide_type *type)
{
    return type->kind == ABIDE_KIND_SEQ || type->kind == ABIDE_KIND_BOX ||
           (type->is_own && (type->kind == ABIDE_KIND_CLOSURE || abide_kind__is_text(type->kind)));
}

/* Everything that lies in a value of one of these types, or in memory that it owns. */
static void visit_parts(struct type_walk *walk, const abide_type *type)
{
    const abide_type *part;
    if (owns_memory(type) && type->target && type->kind != ABIDE_KIND_CLOSURE)
        visit(walk, type->target);
    for (size_t k = 0; (part = abide_type__part(type, k)); k++)
        visit(walk, part);
}

/* Memory that the type says is only lent. */
static bool lends_memory(const abide_type *type)
{
    return type->kind == ABIDE_KIND_SLICE || (abide_kind__is_text(type->kind) && !type->is_own);
}

static bool owns_resource(const abide_type *type)
{
    return (type->kind == ABIDE_KIND_HANDLE || type->kind == ABIDE_KIND_DYN) && type->is_own;
}

static bool holds(abide_ctx *ctx, const abide_type *type, bool (*test)(const abide_type *type))
{
    struct type_walk walk = {.ctx = ctx};
    visit(&walk, type);
    for (size_t i = 0; i < walk.types.count; i++) {
        if (test(walk.types.items[i]))
            return true;
        visit_parts(&walk, walk.types.items[i]);
    }
    return false;
}

bool abide_convert__owns_memory(abide_ctx *ctx, const abide_type *type)
{
    return holds(ctx, type, owns_memory);
}

bool abide_convert__owns_resource(abide_ctx *ctx, const abide_type *type)
{
    return holds(ctx, type, owns_resource);
}

bool abide_convert__is_loan(const abide_type *type)
{
    return type->kind == ABIDE_KIND_HANDLE && !type->is_own &&
           abide_type__strip(type->target)->is_from_elsewhere;
}

bool abide_convert__lends_handles(abide_ctx *ctx, const abide_type *type)
{
    struct type_walk walk = {.ctx = ctx};
    visit(&walk, type);
    for (size_t i = 0; i < walk.types.count; i++) {
        const abide_type *part = walk.types.items[i];
        if (abide_convert__is_loan(part))
            return true;
        if (part->kind == ABIDE_KIND_SLICE)
            visit(&walk, part->target);
        visit_parts(&walk, part);
    }
    return false;
}

static bool holds_in_memory(abide_ctx *ctx, const abide_type *type,
                            bool (*test)(abide_ctx *ctx, const abide_type *type))
{
    struct type_walk walk = {.ctx = ctx};
    visit(&walk, type);
    for (size_t i = 0; i < walk.types.count; i++) {
        const abide_type *part = walk.types.items[i];
        if (owns_memory(part) && part->target && part->kind != ABIDE_KIND_CLOSURE &&
            test(ctx, part->target))
            return true;
        visit_parts(&walk, part);
    }
    return false;
}

static bool lends(abide_ctx *ctx, const abide_type *type)
{
    return holds(ctx, type, lends_memory);
}

bool abide_convert__lends_inside(abide_ctx *ctx, const abide_type *type)
{
    return holds_in_memory(ctx, type, lends);
}

bool abide_convert__lends_handles_inside(abide_ctx *ctx, const abide_type *type)
{
    return holds_in_memory(ctx, type, abide_convert__lends_handles);
}

static bool owns_closure(const abide_type *type)
{
    return type->kind == ABIDE_KIND_CLOSURE && type->is_own;
}

bool abide_convert__owns_closure(abide_ctx *ctx, const abide_type *type)
{
    return holds(ctx, type, owns_closure);
}

const char *abide_convert__moves(struct abide_crossing crossing, const abide_type *type)
{
    struct type_walk walk = {.ctx = crossing.ctx};
    const char *reason = NULL;
    visit(&walk, type);
    for (size_t i = 0; i < walk.types.count && !reason; i++) {
        if (owns_memory(walk.types.items[i]))
            reason = compare_owners(crossing, walk.types.items[i]);
        visit_parts(&walk, walk.types.items[i]);
    }
    return reason;
}
