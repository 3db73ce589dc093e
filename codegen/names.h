/*
 * Whether what was made has the symbols that it is to have: assemblers and object formats do not take every name. Found by reading
 * what was made; false: cannot-emit was reported at a function. Only symbols are looked at that may be trouble: most names are
 * letters and `_`, and those cost nothing.
 */
#ifndef ABIDE_CODEGEN_NAMES_H
#define ABIDE_CODEGEN_NAMES_H

#include "emission.h"

/* Of an object. */
bool abide_names__check_object(struct abide_emission *e, const struct abide_thunk *thunks,
                               size_t thunk_count, const struct abide_text *object);
/* Of assembly, as LLVM's own assembler reads it. */
bool abide_names__check_assembly(struct abide_emission *e, const struct abide_thunk *thunks,
                                 size_t thunk_count, const struct abide_text *text);
/* Of the module, if an object were made of it. */
bool abide_names__check_module(struct abide_emission *e, const struct abide_thunk *thunks,
                               size_t thunk_count);
/* LLVM makes no code, for this reason. If that may be for a symbol's sake, reports so at its function. false: it cannot be. */
bool abide_names__blame(struct abide_emission *e, const struct abide_thunk *thunks,
                        size_t thunk_count, const char *reason);

#endif
