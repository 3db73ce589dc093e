/*
 * Objects rather than IR go to ORC, so that the code in a process is that of the files. ORC finds symbols and links objects when they
 * are looked up, under locks of its own.
 */
#include "jit_link.h"

#include <llvm-c/ExecutionEngine.h>
#include <llvm-c/Orc.h>
#include <llvm-c/OrcEE.h>

#include <stdlib.h>
#include <string.h>

/* The text of an error, which is gone then. NULL: no memory. */
static char *text_of(LLVMErrorRef error)
{
    char *text = LLVMGetErrorMessage(error);
    size_t size_bytes = strlen(text) + 1;
    char *copy = malloc(size_bytes);
    if (copy)
        memcpy(copy, text, size_bytes);
    LLVMDisposeErrorMessage(text);
    return copy;
}

/* Whether there is no error; else what was wrong is kept. */
static bool is_fine(struct abide_linker *linker, LLVMErrorRef error)
{
    if (!error)
        return true;
    char *text = text_of(error);
    free(linker->failure);
    linker->failure = linker->cause ? linker->cause : text;
    if (linker->cause)
        free(text);
    linker->cause = NULL;
    return false;
}

/* LLVM would say it on the standard error stream. The first thing it says is the cause of the others. */
static void keep_cause(void *user, LLVMErrorRef error)
{
    struct abide_linker *linker = user;
    char *text = text_of(error);
    if (linker->cause)
        free(text);
    else
        linker->cause = text;
}

/* Debuggers are told by the older of LLVM's two linkers. */
static LLVMOrcObjectLayerRef layer_for_debugger(void *user, LLVMOrcExecutionSessionRef session,
                                                const char *triple)
{
    (void)user;
    (void)triple;
    LLVMOrcObjectLayerRef layer =
        LLVMOrcCreateRTDyldObjectLinkingLayerWithSectionMemoryManager(session);
    LLVMOrcRTDyldObjectLinkingLayerRegisterJITEventListener(layer,
                                                            LLVMCreateGDBRegistrationListener());
    return layer;
}

bool abide_linker__start(struct abide_linker *linker, bool debugger)
{
    LLVMOrcLLJITBuilderRef builder = LLVMOrcCreateLLJITBuilder();
    if (debugger)
        LLVMOrcLLJITBuilderSetObjectLinkingLayerCreator(builder, layer_for_debugger, NULL);
    if (!is_fine(linker, LLVMOrcCreateLLJIT(&linker->lljit, builder)))
        return false;
    LLVMOrcExecutionSessionSetErrorReporter(LLVMOrcLLJITGetExecutionSession(linker->lljit),
                                            keep_cause, linker);
    linker->dylib = LLVMOrcLLJITGetMainJITDylib(linker->lljit);
    LLVMOrcDefinitionGeneratorRef process;
    if (!is_fine(linker, LLVMOrcCreateDynamicLibrarySearchGeneratorForProcess(
                             &process, LLVMOrcLLJITGetGlobalPrefix(linker->lljit), NULL, NULL)))
        return false;
    LLVMOrcJITDylibAddGenerator(linker->dylib, process);
    return true;
}

void abide_linker__end(struct abide_linker *linker)
{
    if (linker->lljit)
        LLVMConsumeError(LLVMOrcDisposeLLJIT(linker->lljit));
    free(linker->failure);
    free(linker->cause);
}

bool abide_linker__define(struct abide_linker *linker, const char *symbol, uint64_t address)
{
    LLVMOrcCSymbolMapPair pair = {
        .Name = LLVMOrcLLJITMangleAndIntern(linker->lljit, symbol),
        .Sym = {
            .Address = address,
            .Flags = {LLVMJITSymbolGenericFlagsExported | LLVMJITSymbolGenericFlagsCallable, 0}}};
    LLVMOrcMaterializationUnitRef unit = LLVMOrcAbsoluteSymbols(&pair, 1);
    LLVMErrorRef error = LLVMOrcJITDylibDefine(linker->dylib, unit);
    if (error)
        LLVMOrcDisposeMaterializationUnit(unit);
    return is_fine(linker, error);
}

bool abide_linker__add(struct abide_linker *linker, const char *bytes, size_t size_bytes,
                       LLVMOrcResourceTrackerRef *tracker)
{
    LLVMMemoryBufferRef object =
        LLVMCreateMemoryBufferWithMemoryRangeCopy(bytes, size_bytes, "abide");
    *tracker = LLVMOrcJITDylibCreateResourceTracker(linker->dylib);
    if (is_fine(linker, LLVMOrcLLJITAddObjectFileWithRT(linker->lljit, *tracker, object)))
        return true;
    abide_linker__remove(linker, *tracker);
    return false;
}

bool abide_linker__find(struct abide_linker *linker, const char *symbol, uint64_t *address)
{
    return is_fine(linker, LLVMOrcLLJITLookup(linker->lljit, address, symbol));
}

void abide_linker__remove(struct abide_linker *linker, LLVMOrcResourceTrackerRef tracker)
{
    (void)is_fine(linker, LLVMOrcResourceTrackerRemove(tracker));
    LLVMOrcReleaseResourceTracker(tracker);
}
