/* Types as an interface file writes them. The depth is that of anonymous types, which is limited. */
#include "types/type.h"

#include <inttypes.h>

static void print(abide_ctx *ctx, struct abide_text *out, const abide_type *type);

static void print_around(abide_ctx *ctx, struct abide_text *out, const char *word,
                         const abide_type *type)
{
    abide__text_printf(ctx, out, "%s<", word);
    print(ctx, out, type);
    abide__text_add(ctx, out, ">", 1);
}

static const char *pointer_word(const abide_type *type)
{
    static const char *const words[] = {"ref", "mutref", "ptr", "mutptr"};
    return words[type->is_nullable * 2 + type->is_mutable];
}

static void print_array(abide_ctx *ctx, struct abide_text *out, const abide_type *type)
{
    abide__text_printf(ctx, out, "array<");
    print(ctx, out, type->target);
    if (!type->is_flexible)
        abide__text_printf(ctx, out, ", %" PRIu64, type->count);
    abide__text_add(ctx, out, ">", 1);
}

static void print_tuple(abide_ctx *ctx, struct abide_text *out, const abide_type *type)
{
    abide__text_printf(ctx, out, "tuple<");
    for (size_t i = 0; i < type->field_count; i++) {
        abide__text_printf(ctx, out, "%s", i ? ", " : "");
        print(ctx, out, type->fields[i].type);
    }
    abide__text_add(ctx, out, ">", 1);
}

static void print_callable(abide_ctx *ctx, struct abide_text *out, const char *word,
                           const abide_signature *signature)
{
    abide__text_printf(ctx, out, "%s(", word);
    for (size_t i = 0; i < signature->param_count; i++) {
        const struct abide_param *param = &signature->params[i];
        if (i == signature->fixed_count)
            abide__text_printf(ctx, out, "%s... ", i ? ", " : "");
        else
            abide__text_printf(ctx, out, "%s", i ? ", " : "");
        if (param->name)
            abide__text_printf(ctx, out, "%s ", param->name);
        print(ctx, out, param->type);
    }
    if (signature->is_variadic && signature->param_count == signature->fixed_count)
        abide__text_printf(ctx, out, "%s...", signature->param_count ? ", " : "");
    abide__text_add(ctx, out, ")", 1);
    if (signature->result->kind == ABIDE_KIND_VOID)
        return;
    abide__text_printf(ctx, out, " -> ");
    print(ctx, out, signature->result);
}

static void print_record(abide_ctx *ctx, struct abide_text *out, const abide_type *type)
{
    abide__text_printf(ctx, out, "{%s: {", abide__kind_names[type->kind]);
    for (size_t i = 0; i < type->field_count; i++) {
        const struct abide_field *field = &type->fields[i];
        abide__text_printf(ctx, out, "%s%s: ", i ? ", " : "", field->name ? field->name : "_");
        if (field->is_bitfield)
            abide__text_printf(ctx, out, "{type: ");
        print(ctx, out, field->type);
        if (field->is_bitfield)
            abide__text_printf(ctx, out, ", bits: %u}", (unsigned)field->bits);
    }
    abide__text_printf(ctx, out, "}}");
}

static void print_enum(abide_ctx *ctx, struct abide_text *out, const abide_type *type)
{
    abide__text_printf(ctx, out, "{enum: [");
    for (size_t i = 0; i < type->enumerator_count; i++)
        abide__text_printf(ctx, out, "%s%s", i ? ", " : "", type->enumerators[i].name);
    abide__text_printf(ctx, out, "]}");
}

static void print_anonymous(abide_ctx *ctx, struct abide_text *out, const abide_type *type)
{
    switch (type->kind) {
    case ABIDE_KIND_SCALAR:
        abide__text_printf(ctx, out, "%s", abide__scalars[type->scalar].name);
        return;
    case ABIDE_KIND_POINTER: print_around(ctx, out, pointer_word(type), type->target); return;
    case ABIDE_KIND_FUNCTION: print_callable(ctx, out, "fn", type->signature); return;
    case ABIDE_KIND_CLOSURE: print_callable(ctx, out, "closure", type->signature); return;
    case ABIDE_KIND_ARRAY: print_array(ctx, out, type); return;
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION: print_record(ctx, out, type); return;
    case ABIDE_KIND_ENUM: print_enum(ctx, out, type); return;
    case ABIDE_KIND_TUPLE: print_tuple(ctx, out, type); return;
    case ABIDE_KIND_BITSET:
        abide__text_printf(ctx, out, "bitset<%" PRIu64 ">", type->count);
        return;
    case ABIDE_KIND_SLICE: print_around(ctx, out, "slice", type->target); return;
    case ABIDE_KIND_SEQ: print_around(ctx, out, "own slice", type->target); return;
    case ABIDE_KIND_RAW: print_around(ctx, out, "raw", type->target); return;
    case ABIDE_KIND_NEWTYPE: print(ctx, out, type->target); return;
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_CSTRING:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT:
    case ABIDE_KIND_BOX:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_HANDLE:
    case ABIDE_KIND_RESOURCE:
    case ABIDE_KIND_COUNT:
        abide__text_printf(ctx, out, "%s", abide__kind_names[type->kind]);
        return;
    }
}

static void print(abide_ctx *ctx, struct abide_text *out, const abide_type *type)
{
    if (type->name)
        abide__text_printf(ctx, out, "%s", type->name);
    else
        print_anonymous(ctx, out, type);
}

const char *abide_type_print(abide_ctx *ctx, const abide_type *type)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    struct abide_text out = {0};
    print(ctx, &out, type);
    abide__guard_leave(ctx, &guard);
    return out.chars;
}

const char *abide_signature_print(abide_ctx *ctx, const abide_signature *signature)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    struct abide_text out = {0};
    print_callable(ctx, &out, "", signature);
    abide__guard_leave(ctx, &guard);
    return out.chars;
}

bool abide_signature_is_variadic(const abide_signature *signature)
{
    return signature->is_variadic;
}
