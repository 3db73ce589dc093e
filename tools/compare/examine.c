/* What two types are in memory: sizes, offsets, numbers and tables. */
#include "pairs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Both types under the ABIs that are looked at. */
struct shapes {
    struct comparison *comparison;
    const struct pair *pair;
    const abide_layout *before, *after;
    bool is_found;
    bool is_own; /* something of the types themselves, not only of what lies in them */
};

static struct seen seen_at(const struct shapes *shapes, enum change change, const char *name,
                           size_t before, size_t after)
{
    const struct pair *pair = shapes->pair;
    return (struct seen){.change = change,
                         .path = name ? cli_printf("%s/%s", pair->path, name) : pair->path,
                         .before = pair_spot(&pair->before_spot, before),
                         .after = pair_spot(&pair->after_spot, after),
                         .via = pair->via,
                         .group = pair->path};
}

static void note(struct shapes *shapes, struct seen seen, const char *before, const char *after)
{
    seen.old_text = before;
    seen.new_text = after;
    findings_note(shapes->comparison, &seen);
    bool matters =
        change_infos[seen.change].forward > NOTE || change_infos[seen.change].backward > NOTE;
    shapes->is_found = shapes->is_found || matters;
    shapes->is_own = shapes->is_own || (matters && !is_consequence(seen.change));
}

static void note_as(struct shapes *shapes, struct seen seen, enum severity forward,
                    enum severity backward, const char *before, const char *after)
{
    seen.old_text = before;
    seen.new_text = after;
    findings_add(shapes->comparison, &seen, forward, backward);
    shapes->is_found = true;
    shapes->is_own = shapes->is_own || !is_consequence(seen.change);
}

static const char *bytes_text(uint64_t bytes)
{
    return cli_printf("%" PRIu64 " byte%s", bytes, bytes == 1 ? "" : "s");
}

static const char *offset_text(uint64_t bits)
{
    if (bits % 8 == 0)
        return cli_printf("offset %" PRIu64, bits / 8);
    return cli_printf("offset %" PRIu64 ", bit %" PRIu64, bits / 8, bits % 8);
}

static const char *range_text(uint64_t bits, uint64_t size_bits)
{
    if (bits % 8 == 0 && size_bits % 8 == 0)
        return cli_printf("bytes [%" PRIu64 "..%" PRIu64 ")", bits / 8, (bits + size_bits) / 8);
    return cli_printf("bits [%" PRIu64 "..%" PRIu64 ")", bits, bits + size_bits);
}

static bool is_open(const abide_type *type)
{
    return (abide_type_traits(type) & ABIDE_TRAIT_OPEN) != 0;
}

/* The member of a struct that a field of its layout is, or is a part of ("name.ptr"). */
static abide_member member_named(const abide_type *type, const char *field)
{
    size_t length = strcspn(field, ".");
    abide_member member = {0};
    for (size_t i = 0; i < abide_type_member_count(type); i++) {
        member = abide_type_member_at(type, i);
        if (member.name && strncmp(member.name, field, length) == 0 && !member.name[length])
            return member;
    }
    return (abide_member){0};
}

/* Whether values of a struct that grows tell their size here; where languages have plain ones, they do not (system.md, L24). */
static bool tells_size(const abide_type *type, const abide_layout *layout)
{
    bool has_fields = is_open(type) && abide_layout_field_count(layout) > 0;
    const char *first = has_fields ? abide_layout_field_at(layout, 0).name : NULL;
    return first && strcmp(first, "size") == 0 && !member_named(type, first).type;
}

static bool both_tell_size(const struct shapes *shapes)
{
    return tells_size(shapes->pair->before, shapes->before) &&
           tells_size(shapes->pair->after, shapes->after);
}

