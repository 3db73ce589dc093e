/* Reads banks of registers and the areas that arguments have on the stack. */
#include "spec/keys.h"
#include "spec/machine.h"

#include "base/checked.h"
#include "base/diag.h"
#include "base/schema.h"

#include <string.h>

static bool read_power(abide_ctx *ctx, const struct abide_yaml *node, uint32_t *bytes)
{
    uint64_t value;
    if (!abide_schema__uint(ctx, node, 4096, &value))
        return false;
    if (abide__is_power_of_two(value)) {
        *bytes = (uint32_t)value;
        return true;
    }
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected a power of two, not %llu",
                  (unsigned long long)value);
    return false;
}

static const struct abide_word justify_words[] = {
    {"left", "at the lower addresses of its place"},
    {"right", "at the higher addresses of its place"},
    {NULL, NULL},
};

static enum abide_justify read_justify(abide_ctx *ctx, const struct abide_yaml *node)
{
    size_t word;
    if (!abide_schema__word(ctx, node, justify_words, &word))
        return ABIDE_JUSTIFY_NATURAL;
    return word == 0 ? ABIDE_JUSTIFY_LEFT : ABIDE_JUSTIFY_RIGHT;
}

/* --- banks --- */

enum {
    BANK_REGS,
    BANK_WIDTH,
    BANK_JUSTIFY,
    BANK_BACKFILL,
    BANK_CONVERTS,
    BANK_COUNTER,
    BANK_OVERFLOW,
    BANK_KEYS
};
static const struct abide_word backfill_words[] = {
    {"false", "no value goes before one that has its place"},
    {"true", "later values may fill earlier holes"},
    {"each", "the same, register by register"},
    {NULL, NULL},
};
static const struct abide_word counter_words[] = {
    {"own", "taken in sequence, although arguments have positions"},
    {NULL, NULL},
};
static const struct abide_key bank_keys[BANK_KEYS] = {
    {"regs", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, true, "registers in the order of use",
     ABIDE_HOLDS("registers")},
    {"width", ABIDE_SHAPE_SCALAR, true, "bytes that one register takes", ABIDE_NUMBER},
    {"justify", ABIDE_SHAPE_SCALAR, false,
     "`left` or `right`: where a short value lies on big-endian targets",
     ABIDE_WORDS(justify_words)},
    {"backfill", ABIDE_SHAPE_SCALAR, false,
     "`true`: later values may fill earlier holes; `each`: register by register",
     ABIDE_WORDS(backfill_words)},
    {"converts", ABIDE_SHAPE_SCALAR, false, "a shorter float is held as one of this many bytes",
     ABIDE_NUMBER},
    {"counter", ABIDE_SHAPE_SCALAR, false,
     "`own`: taken in sequence, although arguments have positions; a bank: the same registers "
     "under other names",
     ABIDE_WORDS_IN(counter_words, "word|text")},
    {"overflow", ABIDE_SHAPE_SCALAR, false, "the bank that takes over, at the value's position",
     NULL},
};
const struct abide_schema abide_module__bank_schema = {"a bank", bank_keys, BANK_KEYS};

static void read_bank_modifiers(abide_ctx *ctx, const struct abide_yaml *const *values,
                                struct abide_bank *bank)
{
    if (values[BANK_JUSTIFY])
        bank->justify = read_justify(ctx, values[BANK_JUSTIFY]);
    size_t word = 0;
    if (values[BANK_BACKFILL])
        abide_schema__word(ctx, values[BANK_BACKFILL], backfill_words, &word);
    bank->backfill = word != 0;
    bank->scatters = word == 2;
    uint64_t converts = 0;
    if (values[BANK_CONVERTS])
        abide_schema__uint(ctx, values[BANK_CONVERTS], 16, &converts);
    bank->converts_bytes = (uint32_t)converts;
    const struct abide_yaml *counter = values[BANK_COUNTER];
    bank->own_counter = counter && counter->kind == ABIDE_YAML_SCALAR &&
                        strcmp(counter->text, counter_words[0].name) == 0;
}

