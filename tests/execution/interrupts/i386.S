/* Does what the processor does on an interrupt, with a frame made by hand: interrupt(entry, has_code, code, shift). */
    .text
    .globl interrupt, back, back_skipped, wreck
interrupt:
    pushl %ebp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %esp, own_sp
    movl 20(%esp), %eax
    movl %eax, entry
    movl 24(%esp), %esi
    movl 28(%esp), %edx
    movl 32(%esp), %ecx
    subl $1024, %esp
    subl %ecx, %esp
    movl %esp, expected_sp
    pushl before+7*4
    movl %cs, %ecx
    pushl %ecx
    pushl $back
    testl %esi, %esi
    je 1f
    pushl %edx
1:  .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    movups before+128+16*\n, %xmm\n
    .endr
    movl before, %eax
    movl before+4, %ebx
    movl before+8, %ecx
    movl before+12, %edx
    movl before+16, %esi
    movl before+20, %edi
    movl before+24, %ebp
    std
    jmpl *entry
back_skipped:
    movl $1, skipped
back:
    movl %eax, after
    movl %ebx, after+4
    movl %ecx, after+8
    movl %edx, after+12
    movl %esi, after+16
    movl %edi, after+20
    movl %ebp, after+24
    movl %esp, found_sp
    pushfl
    popl after+7*4
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    movups %xmm\n, after+128+16*\n
    .endr
    cld
    movl own_sp, %esp
    popl %edi
    popl %esi
    popl %ebx
    popl %ebp
    ret

/* Destroys what C functions may destroy. */
wreck:
    .irp r, eax, ecx, edx
    movl $-1, %\r
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    pcmpeqd %xmm\n, %xmm\n
    .endr
    ret

    .bss
    .balign 16
    .globl before, after, expected_sp, found_sp, skipped
before: .space 384
after: .space 384
entry: .space 4
own_sp: .space 4
expected_sp: .space 4
found_sp: .space 4
skipped: .space 4
    .section .note.GNU-stack,"",@progbits
