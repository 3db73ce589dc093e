/*
 * A value is a variable of type uintptr_t, an operation a statement. Memory is read and written through memcpy, so neither alignment
 * nor byte order nor the types of what lies there matter.
 */
#include "plan/c_routine.h"

#include "plan/c_runs.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define EMPTY_MAX_BYTES 64
#define WORD_MAX_BYTES  8

/* A C function that is called with words; its name here is abide_call_INDEX. */
struct outside {
    const char *symbol;
    size_t argument_count;
    bool gives_value;
};

struct file {
    const struct abide_c_routines *routines;
    abide_ctx *ctx;
    struct abide_text text;
    ABIDE_VEC(struct outside) outsides;
};

/* A routine while it is being written. */
struct writer {
    struct file *file;
    const struct abide_routine *routine;
    const bool *used;
    size_t depth;
    size_t scratch;
};

#define ADD(file, ...) abide__text_printf((file)->ctx, &(file)->text, __VA_ARGS__)

/* ---- small things ---- */

static const char *indent(const struct writer *writer)
{
    static const char blanks[] = "                                                            ";
    size_t width = 4 * (writer->depth + 1);
    return width < sizeof blanks ? blanks + (sizeof blanks - 1 - width) : blanks;
}

#define LINE(writer, format, ...)                                                    \
    abide__text_printf((writer)->file->ctx, &(writer)->file->text, "%s" format "\n", \
                       indent(writer), __VA_ARGS__)

/* A number of the size of a word, as C reads it on any target. */
static const char *number(const struct writer *writer, uint64_t value)
{
    if (writer->file->routines->pointer_bytes < WORD_MAX_BYTES)
        value &= (UINT64_C(1) << (writer->file->routines->pointer_bytes * 8)) - 1;
    return value <= INT16_MAX
               ? abide__printf(writer->file->ctx, "%" PRIu64, value)
               : abide__printf(writer->file->ctx, "(uintptr_t)UINT64_C(0x%" PRIx64 ")", value);
}

/* `value` plus a number. */
static const char *displaced(const struct writer *writer, abide_value value, uint64_t offset_bytes)
{
    return offset_bytes == 0 ? abide__printf(writer->file->ctx, "v%" PRIu32, value)
                             : abide__printf(writer->file->ctx, "v%" PRIu32 " + %s", value,
                                             number(writer, offset_bytes));
}

/* A string literal. */
static const char *literal(abide_ctx *ctx, const char *chars)
{
    struct abide_text text = {0};
    abide__text_add(ctx, &text, "\"", 1);
    for (const unsigned char *c = (const unsigned char *)(chars ? chars : ""); *c; c++)
        if (*c < ' ' || *c >= 0x7f || *c == '"' || *c == '\\' || *c == '?')
            abide__text_printf(ctx, &text, "\\%03o", *c);
        else
            abide__text_add(ctx, &text, (const char *)c, 1);
    abide__text_add(ctx, &text, "\"", 1);
    return text.chars;
}

/* "(uintptr_t, uintptr_t)", or with `names` "(uintptr_t v0, uintptr_t v1)". */
static const char *parameters(abide_ctx *ctx, size_t count, bool names)
{
    struct abide_text text = {0};
    abide__text_add(ctx, &text, "(", 1);
    for (size_t i = 0; i < count; i++) {
        abide__text_printf(ctx, &text, "%suintptr_t", i ? ", " : "");
        if (names)
            abide__text_printf(ctx, &text, " v%zu", i);
    }
    abide__text_printf(ctx, &text, "%s)", count ? "" : "void");
    return text.chars;
}

static const char *arguments(const struct writer *writer, const struct abide_op *op)
{
    struct abide_text text = {0};
    abide__text_add(writer->file->ctx, &text, "(", 1);
    for (size_t i = 0; i < op->argument_count; i++)
        abide__text_printf(writer->file->ctx, &text, "%sv%" PRIu32, i ? ", " : "",
                           op->arguments[i]);
    abide__text_add(writer->file->ctx, &text, ")", 1);
    return text.chars;
}

static bool is_used(const struct writer *writer, const struct abide_op *op)
{
    return op->result != ABIDE_NO_VALUE && writer->used[op->result];
}

/* ---- calls ---- */

