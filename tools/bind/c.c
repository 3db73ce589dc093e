/* Bindings for C and C++. */
#include "bind.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* Words of C and C++, macros of compilers, and what the headers declare that a binding includes. */
#define SHARED                                                                                    \
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else",      \
        "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long", "register",      \
        "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch",          \
        "typedef", "union", "unsigned", "void", "volatile", "while", "bool", "asm", "typeof",     \
        "nullptr", "true", "false", "constexpr", "alignas", "alignof", "thread_local",            \
        "static_assert", "linux", "unix", "i386", "errno", "NULL", "offsetof", "main", "mips",    \
        "sparc", "MIPSEL", "R4000", "LANGUAGE_C", "WIN32", "WIN64", "WINNT", "int8_t", "int16_t", \
        "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "intmax_t",          \
        "uintmax_t", "int_least8_t", "int_least16_t", "int_least32_t", "int_least64_t",           \
        "uint_least8_t", "uint_least16_t", "uint_least32_t", "uint_least64_t", "int_fast8_t",     \
        "int_fast16_t", "int_fast32_t", "int_fast64_t", "uint_fast8_t", "uint_fast16_t",          \
        "uint_fast32_t", "uint_fast64_t", "intptr_t", "uintptr_t", "size_t", "ptrdiff_t",         \
        "wchar_t", "max_align_t"

static const char *const c_keywords[] = {
    SHARED,     "_Bool",     "_Complex",       "_Alignas",      "_Alignof",   "_Atomic",
    "_Generic", "_Noreturn", "_Static_assert", "_Thread_local", "_Imaginary", NULL};
/* With those of C++20. */
static const char *const cpp_keywords[] = {SHARED,
                                           "and",
                                           "and_eq",
                                           "bitand",
                                           "bitor",
                                           "catch",
                                           "char8_t",
                                           "char16_t",
                                           "char32_t",
                                           "class",
                                           "co_await",
                                           "co_return",
                                           "co_yield",
                                           "compl",
                                           "concept",
                                           "consteval",
                                           "constinit",
                                           "const_cast",
                                           "decltype",
                                           "delete",
                                           "dynamic_cast",
                                           "explicit",
                                           "export",
                                           "friend",
                                           "mutable",
                                           "namespace",
                                           "new",
                                           "noexcept",
                                           "not",
                                           "not_eq",
                                           "operator",
                                           "or",
                                           "or_eq",
                                           "private",
                                           "protected",
                                           "public",
                                           "reinterpret_cast",
                                           "requires",
                                           "static_cast",
                                           "template",
                                           "this",
                                           "throw",
                                           "try",
                                           "typeid",
                                           "typename",
                                           "using",
                                           "virtual",
                                           "xor",
                                           "xor_eq",
                                           "final",
                                           "override",
                                           "std",
                                           NULL};

/* As <stdint.h> calls its macros, and reserves names for more (C17, 7.31.10). */
static bool is_limit(const char *name)
{
    static const char *const types[] = {"INT",  "UINT",  "PTRDIFF", "SIG_ATOMIC",
                                        "SIZE", "WCHAR", "WINT",    NULL};
    const char *last = strrchr(name, '_');
    bool is_type = false;
    for (size_t i = 0; types[i]; i++)
        is_type = is_type || strncmp(name, types[i], strlen(types[i])) == 0;
    return is_type && last &&
           (strcmp(last, "_MIN") == 0 || strcmp(last, "_MAX") == 0 || strcmp(last, "_WIDTH") == 0 ||
            strcmp(last, "_C") == 0);
}

/* The macros of a binding. */
static const char *respell(const char *name)
{
    return strncmp(name, "ABIDE_", 6) == 0 ? cli_printf("%s_", name) : name;
}

/* A name of anything but a constant, which gives way to a macro that is there. */
static const char *name_of(const struct language *language, const char *name)
{
    return is_limit(name) || strcmp(name, "__WORDSIZE") == 0 ? cli_printf("%s_", name)
                                                             : safe_name(language, name);
}

static const char *declare(const struct language *language, const struct shape *shape,
                           const char *inner);

static const char *with_name(const char *type, const char *inner)
{
    return *inner ? cli_printf("%s %s", type, inner) : type;
}

