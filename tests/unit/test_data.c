/* abide/data.h: data files of programs that use the library. What YAML is refused, and in which words, is in tests/errors. */
#include "abide/ctx.h"
#include "abide/data.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int setup(void **state)
{
    *state = abide_ctx_new(NULL);
    return *state ? 0 : 1;
}

static int teardown(void **state)
{
    abide_ctx_free(*state);
    return 0;
}

static const abide_data *parse(abide_ctx *ctx, const char *text)
{
    return abide_data_parse(ctx, "test", text, strlen(text));
}

static const abide_data *parse_good(abide_ctx *ctx, const char *text)
{
    const abide_data *data = parse(ctx, text);
    assert_non_null(data);
    assert_int_equal(abide_ctx_diag_count(ctx), 0);
    return data;
}

static void a_mapping_has_keys_in_the_order_of_the_file(void **state)
{
    const abide_data *data = parse_good(*state, "{b: 1, a: [x, y], c: {d: }}");
    assert_int_equal(abide_data_kind_of(data), ABIDE_DATA_MAPPING);
    assert_int_equal(abide_data_count(data), 3);
    assert_string_equal(abide_data_key_at(data, 0), "b");
    assert_string_equal(abide_data_key_at(data, 1), "a");
    assert_string_equal(abide_data_key_at(data, 2), "c");
    assert_ptr_equal(abide_data_at(data, 1), abide_data_get(data, "a"));
    assert_null(abide_data_text(data));
}

static void a_sequence_has_entries_and_no_keys(void **state)
{
    const abide_data *data = parse_good(*state, "[x, [y, z], 'w v']");
    assert_int_equal(abide_data_kind_of(data), ABIDE_DATA_SEQUENCE);
    assert_int_equal(abide_data_count(data), 3);
    assert_string_equal(abide_data_text(abide_data_at(data, 0)), "x");
    assert_int_equal(abide_data_count(abide_data_at(data, 1)), 2);
    assert_string_equal(abide_data_text(abide_data_at(data, 2)), "w v");
    assert_null(abide_data_key_at(data, 0));
    assert_null(abide_data_get(data, "x"));
}

static void every_scalar_is_text(void **state)
{
    const abide_data *data = parse_good(*state, "[no, 010, 1.50, ~, \"\"]");
    static const char *const texts[] = {"no", "010", "1.50", "~", ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(abide_data_kind_of(abide_data_at(data, i)), ABIDE_DATA_SCALAR);
        assert_string_equal(abide_data_text(abide_data_at(data, i)), texts[i]);
        assert_int_equal(abide_data_count(abide_data_at(data, i)), 0);
    }
}

static void what_is_not_there_is_null(void **state)
{
    const abide_data *data = parse_good(*state, "{a: b}");
    assert_null(abide_data_get(data, "c"));
    assert_null(abide_data_get(NULL, "a"));
    assert_null(abide_data_get(abide_data_get(data, "a"), "b"));
}

/* The id of the one diagnostic about a text that is refused. */
static const char *refusal(abide_ctx *ctx, const char *text)
{
    assert_null(parse(ctx, text));
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    const char *id = abide_diag_id(abide_ctx_diag_at(ctx, 0));
    abide_ctx_clear_diags(ctx);
    return id;
}

static void wrong_text_is_reported_with_its_place(void **state)
{
    assert_string_equal(refusal(*state, "{a: 1, a: 2}"), "duplicate-key");
    assert_string_equal(refusal(*state, "{a: [1, 2}"), "yaml-syntax");
    assert_string_equal(refusal(*state, "[&a 1, *a]"), "yaml-feature");
    assert_null(parse(*state, "a: 1\na: 2\n"));
    const char *text = abide_diag_print(*state, abide_ctx_diag_at(*state, 0), false);
    assert_non_null(strstr(text, "test:2:1: "));
}

static void files_are_read_and_missing_ones_reported(void **state)
{
    char path[] = "data-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, "a: b\n", 5), 5);
    close(descriptor);
    const abide_data *data = abide_data_load(*state, path);
    unlink(path);
    assert_string_equal(abide_data_text(abide_data_get(data, "a")), "b");
    assert_null(abide_data_load(*state, path));
    assert_int_equal(abide_ctx_diag_count(*state), 1);
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(*state, 0)), "missing-file");
}

static void a_program_reports_about_a_place(void **state)
{
    const abide_data *data = parse_good(*state, "a: b\nc: d\n");
    assert_true(abide_data_report(*state, abide_data_get(data, "c"), "bad-value", "no 'd'", "e"));
    assert_int_equal(abide_ctx_diag_count(*state), 1);
    const char *text = abide_diag_print(*state, abide_ctx_diag_at(*state, 0), false);
    assert_non_null(strstr(text, "test:2:4: error: no 'd' [bad-value]"));
    assert_non_null(strstr(text, "help: e"));
    assert_false(abide_data_report(*state, data, "no-such-id", "x", NULL));
    assert_int_equal(abide_ctx_diag_count(*state), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_mapping_has_keys_in_the_order_of_the_file),
        TEST(a_sequence_has_entries_and_no_keys),
        TEST(every_scalar_is_text),
        TEST(what_is_not_there_is_null),
        TEST(wrong_text_is_reported_with_its_place),
        TEST(files_are_read_and_missing_ones_reported),
        TEST(a_program_reports_about_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
