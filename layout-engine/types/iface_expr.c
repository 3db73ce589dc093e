/*
 * The type language: `ptr<array<u8, 4>>`, `(s shape, by f64) -> point`. Recursive descent over words and brackets.
 *
 *     type      = ["own" | "once" | "borrow"] (word ["<" arguments ">"] | ("fn" | "closure" | "callback") signature)
 *     signature = "(" [parameter {("," | ";") parameter}] ["..." [parameter {...}]] ")" ["->" type ["from" name]]
 *     parameter = [name] ["in" | "out" | "inout"] type
 *
 * Of an expression's mistakes the first is told, with its exact place, and every unknown name.
 */
#include "types/iface_expr.h"

#include <string.h>

/* The place of the word that was read last, which stands for `builtin`. */
static struct abide_place last_word_place(const struct expression *expression,
                                          const struct builtin *builtin)
{
    return abide_expr__place_from(expression, expression->source_last_end - strlen(builtin->name));
}

/* ---- type constructors --------------------------------------------------------------------- */

/* A type that lies in the one that is read; whether it has a size is seen when all types are known. */
static const abide_type *parse_part(struct expression *expression)
{
    struct iface_reader *reader = expression->reader;
    abide_ctx *ctx = reader->ctx;
    size_t start = expression->source_start;
    const abide_type *type = abide_expr__type(expression, IFACE_USE_VALUE);
    if (!type)
        return NULL;
    struct iface_part part = {abide_expr__place_from(expression, start), type};
    abide__push(ctx, &reader->parts, part);
    return type;
}

static bool open_arguments(struct expression *expression, const struct builtin *builtin)
{
    if (abide_expr__accept(expression, '<'))
        return true;
    abide_expr__report_expected(
        expression, abide__printf(expression->reader->ctx, "`<` behind %s", builtin->name));
    return false;
}

static bool close_arguments(struct expression *expression)
{
    return abide_expr__expect(expression, '>', "`>`");
}

const abide_type *abide_expr__scalar(struct expression *expression, const struct builtin *builtin)
{
    return abide_type__scalar(expression->reader->ctx, (enum abide_scalar)builtin->detail);
}

const abide_type *abide_expr__void(struct expression *expression, const struct builtin *builtin)
{
    (void)builtin;
    return abide_type__void(expression->reader->ctx);
}

/* string, string0, string16, utf16, cstring */
const abide_type *abide_expr__plain(struct expression *expression, const struct builtin *builtin)
{
    return abide_iface__in_form(
        expression->reader,
        abide_type__of(expression->reader->ctx, (enum abide_kind)builtin->detail, NULL));
}

/* slice<T>, mutslice<T>, box<T>, raw<T> */
const abide_type *abide_expr__around(struct expression *expression, const struct builtin *builtin)
{
    const abide_type *target = open_arguments(expression, builtin) ? parse_part(expression) : NULL;
    if (!target || !close_arguments(expression))
        return NULL;
    const abide_type model = {.kind = (enum abide_kind)(builtin->detail & AROUND_KIND),
                              .target = target,
                              .is_mutable = builtin->detail & AROUND_MUTABLE};
    return abide_iface__in_form(expression->reader,
                                abide_type__like(expression->reader->ctx, &model));
}

/* bytes: a slice of them; bytes<N>: an array */
const abide_type *abide_expr__bytes(struct expression *expression, const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    const abide_type *byte = abide_type__scalar(ctx, ABIDE_SCALAR_U8);
    uint64_t count;
    (void)builtin;
    if (!abide_expr__accept(expression, '<'))
        return abide_iface__in_form(expression->reader,
                                    abide_type__of(ctx, ABIDE_KIND_SLICE, byte));
    if (!abide_expr__count(expression, ABIDE_TYPE_MAX_COUNT, &count) ||
        !close_arguments(expression))
        return NULL;
    return abide_type__array(ctx, byte, count, false);
}

/* What a case holds: a type, or `unit` for nothing. */
static const abide_type *parse_payload(struct expression *expression)
{
    const struct iface_word *word =
        expression->token == TOKEN_WORD
            ? abide_iface__find_word(expression->reader, abide_expr__token_text(expression))
            : NULL;
    if (!word || !word->builtin || word->builtin->parse != abide_expr__void)
        return parse_part(expression);
    abide_expr__next(expression);
    return abide_type__void(expression->reader->ctx);
}

