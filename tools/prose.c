/* What an interface file says to its readers. */
#include "prose.h"

#include <string.h>

static bool is_mapping(const abide_data *data)
{
    return data && abide_data_kind_of(data) == ABIDE_DATA_MAPPING;
}

const char *prose_of(const abide_data *data)
{
    const abide_data *doc = is_mapping(data) ? abide_data_get(data, "doc") : NULL;
    return doc ? abide_data_text(doc) : NULL;
}

const abide_data *prose_entry(const abide_data *data, const char *name)
{
    if (!data || abide_data_kind_of(data) == ABIDE_DATA_SCALAR)
        return NULL;
    for (size_t i = 0; i < abide_data_count(data); i++) {
        const abide_data *entry = abide_data_at(data, i);
        const char *key = abide_data_key_at(data, i);
        if (!key && is_mapping(entry)) {
            const abide_data *named = abide_data_get(entry, "name");
            key = named ? abide_data_text(named) : NULL;
        }
        if (key && strcmp(key, name) == 0)
            return entry;
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
