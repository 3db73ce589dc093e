/* Gives parts of values registers and stack places. */
#include "call/place.h"
#include "call/leaves.h"

#include <assert.h>

static uint64_t align_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) / align * align;
}

static uint64_t min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* --- pieces --- */

/* The integer scalar that a value is; ABIDE_SCALAR_COUNT: something else. */
static enum abide_scalar integer_of(const abide_layout *layout)
{
    const abide_type *type = abide_type__strip(layout->type);
    if (type->kind == ABIDE_KIND_ENUM && !type->target)
        return layout->among->model->enum_base;
    if (type->kind == ABIDE_KIND_ENUM)
        type = abide_type__strip(type->target);
    if (type->kind != ABIDE_KIND_SCALAR || abide__scalars[type->scalar].group == ABIDE_GROUP_FLOAT)
        return ABIDE_SCALAR_COUNT;
    return type->scalar;
}

static void extend_to(const struct abide_placer *placer, abide_piece *piece, bool is_signed,
                      uint64_t bits, uint64_t place_bits)
{
    piece->extend_is_owed = placer->extend_is_owed;
    piece->extend = is_signed ? ABIDE_EXTEND_SIGN : ABIDE_EXTEND_ZERO;
    piece->extend_bits = (uint32_t)min(bits, place_bits);
}

/* What fills the place above a short integer; `type32-sign64` makes 32-bit values of shorter ones first. */
static void extend_integer(const struct abide_placer *placer, enum abide_scalar scalar,
                           abide_piece *piece, uint64_t place_bits)
{
    uint64_t bits = piece->size_bytes * 8;
    bool is_signed = placer->module->data->scalars[scalar].is_signed;
    piece->extend = ABIDE_EXTEND_NONE;
    switch (placer->extend) {
    case ABIDE_EXTENDS_NONE:
    case ABIDE_EXTENDS_BOOL: break; /* a bool is stored in all bits of its byte */
    case ABIDE_EXTENDS_TYPE32:
        if (bits < 32)
            extend_to(placer, piece, is_signed, 32, place_bits);
        break;
    case ABIDE_EXTENDS_TYPE32_SIGN64:
        if (bits <= 32 && place_bits > bits)
            extend_to(placer, piece, is_signed || bits == 32, 64, place_bits);
        break;
    case ABIDE_EXTENDS_TYPE64: extend_to(placer, piece, is_signed, 64, place_bits); break;
    }
}

static void state_extension(const struct abide_placer *placer, const abide_layout *layout,
                            bool is_float, abide_piece *piece, uint64_t place_bytes)
{
    if (piece->size_bytes >= place_bytes)
        return;
    enum abide_scalar scalar = integer_of(layout);
    if (scalar != ABIDE_SCALAR_COUNT)
        extend_integer(placer, scalar, piece, place_bytes * 8);
    else if (piece->register_name && !is_float)
        piece->extend = ABIDE_EXTEND_NONE;
}

/*
 * Where a short value starts in its place: on big-endian machines it may stand at the end. What is longer than a place
 * starts at its beginning, and so does the rest of it that is shorter: `size_bytes` is of what is cut into places.
 */
static uint64_t justified(const struct abide_placer *placer, enum abide_justify rule,
                          enum abide_justify usual, uint64_t size_bytes, uint64_t place_bytes)
{
    enum abide_justify justify = rule != ABIDE_JUSTIFY_NATURAL ? rule : usual;
    if (!placer->module->big_endian || justify == ABIDE_JUSTIFY_LEFT || size_bytes >= place_bytes)
        return 0;
    return place_bytes - size_bytes;
}

/* Whether a piece goes on where another one ends in memory, or lies behind it in the same register, perhaps behind padding. */
static bool continues(const abide_piece *last, const abide_piece *piece)
{
    uint64_t step_bytes = piece->offset_bytes - last->offset_bytes;
    if (last->as || piece->as || piece->offset_bytes < last->offset_bytes + last->size_bytes)
        return false;
    if (!last->register_name && !piece->register_name)
        return step_bytes == last->size_bytes &&
               last->stack_offset_bytes + (int64_t)step_bytes == piece->stack_offset_bytes;
    return last->register_name == piece->register_name &&
           last->at_bytes + step_bytes == piece->at_bytes;
}