static void read_bank(abide_ctx *ctx, const struct abide_registers *registers,
                      const struct abide_yaml_entry *entry, struct abide_bank *bank)
{
    const struct abide_yaml *values[BANK_KEYS];
    bank->name = entry->key->text;
    bank->place = entry->key->place;
    bank->width_bytes = 1;
    if (!abide_schema__read(ctx, &abide_module__bank_schema, entry->value, values))
        return;
    size_t errors = abide__error_count(ctx);
    struct abide_words words = abide_registers__declared(ctx, registers, values[BANK_REGS]);
    if (words.count == 0 && abide__error_count(ctx) == errors)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[BANK_REGS]->place,
                      "a bank has at least one register");
    if (words.count > ABIDE_MAX_REGISTERS)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[BANK_REGS]->place,
                      "a bank has at most %d registers", ABIDE_MAX_REGISTERS);
    bank->registers = words.items;
    bank->register_count = words.count < ABIDE_MAX_REGISTERS ? words.count : ABIDE_MAX_REGISTERS;
    read_power(ctx, values[BANK_WIDTH], &bank->width_bytes);
    read_bank_modifiers(ctx, values, bank);
}

static const char *bank_key_at(const void *user, size_t index)
{
    const struct abide_yaml *node = user;
    return index < node->entry_count ? abide_yaml__key_at(node, index)->text : NULL;
}

static struct abide_bank *find_bank(abide_ctx *ctx, const struct abide_yaml *node,
                                    struct abide_bank *banks, const struct abide_yaml *name)
{
    for (size_t i = 0; i < node->entry_count && i < ABIDE_MAX_BANKS; i++)
        if (name->kind == ABIDE_YAML_SCALAR && strcmp(banks[i].name, name->text) == 0)
            return &banks[i];
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_BANK, name->place, "no bank %s",
                                     abide__quote(ctx, name->text ? name->text : ""));
    const char *nearest = abide__nearest(name->text ? name->text : "", bank_key_at, node);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    return NULL;
}

/* Where the register stands in a bank; its count: nowhere. */
static size_t index_in(const struct abide_bank *bank, const char *name)
{
    size_t i = 0;
    while (i < bank->register_count && strcmp(bank->registers[i], name) != 0)
        i++;
    return i;
}

/* Each register has another name in the other bank, which is not looked at, or stands at the same place in both. */
static bool stand_alike(const struct abide_bank *bank, const struct abide_bank *other)
{
    for (size_t i = 0; i < bank->register_count; i++) {
        size_t at = index_in(other, bank->registers[i]);
        if (at != i && at < other->register_count)
            return false;
    }
    return bank->register_count <= other->register_count;
}

/* Registers that are looked for one by one may stand anywhere in the other bank. NULL: one does not stand in it. */
static const uint8_t *map_into(abide_ctx *ctx, const struct abide_bank *bank,
                               const struct abide_bank *other)
{
    uint8_t *map = abide__new_array(ctx, uint8_t, bank->register_count);
    for (size_t i = 0; i < bank->register_count; i++) {
        size_t at = index_in(other, bank->registers[i]);
        if (at == other->register_count)
            return NULL;
        map[i] = (uint8_t)at;
    }
    return map;
}

/* A bank that names the registers of another one, which counts for both. */
static void count_in(abide_ctx *ctx, const struct abide_yaml *node, struct abide_bank *banks,
                     struct abide_bank *bank, const struct abide_yaml *name)
{
    const struct abide_bank *other = find_bank(ctx, node, banks, name);
    if (!other)
        return;
    bool is_mapped = bank->scatters && other->scatters && !stand_alike(bank, other);
    const uint8_t *map = is_mapped ? map_into(ctx, bank, other) : NULL;
    if (other->counted_in != (size_t)(other - banks) || other >= bank ||
        (is_mapped ? !map : !stand_alike(bank, other))) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, name->place,
                                         "bank '%s' cannot count in '%s'", bank->name, other->name);
        abide__diag_help(ctx, diag,
                         "it stands above and has a counter of its own, and the registers are its "
                         "first ones, in its order and perhaps by other names; or some of it in "
                         "any order, if both banks say `backfill: each`");
        return;
    }
    bank->counted_in = other->counted_in;
    bank->counted = map;
}

const struct abide_bank *const *abide_banks__read(abide_ctx *ctx,
                                                  const struct abide_registers *registers,
                                                  const struct abide_yaml *node, size_t *count)
{
    *count = 0;
    if (!node || node->kind != ABIDE_YAML_MAPPING)
        return NULL;
    if (node->entry_count > ABIDE_MAX_BANKS)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "more than %d banks",
                      ABIDE_MAX_BANKS);
    *count = node->entry_count < ABIDE_MAX_BANKS ? node->entry_count : ABIDE_MAX_BANKS;
    struct abide_bank *banks = abide__new_array(ctx, struct abide_bank, *count);
    const struct abide_bank **list = abide__new_array(ctx, const struct abide_bank *, *count);
    for (size_t i = 0; i < *count; i++) {
        list[i] = &banks[i];
        banks[i].counted_in = i;
        read_bank(ctx, registers, abide_yaml__entry(node, i), &banks[i]);
    }
    for (size_t i = 0; i < *count; i++) {
        const struct abide_yaml *value = abide_yaml__at(node, i);
        if (value->kind != ABIDE_YAML_MAPPING)
            continue;
        const struct abide_yaml *overflow = abide_yaml__get(value, "overflow");
        const struct abide_yaml *counter = abide_yaml__get(value, "counter");
        if (overflow)
            banks[i].overflow = find_bank(ctx, node, banks, overflow);
        if (counter && !banks[i].own_counter)
            count_in(ctx, node, banks, &banks[i], counter);
    }
    return list;
}

