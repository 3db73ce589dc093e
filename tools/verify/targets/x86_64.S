/* The places are those of x86_64.yaml. */
#include "capture-target.h" /* which convention is called */

/* Vector registers, as far as the compiler may use them: 64 bytes of the image are for each. */
#if defined __AVX512F__
        .macro  fill_vector base, place, number
        vmovups \place+64*\number(\base), %zmm\number
        .endm
        .macro  write_vector base, place, number
        vmovups %zmm\number, \place+64*\number(\base)
        .endm
#elif defined __AVX__
        .macro  fill_vector base, place, number
        vmovups \place+64*\number(\base), %ymm\number
        .endm
        .macro  write_vector base, place, number
        vmovups %ymm\number, \place+64*\number(\base)
        .endm
#else
        .macro  fill_vector base, place, number
        movups  \place+64*\number(\base), %xmm\number
        .endm
        .macro  write_vector base, place, number
        movups  %xmm\number, \place+64*\number(\base)
        .endm
#endif
/* What callees without arguments on the stack remove of it. */
        .macro  return_to_caller
#ifdef CAPTURE_CONVENTION_swiftasynccall
        ret     $8
#else
        ret
#endif
        .endm
        .macro  fill_vectors base, place
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        fill_vector \base, \place, \number
        .endr
        .endm
        .macro  write_vectors base, place
        .irp    number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        write_vector \base, \place, \number
        .endr
        .endm

        .text
        .globl  _start
_start:
#ifdef _WIN32 /* the calls of Windows: other registers, and 32 bytes that belong to the callee */
        movq    %rsp, %rcx
        xorl    %ebp, %ebp
        andq    $-16, %rsp
        subq    $32, %rsp
#else
        movq    %rsp, %rdi
        xorl    %ebp, %ebp
        andq    $-16, %rsp
#endif
        call    capture_start
        ud2

        .globl  capture_syscall
/* long capture_syscall(long number, long a, long b, long c) */
capture_syscall:
#if defined _WIN32 && !defined __ELF__ /* a program for Windows: READ, WRITE, and EXIT with anything else */
        pushq   %rbx
        pushq   %rsi
        subq    $56, %rsp
        movl    %ecx, 48(%rsp)
        movl    %r8d, %ebx
        movl    %r9d, %esi
        cmpl    $1, %ecx
        ja      leave_program
        notl    %ecx            /* STD_INPUT_HANDLE is -10, STD_OUTPUT_HANDLE -11 */
        subl    $9, %ecx
        call    GetStdHandle
        movq    %rax, %rcx
        movq    %rbx, %rdx
        movl    %esi, %r8d
        leaq    40(%rsp), %r9
        movl    $0, 40(%rsp)
        movq    $0, 32(%rsp)
        cmpl    $0, 48(%rsp)
        je      read_file
        call    WriteFile
        jmp     transferred
read_file:
        call    ReadFile
transferred:
        movl    40(%rsp), %eax
        addq    $56, %rsp
        popq    %rsi
        popq    %rbx
        ret
leave_program:
        movl    %edx, %ecx
        call    ExitProcess
#else
#ifdef _WIN32
        pushq   %rdi
        pushq   %rsi
        movq    %rcx, %rax
        movq    %rdx, %rdi
        movq    %r8, %rsi
        movq    %r9, %rdx
        syscall
        popq    %rsi
        popq    %rdi
#else
        movq    %rdi, %rax
        movq    %rsi, %rdi
        movq    %rdx, %rsi
        movq    %rcx, %rdx
        syscall
#endif
        ret
#endif

        .globl  capture_call
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
#ifdef _WIN32
        pushq   %rdi
        pushq   %rsi
        subq    $160, %rsp
        movups  %xmm6, 0(%rsp)
        movups  %xmm7, 16(%rsp)
        movups  %xmm8, 32(%rsp)
        movups  %xmm9, 48(%rsp)
        movups  %xmm10, 64(%rsp)
        movups  %xmm11, 80(%rsp)
        movups  %xmm12, 96(%rsp)
        movups  %xmm13, 112(%rsp)
        movups  %xmm14, 128(%rsp)
        movups  %xmm15, 144(%rsp)
        movq    %rcx, %rdi
        movq    %rdx, %rsi
        movq    %r8, %rdx
#endif
        movq    %rsp, own_sp(%rip)
        movq    %rsi, callee(%rip)
        movq    %rdx, results(%rip)
        movq    %rdi, %rax
        subq    $2048, %rsp
        andq    $-256, %rsp
        leaq    512(%rax), %rsi
        movq    %rsp, %rdi
        movl    $256, %ecx
        cld
        rep movsq
        fill_vectors %rax, 2560
