/* Interface files that are right: what they mean. Those that are wrong are in tests/errors/interface. */
#include "cmocka_all.h"
#include "types/iface.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int setup(void **state)
{
    *state = abide_ctx_new(NULL);
    return *state == NULL;
}

static int teardown(void **state)
{
    abide_ctx_free(*state);
    return 0;
}

static const abide_iface *parse(abide_ctx *ctx, const char *text)
{
    const abide_iface *iface = abide_iface_parse(ctx, "test", text, strlen(text));
    for (size_t i = 0; !iface && i < abide_ctx_diag_count(ctx); i++)
        print_message("%s", abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
    assert_non_null(iface);
    return iface;
}

/* The type that `expression` means as a field. */
static const abide_type *field_type(abide_ctx *ctx, const char *expression)
{
    char text[1024];
    snprintf(text, sizeof text,
             "abide: 1\ntypes:\n  point: {struct: {x: f64, y: f64}}\n  my-id: u32\n  s:\n    "
             "struct:\n      field: %s\n",
             expression);
    return abide_iface_type(parse(ctx, text), "s")->fields[0].type;
}

static void every_type_expression_prints_as_it_was_written(void **state)
{
    static const char *const expressions[] = {"bool",
                                              "u128",
                                              "f16",
                                              "bf16",
                                              "f80",
                                              "char",
                                              "c_char",
                                              "c_longdouble",
                                              "size",
                                              "uptr",
                                              "ptr<void>",
                                              "mutptr<point>",
                                              "ref<u8>",
                                              "mutref<ptr<u8>>",
                                              "array<u8, 0>",
                                              "array<array<u8, 4>, 1000000>",
                                              "tuple<>",
                                              "tuple<u8, point, tuple<u8>>",
                                              "bitset<256>",
                                              "slice<point>",
                                              "own slice<slice<u8>>",
                                              "string",
                                              "cstring",
                                              "fn()",
                                              "fn(i32) -> i32",
                                              "fn(user ptr<void>, point) -> own slice<u8>",
                                              "fn(cstring, ...) -> c_int",
                                              "fn(...)",
                                              "fn(cstring, ... c_int, f64)",
                                              "closure(fn(closure()) -> fn())",
                                              "raw<closure(i32)>",
                                              "my-id",
                                              "array<my-id, 3>"};
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof expressions / sizeof *expressions; i++)
        assert_string_equal(abide_type_print(ctx, field_type(ctx, expressions[i])), expressions[i]);
}

static void semicolons_blanks_and_prefixes_mean_nothing(void **state)
{
    static const char *const pairs[][2] = {{"array<u8; 3>", "array<u8, 3>"},
                                           {"tuple<u8;u8>", "tuple<u8, u8>"},
                                           {"ptr < u8 >", "ptr<u8>"},
                                           {"borrow slice<u8>", "slice<u8>"},
                                           {"in point", "point"},
                                           {"borrow string", "string"},
                                           {"own ptr<u8>", "ptr<u8>"},
                                           {"fn(a u8;b u8)->u8", "fn(a u8, b u8) -> u8"},
                                           {"fn(u8) -> void", "fn(u8)"},
                                           {"fn(u8,)", "fn(u8)"},
                                           {"'ptr<u8>'", "ptr<u8>"},
                                           {"ptr<\n        u8>", "ptr<u8>"}};
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(abide_type_print(ctx, field_type(ctx, pairs[i][0])), pairs[i][1]);
}

static void equal_expressions_are_the_same_type(void **state)
{
    abide_ctx *ctx = *state;
    assert_ptr_equal(field_type(ctx, "ptr<array<u8, 3>>"), field_type(ctx, "ptr< array<u8; 3> >"));
    assert_ptr_not_equal(field_type(ctx, "ptr<point>"),
                         field_type(ctx, "ptr<point>")); /* two files, two points */
}

