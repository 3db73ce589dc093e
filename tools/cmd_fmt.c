/* abide fmt: modules and interface files in their usual form. */
#include "cli.h"
#include "json.h"
#include "output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct poptOption fmt_options[] = {
    OPTION_FLAG("check", 0, OPTION_CHECK,
                "write nothing; status 1 if a file is not in its usual form"),
    OPTIONS_COMMON, POPT_TABLEEND};

/* The file's own bytes, to learn whether they would change. NULL: it cannot be read (which formatting it has reported). */
static char *read_all(const char *path, size_t *length_bytes)
{
    struct text text = {0};
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char chunk[4096];
    for (size_t read; (read = fread(chunk, 1, sizeof chunk, file)) > 0;)
        text_add(&text, chunk, read);
    fclose(file);
    char *copy = cli_copy(text.chars ? text.chars : "", text.length_bytes);
    *length_bytes = text.length_bytes;
    text_free(&text);
    return copy;
}

struct formatted {
    const char *path;
    const char *text;
    bool is_changed;
};

static void print_json(struct cli *cli, const struct formatted *files, size_t count)
{
    json_t *root = json_new_answer(cli), *array = json_new_array();
    for (size_t i = 0; i < count; i++) {
        json_t *object = json_new_object();
        json_put_text(object, "file", files[i].path);
        json_put_bool(object, "changed", files[i].is_changed);
        json_add(array, object);
    }
    json_put(root, "files", array);
    json_print(root, &cli->product);
}

/* Nothing is written before every file has its form. */
static enum status write_files(struct cli *cli, const struct formatted *files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (files[i].is_changed &&
            !output_rewrite(cli, files[i].path, files[i].text, strlen(files[i].text)))
            return cli_failure(cli);
    return STATUS_OK;
}

static enum status format_stream(struct cli *cli)
{
    const char *text = abide_format_file(cli->ctx, "-");
    if (!text)
        return cli_failure(cli);
    text_puts(&cli->product, text);
    return STATUS_OK;
}

static enum status run(struct cli *cli)
{
    const struct words *operands = &cli->options.operands;
    bool check = cli->options.check, any = false;
    if (operands->count == 1 && strcmp(operands->items[0], "-") == 0 && !check)
        return format_stream(cli);
    if (cli->options.output && cli->options.format == FORMAT_TEXT)
        return cli_misuse(cli, "unexpected-operand",
                          "abide fmt - <FILE -o OTHER leaves FILE as it is",
                          "abide fmt rewrites files where they are, and -o names another one");
    struct formatted *files = cli_alloc(operands->count, sizeof *files);
    for (size_t i = 0; i < operands->count; i++) {
        size_t length_bytes = 0;
        struct formatted *file = &files[i];
        file->path = operands->items[i];
        if (strcmp(file->path, "-") == 0)
            return cli_misuse(cli, "unexpected-operand",
                              "abide fmt - alone writes to standard output",
                              "'-' goes neither with other files nor with --check");
        file->text = abide_format_file(cli->ctx, file->path);
        const char *own = file->text ? read_all(file->path, &length_bytes) : NULL;
        file->is_changed = own && (strlen(file->text) != length_bytes ||
                                   memcmp(own, file->text, length_bytes) != 0);
        any = any || file->is_changed;
    }
    if (cli_has_errors(cli))
        return cli_failure(cli);
    if (!check && write_files(cli, files, operands->count) != STATUS_OK)
        return cli_failure(cli);
    if (cli->options.format == FORMAT_JSON)
        print_json(cli, files, operands->count);
    for (size_t i = 0; i < operands->count && cli->options.format == FORMAT_TEXT; i++)
        if (files[i].is_changed && !cli->options.quiet)
            text_printf(&cli->product, "%s\n", files[i].path);
    return check && any ? STATUS_NO : STATUS_OK;
}

const struct verb verb_fmt = {
    .name = "fmt",
    .summary = "brings modules and interface files into their usual form",
    .operands = "FILE...",
    .about =
        "Rewrites files with the usual order of keys, indentation and spacing, and names those\n"
        "that changed. Comments stay where they are, and the meaning does: the result is read\n"
        "back and compared, and a file for which that fails is refused. '-' formats standard\n"
        "input to standard output.",
    .examples = {"abide fmt my.yaml          # rewrites the file",
                 "abide fmt --check *.yaml   # for a build: status 1 if one would change"},
    .options = fmt_options,
    .operands_min = 1,
    .operands_max = OPERANDS_ANY,
    .run = run,
};
