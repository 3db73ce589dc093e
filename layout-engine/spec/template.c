/* `represent:` of a module: which templates stand for which kind of type. */
#include "spec/language.h"

#include "base/diag.h"
#include "base/schema.h"

#include <string.h>

/* Deeper templates than YAML's own limit can only be written as ptr<ptr<...>>. */
#define MAX_NESTED_WORDS 16

struct reader {
    abide_ctx *ctx;
    const struct abide_when_scope *scope;
    enum abide_kind subject; /* what is represented: decides which holes a template may have */
    bool is_far;             /* what is read lies behind a pointer */
};

static const struct abide_template *read_template(const struct reader *reader,
                                                  const struct abide_yaml *node);

static const struct abide_template *nothing(const struct reader *reader, struct abide_place place)
{
    struct abide_template *template = abide__new(reader->ctx, struct abide_template);
    template->op = ABIDE_TEMPLATE_VOID;
    template->place = place;
    return template;
}

static bool is_record(enum abide_kind kind)
{
    return kind == ABIDE_KIND_STRUCT || kind == ABIDE_KIND_UNION || kind == ABIDE_KIND_TUPLE;
}

/* Kinds that may hold themselves through T: it can only be pointed to. */
static bool has_far_target(enum abide_kind kind)
{
    return kind == ABIDE_KIND_SLICE || kind == ABIDE_KIND_SEQ || kind == ABIDE_KIND_BOX ||
           kind == ABIDE_KIND_HANDLE;
}

static bool is_sum(enum abide_kind kind)
{
    return kind == ABIDE_KIND_VARIANT || kind == ABIDE_KIND_OPTION || kind == ABIDE_KIND_RESULT;
}

/* Kinds whose values are told apart by numbers. */
static bool has_tag(enum abide_kind kind)
{
    return is_sum(kind) || kind == ABIDE_KIND_ENUM || kind == ABIDE_KIND_FLAGS;
}

/* Kinds that wrap or repeat one type, which is called T. */
static bool has_target(enum abide_kind kind)
{
    return kind == ABIDE_KIND_ARRAY || kind == ABIDE_KIND_NEWTYPE || kind == ABIDE_KIND_RAW ||
           has_far_target(kind);
}

static bool is_counted(enum abide_kind kind)
{
    return kind == ABIDE_KIND_ARRAY || kind == ABIDE_KIND_BITSET;
}

/* --- words: u8, T, ptr<void> ---------------------------------------------------------------- */

static const struct {
    const char *name;
    enum abide_template_op op;
} holes[] = {{"T", ABIDE_TEMPLATE_TARGET},        {"E", ABIDE_TEMPLATE_ELEMENT},
             {"base", ABIDE_TEMPLATE_BASE},       {"code", ABIDE_TEMPLATE_CODE},
             {"reserve", ABIDE_TEMPLATE_RESERVE}, {"void", ABIDE_TEMPLATE_VOID}};
#define HOLE_COUNT (sizeof holes / sizeof holes[0])

static const char *nth_word(const void *user, size_t index)
{
    (void)user;
    static const char *const pointers[] = {"ptr", "mutptr"};
    if (index < HOLE_COUNT)
        return holes[index].name;
    if (index < HOLE_COUNT + 2)
        return pointers[index - HOLE_COUNT];
    index -= HOLE_COUNT + 2;
    return index < ABIDE_SCALAR_COUNT ? abide__scalars[index].name : NULL;
}

static bool hole_is_legal(enum abide_template_op op, enum abide_kind subject)
{
    switch (op) {
    case ABIDE_TEMPLATE_TARGET: return has_target(subject);
    case ABIDE_TEMPLATE_BASE: return subject == ABIDE_KIND_ENUM || subject == ABIDE_KIND_STRUCT;
    case ABIDE_TEMPLATE_ELEMENT: return subject == ABIDE_KIND_POINTER;
    case ABIDE_TEMPLATE_CODE: return subject == ABIDE_KIND_CLOSURE;
    case ABIDE_TEMPLATE_RESERVE: return subject == ABIDE_KIND_VARIANT;
    default: return true;
    }
}

