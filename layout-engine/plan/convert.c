/* Runs of bytes between two representations of one type, and the question whether there is nothing to convert. */
#include "plan/convert.h"

#include "base/hash.h"
#include "layout/layout.h"
#include "call/represent.h"
#include "plan/convert_parts.h"
#include "plan/form.h"
#include "plan/object.h"
#include "plan/inner.h"
#include "plan/unnamed.h"

#include <string.h>

/*
 * Answers to abide_convert__same, one a pair of modules and type. What a type points to is looked at after the type
 * itself, from a list: types may be recursive, and chains of pointers longer than the C stack is deep. Until a type of the
 * list was looked at it counts as the same.
 */
struct same_key {
    const abide_module *from;
    const abide_module *to;
    const abide_type *type;
};

struct same_answer {
    struct same_key key;
    const char *reason; /* NULL: same */
    UT_hash_handle hh;
};

/* Answers to abide_convert__runs about types that others lie in, which may lie there many times. */
struct runs_key {
    const abide_module *from;
    const abide_module *to;
    const abide_type *type;
    const abide_type *from_type;
    const abide_type *to_type;
};

struct runs_answer {
    struct runs_key key;
    const char *reason;
    struct abide_runs runs;
    UT_hash_handle hh;
};

struct abide_plans {
    struct same_answer *answers;
    struct runs_answer *runs;
    bool walking;
    ABIDE_VEC(struct same_answer *) walk;
};

static const abide_layout *layout_of(struct abide_crossing crossing, const abide_module *module,
                                     const abide_type *type)
{
    return abide_layout__physical(crossing.ctx, module->machine->data, type);
}

static const abide_type *represent(struct abide_crossing crossing, const abide_module *module,
                                   const abide_type *type)
{
    const abide_module *foreign = module == crossing.from ? crossing.to : crossing.from;
    return abide_represent__type(crossing.ctx, module, type, foreign);
}

static enum abide_scalar_group group_of(const abide_type *physical,
                                        const struct abide_data_model *data, bool *is_signed)
{
    const abide_type *base = physical;
    if (physical->kind == ABIDE_KIND_ENUM && physical->target)
        base = abide_type__strip(physical->target);
    if (base->kind != ABIDE_KIND_SCALAR) {
        *is_signed = false;
        return ABIDE_GROUP_UNSIGNED;
    }
    enum abide_scalar_group group = abide__scalars[base->scalar].group;
    *is_signed = group == ABIDE_GROUP_SIGNED && data->scalars[base->scalar].is_signed;
    return group;
}

/* A value that both sides must hold in the same bytes: pointers, opaque representations. */
static const char *convert_bytes(struct abide_crossing crossing, const abide_type *from_type,
                                 const abide_type *to_type, struct abide_runs *runs)
{
    const abide_layout *from = layout_of(crossing, crossing.from, from_type);
    const abide_layout *to = layout_of(crossing, crossing.to, to_type);
    if (!from || !to)
        return "one side has no layout for it";
    if (from->size_bytes != to->size_bytes)
        return abide__printf(crossing.ctx, "it has %llu bytes on one side and %llu on the other",
                             (unsigned long long)from->size_bytes,
                             (unsigned long long)to->size_bytes);
    abide_runs__add(
        crossing.ctx, runs,
        (struct abide_run){.from_size_bytes = from->size_bytes, .to_size_bytes = to->size_bytes});
    return NULL;
}

/* A value in a form that only its ABI knows. */
const char *abide_convert__form(struct abide_crossing crossing, const abide_type *from_type,
                                const abide_type *to_type, struct abide_runs *runs)
{
    const char *reason = convert_bytes(crossing, from_type, to_type, runs);
    if (!reason && !abide_form__is_same(crossing, from_type, to_type))
        reason = "the two sides store it in different forms";
    return reason;
}

static bool is_number(const abide_type *type)
{
    return type->kind == ABIDE_KIND_SCALAR || type->kind == ABIDE_KIND_ENUM;
}

