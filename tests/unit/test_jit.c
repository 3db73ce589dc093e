/* Code in the running process: thunks, invokers and closures that are called here. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_DEFAULT */ // NOLINT(bugprone-reserved-identifier,cert-dcl37-c)
#endif
#include "cmocka_all.h"
#include "failing_allocator.h"

#include "abide/abide.h"
#include "abide/jit.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <threads.h>

static const char interface[] =
    "abide: 1\npackage: jit\n"
    "types:\n"
    "  point: {struct: {x: f64, n: i32}}\n"
    "  large: {struct: {values: array<i64; 6>}}\n"
    "functions:\n"
    "  add: (a c_int, b c_int) -> c_int\n"
    "  sub: (a c_int, b c_int) -> c_int\n"
    "  eight: (a i64, b i64, c i64, d i64, e i64, f i64, g i64, h i64) -> i64\n"
    "  move: (p point, by f32) -> point\n"
    "  sum: (l large, first i8) -> large\n"
    "  measure: (s string, count out u32) -> u64\n"
    "  notify: (what u16, user ptr<void>) -> c_int\n"
    "  nothing: () -> void\n"
    "  nowhere_to_be_found: (a c_int) -> c_int\n"
    "  format: {sig: \"(buffer ptr<c_char>, size size, format cstring, ... c_int, f64) -> c_int\", "
    "symbol: snprintf}\n";

typedef struct {
    double x;
    int32_t n;
} point;
typedef struct {
    int64_t values[6];
} large;

struct world {
    abide_ctx *ctx;
    abide_jit *jit;
    const abide_module *c;
    const abide_iface *iface;
};

static void print_diags(abide_ctx *ctx)
{
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        print_message("%s", abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
}

static struct world world_with(const abide_jit_options *options)
{
    struct world w = {.ctx = abide_ctx_new(NULL)};
    w.c = abide_module_load(w.ctx, "c", NULL);
    w.iface = abide_iface_parse(w.ctx, "jit.abi.yaml", interface, sizeof interface - 1);
    w.jit = abide_jit_new(w.ctx, options);
    print_diags(w.ctx);
    assert_non_null(w.iface);
    assert_non_null(w.jit);
    return w;
}

static struct world world_new(void)
{
    return world_with(NULL);
}

static void world_free(struct world *w)
{
    abide_jit_free(w->jit);
    abide_ctx_free(w->ctx);
}

static const abide_plan *plan_of(const struct world *w, abide_plan_kind kind, const char *name,
                                 const char *data, const abide_module *callee)
{
    const abide_plan *plan =
        abide_plan_new_of_kind(w->ctx, kind, w->iface, abide_iface_function(w->iface, name), data,
                               w->c, callee ? callee : w->c);
    print_diags(w->ctx);
    assert_non_null(plan);
    return plan;
}

static abide_invoker *invoker(const struct world *w, const char *name)
{
    abide_invoker *made =
        abide_jit_invoker(w->jit, w->ctx, plan_of(w, ABIDE_PLAN_INVOKER, name, NULL, NULL));
    print_diags(w->ctx);
    assert_non_null(made);
    return made;
}

static abide_jit_function *thunk(const struct world *w, abide_plan_kind kind, const char *name,
                                 const char *data)
{
    abide_jit_function *made = abide_jit_thunk(w->jit, w->ctx, plan_of(w, kind, name, data, NULL));
    print_diags(w->ctx);
    assert_non_null(made);
    return made;
}

static void expect_diag(const struct world *w, const char *id, const char *part)
{
    assert_true(abide_ctx_diag_count(w->ctx) > 0);
    const abide_diag *diag = abide_ctx_diag_at(w->ctx, 0);
    assert_string_equal(abide_diag_id(diag), id);
    if (!strstr(abide_diag_message(diag), part))
        fail_msg("%s", abide_diag_message(diag));
    abide_ctx_clear_diags(w->ctx);
}

#define CODE(function) ((abide_jit_function *)(function))

/* ---- what is called ---- */

static int add(int a, int b)
{
    return 10 * a + b;
}

static int64_t eight(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                     int64_t h)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h;
}