static bool find_word(const struct reader *reader, const char *word, bool is_pointed_to,
                      struct abide_place place, struct abide_template *template)
{
    for (size_t i = 0; i < HOLE_COUNT; i++) {
        if (strcmp(holes[i].name, word) != 0)
            continue;
        template->op = holes[i].op;
        if (template->op == ABIDE_TEMPLATE_TARGET && has_far_target(reader->subject) &&
            !is_pointed_to && !reader->is_far) {
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, place,
                          "'T' of %s can only be pointed to: write mutptr<T>",
                          abide__kind_names[reader->subject]);
            return false;
        }
        if (hole_is_legal(template->op, reader->subject))
            return true;
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, place, "%s has no '%s'",
                      abide__kind_names[reader->subject], word);
        return false;
    }
    for (unsigned i = 0; i < ABIDE_SCALAR_COUNT; i++) {
        if (strcmp(abide__scalars[i].name, word) == 0) {
            template->op = ABIDE_TEMPLATE_SCALAR;
            template->scalar = (enum abide_scalar)i;
            return true;
        }
    }
    abide_diag *diag =
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, place,
                      "%s is no type that a template can use", abide__quote(reader->ctx, word));
    const char *near = abide__nearest(word, nth_word, NULL);
    if (near != NULL)
        abide__diag_help(reader->ctx, diag, "did you mean '%s'?", near);
    return false;
}

static const struct abide_template *pointer_to(const struct reader *reader,
                                               const struct abide_template *item, bool is_mutable,
                                               struct abide_place place)
{
    struct abide_template *template = abide__new(reader->ctx, struct abide_template);
    const struct abide_template **items =
        abide__new_array(reader->ctx, const struct abide_template *, 1);
    items[0] = item;
    template->op = ABIDE_TEMPLATE_POINTER;
    template->is_mutable = is_mutable;
    template->items = items;
    template->item_count = 1;
    template->place = place;
    return template;
}

/* "ptr<mutptr<T>>": pointers around one word. */
static const struct abide_template *read_word(const struct reader *reader, const char *text,
                                              struct abide_place place)
{
    bool is_mutable[MAX_NESTED_WORDS];
    size_t depth = 0;
    for (;;) {
        bool mutable_here = strncmp(text, "mutptr<", 7) == 0;
        if (!mutable_here && strncmp(text, "ptr<", 4) != 0)
            break;
        if (depth == MAX_NESTED_WORDS) {
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, place,
                          "more than %d pointers around one type", MAX_NESTED_WORDS);
            return nothing(reader, place);
        }
        is_mutable[depth++] = mutable_here;
        text += mutable_here ? 7 : 4;
    }
    size_t length = strlen(text);
    size_t closing = 0;
    while (closing < length && text[length - 1 - closing] == '>')
        closing++;
    if (closing != depth) {
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, place,
                      "the angle brackets do not match");
        return nothing(reader, place);
    }
    struct abide_template *inner = abide__new(reader->ctx, struct abide_template);
    inner->place = place;
    inner->op = ABIDE_TEMPLATE_VOID;
    find_word(reader, abide__intern(reader->ctx, text, length - closing), depth > 0, place, inner);
    const struct abide_template *template = inner;
    while (depth > 0)
        template = pointer_to(reader, template, is_mutable[--depth], place);
    return template;
}

/* --- records ---------------------------------------------------------------------------------- */

static const char *text_of(const struct abide_yaml *node)
{
    return node != NULL ? node->text : NULL;
}

/* A C identifier with `$` holes: names end up in prototypes. */
static const char *read_identifier(const struct reader *reader, const struct abide_yaml *node,
                                   const char *hole)
{
    if (node == NULL)
        return NULL;
    const char *text = node->text;
    for (const char *at = text; *at != '\0'; at++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_';
        if (letter || (*at >= '0' && *at <= '9' && at != text))
            continue;
        if (hole != NULL && strncmp(at, hole, strlen(hole)) == 0) {
            at += strlen(hole) - 1;
            continue;
        }
        abide__report(reader->ctx, ABIDE_CODE_BAD_VALUE, node->place, "%s is no C identifier%s%s",
                      abide__quote(reader->ctx, text), hole != NULL ? " with the hole " : "",
                      hole != NULL ? hole : "");
        return NULL;
    }
    return *text != '\0' ? text : NULL;
}

