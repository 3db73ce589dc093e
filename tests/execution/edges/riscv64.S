/* The offsets are those of picture.h; ra holds addresses of pictures. Registers by their numbers, from x5 and f0 on. */
        .text
        .macro  each general, vector
        .irp    n, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        \general x\n, 8*\n(ra)
        .endr
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        \vector f\n, 256+16*\n(ra)
        .endr
        .endm
        .macro  copy
        li      t0, 1024
1:      addi    t0, t0, -8
        add     t3, t1, t0
        ld      t3, 0(t3)
        add     t4, t2, t0
        sd      t3, 0(t4)
        bnez    t0, 1b
        .endm
        .macro  kept general, vector
        \general ra, 0(t0)
        \general s0, 8(t0)
        \general s1, 16(t0)
        \general s2, 24(t0)
        \general s3, 32(t0)
        \general s4, 40(t0)
        \general s5, 48(t0)
        \general s6, 56(t0)
        \general s7, 64(t0)
        \general s8, 72(t0)
        \general s9, 80(t0)
        \general s10, 88(t0)
        \general s11, 96(t0)
        \vector fs0, 104(t0)
        \vector fs1, 112(t0)
        \vector fs2, 120(t0)
        \vector fs3, 128(t0)
        \vector fs4, 136(t0)
        \vector fs5, 144(t0)
        \vector fs6, 152(t0)
        \vector fs7, 160(t0)
        \vector fs8, 168(t0)
        \vector fs9, 176(t0)
        \vector fs10, 184(t0)
        \vector fs11, 192(t0)
        .endm

        .globl  picture_call
        .type   picture_call, @function
picture_call:
        .cfi_startproc
        la      t0, own
        kept    sd, fsd
        sd      sp, 200(t0)
        la      ra, picture_out
        ld      t1, 800(ra)
        addi    sp, sp, -2048
        andi    sp, sp, -256
        sub     sp, sp, t1
        sd      sp, 208(t0)
        sd      sp, 824(ra)
        addi    t1, ra, 1024
        mv      t2, sp
        copy
        each    ld, fld
        ld      ra, 816(ra)
        jalr    ra
        la      ra, picture_back
        each    sd, fsd
        la      t0, own
        ld      t1, 208(t0)
        sub     t1, sp, t1
        sd      t1, 800(ra)
        ld      t1, 208(t0)
        addi    t2, ra, 1024
        copy
        la      t0, own
        ld      sp, 200(t0)
        kept    ld, fld
        ret
        .cfi_endproc

        .globl  picture_called
picture_called:
        .cfi_startproc
        addi    sp, sp, -256
        .cfi_def_cfa_offset 256
        .irp    n, 1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        sd      x\n, 8*\n(sp)
        .cfi_rel_offset x\n, 8*\n
        .endr
        la      ra, picture_in
        each    sd, fsd
        ld      t0, 8(sp)
        sd      t0, 816(ra)
        addi    t1, sp, 256
        sd      t1, 824(ra)
        addi    t2, ra, 1024
        copy
        call    picture_callee
        la      ra, picture_in
        ld      t0, 816(ra)
        ld      t1, 824(ra)
        la      ra, picture_result
        ld      t2, 800(ra)
        add     sp, t1, t2
        sd      t0, -16(sp)
        each    ld, fld
        ld      ra, -16(sp)
        ret
        .cfi_endproc

        .bss
        .balign 16
own:    .skip   216
        .section .note.GNU-stack, "", @progbits
