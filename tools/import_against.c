/* A file that was imported, beside what is there now. */
#include "import_against.h"

#include "compare/compare.h"
#include "json.h"

#include <stdio.h>
#include <string.h>

/* Whether the file can be read, and has something in it. */
static bool read_file(const char *path, struct text *text)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char chunk[4096];
    size_t length = sizeof chunk;
    while (length == sizeof chunk) {
        length = fread(chunk, 1, sizeof chunk, file);
        if (length)
            text_add(text, chunk, length);
    }
    fclose(file);
    return text->chars;
}

/* ---- `imported:`, as importers write it ---------------------------------------------------------- */

/* Where the value of a key starts; NULL: there is none. The mapping ends with the first line that is not indented. */
static const char *value_of(const char *text, const char *key)
{
    const char *at = strncmp(text, "imported:\n", 10) == 0 ? text : strstr(text, "\nimported:\n");
    size_t length = strlen(key);
    for (at = at ? strchr(at + 1, '\n') : NULL; at && at[1] == ' '; at = strchr(at + 1, '\n')) {
        const char *word = at + 1 + strspn(at + 1, " ");
        if (strncmp(word, key, length) == 0)
            return word + length;
    }
    return NULL;
}

struct words import_targets_of_file(const char *path)
{
    struct text text = {0};
    struct words targets = {0};
    if (!read_file(path, &text))
        return targets;
    const char *at = value_of(text.chars, "target: [");
    while (at && *at && *at != ']') {
        size_t length = strcspn(at, ", \n]");
        if (length)
            words_add(&targets, cli_copy(at, length));
        at += length;
        at += strspn(at, ", \n");
    }
    text_free(&text);
    return targets;
}

/* With its end. */
static size_t line_length(const char *line)
{
    size_t length = strcspn(line, "\n");
    return length + (line[length] == '\n');
}

/* How long a line is that tells who made the file and from which copy; 0: it tells something else. */
static size_t origin_length(const char *line)
{
    static const char *const keys[] = {"  tool: ", "  from: ", "  source: "};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strncmp(line, keys[i], strlen(keys[i])) == 0)
            return line_length(line);
    return 0;
}

/* Line by line; where they are different, the rest is. */
static bool are_same(const char *a, const char *b)
{
    bool is_heading = true;
    while (*a && *b) {
        size_t skip_a = is_heading ? origin_length(a) : 0;
        size_t skip_b = is_heading ? origin_length(b) : 0;
        if (skip_a || skip_b) {
            a += skip_a;
            b += skip_b;
            continue;
        }
        size_t length = line_length(a);
        if (strncmp(a, b, length) != 0)
            return false;
        is_heading = strncmp(a, "constants:", 10) != 0 && strncmp(a, "types:", 6) != 0 &&
                     strncmp(a, "functions:", 10) != 0;
        a += length;
        b += length;
    }
    return *a == *b;
}

/* ---- what has changed ---------------------------------------------------------------------------- */

static bool open_side(struct comparison *comparison, int side, const abide_iface *iface,
                      const char *name)
{
    const struct words none = {0};
    struct question *question = &comparison->sides[side];
    question->iface = iface;
    comparison->names[side] = name;
    return iface && question_load_modules(comparison->cli, question, &none,
                                          question_provided_abi(iface)) == STATUS_OK;
}

static void put_changes(struct cli *cli, const struct comparison *comparison, bool is_changed)
{
    json_t *root = json_new_answer(cli), *changes = json_new_array();
    json_put(root, "changed", json_boolean(is_changed));
    for (size_t i = 0; i < comparison->finding_count; i++) {
        const struct finding *finding = &comparison->findings[i];
        json_t *change = json_new_object();
        json_put_text(change, "id", change_infos[finding->change].id);
        json_put_text(change, "path", finding->path);
        json_put_text(change, "severity", severity_names[finding_severity(finding)]);
        json_add(changes, change);
    }
    json_put(root, "changes", changes);
    json_print(root, &cli->product);
}

/* The value of a key up to the end of its line. NULL: there is none. */
static const char *line_value(const char *text, const char *key)
{
    const char *value = value_of(text, key);
    return value ? cli_copy(value, strcspn(value, "\n")) : NULL;
}

static const char *help_of(const char *before, const char *after, size_t finding_count)
{
    const char *old = line_value(before, "source: "), *new = line_value(after, "source: ");
    const char *reason = "";
    if (old && new)
        reason = strcmp(old, new) == 0
                     ? "what was imported is the same to the byte, but not what it "
                       "includes, the options, or abide; "
                     : "what was imported has changed; ";
    return cli_printf("%s%simport it again", reason,
                      finding_count ? "" : "no layout, call or constant is another; ");
}

/* The product is what `abide compare` would say. */
static enum status compare_sides(struct cli *cli, const abide_iface *imported, const char *path,
                                 const char *name, const char *before, const char *after)
{
    struct comparison comparison = {.cli = cli};
    struct accept *accept;
    if (!open_side(&comparison, 0, abide_iface_load(cli->ctx, path), path) ||
        !open_side(&comparison, 1, imported, cli_printf("%s now", name)) ||
        !accept_load(cli, &accept))
        return cli_failure(cli);
    compare_all(&comparison);
    if (cli->options.format == FORMAT_JSON)
        put_changes(cli, &comparison, true);
    else if (comparison.finding_count)
        compare_print_text(&comparison, accept);
    return cli_report(cli, "import-changed", help_of(before, after, comparison.finding_count),
                      "%s is not what %s says now", path, name);
}

enum status import_against(struct cli *cli, const abide_iface *imported, const char *path,
                           const char *name, const struct words *targets)
{
    struct text before = {0}, after = cli->product;
    enum status status = STATUS_OK;
    cli->product = (struct text){0};
    cli->options.targets = *targets;
    bool is_read = read_file(path, &before);
    if (!is_read || strlen(before.chars) != before.length_bytes ||
        !are_same(before.chars, after.chars))
        status = compare_sides(cli, imported, path, name, is_read ? before.chars : "", after.chars);
    else if (cli->options.format == FORMAT_JSON)
        put_changes(cli, &(struct comparison){.cli = cli}, false);
    text_free(&before);
    text_free(&after);
    return status;
}
