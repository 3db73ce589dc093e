/* The public constructors of structs and unions. */
#include "types/type_api.h"

#include "base/checked.h"
#include "types/iface.h"
#include "types/name.h"

#define MAX_PACK_BYTES 16

/* An alignment, or 0 for none. False: reported. */
static bool check_align(abide_ctx *ctx, const char *what, unsigned bytes, uint64_t max_bytes)
{
    if (bytes == 0 || (abide__is_power_of_two(bytes) && bytes <= max_bytes))
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, ABIDE_NOWHERE,
                  "%s of %u is no power of two up to %llu", what, bytes,
                  (unsigned long long)max_bytes);
    return false;
}

/* What is wrong with a member; NULL: nothing. */
static const char *member_mistake(const abide_member *member)
{
    const abide_type *inner = abide_type__strip(member->type);
    bool is_record = inner->kind == ABIDE_KIND_STRUCT || inner->kind == ABIDE_KIND_UNION;
    if (!member->is_bitfield) {
        if (member->bits)
            return "a width of a field that is no bit-field";
        return member->name || is_record ? NULL
                                         : "a field without a name is no struct and no union";
    }
    if (!abide_type__is_integer(inner))
        return "a bit-field of a type that is no integer";
    if (member->bits == 0 && member->name)
        return "a bit-field of width 0 with a name";
    unsigned width = abide_type__integer_bits(inner);
    if (width == 0) /* the module says */
        width = ABIDE_TYPE_MAX_BITFIELD;
    return member->bits > width ? "a bit-field that is wider than its type" : NULL;
}

static bool copy_member(abide_ctx *ctx, const abide_member *member, struct abide_field *field)
{
    if (!abide_type__check_name(ctx, "a field", member->name) ||
        !abide_type__check_part(ctx, member->type) ||
        !check_align(ctx, "an alignment", member->align_bytes, ABIDE_TYPE_MAX_ALIGN_BYTES))
        return false;
    const char *mistake = member_mistake(member);
    if (mistake) {
        abide__report(ctx, ABIDE_CODE_BAD_FIELD, ABIDE_NOWHERE, "%s", mistake);
        return false;
    }
    *field =
        (struct abide_field){.name = member->name ? abide__intern_text(ctx, member->name) : NULL,
                             .type = member->type,
                             .align_bytes = member->align_bytes,
                             .is_bitfield = member->is_bitfield,
                             .bits = (uint8_t)member->bits,
                             .packed = member->is_packed};
    return true;
}

static const abide_type *record(abide_ctx *ctx, enum abide_kind kind, const char *name,
                                const abide_member *members, size_t member_count)
{
    if (!abide_type__check_name(ctx, "a type", name))
        return NULL;
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, member_count);
    for (size_t i = 0; i < member_count; i++)
        if (!copy_member(ctx, &members[i], &fields[i]))
            return NULL;
    abide_type *type = abide_type__new(ctx, kind, name, ABIDE_NOWHERE);
    type->fields = fields;
    type->field_count = member_count;
    abide_type__measure(type);
    return abide_type__check_members(ctx, type) ? type : NULL;
}

const abide_type *abide_type_struct(abide_ctx *ctx, const char *name, const abide_member *members,
                                    size_t member_count)
{
    GUARDED(ctx, type_result, record(ctx, ABIDE_KIND_STRUCT, name, members, member_count));
}

const abide_type *abide_type_union(abide_ctx *ctx, const char *name, const abide_member *members,
                                   size_t member_count)
{
    GUARDED(ctx, type_result, record(ctx, ABIDE_KIND_UNION, name, members, member_count));
}

/* The record behind a handle, which may still be changed. NULL: reported. */
static abide_type *changeable(abide_ctx *ctx, const abide_type *type, bool is_struct)
{
    if (!abide_type__check_given(ctx, type))
        return NULL;
    if (type->kind == ABIDE_KIND_STRUCT || (!is_struct && type->kind == ABIDE_KIND_UNION))
        return abide_type__by_serial(ctx, type->serial);
    abide__report(ctx, ABIDE_CODE_BAD_TYPE, ABIDE_NOWHERE, "%s is no struct%s",
                  abide__quote(ctx, abide_type_print(ctx, type)), is_struct ? "" : " and no union");
    return NULL;
}

static bool set_base(abide_ctx *ctx, const abide_type *type, const abide_type *base)
{
    abide_type *record = changeable(ctx, type, true);
    if (!record || !abide_type__check_part(ctx, base))
        return false;
    if (abide_type__strip(base)->kind != ABIDE_KIND_STRUCT || base == type || record->target) {
        abide__report(ctx, ABIDE_CODE_BAD_BASE, ABIDE_NOWHERE,
                      "%s cannot be the base: it is no other struct, or there is one already",
                      abide__quote(ctx, abide_type_print(ctx, base)));
        return false;
    }
    record->target = base;
    if (abide_type__measure(record))
        return true;
    record->target = NULL;
    abide_type__measure(record);
    abide__report(ctx, ABIDE_CODE_TYPE_TOO_DEEP, ABIDE_NOWHERE,
                  "types lie in each other more than %d deep", ABIDE_TYPE_MAX_VALUE_DEPTH);
    return false;
}

bool abide_type_set_base(abide_ctx *ctx, const abide_type *type, const abide_type *base)
{
    GUARDED(ctx, bool, set_base(ctx, type, base));
}

static bool set_packing(abide_ctx *ctx, const abide_type *type, bool is_packed, unsigned pack_bytes,
                        unsigned align_bytes)
{
    abide_type *record = changeable(ctx, type, false);
    if (!record || !check_align(ctx, "a packing", pack_bytes, MAX_PACK_BYTES) ||
        !check_align(ctx, "an alignment", align_bytes, ABIDE_TYPE_MAX_ALIGN_BYTES))
        return false;
    record->packed = is_packed;
    record->pack_bytes = (uint8_t)pack_bytes;
    record->align_bytes = align_bytes;
    return true;
}

bool abide_type_set_packing(abide_ctx *ctx, const abide_type *type, bool is_packed,
                            unsigned pack_bytes, unsigned align_bytes)
{
    GUARDED(ctx, bool, set_packing(ctx, type, is_packed, pack_bytes, align_bytes));
}
