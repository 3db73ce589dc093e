/*
 * The graph of pairs: two types in the same place, and whatever they consist of or point to. What a type is used for is
 * known when all places were seen, so pairs are joined first and examined then. No recursion: types may be chains of any length.
 */
#include "pairs.h"

#include <string.h>

struct pairs *pairs_new(struct comparison *comparison)
{
    struct pairs *pairs = cli_alloc(1, sizeof *pairs);
    pairs->comparison = comparison;
    return pairs;
}

const abide_type *bare(const abide_type *type)
{
    while (is_kind(type, "newtype"))
        type = abide_type_target(type);
    return type;
}

bool is_kind(const abide_type *type, const char *kind)
{
    return strcmp(abide_type_kind_name(type), kind) == 0;
}

/* ---- the table ---- */

/* An array that is full, with twice the room. */
static void *doubled(const void *items, size_t count, size_t *capacity, size_t size_bytes)
{
    *capacity = count ? 2 * count : 32;
    void *copy = cli_alloc(*capacity, size_bytes);
    if (count)
        memcpy(copy, items, count * size_bytes);
    return copy;
}

static size_t *slot_of(struct pairs *pairs, const abide_type *before, const abide_type *after)
{
    size_t at = ((size_t)(uintptr_t)before >> 6) * 31 + ((size_t)(uintptr_t)after >> 6);
    for (;; at++) {
        size_t *slot = &pairs->slots[at % pairs->slot_count];
        const struct pair *pair = *slot ? &pairs->items[*slot - 1] : NULL;
        if (!pair || (pair->before == before && pair->after == after))
            return slot;
    }
}

static void make_room(struct pairs *pairs)
{
    if (pairs->count == pairs->capacity)
        pairs->items = doubled(pairs->items, pairs->count, &pairs->capacity, sizeof *pairs->items);
    if (2 * pairs->count < pairs->slot_count)
        return;
    pairs->slot_count = pairs->count ? 4 * pairs->count + 1 : 64;
    pairs->slots = cli_alloc(pairs->slot_count, sizeof *pairs->slots);
    for (size_t i = 0; i < pairs->count; i++)
        *slot_of(pairs, pairs->items[i].before, pairs->items[i].after) = i + 1;
}

static void add_link(struct pairs *pairs, size_t child)
{
    if (!pairs->parent || pairs->items[pairs->parent - 1].is_expanded)
        return;
    if (pairs->link_count == pairs->link_capacity)
        pairs->links =
            doubled(pairs->links, pairs->link_count, &pairs->link_capacity, sizeof *pairs->links);
    pairs->links[pairs->link_count++] = (struct link){child, pairs->parent - 1};
}

static void enqueue(struct pairs *pairs, size_t index)
{
    if (pairs->items[index].is_waiting)
        return;
    pairs->items[index].is_waiting = true;
    if (pairs->queue_count == pairs->queue_capacity)
        pairs->queue =
            doubled(pairs->queue, pairs->queue_count, &pairs->queue_capacity, sizeof *pairs->queue);
    pairs->queue[pairs->queue_count++] = index;
}

/* What a type with a name is called; one without by the place where it stands. */
static const char *path_of(const struct edge *edge, const abide_type *before,
                           const abide_type *after)
{
    const char *old = abide_type_name(before), *new = abide_type_name(after);
    if (!old || !new)
        return edge->path;
    return strcmp(old, new) == 0 ? new : cli_printf("%s=%s", old, new);
}

/* Types without a name that are equal are one type, which stands in many places. */
static struct spot spot_of(const abide_type *type, const struct spot *outside)
{
    static const char *const kinds[] = {"struct", "union", "enum", "flags", "variant"};
    bool has_place = abide_type_name(type) != NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        has_place = has_place || is_kind(type, kinds[i]);
    return has_place ? (struct spot){.type = type, .index = SIZE_MAX} : *outside;
}

