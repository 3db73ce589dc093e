/* The places are those of riscv64.yaml. */
        .text
        .globl  _start
_start:
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        mv      a0, sp
        andi    sp, sp, -16
        call    capture_start
        unimp

        .globl  capture_syscall
/* long capture_syscall(long number, long a, long b, long c) */
capture_syscall:
        mv      a7, a0
        mv      a0, a1
        mv      a1, a2
        mv      a2, a3
        ecall
        ret

        .globl  capture_call
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        addi    sp, sp, -224
        sd      ra, 0(sp)
        sd      s0, 8(sp)
        sd      s1, 16(sp)
        sd      s2, 24(sp)
        sd      s3, 32(sp)
        sd      s4, 40(sp)
        sd      s5, 48(sp)
        sd      s6, 56(sp)
        sd      s7, 64(sp)
        sd      s8, 72(sp)
        sd      s9, 80(sp)
        sd      s10, 88(sp)
        sd      s11, 96(sp)
        sd      a2, 104(sp)
#ifdef __riscv_flen
        fsd     fs0, 112(sp)
        fsd     fs1, 120(sp)
        fsd     fs2, 128(sp)
        fsd     fs3, 136(sp)
        fsd     fs4, 144(sp)
        fsd     fs5, 152(sp)
        fsd     fs6, 160(sp)
        fsd     fs7, 168(sp)
        fsd     fs8, 176(sp)
        fsd     fs9, 184(sp)
        fsd     fs10, 192(sp)
        fsd     fs11, 200(sp)
#endif
        la      t0, own_sp
        sd      sp, 0(t0)
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
#ifdef __riscv_flen
        fld     fa0, 128(a0)
        fld     fa1, 136(a0)
        fld     fa2, 144(a0)
        fld     fa3, 152(a0)
        fld     fa4, 160(a0)
        fld     fa5, 168(a0)
        fld     fa6, 176(a0)
        fld     fa7, 184(a0)
#endif
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
        la      t0, own_sp
        mv      t1, sp
        ld      sp, 0(t0)
        ld      t0, 104(sp)
        sd      t1, 2040(t0)
        sd      a0, 0(t0)
        sd      a1, 8(t0)
        sd      a2, 16(t0)
        sd      a3, 24(t0)
        sd      a4, 32(t0)
        sd      a5, 40(t0)
        sd      a6, 48(t0)
        sd      a7, 56(t0)
#ifdef __riscv_flen
        fsd     fa0, 128(t0)
        fsd     fa1, 136(t0)
        fsd     fa2, 144(t0)
        fsd     fa3, 152(t0)
        fsd     fa4, 160(t0)
        fsd     fa5, 168(t0)
        fsd     fa6, 176(t0)
        fsd     fa7, 184(t0)
#endif
        ld      ra, 0(sp)
        ld      s0, 8(sp)
        ld      s1, 16(sp)
        ld      s2, 24(sp)
        ld      s3, 32(sp)
        ld      s4, 40(sp)
        ld      s5, 48(sp)
        ld      s6, 56(sp)
        ld      s7, 64(sp)
        ld      s8, 72(sp)
        ld      s9, 80(sp)
        ld      s10, 88(sp)
        ld      s11, 96(sp)
#ifdef __riscv_flen
        fld     fs0, 112(sp)
        fld     fs1, 120(sp)
        fld     fs2, 128(sp)
        fld     fs3, 136(sp)
        fld     fs4, 144(sp)
        fld     fs5, 152(sp)
        fld     fs6, 160(sp)
        fld     fs7, 168(sp)
        fld     fs8, 176(sp)
        fld     fs9, 184(sp)
        fld     fs10, 192(sp)
        fld     fs11, 200(sp)
#endif
        addi    sp, sp, 224
        ret

        .globl  capture_result
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        la      t0, capture_result_image
#ifdef __riscv_flen
        fld     fa0, 128(t0)
        fld     fa1, 136(t0)
        fld     fa2, 144(t0)
        fld     fa3, 152(t0)
        fld     fa4, 160(t0)
        fld     fa5, 168(t0)
        fld     fa6, 176(t0)
        fld     fa7, 184(t0)
#endif
        ld      a0, 0(t0)
        ld      a1, 8(t0)
        ld      a2, 16(t0)
        ld      a3, 24(t0)
        ld      a4, 32(t0)
        ld      a5, 40(t0)
        ld      a6, 48(t0)
        ld      a7, 56(t0)
        ret

        .globl  capture_arguments
/* Stands for any callee: writes down the registers and the stack that it is called with. */
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
#ifdef __riscv_flen
        fsd     fa0, 128(t0)
        fsd     fa1, 136(t0)
        fsd     fa2, 144(t0)
        fsd     fa3, 152(t0)
        fsd     fa4, 160(t0)
        fsd     fa5, 168(t0)
        fsd     fa6, 176(t0)
        fsd     fa7, 184(t0)
#endif
        sd      sp, 504(t0)
        ld      t1, 0(sp)
        sd      t1, 512(t0)
        ld      t1, 8(sp)
        sd      t1, 520(t0)
        ret

        .globl  capture_reset
capture_reset:
        ret

        .bss
        .balign 8
own_sp: .skip   8

        .section .note.GNU-stack, "", @progbits
