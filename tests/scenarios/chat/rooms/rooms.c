/*
 * Rooms in the terms of the system ABI, on top of the chat library (../lib/chat.h). Each room has a thread, which sends what waits, saves it in
 * the program's store, tells who listens, and answers who posted.
 */
#include "../lib/chat.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING_MOST = 512, LISTENERS_MOST = 4, KEY_BYTES = 32 };

typedef struct store {
    SYS_VTABLE_HEADER
    bool (*save)(void *self, const uint8_t *key, size_t key_len, const uint8_t *value,
                 size_t value_len);
    void (*load)(void *self, const uint8_t *key, size_t key_len, sys_own_bytes *out);
    uint32_t (*wipe)(void *self);
} store;

typedef SYS_OWN_CLOSURE(void, (chat_sent * r, void *env)) on_sent;
typedef SYS_OWN_CLOSURE(void, (uint64_t id, const uint8_t *text, size_t text_len,
                               const uint8_t *who, size_t who_len, void *env)) on_said;

struct waiting {
    sys_string text;
    on_sent done;
};

typedef struct room room;
typedef struct subscription {
    room *in;
    on_said cb;
} subscription;

struct room {
    chat_installation *inst;
    chat_convo *convo;
    SYS_DYN(store) backend;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    struct waiting waiting[WAITING_MOST];
    uint32_t first, count, sent; /* `first` waits longest; `sent` since somebody asked */
    bool may_send, hurries, is_busy, ends;
    pthread_mutex_t telling; /* of the listeners */
    subscription *listeners[LISTENERS_MOST];
};

typedef SYS_RESULT(room *, chat_error) opened;
typedef SYS_TAGGED(uint32_t) wiped;

uint32_t rooms_open(const uint8_t *name, size_t name_len, void *backend, const store *vtable,
                    opened *out);
sys_str rooms_name(room *r);
uint32_t rooms_post(room *r, const uint8_t *text, size_t text_len,
                    void (*done_fn)(chat_sent *r, void *env), void *done_env,
                    void (*done_drop)(void *));
subscription *rooms_listen(room *r,
                           void (*cb_fn)(uint64_t id, const uint8_t *text, size_t text_len,
                                         const uint8_t *who, size_t who_len, void *env),
                           void *cb_env, void (*cb_drop)(void *));
void rooms_unsubscribe(subscription *s);
uint32_t rooms_settle(room *r);
void rooms_hurry(room *r);
void rooms_recall(room *r, const uint8_t *key, size_t key_len, sys_own_bytes *out);
wiped rooms_wipe(room *r);
void rooms_room_drop(room *r);
size_t rooms_live(void);

static atomic_size_t live;

static void *take(size_t bytes)
{
    void *memory = calloc(1, bytes);
    if (!memory)
        abort();
    live++;
    return memory;
}

static void give_back(void *memory)
{
    live--;
    free(memory);
}

/* ---- what the thread does ---- */

static void tell(room *r, uint64_t id, const sys_string *text)
{
    sys_str who = chat_name(r->inst);
    pthread_mutex_lock(&r->telling);
    for (int i = 0; i < LISTENERS_MOST; i++)
        if (r->listeners[i])
            r->listeners[i]->cb.fn(id, text->ptr, text->len, who.ptr, who.len,
                                   r->listeners[i]->cb.env);
    pthread_mutex_unlock(&r->telling);
}

static void deliver(room *r, struct waiting *one)
{
    chat_sent result;
    if (chat_send(r->convo, one->text.ptr, one->text.len, &result) == SYS_OK) {
        char key[KEY_BYTES];
        int key_len = snprintf(key, sizeof key, "message-%u", (unsigned)result.payload.ok);
        if (!r->backend.vtable->save(r->backend.data, (const uint8_t *)key, (size_t)key_len,
                                     one->text.ptr, one->text.len)) {
            result.tag = SYS_ERR;
            result.payload.err = (chat_error){.tag = CHAT_ERROR_IO, .payload.io = 28};
        } else {
            tell(r, result.payload.ok, &one->text);
        }
    }
    one->done.fn(&result, one->done.env); /* the result, and the closure, are its now */
    sys_string_drop(&one->text);
}

static bool has_work(const room *r)
{
    return r->count && (r->may_send || r->hurries);
}

