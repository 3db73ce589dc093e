/*
 * Layouts, memoised. Types are visited with a stack of our own, what a type consists of before the type itself, so that
 * chains of a million types neither exhaust the machine's stack nor are laid out twice.
 */
#include "layout/layout.h"

#include "base/checked.h"
#include "base/diag.h"
#include "layout/inner.h"

#include <assert.h>

/* A type that waits for what it consists of. */
struct frame {
    const abide_type *type;
    bool packed; /* by a record around it, under a model where packing reaches nested ones */
    size_t next; /* part to look at */
};

struct abide_layouts {
    struct abide_layouts_of *first;
    /* The types that wait; what a question without an answer has left there is swept away by the next. */
    ABIDE_VEC(struct frame) stack;
};

struct visit {
    abide_ctx *ctx;
    const struct abide_data_model *model;
    struct abide_layouts *layouts;
    struct abide_layouts_of *among;
};

/* Stands in the table for a layout that is being made. */
static const abide_layout being_made;

static struct abide_serials *table_of(struct abide_layouts_of *among, bool packed)
{
    return packed ? &among->packed : &among->usual;
}

static_assert(sizeof(abide_layout) <= ABIDE_TYPE_ROOM_BYTES, "a layout fits beside its type");

/* NULL: there is none yet; it may be one that is being made. */
static const abide_layout *find(const struct abide_layouts_of *among, const abide_type *type,
                                bool packed)
{
    const abide_layout *beside = abide_type__room(type);
    if (beside->among == among && !packed)
        return beside;
    return abide_serials__find(packed ? &among->packed : &among->usual, type->serial);
}

static void forget_mark(struct abide_layouts_of *among, const struct frame *frame)
{
    abide_serials__forget(table_of(among, frame->packed), frame->type->serial, &being_made);
}

/* Where the layout of a type is made: beside it, if it is the first one, else in memory of its own. */
static abide_layout *room_for(const struct abide_layouts_of *among, const abide_type *type,
                              bool packed)
{
    abide_layout *beside = abide_type__room(type);
    return beside->among || packed ? abide__new(among->ctx, abide_layout) : beside;
}

/* It is whole now. */
static const abide_layout *keep(struct abide_layouts_of *among, abide_layout *layout)
{
    if (layout != abide_type__room(layout->type))
        *abide_serials__slot(among->ctx, table_of(among, layout->is_packed), layout->type->serial) =
            layout;
    layout->among = among;
    return layout;
}

static void set_plain(struct abide_layouts_of *among, unsigned plain, uint64_t size_bytes,
                      uint64_t align_bytes)
{
    if (size_bytes == 0)
        return;
    among->plain[plain] =
        (struct abide_plain_size){(uint16_t)(size_bytes * 8), (uint16_t)(align_bytes * 8)};
    among->plain_set |= (uint64_t)1 << plain;
}

/* Scalars and pointers have at most 64 bytes (spec/data.c). */
static struct abide_layouts_of *new_among(abide_ctx *ctx, const struct abide_data_model *model)
{
    struct abide_layouts_of *among = abide__new(ctx, struct abide_layouts_of);
    among->ctx = ctx;
    among->model = model;
    for (unsigned i = 0; i < ABIDE_SCALAR_COUNT; i++)
        set_plain(among, i + 1, model->scalars[i].size_bytes, model->scalars[i].align_bytes);
    set_plain(among, ABIDE_PLAIN_POINTER, model->pointer_bytes, model->pointer_align_bytes);
    set_plain(among, ABIDE_PLAIN_FUNCTION, model->pointer_bytes, model->pointer_align_bytes);
    return among;
}

/* The model that was asked last is found first. */
static struct abide_layouts_of *among_of(abide_ctx *ctx, struct abide_layouts *layouts,
                                         const struct abide_data_model *model)
{
    struct abide_layouts_of **link = &layouts->first;
    while (*link && (*link)->model->serial != model->serial)
        link = &(*link)->next;
    struct abide_layouts_of *among = *link;
    if (among) {
        *link = among->next;
    } else {
        among = new_among(ctx, model);
    }
    among->next = layouts->first;
    layouts->first = among;
    return among;
}

