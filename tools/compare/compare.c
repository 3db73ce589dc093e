/* Two interfaces, function by function, and all types that these reach. */
#include "pairs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Functions by their symbols. */
struct symbol {
    const char *symbol;
    const abide_function *function;
};

static int compare_symbols(const void *left, const void *right)
{
    return strcmp(((const struct symbol *)left)->symbol, ((const struct symbol *)right)->symbol);
}

static struct symbol *symbols_of(const abide_iface *iface)
{
    size_t count = abide_iface_function_count(iface);
    struct symbol *symbols = cli_alloc(count + 1, sizeof *symbols);
    for (size_t i = 0; i < count; i++) {
        const abide_function *function = abide_iface_function_at(iface, i);
        symbols[i] = (struct symbol){abide_function_symbol(function), function};
    }
    if (count)
        qsort(symbols, count, sizeof *symbols, compare_symbols);
    return symbols;
}

static const abide_function *find(const struct symbol *symbols, size_t count, const char *symbol)
{
    const struct symbol *found =
        bsearch(&(struct symbol){symbol, NULL}, symbols, count, sizeof *symbols, compare_symbols);
    return found ? found->function : NULL;
}

static void note(struct comparison *comparison, enum change change, const char *path,
                 const abide_function *before, const abide_function *after, const char *old_text,
                 const char *new_text)
{
    findings_note(comparison, &(struct seen){.change = change,
                                             .path = path,
                                             .before = {.function = before},
                                             .after = {.function = after},
                                             .old_text = old_text,
                                             .new_text = new_text});
}

/* ---- what is promised of values (abide_promise) ---- */

/* A parameter, or the result, of both. */
struct value_of {
    const char *path;
    const abide_signature *sides[2];
    size_t index; /* ABIDE_RESULT: the result */
};

static const abide_type *type_of_value(const struct value_of *value, int side)
{
    const abide_signature *signature = value->sides[side];
    return value->index == ABIDE_RESULT
               ? abide_signature_result(signature)
               : abide_signature_parameter_at(signature, value->index).type;
}

/* `old` and `new` are bits of abide_promise. */
static void compare_promise(struct comparison *comparison, const struct value_of *value,
                            unsigned old, unsigned new, bool is_callers)
{
    static const struct {
        unsigned promises;
        enum change stricter, looser; /* of the caller */
        enum change lost, gained;     /* of the callee */
    } rows[] = {{ABIDE_PROMISE_PRESENT, CHANGE_NULLABILITY_IN, CHANGE_NULLABILITY_IN_LOOSER,
                 CHANGE_NULLABILITY_OUT, CHANGE_NULLABILITY_OUT_STRICTER},
                {ABIDE_PROMISE_UTF8 | ABIDE_PROMISE_TERMINATED, CHANGE_VALIDITY,
                 CHANGE_VALIDITY_LOOSER, CHANGE_VALIDITY, CHANGE_VALIDITY_LOOSER},
                {ABIDE_PROMISE_WRITABLE, CHANGE_WRITING, CHANGE_WRITING_LOOSER, CHANGE_WRITING,
                 CHANGE_WRITING_LOOSER}};
    abide_ctx *ctx = comparison->cli->ctx;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned was = old & rows[i].promises, is = new &rows[i].promises;
        bool is_more = (is & ~was) != 0, is_less = (was & ~is) != 0;
        struct seen seen = {.change = is_callers ? rows[i].stricter : rows[i].lost,
                            .path = value->path,
                            .before = {.signature = value->sides[0], .index = value->index},
                            .after = {.signature = value->sides[1], .index = value->index},
                            .old_text = abide_type_print(ctx, type_of_value(value, 0)),
                            .new_text = abide_type_print(ctx, type_of_value(value, 1))};
        if (is_callers ? is_more : is_less)
            findings_add(comparison, &seen, CONTRACT, NOTHING);
        seen.change = is_callers ? rows[i].looser : rows[i].gained;
        if (is_callers ? is_less : is_more)
            findings_add(comparison, &seen, NOTHING, ADDITION);
    }
}