const abide_type *abide_expr__option(struct expression *expression, const struct builtin *builtin)
{
    const abide_type *some = open_arguments(expression, builtin) ? parse_payload(expression) : NULL;
    if (!some || !close_arguments(expression))
        return NULL;
    return abide_iface__in_form(expression->reader,
                                abide_type__option(expression->reader->ctx, some));
}

const abide_type *abide_expr__result(struct expression *expression, const struct builtin *builtin)
{
    const abide_type *ok = open_arguments(expression, builtin) ? parse_payload(expression) : NULL;
    if (!ok)
        return NULL;
    if (!abide_expr__at_separator(expression)) {
        abide_expr__report_expected(expression, "`,` and the type of the error");
        return NULL;
    }
    abide_expr__next(expression);
    const abide_type *err = parse_payload(expression);
    if (!err || !close_arguments(expression))
        return NULL;
    return abide_iface__in_form(expression->reader,
                                abide_type__result(expression->reader->ctx, ok, err));
}

/* NAME: newtype T, which a name for a type is anyway. */
const abide_type *abide_expr__newtype(struct expression *expression, const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    if (expression->use & IFACE_USE_DEFINITION && expression->depth == 1)
        return abide_expr__type(expression, IFACE_USE_VALUE);
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_TYPE, last_word_place(expression, builtin),
                                     "'newtype' is no part of a type");
    abide__diag_help(ctx, diag, "write NAME: newtype T under `types:`, and use NAME here");
    expression->failed = true;
    return NULL;
}

const abide_type *abide_expr__pointer(struct expression *expression, const struct builtin *builtin)
{
    if (!open_arguments(expression, builtin))
        return NULL;
    const abide_type *target = abide_expr__type(expression, IFACE_USE_RESULT);
    if (!target || !close_arguments(expression))
        return NULL;
    return abide_type__pointer(expression->reader->ctx, target, builtin->detail & POINTER_MUTABLE,
                               builtin->detail & POINTER_NULLABLE);
}

const abide_type *abide_expr__array(struct expression *expression, const struct builtin *builtin)
{
    const abide_type *element = open_arguments(expression, builtin) ? parse_part(expression) : NULL;
    if (!element)
        return NULL;
    if (abide_expr__accept(expression, '>'))
        return abide_type__array(expression->reader->ctx, element, 0, true);
    uint64_t count;
    if (!abide_expr__at_separator(expression)) {
        abide_expr__report_expected(expression, "`,` and a count");
        return NULL;
    }
    abide_expr__next(expression);
    if (!abide_expr__count(expression, ABIDE_TYPE_MAX_COUNT, &count) ||
        !close_arguments(expression))
        return NULL;
    return abide_type__array(expression->reader->ctx, element, count, false);
}

bool abide_iface__check_element(struct iface_reader *reader, struct abide_place place,
                                enum abide_kind kind, const abide_type *element)
{
    abide_ctx *ctx = reader->ctx;
    if (abide_type__can_be_element(kind, abide_type__strip(element)))
        return true;
    bool is_complex = kind == ABIDE_KIND_COMPLEX;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_TYPE, place,
                                     is_complex ? "there are no complex numbers of %s"
                                                : "there are no vectors of %s",
                                     abide__quote(ctx, abide_type_print(ctx, element)));
    abide__diag_help(ctx, diag, "%s",
                     is_complex ? "the parts of a complex number are floats: f16, f32, f64, f80, "
                                  "f128, c_float, c_double or c_longdouble"
                                : "the elements of a vector are scalars, but not bool, f80 or "
                                  "c_longdouble; array<T, N> takes every type");
    return false;
}

/* The element of a vector, the part of a complex number: a scalar of those that can be, or a name for one, which may be defined later. */
static const abide_type *parse_element(struct expression *expression, enum abide_kind kind)
{
    struct iface_reader *reader = expression->reader;
    size_t start = expression->source_start;
    const abide_type *type = abide_expr__type(expression, IFACE_USE_VALUE);
    if (!type || expression->failed)
        return type;
    struct iface_element element = {abide_expr__place_from(expression, start), kind, type};
    if (type->name) {
        abide__push(reader->ctx, &reader->elements, element);
        return type;
    }
    if (abide_iface__check_element(reader, element.place, kind, type))
        return type;
    expression->failed = true;
    return NULL;
}

