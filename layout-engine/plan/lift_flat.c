/*
 * Flat forms: the words that a value becomes where it is passed as words (call/flat.h). Each side's words are brought from or to
 * that side's own form in memory, between which everything else is converted. Words of a sum hold what the case says.
 */
#include "plan/lift_inner.h"

#include "plan/flatten.h"

#include <string.h>

/* A walk over the words of one side's flat form, in order. */
struct words {
    struct abide_lift *lift;
    const struct abide_side *side;
    const abide_layout *flat_layout;
    abide_value flat, memory; /* addresses */
    bool to_flat;
    size_t next;               /* word */
    struct abide_runs pending; /* moves that are not written yet */
};

static void flush(struct words *words)
{
    struct abide_lift *lift = words->lift;
    if (words->to_flat)
        abide_op__runs(&lift->build, words->flat, words->memory, &words->pending);
    else
        abide_op__runs(&lift->build, words->memory, words->flat, &words->pending);
    words->pending = (struct abide_runs){0};
}

static uint64_t flat_offset(const struct words *words, size_t word)
{
    return abide_layout__field(words->flat_layout, word).offset_bits / 8;
}

static uint64_t flat_size(const struct words *words, size_t word)
{
    return abide_layout__field(words->flat_layout, word).size_bits / 8;
}

static const char *move_word(struct words *words, uint64_t memory_bytes, uint64_t size_bytes)
{
    size_t word = words->next++;
    if (word >= abide_layout_field_count(words->flat_layout) || size_bytes > flat_size(words, word))
        return "its words are not those of its form in memory";
    uint64_t flat_bytes = flat_offset(words, word), flat_size_bytes = flat_size(words, word);
    struct abide_run run = {flat_bytes, memory_bytes, flat_size_bytes, size_bytes,
                            ABIDE_EXTEND_ZERO};
    if (words->to_flat)
        run = (struct abide_run){memory_bytes, flat_bytes, size_bytes, flat_size_bytes,
                                 ABIDE_EXTEND_ZERO};
    abide__push(words->lift->ctx, &words->pending, run);
    return NULL;
}

/* A scalar is one word, or what `flatten` says. */
static const char *walk_scalar(struct words *words, const abide_type *memory, uint64_t memory_bytes)
{
    const abide_layout *layout = abide_lift__layout(words->side, memory);
    if (!layout)
        return "one side has no layout for it";
    const struct abide_flatten *flatten = &words->side->module->language->flatten;
    for (size_t i = 0; memory->kind == ABIDE_KIND_SCALAR && i < flatten->scalar_count; i++) {
        const struct abide_flat_scalar *as = &flatten->scalars[i];
        if (as->of != memory->scalar || as->word_count < 2)
            continue;
        uint64_t half_bytes = layout->size_bytes / as->word_count;
        const char *reason = NULL;
        for (size_t k = 0; k < as->word_count && !reason; k++)
            reason = move_word(words, memory_bytes + k * half_bytes, half_bytes);
        return reason;
    }
    return move_word(words, memory_bytes, layout->size_bytes);
}

static const char *walk(struct words *words, const abide_type *type, const abide_type *memory,
                        uint64_t memory_bytes);

static const char *walk_cases(struct words *words, const abide_type *sum,
                              const struct abide_sum_parts *parts, uint64_t memory_bytes,
                              abide_value tag, uint64_t tag_bytes)
{
    struct abide_lift *lift = words->lift;
    const struct abide_lift_choice choice = {parts, tag, tag_bytes};
    size_t first = words->next, last = first;
    const char *reason = NULL;
    abide_lift__choose(lift, &choice);
    for (size_t i = 0; i < sum->field_count && !reason; i++) {
        const struct abide_part *payload = &parts->payloads[i];
        words->next = first;
        abide_lift__case(lift, &choice, i);
        if (payload->type)
            reason = walk(words, sum->fields[i].type, payload->type,
                          memory_bytes + payload->offset_bytes);
        flush(words);
        abide_op__end(&lift->build);
        if (words->next > last)
            last = words->next;
    }
    words->next = last;
    abide_lift__chosen(lift, &choice, !lift->lifting->passes_unknown);
    return reason;
}

