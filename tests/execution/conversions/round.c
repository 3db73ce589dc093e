/*
 * The provider (impl_NAME) and the caller (of c_NAME) of round.abi.yaml, both in C's forms. Between them the values are of another
 * ABI; what must not change is compared at both ends. LIVE counts memory that is given away, under every allocator there is.
 */
#include "round.h"

static int failures;

#define CHECK(condition)                                                   \
    do {                                                                   \
        if (!(condition)) {                                                \
            failures++;                                                    \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                  \
    } while (0)

static struct text copy_of(const char *chars, size_t len)
{
    struct text text = {malloc(len + 1), len};
    if (len)
        memcpy(text.ptr, chars, len);
    return text;
}

static bool is_text(struct text text, const char *chars)
{
    return text.len == strlen(chars) && (text.len == 0 || memcmp(text.ptr, chars, text.len) == 0);
}

/* ---- the provider ---- */

size_t impl_text_length(char *s, size_t s_len)
{
    size_t sum = s_len;
    for (size_t i = 0; i < s_len; i++)
        sum += (unsigned char)s[i];
    return sum;
}

struct text impl_text_join(char *a, size_t a_len, char *b, size_t b_len)
{
    struct text both = {malloc(a_len + b_len + 1), a_len + b_len};
    if (a_len)
        memcpy(both.ptr, a, a_len);
    if (b_len)
        memcpy(both.ptr + a_len, b, b_len);
    return both;
}

size_t impl_text_keep(char *s, size_t s_len)
{
    size_t sum = impl_text_length(s, s_len);
    free(s);
    return sum;
}

double impl_area(shape s)
{
    switch (s.tag) {
    case 0: return 0;
    case 1: return s.payload.circle;
    default: return s.payload.box.x * 1000.0 + s.payload.box.y;
    }
}

shape impl_grow(shape s)
{
    if (s.tag == 1)
        s.payload.circle *= 2;
    else if (s.tag == 2)
        s.payload.box.x++, s.payload.box.y--;
    return s;
}

struct maybe_u64 impl_twice(struct maybe_u32 o)
{
    struct maybe_u64 result = {.has = o.has};
    if (o.has)
        result.value = UINT64_C(2) * o.value;
    return result;
}

size_t impl_name_length(struct maybe_text o)
{
    return o.has ? o.value.len : 77;
}

struct parsed impl_parse(char *s, size_t s_len)
{
    struct parsed result = {.tag = 0};
    for (size_t i = 0; i < s_len; i++) {
        if (s[i] < '0' || s[i] > '9') {
            result.tag = 1;
            result.payload.err = copy_of("no number", 9);
            return result;
        }
        result.payload.ok = result.payload.ok * 10 + (s[i] - '0');
    }
    return result;
}

int64_t impl_sum(int32_t *xs, size_t xs_len)
{
    int64_t sum = 0;
    for (size_t i = 0; i < xs_len; i++)
        sum += xs[i];
    return sum;
}

void impl_raise_all(point *xs, size_t xs_len)
{
    for (size_t i = 0; i < xs_len; i++)
        xs[i].x += 10, xs[i].y -= 10;
}

uint64_t impl_weigh(message *ms, size_t ms_len)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < ms_len; i++)
        sum += ms[i].id * impl_text_length(ms[i].text.ptr, ms[i].text.len);
    return sum;
}

struct messages impl_make(uint32_t n)
{
    struct messages all = {calloc(n + 1, sizeof *all.ptr), n};
    for (uint32_t i = 0; i < n; i++) {
        all.ptr[i].id = 100 + i;
        all.ptr[i].text = copy_of("abcdefgh", i % 9);
    }
    return all;
}

static void drop_messages(message *ms, size_t ms_len)
{
    for (size_t i = 0; i < ms_len; i++)
        free(ms[i].text.ptr);
    free(ms);
}

uint64_t impl_keep_all(message *ms, size_t ms_len)
{
    uint64_t sum = impl_weigh(ms, ms_len);
    drop_messages(ms, ms_len);
    return sum;
}

struct door {
    uint32_t number;
    char label[8];
};

static int open_doors;

struct opened impl_open(uint32_t n)
{
    struct opened result = {.tag = n == 0};
    if (n == 0) {
        result.payload.err = 1;
        return result;
    }
    result.payload.ok = malloc(sizeof(door));
    *result.payload.ok = (door){n, "door"};
    open_doors++;
    return result;
}

void door_close(door *d)
{
    open_doors--;
    free(d);
}

uint32_t impl_look(door *d)
{
    return d->number;
}

struct text impl_label(door *d)
{
    return (struct text){d->label, strlen(d->label)};
}

void impl_shut(door *d)
{
    door_close(d);
}

int32_t impl_each(int32_t n, struct visit f)
{
    char text[] = "visited";
    int32_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += f.code(text, (size_t)i % 8, i, f.env);
    return sum;
}

bool impl_fill(point *where, int64_t *count)
{
    *where = (point){3, 4};
    *count *= 2;
    return *count > 0;
}

unsigned impl_both(unsigned c)
{
    return c ^ 7;
}

struct bytes impl_echo(uint8_t *b, size_t b_len)
{
    struct text copy = copy_of((char *)b, b_len);
    return (struct bytes){(uint8_t *)copy.ptr, copy.len};
}