static void records_have_fields_in_order(void **state)
{
    const abide_iface *iface =
        parse(*state, "abide: 1\n"
                      "types:\n"
                      "  pixel: {struct: {r: u8, hot: {type: u8, bits: 3}, wide: {type: u64, "
                      "align: 16, packed: true}}, packed: true}\n"
                      "  listed:\n"
                      "    struct:\n"
                      "      - {name: a, type: i32}\n"
                      "      - {type: u8, bits: 0}\n"
                      "      - {union: {x: i32, y: f32}}\n"
                      "      - {name: b, type: {struct: {z: i32}}}\n"
                      "    pack: 4\n"
                      "    align: 32\n"
                      "  empty: {struct: }\n"
                      "  derived: {struct: {x: i32}, base: empty}\n"
                      "  open: {struct: {n: u32, data: array<u8>}}\n");
    const abide_type *pixel = abide_iface_type(iface, "pixel");
    assert_true(pixel->packed && pixel->is_complete);
    assert_int_equal(pixel->field_count, 3);
    assert_false(pixel->fields[0].is_bitfield);
    assert_true(pixel->fields[1].is_bitfield);
    assert_int_equal(pixel->fields[1].bits, 3);
    assert_int_equal(pixel->fields[2].align_bytes, 16);
    assert_true(pixel->fields[2].packed);
    const abide_type *listed = abide_iface_type(iface, "listed");
    assert_int_equal(listed->field_count, 4);
    assert_true(listed->fields[1].is_bitfield && !listed->fields[1].name);
    assert_null(listed->fields[2].name);
    assert_int_equal(listed->fields[2].type->kind, ABIDE_KIND_UNION);
    assert_string_equal(listed->fields[3].name, "b");
    assert_int_equal(listed->pack_bytes, 4);
    assert_int_equal(listed->align_bytes, 32);
    assert_int_equal(abide_iface_type(iface, "empty")->field_count, 0);
    assert_ptr_equal(abide_iface_type(iface, "derived")->target, abide_iface_type(iface, "empty"));
    assert_true(abide_iface_type(iface, "open")->fields[1].type->is_flexible);
}

static void enums_count_on(void **state)
{
    const abide_iface *iface =
        parse(*state, "abide: 1\n"
                      "types:\n"
                      "  plain: {enum: [a, b, c]}\n"
                      "  given: {enum: {a: 5, b: , c: -3, d: , e: 0x10}, base: c_short}\n");
    static const int64_t values[] = {5, 6, -3, -2, 16};
    const abide_type *plain = abide_iface_type(iface, "plain");
    const abide_type *given = abide_iface_type(iface, "given");
    assert_null(plain->target);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(plain->enumerators[i].value, i);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(given->enumerators[i].value, values[i]);
    assert_int_equal(given->target->scalar, ABIDE_SCALAR_C_SHORT);
}

static void names_may_come_before_their_types(void **state)
{
    const abide_iface *iface =
        parse(*state, "abide: 1\n"
                      "types:\n"
                      "  list: {struct: {head: ptr<node>, inline: node}}\n"
                      "  node: {struct: {next: ptr<node>, value: id}}\n"
                      "  id: other\n"
                      "  other: {newtype: u32}\n"
                      "  handler: {fn: (n node) -> id, convention: cdecl}\n");
    const abide_type *list = abide_iface_type(iface, "list");
    const abide_type *node = abide_iface_type(iface, "node");
    assert_ptr_equal(list->fields[0].type->target, node);
    assert_ptr_equal(list->fields[1].type, node);
    assert_int_equal(node->fields[1].type->kind, ABIDE_KIND_NEWTYPE);
    assert_int_equal(abide_type__strip(node->fields[1].type)->scalar, ABIDE_SCALAR_U32);
    const abide_type *handler = abide_iface_type(iface, "handler");
    assert_true(abide_type__is(handler, ABIDE_KIND_FUNCTION));
    assert_string_equal(handler->target->signature->convention, "cdecl");
    assert_int_equal(list->value_depth, 4);
}

