/*
 * A compiler for a toy language that calls C, in one file. It knows how three processors' instructions are written, and
 * nothing about how C passes arguments: that it asks libabide, for whatever functions and structs an interface file has.
 *
 *     toy INTERFACE.abi.yaml TARGET < PROGRAM > PROGRAM.s
 *
 *     a = point(1, 2.5)          a struct of the interface
 *     d = distance(a, 3)         a call of a function of the interface
 *     show("at %g", d, a.x)      arguments are names, fields, numbers and texts, also where the function has dots
 *
 * Each value has a slot in the frame of `main`, and an instruction moves bytes between a slot and a register. So it does not
 * matter in which order registers are loaded, and there is nothing to allocate.
 */
#include <abide/abide.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_NAMES = 64,
    MAX_ARGUMENTS = 32,
    MAX_NAME_CHARS = 63,
    OUTGOING_BYTES = 256, /* arguments on the stack of any call */
    FRAME_BYTES = 1920,   /* what offsets in the instructions of all three reach */
    SLOT_BYTES = 16       /* slots are multiples of it, so moves of 8 bytes stay inside */
};

/*
 * Instructions: %r is a register, %n its name without the first letter, %d a number or an offset from the stack pointer.
 * Those that move integers are in the order of sizes: 1, 2, 4, 8 bytes; those that move floats: 4, 8, 16.
 */
struct machine {
    const char *architecture;
    const char *head, *enter, *leave, *call;
    const char *number, *text,
        *address; /* to a register: a number, the address of text %d, the address of a slot */
    const char *load_unsigned[4], *load_signed[4], *store[4];
    const char *load_float[3], *store_float[3];
    const char *scratch;         /* a register that passes nothing */
    const char *float_registers; /* how their names start */
};

static const struct machine machines[] = {
    {.architecture = "x86_64",
     .head = ".intel_syntax noprefix",
     .enter = "push rbp; sub rsp, %d",
     .leave = "xor eax, eax; add rsp, %d; pop rbp; ret",
     .call = "call %r@plt",
     .number = "mov %r, %d",
     .text = "lea %r, .Ltext%d[rip]",
     .address = "lea %r, [rsp + %d]",
     .load_unsigned = {"movzx %r, byte ptr [rsp + %d]", "movzx %r, word ptr [rsp + %d]",
                       "movsxd %r, dword ptr [rsp + %d]; shl %r, 32; shr %r, 32",
                       "mov %r, [rsp + %d]"},
     .load_signed = {"movsx %r, byte ptr [rsp + %d]", "movsx %r, word ptr [rsp + %d]",
                     "movsxd %r, dword ptr [rsp + %d]", "mov %r, [rsp + %d]"},
     .store = {"push rbx; mov rbx, %r; mov [rsp + %d + 8], bl; pop rbx",
               "push rbx; mov rbx, %r; mov [rsp + %d + 8], bx; pop rbx",
               "push rbx; mov rbx, %r; mov [rsp + %d + 8], ebx; pop rbx", "mov [rsp + %d], %r"},
     .load_float = {"movss %r, dword ptr [rsp + %d]", "movsd %r, qword ptr [rsp + %d]",
                    "movups %r, [rsp + %d]"},
     .store_float = {"movss dword ptr [rsp + %d], %r", "movsd qword ptr [rsp + %d], %r",
                     "movups [rsp + %d], %r"},
     .scratch = "r11",
     .float_registers = "xmm"},
    {.architecture = "aarch64",
     .head = "",
     .enter = "stp x29, x30, [sp, -16]!; sub sp, sp, %d",
     .leave = "mov w0, 0; add sp, sp, %d; ldp x29, x30, [sp], 16; ret",
     .call = "bl %r",
     .number = "ldr %r, =%d",
     .text = "adrp %r, .Ltext%d; add %r, %r, :lo12:.Ltext%d",
     .address = "add %r, sp, %d",
     .load_unsigned = {"ldrb w%n, [sp, %d]", "ldrh w%n, [sp, %d]", "ldr w%n, [sp, %d]",
                       "ldr %r, [sp, %d]"},
     .load_signed = {"ldrsb %r, [sp, %d]", "ldrsh %r, [sp, %d]", "ldrsw %r, [sp, %d]",
                     "ldr %r, [sp, %d]"},
     .store = {"strb w%n, [sp, %d]", "strh w%n, [sp, %d]", "str w%n, [sp, %d]", "str %r, [sp, %d]"},
     .load_float = {"ldr s%n, [sp, %d]", "ldr d%n, [sp, %d]", "ldr q%n, [sp, %d]"},
     .store_float = {"str s%n, [sp, %d]", "str d%n, [sp, %d]", "str q%n, [sp, %d]"},
     .scratch = "x9",
     .float_registers = "v"},
    {.architecture = "riscv64",
     .head = "",
     .enter = "addi sp, sp, -16; sd ra, 8(sp); addi sp, sp, -%d",
     .leave = "li a0, 0; addi sp, sp, %d; ld ra, 8(sp); addi sp, sp, 16; ret",
     .call = "call %r@plt",
     .number = "li %r, %d",
     .text = "lla %r, .Ltext%d",
     .address = "addi %r, sp, %d",
     .load_unsigned = {"lbu %r, %d(sp)", "lhu %r, %d(sp)", "lwu %r, %d(sp)", "ld %r, %d(sp)"},
     .load_signed = {"lb %r, %d(sp)", "lh %r, %d(sp)", "lw %r, %d(sp)", "ld %r, %d(sp)"},
     .store = {"sb %r, %d(sp)", "sh %r, %d(sp)", "sw %r, %d(sp)", "sd %r, %d(sp)"},
     .load_float = {"flw %r, %d(sp)", "fld %r, %d(sp)", NULL},
     .store_float = {"fsw %r, %d(sp)", "fsd %r, %d(sp)", NULL},
     .scratch = "t0",
     .float_registers = "f"},
};

