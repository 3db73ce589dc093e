/* Filling in texts. What they say is data; the directives for unwinding are those of all assemblers for ELF and Mach-O. */
#include "edge_text.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* DWARF 5, 7.7.1 and 7.24. */
#define DW_CFA_DEF_CFA_EXPRESSION 0x0f
#define DW_OP_DEREF               0x06
#define DW_OP_PLUS_UCONST         0x23
#define DW_OP_BREG0               0x70

static void add(struct abide_assembly *a, const char *chars, size_t length_bytes)
{
    abide__text_add(a->ctx, &a->text, chars, length_bytes);
}

/* LLVM takes a dollar sign in front of a name or number for an operand, unless there are two. */
static void add_literal(struct abide_assembly *a, char c)
{
    add(a, c == '$' ? "$$" : &c, c == '$' ? 2 : 1);
}

static const char *number(struct abide_assembly *a, uint64_t value)
{
    return abide__printf(a->ctx, "%" PRIu64, value);
}

/* "31" of v31. */
static const char *number_of(const char *name)
{
    size_t length = strlen(name);
    while (length > 0 && name[length - 1] >= '0' && name[length - 1] <= '9')
        length--;
    return name + length;
}

/* A pattern with <name> and <number> of a register. */
static const char *spelled(struct abide_assembly *a, const char *pattern, const char *name)
{
    const char *word = strchr(pattern, '<');
    if (!word)
        return pattern;
    bool is_number = !strncmp(word, "<number>", 8);
    return abide__printf(a->ctx, "%.*s%s%s", (int)(word - pattern), pattern,
                         is_number ? number_of(name) : name, strchr(word, '>') + 1);
}

/* The name of a register seen as fewer bytes; NULL: it has none. */
static const char *narrower(struct abide_assembly *a, const char *name, size_t width)
{
    struct abide_edge_register found =
        name ? abide_edge_data__find(a->data, name) : (struct abide_edge_register){0};
    size_t at = found.group ? abide_words__find(found.group->names, name) : SIZE_MAX;
    return found.group && at < found.group->narrower[width].count
               ? found.group->narrower[width].items[at]
               : NULL;
}

static const char *register_text(struct abide_assembly *a, const char *name)
{
    struct abide_edge_register found = abide_edge_data__find(a->data, name);
    assert(found.group);
    return spelled(a, found.group->spelled, found.name);
}

/* What a word stands for. */
static const char *meaning(struct abide_assembly *a, const char *word, size_t length,
                           const struct abide_edge_words *words)
{
    const struct {
        const char *word;
        const char *text;
    } meanings[] = {{"bytes", number(a, words->bytes)},
                    {"low", number(a, words->bytes & 0xffff)},
                    {"high", number(a, words->bytes >> 16)},
                    {"align", number(a, words->align)},
                    {"offset", number(a, words->offset)},
                    {"base", words->base},
                    {"register", words->name ? register_text(a, words->name) : NULL},
                    {"from", words->from ? register_text(a, words->from) : NULL},
                    {"number", words->name ? number_of(words->name) : NULL},
                    {"from-number", words->from ? number_of(words->from) : NULL},
                    {"bits", number(a, words->bits)},
                    {"rest", number(a, words->register_bits - words->bits)},
                    {"second", words->second ? register_text(a, words->second) : NULL},
                    {"second-number", words->second ? number_of(words->second) : NULL},
                    {"as1", narrower(a, words->name, 0)},
                    {"as2", narrower(a, words->name, 1)},
                    {"as4", narrower(a, words->name, 2)},
                    {"from-as1", narrower(a, words->from, 0)},
                    {"from-as2", narrower(a, words->from, 1)},
                    {"from-as4", narrower(a, words->from, 2)},
                    {"target", words->target ? words->target : a->data->operand}};
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strlen(meanings[i].word) == length && !strncmp(meanings[i].word, word, length))
            return meanings[i].text;
    return NULL;
}

static void fill(struct abide_assembly *a, const char *pattern,
                 const struct abide_edge_words *words)
{
    for (const char *at = pattern; *at; at++) {
        const char *end = *at == '<' ? strchr(at, '>') : NULL;
        const char *text = end ? meaning(a, at + 1, (size_t)(end - at - 1), words) : NULL;
        if (text) {
            add(a, text, strlen(text));
            at = end;
        } else {
            add_literal(a, *at);
        }
    }
    add(a, "\n", 1);
}

void abide_assembly__write(struct abide_assembly *a, const char *pattern,
                           struct abide_edge_words words)
{
    fill(a, pattern, &words);
}

void abide_assembly__say(struct abide_assembly *a, enum abide_edge_text text,
                         struct abide_edge_words words)
{
    fill(a, a->data->texts[text], &words);
}

