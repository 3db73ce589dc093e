/* Diagnostics: collecting, limits, rendering, and the nearest word. */
#include "base/diag.h"
#include "base/schema.h"
#include "cmocka_all.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static struct abide_guard guard;

static int setup(void **state)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    *state = ctx;
    return setjmp(*abide__guard_enter(ctx, &guard)); /* nothing in here runs out of memory */
}

static int teardown(void **state)
{
    abide__guard_leave(*state, &guard);
    abide_ctx_free(*state);
    return 0;
}

static struct abide_place find(const struct abide_source *source, const char *text)
{
    size_t start = (size_t)(strstr(source->text, text) - source->text);
    return (struct abide_place){source, start, start + strlen(text)};
}

static const char *render(abide_ctx *ctx, const char *text, const char *marked)
{
    const struct abide_source *source = abide_source__from_text(ctx, "f.yaml", text, strlen(text));
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, find(source, marked), "wrong");
    return abide_diag_print(ctx, diag, false);
}

static void the_mark_stands_below_what_is_wrong(void **state)
{
    assert_string_equal(render(*state, "a\nkey: value # x\n", "value"),
                        "f.yaml:2:6: error: wrong [bad-value]\n"
                        "    2 | key: value # x\n"
                        "      |      ^~~~~\n");
}

static void wide_characters_take_two_columns(void **state)
{
    assert_string_equal(render(*state, "\xE6\x97\xA5\xE6\x9C\xAC: e\xCC\x81 bad", "bad"),
                        "f.yaml:1:8: error: wrong [bad-value]\n"
                        "    1 | \xE6\x97\xA5\xE6\x9C\xAC: e\xCC\x81 bad\n"
                        "      |         ^~~\n");
}

static void tabs_become_blanks(void **state)
{
    assert_string_equal(render(*state, "a\tb:\tbad", "bad"),
                        "f.yaml:1:6: error: wrong [bad-value]\n"
                        "    1 | a   b:  bad\n"
                        "      |         ^~~\n");
}

static void control_characters_are_escaped(void **state)
{
    assert_string_equal(render(*state, "\x1b[31m \xE2\x80\xAE \xff bad", "bad"),
                        "f.yaml:1:11: error: wrong [bad-value]\n"
                        "    1 | \\x1b[31m <U+202E> \\xff bad\n"
                        "      |                        ^~~\n");
}

static void long_lines_are_cut(void **state)
{
    abide_ctx *ctx = *state;
    struct abide_text line = {0};
    for (int i = 0; i < 200; i++)
        abide__text_add(ctx, &line, "word ", 5);
    abide__text_add(ctx, &line, "BAD", 3);
    for (int i = 0; i < 200; i++)
        abide__text_add(ctx, &line, " word", 5);
    const char *text = render(ctx, line.chars, "BAD");
    const char *source_line = strchr(text, '\n') + 9;
    const char *mark_line = strchr(source_line, '\n') + 9;
    assert_memory_equal(source_line, "...", 3);
    assert_in_range(mark_line - source_line, 60, 115);
    assert_memory_equal(source_line + (strchr(mark_line, '^') - mark_line), "BAD", 3);
}

static void a_range_over_lines_is_marked_on_the_first(void **state)
{
    assert_string_equal(render(*state, "a: [b,\n  c]\n", "[b,\n  c]"),
                        "f.yaml:1:4: error: wrong [bad-value]\n"
                        "    1 | a: [b,\n"
                        "      |    ^~~\n");
}

static void notes_and_helps_follow(void **state)
{
    abide_ctx *ctx = *state;
    const char *text = "a: 1\nb: 2\n";
    const struct abide_source *source = abide_source__from_text(ctx, "f.yaml", text, strlen(text));
    const struct abide_source *other = abide_source__from_text(ctx, "g.yaml", "c: 3", 4);
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, find(source, "2"), "wrong");
    abide__diag_note(ctx, diag, find(source, "b"), "same line");
    abide__diag_note(ctx, diag, find(source, "1"), "other line");
    abide__diag_note(ctx, diag, find(other, "c"), "other file");
    abide__diag_note(ctx, diag, ABIDE_NOWHERE, "no place");
    abide__diag_help(ctx, diag, "mend it");
    assert_string_equal(abide_diag_print(ctx, diag, false), "f.yaml:2:4: error: wrong [bad-value]\n"
                                                            "    2 | b: 2\n"
                                                            "      |    ^\n"
                                                            "      | ~ same line\n"
                                                            "    1 | a: 1\n"
                                                            "      |    ~ other line\n"
                                                            "g.yaml:1:1: note: other file\n"
                                                            "    1 | c: 3\n"
                                                            "      | ~\n"
                                                            "      = note: no place\n"
                                                            "      = help: mend it\n");
}

static void colors_change_nothing_else(void **state)
{
    abide_ctx *ctx = *state;
    const struct abide_source *source = abide_source__from_text(ctx, "f.yaml", "a: 1", 4);
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, find(source, "1"), "wrong");
    const char *plain = abide_diag_print(ctx, diag, false);
    const char *colored = abide_diag_print(ctx, diag, true);
    assert_null(strchr(plain, '\033'));
    assert_non_null(strchr(colored, '\033'));
    while (*colored) {
        if (*colored == '\033') {
            colored = strchr(colored, 'm') + 1;
        } else {
            assert_int_equal(*colored, *plain);
            colored++;
            plain++;
        }
    }
    assert_int_equal(*plain, '\0');
}

