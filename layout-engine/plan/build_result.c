/* The result: where the callee leaves it, and how it gets to where the caller looks. */
#include "base/hash.h"
#include "plan/build.h"
#include "plan/failures.h"
#include "plan/places.h"
#include "plan/routine_build.h"

#include <string.h>

enum form {
    FORM_NOTHING,
    FORM_DIRECT,
    FORM_MEMORY,
    FORM_POINTER,
    FORM_MOVED, /* the same, in memory that the caller gets with it */
    FORM_STATUS /* {status, value, error}: the first is returned, the others are written through pointers */
};

/* One side's view of the result. */
struct view {
    const abide_assignment *assignment;
    enum form form;
    const abide_type *type; /* physical, of the value */
    const abide_layout *layout;
    const struct abide_error_rule
        *errors;      /* of FORM_STATUS: how failures are told; NULL: by the status */
    bool returns_tag; /* of FORM_MEMORY */
    bool exclusive, zeroed, callee_reads; /* of FORM_MEMORY */
};

static bool look(struct abide_builder *builder, const abide_assignment *assignment,
                 struct view *view)
{
    const struct abide_physical *physical = assignment->physical;
    const struct abide_physical_result *result = &physical->result;
    view->assignment = assignment;
    view->type = result->value_type;
    switch (result->mode) {
    case ABIDE_RESULT_NOTHING: view->form = FORM_NOTHING; return true;
    case ABIDE_RESULT_POINTER: view->form = result->is_moved ? FORM_MOVED : FORM_POINTER; break;
    case ABIDE_RESULT_STATUS:
        view->form = FORM_STATUS;
        view->errors = result->errors;
        break;
    case ABIDE_RESULT_OUT:
        view->form = FORM_MEMORY;
        view->returns_tag = result->returns_tag;
        view->exclusive = result->exclusive;
        view->zeroed = result->zeroed;
        view->callee_reads = result->callee_reads;
        break;
    case ABIDE_RESULT_VALUE:
        view->form = assignment->result.pass == ABIDE_PASS_HIDDEN ? FORM_MEMORY : FORM_DIRECT;
        view->exclusive = physical->machine->hidden_exclusive;
        break;
    }
    view->layout = abide_layout__physical(builder->ctx, physical->machine->data, view->type);
    return view->layout != NULL;
}

/* Feeds the callee the address of the memory that its result goes to. */
static void feed_result_memory(struct abide_builder *builder, struct abide_object memory)
{
    struct abide_feed feed = {.kind = ABIDE_FEED_ADDRESS, .object = memory};
    size_t out = abide_builder__find_role(builder->plan->callee, ABIDE_ROLE_OUT);
    if (out != ABIDE_NO_INDEX)
        builder->feeds[out] = feed;
    else
        builder->plan->hidden = feed;
}

static struct abide_object caller_memory(const struct view *caller)
{
    return (struct abide_object){.kind = ABIDE_OBJECT_RESULT_MEMORY,
                                 .size_bytes = caller->layout->size_bytes,
                                 .align_bytes = caller->layout->align_bytes};
}

static struct abide_object temporary_of(struct abide_builder *builder, const abide_module *module,
                                        const abide_type *type, bool zeroed, const char *purpose)
{
    const abide_layout *layout = abide_layout__physical(builder->ctx, module->machine->data, type);
    return abide_builder__temporary(builder, layout->size_bytes, layout->align_bytes, zeroed,
                                    purpose);
}

/*
 * Whether the callee may write straight into the caller's memory. Not if something else may point to that memory while
 * the call runs, unless the callee's own ABI has to live with that anyway.
 */
static bool can_write_through(const struct view *caller, const struct view *callee,
                              bool is_identity)
{
    return caller->form == FORM_MEMORY && is_identity &&
           caller->layout->size_bytes >= callee->layout->size_bytes &&
           caller->layout->align_bytes >= callee->layout->align_bytes &&
           (caller->exclusive || !callee->exclusive);
}

/* ---- a status: the first member is returned, each of the others goes through a pointer of its own ---- */

/* The argument that points to member `member` of the value; the pointers come in the order of the members. */
static size_t status_pointer(const struct view *view, size_t member)
{
    const struct abide_physical *physical = view->assignment->physical;
    for (size_t i = 0, seen = 0; i < physical->param_count; i++)
        if (physical->params[i].role == ABIDE_ROLE_OUT && ++seen == member)
            return i;
    return ABIDE_NO_INDEX;
}

static struct abide_object member_of(const struct view *view, struct abide_object whole,
                                     size_t member)
{
    whole.offset_bytes += abide_layout__field(view->layout, member).offset_bits / 8;
    whole.size_bytes = abide_layout__field(view->layout, member).size_bits / 8;
    return whole;
}

/* ---- failures that are not told by the status: it is made of what the callee tells, or becomes what the caller is told ---- */

