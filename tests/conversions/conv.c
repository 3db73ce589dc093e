/* The memory, the values and the account that both sides share; and the program. */
#include "conv.h"

#include <stdio.h>

int64_t cv_values;
const unsigned char cv_zeros[64] __attribute__((aligned(64)));
bool cv_nul = CV_NUL;
static int64_t live_blocks, live_owners, live_resources, live_closures, current, entered, invoked;
static const char *current_name = "";

/* --- memory ------------------------------------------------------------------------------------------ */

void *cv_alloc(size_t bytes)
{
    void *memory = malloc(bytes ? bytes : 1);
    if (!memory)
        abort();
    memset(memory, 0x5a, bytes);
    live_blocks++;
    return memory;
}

void cv_free(void *memory)
{
    if (memory)
        live_blocks--;
    free(memory);
}

static void **lent;
static size_t lent_count, lent_room;

void *cv_lend(size_t bytes)
{
    if (lent_count == lent_room) {
        lent_room = lent_room ? 2 * lent_room : 64;
        lent = realloc(lent, lent_room * sizeof *lent);
    }
    void *memory = malloc(bytes ? bytes : 1);
    if (!memory || !lent)
        abort();
    memset(memory, 0, bytes);
    return lent[lent_count++] = memory;
}

size_t cv_mark(void)
{
    return lent_count;
}

void cv_back(size_t mark)
{
    while (lent_count > mark)
        free(lent[--lent_count]);
}

static void check_release(bool is_there, size_t want, size_t got)
{
    if (!is_there)
        rt_mismatch(current_name, "another address is released");
    if (want != got)
        rt_mismatch(current_name, "the released memory has another size");
}

/* A header in the memory itself. */
struct headed {
    cv_owner owner;
    size_t bytes;
    size_t fill[2];
};

static void release_headed(cv_owner *self, void *ptr, size_t bytes)
{
    struct headed *head = (struct headed *)self;
    check_release(ptr == (void *)(head + 1) || head->bytes == 0, head->bytes, bytes);
    live_owners--;
    free(head);
}

/* An object of its own, which knows what it owns. */
struct apart {
    cv_owner owner;
    void *ptr;
    size_t bytes;
};

static void release_apart(cv_owner *self, void *ptr, size_t bytes)
{
    struct apart *own = (struct apart *)self;
    check_release(ptr == own->ptr || own->bytes == 0, own->bytes, bytes);
    live_owners--;
    free(own->ptr);
    free(own);
}

/* A static object, as that of malloc. */
static void release_plain(cv_owner *self, void *ptr, size_t bytes)
{
    (void)self, (void)bytes;
    live_owners--;
    free(ptr == (const void *)cv_zeros ? NULL : ptr);
}
static cv_owner plain = {release_plain};

/* What nobody has to release lives as long as the process. */
static void *keep(size_t bytes)
{
    static struct kept {
        struct kept *next;
        size_t fill;
    } *all;
    struct kept *one = malloc(sizeof *one + bytes);
    if (!one)
        abort();
    one->next = all;
    all = one;
    return one + 1;
}

/* `room` is what is allocated, `bytes` what the owner is told. */
static void *own(size_t room, size_t bytes, uint64_t choice, cv_owner **owner)
{
    *owner = NULL;
    if (choice == 3)
        return keep(room);
    live_owners++;
    if (choice == 4) {
        *owner = &plain;
        return room ? malloc(room) : NULL;
    }
    if (choice == 5) {
        struct apart *apart = malloc(sizeof *apart);
        *apart = (struct apart){{release_apart}, malloc(room ? room : 1), bytes};
        *owner = &apart->owner;
        return apart->ptr;
    }
    struct headed *head = malloc(sizeof *head + room);
    *head = (struct headed){{release_headed}, bytes, {0}};
    *owner = &head->owner;
    return head + 1;
}

void *cv_own(size_t bytes, uint64_t seed, cv_owner **owner)
{
    uint64_t choice = rt_value(seed ^ 77) % 8;
    if (bytes == 0 && choice < 3) {
        *owner = NULL;
        return NULL;
    }
    return own(bytes, bytes, choice, owner);
}

void *cv_own_text(size_t length, uint64_t seed, cv_owner **owner)
{
    return own(length + 1, length, rt_value(seed ^ 77) % 8, owner);
}