enum { MEMBER_NAME, MEMBER_TYPE, MEMBER_PART, MEMBER_PARAMETER, MEMBER_TERMINATED, MEMBER_KEYS };

static const struct abide_key member_keys[MEMBER_KEYS] = {
    [MEMBER_NAME] = {"name", ABIDE_SHAPE_SCALAR, false,
                     "Name of the member; none makes it anonymous."},
    [MEMBER_TYPE] = {"type", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, true,
                     "Template of its type."},
    [MEMBER_PART] =
        {"part", ABIDE_SHAPE_SCALAR, false,
         "What it is for: ptr, data, len, cap, owner, tag, payload; also what to call it "
         "where it becomes a parameter."},
    [MEMBER_PARAMETER] = {"parameter", ABIDE_SHAPE_SCALAR, false,
                          "Name of that parameter in prototypes; $p is the name of the whole."},
    [MEMBER_TERMINATED] = {"terminated", ABIDE_SHAPE_SCALAR, false,
                           "Of a string's `ptr` or `data`: a NUL stands behind the end."},
};

static void read_member_mapping(const struct reader *reader, const struct abide_yaml *node,
                                struct abide_template_member *member)
{
    static const struct abide_schema schema = {"a member", member_keys, MEMBER_KEYS};
    const struct abide_yaml *values[MEMBER_KEYS];
    if (!abide_schema__read(reader->ctx, &schema, node, values)) {
        member->type = nothing(reader, node->place);
        return;
    }
    member->name = read_identifier(reader, values[MEMBER_NAME], NULL);
    member->type = read_template(reader, values[MEMBER_TYPE]);
    member->part = text_of(values[MEMBER_PART]);
    member->parameter = read_identifier(reader, values[MEMBER_PARAMETER], "$p");
    const struct abide_yaml *terminated = values[MEMBER_TERMINATED];
    if (terminated == NULL || !abide_schema__bool(reader->ctx, terminated, &member->is_terminated))
        return;
    bool has_end = member->part != NULL && (strcmp(member->part, ABIDE_PART_POINTER) == 0 ||
                                            strcmp(member->part, ABIDE_PART_DATA) == 0);
    if (!has_end)
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, terminated->place,
                      "only what is `part: ptr` or `part: data` has an end to be terminated");
}

/* "fields", "cases", "len ssize", or {name: len, type: ssize, part: len, parameter: "$pLen_0"} */
static void read_member(const struct reader *reader, const struct abide_yaml *node,
                        struct abide_template_member *member)
{
    if (node->kind == ABIDE_YAML_MAPPING) {
        read_member_mapping(reader, node, member);
        return;
    }
    const char *text = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    member->is_cases = strcmp(text, "cases") == 0 && is_sum(reader->subject);
    if (member->is_cases || (strcmp(text, "fields") == 0 && is_record(reader->subject)))
        return;
    const char *space = strchr(text, ' ');
    if (space == NULL) {
        const char *also = is_record(reader->subject) ? ", or 'fields'"
                           : is_sum(reader->subject)  ? ", or 'cases'"
                                                      : "";
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place,
                      "expected a member such as 'len ssize'%s", also);
        member->type = nothing(reader, node->place);
        return;
    }
    struct abide_yaml name = *node;
    name.text = abide__intern(reader->ctx, text, (size_t)(space - text));
    member->name = read_identifier(reader, &name, NULL);
    member->type = read_word(reader, space + 1, node->place);
}

static bool is_open_ended(const struct abide_template *template)
{
    return template != NULL && template->op == ABIDE_TEMPLATE_ARRAY && template->is_flexible;
}

