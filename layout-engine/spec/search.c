/* Lists the files that modules may come from, and finds one by name and version. */
#include "spec/search.h"

#include "base/diag.h"
#include "base/schema.h"
#include "base/yaml_pack.h"
#include "spec/embedded.h"
#include "spec/installed.h"
#include "spec/modules.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { RANK_FILE, RANK_FIRST_FOLDER };
#define RANK_EMBEDDED UINT32_MAX

struct abide_modules *abide_modules__of(abide_ctx *ctx)
{
    if (!ctx->modules)
        ctx->modules = abide__new(ctx, struct abide_modules);
    return ctx->modules;
}

/* --- listing --- */

/*
 * The module's name from `machine/NAME.yaml` or `NAME@VERSION.yaml`; NULL: no YAML file, or one with another purpose, as
 * an interface file (NAME.abi.yaml) in the same folder.
 */
static const char *name_of(abide_ctx *ctx, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name || strcmp(dot, ".yaml") != 0)
        return NULL;
    const char *at = memchr(name, '@', (size_t)(dot - name));
    size_t length = (size_t)((at ? at : dot) - name);
    return memchr(name, '.', length) ? NULL : abide__intern(ctx, name, length);
}

static struct abide_spec_file *new_file(abide_ctx *ctx, const char *name, unsigned rank)
{
    struct abide_spec_file *file = abide__new(ctx, struct abide_spec_file);
    file->name = name;
    file->rank = rank;
    return file;
}

static int compare_names(const void *left, const void *right)
{
    const struct abide_spec_file *const *a = left, *const *b = right;
    return strcmp((*a)->path, (*b)->path);
}

static void close_folder(void *folder)
{
    closedir(folder);
}

/* The modules of one folder, in the order of their names. A folder that cannot be read has none. */
static void list_folder(abide_ctx *ctx, struct abide_spec_file_list *files, const char *path,
                        unsigned rank)
{
    DIR *folder = opendir(path);
    if (!folder)
        return;
    struct abide_resource resource;
    abide__guard_own(ctx, &resource, close_folder, folder);
    size_t first = files->count;
    const struct dirent *entry;
    while ((entry = readdir(folder))) {
        const char *name = name_of(ctx, entry->d_name);
        if (!name)
            continue;
        struct abide_spec_file *file = new_file(ctx, name, rank);
        file->path = abide__printf(ctx, "%s/%s", path, entry->d_name);
        abide__push(ctx, files, file);
    }
    abide__guard_release(ctx, &resource);
    if (files->count > first)
        qsort(files->items + first, files->count - first, sizeof *files->items, compare_names);
}

static void list_place(abide_ctx *ctx, struct abide_spec_file_list *files, const char *path,
                       unsigned rank)
{
    list_folder(ctx, files, path, rank);
    list_folder(ctx, files, abide__printf(ctx, "%s/machine", path), rank);
    list_folder(ctx, files, abide__printf(ctx, "%s/language", path), rank);
}

/* Folders with colons between them, as in PATH. */
static unsigned list_path(abide_ctx *ctx, struct abide_spec_file_list *files, const char *path,
                          unsigned rank)
{
    while (path && *path) {
        size_t length = strcspn(path, ":");
        if (length)
            list_place(ctx, files, abide__intern(ctx, path, length), rank++);
        path += length + (path[length] == ':');
    }
    return rank;
}

static void list_embedded(abide_ctx *ctx, struct abide_spec_file_list *files)
{
    for (size_t i = 0; i < abide__embedded_count; i++) {
        const char *name = name_of(ctx, abide__embedded[i].path);
        if (!name)
            continue;
        struct abide_spec_file *file = new_file(ctx, name, RANK_EMBEDDED);
        file->embedded = &abide__embedded[i];
        abide__push(ctx, files, file);
    }
}

/* The list is stored when it is complete: without memory on the way the next question makes a new one. */
struct abide_spec_files abide_search__files(abide_ctx *ctx)
{
    struct abide_modules *modules = abide_modules__of(ctx);
    if (!modules->files_listed) {
        struct abide_spec_file_list files = {0};
        unsigned rank = RANK_FIRST_FOLDER;
        for (size_t i = 0; i < ctx->module_dir_count; i++)
            list_place(ctx, &files, ctx->module_dirs[i], rank++);
        if (!ctx->embedded_only) {
            rank = list_path(ctx, &files, getenv("ABIDE_PATH"), rank);
            size_t first = files.count;
            list_place(ctx, &files, abide_installed__modules(ctx), rank);
            for (size_t i = first; i < files.count; i++)
                files.items[i]->installed = true;
        }
        list_embedded(ctx, &files);
        modules->files = files;
        modules->files_listed = true;
    }
    return (struct abide_spec_files){modules->files.items, modules->files.count};
}

/* --- reading --- */

static void compare_with_embedded(struct abide_spec_file *file)
{
    if (file->installed)
        file->embedded = abide_installed__original(file->path);
    file->installed = false;
}