static point move(point p, float by)
{
    return (point){p.x + by, -p.n};
}

static large sum(large l, int8_t first)
{
    for (int i = 0; i < 6; i++)
        l.values[i] += first;
    return l;
}

static uint64_t measure(const char *text, size_t length, uint32_t *count)
{
    *count = 0;
    for (size_t i = 0; i < length; i++)
        *count += text[i] == 'a';
    return length;
}

static int nothings;
static void nothing(void)
{
    nothings++;
}

/* ---- invokers ---- */

static void invokes_what_it_is_given(void **state)
{
    (void)state;
    struct world w = world_new();
    int a = 4, b = 2, r[3] = {-1, -1, -1};
    invoker(&w, "add")(CODE(add), (void *[]){&a, &b}, &r[1]);
    assert_int_equal(r[1], 42);
    assert_int_equal(r[0], -1);
    assert_int_equal(r[2], -1);
    int64_t v[8] = {1, 2, 3, 4, 5, 6, 7, 8}, s;
    invoker(&w, "eight")(CODE(eight),
                         (void *[]){&v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]}, &s);
    assert_int_equal(s, 204);
    point p = {1.5, 7}, q;
    float by = 2.25F;
    invoker(&w, "move")(CODE(move), (void *[]){&p, &by}, &q);
    assert_true(q.x == 3.75);
    assert_int_equal(q.n, -7);
    large l = {{1, 2, 3, 4, 5, 6}}, m;
    int8_t first = -3;
    invoker(&w, "sum")(CODE(sum), (void *[]){&l, &first}, &m);
    assert_int_equal(m.values[5], 3);
    assert_int_equal(l.values[5], 6);
    invoker(&w, "nothing")(CODE(nothing), NULL, NULL);
    assert_int_equal(nothings, 1);
    world_free(&w);
}

static void passes_parts_and_memory(void **state)
{
    (void)state;
    struct world w = world_new();
    struct {
        const char *data;
        size_t length;
    } text = {"banana", 6};
    uint32_t count = 99;
    uint64_t r = 0;
    invoker(&w, "measure")(CODE(measure), (void *[]){&text, &count}, &r);
    assert_int_equal(r, 6);
    assert_int_equal(count, 3);
    world_free(&w);
}

static void calls_variadic_functions(void **state)
{
    (void)state;
    struct world w = world_new();
    char buffer[32], *to = buffer;
    size_t size = sizeof buffer;
    const char *format = "%d %.2f";
    int n = 7, r = 0;
    double x = 2.5;
    invoker(&w, "format")(CODE(snprintf), (void *[]){&to, &size, &format, &n, &x}, &r);
    assert_string_equal(buffer, "7 2.50");
    assert_int_equal(r, 6);
    world_free(&w);
}

/* Functions of one shape have one invoker; others have others. */
static void shares_invokers(void **state)
{
    (void)state;
    struct world w = world_new();
    assert_ptr_equal(invoker(&w, "add"), invoker(&w, "sub"));
    assert_ptr_not_equal(invoker(&w, "add"), invoker(&w, "eight"));
    world_free(&w);
}

#if defined(__x86_64__)
/* A convention that LLVM does not have: assembly at the edges. */
/* Adds the second argument to ten times the first; destroys what it may. */
__asm__(".text\nodd_add:\nimull $10, %ebx, %eax\naddl %r13d, %eax\nmovl $-1, %ebx\n"
        "movl $-1, %r13d\nret\n");
extern abide_jit_function odd_add;

static const abide_module *odd_module(abide_ctx *ctx)
{
    const abide_module *module =
        abide_module_load(ctx, ABIDE_SOURCE_DIR "/tests/execution/modules/odd.yaml", NULL);
    print_diags(ctx);
    assert_non_null(module);
    return module;
}

