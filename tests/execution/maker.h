/* Routines (plan/routine.h) written by hand: each function below adds one operation and gives its result. */
#ifndef ABIDE_TESTS_MAKER_H
#define ABIDE_TESTS_MAKER_H

#include "plan/plan.h"

#define MAKER_MAX_DEPTH 8

struct maker_ops {
    struct abide_op *items;
    size_t count, capacity;
};

struct maker {
    abide_ctx *ctx;
    uint64_t word_bytes;
    uint32_t next_serial;
    struct abide_routine *routine;
    struct maker_ops blocks[MAKER_MAX_DEPTH]; /* the innermost is blocks[depth] */
    size_t depth;
    struct {
        const struct abide_routine **items;
        size_t count, capacity;
    } calls;
};

/* Starts a routine; it is complete after maker_end. */
struct abide_routine *maker_begin(struct maker *maker, const char *name, size_t parameter_count);
void maker_end(struct maker *maker);

abide_value maker_add(struct maker *maker, bool gives_value, struct abide_op op);
/* A value before the operation that makes it, which holds blocks that read it: a loop's. */
abide_value maker_reserve(struct maker *maker);
void maker_add_as(struct maker *maker, abide_value result, struct abide_op op);

/* Blocks of the operation that is added next, or with `maker_otherwise` its second one. */
void maker_open(struct maker *maker);
struct abide_block maker_close(struct maker *maker);

#define EFFECT(maker, ...) maker_add(maker, false, (struct abide_op){__VA_ARGS__})
#define VALUE(maker, ...)  maker_add(maker, true, (struct abide_op){__VA_ARGS__})

static inline abide_value constant(struct maker *maker, uint64_t number)
{
    return VALUE(maker, .kind = ABIDE_OP_CONSTANT, .number = number);
}

static inline abide_value offset(struct maker *maker, abide_value a, uint64_t number)
{
    return VALUE(maker, .kind = ABIDE_OP_OFFSET, .a = a, .number = number);
}

static inline abide_value binary(struct maker *maker, enum abide_op_kind kind, abide_value a,
                                 abide_value b)
{
    return VALUE(maker, .kind = kind, .a = a, .b = b);
}

static inline abide_value load(struct maker *maker, abide_value a, uint64_t offset_bytes,
                               uint64_t size_bytes)
{
    return VALUE(maker, .kind = ABIDE_OP_LOAD, .a = a, .number = offset_bytes,
                 .size_bytes = size_bytes);
}

static inline void store(struct maker *maker, abide_value a, uint64_t offset_bytes,
                         uint64_t size_bytes, abide_value b)
{
    EFFECT(maker, .kind = ABIDE_OP_STORE, .a = a, .number = offset_bytes, .size_bytes = size_bytes,
           .b = b);
}

/* The word at index `index` of what `a` points to. */
static inline abide_value load_word(struct maker *maker, abide_value a, uint64_t index)
{
    return load(maker, a, index * maker->word_bytes, maker->word_bytes);
}

static inline void store_word(struct maker *maker, abide_value a, uint64_t index, abide_value b)
{
    store(maker, a, index * maker->word_bytes, maker->word_bytes, b);
}

static inline void give(struct maker *maker, abide_value a)
{
    EFFECT(maker, .kind = ABIDE_OP_RETURN, .a = a);
}

#endif
