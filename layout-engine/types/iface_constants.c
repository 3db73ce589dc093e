/* The `constants:` section: names for values, read when all types are known. */
#include "types/iface_reader.h"
#include "types/iface_schema.h"
#include "types/name.h"
#include "types/type.h"
#include "types/literal.h"

#include <string.h>

/* A constant while it is read. */
struct reading {
    struct iface_reader *reader;
    struct abide_constant *constant;
    const abide_type *type; /* behind other names */
};

static abide_ctx *ctx_of(const struct reading *reading)
{
    return reading->reader->ctx;
}

static bool report_value(const struct reading *reading, const struct abide_yaml *node,
                         const char *expected)
{
    abide_ctx *ctx = ctx_of(reading);
    const char *got =
        node->kind == ABIDE_YAML_SCALAR ? abide__quote(ctx, node->text) : "a list or mapping";
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected %s, not %s", expected, got);
    return false;
}

static const char *type_text(const struct reading *reading)
{
    return abide__quote(ctx_of(reading),
                        abide_type_print(ctx_of(reading), reading->constant->type));
}

/* ---- values ----------------------------------------------------------------------------------- */

static bool read_bool(const struct reading *reading, const struct abide_yaml *node,
                      abide_literal *value)
{
    bool is_true = false;
    if (!abide_schema__bool(ctx_of(reading), node, &is_true))
        return false;
    *value = abide_literal__integer(ctx_of(reading), false, 0, is_true);
    return true;
}

/* Of those whose size is the same under every ABI; the others are looked at under one (layout/constant.c). */
static bool check_integer(const struct reading *reading, const struct abide_yaml *node,
                          const abide_literal *value)
{
    abide_ctx *ctx = ctx_of(reading);
    const struct abide_scalar_info *info = &abide__scalars[reading->type->scalar];
    bool is_signed = info->group == ABIDE_GROUP_SIGNED;
    unsigned bits = 8 * info->size_bytes;
    if (bits == 0 || reading->type->scalar == ABIDE_SCALAR_C_CHAR ||
        abide_literal__fits(value, bits, is_signed))
        return true;
    abide_diag *diag = abide__report(
        ctx, ABIDE_CODE_CONSTANT_RANGE, node->place, "%s does not hold %s: it goes from %s to %s",
        type_text(reading), value->text, abide_literal__least(ctx, bits, is_signed).text,
        abide_literal__most(ctx, bits, is_signed).text);
    if (abide_literal__type_for(value))
        abide__diag_help(ctx, diag, "%s would hold it", abide_literal__type_for(value));
    return false;
}

static bool read_integer(const struct reading *reading, const struct abide_yaml *node,
                         abide_literal *value)
{
    if (node->kind != ABIDE_YAML_SCALAR ||
        !abide_literal__parse_integer(ctx_of(reading), node->text, value))
        return report_value(reading, node, "a whole number of up to 128 bits");
    return check_integer(reading, node, value);
}

/* The code point of the one character that is all of a text; UINT32_MAX: it is another text. The file is UTF-8. */
static uint32_t only_character(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    unsigned more = *at < 0x80 ? 0 : *at < 0xe0 ? 1 : *at < 0xf0 ? 2 : 3;
    uint32_t code = more ? *at & (0x3fU >> more) : *at;
    if (!*at)
        return UINT32_MAX;
    for (unsigned i = 1; i <= more; i++)
        code = code << 6 | (at[i] & 0x3f);
    return at[more + 1] ? UINT32_MAX : code;
}

static bool read_char(const struct reading *reading, const struct abide_yaml *node,
                      abide_literal *value)
{
    abide_ctx *ctx = ctx_of(reading);
    const char *text = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    uint32_t code = only_character(text);
    if (code == UINT32_MAX && text[0] == 'U' && text[1] == '+' && strlen(text) <= 8 &&
        abide_literal__parse_integer(ctx, abide__printf(ctx, "0x%s", text + 2), value))
        code = (uint32_t)value->low;
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return report_value(reading, node, "one character, or its number as U+0041");
    *value = abide_literal__integer(ctx, false, 0, code);
    return true;
}

