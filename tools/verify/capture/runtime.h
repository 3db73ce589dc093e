/* What the programs that run compiled code stand on: no C library, three system calls, and the stub of the machine. */
#ifndef ABIDE_VERIFY_RUNTIME_H
#define ABIDE_VERIFY_RUNTIME_H

#include "capture.h"

#include <stddef.h>
#include <stdint.h>

enum {
    WORD_BYTES = sizeof(void *),
    IMAGE_WORDS = WIDE_AREA_START / WORD_BYTES, /* those that can hold an address */
};

/* Bytes of an image. */
struct capture_range {
    unsigned place, size_bytes;
};

/* From the stub. */
long capture_syscall(long number, long a, long b, long c);
/* Fills all argument registers and the stack from `image`, calls, and writes all result registers to `results`. */
void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results);
/* Stands for any callee: returns capture_result_image in all result registers. */
void capture_result(void);
/* Stands for any callee: writes the argument registers, and the first words of the stack, to capture_argument_image. */
void capture_arguments(void);
/* Puts state right that a callee or a caller may leave behind. */
void capture_reset(void);

/* For the stub. */
void capture_start(void *initial_stack_pointer);
extern unsigned char capture_result_image[RESULT_IMAGE_BYTES];
extern unsigned char capture_argument_image[IMAGE_BYTES];

/*
 * Calls the callee through capture_call, far below its own caller, so that the window of the stack is still there when it
 * returns.
 */
void capture_call_deep(const unsigned char *image, void (*callee)(void), unsigned char *results);
/* The address in a picture, of the two stack pointers. */
uintptr_t capture_address_at(const unsigned char *place);

/* From the program: does the cases from `first` on. */
void capture_main(unsigned first);

/* What goes to standard output waits until a case is complete. */
void capture_put(const void *bytes, size_t size_bytes);
void capture_put_number(unsigned number);
void capture_flush(void);

void *memcpy(void *restrict to, const void *restrict from, size_t size_bytes);
void *memmove(void *to, const void *from, size_t size_bytes);
void *memset(void *to, int value, size_t size_bytes);
int memcmp(const void *a, const void *b, size_t size_bytes);

#endif
