/*
 * What checks need besides: names that are put together when a trap is due ("opts.names[3]"), and whether bytes are UTF-8. They are
 * routines like others, so that both emitters have them, and nothing has to be linked with a thunk.
 */
#include "plan/check.h"

/* As many bytes of a name as are shown: {bytes used, the bytes}. */
#define NAME_BYTES 255

enum { CURSOR_USED, CURSOR_WORDS };

static uint64_t name_start(const struct abide_lift *lift)
{
    return CURSOR_WORDS * lift->word_bytes;
}

static abide_value load_word(struct abide_lift *lift, abide_value memory, unsigned index)
{
    return abide_op__load(&lift->build, memory, index * lift->word_bytes, lift->word_bytes);
}

static void store_word(struct abide_lift *lift, abide_value memory, unsigned index,
                       abide_value word)
{
    abide_op__store(&lift->build, memory, index * lift->word_bytes, lift->word_bytes, word);
}

static void call(struct abide_lift *lift, enum abide_lift_task task, abide_value a, abide_value b)
{
    abide_value arguments[] = {a, b};
    abide_op__routine(&lift->build, abide_lift__helper(lift, task, NULL, NULL), arguments, 2);
}

/* ---- names ---- */

/* (cursor, text): as much as there is room for. */
static void write_put_text(struct abide_lift *lift)
{
    enum { CURSOR, TEXT };
    struct abide_routine_builder *build = &lift->build;
    abide_value length = abide_op__length(build, TEXT);
    abide_value used = load_word(lift, CURSOR, CURSOR_USED);
    abide_value left =
        abide_op__pair(build, ABIDE_OP_SUBTRACT, abide_op__constant(build, NAME_BYTES), used);
    abide_value bytes =
        abide_op__select(build, abide_op__pair(build, ABIDE_OP_BELOW, left, length), left, length);
    abide_value to = abide_op__pair(build, ABIDE_OP_ADD,
                                    abide_op__offset(build, CURSOR, name_start(lift)), used);
    abide_op__copy(build, to, TEXT, bytes);
    store_word(lift, CURSOR, CURSOR_USED, abide_op__pair(build, ABIDE_OP_ADD, used, bytes));
}

/* (cursor, number), in decimal. */
static void write_put_number(struct abide_lift *lift)
{
    enum { CURSOR, NUMBER };
    struct abide_routine_builder *build = &lift->build;
    abide_value tens = abide_op__divide(build, NUMBER, 10);
    abide_op__if(build, tens);
    call(lift, ABIDE_LIFT_PUT_NUMBER, CURSOR, tens);
    abide_op__end(build);
    abide_value ones =
        abide_op__pair(build, ABIDE_OP_SUBTRACT, NUMBER, abide_op__multiply(build, tens, 10));
    abide_value digit = abide_op__room(build, 2);
    abide_op__store(build, digit, 0, 1, abide_op__offset(build, ones, '0'));
    abide_op__store(build, digit, 1, 1, abide_op__constant(build, 0));
    call(lift, ABIDE_LIFT_PUT_TEXT, CURSOR, digit);
}

/* (cursor, path): the places from outside in. */
static void write_put_path(struct abide_lift *lift)
{
    enum { CURSOR, PATH };
    struct abide_routine_builder *build = &lift->build;
    abide_value outer = load_word(lift, PATH, ABIDE_PATH_OUTER);
    abide_op__if(build, outer);
    call(lift, ABIDE_LIFT_PUT_PATH, CURSOR, outer);
    abide_op__end(build);
    call(lift, ABIDE_LIFT_PUT_TEXT, CURSOR, load_word(lift, PATH, ABIDE_PATH_TEXT));
    abide_value index = load_word(lift, PATH, ABIDE_PATH_INDEX);
    abide_op__if(build, abide_op__pair(build, ABIDE_OP_EQUAL, index,
                                       abide_op__constant(build, ABIDE_PATH_NO_INDEX)));
    abide_op__else(build);
    call(lift, ABIDE_LIFT_PUT_TEXT, CURSOR, abide_op__text(build, "["));
    call(lift, ABIDE_LIFT_PUT_NUMBER, CURSOR, index);
    call(lift, ABIDE_LIFT_PUT_TEXT, CURSOR, abide_op__text(build, "]"));
    abide_op__end(build);
}