/* Pieces that adjoin are one, but where the order on the stack is still to be reversed, and with it what adjoins. */
static void add_piece(struct abide_placer *placer, abide_piece piece)
{
    abide_piece *last =
        placer->pieces.count ? &placer->pieces.items[placer->pieces.count - 1] : NULL;
    bool moves_apart = placer->area->is_reversed && !piece.register_name;
    if (last && !moves_apart && continues(last, &piece)) {
        last->size_bytes = piece.offset_bytes + piece.size_bytes - last->offset_bytes;
        return;
    }
    abide__push(placer->ctx, &placer->pieces, piece);
}

/* A float that the bank holds in a wider format. */
static const char *format_held(const struct abide_bank *bank, const struct abide_part *part)
{
    if (!part->is_float_leaf || bank->converts_bytes <= part->size_bytes)
        return NULL;
    switch (bank->converts_bytes) {
    case 8: return "f64";
    case 10: return "f80";
    case 16: return "f128";
    default: return NULL;
    }
}

/* Where a bank counts what is taken of it: several banks may name the same registers. */
static struct abide_bank_state *state_of(struct abide_placer *placer, const struct abide_bank *bank)
{
    return &placer->cursor.banks[bank->counted_in];
}

/* Registers of a bank, as its counter has them. */
static uint64_t bits_of(const struct abide_bank *bank, size_t first, size_t count)
{
    uint64_t bits = 0;
    for (size_t i = first; i < first + count; i++)
        bits |= (uint64_t)1 << (bank->counted ? bank->counted[i] : i);
    return bits;
}

/* Takes all registers that are left; another bank with this counter may have more. */
static void fill(struct abide_placer *placer, const struct abide_bank *bank)
{
    struct abide_bank_state *state = state_of(placer, bank);
    state->next = max(state->next, bank->register_count);
    state->used |= bank->scatters ? bits_of(bank, 0, bank->register_count) : UINT64_MAX;
}

static void add_register(struct abide_placer *placer, const abide_layout *layout,
                         const struct abide_part *part, const struct abide_bank *bank, size_t index,
                         abide_piece piece)
{
    assert(index < bank->register_count);
    state_of(placer, bank)->used |= bits_of(bank, index, 1);
    piece.register_name = bank->registers[index];
    piece.as = format_held(bank, part);
    if (!piece.as)
        state_extension(placer, layout, part->is_float, &piece, bank->width_bytes);
    add_piece(placer, piece);
}

/* A register taken in sequence holds a part, or some of it from byte `at` on. */
static void add_next_register(struct abide_placer *placer, const abide_layout *layout,
                              const struct abide_pass_rule *rule, const struct abide_part *part,
                              const struct abide_bank *bank, size_t index, uint64_t at)
{
    abide_piece piece = {
        .offset_bytes = part->offset_bytes + at,
        .size_bytes = min(bank->width_bytes, part->size_bytes - at),
    };
    if (!format_held(bank, part))
        piece.at_bytes = (uint32_t)justified(placer, rule->justify, bank->justify, part->size_bytes,
                                             bank->width_bytes);
    add_register(placer, layout, part, bank, index, piece);
}

/* `offset_bytes`: in the area. */
static void add_stack(struct abide_placer *placer, const abide_layout *layout,
                      uint64_t offset_bytes, uint64_t slot_bytes, abide_piece piece)
{
    uint64_t size_bytes = piece.size_bytes;
    piece.stack_offset_bytes =
        placer->area->start_bytes + (int64_t)(offset_bytes - placer->cursor.bare_bytes);
    state_extension(placer, layout, false, &piece, slot_bytes);
    int64_t end = piece.stack_offset_bytes + (int64_t)size_bytes;
    if (end > placer->cursor.end_bytes)
        placer->cursor.end_bytes = end;
    add_piece(placer, piece);
}

/* --- the stack --- */