static bool check_elements(struct expression *expression, size_t start, uint64_t count)
{
    if (count > 0)
        return true;
    abide_ctx *ctx = expression->reader->ctx;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_COUNT, abide_expr__place_from(expression, start),
                      "a vector of no elements");
    abide__diag_help(ctx, diag, "a vector has at least one: vector<f32, 4>");
    expression->failed = true;
    return false;
}

const abide_type *abide_expr__vector(struct expression *expression, const struct builtin *builtin)
{
    const abide_type *element =
        open_arguments(expression, builtin) ? parse_element(expression, ABIDE_KIND_VECTOR) : NULL;
    if (!element)
        return NULL;
    if (!abide_expr__at_separator(expression)) {
        abide_expr__report_expected(expression, "`,` and a count");
        return NULL;
    }
    abide_expr__next(expression);
    size_t start = expression->source_start;
    uint64_t count;
    if (!abide_expr__count(expression, ABIDE_TYPE_MAX_ELEMENTS, &count) ||
        !check_elements(expression, start, count) || !close_arguments(expression))
        return NULL;
    return abide_type__vector(expression->reader->ctx, element, count);
}

const abide_type *abide_expr__complex(struct expression *expression, const struct builtin *builtin)
{
    const abide_type *part =
        open_arguments(expression, builtin) ? parse_element(expression, ABIDE_KIND_COMPLEX) : NULL;
    if (!part || !close_arguments(expression))
        return NULL;
    return abide_type__complex(expression->reader->ctx, part);
}

const abide_type *abide_expr__bitset(struct expression *expression, const struct builtin *builtin)
{
    uint64_t count;
    (void)builtin;
    if (!abide_expr__expect(expression, '<', "`<` and a number of elements") ||
        !abide_expr__count(expression, ABIDE_TYPE_MAX_BITS, &count) || !close_arguments(expression))
        return NULL;
    return abide_iface__in_form(expression->reader,
                                abide_type__bitset(expression->reader->ctx, count));
}

const abide_type *abide_expr__tuple(struct expression *expression, const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    ABIDE_VEC(struct abide_field) fields = {0};
    if (!open_arguments(expression, builtin))
        return NULL;
    while (!abide_expr__at_mark(expression, '>')) {
        const abide_type *type = parse_part(expression);
        if (!type)
            return NULL;
        if (fields.count == ABIDE_IFACE_MAX_PARAMS) {
            abide__report(ctx, ABIDE_CODE_TOO_MANY, abide_expr__token_place(expression),
                          "a tuple of more than %d elements", ABIDE_IFACE_MAX_PARAMS);
            expression->failed = true;
            return NULL;
        }
        abide__push(ctx, &fields, (struct abide_field){.type = type});
        if (abide_expr__at_separator(expression))
            abide_expr__next(expression);
        else if (!abide_expr__at_mark(expression, '>'))
            break;
    }
    return close_arguments(expression)
               ? abide_iface__in_form(expression->reader,
                                      abide_type__tuple(ctx, fields.items, fields.count))
               : NULL;
}

/* borrow T, in T: what a value is anyway. */
const abide_type *abide_expr__borrow(struct expression *expression, const struct builtin *builtin)
{
    (void)builtin;
    return abide_expr__type(expression, IFACE_USE_VALUE);
}

/* out, inout: read by parameters (iface_signature.c), so here they stand somewhere else. */
const abide_type *abide_expr__mode(struct expression *expression, const struct builtin *builtin)
{
    abide_ctx *ctx = expression->reader->ctx;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_MODE, last_word_place(expression, builtin),
                      "'%s' stands in front of a parameter's type only", builtin->name);
    abide__diag_help(
        ctx, diag,
        "what the callee writes is a parameter, `(into out T)`, or the result; inside a type "
        "use mutref<T>");
    expression->failed = true;
    return NULL;
}

