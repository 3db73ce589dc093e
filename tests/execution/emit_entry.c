/* emit_entry TRIPLE FILE: what stands in front of the thunks of closures, as an object for another machine. */
#include "abide/abide.h"
#include "emission.h"
#include "entries.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_module *c = argc >= 3 ? abide_module_load(ctx, "c", argv[1]) : NULL;
    const char *bytes = NULL;
    size_t size_bytes = 0;
    struct abide_guard guard;
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.control_flow_protection = argc == 4;
    if (c && !setjmp(*abide__guard_enter(ctx, &guard))) {
        if (!abide_emission__entry(ctx, c->machine, &options, ABIDE_ENTRIES_BYTES, &bytes,
                                   &size_bytes))
            bytes = NULL;
        abide__guard_leave(ctx, &guard);
    }
    FILE *file = bytes ? fopen(argv[2], "wb") : NULL;
    bool fine = file && fwrite(bytes, 1, size_bytes, file) == size_bytes && fclose(file) == 0;
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), stderr);
    abide_ctx_free(ctx);
    return fine ? 0 : 1;
}
