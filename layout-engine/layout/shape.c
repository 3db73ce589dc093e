/* What conditions ask about types, put together while types are laid out. */
#include "layout/inner.h"

#include "base/checked.h"

static uint64_t add_saturating(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return abide__add(a, b, &sum) ? sum : UINT64_MAX;
}

static uint64_t multiply_saturating(uint64_t a, uint64_t b)
{
    uint64_t product;
    return abide__multiply(a, b, &product) ? product : UINT64_MAX;
}

/* The mask of a value that lies `offset` further: bit R of the result is bit R + offset. */
static uint64_t shift_start(uint64_t mask, uint64_t offset)
{
    offset %= 64;
    return offset ? mask >> offset | mask << (64 - offset) : mask;
}

/* Bit R: what is aligned so may not lie at R modulo 64. */
static uint64_t starts_misaligned(uint64_t align_bytes)
{
    uint64_t mask = 0;
    for (unsigned start = 0; start < 64; start++)
        if (start % align_bytes != 0)
            mask |= (uint64_t)1 << start;
    return mask;
}

static const abide_layout *part_of(const abide_layout *layout)
{
    return abide_layout__of_part(layout->among, layout->type, layout->is_packed, 0);
}

static struct abide_shape leaf(enum abide_leaf_kind kind, enum abide_format format,
                               const abide_layout *layout)
{
    struct abide_shape shape = {
        .leaf_count = 1,
        .single_bytes = layout->size_bytes,
        .leaf_align_bytes = (uint32_t)layout->align_bytes,
        .kinds = 1u << kind,
        .formats = format == ABIDE_FORMAT_NONE ? 0 : 1u << format,
        .uniform = {ABIDE_UNIFORM_ALIKE, kind, format, (uint32_t)layout->size_bytes, 1},
    };
    shape.misaligned = shape.misaligned_fields = starts_misaligned(layout->align_bytes);
    return shape;
}

static unsigned kinds_of_containers(unsigned containers)
{
    return (containers & ABIDE_IN_STRUCT ? 1u << ABIDE_LEAF_STRUCT : 0) |
           (containers & ABIDE_IN_UNION ? 1u << ABIDE_LEAF_UNION : 0) |
           (containers & (ABIDE_IN_ARRAY | ABIDE_IN_ARRAY1) ? 1u << ABIDE_LEAF_ARRAY : 0) |
           (containers & ABIDE_IN_COMPLEX ? 1u << ABIDE_LEAF_COMPLEX : 0);
}

static struct abide_shape of_scalar(const abide_layout *layout, enum abide_scalar scalar)
{
    bool is_float = abide__scalars[scalar].group == ABIDE_GROUP_FLOAT;
    struct abide_shape shape = leaf(is_float ? ABIDE_LEAF_FLOAT : ABIDE_LEAF_INT,
                                    layout->among->model->scalars[scalar].format, layout);
    shape.first = (uint64_t)1 << scalar;
    return shape;
}

enum abide_leaf_kind abide_shape__element_kind(const abide_type *vector)
{
    const abide_type *element = abide_type__strip(vector->target);
    bool is_float = element->kind == ABIDE_KIND_SCALAR &&
                    abide__scalars[element->scalar].group == ABIDE_GROUP_FLOAT;
    return is_float ? ABIDE_LEAF_FLOAT : ABIDE_LEAF_INT;
}

static struct abide_shape of_vector(const abide_layout *layout)
{
    struct abide_shape shape = leaf(ABIDE_LEAF_VECTOR, ABIDE_FORMAT_NONE, layout);
    shape.elements = 1u << abide_shape__element_kind(layout->type);
    return shape;
}

