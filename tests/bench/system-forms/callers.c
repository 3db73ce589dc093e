/*
 * Calls every form in a loop and prints, for each, nanoseconds per call in C's form and in the system ABI's. The two take turns
 * in short rounds, and the best round of each counts: what else the machine does falls on both alike.
 */
#include "forms.h"

#include <stdio.h>
#include <time.h>

enum { CALLS = 20000, ROUNDS = 800 };

static uint64_t data[64];
static volatile uint64_t sink;

/* A function that makes CALLS calls; `body` adds to `sum` and depends on `i`. */
#define CALLER(name, body)                     \
    static uint64_t call_##name(void)          \
    {                                          \
        uint64_t sum = 0;                      \
        for (uint64_t i = 0; i < CALLS; i++) { \
            body                               \
        }                                      \
        return sum;                            \
    }

static words slice_at(uint64_t i)
{
    words s = {data + (i & 15), 16 + (i & 15)};
    return s;
}

static number number_at(uint64_t i)
{
    number n;
    n.tag = i & 1;
    if (n.tag)
        n.payload.ratio = (double)(int64_t)i;
    else
        n.payload.count = i;
    return n;
}

CALLER(slice_natural, sum += slice_natural(slice_at(i));)
CALLER(slice_system, words s = slice_at(i); sum += slice_system(s.ptr, s.len);)
CALLER(late_natural, sum += late_natural((int)i, 1, 2, 3, 4, slice_at(i));)
CALLER(late_system, words s = slice_at(i); sum += late_system((int)i, 1, 2, 3, 4, s.ptr, s.len);)
CALLER(variant_natural, sum += variant_natural(number_at(i));)
CALLER(variant_system, number n = number_at(i); uint64_t joined; memcpy(&joined, &n.payload, 8);
       sum += variant_system(n.tag, joined);)
CALLER(option_natural, option_u64 o; o.tag = i & 1; o.payload.some = i; sum += option_natural(o);)
CALLER(option_system, sum += option_system(i & 1, i);)

static point point_object = {1, 2, 3, 4};
static record record_object;

CALLER(point_natural, point_object.x = (double)(int64_t)i;
       sum += (uint64_t)(int64_t)point_natural(point_object);)
CALLER(point_system, point_object.x = (double)(int64_t)i;
       sum += (uint64_t)(int64_t)point_system(&point_object);)
CALLER(record_natural, record_object.fields[0] = i; sum += record_natural(record_object);)
CALLER(record_system, record_object.fields[0] = i; sum += record_system(&record_object);)

CALLER(found_natural, option_u64 o = found_natural(i); sum += o.tag ? o.payload.some : 7;)
CALLER(found_flag, uint64_t value; sum += found_flag(i, &value) ? value : 7;)
CALLER(found_system, found_words o = found_system(i); sum += o.tag ? o.some : 7;)
CALLER(outcome_natural, outcome o = outcome_natural(i);
       sum += o.tag == SYS_OK ? o.payload.ok : o.payload.err.len;)
CALLER(outcome_status, uint64_t value; sys_string error;
       sum += outcome_status(i, &value, &error) == 0 ? value : error.len;)
CALLER(outcome_system, outcome o;
       sum += outcome_system(i, &o) == SYS_OK ? o.payload.ok : o.payload.err.len;)
CALLER(name_natural, size_t len; const uint8_t *ptr = name_natural(i, &len);
       sum += len + (ptr != NULL);)
CALLER(name_system, sys_str name = name_system(i); sum += name.len + (name.ptr != NULL);)
CALLER(made_natural, sequence s = made_natural(i); sum += s.len + (s.ptr != NULL);)
CALLER(made_system, sequence s; made_system(i, &s); sum += s.len + (s.ptr != NULL);)

static const struct form {
    const char *what;
    uint64_t (*natural)(void);
    uint64_t (*system)(void);
} forms[] = {
    {"slice: struct by value | two words", call_slice_natural, call_slice_system},
    {"slice behind 5 integers: struct by value | two words", call_late_natural, call_late_system},
    {"variant: struct by value | tag and joined word", call_variant_natural, call_variant_system},
    {"option: struct by value | tag and word", call_option_natural, call_option_system},
    {"32 bytes: by value | const T *", call_point_natural, call_point_system},
    {"64 bytes: by value | const T *", call_record_natural, call_record_system},
    {"option result: struct | two words", call_found_natural, call_found_system},
    {"option result: flag and out | two words", call_found_flag, call_found_system},
    {"32-byte result<T, E>: struct | tag and out", call_outcome_natural, call_outcome_system},
    {"32-byte result<T, E>: status, outs | tag and out", call_outcome_status, call_outcome_system},
    {"string result: pointer, len out | pair", call_name_natural, call_name_system},
    {"24-byte owned result: struct | out", call_made_natural, call_made_system},
};

static double time_of(uint64_t (*call)(void))
{
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    sink = call();
    clock_gettime(CLOCK_MONOTONIC, &end);
    return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) /
           CALLS;
}

int main(void)
{
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        double natural = 1e9;
        double system = 1e9;
        for (int round = 0; round < ROUNDS; round++) {
            double one = time_of(forms[f].natural);
            double other = time_of(forms[f].system);
            natural = one < natural ? one : natural;
            system = other < system ? other : system;
        }
        printf("%s\t%.2f\t%.2f\n", forms[f].what, natural, system);
    }
    return 0;
}