/* A tag that was passed: the low bits of its word, whose upper ones mean nothing where it shares it with others. */
static abide_value load_tag(struct words *words, size_t word, uint64_t *tag_bytes)
{
    const abide_module *module = words->side->module;
    uint64_t size_bytes = abide__scalars[module->language->flatten.tag].size_bytes;
    uint64_t offset_bytes = flat_offset(words, word), word_bytes = flat_size(words, word);
    if (size_bytes > word_bytes)
        size_bytes = word_bytes;
    if (module->machine->data->big_endian)
        offset_bytes += word_bytes - size_bytes;
    *tag_bytes = size_bytes;
    return abide_op__load(&words->lift->build, words->flat, offset_bytes, size_bytes);
}

static const char *walk_sum(struct words *words, const abide_type *sum, const abide_type *memory,
                            uint64_t memory_bytes)
{
    struct abide_lift *lift = words->lift;
    struct abide_sum_parts parts;
    if (!abide_parts__sum(words->side, sum, memory, &parts))
        return "its form does not say which of its members are the tag and the payload";
    size_t niche = parts.niche_case;
    if (niche != SIZE_MAX)
        return walk(words, sum->fields[niche].type, parts.payloads[niche].type, memory_bytes);
    const abide_layout *layout = abide_lift__layout(words->side, parts.tag.type);
    size_t word = words->next;
    uint64_t tag_bytes = layout ? layout->size_bytes : 0;
    const char *reason = move_word(words, memory_bytes + parts.tag.offset_bytes, tag_bytes);
    if (reason)
        return reason;
    flush(words);
    if (words->to_flat) {
        if (tag_bytes == 0 || tag_bytes > lift->word_bytes)
            return "its tag is no word";
        abide_value tag = abide_op__load(&lift->build, words->memory,
                                         memory_bytes + parts.tag.offset_bytes, tag_bytes);
        return walk_cases(words, sum, &parts, memory_bytes, tag, tag_bytes);
    }
    uint64_t passed_bytes;
    abide_value tag = load_tag(words, word, &passed_bytes);
    if (passed_bytes > lift->word_bytes)
        return "its tag is no word";
    return walk_cases(words, sum, &parts, memory_bytes, tag, passed_bytes);
}

static const char *walk_fields(struct words *words, const abide_type *type,
                               const abide_type *memory, uint64_t memory_bytes)
{
    const abide_layout *layout = abide_lift__layout(words->side, memory);
    const char *reason = layout ? NULL : "one side has no layout for it";
    for (size_t i = 0; i < memory->field_count && !reason; i++)
        reason = abide_layout__field(layout, i).is_bitfield
                     ? "it has bit-fields"
                     : walk(words, abide_parts__abstract_field(words->side, type, memory, i),
                            memory->fields[i].type,
                            memory_bytes + abide_layout__field(layout, i).offset_bits / 8);
    return reason;
}

static const char *walk_elements(struct words *words, const abide_type *type,
                                 const abide_type *memory, uint64_t memory_bytes)
{
    const abide_layout *layout = abide_lift__layout(words->side, memory->target);
    const abide_type *element = type && abide_type__is_sequence(type) ? type->target : NULL;
    const char *reason = layout ? NULL : "one side has no layout for its elements";
    for (uint64_t i = 0; i < memory->count && !reason; i++)
        reason = walk(words, element, memory->target, memory_bytes + i * layout->size_bytes);
    return reason;
}

/* `type` is NULL where only an ABI's own form is known. */
static const char *walk(struct words *words, const abide_type *type, const abide_type *memory,
                        uint64_t memory_bytes)
{
    memory = abide_type__strip(memory);
    type = type ? abide_type__strip(type) : NULL;
    if (type && abide_type__is_sum(type))
        return walk_sum(words, type, memory, memory_bytes);
    switch (memory->kind) {
    case ABIDE_KIND_VOID: return NULL;
    case ABIDE_KIND_STRUCT: return walk_fields(words, type, memory, memory_bytes);
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_COMPLEX: return walk_elements(words, type, memory, memory_bytes);
    case ABIDE_KIND_UNION: return "which member of a union is alive is unknown";
    default: return walk_scalar(words, memory, memory_bytes);
    }
}

/* One side of a conversion of which at least one is flat. */
struct flat_side {
    const struct abide_side *side;
    const abide_type *memory_type;
    const abide_type *flat_type; /* NULL: the value lies in memory */
    abide_value value;           /* in memory */
};