static void compare_sizes(struct shapes *shapes)
{
    uint64_t before = abide_layout_size_bytes(shapes->before);
    uint64_t after = abide_layout_size_bytes(shapes->after);
    bool by_value = (shapes->pair->use & USE_BY_VALUE) != 0;
    if (before != after && !both_tell_size(shapes))
        note(shapes,
             seen_at(shapes, by_value ? CHANGE_TYPE_SIZE : CHANGE_TYPE_SIZE_INDIRECT, NULL,
                     SIZE_MAX, SIZE_MAX),
             bytes_text(before), bytes_text(after));
    before = abide_layout_align_bytes(shapes->before);
    after = abide_layout_align_bytes(shapes->after);
    if (before != after)
        note(shapes, seen_at(shapes, CHANGE_TYPE_ALIGN, NULL, SIZE_MAX, SIZE_MAX),
             cli_printf("aligned to %" PRIu64, before), cli_printf("aligned to %" PRIu64, after));
}

/* ---- fields ---- */

/* The fields of a layout, but for unnamed bit-fields, which are padding. */
struct fields {
    const abide_layout *layout;
    size_t *indexes;
    const char **names;
    size_t count;
};

static struct fields fields_of(const abide_layout *layout)
{
    size_t count = abide_layout_field_count(layout);
    struct fields fields = {.layout = layout,
                            .indexes = cli_alloc(count + 1, sizeof(size_t)),
                            .names = cli_alloc(count + 1, sizeof(char *))};
    for (size_t i = 0; i < count; i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        if (!field.name && field.is_bitfield)
            continue;
        fields.names[fields.count] = field.name;
        fields.indexes[fields.count++] = i;
    }
    return fields;
}

static abide_field_info field_at(const struct fields *fields, size_t index)
{
    return abide_layout_field_at(fields->layout, fields->indexes[index]);
}

/* Both sides' fields, and which is which. */
struct records {
    struct fields before, after;
    struct matching matching;
};

static bool same_place(const void *user, size_t before, size_t after)
{
    const struct records *records = user;
    abide_field_info a = field_at(&records->before, before);
    abide_field_info b = field_at(&records->after, after);
    return a.offset_bits == b.offset_bits && a.size_bits == b.size_bits;
}

/* The field of the description that a field of a layout is, for its place in the file. */
static size_t member_of(const abide_type *type, const char *name, size_t near)
{
    size_t count = abide_type_member_count(type);
    for (size_t i = 0; name && i < count; i++) {
        size_t at = (near + i) % count;
        const char *other = abide_type_member_at(type, at).name;
        if (other && strcmp(other, name) == 0)
            return at;
    }
    return near;
}

/* Whether what stood in front of each other still does. */
static bool keeps_order(const struct matching *matching)
{
    size_t last = 0;
    for (size_t i = 0; i < matching->count; i++) {
        if (matching->partners[i] == SIZE_MAX)
            continue;
        if (matching->partners[i] < last)
            return false;
        last = matching->partners[i];
    }
    return true;
}

/* Of field `before` of the old type, or SIZE_MAX, and field `after` of the new one. */
static struct seen seen_field(const struct shapes *shapes, enum change change,
                              const struct records *records, size_t before, size_t after)
{
    const struct pair *pair = shapes->pair;
    const struct fields *named = after != SIZE_MAX ? &records->after : &records->before;
    size_t index = after != SIZE_MAX ? after : before;
    const char *name = named->names[index];
    size_t old = before == SIZE_MAX
                     ? before
                     : member_of(pair->before, records->before.names[before], before);
    size_t new =
        after == SIZE_MAX ? after : member_of(pair->after, records->after.names[after], after);
    return seen_at(shapes, change, name ? name : cli_printf("#%zu", index + 1), old, new);
}

/* Names of fields that have no partner, as "x, y". */
static const char *names_text(const struct fields *fields, const size_t *partners)
{
    const char *text = "";
    for (size_t i = 0; i < fields->count; i++)
        if (partners[i] == SIZE_MAX)
            text = cli_printf("%s%s%s", text, *text ? ", " : "",
                              fields->names[i] ? fields->names[i] : "?");
    return text;
}

/* Of the layout's fields, those without a partner; `*first` is the first of them, SIZE_MAX: all have one. */
static bool *without_partner(const struct fields *fields, const size_t *partners, size_t *first)
{
    bool *is_field = cli_alloc(abide_layout_field_count(fields->layout) + 1, sizeof *is_field);
    *first = SIZE_MAX;
    for (size_t i = 0; i < fields->count; i++)
        if (partners[i] == SIZE_MAX) {
            is_field[fields->indexes[i]] = true;
            *first = *first == SIZE_MAX ? i : *first;
        }
    return is_field;
}

