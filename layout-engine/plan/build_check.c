/*
 * Checked values: steps that look at what enters a side which counts on its being valid. What the caller passes is looked at before
 * anything else is done, in the form in which it comes; what comes back, after the call, in the callee's form.
 */
#include "base/diag.h"
#include "plan/build.h"
#include "plan/check.h"

#include <assert.h>

/* A value that enters the target of a crossing. */
struct entering {
    struct abide_crossing crossing;
    const struct abide_param *param; /* NULL: the result */
    size_t index;                    /* of the parameter; SIZE_MAX: the result */
    const abide_type *type;
    const abide_type *physical;
    struct abide_object object; /* in memory */
    enum abide_check_what what;
    bool after_call;
    bool must_trap; /* there is nothing to answer with */
};

bool abide_builder__checks(const struct abide_builder *builder)
{
    return builder->plan->checks == ABIDE_CHECKS_CHECKED ||
           builder->plan->checks == ABIDE_CHECKS_CONVERT;
}

bool abide_builder__is_doubtful(const struct abide_builder *builder, struct abide_crossing crossing,
                                const abide_type *type)
{
    return abide_builder__checks(builder) &&
           abide_check__is_needed(crossing, abide_validity__doubtful(crossing.from, crossing.to),
                                  type);
}

static const char *name_of(const struct abide_param *param)
{
    return !param ? "the result" : param->name ? param->name : "an argument";
}

/* Adds the step that looks at the value. */
static bool look_at(struct abide_builder *builder, const struct entering *entering)
{
    abide_ctx *ctx = builder->ctx;
    const char *name = entering->param ? entering->param->name : "result";
    struct abide_lifting lifting = {.crossing = entering->crossing,
                                    .iface = builder->plan->iface,
                                    .function = builder->plan->function->name,
                                    .parameter = name ? name : ""};
    const struct abide_routine *routine, *trapping;
    bool notes = builder->plan->answers_invalid && !entering->after_call && !entering->must_trap;
    abide_validities doubtful =
        abide_validity__doubtful(entering->crossing.from, entering->crossing.to);
    const char *reason = abide_lift__check(&lifting, doubtful, entering->type, entering->physical,
                                           entering->what, ABIDE_CHECK_TRAPS, &trapping);
    routine = trapping;
    if (!reason && notes)
        reason = abide_lift__check(&lifting, doubtful, entering->type, entering->physical,
                                   entering->what, ABIDE_CHECK_NOTES, &routine);
    if (reason)
        return abide_builder__refuse(
            builder, entering->param, abide__printf(ctx, "its value cannot be checked: %s", reason),
            "say `checks: trust` of the function if its values need not be looked at");
    if (!routine)
        return true;
    struct abide_copy_step step = {
        .from = entering->object,
        .to = notes ? abide_answer__note(builder, entering->index) : entering->object,
        .routine = routine,
        .looks_for = trapping,
        .words = abide__printf(ctx, "check %s%s", name_of(entering->param),
                               entering->what == ABIDE_CHECK_ADDRESS ? ": where it is to go" : ""),
    };
    if (entering->after_call)
        abide__push(ctx, &builder->after, step);
    else
        abide__push(ctx, &builder->before, step);
    abide_builder__charge(builder, entering->index, ABIDE_COST_SHUFFLE, "its value is checked");
    return true;
}

/* ---- before the call ---- */

/* The parts of a value that the caller passes, in a temporary. */
static struct abide_object put_together(struct abide_builder *builder, size_t first, size_t count,
                                        const abide_type *type)
{
    const struct abide_physical_param *params = builder->plan->caller->physical->params;
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, builder->caller->machine->data, type);
    const char *name = params[first].of < builder->signature->param_count
                           ? builder->signature->params[params[first].of].name
                           : NULL;
    struct abide_object whole = abide_builder__temporary(
        builder, layout->size_bytes, layout->align_bytes, false,
        abide__printf(builder->ctx, "%s, to look at", name ? name : "argument"));
    struct abide_runs all = abide_builder__identity(builder, layout->size_bytes);
    for (size_t i = first; i < first + count; i++) {
        struct abide_object part = abide_builder__argument(builder, i);
        struct abide_runs *own = abide__new(builder->ctx, struct abide_runs);
        abide_runs__reading(builder->ctx, &all, params[i].part_offset_bytes, part.size_bytes, own);
        abide_builder__copy_before(builder, part, whole, own);
    }
    return whole;
}

/* The caller itself made the address at which the value lies. */
static bool made_address(const struct abide_physical_param *param)
{
    return param->copy != ABIDE_COPY_NONE || (param->mode != ABIDE_MODE_IN && !param->comes_back);
}

/* What of it is no longer the caller's when the call starts (enum abide_release). False: nothing. */
static bool gives(const struct abide_builder *builder, const struct abide_param *param,
                  const struct abide_physical_param *passed, unsigned *what)
{
    abide_ctx *ctx = builder->ctx;
    if (param->mode != ABIDE_MODE_IN)
        return false;
    bool is_resource = param->is_own && !abide_convert__owns_memory(ctx, param->type);
    bool is_own = abide_lift__owns(ctx, param->type) && (is_resource || passed->is_consumed);
    bool has_loans = passed->ends_loans && abide_convert__lends_handles(ctx, param->type);
    unsigned owned = passed->is_given ? ABIDE_RELEASE_ALL : is_own ? ABIDE_RELEASE_OWN : 0;
    *what = has_loans                     ? owned | ABIDE_RELEASE_LOANS
            : is_own && !passed->is_given ? ABIDE_RELEASE_SAID
                                          : owned;
    return has_loans || is_own ||
           (passed->is_given && abide_lift__releases(ctx, param->type, *what));
}

