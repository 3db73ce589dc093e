/* An interface that a program makes says the same as a file with the same content. */
#include "abide/abide.h"

#include "cmocka_all.h"
#include "failing_allocator.h"

#include <string.h>

#define TARGET "x86_64-linux-gnu"

static const char text[] =
    "abide: 1\n"
    "package: geo\n"
    "types:\n"
    "  vec3: {struct: {x: f64, y: f64, z: f64}}\n"
    "functions:\n"
    "  make-vec: (x f64, y f64) -> vec3\n"
    "  sum: {sig: (values slice<f64>) -> vec3, convention: cdecl, symbol: sum_2}\n"
    "  each:\n"
    "    sig: \"(do fn(user mutptr<void>, v vec3) -> bool, user mutptr<void>) -> i32\"\n"
    "    callbacks: {do: {data: user, at: 0}}\n"
    "  log: \"(format cstring, ... c_int, f64) -> c_int\"\n"
    "hooks: {load: geo_main}\n";

static int setup(void **state)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.embedded_only = true;
    *state = abide_ctx_new(&options);
    return *state == NULL;
}

static int teardown(void **state)
{
    abide_ctx_free(*state);
    return 0;
}

static const abide_signature *each_signature(abide_ctx *ctx, const abide_type *vec3)
{
    const abide_type *data = abide_type_pointer(ctx, abide_type_void(ctx), true);
    const abide_parameter visited[] = {{"user", data}, {"v", vec3}};
    const abide_type *visitor = abide_type_function(
        ctx, abide_signature_new(ctx, visited, 2, abide_type_scalar(ctx, "bool")));
    const abide_parameter parameters[] = {{"do", visitor}, {"user", data}};
    return abide_signature_with_callback(
        ctx, abide_signature_new(ctx, parameters, 2, abide_type_scalar(ctx, "i32")), 0, 1, 0);
}

/* What `text` says. NULL: out of memory. */
static const abide_iface *made(abide_ctx *ctx)
{
    const abide_type *f64 = abide_type_scalar(ctx, "f64"), *c_int = abide_type_scalar(ctx, "c_int");
    const abide_member members[] = {
        {.name = "x", .type = f64}, {.name = "y", .type = f64}, {.name = "z", .type = f64}};
    const abide_type *vec3 = abide_type_struct(ctx, "vec3", members, 3);
    const abide_parameter xy[] = {{"x", f64}, {"y", f64}};
    const abide_parameter values = {"values", abide_type_slice(ctx, f64)};
    const abide_parameter extra[] = {
        {"format", abide_type_cstring(ctx)}, {NULL, c_int}, {NULL, f64}};
    abide_iface *iface = abide_iface_new(ctx, "geo");
    bool fine =
        abide_iface_add_function(ctx, iface, "make-vec", NULL,
                                 abide_signature_new(ctx, xy, 2, vec3)) &&
        abide_iface_add_function(ctx, iface, "sum", "sum_2",
                                 abide_signature_with_convention(
                                     ctx, abide_signature_new(ctx, &values, 1, vec3), "cdecl")) &&
        abide_iface_add_function(ctx, iface, "each", NULL, each_signature(ctx, vec3)) &&
        abide_iface_add_function(
            ctx, iface, "log", NULL,
            abide_signature_variadic(ctx, abide_signature_new(ctx, extra, 3, c_int), 1)) &&
        abide_iface_add_hook(ctx, iface, "load", "geo_main");
    return fine ? iface : NULL;
}

/* All that an adapter for the function does, as C; NULL: there is none. */
static const char *adapter(abide_ctx *ctx, const abide_iface *iface, const char *name, bool inward)
{
    const abide_module *c = abide_module_load(ctx, "c", TARGET);
    const abide_module *nim = abide_module_load(ctx, "nim-cgen", TARGET);
    const abide_plan *plan = abide_plan_new(ctx, iface, abide_iface_function(iface, name),
                                            inward ? nim : c, inward ? c : nim);
    return plan ? abide_plan_print_c(ctx, &plan, 1, "t_") : NULL;
}

static void plans_are_those_of_a_file(void **state)
{
    abide_ctx *ctx = *state;
    const abide_iface *file = abide_iface_parse(ctx, "geo.abi.yaml", text, strlen(text));
    const abide_iface *iface = made(ctx);
    assert_non_null(file);
    assert_non_null(iface);
    assert_string_equal(abide_iface_package(iface), "geo");
    assert_int_equal(abide_iface_function_count(iface), abide_iface_function_count(file));
    for (size_t i = 0; i < 3; i++) {
        const abide_function *function = abide_iface_function_at(iface, i);
        const char *name = abide_function_name(function);
        assert_string_equal(name, abide_function_name(abide_iface_function_at(file, i)));
        assert_ptr_equal(function, abide_iface_function(iface, name));
        for (int inward = 0; inward < 2; inward++) {
            const char *wanted = adapter(ctx, file, name, inward);
            assert_non_null(wanted);
            assert_string_equal(adapter(ctx, iface, name, inward), wanted);
            assert_true((strstr(wanted, "geo_main") != NULL) == !inward);
        }
    }
    assert_int_equal(abide_ctx_diag_count(ctx), 0);
}

