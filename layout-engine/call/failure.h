/* Results whose failures are told in a way of the ABI's own (types/error_rule.h), instead of by a value. */
#ifndef ABIDE_CALL_FAILURE_H
#define ABIDE_CALL_FAILURE_H

#include "call/lower.h"

/* The rule of the signature that is lowered, or of the module's own for all results; *fine is false if something was reported. */
const struct abide_error_rule *abide_failure__rule(const struct abide_lowering *lowering,
                                                   const struct abide_rewrite_rule *rewrite,
                                                   bool *fine);

/*
 * The result as the rule says. Its value_type is a struct {status, value, error}, as for other statuses (physical.h): status is 0 or
 * 1, value is there if T is, and error is what E is told by, a struct {code, text} (`code_of`), or one of them. False: reported.
 */
bool abide_failure__lower(struct abide_lowering *lowering, const struct abide_error_rule *rule,
                          struct abide_physical_result *result);

/* Reports what cannot be told by a rule, and gives false. */
bool abide_failure__refuse(abide_ctx *ctx, const struct abide_error_use *use,
                           struct abide_place place, const char *reason, const char *help);

/* What kind of thing an error, or a part of it, is to a rule. */
enum abide_error_part { ABIDE_ERROR_PART_NUMBER, ABIDE_ERROR_PART_TEXT, ABIDE_ERROR_PART_OTHER };
enum abide_error_part abide_failure__part(const abide_type *type);

#endif
