/*
 * What compiled code leaves above a value that is narrower than its register, what it expects there, and what a caller
 * reserves.
 *
 * For each type of the batch, and every source word: a caller narrows the word and passes it, and a callee narrows it and
 * returns it; the registers of both calls are written. Then a callee widens its argument, and a caller its result, with
 * the word in all places, as it is and with the value in it extended to 32 bits; what they make of it is written beside what C
 * makes of the value. Last come the rooms of two callers.
 */
#include "runtime.h"

struct extend_case {
    void (*caller)(intptr_t source);
    void (*callee)(void);
    void (*widening_callee)(void);         /* writes to capture_widened */
    void (*widening_caller)(void);         /* likewise; 0: it cannot be called */
    intptr_t (*widen)(intptr_t source);    /* as C does */
    intptr_t (*raw)(intptr_t source);      /* the source with a value that the type has */
    intptr_t (*extended)(intptr_t source); /* the same with the value extended to 32 bits */
};

/* From the batch. */
extern const struct extend_case extend_cases[];
extern const unsigned extend_case_count;
/* Callers of a function without parameters, and of a variadic one; 0: it cannot be called. */
extern void (*const extend_rooms[2])(void);

/* For the batch. */
intptr_t capture_widened;

static _Alignas(64) unsigned char image[IMAGE_BYTES];
static _Alignas(64) unsigned char results[RESULT_IMAGE_BYTES];

/* The word stands in every place, so it is found wherever one looks. */
static void fill(unsigned char *to, size_t size_bytes, intptr_t source)
{
    for (size_t at = 0; at < size_bytes; at += WORD_BYTES)
        memcpy(to + at, &source, WORD_BYTES);
}

static void call_callee(void (*callee)(void), intptr_t source)
{
    fill(image, IMAGE_BYTES, source);
    memset(results, 0, RESULT_IMAGE_BYTES);
    capture_call(image, callee, results);
    capture_reset();
}

static void put_word(intptr_t word)
{
    capture_put_number((unsigned)word);
    capture_put_number((unsigned)((uint64_t)word >> 32));
}

static void put_widened(const struct extend_case *test, intptr_t source)
{
    capture_widened = 0;
    call_callee(test->widening_callee, source);
    put_word(capture_widened);
    fill(capture_result_image, RESULT_IMAGE_BYTES, source);
    if (test->widening_caller)
        capture_call(image, test->widening_caller, results);
    capture_reset();
    put_word(test->widening_caller ? capture_widened : test->widen(source));
}

/* Between the stack pointer that a caller is called with and that with which it calls, but for return addresses. */
static unsigned room_of(void (*caller)(void))
{
    memset(capture_argument_image, 0, IMAGE_BYTES);
    capture_call_deep(image, capture_arguments, results);
    uintptr_t entered = capture_address_at(capture_argument_image + STACK_POINTER_ENTERED);
    capture_call_deep(image, caller, results);
    uintptr_t inner = capture_address_at(capture_argument_image + STACK_POINTER_ENTERED);
    uintptr_t start = capture_address_at(results + STACK_POINTER_AFTER);
    capture_reset();
    return entered ? (unsigned)(entered - inner - (start - entered)) : 0;
}

void capture_main(unsigned first)
{
    static const uint64_t sources[EXTEND_SOURCES] = {0x0123456789abcdef, 0xfedcba9876543210,
                                                     0x8877665584838281, 0x7777777701020304};
    for (unsigned i = first; i < extend_case_count; i++)
        for (unsigned s = 0; s < EXTEND_SOURCES; s++) {
            const struct extend_case *test = &extend_cases[i];
            intptr_t source = (intptr_t)sources[s];
            memset(capture_argument_image, 0, sizeof capture_argument_image);
            test->caller(source);
            call_callee(test->callee, source);
            capture_put(capture_argument_image, IMAGE_BYTES);
            capture_put(results, RESULT_IMAGE_BYTES);
            put_word(test->widen(source));
            put_widened(test, test->raw(source));
            put_widened(test, test->extended(source));
            capture_flush();
        }
    for (unsigned i = 0; i < 2; i++)
        capture_put_number(extend_rooms[i] ? room_of(extend_rooms[i]) : ~0u);
}
