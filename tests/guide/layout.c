/* What a struct looks like to C on the target that the command line names. */
#include <abide/abide.h>
#include <inttypes.h>
#include <stdio.h>

static void print_fields(abide_ctx *ctx, const abide_layout *layout)
{
    for (size_t i = 0; i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        printf("%4" PRIu64 "  %s %s\n", field.offset_bits / 8, abide_type_print(ctx, field.type),
               field.name);
    }
    for (size_t i = 0; i < abide_layout_hole_count(layout); i++) {
        abide_hole hole = abide_layout_hole_at(layout, i);
        printf("%4" PRIu64 "  %" PRIu64 " bytes of padding\n", hole.offset_bits / 8,
               hole.size_bits / 8);
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
