/* A program in C's own forms: what it brings is called by the library's thread. */
#include "../client/natural.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the thunks are, in C ---- */

typedef struct {
    bool has;
    chat_bytes value;
} option_bytes;
typedef struct { /* a table of functions as the system ABI has it, whose methods are C's */
    uint32_t size, flags;
    uint64_t id;
    void (*drop)(void *self);
    void (*retain)(void *self);
    const void *(*query)(void *self, uint64_t id);
    bool (*save)(void *self, char *key, size_t key_len, uint8_t *value, size_t value_len);
    option_bytes (*load)(void *self, char *key, size_t key_len);
    uint32_t (*wipe)(void *self);
} store_table;
typedef struct {
    void *data;
    const store_table *table;
} store;
typedef struct room room;
typedef struct subscription subscription;
typedef struct {
    unsigned tag;
    union {
        room *ok;
        chat_error err;
    } payload;
} opened;
typedef struct {
    uint64_t id;
    chat_text text;
} said;
typedef struct {
    void (*code)(said what, char *who, size_t who_len, void *env);
    void *env;
    void (*drop)(void *env);
} on_said;
typedef struct {
    void (*code)(chat_sent r, void *env);
    void *env;
    void (*drop)(void *env);
} on_sent;

opened c_rooms_open(char *name, size_t name_len, store backend);
chat_text c_rooms_name(room *r);
uint32_t c_rooms_post(room *r, char *text, size_t text_len, on_sent done);
subscription *c_rooms_listen(room *r, on_said cb);
uint32_t c_rooms_settle(room *r);
void c_rooms_hurry(room *r);
option_bytes c_rooms_recall(room *r, char *key, size_t key_len);
chat_option_u32 c_rooms_wipe(room *r);
size_t c_rooms_live(void);
void rooms_room_drop(room *r);
void rooms_unsubscribe(subscription *s);

/* ---- a store ---- */

enum { SHELVES = 512 };

struct shelves {
    char *keys[SHELVES];
    chat_bytes values[SHELVES];
    size_t count;
};

static atomic_int stores, closures, elsewhere;
static pthread_t main_thread;

static void note_thread(void)
{
    elsewhere += !pthread_equal(pthread_self(), main_thread);
}

static uint32_t wipe(void *self)
{
    struct shelves *s = self;
    uint32_t count = (uint32_t)s->count;
    while (s->count) {
        free(s->keys[--s->count]);
        free(s->values[s->count].ptr);
    }
    return count;
}

static void drop_store(void *self)
{
    wipe(self);
    free(self);
    stores--;
}

static const void *query(void *self, uint64_t id)
{
    (void)self, (void)id;
    return NULL;
}

static void *copied(const void *from, size_t bytes)
{
    void *memory = calloc(1, bytes + 1);
    if (!memory)
        abort();
    return bytes ? memcpy(memory, from, bytes) : memory;
}

static bool save(void *self, char *key, size_t key_len, uint8_t *value, size_t value_len)
{
    struct shelves *s = self;
    note_thread();
    if (s->count == SHELVES || (value_len == 4 && memcmp(value, "full", 4) == 0))
        return false;
    s->keys[s->count] = copied(key, key_len);
    s->values[s->count++] = (chat_bytes){copied(value, value_len), value_len};
    return true;
}

static option_bytes load(void *self, char *key, size_t key_len)
{
    const struct shelves *s = self;
    for (size_t i = 0; i < s->count; i++)
        if (strlen(s->keys[i]) == key_len && memcmp(s->keys[i], key, key_len) == 0)
            return (option_bytes){true,
                                  {copied(s->values[i].ptr, s->values[i].len), s->values[i].len}};
    return (option_bytes){0};
}

static const store_table table = {
    sizeof(store_table), 1, 7, drop_store, NULL, query, save, load, wipe};
static const store_table older = {
    offsetof(store_table, wipe), 1, 7, drop_store, NULL, query, save, load, NULL};

static store new_store(const store_table *of)
{
    static const struct shelves empty;
    stores++;
    return (store){copied(&empty, sizeof empty), of};
}

/* ---- closures ---- */

struct note {
    const char *label;
    uint32_t calls;
};

static void *new_note(const char *label)
{
    struct note note = {label, 0};
    closures++;
    return copied(&note, sizeof note);
}

static void drop_note(void *env)
{
    free(env);
    closures--;
}

