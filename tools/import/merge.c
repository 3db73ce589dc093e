/* Several targets in one file, and what follows from what is left out. */
#include "model.h"

#include <string.h>

#define uthash_malloc(size_bytes)       store_new(1, size_bytes)
#define uthash_free(memory, size_bytes) ((void)(memory))
#include <uthash.h>

/* Entries by name. */
struct indexed {
    struct entry *entry;
    UT_hash_handle hh;
};

static struct indexed *index_of(const struct entries *entries)
{
    struct indexed *index = NULL;
    for (size_t i = 0; i < entries->count; i++) {
        struct indexed *added = store_new(1, sizeof *added);
        added->entry = entries->items[i];
        HASH_ADD_KEYPTR(hh, index, added->entry->name, strlen(added->entry->name), added);
    }
    return index;
}

static struct entry *find(struct indexed *index, const char *name)
{
    struct indexed *found;
    HASH_FIND_STR(index, name, found);
    return found ? found->entry : NULL;
}

/* ---- one of several targets ---------------------------------------------------------------------- */

/* A pragma that changes nothing on one target does on another. */
static void share_packing(struct record *a, struct record *b)
{
    if (a->pack_bytes == 0 && b->pack_bytes != 0 && a->member_align_bytes <= b->pack_bytes)
        a->pack_bytes = b->pack_bytes;
    if (b->pack_bytes == 0 && a->pack_bytes != 0 && b->member_align_bytes <= a->pack_bytes)
        b->pack_bytes = a->pack_bytes;
    for (size_t i = 0; i < a->members.count && i < b->members.count; i++)
        if (a->members.items[i].record && b->members.items[i].record)
            share_packing(a->members.items[i].record, b->members.items[i].record);
}

static void take_layouts(struct record *into, const struct record *from, size_t target)
{
    into->layouts[target] = from->layouts[target];
    for (size_t i = 0; i < into->members.count; i++)
        if (into->members.items[i].record && from->members.items[i].record)
            take_layouts(into->members.items[i].record, from->members.items[i].record, target);
}

static void merge_entry(struct entry *into, const struct entry *from, const struct targets *targets,
                        size_t target)
{
    if (into->refusal)
        return;
    if (!from || from->refusal) {
        const char *name = targets->names[target];
        into->refusal = from ? store_printf("%s (%s)", from->refusal, name)
                             : store_printf("it is not declared for %s", name);
        return;
    }
    if (into->record && from->record)
        share_packing(into->record, from->record);
    if (into->form != from->form || strcmp(definition_text(into), definition_text(from)) != 0)
        into->refusal = store_printf("it is not the same for %s and %s: import them apart",
                                     targets->names[0], targets->names[target]);
    else if (into->record && from->record)
        take_layouts(into->record, from->record, target);
    else if (into->sizes_bytes)
        into->sizes_bytes[target] = from->sizes_bytes[target];
}

static void merge_list(struct entries *into, const struct entries *from,
                       const struct targets *targets, size_t target)
{
    struct indexed *others = index_of(from);
    struct indexed *own = index_of(into);
    for (size_t i = 0; i < into->count; i++)
        merge_entry(into->items[i], find(others, into->items[i]->name), targets, target);
    for (size_t i = 0; i < from->count; i++) {
        struct entry *entry = from->items[i];
        if (find(own, entry->name))
            continue;
        if (!entry->refusal)
            entry->refusal = store_printf("it is only declared for %s", targets->names[target]);
        LIST_ADD(into, entry);
    }
}

/* ---- constants ------------------------------------------------------------------------------------ */

/* Constants by name. */
struct named {
    struct constant *constant;
    UT_hash_handle hh;
};

const char *const alike_words[ALIKE_COUNT] = {"size", "ssize", "u64",    "i64",
                                              "u32",  "i32",   "c_wchar"};

static const char another_type[] =
    "constants of another type for each target, which are imported apart";

/* A word that is the type of all targets so far; NULL: there is none. */
static const char *common_type(const struct constant *a, const struct constant *b)
{
    if (strcmp(a->type, b->type) == 0)
        return a->type;
    for (size_t i = 0; i < ALIKE_COUNT; i++)
        if ((a->alike & b->alike) >> i & 1)
            return alike_words[i];
    return NULL;
}

static void merge_constant(struct constant *into, const struct constant *from, size_t target)
{
    if (from->refusal || into->refusal == another_type)
        return;
    if (into->refusal) {
        into->type = from->type;
        into->alike = from->alike;
        into->values[target] = from->values[target];
        into->refusal = NULL;
        return;
    }
    into->type = common_type(into, from);
    into->refusal = into->type ? NULL : another_type;
    into->alike &= from->alike;
    into->values[target] = from->values[target];
}