struct value {
    char name[MAX_NAME_CHARS + 1];
    const abide_type *type;
    uint64_t slot; /* offset from the stack pointer */
};

struct compiler {
    abide_ctx *ctx;
    const abide_iface *iface;
    const abide_module *c;
    const struct machine *machine;
    struct value values[MAX_NAMES];
    size_t value_count;
    uint64_t used_bytes; /* of the frame */
    size_t text_count;
    unsigned line;
    const char *at; /* what is left of the line */
};

static void fail(struct compiler *me, const char *format, ...)
    __attribute__((noreturn, format(printf, 2, 3)));

/* The compiler's own words, then what libabide has to say. */
static void fail(struct compiler *me, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "toy: line %u: ", me->line);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    for (size_t i = 0; i < abide_ctx_diag_count(me->ctx); i++)
        fputs(abide_diag_print(me->ctx, abide_ctx_diag_at(me->ctx, i), false), stderr);
    exit(1);
}

/* ---- Instructions ---- */

static void write_code(const char *code, const char *register_name, int64_t number)
{
    putchar('\t');
    for (; *code; code++) {
        if (*code != '%') {
            putchar(*code);
            continue;
        }
        code++;
        if (*code == 'd')
            printf("%" PRId64, number);
        else
            fputs(register_name + (*code == 'n'), stdout);
    }
    putchar('\n');
}

static uint64_t new_slot(struct compiler *me, uint64_t size_bytes)
{
    if (size_bytes > FRAME_BYTES - me->used_bytes)
        fail(me, "the frame is full");
    uint64_t slot = me->used_bytes;
    me->used_bytes += (size_bytes + SLOT_BYTES - 1) / SLOT_BYTES * SLOT_BYTES;
    if (me->used_bytes > FRAME_BYTES)
        fail(me, "the frame is full");
    return slot;
}

/* 1, 2, 4 and 8 have instructions of their own; what is between is moved with what is behind it in its slot. */
static unsigned log2_of_move(uint64_t size_bytes)
{
    return size_bytes == 1 ? 0 : size_bytes == 2 ? 1 : size_bytes == 4 ? 2 : 3;
}

static void copy(struct compiler *me, uint64_t to, uint64_t from, uint64_t size_bytes)
{
    const char *scratch = me->machine->scratch;
    for (uint64_t done = 0; done < size_bytes;) {
        uint64_t left = size_bytes - done;
        unsigned log2 = left >= 8 ? 3 : left >= 4 ? 2 : left >= 2 ? 1 : 0;
        write_code(me->machine->load_unsigned[log2], scratch, (int64_t)(from + done));
        write_code(me->machine->store[log2], scratch, (int64_t)(to + done));
        done += (uint64_t)1 << log2;
    }
}

