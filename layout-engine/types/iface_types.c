/*
 * The `types:` section: all names are declared first, so that types may refer to later ones; then each is filled in.
 * Types that are written in place (a struct inside a struct) go the same way without a name.
 */
#include "base/checked.h"
#include "types/iface_reader.h"
#include "types/iface_schema.h"
#include "types/name.h"

#include <string.h>

#define MAX_PACK_BYTES 16

/* ---- which kind a mapping defines ------------------------------------------------------------ */

#define IS(kind) (1u << ABIDE_KIND_##kind)

/* The keys that say what a type is. */
static const struct form {
    enum type_key key;
    enum abide_kind kind;
} forms[] = {
    {TYPE_STRUCT, ABIDE_KIND_STRUCT},   {TYPE_UNION, ABIDE_KIND_UNION},
    {TYPE_ENUM, ABIDE_KIND_ENUM},       {TYPE_FLAGS, ABIDE_KIND_FLAGS},
    {TYPE_VARIANT, ABIDE_KIND_VARIANT}, {TYPE_RESOURCE, ABIDE_KIND_RESOURCE},
    {TYPE_OPAQUE, ABIDE_KIND_OPAQUE},   {TYPE_NEWTYPE, ABIDE_KIND_NEWTYPE},
    {TYPE_FN, ABIDE_KIND_FUNCTION},     {TYPE_CLOSURE, ABIDE_KIND_CLOSURE},
};
#define FORM_COUNT (sizeof forms / sizeof *forms)

/* The keys that will say so in a later release, and the way out until then. */
static const struct abide_later_key later_forms[] = {
    {"interface", "interfaces have a section of their own: `interfaces:`, beside `types:`"},
    {NULL, NULL},
};

/* The keys that go with some kinds only. */
static const struct {
    enum type_key key;
    unsigned kinds;
} details[] = {
    {TYPE_BASE, IS(STRUCT) | IS(ENUM) | IS(FLAGS)},
    {TYPE_CONVENTION, IS(FUNCTION) | IS(CLOSURE)},
    {TYPE_ERRORS, IS(FUNCTION) | IS(CLOSURE)},
    {TYPE_PACKED, IS(STRUCT) | IS(UNION)},
    {TYPE_PACK, IS(STRUCT) | IS(UNION)},
    {TYPE_ALIGN, IS(STRUCT) | IS(UNION)},
    {TYPE_OPEN, IS(STRUCT) | IS(ENUM) | IS(FLAGS) | IS(VARIANT)},
    {TYPE_TAG, IS(VARIANT)},
    {TYPE_THREADS, IS(RESOURCE)},
    {TYPE_KEEPS, IS(RESOURCE)},
    {TYPE_ORIGIN, IS(RESOURCE)},
    {TYPE_FORM, IS(NEWTYPE) | IS(ENUM) | IS(FLAGS) | IS(VARIANT) | IS(CLOSURE)},
};

static const char *key_name(enum type_key key)
{
    return abide_iface__type_schema.keys[key].name;
}

/* The kind that the first such key of a mapping gives; COUNT: none, or a refused one. */
static enum abide_kind peek_kind(const struct abide_yaml *node)
{
    for (size_t i = 0; node->kind == ABIDE_YAML_MAPPING && i < FORM_COUNT; i++)
        if (abide_yaml__get(node, key_name(forms[i].key)))
            return forms[i].kind;
    return ABIDE_KIND_COUNT;
}

bool abide_iface__defines_type(const struct abide_yaml *node)
{
    bool found = peek_kind(node) != ABIDE_KIND_COUNT;
    for (size_t i = 0; !found && later_forms[i].key; i++)
        found = abide_yaml__get(node, later_forms[i].key);
    return found;
}

bool abide_iface__check_not_later(struct iface_reader *reader, const struct abide_yaml *node,
                                  const struct abide_later_key *later)
{
    for (; later->key && node->kind == ABIDE_YAML_MAPPING; later++)
        for (size_t i = 0; i < node->entry_count; i++) {
            const struct abide_yaml *key = abide_yaml__key_at(node, i);
            if (strcmp(key->text, later->key) != 0)
                continue;
            abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_NOT_YET_SUPPORTED, key->place,
                                             "'%s' is not supported yet", key->text);
            abide__diag_help(reader->ctx, diag, "%s", later->instead);
            return false;
        }
    return true;
}

