/* Constants of an interface as languages get them: one value, or values by target, under names that nothing else has. */
#include "bind.h"

#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

/* false: it is there. */
static bool add_name(struct name_set *names, const char *name)
{
    if (name_set_has(names, name))
        return false;
    name_set_add(names, name);
    return true;
}

static void add_parts(struct name_set *names, const struct language *language,
                      const struct part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (*parts[i].name)
            add_name(names, safe_name(language, parts[i].name));
}

/* What a macro would replace: names of fields and parameters. */
static struct name_set part_names(const struct model *model)
{
    struct name_set names = {0};
    for (size_t i = 0; i < model->item_count; i++)
        add_parts(&names, model->language, model->items[i]->parts, model->items[i]->part_count);
    for (size_t i = 0; i < model->routine_count; i++)
        add_parts(&names, model->language, model->routines[i].shape->parts,
                  model->routines[i].shape->part_count);
    return names;
}

/* The names at the top of a binding. */
static struct name_set top_names(const struct model *model)
{
    const struct language *language = model->language;
    struct name_set names = {0};
    for (size_t i = 0; language->reserved && language->reserved[i]; i++)
        add_name(&names, safe_name(language, language->reserved[i]));
    for (size_t i = 0; i < model->item_count; i++) {
        const struct item *item = model->items[i];
        add_name(&names, safe_name(language, item->name));
        for (size_t k = 0; k < item->constant_count; k++)
            add_name(&names,
                     safe_name(language, cli_printf("%s_%s", item->name, item->constants[k].name)));
    }
    for (size_t i = 0; i < model->routine_count; i++) {
        add_name(&names, safe_name(language, model->routines[i].name));
        add_name(&names, safe_name(language, model->routines[i].symbol));
    }
    return names;
}

/* ---- values ---- */

static const char *kind_of(const abide_type *type)
{
    return abide_type_kind_name(type);
}

static const abide_type *strip(const abide_type *type)
{
    while (strcmp(kind_of(type), "newtype") == 0)
        type = abide_type_target(type);
    return type;
}

/* Its scalar, or that of an enum with a base; NULL: none. */
static const char *scalar_of(struct model *model, const abide_type *type)
{
    type = strip(type);
    const char *kind = kind_of(type);
    bool has_names = strcmp(kind, "enum") == 0 || strcmp(kind, "flags") == 0;
    if (has_names && abide_type_target(type))
        type = strip(abide_type_target(type));
    return strcmp(kind_of(type), "scalar") == 0 ? abide_type_print(model->cli->ctx, type) : NULL;
}

/* The target's value, or one of those that are there: equal values stand once. */
static bool add_value(struct model *model, size_t target, struct valued *valued)
{
    abide_literal value;
    const abide_module *module = model->targets[target].module;
    if (!abide_constant_value(model->cli->ctx, module, valued->constant, &value))
        return false;
    if (value.kind == ABIDE_LITERAL_NONE)
        return true;
    size_t at = 0;
    while (at < valued->value_count && !abide_literal_equal(&valued->values[at].literal, &value))
        at++;
    struct value *found = &valued->values[at];
    if (at == valued->value_count) {
        *found = (struct value){.literal = value};
        found->targets = cli_alloc(model->target_count, sizeof *found->targets);
        valued->value_count++;
    }
    found->targets[found->target_count++] = target;
    return true;
}

static bool is_number(const struct valued *valued)
{
    abide_literal_kind kind = valued->values[0].literal.kind;
    return kind == ABIDE_LITERAL_INTEGER || kind == ABIDE_LITERAL_FLOAT;
}