/* Those of one target, each name once: what has a value counts before what has none. */
static void add_constants(struct named **index, struct constants *into,
                          const struct constants *from, size_t target)
{
    for (size_t i = 0; i < from->count; i++) {
        struct constant *constant = from->items[i];
        struct named *named;
        HASH_FIND_STR(*index, constant->name, named);
        if (named) {
            merge_constant(named->constant, constant, target);
            continue;
        }
        named = store_new(1, sizeof *named);
        named->constant = constant;
        HASH_ADD_KEYPTR(hh, *index, constant->name, strlen(constant->name), named);
        LIST_ADD(into, constant);
    }
}

static void merge_constants(struct model *merged, struct model *const *models,
                            const struct targets *targets)
{
    struct named *index = NULL;
    struct constants all = {0};
    for (size_t t = 0; t < targets->count; t++)
        add_constants(&index, &all, &models[t]->constants, t);
    merged->constants = all;
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i]->refusal)
            count_out(merged, all.items[i]->refusal);
}

static void merge_remarks(struct model *into, struct model *from)
{
    size_t count = into->remarks.count;
    for (size_t i = 0; i < from->remarks.count; i++) {
        from->remarks.items[i].entry = NULL; /* of another model: it is said in any case */
        bool is_known = false;
        for (size_t j = 0; j < count && !is_known; j++)
            is_known = strcmp(into->remarks.items[j].text, from->remarks.items[i].text) == 0;
        if (!is_known)
            LIST_ADD(&into->remarks, from->remarks.items[i]);
    }
}

struct model *merge(struct model *const *models, const struct targets *targets)
{
    struct model *merged = models[0];
    for (size_t t = 1; t < targets->count; t++) {
        merge_list(&merged->types, &models[t]->types, targets, t);
        merge_list(&merged->functions, &models[t]->functions, targets, t);
        merge_remarks(merged, models[t]);
    }
    merge_constants(merged, models, targets);
    return merged;
}

/* ---- what is left out ---------------------------------------------------------------------------- */

/* Whether something that the entry needs is left out, which leaves it out too. */
static bool spread(struct entry *entry, struct indexed *types)
{
    if (entry->refusal)
        return false;
    for (size_t i = 0; i < entry->needs.count; i++) {
        const struct need *need = &entry->needs.items[i];
        const struct entry *needed = find(types, need->name);
        if (!needed || !needed->refusal || (needed->is_record && !need->by_value))
            continue;
        entry->refusal = store_printf("it needs %s, which is left out", needed->c_name);
        return true;
    }
    return false;
}

/* The entry and what it needs, without recursion: types may be many, and refer to each other in long rows. */
static void keep(struct entry *first, struct indexed *types)
{
    LIST(struct entry *) waiting = {0};
    LIST_ADD(&waiting, first);
    while (waiting.count) {
        struct entry *entry = waiting.items[--waiting.count];
        if (entry->is_kept)
            continue;
        entry->is_kept = true;
        entry->is_stub = entry->refusal;
        for (size_t i = 0; !entry->refusal && i < entry->needs.count; i++) {
            struct entry *needed = find(types, entry->needs.items[i].name);
            if (needed && !needed->is_kept)
                LIST_ADD(&waiting, needed);
        }
    }
}

static bool is_wanted(const struct entry *entry)
{
    return entry->is_own && !entry->refusal;
}

static void forget(const struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        entries->items[i]->is_kept = entries->items[i]->is_stub = false;
}

static void keep_wanted(const struct entries *entries, struct indexed *types,
                        bool (*wanted)(const struct entry *entry))
{
    for (size_t i = 0; i < entries->count; i++)
        if (wanted(entries->items[i]))
            keep(entries->items[i], types);
}

void keep_only(struct model *model, bool (*wanted)(const struct entry *entry))
{
    forget(&model->types);
    forget(&model->functions);
    keep_wanted(&model->types, index_of(&model->types), wanted);
}

void settle(struct model *model)
{
    struct indexed *types = index_of(&model->types);
    bool changed;
    do {
        changed = false;
        for (size_t i = 0; i < model->types.count; i++)
            changed = spread(model->types.items[i], types) || changed;
    } while (changed);
    for (size_t i = 0; i < model->functions.count; i++)
        spread(model->functions.items[i], types);
    forget(&model->types);
    forget(&model->functions);
    keep_wanted(&model->types, types, is_wanted);
    keep_wanted(&model->functions, types, is_wanted);
}