static const struct abide_float_format *format_of(enum abide_scalar scalar)
{
    switch (scalar) {
    case ABIDE_SCALAR_F16: return &abide_float__half;
    case ABIDE_SCALAR_BF16: return &abide_float__bfloat;
    case ABIDE_SCALAR_F32: return &abide_float__single;
    case ABIDE_SCALAR_F64: return &abide_float__double;
    default: return &abide_float__wide; /* at most */
    }
}

static bool read_float(const struct reading *reading, const struct abide_yaml *node,
                       abide_literal *value)
{
    abide_ctx *ctx = ctx_of(reading);
    if (node->kind != ABIDE_YAML_SCALAR || !abide_literal__parse_float(ctx, node->text, value))
        return report_value(reading, node, "a number such as 0.5, -1e10, 0x1.8p3, inf or nan");
    enum abide_float_fit fit = abide_literal__round(format_of(reading->type->scalar), value);
    if (fit == ABIDE_FLOAT_FITS)
        return true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_CONSTANT_RANGE, node->place,
                                     fit == ABIDE_FLOAT_TOO_LARGE ? "%s is too large for %s"
                                                                  : "%s is too small for %s",
                                     abide__quote(ctx, node->text), type_text(reading));
    abide__diag_help(ctx, diag, "it would become %s: say that, or take a wider type",
                     fit == ABIDE_FLOAT_TOO_LARGE ? "infinite (inf)" : "zero (0.0)");
    return false;
}

static bool read_text(const struct reading *reading, const struct abide_yaml *node,
                      abide_literal *value)
{
    if (node->kind != ABIDE_YAML_SCALAR)
        return report_value(reading, node, "a text");
    *value = (abide_literal){
        .kind = ABIDE_LITERAL_TEXT, .text = node->text, .length_bytes = node->length_bytes};
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_bytes(const struct reading *reading, const struct abide_yaml *node,
                       abide_literal *value)
{
    abide_ctx *ctx = ctx_of(reading);
    const char *text = node->kind == ABIDE_YAML_SCALAR ? node->text : "?";
    char *bytes = abide__alloc(ctx, strlen(text) / 2 + 1);
    size_t count = 0;
    for (; *text; text++) {
        if (*text == ' ')
            continue;
        int high = hex_digit(text[0]), low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0)
            return report_value(reading, node, "bytes of two hexadecimal digits, as \"48 65 6c\"");
        bytes[count++] = (char)(16 * high + low);
        text++;
    }
    bytes[count] = '\0';
    *value = (abide_literal){.kind = ABIDE_LITERAL_BYTES, .text = bytes, .length_bytes = count};
    if (reading->type->kind != ABIDE_KIND_ARRAY || reading->type->count == count)
        return true;
    abide__report(ctx, ABIDE_CODE_CONSTANT_RANGE, node->place,
                  "%s has %llu bytes, and the value %zu", type_text(reading),
                  (unsigned long long)reading->type->count, count);
    return false;
}

/* ---- names of enums and flags ----------------------------------------------------------------- */

static const char *name_at(const void *user, size_t index)
{
    const abide_type *type = user;
    return index < type->enumerator_count ? type->enumerators[index].name : NULL;
}

static const struct abide_enumerator *find_name(const abide_type *type, const char *name)
{
    for (size_t i = 0; i < type->enumerator_count; i++)
        if (strcmp(type->enumerators[i].name, name) == 0)
            return &type->enumerators[i];
    return NULL;
}

static bool report_name(const struct reading *reading, const struct abide_yaml *node,
                        const char *name)
{
    abide_ctx *ctx = ctx_of(reading);
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "%s has no name or value %s",
                      type_text(reading), abide__quote(ctx, name));
    const char *nearest = abide__nearest(name, name_at, reading->type);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    else if (!reading->type->is_open)
        abide__diag_help(
            ctx, diag,
            "write one of its names; `open: true` of the type allows numbers without one");
    return false;
}

