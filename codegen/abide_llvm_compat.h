/* What differs between the releases of LLVM that the build accepts (15 and later), in one place. */
#ifndef ABIDE_LLVM_COMPAT_H
#define ABIDE_LLVM_COMPAT_H

#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>
#include <llvm/Config/llvm-config.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if LLVM_VERSION_MAJOR < 15
#error "LLVM 15 or later is needed: pointers are opaque from there on"
#endif

static inline LLVMTypeRef abide_llvm_array(LLVMTypeRef element, uint64_t count)
{
#if LLVM_VERSION_MAJOR >= 17
    return LLVMArrayType2(element, count);
#else
    return LLVMArrayType(element, (unsigned)count); /* callers check ABIDE_LLVM_MAX_ARRAY */
#endif
}
#define ABIDE_LLVM_MAX_ARRAY UINT32_MAX

/* AT&T assembly with side effects. Before LLVM 17 the texts, which are not written to, are not const. */
static inline LLVMValueRef abide_llvm_assembly(LLVMTypeRef type, const char *text,
                                               const char *constraints)
{
    return LLVMGetInlineAsm(type, (char *)text, strlen(text), (char *)constraints,
                            strlen(constraints), true, false, LLVMInlineAsmDialectATT, false);
}

/*
 * The name of the pass that combines instructions. From LLVM 18 on it is done after one round, and unless told otherwise ends the
 * process where a second one would find more.
 */
#if LLVM_VERSION_MAJOR >= 18
#define ABIDE_LLVM_COMBINE "instcombine<no-verify-fixpoint>"
#else
#define ABIDE_LLVM_COMBINE "instcombine"
#endif

/*
 * Marks a call that must become a jump. Before LLVM 18 the C interface cannot say so: the call gets an attribute of the
 * name below, and the module's text is rewritten before code is made (musttail.c).
 */
#define ABIDE_LLVM_MUSTTAIL_MARK      "abide-musttail"
#define ABIDE_LLVM_HAS_TAIL_CALL_KIND (LLVM_VERSION_MAJOR >= 18)

static inline void abide_llvm_set_musttail(LLVMContextRef context, LLVMValueRef call)
{
#if ABIDE_LLVM_HAS_TAIL_CALL_KIND
    (void)context;
    LLVMSetTailCallKind(call, LLVMTailCallKindMustTail);
#else
    LLVMSetTailCall(call, true);
    LLVMAttributeRef mark = LLVMCreateStringAttribute(context, ABIDE_LLVM_MUSTTAIL_MARK,
                                                      sizeof ABIDE_LLVM_MUSTTAIL_MARK - 1, "", 0);
    LLVMAddCallSiteAttribute(call, LLVMAttributeFunctionIndex, mark);
#endif
}

/* A target machine that makes position-independent code. Before LLVM 18 the ABI is what the module's flag says. */
static inline LLVMTargetMachineRef abide_llvm_machine(LLVMTargetRef target, const char *triple,
                                                      const char *cpu, const char *features,
                                                      const char *abi, LLVMCodeGenOptLevel level)
{
#if LLVM_VERSION_MAJOR >= 18
    LLVMTargetMachineOptionsRef options = LLVMCreateTargetMachineOptions();
    LLVMTargetMachineOptionsSetCPU(options, cpu);
    LLVMTargetMachineOptionsSetFeatures(options, features);
    LLVMTargetMachineOptionsSetABI(options, abi);
    LLVMTargetMachineOptionsSetCodeGenOptLevel(options, level);
    LLVMTargetMachineOptionsSetRelocMode(options, LLVMRelocPIC);
    LLVMTargetMachineRef machine = LLVMCreateTargetMachineWithOptions(target, triple, options);
    LLVMDisposeTargetMachineOptions(options);
    return machine;
#else
    (void)abi;
    return LLVMCreateTargetMachine(target, triple, cpu, features, level, LLVMRelocPIC,
                                   LLVMCodeModelDefault);
#endif
}

#endif
