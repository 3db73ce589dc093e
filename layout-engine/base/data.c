/* Data files of programs that use the library: what abide/data.h promises, of the trees of base/yaml.h. */
#include "base/yaml.h"

#include "abide/data.h"

static const abide_data *parse(abide_ctx *ctx, const struct abide_source *source)
{
    return source ? abide_yaml__parse(ctx, source) : NULL;
}

const abide_data *abide_data_load(abide_ctx *ctx, const char *path)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const abide_data *data = parse(ctx, abide_source__from_file(ctx, path));
    abide__guard_leave(ctx, &guard);
    return data;
}

const abide_data *abide_data_parse(abide_ctx *ctx, const char *name, const char *text,
                                   size_t length_bytes)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const abide_data *data = parse(ctx, abide_source__from_text(ctx, name, text, length_bytes));
    abide__guard_leave(ctx, &guard);
    return data;
}

abide_data_kind abide_data_kind_of(const abide_data *data)
{
    switch (data->kind) {
    case ABIDE_YAML_SCALAR: return ABIDE_DATA_SCALAR;
    case ABIDE_YAML_SEQUENCE: return ABIDE_DATA_SEQUENCE;
    case ABIDE_YAML_MAPPING: break;
    }
    return ABIDE_DATA_MAPPING;
}

const char *abide_data_text(const abide_data *data)
{
    return data->kind == ABIDE_YAML_SCALAR ? data->text : NULL;
}

size_t abide_data_count(const abide_data *data)
{
    return data->kind == ABIDE_YAML_SCALAR ? 0 : data->entry_count;
}

const abide_data *abide_data_at(const abide_data *data, size_t index)
{
    return abide_yaml__at(data, index);
}

const char *abide_data_key_at(const abide_data *data, size_t index)
{
    const struct abide_yaml *key = abide_yaml__key_at(data, index);
    return key ? key->text : NULL;
}

const abide_data *abide_data_get(const abide_data *data, const char *key)
{
    return data && data->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(data, key) : NULL;
}
