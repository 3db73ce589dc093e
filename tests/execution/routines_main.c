/*
 * Calls the thunks of routines.c and looks at what their routines did. With an argument, runs into a trap that nobody catches: the
 * process has to die there. Needs the C library only.
 */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef size_t word;

#define W sizeof(word)

static int failures;

#define CHECK(condition)                                                   \
    do {                                                                   \
        if (!(condition)) {                                                \
            failures++;                                                    \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                  \
    } while (0)

/* ---- what the thunks call ---- */

struct pair {
    word a, b;
};

struct wide {
    word a, b, c, d;
};

static word called; /* by thunks, after their routines */

#define POINTERS(name)                                  \
    void name(const void *from, void *to, void *frame); \
    void t_##name(void *from, void *to, void *frame);   \
    void name(const void *from, void *to, void *frame)  \
    {                                                   \
        (void)from, (void)to, (void)frame;              \
        called++;                                       \
    }

POINTERS(arith)
POINTERS(access)
POINTERS(runs)
POINTERS(move)
POINTERS(text)
POINTERS(constants)
POINTERS(calls)
POINTERS(tree)
POINTERS(control)
POINTERS(sizes)
POINTERS(checked)
POINTERS(chosen)

word by_value(struct pair a, struct wide b);
word t_by_value(struct pair a, struct wide b);
word by_value(struct pair a, struct wide b)
{
    return a.a + 10 * a.b + 100 * b.a + 1000 * b.b + 10000 * b.c + 100000 * b.d;
}

word in_frame(const void *from);
word t_in_frame(const void *from);
word in_frame(const void *from)
{
    const struct pair *boxed;
    memcpy(&boxed, from, sizeof boxed);
    return boxed->a + 100 * boxed->b;
}

word read_back(void *to, word x);
word t_read_back(void *to, word x);
word read_back(void *to, word x)
{
    (void)to;
    return 2 * x;
}

struct wide whole(word x);
struct wide t_whole(word x);
struct wide whole(word x)
{
    return (struct wide){x, x + 10, x + 20, x + 30};
}

/* ---- what routines call ---- */

static word released[3];

void driver_released(word owner, word pointer, word bytes);
void driver_released(word owner, word pointer, word bytes)
{
    released[0] = owner;
    released[1] = pointer;
    released[2] = bytes;
}

static word counted;

word driver_count(void);
word driver_count(void)
{
    return ++counted;
}

word driver_sum(word a, word b, word c, word d, word e, word f, word g);
word driver_sum(word a, word b, word c, word d, word e, word f, word g)
{
    counted += 100;
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g;
}

static word ended;

void driver_frame_ended(word *frame);
void driver_frame_ended(word *frame)
{
    ended = frame[0] - (word)frame;
}

static void store_third(word *to, word value)
{
    to[2] = value;
}

static word tapped;

static void tap(void)
{
    tapped++;
}

/* ---- traps ---- */

#ifdef CATCHES_TRAPS
static jmp_buf caught;
static struct {
    word code, value;
    const char *function, *parameter;
} trapped;

void abide_trap(size_t code, const char *function, const char *parameter, size_t value);
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    trapped.code = code;
    trapped.value = value;
    trapped.function = function;
    trapped.parameter = parameter;
    longjmp(caught, 1);
}

static void expect_trap(void (*thunk)(void *, void *, void *), void *from, word code,
                        const char *function, const char *parameter, word value)
{
    word to[2] = {77, 77}, before = called;
    memset(&trapped, 0, sizeof trapped);
    if (setjmp(caught) == 0)
        thunk(from, to, NULL);
    CHECK(called == before);
    CHECK(trapped.code == code);
    CHECK(trapped.value == value);
    CHECK(trapped.function && !strcmp(trapped.function, function));
    CHECK(trapped.parameter && !strcmp(trapped.parameter, parameter));
    CHECK(to[0] == 77);
}

static void test_traps(void)
{
    unsigned char tag[8] = {0};
    uint32_t number = 0xfffffffe;
    memcpy(tag, &number, sizeof number);
    expect_trap(t_checked, tag, 3, "send", "shape", number);
    memset(tag, 0, sizeof tag);
    tag[4] = 1;
    word to[2] = {77, 77};
    if (setjmp(caught) == 0)
        t_checked(tag, to, NULL);
    CHECK(trapped.code == 4 && trapped.value == 0 && !*trapped.function && !*trapped.parameter);
    CHECK(to[0] == 0);
    word most = PTRDIFF_MAX, count = (most - 24) / 12 + 1;
    word all = (word)-1;
    expect_trap(t_sizes, &count, 2, "f \"quoted\\\" ?\?=", "items", count);
    expect_trap(t_sizes, &all, 2, "f \"quoted\\\" ?\?=", "items", all);
}
#endif

