/*
 * Conditions are compared as they are written, before options and targets decide anything, so that the answer holds for
 * all of them. `narrow` implies `wide`: of a list (any) each entry of the narrow one must, and one of the wide one
 * suffices; of a mapping (all) it is the other way round.
 */
#include "spec/cover.h"

#include <stdlib.h>
#include <string.h>

/* Predicates that name each other could make the walk long; what is beyond counts as "nobody can tell". */
#define MAX_STEPS 2000

struct walk {
    const struct abide_yaml *predicates;
    size_t steps;
};

static bool implies(struct walk *walk, const struct abide_yaml *narrow,
                    const struct abide_yaml *wide);

bool abide_cover__same(const struct abide_yaml *a, const struct abide_yaml *b)
{
    if (a->kind != b->kind || a->entry_count != b->entry_count)
        return false;
    if (a->kind == ABIDE_YAML_SCALAR)
        return strcmp(a->text, b->text) == 0;
    for (size_t i = 0; i < a->entry_count; i++) {
        const struct abide_yaml *other = a->kind == ABIDE_YAML_MAPPING
                                             ? abide_yaml__get(b, abide_yaml__key_at(a, i)->text)
                                             : abide_yaml__at(b, i);
        if (!other || !abide_cover__same(abide_yaml__at(a, i), other))
            return false;
    }
    return true;
}

/* --- values of keys --- */

/* Numbers from `least` to `most`: "<=16", "8". */
struct range {
    uint64_t least, most;
};

static bool range_of(const struct abide_yaml *node, struct range *range)
{
    if (node->kind != ABIDE_YAML_SCALAR || !node->text)
        return false;
    const char *digits = node->text + strspn(node->text, "<>= ");
    char *end;
    uint64_t value = strtoull(digits, &end, 10);
    if (end == digits || *end)
        return false;
    *range = (struct range){value, value};
    if (node->text[0] == '<')
        *range = (struct range){0, node->text[1] == '=' ? value : value - (value > 0)};
    if (node->text[0] == '>')
        *range = (struct range){node->text[1] == '=' ? value : value + 1, UINT64_MAX};
    return true;
}

static bool is_group(const char *group, const char *word)
{
    static const char *const groups[][2] = {{"scalar", " int ptr float "},
                                            {"integer", " int ptr "},
                                            {"aggregate", " struct union array "}};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        const char *at = strcmp(group, groups[i][0]) == 0 ? strstr(groups[i][1], word) : NULL;
        if (at && at[-1] == ' ' && at[strlen(word)] == ' ')
            return true;
    }
    return strcmp(group, "scalar") == 0 && strcmp(word, "integer") == 0;
}

/* A number, or a word, that is one of those which the other says. */
static bool one_within(const struct abide_yaml *narrow, const struct abide_yaml *wide)
{
    struct range inner, outer;
    if (narrow->kind != ABIDE_YAML_SCALAR || wide->kind != ABIDE_YAML_SCALAR)
        return false;
    if (strcmp(narrow->text, wide->text) == 0 || is_group(wide->text, narrow->text))
        return true;
    return range_of(narrow, &inner) && range_of(wide, &outer) && inner.least >= outer.least &&
           inner.most <= outer.most;
}

/* Keys whose value is one of a list hold if any entry does. */
static bool values_within(const struct abide_yaml *narrow, const struct abide_yaml *wide)
{
    if (abide_cover__same(narrow, wide))
        return true;
    if (narrow->kind == ABIDE_YAML_SEQUENCE) {
        for (size_t i = 0; i < narrow->entry_count; i++)
            if (!values_within(abide_yaml__at(narrow, i), wide))
                return false;
        return narrow->entry_count > 0;
    }
    if (wide->kind == ABIDE_YAML_SEQUENCE) {
        for (size_t i = 0; i < wide->entry_count; i++)
            if (values_within(narrow, abide_yaml__at(wide, i)))
                return true;
        return false;
    }
    return one_within(narrow, wide);
}

