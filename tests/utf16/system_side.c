/* round.abi.yaml in the system ABI, UTF-8: what offers it (-DPROVIDER), or what uses it. */
#include "text.h"

#include <abide/system.h>

typedef struct {
    uint32_t id;
    sys_str name, tail;
} label;
typedef struct {
    uint32_t id;
    sys_string title, body;
} page;
typedef SYS_OWN_SLICE(page) page_list;
typedef SYS_VARIANT(uint8_t, uint32_t number; sys_string text;) choice;
typedef SYS_RESULT(sys_string, uint32_t) tried;
typedef struct session session;

#ifdef PROVIDER
#define F(name) name
#else
#define F(name) t_##name
#endif
typedef void answering(uint32_t seed, const uint8_t *text, size_t len, sys_string *out, void *env);
bool F(take)(uint32_t, const uint8_t *, size_t, const uint8_t *, size_t);
bool F(keep)(uint32_t, uint8_t *, size_t, sys_owner *, uint8_t *, size_t, sys_owner *);
void F(make)(uint32_t, sys_string *);
void F(fill)(uint32_t, sys_string *);
void F(change)(uint32_t, sys_string *);
bool F(labels)(uint32_t, const label *, size_t);
void F(pages)(uint32_t, page_list *);
bool F(read)(uint32_t, const page *);
uint32_t F(choose)(uint32_t, uint32_t, uintptr_t, size_t, sys_owner *, choice *);
bool F(maybe)(uint32_t, const uint8_t *, size_t);
void F(wish)(uint32_t, sys_string *);
uint32_t F(try)(uint32_t, tried *);
bool F(ask)(uint32_t, answering *, void *);
void F(same)(uint32_t, const uint16_t *, size_t, const uint16_t *, size_t, sys_string16 *);
sys_str16 F(view)(session *);
session *F(open)(uint32_t);
void session_drop(session *s);

/* An owner that knows what it has to release. */
struct checking_owner {
    sys_owner owner;
    void *ptr;
    size_t bytes;
};

static void release(sys_owner *self, void *ptr, size_t bytes)
{
    struct checking_owner *owner = (struct checking_owner *)self;
    MUST(owner->ptr == ptr && owner->bytes == bytes);
    free(ptr);
    free(owner);
}

static sys_owner *owner_of(void *ptr, size_t bytes)
{
    struct checking_owner *owner = malloc(sizeof *owner);
    MUST(owner);
    *owner = (struct checking_owner){{release}, ptr, bytes};
    return &owner->owner;
}

static sys_string new_string(uint32_t seed)
{
    struct text text = text_of(seed);
    void *memory = copied(text.utf8, text.bytes);
    return sys_string_adopt(memory, text.bytes, owner_of(memory, text.bytes));
}

static bool is_string(uint32_t seed, sys_string text)
{
    return is_utf8(seed, text.ptr, text.len);
}

static page page_of(uint32_t seed)
{
    return (page){seed, new_string(seed), new_string(seed + 1)};
}

static bool is_page(uint32_t seed, const page *p)
{
    return p->id == seed && is_string(seed, p->title) && is_string(seed + 1, p->body);
}

static choice choice_of(uint32_t seed)
{
    choice c = {(uint8_t)(seed % 3), {.number = seed}};
    if (c.tag == 1)
        c.payload.text = new_string(seed);
    return c;
}

/* Ends it. */
static bool is_choice(uint32_t seed, choice c)
{
    bool is = c.tag == seed % 3;
    if (is && c.tag == 0)
        return c.payload.number == seed;
    if (is && c.tag == 1) {
        is = is_string(seed, c.payload.text);
        sys_string_drop(&c.payload.text);
    }
    return is;
}

#ifdef PROVIDER

bool take(uint32_t seed, const uint8_t *text, size_t len, const uint8_t *more, size_t more_len)
{
    return is_utf8(seed, text, len) && is_utf8(seed + 1, more, more_len);
}

bool keep(uint32_t seed, uint8_t *text, size_t len, sys_owner *owner, uint8_t *more,
          size_t more_len, sys_owner *more_owner)
{
    bool is = take(seed, text, len, more, more_len);
    sys_release(owner, text, len);
    sys_release(more_owner, more, more_len);
    return is;
}

void make(uint32_t seed, sys_string *out)
{
    *out = new_string(seed);
}

void fill(uint32_t seed, sys_string *into)
{
    *into = new_string(seed);
}

void change(uint32_t seed, sys_string *text)
{
    MUST(is_string(seed, *text));
    sys_string_drop(text);
    *text = new_string(seed + 1);
}

bool labels(uint32_t seed, const label *list, size_t count)
{
    bool is = count == LIST;
    for (uint32_t i = 0; is && i < LIST; i++)
        is = list[i].id == seed + i && is_utf8(seed + i, list[i].name.ptr, list[i].name.len) &&
             is_utf8(seed + i + 1, list[i].tail.ptr, list[i].tail.len);
    return is;
}

void pages(uint32_t seed, page_list *out)
{
    page made[LIST];
    for (uint32_t i = 0; i < LIST; i++)
        made[i] = page_of(seed + i);
    out->ptr = copied(made, sizeof made);
    out->len = LIST;
    out->owner = owner_of(out->ptr, sizeof made);
}

bool read(uint32_t seed, const page *p)
{
    return is_page(seed, p);
}

