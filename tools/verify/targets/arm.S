/* The places are those of arm.yaml. */
        .syntax unified
        .arch   armv7-a
        .fpu    vfpv3-d16
        .arm
        .text
        .globl  _start
        .type   _start, %function
_start:
        mov     r0, sp
        bic     r1, r0, #15
        mov     sp, r1
        bl      capture_start
        udf     #0

        .globl  capture_syscall
        .type   capture_syscall, %function
/* long capture_syscall(long number, long a, long b, long c) */
capture_syscall:
        push    {r7, lr}
        mov     r7, r0
        mov     r0, r1
        mov     r1, r2
        mov     r2, r3
        svc     #0
        pop     {r7, pc}

        .globl  capture_call
        .type   capture_call, %function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        push    {r2, r4, r5, r6, r7, r8, r9, r10, r11, lr}
        vpush   {d8-d15}
        ldr     r3, =own_sp
        str     sp, [r3]
        mov     r4, r0
        mov     r5, r1
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
        ldr     r4, =own_sp
        mov     r5, sp
        ldr     sp, [r4]
        ldr     r4, [sp, #64]
        str     r5, [r4, #2040]
        stm     r4, {r0, r1, r2, r3}
        add     r4, r4, #64
        vstmia  r4, {s0-s15}
        vpop    {d8-d15}
        pop     {r2, r4, r5, r6, r7, r8, r9, r10, r11, pc}

        .globl  capture_result
        .type   capture_result, %function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        ldr     r12, =capture_result_image
        add     r0, r12, #64
        vldmia  r0, {s0-s15}
        ldm     r12, {r0, r1, r2, r3}
        bx      lr

        .globl  capture_arguments
        .type   capture_arguments, %function
/* Stands for any callee: writes down the registers and the stack that it is called with. */
capture_arguments:
        ldr     r12, =capture_argument_image
        stm     r12, {r0, r1, r2, r3}
        add     r12, r12, #64
        vstmia  r12, {s0-s15}
        add     r12, r12, #448
        mov     r0, sp
        str     r0, [r12, #-8]
        ldm     sp, {r0, r1, r2, r3}
        stm     r12, {r0, r1, r2, r3}
        bx      lr

        .globl  capture_reset
        .type   capture_reset, %function
capture_reset:
        bx      lr

/* Compilers call these, by the run-time ABI of Arm, and libgcc leaves them to the C library. */
        .macro  stands_for name, other
        .globl  \name
        .type   \name, %function
\name: b       \other
        .endm
        stands_for __aeabi_memcpy, memcpy
        stands_for __aeabi_memcpy4, memcpy
        stands_for __aeabi_memcpy8, memcpy
        stands_for __aeabi_memmove, memmove
        stands_for __aeabi_memmove4, memmove
        stands_for __aeabi_memmove8, memmove
        .globl  __aeabi_memset
        .type   __aeabi_memset, %function
        .globl  __aeabi_memset4
        .type   __aeabi_memset4, %function
        .globl  __aeabi_memset8
        .type   __aeabi_memset8, %function
__aeabi_memset:
__aeabi_memset4:
__aeabi_memset8:
        mov     r3, r1
        mov     r1, r2
        mov     r2, r3
        b       memset
        .globl  __aeabi_memclr
        .type   __aeabi_memclr, %function
        .globl  __aeabi_memclr4
        .type   __aeabi_memclr4, %function
        .globl  __aeabi_memclr8
        .type   __aeabi_memclr8, %function
__aeabi_memclr:
__aeabi_memclr4:
__aeabi_memclr8:
        mov     r2, r1
        mov     r1, #0
        b       memset
        /* What unwind tables of adapters refer to: nobody unwinds here. */
        .weak   __aeabi_unwind_cpp_pr0
        .weak   __aeabi_unwind_cpp_pr1
__aeabi_unwind_cpp_pr0:
__aeabi_unwind_cpp_pr1:
        bx      lr
        .ltorg

        .bss
        .balign 4
own_sp: .skip   4

        .section .note.GNU-stack, "", %progbits
