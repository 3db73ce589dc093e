/* What an interface file says to its readers. */
#include "prose.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>

#define FEW 64 /* entries, among which looking at each is fast */

static bool is_mapping(const abide_data *data)
{
    return data && abide_data_kind_of(data) == ABIDE_DATA_MAPPING;
}

const char *prose_of(const abide_data *data)
{
    const abide_data *doc = is_mapping(data) ? abide_data_get(data, "doc") : NULL;
    return doc ? abide_data_text(doc) : NULL;
}

/* Key of a mapping, or `name` of an element of a list; NULL: it has none. */
static const char *name_at(const abide_data *data, size_t index)
{
    const char *key = abide_data_key_at(data, index);
    const abide_data *entry = abide_data_at(data, index);
    const abide_data *named = !key && is_mapping(entry) ? abide_data_get(entry, "name") : NULL;
    return named ? abide_data_text(named) : key;
}

/* The entries of a long collection, by name. Of one name the first counts. */
struct named {
    const char *name;
    size_t index;
};

struct names_of {
    const abide_data *data;
    struct named *items;
    size_t count;
    struct names_of *next;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* Of a file few collections are long, and each is asked for all that is in it. */
static const struct names_of *names_of(const abide_data *data)
{
    static struct names_of *all;
    for (struct names_of *names = all; names; names = names->next)
        if (names->data == data)
            return names;
    struct names_of *names = cli_alloc(1, sizeof *names);
    *names =
        (struct names_of){data, cli_alloc(abide_data_count(data), sizeof *names->items), 0, all};
    for (size_t i = 0; i < abide_data_count(data); i++)
        if (name_at(data, i))
            names->items[names->count++] = (struct named){name_at(data, i), i};
    qsort(names->items, names->count, sizeof *names->items, compare_named);
    return all = names;
}

static const abide_data *entry_of_many(const abide_data *data, const char *name)
{
    const struct names_of *names = names_of(data);
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(names->items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_found = low < names->count && strcmp(names->items[low].name, name) == 0;
    return is_found ? abide_data_at(data, names->items[low].index) : NULL;
}

const abide_data *prose_entry(const abide_data *data, const char *name)
{
    if (!data || abide_data_kind_of(data) == ABIDE_DATA_SCALAR)
        return NULL;
    if (abide_data_count(data) > FEW)
        return entry_of_many(data, name);
    for (size_t i = 0; i < abide_data_count(data); i++) {
        const char *other = name_at(data, i);
        if (other && strcmp(other, name) == 0)
            return abide_data_at(data, i);
    }
    return NULL;
}

const abide_data *prose_type(const abide_data *file, const char *name)
{
    return prose_entry(abide_data_get(file, "types"), name);
}

const char *prose_part(const abide_data *type, const char *section, const char *name)
{
    return is_mapping(type) && *name ? prose_of(prose_entry(abide_data_get(type, section), name))
                                     : NULL;
}

const char *prose_parameter(const abide_data *file, const char *function, const char *name)
{
    const abide_data *said = file ? prose_entry(abide_data_get(file, "functions"), function) : NULL;
    if (!is_mapping(said))
        return NULL;
    return prose_of(name ? prose_entry(abide_data_get(said, "params"), name)
                         : abide_data_get(said, "returns"));
}
