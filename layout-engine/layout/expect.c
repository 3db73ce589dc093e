/* `expect:` of an interface: layouts known from elsewhere, compared with what a module says. */
#include "layout/layout.h"

#include "base/diag.h"
#include "spec/target.h"
#include "types/iface.h"

#include <inttypes.h>
#include <string.h>

/* Triples are compared as modules write them; one that nobody knows holds for no module. */
bool abide_layout__is_for(abide_ctx *ctx, const abide_module *module, const char *const *targets,
                          size_t target_count, struct abide_place place)
{
    for (size_t i = 0; i < target_count; i++) {
        if (strcmp(targets[i], module->triple) == 0)
            return true;
        const struct abide_target *target = abide_target__find(ctx, targets[i], place);
        if (target && strcmp(target->triple, module->triple) == 0)
            return true;
    }
    return target_count == 0;
}

/* `abi:` of an expectation names the module, with or without version and options, or `c` for any machine module. */
static bool is_meant(const struct abide_expectation *expectation, const abide_module *module)
{
    if (!expectation->abi)
        return true;
    size_t length = strcspn(expectation->abi, "@:/");
    if (length == 1 && expectation->abi[0] == 'c')
        return !module->is_language;
    return strlen(module->name) == length && memcmp(module->name, expectation->abi, length) == 0;
}

static bool compare(abide_ctx *ctx, const abide_module *module,
                    const struct abide_expectation *expectation, const char *what,
                    uint64_t expected, uint64_t found)
{
    if (expected == found)
        return true;
    const char *field = expectation->field ? abide__printf(ctx, ".%s", expectation->field) : "";
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_LAYOUT_MISMATCH, expectation->place,
                      "%s of %s is %" PRIu64 ", expected %" PRIu64, what,
                      abide__quote(ctx, abide__printf(ctx, "%s%s", expectation->type->name, field)),
                      found, expected);
    abide__diag_note(ctx, diag, ABIDE_NOWHERE, "in %s on %s", module->name, module->triple);
    return false;
}

/*
 * Where the field is that a path of names with dots leads to; fields of anonymous members count as those of the record. false:
 * there is none, or it is in something that is no record under this module.
 */
static bool find_offset(abide_ctx *ctx, const abide_module *module, const abide_layout *layout,
                        const char *path, uint64_t *offset_bits)
{
    size_t length = strcspn(path, ".");
    for (size_t i = 0; i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout__field(layout, i);
        bool is_meant =
            field.name && strncmp(field.name, path, length) == 0 && field.name[length] == '\0';
        if (field.name && !is_meant)
            continue;
        *offset_bits = field.offset_bits;
        if (is_meant && path[length] == '\0')
            return true;
        const abide_layout *inner =
            field.is_bitfield ? NULL : abide_layout_of(ctx, module, field.type);
        uint64_t inner_bits;
        if (inner &&
            find_offset(ctx, module, inner, is_meant ? path + length + 1 : path, &inner_bits)) {
            *offset_bits += inner_bits;
            return true;
        }
    }
    return false;
}

static bool compare_offset(abide_ctx *ctx, const abide_module *module,
                           const struct abide_expectation *expectation, const abide_layout *layout)
{
    uint64_t offset_bits;
    if (find_offset(ctx, module, layout, expectation->field, &offset_bits)) {
        bool in_bytes = expectation->offset_bits % 8 == 0 && offset_bits % 8 == 0;
        unsigned unit_bits = in_bytes ? 8 : 1;
        return compare(ctx, module, expectation, in_bytes ? "the offset" : "the offset in bits",
                       expectation->offset_bits / unit_bits, offset_bits / unit_bits);
    }
    abide__report(ctx, ABIDE_CODE_LAYOUT_MISMATCH, expectation->place,
                  "%s has no field %s in %s on %s", abide__quote(ctx, expectation->type->name),
                  abide__quote(ctx, expectation->field), module->name, module->triple);
    return false;
}

static bool check(abide_ctx *ctx, const abide_module *module,
                  const struct abide_expectation *expectation)
{
    const abide_layout *layout = abide_layout_of(ctx, module, expectation->type);
    if (!layout)
        return false;
    bool good = true;
    if (expectation->has_size)
        good = compare(ctx, module, expectation, "the size", expectation->size_bytes,
                       layout->size_bytes);
    if (expectation->has_align)
        good = compare(ctx, module, expectation, "the alignment", expectation->align_bytes,
                       layout->align_bytes) &&
               good;
    if (expectation->has_offset)
        good = compare_offset(ctx, module, expectation, layout) && good;
    return good;
}

static bool check_types(abide_ctx *ctx, const abide_module *module, const abide_iface *iface,
                        const abide_type *const *types, size_t type_count)
{
    bool *is_asked = abide__new_array(ctx, bool, abide_type__count(ctx));
    for (size_t i = 0; i < type_count; i++)
        is_asked[types[i]->serial] = true;
    bool good = true;
    for (size_t i = 0; i < iface->expectation_count; i++) {
        const struct abide_expectation *expectation = &iface->expectations[i];
        if (is_asked[expectation->type->serial] && is_meant(expectation, module) &&
            abide_layout__is_for(ctx, module, expectation->targets, expectation->target_count,
                                 expectation->place))
            good = check(ctx, module, expectation) && good;
    }
    return good;
}

bool abide_layout_check(abide_ctx *ctx, const abide_module *module, const abide_iface *iface,
                        const abide_type *const *types, size_t type_count)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    bool good = check_types(ctx, module, iface, types, type_count);
    abide__guard_leave(ctx, &guard);
    return good;
}
