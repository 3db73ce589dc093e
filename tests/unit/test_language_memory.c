/* Allocations fail while signatures are lowered: see failing_allocator.h. */
#include "abide/call.h"
#include "abide/iface.h"
#include "cmocka_all.h"
#include "failing_allocator.h"

#define TARGET "x86_64-linux-gnu"

static const char text[] =
    "abide: 1\n"
    "types:\n"
    "  root: {struct: {a: i8}, facts: [inheritable]}\n"
    "  kid: {struct: {s: string, n: bitset<72>}, base: root}\n"
    "  pick: {enum: {a: 0, b: 300}}\n"
    "  big: {struct: [{name: k, type: pick}, {type: {union: {a: i64, b: array<u8; 40>}}}]}\n"
    "  run: {closure: (x big) -> big}\n"
    "  back: {fn: (user mutptr<void>; x big) -> big, convention: cdecl}\n"
    "functions:\n"
    "  f: (k kid, b big, r run, c back, s slice<big>, t tuple<i8, pick>) -> array<kid, 2>\n"
    "  g: {params: {x: {type: big, facts: [sink]}}, returns: {type: i64, facts: [lent]}}\n";

static size_t made_before_lowering;

static bool lower_all(abide_ctx *ctx)
{
    const abide_module *module = abide_module_load(ctx, "nim-cgen:gc=refc", TARGET);
    const struct failing_allocator *allocator = ctx->allocator.user;
    if (allocator->fail_at == SIZE_MAX)
        made_before_lowering = allocator->made;
    const abide_iface *iface = module ? abide_iface_parse(ctx, "test", text, strlen(text)) : NULL;
    for (size_t i = 0; iface && i < abide_iface_type_count(iface); i++)
        if (!abide_layout_of(ctx, module, abide_iface_type_at(iface, i)))
            return false;
    for (size_t i = 0; iface && i < abide_iface_function_count(iface); i++) {
        const abide_function *function = abide_iface_function_at(iface, i);
        const abide_assignment *assignment =
            abide_assignment_of(ctx, module, abide_function_signature(function));
        if (!assignment || !abide_assignment_prototype(ctx, assignment, "f"))
            return false;
    }
    return iface != NULL;
}

/* Every allocation of lowering, and some of loading the module, which has tests of its own. */
static void lowering_signatures(void **state)
{
    (void)state;
    assert_false(run_with_failure(lower_all, SIZE_MAX));
    assert_true(made_before_lowering > 1000);
    size_t count = 0;
    for (size_t n = 0; run_with_failure(lower_all, n); n += n < made_before_lowering ? 307 : 1)
        count++;
    assert_in_range(count, 200, 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lowering_signatures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
