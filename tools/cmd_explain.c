/* abide explain: the long form of a diagnostic. */
#include "json.h"
#include "cli.h"
#include "table.h"

const struct poptOption explain_options[] = {OPTIONS_COMMON, POPT_TABLEEND};

static void print_list(struct cli *cli)
{
    struct table table;
    table_start(&table, 2);
    const char *id;
    for (size_t i = 0; (id = abide_diag_id_at(i)); i++) {
        table_add(&table, id);
        table_add(&table, abide_diag_summary(id));
    }
    table_print(&table, 0, cli->color_out, &cli->product);
}

/* Adds text broken between words, so that no line is longer than 80 columns. */
static void add_paragraph(struct text *text, const char *words)
{
    size_t column = 0;
    for (const char *at = words; *at;) {
        const char *end = at;
        while (*end && *end != ' ')
            end++;
        size_t length = (size_t)(end - at);
        if (column && column + 1 + length > 80) {
            text_puts(text, "\n");
            column = 0;
        }
        if (column) {
            text_puts(text, " ");
            column++;
        }
        text_add(text, at, length);
        column += length;
        at = *end ? end + 1 : end;
    }
    text_puts(text, "\n");
}

static json_t *id_json(const char *id)
{
    json_t *object = json_new_object();
    json_put_text(object, "id", id);
    json_put_text(object, "summary", abide_diag_summary(id));
    json_put_text(object, "explanation", abide_diag_explain(id));
    return object;
}

static void print_json(struct cli *cli, const char *wanted)
{
    json_t *root = json_new_answer(cli);
    json_t *diagnostics = json_new_array();
    const char *id;
    for (size_t i = 0; !wanted && (id = abide_diag_id_at(i)); i++)
        json_add(diagnostics, id_json(id));
    if (wanted)
        json_add(diagnostics, id_json(wanted));
    json_put(root, "diagnostics", diagnostics);
    json_print(root, &cli->product);
}

static const char *id_at(const void *user, size_t index)
{
    (void)user;
    return abide_diag_id_at(index);
}

static enum status run(struct cli *cli)
{
    const char *id = cli->options.operands.count ? cli->options.operands.items[0] : NULL;
    if (id && !abide_diag_explain(id)) {
        const char *nearest = abide_nearest(id, id_at, NULL);
        return cli_report(cli, "unknown-diagnostic",
                          nearest ? cli_printf("did you mean '%s'?", nearest)
                                  : "'abide explain' lists all of them",
                          "no diagnostic has the id '%s'", id);
    }
    if (cli->options.format == FORMAT_JSON) {
        print_json(cli, id);
    } else if (id) {
        text_printf(&cli->product, "%s%s%s: %s\n\n", style_on(CELL_HEAD, cli->color_out), id,
                    style_off(CELL_HEAD, cli->color_out), abide_diag_summary(id));
        add_paragraph(&cli->product, abide_diag_explain(id));
    } else {
        print_list(cli);
    }
    return STATUS_OK;
}

const struct verb verb_explain = {
    .name = "explain",
    .summary = "the long form of a diagnostic",
    .operands = "[ID]",
    .about = "Every message ends in the id of its kind, in brackets. This verb says what the kind\n"
             "means and what to do about it; without an id it lists all of them.",
    .examples = {"abide explain unknown-type   # what the message means, and the way out",
                 "abide explain                # all ids"},
    .options = explain_options,
    .operands_min = 0,
    .operands_max = 1,
    .run = run,
};
