/*
 * abide-import-c: a C header as an interface file. `abide import c` runs it, and checks what it wrote; by itself it writes to
 * standard output. What cannot be said is listed on standard error, with its place.
 */
#include "importer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATUS_OK = 0, STATUS_USAGE = 2, STATUS_INPUT = 3 };

static int usage(const char *what, const char *word)
{
    fprintf(stderr,
            "abide-import-c: error: %s%s [unknown-option]\n"
            "  = help: abide-import-c [--target TRIPLE]... [--all] [--quiet] [--from PATTERN]... "
            "[--package NAME]\n          [-I DIR]... [-D NAME[=TEXT]]... HEADER [-- FLAGS OF "
            "CLANG]\n",
            what, word);
    return STATUS_USAGE;
}

/* The text of an option that needs one; NULL: it has none. */
static const char *option_text(int argc, char **argv, int *at)
{
    return *at + 1 < argc ? argv[++*at] : NULL;
}

static bool take_flag(struct request *request, const char *word, const char *text)
{
    if (!text)
        return false;
    if (strcmp(word, "-I") == 0 || strcmp(word, "-D") == 0)
        LIST_ADD(&request->flags, store_printf("%s%s", word, text));
    else if (strcmp(word, "--target") == 0)
        LIST_ADD(&request->targets, text);
    else if (strcmp(word, "--from") == 0)
        LIST_ADD(&request->from, text);
    else if (strcmp(word, "--package") == 0)
        request->package = text;
    else
        return false;
    return true;
}

static int read_words(int argc, char **argv, struct request *request)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--") == 0) {
            for (i++; i < argc; i++)
                LIST_ADD(&request->flags, argv[i]);
        } else if (strcmp(word, "--all") == 0)
            request->all = true;
        else if (strcmp(word, "--quiet") == 0)
            request->quiet = true;
        else if (*word == '-') {
            const char *text = option_text(argc, argv, &i);
            if (!take_flag(request, word, text))
                return usage("this option is unknown, or lacks its text: ", word);
        } else if (request->header)
            return usage("one header at a time, not also ", word);
        else
            request->header = word;
    }
    if (!request->header)
        return usage("which header?", "");
    if (request->targets.count == 0)
        return usage("which target? --target TRIPLE", "");
    return STATUS_OK;
}

/* A pattern that takes in a header and its neighbours; only itself if it has no folder of its own. */
static const char *pattern_of(const char *path)
{
    static const char include[] = "include";
    const char *slash = strrchr(path, '/'), *folder = slash;
    while (folder && folder > path && folder[-1] != '/')
        folder--;
    size_t length = folder ? (size_t)(slash - folder) : 0;
    if (length == 0 || (length == 1 && *folder == '.') ||
        (length == strlen(include) && strncmp(folder, include, length) == 0))
        return store_printf("*%s", slash ? slash : path);
    return store_printf("*/%.*s/*", (int)length, folder);
}

/* Headers that only include others are common. */
static void report_empty(const struct request *request, const char *first_include)
{
    fprintf(stderr, "abide-import-c: warning: %s itself declares nothing [not-imported]\n",
            request->header);
    if (first_include && !request->all)
        fprintf(stderr, "  = help: also import what it includes: --from '%s', or --all\n",
                pattern_of(first_include));
}

static int import(const struct request *request)
{
    struct targets targets = {request->targets.items, request->targets.count};
    struct model **models = store_new(targets.count, sizeof *models);
    for (size_t t = 0; t < targets.count; t++) {
        models[t] = import_target(request, &targets, t);
        if (!models[t])
            return STATUS_INPUT;
    }
    struct model *model = merge(models, &targets);
    settle(model);
    struct heading heading = {request->header, "abide-import-c " ABIDE_VERSION, request->package,
                              &targets};
    struct text text = {0};
    write_model(&text, model, &heading);
    if (!request->quiet && model_is_empty(model))
        report_empty(request, models[0]->first_include);
    if (!request->quiet)
        report(model, "abide-import-c");
    bool is_written = fputs(text.chars, stdout) >= 0 && fflush(stdout) == 0;
    return is_written ? STATUS_OK : STATUS_INPUT;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("abide-import-c " ABIDE_VERSION);
        return STATUS_OK;
    }
    struct request request = {0};
    int status = read_words(argc, argv, &request);
    if (status == STATUS_OK)
        status = import(&request);
    store_free_all();
    return status;
}
