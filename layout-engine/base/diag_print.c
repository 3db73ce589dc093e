/*
 * A diagnostic as text:
 *
 *     shapes.abi.yaml:7:12: error: no type 'pont' [unknown-type]
 *         7 |   area: (p pont) -> f64
 *           |            ^~~~
 *         3 |   point: {struct: {x: f64, y: f64}}
 *           |   ~~~~~ declared here
 *           = help: did you mean 'point'?
 *
 * A long line is cut around the caret, and no more of it than that is looked at.
 */
#include "base/diag_list.h"
#include "base/visible.h"

#include <string.h>

#define TAB_COLUMNS  4
#define LEAD_COLUMNS 60  /* the most that is shown before the caret */
#define LINE_COLUMNS 100 /* the most that is shown of a line */

struct colors {
    const char *bold, *error, *warning, *note, *caret, *off;
};
static const struct colors colored = {"\033[1m",    "\033[1;31m", "\033[1;35m",
                                      "\033[1;36m", "\033[1;32m", "\033[0m"};
static const struct colors plain = {"", "", "", "", "", ""};

/* A source line, as much of it as is shown, and where the marked range lies in it. */
struct snippet {
    struct abide_text line;
    unsigned column; /* while painting: columns so far */
    unsigned mark_column;
    unsigned mark_columns;
};

