/* Collects diagnostics. What reporting "no memory" needs is set aside when the context is made. */
#include "base/diag_list.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Behind each diagnostic there is room for "too many errors" and "no memory". */
enum { FIRST_CAPACITY = 16, ROOM = 2 };

struct abide_diags {
    const abide_diag **items;
    size_t count;
    size_t capacity;
    struct abide_place about; /* where reports stand that have no place of their own */
    size_t most;              /* errors, and warnings, that are kept */
    size_t error_count;       /* with those that were dropped */
    size_t warning_count;     /* same */
    abide_diag no_memory;
    abide_diag too_many;
    abide_diag dropped; /* what abide__report returns for a diagnostic that is only counted */
};

const struct code_info abide__codes[ABIDE_CODE_COUNT] = {
#define ABIDE_CODE(id, name, severity, summary, explanation) \
    [ABIDE_CODE_##id] = {name, ABIDE_SEVERITY_##severity, summary, explanation},
#include "base/diag_codes.def"
#undef ABIDE_CODE
};

void abide__diags_new(abide_ctx *ctx)
{
    struct abide_diags *diags = abide__new(ctx, struct abide_diags);
    diags->no_memory.code = ABIDE_CODE_OUT_OF_MEMORY;
    diags->no_memory.message = "no memory";
    diags->too_many.code = ABIDE_CODE_TOO_MANY_ERRORS;
    diags->too_many.message = "too many errors; further ones are not shown";
    diags->most = ABIDE_DIAG_MAX;
    diags->capacity = FIRST_CAPACITY;
    diags->items = abide__new_array(ctx, const abide_diag *, diags->capacity);
    ctx->diags = diags;
}

void abide__report_out_of_memory(abide_ctx *ctx)
{
    struct abide_diags *diags = ctx->diags;
    if (!diags || ctx->memory_ran_out)
        return;
    ctx->memory_ran_out = true;
    diags->error_count++;
    diags->items[diags->count++] = &diags->no_memory;
}

/* Room for one more, and for what is said behind it. */
static void reserve(abide_ctx *ctx, struct abide_diags *diags)
{
    if (diags->count + 1 + ROOM <= diags->capacity)
        return;
    size_t capacity = 2 * diags->capacity;
    const abide_diag **items = abide__new_array(ctx, const abide_diag *, capacity);
    memcpy(items, diags->items, diags->count * sizeof *items);
    diags->items = items;
    diags->capacity = capacity;
}

void abide_ctx_keep_diags(abide_ctx *ctx, size_t most)
{
    ctx->diags->most = most;
}

/* Counts one of this severity; false: it is one too many to be kept. */
static bool count_diag(struct abide_diags *diags, abide_severity severity)
{
    size_t *count = severity == ABIDE_SEVERITY_ERROR ? &diags->error_count : &diags->warning_count;
    ++*count;
    if (*count == diags->most + 1 && severity == ABIDE_SEVERITY_ERROR)
        diags->items[diags->count++] = &diags->too_many;
    return *count <= diags->most;
}

struct abide_place abide__report_about(abide_ctx *ctx, struct abide_place place)
{
    struct abide_place before = ctx->diags->about;
    ctx->diags->about = place;
    return before;
}

abide_diag *abide__report(abide_ctx *ctx, enum abide_code code, struct abide_place place,
                          const char *format, ...)
{
    struct abide_diags *diags = ctx->diags;
    if (!place.source)
        place = diags->about;
    if (diags->error_count >= diags->most && abide__codes[code].severity == ABIDE_SEVERITY_ERROR) {
        count_diag(diags, ABIDE_SEVERITY_ERROR);
        return &diags->dropped;
    }
    va_list arguments;
    va_start(arguments, format);
    abide_diag *diag = abide__new(ctx, abide_diag);
    *diag = (abide_diag){
        .code = code, .place = place, .message = abide__vprintf(ctx, format, arguments)};
    va_end(arguments);
    reserve(ctx, diags);
    if (!count_diag(diags, abide__codes[code].severity))
        return &diags->dropped;
    diags->items[diags->count++] = diag;
    return diag;
}

void abide__diag_note(abide_ctx *ctx, abide_diag *diag, struct abide_place place,
                      const char *format, ...)
{
    if (diag == &ctx->diags->dropped)
        return;
    va_list arguments;
    va_start(arguments, format);
    struct diag_note note = {place, abide__vprintf(ctx, format, arguments)};
    va_end(arguments);
    abide__push(ctx, &diag->notes, note);
}

void abide__diag_help(abide_ctx *ctx, abide_diag *diag, const char *format, ...)
{
    if (diag == &ctx->diags->dropped)
        return;
    va_list arguments;
    va_start(arguments, format);
    const char *help = abide__vprintf(ctx, format, arguments);
    va_end(arguments);
    abide__push(ctx, &diag->helps, help);
}

size_t abide__error_count(const abide_ctx *ctx)
{
    return ctx->diags->error_count;
}

size_t abide_ctx_diag_count(const abide_ctx *ctx)
{
    return ctx->diags->count;
}

const abide_diag *abide_ctx_diag_at(const abide_ctx *ctx, size_t index)
{
    return index < ctx->diags->count ? ctx->diags->items[index] : NULL;
}

void abide_ctx_clear_diags(abide_ctx *ctx)
{
    ctx->diags->count = 0;
    ctx->diags->error_count = 0;
    ctx->diags->warning_count = 0;
    ctx->memory_ran_out = false;
}

abide_severity abide_diag_severity(const abide_diag *diag)
{
    return abide__codes[diag->code].severity;
}

const char *abide_diag_id(const abide_diag *diag)
{
    return abide__codes[diag->code].id;
}

const char *abide_diag_message(const abide_diag *diag)
{
    return diag->message;
}

abide_position abide_diag_position(const abide_diag *diag)
{
    return abide_place__position(diag->place);
}

static abide_position end_of(struct abide_place place)
{
    place.start_bytes = place.end_bytes;
    return abide_place__position(place);
}

abide_position abide_diag_end(const abide_diag *diag)
{
    return end_of(diag->place);
}

abide_diag_note abide_diag_note_at(const abide_diag *diag, size_t index)
{
    if (index >= diag->notes.count)
        return (abide_diag_note){NULL, {NULL, 0, 0}, {NULL, 0, 0}};
    const struct diag_note *note = &diag->notes.items[index];
    return (abide_diag_note){note->text, abide_place__position(note->place), end_of(note->place)};
}

const char *abide_diag_help_at(const abide_diag *diag, size_t index)
{
    return index < diag->helps.count ? diag->helps.items[index] : NULL;
}

const char *abide_diag_explain(const char *id)
{
    for (size_t i = 0; i < ABIDE_CODE_COUNT; i++)
        if (strcmp(abide__codes[i].id, id) == 0)
            return abide__codes[i].explanation;
    return NULL;
}

const char *abide_diag_id_at(size_t index)
{
    return index < ABIDE_CODE_COUNT ? abide__codes[index].id : NULL;
}
