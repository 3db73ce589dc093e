/* Ill-formed text: callers in C (c_, and k_ with checks) of System ABI 1, and the other way round (s_). */
#include <abide/system.h>

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    uint16_t *ptr;
    size_t len;
} wide;
typedef struct {
    uint32_t id;
    wide name;
} c_label;
typedef struct {
    uint32_t id;
    sys_str name;
} s_label;
typedef struct {
    unsigned tag;
    union {
        uint32_t ok;
        unsigned err;
    } payload;
} outcome;
typedef struct {
    uint32_t tag;
    uint32_t value;
} sys_outcome;

/* ---- what is called ---- */

static unsigned calls;
static sys_str got;

uint32_t take(const uint8_t *text, size_t len)
{
    calls++;
    got = sys_str_of(text, len);
    static char copy[100];
    got.ptr = memcpy(copy, text, len);
    return (uint32_t)len;
}
uint32_t labels(const s_label *list, size_t count)
{
    return take(list[count - 1].name.ptr, list[count - 1].name.len);
}
static const char *made;
void make(sys_string *out)
{
    *out = sys_string_adopt((void *)made, strlen(made), NULL);
}
uint32_t units(const uint16_t *text, size_t len, const uint16_t *raw, size_t raw_len)
{
    calls++;
    (void)text, (void)raw;
    return (uint32_t)(len + raw_len);
}
sys_outcome safe(const uint8_t *text, size_t len, const s_label *list, size_t count,
                 const uint16_t *u, size_t u_len)
{
    calls++;
    (void)text, (void)list, (void)u, (void)u_len, (void)count;
    return (sys_outcome){SYS_OK, (uint32_t)len};
}
uint32_t c_ended(uint16_t *text)
{
    calls++;
    return text[0];
}

/* ---- calls ---- */

uint32_t c_take(uint16_t *text, size_t len);
uint32_t c_labels(c_label *list, size_t count);
wide c_make(void);
uint32_t c_units(uint16_t *text, size_t len, uint16_t *raw, size_t raw_len);
uint32_t k_take(uint16_t *text, size_t len);
uint32_t k_labels(c_label *list, size_t count);
wide k_make(void);
uint32_t k_units(uint16_t *text, size_t len, uint16_t *raw, size_t raw_len);
outcome c_safe(uint16_t *text, size_t len, c_label *list, size_t count, uint16_t *u, size_t u_len);
uint32_t s_ended(const uint8_t *text, size_t len);

static jmp_buf out;
static size_t trapped, found;
static char where[100];

void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    trapped = code;
    found = value;
    snprintf(where, sizeof where, "%s, %s", function, parameter);
    longjmp(out, 1);
}

static int wrong;

static void must(int line, int is)
{
    if (!is) {
        printf("line %d: code %zu (%s) value %zu, calls %u\n", line, trapped, where, found, calls);
        wrong++;
    }
    trapped = 0, calls = 0, where[0] = 0;
}
#define TRAPS(code, place, value, call) \
    if (!setjmp(out))                   \
        (void)call;                     \
    must(__LINE__, trapped == (code) && found == (value) && !strcmp(where, place) && calls == 0)
#define GIVES(condition) must(__LINE__, (condition) && trapped == 0)

static uint16_t good[] = {'a', 0xD83D, 0xDE00, 'b'};
static uint16_t bad[] = {'a', 'b', 0xDC00, 'c'};
static uint16_t cut[] = {'a', 0xD83D};

static void refused(void)
{
    c_label list[] = {{1, {good, 4}}, {2, {bad, 4}}};
    GIVES(c_take(good, 4) == 6 && calls == 1 &&
          !memcmp(got.ptr,
                  "a\xF0\x9F\x98\x80"
                  "b",
                  6));
    TRAPS(SYS_TRAP_UTF16, "take, text", 2, c_take(bad, 4));
    TRAPS(SYS_TRAP_UTF16, "take, text", 1, c_take(cut, 2));
    TRAPS(SYS_TRAP_UTF16, "take, text", 2, k_take(bad, 4));
    TRAPS(SYS_TRAP_UTF16, "labels, list", 2, c_labels(list, 2));
    TRAPS(SYS_TRAP_UTF16, "labels, list[1].name", 2, k_labels(list, 2));
    made = "ab\xC0\x80";
    TRAPS(SYS_TRAP_UTF8, "make, result", 2, c_make());
    made = "ab\xED\xA0\x80"; /* a surrogate */
    TRAPS(SYS_TRAP_UTF8, "make, result", 2, c_make());
    GIVES(c_units(bad, 4, cut, 2) == 6 && calls == 1);
    GIVES(k_units(good, 4, bad, 4) == 8 && calls == 1);
    TRAPS(SYS_TRAP_UTF16, "units, text", 2, k_units(bad, 4, good, 4));
    TRAPS(SYS_TRAP_NULL, "units, raw", 1, k_units(good, 4, NULL, 1));
    TRAPS(SYS_TRAP_ALIGN, "units, text", (uintptr_t)good + 1,
          k_units((uint16_t *)((char *)good + 1), 2, good, 4));
    TRAPS(SYS_TRAP_OVERFLOW, "units, text", SIZE_MAX / 2, k_units(good, SIZE_MAX / 2, good, 4));
}

static void converted(void)
{
    c_label fine = {1, {good, 4}}, torn = {2, {cut, 2}};
    outcome o = c_safe(good, 4, &fine, 1, good, 4);
    GIVES(o.tag == 0 && o.payload.ok == 6 && calls == 1);
    o = c_safe(bad, 4, &fine, 1, good, 4);
    GIVES(o.tag == 1 && o.payload.err == 22 && calls == 0);
    o = c_safe(good, 4, &torn, 1, good, 4);
    GIVES(o.tag == 1 && o.payload.err == 22 && calls == 0);
    o = c_safe(good, 4, &fine, 1, cut, 2);
    GIVES(o.tag == 1 && o.payload.err == 22 && calls == 0);
}

static void ended(void)
{
    GIVES(s_ended((const uint8_t *)"", 0) == 0 && calls == 1);
    GIVES(s_ended((const uint8_t *)"\xE2\x82\xAC", 3) == 0x20AC && calls == 1);
    TRAPS(SYS_TRAP_NUL, "ended, text", 3, s_ended((const uint8_t *)"a\0b", 3));
    TRAPS(SYS_TRAP_UTF8, "ended, text", 1, s_ended((const uint8_t *)"a\xF5", 2));
}

/* With transcoders of the program's own (tools/runtime/utf16.c, -DREPLACE). */
static void replaced(void)
{
    GIVES(c_take(bad, 4) == 6 && calls == 1 &&
          !memcmp(got.ptr,
                  "ab\xEF\xBF\xBD"
                  "c",
                  6));
    GIVES(c_take(cut, 2) == 4 && calls == 1);
    made = "ab\xC0\x80";
    wide w = c_make();
    GIVES(w.len == 4 && w.ptr[1] == 'b' && w.ptr[2] == 0xFFFD && w.ptr[3] == 0xFFFD);
    free(w.ptr);
    TRAPS(SYS_TRAP_UTF16, "take, text", 2, k_take(bad, 4)); /* a check is a check */
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        replaced();
    } else {
        refused();
        converted();
        ended();
    }
    printf("%d wrong\n", wrong);
    return wrong != 0;
}
