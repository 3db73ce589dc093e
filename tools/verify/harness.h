/* Asks a compiler, by compiling and running a program made of many signatures. */
#ifndef ABIDE_VERIFY_HARNESS_H
#define ABIDE_VERIFY_HARNESS_H

#include "account.h"
#include "language.h"

struct toolchain {
    const char *name;      /* of its files */
    const char *prepared;  /* of the files that harness_prepare makes; processes share them */
    const char *cc;        /* the compiler with its fixed options */
    const char *link;      /* what links, if not the compiler */
    const char *run;       /* what runs its programs; "": nothing needed */
    const char *attribute; /* of functions that have the convention; NULL: any function has */
    const char *va;        /* what names of lists begin with; NULL: functions have no dots */
    const struct machine_toolchain *known; /* whose failures the data tells of; NULL: another one */
    const char *opt;                       /* "0" ... "3", "s" */
    const char *directory;                 /* where to work */
    struct machine *machine;
    const struct language *language; /* of callees and callers; NULL: C */
    /* Found out: */
    const char *compiler; /* "gcc", "clang" or "" */
    char version[32];     /* "19.1.7" */
    bool lacks_libgcc, has_built;
};

/* Compiles what all batches share, and looks whose compiler it is, for what machine. False: harness_complain says why. */
bool harness_prepare(struct toolchain *toolchain);

/* Whether a compiler knows an attribute of functions; one that does not warns only, and ignores it. */
bool harness_knows_attribute(const char *cc, const char *attribute, const char *directory);

/* What a batch begins with: common types, and CONVENTION, the attribute of functions. */
void harness_prelude(FILE *file, const struct toolchain *toolchain);

/* The scalars that the compiler has, a bit for each of `scalars`. */
uint64_t harness_scalars(struct toolchain *toolchain);

/*
 * Fills one account for each signature. False: the batch as a whole failed, with the reason in the work directory
 * (harness_complain shows it).
 */
bool harness_run(struct toolchain *toolchain, const struct signature *signatures, unsigned count,
                 struct account *accounts);
/*
 * Compiles a C file NAME<batch> of the work directory, links it with the main program NAME<main_object>, and runs that.
 * What it writes is in NAME-found.out.
 */
bool harness_run_program(struct toolchain *toolchain, const char *batch, const char *main_object);
/* Compiles a text, kept as NAME-<source> in the work directory, to the object file `object`. False: harness_complain says why. */
bool harness_compile_text(const struct toolchain *toolchain, const char *text, const char *source,
                          const char *object);
/* Compiles a text and links it with the main program NAME<main_object> and other objects (paths, NULL-terminated). */
bool harness_build(struct toolchain *toolchain, const char *text, const char *main_object,
                   const char *const *objects);
/* Runs what harness_build made, from case `first` on; its status. What it writes is in the file harness_found. */
int harness_execute(const struct toolchain *toolchain, unsigned first);
const char *harness_found(const struct toolchain *toolchain);
void harness_complain(const struct toolchain *toolchain);
/* The first error that the compiler, or the program, wrote; owned by the process. */
const char *harness_last_words(const struct toolchain *toolchain);

#endif