/* --- what a type consists of --- */

static size_t part_count(const abide_type *type)
{
    switch (type->kind) {
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_VECTOR:
    case ABIDE_KIND_COMPLEX:
    case ABIDE_KIND_NEWTYPE: return 1;
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION: return type->is_complete ? type->field_count : 0;
    case ABIDE_KIND_ENUM: return type->target ? 1 : 0;
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_RESOURCE:
    ABIDE_CASES_ABSTRACT:
    case ABIDE_KIND_COUNT: return 0;
    }
    return 0;
}

static bool is_record(const abide_type *type)
{
    return type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_UNION;
}

static const abide_type *part_at(const abide_type *type, size_t index)
{
    return is_record(type) ? type->fields[index].type : type->target;
}

/* Into a record without a name, where packing reaches it; one with a name is laid out by itself wherever it stands. */
static bool packs_part(const struct abide_data_model *model, const abide_type *type, bool is_packed,
                       const abide_type *part)
{
    return model->packed_reaches_nested && is_record(part) && !part->name &&
           (is_packed || (is_record(type) && type->packed));
}

static struct frame *top(struct visit *visit)
{
    return &visit->layouts->stack.items[visit->layouts->stack.count - 1];
}

/* Of what a type is made of that is no record. */
static const abide_layout *part_layout(struct visit *visit, const struct frame *frame)
{
    return abide_layout__of_part(visit->among, frame->type, frame->packed, 0);
}

/* --- reports --- */

/* Anonymous types are not printed in full: they may be long. */
static const char *name_of(abide_ctx *ctx, const abide_type *type)
{
    if (type->name)
        return abide__quote(ctx, type->name);
    return abide__printf(ctx, "this %s", abide_type_kind_name(type));
}

/* The field that a record is at, if it is one; else nowhere. */
static struct abide_place place_of_field(const struct frame *frame)
{
    return is_record(frame->type) && frame->next > 0 ? frame->type->fields[frame->next - 1].place
                                                     : ABIDE_NOWHERE;
}

/* Says which field asked for the type on top of the stack. */
static void note_use(struct visit *visit, abide_diag *diag)
{
    if (visit->layouts->stack.count < 2)
        return;
    struct abide_place place = place_of_field(top(visit) - 1);
    if (place.source && top(visit)->type->place.source)
        abide__diag_note(visit->ctx, diag, place, "needed for this field");
}

/* Where a type is declared; one without a name, where it is used. */
static struct abide_place place_of(struct visit *visit, const abide_type *type)
{
    struct abide_place place = type->place;
    for (size_t i = visit->layouts->stack.count; i > 1 && !place.source; i--) {
        const struct frame *user = &visit->layouts->stack.items[i - 2];
        place = place_of_field(user);
        if (!place.source)
            place = user->type->place;
    }
    return place;
}

static bool report_incomplete(struct visit *visit, const abide_type *type)
{
    abide_diag *diag = abide__report(visit->ctx, ABIDE_CODE_INCOMPLETE_TYPE, place_of(visit, type),
                                     "the content of %s is not known, so it has no size",
                                     name_of(visit->ctx, type));
    note_use(visit, diag);
    abide__diag_help(visit->ctx, diag, "use a pointer to it, or say what it consists of");
    return false;
}

static bool report_too_large(struct visit *visit, const abide_type *type)
{
    abide_diag *diag = abide__report(visit->ctx, ABIDE_CODE_TYPE_TOO_LARGE, place_of(visit, type),
                                     "%s has 2^60 bytes or more", name_of(visit->ctx, type));
    note_use(visit, diag);
    return false;
}