/* Fields that came for others that are gone, and are the same bytes. */
struct retold {
    size_t gone, come; /* the first of them */
    struct leaves leaves[2];
};

static bool find_retold(struct comparison *comparison, const struct pair *pair,
                        const struct records *records, struct retold *retold)
{
    const bool *is_gone =
        without_partner(&records->before, records->matching.partners, &retold->gone);
    const bool *is_new =
        without_partner(&records->after, records->matching.backwards, &retold->come);
    if (retold->gone == SIZE_MAX || retold->come == SIZE_MAX)
        return false;
    const struct leaves before = leaves_of(comparison, 0, pair->before);
    const struct leaves after = leaves_of(comparison, 1, pair->after);
    retold->leaves[0] = leaves_of_fields(&before, is_gone);
    retold->leaves[1] = leaves_of_fields(&after, is_new);
    return leaves_are_same(&retold->leaves[0], &retold->leaves[1]);
}

/* Said of all of them once. */
static bool compare_retold(struct shapes *shapes, const struct records *records)
{
    struct retold retold;
    if (!find_retold(shapes->comparison, shapes->pair, records, &retold))
        return false;
    note(shapes, seen_field(shapes, CHANGE_FIELD_RENAMED, records, retold.gone, retold.come),
         names_text(&records->before, records->matching.partners),
         names_text(&records->after, records->matching.backwards));
    shapes->is_found = true;
    return true;
}

/* Fields that only later releases of a struct that grows have. */
static void compare_releases(struct shapes *shapes, const struct records *records)
{
    for (size_t i = 0; i < records->matching.count; i++) {
        size_t k = records->matching.partners[i];
        if (k == SIZE_MAX || !records->before.names[i] || !records->after.names[k])
            continue;
        bool was_later = member_named(shapes->pair->before, records->before.names[i]).is_later;
        bool is_later = member_named(shapes->pair->after, records->after.names[k]).is_later;
        if (was_later != is_later)
            note(shapes, seen_field(shapes, CHANGE_FIELD_SINCE, records, i, k),
                 was_later ? "since a later release" : "from the start",
                 is_later ? "since a later release" : "from the start");
    }
}

/* A field is elsewhere, and so may be those behind it: said once. */
static void note_moved(struct shapes *shapes, const struct records *records, size_t first,
                       size_t moved_count)
{
    size_t partner = records->matching.partners[first];
    abide_field_info before = field_at(&records->before, first);
    abide_field_info after = field_at(&records->after, partner);
    enum change change = !keeps_order(&records->matching)          ? CHANGE_FIELD_ORDER
                         : before.is_bitfield || after.is_bitfield ? CHANGE_BITS_POSITION
                                                                   : CHANGE_FIELD_OFFSET;
    const char *more = moved_count > 1 ? cli_printf(" (and %zu more)", moved_count - 1) : "";
    note(shapes, seen_field(shapes, change, records, first, partner),
         offset_text(before.offset_bits), cli_printf("%s%s", offset_text(after.offset_bits), more));
}

static void compare_places(struct shapes *shapes, const struct records *records)
{
    const struct matching *matching = &records->matching;
    size_t first = SIZE_MAX, moved_count = 0;
    for (size_t i = 0; i < matching->count; i++) {
        size_t k = matching->partners[i];
        if (k == SIZE_MAX)
            continue;
        abide_field_info before = field_at(&records->before, i);
        abide_field_info after = field_at(&records->after, k);
        bool is_resized = before.is_bitfield != after.is_bitfield ||
                          (after.is_bitfield && before.size_bits != after.size_bits);
        if (matching->renamed[i])
            note(shapes, seen_field(shapes, CHANGE_FIELD_RENAMED, records, i, k), before.name,
                 after.name);
        if (is_resized) {
            note(shapes, seen_field(shapes, CHANGE_BITS_POSITION, records, i, k),
                 range_text(before.offset_bits, before.size_bits),
                 range_text(after.offset_bits, after.size_bits));
        } else if (before.offset_bits != after.offset_bits) {
            moved_count++;
            first = first == SIZE_MAX ? i : first;
        }
    }
    if (moved_count)
        note_moved(shapes, records, first, moved_count);
}

