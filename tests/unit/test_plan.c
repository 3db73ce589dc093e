/* Plans: which adapter two ABIs need for a function, and what it does. */
#include "plan/plan.h"

#include "abide/abide.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define X86  "x86_64-linux-gnu"
#define ARM  "aarch64-linux-gnu"
#define HEAD "abide: 1\npackage: t\n"

static abide_ctx *ctx;

static int setup(void **state)
{
    (void)state;
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.embedded_only = true;
    ctx = abide_ctx_new(&options);
    return ctx ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    abide_ctx_free(ctx);
    return 0;
}

static void print_diags(void)
{
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fprintf(stderr, "%s\n", abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
}

/* The plan for function `f` of an interface; NULL where there is none. */
static const abide_plan *try_plan(const char *text, const char *target, const char *caller,
                                  const char *callee)
{
    const abide_iface *iface = abide_iface_parse(ctx, "t.abi.yaml", text, strlen(text));
    const abide_module *from = abide_module_load(ctx, caller, target);
    const abide_module *to = abide_module_load(ctx, callee, target);
    if (!iface || !from || !to)
        print_diags();
    assert_non_null(iface);
    assert_non_null(from);
    assert_non_null(to);
    return abide_plan_new(ctx, iface, abide_iface_function(iface, "f"), from, to);
}

static const abide_plan *plan(const char *text, const char *target, const char *caller,
                              const char *callee)
{
    const abide_plan *made = try_plan(text, target, caller, callee);
    if (!made)
        print_diags();
    assert_non_null(made);
    return made;
}

static void assert_refused(const char *text, const char *target, const char *caller,
                           const char *callee, const char *id, const char *part)
{
    abide_ctx_clear_diags(ctx);
    assert_null(try_plan(text, target, caller, callee));
    assert_true(abide_ctx_diag_count(ctx) >= 1);
    const abide_diag *diag = abide_ctx_diag_at(ctx, 0);
    assert_string_equal(abide_diag_id(diag), id);
    if (!strstr(abide_diag_message(diag), part))
        fail_msg("'%s' is not in '%s'", part, abide_diag_message(diag));
}

static const char big_result[] = HEAD "types:\n  big: {struct: {a: i64, b: i64, c: i64, d: i64}}\n"
                                      "functions:\n  f: (n i32) -> big\n";

static void test_same_abi_is_one_jump(void **state)
{
    (void)state;
    const abide_plan *made = plan(big_result, X86, "c", "c");
    assert_int_equal(made->tier, ABIDE_TIER_SAME);
    assert_int_equal(abide_plan_cost(made), ABIDE_COST_NOTHING);
    size_t clashes;
    abide_plan_clashes(ctx, made, &clashes);
    assert_int_equal(clashes, 0);
}

/* The published mistake: a result of exactly 24 bytes must be left alone. */
static void test_24_bytes_are_left_alone(void **state)
{
    (void)state;
    const char *text =
        HEAD "types:\n  s: {struct: {a: i64, b: i64, c: i64}}\nfunctions:\n  f: (n i32) -> s\n";
    assert_int_equal(plan(text, X86, "nim-cgen", "c")->tier, ABIDE_TIER_SAME);
    assert_int_equal(plan(text, ARM, "nim-cgen", "c")->tier, ABIDE_TIER_SAME);
}

/* A caller that may pass one object twice gets its result through a temporary. */
static void test_result_is_not_written_early(void **state)
{
    (void)state;
    const abide_plan *made = plan(big_result, X86, "nim-cgen", "c");
    assert_int_equal(made->tier, ABIDE_TIER_CALL);
    assert_int_equal(made->temporary_count, 1);
    assert_int_equal(made->hidden.object.kind, ABIDE_OBJECT_TEMPORARY);
    assert_int_equal(made->after_count, 1);
    assert_int_equal(abide_plan_copied_bytes(made), 32);
    size_t clashes;
    const char *const *texts = abide_plan_clashes(ctx, made, &clashes);
    assert_true(clashes >= 1);
    assert_non_null(strstr(texts[0], "rdi"));
}

/* C's hidden result memory is exclusive, so the callee writes into it; what Nim expects cleared is cleared. */
static void test_exclusive_result_is_written_through(void **state)
{
    (void)state;
    const abide_plan *made = plan(big_result, X86, "c", "nim-cgen");
    assert_int_equal(made->temporary_count, 0);
    assert_true(made->zero_result_memory);
    assert_int_equal(made->result_memory_bytes, 32);
    assert_int_equal(made->result.kind, ABIDE_RETURN_ADDRESS);
}

static const char big_param[] = HEAD "types:\n  big: {struct: {a: i64, b: i64, c: i64, d: i64}}\n"
                                     "functions:\n  f: (n i32, b big) -> i32\n";

/* AAPCS64 passes a private copy by address: a callee that only reads can have it, but not the other way round. */
static void test_private_copy_is_passed_on(void **state)
{
    (void)state;
    assert_int_equal(plan(big_param, ARM, "c", "nim-cgen")->tier, ABIDE_TIER_SAME);
    const abide_plan *copies = plan(big_param, ARM, "nim-cgen", "c");
    assert_int_equal(copies->tier, ABIDE_TIER_CALL);
    assert_int_equal(copies->before_count, 1);
    assert_int_equal(abide_plan_copied_bytes(copies), 32);
    size_t clashes;
    const char *const *texts = abide_plan_clashes(ctx, copies, &clashes);
    assert_int_equal(clashes, 1);
    assert_non_null(strstr(texts[0], "may overwrite `b`"));
}

/* An argument that lies in one range of the stack needs no copy to have an address. */
static void test_stack_argument_has_an_address(void **state)
{
    (void)state;
    const abide_plan *made = plan(big_param, X86, "c", "nim-cgen");
    assert_int_equal(made->temporary_count, 0);
    assert_int_equal(made->feeds[1].kind, ABIDE_FEED_ADDRESS);
    assert_int_equal(made->feeds[1].object.kind, ABIDE_OBJECT_ARGUMENT);
}

/* An enum is one byte for one side and four for the other. */
static void test_fields_are_converted(void **state)
{
    (void)state;
    const char *text = HEAD
        "types:\n  e: {enum: [a, b]}\n  s: {struct: {k: e, v: i64}}\nfunctions:\n  f: (x s) -> s\n";
    const abide_plan *made = plan(text, X86, "nim-cgen", "c");
    assert_int_equal(made->feeds[0].run_count, 2);
    assert_int_equal(made->feeds[0].runs[0].from_size_bytes, 1);
    assert_int_equal(made->feeds[0].runs[0].to_size_bytes, 4);
    assert_refused(
        HEAD
        "types:\n  e: {enum: [a, b]}\n  s: {struct: {k: e, v: i8}}\nfunctions:\n  f: (x ptr<s>)\n",
        X86, "nim-cgen", "c", "cannot-adapt", "parameter 'x'");
}

/* Types that lie in others over and over are looked at once. */
static void test_types_in_types_in_types(void **state)
{
    (void)state;
    char text[4096] = HEAD "types:\n";
    for (int i = 0; i < 40; i++)
        sprintf(text + strlen(text), "  t%d: {union: {a: t%d, b: t%d, c: array<t%d; 2>}}\n", i,
                i + 1, i + 1, i < 8 ? i + 1 : 40);
    strcat(text, "  t40: {struct: {v: u8, w: e}}\n  e: {enum: [a], base: u8}\n"
                 "functions:\n  f: (x t0, y ptr<t0>)\n");
    plan(text, X86, "nim-cgen", "c");
}

/* Two thunks of a file are not called alike, and nothing that one calls is another. */
static void test_symbols_of_several(void **state)
{
    (void)state;
    static const char *const texts[] = {HEAD "functions:\n  f: (x i32)\n  nim_f: (x i32)\n",
                                        HEAD
                                        "functions:\n  f: (x i32)\n  g: {sig: (), symbol: nim_f}\n",
                                        HEAD "functions:\n  f-f: (x i32)\n  f_f: (x i64)\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const abide_iface *iface = abide_iface_parse(ctx, "t.yaml", texts[i], strlen(texts[i]));
        const abide_module *from = abide_module_load(ctx, "nim-cgen", X86);
        const abide_module *to = abide_module_load(ctx, "c", X86);
        const abide_plan *plans[2];
        for (size_t k = 0; k < 2; k++)
            plans[k] = abide_plan_new(ctx, iface, abide_iface_function_at(iface, k), from, to);
        abide_ctx_clear_diags(ctx);
        assert_non_null(abide_plan_print_c(ctx, plans, 1, NULL));
        assert_null(abide_plan_print_c(ctx, plans, 2, NULL));
        assert_int_equal(abide_ctx_diag_count(ctx), 1);
        assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "symbol-collision");
    }
}