const char *abide_convert__number(struct abide_crossing crossing, const abide_type *from_type,
                                  const abide_type *to_type, struct abide_runs *runs)
{
    if (!is_number(from_type) || !is_number(to_type))
        return abide_convert__form(crossing, from_type, to_type, runs);
    const abide_layout *from = layout_of(crossing, crossing.from, from_type);
    const abide_layout *to = layout_of(crossing, crossing.to, to_type);
    if (!from || !to)
        return "one side has no layout for it";
    bool from_signed, to_signed;
    bool from_float =
        group_of(from_type, crossing.from->machine->data, &from_signed) == ABIDE_GROUP_FLOAT;
    bool to_float = group_of(to_type, crossing.to->machine->data, &to_signed) == ABIDE_GROUP_FLOAT;
    if (from_float != to_float || (from_float && from->size_bytes != to->size_bytes))
        return abide__printf(
            crossing.ctx, "a floating-point number of %llu bytes meets one of %llu bytes",
            (unsigned long long)from->size_bytes, (unsigned long long)to->size_bytes);
    if (from_float &&
        abide_layout__shape(from)->uniform.format != abide_layout__shape(to)->uniform.format)
        return "the two sides hold floating-point numbers of its size in different formats";
    abide_runs__add(
        crossing.ctx, runs,
        (struct abide_run){.from_size_bytes = from->size_bytes,
                           .to_size_bytes = to->size_bytes,
                           .widen = from_signed ? ABIDE_EXTEND_SIGN : ABIDE_EXTEND_ZERO});
    return NULL;
}

static const char *convert_at(struct abide_crossing crossing, const abide_type *type,
                              const abide_type *from_type, uint64_t from_bytes,
                              const abide_type *to_type, uint64_t to_bytes, struct abide_runs *runs)
{
    struct abide_runs part = {0};
    const char *reason = abide_convert__runs(crossing, type, from_type, to_type, &part);
    if (reason)
        return reason;
    abide_runs__add_all(crossing.ctx, runs, &part, from_bytes, to_bytes);
    return runs->count > ABIDE_CONVERT_MAX_RUNS ? "it would have to be converted in too many pieces"
                                                : NULL;
}

static const char *convert_array(struct abide_crossing crossing, const abide_type *element,
                                 const abide_type *from_type, const abide_type *to_type,
                                 struct abide_runs *runs)
{
    if (!abide_type__is_sequence(from_type) || to_type->kind != from_type->kind)
        return "only one side stores it as an array";
    uint64_t count = from_type->count < to_type->count ? from_type->count : to_type->count;
    const abide_layout *from = layout_of(crossing, crossing.from, from_type->target);
    const abide_layout *to = layout_of(crossing, crossing.to, to_type->target);
    if (!from || !to)
        return "one side has no layout for its elements";
    struct abide_runs one = {0};
    const char *reason =
        abide_convert__runs(crossing, element, from_type->target, to_type->target, &one);
    if (reason)
        return reason;
    if (from->size_bytes == to->size_bytes &&
        abide_runs__are_identity(one.items, one.count, to->size_bytes)) {
        uint64_t size_bytes = count * to->size_bytes;
        abide_runs__add(
            crossing.ctx, runs,
            (struct abide_run){.from_size_bytes = size_bytes, .to_size_bytes = size_bytes});
        return NULL;
    }
    if (one.count && count > ABIDE_CONVERT_MAX_RUNS / one.count)
        return abide__printf(crossing.ctx, "its %llu elements differ in size on the two sides",
                             (unsigned long long)count);
    for (uint64_t i = 0; i < count; i++) {
        reason = convert_at(crossing, element, from_type->target, i * from->size_bytes,
                            to_type->target, i * to->size_bytes, runs);
        if (reason)
            return reason;
    }
    return NULL;
}

