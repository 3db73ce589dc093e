/* Templates that are mappings: {array: u8, bits: N}, {struct: [...]}, {tag: [u8, u16]} ... */
#include "spec/template_reader.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

#include <string.h>

/* Kinds whose values are told apart by numbers. */
static bool has_tag(enum abide_kind kind)
{
    return abide_template__is_sum(kind) || kind == ABIDE_KIND_ENUM || kind == ABIDE_KIND_FLAGS;
}

static bool is_counted(enum abide_kind kind)
{
    return kind == ABIDE_KIND_ARRAY || kind == ABIDE_KIND_VECTOR || kind == ABIDE_KIND_COMPLEX ||
           kind == ABIDE_KIND_BITSET;
}

enum {
    ARRAY,
    COUNT,
    BITS,
    ALIGN,
    STRUCT,
    UNION,
    NAME,
    NAMES,
    SMALLEST,
    ELSE,
    POINTER,
    MUTABLE,
    OPAQUE,
    TAG,
    FIXED,
    TAGS,
    CASE,
    FUNCTION,
    RETURNS,
    KEY_COUNT
};

static const struct abide_word count_words[] = {
    {"N", "as many as the subject has"},
    {NULL, NULL},
};

static const struct abide_key keys[KEY_COUNT] = {
    [ARRAY] =
        {"array", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, false,
         "An array of this type; `count` or `bits` says how long, without them it has no end.",
         ABIDE_HOLDS("template")},
    [COUNT] = {"count", ABIDE_SHAPE_SCALAR, false, "A number, or N for as many as the subject.",
               ABIDE_WORDS_IN(count_words, "word|number")},
    [BITS] = {"bits", ABIDE_SHAPE_SCALAR, false,
              "N: as many elements as hold a bit for each element of the subject.",
              ABIDE_WORDS(count_words)},
    [ALIGN] = {"align", ABIDE_SHAPE_SCALAR, false, "Least alignment of the array, in bytes.",
               ABIDE_NUMBER},
    [STRUCT] =
        {"struct", ABIDE_SHAPE_SEQUENCE, false,
         "Members: 'name type', a mapping, `fields` for the fields of the subject, or `cases` "
         "for the payloads of its cases.",
         ABIDE_HOLDS("[member]")},
    [UNION] = {"union", ABIDE_SHAPE_SEQUENCE, false, "As `struct`.", ABIDE_HOLDS("[member]")},
    [NAME] = {"name", ABIDE_SHAPE_SCALAR, false, "C name of the record where the subject has none.",
              NULL},
    [NAMES] = {"names", ABIDE_SHAPE_SCALAR, false,
               "Pattern for the names of all fields; $i is the index from 0.", NULL},
    [SMALLEST] = {"smallest", ABIDE_SHAPE_SEQUENCE, false,
                  "The first of these scalars with a bit for each element of the subject.",
                  ABIDE_HOLDS("[scalar_name]")},
    [ELSE] = {"else", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, false,
              "What to take if none of `smallest` is large enough.", ABIDE_HOLDS("template")},
    [POINTER] = {"pointer", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, false,
                 "A pointer to this template.", ABIDE_HOLDS("template")},
    [MUTABLE] = {"mutable", ABIDE_SHAPE_SCALAR, false, "Whether what it points to may be written.",
                 ABIDE_FLAG},
    [OPAQUE] = {"opaque", ABIDE_SHAPE_SCALAR, false, "A type of this C name, known only by name.",
                NULL},
    [TAG] = {"tag", ABIDE_SHAPE_SEQUENCE, false,
             "What the subject says its tag or base is, else the first of these integers that can "
             "tell all its cases.",
             ABIDE_HOLDS("[integer_name]")},
    [FIXED] = {"fixed", ABIDE_SHAPE_SCALAR, false,
               "`true`: one of these integers, whatever the subject says.", ABIDE_FLAG},
    [TAGS] = {"tags", ABIDE_SHAPE_MAPPING, false,
              "Numbers of cases, where they are not those of the interface.",
              ABIDE_HOLDS("{integer|nothing}")},
    [CASE] = {"case", ABIDE_SHAPE_SCALAR, false, "The payload of this case.", NULL},
    [FUNCTION] = {"function", ABIDE_SHAPE_SEQUENCE, false,
                  "A pointer to a function with parameters of these types.",
                  ABIDE_HOLDS("[template]")},
    [RETURNS] = {"returns", ABIDE_SHAPE_SCALAR, false, "What it returns; nothing without it.",
                 ABIDE_HOLDS("word_template")},
};

