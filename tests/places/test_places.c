/*
 * test_places FOLDER: every FOLDER/NAME.abi.yaml is laid out and placed, and the whole answer is FOLDER/NAME.expect. The
 * first line of a file says for whom, `# abi: REFERENCE TARGET`; references are also found in the folder `modules`.
 * UPDATE_GOLDEN=1 writes the answers instead: each is checked by hand against the clause that its comment names before it
 * is committed.
 */
#include "abide/abide.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TEXT ((size_t)1 << 20)

static void print_extension(FILE *out, const abide_piece *piece)
{
    switch (piece->extend) {
    case ABIDE_EXTEND_UNSTATED: break;
    case ABIDE_EXTEND_NONE: fputs(" unextended", out); break;
    case ABIDE_EXTEND_ZERO: fprintf(out, " zero to %u", piece->extend_bits); break;
    case ABIDE_EXTEND_SIGN: fprintf(out, " sign to %u", piece->extend_bits); break;
    }
}

/* "[8+4 rsi]": bytes 8 to 11; "@4": from byte 4 of the register's memory image on. */
static void print_piece(FILE *out, const abide_piece *piece)
{
    fprintf(out, " [%" PRIu64 "+%" PRIu64 " ", piece->offset_bytes, piece->size_bytes);
    if (piece->register_name)
        fputs(piece->register_name, out);
    else
        fprintf(out, "sp%+" PRId64, piece->stack_offset_bytes);
    if (piece->at_bytes)
        fprintf(out, "@%u", piece->at_bytes);
    if (piece->as)
        fprintf(out, " as %s", piece->as);
    print_extension(out, piece);
    fputc(']', out);
}

static void print_argument(FILE *out, const abide_argument *argument, const char *name)
{
    static const char *const passes[] = {"ignore", "direct", "pointer", "hidden"};
    fprintf(out, "  %s%s%s: %s", name, argument->part ? "." : "",
            argument->part ? argument->part : "", passes[argument->pass]);
    for (size_t i = 0; i < argument->piece_count; i++)
        print_piece(out, &argument->pieces[i]);
    if (argument->pointer)
        print_piece(out, argument->pointer);
    if (argument->returned_register)
        fprintf(out, " returned in %s", argument->returned_register);
    fprintf(out, " (%s)\n", argument->placed_by.rule ? argument->placed_by.rule : "no rule");
}

static void print_stack(FILE *out, const abide_assignment *assignment)
{
    fprintf(out, "  stack: %" PRIu64 " aligned %" PRIu64 "%s",
            abide_assignment_stack_bytes(assignment),
            abide_assignment_stack_align_bytes(assignment),
            abide_assignment_callee_cleans(assignment) ? ", callee cleans" : "");
    if (abide_assignment_callee_pops_bytes(assignment))
        fprintf(out, ", callee pops %" PRIu64, abide_assignment_callee_pops_bytes(assignment));
    if (abide_assignment_vector_count_register(assignment))
        fprintf(out, ", vectors counted in %s", abide_assignment_vector_count_register(assignment));
    if (abide_assignment_area_register(assignment))
        fprintf(out, ", address in %s", abide_assignment_area_register(assignment));
    fputc('\n', out);
}

static void print_function(FILE *out, abide_ctx *ctx, const abide_module *module,
                           const abide_function *function)
{
    const abide_assignment *assignment =
        abide_assignment_of(ctx, module, abide_function_signature(function));
    fprintf(out, "%s\n", abide_function_name(function));
    if (!assignment)
        return;
    abide_argument result = abide_assignment_result(assignment);
    for (size_t i = 0; i < abide_assignment_argument_count(assignment); i++) {
        abide_argument argument = abide_assignment_argument_at(assignment, i);
        print_argument(out, &argument, argument.name ? argument.name : "...");
    }
    print_argument(out, &result, "->");
    print_stack(out, assignment);
}

static void print_layout(FILE *out, abide_ctx *ctx, const abide_module *module,
                         const abide_type *type)
{
    const abide_layout *layout = abide_layout_of(ctx, module, type);
    if (!layout)
        return;
    fprintf(out, "%s: size %" PRIu64 " align %" PRIu64, abide_type_name(type),
            abide_layout_size_bytes(layout), abide_layout_align_bytes(layout));
    for (size_t i = 0; i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        fprintf(out, ", %s %" PRIu64 "+%" PRIu64, field.name ? field.name : "_", field.offset_bits,
                field.size_bits);
    }
    for (size_t i = 0; i < abide_layout_hole_count(layout); i++) {
        abide_hole hole = abide_layout_hole_at(layout, i);
        fprintf(out, ", hole %" PRIu64 "+%" PRIu64, hole.offset_bits, hole.size_bits);
    }
    fputc('\n', out);
}

static void print_answer(FILE *out, abide_ctx *ctx, const abide_module *module,
                         const abide_iface *iface)
{
    for (size_t i = 0; module && iface && i < abide_iface_type_count(iface); i++)
        print_layout(out, ctx, module, abide_iface_type_at(iface, i));
    for (size_t i = 0; module && iface && i < abide_iface_function_count(iface); i++)
        print_function(out, ctx, module, abide_iface_function_at(iface, i));
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), out);
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = calloc(1, MAX_TEXT);
    if (fread(text, 1, MAX_TEXT - 1, file) == MAX_TEXT - 1) {
        fprintf(stderr, "%s: too large\n", path);
        exit(1);
    }
    fclose(file);
    return text;
}

/* The whole answer to one file; free it. */
static char *answer(const char *path)
{
    static const char *const dirs[] = {"modules"};
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.module_dirs = dirs;
    options.module_dir_count = 1;
    options.embedded_only = true;
    abide_ctx *ctx = abide_ctx_new(&options);
    char *text = read_file(path), reference[128], target[128];
    if (!text || sscanf(text, "# abi: %127s %127s", reference, target) != 2) {
        fprintf(stderr, "%s: does not begin with `# abi: REFERENCE TARGET`\n", path);
        exit(1);
    }
    char *printed = NULL;
    size_t length;
    FILE *out = open_memstream(&printed, &length);
    print_answer(out, ctx, abide_module_load(ctx, reference, target),
                 abide_iface_parse(ctx, path, text, strlen(text)));
    fclose(out);
    free(text);
    abide_ctx_free(ctx);
    return printed;
}

static int check_file(const char *path)
{
    char expect_path[1024];
    int stem = (int)(strlen(path) - strlen(".abi.yaml"));
    snprintf(expect_path, sizeof expect_path, "%.*s.expect", stem, path);
    char *got = answer(path);
    if (getenv("UPDATE_GOLDEN")) {
        FILE *file = fopen(expect_path, "wb");
        if (!file || fputs(got, file) < 0 || fclose(file) != 0) {
            perror(expect_path);
            exit(1);
        }
    }
    char *expected = read_file(expect_path);
    int wrong = !expected || strcmp(got, expected) != 0;
    if (wrong)
        printf("%s: expected\n%sgot\n%s", path, expected ? expected : "(no file)\n", got);
    free(expected);
    free(got);
    return wrong;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: test_places FOLDER\n");
        return 2;
    }
    int cases = 0, failed = 0;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char path[1024];
        const char *ending = strstr(entry->d_name, ".abi.yaml");
        if (!ending || ending[strlen(".abi.yaml")])
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        failed += check_file(path);
        cases++;
    }
    closedir(folder);
    printf("%d cases, %d failed\n", cases, failed);
    return cases == 0 || failed != 0;
}
