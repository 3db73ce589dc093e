/* Does what the processor does on an interrupt, with a frame made by hand: interrupt(entry, has_code, code, shift). */
    .text
    .globl interrupt, back, back_skipped, wreck
interrupt:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, own_sp(%rip)
    movq %rdi, entry(%rip)
    subq $1024, %rsp
    subq %rcx, %rsp
    movq %rsp, expected_sp(%rip)
    movq %rsp, %rax
    andq $-16, %rsp
    movl %ss, %ecx
    pushq %rcx
    pushq %rax
    pushq before+15*8(%rip)
    movl %cs, %ecx
    pushq %rcx
    leaq back(%rip), %rcx
    pushq %rcx
    testl %esi, %esi
    je 1f
    pushq %rdx
1:  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movups before+128+16*\n(%rip), %xmm\n
    .endr
    movq before(%rip), %rax
    movq before+8(%rip), %rbx
    movq before+16(%rip), %rcx
    movq before+24(%rip), %rdx
    movq before+32(%rip), %rsi
    movq before+40(%rip), %rdi
    movq before+48(%rip), %rbp
    movq before+56(%rip), %r8
    movq before+64(%rip), %r9
    movq before+72(%rip), %r10
    movq before+80(%rip), %r11
    movq before+88(%rip), %r12
    movq before+96(%rip), %r13
    movq before+104(%rip), %r14
    movq before+112(%rip), %r15
    std
    jmpq *entry(%rip)
back_skipped:
    movl $1, skipped(%rip)
back:
    movq %rax, after(%rip)
    movq %rbx, after+8(%rip)
    movq %rcx, after+16(%rip)
    movq %rdx, after+24(%rip)
    movq %rsi, after+32(%rip)
    movq %rdi, after+40(%rip)
    movq %rbp, after+48(%rip)
    movq %r8, after+56(%rip)
    movq %r9, after+64(%rip)
    movq %r10, after+72(%rip)
    movq %r11, after+80(%rip)
    movq %r12, after+88(%rip)
    movq %r13, after+96(%rip)
    movq %r14, after+104(%rip)
    movq %r15, after+112(%rip)
    movq %rsp, found_sp(%rip)
    pushfq
    popq after+15*8(%rip)
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    movups %xmm\n, after+128+16*\n(%rip)
    .endr
    cld
    movq own_sp(%rip), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret

/* Destroys what C functions may destroy. */
wreck:
    .irp r, rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11
    movq $-1, %\r
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    pcmpeqd %xmm\n, %xmm\n
    .endr
    ret

    .bss
    .balign 16
    .globl before, after, expected_sp, found_sp, skipped
before: .space 384
after: .space 384
entry: .space 8
own_sp: .space 8
expected_sp: .space 8
found_sp: .space 8
skipped: .space 4
    .section .note.GNU-stack,"",@progbits
