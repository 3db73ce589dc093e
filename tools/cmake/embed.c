/*
 * Part of the build: writes YAML files into a C file, each as its text and as its parsed tree (base/yaml_pack.h).
 *
 *     embed [--texts] OUT SYMBOL ROOT FILE...
 *
 * The table is called SYMBOL and sorted by path, its length SYMBOL_count. A file that is no YAML ends the build with
 * the diagnostic that it would give at run time. Beside its tree stand the targets that it says it is for. With --texts the files may be any, and there are no trees; the type of
 * the table's entries is then declared by whoever uses it (tools/verify/texts.h).
 */
#include "base/diag.h"
#include "base/yaml_pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_bytes(FILE *out, const char *kind, size_t index, const void *bytes,
                        size_t size_bytes)
{
    fprintf(out, "static const unsigned char %s_%zu[] = {", kind, index);
    for (size_t i = 0; i < size_bytes; i++)
        fprintf(out, "%s0x%02x,", i % 16 ? "" : "\n", ((const unsigned char *)bytes)[i]);
    fprintf(out, "\n0};\n");
}

static void print_diags(abide_ctx *ctx)
{
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++) {
        const char *text = abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false);
        fputs(text ? text : "no memory\n", stderr);
    }
}

static void write_triple(FILE *out, const struct abide_yaml *node)
{
    if (node->kind == ABIDE_YAML_SCALAR && node->length_bytes)
        fprintf(out, "\n    \"%s\\0\"", node->text);
}

/* `target: {triples: {TRIPLE: [SPELLING...]}}`, as spec/embedded.h has it. Whether they are triples is checked when the module is read. */
static void write_triples(FILE *out, size_t index, const struct abide_yaml *tree)
{
    const struct abide_yaml *target = abide_yaml__get(tree, "target");
    const struct abide_yaml *triples = target ? abide_yaml__get(target, "triples") : NULL;
    fprintf(out, "static const char triples_%zu[] = \"\"", index);
    for (size_t i = 0; triples && triples->kind == ABIDE_YAML_MAPPING && i < triples->entry_count;
         i++) {
        write_triple(out, abide_yaml__key_at(triples, i));
        const struct abide_yaml *spellings = abide_yaml__at(triples, i);
        for (size_t j = 0; spellings->kind == ABIDE_YAML_SEQUENCE && j < spellings->entry_count;
             j++)
            write_triple(out, abide_yaml__at(spellings, j));
    }
    fputs(";\n", out);
}

/* The text and the tree of one file, or the text alone. false: reported. */
static bool write_file(abide_ctx *ctx, FILE *out, size_t index, const char *path, bool has_tree)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    const struct abide_source *source = abide_source__from_file(ctx, path);
    const struct abide_yaml *tree = source && has_tree ? abide_yaml__parse(ctx, source) : NULL;
    bool good = has_tree ? tree != NULL : source != NULL;
    if (good) {
        write_bytes(out, "text", index, source->text, source->length_bytes);
        fprintf(out, "#define LENGTH_%zu %zu\n", index, source->length_bytes);
    }
    if (tree) {
        struct abide_text packed = {0};
        abide_yaml__pack(ctx, abide_yaml__to_embed(ctx, tree), &packed);
        write_bytes(out, "tree", index, packed.chars, packed.length_bytes);
        write_triples(out, index, tree);
    }
    abide__guard_leave(ctx, &guard);
    return good;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void write_table(FILE *out, const char *symbol, const char *root, char **files, size_t count,
                        bool has_trees)
{
    fprintf(out, "const struct %s %s[] = {\n", has_trees ? "abide_embedded" : "embedded_text",
            symbol);
    for (size_t i = 0; i < count; i++) {
        const char *path = files[i] + strlen(root);
        fprintf(out, "    {\"%s\", (const char *)text_%zu, LENGTH_%zu", path + strspn(path, "/"), i,
                i);
        if (has_trees)
            fprintf(out, ", tree_%zu, triples_%zu", i, i);
        fputs("},\n", out);
    }
    fprintf(out, "    {0, 0, 0%s},\n};\nconst size_t %s_count = %zu;\n", has_trees ? ", 0, 0" : "",
            symbol, count);
}

static bool write_all(const char *symbol, const char *root, char **files, size_t count,
                      bool has_trees, FILE *out)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    if (!ctx)
        return false;
    fprintf(out, "/* Written by tools/cmake/embed.c. */\n#include \"%s\"\n\n",
            has_trees ? "spec/embedded.h" : "verify/texts.h");
    bool good = true;
    for (size_t i = 0; i < count; i++)
        good = write_file(ctx, out, i, files[i], has_trees) && good;
    write_table(out, symbol, root, files, count, has_trees);
    print_diags(ctx);
    abide_ctx_free(ctx);
    return good;
}

int main(int argc, char **argv)
{
    bool has_trees = argc < 2 || strcmp(argv[1], "--texts") != 0;
    if (!has_trees) {
        argc--;
        argv++;
    }
    if (argc < 4) {
        fputs("usage: embed [--texts] OUT SYMBOL ROOT FILE...\n", stderr);
        return 2;
    }
    size_t count = (size_t)argc - 4;
    qsort(argv + 4, count, sizeof *argv, by_path);
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    bool good = write_all(argv[2], argv[3], argv + 4, count, has_trees, out);
    good = !ferror(out) && good;
    if (fclose(out) != 0 || !good) {
        remove(argv[1]);
        return 1;
    }
    return 0;
}