static bool check_argument(struct abide_builder *builder, size_t index)
{
    const struct abide_param *param = &builder->signature->params[index];
    size_t count,
        caller_index = index >= builder->skipped_param && builder->skipped_param != ABIDE_NO_INDEX
                           ? index + 1
                           : index;
    size_t first = abide_builder__find(builder->plan->caller, caller_index, &count);
    struct entering entering = {.crossing = abide_builder__inward(builder),
                                .param = param,
                                .index = index,
                                .type = param->type};
    if (index == builder->bound || count == 0)
        return true;
    const struct abide_physical_param *passed = &builder->plan->caller->physical->params[first];
    bool is_doubtful = param->mode != ABIDE_MODE_OUT &&
                       abide_builder__is_doubtful(builder, entering.crossing, param->type);
    bool is_address = count == 1 && made_address(passed);
    unsigned what = 0;
    bool is_given = builder->plan->answers_invalid && gives(builder, param, passed, &what);
    if (!is_doubtful && !is_address && !is_given)
        return true;
    entering.physical = abide_type__strip(passed->value_type);
    entering.what = !is_address   ? ABIDE_CHECK_VALUE
                    : is_doubtful ? ABIDE_CHECK_VALUE_AND_ADDRESS
                                  : ABIDE_CHECK_ADDRESS;
    entering.object = abide_builder__argument(builder, first);
    if (count > 1 || entering.object.kind != ABIDE_OBJECT_POINTEE)
        entering.object = put_together(builder, first, count, entering.physical);
    if (is_given) {
        struct abide_given given = {.param = param,
                                    .physical = entering.physical,
                                    .object = entering.object,
                                    .note = index,
                                    .what = what};
        abide__push(builder->ctx, &builder->given, given);
    }
    if (!is_doubtful && !is_address)
        return true;
    entering.must_trap = param->mode == ABIDE_MODE_OUT;
    return look_at(builder, &entering);
}

/* The memory that the caller offers for the result. */
static bool check_result_memory(struct abide_builder *builder)
{
    const struct abide_physical_result *result = &builder->plan->caller->physical->result;
    if (result->mode != ABIDE_RESULT_OUT)
        return true;
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, builder->caller->machine->data, result->value_type);
    struct entering entering = {.crossing = abide_builder__inward(builder),
                                .index = SIZE_MAX,
                                .type = builder->signature->result,
                                .physical = abide_type__strip(result->value_type),
                                .what = ABIDE_CHECK_ADDRESS,
                                .must_trap = true};
    if (!layout)
        return false;
    entering.object = (struct abide_object){.kind = ABIDE_OBJECT_RESULT_MEMORY,
                                            .size_bytes = layout->size_bytes,
                                            .align_bytes = layout->align_bytes};
    return look_at(builder, &entering);
}

bool abide_build__checks(struct abide_builder *builder)
{
    if (!abide_builder__checks(builder))
        return true;
    assert(builder->before.count == 0);
    size_t errors = abide__error_count(builder->ctx);
    if (abide_answer__is_wanted(builder))
        abide_answer__start(builder, builder->signature->param_count);
    bool fine = abide__error_count(builder->ctx) == errors;
    for (size_t i = 0; i < builder->signature->param_count; i++)
        fine = check_argument(builder, i) && fine;
    fine = check_result_memory(builder) && fine;
    if (builder->plan->answers_invalid)
        abide_answer__sum_up(builder);
    builder->plan->check_count = builder->before.count;
    return fine;
}

/* ---- after the call ---- */

bool abide_builder__check_after(struct abide_builder *builder, const struct abide_param *param,
                                size_t index, const abide_type *physical,
                                struct abide_object object)
{
    struct entering entering = {.crossing = abide_builder__outward(builder),
                                .param = param,
                                .index = index,
                                .type = param ? param->type : builder->signature->result,
                                .physical = abide_type__strip(physical),
                                .object = object,
                                .after_call = true};
    if (!abide_builder__is_doubtful(builder, entering.crossing, entering.type))
        return true;
    if (object.kind == ABIDE_OBJECT_CALLEE_RESULT || object.kind == ABIDE_OBJECT_CALLEE_ARGUMENT) {
        const abide_layout *layout =
            abide_layout__physical(builder->ctx, builder->callee->machine->data, entering.physical);
        struct abide_runs *all = abide__new(builder->ctx, struct abide_runs);
        if (!layout)
            return false;
        entering.object =
            abide_builder__temporary(builder, layout->size_bytes, layout->align_bytes, false,
                                     abide__printf(builder->ctx, "%s, to look at", name_of(param)));
        *all = abide_builder__identity(builder, layout->size_bytes);
        struct abide_copy_step copy = {
            .from = object, .to = entering.object, .runs = all->items, .run_count = all->count};
        abide__push(builder->ctx, &builder->after, copy);
    }
    return look_at(builder, &entering);
}
