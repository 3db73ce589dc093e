/*
 * Routines: little programs over memory, for what moving bytes cannot say. A loop over the elements of a slice, a choice between
 * the cases of a variant, a call of an allocator. plan/lift writes them; the emitters (codegen/, plan/emit_c.c) translate them,
 * each as a function of its own that only the file sees.
 *
 * A *value* is a machine word: an address, or an unsigned number. Value I is parameter I; the others are made by exactly one
 * operation each, which stands before all uses, in the same block or one around it.
 */
#ifndef ABIDE_PLAN_ROUTINE_H
#define ABIDE_PLAN_ROUTINE_H

#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct abide_run;
struct abide_routine;
struct abide_plan;

/* What a closure that a conversion makes leads to: an adapter that finds what it calls in its environment. */
struct abide_adapter {
    const struct abide_plan *plan; /* NULL: not made yet */
    uint32_t serial;               /* unique in the context */
};

typedef uint32_t abide_value;
#define ABIDE_NO_VALUE UINT32_MAX

enum abide_op_kind {
    ABIDE_OP_CONSTANT, /* result = number */
    ABIDE_OP_OFFSET,   /* result = a + number */
    ABIDE_OP_ADD,      /* result = a + b, wrapping */
    ABIDE_OP_SUBTRACT, /* result = a - b, wrapping */
    ABIDE_OP_AND,      /* result = a & b */
    ABIDE_OP_MULTIPLY, /* result = a * number, wrapping: to find elements */
    ABIDE_OP_DIVIDE,   /* result = a / number, which is not 0; of numbers without a sign */
    ABIDE_OP_SIZE, /* result = a * number + size_bytes; traps (OVERFLOW) if that is more than PTRDIFF_MAX */
    ABIDE_OP_EQUAL,  /* result = a == b */
    ABIDE_OP_BELOW,  /* result = a < b */
    ABIDE_OP_SELECT, /* result = a ? b : c */
    ABIDE_OP_LOAD,   /* result = size_bytes (at most a word) at a + number, zero-extended */
    ABIDE_OP_STORE,  /* size_bytes (at most a word) at a + number = low bytes of b */
    ABIDE_OP_RUNS,   /* the bytes at b go to a through `runs` (plan.h) */
    ABIDE_OP_COPY, /* c bytes at b go to a; they do not overlap; c may be 0, and b then anything */
    ABIDE_OP_ZERO, /* size_bytes at a = 0 */
    ABIDE_OP_LENGTH, /* result = bytes before the first NUL at a */
    ABIDE_OP_HAS_NUL, /* result = 1 if one of the b bytes at a is 0; b may be 0, and a then anything */
    ABIDE_OP_EMPTY, /* result = the address of constant zero bytes: size_bytes (at most 64), aligned as much */
    ABIDE_OP_TEXT, /* result = the address of the constant text `symbol`, which ends in a NUL */
    ABIDE_OP_ROOM, /* result = the address of size_bytes of memory that end with the routine; their content is anything */
    ABIDE_OP_OWNER, /* result = the address of a constant word that holds the address of `routine` */
    ABIDE_OP_ADAPTER, /* result = the address of the code of `adapter` */
    ABIDE_OP_TABLE,   /* result = the address of the constant `table` */
    ABIDE_OP_COUNT, /* result = the word at a + number after b was added to it, in one step that no thread sees half of */
    ABIDE_OP_CALL,  /* result (or none) = the C function `symbol` with the words `arguments` */
    ABIDE_OP_CALL_AT, /* the C function at the address a, with the words `arguments`; no result */
    ABIDE_OP_ROUTINE, /* number, if not 0: the code with which it traps; result (or none) = `routine` with the words `arguments` */
    ABIDE_OP_IF,      /* a: `then`, else `otherwise` */
    ABIDE_OP_CHOOSE, /* `then` holds one CASE for each number, and nothing else: the one of number a, or `otherwise` */
    ABIDE_OP_CASE, /* `then`, if CHOOSE's a is `number` */
    ABIDE_OP_LOOP, /* `then` with result = 0, 1 ... a - 1 */
    /*
     * Ends the process: abide_trap(number, function, parameter, a), then a trap instruction. With `arguments` these are the number,
     * and the addresses of the two texts.
     */
    ABIDE_OP_TRAP,
    ABIDE_OP_RETURN /* last in its block: gives a */
};

/* The function that TRAP calls; each file that has traps defines it weakly, as a trap instruction. */
#define ABIDE_TRAP_SYMBOL "abide_trap"

/* The function that says how many bytes of a text, from its start, are UTF-8: (text, bytes). */
#define ABIDE_UTF8_SYMBOL "abide_check_utf8"
/* The same of UTF-16: (units, count). */
#define ABIDE_UTF16_SYMBOL "abide_check_utf16"
/* Text in the other encoding: (text, units of it, memory, or a null pointer) -> units of the result, or -1. */
#define ABIDE_TO_UTF16_SYMBOL "abide_utf8_to_utf16"
#define ABIDE_TO_UTF8_SYMBOL  "abide_utf16_to_utf8"

