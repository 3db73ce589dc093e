/* Whether a convention of LLVM holds an assignment, and if not the first reason why. */
#include "side.h"

#include "abide_llvm_compat.h"

#include <string.h>

static bool find(const struct abide_words *kinds, const char *name, struct abide_register_at *at)
{
    for (int kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++) {
        size_t index = abide_words__find(kinds[kind], name);
        if (index != SIZE_MAX) {
            *at = (struct abide_register_at){false, (enum abide_register_kind)kind, index};
            return true;
        }
    }
    return false;
}

bool abide_convention__argument(const struct abide_convention *convention, const char *name,
                                struct abide_register_at *at)
{
    if (convention->indirect && !strcmp(convention->indirect, name)) {
        *at = (struct abide_register_at){.is_indirect = true};
        return true;
    }
    return find(convention->arguments, name, at);
}

bool abide_convention__result(const struct abide_convention *convention, const char *name,
                              struct abide_register_at *at)
{
    return find(convention->results, name, at);
}

const abide_piece *abide_side__places(const struct abide_assigned *argument, size_t *count)
{
    bool is_pointer = argument->pass == ABIDE_PASS_POINTER || argument->pass == ABIDE_PASS_HIDDEN;
    *count = is_pointer ? 1 : argument->pass == ABIDE_PASS_DIRECT ? argument->piece_count : 0;
    return is_pointer ? &argument->pointer : argument->pieces;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void use(size_t *counts, uint64_t *vector_bytes, struct abide_register_at at,
                uint64_t size_bytes)
{
    counts[at.kind] = larger(counts[at.kind], at.index + 1);
    if (at.kind == ABIDE_REGISTER_VECTOR)
        vector_bytes[at.index] = larger(vector_bytes[at.index], size_bytes);
}

/* Takes a place of an argument into account. false: `*reason` says why the convention has no such place. */
static bool add_argument_piece(abide_ctx *ctx, struct abide_side *side, const abide_piece *piece,
                               const char **reason)
{
    const struct abide_convention *convention = side->convention;
    struct abide_register_at at;
    if (!piece->register_name) {
        if (piece->stack_offset_bytes < (int64_t)convention->start_bytes) {
            *reason = abide__printf(ctx, "it has no stack argument at offset %lld",
                                    (long long)piece->stack_offset_bytes);
            return false;
        }
        uint64_t end_bytes = (uint64_t)piece->stack_offset_bytes + piece->size_bytes;
        if (end_bytes > side->stack_end_bytes)
            side->stack_end_bytes = end_bytes;
        return true;
    }
    if (piece->as || !abide_convention__argument(convention, piece->register_name, &at)) {
        *reason = abide__printf(ctx, "it passes no argument in %s%s%s", piece->register_name,
                                piece->as ? " as " : "", piece->as ? piece->as : "");
        return false;
    }
    if (at.is_indirect)
        side->has_indirect = true;
    else
        use(side->arguments, side->argument_vector_bytes, at, piece->at_bytes + piece->size_bytes);
    return true;
}

static bool add_argument(abide_ctx *ctx, struct abide_side *side,
                         const struct abide_assigned *argument, const char **reason)
{
    size_t count;
    const abide_piece *places = abide_side__places(argument, &count);
    for (size_t i = 0; i < count; i++)
        if (!add_argument_piece(ctx, side, &places[i], reason))
            return false;
    return true;
}

static bool add_result_piece(abide_ctx *ctx, struct abide_side *side, const abide_piece *piece,
                             const char **reason)
{
    const char *name = piece->register_name;
    struct abide_register_at at;
    if (!name || piece->as || !abide_convention__result(side->convention, name, &at)) {
        *reason = abide__printf(ctx, "it returns nothing %s%s", name ? "in " : "on the stack",
                                name ? name : "");
        return false;
    }
    use(side->results, side->result_vector_bytes, at, piece->at_bytes + piece->size_bytes);
    return true;
}

static bool add_result(abide_ctx *ctx, struct abide_side *side, const char **reason)
{
    const struct abide_assigned *result = &side->assignment->result;
    switch (result->pass) {
    case ABIDE_PASS_IGNORE: return true;
    case ABIDE_PASS_POINTER: *reason = "it returns no pointer to a result"; return false;
    case ABIDE_PASS_HIDDEN: {
        abide_piece returned = result->pointer;
        returned.register_name = result->returned_register;
        return add_argument_piece(ctx, side, &result->pointer, reason) &&
               (!result->returned_register || add_result_piece(ctx, side, &returned, reason));
    }
    case ABIDE_PASS_DIRECT: break;
    }
    for (size_t i = 0; i < result->piece_count; i++)
        if (!add_result_piece(ctx, side, &result->pieces[i], reason))
            return false;
    return true;
}

struct names {
    const char *const *items;
    size_t count;
};

static bool has(struct names names, const char *name)
{
    for (size_t i = 0; i < names.count; i++)
        if (!strcmp(names.items[i], name))
            return true;
    return false;
}

static bool covers(struct names a, struct names b, const char **missing)
{
    for (size_t i = 0; i < b.count; i++)
        if (!has(a, b.items[i])) {
            *missing = b.items[i];
            return false;
        }
    return true;
}

static struct names preserved_of(const abide_assignment *assignment)
{
    const struct abide_module *machine = assignment->physical->machine;
    return (struct names){machine->preserved, machine->preserved_count};
}

/* A function that is called preserves what its caller counts on; of one that we call no more is assumed than it keeps. */
static bool preserves(abide_ctx *ctx, const struct abide_side *side, bool is_caller,
                      const char **reason)
{
    struct names ours = {side->convention->preserved.items, side->convention->preserved.count};
    struct names theirs = preserved_of(side->assignment);
    const char *missing = NULL;
    if (is_caller ? covers(ours, theirs, &missing) : covers(theirs, ours, &missing))
        return true;
    *reason =
        abide__printf(ctx, is_caller ? "it does not preserve %s" : "it counts on %s", missing);
    return false;
}

static bool counts_vectors(abide_ctx *ctx, struct abide_side *side, const char **reason)
{
    const char *name = side->assignment->vector_count_register;
    side->counts_vectors = name && side->assignment->physical->is_variadic;
    const char *ours = side->convention->vector_count;
    if (!side->counts_vectors || (ours && !strcmp(ours, name)))
        return true;
    *reason = abide__printf(ctx, "it does not set %s", name);
    return false;
}

bool abide_side__is_over_aligned(const struct abide_side *side)
{
    return side->assignment->stack_align_bytes > side->convention->align_bytes;
}

/* A caller's promise asks nothing of us. For a callee the first stack argument, and so where arguments start, is aligned. */
static bool can_align(abide_ctx *ctx, const struct abide_side *side, const char **reason)
{
    uint64_t align_bytes = side->assignment->stack_align_bytes;
    if (!abide_side__is_over_aligned(side) || (align_bytes <= ABIDE_STACK_ALIGN_MAX_BYTES &&
                                               side->convention->start_bytes % align_bytes == 0))
        return true;
    *reason = abide__printf(ctx, "it cannot align the stack to %llu bytes",
                            (unsigned long long)align_bytes);
    return false;
}

static bool fits(abide_ctx *ctx, struct abide_side *side, bool is_caller, const char **reason)
{
    const abide_assignment *assignment = side->assignment;
    if (side->convention->since > LLVM_VERSION_MAJOR) {
        *reason = abide__printf(ctx, "it needs LLVM %u", side->convention->since);
        return false;
    }
    if (assignment->callee_pops_bytes > 0 ||
        (assignment->callee_cleans && assignment->stack_bytes > 0)) {
        *reason = "it leaves the stack to the caller";
        return false;
    }
    if (!is_caller && !can_align(ctx, side, reason))
        return false;
    for (size_t i = 0; i < assignment->physical->param_count; i++)
        if (!add_argument(ctx, side, &assignment->arguments[i], reason))
            return false;
    return add_result(ctx, side, reason) && counts_vectors(ctx, side, reason) &&
           preserves(ctx, side, is_caller, reason);
}

struct abide_side abide_side__of(abide_ctx *ctx, const struct abide_processor *processor,
                                 const abide_assignment *assignment, bool is_caller,
                                 const char **reason)
{
    for (size_t i = 0; i < processor->convention_count; i++) {
        const struct abide_convention *convention = &processor->conventions[i];
        struct abide_side side = {.assignment = assignment,
                                  .convention = convention,
                                  .stack_end_bytes = convention->start_bytes};
        if (fits(ctx, &side, is_caller, reason)) {
            *reason = NULL;
            return side;
        }
        *reason = abide__printf(ctx, "%s: %s", convention->name, *reason);
    }
    return (struct abide_side){.assignment = assignment};
}

bool abide_sides__may_jump(const struct abide_side *caller, const struct abide_side *callee)
{
    const char *missing;
    return caller->convention == callee->convention && !callee->counts_vectors &&
           callee->stack_end_bytes <= caller->stack_end_bytes &&
           callee->assignment->stack_align_bytes <= caller->assignment->stack_align_bytes &&
           covers(preserved_of(callee->assignment), preserved_of(caller->assignment), &missing);
}
