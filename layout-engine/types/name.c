/* The rules of name.h. ASCII only, whatever the locale. */
#include "types/name.h"

#include "base/diag.h"

#include <string.h>

/* What a byte may be part of; bits. */
enum { NAME_FIRST = 1, NAME_REST = 2, SYMBOL_FIRST = 4, SYMBOL_REST = 8 };

static unsigned uses_of(unsigned char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
        return NAME_FIRST | NAME_REST | SYMBOL_FIRST | SYMBOL_REST;
    if (c >= '0' && c <= '9')
        return NAME_REST | SYMBOL_REST;
    if (c == '-')
        return NAME_REST;
    return c == '.' || c == '$' || c == '@' || c == '?' ? SYMBOL_FIRST | SYMBOL_REST : 0;
}

static bool consists_of(const char *text, unsigned first, unsigned rest, size_t max_bytes)
{
    size_t length_bytes = 0;
    for (; text[length_bytes]; length_bytes++)
        if (!(uses_of((unsigned char)text[length_bytes]) & (length_bytes ? rest : first)))
            return false;
    return length_bytes > 0 && length_bytes <= max_bytes;
}

bool abide_name__is_valid(const char *name)
{
    return consists_of(name, NAME_FIRST, NAME_REST, ABIDE_NAME_MAX_BYTES) &&
           name[strlen(name) - 1] != '-';
}

/* Whether brackets open in `name` and close elsewhere, as in what is left of a type that YAML has cut at a comma. */
static bool is_cut(const char *name)
{
    int depth = 0;
    for (const char *at = name; *at && depth >= 0; at++)
        depth += (*at == '<' || *at == '(') - (*at == '>' || *at == ')');
    return depth != 0;
}

bool abide_name__check(abide_ctx *ctx, struct abide_place place, const char *what, const char *name)
{
    if (abide_name__is_valid(name))
        return true;
    abide_diag *diag =
        *name ? abide__report(ctx, ABIDE_CODE_BAD_NAME, place, "%s cannot be called %s", what,
                              abide__quote(ctx, name))
              : abide__report(ctx, ABIDE_CODE_BAD_NAME, place, "%s needs a name", what);
    if (strlen(name) > ABIDE_NAME_MAX_BYTES)
        abide__diag_help(ctx, diag, "a name has at most %d characters", ABIDE_NAME_MAX_BYTES);
    else if (is_cut(name))
        abide__diag_help(ctx, diag,
                         "a comma inside {...} or [...] has split a type: write `;` for `,` there, "
                         "or use block style");
    else
        abide__diag_help(ctx, diag, "a name is a letter or `_`, then letters, digits, `_` and `-`");
    return false;
}

bool abide_symbol__check(abide_ctx *ctx, struct abide_place place, const char *symbol)
{
    /* To assemblers `.` is where they are; `.text` is a section, and what begins with `.L` exists in one file only. */
    bool is_local = *symbol == '.';
    if (!is_local && consists_of(symbol, SYMBOL_FIRST, SYMBOL_REST, ABIDE_SYMBOL_MAX_BYTES))
        return true;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_SYMBOL, place, "%s is no symbol",
                                     abide__quote(ctx, symbol));
    if (strlen(symbol) > ABIDE_SYMBOL_MAX_BYTES)
        abide__diag_help(ctx, diag, "a symbol has at most %d characters", ABIDE_SYMBOL_MAX_BYTES);
    else if (is_local)
        abide__diag_help(ctx, diag,
                         "assemblers keep names that begin with `.` to themselves: sections and "
                         "local labels");
    else
        abide__diag_help(ctx, diag,
                         "a symbol has letters, digits and _ . $ @ ? only, and starts with no "
                         "digit: assemblers and "
                         "linkers take it as it is");
    return false;
}

const char *abide_symbol__from_name(abide_ctx *ctx, const char *name)
{
    if (!strchr(name, '-'))
        return name;
    size_t length_bytes = strlen(name);
    char *symbol = abide__alloc(ctx, length_bytes + 1);
    for (size_t i = 0; i < length_bytes; i++)
        symbol[i] = (char)(name[i] == '-' ? '_' : name[i]);
    return symbol;
}
