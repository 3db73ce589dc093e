/* Templates that are records: their members, and what these are for. */
#include "spec/template_reader.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

#include <string.h>

static bool is_record(enum abide_kind kind)
{
    return kind == ABIDE_KIND_STRUCT || kind == ABIDE_KIND_UNION || kind == ABIDE_KIND_TUPLE;
}

enum { MEMBER_NAME, MEMBER_TYPE, MEMBER_PART, MEMBER_PARAMETER, MEMBER_TERMINATED, MEMBER_KEYS };

static const struct abide_word parts[] = {
    {ABIDE_PART_POINTER, "of sequences, boxes and strings: the address of the first element"},
    {ABIDE_PART_DATA,
     "memory that is an element itself, or the address of a payload behind a header"},
    {ABIDE_PART_LENGTH, "how many elements there are"},
    {ABIDE_PART_CAPACITY, "for how many there is room"},
    {ABIDE_PART_OWNER, "who releases it"},
    {ABIDE_PART_TAG, "of sums: which case it is"},
    {ABIDE_PART_PAYLOAD, "of sums: what the cases hold"},
    {ABIDE_PART_SELF, "of objects: what methods get first"},
    {ABIDE_PART_VTABLE, "of objects: the address of what represents the interface"},
    {ABIDE_PART_SIZE, "of interfaces: how many bytes there are"},
    {ABIDE_PART_FLAGS, "of interfaces: what the object can do"},
    {ABIDE_PART_ID, "of interfaces: what tells them apart"},
    {ABIDE_PART_DROP, "of interfaces: the function that lets a reference go"},
    {ABIDE_PART_RETAIN, "of interfaces: the function that adds a reference"},
    {ABIDE_PART_QUERY, "of interfaces: the function that asks for another one"},
    {NULL, NULL},
};

static const struct abide_key member_keys[MEMBER_KEYS] = {
    [MEMBER_NAME] = {"name", ABIDE_SHAPE_SCALAR, false,
                     "Name of the member; none makes it anonymous.", NULL},
    [MEMBER_TYPE] = {"type", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, true,
                     "Template of its type.", ABIDE_HOLDS("template")},
    [MEMBER_PART] =
        {"part", ABIDE_SHAPE_SCALAR, false,
         "What it is for: ptr, data, len, cap, owner, tag, payload; of objects self, vtable; of "
         "interfaces size, flags, id, drop, retain, query; also what to call it where it becomes a "
         "parameter.",
         ABIDE_WORDS(parts)},
    [MEMBER_PARAMETER] = {"parameter", ABIDE_SHAPE_SCALAR, false,
                          "Name of that parameter in prototypes; $p is the name of the whole.",
                          NULL},
    [MEMBER_TERMINATED] = {"terminated", ABIDE_SHAPE_SCALAR, false,
                           "Of a string's `ptr` or `data`: a NUL stands behind the end.",
                           ABIDE_FLAG},
};

const struct abide_word abide_template__member_words[] = {
    {"fields", "of structs, unions and tuples: the fields of the subject"},
    {"cases", "of variants, options and results: the payloads of the cases"},
    {"methods", "of interfaces: a pointer to each method"},
    {NULL, NULL},
};

/* A closed list: a misspelt `len` would make text end at a NUL that is not there. */
static const char *read_part(const struct abide_template_reader *reader,
                             const struct abide_yaml *node)
{
    size_t index;
    if (node == NULL || !abide_schema__word(reader->ctx, node, parts, &index))
        return NULL;
    return parts[index].name;
}

/* Text is UTF-8 or UTF-16, by the size of its units, which its length counts. */
static void check_text_unit(const struct abide_template_reader *reader,
                            const struct abide_yaml *node,
                            const struct abide_template_member *member)
{
    bool is_text = abide_kind__is_counted_text(reader->subject);
    bool holds_text = member->part != NULL && (strcmp(member->part, ABIDE_PART_POINTER) == 0 ||
                                               strcmp(member->part, ABIDE_PART_DATA) == 0);
    if (!is_text || !holds_text || member->type->item_count == 0)
        return;
    const struct abide_template *unit = member->type->items[0];
    unsigned size_bytes =
        unit->op == ABIDE_TEMPLATE_SCALAR ? abide__scalars[unit->scalar].size_bytes : 1;
    if (size_bytes != 1 && size_bytes != 2)
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place,
                      "text consists of units of UTF-8 or UTF-16, such as u8 or u16, not of %s",
                      abide__scalars[unit->scalar].name);
}

