/*
 * The inside of a context: its memory, its interned strings, its diagnostics, and the way out when memory runs out.
 *
 * Everything below the public interface allocates with abide__alloc, which never returns NULL: without memory it jumps to
 * the innermost guard, that is to the public function that was called, which returns NULL (or false) and leaves the
 * context usable. So a public function looks like this:
 *
 *     const abide_thing *abide_thing_of(abide_ctx *ctx, ...)
 *     {
 *         struct abide_guard guard;
 *         if (setjmp(*abide__guard_enter(ctx, &guard)))
 *             return NULL;                          // out of memory, already reported
 *         const abide_thing *thing = thing_of(ctx, ...);
 *         abide__guard_leave(ctx, &guard);
 *         return thing;
 *     }
 *
 * Two rules follow. What is stored in a table of the context is complete before it is stored. What the arena does not own
 * (a file, a libyaml parser) is registered with abide__guard_own while it is held, so that the jump frees it.
 */
#ifndef ABIDE_BASE_CTX_H
#define ABIDE_BASE_CTX_H

#include "abide/ctx.h"

#include <setjmp.h>
#include <stdarg.h>

struct abide_block;        /* arena.c */
struct abide_strings;      /* intern.c */
struct abide_diags;        /* diag.c */
struct abide_type_table;   /* types/ */
struct abide_modules;      /* spec/ */
struct abide_layouts;      /* layout/ */
struct abide_lowerings;    /* call/ */
struct abide_plans;        /* plan/ */
struct abide_lifts;        /* plan/ */
struct abide_tables;       /* plan/ */
struct abide_fingerprints; /* fingerprint/ */
struct abide_processors;   /* codegen/ */

struct abide_guard {
    jmp_buf out;
    struct abide_guard *outer;
    struct abide_resource *resources; /* held by calls inside this guard */
};

/* Something the arena does not own; lives on the stack of the function that holds it. */
struct abide_resource {
    void (*release)(void *object);
    void *object;
    struct abide_resource *next;
};

struct abide_ctx {
    abide_allocator allocator;
    struct abide_block *blocks; /* newest first */
    struct abide_strings *strings;
    struct abide_diags *diags;
    struct abide_guard *guard;
    const char **module_dirs;
    size_t module_dir_count;
    bool embedded_only;
    bool memory_ran_out;
    bool separate_blocks; /* for tests: every object comes from the allocator by itself */
    const char **inputs;  /* paths of the files that were read (source.c) */
    size_t input_count;
    size_t input_capacity;
    /* Tables of the layers to the right, made on first use. */
    struct abide_type_table *types;
    struct abide_modules *modules;
    struct abide_layouts *layouts;
    struct abide_lowerings *lowerings;
    struct abide_plans *plans;
    uint32_t routine_count; /* plan/: for their serials */
    int checks;             /* plan/: enum abide_checks of plans that are made from now on */
    struct abide_lifts *lifts;
    struct abide_tables *tables;
    struct abide_fingerprints *fingerprints;
    struct abide_processors *processors;
};

/* Returns the jump buffer to give to setjmp; the guard is then the innermost. */
jmp_buf *abide__guard_enter(abide_ctx *ctx, struct abide_guard *guard);
void abide__guard_leave(abide_ctx *ctx, struct abide_guard *guard);
void abide__guard_own(abide_ctx *ctx, struct abide_resource *resource, void (*release)(void *),
                      void *object);
/* Forgets the resource and releases it. Resources are given back in the reverse order of taking. */
void abide__guard_release(abide_ctx *ctx, struct abide_resource *resource);

/* Zeroed memory, aligned for any object, owned by the context. Never NULL; size 0 gives a valid pointer. */
void *abide__alloc(abide_ctx *ctx, size_t size_bytes);
/* Same for `count` objects; a product beyond SIZE_MAX counts as out of memory. */
void *abide__alloc_array(abide_ctx *ctx, size_t count, size_t size_bytes);
/* Reports out-of-memory and jumps to the innermost guard. */
_Noreturn void abide__out_of_memory(abide_ctx *ctx);

#define abide__new(ctx, type) ((type *)abide__alloc((ctx), sizeof(type)))
#define abide__new_array(ctx, type, count) \
    ((type *)abide__alloc_array((ctx), (count), sizeof(type)))

/* Interned copies: equal texts give equal pointers. */
const char *abide__intern(abide_ctx *ctx, const char *text, size_t length_bytes);
const char *abide__intern_text(abide_ctx *ctx, const char *text);
const char *abide__printf(abide_ctx *ctx, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *abide__vprintf(abide_ctx *ctx, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/*
 * A growing array in the arena: declare `ABIDE_VEC(struct x) xs = {0};`, add with abide__push(ctx, &xs, value).
 */
#define ABIDE_VEC(type)  \
    struct {             \
        type *items;     \
        size_t count;    \
        size_t capacity; \
    }
#define abide__push(ctx, vec, ...)                                                       \
    ((vec)->items = abide__vec_grow((ctx), (vec)->items, (vec)->count, &(vec)->capacity, \
                                    sizeof *(vec)->items),                               \
     (vec)->items[(vec)->count++] = (__VA_ARGS__))
void *abide__vec_grow(abide_ctx *ctx, void *items, size_t count, size_t *capacity,
                      size_t size_bytes);

/* Growing text in the arena. `chars` is always NUL-terminated once something was added. */
struct abide_text {
    char *chars;
    size_t length_bytes;
    size_t capacity_bytes;
};
void abide__text_add(abide_ctx *ctx, struct abide_text *text, const char *chars,
                     size_t length_bytes);
void abide__text_printf(abide_ctx *ctx, struct abide_text *text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