/* Two members cannot be the same part, and only the last one can have no end. */
static void check_members(const struct reader *reader, const struct abide_yaml *node,
                          const struct abide_template *template)
{
    for (size_t i = 0; i < template->member_count; i++) {
        const struct abide_template_member *member = &template->members[i];
        struct abide_place place = node->entries[i].value->place;
        if (is_open_ended(member->type) && i + 1 < template->member_count)
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, place,
                          "an array without a count can only be the last member");
        for (size_t j = 0; member->part != NULL && j < i; j++) {
            const struct abide_template_member *other = &template->members[j];
            if (other->part == NULL || strcmp(other->part, member->part) != 0)
                continue;
            abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, place,
                                             "part '%s' stands twice", member->part);
            abide__diag_note(reader->ctx, diag, node->entries[j].value->place, "here as well");
        }
    }
}

static void read_members(const struct reader *reader, const struct abide_yaml *node,
                         struct abide_template *template)
{
    struct abide_template_member *members =
        abide__new_array(reader->ctx, struct abide_template_member, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        read_member(reader, node->entries[i].value, &members[i]);
    template->op = ABIDE_TEMPLATE_RECORD;
    template->members = members;
    template->member_count = node->entry_count;
    check_members(reader, node, template);
}

/* --- mappings ----------------------------------------------------------------------------------- */

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
    KEY_COUNT
};

static const struct abide_key keys[KEY_COUNT] = {
    [ARRAY] =
        {"array", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, false,
         "An array of this type; `count` or `bits` says how long, without them it has no end."},
    [COUNT] = {"count", ABIDE_SHAPE_SCALAR, false, "A number, or N for as many as the subject."},
    [BITS] = {"bits", ABIDE_SHAPE_SCALAR, false,
              "N: as many elements as hold a bit for each element of the subject."},
    [ALIGN] = {"align", ABIDE_SHAPE_SCALAR, false, "Least alignment of the array, in bytes."},
    [STRUCT] =
        {"struct", ABIDE_SHAPE_SEQUENCE, false,
         "Members: 'name type', a mapping, `fields` for the fields of the subject, or `cases` "
         "for the payloads of its cases."},
    [UNION] = {"union", ABIDE_SHAPE_SEQUENCE, false, "As `struct`."},
    [NAME] = {"name", ABIDE_SHAPE_SCALAR, false,
              "C name of the record where the subject has none."},
    [NAMES] = {"names", ABIDE_SHAPE_SCALAR, false,
               "Pattern for the names of all fields; $i is the index from 0."},
    [SMALLEST] = {"smallest", ABIDE_SHAPE_SEQUENCE, false,
                  "The first of these scalars with a bit for each element of the subject."},
    [ELSE] = {"else", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, false,
              "What to take if none of `smallest` is large enough."},
    [POINTER] = {"pointer", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, false,
                 "A pointer to this template."},
    [MUTABLE] = {"mutable", ABIDE_SHAPE_SCALAR, false, "Whether what it points to may be written."},
    [OPAQUE] = {"opaque", ABIDE_SHAPE_SCALAR, false, "A type of this C name, known only by name."},
    [TAG] = {"tag", ABIDE_SHAPE_SEQUENCE, false,
             "What the subject says its tag or base is, else the first of these integers that can "
             "tell all its cases."},
    [FIXED] = {"fixed", ABIDE_SHAPE_SCALAR, false,
               "`true`: one of these integers, whatever the subject says."},
    [TAGS] = {"tags", ABIDE_SHAPE_MAPPING, false,
              "Numbers of cases, where they are not those of the interface."},
    [CASE] = {"case", ABIDE_SHAPE_SCALAR, false, "The payload of this case."},
};

static void read_one_item(const struct reader *reader, const struct abide_yaml *node,
                          struct abide_template *template)
{
    const struct abide_template **items =
        abide__new_array(reader->ctx, const struct abide_template *, 1);
    items[0] = read_template(reader, node);
    template->items = items;
    template->item_count = 1;
}

static bool is_n(const struct reader *reader, const struct abide_yaml *node)
{
    if (strcmp(node->text, "N") != 0)
        return false;
    if (!is_counted(reader->subject))
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place, "%s has no 'N'",
                      abide__kind_names[reader->subject]);
    return true;
}

