/*
 * LLVM has pointers and integers, routines have words. An address that is computed as an integer could point anywhere, which
 * keeps memory alive that nobody needs; so addresses stay pointers from where they come from. First what is certainly
 * a number is found, then uses are followed backwards.
 */
#include "forms.h"

#include "base/ctx.h"

struct analysis {
    struct abide_forms *forms;
    bool *is_number;
    uint64_t word_bytes;
};

static bool is_number(const struct analysis *analysis, const struct abide_op *op)
{
    const bool *known = analysis->is_number;
    switch (op->kind) {
    case ABIDE_OP_CONSTANT:
    case ABIDE_OP_MULTIPLY:
    case ABIDE_OP_DIVIDE:
    case ABIDE_OP_SIZE:
    case ABIDE_OP_EQUAL:
    case ABIDE_OP_BELOW:
    case ABIDE_OP_LENGTH:
    case ABIDE_OP_HAS_NUL:
    case ABIDE_OP_LOOP: return true;
    case ABIDE_OP_LOAD: return op->size_bytes < analysis->word_bytes;
    case ABIDE_OP_OFFSET: return known[op->a];
    case ABIDE_OP_ADD:
    case ABIDE_OP_SUBTRACT:
    case ABIDE_OP_AND: return known[op->a] && known[op->b];
    case ABIDE_OP_SELECT: return known[op->b] && known[op->c];
    default: return false;
    }
}

static void find_numbers(struct analysis *analysis, const struct abide_block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        const struct abide_op *op = &block->ops[i];
        if (op->result != ABIDE_NO_VALUE)
            analysis->is_number[op->result] = is_number(analysis, op);
        find_numbers(analysis, &op->then);
        find_numbers(analysis, &op->otherwise);
    }
}

static void want_pointer(struct analysis *analysis, abide_value value)
{
    analysis->forms->wants_pointer[value] = true;
}

static void want_word(struct analysis *analysis, abide_value value)
{
    if (value != ABIDE_NO_VALUE)
        analysis->forms->wants_word[value] = true;
}

/* A sum that is an address points into the operand that is no number, if there is just one. */
static abide_value base_of(const struct analysis *analysis, const struct abide_op *op)
{
    if (op->result == ABIDE_NO_VALUE || !analysis->forms->wants_pointer[op->result])
        return ABIDE_NO_VALUE;
    if (op->kind == ABIDE_OP_OFFSET)
        return op->a;
    if (analysis->is_number[op->a] == analysis->is_number[op->b])
        return ABIDE_NO_VALUE;
    return analysis->is_number[op->a] ? op->b : op->a;
}

static void want_sum(struct analysis *analysis, const struct abide_op *op)
{
    abide_value base = base_of(analysis, op);
    if (op->result != ABIDE_NO_VALUE)
        analysis->forms->bases[op->result] = base;
    if (base == ABIDE_NO_VALUE) {
        want_word(analysis, op->a);
        want_word(analysis, op->kind == ABIDE_OP_ADD ? op->b : ABIDE_NO_VALUE);
    } else {
        want_pointer(analysis, base);
        if (op->kind == ABIDE_OP_ADD)
            want_word(analysis, base == op->a ? op->b : op->a);
    }
}

static void want_selected(struct analysis *analysis, const struct abide_op *op)
{
    bool is_pointer = op->result != ABIDE_NO_VALUE && analysis->forms->wants_pointer[op->result];
    want_word(analysis, op->a);
    for (int i = 0; i < 2; i++) {
        abide_value value = i ? op->c : op->b;
        if (is_pointer)
            want_pointer(analysis, value);
        else
            want_word(analysis, value);
    }
}

static void want_operands(struct analysis *analysis, const struct abide_op *op)
{
    switch (op->kind) {
    case ABIDE_OP_OFFSET:
    case ABIDE_OP_ADD: want_sum(analysis, op); return;
    case ABIDE_OP_SELECT: want_selected(analysis, op); return;
    case ABIDE_OP_SUBTRACT:
    case ABIDE_OP_AND:
    case ABIDE_OP_EQUAL:
    case ABIDE_OP_BELOW:
        want_word(analysis, op->b);
        want_word(analysis, op->a);
        return;
    case ABIDE_OP_TRAP:
        want_word(analysis, op->a);
        if (op->argument_count) {
            want_word(analysis, op->arguments[0]);
            want_pointer(analysis, op->arguments[1]);
            want_pointer(analysis, op->arguments[2]);
        }
        return;
    case ABIDE_OP_MULTIPLY:
    case ABIDE_OP_DIVIDE:
    case ABIDE_OP_SIZE:
    case ABIDE_OP_IF:
    case ABIDE_OP_CHOOSE:
    case ABIDE_OP_LOOP:
    case ABIDE_OP_RETURN: want_word(analysis, op->a); return;
    case ABIDE_OP_STORE:
        want_pointer(analysis, op->a);
        if (op->size_bytes < analysis->word_bytes)
            want_word(analysis, op->b);
        return;
    case ABIDE_OP_RUNS:
        want_pointer(analysis, op->a);
        want_pointer(analysis, op->b);
        return;
    case ABIDE_OP_COPY:
        want_pointer(analysis, op->a);
        want_pointer(analysis, op->b);
        want_word(analysis, op->c);
        return;
    case ABIDE_OP_HAS_NUL:
        want_pointer(analysis, op->a);
        want_word(analysis, op->b);
        return;
    case ABIDE_OP_LOAD:
    case ABIDE_OP_ZERO:
    case ABIDE_OP_LENGTH:
    case ABIDE_OP_CALL_AT: want_pointer(analysis, op->a); return;
    case ABIDE_OP_COUNT:
        want_pointer(analysis, op->a);
        want_word(analysis, op->b);
        return;
    case ABIDE_OP_CONSTANT:
    case ABIDE_OP_EMPTY:
    case ABIDE_OP_TEXT:
    case ABIDE_OP_ROOM:
    case ABIDE_OP_OWNER:
    case ABIDE_OP_ADAPTER:
    case ABIDE_OP_TABLE:
    case ABIDE_OP_CASE:
    case ABIDE_OP_CALL: /* arguments are given in the form that they have */
    case ABIDE_OP_ROUTINE: return;
    }
}

/* From the end on, so that every use of a value is seen before the operation that makes it. */
static void follow(struct analysis *analysis, const struct abide_block *block)
{
    for (size_t i = block->count; i-- > 0;) {
        follow(analysis, &block->ops[i].otherwise);
        follow(analysis, &block->ops[i].then);
        want_operands(analysis, &block->ops[i]);
    }
}

const struct abide_forms *abide_forms__of(abide_ctx *ctx, const struct abide_routine *routine,
                                          uint64_t word_bytes)
{
    struct abide_forms *forms = abide__new(ctx, struct abide_forms);
    struct analysis analysis = {.forms = forms,
                                .is_number = abide__new_array(ctx, bool, routine->value_count),
                                .word_bytes = word_bytes};
    forms->wants_pointer = abide__new_array(ctx, bool, routine->value_count);
    forms->wants_word = abide__new_array(ctx, bool, routine->value_count);
    forms->bases = abide__new_array(ctx, abide_value, routine->value_count);
    for (size_t i = 0; i < routine->value_count; i++)
        forms->bases[i] = ABIDE_NO_VALUE;
    find_numbers(&analysis, &routine->body);
    follow(&analysis, &routine->body);
    return forms;
}
