/* What everybody who reads routines needs: which there are, what is called, which values matter. */
#include "plan/routine.h"

#include "plan/plan.h"

#include <assert.h>

/* ---- the routines of plans ---- */

/* A routine whose callees are being gathered; `next` is the one to come. */
struct open_routine {
    const struct abide_routine *routine;
    size_t next;
};

struct gathering {
    abide_ctx *ctx;
    ABIDE_VEC(const struct abide_routine *) found;
    ABIDE_VEC(bool) seen; /* by serial */
    ABIDE_VEC(struct open_routine) open;
    ABIDE_VEC(const struct abide_adapter *) adapters;
    ABIDE_VEC(bool) seen_adapters; /* by serial */
    ABIDE_VEC(const struct abide_routine_constant *) tables;
    ABIDE_VEC(bool) seen_tables; /* by serial */
    ABIDE_VEC(struct abide_methods *) methods;
};

static void add_adapter(struct gathering *gathering, const struct abide_adapter *adapter)
{
    while (gathering->seen_adapters.count <= adapter->serial)
        abide__push(gathering->ctx, &gathering->seen_adapters, false);
    if (gathering->seen_adapters.items[adapter->serial])
        return;
    gathering->seen_adapters.items[adapter->serial] = true;
    abide__push(gathering->ctx, &gathering->adapters, adapter);
}

static bool is_new(struct gathering *gathering, const struct abide_routine_constant *table)
{
    while (gathering->seen_tables.count <= table->serial)
        abide__push(gathering->ctx, &gathering->seen_tables, false);
    bool seen = gathering->seen_tables.items[table->serial];
    gathering->seen_tables.items[table->serial] = true;
    return !seen;
}

static void see_tables(struct gathering *gathering, const struct abide_routine *routine)
{
    for (size_t i = 0; i < routine->table_count; i++)
        if (is_new(gathering, routine->tables[i]))
            abide__push(gathering->ctx, &gathering->tables, routine->tables[i]);
}

static void open_routine(struct gathering *gathering, const struct abide_routine *routine)
{
    while (gathering->seen.count <= routine->serial)
        abide__push(gathering->ctx, &gathering->seen, false);
    if (gathering->seen.items[routine->serial])
        return;
    gathering->seen.items[routine->serial] = true;
    if (routine->adapter)
        add_adapter(gathering, routine->adapter);
    see_tables(gathering, routine);
    abide__push(gathering->ctx, &gathering->open, (struct open_routine){routine, 0});
}

/* From a list, not by recursion: chains of types are longer than the C stack is deep. */
static void gather(struct gathering *gathering, const struct abide_routine *routine)
{
    open_routine(gathering, routine);
    while (gathering->open.count) {
        struct open_routine *last = &gathering->open.items[gathering->open.count - 1];
        if (last->next < last->routine->call_count) {
            open_routine(gathering, last->routine->calls[last->next++]);
        } else {
            abide__push(gathering->ctx, &gathering->found, last->routine);
            gathering->open.count--;
        }
    }
}

static void gather_steps(struct gathering *gathering, const struct abide_copy_step *steps,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (steps[i].routine)
            gather(gathering, steps[i].routine);
}

static void gather_plan(struct gathering *gathering, const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->inner_count; i++)
        gather_plan(gathering, plan->inner[i]);
    gather_steps(gathering, plan->before, plan->before_count);
    gather_steps(gathering, plan->answer, plan->answer_count);
    gather_steps(gathering, plan->after, plan->after_count);
    if (plan->unwinds)
        gather(gathering, plan->unwinds);
}

/* What the functions in tables need; `made` says whether there are some yet. */
static void gather_methods(struct gathering *gathering, struct abide_methods *methods)
{
    for (size_t i = 0; i < gathering->methods.count; i++)
        if (gathering->methods.items[i] == methods)
            return;
    abide__push(gathering->ctx, &gathering->methods, methods);
    for (size_t i = 0; methods->plans && i < methods->interface->field_count; i++)
        gather_plan(gathering, methods->plans[i]);
}

/* What routines name has routines of its own, which may name more of it. */
static struct gathering gather_all(abide_ctx *ctx, const abide_plan *const *plans,
                                   size_t plan_count)
{
    struct gathering gathering = {.ctx = ctx};
    size_t adapters = 0, tables = 0;
    for (size_t i = 0; i < plan_count; i++)
        gather_plan(&gathering, plans[i]);
    while (adapters < gathering.adapters.count || tables < gathering.tables.count) {
        if (tables < gathering.tables.count) {
            const struct abide_routine_constant *table = gathering.tables.items[tables++];
            gather_methods(&gathering, (struct abide_methods *)table->methods);
        } else {
            const struct abide_adapter *adapter = gathering.adapters.items[adapters++];
            if (adapter->plan)
                gather_plan(&gathering, adapter->plan);
        }
    }
    return gathering;
}

const struct abide_routine_constant *const *
abide_plan__tables(abide_ctx *ctx, const abide_plan *const *plans, size_t plan_count, size_t *count)
{
    struct gathering gathering = gather_all(ctx, plans, plan_count);
    *count = gathering.tables.count;
    return gathering.tables.items;
}

struct abide_methods *const *abide_plan__methods(abide_ctx *ctx, const abide_plan *const *plans,
                                                 size_t plan_count, size_t *count)
{
    struct gathering gathering = gather_all(ctx, plans, plan_count);
    *count = gathering.methods.count;
    return gathering.methods.items;
}

const struct abide_routine *const *abide_plan__routines(abide_ctx *ctx,
                                                        const abide_plan *const *plans,
                                                        size_t plan_count, size_t *count)
{
    struct gathering gathering = gather_all(ctx, plans, plan_count);
    *count = gathering.found.count;
    return gathering.found.items;
}