/* Elements in a row. */
static struct abide_shape of_array(const abide_layout *element, uint64_t count)
{
    const struct abide_shape inner = *abide_layout__shape(element);
    struct abide_shape shape = inner;
    shape.own = count == 1 ? ABIDE_IN_ARRAY1 : ABIDE_IN_ARRAY;
    shape.is_bare = count == 0 || inner.is_bare;
    shape.has_flexible = false;
    shape.has_flexible_inside = count != 0 && inner.has_flexible_inside;
    shape.has_hollow_array =
        inner.has_hollow_array || count == 0 || (inner.leaf_count == 0 && !inner.has_unnamed_bits);
    if (count != 1 || element->size_bytes != shape.single_bytes)
        shape.single_bytes = 0;
    shape.leaf_count = multiply_saturating(shape.leaf_count, count);
    shape.uniform.count = multiply_saturating(shape.uniform.count, count);
    if (shape.leaf_count == 0) {
        shape.uniform.state = ABIDE_UNIFORM_EMPTY;
        shape.kinds = shape.formats = shape.elements = shape.inner = 0;
        return shape;
    }
    shape.inner |= inner.own;
    shape.kinds |= kinds_of_containers(inner.own);
    /* Starts repeat after 64 elements. */
    shape.misaligned = shape.misaligned_fields = 0;
    for (uint64_t i = 0; i < count && i < 64; i++) {
        uint64_t offset = i * (element->size_bytes % 64) % 64;
        shape.misaligned |= shift_start(inner.misaligned, offset);
        shape.misaligned_fields |= shift_start(inner.misaligned_fields, offset);
    }
    return shape;
}

static bool is_alike(const struct abide_uniform *a, const struct abide_uniform *b)
{
    return a->kind == b->kind && a->format == b->format && a->size_bytes == b->size_bytes;
}

/* As gcc and clang count the members of homogeneous aggregates: unions by their largest member. */
static void add_uniform(struct abide_uniform *record, const struct abide_uniform *field,
                        bool in_union)
{
    if (field->state == ABIDE_UNIFORM_EMPTY)
        return;
    if (record->state == ABIDE_UNIFORM_EMPTY) {
        *record = *field;
        return;
    }
    if (record->state == ABIDE_UNIFORM_MIXED || field->state == ABIDE_UNIFORM_MIXED ||
        !is_alike(record, field))
        record->state = ABIDE_UNIFORM_MIXED;
    else if (!in_union)
        record->count = add_saturating(record->count, field->count);
    else if (field->count > record->count)
        record->count = field->count;
}

bool abide_shape__has_unnamed_bits_beside(const struct abide_shape *shape)
{
    return shape->has_unnamed_bits_beside || (shape->has_own_unnamed_bits && shape->leaf_count > 0);
}

bool abide_shape__has_zero_width_beside(const struct abide_shape *shape)
{
    return shape->has_zero_width_beside || (shape->has_own_zero_width && shape->leaf_count > 0);
}

bool abide_shape__has_bare_beside(const struct abide_shape *shape)
{
    return shape->has_bare_beside || (shape->has_own_bare && shape->leaf_count > 0);
}

static void raise_leaf_align(struct abide_shape *record, uint64_t align_bytes)
{
    if (align_bytes > record->leaf_align_bytes)
        record->leaf_align_bytes = (uint32_t)align_bytes;
}

static void add_field(struct abide_shape *record, const abide_layout *field, uint64_t offset_bits,
                      bool in_union, bool packed)
{
    const struct abide_shape *shape = abide_layout__shape(field);
    record->has_bitfields |= shape->has_bitfields;
    record->has_unnamed_bits |= shape->has_unnamed_bits;
    record->has_unnamed_bits_beside |= abide_shape__has_unnamed_bits_beside(shape);
    record->has_zero_width_bits |= shape->has_zero_width_bits;
    record->has_zero_width_beside |= abide_shape__has_zero_width_beside(shape);
    record->has_empty_fields |= shape->has_empty_fields || field->size_bytes == 0;
    record->has_union_zero_width |= shape->has_union_zero_width;
    bool is_open = field->type->kind == ABIDE_KIND_ARRAY && field->type->is_flexible;
    record->has_flexible |= shape->has_flexible || is_open;
    record->has_flexible_inside |= shape->has_flexible_inside || is_open;
    record->has_hollow_array |= shape->has_hollow_array;
    record->has_own_bare |= shape->is_bare;
    record->has_bare |= shape->is_bare || shape->has_bare;
    record->has_bare_beside |= abide_shape__has_bare_beside(shape);
    raise_leaf_align(record, shape->leaf_align_bytes < field->align_bytes ? shape->leaf_align_bytes
                                                                          : field->align_bytes);
    record->kinds |= kinds_of_containers(shape->own);
    record->misaligned |= shift_start(shape->misaligned, offset_bits / 8);
    record->misaligned_fields |= shift_start(
        shape->misaligned_fields | starts_misaligned(field->align_bytes), offset_bits / 8);
    if (shape->leaf_count == 0)
        return;
    bool is_first = record->leaf_count == 0;
    record->single_bytes =
        is_first && field->size_bytes == shape->single_bytes ? shape->single_bytes : 0;
    record->first = is_first ? shape->first : record->first;
    record->leaf_count = add_saturating(record->leaf_count, shape->leaf_count);
    record->formats |= shape->formats;
    record->elements |= shape->elements;
    record->inner |= shape->inner | shape->own | (packed ? ABIDE_IN_PACKED : 0);
    record->kinds |= shape->kinds;
    add_uniform(&record->uniform, &shape->uniform, in_union);
}

