/* Input texts: files, folders, limits, places. */
#include "base/diag.h"
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static const char *failure_of(abide_ctx *ctx, const char *path)
{
    assert_null(abide_source__from_file(ctx, path));
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    const char *id = abide_diag_id(abide_ctx_diag_at(ctx, 0));
    abide_ctx_clear_diags(ctx);
    return id;
}

static void missing_files_folders_and_large_files_are_refused(void **state)
{
    char path[] = "/tmp/abide-source-XXXXXX";
    int file = mkstemp(path);
    assert_string_equal(failure_of(*state, "/nonexistent/x.yaml"), "missing-file");
    assert_string_equal(failure_of(*state, "/tmp"), "unreadable-file");
    assert_string_equal(failure_of(*state, "/dev/zero"), "unreadable-file");
    assert_int_equal(ftruncate(file, (off_t)ABIDE_SOURCE_MAX_BYTES + 1), 0);
    close(file);
    struct abide_ctx *ctx = *state;
    assert_string_equal(failure_of(ctx, path), "file-too-large");
    unlink(path);
}

static void pipes_are_read_to_their_end(void **state)
{
    abide_ctx *ctx = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    if (fork() == 0) {
        close(ends[0]);
        for (int i = 0; i < 3000; i++)
            if (write(ends[1], "0123456789", 10) != 10)
                break;
        _exit(0);
    }
    close(ends[1]);
    const char *path = abide__printf(ctx, "/dev/fd/%d", ends[0]);
    const struct abide_source *source = abide_source__from_file(ctx, path);
    assert_non_null(source);
    assert_int_equal(source->length_bytes, 30000);
    assert_int_equal(source->text[30000], '\0');
    close(ends[0]);
}

static void positions_count_lines_and_code_points(void **state)
{
    const char *text = "a\r\n\xC3\xA9\xC3\xA9 x\n\ny";
    const struct abide_source *source = abide_source__from_text(*state, "f", text, strlen(text));
    static const struct {
        size_t byte;
        unsigned line, column;
    } cases[] = {{0, 1, 1}, {3, 2, 1}, {5, 2, 2}, {8, 2, 4}, {10, 3, 1}, {11, 4, 1}, {12, 4, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct abide_place place = {source, cases[i].byte, cases[i].byte};
        abide_position position = abide_place__position(place);
        assert_int_equal(position.line, cases[i].line);
        assert_int_equal(position.column, cases[i].column);
    }
    assert_null(abide_place__position(ABIDE_NOWHERE).file);
}

static void inner_places_stay_inside(void **state)
{
    const struct abide_source *source = abide_source__from_text(*state, "f", "0123456789", 10);
    struct abide_place place = {source, 2, 6};
    struct abide_place inner = abide_place__within(place, 1, 2);
    assert_int_equal(inner.start_bytes, 3);
    assert_int_equal(inner.end_bytes, 5);
    inner = abide_place__within(place, 3, SIZE_MAX);
    assert_int_equal(inner.end_bytes, 6);
    inner = abide_place__within(place, SIZE_MAX, 1);
    assert_int_equal(inner.start_bytes, 6);
    assert_int_equal(inner.end_bytes, 6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(missing_files_folders_and_large_files_are_refused),
        TEST(pipes_are_read_to_their_end),
        TEST(positions_count_lines_and_code_points),
        TEST(inner_places_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