static const char *parameters(const struct language *language, const struct shape *code)
{
    const char *text = "";
    for (size_t i = 0; i < code->part_count; i++)
        text = cli_printf(
            "%s%s%s", text, i ? ", " : "",
            declare(language, code->parts[i].shape, name_of(language, code->parts[i].name)));
    if (code->is_variadic)
        text = cli_printf("%s%s...", text, *text ? ", " : "");
    return *text ? text : "void";
}

static const char *declare_pointer(const struct language *language, const struct shape *shape,
                                   const char *inner)
{
    const struct shape *target = shape->target;
    bool wraps = target->form == FORM_ARRAY;
    bool is_behind = target->form == FORM_POINTER || target->form == FORM_CODE;
    const char *pointer = cli_printf(wraps                          ? "(*%s)"
                                     : is_behind && shape->is_const ? "const *%s"
                                                                    : "*%s",
                                     inner);
    const char *text = declare(language, target, pointer);
    return shape->is_const && !is_behind ? cli_printf("const %s", text) : text;
}

/* C's way from the inside out: `inner` is the declarator so far. */
static const char *declare(const struct language *language, const struct shape *shape,
                           const char *inner)
{
    switch (shape->form) {
    case FORM_VOID: return with_name("void", inner);
    case FORM_SCALAR: return with_name(scalar_word(shape->scalar, SCALAR_C), inner);
    case FORM_POINTER: return declare_pointer(language, shape, inner);
    case FORM_ARRAY:
        return declare(language, shape->target,
                       shape->is_flexible ? cli_printf("%s[]", inner)
                                          : cli_printf("%s[%" PRIu64 "]", inner, shape->count));
    case FORM_VECTOR:
        return with_name(cli_printf("__attribute__((vector_size(%" PRIu64 "))) %s",
                                    shape->size_bytes, declare(language, shape->target, "")),
                         inner);
    case FORM_COMPLEX:
        return with_name(
            strcmp(shape->target->scalar, "f128") == 0
                ? "ABIDE_COMPLEX_F128"
                : cli_printf("_Complex %s", scalar_word(shape->target->scalar, SCALAR_C)),
            inner);
    case FORM_CODE:
        return declare(language, shape->target,
                       cli_printf("(*%s)(%s)", inner, parameters(language, shape)));
    case FORM_ITEM:
        /* In C++ a field may have the name of a type, which it hides from those behind it. */
        return with_name(cli_printf("%s%s", language == &language_cpp ? "::" : "",
                                    name_of(language, shape->item->name)),
                         inner);
    }
    return inner;
}

static const char *attributes(const struct item *item)
{
    const char *text = item->is_packed ? "packed" : "";
    if (item->align_bytes)
        text = cli_printf("%s%saligned(%u)", text, *text ? ", " : "", item->align_bytes);
    return *text ? cli_printf(" __attribute__((%s))", text) : "";
}

/*
 * An array without a count in a record that has nothing in front of it: C wants another member there, and none in a union. One of
 * no elements takes no room either.
 */
static const struct shape *countless(const struct model *model, const struct item *item,
                                     size_t index)
{
    const struct shape *shape = item->parts[index].shape;
    if (!shape->is_flexible || own_facts(model, item)->offsets_bits[index] != 0)
        return shape;
    struct shape *counted = cli_alloc(1, sizeof *counted);
    *counted = *shape;
    counted->is_flexible = false;
    counted->count = 0;
    return counted;
}

static void print_part(const struct model *model, struct text *text, const struct item *item,
                       size_t index)
{
    const struct language *language = model->language;
    const struct part *part = &item->parts[index];
    const char *name = *part->name ? name_of(language, part->name) : "";
    const char *more = "";
    print_comment(text, "    ", "/// ", part->doc);
    if (part->is_bitfield)
        name = cli_printf("%s : %u", name, part->bits);
    if (part->is_packed)
        more = " __attribute__((packed))";
    if (part->align_bytes)
        more = cli_printf("%s __attribute__((aligned(%u)))", more, part->align_bytes);
    text_printf(text, "    %s%s;\n", declare(language, countless(model, item, index), name), more);
}

static void print_record(const struct model *model, struct text *text, const struct item *item)
{
    const char *name = name_of(model->language, item->name);
    const char *word = item->kind == ITEM_UNION ? "union" : "struct";
    if (item->pack_bytes)
        text_printf(text, "#pragma pack(push, %u)\n", item->pack_bytes);
    text_printf(text, "%s%s %s {\n", word, attributes(item), name);
    if (item->part_count == 0)
        text_puts(text, "    char nothing[0];\n");
    for (size_t i = 0; i < item->part_count; i++)
        print_part(model, text, item, i);
    text_puts(text, "};\n");
    if (item->pack_bytes)
        text_puts(text, "#pragma pack(pop)\n");
}

