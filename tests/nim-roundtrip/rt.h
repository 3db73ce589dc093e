/*
 * What both sides of the round trip share. Every value is a function of a seed, so that neither side
 * has to tell the other what it sent: fill_T(&x, seed) makes it, check_T(&x, seed, what) compares,
 * field by field and never padding. rt.nim says the same in Nim.
 */
#ifndef RT_H
#define RT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

extern uint64_t rt_seed;          /* of the call under way: set by the caller, read by the callee */
extern uint64_t rt_callback_seed; /* for callbacks that get no data */
extern int64_t rt_calls;
extern int64_t rt_mismatches;

uint64_t rt_value(uint64_t seed);
uint64_t rt_mix(uint64_t seed, uint64_t index);
const char *rt_string(uint64_t seed);
void rt_enter(int64_t function);
void rt_invoke(void);
/* Around the one call of a closure that checks it, which does not count as the callee's. */
void rt_hold(uint64_t callback_seed);
void rt_release(const char *what);
/* Before and after a call: which function, and how many callbacks it must have made. */
void rt_begin(int64_t function, uint64_t round);
void rt_end(int64_t invocations, const char *what);
void rt_mismatch(const char *what, const char *type);
void rt_expect(bool fine, const char *what);
/* Overwrites what a callee owns. */
void rt_scrub(void *memory, size_t size_bytes);
/* Leaves garbage in the registers and on the stack, so that nothing is right by luck. */
void rt_dirty(void);

#define RT_BYTES(type)                      \
    if (memcmp(x, &want, sizeof want) != 0) \
    rt_mismatch(what, #type)
#define RT_SCALAR(id, type, value, compare)                                       \
    static inline void fill_##id(type *x, uint64_t seed)                          \
    {                                                                             \
        *x = (type)(value);                                                       \
    }                                                                             \
    static inline void check_##id(type const *x, uint64_t seed, const char *what) \
    {                                                                             \
        type want;                                                                \
        fill_##id(&want, seed);                                                   \
        compare;                                                                  \
    }
#define RT_INTEGER(id, type) RT_SCALAR(id, type, rt_value(seed), RT_BYTES(id))
#define RT_F32               (float)((int32_t)(rt_value(seed) >> 40) - 8388608) * 0.25f
#define RT_F64               (double)((int64_t)(rt_value(seed) >> 11) - 4503599627370496)

RT_SCALAR(bool, bool, rt_value(seed) & 1, RT_BYTES(bool))
RT_INTEGER(i8, int8_t)
RT_INTEGER(i16, int16_t)
RT_INTEGER(i32, int32_t)
RT_INTEGER(i64, int64_t)
RT_INTEGER(u8, uint8_t)
RT_INTEGER(u16, uint16_t)
RT_INTEGER(u32, uint32_t)
RT_INTEGER(u64, uint64_t)
RT_INTEGER(ssize, intptr_t)
RT_INTEGER(uptr, uintptr_t)
RT_INTEGER(size, size_t)
RT_INTEGER(c_char, char)
RT_INTEGER(c_schar, signed char)
RT_INTEGER(c_uchar, unsigned char)
RT_INTEGER(c_short, short)
RT_INTEGER(c_ushort, unsigned short)
RT_INTEGER(c_int, int)
RT_INTEGER(c_uint, unsigned)
RT_INTEGER(c_long, long)
RT_INTEGER(c_ulong, unsigned long)
RT_INTEGER(c_longlong, long long)
RT_INTEGER(c_ulonglong, unsigned long long)
RT_SCALAR(f32, float, RT_F32, RT_BYTES(f32))
RT_SCALAR(f64, double, RT_F64, RT_BYTES(f64))
RT_SCALAR(c_float, float, RT_F32, RT_BYTES(c_float))
RT_SCALAR(c_double, double, RT_F64, RT_BYTES(c_double))
RT_SCALAR(c_longdouble, long double, RT_F64, if (*x != want) rt_mismatch(what, "c_longdouble"))
RT_INTEGER(pointer, void *) /* nobody follows it */
RT_SCALAR(cstring, const char *, rt_string(seed), RT_BYTES(cstring))

/* Strings and seqs as Nim's memory managers lay them out; C only reads them. */
#ifdef NIM_V2
typedef struct {
    int64_t length;
    char *payload; /* the capacity, 8 bytes, then the elements */
} NimSeq;
#define RT_SEQ_LENGTH(x)     ((x).length)
#define RT_SEQ_ELEMENT(x, T) ((T const *)((x).payload + 8))
#else
typedef char *NimSeq; /* length and capacity, 8 bytes each, then the elements */
#define RT_SEQ_LENGTH(x)     ((x) ? *(int64_t *)(x) : 0)
#define RT_SEQ_ELEMENT(x, T) ((T const *)((x) + 16))
#endif
typedef NimSeq NimString;
static inline void check_string(const NimString *x, uint64_t seed, const char *what)
{
    int64_t length = (int64_t)(rt_value(seed) % 20);
    if (RT_SEQ_LENGTH(*x) != length) {
        rt_mismatch(what, "length of a string");
        return;
    }
    for (int64_t i = 0; i < length; i++)
        if (RT_SEQ_ELEMENT(*x, uint8_t)[i] != (uint8_t)rt_value(rt_mix(seed, (uint64_t)i)))
            rt_mismatch(what, "string");
}
typedef struct {
    void *opaque[2];
} NimClosure;

#endif