/* What one side returns, in memory. */
static struct abide_object returned_by(struct abide_builder *builder, const struct view *view,
                                       const char *purpose)
{
    return temporary_of(builder, view->assignment->physical->machine,
                        view->assignment->physical->result.type, false, purpose);
}

/* The member of that name, or ABIDE_NO_INDEX. */
static size_t member_called(const struct view *view, const char *name)
{
    for (size_t i = 0; i < view->type->field_count; i++)
        if (strcmp(view->type->fields[i].name, name) == 0)
            return i;
    return ABIDE_NO_INDEX;
}

/* The part of `type` in a routine's parameter that is the whole. */
static bool locate(const struct view *view, const char *name, struct abide_object *part)
{
    struct abide_object whole = {0};
    size_t member = member_called(view, name);
    if (member == ABIDE_NO_INDEX)
        return false;
    *part = member_of(view, whole, member);
    return true;
}

enum { FROM, TO };

/* (returned, whole) */
static void write_collect(struct abide_routine_builder *body, const struct view *callee,
                          const struct abide_failures *side)
{
    struct abide_object part = {0};
    abide_value result = abide_op__load(body, FROM, 0, side->result_bytes);
    abide_value has_failed = abide_failures__test(body, side, result);
    locate(callee, "status", &part);
    abide_op__store(body, TO, part.offset_bytes, part.size_bytes, has_failed);
    abide_op__if(body, has_failed);
    if (locate(callee, "error", &part))
        abide_op__store(body, TO, part.offset_bytes, part.size_bytes,
                        abide_failures__read(body, side, result));
    if (!side->rule->value_is_out && locate(callee, "value", &part)) {
        abide_op__else(body);
        abide_op__store(body, TO, part.offset_bytes, part.size_bytes, result);
    }
    abide_op__end(body);
}

/* (whole, returned) */
static void write_tell(struct abide_routine_builder *body, const struct view *caller,
                       const struct abide_failures *side)
{
    struct abide_object part = {0};
    locate(caller, "status", &part);
    abide_op__if(body, abide_op__load(body, FROM, part.offset_bytes, part.size_bytes));
    abide_value error = locate(caller, "error", &part)
                            ? abide_op__load(body, FROM, part.offset_bytes, part.size_bytes)
                            : abide_op__constant(body, 1);
    abide_op__store(body, TO, 0, side->result_bytes, abide_failures__tell(body, side, error));
    abide_op__else(body);
    if (!side->rule->value_is_out && locate(caller, "value", &part)) {
        abide_value value = abide_op__load(body, FROM, part.offset_bytes, part.size_bytes);
        abide_failures__check_value(body, side, value);
        abide_op__store(body, TO, 0, side->result_bytes, value);
    } else {
        abide_op__store(body, TO, 0, side->result_bytes,
                        abide_failures__bits(body, side, side->rule->fine));
    }
    abide_op__end(body);
}

static void collect_failure(struct abide_builder *builder, const struct view *callee,
                            struct abide_object whole)
{
    struct abide_failures side;
    if (!abide_failures__find(builder, callee->errors, callee->assignment, true, &side))
        return;
    struct abide_object held = returned_by(builder, callee, "what the callee returns");
    struct abide_object result = {.kind = ABIDE_OBJECT_CALLEE_RESULT,
                                  .size_bytes = held.size_bytes,
                                  .align_bytes = held.align_bytes};
    struct abide_runs all = abide_builder__identity(builder, held.size_bytes);
    struct abide_copy_step keep = {
        .from = result, .to = held, .runs = all.items, .run_count = all.count};
    struct abide_routine *routine = abide_routine__new(builder->ctx, "read_failure", 2);
    struct abide_routine_builder body;
    abide_routine__start(builder->ctx, &body, routine);
    write_collect(&body, callee, &side);
    abide_routine__finish(&body);
    struct abide_copy_step read = {
        .from = held,
        .to = whole,
        .frame = whole,
        .routine = routine,
        .words = abide__printf(builder->ctx, "find out whether it failed, as %s tells it",
                               builder->callee->name)};
    abide__push(builder->ctx, &builder->at_once, keep);
    abide__push(builder->ctx, &builder->at_once, read);
}

static struct abide_object tell_failure(struct abide_builder *builder, const struct view *caller,
                                        struct abide_object whole)
{
    struct abide_failures side;
    struct abide_object returned = returned_by(builder, caller, "what the caller is returned");
    if (!abide_failures__find(builder, caller->errors, caller->assignment, false, &side))
        return returned;
    if (caller->errors->source == ABIDE_ERROR_AT &&
        member_called(caller, "error") == ABIDE_NO_INDEX) {
        abide_builder__refuse(builder, NULL, "the error has no number that could be told",
                              "give it one: an integer or an enum as E of result<T, E>");
        return returned;
    }
    struct abide_routine *routine = abide_routine__new(builder->ctx, "tell_failure", 2);
    struct abide_routine_builder body;
    abide_routine__start(builder->ctx, &body, routine);
    write_tell(&body, caller, &side);
    abide_routine__finish(&body);
    struct abide_copy_step tell = {
        .from = whole,
        .to = returned,
        .frame = returned,
        .routine = routine,
        .words = abide__printf(builder->ctx, "tell a failure as %s does", builder->caller->name)};
    abide__push(builder->ctx, &builder->at_last, tell);
    return returned;
}

