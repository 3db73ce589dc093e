/* What has to be looked at in a value. A flat form is walked word by word, as the value in memory would be. */
#include "plan/check.h"

#include "base/hash.h"
#include "call/failure.h"
#include "plan/flatten.h"
#include "plan/object.h"
#include "plan/sized.h"

#include <stdlib.h>
#include <string.h>

/* What one routine looks at itself; beyond, parts have routines of their own, so that code grows with the number of types. */
#define MAX_VISITS 48

struct walk {
    struct abide_lift *lift;
    abide_validities doubtful;
    const abide_layout *flat; /* NULL: the value lies in memory */
    size_t next;              /* word of the flat form */
    size_t visits;
    struct abide_runs *gathered; /* words that are put together; NULL: none are */
};

/* Where a scalar or a pointer lies. */
struct place {
    uint64_t offset_bytes, size_bytes;
};

static bool is_doubtful(const struct walk *walk, enum abide_validity validity)
{
    return walk->doubtful >> validity & 1;
}

/* ---- which types can be wrong ---- */

#define BIT(validity) (UINT32_C(1) << ABIDE_VALIDITY_##validity)

/* A set has unused bits if its number of elements is no number of bits that something has. */
static bool has_spare_bits(const abide_type *type)
{
    return type->kind == ABIDE_KIND_FLAGS
               ? !type->is_open
               : type->count != 8 && type->count != 16 && type->count != 32 && type->count % 64;
}

/* What can be wrong with a value itself, whatever lies in it. */
static abide_validities validities_of(const abide_type *type)
{
    switch (type->kind) {
    case ABIDE_KIND_SCALAR:
        return type->scalar == ABIDE_SCALAR_BOOL   ? BIT(BOOL)
               : type->scalar == ABIDE_SCALAR_CHAR ? BIT(CHAR)
                                                   : 0;
    case ABIDE_KIND_ENUM: return type->is_open ? 0 : BIT(ENUM);
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_BITSET: return has_spare_bits(type) ? BIT(FLAGS) : 0;
    case ABIDE_KIND_VARIANT: return type->is_open ? 0 : BIT(TAG);
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT: return BIT(TAG);
    case ABIDE_KIND_STRING: return BIT(UTF8) | BIT(NULL) | BIT(LENGTH);
    case ABIDE_KIND_STRING0: return BIT(UTF8) | BIT(NULL) | BIT(LENGTH) | BIT(NUL);
    case ABIDE_KIND_STRING16: return BIT(NULL) | BIT(LENGTH) | BIT(ALIGN);
    case ABIDE_KIND_UTF16: return BIT(UTF16) | BIT(NULL) | BIT(LENGTH) | BIT(ALIGN);
    case ABIDE_KIND_CSTRING:
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_CLOSURE:
    case ABIDE_KIND_HANDLE: return BIT(NULL);
    case ABIDE_KIND_SLICE:
    case ABIDE_KIND_SEQ: return BIT(NULL) | BIT(LENGTH) | BIT(ALIGN);
    case ABIDE_KIND_BOX: return BIT(NULL) | BIT(ALIGN);
    case ABIDE_KIND_POINTER: return type->is_nullable ? 0 : BIT(NULL) | BIT(ALIGN);
    case ABIDE_KIND_STRUCT: return type->is_open ? BIT(SIZE) : 0;
    case ABIDE_KIND_DYN: return BIT(NULL) | BIT(SIZE);
    default: return 0;
    }
}

static uint64_t scalar_bytes(const abide_module *module, const abide_type *type)
{
    return module->machine->data->scalars[type->scalar].size_bytes;
}

/* A number that the other side holds in fewer bytes. */
static bool is_narrowed(struct abide_crossing crossing, const abide_type *type)
{
    if (type->kind != ABIDE_KIND_SCALAR)
        return false;
    enum abide_scalar_group group = abide__scalars[type->scalar].group;
    return (group == ABIDE_GROUP_SIGNED || group == ABIDE_GROUP_UNSIGNED) &&
           scalar_bytes(crossing.to, type) < scalar_bytes(crossing.from, type);
}

