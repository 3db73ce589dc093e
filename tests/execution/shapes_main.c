/* Calls every thunk and the compiler's own adapter with the same values, and compares what comes back. */
#include "shapes.h"

#include <stdio.h>
#include <string.h>

static int checked, wrong;

static void same(const char *name, const void *ours, const void *theirs, size_t size_bytes)
{
    checked++;
    if (memcmp(ours, theirs, size_bytes) != 0) {
        printf("%s: another answer than the compiler's adapter\n", name);
        wrong++;
    }
}

#define SAME(type, thunk, ...)                     \
    do {                                           \
        type ours = thunk(__VA_ARGS__);            \
        type theirs = shim_##thunk(__VA_ARGS__);   \
        same(#thunk, &ours, &theirs, sizeof ours); \
    } while (0)
/* The last parameter is where the result goes; what lies around it must stay. */
#define SAME_OUT(type, thunk, ...)               \
    do {                                         \
        type ours[3], theirs[3];                 \
        memset(ours, 0x5a, sizeof ours);         \
        memset(theirs, 0x5a, sizeof theirs);     \
        thunk(__VA_ARGS__, &ours[1]);            \
        shim_##thunk(__VA_ARGS__, &theirs[1]);   \
        same(#thunk, ours, theirs, sizeof ours); \
    } while (0)

static uint64_t state = 88172645463325252u;

static word any(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (word)state;
}

static void round_of(word a, word b, word c, word d, word e, word f)
{
    words3 three = {{a, b, c}};
    slice s = {(ptr)d, e};
    tag_first tagged;
    memset(&tagged, 0xff, sizeof tagged);
    tagged.tag = (uint8_t)f;
    tagged.value = a;
#ifdef __x86_64__
    floats3 floats = {(float)(a % 100), (float)(b % 100), (float)(c % 100)};
    SAME(int, s01_same, (int)a >> 8, (int)b);
    SAME(word, s02_swap, a, b);
    SAME(word, s03_env6, a, b, c, d, e, (ptr)f);
    SAME(word, s04_env7, a, b, c, d, e, f, (ptr)(a ^ b));
    SAME(word, s05_slice2arg, s);
    SAME(word, s06_slicespill, a, b, c, d, e, s);
    SAME(word, s07_sliceP, &s, (int)f);
    SAME(word, s08_2argP, (ptr)a, b, (int)c);
    SAME_OUT(words2, s09_outlast, a, b);
    SAME(words2, s10_toout, a, b);
    SAME(words4, s11_sret2out, a, b);
    SAME_OUT(words4, s12_out2sret, a, b);
    SAME(word, s13_byval2ptr, three, d);
    SAME(word, s14_ptr2byval, &three, d);
    SAME(word, s15_byval2, three, d);
    SAME(float, s20_vec3, floats);
    SAME(word, s21_tunion, tagged);
    tag_first ours = s22_tunionret(a), theirs = shim_s22_tunionret(a);
    same("s22_tunionret", &ours.tag, &theirs.tag, sizeof ours.tag);
    same("s22_tunionret", &ours.value, &theirs.value, sizeof ours.value);
    SAME(int, s23_bool2int, a & 1);
    SAME(double, s24_mixed, (double)(a % 100), (int)b % 100, (double)(c % 100), (ptr)(d & 255));
    SAME_OUT(words3, s27_sretconv, a);
#else
    floats4 floats = {(float)(a % 100), (float)(b % 100), (float)(c % 100), (float)(d % 100)};
    SAME(int, a01_same, (int)a >> 8, (int)b);
    SAME(words4, a02_sret2out, a, b);
    SAME_OUT(words4, a03_out2sret, a, b);
    SAME(word, a04_slice, s);
    SAME(float, a05_hfa4P, floats);
    SAME(word, a06_env4, a, b, c, (ptr)d);
    SAME_OUT(doubles2, a07_outhfa, a);
    SAME(word, a08_tunion, tagged);
    SAME(word, a09_ptr, three, d);
    SAME(words2, a10_toout, a);
#endif
}

int main(void)
{
    for (int i = 0; i < 100; i++)
        round_of(any(), any(), any(), any(), any(), any());
    printf("%d checked, %d wrong\n", checked, wrong);
    return wrong != 0;
}