static const char *number(const struct constant *constant)
{
    if (constant->is_unsigned)
        return cli_printf("UINT64_C(%" PRIu64 ")", (uint64_t)constant->value);
    if (constant->value == INT64_MIN)
        return "INT64_MIN";
    return constant->value > INT32_MAX || constant->value < INT32_MIN
               ? cli_printf("INT64_C(%" PRId64 ")", constant->value)
               : cli_printf("%" PRId64, constant->value);
}

static bool is_small(const struct item *item)
{
    for (size_t i = 0; i < item->constant_count; i++)
        if (item->constants[i].is_unsigned || item->constants[i].value > INT32_MAX ||
            item->constants[i].value < INT32_MIN)
            return false;
    return true;
}

/* An enum without a base is one of C's. Else it is its base, and its names are constants. */
static void print_enum(struct text *text, const struct language *language, const struct item *item)
{
    const char *name = name_of(language, item->name);
    bool is_c = !item->target, is_listed = is_c || is_small(item);
    if (is_c)
        text_printf(text, "typedef enum %s {\n", name);
    else
        text_printf(text, "typedef %s;\n", declare(language, item->target, name));
    if (!is_c && is_listed)
        text_puts(text, "enum {\n");
    for (size_t i = 0; i < item->constant_count; i++) {
        const struct constant *constant = &item->constants[i];
        const char *full = name_of(language, constant->full_name);
        print_comment(text, is_listed ? "    " : "", "/// ", constant->doc);
        text_printf(text, is_listed ? "    %s = %s,\n" : "#define %s ((%s)%s)\n", full,
                    is_listed ? number(constant) : name, number(constant));
    }
    if (is_listed)
        text_printf(text, is_c ? "} %s;\n" : "};\n", name);
}

/* A type of the ABI's stands once in a program, however many headers have it. */
static void begin_shared(struct text *text, const struct item *item, const char *name, bool defines)
{
    if (item->is_of_module)
        text_printf(text, "#ifndef ABIDE_HAS_%s\n", name);
    if (item->is_of_module && defines)
        text_printf(text, "#define ABIDE_HAS_%s\n", name);
}

static void end_shared(struct text *text, const struct item *item)
{
    if (item->is_of_module)
        text_puts(text, "#endif\n");
}

static void print_definition(const struct model *model, struct text *text,
                             const struct language *language, const struct item *item)
{
    print_item_comment(text, "", "/// ", item);
    switch (item->kind) {
    case ITEM_STRUCT:
    case ITEM_UNION: print_record(model, text, item); break;
    case ITEM_ALIAS:
        text_printf(text, "typedef %s;\n",
                    declare(language, item->target, name_of(language, item->name)));
        break;
    case ITEM_ENUM: print_enum(text, language, item); break;
    case ITEM_OPAQUE:
        text_printf(text, "typedef struct %s %s;\n", name_of(language, item->name),
                    name_of(language, item->name));
        break;
    }
}

static void print_item(const struct model *model, struct text *text,
                       const struct language *language, const struct item *item)
{
    text_puts(text, "\n");
    if (item->kind == ITEM_OPAQUE) { /* which C lets stand more than once */
        print_definition(model, text, language, item);
        return;
    }
    begin_shared(text, item, name_of(language, item->name), true);
    print_definition(model, text, language, item);
    end_shared(text, item);
}

/* Nothing is said before its name is known. */
static void add_names(const struct model *model, struct chunks *chunks)
{
    struct text text = {0};
    for (size_t i = 0; i < model->item_count; i++) {
        const struct item *item = model->items[i];
        const char *name = name_of(model->language, item->name);
        if (!is_record(item))
            continue;
        begin_shared(&text, item, name, false);
        text_printf(&text, "typedef %s %s %s;\n", item->kind == ITEM_UNION ? "union" : "struct",
                    name, name);
        end_shared(&text, item);
        add_chunk(chunks, &text);
    }
}

static void add_items(const struct model *model, struct chunks *chunks)
{
    struct text text = {0};
    for (int turn = 0; turn < 2; turn++) /* those behind pointers first */
        for (size_t i = 0; i < model->item_count; i++) {
            if ((model->items[i]->kind == ITEM_OPAQUE) != (turn == 0))
                continue;
            print_item(model, &text, model->language, model->items[i]);
            add_chunk(chunks, &text);
        }
}