static uint64_t area_align(const struct abide_placer *placer, const abide_layout *layout,
                           uint64_t min_align_bytes)
{
    uint64_t align = placer->area->align_by_type ? layout->align_bytes
                                                 : abide_layout__natural_align_bytes(layout);
    return max(min(align, placer->area->max_align_bytes), min_align_bytes);
}

/* Positions of a block that starts below the stack pointer are registers and nothing else. */
static uint64_t first_in_memory(const struct abide_stack *area)
{
    return area->start_bytes < 0 ? (uint64_t)-area->start_bytes : 0;
}

static uint64_t align_of_leaves(abide_ctx *ctx, const abide_layout *layout)
{
    const struct abide_leaves *leaves = abide_leaves__of(ctx, layout);
    uint64_t align = 1;
    for (size_t i = 0; leaves && i < leaves->count; i++)
        align = max(align, leaves->items[i].align_bytes);
    return align;
}

static uint64_t stack_align(const struct abide_placer *placer, const abide_layout *layout,
                            const struct abide_pass_rule *rule, uint64_t min_align_bytes)
{
    if (rule->align == ABIDE_ALIGN_NOT)
        return min_align_bytes;
    if (rule->align != ABIDE_ALIGN_LEAVES)
        return area_align(placer, layout, min_align_bytes);
    uint64_t align = align_of_leaves(placer->ctx, layout);
    return max(min(align, placer->area->max_align_bytes), min_align_bytes);
}

/* What rules that did not fit have left is overwritten. */
static void note_stacked(struct abide_placer *placer, struct abide_stacked stacked)
{
    placer->stacked.count = placer->cursor.stacked_count;
    abide__push(placer->ctx, &placer->stacked, stacked);
    placer->cursor.stacked_count = placer->stacked.count;
}

int64_t abide_place__reversal(const struct abide_placer *placer, const abide_piece *piece)
{
    uint64_t at = (uint64_t)(piece->stack_offset_bytes - placer->area->start_bytes), next = 0;
    for (size_t i = placer->cursor.stacked_count; i-- > 0;) {
        const struct abide_stacked *stacked = &placer->stacked.items[i];
        next = align_up(next, stacked->align_bytes);
        if (at >= stacked->start_bytes && at < stacked->end_bytes)
            return (int64_t)next - (int64_t)stacked->start_bytes;
        next += stacked->end_bytes - stacked->start_bytes;
    }
    return 0;
}

static uint64_t min_align_of(const struct abide_placer *placer, const struct abide_pass_rule *rule)
{
    return rule->min_align_bytes ? rule->min_align_bytes : placer->area->min_align_bytes;
}

/* `size` bytes of the value, from `offset_bytes` on. */
static void stack_bytes(struct abide_placer *placer, const abide_layout *layout,
                        const struct abide_pass_rule *rule, uint64_t offset_bytes, uint64_t size,
                        uint64_t align)
{
    uint64_t slot = rule->slot_bytes ? rule->slot_bytes : placer->area->slot_bytes;
    uint64_t start =
        align_up(max(placer->cursor.stack_bytes, first_in_memory(placer->area)), align);
    placer->cursor.stack_bytes = start + align_up(size, slot);
    placer->cursor.align_bytes = max(placer->cursor.align_bytes, align);
    if (size == 0) {
        int64_t at = placer->area->start_bytes + (int64_t)(start - placer->cursor.bare_bytes);
        placer->cursor.end_bytes = at > placer->cursor.end_bytes ? at : placer->cursor.end_bytes;
        return;
    }
    note_stacked(placer, (struct abide_stacked){start, placer->cursor.stack_bytes, align});
    start += justified(placer, rule->justify, placer->area->justify, layout->size_bytes, slot);
    add_stack(placer, layout, start, slot,
              (abide_piece){.offset_bytes = offset_bytes, .size_bytes = size});
}

void abide_place__stack(struct abide_placer *placer, const abide_layout *layout,
                        const struct abide_pass_rule *rule, uint64_t offset_bytes)
{
    uint64_t min_align = min_align_of(placer, rule);
    bool is_rest = offset_bytes != 0; /* of a split value: right behind what is there */
    uint64_t align = is_rest ? min_align : stack_align(placer, layout, rule, min_align);
    stack_bytes(placer, layout, rule, offset_bytes, layout->size_bytes - offset_bytes, align);
}

