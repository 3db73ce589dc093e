/*
 * Fuzz target of the module reader: any text is refused with diagnostics, or loads; what loads places a few signatures.
 * Nothing may crash, hang or leak.
 */
#include "abide/abide.h"
#include "spec/search.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

static const char interface[] = "abide: 1\n"
                                "types:\n"
                                "  pair: {struct: {x: f32, y: f32}}\n"
                                "  mixed: {struct: {a: u8, b: f64, c: ptr<void>}}\n"
                                "  large: {struct: {a: array<pair; 9>, b: mixed}}\n"
                                "  either: {union: {a: f64, b: array<i32; 4>}}\n"
                                "functions:\n"
                                "  f: (a u8, b pair, c mixed, d large, e either, f f64) -> mixed\n"
                                "  g: (a large, s slice<pair>, n c_int) -> large\n"
                                "  h: (fmt cstring, ... c_int, f64, pair) -> pair\n";

static bool add_module(abide_ctx *ctx, const uint8_t *data, size_t size_bytes)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    const struct abide_source *source =
        abide_source__from_text(ctx, "input.yaml", (const char *)data, size_bytes);
    bool fine = abide_search__add_source(ctx, source) != NULL;
    abide__guard_leave(ctx, &guard);
    return fine;
}

static void place_all(abide_ctx *ctx, const abide_module *module)
{
    const abide_iface *iface = abide_iface_parse(ctx, "interface", interface, strlen(interface));
    for (size_t i = 0; iface && i < abide_iface_function_count(iface); i++) {
        const abide_function *function = abide_iface_function_at(iface, i);
        const abide_assignment *assignment =
            abide_assignment_of(ctx, module, abide_function_signature(function));
        if (assignment)
            abide_assignment_prototype(ctx, assignment, abide_function_name(function));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.embedded_only = true;
    abide_ctx *ctx = abide_ctx_new(&options);
    if (!ctx)
        return 0;
    /* Inputs of the corpus are called so; others are found under any name by the loader's other ways. */
    if (add_module(ctx, data, size_bytes)) {
        const abide_module *module = abide_module_load(ctx, "toy", "x86_64-linux-gnu");
        if (module)
            place_all(ctx, module);
        module = abide_module_load(ctx, "c", "x86_64-linux-gnu");
        if (module)
            place_all(ctx, module);
    }
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false);
    abide_ctx_free(ctx);
    return 0;
}