static void invokes_by_any_convention(void **state)
{
    (void)state;
    struct world w = world_new();
    abide_invoker *call = abide_jit_invoker(
        w.jit, w.ctx, plan_of(&w, ABIDE_PLAN_INVOKER, "add", NULL, odd_module(w.ctx)));
    print_diags(w.ctx);
    assert_non_null(call);
    int a = 4, b = 2, r = 0;
    call(odd_add, (void *[]){&a, &b}, &r);
    assert_int_equal(r, 42);
    world_free(&w);
}

static void adapts_any_convention(void **state)
{
    (void)state;
    struct world w = world_new();
    const abide_plan *plan = plan_of(&w, ABIDE_PLAN_ADAPTER, "add", NULL, odd_module(w.ctx));
    abide_jit_batch *batch =
        abide_jit_emit(w.jit, w.ctx, &plan, (abide_jit_function *[]){odd_add}, 1);
    print_diags(w.ctx);
    assert_non_null(batch);
    assert_int_equal(((int (*)(int, int))abide_jit_batch_at(batch, 0))(4, 2), 42);
    abide_jit_batch_free(batch);
    world_free(&w);
}
#endif

/* ---- batches ---- */

static void gives_batches_back(void **state)
{
    (void)state;
    struct world w = world_new();
    const abide_plan *plans[] = {plan_of(&w, ABIDE_PLAN_ADAPTER, "add", NULL, NULL),
                                 plan_of(&w, ABIDE_PLAN_ADAPTER, "eight", NULL, NULL),
                                 plan_of(&w, ABIDE_PLAN_INVOKER, "add", NULL, NULL)};
    abide_jit_function *targets[] = {CODE(add), CODE(eight), NULL};
    for (int i = 0; i < 5; i++) {
        abide_jit_batch *batch = abide_jit_emit(w.jit, w.ctx, plans, targets, 3);
        print_diags(w.ctx);
        assert_non_null(batch);
        assert_int_equal(((int (*)(int, int))abide_jit_batch_at(batch, 0))(4, 2), 42);
        int a = 3, b = 1, r = 0;
        ((abide_invoker *)abide_jit_batch_at(batch, 2))(CODE(add), (void *[]){&a, &b}, &r);
        assert_int_equal(r, 31);
        if (i % 2)
            abide_jit_batch_free(batch);
    }
    abide_jit_batch_free(NULL);
    world_free(&w); /* with the batches that are left */
}

static void finds_symbols(void **state)
{
    (void)state;
    struct world w = world_new();
    const abide_plan *plan = plan_of(&w, ABIDE_PLAN_ADAPTER, "nowhere_to_be_found", NULL, NULL);
    assert_null(abide_jit_emit(w.jit, w.ctx, &plan, NULL, 1));
    expect_diag(&w, "cannot-load-code", "nowhere_to_be_found");
    assert_true(abide_jit_define(w.jit, w.ctx, "nowhere_to_be_found", CODE(add)));
    assert_true(abide_jit_define(w.jit, w.ctx, "nowhere_to_be_found", CODE(add)));
    assert_false(abide_jit_define(w.jit, w.ctx, "nowhere_to_be_found", CODE(eight)));
    expect_diag(&w, "cannot-load-code", "another address");
    abide_jit_batch *batch = abide_jit_emit(w.jit, w.ctx, &plan, NULL, 1);
    assert_non_null(batch);
    assert_int_equal(((int (*)(int, int))abide_jit_batch_at(batch, 0))(4, 2), 42);
    world_free(&w);
}

