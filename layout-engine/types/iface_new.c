/* Interfaces that a program makes, instead of a file. What it says is checked as the reader checks a file. */
#include "base/diag.h"
#include "types/iface.h"
#include "types/name.h"

#include <string.h>

static abide_iface *new_iface(abide_ctx *ctx, const char *package)
{
    if (package && !abide_name__check(ctx, ABIDE_NOWHERE, "a package", package))
        return NULL;
    abide_iface *iface = abide__new(ctx, abide_iface);
    iface->package = package ? abide__intern_text(ctx, package) : NULL;
    return iface;
}

abide_iface *abide_iface_new(abide_ctx *ctx, const char *package)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    abide_iface *iface = new_iface(ctx, package);
    abide__guard_leave(ctx, &guard);
    return iface;
}

/* Prototypes and diagnostics name parameters. */
static bool check_parameter_names(abide_ctx *ctx, const char *function,
                                  const abide_signature *signature)
{
    for (size_t i = 0; i < signature->fixed_count; i++) {
        if (signature->params[i].name)
            continue;
        abide__report(ctx, ABIDE_CODE_BAD_NAME, ABIDE_NOWHERE, "parameter %zu of %s needs a name",
                      i, abide__quote(ctx, function));
        return false;
    }
    return true;
}

static bool check_function(abide_ctx *ctx, const abide_iface *iface, const char *name,
                           const char *symbol, const abide_signature *signature)
{
    if (!abide_name__check(ctx, ABIDE_NOWHERE, "a function", name) ||
        (symbol && !abide_symbol__check(ctx, ABIDE_NOWHERE, symbol)))
        return false;
    if (abide_iface_function(iface, name)) {
        abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, ABIDE_NOWHERE, "two functions are called %s",
                      abide__quote(ctx, name));
        return false;
    }
    return check_parameter_names(ctx, name, signature);
}

static const abide_function *add_function(abide_ctx *ctx, abide_iface *iface, const char *name,
                                          const char *symbol, const abide_signature *signature)
{
    if (!check_function(ctx, iface, name, symbol, signature))
        return NULL;
    abide_function *function = abide__new(ctx, abide_function);
    function->name = abide__intern_text(ctx, name);
    function->symbol =
        symbol ? abide__intern_text(ctx, symbol) : abide_symbol__from_name(ctx, function->name);
    function->signature = signature;
    iface->added.count = iface->function_count; /* without one for which memory ran out below */
    abide__push(ctx, &iface->added, function);
    abide_iface__index_function(ctx, iface, function);
    iface->functions = iface->added.items;
    iface->function_count = iface->added.count;
    return function;
}

const abide_function *abide_iface_add_function(abide_ctx *ctx, abide_iface *iface, const char *name,
                                               const char *symbol, const abide_signature *signature)
{
    struct abide_guard guard;
    if (!iface || !signature || setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const abide_function *function = add_function(ctx, iface, name, symbol, signature);
    abide__guard_leave(ctx, &guard);
    return function;
}

/* `type` NULL: for all types. */
static bool add_hook(abide_ctx *ctx, abide_iface *iface, const char *name, const abide_type *type,
                     const char *symbol)
{
    if (!abide_name__check(ctx, ABIDE_NOWHERE, "a hook", name) ||
        !abide_symbol__check(ctx, ABIDE_NOWHERE, symbol))
        return false;
    size_t count = iface->hook_count;
    struct abide_iface_hook *hooks = abide__new_array(ctx, struct abide_iface_hook, count + 1);
    for (size_t i = 0; i < count; i++) {
        hooks[i] = iface->hooks[i];
        if (strcmp(hooks[i].name, name) == 0 &&
            (hooks[i].type == type || !type || !hooks[i].type)) {
            abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, ABIDE_NOWHERE, "two hooks are called %s",
                          abide__quote(ctx, name));
            return false;
        }
    }
    hooks[count] = (struct abide_iface_hook){.name = abide__intern_text(ctx, name),
                                             .symbol = abide__intern_text(ctx, symbol),
                                             .type = type};
    iface->hooks = hooks;
    iface->hook_count = count + 1;
    return true;
}

bool abide_iface_add_hook(abide_ctx *ctx, abide_iface *iface, const char *name, const char *symbol)
{
    struct abide_guard guard;
    if (!iface || setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    bool added = add_hook(ctx, iface, name, NULL, symbol);
    abide__guard_leave(ctx, &guard);
    return added;
}

bool abide_iface_add_type_hook(abide_ctx *ctx, abide_iface *iface, const char *name,
                               const abide_type *type, const char *symbol)
{
    struct abide_guard guard;
    if (!iface || !type || setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    bool added = add_hook(ctx, iface, name, type, symbol);
    abide__guard_leave(ctx, &guard);
    return added;
}
