/*
 * Layouts that an interface file cannot say yet (bit-fields), or that no file should be long enough to say: chains and
 * arrays of a million. The expected numbers are gcc 12's: `long double` apart, by setting a field and looking for bits;
 * clang 19 gives the same.
 */
#include "base/ctx.h"
#include "layout/layout.h"
#include "spec/module.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct abide_guard guard;

/* A context in which internal functions may be called; an allocation that fails fails the test. */
static abide_ctx *open_ctx(void)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.embedded_only = true;
    abide_ctx *ctx = abide_ctx_new(&options);
    assert_non_null(ctx);
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        fail();
    return ctx;
}

static void close_ctx(abide_ctx *ctx)
{
    abide__guard_leave(ctx, &guard);
    abide_ctx_free(ctx);
}

static const struct abide_data_model *model_of(abide_ctx *ctx, const char *name, const char *target)
{
    const abide_module *module = abide_module_load(ctx, name, target);
    assert_non_null(module);
    return module->data;
}

static const struct abide_data_model *sysv(abide_ctx *ctx)
{
    return model_of(ctx, "c-sysv", "x86_64-linux-gnu");
}

static const struct abide_data_model *aapcs64(abide_ctx *ctx)
{
    return model_of(ctx, "aapcs64", "aarch64-linux-gnu");
}

/* The same with the rule of units. */
static const struct abide_data_model *units(abide_ctx *ctx)
{
    struct abide_data_model *model = abide__new(ctx, struct abide_data_model);
    *model = *sysv(ctx);
    model->serial = 1000;
    model->bitfields = ABIDE_BITFIELDS_UNITS;
    return model;
}

static abide_type *record(abide_ctx *ctx, enum abide_kind kind, const struct abide_field *fields,
                          size_t count)
{
    abide_type *type = abide_type__new(ctx, kind, NULL, ABIDE_NOWHERE);
    struct abide_field *copy = abide__new_array(ctx, struct abide_field, count);
    memcpy(copy, fields, count * sizeof *fields);
    type->fields = copy;
    type->field_count = count;
    type->is_complete = true;
    return type;
}

/*
 * Fields as words: "c_int:3 u8 -:5/c_int": NAME[:BITS]; `-` has no name and stands before the type behind a slash.
 * `packed!` and `align4!` stand before the word they are about; `packed@` and `pack2@` at the start are about the record.
 */
static enum abide_scalar scalar_of(const char *name, size_t length)
{
    for (size_t i = 0; i < ABIDE_SCALAR_COUNT; i++)
        if (strlen(abide__scalars[i].name) == length &&
            strncmp(abide__scalars[i].name, name, length) == 0)
            return (enum abide_scalar)i;
    fail_msg("no scalar %.*s", (int)length, name);
    return ABIDE_SCALAR_COUNT;
}

static struct abide_field field_of(abide_ctx *ctx, const char *word)
{
    struct abide_field field = {.name = "f"};
    if (strncmp(word, "packed!", 7) == 0) {
        field.packed = true;
        word += 7;
    }
    if (strncmp(word, "align", 5) == 0) {
        field.align_bytes = strtoul(word + 5, NULL, 10);
        word = strchr(word, '!') + 1;
    }
    if (*word == '-') {
        field.name = NULL;
        word++;
    }
    size_t length = strcspn(word, ":");
    field.type = abide_type__scalar(ctx, scalar_of(word, length));
    field.is_bitfield = word[length] == ':';
    if (field.is_bitfield)
        field.bits = (uint32_t)strtoul(word + length + 1, NULL, 10);
    return field;
}

static abide_type *record_of(abide_ctx *ctx, enum abide_kind kind, const char *text)
{
    struct abide_field fields[16];
    size_t count = 0;
    bool packed = false;
    uint32_t pack_bytes = 0;
    char *words = strdup(text), *rest = words;
    for (char *word; (word = strtok_r(rest, " ", &rest));)
        if (strcmp(word, "packed@") == 0)
            packed = true;
        else if (strncmp(word, "pack", 4) == 0 && word[strlen(word) - 1] == '@')
            pack_bytes = (uint32_t)strtoul(word + 4, NULL, 10);
        else
            fields[count++] = field_of(ctx, word);
    free(words);
    abide_type *type = record(ctx, kind, fields, count);
    type->packed = packed;
    type->pack_bytes = pack_bytes;
    return type;
}

