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
static void add_part_names(const struct model *model, struct name_set *names)
{
    for (size_t i = 0; i < model->item_count; i++)
        add_parts(names, model->language, model->items[i]->parts, model->items[i]->part_count);
    for (size_t i = 0; i < model->routine_count; i++)
        if (model->routines[i].shape)
            add_parts(names, model->language, model->routines[i].shape->parts,
                      model->routines[i].shape->part_count);
}

/* The names at the top of a binding. */
static void add_top_names(const struct model *model, struct name_set *names)
{
    const struct language *language = model->language;
    for (size_t i = 0; language->reserved && language->reserved[i]; i++)
        add_name(names, safe_name(language, language->reserved[i]));
    for (size_t i = 0; i < model->item_count; i++) {
        const struct item *item = model->items[i];
        add_name(names, safe_name(language, item->name));
        for (size_t k = 0; k < item->constant_count; k++)
            add_name(names, safe_name(language, item->constants[k].full_name));
    }
    for (size_t i = 0; i < model->routine_count; i++) {
        add_name(names, safe_name(language, model->routines[i].name));
        add_name(names, safe_name(language, model->routines[i].symbol));
    }
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

/* Targets that have no such value for one reason. */
struct absence {
    const char *why, *targets;
};

static void add_absence(struct absence *absences, const char *triple, const char *why)
{
    const char *on = cli_printf(" on %s", triple), *at = strstr(why, on);
    if (at) /* reasons that differ in the target alone are one */
        why = cli_printf("%.*s%s", (int)(at - why), why, at + strlen(on));
    while (absences->why && strcmp(absences->why, why) != 0)
        absences++;
    absences->why = why;
    absences->targets =
        absences->targets ? cli_printf("%s, %s", absences->targets, triple) : triple;
}

static const char *with_absences(const char *doc, const struct absence *absences)
{
    for (; absences->why; absences++)
        doc = cli_printf("%s%sNot on %s: %s.", doc ? doc : "", doc ? "\n" : "", absences->targets,
                         absences->why);
    return doc;
}

/* The target's value, or one of those that are there: equal values stand once. */
static void add_value(const struct model *model, size_t target, const abide_literal *value,
                      struct valued *valued)
{
    size_t at = 0;
    while (at < valued->value_count && !abide_literal_equal(&valued->values[at].literal, value))
        at++;
    struct value *found = &valued->values[at];
    if (at == valued->value_count) {
        *found = (struct value){.literal = *value};
        found->targets = cli_alloc(model->target_count, sizeof *found->targets);
        valued->value_count++;
    }
    found->targets[found->target_count++] = target;
}

/* All values. One value for all targets may be too large for some, which have none then. false: reported. */
static bool add_values(const struct model *model, struct valued *valued)
{
    struct absence *absences = cli_alloc(model->target_count + 1, sizeof *absences);
    bool is_universal = abide_constant_is_universal(valued->constant);
    for (size_t t = 0; t < model->target_count; t++) {
        abide_literal value;
        const struct bound_target *target = &model->targets[t];
        if (abide_constant_value(model->cli->ctx, target->module, valued->constant, &value)) {
            if (value.kind != ABIDE_LITERAL_NONE)
                add_value(model, t, &value, valued);
            continue;
        }
        bool is_last = t + 1 == model->target_count && !valued->value_count;
        const char *why = is_universal && !is_last ? take_failure(model->cli) : NULL;
        if (!why)
            return false;
        add_absence(absences, target->triple, why);
    }
    valued->doc = with_absences(valued->doc, absences);
    valued->is_for_all = is_universal && valued->value_count && !absences->why;
    return true;
}

static bool is_number(const struct valued *valued)
{
    abide_literal_kind kind = valued->values[0].literal.kind;
    return kind == ABIDE_LITERAL_INTEGER || kind == ABIDE_LITERAL_FLOAT;
}

static const char *free_name(const struct language *language, struct name_set *names,
                             const char *name)
{
    const char *candidate = safe_name(language, name);
    for (unsigned number = 2; !add_name(names, safe_name(language, candidate)); number++)
        candidate = safe_name(language, cli_printf("%s_%u", name, number));
    return candidate;
}

/* A model of the first target that has a value. */
static struct model *model_with(struct model *models, const struct valued *valued)
{
    struct model *model = models;
    while (!model->is_own[valued->values[0].targets[0]])
        model++;
    return model;
}

bool models_evaluate(struct model *models, size_t model_count)
{
    struct model *model = &models[0];
    size_t count = abide_iface_constant_count(model->iface);
    struct name_set names = {0}, parts = {0};
    bool good = true;
    for (size_t m = 0; m < model_count; m++) {
        add_top_names(&models[m], &names);
        add_part_names(&models[m], &parts);
    }
    model->constants = cli_alloc(count + 1, sizeof *model->constants);
    for (size_t i = 0; i < count; i++) {
        struct valued *valued = &model->constants[model->constant_count++];
        const abide_constant *constant = abide_iface_constant_at(model->iface, i);
        const abide_type *type = abide_constant_type(constant);
        *valued = (struct valued){.constant = constant, .type = strip(type)};
        valued->doc = abide_constant_doc(constant);
        valued->scalar = scalar_of(model, type);
        valued->name = free_name(model->language, &names, abide_constant_name(constant));
        valued->hides_part = !add_name(&parts, safe_name(model->language, valued->name));
        valued->values = cli_alloc(model->target_count, sizeof *valued->values);
        good = add_values(model, valued) && good;
        if (valued->value_count && is_number(valued))
            valued->shape = model_shape(model_with(models, valued), type, valued->name);
    }
    return good;
}

const char *valued_kind(const struct valued *valued)
{
    return kind_of(valued->type);
}

bool can_say_constant(const struct valued *valued, enum scalar_column column)
{
    return can_say(valued->shape, column) &&
           (!valued->scalar || scalar_word(valued->scalar, column));
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
        struct group group = {cli_alloc(model->target_count, sizeof *group.targets), 0, NULL};
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
