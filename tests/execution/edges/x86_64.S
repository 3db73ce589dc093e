/* The offsets are those of picture.h. */
        .text
        .macro  each_vector instruction, base, to_memory
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        .if     \to_memory
        movups  %xmm\n, 256+16*\n+\base(%rip)
        .else
        movups  256+16*\n+\base(%rip), %xmm\n
        .endif
        .endr
        .endm
        .macro  load picture
        each_vector movups, \picture, 0
        movq    \picture+0(%rip), %rax
        movq    \picture+8(%rip), %rbx
        movq    \picture+16(%rip), %rcx
        movq    \picture+24(%rip), %rdx
        movq    \picture+32(%rip), %rsi
        movq    \picture+40(%rip), %rdi
        movq    \picture+48(%rip), %rbp
        movq    \picture+64(%rip), %r8
        movq    \picture+72(%rip), %r9
        movq    \picture+80(%rip), %r10
        movq    \picture+88(%rip), %r11
        movq    \picture+96(%rip), %r12
        movq    \picture+104(%rip), %r13
        movq    \picture+112(%rip), %r14
        movq    \picture+120(%rip), %r15
        .endm
        .macro  store picture
        each_vector movups, \picture, 1
        movq    %rax, \picture+0(%rip)
        movq    %rbx, \picture+8(%rip)
        movq    %rcx, \picture+16(%rip)
        movq    %rdx, \picture+24(%rip)
        movq    %rsi, \picture+32(%rip)
        movq    %rdi, \picture+40(%rip)
        movq    %rbp, \picture+48(%rip)
        movq    %r8, \picture+64(%rip)
        movq    %r9, \picture+72(%rip)
        movq    %r10, \picture+80(%rip)
        movq    %r11, \picture+88(%rip)
        movq    %r12, \picture+96(%rip)
        movq    %r13, \picture+104(%rip)
        movq    %r14, \picture+112(%rip)
        movq    %r15, \picture+120(%rip)
        .endm

        /* What came in, for unwinding. */
        .macro  push_kept at, register
        pushq   picture_in+\at(%rip)
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset \register, 0
        .endm

        .globl  picture_call
        .type   picture_call, @function
picture_call:
        .cfi_startproc
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        movq    %rsp, own_sp(%rip)
        subq    $2048, %rsp
        andq    $-256, %rsp
        subq    picture_out+800(%rip), %rsp
        leaq    picture_out+1024(%rip), %rsi
        movq    %rsp, %rdi
        movl    $128, %ecx
        cld
        rep movsq
        movq    %rsp, call_sp(%rip)
        movq    %rsp, picture_out+824(%rip)
        load    picture_out
        call    *picture_out+816(%rip)
        store   picture_back
        movq    %rsp, %rax
        subq    call_sp(%rip), %rax
        movq    %rax, picture_back+800(%rip)
        movq    call_sp(%rip), %rsi
        leaq    picture_back+1024(%rip), %rdi
        movl    $128, %ecx
        cld
        rep movsq
        movq    own_sp(%rip), %rsp
        cmpq    $0, picture_back+808(%rip)
        je      1f
        fstpt   picture_back+768(%rip)
1:      popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
        .cfi_endproc

        .globl  picture_called
picture_called:
        .cfi_startproc
        store   picture_in
        movq    (%rsp), %rax
        movq    %rax, picture_in+816(%rip)
        leaq    8(%rsp), %rsi
        movq    %rsi, picture_in+824(%rip)
        leaq    picture_in+1024(%rip), %rdi
        movl    $128, %ecx
        cld
        rep movsq
        push_kept 0, %rax
        push_kept 8, %rbx
        push_kept 16, %rcx
        push_kept 24, %rdx
        push_kept 32, %rsi
        push_kept 40, %rdi
        push_kept 48, %rbp
        push_kept 64, %r8
        push_kept 72, %r9
        push_kept 80, %r10
        push_kept 88, %r11
        push_kept 96, %r12
        push_kept 104, %r13
        push_kept 112, %r14
        push_kept 120, %r15
        movq    %rsp, %rbp
        .cfi_def_cfa_register %rbp
        andq    $-16, %rsp
        call    picture_callee
        cmpq    $0, picture_result+808(%rip)
        je      1f
        fldt    picture_result+768(%rip)
1:      movq    picture_in+824(%rip), %rsp
        addq    picture_result+800(%rip), %rsp
        load    picture_result
        pushq   picture_in+816(%rip)
        ret
        .cfi_endproc

        .bss
        .balign 8
own_sp: .skip   8
call_sp:
        .skip   8
        .section .note.GNU-stack, "", @progbits
