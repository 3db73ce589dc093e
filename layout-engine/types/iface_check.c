/*
 * What can be seen only when all types are known: types that contain themselves, depth, and fields, bases and parameters
 * whose type turned out not to fit. Nothing here recurses over types.
 */
#include "types/iface_reader.h"

/* ---- cycles and depth ------------------------------------------------------------------------ */

enum state { STATE_NEW, STATE_OPEN, STATE_DONE };

struct visit {
    abide_type *type;
    size_t next_part;
};

struct walk {
    struct iface_reader *reader;
    unsigned char *states; /* enum state, by serial from first_serial */
    bool has_error;        /* then depth is not looked at any more */
    unsigned char done;    /* of types of earlier interfaces */
    ABIDE_VEC(struct visit) open;
};

static unsigned char *state_of(struct walk *walk, const abide_type *type)
{
    walk->done = STATE_DONE;
    return type->serial < walk->reader->first_serial
               ? &walk->done
               : &walk->states[type->serial - walk->reader->first_serial];
}

/* Where the part comes from: the field, or the type's declaration. */
static struct abide_place part_place(const abide_type *type, size_t part)
{
    const struct abide_field *field = abide_type__part_field(type, part);
    return field ? field->place : type->place;
}

/* Where the part comes from that was looked at last; anonymous types that have no place are in one that has. */
static struct abide_place last_place(const struct walk *walk)
{
    struct abide_place place = ABIDE_NOWHERE;
    for (size_t i = walk->open.count; i > 0 && !place.source; i--)
        place = part_place(walk->open.items[i - 1].type, walk->open.items[i - 1].next_part - 1);
    return place;
}

/* "a -> b -> a", with the middle of a long one left out; anonymous types have no part in it. */
static const char *cycle_names(struct walk *walk, size_t first)
{
    enum { SHOWN = 8 };
    abide_ctx *ctx = walk->reader->ctx;
    struct abide_text names = {0};
    size_t shown = 0;
    for (size_t i = first; i < walk->open.count; i++) {
        const char *name = walk->open.items[i].type->name;
        if (!name || (shown >= SHOWN && i + 1 < walk->open.count))
            continue;
        abide__text_printf(ctx, &names, "%s -> ", shown == SHOWN ? "..." : name);
        shown++;
    }
    const char *name = walk->open.items[first].type->name;
    abide__text_printf(ctx, &names, "%s", name ? name : "itself");
    return names.chars;
}

static void report_cycle(struct walk *walk, const abide_type *again)
{
    abide_ctx *ctx = walk->reader->ctx;
    size_t first = walk->open.count - 1;
    walk->has_error = true;
    while (walk->open.items[first].type != again)
        first--;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_CYCLIC_TYPE, last_place(walk),
                                     "a type contains itself: %s", cycle_names(walk, first));
    const char *name = again->name ? again->name : "T";
    abide__diag_help(ctx, diag, "put a pointer in between: ptr<%s>, or box<%s>", name, name);
}

static void finish(struct walk *walk, abide_type *type)
{
    *state_of(walk, type) = STATE_DONE;
    walk->open.count--;
    if (abide_type__measure(type) || walk->has_error)
        return;
    walk->has_error = true;
    abide__report(walk->reader->ctx, ABIDE_CODE_TYPE_TOO_DEEP, type->place,
                  "types lie in each other more than %d deep", ABIDE_TYPE_MAX_VALUE_DEPTH);
}

static void enter(struct walk *walk, const abide_type *type)
{
    *state_of(walk, type) = STATE_OPEN;
    abide__push(walk->reader->ctx, &walk->open,
                (struct visit){abide_type__by_serial(walk->reader->ctx, type->serial), 0});
}

static void walk_from(struct walk *walk, abide_type *type)
{
    if (*state_of(walk, type) != STATE_NEW)
        return;
    enter(walk, type);
    while (walk->open.count > 0) {
        struct visit *visit = &walk->open.items[walk->open.count - 1];
        const abide_type *part = abide_type__part(visit->type, visit->next_part++);
        if (!part)
            finish(walk, visit->type);
        else if (*state_of(walk, part) == STATE_NEW)
            enter(walk, part);
        else if (*state_of(walk, part) == STATE_OPEN)
            report_cycle(walk, part);
    }
}

/* ---- types without a size --------------------------------------------------------------------- */