/* Between a register and a slot. */
static void move(struct compiler *me, const abide_piece *piece, uint64_t slot, bool is_load)
{
    const struct machine *machine = me->machine;
    const char *name = piece->register_name;
    const char *code;
    if (strncmp(name, machine->float_registers, strlen(machine->float_registers)) == 0) {
        unsigned index = piece->size_bytes == 4 ? 0 : piece->size_bytes == 8 ? 1 : 2;
        code = is_load ? machine->load_float[index] : machine->store_float[index];
    } else {
        unsigned log2 = log2_of_move(piece->size_bytes);
        code = !is_load                             ? machine->store[log2]
               : piece->extend == ABIDE_EXTEND_SIGN ? machine->load_signed[log2]
                                                    : machine->load_unsigned[log2];
    }
    if (!code || piece->at_bytes || piece->as)
        fail(me, "register %s holds its value in a way that this compiler does not know", name);
    write_code(code, name, (int64_t)slot);
}

/* ---- Calls: all that is asked of libabide about them ---- */

static bool is_extended(const abide_piece *piece)
{
    return piece->extend == ABIDE_EXTEND_SIGN || piece->extend == ABIDE_EXTEND_ZERO;
}

/* A narrow integer on the stack is made as wide as its callee may read it. All three machines are little-endian. */
static void extend_piece(struct compiler *me, const abide_piece *piece, uint64_t from)
{
    const struct machine *machine = me->machine;
    unsigned log2 = log2_of_move(piece->size_bytes);
    write_code(piece->extend == ABIDE_EXTEND_SIGN ? machine->load_signed[log2]
                                                  : machine->load_unsigned[log2],
               machine->scratch, (int64_t)from);
    write_code(machine->store[log2_of_move(piece->extend_bits / 8)], machine->scratch,
               piece->stack_offset_bytes);
}

static void pass_piece(struct compiler *me, const abide_piece *piece, uint64_t slot)
{
    if (piece->register_name)
        move(me, piece, slot + piece->offset_bytes, true);
    else if (is_extended(piece))
        extend_piece(me, piece, slot + piece->offset_bytes);
    else
        copy(me, (uint64_t)piece->stack_offset_bytes, slot + piece->offset_bytes,
             piece->size_bytes);
}

static void pass_address(struct compiler *me, const abide_piece *pointer, uint64_t slot)
{
    const char *name = pointer->register_name ? pointer->register_name : me->machine->scratch;
    write_code(me->machine->address, name, (int64_t)slot);
    if (!pointer->register_name)
        write_code(me->machine->store[3], name, pointer->stack_offset_bytes);
}

static void pass_argument(struct compiler *me, abide_argument argument, uint64_t slot)
{
    if (argument.pass == ABIDE_PASS_POINTER) { /* of a copy, which the callee may write to */
        uint64_t own = new_slot(me, argument.size_bytes);
        copy(me, own, slot, argument.size_bytes);
        pass_address(me, argument.pointer, own);
    }
    for (size_t i = 0; argument.pass == ABIDE_PASS_DIRECT && i < argument.piece_count; i++)
        pass_piece(me, &argument.pieces[i], slot);
}

/* Calls a function with arguments that are in slots; the slot of the result. */
static uint64_t write_call(struct compiler *me, const char *symbol,
                           const abide_signature *signature, const uint64_t *slots)
{
    const abide_assignment *places = abide_assignment_of(me->ctx, me->c, signature);
    if (!places)
        fail(me, "no calling sequence");
    if (abide_assignment_stack_bytes(places) > OUTGOING_BYTES ||
        abide_assignment_stack_align_bytes(places) > 16)
        fail(me, "the arguments of %s need more of the stack than this compiler gives them",
             symbol);
    abide_argument result = abide_assignment_result(places);
    uint64_t slot = new_slot(me, result.size_bytes);
    if (result.pass == ABIDE_PASS_HIDDEN)
        pass_address(me, result.pointer, slot);
    for (size_t i = 0; i < abide_assignment_argument_count(places); i++)
        pass_argument(me, abide_assignment_argument_at(places, i), slots[i]);
    if (abide_assignment_vector_count_register(places))
        write_code(me->machine->number, abide_assignment_vector_count_register(places),
                   8); /* at most */
    write_code(me->machine->call, symbol, 0);
    for (size_t i = 0; result.pass == ABIDE_PASS_DIRECT && i < result.piece_count; i++)
        move(me, &result.pieces[i], slot + result.pieces[i].offset_bytes, false);
    return slot;
}

/* ---- The language ---- */

static bool next_is(struct compiler *me, char c)
{
    me->at += strspn(me->at, " \t");
    if (*me->at != c)
        return false;
    me->at++;
    return true;
}

