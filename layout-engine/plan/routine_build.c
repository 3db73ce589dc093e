/* The builder of routines. */
#include "plan/routine_build.h"

#include "base/checked.h"

#include <assert.h>
#include <string.h>

/* An open block. Operations move while it grows, so that the one that owns the block is found by its index. */
struct abide_routine_scope {
    ABIDE_VEC(struct abide_op) ops;
    struct abide_routine_scope *outer;
    size_t owner; /* index of the operation in `outer` that has it */
    bool is_otherwise;
};

struct abide_routine *abide_routine__new(abide_ctx *ctx, const char *name, size_t parameter_count)
{
    struct abide_routine *routine = abide__new(ctx, struct abide_routine);
    routine->name = name;
    routine->serial = ctx->routine_count++;
    routine->parameter_count = parameter_count;
    routine->value_count = parameter_count;
    return routine;
}

static void open_scope(struct abide_routine_builder *builder, size_t owner, bool is_otherwise)
{
    struct abide_routine_scope *scope = abide__new(builder->ctx, struct abide_routine_scope);
    scope->outer = builder->scope;
    scope->owner = owner;
    scope->is_otherwise = is_otherwise;
    builder->scope = scope;
}

void abide_routine__start(abide_ctx *ctx, struct abide_routine_builder *builder,
                          struct abide_routine *routine)
{
    *builder = (struct abide_routine_builder){.ctx = ctx, .routine = routine};
    open_scope(builder, 0, false);
}

void abide_routine__finish(struct abide_routine_builder *builder)
{
    assert(builder->scope && !builder->scope->outer);
    builder->routine->body.ops = builder->scope->ops.items;
    builder->routine->body.count = builder->scope->ops.count;
    builder->scope = NULL;
}

static void add(struct abide_routine_builder *builder, struct abide_op op)
{
    assert(builder->scope);
    abide__push(builder->ctx, &builder->scope->ops, op);
}

static abide_value add_value(struct abide_routine_builder *builder, struct abide_op op)
{
    op.result = (abide_value)builder->routine->value_count++;
    add(builder, op);
    return op.result;
}

abide_value abide_op__constant(struct abide_routine_builder *builder, uint64_t number)
{
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_CONSTANT, .number = number});
}

abide_value abide_op__offset(struct abide_routine_builder *builder, abide_value address,
                             uint64_t offset_bytes)
{
    if (offset_bytes == 0)
        return address;
    return add_value(
        builder, (struct abide_op){.kind = ABIDE_OP_OFFSET, .a = address, .number = offset_bytes});
}

abide_value abide_op__pair(struct abide_routine_builder *builder, enum abide_op_kind kind,
                           abide_value a, abide_value b)
{
    return add_value(builder, (struct abide_op){.kind = kind, .a = a, .b = b});
}

abide_value abide_op__multiply(struct abide_routine_builder *builder, abide_value a,
                               uint64_t number)
{
    if (number == 1)
        return a;
    return add_value(builder,
                     (struct abide_op){.kind = ABIDE_OP_MULTIPLY, .a = a, .number = number});
}

abide_value abide_op__divide(struct abide_routine_builder *builder, abide_value a, uint64_t number)
{
    assert(number);
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_DIVIDE, .a = a, .number = number});
}

abide_value abide_op__text(struct abide_routine_builder *builder, const char *text)
{
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_TEXT, .symbol = text});
}

abide_value abide_op__room(struct abide_routine_builder *builder, uint64_t size_bytes)
{
    assert(size_bytes);
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_ROOM, .size_bytes = size_bytes});
}

abide_value abide_op__size(struct abide_routine_builder *builder, abide_value count,
                           uint64_t element_bytes, uint64_t more_bytes)
{
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_SIZE,
                                                .a = count,
                                                .number = element_bytes,
                                                .size_bytes = more_bytes});
}

abide_value abide_op__select(struct abide_routine_builder *builder, abide_value a, abide_value b,
                             abide_value c)
{
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_SELECT, .a = a, .b = b, .c = c});
}

abide_value abide_op__load(struct abide_routine_builder *builder, abide_value address,
                           uint64_t offset_bytes, uint64_t size_bytes)
{
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_LOAD,
                                                .a = address,
                                                .number = offset_bytes,
                                                .size_bytes = size_bytes});
}