static void test_callback_is_bound(void **state)
{
    (void)state;
    const char *types = HEAD
        "types:\n  big: {struct: {a: i64, b: i64, c: i64, d: i64}}\n"
        "  g: fn(user ptr<void>, b big) -> big\nfunctions:\n  f:\n    sig: (g g, user ptr<void>)\n";
    char text[512];
    snprintf(text, sizeof text, "%s    callbacks: {g: {data: user, at: 0}}\n", types);
    const abide_plan *made = plan(text, X86, "nim-cgen", "c");
    assert_int_equal(made->inner_count, 1);
    assert_int_equal(made->feeds[0].kind, ABIDE_FEED_INNER);
    assert_int_equal(made->inner[0]->target, ABIDE_TARGET_POINTER);
    assert_true(made->inner[0]->zero_result_memory);
    /* The C library passes its copy of `b` on the stack, where Nim may use it; the user data is no clash of its own. */
    size_t count;
    const char *const *clashes = abide_plan_clashes(ctx, made, &count);
    assert_int_equal(count, 1);
    assert_non_null(strstr(clashes[0], "calls `g` by another calling sequence"));
    assert_refused(types, X86, "nim-cgen", "c", "cannot-adapt", "parameter 'g'");
    /* Where both sides call it alike it is passed as it is. */
    const char *small = HEAD "types:\n  g: fn(n i32) -> i32\nfunctions:\n  f: (g g)\n";
    assert_int_equal(plan(small, X86, "nim-cgen", "c")->tier, ABIDE_TIER_SAME);
}