static void calls_are_those_of_a_file(void **state)
{
    abide_ctx *ctx = *state;
    const abide_module *nim = abide_module_load(ctx, "nim-cgen", TARGET);
    const abide_iface *file = abide_iface_parse(ctx, "geo.abi.yaml", text, strlen(text));
    const abide_iface *ifaces[] = {file, made(ctx)};
    const char *prototypes[2][4];
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 4; k++) {
            const abide_function *function = abide_iface_function_at(ifaces[i], k);
            const abide_assignment *places =
                abide_assignment_of(ctx, nim, abide_function_signature(function));
            assert_non_null(places);
            prototypes[i][k] = abide_assignment_prototype(ctx, places, "f");
            assert_string_equal(prototypes[i][k], prototypes[0][k]);
            for (size_t a = 0; a < abide_assignment_argument_count(places); a++)
                assert_int_equal(abide_assignment_argument_at(places, a).is_variadic,
                                 k == 3 && a > 0);
        }
    assert_non_null(strstr(prototypes[1][3], "..."));
}

static void expect(abide_ctx *ctx, const void *result, const char *id)
{
    assert_null(result);
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), id);
    assert_non_null(abide_diag_print(ctx, abide_ctx_diag_at(ctx, 0), false));
    abide_ctx_clear_diags(ctx);
}

static void mistakes_are_reported(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *i32 = abide_type_scalar(ctx, "i32");
    const abide_parameter named[] = {{"a", i32}, {"b", i32}}, twice[] = {{"a", i32}, {"a", i32}};
    const abide_parameter unnamed = {NULL, i32};
    const abide_signature *signature = abide_signature_new(ctx, named, 2, i32);
    abide_iface *iface = abide_iface_new(ctx, NULL);
    assert_null(abide_iface_package(iface));
    expect(ctx, abide_iface_new(ctx, "a b"), "bad-name");
    expect(ctx, abide_signature_new(ctx, twice, 2, i32), "duplicate-name");
    expect(ctx, abide_iface_add_function(ctx, iface, "1st", NULL, signature), "bad-name");
    expect(ctx, abide_iface_add_function(ctx, iface, "f", "f g", signature), "bad-symbol");
    expect(
        ctx,
        abide_iface_add_function(ctx, iface, "f", NULL, abide_signature_new(ctx, &unnamed, 1, i32)),
        "bad-name");
    assert_non_null(abide_iface_add_function(ctx, iface, "f", NULL, signature));
    expect(ctx, abide_iface_add_function(ctx, iface, "f", NULL, signature), "duplicate-name");
    assert_int_equal(abide_iface_function_count(iface), 1);
    assert_true(abide_iface_add_hook(ctx, iface, "load", "a"));
    assert_false(abide_iface_add_hook(ctx, iface, "load", "b"));
    expect(ctx, NULL, "duplicate-name");
    expect(ctx, abide_signature_variadic(ctx, signature, 3), "bad-count");
    expect(ctx, abide_signature_with_callback(ctx, signature, 0, 1, 0), "bad-callback");
    expect(ctx, abide_signature_with_callback(ctx, signature, 2, 1, 0), "bad-callback");
    expect(ctx, abide_signature_with_convention(ctx, signature, "c decl"), "bad-name");
}

/* One mistake at the start of a chain of makers is one diagnostic. */
static void nothing_is_made_of_nothing(void **state)
{
    abide_ctx *ctx = *state;
    const abide_module *c = abide_module_load(ctx, "c", TARGET);
    const abide_type *none = abide_type_scalar(ctx, "i33");
    const abide_member member = {.name = "x", .type = none};
    const abide_parameter parameter = {"x", abide_type_struct(ctx, "s", &member, 1)};
    const abide_signature *signature = abide_signature_variadic(
        ctx,
        abide_signature_with_convention(
            ctx, abide_signature_new(ctx, &parameter, 1, abide_type_void(ctx)), "cdecl"),
        0);
    abide_iface *iface = abide_iface_new(ctx, NULL);
    const abide_function *function = abide_iface_add_function(ctx, iface, "f", NULL, signature);
    const void *const results[] = {parameter.type,
                                   abide_type_pointer(ctx, none, true),
                                   abide_type_reference(ctx, none, true),
                                   abide_type_array(ctx, none, 2),
                                   abide_type_slice(ctx, none),
                                   abide_type_sequence(ctx, none),
                                   abide_type_raw(ctx, none),
                                   abide_type_tuple(ctx, &none, 1),
                                   abide_type_newtype(ctx, "n", none),
                                   abide_type_function(ctx, signature),
                                   abide_type_closure(ctx, signature),
                                   abide_signature_with_callback(ctx, signature, 0, 0, 0),
                                   function,
                                   abide_layout_of(ctx, c, none),
                                   abide_layout_of(ctx, NULL, abide_type_void(ctx)),
                                   abide_assignment_of(ctx, c, signature),
                                   abide_plan_new(ctx, iface, function, c, c),
                                   abide_iface_type(NULL, "t"),
                                   abide_iface_signature(NULL, "f")};
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        assert_null(results[i]);
    assert_false(abide_type_complete(ctx, abide_type_opaque(ctx, "o"), none));
    assert_false(abide_type_add_fact(ctx, none, "pure"));
    assert_false(abide_iface_add_hook(ctx, NULL, "load", "a"));
    expect(ctx, NULL, "unknown-type");
    expect(ctx, abide_signature_new(ctx, NULL, 0, NULL), "bad-type"); /* nobody else said why */
}

static bool make(abide_ctx *ctx)
{
    return made(ctx) != NULL;
}

static void memory_may_run_out(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(make), 10, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plans_are_those_of_a_file, setup, teardown),
        cmocka_unit_test_setup_teardown(calls_are_those_of_a_file, setup, teardown),
        cmocka_unit_test_setup_teardown(mistakes_are_reported, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_made_of_nothing, setup, teardown),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
