/*
 * Strings, slices, lists and boxes. Memory is passed on where the other side may read it as it is; else a copy is made: for the
 * call in the frame, to be kept in memory of the target's own.
 */
#include "plan/lift_inner.h"

#include "call/represent.h"
#include "plan/transcode.h"

#include <string.h>

/* One conversion of a sequence. */
struct passage {
    struct abide_lift *lift;
    struct abide_lift_sequence from, to;
    abide_value elements, count; /* of the source */
    abide_value to_count;        /* of the target: of text in another encoding it is another */
};

/* --- checks ----------------------------------------------------------------------------------------- */

/* A pointer that has no length must lead somewhere. */
static void check_null(struct passage *passage)
{
    struct abide_lift *lift = passage->lift;
    if (passage->from.length.type || passage->from.data.type)
        return;
    abide_value null = abide_op__constant(&lift->build, 0);
    abide_lift__trap_if(lift, abide_op__pair(&lift->build, ABIDE_OP_EQUAL, passage->elements, null),
                        ABIDE_TRAP_NULL, null);
}

/* Text that is to end at its first NUL has none inside. */
static void check_nul(struct passage *passage)
{
    struct abide_lift *lift = passage->lift;
    enum abide_kind kind = passage->from.type->kind;
    bool is_known =
        !passage->from.length.type || kind == ABIDE_KIND_STRING0 || kind == ABIDE_KIND_CSTRING;
    if (!passage->to.is_text || passage->to.length.type || is_known)
        return;
    abide_value found = abide_transcode__has_nul(lift, passage->elements, passage->count,
                                                 passage->from.element_bytes);
    abide_lift__trap_if(lift, found, ABIDE_TRAP_NUL, passage->count);
    abide_lift__costs(lift, ABIDE_COST_COPY);
}

/* A count in a part that is narrower than a word. */
static void write_count(struct passage *passage, const struct abide_lift_path *part,
                        abide_value value)
{
    struct abide_lift *lift = passage->lift;
    if (!part->type)
        return;
    if (part->size_bytes < lift->word_bytes) {
        unsigned bits = (unsigned)part->size_bytes * 8 -
                        (abide_lift__is_signed(passage->to.side, part->type) ? 1 : 0);
        abide_value most = abide_op__constant(&lift->build, (UINT64_C(1) << bits) - 1);
        abide_lift__trap_if(lift,
                            abide_op__pair(&lift->build, ABIDE_OP_BELOW, most, passage->to_count),
                            ABIDE_TRAP_OVERFLOW, passage->to_count);
    }
    abide_lift__write(lift, part, value, passage->to_count);
}

static void write_counts(struct passage *passage, abide_value value)
{
    write_count(passage, &passage->to.length, value);
    write_count(passage, &passage->to.capacity, value);
}

/* --- encodings -------------------------------------------------------------------------------------- */

static bool is_transcoded(const struct passage *passage)
{
    return passage->to.is_text && passage->from.element_bytes != passage->to.element_bytes;
}

/* How many elements the target will have. */
static void count_target(struct passage *passage)
{
    struct abide_lift *lift = passage->lift;
    passage->to_count = passage->count;
    if (!is_transcoded(passage))
        return;
    passage->to_count = abide_transcode__measure(lift, passage->elements, passage->count,
                                                 passage->from.element_bytes);
    abide_lift__costs(lift, ABIDE_COST_COPY);
}

/* --- elements --------------------------------------------------------------------------------------- */

static bool must_zero_source(const struct passage *passage, enum abide_transfer transfer)
{
    abide_ctx *ctx = passage->lift->ctx;
    const struct abide_lift_sequence *from = &passage->from;
    return transfer == ABIDE_TRANSFER_MOVE && from->owned && from->owned->drop == ABIDE_DROP_CALL &&
           (abide_lift__owns(ctx, from->element) ||
            abide_lift__keeps_text(ctx, from->side->module, from->element));
}

/*
 * The elements of the source go to `memory`. Those that were moved out of a value whose release drops what is in it are set to
 * zero bytes, which own nothing.
 */
