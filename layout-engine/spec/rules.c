/* Reads `args` and `returns`, and checks that the lists decide every value. */
#include "spec/keys.h"
#include "spec/rules.h"

#include "base/checked.h"
#include "base/diag.h"
#include "base/schema.h"
#include "spec/classes.h"

#include <string.h>

static const struct abide_word verbs[] = {
    [ABIDE_VERB_IGNORE] = {"ignore", "nothing is passed"},
    [ABIDE_VERB_STACK] = {"stack", "its bytes lie on the stack"},
    [ABIDE_VERB_POINTER] = {"pointer", "the address of a copy is passed"},
    [ABIDE_VERB_WHOLE] = {"whole", "all of it in registers of one bank"},
    [ABIDE_VERB_CHUNKS] = {"chunks", "in registers of one bank, chunk by chunk"},
    [ABIDE_VERB_MEMBERS] = {"members", "each leaf in a register of the bank for its kind"},
    [ABIDE_VERB_CLASSES] = {"classes", "each chunk in a register of the bank for its class"},
    [ABIDE_VERB_SPREAD] = {"spread", "each field or element is an argument of its own"},
    [ABIDE_VERB_HIDDEN] = {"hidden", "of a result: the caller passes the address of memory for it"},
    [ABIDE_VERB_REFUSE] = {"refuse", "nobody knows how it is passed: `because` says why"},
    {NULL, NULL},
};

