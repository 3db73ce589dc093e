/* Further names of thunks, and data beside them. */
#include "extras.h"

#include "base/diag.h"

#include <string.h>

bool abide_extras__are_there(const abide_codegen_options *options)
{
    return options->alias_count > 0 || options->data_count > 0;
}

static void hide(const struct abide_emission *e, LLVMValueRef value)
{
    if (e->options->hidden_visibility)
        LLVMSetVisibility(value, LLVMHiddenVisibility);
}

static bool refuse(struct abide_emission *e, const char *what, const char *symbol, const char *why)
{
    abide__report(e->ctx, ABIDE_CODE_SYMBOL_COLLISION, ABIDE_NOWHERE, "%s '%s' %s", what, symbol,
                  why);
    return false;
}

/* What the module has of this name already: LLVM would silently choose another name for a second one. */
static bool is_taken(const struct abide_emission *e, const char *name)
{
    return LLVMGetNamedFunction(e->module, name) || LLVMGetNamedGlobal(e->module, name) ||
           LLVMGetNamedGlobalAlias(e->module, name, strlen(name));
}

static bool add_alias(struct abide_emission *e, const struct abide_module *machine,
                      const abide_codegen_alias *alias)
{
    const char *symbol = abide_emission__linked(e, machine, alias->symbol);
    const char *name = abide_emission__linked(e, machine, alias->alias);
    LLVMValueRef function = LLVMGetNamedFunction(e->module, symbol);
    if (!function || LLVMIsDeclaration(function))
        return refuse(e, "the alias", alias->alias, "has no thunk");
    if (is_taken(e, name))
        return refuse(e, "the alias", alias->alias, "has the name of something else");
    hide(e, LLVMAddAlias2(e->module, LLVMGlobalGetValueType(function), 0, function, name));
    return true;
}

enum { DATA_ALIGN_BYTES = 8 };

static bool add_data(struct abide_emission *e, const struct abide_module *machine,
                     const abide_codegen_data *data)
{
    const char *name = abide_emission__linked(e, machine, data->symbol);
    if (is_taken(e, name))
        return refuse(e, "the data", data->symbol, "has the name of something else");
    LLVMValueRef bytes =
        LLVMConstStringInContext(e->context, data->bytes, (unsigned)data->size_bytes, true);
    LLVMValueRef global = LLVMAddGlobal(e->module, LLVMTypeOf(bytes), name);
    LLVMSetInitializer(global, bytes);
    LLVMSetGlobalConstant(global, true);
    LLVMSetAlignment(global, DATA_ALIGN_BYTES);
    hide(e, global);
    return true;
}

bool abide_extras__add(struct abide_emission *e, const struct abide_module *machine)
{
    bool fine = true;
    for (size_t i = 0; i < e->options->alias_count; i++)
        fine = add_alias(e, machine, &e->options->aliases[i]) && fine;
    for (size_t i = 0; i < e->options->data_count; i++)
        fine = add_data(e, machine, &e->options->data[i]) && fine;
    return fine;
}
