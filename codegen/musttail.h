/* Calls that must become jumps, before LLVM 18: see abide_llvm_compat.h. */
#ifndef ABIDE_CODEGEN_MUSTTAIL_H
#define ABIDE_CODEGEN_MUSTTAIL_H

#include "emission.h"

/* Makes the marks true; with a newer LLVM there is nothing to do. false: reported. */
bool abide_musttail__settle(struct abide_emission *e);

#endif