static const struct form *report_no_form(struct iface_reader *reader, const struct abide_yaml *node)
{
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_MISSING_KEY, node->place,
                                     "the mapping does not say what type it is");
    abide__diag_help(reader->ctx, diag,
                     "a type has one of the keys struct, union, enum, flags, variant, resource, "
                     "opaque, newtype, fn, closure");
    return NULL;
}

static bool check_details(struct iface_reader *reader, const struct form *form,
                          const struct abide_yaml *const *values)
{
    for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
        if (!values[details[i].key] || (details[i].kinds & 1u << form->kind))
            continue;
        abide_diag *diag = abide__report(
            reader->ctx, ABIDE_CODE_BAD_COMBINATION, values[details[i].key]->place,
            "'%s' does not go with '%s'", key_name(details[i].key), key_name(form->key));
        abide__diag_help(reader->ctx, diag, "'%s' is for %s", key_name(details[i].key),
                         abide_iface__type_schema.keys[details[i].key].doc);
        return false;
    }
    return true;
}

/* The one form of a mapping. NULL: reported. */
static const struct form *find_form(struct iface_reader *reader, const struct abide_yaml *node,
                                    const struct abide_yaml *const *values)
{
    abide_ctx *ctx = reader->ctx;
    const struct form *form = NULL;
    for (size_t i = 0; i < FORM_COUNT; i++) {
        const struct abide_yaml *value = values[forms[i].key];
        if (!value)
            continue;
        if (form) {
            abide__report(ctx, ABIDE_CODE_BAD_COMBINATION, value->place,
                          "a type cannot have both '%s' and '%s'", key_name(form->key),
                          key_name(forms[i].key));
            return NULL;
        }
        form = &forms[i];
    }
    if (!form)
        return report_no_form(reader, node);
    return check_details(reader, form, values) ? form : NULL;
}

/* Reads the mapping's keys and finds its form. NULL: reported. */
static const struct form *read_form(struct iface_reader *reader, const struct abide_yaml *node,
                                    const struct abide_yaml **values)
{
    if (!abide_iface__check_not_later(reader, node, later_forms) ||
        !abide_schema__read(reader->ctx, &abide_iface__type_schema, node, values))
        return NULL;
    return find_form(reader, node, values);
}

/* ---- small values --------------------------------------------------------------------------- */

bool abide_iface__facts(struct iface_reader *reader, const struct abide_yaml *node,
                        struct abide_facts *facts)
{
    abide_ctx *ctx = reader->ctx;
    bool is_list = node->kind == ABIDE_YAML_SEQUENCE;
    size_t count = is_list ? node->entry_count : 1;
    struct abide_fact *items = abide__new_array(ctx, struct abide_fact, count);
    for (size_t i = 0; i < count; i++) {
        const struct abide_yaml *word = is_list ? abide_yaml__at(node, i) : node;
        if (word->kind != ABIDE_YAML_SCALAR) {
            abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, word->place, "a fact is one word");
            return false;
        }
        if (!abide_name__check(ctx, word->place, "a fact", word->text))
            return false;
        items[i] = (struct abide_fact){word->text, word->place};
    }
    *facts = (struct abide_facts){items, count};
    return true;
}

bool abide_iface__alignment(struct iface_reader *reader, const struct abide_yaml *node,
                            uint64_t max, uint64_t *align_bytes)
{
    if (!abide_schema__uint(reader->ctx, node, max, align_bytes))
        return false;
    if (abide__is_power_of_two(*align_bytes))
        return true;
    abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected a power of two, not %s",
                  abide__quote(reader->ctx, node->text));
    return false;
}

/* ---- fields --------------------------------------------------------------------------------- */

