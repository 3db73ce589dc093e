/* Answers conditions: one small function for each key of spec/predicates.def. */
#include "call/evaluate.h"

#include "call/leaves.h"
#include "call/storage.h"

#include <string.h>

typedef bool test_function(const struct abide_passed *passed,
                           const struct abide_condition *condition);

enum abide_leaf_kind abide_evaluate__kind(const abide_layout *layout)
{
    unsigned own = abide_layout__shape(layout)->own;
    if (own & ABIDE_IN_STRUCT)
        return ABIDE_LEAF_STRUCT;
    if (own & ABIDE_IN_UNION)
        return ABIDE_LEAF_UNION;
    if (own & (ABIDE_IN_ARRAY | ABIDE_IN_ARRAY1))
        return ABIDE_LEAF_ARRAY;
    if (own & ABIDE_IN_COMPLEX)
        return ABIDE_LEAF_COMPLEX;
    return abide_layout__shape(layout)->uniform.kind;
}

static bool is_within(const struct abide_limits *limits, uint64_t value)
{
    for (size_t i = 0; i < limits->count; i++) {
        uint64_t limit = limits->items[i].value;
        bool holds = false;
        switch (limits->items[i].compare) {
        case ABIDE_COMPARE_EQ: holds = value == limit; break;
        case ABIDE_COMPARE_LT: holds = value < limit; break;
        case ABIDE_COMPARE_LE: holds = value <= limit; break;
        case ABIDE_COMPARE_GT: holds = value > limit; break;
        case ABIDE_COMPARE_GE: holds = value >= limit; break;
        }
        if (holds)
            return true;
    }
    return false;
}

static bool test_CONSTANT(const struct abide_passed *passed,
                          const struct abide_condition *condition)
{
    (void)passed;
    return condition->flag;
}

static bool test_ALL(const struct abide_passed *passed, const struct abide_condition *condition)
{
    for (size_t i = 0; i < condition->part_count; i++)
        if (!abide_evaluate__holds(passed, condition->parts[i]))
            return false;
    return true;
}

static bool test_ANY(const struct abide_passed *passed, const struct abide_condition *condition)
{
    for (size_t i = 0; i < condition->part_count; i++)
        if (abide_evaluate__holds(passed, condition->parts[i]))
            return true;
    return false;
}

static bool test_NOT(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return !abide_evaluate__holds(passed, condition->parts[0]);
}

/* Compiled to ALL with the named condition as its part. */
static bool test_IS(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return test_ALL(passed, condition);
}

static bool test_KIND(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return condition->kinds & (1u << abide_evaluate__kind(passed->layout));
}

static bool test_ELEMENT(const struct abide_passed *passed, const struct abide_condition *condition)
{
    const abide_type *type = abide_type__strip(passed->layout->type);
    if (type->kind != ABIDE_KIND_VECTOR)
        return false;
    const abide_type *element = abide_type__strip(type->target);
    bool is_float = element->kind == ABIDE_KIND_SCALAR &&
                    abide__scalars[element->scalar].group == ABIDE_GROUP_FLOAT;
    enum abide_format format = element->kind == ABIDE_KIND_SCALAR
                                   ? passed->layout->among->model->scalars[element->scalar].format
                                   : ABIDE_FORMAT_NONE;
    return (condition->kinds & (1u << (is_float ? ABIDE_LEAF_FLOAT : ABIDE_LEAF_INT))) ||
           (is_float && (condition->formats & (1u << format)));
}

static bool test_VECTORS_OF(const struct abide_passed *passed,
                            const struct abide_condition *condition)
{
    return condition->kinds & abide_layout__shape(passed->layout)->elements;
}

static bool test_ELEMENTS(const struct abide_passed *passed,
                          const struct abide_condition *condition)
{
    const abide_type *type = abide_type__strip(passed->layout->type);
    return (type->kind == ABIDE_KIND_VECTOR || type->kind == ABIDE_KIND_ARRAY) &&
           is_within(&condition->limits, type->count);
}