/* --- stack --- */

enum {
    STACK_SLOT,
    STACK_MIN_ALIGN,
    STACK_MAX_ALIGN,
    STACK_ALIGN_BY,
    STACK_START,
    STACK_HOME,
    STACK_COVERS,
    STACK_JUSTIFY,
    STACK_CLEANUP,
    STACK_ALIGN,
    STACK_RED_ZONE,
    STACK_ORDER,
    STACK_UNEVEN,
    STACK_ROUND,
    STACK_SOURCE,
    STACK_KEYS
};
static const struct abide_word align_words[] = {
    {"natural", "by what comes from the members"},
    {"type", "with the type's own `align`"},
    {NULL, NULL},
};
static const struct abide_word covers_words[] = {
    [ABIDE_COVERS_ALL - 1] = {"all", "of a block: for all arguments, also for those in registers"},
    [ABIDE_COVERS_OVERFLOW - 1] = {"overflow", "of a block: once an argument lies in it"},
    [ABIDE_COVERS_REGISTERS -
        1] = {"registers", "of a stack: behind the arguments a place for each value in registers"},
    {NULL, NULL},
};
static const struct abide_word cleanup_words[] = {
    {"caller", "the caller removes the arguments"},
    {"callee", "the callee removes the arguments"},
    {NULL, NULL},
};
static const struct abide_word order_words[] = {
    {"first", "the first argument has the lowest address"},
    {"last", "the last one has: they are pushed in their order"},
    {NULL, NULL},
};
static const struct abide_key stack_keys[STACK_KEYS] = {
    {"slot", ABIDE_SHAPE_SCALAR, true, "bytes; every argument takes a multiple", ABIDE_NUMBER},
    {"min_align", ABIDE_SHAPE_SCALAR, false, "least alignment of an argument (default: slot)",
     ABIDE_NUMBER},
    {"max_align", ABIDE_SHAPE_SCALAR, false, "largest alignment that is respected (default: slot)",
     ABIDE_NUMBER},
    {"align_by", ABIDE_SHAPE_SCALAR, false,
     "`natural` (default: from the members) or `type` (with the type's own `align`)",
     ABIDE_WORDS(align_words)},
    {"start", ABIDE_SHAPE_SCALAR, false, "offset of the first argument from the stack pointer",
     ABIDE_INTEGER},
    {"home", ABIDE_SHAPE_SCALAR, false, "bytes the caller reserves even if no argument is there",
     ABIDE_NUMBER},
    {"covers", ABIDE_SHAPE_SCALAR, false,
     "`all` or `overflow`, `registers` of a stack: it has room for arguments in registers, too",
     ABIDE_WORDS(covers_words)},
    {"justify", ABIDE_SHAPE_SCALAR, false,
     "`left` or `right`: where a short value lies on big-endian targets",
     ABIDE_WORDS(justify_words)},
    {"cleanup", ABIDE_SHAPE_SCALAR, false, "`caller` (default) or `callee` removes the arguments",
     ABIDE_WORDS(cleanup_words)},
    {"align", ABIDE_SHAPE_SCALAR, false, "of the stack pointer at a call", ABIDE_NUMBER},
    {"red_zone", ABIDE_SHAPE_SCALAR, false, "bytes below the stack pointer that signals leave",
     ABIDE_NUMBER},
    {"order", ABIDE_SHAPE_SCALAR, false,
     "`first` (default) or `last`: which argument on the stack lies first",
     ABIDE_WORDS(order_words)},
    {"uneven", ABIDE_SHAPE_SCALAR, false,
     "why nobody knows what the callee removes, if that is no multiple of an argument's alignment",
     NULL},
    {"round", ABIDE_SHAPE_MAPPING, false,
     "`to`: what all arguments, and `with` so many bytes of others, are a multiple of",
     ABIDE_HOLDS("round")},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_stack__schema = {"the stack", stack_keys, STACK_KEYS};

static void read_small(abide_ctx *ctx, const struct abide_yaml *node, uint32_t *bytes)
{
    uint64_t value = 0;
    if (node && abide_schema__uint(ctx, node, 4096, &value))
        *bytes = (uint32_t)value;
}

static void read_start(abide_ctx *ctx, const struct abide_yaml *node, struct abide_stack *stack)
{
    int64_t start;
    if (!abide_schema__int(ctx, node, &start))
        return;
    if (start < -4096 || start > 4096)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "expected a number from -4096 to 4096");
    else
        stack->start_bytes = start;
}