static void hear(said what, char *who, size_t who_len, void *env)
{
    struct note *note = env;
    note_thread();
    printf("%s %" PRIu32 ": %.*s said %" PRIu64 " %.*s\n", note->label, ++note->calls, (int)who_len,
           who, what.id, (int)what.text.len, what.text.ptr);
}

static void show(chat_error *e)
{
    if (e->tag == CHAT_ERROR_IO)
        printf("io %d\n", e->payload.io);
    if (e->tag != CHAT_ERROR_REJECTED)
        return;
    chat_rejection *rejected = &e->payload.rejected;
    printf("rejected: %.*s", (int)rejected->reason.len, rejected->reason.ptr);
    if (rejected->retry_ms.has)
        printf(", again in %" PRIu32, rejected->retry_ms.value);
    printf("\n");
    free(rejected->reason.ptr);
}

/* The result is this function's, and so is what it was given to know: it is called once. */
static void answer(chat_sent r, void *env)
{
    struct note *note = env;
    note_thread();
    printf("%s: ", note->label);
    if (r.tag == 0)
        printf("sent %" PRIu64 "\n", r.payload.ok);
    else
        show(&r.payload.err);
    drop_note(env);
}

static uint32_t hurried; /* by the library's thread, until it has settled */

static void count(chat_sent r, void *env)
{
    hurried += r.tag == 0;
    if (r.tag != 0)
        show(&r.payload.err);
    drop_note(env);
}

/* ---- the program ---- */

static void post(room *r, const char *text, on_sent done)
{
    size_t len = strlen(text);
    char *copy = copied(text, len);
    printf("waiting: %" PRIu32 "\n", c_rooms_post(r, copy, len, done));
    free(copy); /* the library has its own */
}

static on_sent asking(const char *label)
{
    return (on_sent){answer, new_note(label), drop_note};
}

static void recall(room *r, const char *key)
{
    option_bytes found = c_rooms_recall(r, (char *)key, strlen(key));
    printf("%s: %.*s\n", key, found.has ? (int)found.value.len : 7,
           found.has ? (char *)found.value.ptr : "nothing");
    if (found.has)
        free(found.value.ptr);
}

static room *open_room(const char *name, const store_table *of)
{
    opened o = c_rooms_open((char *)name, strlen(name), new_store(of));
    if (o.tag == 0)
        return o.payload.ok;
    show(&o.payload.err);
    return NULL;
}

static void alive(const char *when)
{
    printf("%s: stores %d, closures %d, the library's %zu\n", when, stores, closures,
           c_rooms_live());
}

static void talk(room *r)
{
    static const char long_text[] =
        "a text of more than sixty-four bytes, which the library does not send to anybody";
    subscription *first = c_rooms_listen(r, (on_said){hear, new_note("first"), drop_note});
    subscription *second = c_rooms_listen(r, (on_said){hear, new_note("second"), drop_note});
    post(r, "hello", asking("a"));
    post(r, "buy spam", asking("b"));
    post(r, long_text, asking("c"));
    post(r, "full", asking("d"));
    printf("settled: %" PRIu32 "\n", c_rooms_settle(r));
    rooms_unsubscribe(second);
    alive("one listens");
    post(r, "caf\xC3\xA9", asking("e"));
    printf("settled: %" PRIu32 "\n", c_rooms_settle(r));
    rooms_unsubscribe(first);
    recall(r, "message-1");
    recall(r, "message-7");
}

/* The thread sends while the program posts. */
static void hurry(room *r)
{
    c_rooms_hurry(r);
    for (int i = 0; i < 200; i++)
        c_rooms_post(r, "quick", 5, (on_sent){count, new_note("quick"), drop_note});
    c_rooms_settle(r);
    printf("in a hurry: %" PRIu32 "\n", hurried);
}

int main(void)
{
    main_thread = pthread_self();
    open_room("", &table);
    alive("refused");
    room *r = open_room("ada", &table), *old = open_room("bob", &older);
    chat_text name = c_rooms_name(r);
    printf("%.*s\n", (int)name.len, name.ptr);
    talk(r);
    hurry(r);
    chat_option_u32 wiped = c_rooms_wipe(r);
    printf("wiped: %" PRIu32 "\n", wiped.has ? wiped.value : 0);
    printf("an older store can: %s\n", c_rooms_wipe(old).has ? "yes" : "no");
    post(old, "never sent", asking("never"));
    alive("at the end");
    rooms_room_drop(old);
    rooms_room_drop(r);
    alive("after it");
    printf("on the library's thread: %s\n", elsewhere ? "yes" : "no");
    return 0;
}
