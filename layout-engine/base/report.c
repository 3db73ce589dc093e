/* Diagnostics for programs that use the library: they report and suggest as the library does. */
#include "base/diag_list.h"
#include "base/visible.h"
#include "base/yaml.h"

#include "abide/data.h"

#include <string.h>

/* ABIDE_CODE_COUNT: no such id. */
static enum abide_code code_of(const char *id)
{
    size_t code = 0;
    while (code < ABIDE_CODE_COUNT && strcmp(abide__codes[code].id, id) != 0)
        code++;
    return (enum abide_code)code;
}

static const char *visible_text(abide_ctx *ctx, const char *text)
{
    struct abide_text visible = {0};
    abide__text_add(ctx, &visible, "", 0);
    abide__add_visible(ctx, &visible, text, strlen(text));
    return visible.chars;
}

bool abide__report_at(abide_ctx *ctx, const char *id, struct abide_place place, const char *message,
                      const char *help)
{
    enum abide_code code = code_of(id);
    if (code == ABIDE_CODE_COUNT)
        return false;
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    abide_diag *diag = abide__report(ctx, code, place, "%s", visible_text(ctx, message));
    if (help)
        abide__diag_help(ctx, diag, "%s", visible_text(ctx, help));
    abide__guard_leave(ctx, &guard);
    return true;
}

bool abide_ctx_report(abide_ctx *ctx, const char *id, const char *message, const char *help)
{
    return abide__report_at(ctx, id, ABIDE_NOWHERE, message, help);
}

bool abide_ctx_report_at(abide_ctx *ctx, const char *id, abide_position position,
                         const char *line_text, const char *message, const char *help)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    struct abide_place place = abide_source__foreign_place(ctx, position, line_text);
    bool is_reported = abide__report_at(ctx, id, place, message, help);
    abide__guard_leave(ctx, &guard);
    return is_reported;
}

bool abide_data_report(abide_ctx *ctx, const abide_data *data, const char *id, const char *message,
                       const char *help)
{
    return abide__report_at(ctx, id, data->place, message, help);
}

const char *abide_nearest(const char *word,
                          const char *(*candidate)(const void *user, size_t index),
                          const void *user)
{
    return abide__nearest(word, candidate, user);
}

const char *abide_diag_summary(const char *id)
{
    enum abide_code code = code_of(id);
    return code < ABIDE_CODE_COUNT ? abide__codes[code].summary : NULL;
}