struct maybe_text impl_maybe(message m, bool deep)
{
    struct maybe_text result = {.has = deep};
    if (deep)
        result.value = copy_of(m.text.ptr, m.text.len);
    return result;
}

/* ---- the caller ---- */

static char hello[] = "hello \0 world"; /* a NUL inside is text like any other */
#define HELLO hello, sizeof hello - 1

static void check_texts(void)
{
    CHECK(c_text_length(HELLO) == impl_text_length(HELLO));
    CHECK(c_text_length(NULL, 0) == 0);
    struct text both = c_text_join(HELLO, HELLO);
    CHECK(both.len == 2 * (sizeof hello - 1) && memcmp(both.ptr, HELLO) == 0);
    free(both.ptr);
    both = c_text_join(NULL, 0, NULL, 0);
    CHECK(both.len == 0);
    free(both.ptr);
    struct text own = copy_of(HELLO);
    CHECK(c_text_keep(own.ptr, own.len) == impl_text_length(HELLO));
    own = copy_of("", 0);
    CHECK(c_text_keep(own.ptr, own.len) == 0);
    CHECK(c_name_length((struct maybe_text){true, {HELLO}}) == sizeof hello - 1);
    CHECK(c_name_length((struct maybe_text){.has = false}) == 77);
    CHECK(c_name_length((struct maybe_text){true, {hello, 0}}) == 0);
    struct bytes bytes = c_echo((uint8_t *)hello, 5);
    CHECK(bytes.len == 5 && memcmp(bytes.ptr, hello, 5) == 0);
    free(bytes.ptr);
}

static void check_sums(void)
{
    shape circle = {.tag = 1, .payload.circle = 2.5};
    shape box = {.tag = 2, .payload.box = {7, -8}};
    shape none = {.tag = 0};
    CHECK(c_area(circle) == 2.5);
    CHECK(c_area(box) == 6992.0);
    CHECK(c_area(none) == 0);
    shape grown = c_grow(circle);
    CHECK(grown.tag == 1 && grown.payload.circle == 5);
    grown = c_grow(box);
    CHECK(grown.tag == 2 && grown.payload.box.x == 8 && grown.payload.box.y == -9);
    CHECK(c_grow(none).tag == 0);
    struct maybe_u64 twice = c_twice((struct maybe_u32){true, UINT32_MAX});
    CHECK(twice.has && twice.value == UINT64_C(2) * UINT32_MAX);
    CHECK(!c_twice((struct maybe_u32){.has = false}).has);
    struct parsed parsed = c_parse("120", 3);
    CHECK(parsed.tag == 0 && parsed.payload.ok == 120);
    parsed = c_parse("1x0", 3);
    CHECK(parsed.tag == 1 && is_text(parsed.payload.err, "no number"));
    if (parsed.tag == 1)
        free(parsed.payload.err.ptr);
    CHECK(c_both(5) == 2);
}

static void check_lists(void)
{
    int32_t numbers[] = {1, 2, -30, 4};
    CHECK(c_sum(numbers, 4) == -23);
    CHECK(c_sum(NULL, 0) == 0);
    point points[] = {{1, 2}, {3, 4}};
    c_raise_all(points, 2);
    CHECK(points[0].x == 11 && points[1].y == -6);
    for (uint32_t n = 0; n < 30; n += n < 3 ? 1 : 13) {
        struct messages made = c_make(n), expected = impl_make(n);
        uint64_t weight = impl_weigh(expected.ptr, n);
        CHECK(made.len == n && impl_weigh(made.ptr, made.len) == weight);
        CHECK(c_weigh(made.ptr, made.len) == weight);
        CHECK(impl_weigh(made.ptr, made.len) == weight);
        CHECK(c_keep_all(made.ptr, made.len) == weight);
        drop_messages(expected.ptr, n);
    }
    message m = {9, copy_of("nine", 4)};
    struct maybe_text text = c_maybe(m, true);
    CHECK(text.has && is_text(text.value, "nine") && is_text(m.text, "nine"));
    free(text.value.ptr);
    CHECK(!c_maybe(m, false).has);
    free(m.text.ptr);
}

static int32_t visit(char *text, size_t text_len, int32_t n, void *env)
{
    CHECK(text_len == (size_t)n % 8 && memcmp(text, "visited", text_len) == 0);
    return n * *(int32_t *)env;
}

static void check_others(void)
{
    struct opened opened = c_open(0);
    CHECK(opened.tag == 1 && opened.payload.err == 1);
    opened = c_open(12);
    CHECK(opened.tag == 0 && c_look(opened.payload.ok) == 12);
#ifdef HAS_LABEL
    CHECK(is_text(c_label(opened.payload.ok), "door"));
#endif
    c_shut(opened.payload.ok);
    CHECK(open_doors == 0);
    int32_t factor = 3;
    CHECK(c_each(10, (struct visit){visit, &factor}) == 135);
    point where = {-1, -1};
    int64_t count = 21;
    CHECK(c_fill(&where, &count) && where.x == 3 && where.y == 4 && count == 42);
    count = -1;
    CHECK(!c_fill(&where, &count));
}

int main(void)
{
    check_texts();
    check_sums();
    check_lists();
    check_others();
    CHECK(runtime_strings == 0);
    return failures != 0;
}