/* The next position at such an alignment. Memory is aligned by itself: it may be behind the positions. */
static uint64_t aligned_position(struct abide_placer *placer, uint64_t align_bytes)
{
    struct abide_cursor *cursor = &placer->cursor;
    uint64_t counted = cursor->stack_bytes - cursor->uncounted_bytes;
    uint64_t memory = align_up(counted - cursor->bare_bytes, align_bytes);
    uint64_t position = align_up(counted, align_bytes);
    cursor->bare_bytes = position - memory;
    return position + cursor->uncounted_bytes;
}

void abide_place__count(struct abide_placer *placer, const struct abide_cursor *before,
                        const abide_layout *layout, uint64_t bytes)
{
    uint64_t align = area_align(placer, layout, placer->area->slot_bytes);
    uint64_t start = align_up(before->stack_bytes - before->uncounted_bytes, align);
    placer->cursor.uncounted_bytes = placer->cursor.stack_bytes - (start + bytes);
}

/* The first position of a block that no register stands for. */
static uint64_t end_of_registers(const struct abide_placer *placer)
{
    uint64_t count = 0;
    for (size_t bank = 0; bank < placer->bank_count; bank++)
        if (!placer->banks[bank]->own_counter)
            count = max(count, placer->banks[bank]->register_count);
    return count * placer->area->slot_bytes;
}

/* A value without bytes lies in the area all the same, if its position has no register. */
static void lie_without_bytes(struct abide_placer *placer, uint64_t position)
{
    int64_t at = placer->area->start_bytes + (int64_t)(position - placer->cursor.bare_bytes);
    if (placer->area->covers == ABIDE_COVERS_OVERFLOW && position >= end_of_registers(placer) &&
        at > placer->cursor.end_bytes)
        placer->cursor.end_bytes = at;
}

/*
 * Positions without memory give none to values that have no register: these lie behind the memory of all registers. Only
 * what is in memory of a value that has a register, too, lies where its position's memory is.
 */
static void stay_behind_registers(struct abide_placer *placer, uint64_t position)
{
    struct abide_cursor *cursor = &placer->cursor;
    uint64_t start = position - position % placer->area->slot_bytes;
    if (start >= cursor->registers_bytes)
        cursor->bare_bytes = min(cursor->bare_bytes, start - cursor->registers_bytes);
}

void abide_place__skip(struct abide_placer *placer, const abide_layout *layout,
                       const struct abide_pass_rule *rule)
{
    if (!rule->takes_slot)
        return;
    uint64_t align = rule->align == ABIDE_ALIGN_NOT
                         ? placer->area->slot_bytes
                         : area_align(placer, layout, placer->area->min_align_bytes);
    uint64_t position = aligned_position(placer, align);
    placer->cursor.stack_bytes = position + rule->slot_bytes;
    lie_without_bytes(placer, position);
    if (rule->shadow == ABIDE_NO_BANK || !placer->area->is_block)
        return;
    stay_behind_registers(placer, position);
    placer->cursor.bare_bytes += rule->slot_bytes;
    placer->cursor.registers_bytes =
        placer->banks[rule->shadow]->register_count * placer->area->slot_bytes;
}

/* --- sequences --- */

static size_t registers_for(const struct abide_bank *bank, uint64_t size_bytes)
{
    return (size_t)((size_bytes + bank->width_bytes - 1) / bank->width_bytes);
}

/* The lowest free run of `count` registers that starts at a multiple of `step`. */
static bool take_backfilled(const struct abide_bank *bank, struct abide_bank_state *state,
                            size_t count, size_t step, size_t *start)
{
    for (size_t at = 0; at + count <= bank->register_count; at += step)
        if (!(state->used & bits_of(bank, at, count))) {
            state->used |= bits_of(bank, at, count);
            state->next = max(state->next, at + count);
            *start = at;
            return true;
        }
    return false;
}

