/* The order of what an adapter does. */
#include "plan/steps.h"

#include <assert.h>

static bool writes(const struct abide_copy_step *step, size_t temporary)
{
    return step->to.kind == ABIDE_OBJECT_TEMPORARY && step->to.index == temporary;
}

bool abide_store__is_late(const struct abide_plan *plan, const struct abide_store *store)
{
    const struct abide_object *read = &store->unless_null;
    if (store->kind != ABIDE_STORE_INNER)
        return false;
    for (size_t i = 0; i < plan->before_count; i++) {
        const struct abide_copy_step *step = &plan->before[i];
        bool may_be_read = step->to.kind == ABIDE_OBJECT_TEMPORARY
                               ? read->kind == ABIDE_OBJECT_TEMPORARY && writes(step, read->index)
                               : read->kind != ABIDE_OBJECT_ARGUMENT;
        if (may_be_read || writes(step, store->temporary))
            return true;
    }
    return false;
}

/* Steps of one kind that follow each other. */
struct stretch {
    enum abide_step_kind kind;
    enum abide_hook_at at; /* HOOK */
    size_t first, count;
};

#define STRETCHES_MAX 24

struct stretches {
    struct stretch items[STRETCHES_MAX];
    size_t count;
};

static void add(struct stretches *stretches, enum abide_step_kind kind, size_t first, size_t count)
{
    assert(stretches->count < STRETCHES_MAX);
    stretches->items[stretches->count++] =
        (struct stretch){.kind = kind, .first = first, .count = count};
}

static void add_hooks(struct stretches *stretches, const struct abide_plan *plan,
                      enum abide_hook_at at)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->hook_count; i++)
        count += plan->hooks[i].at == at;
    add(stretches, ABIDE_STEP_HOOK, 0, count);
    stretches->items[stretches->count - 1].at = at;
}

/* Parts that already lie where the whole is looked for are brought together only where no jump can be written (portable C). */
static void add_before(struct stretches *stretches, const struct abide_plan *plan)
{
    bool is_same = plan->tier == ABIDE_TIER_SAME;
    size_t temporaries = 0;
    for (size_t i = 0; !is_same && i < plan->temporary_count; i++)
        temporaries += plan->temporaries[i].purpose != NULL;
    add_hooks(stretches, plan, ABIDE_HOOK_FIRST);
    add(stretches, ABIDE_STEP_TEMPORARY, 0, temporaries);
    add(stretches, ABIDE_STEP_LIST, 0, plan->unnamed.is_list_started);
    add(stretches, ABIDE_STEP_STORE, 0, plan->store_count);
    add(stretches, ABIDE_STEP_CLEAR, 0, plan->zero_result_memory);
    size_t count = is_same ? 0 : plan->before_count, checks = is_same ? 0 : plan->check_count;
    add(stretches, ABIDE_STEP_BEFORE, 0, checks);
    add(stretches, ABIDE_STEP_ANSWER, 0, plan->answers_invalid ? plan->answer_count + 1 : 0);
    add(stretches, ABIDE_STEP_BEFORE, checks, count - checks);
    add(stretches, ABIDE_STEP_HIDDEN, 0, plan->hidden.kind != ABIDE_FEED_NOTHING);
    add(stretches, ABIDE_STEP_FEED, 0, plan->feed_count);
    add_hooks(stretches, plan, ABIDE_HOOK_BEFORE_CALL);
}

static struct stretches stretches_of(const struct abide_plan *plan)
{
    struct stretches stretches = {.count = 0};
    size_t last = plan->after_count - plan->at_last_count;
    add_before(&stretches, plan);
    add(&stretches, ABIDE_STEP_CALL, 0, 1);
    add(&stretches, ABIDE_STEP_AFTER, 0, plan->at_once_count);
    add_hooks(&stretches, plan, ABIDE_HOOK_AFTER_CALL);
    add(&stretches, ABIDE_STEP_AFTER, plan->at_once_count, last - plan->at_once_count);
    add(&stretches, ABIDE_STEP_BACK, 0, plan->back_count);
    add_hooks(&stretches, plan, ABIDE_HOOK_LAST);
    add(&stretches, ABIDE_STEP_AFTER, last, plan->at_last_count);
    add(&stretches, ABIDE_STEP_RETURN, 0, 1);
    add(&stretches, ABIDE_STEP_DUTY, 0, plan->duty_count);
    return stretches;
}

size_t abide_step__count(const struct abide_plan *plan)
{
    struct stretches stretches = stretches_of(plan);
    size_t count = 0;
    for (size_t i = 0; i < stretches.count; i++)
        count += stretches.items[i].count;
    return count;
}

struct abide_step abide_step__at(const struct abide_plan *plan, size_t index)
{
    struct stretches stretches = stretches_of(plan);
    size_t i = 0;
    while (index >= stretches.items[i].count)
        index -= stretches.items[i++].count;
    const struct stretch *found = &stretches.items[i];
    return (struct abide_step){found->kind, found->at, found->first + index};
}