/* What the callee writes is collected in a temporary. */
static struct abide_object receive_status(struct abide_builder *builder, const struct view *callee)
{
    struct abide_object whole =
        temporary_of(builder, builder->callee, callee->type, true, "status and what comes with it");
    for (size_t i = 1; i < abide_layout_field_count(callee->layout); i++) {
        size_t index = status_pointer(callee, i);
        if (index != ABIDE_NO_INDEX)
            builder->feeds[index] = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS,
                                                        .object = member_of(callee, whole, i)};
    }
    if (callee->errors) {
        collect_failure(builder, callee, whole);
        return whole;
    }
    struct abide_object to = member_of(callee, whole, 0);
    struct abide_object status = {.kind = ABIDE_OBJECT_CALLEE_RESULT,
                                  .size_bytes = to.size_bytes,
                                  .align_bytes = to.size_bytes};
    struct abide_runs all = abide_builder__identity(builder, to.size_bytes);
    struct abide_copy_step step = {
        .from = status, .to = to, .runs = all.items, .run_count = all.count};
    abide__push(builder->ctx, &builder->after, step);
    return whole;
}

/* (from, to): member `member` of the value at `from` goes to `to` if the status says that it is there. */
static const struct abide_routine *copy_if_there(struct abide_builder *builder,
                                                 const struct view *caller, size_t member)
{
    abide_field_info status = abide_layout__field(caller->layout, 0);
    struct abide_object whole = {0}, part = member_of(caller, whole, member);
    bool is_value = member == member_called(caller, "value");
    struct abide_routine *routine =
        abide_routine__new(builder->ctx, is_value ? "give_value" : "give_error", 2);
    struct abide_routine_builder body;
    abide_routine__start(builder->ctx, &body, routine);
    abide_value is_error = abide_op__load(&body, 0, status.offset_bits / 8, status.size_bits / 8);
    abide_op__if(&body, is_error);
    if (is_value)
        abide_op__else(&body);
    struct abide_runs runs = abide_builder__identity(builder, part.size_bytes);
    abide_op__runs(&body, 1, abide_op__offset(&body, 0, part.offset_bytes), &runs);
    abide_op__end(&body);
    abide_routine__finish(&body);
    return routine;
}

static void give_status(struct abide_builder *builder, const struct view *caller,
                        struct abide_object whole)
{
    for (size_t i = 1; i < abide_layout_field_count(caller->layout); i++) {
        size_t index = status_pointer(caller, i);
        if (index == ABIDE_NO_INDEX)
            continue;
        struct abide_copy_step step = {
            .from = whole,
            .to = {.kind = ABIDE_OBJECT_POINTEE,
                   .index = index,
                   .size_bytes = abide_layout__field(caller->layout, i).size_bits / 8,
                   .align_bytes = 1},
            .routine = copy_if_there(builder, caller, i),
            .words = i == member_called(caller, "value")
                         ? "write the value where the caller wants it, unless the status says "
                           "that there is none"
                         : "write the error where the caller wants it, if the status says "
                           "that there is one",
        };
        abide__push(builder->ctx, &builder->after, step);
    }
    struct abide_object status =
        caller->errors ? tell_failure(builder, caller, whole) : member_of(caller, whole, 0);
    struct abide_runs *all = abide__new(builder->ctx, struct abide_runs);
    *all = abide_builder__identity(builder, status.size_bytes);
    builder->plan->result = (struct abide_return){
        .kind = ABIDE_RETURN_VALUE, .object = status, .runs = all->items, .run_count = all->count};
}

/* Both sides return the same status, and write the same values where they are told to. */
static void pass_status_on(struct abide_builder *builder, const struct view *caller,
                           const struct view *callee)
{
    for (size_t i = 1; i < abide_layout_field_count(callee->layout); i++) {
        size_t from = status_pointer(caller, i), to = status_pointer(callee, i);
        if (from == ABIDE_NO_INDEX || to == ABIDE_NO_INDEX)
            continue;
        struct abide_object memory = {.kind = ABIDE_OBJECT_POINTEE,
                                      .index = from,
                                      .size_bytes =
                                          abide_layout__field(caller->layout, i).size_bits / 8,
                                      .align_bytes = 1};
        builder->feeds[to] = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = memory};
    }
    uint64_t size_bytes = builder->plan->callee->result.size_bytes;
    struct abide_runs *all = abide__new(builder->ctx, struct abide_runs);
    *all = abide_builder__identity(builder, size_bytes);
    builder->plan->result = (struct abide_return){.kind = ABIDE_RETURN_VALUE,
                                                  .object = {.kind = ABIDE_OBJECT_CALLEE_RESULT,
                                                             .size_bytes = size_bytes,
                                                             .align_bytes = size_bytes},
                                                  .runs = all->items,
                                                  .run_count = all->count};
}