static void read_one_item(const struct abide_template_reader *reader, const struct abide_yaml *node,
                          struct abide_template *template)
{
    const struct abide_template **items =
        abide__new_array(reader->ctx, const struct abide_template *, 1);
    items[0] = abide_template__any(reader, node);
    template->items = items;
    template->item_count = 1;
}

static bool is_n(const struct abide_template_reader *reader, const struct abide_yaml *node)
{
    if (strcmp(node->text, count_words[0].name) != 0)
        return false;
    if (!is_counted(reader->subject))
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place, "%s has no 'N'",
                      abide__kind_names[reader->subject]);
    return true;
}

static void read_array(const struct abide_template_reader *reader, const struct abide_yaml *node,
                       const struct abide_yaml **values, struct abide_template *template)
{
    template->op = ABIDE_TEMPLATE_ARRAY;
    read_one_item(reader, values[ARRAY], template);
    template->is_flexible = values[COUNT] == NULL &&values[BITS] == NULL && reader->is_far;
    if (template->is_flexible)
        return;
    if ((values[COUNT] == NULL) == (values[BITS] == NULL)) {
        abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place,
                                         "an array needs either 'count' or 'bits'");
        if (values[COUNT] == NULL)
            abide__diag_help(reader->ctx, diag,
                             "only the last member of a record behind a pointer can have no end");
        return;
    }
    if (values[BITS] != NULL) {
        template->count_from = ABIDE_TEMPLATE_COUNT_BITS;
        if (!is_n(reader, values[BITS]))
            abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, values[BITS]->place, "expected N");
        if (template->items[0]->op != ABIDE_TEMPLATE_SCALAR ||
            abide__scalars[template->items[0]->scalar].size_bytes == 0)
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, values[ARRAY]->place,
                          "`bits` needs an array of a scalar of fixed size, such as u8");
    } else if (is_n(reader, values[COUNT])) {
        template->count_from = ABIDE_TEMPLATE_COUNT_SUBJECT;
    } else {
        abide_schema__uint(reader->ctx, values[COUNT], (uint64_t)1 << 32, &template->count);
    }
}

static void read_smallest(const struct abide_template_reader *reader, const struct abide_yaml *node,
                          const struct abide_yaml **values, struct abide_template *template)
{
    const struct abide_yaml *list = values[SMALLEST];
    template->op = ABIDE_TEMPLATE_SMALLEST;
    const struct abide_template **items =
        abide__new_array(reader->ctx, const struct abide_template *, list->entry_count + 1);
    for (size_t i = 0; i < list->entry_count; i++) {
        const struct abide_yaml *item = abide_yaml__at(list, i);
        items[i] = abide_template__any(reader, item);
        if (items[i]->op != ABIDE_TEMPLATE_SCALAR ||
            abide__scalars[items[i]->scalar].size_bytes == 0)
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, item->place,
                          "expected a scalar of fixed size, such as u8");
    }
    if (!is_counted(reader->subject))
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, list->place, "%s has no elements",
                      abide__kind_names[reader->subject]);
    if (values[ELSE] == NULL)
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place,
                      "`smallest` needs an `else` for larger ones");
    items[list->entry_count] = values[ELSE] != NULL ? abide_template__any(reader, values[ELSE])
                                                    : abide_template__nothing(reader, node->place);
    template->items = items;
    template->item_count = list->entry_count + 1;
}

