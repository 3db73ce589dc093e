#include "interpret.h"

#include "plan/plan.h"

#include "cmocka_all.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH     1000
#define MAX_EMPTY     64
#define MAX_ARGUMENTS 8
#define MAX_ROOM      1024

static uintptr_t run(struct interpreter *interpreter, const struct abide_routine *routine,
                     const uintptr_t *arguments);

static uintptr_t load(uintptr_t address, size_t size_bytes)
{
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    switch (size_bytes) {
    case 1: memcpy(&u8, (void *)address, 1); return u8;
    case 2: memcpy(&u16, (void *)address, 2); return u16;
    case 4: memcpy(&u32, (void *)address, 4); return u32;
    case 8: memcpy(&u64, (void *)address, 8); return u64;
    default: fail_msg("a load of %zu bytes", size_bytes);
    }
    return 0;
}

static void store(uintptr_t address, size_t size_bytes, uintptr_t value)
{
    uint8_t u8 = (uint8_t)value;
    uint16_t u16 = (uint16_t)value;
    uint32_t u32 = (uint32_t)value;
    uint64_t u64 = value;
    switch (size_bytes) {
    case 1: memcpy((void *)address, &u8, 1); return;
    case 2: memcpy((void *)address, &u16, 2); return;
    case 4: memcpy((void *)address, &u32, 4); return;
    case 8: memcpy((void *)address, &u64, 8); return;
    default: fail_msg("a store of %zu bytes", size_bytes);
    }
}

/* Of a little-endian machine. */
static void move_run(const struct abide_run *run, uintptr_t to, uintptr_t from)
{
    uint8_t bytes[16] = {0};
    void *target = (uint8_t *)to + run->to_bytes;
    const uint8_t *source = (const uint8_t *)from + run->from_bytes;
    if (run->from_size_bytes == run->to_size_bytes) {
        memmove(target, source, run->to_size_bytes);
        return;
    }
    assert_true(run->from_size_bytes <= 16 && run->to_size_bytes <= 16);
    bool is_negative = run->widen == ABIDE_EXTEND_SIGN && source[run->from_size_bytes - 1] & 0x80;
    memset(bytes, is_negative ? 0xFF : 0, sizeof bytes);
    memcpy(bytes, source, run->from_size_bytes);
    memcpy(target, bytes, run->to_size_bytes);
}

static void end_in_trap(struct interpreter *interpreter, const struct abide_op *op, uintptr_t value)
{
    interpreter->trap = op;
    interpreter->trap_value = value;
    longjmp(*(jmp_buf *)interpreter->out, 1);
}

static uintptr_t size_of(struct interpreter *interpreter, const struct abide_op *op,
                         uintptr_t count)
{
    static const struct abide_op overflow = {
        .kind = ABIDE_OP_TRAP, .number = ABIDE_TRAP_OVERFLOW, .function = "", .parameter = ""};
    uintptr_t bytes;
    if (__builtin_mul_overflow(count, op->number, &bytes) ||
        __builtin_add_overflow(bytes, op->size_bytes, &bytes) || bytes > PTRDIFF_MAX)
        end_in_trap(interpreter, &overflow, count);
    return bytes;
}

static uintptr_t owner_of(struct interpreter *interpreter, const struct abide_routine *routine)
{
    assert_true(routine->is_callback);
    struct interpreted_owner *owner = interpreter->owners;
    while (owner && owner->routine != routine)
        owner = owner->next;
    if (!owner) {
        owner = calloc(1, sizeof *owner);
        assert_non_null(owner);
        *owner = (struct interpreted_owner){(uintptr_t)owner, routine, interpreter->owners};
        interpreter->owners = owner;
    }
    return (uintptr_t)owner;
}

void interpret_code(struct interpreter *interpreter, uintptr_t code, const uintptr_t *arguments)
{
    for (struct interpreted_owner *owner = interpreter->owners; owner; owner = owner->next) {
        if (owner->code == code) {
            run(interpreter, owner->routine, arguments);
            return;
        }
    }
    ((void (*)(uintptr_t, uintptr_t, uintptr_t))code)(arguments[0], arguments[1], arguments[2]);
}

