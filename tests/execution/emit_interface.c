/*
 * emit_interface FILE CALLER CALLEE TARGET FORMAT OUT [OPTION...]: thunks for every function of an interface. Options: `protect`,
 * `hidden`, `no-debug`, `prefix=P`.
 */
#include "abide/abide.h"
#include "abide/codegen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_diags(abide_ctx *ctx)
{
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fprintf(stderr, "%s", abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
}

static abide_codegen_options read_options(char **words)
{
    static const char *const formats[] = {"obj", "archive", "asm", "ir", "bitcode"};
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    for (int i = 0; i < 5; i++)
        if (!strcmp(words[0], formats[i]))
            options.emit = (abide_emit)i;
    for (words += 2; *words; words++) {
        if (!strcmp(*words, "protect"))
            options.control_flow_protection = true;
        else if (!strcmp(*words, "hidden"))
            options.hidden_visibility = true;
        else if (!strcmp(*words, "no-debug"))
            options.debug_info = false;
        else if (!strncmp(*words, "prefix=", 7))
            options.prefix = *words + 7;
    }
    return options;
}

static bool emit(abide_ctx *ctx, char **argv)
{
    const abide_module *caller = abide_module_load(ctx, argv[2], argv[4]);
    const abide_module *callee = abide_module_load(ctx, argv[3], argv[4]);
    const abide_iface *iface = abide_iface_load(ctx, argv[1]);
    if (!caller || !callee || !iface)
        return false;
    size_t count = abide_iface_function_count(iface), size_bytes;
    const abide_plan **plans = calloc(count, sizeof *plans);
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        const abide_function *function = abide_iface_function_at(iface, i);
        plans[i] = abide_plan_new(ctx, iface, function, caller, callee);
        fine = fine && plans[i];
    }
    abide_codegen_options options = read_options(argv + 5);
    const char *bytes;
    fine = fine && abide_codegen_emit(ctx, plans, count, &options, &bytes, &size_bytes);
    free(plans);
    FILE *out = fine ? fopen(argv[6], "wb") : NULL;
    fine = out && fwrite(bytes, 1, size_bytes, out) == size_bytes;
    return out && fclose(out) == 0 && fine;
}

int main(int argc, char **argv)
{
    if (argc < 7) {
        fprintf(stderr, "usage: emit_interface FILE CALLER CALLEE TARGET FORMAT OUT [OPTION...]\n");
        return 2;
    }
    abide_ctx *ctx = abide_ctx_new(NULL);
    bool fine = emit(ctx, argv);
    print_diags(ctx);
    abide_ctx_free(ctx);
    return fine ? 0 : 1;
}
