/* The places of a call as one line of text: what vectors of modules write and compare. */
#include "abide/author.h"

#include "base/ctx.h"

#include <inttypes.h>

static void add_piece(abide_ctx *ctx, struct abide_text *text, const abide_piece *piece,
                      bool is_address)
{
    abide__text_printf(ctx, text, is_address ? " *" : " ");
    if (piece->register_name)
        abide__text_printf(ctx, text, "%s", piece->register_name);
    else
        abide__text_printf(ctx, text, "sp%+" PRId64, piece->stack_offset_bytes);
    if (piece->at_bytes)
        abide__text_printf(ctx, text, "@%u", piece->at_bytes);
    if (piece->as)
        abide__text_printf(ctx, text, " as %s", piece->as);
}

static void add_places(abide_ctx *ctx, struct abide_text *text, const abide_argument *argument)
{
    if (argument->pass == ABIDE_PASS_IGNORE)
        abide__text_printf(ctx, text, " -");
    for (size_t i = 0; i < argument->piece_count; i++)
        add_piece(ctx, text, &argument->pieces[i], false);
    if (argument->pointer)
        add_piece(ctx, text, argument->pointer, true);
    if (argument->returned_register)
        abide__text_printf(ctx, text, " (%s)", argument->returned_register);
    if (argument->comes_back)
        abide__text_printf(ctx, text, " (back)");
}

static void add_argument(abide_ctx *ctx, struct abide_text *text, const abide_argument *argument)
{
    abide__text_printf(ctx, text, "%s%s%s%s", text->length_bytes ? ", " : "",
                       argument->name ? argument->name : "...", argument->part ? "." : "",
                       argument->part ? argument->part : "");
    add_places(ctx, text, argument);
}

static const char *print(abide_ctx *ctx, const abide_assignment *assignment)
{
    struct abide_text text = {0};
    abide__text_printf(ctx, &text, "%s", "");
    for (size_t i = 0; i < abide_assignment_argument_count(assignment); i++) {
        abide_argument argument = abide_assignment_argument_at(assignment, i);
        add_argument(ctx, &text, &argument);
    }
    const char *area = abide_assignment_area_register(assignment);
    if (area)
        abide__text_printf(ctx, &text, "%ssp in %s", text.length_bytes ? ", " : "", area);
    abide_argument result = abide_assignment_result(assignment);
    if (result.pass == ABIDE_PASS_IGNORE)
        return text.chars;
    abide__text_printf(ctx, &text, "%s->", text.length_bytes ? " " : "");
    add_places(ctx, &text, &result);
    return text.chars;
}

const char *abide_assignment_places(abide_ctx *ctx, const abide_assignment *assignment)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = print(ctx, assignment);
    abide__guard_leave(ctx, &guard);
    return text;
}