static void read_array(const struct reader *reader, const struct abide_yaml *node,
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

static void read_smallest(const struct reader *reader, const struct abide_yaml *node,
                          const struct abide_yaml **values, struct abide_template *template)
{
    const struct abide_yaml *list = values[SMALLEST];
    template->op = ABIDE_TEMPLATE_SMALLEST;
    const struct abide_template **items =
        abide__new_array(reader->ctx, const struct abide_template *, list->entry_count + 1);
    for (size_t i = 0; i < list->entry_count; i++) {
        const struct abide_yaml *item = list->entries[i].value;
        items[i] = read_template(reader, item);
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
    items[list->entry_count] =
        values[ELSE] != NULL ? read_template(reader, values[ELSE]) : nothing(reader, node->place);
    template->items = items;
    template->item_count = list->entry_count + 1;
}

/* {tag: [u8, u16, u32]} */
static void read_tag(const struct reader *reader, const struct abide_yaml *node,
                     const struct abide_yaml **values, struct abide_template *template)
{
    const struct abide_yaml *list = values[TAG];
    template->op = ABIDE_TEMPLATE_TAG;
    const struct abide_template **items =
        abide__new_array(reader->ctx, const struct abide_template *, list->entry_count);
    for (size_t i = 0; i < list->entry_count; i++) {
        const struct abide_yaml *item = list->entries[i].value;
        items[i] = read_template(reader, item);
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
    const struct reader *reader = user;
    if (index > 1 || (reader->subject != ABIDE_KIND_OPTION && reader->subject != ABIDE_KIND_RESULT))
        return NULL;
    return reader->subject == ABIDE_KIND_OPTION ? option[index] : result[index];
}

static void check_case(const struct reader *reader, const struct abide_yaml *node)
{
    if (!is_sum(reader->subject))
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
static void read_tags(const struct reader *reader, const struct abide_yaml *node,
                      struct abide_template *template)
{
    struct abide_template_tag *tags =
        abide__new_array(reader->ctx, struct abide_template_tag, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        check_case(reader, node->entries[i].key);
        tags[i].name = abide__intern_text(reader->ctx, node->entries[i].key->text);
        if (!abide_schema__int(reader->ctx, node->entries[i].value, &tags[i].value))
            continue;
        for (size_t j = 0; j < i; j++) {
            if (tags[j].value == tags[i].value)
                abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->entries[i].value->place,
                              "two cases have the tag %lld", (long long)tags[i].value);
        }
    }
    template->tags = tags;
    template->tag_count = node->entry_count;
}

/* Which of the forms array, struct, union, smallest, pointer, opaque, tag, case; KEY_COUNT unless exactly one. */
static size_t form_of(const struct reader *reader, const struct abide_yaml *node,
                      const struct abide_yaml **values)
{
    static const size_t forms[] = {ARRAY, STRUCT, UNION, SMALLEST, POINTER, OPAQUE, TAG, CASE};
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
                      "'opaque', 'tag' or 'case'");
    return found;
}

static bool check_extras(const struct reader *reader, const struct abide_yaml **values, size_t form)
{
    static const struct {
        size_t key;
        size_t form, other_form;
    } extras[] = {{COUNT, ARRAY, ARRAY},       {BITS, ARRAY, ARRAY},   {ALIGN, ARRAY, ARRAY},
                  {NAME, STRUCT, UNION},       {NAMES, STRUCT, UNION}, {ELSE, SMALLEST, SMALLEST},
                  {MUTABLE, POINTER, POINTER}, {FIXED, TAG, TAG},      {TAGS, STRUCT, TAG}};
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

static const struct abide_template *read_mapping(const struct reader *reader,
                                                 const struct abide_yaml *node)
{
    static const struct abide_schema schema = {"a template", keys, KEY_COUNT};
    const struct abide_yaml *values[KEY_COUNT];
    struct abide_template *template = abide__new(reader->ctx, struct abide_template);
    template->op = ABIDE_TEMPLATE_VOID;
    template->place = node->place;
    if (!abide_schema__read(reader->ctx, &schema, node, values))
        return template;
    size_t form = form_of(reader, node, values);
    if (form == KEY_COUNT || !check_extras(reader, values, form))
        return template;
    template->name = read_identifier(reader, values[NAME], NULL);
    template->field_pattern = read_identifier(reader, values[NAMES], "$i");
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
        read_members(reader, values[form], template);
    } else if (form == SMALLEST) {
        read_smallest(reader, node, values, template);
    } else if (form == POINTER) {
        struct reader far = *reader;
        far.is_far = true;
        template->op = ABIDE_TEMPLATE_POINTER;
        read_one_item(&far, values[POINTER], template);
    } else if (form == TAG) {
        read_tag(reader, node, values, template);
    } else if (form == CASE) {
        template->op = ABIDE_TEMPLATE_CASE;
        template->name = abide__intern_text(reader->ctx, values[CASE]->text);
        check_case(reader, values[CASE]);
    } else {
        template->op = ABIDE_TEMPLATE_OPAQUE;
        template->name = read_identifier(reader, values[OPAQUE], NULL);
    }
    return template;
}

static const struct abide_template *read_template(const struct reader *reader,
                                                  const struct abide_yaml *node)
{
    if (node->kind == ABIDE_YAML_SCALAR)
        return read_word(reader, node->text, node->place);
    if (node->kind == ABIDE_YAML_MAPPING)
        return read_mapping(reader, node);
    abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                  "expected a template: a type such as u8, or a mapping");
    return nothing(reader, node->place);
}

/* --- choices ------------------------------------------------------------------------------------ */

static bool is_conditional(const struct abide_yaml *node)
{
    return node->kind == ABIDE_YAML_MAPPING && abide_yaml__get(node, "as") != NULL;
}

static bool tests_convention(const struct reader *reader, const struct abide_when *when)
{
    for (size_t i = 0; i < reader->scope->option_count; i++) {
        if (reader->scope->options[i].is_convention && when->op == ABIDE_WHEN_OPTION &&
            strcmp(when->name, reader->scope->options[i].name) == 0)
            return true;
    }
    return false;
}

/* A type lies in memory in one form, whichever function it is passed to. */
static void check_condition(const struct reader *reader, const struct abide_when *when)
{
    const char *what = NULL;
    if (when->op == ABIDE_WHEN_SIZE)
        what = "the size that follows from it";
    else if (when->op == ABIDE_WHEN_FLAT)
        what = "the flat form that follows from it";
    else if (when->op == ABIDE_WHEN_PARAM_FACT || when->op == ABIDE_WHEN_RESULT_FACT ||
             when->op == ABIDE_WHEN_RESULT || when->op == ABIDE_WHEN_POSITION ||
             when->op == ABIDE_WHEN_VARIADIC || when->op == ABIDE_WHEN_MODE)
        what = "the signature that the type occurs in";
    else if (tests_convention(reader, when))
        what = "the convention of a function";
    if (what != NULL)
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, when->place,
                      "a representation cannot depend on %s", what);
    for (size_t i = 0; what == NULL && i < when->operand_count; i++)
        check_condition(reader, when->operands[i]);
}