static abide_literal value_of(abide_ctx *ctx, const struct abide_enumerator *enumerator)
{
    bool is_negative = enumerator->value < 0 && !enumerator->is_large;
    uint64_t low = (uint64_t)enumerator->value;
    return abide_literal__integer(ctx, is_negative, 0, is_negative ? -low : low);
}

static bool has_value(const abide_type *type, const abide_literal *value)
{
    for (size_t i = 0; i < type->enumerator_count; i++) {
        const struct abide_enumerator *enumerator = &type->enumerators[i];
        bool is_negative = enumerator->value < 0 && !enumerator->is_large;
        uint64_t low = (uint64_t)enumerator->value;
        if (!value->high && is_negative == value->is_negative &&
            value->low == (is_negative ? -low : low))
            return true;
    }
    return false;
}

static bool read_enum(const struct reading *reading, const struct abide_yaml *node,
                      abide_literal *value)
{
    abide_ctx *ctx = ctx_of(reading);
    if (node->kind != ABIDE_YAML_SCALAR)
        return report_value(reading, node, "a name of the enum, or its value");
    const struct abide_enumerator *enumerator = find_name(reading->type, node->text);
    if (enumerator) {
        *value = value_of(ctx, enumerator);
        return true;
    }
    if (abide_literal__parse_integer(ctx, node->text, value) &&
        (reading->type->is_open || has_value(reading->type, value)))
        return true;
    return report_name(reading, node, node->text);
}

/* The bits that have names. */
static uint64_t all_flags(const abide_type *type)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < type->enumerator_count; i++)
        bits |= UINT64_C(1) << (type->enumerators[i].value & 63);
    return bits;
}

static bool add_flag(const struct reading *reading, const struct abide_yaml *node, uint64_t *bits)
{
    if (node->kind != ABIDE_YAML_SCALAR)
        return report_value(reading, node, "names of flags");
    const struct abide_enumerator *flag = find_name(reading->type, node->text);
    if (!flag)
        return report_name(reading, node, node->text);
    *bits |= UINT64_C(1) << (flag->value & 63);
    return true;
}

static bool read_flags(const struct reading *reading, const struct abide_yaml *node,
                       abide_literal *value)
{
    abide_ctx *ctx = ctx_of(reading);
    uint64_t bits = 0;
    if (node->kind == ABIDE_YAML_SCALAR && abide_literal__parse_integer(ctx, node->text, value)) {
        bool is_known = !value->is_negative && !value->high &&
                        (reading->type->is_open || !(value->low & ~all_flags(reading->type)));
        return is_known || report_name(reading, node, node->text);
    }
    if (node->kind == ABIDE_YAML_SCALAR && !add_flag(reading, node, &bits))
        return false;
    for (size_t i = 0; i < node->entry_count; i++)
        if (!add_flag(reading, abide_yaml__at(node, i), &bits))
            return false;
    *value = abide_literal__integer(ctx, false, 0, bits);
    return true;
}

static bool read_value(const struct reading *reading, const struct abide_yaml *node,
                       abide_literal *value)
{
    switch (abide_literal__form_of(reading->type)) {
    case ABIDE_LITERAL_FORM_BOOL: return read_bool(reading, node, value);
    case ABIDE_LITERAL_FORM_INTEGER: return read_integer(reading, node, value);
    case ABIDE_LITERAL_FORM_CHAR: return read_char(reading, node, value);
    case ABIDE_LITERAL_FORM_FLOAT: return read_float(reading, node, value);
    case ABIDE_LITERAL_FORM_TEXT: return read_text(reading, node, value);
    case ABIDE_LITERAL_FORM_BYTES: return read_bytes(reading, node, value);
    case ABIDE_LITERAL_FORM_ENUM: return read_enum(reading, node, value);
    case ABIDE_LITERAL_FORM_FLAGS: return read_flags(reading, node, value);
    case ABIDE_LITERAL_FORM_NONE: break;
    }
    return false;
}

/* ---- constants -------------------------------------------------------------------------------- */