static bool read_source(abide_ctx *ctx, struct abide_spec_file *file)
{
    if (!file->source)
        file->source = abide_source__from_file(ctx, file->path);
    return file->source != NULL;
}

static bool check_size(abide_ctx *ctx, const struct abide_spec_file *file)
{
    if (file->source->length_bytes <= ABIDE_MODULE_MAX_BYTES)
        return true;
    abide__report(ctx, ABIDE_CODE_FILE_TOO_LARGE, ABIDE_NOWHERE, "%s: a module has at most %zu MiB",
                  abide__quote(ctx, file->source->name), ABIDE_MODULE_MAX_BYTES >> 20);
    return false;
}

static const struct abide_yaml *unpack(abide_ctx *ctx, struct abide_spec_file *file)
{
    const struct abide_embedded *embedded = file->embedded;
    struct abide_source *source =
        abide_source__around(ctx, abide__printf(ctx, "abi-specs/%s", embedded->path),
                             embedded->text, embedded->length_bytes);
    const struct abide_yaml *tree = abide_yaml__unpack(ctx, source, embedded->packed);
    file->source = source;
    return tree;
}

/* NULL: reported. */
static const struct abide_yaml *read_tree(abide_ctx *ctx, struct abide_spec_file *file)
{
    compare_with_embedded(file);
    if (file->embedded)
        return unpack(ctx, file);
    bool fine = read_source(ctx, file) && check_size(ctx, file);
    return fine ? abide_yaml__parse(ctx, file->source) : NULL;
}

static bool check_format(abide_ctx *ctx, const struct abide_yaml *tree)
{
    const struct abide_yaml *format = abide_yaml__get(tree, "abide");
    if (!format) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_MISSING_KEY, tree->place,
                                         "a module needs the key 'abide'");
        abide__diag_help(ctx, diag, "the file starts with `abide: 1`, the version of the format");
        return false;
    }
    if (format->kind == ABIDE_YAML_SCALAR && strcmp(format->text, "1") == 0)
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, format->place,
                  "this library reads version 1 of the format");
    return false;
}

/* A scalar of `module:` that must be there; NULL: reported. */
static const struct abide_yaml *head_scalar(abide_ctx *ctx, const struct abide_yaml *head,
                                            const char *key)
{
    const struct abide_yaml *value = abide_yaml__get(head, key);
    if (value && value->kind == ABIDE_YAML_SCALAR && !value->null)
        return value;
    abide__report(ctx, value ? ABIDE_CODE_WRONG_SHAPE : ABIDE_CODE_MISSING_KEY,
                  value ? value->place : head->place, "'module' needs the key '%s'", key);
    return NULL;
}

static bool check_head(abide_ctx *ctx, struct abide_spec_file *file, const struct abide_yaml *tree)
{
    const struct abide_yaml *head = abide_yaml__get(tree, "module");
    if (!head || head->kind != ABIDE_YAML_MAPPING) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_MISSING_KEY, tree->place,
                                         "a module needs the key 'module'");
        abide__diag_help(ctx, diag, "module: {name: NAME, version: 1.0.0, level: machine}");
        return false;
    }
    const struct abide_yaml *name = head_scalar(ctx, head, "name");
    const struct abide_yaml *version = head_scalar(ctx, head, "version");
    if (!name || !version)
        return false;
    if (!abide_semver__parse(version->text, &file->version) || file->version.given != 3) {
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, version->place,
                      "expected a version of three numbers, such as 1.0.0");
        return false;
    }
    if (file->rank == RANK_FILE) {
        file->name = name->text;
    } else if (file->name != name->text) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_MODULE_NAME, name->place,
                                         "the module in this file must be called %s",
                                         abide__quote(ctx, file->name));
        abide__diag_help(ctx, diag, "modules are found by the name of their file");
        return false;
    }
    return true;
}

bool abide_search__parse(abide_ctx *ctx, struct abide_spec_file *file)
{
    if (file->tree)
        return true;
    const struct abide_yaml *tree = read_tree(ctx, file);
    if (!tree)
        return false;
    if (tree->kind != ABIDE_YAML_MAPPING) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, tree->place,
                      "a module is a mapping that starts with `abide: 1`");
        return false;
    }
    if (!check_format(ctx, tree) || !check_head(ctx, file, tree))
        return false;
    file->tree = tree;
    return true;
}

const char *abide_search__triples(struct abide_spec_file *file, bool is_exact)
{
    const struct abide_embedded *likely =
        file->installed && !is_exact ? abide_installed__likely_original(file->path) : NULL;
    if (likely)
        return likely->triples;
    compare_with_embedded(file);
    return file->embedded ? file->embedded->triples : NULL;
}

bool abide_search__mentions(abide_ctx *ctx, struct abide_spec_file *file, const char *word,
                            size_t length_bytes)
{
    compare_with_embedded(file);
    if (!file->embedded && !read_source(ctx, file))
        return false;
    const char *text = file->embedded ? file->embedded->text : file->source->text;
    const char *found = text;
    while ((found = strchr(found, *word)))
        if (strncmp(found, word, length_bytes) == 0)
            return true;
        else
            found++;
    return false;
}

