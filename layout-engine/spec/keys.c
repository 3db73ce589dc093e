/* The keys and words of files, for those who write schemas of them. */
#include "spec/keys.h"

#include "types/error_rule.h"
#include "types/iface_schema.h"

#include "abide/author.h"

#include <string.h>

_Static_assert((unsigned)ABIDE_TAKES_VALUE == ABIDE_SHAPE_SCALAR &&
                   (unsigned)ABIDE_TAKES_LIST == ABIDE_SHAPE_SEQUENCE &&
                   (unsigned)ABIDE_TAKES_MAPPING == ABIDE_SHAPE_MAPPING &&
                   (unsigned)ABIDE_TAKES_NOTHING == ABIDE_SHAPE_NULL,
               "the public bits are those of shapes");

/* --- vectors --- */

static const struct abide_key vectors_keys[ABIDE_VECTORS_KEYS] = {
    {"target", ABIDE_SHAPE_SCALAR, false, "the triple that the answers are for", NULL},
    {"types", ABIDE_SHAPE_MAPPING, false, "types of the calls, as in an interface file",
     ABIDE_HOLDS("{text|type}")},
    {"calls", ABIDE_SHAPE_SEQUENCE, true, "signatures with their places", ABIDE_HOLDS("[vector]")},
};
const struct abide_schema abide_vectors__schema = {"'vectors'", vectors_keys, ABIDE_VECTORS_KEYS};

static const struct abide_key vector_keys[ABIDE_VECTOR_KEYS] = {
    {"sig", ABIDE_SHAPE_SCALAR, true, "the signature: (a i32) -> f64", NULL},
    {"places", ABIDE_SHAPE_SCALAR, false, "where its values are", NULL},
    {"prototype", ABIDE_SHAPE_SCALAR, false, "its C prototype, as that of a function `f`", NULL},
    {"options", ABIDE_SHAPE_SCALAR, false, "options of the module: compiler=clang", NULL},
    {"convention", ABIDE_SHAPE_SCALAR, false, "of the function, in a language module", NULL},
    {"facts", ABIDE_SHAPE_MAPPING, false, "of parameters, by their names: {a: context}",
     ABIDE_HOLDS("{some}")},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_vectors__call_schema = {"a vector", vector_keys, ABIDE_VECTOR_KEYS};

/* --- keys --- */

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
    {"error_rule", &abide_error_rule__schema},
    {"error_place", &abide_error_rule__place_schema},
    {"error_sides", &abide_iface__error_sides_schema},
    {"module", &abide_module__schema},
    {"head", &abide_module__head_schema},
    {"option", &abide_option__schema},
    {"target", &abide_target__schema},
    {"data", &abide_data__schema},
    {"scalar", &abide_data__scalar_schema},
    {"records", &abide_data__records_schema},
    {"bank", &abide_module__bank_schema},
    {"stack", &abide_stack__schema},
    {"round", &abide_stack__round_schema},
    {"classes", &abide_classes__schema},
    {"join", &abide_classes__join_schema},
    {"rule", &abide_module__rule_schema},
    {"extend", &abide_rules__extend_schema},
    {"budget", &abide_rules__budget_schema},
    {"budget_bank", &abide_rules__budget_bank_schema},
    {"homogeneous", &abide_condition__homogeneous_schema},
    {"members", &abide_condition__members_schema},
    {"condition_target", &abide_condition__target_schema},
    {"special", &abide_machine__special_schema},
    {"variadic", &abide_machine__variadic_schema},
    {"list", &abide_machine__list_schema},
    {"hidden", &abide_machine__hidden_schema},
    {"call", &abide_calls__call_schema},
    {"return", &abide_calls__return_schema},
    {"in_c", &abide_compilers__in_c_schema},
    {"deviation", &abide_compilers__deviation_schema},
    {"facts", &abide_language__facts_schema},
    {"lowering", &abide_language__lowering_schema},
    {"test_target", &abide_when__target_schema},
    {"choice", &abide_template__choice_schema},
    {"template_form", &abide_template__schema},
    {"template_member", &abide_template__member_schema},
    {"decide", &abide_language__decide_schema},
    {"decide_data", &abide_language__decide_data_schema},
    {"decide_scalar", &abide_language__decide_scalar_schema},
    {"rewrite", &abide_rewrite__schema},
    {"out", &abide_rewrite__out_schema},
    {"closure", &abide_language__closure_schema},
    {"foreign_env", &abide_language__foreign_env_schema},
    {"objects", &abide_objects__schema},
    {"flatten", &abide_values__flatten_schema},
    {"owned", &abide_values__owned_schema},
    {"make", &abide_values__make_schema},
    {"drop", &abide_values__drop_schema},
    {"gather", &abide_gather__schema},
    {"hook", &abide_hook__schema},
    {"vectors", &abide_vectors__schema},
    {"vector", &abide_vectors__call_schema},
};

static const struct {
    const char *kind;
    struct abide_term (*at)(size_t index);
} conditions[] = {
    {"condition", abide_condition__term_at},
    {"test", abide_when__term_at},
};

static const struct abide_schema *schema_of(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].schema;
    return NULL;
}

/* NULL: past the last, or a kind without a table. */
static const struct abide_key *key_at(const char *kind, size_t index)
{
    if (strcmp(kind, "override") == 0)
        return abide_module__override_key(index);
    const struct abide_schema *schema = schema_of(kind);
    return schema && index < schema->key_count ? &schema->keys[index] : NULL;
}

/* Any value may stand for a condition's key as far as shapes are concerned: its content tells. */
static abide_key_info condition_key_at(const char *kind, size_t index)
{
    struct abide_term term = {NULL, NULL, NULL};
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        if (strcmp(conditions[i].kind, kind) == 0)
            term = conditions[i].at(index);
    return (abide_key_info){term.key, term.key ? ABIDE_SHAPE_ANY : 0, false, term.doc,
                            term.content};
}

