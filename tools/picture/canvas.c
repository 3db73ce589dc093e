/* The writer of SVG. */
#include "picture/canvas.h"

#include "picture/markup.h"
#include "picture/palette.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* Widths of monospaced characters, in hundredths of a pixel: the widest of the common fonts has 0.602 em. */
#define COLUMN_CENTIPIXELS       725 /* at 12 px */
#define SMALL_COLUMN_CENTIPIXELS 665 /* at 11 px */

static int width_of(const char *chars, size_t centipixels)
{
    return (int)((markup_columns(chars) * centipixels + 99) / 100);
}

int canvas_text_width(const char *chars)
{
    return width_of(chars, COLUMN_CENTIPIXELS);
}

int canvas_small_width(const char *chars)
{
    return width_of(chars, SMALL_COLUMN_CENTIPIXELS);
}

static size_t columns_in(int width, int centipixels)
{
    int columns = width * 100 / centipixels;
    return columns > 1 ? (size_t)columns : 1;
}

size_t canvas_columns(int width)
{
    return columns_in(width, COLUMN_CENTIPIXELS);
}

size_t canvas_small_columns(int width)
{
    return columns_in(width, SMALL_COLUMN_CENTIPIXELS);
}

void canvas_reach(struct canvas *canvas, int x, int y)
{
    if (x + CANVAS_MARGIN > canvas->width)
        canvas->width = x + CANVAS_MARGIN;
    if (y + CANVAS_MARGIN > canvas->height)
        canvas->height = y + CANVAS_MARGIN;
}

void canvas_part(struct canvas *canvas, const char *title, const char *data)
{
    text_printf(&canvas->body, "<g%s%s><title>", data ? " " : "", data ? data : "");
    markup_text(&canvas->body, title);
    text_puts(&canvas->body, "</title>\n");
}

void canvas_part_end(struct canvas *canvas)
{
    text_puts(&canvas->body, "</g>\n");
}

void canvas_box(struct canvas *canvas, const char *tone, int x, int y, int width, int height)
{
    text_printf(&canvas->body,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>\n",
                tone, x, y, width, height);
    canvas_reach(canvas, x + width, y + height);
}

void canvas_hatched(struct canvas *canvas, int x, int y, int width, int height)
{
    canvas_box(canvas, "h", x, y, width, height);
    text_printf(&canvas->body,
                "<rect fill=\"url(#hatch)\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
                x + 1, y + 1, width - 2, height - 2);
}

void canvas_text(struct canvas *canvas, const char *class, int x, int y, const char *chars)
{
    if (!*chars)
        return;
    text_printf(&canvas->body, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
    markup_text(&canvas->body, chars);
    text_puts(&canvas->body, "</text>\n");
    canvas_reach(canvas, x, y);
}

#define PARAGRAPH_LINE 16

/* How many bytes of `chars` make a line: whole words, or as much of one as there is room for. */
static size_t line_bytes(const char *chars, int width)
{
    size_t line = 0;
    while (chars[line]) {
        size_t next = line + strspn(chars + line, " ");
        next += strcspn(chars + next, " ");
        if (line && canvas_text_width(cli_copy(chars, next)) > width)
            break;
        line = next;
    }
    return line;
}

int canvas_paragraph(struct canvas *canvas, const char *class, int x, int y, int width,
                     const char *chars)
{
    while (*chars) {
        size_t length_bytes = line_bytes(chars, width);
        const char *line = cli_copy(chars, length_bytes);
        canvas_text(canvas, class, x, y, markup_cut(line, canvas_columns(width)));
        y += PARAGRAPH_LINE;
        chars += length_bytes;
        chars += strspn(chars, " ");
    }
    return y;
}

#define HEAD_LENGTH 8
#define BEND_MIN    40

void canvas_curve(struct canvas *canvas, const char *kind, const struct canvas_end *points,
                  size_t count)
{
    struct canvas_end last = points[count - 1];
    text_printf(&canvas->body, "<path class=\"w %s\" d=\"M%d %d", kind, points[0].x, points[0].y);
    for (size_t i = 1; i < count; i++) {
        struct canvas_end from = points[i - 1], to = points[i];
        if (i == count - 1)
            to.x -= (HEAD_LENGTH - 1) * to.way;
        int half = abs(to.x - from.x) / 2, bend = half > BEND_MIN ? half : BEND_MIN;
        text_printf(&canvas->body, "C%d %d %d %d %d %d", from.x + bend * from.way, from.y,
                    to.x - bend * to.way, to.y, to.x, to.y);
    }
    text_printf(&canvas->body, "\"/>\n<path class=\"head %s\" d=\"M%d %dl%d -4v8z\"/>\n", kind,
                last.x, last.y, -HEAD_LENGTH * last.way);
}

static const char hatch[] =
    "<defs><pattern id=\"hatch\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
    "<path class=\"hatch\" d=\"M-2 2l4 -4M0 8l8 -8M6 10l4 -4\"/></pattern></defs>\n";

static void print_words(const struct canvas *canvas, const char *id, const char *title,
                        struct text *out)
{
    text_printf(out, "<title id=\"%s-title\">", id);
    markup_text(out, title);
    text_printf(out, "</title>\n<desc id=\"%s-desc\">", id);
    markup_text(out, canvas->words.chars ? canvas->words.chars : "");
    text_puts(out, "</desc>\n");
}

static void print_open(const struct canvas *canvas, const char *id, const char *space,
                       struct text *out)
{
    text_printf(out,
                "<svg%s width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
                "aria-labelledby=\"%s-title %s-desc\">\n",
                space, canvas->width, canvas->height, canvas->width, canvas->height, id, id);
}

static void print_body(const struct canvas *canvas, struct text *out)
{
    if (canvas->body.length_bytes)
        text_add(out, canvas->body.chars, canvas->body.length_bytes);
    text_puts(out, "</svg>\n");
}

void canvas_print_file(struct canvas *canvas, const char *title, struct text *out)
{
    static const char nothing[] = "There is nothing to draw.";
    if (!canvas->body.length_bytes) {
        canvas_text(canvas, "d", CANVAS_MARGIN, CANVAS_MARGIN + 12, nothing);
        canvas_reach(canvas, CANVAS_MARGIN + canvas_text_width(nothing), 0);
        text_puts(&canvas->words, nothing);
    }
    print_open(canvas, "abide", " xmlns=\"http://www.w3.org/2000/svg\"", out);
    print_words(canvas, "abide", title, out);
    text_puts(out, "<style>\n");
    palette_print_css(out);
    text_puts(out, "</style>\n");
    text_puts(out, hatch);
    text_printf(out, "<rect class=\"bg\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", canvas->width,
                canvas->height);
    print_body(canvas, out);
}

void canvas_print_inline(const struct canvas *canvas, const char *id, const char *title,
                         struct text *out)
{
    print_open(canvas, id, "", out);
    print_words(canvas, id, title, out);
    print_body(canvas, out);
}

void canvas_print_shared(struct text *out)
{
    text_puts(out, "<svg width=\"0\" height=\"0\" aria-hidden=\"true\" "
                   "style=\"position:absolute\">");
    text_puts(out, hatch);
    text_puts(out, "</svg>\n");
}

void canvas_free(struct canvas *canvas)
{
    text_free(&canvas->body);
    text_free(&canvas->words);
}
