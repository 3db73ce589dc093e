// Exceptions pass thunks of every tier: one jump (same), a jump after rewriting (tail), a frame (call).
#include <cstdint>
#include <cstdio>

using word = std::int64_t;
struct words2 {
    word a, b;
};
struct words3 {
    word a[3];
};

extern "C" {
int s01_same(int a, int b);
word s04_env7(word a, word b, word c, word d, word e, word f, void *x);
words2 s10_toout(word a, word b);
word s13_byval2ptr(words3 s, word a);
word s14_ptr2byval(const words3 *s, word a);
}

// What the thunks of the file call; those that are not called only have to exist.
extern "C" {
int t01(int a, int) { throw a; }
word t04(void *, word a, word, word, word, word, word) { throw int(a); }
void t10(word a, word, words2 *) { throw int(a); }
word t13(const words3 *s, word) { throw int(s->a[0]); }
word t14(words3 s, word) { throw int(s.a[0]); }
#define UNUSED(name) void name() {}
UNUSED(t02) UNUSED(t03) UNUSED(t05) UNUSED(t06) UNUSED(t07) UNUSED(t08) UNUSED(t09) UNUSED(t11)
UNUSED(t12) UNUSED(t15) UNUSED(t20) UNUSED(t21) UNUSED(t22) UNUSED(t23) UNUSED(t24) UNUSED(t27)
}

static int failures;

// A local with a destructor, and values that live across the call in preserved registers.
struct guard {
    int *count;
    ~guard() { ++*count; }
};

template <typename call> static void expect(const char *name, int value, call thunk)
{
    int destroyed = 0;
    word kept = value * 3;
    try {
        guard local{&destroyed};
        thunk();
    } catch (int caught) {
        if (caught == value && destroyed == 1 && kept == value * 3)
            return;
    }
    std::printf("%s: the exception did not arrive as it was\n", name);
    failures++;
}

int main()
{
    words3 three = {{9, 8, 7}};
    expect("same", 1, [] { s01_same(1, 2); });
    expect("tail", 2, [] { s04_env7(2, 3, 4, 5, 6, 7, nullptr); });
    expect("call", 3, [] { s10_toout(3, 4); });
    expect("call with the caller's stack", 9, [&] { s13_byval2ptr(three, 1); });
    expect("call with stack arguments", 9, [&] { s14_ptr2byval(&three, 1); });
    std::puts(failures ? "failed" : "exceptions pass");
    return failures != 0;
}