static void add(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                const abide_type *after)
{
    make_room(pairs);
    size_t *slot = slot_of(pairs, before, after);
    if (!*slot) {
        pairs->items[pairs->count] = (struct pair){.before = before,
                                                   .after = after,
                                                   .path = path_of(edge, before, after),
                                                   .via = edge->via,
                                                   .before_spot = spot_of(before, &edge->before),
                                                   .after_spot = spot_of(after, &edge->after)};
        *slot = ++pairs->count;
    }
    size_t index = *slot - 1;
    struct pair *pair = &pairs->items[index];
    add_link(pairs, index);
    if (pair->is_expanded && (edge->use & ~pair->use) == 0)
        return;
    pair->use |= edge->use;
    enqueue(pairs, index);
}

/* ---- what two types are, seen from the place where they stand ---- */

static bool note(struct pairs *pairs, const struct edge *edge, enum change change,
                 const abide_type *before, const abide_type *after)
{
    abide_ctx *ctx = pairs->comparison->cli->ctx;
    struct seen seen = {change,
                        edge->path,
                        edge->before,
                        edge->after,
                        abide_type_print(ctx, before),
                        abide_type_print(ctx, after),
                        edge->via};
    findings_note(pairs->comparison, &seen);
    if (pairs->parent)
        pairs->items[pairs->parent - 1].leads = true;
    return true;
}

static uint64_t size_of(struct pairs *pairs, int side, const abide_type *type)
{
    if (!abide_type_has_size(type))
        return 0;
    const abide_layout *layout =
        abide_layout_of(pairs->comparison->cli->ctx, module_of(pairs->comparison, side), type);
    if (!layout)
        pairs->comparison->is_incomplete = true;
    return layout ? abide_layout_size_bytes(layout) : 0;
}

static bool same_size(struct pairs *pairs, const abide_type *before, const abide_type *after)
{
    return size_of(pairs, 0, before) == size_of(pairs, 1, after);
}

static bool is_signed_under(struct pairs *pairs, int side, const abide_type *type)
{
    const abide_layout *layout =
        abide_layout_of(pairs->comparison->cli->ctx, module_of(pairs->comparison, side), type);
    return layout && abide_layout_is_signed(layout);
}

/* What the bits of a scalar are, by its name in interface files. */
static const char *scalar_name(struct pairs *pairs, const abide_type *type)
{
    return is_kind(type, "scalar") ? abide_type_print(pairs->comparison->cli->ctx, type) : "";
}

static char scalar_class(struct pairs *pairs, const abide_type *type)
{
    static const char *const floats[] = {"f16",  "bf16",    "f32",      "f64",         "f80",
                                         "f128", "c_float", "c_double", "c_longdouble"};
    const char *name = scalar_name(pairs, type);
    if (strcmp(name, "bool") == 0)
        return 'b';
    if (strcmp(name, "bf16") == 0)
        return 'h';
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        if (strcmp(name, floats[i]) == 0)
            return 'f';
    return 'i';
}

static bool is_integer(struct pairs *pairs, const abide_type *type)
{
    return is_kind(type, "enum") || is_kind(type, "flags") ||
           (is_kind(type, "scalar") && scalar_class(pairs, type) == 'i');
}

static bool check_numbers(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                          const abide_type *after)
{
    bool are_integers = is_integer(pairs, before) && is_integer(pairs, after);
    bool same_bytes = same_size(pairs, before, after);
    bool same_sign =
        !are_integers || is_signed_under(pairs, 0, before) == is_signed_under(pairs, 1, after);
    if (!same_bytes || !same_sign ||
        (!are_integers && scalar_class(pairs, before) != scalar_class(pairs, after))) {
        bool is_short = are_integers && size_of(pairs, 0, before) <= 4 &&
                        size_of(pairs, 1, after) <= 4 && edge->change == CHANGE_PARAM_TYPE;
        return note(pairs, edge, is_short ? CHANGE_PARAM_EXTENSION : edge->change, before, after);
    }
    bool was_char = strcmp(scalar_name(pairs, before), "char") == 0;
    bool is_char = strcmp(scalar_name(pairs, after), "char") == 0;
    bool same_kind = strcmp(abide_type_kind_name(before), abide_type_kind_name(after)) == 0;
    if (!same_kind || was_char != is_char)
        return note(pairs, edge, CHANGE_VALIDITY, before, after);
    return false;
}

