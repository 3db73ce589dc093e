/* C's side of mixed.py: to_n_* are thunks that call Nim, c_* is called from Nim through thunks. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* As gcc sizes them: an enum with a negative value is int, others are unsigned int. */
typedef enum { LOW = -3, HIGH = 300 } ENeg;
typedef enum { ZERO = 0, LAST = 200 } EUp;
typedef struct {
    int64_t a, b, c, d;
} Big;
typedef struct {
    float x, y;
    int8_t n;
} Small;
typedef struct {
    int16_t v;
} ByRef;
typedef struct {
    float p;
    int64_t q;
} Inner;
typedef struct {
    int8_t a;
    Inner b;
} Pair;
typedef struct {
    int64_t a, b, c, d;
} Four;
typedef struct {
    Big (*code)(Big x, void *env);
    void *env;
} ClosBig;
typedef struct {
    int32_t (*code)(int32_t x, void *env);
    void *env;
} ClosInt;

void NimMain(void);
ENeg to_n_scalars(int8_t, uint16_t, bool, float, ENeg, EUp, uint64_t, char, int16_t);
EUp to_n_up(EUp);
void to_n_arrays(const int16_t *a, const uint8_t *s, uint16_t t, int8_t tail, int32_t *result);
void to_n_sets(uint16_t t, const uint8_t *u, uint8_t *result);
uint64_t to_n_small_set(uint64_t);
Big to_n_open(const int32_t *xs, size_t, const Big *ys, size_t, int8_t k);
Four to_n_tuple(Pair, int8_t);
void to_n_var(Big *, int8_t *, int16_t (*)[4]);
int32_t to_n_byref(ByRef, int8_t);
int64_t *to_n_lent(Big *);
Small to_n_many(int8_t, Big, double, Small, int16_t, const uint8_t *, size_t, Big, float, int32_t,
                int64_t, Small);
Big to_n_call_closure(ClosBig, Big, int32_t);
int32_t to_n_call_small(ClosInt, int32_t);
Big to_n_each(const Big *, size_t, Big (*)(void *, Big, int8_t), void *);
Big to_n_cdecl(Big, EUp);
int32_t to_n_calls(int32_t);

