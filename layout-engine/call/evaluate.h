/* Whether a condition of the machine level holds for a value that is passed. */
#ifndef ABIDE_CALL_EVALUATE_H
#define ABIDE_CALL_EVALUATE_H

#include "layout/layout.h"
#include "spec/rules.h"

/* What the module's `budget` says of a value. */
struct abide_budgeted {
    bool is_affordable;
    uint32_t spent; /* bits: banks of which nothing is left for it */
};

/* The value that rules are asked about. */
struct abide_passed {
    abide_ctx *ctx;
    const abide_module *module; /* machine */
    const abide_layout *layout;
    bool is_variadic;                      /* an unnamed argument */
    bool is_variadic_function;             /* of a function that takes some */
    bool has_no_result;                    /* of one that returns nothing */
    bool is_part;                          /* of a value that is spread */
    size_t number;                         /* of the argument, from 1; 0: it is none of its own */
    struct abide_facts facts;              /* of the parameter or result */
    const struct abide_budgeted *budgeted; /* NULL: it costs nothing */
    size_t *parts_left;                    /* that `inside` may still look at; NULL: all */
};

/* `condition` NULL: always. */
bool abide_evaluate__holds(const struct abide_passed *passed,
                           const struct abide_condition *condition);

/* What the value as a whole is. */
enum abide_leaf_kind abide_evaluate__kind(const abide_layout *layout);

#endif
