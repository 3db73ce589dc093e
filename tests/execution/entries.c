/*
 * Closures on another machine: entries.c of codegen, with entries and thunks that were made for it beforehand.
 */
#include "entries.h"

#include <stdio.h>

extern const char entry_start[] __asm__("abide.entry"), entry_end[] __asm__("abide.entry_end");
extern abide_jit_function closure_add, handler_add;

static int add(int a, int b, void *env)
{
    return 10 * a + b + *(int *)env;
}

static void handle(void *ret, void *const args[], void *user)
{
    *(int *)ret = 10 * *(int *)args[0] + *(int *)args[1] + *(int *)user;
}

int main(void)
{
    enum { COUNT = 5000 };
    static int envs[COUNT];
    static abide_jit_function *made[COUNT];
    struct abide_entries entries = {.code = entry_start,
                                    .code_bytes = (size_t)(entry_end - entry_start)};
    int wrongs = 0;
    if (entries.code_bytes > 2 * sizeof(struct abide_entry_record))
        return 2;
    for (int i = 0; i < COUNT; i++) {
        envs[i] = 1000 * i;
        made[i] = abide_entries__add(
            &entries, i % 2 ? closure_add : handler_add,
            i % 2 ? (abide_jit_function *)add : (abide_jit_function *)handle, &envs[i]);
    }
    for (int i = 0; i < COUNT; i++)
        wrongs += !made[i] || ((int (*)(int, int))made[i])(4, 2) != 42 + envs[i];
    abide_entries__remove(&entries, made[7]);
    wrongs +=
        abide_entries__add(&entries, closure_add, (abide_jit_function *)add, &envs[9]) != made[7];
    wrongs += ((int (*)(int, int))made[7])(4, 2) != 9042;
    abide_entries__free(&entries);
    printf("%d closures, %d wrong, entries of %zu bytes\n", (int)COUNT, wrongs, entries.code_bytes);
    return wrongs != 0;
}
