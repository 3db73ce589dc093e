/* Random signatures: a few types of their own, then parameters and a result. */
#include "generator.h"

#include <stdlib.h>
#include <string.h>

const char *const feature_names[FEATURE_COUNT] = {
    "i128",  "longdouble", "empty",   "union", "enum",    "pointer", "packed",
    "align", "bitfield",   "unnamed", "half",  "bfloat",  "quad",    "bitset",
    "tuple", "variadic",   "vector",  "wide",  "complex", "role",
};

const struct scalar scalars[] = {
    {"bool", "_Bool", 1, GROUP_INTEGER, 0},
    {"u8", "uint8_t", 1, GROUP_INTEGER, 0},
    {"u16", "uint16_t", 2, GROUP_INTEGER, 0},
    {"u32", "uint32_t", 4, GROUP_INTEGER, 0},
    {"u64", "uint64_t", 8, GROUP_INTEGER, 0},
    {"i8", "int8_t", 1, GROUP_INTEGER, 0},
    {"i16", "int16_t", 2, GROUP_INTEGER, 0},
    {"i32", "int32_t", 4, GROUP_INTEGER, 0},
    {"i64", "int64_t", 8, GROUP_INTEGER, 0},
    {"char", "uint32_t", 4, GROUP_INTEGER, 0},
    {"c_char", "char", 1, GROUP_INTEGER, 0},
    {"c_schar", "signed char", 1, GROUP_INTEGER, 0},
    {"c_uchar", "unsigned char", 1, GROUP_INTEGER, 0},
    {"c_short", "short", 2, GROUP_INTEGER, 0},
    {"c_ushort", "unsigned short", 2, GROUP_INTEGER, 0},
    {"c_int", "int", 4, GROUP_INTEGER, 0},
    {"c_uint", "unsigned", 4, GROUP_INTEGER, 0},
    {"c_long", "long", 8, GROUP_INTEGER, 0},
    {"c_ulong", "unsigned long", 8, GROUP_INTEGER, 0},
    {"c_longlong", "long long", 8, GROUP_INTEGER, 0},
    {"c_ulonglong", "unsigned long long", 8, GROUP_INTEGER, 0},
    {"c_wchar", "wchar_t", 4, GROUP_INTEGER, 0},
    {"size", "size_t", 8, GROUP_INTEGER, 0},
    {"ssize", "intptr_t", 8, GROUP_INTEGER, 0},
    {"uptr", "uintptr_t", 8, GROUP_INTEGER, 0},
    {"i128", "__int128", 16, GROUP_INTEGER, FEATURE_I128},
    {"u128", "unsigned __int128", 16, GROUP_INTEGER, FEATURE_I128},
    {"bitset<5>", "uint8_t", 1, GROUP_INTEGER, FEATURE_BITSET},
    {"bitset<17>", "uint32_t", 4, GROUP_INTEGER, FEATURE_BITSET},
    {"bitset<64>", "uint64_t", 8, GROUP_INTEGER, FEATURE_BITSET},
    {"f16", "_Float16", 2, GROUP_FLOAT, FEATURE_HALF},
    {"bf16", "__bf16", 2, GROUP_FLOAT, FEATURE_BFLOAT},
    {"f32", "float", 4, GROUP_FLOAT, 0},
    {"f64", "double", 8, GROUP_FLOAT, 0},
    {"c_float", "float", 4, GROUP_FLOAT, 0},
    {"c_double", "double", 8, GROUP_FLOAT, 0},
    {"c_longdouble", "long double", 16, GROUP_FLOAT, FEATURE_LONGDOUBLE},
    {"f128", "quad", 16, GROUP_FLOAT, FEATURE_QUAD},
    {"ptr<void>", "void *", 8, GROUP_POINTER, 0},
    {"mutptr<u8>", "uint8_t *", 8, GROUP_POINTER, FEATURE_POINTER},
    {"ref<f64>", "double *", 8, GROUP_POINTER, FEATURE_POINTER},
    {"mutref<ptr<c_int>>", "int **", 8, GROUP_POINTER, FEATURE_POINTER},
    {"cstring", "char *", 8, GROUP_POINTER, FEATURE_POINTER},
    {"fn()", "callback_0", 8, GROUP_POINTER, FEATURE_POINTER},
    {"fn(i32, f64) -> ptr<void>", "callback_1", 8, GROUP_POINTER, FEATURE_POINTER},
    {"complex<f32>", "_Complex float", 8, GROUP_COMPLEX, FEATURE_COMPLEX},
    {"complex<f64>", "_Complex double", 16, GROUP_COMPLEX, FEATURE_COMPLEX},
    {"complex<c_longdouble>", "_Complex long double", 32, GROUP_COMPLEX,
     FEATURE_COMPLEX | FEATURE_LONGDOUBLE},
    {"complex<f16>", "_Complex _Float16", 4, GROUP_COMPLEX, FEATURE_COMPLEX | FEATURE_HALF},
    {"vector<u8, 8>", "u8_vector_8", 8, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<i16, 4>", "i16_vector_4", 8, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<i32, 2>", "i32_vector_2", 8, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<f32, 2>", "f32_vector_2", 8, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<u8, 16>", "u8_vector_16", 16, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<i16, 8>", "i16_vector_8", 16, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<i32, 4>", "i32_vector_4", 16, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<i64, 2>", "i64_vector_2", 16, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<f32, 4>", "f32_vector_4", 16, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<f64, 2>", "f64_vector_2", 16, GROUP_VECTOR, FEATURE_VECTOR},
    {"vector<i32, 8>", "i32_vector_8", 32, GROUP_VECTOR, FEATURE_VECTOR | FEATURE_WIDE},
    {"vector<f64, 4>", "f64_vector_4", 32, GROUP_VECTOR, FEATURE_VECTOR | FEATURE_WIDE},
    {"vector<u8, 64>", "u8_vector_64", 64, GROUP_VECTOR, FEATURE_VECTOR | FEATURE_WIDE},
    {"vector<f32, 16>", "f32_vector_16", 64, GROUP_VECTOR, FEATURE_VECTOR | FEATURE_WIDE},
};
const unsigned scalar_count = sizeof scalars / sizeof *scalars;
/* Sets of them are bits of a word. */
_Static_assert(sizeof scalars / sizeof *scalars <= 64, "too many scalars");

uint64_t signature_scalars_of_values(uint64_t set)
{
    for (unsigned i = 0; i < scalar_count; i++)
        if (scalars[i].group == GROUP_POINTER && strchr(scalars[i].name, '('))
            set &= ~(UINT64_C(1) << i);
    return set;
}

bool signature_scalar_allowed(unsigned scalar, unsigned features, uint64_t scalars_allowed)
{
    unsigned feature = scalars[scalar].feature;
    return (scalars_allowed >> scalar & 1) != 0 && (features & feature) == feature;
}

struct scalar_parts signature_scalar_parts(unsigned scalar)
{
    const char *name = scalars[scalar].name; /* "complex<f32>", "vector<f32, 4>" */
    bool is_complex = scalars[scalar].group == GROUP_COMPLEX;
    if (!is_complex && scalars[scalar].group != GROUP_VECTOR)
        return (struct scalar_parts){scalar, 1};
    const char *part = strchr(name, '<') + 1, *end = part + strcspn(part, ",>");
    struct scalar_parts parts = {scalar, is_complex ? 2 : (unsigned)strtoul(end + 1, NULL, 10)};
    for (unsigned i = 0; i < scalar_count; i++)
        if (strlen(scalars[i].name) == (size_t)(end - part) &&
            strncmp(scalars[i].name, part, (size_t)(end - part)) == 0)
            parts.part = i;
    return parts;
}

unsigned signature_elements(const struct use *use)
{
    unsigned count = 1;
    for (unsigned i = 0; i < MAX_DIMENSIONS; i++)
        if (use->counts[i] != COUNT_ABSENT)
            count *= use->counts[i] <= COUNT_MAX ? use->counts[i] : 0;
    return count;
}

static bool has_scalars(unsigned features, uint64_t scalars_allowed)
{
    for (unsigned i = 0; i < scalar_count; i++)
        if (signature_scalar_allowed(i, features, scalars_allowed))
            return true;
    return false;
}

/* Which of the seldom features a signature has. */
static unsigned choose_features(uint64_t seed, uint64_t index, unsigned features,
                                uint64_t scalars_allowed)
{
    struct generator g = {.state = ~seed};
    g.state = generator_next(&g) ^ (index * 0xd1342543de82ef95u);
    const unsigned allowed = features;
    unsigned seldom = features & FEATURE_SELDOM;
    if (!has_scalars(features & ~seldom, scalars_allowed))
        return features; /* seldom scalars alone are asked for */
    bool is_plain = generator_chance(&g, 50);
    for (unsigned feature = 1; feature < 1u << FEATURE_COUNT; feature <<= 1)
        if ((seldom & feature) != 0 &&
            (is_plain || !generator_chance(&g, 40 + 20 * (feature == FEATURE_UNNAMED))))
            features &= ~feature;
    if ((features & FEATURE_ODD) != 0)
        features |= allowed & (FEATURE_BITFIELD | FEATURE_UNNAMED | FEATURE_ALIGN);
    /* An unnamed bit-field is one. */
    return (features & FEATURE_BITFIELD) != 0 ? features : features & ~(unsigned)FEATURE_UNNAMED;
}

unsigned generator_any_scalar(struct generator *g)
{
    unsigned index;
    do
        index = generator_below(g, g->scalar_limit);
    while (!signature_scalar_allowed(index, g->features, g->scalars_allowed));
    return index;
}

/* Any scalar, if none of the group may be used. */
unsigned generator_scalar_of_group(struct generator *g, unsigned group)
{
    unsigned index;
    if (!g->has_group[group])
        return generator_any_scalar(g);
    do
        index = generator_any_scalar(g);
    while (scalars[index].group != group);
    return index;
}

/* Wide scalars are where alignment shows, but they and those of several parts must not crowd out the others. */
unsigned generator_scalar(struct generator *g)
{
    unsigned index = generator_chance(g, g->float_percent)
                         ? generator_scalar_of_group(g, GROUP_FLOAT)
                         : generator_any_scalar(g);
    bool has_parts = scalars[index].group == GROUP_VECTOR || scalars[index].group == GROUP_COMPLEX;
    if ((has_parts || scalars[index].size_bytes == 16) && generator_chance(g, 50))
        return generator_scalar(g);
    return index;
}

static unsigned use_align_bytes(const struct generator *g, const struct use *use)
{
    switch (use->kind) {
    case USE_SCALAR: return scalars[use->index].size_bytes;
    case USE_NAMED: return g->aligns_bytes[use->index];
    case USE_POINTER_TO: break;
    }
    return 8;
}

static unsigned use_size_bytes(const struct generator *g, const struct use *use)
{
    unsigned size_bytes = use->kind == USE_SCALAR  ? scalars[use->index].size_bytes
                          : use->kind == USE_NAMED ? g->sizes_bytes[use->index]
                                                   : 8;
    return size_bytes * signature_elements(use);
}

bool generator_is_element(const struct generator *g, const struct use *use)
{
    if (use->kind != USE_NAMED)
        return true;
    /* C forbids arrays whose element is aligned to more than its size. */
    unsigned align_bytes = g->aligns_bytes[use->index];
    unsigned size_bytes = g->sizes_bytes[use->index];
    return size_bytes > 0 && size_bytes % align_bytes == 0;
}

static struct use random_element(struct generator *g)
{
    unsigned made = g->signature->type_count;
    if (made > 0 && generator_chance(g, 25))
        return (struct use){.kind = USE_NAMED, .index = generator_below(g, made)};
    if (made > 0 && generator_has(g, FEATURE_POINTER) && generator_chance(g, 4))
        return (struct use){.kind = USE_POINTER_TO, .index = generator_below(g, made)};
    return generator_scalar_use(generator_scalar(g));
}

static struct use random_field_type(struct generator *g)
{
    struct use use = random_element(g);
    if (!generator_is_element(g, &use) || !generator_chance(g, 20))
        return use;
    use.counts[0] = 1 + generator_below(g, 4);
    if (generator_chance(g, 15))
        use.counts[1] = 1 + generator_below(g, 3);
    return use;
}

void generator_measure(struct generator *g, unsigned index)
{
    const struct type *type = &g->signature->types[index];
    unsigned size_bytes = 0, align_bytes = 1;
    for (unsigned i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        unsigned size = use_size_bytes(g, &field->type);
        unsigned align = use_align_bytes(g, &field->type);
        if (field->align_bytes > align)
            align = field->align_bytes;
        if (align > align_bytes)
            align_bytes = align;
        if (type->kind == TYPE_UNION) {
            size_bytes = size > size_bytes ? size : size_bytes;
            continue;
        }
        size_bytes = (size_bytes + align - 1) / align * align + size;
    }
    if (type->align_bytes > align_bytes)
        align_bytes = type->align_bytes;
    g->aligns_bytes[index] = align_bytes;
    g->sizes_bytes[index] = (size_bytes + align_bytes - 1) / align_bytes * align_bytes;
}

bool generator_add_field(struct generator *g, unsigned index, struct field field,
                         unsigned limit_bytes)
{
    struct type *type = &g->signature->types[index];
    if (type->field_count == MAX_FIELDS)
        return false;
    type->fields[type->field_count++] = field;
    generator_measure(g, index);
    if (g->sizes_bytes[index] <= limit_bytes)
        return true;
    type->field_count--;
    generator_measure(g, index);
    return false;
}

/* As wide as a pointer, so of 32 bits on some targets. */
static bool is_word(const char *name)
{
    static const char *const names[] = {"c_long", "c_ulong", "size", "ssize", "uptr"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

struct field generator_bitfield(struct generator *g)
{
    unsigned scalar;
    do
        scalar = generator_below(g, g->scalar_limit);
    while (scalars[scalar].group != GROUP_INTEGER || scalars[scalar].size_bytes > 8 ||
           scalars[scalar].feature != 0 || strcmp(scalars[scalar].name, "c_wchar") == 0);
    unsigned bits_max = scalar == 0 ? 1 : scalars[scalar].size_bytes * 8;
    if (bits_max > 32 && is_word(scalars[scalar].name))
        bits_max = 32;
    struct field field = {.type = generator_scalar_use(scalar), .is_bitfield = true};
    field.bits = 1 + generator_below(g, generator_chance(g, 60) && bits_max > 8 ? 8 : bits_max);
    if (generator_has(g, FEATURE_UNNAMED) && generator_chance(g, 40)) {
        field.is_unnamed = true;
        field.bits = generator_chance(g, 40) ? 0 : field.bits;
    }
    return field;
}

static struct field random_field(struct generator *g, bool is_tuple)
{
    if (is_tuple)
        return (struct field){.type = random_field_type(g)};
    if (generator_has(g, FEATURE_BITFIELD) && generator_chance(g, 25))
        return generator_bitfield(g);
    struct field field = {.type = random_field_type(g)};
    if (generator_has(g, FEATURE_ALIGN) && generator_chance(g, 8))
        field.align_bytes = 1u << generator_below(g, 6);
    if (generator_has(g, FEATURE_PACKED) && generator_chance(g, 5))
        field.packed = true;
    return field;
}

static void fill_mixed(struct generator *g, unsigned index, unsigned limit_bytes)
{
    bool is_tuple = g->signature->types[index].kind == TYPE_TUPLE;
    unsigned wanted = 1 + generator_below(g, limit_bytes <= 16 ? 5 : MAX_FIELDS);
    for (unsigned tries = 0; tries < 3 * wanted; tries++)
        if (generator_add_field(g, index, random_field(g, is_tuple), limit_bytes) &&
            g->signature->types[index].field_count == wanted)
            return;
}

/* Mostly that of floats. */
static unsigned homogeneous_group(struct generator *g)
{
    if (g->has_group[GROUP_VECTOR] && generator_chance(g, 15))
        return GROUP_VECTOR;
    return g->has_group[GROUP_COMPLEX] && generator_chance(g, 15) ? GROUP_COMPLEX : GROUP_FLOAT;
}

/* One to five members of one floating type (or complex or vector type), some of them in arrays or earlier structs. */
static void fill_homogeneous(struct generator *g, unsigned index)
{
    struct use use = generator_scalar_use(generator_scalar_of_group(g, homogeneous_group(g)));
    unsigned count = 1 + generator_below(g, 5);
    unsigned earlier = g->signature->type_count;
    while (count > 0) {
        struct field field = {.type = use};
        unsigned taken = 1 + generator_below(g, count);
        if (generator_chance(g, 30))
            field.type.counts[0] = taken;
        else
            taken = 1;
        if (earlier > 0 && generator_chance(g, 12))
            field.type = (struct use){.kind = USE_NAMED, .index = generator_below(g, earlier)};
        generator_add_field(g, index, field, 96);
        count -= taken;
    }
}

static void decorate(struct generator *g, unsigned index)
{
    struct type *type = &g->signature->types[index];
    if (generator_has(g, FEATURE_PACKED) && generator_chance(g, 12))
        type->packed = true;
    else if (generator_has(g, FEATURE_PACKED) && generator_chance(g, 5))
        type->pack_bytes = 1u << generator_below(g, 4);
    if (generator_has(g, FEATURE_ALIGN) && generator_chance(g, 10))
        type->align_bytes = 1u << generator_below(g, 6);
    generator_measure(g, index);
}

static void make_enum(struct generator *g, unsigned index)
{
    static const char *const bases[] = {"u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64"};
    struct type *type = &g->signature->types[index];
    type->kind = TYPE_ENUM;
    type->base = -1;
    type->first_value =
        generator_chance(g, 40) ? -1 - (int)generator_below(g, 300) : (int)generator_below(g, 300);
    type->is_list = generator_chance(g, 40);
    if (generator_chance(g, 40)) {
        const char *base = bases[generator_below(g, 8)];
        for (unsigned i = 0; i < scalar_count; i++)
            if (strcmp(scalars[i].name, base) == 0)
                type->base = (int)i;
        type->first_value = generator_below(g, 100);
    }
    unsigned size_bytes = type->base >= 0 ? scalars[type->base].size_bytes : 4;
    g->sizes_bytes[index] = g->aligns_bytes[index] = size_bytes;
}

static void make_newtype(struct generator *g, unsigned index)
{
    struct type *type = &g->signature->types[index];
    type->kind = TYPE_NEWTYPE;
    struct field field = {.type = random_element(g)};
    if (field.type.kind == USE_POINTER_TO)
        field.type = generator_scalar_use(generator_scalar(g));
    generator_add_field(g, index, field, 100);
    if (type->field_count == 0)
        generator_add_field(g, index, (struct field){.type = generator_scalar_use(1)}, 100);
}

static void make_type(struct generator *g)
{
    unsigned index = g->signature->type_count;
    struct type *type = &g->signature->types[index];
    unsigned dice = generator_below(g, 100);
    memset(type, 0, sizeof *type);
    if (dice < 3 && generator_has(g, FEATURE_EMPTY)) {
        generator_measure(g, index);
    } else if (dice < 9 && generator_has(g, FEATURE_ENUM)) {
        make_enum(g, index);
    } else if (dice < 12) {
        make_newtype(g, index);
    } else {
        type->kind = dice >= 82 && generator_has(g, FEATURE_UNION) ? TYPE_UNION : TYPE_STRUCT;
        if (dice < 17 && generator_has(g, FEATURE_TUPLE))
            type->kind = TYPE_TUPLE;
        if (generator_chance(g, 25))
            fill_homogeneous(g, index);
        else
            fill_mixed(g, index, generator_chance(g, 60) ? 16 : generator_chance(g, 70) ? 40 : 100);
        if (type->field_count == 0 &&
            (!generator_has(g, FEATURE_EMPTY) || type->kind == TYPE_TUPLE))
            generator_add_field(
                g, index, (struct field){.type = generator_scalar_use(generator_any_scalar(g))},
                100);
        if (type->kind != TYPE_TUPLE)
            decorate(g, index);
    }
    g->signature->type_count++;
}

static struct use random_value(struct generator *g)
{
    unsigned made = g->signature->type_count;
    if (made > 0 && generator_chance(g, 55))
        return (struct use){.kind = USE_NAMED, .index = generator_below(g, made)};
    if (made > 0 && generator_has(g, FEATURE_POINTER) && generator_chance(g, 4))
        return (struct use){.kind = USE_POINTER_TO, .index = generator_below(g, made)};
    return generator_scalar_use(generator_scalar(g));
}

static bool find_scalar(const struct generator *g, const char *name, struct use *use)
{
    for (unsigned i = 0; i < scalar_count; i++)
        if (strcmp(scalars[i].name, name) == 0 &&
            signature_scalar_allowed(i, g->features, g->scalars_allowed)) {
            *use = generator_scalar_use(i);
            return true;
        }
    return false;
}

/* An extra argument is never narrower than int or double (C17 6.5.2.2). false: what it becomes may not be generated. */
static bool promote(const struct generator *g, struct use *use)
{
    if (use->kind == USE_NAMED) {
        const struct type *type = &g->signature->types[use->index];
        bool is_scalar = type->kind == TYPE_ENUM || type->kind == TYPE_NEWTYPE;
        return !is_scalar || find_scalar(g, "c_int", use);
    }
    if (use->kind != USE_SCALAR)
        return true;
    const struct scalar *scalar = &scalars[use->index];
    bool is_wide_character = strcmp(scalar->name, "c_wchar") == 0; /* of two bytes on Windows */
    if (scalar->group == GROUP_INTEGER && (scalar->size_bytes < 4 || is_wide_character))
        return find_scalar(g, "c_int", use);
    if (scalar->group == GROUP_FLOAT && scalar->size_bytes < 8)
        return find_scalar(g, "f64", use);
    return true;
}

/* Some calls have extra arguments. */
static void make_variadic(struct generator *g)
{
    struct signature *signature = g->signature;
    if (!generator_has(g, FEATURE_VARIADIC) || signature->param_count < 2 ||
        !generator_chance(g, 15))
        return;
    unsigned unnamed = 1 + generator_below(g, signature->param_count - 1);
    for (unsigned i = signature->param_count - unnamed; i < signature->param_count; i++)
        if (!promote(g, &signature->params[i]))
            return;
    signature->unnamed_count = unnamed;
}

static void make_types(struct generator *g)
{
    unsigned types = generator_below(g, 7);
    if (generator_has(g, FEATURE_ODD)) {
        generator_odd_types(g);
        return;
    }
    for (unsigned i = 0; i < types; i++)
        make_type(g);
}

void signature_generate(struct signature *signature, uint64_t seed, uint64_t index,
                        unsigned features, uint64_t scalars_allowed)
{
    static const unsigned float_percents[] = {0, 10, 30, 85};
    features = choose_features(seed, index, features, scalars_allowed);
    struct generator g = {
        .features = features, .scalars_allowed = scalars_allowed, .signature = signature};
    memset(signature, 0, sizeof *signature);
    for (unsigned i = 0; i < scalar_count; i++)
        if (signature_scalar_allowed(i, features, scalars_allowed))
            g.has_group[scalars[i].group] = true;
    /* Those of several parts stand last. Without them, a seed makes what it made before there were any. */
    bool has_parts = g.has_group[GROUP_COMPLEX] || g.has_group[GROUP_VECTOR];
    for (unsigned i = 0; i < scalar_count; i++)
        if (has_parts || signature_scalar_parts(i).count == 1)
            g.scalar_limit = i + 1;
    g.state = seed;
    g.state = generator_next(&g) ^ (index * 0xd1342543de82ef95u);
    signature->seed = seed;
    signature->index = index;
    g.float_percent = float_percents[generator_below(&g, 4)];
    make_types(&g);
    signature->param_count = generator_below(&g, MAX_PARAMETERS + 1);
    for (unsigned i = 0; i < signature->param_count; i++)
        signature->params[i] = random_value(&g);
    signature->has_result = generator_chance(&g, 90);
    signature->result = random_value(&g);
    make_variadic(&g);
}

/* One behind the other, as the list has them; what comes back never stands first. */
static void choose_roles(struct generator *g, const struct roles *roles, unsigned *first,
                         unsigned *last)
{
    *first = generator_below(g, roles->count);
    if (*first > 0 && roles->items[*first].comes_back)
        --*first;
    *last = *first + generator_below(g, roles->count - *first);
}

static void insert_role(struct signature *s, unsigned at, const struct role *role, struct use use)
{
    unsigned behind = s->param_count - at;
    memmove(&s->params[at + 1], &s->params[at], behind * sizeof *s->params);
    memmove(&s->roles[at + 1], &s->roles[at], behind * sizeof *s->roles);
    s->params[at] = use;
    s->roles[at] = role;
    s->param_count++;
}

void signature_add_roles(struct signature *signature, const struct roles *roles)
{
    struct generator g = {.state = signature->seed, .signature = signature};
    g.state = generator_next(&g) ^ (~signature->index * 0xd1342543de82ef95u);
    unsigned first, last, pointer = 0;
    if (roles->count == 0 || signature->unnamed_count != 0 || !generator_chance(&g, 50))
        return;
    while (strcmp(scalars[pointer].name, "ptr<void>") != 0)
        pointer++;
    choose_roles(&g, roles, &first, &last);
    unsigned count = last - first + 1;
    if (signature->param_count + count > MAX_PARAMETERS)
        signature->param_count = MAX_PARAMETERS - count;
    unsigned at = first == 0 ? 0 : generator_below(&g, signature->param_count + 1);
    for (unsigned i = first; i <= last; i++, at++) {
        insert_role(signature, at, &roles->items[i], generator_scalar_use(pointer));
        if (!roles->items[i].comes_back)
            continue;
        signature->has_result = true;
        signature->result = generator_scalar_use(pointer);
        signature->back = at + 1;
    }
    if (signature->back == 0 && generator_chance(&g, 30))
        signature->has_result = false;
}

void signature_remove_param(struct signature *s, unsigned index)
{
    if (index >= s->param_count - s->unnamed_count)
        s->unnamed_count--;
    s->param_count--;
    if (s->unnamed_count == s->param_count)
        s->unnamed_count = 0;
    memmove(&s->params[index], &s->params[index + 1], (s->param_count - index) * sizeof *s->params);
    memmove(&s->roles[index], &s->roles[index + 1], (s->param_count - index) * sizeof *s->roles);
    if (s->back == index + 1) {
        s->back = 0;
        s->has_result = false;
    } else if (s->back > index + 1) {
        s->back--;
    }
}

static void mark(const struct signature *signature, const struct use *use, bool used[MAX_TYPES])
{
    if (use->kind == USE_SCALAR || used[use->index])
        return;
    used[use->index] = true;
    const struct type *type = &signature->types[use->index];
    for (unsigned i = 0; i < type->field_count; i++)
        mark(signature, &type->fields[i].type, used);
}

void signature_mark_used(const struct signature *signature, bool used[MAX_TYPES])
{
    memset(used, 0, MAX_TYPES * sizeof *used);
    for (unsigned i = 0; i < signature->param_count; i++)
        mark(signature, &signature->params[i], used);
    if (signature->has_result)
        mark(signature, &signature->result, used);
}
