/*
 * Errors, and the numbers and texts by which rules tell them (call/failure.h). An integer is its own number; so is an enum, which
 * must be one of the values it lists; a case without a payload is its tag, and a case that holds an integer is all other numbers; a
 * struct has a field for the number, or the text. What is no error, or does not fit, ends the process.
 */
#include "call/failure.h"
#include "plan/lift_inner.h"

#include <string.h>

struct codes {
    struct abide_lift *lift;
    const struct abide_side *side; /* of the error itself */
    bool to_error;                 /* else from one */
    struct abide_part code, text;  /* in what tells it; without a type: there is none */
    abide_value from, to;          /* addresses */
};

/* --- numbers ------------------------------------------------------------------------------------------- */

struct number {
    uint64_t size_bytes;
    bool is_signed;
};

static struct number number_of(const struct abide_side *side, const abide_type *physical)
{
    const abide_layout *layout = abide_lift__layout(side, physical);
    return (struct number){layout ? layout->size_bytes : 0,
                           abide_lift__is_signed(side, abide_type__strip(physical))};
}

static uint64_t half_of(uint64_t size_bytes)
{
    return UINT64_C(1) << (size_bytes * 8 - 1);
}

static uint64_t mask_of(uint64_t size_bytes)
{
    return size_bytes < 8 ? (UINT64_C(1) << (size_bytes * 8)) - 1 : UINT64_MAX;
}

/* A number of a word, extended by its sign. */
static abide_value load_number(struct codes *codes, abide_value address, uint64_t offset_bytes,
                               struct number number)
{
    struct abide_routine_builder *build = &codes->lift->build;
    abide_value value = abide_op__load(build, address, offset_bytes, number.size_bytes);
    if (!number.is_signed || number.size_bytes >= codes->lift->word_bytes)
        return value;
    uint64_t half = half_of(number.size_bytes);
    abide_value mask = abide_op__constant(build, mask_of(number.size_bytes));
    abide_value shifted =
        abide_op__pair(build, ABIDE_OP_AND, abide_op__offset(build, value, half), mask);
    return abide_op__pair(build, ABIDE_OP_SUBTRACT, shifted, abide_op__constant(build, half));
}

/* Traps unless a number of one kind, as a word, is one of the other kind too. */
static void check_fit(struct codes *codes, abide_value value, struct number from, struct number to)
{
    struct abide_routine_builder *build = &codes->lift->build;
    uint64_t word_bytes = codes->lift->word_bytes;
    bool holds_all = from.is_signed == to.is_signed
                         ? from.size_bytes <= to.size_bytes
                         : to.is_signed && from.size_bytes < to.size_bytes;
    if (holds_all)
        return;
    uint64_t most = mask_of(to.size_bytes);
    abide_value shifted = value;
    if (to.is_signed && from.is_signed)
        shifted = abide_op__offset(build, value, half_of(to.size_bytes));
    else if (to.is_signed || to.size_bytes >= word_bytes)
        most = half_of(to.size_bytes) - 1; /* one has no sign */
    abide_value limit = abide_op__constant(build, most);
    abide_lift__trap_if(codes->lift, abide_op__pair(build, ABIDE_OP_BELOW, limit, shifted),
                        ABIDE_TRAP_TAG, value);
}

static abide_value word(struct codes *codes, int64_t number)
{
    return abide_op__constant(&codes->lift->build,
                              (uint64_t)number & mask_of(codes->lift->word_bytes));
}

static abide_value is_equal(struct codes *codes, abide_value value, int64_t number)
{
    return abide_op__pair(&codes->lift->build, ABIDE_OP_EQUAL, value, word(codes, number));
}

/* How many of the values of a closed enum a number is: one or none. */
static void check_listed(struct codes *codes, const abide_type *type, abide_value value)
{
    struct abide_routine_builder *build = &codes->lift->build;
    abide_value found = ABIDE_NO_VALUE;
    if (type->kind != ABIDE_KIND_ENUM || type->is_open || type->enumerator_count == 0)
        return;
    for (size_t i = 0; i < type->enumerator_count; i++) {
        abide_value is_this = is_equal(codes, value, type->enumerators[i].value);
        found = i ? abide_op__pair(build, ABIDE_OP_ADD, found, is_this) : is_this;
    }
    abide_lift__trap_if(codes->lift, is_equal(codes, found, 0), ABIDE_TRAP_TAG, value);
}