static void refuses_other_machines(void **state)
{
    (void)state;
    struct world w = world_new();
    const abide_module *s390x = abide_module_load(w.ctx, "c", "s390x-linux-gnu");
    const abide_plan *plan =
        abide_plan_new(w.ctx, w.iface, abide_iface_function(w.iface, "add"), s390x, s390x);
    assert_non_null(plan);
    assert_null(abide_jit_emit(w.jit, w.ctx, &plan, NULL, 1));
    expect_diag(&w, "unsupported-target", "s390x");
    assert_null(abide_jit_thunk(w.jit, w.ctx, NULL));
    world_free(&w);
}

/* ---- closures ---- */

static int add_to(int a, int b, void *env)
{
    return add(a, b) + *(int *)env;
}

static point move_to(point p, float by, void *env)
{
    return (point){p.x + by, *(int *)env};
}

static int64_t eight_to(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g,
                        int64_t h, void *env)
{
    return eight(a, b, c, d, e, f, g, h) + *(int *)env;
}

static void binds_environments(void **state)
{
    (void)state;
    struct world w = world_new();
    int envs[3] = {100, 200, 300};
    abide_jit_function *how = thunk(&w, ABIDE_PLAN_CLOSURE, "add", NULL);
    abide_jit_function *closures[3];
    for (int i = 0; i < 3; i++)
        closures[i] = abide_jit_closure(w.jit, how, CODE(add_to), &envs[i]);
    for (int i = 0; i < 3; i++)
        assert_int_equal(((int (*)(int, int))closures[i])(4, 2), 42 + envs[i]);
    abide_jit_closure_free(w.jit, closures[1]);
    abide_jit_function *again = abide_jit_closure(w.jit, how, CODE(add_to), &envs[0]);
    assert_ptr_equal(again, closures[1]);
    assert_int_equal(((int (*)(int, int))again)(4, 2), 142);
    abide_jit_closure_free(w.jit, NULL);
    point p = ((point(*)(point, float))abide_jit_closure(
        w.jit, thunk(&w, ABIDE_PLAN_CLOSURE, "move", NULL), CODE(move_to), &envs[2]))(
        (point){1.0, 2}, 0.5F);
    assert_true(p.x == 1.5);
    assert_int_equal(p.n, 300);
    int64_t (*long_one)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t) =
        (int64_t (*)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t,
                     int64_t))abide_jit_closure(w.jit, thunk(&w, ABIDE_PLAN_CLOSURE, "eight", NULL),
                                                CODE(eight_to), &envs[1]);
    assert_int_equal(long_one(1, 2, 3, 4, 5, 6, 7, 8), 404);
    world_free(&w);
}

/* More than one block of entries. */
static void makes_many_closures(void **state)
{
    (void)state;
    enum { COUNT = 5000 };
    struct world w = world_new();
    static int envs[COUNT];
    static abide_jit_function *closures[COUNT];
    abide_jit_function *how = thunk(&w, ABIDE_PLAN_CLOSURE, "add", NULL);
    for (int i = 0; i < COUNT; i++) {
        envs[i] = i;
        closures[i] = abide_jit_closure(w.jit, how, CODE(add_to), &envs[i]);
        assert_non_null(closures[i]);
    }
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(((int (*)(int, int))closures[i])(0, 0), i);
    for (int i = 0; i < COUNT; i++)
        abide_jit_closure_free(w.jit, closures[i]);
    world_free(&w);
}

static void handle_add(void *ret, void *const args[], void *user)
{
    *(int *)ret = add(*(int *)args[0], *(int *)args[1]) + *(int *)user;
}

static void handle_move(void *ret, void *const args[], void *user)
{
    const point *p = args[0];
    *(point *)ret = (point){p->x + *(float *)args[1], *(int *)user};
}

static void handle_measure(void *ret, void *const args[], void *user)
{
    const struct {
        const char *data;
        size_t length;
    } *text = args[0];
    *(uint32_t *)args[1] = (uint32_t)text->length + *(uint32_t *)user;
    *(uint64_t *)ret = 5;
}

