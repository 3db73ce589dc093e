/*
 * One emission: an LLVM module on its way from plans to bytes. Everything LLVM allocates for it hangs here and is freed by
 * one function, which runs also when the context's memory runs out (base/ctx.h: guard).
 */
#ifndef ABIDE_CODEGEN_EMISSION_H
#define ABIDE_CODEGEN_EMISSION_H

#include "abide/codegen.h"
#include "abide_llvm_compat.h"
#include "plan/plan.h"
#include "processor.h"

#include <llvm-c/DebugInfo.h>
#include <llvm-c/TargetMachine.h>

/* A thunk to be made: a plan and the symbol it defines. */
struct abide_thunk {
    const abide_plan *plan;
    const char *symbol;
};

/* One thunk that may be there already, by the text of its IR, in which it has the name it was given. */
struct abide_sharing {
    bool (*is_known)(void *user, const char *text);
    void *user;
    const char *symbol; /* it gets this name if it is not known */
};

struct abide_emission {
    abide_ctx *ctx;
    const struct abide_sharing *sharing; /* NULL: code is made in any case */
    bool is_plain;                       /* without optimization, since LLVM could not do it with */
    bool in_process; /* objects are linked one by one: what they share may be far away */
    const struct abide_processor *processor;
    const abide_codegen_options *options;
    const char *called; /* thunks call this instead of their plan's symbol; NULL: that */

    LLVMContextRef context;
    LLVMModuleRef module;
    LLVMBuilderRef builder;
    LLVMTargetMachineRef machine;
    LLVMTargetDataRef layout;
    LLVMDIBuilderRef debug; /* NULL: no debug information */
    LLVMMemoryBufferRef buffer;
    char *text;                       /* LLVM's: a message or printed IR */
    char failure[512];                /* what LLVM reported through the context; "" if nothing */
    struct abide_written *routines;   /* routine.c; NULL: the thunks need none */
    struct abide_made_tables *tables; /* tables.c; NULL: no routine names one */
    struct abide_text ways;           /* for ABIDE_EMIT_WAYS */
    struct abide_edges *edges;        /* edge.c; NULL: all sides have conventions of LLVM */

    LLVMMetadataRef debug_file;
    LLVMMetadataRef debug_type;

    /* Types in frequent use. */
    LLVMTypeRef void_type;
    LLVMTypeRef byte;
    LLVMTypeRef word; /* an integer register */
    LLVMTypeRef pointer;
    LLVMTypeRef vector; /* a vector register: lanes of 4 bytes, or one float */
    LLVMTypeRef extended;
    bool big_endian;
    bool is_macho; /* names are mangled as Mach-O does, which is also where archives differ */
    uint32_t word_bytes;
    uint32_t vector_bytes;
    unsigned uwtable, noredzone, sret, byval, inreg, nest, align,
        optsize; /* LLVM's numbers of attributes */
};

/* Makes the bytes of a file for thunks that are sorted by symbol. false: reported. */
bool abide_emission__run(abide_ctx *ctx, const struct abide_thunk *thunks, size_t thunk_count,
                         const abide_codegen_options *options, const char **bytes,
                         size_t *size_bytes);
/* The same, of an object that goes into the running process. */
bool abide_emission__load(abide_ctx *ctx, const struct abide_thunk *thunks, size_t thunk_count,
                          const abide_codegen_options *options, const char **bytes,
                          size_t *size_bytes);
/* The same of one thunk, unless it is known: then `*bytes` is NULL. false: reported. */
bool abide_emission__share(abide_ctx *ctx, const struct abide_thunk *thunk,
                           const abide_codegen_options *options,
                           const struct abide_sharing *sharing, const char **bytes,
                           size_t *size_bytes);

/* An object with what stands in front of the thunk of a closure: its record is so far behind it. false: reported. */
bool abide_emission__entry(abide_ctx *ctx, const struct abide_module *machine,
                           const abide_codegen_options *options, uint64_t distance_bytes,
                           const char **bytes, size_t *size_bytes);
/* It lies between these two symbols. */
#define ABIDE_ENTRY_SYMBOL     "abide.entry"
#define ABIDE_ENTRY_END_SYMBOL "abide.entry_end"

/* One use of LLVM: whatever of it hangs on the emission is freed when `work` has returned, or failed. */
bool abide_emission__use(abide_ctx *ctx, const abide_codegen_options *options,
                         bool (*work)(struct abide_emission *e, void *user), void *user);
/* An empty module, for the processor that was chosen. false: reported. */
bool abide_emission__start_module(struct abide_emission *e, const struct abide_module *module);
/* The thunks, and all that they need, in it. false: reported. */
bool abide_emission__write(struct abide_emission *e, const struct abide_thunk *thunks,
                           size_t thunk_count);
/* Its code, in the context's memory. false: reported. */
bool abide_emission__make_object(struct abide_emission *e, const char **bytes, size_t *size_bytes);

/* Reports unsupported-convention: no convention of LLVM says what the assignment asks for. */
void abide_emission__lack(struct abide_emission *e, const abide_plan *plan,
                          const abide_assignment *assignment, const char *reason);
/* Reports cannot-emit at the function of a plan. */
void abide_emission__refuse(struct abide_emission *e, const abide_plan *plan, const char *what);

/* Where a plan's function is declared. */
struct abide_place abide_emission__place(const abide_plan *plan);

/* Takes down how a thunk is made, and why not better; `why` NULL: there is nothing better. */
void abide_emission__note_way(struct abide_emission *e, const char *symbol, const char *way,
                              const char *why);

LLVMTypeRef abide_emission__integer(struct abide_emission *e, uint64_t size_bytes);
LLVMValueRef abide_emission__number(struct abide_emission *e, uint64_t value);
/* A new function with the attributes that all thunks have; its first block is where the builder stands. */
LLVMValueRef abide_emission__define(struct abide_emission *e, const abide_plan *plan,
                                    const char *symbol, bool is_local, LLVMTypeRef type);
/* The same for a function that was declared. `name` is for people; `machine` says what code of it may count on. */
void abide_emission__start_function(struct abide_emission *e, LLVMValueRef function,
                                    const char *name, struct abide_place place,
                                    const struct abide_module *machine);
/* A frame of more than a page touches its pages in order, so that none reaches past the one that guards the stack. */
void abide_emission__probe_stack(struct abide_emission *e, LLVMValueRef function);
/* Code of a conversion is to be short rather than fast: it is cold beside what it allocates and copies. */
void abide_emission__prefer_short(struct abide_emission *e, LLVMValueRef function);
/* Memory in the frame of the function being written. */
LLVMValueRef abide_emission__alloca(struct abide_emission *e, uint64_t size_bytes,
                                    uint64_t align_bytes);
/* The IR name of a symbol of code of a module, which may spell symbols in its own way. */
const char *abide_emission__linked(struct abide_emission *e, const struct abide_module *module,
                                   const char *symbol);
/* The name that linkers see for it. */
const char *abide_emission__linker_name(struct abide_emission *e, const struct abide_module *module,
                                        const char *symbol);
/* A function of another object file. */
LLVMValueRef abide_emission__external(struct abide_emission *e, const char *symbol,
                                      LLVMTypeRef type);

#endif