/* ---- a value ---- */

/* Where the callee's result is after the call. */
static struct abide_object receive(struct abide_builder *builder, const struct view *caller,
                                   const struct view *callee, bool may_write_through)
{
    struct abide_object object = {.kind = ABIDE_OBJECT_CALLEE_RESULT,
                                  .size_bytes = callee->layout->size_bytes,
                                  .align_bytes = callee->layout->align_bytes};
    if (callee->form == FORM_STATUS)
        return receive_status(builder, callee);
    if (callee->form == FORM_POINTER || callee->form == FORM_MOVED) {
        object.kind = ABIDE_OBJECT_CALLEE_POINTEE;
        return object;
    }
    if (callee->form != FORM_MEMORY)
        return object;
    if (may_write_through) {
        object = caller_memory(caller);
        if (callee->zeroed && !caller->zeroed) {
            builder->plan->zero_result_memory = true;
            builder->plan->result_memory_bytes = callee->layout->size_bytes;
            builder->plan->result_memory_align_bytes = object.align_bytes;
        }
    } else {
        object = abide_builder__temporary(builder, callee->layout->size_bytes,
                                          callee->layout->align_bytes,
                                          callee->zeroed || callee->callee_reads, "result");
        abide_builder__tell_size(builder, builder->callee, builder->signature->result, callee->type,
                                 object);
    }
    feed_result_memory(builder, object);
    return object;
}

/* The tag that is returned besides: the callee's own, or that of the value in the caller's memory. */
static bool return_tag(struct abide_builder *builder, const struct view *caller,
                       const struct view *callee, bool is_written_through)
{
    struct abide_plan *plan = builder->plan;
    struct abide_side side = {builder->ctx, builder->caller, builder->callee};
    struct abide_sum_parts parts;
    const abide_type *sum = abide_type__strip(builder->signature->result);
    const abide_type *returned = plan->caller->physical->result.type;
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, builder->caller->machine->data, returned);
    struct abide_runs *runs = abide__new(builder->ctx, struct abide_runs);
    if (!layout)
        return false;
    plan->result = (struct abide_return){.kind = ABIDE_RETURN_VALUE};
    if (is_written_through && callee->returns_tag && !abide_builder__checks(builder) &&
        plan->callee->result.size_bytes == layout->size_bytes) {
        *runs = abide_builder__identity(builder, layout->size_bytes);
        plan->result.object = (struct abide_object){.kind = ABIDE_OBJECT_CALLEE_RESULT,
                                                    .size_bytes = layout->size_bytes,
                                                    .align_bytes = layout->align_bytes};
    } else {
        if (!abide_type__is_sum(sum) || !abide_parts__sum(&side, sum, caller->type, &parts) ||
            !parts.tag.type)
            return abide_builder__refuse(builder, NULL,
                                         "the caller expects a tag, and its form has none", NULL);
        const abide_layout *tag =
            abide_layout__physical(builder->ctx, builder->caller->machine->data, parts.tag.type);
        plan->result.object = caller_memory(caller);
        abide_runs__add(builder->ctx, runs,
                        (struct abide_run){.from_bytes = parts.tag.offset_bytes,
                                           .from_size_bytes = tag->size_bytes,
                                           .to_size_bytes = layout->size_bytes,
                                           .widen = ABIDE_EXTEND_ZERO});
    }
    plan->result.runs = runs->items;
    plan->result.run_count = runs->count;
    return true;
}

/* The value of `object`, through `runs`, in memory that the caller gets with it. */
static void give_moved(struct abide_builder *builder, const struct view *caller,
                       struct abide_object object, const struct abide_runs *runs)
{
    struct abide_runs *all = abide__new(builder->ctx, struct abide_runs);
    bool is_whole = object.kind == ABIDE_OBJECT_TEMPORARY && !object.offset_bytes &&
                    abide_runs__are_identity(runs->items, runs->count, caller->layout->size_bytes);
    if (!is_whole) {
        struct abide_object whole = temporary_of(builder, builder->caller, caller->type, true,
                                                 "result as the caller has it");
        struct abide_copy_step step = {
            .from = object, .to = whole, .runs = runs->items, .run_count = runs->count};
        abide__push(builder->ctx, &builder->after, step);
        object = whole;
    }
    struct abide_object address = abide_moved__make(builder, builder->caller, NULL, object, true);
    *all = abide_builder__identity(builder, address.size_bytes);
    builder->plan->result = (struct abide_return){
        .kind = ABIDE_RETURN_VALUE, .object = address, .runs = all->items, .run_count = all->count};
}