/* {tag: [u8, u16, u32]} */
static void read_tag(const struct abide_template_reader *reader, const struct abide_yaml *node,
                     const struct abide_yaml **values, struct abide_template *template)
{
    const struct abide_yaml *list = values[TAG];
    template->op = ABIDE_TEMPLATE_TAG;
    const struct abide_template **items =
        abide__new_array(reader->ctx, const struct abide_template *, list->entry_count);
    for (size_t i = 0; i < list->entry_count; i++) {
        const struct abide_yaml *item = abide_yaml__at(list, i);
        items[i] = abide_template__any(reader, item);
        if (items[i]->op != ABIDE_TEMPLATE_SCALAR ||
            abide__scalars[items[i]->scalar].group == ABIDE_GROUP_FLOAT)
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, item->place,
                          "expected an integer, such as u8");
    }
    template->items = items;
    template->item_count = list->entry_count;
    if (!has_tag(reader->subject))
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place, "%s has no cases",
                      abide__kind_names[reader->subject]);
    if (list->entry_count == 0)
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, list->place,
                      "expected a list of integers, such as [u8, u16, u32]");
    if (values[FIXED] != NULL)
        abide_schema__bool(reader->ctx, values[FIXED], &template->is_fixed);
}

/* The cases of options and results have the same names always. */
static const char *nth_case(const void *user, size_t index)
{
    static const char *const option[] = {"none", "some"};
    static const char *const result[] = {"ok", "err"};
    const struct abide_template_reader *reader = user;
    if (index > 1 || (reader->subject != ABIDE_KIND_OPTION && reader->subject != ABIDE_KIND_RESULT))
        return NULL;
    return reader->subject == ABIDE_KIND_OPTION ? option[index] : result[index];
}

static void check_case(const struct abide_template_reader *reader, const struct abide_yaml *node)
{
    if (!abide_template__is_sum(reader->subject))
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place, "%s has no cases",
                      abide__kind_names[reader->subject]);
    const char *name = nth_case(reader, 0);
    if (name == NULL || strcmp(name, node->text) == 0 ||
        strcmp(nth_case(reader, 1), node->text) == 0)
        return;
    abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place,
                  "the cases of %s are called '%s' and '%s'", abide__kind_names[reader->subject],
                  name, nth_case(reader, 1));
}

/* tags: {ok: 1, err: 0} */
static void read_tags(const struct abide_template_reader *reader, const struct abide_yaml *node,
                      struct abide_template *template)
{
    struct abide_template_tag *tags =
        abide__new_array(reader->ctx, struct abide_template_tag, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        check_case(reader, abide_yaml__key_at(node, i));
        tags[i].name = abide__intern_text(reader->ctx, abide_yaml__key_at(node, i)->text);
        if (!abide_schema__int(reader->ctx, abide_yaml__at(node, i), &tags[i].value))
            continue;
        for (size_t j = 0; j < i; j++) {
            if (tags[j].value == tags[i].value)
                abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, abide_yaml__at(node, i)->place,
                              "two cases have the tag %lld", (long long)tags[i].value);
        }
    }
    template->tags = tags;
    template->tag_count = node->entry_count;
}

static bool is_word(const struct abide_template *item)
{
    return item->op == ABIDE_TEMPLATE_SCALAR || item->op == ABIDE_TEMPLATE_POINTER;
}

/* {function: [mutptr<void>, u64], returns: u32}: the result is the last item. */
static void read_function(const struct abide_template_reader *reader,
                          const struct abide_yaml **values, struct abide_template *template)
{
    const struct abide_yaml *list = values[FUNCTION];
    const struct abide_template **items =
        abide__new_array(reader->ctx, const struct abide_template *, list->entry_count + 1);
    struct abide_template_reader far = *reader;
    far.is_far = true;
    for (size_t i = 0; i < list->entry_count; i++) {
        const struct abide_yaml *item = abide_yaml__at(list, i);
        items[i] = abide_template__any(&far, item);
        if (!is_word(items[i]))
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, item->place,
                          "expected a scalar or a pointer, such as mutptr<void>");
    }
    items[list->entry_count] = values[RETURNS] ? abide_template__any(&far, values[RETURNS])
                                               : abide_template__nothing(reader, list->place);
    template->op = ABIDE_TEMPLATE_FUNCTION;
    template->items = items;
    template->item_count = list->entry_count + 1;
}

