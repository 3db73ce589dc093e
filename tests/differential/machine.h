/* What the oracle knows of an architecture: where its stub puts which register. */
#ifndef ABIDE_DIFFERENTIAL_MACHINE_H
#define ABIDE_DIFFERENTIAL_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

struct machine_register {
    const char *name;
    unsigned place; /* byte offset into the image */
    unsigned size_bytes;
};

struct machine {
    const char *architecture; /* the first part of a target triple */
    const char *stub;         /* file name */
    unsigned word_bytes;      /* of a pointer */
    unsigned longdouble_value_bytes;
    bool promises_address; /* may have a result register that gives a hidden address back */
    /* Narrow floats must have ones above them in the upper half of a register (NaN boxing). */
    bool boxes;
    unsigned lacking; /* features that its compilers lack, or that they do not agree on */
    /* Of results: holds floats in a format of its own, called `converted_as`; NULL: none does. */
    const char *converting, *converted_as;
    const struct machine_register *arguments;
    size_t argument_count;
    const struct machine_register *results;
    size_t result_count;
};

/* The machine of a triple such as x86_64-linux-gnu, or NULL. */
const struct machine *machine_of(const char *triple);

/* The register of an image that covers `place`, or NULL: a place on the stack. */
const struct machine_register *machine_register_at(const struct machine *machine, int results,
                                                   unsigned place);
const struct machine_register *machine_register_named(const struct machine *machine, int results,
                                                      const char *name);

#endif