static const char *convert_elements(struct passage *passage, enum abide_transfer transfer,
                                    abide_value memory)
{
    struct abide_lift *lift = passage->lift;
    const struct abide_lift_sequence *from = &passage->from, *to = &passage->to;
    struct abide_lift_step step = {.moves_all = true};
    const char *reason = NULL;
    if (is_transcoded(passage)) {
        abide_transcode__write(lift, passage->elements, passage->count, from->element_bytes,
                               memory);
        return NULL;
    }
    if (from->element)
        reason = abide_lift__step(lift, from->element, from->element_physical, to->element_physical,
                                  transfer, &step);
    if (reason)
        return reason;
    bool zeroes = from->element && must_zero_source(passage, transfer);
    if (step.moves_all && !zeroes) {
        abide_value bytes = abide_op__size(&lift->build, passage->count, from->element_bytes, 0);
        abide_op__copy(&lift->build, memory, passage->elements, bytes);
        abide_lift__costs(lift, ABIDE_COST_COPY);
        return NULL;
    }
    abide_value at = abide_op__loop(&lift->build, passage->count);
    abide_value source = abide_op__pair(&lift->build, ABIDE_OP_ADD, passage->elements,
                                        abide_op__multiply(&lift->build, at, from->element_bytes));
    abide_value target = abide_op__pair(&lift->build, ABIDE_OP_ADD, memory,
                                        abide_op__multiply(&lift->build, at, to->element_bytes));
    abide_lift__apply(lift, &step, source, 0, target, 0);
    if (zeroes)
        abide_op__zero(&lift->build, source, from->element_bytes);
    abide_op__end(&lift->build);
    abide_lift__costs(lift, ABIDE_COST_COPY);
    return NULL;
}

/* --- passing memory on ------------------------------------------------------------------------------- */

static bool is_assigned(const struct passage *passage)
{
    return passage->to.owned && passage->to.owned->make == ABIDE_MAKE_ASSIGN;
}

/* Whether the target can read the elements where they are. A runtime may have put something in front of what it made. */
static bool can_point_there(const struct passage *passage)
{
    const struct abide_lift_sequence *from = &passage->from, *to = &passage->to;
    if (!to->pointer.type || to->data.type || (to->is_terminated && !from->is_terminated) ||
        is_assigned(passage) || is_transcoded(passage))
        return false;
    if (!to->element)
        return true;
    const struct abide_lifting *lifting = passage->lift->lifting;
    return !abide_convert__same(lifting->crossing, from->type->target) &&
           !abide_callables__obstacle(lifting->crossing, from->type->target, lifting->duties);
}

static void write_pointer(struct passage *passage, abide_value owner)
{
    struct abide_lift *lift = passage->lift;
    const struct abide_lift_sequence *to = &passage->to;
    abide_lift__write(lift, &to->pointer, ABIDE_LIFT_TO, passage->elements);
    write_counts(passage, ABIDE_LIFT_TO);
    if (to->owner.type)
        abide_lift__write(lift, &to->owner, ABIDE_LIFT_TO, owner);
}

/* Whether each side has its own idea of the address of nothing. */
static bool differs_in_nothing(const struct passage *passage)
{
    return passage->from.owned->empty_is_nowhere != passage->to.owned->empty_is_nowhere;
}

/* What lies nowhere has a null pointer where nothing, too, may be memory; and memory without elements is released on the other way. */
static const char *adopt_nothing(struct passage *passage)
{
    struct abide_lift *lift = passage->lift;
    const char *reason = NULL;
    abide_value null = abide_op__constant(&lift->build, 0);
    abide_value elements = abide_op__select(&lift->build, passage->count, passage->elements, null);
    if (!passage->from.owned->empty_is_nowhere) {
        abide_op__if(&lift->build, passage->count);
        abide_op__else(&lift->build);
        reason = abide_lift__release(lift, &passage->from, ABIDE_LIFT_FROM, passage->elements,
                                     passage->count);
        abide_op__end(&lift->build);
    }
    passage->elements = elements;
    return reason;
}

static bool is_same_symbol(struct passage *passage)
{
    struct abide_lift *lift = passage->lift;
    const struct abide_lift_sequence *from = &passage->from, *to = &passage->to;
    const char *prototype = "", *left, *right, *help = lift->help;
    bool is_same =
        !abide_lift__hook(lift, from->module, from->owned->drop_hook, from->type, prototype,
                          &left) &&
        !abide_lift__hook(lift, to->module, to->owned->drop_hook, to->type, prototype, &right) &&
        strcmp(left, right) == 0;
    lift->help = help;
    return is_same;
}

/* Whether elements keep their bytes when they are given away. */
static bool elements_move(struct passage *passage)
{
    struct abide_crossing crossing = passage->lift->lifting->crossing;
    const abide_type *element = passage->from.element;
    return !element || !abide_lift__owns(crossing.ctx, element) ||
           !abide_convert__moves(crossing, element);
}

/*
 * Memory that changes its owner where it is. *done is false if it cannot: the target has to know how it is released, from an owner
 * word or because the source's way is its own.
 */
