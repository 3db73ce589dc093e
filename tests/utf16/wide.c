/* The library of nim.abi.yaml in C's forms: everything is UTF-16. */
#include "text.h"

struct counted {
    uint16_t *ptr;
    size_t len;
};
struct entry {
    uint32_t id;
    struct counted name;
};
struct entries {
    struct entry *ptr;
    size_t len;
};
struct found {
    bool has;
    struct counted value;
};
struct visitor {
    bool (*code)(uint16_t *text, void *env);
    void *env;
};

static size_t length(const uint16_t *text)
{
    size_t units = 0;
    while (text[units])
        units++;
    return units;
}

static struct counted own(const uint16_t *text, size_t units)
{
    return (struct counted){copied(text, 2 * units), units};
}

uint32_t measure(uint16_t *text);
struct counted upper(uint16_t *text);
struct entries entries(uint32_t count);
struct found find(uint16_t *key);
uint32_t each(uint16_t **list, size_t count, struct visitor visit);
void swap(struct counted *text);
struct counted greet(uint16_t *name, size_t units);
struct counted torn(uint32_t n);
uint32_t count(uint16_t *units, size_t count);

uint32_t measure(uint16_t *text)
{
    return (uint32_t)length(text);
}

struct counted upper(uint16_t *text)
{
    struct counted made = own(text, length(text));
    for (size_t i = 0; i < made.len; i++)
        if (made.ptr[i] >= 'a' && made.ptr[i] <= 'z')
            made.ptr[i] -= 'a' - 'A';
    return made;
}

/* Random texts: entry I has the text of seed I. */
struct entries entries(uint32_t number)
{
    struct entries made = {malloc(number * sizeof(struct entry) + 1), number};
    MUST(made.ptr);
    for (uint32_t i = 0; i < number; i++) {
        size_t units;
        uint16_t *text = new_utf16(i, &units);
        made.ptr[i] = (struct entry){i, {text, units}};
    }
    return made;
}

struct found find(uint16_t *key)
{
    return *key ? (struct found){true, upper(key)} : (struct found){0};
}

uint32_t each(uint16_t **list, size_t number, struct visitor visit)
{
    uint32_t seen = 0;
    while (seen < number && visit.code(list[seen], visit.env))
        seen++;
    return seen;
}

void swap(struct counted *text)
{
    struct counted made = own(text->ptr, text->len);
    for (size_t i = 0; i < text->len; i++)
        made.ptr[i] = text->ptr[text->len - 1 - i];
    free(text->ptr);
    *text = made;
}

struct counted greet(uint16_t *name, size_t units)
{
    static const uint16_t hello[] = {0x20AC, ' '};
    struct counted made = {malloc(2 * units + sizeof hello), units + 2};
    MUST(made.ptr);
    memcpy(made.ptr, hello, sizeof hello);
    if (units)
        memcpy(made.ptr + 2, name, 2 * units);
    return made;
}

struct counted torn(uint32_t n)
{
    const uint16_t units[] = {'a', (uint16_t)(0xD800 + n), 'b'};
    return own(units, 3);
}

uint32_t count(uint16_t *units, size_t number)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < number; i++)
        sum += units[i];
    return sum;
}

/* For the program: text of a seed, by another way than the adapters'. */
size_t text_bytes(uint32_t seed, char *to);
size_t text_bytes(uint32_t seed, char *to)
{
    struct text text = text_of(seed);
    memcpy(to, text.utf8, text.bytes);
    return text.bytes;
}