static bool report_incomplete(struct iface_reader *reader, struct abide_place place,
                              const abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    const abide_type *opaque = abide_type__strip(type);
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_INCOMPLETE_TYPE, place,
                                     "%s is opaque, so a value of it has no size",
                                     abide__quote(ctx, opaque->name));
    abide__diag_note(ctx, diag, opaque->place, "declared here");
    abide__diag_help(ctx, diag, "use ptr<%s>", opaque->name);
    return false;
}

static bool check_size(struct iface_reader *reader, struct abide_place place,
                       const abide_type *type)
{
    return abide_type__strip(type)->is_complete || report_incomplete(reader, place, type);
}

bool abide_iface__check_signature(struct iface_reader *reader, const abide_signature *signature)
{
    bool fine = check_size(reader, signature->place, signature->result);
    for (size_t i = 0; i < signature->param_count; i++)
        fine = check_size(reader, signature->params[i].place, signature->params[i].type) && fine;
    return fine;
}

/* Whether a struct ends in an array without a count, itself or in its last field. */
static bool is_open_ended(const abide_type *type)
{
    for (;;) {
        type = abide_type__strip(type);
        if (type->kind == ABIDE_KIND_ARRAY)
            return type->is_flexible;
        if (type->kind != ABIDE_KIND_STRUCT || type->field_count == 0)
            return false;
        type = type->fields[type->field_count - 1].type;
    }
}

/* GNU C lets such a struct stand anywhere in others, as if the array were not there; a case would lose what it holds. */
static void check_end(struct iface_reader *reader, struct abide_place place, const abide_type *type)
{
    if (!is_open_ended(type))
        return;
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_BAD_FIELD, place,
                                     "a struct that ends in an array without a count cannot be "
                                     "what a case holds");
    abide__diag_help(reader->ctx, diag, "give the array a count, or use a pointer to the struct");
}

/* ---- fields, bases, values -------------------------------------------------------------------- */

static void report_field(struct iface_reader *reader, const struct abide_field *field,
                         const char *what, const char *help)
{
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_BAD_FIELD, field->place, "%s", what);
    abide__diag_help(reader->ctx, diag, "%s", help);
}

static void check_field(struct iface_reader *reader, const struct abide_field *field)
{
    const abide_type *inner = abide_type__strip(field->type);
    unsigned width = abide_type__integer_bits(inner);
    bool is_record = inner->kind == ABIDE_KIND_STRUCT || inner->kind == ABIDE_KIND_UNION;
    if (field->is_bitfield && !abide_type__is_integer(inner))
        report_field(reader, field, "a bit-field of a type that is no integer",
                     "bit-fields have an integer type, bool or an enum");
    else if (field->is_bitfield && field->bits == 0 && field->name)
        report_field(reader, field, "a bit-field of width 0 with a name",
                     "leave the name out: it only separates its neighbours");
    else if (field->is_bitfield && width && field->bits > width)
        report_field(reader, field,
                     abide__printf(reader->ctx, "a bit-field of %u bits in a type of %u",
                                   (unsigned)field->bits, width),
                     "make it narrower, or take a wider type");
    else if (!field->is_bitfield && !field->name && !is_record)
        report_field(reader, field, "a field without a name",
                     "only bit-fields, structs and unions can be without a name: add `name:`");
}

/* What the `base` or the `tag` of a type must be; NULL: it is that. */
static const char *base_mistake(const abide_type *type, const abide_type *base)
{
    bool is_scalar = base->kind == ABIDE_KIND_SCALAR;
    if (type->kind == ABIDE_KIND_STRUCT)
        return base->kind == ABIDE_KIND_STRUCT ? NULL
                                               : "the base of the struct %s is no struct, but %s";
    if (type->kind == ABIDE_KIND_ENUM)
        return is_scalar && abide_type__is_integer(base)
                   ? NULL
                   : "the base of the enum %s is no integer type, but %s";
    if (type->kind == ABIDE_KIND_FLAGS)
        return is_scalar && abide_type__is_integer(base) && base->scalar != ABIDE_SCALAR_BOOL
                   ? NULL
                   : "the base of the flags %s is no integer type, but %s";
    bool is_tag =
        is_scalar && (base->scalar == ABIDE_SCALAR_U8 || base->scalar == ABIDE_SCALAR_U16 ||
                      base->scalar == ABIDE_SCALAR_U32);
    return is_tag ? NULL : "the tag of the variant %s is not u8, u16 or u32, but %s";
}

