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

static const abide_type **slot_of_type(const struct seen_types *types, const abide_type *type)
{
    for (size_t at = (size_t)(uintptr_t)type >> 6;; at++) {
        const abide_type **slot = &types->slots[at % types->slot_count];
        if (!*slot || *slot == type)
            return slot;
    }
}

static bool is_seen(const struct seen_types *types, const abide_type *type)
{
    return types->slot_count && *slot_of_type(types, type);
}

static void see_type(struct seen_types *types, const abide_type *type)
{
    if (2 * types->count >= types->slot_count) {
        struct seen_types larger = {.slot_count = 4 * types->count + 64, .count = types->count};
        larger.slots = cli_alloc(larger.slot_count, sizeof *larger.slots);
        for (size_t i = 0; i < types->slot_count; i++)
            if (types->slots[i])
                *slot_of_type(&larger, types->slots[i]) = types->slots[i];
        *types = larger;
    }
    const abide_type **slot = slot_of_type(types, type);
    types->count += *slot ? 0 : 1;
    *slot = type;
}

static void make_room(struct pairs *pairs)
{
    if (pairs->count == pairs->capacity)
        pairs->items = cli_grow(pairs->items, pairs->count, &pairs->capacity, sizeof *pairs->items);
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
            cli_grow(pairs->links, pairs->link_count, &pairs->link_capacity, sizeof *pairs->links);
    pairs->links[pairs->link_count++] = (struct link){child, pairs->parent - 1};
}