static bool report_cycle(struct visit *visit, const abide_type *type)
{
    abide_diag *diag = abide__report(visit->ctx, ABIDE_CODE_CYCLIC_TYPE, place_of(visit, type),
                                     "%s contains itself", name_of(visit->ctx, type));
    abide__diag_help(visit->ctx, diag, "use a pointer for one of the fields in the circle");
    return false;
}

static bool report_no_scalar(struct visit *visit, const abide_type *type)
{
    abide_diag *diag = abide__report(visit->ctx, ABIDE_CODE_NO_SCALAR, place_of(visit, type),
                                     "this ABI has no %s", abide__scalars[type->scalar].name);
    note_use(visit, diag);
    return false;
}

static bool report_abstract(struct visit *visit, const abide_type *type)
{
    abide_diag *diag =
        abide__report(visit->ctx, ABIDE_CODE_NO_REPRESENTATION, place_of(visit, type),
                      "%s has no form in memory", name_of(visit->ctx, type));
    note_use(visit, diag);
    return false;
}

/* --- laying out one type, when its parts are --- */

static void set_scalar(abide_layout *layout, uint32_t size_bytes, uint32_t align_bytes)
{
    layout->size_bytes = size_bytes;
    layout->align_bytes = align_bytes;
    layout->natural_align_log2 = (uint8_t)__builtin_ctz(align_bytes);
}

/* Size and alignment of what consists of `count` parts in a row. false: too large. */
static bool set_row(abide_layout *layout, const abide_layout *part, uint64_t count)
{
    layout->align_bytes = part->align_bytes;
    layout->natural_align_log2 = (uint8_t)__builtin_ctz(part->align_bytes);
    return abide__multiply(part->size_bytes, count, &layout->size_bytes) &&
           layout->size_bytes <= ABIDE_LAYOUT_MAX_BYTES;
}

static bool lay_out_scalar(struct visit *visit, const abide_type *type, enum abide_scalar scalar,
                           abide_layout *layout)
{
    const struct abide_scalar_model *model = &visit->model->scalars[scalar];
    if (model->size_bytes == 0)
        return report_no_scalar(visit, type);
    set_scalar(layout, model->size_bytes, model->align_bytes);
    return true;
}

static bool lay_out_array(struct visit *visit, const struct frame *frame, abide_layout *layout)
{
    const abide_type *type = frame->type;
    const abide_layout *element = part_layout(visit, frame);
    if (!set_row(layout, element, type->is_flexible ? 0 : type->count))
        return report_too_large(visit, type);
    layout->required_align_log2 = element->required_align_log2;
    if (type->align_bytes > layout->align_bytes) /* of a language's own idea: the size stays */
        layout->align_bytes = type->align_bytes;
    return true;
}

/*
 * As gcc and clang have it: the size is a power of two, and so is the alignment, up to what the ABI aligns vectors to.
 * Elements are told apart by nothing but their size: a vector is one leaf.
 */
static void lay_out_vector(struct visit *visit, const struct frame *frame, abide_layout *layout)
{
    uint64_t content_bytes = part_layout(visit, frame)->size_bytes * frame->type->count;
    uint32_t size_bytes = 1;
    while (size_bytes < content_bytes) /* at most 64 bytes for each of ABIDE_TYPE_MAX_ELEMENTS */
        size_bytes *= 2;
    uint32_t most = visit->model->vector_max_align_bytes;
    set_scalar(layout, size_bytes, most && most < size_bytes ? most : size_bytes);
}

/* ISO C 6.2.5p13: as an array of two. */
static void lay_out_complex(struct visit *visit, const struct frame *frame, abide_layout *layout)
{
    set_row(layout, part_layout(visit, frame), 2); /* of scalars */
}

