/*
 * The types of System ABI 1 for C (C99 to C23) and C++ (11 and later). Nothing to link with; it stands alone.
 *
 * The specification is abi-specs/language/system.md; ids such as [L8] name its statements. `abide call --abi system` prints the
 * C prototypes of an interface's functions: declare those, and use the types below for what their pointers point to.
 *
 *   slice<T>, mutslice<T>   SYS_SLICE(T), SYS_MUTSLICE(T)        option<T>      SYS_OPTION(T), or T itself [N2]
 *   own slice<T>            SYS_OWN_SLICE(T)                     result<T, E>   SYS_RESULT(T, E), SYS_STATUS(E) without a T
 *   string, own string      sys_str, sys_string                  {variant: ...} SYS_VARIANT(tag type, payloads)
 *   utf16, string16, own    sys_str16, sys_string16
 *   bytes, own bytes        sys_bytes, sys_own_bytes             its open form  SYS_OPEN_VARIANT(size, align, payloads)
 *   box<T>                  SYS_BOX(T)                           callback       SYS_CLOSURE(result, (parameters, void *env))
 *                                                                own, once      SYS_OWN_CLOSURE, likewise
 *   a struct that grows     struct { SYS_SIZED fields }
 *   an interface's vtable   struct { SYS_VTABLE_HEADER methods } dyn I          SYS_DYN(vtable)
 *
 *   an option or a result of two words, as it is returned [C12]    SYS_TAGGED(T)
 *
 * Each macro makes a new type without a name; give it one: `typedef SYS_SLICE(int32_t) numbers;` So do with the nameless structs in
 * printed prototypes, since each such struct is a type of its own to C.
 *
 * Ownership: a sys_str, a sys_bytes or a SYS_SLICE only looks at memory of somebody else, and is copied freely. A sys_string, a
 * sys_own_bytes, a SYS_OWN_SLICE, a SYS_BOX and a SYS_OWN_CLOSURE own what they point to: copying the bytes of one moves it [O5], and whoever has it
 * last drops it, once.
 */
#ifndef ABIDE_SYSTEM_H
#define ABIDE_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Without a C library (freestanding, or if the includer defines SYS_NO_LIBC) what needs one is left out. */
#if !defined(SYS_NO_LIBC) && defined(__STDC_HOSTED__) && __STDC_HOSTED__
#define SYS_HAS_LIBC 1
#include <stdlib.h>
#include <string.h>
#else
#define SYS_HAS_LIBC 0
#endif

