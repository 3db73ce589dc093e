/*
 * UTF-8 to UTF-16 and back, and what is asked of UTF-16. Routines, so that nothing has to be linked with a thunk; those that decide what
 * becomes of text are weak, so that a program may have others.
 *
 * A transcoder is called twice, first with a null pointer for the memory: it then looks whether the text is well-formed, and counts. The
 * second time it takes that for granted. Source: Unicode 15, 3.9, tables 3-5 and 3-6.
 */
#include "plan/transcode.h"

#include "plan/check.h"

#define NO_TEXT UINT64_MAX /* what a transcoder returns of ill-formed text */

enum { HIGH_FIRST = 0xD800, LOW_FIRST = 0xDC00, SURROGATES = 0x400, PLANE_1 = 0x10000 };

static abide_value constant(struct abide_lift *lift, uint64_t number)
{
    return abide_op__constant(&lift->build, number);
}

static abide_value add(struct abide_lift *lift, abide_value a, abide_value b)
{
    return abide_op__pair(&lift->build, ABIDE_OP_ADD, a, b);
}

static abide_value is_below(struct abide_lift *lift, abide_value a, uint64_t limit)
{
    return abide_op__pair(&lift->build, ABIDE_OP_BELOW, a, constant(lift, limit));
}

static abide_value is_one_of(struct abide_lift *lift, abide_value a, uint64_t first, uint64_t count)
{
    abide_value from_first =
        abide_op__pair(&lift->build, ABIDE_OP_SUBTRACT, a, constant(lift, first));
    return is_below(lift, from_first, count);
}

static abide_value low_bits(struct abide_lift *lift, abide_value a, uint64_t mask)
{
    return abide_op__pair(&lift->build, ABIDE_OP_AND, a, constant(lift, mask));
}

/* Where element `index` lies. */
static abide_value at(struct abide_lift *lift, abide_value memory, abide_value index,
                      uint64_t unit_bytes)
{
    return add(lift, memory, abide_op__multiply(&lift->build, index, unit_bytes));
}

static abide_value load_unit(struct abide_lift *lift, abide_value text, abide_value index,
                             uint64_t unit_bytes)
{
    return abide_op__load(&lift->build, at(lift, text, index, unit_bytes), 0, unit_bytes);
}

static abide_value counter(struct abide_lift *lift)
{
    abide_value memory = abide_op__room(&lift->build, lift->word_bytes);
    abide_op__zero(&lift->build, memory, lift->word_bytes);
    return memory;
}

static abide_value read_counter(struct abide_lift *lift, abide_value memory)
{
    return abide_op__load(&lift->build, memory, 0, lift->word_bytes);
}

static void advance(struct abide_lift *lift, abide_value memory, abide_value by)
{
    abide_op__store(&lift->build, memory, 0, lift->word_bytes,
                    add(lift, read_counter(lift, memory), by));
}

/* ---- what is asked of UTF-16 ---- */

/* (units) -> units before the first NUL */
static void write_length(struct abide_lift *lift)
{
    enum { UNITS };
    struct abide_routine_builder *build = &lift->build;
    abide_value index = abide_op__loop(build, constant(lift, UINT64_MAX));
    abide_op__if(build, load_unit(lift, UNITS, index, ABIDE_UTF16_UNIT_BYTES));
    abide_op__else(build);
    abide_op__return(build, index);
    abide_op__end(build);
    abide_op__end(build);
    abide_op__return(build, constant(lift, 0)); /* memory is not that large */
}

/* (units, count) -> whether one is a NUL */
static void write_has_nul(struct abide_lift *lift)
{
    enum { UNITS, COUNT };
    struct abide_routine_builder *build = &lift->build;
    abide_value index = abide_op__loop(build, COUNT);
    abide_op__if(build, load_unit(lift, UNITS, index, ABIDE_UTF16_UNIT_BYTES));
    abide_op__else(build);
    abide_op__return(build, constant(lift, 1));
    abide_op__end(build);
    abide_op__end(build);
    abide_op__return(build, constant(lift, 0));
}

/* Gives `index` if the unit before, or behind, is not in the range that a surrogate there needs. */
static void need_neighbour(struct abide_lift *lift, abide_value units, abide_value neighbour,
                           uint64_t first, abide_value index)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value unit = load_unit(lift, units, neighbour, ABIDE_UTF16_UNIT_BYTES);
    abide_op__if(build, is_one_of(lift, unit, first, SURROGATES));
    abide_op__else(build);
    abide_op__return(build, index);
    abide_op__end(build);
}

