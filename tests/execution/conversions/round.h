/* C's forms of round.abi.yaml, as `abide call --abi c` prints them. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
    char *ptr;
    size_t len;
};
struct bytes {
    uint8_t *ptr;
    size_t len;
};
typedef struct {
    int32_t x, y;
} point;
typedef struct {
    unsigned tag;
    union {
        double circle;
        point box;
    } payload;
} shape;
struct maybe_u32 {
    bool has;
    uint32_t value;
};
struct maybe_u64 {
    bool has;
    uint64_t value;
};
struct maybe_text {
    bool has;
    struct text value;
};
struct parsed {
    unsigned tag;
    union {
        int32_t ok;
        struct text err;
    } payload;
};
typedef struct {
    uint64_t id;
    struct text text;
} message;
struct messages {
    message *ptr;
    size_t len;
};
typedef struct door door;
struct opened {
    unsigned tag;
    union {
        door *ok;
        unsigned err;
    } payload;
};
struct visit {
    int32_t (*code)(char *text, size_t text_len, int32_t n, void *env);
    void *env;
};

#define DECLARE(prefix)                                                          \
    size_t prefix##text_length(char *s, size_t s_len);                           \
    struct text prefix##text_join(char *a, size_t a_len, char *b, size_t b_len); \
    size_t prefix##text_keep(char *s, size_t s_len);                             \
    double prefix##area(shape s);                                                \
    shape prefix##grow(shape s);                                                 \
    struct maybe_u64 prefix##twice(struct maybe_u32 o);                          \
    size_t prefix##name_length(struct maybe_text o);                             \
    struct parsed prefix##parse(char *s, size_t s_len);                          \
    int64_t prefix##sum(int32_t *xs, size_t xs_len);                             \
    void prefix##raise_all(point *xs, size_t xs_len);                            \
    uint64_t prefix##weigh(message *ms, size_t ms_len);                          \
    struct messages prefix##make(uint32_t n);                                    \
    uint64_t prefix##keep_all(message *ms, size_t ms_len);                       \
    struct opened prefix##open(uint32_t n);                                      \
    uint32_t prefix##look(door *d);                                              \
    struct text prefix##label(door *d);                                          \
    void prefix##shut(door *d);                                                  \
    int32_t prefix##each(int32_t n, struct visit f);                             \
    bool prefix##fill(point *where, int64_t *count);                             \
    unsigned prefix##both(unsigned c);                                           \
    struct bytes prefix##echo(uint8_t *b, size_t b_len);                         \
    struct maybe_text prefix##maybe(message m, bool deep);

DECLARE(c_)
DECLARE(impl_)
void door_close(door *d);

extern int runtime_strings; /* of the runtime in the middle: that were made, and not dropped */