/* {target: TRIPLE, value: VALUE} */
static bool read_case(const struct reading *reading, const struct abide_yaml *node,
                      struct abide_constant_case *found)
{
    const struct abide_yaml *values[VALUE_KEY_COUNT];
    if (!abide_schema__read(ctx_of(reading), &abide_iface__value_schema, node, values))
        return false;
    if (values[VALUE_TARGET] && !abide_iface__read_targets(reading->reader, values[VALUE_TARGET],
                                                           &found->targets, &found->target_count))
        return false;
    found->place = values[VALUE_VALUE]->place;
    return read_value(reading, values[VALUE_VALUE], &found->value);
}

static bool read_cases(const struct reading *reading, const struct abide_yaml *node)
{
    abide_ctx *ctx = ctx_of(reading);
    struct abide_constant_case *cases =
        abide__new_array(ctx, struct abide_constant_case, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml *entry = abide_yaml__at(node, i);
        if (i > 0 && cases[i - 1].target_count == 0) {
            abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_COMBINATION, entry->place,
                                             "no target is left for this value");
            abide__diag_note(ctx, diag, cases[i - 1].place, "this one is for all others");
            return false;
        }
        if (!read_case(reading, entry, &cases[i]))
            return false;
    }
    reading->constant->cases = cases;
    reading->constant->case_count = node->entry_count;
    return true;
}

/* Of flags, a list may be of names; of values for targets, it is of mappings. */
static bool is_by_target(const struct abide_yaml *node)
{
    return node->kind == ABIDE_YAML_SEQUENCE && node->entry_count > 0 &&
           abide_yaml__at(node, 0)->kind == ABIDE_YAML_MAPPING;
}

static bool check_type(const struct reading *reading, struct abide_place place)
{
    if (abide_literal__form_of(reading->type) != ABIDE_LITERAL_FORM_NONE)
        return true;
    abide_diag *diag = abide__report(ctx_of(reading), ABIDE_CODE_BAD_TYPE, place,
                                     "there are no constants of type %s", type_text(reading));
    abide__diag_help(
        ctx_of(reading), diag,
        "constants are numbers, bool, char, string, string0, cstring, bytes, bytes<N>, "
        "enums and flags");
    return false;
}

static bool read_constant(struct iface_reader *reader, const struct abide_yaml_entry *entry,
                          struct abide_constant *constant)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *name = entry->key;
    const struct abide_yaml *values[CONSTANT_KEY_COUNT];
    *constant = (struct abide_constant){.name = name->text, .place = name->place};
    if (!abide_name__check(ctx, name->place, "a constant", name->text))
        return false;
    if (entry->value->kind != ABIDE_YAML_MAPPING) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, entry->value->place,
                                         "a constant is a mapping of its type and its value");
        abide__diag_help(ctx, diag, "write %s: {type: i32, value: 1}", name->text);
        return false;
    }
    if (!abide_schema__read(ctx, &abide_iface__constant_schema, entry->value, values))
        return false;
    constant->doc = values[CONSTANT_DOC] ? values[CONSTANT_DOC]->text : NULL;
    constant->type = abide_iface__expression(reader, values[CONSTANT_TYPE], IFACE_USE_VALUE);
    if (!constant->type)
        return false;
    struct reading reading = {reader, constant, abide_type__strip(constant->type)};
    const struct abide_yaml *value = values[CONSTANT_VALUE];
    if (!check_type(&reading, values[CONSTANT_TYPE]->place))
        return false;
    if (is_by_target(value))
        return read_cases(&reading, value);
    struct abide_constant_case *only = abide__new(ctx, struct abide_constant_case);
    only->place = value->place;
    constant->cases = only;
    constant->case_count = 1;
    return read_value(&reading, value, &only->value);
}

void abide_iface__read_constants(struct iface_reader *reader, const struct abide_yaml *section)
{
    struct abide_constant *constants =
        abide__new_array(reader->ctx, struct abide_constant, section->entry_count);
    for (size_t i = 0; i < section->entry_count; i++)
        read_constant(reader, abide_yaml__entry(section, i), &constants[i]);
    reader->iface->constants = constants;
    reader->iface->constant_count = section->entry_count;
}
