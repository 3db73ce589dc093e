/* Layouts as files: one picture of all that was asked for, or a page. */
#include "picture/layout.h"
#include "picture/markup.h"
#include "picture/page.h"
#include "prose.h"

static const char *page_title(const struct cli *cli, const struct question *question)
{
    return cli_printf("Layouts of %s", question_subject(cli, question->iface));
}

void layout_print_svg(struct cli *cli, const struct question *question,
                      const struct subject *subjects, size_t count)
{
    struct canvas canvas = {0};
    for (size_t i = 0; i < count; i++)
        for (size_t v = 0; subjects[i].views && v < question->module_count; v++)
            picture_layout(cli, &subjects[i], &subjects[i].views[v], true, &canvas);
    canvas_print_file(&canvas, page_title(cli, question), &cli->product);
    canvas_free(&canvas);
}

/* The text of the picture: the rows that `--format text` has. */
static void print_table(struct text *out, const struct view *view)
{
    struct table table;
    static const char *const heads[] = {"offset", "size", "field", "type"};
    table_start(&table, 4);
    for (size_t i = 0; i < 4; i++)
        table_add(&table, heads[i]);
    for (size_t i = 0; i < view->rows.count; i++) {
        const struct row *row = &view->rows.items[i];
        table_add_right(&table, row->is_heading ? "" : layout_offset_text(row->offset_bits));
        table_add_right(&table, row->is_heading ? "" : layout_amount_text(row->size_bits));
        table_add(&table, row->path ? row->path : "");
        table_add(&table, row->type);
    }
    page_table(out, layout_view_text(view), &table, 1, false);
}

/* The values of an enum, the bits of flags, and what is said of them. */
static void print_values(const abide_type *type, const abide_data *data, struct text *out)
{
    const char *kind = abide_type_kind_name(type);
    for (size_t i = 0; i < abide_type_value_count(type); i++) {
        abide_enum_value value = abide_type_value_at(type, i);
        const char *number = value.is_unsigned
                                 ? cli_printf(" = %llu", (unsigned long long)value.value)
                                 : cli_printf(" = %lld", (long long)value.value);
        page_term(out, value.name, number, prose_part(data, kind, value.name));
    }
}

/* What the file says of the type and its parts. */
static void print_prose(const abide_type *type, const abide_data *data, struct text *out)
{
    const char *doc = prose_of(data);
    const abide_data *parts = abide_data_get(data, abide_type_kind_name(type));
    page_prose(out, doc ? doc : "");
    text_puts(out, "<dl>\n");
    print_values(type, data, out);
    for (size_t i = 0; !abide_type_value_count(type) && parts && i < abide_data_count(parts); i++) {
        const abide_data *part = abide_data_at(parts, i), *named = abide_data_get(part, "name");
        const char *key = abide_data_key_at(parts, i);
        const char *name = key ? key : named ? abide_data_text(named) : NULL;
        if (name && prose_of(part))
            page_term(out, name, "", prose_of(part));
    }
    text_puts(out, "</dl>\n");
}

void picture_type_section(struct cli *cli, const struct subject *subject, size_t view_count,
                          const abide_data *file, struct text *out)
{
    const char *name = abide_type_name(subject->type);
    page_section(out, 3, "type", name, abide_type_kind_name(subject->type));
    print_prose(subject->type, prose_type(file, name), out);
    if (!subject->views)
        text_puts(out, abide_type_has_size(subject->type)
                           ? "<p>It has no layout under one of these ABIs.</p>\n"
                           : "<p>Known by name only.</p>\n");
    struct page_picture *pictures = cli_alloc(view_count + 1, sizeof *pictures);
    for (size_t v = 0; subject->views && v < view_count; v++) {
        const struct view *view = &subject->views[v];
        pictures[v].caption =
            cli_printf("%s   (%s)", picture_layout_facts(subject, view), layout_view_text(view));
        picture_layout(cli, subject, view, false, &pictures[v].canvas);
    }
    page_figures(out, pictures, subject->views ? view_count : 0, "picture", name,
                 cli_printf("Layout of %s", name));
    for (size_t v = 0; subject->views && v < view_count; v++) {
        if (!subject->views[v].rows.count)
            continue;
        page_details(out, cli_printf("As a table, %s", layout_view_text(&subject->views[v])));
        print_table(out, &subject->views[v]);
        page_details_end(out);
    }
    page_section_end(out);
}

void layout_print_html(struct cli *cli, const struct question *question,
                       const struct subject *subjects, size_t count)
{
    page_begin(&cli->product, page_title(cli, question));
    text_puts(&cli->product, "<h1>Layouts</h1>\n");
    for (size_t i = 0; i < count; i++)
        picture_type_section(cli, &subjects[i], question->module_count, NULL, &cli->product);
    page_end(&cli->product, "Made by abide layout --format html.");
}