/* What wraps another type: its layout, with the wrapper's own alignment. */
static void lay_out_wrapper(struct visit *visit, const struct frame *frame, abide_layout *layout)
{
    const abide_type *type = frame->type;
    *layout = *part_layout(visit, frame);
    layout->type = type;
    layout->among = NULL;
    layout->more = NULL;
    if (type->align_bytes > layout->align_bytes)
        layout->align_bytes = type->align_bytes;
}

/* Where the module says the size of the type; of other types the reader of interfaces has asked this already. */
static bool check_width(struct visit *visit, const struct abide_field *field,
                        const abide_layout *layout)
{
    if (field->bits <= layout->size_bytes * 8)
        return true;
    abide__report(visit->ctx, ABIDE_CODE_BAD_FIELD, field->place,
                  "a bit-field of %u bits in a type that has %llu here", (unsigned)field->bits,
                  (unsigned long long)layout->size_bytes * 8);
    return false;
}

static bool lay_out_record(struct visit *visit, abide_layout *layout)
{
    const abide_type *type = layout->type;
    if (!type->is_complete)
        return report_incomplete(visit, type);
    for (size_t i = 0; !type->is_plain && i < type->field_count; i++)
        if (type->fields[i].is_bitfield &&
            !check_width(visit, &type->fields[i],
                         abide_layout__of_part(visit->among, type, layout->is_packed, i)))
            return false;
    return abide_record__lay_out(visit->among, layout) || report_too_large(visit, type);
}

static bool lay_out(struct visit *visit, const struct frame *frame, abide_layout *layout)
{
    const abide_type *type = frame->type;
    *layout = (abide_layout){.type = type, .is_packed = frame->packed};
    switch (type->kind) {
    case ABIDE_KIND_SCALAR: return lay_out_scalar(visit, type, type->scalar, layout);
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_FUNCTION:
        set_scalar(layout, visit->model->pointer_bytes, visit->model->pointer_align_bytes);
        return true;
    case ABIDE_KIND_ENUM:
        if (!type->target)
            return lay_out_scalar(visit, type, visit->model->enum_base, layout);
        lay_out_wrapper(visit, frame, layout);
        return true;
    case ABIDE_KIND_NEWTYPE: lay_out_wrapper(visit, frame, layout); return true;
    case ABIDE_KIND_ARRAY: return lay_out_array(visit, frame, layout);
    case ABIDE_KIND_VECTOR: lay_out_vector(visit, frame, layout); return true;
    case ABIDE_KIND_COMPLEX: lay_out_complex(visit, frame, layout); return true;
    case ABIDE_KIND_STRUCT:
    case ABIDE_KIND_UNION: return lay_out_record(visit, layout);
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_RESOURCE: return report_incomplete(visit, type);
        ABIDE_CASES_ABSTRACT:
    case ABIDE_KIND_COUNT: break;
    }
    return report_abstract(visit, type);
}

/* --- the visit --- */

/* A mark without an entry on the stack would stay when memory runs out between the two. */
static void push(struct visit *visit, const abide_type *type, bool packed)
{
    abide__push(visit->ctx, &visit->layouts->stack, (struct frame){type, packed, 0});
    *abide_serials__slot(visit->ctx, table_of(visit->among, packed), type->serial) = &being_made;
}

/* The next part that has no layout yet goes on the stack. false: reported; *pushed: whether there was one. */
static bool push_part(struct visit *visit, bool *pushed)
{
    struct frame *frame = top(visit);
    size_t count = part_count(frame->type);
    *pushed = false;
    while (frame->next < count) {
        size_t index = frame->next++;
        if (abide_layout__plain(visit->among, frame->type, frame->packed, index))
            continue;
        const abide_type *part = part_at(frame->type, index);
        bool packed = packs_part(visit->model, frame->type, frame->packed, part);
        const abide_layout *layout = find(visit->among, part, packed);
        if (layout == &being_made)
            return report_cycle(visit, part);
        if (layout)
            continue;
        push(visit, part, packed);
        *pushed = true;
        return true;
    }
    return true;
}