static void compare_promises(struct comparison *comparison, const char *name,
                             const abide_signature *before, const abide_signature *after,
                             const abide_fingerprint *old, const abide_fingerprint *new)
{
    size_t count = abide_signature_parameter_count(after);
    if (old->promise_count != new->promise_count)
        return;
    for (size_t i = 0; 2 * i + 1 < new->promise_count; i++) {
        /* Whoever writes it from now on promises something else anyway. */
        if (abide_signature_mode_at(before, i) != abide_signature_mode_at(after, i))
            continue;
        const char *parameter = i < count ? abide_signature_parameter_at(after, i).name : "result";
        const char *path =
            parameter ? cli_printf("%s/%s", name, parameter) : cli_printf("%s/#%zu", name, i + 1);
        bool is_another = findings_have(comparison, CHANGE_PARAM_TYPE, path) ||
                          findings_have(comparison, CHANGE_RESULT_TYPE, path) ||
                          findings_have(comparison, CHANGE_POINTER_TARGET, path);
        if (is_another) /* promises of one are none of the other */
            continue;
        const struct value_of value = {path, {before, after}, i < count ? i : ABIDE_RESULT};
        compare_promise(comparison, &value, old->promises[2 * i], new->promises[2 * i], true);
        compare_promise(comparison, &value, old->promises[2 * i + 1], new->promises[2 * i + 1],
                        false);
    }
}

/* ---- functions ---- */

/* A function that both have, and whether anything worse than a name was found of it. */
struct both {
    const abide_function *before, *after;
    bool is_found;
};

static bool compare_unwinding(struct comparison *comparison, const char *name,
                              const struct both *both)
{
    bool could = abide_function_may_unwind(both->before);
    bool can = abide_function_may_unwind(both->after);
    if (could != can)
        note(comparison, CHANGE_UNWINDING, name, both->before, both->after,
             could ? "allow" : "abort", can ? "allow" : "abort");
    return could != can;
}

/* Where calls go by number. */
static bool compare_numbers(struct comparison *comparison, const char *name,
                            const struct both *both)
{
    const abide_module *modules[] = {module_of(comparison, 0), module_of(comparison, 1)};
    const abide_function *functions[] = {both->before, both->after};
    const char *texts[2];
    for (int side = 0; side < 2; side++) {
        const abide_assignment *assignment = abide_assignment_of(
            comparison->cli->ctx, modules[side], abide_function_signature(functions[side]));
        if (!assignment || !abide_assignment_number_register(assignment))
            return false;
        uint32_t number;
        texts[side] = abide_function_number(functions[side], modules[side], &number)
                          ? cli_printf("%" PRIu32, number)
                          : "none";
    }
    if (strcmp(texts[0], texts[1]) == 0)
        return false;
    note(comparison, CHANGE_NUMBER, name, both->before, both->after, texts[0], texts[1]);
    return true;
}

static void compare_blocking(struct comparison *comparison, const char *name,
                             const struct both *both)
{
    bool could = abide_function_may_block(both->before);
    bool can = abide_function_may_block(both->after);
    if (could != can)
        note(comparison, can ? CHANGE_BLOCKING : CHANGE_BLOCKING_LOOSER, name, both->before,
             both->after, could ? "may wait" : "does not wait", can ? "may wait" : "does not wait");
}

