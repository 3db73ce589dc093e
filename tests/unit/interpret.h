/*
 * Executes routines (plan/routine.h) on the memory of this process, for tests: so what a routine does can be seen without an emitter.
 * Words are those of the machine that runs the test.
 */
#ifndef TESTS_UNIT_INTERPRET_H
#define TESTS_UNIT_INTERPRET_H

#include "plan/routine.h"

/* A C function that routines may call. */
struct interpreted_function {
    const char *symbol;
    uintptr_t (*call)(void *user, const uintptr_t *arguments);
    void *user;
};

/* A word that holds the address of a routine, which is the word's own: see ABIDE_OP_OWNER. */
struct interpreted_owner {
    uintptr_t code;
    const struct abide_routine *routine;
    struct interpreted_owner *next;
};

struct interpreter {
    const struct interpreted_function *(*find)(void *user, const char *symbol);
    void *user;
    struct interpreted_owner *owners;
    const struct abide_op *trap; /* that ended the last run; NULL: it came to its end */
    uintptr_t trap_value;
    void *out; /* jmp_buf of the run */
    unsigned depth;
    size_t steps; /* operations done */
};

/* Runs a routine; false: it trapped. `result` may be NULL. */
bool interpret(struct interpreter *interpreter, const struct abide_routine *routine,
               const uintptr_t *arguments, uintptr_t *result);
/* Calls the code at an address: of a routine, or a C function of three words. Also for tests that act as one side. */
void interpret_code(struct interpreter *interpreter, uintptr_t code, const uintptr_t *arguments);
void interpreter_end(struct interpreter *interpreter);

#endif
