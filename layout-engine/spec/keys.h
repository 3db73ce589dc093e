/* Tables of keys of module files that others than their readers look at. */
#ifndef ABIDE_SPEC_KEYS_H
#define ABIDE_SPEC_KEYS_H

#include "base/schema.h"

extern const struct abide_schema abide_module__schema;      /* module.c */
extern const struct abide_schema abide_module__head_schema; /* module.c */
extern const struct abide_schema abide_module__bank_schema; /* banks.c */
extern const struct abide_schema abide_module__rule_schema; /* rules.c */
extern const struct abide_schema abide_target__schema;      /* target.c */
extern const struct abide_schema abide_data__schema;        /* data.c */
extern const struct abide_schema abide_data__scalar_schema, abide_data__records_schema;
extern const struct abide_schema abide_classes__schema, abide_classes__join_schema; /* classes.c */
extern const struct abide_schema abide_condition__homogeneous_schema; /* condition.c */
extern const struct abide_schema abide_condition__members_schema;
extern const struct abide_schema abide_condition__target_schema;
extern const struct abide_schema abide_when__target_schema; /* when.c */

/* Words that stand for something, up to a NULL. */
extern const char *const abide_target__byte_orders[];
extern const char *const abide_data__bitfields[];
extern const char *const abide_data__moments[]; /* of `aligned_bits` */
extern const char *const abide_classes__sizeless[];
extern const char *const abide_when__bases[];
extern const char *const abide_rules__verbs[]; /* of `pass` */
extern const char *const abide_when__modes[];

/* The same, one at a time; NULL past the last. */
const char *abide_data__name_at(size_t index);    /* keys of `scalars` */
const char *abide_classes__leaf_at(size_t index); /* keys of `of`, those with a size aside */
const char *abide_condition__kind_at(size_t index);
const char *abide_condition__format_at(size_t index);
const char *abide_condition__container_at(size_t index);
const char *abide_when__kind_at(size_t index);

/* A key of conditions. */
struct abide_term {
    const char *key;  /* NULL: past the last */
    const char *form; /* how its value is written, a word of the tables of conditions */
    const char *doc;
};
struct abide_term abide_condition__term_at(size_t index); /* of the machine level */
struct abide_term abide_when__term_at(size_t index);      /* of the language level */

#endif
