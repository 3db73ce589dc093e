/* Values of constants under a module: which of them its target has, and whether the type holds it there. */
#include "layout/layout.h"

#include "base/diag.h"
#include "types/type.h"
#include "types/literal.h"

static const struct abide_constant_case *case_for(abide_ctx *ctx, const abide_module *module,
                                                  const abide_constant *constant)
{
    for (size_t i = 0; i < constant->case_count; i++) {
        const struct abide_constant_case *found = &constant->cases[i];
        if (abide_layout__is_for(ctx, module, found->targets, found->target_count, found->place))
            return found;
    }
    return NULL;
}

/* The layout of the type; some ABIs have no f80, or no i128. NULL: reported. */
static const abide_layout *layout_of(abide_ctx *ctx, const abide_module *module,
                                     const abide_constant *constant,
                                     const struct abide_constant_case *found)
{
    const abide_type *type = abide_type__strip(constant->type);
    if (type->kind != ABIDE_KIND_SCALAR || module->machine->data->scalars[type->scalar].size_bytes)
        return abide_layout_of(ctx, module, constant->type);
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_NO_SCALAR, found->place,
                                     "there is no %s on %s, so the constant %s cannot be there",
                                     abide__scalars[type->scalar].name, module->triple,
                                     abide__quote(ctx, constant->name));
    abide__diag_help(ctx, diag,
                     "name the targets that have it: value: [{target: TRIPLE, value: %s}]",
                     found->value.text);
    return NULL;
}

static bool check_integer(abide_ctx *ctx, const abide_module *module,
                          const abide_constant *constant, const struct abide_constant_case *found)
{
    const abide_layout *layout = layout_of(ctx, module, constant, found);
    if (!layout)
        return false;
    unsigned bits = 8 * (unsigned)abide_layout_size_bytes(layout);
    bool is_signed = abide_layout_is_signed(layout);
    if (abide_literal__fits(&found->value, bits, is_signed))
        return true;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_CONSTANT_RANGE, found->place,
                      "%s does not hold %s on %s: it goes from %s to %s",
                      abide__quote(ctx, abide_type_print(ctx, constant->type)), found->value.text,
                      module->triple, abide_literal__least(ctx, bits, is_signed).text,
                      abide_literal__most(ctx, bits, is_signed).text);
    abide__diag_note(ctx, diag, constant->place, "in %s, under %s",
                     abide__quote(ctx, constant->name), module->name);
    abide__diag_help(ctx, diag,
                     "%s would hold it everywhere; or give each target its value: value: "
                     "[{target: %s, value: ...}, {value: %s}]",
                     abide_literal__type_for(&found->value) ? abide_literal__type_for(&found->value)
                                                            : "a wider type",
                     module->triple, found->value.text);
    return false;
}

static const struct abide_float_format *format_of(enum abide_format format)
{
    switch (format) {
    case ABIDE_FORMAT_HALF: return &abide_float__half;
    case ABIDE_FORMAT_BFLOAT: return &abide_float__bfloat;
    case ABIDE_FORMAT_SINGLE: return &abide_float__single;
    case ABIDE_FORMAT_DOUBLE:
    case ABIDE_FORMAT_IBM: /* two doubles: the larger one has the exponent */
        return &abide_float__double;
    case ABIDE_FORMAT_X87:
    case ABIDE_FORMAT_QUAD:
    case ABIDE_FORMAT_NONE: break;
    }
    return &abide_float__wide;
}

/* Rounds the value as the scalar's format on the target does. */
static bool check_float(abide_ctx *ctx, const abide_module *module, const abide_constant *constant,
                        const struct abide_constant_case *found, abide_literal *value)
{
    enum abide_scalar scalar = abide_type__strip(constant->type)->scalar;
    const abide_layout *layout = layout_of(ctx, module, constant, found);
    if (!layout)
        return false;
    enum abide_format format = module->machine->data->scalars[scalar].format;
    enum abide_float_fit fit = abide_literal__round(format_of(format), value);
    value->is_exact = value->is_exact && format != ABIDE_FORMAT_IBM;
    if (fit == ABIDE_FLOAT_FITS)
        return true;
    abide_diag *diag = abide__report(
        ctx, ABIDE_CODE_CONSTANT_RANGE, found->place, "%s is too %s for %s on %s",
        abide__quote(ctx, value->text), fit == ABIDE_FLOAT_TOO_LARGE ? "large" : "small",
        abide__quote(ctx, abide_type_print(ctx, constant->type)), module->triple);
    abide__diag_help(ctx, diag,
                     "give each target its value: value: [{target: %s, value: inf}, {value: %s}]",
                     module->triple, value->text);
    return false;
}

static bool find_value(abide_ctx *ctx, const abide_module *module, const abide_constant *constant,
                       abide_literal *value)
{
    const struct abide_constant_case *found = case_for(ctx, module, constant);
    if (!found)
        return true;
    abide_literal copy = found->value;
    bool is_fine = copy.kind == ABIDE_LITERAL_INTEGER ? check_integer(ctx, module, constant, found)
                   : copy.kind == ABIDE_LITERAL_FLOAT
                       ? check_float(ctx, module, constant, found, &copy)
                       : true;
    if (is_fine)
        *value = copy;
    return is_fine;
}

bool abide_constant_value(abide_ctx *ctx, const abide_module *module,
                          const abide_constant *constant, abide_literal *value)
{
    struct abide_guard guard;
    *value = (abide_literal){.kind = ABIDE_LITERAL_NONE};
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    bool is_fine = find_value(ctx, module, constant, value);
    abide__guard_leave(ctx, &guard);
    return is_fine;
}