static void functions_have_short_and_long_forms(void **state)
{
    const abide_iface *iface =
        parse(*state, "abide: 1\n"
                      "package: lib\n"
                      "functions:\n"
                      "  plain: (a i32, b f64) -> u8\n"
                      "  none: ()\n"
                      "  with-symbol: {sig: (), symbol: '?f@@YAXXZ'}\n"
                      "  long-name: {sig: ()}\n"
                      "  long:\n"
                      "    params: {a: {type: {struct: {x: i32}}, facts: [sink, byref]}, own: u8}\n"
                      "    returns: {type: u8, facts: lent}\n"
                      "    convention: cdecl\n"
                      "    variadic: [c_int, {type: f64}]\n"
                      "    doc: some text\n"
                      "  call: {sig: '(f fn(i32, user ptr<void>), u ptr<void>)', callbacks: {f: "
                      "{data: u, at: 1}}}\n"
                      "  run: {sig: '(x u8, c closure(i32))', invokes: c}\n"
                      "hooks: {attach: n_attach}\n");
    assert_string_equal(abide_iface_package(iface), "lib");
    assert_int_equal(abide_iface_function_count(iface), 7);
    assert_string_equal(abide_function_symbol(abide_iface_function(iface, "with-symbol")),
                        "?f@@YAXXZ");
    assert_string_equal(abide_function_symbol(abide_iface_function(iface, "long-name")),
                        "long_name");
    assert_int_equal(abide_iface_signature(iface, "none")->result->kind, ABIDE_KIND_VOID);
    const abide_signature *full = abide_iface_signature(iface, "long");
    assert_int_equal(full->fixed_count, 2);
    assert_int_equal(full->param_count, 4);
    assert_true(full->is_variadic && full->params[2].is_variadic && !full->params[1].is_variadic);
    assert_true(abide_facts__has(full->params[0].facts, "byref"));
    assert_true(abide_facts__has(full->result_facts, "lent"));
    assert_string_equal(full->convention, "cdecl");
    assert_string_equal(abide_iface_function(iface, "long")->doc, "some text");
    const abide_signature *call = abide_iface_signature(iface, "call");
    assert_int_equal(call->callback_count, 1);
    assert_int_equal(call->callbacks[0].function, 0);
    assert_int_equal(call->callbacks[0].data, 1);
    assert_int_equal(call->callbacks[0].at, 1);
    const abide_function *run = abide_iface_function(iface, "run");
    assert_true(run->has_invokes);
    assert_int_equal(run->invokes, 1);
    assert_string_equal(iface->hooks[0].symbol, "n_attach");
    assert_null(abide_iface_function(iface, "nothing"));
    assert_null(abide_iface_type(iface, "nothing"));
    assert_null(abide_iface_signature(iface, "nothing"));
}

static void expectations_are_kept_for_the_layout(void **state)
{
    const abide_iface *iface =
        parse(*state, "abide: 1\n"
                      "types:\n"
                      "  p:\n"
                      "    struct: {x: f64, y: f64}\n"
                      "    expect:\n"
                      "      - {size_bytes: 16, align_bytes: 8, offset_bytes: {y: 8}}\n"
                      "      - {abi: other, offset_bits: {x: 3}}\n");
    assert_int_equal(iface->expectation_count, 3);
    assert_true(iface->expectations[0].has_size && iface->expectations[0].has_align &&
                !iface->expectations[0].has_offset);
    assert_int_equal(iface->expectations[0].size_bytes, 16);
    assert_string_equal(iface->expectations[1].field, "y");
    assert_int_equal(iface->expectations[1].offset_bits, 64);
    assert_string_equal(iface->expectations[2].abi, "other");
    assert_int_equal(iface->expectations[2].offset_bits, 3);
}

