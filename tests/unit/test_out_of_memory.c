/* The nth allocation fails, for every n: see failing_allocator.h. */
#include "abide/abide.h"
#include "base/yaml.h"
#include "failing_allocator.h"

#include <stdio.h>

static bool parse_yaml_text(abide_ctx *ctx, const char *text)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return false;
    const struct abide_source *source = abide_source__from_text(ctx, "test", text, strlen(text));
    const struct abide_yaml *root = abide_yaml__parse(ctx, source);
    abide__guard_leave(ctx, &guard);
    return root;
}

/* As large as a module: 30 rules. */
static bool parse_yaml(abide_ctx *ctx)
{
    static char text[16384];
    size_t length = (size_t)snprintf(text, sizeof text,
                                     "abide: 1\nmodule: {name: 'x', version: \"1.0.0\"}\nargs:\n");
    for (int i = 0; i < 30; i++)
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "  - id: rule-%d\n    when: {size: \"<%d\"}\n    pass: [a%d, "
                                   "b]\n    source: >-\n      folded\n      text %d\n",
                                   i, i, i, i);
    return parse_yaml_text(ctx, text);
}

static void reading_yaml(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(parse_yaml), 400, 5000);
}

static const char interface_text[] =
    "abide: 1\n"
    "package: test\n"
    "types:\n"
    "  point: {struct: {x: f64, y: f64}, expect: {size_bytes: 16, offset_bytes: {y: 8}}}\n"
    "  node: {struct: {next: ptr<node>, data: array<point; 3>, in: {union: {a: i32, b: f32}}, "
    "rest: array<u8>}}\n"
    "  color: {enum: {red: 1, green: }, base: u8, facts: [pure]}\n"
    "  context: {opaque: true}\n"
    "  handler: {fn: (c ptr<context>; t tuple<i32; bitset<9>>) -> color, convention: cdecl}\n"
    "  id: u32\n"
    "functions:\n"
    "  scale: (p point, by f64) -> point\n"
    "  log: (fmt cstring, ... c_int, f64) -> c_int\n"
    "  walk:\n"
    "    sig: (each fn(user ptr<void>, p own slice<u8>) -> bool, user ptr<void>, s string)\n"
    "    symbol: walk_v2\n"
    "    callbacks: {each: {data: user, at: 0}}\n"
    "  long-one:\n"
    "    params: {c: closure(i32) -> i32, d: {type: id, facts: [sink]}}\n"
    "    returns: {type: point, facts: [lent]}\n"
    "    invokes: c\n"
    "hooks: {attach: n_attach}\n";

static bool read_interface(abide_ctx *ctx)
{
    const abide_iface *iface =
        abide_iface_parse(ctx, "test", interface_text, strlen(interface_text));
    if (!iface)
        return false;
    assert_int_equal(abide_iface_type_count(iface), 6);
    assert_int_equal(abide_iface_function_count(iface), 4);
    return abide_type_print(ctx, abide_iface_type(iface, "handler"));
}

static void reading_an_interface(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(read_interface), 300, 5000);
}

static const char sums_text[] =
    "abide: 1\n"
    "package: test\n"
    "provides: system@1\n"
    "forms: {string: nul}\n"
    "types:\n"
    "  error: {variant: {io: i32, no: {why: own string, n: option<u32>}, far: {tag: 9}}, tag: u8}\n"
    "  grows: {variant: {a: box<error>}, open: {size: 56, align: 8}}\n"
    "  caps: {flags: {a: 1, b: }, base: u8, open: true}\n"
    "  gate: {resource: gate_drop, keeps: store}\n"
    "  store: {resource: store_drop, threads: any}\n"
    "  name: newtype string\n"
    "  ask: callback (x out caps) -> name\n"
    "functions:\n"
    "  open: (path string0, how own error) -> result<own gate, own error>\n"
    "  text: (g borrow gate, into out mutslice<u8>) -> bytes from g\n"
    "  call: {sig: '(a ask, b bytes<3>) -> option<own string>', forms: {option: wide}}\n"
    "  long: {params: {a: {type: inout own string, form: counted}}, returns: string}\n"
    "hooks: {new_seq: {error: new_errors, own string: new_texts}}\n";