/* Codes of abide_trap (include/abide/system.h has the same). */
enum abide_trap_code {
    ABIDE_TRAP_NUL = 1,   /* a NUL inside text that is to end at its first */
    ABIDE_TRAP_OVERFLOW,  /* a size or length that the other side cannot hold */
    ABIDE_TRAP_TAG,       /* a tag that is none of the cases */
    ABIDE_TRAP_NULL,      /* a null pointer where there must be none */
    ABIDE_TRAP_NO_MEMORY, /* an allocator gave nothing */
    ABIDE_TRAP_BOOL,      /* a truth value that is neither 0 nor 1 */
    ABIDE_TRAP_ENUM,      /* none of the values of a closed enum */
    ABIDE_TRAP_FLAGS,     /* bits that closed flags, or a set, do not have */
    ABIDE_TRAP_CHAR,      /* no Unicode scalar value */
    ABIDE_TRAP_UTF8,      /* text that is no UTF-8 */
    ABIDE_TRAP_ALIGN,     /* an address that is not aligned for what lies there */
    ABIDE_TRAP_ABSENT,    /* a method that an object does not have */
    ABIDE_TRAP_KEPT,      /* an object that was lent is still referred to when the call returns */
    ABIDE_TRAP_UTF16,     /* text that is no UTF-16 */
    ABIDE_TRAP_SIZE,      /* less of a struct that grows, or of a vtable, than every release has */
    ABIDE_TRAP_UNKNOWN,   /* a field that only a later release knows, and that says something */
    ABIDE_TRAP_UNWIND,    /* an exception that would leave a function */
    ABIDE_TRAP_ONCE       /* a closure that was called already, and may be called once */
};

/*
 * Functions by which code of one ABI calls the methods of another's objects. The plans are made when the one is that a routine with
 * the table is for (plan/methods.c).
 */
struct abide_methods {
    const struct abide_module *caller; /* who calls, */
    const struct abide_module *callee; /* whose objects they are */
    const struct abide_iface *iface;
    const struct abide_type *interface;
    bool checks; /* they look at what they get and return, whatever the interface says of them */
    bool enters_runtime;             /* they call hooks of the runtime that the objects belong to */
    const struct abide_plan **plans; /* one for each method; NULL: not made yet */
    uint32_t serial;                 /* unique in the context */
};

enum abide_table_kind {
    ABIDE_TABLE_NUMBER,  /* `number`, in the byte order of the machine */
    ABIDE_TABLE_ROUTINE, /* the address of `routine` */
    ABIDE_TABLE_METHOD   /* the address of plans[number] of the table's methods */
};

struct abide_constant_entry {
    enum abide_table_kind kind;
    uint64_t offset_bytes;
    uint32_t size_bytes;
    uint64_t number;
    const struct abide_routine *routine;
};

/* Constant data with addresses of functions in it: a vtable. Bytes between the entries are zero. */
struct abide_routine_constant {
    const char *name; /* a C identifier, for people; not unique */
    uint32_t serial;  /* unique in the context */
    uint64_t size_bytes;
    const struct abide_constant_entry *entries; /* in the order of their offsets */
    size_t entry_count;
    const struct abide_methods *methods;
};

struct abide_op;
struct abide_block {
    const struct abide_op *ops;
    size_t count;
};

struct abide_op {
    enum abide_op_kind kind;
    abide_value result; /* ABIDE_NO_VALUE: none */
    abide_value a, b, c;
    uint64_t number;
    uint64_t size_bytes;
    const struct abide_run *runs;
    size_t run_count;
    const char *symbol;
    const struct abide_routine *routine;
    const struct abide_adapter *adapter;
    const struct abide_routine_constant *table;
    const abide_value *arguments;
    size_t argument_count;
    struct abide_block then, otherwise;
    const char *function; /* TRAP: whose conversion; "" if unknown */
    const char *parameter;
};

struct abide_routine {
    const char *name; /* a C identifier, for people; not unique */
    uint32_t serial;  /* unique in the context */
    size_t parameter_count;
    size_t value_count; /* values are below this */
    bool gives_value;
    bool is_test; /* mostly it does nothing: code around it is to be fast rather than short */
    /*
     * A routine that the program may have a function of its own for, of this symbol, which takes words: what is here is only the usual
     * one. NULL: the routine is the file's alone.
     */
    const char *weak_symbol;
    bool
        is_callback; /* is called by others, as the C function with words for parameters (ABIDE_OP_OWNER) */
    struct abide_block body;
    const struct abide_routine *const
        *calls; /* that its operations name, each once; may lead back here */
    size_t call_count;
    const struct abide_adapter *adapter; /* that its operations name: one at most; NULL: none */
    const struct abide_routine_constant *const *tables; /* that its operations name, each once */
    size_t table_count;
};

/* Calls `visit` for every operation, those of inner blocks behind the one that holds them. */
typedef void abide_op_visitor(const struct abide_op *op, void *user);
void abide_routine__visit(const struct abide_block *block, abide_op_visitor *visit, void *user);

/* How many of a, b, c operations of a kind read (TRAP's `a`, and RETURN's, may be none). */
size_t abide_op__operands(enum abide_op_kind kind);

/* SIZE: the largest `a` that does not trap; false: every one does. */
bool abide_op__size_limit(const struct abide_op *op, uint64_t pointer_bytes, uint64_t *limit);

/* By value: whether an operation that does something depends on it. What makes the others may be left out. */
const bool *abide_routine__used(abide_ctx *ctx, const struct abide_routine *routine);

#endif