static void expect(struct compiler *me, char c)
{
    if (!next_is(me, c))
        fail(me, "'%c' is expected before '%s'", c, me->at);
}

static void read_name(struct compiler *me, char name[MAX_NAME_CHARS + 1])
{
    me->at += strspn(me->at, " \t");
    size_t length = 0;
    while (isalnum((unsigned char)me->at[length]) || me->at[length] == '_')
        length++;
    if (!length || length > MAX_NAME_CHARS)
        fail(me, "a name is expected before '%s'", me->at);
    memcpy(name, me->at, length);
    name[length] = '\0';
    me->at += length;
}

static uint64_t size_of(struct compiler *me, const abide_type *type)
{
    const abide_layout *layout = abide_layout_of(me->ctx, me->c, type);
    if (!layout)
        fail(me, "no layout");
    return abide_layout_size_bytes(layout);
}

static bool is_float(struct compiler *me, const abide_type *type)
{
    const char *name = abide_type_print(me->ctx, type);
    return strcmp(name, "f64") == 0 || strcmp(name, "f32") == 0 || strcmp(name, "c_double") == 0 ||
           strcmp(name, "c_float") == 0;
}

/* A number, in the bits of `type`; NULL: of the type that C gives it. */
static struct value read_number(struct compiler *me, const abide_type *type)
{
    char *end;
    double real = strtod(me->at, &end);
    bool is_whole = !memchr(me->at, '.', (size_t)(end - me->at));
    if (end == me->at)
        fail(me, "an argument is expected before '%s'", me->at);
    if (!type)
        type = abide_type_scalar(me->ctx, is_whole ? "c_int" : "f64");
    if (strcmp(abide_type_kind_name(type), "scalar") != 0 || (!is_whole && !is_float(me, type)))
        fail(me, "a number stands where %s is wanted", abide_type_print(me->ctx, type));
    uint64_t size_bytes = size_of(me, type);
    int64_t bits = is_float(me, type) ? 0 : strtoll(me->at, NULL, 10);
    float single = (float)real;
    if (is_float(me, type))
        memcpy(&bits, size_bytes == 4 ? (void *)&single : (void *)&real, size_bytes);
    me->at = end;
    struct value value = {"", type, new_slot(me, size_bytes)};
    write_code(me->machine->number, me->machine->scratch, bits);
    write_code(me->machine->store[log2_of_move(size_bytes)], me->machine->scratch,
               (int64_t)value.slot);
    return value;
}

static struct value read_text(struct compiler *me, const abide_type *type)
{
    size_t length = strcspn(me->at, "\"");
    if (me->at[length] != '"')
        fail(me, "the text does not end");
    struct value value = {"", type ? type : abide_type_cstring(me->ctx), new_slot(me, 8)};
    if (strcmp(abide_type_kind_name(value.type),
               abide_type_kind_name(abide_type_cstring(me->ctx))) != 0)
        fail(me, "a text stands where %s is wanted", abide_type_print(me->ctx, type));
    printf("\t.section .rodata\n.Ltext%zu:\t.asciz \"%.*s\"\n\t.text\n", me->text_count,
           (int)length, me->at);
    write_code(me->machine->text, me->machine->scratch, (int64_t)me->text_count++);
    write_code(me->machine->store[3], me->machine->scratch, (int64_t)value.slot);
    me->at += length + 1;
    return value;
}

/* The field of that name: where abide says that it is. */
static void enter_field(struct compiler *me, struct value *value, const char *name)
{
    const abide_layout *layout = abide_layout_of(me->ctx, me->c, value->type);
    for (size_t i = 0; layout && i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        if (!field.name || strcmp(field.name, name) != 0 || field.is_bitfield)
            continue;
        value->slot += field.offset_bits / 8;
        value->type = field.type;
        return;
    }
    fail(me, "%s has no field '%s'", abide_type_print(me->ctx, value->type), name);
}

static struct value read_argument(struct compiler *me, const abide_type *type)
{
    if (next_is(me, '"'))
        return read_text(me, type);
    if (!isalpha((unsigned char)*me->at))
        return read_number(me, type);
    struct value value = {0};
    read_name(me, value.name);
    size_t i = me->value_count;
    while (i > 0 && strcmp(me->values[i - 1].name, value.name) != 0)
        i--;
    if (i == 0)
        fail(me, "there is no '%s'", value.name);
    value = me->values[i - 1];
    while (next_is(me, '.')) {
        read_name(me, value.name);
        enter_field(me, &value, value.name);
    }
    if (type && value.type != type)
        fail(me, "'%s' is %s, and %s is wanted", value.name, abide_type_print(me->ctx, value.type),
             abide_type_print(me->ctx, type));
    return value;
}