static bool read_field_details(struct iface_reader *reader, const struct abide_yaml *const *values,
                               struct abide_field *field)
{
    abide_ctx *ctx = reader->ctx;
    uint64_t bits, align_bytes;
    if (values[FIELD_BITS]) {
        if (!abide_schema__uint(ctx, values[FIELD_BITS], ABIDE_TYPE_MAX_BITFIELD, &bits))
            return false;
        field->is_bitfield = true;
        field->bits = (uint8_t)bits;
    }
    if (values[FIELD_ALIGN]) {
        if (!abide_iface__alignment(reader, values[FIELD_ALIGN], ABIDE_TYPE_MAX_ALIGN_BYTES,
                                    &align_bytes))
            return false;
        field->align_bytes = (uint32_t)align_bytes;
    }
    return !values[FIELD_PACKED] || abide_schema__bool(ctx, values[FIELD_PACKED], &field->packed);
}

/* {type:, bits:, align:, packed:}, in a list also name: */
static bool read_long_field(struct iface_reader *reader, const struct abide_yaml *node,
                            bool in_list, unsigned use, struct abide_field *field,
                            const struct abide_yaml **since)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *values[FIELD_KEY_COUNT];
    if (!abide_schema__read(ctx, &abide_iface__field_schema, node, values))
        return false;
    if (values[FIELD_NAME] && !in_list) {
        abide__report(ctx, ABIDE_CODE_BAD_COMBINATION, values[FIELD_NAME]->place,
                      "the field has a name already, its key");
        return false;
    }
    if (values[FIELD_NAME]) {
        field->name = values[FIELD_NAME]->text;
        field->place = values[FIELD_NAME]->place;
    }
    field->type = abide_iface__type(reader, values[FIELD_TYPE], use);
    if (field->type && values[FIELD_FORM])
        field->type = abide_iface__with_form(reader, values[FIELD_FORM], field->type);
    *since = values[FIELD_SINCE];
    field->is_later = *since;
    return field->type && read_field_details(reader, values, field);
}

static bool read_field(struct iface_reader *reader, const struct abide_yaml_entry *entry,
                       unsigned use, struct abide_field *field, const struct abide_yaml **since)
{
    const struct abide_yaml *node = entry->value;
    bool in_list = !entry->key;
    *field = (struct abide_field){.name = in_list ? NULL : entry->key->text,
                                  .place = in_list ? node->place : entry->key->place};
    if (in_list && node->kind != ABIDE_YAML_MAPPING) {
        abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                                         "a field in a list is a mapping");
        abide__diag_help(
            reader->ctx, diag,
            "write {name: x, type: f64}; or make the whole list a mapping, {x: f64, y: f64}");
        return false;
    }
    bool is_long = node->kind == ABIDE_YAML_MAPPING && !abide_iface__defines_type(node);
    if (is_long) {
        if (!read_long_field(reader, node, in_list, use, field, since))
            return false;
    } else {
        field->type = abide_iface__type(reader, node, use);
    }
    return field->type &&
           (!field->name || abide_name__check(reader->ctx, field->place, "a field", field->name));
}

bool abide_iface__fields(struct iface_reader *reader, const struct abide_yaml *node,
                         abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    if (node->kind == ABIDE_YAML_SCALAR) /* `struct:` with nothing: no fields */
        return true;
    if (node->entry_count > ABIDE_IFACE_MAX_FIELDS) {
        abide__report(ctx, ABIDE_CODE_TOO_MANY, node->place, "more than %zu fields",
                      ABIDE_IFACE_MAX_FIELDS);
        return false;
    }
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, node->entry_count);
    const struct abide_yaml *latest = NULL;
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++) {
        bool is_last = i + 1 == node->entry_count || type->kind == ABIDE_KIND_UNION;
        const struct abide_yaml *since = NULL;
        fine = read_field(reader, abide_yaml__entry(node, i),
                          is_last && !type->is_open ? IFACE_USE_LAST_FIELD : IFACE_USE_VALUE,
                          &fields[i], &since) &&
               abide_iface__read_version(reader, type, since, &latest, &fields[i]) && fine;
    }
    type->fields = fields;
    type->field_count = node->entry_count;
    return fine;
}

