/*
 * Calls each compiled callee with every argument place filled, and writes down what the callee found; lets each compiled
 * caller call a stub that fills every result place, and writes down what it got.
 *
 * This file, the runtime, the stub of the architecture and a generated batch of callees and callers make one program. It
 * decides nothing: the oracle reads the bytes. What it must find out by itself is which places hold addresses, since a
 * callee follows them.
 */
#include "capture-target.h" /* written by the oracle, from the data of the architecture */
#include "runtime.h"

#include <stdarg.h>

struct capture_case {
    void (*callee)(void);
    void (*caller)(unsigned char *out);
    const unsigned char *result; /* where the caller puts it; 0: to `out` */
    unsigned parameter_count;
    const unsigned *parameter_sizes_bytes;
    unsigned result_size_bytes;
    unsigned is_variadic;
    unsigned which; /* of the callers that are one function */
};

/* From the batch. */
extern const struct capture_case capture_cases[];
extern const unsigned capture_case_count;
extern unsigned capture_numbers[];
extern const unsigned capture_number_count;
void capture_probe(void);
void capture_prepare(void); /* before anything else: sizes that only the program knows */

/* For the batch. */
unsigned char *capture_out;
unsigned capture_which;
void capture_take(const void *first, ...);
_Alignas(64) unsigned char capture_pattern[CELL_BYTES];

enum {
    /* Result words that may give a hidden address back: a bit each. */
    RETURN_WORDS = 32,
    OUT_BYTES = MAX_PARAMETERS * CELL_BYTES,
    STACK_RUNS = 2, /* to look at the stack: what a callee writes may be there already */
};

struct findings {
    int pointer_places[MAX_PARAMETERS]; /* -1: not by reference */
    int hidden_place;                   /* -1: no hidden result pointer */
    unsigned returned_words;            /* result words that hold the hidden pointer */
    unsigned popped_bytes;              /* by the callee, of the stack */
    unsigned touched_bytes; /* where the last byte of the window ends that the callee wrote to */
};

/* The last entry of each list ends it. */
static const struct capture_range argument_boxes[] = {CAPTURE_ARGUMENT_BOXES{0, 0}};
static const struct capture_range result_boxes[] = {CAPTURE_RESULT_BOXES{0, 0}};
/* Their formats instead of sizes: 1 is double, 2 the wider long double; 0 ends the list. */
static const struct capture_range argument_converts[] = {CAPTURE_ARGUMENT_CONVERTS{0, 0}};
static const struct capture_range result_converts[] = {CAPTURE_RESULT_CONVERTS{0, 0}};
static const struct capture_range variadic_numbers[] = {CAPTURE_VARIADIC{IMAGE_BYTES, 0}};

static _Alignas(256) unsigned char cells[POINTER_RUNS][IMAGE_WORDS][CELL_BYTES];
static _Alignas(256) unsigned char noise[POINTER_RUNS][IMAGE_WORDS][CELL_BYTES];
static _Alignas(64) unsigned char codes[VALUE_RUNS][IMAGE_BYTES];
/* Runs of codes, the same with boxed floats, and runs of numbers. */
static _Alignas(64) unsigned char outs[2 * VALUE_RUNS + NUMBER_RUNS][OUT_BYTES];
static _Alignas(64) unsigned char pointers[POINTER_RUNS][IMAGE_BYTES];
static _Alignas(64) unsigned char image[IMAGE_BYTES];
static _Alignas(64) unsigned char results[RESULT_IMAGE_BYTES];

static void put_pointer(unsigned char *to, unsigned run, unsigned word)
{
    uintptr_t address = (uintptr_t)cells[run][word];
    memcpy(to + word * WORD_BYTES, &address, sizeof address);
}

static void fill_tables(void)
{
    uint32_t state = 2463534242u;
    for (size_t i = 0; i < sizeof noise; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        unsigned char byte = (unsigned char)(state >> 12);
        /* Nothing is zero, so that what was not copied shows; 80-bit floats are numbers, which copying leaves alone. */
        byte = i % 16 == 7 ? byte | 0xc0 : i % 16 == 9 ? byte & 0xbf : byte;
        (&noise[0][0][0])[i] = byte != 0 ? byte : 1;
    }
    memcpy(cells, noise, sizeof cells);
    for (size_t i = 0; i < sizeof capture_pattern; i++)
        capture_pattern[i] = (unsigned char)(i * 37 + 11);
    for (unsigned run = 0; run < VALUE_RUNS; run++)
        for (unsigned place = 0; place < IMAGE_BYTES; place++)
            codes[run][place] = capture_code(place, run);
    for (unsigned run = 0; run < POINTER_RUNS; run++)
        for (unsigned word = 0; word < IMAGE_WORDS; word++)
            put_pointer(pointers[run], run, word);
}

