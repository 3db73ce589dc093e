/* Calls every function of the library, and prints how many environments of its own are alive after each. */
#define KEEPER(name) c_keeper_##name
#include "../lib/keeper.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int live;

struct counter {
    uint64_t calls;
    uint64_t start;
};

static struct counter *make(uint64_t start)
{
    struct counter *counter = malloc(sizeof *counter);
    *counter = (struct counter){0, start};
    live++;
    return counter;
}

static void drop(void *env)
{
    live--;
    free(env);
}

static uint64_t on_event(event e, double weight, void *env)
{
    struct counter *counter = env;
    counter->calls++;
    return counter->start + counter->calls + e.id + e.at + e.first + e.last + e.note +
           (uint64_t)(4 * weight);
}

/* Once: the call ends the environment. */
static void on_done(uint64_t total, void *env)
{
    struct counter *counter = env;
    printf("done: %" PRIu64 "\n", counter->start + total);
    drop(env);
}

static int32_t on_step(int32_t n, void *env)
{
    struct counter *counter = env;
    return (int32_t)(counter->start + ++counter->calls) * n;
}

static own_event event_closure(uint64_t start)
{
    return (own_event){on_event, make(start), drop};
}

static own_step step_closure(uint64_t start)
{
    return (own_step){on_step, make(start), drop};
}

static own_done done_closure(uint64_t start)
{
    return (own_done){on_done, make(start), drop};
}

static void use(const char *name, own_step step, int32_t n)
{
    int32_t first = step.code(n, step.env);
    printf("%s: %d %d\n", name, first, step.code(n, step.env));
    if (step.drop)
        step.drop(step.env);
}

static void fire(uint32_t slot, uint64_t id)
{
    event e = {id, 1, 2, 3, 4};
    printf("fire %u: %" PRIu64 "\n", slot, c_keeper_fire(slot, e, 2.5));
}

static void keep(uint32_t slot, own_event cb)
{
    c_keeper_keep(slot, PASS(cb));
}

static uint32_t later(own_done done)
{
    return c_keeper_later(PASS(done));
}

int main(void)
{
    struct counter local = {0, 1000};
    lent_event lent = {on_event, &local};
    printf("each: %" PRIu64 "\n", c_keeper_each(3, PASS_LENT(lent)));
    keep(0, event_closure(10));
    keep(1, event_closure(20));
    printf("keep: %d\n", live);
    fire(0, 5);
    fire(1, 6);
    fire(0, 5);
    keep(0, event_closure(30));
    printf("replace: %d\n", live);
    fire(0, 5);
    c_keeper_watch((watch){2, event_closure(40)});
    fire(2, 7);
    printf("watch: %d\n", live);
    for (uint32_t slot = 0; slot < 4; slot++)
        printf("forget: %u\n", c_keeper_forget(slot));
    fire(0, 5);
    printf("forgotten: %d\n", live);
    printf("later: %u", later(done_closure(100)));
    printf(" %u", later(done_closure(200)));
    printf(" %d\n", live);
    printf("finish: %u", c_keeper_finish(7));
    printf(" %d\n", live);
    later(done_closure(300));
    printf("cancel: %u", c_keeper_cancel());
    printf(" %d\n", live);
    use("adder", c_keeper_adder(5), 10);
    own_step first = step_closure(2), second = step_closure(3);
    use("chain", c_keeper_chain(PASS(first), PASS(second)), 10);
    printf("maybe: %d", c_keeper_maybe(4, (option_step){0}));
    printf(" %d\n", c_keeper_maybe(4, (option_step){1, step_closure(8)}));
    int64_t others = c_keeper_live();
    printf("live: %d %" PRId64 "\n", live, others);
    return 0;
}
