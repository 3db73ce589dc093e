/*
 * Calls of functions that are known at run time only, and functions that are made then: abide, libffi, libffcall. Each loop is one
 * dump of callgrind's, named "shape way"; without callgrind, the times of all are printed.
 */
#include "targets.h"

#include <abide/abide.h>
#include <abide/jit.h>
#include <avcall.h>
#include <callback.h>
#include <ffi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <valgrind/callgrind.h>

static unsigned long count;

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

#define REPEAT(shape, way, call)                                                  \
    do {                                                                          \
        double start = now_ns();                                                  \
        CALLGRIND_ZERO_STATS;                                                     \
        for (unsigned long i = 0; i < count; i++) {                               \
            call;                                                                 \
        }                                                                         \
        CALLGRIND_DUMP_STATS_AT(#shape " " way);                                  \
        if (!RUNNING_ON_VALGRIND)                                                 \
            printf(#shape " " way " %.2f\n", (now_ns() - start) / (double)count); \
    } while (0)

#define CHECK(shape, way, ok)               \
    do {                                    \
        if (!(ok)) {                        \
            puts(#shape " " way ": wrong"); \
            exit(1);                        \
        }                                   \
    } while (0)

/* ---- abide ---- */

static abide_ctx *ctx;
static abide_jit *jit;
static const abide_module *c;
static const abide_iface *iface;

static const abide_plan *plan_of(abide_plan_kind kind, const char *name)
{
    return abide_plan_new_of_kind(ctx, kind, iface, abide_iface_function(iface, name), NULL, c, c);
}

static void *give_up(void)
{
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), stderr);
    exit(1);
}

static abide_invoker *invoker(const char *name)
{
    abide_invoker *made = abide_jit_invoker(jit, ctx, plan_of(ABIDE_PLAN_INVOKER, name));
    return made ? made : give_up();
}

static abide_jit_function *closure(abide_plan_kind kind, const char *name, abide_jit_function *code)
{
    abide_jit_function *thunk = abide_jit_thunk(jit, ctx, plan_of(kind, name));
    return thunk ? abide_jit_closure(jit, thunk, code, &environment) : give_up();
}

#define CODE(function) ((abide_jit_function *)(function))

/* ---- libffi ---- */

static ffi_type *const words[] = {&ffi_type_sint64, &ffi_type_sint64, &ffi_type_sint64,
                                  &ffi_type_sint64, &ffi_type_sint64, &ffi_type_sint64,
                                  &ffi_type_sint64, &ffi_type_sint64, NULL};
static ffi_type ffi_s16 = {0, 0, FFI_TYPE_STRUCT, (ffi_type **)words + 6};
static ffi_type ffi_s24 = {0, 0, FFI_TYPE_STRUCT, (ffi_type **)words + 5};
static ffi_type ffi_s64 = {0, 0, FFI_TYPE_STRUCT, (ffi_type **)words};

static void prepare(ffi_cif *cif, ffi_type *result, unsigned n, ffi_type **types)
{
    if (ffi_prep_cif(cif, FFI_DEFAULT_ABI, n, result, types) != FFI_OK)
        exit(1);
}

static void *ffi_function(ffi_cif *cif, void (*handler)(ffi_cif *, void *, void **, void *))
{
    void *code;
    ffi_closure *made = ffi_closure_alloc(sizeof *made, &code);
    if (!made || ffi_prep_closure_loc(made, cif, handler, &environment, code) != FFI_OK)
        exit(1);
    return code;
}

/* ---- handlers: what libffi's and ours have in common ---- */

#define ARGUMENT(type, index) (*(type *)args[index])
#define HANDLERS(shape, result, value)                                        \
    static void shape##_handle(void *ret, void *const args[], void *user)     \
    {                                                                         \
        *(result *)ret = value;                                               \
    }                                                                         \
    static void shape##_ffi(ffi_cif *cif, void *ret, void **args, void *user) \
    {                                                                         \
        (void)cif;                                                            \
        *(result *)ret = value;                                               \
    }

#define I(index) ARGUMENT(int64_t, index)
HANDLERS(two_ints, int, ARGUMENT(int, 0) + ARGUMENT(int, 1) + *(int *)user)
HANDLERS(eight_ints, int64_t, I(0) + I(1) + I(2) + I(3) + I(4) + I(5) + I(6) + I(7) + *(int *)user)
HANDLERS(doubles, double,
         ARGUMENT(double, 0) + ARGUMENT(double, 1) + ARGUMENT(double, 2) + *(int *)user)
HANDLERS(by_value16, int64_t,
         ARGUMENT(s16, 0).a + ARGUMENT(s16, 0).b + ARGUMENT(int, 1) + *(int *)user)
HANDLERS(by_value24, int64_t,
         ARGUMENT(s24, 0).a + ARGUMENT(s24, 0).c + ARGUMENT(int, 1) + *(int *)user)
HANDLERS(by_value64, int64_t,
         ARGUMENT(s64, 0).v[0] + ARGUMENT(s64, 0).v[7] + ARGUMENT(int, 1) + *(int *)user)
HANDLERS(gives24, s24, ((s24){ARGUMENT(int, 0), ARGUMENT(int, 1), *(int *)user}))
static void text_handle(void *ret, void *const args[], void *user)
{
    const struct {
        const char *data;
        size_t length;
    } *given = args[0];
    *(uint64_t *)ret = (uint64_t)*given->data + given->length + (uint64_t)*(int *)user;
}
static void text_ffi(ffi_cif *cif, void *ret, void **args, void *user)
{
    (void)cif;
    *(uint64_t *)ret =
        (uint64_t)*ARGUMENT(char *, 0) + ARGUMENT(size_t, 1) + (uint64_t)*(int *)user;
}

/* ---- libffcall ---- */

static void two_ints_callback(void *user, va_alist list)
{
    va_start_int(list);
    int a = va_arg_int(list), b = va_arg_int(list);
    va_return_int(list, a + b + *(int *)user);
}
static void eight_ints_callback(void *user, va_alist list)
{
    va_start_long(list);
    long sum = *(int *)user;
    for (int i = 0; i < 8; i++)
        sum += va_arg_long(list);
    va_return_long(list, sum);
}
static void doubles_callback(void *user, va_alist list)
{
    va_start_double(list);
    double sum = *(int *)user;
    for (int i = 0; i < 3; i++)
        sum += va_arg_double(list);
    va_return_double(list, sum);
}
#define BY_VALUE_CALLBACK(shape, type, sum)                 \
    static void shape##_callback(void *user, va_alist list) \
    {                                                       \
        va_start_long(list);                                \
        type s = va_arg_struct(list, type);                 \
        int a = va_arg_int(list);                           \
        va_return_long(list, (sum) + a + *(int *)user);     \
    }
BY_VALUE_CALLBACK(by_value16, s16, s.a + s.b)
BY_VALUE_CALLBACK(by_value24, s24, s.a + s.c)
BY_VALUE_CALLBACK(by_value64, s64, s.v[0] + s.v[7])
static void gives24_callback(void *user, va_alist list)
{
    va_start_struct(list, s24, 0);
    int a = va_arg_int(list), b = va_arg_int(list);
    s24 made = {a, b, *(int *)user};
    va_return_struct(list, s24, made);
}
static void text_callback(void *user, va_alist list)
{
    va_start_ulong(list);
    const char *data = va_arg_ptr(list, const char *);
    unsigned long length = va_arg_ulong(list);
    va_return_ulong(list, (unsigned long)*data + length + (unsigned long)*(int *)user);
}

/* ---- all ways of one shape ---- */

/*
 * `given` are the arguments in C; `start` and `pushed` make libffcall's list. `called` and `closed` say whether `result` is right,
 * without and with the environment.
 */
#define SHAPE(...) SHAPE_(__VA_ARGS__)
#define SHAPE_(shape, cif, given, args, ffi_args, start, pushed, called, closed)               \
    do {                                                                                       \
        __typeof__(&shape) volatile plain = shape;                                             \
        memset(&result, 0, sizeof result);                                                     \
        REPEAT(shape, "direct", result = plain given);                                         \
        CHECK(shape, "direct", called);                                                        \
        abide_invoker *call = invoker(#shape);                                                 \
        memset(&result, 0, sizeof result);                                                     \
        REPEAT(shape, "invoker", call(CODE(shape), args, &result));                            \
        CHECK(shape, "invoker", called);                                                       \
        memset(&result, 0, sizeof result);                                                     \
        REPEAT(shape, "ffi_call", ffi_call(cif, CODE(shape), &result, ffi_args));              \
        CHECK(shape, "ffi_call", called);                                                      \
        memset(&result, 0, sizeof result);                                                     \
        REPEAT(shape, "avcall", start; pushed; av_call(list));                                 \
        CHECK(shape, "avcall", called);                                                        \
        plain = shape##_shim;                                                                  \
        REPEAT(shape, "shim", result = plain given);                                           \
        CHECK(shape, "shim", closed);                                                          \
        memset(&result, 0, sizeof result);                                                     \
        plain = (__typeof__(&shape))closure(ABIDE_PLAN_CLOSURE, #shape, CODE(shape##_env));    \
        REPEAT(shape, "closure", result = plain given);                                        \
        CHECK(shape, "closure", closed);                                                       \
        memset(&result, 0, sizeof result);                                                     \
        plain = (__typeof__(&shape))closure(ABIDE_PLAN_HANDLER, #shape, CODE(shape##_handle)); \
        REPEAT(shape, "handler", result = plain given);                                        \
        CHECK(shape, "handler", closed);                                                       \
        memset(&result, 0, sizeof result);                                                     \
        plain = (__typeof__(&shape))ffi_function(cif, shape##_ffi);                            \
        REPEAT(shape, "ffi_closure", result = plain given);                                    \
        CHECK(shape, "ffi_closure", closed);                                                   \
        memset(&result, 0, sizeof result);                                                     \
        plain = (__typeof__(&shape))alloc_callback(shape##_callback, &environment);            \
        REPEAT(shape, "callback", result = plain given);                                       \
        CHECK(shape, "callback", closed);                                                      \
    } while (0)

static void numbers(void)
{
    ffi_cif cif;
    av_alist list;
    {
        ffi_type *types[] = {&ffi_type_sint, &ffi_type_sint};
        int a = 3, b = 4;
        int64_t result; /* libffi widens small results to a register */
        void *args[] = {&a, &b};
        prepare(&cif, &ffi_type_sint, 2, types);
        SHAPE(two_ints, &cif, (a, b), args, args, av_start_int(list, two_ints, (int *)&result),
              (av_int(list, a), av_int(list, b)), result == 7, result == 12);
    }
    {
        int64_t v[8] = {1, 2, 3, 4, 5, 6, 7, 8}, result;
        void *args[8];
        for (int i = 0; i < 8; i++)
            args[i] = &v[i];
        prepare(&cif, &ffi_type_sint64, 8, (ffi_type **)words);
        SHAPE(eight_ints, &cif, (v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]), args, args,
              av_start_long(list, eight_ints, &result),
              (av_long(list, v[0]), av_long(list, v[1]), av_long(list, v[2]), av_long(list, v[3]),
               av_long(list, v[4]), av_long(list, v[5]), av_long(list, v[6]), av_long(list, v[7])),
              result == 36, result == 41);
    }
    {
        ffi_type *types[] = {&ffi_type_double, &ffi_type_double, &ffi_type_double};
        double a = 1.5, b = 2.5, d = 3, result;
        void *args[] = {&a, &b, &d};
        prepare(&cif, &ffi_type_double, 3, types);
        SHAPE(doubles, &cif, (a, b, d), args, args, av_start_double(list, doubles, &result),
              (av_double(list, a), av_double(list, b), av_double(list, d)), result == 7.0,
              result == 12.0);
    }
}

#define BY_VALUE(type, ffi)                                                             \
    do {                                                                                \
        ffi_cif cif;                                                                    \
        av_alist list;                                                                  \
        ffi_type *types[] = {&ffi, &ffi_type_sint};                                     \
        type s = {.SUMMED = 30};                                                        \
        int a = 4;                                                                      \
        int64_t result;                                                                 \
        void *args[] = {&s, &a};                                                        \
        prepare(&cif, &ffi_type_sint64, 2, types);                                      \
        SHAPE(NAME, &cif, (s, a), args, args, av_start_long(list, NAME, &result),       \
              (av_struct(list, type, s), av_int(list, a)), result == 34, result == 39); \
    } while (0)

static void records(void)
{
#define SUMMED a
#define NAME   by_value16
    BY_VALUE(s16, ffi_s16);
#undef NAME
#define NAME by_value24
    BY_VALUE(s24, ffi_s24);
#undef NAME
#undef SUMMED
#define SUMMED v[0]
#define NAME   by_value64
    BY_VALUE(s64, ffi_s64);
    ffi_cif cif;
    av_alist list;
    ffi_type *types[] = {&ffi_type_sint, &ffi_type_sint};
    int a = 3, b = 4;
    s24 result;
    void *args[] = {&a, &b};
    prepare(&cif, &ffi_s24, 2, types);
    SHAPE(gives24, &cif, (a, b), args, args, av_start_struct(list, gives24, s24, 0, &result),
          (av_int(list, a), av_int(list, b)), result.a == 3 && result.c == 3,
          result.b == 4 && result.c == 5);
}

/* One argument to us, two to others. */
static void texts(void)
{
    ffi_cif cif;
    av_alist list;
    ffi_type *types[] = {&ffi_type_pointer, &ffi_type_uint64};
    struct {
        const char *data;
        size_t length;
    } t = {"a", 1};
    uint64_t result;
    void *args[] = {&t}, *ffi_args[] = {&t.data, &t.length};
    prepare(&cif, &ffi_type_uint64, 2, types);
    SHAPE(text, &cif, (t.data, t.length), args, ffi_args, av_start_ulong(list, text, &result),
          (av_ptr(list, char *, (char *)t.data), av_ulong(list, t.length)), result == 98,
          result == 103);
}

/* ---- what making them costs ---- */

static void making(void)
{
    abide_jit_function *thunk = abide_jit_thunk(jit, ctx, plan_of(ABIDE_PLAN_CLOSURE, "two_ints"));
    unsigned long kept = count;
    count = 1;
    abide_jit *fresh = NULL;
    REPEAT(session, "make", fresh = abide_jit_new(ctx, NULL));
    const abide_plan *plan = NULL;
    REPEAT(invoker, "plan", plan = plan_of(ABIDE_PLAN_INVOKER, "gives24"));
    REPEAT(invoker, "first", abide_jit_thunk(fresh, ctx, plan));
    plan = plan_of(ABIDE_PLAN_INVOKER, "doubles");
    REPEAT(invoker, "second", abide_jit_thunk(fresh, ctx, plan));
    REPEAT(invoker, "known", abide_jit_thunk(fresh, ctx, plan));
    for (int i = 0; i < 97; i++)
        abide_jit_emit(fresh, ctx, &plan, NULL, 1);
    REPEAT(invoker, "hundredth", abide_jit_emit(fresh, ctx, &plan, NULL, 1));
    const abide_plan *hundred[100];
    for (int i = 0; i < 100; i++)
        hundred[i] = plan;
    REPEAT(invoker, "batch-of-100", abide_jit_emit(fresh, ctx, hundred, NULL, 100));
    abide_jit_free(fresh);
    count = kept;
    ffi_cif cif;
    ffi_type *types[] = {&ffi_type_sint, &ffi_type_sint};
    prepare(&cif, &ffi_type_sint, 2, types);
    REPEAT(closing, "closure", {
        abide_jit_function *one = abide_jit_closure(jit, thunk, CODE(two_ints_env), &environment);
        abide_jit_closure_free(jit, one);
    });
    REPEAT(closing, "ffi_closure", {
        void *code;
        ffi_closure *one = ffi_closure_alloc(sizeof *one, &code);
        ffi_prep_closure_loc(one, &cif, two_ints_ffi, &environment, code);
        ffi_closure_free(one);
    });
    REPEAT(closing, "callback", free_callback(alloc_callback(two_ints_callback, &environment)));
}

int main(int argc, char **argv)
{
    count = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000000;
    ctx = abide_ctx_new(NULL);
    c = abide_module_load(ctx, "c", NULL);
    iface = abide_iface_load(ctx, argv[1]);
    jit = abide_jit_new(ctx, NULL);
    if (!c || !iface || !jit)
        give_up();
    REPEAT(loop, "empty", __asm__ volatile(""));
    numbers();
    records();
    texts();
    making();
    return 0;
}