/* What the callee that runs makes known of its parameters: their addresses. */
static const struct capture_case *called;

void capture_take(const void *first, ...)
{
    unsigned char *out = capture_out;
    va_list more;
    va_start(more, first);
    for (unsigned i = 0; i < called->parameter_count; i++) {
        const void *parameter = i == 0 ? first : va_arg(more, const void *);
        memcpy(out, parameter, called->parameter_sizes_bytes[i]);
        out += called->parameter_sizes_bytes[i];
    }
    va_end(more);
}

static void nothing(void)
{
}

/* What the callee left of the stack that it was called with. The window still is where it was. */
static __attribute__((noinline)) void look_at_stack(uintptr_t start, struct findings *found)
{
    uintptr_t after = capture_address_at(results + STACK_POINTER_AFTER);
    const uintptr_t *window = (const uintptr_t *)start;
    const uintptr_t *given = (const uintptr_t *)(image + REGISTER_AREA_BYTES);
    if (!start)
        return;
    if (after - start > found->popped_bytes)
        found->popped_bytes = (unsigned)(after - start);
    for (unsigned end = STACK_WINDOW_BYTES; end > found->touched_bytes; end -= WORD_BYTES)
        if (window[end / WORD_BYTES - 1] != given[end / WORD_BYTES - 1])
            found->touched_bytes = end;
}

/*
 * `stack`: where the stack pointer is at the call, which shows after a call of a function without parameters. It is the same
 * at all calls from one place; NULL: nobody will ask.
 */
static __attribute__((noinline)) void call_callee(const struct capture_case *test, unsigned run,
                                                  uintptr_t *stack)
{
    unsigned out_bytes = 0;
    for (unsigned i = 0; i < test->parameter_count; i++)
        out_bytes += test->parameter_sizes_bytes[i];
    memset(outs[run], 0, out_bytes);
    capture_out = outs[run];
    called = test;
    for (const struct capture_range *r = variadic_numbers;
         test->is_variadic && r->place < IMAGE_BYTES; r++)
        memset(image + r->place, (int)r->size_bytes, 1);
    if (stack && !*stack) {
        capture_call_deep(image, nothing, results);
        *stack = capture_address_at(results + STACK_POINTER_AFTER);
    }
    capture_call_deep(image, test->callee, results);
    capture_reset();
}

