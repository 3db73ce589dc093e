#include "selftest.h"

#include <string.h>

/* --- the answer abide would give if it agreed with the compiler --- */

static void make_holes(const struct type *type, struct type_account *said)
{
    unsigned char covered[CELL_BYTES * 8 + 1] = {0};
    unsigned end = said->size_bytes * 8;
    for (unsigned i = 0; i < type->field_count; i++)
        for (unsigned bit = 0; bit < said->fields[i].size_bits; bit++)
            covered[said->fields[i].offset_bits + bit] = 1;
    for (unsigned start = 0; start < end; start++) {
        unsigned stop = start;
        while (stop < end && covered[stop] == 0)
            stop++;
        if (stop > start)
            said->holes[said->hole_count++] = (struct extent){start, stop - start};
        start = stop;
    }
}

static int stack_end(const struct value_account *value, unsigned word_bytes)
{
    int end = REGISTER_AREA_BYTES;
    if (value->pass == PASS_POINTER && value->pointer_place >= end)
        end = value->pointer_place + (int)word_bytes;
    for (unsigned b = 0; value->pass == PASS_DIRECT && b < value->size_bytes; b++)
        if (account_is_on_stack(value->places[b]) &&
            value->places[b] + (int)(value->size_bytes - b) > end)
            end = value->places[b] + (int)(value->size_bytes - b);
    return end - REGISTER_AREA_BYTES;
}

static void make_answer(const struct signature *signature, const struct account *measured,
                        const struct machine *machine, struct account *said)
{
    bool used[MAX_TYPES];
    *said = *measured;
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++)
        if (used[i] &&
            (signature->types[i].kind == TYPE_STRUCT || signature->types[i].kind == TYPE_UNION))
            make_holes(&signature->types[i], &said->types[i]);
    for (unsigned i = 0; i < signature->param_count; i++) {
        int end = stack_end(&said->params[i], machine->word_bytes);
        if (end > (int)said->stack_bytes)
            said->stack_bytes = (uint64_t)end;
    }
    if (said->stack_bytes < measured->touched_bytes)
        said->stack_bytes = measured->touched_bytes;
    said->has_stack_bytes = true;
    said->returned_words = measured->result.pass == PASS_HIDDEN ? measured->returned_words : 0;
}

/* --- spoiling it: one number, somewhere --- */

struct spoiler {
    uint64_t dice;
    unsigned left; /* numbers to pass by before the one that is spoiled */
    const char *what;
};

static bool hits(struct spoiler *s, const char *what)
{
    if (s->left-- != 0)
        return false;
    s->what = what;
    return true;
}

static void spoil_number(struct spoiler *s, unsigned *number, const char *what)
{
    if (hits(s, what))
        *number += 1u << s->dice % 4;
}

static void spoil_type(struct spoiler *s, const struct type *type, struct type_account *said)
{
    spoil_number(s, &said->size_bytes, "size");
    spoil_number(s, &said->align_bytes, "alignment");
    for (unsigned i = 0; i < type->field_count; i++) {
        if ((type->kind != TYPE_STRUCT && type->kind != TYPE_UNION) || type->fields[i].is_unnamed)
            continue;
        spoil_number(s, &said->fields[i].offset_bits, "offset of a field");
        spoil_number(s, &said->fields[i].size_bits, "size of a field");
    }
    for (unsigned i = 0; i < said->hole_count; i++)
        spoil_number(s, &said->holes[i].size_bits, "size of a hole");
}

static void spoil_value(struct spoiler *s, const struct account *measured,
                        const struct machine *machine, const struct signature *signature,
                        const struct use *use, struct value_account *said)
{
    unsigned char mask[CELL_BYTES];
    if (said->size_bytes == 0)
        return;
    account_mask(signature, measured, machine, use, said->size_bytes, mask);
    unsigned meaning = 0;
    while (meaning < said->size_bytes && mask[meaning] == 0)
        meaning++;
    if (meaning == said->size_bytes)
        return;
    if (hits(s, "pass"))
        said->pass = said->pass == PASS_IGNORE ? PASS_DIRECT : PASS_IGNORE;
    if (said->pass == PASS_DIRECT && hits(s, "place"))
        said->places[meaning] = (int16_t)(said->places[meaning] + 1 + (int)(s->dice % 16));
    if (said->pass != PASS_DIRECT && said->pass != PASS_IGNORE && hits(s, "place of an address"))
        said->pointer_place += (int)machine->word_bytes;
}

static void spoil(struct spoiler *s, const struct signature *signature,
                  const struct account *measured, const struct machine *machine,
                  struct account *said)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++)
        if (used[i])
            spoil_type(s, &signature->types[i], &said->types[i]);
    for (unsigned i = 0; i < signature->param_count; i++)
        spoil_value(s, measured, machine, signature, &signature->params[i], &said->params[i]);
    if (signature->has_result)
        spoil_value(s, measured, machine, signature, &signature->result, &said->result);
    if (hits(s, "argument area"))
        said->stack_bytes += 64;
    if (hits(s, "what the callee pops"))
        said->popped_bytes += 4;
}

static uint64_t roll(uint64_t dice)
{
    return dice * 6364136223846793005u + 1442695040888963407u;
}

static unsigned long test_one(struct trial *trial, const struct signature *signature,
                              const struct account *measured, struct account *said, FILE *file)
{
    enum { SPOILINGS = 5, NEVER = 1000000 };
    const struct machine *machine = trial->engine.machine;
    char where[128];
    unsigned long missed = 0;
    struct spoiler count = {.left = NEVER};
    make_answer(signature, measured, machine, said);
    spoil(&count, signature, measured, machine, said);
    uint64_t dice = signature->seed * 2654435761u + signature->index * 40503u;
    for (unsigned i = 0; i <= SPOILINGS; i++, dice = roll(dice)) {
        struct spoiler s = {.dice = dice >> 20 & 0xffff, .what = "nothing"};
        s.left = i == 0 ? NEVER : (unsigned)((dice >> 33) % (NEVER - count.left));
        make_answer(signature, measured, machine, said);
        spoil(&s, signature, measured, machine, said);
        enum mismatch class =
            compare_accounts(signature, machine, STAGES_ALL, measured, said, where);
        if ((class == MISMATCH_NONE) == (i == 0))
            continue;
        missed++;
        fprintf(file, "%s: --seed %llu --first %llu: %s\n",
                i == 0 ? "right answer refused" : "wrong answer accepted",
                (unsigned long long)signature->seed, (unsigned long long)signature->index,
                i == 0 ? where : s.what);
    }
    return missed;
}

unsigned long selftest_run(struct trial *trial, const struct signature *signatures, unsigned count,
                           FILE *file)
{
    unsigned long missed = 0;
    trial_measure(&trial->compiler, signatures, count, trial->measured);
    for (unsigned i = 0; i < count; i++)
        if (!trial->measured[i].is_compiler_lost)
            missed += test_one(trial, &signatures[i], &trial->measured[i], &trial->said[0], file);
    return missed;
}