/* What has no bytes is where a register is left, and takes none. */
static bool take(const struct abide_bank *bank, struct abide_bank_state *state, size_t count,
                 size_t step, size_t *start)
{
    size_t needed = count ? count : 1;
    if (needed > bank->register_count)
        return false;
    if (bank->backfill)
        return take_backfilled(bank, state, count, step, start);
    *start = align_up(state->next, step);
    if (*start + needed + state->withheld > bank->register_count)
        return false;
    state->next = *start + count;
    return true;
}

/* The multiple of registers that a value starts at. */
static size_t step_of(const struct abide_placer *placer, const abide_layout *layout,
                      const struct abide_pass_rule *rule, const struct abide_bank *bank)
{
    if (rule->align != ABIDE_ALIGN_REGS)
        return 1;
    return (size_t)max(area_align(placer, layout, 1) / bank->width_bytes, 1);
}

struct runs {
    size_t start[ABIDE_MAX_BANKS];
    size_t next[ABIDE_MAX_BANKS];
};

/* One run of registers in each bank for all parts that go there. */
static bool take_runs(struct abide_placer *placer, const abide_layout *layout,
                      const struct abide_pass_rule *rule, struct abide_part_list parts,
                      struct runs *runs)
{
    size_t counts[ABIDE_MAX_BANKS] = {0}, steps[ABIDE_MAX_BANKS] = {0};
    bool has_part[ABIDE_MAX_BANKS] = {false}; /* perhaps one without bytes, which only aligns */
    for (size_t i = 0; i < parts.count; i++) {
        const struct abide_part *part = &parts.items[i];
        size_t count = registers_for(placer->banks[part->bank], part->size_bytes);
        size_t counter = placer->banks[part->bank]->counted_in;
        counts[counter] += count;
        has_part[counter] = true;
        if (placer->banks[part->bank]->backfill) /* aligned to the element */
            steps[counter] = max(steps[counter], count);
    }
    for (size_t bank = 0; bank < placer->bank_count; bank++) {
        size_t step = max(step_of(placer, layout, rule, placer->banks[bank]), steps[bank]);
        if (has_part[bank] && !take(placer->banks[bank], &placer->cursor.banks[bank], counts[bank],
                                    step, &runs->start[bank]))
            return false;
        runs->next[bank] = runs->start[bank];
    }
    return true;
}

/* The pieces of a part, one for each register from `index` on, as far as the registers go. */
static void add_registers(struct abide_placer *placer, const abide_layout *layout,
                          const struct abide_pass_rule *rule, const struct abide_part *part,
                          size_t index)
{
    const struct abide_bank *bank = placer->banks[part->bank];
    for (uint64_t at = 0; at < part->size_bytes && index < bank->register_count;
         at += bank->width_bytes)
        add_next_register(placer, layout, rule, part, bank, index++, at);
}

static bool may_split(const struct abide_placer *placer, const struct abide_pass_rule *rule)
{
    return rule->split == ABIDE_SPLIT_ALWAYS ||
           (rule->split == ABIDE_SPLIT_IF_STACK_EMPTY && placer->cursor.stack_bytes == 0);
}

/* The registers that are left, and the rest of the value on the stack. */
static bool split_part(struct abide_placer *placer, const abide_layout *layout,
                       const struct abide_pass_rule *rule, const struct abide_part *part)
{
    const struct abide_bank *bank = placer->banks[part->bank];
    struct abide_bank_state *state = state_of(placer, bank);
    size_t start = align_up(state->next, step_of(placer, layout, rule, bank));
    if (!may_split(placer, rule) || bank->backfill || state->withheld ||
        start >= bank->register_count)
        return false;
    state->next = bank->register_count;
    add_registers(placer, layout, rule, part, start);
    abide_place__stack(placer, layout, rule, (bank->register_count - start) * bank->width_bytes);
    return true;
}

/*
 * Each register is the lowest that is free, wherever the one before it was. Where too few are left, a rule may split its only
 * part between them and the stack.
 */
