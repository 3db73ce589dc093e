/*
 * What the programs that run compiled code (built by the compiler under test) and the oracle (which reads what they write)
 * have to agree on.
 *
 * An image is a picture of everything a call can carry: first the registers, at the places that the data of the
 * architecture gives them, then a window of the stack that begins at the stack pointer of the call instruction, then wide
 * registers that have no room in front of it. A place is a byte offset into an image.
 */
#ifndef ABIDE_VERIFY_CAPTURE_H
#define ABIDE_VERIFY_CAPTURE_H

enum {
    REGISTER_AREA_BYTES = 512,
    STACK_WINDOW_BYTES = 2048,
    WIDE_AREA_START = REGISTER_AREA_BYTES + STACK_WINDOW_BYTES,
    WIDE_AREA_BYTES = 1024,
    IMAGE_BYTES = WIDE_AREA_START + WIDE_AREA_BYTES,
    RESULT_IMAGE_BYTES = 2048,
    /* Where stubs write the stack pointer: after a call, into the picture of a result; of a callee, into that of a call. */
    STACK_POINTER_AFTER = RESULT_IMAGE_BYTES - 8,
    STACK_POINTER_ENTERED = REGISTER_AREA_BYTES - 8,
    /* Each word in front of the wide area, as wide as a pointer, can point to a cell of its own. */
    CELL_BYTES = 256,
    POINTER_RUNS = 4,
    VALUE_RUNS = 16,
    NUMBER_RUNS = 2, /* with floats in registers that convert */
    MAX_PARAMETERS = 12,
    /* Wide values that are narrowed to look at the bits above (extend-main.c). */
    EXTEND_SOURCES = 4,
    /* What follows a finding, so that half of one is noticed. */
    END_OF_CASE = 0x0e0d,
};

/*
 * A one-to-one map of 16-bit numbers, another one for each bit of a byte. Made of steps that can be undone: xor with a
 * constant, multiplication by an odd number, xor with itself shifted.
 */
static inline unsigned capture_mix(unsigned place, unsigned bit)
{
    unsigned x = (place ^ (0x9e37u * (bit + 1))) & 0xffffu;
    x = (x * 0x2c1bu) & 0xffffu;
    x ^= x >> 7;
    x = (x * 0x9e3bu) & 0xffffu;
    return x ^ (x >> 9);
}

/*
 * The byte that lies at `place` in run `run`. Any single bit of it, read over all the runs, tells the place, so even a
 * bool has an identity.
 */
static inline unsigned char capture_code(unsigned place, unsigned run)
{
    unsigned value = 0;
    for (unsigned bit = 0; bit < 8; bit++)
        value |= ((capture_mix(place, bit) >> run) & 1u) << bit;
    return (unsigned char)value;
}

/* The float that register `index` of those that convert holds in a run of numbers: exact in every format. */
static inline float capture_number_of(unsigned index, unsigned run)
{
    return 1.5f + (float)index + 1000.0f * (float)run;
}

#endif
