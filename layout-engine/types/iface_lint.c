/* What can be said about an interface file beyond its mistakes. */
#include "base/diag.h"
#include "types/iface.h"

/* Types that were seen, by serial, and those whose parts are still to be looked at. */
struct walk {
    abide_ctx *ctx;
    bool *seen;
    ABIDE_VEC(const abide_type *) pending;
};

static void see(struct walk *walk, const abide_type *type)
{
    if (!type || walk->seen[type->serial])
        return;
    walk->seen[type->serial] = true;
    abide__push(walk->ctx, &walk->pending, type);
}

static void see_signature(struct walk *walk, const abide_signature *signature)
{
    if (!signature)
        return;
    for (size_t i = 0; i < signature->param_count; i++)
        see(walk, signature->params[i].type);
    see(walk, signature->result);
}

static void see_parts(struct walk *walk)
{
    while (walk->pending.count) {
        const abide_type *type = walk->pending.items[--walk->pending.count];
        see(walk, type->target);
        see_signature(walk, type->signature);
        for (size_t i = 0; i < type->field_count; i++)
            see(walk, type->fields[i].type);
    }
}

static void report_unused(abide_ctx *ctx, const abide_iface *iface)
{
    struct walk walk = {.ctx = ctx, .seen = abide__new_array(ctx, bool, abide_type__count(ctx))};
    for (size_t i = 0; i < iface->function_count; i++)
        see_signature(&walk, iface->functions[i]->signature);
    see_parts(&walk);
    for (size_t i = 0; i < iface->type_count; i++) {
        const abide_type *type = iface->types[i];
        if (!walk.seen[type->serial])
            abide__report(ctx, ABIDE_CODE_UNUSED_TYPE, type->place, "no function uses %s",
                          abide__quote(ctx, type->name));
    }
}

void abide_iface_lint(abide_ctx *ctx, const char *path)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return;
    const abide_iface *iface = abide_iface_load(ctx, path);
    if (iface && iface->function_count)
        report_unused(ctx, iface);
    abide__guard_leave(ctx, &guard);
}