static bool read_record(struct iface_reader *reader, const struct abide_yaml *const *values,
                        abide_type *type)
{
    uint64_t pack_bytes = 0, align_bytes = 0;
    bool packed = false;
    if (values[TYPE_OPEN] && !abide_iface__read_sized(reader, values, type))
        return false;
    if (values[TYPE_BASE]) {
        type->target = abide_iface__expression(reader, values[TYPE_BASE], IFACE_USE_VALUE);
        if (!type->target)
            return false;
    }
    if (values[TYPE_PACKED] && !abide_schema__bool(reader->ctx, values[TYPE_PACKED], &packed))
        return false;
    if (values[TYPE_PACK] &&
        !abide_iface__alignment(reader, values[TYPE_PACK], MAX_PACK_BYTES, &pack_bytes))
        return false;
    if (values[TYPE_ALIGN] && !abide_iface__alignment(reader, values[TYPE_ALIGN],
                                                      ABIDE_TYPE_MAX_ALIGN_BYTES, &align_bytes))
        return false;
    type->packed = packed;
    type->pack_bytes = (uint8_t)pack_bytes;
    type->align_bytes = (uint32_t)align_bytes;
    return abide_iface__fields(
        reader, values[type->kind == ABIDE_KIND_STRUCT ? TYPE_STRUCT : TYPE_UNION], type);
}

/* ---- the other forms ------------------------------------------------------------------------- */

/* {fn: "(a T) -> R", convention: cdecl} */
static const abide_type *read_callable(struct iface_reader *reader, const struct form *form,
                                       const struct abide_yaml *const *values)
{
    abide_signature *signature = abide__new(reader->ctx, abide_signature);
    const struct abide_yaml *convention = values[TYPE_CONVENTION];
    if (convention) {
        if (!abide_name__check(reader->ctx, convention->place, "a convention", convention->text))
            return NULL;
        signature->convention = convention->text;
        signature->convention_place = convention->place;
    }
    if (!abide_iface__signature(reader, values[form->key], false, signature) ||
        (values[TYPE_ERRORS] &&
         !abide_iface__read_callable_errors(reader, values[TYPE_ERRORS], signature)))
        return NULL;
    return abide_iface__in_form(reader, abide_type__callable(reader->ctx, form->kind, signature));
}

static bool read_opaque(struct iface_reader *reader, const struct abide_yaml *node)
{
    bool opaque;
    if (!abide_schema__bool(reader->ctx, node, &opaque))
        return false;
    if (!opaque)
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place, "'opaque' can only be true");
    return opaque;
}

/* ---- expectations ---------------------------------------------------------------------------- */

/* Fields of anonymous members count as those of the record. */
static bool has_field(const abide_type *type, const char *path)
{
    size_t length = strcspn(path, ".");
    for (size_t i = 0; i < type->field_count; i++) {
        const struct abide_field *field = &type->fields[i];
        if (!field->name && has_field(field->type, path))
            return true;
        if (!field->name || strncmp(field->name, path, length) != 0 || field->name[length] != '\0')
            continue;
        return path[length] == '\0' || has_field(field->type, path + length + 1);
    }
    return false;
}

static bool read_offsets(struct iface_reader *reader, const struct abide_yaml *node,
                         uint64_t unit_bits, const struct abide_expectation *of)
{
    abide_ctx *ctx = reader->ctx;
    for (size_t i = 0; node && i < node->entry_count; i++) {
        const struct abide_yaml *key = abide_yaml__key_at(node, i);
        struct abide_expectation expectation = *of;
        expectation.has_size = expectation.has_align = false;
        expectation.field = key->text;
        expectation.has_offset = true;
        expectation.place = abide_yaml__at(node, i)->place;
        if (!has_field(of->type, key->text)) {
            abide__report(ctx, ABIDE_CODE_UNKNOWN_FIELD, key->place, "%s has no field %s",
                          abide__quote(ctx, of->type->name), abide__quote(ctx, key->text));
            return false;
        }
        if (!abide_schema__uint(ctx, abide_yaml__at(node, i), UINT64_MAX / unit_bits,
                                &expectation.offset_bits))
            return false;
        expectation.offset_bits *= unit_bits;
        abide__push(ctx, &reader->expectations, expectation);
    }
    return true;
}

