/* Runs of bytes between two representations of one type, and the question whether there is nothing to convert. */
#include "plan/convert.h"

#include "base/hash.h"
#include "layout/layout.h"
#include "plan/inner.h"

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

struct abide_plans {
    struct same_answer *answers;
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

uint64_t abide_runs__bytes(const struct abide_run *runs, size_t run_count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < run_count; i++)
        sum += runs[i].to_size_bytes;
    return sum;
}

bool abide_runs__are_identity(const struct abide_run *runs, size_t run_count, uint64_t size_bytes)
{
    if (size_bytes == 0)
        return true;
    return run_count == 1 && runs[0].from_bytes == 0 && runs[0].to_bytes == 0 &&
           runs[0].from_size_bytes == size_bytes && runs[0].to_size_bytes == size_bytes;
}

static bool is_plain(const struct abide_run *run)
{
    return run->from_size_bytes == run->to_size_bytes;
}

/* Adds a run; one that continues the last at the same distance joins it, padding between them included. */
static void add_run(abide_ctx *ctx, struct abide_runs *runs, struct abide_run run)
{
    if (run.to_size_bytes == 0)
        return;
    struct abide_run *last = runs->count ? &runs->items[runs->count - 1] : NULL;
    if (last && is_plain(last) && is_plain(&run) && run.to_bytes >= last->to_bytes &&
        run.from_bytes - last->from_bytes == run.to_bytes - last->to_bytes) {
        uint64_t end = run.to_bytes + run.to_size_bytes - last->to_bytes;
        if (end > last->to_size_bytes)
            last->from_size_bytes = last->to_size_bytes = end;
        return;
    }
    abide__push(ctx, runs, run);
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

static const char *convert_scalar(struct abide_crossing crossing, const abide_type *from_type,
                                  const abide_type *to_type, struct abide_runs *runs)
{
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
    add_run(crossing.ctx, runs,
            (struct abide_run){.from_size_bytes = from->size_bytes,
                               .to_size_bytes = to->size_bytes,
                               .widen = from_signed ? ABIDE_EXTEND_SIGN : ABIDE_EXTEND_ZERO});
    return NULL;
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
    add_run(
        crossing.ctx, runs,
        (struct abide_run){.from_size_bytes = from->size_bytes, .to_size_bytes = to->size_bytes});
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
    for (size_t i = 0; i < part.count; i++) {
        struct abide_run run = part.items[i];
        run.from_bytes += from_bytes;
        run.to_bytes += to_bytes;
        add_run(crossing.ctx, runs, run);
        if (runs->count > ABIDE_CONVERT_MAX_RUNS)
            return "it would have to be converted in too many pieces";
    }
    return NULL;
}

static const char *convert_array(struct abide_crossing crossing, const abide_type *element,
                                 const abide_type *from_type, const abide_type *to_type,
                                 struct abide_runs *runs)
{
    if (from_type->kind != ABIDE_KIND_ARRAY || to_type->kind != ABIDE_KIND_ARRAY)
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
        add_run(crossing.ctx, runs,
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

/* The field of `record` that is what `field` is at `position` of another form of it: by name, but for the base. */
static const struct abide_field *counterpart(const abide_type *record,
                                             const struct abide_field *field, size_t position,
                                             size_t *index)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const struct abide_field *other = &record->fields[i];
        bool same = field->is_base || other->is_base ? field->is_base && other->is_base
                    : field->name ? other->name && strcmp(other->name, field->name) == 0
                                  : i == position && !other->name;
        if (same) {
            *index = i;
            return other;
        }
    }
    return NULL;
}

/* What an abstract struct says of a field of its representation: a type. NULL: the ABI added the field. */
static const abide_type *abstract_field(const abide_type *type, const struct abide_field *field,
                                        size_t position)
{
    size_t index;
    if (field->is_base)
        return type->target;
    const struct abide_field *abstract = counterpart(type, field, position, &index);
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
        add_run(crossing.ctx, runs, (struct abide_run){start, start, end - start, end - start, 0});
        return NULL;
    }
    if (abstract)
        return convert_at(crossing, abstract, from->type, from_info.offset_bits / 8, to->type,
                          to_info.offset_bits / 8, runs);
    struct abide_runs part = {0};
    const char *reason = convert_bytes(crossing, from->type, to->type, &part);
    for (size_t i = 0; i < part.count; i++) {
        part.items[i].from_bytes += from_info.offset_bits / 8;
        part.items[i].to_bytes += to_info.offset_bits / 8;
        add_run(crossing.ctx, runs, part.items[i]);
    }
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
    for (size_t i = 0; i < to_type->field_count; i++) {
        const struct abide_field *field = &to_type->fields[i];
        size_t source = i;
        bool found = by_position ? i < from_type->field_count
                                 : counterpart(from_type, field, i, &source) != NULL;
        const abide_type *abstract = !by_position            ? abstract_field(type, field, i)
                                     : i < type->field_count ? type->fields[i].type
                                                             : NULL;
        if (!found && !abstract && type->field_count == 0 && !type->target)
            continue; /* the filler of an empty record */
        if (!found)
            return of_field(crossing, to_type, field, "only one side has it");
        const char *reason = convert_field(crossing, abstract, &from_type->fields[source],
                                           from->fields[source], field, to->fields[i], runs);
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

static const char *convert_kind(struct abide_crossing crossing, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type,
                                struct abide_runs *runs)
{
    const char *reason = NULL;
    switch (type->kind) {
    case ABIDE_KIND_VOID: return NULL;
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_ENUM: return convert_scalar(crossing, from_type, to_type, runs);
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_SLICE:
        reason = abide_convert__same(crossing, type->target);
        if (reason)
            return abide__printf(crossing.ctx,
                                 "it points to memory that the two sides read differently: %s",
                                 reason);
        return convert_bytes(crossing, from_type, to_type, runs);
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_CLOSURE:
        reason = abide_convert__same(crossing, type);
        if (reason)
            return reason;
        return convert_bytes(crossing, from_type, to_type, runs);
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_TUPLE:
        if (from_type->kind != ABIDE_KIND_STRUCT || to_type->kind != ABIDE_KIND_STRUCT)
            return convert_bytes(crossing, from_type, to_type, runs);
        return convert_struct(crossing, type, from_type, to_type, runs);
    case ABIDE_KIND_UNION: return convert_union(crossing, type, from_type, to_type, runs);
    case ABIDE_KIND_ARRAY: return convert_array(crossing, type->target, from_type, to_type, runs);
    case ABIDE_KIND_BITSET:
    case ABIDE_KIND_CSTRING:
    case ABIDE_KIND_RAW:
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_SEQ:
    case ABIDE_KIND_OPAQUE: return convert_bytes(crossing, from_type, to_type, runs);
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
    if (is_plain(run) && run->from_bytes == run->to_bytes)
        *run = (struct abide_run){0, 0, to_size_bytes, to_size_bytes, ABIDE_EXTEND_UNSTATED};
}

const char *abide_convert__runs(struct abide_crossing crossing, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type,
                                struct abide_runs *runs)
{
    from_type = abide_type__strip(from_type);
    to_type = abide_type__strip(to_type);
    struct abide_runs own = {0};
    const char *reason = convert_kind(crossing, abide_type__strip(type), from_type, to_type, &own);
    if (reason)
        return reason;
    if (own.count == 1) {
        const abide_layout *from = layout_of(crossing, crossing.from, from_type);
        const abide_layout *to = layout_of(crossing, crossing.to, to_type);
        if (from && to)
            round_up(&own, from->size_bytes, to->size_bytes);
    }
    for (size_t i = 0; i < own.count; i++)
        add_run(crossing.ctx, runs, own.items[i]);
    return NULL;
}

static struct abide_plans *plans_of(abide_ctx *ctx)
{
    if (!ctx->plans)
        ctx->plans = abide__new(ctx, struct abide_plans);
    return ctx->plans;
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

static const char *compare(struct abide_crossing crossing, const abide_type *type)
{
    const abide_type *bare = abide_type__strip(type);
    if (bare->kind == ABIDE_KIND_FUNCTION || bare->kind == ABIDE_KIND_CLOSURE)
        return abide_inner__callable_same(crossing, bare->signature,
                                          bare->kind == ABIDE_KIND_CLOSURE);
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
    if (from->size_bytes != to->size_bytes ||
        !abide_runs__are_identity(runs.items, runs.count, to->size_bytes))
        return abide__printf(crossing.ctx, "%s is laid out differently (%llu and %llu bytes)",
                             abide_type_print(crossing.ctx, type),
                             (unsigned long long)from->size_bytes,
                             (unsigned long long)to->size_bytes);
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
    for (size_t i = 1; i < plans->walk.count; i++)
        HASH_DEL(plans->answers, plans->walk.items[i]);
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
        if (!is_plain(&run) && (start != run.to_bytes || end != run_end))
            return false;
        uint64_t source = run.from_bytes + (start - run.to_bytes);
        uint64_t source_size = is_plain(&run) ? end - start : run.from_size_bytes;
        if (source < from_bytes || source + source_size > from_bytes + from_size_bytes)
            return false;
        add_run(ctx, slice,
                (struct abide_run){source - from_bytes, start - to_bytes, source_size, end - start,
                                   run.widen});
    }
    return true;
}
