/*
 * What both sides of a conversion share: values as functions of a seed (rt.h of tests/nim-roundtrip), memory that is accounted
 * for, and the account of what was called and exchanged.
 */
#ifndef CONV_H
#define CONV_H

#include <stdlib.h>

#include "rt.h"

/* --- memory: everything that is given away comes from and goes back to these, thunks included ---- */
void *cv_alloc(size_t bytes);
void cv_free(void *memory);
/* Memory that is lent: it is freed when the caller comes back to its mark. */
void *cv_lend(size_t bytes);
size_t cv_mark(void);
void cv_back(size_t mark);
extern const unsigned char cv_zeros[64];

/* Owners as System ABI 1 has them [O1]. Which kind a value gets is a function of the seed. */
typedef struct cv_owner {
    void (*release)(struct cv_owner *self, void *ptr, size_t bytes);
} cv_owner;
void *cv_own(size_t bytes, uint64_t seed, cv_owner **owner);
void *cv_own_text(size_t length, uint64_t seed,
                  cv_owner **owner); /* with room for a NUL, never null */
static inline void cv_drop_owner(cv_owner *owner, void *ptr, size_t bytes)
{
    if (owner)
        owner->release(owner, ptr, bytes);
}

/* Something that only a library can look into. */
typedef struct cv_res cv_res;
cv_res *cv_res_new(uint64_t seed);
cv_res *cv_res_lend(uint64_t seed);
bool cv_res_is(const cv_res *res, uint64_t seed);
void cv_res_drop(cv_res *res);

/*
 * What a closure is called with: made of a seed, and lent until the mark, or ended by `drop`, which is null for some. That of a
 * closure that is called once ends with the call. Some environments are null pointers, which `drop` gets as well.
 */
typedef void (*cv_code)(void);
typedef void (*cv_drop)(void *env);
void *cv_env_lend(uint64_t seed);
void *cv_env_own(uint64_t seed, bool once, cv_drop *drop);
bool cv_env_is_null(uint64_t seed);
uint32_t cv_env_seed(uint64_t seed);          /* what one is called with to look at it */
void cv_env_called(void *env, uint32_t seed); /* by the closure's code, first thing */
void cv_env_check(uint64_t made, uint32_t seed);
void cv_env_count(int64_t more); /* what another language has made or ended */
#define CV_TURNS 0x1000
uint32_t cv_turn(void); /* another number below CV_TURNS; seeds are greater */
/* Code that was called with a seed says so at its end; who called it asks. */
void cv_called(uint32_t seed);
void cv_was_called(uint32_t seed);

/* --- values --------------------------------------------------------------------------------------- */
size_t cv_length(uint64_t seed, size_t most);
size_t cv_short_length(uint64_t seed); /* less than one on average */
bool cv_is_null(uint64_t seed);        /* an empty slice has a null pointer */
/* UTF-8, with a NUL here and there unless the interface wants none. */
#define CV_TEXT_BYTES 400
size_t cv_text(uint64_t seed, bool nul, unsigned char *text);
void cv_check_text(const void *text, size_t length, uint64_t seed, bool nul, const char *what);
extern bool cv_nul;
/* The same in UTF-16; lone: some surrogates are alone. Lengths are units. */
size_t cv_text16(uint64_t seed, bool nul, bool lone, uint16_t *text);
size_t cv_length16(const uint16_t *text);
void cv_check_text16(const void *text, size_t length, uint64_t seed, bool nul, bool lone,
                     const char *what);

static inline void fill_char(uint32_t *x, uint64_t seed)
{
    uint32_t value = (uint32_t)(rt_value(seed) % 0x10f800);
    *x = value < 0xd800 ? value : value + 0x800;
}
static inline void check_char(const uint32_t *x, uint64_t seed, const char *what)
{
    uint32_t want;
    fill_char(&want, seed);
    if (*x != want)
        rt_mismatch(what, "char");
}
#ifdef __SIZEOF_INT128__
typedef unsigned __int128 cv_u128;
typedef __int128 cv_i128;
RT_SCALAR(u128, cv_u128, ((cv_u128)rt_value(seed) << 64) | rt_value(seed + 1), RT_BYTES(u128))
RT_SCALAR(i128, cv_i128, (cv_i128)(((cv_u128)rt_value(seed) << 64) | rt_value(seed + 1)),
          RT_BYTES(i128))
#endif

/* --- the account ------------------------------------------------------------------------------------ */
extern int64_t cv_values;
uint32_t cv_seed(uint64_t a, uint64_t b);
uint32_t cv_begin(int64_t function, const char *name, uint64_t round);
void cv_end(int64_t callbacks);
void cv_enter(int64_t function);
void cv_invoked(void);
void cv_got(void);              /* a value came over */
void run_calls(uint64_t round); /* the caller's side */

#endif