/* Chains of types are longer than the C stack is deep, and lead back to themselves: a list of what is still to be seen. */
struct seen_type {
    const abide_type *type;
    UT_hash_handle hh;
};

struct search {
    abide_ctx *ctx;
    struct seen_type *seen;
    ABIDE_VEC(const abide_type *) open;
};

static void see(struct search *search, const abide_type *type)
{
    abide_ctx *ctx = search->ctx;
    struct seen_type *seen;
    type = abide_type__strip(type);
    HASH_FIND_PTR(search->seen, &type, seen);
    if (seen)
        return;
    seen = abide__new(ctx, struct seen_type);
    seen->type = type;
    HASH_ADD_PTR(search->seen, type, seen);
    abide__push(ctx, &search->open, type);
}

bool abide_check__is_needed(struct abide_crossing crossing, abide_validities doubtful,
                            const abide_type *type)
{
    struct search search = {.ctx = crossing.ctx};
    const abide_type *part;
    see(&search, type);
    while (search.open.count) {
        type = search.open.items[--search.open.count];
        if (validities_of(type) & doubtful || is_narrowed(crossing, type))
            return true;
        if (type->kind == ABIDE_KIND_RAW || type->kind == ABIDE_KIND_UNION)
            continue;
        for (size_t i = 0; (part = abide_type__part(type, i)); i++)
            see(&search, part);
        if (abide_lift__is_sequence(type) && type->target)
            see(&search, type->target);
    }
    return false;
}

static bool is_needed(const struct walk *walk, const abide_type *type)
{
    return abide_check__is_needed(walk->lift->lifting->crossing, walk->doubtful, type);
}

/* ---- places ---- */

static const char *take_words(struct walk *walk, uint64_t memory_bytes, uint64_t size_bytes,
                              struct place *place)
{
    size_t word = walk->next++;
    if (word >= abide_layout_field_count(walk->flat))
        return "its words are not those of its form in memory";
    uint64_t offset_bytes = abide_layout__field(walk->flat, word).offset_bits / 8;
    uint64_t word_bytes = abide_layout__field(walk->flat, word).size_bits / 8;
    if (size_bytes > word_bytes)
        return "its words are not those of its form in memory";
    if (walk->gathered)
        abide__push(walk->lift->ctx, walk->gathered,
                    (struct abide_run){offset_bytes, memory_bytes, word_bytes, size_bytes,
                                       ABIDE_EXTEND_ZERO});
    if (walk->lift->from.module->machine->data->big_endian)
        offset_bytes += word_bytes - size_bytes;
    *place = (struct place){offset_bytes, size_bytes};
    return NULL;
}

/* Words that one scalar becomes: those of 128 bits are two. */
static size_t words_of(const struct walk *walk, const abide_type *memory)
{
    const struct abide_flatten *flatten = &walk->lift->from.module->language->flatten;
    for (size_t i = 0; memory->kind == ABIDE_KIND_SCALAR && i < flatten->scalar_count; i++)
        if (flatten->scalars[i].of == memory->scalar && flatten->scalars[i].word_count > 1)
            return flatten->scalars[i].word_count;
    return 1;
}

static const char *place_scalar(struct walk *walk, const abide_type *memory, uint64_t memory_bytes,
                                struct place *place)
{
    const abide_layout *layout = abide_lift__layout(&walk->lift->from, memory);
    if (!layout)
        return "one side has no layout for it";
    *place = (struct place){memory_bytes, layout->size_bytes};
    if (!walk->flat)
        return NULL;
    size_t count = words_of(walk, memory);
    uint64_t part_bytes = layout->size_bytes / count;
    const char *reason = NULL;
    for (size_t i = 0; i < count && !reason; i++)
        reason = take_words(walk, memory_bytes + i * part_bytes, part_bytes, place);
    return reason;
}

/* ---- what is found ---- */

static struct abide_check *add(struct walk *walk, struct abide_check_list *checks,
                               enum abide_check_kind kind, const char *path, struct place place)
{
    struct abide_check check = {.kind = kind,
                                .path = path,
                                .offset_bytes = place.offset_bytes,
                                .size_bytes = place.size_bytes};
    abide__push(walk->lift->ctx, checks, check);
    return &checks->items[checks->count - 1];
}

