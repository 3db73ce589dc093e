/* Parallel moves, against a machine that carries the steps out. */
#include "moves.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILES     2
#define REGISTERS 12 /* of a file; scratch ones behind them */
#define SCRATCH   2
#define WORDS     12
#define MOST      (FILES * REGISTERS + WORDS)

struct machine {
    int registers[FILES][REGISTERS + SCRATCH];
    int words[WORDS];
};

static int *cell(struct machine *machine, const struct abide_spot *spot)
{
    return spot->is_memory ? &machine->words[spot->index]
                           : &machine->registers[spot->file][spot->index];
}

static struct machine started(void)
{
    struct machine machine;
    int next = 1;
    for (int file = 0; file < FILES; file++)
        for (int i = 0; i < REGISTERS + SCRATCH; i++)
            machine.registers[file][i] = next++;
    for (int i = 0; i < WORDS; i++)
        machine.words[i] = next++;
    return machine;
}

static void carry_out(struct machine *machine, const abide_move_list *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct abide_move *step = &steps->items[i];
        assert_false(step->to.is_memory && step->from.is_memory);
        assert_int_equal(step->to.file, step->from.file);
        int *to = cell(machine, &step->to), *from = cell(machine, &step->from);
        int old = *to;
        *to = *from;
        if (step->is_swap) {
            assert_false(step->to.is_memory || step->from.is_memory);
            *from = old;
        }
    }
}

static bool is_source(const struct abide_move *moves, size_t count, const struct abide_spot *spot)
{
    for (size_t i = 0; i < count; i++)
        if (moves[i].from.is_memory == spot->is_memory && moves[i].from.index == spot->index &&
            (spot->is_memory || moves[i].from.file == spot->file))
            return true;
    return false;
}

/* What is no destination stays, but for scratch registers. */
static void check(const struct abide_move *moves, size_t count, const abide_move_list *steps)
{
    struct machine expected = started(), before = started(), machine = started();
    for (size_t i = 0; i < count; i++)
        *cell(&expected, &moves[i].to) = *cell(&before, &moves[i].from);
    carry_out(&machine, steps);
    for (int file = 0; file < FILES; file++)
        assert_memory_equal(machine.registers[file], expected.registers[file],
                            REGISTERS * sizeof(int));
    assert_memory_equal(machine.words, expected.words, sizeof machine.words);
}

/* With so many scratch registers in each file, and instructions that swap or not. */
static bool resolves(const struct abide_move *moves, size_t count, size_t scratch_count, bool swaps)
{
    const bool can_swap[FILES] = {swaps, swaps};
    struct abide_spot spots[FILES * SCRATCH];
    size_t spot_count = 0;
    for (uint32_t file = 0; file < FILES; file++)
        for (uint32_t i = 0; i < scratch_count; i++)
            spots[spot_count++] = (struct abide_spot){false, file, REGISTERS + i};
    const struct abide_move_scratch scratch = {spots, spot_count, can_swap};
    abide_ctx *ctx = abide_ctx_new(NULL);
    abide_move_list steps = {0};
    bool fine = abide_moves__resolve(ctx, moves, count, &scratch, &steps);
    if (fine)
        check(moves, count, &steps);
    assert_true(fine || scratch_count < SCRATCH);
    abide_ctx_free(ctx);
    return fine;
}

static void resolves_all_ways(const struct abide_move *moves, size_t count)
{
    for (size_t scratch_count = 0; scratch_count <= SCRATCH; scratch_count++)
        for (int swaps = 0; swaps < 2; swaps++)
            resolves(moves, count, scratch_count, swaps);
}

