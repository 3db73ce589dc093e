/* A program that asks libabide-codegen: assembly of a thunk. */
#include <abide/abide.h>
#include <abide/codegen.h>
#include <stdio.h>

static const char text[] = "abide: 1\n"
                           "types:\n"
                           "  point: {struct: {x: f64, y: u8, z: array<u8; 16>}}\n"
                           "functions:\n"
                           "  origin: () -> point\n";

int main(void)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_iface *iface = abide_iface_parse(ctx, "points", text, sizeof text - 1);
    const abide_plan *plan =
        abide_plan_new(ctx, iface, abide_iface_function(iface, "origin"),
                       abide_module_load(ctx, "nim-cgen", NULL), abide_module_load(ctx, "c", NULL));
    abide_codegen_options options = ABIDE_CODEGEN_OPTIONS_INIT;
    options.emit = ABIDE_EMIT_ASSEMBLY;
    const char *bytes;
    size_t size_bytes;
    bool made = plan && abide_codegen_emit(ctx, &plan, 1, &options, &bytes, &size_bytes);
    if (made)
        fwrite(bytes, 1, size_bytes, stdout);
    else
        printf("%zu diagnostics\n", abide_ctx_diag_count(ctx));
    abide_ctx_free(ctx);
    return made ? 0 : 1;
}
