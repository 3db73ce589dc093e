/*
 * What LLVM needs to know about an architecture, read from codegen/targets/: which registers its calling conventions reach
 * and in what order. No other file knows; a plan's register names are looked up here.
 *
 * Life: owned by the context.
 */
#ifndef ABIDE_CODEGEN_PROCESSOR_H
#define ABIDE_CODEGEN_PROCESSOR_H

#include "base/schema.h"
#include "spec/registers.h"

/* How a register is reached: the kind of an IR parameter or result that LLVM would put there. */
enum abide_register_kind {
    ABIDE_REGISTER_INTEGER,
    ABIDE_REGISTER_VECTOR,
    ABIDE_REGISTER_EXTENDED, /* of a register file of its own beside the vector registers */
    ABIDE_REGISTER_KIND_COUNT
};

/* Their words in the files of targets/, and NULL. */
extern const struct abide_word abide_register__kinds[ABIDE_REGISTER_KIND_COUNT + 1];

/* The most of one kind in one convention. */
#define ABIDE_MAX_REGISTERS 32

/* Where a float that is narrower than its register is. */
enum abide_narrow {
    ABIDE_NARROW_LOW,       /* in the least significant bytes */
    ABIDE_NARROW_HIGH,      /* in the most significant bytes */
    ABIDE_NARROW_CONVERTED, /* the register holds it converted to its own format */
    ABIDE_NARROW_BOXED      /* in the least significant bytes, with ones above */
};

/* How an IR parameter finds its register. */
enum abide_reach {
    ABIDE_REACH_SEQUENCE, /* the next one of its kind */
    ABIDE_REACH_POSITION, /* that of its kind at the parameter's own position */
    ABIDE_REACH_ATTRIBUTE, /* the next one, if it is marked `inreg`; integers without it are on the stack */
    ABIDE_REACH_COUNT
};

/* The registers of arguments, or of results, in the order that LLVM uses them up. */
struct abide_register_order {
    struct abide_words registers[ABIDE_REGISTER_KIND_COUNT];
    enum abide_reach reach;
    bool are_spoilt; /* arguments: up to the last one in use, none is preserved */
    bool is_whole;   /* vector registers have no narrow floats: the IR type is that of all of it */
    uint32_t widest_bytes; /* the most of a vector register that can be said; 0: all of it */
};

struct abide_convention {
    const char *name; /* LLVM's word for it */
    unsigned id;      /* LLVM's number for it */
    unsigned since;   /* the first LLVM that has it so */
    struct abide_register_order arguments;
    struct abide_register_order results;
    bool is_for_system;
    bool is_edge;         /* not LLVM's: arguments and results are moved by assembly (edge.h) */
    bool is_instruction;  /* nor this: what is called is an instruction (instruction.h) */
    const char *indirect; /* reached by a first parameter with `sret`; NULL: none */
    uint32_t
        indirect_pops_bytes;  /* `sret` is the first stack word, and the callee removes it; 0: no */
    const char *chain;        /* holds what a parameter with `nest` is; NULL: it has no such */
    const char *vector_count; /* set by a call of a variadic function; NULL: none */
    struct abide_words preserved;
    struct abide_words scratch; /* neither: free at the start of a function */

    uint32_t slot_bytes; /* of a stack argument */
    uint32_t align_bytes;
    uint32_t
        max_align_bytes; /* the strictest alignment of a call that LLVM makes when it is asked to */
    uint32_t start_bytes; /* where stack arguments start, from the stack pointer at the call */
    uint32_t red_zone_bytes;
    bool registers_have_homes; /* vector and extended ones, behind stack arguments at most */
    bool copies;               /* memory can be a stack argument (`byval`) */
    bool copies_split; /* the first bytes of such memory go to integer registers that are free */
    bool callee_cleans;

    bool has_lists; /* LLVM starts lists (va_list) in functions of it as its system does */
    bool lists[ABIDE_REGISTER_KIND_COUNT]; /* such lists cover registers of the kind */
    bool has_jumps;                        /* LLVM can end a function in a jump to any other */
    uint32_t jump_words;                   /* the most stack words that it rewrites before */
    bool jumps_by_address; /* to an address in a register: what is in use has to be known */
    struct abide_words jump_spoils; /* registers that it, or a linker's stub, may overwrite */
    struct abide_words unjumpable;  /* registers of arguments that a jump cannot pass on or set */
};

struct abide_edge_data;    /* edge_data.h */
struct abide_instructions; /* instruction.h */

/*
 * The register in which code that runs in front of a function leaves it an address, as C's functions never do. Texts of assembly
 * hold words in angle brackets.
 */
struct abide_chain {
    const char *name;
    /* Puts the address <distance> behind its own start into the register, and jumps to what lies two words behind it. */
    const char *entry;
    const char *protected_entry; /* the same with control-flow protection */
    /* NULL, both: LLVM's are as good. */
    const char *load; /* <register> becomes the word at <offset> of the address */
    const char *jump; /* to what the word at the address says, by one instruction */
};

struct abide_setting {
    const char *name;
    const char *value;
};

struct abide_processor {
    const char *cpu;
    const char *features;
    const char *abi;  /* LLVM's word for the module's ABI (`target-abi`); "" as the triple has it */
    unsigned library; /* LLVM's number of the convention of C functions that take words */
    uint32_t register_bytes[ABIDE_REGISTER_KIND_COUNT]; /* 0: no such registers */
    enum abide_narrow narrow[ABIDE_REGISTER_KIND_COUNT];
    const struct abide_convention *conventions; /* in order of preference */
    size_t convention_count;
    const struct abide_chain *chain; /* NULL: none */
    const char *
        probe; /* LLVM can touch the pages of a frame in order, by this register; NULL: it cannot */
    const struct abide_edge_data *edge;      /* NULL: what no convention says cannot be made */
    struct abide_convention edge_convention; /* if there is `edge` */
    const struct abide_instructions *instructions;  /* NULL: none calls or returns but the usual */
    struct abide_convention instruction_convention; /* if there are `instructions` */
    bool
        unwinds; /* whoever unwinds the stack calls the routine that a frame names (Itanium C++ ABI, or EHABI of Arm) */
    /* Objects are put together as code is copied from them (join.h); between functions lies `fill`. */
    bool joins;
    unsigned char fill;
    /* Control-flow protection. */
    const struct abide_setting *module_flags;
    size_t module_flag_count;
    const struct abide_setting *function_attributes;
    size_t function_attribute_count;
};

/* The data for a triple, the first of which `arch` is: in order of preference, `*count` of them. None: reported (unsupported-target). */
const struct abide_processor *abide_processors__of(abide_ctx *ctx, const char *arch,
                                                   const char *triple, size_t *count);

/* Whether a triple ends in an entry of a list; without a list, all do. */
bool abide_processors__is_listed(const struct abide_yaml *systems, const char *triple);

/* The place of `name` in a list, or SIZE_MAX. */
size_t abide_words__find(struct abide_words names, const char *name);

#endif