static void hands_arguments_over(void **state)
{
    (void)state;
    struct world w = world_new();
    int user = 1000;
    int (*f)(int, int) = (int (*)(int, int))abide_jit_closure(
        w.jit, thunk(&w, ABIDE_PLAN_HANDLER, "add", NULL), CODE(handle_add), &user);
    assert_int_equal(f(4, 2), 1042);
    point p = ((point(*)(point, float))abide_jit_closure(
        w.jit, thunk(&w, ABIDE_PLAN_HANDLER, "move", NULL), CODE(handle_move), &user))(
        (point){1.0, 2}, 0.5F);
    assert_true(p.x == 1.5);
    assert_int_equal(p.n, 1000);
    uint32_t count = 0;
    uint64_t r = ((uint64_t (*)(const char *, size_t, uint32_t *))abide_jit_closure(
        w.jit, thunk(&w, ABIDE_PLAN_HANDLER, "measure", NULL), CODE(handle_measure), &user))(
        "abc", 3, &count);
    assert_int_equal(r, 5);
    assert_int_equal(count, 1003);
    world_free(&w);
}

static int notified(uint16_t what, void *user)
{
    return what + *(int *)user;
}

/* User data is the record: no entry is needed, nor a session in the end. */
static void finds_records_in_user_data(void **state)
{
    (void)state;
    struct world w = world_new();
    int env = 7;
    abide_closure_record record = {CODE(notified), &env};
    int (*f)(uint16_t, void *) =
        (int (*)(uint16_t, void *))thunk(&w, ABIDE_PLAN_CLOSURE, "notify", "user");
    assert_int_equal(f(35, &record), 42);
    assert_null(abide_plan_new_of_kind(w.ctx, ABIDE_PLAN_CLOSURE, w.iface,
                                       abide_iface_function(w.iface, "notify"), "usr", w.c, w.c));
    expect_diag(&w, "bad-callback", "usr");
    assert_null(abide_plan_new_of_kind(w.ctx, ABIDE_PLAN_HANDLER, w.iface,
                                       abide_iface_function(w.iface, "notify"), "what", w.c, w.c));
    expect_diag(&w, "cannot-adapt", "no pointer");
    world_free(&w);
}

#if defined(__x86_64__)
/* Calls by the odd convention; what that preserves has to be so. */
__asm__(".text\ncall_odd:\npushq %rbx\npushq %r12\npushq %r13\nmovq %rdi, %r11\nmovl %esi, %ebx\n"
        "movl %edx, %r13d\nmovl $77, %r12d\ncallq *%r11\ncmpl $77, %r12d\nje 1f\nud2\n"
        "1: popq %r13\npopq %r12\npopq %rbx\nret\n");
extern int call_odd(abide_jit_function *function, int a, int b);

static void is_called_by_any_convention(void **state)
{
    (void)state;
    struct world w = world_new();
    int env = 1000;
    w.c = odd_module(w.ctx);
    const abide_module *c = abide_module_load(w.ctx, "c", NULL);
    abide_jit_function *codes[] = {CODE(add_to), CODE(handle_add)};
    for (int i = 0; i < 2; i++) {
        const abide_plan *plan =
            plan_of(&w, i ? ABIDE_PLAN_HANDLER : ABIDE_PLAN_CLOSURE, "add", NULL, c);
        abide_jit_function *made = abide_jit_thunk(w.jit, w.ctx, plan);
        print_diags(w.ctx);
        assert_non_null(made);
        assert_int_equal(call_odd(abide_jit_closure(w.jit, made, codes[i], &env), 4, 2), 1042);
    }
    world_free(&w);
}
#endif

/* ---- other languages ---- */

static const char other[] = "abide: 1\npackage: other\n"
                            "functions:\n  greet: (name string) -> u64\n"
                            "hooks: {load: other_load, set_string: other_set_string, "
                            "drop_string: other_drop_string}\n";
struct other_string {
    int64_t length;
    const void *data;
};

