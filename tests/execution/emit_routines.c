/*
 * emit_routines INTERFACE TARGET c|obj|archive|asm|ir OUT [OPTION...]: the thunks of routines.c. Options: `protect`, `hidden`,
 * `triple=T` (another system).
 */
#include "routines.h"

#include "abide/codegen.h"
#include "base/diag.h"

#include <stdio.h>
#include <string.h>

static const char *made(abide_ctx *ctx, const abide_plan *const *plans, size_t count, char **argv,
                        size_t *size_bytes)
{
    static const char *const forms[] = {"obj", "archive", "asm", "ir"};
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.prefix = "t_";
    const char *bytes = NULL;
    if (!strcmp(argv[3], "c")) {
        bytes = abide_plan_print_c(ctx, plans, count, options.prefix);
        *size_bytes = bytes ? strlen(bytes) : 0;
        return bytes;
    }
    for (int i = 0; i < 4; i++)
        if (!strcmp(argv[3], forms[i]))
            options.emit = (abide_emit)i;
    for (char **word = argv + 5; *word; word++) {
        options.control_flow_protection |= !strcmp(*word, "protect");
        options.hidden_visibility |= !strcmp(*word, "hidden");
    }
    return abide_codegen_emit(ctx, plans, count, &options, &bytes, size_bytes) ? bytes : NULL;
}

static bool emit(abide_ctx *ctx, char **argv)
{
    size_t count, size_bytes;
    const char *triple = NULL;
    for (char **word = argv + 5; *word; word++)
        if (!strncmp(*word, "triple=", 7))
            triple = *word + 7;
    const abide_plan *const *plans = routine_plans(ctx, argv[1], argv[2], triple, &count);
    const char *bytes = plans ? made(ctx, plans, count, argv, &size_bytes) : NULL;
    FILE *out = bytes ? fopen(argv[4], "wb") : NULL;
    bool fine = out && fwrite(bytes, 1, size_bytes, out) == size_bytes;
    return out && fclose(out) == 0 && fine;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr,
                "usage: emit_routines INTERFACE TARGET c|obj|archive|asm|ir OUT [OPTION...]\n");
        return 2;
    }
    abide_ctx *ctx = abide_ctx_new(NULL);
    struct abide_guard guard;
    bool fine = !setjmp(*abide__guard_enter(ctx, &guard)) && emit(ctx, argv);
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fprintf(stderr, "%s\n", abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
    abide_ctx_free(ctx);
    return fine ? 0 : 1;
}