void abide_op__store(struct abide_routine_builder *builder, abide_value address,
                     uint64_t offset_bytes, uint64_t size_bytes, abide_value value)
{
    add(builder, (struct abide_op){.kind = ABIDE_OP_STORE,
                                   .result = ABIDE_NO_VALUE,
                                   .a = address,
                                   .b = value,
                                   .number = offset_bytes,
                                   .size_bytes = size_bytes});
}

void abide_op__runs(struct abide_routine_builder *builder, abide_value to, abide_value from,
                    const struct abide_runs *runs)
{
    if (runs->count)
        add(builder, (struct abide_op){.kind = ABIDE_OP_RUNS,
                                       .result = ABIDE_NO_VALUE,
                                       .a = to,
                                       .b = from,
                                       .runs = runs->items,
                                       .run_count = runs->count});
}

void abide_op__copy(struct abide_routine_builder *builder, abide_value to, abide_value from,
                    abide_value bytes)
{
    add(builder,
        (struct abide_op){
            .kind = ABIDE_OP_COPY, .result = ABIDE_NO_VALUE, .a = to, .b = from, .c = bytes});
}

void abide_op__zero(struct abide_routine_builder *builder, abide_value address, uint64_t size_bytes)
{
    if (size_bytes)
        add(builder, (struct abide_op){.kind = ABIDE_OP_ZERO,
                                       .result = ABIDE_NO_VALUE,
                                       .a = address,
                                       .size_bytes = size_bytes});
}

abide_value abide_op__length(struct abide_routine_builder *builder, abide_value address)
{
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_LENGTH, .a = address});
}

abide_value abide_op__empty(struct abide_routine_builder *builder, uint64_t size_bytes)
{
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_EMPTY, .size_bytes = size_bytes});
}

static void add_called(struct abide_routine_builder *builder, const struct abide_routine *called)
{
    struct abide_routine *routine = builder->routine;
    for (size_t i = 0; i < routine->call_count; i++)
        if (routine->calls[i] == called)
            return;
    const struct abide_routine **calls =
        abide__vec_grow(builder->ctx, (void *)routine->calls, routine->call_count,
                        &builder->called_capacity, sizeof *calls);
    calls[routine->call_count++] = called;
    routine->calls = calls;
}

abide_value abide_op__owner(struct abide_routine_builder *builder, struct abide_routine *routine)
{
    routine->is_callback = true;
    add_called(builder, routine);
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_OWNER, .routine = routine});
}

abide_value abide_op__adapter(struct abide_routine_builder *builder,
                              const struct abide_adapter *adapter)
{
    assert(!builder->routine->adapter || builder->routine->adapter == adapter);
    builder->routine->adapter = adapter;
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_ADAPTER, .adapter = adapter});
}

static void add_table(struct abide_routine_builder *builder,
                      const struct abide_routine_constant *table)
{
    struct abide_routine *routine = builder->routine;
    for (size_t i = 0; i < routine->table_count; i++)
        if (routine->tables[i] == table)
            return;
    const struct abide_routine_constant **tables =
        abide__vec_grow(builder->ctx, (void *)routine->tables, routine->table_count,
                        &builder->table_capacity, sizeof *tables);
    tables[routine->table_count++] = table;
    routine->tables = tables;
}

abide_value abide_op__table(struct abide_routine_builder *builder,
                            const struct abide_routine_constant *table)
{
    add_table(builder, table);
    for (size_t i = 0; i < table->entry_count; i++)
        if (table->entries[i].kind == ABIDE_TABLE_ROUTINE)
            add_called(builder, table->entries[i].routine);
    return add_value(builder, (struct abide_op){.kind = ABIDE_OP_TABLE, .table = table});
}

abide_value abide_op__count(struct abide_routine_builder *builder, abide_value address,
                            uint64_t offset_bytes, abide_value change)
{
    return add_value(
        builder, (struct abide_op){
                     .kind = ABIDE_OP_COUNT, .a = address, .b = change, .number = offset_bytes});
}

static void add_call(struct abide_routine_builder *builder, struct abide_op op,
                     const abide_value *arguments, size_t argument_count)
{
    abide_value *copy = abide__new_array(builder->ctx, abide_value, argument_count);
    for (size_t i = 0; i < argument_count; i++)
        copy[i] = arguments[i];
    op.arguments = copy;
    op.argument_count = argument_count;
    add(builder, op);
}

