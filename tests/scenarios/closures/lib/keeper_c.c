/* The library in C's own forms. */
#include "keeper.h"

#include <stdlib.h>

enum { SLOTS = 4, WAITING = 8 };

static own_event slots[SLOTS];
static own_done waiting[WAITING];
static uint32_t waiting_count;
static int64_t live;

uint64_t keeper_each(uint32_t count, LENT_EVENT(cb))
{
    lent_event lent = TAKE_LENT(lent_event, cb);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += lent.code((event){i, 10 * i, 100, 200, 7}, 0.5 * i, lent.env);
    return sum;
}

static uint32_t put(uint32_t slot, own_event cb)
{
    keeper_forget(slot);
    slots[slot] = cb;
    return slot;
}

uint32_t keeper_keep(uint32_t slot, OWN_EVENT(cb))
{
    return put(slot, TAKE(own_event, cb));
}

uint32_t keeper_watch(watch w)
{
    return put(w.tag, w.cb);
}

uint64_t keeper_fire(uint32_t slot, event e, double weight)
{
    return slots[slot].code ? slots[slot].code(e, weight, slots[slot].env) : 0;
}

uint32_t keeper_forget(uint32_t slot)
{
    own_event old = slots[slot];
    slots[slot] = (own_event){0};
    if (old.drop)
        old.drop(old.env);
    return old.code != NULL;
}

uint32_t keeper_later(OWN_DONE(done))
{
    waiting[waiting_count] = TAKE(own_done, done);
    return ++waiting_count;
}

uint32_t keeper_finish(uint64_t total)
{
    uint32_t count = waiting_count;
    waiting_count = 0;
    for (uint32_t i = 0; i < count; i++) /* its code ends what it is called with */
        waiting[i].code(total, waiting[i].env);
    return count;
}

uint32_t keeper_cancel(void)
{
    uint32_t count = waiting_count;
    waiting_count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (waiting[i].drop)
            waiting[i].drop(waiting[i].env);
    return count;
}

static int32_t add(int32_t n, void *env)
{
    return n + *(int32_t *)env;
}

static void drop_number(void *env)
{
    live--;
    free(env);
}

own_step keeper_adder(int32_t by)
{
    int32_t *number = malloc(sizeof *number);
    *number = by;
    live++;
    return (own_step){add, number, drop_number};
}

static int32_t both(int32_t n, void *env)
{
    own_step *steps = env;
    return steps[1].code(steps[0].code(n, steps[0].env), steps[1].env);
}

static void drop_both(void *env)
{
    own_step *steps = env;
    for (int i = 0; i < 2; i++)
        if (steps[i].drop)
            steps[i].drop(steps[i].env);
    live--;
    free(env);
}

own_step keeper_chain(OWN_STEP(first), OWN_STEP(second))
{
    own_step *steps = malloc(2 * sizeof *steps);
    steps[0] = TAKE(own_step, first);
    steps[1] = TAKE(own_step, second);
    live++;
    return (own_step){both, steps, drop_both};
}

int32_t keeper_maybe(int32_t n, option_step f)
{
    if (!f.has)
        return -n;
    int32_t made = f.value.code(n, f.value.env);
    if (f.value.drop)
        f.value.drop(f.value.env);
    return made;
}

int64_t keeper_live(void)
{
    return live;
}
