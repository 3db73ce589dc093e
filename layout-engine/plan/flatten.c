/*
 * Words and bytes of one value. A word of the flat form is a scalar of the form in memory, or of a part of one. Of a sum, a word
 * may be a scalar of each case: moving bytes suffices where all of them lie at one place.
 */
#include "plan/flatten.h"

#include <string.h>

static const char differing_cases[] =
    "which bytes of its payload a word holds depends on the case that it is";

/* Where in memory a word lies, and how much of it is there: the widest of all cases. */
struct slot {
    uint64_t memory_bytes;
    uint64_t memory_size_bytes;
    uint64_t least_size_bytes; /* the narrowest of all cases */
    uint64_t tag_size_bytes;   /* of a tag that stands there, in memory; 0: none does */
};

struct flattening {
    const struct abide_side *side;
    const abide_layout *flat;
    struct slot *slots; /* parallel to the words */
    size_t word;        /* the next one */
};

static const abide_layout *layout_of(const struct flattening *flattening, const abide_type *type)
{
    return abide_layout__physical(flattening->side->ctx, flattening->side->module->machine->data,
                                  type);
}

static uint64_t word_bytes(const struct flattening *flattening, size_t word)
{
    return abide_layout__field(flattening->flat, word).size_bits / 8;
}

/* Where the first byte is the highest, the low end of a word is at another place for each size. */
static bool starts_high(const struct flattening *flattening)
{
    return flattening->side->module->machine->data->big_endian;
}

/* One scalar, in as many words as it takes. */
static const char *place_scalar(struct flattening *flattening, const abide_type *memory,
                                uint64_t memory_bytes)
{
    const abide_layout *layout = layout_of(flattening, memory);
    if (!layout)
        return "one side has no layout for it";
    for (uint64_t done = 0; done < layout->size_bytes;) {
        if (flattening->word >= abide_layout_field_count(flattening->flat))
            return "its words are not those of its form in memory";
        uint64_t part_bytes = word_bytes(flattening, flattening->word);
        if (part_bytes > layout->size_bytes - done)
            part_bytes = layout->size_bytes - done;
        struct slot *slot = &flattening->slots[flattening->word++];
        if (slot->memory_size_bytes &&
            (slot->memory_bytes != memory_bytes + done ||
             (starts_high(flattening) && slot->memory_size_bytes != part_bytes)))
            return differing_cases;
        slot->memory_bytes = memory_bytes + done;
        if (!slot->least_size_bytes || slot->least_size_bytes > part_bytes)
            slot->least_size_bytes = part_bytes;
        if (slot->memory_size_bytes < part_bytes)
            slot->memory_size_bytes = part_bytes;
        done += part_bytes;
    }
    return NULL;
}

static const char *place(struct flattening *flattening, const abide_type *type,
                         const abide_type *memory, uint64_t memory_bytes);

/*
 * A tag is a word of its own width, wider than in memory: where it shares its word, what lies behind it in memory must not come with it.
 * Of other words that share one, upper bits mean nothing, unless the module says otherwise (must_clear).
 */
static const char *place_tag(struct flattening *flattening, const abide_type *tag,
                             uint64_t memory_bytes)
{
    const abide_layout *layout = layout_of(flattening, tag);
    size_t word = flattening->word;
    const char *reason = place_scalar(flattening, tag, memory_bytes);
    if (!reason && word < abide_layout_field_count(flattening->flat))
        flattening->slots[word].tag_size_bytes = layout->size_bytes;
    return reason;
}

static bool has_widened_tag(const struct flattening *flattening, const struct slot *slot)
{
    enum abide_scalar tag = flattening->side->module->language->flatten.tag;
    return slot->tag_size_bytes && slot->tag_size_bytes < abide__scalars[tag].size_bytes &&
           slot->memory_size_bytes > slot->tag_size_bytes;
}

/* What lies behind the narrower value of a case would be the upper bits of its word. */
static bool must_clear(const struct flattening *flattening, const struct slot *slot)
{
    return flattening->side->module->language->flatten.clears_upper &&
           slot->least_size_bytes < slot->memory_size_bytes;
}

