/* Asks a compiler, by compiling and running a program made of many signatures. */
#ifndef ABIDE_DIFFERENTIAL_HARNESS_H
#define ABIDE_DIFFERENTIAL_HARNESS_H

#include "account.h"

struct toolchain {
    const char *name;      /* of its files: "cc", "cc2" */
    const char *cc;        /* the compiler with its fixed options */
    const char *run;       /* what runs its programs; "": nothing needed */
    const char *opt;       /* "0" ... "3", "s" */
    const char *support;   /* where capture.c and the stubs are */
    const char *directory; /* where to work */
    const struct machine *machine;
    unsigned clang_major; /* 0: not clang; harness_prepare finds out */
};

/* Compiles what all batches share, and looks whose compiler it is.  False: reported. */
bool harness_prepare(struct toolchain *toolchain);

/*
 * Fills one account for each signature.  False: the batch as a whole failed,
 * with the reason in the work directory (harness_complain shows it).
 */
bool harness_run(const struct toolchain *toolchain, const struct signature *signatures,
                 unsigned count, struct account *accounts);
/*
 * Compiles a capture program of the support directory, the stub and one more C
 * file together, and runs that with `data` as its argument.
 */
bool harness_run_program(const struct toolchain *toolchain, const char *capture, const char *batch,
                         const char *data);
void harness_complain(const struct toolchain *toolchain);

#endif