/* "SIZE ALIGN OFFSET OFFSET ...", offsets in bits. */
static const char *layout_text(abide_ctx *ctx, const struct abide_data_model *model,
                               const abide_type *type)
{
    const abide_layout *layout = abide_layout__physical(ctx, model, type);
    if (!layout)
        return abide_diag_id(abide_ctx_diag_at(ctx, 0));
    struct abide_text text = {0};
    abide__text_printf(ctx, &text, "%llu %llu", (unsigned long long)layout->size_bytes,
                       (unsigned long long)layout->align_bytes);
    for (size_t i = 0; i < abide_layout_field_count(layout); i++)
        abide__text_printf(ctx, &text, " %llu",
                           (unsigned long long)abide_layout__field(layout, i).offset_bits);
    return text.chars;
}

struct record_case {
    const char *fields;
    const char *expected;
};

static void check_cases(abide_ctx *ctx, const struct abide_data_model *model, enum abide_kind kind,
                        const struct record_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *got = layout_text(ctx, model, record_of(ctx, kind, cases[i].fields));
        if (strcmp(got, cases[i].expected) != 0)
            fail_msg("{%s}: expected %s, got %s", cases[i].fields, cases[i].expected, got);
    }
}

#define COUNT(cases) (sizeof(cases) / sizeof *(cases))

static const struct record_case dense_cases[] = {
    {"c_int:3 c_int:5 c_char", "4 4 0 3 8"},
    {"c_char c_int:28", "8 4 0 32"},
    {"packed@ c_char c_int:28 c_int:4", "5 1 0 8 36"},
    {"c_int:3 -c_int:0 c_int:2", "8 4 0 32 32"},
    {"c_longlong:40 c_int:20", "8 8 0 40"},
    {"pack2@ c_char c_int:30", "6 2 0 8"},
    {"bool:1 u8:7 u16:9", "4 2 0 1 16"},
    {"c_int:3 align4!c_int:3", "8 4 0 32"},
    {"c_int:3 packed!c_char packed!c_int", "8 4 0 8 16"},
    {"c_char packed!c_int:4 packed!c_int:30", "6 1 0 8 12"},
};

static void sysv_3_1_2_bitfields(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    check_cases(ctx, sysv(ctx), ABIDE_KIND_STRUCT, dense_cases, COUNT(dense_cases));
    check_cases(ctx, aapcs64(ctx), ABIDE_KIND_STRUCT, dense_cases, COUNT(dense_cases));
    static const struct record_case unions[] = {
        {"c_int:3 c_char:7 c_longlong:33", "8 8 0 0 0"},
    };
    check_cases(ctx, sysv(ctx), ABIDE_KIND_UNION, unions, COUNT(unions));
    close_ctx(ctx);
}

/* What has no name raises the alignment on one and not on the other. */
static void aapcs64_10_1_8_unnamed_bits_align(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    static const struct record_case on_sysv[] = {
        {"c_char -c_int:0 c_char", "5 1 0 32 32"},
        {"-c_int:5 c_char", "2 1 0 8"},
    };
    static const struct record_case on_aapcs64[] = {
        {"c_char -c_int:0 c_char", "8 4 0 32 32"},
        {"-c_int:5 c_char", "4 4 0 8"},
    };
    check_cases(ctx, sysv(ctx), ABIDE_KIND_STRUCT, on_sysv, COUNT(on_sysv));
    check_cases(ctx, aapcs64(ctx), ABIDE_KIND_STRUCT, on_aapcs64, COUNT(on_aapcs64));
    close_ctx(ctx);
}

static void units_are_shared_by_fields_of_one_size(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    static const struct record_case structs[] = {
        {"c_int:3 c_char:3", "8 4 0 32"},
        {"c_int:3 c_int:30", "8 4 0 32"},
        {"c_char -c_int:0 c_char", "2 1 0 8 8"},
        {"c_int:3 -c_int:0 c_char", "8 4 0 32 32"},
        {"c_char:4 c_char:4 c_char:1 c_short:3", "4 2 0 4 8 16"},
        {"c_char c_int:3 c_int:3 c_char", "12 4 0 32 35 64"},
    };
    static const struct record_case unions[] = {{"c_int:3 c_char:7", "4 1 0 0"}};
    check_cases(ctx, units(ctx), ABIDE_KIND_STRUCT, structs, COUNT(structs));
    check_cases(ctx, units(ctx), ABIDE_KIND_UNION, unions, COUNT(unions));
    close_ctx(ctx);
}

