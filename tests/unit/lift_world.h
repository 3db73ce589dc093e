/*
 * Two sides of a call, played by a test: values in each side's own form, in memory that is counted, with runtimes whose hooks the
 * test answers itself. Written without plan/: what is built, read and dropped here is what a program of that side would do.
 */
#ifndef TESTS_UNIT_LIFT_WORLD_H
#define TESTS_UNIT_LIFT_WORLD_H

#include "interpret.h"

#include "call/represent.h"
#include "types/iface.h"

/* How a side holds strings and lists. */
enum style {
    STYLE_SYSTEM,
    STYLE_COUNTED,
    STYLE_NUL,
    STYLE_COLLECTED,
    STYLE_DESTRUCTED,
    STYLE_COUNT
};

/* Where memory comes from; what is lent or collected is freed with the world. */
enum heap { HEAP_LENT, HEAP_MALLOC, HEAP_COLLECTED, HEAP_DESTRUCTED, HEAP_COUNT };

struct block {
    void *memory;
    size_t size_bytes;
    enum heap heap;
    struct block *next;
};

struct world {
    abide_ctx *ctx;
    const abide_module *modules[STYLE_COUNT];
    struct block *blocks;
    size_t block_count[HEAP_COUNT];
    size_t handle_count; /* alive */
    size_t made_count;   /* blocks ever made */
    struct interpreter interpreter;
    uint64_t random;
    bool is_real;
    bool has_no_memory; /* malloc gives nothing */
    bool drops_lent;    /* drop_value also drops what is in lent memory: the lender does that */
};

/* A value without a form. */
struct value {
    uint64_t bits; /* numbers, handles */
    const char *text;
    size_t count; /* bytes of text, elements, fields; of a sum 1 if there is a payload */
    struct value *items;
    size_t case_index;
};

/* With the modules that abide has; or with others, played by this test, that differ in more. */
void world_open(struct world *world, abide_ctx *ctx, uint64_t seed, bool is_real);
/* Frees everything that is lent or collected. */
void world_clear(struct world *world);
void world_close(struct world *world);
/* Blocks that somebody has to free. */
size_t world_owned(const struct world *world);

uint64_t pick(struct world *world, uint64_t below);
const abide_type *form_of(struct world *world, enum style style, const abide_type *type);
const abide_layout *layout_in(struct world *world, enum style style, const abide_type *type);

struct value random_value(struct world *world, const abide_type *type, unsigned depth);
void build_value(struct world *world, enum style style, const abide_type *type,
                 const struct value *value, void *memory);
/* Fails the test if the memory does not hold the value. */
void check_value(struct world *world, enum style style, const abide_type *type,
                 const struct value *value, const void *memory);
void drop_value(struct world *world, enum style style, const abide_type *type, void *memory);

/* With the hooks of a runtime for all types that the context knows. */
const struct abide_iface *iface_with_hooks(struct world *world, const abide_iface *iface,
                                           enum style runtime);

#endif