static bool have_one_name(const struct abide_field *a, const struct abide_field *b)
{
    if (a->is_base || b->is_base)
        return a->is_base && b->is_base;
    return a->name ? b->name && strcmp(a->name, b->name) == 0 : !b->name;
}

/*
 * The field of `record` that is what `field` is in `of`, another form of it: the one of its name, but for the base. Names may
 * stand several times, or be missing: then the second there is the second here. `next` is where it is looked for first:
 * behind what was found last, or SIZE_MAX once the two were found to differ in their order.
 */
static const struct abide_field *counterpart(const abide_type *record, const abide_type *of,
                                             const struct abide_field *field, size_t *next)
{
    if (*next < record->field_count && have_one_name(&record->fields[*next], field))
        return &record->fields[(*next)++];
    size_t before = 0;
    for (const struct abide_field *other = of->fields; other < field; other++)
        before += have_one_name(other, field);
    for (size_t i = 0; i < record->field_count; i++) {
        if (!have_one_name(&record->fields[i], field) || before-- > 0)
            continue;
        *next = i >= *next ? i + 1 : SIZE_MAX;
        return &record->fields[i];
    }
    return NULL;
}

/* What an abstract struct says of a field of its representation `form`: a type. NULL: the ABI added the field. */
static const abide_type *abstract_field(const abide_type *type, const abide_type *form,
                                        const struct abide_field *field, size_t *next)
{
    if (field->is_base)
        return type->target;
    const struct abide_field *abstract = counterpart(type, form, field, next);
    return abstract ? abstract->type : NULL;
}

/* A field that one side adds (a header) is carried over if the other side has it too. */
static const char *convert_field(struct abide_crossing crossing, const abide_type *abstract,
                                 const struct abide_field *from, abide_field_info from_info,
                                 const struct abide_field *to, abide_field_info to_info,
                                 struct abide_runs *runs)
{
    if (from_info.is_bitfield || to_info.is_bitfield) {
        if (from_info.offset_bits != to_info.offset_bits ||
            from_info.size_bits != to_info.size_bits)
            return "a bit-field lies elsewhere on the other side";
        uint64_t start = from_info.offset_bits / 8;
        uint64_t end = (from_info.offset_bits + from_info.size_bits + 7) / 8;
        abide_runs__add(crossing.ctx, runs,
                        (struct abide_run){start, start, end - start, end - start, 0});
        return NULL;
    }
    if (abstract)
        return convert_at(crossing, abstract, from->type, from_info.offset_bits / 8, to->type,
                          to_info.offset_bits / 8, runs);
    struct abide_runs part = {0};
    const char *reason = abide_convert__form(crossing, abide_type__strip(from->type),
                                             abide_type__strip(to->type), &part);
    abide_runs__add_all(crossing.ctx, runs, &part, from_info.offset_bits / 8,
                        to_info.offset_bits / 8);
    return reason;
}

/* `reason`, said of a field. */
static const char *of_field(struct abide_crossing crossing, const abide_type *record,
                            const struct abide_field *field, const char *reason)
{
    return abide__printf(crossing.ctx, "in %s, field '%s': %s",
                         record->name ? record->name : "a struct",
                         field->name ? field->name : "(anonymous)", reason);
}

static const char *convert_struct(struct abide_crossing crossing, const abide_type *type,
                                  const abide_type *from_type, const abide_type *to_type,
                                  struct abide_runs *runs)
{
    const abide_layout *from = layout_of(crossing, crossing.from, from_type);
    const abide_layout *to = layout_of(crossing, crossing.to, to_type);
    if (!from || !to)
        return "one side has no layout for it";
    bool by_position = type->kind != ABIDE_KIND_STRUCT;
    size_t next = 0, next_abstract = 0;
    for (size_t i = 0; i < to_type->field_count; i++) {
        const struct abide_field *field = &to_type->fields[i], *source;
        const abide_type *abstract;
        if (by_position) {
            source = i < from_type->field_count ? &from_type->fields[i] : NULL;
            abstract = i < type->field_count ? type->fields[i].type : NULL;
        } else {
            source = counterpart(from_type, to_type, field, &next);
            abstract = abstract_field(type, to_type, field, &next_abstract);
        }
        if (!source && !abstract && type->field_count == 0 && !type->target)
            continue; /* the filler of an empty record */
        if (!source)
            return of_field(crossing, to_type, field, "only one side has it");
        const char *reason =
            convert_field(crossing, abstract, source,
                          abide_layout__field(from, (size_t)(source - from_type->fields)), field,
                          abide_layout__field(to, i), runs);
        if (reason)
            return of_field(crossing, to_type, field, reason);
    }
    return NULL;
}

