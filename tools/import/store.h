/* Memory of the importer, which lives until the process ends, and growing text in it. No memory ends the process. */
#ifndef ABIDE_IMPORT_STORE_H
#define ABIDE_IMPORT_STORE_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed. */
void *store_new(size_t count, size_t size_bytes);
const char *store_copy(const char *chars);
const char *store_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void store_free_all(void);

struct text {
    char *chars; /* NULL: nothing was added */
    size_t length_bytes, capacity_bytes;
};

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for one more element of a list that starts as {NULL, 0}; the list may move. */
void *store_grow(void *items, size_t count, size_t size_bytes);
#define LIST(type)    \
    struct {          \
        type *items;  \
        size_t count; \
    }
#define LIST_ADD(list, ...)                                                           \
    ((list)->items = store_grow((list)->items, (list)->count, sizeof *(list)->items), \
     (list)->items[(list)->count++] = (__VA_ARGS__))

#endif