bool abide_iface__read_targets(struct iface_reader *reader, const struct abide_yaml *node,
                               const char *const **list, size_t *list_count)
{
    bool is_list = node->kind == ABIDE_YAML_SEQUENCE;
    size_t count = is_list ? node->entry_count : 1;
    const char **targets = abide__new_array(reader->ctx, const char *, count);
    for (size_t i = 0; i < count; i++) {
        const struct abide_yaml *item = is_list ? abide_yaml__at(node, i) : node;
        if (item->kind != ABIDE_YAML_SCALAR || !*item->text) {
            abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, item->place,
                          "a target is a triple, as `abide abi list` shows them");
            return false;
        }
        targets[i] = item->text;
    }
    *list = targets;
    *list_count = count;
    return true;
}

static bool read_expectation(struct iface_reader *reader, const struct abide_yaml *node,
                             const abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *values[EXPECT_KEY_COUNT];
    if (!abide_schema__read(ctx, &abide_iface__expect_schema, node, values))
        return false;
    struct abide_expectation expectation = {.type = type, .place = node->place};
    expectation.abi = values[EXPECT_ABI] ? values[EXPECT_ABI]->text : NULL;
    expectation.has_size = values[EXPECT_SIZE];
    expectation.has_align = values[EXPECT_ALIGN];
    if (values[EXPECT_TARGET] &&
        !abide_iface__read_targets(reader, values[EXPECT_TARGET], &expectation.targets,
                                   &expectation.target_count))
        return false;
    if (values[EXPECT_SIZE] &&
        !abide_schema__uint(ctx, values[EXPECT_SIZE], UINT64_MAX, &expectation.size_bytes))
        return false;
    if (values[EXPECT_ALIGN] &&
        !abide_iface__alignment(reader, values[EXPECT_ALIGN], UINT64_MAX, &expectation.align_bytes))
        return false;
    if (expectation.has_size || expectation.has_align)
        abide__push(ctx, &reader->expectations, expectation);
    return read_offsets(reader, values[EXPECT_OFFSET_BYTES], 8, &expectation) &&
           read_offsets(reader, values[EXPECT_OFFSET_BITS], 1, &expectation);
}

static bool read_expectations(struct iface_reader *reader, const struct abide_yaml *node,
                              const abide_type *type)
{
    if (node->kind != ABIDE_YAML_SEQUENCE)
        return read_expectation(reader, node, type);
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++)
        fine = read_expectation(reader, abide_yaml__at(node, i), type) && fine;
    return fine;
}

/* ---- types in place and by name ---------------------------------------------------------------- */

/* The type that a name stands for, in its `form`. */
static bool read_target(struct iface_reader *reader, const abide_type *target,
                        const struct abide_yaml *const *values, abide_type *type)
{
    if (target && values[TYPE_FORM])
        target = abide_iface__with_form(reader, values[TYPE_FORM], target);
    type->target = target;
    return target;
}

static bool fill(struct iface_reader *reader, const struct form *form,
                 const struct abide_yaml *const *values, abide_type *type)
{
    switch (form->key) {
    case TYPE_STRUCT:
    case TYPE_UNION: return read_record(reader, values, type);
    case TYPE_ENUM: return abide_iface__read_enum(reader, values, type);
    case TYPE_FLAGS: return abide_iface__read_flags(reader, values, type);
    case TYPE_VARIANT: return abide_iface__read_variant(reader, values, type);
    case TYPE_RESOURCE: return abide_iface__read_resource(reader, values, type);
    case TYPE_OPAQUE: return read_opaque(reader, values[TYPE_OPAQUE]);
    case TYPE_NEWTYPE:
        return read_target(reader, abide_iface__type(reader, values[TYPE_NEWTYPE], IFACE_USE_VALUE),
                           values, type);
    default: /* a name for it */
        return read_target(reader, read_callable(reader, form, values), values, type);
    }
}