static void holes_are_what_no_field_covers(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_type *type = record_of(ctx, ABIDE_KIND_STRUCT, "u8 u32 u8:3 u16");
    const abide_layout *layout = abide_layout__physical(ctx, sysv(ctx), type);
    assert_int_equal(abide_layout_hole_count(layout), 2);
    assert_int_equal(abide_layout_hole_at(layout, 0).offset_bits, 8);
    assert_int_equal(abide_layout_hole_at(layout, 0).size_bits, 24);
    assert_int_equal(abide_layout_hole_at(layout, 1).offset_bits, 67);
    assert_int_equal(abide_layout_hole_at(layout, 1).size_bits, 13);
    close_ctx(ctx);
}

/* A letter for each extent: its field, or `-`; and its offset in bits. */
static void expect_walk(abide_walk walk, const char *expected)
{
    char seen[256] = "";
    abide_extent extent;
    while (abide_walk_next(&walk, &extent)) {
        size_t length = strlen(seen);
        snprintf(seen + length, sizeof seen - length, "%s%c%d:%d", length ? " " : "",
                 extent.is_hole ? '-' : 'f', (int)extent.index, (int)extent.offset_bits);
        assert_int_equal(extent.is_hole, extent.field.type == NULL);
        assert_true(extent.is_hole || extent.size_bits == extent.field.size_bits);
    }
    assert_string_equal(seen, expected);
    assert_false(abide_walk_next(&walk, &extent));
}

static void a_walk_meets_fields_and_holes_in_order(void **state)
{
    (void)state;
    static const struct {
        enum abide_kind kind;
        const char *fields, *walk;
    } rows[] = {
        {ABIDE_KIND_STRUCT, "u8 u32 u8:3 u16", "f0:0 -0:8 f1:32 f2:64 -1:67 f3:80"},
        {ABIDE_KIND_STRUCT, "u64 u8", "f0:0 f1:64 -0:72"},
        {ABIDE_KIND_STRUCT, "u32 u32", "f0:0 f1:32"},
        {ABIDE_KIND_STRUCT, "", ""},
        {ABIDE_KIND_UNION, "u8 u32", "f0:0 f1:0"},
        {ABIDE_KIND_UNION, "u8:3 u8:2", "f0:0 f1:0 -0:3"},
    };
    abide_ctx *ctx = open_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        const abide_type *type = record_of(ctx, rows[i].kind, rows[i].fields);
        expect_walk(abide_layout_walk(abide_layout__physical(ctx, sysv(ctx), type)), rows[i].walk);
    }
    close_ctx(ctx);
}

static void natural_alignment_ignores_the_type_s_own(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    abide_type *type = record_of(ctx, ABIDE_KIND_STRUCT, "u64");
    type->align_bytes = 32;
    const abide_layout *outer = abide_layout__physical(ctx, sysv(ctx), type);
    assert_int_equal(outer->align_bytes, 32);
    assert_int_equal(abide_layout__natural_align_bytes(outer), 8);
    assert_int_equal(outer->size_bytes, 32);
    const abide_layout *field =
        abide_layout__physical(ctx, sysv(ctx), record_of(ctx, ABIDE_KIND_STRUCT, "align32!u64"));
    assert_int_equal(abide_layout__natural_align_bytes(field), 32);
    close_ctx(ctx);
}

/* Nested a million deep: neither the machine's stack nor patience runs out. */
static void a_million_types_in_a_chain(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_type *type = abide_type__scalar(ctx, ABIDE_SCALAR_U16);
    for (size_t i = 0; i < 1000000; i++)
        type = record(ctx, ABIDE_KIND_STRUCT, &(struct abide_field){.name = "f", .type = type}, 1);
    assert_string_equal(layout_text(ctx, sysv(ctx), type), "2 2 0");
    close_ctx(ctx);
}