/* Text, or bytes in its place. */
static bool is_text(struct pairs *pairs, const abide_type *type)
{
    if (is_kind(type, "string") || is_kind(type, "string0"))
        return true;
    const abide_type *element =
        is_kind(type, "slice") || is_kind(type, "seq") ? bare(abide_type_target(type)) : NULL;
    return element && strcmp(scalar_name(pairs, element), "u8") == 0;
}

static bool is_given(const abide_type *type)
{
    return is_kind(type, "seq") || is_kind(type, "box") ||
           (abide_type_traits(type) & (ABIDE_TRAIT_OWN | ABIDE_TRAIT_SHARED)) != 0;
}

static bool is_unknown(const abide_type *type)
{
    return is_kind(type, "opaque") || is_kind(type, "void");
}

static bool check_unknown(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                          const abide_type *after)
{
    if (is_kind(before, "opaque") && !is_unknown(after))
        return note(pairs, edge, CHANGE_TYPE_KNOWN, before, after);
    if (is_kind(after, "opaque") && !is_unknown(before))
        return note(pairs, edge, CHANGE_TYPE_HIDDEN, before, after);
    return note(pairs, edge, CHANGE_POINTER_TARGET, before, after);
}

/* What stands in front of a type: who owns it, who writes, whether it may be null. */
static bool check_traits(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                         const abide_type *after)
{
    static const struct {
        unsigned traits;
        enum change change;
        bool is_promise;
    } rows[] = {{ABIDE_TRAIT_OWN | ABIDE_TRAIT_SHARED | ABIDE_TRAIT_ONCE, CHANGE_OWNERSHIP, false},
                {ABIDE_TRAIT_NULLABLE, CHANGE_NULLABILITY_IN, true},
                {ABIDE_TRAIT_MUTABLE, CHANGE_WRITING, true}};
    unsigned changed = abide_type_traits(before) ^ abide_type_traits(after);
    bool is_found = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((changed & rows[i].traits) && !(rows[i].is_promise && edge->is_loose)) {
            note(pairs, edge, rows[i].change, before, after);
            struct seen seen = {rows[i].change, edge->path, edge->before, edge->after,
                                NULL,           NULL,       edge->via};
            /* Inside other types nobody knows who is the looser one. */
            findings_add(pairs->comparison, &seen, CONTRACT, CONTRACT);
            is_found = true;
        }
    if (!is_found || same_size(pairs, before, after))
        return is_found;
    return note(pairs, edge, edge->change, before, after);
}

/* Kinds that differ. `*is_one`: what they consist of can be compared all the same. */
static bool check_kinds(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                        const abide_type *after)
{
    if (is_unknown(before) || is_unknown(after))
        return check_unknown(pairs, edge, before, after);
    bool are_numbers = (is_kind(before, "scalar") || is_integer(pairs, before)) &&
                       (is_kind(after, "scalar") || is_integer(pairs, after));
    if (are_numbers)
        return check_numbers(pairs, edge, before, after);
    if (!same_size(pairs, before, after))
        return note(pairs, edge, edge->change, before, after);
    if (is_text(pairs, before) && is_text(pairs, after)) {
        if (is_given(before) != is_given(after))
            return note(pairs, edge, CHANGE_OWNERSHIP, before, after);
        return !edge->is_loose && note(pairs, edge, CHANGE_VALIDITY, before, after);
    }
    bool are_slices = (is_kind(before, "slice") && is_kind(after, "seq")) ||
                      (is_kind(before, "seq") && is_kind(after, "slice"));
    return note(pairs, edge, are_slices ? CHANGE_OWNERSHIP : edge->change, before, after);
}

