/*
 * How the assembly of a processor is written where LLVM has no calling convention: the key `edge` of a file of
 * codegen/targets/. Texts hold words in angle brackets that are filled in (edge_text.h).
 */
#ifndef ABIDE_CODEGEN_EDGE_DATA_H
#define ABIDE_CODEGEN_EDGE_DATA_H

#include "line_data.h"

/* Registers that are written and moved alike. */
struct abide_edge_group {
    struct abide_words names;
    struct abide_words
        narrower[3]; /* the same registers seen as 1, 2 and 4 bytes; empty: texts say it */
    enum abide_register_kind kind;
    uint32_t bytes; /* of a place in memory that holds one */
    bool
        is_passed; /* may hold arguments and results; else it is a part of another, and only saved */
    bool is_pushed; /* loading one moves the others up: the last is loaded first */
    bool is_boxed;  /* above a narrower float all bits are ones */
    const char *spelled;
    const char *unwind; /* in directives for unwinding; NULL: these do not know it */
    const char *load;
    const char *store;
    /* What thunks need that only move registers and words; NULL: they cannot. */
    const char *move;       /* from another one */
    const char *swap;       /* with another one */
    const char *load_word;  /* a word of memory to the register's start */
    const char *store_word; /* the first word of it */
    const char *zero;       /* all but its lowest <bits> bits become zero */
    const char *sign;       /* or what the highest of these is */
};

/* How a function of another file is reached by assembly alone. */
struct abide_edge_moves {
    const char *constraint; /* LLVM's, of its address */
    const char *operand;    /* how it is written then */
    const char *call;
    const char *jump;
    struct abide_words
        through; /* registers one of which a jump takes, as <from>; none: it takes none */
};

/* Instructions beside those of registers. */
enum abide_edge_text {
    ABIDE_EDGE_ENTER,   /* makes a frame: the frame pointer points to its own old value */
    ABIDE_EDGE_LEAVE,   /* ends it, from any stack pointer */
    ABIDE_EDGE_LOWER,   /* the stack pointer, by <bytes> */
    ABIDE_EDGE_RAISE,   /* by <bytes> */
    ABIDE_EDGE_ALIGN,   /* down, to a multiple of <bytes> */
    ABIDE_EDGE_UNWIND,  /* to <bytes> below the frame pointer */
    ABIDE_EDGE_REALIGN, /* lowers by <bytes>, aligns to <align>, keeps the old one at <offset> */
    ABIDE_EDGE_UNALIGN, /* what was kept at <offset> */
    ABIDE_EDGE_ADDRESS, /* <register> is <base> plus <offset> */
    ABIDE_EDGE_COPY,    /* <bytes> from <base> plus <offset> to the stack pointer, in a loop */
    ABIDE_EDGE_CALL,    /* of <target>, a function of this file */
    ABIDE_EDGE_CALL_AT, /* of an address: in the link register, or at <offset> from the stack pointer */
    ABIDE_EDGE_RETURN,
    ABIDE_EDGE_RETURN_POP, /* and removes <bytes> of the stack; NULL: by raising the stack pointer before */
    ABIDE_EDGE_RETURN_POP_FAR, /* the same for more than POP_NEAR_BYTES; NULL: as fewer */
    ABIDE_EDGE_SIGN,  /* the return address, at the start of a function; NULL: it is not signed */
    ABIDE_EDGE_CHECK, /* the signature, where the stack pointer is as it was at the start */
    ABIDE_EDGE_TEXT_COUNT
};

#define ABIDE_EDGE_POP_NEAR_BYTES 32767

struct abide_edge_data {
    const char *stack; /* names of registers */
    const char *frame;
    const char *link;      /* holds the return address; NULL: that is on the stack */
    const char *spare;     /* no C function gets anything in it, nor keeps it */
    uint32_t stack_number; /* of the stack pointer for unwinding */
    uint32_t return_bytes; /* that a call pushes */
    uint32_t frame_bytes;  /* from the frame pointer to the stack pointer of the call */
    uint32_t
        near_bytes; /* the most that one instruction moves the stack pointer; 0: as many as one likes */
    const struct abide_setting
        *counts; /* registers for the number of vector registers, and those that they are in */
    size_t count_count;
    const struct abide_edge_group *groups;
    size_t group_count;
    const char *texts[ABIDE_EDGE_TEXT_COUNT];
    const struct abide_edge_moves *moves; /* NULL: no thunk is assembly alone */
    const struct abide_line_data *line;   /* NULL: no thunk is straight lines of assembly */
    const char *constraint;               /* of LLVM, for the address of a function of this file */
    const char *operand;                  /* how it is written then */
};

/* A register of the data. */
struct abide_edge_register {
    const struct abide_edge_group *group; /* NULL: there is none of the name */
    const char *name;
};

/* What `node` says about edges for a triple. NULL: there are none, or something was reported. */
const struct abide_edge_data *abide_edge_data__read(abide_ctx *ctx, const struct abide_yaml *node,
                                                    const char *triple);
/* All registers that can be passed, as a convention that LLVM does not have. */
struct abide_convention abide_edge_data__convention(abide_ctx *ctx,
                                                    const struct abide_edge_data *data,
                                                    const struct abide_convention *c);

struct abide_edge_register abide_edge_data__find(const struct abide_edge_data *data,
                                                 const char *name);

#endif