/* A mapping where a type stands: an anonymous record or enum, or a function type with a convention. */
static const abide_type *read_in_place(struct iface_reader *reader, const struct abide_yaml *node)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *values[TYPE_KEY_COUNT];
    const struct form *form = read_form(reader, node, values);
    if (!form)
        return NULL;
    if (form->key == TYPE_OPAQUE || form->key == TYPE_NEWTYPE || form->key == TYPE_RESOURCE ||
        values[TYPE_EXPECT]) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_COMBINATION, node->place,
                                         "a type without a name cannot have '%s'",
                                         key_name(values[TYPE_EXPECT] ? TYPE_EXPECT : form->key));
        abide__diag_help(ctx, diag, "define it by name under `types:`");
        return NULL;
    }
    struct abide_facts facts = {0};
    if (values[TYPE_FACTS] && !abide_iface__facts(reader, values[TYPE_FACTS], &facts))
        return NULL;
    abide_type *type;
    if (form->kind == ABIDE_KIND_FUNCTION || form->kind == ABIDE_KIND_CLOSURE) {
        const abide_type *callable = read_callable(reader, form, values);
        if (callable && values[TYPE_FORM])
            callable = abide_iface__with_form(reader, values[TYPE_FORM], callable);
        if (!callable)
            return NULL;
        type = abide_type__by_serial(ctx, callable->serial); /* made just now */
    } else {
        type = abide_type__new(ctx, form->kind, NULL, node->place);
        if (!fill(reader, form, values, type))
            return NULL;
    }
    type->facts = facts;
    return type;
}

const abide_type *abide_iface__type(struct iface_reader *reader, const struct abide_yaml *node,
                                    unsigned use)
{
    if (node->kind == ABIDE_YAML_MAPPING)
        return read_in_place(reader, node);
    return abide_iface__expression(reader, node, use);
}

static bool define(struct iface_reader *reader, const struct abide_yaml *node, abide_type *type)
{
    const struct abide_yaml *values[TYPE_KEY_COUNT];
    if (node->kind != ABIDE_YAML_MAPPING) {
        type->target = abide_iface__expression(reader, node, IFACE_USE_DEFINITION);
        return type->target;
    }
    const struct form *form = read_form(reader, node, values);
    if (!form ||
        (values[TYPE_FACTS] && !abide_iface__facts(reader, values[TYPE_FACTS], &type->facts)))
        return false;
    return fill(reader, form, values, type) &&
           (!values[TYPE_EXPECT] || read_expectations(reader, values[TYPE_EXPECT], type));
}

static abide_type *report_taken(struct iface_reader *reader, const struct abide_yaml *key)
{
    abide_ctx *ctx = reader->ctx;
    const struct iface_word *word = abide_iface__find_word(reader, key->text);
    if (!word->key) {
        abide__report(ctx, ABIDE_CODE_BAD_NAME, key->place,
                      "%s is a word of the type language, and cannot be defined",
                      abide__quote(ctx, key->text));
        return NULL;
    }
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, key->place,
                      "a type and an interface are called %s", abide__quote(ctx, key->text));
    abide__diag_note(ctx, diag, word->key->place, "the first one");
    return NULL;
}

abide_type *abide_iface__declare(struct iface_reader *reader, const struct abide_yaml *key,
                                 enum abide_kind kind, const char *what)
{
    abide_ctx *ctx = reader->ctx;
    if (!abide_name__check(ctx, key->place, what, key->text))
        return NULL;
    if (abide_iface__is_taken(reader, key->text))
        return report_taken(reader, key);
    struct iface_word *word = abide__new(ctx, struct iface_word);
    word->name = key->text;
    word->key = key;
    word->type = abide_type__new(ctx, kind, key->text, key->place);
    abide_iface__add_word(reader, word);
    abide__push(ctx, &reader->types, word->type);
    return word->type;
}

static abide_type *declare(struct iface_reader *reader, const struct abide_yaml_entry *entry)
{
    enum abide_kind kind = peek_kind(entry->value);
    bool is_name_only =
        kind == ABIDE_KIND_FUNCTION || kind == ABIDE_KIND_CLOSURE || kind == ABIDE_KIND_COUNT;
    abide_type *type = abide_iface__declare(reader, entry->key,
                                            is_name_only ? ABIDE_KIND_NEWTYPE : kind, "a type");
    if (type)
        abide_iface__find_word(reader, entry->key->text)->definition = entry->value;
    return type;
}

void abide_iface__read_types(struct iface_reader *reader, const struct abide_yaml *section)
{
    abide_type **declared = abide__new_array(reader->ctx, abide_type *, section->entry_count);
    for (size_t i = 0; i < section->entry_count; i++)
        declared[i] = declare(reader, abide_yaml__entry(section, i));
    for (size_t i = 0; i < section->entry_count; i++)
        if (declared[i])
            define(reader, abide_yaml__at(section, i), declared[i]);
}
