/* Any bytes: an interface whose names are harmless, or diagnostics that can be printed. */
#include "abide/iface.h"
#include "types/type.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes);

static void expect(bool condition)
{
    if (!condition)
        abort();
}

/* No name or symbol carries anything that could end it in C, in assembly or on a terminal. */
static void check_text(const char *text)
{
    for (; text && *text; text++)
        expect(*text > ' ' && *text < 0x7F && !strchr("\"'\\;:#`{}", *text));
}

static void check_type(abide_ctx *ctx, const abide_type *type)
{
    check_text(type->name);
    expect(abide_type_print(ctx, type));
    for (size_t i = 0; i < type->field_count; i++) {
        check_text(type->fields[i].name);
        expect(abide_type_print(ctx, type->fields[i].type));
    }
    for (size_t i = 0; i < type->enumerator_count; i++)
        check_text(type->enumerators[i].name);
}

static void check_function(abide_ctx *ctx, const abide_function *function)
{
    const abide_signature *signature = abide_function_signature(function);
    check_text(abide_function_name(function));
    check_text(abide_function_symbol(function));
    expect(signature->fixed_count <= signature->param_count);
    for (size_t i = 0; i < signature->param_count; i++) {
        check_text(signature->params[i].name);
        expect(abide_type_print(ctx, signature->params[i].type));
    }
    expect(abide_type_print(ctx, signature->result));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size_bytes)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_iface *iface = abide_iface_parse(ctx, "fuzz", (const char *)data, size_bytes);
    expect((iface != NULL) == (abide_ctx_diag_count(ctx) == 0));
    for (size_t i = 0; iface && i < abide_iface_type_count(iface); i++)
        check_type(ctx, abide_iface_type_at(iface, i));
    for (size_t i = 0; iface && i < abide_iface_function_count(iface); i++)
        check_function(ctx, abide_iface_function_at(iface, i));
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        expect(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
    abide_ctx_free(ctx);
    return 0;
}