static uintptr_t call(struct interpreter *interpreter, const char *symbol,
                      const uintptr_t *arguments)
{
    const struct interpreted_function *function = interpreter->find(interpreter->user, symbol);
    if (!function)
        fail_msg("nobody knows the symbol %s", symbol);
    return function->call(function->user, arguments);
}

struct activation {
    struct interpreter *interpreter;
    const struct abide_routine *routine;
    uintptr_t *values;
    bool *is_made;
    uintptr_t result;
    uint8_t *room;
    uint64_t room_bytes;
};

static uintptr_t value_of(const struct activation *activation, abide_value value)
{
    assert_true(value < activation->routine->value_count);
    assert_true(activation->is_made[value]);
    return activation->values[value];
}

static void make(struct activation *activation, abide_value value, uintptr_t word)
{
    if (value == ABIDE_NO_VALUE)
        return;
    assert_true(value < activation->routine->value_count);
    activation->values[value] = word;
    activation->is_made[value] = true;
}

static void run_block(struct activation *activation, struct abide_block block);

static void run_loop(struct activation *activation, const struct abide_op *op)
{
    uintptr_t count = value_of(activation, op->a);
    for (uintptr_t i = 0; i < count; i++) {
        make(activation, op->result, i);
        run_block(activation, op->then);
    }
}

static void run_choice(struct activation *activation, const struct abide_op *op, uintptr_t number)
{
    const struct abide_op *chosen = NULL;
    for (size_t i = 0; i < op->then.count; i++) {
        const struct abide_op *one = &op->then.ops[i];
        assert_int_equal(one->kind, ABIDE_OP_CASE);
        if (one->number == number) {
            assert_null(chosen);
            chosen = one;
        }
    }
    run_block(activation, chosen ? chosen->then : op->otherwise);
}

static void run_call(struct activation *activation, const struct abide_op *op)
{
    struct interpreter *interpreter = activation->interpreter;
    uintptr_t arguments[MAX_ARGUMENTS] = {0}, word = 0;
    assert_true(op->argument_count <= MAX_ARGUMENTS);
    for (size_t i = 0; i < op->argument_count; i++)
        arguments[i] = value_of(activation, op->arguments[i]);
    if (op->kind == ABIDE_OP_CALL) {
        word = call(interpreter, op->symbol, arguments);
    } else if (op->kind == ABIDE_OP_CALL_AT) {
        interpret_code(interpreter, value_of(activation, op->a), arguments);
    } else {
        assert_int_equal(op->argument_count, op->routine->parameter_count);
        assert_true(op->result == ABIDE_NO_VALUE || op->routine->gives_value);
        word = run(interpreter, op->routine, arguments);
    }
    make(activation, op->result, word);
}

/* One for all rooms of a routine, which are few. */
static uintptr_t room_of(struct activation *activation, const struct abide_op *op)
{
    uint64_t at = (activation->room_bytes + 15) / 16 * 16;
    activation->room_bytes = at + op->size_bytes;
    assert_true(activation->room_bytes <= MAX_ROOM);
    return (uintptr_t)activation->room + at;
}