static const char *adopt(struct passage *passage, bool *done)
{
    struct abide_lift *lift = passage->lift;
    const struct abide_lift_sequence *from = &passage->from, *to = &passage->to;
    *done = false;
    if (lift->transfer != ABIDE_TRANSFER_MOVE || !from->owned || !to->owned || from->data.type ||
        !can_point_there(passage) || !elements_move(passage))
        return NULL;
    enum abide_drop source = from->owned->drop, target = to->owned->drop;
    abide_value owner = ABIDE_NO_VALUE;
    if (source == ABIDE_DROP_OWNER && target == ABIDE_DROP_OWNER && from->owner.type) {
        owner = abide_lift__read(lift, &from->owner, ABIDE_LIFT_FROM);
    } else if (source == ABIDE_DROP_RELEASE && target == ABIDE_DROP_OWNER) {
        const char *reason = abide_lift__owner(lift, from, from->owned->drop_hook, &owner);
        if (reason)
            return reason;
        abide_value null = abide_op__constant(&lift->build, 0);
        if (from->owned->empty_is_nowhere)
            owner = abide_op__select(&lift->build, passage->count, owner, null);
        owner = abide_op__select(&lift->build, passage->elements, owner, null);
    } else if (source != ABIDE_DROP_RELEASE || target != ABIDE_DROP_RELEASE ||
               !is_same_symbol(passage)) {
        return NULL;
    } else if (differs_in_nothing(passage)) {
        const char *reason = adopt_nothing(passage);
        if (reason)
            return reason;
    }
    *done = true;
    write_pointer(passage, owner);
    return NULL;
}

/* --- making memory ------------------------------------------------------------------------------------ */

/* Bytes in front of the elements, where these lie behind other parts. */
static uint64_t header_bytes(const struct abide_lift_sequence *sequence)
{
    const struct abide_lift_path *data = &sequence->data;
    return data->type ? data->offsets_bytes[data->hop_count] : 0;
}

/* Of the target: its elements, what stands in front of them, and a NUL behind them. */
static struct abide_lift_room room_for(const struct passage *passage)
{
    const struct abide_lift_sequence *to = &passage->to;
    bool has_header = to->data.type && to->element_align_bytes < passage->lift->word_bytes;
    uint64_t end_bytes = to->is_terminated ? to->element_bytes : 0;
    return (struct abide_lift_room){.count = passage->to_count,
                                    .element_bytes = to->element_bytes,
                                    .more_bytes = header_bytes(to) + end_bytes,
                                    .align_bytes = has_header ? passage->lift->word_bytes
                                                              : to->element_align_bytes};
}

/* The parts of a value whose elements go to `memory`; gives the place of the first. */
static abide_value write_parts(struct passage *passage, abide_value memory, abide_value owner)
{
    struct abide_lift *lift = passage->lift;
    const struct abide_lift_sequence *to = &passage->to;
    const struct abide_lift_path *data = &to->data;
    if (data->type) {
        abide_op__zero(&lift->build, memory, header_bytes(to));
        abide_op__store(&lift->build, ABIDE_LIFT_TO, data->offsets_bytes[0], lift->word_bytes,
                        memory);
    }
    abide_value elements = abide_op__offset(&lift->build, memory, header_bytes(to));
    if (to->pointer.type)
        abide_lift__write(lift, &to->pointer, ABIDE_LIFT_TO, elements);
    write_counts(passage, ABIDE_LIFT_TO);
    if (to->owner.type)
        abide_lift__write(lift, &to->owner, ABIDE_LIFT_TO,
                          owner != ABIDE_NO_VALUE ? owner : abide_op__constant(&lift->build, 0));
    return elements;
}

static void write_terminator(struct passage *passage, abide_value elements)
{
    struct abide_routine_builder *build = &passage->lift->build;
    uint64_t unit_bytes = passage->to.element_bytes;
    if (!passage->to.is_terminated)
        return;
    abide_value bytes = abide_op__multiply(build, passage->to_count, unit_bytes);
    abide_op__store(build, abide_op__pair(build, ABIDE_OP_ADD, elements, bytes), 0, unit_bytes,
                    abide_op__constant(build, 0));
}

static const char *fill(struct passage *passage, enum abide_transfer transfer, abide_value memory,
                        abide_value owner)
{
    abide_value elements = write_parts(passage, memory, owner);
    const char *reason = convert_elements(passage, transfer, elements);
    write_terminator(passage, elements);
    return reason;
}

