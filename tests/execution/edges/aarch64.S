/* The offsets are those of picture.h; x30 holds addresses of pictures. */
        .text
        .macro  address picture
        adrp    x30, \picture
        add     x30, x30, :lo12:\picture
        .endm
        .macro  each instruction
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
        \instruction x\n, [x30, #8*\n]
        .endr
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        \instruction q\n, [x30, #256+16*\n]
        .endr
        .endm
        .macro  copy from, to
        mov     x9, #1024
1:      sub     x9, x9, #8
        ldr     x10, [\from, x9]
        str     x10, [\to, x9]
        cbnz    x9, 1b
        .endm
        .macro  kept instruction
        \instruction x19, x20, [x11, #0]
        \instruction x21, x22, [x11, #16]
        \instruction x23, x24, [x11, #32]
        \instruction x25, x26, [x11, #48]
        \instruction x27, x28, [x11, #64]
        \instruction x29, x30, [x11, #80]
        \instruction d8, d9, [x11, #96]
        \instruction d10, d11, [x11, #112]
        \instruction d12, d13, [x11, #128]
        \instruction d14, d15, [x11, #144]
        .endm

        .globl  picture_call
        .type   picture_call, %function
picture_call:
        .cfi_startproc
        adrp    x11, own
        add     x11, x11, :lo12:own
        kept    stp
        mov     x12, sp
        str     x12, [x11, #160]
        address picture_out
        ldr     x13, [x30, #800]
        sub     x12, x12, #2048
        and     x12, x12, #-256
        sub     sp, x12, x13
        add     x13, x30, #1024
        mov     x12, sp
        str     x12, [x11, #168]
        str     x12, [x30, #824]
        copy    x13, x12
        each    ldr
        ldr     x30, [x30, #816]
        blr     x30
        address picture_back
        each    str
        adrp    x11, own
        add     x11, x11, :lo12:own
        ldr     x12, [x11, #168]
        mov     x13, sp
        sub     x12, x13, x12
        str     x12, [x30, #800]
        ldr     x13, [x11, #168]
        add     x12, x30, #1024
        copy    x13, x12
        adrp    x11, own
        add     x11, x11, :lo12:own
        ldr     x12, [x11, #160]
        mov     sp, x12
        kept    ldp
        ret
        .cfi_endproc

        .globl  picture_called
picture_called:
        .cfi_startproc
        sub     sp, sp, #256
        .cfi_def_cfa_offset 256
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
        str     x\n, [sp, #8*\n]
        .cfi_rel_offset x\n, 8*\n
        .endr
        address picture_in
        each    str
        ldr     x9, [sp, #240]
        str     x9, [x30, #816]
        add     x11, sp, #256
        str     x11, [x30, #824]
        add     x12, x30, #1024
        copy    x11, x12
        bl      picture_callee
        address picture_in
        ldr     x9, [x30, #816]
        ldr     x10, [x30, #824]
        address picture_result
        ldr     x11, [x30, #800]
        add     x10, x10, x11
        str     x9, [x10, #-16]
        mov     sp, x10
        each    ldr
        ldr     x30, [sp, #-16]
        ret
        .cfi_endproc

        .bss
        .balign 16
own:    .skip   176
        .section .note.GNU-stack, "", %progbits
