/*
 * Open types: what stands in them is in no fingerprint, so that they can grow. Descriptors list it beside, by the names of the types,
 * and whoever compares two sees whether one list has all that the other has.
 */
#include "base/diag.h"
#include "fingerprint/fingerprint.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct visit {
    const abide_type *type;
    const char *path; /* of the type, or of what it lies in: the names from a type or function on */
};

struct search {
    abide_ctx *ctx;
    const abide_module *module;
    struct abide_serials seen;
    ABIDE_VEC(struct visit) pending;
    ABIDE_VEC(struct abide_growing) found;
};

static void visit_later(struct search *search, const abide_type *type, const char *path)
{
    if (!type)
        return;
    const void **seen = abide_serials__slot(search->ctx, &search->seen, type->serial);
    if (*seen)
        return;
    *seen = type;
    abide__push(search->ctx, &search->pending,
                (struct visit){type, type->name ? type->name : path});
}

static const char *part_path(struct search *search, const char *path, const char *name)
{
    return name ? abide__printf(search->ctx, "%s.%s", path, name) : path;
}

/* A path is needed only where a type without a name may be told by it. */
static void visit_named_later(struct search *search, const abide_type *type, const char *path,
                              const char *name)
{
    bool is_named = !type || type->name || type->kind == ABIDE_KIND_SCALAR;
    visit_later(search, type, is_named ? path : part_path(search, path, name));
}

static void visit_signature(struct search *search, const abide_signature *signature,
                            const char *path)
{
    for (size_t i = 0; i < signature->param_count; i++)
        visit_named_later(search, signature->params[i].type, path, signature->params[i].name);
    visit_named_later(search, signature->result, path, "result");
}

static void visit_parts(struct search *search, const abide_type *type, const char *path)
{
    visit_later(search, type->target, path);
    for (size_t i = 0; i < type->field_count; i++)
        visit_named_later(search, type->fields[i].type, path, type->fields[i].name);
    if (type->signature)
        visit_signature(search, type->signature, path);
}

/* ---- items ---- */

/* What a case holds, in one dialect: for abide_graph__digest. */
static bool write_payload(struct abide_draft *draft, const void *type)
{
    abide_draft__text(draft, "holds ");
    abide_draft__type(draft, type);
    abide_draft__text(draft, "\n");
    return true;
}

/* false: reported. */
static bool add_payload(struct search *search, struct abide_digesting *digesting,
                        const abide_type *payload)
{
    struct abide_graph *const graphs[] = {abide_fingerprints__layouts(search->ctx, search->module),
                                          abide_fingerprints__contracts(search->ctx)};
    for (size_t i = 0; i < sizeof graphs / sizeof *graphs; i++) {
        struct abide_digest digest;
        if (!abide_graph__digest(graphs[i], write_payload, payload, &digest))
            return false;
        abide_digest__add_digest(digesting, &digest);
        abide_digest__add_text(digesting, "\n");
    }
    return true;
}

/* What has parts that stand in a row. */
static bool is_row(const abide_type *type)
{
    return type->kind == ABIDE_KIND_INTERFACE || type->kind == ABIDE_KIND_STRUCT;
}

/* A method or a field by where it stands, and a case or a value by its number. */
static const char *name_of(struct search *search, const abide_type *type, size_t index)
{
    if (is_row(type))
        return abide__printf(search->ctx, "item %zu\n", index);
    const struct abide_enumerator *enumerator = &type->enumerators[index];
    return enumerator->is_large
               ? abide__printf(search->ctx, "item %" PRIu64 "\n", (uint64_t)enumerator->value)
               : abide__printf(search->ctx, "item %" PRId64 "\n", enumerator->value);
}

static size_t item_count(const abide_type *type)
{
    return is_row(type) ? type->field_count : type->enumerator_count;
}

static bool number_of(struct search *search, const abide_type *type, size_t index, uint64_t *number)
{
    struct abide_digesting digesting;
    abide_digest__start(&digesting);
    abide_digest__add_text(&digesting, name_of(search, type, index));
    if ((type->kind == ABIDE_KIND_VARIANT || is_row(type)) &&
        !add_payload(search, &digesting, type->fields[index].type))
        return false;
    struct abide_digest digest = abide_digest__finish(&digesting);
    *number = abide_digest__first64(&digest);
    return true;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static bool add_growing(struct search *search, const abide_type *type, const char *path)
{
    size_t total = item_count(type);
    uint64_t *items = abide__new_array(search->ctx, uint64_t, total + 1);
    for (size_t i = 0; i < total; i++)
        if (!number_of(search, type, i, &items[i]))
            return false;
    qsort(items, total, sizeof *items, compare_numbers);
    size_t count = 0; /* two names may stand for one value */
    for (size_t i = 0; i < total; i++)
        if (i == 0 || items[i] != items[count - 1])
            items[count++] = items[i];
    abide__push(search->ctx, &search->found, (struct abide_growing){path, items, count});
    return true;
}

static int compare_growing(const void *left, const void *right)
{
    return strcmp(((const struct abide_growing *)left)->name,
                  ((const struct abide_growing *)right)->name);
}

const struct abide_growing *abide_growing__of(abide_ctx *ctx, const abide_module *module,
                                              const abide_descriptor_entry *entries,
                                              size_t entry_count, size_t *count)
{
    struct search search = {.ctx = ctx, .module = module};
    for (size_t i = 0; i < entry_count; i++)
        visit_signature(&search, entries[i].function->signature, entries[i].function->name);
    while (search.pending.count > 0) {
        struct visit visit = search.pending.items[--search.pending.count];
        if (visit.type->is_open && !add_growing(&search, visit.type, visit.path))
            return NULL;
        visit_parts(&search, visit.type, visit.path);
    }
    if (search.found.count > 1)
        qsort(search.found.items, search.found.count, sizeof *search.found.items, compare_growing);
    *count = search.found.count;
    static const struct abide_growing none;
    return search.found.count ? search.found.items : &none;
}
