/* Pages of HTML. */
#include "picture/page.h"

#include "picture/markup.h"
#include "picture/palette.h"

#include "cli.h"

#include <string.h>

static const char page_shapes[] =
    "html{font:16px/1.5 system-ui,'DejaVu Sans',sans-serif}\n"
    "body{max-width:68rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}\n"
    "h1{font-size:1.6rem;line-height:1.2;margin:.5rem 0}\n"
    "h2{font-size:1.25rem;margin:2rem 0 .5rem}\n"
    "h3{font-size:1.05rem;margin:1.5rem 0 .5rem}\n"
    "code,pre,.mono,td{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;"
    "font-size:.85rem;unicode-bidi:isolate}\n"
    "code{padding:.1em .3em;border-radius:3px}\n"
    "pre{padding:.7rem;border:1px solid;border-radius:4px;overflow-x:auto}\n"
    "figure{margin:.5rem 0 1rem}\n"
    ".scroll{overflow-x:auto;overflow-wrap:normal}\n"
    "figure svg{display:block}\n"
    "figcaption{font-size:.85rem}\n"
    "table{border-collapse:collapse}\n"
    "caption{text-align:left;padding:.3rem 0}\n"
    "th,td{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0;"
    "border-bottom:1px solid}\n"
    "td.r,th.r{text-align:right}\n"
    "details{margin:.5rem 0}\n"
    "summary{cursor:pointer}\n"
    "a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid;"
    "outline-offset:2px}\n"
    "nav ul{columns:14rem;padding:0;list-style:none;margin:.3rem 0}\n"
    "nav li{break-inside:avoid}\n"
    "nav h2{font-size:.9rem;margin:1rem 0 0}\n"
    "section:target>h2,section:target>h3{text-decoration:underline}\n"
    "footer{margin-top:3rem;font-size:.85rem}\n"
    "@media print{.scroll,pre{overflow:visible}details>*{display:block}}\n";

void page_begin(struct text *out, const char *title)
{
    text_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                   "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                   "<meta http-equiv=\"Content-Security-Policy\" "
                   "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n<title>");
    markup_text(out, title);
    text_puts(out, "</title>\n<style>\n");
    text_puts(out, page_shapes);
    palette_print_page_css(out);
    palette_print_css(out);
    text_puts(out, "</style>\n</head>\n<body>\n");
    canvas_print_shared(out);
}

void page_end(struct text *out, const char *by)
{
    text_puts(out, "<footer>");
    markup_text(out, by);
    text_puts(out, "</footer>\n</body>\n</html>\n");
}

void page_anchor(struct text *out, const char *kind, const char *name)
{
    text_printf(out, "%s-", kind);
    markup_anchor(out, name);
}

void page_section(struct text *out, unsigned level, const char *kind, const char *name,
                  const char *rest)
{
    text_puts(out, "<section id=\"");
    page_anchor(out, kind, name);
    text_printf(out, "\">\n<h%u>", level);
    markup_text(out, name);
    if (*rest)
        text_puts(out, " <span class=\"dim mono\">");
    markup_text(out, rest);
    text_printf(out, "%s</h%u>\n", *rest ? "</span>" : "", level);
}

void page_section_end(struct text *out)
{
    text_puts(out, "</section>\n");
}

void page_link(struct text *out, const char *kind, const char *name)
{
    text_puts(out, "<a href=\"#");
    page_anchor(out, kind, name);
    text_puts(out, "\">");
    markup_text(out, name);
    text_puts(out, "</a>");
}

void page_prose(struct text *out, const char *chars)
{
    while (*(chars += strspn(chars, "\n"))) {
        const char *end = strstr(chars, "\n\n");
        size_t length_bytes = end ? (size_t)(end - chars) : strlen(chars);
        text_puts(out, "<p>");
        markup_text(out, cli_copy(chars, length_bytes));
        text_puts(out, "</p>\n");
        chars += length_bytes;
    }
}

void page_term(struct text *out, const char *name, const char *rest, const char *doc)
{
    text_puts(out, "<dt><code>");
    markup_text(out, name);
    markup_text(out, rest);
    text_puts(out, "</code></dt>\n<dd>");
    markup_text(out, doc ? doc : "");
    text_puts(out, "</dd>\n");
}

