/*
 * `forms:` and `form:`: which of the forms that an ABI has for a kind of type a value takes. The interface only names one;
 * whether an ABI has it is seen when the type gets its representation (call/represent).
 */
#include "types/iface_reader.h"
#include "types/name.h"

#include <string.h>

const abide_type *abide_iface__in_form(struct iface_reader *reader, const abide_type *type)
{
    const char *form = reader->forms[type->kind];
    return form && !type->form ? abide_type__with_form(reader->ctx, type, form) : type;
}

static const char *kind_at(const void *user, size_t index)
{
    (void)user;
    for (enum abide_kind kind = 0; kind < ABIDE_KIND_COUNT; kind++)
        if (abide_type__has_forms(kind) && index-- == 0)
            return abide__kind_names[kind];
    return NULL;
}

/* COUNT: there is no such kind, or it has no forms; reported. */
static enum abide_kind find_kind(abide_ctx *ctx, const struct abide_yaml *name)
{
    for (enum abide_kind kind = 0; kind < ABIDE_KIND_COUNT; kind++)
        if (abide_type__has_forms(kind) && strcmp(abide__kind_names[kind], name->text) == 0)
            return kind;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_FORM, name->place, "no kind of type %s that has forms",
                      abide__quote(ctx, name->text));
    const char *nearest = abide__nearest(name->text, kind_at, NULL);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    else
        abide__diag_help(ctx, diag,
                         "kinds with forms are string, slice, option, result and the like");
    return ABIDE_KIND_COUNT;
}

static bool read_form(struct iface_reader *reader, const struct abide_yaml_entry *entry)
{
    abide_ctx *ctx = reader->ctx;
    enum abide_kind kind = find_kind(ctx, entry->key);
    if (kind == ABIDE_KIND_COUNT)
        return false;
    if (entry->value->kind != ABIDE_YAML_SCALAR) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, entry->value->place, "a form is one word");
        return false;
    }
    if (!abide_name__check(ctx, entry->value->place, "a form", entry->value->text))
        return false;
    reader->forms[kind] = entry->value->text;
    return true;
}

bool abide_iface__read_forms(struct iface_reader *reader, const struct abide_yaml *node)
{
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++)
        fine = read_form(reader, abide_yaml__entry(node, i)) && fine;
    return fine;
}

const abide_type *abide_iface__with_form(struct iface_reader *reader, const struct abide_yaml *node,
                                         const abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    if (!abide_name__check(ctx, node->place, "a form", node->text))
        return NULL;
    if (!type->name && abide_type__has_forms(type->kind))
        return abide_type__with_form(ctx, type, node->text);
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_BAD_FORM, node->place, "%s has no forms to choose from",
                      abide__quote(ctx, abide_type_print(ctx, type)));
    if (type->name)
        abide__diag_help(ctx, diag,
                         "a type with a name has one form: say `form:` where it is defined");
    else
        abide__diag_help(ctx, diag, "strings, slices, options, results and the like have forms");
    return NULL;
}
