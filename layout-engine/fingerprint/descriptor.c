/* Descriptors as bytes in the target's byte order: abide/descriptor.h has their form. */
#include "abide/descriptor.h"

#include "base/diag.h"
#include "fingerprint/fingerprint.h"
#include "spec/module.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const char *symbol;
    abide_checks checks;
    abide_fingerprint fingerprint;
};

struct writing {
    abide_ctx *ctx;
    bool big_endian;
    struct abide_text text;
};

static void put(struct writing *writing, uint64_t value, unsigned size_bytes)
{
    char bytes[8];
    for (unsigned i = 0; i < size_bytes; i++) {
        unsigned from = writing->big_endian ? size_bytes - 1 - i : i;
        bytes[i] = (char)(value >> 8 * from & 0xff);
    }
    abide__text_add(writing->ctx, &writing->text, bytes, size_bytes);
}

static uint32_t put_name(struct writing *writing, const char *name)
{
    uint32_t at = (uint32_t)writing->text.length_bytes;
    abide__text_add(writing->ctx, &writing->text, name, strlen(name) + 1);
    return at;
}

/* What comes in front of the names, whose places are known only behind them: it is written twice. */
struct places {
    uint32_t package, functions, growing, items, size_bytes;
    uint32_t *symbols, *promises, *names;
};

struct contents {
    const char *package;
    const struct entry *entries;
    size_t entry_count;
    const struct abide_growing *growing;
    size_t growing_count;
};

static void put_head(struct writing *writing, const struct contents *contents,
                     const struct places *places)
{
    struct abide_digest id = abide_digest__of(contents->package, strlen(contents->package));
    put(writing, ABIDE_DESCRIPTOR_MAGIC, 4);
    put(writing, ABIDE_DESCRIPTOR_VERSION, 2);
    put(writing, sizeof(abide_descriptor), 2);
    put(writing, places->size_bytes, 4);
    put(writing, 0, 4);
    put(writing, abide_digest__first64(&id), 8);
    put(writing, places->package, 4);
    put(writing, contents->entry_count, 4);
    put(writing, places->functions, 4);
    put(writing, contents->growing_count, 4);
    put(writing, places->growing, 4);
    put(writing, 0, 4);
}

/* The form of descriptors is not bound to how this library counts. */
static abide_descriptor_checks told_checks(abide_checks checks)
{
    switch (checks) {
    case ABIDE_CHECKS_UNSAID: break;
    case ABIDE_CHECKS_TRUST: return ABIDE_DESCRIPTOR_CHECKS_TRUST;
    case ABIDE_CHECKS_CHECKED: return ABIDE_DESCRIPTOR_CHECKS_CHECKED;
    case ABIDE_CHECKS_CONVERT: return ABIDE_DESCRIPTOR_CHECKS_CONVERT;
    }
    return ABIDE_DESCRIPTOR_CHECKS_UNTOLD;
}

static void put_function(struct writing *writing, const struct entry *entry, uint32_t symbol,
                         uint32_t promises)
{
    put(writing, entry->fingerprint.layout, 8);
    put(writing, entry->fingerprint.contract, 8);
    put(writing, symbol, 4);
    put(writing, promises, 4);
    put(writing, entry->fingerprint.promise_count, 4);
    put(writing, told_checks(entry->checks), 4);
}

static void put_tables(struct writing *writing, const struct contents *contents,
                       struct places *places)
{
    put_head(writing, contents, places);
    places->functions = (uint32_t)writing->text.length_bytes;
    for (size_t i = 0; i < contents->entry_count; i++)
        put_function(writing, &contents->entries[i], places->symbols[i], places->promises[i]);
    places->growing = (uint32_t)writing->text.length_bytes;
    uint32_t items = places->items;
    for (size_t i = 0; i < contents->growing_count; i++) {
        put(writing, places->names[i], 4);
        put(writing, contents->growing[i].item_count, 4);
        put(writing, items, 4);
        put(writing, 0, 4);
        items += (uint32_t)(8 * contents->growing[i].item_count);
    }
    places->items = (uint32_t)writing->text.length_bytes;
    for (size_t i = 0; i < contents->growing_count; i++)
        for (size_t k = 0; k < contents->growing[i].item_count; k++)
            put(writing, contents->growing[i].items[k], 8);
}

