/* Depfiles. */
#include "depfile.h"

#include <string.h>

/* A space is quoted with a backslash, and so are the backslashes in front of it; `$` is doubled. */
static bool add_name(struct text *text, const char *name)
{
    if (strpbrk(name, "\r\n"))
        return false;
    for (const char *at = name; *at; at++) {
        if (*at == ' ' || *at == '#') {
            for (const char *back = at; back > name && back[-1] == '\\'; back--)
                text_puts(text, "\\");
            text_puts(text, "\\");
        } else if (*at == '$') {
            text_puts(text, "$");
        }
        text_add(text, at, 1);
    }
    return true;
}

bool depfile_print(const abide_ctx *ctx, const char *target, struct text *text)
{
    if (!add_name(text, target))
        return false;
    text_puts(text, ":");
    const char *input;
    for (size_t i = 0; (input = abide_ctx_input_at(ctx, i)); i++) {
        text_puts(text, " \\\n  ");
        if (!add_name(text, input))
            return false;
    }
    text_puts(text, "\n");
    return true;
}

const char *depfile_name(const char *output)
{
    const char *slash = strrchr(output, '/');
    const char *name = slash ? slash + 1 : output;
    const char *dot = strrchr(name, '.');
    int kept = (int)(dot && dot != name ? dot - output : (long)strlen(output));
    return cli_printf("%.*s.d", kept, output);
}
