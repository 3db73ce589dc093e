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
    for (size_t i = 0; i < iface->constant_count; i++)
        see(&walk, iface->constants[i].type);
    see_parts(&walk);
    for (size_t i = 0; i < iface->type_count; i++) {
        const abide_type *type = iface->types[i];
        if (!walk.seen[type->serial])
            abide__report(ctx, ABIDE_CODE_UNUSED_TYPE, type->place, "no function uses %s",
                          abide__quote(ctx, type->name));
    }
}

/* ---- what is borrowed in what is given away ---------------------------------------------------- */

/* How far each type, by serial, is from something borrowed that lies in it: 1, it is that itself; 0, nothing does. */
struct borrowed {
    abide_ctx *ctx;
    size_t type_count;
    uint32_t *distance;
};

/*
 * The types that a value owns together with itself: its parts, the elements of a sequence, the content of a box. Who owns what
 * lies in a `raw` value is a matter of its language.
 */
static const abide_type *owned_part(const abide_type *type, size_t index)
{
    if (type->kind == ABIDE_KIND_RAW)
        return NULL;
    if (type->kind == ABIDE_KIND_SEQ || type->kind == ABIDE_KIND_BOX)
        return index == 0 ? type->target : NULL;
    return abide_type__part(type, index);
}

/* For each type those that own one: holders[first[serial]] up to holders[first[serial + 1]]. */
struct holders {
    size_t *first;
    const abide_type **holders;
};

static struct holders find_holders(const struct borrowed *borrowed)
{
    abide_ctx *ctx = borrowed->ctx;
    size_t count = borrowed->type_count;
    struct holders result = {.first = abide__new_array(ctx, size_t, count + 2)};
    size_t *next = result.first + 1; /* becomes `first`, shifted by one, while the list is filled */
    const abide_type *part;
    for (size_t serial = 0; serial < count; serial++)
        for (size_t i = 0; (part = owned_part(abide_type__by_serial(ctx, serial), i)); i++)
            next[part->serial + 1]++;
    for (size_t serial = 0; serial < count; serial++)
        next[serial + 1] += next[serial];
    result.holders = abide__new_array(ctx, const abide_type *, next[count]);
    for (size_t serial = 0; serial < count; serial++) {
        const abide_type *type = abide_type__by_serial(ctx, serial);
        for (size_t i = 0; (part = owned_part(type, i)); i++)
            result.holders[next[part->serial]++] = type;
    }
    return result;
}

static struct borrowed find_borrowed(abide_ctx *ctx)
{
    size_t count = abide_type__count(ctx);
    struct borrowed borrowed = {ctx, count, abide__new_array(ctx, uint32_t, count)};
    struct holders holders = find_holders(&borrowed);
    const abide_type **queue = abide__new_array(ctx, const abide_type *, count);
    size_t end = 0;
    for (size_t serial = 0; serial < count; serial++)
        if (abide_type__is_borrowed(abide_type__by_serial(ctx, serial))) {
            queue[end++] = abide_type__by_serial(ctx, serial);
            borrowed.distance[serial] = 1;
        }
    for (size_t at = 0; at < end; at++) {
        uint32_t serial = queue[at]->serial;
        for (size_t i = holders.first[serial]; i < holders.first[serial + 1]; i++) {
            const abide_type *holder = holders.holders[i];
            if (borrowed.distance[holder->serial])
                continue;
            borrowed.distance[holder->serial] = borrowed.distance[serial] + 1;
            queue[end++] = holder;
        }
    }
    return borrowed;
}

/* The nearest borrowed type in one that holds one. */
static const abide_type *nearest_borrowed(const struct borrowed *borrowed, const abide_type *type)
{
    while (borrowed->distance[type->serial] > 1) {
        const abide_type *part = owned_part(type, 0);
        for (size_t i = 1; borrowed->distance[part->serial] != borrowed->distance[type->serial] - 1;
             i++)
            part = owned_part(type, i);
        type = part;
    }
    return type;
}

/* `lender`: whether a signature could name one for this. */
static void check_given(const struct borrowed *borrowed, struct abide_place place, const char *what,
                        const abide_type *type, bool lender)
{
    abide_ctx *ctx = borrowed->ctx;
    if (!borrowed->distance[type->serial])
        return;
    const abide_type *inner = nearest_borrowed(borrowed, type);
    const char *printed = abide_type_print(ctx, inner); /* NULL: no memory, as was reported */
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BORROWED_RESULT, place,
                                     "%s holds %s, which is borrowed, and nothing says from whom",
                                     what, abide__quote(ctx, printed ? printed : ""));
    abide__diag_help(ctx, diag, "write %s if it is given away%s",
                     abide_type_print(ctx, abide_type__owned(ctx, inner)),
                     lender ? "; else name its owner, `-> T from PARAMETER`" : "");
}

static void check_signature(const struct borrowed *borrowed, const abide_signature *signature)
{
    if (!signature->has_lender)
        check_given(borrowed, signature->place, "the result", signature->result, true);
    for (size_t i = 0; i < signature->param_count; i++) {
        const struct abide_param *param = &signature->params[i];
        const abide_type *type = abide_type__strip(param->type);
        if (param->mode != ABIDE_MODE_OUT)
            continue;
        /* The elements of a slice are written; the slice itself is the caller's. */
        check_given(borrowed, param->place, "what the callee writes",
                    type->kind == ABIDE_KIND_SLICE ? type->target : type, false);
    }
}

/* `first_serial`: of the types of this file. */
static void report_borrowed(abide_ctx *ctx, const abide_iface *iface, size_t first_serial)
{
    struct borrowed borrowed = find_borrowed(ctx);
    for (size_t serial = first_serial; serial < borrowed.type_count; serial++)
        if (abide_type__by_serial(ctx, serial)->signature)
            check_signature(&borrowed, abide_type__by_serial(ctx, serial)->signature);
    for (size_t i = 0; i < iface->function_count; i++)
        check_signature(&borrowed, iface->functions[i]->signature);
}

const abide_iface *abide_iface_lint(abide_ctx *ctx, const char *path)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    size_t first_serial = abide_type__count(ctx);
    const abide_iface *iface = abide_iface_load(ctx, path);
    if (iface && iface->function_count)
        report_unused(ctx, iface);
    if (iface)
        report_borrowed(ctx, iface, first_serial);
    for (size_t i = 0; iface && i < iface->function_count; i++)
        abide_iface__check_promotions(ctx, iface->functions[i]->signature);
    abide__guard_leave(ctx, &guard);
    return iface;
}
