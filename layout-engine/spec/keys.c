/* The keys of files, for those who write schemas of them. */
#include "spec/keys.h"

#include "types/iface_schema.h"

#include "abide/author.h"

#include <string.h>

_Static_assert((unsigned)ABIDE_TAKES_VALUE == ABIDE_SHAPE_SCALAR &&
                   (unsigned)ABIDE_TAKES_LIST == ABIDE_SHAPE_SEQUENCE &&
                   (unsigned)ABIDE_TAKES_MAPPING == ABIDE_SHAPE_MAPPING &&
                   (unsigned)ABIDE_TAKES_NOTHING == ABIDE_SHAPE_NULL,
               "the public bits are those of shapes");

static const struct {
    const char *kind;
    const struct abide_schema *schema;
} kinds[] = {
    {"interface", &abide_iface__file_schema},    {"type", &abide_iface__type_schema},
    {"field", &abide_iface__field_schema},       {"case", &abide_iface__case_schema},
    {"room", &abide_iface__open_schema},         {"expectation", &abide_iface__expect_schema},
    {"import", &abide_iface__imported_schema},   {"function", &abide_iface__function_schema},
    {"parameter", &abide_iface__param_schema},   {"checks", &abide_iface__checks_schema},
    {"method", &abide_iface__method_schema},     {"callback", &abide_iface__callback_schema},
    {"constant", &abide_iface__constant_schema}, {"targeted", &abide_iface__value_schema},
    {"module", &abide_module__schema},           {"head", &abide_module__head_schema},
    {"bank", &abide_module__bank_schema},        {"rule", &abide_module__rule_schema},
};

abide_key_info abide_key_at(const char *kind, size_t index)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct abide_schema *schema = kinds[i].schema;
        if (strcmp(kinds[i].kind, kind) != 0 || index >= schema->key_count)
            continue;
        const struct abide_key *key = &schema->keys[index];
        return (abide_key_info){key->name, key->shapes, key->required, key->doc};
    }
    return (abide_key_info){NULL, 0, false, NULL};
}
