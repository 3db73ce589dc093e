/*
 * The capture program: calls each compiled callee with every argument place
 * filled, and writes down what the callee found; lets each compiled caller
 * call a stub that fills every result place, and writes down what it got.
 *
 * This file, a stub for the architecture and a generated batch of callees and
 * callers make one program.  It decides nothing: the oracle reads the bytes.
 * What it must find out by itself is which places hold addresses, since a
 * callee follows them.
 */
#include "capture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct capture_case {
    void (*callee)(void);
    void (*caller)(unsigned char *out);
    unsigned parameter_count;
    const unsigned *parameter_sizes_bytes;
    unsigned result_size_bytes;
};

/* From the batch. */
extern const struct capture_case capture_cases[];
extern const unsigned capture_case_count;
extern unsigned capture_numbers[];
extern const unsigned capture_number_count;
void capture_probe(void);

/* From the stub. */
/* A register that holds floats in a format of its own, or -1. */
extern const int capture_converting_place;
/* Where narrow floats need ones above them: first and end of the places, of arguments and of results. */
extern const int capture_boxing_places[4];
void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results);
void capture_reset(void);
extern unsigned char capture_result_image[RESULT_IMAGE_BYTES];

/* For the batch. */
unsigned char *capture_out;
_Alignas(16) unsigned char capture_pattern[CELL_BYTES];

enum {
    WORD_BYTES = sizeof(void *),
    IMAGE_WORDS = IMAGE_BYTES / WORD_BYTES,
    /* Result words that may give a hidden address back: a bit each. */
    RETURN_WORDS = 32,
};

struct findings {
    int crashed;
    int pointer_places[MAX_PARAMETERS]; /* -1: not by reference */
    int hidden_place;                   /* -1: no hidden result pointer */
    unsigned returned_words;            /* result words that hold the hidden pointer */
};

enum { OUT_BYTES = MAX_PARAMETERS * CELL_BYTES };

static _Alignas(256) unsigned char cells[IMAGE_WORDS][CELL_BYTES];
static unsigned char noise[POINTER_RUNS][IMAGE_WORDS][CELL_BYTES];
static unsigned char codes[VALUE_RUNS][IMAGE_BYTES];
/* The second half of the runs is for boxed floats. */
static unsigned char outs[2 * VALUE_RUNS][OUT_BYTES];
static _Alignas(64) unsigned char image[IMAGE_BYTES];
static _Alignas(64) unsigned char results[RESULT_IMAGE_BYTES];
static sigjmp_buf after_crash;

static void on_crash(int number)
{
    (void)number;
    siglongjmp(after_crash, 1);
}

static void catch_crashes(void)
{
    static _Alignas(16) unsigned char signal_stack[65536];
    stack_t stack = {.ss_sp = signal_stack, .ss_size = sizeof signal_stack};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};
    sigaltstack(&stack, NULL);
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGILL, &action, NULL);
    sigaction(SIGFPE, &action, NULL);
}

static void fill_tables(void)
{
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < sizeof noise; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (&noise[0][0][0])[i] = (unsigned char)(state >> 24);
    }
    for (size_t i = 0; i < sizeof capture_pattern; i++)
        capture_pattern[i] = (unsigned char)(i * 37 + 11);
    for (unsigned run = 0; run < VALUE_RUNS; run++)
        for (unsigned place = 0; place < IMAGE_BYTES; place++)
            codes[run][place] = capture_code(place, run);
}

static void put_pointer(unsigned word)
{
    uintptr_t address = (uintptr_t)cells[word];
    memcpy(image + word * WORD_BYTES, &address, sizeof address);
}

static void call_callee(const struct capture_case *test, unsigned run)
{
    memset(outs[run], 0, OUT_BYTES);
    capture_out = outs[run];
    capture_call(image, test->callee, results);
    capture_reset();
}

/* The word whose cell the callee wrote to, or -1. */
static int written_cell(unsigned run)
{
    for (unsigned word = 0; word < IMAGE_WORDS; word++)
        if (memcmp(cells[word], noise[run][word], CELL_BYTES) != 0)
            return (int)word;
    return -1;
}

static unsigned words_equal_to(uintptr_t address)
{
    unsigned words = 0;
    for (unsigned word = 0; word < RETURN_WORDS; word++)
        if (memcmp(results + word * WORD_BYTES, &address, sizeof address) == 0)
            words |= 1u << word;
    return words;
}

/* The word whose cell held what was found at `offset` in every run, or -1. */
static int cell_read(unsigned offset, unsigned size_bytes)
{
    for (unsigned word = 0; word < IMAGE_WORDS; word++) {
        unsigned run = 0;
        while (run < POINTER_RUNS && memcmp(outs[run] + offset, noise[run][word], size_bytes) == 0)
            run++;
        if (run == POINTER_RUNS)
            return (int)word;
    }
    return -1;
}

/* Every word holds a pointer to its own cell: who reads or writes a cell? */
static void find_pointers(const struct capture_case *test, struct findings *found)
{
    for (unsigned word = 0; word < IMAGE_WORDS; word++)
        put_pointer(word);
    found->hidden_place = -1;
    for (unsigned run = 0; run < POINTER_RUNS; run++) {
        memcpy(cells, noise[run], sizeof cells);
        call_callee(test, run);
        int word = written_cell(run);
        if (word < 0)
            continue;
        found->hidden_place = word * WORD_BYTES;
        found->returned_words = words_equal_to((uintptr_t)cells[word]);
    }
    unsigned offset = 0;
    for (unsigned i = 0; i < test->parameter_count; i++) {
        unsigned size_bytes = test->parameter_sizes_bytes[i];
        int word = size_bytes == 0 ? -1 : cell_read(offset, size_bytes);
        found->pointer_places[i] = word < 0 ? -1 : word * WORD_BYTES;
        offset += size_bytes;
    }
}

