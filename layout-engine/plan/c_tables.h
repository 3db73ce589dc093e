/* Constant tables of functions (plan/routine.h) in portable C. */
#ifndef ABIDE_PLAN_C_TABLES_H
#define ABIDE_PLAN_C_TABLES_H

#include "plan/c_routine.h"

/* Their types and declarations, to stand before the routines that name them; "" if there are none. */
const char *abide_c_tables__declarations(abide_ctx *ctx,
                                         const struct abide_routine_constant *const *tables,
                                         size_t count);
/* Their contents, to stand behind all functions. */
const char *abide_c_tables__definitions(const struct abide_c_routines *routines,
                                        const struct abide_routine_constant *const *tables,
                                        size_t count);

/* What the function of a method is called. */
const char *abide_c_tables__method(abide_ctx *ctx, const struct abide_methods *methods,
                                   size_t method);

#endif
