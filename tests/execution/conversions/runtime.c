/* The hooks of a runtime whose strings are {len, -> {cap, bytes, NUL}}: what a program in that language would export. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int runtime_strings;

struct content {
    ptrdiff_t cap;
    char data[];
};
struct string {
    ptrdiff_t len;
    struct content *p;
};
struct message {
    unsigned long long id;
    struct string text;
};

static struct content *content_of(size_t bytes, ptrdiff_t cap)
{
    struct content *content = calloc(1, sizeof *content + bytes);
    content->cap = cap;
    runtime_strings++;
    return content;
}

static void drop(struct string *value)
{
    if (value->p)
        runtime_strings--;
    free(value->p);
    value->len = 0;
    value->p = NULL;
}

void rt_set_string(struct string *value, const char *data, ptrdiff_t len)
{
    drop(value);
    value->len = len;
    if (len == 0)
        return;
    value->p = content_of((size_t)len + 1, len);
    memcpy(value->p->data, data, (size_t)len);
}

void rt_drop_string(struct string *value)
{
    drop(value);
}

void rt_new_bytes(struct string *value, ptrdiff_t len)
{
    drop(value);
    value->len = len;
    if (len)
        value->p = content_of((size_t)len, len);
}

void rt_drop_bytes(struct string *value)
{
    drop(value);
}

struct messages {
    ptrdiff_t cap;
    struct message data[];
};

void rt_new_messages(struct string *value, ptrdiff_t len)
{
    drop(value);
    value->len = len;
    if (len)
        value->p = content_of((size_t)len * sizeof(struct message) + sizeof(struct messages), len);
}

void rt_drop_messages(struct string *value)
{
    struct messages *content = (struct messages *)value->p;
    for (ptrdiff_t i = 0; i < value->len; i++)
        drop(&content->data[i].text);
    drop(value);
}