/* NAME(a, b): a struct; the fields are in order. */
static struct value read_struct(struct compiler *me, const abide_type *type)
{
    struct value made = {"", type, new_slot(me, size_of(me, type))};
    for (size_t i = 0; i < abide_type_member_count(type); i++) {
        struct value field = made;
        enter_field(me, &field, abide_type_member_at(type, i).name);
        if (i > 0)
            expect(me, ',');
        struct value argument = read_argument(me, field.type);
        copy(me, field.slot, argument.slot, size_of(me, field.type));
    }
    expect(me, ')');
    return made;
}

/* NAME(a, b): a call. What stands behind the parameters goes to the dots. */
static struct value read_call(struct compiler *me, const abide_function *function)
{
    const abide_signature *signature = abide_function_signature(function);
    size_t fixed_count = abide_signature_parameter_count(signature), count = 0;
    uint64_t slots[MAX_ARGUMENTS];
    char dots[1024] = "";
    for (; !next_is(me, ')'); count++) {
        if (count == MAX_ARGUMENTS ||
            (count >= fixed_count && !abide_signature_is_variadic(signature)))
            fail(me, "too many arguments");
        if (count > 0)
            expect(me, ',');
        struct value argument =
            read_argument(me, abide_signature_parameter_at(signature, count).type);
        slots[count] = argument.slot;
        if (count < fixed_count)
            continue;
        size_t length = strlen(dots);
        snprintf(dots + length, sizeof dots - length, "%s%s", length ? ", " : "",
                 abide_type_print(me->ctx, argument.type));
    }
    if (count < fixed_count)
        fail(me, "too few arguments");
    if (abide_signature_is_variadic(signature))
        signature = abide_iface_variadic_call(me->ctx, me->iface, function, dots);
    if (!signature)
        fail(me, "cannot be called so");
    uint64_t slot = write_call(me, abide_function_symbol(function), signature, slots);
    return (struct value){"", abide_signature_result(signature), slot};
}

/* [NAME =] NAME(...) */
static void compile_line(struct compiler *me, const char *line)
{
    me->at = line;
    me->line++;
    if (next_is(me, '\0') || next_is(me, '#'))
        return;
    char name[MAX_NAME_CHARS + 1], result[MAX_NAME_CHARS + 1] = "";
    read_name(me, name);
    if (next_is(me, '=')) {
        strcpy(result, name);
        read_name(me, name);
    }
    expect(me, '(');
    const abide_function *function = abide_iface_function(me->iface, name);
    const abide_type *type = abide_iface_type(me->iface, name);
    if (!function && !type)
        fail(me, "the interface has no '%s'", name);
    struct value value = function ? read_call(me, function) : read_struct(me, type);
    strcpy(value.name, result);
    if (me->value_count == MAX_NAMES)
        fail(me, "too many names");
    me->values[me->value_count++] = value;
}

static void compile(struct compiler *me, FILE *program)
{
    printf("\t%s\n\t.text\n\t.globl main\nmain:\n", me->machine->head);
    write_code(me->machine->enter, "", FRAME_BYTES);
    char line[1024];
    while (fgets(line, sizeof line, program)) {
        line[strcspn(line, "\n")] = '\0';
        compile_line(me, line);
    }
    write_code(me->machine->leave, "", FRAME_BYTES);
    puts("\t.section .note.GNU-stack,\"\",@progbits");
}

int main(int argc, char **argv)
{
    struct compiler me = {.ctx = abide_ctx_new(NULL), .used_bytes = OUTGOING_BYTES};
    if (argc != 3) {
        fputs("usage: toy INTERFACE TARGET < PROGRAM > ASSEMBLY\n", stderr);
        return 2;
    }
    me.iface = abide_iface_load(me.ctx, argv[1]);
    me.c = abide_module_load(me.ctx, "c", argv[2]);
    if (!me.iface || !me.c)
        fail(&me, "nothing can be asked");
    for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++)
        if (strncmp(argv[2], machines[i].architecture, strlen(machines[i].architecture)) == 0)
            me.machine = &machines[i];
    if (!me.machine)
        fail(&me, "this compiler does not know the instructions of %s", argv[2]);
    compile(&me, stdin);
    abide_ctx_free(me.ctx);
    return 0;
}