static int loads;
static void other_load(void)
{
    loads++;
}

static void other_set_string(void *value, const void *data, size_t length)
{
    *(struct other_string *)value = (struct other_string){(int64_t)length, data};
}

static int drops;
static void other_drop_string(void *value)
{
    (void)value;
    drops++;
}

static uint64_t greet(struct other_string name)
{
    return (uint64_t)name.length * 10 + (uint64_t)*(const char *)name.data;
}

/* What is called once in the life of a process is called once in that of a session, whatever is made and freed meanwhile. */
static void converts_and_calls_hooks(const abide_jit_options *options)
{
    struct world w = world_with(options);
    w.iface = abide_iface_parse(w.ctx, "other.abi.yaml", other, sizeof other - 1);
    const abide_module *nim = abide_module_load(w.ctx, "nim-cgen", NULL);
    const abide_plan *plan = plan_of(&w, ABIDE_PLAN_INVOKER, "greet", NULL, nim);
    struct {
        const char *data;
        size_t length;
    } text = {"A name", 6};
    abide_jit_define(w.jit, w.ctx, "other_load", CODE(other_load));
    abide_jit_define(w.jit, w.ctx, "other_set_string", CODE(other_set_string));
    abide_jit_define(w.jit, w.ctx, "other_drop_string", CODE(other_drop_string));
    loads = drops = 0;
    for (int i = 0; i < 3; i++) {
        abide_jit_batch *batch = abide_jit_emit(w.jit, w.ctx, &plan, NULL, 1);
        uint64_t r = 0;
        print_diags(w.ctx);
        assert_non_null(batch);
        ((abide_invoker *)abide_jit_batch_at(batch, 0))(CODE(greet), (void *[]){&text}, &r);
        assert_int_equal(r, 60 + 'A');
        abide_jit_batch_free(batch);
    }
    assert_int_equal(loads, 1);
    assert_int_equal(drops, 3);
    world_free(&w);
}

static void speaks_other_languages(void **state)
{
    (void)state;
    abide_jit_options options = ABIDE_JIT_OPTIONS_INIT;
    converts_and_calls_hooks(NULL);
    options.debugger = true;
    converts_and_calls_hooks(&options);
}

/* ---- threads, debuggers ---- */

struct worker {
    abide_jit *jit;
    int wrongs;
    thrd_t thread;
};

static int work(void *user)
{
    struct worker *worker = user;
    struct world w = {.ctx = abide_ctx_new(NULL), .jit = worker->jit};
    w.c = abide_module_load(w.ctx, "c", NULL);
    w.iface = abide_iface_parse(w.ctx, "jit.abi.yaml", interface, sizeof interface - 1);
    static const char *const names[] = {"add", "sub", "eight", "move"};
    for (int i = 0; i < 8; i++) {
        int a = i, b = 2, r = 0;
        abide_invoker *call = abide_jit_invoker(
            w.jit, w.ctx,
            abide_plan_new_of_kind(w.ctx, ABIDE_PLAN_INVOKER, w.iface,
                                   abide_iface_function(w.iface, names[i % 2]), NULL, w.c, w.c));
        call(CODE(add), (void *[]){&a, &b}, &r);
        worker->wrongs += r != 10 * i + 2;
        abide_jit_function *how = abide_jit_thunk(
            w.jit, w.ctx,
            abide_plan_new_of_kind(w.ctx, ABIDE_PLAN_CLOSURE, w.iface,
                                   abide_iface_function(w.iface, "add"), NULL, w.c, w.c));
        abide_jit_function *closure = abide_jit_closure(w.jit, how, CODE(add_to), &b);
        worker->wrongs += ((int (*)(int, int))closure)(a, b) != 10 * i + 4;
        abide_jit_closure_free(w.jit, closure);
        const abide_plan *plan =
            abide_plan_new(w.ctx, w.iface, abide_iface_function(w.iface, names[i % 4]), w.c, w.c);
        abide_jit_batch *batch =
            abide_jit_emit(w.jit, w.ctx, &plan, (abide_jit_function *[]){CODE(add)}, 1);
        worker->wrongs += !batch;
        abide_jit_batch_free(batch);
    }
    abide_ctx_free(w.ctx);
    return 0;
}