enum {
    RULE_ID,
    RULE_SOURCE,
    RULE_WHEN,
    RULE_PASS,
    RULE_TURN,
    RULE_IN,
    RULE_ALSO,
    RULE_SHADOW,
    RULE_WITHHOLD,
    RULE_EXHAUST,
    RULE_ALIGN,
    RULE_SPLIT,
    RULE_JUSTIFY,
    RULE_ENTER,
    RULE_REST,
    RULE_PADDING,
    RULE_FITS,
    RULE_OF,
    RULE_UNIT,
    RULE_JOIN,
    RULE_MAX,
    RULE_COPY,
    RULE_SLOT,
    RULE_COUNTS,
    RULE_MIN_ALIGN,
    RULE_RETURNED,
    RULE_CALLEE_POPS,
    RULE_COMES_BACK,
    RULE_BECAUSE,
    RULE_KEYS
};
static const struct abide_word turn_words[] = {
    {"last", "when all other arguments have their places"},
    {NULL, NULL},
};
static const struct abide_word also_words[] = {
    {"stack", "all of it is on the stack, too, if a part is"},
    {NULL, NULL},
};
/* In the order of enum abide_rule_align, from ABIDE_ALIGN_REGS and from ABIDE_ALIGN_NOT on. */
static const struct abide_word align_words[] = {
    {"regs", "in registers from one whose index is a multiple of alignment / width"},
    {"false", "where the value before it ended"},
    {"leaves", "as its leaves are aligned"},
    {"position", "in a block: by its positions, whatever `counts` says"},
    {NULL, NULL},
};
static const struct abide_word memory_align_words[] = {
    {"false", "where the value before it ended"},
    {"leaves", "as its leaves are aligned"},
    {NULL, NULL},
};
static const struct abide_word split_words[] = {
    {"false", "all of it in registers, or nothing"},
    {"true", "the rest may go to the stack"},
    {"if_stack_empty", "the rest may go to the stack where nothing is there yet"},
    {NULL, NULL},
};
static const struct abide_word justify_words[] = {
    {"left", "at the lower addresses of its place"},
    {"right", "at the higher addresses of its place"},
    {NULL, NULL},
};
static const struct abide_word rest_words[] = {
    {"chunks", "bytes that are no floating leaves go in chunks"},
    {NULL, NULL},
};
static const struct abide_word fits_words[] = {
    {"registers", "only if nothing of it, nor its address, lands on the stack"},
    {NULL, NULL},
};
static const struct abide_word of_words[] = {
    [ABIDE_SPREAD_DECLARED - 1] = {"declared",
                                   "its fields, and those of structs in it, as they are declared"},
    [ABIDE_SPREAD_STORAGE - 1] = {"storage", "what a compiler stores"},
    [ABIDE_SPREAD_CHUNKS - 1] = {"chunks", "the chunks of it that have a class"},
    {NULL, NULL},
};
static const struct abide_word copy_words[] = {
    [ABIDE_COPY_WORD_CALLER] = {"caller",
                                "a copy that the caller made, for the callee to write to"},
    [ABIDE_COPY_WORD_BORROW] = {"borrow", "the caller's own memory, which nobody writes to"},
    [ABIDE_COPY_WORD_MOVED] = {"moved", "given away"},
    [ABIDE_COPY_WORD_SHARED] = {"shared", "the caller's own memory, which the callee may write to"},
    {NULL, NULL},
};
static const struct abide_key rule_keys[RULE_KEYS] = {
    [RULE_ID] = {"id", ABIDE_SHAPE_SCALAR, true, "its name, printed by --trace", NULL},
    [RULE_SOURCE] = {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
    [RULE_WHEN] = {"when", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE | ABIDE_SHAPE_MAPPING, false,
                   "the values it is for (default: all)", ABIDE_HOLDS("conditions")},
    [RULE_PASS] =
        {"pass", ABIDE_SHAPE_SCALAR, true,
         "ignore, stack, pointer, whole, chunks, members, classes, spread, hidden or refuse",
         ABIDE_WORDS(verbs)},
    [RULE_TURN] = {"turn", ABIDE_SHAPE_SCALAR, false,
                   "`last`: when all other arguments have their places", ABIDE_WORDS(turn_words)},
    [RULE_IN] = {"in", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, false,
                 "a bank, or a bank for each kind or class", ABIDE_HOLDS("text|{text|nothing}")},
    [RULE_ALSO] = {"also", ABIDE_SHAPE_SCALAR, false,
                   "a bank that gets a copy; `stack`: all is there if a part is",
                   ABIDE_WORDS_IN(also_words, "word|text")},
    [RULE_SHADOW] = {"shadow", ABIDE_SHAPE_SCALAR, false,
                     "a bank that loses the registers which the value would take", NULL},
    [RULE_WITHHOLD] = {"withhold", ABIDE_SHAPE_SCALAR, false,
                       "a bank that loses as many of its last registers, if it has them", NULL},
    [RULE_EXHAUST] = {"exhaust", ABIDE_SHAPE_SEQUENCE, false,
                      "banks that no later argument may use", ABIDE_HOLDS("[text]")},
    [RULE_ALIGN] = {"align", ABIDE_SHAPE_SCALAR, false,
                    "`regs`, `position`, `leaves`, `false`, or of a copy its alignment in bytes",
                    ABIDE_WORDS_IN(align_words, "word|number")},
    [RULE_SPLIT] = {"split", ABIDE_SHAPE_SCALAR, false,
                    "`true` or `if_stack_empty`: the rest may go to the stack",
                    ABIDE_WORDS(split_words)},
    [RULE_JUSTIFY] = {"justify", ABIDE_SHAPE_SCALAR, false,
                      "`left` or `right`: where a short value lies on big-endian targets",
                      ABIDE_WORDS(justify_words)},
    [RULE_ENTER] = {"enter", ABIDE_SHAPE_SEQUENCE, false, "containers the walk opens",
                    ABIDE_HOLDS("[container]")},
    [RULE_REST] = {"rest", ABIDE_SHAPE_SCALAR, false,
                   "`chunks`: bytes that are no floating leaves go in chunks",
                   ABIDE_WORDS(rest_words)},
    [RULE_PADDING] = {"padding", ABIDE_SHAPE_SCALAR, false,
                      "`int`: unnamed bit-fields with a width take registers as integers do",
                      ABIDE_WORDS(abide_condition__paddings)},
    [RULE_FITS] = {"fits", ABIDE_SHAPE_SCALAR, false,
                   "`registers`: only if nothing of it, nor its address, lands on the stack",
                   ABIDE_WORDS(fits_words)},
    [RULE_OF] =
        {"of", ABIDE_SHAPE_SCALAR, false,
         "`declared`, `storage` or `chunks`: what of a record the arguments, or members, are "
         "(default: its fields)",
         ABIDE_WORDS(of_words)},
    [RULE_UNIT] = {"unit", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE, false,
                   "bytes of a vector that are one argument (default: an element)",
                   ABIDE_HOLDS("number|[number]")},
    [RULE_JOIN] = {"join", ABIDE_SHAPE_SCALAR, false,
                   "bytes: integers that share an aligned group of so many are one argument",
                   ABIDE_NUMBER},
    [RULE_MAX] = {"max", ABIDE_SHAPE_SCALAR, false, "registers that the value may need",
                  ABIDE_NUMBER},
    [RULE_COPY] = {"copy", ABIDE_SHAPE_SCALAR, false,
                   "`caller` (default), `borrow`, `moved` or `shared`: whose the memory is",
                   ABIDE_WORDS(copy_words)},
    [RULE_SLOT] = {"slot", ABIDE_SHAPE_SCALAR, false,
                   "bytes, instead of the stack's; with `ignore`: that are used up all the same",
                   ABIDE_NUMBER},
    [RULE_COUNTS] = {"counts", ABIDE_SHAPE_SCALAR, false,
                     "in a block: bytes that alignment counts for it, instead of its positions",
                     ABIDE_NUMBER},
    [RULE_MIN_ALIGN] = {"min_align", ABIDE_SHAPE_SCALAR, false, "bytes, instead of the stack's",
                        ABIDE_NUMBER},
    [RULE_RETURNED] = {"returned", ABIDE_SHAPE_SCALAR, false,
                       "the register in which the callee gives the address back", NULL},
    [RULE_CALLEE_POPS] = {"callee_pops", ABIDE_SHAPE_SCALAR, false,
                          "bytes of the address that the callee removes from the stack",
                          ABIDE_NUMBER},
    [RULE_COMES_BACK] = {"comes_back", ABIDE_SHAPE_SCALAR, false,
                         "true: the register holds an `inout` parameter's new value after the call",
                         ABIDE_FLAG},
    [RULE_BECAUSE] = {"because", ABIDE_SHAPE_SCALAR, false, "why it is refused", NULL},
};
const struct abide_schema abide_module__rule_schema = {"a rule", rule_keys, RULE_KEYS};

#define WITH(verb)   (1u << ABIDE_VERB_##verb)
#define IN_REGISTERS (WITH(WHOLE) | WITH(CHUNKS) | WITH(MEMBERS) | WITH(CLASSES))

/* Which verbs a key means something with. */
static const unsigned key_verbs[RULE_KEYS] = {
    [RULE_ID] = ~0u,
    [RULE_SOURCE] = ~0u,
    [RULE_WHEN] = ~0u,
    [RULE_PASS] = ~0u,
    [RULE_TURN] = ~WITH(REFUSE),
    [RULE_IN] = IN_REGISTERS | WITH(HIDDEN),
    [RULE_ALSO] = WITH(WHOLE) | WITH(CHUNKS) | WITH(MEMBERS),
    [RULE_SHADOW] = WITH(IGNORE) | WITH(STACK) | WITH(POINTER) | IN_REGISTERS,
    [RULE_WITHHOLD] = WITH(IGNORE) | WITH(STACK) | WITH(POINTER) | IN_REGISTERS,
    [RULE_EXHAUST] = ~WITH(REFUSE),
    [RULE_ALIGN] = IN_REGISTERS | WITH(STACK) | WITH(POINTER) | WITH(IGNORE),
    [RULE_SPLIT] = WITH(CHUNKS) | WITH(CLASSES),
    [RULE_JUSTIFY] = IN_REGISTERS | WITH(STACK),
    [RULE_ENTER] = WITH(MEMBERS) | WITH(SPREAD),
    [RULE_REST] = WITH(MEMBERS),
    [RULE_PADDING] = WITH(MEMBERS) | WITH(SPREAD),
    [RULE_FITS] = WITH(SPREAD) | WITH(POINTER) | WITH(WHOLE) | WITH(CHUNKS) | WITH(MEMBERS),
    [RULE_OF] = WITH(SPREAD) | WITH(MEMBERS),
    [RULE_UNIT] = WITH(SPREAD),
    [RULE_JOIN] = WITH(SPREAD),
    [RULE_MAX] = WITH(SPREAD),
    [RULE_COPY] = WITH(POINTER),
    [RULE_SLOT] = WITH(STACK) | WITH(IGNORE),
    [RULE_COUNTS] = WITH(IGNORE) | WITH(SPREAD) | IN_REGISTERS,
    [RULE_MIN_ALIGN] = WITH(STACK) | IN_REGISTERS,
    [RULE_RETURNED] = WITH(HIDDEN),
    [RULE_CALLEE_POPS] = WITH(HIDDEN),
    [RULE_COMES_BACK] = WITH(WHOLE) | WITH(STACK),
    [RULE_BECAUSE] = WITH(REFUSE),
};

struct rule_reader {
    abide_ctx *ctx;
    const struct abide_module *module;
    struct abide_condition_scope *scope;
    const struct abide_registers *registers;
    const struct abide_classes *classes;
    bool is_return;
    bool is_budget;
    uint32_t *used_banks; /* of the list's own banks, as bits */
    uint32_t *used_argument_banks;
};

struct bank_list {
    const struct abide_bank *const *items;
    size_t count;
    uint32_t *used;
};

static struct bank_list own_banks(const struct rule_reader *reader)
{
    const struct abide_module *module = reader->module;
    if (reader->is_budget)
        return (struct bank_list){module->budget_banks, module->budget_bank_count,
                                  reader->used_banks};
    if (reader->is_return)
        return (struct bank_list){module->return_banks, module->return_bank_count,
                                  reader->used_banks};
    return (struct bank_list){module->banks, module->bank_count, reader->used_banks};
}

static struct bank_list argument_banks(const struct rule_reader *reader)
{
    const struct abide_module *module = reader->module;
    if (reader->is_budget)
        return own_banks(reader);
    return (struct bank_list){module->banks, module->bank_count, reader->used_argument_banks};
}

static const char *bank_at(const void *user, size_t index)
{
    const struct bank_list *banks = user;
    return index < banks->count ? banks->items[index]->name : NULL;
}

/* ABIDE_NO_BANK: none of that name. */
static uint8_t find_bank(const struct bank_list *banks, const char *name)
{
    for (size_t i = 0; i < banks->count; i++)
        if (strcmp(banks->items[i]->name, name) == 0) {
            *banks->used |= 1u << i;
            return (uint8_t)i;
        }
    return ABIDE_NO_BANK;
}

static uint8_t read_bank(struct rule_reader *reader, struct bank_list banks,
                         const struct abide_yaml *node)
{
    const char *name = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    uint8_t bank = find_bank(&banks, name);
    if (bank != ABIDE_NO_BANK)
        return bank;
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_BANK, node->place,
                                     "no bank %s", abide__quote(reader->ctx, name));
    const char *nearest = abide__nearest(name, bank_at, &banks);
    if (nearest)
        abide__diag_help(reader->ctx, diag, "did you mean '%s'?", nearest);
    else
        abide__diag_help(reader->ctx, diag, "declare it under `%s`",
                         reader->is_return ? "return_banks" : "banks");
    return ABIDE_NO_BANK;
}

