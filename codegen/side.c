/* Whether a convention of LLVM holds an assignment, and if not the first reason why. */
#include "side.h"

#include "abide_llvm_compat.h"
#include "edge_data.h"
#include "instruction.h"

#include <string.h>

static bool find(const struct abide_words *kinds, const char *name, struct abide_register_at *at)
{
    for (int kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++) {
        size_t index = abide_words__find(kinds[kind], name);
        if (index != SIZE_MAX) {
            *at =
                (struct abide_register_at){.kind = (enum abide_register_kind)kind, .index = index};
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
    if (!strcmp(name, ABIDE_CHAIN)) {
        *at = (struct abide_register_at){.is_chain = true};
        return convention->chain && (!convention->is_edge ||
                                     find(convention->arguments.registers, convention->chain, at));
    }
    return find(convention->arguments.registers, name, at);
}

bool abide_convention__result(const struct abide_convention *convention, const char *name,
                              struct abide_register_at *at)
{
    return find(convention->results.registers, name, at);
}

static bool pops_indirect(const struct abide_side *side)
{
    return side->has_indirect && side->convention->indirect_pops_bytes > 0;
}

uint64_t abide_side__stack_start_bytes(const struct abide_side *side)
{
    return side->convention->start_bytes +
           (pops_indirect(side) ? side->convention->indirect_pops_bytes : 0);
}

bool abide_side__is_indirect(const struct abide_side *side, const abide_piece *piece)
{
    const char *indirect = side->convention->indirect;
    if (!piece->register_name)
        return pops_indirect(side) &&
               piece->stack_offset_bytes == (int64_t)side->convention->start_bytes;
    return indirect && !strcmp(indirect, piece->register_name);
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

/*
 * The bytes of the narrowest IR type whose value holds the piece where it is: a scalar lies at one end of its register.
 * Integers are always taken whole.
 */
static uint32_t extent_of(const struct abide_side *side, const struct abide_register_order *order,
                          enum abide_register_kind kind, const abide_piece *piece)
{
    uint32_t width_bytes = side->processor->register_bytes[kind];
    if (kind == ABIDE_REGISTER_INTEGER || (kind == ABIDE_REGISTER_VECTOR && order->is_whole))
        return width_bytes;
    uint64_t end_bytes = piece->at_bytes + piece->size_bytes;
    bool from_start = side->processor->narrow[kind] != ABIDE_NARROW_LOW ||
                      !side->assignment->physical->machine->big_endian;
    uint64_t extent_bytes = from_start ? end_bytes : width_bytes - piece->at_bytes;
    if (extent_bytes < 4 && order->widest_bytes)
        return order->widest_bytes;
    return extent_bytes == 4 || extent_bytes == 8 ? (uint32_t)extent_bytes : width_bytes;
}

static bool is_too_wide(const struct abide_register_order *order, struct abide_register_at at,
                        uint32_t extent_bytes)
{
    return at.kind == ABIDE_REGISTER_VECTOR && order->widest_bytes > 0 &&
           extent_bytes > order->widest_bytes;
}

static void use(struct abide_register_use *use, struct abide_register_at at, uint32_t extent_bytes)
{
    uint32_t *bytes = &use->bytes[at.kind][at.index];
    use->counts[at.kind] = larger(use->counts[at.kind], at.index + 1);
    *bytes = (uint32_t)larger(*bytes, extent_bytes);
}

/* Whether a place holds a value converted exactly if the register does that. */
static bool is_held_so(const struct abide_side *side, struct abide_register_at at,
                       const abide_piece *piece)
{
    uint32_t width_bytes = side->processor->register_bytes[at.kind];
    bool converts = !at.is_indirect && at.kind != ABIDE_REGISTER_INTEGER &&
                    side->processor->narrow[at.kind] == ABIDE_NARROW_CONVERTED;
    if (!piece->as)
        return !converts || piece->size_bytes >= width_bytes;
    return converts && piece->at_bytes == 0 && (piece->size_bytes == 4 || piece->size_bytes == 8) &&
           !strcmp(piece->as, width_bytes == 8 ? "f64" : "f80");
}

static bool conflicts(const struct abide_register_use *use, struct abide_register_at at)
{
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        if (kind != (size_t)at.kind && use->bytes[kind][at.index])
            return true;
    return false;
}

/* Takes a place on the stack into account. */
static bool add_stack_piece(abide_ctx *ctx, struct abide_side *side, const abide_piece *piece,
                            const char **reason)
{
    if (piece->stack_offset_bytes < (int64_t)side->convention->start_bytes) {
        *reason = abide__printf(ctx, "it has no stack argument at offset %lld",
                                (long long)piece->stack_offset_bytes);
        return false;
    }
    uint64_t end_bytes = (uint64_t)piece->stack_offset_bytes + piece->size_bytes;
    if (end_bytes > side->stack_end_bytes)
        side->stack_end_bytes = end_bytes;
    return true;
}

/*
 * The chain register holds nothing else, and who calls does not count on it. It is the last argument to be looked at. An edge
 * reads it as one of all registers.
 */
static bool add_chain(abide_ctx *ctx, struct abide_side *side, struct abide_register_at at,
                      const char **reason)
{
    const struct abide_convention *convention = side->convention;
    bool is_used = !at.is_chain && side->arguments.bytes[at.kind][at.index];
    if (is_used || abide_side__preserves(side, convention->chain)) {
        *reason = abide__printf(ctx, "%s has another use, so no record can come in it",
                                convention->chain);
        return false;
    }
    side->has_chain = true;
    if (!at.is_chain)
        use(&side->arguments, at, side->processor->register_bytes[at.kind]);
    return true;
}

/* Takes a place of an argument into account. false: `*reason` says why the convention has no such place. */
static bool add_argument_piece(abide_ctx *ctx, struct abide_side *side, const abide_piece *piece,
                               const char **reason)
{
    const struct abide_convention *convention = side->convention;
    struct abide_register_at at;
    if (!piece->register_name)
        return add_stack_piece(ctx, side, piece, reason);
    if (!abide_convention__argument(convention, piece->register_name, &at) ||
        !is_held_so(side, at, piece)) {
        *reason =
            !strcmp(piece->register_name, ABIDE_CHAIN)
                ? "nothing is known of a register in which a record can come; user data can hold "
                  "its address (`--data NAME`)"
                : abide__printf(ctx, "it passes no argument in %s%s%s", piece->register_name,
                                piece->as ? " as " : "", piece->as ? piece->as : "");
        return false;
    }
    if (at.is_indirect) {
        side->has_indirect = true;
        return true;
    }
    if (!strcmp(piece->register_name, ABIDE_CHAIN))
        return add_chain(ctx, side, at, reason);
    if (convention->arguments.reach == ABIDE_REACH_POSITION && conflicts(&side->arguments, at)) {
        *reason = abide__printf(ctx, "it passes no two arguments at the position of %s",
                                piece->register_name);
        return false;
    }
    uint32_t extent_bytes = extent_of(side, &convention->arguments, at.kind, piece);
    if (is_too_wide(&convention->arguments, at, extent_bytes)) {
        *reason = abide__printf(ctx, "it passes no vector in %s", piece->register_name);
        return false;
    }
    use(&side->arguments, at, extent_bytes);
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

/* Of which of the parameters a reason speaks. */
static const char *of_parameter(abide_ctx *ctx, const struct abide_side *side, size_t index,
                                const char *reason)
{
    const char *name = side->assignment->physical->params[index].name;
    return name ? abide__printf(ctx, "%s (parameter '%s')", reason, name) : reason;
}

/* A result on the stack is copied while the stack pointer is where the call has it. */
static bool is_stack_result(const struct abide_side *side, const abide_piece *piece)
{
    const abide_assignment *assignment = side->assignment;
    uint64_t near_bytes = side->convention->is_edge ? side->processor->edge->near_bytes : 0;
    return side->convention->is_edge && !piece->register_name &&
           assignment->result.piece_count == 1 &&
           (!near_bytes || assignment->stack_bytes < near_bytes / 2);
}

static bool add_result_piece(abide_ctx *ctx, struct abide_side *side, const abide_piece *piece,
                             const char **reason)
{
    const struct abide_register_order *order = &side->convention->results;
    const char *name = piece->register_name;
    struct abide_register_at at;
    if (is_stack_result(side, piece))
        return add_stack_piece(ctx, side, piece, reason);
    if (!name || !abide_convention__result(side->convention, name, &at) ||
        !is_held_so(side, at, piece) ||
        (order->reach == ABIDE_REACH_POSITION && conflicts(&side->results, at))) {
        *reason = abide__printf(ctx, "it returns nothing %s%s%s%s", name ? "in " : "on the stack",
                                name ? name : "", name && piece->as ? " as " : "",
                                name && piece->as ? piece->as : "");
        return false;
    }
    use(&side->results, at, extent_of(side, order, at.kind, piece));
    return true;
}

/*
 * The address of the result memory that the callee removes from the stack: LLVM does that for an `sret` parameter, which
 * it also gives back as results are.
 */
static bool add_popped_pointer(abide_ctx *ctx, struct abide_side *side, const char **reason)
{
    const struct abide_assigned *result = &side->assignment->result;
    const abide_piece *pointer = &result->pointer;
    if (pointer->register_name || result->pass != ABIDE_PASS_HIDDEN ||
        pointer->stack_offset_bytes != (int64_t)side->convention->start_bytes) {
        *reason = "the callee removes no other argument from the stack";
        return false;
    }
    side->has_indirect = true;
    return add_stack_piece(ctx, side, pointer, reason);
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
        if (side->convention->indirect_pops_bytes && side->assignment->callee_pops_bytes)
            return add_popped_pointer(ctx, side, reason);
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

/* Registers in which arguments come back are results, too. */
static bool add_back(abide_ctx *ctx, struct abide_side *side, const char **reason)
{
    const abide_assignment *assignment = side->assignment;
    for (size_t i = 0; i < assignment->physical->param_count; i++) {
        const struct abide_assigned *argument = &assignment->arguments[i];
        for (size_t k = 0; argument->comes_back && k < argument->piece_count; k++)
            if (argument->pieces[k].register_name && /* memory has its new value already */
                !add_result_piece(ctx, side, &argument->pieces[k], reason))
                return false;
    }
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
    return (struct names){assignment->preserved, assignment->preserved_count};
}

/* An entry keeps what C's functions do not, if it knows the registers. */
static bool can_keep(abide_ctx *ctx, const struct abide_side *side, const char **reason)
{
    const struct abide_edge_data *data = side->processor->edge;
    struct names theirs = preserved_of(side->assignment);
    for (size_t i = 0; i < theirs.count; i++) {
        const char *name = theirs.items[i];
        if (abide_words__find(side->convention->preserved, name) == SIZE_MAX &&
            strcmp(name, data->stack) != 0 && strcmp(name, data->frame) != 0 &&
            !abide_edge_data__find(data, name).group) {
            *reason = abide__printf(ctx, "nothing is known that preserves %s", name);
            return false;
        }
    }
    return true;
}

/* An entry ends as the caller's module says, if the instruction is known. */
static bool can_return(abide_ctx *ctx, const struct abide_side *side, const char **reason)
{
    const char *name = side->assignment->physical->machine->returned_by;
    const struct abide_instructions *data = side->processor->instructions;
    if (!name)
        return true;
    *reason = "no instruction is known but the usual that returns";
    return data && abide_instruction__find(ctx, &data->returns, name, reason);
}

/* A register among the first of each kind that is in a set; NULL: none is. */
static const char *first_of(const struct abide_register_order *order,
                            const struct abide_register_use *use, bool only_gaps,
                            struct names names)
{
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < use->counts[kind]; i++)
            if ((!only_gaps || !use->bytes[kind][i]) && has(names, order->registers[kind].items[i]))
                return order->registers[kind].items[i];
    return NULL;
}

/*
 * Registers that LLVM does not preserve although the convention's others are: those of parameters, and of results, which are all
 * up to the last one in use.
 */
static bool spoils(const struct abide_side *side, struct names preserved, const char **missing)
{
    const struct abide_convention *convention = side->convention;
    *missing = convention->arguments.are_spoilt
                   ? first_of(&convention->arguments, &side->arguments, false, preserved)
                   : NULL;
    if (!*missing)
        *missing = first_of(&convention->results, &side->results, true, preserved);
    return *missing;
}

/*
 * A function that is called preserves what its caller counts on; of one that we call no more is assumed than it keeps. LLVM
 * does not count on registers of the result, whatever its convention preserves.
 */
static bool preserves(abide_ctx *ctx, const struct abide_side *side, bool is_caller,
                      const char **reason)
{
    struct names ours = {side->convention->preserved.items, side->convention->preserved.count};
    struct names theirs = preserved_of(side->assignment);
    const struct abide_module *machine = side->assignment->physical->machine;
    struct names with_results = {machine->preserved, machine->preserved_count};
    const char *missing = NULL;
    if (side->convention->is_edge)
        return !is_caller || (can_keep(ctx, side, reason) && can_return(ctx, side, reason));
    if (side->convention->is_instruction)
        return true;
    if (is_caller ? covers(ours, theirs, &missing) && !spoils(side, theirs, &missing)
                  : covers(with_results, ours, &missing))
        return true;
    *reason =
        abide__printf(ctx, is_caller ? "it does not preserve %s" : "it counts on %s", missing);
    return false;
}

bool abide_side__preserves(const struct abide_side *side, const char *name)
{
    return abide_assignment_preserves(side->assignment, name);
}

const char *abide_side__vector_count(const struct abide_side *side)
{
    const struct abide_edge_data *data = side->processor->edge;
    const char *name = side->counts_vectors ? side->assignment->vector_count_register : NULL;
    for (size_t i = 0; name && i < data->count_count; i++)
        if (!strcmp(data->counts[i].name, name))
            return data->counts[i].value;
    return NULL;
}

static bool counts_vectors(abide_ctx *ctx, struct abide_side *side, const char **reason)
{
    const char *name = side->assignment->vector_count_register;
    struct abide_register_at at;
    side->counts_vectors = name && side->assignment->physical->is_variadic;
    if (side->counts_vectors && side->convention->is_edge && abide_side__vector_count(side) &&
        abide_convention__argument(side->convention, abide_side__vector_count(side), &at)) {
        use(&side->arguments, at, side->processor->register_bytes[at.kind]);
        return true;
    }
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

/* The stack pointer that an exit keeps lies behind the arguments, where one instruction has to reach it. */
static bool can_realign(abide_ctx *ctx, const struct abide_side *side, const char **reason)
{
    uint64_t align_bytes = side->assignment->stack_align_bytes;
    uint64_t near_bytes = side->processor->edge->near_bytes;
    if (align_bytes <= side->processor->conventions[0].align_bytes ||
        (align_bytes <= ABIDE_STACK_ALIGN_MAX_BYTES &&
         (!near_bytes || side->assignment->stack_bytes + align_bytes <= near_bytes)))
        return true;
    *reason = abide__printf(ctx, "it cannot align the stack to %llu bytes",
                            (unsigned long long)align_bytes);
    return false;
}

/* LLVM counts on the alignment of its convention; an entry makes it. */
static bool is_aligned(abide_ctx *ctx, const struct abide_side *side, const char **reason)
{
    if (side->convention->is_edge ||
        side->assignment->stack_align_bytes >= side->convention->align_bytes)
        return true;
    *reason = abide__printf(ctx, "it counts on a stack that is aligned to %u bytes",
                            side->convention->align_bytes);
    return false;
}

/* For a callee the first stack argument, and so where arguments start, is aligned. */
static bool can_align(abide_ctx *ctx, const struct abide_side *side, const char **reason)
{
    uint64_t align_bytes = side->assignment->stack_align_bytes;
    if (side->convention->is_edge)
        return can_realign(ctx, side, reason);
    if (!abide_side__is_over_aligned(side) ||
        (align_bytes <= side->convention->max_align_bytes &&
         abide_side__stack_start_bytes(side) % align_bytes == 0))
        return true;
    *reason = abide__printf(ctx, "it cannot align the stack to %llu bytes",
                            (unsigned long long)align_bytes);
    return false;
}

/* Whether those remove arguments who are to. Of a callee that removes all, the address of the result is one of them. */
static bool cleans_up(const struct abide_side *side, const char **reason)
{
    const abide_assignment *assignment = side->assignment;
    const struct abide_convention *convention = side->convention;
    bool has_stack = assignment->stack_bytes > 0;
    if (convention->is_edge)
        return true;
    if (convention->callee_cleans) {
        *reason = "its callees remove all arguments from the stack";
        return !has_stack || assignment->callee_cleans;
    }
    *reason = "it leaves the stack to the caller";
    if (has_stack && assignment->callee_cleans)
        return false;
    return assignment->callee_pops_bytes == 0 ||
           assignment->callee_pops_bytes == convention->indirect_pops_bytes;
}

/* Whether a stack word of the piece is at a position that a register of another argument takes (a float's). */
static bool meets_register(const struct abide_side *side, const abide_piece *piece)
{
    const struct abide_convention *convention = side->convention;
    size_t integers = convention->arguments.registers[ABIDE_REGISTER_INTEGER].count;
    uint64_t start_bytes = (uint64_t)piece->stack_offset_bytes - convention->start_bytes;
    uint64_t last = (start_bytes + piece->size_bytes - 1) / convention->slot_bytes;
    for (uint64_t i = start_bytes / convention->slot_bytes; i <= last; i++)
        for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
            if (integers + i < ABIDE_MAX_REGISTERS && side->arguments.bytes[kind][integers + i])
                return true;
    return false;
}

static bool has_own_positions(abide_ctx *ctx, const struct abide_side *side, const char **reason)
{
    const abide_assignment *assignment = side->assignment;
    if (side->convention->arguments.reach != ABIDE_REACH_POSITION)
        return true;
    for (size_t i = 0; i < assignment->physical->param_count; i++) {
        size_t count;
        const abide_piece *places = abide_side__places(&assignment->arguments[i], &count);
        for (size_t j = 0; j < count; j++)
            if (!places[j].register_name && places[j].size_bytes > 0 &&
                meets_register(side, &places[j])) {
                *reason = abide__printf(
                    ctx, "it passes no register's argument at the stack position of offset %lld",
                    (long long)places[j].stack_offset_bytes);
                return false;
            }
    }
    return true;
}

/* LLVM's functions with an `sret` parameter return nothing else. */
static bool has_one_result(abide_ctx *ctx, const struct abide_side *side, const char **reason)
{
    for (size_t kind = 0; side->has_indirect && kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        if (side->results.counts[kind] > 0) {
            *reason = abide__printf(ctx, "it returns nothing in registers if something is in %s",
                                    side->convention->indirect);
            return false;
        }
    return true;
}

static bool fits(abide_ctx *ctx, struct abide_side *side, bool is_caller, const char **reason)
{
    const abide_assignment *assignment = side->assignment;
    if (side->convention->since > LLVM_VERSION_MAJOR) {
        *reason = abide__printf(ctx, "it needs LLVM %u", side->convention->since);
        return false;
    }
    if (!cleans_up(side, reason) || (is_caller && !is_aligned(ctx, side, reason)))
        return false;
    for (size_t i = 0; i < assignment->physical->param_count; i++)
        if (!add_argument(ctx, side, &assignment->arguments[i], reason)) {
            *reason = of_parameter(ctx, side, i, *reason);
            return false;
        }
    if (!has_own_positions(ctx, side, reason) || !add_result(ctx, side, reason) ||
        !add_back(ctx, side, reason) || !has_one_result(ctx, side, reason) ||
        (!is_caller && !can_align(ctx, side, reason)))
        return false;
    /* What is removed is the whole area. */
    if ((side->convention->callee_cleans || side->convention->is_edge) &&
        assignment->stack_bytes > 0)
        side->stack_end_bytes = side->convention->start_bytes + assignment->stack_bytes;
    return counts_vectors(ctx, side, reason) && preserves(ctx, side, is_caller, reason);
}

static struct abide_side side_of(const struct abide_processor *processor,
                                 const struct abide_convention *convention,
                                 const abide_assignment *assignment)
{
    return (struct abide_side){.processor = processor,
                               .assignment = assignment,
                               .convention = convention,
                               .stack_end_bytes = convention->start_bytes};
}

struct abide_side abide_side__edge(abide_ctx *ctx, const struct abide_processor *processor,
                                   const abide_assignment *assignment, bool is_caller,
                                   const char **reason)
{
    struct abide_side side = side_of(processor, &processor->edge_convention, assignment);
    if (assignment->physical->machine->called_by) {
        *reason = "the callee is called by an instruction of its own";
        return (struct abide_side){.assignment = assignment};
    }
    if (!processor->edge || assignment->physical->machine->big_endian)
        return (struct abide_side){.assignment = assignment};
    if (fits(ctx, &side, is_caller, reason))
        return side;
    *reason = abide__printf(ctx, "%s: %s", side.convention->name, *reason);
    return (struct abide_side){.assignment = assignment};
}

/* The side of a callee that is an instruction. */
static struct abide_side instruction_side(abide_ctx *ctx, const struct abide_processor *processor,
                                          const abide_assignment *assignment, const char **reason)
{
    struct abide_side side = side_of(processor, &processor->instruction_convention, assignment);
    *reason = "no instruction is known but the usual that calls";
    if (!processor->instructions)
        return (struct abide_side){.assignment = assignment};
    if (fits(ctx, &side, false, reason)) {
        *reason = abide_instruction__obstacle(ctx, &side);
        if (!*reason)
            return side;
    }
    *reason = abide__printf(ctx, "%s: %s", side.convention->name, *reason);
    return (struct abide_side){.assignment = assignment};
}

/* The side by a convention of LLVM. */
static struct abide_side convention_side(abide_ctx *ctx, const struct abide_processor *processor,
                                         const abide_assignment *assignment, bool is_caller,
                                         const char **reason)
{
    const char *first = NULL;
    /* With unnamed arguments those come first in whose functions LLVM can start a list of them. */
    bool wants_lists = is_caller && assignment->physical->is_variadic;
    for (size_t i = 0; i < (wants_lists ? 2 : 1) * processor->convention_count; i++) {
        const struct abide_convention *convention =
            &processor->conventions[i % processor->convention_count];
        if (wants_lists && i < processor->convention_count && !convention->has_lists)
            continue;
        struct abide_side side = side_of(processor, convention, assignment);
        if (fits(ctx, &side, is_caller, reason)) {
            *reason = NULL;
            return side;
        }
        if (!first) /* the one that is preferred */
            first = abide__printf(ctx, "%s: %s", convention->name, *reason);
    }
    *reason = first;
    return (struct abide_side){.assignment = assignment};
}

/* The same, unless the callee is an instruction, or one leads back to the caller. */
static struct abide_side native_side(abide_ctx *ctx, const struct abide_processor *processor,
                                     const abide_assignment *assignment, bool is_caller,
                                     const char **reason)
{
    const struct abide_module *machine = assignment->physical->machine;
    if (machine->called_by)
        return instruction_side(ctx, processor, assignment, reason);
    if (!is_caller || !machine->returned_by)
        return convention_side(ctx, processor, assignment, is_caller, reason);
    *reason = abide__printf(ctx, "no function of it returns by %s", machine->returned_by);
    return (struct abide_side){.assignment = assignment};
}

struct abide_side abide_side__of(abide_ctx *ctx, const struct abide_processor *processor,
                                 const abide_assignment *assignment, bool is_caller,
                                 const char **reason)
{
    struct abide_side side = native_side(ctx, processor, assignment, is_caller, reason);
    if (side.convention || assignment->physical->machine->called_by)
        return side;
    const char *lack = *reason;
    side = abide_side__edge(ctx, processor, assignment, is_caller, reason);
    side.lack = lack;
    return side;
}

struct abide_register_use abide_register_use__joined(const struct abide_register_use *a,
                                                     const struct abide_register_use *b)
{
    struct abide_register_use both = *a;
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++) {
        both.counts[kind] = larger(a->counts[kind], b->counts[kind]);
        for (size_t i = 0; i < ABIDE_MAX_REGISTERS; i++) {
            uint32_t *own = &both.bytes[kind][i], others = b->bytes[kind][i];
            *own = *own > others ? *own : others;
        }
    }
    return both;
}

/* Whether parameters at the same positions are of the same kind. */
static bool agree_on_positions(const struct abide_side *caller, const struct abide_side *callee)
{
    if (caller->convention->arguments.reach != ABIDE_REACH_POSITION)
        return true;
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < callee->arguments.counts[kind]; i++)
            if (callee->arguments.bytes[kind][i] &&
                conflicts(
                    &caller->arguments,
                    (struct abide_register_at){.kind = (enum abide_register_kind)kind, .index = i}))
                return false;
    return true;
}

static bool uses_any(const struct abide_side *side, struct abide_words names)
{
    for (size_t i = 0; i < names.count; i++) {
        struct abide_register_at at;
        if (abide_convention__argument(side->convention, names.items[i], &at) &&
            side->arguments.counts[at.kind] > at.index)
            return true;
    }
    return false;
}

/* Whether a register is left for the address of the target, if that needs one. */
static bool has_room_for_target(const struct abide_side *caller, const struct abide_side *callee)
{
    const struct abide_convention *convention = caller->convention;
    size_t used = larger(caller->arguments.counts[ABIDE_REGISTER_INTEGER],
                         callee->arguments.counts[ABIDE_REGISTER_INTEGER]);
    return !convention->jumps_by_address || used < convention->scratch.count;
}

bool abide_sides__may_jump(const struct abide_side *caller, const struct abide_side *callee)
{
    const char *missing;
    const struct abide_convention *convention = caller->convention;
    return convention == callee->convention && convention->has_jumps && !callee->counts_vectors &&
           callee->stack_end_bytes <= caller->stack_end_bytes &&
           callee->assignment->stack_align_bytes <= caller->assignment->stack_align_bytes &&
           !uses_any(caller, convention->unjumpable) && !uses_any(callee, convention->unjumpable) &&
           agree_on_positions(caller, callee) && has_room_for_target(caller, callee) &&
           covers(preserved_of(callee->assignment), preserved_of(caller->assignment), &missing);
}

typedef struct abide_side side_function(abide_ctx *ctx, const struct abide_processor *processor,
                                        const abide_assignment *assignment, bool is_caller,
                                        const char **reason);

/* Whether there is a convention for both sides of a plan and of all plans inside it. */
static bool has_sides(abide_ctx *ctx, const struct abide_processor *processor,
                      const abide_plan *plan, side_function *side)
{
    const char *reason;
    for (size_t i = 0; i < plan->inner_count; i++)
        if (!has_sides(ctx, processor, plan->inner[i], side))
            return false;
    for (size_t i = 0; i < plan->adapter_count; i++)
        if (!has_sides(ctx, processor, plan->adapters[i]->plan, side))
            return false;
    return side(ctx, processor, plan->caller, true, &reason).convention &&
           side(ctx, processor, plan->callee, false, &reason).convention;
}

/* The first of the data that have all sides of some plans. NULL: none has. */
static const struct abide_processor *first_with(abide_ctx *ctx,
                                                const struct abide_processor *processors,
                                                size_t count, const abide_plan *const *plans,
                                                size_t plan_count, side_function *side)
{
    for (size_t i = 0; i < count; i++) {
        size_t held = 0;
        while (held < plan_count && has_sides(ctx, &processors[i], plans[held], side))
            held++;
        if (held == plan_count)
            return &processors[i];
    }
    return NULL;
}

const struct abide_processor *abide_side__choose(abide_ctx *ctx,
                                                 const struct abide_processor *processors,
                                                 size_t count, const abide_plan *const *plans,
                                                 size_t plan_count)
{
    const struct abide_processor *found = NULL;
    if (count > 1)
        found = first_with(ctx, processors, count, plans, plan_count, native_side);
    if (count > 1 && !found)
        found = first_with(ctx, processors, count, plans, plan_count, abide_side__of);
    return found ? found : &processors[0];
}