static int compare_numbers(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static uint64_t low_bits(uint64_t number, uint64_t size_bytes)
{
    return size_bytes < 8 ? number & ((UINT64_C(1) << (size_bytes * 8)) - 1) : number;
}

static void add_one_of(struct walk *walk, struct abide_check_list *checks,
                       enum abide_trap_code code, const char *path, struct place place,
                       const int64_t *numbers, size_t count)
{
    uint64_t *sorted = abide__new_array(walk->lift->ctx, uint64_t, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = low_bits((uint64_t)numbers[i], place.size_bytes);
    qsort(sorted, count, sizeof *sorted, compare_numbers);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || sorted[i] != sorted[kept - 1])
            sorted[kept++] = sorted[i];
    struct abide_check *check = add(walk, checks, ABIDE_CHECK_ONE_OF, path, place);
    check->code = code;
    check->numbers = sorted;
    check->number_count = kept;
}

static void add_enum(struct walk *walk, struct abide_check_list *checks, const abide_type *type,
                     const char *path, struct place place)
{
    int64_t *numbers = abide__new_array(walk->lift->ctx, int64_t, type->enumerator_count);
    for (size_t i = 0; i < type->enumerator_count; i++)
        numbers[i] = type->enumerators[i].value;
    add_one_of(walk, checks, ABIDE_TRAP_ENUM, path, place, numbers, type->enumerator_count);
}

static void add_bits(struct walk *walk, struct abide_check_list *checks, const char *path,
                     struct place place, uint64_t bits)
{
    uint64_t *numbers = abide__new_array(walk->lift->ctx, uint64_t, 1);
    numbers[0] = low_bits(bits, place.size_bytes);
    struct abide_check *check = add(walk, checks, ABIDE_CHECK_BITS, path, place);
    check->code = ABIDE_TRAP_FLAGS;
    check->numbers = numbers;
    check->number_count = 1;
}

static uint64_t bits_of(const abide_type *type)
{
    uint64_t bits = 0;
    if (type->kind == ABIDE_KIND_BITSET)
        return type->count < 64 ? (UINT64_C(1) << type->count) - 1 : UINT64_MAX;
    for (size_t i = 0; i < type->enumerator_count; i++)
        bits |= UINT64_C(1) << type->enumerators[i].value;
    return bits;
}

static void add_there(struct walk *walk, struct abide_check_list *checks, const char *path,
                      struct place place, uint64_t align_bytes)
{
    bool may_be_null = !is_doubtful(walk, ABIDE_VALIDITY_NULL);
    if (!is_doubtful(walk, ABIDE_VALIDITY_ALIGN))
        align_bytes = 0;
    if (may_be_null && align_bytes <= 1)
        return;
    struct abide_check *check = add(walk, checks, ABIDE_CHECK_THERE, path, place);
    check->align_bytes = align_bytes;
    check->may_be_null = may_be_null;
}

/* Of what a pointer leads to, as the target would have it; 0: nothing is known. */
static uint64_t align_behind(const struct walk *walk, const abide_type *type)
{
    const abide_type *target = abide_type__strip(type->target);
    bool has_size = target->kind != ABIDE_KIND_VOID && target->kind != ABIDE_KIND_OPAQUE &&
                    target->kind != ABIDE_KIND_RESOURCE && abide_type_has_size(target);
    const abide_type *physical = has_size ? abide_lift__represent(&walk->lift->from, target) : NULL;
    const abide_layout *layout = physical ? abide_lift__layout(&walk->lift->from, physical) : NULL;
    return layout ? layout->align_bytes : 0;
}

static void add_fits(struct walk *walk, struct abide_check_list *checks, const abide_type *type,
                     const char *path, struct place place)
{
    struct abide_crossing crossing = walk->lift->lifting->crossing;
    struct abide_check *check = add(walk, checks, ABIDE_CHECK_FITS, path, place);
    check->code = ABIDE_TRAP_OVERFLOW;
    check->number_bytes = scalar_bytes(crossing.to, type);
    check->is_signed = crossing.to->machine->data->scalars[type->scalar].is_signed;
}

/* ---- the walk ---- */

static const char *visit(struct walk *walk, struct abide_check_list *checks, const abide_type *type,
                         const abide_type *memory, uint64_t offset_bytes, const char *path);

static const char *visit_scalar(struct walk *walk, struct abide_check_list *checks,
                                const abide_type *type, const abide_type *memory,
                                uint64_t offset_bytes, const char *path)
{
    struct place place;
    const char *reason = place_scalar(walk, memory, offset_bytes, &place);
    abide_validities own = type ? validities_of(type) & walk->doubtful : 0;
    if (reason || !type)
        return reason;
    if (own & BIT(BOOL))
        add(walk, checks, ABIDE_CHECK_BOOL, path, place)->code = ABIDE_TRAP_BOOL;
    else if (own & BIT(CHAR))
        add(walk, checks, ABIDE_CHECK_CHAR, path, place)->code = ABIDE_TRAP_CHAR;
    else if (own & BIT(ENUM))
        add_enum(walk, checks, type, path, place);
    else if (own & BIT(FLAGS))
        add_bits(walk, checks, path, place, bits_of(type));
    else if (own)
        add_there(walk, checks, path, place,
                  type->kind == ABIDE_KIND_POINTER ? align_behind(walk, type) : 0);
    else if (is_narrowed(walk->lift->lifting->crossing, type))
        add_fits(walk, checks, type, path, place);
    return NULL;
}

/* ---- structs that grow ---- */

static const char *visit_field(struct walk *walk, struct abide_check_list *checks,
                               const abide_type *type, const abide_type *memory, size_t index,
                               uint64_t offset_bytes, const char *path);

/* Whether the interface says of a field of the form that it came later. */
static bool is_later(const struct walk *walk, const abide_type *type, const abide_type *memory,
                     size_t field)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (abide_parts__field(&walk->lift->from, type, memory, i) == field)
            return type->fields[i].is_later;
    return false;
}