/* --- the keys of a rule --- */

/* `in: {int: a, float: fa}`; pointers go where integers go unless they have a bank of their own. */
static void read_kind_banks(struct rule_reader *reader, const struct abide_yaml *node,
                            struct abide_pass_rule *rule)
{
    memset(rule->bank_of_kind, ABIDE_NO_BANK, sizeof rule->bank_of_kind);
    if (node->kind != ABIDE_YAML_MAPPING) {
        memset(rule->bank_of_kind, read_bank(reader, own_banks(reader), node),
               sizeof rule->bank_of_kind);
        return;
    }
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml *key = abide_yaml__key_at(node, i);
        enum abide_leaf_kind kind = abide_condition__kind_of(key->text);
        uint8_t bank = read_bank(reader, own_banks(reader), abide_yaml__at(node, i));
        if (kind < ABIDE_LEAF_KIND_COUNT)
            rule->bank_of_kind[kind] = bank;
        else
            abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, key->place,
                          "expected a kind of leaf (int ptr float complex vector), not %s",
                          abide__quote(reader->ctx, key->text));
    }
    if (rule->bank_of_kind[ABIDE_LEAF_PTR] == ABIDE_NO_BANK)
        rule->bank_of_kind[ABIDE_LEAF_PTR] = rule->bank_of_kind[ABIDE_LEAF_INT];
}

static void read_class_banks(struct rule_reader *reader, const struct abide_yaml *node,
                             struct abide_pass_rule *rule)
{
    memset(rule->bank_of_class, ABIDE_NO_BANK, sizeof rule->bank_of_class);
    if (!reader->classes) {
        abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_CLASS, node->place,
                      "`pass: classes` in a module without `classes`");
        return;
    }
    if (node->kind != ABIDE_YAML_MAPPING) {
        abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "expected a bank for each class: {int: int, sse: sse}");
        return;
    }
    for (size_t i = 0; i < node->entry_count; i++) {
        size_t class =
            abide_classes__find(reader->ctx, reader->classes, abide_yaml__key_at(node, i));
        uint8_t bank = read_bank(reader, own_banks(reader), abide_yaml__at(node, i));
        if (class < ABIDE_MAX_CLASSES)
            rule->bank_of_class[class] = bank;
    }
}

