/* C declarations of physical types: scalars by name, pointers as void *, records declared once, innermost first. */
#include "plan/c_types.h"

#include "base/diag.h"
#include "base/hash.h"

#include <inttypes.h>
#include <string.h>

struct abide_c_type {
    const abide_type *type;
    const char *name; /* NULL while its members are declared */
    UT_hash_handle hh;
};

static const char *refuse(struct abide_c_types *types, struct abide_place place, const char *what)
{
    abide_diag *diag = abide__report(types->ctx, ABIDE_CODE_CANNOT_SAY_IN_C, place,
                                     "portable C cannot say this: %s", what);
    abide__diag_help(types->ctx, diag, "emit an object file instead: `--emit obj`");
    return NULL;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* A name that is a C identifier, whatever the type is called. */
static const char *record_name(struct abide_c_types *types, const abide_type *type)
{
    char tail[48] = "";
    size_t length = 0;
    for (const char *c = type->name ? type->name : ""; *c && length < sizeof tail - 1; c++)
        tail[length++] = (char)(is_letter_or_digit(*c) ? *c : '_');
    return abide__printf(types->ctx, "%s abide_t%zu%s%s",
                         type->kind == ABIDE_KIND_UNION ? "union" : "struct", types->count++,
                         length ? "_" : "", tail);
}

static void add_attributes(struct abide_c_types *types, struct abide_text *text, bool packed,
                           uint64_t align_bytes)
{
    if (packed)
        abide__text_printf(types->ctx, text, " __attribute__((packed))");
    if (align_bytes)
        abide__text_printf(types->ctx, text, " __attribute__((aligned(%" PRIu64 ")))", align_bytes);
}

/* Members are called m0, m1, ...: the names of the interface might not be C's. */
static bool declare_member(struct abide_c_types *types, struct abide_text *text,
                           const struct abide_field *field, size_t index, struct abide_place place)
{
    const abide_type *type = abide_type__strip(field->type);
    struct abide_text dimensions = {0};
    abide__text_add(types->ctx, &dimensions, "", 0);
    for (; type->kind == ABIDE_KIND_ARRAY; type = abide_type__strip(type->target))
        abide__text_printf(types->ctx, &dimensions, type->is_flexible ? "[]" : "[%" PRIu64 "]",
                           type->count);
    const char *name = abide_c_types__name(types, type, place);
    if (!name)
        return false;
    bool unnamed = field->is_bitfield && !field->name;
    abide__text_printf(types->ctx, text, "    %s", name);
    if (!unnamed)
        abide__text_printf(types->ctx, text, " m%zu%s", index, dimensions.chars);
    if (field->is_bitfield)
        abide__text_printf(types->ctx, text, " : %u", field->bits);
    add_attributes(types, text, field->packed, field->align_bytes);
    abide__text_printf(types->ctx, text, ";\n");
    return true;
}

static void assert_size(struct abide_c_types *types, const char *name, const abide_layout *layout)
{
    abide__text_printf(types->ctx, &types->text,
                       "_Static_assert(sizeof(%s) == %" PRIu64 ", \"size\");\n", name,
                       layout->size_bytes);
}

static void assert_layout(struct abide_c_types *types, const char *name, const abide_type *type,
                          const abide_layout *layout)
{
    assert_size(types, name, layout);
    for (size_t i = 0; i < type->field_count; i++)
        if (!type->fields[i].is_bitfield)
            abide__text_printf(types->ctx, &types->text,
                               "_Static_assert(offsetof(%s, m%zu) == %" PRIu64 ", \"offset\");\n",
                               name, i, abide_layout__field(layout, i).offset_bits / 8);
}

static const char *declared_name(struct abide_c_types *types, const abide_type *type)
{
    struct abide_c_type *known = NULL;
    HASH_FIND_PTR(types->records, &type, known);
    return known ? known->name : NULL;
}

static const char *remember(struct abide_c_types *types, const abide_type *type, const char *name)
{
    abide_ctx *ctx = types->ctx;
    struct abide_c_type *declared = abide__new(ctx, struct abide_c_type);
    declared->type = type;
    declared->name = name;
    HASH_ADD_PTR(types->records, type, declared);
    return name;
}

static const char *declare_record(struct abide_c_types *types, const abide_type *type,
                                  struct abide_place place)
{
    abide_ctx *ctx = types->ctx;
    const char *known = declared_name(types, type);
    if (known)
        return known;
    const abide_layout *layout = abide_layout__physical(ctx, types->data, type);
    struct abide_text body = {0};
    abide__text_add(ctx, &body, "", 0);
    if (!layout)
        return NULL;
    for (size_t i = 0; i < type->field_count; i++)
        if (!declare_member(types, &body, &type->fields[i], i, place))
            return NULL;
    const char *name = record_name(types, type);
    abide__text_printf(ctx, &types->text, "%s {\n%s}", name, body.chars);
    add_attributes(types, &types->text, type->packed, type->align_bytes);
    abide__text_printf(ctx, &types->text, ";\n");
    assert_layout(types, name, type, layout);
    return remember(types, type, name);
}

/* `specifiers NAME attribute`, for what gcc and clang say in no other way alike. */
static const char *declare_typedef(struct abide_c_types *types, const abide_type *type,
                                   const char *specifiers, const char *attribute)
{
    const char *name = declared_name(types, type);
    if (name)
        return name;
    const abide_layout *layout = abide_layout__physical(types->ctx, types->data, type);
    if (!layout)
        return NULL;
    name = abide__printf(types->ctx, "abide_t%zu", types->count++);
    abide__text_printf(types->ctx, &types->text, "typedef %s %s __attribute__((%s));\n", specifiers,
                       name, attribute);
    assert_size(types, name, layout);
    return remember(types, type, name);
}

/* Compilers agree about the quad format, but not about its name; some have it as long double alone. */
static void declare_quad(struct abide_c_types *types)
{
    static const char text[] = "#if __LDBL_MANT_DIG__ == 113\n"
                               "typedef long double abide_f128;\n"
                               "typedef _Complex long double abide_complex_f128;\n"
                               "#elif defined __clang__\n"
                               "typedef __float128 abide_f128;\n"
                               "typedef _Complex __float128 abide_complex_f128;\n"
                               "#else\n"
                               "typedef _Float128 abide_f128;\n"
                               "typedef _Complex _Float128 abide_complex_f128;\n"
                               "#endif\n";
    if (!types->has_quad)
        abide__text_add(types->ctx, &types->text, text, sizeof text - 1);
    types->has_quad = true;
}

static const char *scalar_name(struct abide_c_types *types, enum abide_scalar scalar)
{
    if (scalar == ABIDE_SCALAR_BOOL && types->has_raw_bools)
        return abide__printf(types->ctx, "uint%u_t",
                             (unsigned)types->data->scalars[scalar].size_bytes * 8);
    if (scalar != ABIDE_SCALAR_F128)
        return abide__scalars[scalar].c_name;
    declare_quad(types);
    return "abide_f128";
}

static const char *vector_name(struct abide_c_types *types, const abide_type *type)
{
    const abide_layout *element = abide_layout__physical(types->ctx, types->data, type->target);
    if (!element)
        return NULL;
    return declare_typedef(
        types, type, scalar_name(types, type->target->scalar),
        abide__printf(types->ctx, "vector_size(%" PRIu64 ")", element->size_bytes * type->count));
}

static const char *complex_name(struct abide_c_types *types, const abide_type *type)
{
    const char *part = scalar_name(types, type->target->scalar);
    return type->target->scalar == ABIDE_SCALAR_F128
               ? "abide_complex_f128"
               : abide__printf(types->ctx, "_Complex %s", part);
}

const char *abide_c_types__name(struct abide_c_types *types, const abide_type *type,
                                struct abide_place place)
{
    type = abide_type__strip(type);
    switch (type->kind) {
    case ABIDE_KIND_VOID: return "void";
    case ABIDE_KIND_SCALAR: return scalar_name(types, type->scalar);
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_FUNCTION: return "void *";
    case ABIDE_KIND_VECTOR: return vector_name(types, type);
    case ABIDE_KIND_COMPLEX: return complex_name(types, type);
    case ABIDE_KIND_ENUM:
        return type->target ? abide_c_types__name(types, type->target, place)
                            : abide__scalars[types->data->enum_base].c_name;
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION:
        if (type->pack_bytes)
            return refuse(types, place, "`#pragma pack` of more than one byte");
        return declare_record(types, type, place);
    default: return refuse(types, place, "an array by value");
    }
}