/* Cases share the words that follow the tag. */
static const char *place_sum(struct flattening *flattening, const abide_type *sum,
                             const abide_type *memory, uint64_t memory_bytes)
{
    struct abide_sum_parts parts;
    if (!abide_parts__sum(flattening->side, sum, memory, &parts))
        return "its form does not say which member is the tag";
    size_t niche = parts.niche_case;
    if (niche != SIZE_MAX)
        return place(flattening, sum->fields[niche].type, parts.payloads[niche].type, memory_bytes);
    const char *reason =
        place_tag(flattening, parts.tag.type, memory_bytes + parts.tag.offset_bytes);
    size_t first = flattening->word, last = first;
    for (size_t i = 0; i < sum->field_count && !reason; i++) {
        if (!parts.payloads[i].type)
            continue;
        flattening->word = first;
        reason = place(flattening, sum->fields[i].type, parts.payloads[i].type,
                       memory_bytes + parts.payloads[i].offset_bytes);
        if (flattening->word > last)
            last = flattening->word;
    }
    flattening->word = last;
    return reason;
}

static const char *place_fields(struct flattening *flattening, const abide_type *type,
                                const abide_type *memory, uint64_t memory_bytes)
{
    const abide_layout *layout = layout_of(flattening, memory);
    const char *reason = layout ? NULL : "one side has no layout for it";
    for (size_t i = 0; !reason && i < memory->field_count; i++)
        reason =
            abide_layout__field(layout, i).is_bitfield
                ? "it has bit-fields"
                : place(flattening, abide_parts__abstract_field(flattening->side, type, memory, i),
                        memory->fields[i].type,
                        memory_bytes + abide_layout__field(layout, i).offset_bits / 8);
    return reason;
}

static const char *place_elements(struct flattening *flattening, const abide_type *type,
                                  const abide_type *memory, uint64_t memory_bytes)
{
    const abide_type *element = type && abide_type__is_sequence(type) ? type->target : NULL;
    const abide_layout *layout = layout_of(flattening, memory->target);
    const char *reason = layout ? NULL : "one side has no layout for its elements";
    for (uint64_t i = 0; !reason && i < memory->count; i++)
        reason = place(flattening, element, memory->target, memory_bytes + i * layout->size_bytes);
    return reason;
}

/* `type` is NULL where the ABI's own form is all that is known. */
static const char *place(struct flattening *flattening, const abide_type *type,
                         const abide_type *memory, uint64_t memory_bytes)
{
    memory = abide_type__strip(memory);
    type = type ? abide_type__strip(type) : NULL;
    if (type && abide_type__is_sum(type))
        return place_sum(flattening, type, memory, memory_bytes);
    switch (memory->kind) {
    case ABIDE_KIND_VOID: return NULL;
    case ABIDE_KIND_STRUCT: return place_fields(flattening, type, memory, memory_bytes);
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_COMPLEX: return place_elements(flattening, type, memory, memory_bytes);
    case ABIDE_KIND_UNION: return "which member of a union is alive is unknown";
    default: return place_scalar(flattening, memory, memory_bytes);
    }
}

const char *abide_flatten__runs(const struct abide_side *side, const abide_type *type,
                                const abide_type *memory, const abide_type *flat, bool to_flat,
                                struct abide_runs *runs)
{
    abide_ctx *ctx = side->ctx;
    struct flattening flattening = {.side = side};
    flattening.flat = abide_layout__physical(ctx, side->module->machine->data, flat);
    if (!flattening.flat)
        return "one side has no layout for it";
    size_t count = abide_layout_field_count(flattening.flat);
    flattening.slots = abide__new_array(ctx, struct slot, count + 1);
    memset(flattening.slots, 0, (count + 1) * sizeof *flattening.slots);
    const char *reason = place(&flattening, type, memory, 0);
    if (!reason && flattening.word != count)
        reason = "its words are not those of its form in memory";
    struct abide_runs all = {0};
    for (size_t i = 0; i < count && !reason; i++) {
        uint64_t flat_bytes = abide_layout__offset_bits(flattening.flat, i) / 8;
        struct slot *slot = &flattening.slots[i];
        if (has_widened_tag(&flattening, slot) || (to_flat && must_clear(&flattening, slot)))
            reason = differing_cases;
        struct abide_run run = {flat_bytes, slot->memory_bytes, word_bytes(&flattening, i),
                                slot->memory_size_bytes, ABIDE_EXTEND_ZERO};
        if (to_flat)
            run = (struct abide_run){slot->memory_bytes, flat_bytes, slot->memory_size_bytes,
                                     word_bytes(&flattening, i), ABIDE_EXTEND_ZERO};
        abide__push(ctx, &all, run);
    }
    if (!reason && !abide_runs__unite(ctx, &all, runs))
        reason = differing_cases;
    return reason;
}