/* ---- routines ---- */

static void test_arith(void)
{
    for (int i = 0; i < 3; i++) {
        word from[2] = {i == 1 ? 70 : 13, i == 2 ? 13 : 42}, to[9];
        t_arith(from, to, NULL);
        word a = from[0], b = from[1];
        CHECK(to[0] == (word)-3);
        CHECK(to[1] == a - 16);
        CHECK(to[2] == a + b);
        CHECK(to[3] == a - b);
        CHECK(to[4] == (a & b));
        CHECK(to[5] == a * 12);
        CHECK(to[6] == (a == b));
        CHECK(to[7] == (a < b));
        CHECK(to[8] == (a < b ? a : b));
    }
    CHECK(called == 3);
}

/* The low bytes of a number, wherever this machine has them. */
static word low_bytes(const unsigned char *bytes, word size_bytes)
{
    const word one = 1;
    word number = 0;
    for (word i = 0; i < size_bytes; i++) {
        word index = *(const char *)&one ? size_bytes - 1 - i : i;
        number = number << 8 | bytes[index];
    }
    return number;
}

static void test_access(void)
{
    unsigned char from[16], to[256];
    for (word i = 0; i < sizeof from; i++)
        from[i] = (unsigned char)(0xf1 - 7 * i);
    memset(to, 0x55, sizeof to);
    t_access(from, to, NULL);
    for (word size_bytes = 1; size_bytes <= W; size_bytes++) {
        word number;
        memcpy(&number, to + W * size_bytes, W);
        CHECK(number == low_bytes(from + 1, size_bytes));
        unsigned char *stored = to + 128 + 11 * size_bytes;
        CHECK(memcmp(stored, from + 1, size_bytes) == 0);
        CHECK(stored[-1] == 0x55 && stored[size_bytes] == 0x55);
    }
}

static void test_runs(void)
{
    unsigned char from[32], to[40];
    for (word i = 0; i < sizeof from; i++)
        from[i] = (unsigned char)(0x80 + 3 * i);
    int16_t narrow = -1234;
    uint64_t wide = UINT64_C(0x1122334455667788);
    memcpy(from + 12, &narrow, sizeof narrow);
    memcpy(from + 16, &wide, sizeof wide);
    memset(to, 0x55, sizeof to);
    t_runs(from, to, NULL);
    int64_t widened;
    uint32_t zeroes, low;
    memcpy(&widened, to + 16, sizeof widened);
    memcpy(&zeroes, to + 25, sizeof zeroes);
    memcpy(&low, to + 30, sizeof low);
    CHECK(memcmp(to + 4, from + 1, 11) == 0);
    CHECK(widened == -1234);
    CHECK(zeroes == from[14]);
    CHECK(low == 0x55667788);
    CHECK(to[3] == 0x55 && to[15] == 0x55 && to[24] == 0x55 && to[29] == 0x55 && to[34] == 0x55);
}

static void test_move(void)
{
    const char text[] = "seventeen letters";
    word from[3] = {(word)text, 17, 0};
    char to[40];
    for (int i = 0; i < 2; i++) {
        memset(to, 'x', sizeof to);
        t_move(from, to, NULL);
        CHECK(memcmp(to, "\0\0\0\0\0\0\0", 8) == 0);
        CHECK(i || memcmp(to + 8, text, 17) == 0);
        CHECK(to[i ? 8 : 25] == 'x');
        from[0] = from[1] = 0; /* nothing from nowhere */
    }
}

static void test_text(void)
{
    word from[2] = {(word) "abc", 3}, to[4];
    t_text(from, to, NULL);
    CHECK(to[0] == 3 && to[1] == 0 && to[2] == 1 && to[3] == 0);
    from[0] = (word) "";
    from[1] = 0;
    t_text(from, to, NULL);
    CHECK(to[0] == 0 && to[1] == 0 && to[2] == 1 && to[3] == 0);
}

