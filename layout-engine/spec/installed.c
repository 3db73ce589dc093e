#define _GNU_SOURCE /* dladdr */ // NOLINT(bugprone-reserved-identifier,cert-dcl37-c)
/* Finds the installed modules from where this library was loaded. */
#include "spec/installed.h"

#include "base/ctx.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether `path` ends in `/` and `end`, and the length of what stands before it. */
static bool ends_with(const char *path, size_t length, const char *end, size_t *before)
{
    size_t end_length = strlen(end);
    if (length <= end_length || path[length - end_length - 1] != '/' ||
        memcmp(path + length - end_length, end, end_length) != 0)
        return false;
    *before = length - end_length - 1;
    return true;
}

const char *abide_installed__beside(abide_ctx *ctx, const char *library, const char *libdir,
                                    const char *datadir)
{
    const char *name = strrchr(library, '/');
    size_t prefix_length;
    if (!name || !ends_with(library, (size_t)(name - library), libdir, &prefix_length))
        return NULL;
    return abide__printf(ctx, "%.*s/%s/abide/abi-specs", (int)prefix_length, library, datadir);
}

/* A static copy of this code, in a program of somebody else's, says nothing about where modules are. */
static bool is_our_library(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strncmp(slash ? slash + 1 : path, "libabide", strlen("libabide")) == 0;
}

/* Links are followed, as a package manager may link an installation into another folder. NULL: not known. */
static const char *loaded_from(abide_ctx *ctx)
{
    Dl_info info;
    if (!dladdr((void *)abide_ctx_new, &info) || !info.dli_fname || !is_our_library(info.dli_fname))
        return NULL;
    char *real = realpath(info.dli_fname, NULL);
    if (!real)
        return NULL;
    struct abide_resource resource;
    abide__guard_own(ctx, &resource, free, real);
    const char *path = abide__intern(ctx, real, strlen(real));
    abide__guard_release(ctx, &resource);
    return path;
}

const char *abide_installed__modules(abide_ctx *ctx)
{
    const char *library = loaded_from(ctx);
    const char *beside =
        library ? abide_installed__beside(ctx, library, ABIDE_LIBDIR, ABIDE_DATADIR) : NULL;
    return beside && access(beside, R_OK) == 0 ? beside : ABIDE_INSTALLED_MODULES;
}

static int compare_paths(const void *path, const void *embedded)
{
    return strcmp(path, ((const struct abide_embedded *)embedded)->path);
}

/* What is embedded under the last two parts of the path: "machine/NAME.yaml". */
static const struct abide_embedded *namesake(const char *path)
{
    const char *start = path + strlen(path);
    for (int slashes = 0; start > path; start--)
        if (start[-1] == '/' && ++slashes == 2)
            break;
    return bsearch(start, abide__embedded, abide__embedded_count, sizeof *abide__embedded,
                   compare_paths);
}

const struct abide_embedded *abide_installed__likely_original(const char *path)
{
    const struct abide_embedded *embedded = namesake(path);
    struct stat status;
    bool has_size = embedded && stat(path, &status) == 0 && status.st_size >= 0 &&
                    (uint64_t)status.st_size == embedded->length_bytes;
    return has_size ? embedded : NULL;
}

static bool holds(FILE *file, const struct abide_embedded *embedded)
{
    char piece[16384];
    size_t at = 0, got;
    while ((got = fread(piece, 1, sizeof piece, file)) > 0) {
        if (got > embedded->length_bytes - at || memcmp(piece, embedded->text + at, got) != 0)
            return false;
        at += got;
    }
    return at == embedded->length_bytes && !ferror(file);
}

const struct abide_embedded *abide_installed__original(const char *path)
{
    const struct abide_embedded *embedded = abide_installed__likely_original(path);
    FILE *file = embedded ? fopen(path, "rb") : NULL;
    if (!file)
        return NULL;
    bool same = holds(file, embedded);
    fclose(file);
    return same ? embedded : NULL;
}
