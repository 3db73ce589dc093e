/*
 * What a plan moves, as operations on registers and memory: the same for every processor, in no order yet but that lists come one
 * after the other.
 */
#ifndef ABIDE_CODEGEN_LINE_OPS_H
#define ABIDE_CODEGEN_LINE_OPS_H

#include "edge_data.h"
#include "side.h"

enum abide_line_base {
    ABIDE_LINE_INCOMING, /* the caller's stack arguments */
    ABIDE_LINE_OUTGOING, /* the callee's; in a jump, the same memory */
    ABIDE_LINE_FRAME,    /* temporary `index` */
    ABIDE_LINE_POINTER   /* what a piece of the caller's arguments points to */
};

enum abide_line_place {
    ABIDE_LINE_NOWHERE, /* padding */
    ABIDE_LINE_REGISTER,
    ABIDE_LINE_MEMORY,
    ABIDE_LINE_ADDRESS, /* of that memory */
    ABIDE_LINE_ZERO
};

struct abide_line_spot {
    enum abide_line_place kind;
    const char *name;    /* REGISTER */
    uint64_t into_bytes; /* of a register, as a source: the value starts there */
    enum abide_line_base base;
    size_t index;
    const abide_piece *pointer;
    uint64_t offset_bytes;
    uint64_t left_bytes;     /* as a source: so many bytes of the value from here on */
    uint64_t readable_bytes; /* and so many may be read */
    uint64_t align_bytes;
};

struct abide_line_op {
    struct abide_line_spot to;
    struct abide_line_spot from;
    uint64_t size_bytes;
    abide_extend extend; /* ZERO, SIGN: what is above has to be made; else UNSTATED */
    bool is_done;
};

typedef ABIDE_VEC(struct abide_line_op) abide_line_list;

enum abide_line_phase {
    ABIDE_LINE_STORES,    /* memory that the callee gets, or that is cleared for it */
    ABIDE_LINE_STACK,     /* the callee's stack arguments, by word */
    ABIDE_LINE_REGISTERS, /* its registers: in parallel; in a jump, with the stack */
    ABIDE_LINE_KEEPS,     /* after the call: memory of the caller's */
    ABIDE_LINE_RESULTS,   /* registers of its result: in parallel */
    ABIDE_LINE_PHASE_COUNT
};

/* Ways to write the same operations, of which the shortest is taken. */
struct abide_line_form {
    bool pushes; /* the callee's stack arguments; else they are stored */
    bool merges; /* two words of the stack that come from two neighbours move as one */
    bool
        parks; /* who is in the way of what is loaded moves, so that neighbours are loaded at once */
    bool fills;  /* words are cleared by an instruction for any number of them */
    bool copies; /* words side by side by an instruction that copies any number of them */
};

struct abide_line {
    abide_ctx *ctx;
    struct abide_line_form form;
    const abide_plan *plan;
    const struct abide_edge_data *data;
    const struct abide_side *callee;
    uint64_t word_bytes;
    bool is_jump;
    bool is_protected; /* control-flow protection is asked for */
    const bool
        *is_real; /* temporaries that somebody has the address of: the others are their parts */
    abide_line_list ops[ABIDE_LINE_PHASE_COUNT];
    const abide_piece *returned; /* a pointer that the callee gives back in `returned_name` */
    const char *returned_name;
    const char *reason; /* why it cannot be done; NULL so far */
};

/* false: `reason` says why not. */
bool abide_line__collect(struct abide_line *line);

/* Whether the second one moves what lies behind what the first one moves, to behind where that goes: words of memory. */
bool abide_line__are_neighbours(const struct abide_line *line, const struct abide_line_op *one,
                                const struct abide_line_op *other);

/* Where a temporary lies in the frame is for others to say; this is how it is aligned. */
uint64_t abide_line__align_of(const struct abide_line *line, size_t temporary);

#endif
