/*
 * What targets/riscv32.yaml says of images: of a call a0..a7 at 0, t0..t6 at 32, fa0..fa7 at 64, the stack at 512; of a result
 * a0..a7 at 0, fa0..fa7 at 32.
 */
        .text
        .globl  _start
        .type   _start, @function
_start:
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        mv      a0, sp
        andi    sp, sp, -16
        call    capture_start
1:      j       1b
        .size   _start, . - _start

        .globl  capture_syscall
        .type   capture_syscall, @function
/* long capture_syscall(long number, long a, long b, long c) */
capture_syscall:
        mv      a7, a0
        mv      a0, a1
        mv      a1, a2
        mv      a2, a3
        ecall
        ret
        .size   capture_syscall, . - capture_syscall

        .globl  capture_call
        .type   capture_call, @function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        la      t0, saved
        sw      ra, 0(t0)
        sw      sp, 4(t0)
        sw      gp, 8(t0)
        sw      tp, 12(t0)
        sw      s0, 16(t0)
        sw      s1, 20(t0)
        sw      s2, 24(t0)
        sw      s3, 28(t0)
        sw      s4, 32(t0)
        sw      s5, 36(t0)
        sw      s6, 40(t0)
        sw      s7, 44(t0)
        sw      s8, 48(t0)
        sw      s9, 52(t0)
        sw      s10, 56(t0)
        sw      s11, 60(t0)
        sw      a2, 64(t0)
        fsd     fs0, 72(t0)
        fsd     fs1, 80(t0)
        fsd     fs2, 88(t0)
        fsd     fs3, 96(t0)
        fsd     fs4, 104(t0)
        fsd     fs5, 112(t0)
        fsd     fs6, 120(t0)
        fsd     fs7, 128(t0)
        fsd     fs8, 136(t0)
        fsd     fs9, 144(t0)
        fsd     fs10, 152(t0)
        fsd     fs11, 160(t0)
        mv      ra, a1
        addi    t0, sp, -2048
        andi    t0, t0, -256
        mv      sp, t0
        addi    t1, a0, 512
        li      t2, 512
1:      lw      t3, 0(t1)
        sw      t3, 0(t0)
        addi    t1, t1, 4
        addi    t0, t0, 4
        addi    t2, t2, -1
        bnez    t2, 1b
        fld     fa0, 64(a0)
        fld     fa1, 72(a0)
        fld     fa2, 80(a0)
        fld     fa3, 88(a0)
        fld     fa4, 96(a0)
        fld     fa5, 104(a0)
        fld     fa6, 112(a0)
        fld     fa7, 120(a0)
        lw      t0, 32(a0)
        lw      t1, 36(a0)
        lw      t2, 40(a0)
        lw      t3, 44(a0)
        lw      t4, 48(a0)
        lw      t5, 52(a0)
        lw      t6, 56(a0)
        lw      a7, 28(a0)
        lw      a6, 24(a0)
        lw      a5, 20(a0)
        lw      a4, 16(a0)
        lw      a3, 12(a0)
        lw      a2, 8(a0)
        lw      a1, 4(a0)
        lw      a0, 0(a0)
        jalr    ra
        la      t0, saved
        lw      t1, 64(t0)
        sw      sp, 2040(t1)
        sw      a0, 0(t1)
        sw      a1, 4(t1)
        sw      a2, 8(t1)
        sw      a3, 12(t1)
        sw      a4, 16(t1)
        sw      a5, 20(t1)
        sw      a6, 24(t1)
        sw      a7, 28(t1)
        fsd     fa0, 32(t1)
        fsd     fa1, 40(t1)
        fsd     fa2, 48(t1)
        fsd     fa3, 56(t1)
        fsd     fa4, 64(t1)
        fsd     fa5, 72(t1)
        fsd     fa6, 80(t1)
        fsd     fa7, 88(t1)
        lw      ra, 0(t0)
        lw      sp, 4(t0)
        lw      gp, 8(t0)
        lw      tp, 12(t0)
        lw      s0, 16(t0)
        lw      s1, 20(t0)
        lw      s2, 24(t0)
        lw      s3, 28(t0)
        lw      s4, 32(t0)
        lw      s5, 36(t0)
        lw      s6, 40(t0)
        lw      s7, 44(t0)
        lw      s8, 48(t0)
        lw      s9, 52(t0)
        lw      s10, 56(t0)
        lw      s11, 60(t0)
        fld     fs0, 72(t0)
        fld     fs1, 80(t0)
        fld     fs2, 88(t0)
        fld     fs3, 96(t0)
        fld     fs4, 104(t0)
        fld     fs5, 112(t0)
        fld     fs6, 120(t0)
        fld     fs7, 128(t0)
        fld     fs8, 136(t0)
        fld     fs9, 144(t0)
        fld     fs10, 152(t0)
        fld     fs11, 160(t0)
        ret
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, @function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        la      t0, capture_result_image
        fld     fa0, 32(t0)
        fld     fa1, 40(t0)
        fld     fa2, 48(t0)
        fld     fa3, 56(t0)
        fld     fa4, 64(t0)
        fld     fa5, 72(t0)
        fld     fa6, 80(t0)
        fld     fa7, 88(t0)
        lw      a0, 0(t0)
        lw      a1, 4(t0)
        lw      a2, 8(t0)
        lw      a3, 12(t0)
        lw      a4, 16(t0)
        lw      a5, 20(t0)
        lw      a6, 24(t0)
        lw      a7, 28(t0)
        ret
        .size   capture_result, . - capture_result

        .globl  capture_reset
        .type   capture_reset, @function
capture_reset:
        ret
        .size   capture_reset, . - capture_reset

        .globl  capture_arguments
        .type   capture_arguments, @function
/* Stands for any callee: writes down the registers and the stack that it is called with. */
capture_arguments:
        la      t0, capture_argument_image
        sw      a0, 0(t0)
        sw      a1, 4(t0)
        sw      a2, 8(t0)
        sw      a3, 12(t0)
        sw      a4, 16(t0)
        sw      a5, 20(t0)
        sw      a6, 24(t0)
        sw      a7, 28(t0)
        fsd     fa0, 64(t0)
        fsd     fa1, 72(t0)
        fsd     fa2, 80(t0)
        fsd     fa3, 88(t0)
        fsd     fa4, 96(t0)
        fsd     fa5, 104(t0)
        fsd     fa6, 112(t0)
        fsd     fa7, 120(t0)
        sw      sp, 504(t0)
        lw      t1, 0(sp)
        sw      t1, 512(t0)
        lw      t1, 4(sp)
        sw      t1, 516(t0)
        lw      t1, 8(sp)
        sw      t1, 520(t0)
        lw      t1, 12(sp)
        sw      t1, 524(t0)
        ret
        .size   capture_arguments, . - capture_arguments

        .local  saved
        .comm   saved, 192, 16

        .section .note.GNU-stack, "", @progbits
