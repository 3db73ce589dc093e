/* Comparing two representations without the abstract type that they represent. */
#include "plan/form.h"

#include "call/represent.h"
#include "layout/layout.h"

#include <string.h>

/* Templates are trees that somebody wrote; deeper ones are not taken for alike. */
#define MAX_DEPTH 32

static bool is_same(struct abide_crossing crossing, const abide_type *from, const abide_type *to,
                    unsigned depth);

static bool is_number(const abide_type *type)
{
    return type->kind == ABIDE_KIND_SCALAR || type->kind == ABIDE_KIND_ENUM;
}

static enum abide_scalar_group group_of(const abide_type *type)
{
    if (type->kind == ABIDE_KIND_ENUM)
        type = type->target ? abide_type__strip(type->target) : NULL;
    return type && type->kind == ABIDE_KIND_SCALAR ? abide__scalars[type->scalar].group
                                                   : ABIDE_GROUP_SIGNED;
}

static bool is_physical(enum abide_kind kind)
{
    return kind == ABIDE_KIND_POINTER || kind == ABIDE_KIND_FUNCTION || kind == ABIDE_KIND_ARRAY ||
           kind == ABIDE_KIND_VECTOR || kind == ABIDE_KIND_COMPLEX || kind == ABIDE_KIND_STRUCT ||
           kind == ABIDE_KIND_UNION;
}

/* Of one size. */
static bool is_same_number(const abide_type *from, const abide_type *to,
                           const abide_layout *from_layout, const abide_layout *to_layout)
{
    return (group_of(from) == ABIDE_GROUP_FLOAT) == (group_of(to) == ABIDE_GROUP_FLOAT) &&
           abide_layout__shape(from_layout)->uniform.format ==
               abide_layout__shape(to_layout)->uniform.format;
}

static bool is_known_by_name(const abide_type *type)
{
    return type->kind == ABIDE_KIND_OPAQUE || !type->is_complete;
}

/* What a pointer of one side points to: abstract, until somebody looks at it. */
static const abide_type *look(struct abide_crossing crossing, const abide_module *module,
                              const abide_type *target)
{
    struct abide_representing how = {.module = module,
                                     .foreign =
                                         module == crossing.from ? crossing.to : crossing.from,
                                     .quiet = true};
    const abide_type *physical = abide_represent__as(crossing.ctx, &how, target);
    return abide_type__strip(physical != NULL ? physical : target);
}

/* What both point to: of types that only their name tells, the name. */
static bool is_same_target(struct abide_crossing crossing, const abide_type *from,
                           const abide_type *to, unsigned depth)
{
    from = abide_type__strip(from);
    to = abide_type__strip(to);
    if (from == to)
        return true;
    if (is_known_by_name(from) || is_known_by_name(to))
        return is_known_by_name(from) && is_known_by_name(to) && from->name && to->name &&
               strcmp(from->name, to->name) == 0;
    return is_same(crossing, look(crossing, crossing.from, from), look(crossing, crossing.to, to),
                   depth);
}

static bool is_same_record(struct abide_crossing crossing, const abide_type *from,
                           const abide_type *to, const abide_layout *from_layout,
                           const abide_layout *to_layout, unsigned depth)
{
    if (from->field_count != to->field_count)
        return false;
    for (size_t i = 0; i < from->field_count; i++)
        if (abide_layout__field(from_layout, i).offset_bits !=
                abide_layout__field(to_layout, i).offset_bits ||
            abide_layout__field(from_layout, i).size_bits !=
                abide_layout__field(to_layout, i).size_bits ||
            !is_same(crossing, from->fields[i].type, to->fields[i].type, depth))
            return false;
    return true;
}

static bool is_same(struct abide_crossing crossing, const abide_type *from, const abide_type *to,
                    unsigned depth)
{
    from = abide_type__strip(from);
    to = abide_type__strip(to);
    if (is_number(from) != is_number(to) || (!is_number(from) && from->kind != to->kind))
        return false;
    if (depth == 0 || from->kind == ABIDE_KIND_VOID)
        return depth > 0;
    if (!is_number(from) && !is_physical(from->kind))
        return from == to;
    const abide_layout *from_layout =
        abide_layout__physical(crossing.ctx, crossing.from->machine->data, from);
    const abide_layout *to_layout =
        abide_layout__physical(crossing.ctx, crossing.to->machine->data, to);
    if (!from_layout || !to_layout || from_layout->size_bytes != to_layout->size_bytes)
        return false;
    if (is_number(from))
        return is_same_number(from, to, from_layout, to_layout);
    if (from->kind == ABIDE_KIND_POINTER)
        return is_same_target(crossing, from->target, to->target, depth - 1);
    if (abide_type__is_sequence(from) || from->kind == ABIDE_KIND_VECTOR)
        return from->count == to->count && is_same(crossing, from->target, to->target, depth - 1);
    if (from->kind == ABIDE_KIND_FUNCTION)
        return true; /* how they are called is compared elsewhere */
    return is_same_record(crossing, from, to, from_layout, to_layout, depth - 1);
}

bool abide_form__is_same(struct abide_crossing crossing, const abide_type *from_type,
                         const abide_type *to_type)
{
    return is_same(crossing, from_type, to_type, MAX_DEPTH);
}