static void run_op(struct activation *activation, const struct abide_op *op)
{
    static const _Alignas(MAX_EMPTY) uint8_t empty[MAX_EMPTY];
    struct interpreter *interpreter = activation->interpreter;
    uintptr_t operands[3] = {0};
    const abide_value names[] = {op->a, op->b, op->c};
    for (size_t i = 0; i < abide_op__operands(op->kind); i++)
        operands[i] = value_of(activation, names[i]);
    uintptr_t a = operands[0], b = operands[1], c = operands[2];
    interpreter->steps++;
    switch (op->kind) {
    case ABIDE_OP_CONSTANT: make(activation, op->result, op->number); return;
    case ABIDE_OP_OFFSET: make(activation, op->result, a + op->number); return;
    case ABIDE_OP_ADD: make(activation, op->result, a + b); return;
    case ABIDE_OP_SUBTRACT: make(activation, op->result, a - b); return;
    case ABIDE_OP_AND: make(activation, op->result, a & b); return;
    case ABIDE_OP_MULTIPLY: make(activation, op->result, a * op->number); return;
    case ABIDE_OP_DIVIDE: make(activation, op->result, a / op->number); return;
    case ABIDE_OP_TEXT: make(activation, op->result, (uintptr_t)op->symbol); return;
    case ABIDE_OP_ROOM: make(activation, op->result, room_of(activation, op)); return;
    case ABIDE_OP_SIZE: make(activation, op->result, size_of(interpreter, op, a)); return;
    case ABIDE_OP_EQUAL: make(activation, op->result, a == b); return;
    case ABIDE_OP_BELOW: make(activation, op->result, a < b); return;
    case ABIDE_OP_SELECT: make(activation, op->result, a ? b : c); return;
    case ABIDE_OP_LOAD: make(activation, op->result, load(a + op->number, op->size_bytes)); return;
    case ABIDE_OP_STORE: store(a + op->number, op->size_bytes, b); return;
    case ABIDE_OP_RUNS:
        for (size_t i = 0; i < op->run_count; i++)
            move_run(&op->runs[i], a, b);
        return;
    case ABIDE_OP_COPY:
        if (c)
            memcpy((void *)a, (const void *)b, c);
        return;
    case ABIDE_OP_ZERO: memset((void *)a, 0, op->size_bytes); return;
    case ABIDE_OP_LENGTH: make(activation, op->result, strlen((const char *)a)); return;
    case ABIDE_OP_HAS_NUL:
        make(activation, op->result, b && memchr((const void *)a, 0, b) != NULL);
        return;
    case ABIDE_OP_EMPTY:
        assert_true(op->size_bytes <= MAX_EMPTY);
        make(activation, op->result, (uintptr_t)empty);
        return;
    case ABIDE_OP_OWNER: make(activation, op->result, owner_of(interpreter, op->routine)); return;
    case ABIDE_OP_ADAPTER: make(activation, op->result, 0); return; /* no plan is made here */
    case ABIDE_OP_COUNT:
        *(uintptr_t *)(a + op->number) += b;
        make(activation, op->result, *(uintptr_t *)(a + op->number));
        return;
    case ABIDE_OP_TABLE: fail_msg("no table can be interpreted"); return;
    case ABIDE_OP_CALL:
    case ABIDE_OP_CALL_AT:
    case ABIDE_OP_ROUTINE: run_call(activation, op); return;
    case ABIDE_OP_IF: run_block(activation, a ? op->then : op->otherwise); return;
    case ABIDE_OP_CHOOSE: run_choice(activation, op, a); return;
    case ABIDE_OP_CASE: fail_msg("a case stands outside a choice"); return;
    case ABIDE_OP_LOOP: run_loop(activation, op); return;
    case ABIDE_OP_TRAP: end_in_trap(interpreter, op, a); return;
    case ABIDE_OP_RETURN: activation->result = a; return;
    }
}

static void run_block(struct activation *activation, struct abide_block block)
{
    for (size_t i = 0; i < block.count; i++)
        run_op(activation, &block.ops[i]);
}

/* Values live in the C frame, so that a trap leaves nothing behind. */
static uintptr_t run(struct interpreter *interpreter, const struct abide_routine *routine,
                     const uintptr_t *arguments)
{
    uintptr_t values[routine->value_count + 1];
    bool is_made[routine->value_count + 1];
    _Alignas(16) uint8_t room[MAX_ROOM];
    struct activation activation = {interpreter, routine, values, is_made, 0, room, 0};
    assert_true(interpreter->depth++ < MAX_DEPTH);
    memset(is_made, 0, sizeof is_made);
    for (size_t i = 0; i < routine->parameter_count; i++)
        make(&activation, (abide_value)i, arguments[i]);
    run_block(&activation, routine->body);
    interpreter->depth--;
    return activation.result;
}

bool interpret(struct interpreter *interpreter, const struct abide_routine *routine,
               const uintptr_t *arguments, uintptr_t *result)
{
    jmp_buf out, *volatile outer = interpreter->out;
    interpreter->out = &out;
    interpreter->trap = NULL;
    interpreter->depth = 0;
    if (setjmp(out) == 0) {
        uintptr_t word = run(interpreter, routine, arguments);
        if (result)
            *result = word;
    }
    interpreter->out = outer;
    return !interpreter->trap;
}

void interpreter_end(struct interpreter *interpreter)
{
    while (interpreter->owners) {
        struct interpreted_owner *owner = interpreter->owners;
        interpreter->owners = owner->next;
        free(owner);
    }
}