/* Who is hurt by a field at the end, of a type that is handed over by address only: who reads what the other made. */
static void note_tail(struct shapes *shapes, struct seen seen, const char *after)
{
    unsigned use = shapes->pair->use;
    bool by_value = (use & USE_BY_VALUE) != 0;
    note_as(shapes, seen, by_value || (use & USE_PROGRAM_GIVES) ? BREAK : RISK,
            by_value || (use & USE_LIBRARY_GIVES) ? BREAK : RISK, "none", after);
}

static void compare_added(struct shapes *shapes, const struct records *records)
{
    const struct matching *matching = &records->matching;
    size_t last = 0;
    for (size_t k = 0; k < matching->other_count; k++)
        last = matching->backwards[k] != SIZE_MAX ? k + 1 : last;
    bool same_size =
        abide_layout_size_bytes(shapes->before) == abide_layout_size_bytes(shapes->after);
    bool is_union = is_kind(shapes->pair->after, "union");
    for (size_t k = 0; k < matching->other_count; k++) {
        if (matching->backwards[k] != SIZE_MAX)
            continue;
        abide_field_info field = field_at(&records->after, k);
        const char *text = range_text(field.offset_bits, field.size_bits);
        struct seen seen = seen_field(shapes, CHANGE_FIELD_ADDED, records, SIZE_MAX, k);
        if (both_tell_size(shapes) && k >= last &&
            member_named(shapes->pair->after, field.name).is_later) {
            seen.change = CHANGE_FIELD_GROWN;
            note(shapes, seen, "none", text);
        } else if (same_size && (is_union || k >= last)) {
            seen.change = CHANGE_FIELD_ADDED_PADDING;
            note(shapes, seen, is_union ? "none" : "padding", text);
        } else if (k >= last) {
            seen.change = CHANGE_FIELD_ADDED_TAIL;
            note_tail(shapes, seen, text);
        } else {
            note(shapes, seen, "none", text);
        }
    }
}

static struct records records_of(const abide_layout *before, const abide_layout *after)
{
    struct records records = {.before = fields_of(before), .after = fields_of(after)};
    records.matching = match_names(records.before.names, records.before.count, records.after.names,
                                   records.after.count);
    match_renamed(&records.matching, same_place, &records);
    return records;
}

bool pair_is_retold(struct comparison *comparison, const struct pair *pair, struct leaves leaves[2])
{
    abide_ctx *ctx = comparison->cli->ctx;
    if (!abide_type_has_size(pair->before) || !abide_type_has_size(pair->after))
        return false;
    const abide_layout *before = abide_layout_of(ctx, module_of(comparison, 0), pair->before);
    const abide_layout *after = abide_layout_of(ctx, module_of(comparison, 1), pair->after);
    if (!before || !after)
        return false;
    const struct records records = records_of(before, after);
    struct retold retold;
    if (!find_retold(comparison, pair, &records, &retold))
        return false;
    leaves[0] = retold.leaves[0];
    leaves[1] = retold.leaves[1];
    return true;
}

static void compare_fields(struct shapes *shapes)
{
    const struct records records = records_of(shapes->before, shapes->after);
    compare_releases(shapes, &records);
    compare_places(shapes, &records);
    if (compare_retold(shapes, &records))
        return;
    for (size_t i = 0; i < records.matching.count; i++) {
        abide_field_info field = field_at(&records.before, i);
        if (records.matching.partners[i] == SIZE_MAX)
            note(shapes, seen_field(shapes, CHANGE_FIELD_REMOVED, &records, i, SIZE_MAX),
                 range_text(field.offset_bits, field.size_bits), "none");
    }
    compare_added(shapes, &records);
}

/* ---- enums and flags ---- */

static const char *number_text(const abide_enum_value *value)
{
    return value->is_unsigned ? cli_printf("%" PRIu64, (uint64_t)value->value)
                              : cli_printf("%" PRId64, value->value);
}