/* A bank of the arguments, `stack`, or a register outside the banks. */
static void read_hidden_in(struct rule_reader *reader, const struct abide_yaml *node,
                           struct abide_pass_rule *rule)
{
    if (node->kind == ABIDE_YAML_SCALAR) {
        struct bank_list banks = argument_banks(reader);
        rule->bank = find_bank(&banks, node->text);
        rule->hidden_on_stack = rule->bank == ABIDE_NO_BANK && strcmp(node->text, "stack") == 0;
        if (rule->bank != ABIDE_NO_BANK || rule->hidden_on_stack)
            return;
    }
    rule->hidden_register = abide_registers__one(reader->ctx, reader->registers, node);
}

static void read_in(struct rule_reader *reader, const struct abide_yaml *place,
                    const struct abide_yaml *node, struct abide_pass_rule *rule)
{
    bool needs_banks = WITH(MEMBERS) & (1u << rule->verb) || IN_REGISTERS & (1u << rule->verb);
    if (!node) {
        if (needs_banks || rule->verb == ABIDE_VERB_HIDDEN)
            abide__report(reader->ctx, ABIDE_CODE_MISSING_KEY, place->place,
                          "`pass: %s` needs the key 'in'", verbs[rule->verb].name);
        return;
    }
    if (rule->verb == ABIDE_VERB_HIDDEN)
        read_hidden_in(reader, node, rule);
    else if (rule->verb == ABIDE_VERB_MEMBERS)
        read_kind_banks(reader, node, rule);
    else if (rule->verb == ABIDE_VERB_CLASSES)
        read_class_banks(reader, node, rule);
    else if (needs_banks)
        rule->bank = read_bank(reader, own_banks(reader), node);
}

/* A bank that the rule puts nothing into: naming it does not use it. */
static uint8_t read_untouched_bank(struct rule_reader *reader, struct bank_list banks,
                                   const struct abide_yaml *node)
{
    uint32_t untouched = 0;
    banks.used = &untouched;
    return read_bank(reader, banks, node);
}

/* A hidden address is an argument: with it go banks of the arguments. */
static void read_exhaust(struct rule_reader *reader, const struct abide_yaml *node,
                         struct abide_pass_rule *rule)
{
    struct bank_list banks =
        rule->verb == ABIDE_VERB_HIDDEN ? argument_banks(reader) : own_banks(reader);
    for (size_t i = 0; i < node->entry_count; i++) {
        uint8_t bank = read_untouched_bank(reader, banks, abide_yaml__at(node, i));
        if (bank != ABIDE_NO_BANK)
            rule->exhaust |= 1u << bank;
    }
}

/* A number of bytes that is a power of two. */
static uint32_t read_power(abide_ctx *ctx, const struct abide_yaml *node)
{
    uint64_t bytes = 0;
    if (!abide_schema__uint(ctx, node, 4096, &bytes))
        return 0;
    if (!abide__is_power_of_two(bytes))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected a power of two, not %llu",
                      (unsigned long long)bytes);
    return abide__is_power_of_two(bytes) ? (uint32_t)bytes : 0;
}

static void read_align(struct rule_reader *reader, const struct abide_yaml *node,
                       struct abide_pass_rule *rule)
{
    if (rule->verb == ABIDE_VERB_POINTER) {
        rule->copy_align_bytes = read_power(reader->ctx, node);
        return;
    }
    size_t word;
    bool is_stack = rule->verb == ABIDE_VERB_STACK;
    if (abide_schema__word(reader->ctx, node, is_stack ? memory_align_words : align_words, &word))
        rule->align =
            (enum abide_rule_align)(word + (is_stack ? ABIDE_ALIGN_NOT : ABIDE_ALIGN_REGS));
    bool knows_leaves =
        is_stack || (rule->verb == ABIDE_VERB_MEMBERS && reader->module->stack.is_block);
    if (rule->align == ABIDE_ALIGN_LEAVES && !knows_leaves)
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "`align: leaves` goes with `stack`, and in a block with `members`");
}

static void read_split(struct rule_reader *reader, const struct abide_yaml *node,
                       struct abide_pass_rule *rule)
{
    size_t word;
    if (abide_schema__word(reader->ctx, node, split_words, &word))
        rule->split = (enum abide_split)word;
}

static void read_one_word(struct rule_reader *reader, const struct abide_yaml *node,
                          const struct abide_word *words, bool *flag)
{
    size_t word;
    *flag = abide_schema__word(reader->ctx, node, words, &word);
}

static void read_copy(struct rule_reader *reader, const struct abide_yaml *node,
                      struct abide_pass_rule *rule)
{
    size_t word;
    if (abide_schema__word(reader->ctx, node, copy_words, &word))
        rule->copy = (enum abide_copy_word)word;
}

static void read_justify(struct rule_reader *reader, const struct abide_yaml *node,
                         struct abide_pass_rule *rule)
{
    size_t word;
    if (abide_schema__word(reader->ctx, node, justify_words, &word))
        rule->justify = word == 0 ? ABIDE_JUSTIFY_LEFT : ABIDE_JUSTIFY_RIGHT;
}

static void read_returned(struct rule_reader *reader, const struct abide_yaml *const *values,
                          struct abide_pass_rule *rule)
{
    if (values[RULE_RETURNED])
        rule->returned_register =
            abide_registers__one(reader->ctx, reader->registers, values[RULE_RETURNED]);
    uint64_t pops = 0;
    if (values[RULE_CALLEE_POPS])
        abide_schema__uint(reader->ctx, values[RULE_CALLEE_POPS], 4096, &pops);
    rule->callee_pops_bytes = (uint32_t)pops;
}

