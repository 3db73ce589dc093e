/* Types built by a program: identity, limits, and how they print. */
#include "abide/layout.h"
#include "abide/module.h"
#include "abide/type.h"
#include "cmocka_all.h"
#include "types/type.h"

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

static const abide_type *scalar(abide_ctx *ctx, const char *name)
{
    const abide_type *type = abide_type_scalar(ctx, name);
    assert_non_null(type);
    return type;
}

/* The id of the one diagnostic. */
static const char *reported(abide_ctx *ctx)
{
    assert_int_equal(abide_ctx_diag_count(ctx), 1);
    const char *id = abide_diag_id(abide_ctx_diag_at(ctx, 0));
    abide_ctx_clear_diags(ctx);
    return id;
}

static void every_scalar_has_a_type(void **state)
{
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < ABIDE_SCALAR_COUNT; i++) {
        const abide_type *type = scalar(ctx, abide__scalars[i].name);
        assert_ptr_equal(type, scalar(ctx, abide__scalars[i].name));
        assert_string_equal(abide_type_print(ctx, type), abide__scalars[i].name);
    }
    assert_null(abide_type_scalar(ctx, "i33"));
    assert_string_equal(reported(ctx), "unknown-type");
}

static void equal_anonymous_types_are_the_same_pointer(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *i32 = scalar(ctx, "i32");
    const abide_type *u8 = scalar(ctx, "u8");
    assert_ptr_equal(abide_type_pointer(ctx, i32, true), abide_type_pointer(ctx, i32, true));
    assert_ptr_not_equal(abide_type_pointer(ctx, i32, true), abide_type_pointer(ctx, i32, false));
    assert_ptr_not_equal(abide_type_pointer(ctx, i32, true), abide_type_reference(ctx, i32, true));
    assert_ptr_equal(abide_type_array(ctx, i32, 3), abide_type_array(ctx, i32, 3));
    assert_ptr_not_equal(abide_type_array(ctx, i32, 3), abide_type_array(ctx, i32, 4));
    assert_ptr_not_equal(abide_type_array(ctx, i32, 3), abide_type_array(ctx, u8, 3));
    assert_ptr_not_equal(abide_type_slice(ctx, u8), abide_type_sequence(ctx, u8));
    const abide_type *pair[] = {i32, u8};
    const abide_type *riap[] = {u8, i32};
    assert_ptr_equal(abide_type_tuple(ctx, pair, 2), abide_type_tuple(ctx, pair, 2));
    assert_ptr_not_equal(abide_type_tuple(ctx, pair, 2), abide_type_tuple(ctx, riap, 2));
    assert_ptr_not_equal(abide_type_tuple(ctx, pair, 1), abide_type_tuple(ctx, pair, 0));
    assert_ptr_not_equal(abide_type_newtype(ctx, "id", i32), abide_type_newtype(ctx, "id", i32));
}

