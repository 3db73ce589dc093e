/* Lists of registers with ranges, and the check that a module declares what it names. */
#include "spec/registers.h"

#include "base/diag.h"
#include "base/schema.h"

#include <ctype.h>
#include <string.h>

#define MAX_NAMES 4096

typedef ABIDE_VEC(const char *) names;

struct range {
    const char *stem; /* the name without its number; interned */
    uint64_t first, last, step;
};

/* The digits at the end of [text, end); false: there are none, or too many. */
static bool trailing_number(const char *text, const char *end, const char **digits, uint64_t *value)
{
    const char *start = end;
    while (start > text && isdigit((unsigned char)start[-1]))
        start--;
    *digits = start;
    *value = 0;
    for (const char *digit = start; digit < end; digit++)
        *value = *value * 10 + (uint64_t)(*digit - '0');
    return start < end && end - start <= 6;
}

/* `x0..x7/2`, of which [text, dots) is the first half. */
static bool parse_range(abide_ctx *ctx, const char *text, const char *dots, struct range *range)
{
    const char *digits;
    if (!trailing_number(text, dots, &digits, &range->first) || digits == text)
        return false;
    size_t stem_bytes = (size_t)(digits - text);
    range->stem = abide__intern(ctx, text, stem_bytes);
    const char *second = dots + 2;
    const char *slash = strchr(second, '/');
    const char *end = slash ? slash : second + strlen(second);
    const char *second_digits;
    range->step = 1;
    if (slash &&
        (!trailing_number(slash + 1, slash + strlen(slash), &second_digits, &range->step) ||
         second_digits != slash + 1 || range->step == 0))
        return false;
    return trailing_number(second, end, &second_digits, &range->last) &&
           (size_t)(second_digits - second) == stem_bytes &&
           memcmp(second, text, stem_bytes) == 0 && range->first <= range->last;
}

static void add_name(abide_ctx *ctx, names *names, const char *name, struct abide_place place)
{
    if (names->count == MAX_NAMES)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, place, "more than %d registers in a list",
                      MAX_NAMES);
    if (names->count <= MAX_NAMES)
        abide__push(ctx, names, name);
}

/* A stem and a number. Modules name hundreds of registers: printf would be a tenth of what reading one costs. */
static const char *numbered_name(abide_ctx *ctx, const char *stem, uint64_t number)
{
    char name[64];
    char *digit = name + sizeof name;
    do {
        *--digit = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    size_t stem_bytes = strlen(stem);
    if (stem_bytes > (size_t)(digit - name))
        return abide__intern_text(
            ctx, abide__printf(ctx, "%s%.*s", stem, (int)(name + sizeof name - digit), digit));
    char *start = digit - stem_bytes;
    memcpy(start, stem, stem_bytes);
    return abide__intern(ctx, start, (size_t)(name + sizeof name - start));
}

/* One word of a list: a name or a range. */
static void add_word(abide_ctx *ctx, names *names, const char *word, struct abide_place place)
{
    const char *dots = strstr(word, "..");
    if (!dots) {
        add_name(ctx, names, word, place);
        return;
    }
    struct range range;
    if (!parse_range(ctx, word, dots, &range)) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_REGISTER_RANGE, place,
                                         "%s is not a range of registers", abide__quote(ctx, word));
        abide__diag_help(ctx, diag, "a range counts one number up: x0..x7, or in steps d0..d30/2");
        return;
    }
    for (uint64_t i = range.first; i <= range.last && names->count <= MAX_NAMES; i += range.step)
        add_name(ctx, names, numbered_name(ctx, range.stem, i), place);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

typedef void visit_word(void *user, const char *word, struct abide_place place);

/* Calls `visit` for each word of a list or of a spaced text, with the word's own place. */
static void each_word(abide_ctx *ctx, const struct abide_yaml *node, visit_word *visit, void *user)
{
    if (node->kind == ABIDE_YAML_SEQUENCE) {
        for (size_t i = 0; i < node->entry_count; i++)
            if (abide_yaml__at(node, i)->kind == ABIDE_YAML_SCALAR)
                each_word(ctx, abide_yaml__at(node, i), visit, user);
            else
                abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, abide_yaml__at(node, i)->place,
                              "a list of registers holds names");
        return;
    }
    if (node->kind == ABIDE_YAML_MAPPING) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "expected registers: a list, or names with spaces between them");
        return;
    }
    for (const char *at = node->text; *at;) {
        size_t length = 0;
        while (at[length] && !is_blank(at[length]))
            length++;
        if (length) {
            size_t quote = node->quoted ? 1 : 0;
            visit(user, abide__intern(ctx, at, length),
                  abide_place__within(node->place, (size_t)(at - node->text) + quote, length));
        }
        at += length;
        while (is_blank(*at))
            at++;
    }
}

struct collector {
    abide_ctx *ctx;
    const struct abide_registers *registers; /* NULL: nothing is checked */
    names names;
};

static void collect(void *user, const char *word, struct abide_place place)
{
    struct collector *collector = user;
    add_word(collector->ctx, &collector->names, word, place);
}