/* Which of the forms array, struct, union, smallest, pointer, opaque, tag, case, function; KEY_COUNT unless exactly one. */
static size_t form_of(const struct abide_template_reader *reader, const struct abide_yaml *node,
                      const struct abide_yaml **values)
{
    static const size_t forms[] = {ARRAY,  STRUCT, UNION, SMALLEST, POINTER,
                                   OPAQUE, TAG,    CASE,  FUNCTION};
    size_t found = KEY_COUNT;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (values[forms[i]] == NULL)
            continue;
        if (found != KEY_COUNT) {
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place,
                          "a template is either '%s' or '%s'", keys[found].name,
                          keys[forms[i]].name);
            return KEY_COUNT;
        }
        found = forms[i];
    }
    if (found == KEY_COUNT)
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place,
                      "a template says 'array', 'struct', 'union', 'smallest', 'pointer', "
                      "'opaque', 'tag', 'case' or 'function'");
    return found;
}

static bool check_extras(const struct abide_template_reader *reader,
                         const struct abide_yaml **values, size_t form)
{
    static const struct {
        size_t key;
        size_t form, other_form;
    } extras[] = {{COUNT, ARRAY, ARRAY},        {BITS, ARRAY, ARRAY},   {ALIGN, ARRAY, ARRAY},
                  {NAME, STRUCT, UNION},        {NAMES, STRUCT, UNION}, {ELSE, SMALLEST, SMALLEST},
                  {MUTABLE, POINTER, POINTER},  {FIXED, TAG, TAG},      {TAGS, STRUCT, TAG},
                  {RETURNS, FUNCTION, FUNCTION}};
    for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
        if (values[extras[i].key] == NULL || form == extras[i].form || form == extras[i].other_form)
            continue;
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, values[extras[i].key]->place,
                      "'%s' belongs to '%s', not to '%s'", keys[extras[i].key].name,
                      keys[extras[i].form].name, keys[form].name);
        return false;
    }
    return true;
}

const struct abide_schema abide_template__schema = {"a template", keys, KEY_COUNT};

const struct abide_template *abide_template__mapping(const struct abide_template_reader *reader,
                                                     const struct abide_yaml *node)
{
    const struct abide_yaml *values[KEY_COUNT];
    struct abide_template *template = abide__new(reader->ctx, struct abide_template);
    template->op = ABIDE_TEMPLATE_VOID;
    template->place = node->place;
    if (!abide_schema__read(reader->ctx, &abide_template__schema, node, values))
        return template;
    size_t form = form_of(reader, node, values);
    if (form == KEY_COUNT || !check_extras(reader, values, form))
        return template;
    template->name = abide_template__identifier(reader, values[NAME], NULL);
    template->field_pattern = abide_template__identifier(reader, values[NAMES], "$i");
    if (values[MUTABLE] != NULL)
        abide_schema__bool(reader->ctx, values[MUTABLE], &template->is_mutable);
    if (values[ALIGN] != NULL &&
        abide_schema__uint(reader->ctx, values[ALIGN], 4096, &template->align_bytes) &&
        (template->align_bytes & (template->align_bytes - 1)) != 0)
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, values[ALIGN]->place,
                      "an alignment is a power of two");
    if (values[TAGS] != NULL)
        read_tags(reader, values[TAGS], template);
    if (form == ARRAY) {
        read_array(reader, node, values, template);
    } else if (form == STRUCT || form == UNION) {
        template->is_union = form == UNION;
        abide_template__members(reader, values[form], template);
    } else if (form == SMALLEST) {
        read_smallest(reader, node, values, template);
    } else if (form == POINTER) {
        struct abide_template_reader far = *reader;
        far.is_far = true;
        template->op = ABIDE_TEMPLATE_POINTER;
        read_one_item(&far, values[POINTER], template);
    } else if (form == FUNCTION) {
        read_function(reader, values, template);
    } else if (form == TAG) {
        read_tag(reader, node, values, template);
    } else if (form == CASE) {
        template->op = ABIDE_TEMPLATE_CASE;
        template->name = abide__intern_text(reader->ctx, values[CASE]->text);
        check_case(reader, values[CASE]);
    } else {
        template->op = ABIDE_TEMPLATE_OPAQUE;
        template->name = abide_template__identifier(reader, values[OPAQUE], NULL);
    }
    return template;
}