static void *work(void *of)
{
    room *r = of;
    pthread_mutex_lock(&r->lock);
    while (!r->ends) {
        if (!has_work(r)) {
            pthread_cond_wait(&r->changed, &r->lock);
            continue;
        }
        struct waiting one = r->waiting[r->first];
        r->first = (r->first + 1) % WAITING_MOST;
        r->count--;
        r->is_busy = true;
        pthread_mutex_unlock(&r->lock);
        deliver(r, &one);
        pthread_mutex_lock(&r->lock);
        r->is_busy = false;
        r->sent++;
        pthread_cond_broadcast(&r->changed);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* ---- what the program calls ---- */

static bool start(room *r, sys_str name, chat_error *error)
{
    chat_opened opened;
    chat_started started;
    const chat_options options = {.name = name};
    static const chat_peer_id peer = {1};
    if (chat_open(&options, &opened) != SYS_OK) {
        *error = opened.payload.err;
        return false;
    }
    r->inst = opened.payload.ok;
    if (chat_start(r->inst, (const uint8_t *)"intro:", 6, peer, NULL, 0, &started) != SYS_OK)
        abort();
    r->convo = started.payload.ok;
    return true;
}

uint32_t rooms_open(const uint8_t *name, size_t name_len, void *backend, const store *vtable,
                    opened *out)
{
    room *r = take(sizeof *r);
    out->tag = SYS_OK;
    out->payload.ok = r;
    if (!start(r, sys_str_of(name, name_len), &out->payload.err)) {
        give_back(r);
        vtable->drop(backend); /* it was given away, whatever happens */
        return out->tag = SYS_ERR;
    }
    r->backend.data = backend;
    r->backend.vtable = vtable;
    pthread_mutex_init(&r->lock, NULL);
    pthread_mutex_init(&r->telling, NULL);
    pthread_cond_init(&r->changed, NULL);
    if (pthread_create(&r->thread, NULL, work, r))
        abort();
    return out->tag;
}

sys_str rooms_name(room *r)
{
    return chat_name(r->inst);
}

uint32_t rooms_post(room *r, const uint8_t *text, size_t text_len,
                    void (*done_fn)(chat_sent *r, void *env), void *done_env,
                    void (*done_drop)(void *))
{
    struct waiting one = {.done = {done_fn, done_env, done_drop}};
    sys_string_copy(sys_str_of(text, text_len), &one.text);
    pthread_mutex_lock(&r->lock);
    while (r->count == WAITING_MOST)
        pthread_cond_wait(&r->changed, &r->lock);
    r->waiting[(r->first + r->count++) % WAITING_MOST] = one;
    uint32_t count = r->count;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->lock);
    return count;
}

subscription *rooms_listen(room *r,
                           void (*cb_fn)(uint64_t id, const uint8_t *text, size_t text_len,
                                         const uint8_t *who, size_t who_len, void *env),
                           void *cb_env, void (*cb_drop)(void *))
{
    subscription *s = take(sizeof *s);
    *s = (subscription){r, {cb_fn, cb_env, cb_drop}};
    pthread_mutex_lock(&r->telling);
    int i = 0;
    while (i < LISTENERS_MOST && r->listeners[i])
        i++;
    if (i == LISTENERS_MOST)
        abort();
    r->listeners[i] = s;
    pthread_mutex_unlock(&r->telling);
    return s;
}

void rooms_unsubscribe(subscription *s)
{
    room *r = s->in;
    pthread_mutex_lock(&r->telling);
    for (int i = 0; i < LISTENERS_MOST; i++)
        if (r->listeners[i] == s)
            r->listeners[i] = NULL;
    pthread_mutex_unlock(&r->telling);
    SYS_DROP_CLOSURE(s->cb);
    give_back(s);
}

uint32_t rooms_settle(room *r)
{
    pthread_mutex_lock(&r->lock);
    r->may_send = true;
    pthread_cond_broadcast(&r->changed);
    while (r->count || r->is_busy)
        pthread_cond_wait(&r->changed, &r->lock);
    r->may_send = false;
    uint32_t sent = r->sent;
    r->sent = 0;
    pthread_mutex_unlock(&r->lock);
    return sent;
}

void rooms_hurry(room *r)
{
    pthread_mutex_lock(&r->lock);
    r->hurries = true;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->lock);
}

void rooms_recall(room *r, const uint8_t *key, size_t key_len, sys_own_bytes *out)
{
    r->backend.vtable->load(r->backend.data, key, key_len, out);
}

wiped rooms_wipe(room *r)
{
    bool can = SYS_HAS(r->backend.vtable, wipe);
    uint32_t count = can ? r->backend.vtable->wipe(r->backend.data) : 0;
    return (wiped){can ? SYS_SOME : SYS_NONE, count};
}

/* What still waits is not sent, and its closures are not called. */
void rooms_room_drop(room *r)
{
    pthread_mutex_lock(&r->lock);
    r->ends = true;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    for (uint32_t i = 0; i < r->count; i++) {
        struct waiting *one = &r->waiting[(r->first + i) % WAITING_MOST];
        SYS_DROP_CLOSURE(one->done);
        sys_string_drop(&one->text);
    }
    r->backend.vtable->drop(r->backend.data);
    chat_convo_drop(r->convo);
    chat_installation_drop(r->inst);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->telling);
    pthread_mutex_destroy(&r->lock);
    give_back(r);
}

size_t rooms_live(void)
{
    return live + chat_live();
}
