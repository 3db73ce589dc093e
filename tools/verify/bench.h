/* How adapters are tried, inside: one pair of ABIs, one compiler. For thunks.c and the files that it consists of. */
#ifndef ABIDE_VERIFY_BENCH_H
#define ABIDE_VERIFY_BENCH_H

#include "thunks.h"

struct bench {
    const struct verify_options *options;
    const struct engine *engine; /* of the C ABI that the compilers speak */
    struct toolchain *compiler, *callees;
    struct thunk_outcome *outcome;
    /* Of a batch: */
    abide_ctx *ctx;
    const abide_module *caller, *callee, *c;
    const abide_iface *iface;
    struct account *accounts; /* of the C ABI, then of the caller's and of the callee's */
    unsigned batch;           /* signatures, at most */
    unsigned excused;
    /* Excused ones without the values that are to blame: to be tried, too. */
    struct signature *rest;
    unsigned rest_count;
};

/* Counts a signature that no adapter is tried with. */
void bench_leave_out(struct bench *bench, const char *reason);
/* The same, for the compiler itself fails at its C, or refuses it. */
void bench_lose(struct bench *bench);
/* The id of what was reported last, which is forgotten. */
const char *bench_refusal(abide_ctx *ctx);

/* thunks_prepare.c: the plan of an adapter, and all that the programs need of it. false: left out. */
bool thunks_prepare(struct bench *bench, const struct signature *signature, unsigned number,
                    struct thunk_test *test);

/* thunks_emit.c: adapters in the object file `path`: machine code, or C. false: there is none for some of them. */
bool thunks_emit(struct bench *bench, const struct thunk_test *tests, unsigned count,
                 const char *path);
/*
 * The same of those that an adapter can be made for, which are moved to the front; returns how many they are. The others are
 * left out. C is chosen where there is no machine code at all for this processor or convention.
 */
unsigned thunks_emit_good(struct bench *bench, struct thunk_test *tests, unsigned count,
                          const char *path);

#endif