static void enqueue(struct pairs *pairs, size_t index)
{
    if (pairs->items[index].is_waiting)
        return;
    pairs->items[index].is_waiting = true;
    if (pairs->queue_count == pairs->queue_capacity)
        pairs->queue = cli_grow(pairs->queue, pairs->queue_count, &pairs->queue_capacity,
                                sizeof *pairs->queue);
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

static size_t add(struct pairs *pairs, const struct edge *edge, const abide_type *before,
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
        return index;
    pair->use |= edge->use;
    enqueue(pairs, index);
    return index;
}

static bool is_same_kind(const abide_type *before, const abide_type *after)
{
    return strcmp(abide_type_kind_name(before), abide_type_kind_name(after)) == 0;
}

/* ---- what two types are, seen from the place where they stand ---- */

/* Something was found in a place: in the pair whose parts are joined, or in a function. */
static void add_here(struct pairs *pairs, struct seen *seen, const struct edge *edge,
                     enum severity forward, enum severity backward)
{
    struct pair *parent = pairs->parent ? &pairs->items[pairs->parent - 1] : NULL;
    seen->group = parent ? parent->path : edge->group;
    findings_add(pairs->comparison, seen, forward, backward);
    if (!parent)
        return;
    parent->leads = true;
    parent->is_own = parent->is_own || forward > NOTE || backward > NOTE;
}

static struct seen seen_here(struct pairs *pairs, const struct edge *edge, enum change change,
                             const abide_type *before, const abide_type *after)
{
    abide_ctx *ctx = pairs->comparison->cli->ctx;
    return (struct seen){.change = change,
                         .path = edge->path,
                         .before = edge->before,
                         .after = edge->after,
                         .old_text = abide_type_print(ctx, before),
                         .new_text = abide_type_print(ctx, after),
                         .via = edge->via};
}

static bool note(struct pairs *pairs, const struct edge *edge, enum change change,
                 const abide_type *before, const abide_type *after)
{
    struct seen seen = seen_here(pairs, edge, change, before, after);
    add_here(pairs, &seen, edge, change_infos[change].forward, change_infos[change].backward);
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

bool is_number(const abide_type *type)
{
    return is_kind(type, "scalar") || is_kind(type, "enum") || is_kind(type, "flags");
}

/* What a scalar is called in interface files. */
static const char *scalar_name(struct comparison *comparison, const abide_type *type)
{
    return is_kind(type, "scalar") ? abide_type_print(comparison->cli->ctx, type) : "";
}

char scalar_class(struct comparison *comparison, int side, const abide_type *type)
{
    static const char *const floats[] = {"f16",  "f32",     "f64",      "f80",
                                         "f128", "c_float", "c_double", "c_longdouble"};
    const char *name = scalar_name(comparison, bare(type));
    if (strcmp(name, "bool") == 0)
        return 'b';
    if (strcmp(name, "bf16") == 0)
        return 'h';
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        if (strcmp(name, floats[i]) == 0)
            return 'f';
    const abide_layout *layout =
        abide_layout_of(comparison->cli->ctx, module_of(comparison, side), type);
    return layout && abide_layout_is_signed(layout) ? 's' : 'u';
}

static bool is_integer(char class)
{
    return class == 's' || class == 'u' || class == 'b';
}

/* How many of the values that fit are legal: two, those that are listed, all. */
static int legal_values(struct comparison *comparison, const abide_type *type)
{
    const char *name = scalar_name(comparison, type);
    if (strcmp(name, "bool") == 0)
        return 0;
    bool is_listed = is_kind(type, "enum") || is_kind(type, "flags");
    return (is_listed && !(abide_type_traits(type) & ABIDE_TRAIT_OPEN)) || strcmp(name, "char") == 0
               ? 1
               : 2;
}

/* More values are legal than before, or fewer: who gets what is not expected depends on who gives it. */
static bool note_validity(struct pairs *pairs, const struct edge *edge, bool is_wider,
                          const abide_type *before, const abide_type *after)
{
    bool asks_more = !is_wider && (edge->use & USE_PROGRAM_GIVES);
    bool gives_less = is_wider && (edge->use & USE_LIBRARY_GIVES);
    bool asks_less = is_wider && (edge->use & USE_PROGRAM_GIVES);
    bool gives_more = !is_wider && (edge->use & USE_LIBRARY_GIVES);
    struct seen seen = seen_here(pairs, edge, CHANGE_VALIDITY, before, after);
    if (asks_more || gives_less)
        add_here(pairs, &seen, edge, CONTRACT, NOTHING);
    seen.change = CHANGE_VALIDITY_LOOSER;
    if (asks_less || gives_more)
        add_here(pairs, &seen, edge, NOTHING, ADDITION);
    return true;
}

/* Bytes behind a pointer, or in an array: whether `char` has a sign is the compiler's choice. */
static bool are_characters(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                           const abide_type *after)
{
    return edge->change == CHANGE_TYPE_KIND && size_of(pairs, 0, before) == 1 &&
           (strcmp(scalar_name(pairs->comparison, before), "c_char") == 0 ||
            strcmp(scalar_name(pairs->comparison, after), "c_char") == 0);
}

static bool check_numbers(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                          const abide_type *after)
{
    struct comparison *comparison = pairs->comparison;
    char old = scalar_class(comparison, 0, before), new = scalar_class(comparison, 1, after);
    bool are_integers = is_integer(old) && is_integer(new);
    bool same_sign = are_integers ? (old == 's') == (new == 's') : old == new;
    if (!same_size(pairs, before, after) || !same_sign) {
        if (are_integers && same_size(pairs, before, after) &&
            are_characters(pairs, edge, before, after))
            return note(pairs, edge, CHANGE_TYPE_RETOLD, before, after);
        bool is_short = are_integers && size_of(pairs, 0, before) <= 4 &&
                        size_of(pairs, 1, after) <= 4 && edge->change == CHANGE_PARAM_TYPE;
        return note(pairs, edge, is_short ? CHANGE_PARAM_EXTENSION : edge->change, before, after);
    }
    int were_legal = legal_values(comparison, before), are_legal = legal_values(comparison, after);
    if (were_legal != are_legal)
        return note_validity(pairs, edge, were_legal < are_legal, before, after);
    bool same_kind = strcmp(abide_type_kind_name(before), abide_type_kind_name(after)) == 0;
    return !same_kind &&
           note(pairs, edge, were_legal == 2 ? CHANGE_TYPE_RETOLD : CHANGE_VALIDITY, before, after);
}

/* Of text, or of numbers in its place, the bits of a unit; else 0. */
static int text_unit_bits(struct pairs *pairs, const abide_type *type)
{
    if (is_kind(type, "string") || is_kind(type, "string0") || is_kind(type, "cstring"))
        return 8;
    if (is_kind(type, "string16") || is_kind(type, "utf16"))
        return 16;
    bool has_element = is_kind(type, "slice") || is_kind(type, "seq") || is_kind(type, "pointer");
    const char *name = has_element && abide_type_target(type)
                           ? scalar_name(pairs->comparison, bare(abide_type_target(type)))
                           : "";
    if (strcmp(name, "u8") == 0 || strcmp(name, "c_char") == 0)
        return 8;
    return strcmp(name, "u16") == 0 ? 16 : 0;
}

enum { OWNING_TRAITS = ABIDE_TRAIT_OWN | ABIDE_TRAIT_SHARED | ABIDE_TRAIT_ONCE };

static bool is_given(const abide_type *type)
{
    return is_kind(type, "seq") || is_kind(type, "box") ||
           (abide_type_traits(type) & OWNING_TRAITS) != 0;
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

/* What stands in front of a type, of these traits: who owns it, who writes, whether it may be null. */
static bool check_traits(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                         const abide_type *after, unsigned traits)
{
    static const struct {
        unsigned traits;
        enum change change;
    } rows[] = {{OWNING_TRAITS, CHANGE_OWNERSHIP},
                {ABIDE_TRAIT_NULLABLE, CHANGE_NULLABILITY_IN},
                {ABIDE_TRAIT_MUTABLE, CHANGE_WRITING}};
    /* At the outside of a function all but the owner is promised, and looked at as such. */
    unsigned changed = (abide_type_traits(before) ^ abide_type_traits(after)) & traits &
                       (edge->is_loose ? OWNING_TRAITS : ~0U);
    bool is_found = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (changed & rows[i].traits) {
            /* Inside other types nobody knows who is the looser one. */
            struct seen seen = seen_here(pairs, edge, rows[i].change, before, after);
            add_here(pairs, &seen, edge, CONTRACT, CONTRACT);
            is_found = true;
        }
    if (!is_found || same_size(pairs, before, after))
        return is_found;
    return note(pairs, edge, edge->change, before, after);
}

void pairs_join_pointers(struct pairs *pairs, const struct edge *edge,
                         const struct leaves leaves[2])
{
    for (size_t i = 0; i < leaves[0].count; i++) {
        const abide_type *old = leaves[0].items[i].type, *new = leaves[1].items[i].type;
        struct edge pointer = *edge;
        pointer.is_loose = true; /* what an ABI makes values of promises nothing */
        if (leaves[0].items[i].class == 'p' && is_same_kind(old, new))
            pairs_join(pairs, &pointer, old, new);
        else if (leaves[0].items[i].class == 'p')
            note(pairs, edge, CHANGE_POINTER_TARGET, old, new);
    }
}

/* Types of different kinds that are the same bytes: a tuple and a struct, a string and a slice. */
static bool check_same_bytes(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                             const abide_type *after, const struct leaves leaves[2])
{
    int bits = text_unit_bits(pairs, before);
    bool are_texts = bits != 0 && bits == text_unit_bits(pairs, after);
    bool is_found = check_traits(pairs, edge, before, after, ~(unsigned)OWNING_TRAITS);
    if (is_given(before) != is_given(after))
        is_found = note(pairs, edge, CHANGE_OWNERSHIP, before, after);
    size_t parent = pairs->parent;
    pairs->parent = add(pairs, edge, before, after) + 1;
    pairs_join_pointers(pairs, edge, leaves);
    pairs->parent = parent;
    if (are_texts && edge->is_loose)
        return is_found; /* what is promised of them says the rest */
    return note(pairs, edge, are_texts ? CHANGE_VALIDITY : CHANGE_TYPE_RETOLD, before, after);
}

static bool is_address(const abide_type *type)
{
    return is_kind(type, "pointer") || is_kind(type, "function");
}

static bool is_integer_or_address(struct comparison *comparison, int side, const abide_type *type)
{
    return is_address(type) ||
           (is_number(type) && is_integer(scalar_class(comparison, side, type)));
}

static bool check_kinds(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                        const abide_type *after)
{
    if (is_unknown(before) || is_unknown(after))
        return check_unknown(pairs, edge, before, after);
    if (is_number(before) && is_number(after))
        return check_numbers(pairs, edge, before, after);
    if (!same_size(pairs, before, after))
        return note(pairs, edge, edge->change, before, after);
    if (is_address(before) != is_address(after) &&
        is_integer_or_address(pairs->comparison, 0, before) &&
        is_integer_or_address(pairs->comparison, 1, after))
        return note(pairs, edge, CHANGE_POINTER_TARGET, before, after);
    bool are_lists = (is_kind(before, "slice") || is_kind(before, "seq")) &&
                     (is_kind(after, "slice") || is_kind(after, "seq"));
    bool are_texts = text_unit_bits(pairs, before) != 0 && text_unit_bits(pairs, after) != 0;
    if ((are_lists || are_texts) && is_given(before) != is_given(after))
        return note(pairs, edge, CHANGE_OWNERSHIP, before, after);
    bool have_sizes = abide_type_has_size(before) && abide_type_has_size(after);
    if (!have_sizes)
        return note(pairs, edge, edge->change, before, after);
    const struct leaves leaves[] = {leaves_of(pairs->comparison, 0, before),
                                    leaves_of(pairs->comparison, 1, after)};
    return leaves_are_same(&leaves[0], &leaves[1])
               ? check_same_bytes(pairs, edge, before, after, leaves)
               : note(pairs, edge, edge->change, before, after);
}

static bool note_form(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                      const abide_type *after)
{
    struct seen seen = seen_here(pairs, edge, CHANGE_FORM, before, after);
    const char *old = abide_type_form(before), *new = abide_type_form(after);
    seen.old_text = cli_printf("%s in the form %s", seen.old_text, old ? old : "that is usual");
    seen.new_text = cli_printf("%s in the form %s", seen.new_text, new ? new : "that is usual");
    add_here(pairs, &seen, edge, BREAK, BREAK);
    return true;
}

static bool check_same_kind(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                            const abide_type *after)
{
    if (is_kind(before, "scalar"))
        return check_numbers(pairs, edge, before, after);
    const char *old = abide_type_form(before), *new = abide_type_form(after);
    if ((old || new) && (!old || !new || strcmp(old, new) != 0))
        return note_form(pairs, edge, before, after);
    bool is_counted = is_kind(before, "array") || is_kind(before, "vector");
    if (is_counted && (abide_type_count(before) != abide_type_count(after) ||
                       abide_type_is_flexible(before) != abide_type_is_flexible(after)))
        return note(pairs, edge, CHANGE_ARRAY_LENGTH, before, after);
    if (is_kind(before, "bitset") &&
        strcmp(abide_type_print(pairs->comparison->cli->ctx, before),
               abide_type_print(pairs->comparison->cli->ctx, after)) != 0)
        return note(pairs, edge, edge->change, before, after);
    return check_traits(pairs, edge, before, after, ~0U);
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
    see_type(&pairs->sides[0], before);
    see_type(&pairs->sides[1], after);
    if (edge->is_loose && is_kind(before, "option") != is_kind(after, "option")) {
        before = without_option(pairs, 0, before);
        after = without_option(pairs, 1, after);
    }
    bool is_found = is_same_kind(before, after) ? check_same_kind(pairs, edge, before, after)
                                                : check_kinds(pairs, edge, before, after);
    if (is_same_kind(before, after) && !is_kind(before, "scalar") && !is_unknown(before))
        add(pairs, edge, before, after);
    return is_found;
}

const char pairs_nowhere[] = "no function";

void pairs_join_unreached(struct pairs *pairs, const abide_type *before, const abide_type *after)
{
    if (is_seen(&pairs->sides[0], bare(before)) || is_seen(&pairs->sides[1], bare(after)))
        return;
    pairs_join(pairs,
               &(struct edge){.path = abide_type_name(after),
                              .group = abide_type_name(after),
                              .via = pairs_nowhere,
                              .before = {.type = before, .index = SIZE_MAX},
                              .after = {.type = after, .index = SIZE_MAX},
                              .change = CHANGE_TYPE_KIND,
                              .use = USE_ALL},
               before, after);
}

/* ---- all of them ---- */

/* Links by child, since one pass for each level would be quadratic. */
struct parents {
    const struct pairs *pairs;
    size_t *first, *next; /* indexes of links + 1: of each child, and behind each link */
};

static struct parents parents_of(const struct pairs *pairs)
{
    struct parents parents = {pairs, cli_alloc(pairs->count + 1, sizeof(size_t)),
                              cli_alloc(pairs->link_count + 1, sizeof(size_t))};
    for (size_t i = 0; i < pairs->link_count; i++) {
        size_t child = pairs->links[i].child;
        parents.next[i] = parents.first[child];
        parents.first[child] = i + 1;
    }
    return parents;
}

/* Whatever leads to a finding; each pair is told once. */
static void spread_findings(struct pairs *pairs, const struct parents *parents)
{
    size_t *queue = cli_alloc(pairs->count + 1, sizeof *queue);
    size_t count = 0;
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->items[i].leads)
            queue[count++] = i;
    for (size_t at = 0; at < count; at++)
        for (size_t link = parents->first[queue[at]]; link; link = parents->next[link - 1]) {
            size_t parent = pairs->links[link - 1].parent;
            if (!pairs->items[parent].leads)
                queue[count++] = parent;
            pairs->items[parent].leads = true;
        }
}

/* Whether parts of it lie in it, not behind it. */
static bool has_parts_inside(const abide_type *type)
{
    return is_kind(type, "array") || abide_type_member_count(type) ||
           abide_type_case_at(type, 0).name;
}

/* Types that changed by what lies in them alone follow from the type that changed itself. */
static void spread_causes(struct pairs *pairs, const struct parents *parents)
{
    size_t *queue = cli_alloc(pairs->count + 1, sizeof *queue);
    size_t count = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        struct pair *pair = &pairs->items[i];
        bool is_whole = has_parts_inside(pair->after) || is_number(pair->after);
        if (!pair->cause && pair->is_own && is_whole) {
            pair->cause = pair->path;
            queue[count++] = i;
        }
    }
    for (size_t at = 0; at < count; at++)
        for (size_t link = parents->first[queue[at]]; link; link = parents->next[link - 1]) {
            struct pair *parent = &pairs->items[pairs->links[link - 1].parent];
            if (parent->cause || !has_parts_inside(parent->after) ||
                !(parent->is_moved || is_kind(parent->after, "array")))
                continue;
            parent->cause = pairs->items[queue[at]].cause;
            findings_follow(pairs->comparison, parent->path, parent->cause);
            queue[count++] = pairs->links[link - 1].parent;
        }
}

void pairs_examine(struct pairs *pairs)
{
    while (pairs->queue_count) {
        size_t index = pairs->queue[--pairs->queue_count];
        pairs->items[index].is_waiting = false;
        struct pair pair = pairs->items[index]; /* the array may move */
        pairs->parent = index + 1;
        if (is_same_kind(pair.before, pair.after))
            pair_expand(pairs, &pair);
        pairs->items[index].is_expanded = true;
    }
    pairs->parent = 0;
    for (; pairs->examined_count < pairs->count; pairs->examined_count++) {
        struct pair *pair = &pairs->items[pairs->examined_count];
        if (is_same_kind(pair->before, pair->after) && pair_examine(pairs->comparison, pair))
            pair->leads = true;
    }
    const struct parents parents = parents_of(pairs);
    spread_findings(pairs, &parents);
    spread_causes(pairs, &parents);
}

bool pairs_lead_to_finding(struct pairs *pairs, const abide_type *before, const abide_type *after)
{
    if (!pairs->slot_count)
        return false;
    size_t slot = *slot_of(pairs, bare(before), bare(after));
    return slot && pairs->items[slot - 1].leads;
}

const char *pairs_cause(struct pairs *pairs, const abide_type *before, const abide_type *after)
{
    if (!pairs->slot_count)
        return NULL;
    size_t slot = *slot_of(pairs, bare(before), bare(after));
    return slot ? pairs->items[slot - 1].cause : NULL;
}
