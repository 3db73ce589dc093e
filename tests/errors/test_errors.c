/*
 * test_errors KIND: every NAME.yaml of the current folder is refused with exactly the text of NAME.expect. KIND says
 * what the files are: `interface`, `module` (loaded for x86-64 Linux), or `lowering`: an interface whose first line
 * names the module to lower it for, `# abi: REFERENCE`.
 * UPDATE_GOLDEN=1 writes the .expect files instead: look at the difference before committing it.
 */
#include "abide/ctx.h"
#include "abide/iface.h"
#include "abide/module.h"
#include "call/physical.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path, size_t *length_bytes)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    size_t capacity_bytes = 1 << 22;
    char *text = malloc(capacity_bytes);
    *length_bytes = fread(text, 1, capacity_bytes - 1, file);
    text[*length_bytes] = '\0';
    fclose(file);
    return text;
}

#define TARGET "x86_64-linux-gnu"

static bool accepts_interface(abide_ctx *ctx, const char *name, const char *text,
                              size_t length_bytes)
{
    return abide_iface_parse(ctx, name, text, length_bytes) != NULL;
}

static bool accepts_module(abide_ctx *ctx, const char *name, const char *text, size_t length_bytes)
{
    (void)text, (void)length_bytes;
    return abide_module_load(ctx, name, TARGET) != NULL;
}

static bool lowers_all(abide_ctx *ctx, const abide_module *module, const abide_iface *iface)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    bool fine = true;
    for (size_t i = 0; i < abide_iface_function_count(iface); i++) {
        const abide_signature *signature =
            abide_function_signature(abide_iface_function_at(iface, i));
        fine = abide_physical__of(ctx, module, signature, NULL, false) != NULL && fine;
    }
    abide__guard_leave(ctx, &guard);
    return fine;
}

static bool accepts_lowering(abide_ctx *ctx, const char *name, const char *text,
                             size_t length_bytes)
{
    char reference[256];
    if (sscanf(text, "# abi: %255s", reference) != 1)
        return true;
    const abide_module *module = abide_module_load(ctx, reference, TARGET);
    const abide_iface *iface = abide_iface_parse(ctx, name, text, length_bytes);
    return module && iface && lowers_all(ctx, module, iface);
}

typedef bool accepts(abide_ctx *ctx, const char *name, const char *text, size_t length_bytes);

static const struct {
    const char *name;
    accepts *accepts;
} kinds[] = {
    {"interface", accepts_interface}, {"module", accepts_module}, {"lowering", accepts_lowering}};

/* The diagnostics of a file, as the command prints them. */
static void print_diags(accepts *accepts, const char *name, const char *text, size_t length_bytes,
                        FILE *out)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    if (accepts(ctx, name, text, length_bytes))
        fprintf(out, "accepted\n");
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), out);
    abide_ctx_free(ctx);
}

static bool write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    bool written = file && fputs(text, file) >= 0;
    return file && fclose(file) == 0 && written;
}

static bool check_case(accepts *accepts, const char *file_name)
{
    char path[4096];
    size_t length_bytes = 0;
    char *input = read_file(file_name, &length_bytes);
    char *actual = NULL;
    size_t actual_bytes = 0;
    FILE *out = open_memstream(&actual, &actual_bytes);
    print_diags(accepts, file_name, input, length_bytes, out);
    fclose(out);

    snprintf(path, sizeof path, "%.*s.expect", (int)(strlen(file_name) - 5), file_name);
    char *expected = read_file(path, &length_bytes);
    bool same = expected && strcmp(expected, actual) == 0 && strcmp(actual, "accepted\n") != 0;
    if (!same && getenv("UPDATE_GOLDEN"))
        same = write_file(path, actual);
    else if (!same)
        printf("%s:\n--- expected\n%s--- actual\n%s\n", file_name, expected ? expected : "",
               actual);
    free(expected);
    free(actual);
    free(input);
    return same;
}

static int is_case(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static accepts *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return kinds[i].accepts;
    return NULL;
}

int main(int argc, char **argv)
{
    struct dirent **entries;
    accepts *accepts = argc == 2 ? find_kind(argv[1]) : NULL;
    int count = accepts ? scandir(".", &entries, is_case, alphasort) : -1;
    if (count <= 0) {
        fprintf(stderr, "no cases\n");
        return 1;
    }
    int failed = 0;
    for (int i = 0; i < count; i++) {
        failed += !check_case(accepts, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    printf("%d cases, %d failed\n", count, failed);
    return failed != 0;
}
