/* The public constructors of types with cases, and of what is given away. */
#include "types/iface.h"
#include "types/name.h"
#include "types/type_api.h"

#include "base/checked.h"

/* ---- strings, slices, boxes ------------------------------------------------------------------- */

static const abide_type *around(abide_ctx *ctx, enum abide_kind kind, const abide_type *target,
                                bool is_mutable)
{
    return abide_type__check_part(ctx, target)
               ? abide_type__like(
                     ctx, &(abide_type){.kind = kind, .target = target, .is_mutable = is_mutable})
               : NULL;
}

const abide_type *abide_type_mutable_slice(abide_ctx *ctx, const abide_type *element)
{
    GUARDED(ctx, type_result, around(ctx, ABIDE_KIND_SLICE, element, true));
}

const abide_type *abide_type_box(abide_ctx *ctx, const abide_type *content)
{
    GUARDED(ctx, type_result, around(ctx, ABIDE_KIND_BOX, content, false));
}

const abide_type *abide_type_string0(abide_ctx *ctx)
{
    GUARDED(ctx, type_result, abide_type__of(ctx, ABIDE_KIND_STRING0, NULL));
}

const abide_type *abide_type_string16(abide_ctx *ctx)
{
    GUARDED(ctx, type_result, abide_type__of(ctx, ABIDE_KIND_STRING16, NULL));
}

const abide_type *abide_type_utf16(abide_ctx *ctx)
{
    GUARDED(ctx, type_result, abide_type__of(ctx, ABIDE_KIND_UTF16, NULL));
}

static const abide_type *owned(abide_ctx *ctx, const abide_type *type)
{
    if (!abide_type__check_given(ctx, type))
        return NULL;
    const abide_type *own = abide_type__owned(ctx, type);
    if (own != type || type->is_own || type->kind == ABIDE_KIND_SEQ)
        return own;
    abide__report(ctx, ABIDE_CODE_BAD_OWNERSHIP, ABIDE_NOWHERE, "'own %s' would be no other type",
                  abide_type_print(ctx, type));
    return NULL;
}

const abide_type *abide_type_owned(abide_ctx *ctx, const abide_type *type)
{
    GUARDED(ctx, type_result, owned(ctx, type));
}

static const abide_type *with_form(abide_ctx *ctx, const abide_type *type, const char *form)
{
    if (!abide_type__check_given(ctx, type) ||
        !abide_name__check(ctx, ABIDE_NOWHERE, "a form", form))
        return NULL;
    bool fits = abide_type__is_interned(type) && abide_type__has_forms(type->kind);
    const abide_type *other =
        fits ? abide_type__with_form(ctx, type, abide__intern_text(ctx, form)) : NULL;
    if (!other)
        abide__report(ctx, ABIDE_CODE_BAD_FORM, ABIDE_NOWHERE, "%s has no forms to choose from",
                      abide__quote(ctx, abide_type_print(ctx, type)));
    return other;
}

const abide_type *abide_type_with_form(abide_ctx *ctx, const abide_type *type, const char *form)
{
    GUARDED(ctx, type_result, with_form(ctx, type, form));
}

/* ---- sums --------------------------------------------------------------------------------------- */

/* What a case holds; VOID: nothing. */
static bool check_payload(abide_ctx *ctx, const abide_type *type)
{
    return abide_type__check_given(ctx, type) &&
           (type->kind == ABIDE_KIND_VOID || abide_type__check_part(ctx, type));
}

static const abide_type *option(abide_ctx *ctx, const abide_type *payload)
{
    return check_payload(ctx, payload) ? abide_type__option(ctx, payload) : NULL;
}

const abide_type *abide_type_option(abide_ctx *ctx, const abide_type *payload)
{
    GUARDED(ctx, type_result, option(ctx, payload));
}

static const abide_type *result(abide_ctx *ctx, const abide_type *ok, const abide_type *err)
{
    return check_payload(ctx, ok) && check_payload(ctx, err) ? abide_type__result(ctx, ok, err)
                                                             : NULL;
}

const abide_type *abide_type_result(abide_ctx *ctx, const abide_type *ok, const abide_type *err)
{
    GUARDED(ctx, type_result, result(ctx, ok, err));
}

