/* Reads the key `line` of `edge` in codegen/targets/ARCH.yaml. */
#include "line_data.h"

#include "abide_llvm_compat.h"
#include "base/schema.h"

#include <string.h>

#define MAX_BYTES 65536

enum key {
    KEY_SINCE,
    KEY_SYSTEMS,
    KEY_CONSTRAINT,
    KEY_OPERAND,
    KEY_CALL,
    KEY_JUMP,
    KEY_SCRATCH,
    KEY_VECTOR_SCRATCH,
    KEY_STRICT,
    KEY_REACH,
    KEY_ODD_REACH,
    KEY_ENTER_BYTES,
    KEY_ENTER_PAIR_BYTES,
    KEY_LOAD,
    KEY_LOAD_SIGNED,
    KEY_STORE,
    KEY_CLEAR,
    KEY_ZERO,
    KEY_SIGN,
    KEY_VECTOR_LOAD,
    KEY_VECTOR_STORE,
    KEY_VECTOR_CLEAR,
    KEY_LOAD_PAIR,
    KEY_STORE_PAIR,
    KEY_VECTOR_LOAD_PAIR,
    KEY_VECTOR_STORE_PAIR,
    KEY_CLEAR_PAIR,
    KEY_SHIFT,
    KEY_MASK,
    KEY_PUSH,
    KEY_PUSH_MEMORY,
    KEY_PUSH_CLEAR,
    KEY_POP,
    KEY_COPY,
    KEY_COPY_REGISTERS,
    KEY_FILL,
    KEY_FILL_REGISTERS,
    KEY_ENTER,
    KEY_ENTER_PAIR,
    KEY_LEAVE,
    KEY_LEAVE_PAIR,
    KEY_COUNT
};

static const struct abide_key keys[KEY_COUNT] = {
    {"since", ABIDE_SHAPE_SCALAR, true, "The first LLVM that knows the constraint.", NULL},
    {"systems", ABIDE_SHAPE_SEQUENCE, false, "Ends of the triples that it is for.", NULL},
    {"constraint", ABIDE_SHAPE_SCALAR, true, "LLVM's letters for the address of a function.", NULL},
    {"operand", ABIDE_SHAPE_SCALAR, true, "How its name is written then.", NULL},
    {"call", ABIDE_SHAPE_SCALAR, true, "Calls <target>; may use <register>.", NULL},
    {"jump", ABIDE_SHAPE_SCALAR, false, "Jumps to it.", NULL},
    {"scratch", ABIDE_SHAPE_SCALAR, true, "Integer registers that callees may overwrite.", NULL},
    {"vector_scratch", ABIDE_SHAPE_SCALAR, false, "The same of vector registers.", NULL},
    {"strict", ABIDE_SHAPE_SCALAR, false, "Memory is read at multiples of the width.", NULL},
    {"reach", ABIDE_SHAPE_SCALAR, true, "The largest offset, and frame, in bytes.", NULL},
    {"odd_reach", ABIDE_SHAPE_SCALAR, false, "The same where it is no multiple of the width.",
     NULL},
    {"enter_bytes", ABIDE_SHAPE_SCALAR, false, "The largest frame of `enter`.", NULL},
    {"enter_pair_bytes", ABIDE_SHAPE_SCALAR, false, "The largest frame of `enter_pair`.", NULL},
    {"load", ABIDE_SHAPE_SEQUENCE, true, "By width, with zeroes above.", NULL},
    {"load_signed", ABIDE_SHAPE_SEQUENCE, true, "By width, with the sign above.", NULL},
    {"store", ABIDE_SHAPE_SEQUENCE, true, "By width.", NULL},
    {"clear", ABIDE_SHAPE_SEQUENCE, true, "Memory, by width.", NULL},
    {"zero", ABIDE_SHAPE_SEQUENCE, true, "<register> is the start of <from>, zeroes above.", NULL},
    {"sign", ABIDE_SHAPE_SEQUENCE, true, "<register> is the start of <from>, its sign above.",
     NULL},
    {"vector_load", ABIDE_SHAPE_SEQUENCE, false, "By width.", NULL},
    {"vector_store", ABIDE_SHAPE_SEQUENCE, false, "By width.", NULL},
    {"vector_clear", ABIDE_SHAPE_SCALAR, false, "A register.", NULL},
    {"load_pair", ABIDE_SHAPE_SEQUENCE, false, "By width: <register> and <second>.", NULL},
    {"store_pair", ABIDE_SHAPE_SEQUENCE, false, "By width.", NULL},
    {"vector_load_pair", ABIDE_SHAPE_SEQUENCE, false, "By width.", NULL},
    {"vector_store_pair", ABIDE_SHAPE_SEQUENCE, false, "By width.", NULL},
    {"clear_pair", ABIDE_SHAPE_SCALAR, false, "Two words of memory.", NULL},
    {"shift", ABIDE_SHAPE_SCALAR, false, "<register> is <from> without its lowest <bits>.", NULL},
    {"mask", ABIDE_SHAPE_SCALAR, true, "<register> is <from> down to a multiple of <align>.", NULL},
    {"push", ABIDE_SHAPE_SCALAR, false, "A register.", NULL},
    {"push_memory", ABIDE_SHAPE_SCALAR, false, "A word of memory.", NULL},
    {"push_clear", ABIDE_SHAPE_SCALAR, false, "Zero.", NULL},
    {"pop", ABIDE_SHAPE_SCALAR, false, "A register.", NULL},
    {"copy", ABIDE_SHAPE_SCALAR, false, "Copies <bytes>, a number of words.", NULL},
    {"copy_registers", ABIDE_SHAPE_SCALAR, false, "Its registers: to, from, and the number.", NULL},
    {"fill", ABIDE_SHAPE_SCALAR, false, "Clears <bytes>, a number of words.", NULL},
    {"fill_registers", ABIDE_SHAPE_SCALAR, false, "Its registers: where, and what it overwrites.",
     NULL},
    {"enter", ABIDE_SHAPE_SCALAR, false, "Lowers the stack by <bytes> and stores the link there.",
     NULL},
    {"enter_pair", ABIDE_SHAPE_SCALAR, false, "The same, with <register> behind it.", NULL},
    {"leave", ABIDE_SHAPE_SCALAR, false, "The way back from `enter`.", NULL},
    {"leave_pair", ABIDE_SHAPE_SCALAR, false, "The way back from `enter_pair`.", NULL}};

