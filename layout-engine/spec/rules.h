/* Rules of the machine level, compiled: which verb passes which values where. abi-specs/README.md explains the keys. */
#ifndef ABIDE_SPEC_RULES_H
#define ABIDE_SPEC_RULES_H

#include "spec/condition.h"
#include "spec/registers.h"

enum abide_verb {
    ABIDE_VERB_IGNORE,
    ABIDE_VERB_STACK,
    ABIDE_VERB_POINTER,
    ABIDE_VERB_WHOLE,
    ABIDE_VERB_CHUNKS,
    ABIDE_VERB_MEMBERS,
    ABIDE_VERB_CLASSES,
    ABIDE_VERB_SPREAD,
    ABIDE_VERB_HIDDEN,
    ABIDE_VERB_REFUSE
};

enum abide_split { ABIDE_SPLIT_NEVER, ABIDE_SPLIT_ALWAYS, ABIDE_SPLIT_IF_STACK_EMPTY };

/* Whose alignment counts where a rule aligns. */
enum abide_rule_align {
    ABIDE_ALIGN_DEFAULT, /* stack and block: as the area says; registers: not at all */
    ABIDE_ALIGN_REGS,    /* start at a register whose index is a multiple of alignment / width */
    ABIDE_ALIGN_NOT,     /* not even in memory */
    ABIDE_ALIGN_LEAVES, /* STACK, MEMBERS: as the types of the leaves (that go by themselves), packed or not */
    ABIDE_ALIGN_POSITION /* in a block: by its positions, whatever `counts` says of what came before */
};

#define ABIDE_MAX_BANKS   16
#define ABIDE_MAX_CLASSES 16
/* A value larger than this is never split over registers. */
#define ABIDE_MAX_REGISTERS 64

#define ABIDE_NO_BANK UINT8_MAX

/* What SPREAD makes arguments of. */
enum abide_spread_of {
    ABIDE_SPREAD_PARTS, /* fields, elements */
    ABIDE_SPREAD_DECLARED, /* fields of structs and of structs in them as they are declared, bit-fields too */
    ABIDE_SPREAD_STORAGE, /* what a compiler stores: call/storage.h */
    ABIDE_SPREAD_CHUNKS   /* one scalar for each chunk that has a class */
};

struct abide_pass_rule {
    const struct abide_condition *when; /* NULL: always */
    enum abide_verb verb;
    /* Where to: an index into the module's banks (results: return banks); ABIDE_NO_BANK: none. */
    uint8_t bank;                                /* WHOLE, CHUNKS, HIDDEN */
    uint8_t bank_of_kind[ABIDE_LEAF_KIND_COUNT]; /* MEMBERS */
    enum abide_leaf_kind
        padding_kind; /* MEMBERS: of unnamed bit-fields; COUNT: they are left out */
    uint8_t bank_of_class[ABIDE_MAX_CLASSES]; /* CLASSES */
    uint8_t also;                             /* a copy goes there too */
    bool waits;                               /* until all other values have their places */
    uint8_t shadow;                           /* registers of it are used up, but stay empty */
    uint8_t withheld;                         /* the last registers of it are used up */
    bool also_on_stack;                       /* in a block: all of it, if a part is */
    uint32_t exhaust;                         /* bits: banks that are full from here on */
    enum abide_rule_align align;
    uint32_t copy_align_bytes; /* POINTER: of the copy, at least */
    enum abide_split split;
    enum abide_justify justify;     /* NATURAL: as the bank or the stack says */
    unsigned enter;                 /* bits of enum abide_container: MEMBERS, SPREAD */
    bool rest_in_chunks;            /* MEMBERS: bytes that are no floating leaves go in chunks */
    bool fits_registers;            /* only if no part, or the address, lands on the stack */
    enum abide_spread_of spread_of; /* SPREAD; MEMBERS: of the storage or not */
    uint32_t unit_bytes;            /* SPREAD: of a vector, that are one argument; 0: an element */
    uint32_t units;            /* SPREAD, with join: bits, the sizes in which vectors are whole */
    uint32_t join_bytes;       /* SPREAD: integers that share a group of so many are one; 0: none */
    uint32_t max_registers;    /* SPREAD: of a value that is joined; 0: any number */
    enum abide_copy_word copy; /* POINTER */
    uint32_t slot_bytes;       /* STACK: instead of the area's; 0: the area's. IGNORE: used up */
    bool takes_slot;           /* IGNORE: aligned, and `slot_bytes` are used up */
    bool has_counts;           /* in a block: what alignment counts is given */
    uint32_t counts_bytes;     /* ... it is this, instead of the positions */
    uint32_t min_align_bytes;  /* STACK: same */
    const char *hidden_register; /* HIDDEN: a fixed one, outside the argument banks */
    bool hidden_on_stack;        /* HIDDEN */
    const char *returned_register;
    uint32_t callee_pops_bytes;
    bool comes_back;     /* WHOLE: the place holds the parameter's new value after the call */
    const char *because; /* REFUSE */
    struct abide_rule_origin origin;
};

