/* The C prototype of a lowered function: what the ABI's own compiler would declare. */
#include "base/diag.h"
#include "call/assignment.h"
#include "call/physical.h"
#include "call/represent.h"
#include "spec/compilers.h"
#include "spec/language.h"

#include <string.h>

/* Types may describe very long text: functions that take functions that take functions. */
#define MAX_DEPTH      64
#define MAX_TEXT_BYTES ((size_t)1 << 20)

struct printer {
    abide_ctx *ctx;
    const abide_module *module;
    const abide_module *foreign;
    const abide_type *open[MAX_DEPTH]; /* what is being declared, from the outside */
    size_t depth;
    size_t text_bytes; /* of all declarators so far */
    bool is_too_large;
};

static const char *declare(struct printer *printer, const abide_type *type, const char *inner);
static const char *declare_function(struct printer *printer, const struct abide_physical *physical,
                                    const char *inner);

/* --- names ------------------------------------------------------------------------------------ */

static bool is_keyword(const char *name)
{
    static const char *const keywords[] = {
        "auto",       "break",         "case",           "char",
        "const",      "continue",      "default",        "do",
        "double",     "else",          "enum",           "extern",
        "float",      "for",           "goto",           "if",
        "inline",     "int",           "long",           "register",
        "restrict",   "return",        "short",          "signed",
        "sizeof",     "static",        "struct",         "switch",
        "typedef",    "union",         "unsigned",       "void",
        "volatile",   "while",         "bool",           "_Bool",
        "_Complex",   "_Alignas",      "_Alignof",       "_Atomic",
        "_Generic",   "_Noreturn",     "_Static_assert", "_Thread_local",
        "_Imaginary", "asm",           "typeof",         "nullptr",
        "true",       "false",         "constexpr",      "alignas",
        "alignof",    "static_assert", "thread_local"};
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (strcmp(keywords[i], name) == 0)
            return true;
    }
    return false;
}

static bool is_identifier_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A name of an interface as a C identifier. */
static const char *c_name(abide_ctx *ctx, const char *name)
{
    struct abide_text text = {0};
    if (name[0] >= '0' && name[0] <= '9')
        abide__text_add(ctx, &text, "_", 1);
    for (const char *at = name; *at != '\0'; at++)
        abide__text_add(ctx, &text, is_identifier_char(*at) ? at : "_", 1);
    if (is_keyword(name))
        abide__text_add(ctx, &text, "_", 1);
    return text.length_bytes > 0 ? text.chars : "_";
}

/* "type name", or the type alone. */
static const char *with_name(struct printer *printer, const char *type, const char *inner)
{
    const char *text = inner[0] == '\0' ? type : abide__printf(printer->ctx, "%s %s", type, inner);
    printer->text_bytes += strlen(text);
    printer->is_too_large = printer->is_too_large || printer->text_bytes > MAX_TEXT_BYTES;
    return text;
}

/* --- types ------------------------------------------------------------------------------------ */

static const abide_type *represent_quietly(struct printer *printer, const abide_type *type)
{
    struct abide_representing how = {
        .module = printer->module, .foreign = printer->foreign, .quiet = true};
    return abide_represent__as(printer->ctx, &how, type);
}

static bool is_pointer(const abide_type *physical)
{
    return physical != NULL &&
           (physical->kind == ABIDE_KIND_POINTER || physical->kind == ABIDE_KIND_FUNCTION);
}

/* A record that the ABI made goes by the name that the interface has for it. */
static const char *declare_target(struct printer *printer, const abide_type *type,
                                  const abide_type *physical, const char *pointer)
{
    if (physical == NULL)
        return with_name(printer, "void", pointer);
    bool is_record = physical->kind == ABIDE_KIND_STRUCT || physical->kind == ABIDE_KIND_UNION;
    if (is_record && physical->name == NULL && type->name != NULL)
        return with_name(printer, c_name(printer->ctx, type->name), pointer);
    return declare(printer, physical, pointer);
}

/* What a pointer points to is abstract; of a type without a form here, only the address is known. */
static const char *declare_pointer(struct printer *printer, const abide_type *type,
                                   const char *inner)
{
    const abide_type *target = represent_quietly(printer, type->target);
    bool is_array = target != NULL && target->kind == ABIDE_KIND_ARRAY;
    bool is_const = printer->module->const_pointers && !type->is_mutable;
    bool qualifies_pointer = is_const && is_pointer(target); /* "*const *name", else in front */
    const char *pointer = abide__printf(printer->ctx,
                                        is_array            ? "(*%s)"
                                        : qualifies_pointer ? "const *%s"
                                                            : "*%s",
                                        inner);
    const char *text = declare_target(printer, type->target, target, pointer);
    return is_const && !qualifies_pointer && text != NULL
               ? abide__printf(printer->ctx, "const %s", text)
               : text;
}

/* What says in GNU C that a function has the convention of its machine module, and a blank; or nothing. */
static const char *convention_of(struct printer *printer, const struct abide_physical *physical)
{
    const char *attribute = physical->machine->compilers->attribute;
    return attribute != NULL ? abide__printf(printer->ctx, "__attribute__((%s)) ", attribute) : "";
}