/* Fields that are there are looked at; it lies in memory, since it has no flat form. */
static const char *visit_sized(struct walk *walk, struct abide_check_list *checks,
                               const abide_type *type, const abide_type *memory,
                               const struct abide_sized *sized, const char *path)
{
    const abide_layout *layout = abide_lift__layout(&walk->lift->from, memory);
    const struct place size = {sized->at_bytes, sized->tells_bytes};
    const char *reason = NULL;
    if (is_doubtful(walk, ABIDE_VALIDITY_SIZE))
        add(walk, checks, ABIDE_CHECK_SIZE, path, size)->number_bytes = sized->least_bytes;
    for (size_t i = 0; i < memory->field_count && !reason; i++) {
        struct abide_check_list inner = {0};
        bool may_be_absent = is_later(walk, type, memory, i);
        reason = visit_field(walk, may_be_absent ? &inner : checks, type, memory, i, 0, path);
        if (!inner.count)
            continue;
        abide_field_info info = abide_layout__field(layout, i);
        struct abide_check *check = add(walk, checks, ABIDE_CHECK_REACHES, path, size);
        check->number_bytes = (info.offset_bits + info.size_bits + 7) / 8;
        check->inner = inner;
    }
    return reason;
}

/* An object's two pointers, and whether its vtable has the methods that every release has. */
static const char *visit_object(struct walk *walk, struct abide_check_list *checks,
                                const abide_type *type, const abide_type *memory,
                                uint64_t offset_bytes, const char *path)
{
    struct abide_object_form form;
    struct abide_vtable vtable;
    const abide_layout *layout = abide_lift__layout(&walk->lift->from, memory);
    const char *reason = layout ? NULL : "one side has no layout for it";
    bool is_known = abide_object__form(&walk->lift->from, type, memory, &form) && !form.is_thin &&
                    abide_object__vtable(&walk->lift->from, type->target, &vtable);
    for (size_t i = 0; i < memory->field_count && !reason; i++) {
        struct place place;
        uint64_t at_bytes = abide_layout__field(layout, i).offset_bits / 8;
        reason = place_scalar(walk, abide_type__strip(memory->fields[i].type),
                              offset_bytes + at_bytes, &place);
        if (reason || !is_known)
            continue;
        add_there(walk, checks, path, place, 0);
        if (at_bytes != form.vtable_bytes || !is_doubtful(walk, ABIDE_VALIDITY_SIZE) ||
            !is_doubtful(walk, ABIDE_VALIDITY_NULL) ||
            !abide_vtable__has(&vtable, ABIDE_VTABLE_SIZE))
            continue;
        struct abide_check *check = add(walk, checks, ABIDE_CHECK_SIZE, path, place);
        size_t field = vtable.fields[ABIDE_VTABLE_SIZE], least = 0;
        while (least < type->target->field_count && !type->target->fields[least].is_later)
            least++;
        check->is_behind = true;
        check->behind_bytes = abide_vtable__offset_bytes(&vtable, field);
        check->word_bytes = abide_layout__field(vtable.layout, field).size_bits / 8;
        check->number_bytes =
            least ? abide_vtable__method_bytes(&vtable, least - 1) + walk->lift->word_bytes
                  : abide_vtable__method_bytes(&vtable, 0);
    }
    return reason;
}