/*
 * The name is the symbol, unless that is no name of C, or that of another function: in the C library several functions of its headers
 * are one symbol.
 */
static const char *routine_name(const struct model *model, const struct routine *routine,
                                struct name_set *taken)
{
    const struct language *language = model->language;
    bool is_own = strcmp(routine->name, routine->symbol) == 0;
    bool is_free = is_own || (!name_set_has(taken, routine->symbol) &&
                              !name_set_has(&model->function_names, routine->symbol));
    for (const char *at = routine->symbol; *at; at++)
        is_free = is_free && (isalnum((unsigned char)*at) || *at == '_');
    const char *name = name_of(language, is_free ? routine->symbol : routine->name);
    name_set_add(taken, name);
    return name;
}

static void print_routine(const struct language *language, const struct routine *routine,
                          const char *name, struct text *text)
{
    const char *attribute =
        routine->attribute ? cli_printf("__attribute__((%s)) ", routine->attribute) : "";
    print_routine_comment(text, "", "/// ", routine);
    const char *symbol = routine->symbol, *label = "";
    if (strcmp(name, symbol) != 0)
        label = cli_printf(" __asm__(ABIDE_SYMBOL(\"%s\"))", symbol);
    const char *declared =
        declare(language, routine->shape->target,
                cli_printf("%s(%s)", name, parameters(language, routine->shape)));
    text_printf(text, "%s%s%s;\n", attribute, declared, label);
}

static void add_routines(const struct model *model, struct chunks *chunks)
{
    struct text text = {0};
    struct name_set taken = {0};
    for (size_t i = 0; i < model->routine_count; i++) {
        text_puts(&text, "\n");
        if (model->routines[i].is_callable) {
            const char *name = routine_name(model, &model->routines[i], &taken);
            print_routine(model->language, &model->routines[i], name, &text);
            add_chunk(chunks, &text);
        } else {
            add_left_out(chunks, &text, "", "// ", &model->routines[i],
                         "C compilers do not have its calling convention.");
        }
    }
}

/* ---- assertions ---- */

static void print_assertion(struct text *text, const char *what, uint64_t value,
                            const struct item *item, const char *of)
{
    text_printf(text, "ABIDE_ASSERT(%s == %" PRIu64 ", \"%s: %s\");\n", what, value, item->name,
                of);
}

static void print_item_assertions(const struct model *model, struct text *text,
                                  const struct item *item, const struct facts *facts)
{
    const struct language *language = model->language;
    const char *name = name_of(language, item->name);
    print_assertion(text, cli_printf("sizeof(%s)", name), facts->size_bytes, item, "size");
    /* Not __alignof__, which is what compilers prefer outside of records. */
    print_assertion(text,
                    cli_printf("%s(%s)", language == &language_cpp ? "alignof" : "_Alignof", name),
                    facts->align_bytes, item, "alignment");
    for (size_t i = 0; is_record(item) && i < item->part_count; i++) {
        const struct part *part = &item->parts[i];
        uint64_t offset_bits = facts->offsets_bits[i];
        if (!part->is_bitfield && offset_bits != UINT64_MAX)
            print_assertion(text,
                            cli_printf("offsetof(%s, %s)", name, name_of(language, part->name)),
                            offset_bits / 8, item, cli_printf("offset of %s", part->name));
    }
}

static const char *condition(const struct model *model, const struct group *group)
{
    const char *text = "";
    for (size_t t = 0; t < group->count; t++)
        text = cli_printf("%s%s(%s)", text, t ? " || \\\n    " : "",
                          target_guard(&model->targets[group->targets[t]], "c"));
    return text;
}

static void print_assertions(const struct file *file, struct text *text)
{
    struct group *groups;
    size_t count = group_by_assertions(file, "c", print_item_assertions, &groups);
    for (size_t g = 0; g < count; g++)
        text_printf(text, "\n#if %s\n%s#endif\n", condition(file->models, &groups[g]),
                    groups[g].text);
}

/* ---- constants ---- */

