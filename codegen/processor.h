/*
 * What LLVM needs to know about an architecture, read from codegen/targets/: which registers its calling conventions reach
 * and in what order. No other file knows; a plan's register names are looked up here.
 *
 * Life: owned by the context.
 */
#ifndef ABIDE_CODEGEN_PROCESSOR_H
#define ABIDE_CODEGEN_PROCESSOR_H

#include "spec/registers.h"

/* How a register is reached: the kind of an IR parameter or result that LLVM would put there. */
enum abide_register_kind {
    ABIDE_REGISTER_INTEGER,
    ABIDE_REGISTER_VECTOR,
    ABIDE_REGISTER_EXTENDED, /* floating point wider than 64 bits, with a register file of its own */
    ABIDE_REGISTER_KIND_COUNT
};

/* The most of one kind in one convention. */
#define ABIDE_MAX_REGISTERS 32

struct abide_convention {
    const char *name; /* LLVM's word for it */
    unsigned id;      /* LLVM's number for it */
    unsigned since;   /* the first LLVM that has it so */
    /* In the order that LLVM uses them up. */
    struct abide_words arguments[ABIDE_REGISTER_KIND_COUNT];
    struct abide_words results[ABIDE_REGISTER_KIND_COUNT];
    const char *indirect;     /* reached by a first parameter with `sret`; NULL: none */
    const char *vector_count; /* set by a call of a variadic function; NULL: none */
    struct abide_words preserved;
    struct abide_words scratch; /* neither: free at the start of a function */
    uint32_t slot_bytes;        /* of a stack argument */
    uint32_t align_bytes;
    uint32_t start_bytes; /* where stack arguments start, from the stack pointer at the call */
    uint32_t red_zone_bytes;
};

struct abide_setting {
    const char *name;
    const char *value;
};

struct abide_processor {
    const char *cpu;
    const char *features;
    uint32_t register_bytes[ABIDE_REGISTER_KIND_COUNT]; /* 0: no such registers */
    const struct abide_convention *conventions;         /* in order of preference */
    size_t convention_count;
    /* Control-flow protection. */
    const struct abide_setting *module_flags;
    size_t module_flag_count;
    const struct abide_setting *function_attributes;
    size_t function_attribute_count;
};

/* The data of an architecture, as modules name it. NULL: reported (unsupported-target). */
const struct abide_processor *abide_processor__of(abide_ctx *ctx, const char *arch);

/* The place of `name` in a list, or SIZE_MAX. */
size_t abide_words__find(struct abide_words names, const char *name);

#endif