static const char *visit_fields(struct walk *walk, struct abide_check_list *checks,
                                const abide_type *type, const abide_type *memory,
                                uint64_t offset_bytes, const char *path)
{
    struct abide_sized sized;
    const char *reason =
        abide_lift__layout(&walk->lift->from, memory) ? NULL : "one side has no layout for it";
    if (!reason && type && abide_type__is_sized(type) &&
        abide_sized__of(&walk->lift->from, type, memory, &sized) && sized.tells_bytes)
        return visit_sized(walk, checks, type, memory, &sized, path);
    for (size_t i = 0; i < memory->field_count && !reason; i++)
        reason = visit_field(walk, checks, type, memory, i, offset_bytes, path);
    return reason;
}

static const char *visit_field(struct walk *walk, struct abide_check_list *checks,
                               const abide_type *type, const abide_type *memory, size_t i,
                               uint64_t offset_bytes, const char *path)
{
    abide_ctx *ctx = walk->lift->ctx;
    const abide_layout *layout = abide_lift__layout(&walk->lift->from, memory);
    const abide_type *field = abide_parts__abstract_field(&walk->lift->from, type, memory, i);
    const char *name = memory->fields[i].name;
    if (abide_layout__field(layout, i).is_bitfield || (!walk->flat && !field))
        return NULL;
    if (type && type->kind == ABIDE_KIND_TUPLE)
        name = abide__printf(ctx, "%zu", i);
    bool is_base = field && type->kind == ABIDE_KIND_STRUCT && field == type->target;
    return visit(walk, checks, field, memory->fields[i].type,
                 offset_bytes + abide_layout__field(layout, i).offset_bits / 8,
                 name && !is_base ? abide__printf(ctx, "%s.%s", path, name) : path);
}

static struct abide_check *add_part(struct walk *walk, struct abide_check_list *checks,
                                    const abide_type *type, const abide_type *memory,
                                    uint64_t offset_bytes, const char *path)
{
    struct abide_check *check =
        add(walk, checks, ABIDE_CHECK_PART, path, (struct place){offset_bytes, 0});
    check->type = type;
    check->physical = memory;
    return check;
}

static const char *visit_elements(struct walk *walk, struct abide_check_list *checks,
                                  const abide_type *type, const abide_type *memory,
                                  uint64_t offset_bytes, const char *path)
{
    const abide_layout *layout = abide_lift__layout(&walk->lift->from, memory->target);
    const abide_type *element = type && abide_type__is_sequence(type) ? type->target : NULL;
    const char *reason = NULL;
    if (!layout)
        return "one side has no layout for its elements";
    if (!walk->flat) {
        if (element && memory->count && is_needed(walk, element)) {
            struct abide_check *check =
                add_part(walk, checks, abide_type__strip(element),
                         abide_type__strip(memory->target), offset_bytes, path);
            check->is_many = true;
            check->count = memory->count;
            check->size_bytes = layout->size_bytes;
        }
        return NULL;
    }
    for (uint64_t i = 0; i < memory->count && !reason; i++)
        reason = visit(walk, checks, element, memory->target, offset_bytes + i * layout->size_bytes,
                       abide__printf(walk->lift->ctx, "%s[%llu]", path, (unsigned long long)i));
    return reason;
}