/* The function has its own convention, so it is lowered again. */
static const char *declare_code(struct printer *printer, const abide_type *type, const char *inner)
{
    const struct abide_physical *physical = abide_physical__of(
        printer->ctx, printer->module, type->signature, printer->foreign, type->target != NULL);
    if (physical == NULL)
        return NULL;
    return declare_function(
        printer, physical,
        abide__printf(printer->ctx, "(%s*%s)", convention_of(printer, physical), inner));
}

static const char *declare_field(struct printer *printer, const struct abide_field *field)
{
    const char *name = field->name != NULL ? c_name(printer->ctx, field->name) : "";
    if (field->is_bitfield)
        name = abide__printf(printer->ctx, "%s%s: %u", name, name[0] != '\0' ? " " : "",
                             (unsigned)field->bits);
    return declare(printer, field->type, name);
}

/* An anonymous record is written out. */
static const char *declare_members(struct printer *printer, const abide_type *type,
                                   const char *inner)
{
    struct abide_text text = {0};
    abide__text_printf(printer->ctx, &text, "%s { ",
                       type->kind == ABIDE_KIND_UNION ? "union" : "struct");
    for (size_t i = 0; i < type->field_count; i++) {
        const char *field = declare_field(printer, &type->fields[i]);
        if (field == NULL)
            return NULL;
        abide__text_printf(printer->ctx, &text, "%s; ", field);
    }
    abide__text_add(printer->ctx, &text, "}", 1);
    return with_name(printer, text.chars, inner);
}

static const char *declare_record(struct printer *printer, const abide_type *type,
                                  const char *inner)
{
    if (type->name != NULL)
        return with_name(printer, c_name(printer->ctx, type->name), inner);
    return declare_members(printer, type, inner);
}

static const char *declare_array(struct printer *printer, const abide_type *type, const char *inner)
{
    const char *length =
        type->is_flexible ? "[]"
                          : abide__printf(printer->ctx, "[%llu]", (unsigned long long)type->count);
    return declare(printer, type->target, abide__printf(printer->ctx, "%s%s", inner, length));
}

/* GNU C: wherever it stands among the specifiers, the attribute makes vectors of the scalar, not of what is declared. */
static const char *declare_vector(struct printer *printer, const abide_type *type,
                                  const char *inner)
{
    const abide_layout *element =
        abide_layout__physical(printer->ctx, printer->module->machine->data, type->target);
    if (element == NULL)
        return NULL;
    const char *name = abide__printf(printer->ctx, "__attribute__((vector_size(%llu))) %s",
                                     (unsigned long long)(element->size_bytes * type->count),
                                     abide__scalars[type->target->scalar].c_name);
    return with_name(printer, name, inner);
}

/* __float128 is the name of a type, which cannot be combined. C23's name is a keyword, which clang 19 lacks. */
static const char *declare_complex(struct printer *printer, const abide_type *type,
                                   const char *inner)
{
    const char *part = type->target->scalar == ABIDE_SCALAR_F128
                           ? "_Float128"
                           : abide__scalars[type->target->scalar].c_name;
    return with_name(printer, abide__printf(printer->ctx, "_Complex %s", part), inner);
}

static const char *declare_enum(struct printer *printer, const abide_type *type, const char *inner)
{
    if (type->name != NULL)
        return with_name(printer, c_name(printer->ctx, type->name), inner);
    return type->target != NULL ? declare(printer, type->target, inner)
                                : with_name(printer, "int", inner);
}

static const char *declare_by_kind(struct printer *printer, const abide_type *type,
                                   const char *inner)
{
    switch (type->kind) {
    case ABIDE_KIND_VOID: return with_name(printer, "void", inner);
    case ABIDE_KIND_SCALAR: return with_name(printer, abide__scalars[type->scalar].c_name, inner);
    case ABIDE_KIND_POINTER: return declare_pointer(printer, type, inner);
    case ABIDE_KIND_FUNCTION: return declare_code(printer, type, inner);
    case ABIDE_KIND_ARRAY: return declare_array(printer, type, inner);
    case ABIDE_KIND_VECTOR: return declare_vector(printer, type, inner);
    case ABIDE_KIND_COMPLEX: return declare_complex(printer, type, inner);
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION: return declare_record(printer, type, inner);
    case ABIDE_KIND_ENUM: return declare_enum(printer, type, inner);
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_RESOURCE:
        return with_name(printer, type->name != NULL ? c_name(printer->ctx, type->name) : "void",
                         inner);
    case ABIDE_KIND_NEWTYPE: return declare(printer, type->target, inner);
        ABIDE_CASES_ABSTRACT:
    case ABIDE_KIND_COUNT: break; /* never physical */
    }
    return with_name(printer, "void", inner);
}

