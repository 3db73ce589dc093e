/* Templates that are one word, maybe with pointers around it: u8, T, ptr<void>. */
#include "spec/template_reader.h"

#include "base/diag.h"
#include "spec/keys.h"

#include <string.h>

/* Deeper templates than YAML's own limit can only be written as ptr<ptr<...>>. */
#define MAX_NESTED_WORDS 16

/* Kinds that may hold themselves through T: it can only be pointed to. */
static bool has_far_target(enum abide_kind kind)
{
    return kind == ABIDE_KIND_SLICE || kind == ABIDE_KIND_SEQ || kind == ABIDE_KIND_BOX ||
           kind == ABIDE_KIND_HANDLE || kind == ABIDE_KIND_DYN;
}

/* Kinds that wrap or repeat one type, which is called T. */
static bool has_target(enum abide_kind kind)
{
    return kind == ABIDE_KIND_ARRAY || kind == ABIDE_KIND_VECTOR || kind == ABIDE_KIND_COMPLEX ||
           kind == ABIDE_KIND_NEWTYPE || kind == ABIDE_KIND_RAW || has_far_target(kind);
}

static const struct {
    struct abide_word word;
    enum abide_template_op op;
} holes[] = {
    {{"T", "the type that the subject wraps, repeats or leads to"}, ABIDE_TEMPLATE_TARGET},
    {{"E", "of pointers: what they point to, an array's element"}, ABIDE_TEMPLATE_ELEMENT},
    {{"base", "the `base:` of an enum or a struct"}, ABIDE_TEMPLATE_BASE},
    {{"code", "of closures: a pointer to their code"}, ABIDE_TEMPLATE_CODE},
    {{"reserve", "of variants: the room that is kept for cases to come"}, ABIDE_TEMPLATE_RESERVE},
    {{"void", "nothing"}, ABIDE_TEMPLATE_VOID},
};
#define HOLE_COUNT (sizeof holes / sizeof holes[0])

struct abide_word abide_template__word_at(size_t index)
{
    if (index < HOLE_COUNT)
        return holes[index].word;
    index -= HOLE_COUNT;
    if (index < ABIDE_SCALAR_COUNT)
        return (struct abide_word){abide__scalars[index].name, abide__scalars[index].c_name};
    return (struct abide_word){NULL, NULL};
}

static const char *nth_word(const void *user, size_t index)
{
    (void)user;
    static const char *const pointers[] = {"ptr", "mutptr"};
    return index < 2 ? pointers[index] : abide_template__word_at(index - 2).name;
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

static bool find_word(const struct abide_template_reader *reader, const char *word,
                      bool is_pointed_to, struct abide_place place, struct abide_template *template)
{
    for (size_t i = 0; i < HOLE_COUNT; i++) {
        if (strcmp(holes[i].word.name, word) != 0)
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

static const struct abide_template *pointer_to(const struct abide_template_reader *reader,
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
const struct abide_template *abide_template__word(const struct abide_template_reader *reader,
                                                  const char *text, struct abide_place place)
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
            return abide_template__nothing(reader, place);
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
        return abide_template__nothing(reader, place);
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