abide_key_info abide_key_at(const char *kind, size_t index)
{
    const struct abide_key *key = key_at(kind, index);
    if (!key)
        return condition_key_at(kind, index);
    return (abide_key_info){key->name, key->shapes, key->required, key->doc,
                            key->content ? key->content->grammar : "text"};
}

/* --- words --- */

static const char *const kind_docs[ABIDE_KIND_COUNT] = {
#define ABIDE_KIND(id, name, doc) [ABIDE_KIND_##id] = (doc),
#include "types/kinds.def"
#undef ABIDE_KIND
};

static bool is_any(enum abide_kind kind)
{
    (void)kind;
    return true;
}

static bool is_represented(enum abide_kind kind)
{
    return !abide_template__is_fixed(kind);
}

static struct abide_word nth_kind(bool (*is_meant)(enum abide_kind kind), size_t index)
{
    for (enum abide_kind kind = 0; kind < ABIDE_KIND_COUNT; kind++)
        if (is_meant(kind) && index-- == 0)
            return (struct abide_word){abide__kind_names[kind], kind_docs[kind]};
    return (struct abide_word){NULL, NULL};
}

static struct abide_word kind_at(size_t index)
{
    return nth_kind(is_any, index);
}

static struct abide_word form_kind_at(size_t index)
{
    return nth_kind(abide_type__has_forms, index);
}

static struct abide_word formed_at(size_t index)
{
    return nth_kind(abide_values__has_forms, index);
}

static struct abide_word scalar_at(size_t index)
{
    if (index >= ABIDE_SCALAR_COUNT)
        return (struct abide_word){NULL, NULL};
    return (struct abide_word){abide__scalars[index].name, abide__scalars[index].c_name};
}

static struct abide_word integer_at(size_t index)
{
    for (size_t i = 0; i < ABIDE_SCALAR_COUNT; i++)
        if (abide__scalars[i].group != ABIDE_GROUP_FLOAT && index-- == 0)
            return scalar_at(i);
    return (struct abide_word){NULL, NULL};
}

/* Kinds, then scalars. */
static struct abide_word represented_at(size_t index)
{
    size_t count = 0;
    while (nth_kind(is_represented, count).name)
        count++;
    return index < count ? nth_kind(is_represented, index) : scalar_at(index - count);
}

static const struct {
    const char *set;
    const struct abide_word *words; /* or */
    struct abide_word (*at)(size_t index);
} sets[] = {
    {"sizeless", abide_classes__sizeless, NULL},
    {"extension", abide_rules__extensions, NULL},
    {"list_word", abide_machine__list_fields, NULL},
    {"base", abide_when__bases, NULL},
    {"mode", abide_when__modes, NULL},
    {"group", abide_rewrite__groups, NULL},
    {"member_word", abide_template__member_words, NULL},
    {"refused", abide_template__refused, NULL},
    {"validity", abide_validity__words, NULL},
    {"scalar_name", NULL, scalar_at},
    {"integer_name", NULL, integer_at},
    {"sized", NULL, abide_data__name_at},
    {"leaf", NULL, abide_classes__leaf_at},
    {"kind", NULL, abide_condition__kind_at},
    {"format", NULL, abide_condition__format_at},
    {"container", NULL, abide_condition__container_at},
    {"type_kind", NULL, kind_at},
    {"form_kind", NULL, form_kind_at},
    {"formed", NULL, formed_at},
    {"represented", NULL, represented_at},
    {"template_word", NULL, abide_template__word_at},
};

static abide_word_info nth_word(const struct abide_word *words, size_t index)
{
    size_t i = 0;
    while (i < index && words[i].name)
        i++;
    return (abide_word_info){words[i].name, words[i].doc};
}

/* The words of a key's own, by KIND.KEY. NULL: it has none. */
static const struct abide_word *words_of_key(const char *set)
{
    char kind[32];
    const char *dot = strchr(set, '.');
    const struct abide_key *key;
    if (!dot || (size_t)(dot - set) >= sizeof kind)
        return NULL;
    memcpy(kind, set, (size_t)(dot - set));
    kind[dot - set] = '\0';
    for (size_t i = 0; key = key_at(kind, i), key; i++)
        if (strcmp(key->name, dot + 1) == 0)
            return key->content ? key->content->words : NULL;
    return NULL;
}

abide_word_info abide_word_at(const char *set, size_t index)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (strcmp(sets[i].set, set) != 0)
            continue;
        if (sets[i].words)
            return nth_word(sets[i].words, index);
        struct abide_word word = sets[i].at(index);
        return (abide_word_info){word.name, word.doc};
    }
    const struct abide_word *words = words_of_key(set);
    return words ? nth_word(words, index) : (abide_word_info){NULL, NULL};
}

/* --- contents with names --- */

static const struct {
    const char *name, *grammar;
} contents[] = {
    {"some", "text|[text]"},
    {"registers", "text|[text]"},
    {"limits", "limit|[limit]"},
    {"kinds", "kind|[kinds]"},
    {"formats", "format|[formats]"},
    {"contents", "kind|format|[contents]"},
    {"conditions", "text|condition|[+conditions]"},
    {"tests", "text|test|[tests]"},
    {"list_field", "list_word|integer"},
    {"word_template", "template_word|pointer_template"},
    {"template", "word_template|template_form"},
    {"member", "member_word|named_member|template_member"},
    {"representation", "refused|template|choice|[template|choice]"},
};

const char *abide_content_of(const char *name)
{
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        if (strcmp(contents[i].name, name) == 0)
            return contents[i].grammar;
    return NULL;
}
