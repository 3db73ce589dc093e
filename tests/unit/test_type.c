/* Types built by a program: identity, limits, and how they print. */
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
    abide_member members[] = {{"x", i32, 0}, {"y", abide_type_array(ctx, i32, 2), 0}};
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
    abide_member members[] = {{"next", abide_type_pointer(ctx, node, true), 0},
                              {"value", scalar(ctx, "i64"), 0}};
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
    abide_member member = {"c", opaque, 0};
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
    abide_member member = {"a b", i32, 0};
    assert_null(abide_type_struct(ctx, "s", &member, 1));
    assert_string_equal(reported(ctx), "bad-name");
    member = (abide_member){"x", i32, 3};
    assert_null(abide_type_struct(ctx, "s", &member, 1));
    assert_string_equal(reported(ctx), "bad-value");
    member = (abide_member){NULL, i32, 0};
    assert_null(abide_type_struct(ctx, "s", &member, 1));
    assert_string_equal(reported(ctx), "bad-field");
    assert_null(abide_type_opaque(ctx, "x;y"));
    assert_string_equal(reported(ctx), "bad-name");
    assert_null(abide_type_array(ctx, i32, UINT64_MAX));
    assert_string_equal(reported(ctx), "bad-count");
    abide_enum_value value = {"a", 1};
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
    abide_member member = {"x", type, 0};
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
