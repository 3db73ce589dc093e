/* Types that are made of names: enums, flags, variants; and resources. */
#include "types/iface_reader.h"
#include "types/iface_schema.h"
#include "types/name.h"

#include <string.h>

/* ---- names and numbers ----------------------------------------------------------------------- */

/* Names, or numbers, that stand already in a type. */
struct known {
    UT_hash_handle hh; /* by the name's address, or the number */
    const char *name;
    int64_t number;
    struct abide_place place;
};

/* What a name with a number is called in messages: "an enumerator", "enumerators". */
struct noun {
    const char *one;
    const char *many;
};
static const struct noun enumerator_noun = {"an enumerator", "enumerators"};
static const struct noun flag_noun = {"a flag", "flags"};
static const struct noun case_noun = {"a case", "cases"};

/* Only a list can repeat a name: YAML's own duplicates are found before. */
static bool check_name(struct iface_reader *reader, struct known **names, const struct noun *noun,
                       const struct abide_enumerator *enumerator)
{
    abide_ctx *ctx = reader->ctx;
    struct known *known;
    if (!abide_name__check(ctx, enumerator->place, noun->one, enumerator->name))
        return false;
    HASH_FIND_PTR(*names, &enumerator->name, known);
    if (known) {
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, enumerator->place, "two %s are called %s",
                          noun->many, abide__quote(ctx, enumerator->name));
        abide__diag_note(ctx, diag, known->place, "the first one");
        return false;
    }
    known = abide__new(ctx, struct known);
    known->name = enumerator->name;
    known->place = enumerator->place;
    HASH_ADD_PTR(*names, name, known);
    return true;
}

/* Flags and cases have a number each; values of enums may be the same. */
static bool check_number(struct iface_reader *reader, struct known **numbers,
                         const struct noun *noun, const struct abide_enumerator *enumerator)
{
    abide_ctx *ctx = reader->ctx;
    struct known *known;
    HASH_FIND(hh, *numbers, &enumerator->value, sizeof enumerator->value, known);
    if (known) {
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, enumerator->place,
                          "two %s have the number %lld", noun->many, (long long)enumerator->value);
        abide__diag_note(ctx, diag, known->place, "the first one");
        return false;
    }
    known = abide__new(ctx, struct known);
    known->number = enumerator->value;
    known->place = enumerator->place;
    HASH_ADD(hh, *numbers, number, sizeof known->number, known);
    return true;
}

/* 1 to the limit. */
static bool check_count(struct iface_reader *reader, const struct abide_yaml *node,
                        const char *what, const struct noun *noun)
{
    if (node->entry_count > 0 && node->entry_count <= ABIDE_IFACE_MAX_FIELDS)
        return true;
    abide__report(reader->ctx, ABIDE_CODE_TOO_MANY, node->place, "%s has 1 to %zu %s", what,
                  ABIDE_IFACE_MAX_FIELDS, noun->many);
    return false;
}

/* One more than the last number; the first is 0. */
static bool count_on(struct iface_reader *reader, const struct abide_enumerator *previous,
                     uint64_t most, struct abide_enumerator *enumerator)
{
    if (!previous)
        return true;
    bool is_negative = previous->value < 0 && !previous->is_large;
    uint64_t last = (uint64_t)previous->value;
    if (!is_negative && last == most) {
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, enumerator->place,
                      most == UINT64_MAX ? "the value after %llu needs more than 64 bits"
                                         : "there is no number after %llu",
                      (unsigned long long)last);
        return false;
    }
    enumerator->value = (int64_t)(last + 1);
    enumerator->is_large = !is_negative && last >= INT64_MAX;
    return true;
}

static bool is_nothing(const struct abide_yaml *node)
{
    return !node || (node->kind == ABIDE_YAML_SCALAR && node->null);
}

/* What says the number: the value itself, or `value` or `bit` of a mapping, whose `doc` is for readers. NULL: nothing does. */
static bool find_number(abide_ctx *ctx, const struct noun *noun, const struct abide_yaml *node,
                        const struct abide_yaml **number)
{
    bool is_enumerator = noun == &enumerator_noun;
    const struct abide_yaml *values[ENUMERATOR_KEY_COUNT];
    _Static_assert((int)ENUMERATOR_VALUE == (int)FLAG_BIT &&
                       (int)ENUMERATOR_KEY_COUNT == (int)FLAG_KEY_COUNT,
                   "both have a number and a text");
    *number = node;
    if (node && node->kind == ABIDE_YAML_MAPPING) {
        if (!abide_schema__read(
                ctx, is_enumerator ? &abide_iface__enumerator_schema : &abide_iface__flag_schema,
                node, values))
            return false;
        *number = values[ENUMERATOR_VALUE];
    }
    if (is_nothing(*number))
        *number = NULL;
    return true;
}

