/*
 * Types that hardly any program has, with members that take no room: bit-fields of width 0 and unnamed ones, arrays of no
 * elements or without a count, records of nothing else, aligned or not. Of these, compilers have rules that nobody planned.
 */
#include "generator.h"

enum { ODD_MAX_BYTES = 48 };

/* The first types of a signature are hollow: nothing in them has a value. */
struct odd {
    struct generator *g;
    unsigned hollow_count;
};

static struct use named(unsigned type)
{
    return (struct use){.kind = USE_NAMED, .index = type};
}

/* Whether C has arrays of a type that may be hollow. */
static bool is_element(const struct odd *odd, const struct use *use)
{
    const unsigned least_bytes = 4; /* that such a type has, where it has any */
    return use->kind != USE_NAMED || generator_has(odd->g, FEATURE_EVEN_EMPTY) ||
           odd->g->aligns_bytes[use->index] <= least_bytes;
}

/* What an array of no elements would be of. */
static struct use absent_element(struct odd *odd)
{
    struct generator *g = odd->g;
    unsigned made = g->signature->type_count;
    struct use use = named(made > 0 ? generator_below(g, made) : 0);
    if (made > 0 && is_element(odd, &use) && generator_chance(g, 30))
        return use;
    return generator_scalar_use(generator_scalar(g));
}

static struct field unnamed_bits(struct odd *odd)
{
    struct field field = generator_bitfield(odd->g);
    field.is_unnamed = true;
    if (generator_chance(odd->g, 60))
        field.bits = 0;
    return field;
}

static struct field hollow_value(struct odd *odd)
{
    struct generator *g = odd->g;
    struct field field = {.type = named(generator_below(g, odd->hollow_count))};
    if (is_element(odd, &field.type) && generator_chance(g, 40))
        field.type.counts[0] = 1 + generator_below(g, 3);
    return field;
}

static struct field absent_elements(struct odd *odd)
{
    struct field field = {.type = absent_element(odd)};
    bool is_inner = generator_chance(odd->g, 15);
    field.type.counts[0] = is_inner ? 1 + generator_below(odd->g, 3) : COUNT_ZERO;
    field.type.counts[1] = is_inner ? COUNT_ZERO : COUNT_ABSENT;
    return field;
}

/* A member that takes no room, or whose room holds nothing. */
static struct field hollow_field(struct odd *odd)
{
    struct generator *g = odd->g;
    if (odd->hollow_count > 0 && generator_has(g, FEATURE_EMPTY) && generator_chance(g, 35))
        return hollow_value(odd);
    if (generator_has(g, FEATURE_UNNAMED) && generator_chance(g, 55))
        return unnamed_bits(odd);
    return absent_elements(odd);
}

/* A member with a value, or a record made earlier. */
static struct field full_field(struct odd *odd, const struct use *usual)
{
    struct generator *g = odd->g;
    unsigned earlier = g->signature->type_count - odd->hollow_count;
    struct field field = {.type = *usual};
    if (earlier > 0 && generator_chance(g, 35))
        field.type = named(odd->hollow_count + generator_below(g, earlier));
    else if (generator_has(g, FEATURE_BITFIELD) && generator_chance(g, 10))
        return generator_bitfield(g);
    else if (generator_chance(g, 40))
        field.type = generator_scalar_use(generator_scalar(g));
    if (is_element(odd, &field.type) && generator_is_element(g, &field.type) &&
        generator_chance(g, 15))
        field.type.counts[0] = 1 + generator_below(g, 2);
    return field;
}

static void decorate(struct odd *odd, unsigned index, unsigned percent)
{
    struct generator *g = odd->g;
    struct type *type = &g->signature->types[index];
    if (generator_has(g, FEATURE_ALIGN) && generator_chance(g, percent))
        type->align_bytes = 1u << generator_below(g, 6);
    if (generator_has(g, FEATURE_PACKED) && generator_chance(g, percent / 4))
        type->packed = true;
    generator_measure(g, index);
}

static struct type *start_type(struct odd *odd)
{
    struct generator *g = odd->g;
    unsigned index = g->signature->type_count;
    bool is_union = generator_has(g, FEATURE_UNION) && generator_chance(g, 30);
    g->signature->types[index] = (struct type){.kind = is_union ? TYPE_UNION : TYPE_STRUCT};
    generator_measure(g, index);
    return &g->signature->types[index];
}

static void make_hollow(struct odd *odd)
{
    struct generator *g = odd->g;
    unsigned index = g->signature->type_count;
    start_type(odd);
    for (unsigned i = generator_below(g, 3); i > 0; i--)
        generator_add_field(g, index, hollow_field(odd), ODD_MAX_BYTES);
    decorate(odd, index, 30);
    g->signature->type_count++;
    odd->hollow_count++;
}

/* C has arrays without a count only behind a value. */
static bool has_value(const struct odd *odd, const struct type *type)
{
    for (unsigned i = 0; i < type->field_count; i++) {
        const struct use *use = &type->fields[i].type;
        bool is_hollow = use->kind == USE_NAMED && use->index < odd->hollow_count;
        if (!type->fields[i].is_unnamed && !is_hollow && signature_elements(use) != 0)
            return true;
    }
    return false;
}

/* Some values, one behind the other, and hollow members between them. */
static void make_record(struct odd *odd)
{
    struct generator *g = odd->g;
    unsigned index = g->signature->type_count;
    struct type *type = start_type(odd);
    const struct use usual = generator_scalar_use(generator_scalar(g));
    for (unsigned i = 1 + generator_below(g, 4); i > 0; i--) {
        if (generator_chance(g, 50))
            generator_add_field(g, index, hollow_field(odd), ODD_MAX_BYTES);
        generator_add_field(g, index, full_field(odd, &usual), ODD_MAX_BYTES);
    }
    bool is_open = type->kind == TYPE_STRUCT && has_value(odd, type) && generator_chance(g, 15);
    struct field last = {.type = absent_element(odd)};
    last.type.counts[0] = COUNT_OPEN;
    if (is_open || generator_chance(g, 40))
        generator_add_field(g, index, is_open ? last : hollow_field(odd), ODD_MAX_BYTES);
    decorate(odd, index, 10);
    g->signature->type_count++;
}

void generator_odd_types(struct generator *g)
{
    struct odd odd = {.g = g};
    unsigned hollows = generator_has(g, FEATURE_EMPTY) ? 1 + generator_below(g, 3) : 0;
    for (unsigned i = 0; i < hollows; i++)
        make_hollow(&odd);
    for (unsigned i = 1 + generator_below(g, 5); i > 0; i--)
        make_record(&odd);
}