/* Literals whose type is that of the scalar, as <stdint.h> has it for its own limits: types narrower than int become int. */
static const struct {
    const char *scalar;
    const char *format;
} integer_literals[] = {
    {"u8", "UINT8_C(%s)"},
    {"u16", "UINT16_C(%s)"},
    {"u32", "UINT32_C(%s)"},
    {"u64", "UINT64_C(%s)"},
    {"i8", "INT8_C(%s)"},
    {"i16", "INT16_C(%s)"},
    {"i32", "INT32_C(%s)"},
    {"i64", "INT64_C(%s)"},
    {"char", "UINT32_C(%s)"},
    {"c_uint", "%su"},
    {"c_long", "%sL"},
    {"c_ulong", "%sUL"},
    {"c_longlong", "%sLL"},
    {"c_ulonglong", "%sULL"},
    {"size", "(SIZE_MAX & %su)"},
    {"ssize", "(INTPTR_MAX & %s)"},
    {"uptr", "(UINTPTR_MAX & %su)"},
    {"c_wchar", "(WCHAR_MAX & %s)"},
};

/* A magnitude of up to 64 bits in the type of a scalar. */
static const char *magnitude(const char *scalar, uint64_t value)
{
    const char *digits = cli_printf("%" PRIu64, value);
    for (size_t i = 0; i < sizeof integer_literals / sizeof *integer_literals; i++)
        if (strcmp(integer_literals[i].scalar, scalar) == 0)
            return cli_printf(integer_literals[i].format, digits);
    return digits;
}

/* No preprocessor has 128 bits, so the type may be said. */
static const char *wide_literal(const char *scalar, const abide_literal *value)
{
    bool is_signed = *scalar == 'i';
    /* -2^127 has no magnitude. */
    uint64_t low = value->low - value->is_negative,
             high = value->high - (value->is_negative && !value->low);
    const char *bits = high ? cli_printf("((unsigned __int128)UINT64_C(%" PRIu64
                                         ") << 64 | UINT64_C(%" PRIu64 "))",
                                         high, low)
                            : cli_printf("UINT64_C(%" PRIu64 ")", low);
    return cli_printf(value->is_negative ? "(-(%s)%s - 1)" : "((%s)%s)",
                      is_signed ? "__int128" : "unsigned __int128", bits);
}

static const char *integer_literal(const struct language *language, const struct valued *valued,
                                   const abide_literal *value)
{
    const char *scalar = valued->scalar;
    if (!scalar) /* the value of an enumerator is an int */
        return cli_printf("((%s)%s)", declare(language, valued->shape, ""),
                          value->is_negative && value->low == (uint64_t)INT64_MAX + 1 ? "INT64_MIN"
                          : value->low > INT64_MAX ? cli_printf("%su", value->text)
                                                   : value->text);
    if (strcmp(scalar, "bool") == 0)
        return value->low ? "true" : "false";
    if (strcmp(scalar, "u128") == 0 || strcmp(scalar, "i128") == 0)
        return wide_literal(scalar, value);
    if (!value->is_negative)
        return magnitude(scalar, value->low);
    /* 2^31 and 2^63 are no numbers of the types whose least is -2^31 and -2^63. */
    bool is_least = value->low == UINT64_C(1) << 31 || value->low == UINT64_C(1) << 63;
    return is_least ? cli_printf("(-%s - 1)", magnitude(scalar, value->low - 1))
                    : cli_printf("(-%s)", magnitude(scalar, value->low));
}

static const char *float_literal(const struct valued *valued, const abide_literal *value)
{
    static const char *const specials[] = {[SPECIAL_NAN] = "__builtin_nan%s(\"\")",
                                           [SPECIAL_INFINITY] = "__builtin_inf%s()",
                                           [SPECIAL_MINUS_INFINITY] = "(-__builtin_inf%s())"};
    const char *scalar = valued->scalar;
    enum precision precision = precision_of(scalar);
    const char *letter = precision == PRECISION_SINGLE    ? "f"
                         : precision == PRECISION_WRITTEN ? "l"
                                                          : "";
    const char *digits = special_of(value) ? NULL : float_digits(value, precision);
    const char *text = !digits ? cli_printf(specials[special_of(value)], letter)
                       : strcmp(scalar, "f128") == 0
                           ? cli_printf(*digits == '-' ? "-ABIDE_F128_C(%s)" : "ABIDE_F128_C(%s)",
                                        digits + (*digits == '-'))
                           : cli_printf("%s%s", digits, letter);
    bool has_literals = strstr("f32 f64 c_float c_double c_longdouble", scalar) != NULL;
    if (!has_literals)
        return cli_printf("((%s)%s)", scalar_word(scalar, SCALAR_C), text);
    return *text == '-' ? cli_printf("(%s)", text) : text;
}