/* What an adapter for a callback copies at each call is not free either. */
static void test_copies_of_callbacks_count(void **state)
{
    (void)state;
    const char *text = HEAD "types:\n  e: {enum: [a, b]}\n"
                            "  big: {struct: {a: i64, b: i64, c: i64, e: e}}\n"
                            "functions:\n  f:\n"
                            "    sig: (g fn(user ptr<void>, b big), user ptr<void>)\n"
                            "    callbacks: {g: {data: user, at: 0}}\n";
    const abide_plan *made = plan(text, X86, "nim-cgen", "c");
    assert_int_equal(made->inner[0]->copied_bytes, 25); /* an enum of Nim is a byte */
    assert_int_equal(abide_plan_copied_bytes(made), 25);
    assert_int_equal(abide_plan_cost(made), ABIDE_COST_COPY);
}

static void test_closure_is_bound(void **state)
{
    (void)state;
    const char *text = HEAD "functions:\n  f: (c closure(n i64) -> i64, n i64) -> i64\n";
    const abide_plan *made = plan(text, X86, "c", "nim-cgen:gc=refc");
    assert_int_equal(made->inner_count, 1);
    assert_int_equal(made->tier, ABIDE_TIER_CALL);
}

static void test_closure_is_invoked(void **state)
{
    (void)state;
    const char *text = HEAD "types:\n  c: closure(n i64) -> i64\nfunctions:\n"
                            "  f: {sig: \"(c raw<c>, n i64) -> i64\", invokes: c}\n";
    const abide_plan *made = plan(text, X86, "c", "nim-cgen");
    assert_int_equal(made->target, ABIDE_TARGET_POINTER);
    assert_true(made->env_argument != SIZE_MAX);
    assert_non_null(made->callee_without_env);
}

static void test_variadic_is_only_jumped_to(void **state)
{
    (void)state;
    const char *text = HEAD "functions:\n  f: (fmt cstring, ...) -> c_int\n";
    assert_int_equal(plan(text, X86, "c", "c")->tier, ABIDE_TIER_SAME);
}

static void test_other_architecture_is_refused(void **state)
{
    (void)state;
    abide_ctx_clear_diags(ctx);
    const abide_iface *iface = abide_iface_parse(ctx, "t", big_param, strlen(big_param));
    assert_non_null(iface);
    assert_null(abide_plan_new(ctx, iface, abide_iface_function(iface, "f"),
                               abide_module_load(ctx, "c", X86), abide_module_load(ctx, "c", ARM)));
}

/* Pointers from type to type, more than a stack is deep: compared without recursion. */
static void test_long_chain_of_pointers(void **state)
{
    (void)state;
    enum { links = 20000 };
    char *text = malloc(links * 64 + 256), *end = text;
    assert_non_null(text);
    end += sprintf(end, HEAD "types:\n");
    for (int i = 0; i < links; i++)
        end += sprintf(end, "  t%d: {struct: {next: ptr<t%d>}}\n", i, (i + 1) % links);
    sprintf(end, "functions:\n  f: (x ptr<t0>)\n");
    assert_int_equal(plan(text, X86, "nim-cgen", "c")->tier, ABIDE_TIER_SAME);
    free(text);
}

