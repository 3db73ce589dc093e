/* A library for `abide run`: values of all kinds come and go. */
#include <complex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    double x;
    int32_t n;
} point;
typedef struct {
    char *ptr;
    size_t len;
} string;
typedef struct {
    int32_t *ptr;
    size_t len;
} slice;
typedef struct {
    int32_t a;
    uint8_t b[4];
    string t;
    struct {
        bool has;
        uint32_t value;
    } o;
    uint8_t c;
    uint8_t bits : 3;
    slice sl;
    const int32_t *p;
    uint8_t f;
    char *k;
} s;
typedef struct {
    unsigned tag;
    union {
        double num;
        string txt;
    };
} v;
typedef struct {
    uint8_t first;
    bool second;
} pair_of;

point scale(point p, float by)
{
    return (point){p.x * (double)by, -p.n};
}
s same(s x)
{
    return x;
}
int64_t sum(const int32_t *list, size_t count, int64_t *most)
{
    int64_t total = 0;
    *most = 0;
    for (size_t i = 0; i < count; i++) {
        total += list[i];
        *most = list[i] > *most ? list[i] : *most;
    }
    return total;
}
v turn(v x)
{
    if (x.tag == 1)
        x.num = -x.num;
    return x;
}
void twice(int32_t *n)
{
    *n *= 2;
}
uint8_t next(uint8_t color)
{
    return (uint8_t)((color + 1) % 3);
}
pair_of pair(pair_of t, double _Complex z)
{
    return (pair_of){(uint8_t)(t.first + creal(z) + cimag(z)), !t.second};
}
bool call(int32_t (*f)(int32_t))
{
    return f != NULL;
}
uint64_t wide(uint64_t a, int64_t b)
{
    return a + (uint64_t)b;
}
