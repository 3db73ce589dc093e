/* Invalid values as errors: the callers of convert.py in C (c_) and by System ABI 1 (s_); callees of System ABI 1. Under the leak sanitizer. */
#include <abide/system.h>

#include <stdio.h>

typedef struct {
    uint32_t tag;
    uint32_t value;
} answer;
typedef struct {
    char *ptr;
    size_t len;
} c_string;
typedef struct {
    unsigned tag;
    union {
        c_string text;
        uint64_t number;
        struct {
            uint8_t a, b;
        } both;
    } payload;
} c_note;
typedef struct {
    uint8_t m;
    c_string name;
    struct {
        c_note *ptr;
        size_t len;
    } notes;
} c_item;
typedef struct {
    uint8_t tag;
    union {
        sys_string text;
        uint64_t number;
        struct {
            uint8_t a, b;
        } both;
    } payload;
} s_note;
typedef struct {
    uint8_t m;
    sys_string name;
    struct {
        s_note *ptr;
        size_t len;
        sys_owner *owner;
    } notes;
} s_item;
typedef struct {
    uint8_t tag;
    union {
        int32_t other;
    } payload;
} s_trouble;
typedef struct {
    uint8_t tag;
    union {
        sys_string ok;
        s_trouble err;
    } payload;
} s_kept;
typedef struct {
    unsigned tag;
    union {
        c_string ok;
        struct {
            unsigned tag;
            int32_t other;
        } err;
    } payload;
} c_kept;

static size_t calls, traps;
static int wrong;
#define FINE(condition) \
    if (!(condition))   \
    printf("line %d: %s\n", __LINE__, #condition), wrong++

/* ---- callees: what is given to them they release ---- */

static void drop_note(uint32_t tag, sys_string text)
{
    if (tag == 0)
        sys_string_drop(&text);
}
answer open_file(const uint8_t *path, size_t length, uint8_t how)
{
    (void)path, (void)length, (void)how, calls++;
    return (answer){0, 7};
}
answer store(uint8_t *t, size_t t_len, sys_owner *t_owner, sys_string *l, size_t l_len,
             sys_owner *l_owner, uint32_t tag, uint64_t a, uint64_t b, sys_owner *c)
{
    calls++;
    sys_release(t_owner, t, t_len);
    for (size_t i = 0; i < l_len; i++)
        sys_string_drop(&l[i]);
    sys_release(l_owner, l, l_len * sizeof *l);
    drop_note(tag, (sys_string){(uint8_t *)(uintptr_t)a, b, c});
    return (answer){0, 0};
}
uint32_t keep(s_item *i, s_note *b, sys_owner *b_owner, s_kept *out)
{
    calls++;
    for (size_t k = 0; k < i->notes.len; k++)
        drop_note(i->notes.ptr[k].tag, i->notes.ptr[k].payload.text);
    sys_release(i->notes.owner, i->notes.ptr, i->notes.len * sizeof *i->notes.ptr);
    drop_note(b->tag, b->payload.text);
    sys_release(b_owner, b, sizeof *b);
    out->tag = 0;
    out->payload.ok = i->name;
    return 0;
}
answer find(uint8_t how, uint64_t *at)
{
    (void)how, calls++;
    *at = 5;
    return (answer){0, 1};
}
int32_t plain(uint8_t how)
{
    return how;
}

/* ---- callers ---- */

unsigned long c_open_file(char *path, size_t length,
                          uint32_t how); /* {tag, value} in one register */
unsigned long c_store(char *t, size_t t_len, c_string *l, size_t l_len, c_note n);
c_kept c_keep(c_item i, c_note *b);
unsigned long c_find(uint32_t how, uint64_t *at);
answer s_open_file(const uint8_t *path, size_t length, uint32_t how);
answer s_store(uint8_t *t, size_t t_len, sys_owner *t_owner, sys_string *l, size_t l_len,
               sys_owner *l_owner, uint32_t tag, uint64_t a, uint64_t b, sys_owner *c);
uint32_t s_keep(s_item *i, s_note *b, sys_owner *b_owner, s_kept *out);
answer s_find(uint32_t how, uint64_t *at);

void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    printf("trap %zu (%s, %s, %zu)\n", code, function, parameter, value);
    traps++;
}

static char *copy(const char *text, size_t length)
{
    char *made = malloc(length + 1);
    memcpy(made, text, length);
    return made;
}
static c_string c_text(const char *text)
{
    return (c_string){copy(text, strlen(text)), strlen(text)};
}
static sys_string s_text(const char *text)
{
    return sys_string_adopt(copy(text, strlen(text)), strlen(text), sys_malloc_owner());
}

/* What is made wrong; NOTHING must get through. */
enum { NOTHING, TEXT, ELEMENT, TAG, INSIDE, MODE, CASES };

static void store_c(int what)
{
    c_string *list = malloc(2 * sizeof *list);
    list[0] = c_text("one"), list[1] = c_text(what == ELEMENT ? "\xff" : "two");
    c_note note = {.tag = what == TAG ? 9 : what == INSIDE ? 2 : 0};
    if (what == INSIDE)
        note.payload.both.a = 7;
    else if (what != TAG)
        note.payload.text = c_text("note");
    c_string text = c_text(what == TEXT ? "\xc0\x80" : "text");
    size_t before = calls;
    uint64_t got = c_store(text.ptr, text.len, list, 2, note);
    FINE(calls == before + (what == NOTHING || what == MODE));
    FINE(got == (what == NOTHING || what == MODE ? 0 : 1 | (uint64_t)22 << 32));
}

