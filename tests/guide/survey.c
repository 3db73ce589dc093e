/* The C library that the toy program calls. */
#include <math.h>
#include <stdint.h>

typedef struct {
    double x, y;
} point;
typedef struct {
    uint8_t id;
    point at;
    float weight;
} mark;
typedef struct {
    float r, g, b;
} shade;
typedef struct {
    int16_t from, to;
    int8_t step;
} span;

double distance(point a, point b)
{
    return hypot(b.x - a.x, b.y - a.y);
}

mark middle(mark a, mark b, float weight)
{
    a.at.x = (a.at.x + b.at.x) / 2;
    a.at.y = (a.at.y + b.at.y) / 2;
    a.weight = weight * (a.weight + b.weight);
    a.id |= b.id;
    return a;
}

shade blend(shade a, shade b, float part)
{
    return (shade){a.r + part * (b.r - a.r), a.g + part * (b.g - a.g), a.b + part * (b.b - a.b)};
}

double brightness(shade s)
{
    return (s.r + s.g + s.b) / 3;
}

span widen(span s, int8_t by)
{
    return (span){(int16_t)(s.from + by), (int16_t)(s.to - by), (int8_t)-s.step};
}

int64_t sum(int32_t a, int32_t b, int32_t c, int32_t d, int32_t e, int32_t f, int32_t g, int32_t h,
            int8_t i, span s, int64_t last)
{
    return a + b + c + d + e + f + g + h + i + s.from + s.to + s.step + last;
}