void page_code(struct text *out, const char *chars)
{
    text_puts(out, "<pre tabindex=\"0\">");
    markup_text(out, chars);
    text_puts(out, "</pre>\n");
}

static bool is_same_text(const struct text *a, const struct text *b)
{
    return a->length_bytes == b->length_bytes &&
           (!a->length_bytes || memcmp(a->chars, b->chars, a->length_bytes) == 0);
}

static bool is_same_picture(const struct page_picture *a, const struct page_picture *b)
{
    return is_same_text(&a->canvas.body, &b->canvas.body) &&
           is_same_text(&a->canvas.words, &b->canvas.words);
}

/* The captions of the picture and of all that are drawn like it. */
static void print_captions(struct text *out, const struct page_picture *pictures, size_t count,
                           size_t index)
{
    text_puts(out, "<figcaption class=\"dim\">");
    for (size_t i = index; i < count; i++) {
        if (!is_same_picture(&pictures[i], &pictures[index]))
            continue;
        text_puts(out, i == index ? "" : "<br/>");
        markup_text(out, pictures[i].caption);
    }
    text_puts(out, "</figcaption>\n");
}

static void print_picture(struct text *out, const struct page_picture *picture, const char *kind,
                          const char *name, const char *what)
{
    const char *title = cli_printf("%s, %s", what, picture->caption);
    struct text id = {0};
    page_anchor(&id, kind, name);
    text_puts(out, "<div class=\"scroll\" role=\"group\" tabindex=\"0\"");
    markup_attribute(out, "aria-label", title);
    text_puts(out, ">\n");
    canvas_print_inline(&picture->canvas, id.chars, title, out);
    text_puts(out, "</div>\n");
    text_free(&id);
}

void page_figures(struct text *out, struct page_picture *pictures, size_t count, const char *kind,
                  const char *name, const char *what)
{
    for (size_t i = 0; i < count; i++) {
        bool is_drawn = false;
        for (size_t earlier = 0; earlier < i && !is_drawn; earlier++)
            is_drawn = is_same_picture(&pictures[earlier], &pictures[i]);
        if (is_drawn)
            continue;
        text_puts(out, "<figure>\n");
        print_captions(out, pictures, count, i);
        if (pictures[i].canvas.body.length_bytes)
            print_picture(out, &pictures[i], cli_printf("%s%zu", kind, i), name, what);
        text_puts(out, "</figure>\n");
    }
    for (size_t i = 0; i < count; i++)
        canvas_free(&pictures[i].canvas);
}

static void print_cell(struct text *out, const struct cell *cell, bool is_head, const char *scope)
{
    const char *tag = is_head ? "th" : "td";
    text_printf(out, "<%s%s%s%s%s>", tag, is_head ? " scope=\"" : "", is_head ? scope : "",
                is_head ? "\"" : "", cell->right ? " class=\"r\"" : "");
    markup_text(out, cell->text);
    text_printf(out, "</%s>", tag);
}

void page_table(struct text *out, const char *caption, const struct table *table, size_t head_count,
                bool names_rows)
{
    text_puts(out, "<div class=\"scroll\" role=\"group\" tabindex=\"0\"");
    markup_attribute(out, "aria-label", caption);
    text_puts(out, "><table>\n<caption>");
    markup_text(out, caption);
    text_puts(out, "</caption>\n");
    size_t columns = table->column_count;
    for (size_t i = 0; i < table->cell_count; i++) {
        bool is_head = i / columns < head_count;
        if (i % columns == 0)
            text_puts(out, "<tr>");
        print_cell(out, &table->cells[i], is_head || (names_rows && i % columns == 0),
                   is_head ? "col" : "row");
        if (i % columns == columns - 1)
            text_puts(out, "</tr>\n");
    }
    text_puts(out, "</table></div>\n");
}

void page_details(struct text *out, const char *summary)
{
    text_puts(out, "<details>\n<summary>");
    markup_text(out, summary);
    text_puts(out, "</summary>\n");
}

void page_details_end(struct text *out)
{
    text_puts(out, "</details>\n");
}