/* Between a value in memory and its words. */
static const char *move_words(struct abide_lift *lift, const struct flat_side *side,
                              const abide_type *type, abide_value flat, bool to_flat)
{
    struct words words = {.lift = lift,
                          .side = side->side,
                          .flat_layout = abide_lift__layout(side->side, side->flat_type),
                          .flat = flat,
                          .memory = side->value,
                          .to_flat = to_flat};
    const abide_layout *layout = abide_lift__layout(side->side, side->memory_type);
    if (!words.flat_layout || !layout)
        return "one side has no layout for it";
    if (to_flat)
        abide_op__zero(&lift->build, flat, words.flat_layout->size_bytes);
    else
        abide_op__zero(&lift->build, side->value, layout->size_bytes);
    const char *reason = walk(&words, type, side->memory_type, 0);
    flush(&words);
    if (!reason && words.next != abide_layout_field_count(words.flat_layout))
        reason = "its words are not those of its form in memory";
    return reason;
}

/* --- conversions ------------------------------------------------------------------------------------ */

/* Whether the words lie as the value in memory does. */
static bool is_like_memory(const struct abide_side *side, const abide_type *type,
                           const abide_type *memory, const abide_type *flat)
{
    const abide_layout *words = abide_lift__layout(side, flat);
    const abide_layout *layout = abide_lift__layout(side, memory);
    struct abide_runs runs = {0};
    return words && layout && words->size_bytes == layout->size_bytes &&
           !abide_flatten__runs(side, type, memory, flat, true, &runs) &&
           abide_runs__are_identity(runs.items, runs.count, layout->size_bytes);
}

static const char *find_memory(struct abide_lift *lift, struct flat_side *flat,
                               const abide_type *type, const abide_type *physical)
{
    flat->memory_type = physical;
    if (!physical->flat_of)
        return NULL;
    flat->memory_type = abide_lift__represent(flat->side, type);
    if (!flat->memory_type)
        return "one side has no form for it in memory";
    if (is_like_memory(flat->side, type, flat->memory_type, physical))
        return NULL;
    const abide_layout *layout = abide_lift__layout(flat->side, flat->memory_type);
    if (!layout)
        return "one side has no layout for it";
    flat->flat_type = physical;
    struct abide_lift_room room = {.count = abide_op__constant(&lift->build, 0),
                                   .more_bytes = layout->size_bytes,
                                   .align_bytes = layout->align_bytes};
    return abide_lift__allocate_in_frame(lift, &room, &flat->value);
}

/* Between a flat form and a form in memory that is the same on both sides, words need no other memory on their way. */
static const char *move_at_once(struct abide_lift *lift, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type, bool *moved)
{
    bool to_flat = to_type->flat_of != NULL;
    struct flat_side side = {.side = to_flat ? &lift->to : &lift->from,
                             .flat_type = to_flat ? to_type : from_type,
                             .value = to_flat ? ABIDE_LIFT_FROM : ABIDE_LIFT_TO};
    struct abide_lift_step step;
    side.memory_type = abide_lift__represent(side.side, type);
    *moved = false;
    if (!side.memory_type || (from_type->flat_of && to_flat))
        return NULL;
    const char *reason =
        to_flat ? abide_lift__step(lift, type, from_type, side.memory_type, lift->transfer, &step)
                : abide_lift__step(lift, type, side.memory_type, to_type, lift->transfer, &step);
    if (reason || !step.moves_all)
        return reason;
    *moved = true;
    return move_words(lift, &side, type, to_flat ? ABIDE_LIFT_TO : ABIDE_LIFT_FROM, to_flat);
}

const char *abide_lift__write_flat(struct abide_lift *lift, const abide_type *type,
                                   const abide_type *from_type, const abide_type *to_type)
{
    struct flat_side from = {.side = &lift->from, .value = ABIDE_LIFT_FROM};
    struct flat_side to = {.side = &lift->to, .value = ABIDE_LIFT_TO};
    bool moved = false;
    const char *reason = move_at_once(lift, type, from_type, to_type, &moved);
    if (reason || moved)
        return reason;
    reason = find_memory(lift, &from, type, from_type);
    if (!reason)
        reason = find_memory(lift, &to, type, to_type);
    if (!reason && from.flat_type)
        reason = move_words(lift, &from, type, ABIDE_LIFT_FROM, false);
    struct abide_lift_step step;
    if (!reason)
        reason =
            abide_lift__step(lift, type, from.memory_type, to.memory_type, lift->transfer, &step);
    if (reason)
        return reason;
    abide_lift__apply(lift, &step, from.value, 0, to.value, 0);
    if (to.flat_type)
        reason = move_words(lift, &to, type, ABIDE_LIFT_TO, true);
    return reason;
}