static bool test_SIZE(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return is_within(&condition->limits, passed->layout->size_bytes);
}

static bool test_ALIGN(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return is_within(&condition->limits, passed->layout->align_bytes);
}

static bool test_NATURAL(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return is_within(&condition->limits, abide_layout__natural_align_bytes(passed->layout));
}

static bool test_LEAF_ALIGN(const struct abide_passed *passed,
                            const struct abide_condition *condition)
{
    return is_within(&condition->limits, abide_layout__shape(passed->layout)->leaf_align_bytes);
}

static bool test_EMPTY(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return (abide_layout__shape(passed->layout)->leaf_count == 0) == condition->flag;
}

static bool test_MISALIGNED(const struct abide_passed *passed,
                            const struct abide_condition *condition)
{
    return ((abide_layout__shape(passed->layout)->misaligned & 1) != 0) == condition->flag;
}

static bool test_MISALIGNED_FIELDS(const struct abide_passed *passed,
                                   const struct abide_condition *condition)
{
    return ((abide_layout__shape(passed->layout)->misaligned_fields & 1) != 0) == condition->flag;
}

static bool test_VARIADIC(const struct abide_passed *passed,
                          const struct abide_condition *condition)
{
    return passed->is_variadic == condition->flag;
}

static bool test_POSITION(const struct abide_passed *passed,
                          const struct abide_condition *condition)
{
    return passed->number > 0 && is_within(&condition->limits, passed->number - 1);
}

static bool test_VARIADIC_FUNCTION(const struct abide_passed *passed,
                                   const struct abide_condition *condition)
{
    return passed->is_variadic_function == condition->flag;
}

static bool test_NO_RESULT(const struct abide_passed *passed,
                           const struct abide_condition *condition)
{
    return passed->has_no_result == condition->flag;
}

static bool test_FORMAT(const struct abide_passed *passed, const struct abide_condition *condition)
{
    const struct abide_shape *shape = abide_layout__shape(passed->layout);
    return shape->own == 0 && (condition->formats & shape->formats) != 0;
}

static bool test_CONTAINS(const struct abide_passed *passed,
                          const struct abide_condition *condition)
{
    const struct abide_shape *shape = abide_layout__shape(passed->layout);
    return (condition->kinds & shape->kinds) || (condition->formats & shape->formats);
}

/* Types nest without end, and those of one record may be one type: so far `inside` looks, and at so many parts in all. */
enum { MAX_INNER_DEPTH = 256, MAX_INNER_PARTS = 4096 };

static bool holds_inside(const struct abide_passed *passed, const struct abide_condition *condition,
                         size_t depth)
{
    const abide_type *type = abide_leaves__container(passed->layout);
    if (!type || depth == MAX_INNER_DEPTH)
        return false;
    bool is_sequence = abide_type__is_sequence(type);
    size_t count = is_sequence ? 1 : type->field_count;
    for (size_t i = 0; i < count; i++) {
        if (!is_sequence && type->fields[i].is_bitfield)
            continue;
        if (*passed->parts_left == 0)
            return false;
        (*passed->parts_left)--;
        struct abide_passed part = *passed;
        part.layout = abide_leaves__part(passed->ctx, passed->layout, i);
        part.facts = (struct abide_facts){0};
        if (abide_evaluate__holds(&part, condition) || holds_inside(&part, condition, depth + 1))
            return true;
    }
    return false;
}

static bool test_INSIDE(const struct abide_passed *passed, const struct abide_condition *condition)
{
    size_t parts_left = MAX_INNER_PARTS;
    struct abide_passed whole = *passed;
    if (!whole.parts_left)
        whole.parts_left = &parts_left;
    return holds_inside(&whole, condition->parts[0], 0);
}

static bool test_FIRST(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return (condition->scalars & abide_layout__shape(passed->layout)->first) != 0;
}