struct abide_words abide_registers__list(abide_ctx *ctx, const struct abide_yaml *node)
{
    struct collector collector = {.ctx = ctx};
    each_word(ctx, node, collect, &collector);
    return (struct abide_words){collector.names.items, collector.names.count};
}

static size_t find_name(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && names[i] != name)
        i++;
    return i;
}

static const char *register_at(const void *user, size_t index)
{
    const struct abide_registers *registers = user;
    return index < registers->count ? registers->names[index] : NULL;
}

static bool check_declared(abide_ctx *ctx, const struct abide_registers *registers,
                           const char *name, struct abide_place place)
{
    if (find_name(registers->names, registers->count, name) < registers->count)
        return true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_REGISTER, place, "no register %s",
                                     abide__quote(ctx, name));
    const char *nearest = abide__nearest(name, register_at, registers);
    if (nearest) {
        size_t index = find_name(registers->names, registers->count, nearest);
        abide__diag_note(ctx, diag, registers->places[registers->groups[index]],
                         "declared here; did you mean '%s'?", nearest);
    } else {
        abide__diag_help(ctx, diag, "declare it: every register stands once under `registers`");
    }
    return false;
}

static void collect_declared(void *user, const char *word, struct abide_place place)
{
    struct collector *collector = user;
    names *names = &collector->names;
    size_t before = names->count;
    add_word(collector->ctx, names, word, place);
    size_t kept = before;
    for (size_t i = before; i < names->count; i++) {
        const char *name = names->items[i];
        if (find_name(names->items, kept, name) < kept) {
            abide__report(collector->ctx, ABIDE_CODE_DUPLICATE_REGISTER, place,
                          "register '%s' stands twice in this list", name);
            continue;
        }
        if (!check_declared(collector->ctx, collector->registers, name, place))
            break; /* a wrong range: one message is enough */
        names->items[kept++] = name;
    }
    names->count = kept;
}

struct abide_words abide_registers__declared(abide_ctx *ctx,
                                             const struct abide_registers *registers,
                                             const struct abide_yaml *node)
{
    struct collector collector = {.ctx = ctx, .registers = registers};
    each_word(ctx, node, collect_declared, &collector);
    return (struct abide_words){collector.names.items, collector.names.count};
}

const char *abide_registers__one(abide_ctx *ctx, const struct abide_registers *registers,
                                 const struct abide_yaml *node)
{
    if (node->kind != ABIDE_YAML_SCALAR || node->null) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "expected the name of a register");
        return NULL;
    }
    return check_declared(ctx, registers, node->text, node->place) ? node->text : NULL;
}

/* Names go to terminals, to JSON and to assemblers. */
static bool check_name(abide_ctx *ctx, const char *name, struct abide_place place)
{
    const char *at = name;
    while ((isalnum((unsigned char)*at) && (unsigned char)*at < 0x80) ||
           (*at && strchr("_.$%", *at)))
        at++;
    if (!*at)
        return true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_NAME, place,
                                     "a register cannot be called %s", abide__quote(ctx, name));
    abide__diag_help(ctx, diag, "a register's name has letters, digits and _ . $ %% only");
    return false;
}

/* Adds the registers of one group; a register belongs to one group only. */
static void read_group(abide_ctx *ctx, struct abide_registers *registers, size_t *capacity,
                       const struct abide_yaml_entry *entry)
{
    struct abide_words words = abide_registers__list(ctx, entry->value);
    size_t group = registers->group_count++;
    registers->places[group] = entry->key->place;
    for (size_t i = 0; i < words.count; i++) {
        if (!check_name(ctx, words.items[i], entry->value->place))
            continue;
        if (registers->count == MAX_NAMES) {
            abide__report(ctx, ABIDE_CODE_TOO_MANY, entry->value->place, "more than %d registers",
                          MAX_NAMES);
            return;
        }
        if (find_name(registers->names, registers->count, words.items[i]) < registers->count) {
            abide__report(ctx, ABIDE_CODE_DUPLICATE_REGISTER, entry->value->place,
                          "register '%s' is declared twice", words.items[i]);
            continue;
        }
        size_t group_capacity = *capacity;
        registers->names = abide__vec_grow(ctx, registers->names, registers->count, capacity,
                                           sizeof *registers->names);
        registers->groups = abide__vec_grow(ctx, registers->groups, registers->count,
                                            &group_capacity, sizeof *registers->groups);
        registers->names[registers->count] = words.items[i];
        registers->groups[registers->count++] = group;
    }
}

const struct abide_registers *abide_registers__read(abide_ctx *ctx, const struct abide_yaml *node)
{
    struct abide_registers *registers = abide__new(ctx, struct abide_registers);
    if (!node || node->kind != ABIDE_YAML_MAPPING)
        return registers; /* reported by the schema of the module */
    registers->places = abide__new_array(ctx, struct abide_place, node->entry_count);
    size_t capacity = 0;
    for (size_t i = 0; i < node->entry_count; i++)
        read_group(ctx, registers, &capacity, abide_yaml__entry(node, i));
    return registers;
}