const struct abide_schema abide_template__member_schema = {"a member", member_keys, MEMBER_KEYS};

static void read_member_mapping(const struct abide_template_reader *reader,
                                const struct abide_yaml *node, struct abide_template_member *member)
{
    const struct abide_yaml *values[MEMBER_KEYS];
    if (!abide_schema__read(reader->ctx, &abide_template__member_schema, node, values)) {
        member->type = abide_template__nothing(reader, node->place);
        return;
    }
    member->name = abide_template__identifier(reader, values[MEMBER_NAME], NULL);
    member->type = abide_template__any(reader, values[MEMBER_TYPE]);
    member->part = read_part(reader, values[MEMBER_PART]);
    check_text_unit(reader, node, member);
    member->parameter = abide_template__identifier(reader, values[MEMBER_PARAMETER], "$p");
    const struct abide_yaml *terminated = values[MEMBER_TERMINATED];
    if (terminated == NULL || !abide_schema__bool(reader->ctx, terminated, &member->is_terminated))
        return;
    bool has_end = member->part != NULL && (strcmp(member->part, ABIDE_PART_POINTER) == 0 ||
                                            strcmp(member->part, ABIDE_PART_DATA) == 0);
    if (!has_end)
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, terminated->place,
                      "only what is `part: ptr` or `part: data` has an end to be terminated");
}

static bool is_word(const char *text, size_t index)
{
    return strcmp(text, abide_template__member_words[index].name) == 0;
}

/* "fields", "cases", "len ssize", or {name: len, type: ssize, part: len, parameter: "$pLen_0"} */
static void read_member(const struct abide_template_reader *reader, const struct abide_yaml *node,
                        struct abide_template_member *member)
{
    if (node->kind == ABIDE_YAML_MAPPING) {
        read_member_mapping(reader, node, member);
        return;
    }
    const char *text = node->kind == ABIDE_YAML_SCALAR ? node->text : "";
    member->is_cases = is_word(text, 1) && abide_template__is_sum(reader->subject);
    if (member->is_cases || (is_word(text, 0) && is_record(reader->subject)) ||
        (is_word(text, 2) && reader->subject == ABIDE_KIND_INTERFACE))
        return;
    const char *space = strchr(text, ' ');
    if (space == NULL) {
        const char *also = is_record(reader->subject)                ? ", or 'fields'"
                           : abide_template__is_sum(reader->subject) ? ", or 'cases'"
                           : reader->subject == ABIDE_KIND_INTERFACE ? ", or 'methods'"
                                                                     : "";
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, node->place,
                      "expected a member such as 'len ssize'%s", also);
        member->type = abide_template__nothing(reader, node->place);
        return;
    }
    struct abide_yaml name = *node;
    name.text = abide__intern(reader->ctx, text, (size_t)(space - text));
    member->name = abide_template__identifier(reader, &name, NULL);
    member->type = abide_template__word(reader, space + 1, node->place);
}

static bool is_open_ended(const struct abide_template *template)
{
    return template != NULL && template->op == ABIDE_TEMPLATE_ARRAY && template->is_flexible;
}

/* Two members cannot be the same part, and only the last one can have no end. */
static void check_members(const struct abide_template_reader *reader, const struct abide_yaml *node,
                          const struct abide_template *template)
{
    for (size_t i = 0; i < template->member_count; i++) {
        const struct abide_template_member *member = &template->members[i];
        struct abide_place place = abide_yaml__at(node, i)->place;
        if (is_open_ended(member->type) && i + 1 < template->member_count)
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, place,
                          "an array without a count can only be the last member");
        for (size_t j = 0; member->part != NULL && j < i; j++) {
            const struct abide_template_member *other = &template->members[j];
            if (other->part == NULL || strcmp(other->part, member->part) != 0)
                continue;
            abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, place,
                                             "part '%s' stands twice", member->part);
            abide__diag_note(reader->ctx, diag, abide_yaml__at(node, j)->place, "here as well");
        }
    }
}

void abide_template__members(const struct abide_template_reader *reader,
                             const struct abide_yaml *node, struct abide_template *template)
{
    struct abide_template_member *members =
        abide__new_array(reader->ctx, struct abide_template_member, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        read_member(reader, abide_yaml__at(node, i), &members[i]);
    template->op = ABIDE_TEMPLATE_RECORD;
    template->members = members;
    template->member_count = node->entry_count;
    check_members(reader, node, template);
}
