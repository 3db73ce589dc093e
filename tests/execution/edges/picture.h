/* A picture of a processor at a call: registers by number, x87 registers, the stack. The stubs (ARCH.S) count on the offsets. */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdint.h>

#define PICTURE_STACK       1024 /* offset of the stack */
#define PICTURE_STACK_BYTES 1024

struct picture {
    uint8_t general[256]; /* a word each */
    uint8_t vector[32][16];
    uint8_t x87[2][16];
    uintptr_t
        shift; /* to a call: how far the stack pointer is below a multiple of 256. From it: how much higher it came back */
    uintptr_t x87_count;     /* of registers that are to be taken from, or put on, the x87 stack */
    uintptr_t target;        /* whom to call, or where to go back to */
    uintptr_t stack_pointer; /* of the call */
    uint8_t rest[PICTURE_STACK - 800 - 4 * sizeof(uintptr_t)];
    uint8_t stack[PICTURE_STACK_BYTES];
};

/* Calls picture_out.target with what is in picture_out; picture_back is what there is afterwards. */
void picture_call(void);
extern struct picture picture_out, picture_back;

/*
 * The callee of all calls. It takes picture_in, and goes back with what picture_callee has put into picture_result, where
 * `shift` is how much of the stack it removes.
 */
void picture_called(void);
void picture_callee(void);
extern struct picture picture_in, picture_result;

#endif
