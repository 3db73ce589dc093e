/* round.abi.yaml in C's forms, UTF-16: what offers it (-DPROVIDER), or what uses it. */
#include "text.h"

struct counted {
    uint16_t *ptr;
    size_t len;
};
typedef struct {
    uint32_t id;
    uint16_t *name;
    struct counted tail;
} label;
typedef struct {
    uint32_t id;
    uint16_t *title;
    struct counted body;
} page;
typedef struct {
    page *ptr;
    size_t len;
} page_list;
typedef struct {
    unsigned tag;
    union {
        uint32_t number;
        struct counted text;
    } payload;
} choice;
typedef struct {
    bool has;
    struct counted value;
} wished;
typedef struct {
    unsigned tag;
    union {
        uint16_t *ok;
        uint32_t err;
    } payload;
} tried;
typedef struct {
    uint16_t *(*code)(uint32_t seed, uint16_t *text, size_t len, void *env);
    void *env;
} asker;
typedef struct session session;

#ifdef PROVIDER
#define F(name) name
#else
#define F(name) t_##name
#endif
bool F(take)(uint32_t, uint16_t *, size_t, uint16_t *);
bool F(keep)(uint32_t, uint16_t *, size_t, uint16_t *);
uint16_t *F(make)(uint32_t);
void F(fill)(uint32_t, struct counted *);
void F(change)(uint32_t, struct counted *);
bool F(labels)(uint32_t, label *, size_t);
page_list F(pages)(uint32_t);
bool F(read)(uint32_t, page);
choice F(choose)(uint32_t, choice);
bool F(maybe)(uint32_t, uint16_t *);
wished F(wish)(uint32_t);
tried F(try)(uint32_t);
bool F(ask)(uint32_t, asker);
struct counted F(same)(uint32_t, uint16_t *, size_t, uint16_t *, size_t);
struct counted F(view)(session *);
session *F(open)(uint32_t);
void session_drop(session *s);

static struct counted counted(uint32_t seed)
{
    struct counted text;
    text.ptr = new_utf16(seed, &text.len);
    return text;
}

static page page_of(uint32_t seed)
{
    return (page){seed, new_utf16(seed, NULL), counted(seed + 1)};
}

static bool is_page(uint32_t seed, page p)
{
    return p.id == seed && is_utf16_nul(seed, p.title) &&
           is_utf16(seed + 1, p.body.ptr, p.body.len);
}

static choice choice_of(uint32_t seed)
{
    choice c = {seed % 3, {.number = seed}};
    if (c.tag == 1)
        c.payload.text = counted(seed);
    return c;
}

/* Ends it. */
static bool is_choice(uint32_t seed, choice c)
{
    bool is = c.tag == seed % 3;
    if (is && c.tag == 0)
        return c.payload.number == seed;
    if (is && c.tag == 1) {
        is = is_utf16(seed, c.payload.text.ptr, c.payload.text.len);
        free(c.payload.text.ptr);
    }
    return is;
}

#ifdef PROVIDER

bool take(uint32_t seed, uint16_t *text, size_t len, uint16_t *more)
{
    return is_utf16(seed, text, len) && is_utf16_nul(seed + 1, more);
}

bool keep(uint32_t seed, uint16_t *text, size_t len, uint16_t *more)
{
    bool is = take(seed, text, len, more);
    free(text);
    free(more);
    return is;
}

uint16_t *make(uint32_t seed)
{
    return new_utf16(seed, NULL);
}

void fill(uint32_t seed, struct counted *into)
{
    *into = counted(seed);
}

void change(uint32_t seed, struct counted *text)
{
    MUST(is_utf16(seed, text->ptr, text->len));
    free(text->ptr);
    *text = counted(seed + 1);
}

bool labels(uint32_t seed, label *list, size_t count)
{
    bool is = count == LIST;
    for (uint32_t i = 0; is && i < LIST; i++)
        is = list[i].id == seed + i && is_utf16_nul(seed + i, list[i].name) &&
             is_utf16(seed + i + 1, list[i].tail.ptr, list[i].tail.len);
    return is;
}

page_list pages(uint32_t seed)
{
    page_list list = {malloc(LIST * sizeof(page)), LIST};
    MUST(list.ptr);
    for (uint32_t i = 0; i < LIST; i++)
        list.ptr[i] = page_of(seed + i);
    return list;
}

bool read(uint32_t seed, page p)
{
    return is_page(seed, p);
}

