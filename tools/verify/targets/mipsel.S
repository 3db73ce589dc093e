/*
 * The o32 ABI in both byte orders. What targets/mipsel.yaml says of images: of a call a0..a3 at 0, v0 and v1 at 16, t0..t7 at
 * 24, t8 at 56, f0, f2, ... f18 (pairs) at 128, the stack at 512; of a result v0, v1, a0 and a1 at 0, f0, f2, ... f18 at 96.
 */
        .text
        .set    noreorder
        .set    noat

/* The address of a symbol wherever it is, without a table that position-independent code would need. */
        .macro  address register, symbol
        lui     \register, %hi(\symbol)
        addiu   \register, \register, %lo(\symbol)
        .endm

        .globl  _start
        .type   _start, @function
        .ent    _start
_start:
        address $28, _gp
        move    $4, $29
        addiu   $29, $29, -64
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
        subu    $2, $0, $2
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
        sw      $31, 0($8)
        sw      $29, 4($8)
        sw      $28, 8($8)
        sw      $30, 12($8)
        sw      $16, 16($8)
        sw      $17, 20($8)
        sw      $18, 24($8)
        sw      $19, 28($8)
        sw      $20, 32($8)
        sw      $21, 36($8)
        sw      $22, 40($8)
        sw      $23, 44($8)
        sw      $6, 48($8)
        sdc1    $f20, 56($8)
        sdc1    $f22, 64($8)
        sdc1    $f24, 72($8)
        sdc1    $f26, 80($8)
        sdc1    $f28, 88($8)
        sdc1    $f30, 96($8)
        move    $25, $5
        move    $16, $4
        addiu   $29, $29, -2048
        li      $8, -256
        and     $29, $29, $8
        move    $8, $29
        addiu   $9, $16, 512
        li      $10, 512
1:      lw      $11, 0($9)
        sw      $11, 0($8)
        addiu   $9, $9, 4
        addiu   $8, $8, 4
        addiu   $10, $10, -1
        bnez    $10, 1b
        nop
        ldc1    $f0, 128($16)
        ldc1    $f2, 136($16)
        ldc1    $f4, 144($16)
        ldc1    $f6, 152($16)
        ldc1    $f8, 160($16)
        ldc1    $f10, 168($16)
        ldc1    $f12, 176($16)
        ldc1    $f14, 184($16)
        ldc1    $f16, 192($16)
        ldc1    $f18, 200($16)
        lw      $4, 0($16)
        lw      $5, 4($16)
        lw      $6, 8($16)
        lw      $7, 12($16)
        lw      $2, 16($16)
        lw      $3, 20($16)
        lw      $8, 24($16)
        lw      $9, 28($16)
        lw      $10, 32($16)
        lw      $11, 36($16)
        lw      $12, 40($16)
        lw      $13, 44($16)
        lw      $14, 48($16)
        lw      $15, 52($16)
        lw      $24, 56($16)
        jalr    $25
        nop
        address $8, saved
        lw      $9, 48($8)
        sw      $29, 2040($9)
        sw      $2, 0($9)
        sw      $3, 4($9)
        sw      $4, 8($9)
        sw      $5, 12($9)
        sdc1    $f0, 96($9)
        sdc1    $f2, 104($9)
        sdc1    $f4, 112($9)
        sdc1    $f6, 120($9)
        sdc1    $f8, 128($9)
        sdc1    $f10, 136($9)
        sdc1    $f12, 144($9)
        sdc1    $f14, 152($9)
        sdc1    $f16, 160($9)
        sdc1    $f18, 168($9)
        lw      $31, 0($8)
        lw      $29, 4($8)
        lw      $28, 8($8)
        lw      $30, 12($8)
        lw      $16, 16($8)
        lw      $17, 20($8)
        lw      $18, 24($8)
        lw      $19, 28($8)
        lw      $20, 32($8)
        lw      $21, 36($8)
        lw      $22, 40($8)
        lw      $23, 44($8)
        ldc1    $f20, 56($8)
        ldc1    $f22, 64($8)
        ldc1    $f24, 72($8)
        ldc1    $f26, 80($8)
        ldc1    $f28, 88($8)
        ldc1    $f30, 96($8)
        jr      $31
        nop
        .end    capture_call
        .size   capture_call, . - capture_call

        .globl  capture_result
        .type   capture_result, @function
        .ent    capture_result
/* Stands for any callee: returns the pattern in every result register. */
capture_result:
        address $8, capture_result_image
        ldc1    $f0, 96($8)
        ldc1    $f2, 104($8)
        ldc1    $f4, 112($8)
        ldc1    $f6, 120($8)
        ldc1    $f8, 128($8)
        ldc1    $f10, 136($8)
        ldc1    $f12, 144($8)
        ldc1    $f14, 152($8)
        ldc1    $f16, 160($8)
        ldc1    $f18, 168($8)
        lw      $2, 0($8)
        lw      $3, 4($8)
        lw      $4, 8($8)
        lw      $5, 12($8)
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
        address $8, capture_argument_image
        sw      $4, 0($8)
        sw      $5, 4($8)
        sw      $6, 8($8)
        sw      $7, 12($8)
        sdc1    $f12, 176($8)
        sdc1    $f14, 184($8)
        sw      $29, 504($8)
        lw      $9, 0($29)
        sw      $9, 512($8)
        lw      $9, 4($29)
        sw      $9, 516($8)
        lw      $9, 8($29)
        sw      $9, 520($8)
        lw      $9, 12($29)
        sw      $9, 524($8)
        jr      $31
        nop
        .end    capture_arguments
        .size   capture_arguments, . - capture_arguments

        .local  saved
        .comm   saved, 104, 16

        .section .note.GNU-stack, "", @progbits