static size_t outside_index(const struct file *file, const struct abide_op *op)
{
    bool gives_value = op->result != ABIDE_NO_VALUE;
    size_t index = 0;
    for (; index < file->outsides.count; index++) {
        const struct outside *outside = &file->outsides.items[index];
        if (!strcmp(outside->symbol, op->symbol) && outside->gives_value == gives_value &&
            outside->argument_count == op->argument_count)
            break;
    }
    return index;
}

/* The result, if anybody wants it: "uintptr_t v7 = ". */
static const char *taken(const struct writer *writer, const struct abide_op *op)
{
    return is_used(writer, op)
               ? abide__printf(writer->file->ctx, "uintptr_t v%" PRIu32 " = ", op->result)
               : "";
}

static void write_call(struct writer *writer, const struct abide_op *op)
{
    LINE(writer, "%sabide_call_%zu%s;", taken(writer, op), outside_index(writer->file, op),
         arguments(writer, op));
}

static void write_call_at(struct writer *writer, const struct abide_op *op)
{
    LINE(writer, "((void (*)%s)v%" PRIu32 ")%s;",
         parameters(writer->file->ctx, op->argument_count, false), op->a, arguments(writer, op));
}

static void write_routine_call(struct writer *writer, const struct abide_op *op)
{
    LINE(writer, "%s%s%s;", taken(writer, op),
         abide_c_routines__name(writer->file->routines, op->routine), arguments(writer, op));
}

static void write_trap(struct writer *writer, const struct abide_op *op, uint64_t code)
{
    abide_ctx *ctx = writer->file->ctx;
    const char *value = op->a == ABIDE_NO_VALUE ? "0" : abide__printf(ctx, "v%" PRIu32, op->a);
    if (op->argument_count) {
        LINE(writer,
             ABIDE_TRAP_SYMBOL "(v%" PRIu32 ", (const char *)v%" PRIu32 ", (const char *)v%" PRIu32
                               ", %s);",
             op->arguments[0], op->arguments[1], op->arguments[2], value);
        LINE(writer, "%s", "__builtin_trap();");
        return;
    }
    LINE(writer, ABIDE_TRAP_SYMBOL "(%" PRIu64 ", %s, %s, %s);", code, literal(ctx, op->function),
         literal(ctx, op->parameter), value);
    LINE(writer, "%s", "__builtin_trap();");
}

/* ---- control ---- */

static void write_block(struct writer *writer, const struct abide_block *block);

static void write_inner(struct writer *writer, const struct abide_block *block)
{
    writer->depth++;
    write_block(writer, block);
    writer->depth--;
}

static void write_if(struct writer *writer, const struct abide_op *op)
{
    LINE(writer, "if (v%" PRIu32 ") {", op->a);
    write_inner(writer, &op->then);
    if (op->otherwise.count) {
        LINE(writer, "%s", "} else {");
        write_inner(writer, &op->otherwise);
    }
    LINE(writer, "%s", "}");
}

static void write_choice(struct writer *writer, const struct abide_op *op)
{
    LINE(writer, "switch (v%" PRIu32 ") {", op->a);
    for (size_t i = 0; i < op->then.count; i++) {
        const struct abide_op *one = &op->then.ops[i];
        LINE(writer, "case %s: {", number(writer, one->number));
        write_inner(writer, &one->then);
        LINE(writer, "%s", "    break;");
        LINE(writer, "%s", "}");
    }
    if (op->otherwise.count) {
        LINE(writer, "%s", "default: {");
        write_inner(writer, &op->otherwise);
        LINE(writer, "%s", "}");
    }
    LINE(writer, "%s", "}");
}

static void write_loop(struct writer *writer, const struct abide_op *op)
{
    const char *index = op->result == ABIDE_NO_VALUE
                            ? abide__printf(writer->file->ctx, "n%zu", writer->scratch++)
                            : abide__printf(writer->file->ctx, "v%" PRIu32, op->result);
    LINE(writer, "for (uintptr_t %s = 0; %s < v%" PRIu32 "; %s++) {", index, index, op->a, index);
    write_inner(writer, &op->then);
    LINE(writer, "%s", "}");
}

