/* The types and functions of an interface file, which are proved in the place of random ones (`--interface`). */
#ifndef ABIDE_VERIFY_GIVEN_H
#define ABIDE_VERIFY_GIVEN_H

#include "options.h"
#include "signature.h"

#include "abide/abide.h"

struct cli;
struct engine;
struct toolchain;

struct given {
    const char *path; /* of the interface file */
    abide_ctx *ctx;
    const abide_iface *iface;
    /* What its functions are called with, each once: many functions have the same parameters and result. */
    struct signature *signatures;
    const char **names; /* of the first function of each */
    size_t count;
    size_t function_count;
    struct words unasked; /* functions, as "NAME: why" */
};

/* What was found of layouts, and what of the file was not asked. */
struct given_layouts {
    size_t compared;
    unsigned long wrong;
    struct words unasked; /* types, as "NAME: why" */
    struct words refused; /* functions that the module refuses, likewise */
    const char
        *findings; /* a line for each that is wrong; of the first ones also their text in C */
};

/* Reads the interface file. false: reported. */
bool given_load(struct cli *cli, const char *path, struct given *given);

/* Compares the layouts of all its types with what the compiler says of them in C. */
void given_check_layouts(const struct given *given, struct toolchain *toolchain,
                         const struct engine *engine, struct given_layouts *found);

/* Names the functions that the module refuses: they are not compiled. */
void given_name_refused(const struct given *given, const struct engine *engine,
                        struct words *refused);

struct given_place {
    const abide_type *type;
    size_t number;
};

/* given_c.c: types as C text. A type is t<index>, by its place in the interface; its members are m<place>, m<place>_<place> ... */
struct given_c {
    abide_ctx *ctx;
    const abide_iface *iface;
    struct given_place *places; /* of the types of the interface, by their addresses */
    unsigned char *states;      /* by place: whether it stands in the text */
    size_t count;
    const char *why; /* a type has no text; NULL: all have */
};

/* Starts to write down types of an interface, which lives as long as its context. */
void given_c_start(struct given_c *c, abide_ctx *ctx, const abide_iface *iface);
/* Forgets which types stand in the text. */
void given_c_restart(struct given_c *c);
/* Writes a type of the interface and those that it consists of, unless they stand there. false: `why`. */
bool given_c_type(struct given_c *c, FILE *file, size_t number);

/* A member of a record, through records that are defined in place of their type. */
struct given_member {
    const char *path; /* in C: "m0.m0_2" */
    const char *name; /* in the interface: "at.x" */
    bool is_bitfield;
    uint64_t offset_bits, size_bits; /* as the module says */
};
/*
 * The members of a record that have a name, by the layouts that the module gives; cli_alloc'ed. SIZE_MAX: it has a part that no
 * member stands for.
 */
size_t given_c_members(struct given_c *c, const abide_module *module, const abide_type *type,
                       struct given_member **members);

#endif
