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

        .globl  picture_call
picture_call:
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
        load    picture_out
        call    *picture_out+808
        store   picture_back
        movl    %esp, %eax
        subl    call_sp, %eax
        movl    %eax, picture_back+800
        movl    own_sp, %esp
        cmpl    $0, picture_back+804
        je      1f
        fstpt   picture_back+768
1:      popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        ret

        .globl  picture_called
picture_called:
        store   picture_in
        popl    picture_in+808
        movl    %esp, picture_in+812
        movl    %esp, %esi
        leal    picture_in+1024, %edi
        movl    $256, %ecx
        cld
        rep movsl
        subl    $8, %esp
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

        .bss
        .balign 8
own_sp: .skip   4
call_sp:
        .skip   4
        .section .note.GNU-stack, "", @progbits