static void say_if_protected(struct abide_assembly *a, enum abide_edge_text text)
{
    if (a->is_protected && a->data->texts[text])
        abide_assembly__say(a, text, (struct abide_edge_words){0});
}

void abide_assembly__sign(struct abide_assembly *a)
{
    say_if_protected(a, ABIDE_EDGE_SIGN);
}

void abide_assembly__check(struct abide_assembly *a)
{
    say_if_protected(a, ABIDE_EDGE_CHECK);
}

void abide_assembly__load(struct abide_assembly *a, const char *name, const char *base,
                          uint64_t offset_bytes)
{
    struct abide_edge_words words = {.name = name, .base = base, .offset = offset_bytes};
    fill(a, abide_edge_data__find(a->data, name).group->load, &words);
}

void abide_assembly__store(struct abide_assembly *a, const char *name, const char *base,
                           uint64_t offset_bytes)
{
    struct abide_edge_words words = {.name = name, .base = base, .offset = offset_bytes};
    fill(a, abide_edge_data__find(a->data, name).group->store, &words);
}

static void unwinds_from(struct abide_assembly *a, const char *sign, uint64_t bytes)
{
    if (!a->has_frame)
        abide__text_printf(a->ctx, &a->text, ".cfi_adjust_cfa_offset %s%" PRIu64 "\n", sign, bytes);
}

void abide_assembly__lowered(struct abide_assembly *a, uint64_t bytes)
{
    unwinds_from(a, "", bytes);
}

void abide_assembly__raised(struct abide_assembly *a, uint64_t bytes)
{
    unwinds_from(a, "-", bytes);
}

static void move_stack(struct abide_assembly *a, enum abide_edge_text text, const char *sign,
                       uint64_t bytes)
{
    while (bytes > 0) {
        uint64_t near_bytes = a->data->near_bytes;
        uint64_t step_bytes = near_bytes && bytes > near_bytes ? near_bytes : bytes;
        abide_assembly__say(a, text, (struct abide_edge_words){.bytes = step_bytes});
        unwinds_from(a, sign, step_bytes);
        bytes -= step_bytes;
    }
}

void abide_assembly__lower(struct abide_assembly *a, uint64_t bytes)
{
    move_stack(a, ABIDE_EDGE_LOWER, "", bytes);
}

void abide_assembly__raise(struct abide_assembly *a, uint64_t bytes)
{
    move_stack(a, ABIDE_EDGE_RAISE, "-", bytes);
}

void abide_assembly__restored(struct abide_assembly *a, const char *name)
{
    const struct abide_edge_group *group = abide_edge_data__find(a->data, name).group;
    if (group->unwind)
        abide__text_printf(a->ctx, &a->text, ".cfi_restore %s\n", spelled(a, group->unwind, name));
}

void abide_assembly__saved(struct abide_assembly *a, const char *name, uint64_t below_bytes)
{
    const struct abide_edge_group *group = abide_edge_data__find(a->data, name).group;
    if (group->unwind)
        abide__text_printf(a->ctx, &a->text, ".cfi_offset %s, -%" PRIu64 "\n",
                           spelled(a, group->unwind, name), below_bytes);
}

/* A number as DWARF writes it; returns how many bytes that took. A signed one ends in a byte without its sign bit. */
static size_t leb128(uint8_t *bytes, uint64_t value, bool is_signed)
{
    const uint64_t last = is_signed ? 0x3f : 0x7f;
    size_t count = 0;
    for (; value > last; value >>= 7)
        bytes[count++] = (uint8_t)(value & 0x7f) | 0x80;
    bytes[count++] = (uint8_t)value;
    return count;
}

void abide_assembly__unwinds_through(struct abide_assembly *a, uint64_t offset_bytes,
                                     uint64_t above_bytes)
{
    uint8_t expression[32];
    size_t count = 0;
    expression[count++] = (uint8_t)(DW_OP_BREG0 + a->data->stack_number);
    count += leb128(expression + count, offset_bytes, true);
    expression[count++] = DW_OP_DEREF;
    expression[count++] = DW_OP_PLUS_UCONST;
    count += leb128(expression + count, above_bytes, false);
    abide__text_printf(a->ctx, &a->text, ".cfi_escape %d, %zu", DW_CFA_DEF_CFA_EXPRESSION, count);
    for (size_t i = 0; i < count; i++)
        abide__text_printf(a->ctx, &a->text, ", %d", expression[i]);
    add(a, "\n", 1);
}

void abide_assembly__unwinds_by(struct abide_assembly *a, uint64_t bytes)
{
    abide__text_printf(a->ctx, &a->text, ".cfi_def_cfa %" PRIu32 ", %" PRIu64 "\n",
                       a->data->stack_number, bytes);
}
