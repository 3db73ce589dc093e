/*
 * test_errors FOLDER: every FOLDER/NAME.yaml is refused with exactly the text of NAME.expect.
 * UPDATE_GOLDEN=1 writes the .expect files instead: look at the difference before committing it.
 */
#include "abide/ctx.h"
#include "abide/iface.h"

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

/* The diagnostics of an interface file, as the command prints them. */
static void print_diags(const char *name, const char *text, size_t length_bytes, FILE *out)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    if (abide_iface_parse(ctx, name, text, length_bytes))
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

static bool check_case(const char *folder, const char *file_name)
{
    char path[4096];
    size_t length_bytes;
    snprintf(path, sizeof path, "%s/%s", folder, file_name);
    char *input = read_file(path, &length_bytes);
    char *actual = NULL;
    size_t actual_bytes = 0;
    FILE *out = open_memstream(&actual, &actual_bytes);
    print_diags(file_name, input, length_bytes, out);
    fclose(out);

    snprintf(path, sizeof path, "%s/%.*s.expect", folder, (int)(strlen(file_name) - 5), file_name);
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

int main(int argc, char **argv)
{
    struct dirent **entries;
    int count = argc == 2 ? scandir(argv[1], &entries, is_case, alphasort) : -1;
    if (count <= 0) {
        fprintf(stderr, "no cases\n");
        return 1;
    }
    int failed = 0;
    for (int i = 0; i < count; i++) {
        failed += !check_case(argv[1], entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    printf("%d cases, %d failed\n", count, failed);
    return failed != 0;
}