static size_t line_start_of(const struct abide_source *source, size_t at)
{
    while (at > 0 && source->text[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end_of(const struct abide_source *source, size_t at)
{
    const char *end = memchr(source->text + at, '\n', source->length_bytes - at);
    size_t end_bytes = end ? (size_t)(end - source->text) : source->length_bytes;
    if (end_bytes > at && source->text[end_bytes - 1] == '\r')
        end_bytes--;
    return end_bytes;
}

static unsigned columns_at(unsigned column, const struct visible *visible, char c)
{
    return c == '\t' ? TAB_COLUMNS - column % TAB_COLUMNS : visible->columns;
}

/* Where to start so that at most LEAD_COLUMNS stand before `at`; steps over whole characters. */
static size_t window_start(const struct abide_source *source, size_t line_start, size_t at)
{
    const char *text = source->text;
    unsigned columns = 0;
    size_t start = at;
    while (start > line_start) {
        size_t previous = start - 1;
        while (previous > line_start && start - previous < 4 &&
               ((unsigned char)text[previous] & 0xC0) == 0x80)
            previous--;
        struct visible visible = abide__visible(text + previous, start - previous);
        columns += text[previous] == '\t' ? TAB_COLUMNS : visible.columns;
        if (columns > LEAD_COLUMNS)
            break;
        start = previous;
    }
    return start;
}

/* Adds the bytes [start, end) until the line is full; false: it is. */
static bool paint(abide_ctx *ctx, struct snippet *snippet, const char *text, size_t start,
                  size_t end)
{
    while (start < end) {
        struct visible visible = abide__visible(text + start, end - start);
        unsigned columns = columns_at(snippet->column, &visible, text[start]);
        if (snippet->column + columns > LINE_COLUMNS) {
            abide__text_add(ctx, &snippet->line, "...", 3);
            return false;
        }
        if (text[start] == '\t')
            abide__text_printf(ctx, &snippet->line, "%*s", (int)columns, "");
        else if (visible.escaped)
            abide__text_add(ctx, &snippet->line, visible.escape, visible.columns);
        else
            abide__text_add(ctx, &snippet->line, text + start, visible.used_bytes);
        snippet->column += columns;
        start += visible.used_bytes;
    }
    return true;
}

static struct snippet cut_snippet(abide_ctx *ctx, struct abide_place place)
{
    const struct abide_source *source = place.source;
    struct snippet snippet = {0};
    size_t line_start = line_start_of(source, place.start_bytes);
    size_t line_end = line_end_of(source, place.start_bytes);
    size_t mark_end = place.end_bytes < line_end ? place.end_bytes : line_end;
    size_t start = window_start(source, line_start, place.start_bytes);

    abide__text_add(ctx, &snippet.line, "...", start > line_start ? 3 : 0);
    snippet.column = start > line_start ? 3 : 0;
    bool room = paint(ctx, &snippet, source->text, start, place.start_bytes);
    snippet.mark_column = snippet.column;
    room = room && paint(ctx, &snippet, source->text, place.start_bytes, mark_end);
    snippet.mark_columns = snippet.column - snippet.mark_column;
    if (room)
        paint(ctx, &snippet, source->text,
              mark_end > place.start_bytes ? mark_end : place.start_bytes, line_end);
    return snippet;
}

/* A diagnostic that is being printed. */
struct printer {
    abide_ctx *ctx;
    const struct colors *colors;
    struct abide_text out;
    /* The source line printed last: another mark in it does not repeat it. */
    const struct abide_source *source;
    unsigned line;
    const char *line_text;
};

static void print_line(struct printer *printer, struct abide_place place, const char *text)
{
    unsigned line = abide_place__position(place).line;
    if (place.source == printer->source && line == printer->line &&
        strcmp(text, printer->line_text) == 0)
        return;
    abide__text_printf(printer->ctx, &printer->out, "%5u | %s\n", line, text);
    printer->source = place.source;
    printer->line = line;
    printer->line_text = text;
}

/* The line with its number, and the mark below it: `^~~~` for the first place, `~~~~ text` for others. */
static void print_snippet(struct printer *printer, struct abide_place place, char first,
                          const char *color, const char *text)
{
    abide_ctx *ctx = printer->ctx;
    if (place.source->is_unseen)
        return;
    struct snippet snippet = cut_snippet(ctx, place);
    print_line(printer, place, snippet.line.chars);
    abide__text_printf(ctx, &printer->out, "      | %*s%s%c", (int)snippet.mark_column, "", color,
                       first);
    for (unsigned i = 1; i < snippet.mark_columns; i++)
        abide__text_add(ctx, &printer->out, "~", 1);
    abide__text_printf(ctx, &printer->out, "%s%s%s\n", printer->colors->off, *text ? " " : "",
                       text);
}

static void print_position(struct printer *printer, struct abide_place place)
{
    if (!place.source)
        return;
    abide_position position = abide_place__position(place);
    abide__text_printf(printer->ctx, &printer->out, "%s", printer->colors->bold);
    abide__add_visible(printer->ctx, &printer->out, position.file, strlen(position.file));
    abide__text_printf(printer->ctx, &printer->out, ":%u:%u:%s ", position.line, position.column,
                       printer->colors->off);
}

/* "      = help: text" */
static void print_remark(struct printer *printer, const char *what, const char *text)
{
    abide__text_printf(printer->ctx, &printer->out, "      = %s%s:%s %s\n", printer->colors->note,
                       what, printer->colors->off, text);
}

static void print_note(struct printer *printer, const abide_diag *diag,
                       const struct diag_note *note)
{
    const struct colors *colors = printer->colors;
    if (!note->place.source) {
        print_remark(printer, "note", note->text);
        return;
    }
    bool elsewhere = note->place.source != diag->place.source;
    if (elsewhere) {
        print_position(printer, note->place);
        abide__text_printf(printer->ctx, &printer->out, "%snote:%s %s\n", colors->note, colors->off,
                           note->text);
    }
    print_snippet(printer, note->place, '~', colors->note, elsewhere ? "" : note->text);
}

static const char *print_diag(abide_ctx *ctx, const abide_diag *diag, const struct colors *colors)
{
    static const char *const names[] = {"error", "warning", "note"};
    abide_severity severity = abide_diag_severity(diag);
    const char *const severity_colors[] = {colors->error, colors->warning, colors->note};
    struct printer printer = {.ctx = ctx, .colors = colors};
    print_position(&printer, diag->place);
    abide__text_printf(ctx, &printer.out, "%s%s:%s %s%s%s [%s]\n", severity_colors[severity],
                       names[severity], colors->off, colors->bold, diag->message, colors->off,
                       abide_diag_id(diag));
    if (diag->place.source)
        print_snippet(&printer, diag->place, '^', colors->caret, "");
    for (size_t i = 0; i < diag->notes.count; i++)
        print_note(&printer, diag, &diag->notes.items[i]);
    for (size_t i = 0; i < diag->helps.count; i++)
        print_remark(&printer, "help", diag->helps.items[i]);
    return printer.out.chars;
}

const char *abide_diag_print(abide_ctx *ctx, const abide_diag *diag, bool color)
{
    if (diag->code == ABIDE_CODE_OUT_OF_MEMORY && !diag->place.source)
        return "error: no memory [out-of-memory]\n"; /* there may still be none to render with */
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = print_diag(ctx, diag, color ? &colored : &plain);
    abide__guard_leave(ctx, &guard);
    return text;
}
