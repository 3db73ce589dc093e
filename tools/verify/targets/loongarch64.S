/*
 * What targets/loongarch64.yaml says of images: of a call a0..a7 at 0, t0..t8 at 64, fa0..fa7 at 144, the stack at 512; of a
 * result a0..a7 at 0, fa0..fa7 at 64.
 */
        .text
        .globl  _start
        .type   _start, @function
_start:
        move    $a0, $sp
        bstrins.d $sp, $zero, 3, 0
        bl      capture_start
1:      b       1b
        .size   _start, . - _start

        .globl  capture_syscall
        .type   capture_syscall, @function
/* long capture_syscall(long number, long a, long b, long c) */
capture_syscall:
        move    $a7, $a0
        move    $a0, $a1
        move    $a1, $a2
        move    $a2, $a3
        syscall 0
        ret
        .size   capture_syscall, . - capture_syscall

        .globl  capture_call
        .type   capture_call, @function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        la.local $t0, saved
        st.d    $ra, $t0, 0
        st.d    $sp, $t0, 8
        st.d    $tp, $t0, 16
        st.d    $r21, $t0, 24
        st.d    $fp, $t0, 32
        st.d    $s0, $t0, 40
        st.d    $s1, $t0, 48
        st.d    $s2, $t0, 56
        st.d    $s3, $t0, 64
        st.d    $s4, $t0, 72
        st.d    $s5, $t0, 80
        st.d    $s6, $t0, 88
        st.d    $s7, $t0, 96
        st.d    $s8, $t0, 104
        st.d    $a2, $t0, 112
        fst.d   $fs0, $t0, 120
        fst.d   $fs1, $t0, 128
        fst.d   $fs2, $t0, 136
        fst.d   $fs3, $t0, 144
        fst.d   $fs4, $t0, 152
        fst.d   $fs5, $t0, 160
        fst.d   $fs6, $t0, 168
        fst.d   $fs7, $t0, 176
        move    $ra, $a1
        addi.d  $t0, $sp, -2048
        bstrins.d $t0, $zero, 7, 0
        move    $sp, $t0
        addi.d  $t1, $a0, 512
        ori     $t2, $zero, 256
1:      ld.d    $t3, $t1, 0
        st.d    $t3, $t0, 0
        addi.d  $t1, $t1, 8
        addi.d  $t0, $t0, 8
        addi.d  $t2, $t2, -1
        bnez    $t2, 1b
        fld.d   $fa0, $a0, 144
        fld.d   $fa1, $a0, 152
        fld.d   $fa2, $a0, 160
        fld.d   $fa3, $a0, 168
        fld.d   $fa4, $a0, 176
        fld.d   $fa5, $a0, 184
        fld.d   $fa6, $a0, 192
        fld.d   $fa7, $a0, 200
        ld.d    $t0, $a0, 64
        ld.d    $t1, $a0, 72
        ld.d    $t2, $a0, 80
        ld.d    $t3, $a0, 88
        ld.d    $t4, $a0, 96
        ld.d    $t5, $a0, 104
        ld.d    $t6, $a0, 112
        ld.d    $t7, $a0, 120
        ld.d    $t8, $a0, 128
        ld.d    $a7, $a0, 56
        ld.d    $a6, $a0, 48
        ld.d    $a5, $a0, 40
        ld.d    $a4, $a0, 32
        ld.d    $a3, $a0, 24
        ld.d    $a2, $a0, 16
        ld.d    $a1, $a0, 8
        ld.d    $a0, $a0, 0
        jirl    $ra, $ra, 0
        la.local $t0, saved
        ld.d    $t1, $t0, 112
        st.d    $sp, $t1, 2040
        st.d    $a0, $t1, 0
        st.d    $a1, $t1, 8
        st.d    $a2, $t1, 16
        st.d    $a3, $t1, 24
        st.d    $a4, $t1, 32
        st.d    $a5, $t1, 40
        st.d    $a6, $t1, 48
        st.d    $a7, $t1, 56
        fst.d   $fa0, $t1, 64
        fst.d   $fa1, $t1, 72
        fst.d   $fa2, $t1, 80
        fst.d   $fa3, $t1, 88
        fst.d   $fa4, $t1, 96
        fst.d   $fa5, $t1, 104
        fst.d   $fa6, $t1, 112
        fst.d   $fa7, $t1, 120
        ld.d    $ra, $t0, 0
        ld.d    $sp, $t0, 8
        ld.d    $tp, $t0, 16
        ld.d    $r21, $t0, 24
        ld.d    $fp, $t0, 32
        ld.d    $s0, $t0, 40
        ld.d    $s1, $t0, 48
        ld.d    $s2, $t0, 56
        ld.d    $s3, $t0, 64
        ld.d    $s4, $t0, 72
        ld.d    $s5, $t0, 80
        ld.d    $s6, $t0, 88
        ld.d    $s7, $t0, 96
        ld.d    $s8, $t0, 104
        fld.d   $fs0, $t0, 120
        fld.d   $fs1, $t0, 128
        fld.d   $fs2, $t0, 136
        fld.d   $fs3, $t0, 144
        fld.d   $fs4, $t0, 152
        fld.d   $fs5, $t0, 160
        fld.d   $fs6, $t0, 168
        fld.d   $fs7, $t0, 176
        ret
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, @function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        la.local $t0, capture_result_image
        fld.d   $fa0, $t0, 64
        fld.d   $fa1, $t0, 72
        fld.d   $fa2, $t0, 80
        fld.d   $fa3, $t0, 88
        fld.d   $fa4, $t0, 96
        fld.d   $fa5, $t0, 104
        fld.d   $fa6, $t0, 112
        fld.d   $fa7, $t0, 120
        ld.d    $a0, $t0, 0
        ld.d    $a1, $t0, 8
        ld.d    $a2, $t0, 16
        ld.d    $a3, $t0, 24
        ld.d    $a4, $t0, 32
        ld.d    $a5, $t0, 40
        ld.d    $a6, $t0, 48
        ld.d    $a7, $t0, 56
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
        la.local $t0, capture_argument_image
        st.d    $a0, $t0, 0
        st.d    $a1, $t0, 8
        st.d    $a2, $t0, 16
        st.d    $a3, $t0, 24
        st.d    $a4, $t0, 32
        st.d    $a5, $t0, 40
        st.d    $a6, $t0, 48
        st.d    $a7, $t0, 56
        fst.d   $fa0, $t0, 144
        fst.d   $fa1, $t0, 152
        fst.d   $fa2, $t0, 160
        fst.d   $fa3, $t0, 168
        fst.d   $fa4, $t0, 176
        fst.d   $fa5, $t0, 184
        fst.d   $fa6, $t0, 192
        fst.d   $fa7, $t0, 200
        st.d    $sp, $t0, 504
        ld.d    $t1, $sp, 0
        st.d    $t1, $t0, 512
        ld.d    $t1, $sp, 8
        st.d    $t1, $t0, 520
        ret
        .size   capture_arguments, . - capture_arguments

        .local  saved
        .comm   saved, 184, 16

        .section .note.GNU-stack, "", @progbits