/* Only a value that is a pointer to its parts and elements, or a pointer to elements. */
static const char *check_shape(struct passage *passage)
{
    const struct abide_lift_path *data = &passage->to.data;
    if (data->type && data->hop_count != 1)
        return abide__printf(passage->lift->ctx,
                             "%s keeps its elements where nobody else can put them",
                             passage->to.module->name);
    return NULL;
}

static const char *make_in_frame(struct passage *passage)
{
    struct abide_lift *lift = passage->lift;
    const struct abide_lift_sequence *to = &passage->to;
    abide_value memory;
    if (to->type->kind == ABIDE_KIND_SLICE && to->type->is_mutable)
        return "what the callee writes into it would have to be converted back";
    struct abide_lift_room room = room_for(passage);
    const char *reason = check_shape(passage);
    if (!reason)
        reason = abide_lift__allocate_in_frame(lift, &room, &memory);
    abide_lift__lives_in_frame(lift);
    return reason ? reason : fill(passage, ABIDE_TRANSFER_BORROW, memory, ABIDE_NO_VALUE);
}

/* Text in the target's encoding for a runtime to copy. */
static const char *transcode_in_frame(struct passage *passage, abide_value *units)
{
    struct abide_lift *lift = passage->lift;
    struct abide_lift_room room = {.count = passage->to_count,
                                   .element_bytes = passage->to.element_bytes,
                                   .more_bytes = 0,
                                   .align_bytes = passage->to.element_bytes};
    const char *reason = abide_lift__allocate_in_frame(lift, &room, units);
    return reason ? reason : convert_elements(passage, ABIDE_TRANSFER_COPY, *units);
}

/* The target's runtime makes room in a value of zero bytes. */
static const char *assign(struct passage *passage, enum abide_transfer transfer)
{
    struct abide_lift *lift = passage->lift;
    const struct abide_lift_sequence *to = &passage->to;
    bool is_box = to->type->kind == ABIDE_KIND_BOX;
    const char *prototype = to->is_text
                                ? "void SYMBOL(void *value, const void *data, size_t length)"
                            : is_box ? "void SYMBOL(void *value)"
                                     : "void SYMBOL(void *value, size_t length)";
    const char *symbol;
    const char *reason =
        abide_lift__hook(lift, to->module, to->owned->make_hook, to->type, prototype, &symbol);
    if (reason)
        return reason;
    abide_lift__costs(lift, ABIDE_COST_RUNTIME);
    abide_op__zero(&lift->build, ABIDE_LIFT_TO, to->size_bytes);
    abide_value units = passage->elements;
    if (is_transcoded(passage)) {
        reason = transcode_in_frame(passage, &units);
        if (reason)
            return reason;
    }
    abide_value text[] = {ABIDE_LIFT_TO, units, passage->to_count};
    abide_value list[] = {ABIDE_LIFT_TO, passage->count};
    if (to->is_text) {
        abide_op__call(&lift->build, symbol, text, 3, false);
        return NULL;
    }
    abide_op__call(&lift->build, symbol, list, is_box ? 1 : 2, false);
    return convert_elements(passage, transfer, abide_lift__elements(lift, to, ABIDE_LIFT_TO));
}

/* Parts that say that there is nothing. */
static void write_nothing(struct passage *passage)
{
    abide_value null = abide_op__constant(&passage->lift->build, 0);
    passage->elements = null;
    write_pointer(passage, null);
}

static const char *fill_allocated(struct passage *passage, enum abide_transfer transfer)
{
    struct abide_lift *lift = passage->lift;
    const struct abide_lift_sequence *to = &passage->to;
    struct abide_lift_room room = room_for(passage);
    abide_value memory, owner = ABIDE_NO_VALUE;
    const char *reason =
        abide_lift__allocate(lift, to->module, to->owned->make_hook, to->type, &room, &memory);
    if (!reason && to->owned->drop == ABIDE_DROP_OWNER)
        reason = abide_lift__owner(lift, to, to->owned->drop_hook, &owner);
    return reason ? reason : fill(passage, transfer, memory, owner);
}

static const char *make_allocated(struct passage *passage, enum abide_transfer transfer)
{
    struct abide_lift *lift = passage->lift;
    const struct abide_lift_sequence *to = &passage->to;
    if (to->element_align_bytes > 2 * lift->word_bytes) /* what every allocator promises */
        return "its elements are aligned to more bytes than allocated memory is";
    const char *reason = check_shape(passage);
    if (reason || !to->owned->empty_is_nowhere || !to->length.type || !to->pointer.type)
        return reason ? reason : fill_allocated(passage, transfer);
    abide_value elements = passage->elements;
    abide_op__if(&lift->build, passage->count);
    reason = fill_allocated(passage, transfer);
    abide_op__else(&lift->build);
    write_nothing(passage);
    abide_op__end(&lift->build);
    passage->elements = elements;
    return reason;
}

