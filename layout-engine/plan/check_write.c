/* A list of checks as a routine: (value), or (value, path) for parts, or (value, note) where an invalid value is only noted. */
#include "plan/check.h"
#include "plan/sized.h"
#include "plan/transcode.h"

#include <assert.h>

enum { VALUE, SECOND };

/* A routine that is being written. */
struct checking {
    struct abide_lift *lift;
    enum abide_check_end end;
    bool is_part;
    const char *parameter; /* of the whole value; "" in parts */
};

static struct abide_routine_builder *build_of(struct checking *checking)
{
    return &checking->lift->build;
}

static abide_value constant(struct checking *checking, uint64_t number)
{
    return abide_op__constant(build_of(checking), number);
}

static abide_value pair(struct checking *checking, enum abide_op_kind kind, abide_value a,
                        abide_value b)
{
    return abide_op__pair(build_of(checking), kind, a, b);
}

static abide_value is_zero(struct checking *checking, abide_value value)
{
    return pair(checking, ABIDE_OP_EQUAL, value, constant(checking, 0));
}

/* ---- what is invalid ---- */

static const char *whole_path(struct checking *checking, const char *path)
{
    return abide__printf(checking->lift->ctx, "%s%s", checking->parameter, path);
}

static void fail(struct checking *checking, enum abide_trap_code code, const char *path,
                 abide_value value)
{
    struct abide_lift *lift = checking->lift;
    bool is_unsound =
        code == ABIDE_TRAP_NULL || code == ABIDE_TRAP_OVERFLOW || code == ABIDE_TRAP_ALIGN;
    if (checking->end == ABIDE_CHECK_NOTES) {
        for (size_t i = 0; i < (is_unsound ? 2 : 1); i++)
            abide_op__store(&lift->build, SECOND, i * lift->word_bytes, lift->word_bytes,
                            constant(checking, 1));
    } else if (checking->is_part)
        abide_check__trap_at(lift, code, SECOND, path, value);
    else
        abide_op__trap(&lift->build, code, lift->lifting->function, whole_path(checking, path),
                       value);
}

static void fail_if(struct checking *checking, abide_value is_bad, enum abide_trap_code code,
                    const char *path, abide_value value)
{
    abide_op__if(build_of(checking), is_bad);
    fail(checking, code, path, value);
    abide_op__end(build_of(checking));
}

/* ---- numbers: at most two words ---- */

struct number {
    abide_value low, high; /* high: ABIDE_NO_VALUE, if it is one word */
    uint64_t low_bytes, high_bytes;
};

static struct number read_number(struct checking *checking, const struct abide_check *check)
{
    struct abide_lift *lift = checking->lift;
    uint64_t word_bytes = lift->word_bytes, size_bytes = check->size_bytes;
    struct number number = {.high = ABIDE_NO_VALUE, .low_bytes = size_bytes};
    uint64_t low_at = check->offset_bytes;
    if (size_bytes > word_bytes) {
        bool big_endian = lift->from.module->machine->data->big_endian;
        uint64_t high_at = check->offset_bytes;
        number.high_bytes = size_bytes - word_bytes;
        number.low_bytes = word_bytes;
        if (big_endian)
            low_at += number.high_bytes;
        else
            high_at += word_bytes;
        number.high = abide_op__load(&lift->build, VALUE, high_at, number.high_bytes);
    }
    number.low = abide_op__load(&lift->build, VALUE, low_at, number.low_bytes);
    return number;
}

static uint64_t low_half(const struct number *number, uint64_t value)
{
    return number->low_bytes < 8 ? value & ((UINT64_C(1) << (number->low_bytes * 8)) - 1) : value;
}

static uint64_t high_half(const struct number *number, uint64_t value)
{
    return value >> (number->low_bytes * 8);
}

static uint64_t mask_of(uint64_t size_bytes)
{
    return size_bytes < 8 ? (UINT64_C(1) << (size_bytes * 8)) - 1 : UINT64_MAX;
}

