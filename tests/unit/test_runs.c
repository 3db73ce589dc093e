/* Lists of runs: joined, put one behind the other, taken apart. */
#include "plan/runs.h"

#include "abide/abide.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static abide_ctx *ctx;

static int setup(void **state)
{
    (void)state;
    ctx = abide_ctx_new(NULL);
    return ctx ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    abide_ctx_free(ctx);
    return 0;
}

static void assert_run(const struct abide_run *run, uint64_t from, uint64_t from_size, uint64_t to,
                       uint64_t to_size)
{
    assert_int_equal(run->from_bytes, from);
    assert_int_equal(run->from_size_bytes, from_size);
    assert_int_equal(run->to_bytes, to);
    assert_int_equal(run->to_size_bytes, to_size);
}

/* Parameters in order of the struct: from, to, sizes. */
#define RUN(...) ((struct abide_run){__VA_ARGS__})

static struct abide_runs list(const struct abide_run *items, size_t count)
{
    struct abide_runs runs = {0};
    for (size_t i = 0; i < count; i++)
        abide__push(ctx, &runs, items[i]);
    return runs;
}

#define LIST(...)                           \
    list((struct abide_run[]){__VA_ARGS__}, \
         sizeof(struct abide_run[]){__VA_ARGS__} / sizeof(struct abide_run))

static void neighbours_at_one_distance_are_one(void **state)
{
    (void)state;
    struct abide_runs runs = {0};
    abide_runs__add(ctx, &runs, RUN(0, 8, 4, 4, 0));
    abide_runs__add(ctx, &runs, RUN(8, 16, 8, 8, 0)); /* with the padding between */
    abide_runs__add(ctx, &runs, RUN(16, 32, 8, 8, 0));
    assert_int_equal(runs.count, 2);
    assert_run(&runs.items[0], 0, 16, 8, 16);
    assert_run(&runs.items[1], 16, 8, 32, 8);
}

static void words_go_through_memory(void **state)
{
    (void)state;
    /* A tag of four bytes and a payload become a tag of one byte, and again one of four. */
    struct abide_runs to_memory = LIST(RUN(0, 0, 4, 1, 0), RUN(8, 8, 8, 8, 0)), both = {0};
    struct abide_runs to_words = LIST(RUN(0, 4, 1, 4, ABIDE_EXTEND_ZERO), RUN(8, 16, 8, 8, 0));
    abide_runs__compose(ctx, &to_memory, &to_words, false, &both);
    assert_int_equal(both.count, 2);
    assert_run(&both.items[0], 0, 1, 4, 4); /* no more than the byte arrives */
    assert_int_equal(both.items[0].widen, ABIDE_EXTEND_ZERO);
    assert_run(&both.items[1], 8, 8, 16, 8);
    both = (struct abide_runs){0};
    abide_runs__compose(ctx, &to_memory, &to_words, true, &both);
    assert_run(&both.items[0], 3, 1, 4, 4); /* which is the last one here */
}

static void a_run_is_cut_where_its_source_ends(void **state)
{
    (void)state;
    struct abide_runs parts = LIST(RUN(0, 8, 8, 8, 0), RUN(8, 0, 8, 8, 0)), both = {0};
    struct abide_runs whole = LIST(RUN(4, 0, 8, 8, 0));
    abide_runs__compose(ctx, &parts, &whole, false, &both);
    assert_int_equal(both.count, 2);
    assert_run(&both.items[0], 0, 4, 4, 4);
    assert_run(&both.items[1], 12, 4, 0, 4);
}

static void cases_that_agree_are_united(void **state)
{
    (void)state;
    struct abide_runs cases = LIST(RUN(8, 8, 8, 8, 0), RUN(0, 0, 1, 4, 0), RUN(8, 8, 4, 4, 0),
                                   RUN(12, 12, 4, 4, 0), RUN(0, 0, 1, 4, 0)),
                      united = {0};
    assert_true(abide_runs__unite(ctx, &cases, &united));
    assert_int_equal(united.count, 2);
    assert_run(&united.items[0], 0, 1, 0, 4);
    assert_run(&united.items[1], 8, 8, 8, 8);
}

static void cases_that_differ_are_not(void **state)
{
    (void)state;
    struct abide_runs cases = LIST(RUN(8, 8, 8, 8, 0), RUN(16, 12, 4, 4, 0)), united = {0};
    assert_false(abide_runs__unite(ctx, &cases, &united));
    struct abide_runs widened = LIST(RUN(0, 0, 1, 4, 0), RUN(0, 0, 2, 4, 0)), other = {0};
    assert_false(abide_runs__unite(ctx, &widened, &other));
}

static void a_part_reads_its_own_bytes_only(void **state)
{
    (void)state;
    struct abide_runs runs = LIST(RUN(0, 16, 16, 16, 0), RUN(16, 0, 1, 4, 0)), part = {0};
    abide_runs__reading(ctx, &runs, 8, 8, &part);
    assert_int_equal(part.count, 1);
    assert_run(&part.items[0], 0, 8, 24, 8);
    part = (struct abide_runs){0};
    abide_runs__reading(ctx, &runs, 16, 4, &part);
    assert_int_equal(part.count, 1);
    assert_run(&part.items[0], 0, 1, 0, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_at_one_distance_are_one),
        cmocka_unit_test(words_go_through_memory),
        cmocka_unit_test(a_run_is_cut_where_its_source_ends),
        cmocka_unit_test(cases_that_agree_are_united),
        cmocka_unit_test(cases_that_differ_are_not),
        cmocka_unit_test(a_part_reads_its_own_bytes_only),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