/* Which member of a union is alive is not known, so all must be stored alike. */
static const char *convert_union(struct abide_crossing crossing, const abide_type *type,
                                 const abide_type *from_type, const abide_type *to_type,
                                 struct abide_runs *runs)
{
    if (from_type->field_count != to_type->field_count || type->field_count != to_type->field_count)
        return "its members differ";
    for (size_t i = 0; i < to_type->field_count; i++) {
        struct abide_runs member = {0};
        const char *reason =
            abide_convert__runs(crossing, type->fields[i].type, from_type->fields[i].type,
                                to_type->fields[i].type, &member);
        const abide_layout *layout = layout_of(crossing, crossing.to, to_type->fields[i].type);
        if (!reason &&
            (!layout || !abide_runs__are_identity(member.items, member.count, layout->size_bytes)))
            reason = "the two sides store it differently, and which member of the union is alive "
                     "is unknown";
        if (reason)
            return of_field(crossing, to_type, &to_type->fields[i], reason);
    }
    return convert_bytes(crossing, from_type, to_type, runs);
}

/* Whether two records have fields of the same names at the same places; or none, and one size. */
static bool are_laid_out_alike(struct abide_crossing crossing, const abide_type *a,
                               const abide_type *b)
{
    const abide_layout *one = layout_of(crossing, crossing.from, a);
    const abide_layout *other = layout_of(crossing, crossing.to, b);
    if (!one || !other || one->size_bytes != other->size_bytes || a->kind != b->kind ||
        a->field_count != b->field_count)
        return false;
    for (size_t i = 0; a->kind == ABIDE_KIND_STRUCT && i < a->field_count; i++) {
        const abide_field_info place = abide_layout__field(one, i);
        const abide_field_info there = abide_layout__field(other, i);
        if (place.offset_bits != there.offset_bits || place.size_bits != there.size_bits ||
            !a->fields[i].name || !b->fields[i].name ||
            strcmp(a->fields[i].name, b->fields[i].name) != 0)
            return false;
    }
    return true;
}

/* A list of unnamed arguments: only those who look for them in the same places can read it. */
static const char *convert_list(struct abide_crossing crossing, const abide_type *from_type,
                                const abide_type *to_type, struct abide_runs *runs)
{
    const abide_module *from = crossing.from->machine, *to = crossing.to->machine;
    if (!abide_unnamed__same_lists(from, to) || !are_laid_out_alike(crossing, from_type, to_type))
        return abide__printf(crossing.ctx,
                             "%s and %s look for unnamed arguments in different places", from->name,
                             to->name);
    return convert_bytes(crossing, from_type, to_type, runs);
}

