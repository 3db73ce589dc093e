/* Types as people read them: a table of fields and padding, for one module or several side by side. */
#include "layout_answer.h"
#include "table.h"

#include <string.h>

/* A nested record is taken apart until a type has this many rows: nesting doubles, files stay small. */
#define ROWS_MAX 4096

static void add_row(struct rows *rows, struct row row)
{
    rows->items = cli_grow(rows->items, rows->count, &rows->capacity, sizeof row);
    rows->items[rows->count++] = row;
}

static struct row padding_row(uint64_t offset_bits, uint64_t size_bits)
{
    return (struct row){.type = "padding", .offset_bits = offset_bits, .size_bits = size_bits};
}

const char *layout_join_path(const char *prefix, const char *name)
{
    if (!name)
        return prefix;
    return *prefix ? cli_printf("%s.%s", prefix, name) : name;
}

static void collect_field(struct cli *cli, const abide_module *machine, abide_field_info field,
                          uint64_t base_bits, const char *prefix, struct rows *rows)
{
    const char *path = layout_join_path(prefix, field.name);
    if (!field.is_bitfield && layout_is_record(field.type) && rows->count < ROWS_MAX) {
        const abide_layout *inner = abide_layout_of(cli->ctx, machine, field.type);
        if (inner && abide_layout_field_count(inner)) {
            layout_collect(cli, machine, inner, base_bits + field.offset_bits, path, rows);
            return;
        }
    }
    add_row(rows, (struct row){.path = *path ? path : "(unnamed)",
                               .type = abide_type_print(cli->ctx, field.type),
                               .offset_bits = base_bits + field.offset_bits,
                               .size_bits = field.size_bits,
                               .is_bitfield = field.is_bitfield});
}

/* Fields and holes become rows. */
void layout_collect(struct cli *cli, const abide_module *machine, const abide_layout *layout,
                    uint64_t base_bits, const char *prefix, struct rows *rows)
{
    abide_walk walk = abide_layout_walk(layout);
    abide_extent extent;
    if (layout_is_kind(abide_layout_type(layout), "union"))
        rows->overlap = true;
    while (abide_walk_next(&walk, &extent)) {
        if (extent.is_hole) {
            rows->padding_bits += extent.size_bits;
            add_row(rows, padding_row(base_bits + extent.offset_bits, extent.size_bits));
        } else {
            collect_field(cli, machine, extent.field, base_bits, prefix, rows);
        }
    }
}

const char *layout_case_text(const abide_sum *sum, size_t index)
{
    abide_case found = abide_sum_case_at(sum, index);
    const char *key = abide_sum_discriminant(sum).type
                          ? cli_printf("tag %lld", (long long)found.tag)
                      : index == abide_sum_null_case(sum) ? "null pointer"
                                                          : "not a null pointer";
    return found.payload.type ? key : cli_printf("%s, no payload", key);
}

/*
 * The rows of a case: its payload, and what belongs to nothing while it is there, in order of offset. Padding inside the
 * payload comes with its fields.
 */
static void collect_case(struct cli *cli, const abide_module *machine, const abide_sum *sum,
                         size_t index, struct rows *rows)
{
    abide_walk walk = abide_sum_case_walk(sum, index);
    abide_extent extent;
    add_row(rows, (struct row){.path = cli_printf("case %s", abide_sum_case_at(sum, index).name),
                               .type = layout_case_text(sum, index),
                               .is_heading = true});
    while (abide_walk_next(&walk, &extent))
        if (extent.is_hole)
            add_row(rows, padding_row(extent.offset_bits, extent.size_bits));
        else
            collect_field(cli, machine, extent.field, 0, "", rows);
}

/* The tag and the cases of a sum. What is padding depends on the case, so it is not summed up. */
void layout_collect_cases(struct cli *cli, const abide_module *machine, const abide_sum *sum,
                          struct rows *rows)
{
    abide_field_info tag = abide_sum_discriminant(sum);
    abide_hole reserve = abide_sum_reserve(sum);
    rows->overlap = true;
    if (tag.type)
        collect_field(cli, machine, tag, 0, "", rows);
    if (reserve.size_bits)
        add_row(rows, (struct row){.path = "payload",
                                   .type = "room for cases to come",
                                   .offset_bits = reserve.offset_bits,
                                   .size_bits = reserve.size_bits});
    for (size_t i = 0; i < abide_sum_case_count(sum); i++)
        collect_case(cli, machine, sum, i, rows);
}

const char *layout_offset_text(uint64_t bits)
{
    return bits % 8 ? cli_printf("%llu:%u", (unsigned long long)(bits / 8), (unsigned)(bits % 8))
                    : cli_printf("%llu", (unsigned long long)(bits / 8));
}

/* "8", or ":3" for three bits. */
static const char *size_text(const struct row *row)
{
    if (row->is_bitfield || row->size_bits % 8)
        return cli_printf(":%llu", (unsigned long long)row->size_bits);
    return cli_printf("%llu", (unsigned long long)(row->size_bits / 8));
}

const char *layout_amount_text(uint64_t bits)
{
    uint64_t count = bits % 8 ? bits : bits / 8;
    return cli_printf("%llu %s%s", (unsigned long long)count, bits % 8 ? "bit" : "byte",
                      count == 1 ? "" : "s");
}

const char *layout_view_text(const struct view *view)
{
    return cli_printf("%s, %s", view->title, abide_module_target(view->module));
}

