/* Conditions of the machine level: what each key asks, and that groups, lists and names combine. */
#include "abide/iface.h"
#include "base/yaml.h"
#include "call/evaluate.h"
#include "spec/condition.h"

#include <string.h>

#include "spec_fixture.h"

static const char interface[] = "abide: 1\n"
                                "types:\n"
                                "  two: {struct: {a: f32, b: f32}}\n"
                                "  one_in_array: {struct: {a: array<f32; 1>}}\n"
                                "  nested: {struct: {a: two, b: f32}}\n"
                                "  either: {union: {a: f64, b: i64}}\n"
                                "  holds_union: {struct: {a: either}}\n"
                                "  mixed: {struct: {a: f32, b: i32}}\n"
                                "  with_pointer: {struct: {a: f32, b: ptr<void>}}\n"
                                "  packed: {struct: {a: u8, b: u32}, packed: true}\n"
                                "  gap: {struct: {a: f32, b: {type: f32, align: 8}}}\n"
                                "  over: {struct: {a: u32}, align: 16}\n"
                                "  none: {struct: {}}\n"
                                "  nones: {struct: {a: array<none; 1000000000>}}\n"
                                "  huge: {struct: {a: array<f32; 1000000000>}}\n"
                                "  x87: {struct: {a: c_longdouble}}\n"
                                "  marked: {struct: {a: u8}, facts: [special]}\n"
                                "  v8s: {struct: {a: vector<f32; 2>, b: vector<i16; 4>}}\n"
                                "  v16s: {struct: {a: vector<f32; 4>}}\n"
                                "  v16: {newtype: vector<i8; 16>}\n"
                                "  complex2: {struct: {z: complex<f64>}}\n"
                                "  complex1: {newtype: complex<c_longdouble>}\n"
                                "  scalar: {newtype: u16}\n"
                                "  number: {newtype: c_longdouble}\n"
                                "  colour: {enum: [red, green], base: u8}\n";

static const char predicates[] = "facts: {type: [special]}\n"
                                 "predicates:\n"
                                 "  small: {size: '<=8'}\n"
                                 "  fp: [{kind: float}, {homogeneous: {of: float, max: 4}}]\n";

struct condition_case {
    const char *condition;
    const char *holds; /* names of all types it holds for, with a space behind each */
};