/* Each holds the one before twice: 2^40 leaves, but forty layouts. */
static void doubling_types_cost_what_they_are_written_in(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_type *type = abide_type__scalar(ctx, ABIDE_SCALAR_F32);
    for (size_t i = 0; i < 40; i++) {
        struct abide_field fields[] = {{.name = "a", .type = type}, {.name = "b", .type = type}};
        type = record(ctx, ABIDE_KIND_STRUCT, fields, 2);
    }
    const abide_layout *layout = abide_layout__physical(ctx, sysv(ctx), type);
    assert_int_equal(layout->size_bytes, (uint64_t)4 << 40);
    assert_int_equal(abide_layout__shape(layout)->leaf_count, (uint64_t)1 << 40);
    assert_int_equal(abide_layout__shape(layout)->uniform.state, ABIDE_UNIFORM_ALIKE);
    close_ctx(ctx);
}

static void sizes_beyond_the_limit_are_refused(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_type *byte = abide_type__scalar(ctx, ABIDE_SCALAR_U8);
    const abide_type *most = abide_type__array(ctx, byte, ABIDE_LAYOUT_MAX_BYTES, false);
    assert_string_equal(layout_text(ctx, sysv(ctx), most), "1152921504606846975 1");
    const abide_type *more = abide_type__array(ctx, most, 2, false);
    assert_string_equal(layout_text(ctx, sysv(ctx), more), "type-too-large");
    close_ctx(ctx);
    ctx = open_ctx();
    more = abide_type__array(ctx, abide_type__scalar(ctx, ABIDE_SCALAR_U64), UINT64_MAX, false);
    assert_string_equal(layout_text(ctx, sysv(ctx), more), "type-too-large");
    close_ctx(ctx);
    ctx = open_ctx();
    byte = abide_type__scalar(ctx, ABIDE_SCALAR_U8);
    most = abide_type__array(ctx, byte, ABIDE_LAYOUT_MAX_BYTES, false);
    struct abide_field fields[] = {{.name = "a", .type = most}, {.name = "b", .type = byte}};
    more = record(ctx, ABIDE_KIND_STRUCT, fields, 2);
    assert_string_equal(layout_text(ctx, sysv(ctx), more), "type-too-large");
    close_ctx(ctx);
}

static void a_type_in_itself_is_refused(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    struct abide_field field = {.name = "f", .type = abide_type__scalar(ctx, ABIDE_SCALAR_U8)};
    abide_type *inner = record(ctx, ABIDE_KIND_STRUCT, &field, 1);
    field.type = inner;
    abide_type *outer = record(ctx, ABIDE_KIND_STRUCT, &field, 1);
    ((struct abide_field *)inner->fields)[0].type = outer;
    assert_string_equal(layout_text(ctx, sysv(ctx), outer), "cyclic-type");
    /* Asked again it is refused again: nothing half made is remembered. */
    assert_null(abide_layout__physical(ctx, sysv(ctx), outer));
    close_ctx(ctx);
}

static void unknown_content_has_no_size(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    abide_type *opaque = abide_type__new(ctx, ABIDE_KIND_OPAQUE, "handle", ABIDE_NOWHERE);
    struct abide_field field = {.name = "f", .type = opaque};
    assert_string_equal(layout_text(ctx, sysv(ctx), record(ctx, ABIDE_KIND_STRUCT, &field, 1)),
                        "incomplete-type");
    close_ctx(ctx);
}

static void shapes_know_where_leaves_may_not_lie(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    abide_type *packed = record_of(ctx, ABIDE_KIND_STRUCT, "packed@ u8 u32");
    const abide_layout *layout = abide_layout__physical(ctx, sysv(ctx), packed);
    assert_true(abide_layout__shape(layout)->misaligned & 1);
    assert_false(abide_layout__shape(layout)->misaligned &
                 (1u << 3)); /* three bytes further all is well */
    /* In an array of two (5 bytes each) no start suits both. */
    const abide_type *two = abide_type__array(ctx, packed, 2, false);
    layout = abide_layout__physical(ctx, sysv(ctx), two);
    assert_true(abide_layout__shape(layout)->misaligned == UINT64_MAX);
    close_ctx(ctx);
}

