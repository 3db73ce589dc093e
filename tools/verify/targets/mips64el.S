/*
 * The n64 ABI in both byte orders. What targets/mips64el.yaml says of images: of a call a0..a7 at 0, v0 and v1 at 64, t0..t3 at
 * 80, t8 at 112, f0..f19 at 128, the stack at 512; of a result v0 and v1 at 0, f0..f19 at 96.
 */
        .text
        .set    noreorder
        .set    noat

/* The address of a symbol wherever it is, without a table that position-independent code would need. */
        .macro  address register, symbol
        lui     \register, %highest(\symbol)
        daddiu  \register, \register, %higher(\symbol)
        dsll    \register, \register, 16
        daddiu  \register, \register, %hi(\symbol)
        dsll    \register, \register, 16
        daddiu  \register, \register, %lo(\symbol)
        .endm

        .globl  _start
        .type   _start, @function
        .ent    _start
_start:
        address $28, _gp
        move    $4, $29
        daddiu  $29, $29, -64
        li      $8, -16
        and     $29, $29, $8
        address $25, capture_start
        jalr    $25
        nop
1:      b       1b
        nop
        .end    _start
        .size   _start, . - _start

        .globl  capture_syscall
        .type   capture_syscall, @function
        .ent    capture_syscall
/* long capture_syscall(long number, long a, long b, long c); what fails is returned as a negative number. */
capture_syscall:
        move    $2, $4
        move    $4, $5
        move    $5, $6
        move    $6, $7
        syscall
        beqz    $7, 1f
        nop
        dsubu   $2, $0, $2
1:      jr      $31
        nop
        .end    capture_syscall
        .size   capture_syscall, . - capture_syscall

        .globl  capture_call
        .type   capture_call, @function
        .ent    capture_call
/* void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results) */
capture_call:
        address $8, saved
        sd      $31, 0($8)
        sd      $29, 8($8)
        sd      $28, 16($8)
        sd      $30, 24($8)
        sd      $16, 32($8)
        sd      $17, 40($8)
        sd      $18, 48($8)
        sd      $19, 56($8)
        sd      $20, 64($8)
        sd      $21, 72($8)
        sd      $22, 80($8)
        sd      $23, 88($8)
        sd      $6, 96($8)
        sdc1    $f24, 104($8)
        sdc1    $f25, 112($8)
        sdc1    $f26, 120($8)
        sdc1    $f27, 128($8)
        sdc1    $f28, 136($8)
        sdc1    $f29, 144($8)
        sdc1    $f30, 152($8)
        sdc1    $f31, 160($8)
        move    $25, $5
        move    $16, $4
        daddiu  $29, $29, -2048
        li      $8, -256
        and     $29, $29, $8
        move    $8, $29
        daddiu  $9, $16, 512
        li      $10, 256