static bool has_part(const struct abide_template *template, const char *part)
{
    for (size_t i = 0; i < template->member_count; i++) {
        const char *other = template->members[i].part;
        if (other != NULL && strcmp(other, part) == 0)
            return true;
    }
    return false;
}

const char *abide_template__lone_case(const struct abide_template *as)
{
    bool is_wrapped = as->op == ABIDE_TEMPLATE_RECORD && !as->is_union && as->member_count == 1 &&
                      as->members[0].type != NULL && has_part(as, ABIDE_PART_PAYLOAD);
    if (is_wrapped)
        as = as->members[0].type;
    return as->op == ABIDE_TEMPLATE_CASE ? as->name : NULL;
}

/* Whoever gets a sum has to know which case it is. */
static void check_sum(const struct reader *reader, const struct abide_template *as)
{
    if (!is_sum(reader->subject) || as->op != ABIDE_TEMPLATE_RECORD ||
        has_part(as, ABIDE_PART_TAG) || abide_template__lone_case(as) != NULL)
        return;
    abide_diag *diag =
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, as->place,
                      "no member of this %s tells the case", abide__kind_names[reader->subject]);
    abide__diag_help(reader->ctx, diag,
                     "add a member such as {name: tag, type: {tag: [u8, u16, u32]}, part: tag}");
}

