/* Layouts as files: one picture of all that was asked for, or a page. */
#include "picture/layout.h"
#include "picture/page.h"

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

void picture_type_section(struct cli *cli, const struct subject *subject, size_t view_count,
                          struct text *out)
{
    const char *name = abide_type_name(subject->type);
    page_section(out, 3, "type", name, abide_type_kind_name(subject->type));
    if (!subject->views)
        text_puts(out, "<p>Known by name only.</p>\n");
    for (size_t v = 0; subject->views && v < view_count; v++) {
        struct canvas canvas = {0};
        struct text id = {0};
        page_anchor(&id, cli_printf("picture%zu", v), name);
        picture_layout(cli, subject, &subject->views[v], false, &canvas);
        page_figure(out, &canvas, id.chars, cli_printf("Layout of %s", name));
        text_free(&id);
    }
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
        picture_type_section(cli, &subjects[i], question->module_count, &cli->product);
    page_end(&cli->product, "Made by abide layout --format html.");
}
