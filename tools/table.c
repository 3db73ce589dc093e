/* Tables of text. */
#include "table.h"

#include "cli.h"

#include <string.h>

void table_start(struct table *table, size_t column_count)
{
    *table = (struct table){.column_count = column_count};
}

static struct cell *next_cell(struct table *table)
{
    table->cells =
        cli_grow(table->cells, table->cell_count, &table->capacity, sizeof *table->cells);
    return &table->cells[table->cell_count++];
}

void table_add(struct table *table, const char *text)
{
    next_cell(table)->text = text;
}

void table_add_right(struct table *table, const char *text)
{
    *next_cell(table) = (struct cell){.text = text, .right = true};
}

void table_add_spanning(struct table *table, const char *text, enum cell_style style)
{
    *next_cell(table) = (struct cell){.text = text, .spans = true, .style = style};
}

void table_end_row(struct table *table)
{
    while (table->cell_count % table->column_count)
        table_add(table, "");
}

void table_style_row(struct table *table, enum cell_style style)
{
    for (size_t i = 0; i < table->column_count; i++)
        table->cells[table->cell_count - 1 - i].style = style;
}

const char *style_on(enum cell_style style, bool color)
{
    static const char *const on[] = {"", "\033[1m", "\033[2m"};
    return color ? on[style] : "";
}

const char *style_off(enum cell_style style, bool color)
{
    return color && style != CELL_PLAIN ? "\033[0m" : "";
}

static size_t *column_widths(const struct table *table)
{
    size_t *widths = cli_alloc(table->column_count, sizeof *widths);
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct cell *cell = &table->cells[i];
        size_t columns = cell->spans ? 0 : text_columns(cell->text);
        if (columns > widths[i % table->column_count])
            widths[i % table->column_count] = columns;
    }
    return widths;
}

static void print_row(const struct table *table, const struct cell *row, const size_t *widths,
                      bool color, struct text *text)
{
    size_t at = 0;     /* columns printed */
    size_t column = 0; /* where the cell starts */
    for (size_t i = 0; i < table->column_count; column += widths[i] + 2, i++) {
        size_t columns = text_columns(row[i].text);
        if (columns == 0)
            continue;
        size_t start = row[i].right && columns < widths[i] ? column + widths[i] - columns : column;
        if (start < at) /* behind a spanning cell that was longer than expected */
            start = at + 2;
        text_repeat(text, ' ', start - at);
        text_puts(text, style_on(row[i].style, color));
        text_puts(text, row[i].text);
        text_puts(text, style_off(row[i].style, color));
        at = start + columns;
    }
    text_puts(text, "\n");
}

void table_print(const struct table *table, size_t indent, bool color, struct text *text)
{
    const size_t *widths = column_widths(table);
    for (size_t i = 0; i < table->cell_count; i += table->column_count) {
        text_repeat(text, ' ', indent);
        print_row(table, table->cells + i, widths, color, text);
    }
}
