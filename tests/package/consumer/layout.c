/* A program that asks libabide: the size of a struct under the ABI that the command line names. */
#include <abide/abide.h>
#include <stdio.h>

static const char text[] = "abide: 1\n"
                           "types:\n"
                           "  point: {struct: {x: f64, y: u8}}\n";

int main(int argc, char **argv)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_iface *iface = abide_iface_parse(ctx, "points", text, sizeof text - 1);
    const abide_module *module = abide_module_load(ctx, argc > 1 ? argv[1] : "c", NULL);
    const abide_layout *layout = abide_layout_of(ctx, module, abide_iface_type(iface, "point"));
    if (layout)
        printf("%llu bytes\n", (unsigned long long)abide_layout_size_bytes(layout));
    else
        printf("%zu diagnostics\n", abide_ctx_diag_count(ctx));
    abide_ctx_free(ctx);
    return layout ? 0 : 1;
}