/* Two registers and words of memory in every combination of sources: 6 places, 3 of them destinations, and all permutations. */
static void resolves_every_map_of_few_places(void **state)
{
    (void)state;
    static const struct abide_spot places[] = {{false, 0, 0}, {false, 0, 1}, {false, 0, 2},
                                               {true, 0, 0},  {true, 0, 1},  {true, 0, 2}};
    enum { COUNT = sizeof places / sizeof *places };
    for (int code = 0; code < 7 * 7 * 7 * 7 * 7 * 7; code++) {
        struct abide_move moves[COUNT];
        size_t count = 0;
        for (int i = 0, rest = code; i < COUNT; i++, rest /= 7)
            if (rest % 7 < COUNT)
                moves[count++] = (struct abide_move){.to = places[i], .from = places[rest % 7]};
        if (code % 8 == 0 || count <= 4)
            resolves_all_ways(moves, count);
    }
}

/* Only registers: swaps are enough, and so is one scratch register. */
static void resolves_permutations_by_swaps(void **state)
{
    (void)state;
    enum { COUNT = 6 };
    for (int code = 0; code < 720; code++) {
        uint32_t order[COUNT] = {0, 1, 2, 3, 4, 5};
        struct abide_move moves[COUNT];
        for (int i = COUNT, rest = code; i > 1; rest /= i, i--) {
            uint32_t one = order[i - 1];
            order[i - 1] = order[rest % i];
            order[rest % i] = one;
        }
        for (uint32_t i = 0; i < COUNT; i++)
            moves[i] = (struct abide_move){.to = {false, 0, i}, .from = {false, 0, order[i]}};
        assert_true(resolves(moves, COUNT, 0, true));
        assert_true(resolves(moves, COUNT, 1, false));
    }
}

static struct abide_spot any_place(uint32_t file)
{
    bool is_memory = rand() % 3 == 0;
    uint32_t index = (uint32_t)rand() % (is_memory ? WORDS : REGISTERS);
    return (struct abide_spot){is_memory, file, index};
}

static void resolves_many(void **state)
{
    (void)state;
    srand(1);
    for (int round = 0; round < 20000; round++) {
        struct abide_move moves[MOST];
        size_t count = 0;
        for (int i = rand() % 24; i > 0; i--) {
            uint32_t file = (uint32_t)rand() % FILES;
            struct abide_move move = {.to = any_place(file), .from = any_place(file)};
            bool is_taken = false;
            for (size_t k = 0; k < count; k++)
                is_taken =
                    is_taken || is_source(&(struct abide_move){.from = moves[k].to}, 1, &move.to);
            if (!is_taken)
                moves[count++] = move;
        }
        resolves_all_ways(moves, count);
    }
}

/* Nothing is in the way, so nothing is moved twice. */
static void makes_no_step_too_many(void **state)
{
    (void)state;
    const struct abide_move moves[] = {{.to = {false, 0, 1}, .from = {false, 0, 0}},
                                       {.to = {false, 0, 2}, .from = {false, 0, 1}},
                                       {.to = {true, 0, 0}, .from = {true, 0, 1}},
                                       {.to = {false, 0, 3}, .from = {false, 0, 3}}};
    abide_ctx *ctx = abide_ctx_new(NULL);
    abide_move_list steps = {0};
    assert_true(abide_moves__resolve(ctx, moves, 4, &(struct abide_move_scratch){0}, &steps));
    assert_int_equal(steps.count, 4);
    abide_ctx_free(ctx);
}

/* Two words that change places need two registers. */
static void says_when_registers_are_too_few(void **state)
{
    (void)state;
    const struct abide_move moves[] = {{.to = {true, 0, 0}, .from = {true, 0, 1}},
                                       {.to = {true, 0, 1}, .from = {true, 0, 0}}};
    assert_false(resolves(moves, 2, 1, true));
    assert_true(resolves(moves, 2, 2, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(resolves_every_map_of_few_places),
                                       cmocka_unit_test(resolves_permutations_by_swaps),
                                       cmocka_unit_test(resolves_many),
                                       cmocka_unit_test(makes_no_step_too_many),
                                       cmocka_unit_test(says_when_registers_are_too_few)};
    return cmocka_run_group_tests_name("moves", tests, NULL, NULL);
}
