/* Routines as text: one line an operation, blocks indented. */
#include "plan/routine_build.h"

#include <stdio.h>

static const char *const trap_names[] = {[ABIDE_TRAP_NUL] = "nul",
                                         [ABIDE_TRAP_OVERFLOW] = "overflow",
                                         [ABIDE_TRAP_TAG] = "tag",
                                         [ABIDE_TRAP_NULL] = "null",
                                         [ABIDE_TRAP_NO_MEMORY] = "no_memory",
                                         [ABIDE_TRAP_BOOL] = "bool",
                                         [ABIDE_TRAP_ENUM] = "enum",
                                         [ABIDE_TRAP_FLAGS] = "flags",
                                         [ABIDE_TRAP_CHAR] = "char",
                                         [ABIDE_TRAP_UTF8] = "utf8",
                                         [ABIDE_TRAP_ALIGN] = "align",
                                         [ABIDE_TRAP_ABSENT] = "absent",
                                         [ABIDE_TRAP_KEPT] = "kept",
                                         [ABIDE_TRAP_UTF16] = "utf16",
                                         [ABIDE_TRAP_SIZE] = "size",
                                         [ABIDE_TRAP_UNKNOWN] = "unknown",
                                         [ABIDE_TRAP_UNWIND] = "unwind",
                                         [ABIDE_TRAP_ONCE] = "once"};

struct printing {
    abide_ctx *ctx;
    struct abide_text *text;
};

static void print_arguments(struct printing *printing, const struct abide_op *op)
{
    for (size_t i = 0; i < op->argument_count; i++)
        abide__text_printf(printing->ctx, printing->text, "%sv%u", i ? ", " : "", op->arguments[i]);
    abide__text_printf(printing->ctx, printing->text, ")\n");
}

static void print_runs(struct printing *printing, const struct abide_op *op)
{
    abide__text_printf(printing->ctx, printing->text, "runs v%u <- v%u:", op->a, op->b);
    for (size_t i = 0; i < op->run_count; i++) {
        const struct abide_run *run = &op->runs[i];
        abide__text_printf(
            printing->ctx, printing->text, " %llu+%llu <- %llu+%llu",
            (unsigned long long)run->to_bytes, (unsigned long long)run->to_size_bytes,
            (unsigned long long)run->from_bytes, (unsigned long long)run->from_size_bytes);
        if (run->to_size_bytes > run->from_size_bytes)
            abide__text_printf(printing->ctx, printing->text, " %s",
                               run->widen == ABIDE_EXTEND_SIGN ? "sign" : "zero");
    }
    abide__text_printf(printing->ctx, printing->text, "\n");
}

