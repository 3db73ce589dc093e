/*
 * What the oracle knows of an architecture: data (targets/ARCH.yaml) about where its stub (targets/ARCH.S) puts which
 * register, and who compiles for it.
 */
#ifndef ABIDE_VERIFY_MACHINE_H
#define ABIDE_VERIFY_MACHINE_H

#include "abide/abide.h"
#include "abide/data.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    MAX_REGISTERS = 192,
    MAX_TOOLCHAINS = 16,
    MAX_BOXES = 64,
    MAX_FIXED = 4,
    MAX_KNOWN_FAILURES = 4,
};

struct machine_register {
    const char *name;
    unsigned place; /* byte offset into the image */
    unsigned size_bytes;
    const char
        *converts; /* the format in which it holds floats that are narrower; NULL: as they are */
};

struct machine_registers {
    struct machine_register list[MAX_REGISTERS];
    size_t count;
};

/* What a compiler is known to fail at by itself: an internal error. */
struct known_failure {
    const char *with;      /* a part of its last words */
    const char *attribute; /* of functions that have the convention; NULL: all functions */
    unsigned percent;      /* of signatures, at most */
};

/* One compiler for one target. */
struct machine_toolchain {
    const char *triple;
    const char *name;     /* "gcc" */
    const char *cc;       /* with the options that make it speak for the target */
    const char *link;     /* what links its objects; NULL: cc itself */
    const char *run;      /* what runs its programs; "": nothing needed */
    const char *packages; /* of Debian, where these are; NULL: not known */
    struct known_failure failures[MAX_KNOWN_FAILURES];
    size_t failure_count;
};

struct machine {
    const char *arch; /* the first part of a target triple */
    const char *stub; /* the text of the assembly file */
    struct machine_registers arguments, results;
    /* Registers, by index, in which narrow floats must have ones above them (NaN boxing). */
    size_t argument_boxes[MAX_BOXES], result_boxes[MAX_BOXES];
    size_t argument_box_count, result_box_count;
    /* Registers that hold a number, not a value, in variadic calls. */
    struct {
        unsigned place;
        unsigned char value;
    } variadic[MAX_FIXED];
    size_t variadic_count;
    /* A result register that always holds a hidden address holds it by promise, not by chance. */
    bool promises_address;
    unsigned long long read_number, write_number, exit_number; /* of system calls */
    struct machine_toolchain toolchains[MAX_TOOLCHAINS];
    size_t toolchain_count;
    /* Found out by asking a compiler (harness_prepare). */
    unsigned word_bytes;             /* of a pointer */
    unsigned longdouble_value_bytes; /* without padding */
    bool is_big_endian;
};

/*
 * The machine of an architecture, from the data of the command or, if `directory` is not NULL, from ARCH.yaml and ARCH.S
 * there. NULL: reported.
 */
struct machine *machine_load(abide_ctx *ctx, const char *arch, const char *directory);

/* How a compiler that fails with these words is known to do so, with functions of this attribute; NULL: it is not. */
const struct known_failure *machine_known_failure(const struct machine_toolchain *toolchain,
                                                  const char *attribute, const char *words);
/* How many of a hundred signatures it may fail at; 1 if nothing is known. */
unsigned machine_known_percent(const struct machine_toolchain *toolchain, const char *attribute);

/* The target triples that compilers are known for, by the data of the command. NULL past the end. */
const char *machine_target_at(abide_ctx *ctx, size_t index);

/* The register of an image that covers `place`, or NULL: a place on the stack. */
const struct machine_register *machine_register_at(const struct machine *machine, bool is_result,
                                                   unsigned place);
const struct machine_register *machine_register_named(const struct machine *machine, bool is_result,
                                                      const char *name);

#endif
