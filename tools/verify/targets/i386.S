/* The places are those of i386.yaml. */
        .text
        .globl  _start
_start:
        movl    %esp, %eax
        xorl    %ebp, %ebp
        andl    $-16, %esp
        subl    $12, %esp
        pushl   %eax
        call    capture_start
        ud2

        .globl  capture_syscall
/* long capture_syscall(long number, long a, long b, long c) */
capture_syscall:
        pushl   %ebx
        movl    8(%esp), %eax
        movl    12(%esp), %ebx
        movl    16(%esp), %ecx
        movl    20(%esp), %edx
        int     $0x80
        popl    %ebx
        ret

        .globl  capture_call
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        pushl   %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    20(%esp), %eax
        movl    24(%esp), %ecx
        movl    %ecx, callee
        movl    28(%esp), %ecx
        movl    %ecx, results
        movl    %esp, own_sp
        subl    $2048, %esp
        andl    $-256, %esp
        leal    512(%eax), %esi
        movl    %esp, %edi
        movl    $512, %ecx
        cld
        rep movsl
        movups  64(%eax), %xmm0
        movups  80(%eax), %xmm1
        movups  96(%eax), %xmm2
        movups  112(%eax), %xmm3
        movups  128(%eax), %xmm4
        movups  144(%eax), %xmm5
        movups  160(%eax), %xmm6
        movups  176(%eax), %xmm7
        movq    192(%eax), %mm0
        movq    200(%eax), %mm1
        movq    208(%eax), %mm2
        /* These are x87 registers too, which a callee wants to have empty; that keeps what is in them. */
        ffree   %st(0)
        ffree   %st(1)
        ffree   %st(2)
        ffree   %st(3)
        ffree   %st(4)
        ffree   %st(5)
        ffree   %st(6)
        ffree   %st(7)
        movl    4(%eax), %ebx
        movl    8(%eax), %ecx
        movl    12(%eax), %edx
        movl    16(%eax), %esi
        movl    20(%eax), %edi
        movl    24(%eax), %ebp
        movl    0(%eax), %eax
        call    *callee
        movl    %esp, after_sp
        movl    own_sp, %esp
        pushl   %eax
        movl    results, %eax
        popl    0(%eax)
        movl    %ebx, 4(%eax)
        movl    after_sp, %ebx
        movl    %ebx, 2040(%eax)
        movl    %ecx, 8(%eax)
        movl    %edx, 12(%eax)
        movl    %esi, 16(%eax)
        movl    %edi, 20(%eax)
        movl    %ebp, 24(%eax)
        movups  %xmm0, 64(%eax)
        movups  %xmm1, 80(%eax)
        movups  %xmm2, 96(%eax)
        movups  %xmm3, 112(%eax)
        movups  %xmm4, 128(%eax)
        movups  %xmm5, 144(%eax)
        movups  %xmm6, 160(%eax)
        movups  %xmm7, 176(%eax)
        popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        ret

        .globl  capture_result
/* Stands for any callee: returns the pattern in every register that no convention preserves. */
capture_result:
        movl    $capture_result_image, %eax
        movups  64(%eax), %xmm0
        movups  80(%eax), %xmm1
        movups  96(%eax), %xmm2
        movups  112(%eax), %xmm3
        movups  128(%eax), %xmm4
        movups  144(%eax), %xmm5
        movups  160(%eax), %xmm6
        movups  176(%eax), %xmm7
        /* mm0 is the first x87 register, and the two that are filled next are the last. */
        movq    224(%eax), %mm0
        ffree   %st(7)
        ffree   %st(6)
        fldt    208(%eax)
        fldt    192(%eax)
        movl    8(%eax), %ecx
        movl    12(%eax), %edx
        movl    0(%eax), %eax
        ret

        .globl  capture_arguments
/* Stands for any callee: writes down the registers and the stack that it is called with. */
capture_arguments:
        pushl   %eax
        movl    $capture_argument_image, %eax
        movl    %ebx, 4(%eax)
        movl    %ecx, 8(%eax)
        movl    %edx, 12(%eax)
        movl    %esi, 16(%eax)
        movl    %edi, 20(%eax)
        movl    %ebp, 24(%eax)
        movups  %xmm0, 64(%eax)
        movups  %xmm1, 80(%eax)
        movups  %xmm2, 96(%eax)
        movups  %xmm3, 112(%eax)
        movups  %xmm4, 128(%eax)
        movups  %xmm5, 144(%eax)
        movups  %xmm6, 160(%eax)
        movups  %xmm7, 176(%eax)
        movq    %mm0, 192(%eax)
        movq    %mm1, 200(%eax)
        movq    %mm2, 208(%eax)
        emms
        popl    0(%eax)
        movl    %esp, 504(%eax)
        movups  4(%esp), %xmm0
        movups  %xmm0, 512(%eax)
        ret

        .globl  capture_reset
/* Empties the x87 stack, whatever a callee or a caller left on it, and forgets floating-point exceptions. */
capture_reset:
        fninit
        ldmxcsr initial_mxcsr
        ret

        .section .rodata
        .balign 4
initial_mxcsr:
        .long   0x1f80

        .bss
        .balign 4
own_sp: .skip   4
after_sp:
        .skip   4
callee: .skip   4
results:
        .skip   4

        .section .note.GNU-stack, "", @progbits