choice choose(uint32_t seed, choice c)
{
    MUST(is_choice(seed, c));
    return choice_of(seed + 1);
}

bool maybe(uint32_t seed, uint16_t *text)
{
    return seed % 2 ? text && is_utf16_nul(seed, text) : !text;
}

wished wish(uint32_t seed)
{
    return (wished){seed % 2, seed % 2 ? counted(seed) : (struct counted){0}};
}

tried try(uint32_t seed)
{
    tried t = {seed % 2, {0}};
    if (t.tag)
        t.payload.err = seed;
    else
        t.payload.ok = new_utf16(seed, NULL);
    return t;
}

bool ask(uint32_t seed, asker each)
{
    struct counted text = counted(seed);
    uint16_t *answer = each.code(seed, text.ptr, text.len, each.env);
    bool is = is_utf16_nul(seed + 1, answer);
    free(answer);
    free(text.ptr);
    return is;
}

struct counted same(uint32_t seed, uint16_t *text, size_t len, uint16_t *raw, size_t raw_len)
{
    MUST(is_utf16(seed, text, len));
    return (struct counted){copied(raw, 2 * raw_len), raw_len};
}

struct session {
    struct counted text;
};

session *open(uint32_t seed)
{
    session *s = malloc(sizeof *s);
    MUST(s);
    s->text = counted(seed);
    return s;
}

struct counted view(session *s)
{
    return s->text;
}

void session_drop(session *s)
{
    free(s->text.ptr);
    free(s);
}

#else

static uint16_t *answer(uint32_t seed, uint16_t *text, size_t len, void *env)
{
    MUST(env == &session_drop && is_utf16(seed, text, len));
    return new_utf16(seed + 1, NULL);
}

static void use_values(uint32_t seed)
{
    struct counted text = counted(seed);
    uint16_t *more = new_utf16(seed + 1, NULL);
    MUST(t_take(seed, text.ptr, text.len, more));
    MUST(t_keep(seed, text.ptr, text.len, more));
    more = t_make(seed);
    MUST(is_utf16_nul(seed, more));
    free(more);
    t_fill(seed, &text);
    MUST(is_utf16(seed, text.ptr, text.len));
    t_change(seed, &text);
    MUST(is_utf16(seed + 1, text.ptr, text.len));
    free(text.ptr);
}

static void use_lists(uint32_t seed)
{
    label list[LIST];
    for (uint32_t i = 0; i < LIST; i++)
        list[i] = (label){seed + i, new_utf16(seed + i, NULL), counted(seed + i + 1)};
    MUST(t_labels(seed, list, LIST));
    for (uint32_t i = 0; i < LIST; i++) {
        free(list[i].name);
        free(list[i].tail.ptr);
    }
    page_list made = t_pages(seed);
    MUST(made.len == LIST);
    for (uint32_t i = 0; i < LIST; i++) {
        MUST(is_page(seed + i, made.ptr[i]));
        MUST(t_read(seed + i, made.ptr[i]));
        free(made.ptr[i].title);
        free(made.ptr[i].body.ptr);
    }
    free(made.ptr);
}

static void use_sums(uint32_t seed)
{
    MUST(is_choice(seed + 1, t_choose(seed, choice_of(seed))));
    uint16_t *text = seed % 2 ? new_utf16(seed, NULL) : NULL;
    MUST(t_maybe(seed, text));
    free(text);
    wished w = t_wish(seed);
    MUST(w.has == seed % 2 && (!w.has || is_utf16(seed, w.value.ptr, w.value.len)));
    if (w.has)
        free(w.value.ptr);
    tried t = t_try(seed);
    MUST(t.tag == seed % 2);
    if (t.tag) {
        MUST(t.payload.err == seed);
    } else {
        MUST(is_utf16_nul(seed, t.payload.ok));
        free(t.payload.ok);
    }
    MUST(t_ask(seed, (asker){answer, (void *)&session_drop}));
}

static void use_units(uint32_t seed)
{
    struct counted text = counted(seed), raw;
    raw.ptr = new_torn(seed, &raw.len);
    struct counted back = t_same(seed, text.ptr, text.len, raw.ptr, raw.len);
    MUST(back.len == raw.len && memcmp(back.ptr, raw.ptr, 2 * raw.len) == 0);
    free(back.ptr);
    free(raw.ptr);
    free(text.ptr);
    session *s = t_open(seed);
    struct counted view = t_view(s);
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