static void write_runs(struct writer *writer, const struct abide_op *op)
{
    abide_ctx *ctx = writer->file->ctx;
    const struct abide_c_sink sink = {ctx, &writer->file->text, indent(writer), &writer->scratch};
    abide_c__runs(&sink, abide__printf(ctx, "(void *)v%" PRIu32, op->a),
                  abide__printf(ctx, "(void *)v%" PRIu32, op->b), op->runs, op->run_count);
}

static void write_size(struct writer *writer, const struct abide_op *op)
{
    uint64_t limit;
    bool fits = abide_op__size_limit(op, writer->file->routines->pointer_bytes, &limit);
    if (fits && op->number)
        LINE(writer, "if (v%" PRIu32 " > %s) {", op->a, number(writer, limit));
    if (!fits || op->number) {
        writer->depth += fits;
        write_trap(writer, op, ABIDE_TRAP_OVERFLOW);
        writer->depth -= fits;
    }
    if (fits && op->number)
        LINE(writer, "%s", "}");
    if (is_used(writer, op))
        LINE(writer, "uintptr_t v%" PRIu32 " = v%" PRIu32 " * %s + %s;", op->result, op->a,
             number(writer, op->number), number(writer, op->size_bytes));
}

/* ---- operations ---- */

/* What an operation makes, as an expression; NULL: it makes nothing. */
static const char *expression(const struct writer *writer, const struct abide_op *op)
{
    abide_ctx *ctx = writer->file->ctx;
    switch (op->kind) {
    case ABIDE_OP_CONSTANT: return number(writer, op->number);
    case ABIDE_OP_OFFSET: return displaced(writer, op->a, op->number);
    case ABIDE_OP_ADD: return abide__printf(ctx, "v%" PRIu32 " + v%" PRIu32, op->a, op->b);
    case ABIDE_OP_SUBTRACT: return abide__printf(ctx, "v%" PRIu32 " - v%" PRIu32, op->a, op->b);
    case ABIDE_OP_AND: return abide__printf(ctx, "v%" PRIu32 " & v%" PRIu32, op->a, op->b);
    case ABIDE_OP_MULTIPLY:
        return abide__printf(ctx, "v%" PRIu32 " * %s", op->a, number(writer, op->number));
    case ABIDE_OP_DIVIDE:
        return abide__printf(ctx, "v%" PRIu32 " / %s", op->a, number(writer, op->number));
    case ABIDE_OP_EQUAL: return abide__printf(ctx, "v%" PRIu32 " == v%" PRIu32, op->a, op->b);
    case ABIDE_OP_BELOW: return abide__printf(ctx, "v%" PRIu32 " < v%" PRIu32, op->a, op->b);
    case ABIDE_OP_SELECT:
        return abide__printf(ctx, "v%" PRIu32 " ? v%" PRIu32 " : v%" PRIu32, op->a, op->b, op->c);
    case ABIDE_OP_LOAD:
        return abide__printf(ctx, "abide_load_%" PRIu64 "(%s)", op->size_bytes,
                             displaced(writer, op->a, op->number));
    case ABIDE_OP_LENGTH: return abide__printf(ctx, "strlen((const char *)v%" PRIu32 ")", op->a);
    case ABIDE_OP_HAS_NUL:
        return abide__printf(ctx,
                             "v%" PRIu32 " && memchr((const void *)v%" PRIu32 ", 0, v%" PRIu32 ")",
                             op->b, op->a, op->b);
    case ABIDE_OP_EMPTY: return "(uintptr_t)abide_empty";
    case ABIDE_OP_TEXT: return abide__printf(ctx, "(uintptr_t)%s", literal(ctx, op->symbol));
    case ABIDE_OP_OWNER:
        return abide__printf(ctx, "(uintptr_t)&%s_owner",
                             abide_c_routines__name(writer->file->routines, op->routine));
    case ABIDE_OP_ADAPTER:
        return abide__printf(ctx, "(uintptr_t)%s",
                             abide_c_routines__adapter(writer->file->routines, op->adapter));
    case ABIDE_OP_TABLE:
        return abide__printf(ctx, "(uintptr_t)&abide_table_%" PRIu32, op->table->serial);
    default: return NULL;
    }
}

