/* Packed trees are the trees that parsing gives. */
#include "base/yaml_pack.h"
#include "spec/embedded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void assert_same(const struct abide_yaml *a, const struct abide_yaml *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->quoted, b->quoted);
    assert_int_equal(a->null, b->null);
    assert_int_equal(a->place.start_bytes, b->place.start_bytes);
    assert_int_equal(a->place.end_bytes, b->place.end_bytes);
    if (a->kind == ABIDE_YAML_SCALAR) {
        assert_int_equal(a->length_bytes, b->length_bytes);
        assert_ptr_equal(a->text, b->text); /* both interned */
        return;
    }
    assert_int_equal(a->entry_count, b->entry_count);
    for (size_t i = 0; i < a->entry_count; i++) {
        const struct abide_yaml_entry *in_a = abide_yaml__entry(a, i),
                                      *in_b = abide_yaml__entry(b, i);
        assert_int_equal(!in_a->key, !in_b->key);
        if (in_a->key)
            assert_same(in_a->key, in_b->key);
        assert_same(in_a->value, in_b->value);
    }
}

/* Parses, packs, unpacks; `packed` NULL: the bytes are made here. */
static void check(const char *text, size_t length_bytes, const unsigned char *packed)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard))) {
        fail_msg("no memory");
        return;
    }
    struct abide_source *source = abide_source__around(ctx, "test", text, length_bytes);
    const struct abide_yaml *tree = abide_yaml__parse(ctx, source);
    assert_non_null(tree);
    if (packed)
        tree = abide_yaml__to_embed(ctx, tree);
    struct abide_text bytes = {0};
    abide_yaml__pack(ctx, tree, &bytes);
    if (packed)
        assert_memory_equal(packed, bytes.chars, bytes.length_bytes);
    const struct abide_yaml *again =
        abide_yaml__unpack(ctx, source, packed ? packed : (const unsigned char *)bytes.chars);
    assert_same(tree, again);
    assert_ptr_equal(again->place.source, source);
    abide__guard_leave(ctx, &guard);
    abide_ctx_free(ctx);
}

static void every_kind_of_node_survives(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "word",
        "a: 1\nb: [x, 'y', \"z\\n\", ~, null, '']\nc:\nd: {e: {}, f: []}\n",
        "# comment\n- folded\n  over lines\n- >\n  block\n  text\n- |\n  kept\n",
        "\xC3\xA4: \"\\u00e4\"\n",
        "\xEF\xBB\xBF"
        "behind: a mark\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check(texts[i], strlen(texts[i]), NULL);
}

static void numbers_of_several_bytes_survive(void **state)
{
    (void)state;
    static char text[40000];
    size_t length = 0;
    for (size_t i = 0; i < 300; i++)
        length += (size_t)sprintf(text + length, "- %0*d\n", (int)(i % 150) + 1, 7);
    check(text, length, NULL);
}

static void the_library_holds_what_its_files_say(void **state)
{
    (void)state;
    assert_true(abide__embedded_count > 0);
    for (size_t i = 0; i < abide__embedded_count; i++)
        check(abide__embedded[i].text, abide__embedded[i].length_bytes, abide__embedded[i].packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_node_survives),
        cmocka_unit_test(numbers_of_several_bytes_survive),
        cmocka_unit_test(the_library_holds_what_its_files_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
