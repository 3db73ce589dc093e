/*
 * Machine code from plans, through LLVM (libabide-codegen).
 *
 * Output is a pure function of the plans and the options: the same bytes on every run and machine.
 */
#ifndef ABIDE_CODEGEN_H
#define ABIDE_CODEGEN_H

#include "abide/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum abide_emit {
    ABIDE_EMIT_OBJECT,
    ABIDE_EMIT_ARCHIVE,
    ABIDE_EMIT_ASSEMBLY,
    ABIDE_EMIT_IR,
    ABIDE_EMIT_BITCODE,
    ABIDE_EMIT_WAYS /**< a text: for each thunk, how it is made and why not in a better way */
} abide_emit;

/** Another name for a thunk. */
typedef struct abide_codegen_alias {
    const char *symbol; /**< of the thunk */
    const char *alias;
} abide_codegen_alias;

/** Read-only data, aligned to 8 bytes. */
typedef struct abide_codegen_data {
    const char *symbol;
    const void *bytes;
    size_t size_bytes; /**< below 2^32 */
} abide_codegen_data;

/** Options of an emission. Start from ABIDE_CODEGEN_OPTIONS_INIT. */
typedef struct abide_codegen_options {
    unsigned version; /**< ABIDE_CODEGEN_OPTIONS_VERSION */
    abide_emit emit;
    const char *prefix;           /**< NULL: the caller module's own */
    bool control_flow_protection; /**< CET on x86, BTI and PAC on AArch64 */
    bool debug_info;              /**< line tables that name the interface file */
    bool hidden_visibility;
    const char *member_name; /**< of an archive's one member; NULL: "abide.o" */
    /**
     * How many threads may work on it; 0 is 1. The bytes do not depend on it. With more than 1, the context's allocator is
     * called from all of them at once.
     */
    unsigned threads;
    /** What stands in the object beside the thunks, such as what abide/fingerprint.h makes; thunks then share no code. */
    const abide_codegen_alias *aliases;
    size_t alias_count;
    const abide_codegen_data *data;
    size_t data_count;
} abide_codegen_options;

#define ABIDE_CODEGEN_OPTIONS_VERSION 3
#define ABIDE_CODEGEN_OPTIONS_INIT  \
    {ABIDE_CODEGEN_OPTIONS_VERSION, \
     ABIDE_EMIT_OBJECT,             \
     NULL,                          \
     false,                         \
     true,                          \
     false,                         \
     NULL,                          \
     0,                             \
     NULL,                          \
     0,                             \
     NULL,                          \
     0}

/**
 * Emits thunks for `plans`, all of one target, sorted by symbol.
 *
 * @param bytes on success a block of `*size_bytes` bytes owned by `ctx`
 * @return false: reported (unsupported-target, unsupported-convention, cannot-emit, symbol-collision)
 */
ABIDE_API bool abide_codegen_emit(abide_ctx *ctx, const abide_plan *const *plans, size_t plan_count,
                                  const abide_codegen_options *options, const char **bytes,
                                  size_t *size_bytes);

/**
 * How machine code would be made of a plan, in words: "moves and a jump, by LLVM".
 *
 * @param why why not in a better way; NULL: there is none
 * @return NULL: it cannot be made, which is reported
 */
ABIDE_API const char *abide_codegen_way(abide_ctx *ctx, const abide_plan *plan, const char **why);

/** "19.1.7": the LLVM that this library was built with. */
ABIDE_API const char *abide_codegen_llvm_version(void);

#ifdef __cplusplus
}
#endif
#endif