/* A bank, or `stack`; the leaves of a value have no common bank for a copy. */
static void read_also(struct rule_reader *reader, const struct abide_yaml *node,
                      struct abide_pass_rule *rule)
{
    size_t word;
    rule->also_on_stack =
        node->kind == ABIDE_YAML_SCALAR && strcmp(node->text, also_words[0].name) == 0;
    if (rule->verb == ABIDE_VERB_MEMBERS)
        abide_schema__word(reader->ctx, node, also_words, &word);
    else if (!rule->also_on_stack)
        rule->also = read_bank(reader, own_banks(reader), node);
}

/* What is ignored may take no byte and still be aligned. */
static void read_slot(struct rule_reader *reader, const struct abide_yaml *node,
                      struct abide_pass_rule *rule)
{
    bool is_zero = node->kind == ABIDE_YAML_SCALAR && strcmp(node->text, "0") == 0;
    rule->takes_slot = rule->verb == ABIDE_VERB_IGNORE;
    if (!rule->takes_slot || !is_zero)
        rule->slot_bytes = read_power(reader->ctx, node);
}

static void read_counts(struct rule_reader *reader, const struct abide_yaml *node,
                        struct abide_pass_rule *rule)
{
    uint64_t bytes = 0;
    rule->has_counts = abide_schema__uint(reader->ctx, node, 4096, &bytes);
    rule->counts_bytes = (uint32_t)bytes;
}

static void read_of(struct rule_reader *reader, const struct abide_yaml *node,
                    struct abide_pass_rule *rule)
{
    size_t word;
    if (!abide_schema__word(reader->ctx, node, of_words, &word))
        return;
    rule->spread_of = (enum abide_spread_of)(word + 1);
    if (rule->spread_of == ABIDE_SPREAD_CHUNKS && !reader->classes)
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "chunks are those of `classes`, which the module does not have");
    bool is_stored =
        rule->spread_of == ABIDE_SPREAD_STORAGE || rule->spread_of == ABIDE_SPREAD_CHUNKS;
    if (is_stored && reader->module->data->bitfields != ABIDE_BITFIELDS_DENSE)
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "it is not known how bit-fields in units are stored");
}

/* One size, or with `join` several. */
static void read_unit(struct rule_reader *reader, const struct abide_yaml *node,
                      struct abide_pass_rule *rule)
{
    if (node->kind == ABIDE_YAML_SCALAR)
        rule->units = rule->unit_bytes = read_power(reader->ctx, node);
    for (size_t i = 0; node->kind == ABIDE_YAML_SEQUENCE && i < node->entry_count; i++)
        rule->units |= read_power(reader->ctx, abide_yaml__at(node, i));
}

/* `join`, and what only means something with it. */
static void read_join(struct rule_reader *reader, const struct abide_yaml *const *values,
                      struct abide_pass_rule *rule)
{
    static const int with_join[] = {RULE_MAX, RULE_PADDING};
    uint64_t max = 0;
    if (values[RULE_JOIN])
        rule->join_bytes = read_power(reader->ctx, values[RULE_JOIN]);
    if (rule->join_bytes > 8) {
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, values[RULE_JOIN]->place,
                      "integers of more than 8 bytes are not joined");
        rule->join_bytes = 8;
    }
    if (values[RULE_MAX] &&
        abide_schema__uint(reader->ctx, values[RULE_MAX], ABIDE_MAX_REGISTERS, &max))
        rule->max_registers = (uint32_t)max;
    for (size_t i = 0; i < sizeof with_join / sizeof *with_join; i++)
        if (rule->verb == ABIDE_VERB_SPREAD && !values[RULE_JOIN] && values[with_join[i]])
            abide__report(reader->ctx, ABIDE_CODE_USELESS_KEY, values[with_join[i]]->place,
                          "'%s' means nothing with `pass: spread` without 'join'",
                          rule_keys[with_join[i]].name);
    if (values[RULE_UNIT] && values[RULE_UNIT]->kind == ABIDE_YAML_SEQUENCE && !values[RULE_JOIN])
        abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, values[RULE_UNIT]->place,
                      "several sizes mean something with 'join' alone");
}

static void read_modifiers(struct rule_reader *reader, const struct abide_yaml *const *values,
                           struct abide_pass_rule *rule)
{
    if (values[RULE_ALSO])
        read_also(reader, values[RULE_ALSO], rule);
    if (values[RULE_TURN])
        read_one_word(reader, values[RULE_TURN], turn_words, &rule->waits);
    if (values[RULE_SHADOW])
        rule->shadow = read_untouched_bank(reader, own_banks(reader), values[RULE_SHADOW]);
    if (values[RULE_WITHHOLD])
        rule->withheld = read_untouched_bank(reader, own_banks(reader), values[RULE_WITHHOLD]);
    if (values[RULE_EXHAUST])
        read_exhaust(reader, values[RULE_EXHAUST], rule);
    if (values[RULE_ALIGN])
        read_align(reader, values[RULE_ALIGN], rule);
    if (values[RULE_SPLIT])
        read_split(reader, values[RULE_SPLIT], rule);
    if (values[RULE_JUSTIFY])
        read_justify(reader, values[RULE_JUSTIFY], rule);
    rule->enter = values[RULE_ENTER] ? abide_condition__enter(reader->ctx, values[RULE_ENTER])
                                     : (unsigned)ABIDE_IN_ANY;
    rule->padding_kind = abide_condition__padding(reader->ctx, values[RULE_PADDING]);
    if (values[RULE_REST])
        read_one_word(reader, values[RULE_REST], rest_words, &rule->rest_in_chunks);
    if (values[RULE_FITS])
        read_one_word(reader, values[RULE_FITS], fits_words, &rule->fits_registers);
    if (values[RULE_OF])
        read_of(reader, values[RULE_OF], rule);
    if (values[RULE_UNIT])
        read_unit(reader, values[RULE_UNIT], rule);
    read_join(reader, values, rule);
    if (values[RULE_COPY])
        read_copy(reader, values[RULE_COPY], rule);
    if (values[RULE_SLOT])
        read_slot(reader, values[RULE_SLOT], rule);
    if (values[RULE_COUNTS])
        read_counts(reader, values[RULE_COUNTS], rule);
    if (values[RULE_MIN_ALIGN])
        rule->min_align_bytes = read_power(reader->ctx, values[RULE_MIN_ALIGN]);
    read_returned(reader, values, rule);
    if (values[RULE_COMES_BACK])
        abide_schema__bool(reader->ctx, values[RULE_COMES_BACK], &rule->comes_back);
    rule->because = values[RULE_BECAUSE] ? values[RULE_BECAUSE]->text : NULL;
}

