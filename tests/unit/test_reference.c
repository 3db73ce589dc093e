/* References and versions of modules, taken apart. */
#include "spec/reference.h"

#include "spec_fixture.h"

static struct abide_reference parse(abide_ctx *ctx, const char *text)
{
    struct abide_reference reference;
    if (!abide_reference__parse(ctx, text, ABIDE_NOWHERE, &reference))
        fail_msg("%s", text);
    return reference;
}

static void names_have_versions_and_options(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    struct abide_reference plain = parse(ctx, "my-abi");
    assert_string_equal(plain.name, "my-abi");
    assert_int_equal(plain.version.given, 0);
    struct abide_reference full = parse(ctx, "my-abi@1.2:gc=orc,release=2.0.6");
    assert_string_equal(full.name, "my-abi");
    assert_int_equal(full.version.given, 2);
    assert_int_equal(full.version.part[1], 2);
    assert_int_equal(full.option_count, 2);
    assert_string_equal(full.options[0].name, "gc");
    assert_string_equal(full.options[1].value, "2.0.6");
    close_ctx(ctx);
}

static void files_have_a_slash_or_an_ending(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    assert_string_equal(parse(ctx, "./here").path, "./here");
    assert_string_equal(parse(ctx, "my.yaml").path, "my.yaml");
    struct abide_reference chosen = parse(ctx, "/a:b/my.yaml:gc=orc");
    assert_string_equal(chosen.path, "/a:b/my.yaml");
    assert_int_equal(chosen.option_count, 1);
    assert_string_equal(parse(ctx, "c/fast.yaml").path, "c/fast.yaml");
    close_ctx(ctx);
}

static void variants_are_of_the_target_s_c(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    struct abide_reference variant = parse(ctx, "c/fastcall:compiler=clang");
    assert_string_equal(variant.name, "c");
    assert_string_equal(variant.convention, "fastcall");
    assert_int_equal(variant.option_count, 1);
    close_ctx(ctx);
}

static void what_is_no_reference_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",       "a b",     "a@",          "a@1.x", "a@1.2.3.4", "a:",  "a:gc",          "a:gc=",
        "a:=orc", "a:gc=a,", "a:gc=a,gc=b", "@1",    "a:gc=a b",  "a\n", "a@99999999999",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        abide_ctx *ctx = open_ctx();
        struct abide_reference reference;
        if (abide_reference__parse(ctx, wrong[i], ABIDE_NOWHERE, &reference))
            fail_msg("'%s' was taken", wrong[i]);
        assert_string_equal(only_diag(ctx), "bad-reference");
        close_ctx(ctx);
    }
}

static void fits(const char *have, const char *wanted, bool expected)
{
    struct abide_semver left, right;
    assert_true(abide_semver__parse(have, &left));
    assert_true(abide_semver__parse(wanted, &right));
    if (abide_semver__fits(left, right) != expected)
        fail_msg("%s for %s", have, wanted);
}

static void versions_fit_by_semver(void **state)
{
    (void)state;
    fits("1.4.0", "1", true);
    fits("1.4.0", "1.2", true);
    fits("1.4.0", "1.4.1", false);
    fits("2.0.0", "1", false);
    fits("1.10.0", "1.9", true);
    fits("0.3.0", "0.2", false); /* before 1.0.0 every minor version may break */
    fits("0.2.5", "0.2", true);
    struct abide_semver version;
    assert_false(abide_semver__parse("1.", &version));
    assert_false(abide_semver__parse("v1", &version));
    assert_false(abide_semver__parse("", &version));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_versions_and_options),
        cmocka_unit_test(files_have_a_slash_or_an_ending),
        cmocka_unit_test(variants_are_of_the_target_s_c),
        cmocka_unit_test(what_is_no_reference_is_refused),
        cmocka_unit_test(versions_fit_by_semver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