/* A mapping has it as a key, a list as an entry. */
static bool has_name(const struct abide_yaml *node, const char *name)
{
    if (node->kind == ABIDE_YAML_MAPPING)
        return abide_yaml__get(node, name) != NULL;
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml *entry = abide_yaml__at(node, i);
        if (entry->kind == ABIDE_YAML_SCALAR && strcmp(entry->text, name) == 0)
            return true;
    }
    return node->kind == ABIDE_YAML_SCALAR && strcmp(node->text, name) == 0;
}

bool abide_search__declares(abide_ctx *ctx, const char *section, const char *part, const char *name)
{
    struct abide_spec_files files = abide_search__files(ctx);
    for (size_t i = 0; i < files.count; i++) {
        struct abide_spec_file *file = files.items[i];
        if (!abide_search__mentions(ctx, file, name, strlen(name)) ||
            !abide_search__parse(ctx, file))
            continue;
        const struct abide_yaml *node = abide_yaml__get(file->tree, section);
        if (node != NULL && part != NULL)
            node = node->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(node, part) : NULL;
        if (node != NULL && has_name(node, name))
            return true;
    }
    return false;
}

/* --- adding and finding --- */

static struct abide_spec_file *add(abide_ctx *ctx, struct abide_spec_file *file)
{
    struct abide_modules *modules = abide_modules__of(ctx);
    if (!abide_search__parse(ctx, file))
        return NULL;
    abide_search__files(ctx);
    abide__push(ctx, &modules->files, file);
    modules->targets.count = 0; /* it may be the C ABI of one */
    /* In front of all places, behind the files that were added before. */
    size_t at = modules->files.count - 1;
    while (at > 0 && modules->files.items[at - 1]->rank != RANK_FILE) {
        modules->files.items[at] = modules->files.items[at - 1];
        at--;
    }
    modules->files.items[at] = file;
    return file;
}

struct abide_spec_file *abide_search__add(abide_ctx *ctx, const char *path)
{
    struct abide_spec_files files = abide_search__files(ctx);
    for (size_t i = 0; i < files.count && files.items[i]->rank == RANK_FILE; i++)
        if (files.items[i]->path && strcmp(files.items[i]->path, path) == 0)
            return files.items[i];
    struct abide_spec_file *file = new_file(ctx, NULL, RANK_FILE);
    file->path = abide__intern_text(ctx, path);
    return add(ctx, file);
}

struct abide_spec_file *abide_search__add_source(abide_ctx *ctx, const struct abide_source *source)
{
    struct abide_spec_file *file = new_file(ctx, NULL, RANK_FILE);
    file->source = source;
    return add(ctx, file);
}

bool abide_search__is_first(abide_ctx *ctx, const struct abide_spec_file *file)
{
    struct abide_spec_files files = abide_search__files(ctx);
    for (size_t i = 0; i < files.count; i++)
        if (files.items[i]->name == file->name)
            return files.items[i]->rank == file->rank;
    return false;
}

struct name_list {
    struct abide_spec_files files;
};

static const char *name_at(const void *user, size_t index)
{
    const struct name_list *list = user;
    return index < list->files.count ? list->files.items[index]->name : NULL;
}

static void report_unknown(abide_ctx *ctx, const char *name, struct abide_semver version,
                           bool name_exists, struct abide_place place)
{
    struct name_list list = {abide_search__files(ctx)};
    if (name_exists) {
        abide_diag *misfit = abide__report(
            ctx, ABIDE_CODE_UNKNOWN_MODULE, place, "no version of module %s fits %u.%u.%u",
            abide__quote(ctx, name), version.part[0], version.part[1], version.part[2]);
        abide__diag_help(ctx, misfit, "`abide abi list` shows which there are");
        return;
    }
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_MODULE, place, "no module %s",
                                     abide__quote(ctx, name));
    const char *nearest = abide__nearest(name, name_at, &list);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    else
        abide__diag_help(ctx, diag,
                         "`abide abi list` shows all; a file is named with a `/` or with .yaml");
}

struct abide_spec_file *abide_search__find(abide_ctx *ctx, const char *name,
                                           struct abide_semver version, struct abide_place place)
{
    struct abide_spec_files files = abide_search__files(ctx);
    struct abide_spec_file *best = NULL;
    bool name_exists = false;
    for (size_t i = 0; i < files.count; i++) {
        struct abide_spec_file *file = files.items[i];
        if (best && file->rank != best->rank)
            break;
        if (file->name != name)
            continue;
        name_exists = true;
        if (!abide_search__parse(ctx, file))
            return NULL;
        if (abide_semver__fits(file->version, version) &&
            (!best || abide_semver__compare(file->version, best->version) > 0))
            best = file;
    }
    if (!best)
        report_unknown(ctx, name, version, name_exists, place);
    return best;
}
