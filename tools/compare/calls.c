/* Calling sequences side by side: where arguments and results go. */
#include "../call_text.h"
#include "compare.h"

#include <inttypes.h>
#include <string.h>

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whether the pieces are in the same places, whatever is said of the bits above them. */
static bool same_places(const abide_argument *a, const abide_argument *b)
{
    if (a->piece_count != b->piece_count)
        return false;
    for (size_t i = 0; i < a->piece_count; i++) {
        const abide_piece *x = &a->pieces[i], *y = &b->pieces[i];
        if (x->size_bytes != y->size_bytes || !is_same(x->register_name, y->register_name) ||
            (!x->register_name && x->stack_offset_bytes != y->stack_offset_bytes) ||
            x->at_bytes != y->at_bytes || !is_same(x->as, y->as))
            return false;
    }
    return true;
}

/* Where the places are the same and what lies in them is longer or shorter. */
static const char *sized_text(const char *text, const abide_argument *argument)
{
    uint64_t size_bytes = 0;
    for (size_t i = 0; i < argument->piece_count; i++)
        size_bytes += argument->pieces[i].size_bytes;
    return cli_printf("%s (%" PRIu64 " byte%s)", text, size_bytes, size_bytes == 1 ? "" : "s");
}

/* One of the changes that are known of an argument, and of a result. */
struct kinds {
    enum change passing, place, extension;
};

static bool compare_argument(struct comparison *comparison, const struct kinds *kinds,
                             struct seen *seen, const abide_argument *a, const abide_argument *b)
{
    seen->old_text = call_argument_text(a);
    seen->new_text = call_argument_text(b);
    bool same_text = strcmp(seen->old_text, seen->new_text) == 0;
    bool is_none = a->pass == ABIDE_PASS_IGNORE || b->pass == ABIDE_PASS_IGNORE;
    bool is_direct = a->pass == ABIDE_PASS_DIRECT || b->pass == ABIDE_PASS_DIRECT;
    if (is_none && is_direct && kinds->passing == CHANGE_RESULT_PASSING)
        return true; /* nothing else moves, and its type was told */
    if (a->pass != b->pass)
        seen->change = kinds->passing;
    else if (a->comes_back != b->comes_back || (a->pass == ABIDE_PASS_DIRECT && !same_places(a, b)))
        seen->change = kinds->place;
    else if (!same_text)
        seen->change = a->pass == ABIDE_PASS_DIRECT ? kinds->extension : kinds->place;
    else
        return false;
    if (same_text) {
        seen->old_text = sized_text(seen->old_text, a);
        seen->new_text = sized_text(seen->new_text, b);
    }
    findings_note(comparison, seen);
    return true;
}

static bool compare_stack(struct comparison *comparison, struct seen *seen,
                          const abide_assignment *a, const abide_assignment *b)
{
    bool is_same_stack =
        abide_assignment_callee_cleans(a) == abide_assignment_callee_cleans(b) &&
        abide_assignment_callee_pops_bytes(a) == abide_assignment_callee_pops_bytes(b) &&
        abide_assignment_stack_align_bytes(a) == abide_assignment_stack_align_bytes(b);
    bool is_same_count =
        is_same(abide_assignment_vector_count_register(a),
                abide_assignment_vector_count_register(b)) &&
        is_same(abide_assignment_area_register(a), abide_assignment_area_register(b));
    bool is_same_way =
        is_same(abide_assignment_called_by(a), abide_assignment_called_by(b)) &&
        is_same(abide_assignment_returned_by(a), abide_assignment_returned_by(b)) &&
        is_same(abide_assignment_number_register(a), abide_assignment_number_register(b));
    if (is_same_stack && is_same_count && is_same_way)
        return false;
    seen->is_call = is_same_way;
    seen->change = !is_same_way     ? CHANGE_ABI_CHANGED
                   : !is_same_stack ? CHANGE_STACK_BYTES
                                    : CHANGE_VARIADIC;
    seen->old_text = call_stack_text(a);
    seen->new_text = call_stack_text(b);
    findings_note(comparison, seen);
    return true;
}

static bool compare_arguments(struct comparison *comparison, const struct seen *model,
                              const abide_assignment *a, const abide_assignment *b)
{
    static const struct kinds kinds = {CHANGE_PARAM_PASSING, CHANGE_PARAM_REGISTER,
                                       CHANGE_PARAM_EXTENSION};
    size_t count = abide_assignment_argument_count(a);
    bool is_found = false;
    if (count != abide_assignment_argument_count(b)) {
        struct seen seen = *model;
        seen.change =
            count < abide_assignment_argument_count(b) ? CHANGE_PARAM_ADDED : CHANGE_PARAM_REMOVED;
        seen.old_text = cli_printf("%zu arguments", count);
        seen.new_text = cli_printf("%zu arguments", abide_assignment_argument_count(b));
        if (!findings_have(comparison, seen.change, seen.path)) /* else the signature said so */
            findings_note(comparison, &seen);
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        abide_argument of_a = abide_assignment_argument_at(a, i);
        abide_argument of_b = abide_assignment_argument_at(b, i);
        struct seen seen = *model;
        seen.path = cli_printf("%s/%s", model->path, call_argument_label(&of_a, i));
        seen.before.index = seen.after.index = i;
        is_found = compare_argument(comparison, &kinds, &seen, &of_a, &of_b) || is_found;
    }
    return is_found;
}

bool calls_compare(struct comparison *comparison, const struct seen *model,
                   const abide_signature *before, const abide_signature *after)
{
    static const struct kinds kinds = {CHANGE_RESULT_PASSING, CHANGE_RESULT_REGISTER,
                                       CHANGE_RESULT_REGISTER};
    abide_ctx *ctx = comparison->cli->ctx;
    const abide_assignment *a = abide_assignment_of(ctx, module_of(comparison, 0), before);
    const abide_assignment *b = abide_assignment_of(ctx, module_of(comparison, 1), after);
    if (!a || !b) {
        comparison->is_incomplete = true;
        return true;
    }
    const char *path = model->path;
    struct seen seen = {.path = path,
                        .via = model->via,
                        .group = path,
                        .cause = model->cause,
                        .is_call = true,
                        .before = {.signature = before, .index = ABIDE_RESULT},
                        .after = {.signature = after, .index = ABIDE_RESULT}};
    bool is_found = compare_arguments(comparison, &seen, a, b);
    abide_argument of_a = abide_assignment_result(a), of_b = abide_assignment_result(b);
    seen.path = cli_printf("%s/result", path);
    is_found = compare_argument(comparison, &kinds, &seen, &of_a, &of_b) || is_found;
    seen.path = cli_printf("%s/call", path);
    return compare_stack(comparison, &seen, a, b) || is_found;
}
