/*
 * 64-bit Z. What targets/s390x.yaml says of images: of a call r0..r6 at 0, f0..f7 at 64, v16..v31 at 128, the stack at 512; of
 * a result r0..r5 at 0, f0..f7 at 64, v16..v31 at 128. r14 holds the return address; v0..v15 have the floats as their halves.
 */
        .machine "z13"
        .text

        .globl  _start
        .type   _start, @function
_start:
        lgr     %r2, %r15
        aghi    %r15, -160
        xc      0(8, %r15), 0(%r15)
        brasl   %r14, capture_start
1:      j       1b
        .size   _start, . - _start

        .globl  capture_syscall
        .type   capture_syscall, @function
/* long capture_syscall(long number, long a, long b, long c); what fails is returned as a negative number. */
capture_syscall:
        lgr     %r1, %r2
        lgr     %r2, %r3
        lgr     %r3, %r4
        lgr     %r4, %r5
        svc     0
        br      %r14
        .size   capture_syscall, . - capture_syscall

        .globl  capture_call
        .type   capture_call, @function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        stmg    %r6, %r15, 48(%r15)
        lgr     %r13, %r15
        lgr     %r12, %r4
        lgr     %r14, %r3
        aghi    %r15, -2048
        nill    %r15, 0xff00
        .irp    i, 0, 256, 512, 768, 1024, 1280, 1536, 1792
        mvc     \i(256, %r15), 512 + \i(%r2)
        .endr
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7
        ld      %f\i, 64 + 8 * \i(%r2)
        .endr
        .irp    i, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        vl      %v\i, 16 * \i - 128(%r2)
        .endr
        lmg     %r3, %r6, 24(%r2)
        lg      %r0, 0(%r2)
        lg      %r1, 8(%r2)
        lg      %r2, 16(%r2)
        basr    %r14, %r14
        stg     %r15, 2040(%r12)
        stmg    %r0, %r5, 0(%r12)
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7
        std     %f\i, 64 + 8 * \i(%r12)
        .endr
        .irp    i, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        vst     %v\i, 16 * \i - 128(%r12)
        .endr
        lmg     %r6, %r15, 48(%r13)
        br      %r14
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, @function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        larl    %r1, capture_result_image
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7
        ld      %f\i, 64 + 8 * \i(%r1)
        .endr
        .irp    i, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        vl      %v\i, 16 * \i - 128(%r1)
        .endr
        lmg     %r2, %r5, 16(%r1)
        lg      %r0, 0(%r1)
        lg      %r1, 8(%r1)
        br      %r14
        .size   capture_result, . - capture_result

        .globl  capture_reset
        .type   capture_reset, @function
capture_reset:
        br      %r14
        .size   capture_reset, . - capture_reset

        .globl  capture_arguments
        .type   capture_arguments, @function
/* Stands for any callee: writes down the registers it is called with, and 64 words of the stack. */
capture_arguments:
        stg     %r1, 8(%r15)
        larl    %r1, capture_argument_image
        stg     %r0, 0(%r1)
        mvc     8(8, %r1), 8(%r15)
        stmg    %r2, %r6, 16(%r1)
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7
        std     %f\i, 64 + 8 * \i(%r1)
        .endr
        .irp    i, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        vst     %v\i, 16 * \i - 128(%r1)
        .endr
        stg     %r15, 504(%r1)
        mvc     512(256, %r1), 0(%r15)
        mvc     768(256, %r1), 256(%r15)
        br      %r14
        .size   capture_arguments, . - capture_arguments

        .section .note.GNU-stack, "", @progbits
