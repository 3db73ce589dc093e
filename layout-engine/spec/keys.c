/* The keys of files, for those who write schemas of them. */
#include "spec/keys.h"

#include "types/iface_schema.h"
#include "types/type.h"

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
    {"interface", &abide_iface__file_schema},
    {"type", &abide_iface__type_schema},
    {"field", &abide_iface__field_schema},
    {"enumerator", &abide_iface__enumerator_schema},
    {"bit", &abide_iface__flag_schema},
    {"case", &abide_iface__case_schema},
    {"room", &abide_iface__open_schema},
    {"expectation", &abide_iface__expect_schema},
    {"import", &abide_iface__imported_schema},
    {"function", &abide_iface__function_schema},
    {"parameter", &abide_iface__param_schema},
    {"checks", &abide_iface__checks_schema},
    {"method", &abide_iface__method_schema},
    {"callback", &abide_iface__callback_schema},
    {"constant", &abide_iface__constant_schema},
    {"targeted", &abide_iface__value_schema},
    {"module", &abide_module__schema},
    {"head", &abide_module__head_schema},
    {"bank", &abide_module__bank_schema},
    {"rule", &abide_module__rule_schema},
    {"target", &abide_target__schema},
    {"data", &abide_data__schema},
    {"scalar", &abide_data__scalar_schema},
    {"records", &abide_data__records_schema},
    {"classes", &abide_classes__schema},
    {"join", &abide_classes__join_schema},
    {"homogeneous", &abide_condition__homogeneous_schema},
    {"members", &abide_condition__members_schema},
    {"condition_target", &abide_condition__target_schema},
    {"test_target", &abide_when__target_schema},
};

static const struct {
    const char *kind;
    struct abide_term (*at)(size_t index);
} conditions[] = {
    {"condition", abide_condition__term_at},
    {"test", abide_when__term_at},
};

static const char *scalar_at(size_t index)
{
    return index < ABIDE_SCALAR_COUNT ? abide__scalars[index].name : NULL;
}

static const struct {
    const char *set;
    const char *const *words; /* or */
    const char *(*at)(size_t index);
} sets[] = {
    {"byte_order", abide_target__byte_orders, NULL},
    {"bitfields", abide_data__bitfields, NULL},
    {"moment", abide_data__moments, NULL},
    {"sizeless", abide_classes__sizeless, NULL},
    {"base", abide_when__bases, NULL},
    {"verb", abide_rules__verbs, NULL},
    {"mode", abide_when__modes, NULL},
    {"scalar_name", NULL, scalar_at},
    {"sized", NULL, abide_data__name_at},
    {"leaf", NULL, abide_classes__leaf_at},
    {"kind", NULL, abide_condition__kind_at},
    {"format", NULL, abide_condition__format_at},
    {"container", NULL, abide_condition__container_at},
    {"type_kind", NULL, abide_when__kind_at},
};

const char *abide_word_at(const char *set, size_t index)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (strcmp(sets[i].set, set) != 0)
            continue;
        if (sets[i].at)
            return sets[i].at(index);
        for (size_t j = 0; sets[i].words[j]; j++)
            if (j == index)
                return sets[i].words[j];
    }
    return NULL;
}

/* Any value may stand for a condition's key as far as shapes are concerned: its form tells. */
static abide_key_info condition_key_at(const char *kind, size_t index)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        if (strcmp(conditions[i].kind, kind) != 0)
            continue;
        struct abide_term term = conditions[i].at(index);
        return (abide_key_info){term.key, ABIDE_SHAPE_ANY, false, term.doc, term.form};
    }
    return (abide_key_info){NULL, 0, false, NULL, NULL};
}

abide_key_info abide_key_at(const char *kind, size_t index)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct abide_schema *schema = kinds[i].schema;
        if (strcmp(kinds[i].kind, kind) != 0 || index >= schema->key_count)
            continue;
        const struct abide_key *key = &schema->keys[index];
        return (abide_key_info){key->name, key->shapes, key->required, key->doc, NULL};
    }
    return condition_key_at(kind, index);
}