static bool read_sums(abide_ctx *ctx)
{
    const abide_iface *iface = abide_iface_parse(ctx, "test", sums_text, strlen(sums_text));
    return iface && abide_signature_print(ctx, abide_iface_signature(iface, "open"));
}

static void reading_sums(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(read_sums), 300, 5000);
}

static bool lint_file(abide_ctx *ctx)
{
    abide_iface_lint(ctx, ABIDE_TEST_DIR "/data/borrowed.abi.yaml");
    size_t count = abide_ctx_diag_count(ctx);
    bool done = count == 6;
    for (size_t i = 0; i < count; i++)
        done = done && strcmp(abide_diag_id(abide_ctx_diag_at(ctx, i)), "out-of-memory") != 0;
    if (done)
        abide_ctx_clear_diags(ctx);
    return done;
}

static void linting_a_file(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(lint_file), 100, 5000);
}

static bool load_file(abide_ctx *ctx)
{
    return abide_iface_load(ctx, ABIDE_TEST_DIR "/data/geometry.abi.yaml");
}

static void reading_a_file(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(load_file), 50, 5000);
}

/* A bad file: done when its own diagnostics are there and rendered. */
static bool report_errors(abide_ctx *ctx)
{
    static const char text[] = "abide: 1\ntypes:\n  point: {struct: {x: f65, y: pont}}\n  a: "
                               "{struct: {b: i32}, paked: true}\n"
                               "functions:\n  f: (a ptr<point, b i32)\n";
    abide_iface_parse(ctx, "test", text, strlen(text));
    size_t count = abide_ctx_diag_count(ctx);
    for (size_t i = 0; i < count; i++)
        if (strcmp(abide_diag_id(abide_ctx_diag_at(ctx, i)), "out-of-memory") == 0)
            return false;
    for (size_t i = 0; i < count; i++)
        if (!abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), true))
            return false;
    abide_ctx_clear_diags(ctx);
    return count == 4;
}

static void reporting_errors(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(report_errors), 100, 5000);
}

static bool build_types(abide_ctx *ctx)
{
    const abide_type *node = abide_type_opaque(ctx, "node");
    const abide_type *next = node ? abide_type_pointer(ctx, node, true) : NULL;
    const abide_type *i32 = abide_type_scalar(ctx, "i32");
    const abide_type *array = i32 ? abide_type_array(ctx, i32, 4) : NULL;
    if (!next || !array)
        return false;
    abide_member members[] = {{.name = "next", .type = next},
                              {.name = "items", .type = array, .align_bytes = 16}};
    const abide_type *content = abide_type_struct(ctx, NULL, members, 2);
    if (!content || !abide_type_complete(ctx, node, content) ||
        !abide_type_add_fact(ctx, node, "pure"))
        return false;
    abide_parameter parameters[] = {{"n", node}};
    const abide_signature *signature = abide_signature_new(ctx, parameters, 1, i32);
    const abide_type *function = signature ? abide_type_function(ctx, signature) : NULL;
    return function && abide_type_print(ctx, function);
}

static bool build_sums(abide_ctx *ctx)
{
    const abide_type *string = abide_type_string(ctx);
    const abide_type *own = string ? abide_type_owned(ctx, string) : NULL;
    const abide_type *option = own ? abide_type_option(ctx, own) : NULL;
    const abide_type *box = option ? abide_type_box(ctx, option) : NULL;
    const abide_type *gate = abide_type_resource(ctx, "gate", "gate_drop", NULL);
    const abide_type *handle = gate ? abide_type_handle(ctx, gate, true) : NULL;
    if (!box || !handle)
        return false;
    abide_variant_case cases[] = {{"a", box, 0}, {"b", handle, 7}};
    abide_enum_value bits[] = {{.name = "read", .value = 0}, {.name = "write", .value = 3}};
    const abide_type *variant = abide_type_variant(ctx, "v", cases, 2, NULL);
    const abide_type *flags = abide_type_flags(ctx, "f", bits, 2, NULL);
    const abide_type *result = variant && flags ? abide_type_result(ctx, variant, flags) : NULL;
    if (!result || !abide_type_make_open(ctx, variant, 8, 8))
        return false;
    abide_parameter parameters[] = {{"r", result}, {"s", string}};
    const abide_signature *signature = abide_signature_new(ctx, parameters, 2, string);
    signature =
        signature ? abide_signature_with_mode(ctx, signature, 0, ABIDE_MODE_IN, true) : NULL;
    signature = signature ? abide_signature_with_lender(ctx, signature, string, 1) : NULL;
    return signature && abide_signature_print(ctx, signature);
}

