/* The fingerprints of functions, their texts, and alias symbols. */
#include "fingerprint/fingerprint.h"

#include "base/diag.h"
#include "types/name.h"

#include <string.h>

struct layouts_of {
    struct abide_graph graph;
    struct layouts_of *next;
};

struct abide_fingerprints {
    struct layouts_of *layouts;
    struct abide_graph contracts;
};

static struct abide_fingerprints *fingerprints_of(abide_ctx *ctx)
{
    if (!ctx->fingerprints) {
        struct abide_fingerprints *made = abide__new(ctx, struct abide_fingerprints);
        abide_graph__start(&made->contracts, ctx, &abide__contract_dialect, NULL);
        ctx->fingerprints = made;
    }
    return ctx->fingerprints;
}

struct abide_graph *abide_fingerprints__layouts(abide_ctx *ctx, const abide_module *module)
{
    struct abide_fingerprints *fingerprints = fingerprints_of(ctx);
    for (struct layouts_of *of = fingerprints->layouts; of; of = of->next)
        if (of->graph.module == module)
            return &of->graph;
    struct layouts_of *of = abide__new(ctx, struct layouts_of);
    abide_graph__start(&of->graph, ctx, &abide__layout_dialect, module);
    of->next = fingerprints->layouts;
    fingerprints->layouts = of;
    return &of->graph;
}

struct abide_graph *abide_fingerprints__contracts(abide_ctx *ctx)
{
    return &fingerprints_of(ctx)->contracts;
}

/* ---- fingerprints ---- */

static void list_promises(abide_ctx *ctx, const abide_signature *signature,
                          abide_fingerprint *fingerprint)
{
    size_t count = signature->param_count + 1;
    unsigned char *bytes = abide__alloc_array(ctx, count, 2);
    for (size_t i = 0; i < count; i++) {
        size_t index = i < signature->param_count ? i : ABIDE_RESULT;
        struct abide_promises promises = abide_contract_dialect__promises(signature, index);
        bytes[2 * i] = promises.caller;
        bytes[2 * i + 1] = promises.callee;
    }
    fingerprint->promises = bytes;
    fingerprint->promise_count = 2 * count;
}

static bool digest_both(struct abide_graph *layouts, struct abide_graph *contracts,
                        const abide_function *function, abide_fingerprint *fingerprint)
{
    struct abide_digest layout, contract;
    if (!abide_graph__digest(layouts, abide_layout_dialect__write_function, function, &layout) ||
        !abide_graph__digest(contracts, abide_contract_dialect__write_function, function,
                             &contract))
        return false;
    *fingerprint = (abide_fingerprint){.layout = abide_digest__first64(&layout),
                                       .contract = abide_digest__first64(&contract)};
    memcpy(fingerprint->layout_digest, layout.bytes, sizeof layout.bytes);
    memcpy(fingerprint->contract_digest, contract.bytes, sizeof contract.bytes);
    list_promises(layouts->ctx, function->signature, fingerprint);
    return true;
}

bool abide_fingerprint__of(abide_ctx *ctx, const abide_module *module,
                           const abide_function *function, abide_fingerprint *fingerprint)
{
    return digest_both(abide_fingerprints__layouts(ctx, module), abide_fingerprints__contracts(ctx),
                       function, fingerprint);
}

bool abide_fingerprint_of(abide_ctx *ctx, const abide_module *module,
                          const abide_function *function, abide_fingerprint *fingerprint)
{
    struct abide_guard guard;
    if (!module || !function || setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    bool fine = abide_fingerprint__of(ctx, module, function, fingerprint);
    abide__guard_leave(ctx, &guard);
    return fine;
}

/* Graphs of their own: what others have asked for is to be in the text too. */
static const char *print(abide_ctx *ctx, const abide_module *module, const abide_function *function)
{
    struct abide_text text = {0};
    struct abide_graph layouts, contracts;
    abide_fingerprint fingerprint;
    abide_graph__start(&layouts, ctx, &abide__layout_dialect, module);
    abide_graph__start(&contracts, ctx, &abide__contract_dialect, NULL);
    layouts.record = contracts.record = &text;
    return digest_both(&layouts, &contracts, function, &fingerprint) ? text.chars : NULL;
}

const char *abide_fingerprint_print(abide_ctx *ctx, const abide_module *module,
                                    const abide_function *function)
{
    struct abide_guard guard;
    if (!module || !function || setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = print(ctx, module, function);
    abide__guard_leave(ctx, &guard);
    return text;
}

/* ---- aliases ---- */

enum { ALIAS_DIGITS = 13 }; /* of five bits each: 64, and one that is always zero */

static void write_digits(uint64_t value, char digits[static ALIAS_DIGITS + 1])
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
    digits[ALIAS_DIGITS] = '\0';
    for (size_t i = ALIAS_DIGITS; i-- > 0; value >>= 5)
        digits[i] = alphabet[value & 31];
}

static const char *alias_of(abide_ctx *ctx, const char *symbol,
                            const abide_fingerprint *fingerprint, abide_alias alias)
{
    char layout[ALIAS_DIGITS + 1], contract[ALIAS_DIGITS + 1];
    write_digits(fingerprint->layout, layout);
    write_digits(fingerprint->contract, contract);
    return alias == ABIDE_ALIAS_CONTRACT
               ? abide__printf(ctx, "%s__s1_%s_%s", symbol, layout, contract)
               : abide__printf(ctx, "%s__s1_%s", symbol, layout);
}

const char *abide_fingerprint_alias(abide_ctx *ctx, const char *symbol,
                                    const abide_fingerprint *fingerprint, abide_alias alias)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = alias_of(ctx, symbol, fingerprint, alias);
    abide__guard_leave(ctx, &guard);
    return text;
}

/* NULL: reported. */
static const abide_function *with_alias(abide_ctx *ctx, const abide_module *module,
                                        const abide_function *function, abide_alias alias)
{
    abide_fingerprint fingerprint;
    if (function->has_invokes) /* it calls no symbol */
        return function;
    if (!abide_fingerprint__of(ctx, module, function, &fingerprint))
        return NULL;
    abide_function *copy = abide__new(ctx, abide_function);
    *copy = *function;
    copy->symbol = alias_of(ctx, function->symbol, &fingerprint, alias);
    return abide_symbol__check(ctx, function->symbol_place, copy->symbol) ? copy : NULL;
}

static const abide_iface *with_aliases(abide_ctx *ctx, const abide_iface *iface,
                                       const abide_module *module, abide_alias alias)
{
    abide_iface *copy = abide__new(ctx, abide_iface);
    *copy = *iface;
    copy->functions_by_name = (struct abide_table){0};
    copy->added.items = NULL;
    copy->added.count = copy->added.capacity = 0;
    for (size_t i = 0; i < iface->function_count; i++) {
        const abide_function *function = with_alias(ctx, module, iface->functions[i], alias);
        if (!function)
            return NULL;
        abide__push(ctx, &copy->added, function);
        abide_iface__index_function(ctx, copy, function);
    }
    copy->functions = copy->added.items;
    return copy;
}

const abide_iface *abide_iface_with_aliases(abide_ctx *ctx, const abide_iface *iface,
                                            const abide_module *module, abide_alias alias)
{
    struct abide_guard guard;
    if (!iface || !module || setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const abide_iface *copy = with_aliases(ctx, iface, module, alias);
    abide__guard_leave(ctx, &guard);
    return copy;
}