/* Lays out a type whose parts are all laid out. NULL: reported. */
static const abide_layout *lay_out_at_once(struct visit *visit, const struct frame *frame)
{
    abide_layout *layout = room_for(visit->among, frame->type, frame->packed);
    return lay_out(visit, frame, layout) ? keep(visit->among, layout) : NULL;
}

static bool finish_top(struct visit *visit)
{
    struct frame frame = *top(visit);
    if (!lay_out_at_once(visit, &frame))
        return false;
    forget_mark(visit->among, &frame);
    visit->layouts->stack.count--;
    return true;
}

static bool lay_out_all(struct visit *visit)
{
    while (visit->layouts->stack.count > 0) {
        bool pushed;
        if (!push_part(visit, &pushed) || (!pushed && !finish_top(visit)))
            return false;
    }
    return true;
}

/* What waits when a question is given up has no layout, under whatever model the question was. */
static void sweep(struct abide_layouts *layouts)
{
    for (size_t i = 0; i < layouts->stack.count; i++)
        for (struct abide_layouts_of *among = layouts->first; among; among = among->next)
            forget_mark(among, &layouts->stack.items[i]);
    layouts->stack.count = 0;
}

/* A record that holds nothing which must be laid out first needs no visit. */
static bool has_all_parts(const struct abide_layouts_of *among, const abide_type *type)
{
    if (!is_record(type) || !type->is_complete || among->model->packed_reaches_nested)
        return false;
    for (size_t i = 0; i < type->field_count; i++)
        if (!abide_layout__plain(among, type, false, i) &&
            !find(among, type->fields[i].type, false))
            return false;
    return true;
}

/* Whether a type is a struct of few plain fields: whatever it is laid out with, and without memory. */
static bool is_simple(const struct abide_layouts_of *among, const abide_type *type)
{
    return type->kind == ABIDE_KIND_STRUCT && type->is_plain &&
           type->field_count <= ABIDE_LAYOUT_FEW_FIELDS && !type->packed && !type->pack_bytes &&
           !(type->plain_set & ~among->plain_set);
}

const abide_layout *abide_layout__at_hand(abide_ctx *ctx, const struct abide_data_model *model,
                                          const abide_type *type)
{
    abide_type__fetch_next(type);
    struct abide_layouts_of *among = ctx->layouts ? ctx->layouts->first : NULL;
    if (!among || among->model->serial != model->serial)
        return NULL;
    abide_layout *beside = abide_type__room(type);
    if (beside->among == among)
        return beside;
    if (beside->among || !is_simple(among, type))
        return NULL;
    *beside = (abide_layout){.type = type};
    return abide_record__lay_out_simple(among, beside) ? keep(among, beside) : NULL;
}

const abide_layout *abide_layout__physical(abide_ctx *ctx, const struct abide_data_model *model,
                                           const abide_type *type)
{
    const abide_layout *at_hand = abide_layout__at_hand(ctx, model, type);
    if (at_hand)
        return at_hand;
    if (!ctx->layouts)
        ctx->layouts = abide__new(ctx, struct abide_layouts);
    struct abide_layouts *layouts = ctx->layouts;
    struct abide_layouts_of *among = among_of(ctx, layouts, model);
    struct visit visit = {.ctx = ctx, .model = model, .layouts = layouts, .among = among};
    if (layouts->stack.count > 0) /* memory ran out */
        sweep(layouts);
    const abide_layout *known = find(among, type, false);
    if (known)
        return known;
    if (has_all_parts(among, type))
        return lay_out_at_once(&visit, &(struct frame){.type = type});
    push(&visit, type, false);
    if (lay_out_all(&visit))
        return find(among, type, false);
    sweep(layouts);
    return NULL;
}

/* --- accessors --- */

const abide_type *abide_layout_type(const abide_layout *layout)
{
    return layout->type;
}

uint64_t abide_layout_size_bytes(const abide_layout *layout)
{
    return layout->size_bytes;
}