static void store_s(int what)
{
    sys_string *list = malloc(2 * sizeof *list), text = s_text(what == TEXT ? "\xc0\x80" : "text"),
               note = {0};
    list[0] = s_text("one"), list[1] = s_text(what == ELEMENT ? "\xff" : "two");
    if (what != TAG && what != INSIDE)
        note = s_text("note");
    size_t before = calls;
    answer got = s_store(text.ptr, text.len, text.owner, list, 2, sys_malloc_owner(),
                         what == TAG      ? 0x101
                         : what == INSIDE ? 2
                                          : 0,
                         what == INSIDE ? 7 : (uintptr_t)note.ptr, note.len, note.owner);
    FINE(calls == before + (what == NOTHING || what == MODE));
    FINE(what == NOTHING || what == MODE ? got.tag == 0 : got.tag == 1 && got.value == 22);
}

static void keep_c(int what)
{
    c_item item = {.m = what == MODE ? 2 : 1,
                   .name = c_text(what == TEXT ? "\xed\xa0\x80" : "name")};
    item.notes.ptr = malloc(3 * sizeof *item.notes.ptr);
    item.notes.len = 3;
    for (size_t i = 0; i < 3; i++)
        item.notes.ptr[i] = (c_note){.tag = 0, .payload.text = c_text("x")};
    if (what == TAG || what == INSIDE)
        free(item.notes.ptr[1].payload.text.ptr),
            item.notes.ptr[1] = (c_note){.tag = what == TAG ? 3 : 2, .payload.both = {9, 1}};
    c_note *box = malloc(sizeof *box);
    *box = (c_note){.tag = 0, .payload.text = c_text(what == ELEMENT ? "\x80" : "box")};
    size_t before = calls;
    c_kept got = c_keep(item, box);
    FINE(calls == before + (what == NOTHING));
    FINE(what == NOTHING ? got.tag == 0 && got.payload.ok.len == 4
                         : got.tag == 1 && got.payload.err.tag == 1);
    if (got.tag == 0)
        free(got.payload.ok.ptr);
}

static void keep_s(int what)
{
    s_item item = {.m = what == MODE ? 2 : 1,
                   .name = s_text(what == TEXT ? "\xed\xa0\x80" : "name")};
    item.notes.ptr = malloc(3 * sizeof *item.notes.ptr);
    item.notes.len = 3;
    item.notes.owner = sys_malloc_owner();
    for (size_t i = 0; i < 3; i++)
        item.notes.ptr[i] = (s_note){.tag = 0, .payload.text = s_text("x")};
    if (what == TAG || what == INSIDE)
        sys_string_drop(&item.notes.ptr[1].payload.text),
            item.notes.ptr[1] = (s_note){.tag = what == TAG ? 3 : 2, .payload.both = {9, 1}};
    s_note *box = malloc(sizeof *box);
    *box = (s_note){.tag = 0, .payload.text = s_text(what == ELEMENT ? "\x80" : "box")};
    size_t before = calls;
    s_kept got;
    uint32_t tag = s_keep(&item, box, sys_malloc_owner(), &got);
    FINE(calls == before + (what == NOTHING));
    FINE(tag == got.tag);
    FINE(what == NOTHING ? tag == 0 && got.payload.ok.len == 4
                         : tag == 1 && got.payload.err.tag == 1);
    if (tag == 0)
        sys_string_drop(&got.payload.ok);
}

static void simple(void)
{
    uint64_t at = 1;
    FINE(c_open_file("a\xff", 2, 0) == (1 | (uint64_t)22 << 32));
    FINE(c_open_file("a", 1, 2) == (1 | (uint64_t)22 << 32));
    FINE(c_open_file("a", 1, 1) == (uint64_t)7 << 32);
    FINE(s_open_file((const uint8_t *)"a\xff", 2, 0).value == 22);
    FINE(s_open_file(NULL, 1, 0).tag == 1);
    FINE(s_open_file(NULL, 0, 0).tag == 0);
    FINE(s_open_file((const uint8_t *)"a", SIZE_MAX, 0).tag == 1);
    FINE(c_find(2, &at) == (1 | (uint64_t)(uint32_t)-22 << 32) && at == 0);
    FINE(c_find(1, &at) == (uint64_t)1 << 32 && at == 5);
    answer found = s_find(2, &at);
    FINE(found.tag == 1 && (int32_t)found.value == -22 && at == 0);
    found = s_find(0, &at);
    FINE(found.tag == 0 && found.value == 1 && at == 5);
}

int main(void)
{
    simple();
    for (int what = NOTHING; what < CASES; what++) {
        store_c(what);
        store_s(what);
        keep_c(what);
        keep_s(what);
    }
    FINE(traps == 0);
    printf("%d wrong, %zu calls\n", wrong, calls);
    return wrong != 0;
}