/* The value of `object`, through `runs`, as the caller's result. */
static bool give_back(struct abide_builder *builder, const struct view *caller,
                      const struct view *callee, struct abide_object object,
                      const struct abide_runs *runs)
{
    struct abide_plan *plan = builder->plan;
    if (caller->form == FORM_STATUS) {
        give_status(builder, caller, object);
        return true;
    }
    if (caller->form == FORM_MOVED) {
        give_moved(builder, caller, object, runs);
        return true;
    }
    if (caller->form == FORM_MEMORY) {
        bool is_there = object.kind == ABIDE_OBJECT_RESULT_MEMORY;
        if (!is_there)
            abide_builder__copy_after(builder, object, caller_memory(caller), runs);
        if (caller->returns_tag)
            return return_tag(builder, caller, callee, is_there && callee->form == FORM_MEMORY);
        if (plan->caller->result.pass == ABIDE_PASS_HIDDEN &&
            plan->caller->result.returned_register)
            plan->result = (struct abide_return){.kind = ABIDE_RETURN_ADDRESS,
                                                 .object = caller_memory(caller)};
        return true;
    }
    if (plan->caller->result.pass == ABIDE_PASS_IGNORE)
        return true;
    plan->result = (struct abide_return){.kind = ABIDE_RETURN_VALUE,
                                         .object = object,
                                         .runs = runs->items,
                                         .run_count = runs->count};
    return true;
}

/* Both sides return a pointer to the value, or one does and the other wants the value itself. */
static bool build_pointer(struct abide_builder *builder, const struct view *caller,
                          const struct view *callee)
{
    const abide_type *type = builder->signature->result;
    if (caller->form == FORM_POINTER && callee->form != FORM_POINTER)
        return abide_builder__refuse(
            builder, NULL,
            "the caller expects a pointer to memory that outlives the call, and the "
            "callee returns the value itself",
            "drop the fact that makes the result a borrowed one");
    const char *reason = abide_convert__same(abide_builder__outward(builder), type);
    if (reason)
        return abide_builder__refuse(builder, NULL, reason, NULL);
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    struct abide_object pointer = {.kind = ABIDE_OBJECT_CALLEE_RESULT,
                                   .size_bytes = pointer_bytes,
                                   .align_bytes = pointer_bytes};
    struct abide_runs all = abide_builder__identity(builder, pointer_bytes);
    struct abide_object pointee = {.kind = ABIDE_OBJECT_CALLEE_POINTEE,
                                   .size_bytes = callee->layout->size_bytes,
                                   .align_bytes = callee->layout->align_bytes};
    return abide_builder__check_after(builder, NULL, SIZE_MAX, callee->type, pointee) &&
           give_back(builder, caller, callee, pointer, &all);
}

/* ---- what bytes cannot do ---- */

/* The callee's result in memory, in a form that a routine takes. */
static struct abide_object bring_to_memory(struct abide_builder *builder, const struct view *callee,
                                           struct abide_object object, const abide_type **type)
{
    struct abide_side side = {builder->ctx, builder->callee, builder->caller};
    struct abide_runs *runs = abide__new(builder->ctx, struct abide_runs);
    *type = callee->type;
    if (object.kind != ABIDE_OBJECT_CALLEE_RESULT)
        return object;
    *type = abide_builder__in_memory(&side, builder->signature->result, callee->type, true, runs);
    struct abide_object copy =
        temporary_of(builder, builder->callee, *type, false, "result as the callee has it");
    struct abide_copy_step step = {
        .from = object, .to = copy, .runs = runs->items, .run_count = runs->count};
    abide__push(builder->ctx, &builder->after, step); /* out of registers: no copy that counts */
    return copy;
}

/* ---- results in memory that changes hands ---- */

/* Whether what the callee returned is released by a function of its own, with all that the callee made. */
static bool is_given_back(const struct abide_builder *builder, const struct view *callee)
{
    return callee->form == FORM_MOVED && builder->callee->language->after_return;
}

static bool lends_memory(const struct abide_builder *builder)
{
    return abide_lift__releases(builder->ctx, builder->signature->result, ABIDE_RELEASE_LENT);
}

/* Whether the callee's ABI lends no such result, and says how memory is released that is only lent elsewhere. */
static bool gives_what_is_lent(const struct abide_builder *builder, const struct view *callee)
{
    struct abide_side side = {builder->ctx, builder->callee, builder->caller};
    const struct abide_physical_result *result = &callee->assignment->physical->result;
    const struct abide_owned_rule *owned =
        abide_parts__owned(&side, abide_type__strip(builder->signature->result));
    return builder->signature->has_lender && !result->is_lent && callee->form != FORM_POINTER &&
           builder->callee->language->lends && owned && owned->drop == ABIDE_DROP_RELEASE &&
           builder->plan->caller->physical->result.is_lent;
}

