// Exceptions go through an exit from C and an entry into C, one behind the other: out_f calls in_f, which calls f.
#include <cstdint>
#include <cstdio>

using word = std::int64_t;
struct big {
    word a, b;
    double c;
};

extern "C" {
word out_scalars(word, double, int, word, word, word, big);
big out_records(big);
word scalars(word a, double b, int c, word d, word e, word g, big h)
{
    if (a < 0)
        throw a;
    return a + word(b) * 10 + c * 100 + d * 1000 + e * 10000 + g * 100000 + h.b * 1000000 + word(h.c) * 10000000;
}
big records(big a)
{
    if (a.a < 0)
        throw a.a;
    return {a.b, a.a, a.c * 2};
}
}

static int failures;

struct guard {
    int *count;
    ~guard() { ++*count; }
};

// Values that live in preserved registers across the call.
template <typename call> static void expect(const char *name, word value, call thunk)
{
    int destroyed = 0;
    volatile word seed = value;
    word kept[5] = {seed * 3, seed * 5, seed * 7, seed * 11, seed * 13};
    try {
        guard local{&destroyed};
        thunk();
    } catch (word caught) {
        if (caught == value && destroyed == 1 && kept[0] == seed * 3 && kept[1] == seed * 5 && kept[2] == seed * 7 &&
            kept[3] == seed * 11 && kept[4] == seed * 13)
            return;
    }
    std::printf("%s: the exception did not arrive as it was\n", name);
    failures++;
}

int main()
{
    if (out_scalars(1, 2, 3, 4, 5, 6, {0, 7, 8}) != 87654321) {
        std::puts("scalars: the result is another one");
        failures++;
    }
    big back = out_records({1, 2, 3});
    if (back.a != 2 || back.b != 1 || back.c != 6) {
        std::puts("records: the result is another one");
        failures++;
    }
    expect("scalars", -4, [] { out_scalars(-4, 1, 2, 3, 4, 5, {}); });
    expect("records", -5, [] { out_records({-5, 1, 2}); });
    std::puts(failures ? "failed" : "exceptions pass");
    return failures != 0;
}
