/*
 * Variants, options and results. Each side says which case a value is by a tag, with numbers of its own, or by a null pointer at
 * its start. What no case explains ends the process.
 */
#include "plan/lift_inner.h"

#include <assert.h>
#include <string.h>

struct sums {
    struct abide_lift *lift;
    const abide_type *type;
    struct abide_lift_sum from, to;
    abide_value tag; /* of the source, or what tells the case in its place */
};

/* --- one side ------------------------------------------------------------------------------------------ */

/* The bytes of a tag that says case `index`. */
static uint64_t tag_of(const struct abide_sum_parts *sum, size_t index, uint64_t tag_bytes)
{
    assert(sum->tags);
    uint64_t bits = (uint64_t)sum->tags[index];
    return tag_bytes < 8 ? bits & ((UINT64_C(1) << (tag_bytes * 8)) - 1) : bits;
}

static const struct abide_field *member_of(const abide_type *record, const char *name)
{
    for (size_t i = 0; record->kind == ABIDE_KIND_STRUCT && i < record->field_count; i++)
        if (record->fields[i].name && strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    return NULL;
}

static struct abide_part part_of(const abide_layout *layout, const abide_type *record,
                                 const struct abide_field *member)
{
    return (struct abide_part){
        .type = abide_type__strip(member->type),
        .offset_bytes = abide_layout__field(layout, member - record->fields).offset_bits / 8};
}

static bool is_bare(const abide_type *type)
{
    return abide_type__is(type, ABIDE_KIND_VOID);
}

static bool find_status(struct abide_lift *lift, const struct abide_side *side,
                        const abide_type *type, const abide_type *physical,
                        struct abide_lift_sum *sum)
{
    const struct abide_field *status = member_of(physical, "status");
    const abide_layout *layout = abide_lift__layout(side, physical);
    if (type->kind != ABIDE_KIND_RESULT || !status || !layout)
        return false;
    static const char *const cases[] = {"ok", "err"}, *const members[] = {"value", "error"};
    struct abide_part *payloads = abide__new_array(lift->ctx, struct abide_part, 2);
    sum->is_status = true;
    sum->parts = (struct abide_sum_parts){.niche_case = abide_type__case(type, "err"),
                                          .tag = part_of(layout, physical, status),
                                          .payloads = payloads};
    for (size_t i = 0; i < 2; i++) {
        size_t index = abide_type__case(type, cases[i]);
        const struct abide_field *member = member_of(physical, members[i]);
        if (member)
            payloads[index] = part_of(layout, physical, member);
        else if (i == 1 && !is_bare(type->fields[index].type))
            payloads[index] = sum->parts.tag;
    }
    sum->is_error_status = !member_of(physical, "error") && payloads[sum->parts.niche_case].type;
    return true;
}

const char *abide_lift__sum(struct abide_lift *lift, const struct abide_side *side,
                            const abide_type *type, const abide_type *physical,
                            struct abide_lift_sum *sum)
{
    memset(sum, 0, sizeof *sum);
    if (!abide_parts__sum(side, type, physical, &sum->parts) &&
        !find_status(lift, side, type, physical, sum))
        return "one side does not say which of its members are the tag and the payload";
    sum->tag_bytes = lift->word_bytes;
    if (!sum->parts.tag.type)
        return NULL;
    const abide_layout *layout = abide_lift__layout(side, sum->parts.tag.type);
    if (!layout || layout->size_bytes == 0 || layout->size_bytes > lift->word_bytes)
        return "its tag is no word";
    sum->tag_bytes = layout->size_bytes;
    return NULL;
}

abide_value abide_lift__read_tag(struct abide_lift *lift, const struct abide_lift_sum *sum,
                                 abide_value value)
{
    return abide_op__load(&lift->build, value, sum->parts.tag.offset_bytes, sum->tag_bytes);
}

/* Of two cases, one is null and the other anything else. */
static bool has_niche(const struct abide_lift_choice *choice)
{
    return choice->sum->niche_case != SIZE_MAX;
}

void abide_lift__choose(struct abide_lift *lift, const struct abide_lift_choice *choice)
{
    if (!has_niche(choice))
        abide_op__choose(&lift->build, choice->tag);
}

void abide_lift__case(struct abide_lift *lift, const struct abide_lift_choice *choice, size_t index)
{
    struct abide_routine_builder *build = &lift->build;
    if (!has_niche(choice))
        abide_op__case(build, tag_of(choice->sum, index, choice->tag_bytes));
    else if (choice->sum->niche_case == index)
        abide_op__if(build, choice->tag);
    else
        abide_op__if(build, abide_op__pair(build, ABIDE_OP_EQUAL, choice->tag,
                                           abide_op__constant(build, 0)));
}

void abide_lift__chosen(struct abide_lift *lift, const struct abide_lift_choice *choice, bool traps)
{
    if (has_niche(choice))
        return;
    abide_op__else(&lift->build);
    if (traps)
        abide_lift__trap(lift, ABIDE_TRAP_TAG, choice->tag);
    abide_op__end(&lift->build);
}

/* --- null pointers that mean a case ------------------------------------------------------------------ */

/* What the first pointer of a payload belongs to. */
static const abide_type *innermost(const abide_type *type)
{
    type = abide_type__strip(type);
    while (type->kind == ABIDE_KIND_STRUCT && type->field_count == 1 && !type->target)
        type = abide_type__strip(type->fields[0].type);
    return type;
}

/* Whether there are values that have no memory: of what counts its elements. What is made up for one is never given to an allocator. */
static bool may_be_empty(struct sums *sums, const abide_type *payload)
{
    const abide_type *type = innermost(payload);
    if (!abide_kind__is_counted_text(type->kind) && type->kind != ABIDE_KIND_SLICE &&
        type->kind != ABIDE_KIND_SEQ)
        return false;
    const struct abide_owned_rule *owned = abide_parts__owned(&sums->lift->to, type);
    bool is_released = abide_lift__owns_itself(type) && (!owned || owned->drop != ABIDE_DROP_OWNER);
    return sums->lift->transfer == ABIDE_TRANSFER_BORROW || !is_released;
}

/*
 * A payload that stands alone must not start with a null pointer. An empty string or slice gets the address of some zero bytes; of
 * others it is a mistake of the source.
 */
static void fill_pointer(struct sums *sums, const abide_type *payload)
{
    struct abide_lift *lift = sums->lift;
    struct abide_routine_builder *build = &lift->build;
    abide_value first = abide_op__load(build, ABIDE_LIFT_TO, 0, lift->word_bytes);
    if (may_be_empty(sums, payload)) {
        abide_value empty = abide_op__empty(build, 64);
        abide_op__store(build, ABIDE_LIFT_TO, 0, lift->word_bytes,
                        abide_op__select(build, first, first, empty));
        return;
    }
    abide_value null = abide_op__constant(build, 0);
    abide_lift__trap_if(lift, abide_op__pair(build, ABIDE_OP_EQUAL, first, null), ABIDE_TRAP_NULL,
                        null);
}

/* --- cases ---------------------------------------------------------------------------------------------- */

static const char *of_case(struct sums *sums, size_t index, const char *reason)
{
    const abide_type *type = sums->type;
    return abide__printf(sums->lift->ctx, "in case '%s' of %s: %s", type->fields[index].name,
                         type->name ? type->name : abide__kind_names[type->kind], reason);
}

/* What is not ok has a status that is not 0. */
static void write_tag(struct sums *sums, size_t index)
{
    struct abide_routine_builder *build = &sums->lift->build;
    const struct abide_lift_sum *to = &sums->to;
    uint64_t number = 1;
    if (to->parts.niche_case == SIZE_MAX)
        number = tag_of(&to->parts, index, to->tag_bytes);
    else if (!to->is_status || to->is_error_status || index != to->parts.niche_case)
        return;
    abide_op__store(build, ABIDE_LIFT_TO, to->parts.tag.offset_bytes, to->tag_bytes,
                    abide_op__constant(build, number));
}

/* An error that would be success to the other side. */
static void check_success(struct sums *sums)
{
    struct abide_lift *lift = sums->lift;
    abide_value status = abide_lift__read_tag(lift, &sums->to, ABIDE_LIFT_TO);
    abide_value null = abide_op__constant(&lift->build, 0);
    abide_lift__trap_if(lift, abide_op__pair(&lift->build, ABIDE_OP_EQUAL, status, null),
                        ABIDE_TRAP_TAG, status);
}

static uint64_t mask_of(uint64_t size_bytes)
{
    return size_bytes < 8 ? (UINT64_C(1) << (size_bytes * 8)) - 1 : UINT64_MAX;
}

/* A status that is none of the errors, since these are numbers of fewer bits. */
static void check_range(struct sums *sums, const struct abide_part *error)
{
    struct abide_lift *lift = sums->lift;
    struct abide_routine_builder *build = &lift->build;
    const abide_layout *layout = abide_lift__layout(&lift->to, error->type);
    if (!layout || layout->size_bytes >= sums->from.tag_bytes)
        return;
    abide_value shifted = sums->tag;
    if (abide_lift__is_signed(&lift->to, error->type)) { /* so that the least error is 0 */
        uint64_t half = mask_of(layout->size_bytes) / 2 + 1;
        abide_value all = abide_op__constant(build, mask_of(sums->from.tag_bytes));
        shifted = abide_op__pair(build, ABIDE_OP_AND, abide_op__offset(build, shifted, half), all);
    }
    abide_value most = abide_op__constant(build, mask_of(layout->size_bytes));
    abide_lift__trap_if(lift, abide_op__pair(build, ABIDE_OP_BELOW, most, shifted), ABIDE_TRAP_TAG,
                        sums->tag);
}

/* Whether the case is one whose payload starts with a pointer that is not null: a status is a number of its own. */
static bool is_told_by_pointer(const struct abide_lift_sum *sum, size_t index)
{
    return sum->parts.niche_case == index && !sum->is_status;
}

static const char *write_payload(struct sums *sums, size_t index)
{
    struct abide_lift *lift = sums->lift;
    const struct abide_sum_parts *target = &sums->to.parts;
    const struct abide_part *from = &sums->from.parts.payloads[index];
    const struct abide_part *to = &target->payloads[index];
    if (!from->type && !to->type)
        return NULL;
    if (!from->type || !to->type)
        return of_case(sums, index, "only one side has a payload for it");
    struct abide_lift_step step;
    const char *reason = abide_lift__step(lift, sums->type->fields[index].type, from->type,
                                          to->type, lift->transfer, &step);
    if (reason)
        return of_case(sums, index, reason);
    abide_lift__apply(lift, &step, ABIDE_LIFT_FROM, from->offset_bytes, ABIDE_LIFT_TO,
                      to->offset_bytes);
    if (sums->to.is_error_status && index == target->niche_case)
        check_success(sums);
    if (sums->from.is_error_status && index == sums->from.parts.niche_case)
        check_range(sums, to);
    if (is_told_by_pointer(&sums->to, index) && !is_told_by_pointer(&sums->from, index))
        fill_pointer(sums, sums->type->fields[index].type);
    return NULL;
}

/* Whether the tags are 0, 1, 2 ... and the same on both sides: then the tag itself is moved. */
static bool has_same_tags(const struct sums *sums)
{
    const struct abide_sum_parts *from = &sums->from.parts, *to = &sums->to.parts;
    if (from->niche_case != SIZE_MAX || to->niche_case != SIZE_MAX)
        return false;
    for (size_t i = 0; i < sums->type->field_count; i++)
        if (from->tags[i] != (int64_t)i || to->tags[i] != (int64_t)i)
            return false;
    return true;
}

/* The tag is moved, and is one of the cases: only those with a payload remain. */
static void write_same_tag(struct sums *sums)
{
    struct abide_lift *lift = sums->lift;
    struct abide_routine_builder *build = &lift->build;
    abide_value count = abide_op__constant(build, sums->type->field_count);
    abide_value is_known = abide_op__pair(build, ABIDE_OP_BELOW, sums->tag, count);
    abide_value null = abide_op__constant(build, 0);
    abide_lift__trap_if(lift, abide_op__pair(build, ABIDE_OP_EQUAL, is_known, null), ABIDE_TRAP_TAG,
                        sums->tag);
    abide_op__store(build, ABIDE_LIFT_TO, sums->to.parts.tag.offset_bytes, sums->to.tag_bytes,
                    sums->tag);
}

static const char *write_cases(struct sums *sums)
{
    struct abide_lift *lift = sums->lift;
    const struct abide_lift_choice choice = {&sums->from.parts, sums->tag, sums->from.tag_bytes};
    bool is_moved = has_same_tags(sums);
    const char *reason = NULL;
    if (is_moved)
        write_same_tag(sums);
    abide_lift__choose(lift, &choice);
    for (size_t i = 0; i < sums->type->field_count && !reason; i++) {
        if (is_moved && !sums->from.parts.payloads[i].type && !sums->to.parts.payloads[i].type)
            continue;
        abide_lift__case(lift, &choice, i);
        if (!is_moved)
            write_tag(sums, i);
        reason = write_payload(sums, i);
        abide_op__end(&lift->build);
    }
    abide_lift__chosen(lift, &choice, !is_moved);
    return reason;
}

const char *abide_lift__write_sum(struct abide_lift *lift, const abide_type *type,
                                  const abide_type *from_type, const abide_type *to_type)
{
    struct sums sums = {.lift = lift, .type = type};
    const abide_layout *layout = abide_lift__layout(&lift->to, to_type);
    const char *reason = abide_lift__sum(lift, &lift->from, type, from_type, &sums.from);
    if (!reason)
        reason = abide_lift__sum(lift, &lift->to, type, to_type, &sums.to);
    if (reason || !layout)
        return reason ? reason : "one side has no layout for it";
    sums.tag = abide_lift__read_tag(lift, &sums.from, ABIDE_LIFT_FROM);
    abide_op__zero(&lift->build, ABIDE_LIFT_TO, layout->size_bytes);
    return write_cases(&sums);
}