static const char *convert_kind(struct abide_crossing crossing, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type,
                                struct abide_runs *runs)
{
    const char *reason = NULL;
    switch (type->kind) {
    case ABIDE_KIND_VOID: return NULL;
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_ENUM: return abide_convert__number(crossing, from_type, to_type, runs);
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_SLICE:
        reason = abide_convert__same(crossing, type->target);
        if (reason)
            return abide__printf(crossing.ctx,
                                 "it points to memory that the two sides read differently: %s",
                                 reason);
        return type->kind == ABIDE_KIND_SLICE
                   ? abide_convert__sequence(crossing, type, from_type, to_type, runs)
                   : convert_bytes(crossing, from_type, to_type, runs);
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_CLOSURE:
        reason = abide_convert__same(crossing, type);
        if (reason)
            return reason;
        return type->kind == ABIDE_KIND_CLOSURE && type->is_own
                   ? abide_convert__closure(crossing, from_type, to_type, runs)
                   : convert_bytes(crossing, from_type, to_type, runs);
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_TUPLE:
        if (from_type->kind != ABIDE_KIND_STRUCT || to_type->kind != ABIDE_KIND_STRUCT)
            return abide_convert__form(crossing, from_type, to_type, runs);
        return convert_struct(crossing, type, from_type, to_type, runs);
    case ABIDE_KIND_UNION: return convert_union(crossing, type, from_type, to_type, runs);
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_COMPLEX: return convert_array(crossing, type->target, from_type, to_type, runs);
    case ABIDE_KIND_VECTOR: return abide_convert__form(crossing, from_type, to_type, runs);
    case ABIDE_KIND_BITSET: /* on little-endian machines a number or an array of bytes */
        return crossing.to->machine->data->big_endian
                   ? abide_convert__form(crossing, from_type, to_type, runs)
                   : convert_bytes(crossing, from_type, to_type, runs);
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_STRING16:
    case ABIDE_KIND_UTF16:
    case ABIDE_KIND_CSTRING:
    case ABIDE_KIND_SEQ:
    case ABIDE_KIND_BOX: return abide_convert__sequence(crossing, type, from_type, to_type, runs);
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT: return abide_convert__sum(crossing, type, from_type, to_type, runs);
    case ABIDE_KIND_DYN:
        reason = abide_convert__same(crossing, type->target);
        return reason ? abide__printf(crossing.ctx, "its vtable is another: %s", reason)
                      : convert_bytes(crossing, from_type, to_type, runs);
    case ABIDE_KIND_INTERFACE:
        return abide_convert__interface(crossing, type, from_type, to_type, runs);
    case ABIDE_KIND_HANDLE:
    case ABIDE_KIND_RESOURCE: return convert_bytes(crossing, from_type, to_type, runs);
    case ABIDE_KIND_VA_LIST: return convert_list(crossing, from_type, to_type, runs);
    case ABIDE_KIND_RAW:
    case ABIDE_KIND_OPAQUE: return abide_convert__form(crossing, from_type, to_type, runs);
    case ABIDE_KIND_NEWTYPE:
    case ABIDE_KIND_COUNT: break;
    }
    return "it is of an unknown kind";
}

/* One run at distance 0 between values of one size covers their padding too: then it is the identity. */
static void round_up(struct abide_runs *runs, uint64_t from_size_bytes, uint64_t to_size_bytes)
{
    if (runs->count != 1 || from_size_bytes != to_size_bytes)
        return;
    struct abide_run *run = &runs->items[0];
    if (abide_run__is_plain(run) && run->from_bytes == run->to_bytes)
        *run = (struct abide_run){0, 0, to_size_bytes, to_size_bytes, ABIDE_EXTEND_UNSTATED};
}

static struct abide_plans *plans_of(abide_ctx *ctx)
{
    if (!ctx->plans)
        ctx->plans = abide__new(ctx, struct abide_plans);
    return ctx->plans;
}

static const char *find_runs(struct abide_crossing crossing, const abide_type *type,
                             const abide_type *from_type, const abide_type *to_type,
                             struct abide_runs *runs)
{
    const char *reason = convert_kind(crossing, type, from_type, to_type, runs);
    if (reason || runs->count != 1)
        return reason;
    const abide_layout *from = layout_of(crossing, crossing.from, from_type);
    const abide_layout *to = layout_of(crossing, crossing.to, to_type);
    if (from && to)
        round_up(runs, from->size_bytes, to->size_bytes);
    return NULL;
}

