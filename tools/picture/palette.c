/*
 * Colours. Every pair of text and ground that pictures use has a contrast of at least 4.5, and curves have 3 against the page
 * (WCAG 2.1, 1.4.3 and 1.4.11); tests/pictures computes it.
 */
#include "picture/palette.h"

#include <stdbool.h>

enum colour {
    PAGE,
    PANEL,
    INK,
    DIM,
    LINE,
    LINK,
    FIELD_0,
    FIELD_1,
    FIELD_2,
    FIELD_3,
    EDGE_0,
    EDGE_1,
    EDGE_2,
    EDGE_3,
    HOLE,
    HATCH,
    TAG,
    TAG_EDGE,
    UNION,
    UNION_EDGE,
    MOVE,
    COPY,
    ADDRESS,
    CONVERT,
    KEEP,
    CLASH,
    COLOUR_COUNT
};

static const struct {
    const char *light, *dark;
} colours[COLOUR_COUNT] = {
    [PAGE] = {"#ffffff", "#14171c"},    [PANEL] = {"#f5f6f8", "#1d2128"},
    [INK] = {"#1c2026", "#e9ecf1"},     [DIM] = {"#4c535d", "#b3bac5"},
    [LINE] = {"#c9ced6", "#3b424d"},    [LINK] = {"#0b57a8", "#82b8ff"},
    [FIELD_0] = {"#dce9fb", "#1d3557"}, [EDGE_0] = {"#7ea6da", "#5b86c0"},
    [FIELD_1] = {"#dff2e3", "#1c3f2c"}, [EDGE_1] = {"#7bb98b", "#4f9a68"},
    [FIELD_2] = {"#fbecd3", "#48351a"}, [EDGE_2] = {"#d3a455", "#a9803d"},
    [FIELD_3] = {"#ece2f8", "#3a2a55"}, [EDGE_3] = {"#ab8bd4", "#8a6bbd"},
    [HOLE] = {"#f5f6f8", "#1b1f25"},    [HATCH] = {"#dcdfe4", "#2f353e"},
    [TAG] = {"#fde0e4", "#561f30"},     [TAG_EDGE] = {"#d98795", "#b25a70"},
    [UNION] = {"#d9f1f2", "#153f43"},   [UNION_EDGE] = {"#62adb3", "#4a949a"},
    [MOVE] = {"#2b6cb8", "#79aef0"},    [COPY] = {"#a15c00", "#e0a24a"},
    [ADDRESS] = {"#7a4bb8", "#b795ea"}, [CONVERT] = {"#0f7b45", "#5fc48d"},
    [KEEP] = {"#757c87", "#868e9a"},    [CLASH] = {"#c4242f", "#ff7f86"},
};

/* What is drawn in a colour. */
struct rule {
    const char *selector, *property;
    enum colour colour;
};

static const struct rule picture_rules[] = {
    {".bg", "fill", PAGE},
    {".t", "fill", INK},
    {".d", "fill", DIM},
    {".f0", "fill", FIELD_0},
    {".f0", "stroke", EDGE_0},
    {".f1", "fill", FIELD_1},
    {".f1", "stroke", EDGE_1},
    {".f2", "fill", FIELD_2},
    {".f2", "stroke", EDGE_2},
    {".f3", "fill", FIELD_3},
    {".f3", "stroke", EDGE_3},
    {".h", "fill", HOLE},
    {".h", "stroke", LINE},
    {".hatch", "stroke", HATCH},
    {".tag", "fill", TAG},
    {".tag", "stroke", TAG_EDGE},
    {".u", "fill", UNION},
    {".u", "stroke", UNION_EDGE},
    {".pill", "fill", PAGE},
    {".move", "stroke", MOVE},
    {".copy", "stroke", COPY},
    {".address", "stroke", ADDRESS},
    {".convert", "stroke", CONVERT},
    {".keep", "stroke", KEEP},
    {".clash", "stroke", CLASH},
    {".head.move", "fill", MOVE},
    {".head.copy", "fill", COPY},
    {".head.address", "fill", ADDRESS},
    {".head.convert", "fill", CONVERT},
    {".head.keep", "fill", KEEP},
    {".head.clash", "fill", CLASH},
};

static const struct rule page_rules[] = {
    {"html", "background", PAGE},
    {"html", "color", INK},
    {"a", "color", LINK},
    {".dim, th, caption, nav h2, footer", "color", DIM},
    {"pre, code", "background", PANEL},
    {"th, td, section, header, pre, details", "border-color", LINE},
    {"a:focus-visible, summary:focus-visible, [tabindex]:focus-visible", "outline-color", LINK},
};

/* Shapes and sizes; no colours. */
static const char picture_shapes[] =
    "text{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;font-size:12px;"
    "unicode-bidi:isolate;direction:ltr;white-space:pre}\n"
    ".n{font-size:16px;font-weight:bold}\n"
    ".s{font-size:11px}\n"
    ".b{font-weight:bold}\n"
    ".e{text-anchor:end}\n"
    ".c{text-anchor:middle}\n"
    ".hatch{stroke-width:3}\n"
    ".w{fill:none;stroke-width:1.6}\n"
    ".w.copy,.w.convert{stroke-width:2.4}\n"
    ".w.address{stroke-dasharray:6 4}\n"
    ".w.keep{stroke-dasharray:1 4;stroke-linecap:round}\n"
    ".head{stroke:none}\n";

static void print_rules(struct text *out, const struct rule *rules, size_t count, bool dark)
{
    for (size_t i = 0; i < count; i++)
        text_printf(out, "%s{%s:%s}\n", rules[i].selector, rules[i].property,
                    dark ? colours[rules[i].colour].dark : colours[rules[i].colour].light);
}

static void print_schemes(struct text *out, const struct rule *rules, size_t count)
{
    print_rules(out, rules, count, false);
    text_puts(out, "@media (prefers-color-scheme:dark){\n");
    print_rules(out, rules, count, true);
    text_puts(out, "}\n");
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

void palette_print_css(struct text *out)
{
    text_puts(out, picture_shapes);
    print_schemes(out, picture_rules, COUNT(picture_rules));
}

void palette_print_page_css(struct text *out)
{
    print_schemes(out, page_rules, COUNT(page_rules));
}
