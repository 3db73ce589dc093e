/* Mappings read by their tables, and scalars by their type. */
#include "base/diag.h"
#include "base/schema.h"
#include "cmocka_all.h"

#include "abide/author.h"

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
    {"name", ABIDE_SHAPE_SCALAR, true, "what it is called", NULL},
    {"list", ABIDE_SHAPE_SEQUENCE | ABIDE_SHAPE_NULL, false, "some things", NULL},
    {"any", ABIDE_SHAPE_ANY, false, "anything", NULL},
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
    static const struct abide_word words[] = {
        {"caller", "a copy"}, {"borrow", "lent"}, {"moved", "given"}, {NULL, NULL}};
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

/* --- contents of keys --- */

enum { MAX_NAMES = 256 };
struct names {
    char items[MAX_NAMES][40];
    size_t count;
};

static void add_name(struct names *names, const char *name, size_t length)
{
    for (size_t i = 0; i < names->count; i++)
        if (strlen(names->items[i]) == length && strncmp(names->items[i], name, length) == 0)
            return;
    assert_true(names->count < MAX_NAMES && length < sizeof names->items[0]);
    memcpy(names->items[names->count], name, length);
    names->items[names->count++][length] = '\0';
}

static void add_names(struct names *names, const char *grammar)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    while (*grammar) {
        size_t length = strspn(grammar, letters);
        if (length)
            add_name(names, grammar, length);
        grammar += length ? length : 1;
    }
}

static bool is_value(const char *name)
{
    static const char *const values[] = {"text", "number",  "integer",          "limit",
                                         "flag", "nothing", "pointer_template", "named_member",
                                         "word"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i], name) == 0)
            return true;
    return false;
}

/* What the ways with `|` between them are: abide_takes bits. */
static unsigned shapes_of(const char *grammar)
{
    unsigned shapes = 0;
    size_t depth = 0, start = 0;
    for (size_t i = 0; start <= strlen(grammar); i++) {
        depth += grammar[i] == '[' || grammar[i] == '{';
        depth -= grammar[i] == ']' || grammar[i] == '}';
        if (depth > 0 || (grammar[i] && grammar[i] != '|'))
            continue;
        char way[128] = "";
        memcpy(way, grammar + start, i - start);
        start = i + 1;
        if (way[0] == '[' || way[0] == '{')
            shapes |= way[0] == '[' ? ABIDE_TAKES_LIST : ABIDE_TAKES_MAPPING;
        else if (abide_content_of(way))
            shapes |= shapes_of(abide_content_of(way));
        else if (abide_key_at(way, 0).name)
            shapes |= ABIDE_TAKES_MAPPING;
        else
            shapes |= strcmp(way, "nothing") == 0 ? ABIDE_TAKES_NOTHING : ABIDE_TAKES_VALUE;
    }
    return shapes;
}

/* From the two files on, whatever contents name is there once, and keys take the shapes that their contents have. */
static void contents_are_as_read(void **state)
{
    (void)state;
    static struct names names;
    abide_key_info key;
    add_names(&names, "interface module");
    for (size_t n = 0; n < names.count; n++) {
        const char *name = names.items[n], *grammar = abide_content_of(name);
        bool is_kind = abide_key_at(name, 0).name, is_set = abide_word_at(name, 0).name;
        if (is_value(name) + !!grammar + is_kind + is_set != 1)
            fail_msg("'%s' is not one thing", name);
        if (grammar)
            add_names(&names, grammar);
        for (size_t i = 0; key = abide_key_at(name, i), key.name; i++) {
            add_names(&names, key.content);
            bool is_any = key.takes == ABIDE_SHAPE_ANY; /* its reader looks itself */
            if (!key.doc || !*key.doc || (!is_any && key.takes != shapes_of(key.content)))
                fail_msg("'%s' of '%s' is read otherwise than '%s'", key.name, name, key.content);
        }
        for (size_t i = 0; abide_word_at(name, i).name; i++)
            if (!abide_word_at(name, i).doc)
                fail_msg("'%s' of '%s' says nothing", abide_word_at(name, i).name, name);
    }
    assert_true(names.count > 100);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(mappings_are_read_by_key),   TEST(mistakes_are_reported_together),
        TEST(truth_values_are_two_words), TEST(numbers_are_exact),
        TEST(signed_numbers_are_exact),   TEST(words_come_from_a_list),
        TEST(contents_are_as_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
