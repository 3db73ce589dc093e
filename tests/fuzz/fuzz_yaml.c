/* Any bytes: a tree, or diagnostics that can be printed; the tree's places lie in the text and in order. */
#include "base/diag.h"
#include "base/yaml.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static void check_node(const struct abide_yaml *node, size_t text_bytes)
{
    expect(node->place.start_bytes <= node->place.end_bytes && node->place.end_bytes <= text_bytes);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        expect((entry->key != NULL) == (node->kind == ABIDE_YAML_MAPPING));
        if (entry->key)
            check_node(entry->key, text_bytes);
        check_node(entry->value, text_bytes);
    }
}

static void print_diags(abide_ctx *ctx)
{
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        expect(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), i % 2));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)) == 0) {
        const struct abide_source *source =
            abide_source__from_text(ctx, "fuzz", (const char *)data, size_bytes);
        const struct abide_yaml *root = abide_yaml__parse(ctx, source);
        expect((root != NULL) == (abide_ctx_diag_count(ctx) == 0));
        if (root)
            check_node(root, size_bytes);
        abide__guard_leave(ctx, &guard);
    }
    print_diags(ctx);
    abide_ctx_free(ctx);
    return 0;
}
