/*
 * The image of a call (see capture.h): r0..r3 at 0, r12 at 16, s0..s15 at 64, the stack at 512.
 * The image of a result: r0..r3 at 0, s0..s15 at 64.
 */
        .syntax unified
        .arch   armv7-a
        .fpu    vfpv3-d16
        .arm
        .text
        .globl  capture_call
        .type   capture_call, %function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        push    {r4, r5, r6, r7, r11, lr}
        mov     r11, sp
        mov     r4, r0
        mov     r5, r1
        mov     r6, r2
        sub     r0, sp, #2048
        bic     r0, r0, #255
        mov     sp, r0
        add     r1, r4, #512
        mov     r2, #512
1:      ldr     r3, [r1], #4
        str     r3, [r0], #4
        subs    r2, r2, #1
        bne     1b
        add     r0, r4, #64
        vldmia  r0, {s0-s15}
        ldr     r12, [r4, #16]
        ldm     r4, {r0, r1, r2, r3}
        blx     r5
        stm     r6, {r0, r1, r2, r3}
        add     r6, r6, #64
        vstmia  r6, {s0-s15}
        mov     sp, r11
        pop     {r4, r5, r6, r7, r11, pc}
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, %function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        ldr     r12, result_image
        add     r0, r12, #64
        vldmia  r0, {s0-s15}
        ldm     r12, {r0, r1, r2, r3}
        bx      lr
        .size   capture_result, . - capture_result
result_image:
        .word   capture_result_image

        .globl  capture_reset
        .type   capture_reset, %function
capture_reset:
        bx      lr
        .size   capture_reset, . - capture_reset

        .globl  capture_arguments
        .type   capture_arguments, %function
/* Stands for any callee: writes down the registers it is called with. */
capture_arguments:
        ldr     r12, argument_image
        stm     r12, {r0, r1, r2, r3}
        bx      lr
        .size   capture_arguments, . - capture_arguments
argument_image:
        .word   capture_argument_image

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