/* A number at an offset of the error, to or from the code. */
static const char *write_number(struct codes *codes, const abide_type *type,
                                const struct abide_part *part)
{
    struct abide_lift *lift = codes->lift;
    const struct abide_side *other = codes->to_error ? &lift->from : &lift->to;
    if (!codes->code.type)
        return "it has a number, and the other side tells none";
    struct number own = number_of(codes->side, part->type);
    struct number told = number_of(other, codes->code.type);
    if (own.size_bytes == 0 || own.size_bytes > lift->word_bytes ||
        told.size_bytes > lift->word_bytes)
        return "its number is wider than a register";
    struct number from = codes->to_error ? told : own, to = codes->to_error ? own : told;
    uint64_t from_bytes = codes->to_error ? codes->code.offset_bytes : part->offset_bytes;
    uint64_t to_bytes = codes->to_error ? part->offset_bytes : codes->code.offset_bytes;
    abide_value value = load_number(codes, codes->from, from_bytes, from);
    check_fit(codes, value, from, to);
    if (codes->to_error)
        check_listed(codes, abide_type__strip(type), value);
    abide_op__store(&lift->build, codes->to, to_bytes, to.size_bytes, value);
    return NULL;
}

/* --- texts ---------------------------------------------------------------------------------------------- */

/* The text stays with the function that gave it; the function that is told one gets it for good. */
static const char *write_text(struct codes *codes, const abide_type *type,
                              const struct abide_part *part)
{
    struct abide_lift *lift = codes->lift;
    struct abide_lift_step step;
    if (!codes->text.type)
        return "it has a text, and the other side tells none";
    const abide_type *from_type = codes->to_error ? codes->text.type : part->type;
    const abide_type *to_type = codes->to_error ? part->type : codes->text.type;
    bool is_own = abide_lift__owns_itself(abide_type__strip(type));
    enum abide_transfer transfer = !is_own           ? ABIDE_TRANSFER_BORROW
                                   : codes->to_error ? ABIDE_TRANSFER_COPY
                                                     : ABIDE_TRANSFER_MOVE;
    const char *reason = abide_lift__step(lift, type, from_type, to_type, transfer, &step);
    if (reason)
        return reason;
    abide_lift__apply(lift, &step, codes->from,
                      codes->to_error ? codes->text.offset_bytes : part->offset_bytes, codes->to,
                      codes->to_error ? part->offset_bytes : codes->text.offset_bytes);
    return NULL;
}

static const char *write_part(struct codes *codes, const abide_type *type,
                              const struct abide_part *part)
{
    return abide_failure__part(type) == ABIDE_ERROR_PART_TEXT ? write_text(codes, type, part)
                                                              : write_number(codes, type, part);
}

/* --- structs ------------------------------------------------------------------------------------------- */

static const char *write_struct(struct codes *codes, const abide_type *type,
                                const abide_type *physical)
{
    const abide_layout *layout = abide_lift__layout(codes->side, physical);
    if (!layout || physical->kind != ABIDE_KIND_STRUCT)
        return "one side has no layout for it";
    for (size_t i = 0; i < type->field_count; i++) {
        size_t field = abide_parts__field(codes->side, type, physical, i);
        if (field == SIZE_MAX)
            return "one side has no such field";
        struct abide_part part = {.type = physical->fields[field].type,
                                  .offset_bytes =
                                      abide_layout__field(layout, field).offset_bits / 8};
        const char *reason = write_part(codes, type->fields[i].type, &part);
        if (reason)
            return reason;
    }
    return NULL;
}

/* --- variants ------------------------------------------------------------------------------------------ */

static void write_tag(struct codes *codes, const struct abide_lift_sum *sum, size_t index)
{
    abide_op__store(&codes->lift->build, codes->to, sum->parts.tag.offset_bytes, sum->tag_bytes,
                    word(codes, sum->parts.tags[index]));
}

/* The case whose tag the number is, or the one that holds a number. */
static const char *write_to_variant(struct codes *codes, const abide_type *type,
                                    const struct abide_lift_sum *sum)
{
    struct abide_lift *lift = codes->lift;
    struct abide_routine_builder *build = &lift->build;
    struct number told = number_of(&lift->from, codes->code.type);
    abide_value value = load_number(codes, codes->from, codes->code.offset_bytes, told);
    size_t rest = SIZE_MAX;
    const char *reason = NULL;
    abide_op__choose(build, value);
    for (size_t i = 0; i < type->field_count; i++) {
        if (!abide_type__is(type->fields[i].type, ABIDE_KIND_VOID)) {
            rest = i;
            continue;
        }
        abide_op__case(build, (uint64_t)type->enumerators[i].value & mask_of(lift->word_bytes));
        write_tag(codes, sum, i);
        abide_op__end(build);
    }
    abide_op__else(build);
    if (rest == SIZE_MAX) {
        abide_lift__trap(lift, ABIDE_TRAP_TAG, value);
    } else {
        write_tag(codes, sum, rest);
        reason = write_number(codes, type->fields[rest].type, &sum->parts.payloads[rest]);
    }
    abide_op__end(build);
    return reason;
}