static void check_keys_of_verb(struct rule_reader *reader, const struct abide_yaml *const *values,
                               const struct abide_pass_rule *rule)
{
    for (size_t key = 0; key < RULE_KEYS; key++)
        if (values[key] && !(key_verbs[key] & (1u << rule->verb)))
            abide__report(reader->ctx, ABIDE_CODE_USELESS_KEY, values[key]->place,
                          "'%s' means nothing with `pass: %s`", rule_keys[key].name,
                          verbs[rule->verb].name);
    if (rule->verb == ABIDE_VERB_REFUSE && !values[RULE_BECAUSE])
        abide__report(reader->ctx, ABIDE_CODE_MISSING_KEY, values[RULE_PASS]->place,
                      "`pass: refuse` needs the key 'because'");
    bool takes_floats = rule->rest_in_chunks && rule->spread_of == ABIDE_SPREAD_STORAGE;
    if (rule->verb == ABIDE_VERB_MEMBERS && values[RULE_OF] && !takes_floats)
        abide__report(reader->ctx, ABIDE_CODE_USELESS_KEY, values[RULE_OF]->place,
                      "with `pass: members`, 'of' is `storage`, and 'rest' is there");
    if (rule->verb == ABIDE_VERB_HIDDEN && !reader->is_return)
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, values[RULE_PASS]->place,
                      "`pass: hidden` is for results; an argument goes by `pass: pointer`");
    if (values[RULE_TURN] && reader->is_return && rule->verb != ABIDE_VERB_HIDDEN)
        abide__report(reader->ctx, ABIDE_CODE_USELESS_KEY, values[RULE_TURN]->place,
                      "'turn' is for arguments, and for the address of a result: it has no others "
                      "to wait for");
    if (rule->comes_back && (reader->is_return || reader->module->stack.is_block))
        abide__report(reader->ctx, ABIDE_CODE_USELESS_KEY, values[RULE_COMES_BACK]->place,
                      "'comes_back' is for arguments in sequences of registers");
    if (rule->comes_back && rule->verb == ABIDE_VERB_STACK && !reader->module->returned_by)
        abide__report(reader->ctx, ABIDE_CODE_USELESS_KEY, values[RULE_COMES_BACK]->place,
                      "on the stack, 'comes_back' is for what the instruction of `return` takes");
    if (rule->verb == ABIDE_VERB_POINTER && reader->is_return)
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, values[RULE_PASS]->place,
                      "`pass: pointer` is for arguments; a result goes by `pass: hidden`");
}

static void read_rule(struct rule_reader *reader, const struct abide_yaml *node,
                      struct abide_pass_rule *rule)
{
    const struct abide_yaml *values[RULE_KEYS];
    *rule = (struct abide_pass_rule){.bank = ABIDE_NO_BANK,
                                     .also = ABIDE_NO_BANK,
                                     .shadow = ABIDE_NO_BANK,
                                     .withheld = ABIDE_NO_BANK};
    rule->origin = (struct abide_rule_origin){reader->module->name, "?", NULL, node->place};
    bool fine = abide_schema__read(reader->ctx, &abide_module__rule_schema, node, values);
    if (values[RULE_ID] && values[RULE_ID]->kind == ABIDE_YAML_SCALAR)
        rule->origin.id = values[RULE_ID]->text;
    if (values[RULE_SOURCE] && values[RULE_SOURCE]->kind == ABIDE_YAML_SCALAR)
        rule->origin.source = values[RULE_SOURCE]->text;
    rule->when = abide_condition__read(reader->ctx, reader->scope, values[RULE_WHEN]);
    size_t verb = 0;
    if (!fine || !abide_schema__word(reader->ctx, values[RULE_PASS], verbs, &verb))
        return;
    rule->verb = (enum abide_verb)verb;
    read_in(reader, node, values[RULE_IN], rule);
    read_modifiers(reader, values, rule);
    check_keys_of_verb(reader, values, rule);
}

/* --- the lists --- */

/* Every class that a leaf can get has a bank, so that only too few registers could make the rule not fit. */
static bool has_bank_for_all_classes(const struct rule_reader *reader,
                                     const struct abide_pass_rule *rule)
{
    for (size_t i = 0; reader->classes && i < reader->classes->count; i++)
        if (rule->bank_of_class[i] == ABIDE_NO_BANK && !reader->classes->items[i].joins)
            return false;
    return true;
}

/* Whether a rule can take every value that its condition lets through. */
static bool always_fits(const struct rule_reader *reader, const struct abide_pass_rule *rule)
{
    const struct abide_stack *area =
        reader->is_return ? &reader->module->return_stack : &reader->module->stack;
    bool is_block = area->is_block && !reader->is_budget;
    switch (rule->verb) {
    case ABIDE_VERB_IGNORE:
    case ABIDE_VERB_STACK:
    case ABIDE_VERB_REFUSE: return true;
    case ABIDE_VERB_POINTER: return !rule->fits_registers;
    case ABIDE_VERB_HIDDEN: /* behind the arguments no register may be left */
        return !rule->waits || rule->hidden_register || rule->hidden_on_stack;
    case ABIDE_VERB_WHOLE:
    case ABIDE_VERB_CHUNKS: return is_block;
    case ABIDE_VERB_MEMBERS: return is_block && rule->rest_in_chunks;
    case ABIDE_VERB_CLASSES: return is_block && has_bank_for_all_classes(reader, rule);
    case ABIDE_VERB_SPREAD: return false;
    }
    return false;
}