static void types_print_as_files_write_them(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *i32 = scalar(ctx, "i32");
    abide_member members[] = {{.name = "x", .type = i32},
                              {.name = "y", .type = abide_type_array(ctx, i32, 2)}};
    const abide_type *point = abide_type_struct(ctx, "point", members, 2);
    const abide_type *anonymous = abide_type_union(ctx, NULL, members, 2);
    abide_parameter parameters[] = {{"p", point}, {NULL, abide_type_string(ctx)}};
    const abide_signature *signature =
        abide_signature_new(ctx, parameters, 2, abide_type_reference(ctx, point, true));
    const struct {
        const abide_type *type;
        const char *text;
    } cases[] = {{point, "point"},
                 {anonymous, "{union: {x: i32, y: array<i32; 2>}}"},
                 {abide_type_pointer(ctx, abide_type_void(ctx), false), "ptr<void>"},
                 {abide_type_pointer(ctx, point, true), "mutptr<point>"},
                 {abide_type_sequence(ctx, point), "own slice<point>"},
                 {abide_type_bitset(ctx, 300), "bitset<300>"},
                 {abide_type_cstring(ctx), "cstring"},
                 {abide_type_function(ctx, signature), "fn(p point, string) -> mutref<point>"},
                 {abide_type_closure(ctx, abide_signature_new(ctx, NULL, 0, abide_type_void(ctx))),
                  "closure()"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(abide_type_print(ctx, cases[i].type), cases[i].text);
}

static void a_struct_can_point_to_itself(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *node = abide_type_opaque(ctx, "node");
    abide_member members[] = {{.name = "next", .type = abide_type_pointer(ctx, node, true)},
                              {.name = "value", .type = scalar(ctx, "i64")}};
    const abide_type *content = abide_type_struct(ctx, NULL, members, 2);
    assert_string_equal(abide_type_kind_name(node), "opaque");
    assert_true(abide_type_complete(ctx, node, content));
    assert_string_equal(abide_type_kind_name(node), "struct");
    assert_string_equal(abide_type_name(node), "node");
    assert_int_equal(node->field_count, 2);
    assert_ptr_equal(node->fields[0].type->target, node);
    assert_false(abide_type_complete(ctx, node, content));
    assert_string_equal(reported(ctx), "bad-type");
}

static void types_without_a_size_are_no_parts(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *opaque = abide_type_opaque(ctx, "context");
    abide_member member = {.name = "c", .type = opaque};
    assert_null(abide_type_struct(ctx, "s", &member, 1));
    assert_string_equal(reported(ctx), "incomplete-type");
    assert_null(abide_type_array(ctx, opaque, 2));
    assert_string_equal(reported(ctx), "incomplete-type");
    assert_null(abide_type_array(ctx, abide_type_void(ctx), 2));
    assert_string_equal(reported(ctx), "bad-type");
    abide_parameter parameter = {"c", opaque};
    assert_null(abide_signature_new(ctx, &parameter, 1, abide_type_void(ctx)));
    assert_string_equal(reported(ctx), "incomplete-type");
}

static void bad_names_and_counts_are_refused(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *i32 = scalar(ctx, "i32");
    abide_member member = {.name = "a b", .type = i32};
    assert_null(abide_type_struct(ctx, "s", &member, 1));
    assert_string_equal(reported(ctx), "bad-name");
    member = (abide_member){.name = "x", .type = i32, .align_bytes = 3};
    assert_null(abide_type_struct(ctx, "s", &member, 1));
    assert_string_equal(reported(ctx), "bad-value");
    member = (abide_member){.type = i32};
    assert_null(abide_type_struct(ctx, "s", &member, 1));
    assert_string_equal(reported(ctx), "bad-field");
    assert_null(abide_type_opaque(ctx, "x;y"));
    assert_string_equal(reported(ctx), "bad-name");
    assert_null(abide_type_array(ctx, i32, UINT64_MAX));
    assert_string_equal(reported(ctx), "bad-count");
    abide_enum_value value = {.name = "a", .value = 1};
    assert_null(abide_type_enum(ctx, "e", &value, 1, scalar(ctx, "f32")));
    assert_string_equal(reported(ctx), "bad-base");
    assert_null(abide_type_enum(ctx, "e", NULL, 0, NULL));
    assert_string_equal(reported(ctx), "too-many");
    value.value = 256;
    assert_null(abide_type_enum(ctx, "e", &value, 1, scalar(ctx, "u8")));
    assert_string_equal(reported(ctx), "bad-value");
}

/* Wraps `type` until it is refused; returns how often it was not. */
static unsigned wrap(abide_ctx *ctx, const abide_type *(*wrapper)(abide_ctx *, const abide_type *))
{
    unsigned depth = 0;
    for (const abide_type *type = scalar(ctx, "u8"); (type = wrapper(ctx, type)); depth++)
        assert_non_null(abide_type_print(ctx, type));
    assert_string_equal(reported(ctx), "type-too-deep");
    return depth;
}

static const abide_type *wrap_pointer(abide_ctx *ctx, const abide_type *type)
{
    return abide_type_pointer(ctx, type, false);
}

static const abide_type *wrap_struct(abide_ctx *ctx, const abide_type *type)
{
    abide_member member = {.name = "x", .type = type};
    return abide_type_struct(ctx, "s", &member, 1);
}

static const abide_type *wrap_newtype(abide_ctx *ctx, const abide_type *type)
{
    return abide_type_newtype(ctx, "n", type);
}

static void depth_is_limited(void **state)
{
    abide_ctx *ctx = *state;
    assert_in_range(wrap(ctx, wrap_pointer), ABIDE_TYPE_MAX_NESTING - 3, ABIDE_TYPE_MAX_NESTING);
    assert_int_equal(wrap(ctx, wrap_struct), ABIDE_TYPE_MAX_VALUE_DEPTH);
    assert_int_equal(wrap(ctx, wrap_newtype), ABIDE_TYPE_MAX_VALUE_DEPTH);
}

static void deep_function_types_are_refused(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *type = scalar(ctx, "u8");
    unsigned depth = 0;
    for (; type; depth++) {
        abide_parameter parameter = {NULL, type};
        const abide_signature *signature =
            abide_signature_new(ctx, &parameter, 1, abide_type_void(ctx));
        type = signature ? abide_type_function(ctx, signature) : NULL;
        assert_true(depth <= ABIDE_TYPE_MAX_NESTING);
    }
    assert_string_equal(reported(ctx), "type-too-deep");
}

static void vectors_and_complex_numbers_are_of_scalars(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *f32 = scalar(ctx, "f32");
    const abide_type *four = abide_type_vector(ctx, f32, 4);
    const abide_type *number = abide_type_complex(ctx, f32);
    assert_ptr_equal(four, abide_type_vector(ctx, f32, 4));
    assert_ptr_equal(four, abide_type_vector(ctx, abide_type_newtype(ctx, "real", f32), 4));
    assert_ptr_not_equal(four, abide_type_array(ctx, f32, 4));
    assert_ptr_not_equal(number, abide_type_vector(ctx, f32, 2));
    assert_string_equal(abide_type_print(ctx, four), "vector<f32, 4>");
    assert_string_equal(abide_type_print(ctx, number), "complex<f32>");
    assert_string_equal(abide_type_kind_name(four), "vector");
    assert_string_equal(abide_type_kind_name(number), "complex");
    assert_null(abide_type_vector(ctx, f32, 0));
    assert_string_equal(reported(ctx), "bad-count");
    assert_null(abide_type_vector(ctx, f32, 65537));
    assert_string_equal(reported(ctx), "bad-count");
    assert_null(abide_type_vector(ctx, scalar(ctx, "bool"), 4));
    assert_string_equal(reported(ctx), "bad-type");
    assert_null(abide_type_vector(ctx, four, 4));
    assert_string_equal(reported(ctx), "bad-type");
    assert_null(abide_type_complex(ctx, scalar(ctx, "i32")));
    assert_string_equal(reported(ctx), "bad-type");
    assert_null(abide_type_complex(ctx, number));
    assert_string_equal(reported(ctx), "bad-type");
}

/* What a file can say of fields, records and parameters, a program can too. */
static void records_have_bitfields_bases_and_packing(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *u32 = scalar(ctx, "u32");
    const abide_member bits[] = {{.name = "low", .type = u32, .is_bitfield = true, .bits = 3},
                                 {.type = u32, .is_bitfield = true},
                                 {.name = "c", .type = scalar(ctx, "u8")},
                                 {.name = "far", .type = u32, .is_packed = true}};
    const abide_type *base = abide_type_struct(ctx, "base", bits, 4);
    assert_string_equal(abide_type_print(ctx, abide_type_struct(ctx, NULL, bits, 2)),
                        "{struct: {low: {type: u32, bits: 3}, _: {type: u32, bits: 0}}}");
    const abide_type *derived = abide_type_struct(ctx, "derived", bits, 1);
    assert_true(abide_type_set_base(ctx, derived, base));
    assert_ptr_equal(abide_type__part(derived, 0), base);
    assert_false(abide_type_set_base(ctx, derived, base));
    assert_string_equal(reported(ctx), "bad-base");
    assert_false(abide_type_set_base(ctx, base, u32));
    assert_string_equal(reported(ctx), "bad-base");
    assert_false(abide_type_set_base(ctx, u32, base));
    assert_string_equal(reported(ctx), "bad-type");
    assert_true(abide_type_set_packing(ctx, derived, false, 2, 16));
    assert_int_equal(derived->pack_bytes, 2);
    assert_int_equal(derived->align_bytes, 16);
    assert_false(abide_type_set_packing(ctx, derived, false, 3, 0));
    assert_string_equal(reported(ctx), "bad-value");
    const abide_module *sysv = abide_module_load(ctx, "c-sysv", "x86_64-linux-gnu");
    const abide_layout *layout = abide_layout_of(ctx, sysv, base);
    assert_int_equal(abide_layout_size_bytes(layout), 12); /* gcc 12 and clang 19 */
    assert_int_equal(abide_layout_field_at(layout, 3).offset_bits, 40);
}

static void members_that_are_no_fields_are_refused(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *u8 = scalar(ctx, "u8");
    const abide_member members[] = {
        {.name = "a", .type = u8, .is_bitfield = true},            /* width 0 with a name */
        {.name = "a", .type = u8, .is_bitfield = true, .bits = 9}, /* wider than its type */
        {.name = "a", .type = scalar(ctx, "f32"), .is_bitfield = true, .bits = 1},
        {.name = "a", .type = u8, .bits = 1}, /* a width without a bit-field */
        {.type = u8},                         /* no name */
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        assert_null(abide_type_struct(ctx, NULL, &members[i], 1));
        assert_string_equal(reported(ctx), "bad-field");
    }
}

static void facts_are_said_of_parameters(void **state)
{
    abide_ctx *ctx = *state;
    const abide_parameter parameter = {"x", scalar(ctx, "i32")};
    const abide_signature *plain = abide_signature_new(ctx, &parameter, 1, scalar(ctx, "i32"));
    const abide_signature *sink = abide_signature_with_fact(ctx, plain, 0, "sink");
    assert_true(abide_facts__has(sink->params[0].facts, "sink"));
    assert_false(abide_facts__has(plain->params[0].facts, "sink"));
    const abide_signature *lent = abide_signature_with_fact(ctx, sink, ABIDE_RESULT, "lent");
    assert_true(abide_facts__has(lent->result_facts, "lent"));
    assert_true(abide_facts__has(lent->params[0].facts, "sink"));
    assert_null(abide_signature_with_fact(ctx, plain, 1, "sink"));
    assert_string_equal(reported(ctx), "bad-count");
    assert_null(abide_signature_with_fact(ctx, plain, 0, "no fact"));
    assert_string_equal(reported(ctx), "bad-name");
}

static void facts_are_said_of_names(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *id = abide_type_newtype(ctx, "id", scalar(ctx, "u32"));
    assert_true(abide_type_add_fact(ctx, id, "bycopy"));
    assert_true(abide_type_add_fact(ctx, id, "pure"));
    assert_true(abide_facts__has(id->facts, "bycopy") && abide_facts__has(id->facts, "pure"));
    assert_false(abide_facts__has(id->facts, "by"));
    assert_false(abide_type_add_fact(ctx, scalar(ctx, "u32"), "bycopy"));
    assert_string_equal(reported(ctx), "bad-type");
}

static void sums_and_what_is_owned_are_interned(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *u8 = scalar(ctx, "u8");
    const abide_type *nothing = abide_type_void(ctx);
    const abide_type *string = abide_type_string(ctx);
    const abide_type *own = abide_type_owned(ctx, string);
    assert_ptr_equal(abide_type_option(ctx, u8), abide_type_option(ctx, u8));
    assert_ptr_not_equal(abide_type_option(ctx, u8), abide_type_box(ctx, u8));
    assert_ptr_equal(abide_type_result(ctx, nothing, u8), abide_type_result(ctx, nothing, u8));
    assert_ptr_not_equal(abide_type_result(ctx, nothing, u8), abide_type_result(ctx, u8, nothing));
    assert_ptr_not_equal(abide_type_slice(ctx, u8), abide_type_mutable_slice(ctx, u8));
    assert_ptr_not_equal(own, string);
    assert_ptr_equal(abide_type_owned(ctx, own), own);
    assert_ptr_equal(abide_type_owned(ctx, abide_type_mutable_slice(ctx, u8)),
                     abide_type_sequence(ctx, u8));
    const abide_type *nul = abide_type_with_form(ctx, string, "nul");
    assert_ptr_equal(nul, abide_type_with_form(ctx, string, "nul"));
    assert_ptr_not_equal(nul, string);
    assert_ptr_not_equal(nul, abide_type_with_form(ctx, own, "nul"));
    assert_string_equal(abide_type_owned(ctx, nul)->form, "nul");
    assert_null(abide_type_owned(ctx, u8));
    assert_string_equal(reported(ctx), "bad-ownership");
    assert_null(abide_type_with_form(ctx, u8, "nul"));
    assert_string_equal(reported(ctx), "bad-form");
    assert_null(abide_type_with_form(ctx, abide_type_pointer(ctx, u8, false), "nul"));
    assert_string_equal(reported(ctx), "bad-form");
}

static void variants_and_flags_are_checked(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *u8 = scalar(ctx, "u8");
    abide_variant_case cases[] = {{"int", scalar(ctx, "size"), 0},
                                  {"none", abide_type_void(ctx), 255}};
    abide_enum_value bits[] = {{.name = "read", .value = 0}, {.name = "write", .value = 7}};
    const abide_type *number = abide_type_variant(ctx, "number", cases, 2, u8);
    const abide_type *access = abide_type_flags(ctx, "access", bits, 2, u8);
    assert_string_equal(abide_type_kind_name(number), "variant");
    assert_int_equal(number->enumerators[1].value, 255);
    assert_int_equal(number->value_depth, 1);
    assert_true(abide_type_make_open(ctx, number, 24, 8));
    assert_true(abide_type_make_open(ctx, access, 0, 0));
    assert_true(number->is_open && access->is_open);
    assert_int_equal(number->reserved_bytes, 24);
    assert_false(abide_type_make_open(ctx, number, 24, 3));
    assert_string_equal(reported(ctx), "bad-value");
    assert_false(abide_type_make_open(ctx, u8, 24, 8));
    assert_string_equal(reported(ctx), "bad-type");
    cases[1].tag = 256;
    assert_null(abide_type_variant(ctx, "number", cases, 2, u8));
    assert_string_equal(reported(ctx), "bad-value");
    cases[1].tag = 0;
    assert_null(abide_type_variant(ctx, "number", cases, 2, u8));
    assert_string_equal(reported(ctx), "bad-value");
    cases[1].tag = -1;
    assert_null(abide_type_variant(ctx, "number", cases, 2, NULL));
    assert_string_equal(reported(ctx), "bad-value");
    cases[1] = (abide_variant_case){"int", u8, 1};
    assert_null(abide_type_variant(ctx, "number", cases, 2, NULL));
    assert_string_equal(reported(ctx), "duplicate-name");
    assert_null(abide_type_variant(ctx, "number", cases, 1, scalar(ctx, "u64")));
    assert_string_equal(reported(ctx), "bad-base");
    assert_null(abide_type_variant(ctx, "number", NULL, 0, NULL));
    assert_string_equal(reported(ctx), "too-many");
    bits[1].value = 8;
    assert_null(abide_type_flags(ctx, "access", bits, 2, u8));
    assert_string_equal(reported(ctx), "bad-value");
    bits[1].value = 0;
    assert_null(abide_type_flags(ctx, "access", bits, 2, u8));
    assert_string_equal(reported(ctx), "bad-value");
    assert_null(abide_type_flags(ctx, "access", bits, 1, scalar(ctx, "f32")));
    assert_string_equal(reported(ctx), "bad-base");
}

static void a_variant_can_hold_itself_in_a_box(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *tree = abide_type_opaque(ctx, "tree");
    assert_null(
        abide_type_box(ctx, tree)); /* a box has a value in it, and this one has no size yet */
    assert_string_equal(reported(ctx), "incomplete-type");
    abide_variant_case cases[] = {{"leaf", scalar(ctx, "i64"), 0},
                                  {"node", abide_type_reference(ctx, tree, false), 1}};
    assert_true(abide_type_complete(ctx, tree, abide_type_variant(ctx, NULL, cases, 2, NULL)));
    assert_string_equal(abide_type_kind_name(tree), "variant");
    assert_ptr_equal(tree->fields[1].type->target, tree);
    assert_non_null(abide_type_box(ctx, tree));
}

static void resources_are_values_as_handles_only(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *gate = abide_type_resource(ctx, "gate", "gate_drop", NULL);
    const abide_type *key = abide_type_resource(ctx, "key", "key_drop", gate);
    const abide_type *handle = abide_type_handle(ctx, key, false);
    assert_ptr_equal(key->target, gate);
    assert_ptr_equal(handle, abide_type_handle(ctx, key, false));
    assert_ptr_equal(abide_type_owned(ctx, handle), abide_type_handle(ctx, key, true));
    assert_string_equal(abide_type_print(ctx, abide_type_handle(ctx, key, true)), "own key");
    assert_null(abide_type_option(ctx, gate));
    assert_string_equal(reported(ctx), "bad-type");
    assert_null(abide_type_handle(ctx, scalar(ctx, "u8"), true));
    assert_string_equal(reported(ctx), "bad-base");
    assert_null(abide_type_resource(ctx, "gate", "no symbol", NULL));
    assert_string_equal(reported(ctx), "bad-symbol");
}

static void signatures_say_who_owns_what(void **state)
{
    abide_ctx *ctx = *state;
    const abide_type *string = abide_type_string(ctx);
    abide_parameter parameters[] = {{"a", string}, {"b", abide_type_option(ctx, string)}};
    const abide_signature *plain = abide_signature_new(ctx, parameters, 2, string);
    const abide_signature *lent = abide_signature_with_lender(ctx, plain, string, 1);
    const abide_signature *modes = abide_signature_with_mode(ctx, plain, 0, ABIDE_MODE_OUT, false);
    modes = abide_signature_with_mode(ctx, modes, 1, ABIDE_MODE_IN, true);
    assert_string_equal(abide_signature_print(ctx, plain),
                        "(a string, b option<string>) -> own string");
    assert_string_equal(abide_signature_print(ctx, lent),
                        "(a string, b option<string>) -> string from b");
    assert_string_equal(abide_signature_print(ctx, modes),
                        "(a out string, b own option<string>) -> own string");
    for (size_t lender = 0; lender < 2; lender++) {
        assert_null(abide_signature_with_lender(ctx, modes, string, lender));
        assert_string_equal(reported(ctx), "bad-lender");
    }
    assert_null(abide_signature_with_lender(ctx, plain, string, 2));
    assert_string_equal(reported(ctx), "bad-count");
    assert_null(abide_signature_with_mode(ctx, plain, 2, ABIDE_MODE_IN, true));
    assert_string_equal(reported(ctx), "bad-count");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_scalar_has_a_type),
        TEST(equal_anonymous_types_are_the_same_pointer),
        TEST(types_print_as_files_write_them),
        TEST(a_struct_can_point_to_itself),
        TEST(types_without_a_size_are_no_parts),
        TEST(bad_names_and_counts_are_refused),
        TEST(depth_is_limited),
        TEST(deep_function_types_are_refused),
        TEST(facts_are_said_of_names),
        cmocka_unit_test_setup_teardown(records_have_bitfields_bases_and_packing, setup, teardown),
        cmocka_unit_test_setup_teardown(members_that_are_no_fields_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(facts_are_said_of_parameters, setup, teardown),
        cmocka_unit_test_setup_teardown(vectors_and_complex_numbers_are_of_scalars, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(sums_and_what_is_owned_are_interned, setup, teardown),
        cmocka_unit_test_setup_teardown(variants_and_flags_are_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_variant_can_hold_itself_in_a_box, setup, teardown),
        cmocka_unit_test_setup_teardown(resources_are_values_as_handles_only, setup, teardown),
        cmocka_unit_test_setup_teardown(signatures_say_who_owns_what, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
