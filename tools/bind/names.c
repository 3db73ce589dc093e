/* Names that are taken. */
#include "bind.h"

#include <string.h>

static size_t hash_name(const char *name)
{
    size_t value = 5381;
    for (; *name; name++)
        value = value * 33 + (unsigned char)*name;
    return value;
}

/* Where a name is, or the free slot where it would be. */
static const char **find_slot(const struct name_set *names, const char *name)
{
    size_t at = hash_name(name);
    while (names->slots[at % names->slot_count] &&
           strcmp(names->slots[at % names->slot_count], name) != 0)
        at++;
    return &names->slots[at % names->slot_count];
}

bool name_set_has(const struct name_set *names, const char *name)
{
    return names->slot_count && *find_slot(names, name);
}

static void make_room(struct name_set *names)
{
    if (2 * names->count < names->slot_count)
        return;
    struct name_set more = {.slot_count = 4 * names->count + 64, .count = names->count};
    more.slots = cli_alloc(more.slot_count, sizeof *more.slots);
    for (size_t i = 0; i < names->slot_count; i++)
        if (names->slots[i])
            *find_slot(&more, names->slots[i]) = names->slots[i];
    *names = more;
}

void name_set_add(struct name_set *names, const char *name)
{
    make_room(names);
    const char **slot = find_slot(names, name);
    names->count += *slot == NULL;
    *slot = name;
}