static abide_value is_number(struct checking *checking, const struct number *number, uint64_t value)
{
    abide_value is_low =
        pair(checking, ABIDE_OP_EQUAL, number->low, constant(checking, low_half(number, value)));
    if (number->high == ABIDE_NO_VALUE)
        return is_low;
    return pair(
        checking, ABIDE_OP_AND, is_low,
        pair(checking, ABIDE_OP_EQUAL, number->high, constant(checking, high_half(number, value))));
}

/* Whether it is one of `count` numbers from `first` on; of one word. */
static abide_value is_in_row(struct checking *checking, const struct number *number, uint64_t first,
                             uint64_t count)
{
    abide_value from_first =
        first ? pair(checking, ABIDE_OP_SUBTRACT, number->low, constant(checking, first))
              : number->low;
    return pair(checking, ABIDE_OP_BELOW, from_first, constant(checking, count));
}

/* How many numbers follow each other from `numbers[at]` on. */
static size_t row_length(const struct abide_check *check, size_t at)
{
    size_t length = 1;
    while (at + length < check->number_count &&
           check->numbers[at + length] == check->numbers[at] + length)
        length++;
    return length;
}

static void write_one_of(struct checking *checking, const struct abide_check *check)
{
    struct number number = read_number(checking, check);
    abide_value found = ABIDE_NO_VALUE;
    for (size_t at = 0; at < check->number_count;) {
        bool is_word = number.high == ABIDE_NO_VALUE;
        size_t length = is_word ? row_length(check, at) : 1;
        uint64_t first = check->numbers[at];
        abide_value is_this = length > 1 ? is_in_row(checking, &number, first, length)
                                         : is_number(checking, &number, first);
        found = at ? pair(checking, ABIDE_OP_ADD, found, is_this) : is_this;
        at += length;
    }
    if (found == ABIDE_NO_VALUE)
        found = constant(checking, 0);
    fail_if(checking, is_zero(checking, found), check->code, check->path, number.low);
}

static void write_bits(struct checking *checking, const struct abide_check *check)
{
    struct number number = read_number(checking, check);
    uint64_t others = ~check->numbers[0];
    abide_value low = constant(checking, low_half(&number, others) & mask_of(number.low_bytes));
    abide_value spare = pair(checking, ABIDE_OP_AND, number.low, low);
    if (number.high != ABIDE_NO_VALUE) {
        abide_value high =
            constant(checking, high_half(&number, others) & mask_of(number.high_bytes));
        abide_value rest = pair(checking, ABIDE_OP_AND, number.high, high);
        spare = abide_op__select(build_of(checking), rest, rest, spare);
    }
    fail_if(checking, spare, check->code, check->path, number.low);
}

static void write_bool(struct checking *checking, const struct abide_check *check)
{
    struct number number = read_number(checking, check);
    fail_if(checking, pair(checking, ABIDE_OP_BELOW, constant(checking, 1), number.low),
            check->code, check->path, number.low);
}

/* Surrogates are D800 to DFFF, and the last scalar value is 10FFFF (Unicode 15, definition D76). */
static void write_char(struct checking *checking, const struct abide_check *check)
{
    struct number number = read_number(checking, check);
    abide_value is_high = pair(checking, ABIDE_OP_BELOW, constant(checking, 0x10FFFF), number.low);
    abide_value is_surrogate = is_in_row(checking, &number, 0xD800, 0x800);
    fail_if(checking, pair(checking, ABIDE_OP_ADD, is_high, is_surrogate), check->code, check->path,
            number.low);
}

/* Signed numbers are moved so that the least that fits is 0. */
static void write_fits(struct checking *checking, const struct abide_check *check)
{
    struct number number = read_number(checking, check);
    uint64_t most = mask_of(check->number_bytes);
    abide_value moved = number.low;
    assert(number.high == ABIDE_NO_VALUE);
    if (check->is_signed)
        moved =
            pair(checking, ABIDE_OP_AND, abide_op__offset(build_of(checking), moved, most / 2 + 1),
                 constant(checking, mask_of(check->size_bytes)));
    fail_if(checking, pair(checking, ABIDE_OP_BELOW, constant(checking, most), moved), check->code,
            check->path, number.low);
}