static bool compare_words(struct comparison *comparison, const char *name, const struct both *both)
{
    abide_ctx *ctx = comparison->cli->ctx;
    bool is_found = compare_unwinding(comparison, name, both);
    is_found = compare_numbers(comparison, name, both) || is_found;
    compare_blocking(comparison, name, both);
    for (int of_caller = 0; of_caller < 2; of_caller++) {
        const char *old = abide_function_errors(ctx, both->before, of_caller);
        const char *new = abide_function_errors(ctx, both->after, of_caller);
        if (old == new || (old && new && strcmp(old, new) == 0))
            continue;
        note(comparison, CHANGE_ERROR_RULE, name, both->before, both->after, old ? old : "unsaid",
             new ? new : "unsaid");
        is_found = true;
    }
    bool was_free = abide_function_calls_back_anywhere(both->before);
    bool is_free = abide_function_calls_back_anywhere(both->after);
    if (was_free == is_free)
        return is_found;
    note(comparison, is_free ? CHANGE_CALLBACK_THREAD : CHANGE_CALLBACK_THREAD_LOOSER, name,
         both->before, both->after, was_free ? "any thread" : "the thread of the call",
         is_free ? "any thread" : "the thread of the call");
    return true;
}

static void compare_function(struct comparison *comparison, struct pairs *pairs, struct both *both)
{
    const char *name = abide_function_name(both->after);
    const abide_signature *before = abide_function_signature(both->before);
    const abide_signature *after = abide_function_signature(both->after);
    if (strcmp(abide_function_name(both->before), name) != 0)
        note(comparison, CHANGE_FUNCTION_RENAMED, name, both->before, both->after,
             abide_function_name(both->before), name);
    both->is_found =
        pairs_join_signatures(pairs, name, NULL, before, after, USE_PROGRAM_GIVES, false);
    both->is_found = compare_words(comparison, name, both) || both->is_found;
}

/* The first type of its parameters and result that is other bytes, and may have moved all of them. */
static const char *cause_of(struct pairs *pairs, const abide_signature *before,
                            const abide_signature *after)
{
    size_t count = abide_signature_parameter_count(after);
    if (count != abide_signature_parameter_count(before))
        return NULL;
    const char *cause =
        pairs_cause(pairs, abide_signature_result(before), abide_signature_result(after));
    for (size_t i = 0; i < count && !cause; i++)
        cause = pairs_cause(pairs, abide_signature_parameter_at(before, i).type,
                            abide_signature_parameter_at(after, i).type);
    return cause;
}

static void compare_call(struct comparison *comparison, struct pairs *pairs, struct both *both)
{
    const abide_signature *before = abide_function_signature(both->before);
    const abide_signature *after = abide_function_signature(both->after);
    const struct seen model = {.path = abide_function_name(both->after),
                               .cause = cause_of(pairs, before, after)};
    both->is_found = calls_compare(comparison, &model, before, after) || both->is_found;
}

static bool leads_to_finding(struct pairs *pairs, const struct both *both)
{
    const abide_signature *before = abide_function_signature(both->before);
    const abide_signature *after = abide_function_signature(both->after);
    size_t count = abide_signature_parameter_count(after);
    if (both->is_found || count != abide_signature_parameter_count(before) ||
        pairs_lead_to_finding(pairs, abide_signature_result(before), abide_signature_result(after)))
        return true;
    for (size_t i = 0; i < count; i++)
        if (pairs_lead_to_finding(pairs, abide_signature_parameter_at(before, i).type,
                                  abide_signature_parameter_at(after, i).type))
            return true;
    return false;
}

/* Fingerprints cover everything: what they see and nothing above explains is said as such. */
static void compare_fingerprints(struct comparison *comparison, struct pairs *pairs,
                                 const struct both *both)
{
    abide_ctx *ctx = comparison->cli->ctx;
    abide_fingerprint old, new;
    if (!abide_fingerprint_of(ctx, module_of(comparison, 0), both->before, &old) ||
        !abide_fingerprint_of(ctx, module_of(comparison, 1), both->after, &new)) {
        comparison->is_incomplete = true;
        return;
    }
    const char *name = abide_function_name(both->after);
    compare_promises(comparison, name, abide_function_signature(both->before),
                     abide_function_signature(both->after), &old, &new);
    bool same_layout = memcmp(old.layout_digest, new.layout_digest, sizeof old.layout_digest) == 0;
    bool same_contract =
        memcmp(old.contract_digest, new.contract_digest, sizeof old.contract_digest) == 0;
    if ((same_layout && same_contract) || leads_to_finding(pairs, both))
        return;
    note(comparison, same_layout ? CHANGE_CONTRACT_CHANGED : CHANGE_LAYOUT_CHANGED, name,
         both->before, both->after, NULL, NULL);
}

