/* Tables of keys and words of module files that others than their readers look at. */
#ifndef ABIDE_SPEC_KEYS_H
#define ABIDE_SPEC_KEYS_H

#include "base/schema.h"
#include "types/type.h"

/* module.c, banks.c, rules.c, target.c, data.c, classes.c, condition.c */
extern const struct abide_schema abide_module__schema, abide_module__head_schema;
extern const struct abide_schema abide_module__bank_schema, abide_module__rule_schema;
extern const struct abide_schema abide_stack__schema, abide_stack__round_schema;
extern const struct abide_schema abide_rules__extend_schema;
extern const struct abide_schema abide_rules__budget_schema, abide_rules__budget_bank_schema;
extern const struct abide_schema abide_target__schema;
extern const struct abide_schema abide_data__schema;
extern const struct abide_schema abide_data__scalar_schema, abide_data__records_schema;
extern const struct abide_schema abide_classes__schema, abide_classes__join_schema;
extern const struct abide_schema abide_condition__homogeneous_schema;
extern const struct abide_schema abide_condition__members_schema;
extern const struct abide_schema abide_condition__target_schema;
/* machine.c, calls.c, compilers.c */
extern const struct abide_schema abide_machine__special_schema, abide_machine__variadic_schema;
extern const struct abide_schema abide_machine__list_schema, abide_machine__hidden_schema;
extern const struct abide_schema abide_calls__call_schema, abide_calls__return_schema;
extern const struct abide_schema abide_compilers__in_c_schema, abide_compilers__deviation_schema;
/* when.c, options.c, language.c, values.c, rewrite.c, hooks.c, gather.c, objects.c */
extern const struct abide_schema abide_when__target_schema;
extern const struct abide_schema abide_option__schema;
extern const struct abide_schema abide_language__facts_schema, abide_language__lowering_schema;
extern const struct abide_schema abide_language__decide_schema, abide_language__decide_data_schema;
extern const struct abide_schema abide_language__decide_scalar_schema;
extern const struct abide_schema abide_language__closure_schema;
extern const struct abide_schema abide_language__foreign_env_schema;
extern const struct abide_schema abide_values__flatten_schema, abide_values__owned_schema;
extern const struct abide_schema abide_values__make_schema, abide_values__drop_schema;
extern const struct abide_schema abide_rewrite__schema, abide_rewrite__out_schema;
extern const struct abide_schema abide_hook__schema;
extern const struct abide_schema abide_gather__schema;
extern const struct abide_schema abide_objects__schema;
/* template.c, template_mapping.c, template_record.c */
extern const struct abide_schema abide_template__choice_schema, abide_template__schema;
extern const struct abide_schema abide_template__member_schema;

/* `vectors`, which call/vectors.c reads. */
enum { ABIDE_VECTORS_TARGET, ABIDE_VECTORS_TYPES, ABIDE_VECTORS_CALLS, ABIDE_VECTORS_KEYS };
enum {
    ABIDE_VECTOR_SIG,
    ABIDE_VECTOR_PLACES,
    ABIDE_VECTOR_PROTOTYPE,
    ABIDE_VECTOR_OPTIONS,
    ABIDE_VECTOR_CONVENTION,
    ABIDE_VECTOR_FACTS,
    ABIDE_VECTOR_SOURCE,
    ABIDE_VECTOR_KEYS
};
extern const struct abide_schema abide_vectors__schema, abide_vectors__call_schema;

/* A key of an override; NULL: past the last. */
const struct abide_key *abide_module__override_key(size_t index);

/* Words of more than one key, and of elements of lists. */
extern const struct abide_word abide_classes__sizeless[];
extern const struct abide_word abide_when__bases[], abide_when__modes[];
extern const struct abide_word abide_rules__extensions[];
extern const struct abide_word abide_condition__paddings[];
extern const struct abide_word abide_machine__list_fields[];
extern const struct abide_word abide_compilers__none[]; /* of `in_c` */
extern const struct abide_word abide_rewrite__groups[]; /* of `order` */
extern const struct abide_word abide_template__member_words[];
extern const struct abide_word abide_template__refused[];
extern const struct abide_word abide_validity__words[];

/* The same, one at a time; name NULL past the last. */
struct abide_word abide_data__name_at(size_t index);    /* keys of `scalars` */
struct abide_word abide_classes__leaf_at(size_t index); /* keys of `of`, those with a size aside */
struct abide_word abide_condition__kind_at(size_t index);
struct abide_word abide_condition__format_at(size_t index);
struct abide_word abide_condition__container_at(size_t index);
struct abide_word abide_template__word_at(size_t index);

/* Kinds of types that stay what they are, and those of which an interface can choose a form. */
bool abide_template__is_fixed(enum abide_kind kind);
bool abide_values__has_forms(enum abide_kind kind);

/* A key of conditions. */
struct abide_term {
    const char *key;     /* NULL: past the last */
    const char *content; /* how its value is written: a grammar of struct abide_content */
    const char *doc;
};
struct abide_term abide_condition__term_at(size_t index); /* of the machine level */
struct abide_term abide_when__term_at(size_t index);      /* of the language level */

#endif
