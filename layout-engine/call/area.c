/* What a call needs of the stack once its values have their places. */
#include "call/area.h"

#include "base/diag.h"

#include <inttypes.h>
#include <string.h>

/* Where the last argument ends: of those on the stack, and in some blocks of those with a position there as well. */
static uint64_t end_of_arguments(const struct abide_stack *area, const struct abide_cursor *cursor,
                                 bool is_variadic)
{
    int64_t end = cursor->end_bytes, all = area->start_bytes + (int64_t)cursor->stack_bytes;
    bool is_covered = area->covers == ABIDE_COVERS_ALL ||
                      (area->covers == ABIDE_COVERS_OVERFLOW && (end > 0 || is_variadic));
    if (is_covered && all > end)
        end = all;
    return end > 0 ? (uint64_t)end : 0;
}

/* `variadic: {area: BANK}`: the address of the unnamed arguments is one more argument, behind those that are named. */
static const char *area_register(const struct abide_physical *physical,
                                 const struct abide_placer *placer)
{
    const struct abide_bank *bank = physical->machine->variadic_area;
    if (!physical->is_variadic || !bank)
        return NULL;
    size_t next = placer->cursor.banks[bank->counted_in].next;
    return next < bank->register_count ? bank->registers[next] : NULL;
}

static bool is_in_registers(const struct abide_assigned *assigned)
{
    const abide_piece *first =
        assigned->pass == ABIDE_PASS_POINTER ? &assigned->pointer : assigned->pieces;
    bool has_place = assigned->pass == ABIDE_PASS_POINTER || assigned->piece_count > 0;
    return has_place && first->register_name;
}

/* Behind what lies on the stack: a place for each argument in registers, in their order. */
static uint64_t end_of_places(const struct abide_physical *physical,
                              const struct abide_assigned *arguments, uint64_t end)
{
    uint64_t word_bytes = physical->machine->pointer_bytes;
    int64_t start = physical->machine->stack.start_bytes;
    if (start > 0 && end < (uint64_t)start)
        end = (uint64_t)start;
    end = (end + word_bytes - 1) / word_bytes * word_bytes;
    for (size_t i = 0; i < physical->param_count; i++) {
        bool is_pointer = arguments[i].pass == ABIDE_PASS_POINTER;
        uint64_t align_bytes = is_pointer ? word_bytes : arguments[i].align_bytes;
        if (!is_in_registers(&arguments[i]))
            continue;
        if (align_bytes > word_bytes)
            align_bytes = word_bytes;
        end = (end + align_bytes - 1) / align_bytes * align_bytes;
        end += is_pointer ? word_bytes : arguments[i].size_bytes;
    }
    return (end + word_bytes - 1) / word_bytes * word_bytes;
}

/* A callee that removes the arguments leaves such a result where the stack then starts: who calls made room for it, and removes that. */
bool abide_area__has_result(const struct abide_assigned *result)
{
    for (size_t i = 0; i < result->piece_count; i++)
        if (!result->pieces[i].register_name)
            return true;
    return false;
}

/* `stack: {round: {to, with}}`. */
static uint64_t rounded(const struct abide_stack *area, uint64_t bytes)
{
    uint64_t unit_bytes = area->round_to_bytes, with_bytes = area->round_with_bytes;
    if (unit_bytes == 0)
        return bytes;
    return (bytes + with_bytes + unit_bytes - 1) / unit_bytes * unit_bytes - with_bytes;
}

/* What arguments need of the stack, in whole slots; not `round`ed. */
static uint64_t bytes_in_use(const struct abide_physical *physical,
                             const struct abide_placer *placer, const abide_assignment *assignment)
{
    const struct abide_stack *area = &physical->machine->stack;
    uint64_t end = end_of_arguments(area, &placer->cursor, physical->is_variadic);
    if (area->covers == ABIDE_COVERS_REGISTERS)
        end = end_of_places(physical, assignment->arguments, end);
    end = (end + area->slot_bytes - 1) / area->slot_bytes * area->slot_bytes;
    uint64_t home = area->home_bytes;
    if (physical->is_variadic && physical->machine->variadic_home_bytes > home)
        home = physical->machine->variadic_home_bytes;
    return end > home ? end : home;
}

/* What the call as a whole needs of the stack. */
void abide_area__end(const struct abide_physical *physical, const struct abide_placer *placer,
                     abide_assignment *assignment)
{
    const struct abide_stack *area = &physical->machine->stack;
    uint64_t bytes = bytes_in_use(physical, placer, assignment);
    /* A callee cannot know what a variadic call put there. */
    assignment->callee_cleans = area->callee_cleans && !physical->is_variadic;
    assignment->stack_bytes = assignment->callee_cleans ? rounded(area, bytes) : bytes;
    assignment->stack_align_bytes = area->align_bytes > placer->cursor.align_bytes
                                        ? area->align_bytes
                                        : placer->cursor.align_bytes;
    if (physical->is_variadic)
        assignment->vector_count_register = physical->machine->vector_count_register;
    assignment->area_register = area_register(physical, placer);
}

uint64_t abide_area__popped_bytes(const struct abide_physical *physical,
                                  const struct abide_assigned *result)
{
    const struct abide_rule_list *rules = &abide_module__rules(physical->machine)->returns;
    for (size_t i = 0; i < rules->count; i++)
        if (&rules->items[i].origin == result->rule)
            return rules->items[i].callee_pops_bytes;
    return 0;
}

