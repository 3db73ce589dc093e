/* What edges.py writes for driver.c: where each value is on either side of a thunk, as offsets into pictures. */
#ifndef DRIVER_H
#define DRIVER_H

#include "picture.h"

#include <stdbool.h>
#include <stddef.h>

#define MAX_VALUES      16
#define MAX_VALUE_BYTES 512

struct place {
    int at;
    int size_bytes;
    int from;          /* byte of the value */
    char extend;       /* z or s: by zeros or the sign; b: by ones, as floats are boxed */
    int extend_bytes;  /* up to which byte of the place */
    bool is_converted; /* to an x87 number */
    int number;        /* of a general register, for unwinding; negative: there is none */
};

struct side {
    bool is_address; /* in the first place */
    int count;
    const struct place *places;
};

struct value {
    size_t size_bytes;
    bool is_float;
    struct side caller, callee;
    /* Bytes that mean something, where it lies in memory; none: all do. */
    int leaf_count;
    const struct place *leaves; /* `from`, `size_bytes` */
};

struct convention {
    int kept_count;
    const struct place *kept;
    unsigned align_bytes;
};

struct test {
    const char *name;
    void (*thunk)(void);
    const struct convention *caller, *callee;
    size_t value_count;
    const struct value *values;
    struct value result; /* an address: that which comes back, where one does */
    int caller_hidden_at, callee_hidden_at;
    unsigned caller_pops_bytes, callee_pops_bytes;
    unsigned callee_stack_bytes;
    unsigned caller_x87, callee_x87;
    int repeat; /* calls in a round; 0 is 1 */
};

extern const struct test tests[];
extern const size_t test_count;

#endif