/* Whether a pointer leads to itself: C has no words for that without a name. */
static bool is_open(const struct printer *printer, const abide_type *type)
{
    if (type->kind != ABIDE_KIND_POINTER && type->kind != ABIDE_KIND_FUNCTION)
        return false;
    for (size_t i = 0; i < printer->depth; i++) {
        const abide_type *open = printer->open[i];
        if (open == type ||
            (open->kind == type->kind && type->signature && open->signature == type->signature))
            return true;
    }
    return false;
}

/* `inner` is the declarator so far: a name with what binds to it. NULL: reported, or too large. */
static const char *declare(struct printer *printer, const abide_type *type, const char *inner)
{
    if (printer->depth == MAX_DEPTH)
        printer->is_too_large = true;
    if (printer->is_too_large)
        return NULL;
    if (is_open(printer, type))
        return with_name(printer, "void", abide__printf(printer->ctx, "*%s", inner));
    printer->open[printer->depth++] = type;
    const char *text = declare_by_kind(printer, type, inner);
    printer->depth--;
    return text;
}

/* --- functions --------------------------------------------------------------------------------- */

/* C has a name for it, whatever it is made of. */
static bool is_list(const struct abide_physical *physical, const struct abide_physical_param *param)
{
    return param->role == ABIDE_ROLE_VALUE && param->of < physical->signature->param_count &&
           abide_type__is(physical->signature->params[param->of].type, ABIDE_KIND_VA_LIST);
}

/* A value that comes back is in C's view in memory, whose address is passed. */
static const abide_type *type_in_c(struct printer *printer,
                                   const struct abide_physical_param *param)
{
    return param->comes_back ? abide_type__pointer(printer->ctx, param->type, true, true)
                             : param->type;
}

const char *abide_physical__attribute(abide_ctx *ctx, const struct abide_physical *physical,
                                      const struct abide_physical_param *param)
{
    const char *attribute = NULL;
    if (param->of < physical->signature->param_count)
        attribute = abide_compilers__of_param(physical->machine->compilers,
                                              physical->signature->params[param->of].facts);
    return attribute ? abide__printf(ctx, " __attribute__((%s))", attribute) : "";
}

static const char *declare_params(struct printer *printer, const struct abide_physical *physical)
{
    struct abide_text text = {0};
    size_t count = 0;
    for (size_t i = 0; i < physical->param_count; i++) {
        const struct abide_physical_param *param = &physical->params[i];
        if (param->is_variadic) /* a described call: the prototype says `...` */
            continue;
        const char *name = param->name != NULL ? c_name(printer->ctx, param->name) : "";
        const char *declared = is_list(physical, param)
                                   ? with_name(printer, "va_list", name)
                                   : declare(printer, type_in_c(printer, param), name);
        if (declared == NULL)
            return NULL;
        abide__text_printf(printer->ctx, &text, "%s%s%s", count++ > 0 ? ", " : "", declared,
                           abide_physical__attribute(printer->ctx, physical, param));
    }
    if (physical->is_variadic)
        abide__text_printf(printer->ctx, &text, "%s...", count++ > 0 ? ", " : "");
    return count > 0 ? text.chars : "void";
}

static const char *declare_function(struct printer *printer, const struct abide_physical *physical,
                                    const char *inner)
{
    const char *params = declare_params(printer, physical);
    if (params == NULL)
        return NULL;
    return declare(printer, physical->result.type,
                   abide__printf(printer->ctx, "%s(%s)", inner, params));
}

static const char *prototype(abide_ctx *ctx, const struct abide_physical *physical,
                             const char *name)
{
    struct printer printer = {.ctx = ctx, .module = physical->module, .foreign = physical->foreign};
    const char *text = declare_function(&printer, physical, c_name(ctx, name));
    if (text != NULL) /* in front, where it is about the function, whatever that returns */
        text = abide__printf(ctx, "%s%s", convention_of(&printer, physical), text);
    else if (printer.is_too_large)
        abide__report(ctx, ABIDE_CODE_PROTOTYPE_TOO_LARGE, physical->signature->place,
                      "the prototype of %s nests deeper than %d types, or is longer than %zu bytes",
                      abide__quote(ctx, name), MAX_DEPTH, MAX_TEXT_BYTES);
    return text;
}

const char *abide_assignment_prototype(abide_ctx *ctx, const abide_assignment *assignment,
                                       const char *name)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = prototype(ctx, assignment->physical, name);
    abide__guard_leave(ctx, &guard);
    return text;
}

static abide_parameter declared_at(abide_ctx *ctx, const struct abide_physical_param *param)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return (abide_parameter){0};
    struct printer printer = {.ctx = ctx};
    abide_parameter declared = {param->name, type_in_c(&printer, param)};
    abide__guard_leave(ctx, &guard);
    return declared;
}

abide_parameter abide_assignment_declared_at(abide_ctx *ctx, const abide_assignment *assignment,
                                             size_t index)
{
    const struct abide_physical *physical = assignment->physical;
    if (index == ABIDE_RESULT)
        return (abide_parameter){NULL, physical->result.type};
    if (index >= physical->param_count)
        return (abide_parameter){0};
    return declared_at(ctx, &physical->params[index]);
}
