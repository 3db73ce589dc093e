/*
 * The image of a call (see capture.h): rdi rsi rdx rcx r8 r9 rax r10 at 0,
 * xmm0..xmm7 at 64, the stack at 512.
 * The image of a result: rax rdx rcx at 0, xmm0..xmm3 at 32, st0 at 96, st1
 * at 112.
 */
        .text
        .globl  capture_call
        .type   capture_call, @function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        pushq   %rbp
        movq    %rsp, %rbp
        pushq   %rbx
        pushq   %r12
        movq    %rdi, %r12
        movq    %rsi, %r11
        movq    %rdx, %rbx
        subq    $2048, %rsp
        andq    $-256, %rsp
        leaq    512(%r12), %rsi
        movq    %rsp, %rdi
        movl    $256, %ecx
        cld
        rep movsq
        movups  64(%r12), %xmm0
        movups  80(%r12), %xmm1
        movups  96(%r12), %xmm2
        movups  112(%r12), %xmm3
        movups  128(%r12), %xmm4
        movups  144(%r12), %xmm5
        movups  160(%r12), %xmm6
        movups  176(%r12), %xmm7
        movq    0(%r12), %rdi
        movq    8(%r12), %rsi
        movq    16(%r12), %rdx
        movq    24(%r12), %rcx
        movq    32(%r12), %r8
        movq    40(%r12), %r9
        movq    48(%r12), %rax
        movq    56(%r12), %r10
        call    *%r11
        movq    %rax, 0(%rbx)
        movq    %rdx, 8(%rbx)
        movq    %rcx, 16(%rbx)
        movups  %xmm0, 32(%rbx)
        movups  %xmm1, 48(%rbx)
        leaq    -16(%rbp), %rsp
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, @function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        leaq    capture_result_image(%rip), %r11
        movq    0(%r11), %rax
        movq    8(%r11), %rdx
        movq    16(%r11), %rcx
        movups  32(%r11), %xmm0
        movups  48(%r11), %xmm1
        movups  64(%r11), %xmm2
        movups  80(%r11), %xmm3
        fldt    112(%r11)
        fldt    96(%r11)
        ret
        .size   capture_result, . - capture_result

        .globl  capture_reset
        .type   capture_reset, @function
/* Empties the x87 stack, whatever a callee or a caller left on it. */
capture_reset:
        fninit
        ret
        .size   capture_reset, . - capture_reset

        .globl  capture_arguments
        .type   capture_arguments, @function
/* Stands for any callee: writes down the registers it is called with. */
capture_arguments:
        leaq    capture_argument_image(%rip), %r11
        movq    %rdi, 0(%r11)
        movq    %rsi, 8(%r11)
        movq    %rdx, 16(%r11)
        movq    %rcx, 24(%r11)
        movq    %r8, 32(%r11)
        movq    %r9, 40(%r11)
        movups  %xmm0, 64(%r11)
        movups  %xmm1, 80(%r11)
        ret
        .size   capture_arguments, . - capture_arguments

        .section .rodata
        .globl  capture_converting_place
        .balign 4
capture_converting_place:
        .long   -1
        .globl  capture_boxing_places
capture_boxing_places:
        .long   0, 0, 0, 0

        .comm   capture_argument_image, 2560, 64
        .comm   capture_result_image, 256, 64

        .section .note.GNU-stack, "", @progbits
