/* Which field, value, case or method of the new type is which of the old one: by name. */
#include "pairs.h"

#include <stdlib.h>
#include <string.h>

struct named {
    const char *name;
    size_t index;
};

static int compare_named(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static struct named *sort(const char *const *names, size_t count, size_t *named_count)
{
    struct named *sorted = cli_alloc(count + 1, sizeof *sorted);
    *named_count = 0;
    for (size_t i = 0; i < count; i++)
        if (names[i])
            sorted[(*named_count)++] = (struct named){names[i], i};
    if (*named_count)
        qsort(sorted, *named_count, sizeof *sorted, compare_named);
    return sorted;
}

/* Those without a name, in their order. */
static void match_nameless(struct matching *matching, const char *const *before,
                           const char *const *after)
{
    size_t k = 0;
    for (size_t i = 0; i < matching->count; i++) {
        if (before[i])
            continue;
        while (k < matching->other_count && after[k])
            k++;
        if (k == matching->other_count)
            return;
        matching->partners[i] = k;
        matching->backwards[k++] = i;
    }
}

struct matching match_names(const char *const *before, size_t count, const char *const *after,
                            size_t other_count)
{
    struct matching matching = {.partners = cli_alloc(count + 1, sizeof(size_t)),
                                .backwards = cli_alloc(other_count + 1, sizeof(size_t)),
                                .renamed = cli_alloc(count + 1, sizeof(bool)),
                                .count = count,
                                .other_count = other_count};
    memset(matching.partners, 0xFF, count * sizeof(size_t));
    memset(matching.backwards, 0xFF, other_count * sizeof(size_t));
    size_t old_count, new_count, k = 0;
    struct named *old = sort(before, count, &old_count);
    struct named *new = sort(after, other_count, &new_count);
    for (size_t i = 0; i < old_count; i++) {
        while (k < new_count && strcmp(new[k].name, old[i].name) < 0)
            k++;
        if (k == new_count || strcmp(new[k].name, old[i].name) != 0)
            continue;
        matching.partners[old[i].index] = new[k].index;
        matching.backwards[new[k].index] = old[i].index;
        k++;
    }
    match_nameless(&matching, before, after);
    return matching;
}

void match_renamed(struct matching *matching,
                   bool (*is_same)(const void *user, size_t before, size_t after), const void *user)
{
    for (size_t i = 0; i < matching->count && i < matching->other_count; i++)
        if (matching->partners[i] == SIZE_MAX && matching->backwards[i] == SIZE_MAX &&
            (!is_same || is_same(user, i, i))) {
            matching->partners[i] = matching->backwards[i] = i;
            matching->renamed[i] = true;
        }
}

/* The names of all of them, by a function that gives NULL past the end and for those that have none. */
static const char **names_of(const abide_type *type, size_t count,
                             const char *(*name_at)(const abide_type *type, size_t index))
{
    const char **names = cli_alloc(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = name_at(type, i);
    return names;
}

static struct matching match(const abide_type *before, size_t count, const abide_type *after,
                             size_t other_count,
                             const char *(*name_at)(const abide_type *type, size_t index))
{
    return match_names(names_of(before, count, name_at), count,
                       names_of(after, other_count, name_at), other_count);
}

static const char *member_name(const abide_type *type, size_t index)
{
    return abide_type_member_at(type, index).name;
}

static const char *value_name(const abide_type *type, size_t index)
{
    return abide_type_value_at(type, index).name;
}

static const char *case_name(const abide_type *type, size_t index)
{
    return abide_type_case_at(type, index).name;
}

static const char *method_name(const abide_type *type, size_t index)
{
    return abide_type_method_at(type, index).name;
}

size_t case_count(const abide_type *type)
{
    size_t count = 0;
    while (abide_type_case_at(type, count).name)
        count++;
    return count;
}

static size_t method_count(const abide_type *type)
{
    size_t count = 0;
    while (abide_type_method_at(type, count).name)
        count++;
    return count;
}

struct matching match_members(const abide_type *before, const abide_type *after)
{
    struct matching matching = match(before, abide_type_member_count(before), after,
                                     abide_type_member_count(after), member_name);
    if (matching.count == matching.other_count)
        match_renamed(&matching, NULL, NULL);
    return matching;
}

struct matching match_values(const abide_type *before, const abide_type *after)
{
    return match(before, abide_type_value_count(before), after, abide_type_value_count(after),
                 value_name);
}

static bool same_tag(const void *user, size_t before, size_t after)
{
    const abide_type *const *types = user;
    return abide_type_case_at(types[0], before).tag == abide_type_case_at(types[1], after).tag;
}

struct matching match_cases(const abide_type *before, const abide_type *after)
{
    const abide_type *types[] = {before, after};
    struct matching matching =
        match(before, case_count(before), after, case_count(after), case_name);
    match_renamed(&matching, same_tag, types);
    return matching;
}

struct matching match_methods(const abide_type *before, const abide_type *after)
{
    struct matching matching =
        match(before, method_count(before), after, method_count(after), method_name);
    if (matching.count == matching.other_count)
        match_renamed(&matching, NULL, NULL);
    return matching;
}
