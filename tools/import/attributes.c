/* Reading attributes from what clang prints. */
#include "attributes.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/*
 * Attributes on which neither a layout nor a call depends. What is on no list makes a declaration be refused by name: better that
 * than a wrong answer.
 */
static const char *const harmless[] = {
    "access",
    "alloc_align",
    "alloc_size",
    "always_inline",
    "analyzer_noreturn",
    "annotate",
    "artificial",
    "assume_aligned",
    "availability",
    "available_only_in_default_eval_method",
    "btf_decl_tag",
    "cdecl",
    "cold",
    "const",
    "constructor",
    "counted_by",
    "deprecated",
    "designated_init",
    "destructor",
    "diagnose_if",
    "dllexport",
    "dllimport",
    "enum_extensibility",
    "error",
    "externally_visible",
    "fallthrough",
    "fd_arg",
    "fd_arg_read",
    "fd_arg_write",
    "flag_enum",
    "flatten",
    "format",
    "format_arg",
    "gnu_inline",
    "hot",
    "leaf",
    "malloc",
    "maybe_unused",
    "may_alias",
    "minsize",
    "mode",
    "no_icf",
    "no_instrument_function",
    "no_profile_instrument_function",
    "no_randomize_layout",
    "no_reorder",
    "no_sanitize",
    "no_sanitize_address",
    "no_sanitize_thread",
    "no_sanitize_undefined",
    "no_stack_protector",
    "noclone",
    "nodebug",
    "nodiscard",
    "noescape",
    "noinline",
    "noipa",
    "nonnull",
    "nonstring",
    "noplt",
    "noreturn",
    "nothrow",
    "null_terminated_string_arg",
    "optimize",
    "optnone",
    "preserve_access_index",
    "pure",
    "returns_nonnull",
    "returns_twice",
    "section",
    "sentinel",
    "swift_name",
    "tls_model",
    "type_visibility",
    "unavailable",
    "unused",
    "used",
    "uuid",
    "vector_size",
    "visibility",
    "warn_if_not_aligned",
    "warn_unused_result",
    "warning",
    "weak",
    "weak_import",
    "zero_call_used_regs",
};

/* `__name__` is `name`. */
static const char *bare(const char *chars, size_t length_bytes)
{
    while (length_bytes > 4 && chars[0] == '_' && chars[1] == '_' &&
           chars[length_bytes - 1] == '_' && chars[length_bytes - 2] == '_') {
        chars += 2;
        length_bytes -= 4;
    }
    return store_printf("%.*s", (int)length_bytes, chars);
}

static bool is_harmless(const char *name)
{
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strcmp(harmless[i], name) == 0)
            return true;
    return false;
}

bool attribute_is_harmless_complaint(const char *text)
{
    const char *quote = strchr(text, '\'');
    const char *end = quote ? strchr(quote + 1, '\'') : NULL;
    if (!end)
        return false;
    if (strstr(text, "calling convention is not supported"))
        return true; /* it is ignored: the function is called as all others are */
    const char *name = quote + 1;
    for (const char *c = name; c < end; c++)
        if (*c == ':' || *c == ' ') /* gnu::name */
            name = c + 1;
    return is_harmless(bare(name, (size_t)(end - name)));
}

/* ---- scanning ---------------------------------------------------------------------------------- */

static const char *skip_string(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1])
            at++;
    return *at ? at + 1 : at;
}

/* Behind the parenthesis that closes the one at `at`. */
static const char *skip_parentheses(const char *at)
{
    int depth = 0;
    while (*at) {
        if (*at == '"') {
            at = skip_string(at);
            continue;
        }
        depth += *at == '(';
        depth -= *at == ')';
        at++;
        if (depth == 0)
            break;
    }
    return at;
}

struct attribute {
    const char *name;
    const char *argument; /* without parentheses; NULL: none */
};

/* NAME or NAME(ARGUMENT); returns what follows. */
static const char *read_attribute(const char *at, struct attribute *attribute)
{
    while (*at == ' ')
        at++;
    const char *start = at;
    while (isalnum((unsigned char)*at) || *at == '_' || *at == ':')
        at++;
    const char *name = start;
    for (const char *c = start; c < at; c++)
        if (*c == ':')
            name = c + 1;
    *attribute = (struct attribute){bare(name, (size_t)(at - name)), NULL};
    while (*at == ' ')
        at++;
    if (*at != '(')
        return at;
    const char *end = skip_parentheses(at);
    if (end - at >= 2)
        attribute->argument = store_printf("%.*s", (int)(end - at - 2), at + 1);
    return end;
}

