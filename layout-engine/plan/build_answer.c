/*
 * Invalid values as errors (`checks: convert`): the function is not called, what was given away to it is released, as it would have
 * been, and the error that `on-invalid` names is returned.
 */
#include "base/diag.h"
#include "plan/build.h"
#include "plan/check.h"
#include "plan/sized.h"

#include <string.h>

bool abide_answer__is_wanted(struct abide_builder *builder)
{
    const abide_function *function = builder->plan->function;
    const struct abide_iface_checks *checks = &function->checks;
    if (builder->plan->checks != ABIDE_CHECKS_CONVERT || builder->plan->is_inner ||
        !checks->on_invalid)
        return false;
    if (abide_check__find_error(builder->signature->result, checks->on_invalid,
                                &builder->error_number))
        return true;
    bool is_own = checks->on_invalid != builder->plan->iface->checks.on_invalid;
    if (is_own)
        abide__report(builder->ctx, ABIDE_CODE_BAD_CHECKS, checks->place,
                      "the result of %s has no error %s that holds nothing", builder->what,
                      abide__quote(builder->ctx, checks->on_invalid));
    return false;
}

/* ---- notes: {invalid, unsound} for each value that is looked at, then whether there is an invalid one ---- */

struct abide_object abide_answer__note(struct abide_builder *builder, size_t index)
{
    uint64_t word_bytes = abide_builder__pointer_bytes(builder);
    struct abide_object note = builder->notes;
    note.offset_bytes = 2 * index * word_bytes;
    note.size_bytes = word_bytes;
    return note;
}

bool abide_answer__start(struct abide_builder *builder, size_t count)
{
    uint64_t word_bytes = abide_builder__pointer_bytes(builder);
    builder->note_count = count;
    builder->notes = abide_builder__temporary(builder, (2 * count + 1) * word_bytes, word_bytes,
                                              true, "what was found invalid");
    builder->plan->answers_invalid = true;
    builder->plan->invalid = abide_answer__note(builder, count);
    return true;
}

/* (notes): the last word is 0 if nothing is invalid. */
void abide_answer__sum_up(struct abide_builder *builder)
{
    uint64_t word_bytes = abide_builder__pointer_bytes(builder);
    struct abide_routine *routine = abide_routine__new(builder->ctx, "sum_up", 1);
    struct abide_routine_builder body;
    abide_routine__start(builder->ctx, &body, routine);
    abide_value sum = abide_op__constant(&body, 0);
    for (size_t i = 0; i < builder->note_count; i++)
        sum = abide_op__pair(&body, ABIDE_OP_ADD, sum,
                             abide_op__load(&body, 0, 2 * i * word_bytes, word_bytes));
    abide_op__store(&body, 0, 2 * builder->note_count * word_bytes, word_bytes, sum);
    abide_routine__finish(&body);
    struct abide_copy_step step = {.from = builder->notes,
                                   .to = builder->notes,
                                   .routine = routine,
                                   .words = "if anything was invalid, answer by itself"};
    abide__push(builder->ctx, &builder->before, step);
}

/* ---- what was given away ---- */

static struct abide_lifting lifting_of(const struct abide_builder *builder,
                                       struct abide_crossing crossing, const char *name)
{
    return (struct abide_lifting){.crossing = crossing,
                                  .iface = builder->plan->iface,
                                  .function = builder->plan->function->name,
                                  .parameter = name ? name : ""};
}

/* (value, note): nothing is done where a length or a null pointer makes it impossible to find what there is. */
static const struct abide_routine *guarded(struct abide_builder *builder,
                                           const struct abide_routine *drop)
{
    uint64_t word_bytes = abide_builder__pointer_bytes(builder);
    struct abide_routine *routine = abide_routine__new(builder->ctx, "release_given", 2);
    struct abide_routine_builder body;
    abide_value value = 0;
    abide_routine__start(builder->ctx, &body, routine);
    abide_op__if(&body, abide_op__load(&body, 1, word_bytes, word_bytes));
    abide_op__else(&body);
    abide_op__routine(&body, drop, &value, 1);
    abide_op__end(&body);
    abide_routine__finish(&body);
    return routine;
}