static bool place_scattered(struct abide_placer *placer, const abide_layout *layout,
                            const struct abide_pass_rule *rule, struct abide_part_list parts)
{
    for (size_t i = 0; i < parts.count; i++) {
        const struct abide_part *part = &parts.items[i];
        const struct abide_bank *bank = placer->banks[part->bank];
        for (uint64_t at = 0; at < part->size_bytes; at += bank->width_bytes) {
            size_t index;
            if (!take_backfilled(bank, state_of(placer, bank), 1, 1, &index)) {
                bool splits = at > 0 && parts.count == 1 && !placer->area->is_block &&
                              may_split(placer, rule);
                if (splits)
                    abide_place__stack(placer, layout, rule, part->offset_bytes + at);
                return splits;
            }
            add_next_register(placer, layout, rule, part, bank, index, at);
        }
    }
    return true;
}

/* Parts that do not all have registers: each has its own, or lies on the stack. */
static bool place_apart(struct abide_placer *placer, const abide_layout *layout,
                        const struct abide_pass_rule *rule, struct abide_part_list parts)
{
    if (!may_split(placer, rule))
        return false;
    for (size_t i = 0; i < parts.count; i++) {
        const struct abide_part *part = &parts.items[i];
        struct runs run = {{0}, {0}};
        struct abide_part_list one = {part, 1};
        if (take_runs(placer, layout, rule, one, &run))
            add_registers(placer, layout, rule, part,
                          run.start[placer->banks[part->bank]->counted_in]);
        else
            stack_bytes(placer, layout, rule, part->offset_bytes, part->size_bytes,
                        min_align_of(placer, rule));
    }
    return true;
}

static bool is_scattered(const struct abide_placer *placer, struct abide_part_list parts)
{
    for (size_t i = 0; i < parts.count; i++)
        if (!placer->banks[parts.items[i].bank]->scatters)
            return false;
    return parts.count > 0;
}

static bool place_in_sequences(struct abide_placer *placer, const abide_layout *layout,
                               const struct abide_pass_rule *rule, struct abide_part_list parts)
{
    if (is_scattered(placer, parts))
        return place_scattered(placer, layout, rule, parts);
    struct abide_cursor before = placer->cursor;
    struct runs runs = {{0}, {0}};
    if (!take_runs(placer, layout, rule, parts, &runs)) {
        placer->cursor = before;
        return rule->verb == ABIDE_VERB_CLASSES
                   ? place_apart(placer, layout, rule, parts)
                   : parts.count == 1 && split_part(placer, layout, rule, &parts.items[0]);
    }
    for (size_t i = 0; i < parts.count; i++) {
        const struct abide_part *part = &parts.items[i];
        const struct abide_bank *bank = placer->banks[part->bank];
        size_t first = runs.next[bank->counted_in];
        runs.next[bank->counted_in] += registers_for(bank, part->size_bytes);
        if (runs.next[bank->counted_in] > bank->register_count) { /* the counter's bank has more */
            placer->cursor = before;
            return false;
        }
        add_registers(placer, layout, rule, part, first);
    }
    return true;
}

/* --- blocks --- */

/* The piece at a position: in the register that stands for it, or in memory. A value keeps its shape: it is justified as a whole. */
static void add_at_position(struct abide_placer *placer, const abide_layout *layout,
                            const struct abide_pass_rule *rule, const struct abide_part *part,
                            const struct abide_bank *bank, uint64_t position, abide_piece piece)
{
    uint64_t slot = placer->area->slot_bytes;
    uint64_t index = position / slot;
    bool in_register = bank && index < bank->register_count;
    position +=
        justified(placer, rule->justify, in_register ? bank->justify : placer->area->justify,
                  layout->size_bytes, slot);
    if (in_register) {
        piece.at_bytes = (uint32_t)(position % slot);
        add_register(placer, layout, part, bank, (size_t)index, piece);
    } else {
        if (placer->pieces.count == 0 && !rule->also_on_stack)
            stay_behind_registers(placer, position);
        add_stack(placer, layout, position, slot, piece);
    }
}