/* A set that is an array of bytes: the last may have bits to spare. */
static const char *visit_big_set(struct walk *walk, struct abide_check_list *checks,
                                 const abide_type *type, const abide_type *memory,
                                 uint64_t offset_bytes, const char *path)
{
    struct place last = {offset_bytes + (type->count - 1) / 8, 1};
    uint64_t bytes = (type->count + 7) / 8;
    const char *reason = NULL;
    for (uint64_t i = 0; walk->flat && i < memory->count && !reason; i++) {
        struct place place;
        reason = place_scalar(walk, abide_type__strip(memory->target), offset_bytes + i, &place);
        if (i == bytes - 1)
            last = place;
    }
    if (!reason && is_doubtful(walk, ABIDE_VALIDITY_FLAGS) && type->count % 8)
        add_bits(walk, checks, path, last, (UINT64_C(1) << type->count % 8) - 1);
    return reason;
}

static bool is_member(const char *name, const char *member)
{
    return name && member && strcmp(name, member) == 0;
}

/* Of a closure only the code: its environment may be anything. */
static const char *visit_closure(struct walk *walk, struct abide_check_list *checks,
                                 const abide_type *memory, uint64_t offset_bytes, const char *path)
{
    const struct abide_closure_rule *rule = &walk->lift->from.module->language->closure;
    const abide_layout *layout = abide_lift__layout(&walk->lift->from, memory);
    const char *reason = layout ? NULL : "one side has no layout for it";
    for (size_t i = 0; i < memory->field_count && !reason; i++) {
        struct place place;
        reason =
            place_scalar(walk, abide_type__strip(memory->fields[i].type),
                         offset_bytes + abide_layout__field(layout, i).offset_bits / 8, &place);
        if (!reason && is_member(memory->fields[i].name, rule->code_member))
            add_there(walk, checks, path, place, 0);
    }
    return reason;
}

/* ---- sequences ---- */

static bool is_text(const abide_type *type)
{
    return abide_kind__is_counted_text(type->kind);
}

/* Whether anything can be wrong with it: its own parts, or what it consists of. */
static bool is_sequence_needed(const struct walk *walk, const abide_type *type)
{
    return validities_of(type) & walk->doubtful ||
           (type->target && !is_text(type) && is_needed(walk, type->target));
}

static const char *visit_sequence(struct walk *walk, struct abide_check_list *checks,
                                  const abide_type *type, const abide_type *memory,
                                  uint64_t offset_bytes, const char *path)
{
    abide_ctx *ctx = walk->lift->ctx;
    struct abide_lift_sequence *sequence = abide__new(ctx, struct abide_lift_sequence);
    struct abide_runs gathered = {0};
    const char *reason = NULL;
    if (walk->flat) { /* as if nothing was known of it, so that its words are put together */
        struct abide_runs *outer = walk->gathered;
        walk->gathered = &gathered;
        reason = visit(walk, checks, NULL, memory, 0, path);
        walk->gathered = outer;
    }
    if (reason || !is_sequence_needed(walk, type))
        return reason;
    reason = abide_lift__sequence(walk->lift, &walk->lift->from, type, memory, sequence);
    if (reason)
        return reason;
    struct abide_check *check = add(walk, checks, ABIDE_CHECK_SEQUENCE, path,
                                    (struct place){offset_bytes, sequence->size_bytes});
    check->type = type;
    check->sequence = sequence;
    check->gathered = gathered;
    if (sequence->element && is_needed(walk, sequence->element))
        add_part(walk, &check->inner, sequence->element, sequence->element_physical, 0, path)
            ->is_many = type->kind != ABIDE_KIND_BOX;
    return NULL;
}

/* ---- sums ---- */

