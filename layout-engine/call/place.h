/*
 * The two allocators: independent sequences of registers with a stack behind them, and a block of positions whose first
 * ones are registers. A verb names the parts of a value and their banks; this file gives them places.
 */
#ifndef ABIDE_CALL_PLACE_H
#define ABIDE_CALL_PLACE_H

#include "abide/call.h"
#include "layout/layout.h"
#include "spec/rules.h"

struct abide_bank_state {
    uint64_t used;   /* backfill: bits of the registers that are taken */
    size_t next;     /* otherwise: the first that is free */
    size_t withheld; /* how many at the end are not */
};

/* What is taken so far; copied to undo a rule that does not fit. */
struct abide_cursor {
    struct abide_bank_state banks[ABIDE_MAX_BANKS];
    uint64_t stack_bytes; /* of the stack, or the next position of the block; without its start */
    uint64_t bare_bytes;  /* of the positions before it, those that have no memory */
    uint64_t
        uncounted_bytes; /* of them, those that alignment does not count; modulo 2^64: it may count more */
    uint64_t registers_bytes; /* then what lies in memory is behind that of so many positions */
    int64_t end_bytes;        /* of the last argument on the stack, from the stack pointer */
    uint64_t align_bytes;     /* largest of an argument on the stack */
    size_t stacked_count;     /* of the placer's `stacked` */
};

/* Bytes of the stack that a value takes, without the start of the area. */
struct abide_stacked {
    uint64_t start_bytes;
    uint64_t end_bytes;
    uint64_t align_bytes;
};

typedef ABIDE_VEC(abide_piece) abide_piece_list;

typedef ABIDE_VEC(const struct abide_rule_origin *) abide_origin_list;

struct abide_placer {
    abide_ctx *ctx;
    const abide_module *module;
    const struct abide_bank *const *banks;
    size_t bank_count;
    const struct abide_stack *area;
    enum abide_extend_rule extend;
    bool extend_is_owed; /* the machine's own rule asks for less */
    struct abide_cursor cursor;
    abide_origin_list *inner_rules; /* those that placed parts are added; NULL: nobody asks */
    abide_piece_list pieces;        /* of the value in hand */
    ABIDE_VEC(struct abide_stacked) stacked; /* by all values, in their order */
};

/* A range of a value that goes to one bank. */
struct abide_part {
    uint64_t offset_bytes;
    uint64_t size_bytes;
    uint8_t bank;
    bool is_float;        /* all of it are floats or vectors */
    bool is_float_leaf;   /* it is one float, which the bank may convert */
    uint32_t align_bytes; /* of the leaf that it is; 0: it is none, or nobody asks */
};

struct abide_part_list {
    const struct abide_part *items;
    size_t count;
};

/* Registers (and, in a block or where the rule splits, the stack) for all parts. false: it does not fit; undone. */
bool abide_place__parts(struct abide_placer *placer, const abide_layout *layout,
                        const struct abide_pass_rule *rule, struct abide_part_list parts);
/* Bytes [offset, size of the value) on the stack. */
void abide_place__stack(struct abide_placer *placer, const abide_layout *layout,
                        const struct abide_pass_rule *rule, uint64_t offset_bytes);
/* How far a piece moves when the last value on the stack comes to lie first. */
int64_t abide_place__reversal(const struct abide_placer *placer, const abide_piece *piece);
/* Bytes of the stack, or positions of the block, that a value without content uses up (`slot` of the rule). */
void abide_place__skip(struct abide_placer *placer, const abide_layout *layout,
                       const struct abide_pass_rule *rule);
/* Later values are aligned as if the value, which starts at `before`, had so many bytes, and were aligned itself. */
void abide_place__count(struct abide_placer *placer, const struct abide_cursor *before,
                        const abide_layout *layout, uint64_t bytes);
/* No later value may use the banks, given as bits. */
void abide_place__exhaust(struct abide_placer *placer, uint32_t banks);
/* Takes the registers that so many bytes would need, without anything in them; all that are left if they are too few. */
/* false: there are too few. */
bool abide_place__withhold(struct abide_placer *placer, uint8_t bank, uint64_t size_bytes);
void abide_place__shadow(struct abide_placer *placer, uint8_t bank, uint64_t size_bytes);

#endif