struct abide_rule_list {
    const struct abide_pass_rule *items;
    size_t count;
};

/* What leaves count as, and what becomes of leaves that share a chunk. */
struct abide_leaf_class {      /* a row of `of`; the most particular row that fits decides */
    enum abide_format format;  /* FORMAT_NONE: any */
    enum abide_leaf_kind kind; /* LEAF_KIND_COUNT: any (the row is for a format) */
    uint32_t size_bytes;       /* 0: any */
    bool is_padding;           /* the row is for unnamed bit-fields */
    uint8_t classes[4];        /* of its first, second ... chunk; the last one repeats */
    size_t class_count;
};

struct abide_class {
    const char *name;
    bool joins; /* continues the register of class `after`; otherwise it counts as `otherwise` */
    uint8_t after;
    uint8_t otherwise;
};

/* What has a class although it has no bytes. */
enum {
    ABIDE_SIZELESS_BITS = 1 << 0,  /* bit-fields of width 0 in unions */
    ABIDE_SIZELESS_ARRAY = 1 << 1, /* arrays of no elements, inside a chunk */
};

struct abide_classes {
    uint32_t chunk_bytes;
    unsigned sizeless;
    uint64_t divide_bytes; /* a larger value goes to one register or does not fit */
    struct abide_class items[ABIDE_MAX_CLASSES]; /* in the order of `merge`: the first one wins */
    size_t count;
    uint8_t conflicts[ABIDE_MAX_CLASSES][ABIDE_MAX_CLASSES]; /* UINT8_MAX: none */
    const struct abide_leaf_class *leaves;
    size_t leaf_count;
    uint8_t straddle; /* class of a misaligned leaf; UINT8_MAX: as any other */
    unsigned enter;
};

struct abide_rules {
    const struct abide_classes *classes; /* NULL: none */
    struct abide_rule_list args;
    struct abide_rule_list returns;
    struct abide_rule_list
        budget_args; /* what values take of the budget; none: there is no budget */
    struct abide_rule_list budget_returns;
    enum abide_extend_rule extend_args;
    enum abide_extend_rule extend_results;
};

/* `extend`: one word for both directions, or one for each. `node` NULL: none. What was wrong is reported. */
void abide_rules__read_extend(abide_ctx *ctx, const struct abide_yaml *node,
                              enum abide_extend_rule *args, enum abide_extend_rule *results);

/* Fills `module->budget_banks`, which conditions name. What was wrong is reported. */
void abide_rules__read_budget_banks(abide_ctx *ctx, struct abide_module *module,
                                    const struct abide_yaml *tree);

/* What the rules of a machine module are read from, when somebody asks for them (abide_module__rules). */
struct abide_rules_text {
    abide_ctx *ctx;
    const struct abide_module *module; /* its banks, areas and calls are read already */
    const struct abide_yaml *tree;
    struct abide_condition_scope *scope;
    const struct abide_registers *registers;
    const struct abide_rules *rules; /* NULL: not read yet */
};

#endif