static const char *visit_case(struct walk *walk, struct abide_check_list *checks,
                              const struct abide_lift_sum *sum, const abide_type *type,
                              size_t index, struct place tag, uint64_t offset_bytes,
                              const char *path)
{
    const struct abide_part *payload = &sum->parts.payloads[index];
    const struct abide_field *field = &type->fields[index];
    struct abide_check_list inner = {0};
    if (!payload->type || abide_type__is(field->type, ABIDE_KIND_VOID))
        return NULL;
    const char *reason =
        visit(walk, &inner, field->type, payload->type, offset_bytes + payload->offset_bytes,
              abide__printf(walk->lift->ctx, "%s.%s", path, field->name));
    if (reason || !inner.count)
        return reason;
    struct abide_check *check = add(walk, checks, ABIDE_CHECK_CASE, path, tag);
    check->sum = sum;
    check->index = index;
    check->inner = inner;
    return NULL;
}

/* The number that says the case: in memory as it is, flat as `flatten` says, in a word that may be shared with others. */
static const char *place_tag(struct walk *walk, const struct abide_lift_sum *sum,
                             uint64_t offset_bytes, struct place *tag)
{
    bool has_tag = sum->parts.tag.type != NULL;
    *tag = (struct place){offset_bytes + sum->parts.tag.offset_bytes, sum->tag_bytes};
    if (!walk->flat)
        return NULL;
    size_t word = walk->next;
    if (word >= abide_layout_field_count(walk->flat))
        return "its words are not those of its form in memory";
    uint64_t word_bytes = abide_layout__field(walk->flat, word).size_bits / 8;
    uint64_t size_bytes =
        has_tag ? abide__scalars[walk->lift->from.module->language->flatten.tag].size_bytes
                : word_bytes;
    if (size_bytes > word_bytes)
        size_bytes = word_bytes;
    const char *reason = take_words(walk, 0, size_bytes, tag);
    if (!has_tag) /* the first pointer of the payload, which comes again */
        walk->next = word;
    return reason;
}

static const char *visit_sum(struct walk *walk, struct abide_check_list *checks,
                             const abide_type *type, const abide_type *memory,
                             uint64_t offset_bytes, const char *path)
{
    struct abide_lift_sum *sum = abide__new(walk->lift->ctx, struct abide_lift_sum);
    struct place tag;
    const char *reason = abide_lift__sum(walk->lift, &walk->lift->from, type, memory, sum);
    if (!reason)
        reason = place_tag(walk, sum, offset_bytes, &tag);
    if (reason)
        return reason;
    sum->tag_bytes = tag.size_bytes;
    if (sum->parts.niche_case == SIZE_MAX && validities_of(type) & walk->doubtful)
        add_one_of(walk, checks, ABIDE_TRAP_TAG, path, tag, sum->parts.tags, type->field_count);
    size_t first = walk->next, last = first;
    for (size_t i = 0; i < type->field_count && !reason; i++) {
        walk->next = first;
        reason = visit_case(walk, checks, sum, type, i, tag, offset_bytes, path);
        if (walk->next > last)
            last = walk->next;
    }
    walk->next = last;
    return reason;
}

static const char *visit_by_memory(struct walk *walk, struct abide_check_list *checks,
                                   const abide_type *type, const abide_type *memory,
                                   uint64_t offset_bytes, const char *path)
{
    switch (memory->kind) {
    case ABIDE_KIND_VOID: return NULL;
    case ABIDE_KIND_STRUCT: return visit_fields(walk, checks, type, memory, offset_bytes, path);
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_COMPLEX: return visit_elements(walk, checks, type, memory, offset_bytes, path);
    case ABIDE_KIND_UNION: return walk->flat ? "which member of a union is alive is unknown" : NULL;
    default: return visit_scalar(walk, checks, type, memory, offset_bytes, path);
    }
}

/* ---- errors that a number or a text tells (call/failure.h) ---- */

/* A number that is none of the errors; a case that holds an integer is all that are no tag. */
static void add_told(struct walk *walk, struct abide_check_list *checks, const abide_type *type,
                     struct place place, const char *path)
{
    bool is_variant = type->kind == ABIDE_KIND_VARIANT;
    if (!(validities_of(type) & walk->doubtful & (BIT(ENUM) | BIT(TAG))))
        return;
    for (size_t i = 0; is_variant && i < type->field_count; i++)
        if (!abide_type__is(type->fields[i].type, ABIDE_KIND_VOID))
            return;
    int64_t *numbers = abide__new_array(walk->lift->ctx, int64_t, type->enumerator_count);
    for (size_t i = 0; i < type->enumerator_count; i++)
        numbers[i] = type->enumerators[i].value;
    add_one_of(walk, checks, is_variant ? ABIDE_TRAP_TAG : ABIDE_TRAP_ENUM, path, place, numbers,
               type->enumerator_count);
}