static void check_ids(struct rule_reader *reader, struct abide_rule_list list)
{
    for (size_t i = 0; i < list.count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(list.items[i].origin.id, list.items[j].origin.id) == 0 &&
                strcmp(list.items[i].origin.id, "?") != 0) {
                abide_diag *diag = abide__report(
                    reader->ctx, ABIDE_CODE_DUPLICATE_RULE, list.items[i].origin.place,
                    "two rules of this list have the id %s",
                    abide__quote(reader->ctx, list.items[i].origin.id));
                abide__diag_note(reader->ctx, diag, list.items[j].origin.place, "the other one");
                break;
            }
}

/* What comes after an unconditional rule that always fits is never tried; without such a rule a value may find none. */
static void check_ends(struct rule_reader *reader, struct abide_rule_list list, const char *key,
                       struct abide_place place)
{
    size_t end = 0;
    while (end < list.count && (list.items[end].when || !always_fits(reader, &list.items[end])))
        end++;
    if (end == list.count) {
        abide_diag *diag =
            abide__report(reader->ctx, ABIDE_CODE_RULES_RUN_OUT, place,
                          "`%s` can run out: no rule at its end takes every value", key);
        abide__diag_help(reader->ctx, diag,
                         "end it with a rule without `when` that always fits, "
                         "such as {id: rest, pass: %s}",
                         reader->is_return ? "hidden, in: BANK" : "stack");
        return;
    }
    for (size_t i = end + 1; i < list.count; i++) {
        abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_UNREACHABLE_RULE,
                                         list.items[i].origin.place, "this rule is never tried");
        abide__diag_note(reader->ctx, diag, list.items[end].origin.place,
                         "because this one takes every value");
    }
}

static struct abide_rule_list read_list(struct rule_reader *reader, const struct abide_yaml *node,
                                        const char *key)
{
    if (!node || node->kind != ABIDE_YAML_SEQUENCE)
        return (struct abide_rule_list){0}; /* reported by the schema of the module */
    struct abide_pass_rule *items =
        abide__new_array(reader->ctx, struct abide_pass_rule, node->entry_count);
    size_t errors = abide__error_count(reader->ctx);
    for (size_t i = 0; i < node->entry_count; i++)
        read_rule(reader, abide_yaml__at(node, i), &items[i]);
    struct abide_rule_list list = {items, node->entry_count};
    if (errors == abide__error_count(reader->ctx)) {
        check_ids(reader, list);
        check_ends(reader, list, key, node->place);
    }
    return list;
}

/* Banks that another one overflows into are used as well; those of a module that is extended need not be. */
static void check_unused(abide_ctx *ctx, const struct abide_module *module, struct bank_list banks,
                         const char *key)
{
    for (size_t i = 0; i < banks.count; i++)
        for (size_t j = 0; j < banks.count; j++)
            if ((*banks.used & (1u << i)) && banks.items[i]->overflow == banks.items[j])
                *banks.used |= 1u << j;
    for (size_t i = 0; i < banks.count; i++) {
        if (*banks.used & (1u << i) || banks.items[i]->place.source != module->place.source)
            continue;
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_UNUSED_BANK, banks.items[i]->place,
                          "no rule puts anything into bank '%s'", banks.items[i]->name);
        abide__diag_help(ctx, diag, "name it in a rule's `in`, or take it out of `%s`", key);
    }
}

static enum abide_extend_rule read_extend(abide_ctx *ctx, const struct abide_yaml *node)
{
    size_t word = ABIDE_EXTENDS_NONE;
    if (node && !abide_schema__word(ctx, node, abide_rules__extensions, &word))
        return ABIDE_EXTENDS_NONE;
    return (enum abide_extend_rule)word;
}

const struct abide_word abide_rules__extensions[] = {
    [ABIDE_EXTENDS_NONE] = {"none", "nobody fills them"},
    [ABIDE_EXTENDS_BOOL] = {"bool", "bool alone is filled, in its byte"},
    [ABIDE_EXTENDS_TYPE32] = {"type32", "to 32 bits, by the type's sign"},
    [ABIDE_EXTENDS_TYPE32_SIGN64] = {"type32-sign64",
                                     "to 32 bits by the type's sign, then to 64 by sign"},
    [ABIDE_EXTENDS_TYPE64] = {"type64", "to 64 bits, by the type's sign"},
    {NULL, NULL},
};

