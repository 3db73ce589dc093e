/* Types as an interface file writes them. The depth is that of anonymous types, which is limited. */
#include "types/type.h"

#include <inttypes.h>

/* Where the text goes. */
struct printer {
    abide_ctx *ctx;
    struct abide_text text;
    unsigned braces; /* that are open: inside them `;` stands for `,` in a type */
};

static void print(struct printer *printer, const abide_type *type);

#define PRINT(printer, ...) abide__text_printf((printer)->ctx, &(printer)->text, __VA_ARGS__)

static void separate(struct printer *printer, size_t index)
{
    if (index)
        PRINT(printer, printer->braces ? "; " : ", ");
}

static void print_around(struct printer *printer, const char *word, const abide_type *type)
{
    PRINT(printer, "%s<", word);
    print(printer, type);
    PRINT(printer, ">");
}

static const char *pointer_word(const abide_type *type)
{
    static const char *const words[] = {"ref", "mutref", "ptr", "mutptr"};
    return words[type->is_nullable * 2 + type->is_mutable];
}

static void print_array(struct printer *printer, const abide_type *type)
{
    PRINT(printer, "array<");
    print(printer, type->target);
    if (!type->is_flexible) {
        separate(printer, 1);
        PRINT(printer, "%" PRIu64, type->count);
    }
    PRINT(printer, ">");
}

static void print_vector(struct printer *printer, const abide_type *type)
{
    PRINT(printer, "vector<");
    print(printer, type->target);
    separate(printer, 1);
    PRINT(printer, "%" PRIu64 ">", type->count);
}

static void print_tuple(struct printer *printer, const abide_type *type)
{
    PRINT(printer, "tuple<");
    for (size_t i = 0; i < type->field_count; i++) {
        separate(printer, i);
        print(printer, type->fields[i].type);
    }
    PRINT(printer, ">");
}

/* What a case holds, or `unit`. */
static void print_payload(struct printer *printer, const abide_type *type)
{
    if (type->kind == ABIDE_KIND_VOID)
        PRINT(printer, "unit");
    else
        print(printer, type);
}

static void print_result(struct printer *printer, const abide_type *type)
{
    PRINT(printer, "result<");
    print_payload(printer, type->fields[0].type);
    separate(printer, 1);
    print_payload(printer, type->fields[1].type);
    PRINT(printer, ">");
}

static void print_option(struct printer *printer, const abide_type *type)
{
    PRINT(printer, "option<");
    print_payload(printer, type->fields[1].type);
    PRINT(printer, ">");
}

/* `own` is part of some types, as of own string. */
static bool begins_with_own(const abide_type *type)
{
    return !type->name && (type->is_own || type->kind == ABIDE_KIND_SEQ);
}

static void print_param(struct printer *printer, const struct abide_param *param)
{
    static const char *const modes[] = {
        [ABIDE_MODE_IN] = "", [ABIDE_MODE_OUT] = "out ", [ABIDE_MODE_INOUT] = "inout "};
    if (param->name)
        PRINT(printer, "%s%s", param->name, param->is_self ? "" : " ");
    if (param->is_self)
        return;
    PRINT(printer, "%s%s", modes[param->mode],
          param->is_own && !begins_with_own(param->type) ? "own " : "");
    print(printer, param->type);
}

static void print_callable(struct printer *printer, const char *word,
                           const abide_signature *signature)
{
    PRINT(printer, "%s(", word);
    for (size_t i = 0; i < signature->param_count; i++) {
        separate(printer, i);
        if (i == signature->fixed_count)
            PRINT(printer, "... ");
        print_param(printer, &signature->params[i]);
    }
    if (signature->is_variadic && signature->param_count == signature->fixed_count) {
        separate(printer, signature->param_count);
        PRINT(printer, "...");
    }
    PRINT(printer, ")");
    if (signature->result->kind == ABIDE_KIND_VOID)
        return;
    PRINT(printer, " -> ");
    print(printer, signature->result);
    if (signature->has_lender && signature->params[signature->lender].name)
        PRINT(printer, " from %s", signature->params[signature->lender].name);
}

static void print_field(struct printer *printer, const struct abide_field *field)
{
    PRINT(printer, "%s: ", field->name ? field->name : "_");
    if (!field->is_bitfield) {
        print_payload(printer, field->type);
        return;
    }
    PRINT(printer, "{type: ");
    print(printer, field->type);
    PRINT(printer, ", bits: %u}", (unsigned)field->bits);
}

static void print_record(struct printer *printer, const abide_type *type)
{
    PRINT(printer, "{%s: {", abide__kind_names[type->kind]);
    for (size_t i = 0; i < type->field_count; i++) {
        PRINT(printer, "%s", i ? ", " : "");
        print_field(printer, &type->fields[i]);
    }
    PRINT(printer, type->is_open ? "}, open: sized" : "}");
}

/* The tag of a case is said where it is not one more than that before. */
static void print_case(struct printer *printer, const abide_type *type, size_t index)
{
    int64_t tag = type->enumerators[index].value;
    int64_t next = index ? type->enumerators[index - 1].value + 1 : 0;
    const struct abide_field *field = &type->fields[index];
    bool is_bare = field->type->kind == ABIDE_KIND_VOID;
    PRINT(printer, "%s%s: ", index ? ", " : "", field->name);
    if (tag != next)
        PRINT(printer, is_bare ? "{" : "{type: ");
    if (!is_bare)
        print(printer, field->type);
    if (tag != next)
        PRINT(printer, "%stag: %" PRId64 "}", is_bare ? "" : ", ", tag);
}

