#include "exclude.h"

#include <string.h>

static bool is_i128(const struct signature *signature, const struct use *use)
{
    if (use->kind == USE_SCALAR)
        return scalars[use->index].feature == FEATURE_I128;
    if (use->kind != USE_NAMED || signature->types[use->index].kind != TYPE_NEWTYPE)
        return false;
    return is_i128(signature, &signature->types[use->index].fields[0].type);
}

/* How many of the first `bank` argument registers the first `count` parameters and a hidden pointer take. */
static unsigned registers_taken(const struct account *account, unsigned count, unsigned bank,
                                unsigned word_bytes)
{
    bool taken[REGISTER_AREA_BYTES] = {false};
    unsigned sum = 0;
    if (account->result.pass == PASS_HIDDEN &&
        account->result.pointer_place < (int)(bank * word_bytes))
        taken[account->result.pointer_place / word_bytes] = true;
    for (unsigned i = 0; i < count; i++) {
        const struct value_account *value = &account->params[i];
        for (unsigned b = 0; value->pass == PASS_DIRECT && b < value->size_bytes; b++)
            if (value->places[b] >= 0 && value->places[b] < (int)(bank * word_bytes))
                taken[value->places[b] / word_bytes] = true;
    }
    for (unsigned i = 0; i < bank; i++)
        sum += taken[i];
    return sum;
}

/*
 * f(long, long, long, long, long, __int128, long): clang before 20 puts the
 * last one on the stack, gcc in r9 (llvm#123935).  The psABI (3.2.3: "if there
 * are no registers available for any eightbyte ... the registers are reverted")
 * agrees with gcc.  `account` must be of a side that does the same.
 */
static bool i128_with_one_register_left(const struct signature *signature,
                                        const struct account *account,
                                        const struct toolchain *toolchain)
{
    const unsigned bank = 6, word_bytes = toolchain->machine->word_bytes;
    if (strcmp(toolchain->machine->architecture, "x86_64") != 0 || toolchain->clang_major == 0 ||
        toolchain->clang_major >= 20)
        return false;
    for (unsigned i = 0; i < signature->param_count; i++)
        if (is_i128(signature, &signature->params[i]) &&
            registers_taken(account, i, bank, word_bytes) == bank - 1 &&
            registers_taken(account, signature->param_count, bank, word_bytes) == bank)
            return true;
    return false;
}

static bool meaning_in(const unsigned char *mask, unsigned start, unsigned end)
{
    for (unsigned i = start; i < end; i++)
        if (mask[i] != 0)
            return true;
    return false;
}

/* Does the stored member end `kept` bytes into the eightbyte at `start`, and another one go on? */
static bool is_cut_at(const unsigned char *any, const unsigned char *stored, unsigned start,
                      unsigned kept)
{
    return meaning_in(stored, start, start + kept) &&
           !meaning_in(stored, start + kept, start + 8) && meaning_in(any, start + kept, start + 8);
}

/* In a register: an eightbyte of floats alone, of which the stored member has the first bytes only. */
static bool has_cut_eightbyte(const struct signature *signature, const struct account *account,
                              const struct machine *machine, const struct use *use,
                              const struct value_account *value)
{
    unsigned char any[CELL_BYTES], floats[CELL_BYTES], stored[CELL_BYTES];
    unsigned size_bytes = value->size_bytes;
    if (value->pass != PASS_DIRECT || size_bytes > 16)
        return false;
    account_mask(signature, account, machine, use, size_bytes, any);
    account_mask_floats(signature, account, machine, use, size_bytes, false, floats);
    account_mask_floats(signature, account, machine, use, size_bytes, true, stored);
    for (unsigned start = 0; start < size_bytes; start += 8)
        if (value->places[start] < REGISTER_AREA_BYTES &&
            memcmp(any + start, floats + start, 8) == 0 &&
            (is_cut_at(any, stored, start, 2) || is_cut_at(any, stored, start, 4)))
            return true;
    return false;
}

/*
 * union {struct {float a; double b;}; double c;}: clang types the union by its
 * most aligned and largest member, finds a float alone in the first eightbyte,
 * and loses bytes 4 to 7 of the other members.  A wrong translation (clang 19, all levels); gcc
 * passes all eight bytes in xmm0, as the psABI says.
 */
static bool union_with_cut_eightbyte(const struct signature *signature,
                                     const struct account *account,
                                     const struct toolchain *toolchain)
{
    if (strcmp(toolchain->machine->architecture, "x86_64") != 0 || toolchain->clang_major == 0)
        return false;
    const struct machine *machine = toolchain->machine;
    for (unsigned i = 0; i < signature->param_count; i++)
        if (has_cut_eightbyte(signature, account, machine, &signature->params[i],
                              &account->params[i]))
            return true;
    return signature->has_result &&
           has_cut_eightbyte(signature, account, machine, &signature->result, &account->result);
}

static bool contains_quad(const struct signature *signature, const struct use *use)
{
    if (use->kind == USE_SCALAR)
        return scalars[use->index].feature == FEATURE_QUAD;
    if (use->kind != USE_NAMED)
        return false;
    const struct type *type = &signature->types[use->index];
    for (unsigned i = 0; i < type->field_count; i++)
        if (contains_quad(signature, &type->fields[i].type))
            return true;
    return false;
}

/* An f128 whose low half is in a vector register without the high one, which merged with something else. */
static bool has_parted_quad(const struct signature *signature, const struct machine *machine,
                            const struct use *use, const struct value_account *value,
                            bool is_result)
{
    if (value->pass != PASS_DIRECT || value->size_bytes != 16 || value->places[0] < 0 ||
        !contains_quad(signature, use))
        return false;
    const struct machine_register *low =
        machine_register_at(machine, is_result, (unsigned)value->places[0]);
    return low != NULL && low->size_bytes == 16 && value->places[8] != value->places[0] + 8;
}

/*
 * union {f128 a; struct {float b, c, d;} e;}: the high eightbytes SSEUP and SSE
 * merge to SSE (psABI 3.2.3, "Classification", step 4 (f)), so gcc takes xmm0
 * and xmm1; clang 19 puts the low half into a general register.
 */
static bool union_with_quad(const struct signature *signature, const struct account *account,
                            const struct toolchain *toolchain)
{
    if (strcmp(toolchain->machine->architecture, "x86_64") != 0 || toolchain->clang_major == 0)
        return false;
    for (unsigned i = 0; i < signature->param_count; i++)
        if (has_parted_quad(signature, toolchain->machine, &signature->params[i],
                            &account->params[i], false))
            return true;
    return signature->has_result && has_parted_quad(signature, toolchain->machine,
                                                    &signature->result, &account->result, true);
}

static const struct exclusion {
    const char *name;
    bool (*holds)(const struct signature *, const struct account *, const struct toolchain *);
} exclusions[] = {
    {"i128-with-one-register-left", i128_with_one_register_left},
    {"union-with-cut-eightbyte", union_with_cut_eightbyte},
    {"union-with-quad", union_with_quad},
};

const char *excluded_by(const struct signature *signature, const struct account *account,
                        const struct toolchain *toolchain)
{
    for (unsigned i = 0; i < sizeof exclusions / sizeof *exclusions; i++)
        if (exclusions[i].holds(signature, account, toolchain))
            return exclusions[i].name;
    return NULL;
}
