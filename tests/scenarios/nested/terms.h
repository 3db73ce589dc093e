/* The interface in C's own forms: lists are a pointer and a length, sums a tag and a union. */
#ifndef ABIDE_TESTS_NESTED_TERMS_H
#define ABIDE_TESTS_NESTED_TERMS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *ptr;
    size_t len;
} text;
typedef struct {
    text key;
    int64_t value;
} pair;
typedef struct {
    pair *ptr;
    size_t len;
} pair_list;
typedef struct {
    double x, y;
} point;
enum { NOTHING, CIRCLE, POLYGON, NAMED };
typedef struct {
    unsigned tag;
    union {
        double circle;
        struct {
            point *ptr;
            size_t len;
        } polygon;
        text named;
    } payload;
} shape;
enum { NUMBER, TEXT, NEAR };
typedef struct {
    unsigned tag;
    union {
        int32_t number;
        text text;
        shape near;
    } payload;
} fault;
typedef struct {
    unsigned tag; /* 1: an error */
    union {
        shape ok;
        fault err;
    } payload;
} parsed;
typedef struct {
    int64_t (*code)(int64_t x, void *env);
    void *env;
} step;
typedef struct {
    text name;
    step run;
    struct {
        bool has;
        int64_t value;
    } weight;
} stage;
typedef struct {
    bool has;
    struct {
        stage *ptr;
        size_t len;
    } value;
} maybe_stages;
typedef struct {
    bool has;
    pair value;
} maybe_pair;
typedef struct {
    bool has;
    uint64_t value;
} maybe_place;
typedef struct {
    uint32_t size, flags;
    uint64_t id;
    void (*drop)(void *self);
    void (*retain)(void *self);
    const void *(*query)(void *self, uint64_t id);
    maybe_pair (*next)(void *self);
    uint64_t (*left)(void *self);
} pairs_table;
typedef struct {
    void *data;
    const pairs_table *table;
} pairs;

/* A program calls adapters, a library is called by them. */
#ifndef NAMED_AS
#define NAMED_AS(name) c_##name
#endif
pair_list NAMED_AS(merge)(pair *a, size_t a_len, pair *b, size_t b_len);
int64_t NAMED_AS(apply)(maybe_stages stages, int64_t x);
parsed NAMED_AS(parse)(char *of, size_t of_len);
bool NAMED_AS(split)(char *of, size_t of_len, uint32_t at, text *head, text *tail,
                     maybe_place *places);
int64_t NAMED_AS(sum)(pairs of, uint32_t most);
pairs NAMED_AS(range)(int64_t first, int64_t last);
pair_list NAMED_AS(take)(pairs of);

static inline void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static inline text copy_of(const char *from, size_t len)
{
    text copy = {must(malloc(len + 1)), len};
    memcpy(copy.ptr, from, len);
    copy.ptr[len] = '\0';
    return copy;
}

/* ---- an iterator over numbers ---- */

typedef struct {
    char letter;
    int64_t at, last;
} numbers;

static unsigned dropped;

static inline maybe_pair next_number(void *self)
{
    numbers *n = self;
    char key[32];
    if (n->at > n->last)
        return (maybe_pair){0};
    int len = snprintf(key, sizeof key, "%c%lld", n->letter, (long long)n->at);
    return (maybe_pair){true, {copy_of(key, (size_t)len), n->at++}};
}

static inline uint64_t left_numbers(void *self)
{
    numbers *n = self;
    return (uint64_t)(n->last - n->at + 1);
}

static inline void drop_numbers(void *self)
{
    dropped++;
    free(self);
}

static inline const void *query_numbers(void *self, uint64_t id)
{
    (void)self, (void)id;
    return NULL;
}

static const pairs_table numbers_table = {
    sizeof(pairs_table), 0, 0, drop_numbers, NULL, query_numbers, next_number, left_numbers};

static inline pairs new_numbers(char letter, int64_t first, int64_t last)
{
    numbers *n = must(malloc(sizeof *n));
    *n = (numbers){letter, first, last};
    return (pairs){n, &numbers_table};
}

#endif