/* What lies on the stack before memory that the instruction takes which returns: that is what callees write to. */
uint64_t abide_area__removed_bytes(const abide_assignment *assignment)
{
    const struct abide_physical *physical = assignment->physical;
    uint64_t removed_bytes = assignment->stack_bytes;
    for (size_t i = 0; i < physical->param_count; i++) {
        const struct abide_assigned *place = &assignment->arguments[i];
        bool is_taken =
            place->comes_back && place->piece_count > 0 && !place->pieces[0].register_name;
        if (is_taken && (uint64_t)place->pieces[0].stack_offset_bytes < removed_bytes)
            removed_bytes = (uint64_t)place->pieces[0].stack_offset_bytes;
    }
    return removed_bytes;
}

static void reverse_piece(struct abide_placer *placer, abide_piece *piece, int64_t *end_bytes)
{
    if (piece->register_name || piece->size_bytes == 0)
        return;
    piece->stack_offset_bytes += abide_place__reversal(placer, piece);
    int64_t piece_end_bytes = piece->stack_offset_bytes + (int64_t)piece->size_bytes;
    *end_bytes = piece_end_bytes > *end_bytes ? piece_end_bytes : *end_bytes;
}

static void reverse_value(struct abide_placer *placer, struct abide_assigned *value,
                          int64_t *end_bytes)
{
    if (value->pass == ABIDE_PASS_POINTER || value->pass == ABIDE_PASS_HIDDEN)
        reverse_piece(placer, &value->pointer, end_bytes);
    if (value->pass != ABIDE_PASS_DIRECT || value->piece_count == 0)
        return;
    abide_piece *pieces = abide__new_array(placer->ctx, abide_piece, value->piece_count);
    memcpy(pieces, value->pieces, value->piece_count * sizeof *pieces);
    for (size_t i = 0; i < value->piece_count; i++)
        reverse_piece(placer, &pieces[i], end_bytes);
    value->pieces = pieces;
}

/* Where arguments are pushed in their order, the last one lies first. */
void abide_area__reverse(struct abide_placer *placer, abide_assignment *assignment,
                         struct abide_assigned *arguments)
{
    int64_t end_bytes = 0;
    if (assignment->result.pass == ABIDE_PASS_HIDDEN)
        reverse_value(placer, &assignment->result, &end_bytes);
    for (size_t i = 0; i < assignment->physical->param_count; i++)
        reverse_value(placer, &arguments[i], &end_bytes);
    placer->cursor.end_bytes = end_bytes;
}

static bool is_most_aligned(const struct abide_placer *placer, const struct abide_assigned *value)
{
    for (size_t i = 0; i < placer->cursor.stacked_count; i++) {
        const struct abide_stacked *stacked = &placer->stacked.items[i];
        if (stacked->align_bytes != placer->cursor.align_bytes)
            continue;
        int64_t start = placer->area->start_bytes + (int64_t)stacked->start_bytes;
        for (size_t k = 0; value->pass == ABIDE_PASS_DIRECT && k < value->piece_count; k++)
            if (!value->pieces[k].register_name && value->pieces[k].stack_offset_bytes == start)
                return true;
    }
    return false;
}

/* `stack: {uneven: TEXT}`: a compiler whose callees do not remove what its callers count on. */
bool abide_area__is_agreed(const struct abide_placer *placer, const abide_assignment *assignment)
{
    const struct abide_physical *physical = assignment->physical;
    const char *because = placer->area->uneven_because;
    uint64_t align_bytes = placer->cursor.align_bytes;
    if (!because || !assignment->callee_cleans || align_bytes == 0)
        return true;
    uint64_t bytes = bytes_in_use(physical, placer, assignment);
    uint64_t aligned_bytes = (bytes + align_bytes - 1) / align_bytes * align_bytes;
    if (rounded(placer->area, aligned_bytes) == assignment->stack_bytes)
        return true;
    size_t at = 0;
    while (at + 1 < physical->param_count && !is_most_aligned(placer, &assignment->arguments[at]))
        at++;
    const struct abide_physical_param *param = &physical->params[at];
    struct abide_place place = param->of < physical->signature->param_count
                                   ? physical->signature->params[param->of].place
                                   : physical->signature->place;
    abide_diag *diag = abide__report(
        placer->ctx, ABIDE_CODE_REFUSED_VALUE, place.source ? place : physical->signature->place,
        "parameter %s lies on the stack, aligned to %" PRIu64 ", in a call of %" PRIu64
        " bytes, which module '%s' does not make: %s",
        abide__quote(placer->ctx, param->name ? param->name : ""), placer->cursor.align_bytes,
        assignment->stack_bytes, placer->module->name, because);
    abide__diag_help(placer->ctx, diag,
                     "use its address: `ptr<T>`, or a convention whose callers clean up");
    return false;
}

/* A result on the stack lies behind the arguments. Returns where. */
uint64_t abide_area__place_result(struct abide_placer *placer, abide_assignment *assignment)
{
    int64_t word_bytes = assignment->physical->machine->pointer_bytes;
    int64_t slot_bytes = placer->area->slot_bytes;
    int64_t unit_bytes = slot_bytes > word_bytes ? slot_bytes : word_bytes;
    int64_t start = placer->area->start_bytes, end = placer->cursor.end_bytes;
    abide_piece *pieces = (abide_piece *)assignment->result.pieces;
    int64_t shift = ((end > start ? end - start : 0) + unit_bytes - 1) / unit_bytes * unit_bytes;
    for (size_t i = 0; i < assignment->result.piece_count; i++) {
        if (pieces[i].register_name)
            continue;
        pieces[i].stack_offset_bytes += shift;
        end = pieces[i].stack_offset_bytes + (int64_t)pieces[i].size_bytes;
        if (end > placer->cursor.end_bytes)
            placer->cursor.end_bytes = end;
    }
    return (uint64_t)(start + shift);
}