static const char *text_of(const struct abide_yaml *node)
{
    return node ? node->text : NULL;
}

static bool read_bytes(abide_ctx *ctx, const struct abide_yaml *node, uint64_t *bytes)
{
    return !node || abide_schema__uint(ctx, node, MAX_BYTES, bytes);
}

/* "" in a list: there is no such instruction. */
static void read_widths(const struct abide_yaml *node, const char **texts)
{
    for (size_t i = 0; node && i < node->entry_count && i < ABIDE_LINE_WIDTHS; i++) {
        const char *text = abide_yaml__at(node, i)->text;
        texts[i] = text && *text ? text : NULL;
    }
}

static void read_lists(const struct abide_yaml *const *values, struct abide_line_data *line)
{
    read_widths(values[KEY_LOAD], line->load);
    read_widths(values[KEY_LOAD_SIGNED], line->load_signed);
    read_widths(values[KEY_STORE], line->store);
    read_widths(values[KEY_CLEAR], line->clear);
    read_widths(values[KEY_ZERO], line->zero);
    read_widths(values[KEY_SIGN], line->sign);
    read_widths(values[KEY_VECTOR_LOAD], line->vector_load);
    read_widths(values[KEY_VECTOR_STORE], line->vector_store);
    read_widths(values[KEY_LOAD_PAIR], line->load_pair);
    read_widths(values[KEY_STORE_PAIR], line->store_pair);
    read_widths(values[KEY_VECTOR_LOAD_PAIR], line->vector_load_pair);
    read_widths(values[KEY_VECTOR_STORE_PAIR], line->vector_store_pair);
}

static void read_texts(const struct abide_yaml *const *values, struct abide_line_data *line)
{
    line->constraint = text_of(values[KEY_CONSTRAINT]);
    line->operand = text_of(values[KEY_OPERAND]);
    line->call = text_of(values[KEY_CALL]);
    line->jump = text_of(values[KEY_JUMP]);
    line->vector_clear = text_of(values[KEY_VECTOR_CLEAR]);
    line->clear_pair = text_of(values[KEY_CLEAR_PAIR]);
    line->shift = text_of(values[KEY_SHIFT]);
    line->mask = text_of(values[KEY_MASK]);
    line->push = text_of(values[KEY_PUSH]);
    line->push_memory = text_of(values[KEY_PUSH_MEMORY]);
    line->push_clear = text_of(values[KEY_PUSH_CLEAR]);
    line->pop = text_of(values[KEY_POP]);
    line->fill = text_of(values[KEY_FILL]);
    line->copy = text_of(values[KEY_COPY]);
    line->enter = text_of(values[KEY_ENTER]);
    line->enter_pair = text_of(values[KEY_ENTER_PAIR]);
    line->leave = text_of(values[KEY_LEAVE]);
    line->leave_pair = text_of(values[KEY_LEAVE_PAIR]);
}

static bool read_numbers(abide_ctx *ctx, const struct abide_yaml *const *values,
                         struct abide_line_data *line)
{
    return read_bytes(ctx, values[KEY_REACH], &line->reach_bytes) &&
           read_bytes(ctx, values[KEY_ODD_REACH], &line->odd_reach_bytes) &&
           read_bytes(ctx, values[KEY_ENTER_BYTES], &line->enter_bytes) &&
           read_bytes(ctx, values[KEY_ENTER_PAIR_BYTES], &line->enter_pair_bytes) &&
           (!values[KEY_STRICT] || abide_schema__bool(ctx, values[KEY_STRICT], &line->is_strict));
}

bool abide_line_data__read(abide_ctx *ctx, const struct abide_yaml *node, const char *triple,
                           const struct abide_line_data **line)
{
    static const struct abide_schema schema = {"straight lines", keys, KEY_COUNT};
    const struct abide_yaml *values[KEY_COUNT];
    uint64_t since;
    if (!node)
        return true;
    if (!abide_schema__read(ctx, &schema, node, values) ||
        !abide_schema__uint(ctx, values[KEY_SINCE], 999, &since))
        return false;
    if (since > LLVM_VERSION_MAJOR || !abide_processors__is_listed(values[KEY_SYSTEMS], triple))
        return true;
    struct abide_line_data *made = abide__new(ctx, struct abide_line_data);
    read_texts(values, made);
    read_lists(values, made);
    made->scratch = abide_registers__list(ctx, values[KEY_SCRATCH]);
    if (values[KEY_VECTOR_SCRATCH])
        made->vector_scratch = abide_registers__list(ctx, values[KEY_VECTOR_SCRATCH]);
    if (values[KEY_COPY_REGISTERS])
        made->copy_registers = abide_registers__list(ctx, values[KEY_COPY_REGISTERS]);
    if (values[KEY_FILL_REGISTERS])
        made->fill_registers = abide_registers__list(ctx, values[KEY_FILL_REGISTERS]);
    if (made->fill_registers.count == 0)
        made->fill = NULL;
    if (made->copy_registers.count != ABIDE_LINE_COPY_REGISTERS)
        made->copy = NULL;
    *line = made;
    return read_numbers(ctx, values, made);
}
