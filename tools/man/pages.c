/*
 * Part of the build: writes the manual pages of the command and of each verb from the tables that `--help` shows.
 *
 *     abide-pages OUT PROSE
 *
 * OUT/abide.1 is PROSE/abide.mdoc, in which a line `.\" verbs`, `.\" modules` or `.\" options` stands for a list.
 * OUT/abide-VERB.1 has the text of PROSE/VERB.mdoc as its description, or what `--help` says where there is no such file.
 */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATE "November 22, 2026"

static _Noreturn void fail(const char *what, const char *path)
{
    fprintf(stderr, "abide-pages: %s %s: %s\n", what, path, strerror(errno));
    exit(EXIT_FAILURE);
}

/* Text that means itself, also at the start of a line. */
static void add_plain(struct text *page, const char *chars)
{
    bool starts_line = true;
    for (; *chars; chars++) {
        if (starts_line && (*chars == '.' || *chars == '\''))
            text_puts(page, "\\&");
        if (*chars == '\\')
            text_puts(page, "\\e");
        else if (*chars == '-')
            text_puts(page, "\\-");
        else
            text_add(page, chars, 1);
        starts_line = *chars == '\n';
    }
}

/* A word behind a macro, which is no macro itself. */
static void add_argument(struct text *page, const char *macro, const char *name)
{
    text_printf(page, " %s \\&", macro);
    add_plain(page, name);
}

static void add_value(struct text *page, const char *value)
{
    bool is_words = value[0] >= 'a' && value[0] <= 'z';
    const char *bar = "";
    while (*value) {
        size_t length = strcspn(value, "|");
        text_puts(page, bar);
        add_argument(page, is_words ? "Cm" : "Ar", cli_copy(value, length));
        bar = " | ";
        value += length + (value[length] == '|');
    }
}

static void add_option(struct text *page, const struct poptOption *option)
{
    const char *short_name = options_short_name(option), *name = options_long_name(option);
    text_puts(page, ".It");
    if (short_name)
        add_argument(page, "Fl", short_name + 1);
    if (short_name && name)
        text_puts(page, " ,");
    if (name)
        add_argument(page, "Fl", name + 1);
    if (option->argDescrip)
        add_value(page, option->argDescrip);
    text_puts(page, "\n");
    add_plain(page, option->descrip);
    text_puts(page, "\n");
}

static void add_table(struct text *page, const struct poptOption *table)
{
    text_puts(page, ".Bl -tag -width Ds\n");
    for (const struct option_row *row = options_rows(table); row->option; row++)
        add_option(page, row->option);
    text_puts(page, ".El\n");
}

/* The options of a verb, in their groups. */
static void add_options(struct text *page, const struct verb *verb)
{
    const char *group = NULL;
    text_puts(page, ".Sh OPTIONS\n");
    for (const struct option_row *row = options_rows(verb->options); row->option; row++) {
        if (row->group != group) {
            if (group)
                text_puts(page, ".El\n");
            if (strcmp(row->group, "Options:") != 0)
                text_printf(page, ".Ss %.*s\n", (int)strcspn(row->group, ":"), row->group);
            text_puts(page, ".Bl -tag -width Ds\n");
        }
        group = row->group;
        add_option(page, row->option);
    }
    text_puts(page, ".El\n");
}

static void add_examples(struct text *page, const struct verb *verb)
{
    text_puts(page, ".Sh EXAMPLES\n.Bd -literal\n");
    for (size_t i = 0; i < 2; i++) {
        add_plain(page, verb->examples[i]);
        text_puts(page, "\n");
    }
    text_puts(page, ".Ed\n");
}

/* "list | show REF" as two lines. */
static void add_synopsis(struct text *page, const struct verb *verb)
{
    text_puts(page, ".Sh SYNOPSIS\n");
    for (const char *at = verb->operands; at;) {
        const char *next = strstr(at, " | ");
        size_t length = next ? (size_t)(next - at) : strlen(at);
        text_printf(page, ".Nm abide %s\n.Op Ar options\n.Ar \"", verb->name);
        add_plain(page, cli_copy(at, length));
        text_puts(page, "\"\n");
        at = next ? next + 3 : NULL;
    }
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file && errno == ENOENT)
        return NULL;
    struct text text = {0};
    char bytes[4096];
    size_t count;
    if (!file)
        fail("cannot read", path);
    do {
        count = fread(bytes, 1, sizeof bytes, file);
        text_add(&text, bytes, count);
    } while (count == sizeof bytes);
    fclose(file);
    text_puts(&text, "");
    char *copy = cli_copy(text.chars, text.length_bytes);
    text_free(&text);
    return copy;
}

static void write_file(const char *path, struct text *text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(text->chars, 1, text->length_bytes, file) != text->length_bytes ||
        fclose(file) != 0)
        fail("cannot write", path);
    text_free(text);
}

static void write_verb(const struct verb *verb, const char *out, const char *prose)
{
    struct text page = {0};
    text_printf(&page, ".Dd " DATE "\n.Dt ABIDE-");
    for (const char *at = verb->name; *at; at++)
        text_printf(&page, "%c", *at == '-' ? '-' : *at - 'a' + 'A');
    text_printf(&page, " 1\n.Os\n.Sh NAME\n.Nm abide-%s\n.Nd ", verb->name);
    add_plain(&page, verb->summary);
    text_puts(&page, "\n");
    add_synopsis(&page, verb);
    text_puts(&page, ".Sh DESCRIPTION\n");
    const char *description = read_file(cli_printf("%s/%s.mdoc", prose, verb->name));
    if (description)
        text_puts(&page, description);
    else
        add_plain(&page, cli_printf("%s\n", verb->about));
    add_options(&page, verb);
    text_puts(&page, ".Sh EXIT STATUS\nAs of all verbs: see\n.Xr abide 1 .\n");
    add_examples(&page, verb);
    text_puts(&page, ".Sh SEE ALSO\n.Xr abide 1 ,\n.Xr abide-format 5\n");
    write_file(cli_printf("%s/abide-%s.1", out, verb->name), &page);
}

static void add_verbs(struct text *page)
{
    text_puts(page, ".Bl -tag -width abide-fingerprint(1)\n");
    for (size_t i = 0; verbs[i]; i++) {
        text_printf(page, ".It Xr abide-%s 1\n", verbs[i]->name);
        add_plain(page, verbs[i]->summary);
        text_puts(page, "\n");
    }
    text_puts(page, ".El\n");
}

static void write_program(const char *out, const char *prose)
{
    struct text page = {0};
    const char *path = cli_printf("%s/abide.mdoc", prose);
    const char *line = read_file(path);
    if (!line)
        fail("cannot read", path);
    while (*line) {
        size_t length = strcspn(line, "\n");
        const char *text = cli_copy(line, length);
        if (strcmp(text, ".\\\" verbs") == 0)
            add_verbs(&page);
        else if (strcmp(text, ".\\\" modules") == 0)
            add_table(&page, options_modules);
        else if (strcmp(text, ".\\\" options") == 0)
            add_table(&page, options_common);
        else
            text_printf(&page, "%s\n", text);
        line += length + (line[length] == '\n');
    }
    write_file(cli_printf("%s/abide.1", out), &page);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: abide-pages OUT PROSE\n", stderr);
        return EXIT_FAILURE;
    }
    write_program(argv[1], argv[2]);
    for (size_t i = 0; verbs[i]; i++)
        write_verb(verbs[i], argv[1], argv[2]);
    cli_free_all();
    return EXIT_SUCCESS;
}