#ifdef CAPTURE_CONVENTION_regcall /* others count on an empty x87 stack, and may fill all of it */
        fldt    128(%rax)
#endif
        movq    8(%rax), %rbx
        movq    16(%rax), %rcx
        movq    24(%rax), %rdx
        movq    32(%rax), %rsi
        movq    40(%rax), %rdi
        movq    48(%rax), %rbp
        movq    56(%rax), %r8
        movq    64(%rax), %r9
        movq    72(%rax), %r10
        movq    80(%rax), %r11
        movq    88(%rax), %r12
        movq    96(%rax), %r13
        movq    104(%rax), %r14
        movq    112(%rax), %r15
        movq    0(%rax), %rax
        call    *callee(%rip)
        movq    %rsp, after_sp(%rip)
        movq    own_sp(%rip), %rsp
        pushq   %rax
        movq    results(%rip), %rax
        popq    0(%rax)
        movq    %rbx, 8(%rax)
        movq    after_sp(%rip), %rbx
        movq    %rbx, 2040(%rax)
        movq    %rcx, 16(%rax)
        movq    %rdx, 24(%rax)
        movq    %rsi, 32(%rax)
        movq    %rdi, 40(%rax)
        movq    %rbp, 48(%rax)
        movq    %r8, 56(%rax)
        movq    %r9, 64(%rax)
        movq    %r10, 72(%rax)
        movq    %r11, 80(%rax)
        movq    %r12, 88(%rax)
        movq    %r13, 96(%rax)
        movq    %r14, 104(%rax)
        movq    %r15, 112(%rax)
#ifdef _WIN32
        movups  0(%rsp), %xmm6
        movups  16(%rsp), %xmm7
        movups  32(%rsp), %xmm8
        movups  48(%rsp), %xmm9
        movups  64(%rsp), %xmm10
        movups  80(%rsp), %xmm11
        movups  96(%rsp), %xmm12
        movups  112(%rsp), %xmm13
        movups  128(%rsp), %xmm14
        movups  144(%rsp), %xmm15
        addq    $160, %rsp
        popq    %rsi
        popq    %rdi
#endif
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret

        .globl  capture_result
/*
 * Stands for any callee: returns the pattern in every register but rsp and rbp, which frames hang on, and rbx, where compiled
 * code keeps a value over a call.
 */
capture_result:
        leaq    capture_result_image(%rip), %r11
        fill_vectors %r11, 1024
        fldt    144(%r11)
        fldt    128(%r11)
        movq    0(%r11), %rax
        movq    16(%r11), %rcx
        movq    24(%r11), %rdx
        movq    32(%r11), %rsi
        movq    40(%r11), %rdi
        movq    56(%r11), %r8
        movq    64(%r11), %r9
        movq    72(%r11), %r10
        movq    88(%r11), %r12
        movq    96(%r11), %r13
        movq    104(%r11), %r14
        movq    112(%r11), %r15
        movq    80(%r11), %r11
        return_to_caller

        .globl  capture_arguments
/* Stands for any callee: writes down the registers and the stack that it is called with. */
capture_arguments:
        pushq   %r11
        leaq    capture_argument_image(%rip), %r11
        movq    %rax, 0(%r11)
        movq    %rbx, 8(%r11)
        movq    %rcx, 16(%r11)
        movq    %rdx, 24(%r11)
        movq    %rsi, 32(%r11)
        movq    %rdi, 40(%r11)
        movq    %rbp, 48(%r11)
        movq    %r8, 56(%r11)
        movq    %r9, 64(%r11)
        movq    %r10, 72(%r11)
        movq    %r12, 88(%r11)
        movq    %r13, 96(%r11)
        movq    %r14, 104(%r11)
        movq    %r15, 112(%r11)
        popq    80(%r11)
        movq    %rsp, 504(%r11)
        write_vectors %r11, 2560
        movups  8(%rsp), %xmm0
        movups  %xmm0, 512(%r11)
        return_to_caller

        .globl  capture_reset
/* Empties the x87 stack, whatever a callee or a caller left on it, and forgets floating-point exceptions. */
capture_reset:
        fninit
        ldmxcsr initial_mxcsr(%rip)
        ret

        .section .rodata
        .balign 4
initial_mxcsr:
        .long   0x1f80

        .bss
        .balign 8
own_sp: .skip   8
after_sp:
        .skip   8
callee: .skip   8
results:
        .skip   8

#ifdef __ELF__
        .section .note.GNU-stack, "", @progbits
#endif