/* gcc 12 and clang 19: AArch64 aligns no vector to more than 16 bytes. */
static void vectors_are_rounded_up_and_aligned_to_their_size(void **state)
{
    (void)state;
    static const struct {
        enum abide_scalar element;
        uint64_t count;
        const char *on_sysv, *on_aapcs64;
    } cases[] = {
        {ABIDE_SCALAR_U8, 1, "1 1", "1 1"},
        {ABIDE_SCALAR_F32, 2, "8 8", "8 8"},
        {ABIDE_SCALAR_F32, 3, "16 16", "16 16"},
        {ABIDE_SCALAR_F32, 4, "16 16", "16 16"},
        {ABIDE_SCALAR_C_LONG, 4, "32 32", "32 16"},
        {ABIDE_SCALAR_F64, 8, "64 64", "64 16"},
        {ABIDE_SCALAR_I128, 65536, "1048576 1048576", "1048576 16"},
    };
    abide_ctx *ctx = open_ctx();
    for (size_t i = 0; i < COUNT(cases); i++) {
        const abide_type *type =
            abide_type__vector(ctx, abide_type__scalar(ctx, cases[i].element), cases[i].count);
        assert_string_equal(layout_text(ctx, sysv(ctx), type), cases[i].on_sysv);
        assert_string_equal(layout_text(ctx, aapcs64(ctx), type), cases[i].on_aapcs64);
    }
    const abide_type *four = abide_type__vector(ctx, abide_type__scalar(ctx, ABIDE_SCALAR_F32), 4);
    const struct abide_shape *shape =
        abide_layout__shape(abide_layout__physical(ctx, sysv(ctx), four));
    assert_int_equal(shape->leaf_count, 1);
    assert_int_equal(shape->kinds, 1u << ABIDE_LEAF_VECTOR);
    close_ctx(ctx);
}

/* ISO C 6.2.5p13. */
static void a_complex_number_lies_as_two_floats(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_type *type =
        abide_type__complex(ctx, abide_type__scalar(ctx, ABIDE_SCALAR_C_LONGDOUBLE));
    assert_string_equal(layout_text(ctx, sysv(ctx), type), "32 16");
    type = abide_type__complex(ctx, abide_type__scalar(ctx, ABIDE_SCALAR_F32));
    assert_string_equal(layout_text(ctx, sysv(ctx), type), "8 4");
    const struct abide_shape *shape =
        abide_layout__shape(abide_layout__physical(ctx, sysv(ctx), type));
    assert_int_equal(shape->leaf_count, 2);
    assert_int_equal(shape->own, ABIDE_IN_COMPLEX);
    assert_int_equal(shape->kinds, 1u << ABIDE_LEAF_FLOAT);
    close_ctx(ctx);
}

/* --- plain fields --- */

struct random {
    uint64_t state;
};

static unsigned below(struct random *random, unsigned limit)
{
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    random->state ^= random->state << 17;
    return (unsigned)(random->state >> 33) % limit;
}

static const abide_type *random_type(abide_ctx *ctx, struct random *random)
{
    const abide_type *scalar =
        abide_type__scalar(ctx, (enum abide_scalar)below(random, ABIDE_SCALAR_COUNT));
    switch (below(random, 20)) {
    case 0: return abide_type__pointer(ctx, scalar, true, true);
    case 1: return abide_type__array(ctx, scalar, below(random, 4), false);
    case 2: return abide_type__array(ctx, scalar, 5000, false); /* offsets of more than 16 bits */
    case 3: return record(ctx, ABIDE_KIND_STRUCT, &(struct abide_field){.type = scalar}, 1);
    default: return scalar;
    }
}

/* One of some records has more than plain fields; all lengths around those that are kept in other ways occur. */
static size_t random_fields(abide_ctx *ctx, struct random *random, struct abide_field fields[20])
{
    size_t count = below(random, 21);
    bool is_plain = below(random, 2) == 0;
    for (size_t i = 0; i < count; i++) {
        fields[i] = (struct abide_field){.name = "f", .type = random_type(ctx, random)};
        if (is_plain || below(random, 4) != 0)
            continue;
        fields[i].packed = below(random, 4) == 0;
        fields[i].align_bytes = below(random, 4) == 0 ? 1u << below(random, 6) : 0;
        fields[i].is_bitfield = below(random, 3) == 0;
        if (fields[i].is_bitfield) {
            fields[i].type = abide_type__scalar(ctx, ABIDE_SCALAR_U32);
            fields[i].bits = (uint8_t)(1 + below(random, 32));
        }
    }
    return count;
}

