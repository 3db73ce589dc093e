/*
 * `own NAME` and `once NAME` of closures. NAME may be defined later in the file, so whether it stands for a closure is seen in its
 * text, and what it takes and gives is filled in once it is known.
 */
#include "types/iface_expr.h"

#include <ctype.h>
#include <string.h>

/* Names for names: more of them are a circle, or might be. */
#define MAX_NAMES 64

static bool is_part_of_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* The first word of an expression that is neither newtype nor says whose the value is. NULL: it has none. */
static const struct iface_word *first_word(const struct iface_reader *reader, const char *text)
{
    static const char *const skipped[] = {"newtype", "own", "once", "borrow"};
    for (;;) {
        size_t length = 0;
        while (*text == ' ' || *text == '\n')
            text++;
        while (is_part_of_name(text[length]))
            length++;
        const char *name = abide__intern(reader->ctx, text, length);
        bool is_skipped = false;
        for (size_t i = 0; i < sizeof skipped / sizeof *skipped; i++)
            is_skipped = is_skipped || strcmp(name, skipped[i]) == 0;
        if (!is_skipped)
            return length ? abide_iface__find_word(reader, name) : NULL;
        text += length;
    }
}

/* What a name is defined as, if that is one word. *is_closure: it is a closure. */
static const struct iface_word *next_word(const struct iface_reader *reader,
                                          const struct abide_yaml *definition, bool *is_closure)
{
    if (definition->kind == ABIDE_YAML_MAPPING) {
        const struct abide_yaml *newtype = abide_yaml__get(definition, "newtype");
        *is_closure = abide_yaml__get(definition, "closure");
        definition = newtype && !*is_closure ? newtype : NULL;
    }
    if (!definition || definition->kind != ABIDE_YAML_SCALAR || !definition->text)
        return NULL;
    const struct iface_word *word = first_word(reader, definition->text);
    *is_closure = word && word->builtin && word->builtin->parse == abide_expr__callable &&
                  word->builtin->detail == ABIDE_KIND_CLOSURE;
    return word && !word->builtin ? word : NULL;
}

bool abide_iface__names_closure(const struct iface_reader *reader, const abide_type *type)
{
    bool is_closure = type->kind == ABIDE_KIND_CLOSURE;
    const struct iface_word *word = !is_closure && type->name && type->kind == ABIDE_KIND_NEWTYPE
                                        ? abide_iface__find_word(reader, type->name)
                                        : NULL;
    for (unsigned i = 0; word && word->definition && i < MAX_NAMES; i++)
        word = next_word(reader, word->definition, &is_closure);
    return is_closure;
}

void abide_iface__settle_closures(struct iface_reader *reader)
{
    for (; reader->settled_closures < reader->given_closures.count; reader->settled_closures++)
        abide_type__settle_closure(reader->ctx,
                                   reader->given_closures.items[reader->settled_closures]);
}
