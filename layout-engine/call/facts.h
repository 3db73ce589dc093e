/* Facts and forms that interfaces state: known to a module, or to the one at the other side. */
#ifndef ABIDE_CALL_FACTS_H
#define ABIDE_CALL_FACTS_H

#include "call/represent.h"

/* Whether `module` or one it works with knows a fact of this subject; else reports it. */
bool abide_facts__knows(abide_ctx *ctx, const struct abide_representing *how,
                        enum abide_fact_subject subject, const struct abide_fact *fact);

/* The form of a type that is in force: what the interface chose if the module has it, else the usual one; NULL: it has no names. */
const char *abide_facts__form(const abide_module *module, const abide_type *type);

/* Whether all facts of a type are known, and its form is; else reports it. */
bool abide_facts__are_known(abide_ctx *ctx, const struct abide_representing *how,
                            const abide_type *type);
bool abide_facts__form_is_known(abide_ctx *ctx, const struct abide_representing *how,
                                const abide_type *type);

/*
 * Facts that this module does not declare, of a type or of what it extends, may change the layout: then the declaring
 * module says what it is.
 */
bool abide_facts__are_foreign(const struct abide_representing *how, const abide_type *type);

#endif
