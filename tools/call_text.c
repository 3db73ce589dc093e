/* Places of arguments and results, as people read them. */
#include "call_text.h"

#include "cli.h"

static const char *range_text(uint64_t offset_bytes, uint64_t size_bytes)
{
    return cli_printf("[%llu..%llu)", (unsigned long long)offset_bytes,
                      (unsigned long long)offset_bytes + (unsigned long long)size_bytes);
}

/* "sp+8", or "sp+8..sp+24" of what takes several slots. */
static const char *stack_place(const abide_piece *piece)
{
    long long start = piece->stack_offset_bytes;
    if (piece->size_bytes <= 8)
        return cli_printf("sp+%lld", start);
    return cli_printf("sp+%lld..sp+%lld", start, start + (long long)piece->size_bytes);
}

const char *call_slot_text(const abide_piece *piece)
{
    return piece->register_name ? piece->register_name : stack_place(piece);
}

/* "edi (zero-extended to 32 bits)" */
static const char *place_text(const abide_piece *piece)
{
    const char *place = call_slot_text(piece);
    if (piece->at_bytes)
        place = cli_printf("%s at byte %u", place, piece->at_bytes);
    if (piece->as)
        place = cli_printf("%s as %s", place, piece->as);
    if (piece->extend == ABIDE_EXTEND_ZERO || piece->extend == ABIDE_EXTEND_SIGN)
        place =
            cli_printf("%s (%s-extended to %u bits)", place,
                       piece->extend == ABIDE_EXTEND_ZERO ? "zero" : "sign", piece->extend_bits);
    return place;
}

/* Whether a piece continues the one before it on the stack, so that people read them as one. */
static bool continues(const abide_piece *before, const abide_piece *piece)
{
    return !before->register_name && !piece->register_name &&
           before->offset_bytes + before->size_bytes == piece->offset_bytes &&
           before->stack_offset_bytes + (int64_t)before->size_bytes == piece->stack_offset_bytes;
}

bool call_next_run(const abide_argument *argument, size_t *index, abide_piece *run)
{
    size_t i = *index;
    if (i >= argument->piece_count)
        return false;
    *run = argument->pieces[i++];
    while (i < argument->piece_count && continues(&argument->pieces[i - 1], &argument->pieces[i]))
        run->size_bytes += argument->pieces[i++].size_bytes;
    *index = i;
    return true;
}

const char *call_range_text(const abide_argument *argument, const abide_piece *run)
{
    bool whole = run->offset_bytes == 0 && run->size_bytes == argument->size_bytes;
    return whole ? "" : range_text(run->offset_bytes, run->size_bytes);
}

static const char *pieces_text(const abide_argument *argument)
{
    const char *text = "";
    abide_piece run;
    for (size_t i = 0; call_next_run(argument, &i, &run);) {
        const char *range = call_range_text(argument, &run);
        text = cli_printf("%s%s%s%s%s", text, *text ? ", " : "", place_text(&run),
                          *range ? " " : "", range);
    }
    return !*text ? "nothing" : argument->comes_back ? cli_printf("%s, and back", text) : text;
}

const char *call_argument_text(const abide_argument *argument)
{
    switch (argument->pass) {
    case ABIDE_PASS_IGNORE: return "nothing";
    case ABIDE_PASS_DIRECT: return pieces_text(argument);
    case ABIDE_PASS_POINTER: return cli_printf("its address in %s", place_text(argument->pointer));
    case ABIDE_PASS_HIDDEN:
        return cli_printf("memory, its address in %s%s%s", place_text(argument->pointer),
                          argument->returned_register ? ", returned in " : "",
                          argument->returned_register ? argument->returned_register : "");
    }
    return "";
}

/* What an argument is called in the table: "s", "s.len", "result (out)". */
const char *call_argument_label(const abide_argument *argument, size_t index)
{
    const char *name = argument->name ? argument->name : cli_printf("#%zu", index + 1);
    if (argument->part)
        name = cli_printf("%s.%s", name, argument->part);
    switch (argument->role) {
    case ABIDE_ROLE_VALUE: break;
    case ABIDE_ROLE_SELF: return cli_printf("%s (self)", name);
    case ABIDE_ROLE_OUT: return cli_printf("%s (out)", name);
    case ABIDE_ROLE_ENV: return cli_printf("%s (env)", name);
    }
    return argument->is_variadic ? cli_printf("%s (extra)", name) : name;
}

const char *call_stack_text(const abide_assignment *assignment)
{
    const char *text =
        cli_printf("%llu bytes, aligned to %llu, removed by the %s",
                   (unsigned long long)abide_assignment_stack_bytes(assignment),
                   (unsigned long long)abide_assignment_stack_align_bytes(assignment),
                   abide_assignment_callee_cleans(assignment) ? "callee" : "caller");
    uint64_t pops_bytes = abide_assignment_callee_pops_bytes(assignment);
    if (pops_bytes)
        text = cli_printf("%s, callee pops %llu bytes", text, (unsigned long long)pops_bytes);
    return text;
}
