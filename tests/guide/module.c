/* A thunk becomes a part of an LLVM module that a compiler has made, before its optimizer runs. */
#include <abide/abide.h>
#include <abide/codegen.h>
#include <llvm-c/Analysis.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/Core.h>
#include <llvm-c/Linker.h>
#include <stdio.h>

static const char text[] = "abide: 1\n"
                           "types:\n"
                           "  matrix: {struct: {m: array<f64; 9>}}\n"
                           "functions:\n"
                           "  inverse: (m matrix) -> matrix\n";

/* Bitcode of the function `nim_inverse`, through which Nim's code calls the C function `inverse`. */
static bool emit_thunk(abide_ctx *ctx, const char *target, const char **bytes, size_t *size_bytes)
{
    const abide_iface *iface = abide_iface_parse(ctx, "inline", text, sizeof text - 1);
    const abide_plan *plan = abide_plan_new(ctx, iface, abide_iface_function(iface, "inverse"),
                                            abide_module_load(ctx, "nim-cgen", target),
                                            abide_module_load(ctx, "c", target));
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.emit = ABIDE_EMIT_BITCODE;
    return plan && abide_codegen_emit(ctx, &plan, 1, &options, bytes, size_bytes);
}

/* What a compiler has made so far: `main`, which calls `nim_inverse`. */
static LLVMModuleRef compile_main(LLVMContextRef llvm)
{
    LLVMModuleRef module = LLVMModuleCreateWithNameInContext("program", llvm);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(llvm, 0);
    LLVMTypeRef takes_two =
        LLVMFunctionType(LLVMVoidTypeInContext(llvm), (LLVMTypeRef[]){pointer, pointer}, 2, false);
    LLVMValueRef callee = LLVMAddFunction(module, "nim_inverse", takes_two);
    LLVMTypeRef int_type = LLVMInt32TypeInContext(llvm);
    LLVMValueRef function =
        LLVMAddFunction(module, "main", LLVMFunctionType(int_type, NULL, 0, false));
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(llvm);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(llvm, function, ""));
    LLVMValueRef matrix =
        LLVMBuildAlloca(builder, LLVMArrayType2(LLVMDoubleTypeInContext(llvm), 9), "m");
    LLVMBuildCall2(builder, takes_two, callee, (LLVMValueRef[]){matrix, matrix}, 2, "");
    LLVMBuildRet(builder, LLVMConstInt(int_type, 0, false));
    LLVMDisposeBuilder(builder);
    return module;
}

/* Takes the bitcode into `module`, which must be for the same target. */
static bool link_bitcode(LLVMModuleRef module, const char *bytes, size_t size_bytes)
{
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRange(bytes, size_bytes, "thunks", false);
    LLVMModuleRef thunks = NULL;
    bool failed = LLVMParseBitcodeInContext2(LLVMGetModuleContext(module), buffer, &thunks);
    LLVMDisposeMemoryBuffer(buffer);
    if (failed)
        return false;
    LLVMSetTarget(module, LLVMGetTarget(thunks));
    LLVMSetDataLayout(module, LLVMGetDataLayoutStr(thunks));
    return !LLVMLinkModules2(module, thunks) &&
           !LLVMVerifyModule(module, LLVMPrintMessageAction, NULL);
}

int main(void)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    LLVMContextRef llvm = LLVMContextCreate();
    LLVMModuleRef module = compile_main(llvm);
    const char *bytes;
    size_t size_bytes;
    bool done = emit_thunk(ctx, "x86_64-linux-gnu", &bytes, &size_bytes) &&
                link_bitcode(module, bytes, size_bytes);
    for (LLVMValueRef f = done ? LLVMGetFirstFunction(module) : NULL; f; f = LLVMGetNextFunction(f))
        printf("%-11s %s\n", LLVMGetValueName(f),
               LLVMIsDeclaration(f) ? "is called" : "is in the module");
    LLVMDisposeModule(module);
    LLVMContextDispose(llvm);
    abide_ctx_free(ctx);
    return done ? 0 : 1;
}