/* Cuts [offset, end) of a value at the borders of positions. */
static void add_positions(struct abide_placer *placer, const abide_layout *layout,
                          const struct abide_pass_rule *rule, const struct abide_part *part,
                          const struct abide_bank *bank, uint64_t base, uint64_t done_bytes)
{
    uint64_t slot = placer->area->slot_bytes;
    for (uint64_t at = done_bytes; at < part->size_bytes;) {
        uint64_t position = base + part->offset_bytes + at;
        uint64_t size = min(slot - position % slot, part->size_bytes - at);
        add_at_position(placer, layout, rule, part, bank, position,
                        (abide_piece){.offset_bytes = part->offset_bytes + at, .size_bytes = size});
        at += size;
    }
}

/*
 * The first part without a register may begin in the middle of a position. What is before it went to the last register, and
 * is in the position as well: callers write whole positions, and a callee may read either.
 */
static void share_position(struct abide_placer *placer, const abide_layout *layout,
                           const struct abide_pass_rule *rule, const struct abide_part *part,
                           const struct abide_bank *bank, uint64_t base)
{
    uint64_t before = (base + part->offset_bytes) % placer->area->slot_bytes;
    const abide_piece *last =
        placer->pieces.count ? &placer->pieces.items[placer->pieces.count - 1] : NULL;
    if (before == 0 || before > part->offset_bytes || !last ||
        last->register_name != bank->registers[bank->register_count - 1])
        return;
    struct abide_part copy = *part;
    copy.offset_bytes -= before;
    copy.size_bytes = before;
    add_positions(placer, layout, rule, &copy, bank->overflow, base, 0);
}

/* A bank that counts on its own, although its values have positions; where it ends the other bank takes over. */
static void add_counted(struct abide_placer *placer, const abide_layout *layout,
                        const struct abide_pass_rule *rule, const struct abide_part *part,
                        const struct abide_bank *bank, uint64_t base)
{
    struct abide_bank_state *state = state_of(placer, bank);
    uint64_t at = 0;
    for (; at < part->size_bytes && state->next < bank->register_count; at += bank->width_bytes)
        add_next_register(placer, layout, rule, part, bank, state->next++, at);
    if (at == 0 && part->size_bytes > 0)
        share_position(placer, layout, rule, part, bank, base);
    add_positions(placer, layout, rule, part, bank->overflow, base, at);
}

/* The end of a value in memory may be bytes that no part has, and callees may write to them. */
static void reserve_to(struct abide_placer *placer, uint64_t registers_bytes, uint64_t end_bytes)
{
    int64_t end = placer->area->start_bytes + (int64_t)(end_bytes - placer->cursor.bare_bytes);
    if (end_bytes > registers_bytes && end > placer->cursor.end_bytes)
        placer->cursor.end_bytes = end;
}

/* `also: stack`: of a value that lies in memory with a part, all the rest does besides. */
static void copy_to_stack(struct abide_placer *placer, const abide_layout *layout, uint64_t base)
{
    size_t kept = 0;
    for (size_t i = 0; i < placer->pieces.count; i++)
        if (placer->pieces.items[i].register_name)
            placer->pieces.items[kept++] = placer->pieces.items[i];
    if (kept == placer->pieces.count)
        return;
    placer->pieces.count = kept;
    if (kept == 0)
        stay_behind_registers(placer, base);
    add_stack(placer, layout, base, placer->area->slot_bytes,
              (abide_piece){.size_bytes = layout->size_bytes});
}

/* Whether a register that is wider than its position holds all of the value, which has one position then. */
static bool is_in_wide_register(const struct abide_placer *placer, const abide_layout *layout,
                                struct abide_part_list parts)
{
    const struct abide_bank *bank = parts.count == 1 ? placer->banks[parts.items[0].bank] : NULL;
    return bank && !bank->own_counter && !bank->scatters &&
           layout->size_bytes > placer->area->slot_bytes && layout->size_bytes <= bank->width_bytes;
}

static bool place_in_wide_register(struct abide_placer *placer, const abide_layout *layout,
                                   const struct abide_pass_rule *rule,
                                   const struct abide_part *part)
{
    const struct abide_bank *bank = placer->banks[part->bank];
    uint64_t index = placer->cursor.stack_bytes / placer->area->slot_bytes;
    if (index >= bank->register_count)
        return false;
    add_next_register(placer, layout, rule, part, bank, (size_t)index, 0);
    placer->cursor.stack_bytes += placer->area->slot_bytes;
    return true;
}