1:      ld      $11, 0($9)
        sd      $11, 0($8)
        daddiu  $9, $9, 8
        daddiu  $8, $8, 8
        daddiu  $10, $10, -1
        bnez    $10, 1b
        nop
        ldc1    $f0, 128($16)
        ldc1    $f1, 136($16)
        ldc1    $f2, 144($16)
        ldc1    $f3, 152($16)
        ldc1    $f4, 160($16)
        ldc1    $f5, 168($16)
        ldc1    $f6, 176($16)
        ldc1    $f7, 184($16)
        ldc1    $f8, 192($16)
        ldc1    $f9, 200($16)
        ldc1    $f10, 208($16)
        ldc1    $f11, 216($16)
        ldc1    $f12, 224($16)
        ldc1    $f13, 232($16)
        ldc1    $f14, 240($16)
        ldc1    $f15, 248($16)
        ldc1    $f16, 256($16)
        ldc1    $f17, 264($16)
        ldc1    $f18, 272($16)
        ldc1    $f19, 280($16)
        ld      $4, 0($16)
        ld      $5, 8($16)
        ld      $6, 16($16)
        ld      $7, 24($16)
        ld      $8, 32($16)
        ld      $9, 40($16)
        ld      $10, 48($16)
        ld      $11, 56($16)
        ld      $2, 64($16)
        ld      $3, 72($16)
        ld      $12, 80($16)
        ld      $13, 88($16)
        ld      $14, 96($16)
        ld      $15, 104($16)
        ld      $24, 112($16)
        jalr    $25
        nop
        address $12, saved
        ld      $13, 96($12)
        sd      $29, 2040($13)
        sd      $2, 0($13)
        sd      $3, 8($13)
        sdc1    $f0, 96($13)
        sdc1    $f1, 104($13)
        sdc1    $f2, 112($13)
        sdc1    $f3, 120($13)
        sdc1    $f4, 128($13)
        sdc1    $f5, 136($13)
        sdc1    $f6, 144($13)
        sdc1    $f7, 152($13)
        sdc1    $f8, 160($13)
        sdc1    $f9, 168($13)
        sdc1    $f10, 176($13)
        sdc1    $f11, 184($13)
        sdc1    $f12, 192($13)
        sdc1    $f13, 200($13)
        sdc1    $f14, 208($13)
        sdc1    $f15, 216($13)
        sdc1    $f16, 224($13)
        sdc1    $f17, 232($13)
        sdc1    $f18, 240($13)
        sdc1    $f19, 248($13)
        ld      $31, 0($12)
        ld      $29, 8($12)
        ld      $28, 16($12)
        ld      $30, 24($12)
        ld      $16, 32($12)
        ld      $17, 40($12)
        ld      $18, 48($12)
        ld      $19, 56($12)
        ld      $20, 64($12)
        ld      $21, 72($12)
        ld      $22, 80($12)
        ld      $23, 88($12)
        ldc1    $f24, 104($12)
        ldc1    $f25, 112($12)
        ldc1    $f26, 120($12)
        ldc1    $f27, 128($12)
        ldc1    $f28, 136($12)
        ldc1    $f29, 144($12)
        ldc1    $f30, 152($12)
        ldc1    $f31, 160($12)
        jr      $31
        nop
        .end    capture_call
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, @function
        .ent    capture_result
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        address $12, capture_result_image
        ldc1    $f0, 96($12)
        ldc1    $f1, 104($12)
        ldc1    $f2, 112($12)
        ldc1    $f3, 120($12)
        ldc1    $f4, 128($12)
        ldc1    $f5, 136($12)
        ldc1    $f6, 144($12)
        ldc1    $f7, 152($12)
        ldc1    $f8, 160($12)
        ldc1    $f9, 168($12)
        ldc1    $f10, 176($12)
        ldc1    $f11, 184($12)
        ldc1    $f12, 192($12)
        ldc1    $f13, 200($12)
        ldc1    $f14, 208($12)
        ldc1    $f15, 216($12)
        ldc1    $f16, 224($12)
        ldc1    $f17, 232($12)
        ldc1    $f18, 240($12)
        ldc1    $f19, 248($12)
        ld      $2, 0($12)
        ld      $3, 8($12)
        jr      $31
        nop
        .end    capture_result
        .size   capture_result, . - capture_result

        .globl  capture_reset
        .type   capture_reset, @function
        .ent    capture_reset
capture_reset:
        jr      $31
        nop
        .end    capture_reset
        .size   capture_reset, . - capture_reset

        .globl  capture_arguments
        .type   capture_arguments, @function
        .ent    capture_arguments
/* Stands for any callee: writes down the registers and the stack that it is called with. */
capture_arguments:
        address $12, capture_argument_image
        sd      $4, 0($12)
        sd      $5, 8($12)
        sd      $6, 16($12)
        sd      $7, 24($12)
        sd      $8, 32($12)
        sd      $9, 40($12)
        sd      $10, 48($12)
        sd      $11, 56($12)
        sdc1    $f12, 224($12)
        sdc1    $f13, 232($12)
        sdc1    $f14, 240($12)
        sdc1    $f15, 248($12)
        sdc1    $f16, 256($12)
        sdc1    $f17, 264($12)
        sdc1    $f18, 272($12)
        sdc1    $f19, 280($12)
        sd      $29, 504($12)
        ld      $13, 0($29)
        sd      $13, 512($12)
        ld      $13, 8($29)
        sd      $13, 520($12)
        jr      $31
        nop
        .end    capture_arguments
        .size   capture_arguments, . - capture_arguments

        .local  saved
        .comm   saved, 168, 16

        .section .note.GNU-stack, "", @progbits
