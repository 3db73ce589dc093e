// Exceptions and backtraces pass through code that is made in the process: of every kind, and at every edge.
#include <abide/abide.h>
#include <abide/jit.h>
#include <cstdio>
#include <cstring>
#include <unwind.h>

static const char interface[] = "abide: 1\npackage: throwing\nfunctions:\n"
                                "  f: (a c_int, b c_int) -> c_int\n"
                                "  g: (a c_int, user ptr<void>) -> c_int\n";

static int failures;
static char *frame_of_main; // a place in the frame of who must be found

struct guard {
    int *count;
    ~guard() { ++*count; }
};

static _Unwind_Reason_Code look(_Unwind_Context *context, void *found)
{
    if (_Unwind_GetCFA(context) > reinterpret_cast<_Unwind_Ptr>(frame_of_main))
        *static_cast<bool *>(found) = true;
    return _URC_NO_REASON;
}

static void check_backtrace()
{
    bool found = false;
    _Unwind_Backtrace(look, &found);
    if (!found) {
        std::puts("a backtrace ends at the thunk");
        failures++;
    }
}

extern "C" {
static int throws(int a, int)
{
    check_backtrace();
    throw a;
}
static int throws_env(int a, int, void *) { return throws(a, 0); }
static int throws_data(int a, void *) { return throws(a, 0); }
static void throws_handler(void *, void *const args[], void *) { throws(*static_cast<int *>(args[0]), 0); }
}

template <typename call> static void expect(const char *name, int value, call thunk)
{
    int destroyed = 0;
    char here;
    frame_of_main = &here;
    try {
        guard local{&destroyed};
        thunk();
    } catch (int caught) {
        if (caught == value && destroyed == 1)
            return;
    }
    std::printf("%s: the exception did not arrive as it was\n", name);
    failures++;
}

template <typename function> static abide_jit_function *code(function *f)
{
    return reinterpret_cast<abide_jit_function *>(f);
}
using two = int (*)(int, int);

static void test(bool debugger, const char *odd_path)
{
    abide_ctx *ctx = abide_ctx_new(nullptr);
    const abide_module *c = abide_module_load(ctx, "c", nullptr);
    const abide_module *odd = abide_module_load(ctx, odd_path, nullptr);
    const abide_iface *iface = abide_iface_parse(ctx, "throwing.abi.yaml", interface, sizeof interface - 1);
    const abide_function *f = abide_iface_function(iface, "f");
    abide_jit_options options = ABIDE_JIT_OPTIONS_INIT;
    options.debugger = debugger;
    abide_jit *jit = abide_jit_new(ctx, &options);
    auto plan = [&](abide_plan_kind kind, const char *data = nullptr) {
        return abide_plan_new_of_kind(ctx, kind, iface, data ? abide_iface_function(iface, "g") : f, data, c, c);
    };
    abide_invoker *invoker = abide_jit_invoker(jit, ctx, plan(ABIDE_PLAN_INVOKER));
    abide_jit_function *closure = abide_jit_closure(jit, abide_jit_thunk(jit, ctx, plan(ABIDE_PLAN_CLOSURE)),
                                                    code(throws_env), nullptr);
    abide_jit_function *handler = abide_jit_closure(jit, abide_jit_thunk(jit, ctx, plan(ABIDE_PLAN_HANDLER)),
                                                    code(throws_handler), nullptr);
    abide_jit_function *data = abide_jit_thunk(jit, ctx, plan(ABIDE_PLAN_CLOSURE, "user"));
    // C calls an adapter to the odd convention, which is one back to C.
    const abide_plan *plans[] = {abide_plan_new(ctx, iface, f, odd, c), abide_plan_new(ctx, iface, f, c, odd)};
    abide_jit_function *targets[] = {code(throws), nullptr};
    abide_jit_batch *back = abide_jit_emit(jit, ctx, plans, targets, 1);
    for (std::size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        std::fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), stdout);
    targets[1] = abide_jit_batch_at(back, 0);
    abide_jit_batch *there = abide_jit_emit(jit, ctx, plans + 1, targets + 1, 1);
    abide_closure_record record = {code(throws_data), nullptr};
    expect("invoker", 1, [&] {
        int a = 1, b = 2, r;
        void *args[] = {&a, &b};
        invoker(code(throws), args, &r);
    });
    expect("closure", 2, [&] { reinterpret_cast<two>(closure)(2, 0); });
    expect("handler", 3, [&] { reinterpret_cast<two>(handler)(3, 0); });
    expect("user data", 4, [&] { reinterpret_cast<int (*)(int, void *)>(data)(4, &record); });
    expect("edges", 5, [&] { reinterpret_cast<two>(abide_jit_batch_at(there, 0))(5, 0); });
    abide_jit_free(jit);
    abide_ctx_free(ctx);
}

int main(int, char **argv)
{
    test(false, argv[1]);
    test(true, argv[1]);
    return failures != 0;
}
