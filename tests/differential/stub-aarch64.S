/*
 * The image of a call (see capture.h): x0..x15 at 0, q0..q7 at 128, the stack
 * at 512.  The image of a result: x0..x7 at 0, q0..q7 at 64.
 */
        .text
        .globl  capture_call
        .type   capture_call, %function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        stp     x29, x30, [sp, #-32]!
        mov     x29, sp
        stp     x19, x20, [sp, #16]
        mov     x19, x2
        mov     x16, x0
        mov     x17, x1
        sub     x9, sp, #2048
        and     x9, x9, #-256
        mov     sp, x9
        add     x10, x16, #512
        mov     x11, #128
1:      ldp     x12, x13, [x10], #16
        stp     x12, x13, [x9], #16
        subs    x11, x11, #1
        b.ne    1b
        ldp     q0, q1, [x16, #128]
        ldp     q2, q3, [x16, #160]
        ldp     q4, q5, [x16, #192]
        ldp     q6, q7, [x16, #224]
        ldp     x0, x1, [x16, #0]
        ldp     x2, x3, [x16, #16]
        ldp     x4, x5, [x16, #32]
        ldp     x6, x7, [x16, #48]
        ldp     x8, x9, [x16, #64]
        ldp     x10, x11, [x16, #80]
        ldp     x12, x13, [x16, #96]
        ldp     x14, x15, [x16, #112]
        blr     x17
        stp     x0, x1, [x19, #0]
        stp     x2, x3, [x19, #16]
        stp     x4, x5, [x19, #32]
        stp     x6, x7, [x19, #48]
        stp     q0, q1, [x19, #64]
        stp     q2, q3, [x19, #96]
        mov     sp, x29
        ldp     x19, x20, [sp, #16]
        ldp     x29, x30, [sp], #32
        ret
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, %function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        adrp    x16, capture_result_image
        add     x16, x16, :lo12:capture_result_image
        ldp     q0, q1, [x16, #64]
        ldp     q2, q3, [x16, #96]
        ldp     q4, q5, [x16, #128]
        ldp     q6, q7, [x16, #160]
        ldp     x0, x1, [x16, #0]
        ldp     x2, x3, [x16, #16]
        ldp     x4, x5, [x16, #32]
        ldp     x6, x7, [x16, #48]
        ret
        .size   capture_result, . - capture_result

        .globl  capture_reset
        .type   capture_reset, %function
capture_reset:
        ret
        .size   capture_reset, . - capture_reset

        .globl  capture_arguments
        .type   capture_arguments, %function
/* Stands for any callee: writes down the registers it is called with. */
capture_arguments:
        adrp    x16, capture_argument_image
        add     x16, x16, :lo12:capture_argument_image
        stp     x0, x1, [x16, #0]
        stp     x2, x3, [x16, #16]
        stp     x4, x5, [x16, #32]
        stp     x6, x7, [x16, #48]
        stp     q0, q1, [x16, #128]
        ret
        .size   capture_arguments, . - capture_arguments

        .section .rodata
        .globl  capture_converting_place
        .balign 4
capture_converting_place:
        .word   -1
        .globl  capture_boxing_places
capture_boxing_places:
        .word   0, 0, 0, 0

        .comm   capture_argument_image, 2560, 64
        .comm   capture_result_image, 256, 64

        .section .note.GNU-stack, "", %progbits