/* ---- addresses ---- */

static abide_value is_odd(struct checking *checking, abide_value address, uint64_t align_bytes)
{
    return pair(checking, ABIDE_OP_AND, address, constant(checking, align_bytes - 1));
}

static void write_there(struct checking *checking, const struct abide_check *check)
{
    abide_value address =
        abide_op__load(build_of(checking), VALUE, check->offset_bytes, check->size_bytes);
    if (!check->may_be_null)
        fail_if(checking, is_zero(checking, address), ABIDE_TRAP_NULL, check->path,
                constant(checking, 0));
    if (check->align_bytes > 1)
        fail_if(checking, is_odd(checking, address, check->align_bytes), ABIDE_TRAP_ALIGN,
                check->path, address);
}

/* ---- parts with routines of their own ---- */

/* A place on the path to what is looked at, with the text that leads there. */
static abide_value make_place(struct checking *checking, const char *path)
{
    struct abide_lift *lift = checking->lift;
    struct abide_routine_builder *build = &lift->build;
    abide_value place = abide_op__room(build, ABIDE_PATH_WORDS * lift->word_bytes);
    abide_value words[ABIDE_PATH_WORDS] = {
        checking->is_part ? SECOND : constant(checking, 0),
        abide_op__text(build, checking->is_part ? path : whole_path(checking, path)),
        constant(checking, ABIDE_PATH_NO_INDEX)};
    for (size_t i = 0; i < ABIDE_PATH_WORDS; i++)
        abide_op__store(build, place, i * lift->word_bytes, lift->word_bytes, words[i]);
    return place;
}

static const struct abide_routine *part_routine(struct checking *checking,
                                                const struct abide_check *check)
{
    return abide_lift__checker(checking->lift, check->type, check->physical,
                               checking->end == ABIDE_CHECK_NOTES);
}

static void write_part(struct checking *checking, const struct abide_check *check,
                       abide_value values, abide_value count, uint64_t element_bytes)
{
    struct abide_lift *lift = checking->lift;
    struct abide_routine_builder *build = &lift->build;
    bool notes = checking->end == ABIDE_CHECK_NOTES;
    abide_value second = notes ? SECOND : make_place(checking, check->path);
    abide_value index = ABIDE_NO_VALUE;
    if (check->is_many) {
        index = abide_op__loop(build, count);
        values =
            pair(checking, ABIDE_OP_ADD, values, abide_op__multiply(build, index, element_bytes));
        if (!notes)
            abide_op__store(build, second, ABIDE_PATH_INDEX * lift->word_bytes, lift->word_bytes,
                            index);
    }
    abide_value arguments[] = {values, second};
    abide_op__routine(build, part_routine(checking, check), arguments, 2);
    if (check->is_many)
        abide_op__end(build);
    abide_lift__costs(lift, ABIDE_COST_COPY);
}

/* ---- sequences ---- */

struct looking {
    const struct abide_check *check;
    const struct abide_lift_sequence *sequence;
    abide_value value, elements, count;
    size_t open; /* blocks of what is only looked at if nothing is wrong so far */
};

static void fail_or(struct checking *checking, struct looking *looking, abide_value is_bad,
                    enum abide_trap_code code, abide_value value)
{
    abide_op__if(build_of(checking), is_bad);
    fail(checking, code, looking->check->path, value);
    abide_op__else(build_of(checking));
    looking->open++;
}

static bool is_doubtful(const struct checking *checking, enum abide_validity validity)
{
    return checking->lift->doubtful >> validity & 1;
}

