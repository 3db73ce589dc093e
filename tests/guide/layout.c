/* What a struct looks like to C on the target that the command line names. */
#include <abide/abide.h>
#include <inttypes.h>
#include <stdio.h>

static void print_fields(abide_ctx *ctx, const abide_layout *layout)
{
    abide_walk walk = abide_layout_walk(layout);
    abide_extent extent; /* a field, or a hole between fields */
    while (abide_walk_next(&walk, &extent)) {
        printf("%4" PRIu64 "  ", extent.offset_bits / 8);
        if (extent.is_hole)
            printf("%" PRIu64 " bytes of padding\n", extent.size_bits / 8);
        else
            printf("%s %s\n", abide_type_print(ctx, extent.field.type), extent.field.name);
    }
}

int main(int argc, char **argv)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_type *byte = abide_type_scalar(ctx, "u8");
    const abide_member members[] = {{.name = "flags", .type = byte},
                                    {.name = "length", .type = abide_type_scalar(ctx, "c_long")},
                                    {.name = "tail", .type = abide_type_array(ctx, byte, 3)}};
    const abide_type *record = abide_type_struct(ctx, "record", members, 3);
    const abide_module *c = abide_module_load(ctx, "c", argc > 1 ? argv[1] : NULL);
    const abide_layout *layout = abide_layout_of(ctx, c, record);
    if (layout) {
        printf("record: %" PRIu64 " bytes, aligned to %" PRIu64 "\n",
               abide_layout_size_bytes(layout), abide_layout_align_bytes(layout));
        print_fields(ctx, layout);
    }
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), stderr);
    abide_ctx_free(ctx); /* and all that was made with it */
    return layout ? 0 : 1;
}