static void building_sums(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(build_sums), 20, 500);
}

static void building_types(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(build_types), 20, 500);
}

/* ---- the layers to the right, with modules that are loaded before ---------------------------------- */

#define TARGET "x86_64-linux-gnu"

static const char library_text[] =
    "abide: 1\n"
    "types:\n"
    "  point: {struct: {x: f64, y: f64}}\n"
    "  large: {struct: {id: u8, p: point, bytes: array<u8; 30>, u: {union: {i: i32, f: f32}}}}\n"
    "  visitor: fn(user ptr<void>, what large) -> large\n"
    "functions:\n"
    "  work: {sig: '(a large, s slice<point>, each visitor, user ptr<void>, f f32) -> large',\n"
    "         callbacks: {each: {data: user, at: 0}}}\n";

struct library {
    const abide_module *c;
    const abide_module *language;
    const abide_iface *iface;
    const abide_function *work;
};

/* Loads everything while nothing fails, and then lets allocations fail. `language` NULL: none. */
static struct library open_library(abide_ctx *ctx, const char *language)
{
    pause_failures(ctx, true);
    struct library library = {
        .c = abide_module_load(ctx, "c", TARGET),
        .language = language ? abide_module_load(ctx, language, TARGET) : NULL,
        .iface = abide_iface_parse(ctx, "test", library_text, strlen(library_text)),
    };
    assert_true(library.c && library.iface);
    library.work = abide_iface_function(library.iface, "work");
    pause_failures(ctx, false);
    return library;
}

static bool lay_out(abide_ctx *ctx)
{
    struct library library = open_library(ctx, NULL);
    return abide_layout_of(ctx, library.c, abide_iface_type(library.iface, "large"));
}

static void laying_out(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(lay_out), 5, 5000);
}

static bool assign(abide_ctx *ctx)
{
    struct library library = open_library(ctx, "nim-cgen");
    const abide_signature *signature = abide_function_signature(library.work);
    const abide_assignment *assignment = abide_assignment_of(ctx, library.language, signature);
    return assignment && abide_assignment_prototype(ctx, assignment, "work");
}

static void assigning(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(assign), 20, 5000);
}

static bool plan(abide_ctx *ctx)
{
    struct library library = open_library(ctx, "nim-cgen");
    const abide_plan *adapter =
        abide_plan_new(ctx, library.iface, library.work, library.language, library.c);
    return adapter && abide_plan_print_c(ctx, &adapter, 1, NULL);
}

static void planning(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(plan), 50, 5000);
}

static bool load_module(abide_ctx *ctx)
{
    return abide_module_load(ctx, "c", TARGET);
}

/* What the language level adds. */
static bool load_language_module(abide_ctx *ctx)
{
    struct library library = open_library(ctx, NULL);
    return library.c && abide_module_load(ctx, "nim-cgen:gc=refc", TARGET);
}

static void loading_a_language_module(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(load_language_module), 500, 50000);
}

static void loading_a_module(void **state)
{
    (void)state;
    assert_in_range(fail_every_allocation(load_module), 500, 50000);
}

static void a_context_of_another_version_is_refused(void **state)
{
    (void)state;
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.version = ABIDE_CTX_OPTIONS_VERSION + 1;
    assert_null(abide_ctx_new(&options));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_yaml),
        cmocka_unit_test(reading_an_interface),
        cmocka_unit_test(reading_a_file),
        cmocka_unit_test(reporting_errors),
        cmocka_unit_test(building_types),
        cmocka_unit_test(building_sums),
        cmocka_unit_test(reading_sums),
        cmocka_unit_test(linting_a_file),
        cmocka_unit_test(laying_out),
        cmocka_unit_test(assigning),
        cmocka_unit_test(planning),
        cmocka_unit_test(loading_a_module),
        cmocka_unit_test(loading_a_language_module),
        cmocka_unit_test(a_context_of_another_version_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
