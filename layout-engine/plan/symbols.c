/* The names of thunks. All thunks of one file, and all that they call, are told apart by name. */
#include "plan/plan.h"

#include "base/diag.h"
#include "base/hash.h"
#include "plan/build.h"
#include "types/name.h"

#include <string.h>

/* What calls no symbol needs none of a module's prefixes. */
static const char *const kind_prefixes[] = {[ABIDE_PLAN_ADAPTER] = NULL,
                                            [ABIDE_PLAN_INVOKER] = "call_",
                                            [ABIDE_PLAN_CLOSURE] = "closure_",
                                            [ABIDE_PLAN_HANDLER] = "handler_"};

static const char *symbol_of(abide_ctx *ctx, const abide_plan *plan, const char *prefix)
{
    if (plan->releases_for) {
        const char *symbol = symbol_of(ctx, plan->releases_for, prefix);
        return symbol
                   ? abide_moved__symbol(ctx, plan->releases_for->caller->physical->module, symbol)
                   : NULL;
    }
    const abide_function *function = plan->function;
    const abide_module *caller = plan->caller->physical->module;
    if (!prefix)
        prefix = kind_prefixes[plan->kind] ? kind_prefixes[plan->kind] : caller->symbol_prefix;
    /* No symbol is called whose name it could take away. */
    if (!prefix && plan->target == ABIDE_TARGET_INSTRUCTION)
        prefix = "";
    if (!prefix) {
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_PREFIX_REQUIRED, function->place,
                          "the thunk for '%s' needs a prefix: module %s has none of its own",
                          function->name, caller->name);
        abide__diag_help(ctx, diag, "name one, such as `--prefix my_`");
        return NULL;
    }
    const char *symbol =
        abide__printf(ctx, "%s%s", prefix, abide_symbol__from_name(ctx, function->name));
    if (plan->target == ABIDE_TARGET_INSTRUCTION && !*prefix)
        symbol = function->symbol;
    if (!abide_symbol__check(ctx, ABIDE_NOWHERE, symbol))
        return NULL;
    if (plan->target == ABIDE_TARGET_SYMBOL && strcmp(symbol, plan->symbol) == 0) {
        abide_diag *diag = abide__report(
            ctx, ABIDE_CODE_SYMBOL_COLLISION, function->place,
            "the thunk for '%s' would have the name of the symbol that it calls, '%s'",
            function->name, symbol);
        abide__diag_help(ctx, diag, "choose another prefix with `--prefix`");
        return NULL;
    }
    return symbol;
}

const char *abide_plan_symbol(abide_ctx *ctx, const abide_plan *plan, const char *prefix)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *symbol = symbol_of(ctx, plan, prefix);
    abide__guard_leave(ctx, &guard);
    return symbol;
}

/* --- several thunks ---------------------------------------------------------------------------- */

struct taken {
    const char *symbol;
    const abide_plan *plan; /* whose thunk has it */
    UT_hash_handle hh;
};

static struct taken *find(struct taken *table, const char *symbol)
{
    struct taken *entry = NULL;
    HASH_FIND_STR(table, symbol, entry);
    return entry;
}

static bool refuse(abide_ctx *ctx, const abide_plan *plan, const struct taken *taken,
                   const char *what, const char *help)
{
    const abide_function *owner = taken->plan->function;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_SYMBOL_COLLISION, plan->function->place,
                                     "%s '%s' has the name of the thunk for '%s', '%s'", what,
                                     plan->function->name, owner->name, taken->symbol);
    abide__diag_note(ctx, diag, owner->place, "'%s' is here", owner->name);
    abide__diag_help(ctx, diag, "%s", help);
    return false;
}

/* What a thunk calls is defined elsewhere, so it must not be what another thunk defines. */
static bool check_calls(abide_ctx *ctx, struct taken *table, const abide_plan *plan)
{
    static const char help[] = "choose another prefix with `--prefix`";
    bool fine = true;
    struct taken *taken = plan->target == ABIDE_TARGET_SYMBOL ? find(table, plan->symbol) : NULL;
    if (taken)
        fine = refuse(ctx, plan, taken, "what is called for", help);
    const char *hook;
    for (size_t i = 0; (hook = abide_plan__hook_symbol(plan, i)); i++) {
        taken = find(table, hook);
        if (taken)
            fine = refuse(ctx, plan, taken, "a hook of", help);
    }
    return fine;
}

struct calling {
    abide_ctx *ctx;
    struct taken *table;
    bool fine;
};

/* A routine would call the thunk instead of what it means. */
static void check_call(struct calling *calling, const char *symbol)
{
    struct taken *taken = find(calling->table, symbol);
    if (!taken)
        return;
    const abide_function *owner = taken->plan->function;
    abide_diag *diag =
        abide__report(calling->ctx, ABIDE_CODE_SYMBOL_COLLISION, owner->place,
                      "the thunk for '%s' has the name of a function that conversions "
                      "call, '%s'",
                      owner->name, symbol);
    abide__diag_help(calling->ctx, diag, "choose another prefix with `--prefix`");
    calling->fine = false;
}

static void check_op(const struct abide_op *op, void *user)
{
    if (op->kind == ABIDE_OP_CALL)
        check_call(user, op->symbol);
}

/* What routines call, also what compilers make of their operations. */
static bool check_routines(abide_ctx *ctx, struct taken *table, const abide_plan *const *plans,
                           size_t plan_count)
{
    static const char *const always[] = {"memcpy", "memset", "memchr", "strlen", ABIDE_TRAP_SYMBOL};
    struct calling calling = {.ctx = ctx, .table = table, .fine = true};
    size_t count;
    const struct abide_routine *const *routines =
        abide_plan__routines(ctx, plans, plan_count, &count);
    for (size_t i = 0; i < count; i++)
        abide_routine__visit(&routines[i]->body, check_op, &calling);
    for (size_t i = 0; count && i < sizeof always / sizeof *always; i++)
        check_call(&calling, always[i]);
    return calling.fine;
}

const char *const *abide_plan__symbols(abide_ctx *ctx, const abide_plan *const *plans,
                                       size_t plan_count, const char *prefix)
{
    const char **symbols = abide__new_array(ctx, const char *, plan_count + 1);
    struct taken *table = NULL;
    bool fine = true;
    for (size_t i = 0; i < plan_count; i++) {
        symbols[i] = symbol_of(ctx, plans[i], prefix);
        struct taken *taken = symbols[i] ? find(table, symbols[i]) : NULL;
        if (!symbols[i] || taken) {
            fine = false;
            if (taken)
                refuse(ctx, plans[i], taken, "the thunk for", "rename one of the two functions");
            continue;
        }
        taken = abide__new(ctx, struct taken);
        *taken = (struct taken){.symbol = symbols[i], .plan = plans[i]};
        HASH_ADD_KEYPTR(hh, table, taken->symbol, strlen(taken->symbol), taken);
    }
    for (size_t i = 0; i < plan_count; i++)
        fine = check_calls(ctx, table, plans[i]) && fine;
    fine = fine && check_routines(ctx, table, plans, plan_count);
    return fine ? symbols : NULL;
}