static bool has_parts(const abide_type *type)
{
    return type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_UNION ||
           type->kind == ABIDE_KIND_TUPLE || type->kind == ABIDE_KIND_ARRAY ||
           abide_type__is_sum(type);
}

/* Whether both sides tell errors by the same types: of the same bytes, numbers with a sign and without one are not. */
static bool are_told_alike(const abide_type *a, const abide_type *b)
{
    bool alike = a->code_of && b->code_of && a->field_count == b->field_count;
    for (size_t i = 0; alike && i < a->field_count; i++) {
        const abide_type *own = abide_type__strip(a->fields[i].type);
        const abide_type *other = abide_type__strip(b->fields[i].type);
        alike = own == other || are_told_alike(own, other);
    }
    return alike;
}

const char *abide_convert__runs(struct abide_crossing crossing, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type,
                                struct abide_runs *runs)
{
    abide_ctx *ctx = crossing.ctx;
    type = abide_type__strip(type);
    from_type = abide_type__strip(from_type);
    to_type = abide_type__strip(to_type);
    struct abide_runs own = {0};
    const char *reason;
    if (from_type->code_of || to_type->code_of) {
        reason = are_told_alike(from_type, to_type)
                     ? abide_convert__form(crossing, from_type, to_type, &own)
                     : "an error is told by another number or text on one side";
    } else if (from_type->flat_of || to_type->flat_of) {
        reason = abide_convert__flat(crossing, type, from_type, to_type, &own);
    } else if (!has_parts(type)) {
        reason = find_runs(crossing, type, from_type, to_type, &own);
    } else {
        struct runs_key key = {crossing.from, crossing.to, type, from_type, to_type};
        struct runs_answer *answer = NULL;
        // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the key has no padding
        HASH_FIND(hh, plans_of(ctx)->runs, &key, sizeof key, answer);
        if (!answer) {
            answer = abide__new(ctx, struct runs_answer);
            answer->key = key;
            answer->reason = find_runs(crossing, type, from_type, to_type, &answer->runs);
            HASH_ADD(hh, plans_of(ctx)->runs, key, sizeof answer->key, answer);
        }
        reason = answer->reason;
        own = answer->runs;
    }
    if (!reason)
        abide_runs__add_all(ctx, runs, &own, 0, 0);
    return reason;
}

void abide_convert__begin(abide_ctx *ctx)
{
    if (ctx->plans && ctx->plans->walking)
        ctx->plans = NULL;
}

/* Types that only pointers to exist of: nobody reads them, so they are alike. */
static bool is_opaque(const abide_type *type)
{
    const abide_type *bare = abide_type__strip(type);
    return bare->kind == ABIDE_KIND_VOID || bare->kind == ABIDE_KIND_OPAQUE || !bare->is_complete;
}

/* Why one side cannot call, by its own rules, a function of the other one that lies in memory, or is passed as it is. */
static const char *compare_calls(struct abide_crossing crossing, const abide_type *type)
{
    const char *reason =
        abide_inner__callable_same(crossing, type->signature, type->kind == ABIDE_KIND_CLOSURE);
    return reason ? abide__printf(crossing.ctx, "in calls of %s, %s",
                                  abide_type_print(crossing.ctx, type), reason)
                  : NULL;
}

