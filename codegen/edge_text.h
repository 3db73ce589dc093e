/*
 * Assembly in the making: texts of the processor's data with their words filled in. All that gets in are those texts, numbers,
 * and names of registers that the data have: nothing of a module or an interface.
 */
#ifndef ABIDE_CODEGEN_EDGE_TEXT_H
#define ABIDE_CODEGEN_EDGE_TEXT_H

#include "edge_data.h"

struct abide_assembly {
    abide_ctx *ctx;
    const struct abide_edge_data *data;
    struct abide_text text;
    bool is_protected; /* control-flow protection is asked for */
    bool has_frame;    /* unwinding counts from the frame pointer; else from the stack pointer */
};

/* What the words of an instruction stand for. */
struct abide_edge_words {
    uint64_t bytes;
    uint64_t align;
    uint64_t offset;
    const char *base;   /* a register's name */
    const char *name;   /* of <register> */
    const char *from;   /* of <from> */
    const char *second; /* of <second> */
    uint64_t bits;
    uint64_t register_bits; /* less those are <rest> */
    const char *target;     /* NULL: the function of this file */
};

/* Any text of the data. */
void abide_assembly__write(struct abide_assembly *a, const char *pattern,
                           struct abide_edge_words words);

void abide_assembly__say(struct abide_assembly *a, enum abide_edge_text text,
                         struct abide_edge_words words);

/* The return address is signed, and that is checked, where the stack pointer is that of the function's start. */
void abide_assembly__sign(struct abide_assembly *a);
void abide_assembly__check(struct abide_assembly *a);

/* Of a register of the data; memory is at an offset from the register `base`. */
void abide_assembly__load(struct abide_assembly *a, const char *name, const char *base,
                          uint64_t offset_bytes);
void abide_assembly__store(struct abide_assembly *a, const char *name, const char *base,
                           uint64_t offset_bytes);

/* The stack pointer, in steps of what one instruction can do, with what unwinding has to know. */
void abide_assembly__lower(struct abide_assembly *a, uint64_t bytes);
void abide_assembly__raise(struct abide_assembly *a, uint64_t bytes);

/* The caller's value of a register is in memory, so far below the stack pointer of the call that led here. */
void abide_assembly__saved(struct abide_assembly *a, const char *name, uint64_t below_bytes);
/* It is in the register again. */
void abide_assembly__restored(struct abide_assembly *a, const char *name);
/* The stack pointer was lowered, or raised, by other instructions. */
void abide_assembly__lowered(struct abide_assembly *a, uint64_t bytes);
void abide_assembly__raised(struct abide_assembly *a, uint64_t bytes);
/* The stack pointer of that call is in memory at an offset from the stack pointer, less so many bytes. */
void abide_assembly__unwinds_through(struct abide_assembly *a, uint64_t offset_bytes,
                                     uint64_t above_bytes);
/* It is so far above the stack pointer. */
void abide_assembly__unwinds_by(struct abide_assembly *a, uint64_t bytes);

#endif
