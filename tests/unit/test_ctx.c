/* Memory, interned strings, growing arrays and texts, and the way out. */
#include "base/ctx.h"
#include "cmocka_all.h"

#include <stdalign.h>
#include <string.h>

static int setup(void **state)
{
    *state = abide_ctx_new(NULL);
    return *state == NULL;
}

static int teardown(void **state)
{
    abide_ctx_free(*state);
    return 0;
}

static void memory_is_zero_and_aligned(void **state)
{
    abide_ctx *ctx = *state;
    struct abide_guard guard;
    assert_int_equal(setjmp(*abide__guard_enter(ctx, &guard)), 0);
    for (size_t size_bytes = 0; size_bytes < 3000; size_bytes += 7) {
        unsigned char *block = abide__alloc(ctx, size_bytes);
        assert_int_equal((uintptr_t)block % alignof(max_align_t), 0);
        for (size_t i = 0; i < size_bytes; i++)
            assert_int_equal(block[i], 0);
        memset(block, 0xFF, size_bytes);
    }
    abide__guard_leave(ctx, &guard);
}

static void large_objects_leave_the_block_in_use(void **state)
{
    abide_ctx *ctx = *state;
    struct abide_guard guard;
    assert_int_equal(setjmp(*abide__guard_enter(ctx, &guard)), 0);
    char *before = abide__alloc(ctx, 16);
    abide__alloc(ctx, 1 << 20);
    char *after = abide__alloc(ctx, 16);
    assert_true(after > before && after - before < 256);
    abide__guard_leave(ctx, &guard);
}

static void impossible_sizes_unwind(void **state)
{
    abide_ctx *ctx = *state;
    const size_t counts[] = {SIZE_MAX, SIZE_MAX / 8 + 2, SIZE_MAX - 8};
    for (volatile size_t i = 0; i < 3; i++) {
        struct abide_guard guard;
        if (!setjmp(*abide__guard_enter(ctx, &guard))) {
            abide__alloc_array(ctx, counts[i], 8);
            fail_msg("an array of %zu objects was made", counts[i]);
        }
    }
    assert_int_equal(abide_ctx_diag_count(ctx), 1); /* told once until it is cleared */
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "out-of-memory");
    assert_null(ctx->guard);
}

struct held {
    int order;
    int *count;
};

static void release(void *object)
{
    struct held *held = object;
    held->order = ++*held->count;
}

static void unwinding_releases_in_reverse_order(void **state)
{
    abide_ctx *ctx = *state;
    int count = 0;
    struct held first = {0, &count};
    struct held second = {0, &count};
    struct abide_resource resources[2];
    struct abide_guard guard;
    if (!setjmp(*abide__guard_enter(ctx, &guard))) {
        abide__guard_own(ctx, &resources[0], release, &first);
        abide__guard_own(ctx, &resources[1], release, &second);
        abide__out_of_memory(ctx);
    }
    assert_int_equal(second.order, 1);
    assert_int_equal(first.order, 2);
}

static void an_inner_guard_stops_the_unwinding(void **state)
{
    abide_ctx *ctx = *state;
    struct abide_guard outer;
    bool inner_caught = false;
    if (setjmp(*abide__guard_enter(ctx, &outer)))
        fail_msg("the outer guard was reached");
    struct abide_guard inner;
    if (!setjmp(*abide__guard_enter(ctx, &inner)))
        abide__out_of_memory(ctx);
    else
        inner_caught = true;
    assert_true(inner_caught);
    assert_ptr_equal(ctx->guard, &outer);
    abide__guard_leave(ctx, &outer);
}

static void equal_texts_are_the_same_pointer(void **state)
{
    abide_ctx *ctx = *state;
    struct abide_guard guard;
    assert_int_equal(setjmp(*abide__guard_enter(ctx, &guard)), 0);
    const char *names[1000];
    for (size_t i = 0; i < 1000; i++)
        names[i] = abide__intern_text(ctx, abide__printf(ctx, "name %zu", i));
    for (size_t i = 0; i < 1000; i++) {
        const char *again = abide__printf(ctx, "name %zu and more", i);
        assert_ptr_equal(abide__intern(ctx, again, strlen(again) - 9), names[i]);
        assert_ptr_not_equal(abide__intern_text(ctx, again), names[i]);
    }
    assert_string_equal(abide__intern(ctx, "x", 0), "");
    abide__guard_leave(ctx, &guard);
}

static void arrays_grow(void **state)
{
    abide_ctx *ctx = *state;
    struct abide_guard guard;
    assert_int_equal(setjmp(*abide__guard_enter(ctx, &guard)), 0);
    ABIDE_VEC(size_t) numbers = {0};
    for (size_t i = 0; i < 10000; i++) {
        abide__push(ctx, &numbers, i);
        if (i % 100 == 0)
            abide__alloc(ctx, 1); /* so that it cannot always grow in place */
    }
    for (size_t i = 0; i < 10000; i++)
        assert_int_equal(numbers.items[i], i);
    abide__guard_leave(ctx, &guard);
}

static void texts_grow(void **state)
{
    abide_ctx *ctx = *state;
    struct abide_guard guard;
    assert_int_equal(setjmp(*abide__guard_enter(ctx, &guard)), 0);
    struct abide_text text = {0};
    for (int i = 0; i < 1000; i++) {
        abide__text_add(ctx, &text, "ab", 2);
        abide__text_printf(ctx, &text, "%d,", i % 10);
    }
    assert_int_equal(text.length_bytes, 4000);
    assert_int_equal(strlen(text.chars), 4000);
    assert_memory_equal(text.chars + 3996, "ab9,", 5);
    abide__guard_leave(ctx, &guard);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(memory_is_zero_and_aligned),
        TEST(large_objects_leave_the_block_in_use),
        TEST(impossible_sizes_unwind),
        TEST(unwinding_releases_in_reverse_order),
        TEST(an_inner_guard_stops_the_unwinding),
        TEST(equal_texts_are_the_same_pointer),
        TEST(arrays_grow),
        TEST(texts_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
