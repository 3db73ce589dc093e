/*
 * The shapes of adapters: for each, the types of both sides. The C compiler's own adapters are in shims.c, the functions that
 * are called in shape_targets.c, and ours come from ARCH.plans.
 */
#ifndef ABIDE_TESTS_SHAPES_H
#define ABIDE_TESTS_SHAPES_H

#include <stdbool.h>
#include <stdint.h>

typedef int64_t word;
typedef void *ptr;
typedef struct {
    ptr data;
    word count;
} slice;
typedef struct {
    word a, b;
} words2;
typedef struct {
    word a[3];
} words3;
typedef struct {
    word a[4];
} words4;
typedef struct {
    word b, c, a;
} turned3; /* words3 in another order */
typedef struct {
    double a, b;
} doubles2;
typedef struct {
    float a, b, c;
} floats3;
typedef struct {
    float a, b, c, d;
} floats4;
typedef struct {
    uint8_t tag;
    word value;
} tag_first;
typedef struct {
    word value;
    uint32_t tag;
} tag_last;

/* SHAPE(thunk, its result, its parameters, target, its result, its parameters) */
#ifdef __x86_64__
#define SHAPES(SHAPE)                                                                            \
    SHAPE(s01_same, int, (int a, int b), t01, int, (int, int))                                   \
    SHAPE(s02_swap, word, (word a, word b), t02, word, (word, word))                             \
    SHAPE(s03_env6, word, (word a, word b, word c, word d, word e, ptr x), t03, word,            \
          (ptr, word, word, word, word, word))                                                   \
    SHAPE(s04_env7, word, (word a, word b, word c, word d, word e, word f, ptr x), t04, word,    \
          (ptr, word, word, word, word, word, word))                                             \
    SHAPE(s05_slice2arg, word, (slice s), t05, word, (ptr, word))                                \
    SHAPE(s06_slicespill, word, (word a, word b, word c, word d, word e, slice s), t06, word,    \
          (word, word, word, word, word, ptr, word))                                             \
    SHAPE(s07_sliceP, word, (const slice *s, int i), t07, word, (ptr, word, int))                \
    SHAPE(s08_2argP, word, (ptr a, word n, int i), t08, word, (const slice *, int))              \
    SHAPE(s09_outlast, void, (word a, word b, words2 * out), t09, words2, (word, word))          \
    SHAPE(s10_toout, words2, (word a, word b), t10, void, (word, word, words2 *))                \
    SHAPE(s11_sret2out, words4, (word a, word b), t11, void, (word, word, words4 *))             \
    SHAPE(s12_out2sret, void, (word a, word b, words4 *restrict out), t12, words4, (word, word)) \
    SHAPE(s13_byval2ptr, word, (words3 s, word a), t13, word, (const words3 *, word))            \
    SHAPE(s14_ptr2byval, word, (const words3 *s, word a), t14, word, (words3, word))             \
    SHAPE(s15_byval2, word, (words3 s, word a), t15, word, (words3, word))                       \
    SHAPE(s20_vec3, float, (floats3 s), t20, float, (float, float, float))                       \
    SHAPE(s21_tunion, word, (tag_first a), t21, word, (tag_last))                                \
    SHAPE(s22_tunionret, tag_first, (word a), t22, tag_last, (word))                             \
    SHAPE(s23_bool2int, int, (bool a), t23, int, (int))                                          \
    SHAPE(s24_mixed, double, (double a, int b, double c, ptr d), t24, double,                    \
          (ptr, int, double, double))                                                            \
    SHAPE(s27_sretconv, void, (word a, words3 *restrict out), t27, turned3, (word))
#else
#define SHAPES(SHAPE)                                                                            \
    SHAPE(a01_same, int, (int a, int b), t01, int, (int, int))                                   \
    SHAPE(a02_sret2out, words4, (word a, word b), t02, void, (word, word, words4 *))             \
    SHAPE(a03_out2sret, void, (word a, word b, words4 *restrict out), t03, words4, (word, word)) \
    SHAPE(a04_slice, word, (slice s), t04, word, (ptr, word))                                    \
    SHAPE(a05_hfa4P, float, (floats4 s), t05, float, (const floats4 *))                          \
    SHAPE(a06_env4, word, (word a, word b, word c, ptr x), t06, word, (ptr, word, word, word))   \
    SHAPE(a07_outhfa, void, (word a, doubles2 * out), t07, doubles2, (word))                     \
    SHAPE(a08_tunion, word, (tag_first a), t08, word, (tag_last))                                \
    SHAPE(a09_ptr, word, (words3 s, word a), t09, word, (words3, word))                          \
    SHAPE(a10_toout, words2, (word a), t10, void, (word, words2 *))
#endif

#define DECLARE(thunk, result, parameters, target, target_result, target_parameters) \
    result thunk parameters;                                                         \
    result shim_##thunk parameters;                                                  \
    target_result target target_parameters;
SHAPES(DECLARE)
#undef DECLARE

#endif