/* What the callee gives away must not be what the interface lends: nobody would release it. */
static bool check_moved(struct abide_builder *builder, const struct view *callee)
{
    if (!lends_memory(builder) ||
        (callee->form != FORM_MOVED && !gives_what_is_lent(builder, callee)))
        return true;
    return abide_builder__refuse(
        builder, NULL,
        abide__printf(builder->ctx, "%s gives away all that it returns, and the interface lends it",
                      builder->callee->name),
        "say that it is given away: `own string`, `own slice<T>`, and no `from`");
}

/* The memory that the callee's result came in. */
static bool end_moved(struct abide_builder *builder, const struct view *callee)
{
    struct abide_object memory = {.kind = ABIDE_OBJECT_CALLEE_POINTEE,
                                  .size_bytes = callee->layout->size_bytes,
                                  .align_bytes = callee->layout->align_bytes};
    if (callee->form != FORM_MOVED)
        return true;
    if (!is_given_back(builder, callee))
        return abide_moved__free(builder, builder->callee, NULL, memory,
                                 "free the memory that the result came in");
    abide_moved__give_back(
        builder, abide_moved__symbol(builder->ctx, builder->callee, builder->plan->symbol));
    return true;
}

/* One ABI on both sides: the address is the result. */
static bool pass_moved_on(struct abide_builder *builder, const struct view *caller,
                          const struct view *callee)
{
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    struct abide_object pointer = {.kind = ABIDE_OBJECT_CALLEE_RESULT,
                                   .size_bytes = pointer_bytes,
                                   .align_bytes = pointer_bytes};
    struct abide_runs *all = abide__new(builder->ctx, struct abide_runs);
    if (caller->form != FORM_MOVED || callee->form != FORM_MOVED ||
        builder->caller != builder->callee || builder->plan->target != ABIDE_TARGET_SYMBOL ||
        abide_builder__is_doubtful(builder, abide_builder__outward(builder),
                                   builder->signature->result))
        return false;
    *all = abide_builder__identity(builder, pointer_bytes);
    builder->passes_moved = true;
    builder->plan->result = (struct abide_return){
        .kind = ABIDE_RETURN_VALUE, .object = pointer, .runs = all->items, .run_count = all->count};
    return true;
}

/* What is lent stays with its lender: who owns all results gets a copy. */
static enum abide_transfer transfer_of(const struct abide_builder *builder,
                                       const struct view *callee)
{
    if (is_given_back(builder, callee))
        return ABIDE_TRANSFER_COPY;
    if (!builder->signature->has_lender)
        return ABIDE_TRANSFER_MOVE;
    return builder->plan->caller->physical->result.is_lent ? ABIDE_TRANSFER_BORROW
                                                           : ABIDE_TRANSFER_COPY;
}

static bool convert(struct abide_builder *builder, const struct view *caller,
                    const struct view *callee, const char *why)
{
    struct abide_side side = {builder->ctx, builder->caller, builder->callee};
    struct abide_runs *runs = abide__new(builder->ctx, struct abide_runs);
    struct abide_conversion step = {
        .crossing = abide_builder__outward(builder),
        .index = SIZE_MAX,
        .type = builder->signature->result,
        .transfer = transfer_of(builder, callee),
        .takes_all = caller->form == FORM_MOVED && builder->signature->has_lender,
        .passes_resources = is_given_back(builder, callee),
        .why = why,
        .must_outlive = true,
        .after_call = true,
    };
    step.from =
        bring_to_memory(builder, callee, receive(builder, caller, callee, false), &step.from_type);
    if (!abide_builder__check_after(builder, NULL, SIZE_MAX, step.from_type, step.from))
        return false;
    if (caller->form == FORM_MEMORY) {
        step.to = caller_memory(caller);
        step.to_type = caller->type;
        *runs = abide_builder__identity(builder, caller->layout->size_bytes);
    } else {
        step.to_type = abide_builder__in_memory(&side, step.type, caller->type, false, runs);
        step.to = temporary_of(builder, builder->caller, step.to_type, false,
                               "result as the caller has it");
    }
    return abide_builder__lift(builder, &step) && give_back(builder, caller, callee, step.to, runs);
}

/* Why bytes do not suffice; NULL, and *runs: they do. */
static const char *compare(struct abide_builder *builder, const struct view *caller,
                           const struct view *callee, struct abide_runs *runs)
{
    const abide_type *type = builder->signature->result;
    struct abide_crossing outward = abide_builder__outward(builder);
    if ((caller->form == FORM_STATUS) != (callee->form == FORM_STATUS))
        return "one side returns a status, the other a value";
    if (!caller->errors != !callee->errors ||
        (caller->errors && !abide_error_rule__same(caller->errors, callee->errors)))
        return "the two sides report failures in different ways";
    if (is_given_back(builder, callee) &&
        abide_lift__releases(builder->ctx, type, ABIDE_RELEASE_MEMORY))
        return "the callee releases what it returned itself";
    if (caller->form == FORM_MOVED && builder->signature->has_lender && lends_memory(builder))
        return "the caller releases all that it gets";
    const char *reason = abide_convert__runs(outward, type, callee->type, caller->type, runs);
    if (!reason)
        reason = abide_callables__obstacle(outward, type, abide_builder__duties(builder, outward));
    if (!reason && !builder->signature->has_lender && abide_lift__owns(builder->ctx, type))
        reason = abide_convert__moves(outward, type);
    return reason;
}

