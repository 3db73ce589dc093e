/*
 * Works out how values are stored. The model is clang 19 (CGRecordLowering), where bit-fields are dense: neighbours that
 * share no byte are still one integer if that has at most the size of a pointer, and room up to the next field.
 */
#include "call/storage.h"

#include "call/leaves.h"

/* In which data are looked for; a value has fewer bytes, but fields without bytes might be without number. */
enum { MAX_FIELDS = 4096 };

typedef ABIDE_VEC(struct abide_stored) stored_list;

/* A field, or a run of bit-fields, of a record. */
struct member {
    uint64_t offset_bytes;
    uint64_t size_bytes;
    uint64_t align_bytes;
    const struct abide_storage *storage;
    unsigned containers; /* bits of enum abide_container: its own, and whether it is packed */
};

struct storing {
    abide_ctx *ctx;
    const abide_layout *layout; /* of a record */
    const abide_type *type;
    ABIDE_VEC(struct member) members;
};

static uint64_t align_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) / align * align;
}

static uint64_t max(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* --- bytes and integers --- */

static void add_bytes(abide_ctx *ctx, stored_list *list, uint64_t from, uint64_t to)
{
    for (; from < to; from++)
        abide__push(ctx, list,
                    (struct abide_stored){from, 1, abide_type__scalar(ctx, ABIDE_SCALAR_U8), 0});
}

static const struct abide_storage *storage_of(abide_ctx *ctx, stored_list list,
                                              uint64_t align_bytes)
{
    struct abide_storage *storage = abide__new(ctx, struct abide_storage);
    *storage = (struct abide_storage){list.items, list.count, align_bytes, false};
    return storage;
}

static const struct abide_storage *bytes_storage(abide_ctx *ctx, uint64_t size_bytes)
{
    stored_list list = {0};
    add_bytes(ctx, &list, 0, size_bytes);
    return storage_of(ctx, list, 1);
}

/* What an integer of so many bytes takes: integers of more than 8 bytes come in multiples of 16. */
static uint64_t integer_bytes(uint64_t bytes)
{
    uint64_t size_bytes = 1;
    while (size_bytes < bytes && size_bytes < 16)
        size_bytes *= 2;
    return size_bytes < bytes ? align_up(bytes, 16) : size_bytes;
}

/* An integer of which the first bytes are of the value; of more than 8 bytes it is several. */
static const struct abide_storage *integer_storage(const struct storing *s, uint64_t bytes)
{
    uint64_t size_bytes = integer_bytes(bytes);
    uint64_t step_bytes = min(size_bytes, 8);
    enum abide_scalar scalar = step_bytes == 1   ? ABIDE_SCALAR_U8
                               : step_bytes == 2 ? ABIDE_SCALAR_U16
                               : step_bytes == 4 ? ABIDE_SCALAR_U32
                                                 : ABIDE_SCALAR_U64;
    stored_list list = {0};
    for (uint64_t at = 0; at < bytes; at += step_bytes)
        abide__push(s->ctx, &list,
                    (struct abide_stored){at, min(step_bytes, bytes - at),
                                          abide_type__scalar(s->ctx, scalar), 0});
    const struct abide_scalar_model *model = &s->layout->among->model->scalars[scalar];
    return storage_of(s->ctx, list, size_bytes > 8 ? 16 : model->align_bytes);
}

/* --- fields --- */

static bool is_bitfield(const struct storing *s, size_t index)
{
    return index < s->type->field_count && s->type->fields[index].is_bitfield;
}

static unsigned field_containers(const struct storing *s, size_t index)
{
    return abide_layout__shape(abide_leaves__part(s->ctx, s->layout, index))->own |
           (s->type->fields[index].packed ? ABIDE_IN_PACKED : 0);
}

static const struct abide_storage *field_storage(const struct storing *s, size_t index)
{
    return abide_storage__of(s->ctx, abide_leaves__part(s->ctx, s->layout, index));
}

/* Neither a bit-field of width 0 nor a record without anything in it. */
static bool is_stored(const struct storing *s, size_t index)
{
    if (s->type->fields[index].is_bitfield)
        return s->type->fields[index].bits > 0;
    return !field_storage(s, index)->is_nothing;
}

static uint64_t end_bits(const struct storing *s, size_t index)
{
    return abide_layout__offset_bits(s->layout, index) + s->type->fields[index].bits;
}

/* The first field behind a bit-field that does not begin in the byte in which the one before it ends. */
static size_t behind_shared_bytes(const struct storing *s, size_t index)
{
    do
        index++;
    while (is_bitfield(s, index) && abide_layout__offset_bits(s->layout, index) % 8 != 0);
    return index;
}

/* Where the bytes from a field on may be taken until. */
static uint64_t next_stored_byte(const struct storing *s, size_t index)
{
    while (index < s->type->field_count && !is_stored(s, index))
        index++;
    return index < s->type->field_count ? abide_layout__offset_bits(s->layout, index) / 8
                                        : s->layout->size_bytes;
}

/* One integer for bit-fields from `begin` on, or bytes where it has no room. Returns the field behind them. */
static size_t add_unit(struct storing *s, size_t begin)
{
    uint64_t start = abide_layout__offset_bits(s->layout, begin) / 8;
    size_t end = begin;
    uint64_t bytes = 0;
    bool has_room = false;
    for (size_t next = begin;;) {
        next = behind_shared_bytes(s, next);
        uint64_t used_bytes = (end_bits(s, next - 1) + 7) / 8 - start;
        if (end == begin) {
            end = next;
            bytes = used_bytes;
        } else if (used_bytes > s->layout->among->model->pointer_bytes) {
            break;
        }
        if (start + integer_bytes(used_bytes) <= next_stored_byte(s, next)) {
            end = next;
            bytes = integer_bytes(used_bytes);
            has_room = true;
        }
        if (!is_bitfield(s, next) || s->type->fields[next].bits == 0)
            break;
    }
    const struct abide_storage *storage =
        has_room ? integer_storage(s, bytes) : bytes_storage(s->ctx, bytes);
    abide__push(s->ctx, &s->members,
                (struct member){start, bytes, storage->align_bytes, storage, 0});
    return end;
}

static void add_members(struct storing *s)
{
    for (size_t i = 0; i < s->type->field_count;) {
        if (is_bitfield(s, i) && is_stored(s, i)) {
            i = add_unit(s, i);
            continue;
        }
        if (is_stored(s, i)) {
            const struct abide_storage *storage = field_storage(s, i);
            abide__push(s->ctx, &s->members,
                        (struct member){abide_layout__offset_bits(s->layout, i) / 8,
                                        abide_leaves__part(s->ctx, s->layout, i)->size_bytes,
                                        storage->align_bytes, storage, field_containers(s, i)});
        }
        i++;
    }
}

/* --- records --- */

static void add_at(abide_ctx *ctx, stored_list *list, const struct abide_storage *storage,
                   uint64_t offset_bytes, unsigned containers)
{
    for (size_t i = 0; i < storage->count; i++) {
        struct abide_stored item = storage->items[i];
        item.offset_bytes += offset_bytes;
        item.containers |= containers;
        abide__push(ctx, list, item);
    }
}

/* Where a member lies otherwise than its type alone would have it, all padding is bytes, and nothing is aligned. */
static uint64_t align_of_members(const struct storing *s)
{
    uint64_t align_bytes = 1;
    bool is_packed = false;
    for (size_t i = 0; i < s->members.count; i++) {
        const struct member *member = &s->members.items[i];
        is_packed = is_packed || member->offset_bytes % member->align_bytes != 0;
        align_bytes = max(align_bytes, member->align_bytes);
    }
    return is_packed || s->layout->size_bytes % align_bytes != 0 ? 1 : align_bytes;
}

static void add_padding(const struct storing *s, stored_list *list, uint64_t end, uint64_t to,
                        uint64_t align_bytes)
{
    if (align_up(end, align_bytes) != to)
        add_bytes(s->ctx, list, end, to);
}

static struct abide_storage store_struct(struct storing *s)
{
    stored_list list = {0};
    uint64_t end = 0;
    add_members(s);
    uint64_t align_bytes = align_of_members(s);
    for (size_t i = 0; i < s->members.count; i++) {
        const struct member *member = &s->members.items[i];
        add_padding(s, &list, end, member->offset_bytes, min(member->align_bytes, align_bytes));
        add_at(s->ctx, &list, member->storage, member->offset_bytes, member->containers);
        end = member->offset_bytes + member->size_bytes;
    }
    add_padding(s, &list, end, s->layout->size_bytes, align_bytes);
    return (struct abide_storage){list.items, list.count, align_bytes, s->members.count == 0};
}

static struct member union_member(const struct storing *s, size_t index)
{
    const abide_layout *part = abide_leaves__part(s->ctx, s->layout, index);
    struct member member = {.size_bytes = part->size_bytes};
    if (s->type->fields[index].is_bitfield) {
        uint64_t bytes = min((uint64_t)(s->type->fields[index].bits + 7) / 8, part->size_bytes);
        member.storage = integer_storage(s, bytes);
        member.size_bytes = integer_bytes(bytes);
    } else {
        member.storage = abide_storage__of(s->ctx, part);
        member.containers = field_containers(s, index);
    }
    member.align_bytes = member.storage->align_bytes;
    return member;
}

static struct abide_storage store_union(struct storing *s)
{
    struct member best = {0};
    bool is_nothing = true;
    for (size_t i = 0; i < s->type->field_count; i++) {
        if (s->type->fields[i].is_bitfield && s->type->fields[i].bits == 0)
            continue;
        struct member member = union_member(s, i);
        is_nothing = is_nothing && !is_stored(s, i);
        if (!best.storage || member.align_bytes > best.align_bytes ||
            (member.align_bytes == best.align_bytes && member.size_bytes > best.size_bytes))
            best = member;
    }
    uint64_t size_bytes = s->layout->size_bytes;
    stored_list list = {0};
    if (best.storage && best.size_bytes > size_bytes)
        best = (struct member){0, size_bytes, 1, bytes_storage(s->ctx, size_bytes), 0};
    if (best.storage)
        add_at(s->ctx, &list, best.storage, 0, best.containers);
    add_bytes(s->ctx, &list, best.size_bytes, size_bytes);
    uint64_t align_bytes = max(best.align_bytes, 1);
    return (struct abide_storage){list.items, list.count,
                                  size_bytes % align_bytes ? 1 : align_bytes, is_nothing};
}

/* --- everything else --- */

static struct abide_storage store_elements(abide_ctx *ctx, const abide_layout *layout)
{
    const abide_layout *element = abide_leaves__part(ctx, layout, 0);
    const struct abide_storage *storage = abide_storage__of(ctx, element);
    stored_list list = {0};
    for (uint64_t at = 0; storage && at < layout->size_bytes; at += element->size_bytes)
        add_at(ctx, &list, storage, at, abide_layout__shape(element)->own);
    return (struct abide_storage){list.items, list.count, storage ? storage->align_bytes : 1,
                                  false};
}

static struct abide_storage store_leaf(abide_ctx *ctx, const abide_layout *layout)
{
    struct abide_leaf leaf = abide_leaves__scalar(layout);
    stored_list list = {0};
    /* Processors read 10 of the 16 bytes that an 80-bit float takes. */
    uint64_t size_bytes = leaf.format == ABIDE_FORMAT_X87 ? 10 : layout->size_bytes;
    if (layout->size_bytes > 0)
        abide__push(ctx, &list, (struct abide_stored){0, size_bytes, leaf.type, 0});
    return (struct abide_storage){list.items, list.count, leaf.align_bytes, false};
}

const struct abide_storage *abide_storage__of(abide_ctx *ctx, const abide_layout *layout)
{
    struct abide_layout_more *more = abide_layout__more(layout);
    if (more->storage)
        return more->storage;
    if (layout->size_bytes > ABIDE_LEAVES_MAX_BYTES)
        return NULL;
    const abide_type *type = abide_leaves__container(layout);
    struct storing s = {.ctx = ctx, .layout = layout, .type = type};
    struct abide_storage *storage = abide__new(ctx, struct abide_storage);
    if (!type)
        *storage = store_leaf(ctx, layout);
    else if (abide_type__is_sequence(type))
        *storage = store_elements(ctx, layout);
    else
        *storage = type->kind == ABIDE_KIND_UNION ? store_union(&s) : store_struct(&s);
    more->storage = storage;
    return storage;
}

/* --- integers of chunks --- */

/* Whether data are declared in bits [from, to), a bit-field as its type. `left`: fields that may still be looked at. */
static bool has_data(abide_ctx *ctx, const abide_layout *layout, uint64_t at, uint64_t from,
                     uint64_t to, size_t *left)
{
    const abide_type *type = abide_leaves__container(layout);
    if (layout->size_bytes == 0 || at >= to || at + layout->size_bytes * 8 <= from)
        return false;
    if (!type)
        return true;
    bool is_sequence = abide_type__is_sequence(type);
    uint64_t step_bits = is_sequence ? abide_leaves__part(ctx, layout, 0)->size_bytes * 8 : 0;
    size_t count = is_sequence ? (size_t)(layout->size_bytes * 8 / step_bits) : type->field_count;
    for (size_t i = 0; i < count; i++) {
        const abide_layout *part = abide_leaves__part(ctx, layout, is_sequence ? 0 : i);
        uint64_t start = at + (is_sequence ? i * step_bits : abide_layout__offset_bits(layout, i));
        if (*left == 0)
            return true;
        --*left;
        if (has_data(ctx, part, start, from, to, left))
            return true;
    }
    return false;
}

/* An enum is one, and so is a pointer. */
static bool is_integer(const struct abide_stored *stored)
{
    const abide_type *type = stored->type;
    bool is_float =
        type->kind == ABIDE_KIND_SCALAR && abide__scalars[type->scalar].group == ABIDE_GROUP_FLOAT;
    return !is_float && type->kind != ABIDE_KIND_VECTOR;
}

uint64_t abide_storage__integer_bytes(abide_ctx *ctx, const abide_layout *layout,
                                      uint64_t offset_bytes, uint64_t chunk_bytes)
{
    const struct abide_storage *storage = abide_storage__of(ctx, layout);
    uint64_t rest_bytes = min(layout->size_bytes - offset_bytes, chunk_bytes);
    for (size_t i = 0; storage && i < storage->count; i++) {
        const struct abide_stored *stored = &storage->items[i];
        uint64_t end = offset_bytes + stored->size_bytes;
        size_t left = MAX_FIELDS;
        if (stored->offset_bytes == offset_bytes && is_integer(stored) &&
            !has_data(ctx, layout, 0, end * 8, (offset_bytes + chunk_bytes) * 8, &left))
            return min(stored->size_bytes, rest_bytes);
    }
    return rest_bytes;
}

bool abide_storage__is_whole(abide_ctx *ctx, const abide_layout *layout)
{
    const struct abide_storage *storage = abide_storage__of(ctx, layout);
    const struct abide_leaves *leaves = abide_leaves__of(ctx, layout);
    bool is_stored[ABIDE_LEAVES_MAX_BYTES] = {false};
    if (!storage || !leaves)
        return true;
    for (size_t i = 0; i < storage->count; i++)
        for (uint64_t at = 0; at < storage->items[i].size_bytes; at++)
            is_stored[storage->items[i].offset_bytes + at] = true;
    for (size_t i = 0; i < leaves->count; i++) {
        const struct abide_leaf *leaf = &leaves->items[i];
        uint64_t size_bits = leaf->format == ABIDE_FORMAT_X87 ? 80 : leaf->size_bits;
        uint64_t end = (leaf->offset_bits + size_bits + 7) / 8;
        for (uint64_t at = leaf->offset_bits / 8; at < end && !leaf->is_padding; at++)
            if (!is_stored[at])
                return false;
    }
    return true;
}
