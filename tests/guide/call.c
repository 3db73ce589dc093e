/* An interpreter's calls: C functions whose signatures are read at run time, and a C function pointer made of a closure. */
#include <abide/abide.h>
#include <abide/jit.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const char text[] = "abide: 1\n"
                           "functions:\n"
                           "  pow: (x f64, y f64) -> f64\n"
                           "  compare: (a ptr<i32>, b ptr<i32>) -> c_int\n";

/* What the interpreter does when it is called: compares by the remainder of a division by `*user`. */
static void compare(void *ret, void *const args[], void *user)
{
    const int32_t *a = *(int32_t *const *)args[0], *b = *(int32_t *const *)args[1];
    int32_t by = *(int32_t *)user;
    *(int *)ret = *a % by - *b % by;
}

static bool call_pow(abide_jit *jit, abide_ctx *ctx, const abide_iface *iface,
                     const abide_module *c)
{
    const abide_plan *plan = abide_plan_new_of_kind(ctx, ABIDE_PLAN_INVOKER, iface,
                                                    abide_iface_function(iface, "pow"), NULL, c, c);
    abide_invoker *call = abide_jit_invoker(jit, ctx, plan);
    if (!call)
        return false;
    double x = 2, y = 10, result;
    call((abide_jit_function *)pow, (void *[]){&x, &y}, &result);
    printf("%g\n", result);
    return true;
}

static bool sort(abide_jit *jit, abide_ctx *ctx, const abide_iface *iface, const abide_module *c)
{
    const abide_plan *plan = abide_plan_new_of_kind(
        ctx, ABIDE_PLAN_HANDLER, iface, abide_iface_function(iface, "compare"), NULL, c, c);
    abide_jit_function *thunk = abide_jit_thunk(jit, ctx, plan);
    int32_t by = 10, numbers[] = {17, 23, 5, 41, 12};
    abide_jit_function *closure =
        thunk ? abide_jit_closure(jit, thunk, (abide_jit_function *)compare, &by) : NULL;
    if (!closure)
        return false;
    qsort(numbers, 5, sizeof numbers[0], (int (*)(const void *, const void *))closure);
    for (size_t i = 0; i < 5; i++)
        printf("%d%c", numbers[i], i < 4 ? ' ' : '\n');
    abide_jit_closure_free(jit, closure);
    return true;
}

int main(void)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    const abide_iface *iface = abide_iface_parse(ctx, "inline", text, sizeof text - 1);
    const abide_module *c = abide_module_load(ctx, "c", NULL);
    abide_jit *jit = abide_jit_new(ctx, NULL);
    bool done = jit && call_pow(jit, ctx, iface, c) && sort(jit, ctx, iface, c);
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), stderr);
    abide_ctx_free(ctx);
    abide_jit_free(jit);
    return done ? 0 : 1;
}