/* (units, count) -> units before the first that belongs to no character */
static void write_good(struct abide_lift *lift)
{
    enum { UNITS, COUNT };
    struct abide_routine_builder *build = &lift->build;
    abide_value index = abide_op__loop(build, COUNT);
    abide_value unit = load_unit(lift, UNITS, index, ABIDE_UTF16_UNIT_BYTES);
    abide_op__if(build, is_one_of(lift, unit, HIGH_FIRST, SURROGATES));
    abide_value next = add(lift, index, constant(lift, 1));
    abide_op__if(build, abide_op__pair(build, ABIDE_OP_BELOW, next, COUNT));
    need_neighbour(lift, UNITS, next, LOW_FIRST, index);
    abide_op__else(build);
    abide_op__return(build, index);
    abide_op__end(build);
    abide_op__end(build);
    abide_op__if(build, is_one_of(lift, unit, LOW_FIRST, SURROGATES));
    abide_op__if(build, index);
    abide_value before = abide_op__pair(build, ABIDE_OP_SUBTRACT, index, constant(lift, 1));
    need_neighbour(lift, UNITS, before, HIGH_FIRST, index);
    abide_op__else(build);
    abide_op__return(build, index);
    abide_op__end(build);
    abide_op__end(build);
    abide_op__end(build);
    abide_op__return(build, COUNT);
}

/* ---- UTF-8 to UTF-16 ---- */

/* (text, bytes, memory) */
enum { TEXT, COUNT, MEMORY };

/* Returns unless the text is well-formed. */
static void need_good(struct abide_lift *lift, uint64_t unit_bytes)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value good = abide_transcode__good(lift, TEXT, COUNT, unit_bytes);
    abide_op__if(build, abide_op__pair(build, ABIDE_OP_BELOW, good, COUNT));
    abide_op__return(build, constant(lift, NO_TEXT));
    abide_op__end(build);
}

/* A byte that starts a character is a unit, and one of four bytes two. */
static void count_units(struct abide_lift *lift)
{
    struct abide_routine_builder *build = &lift->build;
    need_good(lift, ABIDE_UTF8_UNIT_BYTES);
    abide_value units = counter(lift);
    abide_value byte = load_unit(lift, TEXT, abide_op__loop(build, COUNT), ABIDE_UTF8_UNIT_BYTES);
    abide_value goes_on = is_one_of(lift, byte, 0x80, 0x40);
    abide_value is_long = abide_op__pair(build, ABIDE_OP_BELOW, constant(lift, 0xEF), byte);
    abide_value made =
        abide_op__select(build, goes_on, constant(lift, 0), add(lift, constant(lift, 1), is_long));
    advance(lift, units, made);
    abide_op__end(build);
    abide_op__return(build, read_counter(lift, units));
}

/* A character of `bytes` bytes, the first at `index`, of which `mask` are its bits. */
static abide_value decode(struct abide_lift *lift, abide_value first, abide_value index,
                          unsigned bytes, uint64_t mask)
{
    abide_value code = low_bits(lift, first, mask);
    for (unsigned i = 1; i < bytes; i++) {
        abide_value byte =
            load_unit(lift, TEXT, add(lift, index, constant(lift, i)), ABIDE_UTF8_UNIT_BYTES);
        code = add(lift, abide_op__multiply(&lift->build, code, 0x40), low_bits(lift, byte, 0x3F));
    }
    return code;
}

static void put_unit(struct abide_lift *lift, abide_value units, abide_value unit)
{
    abide_value to = at(lift, MEMORY, read_counter(lift, units), ABIDE_UTF16_UNIT_BYTES);
    abide_op__store(&lift->build, to, 0, ABIDE_UTF16_UNIT_BYTES, unit);
    advance(lift, units, constant(lift, 1));
}

static void put_pair(struct abide_lift *lift, abide_value units, abide_value code)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value behind = abide_op__pair(build, ABIDE_OP_SUBTRACT, code, constant(lift, PLANE_1));
    put_unit(lift, units,
             add(lift, abide_op__divide(build, behind, SURROGATES), constant(lift, HIGH_FIRST)));
    put_unit(lift, units,
             add(lift, low_bits(lift, behind, SURROGATES - 1), constant(lift, LOW_FIRST)));
}

