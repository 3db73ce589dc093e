/* `represent:` of a module: which templates stand for which kind of type, and when. */
#include "spec/template_reader.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

#include <string.h>

const struct abide_template *abide_template__nothing(const struct abide_template_reader *reader,
                                                     struct abide_place place)
{
    struct abide_template *template = abide__new(reader->ctx, struct abide_template);
    template->op = ABIDE_TEMPLATE_VOID;
    template->place = place;
    return template;
}

bool abide_template__is_sum(enum abide_kind kind)
{
    return kind == ABIDE_KIND_VARIANT || kind == ABIDE_KIND_OPTION || kind == ABIDE_KIND_RESULT;
}

/* A C identifier with `$` holes: names end up in prototypes. */
const char *abide_template__identifier(const struct abide_template_reader *reader,
                                       const struct abide_yaml *node, const char *hole)
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

size_t abide_template__part(const struct abide_template *as, const char *part)
{
    for (size_t i = 0; i < as->member_count; i++) {
        if (as->members[i].part != NULL && strcmp(as->members[i].part, part) == 0)
            return i;
    }
    return SIZE_MAX;
}

const char *abide_template__lone_case(const struct abide_template *as)
{
    bool is_wrapped = as->op == ABIDE_TEMPLATE_RECORD && !as->is_union && as->member_count == 1 &&
                      as->members[0].type != NULL &&
                      abide_template__part(as, ABIDE_PART_PAYLOAD) == 0;
    if (is_wrapped)
        as = as->members[0].type;
    return as->op == ABIDE_TEMPLATE_CASE ? as->name : NULL;
}

const struct abide_template *abide_template__any(const struct abide_template_reader *reader,
                                                 const struct abide_yaml *node)
{
    if (node->kind == ABIDE_YAML_SCALAR)
        return abide_template__word(reader, node->text, node->place);
    if (node->kind == ABIDE_YAML_MAPPING)
        return abide_template__mapping(reader, node);
    abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                  "expected a template: a type such as u8, or a mapping");
    return abide_template__nothing(reader, node->place);
}

/* --- choices ------------------------------------------------------------------------------------ */

static bool is_conditional(const struct abide_yaml *node)
{
    return node->kind == ABIDE_YAML_MAPPING && abide_yaml__get(node, "as") != NULL;
}

static bool tests_convention(const struct abide_template_reader *reader,
                             const struct abide_when *when)
{
    for (size_t i = 0; i < reader->scope->option_count; i++) {
        if (reader->scope->options[i].is_convention && when->op == ABIDE_WHEN_OPTION &&
            strcmp(when->name, reader->scope->options[i].name) == 0)
            return true;
    }
    return false;
}

/* A type lies in memory in one form, whichever function it is passed to. */
static void check_condition(const struct abide_template_reader *reader,
                            const struct abide_when *when)
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

/* Whoever gets a sum has to know which case it is. */
static void check_sum(const struct abide_template_reader *reader, const struct abide_template *as)
{
    if (!abide_template__is_sum(reader->subject) || as->op != ABIDE_TEMPLATE_RECORD ||
        abide_template__part(as, ABIDE_PART_TAG) != SIZE_MAX ||
        abide_template__lone_case(as) != NULL)
        return;
    abide_diag *diag =
        abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, as->place,
                      "no member of this %s tells the case", abide__kind_names[reader->subject]);
    abide__diag_help(reader->ctx, diag,
                     "add a member such as {name: tag, type: {tag: [u8, u16, u32]}, part: tag}");
}

static void read_choice_as(const struct abide_template_reader *reader,
                           const struct abide_yaml *node, struct abide_choice *choice)
{
    size_t errors = abide__error_count(reader->ctx);
    choice->as = abide_template__any(reader, node);
    if (abide__error_count(reader->ctx) == errors)
        check_sum(reader, choice->as);
}

static const struct abide_key choice_keys[] = {{"when", ABIDE_SHAPE_ANY, false,
                                                "Condition; without one the choice always applies.",
                                                ABIDE_HOLDS("tests")},
                                               {"as", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING,
                                                true, "The template.", ABIDE_HOLDS("template")}};
const struct abide_schema abide_template__choice_schema = {"a choice", choice_keys, 2};

