/* Threads take the next index until none is left. A thread that cannot be started is one less. */
#include "workers.h"

#include <pthread.h>
#include <stdatomic.h>

/* LLVM recurses over what it translates; some systems give threads far less than this. */
#define STACK_BYTES ((size_t)8 << 20)
#define THREADS_MAX 64

struct workers {
    atomic_size_t next;
    size_t count;
    void (*work)(void *user, size_t index);
    void *user;
};

static void *take_work(void *object)
{
    struct workers *workers = object;
    for (size_t i; (i = atomic_fetch_add(&workers->next, 1)) < workers->count;)
        workers->work(workers->user, i);
    return NULL;
}

void abide_workers__run(unsigned thread_count, size_t count, void (*work)(void *user, size_t index),
                        void *user)
{
    struct workers workers = {.count = count, .work = work, .user = user};
    pthread_t threads[THREADS_MAX];
    size_t started = 0;
    pthread_attr_t attributes;
    if (thread_count > 1 && !pthread_attr_init(&attributes)) {
        pthread_attr_setstacksize(&attributes, STACK_BYTES);
        while (started + 1 < thread_count && started + 1 < count && started < THREADS_MAX &&
               !pthread_create(&threads[started], &attributes, take_work, &workers))
            started++;
        pthread_attr_destroy(&attributes);
    }
    take_work(&workers);
    while (started > 0)
        pthread_join(threads[--started], NULL);
}
