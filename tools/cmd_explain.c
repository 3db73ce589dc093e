/* abide explain: the long form of a diagnostic, and of a change that `abide compare` found. */
#include "compare/compare.h"
#include "json.h"
#include "table.h"

#include <string.h>

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
    for (size_t i = 0; i < CHANGE_COUNT; i++) {
        table_add(&table, change_infos[i].id);
        table_add(&table, cli_printf("a change: %s", change_infos[i].title));
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

static const struct change_info *change_named(const char *id)
{
    for (size_t i = 0; i < CHANGE_COUNT; i++)
        if (strcmp(change_infos[i].id, id) == 0)
            return &change_infos[i];
    return NULL;
}

static json_t *change_json(const struct change_info *change)
{
    json_t *object = json_new_object();
    json_put_text(object, "id", change->id);
    json_put_text(object, "summary", change->title);
    json_put_text(object, "old_programs", severity_names[change->forward]);
    json_put_text(object, "new_programs", severity_names[change->backward]);
    json_put_text(object, "why", change->why);
    json_put_text(object, "way_out", change->way_out);
    return object;
}

/* Of one id, or of all. */
static void print_json(struct cli *cli, const char *wanted)
{
    json_t *root = json_new_answer(cli);
    json_t *diagnostics = json_new_array(), *changes = json_new_array();
    const char *id;
    for (size_t i = 0; (id = abide_diag_id_at(i)); i++)
        if (!wanted || strcmp(id, wanted) == 0)
            json_add(diagnostics, id_json(id));
    for (size_t i = 0; i < CHANGE_COUNT; i++)
        if (!wanted || strcmp(change_infos[i].id, wanted) == 0)
            json_add(changes, change_json(&change_infos[i]));
    json_put(root, "diagnostics", diagnostics);
    json_put(root, "changes", changes);
    json_print(root, &cli->product);
}

static void print_head(struct cli *cli, const char *id, const char *summary)
{
    text_printf(&cli->product, "%s%s%s: %s\n\n", style_on(CELL_HEAD, cli->color_out), id,
                style_off(CELL_HEAD, cli->color_out), summary);
}

static void print_change(struct cli *cli, const struct change_info *change)
{
    print_head(cli, change->id, cli_printf("a change: %s", change->title));
    text_printf(&cli->product, "old programs, new library: %s\nnew programs, old library: %s\n\n",
                severity_names[change->forward], severity_names[change->backward]);
    add_paragraph(&cli->product,
                  cli_printf("Why: %s. Way out: %s. `abide compare` finds it, and may judge it by "
                             "who makes the value.",
                             change->why, change->way_out));
}

/* The ids of diagnostics, then those of changes. */
static const char *id_at(const void *user, size_t index)
{
    const size_t *diag_count = user;
    if (index < *diag_count)
        return abide_diag_id_at(index);
    return index - *diag_count < CHANGE_COUNT ? change_infos[index - *diag_count].id : NULL;
}

static enum status report_unknown(struct cli *cli, const char *id)
{
    size_t diag_count = 0;
    while (abide_diag_id_at(diag_count))
        diag_count++;
    const char *nearest = abide_nearest(id, id_at, &diag_count);
    return cli_report(cli, "unknown-diagnostic",
                      nearest ? cli_printf("did you mean '%s'?", nearest)
                              : "'abide explain' lists all of them",
                      "no diagnostic and no change has the id '%s'", id);
}

static enum status run(struct cli *cli)
{
    const char *id = cli->options.operands.count ? cli->options.operands.items[0] : NULL;
    const struct change_info *change = id ? change_named(id) : NULL;
    const char *explanation = id ? abide_diag_explain(id) : NULL;
    if (id && !explanation && !change)
        return report_unknown(cli, id);
    if (cli->options.format == FORMAT_JSON) {
        print_json(cli, id);
    } else if (!id) {
        print_list(cli);
    } else {
        if (explanation) {
            print_head(cli, id, abide_diag_summary(id));
            add_paragraph(&cli->product, explanation);
        }
        if (explanation && change)
            text_puts(&cli->product, "\n");
        if (change)
            print_change(cli, change);
    }
    return STATUS_OK;
}

const struct verb verb_explain = {
    .name = "explain",
    .summary = "the long form of a diagnostic or of a change",
    .operands = "[ID]",
    .about = "Every message ends in the id of its kind, in brackets. This verb says what the kind\n"
             "means and what to do about it, and the same of changes that 'abide compare' finds;\n"
             "without an id it lists all of them.",
    .examples = {"abide explain unknown-type   # what the message means, and the way out",
                 "abide explain                # all ids"},
    .options = explain_options,
    .operands_min = 0,
    .operands_max = 1,
    .run = run,
};
