/* The functions that the shapes call: each result depends on every argument. */
#include "shapes.h"

static word mix(word sum, word value)
{
    return (word)((uint64_t)sum * 1000003u ^ (uint64_t)value);
}

static word mix3(const words3 *s, word a)
{
    return mix(mix(mix(mix(1, s->a[0]), s->a[1]), s->a[2]), a);
}

#ifdef __x86_64__
int t01(int a, int b)
{
    return a * 31 + b;
}
word t02(word a, word b)
{
    return mix(mix(2, a), b);
}
word t03(ptr x, word a, word b, word c, word d, word e)
{
    return mix(mix(mix(mix(mix(mix(3, (word)x), a), b), c), d), e);
}
word t04(ptr x, word a, word b, word c, word d, word e, word f)
{
    return mix(t03(x, a, b, c, d, e), f);
}
word t05(ptr a, word b)
{
    return mix(mix(5, (word)a), b);
}
word t06(word a, word b, word c, word d, word e, ptr x, word n)
{
    return mix(t03(x, a, b, c, d, e), n);
}
word t07(ptr a, word b, int c)
{
    return mix(mix(mix(7, (word)a), b), c);
}
word t08(const slice *s, int c)
{
    return t07(s->data, s->count, c);
}
words2 t09(word a, word b)
{
    return (words2){mix(9, a), mix(10, b)};
}
void t10(word a, word b, words2 *out)
{
    *out = t09(a, b);
}
void t11(word a, word b, words4 *out)
{
    for (int i = 0; i < 4; i++)
        out->a[i] = mix(mix(i, a), b);
}
words4 t12(word a, word b)
{
    words4 result;
    t11(a, b, &result);
    return result;
}
word t13(const words3 *s, word a)
{
    return mix3(s, a);
}
word t14(words3 s, word a)
{
    return mix3(&s, a);
}
word t15(words3 s, word a)
{
    return mix3(&s, a);
}
float t20(float a, float b, float c)
{
    return a + 10 * b + 100 * c;
}
word t21(tag_last a)
{
    return mix(mix(21, a.value), a.tag);
}
tag_last t22(word a)
{
    return (tag_last){mix(22, a), (uint32_t)(a & 255)};
}
int t23(int a)
{
    return a + 5;
}
double t24(ptr d, int b, double a, double c)
{
    return (double)(word)d + 10 * b + 100 * a + 1000 * c;
}
turned3 t27(word a)
{
    return (turned3){mix(27, a), mix(28, a), mix(29, a)};
}
#else
int t01(int a, int b)
{
    return a * 31 + b;
}
void t02(word a, word b, words4 *out)
{
    for (int i = 0; i < 4; i++)
        out->a[i] = mix(mix(i, a), b);
}
words4 t03(word a, word b)
{
    words4 result;
    t02(a, b, &result);
    return result;
}
word t04(ptr a, word b)
{
    return mix(mix(4, (word)a), b);
}
float t05(const floats4 *s)
{
    return s->a + 10 * s->b + 100 * s->c + 1000 * s->d;
}
word t06(ptr x, word a, word b, word c)
{
    return mix(mix(mix(mix(6, (word)x), a), b), c);
}
doubles2 t07(word a)
{
    return (doubles2){(double)a + 0.5, (double)a * 2};
}
word t08(tag_last a)
{
    return mix(mix(8, a.value), a.tag);
}
word t09(words3 s, word a)
{
    return mix3(&s, a);
}
void t10(word a, words2 *out)
{
    *out = (words2){mix(10, a), mix(11, a)};
}
#endif