/* (code, function, path, text, value) */
static void write_trap_at(struct abide_lift *lift)
{
    enum { CODE, FUNCTION, PATH, TEXT, FOUND };
    struct abide_routine_builder *build = &lift->build;
    abide_value cursor = abide_op__room(build, name_start(lift) + NAME_BYTES + 1);
    store_word(lift, cursor, CURSOR_USED, abide_op__constant(build, 0));
    call(lift, ABIDE_LIFT_PUT_PATH, cursor, PATH);
    call(lift, ABIDE_LIFT_PUT_TEXT, cursor, TEXT);
    abide_value name = abide_op__offset(build, cursor, name_start(lift));
    abide_value end =
        abide_op__pair(build, ABIDE_OP_ADD, name, load_word(lift, cursor, CURSOR_USED));
    abide_op__store(build, end, 0, 1, abide_op__constant(build, 0));
    abide_value where[] = {CODE, FUNCTION, name};
    abide_op__trap_at(build, where, FOUND);
}

void abide_check__trap_at(struct abide_lift *lift, enum abide_trap_code code, abide_value path,
                          const char *text, abide_value value)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value arguments[] = {abide_op__constant(build, code),
                               abide_op__text(build, lift->lifting->function), path,
                               abide_op__text(build, text), value};
    abide_op__trapping_routine(build, abide_lift__helper(lift, ABIDE_LIFT_TRAP_AT, NULL, NULL),
                               code, arguments, 5);
}

/* ---- UTF-8 ---- */

/* What is expected of the next byte: {bytes that are still to come, least, most, bytes that are known to be good}. */
enum { EXPECTED_LEFT, EXPECTED_LEAST, EXPECTED_MOST, EXPECTED_GOOD, EXPECTED_WORDS };

static abide_value in_range(struct abide_routine_builder *build, abide_value byte, uint64_t first,
                            uint64_t last)
{
    abide_value from_first =
        abide_op__pair(build, ABIDE_OP_SUBTRACT, byte, abide_op__constant(build, first));
    return abide_op__pair(build, ABIDE_OP_BELOW, from_first,
                          abide_op__constant(build, last - first + 1));
}

static abide_value choose(struct abide_routine_builder *build, abide_value byte, uint64_t number,
                          uint64_t then, abide_value otherwise)
{
    abide_value is_this =
        abide_op__pair(build, ABIDE_OP_EQUAL, byte, abide_op__constant(build, number));
    return abide_op__select(build, is_this, abide_op__constant(build, then), otherwise);
}

/* The first byte of a character (Unicode 15, table 3-7). */
static void write_first_byte(struct abide_lift *lift, abide_value expected, abide_value byte,
                             abide_value behind)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value two = in_range(build, byte, 0xC2, 0xDF), three = in_range(build, byte, 0xE0, 0xEF);
    abide_value four = in_range(build, byte, 0xF0, 0xF4);
    abide_value left = abide_op__select(
        build, two, abide_op__constant(build, 1),
        abide_op__select(build, three, abide_op__constant(build, 2),
                         abide_op__select(build, four, abide_op__constant(build, 3),
                                          abide_op__constant(build, 0))));
    abide_op__if(build, left);
    store_word(lift, expected, EXPECTED_LEFT, left);
    store_word(lift, expected, EXPECTED_LEAST,
               choose(build, byte, 0xE0, 0xA0,
                      choose(build, byte, 0xF0, 0x90, abide_op__constant(build, 0x80))));
    store_word(lift, expected, EXPECTED_MOST,
               choose(build, byte, 0xED, 0x9F,
                      choose(build, byte, 0xF4, 0x8F, abide_op__constant(build, 0xBF))));
    abide_op__else(build);
    abide_op__if(build, in_range(build, byte, 0, 0x7F));
    store_word(lift, expected, EXPECTED_GOOD, behind);
    abide_op__else(build);
    abide_op__return(build, load_word(lift, expected, EXPECTED_GOOD));
    abide_op__end(build);
    abide_op__end(build);
}