static void read_choice(const struct abide_template_reader *reader, const struct abide_yaml *node,
                        struct abide_choice *choice)
{
    choice->place = node->place;
    choice->when = abide_when__read(reader->ctx, reader->scope, NULL);
    if (!is_conditional(node)) {
        read_choice_as(reader, node, choice);
        return;
    }
    const struct abide_yaml *values[2];
    if (!abide_schema__read(reader->ctx, &abide_template__choice_schema, node, values)) {
        choice->as = abide_template__nothing(reader, node->place);
        return;
    }
    choice->when = abide_when__read(reader->ctx, reader->scope, values[0]);
    check_condition(reader, choice->when);
    read_choice_as(reader, values[1], choice);
}

const struct abide_word abide_template__refused[] = {
    {"none", "such a type cannot be passed"},
    {NULL, NULL},
};

static void read_choices(const struct abide_template_reader *reader, const struct abide_yaml *node,
                         struct abide_representation *representation)
{
    representation->is_refused =
        node->kind == ABIDE_YAML_SCALAR && strcmp(node->text, abide_template__refused[0].name) == 0;
    if (representation->is_refused)
        return;
    bool is_list = node->kind == ABIDE_YAML_SEQUENCE;
    size_t count = is_list ? node->entry_count : 1;
    struct abide_choice *choices = abide__new_array(reader->ctx, struct abide_choice, count);
    for (size_t i = 0; i < count; i++) {
        const struct abide_yaml *choice = is_list ? abide_yaml__at(node, i) : node;
        read_choice(reader, choice, &choices[i]);
        if (i + 1 < count && choices[i].when->op == ABIDE_WHEN_ALWAYS)
            abide__report(reader->ctx, ABIDE_CODE_BAD_TEMPLATE, choice->place,
                          "this choice always applies: those after it are never reached");
    }
    representation->choices = choices;
    representation->choice_count = count;
}

/* Kinds that stay what they are: the template language has no words for them. */
bool abide_template__is_fixed(enum abide_kind kind)
{
    return kind == ABIDE_KIND_VOID || kind == ABIDE_KIND_SCALAR || kind == ABIDE_KIND_FUNCTION ||
           kind == ABIDE_KIND_OPAQUE || kind == ABIDE_KIND_RESOURCE;
}

static const char *nth_subject(const void *user, size_t index)
{
    (void)user;
    unsigned kind = 0;
    for (; kind < ABIDE_KIND_COUNT; kind++) {
        if (!abide_template__is_fixed((enum abide_kind)kind) && index-- == 0)
            return abide__kind_names[kind];
    }
    return index < ABIDE_SCALAR_COUNT ? abide__scalars[index].name : NULL;
}

static const struct abide_representation *
read_entry(const struct abide_representations *representations, enum abide_kind kind,
           struct abide_representation *entry)
{
    struct abide_template_reader reader = {representations->ctx, representations->scope, kind,
                                           false};
    if (entry->text) {
        read_choices(&reader, entry->text, entry);
        entry->text = NULL; /* now that all of it has been read */
    }
    return entry;
}

const struct abide_representation *
abide_language__represents(struct abide_representations *representations, enum abide_kind kind)
{
    return read_entry(representations, kind, &representations->of_kind[kind]);
}

const struct abide_representation *
abide_language__represents_scalar(struct abide_representations *representations,
                                  enum abide_scalar scalar)
{
    return read_entry(representations, ABIDE_KIND_SCALAR, &representations->of_scalar[scalar]);
}

/* What the word means; NULL: nothing that has a representation. */
static struct abide_representation *find_entry(struct abide_representations *representations,
                                               const char *name, enum abide_kind *kind)
{
    for (unsigned i = 0; i < ABIDE_KIND_COUNT; i++) {
        *kind = (enum abide_kind)i;
        if (!abide_template__is_fixed(*kind) && strcmp(abide__kind_names[i], name) == 0)
            return &representations->of_kind[i];
    }
    *kind = ABIDE_KIND_SCALAR;
    for (unsigned i = 0; i < ABIDE_SCALAR_COUNT; i++)
        if (strcmp(abide__scalars[i].name, name) == 0)
            return &representations->of_scalar[i];
    return NULL;
}

void abide_template__add(struct abide_representations *representations,
                         const struct abide_yaml_entry *entry)
{
    abide_ctx *ctx = representations->ctx;
    const char *name = entry->key->text;
    enum abide_kind kind;
    struct abide_representation *found = find_entry(representations, name, &kind);
    if (found != NULL) {
        found->text = entry->value;
        if (!representations->is_built_in)
            read_entry(representations, kind, found);
        return;
    }
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_KEY, entry->key->place,
                      "%s is no kind of type that has a representation", abide__quote(ctx, name));
    const char *near = abide__nearest(name, nth_subject, NULL);
    if (near != NULL)
        abide__diag_help(ctx, diag, "did you mean '%s'?", near);
}