static void write_effect(struct writer *writer, const struct abide_op *op)
{
    switch (op->kind) {
    case ABIDE_OP_SIZE: write_size(writer, op); return;
    case ABIDE_OP_STORE:
        LINE(writer, "abide_store_%" PRIu64 "(%s, v%" PRIu32 ");", op->size_bytes,
             displaced(writer, op->a, op->number), op->b);
        return;
    case ABIDE_OP_RUNS: write_runs(writer, op); return;
    case ABIDE_OP_COPY: /* memcpy may be given no invalid address even for no bytes */
        LINE(writer,
             "if (v%" PRIu32 ")\n%s    memcpy((void *)v%" PRIu32 ", (const void *)v%" PRIu32
             ", v%" PRIu32 ");",
             op->c, indent(writer), op->a, op->b, op->c);
        return;
    case ABIDE_OP_ZERO:
        LINE(writer, "memset((void *)v%" PRIu32 ", 0, %s);", op->a, number(writer, op->size_bytes));
        return;
    case ABIDE_OP_COUNT:
        LINE(writer, "%s__atomic_add_fetch((uintptr_t *)(%s), v%" PRIu32 ", __ATOMIC_ACQ_REL);",
             taken(writer, op), displaced(writer, op->a, op->number), op->b);
        return;
    case ABIDE_OP_CALL: write_call(writer, op); return;
    case ABIDE_OP_CALL_AT: write_call_at(writer, op); return;
    case ABIDE_OP_ROUTINE: write_routine_call(writer, op); return;
    case ABIDE_OP_IF: write_if(writer, op); return;
    case ABIDE_OP_CHOOSE: write_choice(writer, op); return;
    case ABIDE_OP_LOOP: write_loop(writer, op); return;
    case ABIDE_OP_TRAP: write_trap(writer, op, op->number); return;
    case ABIDE_OP_RETURN:
        if (op->a == ABIDE_NO_VALUE)
            LINE(writer, "%s", "return;");
        else
            LINE(writer, "return v%" PRIu32 ";", op->a);
        return;
    case ABIDE_OP_ROOM:
        LINE(writer, "_Alignas(%d) unsigned char m%" PRIu32 "[%" PRIu64 "];", EMPTY_MAX_BYTES / 4,
             op->result, op->size_bytes);
        LINE(writer, "uintptr_t v%" PRIu32 " = (uintptr_t)m%" PRIu32 ";", op->result, op->result);
        return;
    default: break;
    }
    if (is_used(writer, op))
        LINE(writer, "uintptr_t v%" PRIu32 " = %s;", op->result, expression(writer, op));
}

static void write_block(struct writer *writer, const struct abide_block *block)
{
    for (size_t i = 0; i < block->count; i++)
        write_effect(writer, &block->ops[i]);
}

/* ---- routines ---- */

static void calls_address(const struct abide_op *op, void *user)
{
    *(bool *)user |= op->kind == ABIDE_OP_CALL_AT;
}

/* Whether another file's function is called, or calls, through a pointer: words here may be pointers there. */
static bool is_typed_otherwise(const struct abide_routine *routine)
{
    bool found = routine->is_callback;
    abide_routine__visit(&routine->body, calls_address, &found);
    return found;
}

static const char *head(const struct file *file, const struct abide_routine *routine)
{
    const char *linkage = routine->weak_symbol ? "__attribute__((weak)) " : "static ";
    return abide__printf(file->ctx, "%s%s%s %s%s", linkage,
                         is_typed_otherwise(routine) ? "ABIDE_ANY_TYPE " : "",
                         routine->gives_value ? "uintptr_t" : "void",
                         abide_c_routines__name(file->routines, routine),
                         parameters(file->ctx, routine->parameter_count, true));
}

static void write_routine(struct file *file, const struct abide_routine *routine)
{
    struct writer writer = {
        .file = file, .routine = routine, .used = abide_routine__used(file->ctx, routine)};
    ADD(file, "%s\n{\n", head(file, routine));
    for (size_t i = 0; i < routine->parameter_count; i++)
        if (!writer.used[i])
            LINE(&writer, "(void)v%zu;", i);
    write_block(&writer, &routine->body);
    ADD(file, "}\n\n");
}

/* ---- what routines need ---- */

struct needs {
    struct file *file;
    bool any_type;
    bool loads[WORD_MAX_BYTES + 1], stores[WORD_MAX_BYTES + 1]; /* by size */
    bool trap, empty;
    bool *owners; /* by serial */
};