static void write_next_byte(struct abide_lift *lift, abide_value expected, abide_value byte,
                            abide_value left, abide_value behind)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value least = load_word(lift, expected, EXPECTED_LEAST);
    abide_value most = load_word(lift, expected, EXPECTED_MOST);
    abide_value is_bad =
        abide_op__pair(build, ABIDE_OP_ADD, abide_op__pair(build, ABIDE_OP_BELOW, byte, least),
                       abide_op__pair(build, ABIDE_OP_BELOW, most, byte));
    abide_op__if(build, is_bad);
    abide_op__return(build, load_word(lift, expected, EXPECTED_GOOD));
    abide_op__else(build);
    abide_value rest = abide_op__pair(build, ABIDE_OP_SUBTRACT, left, abide_op__constant(build, 1));
    store_word(lift, expected, EXPECTED_LEFT, rest);
    store_word(lift, expected, EXPECTED_LEAST, abide_op__constant(build, 0x80));
    store_word(lift, expected, EXPECTED_MOST, abide_op__constant(build, 0xBF));
    abide_op__if(build, rest);
    abide_op__else(build);
    store_word(lift, expected, EXPECTED_GOOD, behind);
    abide_op__end(build);
    abide_op__end(build);
}

/* (text, length) -> bytes before the first that belongs to no character. */
static void write_utf8(struct abide_lift *lift)
{
    enum { TEXT, LENGTH };
    struct abide_routine_builder *build = &lift->build;
    abide_value expected = abide_op__room(build, EXPECTED_WORDS * lift->word_bytes);
    abide_op__zero(build, expected, EXPECTED_WORDS * lift->word_bytes);
    abide_value index = abide_op__loop(build, LENGTH);
    abide_value byte =
        abide_op__load(build, abide_op__pair(build, ABIDE_OP_ADD, TEXT, index), 0, 1);
    abide_value behind = abide_op__pair(build, ABIDE_OP_ADD, index, abide_op__constant(build, 1));
    abide_value left = load_word(lift, expected, EXPECTED_LEFT);
    abide_op__if(build, left);
    write_next_byte(lift, expected, byte, left, behind);
    abide_op__else(build);
    write_first_byte(lift, expected, byte, behind);
    abide_op__end(build);
    abide_op__end(build);
    abide_op__return(build, load_word(lift, expected, EXPECTED_GOOD));
}

abide_value abide_check__utf8(struct abide_lift *lift, abide_value text, abide_value length)
{
    struct abide_routine *routine = abide_lift__helper(lift, ABIDE_LIFT_UTF8, NULL, NULL);
    abide_value arguments[] = {text, length};
    routine->gives_value = true; /* before it is written */
    routine->weak_symbol = ABIDE_UTF8_SYMBOL;
    return abide_op__routine(&lift->build, routine, arguments, 2);
}

void abide_check__write_helper(struct abide_lift *lift, enum abide_lift_task task)
{
    if (task == ABIDE_LIFT_PUT_TEXT)
        write_put_text(lift);
    else if (task == ABIDE_LIFT_PUT_NUMBER)
        write_put_number(lift);
    else if (task == ABIDE_LIFT_PUT_PATH)
        write_put_path(lift);
    else if (task == ABIDE_LIFT_TRAP_AT)
        write_trap_at(lift);
    else if (task == ABIDE_LIFT_UTF8)
        write_utf8(lift);
}