/* A null pointer is nothing, and nothing has no length: then a text or a box has to be there. */
static void look_for_null(struct checking *checking, struct looking *looking)
{
    const struct abide_lift_sequence *sequence = looking->sequence;
    bool is_terminated = sequence->type->kind == ABIDE_KIND_STRING0;
    if (sequence->data.type)
        return;
    if (!sequence->length.type) {
        fail_or(checking, looking, is_zero(checking, looking->elements), ABIDE_TRAP_NULL,
                constant(checking, 0));
        return;
    }
    looking->count = abide_lift__count(checking->lift, sequence, looking->value, looking->elements);
    abide_value is_null = is_zero(checking, looking->elements);
    bool is_needed_to_go_on = is_terminated && is_doubtful(checking, ABIDE_VALIDITY_NUL);
    if (!is_doubtful(checking, ABIDE_VALIDITY_NULL) && !is_needed_to_go_on)
        return;
    if (!is_needed_to_go_on)
        is_null =
            abide_op__select(build_of(checking), looking->count, is_null, constant(checking, 0));
    fail_or(checking, looking, is_null, ABIDE_TRAP_NULL, looking->count);
}

/* No more bytes than the largest number with a sign counts, in the part that says how many elements there are too. */
static void look_for_length(struct checking *checking, struct looking *looking)
{
    const struct abide_lift_sequence *sequence = looking->sequence;
    struct abide_lift *lift = checking->lift;
    if (!sequence->length.type || !is_doubtful(checking, ABIDE_VALIDITY_LENGTH))
        return;
    uint64_t most = mask_of(lift->word_bytes) >> 1;
    if (sequence->element_bytes)
        most /= sequence->element_bytes;
    if (sequence->length.size_bytes < lift->word_bytes &&
        abide_lift__is_signed(sequence->side, sequence->length.type) &&
        most > mask_of(sequence->length.size_bytes) >> 1)
        most = mask_of(sequence->length.size_bytes) >> 1;
    fail_or(checking, looking,
            pair(checking, ABIDE_OP_BELOW, constant(checking, most), looking->count),
            ABIDE_TRAP_OVERFLOW, looking->count);
}

static void look_for_alignment(struct checking *checking, struct looking *looking)
{
    const struct abide_lift_sequence *sequence = looking->sequence;
    uint64_t align_bytes = sequence->element_align_bytes;
    if (sequence->data.type || align_bytes <= 1 || !is_doubtful(checking, ABIDE_VALIDITY_ALIGN))
        return;
    abide_value spare = is_odd(checking, looking->elements, align_bytes);
    if (sequence->length.type)
        spare = abide_op__select(build_of(checking), looking->count, spare, constant(checking, 0));
    fail_or(checking, looking, spare, ABIDE_TRAP_ALIGN, looking->elements);
}

/* Of a string0 with a length: its first NUL is behind the end. */
static void look_for_nul(struct checking *checking, struct looking *looking)
{
    struct abide_routine_builder *build = build_of(checking);
    const struct abide_lift_sequence *sequence = looking->sequence;
    if (sequence->type->kind != ABIDE_KIND_STRING0 || !sequence->length.type ||
        !is_doubtful(checking, ABIDE_VALIDITY_NUL))
        return;
    uint64_t unit_bytes = sequence->element_bytes;
    abide_value end = pair(checking, ABIDE_OP_ADD, looking->elements,
                           abide_op__multiply(build, looking->count, unit_bytes));
    abide_value last = abide_op__load(build, end, 0, unit_bytes);
    abide_value inside =
        abide_transcode__has_nul(checking->lift, looking->elements, looking->count, unit_bytes);
    fail_or(checking, looking, pair(checking, ABIDE_OP_ADD, inside, last), ABIDE_TRAP_NUL,
            looking->count);
}

/* Whether somebody counts on text of this kind to be well-formed; in which encoding, its form says. */
static bool is_well_formed(const struct checking *checking, enum abide_kind kind)
{
    if (kind == ABIDE_KIND_UTF16)
        return is_doubtful(checking, ABIDE_VALIDITY_UTF16);
    return (kind == ABIDE_KIND_STRING || kind == ABIDE_KIND_STRING0) &&
           is_doubtful(checking, ABIDE_VALIDITY_UTF8);
}

static void look_for_characters(struct checking *checking, struct looking *looking)
{
    const struct abide_lift_sequence *sequence = looking->sequence;
    uint64_t unit_bytes = sequence->element_bytes;
    if (!sequence->is_text || !is_well_formed(checking, sequence->type->kind))
        return;
    abide_value good =
        abide_transcode__good(checking->lift, looking->elements, looking->count, unit_bytes);
    fail_if(checking, pair(checking, ABIDE_OP_BELOW, good, looking->count),
            abide_transcode__trap_code(unit_bytes), looking->check->path, good);
    abide_lift__costs(checking->lift, ABIDE_COST_COPY);
}