static bool same_value(const abide_enum_value *a, const abide_enum_value *b)
{
    return a->value == b->value && a->is_unsigned == b->is_unsigned;
}

static int compare_numbers(const void *left, const void *right)
{
    const abide_enum_value *a = left, *b = right;
    if (a->is_unsigned != b->is_unsigned)
        return a->is_unsigned ? 1 : -1;
    return (a->value > b->value) - (a->value < b->value);
}

/* The values in their order, to find one by its number. */
static abide_enum_value *sorted_values(const abide_type *type)
{
    size_t count = abide_type_value_count(type);
    abide_enum_value *values = cli_alloc(count + 1, sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = abide_type_value_at(type, i);
    if (count)
        qsort(values, count, sizeof *values, compare_numbers);
    return values;
}

/* Another name for the same number; NULL: there is none. */
static const char *other_name(const abide_enum_value *sorted, size_t count,
                              const abide_enum_value *value)
{
    const abide_enum_value *other = bsearch(value, sorted, count, sizeof *sorted, compare_numbers);
    return other ? other->name : NULL;
}

static bool ends_in(const char *name, const char *ending)
{
    size_t length = strlen(name), end = strlen(ending);
    return length >= end && strcmp(name + length - end, ending) == 0 &&
           (length == end || strchr("-_", name[length - end - 1]));
}

/* Names that count the others. */
static bool is_sentinel(const abide_type *type, size_t index)
{
    static const char *const words[] = {"max", "count", "last",  "end",
                                        "num", "MAX",   "COUNT", "LAST"};
    const char *name = abide_type_value_at(type, index).name;
    bool is_last = index + 1 == abide_type_value_count(type);
    for (size_t i = 0; is_last && i < sizeof words / sizeof *words; i++)
        if (ends_in(name, words[i]))
            return true;
    return false;
}

/* A name more: in a closed type it may only go where all names were known before. */
static void note_added(struct shapes *shapes, struct seen seen, const char *text)
{
    bool has_room = is_open(shapes->pair->before);
    bool comes_out = (shapes->pair->use & USE_LIBRARY_GIVES) != 0;
    seen.change = has_room ? CHANGE_CASE_ADDED_OPEN : CHANGE_CASE_ADDED;
    if (has_room || comes_out)
        note(shapes, seen, "none", text);
    else
        note_as(shapes, seen, NOTE, ADDITION, "none", text);
}

static void compare_values(struct shapes *shapes)
{
    const abide_type *before = shapes->pair->before, *after = shapes->pair->after;
    struct matching matching = match_values(before, after);
    const abide_enum_value *of_before = sorted_values(before), *of_after = sorted_values(after);
    for (size_t i = 0; i < matching.count; i++) {
        abide_enum_value old = abide_type_value_at(before, i);
        size_t k = matching.partners[i];
        if (k == SIZE_MAX) {
            const char *name = other_name(of_after, matching.other_count, &old);
            note(shapes,
                 seen_at(shapes, name ? CHANGE_CASE_RENAMED : CHANGE_CASE_REMOVED, old.name, i,
                         SIZE_MAX),
                 name ? old.name : number_text(&old), name ? name : "none");
            continue;
        }
        abide_enum_value new = abide_type_value_at(after, k);
        if (!same_value(&old, &new))
            note(shapes,
                 seen_at(shapes,
                         is_sentinel(before, i) && is_sentinel(after, k) ? CHANGE_SENTINEL_VALUE
                                                                         : CHANGE_CASE_VALUE,
                         new.name, i, k),
                 number_text(&old), number_text(&new));
    }
    for (size_t k = 0; k < matching.other_count; k++) {
        abide_enum_value new = abide_type_value_at(after, k);
        if (matching.backwards[k] == SIZE_MAX && !other_name(of_before, matching.count, &new))
            note_added(shapes, seen_at(shapes, CHANGE_CASE_ADDED, new.name, SIZE_MAX, k),
                       number_text(&new));
    }
}

/* Whether a sign makes another number of no value that both know. */
static bool is_sign_unused(const struct shapes *shapes)
{
    const abide_type *types[] = {shapes->pair->before, shapes->pair->after};
    uint64_t bits = 8 * abide_layout_size_bytes(shapes->before);
    struct matching matching = match_values(types[0], types[1]);
    for (size_t i = 0; i < matching.count; i++) {
        abide_enum_value value = abide_type_value_at(types[0], i);
        if (matching.partners[i] != SIZE_MAX && ((uint64_t)value.value >> (bits - 1)) != 0)
            return false;
    }
    return true;
}

static void compare_number_types(struct shapes *shapes)
{
    uint64_t before = abide_layout_size_bytes(shapes->before);
    uint64_t after = abide_layout_size_bytes(shapes->after);
    bool was_signed = abide_layout_is_signed(shapes->before);
    bool is_signed = abide_layout_is_signed(shapes->after);
    struct seen seen =
        seen_at(shapes, is_kind(shapes->pair->after, "enum") ? CHANGE_ENUM_BASE : CHANGE_FLAGS_BASE,
                NULL, SIZE_MAX, SIZE_MAX);
    const char *old = cli_printf("%s, %s", bytes_text(before), was_signed ? "signed" : "unsigned");
    const char *new = cli_printf("%s, %s", bytes_text(after), is_signed ? "signed" : "unsigned");
    if (before != after)
        note(shapes, seen, old, new);
    else if (was_signed != is_signed && is_sign_unused(shapes))
        note_as(shapes, seen, RISK, RISK, old, new);
    else if (was_signed != is_signed)
        note(shapes, seen, old, new);
}

/* ---- sums ---- */

static void compare_tags(struct shapes *shapes, const abide_sum *before, const abide_sum *after)
{
    abide_field_info old = abide_sum_discriminant(before), new = abide_sum_discriminant(after);
    struct seen seen = seen_at(shapes, CHANGE_TAG_WIDTH, NULL, SIZE_MAX, SIZE_MAX);
    if (!old.type != !new.type) {
        seen.change = old.type ? CHANGE_NICHE_GAINED : CHANGE_NICHE_LOST;
        note(shapes, seen, old.type ? "a tag" : "a null pointer",
             new.type ? "a tag" : "a null pointer");
        return;
    }
    if (!old.type)
        return;
    if (old.size_bits != new.size_bits)
        note(shapes, seen, bytes_text(old.size_bits / 8), bytes_text(new.size_bits / 8));
    seen.change = CHANGE_TAG_OFFSET;
    if (old.offset_bits != new.offset_bits)
        note(shapes, seen, offset_text(old.offset_bits), offset_text(new.offset_bits));
}

static void compare_payloads(struct shapes *shapes, const struct matching *matching,
                             const abide_sum *before, const abide_sum *after)
{
    for (size_t i = 0; i < matching->count; i++) {
        size_t k = matching->partners[i];
        if (k == SIZE_MAX || i >= abide_sum_case_count(before) || k >= abide_sum_case_count(after))
            continue;
        abide_case old = abide_sum_case_at(before, i), new = abide_sum_case_at(after, k);
        if (old.payload.type && new.payload.type &&
            old.payload.offset_bits != new.payload.offset_bits)
            note(shapes, seen_at(shapes, CHANGE_PAYLOAD_OFFSET, new.name, i, k),
                 offset_text(old.payload.offset_bits), offset_text(new.payload.offset_bits));
    }
}

static void compare_cases(struct shapes *shapes, const struct matching *matching)
{
    const abide_type *before = shapes->pair->before, *after = shapes->pair->after;
    for (size_t i = 0; i < matching->count; i++) {
        abide_variant_case old = abide_type_case_at(before, i);
        size_t k = matching->partners[i];
        if (k == SIZE_MAX) {
            note(shapes, seen_at(shapes, CHANGE_CASE_REMOVED, old.name, i, SIZE_MAX),
                 cli_printf("%" PRId64, old.tag), "none");
            continue;
        }
        abide_variant_case new = abide_type_case_at(after, k);
        if (matching->renamed[i])
            note(shapes, seen_at(shapes, CHANGE_CASE_RENAMED, new.name, i, k), old.name, new.name);
        if (old.tag != new.tag)
            note(shapes, seen_at(shapes, CHANGE_CASE_VALUE, new.name, i, k),
                 cli_printf("%" PRId64, old.tag), cli_printf("%" PRId64, new.tag));
    }
    for (size_t k = 0; k < matching->other_count; k++)
        if (matching->backwards[k] == SIZE_MAX) {
            abide_variant_case new = abide_type_case_at(after, k);
            note_added(shapes, seen_at(shapes, CHANGE_CASE_ADDED, new.name, SIZE_MAX, k),
                       cli_printf("%" PRId64, new.tag));
        }
}

static void compare_sums(struct shapes *shapes)
{
    abide_ctx *ctx = shapes->comparison->cli->ctx;
    const struct pair *pair = shapes->pair;
    const abide_sum *before = abide_sum_of(ctx, module_of(shapes->comparison, 0), pair->before);
    const abide_sum *after = abide_sum_of(ctx, module_of(shapes->comparison, 1), pair->after);
    struct matching matching = match_cases(pair->before, pair->after);
    compare_cases(shapes, &matching);
    if (!before || !after)
        return;
    compare_tags(shapes, before, after);
    compare_payloads(shapes, &matching, before, after);
}

static void compare_openness(struct shapes *shapes)
{
    bool was = is_open(shapes->pair->before), is = is_open(shapes->pair->after);
    if (was != is)
        note(shapes,
             seen_at(shapes, is ? CHANGE_CLOSED_TO_OPEN : CHANGE_OPEN_TO_CLOSED, NULL, SIZE_MAX,
                     SIZE_MAX),
             was ? "open" : "closed", is ? "open" : "closed");
}

/* ---- resources and interfaces ---- */

bool resources_keep_one(const abide_type *before, const abide_type *after)
{
    const abide_type *old = abide_type_target(before), *new = abide_type_target(after);
    return !old == !new && (!old || strcmp(abide_type_name(old), abide_type_name(new)) == 0);
}

static const char *kept_text(const abide_type *resource)
{
    const abide_type *kept = abide_type_target(resource);
    return kept ? cli_printf("keeps %s", abide_type_name(kept)) : "keeps none";
}

static void compare_resources(struct shapes *shapes)
{
    const abide_type *before = shapes->pair->before, *after = shapes->pair->after;
    struct seen seen = seen_at(shapes, CHANGE_DROP_SYMBOL, NULL, SIZE_MAX, SIZE_MAX);
    const char *old = abide_type_destructor(before), *new = abide_type_destructor(after);
    if (old && new && strcmp(old, new) != 0)
        note(shapes, seen, old, new);
    if (!resources_keep_one(before, after)) {
        seen.change = CHANGE_LENDER;
        note(shapes, seen, kept_text(before), kept_text(after));
    }
    bool was_elsewhere = (abide_type_traits(before) & ABIDE_TRAIT_FROM_ELSEWHERE) != 0;
    bool is_elsewhere = (abide_type_traits(after) & ABIDE_TRAIT_FROM_ELSEWHERE) != 0;
    if (was_elsewhere != is_elsewhere) {
        seen.change = CHANGE_ORIGIN;
        note(shapes, seen, was_elsewhere ? "elsewhere" : "library",
             is_elsewhere ? "elsewhere" : "library");
    }
    bool was_free = (abide_type_traits(before) & ABIDE_TRAIT_ANY_THREAD) != 0;
    bool is_free = (abide_type_traits(after) & ABIDE_TRAIT_ANY_THREAD) != 0;
    if (was_free != is_free) {
        seen.change = is_free ? CHANGE_THREADS_LOOSER : CHANGE_THREADS;
        note(shapes, seen, was_free ? "any thread" : "its own thread",
             is_free ? "any thread" : "its own thread");
    }
}

static const char *slot_text(size_t index)
{
    return cli_printf("place %zu", index + 1);
}

/* Where the methods are in the table. Appended ones say `since`. */
static void compare_methods(struct shapes *shapes)
{
    const abide_type *before = shapes->pair->before, *after = shapes->pair->after;
    struct matching matching = match_methods(before, after);
    size_t last = 0;
    for (size_t k = 0; k < matching.other_count; k++)
        last = matching.backwards[k] != SIZE_MAX ? k + 1 : last;
    for (size_t i = 0; i < matching.count; i++) {
        size_t k = matching.partners[i];
        abide_method old = abide_type_method_at(before, i), new = abide_type_method_at(after, k);
        if (k == SIZE_MAX)
            note(shapes, seen_at(shapes, CHANGE_METHOD_REMOVED, old.name, i, SIZE_MAX),
                 slot_text(i), "none");
        else if (matching.renamed[i])
            note(shapes, seen_at(shapes, CHANGE_METHOD_RENAMED, new.name, i, k), old.name,
                 new.name);
        else if (k != i && !keeps_order(&matching))
            note(shapes, seen_at(shapes, CHANGE_METHOD_ORDER, new.name, i, k), slot_text(i),
                 slot_text(k));
        else if (old.is_later != new.is_later)
            note(shapes, seen_at(shapes, CHANGE_METHOD_INSERTED, new.name, i, k),
                 old.is_later ? "since a later release" : "from the start",
                 new.is_later ? "since a later release" : "from the start");
    }
    for (size_t k = 0; k < matching.other_count; k++) {
        abide_method new = abide_type_method_at(after, k);
        if (matching.backwards[k] == SIZE_MAX)
            note(shapes,
                 seen_at(shapes,
                         new.is_later &&k >= last ? CHANGE_METHOD_ADDED : CHANGE_METHOD_INSERTED,
                         new.name, SIZE_MAX, k),
                 "none", slot_text(k));
    }
    const char *old = abide_type_interface(before, NULL), *new = abide_type_interface(after, NULL);
    if (old && new && strcmp(old, new) != 0)
        note(shapes, seen_at(shapes, CHANGE_INTERFACE_CHANGED, NULL, SIZE_MAX, SIZE_MAX), old, new);
    for (size_t i = 0; i < matching.count; i++)
        if (matching.partners[i] != SIZE_MAX) {
            abide_method same = abide_type_method_at(after, matching.partners[i]);
            shapes->is_found =
                calls_compare(
                    shapes->comparison,
                    &(struct seen){.path = cli_printf("%s.%s", shapes->pair->path, same.name),
                                   .via = shapes->pair->via},
                    abide_type_method_at(before, i).signature, same.signature) ||
                shapes->is_found;
        }
}

bool pair_examine(struct comparison *comparison, struct pair *pair)
{
    abide_ctx *ctx = comparison->cli->ctx;
    struct shapes shapes = {.comparison = comparison, .pair = pair};
    const abide_type *type = pair->after;
    if (is_kind(type, "resource"))
        compare_resources(&shapes);
    if (is_kind(type, "interface"))
        compare_methods(&shapes);
    if (is_kind(type, "function"))
        shapes.is_found =
            calls_compare(comparison, &(struct seen){.path = pair->path, .via = pair->via},
                          abide_type_signature(pair->before), abide_type_signature(type));
    bool is_record = is_kind(type, "struct") || is_kind(type, "union") || is_kind(type, "tuple");
    bool is_sum = abide_type_case_at(type, 0).name != NULL;
    bool is_number = is_kind(type, "enum") || is_kind(type, "flags");
    if (!(is_record || is_sum || is_number))
        return shapes.is_found;
    shapes.before = abide_layout_of(ctx, module_of(comparison, 0), pair->before);
    shapes.after = abide_layout_of(ctx, module_of(comparison, 1), type);
    if (!shapes.before || !shapes.after) {
        comparison->is_incomplete = true;
        return true;
    }
    if (is_number) {
        compare_number_types(&shapes);
        compare_values(&shapes);
    } else {
        compare_sizes(&shapes);
        if (is_record)
            compare_fields(&shapes);
        else
            compare_sums(&shapes);
    }
    compare_openness(&shapes);
    pair->is_own = pair->is_own || shapes.is_own;
    pair->is_moved = shapes.is_found;
    return shapes.is_found;
}
