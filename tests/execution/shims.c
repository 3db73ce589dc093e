/* What a C compiler makes of the shapes: with the same obligations (copies, order), no more. */
#include "shapes.h"

#ifdef __x86_64__
int shim_s01_same(int a, int b)
{
    return t01(a, b);
}
word shim_s02_swap(word a, word b)
{
    return t02(b, a);
}
word shim_s03_env6(word a, word b, word c, word d, word e, ptr x)
{
    return t03(x, a, b, c, d, e);
}
word shim_s04_env7(word a, word b, word c, word d, word e, word f, ptr x)
{
    return t04(x, a, b, c, d, e, f);
}
word shim_s05_slice2arg(slice s)
{
    return t05(s.data, s.count);
}
word shim_s06_slicespill(word a, word b, word c, word d, word e, slice s)
{
    return t06(a, b, c, d, e, s.data, s.count);
}
word shim_s07_sliceP(const slice *s, int i)
{
    return t07(s->data, s->count, i);
}
word shim_s08_2argP(ptr a, word n, int i)
{
    slice s = {a, n};
    return t08(&s, i);
}
void shim_s09_outlast(word a, word b, words2 *out)
{
    *out = t09(a, b);
}
words2 shim_s10_toout(word a, word b)
{
    words2 result;
    t10(a, b, &result);
    return result;
}
words4 shim_s11_sret2out(word a, word b)
{
    words4 result;
    t11(a, b, &result);
    return result;
}
void shim_s12_out2sret(word a, word b, words4 *restrict out)
{
    *out = t12(a, b);
}
word shim_s13_byval2ptr(words3 s, word a)
{
    return t13(&s, a);
}
word shim_s14_ptr2byval(const words3 *s, word a)
{
    return t14(*s, a);
}
word shim_s15_byval2(words3 s, word a)
{
    return t15(s, a);
}
float shim_s20_vec3(floats3 s)
{
    return t20(s.a, s.b, s.c);
}
word shim_s21_tunion(tag_first a)
{
    tag_last b = {a.value, a.tag};
    return t21(b);
}
tag_first shim_s22_tunionret(word a)
{
    tag_last b = t22(a);
    tag_first result = {(uint8_t)b.tag, b.value};
    return result;
}
int shim_s23_bool2int(bool a)
{
    return t23(a);
}
double shim_s24_mixed(double a, int b, double c, ptr d)
{
    return t24(d, b, a, c);
}
void shim_s27_sretconv(word a, words3 *restrict out)
{
    turned3 result = t27(a);
    out->a[0] = result.a;
    out->a[1] = result.b;
    out->a[2] = result.c;
}
#else
int shim_a01_same(int a, int b)
{
    return t01(a, b);
}
words4 shim_a02_sret2out(word a, word b)
{
    words4 result;
    t02(a, b, &result);
    return result;
}
void shim_a03_out2sret(word a, word b, words4 *restrict out)
{
    *out = t03(a, b);
}
word shim_a04_slice(slice s)
{
    return t04(s.data, s.count);
}
float shim_a05_hfa4P(floats4 s)
{
    return t05(&s);
}
word shim_a06_env4(word a, word b, word c, ptr x)
{
    return t06(x, a, b, c);
}
void shim_a07_outhfa(word a, doubles2 *out)
{
    *out = t07(a);
}
word shim_a08_tunion(tag_first a)
{
    tag_last b = {a.value, a.tag};
    return t08(b);
}
word shim_a09_ptr(words3 s, word a)
{
    return t09(s, a);
}
words2 shim_a10_toout(word a)
{
    words2 result;
    t10(a, &result);
    return result;
}
#endif
