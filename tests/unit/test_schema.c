/* Mappings read by their tables, and scalars by their type. */
#include "base/diag.h"
#include "base/schema.h"
#include "cmocka_all.h"

#include <string.h>

static struct abide_guard guard;

static int setup(void **state)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    *state = ctx;
    return setjmp(*abide__guard_enter(ctx, &guard));
}

static int teardown(void **state)
{
    abide__guard_leave(*state, &guard);
    abide_ctx_free(*state);
    return 0;
}

static const struct abide_yaml *parse(abide_ctx *ctx, const char *text)
{
    return abide_yaml__parse(ctx, abide_source__from_text(ctx, "test", text, strlen(text)));
}

static const struct abide_key keys[] = {
    {"name", ABIDE_SHAPE_SCALAR, true, "what it is called"},
    {"list", ABIDE_SHAPE_SEQUENCE | ABIDE_SHAPE_NULL, false, "some things"},
    {"any", ABIDE_SHAPE_ANY, false, "anything"},
};
static const struct abide_schema schema = {"a thing", keys, 3};

/* The ids of all diagnostics, separated by blanks. */
static const char *reported(abide_ctx *ctx)
{
    struct abide_text ids = {0};
    abide__text_add(ctx, &ids, "", 0);
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        abide__text_printf(ctx, &ids, "%s%s", i ? " " : "",
                           abide_diag_id(abide_ctx_diag_at(ctx, i)));
    abide_ctx_clear_diags(ctx);
    return ids.chars;
}

static void mappings_are_read_by_key(void **state)
{
    abide_ctx *ctx = *state;
    const struct abide_yaml *values[3];
    assert_true(abide_schema__read(ctx, &schema, parse(ctx, "{any: {x: 1}, name: n}"), values));
    assert_string_equal(values[0]->text, "n");
    assert_null(values[1]);
    assert_int_equal(values[2]->kind, ABIDE_YAML_MAPPING);
    assert_true(abide_schema__read(ctx, &schema, parse(ctx, "{name: n, list: }"), values));
    assert_true(values[1]->null);
}

static void mistakes_are_reported_together(void **state)
{
    abide_ctx *ctx = *state;
    static const struct {
        const char *text, *ids;
    } cases[] = {{"{nam: n, lst: []}", "unknown-key unknown-key"},
                 {"{list: []}", "missing-key"},
                 {"{name: [a], list: x}", "wrong-shape wrong-shape"},
                 {"[name]", "wrong-shape"},
                 {"name", "wrong-shape"},
                 {"{name: }", "wrong-shape"},
                 {"{name: a, any: }", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct abide_yaml *values[3];
        bool fine = abide_schema__read(ctx, &schema, parse(ctx, cases[i].text), values);
        assert_int_equal(fine, !*cases[i].ids);
        assert_string_equal(reported(ctx), cases[i].ids);
    }
}

static void truth_values_are_two_words(void **state)
{
    abide_ctx *ctx = *state;
    bool value;
    assert_true(abide_schema__bool(ctx, parse(ctx, "true"), &value) && value);
    assert_true(abide_schema__bool(ctx, parse(ctx, "false"), &value) && !value);
    static const char *const others[] = {"yes", "on", "True", "1", "[true]", "~"};
    for (size_t i = 0; i < 6; i++) {
        assert_false(abide_schema__bool(ctx, parse(ctx, others[i]), &value));
        assert_string_equal(reported(ctx), "bad-value");
    }
}

static void numbers_are_exact(void **state)
{
    abide_ctx *ctx = *state;
    static const struct {
        const char *text;
        uint64_t max, value;
        bool fine;
    } cases[] = {{"0", 9, 0, true},
                 {"9", 9, 9, true},
                 {"10", 9, 0, false},
                 {"18446744073709551615", UINT64_MAX, UINT64_MAX, true},
                 {"18446744073709551616", UINT64_MAX, 0, false},
                 {"99999999999999999999999", UINT64_MAX, 0, false},
                 {"0x10", 99, 16, true},
                 {"0xfFfFfFfFfFfFfFfF", UINT64_MAX, UINT64_MAX, true},
                 {"0x10000000000000000", UINT64_MAX, 0, false},
                 {"010", 99, 0, false},
                 {"0x", 9, 0, false},
                 {"1e3", 9999, 0, false},
                 {"-1", 9, 0, false},
                 {"+1", 9, 0, false},
                 {"1_000", 9999, 0, false},
                 {"", 9, 0, false},
                 {"'1'", 9, 1, true},
                 {"[1]", 9, 0, false},
                 {"1.0", 9, 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t value = 77;
        const struct abide_yaml *node =
            abide_yaml__get(parse(ctx, abide__printf(ctx, "{n: %s}", cases[i].text)), "n");
        assert_int_equal(abide_schema__uint(ctx, node, cases[i].max, &value), cases[i].fine);
        if (cases[i].fine)
            assert_int_equal(value, cases[i].value);
        assert_string_equal(reported(ctx), cases[i].fine ? "" : "bad-value");
    }
}

static void signed_numbers_are_exact(void **state)
{
    abide_ctx *ctx = *state;
    static const struct {
        const char *text;
        int64_t value;
        bool fine;
    } cases[] = {{"-1", -1, true},
                 {"0", 0, true},
                 {"-0", 0, true},
                 {"9223372036854775807", INT64_MAX, true},
                 {"9223372036854775808", 0, false},
                 {"-9223372036854775808", INT64_MIN, true},
                 {"-9223372036854775809", 0, false},
                 {"-0x80", -128, true},
                 {"--1", 0, false},
                 {"-", 0, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = 77;
        const struct abide_yaml *node =
            abide_yaml__get(parse(ctx, abide__printf(ctx, "{n: '%s'}", cases[i].text)), "n");
        assert_int_equal(abide_schema__int(ctx, node, &value), cases[i].fine);
        if (cases[i].fine)
            assert_int_equal(value, cases[i].value);
        assert_string_equal(reported(ctx), cases[i].fine ? "" : "bad-value");
    }
}

static void words_come_from_a_list(void **state)
{
    abide_ctx *ctx = *state;
    static const char *const words[] = {"caller", "borrow", "moved", NULL};
    size_t index;
    assert_true(abide_schema__word(ctx, parse(ctx, "borrow"), words, &index));
    assert_int_equal(index, 1);
    assert_false(abide_schema__word(ctx, parse(ctx, "borow"), words, &index));
    assert_string_equal(abide_diag_message(abide_ctx_diag_at(ctx, 0)),
                        "expected caller, borrow or moved, not 'borow'");
    assert_non_null(
        strstr(abide_diag_print(ctx, abide_ctx_diag_at(ctx, 0), false), "did you mean 'borrow'?"));
    abide_ctx_clear_diags(ctx);
    assert_false(abide_schema__word(ctx, parse(ctx, "[borrow]"), words, &index));
    assert_string_equal(reported(ctx), "bad-value");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(mappings_are_read_by_key),   TEST(mistakes_are_reported_together),
        TEST(truth_values_are_two_words), TEST(numbers_are_exact),
        TEST(signed_numbers_are_exact),   TEST(words_come_from_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