/* The bytes that a place covers. */
static void assert_place(struct abide_place place, const char *text)
{
    assert_int_equal(place.end_bytes - place.start_bytes, strlen(text));
    assert_memory_equal(place.source->text + place.start_bytes, text, strlen(text));
}

static void places_are_exact(void **state)
{
    const abide_iface *iface = parse(*state, "abide: 1\n"
                                             "types: {p: {struct: {x: f64}}}\n"
                                             "functions:\n"
                                             "  f: (first   p,\n"
                                             "      second ptr<p> ) -> p\n"
                                             "  'g': {sig: \"(a u8)\", symbol: gg}\n");
    const abide_signature *f = abide_iface_signature(iface, "f");
    assert_place(f->params[0].place, "first   p");
    assert_place(f->params[1].place, "second ptr<p>");
    assert_place(abide_iface_type(iface, "p")->fields[0].place, "x");
    const abide_function *g = abide_iface_function(iface, "g");
    assert_place(g->place, "'g'");
    assert_place(g->symbol_place, "gg");
    assert_place(g->signature->params[0].place, "a u8");
}

struct text {
    char *chars;
    size_t length_bytes;
};

static void add(struct text *text, const char *format, int a, int b)
{
    text->length_bytes += (size_t)sprintf(text->chars + text->length_bytes, format, a, b);
}

/* A chain of many types, each before the one it refers to, is read on a small stack; quadratic work would not end in time. */
static void large_files_are_read(void **state)
{
    static const char *const links[] = {"  t%d: {struct: {next: ptr<t%d>}}\n",
                                        "  t%d: {struct: {next: t%d}}\n", "  t%d: t%d\n"};
    enum { COUNT = 40000 };
    struct text text = {malloc(COUNT * 50), 0};
    for (size_t kind = 0; kind < 3; kind++) {
        text.length_bytes = 0;
        add(&text, "abide: 1\ntypes:\n", 0, 0);
        for (int i = 0; i < COUNT; i++)
            add(&text, links[kind], i, (i + 1) % COUNT);
        const abide_iface *iface = abide_iface_parse(*state, "test", text.chars, text.length_bytes);
        assert_int_equal(iface != NULL, kind == 0);
        if (iface)
            continue;
        assert_int_equal(abide_ctx_diag_count(*state), 1);
        assert_string_equal(abide_diag_id(abide_ctx_diag_at(*state, 0)), "cyclic-type");
        abide_ctx_clear_diags(*state);
    }
    free(text.chars);
}

/* Signatures and texts of a megabyte; quadratic work would not end in time. */
static void large_signatures_are_refused(void **state)
{
    enum { COUNT = 200000 };
    static const char *const parts[] = {"p u8, ", "          ", "ptr<", "x, ", "... ", "fn("};
    struct text text = {malloc(COUNT * 12), 0};
    for (size_t kind = 0; kind < sizeof parts / sizeof *parts; kind++) {
        text.length_bytes = 0;
        add(&text, "abide: 1\nfunctions:\n  f: (a ", 0, 0);
        for (int i = 0; i < COUNT; i++)
            add(&text, parts[kind], i, i);
        assert_null(abide_iface_parse(*state, "test", text.chars, text.length_bytes));
        assert_in_range(abide_ctx_diag_count(*state), 1, 2);
        abide_ctx_clear_diags(*state);
    }
    free(text.chars);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_type_expression_prints_as_it_was_written),
        TEST(semicolons_blanks_and_prefixes_mean_nothing),
        TEST(equal_expressions_are_the_same_type),
        TEST(records_have_fields_in_order),
        TEST(enums_count_on),
        TEST(names_may_come_before_their_types),
        TEST(functions_have_short_and_long_forms),
        TEST(expectations_are_kept_for_the_layout),
        TEST(places_are_exact),
        TEST(large_files_are_read),
        TEST(large_signatures_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