/* What stands behind the result. */
static void print_op(struct printing *printing, const struct abide_op *op)
{
    abide_ctx *ctx = printing->ctx;
    struct abide_text *text = printing->text;
    unsigned long long number = op->number, size_bytes = op->size_bytes;
    switch (op->kind) {
    case ABIDE_OP_CONSTANT: abide__text_printf(ctx, text, "%llu\n", number); return;
    case ABIDE_OP_OFFSET: abide__text_printf(ctx, text, "v%u + %llu\n", op->a, number); return;
    case ABIDE_OP_ADD: abide__text_printf(ctx, text, "v%u + v%u\n", op->a, op->b); return;
    case ABIDE_OP_SUBTRACT: abide__text_printf(ctx, text, "v%u - v%u\n", op->a, op->b); return;
    case ABIDE_OP_AND: abide__text_printf(ctx, text, "v%u & v%u\n", op->a, op->b); return;
    case ABIDE_OP_MULTIPLY: abide__text_printf(ctx, text, "v%u * %llu\n", op->a, number); return;
    case ABIDE_OP_DIVIDE: abide__text_printf(ctx, text, "v%u / %llu\n", op->a, number); return;
    case ABIDE_OP_SIZE:
        abide__text_printf(ctx, text, "size v%u * %llu + %llu\n", op->a, number, size_bytes);
        return;
    case ABIDE_OP_EQUAL: abide__text_printf(ctx, text, "v%u == v%u\n", op->a, op->b); return;
    case ABIDE_OP_BELOW: abide__text_printf(ctx, text, "v%u < v%u\n", op->a, op->b); return;
    case ABIDE_OP_SELECT:
        abide__text_printf(ctx, text, "v%u ? v%u : v%u\n", op->a, op->b, op->c);
        return;
    case ABIDE_OP_LOAD:
        abide__text_printf(ctx, text, "load %llu at v%u + %llu\n", size_bytes, op->a, number);
        return;
    case ABIDE_OP_STORE:
        abide__text_printf(ctx, text, "store %llu at v%u + %llu = v%u\n", size_bytes, op->a, number,
                           op->b);
        return;
    case ABIDE_OP_RUNS: print_runs(printing, op); return;
    case ABIDE_OP_COPY:
        abide__text_printf(ctx, text, "copy v%u <- v%u, v%u bytes\n", op->a, op->b, op->c);
        return;
    case ABIDE_OP_ZERO:
        abide__text_printf(ctx, text, "zero %llu at v%u\n", size_bytes, op->a);
        return;
    case ABIDE_OP_LENGTH: abide__text_printf(ctx, text, "length v%u\n", op->a); return;
    case ABIDE_OP_HAS_NUL:
        abide__text_printf(ctx, text, "has_nul v%u, v%u\n", op->a, op->b);
        return;
    case ABIDE_OP_EMPTY: abide__text_printf(ctx, text, "empty %llu\n", size_bytes); return;
    case ABIDE_OP_TEXT: abide__text_printf(ctx, text, "text '%s'\n", op->symbol); return;
    case ABIDE_OP_ROOM: abide__text_printf(ctx, text, "room %llu\n", size_bytes); return;
    case ABIDE_OP_OWNER: abide__text_printf(ctx, text, "owner %s\n", op->routine->name); return;
    case ABIDE_OP_ADAPTER: abide__text_printf(ctx, text, "adapter\n"); return;
    case ABIDE_OP_TABLE: abide__text_printf(ctx, text, "table %s\n", op->table->name); return;
    case ABIDE_OP_COUNT:
        abide__text_printf(ctx, text, "count at v%u + %llu += v%u\n", op->a, number, op->b);
        return;
    case ABIDE_OP_CALL:
        abide__text_printf(ctx, text, "call %s(", op->symbol);
        print_arguments(printing, op);
        return;
    case ABIDE_OP_CALL_AT:
        abide__text_printf(ctx, text, "call v%u(", op->a);
        print_arguments(printing, op);
        return;
    case ABIDE_OP_ROUTINE:
        abide__text_printf(ctx, text, "routine %s(", op->routine->name);
        print_arguments(printing, op);
        return;
    case ABIDE_OP_IF: abide__text_printf(ctx, text, "if v%u\n", op->a); return;
    case ABIDE_OP_CHOOSE: abide__text_printf(ctx, text, "choose v%u\n", op->a); return;
    case ABIDE_OP_CASE: abide__text_printf(ctx, text, "case %llu\n", number); return;
    case ABIDE_OP_LOOP: abide__text_printf(ctx, text, "loop v%u\n", op->a); return;
    case ABIDE_OP_TRAP:
        if (op->argument_count) {
            abide__text_printf(ctx, text, "trap v%u (", op->a);
            print_arguments(printing, op);
            return;
        }
        abide__text_printf(ctx, text, "trap %s v%u (%s, %s)\n", trap_names[op->number], op->a,
                           op->function, op->parameter);
        return;
    case ABIDE_OP_RETURN: abide__text_printf(ctx, text, "return v%u\n", op->a); return;
    }
}

static void print_block(struct printing *printing, struct abide_block block, unsigned depth)
{
    for (size_t i = 0; i < block.count; i++) {
        const struct abide_op *op = &block.ops[i];
        abide__text_printf(printing->ctx, printing->text, "%*s", (int)depth * 2, "");
        if (op->result != ABIDE_NO_VALUE)
            abide__text_printf(printing->ctx, printing->text, "v%u = ", op->result);
        print_op(printing, op);
        print_block(printing, op->then, depth + 1);
        if (op->otherwise.count) {
            abide__text_printf(printing->ctx, printing->text, "%*selse\n", (int)depth * 2, "");
            print_block(printing, op->otherwise, depth + 1);
        }
    }
}

const char *abide_routine__print(abide_ctx *ctx, const struct abide_routine *routine)
{
    struct abide_text text = {0};
    struct printing printing = {ctx, &text};
    abide__text_printf(ctx, &text, "%s(", routine->name);
    for (size_t i = 0; i < routine->parameter_count; i++)
        abide__text_printf(ctx, &text, "%sv%zu", i ? ", " : "", i);
    abide__text_printf(ctx, &text, ")%s\n", routine->is_callback ? ", called by others" : "");
    print_block(&printing, routine->body, 1);
    return text.chars;
}