/* ---- constants ---- */

/* How a constant shows under the module of one side, as "c_int 64"; NULL: its target has none, or it cannot be judged. */
static const char *constant_text(struct comparison *comparison, int side,
                                 const abide_constant *constant, abide_literal *value)
{
    abide_ctx *ctx = comparison->cli->ctx;
    *value = (abide_literal){.kind = ABIDE_LITERAL_NONE};
    if (!constant)
        return NULL;
    if (!abide_constant_value(ctx, module_of(comparison, side), constant, value))
        comparison->is_incomplete = true;
    return value->kind == ABIDE_LITERAL_NONE ? NULL : abide_literal_print(ctx, constant, value);
}

static void note_constant(struct comparison *comparison, enum change change,
                          const abide_constant *before, const abide_constant *after,
                          const char *old, const char *new)
{
    const char *name = abide_constant_name(before ? before : after);
    struct seen seen = {.change = change,
                        .path = cli_printf("constants/%s", name),
                        .before = {.constant = before},
                        .after = {.constant = after},
                        .old_text = old,
                        .new_text = new};
    findings_note(comparison, &seen);
}

/* Either may be NULL. */
static void compare_constant(struct comparison *comparison, const abide_constant *before,
                             const abide_constant *after)
{
    abide_ctx *ctx = comparison->cli->ctx;
    abide_literal of_old, of_new;
    const char *old = constant_text(comparison, 0, before, &of_old);
    const char *new = constant_text(comparison, 1, after, &of_new);
    if (!old || !new) {
        if (old || new)
            note_constant(comparison, old ? CHANGE_CONSTANT_REMOVED : CHANGE_CONSTANT_ADDED, before,
                          after, old ? old : "none", new ? new : "none");
        return;
    }
    const char *old_type = abide_type_print(ctx, abide_constant_type(before));
    const char *new_type = abide_type_print(ctx, abide_constant_type(after));
    if (!abide_literal_equal(&of_old, &of_new))
        note_constant(comparison, CHANGE_CONSTANT_VALUE, before, after, old, new);
    if (strcmp(old_type, new_type) != 0)
        note_constant(comparison, CHANGE_CONSTANT_TYPE, before, after, old_type, new_type);
}

static void compare_constants(struct comparison *comparison)
{
    const abide_iface *old = comparison->sides[0].iface, *new = comparison->sides[1].iface;
    for (size_t i = 0; i < abide_iface_constant_count(old); i++) {
        const abide_constant *before = abide_iface_constant_at(old, i);
        compare_constant(comparison, before,
                         abide_iface_constant(new, abide_constant_name(before)));
    }
    for (size_t i = 0; i < abide_iface_constant_count(new); i++) {
        const abide_constant *after = abide_iface_constant_at(new, i);
        if (!abide_iface_constant(old, abide_constant_name(after)))
            compare_constant(comparison, NULL, after);
    }
}

/* ---- types that no function reaches ---- */

/*
 * Programs may have them from each other, from files, or through pointers that tell nothing. Whether that is so is not in the
 * description, unless it is of types alone.
 */
static void compare_unreached(struct comparison *comparison, struct pairs *pairs)
{
    const abide_iface *old = comparison->sides[0].iface, *new = comparison->sides[1].iface;
    bool has_functions = abide_iface_function_count(old) || abide_iface_function_count(new);
    comparison->most = has_functions ? RISK : BREAK;
    for (size_t i = 0; i < abide_iface_type_count(new); i++) {
        const abide_type *after = abide_iface_type_at(new, i);
        const abide_type *before = abide_iface_type(old, abide_type_name(after));
        bool is_one = is_number(bare(after)) && has_functions; /* its uses were looked at */
        if (before && !is_one)
            pairs_join_unreached(pairs, before, after);
    }
    pairs_examine(pairs);
    comparison->most = BREAK;
}