static bool is_cpp(const struct model *model)
{
    return model->language == &language_cpp;
}

/* What stands in front of a constant that is no macro. */
static const char *storage(const struct model *model)
{
    return is_cpp(model) ? "inline constexpr" : "static const __attribute__((unused))";
}

static void print_bytes_constant(const struct model *model, const struct valued *valued,
                                 const abide_literal *value, struct text *text)
{
    text_printf(text, "%s uint8_t %s[%zu] = {", storage(model), valued->name, value->length_bytes);
    for (size_t i = 0; i < value->length_bytes; i++)
        text_printf(text, "%s0x%02x",
                    i == 0   ? ""
                    : i % 16 ? ", "
                             : ",\n    ",
                    (unsigned char)value->text[i]);
    text_puts(text, "};\n");
}

/* A macro in C, which preprocessors know too, unless it would replace the name of something else. */
static void print_constant(const struct model *model, const struct valued *valued,
                           const abide_literal *value, struct text *text)
{
    bool is_macro = !is_cpp(model) && !valued->hides_part;
    if (value->kind == ABIDE_LITERAL_BYTES) {
        print_bytes_constant(model, valued, value, text);
    } else if (value->kind == ABIDE_LITERAL_TEXT) {
        text_printf(text,
                    is_macro ? "#define %s \"" : cli_printf("%s char %%s[] = \"", storage(model)),
                    valued->name);
        print_escaped(text, "\\%03o", value);
        text_puts(text, is_macro ? "\"\n" : "\";\n");
    } else {
        const char *literal = value->kind == ABIDE_LITERAL_FLOAT
                                  ? float_literal(valued, value)
                                  : integer_literal(model->language, valued, value);
        bool needs_digits = !is_macro && strstr(literal, "ABIDE_F128_C"); /* not in strict C++ */
        text_puts(text, needs_digits ? "#ifdef ABIDE_F128_C\n" : "");
        if (is_macro)
            text_printf(text, "#define %s %s\n", valued->name, literal);
        else
            text_printf(text, "%s %s = %s;\n", storage(model),
                        declare(model->language, valued->shape, valued->name), literal);
        text_puts(text, needs_digits ? "#endif\n" : "");
    }
}

static void open_condition(const struct model *model, const struct group *group, size_t index,
                           struct text *text)
{
    text_printf(text, "%s %s\n", index ? "#elif" : "#if", condition(model, group));
}

static void close_condition(struct text *text)
{
    text_puts(text, "#endif\n");
}

/* Names that compilers (C11, 7.1.3) and the headers that are included (7.19, 7.20) may have macros of, which then stay. */
static bool may_be_there(const char *name)
{
    return (name[0] == '_' && (name[1] == '_' || isupper((unsigned char)name[1]))) ||
           is_limit(name) || strcmp(name, "NULL") == 0;
}

/* Behind everything else, whose names a macro would replace. */
static void print_constants(const struct model *model, struct text *text)
{
    static const struct printer printer = {"c", print_constant, open_condition, close_condition};
    for (size_t i = 0; i < model->constant_count; i++) {
        const struct valued *valued = &model->constants[i];
        text_puts(text, i && !valued->doc && !model->constants[i - 1].doc ? "" : "\n");
        print_comment(text, "", "/// ", valued->doc);
        if (may_be_there(valued->name))
            text_printf(text, "#ifndef %s\n", valued->name);
        print_constant_values(model, valued, text, &printer);
        if (may_be_there(valued->name))
            text_puts(text, "#endif\n");
    }
}

static const char *guard_of(const struct model *model)
{
    char *guard = cli_printf("ABIDE_%s_H", model->package ? model->package : "INTERFACE");
    for (char *at = guard; *at; at++)
        *at = isalnum((unsigned char)*at) ? (char)toupper((unsigned char)*at) : '_';
    return guard;
}