/* What the result points to belongs to a parameter, of which the callee must not get a copy. */
static bool check_lender(struct abide_builder *builder)
{
    const abide_signature *signature = builder->signature;
    if (!signature->has_lender || !builder->ends_with_call[signature->lender])
        return true;
    const char *name = signature->params[signature->lender].name;
    return abide_builder__refuse(
        builder, NULL,
        abide__printf(
            builder->ctx,
            "it is lent from '%s', of which the callee gets a copy that ends with the call",
            name ? name : "a parameter"),
        "let the result be given away (`own`, no `from`), or choose a form of the parameter that "
        "both sides share");
}

struct seen_type {
    const abide_type *type;
    UT_hash_handle hh;
};

/* What a runtime makes and destroys, in a value that is returned: it is always given away, whoever the interface says lends it. */
static const abide_type *find_made(const struct abide_side *side, const abide_type *type,
                                   struct seen_type **seen_types)
{
    abide_ctx *ctx = side->ctx;
    const abide_type *part, *found = NULL;
    struct seen_type *seen;
    type = abide_type__strip(type);
    HASH_FIND_PTR(*seen_types, &type, seen);
    if (seen || type->kind == ABIDE_KIND_RAW)
        return NULL;
    seen = abide__new(ctx, struct seen_type);
    seen->type = type;
    HASH_ADD_PTR(*seen_types, type, seen);
    const struct abide_owned_rule *owned = abide_parts__owned(side, type);
    if (owned && owned->make == ABIDE_MAKE_ASSIGN)
        return type;
    for (size_t i = 0; !found && (part = abide_type__part(type, i)); i++)
        found = find_made(side, part, seen_types);
    return found;
}

/* `-> string from x` of a language that returns such a value by giving it away: nobody would destroy it. */
static bool check_returned(struct abide_builder *builder, const struct view *callee)
{
    struct abide_side side = {builder->ctx, builder->callee, builder->caller};
    struct seen_type *seen_types = NULL;
    if (!builder->signature->has_lender || builder->caller == builder->callee ||
        callee->form == FORM_POINTER)
        return true;
    const abide_type *made = find_made(&side, builder->signature->result, &seen_types);
    return !made ||
           abide_builder__refuse(
               builder, NULL,
               abide__printf(builder->ctx,
                             "%s gives away the %s that it returns, which is to stay "
                             "part of a parameter",
                             builder->callee->name, abide__kind_names[made->kind]),
               "take the `from` away, or, if the language has such a fact, say that the result is "
               "`lent`: returns: {type: T from x, facts: [lent]}");
}

/* One side leaves out a result that says nothing: the other gets, or has, memory and registers for it all the same. */
static bool build_hollow(struct abide_builder *builder, const struct view *caller,
                         const struct view *callee)
{
    static const struct abide_runs nothing = {0};
    if (caller->form == callee->form)
        return true;
    if (!abide_builder__is_hollow(builder, builder->signature->result))
        return abide_builder__refuse(builder, NULL, "only one side returns something", NULL);
    if (callee->form == FORM_MEMORY)
        feed_result_memory(builder, temporary_of(builder, builder->callee, callee->type, false,
                                                 "what the caller leaves out"));
    if (caller->form == FORM_NOTHING)
        return true;
    struct abide_object memory = caller->form == FORM_MEMORY
                                     ? caller_memory(caller)
                                     : temporary_of(builder, builder->caller, caller->type, false,
                                                    "what the callee leaves out");
    return give_back(builder, caller, callee, memory, &nothing);
}