static void need(const struct abide_op *op, void *user)
{
    struct needs *needs = user;
    struct file *file = needs->file;
    switch (op->kind) {
    case ABIDE_OP_LOAD:
    case ABIDE_OP_STORE:
        assert(op->size_bytes > 0 && op->size_bytes <= file->routines->pointer_bytes);
        (op->kind == ABIDE_OP_LOAD ? needs->loads : needs->stores)[op->size_bytes] = true;
        return;
    case ABIDE_OP_SIZE:
    case ABIDE_OP_TRAP: needs->trap = true; return;
    case ABIDE_OP_EMPTY: needs->empty = true; return;
    case ABIDE_OP_OWNER: needs->owners[op->routine->serial] = true; return;
    case ABIDE_OP_CALL:
        if (outside_index(file, op) == file->outsides.count)
            abide__push(
                file->ctx, &file->outsides,
                (struct outside){op->symbol, op->argument_count, op->result != ABIDE_NO_VALUE});
        return;
    default: return;
    }
}

/* What a program may have a function of its own for. */
static const char trap_definition[] =
    "void " ABIDE_TRAP_SYMBOL "(size_t, const char *, const char *, size_t);\n"
    "__attribute__((weak)) void " ABIDE_TRAP_SYMBOL
    "(size_t code, const char *function, const char *parameter,\n"
    "                                       size_t value)\n"
    "{\n"
    "    (void)code;\n    (void)function;\n    (void)parameter;\n    (void)value;\n"
    "    __builtin_trap();\n"
    "}\n\n";

/* Bytes that are no C integer lie at the end of a word that has its lowest byte last. */
static void write_access(struct file *file, bool is_load, uint64_t size_bytes)
{
    bool is_integer = (size_bytes & (size_bytes - 1)) == 0;
    const char *type =
        is_integer ? abide__printf(file->ctx, "uint%" PRIu64 "_t", size_bytes * 8) : "uintptr_t";
    const char *start =
        is_integer
            ? "&bytes"
            : abide__printf(file->ctx, "(char *)&bytes + ABIDE_LOW(%" PRIu64 ")", size_bytes);
    const char *skip = is_load ? "uintptr_t" : "void";
    ADD(file, "static inline %s abide_%s_%" PRIu64 "(uintptr_t at%s)\n{\n", skip,
        is_load ? "load" : "store", size_bytes, is_load ? "" : ", uintptr_t value");
    if (is_load)
        ADD(file,
            "    %s bytes = 0;\n    memcpy(%s, (const void *)at, %" PRIu64
            ");\n    return bytes;\n",
            type, start, size_bytes);
    else
        ADD(file, "    %s bytes = (%s)value;\n    memcpy((void *)at, %s, %" PRIu64 ");\n", type,
            type, start, size_bytes);
    ADD(file, "}\n\n");
}

static void write_accesses(struct file *file, const struct needs *needs)
{
    bool odd = false;
    for (uint64_t size_bytes = 1; size_bytes <= WORD_MAX_BYTES; size_bytes++)
        odd |= (size_bytes & (size_bytes - 1)) != 0 &&
               (needs->loads[size_bytes] || needs->stores[size_bytes]);
    if (odd)
        ADD(file, "#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__\n"
                  "#define ABIDE_LOW(size) (sizeof(uintptr_t) - (size))\n"
                  "#else\n#define ABIDE_LOW(size) 0\n#endif\n\n");
    for (uint64_t size_bytes = 1; size_bytes <= WORD_MAX_BYTES; size_bytes++) {
        if (needs->loads[size_bytes])
            write_access(file, true, size_bytes);
        if (needs->stores[size_bytes])
            write_access(file, false, size_bytes);
    }
}

/* Checks of types at calls through pointers, which some compilers add, would not know words from pointers. */
static const char any_type_definition[] =
    "#ifdef __clang__\n"
    "#define ABIDE_ANY_TYPE __attribute__((no_sanitize(\"function\", \"cfi-icall\")))\n"
    "#else\n#define ABIDE_ANY_TYPE\n#endif\n\n";