static void add_bitfield(struct abide_shape *record, const abide_layout *field,
                         const struct abide_field *bits, bool in_union)
{
    record->has_bitfields = true;
    if (bits->bits == 0) {
        record->has_zero_width_bits = record->has_own_zero_width = true;
        record->has_union_zero_width |= in_union;
        return;
    }
    if (!bits->name) {
        record->has_unnamed_bits = record->has_own_unnamed_bits = true;
        return;
    }
    static const struct abide_uniform mixed = {.state = ABIDE_UNIFORM_MIXED};
    record->single_bytes = record->leaf_count == 0 ? field->size_bytes : 0;
    record->leaf_count = add_saturating(record->leaf_count, 1);
    record->kinds |= abide_layout__shape(field)->kinds;
    add_uniform(&record->uniform, &mixed, false);
    record->uniform.state = ABIDE_UNIFORM_MIXED;
}

static struct abide_shape of_record(const abide_layout *layout)
{
    const abide_type *type = layout->type;
    bool is_union = type->kind == ABIDE_KIND_UNION;
    bool is_packed = layout->is_packed || type->packed;
    struct abide_shape shape = {.own = (is_union ? ABIDE_IN_UNION : ABIDE_IN_STRUCT) |
                                       (is_packed ? ABIDE_IN_PACKED : 0)};
    for (size_t i = 0; i < type->field_count; i++) {
        const abide_layout *field =
            abide_layout__of_part(layout->among, type, layout->is_packed, i);
        if (type->fields[i].is_bitfield)
            add_bitfield(&shape, field, &type->fields[i], is_union);
        else
            add_field(&shape, field, abide_layout__offset_bits(layout, i), is_union,
                      layout->has_packed_field);
    }
    return shape;
}

/* Through the parts, which lie in each other no deeper than walks may go (ABIDE_TYPE_MAX_VALUE_DEPTH). */
struct abide_shape abide_shape__of(const abide_layout *layout)
{
    const abide_type *type = layout->type;
    struct abide_shape shape;
    switch (type->kind) {
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION: return of_record(layout);
    case ABIDE_KIND_SCALAR: return of_scalar(layout, type->scalar);
    case ABIDE_KIND_VECTOR: return of_vector(layout);
    case ABIDE_KIND_ENUM:
        if (!type->target)
            return of_scalar(layout, layout->among->model->enum_base);
        return *abide_layout__shape(part_of(layout));
    case ABIDE_KIND_NEWTYPE: return *abide_layout__shape(part_of(layout));
    case ABIDE_KIND_ARRAY: return of_array(part_of(layout), type->is_flexible ? 0 : type->count);
    case ABIDE_KIND_COMPLEX:
        shape = of_array(part_of(layout), 2);
        shape.own = ABIDE_IN_COMPLEX;
        return shape;
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_RESOURCE:
    ABIDE_CASES_ABSTRACT:
    case ABIDE_KIND_COUNT: break; /* of these, pointers have layouts */
    }
    return leaf(ABIDE_LEAF_PTR, ABIDE_FORMAT_NONE, layout);
}