/* False: reported. */
static bool check_base(struct iface_reader *reader, const abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    const char *mistake = type->target ? base_mistake(type, abide_type__strip(type->target)) : NULL;
    if (!mistake)
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_BASE, type->place, mistake,
                  type->name ? abide__quote(ctx, type->name) : "here",
                  abide__quote(ctx, abide_type_print(ctx, type->target)));
    return false;
}

/* The values a scalar of known size holds; false: the module gives the size. */
static bool range_of(const abide_type *base, int64_t *least, int64_t *most)
{
    unsigned bits = abide_type__integer_bits(base);
    bool is_signed = abide__scalars[base->scalar].group == ABIDE_GROUP_SIGNED;
    if (bits == 0 || base->scalar == ABIDE_SCALAR_C_CHAR)
        return false;
    *least = !is_signed ? 0 : bits >= 64 ? INT64_MIN : -(INT64_C(1) << (bits - 1));
    unsigned value_bits = is_signed ? bits - 1 : bits;
    *most = value_bits >= 63 ? INT64_MAX : (INT64_C(1) << value_bits) - 1;
    return true;
}

/* The numbers that the enumerators of a type may have; false: a module says. */
static bool limits_of(const abide_type *type, int64_t *least, int64_t *most)
{
    const abide_type *base = type->target ? abide_type__strip(type->target) : NULL;
    bool is_flags = type->kind == ABIDE_KIND_FLAGS;
    unsigned bits = base ? abide_type__integer_bits(base) : 0;
    *least = 0;
    *most = (bits ? bits : 64) - 1;
    if (is_flags || !base || base->kind != ABIDE_KIND_SCALAR)
        return is_flags;
    return range_of(base, least, most);
}

bool abide_iface__check_values(abide_ctx *ctx, const abide_type *type)
{
    int64_t least, most;
    bool fine = true;
    if (!limits_of(type, &least, &most))
        return true;
    bool is_u64 = least == 0 && most == INT64_MAX;
    for (size_t i = 0; i < type->enumerator_count; i++) {
        const struct abide_enumerator *enumerator = &type->enumerators[i];
        if (enumerator->is_large ? is_u64 : enumerator->value >= least && enumerator->value <= most)
            continue;
        const char *base = type->target ? abide_type_print(ctx, type->target) : "u64";
        bool is_bit = type->kind == ABIDE_KIND_FLAGS;
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, enumerator->place,
                      is_bit                 ? "%s is bit %lld, which is not in %s"
                      : enumerator->is_large ? "%s is %llu, which does not fit in %s"
                                             : "%s is %lld, which does not fit in %s",
                      abide__quote(ctx, enumerator->name), (long long)enumerator->value, base);
        fine = false;
    }
    return fine;
}

/* Resources that keep each other would live for ever. */
static void check_keeps(struct iface_reader *reader, const abide_type *type)
{
    abide_ctx *ctx = reader->ctx;
    const abide_type *kept = type->target;
    for (int length = 1; kept && kept != type; kept = kept->target)
        if (length++ == ABIDE_TYPE_MAX_VALUE_DEPTH) {
            abide__report(ctx, ABIDE_CODE_TYPE_TOO_DEEP, type->place,
                          "a chain of more than %d resources that keep each other",
                          ABIDE_TYPE_MAX_VALUE_DEPTH);
            return;
        }
    if (!kept)
        return;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_CYCLIC_TYPE, type->place,
                      "the resource %s keeps itself alive", abide__quote(ctx, type->name));
    abide__diag_help(ctx, diag, "no chain of 'keeps' may lead back to where it began");
}

/* What lies in a struct, union or variant; elements of arrays and tuples are `parts`, with a place. */
static void check_record(struct iface_reader *reader, const abide_type *type)
{
    const abide_type *part;
    for (size_t i = 0; (part = abide_type__part(type, i)); i++) {
        if (check_size(reader, part_place(type, i), part) && type->kind == ABIDE_KIND_VARIANT)
            check_end(reader, part_place(type, i), part);
    }
    for (size_t i = 0; i < type->field_count; i++)
        check_field(reader, &type->fields[i]);
    if (type->kind != ABIDE_KIND_VARIANT)
        abide_type__check_members(reader->ctx, type);
}

