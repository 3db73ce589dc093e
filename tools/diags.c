/* Diagnostics as text, as lines, as commands of GitHub's workflows, and as JSON. */
#include "diags.h"

#include <ctype.h>
#include <string.h>

#define uthash_malloc(size_bytes)       cli_alloc(1, size_bytes)
#define uthash_free(memory, size_bytes) ((void)(memory))
#include <uthash.h>

const char *diags_severity(const abide_diag *diag)
{
    switch (abide_diag_severity(diag)) {
    case ABIDE_SEVERITY_ERROR: return "error";
    case ABIDE_SEVERITY_WARNING: return "warning";
    case ABIDE_SEVERITY_NOTE: return "note";
    }
    return "error";
}

/* A diagnostic by all that is printed of it. */
struct seen {
    const char *key;
    UT_hash_handle hh;
};

static const char *key_of(const abide_diag *diag)
{
    abide_position at = abide_diag_position(diag);
    return cli_printf("%s:%u:%u: %s [%s]", at.file ? at.file : "", at.line, at.column,
                      abide_diag_message(diag), abide_diag_id(diag));
}

/* What concerns both sides of an adapter, or several ABIs asked for, is reported by each of them: which ones are not the first. */
static const bool *find_repeated(const abide_ctx *ctx)
{
    size_t count = abide_ctx_diag_count(ctx);
    bool *repeated = cli_alloc(count + 1, sizeof *repeated);
    struct seen *all = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *key = key_of(abide_ctx_diag_at(ctx, i));
        struct seen *seen;
        HASH_FIND_STR(all, key, seen);
        repeated[i] = seen;
        if (seen)
            continue;
        seen = cli_alloc(1, sizeof *seen);
        seen->key = key;
        HASH_ADD_KEYPTR(hh, all, key, strlen(key), seen);
    }
    return repeated;
}

const abide_diag *diags_wanted(const struct diags *diags, size_t index)
{
    const abide_diag *diag = abide_ctx_diag_at(diags->cli->ctx, index);
    if (diags->is_wanted && !diags->is_wanted(&diags->cli->options, diag))
        return NULL;
    return diags->repeated && diags->repeated[index] ? NULL : diag;
}

static const char *printed(const struct diags *diags, const abide_diag *diag)
{
    const char *text = abide_diag_print(diags->cli->ctx, diag, diags->color);
    if (!text)
        cli_no_memory();
    return text;
}

/* The whole of it, with the source line. */
static void write_text(const struct diags *diags, const abide_diag *diag, struct text *text)
{
    text_puts(text, printed(diags, diag));
}

/* "file:line:col: error: message [id]" */
static void write_short(const struct diags *diags, const abide_diag *diag, struct text *text)
{
    const char *line = printed(diags, diag);
    text_add(text, line, strcspn(line, "\n"));
    text_puts(text, "\n");
}

/* What ends a command of a workflow, or starts the next part of it, becomes %XX; so do control characters. */
static void add_command_text(struct text *text, const char *chars, const char *special)
{
    for (; *chars; chars++) {
        if (strchr(special, *chars) || iscntrl((unsigned char)*chars))
            text_printf(text, "%%%02X", (unsigned)(unsigned char)*chars);
        else
            text_add(text, chars, 1);
    }
}

/*
 * "::error file=F,line=L,col=C,endLine=L,endColumn=C,title=ID::message"
 *
 * Source: GitHub, "Workflow commands for GitHub Actions", and the escapes of actions/toolkit, packages/core/src/command.ts.
 */
static void write_github(const struct diags *diags, const abide_diag *diag, struct text *text)
{
    static const char in_property[] = "%\r\n:,";
    static const char in_message[] = "%\r\n";
    (void)diags;
    bool is_note = abide_diag_severity(diag) == ABIDE_SEVERITY_NOTE;
    abide_position start = abide_diag_position(diag), end = abide_diag_end(diag);
    text_printf(text, "::%s ", is_note ? "notice" : diags_severity(diag));
    if (start.file) {
        text_puts(text, "file=");
        add_command_text(text, start.file, in_property);
        text_printf(text, ",line=%u,col=%u,endLine=%u,endColumn=%u,", start.line, start.column,
                    end.line, end.column);
    }
    text_printf(text, "title=%s::", abide_diag_id(diag));
    add_command_text(text, abide_diag_message(diag), in_message);
    const char *help;
    for (size_t i = 0; (help = abide_diag_help_at(diag, i)); i++) {
        text_puts(text, "%0Ahelp: ");
        add_command_text(text, help, in_message);
    }
    text_puts(text, "\n");
}

static void put_range(json_t *object, abide_position start, abide_position end)
{
    json_put_text(object, "file", start.file);
    if (!start.file)
        return;
    json_put_size(object, "line", start.line);
    json_put_size(object, "column", start.column);
    json_put_size(object, "end_line", end.line);
    json_put_size(object, "end_column", end.column);
}

static json_t *diag_json(const abide_diag *diag)
{
    json_t *object = json_new_object();
    json_put_text(object, "id", abide_diag_id(diag));
    json_put_text(object, "severity", diags_severity(diag));
    json_put_text(object, "message", abide_diag_message(diag));
    put_range(object, abide_diag_position(diag), abide_diag_end(diag));
    json_t *notes = json_new_array();
    abide_diag_note note;
    for (size_t i = 0; note = abide_diag_note_at(diag, i), note.text; i++) {
        json_t *entry = json_new_object();
        json_put_text(entry, "message", note.text);
        put_range(entry, note.start, note.end);
        json_add(notes, entry);
    }
    json_put(object, "notes", notes);
    json_t *suggestions = json_new_array();
    const char *help;
    for (size_t i = 0; (help = abide_diag_help_at(diag, i)); i++)
        json_add(suggestions, json_text(help));
    json_put(object, "suggestions", suggestions);
    return object;
}

static json_t *diags_json(const struct diags *diags)
{
    json_t *root = json_new_object();
    json_put_size(root, "abide", 1);
    json_t *list = json_new_array();
    for (size_t i = 0; i < abide_ctx_diag_count(diags->cli->ctx); i++) {
        const abide_diag *diag = diags_wanted(diags, i);
        if (diag)
            json_add(list, diag_json(diag));
    }
    json_put(root, "diagnostics", list);
    return root;
}

/* One after the other. */
static void write_each(const struct diags *diags,
                       void (*write)(const struct diags *, const abide_diag *, struct text *),
                       struct text *text)
{
    size_t shown = 0, hidden = 0;
    for (size_t i = 0; i < abide_ctx_diag_count(diags->cli->ctx); i++) {
        const abide_diag *diag = diags_wanted(diags, i);
        if (!diag)
            continue;
        if (diags->most && shown == diags->most) {
            hidden++;
            continue;
        }
        write(diags, diag, text);
        shown++;
    }
    if (hidden)
        text_printf(text, "%zu more are not shown\n", hidden);
}

void diags_write(const struct diags *wanted, struct text *text)
{
    struct diags found = *wanted, *diags = &found;
    if (!found.keeps_repeated)
        found.repeated = find_repeated(found.cli->ctx);
    switch ((enum error_format)diags->cli->options.error_format) {
    case ERRORS_TEXT: write_each(diags, write_text, text); return;
    case ERRORS_SHORT: write_each(diags, write_short, text); return;
    case ERRORS_GITHUB:
        found.most = 0; /* a program reads them */
        write_each(diags, write_github, text);
        return;
    case ERRORS_JSON: json_print(diags_json(diags), text); return;
    case ERRORS_SARIF: json_print(diags_sarif(diags), text); return;
    }
}
