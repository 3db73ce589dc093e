/* A program in C's own forms: what the library's threads call, and when it ends. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    uint64_t id;
    double ratio[4];
} note;

typedef struct {
    uint64_t (*code)(note n, void *env);
    void *env;
    void (*drop)(void *env);
} on_note;

typedef struct {
    void (*code)(uint64_t sum, void *env);
    void *env;
    void (*drop)(void *env);
} on_end;

void c_threads_start(on_note cb, on_end end);
uint64_t c_threads_join(void);

static atomic_int live;

static void *make(void)
{
    atomic_uint *env = malloc(sizeof *env);
    if (!env)
        abort();
    atomic_init(env, 0);
    live++;
    return env;
}

static void drop(void *env)
{
    live--;
    free(env);
}

static uint64_t hear(note n, void *env)
{
    ++*(atomic_uint *)env;
    return n.id + (uint64_t)n.ratio[3];
}

static void finish(uint64_t sum, void *env)
{
    printf("at the end: %" PRIu64 ", alive: %d\n", sum, live);
    drop(env);
}

int main(void)
{
    for (int round = 0; round < 3; round++) {
        c_threads_start((on_note){hear, make(), drop}, (on_end){finish, make(), drop});
        uint64_t sum = c_threads_join();
        printf("sum: %" PRIu64 ", alive: %d\n", sum, live);
    }
    return 0;
}