uint32_t choose(uint32_t seed, uint32_t tag, uintptr_t first, size_t len, sys_owner *owner,
                choice *out)
{
    choice c = {(uint8_t)tag, {0}};
    if (tag == 0)
        c.payload.number = (uint32_t)first;
    if (tag == 1)
        c.payload.text = sys_string_adopt((void *)first, len, owner);
    MUST(is_choice(seed, c));
    *out = choice_of(seed + 1);
    return out->tag;
}

bool maybe(uint32_t seed, const uint8_t *text, size_t len)
{
    return seed % 2 ? text && is_utf8(seed, text, len) : !text;
}

void wish(uint32_t seed, sys_string *out)
{
    *out = seed % 2 ? new_string(seed) : (sys_string){0};
}

uint32_t try(uint32_t seed, tried *out)
{
    out->tag = seed % 2;
    if (out->tag)
        out->payload.err = seed;
    else
        out->payload.ok = new_string(seed);
    return out->tag;
}

bool ask(uint32_t seed, answering *each, void *env)
{
    sys_string text = new_string(seed), answer;
    each(seed, text.ptr, text.len, &answer, env);
    bool is = is_string(seed + 1, answer);
    sys_string_drop(&answer);
    sys_string_drop(&text);
    return is;
}

void same(uint32_t seed, const uint16_t *text, size_t len, const uint16_t *raw, size_t raw_len,
          sys_string16 *out)
{
    MUST(is_utf16(seed, text, len));
    void *memory = copied(raw, 2 * raw_len);
    *out = sys_string16_adopt(memory, raw_len, owner_of(memory, 2 * raw_len));
}

struct session {
    uint16_t *text;
    size_t units;
};

session *open(uint32_t seed)
{
    session *s = malloc(sizeof *s);
    MUST(s);
    s->text = new_utf16(seed, &s->units);
    return s;
}

sys_str16 view(session *s)
{
    return sys_str16_of(s->text, s->units);
}

void session_drop(session *s)
{
    free(s->text);
    free(s);
}

#else

static void answer(uint32_t seed, const uint8_t *text, size_t len, sys_string *out, void *env)
{
    MUST(env == (void *)&session_drop && is_utf8(seed, text, len));
    *out = new_string(seed + 1);
}

static void use_values(uint32_t seed)
{
    sys_string text = new_string(seed), more = new_string(seed + 1);
    MUST(t_take(seed, text.ptr, text.len, more.ptr, more.len));
    MUST(t_keep(seed, text.ptr, text.len, text.owner, more.ptr, more.len, more.owner));
    t_make(seed, &text);
    MUST(is_string(seed, text));
    sys_string_drop(&text);
    t_fill(seed, &text);
    MUST(is_string(seed, text));
    t_change(seed, &text);
    MUST(is_string(seed + 1, text));
    sys_string_drop(&text);
}

static void use_lists(uint32_t seed)
{
    label list[LIST];
    struct text texts[LIST + 1];
    for (uint32_t i = 0; i <= LIST; i++)
        texts[i] = text_of(seed + i);
    for (uint32_t i = 0; i < LIST; i++)
        list[i] = (label){seed + i, sys_str_of(texts[i].utf8, texts[i].bytes),
                          sys_str_of(texts[i + 1].utf8, texts[i + 1].bytes)};
    MUST(t_labels(seed, list, LIST));
    page_list made;
    t_pages(seed, &made);
    MUST(made.len == LIST);
    for (uint32_t i = 0; i < LIST; i++) {
        MUST(is_page(seed + i, &made.ptr[i]));
        MUST(t_read(seed + i, &made.ptr[i]));
        sys_string_drop(&made.ptr[i].title);
        sys_string_drop(&made.ptr[i].body);
    }
    SYS_DROP_SLICE(made);
}

static void use_sums(uint32_t seed)
{
    choice c = choice_of(seed), back;
    uintptr_t first = c.tag == 1 ? (uintptr_t)c.payload.text.ptr : c.payload.number;
    uint32_t tag = t_choose(seed, c.tag, first, c.tag == 1 ? c.payload.text.len : 7,
                            c.tag == 1 ? c.payload.text.owner : NULL, &back);
    MUST(tag == back.tag && is_choice(seed + 1, back));
    struct text text = text_of(seed);
    MUST(t_maybe(seed, seed % 2 ? text.utf8 : NULL, text.bytes));
    sys_string made;
    t_wish(seed, &made);
    MUST(seed % 2 ? made.ptr && is_string(seed, made) : !made.ptr);
    if (made.ptr)
        sys_string_drop(&made);
    tried t;
    tag = t_try(seed, &t);
    MUST(tag == seed % 2 && tag == t.tag);
    if (tag) {
        MUST(t.payload.err == seed);
    } else {
        MUST(is_string(seed, t.payload.ok));
        sys_string_drop(&t.payload.ok);
    }
    MUST(t_ask(seed, answer, (void *)&session_drop));
}

static void use_units(uint32_t seed)
{
    struct text text = text_of(seed);
    size_t units;
    uint16_t *raw = new_torn(seed, &units);
    sys_string16 back;
    t_same(seed, text.utf16, text.units, raw, units, &back);
    MUST(back.len == units && memcmp(back.ptr, raw, 2 * units) == 0);
    sys_string16_drop(&back);
    free(raw);
    session *s = t_open(seed);
    sys_str16 view = t_view(s);
    MUST(is_utf16(seed, view.ptr, view.len));
    session_drop(s);
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? (uint32_t)atol(argv[1]) : 300;
    for (uint32_t seed = 0; seed < count; seed++) {
        use_values(seed);
        use_lists(seed);
        use_sums(seed);
        use_units(seed);
    }
    return 0;
}

#endif