/* What compilers call floats that only some have, where the file has them. It stays, for constants are made of it. */
static const struct {
    const char *word, *lines;
} floats[] = {
    {"F128", "\n#ifndef ABIDE_F128\n#if __LDBL_MANT_DIG__ == 113\n"
             "#define ABIDE_F128 long double\n#define ABIDE_F128_C(x) x##l\n"
             "#define ABIDE_COMPLEX_F128 _Complex long double\n#else\n"
             "#define ABIDE_F128 __float128\n#if defined(__clang__) || !defined(__cplusplus) || "
             "!defined(__STRICT_ANSI__)\n#define ABIDE_F128_C(x) x##q\n#endif\n"
             "#define ABIDE_COMPLEX_F128 _Complex _Float128\n#endif\n#endif\n"},
    {"F80", "\n#ifndef ABIDE_F80\n#if __LDBL_MANT_DIG__ == 64\n#define ABIDE_F80 long double\n"
            "#else\n#define ABIDE_F80 __float80\n#endif\n#endif\n"},
};

static void print_floats(const char *lines, struct text *text)
{
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        if (has_word(lines, cli_printf("ABIDE_%s", floats[i].word)) ||
            has_word(lines, cli_printf("ABIDE_%s_C", floats[i].word)) ||
            has_word(lines, cli_printf("ABIDE_COMPLEX_%s", floats[i].word)))
            text_puts(text, floats[i].lines);
}

static const struct choice choice = {
    .key = "c",
    .head = "\n/* What is not the same on all targets stands in sections. */\n",
    .first = "#if %s\n#define ABIDE_SECTION %s\n",
    .next = "#elif %s\n#define ABIDE_SECTION %s\n",
    .end = "#else\n#error \"this binding is not for this target\"\n#endif\n",
    .one = "(%s)",
    .between = " || \\\n    ",
    .is = "ABIDE_SECTION == %s",
    .or_is = " || ",
    .open = "#if %s\n",
    .other = "#elif %s\n",
    .close = "#endif\n",
    .indent = "",
    .nothing = "",
};

static void print_declarations(const struct file *file, make_chunks *make, const char *lead,
                               struct text *text)
{
    struct chunks chunks = merge_chunks(file, make);
    text_puts(text, chunks.count ? lead : "");
    print_chunks(file, &chunks, &choice, text);
}

static void print(const struct file *file, struct text *text)
{
    const struct model *model = file->models;
    bool is_cpp = file->language == &language_cpp;
    const char *guard = guard_of(model);
    print_head(model, is_cpp ? "C++" : "C", "// ", text);
    text_printf(text, "#ifndef %s\n#define %s\n\n", guard, guard);
    text_puts(text, is_cpp ? "#include <cstddef>\n#include <cstdint>\n"
                           : "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n");
    text_printf(text, "\n#define ABIDE_ASSERT %s\n", is_cpp ? "static_assert" : "_Static_assert");
    text_puts(text, "#define ABIDE_STRING_(x) #x\n#define ABIDE_STRING(x) ABIDE_STRING_(x)\n"
                    "#define ABIDE_SYMBOL(name) ABIDE_STRING(__USER_LABEL_PREFIX__) name\n");
    struct text body = {0};
    print_choice(file, &choice, &body);
    print_declarations(file, add_names, "\n", &body);
    print_declarations(file, add_items, "", &body);
    text_puts(&body, is_cpp ? "\nextern \"C\" {\n" : "");
    print_declarations(file, add_routines, "", &body);
    text_puts(&body, is_cpp ? "\n}\n" : "");
    print_assertions(file, &body);
    print_constants(model, &body);
    const char *lines = take_text(&body);
    print_floats(lines, text);
    text_puts(text, lines);
    text_puts(text, "\n#undef ABIDE_ASSERT\n#undef ABIDE_SYMBOL\n#undef ABIDE_STRING\n"
                    "#undef ABIDE_STRING_\n");
    text_puts(text, file->model_count > 1 ? "#undef ABIDE_SECTION\n#endif\n" : "#endif\n");
}

/* Macros that constants are made of. */
static const char *const reserved[] = {
    "UINT8_C",   "UINT16_C",  "UINT32_C",   "UINT64_C",   "INT8_C",      "INT16_C",
    "INT32_C",   "INT64_C",   "SIZE_MAX",   "INTPTR_MAX", "UINTPTR_MAX", "WCHAR_MAX",
    "INT64_MIN", "INT64_MAX", "UINT64_MAX", "defined",    NULL};

const struct language language_c = {.name = "c",
                                    .keywords = c_keywords,
                                    .suffix = "_",
                                    .respell = respell,
                                    .reserved = reserved,
                                    .print = print};
const struct language language_cpp = {.name = "cpp",
                                      .keywords = cpp_keywords,
                                      .suffix = "_",
                                      .respell = respell,
                                      .reserved = reserved,
                                      .print = print};
