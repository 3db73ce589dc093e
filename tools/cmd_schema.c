/* abide schema: JSON schemas of the files that people write, and of the answers of verbs. */
#include "file_schema.h"

#include "cli.h"
#include "table.h"
#include "verify/texts.h"

#include <string.h>

static const struct poptOption schema_options[] = {OPTIONS_COMMON, POPT_TABLEEND};

extern const struct embedded_text schema_texts[];
extern const size_t schema_texts_count;

static const char *const files[] = {"interface", "module", NULL};

/* What `name` stands for among the embedded "VERB.json". */
static const struct embedded_text *answer_schema(const char *name)
{
    const char *path = cli_printf("%s.json", name);
    for (size_t i = 0; i < schema_texts_count; i++)
        if (strcmp(schema_texts[i].path, path) == 0)
            return &schema_texts[i];
    return NULL;
}

/* Names of files, then of answers; NULL past the last. */
static const char *name_at(const void *user, size_t index)
{
    size_t file_count = sizeof files / sizeof *files - 1;
    (void)user;
    if (index < file_count)
        return files[index];
    index -= file_count;
    if (index >= schema_texts_count)
        return NULL;
    const char *path = schema_texts[index].path;
    return cli_copy(path, strcspn(path, "."));
}

static const char *what_of(const char *name)
{
    for (size_t i = 0; files[i]; i++)
        if (strcmp(files[i], name) == 0)
            return i == 0 ? "interface files (*.abi.yaml)" : "module files";
    return strcmp(name, "diagnostics") == 0 ? "what --error-format json writes"
                                            : cli_printf("answers of abide %s --json", name);
}

static void print_list(struct cli *cli)
{
    const char *name;
    if (cli->options.format == FORMAT_JSON) {
        json_t *root = json_new_answer(cli), *schemas = json_new_array();
        for (size_t i = 0; (name = name_at(NULL, i)); i++) {
            json_t *object = json_new_object();
            json_put_text(object, "name", name);
            json_put_text(object, "summary", what_of(name));
            json_add(schemas, object);
        }
        json_put(root, "schemas", schemas);
        json_print(root, &cli->product);
        return;
    }
    struct table table;
    table_start(&table, 2);
    for (size_t i = 0; (name = name_at(NULL, i)); i++) {
        table_add(&table, name);
        table_add(&table, what_of(name));
    }
    table_print(&table, 0, cli->color_out, &cli->product);
}

static enum status run(struct cli *cli)
{
    if (!cli->options.operands.count) {
        print_list(cli);
        return STATUS_OK;
    }
    const char *name = cli->options.operands.items[0];
    json_t *schema = file_schema(name);
    const struct embedded_text *text = answer_schema(name);
    if (schema)
        json_print(schema, &cli->product);
    else if (text)
        text_add(&cli->product, text->text, text->length_bytes);
    if (schema || text)
        return STATUS_OK;
    const char *nearest = abide_nearest(name, name_at, NULL);
    return cli_misuse(cli, "bad-option-value",
                      nearest ? cli_printf("did you mean '%s'?", nearest)
                              : "'abide schema' lists all of them",
                      "there is no schema of '%s'", name);
}

const struct verb verb_schema = {
    .name = "schema",
    .summary = "JSON schemas of files, for editors, and of answers",
    .operands = "[interface|module|diagnostics|VERB]",
    .about =
        "Writes the JSON schema of interface files or of modules, with which editors complete\n"
        "keys and explain them, or that of a verb's answers in JSON; without a name it lists\n"
        "them. Those of files say which keys there are and what each takes; what 'abide lint'\n"
        "finds besides, they do not know.",
    .examples = {"abide schema interface -o interface.schema.json     # for an editor",
                 "abide schema layout                                 # of abide layout --json"},
    .options = schema_options,
    .operands_min = 0,
    .operands_max = 1,
    .run = run,
};
