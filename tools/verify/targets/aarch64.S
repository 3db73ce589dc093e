/* The places are those of aarch64.yaml. */
        .text
        .globl  _start
_start:
        mov     x0, sp
        and     x1, x0, #-16
        mov     sp, x1
        bl      capture_start
        brk     #0

        .globl  capture_syscall
/* long capture_syscall(long number, long a, long b, long c) */
capture_syscall:
        mov     x8, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        svc     #0
        ret

        .globl  capture_call
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        sub     sp, sp, #176
        stp     x19, x20, [sp, #0]
        stp     x21, x22, [sp, #16]
        stp     x23, x24, [sp, #32]
        stp     x25, x26, [sp, #48]
        stp     x27, x28, [sp, #64]
        stp     x29, x30, [sp, #80]
        stp     d8, d9, [sp, #96]
        stp     d10, d11, [sp, #112]
        stp     d12, d13, [sp, #128]
        stp     d14, d15, [sp, #144]
        str     x2, [sp, #160]
        adrp    x9, own_sp
        mov     x10, sp
        str     x10, [x9, :lo12:own_sp]
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
        add     x9, x16, #128
        ldp     q0, q1, [x9, #0]
        ldp     q2, q3, [x9, #32]
        ldp     q4, q5, [x9, #64]
        ldp     q6, q7, [x9, #96]
        ldp     x20, x21, [x16, #256]
        ldp     x22, x23, [x16, #272]
        ldp     x24, x25, [x16, #288]
        ldp     x26, x27, [x16, #304]
        ldr     x28, [x16, #320]
        ldp     x0, x1, [x16, #0]
        ldp     x2, x3, [x16, #16]
        ldp     x4, x5, [x16, #32]
        ldp     x6, x7, [x16, #48]
        ldp     x8, x9, [x16, #64]
        ldp     x10, x11, [x16, #80]
        ldp     x12, x13, [x16, #96]
        ldp     x14, x15, [x16, #112]
        blr     x17
        mov     x17, sp
        adrp    x16, own_sp
        ldr     x16, [x16, :lo12:own_sp]
        mov     sp, x16
        ldr     x16, [sp, #160]
        str     x17, [x16, #2040]
        stp     x0, x1, [x16, #0]
        stp     x2, x3, [x16, #16]
        stp     x4, x5, [x16, #32]
        stp     x6, x7, [x16, #48]
        stp     x8, x9, [x16, #64]
        stp     x10, x11, [x16, #80]
        stp     x12, x13, [x16, #96]
        stp     x14, x15, [x16, #112]
        stp     q0, q1, [x16, #128]
        stp     q2, q3, [x16, #160]
        stp     q4, q5, [x16, #192]
        stp     q6, q7, [x16, #224]
        str     x21, [x16, #264]
        ldp     x19, x20, [sp, #0]
        ldp     x21, x22, [sp, #16]
        ldp     x23, x24, [sp, #32]
        ldp     x25, x26, [sp, #48]
        ldp     x27, x28, [sp, #64]
        ldp     x29, x30, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        add     sp, sp, #176
        ret

        .globl  capture_result
/* Stands for any callee: returns the pattern in every register that some callee need not preserve. */
capture_result:
        adrp    x16, capture_result_image
        add     x16, x16, :lo12:capture_result_image
        ldp     q0, q1, [x16, #128]
        ldp     q2, q3, [x16, #160]
        ldp     q4, q5, [x16, #192]
        ldp     q6, q7, [x16, #224]
        ldr     x21, [x16, #264]
        ldp     x0, x1, [x16, #0]
        ldp     x2, x3, [x16, #16]
        ldp     x4, x5, [x16, #32]
        ldp     x6, x7, [x16, #48]
        ldp     x8, x9, [x16, #64]
        ldp     x10, x11, [x16, #80]
        ldp     x12, x13, [x16, #96]
        ldp     x14, x15, [x16, #112]
        ret

        .globl  capture_arguments
/* Stands for any callee: writes down the registers and the stack that it is called with. */
capture_arguments:
        adrp    x16, capture_argument_image
        add     x16, x16, :lo12:capture_argument_image
        stp     x0, x1, [x16, #0]
        stp     x2, x3, [x16, #16]
        stp     x4, x5, [x16, #32]
        stp     x6, x7, [x16, #48]
        stp     x8, x9, [x16, #64]
        stp     x10, x11, [x16, #80]
        stp     x12, x13, [x16, #96]
        stp     x14, x15, [x16, #112]
        stp     q0, q1, [x16, #128]
        stp     q2, q3, [x16, #160]
        stp     q4, q5, [x16, #192]
        stp     q6, q7, [x16, #224]
        stp     x20, x21, [x16, #256]
        stp     x22, x23, [x16, #272]
        stp     x24, x25, [x16, #288]
        stp     x26, x27, [x16, #304]
        str     x28, [x16, #320]
        mov     x9, sp
        str     x9, [x16, #504]
        ldp     x9, x10, [sp]
        str     x9, [x16, #512]
        str     x10, [x16, #520]
        ret

        .globl  capture_reset
capture_reset:
        ret

        .bss
        .balign 8
own_sp: .skip   8

        .section .note.GNU-stack, "", %progbits