/* The word whose cell the callee wrote to, or -1. */
static int written_cell(unsigned run)
{
    for (unsigned word = 0; word < IMAGE_WORDS; word++)
        if (memcmp(cells[run][word], noise[run][word], CELL_BYTES) != 0) {
            memcpy(cells[run][word], noise[run][word], CELL_BYTES);
            return (int)word;
        }
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

/* How many bytes at `offset` were in the cell of that word, in every run. */
static unsigned bytes_read(unsigned offset, unsigned size_bytes, unsigned word)
{
    unsigned count = 0;
    for (unsigned i = 0; i < size_bytes; i++) {
        unsigned run = 0;
        while (run < POINTER_RUNS && outs[run][offset + i] == noise[run][word][i])
            run++;
        count += run == POINTER_RUNS;
    }
    return count;
}

/* The word whose cell held what was found at `offset`, or -1. Compiled code need not copy padding, as that of x87 numbers. */
static int cell_read(unsigned offset, unsigned size_bytes)
{
    unsigned most = size_bytes / 4;
    int found = -1;
    for (unsigned word = 0; word < IMAGE_WORDS; word++) {
        unsigned count = bytes_read(offset, size_bytes, word);
        if (count > most) {
            most = count;
            found = (int)word;
        }
    }
    return found;
}

/* Every word holds a pointer to its own cell: who reads or writes a cell? */
static void find_pointers(const struct capture_case *test, struct findings *found)
{
    found->hidden_place = -1;
    found->returned_words = ~0u;
    for (unsigned run = 0; run < POINTER_RUNS; run++) {
        memcpy(image, pointers[run], IMAGE_BYTES);
        call_callee(test, run, NULL);
        int word = test->result_size_bytes == 0 ? -1 : written_cell(run);
        if (word < 0)
            continue;
        found->hidden_place = word * WORD_BYTES;
        found->returned_words &= words_equal_to((uintptr_t)cells[run][word]);
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
static void copy_codes(unsigned char *to, size_t size_bytes, unsigned run,
                       const struct capture_range *boxes)
{
    memcpy(to, codes[run % VALUE_RUNS], size_bytes);
    for (; run >= VALUE_RUNS && boxes->size_bytes; boxes++)
        memset(to + boxes->place, 0xff, boxes->size_bytes);
}

/* A float in every register that holds it in a format of its own. */
static void put_numbers(unsigned char *to, unsigned run, const struct capture_range *converts)
{
#if CAPTURE_HAS_CONVERTS /* elsewhere it might take a library to make numbers */
    for (unsigned i = 0; converts[i].size_bytes; i++) {
        double number = capture_number_of(i, run);
        memcpy(to + converts[i].place, &number, sizeof number);
#if CAPTURE_HAS_WIDER
        long double wide = number;
        if (converts[i].size_bytes == 2)
            memcpy(to + converts[i].place, &wide, sizeof wide);
#endif
    }
#else
    (void)to, (void)run, (void)converts;
#endif
}

static unsigned value_runs(void)
{
    return argument_boxes[0].size_bytes ? 2 * VALUE_RUNS : VALUE_RUNS;
}

static unsigned all_runs(const struct capture_range *converts)
{
    return value_runs() + (converts[0].size_bytes ? NUMBER_RUNS : 0);
}

static void fill(unsigned char *to, size_t size_bytes, unsigned run,
                 const struct capture_range *boxes, const struct capture_range *converts)
{
    if (run < value_runs()) {
        copy_codes(to, size_bytes, run, boxes);
        return;
    }
    copy_codes(to, size_bytes, 0, boxes);
    put_numbers(to, run - value_runs(), converts);
}

/* It is the only one to look, so that all its calls have the same stack pointer. */
static __attribute__((noinline)) void capture_values(const struct capture_case *test,
                                                     struct findings *found)
{
    static uintptr_t stack;
    found->popped_bytes = found->touched_bytes = 0;
    for (unsigned run = 0; run < all_runs(argument_converts); run++) {
        fill(image, IMAGE_BYTES, run, argument_boxes, argument_converts);
        for (unsigned i = 0; i < test->parameter_count; i++)
            if (found->pointer_places[i] >= 0)
                put_pointer(image, 0, (unsigned)found->pointer_places[i] / WORD_BYTES);
        if (found->hidden_place >= 0)
            put_pointer(image, 0, (unsigned)found->hidden_place / WORD_BYTES);
        call_callee(test, run, &stack);
        if (run < STACK_RUNS)
            look_at_stack(stack, found);
        if (found->hidden_place >= 0) {
            unsigned word = (unsigned)found->hidden_place / WORD_BYTES;
            memcpy(cells[0][word], noise[0][word], CELL_BYTES);
        }
    }
}

/* The caller that is to be called next, and where it puts what it gets. */
static struct {
    void (*caller)(unsigned char *out);
    unsigned char *out;
} next_call;

static void call_caller(void)
{
    next_call.caller(next_call.out);
}

static void capture_results(const struct capture_case *test)
{
    for (unsigned run = 0; run < all_runs(result_converts); run++) {
        fill(capture_result_image, RESULT_IMAGE_BYTES, run, result_boxes, result_converts);
        memset(outs[run], 0, test->result_size_bytes);
        if (!test->caller)
            continue;
        capture_which = test->which;
        next_call.caller = test->caller;
        next_call.out = outs[run];
        /* Through the stub, which restores what its caller counts on: the other stub fills such registers too. */
        capture_call(image, call_caller, results);
        capture_reset();
        if (test->result)
            memcpy(outs[run], test->result, test->result_size_bytes);
    }
}

static void put_runs(unsigned offset, unsigned size_bytes, unsigned runs)
{
    for (unsigned run = 0; run < runs; run++)
        capture_put(outs[run] + offset, size_bytes);
}

static void put_parameters(const struct capture_case *test, const struct findings *found)
{
    unsigned offset = 0;
    for (unsigned i = 0; i < test->parameter_count; i++) {
        unsigned size_bytes = test->parameter_sizes_bytes[i];
        capture_put_number(size_bytes);
        capture_put_number((unsigned)found->pointer_places[i]);
        if (found->pointer_places[i] < 0)
            put_runs(offset, size_bytes, all_runs(argument_converts));
        offset += size_bytes;
    }
}

static void run_case(const struct capture_case *test)
{
    static struct findings found;
    find_pointers(test, &found);
    capture_values(test, &found);
    put_parameters(test, &found);
    capture_put_number(found.popped_bytes);
    capture_put_number(found.touched_bytes);
    capture_put_number(test->result_size_bytes);
    capture_put_number((unsigned)found.hidden_place);
    capture_put_number(found.returned_words);
    if (test->result_size_bytes != 0 && found.hidden_place < 0) {
        capture_results(test);
        put_runs(0, test->result_size_bytes, all_runs(result_converts));
    }
    capture_put_number(END_OF_CASE);
    capture_flush();
}

void capture_main(unsigned first)
{
    fill_tables();
    capture_prepare();
    if (first == 0) {
        capture_probe();
        capture_put_number(capture_number_count);
        for (unsigned i = 0; i < capture_number_count; i++)
            capture_put_number(capture_numbers[i]);
        capture_flush();
    }
    for (unsigned i = first; i < capture_case_count; i++)
        run_case(&capture_cases[i]);
}
