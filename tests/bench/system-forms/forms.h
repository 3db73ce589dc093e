/*
 * The call forms of the system ABI beside those that C programs use for the same thing: each pair of functions does the same
 * work. The callees are in a file of their own (callees.c), so that no compiler sees both sides of a call.
 */
#ifndef FORMS_H
#define FORMS_H

#include <abide/system.h>

typedef SYS_SLICE(uint64_t) words;
typedef SYS_VARIANT(uint8_t, size_t count; double ratio;) number;
typedef SYS_OPTION(uint64_t) option_u64;
typedef struct point {
    double x, y, z, w;
} point;
typedef struct record {
    uint64_t fields[8];
} record;
typedef SYS_RESULT(uint64_t, sys_string) outcome;
typedef struct sequence {
    uint64_t *ptr;
    size_t len;
    sys_owner *owner;
} sequence;

typedef struct found_words {
    uint32_t tag;
    uint64_t some;
} found_words;

/* a slice */
uint64_t slice_natural(words s);
uint64_t slice_system(const uint64_t *ptr, size_t len);
/* a slice behind five integers: a struct of it no longer fits the registers of some C ABIs */
uint64_t late_natural(int a, int b, int c, int d, int e, words s);
uint64_t late_system(int a, int b, int c, int d, int e, const uint64_t *ptr, size_t len);
/* a variant of an integer and a float */
uint64_t variant_natural(number n);
uint64_t variant_system(uint32_t tag, uint64_t payload);
/* an option as parameter */
uint64_t option_natural(option_u64 o);
uint64_t option_system(uint32_t tag, uint64_t some);
/* 32 and 64 bytes, only read */
double point_natural(point p);
double point_system(const point *p);
uint64_t record_natural(record r);
uint64_t record_system(const record *r);
/* an option as result: C has a struct, or a flag and an out parameter */
option_u64 found_natural(uint64_t key);
bool found_flag(uint64_t key, uint64_t *value);
found_words found_system(uint64_t key);
/* a result of 32 bytes: C has a struct, or a status and out parameters */
outcome outcome_natural(uint64_t key);
int outcome_status(uint64_t key, uint64_t *value, sys_string *error);
uint32_t outcome_system(uint64_t key, outcome *out);
/* a borrowed string as result: C has a pointer, and an out parameter for the length */
const uint8_t *name_natural(uint64_t key, size_t *len);
sys_str name_system(uint64_t key);
/* an owned sequence of three words as result */
sequence made_natural(uint64_t key);
void made_system(uint64_t key, sequence *out);

#endif