static bool check_tag(abide_ctx *ctx, const abide_type *tag)
{
    const abide_type *inner = tag ? abide_type__strip(tag) : NULL;
    if (!inner || (inner->kind == ABIDE_KIND_SCALAR &&
                   (inner->scalar == ABIDE_SCALAR_U8 || inner->scalar == ABIDE_SCALAR_U16 ||
                    inner->scalar == ABIDE_SCALAR_U32)))
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_BASE, ABIDE_NOWHERE,
                  "the tag of a variant is u8, u16 or u32, not %s",
                  abide__quote(ctx, abide_type_print(ctx, tag)));
    return false;
}

static bool same_name(const void *known, const void *name)
{
    return ((const struct abide_enumerator *)known)->name == name;
}

static bool same_number(const void *known, const void *number)
{
    return ((const struct abide_enumerator *)known)->value == *(const int64_t *)number;
}

/* Each name and each number once. False: reported. */
static bool check_unique(abide_ctx *ctx, const struct abide_enumerator *items, size_t count)
{
    struct abide_table names = {0};
    struct abide_table numbers = {0};
    for (size_t i = 0; i < count; i++) {
        void *item = (void *)&items[i]; /* tables only read what they hold */
        uint64_t name_hash = abide_table__hash_address(items[i].name);
        uint64_t number_hash = abide_table__hash(&items[i].value, sizeof items[i].value);
        const char *name = abide__quote(ctx, items[i].name);
        if (abide_table__find(&names, name_hash, same_name, items[i].name)) {
            abide__report(ctx, ABIDE_CODE_DUPLICATE_NAME, ABIDE_NOWHERE, "two are called %s", name);
            return false;
        }
        if (abide_table__find(&numbers, number_hash, same_number, &items[i].value)) {
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, ABIDE_NOWHERE,
                          "%s has the number of another one", name);
            return false;
        }
        abide_table__add(ctx, &names, name_hash, item);
        abide_table__add(ctx, &numbers, number_hash, item);
    }
    return true;
}

static const abide_type *variant(abide_ctx *ctx, const char *name, const abide_variant_case *cases,
                                 size_t case_count, const abide_type *tag)
{
    abide_type *type;
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, case_count);
    abide_enum_value *values = abide__new_array(ctx, abide_enum_value, case_count);
    if (!abide_type__check_name(ctx, "a type", name) || !check_tag(ctx, tag))
        return NULL;
    for (size_t i = 0; i < case_count; i++) {
        if (!check_payload(ctx, cases[i].type))
            return NULL;
        if (cases[i].tag < 0 || cases[i].tag > UINT32_MAX) {
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, ABIDE_NOWHERE,
                          "a tag of %lld is not from 0 to 2^32 - 1", (long long)cases[i].tag);
            return NULL;
        }
        values[i] = (abide_enum_value){.name = cases[i].name, .value = cases[i].tag};
        fields[i].type = cases[i].type;
    }
    const struct abide_enumerator *tags =
        abide_type__copy_values(ctx, "a case", values, case_count);
    if (!tags || !check_unique(ctx, tags, case_count))
        return NULL;
    for (size_t i = 0; i < case_count; i++)
        fields[i].name = tags[i].name;
    type = abide_type__new(ctx, ABIDE_KIND_VARIANT, name, ABIDE_NOWHERE);
    type->target = tag;
    type->fields = fields;
    type->enumerators = tags;
    type->field_count = type->enumerator_count = case_count;
    abide_type__measure(type);
    return abide_iface__check_values(ctx, type) ? type : NULL;
}

const abide_type *abide_type_variant(abide_ctx *ctx, const char *name,
                                     const abide_variant_case *cases, size_t case_count,
                                     const abide_type *tag)
{
    GUARDED(ctx, type_result, variant(ctx, name, cases, case_count, tag));
}