bool model_evaluate(struct model *model)
{
    size_t count = abide_iface_constant_count(model->iface);
    struct name_set names = top_names(model), parts = part_names(model);
    model->constants = cli_alloc(count + 1, sizeof *model->constants);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        struct valued *valued = &model->constants[model->constant_count++];
        const abide_constant *constant = abide_iface_constant_at(model->iface, i);
        const abide_type *type = abide_constant_type(constant);
        *valued = (struct valued){.constant = constant, .type = strip(type)};
        valued->doc = abide_constant_doc(constant);
        valued->scalar = scalar_of(model, type);
        valued->values = cli_alloc(model->target_count, sizeof *valued->values);
        const char *name = abide_constant_name(constant);
        valued->name = safe_name(model->language, name);
        for (unsigned number = 2; !add_name(&names, safe_name(model->language, valued->name));
             number++)
            valued->name = safe_name(model->language, cli_printf("%s_%u", name, number));
        valued->hides_part = !add_name(&parts, safe_name(model->language, valued->name));
        for (size_t t = 0; t < model->target_count; t++)
            good = add_value(model, t, valued) && good;
        if (good && valued->value_count && is_number(valued))
            valued->shape = model_shape(model, type, valued->name);
        valued->is_for_all = abide_constant_is_universal(constant) && valued->value_count;
    }
    return good;
}

const char *valued_kind(const struct valued *valued)
{
    return kind_of(valued->type);
}

/* ---- literals that languages share ---- */

/* The text of the file, with what tells a float from an integer. */
static const char *written_digits(const char *text)
{
    bool is_hex = strstr(text, "0x") != NULL;
    if (strpbrk(text, is_hex ? "pP" : ".eE"))
        return text;
    return cli_printf(is_hex ? "%sp0" : "%s.0", text);
}

/* As few digits as lead to the same number, where the number is all that there is. */
const char *float_digits(const abide_literal *value, enum precision precision)
{
    char *text = NULL;
    if (precision == PRECISION_WRITTEN)
        return written_digits(value->text);
    for (int digits = 1; digits <= 17; digits++) {
        text = cli_printf("%.*g", digits, value->number);
        double again =
            precision == PRECISION_SINGLE ? (double)strtof(text, NULL) : strtod(text, NULL);
        if (!(again < value->number) && !(again > value->number))
            break;
    }
    return written_digits(text);
}

enum precision precision_of(const char *scalar)
{
    static const char *const wide[] = {"f80", "f128", "c_longdouble"};
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strcmp(scalar, wide[i]) == 0)
            return PRECISION_WRITTEN;
    bool is_single = strcmp(scalar, "f32") == 0 || strcmp(scalar, "c_float") == 0;
    return is_single ? PRECISION_SINGLE : PRECISION_DOUBLE;
}

enum special special_of(const abide_literal *value)
{
    if (strcmp(value->text, "nan") == 0)
        return SPECIAL_NAN;
    if (!strstr(value->text, "inf"))
        return SPECIAL_NONE;
    return value->is_negative ? SPECIAL_MINUS_INFINITY : SPECIAL_INFINITY;
}

void print_escaped(struct text *text, const char *byte_format, const abide_literal *value)
{
    for (size_t i = 0; i < value->length_bytes; i++) {
        unsigned char c = (unsigned char)value->text[i];
        bool is_plain = c >= ' ' && c < 0x7f && !strchr("\"\\?$", c);
        if (is_plain)
            text_add(text, &value->text[i], 1);
        else if (c == '"' || c == '\\')
            text_puts(text, c == '"' ? "\\\"" : "\\\\");
        else
            text_puts(text, cli_printf(byte_format, c));
    }
}

void print_constant_values(const struct model *model, const struct valued *valued,
                           struct text *text, const struct printer *printer)
{
    if (valued->is_for_all) {
        printer->print(model, valued, &valued->values[0].literal, text);
        return;
    }
    size_t shown = 0;
    for (size_t v = 0; v < valued->value_count; v++) {
        const struct value *value = &valued->values[v];
        struct group group = {cli_alloc(model->target_count, sizeof *group.targets), 0};
        for (size_t t = 0; t < value->target_count; t++)
            if (target_guard(&model->targets[value->targets[t]], printer->key))
                group.targets[group.count++] = value->targets[t];
        if (!group.count)
            continue;
        printer->open(model, &group, shown++, text);
        printer->print(model, valued, &value->literal, text);
    }
    if (shown)
        printer->close(text);
}