static const char *write_from_variant(struct codes *codes, const abide_type *type,
                                      const struct abide_lift_sum *sum)
{
    struct abide_lift *lift = codes->lift;
    struct abide_routine_builder *build = &lift->build;
    struct number told = number_of(&lift->to, codes->code.type);
    const struct abide_lift_choice choice = {
        &sum->parts, abide_lift__read_tag(lift, sum, codes->from), sum->tag_bytes};
    const char *reason = NULL;
    abide_lift__choose(lift, &choice);
    for (size_t i = 0; i < type->field_count && !reason; i++) {
        int64_t number = type->enumerators[i].value;
        abide_lift__case(lift, &choice, i);
        if (abide_type__is(type->fields[i].type, ABIDE_KIND_VOID))
            abide_op__store(build, codes->to, codes->code.offset_bytes, told.size_bytes,
                            word(codes, number));
        else
            reason = write_number(codes, type->fields[i].type, &sum->parts.payloads[i]);
        abide_op__end(build);
    }
    abide_lift__chosen(lift, &choice, true);
    return reason;
}

static const char *write_variant(struct codes *codes, const abide_type *type,
                                 const abide_type *physical)
{
    struct abide_lift_sum sum;
    if (!codes->code.type)
        return "the other side tells no number";
    const char *reason = abide_lift__sum(codes->lift, codes->side, type, physical, &sum);
    if (reason)
        return reason;
    if (sum.parts.niche_case != SIZE_MAX)
        return "its cases have no tags";
    return codes->to_error ? write_to_variant(codes, type, &sum)
                           : write_from_variant(codes, type, &sum);
}

/* --- all of them --------------------------------------------------------------------------------------- */

static struct abide_part find(const struct abide_side *side, const abide_type *told,
                              const char *name)
{
    const abide_layout *layout = abide_lift__layout(side, told);
    for (size_t i = 0; layout && i < told->field_count; i++)
        if (strcmp(told->fields[i].name, name) == 0)
            return (struct abide_part){.type = told->fields[i].type,
                                       .offset_bytes =
                                           abide_layout__field(layout, i).offset_bits / 8};
    return (struct abide_part){0};
}

/* From one rule's number to another's: the error itself is not looked at. */
static const char *write_between(struct codes *codes, const abide_type *to_told)
{
    struct abide_part own = find(&codes->lift->to, to_told, "code");
    if (!codes->code.type || !own.type)
        return "a number is told on one side, and a text on the other";
    codes->side = &codes->lift->to;
    codes->to_error = true;
    return write_number(codes, to_told, &own);
}

const char *abide_lift__write_code(struct abide_lift *lift, const abide_type *type,
                                   const abide_type *from_type, const abide_type *to_type)
{
    const abide_type *told = from_type->code_of ? from_type : to_type;
    const abide_type *error = from_type->code_of ? to_type : from_type;
    struct codes codes = {.lift = lift,
                          .side = from_type->code_of ? &lift->to : &lift->from,
                          .to_error = from_type->code_of != NULL,
                          .from = ABIDE_LIFT_FROM,
                          .to = ABIDE_LIFT_TO};
    const struct abide_side *teller = codes.to_error ? &lift->from : &lift->to;
    codes.code = find(teller, told, "code");
    codes.text = find(teller, told, "text");
    if (from_type->code_of && to_type->code_of)
        return write_between(&codes, to_type);
    const abide_layout *layout = abide_lift__layout(&lift->to, to_type);
    if (!layout)
        return "one side has no layout for it";
    abide_op__zero(&lift->build, ABIDE_LIFT_TO, layout->size_bytes);
    if (type->kind == ABIDE_KIND_VARIANT)
        return write_variant(&codes, type, error);
    if (type->kind == ABIDE_KIND_STRUCT)
        return write_struct(&codes, type, error);
    struct abide_part all = {.type = error};
    return write_part(&codes, type, &all);
}
