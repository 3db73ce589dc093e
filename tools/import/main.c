/*
 * abide-import-c: a C header as an interface file. `abide import c` runs it, and checks what it wrote; by itself it writes to
 * standard output. What cannot be said is listed on standard error, with its place.
 */
#include "importer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_words(int argc, char **argv, struct request *request)
{
    const struct option options[] = {
        {"--target", .list = &request->targets},
        {"--all", .flag = &request->all},
        {"--quiet", .flag = &request->quiet},
        {"--each", .flag = &request->each},
        {"--from", .list = &request->from},
        {"--only", .list = &request->choice->only},
        {"--except", .list = &request->choice->except},
        {"--package", .text = &request->package},
        {"-I", .list = &request->flags, .keeps_name = true},
        {"-D", .list = &request->flags, .keeps_name = true},
    };
    const struct command command = {
        .program = "abide-import-c",
        .synopsis =
            "abide-import-c [--target TRIPLE]... [--all] [--quiet] [--each] [--from PATTERN]... "
            "[--only PATTERN]... [--except PATTERN]...\n          [--package NAME] [-I DIR]... [-D "
            "NAME[=TEXT]]... HEADER [-- FLAGS "
            "OF CLANG]",
        .operand_kind = "header",
        .operand = &request->header,
        .rest = &request->flags,
        .options = options,
        .option_count = sizeof options / sizeof *options,
    };
    int status = command_read(&command, argc, argv);
    if (status == STATUS_OK && request->targets.count == 0)
        return command_misused(&command, "which target? --target TRIPLE", "");
    return status == STATUS_OK ? choice_read(request->choice, &command) : status;
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

/* As it was asked for; where it is on this machine is nobody else's business. */
static const char *header_name(const char *header)
{
    return *header == '/' ? strrchr(header, '/') + 1 : header;
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
    choose(model, request->choice, "abide-import-c", voice_of(request->quiet, request->each));
    settle(model);
    struct heading heading = {header_name(request->header), "abide-import-c " ABIDE_VERSION,
                              request->package, sources_digest(request->sources), &targets};
    if (!request->quiet && model_is_empty(model))
        report_empty(request, models[0]->first_include);
    return command_answer(model, &heading, "abide-import-c",
                          voice_of(request->quiet, request->each));
}

int main(int argc, char **argv)
{
    if (command_is_version("abide-import-c " ABIDE_VERSION, argc, argv))
        return STATUS_OK;
    struct choice choice = {0};
    struct sources sources = {0};
    struct request request = {.choice = &choice, .sources = &sources};
    int status = read_words(argc, argv, &request);
    if (status == STATUS_OK)
        status = import(&request);
    store_free_all();
    return status;
}