/* The codes of a run; of its second half, with ones in the upper half of every register that boxes. */
static void copy_codes(unsigned char *to, size_t size_bytes, unsigned run, const int places[2])
{
    enum { REGISTER_BYTES = 8 };
    memcpy(to, codes[run % VALUE_RUNS], size_bytes);
    for (int place = places[0]; run >= VALUE_RUNS && place < places[1]; place += REGISTER_BYTES)
        memset(to + place + REGISTER_BYTES / 2, 0xff, REGISTER_BYTES / 2);
}

static unsigned value_runs(void)
{
    return capture_boxing_places[0] < capture_boxing_places[1] ? 2 * VALUE_RUNS : VALUE_RUNS;
}

static void capture_values(const struct capture_case *test, const struct findings *found)
{
    for (unsigned run = 0; run < value_runs(); run++) {
        copy_codes(image, IMAGE_BYTES, run, capture_boxing_places);
        for (unsigned i = 0; i < test->parameter_count; i++)
            if (found->pointer_places[i] >= 0)
                put_pointer((unsigned)found->pointer_places[i] / WORD_BYTES);
        if (found->hidden_place >= 0)
            put_pointer((unsigned)found->hidden_place / WORD_BYTES);
        call_callee(test, run);
    }
}

static void capture_results(const struct capture_case *test)
{
    for (unsigned run = 0; run < value_runs(); run++) {
        copy_codes(capture_result_image, RESULT_IMAGE_BYTES, run, capture_boxing_places + 2);
        memset(outs[run], 0, OUT_BYTES);
        test->caller(outs[run]);
        capture_reset();
    }
}

/* Does the caller take its result from the converting register?  A float of every run says so. */
static bool is_converted(const struct capture_case *test)
{
    unsigned char *place = capture_result_image + capture_converting_place;
    if (capture_converting_place < 0)
        return false;
    for (unsigned run = 0; run < POINTER_RUNS; run++) {
        float narrow = 1.5f + (float)run;
        double wide = narrow;
        long double held = narrow;
        memcpy(capture_result_image, codes[run], RESULT_IMAGE_BYTES);
        memcpy(place, &held, sizeof held);
        test->caller(outs[0]);
        capture_reset();
        bool is_narrow = test->result_size_bytes == sizeof narrow &&
                         memcmp(outs[0], &narrow, sizeof narrow) == 0;
        bool is_wide =
            test->result_size_bytes == sizeof wide && memcmp(outs[0], &wide, sizeof wide) == 0;
        if (!is_narrow && !is_wide)
            return false;
    }
    return true;
}

static void write_number(FILE *file, unsigned value)
{
    unsigned char bytes[4] = {
        (unsigned char)value,
        (unsigned char)(value >> 8),
        (unsigned char)(value >> 16),
        (unsigned char)(value >> 24),
    };
    fwrite(bytes, 1, sizeof bytes, file);
}

static void write_runs(FILE *file, unsigned offset, unsigned size_bytes)
{
    for (unsigned run = 0; run < value_runs(); run++)
        fwrite(outs[run] + offset, 1, size_bytes, file);
}

static void write_parameters(FILE *file, const struct capture_case *test,
                             const struct findings *found)
{
    unsigned offset = 0;
    for (unsigned i = 0; i < test->parameter_count; i++) {
        unsigned size_bytes = test->parameter_sizes_bytes[i];
        write_number(file, size_bytes);
        write_number(file, (unsigned)found->pointer_places[i]);
        if (found->pointer_places[i] < 0)
            write_runs(file, offset, size_bytes);
        offset += size_bytes;
    }
}

static void run_case(FILE *file, const struct capture_case *test)
{
    static struct findings found;
    memset(&found, 0, sizeof found);
    if (sigsetjmp(after_crash, 1) != 0) {
        capture_reset();
        write_number(file, 1);
        return;
    }
    find_pointers(test, &found);
    capture_values(test, &found);
    static long before;
    before = ftell(file);
    write_number(file, 0);
    write_parameters(file, test, &found);
    write_number(file, test->result_size_bytes);
    write_number(file, (unsigned)found.hidden_place);
    write_number(file, found.returned_words);
    if (test->result_size_bytes == 0 || found.hidden_place >= 0)
        return;
    if (sigsetjmp(after_crash, 1) != 0) {
        capture_reset();
        fseek(file, before, SEEK_SET);
        write_number(file, 1);
        return;
    }
    capture_results(test);
    write_runs(file, 0, test->result_size_bytes);
    write_number(file, is_converted(test) ? (unsigned)capture_converting_place : UINT32_MAX);
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "wb") : NULL;
    if (file == NULL)
        return 2;
    fill_tables();
    catch_crashes();
    capture_probe();
    write_number(file, capture_number_count);
    for (unsigned i = 0; i < capture_number_count; i++)
        write_number(file, capture_numbers[i]);
    for (unsigned i = 0; i < capture_case_count; i++)
        run_case(file, &capture_cases[i]);
    return fclose(file) == 0 ? 0 : 2;
}
