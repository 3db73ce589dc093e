/*
 * What is drawn on: a picture that grows downward, of rectangles, curves and short texts, all in whole pixels. The writer of SVG.
 */
#ifndef PICTURE_CANVAS_H
#define PICTURE_CANVAS_H

#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define CANVAS_MARGIN 16

struct canvas {
    struct text body;
    int width, height; /* so far */
    struct text words; /* the picture in words */
};

/* Pixels that text of so many columns takes at most, in the size of boxes, or in the small one. */
int canvas_text_width(const char *chars);
int canvas_small_width(const char *chars);
/* How many columns fit into so many pixels; at least 1. */
size_t canvas_columns(int width);
size_t canvas_small_columns(int width);

/* Makes the picture large enough for what ends there, with its margin. */
void canvas_reach(struct canvas *canvas, int x, int y);
/* A part with a description that browsers show: `title` is what it is, `data` (may be NULL) further attributes, safe ones. */
void canvas_part(struct canvas *canvas, const char *title, const char *data);
void canvas_part_end(struct canvas *canvas);
void canvas_box(struct canvas *canvas, const char *tone, int x, int y, int width, int height);
/* The same, hatched. */
void canvas_hatched(struct canvas *canvas, int x, int y, int width, int height);
/* `x` is the start, the middle ("c") or the end ("e") of it, as the class says; `y` the line it stands on. */
void canvas_text(struct canvas *canvas, const char *class, int x, int y, const char *chars);
/* Text in lines between blanks, the first at `y`. Returns where the next line would be. */
int canvas_paragraph(struct canvas *canvas, const char *class, int x, int y, int width,
                     const char *chars);
/* A point of a curve; `way` is 1 if it runs to the right there, else -1. */
struct canvas_end {
    int x, y, way;
};
/* A curve through some points, sideways at each of them, with a head at the last. */
void canvas_curve(struct canvas *canvas, const char *kind, const struct canvas_end *points,
                  size_t count);

/* A file of its own; `title` names it. If nothing was drawn, it says so. */
void canvas_print_file(struct canvas *canvas, const char *title, struct text *out);
/* A part of a page, on which canvas_print_shared stands once; `id` is unique on it. */
void canvas_print_inline(const struct canvas *canvas, const char *id, const char *title,
                         struct text *out);
/* What pictures of a page share. */
void canvas_print_shared(struct text *out);
void canvas_free(struct canvas *canvas);

#endif