#ifdef __cplusplus
#define SYS_ALIGNED(bytes) alignas(bytes)
extern "C" {
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define SYS_ALIGNED(bytes) _Alignas(bytes)
#elif defined(_MSC_VER)
#define SYS_ALIGNED(bytes) __declspec(align(bytes))
#else
#define SYS_ALIGNED(bytes) __attribute__((aligned(bytes)))
#endif

/**
 * Knows how to release memory that is given away with a value. It is a static object, or a header in the memory itself, or
 * anything else that lives until it has released; what follows the function pointer is the owner's own. [O1]
 *
 * `release` is called once, with the owner itself, the address in the value and the bytes that the value's elements take; it may
 * be called on any thread, does not fail, and drops no elements: who calls it has done so. [O3] [O4] [O12]
 */
typedef struct sys_owner {
    void (*release)(struct sys_owner *self, void *ptr, size_t bytes);
} sys_owner;

/* Some elements in a row. `ptr` has no meaning where `len`, which counts elements, is 0. [L8] [E1] */
#define SYS_SLICE(T)  \
    struct {          \
        const T *ptr; \
        size_t len;   \
    }
#define SYS_MUTSLICE(T) \
    struct {            \
        T *ptr;         \
        size_t len;     \
    }
/* The same, owned. A null `owner`: nobody has to release it. [L10] [O2] */
#define SYS_OWN_SLICE(T)  \
    struct {              \
        T *ptr;           \
        size_t len;       \
        sys_owner *owner; \
    }
/* One owned value. [L11] */
#define SYS_BOX(T)        \
    struct {              \
        T *ptr;           \
        sys_owner *owner; \
    }
/* A function with what it needs to know: SYS_CLOSURE(bool, (int32_t value, void *env)). [L12] */
#define SYS_CLOSURE(R, parameters) \
    struct {                       \
        R(*fn) parameters;         \
        void *env;                 \
    }

/* One that is given away, `own` or `once`: `drop` ends its environment; null: nobody has to. [L22] [O14] */
#define SYS_OWN_CLOSURE(R, parameters) \
    struct {                           \
        R(*fn) parameters;             \
        void *env;                     \
        void (*drop)(void *env);       \
    }

/*
 * What stands in front of the methods of an interface, in a struct of its own for each: [L21]
 *
 *     typedef struct store { SYS_VTABLE_HEADER void (*load)(void *self, const uint8_t *key, size_t key_len, sys_own_bytes *out); } store;
 *
 * It is constant. `abide layout` shows it, and the `id` of the interface; `abide call FILE store.load` prints the prototypes of methods.
 */
#define SYS_VTABLE_HEADER                                                                   \
    uint32_t size;              /* bytes that are there, these included [D2] */             \
    uint32_t flags;             /* enum sys_vtable_flags */                                 \
    uint64_t id;                /* which interface it is [D3] */                            \
    void (*drop)(void *data);   /* ends what `own` and `shared` give away [D5] */           \
    void (*retain)(void *data); /* makes another reference; null: there is only one [D6] */ \
    const void *(*query)(void *data, uint64_t id); /* another vtable of the object, or null */
/* The header alone, to look at a vtable of whatever interface. */
typedef struct sys_vtable {
    SYS_VTABLE_HEADER
} sys_vtable;
enum sys_vtable_flags {
    SYS_ANY_THREAD = 1, /**< it may be used on every thread */
    SYS_MAY_UNWIND = 2  /**< methods may be left by unwinding */
};
/* An object: what methods get as `self`, and how to reach them: SYS_DYN(store). Neither is null. [L20] */
#define SYS_DYN(vtable_type)       \
    struct {                       \
        void *data;                \
        const vtable_type *vtable; \
    }
/* Whether an object has a method that not all releases had: SYS_HAS(object.vtable, wipe). [D2] */
#define SYS_HAS(vtable_, method) \
    ((vtable_)->size > (size_t)((const char *)&(vtable_)->method - (const char *)(vtable_)))

/*
 * What stands first in a struct that grows: `typedef struct options { SYS_SIZED uint32_t level; ... } options;` Whoever makes one, or memory
 * for one, sets `size` to sizeof of it, and padding to zero. [L24] [G1]
 */
#define SYS_SIZED uint32_t size;
/* Whether a struct of an older program has a field, which is zero otherwise: SYS_REACHES(opts, limit). [G2] */
#define SYS_REACHES(struct_, field)                                                           \
    ((struct_)->size >= (size_t)((const char *)&(struct_)->field - (const char *)(struct_)) + \
                            sizeof((struct_)->field))

/* UTF-8 text: not terminated, and a NUL in it is a character like others. [L8] [V3] */
#ifndef ABIDE_HAS_sys_str
#define ABIDE_HAS_sys_str
typedef SYS_SLICE(uint8_t) sys_str;
#endif
#ifndef ABIDE_HAS_sys_string
#define ABIDE_HAS_sys_string
typedef SYS_OWN_SLICE(uint8_t) sys_string;
#endif
/* Units of UTF-16, in the machine's byte order; of `utf16` no surrogate is alone. [L23] [V6] */
#ifndef ABIDE_HAS_sys_str16
#define ABIDE_HAS_sys_str16
typedef SYS_SLICE(uint16_t) sys_str16;
#endif
#ifndef ABIDE_HAS_sys_string16
#define ABIDE_HAS_sys_string16
typedef SYS_OWN_SLICE(uint16_t) sys_string16;
#endif
/* Any bytes. */
#ifndef ABIDE_HAS_sys_bytes
#define ABIDE_HAS_sys_bytes
typedef SYS_SLICE(uint8_t) sys_bytes;
#endif
#ifndef ABIDE_HAS_sys_mutbytes
#define ABIDE_HAS_sys_mutbytes
typedef SYS_MUTSLICE(uint8_t) sys_mutbytes;
#endif
#ifndef ABIDE_HAS_sys_own_bytes
#define ABIDE_HAS_sys_own_bytes
typedef SYS_OWN_SLICE(uint8_t) sys_own_bytes;
#endif

/* SYS_VARIANT(uint8_t, size_t count; double ratio;): the cases with a payload by their names; `tag` says which it is. [L13] */
#define SYS_VARIANT(tag_type, ...) \
    struct {                       \
        tag_type tag;              \
        union {                    \
            __VA_ARGS__            \
        } payload;                 \
    }
/* Open, with room for the payloads of later cases: SYS_OPEN_VARIANT(56, 8, int32_t io;). [L15] */
#define SYS_OPEN_VARIANT(size_bytes, align_bytes, ...)                   \
    struct {                                                             \
        uint32_t tag;                                                    \
        union {                                                          \
            SYS_ALIGNED(align_bytes) unsigned char reserved[size_bytes]; \
            __VA_ARGS__                                                  \
        } payload;                                                       \
    }
/* Of a T that has no niche; else the option is a T, and none is a null pointer in front. [L16] [N2] */
#define SYS_OPTION(T)    SYS_VARIANT(uint8_t, T some;)
#define SYS_RESULT(T, E) SYS_VARIANT(uint8_t, T ok; E err;) /* [L17] */
#define SYS_STATUS(E)    SYS_VARIANT(uint8_t, E err;)       /* result<unit, E>, E without a niche */

/* As which a function returns an option, a result or a variant of two words: the tag is wider than in memory. [C12] */
#define SYS_TAGGED(T) \
    struct {          \
        uint32_t tag; \
        T value;      \
    }

/* The tags of options and results. */
enum { SYS_NONE = 0, SYS_SOME = 1, SYS_OK = 0, SYS_ERR = 1 };

/**
 * Why a conversion could not go on. [V5]
 */
enum sys_trap_code {
    SYS_TRAP_NUL = 1,   /**< a NUL inside text that is to end at its first */
    SYS_TRAP_OVERFLOW,  /**< a size or length that the other side cannot hold */
    SYS_TRAP_TAG,       /**< a tag that is none of the cases */
    SYS_TRAP_NULL,      /**< a null pointer where there must be none */
    SYS_TRAP_NO_MEMORY, /**< an allocator gave nothing */
    SYS_TRAP_BOOL,      /**< a truth value that is neither 0 nor 1 */
    SYS_TRAP_ENUM,      /**< none of the values of a closed enum */
    SYS_TRAP_FLAGS,     /**< bits that closed flags, or a set, do not have */
    SYS_TRAP_CHAR,      /**< no Unicode scalar value */
    SYS_TRAP_UTF8,      /**< text that is no UTF-8 */
    SYS_TRAP_ALIGN,     /**< an address that is not aligned for what lies there */
    SYS_TRAP_ABSENT,    /**< a method that the object does not have [D9] */
    SYS_TRAP_KEPT, /**< a reference to an object that was only lent is left when the call returns */
    SYS_TRAP_UTF16, /**< text that is no UTF-16 */
    SYS_TRAP_SIZE, /**< a struct that grows, or a vtable, that is smaller than in any release [G3] */
    SYS_TRAP_UNKNOWN, /**< a field that only a later release knows is not zero [G4] */
    SYS_TRAP_UNWIND,  /**< an exception or a panic that would leave a function */
    SYS_TRAP_ONCE     /**< a closure that is called at most once is called again [K7] */
};

/**
 * Adapters call this where going on would be wrong. A program may define it, to report or to leave by other means than its
 * return; an adapter never goes on behind it. `code` is an enum sys_trap_code, `value` what was found (a tag, a length), the names
 * are those of the interface, or "".
 */
void abide_trap(size_t code, const char *function, const char *parameter, size_t value);

/**
 * How many of these bytes, from the first on, are UTF-8: `bytes`, if all are. Adapters that check text bring a function of this name, which a
 * program may replace (share/abide/check_utf8.c is one on top of utf8proc). [K5]
 */
size_t abide_check_utf8(const void *text, size_t bytes);

/** The same of UTF-16: `units`, if no surrogate is alone. [K5] */
size_t abide_check_utf16(const void *text, size_t units);

/**
 * Write text in the other encoding to `memory`, and return how many units that makes: of two bytes, of one. With a null `memory` they only
 * count, and return SIZE_MAX for text that is not well-formed; with memory they are called for what was counted. Adapters between UTF-8 and
 * UTF-16 bring functions of these names, which a program may replace, for instance by some that write U+FFFD for what is ill-formed
 * (share/abide/utf16.c is one on top of libunistring). [V7]
 */
size_t abide_utf8_to_utf16(const void *text, size_t bytes, void *memory);
size_t abide_utf16_to_utf8(const void *text, size_t units, void *memory);

/** Gives memory back to its owner; nothing happens if there is none. Elements must have been dropped. [O2] [O3] */
static inline void sys_release(sys_owner *owner, void *ptr, size_t bytes)
{
    if (owner)
        owner->release(owner, ptr, bytes);
}

/* Drops an owned sequence, or a box, whose elements own nothing themselves. The value is dead afterwards. */
#define SYS_DROP_SLICE(slice) \
    sys_release((slice).owner, (void *)(slice).ptr, (slice).len * sizeof *(slice).ptr)
#define SYS_DROP_BOX(box) sys_release((box).owner, (void *)(box).ptr, sizeof *(box).ptr)

/** Ends the environment of a closure that was given away, if anybody has to. */
static inline void sys_drop_env(void (*drop)(void *env), void *env)
{
    if (drop)
        drop(env);
}

/* Drops a closure that was given away; one that is called only once, unless it was called. [O14] [O15] */
#define SYS_DROP_CLOSURE(closure) sys_drop_env((closure).drop, (closure).env)

/** Looks at `len` bytes of text, which stay the caller's. */
static inline sys_str sys_str_of(const void *text, size_t len)
{
    sys_str view;
    view.ptr = (const uint8_t *)text;
    view.len = len;
    return view;
}

/* Looks at a string literal, without its NUL: SYS_STR("one"). */
#define SYS_STR(literal) sys_str_of("" literal, sizeof(literal) - 1)

/** Looks at `len` units of UTF-16, which stay the caller's. */
static inline sys_str16 sys_str16_of(const uint16_t *text, size_t len)
{
    sys_str16 view;
    view.ptr = text;
    view.len = len;
    return view;
}

/** Looks at `len` bytes, which stay the caller's. */
static inline sys_bytes sys_bytes_of(const void *data, size_t len)
{
    sys_bytes view;
    view.ptr = (const uint8_t *)data;
    view.len = len;
    return view;
}

/** Looks at an owned string, which keeps its owner. */
static inline sys_str sys_string_view(const sys_string *string)
{
    return sys_str_of(string->ptr, string->len);
}

static inline sys_bytes sys_own_bytes_view(const sys_own_bytes *bytes)
{
    return sys_bytes_of(bytes->ptr, bytes->len);
}

/** Makes an owned string of memory as it is: `owner` will release it; NULL: it lives for ever, as a literal does. [O2] */
static inline sys_string sys_string_adopt(void *text, size_t len, sys_owner *owner)
{
    sys_string string;
    string.ptr = (uint8_t *)text;
    string.len = len;
    string.owner = owner;
    return string;
}

static inline sys_string16 sys_string16_adopt(uint16_t *text, size_t len, sys_owner *owner)
{
    sys_string16 string;
    string.ptr = text;
    string.len = len;
    string.owner = owner;
    return string;
}

static inline sys_own_bytes sys_own_bytes_adopt(void *data, size_t len, sys_owner *owner)
{
    sys_own_bytes bytes;
    bytes.ptr = (uint8_t *)data;
    bytes.len = len;
    bytes.owner = owner;
    return bytes;
}

/** Drops an owned string. Nothing is left in it, so that dropping it again does nothing. */
static inline void sys_string_drop(sys_string *string)
{
    SYS_DROP_SLICE(*string);
    *string = sys_string_adopt(NULL, 0, NULL);
}

static inline void sys_string16_drop(sys_string16 *string)
{
    SYS_DROP_SLICE(*string);
    *string = sys_string16_adopt(NULL, 0, NULL);
}

static inline void sys_own_bytes_drop(sys_own_bytes *bytes)
{
    SYS_DROP_SLICE(*bytes);
    *bytes = sys_own_bytes_adopt(NULL, 0, NULL);
}

#if SYS_HAS_LIBC

/** Looks at text up to its NUL, which stays the caller's. */
static inline sys_str sys_str_from_cstr(const char *text)
{
    return sys_str_of(text, strlen(text));
}

static inline bool sys_str_equal(sys_str left, sys_str right)
{
    return left.len == right.len && (left.len == 0 || memcmp(left.ptr, right.ptr, left.len) == 0);
}

/* The release function of sys_malloc_owner. */
static inline void sys_malloc_release(sys_owner *self, void *ptr, size_t bytes)
{
    (void)self;
    (void)bytes;
    free(ptr);
}

/** The owner of memory from malloc, of the C library that the including file is linked with. */
static inline sys_owner *sys_malloc_owner(void)
{
    static sys_owner owner = {sys_malloc_release};
    return &owner;
}

/** A copy of `text` from malloc, which the caller owns. false: no memory, and nothing was made. */
static inline bool sys_string_copy(sys_str text, sys_string *copy)
{
    uint8_t *memory = (uint8_t *)malloc(text.len ? text.len : 1);
    if (!memory)
        return false;
    if (text.len)
        memcpy(memory, text.ptr, text.len);
    *copy = sys_string_adopt(memory, text.len, sys_malloc_owner());
    return true;
}

/** The same of bytes. */
static inline bool sys_own_bytes_copy(sys_bytes bytes, sys_own_bytes *copy)
{
    sys_string string;
    if (!sys_string_copy(sys_str_of(bytes.ptr, bytes.len), &string))
        return false;
    *copy = sys_own_bytes_adopt(string.ptr, string.len, string.owner);
    return true;
}

#endif

#ifdef __cplusplus
}
#endif
#endif
