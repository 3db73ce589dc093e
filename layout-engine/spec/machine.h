/* The machine level of a module: data model, registers, stack, rules and facts. */
#ifndef ABIDE_SPEC_MACHINE_H
#define ABIDE_SPEC_MACHINE_H

#include "spec/registers.h"
#include "spec/rules.h"

/* The data model; what the module does not state has the value that almost all ABIs share. */
const struct abide_data_model *abide_data__read(abide_ctx *ctx, const struct abide_module *module,
                                                const struct abide_yaml *node, uint32_t serial);

/* Banks of `banks` or `return_banks`. */
const struct abide_bank *const *abide_banks__read(abide_ctx *ctx,
                                                  const struct abide_registers *registers,
                                                  const struct abide_yaml *node, size_t *count);
/* `stack` or `block`; `node` NULL: an area of words. */
struct abide_stack abide_stack__read(abide_ctx *ctx, const struct abide_yaml *node, bool is_block,
                                     uint32_t word_bytes);

/* `call`, `return` and `errors`. */
void abide_calls__read(abide_ctx *ctx, struct abide_module *module,
                       const struct abide_registers *registers, const struct abide_yaml *tree);

/*
 * Everything of a machine module whose identity, target and options are filled in. `serial` identifies its data model in
 * memo tables. What was wrong is reported.
 */
void abide_machine__read(abide_ctx *ctx, struct abide_module *module, const struct abide_yaml *tree,
                         const struct abide_option_decl *options, size_t option_count,
                         uint32_t serial);

#endif