static abide_value sequence_at(struct checking *checking, const struct abide_check *check)
{
    struct abide_routine_builder *build = build_of(checking);
    if (!check->gathered.count)
        return abide_op__offset(build, VALUE, check->offset_bytes);
    abide_value value = abide_op__room(build, check->size_bytes);
    abide_op__zero(build, value, check->size_bytes);
    abide_op__runs(build, value, VALUE, &check->gathered);
    return value;
}

static void write_sequence(struct checking *checking, const struct abide_check *check)
{
    struct abide_lift *lift = checking->lift;
    struct looking looking = {.check = check, .sequence = check->sequence, .count = ABIDE_NO_VALUE};
    looking.value = sequence_at(checking, check);
    looking.elements = abide_lift__elements(lift, looking.sequence, looking.value);
    look_for_null(checking, &looking);
    if (looking.count == ABIDE_NO_VALUE)
        looking.count = abide_lift__count(lift, looking.sequence, looking.value, looking.elements);
    look_for_length(checking, &looking);
    look_for_alignment(checking, &looking);
    look_for_nul(checking, &looking);
    look_for_characters(checking, &looking);
    for (size_t i = 0; i < check->inner.count; i++)
        write_part(checking, &check->inner.items[i], looking.elements, looking.count,
                   looking.sequence->element_bytes);
    while (looking.open--)
        abide_op__end(&lift->build);
}

/* ---- all ---- */

static void write_checks(struct checking *checking, const struct abide_check_list *checks);

/* All cases of the sum that the first one is of: they follow each other. How many these are. */
static size_t write_cases(struct checking *checking, const struct abide_check *first,
                          const struct abide_check *end)
{
    struct abide_lift *lift = checking->lift;
    const struct abide_lift_choice choice = {
        &first->sum->parts,
        abide_op__load(&lift->build, VALUE, first->offset_bytes, first->size_bytes),
        first->size_bytes};
    const struct abide_check *check = first;
    abide_lift__choose(lift, &choice);
    for (; check < end && check->kind == ABIDE_CHECK_CASE && check->sum == first->sum; check++) {
        abide_lift__case(lift, &choice, check->index);
        write_checks(checking, &check->inner);
        abide_op__end(&lift->build);
    }
    abide_lift__chosen(lift, &choice, false);
    return (size_t)(check - first);
}

/* How much is there: of a struct that grows, or of the vtable that an address leads to. */
static abide_value read_size(struct checking *checking, const struct abide_check *check)
{
    struct abide_routine_builder *build = build_of(checking);
    abide_value size = abide_op__load(build, VALUE, check->offset_bytes, check->size_bytes);
    return check->is_behind ? abide_op__load(build, size, check->behind_bytes, check->word_bytes)
                            : size;
}

static abide_value is_short(struct checking *checking, const struct abide_check *check,
                            abide_value size)
{
    return pair(checking, ABIDE_OP_BELOW, size, constant(checking, check->number_bytes));
}

/* Of an object that is there, as another check says. */
static void write_size(struct checking *checking, const struct abide_check *check)
{
    struct abide_routine_builder *build = build_of(checking);
    if (check->is_behind)
        abide_op__if(build, abide_op__load(build, VALUE, check->offset_bytes, check->size_bytes));
    abide_value size = read_size(checking, check);
    fail_if(checking, is_short(checking, check, size), ABIDE_TRAP_SIZE, check->path, size);
    if (check->is_behind)
        abide_op__end(build);
}

static void write_reaches(struct checking *checking, const struct abide_check *check)
{
    struct abide_routine_builder *build = build_of(checking);
    abide_op__if(build, is_short(checking, check, read_size(checking, check)));
    abide_op__else(build);
    write_checks(checking, &check->inner);
    abide_op__end(build);
}

