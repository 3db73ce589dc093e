/* The library in the terms of the system ABI: what `abide call --abi system` prints. */
#include <abide/system.h>

#include <stdint.h>
#include <stdlib.h>

typedef struct {
    uint64_t id, at, first, last;
    uint32_t note;
} event;

typedef uint64_t event_function(const event *e, double weight, void *env);
typedef void done_function(uint64_t total, void *env);
typedef int32_t step_function(int32_t n, void *env);
typedef SYS_OWN_CLOSURE(uint64_t, (const event *e, double weight, void *env)) on_event;
typedef SYS_OWN_CLOSURE(void, (uint64_t total, void *env)) on_done;
typedef SYS_OWN_CLOSURE(int32_t, (int32_t n, void *env)) step;

enum { SLOTS = 4, WAITING = 8 };

static on_event slots[SLOTS];
static on_done waiting[WAITING];
static uint32_t waiting_count;
static int64_t live;

uint32_t keeper_forget(uint32_t slot);

uint64_t keeper_each(uint32_t count, event_function *cb, void *cb_env)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        const event e = {i, 10 * i, 100, 200, 7};
        sum += cb(&e, 0.5 * i, cb_env);
    }
    return sum;
}

uint32_t keeper_keep(uint32_t slot, event_function *cb, void *cb_env, void (*cb_drop)(void *env))
{
    keeper_forget(slot);
    slots[slot].fn = cb;
    slots[slot].env = cb_env;
    slots[slot].drop = cb_drop;
    return slot;
}

uint32_t keeper_watch(uint32_t tag, event_function *cb, void *cb_env, void (*cb_drop)(void *env))
{
    return keeper_keep(tag, cb, cb_env, cb_drop);
}

uint64_t keeper_fire(uint32_t slot, const event *e, double weight)
{
    return slots[slot].fn ? slots[slot].fn(e, weight, slots[slot].env) : 0;
}

uint32_t keeper_forget(uint32_t slot)
{
    on_event old = slots[slot];
    slots[slot].fn = NULL;
    if (old.fn)
        SYS_DROP_CLOSURE(old);
    return old.fn != NULL;
}

uint32_t keeper_later(done_function *done, void *done_env, void (*done_drop)(void *env))
{
    waiting[waiting_count].fn = done;
    waiting[waiting_count].env = done_env;
    waiting[waiting_count].drop = done_drop;
    return ++waiting_count;
}

uint32_t keeper_finish(uint64_t total)
{
    uint32_t count = waiting_count;
    waiting_count = 0;
    for (uint32_t i = 0; i < count; i++)
        waiting[i].fn(total, waiting[i].env);
    return count;
}

uint32_t keeper_cancel(void)
{
    uint32_t count = waiting_count;
    waiting_count = 0;
    for (uint32_t i = 0; i < count; i++)
        SYS_DROP_CLOSURE(waiting[i]);
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

void keeper_adder(int32_t by, step *out)
{
    int32_t *number = malloc(sizeof *number);
    *number = by;
    live++;
    out->fn = add;
    out->env = number;
    out->drop = drop_number;
}

static int32_t both(int32_t n, void *env)
{
    step *steps = env;
    return steps[1].fn(steps[0].fn(n, steps[0].env), steps[1].env);
}

static void drop_both(void *env)
{
    step *steps = env;
    SYS_DROP_CLOSURE(steps[0]);
    SYS_DROP_CLOSURE(steps[1]);
    live--;
    free(env);
}

void keeper_chain(step_function *first, void *first_env, void (*first_drop)(void *env),
                  step_function *second, void *second_env, void (*second_drop)(void *env),
                  step *out)
{
    step *steps = malloc(2 * sizeof *steps);
    steps[0].fn = first;
    steps[0].env = first_env;
    steps[0].drop = first_drop;
    steps[1].fn = second;
    steps[1].env = second_env;
    steps[1].drop = second_drop;
    live++;
    out->fn = both;
    out->env = steps;
    out->drop = drop_both;
}

int32_t keeper_maybe(int32_t n, step_function *f, void *f_env, void (*f_drop)(void *env))
{
    if (!f)
        return -n;
    int32_t made = f(n, f_env);
    if (f_drop)
        f_drop(f_env);
    return made;
}

int64_t keeper_live(void)
{
    return live;
}
