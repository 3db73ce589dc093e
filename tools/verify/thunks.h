/*
 * The last stage: adapters, end to end. A caller of one ABI calls an adapter of ours, which calls a function of another ABI;
 * both are compiled code, and the values are compared where they arrive.
 */
#ifndef ABIDE_VERIFY_THUNKS_H
#define ABIDE_VERIFY_THUNKS_H

#include "answer.h"
#include "harness.h"
#include "lowered.h"

#define THUNK_PREFIX "x_"

enum { MAX_VALUES = MAX_PARAMETERS + 1, MAX_THUNK_REASONS = 8 };

/* How one side of an adapter sees the call and its values: parameters, then the result. */
struct thunk_side {
    char letter; /* that its names begin with */
    struct lowered lowered;
    struct signature spelled; /* the types as C has to say them, to be laid out as this side does */
    const struct account *account; /* that layout */
    unsigned sizes_bytes[MAX_VALUES];
    unsigned char values[MAX_VALUES * CELL_BYTES], masks[MAX_VALUES * CELL_BYTES];
};

/* One adapter, and what is sent through it. */
struct thunk_test {
    const struct signature *signature;
    unsigned number; /* of its types and its function */
    const abide_plan *plan;
    struct thunk_side caller, callee;
    bool has_two_layouts; /* each side has types of its own */
    bool is_wrong;
    char what[160]; /* if it is */
};

/* From one ABI to another. */
struct thunk_pair {
    const char *caller, *callee; /* references */
    bool is_asked;               /* for this very pair, not as one of several */
};

struct thunk_outcome {
    struct thunk_pair pair;
    unsigned long tested, wrong;
    unsigned long lost; /* of those left out: the compiler fails at their C, or refuses it */
    struct {
        const char *name;
        unsigned long count;
    } left_out[MAX_THUNK_REASONS]; /* signatures that no adapter was tried with */
    bool is_source;                /* there is no machine code for this pair yet: adapters in C */
    /* The first that is wrong, shrunk; "" if there is none. */
    const char *where, *interface, *c;
    uint64_t index;
};

struct verify_options;

/* Which signatures adapters are tried with, and by what. */
struct thunk_trial {
    const struct verify_options *options;
    const struct engine *engine;
    struct toolchain *compiler;
    struct toolchain *callees; /* compiles the callees; NULL: `compiler` does */
    uint64_t scalars_allowed;
    const struct roles *roles; /* that some parameters have */
    uint64_t first;
    unsigned count;
};

/* Ends the process if something around the programs goes wrong. */
void thunks_run(const struct thunk_trial *trial, struct thunk_outcome *outcome);

unsigned thunk_value_count(const struct thunk_test *test);

/* thunks_render.c */
void thunks_render_start(FILE *file);
/* The types that callers and callees share; those of the callee, then the callee; those of the caller, its data, the caller. */
void thunks_render_types(FILE *file, const struct thunk_test *test);
void thunks_render_callee(FILE *file, const struct thunk_test *test);
void thunks_render_caller(FILE *file, const struct thunk_test *test, bool with_data);
void thunks_render_table(FILE *file, const struct thunk_test *tests, unsigned count);

#endif
