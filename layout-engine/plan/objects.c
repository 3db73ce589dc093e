/* Where the objects of a plan in the making are: whoever puts another side in the place of a view changes them all. */
#include "plan/build.h"

static void visit_feed(struct abide_feed *feed, abide_object_visitor *visit, void *user)
{
    if (feed->kind != ABIDE_FEED_NULL && feed->kind != ABIDE_FEED_NOTHING)
        visit(&feed->object, user);
}

static void visit_steps(struct abide_copy_step *steps, size_t count, abide_object_visitor *visit,
                        void *user)
{
    for (size_t i = 0; i < count; i++) {
        visit(&steps[i].from, user);
        if (!steps[i].routine || steps[i].routine->parameter_count > 1)
            visit(&steps[i].to, user);
        if (steps[i].routine && steps[i].routine->parameter_count > 2)
            visit(&steps[i].frame, user);
    }
}

void abide_builder__each_object(struct abide_builder *builder, abide_object_visitor *visit,
                                void *user)
{
    for (size_t i = 0; i < builder->plan->feed_count; i++)
        visit_feed(&builder->feeds[i], visit, user);
    visit_feed(&builder->plan->hidden, visit, user);
    visit_steps(builder->before.items, builder->before.count, visit, user);
    visit_steps(builder->after.items, builder->after.count, visit, user);
    visit_steps(builder->at_once.items, builder->at_once.count, visit, user);
    visit_steps(builder->at_last.items, builder->at_last.count, visit, user);
    visit_steps(builder->cleanup.items, builder->cleanup.count, visit, user);
    visit_steps(builder->answer.items, builder->answer.count, visit, user);
    if (builder->plan->answers_invalid && builder->plan->answered.kind != ABIDE_RETURN_NOTHING)
        visit(&builder->plan->answered.object, user);
    for (size_t i = 0; i < builder->stores.count; i++)
        if (builder->stores.items[i].kind == ABIDE_STORE_INNER)
            visit(&builder->stores.items[i].unless_null, user);
    if (builder->plan->result.kind != ABIDE_RETURN_NOTHING)
        visit(&builder->plan->result.object, user);
}