/* The next attribute of a printed declaration. NULL: there is none. */
static const char *next_attribute(const char *at, struct attribute *attribute)
{
    static const char *const openers[] = {"__attribute__((", "[[", "__declspec("};
    while (*at) {
        if (*at == '"') {
            at = skip_string(at);
            continue;
        }
        for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
            if (strncmp(at, openers[i], strlen(openers[i])) == 0)
                return read_attribute(at + strlen(openers[i]), attribute);
        if (strncmp(at, "_Alignas(", 9) == 0 || strncmp(at, "alignas(", 8) == 0)
            return read_attribute(at, attribute);
        at++;
    }
    return NULL;
}

/* ---- meaning ----------------------------------------------------------------------------------- */

static bool read_alignment(const struct unit *unit, const struct attribute *attribute,
                           uint64_t *bytes)
{
    if (!attribute->argument) /* as much as any type needs */
        return unit_evaluate(unit, "__BIGGEST_ALIGNMENT__", bytes);
    char *end;
    *bytes = strtoull(attribute->argument, &end, 10);
    if (*attribute->argument && *end == '\0')
        return true;
    if (unit_evaluate(unit, attribute->argument, bytes))
        return true;
    return strcmp(attribute->name, "aligned") != 0 && /* C11's may name a type */
           unit_evaluate(unit, store_printf("_Alignof(%s)", attribute->argument), bytes);
}

static bool is_alignment(const char *name)
{
    return strcmp(name, "aligned") == 0 || strcmp(name, "_Alignas") == 0 ||
           strcmp(name, "alignas") == 0 || strcmp(name, "align") == 0;
}

static void apply(const struct unit *unit, const struct attribute *attribute, const char *type,
                  struct attributes *found)
{
    uint64_t bytes = 0;
    if (strcmp(attribute->name, "packed") == 0)
        found->packed = true;
    else if (strcmp(attribute->name, "transparent_union") == 0)
        found->transparent = true;
    else if (is_alignment(attribute->name)) {
        if (!read_alignment(unit, attribute, &bytes))
            found->unknown = store_printf("%s(%s)", attribute->name,
                                          attribute->argument ? attribute->argument : "");
        else if (bytes > found->align_bytes)
            found->align_bytes = bytes;
    } else if (!is_harmless(attribute->name) &&
               !strstr(type, store_printf("__attribute__((%s", attribute->name)))
        found->unknown = attribute->name; /* those in a type are read with the type */
}

struct attributes attributes_of(const struct unit *unit, CXCursor declaration)
{
    CXPrintingPolicy policy = clang_getCursorPrintingPolicy(declaration);
    clang_PrintingPolicy_setProperty(policy, CXPrintingPolicy_TerseOutput, 1);
    clang_PrintingPolicy_setProperty(policy, CXPrintingPolicy_IncludeTagDefinition, 0);
    const char *printed = store_take(clang_getCursorPrettyPrinted(declaration, policy));
    clang_PrintingPolicy_dispose(policy);
    CXType type = clang_getCanonicalType(clang_getCursorType(declaration));
    const char *spelled = store_take(clang_getTypeSpelling(type));
    struct attributes found = {0};
    struct attribute attribute;
    for (const char *at = printed; (at = next_attribute(at, &attribute)) != NULL;)
        apply(unit, &attribute, spelled, &found);
    return found;
}

/* The last attribute at the end of a type that says more than that the function does not return. */
static const char *trailing_convention(const char *type)
{
    const char *tail = strrchr(type, ')');
    const char *found = NULL;
    struct attribute attribute;
    if (!tail || tail[1] != '\0')
        return NULL;
    for (const char *at = type; (at = next_attribute(at, &attribute)) != NULL;) {
        const char *rest = at;
        while (*rest == ')' || *rest == ' ')
            rest++;
        bool is_last = *rest == '\0' || strncmp(rest, "__attribute__((", 15) == 0;
        if (!is_last)
            found = NULL; /* of a parameter */
        else if (!is_harmless(attribute.name))
            found = attribute.argument ? store_printf("%s(%s)", attribute.name, attribute.argument)
                                       : attribute.name;
    }
    return found;
}

const char *convention_of(CXType function)
{
    CXType canonical = clang_getCanonicalType(function);
    enum CXCallingConv convention = clang_getFunctionTypeCallingConv(canonical);
    bool is_usual = convention == CXCallingConv_Default || convention == CXCallingConv_C;
    const char *type = store_take(clang_getTypeSpelling(canonical));
    bool is_in_registers = strstr(type, "__attribute__((regparm");
    if (is_usual && !is_in_registers)
        return NULL;
    CXType result = clang_getCanonicalType(clang_getResultType(canonical));
    if (result.kind == CXType_Pointer && clang_getPointeeType(result).kind == CXType_FunctionProto)
        return ""; /* whose attributes are these? */
    const char *word = trailing_convention(type);
    if (!word)
        return is_usual ? NULL : "";
    /* The only number of registers that has a name. */
    return strcmp(word, "regparm(3)") == 0 ? "regparm" : strchr(word, '(') ? "" : word;
}
