/*
 * Calls through adapters, and compares what arrives at both ends with what was sent: arguments at the callee, the result at
 * the caller, and whether the caller's own values are still what they were. Callers and callees are in the batch, the
 * adapters between them in an object of their own.
 */
#include "capture-target.h" /* written by the oracle, from the data of the architecture */
#include "runtime.h"

#include <stdarg.h>

/* The values as one side stores them. */
struct thunk_values {
    const unsigned *sizes_bytes;
    const unsigned char *values; /* one after the other */
    const unsigned char *masks;  /* which of their bits mean something */
};

struct thunk_case {
    void (*caller)(void);
    unsigned value_count; /* parameters, and the result if there is one */
    unsigned parameter_count;
    const unsigned *sizes_bytes;    /* of the caller's values, as the compiler sees them */
    struct thunk_values sent, seen; /* as the modules of the caller and the callee do */
};

/* From the batch. */
extern const struct thunk_case thunk_cases[];
extern const unsigned thunk_case_count;

enum { VALUES_BYTES = (MAX_PARAMETERS + 1) * CELL_BYTES };

/* For the batch: what callers send, what callees saw and return, what callers got, and what they have left. */
const unsigned char *thunk_sent, *thunk_returned;
_Alignas(64) unsigned char thunk_seen[VALUES_BYTES], thunk_got[VALUES_BYTES],
    thunk_left[VALUES_BYTES];
unsigned thunk_was_called;
/* For callers: fill their values, and write down what is left of them. For callees: write down what arrived, and spoil what
   is the callee's own, a bit each, since a callee may do with its own arguments what it likes. */
void thunk_give(void *first, ...), thunk_keep(void *first, ...);
void thunk_take(unsigned own, void *first, ...);

enum { FINE, WRONG_SIZE, NOT_CALLED, WRONG_ARGUMENT, WRONG_RESULT, CHANGED };

/* What adapters may call. */
_Noreturn void abide_trap(size_t code, const char *function, const char *parameter, size_t value);
_Noreturn void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    (void)code;
    (void)function;
    (void)parameter;
    (void)value;
    for (;;)
        capture_syscall(CAPTURE_EXIT, 3, 0, 0);
}

static _Alignas(64) unsigned char heap[1 << 16];
static size_t heap_used;

void *malloc(size_t size_bytes);
void free(void *memory);
void *malloc(size_t size_bytes)
{
    size_t start = heap_used;
    heap_used += (size_bytes + 63) & ~(size_t)63;
    return heap_used <= sizeof heap ? heap + start : NULL;
}

void free(void *memory)
{
    (void)memory;
}

static int is_same(const unsigned char *a, const unsigned char *b, const unsigned char *mask,
                   unsigned size_bytes)
{
    for (unsigned i = 0; i < size_bytes; i++)
        if (((a[i] ^ b[i]) & mask[i]) != 0)
            return 0;
    return 1;
}

/* What is wrong, with which value, and the value as it arrived. */
static void report(unsigned what, unsigned value, const unsigned char *bytes, unsigned size_bytes)
{
    capture_put_number(what);
    capture_put_number(value);
    capture_put_number(size_bytes);
    capture_put(bytes, size_bytes);
    capture_put_number(END_OF_CASE);
    capture_flush();
}

static unsigned result_offset(const struct thunk_case *test, const struct thunk_values *side)
{
    unsigned offset = 0;
    for (unsigned i = 0; i < test->parameter_count; i++)
        offset += side->sizes_bytes[i];
    return offset;
}

static void compare(const struct thunk_case *test)
{
    const struct thunk_values *sent = &test->sent, *seen = &test->seen;
    unsigned at = 0, seen_at = 0;
    if (!thunk_was_called) {
        report(NOT_CALLED, 0, thunk_seen, 0);
        return;
    }
    for (unsigned i = 0; i < test->parameter_count; i++) {
        if (!is_same(thunk_seen + seen_at, seen->values + seen_at, seen->masks + seen_at,
                     seen->sizes_bytes[i])) {
            report(WRONG_ARGUMENT, i, thunk_seen + seen_at, seen->sizes_bytes[i]);
            return;
        }
        if (!is_same(thunk_left + at, sent->values + at, sent->masks + at, sent->sizes_bytes[i])) {
            report(CHANGED, i, thunk_left + at, sent->sizes_bytes[i]);
            return;
        }
        at += sent->sizes_bytes[i];
        seen_at += seen->sizes_bytes[i];
    }
    unsigned size_bytes =
        test->value_count > test->parameter_count ? sent->sizes_bytes[test->parameter_count] : 0;
    if (!is_same(thunk_got, sent->values + at, sent->masks + at, size_bytes))
        report(WRONG_RESULT, 0, thunk_got, size_bytes);
    else
        report(FINE, 0, thunk_got, 0);
}

static const struct thunk_case *running;

void thunk_give(void *first, ...)
{
    const unsigned char *sent = thunk_sent;
    va_list more;
    va_start(more, first);
    for (unsigned i = 0; i < running->parameter_count; i++) {
        void *value = i == 0 ? first : va_arg(more, void *);
        memcpy(value, sent, running->sizes_bytes[i]);
        sent += running->sizes_bytes[i];
    }
    va_end(more);
}

void thunk_keep(void *first, ...)
{
    unsigned char *left = thunk_left;
    va_list more;
    va_start(more, first);
    for (unsigned i = 0; i < running->parameter_count; i++) {
        const void *value = i == 0 ? first : va_arg(more, void *);
        memcpy(left, value, running->sizes_bytes[i]);
        left += running->sizes_bytes[i];
    }
    va_end(more);
}

void thunk_take(unsigned own, void *first, ...)
{
    unsigned char *seen = thunk_seen;
    void *values[MAX_PARAMETERS];
    va_list more;
    thunk_was_called = 1;
    va_start(more, first);
    for (unsigned i = 0; i < running->parameter_count; i++) {
        values[i] = i == 0 ? first : va_arg(more, void *);
        memcpy(seen, values[i], running->seen.sizes_bytes[i]);
        seen += running->seen.sizes_bytes[i];
    }
    va_end(more);
    /* Only then: where gcc passes a value without fields, another one lies. */
    for (unsigned i = 0; i < running->parameter_count; i++)
        if (own >> i & 1)
            memset(values[i], 0xa5, running->seen.sizes_bytes[i]);
}

static void run_case(const struct thunk_case *test)
{
    running = test;
    for (unsigned i = 0; i < test->value_count; i++)
        if (test->sizes_bytes[i] != test->sent.sizes_bytes[i]) {
            report(WRONG_SIZE, i, thunk_seen, 0);
            return;
        }
    memset(thunk_seen, 0x55, sizeof thunk_seen);
    memset(thunk_got, 0x55, sizeof thunk_got);
    memset(thunk_left, 0x55, sizeof thunk_left);
    heap_used = 0;
    thunk_was_called = 0;
    thunk_sent = test->sent.values;
    thunk_returned = test->seen.values + result_offset(test, &test->seen);
    test->caller();
    capture_reset();
    compare(test);
}

void capture_main(unsigned first)
{
    for (unsigned i = first; i < thunk_case_count; i++)
        run_case(&thunk_cases[i]);
}
