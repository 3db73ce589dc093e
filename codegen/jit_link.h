/* Objects in the running process, by LLVM's ORC: what is linked, unwound, known to debuggers, and taken out again. */
#ifndef ABIDE_CODEGEN_JIT_LINK_H
#define ABIDE_CODEGEN_JIT_LINK_H

#include "abide_llvm_compat.h"
#include "base/ctx.h"

#include <llvm-c/LLJIT.h>

struct abide_linker {
    LLVMOrcLLJITRef lljit;
    LLVMOrcJITDylibRef dylib;
    char *failure; /* LLVM's words for the last failure; of malloc */
    char *cause;   /* what it reported meanwhile, which says more; of malloc, or NULL */
};

/* false: `failure` says why. */
bool abide_linker__start(struct abide_linker *linker, bool debugger);
void abide_linker__end(struct abide_linker *linker);

/* Gives a symbol an address, for good. */
bool abide_linker__define(struct abide_linker *linker, const char *symbol, uint64_t address);
/* An object; `*tracker` takes it out again. Nothing is linked until a symbol of it is looked up. */
bool abide_linker__add(struct abide_linker *linker, const char *bytes, size_t size_bytes,
                       LLVMOrcResourceTrackerRef *tracker);
bool abide_linker__find(struct abide_linker *linker, const char *symbol, uint64_t *address);
void abide_linker__remove(struct abide_linker *linker, LLVMOrcResourceTrackerRef tracker);

#endif
