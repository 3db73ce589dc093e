/*
 * Tables of text: cells in rows, columns as wide as their widest cell, two spaces between them. No trailing blanks.
 */
#ifndef ABIDE_TOOLS_TABLE_H
#define ABIDE_TOOLS_TABLE_H

#include "text.h"

#include <stdbool.h>

enum cell_style { CELL_PLAIN, CELL_HEAD, CELL_DIM };

struct cell {
    const char *text;
    bool right; /* aligned */
    bool spans; /* reaches into the empty cells that follow; does not widen its own column */
    enum cell_style style;
};

struct table {
    struct cell *cells; /* row by row */
    size_t column_count;
    size_t cell_count;
    size_t capacity;
};

void table_start(struct table *table, size_t column_count);
/* The next cell. */
void table_add(struct table *table, const char *text);
void table_add_right(struct table *table, const char *text);
void table_add_spanning(struct table *table, const char *text, enum cell_style style);
/* Fills the rest of the row with empty cells. */
void table_end_row(struct table *table);
/* The style of all cells of the row that was ended last. */
void table_style_row(struct table *table, enum cell_style style);
/* Each line starts with `indent` blanks. */
void table_print(const struct table *table, size_t indent, bool color, struct text *text);

/* The escape sequences that begin and end a style; "" without colour. */
const char *style_on(enum cell_style style, bool color);
const char *style_off(enum cell_style style, bool color);

#endif