static void print_variant(struct printer *printer, const abide_type *type)
{
    PRINT(printer, "{variant: {");
    for (size_t i = 0; i < type->field_count; i++)
        print_case(printer, type, i);
    PRINT(printer, "}");
    if (type->target) {
        PRINT(printer, ", tag: ");
        print(printer, type->target);
    }
    if (type->is_open) /* a variant */
        PRINT(printer, ", open: {size: %" PRIu64 ", align: %" PRIu64 "}", type->reserved_bytes,
              type->reserved_align_bytes);
}

/* Enums and flags: numbers are said where one is not one more than that before. */
static void print_names(struct printer *printer, const abide_type *type)
{
    bool counts = true;
    for (size_t i = 0; i < type->enumerator_count; i++)
        counts = counts && type->enumerators[i].value == (int64_t)i;
    PRINT(printer, "{%s: %s", abide__kind_names[type->kind], counts ? "[" : "{");
    for (size_t i = 0; i < type->enumerator_count; i++) {
        PRINT(printer, "%s%s", i ? ", " : "", type->enumerators[i].name);
        if (!counts)
            PRINT(printer, type->enumerators[i].is_large ? ": %" PRIu64 : ": %" PRId64,
                  type->enumerators[i].value);
    }
    PRINT(printer, counts ? "]" : "}");
    if (type->target) {
        PRINT(printer, ", base: ");
        print(printer, type->target);
    }
    if (type->is_open)
        PRINT(printer, ", open: true");
}

static void print_in_braces(struct printer *printer, const abide_type *type)
{
    printer->braces++;
    if (type->kind == ABIDE_KIND_VARIANT)
        print_variant(printer, type);
    else if (type->kind == ABIDE_KIND_ENUM || type->kind == ABIDE_KIND_FLAGS)
        print_names(printer, type);
    else
        print_record(printer, type);
    PRINT(printer, "}");
    printer->braces--;
}

static void print_closure(struct printer *printer, const abide_type *type)
{
    PRINT(printer, "%s", type->is_once ? "once " : type->is_own ? "own " : "");
    if (type->target)
        print(printer, type->target);
    else
        print_callable(printer, "closure", type->signature);
}

static void print_anonymous(struct printer *printer, const abide_type *type)
{
    const char *own = type->is_own ? "own " : "";
    switch (type->kind) {
    case ABIDE_KIND_SCALAR: PRINT(printer, "%s", abide__scalars[type->scalar].name); return;
    case ABIDE_KIND_POINTER: print_around(printer, pointer_word(type), type->target); return;
    case ABIDE_KIND_FUNCTION: print_callable(printer, "fn", type->signature); return;
    case ABIDE_KIND_CLOSURE: print_closure(printer, type); return;
    case ABIDE_KIND_ARRAY: print_array(printer, type); return;
    case ABIDE_KIND_VECTOR: print_vector(printer, type); return;
    case ABIDE_KIND_COMPLEX: print_around(printer, "complex", type->target); return;
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION:
    case ABIDE_KIND_ENUM:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_VARIANT: print_in_braces(printer, type); return;
    case ABIDE_KIND_TUPLE: print_tuple(printer, type); return;
    case ABIDE_KIND_BITSET: PRINT(printer, "bitset<%" PRIu64 ">", type->count); return;
    case ABIDE_KIND_SLICE:
        print_around(printer, type->is_mutable ? "mutslice" : "slice", type->target);
        return;
    case ABIDE_KIND_SEQ: print_around(printer, "own slice", type->target); return;
    case ABIDE_KIND_RAW: print_around(printer, "raw", type->target); return;
    case ABIDE_KIND_BOX: print_around(printer, "box", type->target); return;
    case ABIDE_KIND_OPTION: print_option(printer, type); return;
    case ABIDE_KIND_RESULT: print_result(printer, type); return;
    case ABIDE_KIND_NEWTYPE: print(printer, type->target); return;
    case ABIDE_KIND_HANDLE:
        PRINT(printer, "%s", own);
        print(printer, type->target);
        return;
    case ABIDE_KIND_DYN:
        PRINT(printer, "%sdyn ", type->is_shared ? "shared " : own);
        print(printer, type->target);
        return;
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_STRING16:
    case ABIDE_KIND_UTF16:
    case ABIDE_KIND_CSTRING: PRINT(printer, "%s%s", own, abide__kind_names[type->kind]); return;
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_RESOURCE:
    case ABIDE_KIND_INTERFACE:
    case ABIDE_KIND_VA_LIST:
    case ABIDE_KIND_COUNT: PRINT(printer, "%s", abide__kind_names[type->kind]); return;
    }
}

static void print(struct printer *printer, const abide_type *type)
{
    if (type->name)
        PRINT(printer, "%s", type->name);
    else
        print_anonymous(printer, type);
}

static const char *type_text(abide_ctx *ctx, const abide_type *type)
{
    struct printer printer = {.ctx = ctx};
    print(&printer, type);
    return printer.text.chars;
}

static const char *signature_text(abide_ctx *ctx, const abide_signature *signature)
{
    struct printer printer = {.ctx = ctx};
    print_callable(&printer, "", signature);
    return printer.text.chars;
}

/* Inside the library whoever has a guard catches it when memory runs out: messages are made of these texts. */
const char *abide_type_print(abide_ctx *ctx, const abide_type *type)
{
    struct abide_guard guard;
    if (ctx->guard)
        return type_text(ctx, type);
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = type_text(ctx, type);
    abide__guard_leave(ctx, &guard);
    return text;
}

const char *abide_signature_print(abide_ctx *ctx, const abide_signature *signature)
{
    struct abide_guard guard;
    if (ctx->guard)
        return signature_text(ctx, signature);
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = signature_text(ctx, signature);
    abide__guard_leave(ctx, &guard);
    return text;
}

bool abide_signature_is_variadic(const abide_signature *signature)
{
    return signature->is_variadic;
}
