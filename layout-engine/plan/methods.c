/*
 * Vtables and their methods. A routine only names a table; its functions are planned when the plan is made that needs the routine, since
 * they are plans with routines of their own, which may name further tables, or the same.
 */
#include "plan/methods.h"

#include "plan/convert_parts.h"
#include "plan/object.h"

#include <string.h>

/* What was made in a context. */
struct abide_tables {
    ABIDE_VEC(struct abide_methods *) methods;
    ABIDE_VEC(const struct abide_routine_constant *) tables;
};

static struct abide_tables *tables_of(abide_ctx *ctx)
{
    if (!ctx->tables)
        ctx->tables = abide__new(ctx, struct abide_tables);
    return ctx->tables;
}

static struct abide_methods *methods_for(const struct abide_crossing *crossing,
                                         const abide_iface *iface, const abide_type *interface,
                                         struct abide_callback_duties duties)
{
    abide_ctx *ctx = crossing->ctx;
    struct abide_tables *tables = tables_of(ctx);
    for (size_t i = 0; i < tables->methods.count; i++) {
        struct abide_methods *methods = tables->methods.items[i];
        if (methods->caller == crossing->to && methods->callee == crossing->from &&
            methods->iface == iface && methods->interface == interface &&
            methods->checks == duties.checks && methods->enters_runtime == duties.enters_runtime)
            return methods;
    }
    struct abide_methods *methods = abide__new(ctx, struct abide_methods);
    *methods = (struct abide_methods){.caller = crossing->to,
                                      .callee = crossing->from,
                                      .iface = iface,
                                      .interface = interface,
                                      .checks = duties.checks,
                                      .enters_runtime = duties.enters_runtime,
                                      .serial = (uint32_t)tables->methods.count};
    abide__push(ctx, &tables->methods, methods);
    return methods;
}

static bool is_same_entry(const struct abide_constant_entry *a,
                          const struct abide_constant_entry *b)
{
    return a->kind == b->kind && a->offset_bytes == b->offset_bytes &&
           a->size_bytes == b->size_bytes && a->number == b->number && a->routine == b->routine;
}

static bool is_same(const struct abide_routine_constant *a, const struct abide_routine_constant *b)
{
    bool same = a->methods == b->methods && a->size_bytes == b->size_bytes &&
                a->entry_count == b->entry_count;
    for (size_t i = 0; same && i < a->entry_count; i++)
        same = is_same_entry(&a->entries[i], &b->entries[i]);
    return same;
}

const struct abide_routine_constant *
abide_methods__table(const struct abide_crossing *crossing, const abide_iface *iface,
                     const abide_type *interface, struct abide_callback_duties duties,
                     const struct abide_routine_constant *model)
{
    abide_ctx *ctx = crossing->ctx;
    struct abide_routine_constant *table = abide__new(ctx, struct abide_routine_constant);
    *table = *model;
    table->methods = methods_for(crossing, iface, interface, duties);
    struct abide_tables *tables = tables_of(ctx);
    for (size_t i = 0; i < tables->tables.count; i++)
        if (is_same(tables->tables.items[i], table))
            return tables->tables.items[i];
    table->serial = (uint32_t)tables->tables.count;
    abide__push(ctx, &tables->tables, table);
    return table;
}

/* All of them, or none: what was reported for one is not reported again for the same plan. */
static bool complete(abide_ctx *ctx, struct abide_methods *methods)
{
    struct abide_side side = {.ctx = ctx, .module = methods->callee, .foreign = methods->caller};
    struct abide_vtable vtable;
    size_t count = methods->interface->field_count;
    const abide_plan **plans = abide__new_array(ctx, const abide_plan *, count + 1);
    bool fine = abide_object__vtable(&side, methods->interface, &vtable);
    for (size_t i = 0; i < count && fine; i++) {
        plans[i] = abide_build__method(ctx, methods, i, abide_vtable__method_bytes(&vtable, i));
        fine = plans[i];
    }
    if (fine)
        methods->plans = plans;
    return fine;
}

bool abide_methods__complete(abide_ctx *ctx, const abide_plan *plan)
{
    for (;;) {
        size_t count, done = 0;
        struct abide_methods *const *methods = abide_plan__methods(ctx, &plan, 1, &count);
        for (size_t i = 0; i < count; i++) {
            if (!methods[i]->plans && !complete(ctx, methods[i]))
                return false;
            done += methods[i]->plans != NULL;
        }
        size_t now;
        abide_plan__methods(ctx, &plan, 1, &now);
        if (done == now)
            return true;
    }
}