/* Of E, or of one of its fields: `memory` is a struct {code, text}. */
static const char *visit_told(struct walk *walk, struct abide_check_list *checks,
                              const abide_type *type, const abide_type *memory,
                              uint64_t offset_bytes, const char *path)
{
    const abide_layout *layout = abide_lift__layout(&walk->lift->from, memory);
    bool is_text = abide_failure__part(type) == ABIDE_ERROR_PART_TEXT;
    const char *reason = layout ? NULL : "one side has no layout for it";
    type = abide_type__strip(type);
    for (size_t i = 0; type->kind == ABIDE_KIND_STRUCT && i < type->field_count && !reason; i++)
        reason = visit_told(walk, checks, type->fields[i].type, memory, offset_bytes,
                            abide__printf(walk->lift->ctx, "%s.%s", path, type->fields[i].name));
    for (size_t i = 0; type->kind != ABIDE_KIND_STRUCT && i < memory->field_count && !reason; i++) {
        abide_field_info info = abide_layout__field(layout, i);
        struct place place = {offset_bytes + info.offset_bits / 8, info.size_bits / 8};
        if (strcmp(memory->fields[i].name, is_text ? "text" : "code") != 0)
            continue;
        if (is_text)
            reason = visit(walk, checks, type, memory->fields[i].type, place.offset_bytes, path);
        else
            add_told(walk, checks, type, place, path);
    }
    return reason;
}

/* `type` is NULL where only an ABI's own form is known. */
static const char *visit(struct walk *walk, struct abide_check_list *checks, const abide_type *type,
                         const abide_type *memory, uint64_t offset_bytes, const char *path)
{
    memory = abide_type__strip(memory);
    type = type ? abide_type__strip(type) : NULL;
    if (type && (type->kind == ABIDE_KIND_RAW || type->kind == ABIDE_KIND_UNION))
        type = NULL;
    if (!walk->flat && (!type || !is_needed(walk, type)))
        return NULL;
    if (!walk->flat && walk->visits++ > MAX_VISITS) {
        add_part(walk, checks, type, memory, offset_bytes, path);
        return NULL;
    }
    if (type && memory->code_of && !abide_type__is(type, ABIDE_KIND_RESULT))
        return visit_told(walk, checks, type, memory, offset_bytes, path);
    if (type && abide_type__is_sum(type))
        return visit_sum(walk, checks, type, memory, offset_bytes, path);
    if (type && abide_lift__is_sequence(type))
        return visit_sequence(walk, checks, type, memory, offset_bytes, path);
    if (type && type->kind == ABIDE_KIND_CLOSURE && memory->kind == ABIDE_KIND_STRUCT)
        return visit_closure(walk, checks, memory, offset_bytes, path);
    if (type && type->kind == ABIDE_KIND_DYN && memory->kind == ABIDE_KIND_STRUCT)
        return visit_object(walk, checks, type, memory, offset_bytes, path);
    if (type && type->kind == ABIDE_KIND_BITSET && memory->kind == ABIDE_KIND_ARRAY)
        return visit_big_set(walk, checks, type, memory, offset_bytes, path);
    return visit_by_memory(walk, checks, type, memory, offset_bytes, path);
}

const char *abide_check__list(struct abide_lift *lift, abide_validities doubtful,
                              const abide_type *type, const abide_type *physical,
                              struct abide_check_list *checks)
{
    struct walk walk = {.lift = lift, .doubtful = doubtful};
    if (physical->flat_of) {
        walk.flat = abide_lift__layout(&lift->from, physical);
        physical = abide_lift__represent(&lift->from, type);
        if (!walk.flat || !physical)
            return "one side has no layout for it";
    }
    const char *reason = visit(&walk, checks, type, physical, 0, "");
    if (!reason && walk.flat && walk.next != abide_layout_field_count(walk.flat))
        reason = "its words are not those of its form in memory";
    return reason;
}