/* Whether `own` says something about such a type. What names stand for is known later: see `owned`. */
static bool can_be_owned(const abide_type *type)
{
    switch (type->kind) {
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_VECTOR:
    case ABIDE_KIND_COMPLEX:
    case ABIDE_KIND_BITSET:
    case ABIDE_KIND_RAW:
    case ABIDE_KIND_COUNT: return type->name != NULL;
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION:
    case ABIDE_KIND_ENUM:
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_NEWTYPE:
    case ABIDE_KIND_TUPLE:
    case ABIDE_KIND_SLICE:
    case ABIDE_KIND_SEQ:
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_VA_LIST:
    case ABIDE_KIND_CSTRING:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT:
    case ABIDE_KIND_BOX:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_STRING16:
    case ABIDE_KIND_UTF16:
    case ABIDE_KIND_CLOSURE:
    case ABIDE_KIND_RESOURCE:
    case ABIDE_KIND_HANDLE:
    case ABIDE_KIND_INTERFACE:
    case ABIDE_KIND_DYN: break;
    }
    return true;
}

static const abide_type *refuse_own(struct expression *expression, struct abide_place place)
{
    abide_ctx *ctx = expression->reader->ctx;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, place, "'own' means nothing for this type");
    abide__diag_help(ctx, diag,
                     "'own' stands in front of what has memory of its own: strings, slices, boxes, "
                     "resources, closures, pointers, and types that hold such");
    expression->failed = true;
    return NULL;
}

/* A closure that is given away: a type for this place only, whose name may be defined later. */
static const abide_type *given_closure(struct expression *expression, const abide_type *type,
                                       bool is_once)
{
    struct iface_reader *reader = expression->reader;
    const abide_type *given = abide_type__given_closure(reader->ctx, type, is_once);
    expression->has_callable = true;
    if (type->name)
        abide__push(reader->ctx, &reader->given_closures, given);
    if (reader->types_are_sound)
        abide_iface__settle_closures(reader);
    return abide_iface__in_form(reader, given);
}

/* own slice<T>, own string, own RESOURCE are types of their own; for others `own` tells who frees what lies in them. */
const abide_type *abide_expr__own(struct expression *expression, const struct builtin *builtin)
{
    struct iface_reader *reader = expression->reader;
    size_t start = expression->source_start;
    (void)builtin;
    const abide_type *type = abide_expr__type(expression, IFACE_USE_VALUE);
    if (!type || expression->failed)
        return type;
    struct abide_place place = abide_expr__place_from(expression, start);
    if (!can_be_owned(type))
        return refuse_own(expression, place);
    if (abide_iface__names_closure(reader, type) && !type->is_own)
        return given_closure(expression, type, false);
    if (type->name)
        abide__push(reader->ctx, &reader->owned, ((struct iface_part){place, type}));
    return abide_iface__in_form(reader, abide_type__owned(reader->ctx, type));
}

/* once closure(...), once NAME */
const abide_type *abide_expr__once(struct expression *expression, const struct builtin *builtin)
{
    struct iface_reader *reader = expression->reader;
    size_t start = expression->source_start;
    (void)builtin;
    const abide_type *type = abide_expr__type(expression, IFACE_USE_VALUE);
    if (!type || expression->failed)
        return type;
    if (abide_iface__names_closure(reader, type) && !type->is_own)
        return given_closure(expression, type, true);
    abide_diag *diag = abide__report(
        reader->ctx, ABIDE_CODE_BAD_TYPE, abide_expr__place_from(expression, start),
        type->is_own && type->kind == ABIDE_KIND_CLOSURE ? "'once' gives a closure away already"
                                                         : "'once' means nothing for this type");
    abide__diag_help(reader->ctx, diag,
                     "'once' stands in front of a closure that is called at most once: "
                     "`done once closure(n i32)`, or of a name for one");
    expression->failed = true;
    return NULL;
}

/* Stands for a type whose name is unknown, so that the rest of the expression is read for further ones. */
static const abide_type *unknown_type(struct expression *expression, const char *name)
{
    abide_expr__report_unknown(expression, abide_expr__token_place(expression), name);
    abide_expr__next(expression);
    return abide_expr__at_mark(expression, '<')
               ? NULL
               : abide_type__scalar(expression->reader->ctx, ABIDE_SCALAR_BOOL);
}