static void test_constants(void)
{
    word to[6];
    t_constants(NULL, to, NULL);
    for (word i = 0; i < 4; i++) {
        word size_bytes = (word)8 << i;
        CHECK(to[i] != 0 && to[i] % size_bytes == 0);
        for (word j = 0; j < size_bytes; j++)
            CHECK(((const char *)to[i])[j] == 0);
    }
    struct owner {
        void (*release)(word owner, word pointer, word bytes);
    };
    CHECK(to[4] == to[5]);
    ((const struct owner *)to[4])->release(to[4], 5, 6);
    CHECK(released[0] == to[4] && released[1] == 5 && released[2] == 6);
}

static void test_calls(void)
{
    word from[7] = {1, 2, 3, 4, 5, 6, 7}, to[3] = {0}, frame[2];
    frame[0] = (word)store_third;
    frame[1] = (word)tap;
    t_calls(from, to, frame);
    CHECK(to[0] == 1 && counted == 202);
    CHECK(to[1] == 1 + 4 + 9 + 16 + 25 + 36 + 49);
    CHECK(to[2] == 1 && tapped == 1);
}

struct node {
    const struct node *left, *right;
    word value;
};

static void test_tree(void)
{
    const struct node leaves[] = {{0, 0, 5}, {0, 0, 7}};
    const struct node middle = {&leaves[0], &leaves[1], 100};
    struct node root = {&middle, 0, 1000};
    word to[3] = {0};
    t_tree(&root, to, NULL);
    CHECK(to[0] == 1112 && to[1] == 4);
    t_tree(NULL, to, NULL);
    CHECK(to[0] == 0 && to[1] == 0);
}

static void test_control(void)
{
    struct {
        word rows, columns;
        unsigned char bytes[12];
    } from = {4, 3, {0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1}};
    word to[3] = {0};
    t_control(&from, to, NULL);
    CHECK(to[0] == 6 && to[1] == 6 && to[2] == 4);
    from.rows = 0;
    t_control(&from, to, NULL);
    CHECK(to[0] == 6 && to[1] == 6 && to[2] == 4);
}

static void test_sizes(void)
{
    word most = PTRDIFF_MAX, from[1] = {10}, to[2];
    t_sizes(from, to, NULL);
    CHECK(to[0] == 144 && to[1] == 5);
    from[0] = (most - 24) / 12;
    t_sizes(from, to, NULL);
    CHECK(to[0] == from[0] * 12 + 24 && to[0] <= most && to[1] == 5);
    from[0] = 0;
    t_sizes(from, to, NULL);
    CHECK(to[0] == 24);
}

static void test_checked(void)
{
    unsigned char tag[8] = {0};
    word to[1] = {9}, before = called;
    uint32_t one = 1;
    memcpy(tag, &one, sizeof one);
    t_checked(tag, to, NULL);
    CHECK(to[0] == 1 && called == before + 1);
}

static void test_chosen(void)
{
    static const word numbers[][3] = {{3, 10, 10}, {70000, 11, 11}, {4, 5, 99}, {0, 1, 99}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        word to[2] = {99, 99};
        word from = numbers[i][0];
        t_chosen(&from, to, NULL);
        CHECK(to[0] == numbers[i][1] && to[1] == numbers[i][2]);
    }
}

/* ---- steps around a call ---- */

static void test_steps(void)
{
    struct pair a = {1, 2};
    struct wide b = {3, 4, 5, 6};
    CHECK(t_by_value(a, b) == 2 + 10 + 300 + 4000 + 40000 + 300000);

    struct pair pair = {12, 34};
    CHECK(t_in_frame(&pair) == 3412);
    CHECK(ended == 4 * W);

    word to[5] = {0, 0, 0, 0, 99};
    CHECK(t_read_back(to, 20) == 43);
    CHECK(to[0] == 40 && to[1] == 41 && to[2] == 42 && to[3] == 43 && to[4] == 99);

    struct wide wide = t_whole(1000);
    CHECK(wide.a == 1030 && wide.b == 1031 && wide.c == 1032 && wide.d == 1033);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        uint32_t tag[2] = {5, 0};
        word to;
        t_checked(tag, &to, NULL);
        return 0;
    }
    test_arith();
    test_access();
    test_runs();
    test_move();
    test_text();
    test_constants();
    test_calls();
    test_tree();
    test_control();
    test_sizes();
    test_checked();
    test_chosen();
    test_steps();
#ifdef CATCHES_TRAPS
    test_traps();
#endif
    return failures != 0;
}
