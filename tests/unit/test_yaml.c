/* YAML as a tree: kinds, places, limits. What is refused, and in which words, is in tests/errors. */
#include "base/diag.h"
#include "base/yaml.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
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

static const struct abide_yaml *parse(abide_ctx *ctx, const char *text, size_t length_bytes)
{
    return abide_yaml__parse(ctx, abide_source__from_text(ctx, "test", text, length_bytes));
}

static const struct abide_yaml *parse_text(abide_ctx *ctx, const char *text)
{
    const struct abide_yaml *root = parse(ctx, text, strlen(text));
    assert_non_null(root);
    return root;
}

/* The id of the one diagnostic. */
static const char *failure_of(abide_ctx *ctx, const char *text, size_t length_bytes)
{
    assert_null(parse(ctx, text, length_bytes));
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    const char *id = abide_diag_id(abide_ctx_diag_at(ctx, 0));
    abide_ctx_clear_diags(ctx);
    return id;
}

static void every_scalar_is_text(void **state)
{
    const struct abide_yaml *root = parse_text(
        *state, "{a: no, b: 010, c: 1:30, d: 'null', e: null, f: ~, g: , h: \"\", i: Null}");
    static const struct {
        const char *key, *text;
        bool quoted, null;
    } cases[] = {
        {"a", "no", false, false},  {"b", "010", false, false}, {"c", "1:30", false, false},
        {"d", "null", true, false}, {"e", "null", false, true}, {"f", "~", false, true},
        {"g", "", false, true},     {"h", "", true, false},     {"i", "Null", false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct abide_yaml *value = abide_yaml__get(root, cases[i].key);
        assert_int_equal(value->kind, ABIDE_YAML_SCALAR);
        assert_string_equal(value->text, cases[i].text);
        assert_int_equal(value->length_bytes, strlen(cases[i].text));
        assert_int_equal(value->quoted, cases[i].quoted);
        assert_int_equal(value->null, cases[i].null);
    }
    assert_null(abide_yaml__get(root, "z"));
    assert_null(abide_yaml__get(abide_yaml__get(root, "a"), "x"));
}

static void order_is_kept(void **state)
{
    const struct abide_yaml *root = parse_text(*state, "z: 1\na:\n  - {c: d}\n  - e\nm: 3\n");
    assert_int_equal(root->kind, ABIDE_YAML_MAPPING);
    assert_int_equal(root->entry_count, 3);
    assert_string_equal(abide_yaml__key_at(root, 0)->text, "z");
    assert_string_equal(abide_yaml__key_at(root, 2)->text, "m");
    const struct abide_yaml *list = abide_yaml__at(root, 1);
    assert_int_equal(list->kind, ABIDE_YAML_SEQUENCE);
    assert_int_equal(list->entry_count, 2);
    assert_null(abide_yaml__key_at(list, 0));
    assert_string_equal(abide_yaml__at(list, 1)->text, "e");
}

/* The bytes of a value's place are those of its token. */
static void assert_place(const struct abide_yaml *node, const char *token)
{
    struct abide_place place = node->place;
    assert_int_equal(place.end_bytes - place.start_bytes, strlen(token));
    assert_memory_equal(place.source->text + place.start_bytes, token, strlen(token));
}

static void check_places(abide_ctx *ctx, const char *prefix)
{
    const char *text = abide__printf(ctx,
                                     "%sa: plain text   # c\n\"b\": 'it''s'\nc: \"x\\n\n  y\"\nd: "
                                     "[one,  two ]\ne: |\n  block\n  text\n\nf: over\n"
                                     "  two lines\ng: end  ",
                                     prefix);
    const struct abide_yaml *root = parse_text(ctx, text);
    assert_place(abide_yaml__get(root, "a"), "plain text");
    assert_place(abide_yaml__get(root, "b"), "'it''s'");
    assert_string_equal(abide_yaml__get(root, "b")->text, "it's");
    assert_place(abide_yaml__get(root, "c"), "\"x\\n\n  y\"");
    assert_place(abide_yaml__get(root, "d"), "[");
    assert_place(abide_yaml__at(abide_yaml__get(root, "d"), 1), "two");
    assert_place(abide_yaml__get(root, "e"), "|\n  block\n  text");
    assert_place(abide_yaml__get(root, "f"), "over\n  two lines");
    assert_string_equal(abide_yaml__get(root, "f")->text, "over two lines");
    assert_place(abide_yaml__get(root, "g"), "end");
    for (size_t i = 0; i < root->entry_count; i++)
        if (abide_yaml__key_at(root, i)->text[0] == 'b')
            assert_place(abide_yaml__key_at(root, i), "\"b\"");
}

static void places_are_exact(void **state)
{
    check_places(*state, "");
    check_places(*state, "\xEF\xBB\xBF"); /* a byte order mark */
    check_places(*state,
                 "\xC3\xA9\xE6\x97\xA5: \xF0\x9F\x8E\x89 \n"); /* two, three and four bytes */
    check_places(*state, "x: \"\xC3\xA9\xC3\xA9\"\r\n\xC3\xA9: y\r\n\n"); /* carriage returns */
}

static void equal_texts_are_the_same_pointer(void **state)
{
    const struct abide_yaml *root = parse_text(*state, "{a: 'b', b: a}");
    assert_ptr_equal(abide_yaml__at(root, 0)->text, abide_yaml__key_at(root, 1)->text);
}

/* `repeated` many times, in a text that is freed with the context. */
static const char *repeat(abide_ctx *ctx, const char *repeated, size_t count)
{
    struct abide_text text = {0};
    for (size_t i = 0; i < count; i++)
        abide__text_add(ctx, &text, repeated, strlen(repeated));
    return text.chars;
}

static void deep_nesting_is_refused(void **state)
{
    static const char *const openers[] = {"[", "{a: ", "- ", "? ", "[{a: ", "{[", "[\n", "{a: [\n"};
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++) {
        const char *text = repeat(*state, openers[i], 200000);
        const char *id = failure_of(*state, text, strlen(text));
        assert_true(strcmp(id, "yaml-too-deep") == 0 || strcmp(id, "yaml-key") == 0 ||
                    strcmp(id, "yaml-syntax") == 0);
    }
}

