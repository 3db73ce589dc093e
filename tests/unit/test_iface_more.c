/* Interfaces beyond reading: described variadic calls, lint, the files that were read. */
#include "abide/iface.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static const char text[] = "abide: 1\n"
                           "types:\n"
                           "  point: {struct: {x: f64, y: f64}}\n"
                           "  stray: {struct: {x: u8}}\n"
                           "functions:\n"
                           "  log: (fmt cstring, ...) -> c_int\n"
                           "  area: (p ptr<point>) -> f64\n";

static const abide_iface *parse(abide_ctx *ctx)
{
    return abide_iface_parse(ctx, "test", text, strlen(text));
}

static void extra_arguments_follow_the_fixed_ones(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_iface *iface = parse(ctx);
    const abide_function *log = abide_iface_function(iface, "log");
    const abide_signature *call = abide_iface_variadic_call(ctx, iface, log, "c_int, ptr<point>");
    assert_non_null(call);
    assert_string_equal(abide_signature_print(ctx, call),
                        "(fmt cstring, ... c_int, ptr<point>) -> c_int");
    assert_true(abide_signature_is_variadic(call));
    assert_string_equal(abide_signature_print(ctx, abide_function_signature(log)),
                        "(fmt cstring, ...) -> c_int");
    abide_ctx_free(ctx);
}

static void extra_arguments_may_be_none(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_iface *iface = parse(ctx);
    const abide_signature *call =
        abide_iface_variadic_call(ctx, iface, abide_iface_function(iface, "log"), "");
    assert_non_null(call);
    assert_string_equal(abide_signature_print(ctx, call), "(fmt cstring, ...) -> c_int");
    abide_ctx_free(ctx);
}

static void expect_refusal(const char *function, const char *types, const char *id)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_iface *iface = parse(ctx);
    assert_null(
        abide_iface_variadic_call(ctx, iface, abide_iface_function(iface, function), types));
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), id);
    assert_non_null(abide_diag_print(ctx, abide_ctx_diag_at(ctx, 0), false));
    abide_ctx_free(ctx);
}

static void wrong_extra_arguments_are_reported(void **state)
{
    (void)state;
    expect_refusal("area", "c_int", "not-variadic");
    expect_refusal("log", "c_itn", "unknown-type");
    expect_refusal("log", "c_int) -> (f64", "bad-type");
    expect_refusal("log", "void", "bad-type");
}

static void lint_names_types_that_no_function_uses(void **state)
{
    (void)state;
    static const char path[] = "lint-test.yaml";
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    abide_ctx *ctx = abide_ctx_new(NULL);
    abide_iface_lint(ctx, path);
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    assert_string_equal(abide_diag_message(abide_ctx_diag_at(ctx, 0)), "no function uses 'stray'");
    assert_int_equal(abide_diag_position(abide_ctx_diag_at(ctx, 0)).line, 4);

    assert_string_equal(abide_ctx_input_at(ctx, 0), path);
    assert_null(abide_ctx_input_at(ctx, 1));
    abide_iface_lint(ctx, path);
    assert_null(abide_ctx_input_at(ctx, 1)); /* once each */
    abide_ctx_free(ctx);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extra_arguments_follow_the_fixed_ones),
        cmocka_unit_test(extra_arguments_may_be_none),
        cmocka_unit_test(wrong_extra_arguments_are_reported),
        cmocka_unit_test(lint_names_types_that_no_function_uses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
