/* Facts that explain where fields are, one after the other: debug information tells the places and not the reasons. */
#include "reader.h"

#include <string.h>

/* What is tried. Which of them is right, the engine finds (fit.c). */
struct attempt {
    bool packed,
        by_member; /* by_member: those fields that lie where their type does not allow it */
    unsigned pack_bytes;
    bool inner;      /* also of what is defined in place */
    bool gaps;       /* by_member: and those that lie further on than it demands */
    bool bits;       /* unnamed bit-fields, where there is room that nothing else explains */
    bool align;      /* the alignment of the whole is the reason of its size */
    bool padded;     /* fields that hold nothing; only where a language lays out as it likes */
    bool said_align; /* the alignment of the whole is said though C's own may do */
};

static const struct attempt attempts[] = {
    {.inner = false},
    {.said_align = true},
    {.bits = true, .inner = true},
    {.by_member = true, .inner = true},
    {.by_member = true, .inner = true, .bits = true},
    {.align = true},
    {.align = true, .bits = true},
    {.packed = true},
    {.packed = true, .bits = true},
    {.packed = true, .align = true},
    {.packed = true, .inner = true},
    {.packed = true, .inner = true, .bits = true},
    {.pack_bytes = 8, .inner = true},
    {.pack_bytes = 4, .inner = true},
    {.pack_bytes = 2, .inner = true},
    {.pack_bytes = 1, .inner = true},
    {.pack_bytes = 4, .inner = true, .bits = true},
    {.pack_bytes = 2, .inner = true, .bits = true},
    {.pack_bytes = 1, .inner = true, .bits = true},
    {.by_member = true, .gaps = true, .inner = true},
    {.packed = true, .gaps = true},
    {.padded = true, .inner = true},
    {.padded = true, .inner = true, .said_align = true},
    {.padded = true, .by_member = true, .inner = true},
    {.padded = true, .packed = true, .inner = true, .said_align = true},
    {.padded = true, .packed = true, .inner = true, .align = true},
};

/* ---- fields that are added ----------------------------------------------------------------------- */

struct building {
    const struct guess *guess;
    const struct attempt *attempt;
    bool is_struct, has_c_layout;
    uint64_t end_bits;
    struct record *record;
    LIST(uint64_t) offsets_bits;
};

static void add(struct building *building, const struct member *member, uint64_t offset_bits)
{
    LIST_ADD(&building->record->members, *member);
    LIST_ADD(&building->offsets_bits, offset_bits);
}

static uint64_t round_up(uint64_t value, uint64_t unit)
{
    return unit ? (value + unit - 1) / unit * unit : value;
}

/* Where a bit-field starts if nothing is between it and what is before it. */
static uint64_t next_bit(const struct building *building, const struct raw_member *raw)
{
    uint64_t unit_bits = 8 * raw->size_bytes, start = building->end_bits;
    bool is_packed = building->attempt->packed || building->attempt->pack_bytes == 1;
    if (!is_packed && unit_bits && start / unit_bits != (start + raw->bits - 1) / unit_bits)
        start = round_up(start, unit_bits);
    return start;
}

static void add_bits(struct building *building, const struct raw_member *raw)
{
    uint64_t start = next_bit(building, raw), unit_bits = 8 * raw->size_bytes;
    if (raw->offset_bits <= start || !unit_bits)
        return;
    uint64_t bits = raw->offset_bits - start;
    struct member member = {.type = integer_word(true, raw->size_bytes), .is_bit_field = true};
    if (!member.type)
        return;
    if (raw->offset_bits % unit_bits != 0 && bits <= unit_bits)
        member.bits = (unsigned)bits;
    add(building, &member, start); /* of no bits: what follows starts a unit of its own */
}

/* Bytes that hold nothing, up to there. */
static void add_padding(struct building *building, uint64_t offset_bits)
{
    if (offset_bits <= building->end_bits || building->end_bits % 8 != 0)
        return;
    struct member member = {
        .name = store_printf("_gap%zu", building->record->members.count),
        .type = store_printf("array<u8, %llu>",
                             (unsigned long long)(offset_bits - building->end_bits) / 8)};
    add(building, &member, building->end_bits);
}

/* ---- records ------------------------------------------------------------------------------------- */

static struct record *build(const struct guess *guess, const struct attempt *attempt,
                            bool is_outermost, bool has_c_layout);

static uint64_t power_of_two(uint64_t value)
{
    return value & (~value + 1);
}

