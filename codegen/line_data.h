/*
 * How assembly of straight lines is written: the key `line` in `edge` of a file of codegen/targets/. Lists of texts are by width:
 * of 1, 2, 4, 8 and 16 bytes.
 */
#ifndef ABIDE_CODEGEN_LINE_DATA_H
#define ABIDE_CODEGEN_LINE_DATA_H

#include "processor.h"

#define ABIDE_LINE_WIDTHS 5

enum { ABIDE_LINE_COPY_TO, ABIDE_LINE_COPY_FROM, ABIDE_LINE_COPY_COUNT, ABIDE_LINE_COPY_REGISTERS };

/* NULL entries: there is no such instruction. Words as in edge_text.h. */
struct abide_line_data {
    const char *constraint; /* LLVM's, of the callee's address */
    const char *operand;    /* how it is written then */
    const char *call;
    const char *jump;
    struct abide_words scratch;        /* integer registers that callees may overwrite */
    struct abide_words vector_scratch; /* the same of vector registers */
    bool is_strict;                    /* memory is read and written at multiples of the width */
    uint64_t reach_bytes;              /* the largest offset of an instruction, and frame */
    uint64_t
        odd_reach_bytes;  /* the same where the offset is no multiple of the width; 0: as others */
    uint64_t enter_bytes; /* the largest frame of `enter`'s first text, and of its second one */
    uint64_t enter_pair_bytes;

    const char *load[ABIDE_LINE_WIDTHS]; /* zeroes above */
    const char *load_signed[ABIDE_LINE_WIDTHS];
    const char *store[ABIDE_LINE_WIDTHS];
    const char *clear[ABIDE_LINE_WIDTHS]; /* memory */
    const char *zero[ABIDE_LINE_WIDTHS];  /* <register> is <from>'s lowest bytes, zeroes above */
    const char *sign[ABIDE_LINE_WIDTHS];
    const char *vector_load[ABIDE_LINE_WIDTHS];
    const char *vector_store[ABIDE_LINE_WIDTHS];
    const char *vector_clear; /* <register>; NULL: memory is never cleared by vectors */
    /* Two neighbours at once, <register> and <second>. */
    const char *load_pair[ABIDE_LINE_WIDTHS];
    const char *store_pair[ABIDE_LINE_WIDTHS];
    const char *vector_load_pair[ABIDE_LINE_WIDTHS];
    const char *vector_store_pair[ABIDE_LINE_WIDTHS];
    const char *clear_pair; /* words */
    const char *
        shift; /* <register> is <from>, or else itself, without its lowest <bits>; NULL: there is none */
    const char *mask; /* <register> is <from> less its bits below <align> */
    /* Words are pushed, last first; NULL: they are stored. */
    const char *push;
    const char *push_memory;
    const char *push_clear;
    const char *pop;
    /* <bytes> are copied, words in any number; the registers: to where, from where, how many. NULL: there is no such instruction. */
    const char *copy;
    struct abide_words copy_registers;
    /* <bytes> are cleared; the registers: where, and others that are overwritten. */
    const char *fill;
    struct abide_words fill_registers;
    /* The link register is stored (the second one: with <register> behind it) where the stack pointer, lowered by <bytes>, points. */
    const char *enter;
    const char *enter_pair;
    const char *leave;
    const char *leave_pair;
};

/* false: something was reported. NULL: there is none for the triple. */
bool abide_line_data__read(abide_ctx *ctx, const struct abide_yaml *node, const char *triple,
                           const struct abide_line_data **line);

#endif