static const abide_type *flags(abide_ctx *ctx, const char *name, const abide_enum_value *bits,
                               size_t bit_count, const abide_type *base)
{
    if (!abide_type__check_name(ctx, "flags", name) || (base && !abide_type__check_base(ctx, base)))
        return NULL;
    const struct abide_enumerator *enumerators =
        abide_type__copy_values(ctx, "a flag", bits, bit_count);
    if (!enumerators || !check_unique(ctx, enumerators, bit_count))
        return NULL;
    abide_type *type = abide_type__new(ctx, ABIDE_KIND_FLAGS, name, ABIDE_NOWHERE);
    type->enumerators = enumerators;
    type->enumerator_count = bit_count;
    type->target = base;
    return abide_iface__check_values(ctx, type) ? type : NULL;
}

const abide_type *abide_type_flags(abide_ctx *ctx, const char *name, const abide_enum_value *bits,
                                   size_t bit_count, const abide_type *base)
{
    GUARDED(ctx, type_result, flags(ctx, name, bits, bit_count, base));
}

static bool make_open(abide_ctx *ctx, const abide_type *type, uint64_t reserved_bytes,
                      uint64_t reserved_align_bytes)
{
    if (!abide_type__check_given(ctx, type))
        return false;
    bool is_variant = type->kind == ABIDE_KIND_VARIANT;
    if (!is_variant && type->kind != ABIDE_KIND_ENUM && type->kind != ABIDE_KIND_FLAGS) {
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, ABIDE_NOWHERE,
                      "only enums, flags and variants can be open");
        return false;
    }
    if (is_variant && (!abide__is_power_of_two(reserved_align_bytes) ||
                       reserved_align_bytes > ABIDE_TYPE_MAX_ALIGN_BYTES)) {
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, ABIDE_NOWHERE,
                      "an alignment of %llu is no power of two up to 2^28",
                      (unsigned long long)reserved_align_bytes);
        return false;
    }
    if (!abide_type__check_count(ctx, reserved_bytes, ABIDE_TYPE_MAX_COUNT))
        return false;
    abide_type *open = abide_type__by_serial(ctx, type->serial);
    open->is_open = true;
    open->reserved_bytes = is_variant ? reserved_bytes : 0;
    open->reserved_align_bytes = is_variant ? reserved_align_bytes : 0;
    return true;
}

bool abide_type_make_open(abide_ctx *ctx, const abide_type *type, uint64_t reserved_bytes,
                          uint64_t reserved_align_bytes)
{
    GUARDED(ctx, bool, make_open(ctx, type, reserved_bytes, reserved_align_bytes));
}

/* ---- resources -------------------------------------------------------------------------------- */

static bool check_resource(abide_ctx *ctx, const abide_type *type)
{
    if (!abide_type__check_given(ctx, type))
        return false;
    if (type->kind == ABIDE_KIND_RESOURCE)
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_BASE, ABIDE_NOWHERE, "%s is no resource",
                  abide__quote(ctx, abide_type_print(ctx, type)));
    return false;
}

static const abide_type *resource(abide_ctx *ctx, const char *name, const char *destructor,
                                  const abide_type *keeps)
{
    if (!abide_name__check(ctx, ABIDE_NOWHERE, "a type", name) ||
        !abide_symbol__check(ctx, ABIDE_NOWHERE, destructor) ||
        (keeps && !check_resource(ctx, keeps)))
        return NULL;
    abide_type *type = abide_type__new(ctx, ABIDE_KIND_RESOURCE, name, ABIDE_NOWHERE);
    type->destructor = abide__intern_text(ctx, destructor);
    type->target = keeps;
    return type;
}

const abide_type *abide_type_resource(abide_ctx *ctx, const char *name, const char *destructor,
                                      const abide_type *keeps)
{
    GUARDED(ctx, type_result, resource(ctx, name, destructor, keeps));
}

static const abide_type *handle(abide_ctx *ctx, const abide_type *of, bool is_own)
{
    return check_resource(ctx, of)
               ? abide_type__like(
                     ctx, &(abide_type){.kind = ABIDE_KIND_HANDLE, .target = of, .is_own = is_own})
               : NULL;
}

const abide_type *abide_type_handle(abide_ctx *ctx, const abide_type *resource, bool is_own)
{
    GUARDED(ctx, type_result, handle(ctx, resource, is_own));
}