const struct abide_adapter *const *abide_plan__adapters(abide_ctx *ctx,
                                                        const abide_plan *const *plans,
                                                        size_t plan_count, size_t *count)
{
    struct gathering gathering = gather_all(ctx, plans, plan_count);
    *count = gathering.adapters.count;
    return gathering.adapters.items;
}

/* ---- the operations of a routine ---- */

void abide_routine__visit(const struct abide_block *block, abide_op_visitor *visit, void *user)
{
    for (size_t i = 0; i < block->count; i++) {
        visit(&block->ops[i], user);
        abide_routine__visit(&block->ops[i].then, visit, user);
        abide_routine__visit(&block->ops[i].otherwise, visit, user);
    }
}

bool abide_op__size_limit(const struct abide_op *op, uint64_t pointer_bytes, uint64_t *limit)
{
    uint64_t most_bytes = (UINT64_C(1) << (pointer_bytes * 8 - 1)) - 1;
    if (op->size_bytes > most_bytes)
        return false;
    *limit = op->number ? (most_bytes - op->size_bytes) / op->number : UINT64_MAX;
    return true;
}

/* ---- values that matter ---- */

static bool has_effect(enum abide_op_kind kind)
{
    switch (kind) {
    case ABIDE_OP_SIZE:
    case ABIDE_OP_STORE:
    case ABIDE_OP_RUNS:
    case ABIDE_OP_COPY:
    case ABIDE_OP_ZERO:
    case ABIDE_OP_CALL:
    case ABIDE_OP_CALL_AT:
    case ABIDE_OP_COUNT:
    case ABIDE_OP_ROUTINE:
    case ABIDE_OP_IF:
    case ABIDE_OP_CHOOSE:
    case ABIDE_OP_CASE:
    case ABIDE_OP_LOOP:
    case ABIDE_OP_TRAP:
    case ABIDE_OP_RETURN: return true;
    case ABIDE_OP_CONSTANT:
    case ABIDE_OP_OFFSET:
    case ABIDE_OP_ADD:
    case ABIDE_OP_SUBTRACT:
    case ABIDE_OP_AND:
    case ABIDE_OP_MULTIPLY:
    case ABIDE_OP_DIVIDE:
    case ABIDE_OP_EQUAL:
    case ABIDE_OP_BELOW:
    case ABIDE_OP_SELECT:
    case ABIDE_OP_LOAD:
    case ABIDE_OP_LENGTH:
    case ABIDE_OP_HAS_NUL:
    case ABIDE_OP_EMPTY:
    case ABIDE_OP_TEXT:
    case ABIDE_OP_ROOM:
    case ABIDE_OP_TABLE:
    case ABIDE_OP_OWNER:
    case ABIDE_OP_ADAPTER: break;
    }
    return false;
}

static void mark(bool *used, abide_value value)
{
    if (value != ABIDE_NO_VALUE)
        used[value] = true;
}

/* From the end on, so that a use is seen before the operation that makes the value. */
static void mark_block(const struct abide_block *block, bool *used)
{
    for (size_t i = block->count; i-- > 0;) {
        const struct abide_op *op = &block->ops[i];
        if (!has_effect(op->kind) && (op->result == ABIDE_NO_VALUE || !used[op->result]))
            continue;
        mark_block(&op->otherwise, used);
        mark_block(&op->then, used);
        const abide_value operands[] = {op->a, op->b, op->c};
        size_t count = abide_op__operands(op->kind);
        assert(count <= sizeof operands / sizeof *operands);
        for (size_t j = 0; j < count; j++)
            mark(used, operands[j]);
        for (size_t j = 0; j < op->argument_count; j++)
            mark(used, op->arguments[j]);
    }
}

const bool *abide_routine__used(abide_ctx *ctx, const struct abide_routine *routine)
{
    bool *used = abide__new_array(ctx, bool, routine->value_count);
    mark_block(&routine->body, used);
    return used;
}

size_t abide_op__operands(enum abide_op_kind kind)
{
    switch (kind) {
    case ABIDE_OP_SELECT:
    case ABIDE_OP_COPY: return 3;
    case ABIDE_OP_ADD:
    case ABIDE_OP_SUBTRACT:
    case ABIDE_OP_AND:
    case ABIDE_OP_EQUAL:
    case ABIDE_OP_BELOW:
    case ABIDE_OP_STORE:
    case ABIDE_OP_RUNS:
    case ABIDE_OP_COUNT:
    case ABIDE_OP_HAS_NUL: return 2;
    case ABIDE_OP_OFFSET:
    case ABIDE_OP_MULTIPLY:
    case ABIDE_OP_DIVIDE:
    case ABIDE_OP_SIZE:
    case ABIDE_OP_LOAD:
    case ABIDE_OP_ZERO:
    case ABIDE_OP_LENGTH:
    case ABIDE_OP_CALL_AT:
    case ABIDE_OP_IF:
    case ABIDE_OP_CHOOSE:
    case ABIDE_OP_LOOP:
    case ABIDE_OP_TRAP:
    case ABIDE_OP_RETURN: return 1;
    case ABIDE_OP_CONSTANT:
    case ABIDE_OP_EMPTY:
    case ABIDE_OP_TEXT:
    case ABIDE_OP_ROOM:
    case ABIDE_OP_OWNER:
    case ABIDE_OP_ADAPTER:
    case ABIDE_OP_TABLE:
    case ABIDE_OP_CALL:
    case ABIDE_OP_CASE:
    case ABIDE_OP_ROUTINE: break;
    }
    return 0;
}