static const abide_type *parse_word(struct expression *expression)
{
    const char *name = abide_expr__token_text(expression);
    const struct iface_word *word = abide_iface__find_word(expression->reader, name);
    if (!word)
        return unknown_type(expression, name);
    abide_expr__next(expression);
    if (word->builtin)
        return word->builtin->parse(expression, word->builtin);
    if (word->type->kind == ABIDE_KIND_INTERFACE)
        return abide_expr__refuse_interface(expression, word->type);
    if (word->type->kind == ABIDE_KIND_RESOURCE)
        return abide_iface__in_form(
            expression->reader,
            abide_type__of(expression->reader->ctx, ABIDE_KIND_HANDLE, word->type));
    return word->type;
}

static void report_void(struct expression *expression, size_t start, const abide_type *type)
{
    abide_ctx *ctx = expression->reader->ctx;
    struct abide_place place = abide_expr__place_from(expression, start);
    expression->failed = true;
    if (type->kind == ABIDE_KIND_VOID) {
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_BAD_TYPE, place, "'void' is no type of a value");
        abide__diag_help(
            ctx, diag,
            "it stands behind `->`, in ptr<void>, and for nothing in option<> and result<>");
        return;
    }
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, place, "an array without a count has no size");
    abide__diag_help(ctx, diag,
                     "array<T> is the last field of a struct, or a field of a union; otherwise "
                     "write array<T, N>, or ptr<T>");
}

const abide_type *abide_expr__type(struct expression *expression, unsigned use)
{
    abide_ctx *ctx = expression->reader->ctx;
    if (expression->token != TOKEN_WORD) {
        abide_expr__report_expected(expression, "a type");
        return NULL;
    }
    if (expression->depth == ABIDE_IFACE_MAX_TYPE_DEPTH) {
        abide__report(ctx, ABIDE_CODE_TYPE_TOO_DEEP, abide_expr__token_place(expression),
                      "a type nested more than %d deep", ABIDE_IFACE_MAX_TYPE_DEPTH);
        expression->failed = true;
        return NULL;
    }
    size_t start = expression->source_start;
    expression->depth++;
    const abide_type *type = parse_word(expression);
    expression->depth--;
    if (!type)
        return NULL;
    if ((type->kind == ABIDE_KIND_VOID && !(use & IFACE_USE_RESULT)) ||
        (type->kind == ABIDE_KIND_ARRAY && type->is_flexible && !type->name &&
         !(use & IFACE_USE_LAST_FIELD))) {
        report_void(expression, start, type);
        return NULL;
    }
    return type;
}

/* ---- entries ------------------------------------------------------------------------------- */

bool abide_expr__open(struct expression *expression, struct iface_reader *reader,
                      const struct abide_yaml *node, const char *what)
{
    *expression = (struct expression){.reader = reader, .node = node, .text = node->text};
    expression->source_start = node->quoted ? 1 : 0;
    if (node->kind != ABIDE_YAML_SCALAR || node->null) {
        abide_diag *diag =
            abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "expected %s", what);
        if (node->kind == ABIDE_YAML_SEQUENCE)
            abide__diag_help(reader->ctx, diag, "an array is array<T, N>, a slice slice<T>");
        return false;
    }
    abide_expr__next(expression);
    return true;
}

bool abide_expr__close(struct expression *expression)
{
    if (expression->token != TOKEN_END)
        abide_expr__report_expected(expression, "the end of the type");
    return !expression->failed;
}

static bool same_text(const void *memo, const void *text)
{
    return ((const struct iface_memo *)memo)->text == text;
}

static void remember(struct iface_reader *reader, const char *text, const abide_type *type)
{
    struct iface_memo *memo = abide__new(reader->ctx, struct iface_memo);
    *memo = (struct iface_memo){text, type};
    abide_table__add(reader->ctx, &reader->memos, abide_table__hash_address(text), memo);
}

const abide_type *abide_iface__expression(struct iface_reader *reader,
                                          const struct abide_yaml *node, unsigned use)
{
    struct expression expression;
    bool has_memo = use == IFACE_USE_VALUE && !reader->in_function_forms;
    if (has_memo && node->text) {
        const struct iface_memo *memo = abide_table__find(
            &reader->memos, abide_table__hash_address(node->text), same_text, node->text);
        if (memo)
            return memo->type;
    }
    if (!abide_expr__open(&expression, reader, node, "a type"))
        return NULL;
    expression.use = use;
    const abide_type *type = abide_expr__type(&expression, use);
    if (!type || !abide_expr__close(&expression))
        return NULL;
    if (has_memo && !expression.has_callable)
        remember(reader, node->text, type);
    return type;
}
