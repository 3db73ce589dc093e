/* What makes random types: shared by generate.c and generate_odd.c. */
#ifndef ABIDE_VERIFY_GENERATOR_H
#define ABIDE_VERIFY_GENERATOR_H

#include "signature.h"

struct generator {
    uint64_t state;
    unsigned features;
    uint64_t scalars_allowed;
    bool has_group[GROUP_COUNT];
    unsigned scalar_limit; /* no scalar from here on may be generated */
    struct signature *signature;
    /* Rough sizes of the types made so far. */
    unsigned sizes_bytes[MAX_TYPES];
    unsigned aligns_bytes[MAX_TYPES];
    /* How this signature likes its scalars, in percent. */
    unsigned float_percent;
};

/* splitmix64 */
static inline uint64_t generator_next(struct generator *g)
{
    uint64_t z = (g->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline unsigned generator_below(struct generator *g, unsigned limit)
{
    return (unsigned)(generator_next(g) % limit);
}

static inline bool generator_chance(struct generator *g, unsigned percent)
{
    return generator_below(g, 100) < percent;
}

static inline bool generator_has(const struct generator *g, unsigned feature)
{
    return (g->features & feature) != 0;
}

/* Any scalar that may be generated. */
unsigned generator_any_scalar(struct generator *g);
/* One of this kind, if there are such. */
unsigned generator_scalar_of_group(struct generator *g, unsigned group);
/* As signatures like them. */
unsigned generator_scalar(struct generator *g);
/* A bit-field with a name, or perhaps without one. */
struct field generator_bitfield(struct generator *g);
/* Whether C has arrays of it. */
bool generator_is_element(const struct generator *g, const struct use *use);
/* The rough size and alignment of a type once its fields are there. */
void generator_measure(struct generator *g, unsigned type);
/* Adds a field unless the type would become larger than `limit_bytes`. */
bool generator_add_field(struct generator *g, unsigned type, struct field field,
                         unsigned limit_bytes);

/* generate_odd.c: types of a signature that hardly any program has. */
void generator_odd_types(struct generator *g);

static inline struct use generator_scalar_use(unsigned scalar)
{
    return (struct use){.kind = USE_SCALAR, .index = scalar};
}

#endif