static void write_needs(struct file *file, const struct needs *needs)
{
    if (needs->any_type)
        ADD(file, "%s", any_type_definition);
    if (needs->trap)
        ADD(file, "%s", trap_definition);
    write_accesses(file, needs);
    for (size_t i = 0; i < file->outsides.count; i++) {
        const struct outside *outside = &file->outsides.items[i];
        ADD(file, "extern %s abide_call_%zu%s\n    __asm__(ABIDE_SYMBOL \"%s\");\n",
            outside->gives_value ? "uintptr_t" : "void", i,
            parameters(file->ctx, outside->argument_count, false), outside->symbol);
    }
    if (needs->empty)
        ADD(file, "static const _Alignas(%d) unsigned char abide_empty[%d];\n", EMPTY_MAX_BYTES,
            EMPTY_MAX_BYTES);
}

static void write_owner(struct file *file, const struct abide_routine *routine)
{
    const char *name = abide_c_routines__name(file->routines, routine);
    ADD(file, "static %s (*const %s_owner)%s =\n    %s;\n",
        routine->gives_value ? "uintptr_t" : "void", name,
        parameters(file->ctx, routine->parameter_count, false), name);
}

/* A program's function is one, however many conversions had it written. */
static bool is_written(const struct abide_c_routines *routines, size_t index)
{
    const char *symbol = routines->routines[index]->weak_symbol;
    for (size_t i = 0; symbol && i < index; i++)
        if (routines->routines[i]->weak_symbol &&
            strcmp(routines->routines[i]->weak_symbol, symbol) == 0)
            return true;
    return false;
}

const char *abide_c_routines__text(const struct abide_c_routines *routines)
{
    size_t serials = 0;
    for (size_t i = 0; i < routines->count; i++)
        if (routines->routines[i]->serial >= serials)
            serials = routines->routines[i]->serial + (size_t)1;
    struct file file = {.routines = routines, .ctx = routines->ctx};
    struct needs needs = {.file = &file, .owners = abide__new_array(routines->ctx, bool, serials)};
    abide__text_add(file.ctx, &file.text, "", 0);
    for (size_t i = 0; i < routines->count; i++) {
        abide_routine__visit(&routines->routines[i]->body, need, &needs);
        needs.any_type |= is_typed_otherwise(routines->routines[i]);
    }
    write_needs(&file, &needs);
    for (size_t i = 0; i < routines->count; i++) {
        const char *symbol = routines->routines[i]->weak_symbol;
        ADD(&file, "%s%s;\n", head(&file, routines->routines[i]),
            symbol ? abide__printf(file.ctx, " __asm__(ABIDE_SYMBOL \"%s\")", symbol) : "");
    }
    for (size_t i = 0; i < routines->count; i++)
        if (needs.owners[routines->routines[i]->serial])
            write_owner(&file, routines->routines[i]);
    if (routines->count)
        ADD(&file, "\n");
    for (size_t i = 0; i < routines->count; i++)
        if (!is_written(routines, i))
            write_routine(&file, routines->routines[i]);
    return file.text.chars;
}

struct abide_c_routines abide_c_routines__of(abide_ctx *ctx, const abide_plan *const *plans,
                                             size_t plan_count)
{
    struct abide_c_routines made = {.ctx = ctx};
    made.routines = abide_plan__routines(ctx, plans, plan_count, &made.count);
    size_t serials = 0;
    for (size_t i = 0; i < made.count; i++)
        if (made.routines[i]->serial >= serials)
            serials = made.routines[i]->serial + (size_t)1;
    made.names = abide__new_array(ctx, const char *, serials);
    for (size_t i = 0; i < made.count; i++)
        made.names[made.routines[i]->serial] =
            abide__printf(ctx, "abide_routine_%zu_%s", i, made.routines[i]->name);
    made.adapters = abide_plan__adapters(ctx, plans, plan_count, &made.adapter_count);
    if (made.count)
        made.pointer_bytes = plans[0]->caller->physical->machine->pointer_bytes;
    return made;
}

const char *abide_c_routines__name(const struct abide_c_routines *routines,
                                   const struct abide_routine *routine)
{
    return routines->names[routine->serial];
}

const char *abide_c_routines__adapter(const struct abide_c_routines *routines,
                                      const struct abide_adapter *adapter)
{
    size_t index = 0;
    while (index < routines->adapter_count && routines->adapters[index] != adapter)
        index++;
    return abide__printf(routines->ctx, "abide_closure_%zu", index);
}