static void write_to_utf16(struct abide_lift *lift)
{
    struct abide_routine_builder *build = &lift->build;
    abide_op__if(build, MEMORY);
    abide_op__else(build);
    count_units(lift);
    abide_op__end(build);
    abide_value units = counter(lift);
    abide_value index = abide_op__loop(build, COUNT);
    abide_value byte = load_unit(lift, TEXT, index, ABIDE_UTF8_UNIT_BYTES);
    abide_op__if(build, is_below(lift, byte, 0x80));
    put_unit(lift, units, byte);
    abide_op__else(build);
    abide_op__if(build, is_one_of(lift, byte, 0xC0, 0x20));
    put_unit(lift, units, decode(lift, byte, index, 2, 0x1F));
    abide_op__end(build);
    abide_op__if(build, is_one_of(lift, byte, 0xE0, 0x10));
    put_unit(lift, units, decode(lift, byte, index, 3, 0x0F));
    abide_op__end(build);
    abide_op__if(build, is_one_of(lift, byte, 0xF0, 0x08));
    put_pair(lift, units, decode(lift, byte, index, 4, 0x07));
    abide_op__end(build);
    abide_op__end(build);
    abide_op__end(build);
    abide_op__return(build, read_counter(lift, units));
}

/* ---- UTF-16 to UTF-8 ---- */

/* Each surrogate of a pair counts for two of its four bytes. */
static void count_bytes(struct abide_lift *lift)
{
    struct abide_routine_builder *build = &lift->build;
    need_good(lift, ABIDE_UTF16_UNIT_BYTES);
    abide_value bytes = counter(lift);
    abide_value unit = load_unit(lift, TEXT, abide_op__loop(build, COUNT), ABIDE_UTF16_UNIT_BYTES);
    abide_value many = abide_op__select(build, is_one_of(lift, unit, HIGH_FIRST, 2 * SURROGATES),
                                        constant(lift, 2), constant(lift, 3));
    many = abide_op__select(build, is_below(lift, unit, 0x800), constant(lift, 2), many);
    advance(lift, bytes,
            abide_op__select(build, is_below(lift, unit, 0x80), constant(lift, 1), many));
    abide_op__end(build);
    abide_op__return(build, read_counter(lift, bytes));
}

/* A character of `count` bytes, the first of which starts with the bits `mark`. */
static void put_bytes(struct abide_lift *lift, abide_value bytes, abide_value code, unsigned count,
                      uint64_t mark)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value to = add(lift, MEMORY, read_counter(lift, bytes));
    for (unsigned i = count; i-- > 1;) {
        abide_value byte = add(lift, low_bits(lift, code, 0x3F), constant(lift, 0x80));
        abide_op__store(build, to, i, 1, byte);
        code = abide_op__divide(build, code, 0x40);
    }
    abide_op__store(build, to, 0, 1, add(lift, code, constant(lift, mark)));
    advance(lift, bytes, constant(lift, count));
}

static abide_value decode_pair(struct abide_lift *lift, abide_value high, abide_value index)
{
    abide_value low =
        load_unit(lift, TEXT, add(lift, index, constant(lift, 1)), ABIDE_UTF16_UNIT_BYTES);
    abide_value upper =
        abide_op__multiply(&lift->build, low_bits(lift, high, SURROGATES - 1), SURROGATES);
    abide_value code = add(lift, upper, low_bits(lift, low, SURROGATES - 1));
    return add(lift, code, constant(lift, PLANE_1));
}

/* A unit that is no NUL-free ASCII; the second of a pair was written with the first. */
static void put_long(struct abide_lift *lift, abide_value bytes, abide_value unit,
                     abide_value index)
{
    struct abide_routine_builder *build = &lift->build;
    abide_op__if(build, is_one_of(lift, unit, HIGH_FIRST, 2 * SURROGATES));
    abide_op__if(build, is_below(lift, unit, LOW_FIRST));
    put_bytes(lift, bytes, decode_pair(lift, unit, index), 4, 0xF0);
    abide_op__end(build);
    abide_op__else(build);
    put_bytes(lift, bytes, unit, 3, 0xE0);
    abide_op__end(build);
}

static void write_to_utf8(struct abide_lift *lift)
{
    struct abide_routine_builder *build = &lift->build;
    abide_op__if(build, MEMORY);
    abide_op__else(build);
    count_bytes(lift);
    abide_op__end(build);
    abide_value bytes = counter(lift);
    abide_value index = abide_op__loop(build, COUNT);
    abide_value unit = load_unit(lift, TEXT, index, ABIDE_UTF16_UNIT_BYTES);
    abide_op__if(build, is_below(lift, unit, 0x80));
    put_bytes(lift, bytes, unit, 1, 0);
    abide_op__else(build);
    abide_op__if(build, is_below(lift, unit, 0x800));
    put_bytes(lift, bytes, unit, 2, 0xC0);
    abide_op__else(build);
    put_long(lift, bytes, unit, index);
    abide_op__end(build);
    abide_op__end(build);
    abide_op__end(build);
    abide_op__return(build, read_counter(lift, bytes));
}

