/* The order of what happens before the call, where it matters. */
#include "plan/plan.h"

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