static void test_symbols(void **state)
{
    (void)state;
    const abide_plan *made = plan(big_param, X86, "nim-cgen", "c");
    assert_string_equal(abide_plan_symbol(ctx, made, NULL), "nim_f");
    assert_string_equal(abide_plan_symbol(ctx, made, "x_"), "x_f");
    abide_ctx_clear_diags(ctx);
    assert_null(abide_plan_symbol(ctx, made, ""));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "symbol-collision");
    abide_ctx_clear_diags(ctx);
    assert_null(abide_plan_symbol(ctx, plan(big_param, X86, "c", "nim-cgen"), NULL));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "prefix-required");
    abide_ctx_clear_diags(ctx);
    assert_null(abide_plan_symbol(ctx, made, "x\"\n.globl y"));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "bad-symbol");
}

/* A hook belongs to one side of a call; that for the end of a thread is not the adapter's. */
static void test_hooks_of_both_sides(void **state)
{
    (void)state;
    static const char guard[] = ABIDE_TEST_DIR "/data/language/test-guard.yaml";
    static const char text[] =
        HEAD "functions: {f: ()}\nhooks: {enter: g_enter, leave: g_leave, gone: g_gone}\n";
    const abide_plan *out = plan(text, X86, guard, "c"), *in = plan(text, X86, "c", guard);
    assert_int_equal(out->hook_count, 1);
    assert_string_equal(out->hooks[0].symbol, "g_leave");
    assert_int_equal(out->cost, ABIDE_COST_RUNTIME);
    assert_int_equal(in->hook_count, 1);
    assert_string_equal(in->hooks[0].symbol, "g_enter");
    const abide_plan *through = plan(text, X86, guard, guard);
    assert_int_equal(through->hook_count, 2);
    assert_string_equal(through->hooks[0].symbol, "g_leave");
    assert_string_equal(through->hooks[1].symbol, "g_enter");
}

/* A thunk that is called like a function of the C library would be called by its own conversion. */
static void test_symbols_of_conversions(void **state)
{
    (void)state;
    const abide_plan *made = plan(HEAD "forms: {string: nul}\nfunctions:\n"
                                       "  f: {sig: (text string) -> i32, symbol: other}\n",
                                  X86, "c", "system");
    const char *text = abide_plan_print_c(ctx, &made, 1, "my_");
    assert_non_null(text);
    assert_non_null(strstr(text, "strlen("));
    assert_int_equal(abide_ctx_diag_count(ctx), 0);
    made = plan(HEAD "forms: {string: nul}\nfunctions:\n"
                     "  f: {sig: (text string) -> i32, symbol: other}\n"
                     "  len: {sig: () -> i32, symbol: another}\n",
                X86, "c", "system");
    const abide_plan *both[] = {
        made, abide_plan_new(ctx, made->iface, abide_iface_function(made->iface, "len"),
                             made->caller->physical->module, made->callee->physical->module)};
    assert_non_null(both[1]);
    assert_null(abide_plan_print_c(ctx, both, 2, "str"));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "symbol-collision");
    abide_ctx_clear_diags(ctx);
    assert_non_null(abide_plan_print_c(ctx, &both[1], 1, "str")); /* nobody calls it */
}

/* Names that are C's own, or the file's. */
static void test_names_in_c(void **state)
{
    (void)state;
    static const char *const prefixes[] = {"i", "uint8_t_", "abide_", "thunk_", "__", "mem"};
    const abide_plan *made =
        plan(HEAD "functions:\n  f: {sig: () -> i32, symbol: other}\n", X86, "c", "c");
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const char *text = abide_plan_print_c(ctx, &made, 1, prefixes[i]);
        assert_non_null(text);
        assert_non_null(strstr(text, "thunk_0(void) __asm__("));
    }
    assert_null(strstr(abide_plan_print_c(ctx, &made, 1, "my_"), "thunk_0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_symbols_of_conversions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_names_in_c, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hooks_of_both_sides, setup, teardown),
        cmocka_unit_test_setup_teardown(test_same_abi_is_one_jump, setup, teardown),
        cmocka_unit_test_setup_teardown(test_24_bytes_are_left_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_result_is_not_written_early, setup, teardown),
        cmocka_unit_test_setup_teardown(test_exclusive_result_is_written_through, setup, teardown),
        cmocka_unit_test_setup_teardown(test_private_copy_is_passed_on, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stack_argument_has_an_address, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fields_are_converted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_types_in_types_in_types, setup, teardown),
        cmocka_unit_test_setup_teardown(test_symbols_of_several, setup, teardown),
        cmocka_unit_test_setup_teardown(test_callback_is_bound, setup, teardown),
        cmocka_unit_test_setup_teardown(test_copies_of_callbacks_count, setup, teardown),
        cmocka_unit_test_setup_teardown(test_closure_is_bound, setup, teardown),
        cmocka_unit_test_setup_teardown(test_closure_is_invoked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_variadic_is_only_jumped_to, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_architecture_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_chain_of_pointers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_symbols, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