bool abide_build__result(struct abide_builder *builder)
{
    struct view caller = {0}, callee = {0};
    if (!look(builder, builder->plan->caller, &caller) ||
        !look(builder, builder->plan->callee, &callee) || !check_lender(builder))
        return false;
    if (caller.form == FORM_NOTHING || callee.form == FORM_NOTHING)
        return build_hollow(builder, &caller, &callee);
    if (!check_returned(builder, &callee))
        return false;
    if (pass_moved_on(builder, &caller, &callee))
        return true;
    if (!check_moved(builder, &callee) || !end_moved(builder, &callee))
        return false;
    if (caller.form == FORM_POINTER)
        return build_pointer(builder, &caller, &callee);
    if (abide_type__is(builder->signature->result, ABIDE_KIND_CLOSURE) &&
        !abide_type__strip(builder->signature->result)->is_own) {
        const char *reason =
            abide_convert__same(abide_builder__outward(builder), builder->signature->result);
        if (reason)
            return abide_builder__refuse(
                builder, NULL, reason,
                "declare it as raw<T>, and a function with `invokes:` to call it");
    }
    struct abide_runs *runs = abide__new(builder->ctx, struct abide_runs);
    const char *reason = compare(builder, &caller, &callee, runs);
    if (reason)
        return convert(builder, &caller, &callee, reason);
    bool is_identity =
        abide_runs__are_identity(runs->items, runs->count, caller.layout->size_bytes);
    const char *tells =
        abide_builder__tells_size(builder, builder->signature->result, caller.type, callee.type);
    if (tells && (callee.zeroed || callee.form != FORM_MEMORY ||
                  !can_write_through(&caller, &callee, is_identity)))
        return convert(builder, &caller, &callee, tells);
    bool is_checked = abide_builder__is_doubtful(builder, abide_builder__outward(builder),
                                                 builder->signature->result);
    if (caller.form == FORM_STATUS && is_identity && !is_checked) {
        pass_status_on(builder, &caller, &callee);
        return true;
    }
    struct abide_object object =
        receive(builder, &caller, &callee, can_write_through(&caller, &callee, is_identity));
    if (!abide_builder__check_after(builder, NULL, SIZE_MAX, callee.type, object))
        return false;
    if (caller.form != FORM_STATUS)
        return give_back(builder, &caller, &callee, object, runs);
    struct abide_object whole =
        temporary_of(builder, builder->caller, caller.type, true, "status as the caller has it");
    abide_builder__copy_after(builder, object, whole, runs);
    return give_back(builder, &caller, &callee, whole, runs);
}

/* The whole value in memory becomes what the caller's results are made of. */
static bool to_words(struct abide_builder *builder, const struct view *caller,
                     const abide_type *memory, struct abide_object *object)
{
    const abide_type *type = builder->signature->result;
    struct abide_lifting lifting = {.crossing = {builder->ctx, builder->caller, builder->caller},
                                    .iface = builder->plan->iface,
                                    .function = builder->plan->function->name,
                                    .parameter = "result"};
    struct abide_lifted lifted;
    const char *reason = abide_lift__convert(&lifting, type, memory, caller->type,
                                             ABIDE_TRANSFER_BORROW, &lifted, NULL);
    if (reason || lifted.uses_frame)
        return abide_builder__refuse(
            builder, NULL, reason ? reason : "its words do not lie as it does in memory", NULL);
    struct abide_object words = temporary_of(builder, builder->caller, caller->type, false,
                                             "the error as the caller has it");
    struct abide_copy_step step = {.from = *object,
                                   .to = words,
                                   .frame = words,
                                   .routine = lifted.routine,
                                   .words = "take the error apart into words"};
    abide__push(builder->ctx, &builder->answer, step);
    *object = words;
    return true;
}

/* What give_back says of an ordinary result is for this way alone. */
static bool give_error(struct abide_builder *builder, const struct view *caller,
                       const struct view *callee, struct abide_object object)
{
    struct abide_plan *plan = builder->plan;
    const struct abide_builder before = *builder;
    const struct abide_return result = plan->result;
    struct abide_runs *all = abide__new(builder->ctx, struct abide_runs);
    *all = abide_builder__identity(builder, object.size_bytes);
    memset(&builder->after, 0, sizeof builder->after);
    plan->result = (struct abide_return){0};
    bool fine = give_back(builder, caller, callee, object, all);
    for (size_t i = 0; i < builder->after.count; i++)
        abide__push(builder->ctx, &builder->answer, builder->after.items[i]);
    plan->answered = plan->result;
    plan->result = result;
    builder->after = before.after;
    builder->copied_bytes = before.copied_bytes;
    return fine;
}

bool abide_build__answer_result(struct abide_builder *builder,
                                const struct abide_routine *(*write)(struct abide_builder *builder,
                                                                     const abide_type *physical))
{
    struct view caller = {0}, callee = {0};
    struct abide_representing how = {
        .module = builder->caller, .foreign = builder->callee, .quiet = true};
    if (!look(builder, builder->plan->caller, &caller) ||
        !look(builder, builder->plan->callee, &callee))
        return false;
    const abide_type *memory =
        abide_type__strip(caller.type)->flat_of
            ? abide_represent__as(builder->ctx, &how, builder->signature->result)
            : caller.type;
    const struct abide_routine *routine = memory ? write(builder, memory) : NULL;
    if (!routine)
        return false;
    struct abide_object object =
        temporary_of(builder, builder->caller, memory, false, "the error for invalid values");
    struct abide_copy_step step = {
        .from = object, .to = object, .routine = routine, .words = "make the error"};
    abide__push(builder->ctx, &builder->answer, step);
    if (memory != caller.type && !to_words(builder, &caller, memory, &object))
        return false;
    return give_error(builder, &caller, &callee, object);
}