static const char *compare(struct abide_crossing crossing, const abide_type *type)
{
    const abide_type *bare = abide_type__strip(type);
    if (bare->kind == ABIDE_KIND_FUNCTION || bare->kind == ABIDE_KIND_CLOSURE)
        return compare_calls(crossing, bare);
    const abide_type *from_type = represent(crossing, crossing.from, type);
    const abide_type *to_type = represent(crossing, crossing.to, type);
    if (!from_type || !to_type)
        return "one side has no representation for it";
    if (is_opaque(from_type) && is_opaque(to_type))
        return NULL;
    const abide_layout *from = layout_of(crossing, crossing.from, from_type);
    const abide_layout *to = layout_of(crossing, crossing.to, to_type);
    if (!from || !to)
        return "one side has no layout for it";
    struct abide_runs runs = {0};
    const char *reason = abide_convert__runs(crossing, type, from_type, to_type, &runs);
    if (reason)
        return reason;
    if (from->size_bytes != to->size_bytes)
        return abide__printf(crossing.ctx, "%s has %llu bytes on one side and %llu on the other",
                             abide_type_print(crossing.ctx, type),
                             (unsigned long long)from->size_bytes,
                             (unsigned long long)to->size_bytes);
    if (!abide_runs__are_identity(runs.items, runs.count, to->size_bytes))
        return abide__printf(crossing.ctx, "%s is laid out differently",
                             abide_type_print(crossing.ctx, type));
    return NULL;
}

static struct same_answer *add_answer(struct abide_crossing crossing, const struct same_key *key)
{
    abide_ctx *ctx = crossing.ctx;
    struct abide_plans *plans = plans_of(ctx);
    struct same_answer *answer = abide__new(ctx, struct same_answer);
    answer->key = *key;
    abide__push(ctx, &plans->walk, answer);
    HASH_ADD(hh, plans->answers, key, sizeof answer->key, answer);
    return answer;
}

/* Forgets what was only assumed while a walk went on that ended in "not the same"; its first answer stays. */
static void forget_assumptions(struct abide_plans *plans)
{
    for (size_t i = 1; i < plans->walk.count; i++) {
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): all of the walk are in the table
        HASH_DEL(plans->answers, plans->walk.items[i]);
    }
    plans->runs = NULL;
}

const char *abide_convert__same(struct abide_crossing crossing, const abide_type *type)
{
    if (is_opaque(type))
        return NULL;
    struct abide_plans *plans = plans_of(crossing.ctx);
    struct same_key key;
    memset(&key, 0, sizeof key);
    key.from = crossing.from;
    key.to = crossing.to;
    key.type = type;
    struct same_answer *answer = NULL;
    HASH_FIND(hh, plans->answers, &key, sizeof key, answer);
    if (answer)
        return answer->reason;
    if (plans->walking) {
        add_answer(crossing, &key);
        return NULL;
    }
    plans->walking = true;
    plans->walk.count = 0;
    answer = add_answer(crossing, &key);
    const char *reason = NULL;
    for (size_t i = 0; i < plans->walk.count && !reason; i++) {
        const struct same_key *next = &plans->walk.items[i]->key;
        reason = compare((struct abide_crossing){crossing.ctx, next->from, next->to}, next->type);
    }
    if (reason)
        forget_assumptions(plans);
    answer->reason = reason;
    plans->walking = false;
    return reason;
}

bool abide_convert__slice(abide_ctx *ctx, const struct abide_runs *runs, uint64_t from_bytes,
                          uint64_t from_size_bytes, uint64_t to_bytes, uint64_t to_size_bytes,
                          struct abide_runs *slice)
{
    for (size_t i = 0; i < runs->count; i++) {
        struct abide_run run = runs->items[i];
        uint64_t start = run.to_bytes > to_bytes ? run.to_bytes : to_bytes;
        uint64_t run_end = run.to_bytes + run.to_size_bytes, end = to_bytes + to_size_bytes;
        if (run_end < end)
            end = run_end;
        if (start >= end)
            continue;
        if (!abide_run__is_plain(&run) && (start != run.to_bytes || end != run_end))
            return false;
        uint64_t source = run.from_bytes + (start - run.to_bytes);
        uint64_t source_size = abide_run__is_plain(&run) ? end - start : run.from_size_bytes;
        if (source < from_bytes || source + source_size > from_bytes + from_size_bytes)
            return false;
        abide_runs__add(ctx, slice,
                        (struct abide_run){source - from_bytes, start - to_bytes, source_size,
                                           end - start, run.widen});
    }
    return true;
}
