/*
 * The image of a call (see capture.h): a0..a7 at 0, t0..t6 at 64, fa0..fa7 at 128, the stack at 512.
 * The image of a result: a0..a7 at 0, fa0..fa7 at 64.
 */
        .text
        .globl  capture_call
        .type   capture_call, @function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        sd      s2, 0(sp)
        mv      s0, sp
        mv      s1, a2
        mv      s2, a1
        addi    t0, sp, -2048
        andi    t0, t0, -256
        mv      sp, t0
        addi    t1, a0, 512
        li      t2, 256
1:      ld      t3, 0(t1)
        sd      t3, 0(t0)
        addi    t1, t1, 8
        addi    t0, t0, 8
        addi    t2, t2, -1
        bnez    t2, 1b
        fld     fa0, 128(a0)
        fld     fa1, 136(a0)
        fld     fa2, 144(a0)
        fld     fa3, 152(a0)
        fld     fa4, 160(a0)
        fld     fa5, 168(a0)
        fld     fa6, 176(a0)
        fld     fa7, 184(a0)
        ld      t0, 64(a0)
        ld      t1, 72(a0)
        ld      t2, 80(a0)
        ld      t3, 88(a0)
        ld      t4, 96(a0)
        ld      t5, 104(a0)
        ld      t6, 112(a0)
        ld      a7, 56(a0)
        ld      a6, 48(a0)
        ld      a5, 40(a0)
        ld      a4, 32(a0)
        ld      a3, 24(a0)
        ld      a2, 16(a0)
        ld      a1, 8(a0)
        ld      a0, 0(a0)
        jalr    s2
        sd      a0, 0(s1)
        sd      a1, 8(s1)
        sd      a2, 16(s1)
        sd      a3, 24(s1)
        sd      a4, 32(s1)
        sd      a5, 40(s1)
        sd      a6, 48(s1)
        sd      a7, 56(s1)
        fsd     fa0, 64(s1)
        fsd     fa1, 72(s1)
        fsd     fa2, 80(s1)
        fsd     fa3, 88(s1)
        fsd     fa4, 96(s1)
        fsd     fa5, 104(s1)
        fsd     fa6, 112(s1)
        fsd     fa7, 120(s1)
        mv      sp, s0
        ld      s2, 0(sp)
        ld      s1, 8(sp)
        ld      s0, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
        ret
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, @function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        la      t0, capture_result_image
        fld     fa0, 64(t0)
        fld     fa1, 72(t0)
        fld     fa2, 80(t0)
        fld     fa3, 88(t0)
        fld     fa4, 96(t0)
        fld     fa5, 104(t0)
        fld     fa6, 112(t0)
        fld     fa7, 120(t0)
        ld      a0, 0(t0)
        ld      a1, 8(t0)
        ld      a2, 16(t0)
        ld      a3, 24(t0)
        ld      a4, 32(t0)
        ld      a5, 40(t0)
        ld      a6, 48(t0)
        ld      a7, 56(t0)
        ret
        .size   capture_result, . - capture_result

        .globl  capture_reset
        .type   capture_reset, @function
capture_reset:
        ret
        .size   capture_reset, . - capture_reset

        .globl  capture_arguments
        .type   capture_arguments, @function
/* Stands for any callee: writes down the registers it is called with. */
capture_arguments:
        la      t0, capture_argument_image
        sd      a0, 0(t0)
        sd      a1, 8(t0)
        sd      a2, 16(t0)
        sd      a3, 24(t0)
        sd      a4, 32(t0)
        sd      a5, 40(t0)
        sd      a6, 48(t0)
        sd      a7, 56(t0)
        ret
        .size   capture_arguments, . - capture_arguments

        .section .rodata
        .globl  capture_converting_place
        .balign 4
capture_converting_place:
        .word   -1
        .globl  capture_boxing_places
capture_boxing_places:
        .word   128, 192, 64, 128

        .comm   capture_argument_image, 2560, 64
        .comm   capture_result_image, 256, 64

        .section .note.GNU-stack, "", @progbits