/* Of leaves that are alike: the kind, the format of floats, the size. */
static bool is_leaf_allowed(const struct abide_uniform *leaf,
                            const struct abide_condition *condition)
{
    const struct abide_limits *sizes =
        condition->leaf_sizes ? &condition->leaf_sizes[leaf->kind] : NULL;
    return (condition->kinds & (1u << leaf->kind)) &&
           (leaf->kind == ABIDE_LEAF_VECTOR || (condition->formats & (1u << leaf->format))) &&
           (!sizes || sizes->count == 0 || is_within(sizes, leaf->size_bytes));
}

/* AAPCS64 5.9.5 and its like: as many leaves as fit the size, and no more than `max`. */
static bool test_HOMOGENEOUS(const struct abide_passed *passed,
                             const struct abide_condition *condition)
{
    const struct abide_shape *shape = abide_layout__shape(passed->layout);
    const struct abide_uniform *uniform = &shape->uniform;
    unsigned crossed = shape->inner | (shape->own & ~(unsigned)ABIDE_IN_STRUCT);
    return uniform->state == ABIDE_UNIFORM_ALIKE && is_leaf_allowed(uniform, condition) &&
           !(crossed & ~condition->enter) && uniform->count <= condition->max_count &&
           uniform->count * uniform->size_bytes == passed->layout->size_bytes;
}

static bool is_size_allowed(const struct abide_condition *condition, enum abide_leaf_kind kind,
                            uint64_t size_bits)
{
    const struct abide_limits *sizes = condition->leaf_sizes ? &condition->leaf_sizes[kind] : NULL;
    return !sizes || sizes->count == 0 || (size_bits % 8 == 0 && is_within(sizes, size_bits / 8));
}

/* One of the shapes, leaf by leaf; leaves that overlap or lie in a closed container have none. */
static bool has_shape(const struct abide_passed *passed, const struct abide_condition *condition,
                      const struct abide_member_shape *shape)
{
    const struct abide_leaves *leaves = abide_leaves__of(passed->ctx, passed->layout);
    size_t matched = 0;
    uint32_t end_bits = 0;
    uint64_t filled_bits = 0;
    for (size_t i = 0; leaves && i < leaves->count; i++) {
        const struct abide_leaf *leaf = &leaves->items[i];
        enum abide_leaf_kind kind = leaf->is_padding ? condition->padding_kind : leaf->kind;
        if (kind == ABIDE_LEAF_KIND_COUNT)
            continue;
        if (matched == shape->count || !(shape->kinds[matched] & (1u << kind)) ||
            (abide_leaves__crossed(passed->layout, leaf) & ~condition->enter) ||
            leaf->size_bits > condition->max_bytes[kind] * 8 || leaf->offset_bits < end_bits ||
            !is_size_allowed(condition, kind, leaf->size_bits))
            return false;
        end_bits = leaf->offset_bits + leaf->size_bits;
        filled_bits += leaf->size_bits;
        matched++;
    }
    bool is_full = filled_bits == passed->layout->size_bytes * 8;
    return leaves && matched == shape->count && (!condition->flag || is_full);
}

static bool test_MEMBERS(const struct abide_passed *passed, const struct abide_condition *condition)
{
    if (abide_layout__shape(passed->layout)->leaf_count > ABIDE_SHAPE_MAX_LEAVES)
        return false;
    for (size_t i = 0; i < condition->shape_count; i++)
        if (has_shape(passed, condition, &condition->shapes[i]))
            return true;
    return false;
}

static bool test_BITFIELDS(const struct abide_passed *passed,
                           const struct abide_condition *condition)
{
    return abide_layout__shape(passed->layout)->has_bitfields == condition->flag;
}

static bool test_UNNAMED_BITS(const struct abide_passed *passed,
                              const struct abide_condition *condition)
{
    return abide_layout__shape(passed->layout)->has_unnamed_bits == condition->flag;
}

