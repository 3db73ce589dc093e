/*
 * 64-bit SPARC. What targets/sparc64.yaml says of images: of a call o0..o5 at 0, g1 at 48, g4 at 56, g5 at 64, d0..d62 at 128,
 * the stack at 512; of a result o0..o5 at 0, d0..d62 at 64. The stack pointer is 2047 bytes below the stack (SCD, "The Stack
 * Frame"). g2, g3, g6 and g7 belong to applications and the system.
 */
#define BIAS 2047
        .text

        .globl  _start
        .type   _start, @function
_start:
        mov     0, %fp
        add     %sp, BIAS + 176, %o0
        sub     %sp, 192, %sp
        call    capture_start
        nop
1:      ba      1b
        nop
        .size   _start, . - _start

        .globl  capture_syscall
        .type   capture_syscall, @function
/* long capture_syscall(long number, long a, long b, long c); what fails is returned as a negative number. */
capture_syscall:
        mov     %o0, %g1
        mov     %o1, %o0
        mov     %o2, %o1
        mov     %o3, %o2
        ta      0x6d
        bcc     %xcc, 1f
        nop
        sub     %g0, %o0, %o0
1:      retl
        nop
        .size   capture_syscall, . - capture_syscall

        .globl  capture_call
        .type   capture_call, @function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        save    %sp, -192, %sp
        sub     %sp, 2304 - BIAS, %l1
        and     %l1, -256, %l1
        add     %i0, 512, %l2
        mov     2048 - 8, %l3
1:      ldx     [%l2 + %l3], %l4
        stx     %l4, [%l1 + %l3]
        brnz    %l3, 1b
        sub     %l3, 8, %l3
        sub     %l1, BIAS, %sp
        .irp    i, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62
        ldd     [%i0 + 128 + 4 * \i], %f\i
        .endr
        ldx     [%i0 + 0], %o0
        ldx     [%i0 + 8], %o1
        ldx     [%i0 + 16], %o2
        ldx     [%i0 + 24], %o3
        ldx     [%i0 + 32], %o4
        ldx     [%i0 + 40], %o5
        ldx     [%i0 + 48], %g1
        ldx     [%i0 + 56], %g4
        ldx     [%i0 + 64], %g5
        call    %i1
        nop
        add     %sp, BIAS, %l1
        stx     %l1, [%i2 + 2040]
        stx     %o0, [%i2 + 0]
        stx     %o1, [%i2 + 8]
        stx     %o2, [%i2 + 16]
        stx     %o3, [%i2 + 24]
        stx     %o4, [%i2 + 32]
        stx     %o5, [%i2 + 40]
        .irp    i, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62
        std     %f\i, [%i2 + 64 + 4 * \i]
        .endr
        ret
        restore
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, @function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        sethi   %hi(capture_result_image), %g1
        or      %g1, %lo(capture_result_image), %g1
        .irp    i, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62
        ldd     [%g1 + 64 + 4 * \i], %f\i
        .endr
        ldx     [%g1 + 0], %o0
        ldx     [%g1 + 8], %o1
        ldx     [%g1 + 16], %o2
        ldx     [%g1 + 24], %o3
        ldx     [%g1 + 32], %o4
        retl
        ldx     [%g1 + 40], %o5
        .size   capture_result, . - capture_result

        .globl  capture_reset
        .type   capture_reset, @function
capture_reset:
        retl
        nop
        .size   capture_reset, . - capture_reset

        .globl  capture_arguments
        .type   capture_arguments, @function
/* Stands for any callee: writes down the registers it is called with, and 64 words of the stack. */
capture_arguments:
        save    %sp, -192, %sp
        sethi   %hi(capture_argument_image), %l0
        or      %l0, %lo(capture_argument_image), %l0
        stx     %i0, [%l0 + 0]
        stx     %i1, [%l0 + 8]
        stx     %i2, [%l0 + 16]
        stx     %i3, [%l0 + 24]
        stx     %i4, [%l0 + 32]
        stx     %i5, [%l0 + 40]
        stx     %g1, [%l0 + 48]
        stx     %g4, [%l0 + 56]
        stx     %g5, [%l0 + 64]
        .irp    i, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60, 62
        std     %f\i, [%l0 + 128 + 4 * \i]
        .endr
        add     %l0, 512, %l0
        add     %fp, BIAS, %l1
        stx     %l1, [%l0 - 8]
        mov     512 - 8, %l3
1:      ldx     [%l1 + %l3], %l4
        stx     %l4, [%l0 + %l3]
        brnz    %l3, 1b
        sub     %l3, 8, %l3
        ret
        restore
        .size   capture_arguments, . - capture_arguments

        .section .note.GNU-stack, "", @progbits