static void the_depth_limit_is_64(void **state)
{
    abide_ctx *ctx = *state;
    for (size_t depth = 63; depth <= 65; depth++) {
        const char *text =
            abide__printf(ctx, "%s%s", repeat(ctx, "[", depth), repeat(ctx, "]", depth));
        if (depth <= ABIDE_YAML_MAX_DEPTH)
            parse_text(ctx, text);
        else
            assert_string_equal(failure_of(ctx, text, strlen(text)), "yaml-too-deep");
    }
}

static void duplicate_keys_are_found_among_many(void **state)
{
    abide_ctx *ctx = *state;
    struct abide_text text = {0};
    const int count = 200000; /* the test has no time for quadratic work */
    for (int i = 0; i < count; i++)
        abide__text_printf(ctx, &text, "key%d: v\n", i);
    assert_int_equal(parse_text(ctx, text.chars)->entry_count, count);
    abide__text_printf(ctx, &text, "key%d: again\n", 77777);
    assert_string_equal(failure_of(ctx, text.chars, text.length_bytes), "duplicate-key");
}

static void every_cut_of_a_text_is_accepted_or_refused(void **state)
{
    abide_ctx *ctx = *state;
    const char *text =
        "a: {b: [c, 'd', \"e\\n\"], f: |\n  g\n}\nh:\n  - i\n  - \xE6\x97\xA5: k\n# l\n";
    for (size_t length_bytes = 0; length_bytes <= strlen(text); length_bytes++) {
        bool parsed = parse(ctx, text, length_bytes);
        assert_int_equal(parsed, abide_ctx_diag_count(ctx) == 0);
        for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
            assert_non_null(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
        abide_ctx_clear_diags(ctx);
    }
}

static void every_byte_is_accepted_or_refused(void **state)
{
    abide_ctx *ctx = *state;
    for (int byte = 0; byte < 256; byte++)
        for (int position = 0; position < 3; position++) {
            char text[] = "a: \"bc\"\n";
            text[position * 2 + 1] = (char)byte;
            bool parsed = parse(ctx, text, sizeof text - 1);
            assert_int_equal(parsed, abide_ctx_diag_count(ctx) == 0);
            abide_ctx_clear_diags(ctx);
        }
}

static void tabs_are_allowed_where_they_do_not_indent(void **state)
{
    parse_text(*state, "a: 1\t# comment\nb: 'x\ty'\nc: |\n  one\n  \ttwo\nd:\t2\ne: [1,\t2]\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_scalar_is_text),
        TEST(order_is_kept),
        TEST(places_are_exact),
        TEST(equal_texts_are_the_same_pointer),
        TEST(deep_nesting_is_refused),
        TEST(the_depth_limit_is_64),
        TEST(duplicate_keys_are_found_among_many),
        TEST(every_cut_of_a_text_is_accepted_or_refused),
        TEST(every_byte_is_accepted_or_refused),
        TEST(tabs_are_allowed_where_they_do_not_indent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