static int failed;
#define CHECK(condition) \
    ((condition) ? (void)0 : (void)(failed++, printf("mixed.c:%d: %s\n", __LINE__, #condition)))

ENeg c_scalars(int8_t a, uint16_t b, bool c, float d, ENeg e, EUp f, uint64_t g, char h, int16_t i)
{
    return a == -5 && b == 65535 && c && d == 1.5F && e == LOW && f == LAST &&
                   g == 0xfedcba9876543210U && h == 'q' && i == -300
               ? HIGH
               : LOW;
}

static int bits(const uint8_t *set, int bytes)
{
    int count = 0;
    for (int i = 0; i < bytes * 8; i++)
        count += set[i / 8] >> i % 8 & 1;
    return count;
}

void c_arrays(const int16_t *a, const uint8_t *s, uint16_t t, int8_t tail, int32_t *result)
{
    for (int i = 0; i < 4; i++)
        result[i] = a[i] * 2;
    uint8_t small[2] = {(uint8_t)t, (uint8_t)(t >> 8)};
    result[4] = bits(s, 32) * 1000 + bits(small, 2) * 100 + tail;
}

Big c_open(const int32_t *xs, size_t x_count, const Big *ys, size_t y_count, int8_t k)
{
    Big result = {0, 0, (int64_t)(x_count * 100 + y_count), k};
    for (size_t i = 0; i < x_count; i++)
        result.a += xs[i];
    for (size_t i = 0; i < y_count; i++)
        result.b += ys[i].d;
    return result;
}

Four c_tuple(Pair t, int8_t k)
{
    return (Four){t.a, (int64_t)t.b.p, t.b.q, k};
}

void c_var(Big *x, int8_t *y, int16_t (*z)[4])
{
    x->d = x->a + x->b;
    *y = (int8_t)-*y;
    int16_t first = (*z)[0];
    (*z)[0] = (*z)[3];
    (*z)[3] = first;
}

Small c_many(int8_t a, Big b, double c, Small d, int16_t e, const uint8_t *f, size_t f_count, Big g,
             float h, int32_t i, int64_t j, Small k)
{
    int sum = a + e + i + (int)j + d.n + k.n + (int)f_count;
    Small result = {(float)(b.a + g.d) + d.x + k.y, (float)c + h, (int8_t)sum};
    memset(&b, 0x55, sizeof b); /* C may overwrite what it got: Nim's variable must not change */
    return result;
}

Big c_alias(Big x, int8_t y)
{
    return (Big){x.d, x.c, x.b, x.a + y};
}

static Big add_env(Big x, void *env)
{
    x.a += *(int64_t *)env;
    x.d -= 1;
    return x;
}

static int32_t twice_env(int32_t x, void *env)
{
    return x * 2 + *(int32_t *)env;
}

static Big visit(void *user, Big x, int8_t k)
{
    *(int *)user += k;
    return (Big){x.a * 2, 0, 0, k};
}

static void check_scalars(void)
{
    uint64_t g = 0xfedcba9876543210U;
    CHECK(to_n_scalars(-5, 65535, true, 1.5F, LOW, LAST, g, 'q', -300) == HIGH);
    CHECK(to_n_scalars(-5, 65535, true, 1.5F, LOW, ZERO, g, 'q', -300) == LOW);
    CHECK(to_n_up(LAST) == ZERO);
    CHECK(to_n_up(ZERO) == LAST);
    CHECK(to_n_byref((ByRef){-7}, 3) == -21);
}

static void check_arrays(void)
{
    int16_t a[4] = {1, -2, 3, -4};
    uint8_t set[32] = {0}, result_set[32];
    int32_t result[5];
    set['a' / 8] |= 1 << 'a' % 8;
    set[31] = 0x80;
    to_n_arrays(a, set, 1 << 11 | 1, -7, result);
    CHECK(result[0] == 2 && result[1] == -4 && result[3] == -8 && result[4] == 2193);
    memset(result_set, 0xaa, sizeof result_set);
    to_n_sets(1 << 11, set, result_set);
    CHECK(bits(result_set, 32) == 254 && (result_set[1] & 1 << 3) != 0 &&
          (result_set[31] & 0x80) == 0);
    CHECK(to_n_small_set(0xff) == 0xffffffff00);
    CHECK(to_n_small_set(0xff0000000f) == 0x00fffffff0);
}

static void check_records(void)
{
    Big big = {1, 2, 3, 4};
    Small small = {1, 2, 3};
    int32_t xs[] = {10, 20, 30};
    Big ys[] = {{0, 0, 0, 5}, {0, 0, 0, 6}};
    Big got = to_n_open(xs, 3, ys, 2, -4);
    CHECK(got.a == 60 && got.b == 11 && got.c == 302 && got.d == -4);
    got = to_n_open(NULL, 0, NULL, 0, 9);
    CHECK(got.a == 0 && got.b == 0 && got.c == 0 && got.d == 9);
    Four four = to_n_tuple((Pair){-3, {2, (int64_t)1 << 40}}, 5);
    CHECK(four.a == -3 && four.b == 2 && four.c == (int64_t)1 << 40 && four.d == 5);
    uint8_t bytes[5] = {0};
    Small many = to_n_many(1, big, 0.5, small, 2, bytes, 5, big, 0.25F, 3, 4, small);
    CHECK(many.x == 8 && many.y == 0.75F && many.n == 21);
    int8_t y = 5;
    int16_t z[4] = {1, 2, 3, 4};
    to_n_var(&big, &y, &z);
    CHECK(big.c == 3 && y == -5 && z[0] == 4 && z[3] == 1);
    CHECK(to_n_lent(&big) == &big.d);
    got = to_n_cdecl(big, LAST);
    CHECK(got.a == 1 && got.b == 200 && got.d == 4);
}

static void check_callables(void)
{
    int64_t step = 10;
    int32_t offset = 3;
    int seen = 0;
    Big xs[3] = {{1, 0, 0, 0}, {2, 0, 0, 0}, {3, 0, 0, 0}};
    Big got = to_n_call_closure((ClosBig){add_env, &step}, (Big){1, 2, 3, 4}, 3);
    CHECK(got.a == 31 && got.b == 2 && got.d == 1);
    CHECK(to_n_call_small((ClosInt){twice_env, &offset}, 5) == 29);
    got = to_n_each(xs, 3, visit, &seen);
    CHECK(got.a == 12 && got.d == 3 && seen == 3);
    int32_t wrong = to_n_calls(4);
    CHECK(wrong == 0);
    if (wrong != 0)
        printf("calls of Nim that went wrong: %#x\n", (unsigned)wrong);
}

int main(void)
{
    NimMain();
    check_scalars();
    check_arrays();
    check_records();
    check_callables();
    printf("%d wrong\n", failed);
    return failed != 0;
}