/* Words become a value in memory; a case that is none leaves nothing in it. */
static const char *put_in_memory(struct abide_builder *builder, struct abide_given *given)
{
    abide_ctx *ctx = builder->ctx;
    struct abide_lifting lifting =
        lifting_of(builder, (struct abide_crossing){ctx, builder->caller, builder->caller},
                   given->param->name);
    struct abide_representing how = {
        .module = builder->caller, .foreign = builder->callee, .quiet = true};
    const abide_type *memory = abide_represent__as(ctx, &how, given->param->type);
    const abide_layout *layout =
        memory ? abide_layout__physical(ctx, builder->caller->machine->data, memory) : NULL;
    struct abide_lifted lifted;
    if (!layout)
        return "one side has no form for it in memory";
    lifting.passes_unknown = true;
    const char *reason = abide_lift__convert(&lifting, given->param->type, given->physical, memory,
                                             ABIDE_TRANSFER_BORROW, &lifted, NULL);
    if (reason || lifted.uses_frame)
        return reason ? reason : "its words do not lie as it does in memory";
    struct abide_object value = abide_builder__temporary(
        builder, layout->size_bytes, layout->align_bytes, false, "what was given away");
    struct abide_copy_step step = {.from = given->object,
                                   .to = value,
                                   .frame = value,
                                   .routine = lifted.routine,
                                   .words = "put together what was given away"};
    abide__push(ctx, &builder->answer, step);
    given->object = value;
    given->physical = memory;
    return NULL;
}

static bool release(struct abide_builder *builder, struct abide_given *given)
{
    const char *name = given->param->name ? given->param->name : "an argument", *help = NULL;
    struct abide_lifting lifting = lifting_of(builder, abide_builder__inward(builder), name);
    const struct abide_routine *drop = NULL;
    lifting.releases = given->what;
    const char *reason = given->physical->flat_of ? put_in_memory(builder, given) : NULL;
    if (!reason)
        reason = abide_lift__drop(&lifting, builder->caller, given->param->type, given->physical,
                                  &drop, &help);
    if (reason)
        return abide_builder__refuse(builder, given->param, reason, help);
    struct abide_copy_step step = {
        .from = given->object,
        .to = abide_answer__note(builder, given->note),
        .routine = drop ? guarded(builder, drop) : NULL,
        .releases = true,
        .words = abide__printf(builder->ctx, "release %s, which was given away", name)};
    if (drop)
        abide__push(builder->ctx, &builder->answer, step);
    return true;
}

/* What callers count on to hold a value after every return holds zero bytes. */
static bool clear_out(struct abide_builder *builder, size_t index)
{
    size_t count, first = abide_builder__find(builder->plan->caller, index, &count);
    const struct abide_param *param = &builder->signature->params[index];
    if (param->mode != ABIDE_MODE_OUT || count != 1 ||
        builder->plan->caller->physical->params[first].comes_back)
        return true;
    struct abide_copy_step old;
    if (!abide_builder__drop_old(builder, index, first, &old))
        return false;
    if (old.routine)
        abide__push(builder->ctx, &builder->answer, old);
    struct abide_object memory = abide_builder__argument(builder, first);
    struct abide_routine *routine = abide_routine__new(builder->ctx, "clear", 1);
    struct abide_routine_builder body;
    abide_routine__start(builder->ctx, &body, routine);
    struct abide_side side = {builder->ctx, builder->caller, builder->callee};
    const abide_type *type = abide_type__strip(param->type);
    struct abide_sized sized = {0};
    if (abide_type__is_sized(type))
        abide_sized__of(&side, type, builder->plan->caller->physical->params[first].value_type,
                        &sized);
    if (sized.tells_bytes)
        abide_sized__clear(&body, &sized, 0,
                           abide_op__load(&body, 0, sized.at_bytes, sized.tells_bytes));
    else
        abide_op__zero(&body, 0, memory.size_bytes);
    abide_routine__finish(&body);
    struct abide_copy_step step = {.from = memory,
                                   .to = memory,
                                   .routine = routine,
                                   .words =
                                       abide__printf(builder->ctx, "clear the memory of %s",
                                                     param->name ? param->name : "a parameter")};
    if (memory.size_bytes)
        abide__push(builder->ctx, &builder->answer, step);
    return true;
}

/* ---- the error ---- */

static const struct abide_routine *write_error(struct abide_builder *builder,
                                               const abide_type *physical)
{
    struct abide_lifting lifting = lifting_of(builder, abide_builder__outward(builder), "result");
    const struct abide_routine *routine;
    const char *reason = abide_check__error(&lifting, builder->signature->result, physical,
                                            builder->error_number, &routine);
    if (!reason)
        return routine;
    abide_builder__refuse(builder, NULL, reason, "choose another error for `on-invalid`");
    return NULL;
}

bool abide_build__answer(struct abide_builder *builder)
{
    if (!builder->plan->answers_invalid)
        return true;
    if (builder->back.count)
        return abide_builder__refuse(builder, NULL,
                                     "a parameter that comes back in a register has no new value "
                                     "where the function is not called",
                                     "say `checks: checked` of the function");
    bool fine = true;
    for (size_t i = 0; i < builder->given.count; i++)
        fine = release(builder, &builder->given.items[i]) && fine;
    for (size_t i = 0; i < builder->signature->param_count; i++)
        fine = clear_out(builder, i) && fine;
    return fine && abide_build__answer_result(builder, write_error);
}
