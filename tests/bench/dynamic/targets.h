/* What is called: by pointer, and from another file, so that no compiler sees both sides. */
#ifndef TARGETS_H
#define TARGETS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    int64_t a, b;
} s16;
typedef struct {
    int64_t a, b, c;
} s24;
typedef struct {
    int64_t v[8];
} s64;

int two_ints(int a, int b);
int64_t eight_ints(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                   int64_t h);
double doubles(double a, double b, double c);
int64_t by_value16(s16 s, int a);
int64_t by_value24(s24 s, int a);
int64_t by_value64(s64 s, int a);
s24 gives24(int a, int b);
uint64_t text(const char *data, size_t length);

/* The same with an environment, and what a C programmer writes in front of them. */
extern int environment;
int two_ints_env(int a, int b, void *env);
int64_t eight_ints_env(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                       int64_t h, void *env);
double doubles_env(double a, double b, double c, void *env);
int64_t by_value16_env(s16 s, int a, void *env);
int64_t by_value24_env(s24 s, int a, void *env);
int64_t by_value64_env(s64 s, int a, void *env);
s24 gives24_env(int a, int b, void *env);
uint64_t text_env(const char *data, size_t length, void *env);

int two_ints_shim(int a, int b);
int64_t eight_ints_shim(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                        int64_t h);
double doubles_shim(double a, double b, double c);
int64_t by_value16_shim(s16 s, int a);
int64_t by_value24_shim(s24 s, int a);
int64_t by_value64_shim(s64 s, int a);
s24 gives24_shim(int a, int b);
uint64_t text_shim(const char *data, size_t length);

#endif
