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
        cmocka_unit_test(control_characters_do_not_reach_the_terminal),
        cmocka_unit_test(suggestions_are_near_or_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