/* ---- calls of these ---- */

static abide_value call(struct abide_lift *lift, enum abide_lift_task task, const char *weak_symbol,
                        const abide_value *arguments, size_t argument_count)
{
    struct abide_routine *routine = abide_lift__helper(lift, task, NULL, NULL);
    routine->gives_value = true; /* before it is written */
    routine->weak_symbol = weak_symbol;
    return abide_op__routine(&lift->build, routine, arguments, argument_count);
}

bool abide_transcode__is_unit(uint64_t unit_bytes)
{
    return unit_bytes == ABIDE_UTF8_UNIT_BYTES || unit_bytes == ABIDE_UTF16_UNIT_BYTES;
}

abide_value abide_transcode__length(struct abide_lift *lift, abide_value text, uint64_t unit_bytes)
{
    return unit_bytes == ABIDE_UTF8_UNIT_BYTES ? abide_op__length(&lift->build, text)
                                               : call(lift, ABIDE_LIFT_LENGTH16, NULL, &text, 1);
}

abide_value abide_transcode__has_nul(struct abide_lift *lift, abide_value text, abide_value count,
                                     uint64_t unit_bytes)
{
    abide_value arguments[] = {text, count};
    return unit_bytes == ABIDE_UTF8_UNIT_BYTES
               ? abide_op__pair(&lift->build, ABIDE_OP_HAS_NUL, text, count)
               : call(lift, ABIDE_LIFT_HAS_NUL16, NULL, arguments, 2);
}

abide_value abide_transcode__good(struct abide_lift *lift, abide_value text, abide_value count,
                                  uint64_t unit_bytes)
{
    abide_value arguments[] = {text, count};
    return unit_bytes == ABIDE_UTF8_UNIT_BYTES
               ? abide_check__utf8(lift, text, count)
               : call(lift, ABIDE_LIFT_UTF16, ABIDE_UTF16_SYMBOL, arguments, 2);
}

enum abide_trap_code abide_transcode__trap_code(uint64_t unit_bytes)
{
    return unit_bytes == ABIDE_UTF8_UNIT_BYTES ? ABIDE_TRAP_UTF8 : ABIDE_TRAP_UTF16;
}

static abide_value transcode(struct abide_lift *lift, abide_value text, abide_value count,
                             uint64_t unit_bytes, abide_value memory)
{
    abide_value arguments[] = {text, count, memory};
    return unit_bytes == ABIDE_UTF8_UNIT_BYTES
               ? call(lift, ABIDE_LIFT_TO_UTF16, ABIDE_TO_UTF16_SYMBOL, arguments, 3)
               : call(lift, ABIDE_LIFT_TO_UTF8, ABIDE_TO_UTF8_SYMBOL, arguments, 3);
}

abide_value abide_transcode__measure(struct abide_lift *lift, abide_value text, abide_value count,
                                     uint64_t unit_bytes)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value made = transcode(lift, text, count, unit_bytes, constant(lift, 0));
    abide_op__if(build, abide_op__pair(build, ABIDE_OP_EQUAL, made, constant(lift, NO_TEXT)));
    abide_op__trap(build, abide_transcode__trap_code(unit_bytes), lift->lifting->function,
                   lift->lifting->parameter, abide_transcode__good(lift, text, count, unit_bytes));
    abide_op__end(build);
    return made;
}

void abide_transcode__write(struct abide_lift *lift, abide_value text, abide_value count,
                            uint64_t unit_bytes, abide_value memory)
{
    transcode(lift, text, count, unit_bytes, memory);
}

void abide_transcode__write_helper(struct abide_lift *lift, enum abide_lift_task task)
{
    if (task == ABIDE_LIFT_UTF16)
        write_good(lift);
    else if (task == ABIDE_LIFT_TO_UTF16)
        write_to_utf16(lift);
    else if (task == ABIDE_LIFT_TO_UTF8)
        write_to_utf8(lift);
    else if (task == ABIDE_LIFT_LENGTH16)
        write_length(lift);
    else if (task == ABIDE_LIFT_HAS_NUL16)
        write_has_nul(lift);
}
