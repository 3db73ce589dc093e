/* Gives the library closures that may be called once, and sees what becomes of one that is called again. */
#include <abide/system.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void c_wait(void (*fn)(uint64_t total, void *env), void *env, void (*drop)(void *env));
void c_finish(uint32_t times);

static int alive;
static unsigned long heard;

static void drop(void *env)
{
    alive--;
    free(env);
}

static void done(uint64_t total, void *env)
{
    heard += total;
    drop(env);
}

static void give(uint32_t times)
{
    alive++;
    c_wait(done, malloc(16), drop);
    c_finish(times);
}

void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)value;
    printf("%s: %s, %s; %d alive, heard %lu\n", code == SYS_TRAP_ONCE ? "once" : "another trap",
           function, parameter, alive, heard);
    exit(code != SYS_TRAP_ONCE);
}

int main(int count, char **words)
{
    (void)words;
    for (int i = 0; i < 3; i++)
        give((uint32_t)i % 2); /* not at all, or once */
    give(0);
    printf("%d alive, heard %lu\n", alive, heard);
    if (count > 1)
        give(2);
    return 0;
}