static bool test_UNNAMED_BESIDE(const struct abide_passed *passed,
                                const struct abide_condition *condition)
{
    return abide_shape__has_unnamed_bits_beside(abide_layout__shape(passed->layout)) ==
           condition->flag;
}

static bool test_EMPTY_FIELDS(const struct abide_passed *passed,
                              const struct abide_condition *condition)
{
    return abide_layout__shape(passed->layout)->has_empty_fields == condition->flag;
}

static bool test_ZERO_WIDTH_BITS(const struct abide_passed *passed,
                                 const struct abide_condition *condition)
{
    return abide_layout__shape(passed->layout)->has_zero_width_bits == condition->flag;
}

static bool test_ZERO_WIDTH_BESIDE(const struct abide_passed *passed,
                                   const struct abide_condition *condition)
{
    return abide_shape__has_zero_width_beside(abide_layout__shape(passed->layout)) ==
           condition->flag;
}

static bool test_UNION_ZERO_WIDTH(const struct abide_passed *passed,
                                  const struct abide_condition *condition)
{
    return abide_layout__shape(passed->layout)->has_union_zero_width == condition->flag;
}

static bool test_FLEXIBLE(const struct abide_passed *passed,
                          const struct abide_condition *condition)
{
    return abide_layout__shape(passed->layout)->has_flexible == condition->flag;
}

static bool test_FLEXIBLE_INSIDE(const struct abide_passed *passed,
                                 const struct abide_condition *condition)
{
    return abide_layout__shape(passed->layout)->has_flexible_inside == condition->flag;
}

static bool test_NO_ELEMENTS(const struct abide_passed *passed,
                             const struct abide_condition *condition)
{
    return abide_layout__shape(passed->layout)->has_bare == condition->flag;
}

static bool test_NO_ELEMENTS_BESIDE(const struct abide_passed *passed,
                                    const struct abide_condition *condition)
{
    return abide_shape__has_bare_beside(abide_layout__shape(passed->layout)) == condition->flag;
}

static bool test_EMPTY_ARRAYS(const struct abide_passed *passed,
                              const struct abide_condition *condition)
{
    return abide_layout__shape(passed->layout)->has_hollow_array == condition->flag;
}

static bool test_SINGLE(const struct abide_passed *passed, const struct abide_condition *condition)
{
    const abide_layout *layout = passed->layout;
    bool is_single =
        layout->size_bytes != 0 && abide_layout__shape(layout)->single_bytes == layout->size_bytes;
    return is_single == condition->flag;
}

static bool test_AFFORDABLE(const struct abide_passed *passed,
                            const struct abide_condition *condition)
{
    return (!passed->budgeted || passed->budgeted->is_affordable) == condition->flag;
}

static bool test_SPENT(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return passed->budgeted && (condition->budgets & ~passed->budgeted->spent) == 0;
}

static bool test_STORED(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return abide_storage__is_whole(passed->ctx, passed->layout) == condition->flag;
}

static bool test_PART(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return passed->is_part == condition->flag;
}

static bool test_FACT(const struct abide_passed *passed, const struct abide_condition *condition)
{
    for (size_t i = 0; i < condition->word_count; i++)
        if (abide_facts__has(passed->facts, condition->words[i]) ||
            abide_facts__has(passed->layout->type->facts, condition->words[i]))
            return true;
    return false;
}

/* Both are decided at load. */
static bool test_OPTION(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return test_CONSTANT(passed, condition);
}

static bool test_TARGET(const struct abide_passed *passed, const struct abide_condition *condition)
{
    return test_CONSTANT(passed, condition);
}

bool abide_evaluate__holds(const struct abide_passed *passed,
                           const struct abide_condition *condition)
{
    static test_function *const tests[ABIDE_TEST_COUNT] = {
#define ABIDE_PREDICATE(id, key, form, doc) [ABIDE_TEST_##id] = test_##id,
#include "spec/predicates.def"
#undef ABIDE_PREDICATE
    };
    return !condition || tests[condition->test](passed, condition);
}