abide_value abide_op__call(struct abide_routine_builder *builder, const char *symbol,
                           const abide_value *arguments, size_t argument_count, bool gives_value)
{
    struct abide_op op = {.kind = ABIDE_OP_CALL, .result = ABIDE_NO_VALUE, .symbol = symbol};
    if (gives_value)
        op.result = (abide_value)builder->routine->value_count++;
    add_call(builder, op, arguments, argument_count);
    return op.result;
}

void abide_op__call_at(struct abide_routine_builder *builder, abide_value code,
                       const abide_value *arguments, size_t argument_count)
{
    add_call(builder,
             (struct abide_op){.kind = ABIDE_OP_CALL_AT, .result = ABIDE_NO_VALUE, .a = code},
             arguments, argument_count);
}

abide_value abide_op__routine(struct abide_routine_builder *builder,
                              const struct abide_routine *routine, const abide_value *arguments,
                              size_t argument_count)
{
    struct abide_op op = {.kind = ABIDE_OP_ROUTINE, .result = ABIDE_NO_VALUE, .routine = routine};
    if (routine->gives_value)
        op.result = (abide_value)builder->routine->value_count++;
    add_called(builder, routine);
    add_call(builder, op, arguments, argument_count);
    return op.result;
}

void abide_op__trapping_routine(struct abide_routine_builder *builder,
                                const struct abide_routine *routine, enum abide_trap_code code,
                                const abide_value *arguments, size_t argument_count)
{
    add_called(builder, routine);
    add_call(
        builder,
        (struct abide_op){
            .kind = ABIDE_OP_ROUTINE, .result = ABIDE_NO_VALUE, .routine = routine, .number = code},
        arguments, argument_count);
}

void abide_op__trap(struct abide_routine_builder *builder, enum abide_trap_code code,
                    const char *function, const char *parameter, abide_value value)
{
    add(builder, (struct abide_op){.kind = ABIDE_OP_TRAP,
                                   .result = ABIDE_NO_VALUE,
                                   .a = value,
                                   .number = code,
                                   .function = function ? function : "",
                                   .parameter = parameter ? parameter : ""});
}

void abide_op__trap_at(struct abide_routine_builder *builder, const abide_value *where,
                       abide_value value)
{
    add_call(builder,
             (struct abide_op){.kind = ABIDE_OP_TRAP, .result = ABIDE_NO_VALUE, .a = value}, where,
             3);
}

void abide_op__return(struct abide_routine_builder *builder, abide_value value)
{
    assert(builder->scope);
    builder->routine->gives_value = true;
    add(builder, (struct abide_op){.kind = ABIDE_OP_RETURN, .result = ABIDE_NO_VALUE, .a = value});
}

/* ---- blocks ---- */

/* What makes nothing itself, and has blocks. */
static void open_op(struct abide_routine_builder *builder, struct abide_op op)
{
    size_t index = builder->scope->ops.count;
    op.result = ABIDE_NO_VALUE;
    add(builder, op);
    open_scope(builder, index, false);
}

void abide_op__if(struct abide_routine_builder *builder, abide_value condition)
{
    open_op(builder, (struct abide_op){.kind = ABIDE_OP_IF, .a = condition});
}

void abide_op__choose(struct abide_routine_builder *builder, abide_value number)
{
    open_op(builder, (struct abide_op){.kind = ABIDE_OP_CHOOSE, .a = number});
}

void abide_op__case(struct abide_routine_builder *builder, uint64_t number)
{
    open_op(builder, (struct abide_op){.kind = ABIDE_OP_CASE, .number = number});
}

abide_value abide_op__loop(struct abide_routine_builder *builder, abide_value count)
{
    size_t index = builder->scope->ops.count;
    abide_value at = add_value(builder, (struct abide_op){.kind = ABIDE_OP_LOOP, .a = count});
    open_scope(builder, index, false);
    return at;
}

static void close_scope(struct abide_routine_builder *builder)
{
    struct abide_routine_scope *scope = builder->scope;
    assert(scope && scope->outer);
    struct abide_op *owner = &scope->outer->ops.items[scope->owner];
    *(scope->is_otherwise ? &owner->otherwise : &owner->then) =
        (struct abide_block){scope->ops.items, scope->ops.count};
    builder->scope = scope->outer;
}

void abide_op__else(struct abide_routine_builder *builder)
{
    size_t owner = builder->scope->owner;
    assert(!builder->scope->is_otherwise);
    close_scope(builder);
    open_scope(builder, owner, true);
}

void abide_op__end(struct abide_routine_builder *builder)
{
    close_scope(builder);
}