static void read_choice_as(const struct reader *reader, const struct abide_yaml *node,
                           struct abide_choice *choice)
{
    size_t errors = abide__error_count(reader->ctx);
    choice->as = read_template(reader, node);
    if (abide__error_count(reader->ctx) == errors)
        check_sum(reader, choice->as);
}

static void read_choice(const struct reader *reader, const struct abide_yaml *node,
                        struct abide_choice *choice)
{
    static const struct abide_key choice_keys[] = {
        {"when", ABIDE_SHAPE_ANY, false, "Condition; without one the choice always applies."},
        {"as", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, true, "The template."}};
    static const struct abide_schema schema = {"a choice", choice_keys, 2};
    choice->place = node->place;
    choice->when = abide_when__read(reader->ctx, reader->scope, NULL);
    if (!is_conditional(node)) {
        read_choice_as(reader, node, choice);
        return;
    }
    const struct abide_yaml *values[2];
    if (!abide_schema__read(reader->ctx, &schema, node, values)) {
        choice->as = nothing(reader, node->place);
        return;
    }
    choice->when = abide_when__read(reader->ctx, reader->scope, values[0]);
    check_condition(reader, choice->when);
    read_choice_as(reader, values[1], choice);
}

static void read_choices(const struct reader *reader, const struct abide_yaml *node,
                         struct abide_representation *representation)
{
    representation->choices = NULL;
    representation->choice_count = 0;
    representation->is_refused = node->kind == ABIDE_YAML_SCALAR && strcmp(node->text, "none") == 0;
    if (representation->is_refused)
        return;
    bool is_list = node->kind == ABIDE_YAML_SEQUENCE;
    size_t count = is_list ? node->entry_count : 1;
    struct abide_choice *choices = abide__new_array(reader->ctx, struct abide_choice, count);
    for (size_t i = 0; i < count; i++) {
        const struct abide_yaml *choice = is_list ? node->entries[i].value : node;
        read_choice(reader, choice, &choices[i]);
        if (i + 1 < count && choices[i].when->op == ABIDE_WHEN_ALWAYS)
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, choice->place,
                          "this choice always applies: those after it are never reached");
    }
    representation->choices = choices;
    representation->choice_count = count;
}

/* Kinds that stay what they are: the template language has no words for them. */
static bool is_fixed(enum abide_kind kind)
{
    return kind == ABIDE_KIND_VOID || kind == ABIDE_KIND_SCALAR || kind == ABIDE_KIND_FUNCTION ||
           kind == ABIDE_KIND_OPAQUE || kind == ABIDE_KIND_RESOURCE;
}

static const char *nth_subject(const void *user, size_t index)
{
    (void)user;
    unsigned kind = 0;
    for (; kind < ABIDE_KIND_COUNT; kind++) {
        if (!is_fixed((enum abide_kind)kind) && index-- == 0)
            return abide__kind_names[kind];
    }
    return index < ABIDE_SCALAR_COUNT ? abide__scalars[index].name : NULL;
}

void abide_template__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                          const struct abide_yaml_entry *entry,
                          struct abide_representation by_kind[ABIDE_KIND_COUNT],
                          struct abide_representation by_scalar[ABIDE_SCALAR_COUNT])
{
    const char *name = entry->key->text;
    struct reader reader = {ctx, scope, ABIDE_KIND_SCALAR, false};
    for (unsigned kind = 0; kind < ABIDE_KIND_COUNT; kind++) {
        if (is_fixed((enum abide_kind)kind) || strcmp(abide__kind_names[kind], name) != 0)
            continue;
        reader.subject = (enum abide_kind)kind;
        read_choices(&reader, entry->value, &by_kind[kind]);
        return;
    }
    for (unsigned scalar = 0; scalar < ABIDE_SCALAR_COUNT; scalar++) {
        if (strcmp(abide__scalars[scalar].name, name) == 0) {
            read_choices(&reader, entry->value, &by_scalar[scalar]);
            return;
        }
    }
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_KEY, entry->key->place,
                      "%s is no kind of type that has a representation", abide__quote(ctx, name));
    const char *near = abide__nearest(name, nth_subject, NULL);
    if (near != NULL)
        abide__diag_help(ctx, diag, "did you mean '%s'?", near);
}