/* Of the position at which a value starts. */
static uint64_t position_align(const struct abide_placer *placer, const abide_layout *layout,
                               const struct abide_pass_rule *rule, struct abide_part_list parts)
{
    uint64_t least = max(placer->area->slot_bytes, rule->min_align_bytes);
    if (rule->align == ABIDE_ALIGN_NOT)
        return placer->area->slot_bytes;
    if (rule->align != ABIDE_ALIGN_LEAVES)
        return area_align(placer, layout, least);
    uint64_t align = 1;
    for (size_t i = 0; i < parts.count; i++)
        align = max(align, parts.items[i].align_bytes);
    return max(min(align, placer->area->max_align_bytes), least);
}

static bool place_in_block(struct abide_placer *placer, const abide_layout *layout,
                           const struct abide_pass_rule *rule, struct abide_part_list parts)
{
    if (is_in_wide_register(placer, layout, parts))
        return place_in_wide_register(placer, layout, rule, &parts.items[0]);
    uint64_t slot = placer->area->slot_bytes;
    uint64_t align = position_align(placer, layout, rule, parts);
    uint64_t base = rule->align == ABIDE_ALIGN_POSITION
                        ? align_up(placer->cursor.stack_bytes, align)
                        : aligned_position(placer, align);
    uint64_t end = base + align_up(layout->size_bytes, slot);
    bool is_anywhere = is_scattered(placer, parts);
    if (is_anywhere && !place_scattered(placer, layout, rule, parts))
        return false;
    for (size_t i = 0; i < parts.count && !is_anywhere; i++) {
        const struct abide_part *part = &parts.items[i];
        const struct abide_bank *bank = placer->banks[part->bank];
        if (bank->own_counter) {
            add_counted(placer, layout, rule, part, bank, base);
        } else {
            add_positions(placer, layout, rule, part, bank, base, 0);
            reserve_to(placer, bank->register_count * slot, end);
        }
    }
    if (parts.count == 0 && layout->size_bytes > 0) {
        stay_behind_registers(placer, base);
        reserve_to(placer, end_of_registers(placer), end);
    }
    if (rule->also_on_stack)
        copy_to_stack(placer, layout, base);
    placer->cursor.stack_bytes = end;
    return true;
}

bool abide_place__parts(struct abide_placer *placer, const abide_layout *layout,
                        const struct abide_pass_rule *rule, struct abide_part_list parts)
{
    return placer->area->is_block ? place_in_block(placer, layout, rule, parts)
                                  : place_in_sequences(placer, layout, rule, parts);
}

void abide_place__exhaust(struct abide_placer *placer, uint32_t banks)
{
    for (size_t bank = 0; bank < placer->bank_count; bank++)
        if (banks & (1u << bank)) {
            fill(placer, placer->banks[bank]);
        }
}

bool abide_place__withhold(struct abide_placer *placer, uint8_t bank, uint64_t size_bytes)
{
    const struct abide_bank *withheld = placer->banks[bank];
    struct abide_bank_state *state = state_of(placer, withheld);
    size_t count = registers_for(withheld, size_bytes);
    if (withheld->backfill) { /* the highest that are free */
        for (size_t i = withheld->register_count; i-- > 0 && count > 0;)
            if (!(state->used & bits_of(withheld, i, 1))) {
                state->used |= bits_of(withheld, i, 1);
                count--;
            }
        return count == 0;
    }
    if (state->next + state->withheld + count > withheld->register_count)
        return false;
    state->withheld += count;
    return true;
}

void abide_place__shadow(struct abide_placer *placer, uint8_t bank, uint64_t size_bytes)
{
    const struct abide_bank *shadowed = placer->banks[bank];
    struct abide_bank_state *state = state_of(placer, shadowed);
    size_t start;
    if (take(shadowed, state, registers_for(shadowed, size_bytes), 1, &start))
        return;
    fill(placer, shadowed);
}