struct cv_res {
    uint64_t seed;
};

cv_res *cv_res_new(uint64_t seed)
{
    cv_res *res = malloc(sizeof *res);
    res->seed = seed;
    live_resources++;
    return res;
}

cv_res *cv_res_lend(uint64_t seed)
{
    cv_res *res = cv_lend(sizeof *res);
    res->seed = seed;
    return res;
}

bool cv_res_is(const cv_res *res, uint64_t seed)
{
    return res && res->seed == seed;
}

void cv_res_drop(cv_res *res)
{
    live_resources--;
    free(res);
}

/* --- closures ---------------------------------------------------------------------------------------- */

enum { CALLABLE = 0x5e1f, ENDED = 0xdead };
struct env {
    uint64_t seed;
    uint32_t state;
    bool once;
};

bool cv_env_is_null(uint64_t seed)
{
    return rt_value(seed ^ 88) % 8 == 0;
}

uint32_t cv_env_seed(uint64_t seed)
{
    return cv_seed(seed, 55);
}

void *cv_env_lend(uint64_t seed)
{
    if (cv_env_is_null(seed))
        return NULL;
    struct env *env = cv_lend(sizeof *env);
    *env = (struct env){seed, CALLABLE, false};
    return env;
}

static void end_env(void *memory)
{
    struct env *env = memory;
    live_closures--;
    if (!env)
        return;
    if (env->state != CALLABLE)
        rt_mismatch(current_name, "a closure is ended that is none");
    env->state = ENDED;
    free(env);
}

void *cv_env_own(uint64_t seed, bool once, cv_drop *drop)
{
    bool is_kept = rt_value(seed ^ 99) % 8 == 0; /* as long as the process lives */
    *drop = is_kept ? NULL : end_env;
    live_closures += !is_kept;
    if (!once && cv_env_is_null(seed))
        return NULL;
    struct env *env = is_kept ? keep(sizeof *env) : malloc(sizeof *env);
    if (!env)
        abort();
    *env = (struct env){seed, CALLABLE, once && !is_kept};
    return env;
}

void cv_env_check(uint64_t made, uint32_t seed)
{
    if (cv_env_seed(made) != seed)
        rt_mismatch(current_name, "another closure is called, or its environment is another");
}

void cv_env_called(void *memory, uint32_t seed)
{
    struct env *env = memory;
    if (env && env->state != CALLABLE)
        rt_mismatch(current_name, "a closure is called with what is no environment");
    else if (env && env->once)
        end_env(env);
    else if (env && seed >= CV_TURNS)
        cv_env_check(env->seed, seed);
}

void cv_env_count(int64_t more)
{
    live_closures += more;
}

uint32_t cv_turn(void)
{
    static uint32_t turns;
    return turns = (turns + 1) % CV_TURNS;
}

static uint32_t last_called;

void cv_called(uint32_t seed)
{
    last_called = seed;
}

void cv_was_called(uint32_t seed)
{
    if (last_called != seed)
        rt_mismatch(current_name, "a closure was not called, or not with this");
}

/* --- values ------------------------------------------------------------------------------------------ */

size_t cv_length(uint64_t seed, size_t most)
{
    static const size_t lengths[] = {0, 1, 2, 3, 1, 5, 2, 40};
    size_t length = lengths[rt_value(seed ^ 11) % 8];
    return length > most ? length % (most + 1) : length;
}

size_t cv_short_length(uint64_t seed)
{
    static const size_t lengths[] = {0, 0, 1, 0, 2, 0, 1, 0};
    return lengths[rt_value(seed ^ 44) % 8];
}

bool cv_is_null(uint64_t seed)
{
    return rt_value(seed ^ 22) & 1;
}

