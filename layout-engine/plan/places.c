/* Comparing places: registers by name, stack by offset. */
#include "plan/places.h"

#include <string.h>

static bool same_name(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool abide_places__same_piece(const abide_piece *a, const abide_piece *b)
{
    return a->offset_bytes == b->offset_bytes && a->size_bytes == b->size_bytes &&
           same_name(a->register_name, b->register_name) &&
           (a->register_name || a->stack_offset_bytes == b->stack_offset_bytes) &&
           a->at_bytes == b->at_bytes && same_name(a->as, b->as);
}

bool abide_places__same(const struct abide_assigned *from, const struct abide_assigned *to)
{
    if (from->pass != to->pass || from->comes_back != to->comes_back)
        return false;
    if (from->pass == ABIDE_PASS_IGNORE)
        return true;
    if (from->pass != ABIDE_PASS_DIRECT)
        return abide_places__same_piece(&from->pointer, &to->pointer) &&
               (!to->returned_register ||
                same_name(from->returned_register, to->returned_register));
    if (from->piece_count != to->piece_count)
        return false;
    for (size_t i = 0; i < from->piece_count; i++)
        if (!abide_places__same_piece(&from->pieces[i], &to->pieces[i]))
            return false;
    return true;
}

bool abide_places__promises(const abide_piece *from, const abide_piece *to)
{
    if (to->extend != ABIDE_EXTEND_ZERO && to->extend != ABIDE_EXTEND_SIGN)
        return true;
    if (from->extend_is_owed && !to->extend_is_owed)
        return false;
    return from->extend == to->extend && from->extend_bits >= to->extend_bits;
}

bool abide_places__must_extend(const struct abide_assigned *from, const struct abide_assigned *to)
{
    if (to->pass != ABIDE_PASS_DIRECT)
        return false;
    bool comparable = from->pass == ABIDE_PASS_DIRECT && from->piece_count == to->piece_count;
    for (size_t i = 0; i < to->piece_count; i++) {
        const abide_piece none = {.extend = ABIDE_EXTEND_NONE};
        if (!abide_places__promises(comparable &&
                                            from->pieces[i].size_bytes == to->pieces[i].size_bytes
                                        ? &from->pieces[i]
                                        : &none,
                                    &to->pieces[i]))
            return true;
    }
    return false;
}

bool abide_places__is_stack_range(const abide_assignment *assignment,
                                  const struct abide_assigned *place, uint64_t align_bytes)
{
    if (place->pass != ABIDE_PASS_DIRECT || place->piece_count == 0)
        return false;
    int64_t start = place->pieces[0].stack_offset_bytes - (int64_t)place->pieces[0].offset_bytes;
    uint64_t end = 0; /* of what is passed: behind it may lie what is somebody else's */
    for (size_t i = 0; i < place->piece_count; i++) {
        const abide_piece *piece = &place->pieces[i];
        uint64_t piece_end = piece->offset_bytes + piece->size_bytes;
        end = piece_end > end ? piece_end : end;
        if (piece->register_name || piece->as ||
            piece->stack_offset_bytes - (int64_t)piece->offset_bytes != start)
            return false;
    }
    return start >= 0 && (uint64_t)start % align_bytes == 0 &&
           align_bytes <= assignment->stack_align_bytes && end == place->size_bytes;
}

const char *abide_places__jump_obstacle(const abide_assignment *caller,
                                        const abide_assignment *callee)
{
    if (caller->preserved != callee->preserved)
        for (size_t i = 0; i < caller->preserved_count; i++)
            if (!abide_assignment_preserves(callee, caller->preserved[i]))
                return "the callee may destroy registers that the caller expects to be preserved";
    if (abide_assignment__removed_bytes(caller) != abide_assignment__removed_bytes(callee))
        return caller->callee_cleans != callee->callee_cleans ||
                       caller->callee_pops_bytes != callee->callee_pops_bytes
                   ? "the two sides disagree about who removes the arguments from the stack"
                   : "the callee removes another number of bytes from the stack than the caller "
                     "expects";
    if (callee->stack_bytes > caller->stack_bytes)
        return "the callee needs more stack for its arguments than the caller made";
    if (callee->stack_align_bytes > caller->stack_align_bytes)
        return "the callee needs a stack of stricter alignment";
    return NULL;
}