static const struct abide_key extend_keys[] = {
    {"args", ABIDE_SHAPE_SCALAR, false, "what callers do with short integers",
     ABIDE_HOLDS("extension")},
    {"results", ABIDE_SHAPE_SCALAR, false, "what callees do with short integers",
     ABIDE_HOLDS("extension")},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_rules__extend_schema = {"'extend'", extend_keys, 3};

void abide_rules__read_extend(abide_ctx *ctx, const struct abide_yaml *node,
                              enum abide_extend_rule *args, enum abide_extend_rule *results)
{
    const struct abide_yaml *values[3] = {node, node, NULL};
    if (node && node->kind != ABIDE_YAML_SCALAR &&
        !abide_schema__read(ctx, &abide_rules__extend_schema, node, values))
        return;
    *args = read_extend(ctx, values[0]);
    *results = values[0] == values[1] ? *args : read_extend(ctx, values[1]);
}

/* --- the budget --- */

enum { BUDGET_BANKS, BUDGET_ARGS, BUDGET_RETURNS, BUDGET_SOURCE, BUDGET_KEYS };
static const struct abide_key budget_keys[BUDGET_KEYS] = {
    {"banks", ABIDE_SHAPE_MAPPING, true,
     "how many registers are counted: {int: {count: 6, width: 8}}",
     ABIDE_HOLDS("{budget_bank|nothing}")},
    {"args", ABIDE_SHAPE_SEQUENCE, true, "what arguments take of them; `stack`: too much",
     ABIDE_HOLDS("[rule]")},
    {"returns", ABIDE_SHAPE_SEQUENCE, false, "what the result takes, before the arguments",
     ABIDE_HOLDS("[rule]")},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_rules__budget_schema = {"'budget'", budget_keys, BUDGET_KEYS};

enum { BUDGET_COUNT, BUDGET_WIDTH, BUDGET_BANK_KEYS };
static const struct abide_key budget_bank_keys[BUDGET_BANK_KEYS] = {
    {"count", ABIDE_SHAPE_SCALAR, true, "registers", ABIDE_NUMBER},
    {"width", ABIDE_SHAPE_SCALAR, true, "bytes that one register takes", ABIDE_NUMBER},
};
const struct abide_schema abide_rules__budget_bank_schema = {"a bank of `budget`", budget_bank_keys,
                                                             BUDGET_BANK_KEYS};

static struct abide_bank *read_budget_bank(abide_ctx *ctx, const struct abide_yaml_entry *entry,
                                           size_t index)
{
    struct abide_bank *bank = abide__new(ctx, struct abide_bank);
    const struct abide_yaml *values[BUDGET_BANK_KEYS];
    uint64_t count = 0;
    uint32_t width_bytes = 0;
    if (abide_schema__read(ctx, &abide_rules__budget_bank_schema, entry->value, values)) {
        abide_schema__uint(ctx, values[BUDGET_COUNT], ABIDE_MAX_REGISTERS, &count);
        width_bytes = read_power(ctx, values[BUDGET_WIDTH]);
    }
    const char **names = abide__new_array(ctx, const char *, (size_t)count);
    for (size_t i = 0; i < count; i++)
        names[i] = entry->key->text;
    *bank = (struct abide_bank){
        .name = entry->key->text,
        .registers = names,
        .register_count = (size_t)count,
        .width_bytes = width_bytes ? width_bytes : 1,
        .counted_in = index,
        .place = entry->key->place,
    };
    return bank;
}

void abide_rules__read_budget_banks(abide_ctx *ctx, struct abide_module *module,
                                    const struct abide_yaml *tree)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "budget");
    const struct abide_yaml *values[BUDGET_KEYS];
    if (!node || !abide_schema__read(ctx, &abide_rules__budget_schema, node, values))
        return;
    const struct abide_yaml *banks = values[BUDGET_BANKS];
    if (banks->entry_count > ABIDE_MAX_BANKS) {
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, banks->place, "more than %d banks",
                      ABIDE_MAX_BANKS);
        return;
    }
    const struct abide_bank **list =
        abide__new_array(ctx, const struct abide_bank *, banks->entry_count);
    for (size_t i = 0; i < banks->entry_count; i++)
        list[i] = read_budget_bank(ctx, abide_yaml__entry(banks, i), i);
    module->budget_banks = list;
    module->budget_bank_count = banks->entry_count;
}

static void read_budget(struct rule_reader reader, const struct abide_yaml *node,
                        struct abide_rules *rules)
{
    uint32_t used_banks = 0;
    size_t errors = abide__error_count(reader.ctx);
    reader.is_budget = true;
    reader.used_banks = reader.used_argument_banks = &used_banks;
    reader.is_return = false;
    rules->budget_args = read_list(&reader, abide_yaml__get(node, "args"), "budget: args");
    reader.is_return = true;
    rules->budget_returns = read_list(&reader, abide_yaml__get(node, "returns"), "budget: returns");
    if (errors == abide__error_count(reader.ctx))
        check_unused(reader.ctx, reader.module, own_banks(&reader), "budget");
}

static const struct abide_rules *read_all(const struct abide_rules_text *text)
{
    abide_ctx *ctx = text->ctx;
    const struct abide_module *module = text->module;
    const struct abide_yaml *tree = text->tree;
    struct abide_rules *rules = abide__new(ctx, struct abide_rules);
    size_t errors = abide__error_count(ctx);
    const struct abide_yaml *classes = abide_yaml__get(tree, "classes");
    rules->classes = classes ? abide_classes__read(ctx, classes) : NULL;
    uint32_t used_banks = 0, used_return_banks = 0;
    struct rule_reader reader = {
        .ctx = ctx,
        .module = module,
        .scope = text->scope,
        .registers = text->registers,
        .classes = rules->classes,
        .used_banks = &used_banks,
        .used_argument_banks = &used_banks,
    };
    rules->args = read_list(&reader, abide_yaml__get(tree, "args"), "args");
    reader.is_return = true;
    reader.used_banks = &used_return_banks;
    rules->returns = read_list(&reader, abide_yaml__get(tree, "returns"), "returns");
    if (errors == abide__error_count(ctx)) {
        check_unused(ctx, module, argument_banks(&reader), "banks");
        check_unused(ctx, module, own_banks(&reader), "return_banks");
    }
    if (module->budget_banks)
        read_budget(reader, abide_yaml__get(tree, "budget"), rules);
    abide_rules__read_extend(ctx, abide_yaml__get(tree, "extend"), &rules->extend_args,
                             &rules->extend_results);
    return rules;
}

const struct abide_rules *abide_module__rules(const abide_module *module)
{
    struct abide_rules_text *text = module->rules_text;
    if (!text->rules)
        text->rules = read_all(text);
    return text->rules;
}