static const struct abide_key round_keys[] = {
    {"to", ABIDE_SHAPE_SCALAR, true, "a power of two", ABIDE_NUMBER},
    {"with", ABIDE_SHAPE_SCALAR, false, "bytes that are counted too: of a return address",
     ABIDE_NUMBER},
};
const struct abide_schema abide_stack__round_schema = {"`round` of the stack", round_keys, 2};

static void read_round(abide_ctx *ctx, const struct abide_yaml *node, struct abide_stack *stack)
{
    const struct abide_yaml *values[2];
    if (!node || !abide_schema__read(ctx, &abide_stack__round_schema, node, values))
        return;
    read_power(ctx, values[0], &stack->round_to_bytes);
    read_small(ctx, values[1], &stack->round_with_bytes);
    if (stack->round_to_bytes && stack->round_with_bytes % stack->slot_bytes != 0)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[1]->place,
                      "expected a multiple of a slot, which has %u bytes", stack->slot_bytes);
}

static void read_area_words(abide_ctx *ctx, const struct abide_yaml *const *values,
                            struct abide_stack *stack)
{
    size_t word = 0;
    if (values[STACK_ALIGN_BY] &&
        abide_schema__word(ctx, values[STACK_ALIGN_BY], align_words, &word))
        stack->align_by_type = word == 1;
    if (values[STACK_COVERS] && abide_schema__word(ctx, values[STACK_COVERS], covers_words, &word))
        stack->covers = (enum abide_covers)(word + 1);
    if (values[STACK_COVERS] && stack->is_block == (stack->covers == ABIDE_COVERS_REGISTERS))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[STACK_COVERS]->place,
                      "'registers' is for a stack, 'all' and 'overflow' are for a block");
    if (values[STACK_CLEANUP] &&
        abide_schema__word(ctx, values[STACK_CLEANUP], cleanup_words, &word))
        stack->callee_cleans = word == 1;
    if (values[STACK_JUSTIFY])
        stack->justify = read_justify(ctx, values[STACK_JUSTIFY]);
    if (values[STACK_ORDER] && abide_schema__word(ctx, values[STACK_ORDER], order_words, &word))
        stack->is_reversed = word == 1;
    if (stack->is_reversed && stack->is_block)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[STACK_ORDER]->place,
                      "a block gives arguments positions in their order");
}

struct abide_stack abide_stack__read(abide_ctx *ctx, const struct abide_yaml *node, bool is_block,
                                     uint32_t word_bytes)
{
    struct abide_stack stack = {
        .slot_bytes = word_bytes,
        .min_align_bytes = word_bytes,
        .max_align_bytes = word_bytes,
        .align_bytes = word_bytes,
        .is_block = is_block,
    };
    const struct abide_yaml *values[STACK_KEYS];
    if (!node || !abide_schema__read(ctx, &abide_stack__schema, node, values))
        return stack;
    read_power(ctx, values[STACK_SLOT], &stack.slot_bytes);
    stack.min_align_bytes = stack.max_align_bytes = stack.align_bytes = stack.slot_bytes;
    if (values[STACK_MIN_ALIGN])
        read_power(ctx, values[STACK_MIN_ALIGN], &stack.min_align_bytes);
    if (values[STACK_MAX_ALIGN])
        read_power(ctx, values[STACK_MAX_ALIGN], &stack.max_align_bytes);
    if (values[STACK_ALIGN])
        read_power(ctx, values[STACK_ALIGN], &stack.align_bytes);
    if (stack.min_align_bytes > stack.max_align_bytes)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "the least alignment (%u) is larger than the largest (%u)",
                      stack.min_align_bytes, stack.max_align_bytes);
    if (values[STACK_START])
        read_start(ctx, values[STACK_START], &stack);
    read_small(ctx, values[STACK_HOME], &stack.home_bytes);
    read_small(ctx, values[STACK_RED_ZONE], &stack.red_zone_bytes);
    read_round(ctx, values[STACK_ROUND], &stack);
    read_area_words(ctx, values, &stack);
    if (values[STACK_UNEVEN])
        stack.uneven_because = values[STACK_UNEVEN]->text;
    return stack;
}
