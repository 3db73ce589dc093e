/* The library in the terms of the system ABI: four threads share a closure, and the last of them ends it. */
#include <abide/system.h>

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4, CALLS = 1000 };

typedef struct {
    uint64_t id;
    double ratio[4];
} note;

static SYS_OWN_CLOSURE(uint64_t, (const note *n, void *env)) kept;
static SYS_OWN_CLOSURE(void, (uint64_t sum, void *env)) at_end;
static atomic_uint left;
static atomic_uint_fast64_t sum;
static pthread_t threads[THREADS];

static void *work(void *number)
{
    for (uint64_t i = 0; i < CALLS; i++) {
        const note n = {i, {1, 2, 3, (double)(uintptr_t)number}};
        sum += kept.fn(&n, kept.env);
    }
    if (--left == 0) {
        SYS_DROP_CLOSURE(kept);
        at_end.fn(sum, at_end.env);
    }
    return NULL;
}

void threads_start(uint64_t (*cb)(const note *n, void *env), void *cb_env, void (*cb_drop)(void *),
                   void (*end)(uint64_t sum, void *env), void *end_env, void (*end_drop)(void *));
void threads_start(uint64_t (*cb)(const note *n, void *env), void *cb_env, void (*cb_drop)(void *),
                   void (*end)(uint64_t sum, void *env), void *end_env, void (*end_drop)(void *))
{
    kept.fn = cb;
    kept.env = cb_env;
    kept.drop = cb_drop;
    at_end.fn = end;
    at_end.env = end_env;
    at_end.drop = end_drop;
    left = THREADS;
    for (uintptr_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)i))
            left--;
}

uint64_t threads_join(void);
uint64_t threads_join(void)
{
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return sum;
}