static void serves_threads(void **state)
{
    (void)state;
    struct world w = world_new();
    struct worker workers[4] = {{.jit = w.jit}, {.jit = w.jit}, {.jit = w.jit}, {.jit = w.jit}};
    for (int i = 0; i < 4; i++)
        assert_int_equal(thrd_create(&workers[i].thread, work, &workers[i]), thrd_success);
    for (int i = 0; i < 4; i++) {
        thrd_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].wrongs, 0);
    }
    world_free(&w);
}

static void tells_debuggers(void **state)
{
    (void)state;
    abide_jit_options options = ABIDE_JIT_OPTIONS_INIT;
    options.debugger = true;
    struct world w = world_with(&options);
    int a = 4, b = 2, r = 0;
    invoker(&w, "add")(CODE(add), (void *[]){&a, &b}, &r);
    assert_int_equal(r, 42);
    /* GDB's interface for code made at run time; the descriptor is LLVM's. */
    const struct {
        uint32_t version, action;
        const void *relevant, *first;
    } *descriptor = dlsym(RTLD_DEFAULT, "__jit_debug_descriptor");
    assert_non_null(descriptor);
    assert_non_null(descriptor->first);
    world_free(&w);
    assert_null(descriptor->first);
}

/* ---- no memory ---- */

static abide_jit *session; /* outlives the contexts that run out of memory */

static bool plans_and_links(abide_ctx *ctx)
{
    pause_failures(ctx, true);
    const abide_module *c = abide_module_load(ctx, "c", NULL);
    const abide_iface *iface =
        abide_iface_parse(ctx, "jit.abi.yaml", interface, sizeof interface - 1);
    const abide_function *function = abide_iface_function(iface, "notify");
    pause_failures(ctx, false);
    for (int kind = ABIDE_PLAN_INVOKER; kind <= ABIDE_PLAN_HANDLER; kind++)
        if (!abide_jit_thunk(
                session, ctx,
                abide_plan_new_of_kind(ctx, (abide_plan_kind)kind, iface, function, NULL, c, c)))
            return false;
    const abide_plan *plan = abide_plan_new(ctx, iface, function, c, c);
    abide_jit_batch *batch =
        plan ? abide_jit_emit(session, ctx, &plan, (abide_jit_function *[]){CODE(notified)}, 1)
             : NULL;
    abide_jit_batch_free(batch);
    return batch != NULL;
}

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    struct world w = world_new();
    session = w.jit;
    assert_true(fail_every_allocation(plans_and_links) > 20);
    world_free(&w);
}

/* The argument is the name of the only test to run. */
int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invokes_what_it_is_given),
        cmocka_unit_test(passes_parts_and_memory),
        cmocka_unit_test(calls_variadic_functions),
        cmocka_unit_test(shares_invokers),
#if defined(__x86_64__)
        cmocka_unit_test(invokes_by_any_convention),
        cmocka_unit_test(adapts_any_convention),
#endif
        cmocka_unit_test(gives_batches_back),
        cmocka_unit_test(finds_symbols),
        cmocka_unit_test(refuses_other_machines),
        cmocka_unit_test(binds_environments),
        cmocka_unit_test(makes_many_closures),
        cmocka_unit_test(hands_arguments_over),
        cmocka_unit_test(finds_records_in_user_data),
#if defined(__x86_64__)
        cmocka_unit_test(is_called_by_any_convention),
#endif
        cmocka_unit_test(speaks_other_languages),
        cmocka_unit_test(serves_threads),
        cmocka_unit_test(tells_debuggers),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