/* A name of a list, or a name and a number. */
static bool read_number(struct iface_reader *reader, const struct abide_yaml_entry *entry,
                        const struct noun *noun, const struct abide_enumerator *previous,
                        struct abide_enumerator *enumerator)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *name = entry->key ? entry->key : entry->value;
    if (name->kind != ABIDE_YAML_SCALAR) {
        bool is_flag = noun == &flag_noun;
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, name->place,
                                         "%s in a list is a name", noun->one);
        abide__diag_help(ctx, diag, "%s",
                         is_flag ? "numbers of bits go in a mapping: flags: {read: 0, write: 4}"
                                 : "values go in a mapping: enum: {red: 1, green: 2}");
        return false;
    }
    enumerator->name = name->text;
    enumerator->place = name->place;
    const struct abide_yaml *number;
    if (!find_number(ctx, noun, entry->key ? entry->value : NULL, &number))
        return false;
    if (number)
        return noun == &enumerator_noun
                   ? abide_schema__wide_int(ctx, number, &enumerator->value, &enumerator->is_large)
                   : abide_schema__int(ctx, number, &enumerator->value);
    return count_on(reader, previous, noun == &enumerator_noun ? UINT64_MAX : INT64_MAX,
                    enumerator);
}

static bool read_base(struct iface_reader *reader, const struct abide_yaml *node, abide_type *type)
{
    if (node)
        type->target = abide_iface__expression(reader, node, IFACE_USE_VALUE);
    return !node || type->target;
}

/* `open: true` of an enum or flags. */
static bool read_open(struct iface_reader *reader, const struct abide_yaml *node, abide_type *type)
{
    if (!node)
        return true;
    if (node->kind == ABIDE_YAML_SCALAR)
        return abide_schema__bool(reader->ctx, node, &type->is_open);
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                                     "expected true or false, not a mapping");
    abide__diag_help(reader->ctx, diag, "only cases of a variant need room of their own");
    return false;
}

/* TYPE_FORM of what is no other type's name. */
static bool read_own_form(struct iface_reader *reader, const struct abide_yaml *node,
                          abide_type *type)
{
    type->form = node ? node->text : reader->forms[type->kind];
    return !node || abide_name__check(reader->ctx, node->place, "a form", node->text);
}

/* Names with numbers, in a list or a mapping. */
static bool read_names(struct iface_reader *reader, const struct abide_yaml *node,
                       const struct noun *noun, abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    struct abide_enumerator *enumerators =
        abide__new_array(ctx, struct abide_enumerator, node->entry_count);
    struct known *names = NULL;
    struct known *numbers = NULL;
    for (size_t i = 0; i < node->entry_count; i++)
        if (!read_number(reader, abide_yaml__entry(node, i), noun, i ? &enumerators[i - 1] : NULL,
                         &enumerators[i]) ||
            !check_name(reader, &names, noun, &enumerators[i]) ||
            (noun == &flag_noun && !check_number(reader, &numbers, noun, &enumerators[i])))
            return false;
    type->enumerators = enumerators;
    type->enumerator_count = node->entry_count;
    return true;
}

bool abide_iface__read_enum(struct iface_reader *reader, const struct abide_yaml *const *values,
                            abide_type *type)
{
    return read_base(reader, values[TYPE_BASE], type) &&
           read_open(reader, values[TYPE_OPEN], type) &&
           read_own_form(reader, values[TYPE_FORM], type) &&
           check_count(reader, values[TYPE_ENUM], "an enum", &enumerator_noun) &&
           read_names(reader, values[TYPE_ENUM], &enumerator_noun, type);
}

bool abide_iface__read_flags(struct iface_reader *reader, const struct abide_yaml *const *values,
                             abide_type *type)
{
    return read_base(reader, values[TYPE_BASE], type) &&
           read_open(reader, values[TYPE_OPEN], type) &&
           read_own_form(reader, values[TYPE_FORM], type) &&
           check_count(reader, values[TYPE_FLAGS], "a set of flags", &flag_noun) &&
           read_names(reader, values[TYPE_FLAGS], &flag_noun, type);
}

/* ---- variants ------------------------------------------------------------------------------- */

/* {type:, tag:, doc:} and nothing else; any other mapping that defines no type is the fields of a struct. */
static bool is_long_case(const struct abide_yaml *node)
{
    if (!abide_yaml__get(node, "type") && !abide_yaml__get(node, "tag"))
        return false;
    for (size_t i = 0; i < node->entry_count; i++) {
        size_t key = 0;
        while (key < CASE_KEY_COUNT && strcmp(abide_iface__case_schema.keys[key].name,
                                              abide_yaml__key_at(node, i)->text) != 0)
            key++;
        if (key == CASE_KEY_COUNT)
            return false;
    }
    return true;
}

/* NULL: reported. */
static const abide_type *read_payload(struct iface_reader *reader, const struct abide_yaml *node)
{
    if (!node || (node->kind == ABIDE_YAML_SCALAR && node->null))
        return abide_type__void(reader->ctx);
    if (node->kind != ABIDE_YAML_MAPPING || abide_iface__defines_type(node))
        return abide_iface__type(reader, node, IFACE_USE_RESULT);
    abide_type *fields = abide_type__new(reader->ctx, ABIDE_KIND_STRUCT, NULL, node->place);
    return abide_iface__fields(reader, node, fields) ? fields : NULL;
}

