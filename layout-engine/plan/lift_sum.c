/*
 * Variants, options and results. Each side says which case a value is by a tag, with numbers of its own, or by a null pointer at
 * its start. What no case explains ends the process.
 */
#include "plan/lift_inner.h"

#include <string.h>

struct sums {
    struct abide_lift *lift;
    const abide_type *type;
    const abide_type *from_type, *to_type;
    struct abide_sum_parts from, to;
    uint64_t from_tag_bytes, to_tag_bytes;
    uint64_t size_bytes; /* of the target */
    abide_value tag;     /* of the source, or its first pointer */
};

uint64_t abide_lift__tag(const struct abide_sum_parts *sum, size_t index, uint64_t tag_bytes)
{
    uint64_t bits = (uint64_t)sum->tags[index];
    return tag_bytes < 8 ? bits & ((UINT64_C(1) << (tag_bytes * 8)) - 1) : bits;
}

abide_value abide_lift__is_case(struct abide_lift *lift, const struct abide_sum_parts *sum,
                                size_t index, uint64_t tag_bytes, abide_value tag)
{
    struct abide_routine_builder *build = &lift->build;
    if (sum->niche_case == index)
        return tag;
    uint64_t number = sum->niche_case == SIZE_MAX ? abide_lift__tag(sum, index, tag_bytes) : 0;
    return abide_op__pair(build, ABIDE_OP_EQUAL, tag, abide_op__constant(build, number));
}

static const char *find_tag(struct abide_lift *lift, const struct abide_side *side,
                            const struct abide_sum_parts *sum, uint64_t *tag_bytes)
{
    *tag_bytes = lift->word_bytes;
    if (sum->niche_case != SIZE_MAX)
        return NULL;
    const abide_layout *layout = abide_lift__layout(side, sum->tag.type);
    if (!layout || layout->size_bytes == 0 || layout->size_bytes > lift->word_bytes)
        return "its tag is no word";
    *tag_bytes = layout->size_bytes;
    return NULL;
}

static bool has_payload(const struct abide_sum_parts *sum, size_t index)
{
    return sum->payloads[index].type != NULL;
}

/* --- null pointers that mean a case ------------------------------------------------------------------ */

/* Whether values of the type that have no memory may start with a null pointer: those that count what they hold. */
static bool may_be_empty(const abide_type *type)
{
    type = abide_type__strip(type);
    while (type->kind == ABIDE_KIND_STRUCT && type->field_count == 1)
        type = abide_type__strip(type->fields[0].type);
    return type->kind == ABIDE_KIND_STRING || type->kind == ABIDE_KIND_STRING0 ||
           type->kind == ABIDE_KIND_SLICE || type->kind == ABIDE_KIND_SEQ;
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
    if (may_be_empty(payload)) {
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

static void write_tag(struct sums *sums, size_t index)
{
    struct abide_routine_builder *build = &sums->lift->build;
    if (sums->to.niche_case == SIZE_MAX)
        abide_op__store(
            build, ABIDE_LIFT_TO, sums->to.tag.offset_bytes, sums->to_tag_bytes,
            abide_op__constant(build, abide_lift__tag(&sums->to, index, sums->to_tag_bytes)));
}

static const char *write_payload(struct sums *sums, size_t index)
{
    struct abide_lift *lift = sums->lift;
    const struct abide_part *from = &sums->from.payloads[index], *to = &sums->to.payloads[index];
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
    if (sums->to.niche_case == index && sums->from.niche_case != index)
        fill_pointer(sums, sums->type->fields[index].type);
    return NULL;
}

/* Whether the tags are 0, 1, 2 ... and the same on both sides: then the tag itself is moved. */
static bool has_same_tags(const struct sums *sums)
{
    if (sums->from.niche_case != SIZE_MAX || sums->to.niche_case != SIZE_MAX)
        return false;
    for (size_t i = 0; i < sums->type->field_count; i++)
        if (sums->from.tags[i] != (int64_t)i || sums->to.tags[i] != (int64_t)i)
            return false;
    return true;
}

static const char *write_same_tags(struct sums *sums)
{
    struct abide_lift *lift = sums->lift;
    struct abide_routine_builder *build = &lift->build;
    abide_value count = abide_op__constant(build, sums->type->field_count);
    abide_value is_known = abide_op__pair(build, ABIDE_OP_BELOW, sums->tag, count);
    abide_value null = abide_op__constant(build, 0);
    abide_lift__trap_if(lift, abide_op__pair(build, ABIDE_OP_EQUAL, is_known, null), ABIDE_TRAP_TAG,
                        sums->tag);
    abide_op__store(build, ABIDE_LIFT_TO, sums->to.tag.offset_bytes, sums->to_tag_bytes, sums->tag);
    const char *reason = NULL;
    for (size_t i = 0; i < sums->type->field_count && !reason; i++) {
        if (!has_payload(&sums->from, i) && !has_payload(&sums->to, i))
            continue;
        abide_op__if(build,
                     abide_lift__is_case(lift, &sums->from, i, sums->from_tag_bytes, sums->tag));
        reason = write_payload(sums, i);
        abide_op__end(build);
    }
    return reason;
}

static const char *write_each_case(struct sums *sums)
{
    struct abide_lift *lift = sums->lift;
    struct abide_routine_builder *build = &lift->build;
    abide_value found = ABIDE_NO_VALUE; /* how many cases the tag is: one or none */
    const char *reason = NULL;
    for (size_t i = 0; i < sums->type->field_count && !reason; i++) {
        abide_value is_case =
            abide_lift__is_case(lift, &sums->from, i, sums->from_tag_bytes, sums->tag);
        abide_op__if(build, is_case);
        write_tag(sums, i);
        reason = write_payload(sums, i);
        abide_op__end(build);
        found = i ? abide_op__pair(build, ABIDE_OP_ADD, found, is_case) : is_case;
    }
    if (sums->from.niche_case == SIZE_MAX && found != ABIDE_NO_VALUE && !reason) {
        abide_value null = abide_op__constant(build, 0);
        abide_lift__trap_if(lift, abide_op__pair(build, ABIDE_OP_EQUAL, found, null),
                            ABIDE_TRAP_TAG, sums->tag);
    }
    return reason;
}

const char *abide_lift__write_sum(struct abide_lift *lift, const abide_type *type,
                                  const abide_type *from_type, const abide_type *to_type)
{
    struct sums sums = {.lift = lift, .type = type, .from_type = from_type, .to_type = to_type};
    if (!abide_parts__sum(&lift->from, type, from_type, &sums.from) ||
        !abide_parts__sum(&lift->to, type, to_type, &sums.to))
        return "one side does not say which of its members are the tag and the payload";
    const abide_layout *layout = abide_lift__layout(&lift->to, to_type);
    const char *reason = find_tag(lift, &lift->from, &sums.from, &sums.from_tag_bytes);
    if (!reason)
        reason = find_tag(lift, &lift->to, &sums.to, &sums.to_tag_bytes);
    if (reason || !layout)
        return reason ? reason : "one side has no layout for it";
    sums.tag = abide_op__load(&lift->build, ABIDE_LIFT_FROM, sums.from.tag.offset_bytes,
                              sums.from_tag_bytes);
    abide_op__zero(&lift->build, ABIDE_LIFT_TO, layout->size_bytes);
    return has_same_tags(&sums) ? write_same_tags(&sums) : write_each_case(&sums);
}