static const struct condition_case cases[] = {
    {"{kind: union}", "either "},
    {"{kind: [int, float]}", "scalar number colour "},
    {"{kind: aggregate, size: 16}", "with_pointer gap over x87 v8s v16s complex2 "},
    {"{size: [4, 5]}", "one_in_array packed "},
    {"{size: '>1000'}", "huge "},
    {"{align: 16}", "over x87 v16s v16 complex1 number "},
    {"{natural: 16}", "x87 v16s v16 complex1 number "},
    {"{empty: true}", "none nones "},
    {"{empty_fields: true}", "nones "},
    {"{first: [f64, c_longdouble]}", "either holds_union x87 complex2 complex1 number "},
    {"{misaligned: true}", "packed "},
    {"{format: x87}", "number "},
    {"{contains: x87}", "x87 complex1 number "},
    {"{contains: union}", "holds_union "},
    {"{contains: ptr}", "with_pointer "},
    {"{contains: [array, struct]}", "one_in_array nested nones huge "},
    {"{homogeneous: {of: float, max: 4}}", "two one_in_array nested x87 complex2 complex1 number "},
    {"{homogeneous: {of: float, max: 2}}", "two one_in_array x87 complex2 complex1 number "},
    {"{homogeneous: {of: float, max: 2, enter: [struct]}}", "two x87 number "},
    {"{homogeneous: {formats: x87, max: 2}}", "x87 complex1 number "},
    {"{homogeneous: {of: int, max: 1}}", "marked scalar colour "},
    {"{members: {max: {float: 4, int: 4}, shapes: [float float, float int]}}", "two mixed gap "},
    {"{members: {max: {float: 4, int: 4, ptr: 8}, shapes: [float integer]}}",
     "mixed with_pointer "},
    {"{members: {max: {float: 4}, shapes: [float], enter: [struct]}}", ""},
    {"{members: {max: {float: 4}, shapes: [float]}}", "one_in_array "},
    {"{kind: vector}", "v16 "},
    {"{kind: complex}", "complex1 "},
    {"{contains: vector}", "v8s v16s v16 "},
    {"{contains: complex}", "complex2 "},
    {"{kind: complex, contains: x87}", "complex1 "},
    {"{homogeneous: {of: vector, max: 4}}", "v8s v16s v16 "},
    {"{homogeneous: {of: [vector, float], formats: quad, max: 4}}", "v8s v16s v16 "},
    {"{homogeneous: {of: vector, sizes: {vector: 8}, max: 4}}", "v8s "},
    {"{homogeneous: {of: vector, sizes: {vector: '>8', int: 1}, max: 4}}", "v16s v16 "},
    {"{homogeneous: {formats: double, max: 2, enter: [struct]}}", ""},
    {"{homogeneous: {formats: double, max: 2, enter: [struct, complex]}}", "complex2 "},
    {"{members: {max: {vector: 16}, shapes: [vector, vector vector]}}", "v8s v16s v16 "},
    {"{members: {max: {float: 16}, shapes: [float float], enter: [complex]}}",
     "two gap complex2 complex1 "},
    {"{members: {max: {float: 16}, shapes: [float float], enter: [struct]}}", "two gap "},
    {"{fact: special}", "marked "},
    {"{is: fp, kind: struct}", "two one_in_array nested x87 complex2 "},
    {"{is: small, not: {kind: aggregate}}", "scalar colour "},
    {"[{kind: union}, {empty: true}]", "either none nones "},
    {"{any: [{kind: union}, {empty: true}], not: {size: 0}}", "either "},
    {"{variadic: true}", ""},
    {"{kind: union, variadic_function: false}", "either "},
    {"{target: {os: windows}}", ""},
    {"{kind: union, target: {arch: x86_64, pointer: 8}}", "either "},
    {"{kind: union, option: {compiler: [gcc, clang]}}", "either "},
    {"{option: {compiler: clang}}", ""},
};

static const struct abide_yaml *parse(abide_ctx *ctx, const char *text)
{
    return abide_yaml__parse(ctx, abide_source__from_text(ctx, "text", text, strlen(text)));
}

static const char *types_for(abide_ctx *ctx, const abide_module *module, const abide_iface *iface,
                             const struct abide_condition *condition)
{
    struct abide_text names = {0};
    abide__text_add(ctx, &names, "", 0);
    for (size_t i = 0; i < abide_iface_type_count(iface); i++) {
        const abide_type *type = abide_iface_type_at(iface, i);
        struct abide_passed passed = {
            .ctx = ctx,
            .module = module,
            .layout = abide_layout__physical(ctx, module->data, type),
        };
        assert_non_null(passed.layout);
        if (abide_evaluate__holds(&passed, condition))
            abide__text_printf(ctx, &names, "%s ", abide_type_name(type));
    }
    return names.chars;
}

static void each_key_asks_what_it_says(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_module *module = abide_module_load(ctx, "c-sysv", "x86_64-linux-gnu");
    const abide_iface *iface = abide_iface_parse(ctx, "interface", interface, strlen(interface));
    assert_non_null(iface);
    struct abide_condition_scope *scope =
        abide_condition__scope(ctx, module, parse(ctx, predicates), module->language->options,
                               module->language->option_count);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct abide_condition *condition =
            abide_condition__read(ctx, scope, parse(ctx, cases[i].condition));
        if (!condition || abide_ctx_diag_count(ctx))
            fail_msg("%s: %s", cases[i].condition, abide_diag_message(abide_ctx_diag_at(ctx, 0)));
        const char *got = types_for(ctx, module, iface, condition);
        if (strcmp(got, cases[i].holds) != 0)
            fail_msg("%s: expected %s, got %s", cases[i].condition, cases[i].holds, got);
    }
    close_ctx(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_asks_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