/* Keys that any of several words or numbers satisfies. */
static bool is_one_of_several(const char *key)
{
    static const char *const keys[] = {"kind",   "size",     "align",      "natural",
                                       "format", "contains", "fact",       "type",
                                       "count",  "lowest",   "highest",    "position",
                                       "flat",   "mode",     "param_fact", "result_fact"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* --- conditions --- */

static const struct abide_yaml *named(const struct walk *walk, const struct abide_yaml *word)
{
    return walk->predicates && word->kind == ABIDE_YAML_SCALAR
               ? abide_yaml__get(walk->predicates, word->text)
               : NULL;
}

/* Whether all of a list's entries follow (or, with `any`, one of them). */
static bool implies_list(struct walk *walk, const struct abide_yaml *narrow,
                         const struct abide_yaml *list, bool any)
{
    if (list->kind != ABIDE_YAML_SEQUENCE)
        return implies(walk, narrow, list);
    for (size_t i = 0; i < list->entry_count; i++)
        if (implies(walk, narrow, abide_yaml__at(list, i)) == any)
            return any;
    return !any;
}

/* Whether what stands behind a key of the narrow condition is enough for a key of the wide one. */
static bool entry_implies(struct walk *walk, const struct abide_yaml_entry *narrow, const char *key,
                          const struct abide_yaml *value)
{
    const char *own = narrow->key->text;
    if (strcmp(own, key) == 0 && (is_one_of_several(key) ? values_within(narrow->value, value)
                                                         : abide_cover__same(narrow->value, value)))
        return true;
    return strcmp(own, "not") == 0 && strcmp(key, "not") == 0 &&
           implies(walk, value, narrow->value);
}

/* Whether the narrow condition implies {key: value}. */
static bool implies_entry(struct walk *walk, const struct abide_yaml *narrow, const char *key,
                          const struct abide_yaml *value)
{
    if (strcmp(key, "is") == 0 || strcmp(key, "all") == 0)
        return implies_list(walk, narrow, value, false);
    if (strcmp(key, "any") == 0)
        return implies_list(walk, narrow, value, true);
    if (narrow->kind == ABIDE_YAML_SCALAR) {
        const struct abide_yaml *meaning = named(walk, narrow);
        return meaning && ++walk->steps < MAX_STEPS && implies_entry(walk, meaning, key, value);
    }
    if (narrow->kind == ABIDE_YAML_SEQUENCE) {
        for (size_t i = 0; i < narrow->entry_count; i++)
            if (++walk->steps > MAX_STEPS ||
                !implies_entry(walk, abide_yaml__at(narrow, i), key, value))
                return false;
        return narrow->entry_count > 0;
    }
    for (size_t i = 0; i < narrow->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(narrow, i);
        bool opens = strcmp(entry->key->text, "is") == 0;
        if (entry_implies(walk, entry, key, value) ||
            (opens && ++walk->steps < MAX_STEPS && implies_entry(walk, entry->value, key, value)))
            return true;
    }
    return false;
}

static bool implies(struct walk *walk, const struct abide_yaml *narrow,
                    const struct abide_yaml *wide)
{
    if (++walk->steps > MAX_STEPS)
        return false;
    if (narrow == wide || abide_cover__same(narrow, wide))
        return true;
    if (narrow->kind == ABIDE_YAML_SEQUENCE) {
        for (size_t i = 0; i < narrow->entry_count; i++)
            if (!implies(walk, abide_yaml__at(narrow, i), wide))
                return false;
        return narrow->entry_count > 0;
    }
    const struct abide_yaml *meaning = named(walk, narrow);
    if (wide->kind == ABIDE_YAML_SEQUENCE)
        return implies_list(walk, narrow, wide, true) || (meaning && implies(walk, meaning, wide));
    meaning = named(walk, wide);
    if (meaning && implies(walk, narrow, meaning))
        return true;
    meaning = named(walk, narrow);
    if (meaning)
        return implies(walk, meaning, wide);
    if (wide->kind != ABIDE_YAML_MAPPING)
        return false;
    for (size_t i = 0; i < wide->entry_count; i++)
        if (!implies_entry(walk, narrow, abide_yaml__key_at(wide, i)->text,
                           abide_yaml__at(wide, i)))
            return false;
    return true;
}

bool abide_cover__implies(const struct abide_yaml *predicates, const struct abide_yaml *narrow,
                          const struct abide_yaml *wide)
{
    struct walk walk = {predicates, 0};
    if (!wide)
        return true;
    return narrow && implies(&walk, narrow, wide);
}