uint64_t abide_layout_align_bytes(const abide_layout *layout)
{
    return layout->align_bytes;
}

bool abide_layout_is_signed(const abide_layout *layout)
{
    const abide_type *type = abide_type__strip(layout->type);
    if (type->kind == ABIDE_KIND_ENUM && type->target)
        type = abide_type__strip(type->target);
    return type->kind == ABIDE_KIND_SCALAR &&
           abide__scalars[type->scalar].group == ABIDE_GROUP_SIGNED &&
           layout->among->model->scalars[type->scalar].is_signed;
}

size_t abide_layout_field_count(const abide_layout *layout)
{
    const abide_type *type = abide_type__strip(layout->type);
    return is_record(type) ? type->field_count : 0;
}

const abide_layout *abide_layout__of_part(struct abide_layouts_of *among, const abide_type *type,
                                          bool is_packed, size_t index)
{
    const abide_type *part = part_at(type, index);
    const abide_layout *layout = find(among, part, packs_part(among->model, type, is_packed, part));
    if (layout)
        return layout;
    assert(abide_layout__plain(among, type, is_packed, index)); /* nobody has asked for it */
    return abide_layout__physical(among->ctx, among->model, part);
}

struct abide_layout_more *abide_layout__more(const abide_layout *layout)
{
    if (!layout->more) /* ours, and a cache only */
        ((abide_layout *)layout)->more = abide__new(layout->among->ctx, struct abide_layout_more);
    return layout->more;
}

const struct abide_shape *abide_layout__shape(const abide_layout *layout)
{
    struct abide_layout_more *more = abide_layout__more(layout);
    if (!more->has_shape) {
        more->shape = abide_shape__of(layout);
        more->has_shape = true;
    }
    return &more->shape;
}

/* A plain field takes what the model says of it: its type may have no layout of its own. */
static uint64_t field_bits(const abide_layout *layout, const abide_type *type, size_t index)
{
    if (type->fields[index].is_bitfield)
        return type->fields[index].bits;
    const struct abide_plain_size *plain =
        abide_layout__plain(layout->among, type, layout->is_packed, index);
    if (plain)
        return plain->size_bits;
    return abide_layout__of_part(layout->among, type, layout->is_packed, index)->size_bytes * 8;
}

abide_field_info abide_layout__field(const abide_layout *layout, size_t index)
{
    const abide_type *type = abide_type__strip(layout->type);
    const struct abide_field *field = &type->fields[index];
    return (abide_field_info){
        .name = field->name,
        .type = field->type,
        .offset_bits = abide_layout__offset_bits(layout, index),
        .size_bits = field_bits(layout, type, index),
        .is_bitfield = field->is_bitfield,
    };
}

abide_field_info abide_layout_field_at(const abide_layout *layout, size_t index)
{
    return abide_layout__field(layout, index);
}

struct abide_holes abide_layout__holes(const abide_layout *layout)
{
    if (!is_record(abide_type__strip(layout->type)))
        return (struct abide_holes){NULL, 0};
    struct abide_layout_more *more = abide_layout__more(layout);
    if (!more->holes)
        more->holes = abide_record__find_holes(layout->among->ctx, layout);
    return *more->holes;
}

/* For callers outside; none if memory runs out, which is reported. */
static struct abide_holes guarded_holes(const abide_layout *layout)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(layout->among->ctx, &guard)))
        return (struct abide_holes){NULL, 0};
    struct abide_holes holes = abide_layout__holes(layout);
    abide__guard_leave(layout->among->ctx, &guard);
    return holes;
}

size_t abide_layout_hole_count(const abide_layout *layout)
{
    return guarded_holes(layout).count;
}

abide_hole abide_layout_hole_at(const abide_layout *layout, size_t index)
{
    struct abide_holes holes = guarded_holes(layout);
    return index < holes.count ? holes.items[index] : (abide_hole){0, 0};
}