static void print_heading(struct cli *cli, const struct subject *subject, const char *rest)
{
    text_printf(&cli->product, "%s%s%s  %s%s\n", style_on(CELL_HEAD, cli->color_out),
                abide_type_name(subject->type), style_off(CELL_HEAD, cli->color_out),
                abide_type_kind_name(subject->type), rest);
}

static void print_one(struct cli *cli, const struct subject *subject)
{
    const struct view *view = &subject->views[0];
    uint64_t size_bytes = abide_layout_size_bytes(view->layout);
    print_heading(cli, subject,
                  cli_printf(", %llu byte%s, align %llu   (%s)", (unsigned long long)size_bytes,
                             size_bytes == 1 ? "" : "s",
                             (unsigned long long)abide_layout_align_bytes(view->layout),
                             layout_view_text(view)));
    if (!view->rows.count)
        return;
    struct table table;
    table_start(&table, 4);
    table_add_right(&table, "offset");
    table_add_right(&table, "size");
    table_add(&table, "field");
    table_add(&table, "type");
    for (size_t i = 0; i < view->rows.count; i++) {
        const struct row *row = &view->rows.items[i];
        table_add_right(&table, row->is_heading ? "" : layout_offset_text(row->offset_bits));
        table_add_right(&table, row->is_heading ? "" : size_text(row));
        table_add(&table, row->path ? row->path : "...");
        table_add(&table, row->type);
        if (!row->path)
            table_style_row(&table, CELL_DIM);
    }
    table_print(&table, 2, cli->color_out, &cli->product);
    uint64_t id;
    const char *interface = abide_type_interface(subject->type, &id);
    if (interface)
        text_printf(&cli->product, "  id 0x%016llx, of %s\n", (unsigned long long)id, interface);
    if (view->rows.padding_bits && !view->rows.overlap)
        text_printf(&cli->product, "  %s of padding\n",
                    layout_amount_text(view->rows.padding_bits));
}

static bool is_same_field(const struct rows *rows, size_t index, const struct row *wanted)
{
    const struct row *row = &rows->items[index];
    return row->path && strcmp(row->path, wanted->path) == 0 &&
           strcmp(row->type, wanted->type) == 0;
}

/* The same field under another ABI. It stands near `index`, where this ABI has it, so the search goes outward. */
static const struct row *row_of(const struct rows *rows, const struct row *wanted, size_t index)
{
    for (size_t distance = 0; distance <= index || index + distance < rows->count; distance++) {
        if (distance <= index && index - distance < rows->count &&
            is_same_field(rows, index - distance, wanted))
            return &rows->items[index - distance];
        if (index + distance < rows->count && is_same_field(rows, index + distance, wanted))
            return &rows->items[index + distance];
    }
    return NULL;
}

/* "offset  size" of one ABI is one cell, as wide as its heading needs. */
static const char *place_text(const char *offset, const char *size)
{
    return cli_printf("%6s  %4s", offset, size);
}

/* A heading has no place: it is there, or it is not. */
static const char *cell_text(const struct row *row)
{
    if (!row)
        return place_text("-", "-");
    if (row->is_heading)
        return "";
    return place_text(layout_offset_text(row->offset_bits), size_text(row));
}

/* Every field that any of the ABIs has, in the order of the first that has it. */
static void add_field_rows(struct table *table, const struct subject *subject, size_t view_count)
{
    for (size_t first = 0; first < view_count; first++) {
        const struct rows *rows = &subject->views[first].rows;
        for (size_t i = 0; i < rows->count; i++) {
            const struct row *row = &rows->items[i];
            bool done = !row->path;
            for (size_t earlier = 0; earlier < first && !done; earlier++)
                done = row_of(&subject->views[earlier].rows, row, i) != NULL;
            if (done)
                continue;
            table_add(table, row->path);
            table_add(table, row->type);
            for (size_t v = 0; v < view_count; v++) {
                const struct row *here = row_of(&subject->views[v].rows, row, i);
                table_add(table, cell_text(here));
            }
        }
    }
}

static void add_total(struct table *table, const struct subject *subject, size_t view_count,
                      const char *what, uint64_t (*total)(const abide_layout *layout))
{
    table_add(table, what);
    table_add(table, "");
    for (size_t v = 0; v < view_count; v++) {
        unsigned long long value = total(subject->views[v].layout);
        table_add(table, place_text("", cli_printf("%llu", value)));
    }
}

static void print_side_by_side(struct cli *cli, const struct subject *subject, size_t view_count)
{
    print_heading(cli, subject, "");
    struct table table;
    table_start(&table, 2 + view_count);
    for (int line = 0; line < 2; line++) {
        table_add(&table, "");
        table_add(&table, "");
        for (size_t v = 0; v < view_count; v++) {
            const abide_module *module = subject->views[v].module;
            table_add(&table, line == 0 ? subject->views[v].title : abide_module_target(module));
        }
    }
    table_add(&table, "field");
    table_add(&table, "type");
    for (size_t v = 0; v < view_count; v++)
        table_add(&table, place_text("offset", "size"));
    add_field_rows(&table, subject, view_count);
    add_total(&table, subject, view_count, "size", abide_layout_size_bytes);
    add_total(&table, subject, view_count, "align", abide_layout_align_bytes);
    table_print(&table, 2, cli->color_out, &cli->product);
}

void layout_print_text(struct cli *cli, const struct subject *subjects, size_t count,
                       size_t view_count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            text_puts(&cli->product, "\n");
        if (!subjects[i].views)
            print_heading(cli, &subjects[i], ": known by name only");
        else if (view_count == 1)
            print_one(cli, &subjects[i]);
        else
            print_side_by_side(cli, &subjects[i], view_count);
    }
}
