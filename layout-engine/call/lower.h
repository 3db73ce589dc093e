/* One signature that is being lowered, and what the lowering of parameters and of results share. */
#ifndef ABIDE_CALL_LOWER_H
#define ABIDE_CALL_LOWER_H

#include "call/physical.h"
#include "call/represent.h"

struct abide_lowering {
    abide_ctx *ctx;
    const abide_module *module;
    const struct abide_language *language;
    const abide_module *foreign;
    const abide_signature *signature;
    const char *convention; /* NULL: the module has none */
    struct abide_physical *physical;
    ABIDE_VEC(struct abide_physical_param) groups[ABIDE_ROLE_ENV + 1]; /* by role */
    ABIDE_VEC(struct abide_physical_param) variadic;
};

/* Every part of the signature, in the order of the interface. False: reported. */
bool abide_lower__param(struct abide_lowering *lowering, size_t index);
bool abide_lower__result(struct abide_lowering *lowering);
/* Whether the parameters are so many words that they are passed in one record (`gather`); and that. gather.c */
bool abide_lower__must_gather(const struct abide_lowering *lowering);
bool abide_lower__gather(struct abide_lowering *lowering);
/* Whether the callee owns what it gets as parameter `index`. */
bool abide_lower__is_consumed(const struct abide_lowering *lowering, size_t index);
bool abide_lower__ends_loans(const struct abide_lowering *lowering, size_t index);
/* Whether the caller gives it away, whatever the interface says. */
bool abide_lower__is_given(const struct abide_lowering *lowering, size_t index);

void abide_lower__add(struct abide_lowering *lowering, const struct abide_physical_param *param);
struct abide_representing abide_lower__how(const struct abide_lowering *lowering, const char *what,
                                           struct abide_place place);
/* A pointer to a value of an abstract type, or to the first element of an array. NULL: reported. */
const abide_type *abide_lower__pointer(const struct abide_lowering *lowering,
                                       const struct abide_rewrite_rule *rule,
                                       const struct abide_representing *how, const abide_type *type,
                                       bool is_mutable);
enum abide_copy abide_lower__copy(const struct abide_rewrite_rule *rule);
/* A value of what tells its size must not lie in places of a fixed size. False: reported. */
bool abide_lower__check_size(const struct abide_lowering *lowering,
                             const struct abide_representing *how, const abide_type *type);
/* A rule passes words of what has none: gives false. */
bool abide_lower__report_no_words(const struct abide_lowering *lowering,
                                  const struct abide_representing *how, const abide_type *type,
                                  const struct abide_rewrite_rule *rule);

#endif