static void quoted_names_are_harmless(void **state)
{
    abide_ctx *ctx = *state;
    char name[300];
    memset(name, 'x', sizeof name);
    assert_string_equal(abide__quote(ctx, "a\nb\x1b"), "'a\\x0ab\\x1b'");
    assert_int_equal(strlen(abide__quote_bytes(ctx, name, sizeof name)), 100 + 5);
}

static void errors_beyond_the_limit_are_counted(void **state)
{
    abide_ctx *ctx = *state;
    for (int i = 0; i < 5 * ABIDE_DIAG_MAX; i++) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_VALUE, ABIDE_NOWHERE, "wrong %d", i);
        abide__diag_note(ctx, diag, ABIDE_NOWHERE, "note");
        abide__diag_help(ctx, diag, "help");
    }
    assert_int_equal(abide__error_count(ctx), 5 * ABIDE_DIAG_MAX);
    assert_int_equal(abide_ctx_diag_count(ctx), ABIDE_DIAG_MAX + 1);
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, ABIDE_DIAG_MAX)), "too-many-errors");
    assert_null(abide_ctx_diag_at(ctx, ABIDE_DIAG_MAX + 1));
    abide_ctx_clear_diags(ctx);
    assert_int_equal(abide_ctx_diag_count(ctx), 0);
    assert_int_equal(abide__error_count(ctx), 0);
}

static void the_limit_can_be_raised(void **state)
{
    abide_ctx *ctx = *state;
    abide_ctx_keep_diags(ctx, SIZE_MAX);
    for (int i = 0; i < 5 * ABIDE_DIAG_MAX; i++)
        assert_true(abide_ctx_report(ctx, "not-imported", "one more", NULL));
    for (int i = 0; i < 5 * ABIDE_DIAG_MAX; i++)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, ABIDE_NOWHERE, "wrong %d", i);
    assert_int_equal(abide_ctx_diag_count(ctx), 10 * ABIDE_DIAG_MAX);
    const abide_diag *last = abide_ctx_diag_at(ctx, 10 * ABIDE_DIAG_MAX - 1);
    assert_string_equal(abide_diag_message(last), "wrong 499");
    abide_ctx_clear_diags(ctx);
    abide_ctx_keep_diags(ctx, 1);
    for (int i = 0; i < 3; i++)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, ABIDE_NOWHERE, "wrong %d", i);
    assert_int_equal(abide_ctx_diag_count(ctx), 2);
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 1)), "too-many-errors");
}

/* Ids are stable, unique, and in one form; every explanation says something. */
static void every_code_is_explained(void **state)
{
    (void)state;
    const char *id;
    for (size_t i = 0; (id = abide_diag_id_at(i)); i++) {
        for (const char *c = id; *c; c++)
            assert_true(islower((unsigned char)*c) || *c == '-');
        const char *explanation = abide_diag_explain(id);
        assert_true(strlen(explanation) > 60);
        assert_non_null(strchr(".)", explanation[strlen(explanation) - 1]));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(abide_diag_id_at(j), id);
    }
    assert_null(abide_diag_explain("no-such-id"));
}

static const char *word_at(const void *user, size_t index)
{
    return ((const char *const *)user)[index];
}

static void the_nearest_word_is_found(void **state)
{
    (void)state;
    static const char *const words[] = {"struct", "union",  "enum",       "i32",
                                        "u32",    "packed", "convention", NULL};
    static const struct {
        const char *word;
        const char *nearest;
    } cases[] = {{"sturct", "struct"},
                 {"strukt", "struct"},
                 {"paked", "packed"},
                 {"i23", "i32"},
                 {"u33", "u32"},
                 {"conventoin", "convention"},
                 {"convetnionn", "convention"},
                 {"xyz", NULL},
                 {"", NULL},
                 {"e", NULL},
                 {"pakd", "packed"},
                 {"enumeration", NULL},
                 {"conv", "convention"},
                 {"co", NULL},
                 {"union", "union"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *nearest = abide__nearest(cases[i].word, word_at, words);
        if (cases[i].nearest) {
            assert_non_null(nearest);
            assert_string_equal(nearest, cases[i].nearest);
        } else {
            assert_null(nearest);
        }
    }
}

static void lists_of_words_read_well(void **state)
{
    abide_ctx *ctx = *state;
    assert_string_equal(abide_schema__words(ctx, (const char *const[]){"a", "b", "c", NULL}),
                        "a, b or c");
    assert_string_equal(abide_schema__words(ctx, (const char *const[]){"a", NULL}), "a");
    assert_string_equal(abide_schema__words(ctx, (const char *const[]){NULL}), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_mark_stands_below_what_is_wrong),
        TEST(wide_characters_take_two_columns),
        TEST(tabs_become_blanks),
        TEST(control_characters_are_escaped),
        TEST(long_lines_are_cut),
        TEST(a_range_over_lines_is_marked_on_the_first),
        TEST(notes_and_helps_follow),
        TEST(colors_change_nothing_else),
        TEST(quoted_names_are_harmless),
        TEST(errors_beyond_the_limit_are_counted),
        TEST(the_limit_can_be_raised),
        TEST(every_code_is_explained),
        TEST(the_nearest_word_is_found),
        TEST(lists_of_words_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
