/* Writing routines (plan/routine.h): one operation after the other, in blocks that are opened and closed. */
#ifndef ABIDE_PLAN_ROUTINE_BUILD_H
#define ABIDE_PLAN_ROUTINE_BUILD_H

#include "plan/routine.h"
#include "plan/runs.h"

struct abide_routine_scope;

/* A routine that is being written. Values that stand in a block are not to be used behind it. */
struct abide_routine_builder {
    abide_ctx *ctx;
    struct abide_routine *routine;
    struct abide_routine_scope *scope; /* the innermost open block */
    size_t called_capacity;
    size_t table_capacity;
};

/* A routine without operations. It may be called by others before it is written. */
struct abide_routine *abide_routine__new(abide_ctx *ctx, const char *name, size_t parameter_count);
/* Opens the body; abide_routine__finish closes it. */
void abide_routine__start(abide_ctx *ctx, struct abide_routine_builder *builder,
                          struct abide_routine *routine);
void abide_routine__finish(struct abide_routine_builder *builder);

/* The operations, in the words of enum abide_op_kind. */
abide_value abide_op__constant(struct abide_routine_builder *builder, uint64_t number);
/* The address itself if the offset is 0. */
abide_value abide_op__offset(struct abide_routine_builder *builder, abide_value address,
                             uint64_t offset_bytes);
/* ADD, SUBTRACT, AND, EQUAL, BELOW, HAS_NUL */
abide_value abide_op__pair(struct abide_routine_builder *builder, enum abide_op_kind kind,
                           abide_value a, abide_value b);
abide_value abide_op__multiply(struct abide_routine_builder *builder, abide_value a,
                               uint64_t number);
abide_value abide_op__divide(struct abide_routine_builder *builder, abide_value a, uint64_t number);
abide_value abide_op__text(struct abide_routine_builder *builder, const char *text);
abide_value abide_op__room(struct abide_routine_builder *builder, uint64_t size_bytes);
abide_value abide_op__size(struct abide_routine_builder *builder, abide_value count,
                           uint64_t element_bytes, uint64_t more_bytes);
abide_value abide_op__select(struct abide_routine_builder *builder, abide_value a, abide_value b,
                             abide_value c);
abide_value abide_op__load(struct abide_routine_builder *builder, abide_value address,
                           uint64_t offset_bytes, uint64_t size_bytes);
void abide_op__store(struct abide_routine_builder *builder, abide_value address,
                     uint64_t offset_bytes, uint64_t size_bytes, abide_value value);
void abide_op__runs(struct abide_routine_builder *builder, abide_value to, abide_value from,
                    const struct abide_runs *runs);
void abide_op__copy(struct abide_routine_builder *builder, abide_value to, abide_value from,
                    abide_value bytes);
void abide_op__zero(struct abide_routine_builder *builder, abide_value address,
                    uint64_t size_bytes);
abide_value abide_op__length(struct abide_routine_builder *builder, abide_value address);
abide_value abide_op__empty(struct abide_routine_builder *builder, uint64_t size_bytes);
/* The address of a word that holds the address of the routine, which others call. */
abide_value abide_op__owner(struct abide_routine_builder *builder, struct abide_routine *routine);
/* Of the one adapter that a routine may name. */
abide_value abide_op__adapter(struct abide_routine_builder *builder,
                              const struct abide_adapter *adapter);
abide_value abide_op__table(struct abide_routine_builder *builder,
                            const struct abide_routine_constant *table);
/* COUNT; `number` is the offset. */
abide_value abide_op__count(struct abide_routine_builder *builder, abide_value address,
                            uint64_t offset_bytes, abide_value change);
abide_value abide_op__call(struct abide_routine_builder *builder, const char *symbol,
                           const abide_value *arguments, size_t argument_count, bool gives_value);
void abide_op__call_at(struct abide_routine_builder *builder, abide_value code,
                       const abide_value *arguments, size_t argument_count);
abide_value abide_op__routine(struct abide_routine_builder *builder,
                              const struct abide_routine *routine, const abide_value *arguments,
                              size_t argument_count);
/* `parameter` may be NULL: it is of no function. */
void abide_op__trap(struct abide_routine_builder *builder, enum abide_trap_code code,
                    const char *function, const char *parameter, abide_value value);
/* A routine that traps, for people with this code. */
void abide_op__trapping_routine(struct abide_routine_builder *builder,
                                const struct abide_routine *routine, enum abide_trap_code code,
                                const abide_value *arguments, size_t argument_count);
/* The same with the number of the code and the addresses of both texts as values. */
void abide_op__trap_at(struct abide_routine_builder *builder, const abide_value *where,
                       abide_value value);
void abide_op__return(struct abide_routine_builder *builder, abide_value value);

/* Open a block; abide_op__else goes on to the other one, abide_op__end closes both. */
void abide_op__if(struct abide_routine_builder *builder, abide_value condition);
void abide_op__else(struct abide_routine_builder *builder);
/*
 * Opens a choice by a number. abide_op__case opens the block of a number that no other case of it has, and abide_op__end closes that;
 * abide_op__else then goes on to what is done for all other numbers, and abide_op__end closes the choice.
 */
void abide_op__choose(struct abide_routine_builder *builder, abide_value number);
void abide_op__case(struct abide_routine_builder *builder, uint64_t number);
/* Opens a block that is done `count` times; gives the value that counts from 0. */
abide_value abide_op__loop(struct abide_routine_builder *builder, abide_value count);
void abide_op__end(struct abide_routine_builder *builder);

/* The routine as text, for people and tests. Owned by the context. */
const char *abide_routine__print(abide_ctx *ctx, const struct abide_routine *routine);

#endif