/* The least alignment that leaves the room in front of a field; 0: there is none, or nothing does. */
static uint64_t alignment_of_gap(const struct building *building, const struct raw_member *raw)
{
    uint64_t start = round_up(building->end_bits, 8);
    for (uint64_t align_bytes = 2; start < raw->offset_bits && align_bytes <= 4096;
         align_bytes *= 2)
        if (round_up(start, 8 * align_bytes) == raw->offset_bits)
            return align_bytes;
    return 0;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void add_member(struct building *building, const struct raw_member *raw)
{
    const struct attempt *attempt = building->attempt;
    /* Languages other than C say all alignments, also those that everything has by itself. */
    bool says_align = !raw->is_bit_field && (building->has_c_layout || attempt->said_align);
    struct member member = {.name = raw->name,
                            .type = raw->type,
                            .is_bit_field = raw->is_bit_field,
                            .bits = raw->bits,
                            .align_bytes = says_align ? raw->align_bytes : 0,
                            .doc = raw->doc};
    bool is_misplaced = !raw->is_bit_field && raw->offset_bits % (8 * raw->likely_align_bytes) != 0;
    if (attempt->by_member && is_misplaced) {
        member.packed = true;
        if (member.align_bytes && raw->offset_bits % (8 * member.align_bytes) != 0)
            member.align_bytes = power_of_two(raw->offset_bits / 8);
    }
    if (attempt->gaps && !raw->is_bit_field && building->is_struct)
        member.align_bytes = larger(member.align_bytes, alignment_of_gap(building, raw));
    if (raw->inner)
        member.record = build(raw->inner, attempt, false, building->has_c_layout);
    if (attempt->bits && building->is_struct && raw->is_bit_field)
        add_bits(building, raw);
    if (attempt->padded && building->is_struct)
        add_padding(building, raw->offset_bits);
    add(building, &member, raw->offset_bits);
    uint64_t end_bits = raw->offset_bits + (raw->is_bit_field ? raw->bits : 8 * raw->size_bytes);
    if (end_bits > building->end_bits)
        building->end_bits = end_bits;
}

/* Where a language lays out as it likes, fields are said in the order of their places, which is C's. */
static const struct raw_member **in_order(const struct guess *guess, bool has_c_layout)
{
    size_t count = guess->members.count;
    const struct raw_member **sorted = store_new(count + 1, sizeof(struct raw_member *));
    for (size_t i = 0; i < count; i++) {
        const struct raw_member *raw = &guess->members.items[i];
        size_t at = i;
        while (!has_c_layout && at > 0 &&
               (sorted[at - 1]->offset_bits > raw->offset_bits ||
                (sorted[at - 1]->offset_bits == raw->offset_bits && raw->size_bytes == 0 &&
                 sorted[at - 1]->size_bytes != 0))) {
            sorted[at] = sorted[at - 1];
            at--;
        }
        sorted[at] = raw;
    }
    return sorted;
}

static void add_facts(struct building *building, bool is_outermost)
{
    const struct guess *guess = building->guess;
    const struct attempt *attempt = building->attempt;
    struct record *record = building->record;
    if (is_outermost || attempt->inner) {
        record->packed = attempt->packed;
        record->pack_bytes = attempt->pack_bytes;
    }
    if (guess->has_c_layout || attempt->said_align)
        record->align_bytes = guess->align_bytes;
    if (!attempt->align || !is_outermost || guess->align_bytes || !guess->size_bytes)
        return;
    uint64_t align_bytes = 1;
    while (align_bytes < 4096 &&
           round_up(building->end_bits, 8 * align_bytes) / 8 != guess->size_bytes)
        align_bytes *= 2;
    record->align_bytes = align_bytes;
}

static struct record *build(const struct guess *guess, const struct attempt *attempt,
                            bool is_outermost, bool has_c_layout)
{
    struct building building = {.guess = guess,
                                .attempt = attempt,
                                .is_struct = strcmp(guess->keyword, "struct") == 0,
                                .has_c_layout = has_c_layout};
    building.record = store_new(1, sizeof *building.record);
    building.record->keyword = guess->keyword;
    const struct raw_member **members = in_order(guess, has_c_layout);
    for (size_t i = 0; i < guess->members.count; i++)
        add_member(&building, members[i]);
    if (attempt->padded && building.is_struct && is_outermost)
        add_padding(&building, 8 * guess->size_bytes);
    add_facts(&building, is_outermost);
    building.record->layouts = store_new(1, sizeof *building.record->layouts);
    building.record->layouts[0] =
        (struct layout){true, guess->size_bytes, guess->align_bytes, building.offsets_bits.items};
    return building.record;
}

struct record *guess_next(struct guess *guess)
{
    size_t count = sizeof attempts / sizeof *attempts;
    while (guess->attempt < count &&
           ((attempts[guess->attempt].padded && guess->has_c_layout) ||
            (attempts[guess->attempt].said_align && (guess->has_c_layout || !guess->align_bytes))))
        guess->attempt++;
    if (guess->attempt == count)
        return NULL;
    return build(guess, &attempts[guess->attempt++], true, guess->has_c_layout);
}