static bool read_case(struct iface_reader *reader, const struct abide_yaml_entry *entry,
                      const struct abide_enumerator *previous, struct abide_field *field,
                      struct abide_enumerator *tag)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *values[CASE_KEY_COUNT] = {0};
    const struct abide_yaml *payload = entry->value;
    bool is_long = payload->kind == ABIDE_YAML_MAPPING && !abide_iface__defines_type(payload) &&
                   is_long_case(payload);
    field->name = tag->name = entry->key->text;
    field->place = tag->place = entry->key->place;
    if (!abide_name__check(ctx, tag->place, case_noun.one, tag->name) ||
        (is_long && !abide_schema__read(ctx, &abide_iface__case_schema, payload, values)))
        return false;
    field->type = read_payload(reader, is_long ? values[CASE_TYPE] : payload);
    if (!values[CASE_TAG])
        return field->type && count_on(reader, previous, UINT32_MAX, tag);
    uint64_t number;
    if (!abide_schema__uint(ctx, values[CASE_TAG], UINT32_MAX, &number))
        return false;
    tag->value = (int64_t)number;
    return field->type;
}

static bool read_cases(struct iface_reader *reader, const struct abide_yaml *node, abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, node->entry_count);
    struct abide_enumerator *tags =
        abide__new_array(ctx, struct abide_enumerator, node->entry_count);
    struct known *numbers = NULL;
    for (size_t i = 0; i < node->entry_count; i++)
        if (!read_case(reader, abide_yaml__entry(node, i), i ? &tags[i - 1] : NULL, &fields[i],
                       &tags[i]) ||
            !check_number(reader, &numbers, &case_noun, &tags[i]))
            return false;
    type->fields = fields;
    type->enumerators = tags;
    type->field_count = type->enumerator_count = node->entry_count;
    return true;
}

/* `open: {size: 56, align: 8}` */
static bool read_reserve(struct iface_reader *reader, const struct abide_yaml *node,
                         abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *values[OPEN_KEY_COUNT];
    if (!node)
        return true;
    if (node->kind != ABIDE_YAML_MAPPING) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                                         "an open variant says how much room later cases have");
        abide__diag_help(ctx, diag, "write open: {size: 56, align: 8}, in bytes");
        return false;
    }
    type->is_open = true;
    return abide_schema__read(ctx, &abide_iface__open_schema, node, values) &&
           abide_schema__uint(ctx, values[OPEN_SIZE], ABIDE_TYPE_MAX_COUNT,
                              &type->reserved_bytes) &&
           abide_iface__alignment(reader, values[OPEN_ALIGN], ABIDE_TYPE_MAX_ALIGN_BYTES,
                                  &type->reserved_align_bytes);
}

bool abide_iface__read_variant(struct iface_reader *reader, const struct abide_yaml *const *values,
                               abide_type *type)
{
    const struct abide_yaml *cases = values[TYPE_VARIANT];
    bool may_be_empty = values[TYPE_OPEN] && cases->entry_count == 0;
    return read_base(reader, values[TYPE_TAG], type) &&
           read_reserve(reader, values[TYPE_OPEN], type) &&
           read_own_form(reader, values[TYPE_FORM], type) &&
           (may_be_empty || check_count(reader, cases, "a variant", &case_noun)) &&
           read_cases(reader, cases, type);
}

/* ---- resources ------------------------------------------------------------------------------ */

/* `keeps: NAME`, another resource. */
static bool read_keeps(struct iface_reader *reader, const struct abide_yaml *node, abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    const struct iface_word *word = abide_iface__find_word(reader, node->text);
    if (word && !word->builtin && word->type->kind == ABIDE_KIND_RESOURCE) {
        type->target = word->type;
        return true;
    }
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_BASE, node->place, "%s is no resource",
                                     abide__quote(ctx, node->text));
    if (word && word->key)
        abide__diag_note(ctx, diag, word->key->place, "declared here");
    abide__diag_help(ctx, diag, "'keeps' names the resource that must live as long as this one");
    return false;
}

bool abide_iface__read_resource(struct iface_reader *reader, const struct abide_yaml *const *values,
                                abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *symbol = values[TYPE_RESOURCE];
    size_t which = 0, origin = 0;
    if (strcmp(symbol->text, "true") == 0) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, symbol->place,
                                         "a resource needs the symbol that destroys one");
        abide__diag_help(ctx, diag, "write it as in {resource: house_drop}");
        return false;
    }
    if (!abide_symbol__check(ctx, symbol->place, symbol->text) ||
        (values[TYPE_THREADS] &&
         !abide_schema__word(ctx, values[TYPE_THREADS], abide_iface__threads, &which)) ||
        (values[TYPE_ORIGIN] &&
         !abide_schema__word(ctx, values[TYPE_ORIGIN], abide_iface__origins, &origin)))
        return false;
    type->destructor = symbol->text;
    type->any_thread = which == 1;
    type->is_from_elsewhere = origin == 1;
    return !values[TYPE_KEEPS] || read_keeps(reader, values[TYPE_KEEPS], type);
}