size_t cv_text(uint64_t seed, bool nul, unsigned char *text)
{
    static const char *const pieces[] = {
        "a", "text ", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x8c\x8d", "0123456789"};
    static const size_t counts[] = {0, 1, 2, 3, 7, 0, 40, 5};
    size_t count = counts[rt_value(seed ^ 33) % 8], length = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = rt_value(rt_mix(seed, i));
        if (nul && cv_nul && value % 16 == 0) {
            text[length++] = 0;
            continue;
        }
        const char *piece = pieces[(value >> 8) % 6];
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
    return length;
}

void cv_check_text(const void *text, size_t length, uint64_t seed, bool nul, const char *what)
{
    unsigned char want[CV_TEXT_BYTES];
    size_t want_length = cv_text(seed, nul, want);
    if (length != want_length)
        rt_mismatch(what, "length of text");
    else if (length && memcmp(text, want, length) != 0)
        rt_mismatch(what, "text");
}

/* Bytes of UTF-8 that are known to be well-formed. */
static uint32_t decode(const unsigned char **at)
{
    uint32_t first = *(*at)++;
    unsigned more = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    uint32_t value = more ? first & (0x3fu >> more) : first;
    while (more--)
        value = value << 6 | (*(*at)++ & 0x3f);
    return value;
}

size_t cv_text16(uint64_t seed, bool nul, bool lone, uint16_t *text)
{
    unsigned char bytes[CV_TEXT_BYTES];
    const unsigned char *at = bytes, *end = bytes + cv_text(seed, nul, bytes);
    size_t length = 0;
    while (at < end) {
        uint32_t value = decode(&at);
        if (lone && rt_value(rt_mix(seed, length)) % 16 == 0)
            value = 0xd800 + length % 0x800;
        if (value >= 0x10000) {
            text[length++] = (uint16_t)(0xd7c0 + (value >> 10));
            value = 0xdc00 + (value & 0x3ff);
        }
        text[length++] = (uint16_t)value;
    }
    return length;
}

size_t cv_length16(const uint16_t *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

void cv_check_text16(const void *text, size_t length, uint64_t seed, bool nul, bool lone,
                     const char *what)
{
    uint16_t want[CV_TEXT_BYTES];
    size_t want_length = cv_text16(seed, nul, lone, want);
    if (length != want_length)
        rt_mismatch(what, "length of text in UTF-16");
    else if (length && memcmp(text, want, length * sizeof *want) != 0)
        rt_mismatch(what, "text in UTF-16");
}

/* --- the account ---------------------------------------------------------------------------------------- */

uint32_t cv_seed(uint64_t a, uint64_t b)
{
    return (uint32_t)rt_mix(a, b);
}

/* What was given away in the last call must be gone. */
static void balance(int64_t *count, const char *what)
{
    if (*count)
        rt_mismatch(current_name, what);
    *count = 0;
}

/* The same where a collector finds out some day what has gone. */
static void balance_late(int64_t *count, const char *what)
{
#ifdef CV_LATE
    if (*count >= 0 && *count <= rt_calls / 8 + 16)
        return;
#endif
    balance(count, what);
}

static void balance_all(void)
{
    balance_late(&live_blocks, "blocks were made more often than freed, or less");
    balance(&live_owners, "owners were made more often than released, or less");
    balance(&live_resources, "resources were made more often than destroyed, or less");
    balance_late(&live_closures, "closures were made more often than ended, or less");
}

uint32_t cv_begin(int64_t function, const char *name, uint64_t round)
{
    balance_all();
    current = function;
    current_name = name;
    entered = invoked = 0;
    rt_calls++;
    if (getenv("CV_TRACE"))
        fprintf(stderr, "%s, round %d\n", name, (int)round);
    return cv_seed((uint64_t)function, round);
}

void cv_end(int64_t callbacks)
{
    if (entered != current)
        rt_mismatch(current_name, "another function was called, or none");
    if (invoked != callbacks)
        rt_mismatch(current_name, "number of callbacks");
}

void cv_enter(int64_t function)
{
    entered = function;
}

void cv_invoked(void)
{
    invoked++;
}

void cv_got(void)
{
    cv_values++;
}

#ifdef CV_NIM
void NimMain(void);
#endif

int main(int count, char **words)
{
    uint64_t rounds = count > 1 ? strtoull(words[1], NULL, 10) : 8;
#ifdef CV_NIM
    NimMain();
#endif
    for (uint64_t round = 0; round < rounds; round++)
        run_calls(round);
    cv_back(0);
    balance_all();
    printf("%lld calls, %lld values, %lld mismatches\n", (long long)rt_calls, (long long)cv_values,
           (long long)rt_mismatches);
    free(lent);
    return rt_mismatches || !rt_calls ? 1 : 0;
}
