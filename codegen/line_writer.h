/*
 * Straight lines in the making: operations (line_ops.h) get an order, registers and a frame, and become instructions. A function
 * that returns false, or NULL, has said why in `line->reason`.
 */
#ifndef ABIDE_CODEGEN_LINE_WRITER_H
#define ABIDE_CODEGEN_LINE_WRITER_H

#include "edge_text.h"
#include "line_ops.h"

/* So many loads come before the stores of what they load. */
#define ABIDE_LINE_BATCH_MAX 8
#define ABIDE_LINE_HELD_MAX  8

/* Where a register that came with a value has it now. */
struct abide_line_renaming {
    const char *name;
    const char *now;
};

/* A pointer of the caller's in a register. */
struct abide_line_held {
    const abide_piece *piece;
    const char *name;
    bool is_kept; /* it cannot be had again */
};

/* A pointer of the caller's that came in a register and is needed after the call. */
struct abide_line_spill {
    const abide_piece *piece;
    uint64_t at_bytes;
};

enum abide_line_access_kind {
    ABIDE_ACCESS_NONE,
    ABIDE_ACCESS_LOAD,
    ABIDE_ACCESS_STORE,
    ABIDE_ACCESS_CLEAR
};

/* An instruction that may become one with the next. */
struct abide_line_access {
    enum abide_line_access_kind kind;
    bool is_vector;
    unsigned width; /* 1 << width bytes */
    const char *name;
    const char *base;
    uint64_t offset_bytes;
};

struct abide_line_writer {
    struct abide_line *line;
    const struct abide_line_data *data;
    struct abide_assembly a;
    struct abide_line_access waiting;
    bool is_after; /* the call */

    /* The frame, as offsets from the stack pointer of the call. */
    uint64_t
        align_bytes; /* of the stack pointer; if callers promise less, there is a frame pointer */
    uint64_t outgoing_bytes;
    uint64_t total_bytes;
    uint64_t depth_bytes; /* how far the stack pointer is lowered already */
    uint64_t *temporaries_at;
    uint64_t
        block_at; /* of temporaries that are aligned more strictly than the stack, before it is aligned */
    uint64_t block_align_bytes; /* 0: there is none */
    const char *block_name;     /* the register with its address; NULL: it is to be made */
    struct abide_words
        kept; /* registers that the caller counts on, free for use: they are pushed first */
    uint64_t link_at;
    bool enters_by_pair;
    bool enters_at_once;
    ABIDE_VEC(struct abide_line_spill) spills;

    const struct abide_line_op *last; /* of those in parallel, the one that was done */
    ABIDE_VEC(struct abide_line_renaming) renamings;
    ABIDE_VEC(const char *) written; /* registers that have what they are to have */
    ABIDE_VEC(const char *) taken;   /* registers with what is on its way */
    struct abide_line_held held[ABIDE_LINE_HELD_MAX];
    size_t held_count;
};

/* ---- instructions: line_code.c ---- */

bool abide_line__give_up(struct abide_line_writer *w, const char *reason);
uint64_t abide_line__round_up(uint64_t value, uint64_t align);
unsigned abide_line__width_of(uint64_t size_bytes);
const struct abide_edge_group *abide_line__group_of(const struct abide_line_writer *w,
                                                    const char *name);
bool abide_line__is_vector(const struct abide_line_writer *w, const char *name);
bool abide_line__pushes(const struct abide_line_writer *w);
void abide_line__flush(struct abide_line_writer *w);
void abide_line__say(struct abide_line_writer *w, const char *text, struct abide_edge_words words);
bool abide_line__is_near(const struct abide_line_writer *w, const struct abide_line_access *one);
bool abide_line__access_memory(struct abide_line_writer *w, struct abide_line_access one);
void abide_line__lower(struct abide_line_writer *w, uint64_t bytes);
void abide_line__raise(struct abide_line_writer *w, uint64_t bytes);
bool abide_line__move(struct abide_line_writer *w, const char *to, const char *from);
bool abide_line__add_to(struct abide_line_writer *w, const char *to, const char *base,
                        uint64_t offset_bytes);