static void write_check(struct checking *checking, const struct abide_check *check)
{
    switch (check->kind) {
    case ABIDE_CHECK_BOOL: write_bool(checking, check); return;
    case ABIDE_CHECK_ONE_OF: write_one_of(checking, check); return;
    case ABIDE_CHECK_BITS: write_bits(checking, check); return;
    case ABIDE_CHECK_CHAR: write_char(checking, check); return;
    case ABIDE_CHECK_FITS: write_fits(checking, check); return;
    case ABIDE_CHECK_THERE: write_there(checking, check); return;
    case ABIDE_CHECK_SEQUENCE: write_sequence(checking, check); return;
    case ABIDE_CHECK_CASE: return; /* with the others of its sum: write_cases */
    case ABIDE_CHECK_SIZE: write_size(checking, check); return;
    case ABIDE_CHECK_REACHES: write_reaches(checking, check); return;
    case ABIDE_CHECK_PART:
        write_part(
            checking, check, abide_op__offset(build_of(checking), VALUE, check->offset_bytes),
            check->is_many ? constant(checking, check->count) : ABIDE_NO_VALUE, check->size_bytes);
        return;
    }
}

static void write_checks(struct checking *checking, const struct abide_check_list *checks)
{
    const struct abide_check *end = checks->items + checks->count;
    for (const struct abide_check *check = checks->items; check < end;)
        if (check->kind == ABIDE_CHECK_CASE)
            check += write_cases(checking, check, end);
        else
            write_check(checking, check++);
}

/* The other side's pointer to the value. What is wrong with it is wrong with the value. How many blocks are open. */
static size_t write_address(struct checking *checking, const struct abide_lift_key *key)
{
    const abide_layout *layout = abide_lift__layout(&checking->lift->from, key->from_type);
    struct looking looking = {.check = &(struct abide_check){.path = ""}};
    if (is_doubtful(checking, ABIDE_VALIDITY_NULL))
        fail_or(checking, &looking, is_zero(checking, VALUE), ABIDE_TRAP_NULL,
                constant(checking, 0));
    if (is_doubtful(checking, ABIDE_VALIDITY_ALIGN) && layout && layout->align_bytes > 1)
        fail_or(checking, &looking, is_odd(checking, VALUE, layout->align_bytes), ABIDE_TRAP_ALIGN,
                VALUE);
    return looking.open;
}

/* Memory for a struct that grows tells how large it is before anything is in it. */
static void write_room(struct checking *checking, const struct abide_lift_key *key)
{
    struct abide_sized sized;
    if (!is_doubtful(checking, ABIDE_VALIDITY_SIZE) || !abide_type__is_sized(key->type) ||
        !abide_sized__of(&checking->lift->from, key->type, key->from_type, &sized) ||
        !sized.tells_bytes)
        return;
    const struct abide_check check = {.kind = ABIDE_CHECK_SIZE,
                                      .path = "",
                                      .offset_bytes = sized.at_bytes,
                                      .size_bytes = sized.tells_bytes,
                                      .number_bytes = sized.least_bytes};
    write_size(checking, &check);
}

const char *abide_check__write(struct abide_lift *lift, const struct abide_lift_key *key)
{
    struct checking checking = {.lift = lift,
                                .end = key->notes ? ABIDE_CHECK_NOTES : ABIDE_CHECK_TRAPS,
                                .is_part = key->task == ABIDE_LIFT_CHECK_PART,
                                .parameter = lift->lifting->parameter};
    struct abide_check_list checks = {0};
    const char *reason = NULL;
    if (checking.is_part)
        checking.parameter = "";
    if (key->what != ABIDE_CHECK_ADDRESS)
        reason = abide_check__list(lift, lift->doubtful, key->type, key->from_type, &checks);
    if (reason)
        return reason;
    size_t open = key->what != ABIDE_CHECK_VALUE ? write_address(&checking, key) : 0;
    if (key->what == ABIDE_CHECK_ADDRESS)
        write_room(&checking, key);
    write_checks(&checking, &checks);
    while (open--)
        abide_op__end(&lift->build);
    return NULL;
}