static void assert_same_layout(abide_ctx *ctx, const struct abide_data_model *model,
                               const abide_type *measured, const abide_type *other)
{
    assert_string_equal(layout_text(ctx, model, measured), layout_text(ctx, model, other));
    const abide_layout *a = abide_layout__physical(ctx, model, measured);
    const abide_layout *b = abide_layout__physical(ctx, model, other);
    assert_int_equal(!a, !b);
    if (!a)
        return;
    assert_int_equal(a->natural_align_log2, b->natural_align_log2);
    assert_int_equal(a->required_align_log2, b->required_align_log2);
    for (size_t i = 0; i < measured->field_count; i++)
        assert_int_equal(abide_layout__field(a, i).size_bits, abide_layout__field(b, i).size_bits);
    const struct abide_shape *x = abide_layout__shape(a), *y = abide_layout__shape(b);
    assert_int_equal(x->leaf_count, y->leaf_count);
    assert_int_equal(x->kinds, y->kinds);
    assert_true(x->misaligned == y->misaligned);
    assert_int_equal(x->uniform.state, y->uniform.state);
}

/* What a type knows of its plain fields only makes its layout quicker to find: one that has not been measured knows nothing. */
static void plain_fields_lie_where_others_would(void **state)
{
    (void)state;
    static const char *const modules[][2] = {
        {"c-sysv", "x86_64-linux-gnu"},    {"c-sysv-i386", "i386-linux-gnu"},
        {"aapcs64", "aarch64-linux-gnu"},  {"ms-x64", "x86_64-windows-msvc"},
        {"wasm32", "wasm32-unknown-wasi"}, {"s390x", "s390x-linux-gnu"}};
    abide_ctx *ctx = open_ctx();
    struct random random = {UINT64_C(88172645463325252)};
    size_t plain_count = 0;
    for (size_t i = 0; i < 6000; i++) {
        const char *const *module = modules[below(&random, sizeof modules / sizeof *modules)];
        const struct abide_data_model *model = model_of(ctx, module[0], module[1]);
        struct abide_field fields[20];
        size_t count = random_fields(ctx, &random, fields);
        enum abide_kind kind = below(&random, 8) ? ABIDE_KIND_STRUCT : ABIDE_KIND_UNION;
        abide_type *types[2] = {record(ctx, kind, fields, count), record(ctx, kind, fields, count)};
        unsigned packing = below(&random, 8);
        for (int t = 0; t < 2; t++) {
            types[t]->packed = packing == 0;
            types[t]->pack_bytes = packing == 1 ? 2 : 0;
            types[t]->align_bytes = packing == 2 ? 32 : 0;
        }
        assert_true(abide_type__measure(types[0]));
        assert_false(types[1]->is_plain);
        plain_count += types[0]->is_plain;
        assert_same_layout(ctx, model, types[0], types[1]);
        abide_ctx_clear_diags(ctx);
    }
    assert_in_range(plain_count, 500, 6000);
    close_ctx(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sysv_3_1_2_bitfields),
        cmocka_unit_test(aapcs64_10_1_8_unnamed_bits_align),
        cmocka_unit_test(units_are_shared_by_fields_of_one_size),
        cmocka_unit_test(holes_are_what_no_field_covers),
        cmocka_unit_test(a_walk_meets_fields_and_holes_in_order),
        cmocka_unit_test(natural_alignment_ignores_the_type_s_own),
        cmocka_unit_test(a_million_types_in_a_chain),
        cmocka_unit_test(doubling_types_cost_what_they_are_written_in),
        cmocka_unit_test(sizes_beyond_the_limit_are_refused),
        cmocka_unit_test(a_type_in_itself_is_refused),
        cmocka_unit_test(unknown_content_has_no_size),
        cmocka_unit_test(shapes_know_where_leaves_may_not_lie),
        cmocka_unit_test(vectors_are_rounded_up_and_aligned_to_their_size),
        cmocka_unit_test(a_complex_number_lies_as_two_floats),
        cmocka_unit_test(plain_fields_lie_where_others_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
