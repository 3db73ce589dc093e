/* Diagnostics that a program adds, and its suggestions. */
#include "abide/ctx.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

static void a_programs_diagnostic_prints_like_the_librarys(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    assert_true(abide_ctx_report(ctx, "unknown-option", "unknown option '--fast'", "try --slow"));
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    assert_string_equal(abide_diag_print(ctx, abide_ctx_diag_at(ctx, 0), false),
                        "error: unknown option '--fast' [unknown-option]\n"
                        "      = help: try --slow\n");
    abide_ctx_free(ctx);
}

static void an_id_must_exist(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    assert_false(abide_ctx_report(ctx, "no-such-id", "x", NULL));
    assert_int_equal(abide_ctx_diag_count(ctx), 0);
    assert_null(abide_diag_summary("no-such-id"));
    assert_string_equal(abide_diag_summary("missing-file"), "a file does not exist");
    abide_ctx_free(ctx);
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    assert_true(abide_ctx_report(ctx, "missing-file", "no 'a\033[2J'", NULL));
    assert_null(strchr(abide_diag_print(ctx, abide_ctx_diag_at(ctx, 0), false), '\033'));
    abide_ctx_free(ctx);
}

static const char *printed(abide_ctx *ctx, unsigned line, unsigned column, const char *text)
{
    abide_ctx_clear_diags(ctx);
    assert_true(abide_ctx_report_at(ctx, "not-imported", (abide_position){"a.h", line, column},
                                    text, "left out", NULL));
    return abide_diag_print(ctx, abide_ctx_diag_at(ctx, 0), false);
}

static void a_place_of_a_file_that_was_not_read_has_a_caret(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    assert_string_equal(printed(ctx, 12, 5, "int two_words;\r\nnext"),
                        "a.h:12:5: warning: left out [not-imported]\n"
                        "   12 | int two_words;\n"
                        "      |     ^~~~~~~~~\n");
    /* Compilers count bytes, and diagnostics characters. */
    assert_string_equal(printed(ctx, 1, 5, "/\xC3\xA4/+;"),
                        "a.h:1:4: warning: left out [not-imported]\n"
                        "    1 | /\xC3\xA4/+;\n"
                        "      |    ^\n");
    assert_string_equal(printed(ctx, 3, 0, "  int x;"),
                        "a.h:3:3: warning: left out [not-imported]\n"
                        "    3 |   int x;\n"
                        "      |   ^~~~~~\n");
    /* Behind the end, as the file has changed since. */
    assert_string_equal(printed(ctx, 3, 900, "int"), "a.h:3:4: warning: left out [not-imported]\n"
                                                     "    3 | int\n"
                                                     "      |    ^\n");
    abide_ctx_free(ctx);
}

static void a_line_that_is_not_known_is_not_shown(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    assert_string_equal(printed(ctx, 4000000000U, 7, NULL),
                        "a.h:4000000000:7: warning: left out [not-imported]\n");
    const abide_diag *diag = abide_ctx_diag_at(ctx, 0);
    assert_int_equal(abide_diag_end(diag).line, 4000000000U);
    assert_int_equal(abide_diag_end(diag).column, 7);
    assert_string_equal(printed(ctx, 4, 0, NULL), "a.h:4:1: warning: left out [not-imported]\n");
    assert_false(
        abide_ctx_report_at(ctx, "no-such-id", (abide_position){"a.h", 1, 1}, NULL, "x", NULL));
    abide_ctx_free(ctx);
}

static const char *fruit(const void *user, size_t index)
{
    (void)user;
    static const char *const fruits[] = {"apple", "cherry", "banana"};
    return index < 3 ? fruits[index] : NULL;
}

static void suggestions_are_near_or_absent(void **state)
{
    (void)state;
    assert_string_equal(abide_nearest("chery", fruit, NULL), "cherry");
    assert_null(abide_nearest("potato", fruit, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_programs_diagnostic_prints_like_the_librarys),
        cmocka_unit_test(an_id_must_exist),
        cmocka_unit_test(a_place_of_a_file_that_was_not_read_has_a_caret),
        cmocka_unit_test(a_line_that_is_not_known_is_not_shown),
        cmocka_unit_test(control_characters_do_not_reach_the_terminal),
        cmocka_unit_test(suggestions_are_near_or_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
