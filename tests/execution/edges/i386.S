/* The offsets are those of picture.h. Programs are not position-independent. */
        .text
        .macro  load picture
        movl    \picture+4, %ebx
        movl    \picture+8, %ecx
        movl    \picture+12, %edx
        movl    \picture+16, %esi
        movl    \picture+20, %edi
        movl    \picture+24, %ebp
        movl    \picture+0, %eax
        .endm
        .macro  store picture
        movl    %eax, \picture+0
        movl    %ebx, \picture+4
        movl    %ecx, \picture+8
        movl    %edx, \picture+12
        movl    %esi, \picture+16
        movl    %edi, \picture+20
        movl    %ebp, \picture+24
        .endm

        /* What came in, for unwinding. */
        .macro  push_kept at, register
        pushl   picture_in+\at
        .cfi_adjust_cfa_offset 4
        .cfi_rel_offset \register, 0
        .endm

        .globl  picture_call
        .type   picture_call, @function
picture_call:
        .cfi_startproc
        pushl   %ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    %esp, own_sp
        subl    $2048, %esp
        andl    $-256, %esp
        subl    picture_out+800, %esp
        leal    picture_out+1024, %esi
        movl    %esp, %edi
        movl    $256, %ecx
        cld
        rep movsl
        movl    %esp, call_sp
        movl    %esp, picture_out+812
        load    picture_out
        call    *picture_out+808
        store   picture_back
        movl    %esp, %eax
        subl    call_sp, %eax
        movl    %eax, picture_back+800
        movl    call_sp, %esi
        movl    $picture_back+1024, %edi
        movl    $256, %ecx
        cld
        rep movsl
        movl    own_sp, %esp
        cmpl    $0, picture_back+804
        je      1f
        fstpt   picture_back+768
1:      popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        ret
        .cfi_endproc

        .globl  picture_called
picture_called:
        .cfi_startproc
        store   picture_in
        movl    (%esp), %eax
        movl    %eax, picture_in+808
        leal    4(%esp), %esi
        movl    %esi, picture_in+812
        leal    picture_in+1024, %edi
        movl    $256, %ecx
        cld
        rep movsl
        push_kept 0, %eax
        push_kept 4, %ebx
        push_kept 8, %ecx
        push_kept 12, %edx
        push_kept 16, %esi
        push_kept 20, %edi
        push_kept 24, %ebp
        movl    %esp, %ebp
        .cfi_def_cfa_register %ebp
        andl    $-16, %esp
        call    picture_callee
        cmpl    $0, picture_result+804
        je      1f
        fldt    picture_result+768
1:      movl    picture_in+812, %esp
        addl    picture_result+800, %esp
        load    picture_result
        pushl   picture_in+808
        ret
        .cfi_endproc

        .bss
        .balign 8
own_sp: .skip   4
call_sp:
        .skip   4
        .section .note.GNU-stack, "", @progbits
