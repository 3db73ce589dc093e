/*
 * 64-bit Power in both byte orders and under both versions of its ELF ABI. What targets/powerpc64le.yaml says of images: of a
 * call r3..r10 at 0, r11 at 64, r0 at 72, f0..f13 at 80, v0..v19 at 192, the stack at 512; of a result r3..r10 at 0, f0..f13
 * at 64, v0..v13 at 192. r12 holds the address of the callee, r2 the table of contents, r13 belongs to threads.
 */
        .machine "any"
        .text
#if _CALL_ELF == 2
        .abiversion 2
        .macro  function name
        .globl  \name
        .type   \name, @function
        .p2align 4
\name:
0:      addis   2, 12, .TOC. - 0b@ha
        addi    2, 2, .TOC. - 0b@l
        .localentry \name, . - \name
        .endm
#else
/* A function is a descriptor: its code, its table of contents, its environment. */
        .macro  function name
        .globl  \name
        .type   \name, @function
        .section .opd, "aw"
        .p2align 3
\name:
        .quad   .L.\name, .TOC.@tocbase, 0
        .text
        .p2align 4
.L.\name:
        .endm
#endif

        function _start
        bcl     20, 31, 1f
1:      mflr    12
        addis   2, 12, .TOC. - 1b@ha
        addi    2, 2, .TOC. - 1b@l
        mr      3, 1
        clrrdi  1, 1, 4
        addi    1, 1, -128
        li      0, 0
        std     0, 0(1)
        bl      capture_start
        nop
2:      b       2b

/* long capture_syscall(long number, long a, long b, long c); what fails is returned as a negative number. */
        function capture_syscall
        mr      0, 3
        mr      3, 4
        mr      4, 5
        mr      5, 6
        sc
        bnslr
        neg     3, 3
        blr

/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
        function capture_call
        mflr    0
        std     0, 16(1)
        std     29, -24(1)
        std     30, -16(1)
        std     31, -8(1)
        stdu    1, -160(1)
        mr      29, 2
        mr      30, 5
        mr      31, 1
        addi    6, 1, -2048
        clrrdi  6, 6, 8
        mr      1, 6
        addi    7, 3, 512
        li      8, 256
        mtctr   8
1:      ld      8, 0(7)
        std     8, 0(6)
        addi    7, 7, 8
        addi    6, 6, 8
        bdnz    1b
#if _CALL_ELF == 2
        mr      12, 4
        mtctr   12
#else
        ld      12, 0(4)
        mtctr   12
        ld      2, 8(4)
#endif
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
        lfd     \i, 80 + 8 * \i(3)
        .endr
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
        li      11, 192 + 16 * \i
        lvx     \i, 11, 3
        .endr
        ld      0, 72(3)
        ld      11, 64(3)
        ld      10, 56(3)
        ld      9, 48(3)
        ld      8, 40(3)
        ld      7, 32(3)
        ld      6, 24(3)
        ld      5, 16(3)
        ld      4, 8(3)
        ld      3, 0(3)
        bctrl
        std     1, 2040(30)
        std     3, 0(30)
        std     4, 8(30)
        std     5, 16(30)
        std     6, 24(30)
        std     7, 32(30)
        std     8, 40(30)
        std     9, 48(30)
        std     10, 56(30)
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
        stfd    \i, 64 + 8 * \i(30)
        li      11, 192 + 16 * \i
        stvx    \i, 11, 30
        .endr
        mr      2, 29
        addi    1, 31, 160
        ld      0, 16(1)
        mtlr    0
        ld      29, -24(1)
        ld      30, -16(1)
        ld      31, -8(1)
        blr

/* Stands for any callee: returns the pattern in every result register. */
        function capture_result
        addis   12, 2, capture_result_image@toc@ha
        addi    12, 12, capture_result_image@toc@l
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
        lfd     \i, 64 + 8 * \i(12)
        li      11, 192 + 16 * \i
        lvx     \i, 11, 12
        .endr
        .irp    i, 3, 4, 5, 6, 7, 8, 9, 10
        ld      \i, 8 * \i - 24(12)
        .endr
        blr

        function capture_reset
        blr

/* Stands for any callee: writes down the registers it is called with, and 64 words of the stack. */
        function capture_arguments
        addis   12, 2, capture_argument_image@toc@ha
        addi    12, 12, capture_argument_image@toc@l
        std     11, 64(12)
        std     0, 72(12)
        .irp    i, 3, 4, 5, 6, 7, 8, 9, 10
        std     \i, 8 * \i - 24(12)
        .endr
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
        stfd    \i, 80 + 8 * \i(12)
        .endr
        .irp    i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
        li      11, 192 + 16 * \i
        stvx    \i, 11, 12
        .endr
        addi    12, 12, 504
        std     1, 0(12)
        addi    11, 1, -8
        li      0, 64
        mtctr   0
1:      ldu     0, 8(11)
        stdu    0, 8(12)
        bdnz    1b
        blr

        .section .note.GNU-stack, "", @progbits