static const char *make(struct passage *passage, enum abide_transfer transfer)
{
    const struct abide_owned_rule *owned = passage->to.owned;
    enum abide_make way = owned ? owned->make : ABIDE_MAKE_NONE;
    switch (way) {
    case ABIDE_MAKE_NONE: break;
    case ABIDE_MAKE_ALLOCATE: return make_allocated(passage, transfer);
    case ABIDE_MAKE_ASSIGN: return assign(passage, transfer);
    }
    return abide__printf(passage->lift->ctx, "%s does not say how %s is made",
                         passage->to.module->name,
                         abide_type_print(passage->lift->ctx, passage->to.type));
}

/* --- the three ways ------------------------------------------------------------------------------------ */

/* Lent by somebody else, as the interface says; but the source's ABI gives it away with what it lies in. */
static bool is_given_anyway(const struct passage *passage)
{
    const struct abide_owned_rule *owned = passage->from.owned;
    return passage->lift->transfer == ABIDE_TRANSFER_MOVE && passage->from.data.type && owned &&
           (owned->drop == ABIDE_DROP_CALL || owned->drop == ABIDE_DROP_RELEASE);
}

static const char *point_there(struct passage *passage)
{
    struct abide_lift *lift = passage->lift;
    if (is_given_anyway(passage)) {
        const char *type = abide_type_print(lift->ctx, passage->from.type);
        lift->help = abide__printf(lift->ctx, "write 'own %s'", type);
        return abide__printf(lift->ctx,
                             "it is lent, but %s gives it away with the value that it lies in",
                             passage->from.module->name);
    }
    write_pointer(passage,
                  passage->to.owner.type ? abide_op__constant(&lift->build, 0) : ABIDE_NO_VALUE);
    return NULL;
}

/* What a runtime has to make is dropped at the end of the call, unless the target is to keep it. */
static const char *lend_assigned(struct passage *passage)
{
    struct abide_lift *lift = passage->lift;
    const char *reason = assign(passage, ABIDE_TRANSFER_COPY);
    if (reason || lift->transfer != ABIDE_TRANSFER_BORROW ||
        passage->to.owned->drop == ABIDE_DROP_NOTHING)
        return reason;
    abide_lift__lives_in_frame(lift);
    return abide_lift__drop_in_frame(lift, passage->to.side, passage->to.type, passage->to.physical,
                                     ABIDE_LIFT_TO);
}

/* The source stays what it is. */
static const char *lend(struct passage *passage)
{
    if (can_point_there(passage))
        return point_there(passage);
    const char *reason = is_assigned(passage) ? lend_assigned(passage) : make_in_frame(passage);
    if (!reason && is_given_anyway(passage))
        reason = abide_lift__release(passage->lift, &passage->from, ABIDE_LIFT_FROM,
                                     passage->elements, passage->count);
    return reason;
}

static const char *give(struct passage *passage)
{
    bool done;
    const char *reason = adopt(passage, &done);
    if (reason || done)
        return reason;
    reason = make(passage, passage->lift->transfer);
    if (!reason && passage->lift->transfer == ABIDE_TRANSFER_MOVE)
        reason = abide_lift__release(passage->lift, &passage->from, ABIDE_LIFT_FROM,
                                     passage->elements, passage->count);
    return reason;
}

const char *abide_lift__write_sequence(struct abide_lift *lift, const abide_type *type,
                                       const abide_type *from_type, const abide_type *to_type)
{
    struct passage passage = {.lift = lift};
    const char *reason = abide_lift__sequence(lift, &lift->from, type, from_type, &passage.from);
    if (!reason)
        reason = abide_lift__sequence(lift, &lift->to, type, to_type, &passage.to);
    if (reason)
        return reason;
    passage.elements = abide_lift__elements(lift, &passage.from, ABIDE_LIFT_FROM);
    check_null(&passage);
    passage.count = abide_lift__count(lift, &passage.from, ABIDE_LIFT_FROM, passage.elements);
    if (!passage.from.length.type && passage.from.is_text)
        abide_lift__costs(lift, ABIDE_COST_COPY);
    check_nul(&passage);
    count_target(&passage);
    if (lift->transfer == ABIDE_TRANSFER_BORROW)
        return lend(&passage);
    if (abide_lift__owns_itself(type))
        return give(&passage);
    /* What is lent stays with the source, and a target that takes everything gets its own. */
    return lift->lifting->takes_all ? make(&passage, ABIDE_TRANSFER_COPY) : lend(&passage);
}
