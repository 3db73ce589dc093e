/*
 * The Nim library as a C host wants to see it: natural prototypes. The functions are thunks that
 * abide makes from nimside.abi.yaml for C callers.
 */
#ifndef NIMSIDE_H
#define NIMSIDE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int64_t count;
    double sum, mean, lo, hi;
} Stats;
typedef struct {
    double x, y;
} Point;
typedef struct {
    int32_t id;
    char tag[4];
    Point a, b;
} Shape;

/* Closures of Nim, which a host keeps and hands back without looking inside. */
typedef struct {
    void *opaque[2];
} RawCounter;
typedef struct {
    void *opaque[2];
} RawShapeMap;

/* A closure of C: code that takes its environment last, and the environment. */
typedef struct {
    Shape (*code)(Shape s, void *environment);
    void *environment;
} ShapeMap;
typedef bool (*Visit)(void *user, Shape s);

/* A string of Nim. How it looks depends on Nim's memory manager: -DNIM_V2 for arc and orc. */
#ifdef NIM_V2
typedef struct {
    int64_t length;
    struct {
        int64_t capacity;
        char chars[];
    } *payload;
} NimString;
#else
typedef struct {
    int64_t length, reserved;
    char chars[];
} *NimString;
#endif

Stats nimside_stats(const double *xs, size_t xs_count, double scale);
Stats nimside_cdecl_stats(const double *xs, size_t xs_count, double scale);
Shape nimside_grow(Shape s, double k);
Shape nimside_cdecl_grow(Shape s, double k);
Point nimside_mid(Point a, Point b);
RawCounter nimside_counter(intptr_t start);
RawCounter nimside_plain_counter(void);
intptr_t nimside_call_counter(RawCounter f, intptr_t step);
RawShapeMap nimside_shifter(double dx);
Shape nimside_call_shift(RawShapeMap f, Shape s);
Shape nimside_apply_raw(RawShapeMap f, Shape s, intptr_t times);
Shape nimside_apply(ShapeMap f, Shape s, intptr_t times);
intptr_t nimside_each(const Shape *xs, size_t xs_count, Visit visit, void *user);
NimString nimside_label(Shape s);
intptr_t nimside_label_len(Shape s);
intptr_t nimside_add(intptr_t a, intptr_t b);
intptr_t nimside_churn(intptr_t n);

#endif
