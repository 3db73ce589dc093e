/* Assignments: a lowered signature with places. One function decides for caller and callee alike. */
#ifndef ABIDE_CALL_ASSIGNMENT_H
#define ABIDE_CALL_ASSIGNMENT_H

#include "call/physical.h"

struct abide_assigned {
    abide_pass pass;
    uint64_t size_bytes;
    uint64_t align_bytes;
    /* Where a language's rule passes a pointer instead of the value: the size of what it points to; else `size_bytes`. */
    uint64_t value_size_bytes;
    const abide_piece
        *pieces; /* DIRECT; in order of offset; one per register of the bank or per stack place */
    size_t piece_count;
    abide_piece pointer;           /* POINTER, HIDDEN */
    enum abide_copy copy;          /* POINTER: who owns the copy (C: CALLER made, callee owns) */
    const char *returned_register; /* HIDDEN */
    bool comes_back; /* arguments, DIRECT: its registers hold its new value when the call returns */
    const struct abide_rule_origin *rule; /* machine rule */
};

struct abide_assignment {
    const struct abide_physical *physical;
    const struct abide_assigned *arguments; /* parallel to physical->params */
    struct abide_assigned result;           /* of physical->result.type */
    uint64_t stack_bytes; /* size of the argument area, rounded as the module says */
    uint64_t stack_align_bytes;
    bool callee_cleans;
    /* Without `callee_cleans`, what callees remove all the same: the hidden pointer, or what lies before a result on the stack. */
    uint64_t callee_pops_bytes;
    const char *vector_count_register;
    /* What a callee leaves as it was: the module's `preserved` but for what holds the result. */
    const char *const *preserved;
    size_t preserved_count;
    /* Those that placed parts of values, and those of the budget. */
    const struct abide_rule_origin *const *inner_rules;
    size_t inner_rule_count;
    const char *
        area_register; /* holds the address of the unnamed arguments; NULL: they are on the stack */
};

/* What the callee has removed from the stack when it returns, beside a return address. */
uint64_t abide_assignment__removed_bytes(const abide_assignment *assignment);

/* The most that one argument or result may have, so that sums over a call stay far from 64 bits. */
#define ABIDE_PASSED_MAX_BYTES ((uint64_t)1 << 40)

/* Places for a lowered signature. NULL: reported. */
const abide_assignment *abide_assignment__of(abide_ctx *ctx, const struct abide_physical *physical);

#endif