static void check_type(struct iface_reader *reader, const abide_type *type)
{
    bool is_numbered = type->kind == ABIDE_KIND_ENUM || type->kind == ABIDE_KIND_FLAGS ||
                       type->kind == ABIDE_KIND_VARIANT;
    if (type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_UNION ||
        type->kind == ABIDE_KIND_VARIANT)
        check_record(reader, type);
    if ((is_numbered || type->kind == ABIDE_KIND_STRUCT) && check_base(reader, type) && is_numbered)
        abide_iface__check_values(reader->ctx, type);
    if (type->kind == ABIDE_KIND_RESOURCE)
        check_keeps(reader, type);
    if (type->is_complete && abide_iface__check_not_sized(reader, type) &&
        type->kind == ABIDE_KIND_STRUCT && type->is_open)
        abide_iface__check_sized(reader, type);
    if (type->signature)
        abide_iface__check_signature(reader, type->signature);
}

void abide_iface__check_cycles(struct iface_reader *reader)
{
    size_t errors = abide__error_count(reader->ctx);
    size_t end = abide_type__count(reader->ctx);
    struct walk walk = {.reader = reader};
    walk.states = abide__new_array(reader->ctx, unsigned char, end - reader->first_serial);
    for (size_t serial = reader->first_serial; serial < end; serial++)
        walk_from(&walk, abide_type__by_serial(reader->ctx, serial));
    reader->types_are_sound = abide__error_count(reader->ctx) == errors;
}

void abide_iface__check_types(struct iface_reader *reader)
{
    size_t end = abide_type__count(reader->ctx);
    for (; reader->checked_serial < end; reader->checked_serial++)
        check_type(reader, abide_type__by_serial(reader->ctx, reader->checked_serial));
    for (; reader->checked_parts < reader->parts.count; reader->checked_parts++) {
        const struct iface_part *part = &reader->parts.items[reader->checked_parts];
        if (check_size(reader, part->place, part->type))
            abide_iface__check_part_not_sized(reader, part->place, part->type);
    }
    for (; reader->checked_elements < reader->elements.count; reader->checked_elements++) {
        const struct iface_element *element = &reader->elements.items[reader->checked_elements];
        abide_iface__check_element(reader, element->place, element->kind, element->type);
    }
}

/* ---- ownership -------------------------------------------------------------------------------- */

/* A name that stands for something borrowed cannot be given away: its owner has no place in it. */
static bool check_owned(struct iface_reader *reader, struct abide_place place,
                        const abide_type *type, const char *what)
{
    abide_ctx *ctx = reader->ctx;
    const abide_type *inner = abide_type__strip(type);
    if (!abide_type__is_borrowed(inner))
        return true;
    const char *name = abide__quote(ctx, abide_type_print(ctx, type));
    const char *owned = abide_type_print(ctx, abide_type__owned(ctx, inner));
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_OWNERSHIP, place,
                                     "%s, but %s stands for what is borrowed", what, name);
    abide__diag_note(ctx, diag, type->place, "declared here");
    abide__diag_help(ctx, diag, "write %s, or give that a name", owned);
    return false;
}

static bool has_facts(const abide_type *type)
{
    bool found = type->facts.count;
    for (; type->kind == ABIDE_KIND_NEWTYPE; found = found || type->facts.count)
        type = type->target;
    return found;
}

/*
 * A result of a type whose name stands for something borrowed, such as a string, is given away as every result: it is what
 * the name stands for, with `own`. Nothing may be known of the name besides.
 */
static void settle_result(struct iface_reader *reader, abide_signature *signature)
{
    const abide_type *inner = abide_type__strip(signature->result);
    if (!abide_type__is_borrowed(inner))
        return;
    if (has_facts(signature->result))
        check_owned(reader, signature->place, signature->result, "the result is given away");
    else
        signature->result = abide_iface__in_form(reader, abide_type__owned(reader->ctx, inner));
}

void abide_iface__settle_ownership(struct iface_reader *reader)
{
    for (; reader->settled_results < reader->named_results.count; reader->settled_results++)
        settle_result(reader, reader->named_results.items[reader->settled_results]);
    for (; reader->checked_owned < reader->owned.count; reader->checked_owned++) {
        const struct iface_part *part = &reader->owned.items[reader->checked_owned];
        check_owned(reader, part->place, part->type, "'own' stands here");
    }
}
