/* Failures as rules tell them (types/error_rule.h), in routines. */
#ifndef ABIDE_PLAN_FAILURES_H
#define ABIDE_PLAN_FAILURES_H

#include "plan/build.h"
#include "plan/routine_build.h"

/* One side of a call whose failures a rule tells. */
struct abide_failures {
    const struct abide_error_rule *rule;
    const char *symbol;    /* that `rule` calls: of the hook, or of the function; NULL: none */
    uint64_t result_bytes; /* of what is returned */
    uint64_t int_bytes;    /* of a c_int */
    const char *function;  /* for traps */
};

/* What a rule needs on one side of the adapter, where `reads` tells whether failures are read or told. False: reported. */
bool abide_failures__find(struct abide_builder *builder, const struct abide_error_rule *rule,
                          const abide_assignment *side, bool reads, struct abide_failures *found);

/* Whether a result is a failure. */
abide_value abide_failures__test(struct abide_routine_builder *body,
                                 const struct abide_failures *side, abide_value result);
/* The number, or the address of the text, of the error. */
abide_value abide_failures__read(struct abide_routine_builder *body,
                                 const struct abide_failures *side, abide_value result);
/* Tells an error, and gives what is to be returned. Traps where the other side would take it for a success. */
abide_value abide_failures__tell(struct abide_routine_builder *body,
                                 const struct abide_failures *side, abide_value error);
/* Traps if a value would be taken for a failure. */
void abide_failures__check_value(struct abide_routine_builder *body,
                                 const struct abide_failures *side, abide_value value);
/* A number as the bits of a result. */
abide_value abide_failures__bits(struct abide_routine_builder *body,
                                 const struct abide_failures *side, int64_t number);

#endif