/* ---- interfaces ---- */

static void compare_modules(struct comparison *comparison)
{
    const abide_module *before = module_of(comparison, 0), *after = module_of(comparison, 1);
    const char *old = abide_module_version(before), *new = abide_module_version(after);
    bool same_major =
        strcspn(old, ".") == strcspn(new, ".") && strncmp(old, new, strcspn(old, ".")) == 0;
    if (same_major && strcmp(abide_module_name(before), abide_module_name(after)) == 0)
        return;
    note(comparison, CHANGE_ABI_CHANGED, "(abi)", NULL, NULL,
         comparison->sides[0].titles[comparison->module],
         comparison->sides[1].titles[comparison->module]);
}

static void compare_packages(struct comparison *comparison)
{
    const char *old = abide_iface_package(comparison->sides[0].iface);
    const char *new = abide_iface_package(comparison->sides[1].iface);
    if (old && new && strcmp(old, new) != 0)
        note(comparison, CHANGE_PACKAGE, "(package)", NULL, NULL, old, new);
}

static void note_gone(struct comparison *comparison, const struct symbol *symbols,
                      const abide_function *before)
{
    const abide_iface *iface = comparison->sides[1].iface;
    const char *name = abide_function_name(before);
    const abide_function *same = abide_iface_function(iface, name);
    const char *symbol = abide_function_symbol(before);
    /* Its name under another symbol that the old library did not have. */
    if (same && !find(symbols, abide_iface_function_count(comparison->sides[0].iface),
                      abide_function_symbol(same)))
        note(comparison, CHANGE_SYMBOL_RENAMED, name, before, same, symbol,
             abide_function_symbol(same));
    else
        note(comparison, CHANGE_SYMBOL_REMOVED, name, before, NULL, symbol, "none");
}

static void compare_interfaces(struct comparison *comparison)
{
    const abide_iface *old = comparison->sides[0].iface, *new = comparison->sides[1].iface;
    const struct symbol *of_old = symbols_of(old), *of_new = symbols_of(new);
    size_t old_count = abide_iface_function_count(old), count = abide_iface_function_count(new);
    struct pairs *pairs = pairs_new(comparison);
    struct both *both = cli_alloc(count + 1, sizeof *both);
    size_t both_count = 0;
    compare_modules(comparison);
    compare_packages(comparison);
    compare_constants(comparison);
    for (size_t i = 0; i < old_count; i++)
        if (!find(of_new, count, abide_function_symbol(abide_iface_function_at(old, i))))
            note_gone(comparison, of_old, abide_iface_function_at(old, i));
    for (size_t i = 0; i < count; i++) {
        const abide_function *after = abide_iface_function_at(new, i);
        const char *symbol = abide_function_symbol(after);
        const abide_function *before = find(of_old, old_count, symbol);
        const abide_function *same = abide_iface_function(old, abide_function_name(after));
        bool is_renamed = same && !find(of_new, count, abide_function_symbol(same));
        if (before)
            both[both_count++] = (struct both){before, after, false};
        else if (!is_renamed)
            note(comparison, CHANGE_SYMBOL_ADDED, abide_function_name(after), NULL, after, "none",
                 symbol);
    }
    for (size_t i = 0; i < both_count; i++)
        compare_function(comparison, pairs, &both[i]);
    pairs_examine(pairs);
    for (size_t i = 0; i < both_count; i++)
        compare_call(comparison, pairs, &both[i]);
    for (size_t i = 0; i < both_count; i++)
        compare_fingerprints(comparison, pairs, &both[i]);
    compare_unreached(comparison, pairs);
}

void compare_all(struct comparison *comparison)
{
    comparison->most = BREAK;
    for (size_t m = 0; m < comparison->sides[0].module_count; m++) {
        comparison->module = m;
        compare_interfaces(comparison);
    }
    findings_sort(comparison);
}
