/*
 * What LLVM keeps per process. Fatal errors: LLVM calls one handler for all and ends the process when it returns. Ours jumps
 * back to the emission that runs in the thread; outside of one it returns, so that others' LLVM behaves as ever.
 */
#ifndef ABIDE_CODEGEN_LLVM_ONCE_H
#define ABIDE_CODEGEN_LLVM_ONCE_H

#include <setjmp.h>

/* A use of LLVM by one thread, from enter to leave. It must be left before the function that entered returns. */
struct abide_llvm_use {
    jmp_buf out;
    char reason[512]; /* after the jump: what LLVM said */
    struct abide_llvm_use *outer;
};

/* Gives the buffer for setjmp; LLVM's targets are ready afterwards. */
jmp_buf *abide_llvm__enter(struct abide_llvm_use *use);
/* `use`: a struct abide_llvm_use; as the guard of a context calls it. */
void abide_llvm__leave(void *use);

#endif
