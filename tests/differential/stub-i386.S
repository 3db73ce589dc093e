/*
 * The image of a call (see capture.h): eax ecx edx at 0, the stack at 512.
 * The image of a result: eax edx ecx at 0, xmm0 at 32, st0 at 96.
 */
        .text
        .globl  capture_call
        .type   capture_call, @function
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        pushl   %ebp
        movl    %esp, %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    8(%ebp), %ebx
        subl    $2048, %esp
        andl    $-256, %esp
        leal    512(%ebx), %esi
        movl    %esp, %edi
        movl    $512, %ecx
        cld
        rep movsl
        movl    0(%ebx), %eax
        movl    4(%ebx), %ecx
        movl    8(%ebx), %edx
        call    *12(%ebp)
        movl    16(%ebp), %ebx
        movl    %eax, 0(%ebx)
        movl    %edx, 4(%ebx)
        movl    %ecx, 8(%ebx)
        leal    -12(%ebp), %esp
        popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        ret
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, @function
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        call    1f
1:      popl    %eax
        addl    $_GLOBAL_OFFSET_TABLE_+(. - 1b), %eax
        movl    capture_result_image@GOT(%eax), %eax
        movups  32(%eax), %xmm0
        fldt    96(%eax)
        movl    8(%eax), %ecx
        movl    4(%eax), %edx
        movl    0(%eax), %eax
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
/* Stands for any callee: writes down the first words of the stack. */
capture_arguments:
        call    1f
1:      popl    %eax
        addl    $_GLOBAL_OFFSET_TABLE_+(. - 1b), %eax
        movl    capture_argument_image@GOT(%eax), %eax
        movl    4(%esp), %ecx
        movl    %ecx, 512(%eax)
        movl    8(%esp), %ecx
        movl    %ecx, 516(%eax)
        ret
        .size   capture_arguments, . - capture_arguments

        .section .rodata
        .globl  capture_converting_place
        .balign 4
capture_converting_place:
        .long   96
        .globl  capture_boxing_places
capture_boxing_places:
        .long   0, 0, 0, 0

        .comm   capture_argument_image, 2560, 64
        .comm   capture_result_image, 256, 64

        .section .note.GNU-stack, "", @progbits