/* ---- registers, and where memory is: line_registers.c ---- */

const char *abide_line__now_of(const struct abide_line_writer *w, const char *name);
size_t abide_line__first_phase(const struct abide_line_writer *w);
size_t abide_line__end_phase(const struct abide_line_writer *w);

/* Whether a register has, for an operation to come, something that came in this or another one. */
bool abide_line__has_wanted(const struct abide_line_writer *w, const char *name,
                            const struct abide_line_op *but);

/* Whether an operation to come, but for `but`, needs a pointer of the caller's. */
bool abide_line__is_pointer_wanted(const struct abide_line_writer *w, const abide_piece *piece,
                                   const struct abide_line_op *but);
bool abide_line__is_held(const struct abide_line_writer *w, const char *name, bool also_others);
bool abide_line__is_owed(const struct abide_line_writer *w, const char *name);

/* `also_held`: though a pointer is in it that can be had again. */
bool abide_line__is_free(const struct abide_line_writer *w, const char *name, bool also_held);
/* It has what it is to have. */
bool abide_line__is_written(const struct abide_line_writer *w, const char *name);
/* It holds something that is on its way. */
void abide_line__take(struct abide_line_writer *w, const char *name);
void abide_line__forget_held(struct abide_line_writer *w, const char *name);
/* A register that may be overwritten; NULL: there is none. */
const char *abide_line__free_register(struct abide_line_writer *w, bool of_vectors);
void abide_line__hold(struct abide_line_writer *w, const abide_piece *piece, const char *name,
                      bool is_kept);
void abide_line__finish_register(struct abide_line_writer *w, const char *name);
uint64_t abide_line__in_frame(const struct abide_line_writer *w, uint64_t at_bytes);
bool abide_line__is_in_block(const struct abide_line_writer *w, size_t temporary);
const struct abide_line_spill *abide_line__spill_of(const struct abide_line_writer *w,
                                                    const abide_piece *piece);

/* The base register of a spot, and the offset from it. */
const char *abide_line__address(struct abide_line_writer *w, const struct abide_line_spot *spot,
                                const char *prefer, uint64_t *offset_bytes);

/* ---- operations: line_moves.c ---- */

bool abide_line__store(struct abide_line_writer *w, const struct abide_line_op *op,
                       const char *name);

/* What an operation has, in a register: where it is, or one that is free. */
const char *abide_line__fetch(struct abide_line_writer *w, const struct abide_line_op *op);
bool abide_line__store_all(struct abide_line_writer *w, enum abide_line_phase phase);
bool abide_line__is_unchanged(const struct abide_line_op *op);

/* The lists of the phases from `first` to `last`, each operation when nobody needs any longer what it overwrites. */
bool abide_line__take_parallel(struct abide_line_writer *w, size_t first, size_t last);

/* ---- many words: line_many.c ---- */

/* Whether there is such an instruction, and its registers are free. */
bool abide_line__can_copy(const struct abide_line_writer *w);
bool abide_line__can_fill(const struct abide_line_writer *w);
bool abide_line__copy(struct abide_line_writer *w, const struct abide_line_spot *from,
                      const struct abide_line_spot *to, uint64_t size_bytes);
/* With zeroes. */
bool abide_line__fill(struct abide_line_writer *w, const struct abide_line_spot *to,
                      uint64_t size_bytes);

/* ---- the stack, pushed: line_stack.c ---- */

bool abide_line__push_register(struct abide_line_writer *w, const char *name);
bool abide_line__push_all(struct abide_line_writer *w);

/* Where the highest word that is pushed ends: the frame starts with all above it. */
uint64_t abide_line__pushed_end(struct abide_line_writer *w);

/* ---- the frame: line_frame.c ---- */

/* From the lowest: the callee's arguments, temporaries, what is kept, the link. Where they all are entered at once, that comes first. */
bool abide_line__place_all(struct abide_line_writer *w);
bool abide_line__enter(struct abide_line_writer *w);

/* The frame ends, and the one pointer that was kept in it comes back, by one instruction. */
bool abide_line__leave_early(struct abide_line_writer *w);
bool abide_line__leave(struct abide_line_writer *w);

#endif