static bool check_same_kind(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                            const abide_type *after)
{
    if (is_kind(before, "scalar"))
        return check_numbers(pairs, edge, before, after);
    const char *old = abide_type_form(before), *new = abide_type_form(after);
    if ((old || new) && (!old || !new || strcmp(old, new) != 0))
        return note(pairs, edge, CHANGE_FORM, before, after);
    bool is_counted = is_kind(before, "array") || is_kind(before, "vector");
    if (is_counted && (abide_type_count(before) != abide_type_count(after) ||
                       abide_type_is_flexible(before) != abide_type_is_flexible(after)))
        return note(pairs, edge, CHANGE_ARRAY_LENGTH, before, after);
    if (is_kind(before, "bitset") &&
        strcmp(abide_type_print(pairs->comparison->cli->ctx, before),
               abide_type_print(pairs->comparison->cli->ctx, after)) != 0)
        return note(pairs, edge, edge->change, before, after);
    return check_traits(pairs, edge, before, after);
}

/* At the outside of a function, whether there is a value is promised, unless a tag tells it. */
static const abide_type *without_option(struct pairs *pairs, int side, const abide_type *type)
{
    if (!is_kind(type, "option"))
        return type;
    const abide_sum *sum =
        abide_sum_of(pairs->comparison->cli->ctx, module_of(pairs->comparison, side), type);
    if (!sum || abide_sum_null_case(sum) == SIZE_MAX)
        return type;
    for (size_t i = 0; abide_type_case_at(type, i).name; i++)
        if (!is_kind(abide_type_case_at(type, i).type, "void"))
            return bare(abide_type_case_at(type, i).type);
    return type;
}

bool pairs_join(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                const abide_type *after)
{
    before = bare(before);
    after = bare(after);
    if (edge->is_loose && is_kind(before, "option") != is_kind(after, "option")) {
        before = without_option(pairs, 0, before);
        after = without_option(pairs, 1, after);
    }
    bool same_kind = strcmp(abide_type_kind_name(before), abide_type_kind_name(after)) == 0;
    bool is_found = same_kind ? check_same_kind(pairs, edge, before, after)
                              : check_kinds(pairs, edge, before, after);
    if (same_kind && !is_kind(before, "scalar") && !is_unknown(before))
        add(pairs, edge, before, after);
    return is_found;
}

/* ---- all of them ---- */

static void spread_findings(struct pairs *pairs)
{
    /* Links by child: one pass for each level would be quadratic, so each pair is told once. */
    size_t *first = cli_alloc(pairs->count + 1, sizeof *first);
    size_t *next = cli_alloc(pairs->link_count + 1, sizeof *next);
    for (size_t i = 0; i < pairs->link_count; i++) {
        next[i] = first[pairs->links[i].child];
        first[pairs->links[i].child] = i + 1;
    }
    size_t *queue = cli_alloc(pairs->count + 1, sizeof *queue);
    size_t count = 0;
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->items[i].leads)
            queue[count++] = i;
    for (size_t at = 0; at < count; at++)
        for (size_t link = first[queue[at]]; link; link = next[link - 1]) {
            size_t parent = pairs->links[link - 1].parent;
            if (!pairs->items[parent].leads)
                queue[count++] = parent;
            pairs->items[parent].leads = true;
        }
}

void pairs_examine(struct pairs *pairs)
{
    while (pairs->queue_count) {
        size_t index = pairs->queue[--pairs->queue_count];
        pairs->items[index].is_waiting = false;
        struct pair pair = pairs->items[index]; /* the array may move */
        pairs->parent = index + 1;
        pair_expand(pairs, &pair);
        pairs->items[index].is_expanded = true;
    }
    pairs->parent = 0;
    for (size_t i = 0; i < pairs->count; i++)
        if (pair_examine(pairs->comparison, &pairs->items[i]))
            pairs->items[i].leads = true;
    spread_findings(pairs);
}

bool pairs_lead_to_finding(struct pairs *pairs, const abide_type *before, const abide_type *after)
{
    if (!pairs->slot_count)
        return false;
    size_t slot = *slot_of(pairs, bare(before), bare(after));
    return slot && pairs->items[slot - 1].leads;
}