static void put_texts(struct writing *writing, const struct contents *contents,
                      struct places *places)
{
    places->package = put_name(writing, contents->package);
    for (size_t i = 0; i < contents->entry_count; i++)
        places->symbols[i] = put_name(writing, contents->entries[i].symbol);
    for (size_t i = 0; i < contents->growing_count; i++)
        places->names[i] = put_name(writing, contents->growing[i].name);
    for (size_t i = 0; i < contents->entry_count; i++) {
        const abide_fingerprint *fingerprint = &contents->entries[i].fingerprint;
        places->promises[i] = (uint32_t)writing->text.length_bytes;
        abide__text_add(writing->ctx, &writing->text, (const char *)fingerprint->promises,
                        fingerprint->promise_count);
    }
    while (writing->text.length_bytes % 8)
        abide__text_add(writing->ctx, &writing->text, "", 1);
    places->size_bytes = (uint32_t)writing->text.length_bytes;
}

static void put_all(struct writing *writing, const struct contents *contents)
{
    struct places places = {0};
    places.symbols = abide__new_array(writing->ctx, uint32_t, contents->entry_count + 1);
    places.promises = abide__new_array(writing->ctx, uint32_t, contents->entry_count + 1);
    places.names = abide__new_array(writing->ctx, uint32_t, contents->growing_count + 1);
    for (int pass = 0; pass < 2; pass++) {
        writing->text.length_bytes = 0;
        put_tables(writing, contents, &places);
        put_texts(writing, contents, &places);
    }
}

static int compare_entries(const void *left, const void *right)
{
    return strcmp(((const struct entry *)left)->symbol, ((const struct entry *)right)->symbol);
}

/* In the order of their symbols. NULL: reported. */
static const struct entry *list_entries(abide_ctx *ctx, const abide_module *module,
                                        const abide_descriptor_entry *given, size_t count)
{
    struct entry *entries = abide__new_array(ctx, struct entry, count + 1);
    for (size_t i = 0; i < count; i++) {
        const abide_function *function = given[i].function;
        entries[i].symbol = given[i].symbol ? given[i].symbol : function->symbol;
        entries[i].checks = given[i].checks;
        if (!abide_fingerprint__of(ctx, module, function, &entries[i].fingerprint))
            return NULL;
    }
    if (count > 1)
        qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 1; i < count; i++)
        if (compare_entries(&entries[i - 1], &entries[i]) == 0) {
            abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, ABIDE_NOWHERE,
                          "two functions of a descriptor have the symbol %s",
                          abide__quote(ctx, entries[i].symbol));
            return NULL;
        }
    return entries;
}

/* Far beyond any library; offsets are of 32 bits. */
enum { MAX_DESCRIPTOR_BYTES = 1 << 30 };

static bool is_small(const struct contents *contents)
{
    uint64_t size_bytes = sizeof(abide_descriptor) + strlen(contents->package);
    for (size_t i = 0; i < contents->entry_count; i++)
        size_bytes += sizeof(abide_descriptor_function) + strlen(contents->entries[i].symbol) + 1 +
                      contents->entries[i].fingerprint.promise_count;
    for (size_t i = 0; i < contents->growing_count; i++)
        size_bytes += sizeof(abide_descriptor_growing) + strlen(contents->growing[i].name) + 1 +
                      8 * (uint64_t)contents->growing[i].item_count;
    return size_bytes < MAX_DESCRIPTOR_BYTES;
}

static bool make(abide_ctx *ctx, const abide_module *module, const char *package,
                 const abide_descriptor_entry *given, size_t count, struct abide_text *text)
{
    struct contents contents = {.package = package, .entry_count = count};
    contents.entries = list_entries(ctx, module, given, count);
    if (!contents.entries)
        return false;
    contents.growing = abide_growing__of(ctx, module, given, count, &contents.growing_count);
    if (!contents.growing)
        return false;
    if (!is_small(&contents)) {
        abide__report(ctx, ABIDE_CODE_TOO_MANY, ABIDE_NOWHERE,
                      "a descriptor of %zu functions would be too large", count);
        return false;
    }
    struct writing writing = {.ctx = ctx, .big_endian = module->machine->data->big_endian};
    put_all(&writing, &contents);
    *text = writing.text;
    return true;
}

bool abide_descriptor_make(abide_ctx *ctx, const abide_module *module, const char *package,
                           const abide_descriptor_entry *entries, size_t entry_count,
                           const void **bytes, size_t *size_bytes)
{
    struct abide_guard guard;
    struct abide_text text = {0};
    if (!module || setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    bool fine = make(ctx, module, package, entries, entry_count, &text);
    abide__guard_leave(ctx, &guard);
    if (fine) {
        *bytes = text.chars;
        *size_bytes = text.length_bytes;
    }
    return fine;
}
