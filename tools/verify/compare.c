#include "compare.h"

#include <stdarg.h>
#include <string.h>

const char *const mismatch_names[MISMATCH_CLASSES] = {
    "none", "answer", "layout", "hole", "pass", "place", "returned", "stack", "popped",
};

const char *const stage_names[STAGE_COUNT + 1] = {"layout", "arguments", "results",
                                                  "extend", "thunks",    NULL};

struct comparison {
    const struct signature *signature;
    const struct machine *machine;
    unsigned stages;
    const struct account *measured;
    const struct account *said;
    char *where;
};

static enum mismatch differ(struct comparison *c, enum mismatch class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum mismatch differ(struct comparison *c, enum mismatch class, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(c->where, 128, format, list);
    va_end(list);
    return class;
}

/* Bits of a struct that belong to none of its fields are the holes, and nothing else is. Only abide says where unnamed ones lie. */
static bool holes_agree(const struct type *type, const struct type_account *measured,
                        const struct type_account *said)
{
    unsigned char covered[CELL_BYTES * 8] = {0};
    for (unsigned i = 0; i < type->field_count; i++) {
        struct extent field = type->fields[i].is_unnamed ? said->fields[i] : measured->fields[i];
        for (unsigned bit = 0; bit < field.size_bits; bit++)
            covered[(field.offset_bits + bit) % sizeof covered] = 1;
    }
    for (unsigned i = 0; i < said->hole_count; i++) {
        struct extent hole = said->holes[i];
        if (hole.size_bits == 0 || hole.offset_bits + hole.size_bits > measured->size_bytes * 8)
            return false;
        for (unsigned bit = 0; bit < hole.size_bits; bit++)
            if (covered[hole.offset_bits + bit]++ != 0)
                return false;
    }
    for (unsigned bit = 0; bit < measured->size_bytes * 8; bit++)
        if (covered[bit] == 0)
            return false;
    return true;
}

static enum mismatch compare_type(struct comparison *c, unsigned i)
{
    const struct type *type = &c->signature->types[i];
    const struct type_account *measured = &c->measured->types[i], *said = &c->said->types[i];
    if (measured->size_bytes != said->size_bytes || measured->align_bytes != said->align_bytes)
        return differ(c, MISMATCH_LAYOUT, "type %u: %u bytes aligned to %u, not %u to %u", i,
                      measured->size_bytes, measured->align_bytes, said->size_bytes,
                      said->align_bytes);
    if (type->kind != TYPE_STRUCT && type->kind != TYPE_UNION)
        return MISMATCH_NONE;
    for (unsigned f = 0; f < type->field_count; f++) {
        struct extent a = measured->fields[f], b = said->fields[f];
        if (type->fields[f].is_unnamed)
            continue;
        if (a.offset_bits != b.offset_bits || a.size_bits != b.size_bits)
            return differ(c, MISMATCH_LAYOUT, "type %u, field m%u: bits %u+%u, not %u+%u", i, f,
                          a.offset_bits, a.size_bits, b.offset_bits, b.size_bits);
    }
    /* Whether the byte of an empty record is a hole is a matter of words. */
    if (c->said->has_stack_bytes && type->field_count > 0 && !holes_agree(type, measured, said))
        return differ(c, MISMATCH_HOLE, "type %u: the padding is elsewhere", i);
    return MISMATCH_NONE;
}

static enum mismatch compare_value(struct comparison *c, const struct use *use,
                                   const struct value_account *measured,
                                   const struct value_account *said, const char *name)
{
    unsigned char mask[CELL_BYTES];
    bool has_meaning = false;
    account_mask(c->signature, c->measured, c->machine, use, measured->size_bytes, mask);
    for (unsigned i = 0; i < measured->size_bytes; i++)
        has_meaning = has_meaning || mask[i] != 0;
    if (measured->size_bytes != 0 && !has_meaning)
        return MISMATCH_NONE;
    /* Nothing of it can be seen: if it takes a place or has an address, this shows in others' places. */
    if (measured->size_bytes == 0)
        return MISMATCH_NONE;
    if (measured->pass != said->pass)
        return differ(c, MISMATCH_PASS, "%s: %s, not %s", name, account_pass_name(measured->pass),
                      account_pass_name(said->pass));
    if (measured->pass == PASS_IGNORE)
        return MISMATCH_NONE;
    if (measured->size_bytes != said->size_bytes)
        return differ(c, MISMATCH_LAYOUT, "%s: %u bytes, not %u", name, measured->size_bytes,
                      said->size_bytes);
    if (measured->pass != PASS_DIRECT)
        return measured->pointer_place == said->pointer_place
                   ? MISMATCH_NONE
                   : differ(c, MISMATCH_PLACE, "%s: the address", name);
    for (unsigned i = 0; i < measured->size_bytes; i++)
        if (mask[i] != 0 && (measured->places[i] < 0 || (measured->places[i] != said->places[i] &&
                                                         measured->places[i] != said->copies[i])))
            return differ(c, MISMATCH_PLACE, "%s: byte %u", name, i);
    return MISMATCH_NONE;
}

/* Where a value ends, if its last bytes lie on the stack: padding and copies count, which may lie there by themselves. */
static int value_end(const struct value_account *value, const struct value_account *said)
{
    bool has_padding = said->pass == PASS_DIRECT && said->size_bytes == value->size_bytes;
    unsigned end = value->size_bytes; /* of what may follow on the stack */
    for (unsigned b = value->size_bytes; b-- > 0;) {
        int other = said->copies[b] > said->places[b] ? said->copies[b] : said->places[b];
        if (said->copies[b] != PLACE_NONE && account_is_on_stack(other))
            return other + (int)(end - b);
        if (account_is_on_stack(value->places[b]))
            return value->places[b] + (int)(end - b);
        if (has_padding && value->places[b] < 0 && account_is_on_stack(said->places[b]))
            return said->places[b] + (int)(end - b);
        if (value->places[b] >= 0 || has_padding)
            end = b; /* in a register, maybe where nobody sees it, or nowhere */
    }
    return 0;
}

/* The end of what lies on the stack, in bytes. */
static unsigned stack_end(const struct comparison *c)
{
    int end = REGISTER_AREA_BYTES;
    for (unsigned i = 0; i < c->signature->param_count; i++) {
        const struct value_account *value = &c->measured->params[i];
        if (value->size_bytes == 0 && c->said->params[i].pass == PASS_POINTER)
            value = &c->said->params[i]; /* nobody sees this one */
        if (value->pass == PASS_POINTER && value->pointer_place + (int)c->machine->word_bytes > end)
            end = value->pointer_place + (int)c->machine->word_bytes;
        if (value->pass == PASS_DIRECT && value_end(value, &c->said->params[i]) > end)
            end = value_end(value, &c->said->params[i]);
    }
    return (unsigned)(end - REGISTER_AREA_BYTES);
}

/* Room that a value may take where nobody sees it: for bytes without a meaning at its end, or for a place without bytes. */
static unsigned unseen_bytes(const struct value_account *value, unsigned word_bytes)
{
    unsigned seen = value->size_bytes;
    if (value->pass != PASS_DIRECT && value->pass != PASS_IGNORE)
        return 0;
    while (seen > 0 && value->places[seen - 1] == PLACE_NONE)
        seen--;
    unsigned tail = (value->size_bytes - seen + word_bytes - 1) / word_bytes * word_bytes;
    return seen == 0 && tail == 0 ? word_bytes : tail;
}

/* How an area is rounded is the module's to say, but it holds everything and wastes little. */
static enum mismatch compare_stack(struct comparison *c)
{
    unsigned end = stack_end(c), slack_bytes = 16;
    uint64_t most = end > c->said->home_bytes ? end : c->said->home_bytes;
    for (unsigned i = 0; i < c->signature->param_count; i++)
        slack_bytes += unseen_bytes(&c->measured->params[i], c->machine->word_bytes);
    /* Where callers reserve room for all parameters, it is also for those in registers. */
    for (unsigned i = 0; c->said->home_bytes > 0 && i < c->signature->param_count; i++)
        most += (c->measured->params[i].size_bytes + 2 * c->machine->word_bytes - 1) &
                ~(uint64_t)(c->machine->word_bytes - 1);
    for (unsigned i = 0; i < c->signature->type_count; i++)
        if (c->measured->types[i].align_bytes > slack_bytes)
            slack_bytes = c->measured->types[i].align_bytes;
    if (c->said->stack_bytes < end || c->said->stack_bytes >= most + slack_bytes)
        return differ(c, MISMATCH_STACK, "arguments end at %u, the stack area at %llu", end,
                      (unsigned long long)c->said->stack_bytes);
    /* A callee owns its arguments and what the caller reserves for it, and nothing beyond. */
    if (c->measured->touched_bytes > c->said->stack_bytes)
        return differ(c, MISMATCH_STACK,
                      "the callee writes up to %llu, the stack area ends at %llu",
                      (unsigned long long)c->measured->touched_bytes,
                      (unsigned long long)c->said->stack_bytes);
    return MISMATCH_NONE;
}

/* Also between two compilers. */
static enum mismatch compare_popped(struct comparison *c)
{
    if (c->measured->popped_bytes == c->said->popped_bytes)
        return MISMATCH_NONE;
    return differ(c, MISMATCH_POPPED, "the callee takes %llu bytes off the stack, not %llu",
                  (unsigned long long)c->measured->popped_bytes,
                  (unsigned long long)c->said->popped_bytes);
}

static enum mismatch compare_types(struct comparison *c)
{
    enum mismatch class = MISMATCH_NONE;
    bool used[MAX_TYPES];
    signature_mark_used(c->signature, used);
    for (unsigned i = 0; i < c->signature->type_count && class == MISMATCH_NONE; i++)
        class = used[i] ? compare_type(c, i) : MISMATCH_NONE;
    return class;
}

static enum mismatch compare_params(struct comparison *c)
{
    enum mismatch class = MISMATCH_NONE;
    char name[16];
    for (unsigned i = 0; i < c->signature->param_count && class == MISMATCH_NONE; i++) {
        snprintf(name, sizeof name, "p%u", i);
        class = compare_value(c, &c->signature->params[i], &c->measured->params[i],
                              &c->said->params[i], name);
    }
    if (class == MISMATCH_NONE && c->said->has_stack_bytes)
        class = compare_stack(c);
    return class == MISMATCH_NONE ? compare_popped(c) : class;
}

static enum mismatch compare_result(struct comparison *c)
{
    enum mismatch class = MISMATCH_NONE;
    if (c->signature->has_result)
        class = compare_value(c, &c->signature->result, &c->measured->result, &c->said->result,
                              "result");
    if (class == MISMATCH_NONE && c->said->has_stack_bytes &&
        c->measured->result.pass == PASS_HIDDEN &&
        (c->said->returned_words & ~c->measured->returned_words) != 0)
        class = differ(c, MISMATCH_RETURNED, "the hidden address is not given back there");
    return class;
}

enum mismatch compare_accounts(const struct signature *signature, const struct machine *machine,
                               unsigned stages, const struct account *measured,
                               const struct account *said, char where[128])
{
    struct comparison c = {signature, machine, stages, measured, said, where};
    enum mismatch class = MISMATCH_NONE;
    if (!measured->is_complete)
        return differ(&c, MISMATCH_ANSWER, "compiler: %.110s", measured->error);
    if (!said->is_complete)
        return differ(&c, MISMATCH_ANSWER, "%.120s", said->error);
    if ((stages & STAGE_LAYOUT) != 0)
        class = compare_types(&c);
    if (class == MISMATCH_NONE && (stages & STAGE_ARGUMENTS) != 0)
        class = compare_params(&c);
    if (class == MISMATCH_NONE && (stages & STAGE_RESULTS) != 0)
        class = compare_result(&c);
    return class;
}
