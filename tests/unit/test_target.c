/* Targets: spellings of triples, and the module that is the C ABI of one. */
#include "spec/target.h"

#include "abide/module.h"

#include "spec_fixture.h"

static void expect_triple(const char *asked, const char *expected)
{
    abide_ctx *ctx = open_ctx();
    const struct abide_target *target = abide_target__find(ctx, asked, ABIDE_NOWHERE);
    if (!target)
        fail_msg("%s is unknown", asked);
    assert_string_equal(target->triple, expected);
    close_ctx(ctx);
}

static void the_vendor_means_nothing(void **state)
{
    (void)state;
    expect_triple("x86_64-linux-gnu", "x86_64-linux-gnu");
    expect_triple("x86_64-unknown-linux-gnu", "x86_64-linux-gnu");
    expect_triple("x86_64-pc-linux-gnu", "x86_64-linux-gnu");
    expect_triple("x86_64-unknown-freebsd", "x86_64-freebsd");
    expect_triple("aarch64-unknown-linux-musl", "aarch64-linux-musl");
}

static void other_spellings_are_understood(void **state)
{
    (void)state;
    expect_triple("x86_64-linux", "x86_64-linux-gnu");
    expect_triple("amd64-linux-gnu", "x86_64-linux-gnu");
    expect_triple("arm64-linux", "aarch64-linux-gnu");
    expect_triple("x86_64-unknown-freebsd13.2", "x86_64-freebsd"); /* with a version */
}

static void other_targets_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "x86_64",
        "pdp11-linux-gnu",
        "x86_64-linux-gnux",
        "x86_64-",
        "x86_64--gnu",
        "x86_64-a-b-linux-gnu",
        "x86_64-linux-gnu-",
        "-linux",
        "x86_64-linuxx-gnu",
        "aarch64-linux-gnu11x",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        abide_ctx *ctx = open_ctx();
        if (abide_target__find(ctx, wrong[i], ABIDE_NOWHERE))
            fail_msg("'%s' was taken", wrong[i]);
        assert_string_equal(only_diag(ctx), "unknown-target");
        close_ctx(ctx);
    }
}

static void properties_come_from_the_module(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const struct abide_target *target = abide_target__find(ctx, "aarch64-linux-gnu", ABIDE_NOWHERE);
    assert_non_null(target);
    assert_string_equal(target->arch, "aarch64");
    assert_string_equal(target->os, "linux");
    assert_int_equal(target->pointer_bytes, 8);
    assert_false(target->big_endian);
    assert_string_equal(target->file->name, "aapcs64");
    close_ctx(ctx);
}

/* DESIGN: a machine module that is named outright needs only architecture, endianness and pointer size to match. */
static void modules_can_be_named_outright_elsewhere(void **state)
{
    (void)state;
    static const char *const targets[] = {"x86_64-apple-darwin23.1", "x86_64-windows-cygnus",
                                          "x86_64-none-elf"};
    static const char *const systems[] = {"darwin", "windows", "none"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        abide_ctx *ctx = open_ctx();
        const abide_module *module = abide_module_load(ctx, "c-sysv", targets[i]);
        assert_non_null(module);
        assert_string_equal(module->os, systems[i]);
        assert_string_equal(abide_module_target(module), targets[i]);
        assert_null(abide_module_load(ctx, "c", targets[i]));
        assert_string_equal(only_diag(ctx), "unknown-target");
        assert_null(abide_module_load(ctx, "aapcs64", targets[i]));
        close_ctx(ctx);
    }
}

static void the_same_question_has_the_same_answer(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_module *c = abide_module_load(ctx, "c", "x86_64-unknown-linux-gnu");
    assert_non_null(c);
    assert_ptr_equal(c, abide_module_load(ctx, "c-sysv@1", "x86_64-linux-gnu"));
    assert_ptr_equal(c, abide_module_load(ctx, "c:compiler=gcc", "x86_64-linux"));
    assert_ptr_not_equal(c, abide_module_load(ctx, "c:compiler=clang", "x86_64-linux"));
    assert_ptr_not_equal(c, abide_module_load(ctx, "c", "x86_64-linux-musl"));
    close_ctx(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vendor_means_nothing),
        cmocka_unit_test(other_spellings_are_understood),
        cmocka_unit_test(other_targets_are_refused),
        cmocka_unit_test(properties_come_from_the_module),
        cmocka_unit_test(modules_can_be_named_outright_elsewhere),
        cmocka_unit_test(the_same_question_has_the_same_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
