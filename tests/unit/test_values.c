/* Sums, ownership and flat forms: what modules make of them in memory and in calls. */
#include "call/flat.h"
#include "call/leaves.h"
#include "language_world.h"

static const char types[] = "  colour: {enum: {red: 0, green: 300}, base: u32}\n"
                            "  caps: {flags: [read, write, run]}\n"
                            "  bare: {variant: {off: , on: }}\n";

static const abide_type *type_of(abide_ctx *ctx, const char *declarations, const char *type)
{
    return parse(ctx, declarations, abide__printf(ctx, "{params: {x: %s}}", type))->params[0].type;
}

/* --- representations --------------------------------------------------------------------------- */

static void sums_lie_in_memory_as_templates_say(void **state)
{
    static const struct {
        const char *type, *offsets; /* name@offset of each field, and the size */
    } rows[] = {
        {"{variant: {a: u32, b: u8}}", "cases@0 kind@4 =8"},
        {"{variant: {first: u32, b: u8}}", "cases@0 kind@4 =8"}, /* 300: kind is u16 */
        {"{variant: {a: u64, b: }, tag: u32}", "cases@0 kind@8 =16"},
        {"{variant: {a: u32}, open: {size: 12, align: 4}}", "room@0 kind@12 =16"},
        {"{variant: {a: u32}, open: {size: 12, align: 16}}", "room@0 kind@16 =32"},
        {"option<u32>", "value@0 has@4 =8"},
        {"option<array<u8; 3>>", "value@0 has@3 =4"},
        {"result<u64; u8>", "failed@0 error@1 =2"},
        {"result<u8; array<u8; 3>>", "kind@0 it@1 =4"},
        {"result<u64; unit>", "failed@0 =1"},
        {"result<unit; ptr<u8>>", "wrong@0 =8"},
        {"string", "count@0 at@8 =16"},
        {"own string", "at@0 end@8 =16"},
    };
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const abide_module *module = load(ctx, "test-sums");
        const abide_type *physical =
            abide_represent__type(ctx, module, type_of(ctx, "", rows[i].type), NULL);
        const abide_layout *layout = abide_layout__physical(ctx, module->data, physical);
        assert_non_null(layout);
        struct abide_text text = {0};
        for (size_t f = 0; f < abide_layout_field_count(layout); f++)
            abide__text_printf(ctx, &text, "%s@%llu ", abide_layout__field(layout, f).name,
                               (unsigned long long)abide_layout__field(layout, f).offset_bits / 8);
        abide__text_printf(ctx, &text, "=%llu", (unsigned long long)layout->size_bytes);
        assert_string_equal(text.chars, rows[i].offsets);
    }
}

static void numbers_are_as_wide_as_templates_say(void **state)
{
    static const struct {
        const char *module, *type;
        enum abide_scalar base;
    } rows[] = {
        {"test-sums", "colour", ABIDE_SCALAR_I16}, /* fixed: whatever the interface says */
        {"test-sums", "caps", ABIDE_SCALAR_U8},
        {"test-sums", "bare", ABIDE_SCALAR_I8},
        {"system", "colour", ABIDE_SCALAR_U32},
        {"system", "{enum: [a]}", ABIDE_SCALAR_U32},
        {"system", "{enum: {a: -1}}", ABIDE_SCALAR_I32},
        {"system", "{enum: {a: 4294967296}}", ABIDE_SCALAR_U64},
        {"system", "{enum: {a: -1, b: 4294967296}}", ABIDE_SCALAR_I64},
        {"system", "caps", ABIDE_SCALAR_U8},
        {"system", "{flags: {a: 8}}", ABIDE_SCALAR_U16},
        {"system", "{flags: [a], base: u64}", ABIDE_SCALAR_U64},
        {"system", "bare", ABIDE_SCALAR_U8},
        {"system", "{variant: {a: , b: }, tag: u32}", ABIDE_SCALAR_U32},
        {"nim-cgen", "{flags: [a], base: u64}", ABIDE_SCALAR_U8},
        {"nim-cgen", "{flags: [a], base: u64, open: true}", ABIDE_SCALAR_U64},
        {"c", "bare", ABIDE_SCALAR_C_UINT},
        {"c", "{flags: [a]}", ABIDE_SCALAR_C_UINT},
    };
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const abide_type *physical = abide_represent__type(ctx, load(ctx, rows[i].module),
                                                           type_of(ctx, types, rows[i].type), NULL);
        const abide_type *base = physical->kind == ABIDE_KIND_ENUM ? physical->target : physical;
        assert_int_equal(base->scalar, rows[i].base);
    }
}

/* A payload that is not there moves what stands behind it; numbers of cases may stand at the member that holds them. */
static void a_tag_is_found_by_its_member(void **state)
{
    abide_ctx *ctx = *state;
    const abide_sum *sum =
        abide_sum_of(ctx, load(ctx, "nim-cgen"), type_of(ctx, "", "option<unit>"));
    assert_non_null(sum);
    assert_int_equal(abide_sum_discriminant(sum).size_bits, 8);
    assert_int_equal(abide_sum_discriminant(sum).offset_bits, 0);
    sum = abide_sum_of(ctx, load(ctx, "test-sums"), type_of(ctx, "", "result<u8; array<u8; 3>>"));
    assert_non_null(sum);
    assert_int_equal(abide_sum_case_at(sum, 0).tag, 6);
    assert_int_equal(abide_sum_case_at(sum, 1).tag, 1);
}

/* What lies behind a pointer is looked at later, so that lists of lists have an end. */
static void templates_behind_pointers_stay_abstract(void **state)
{
    abide_ctx *ctx = *state;
    static const char tree[] = "  tree: {struct: {more: own slice<tree>, up: option<box<tree>>}}";
    const abide_module *module = load(ctx, "test-sums");
    const abide_type *type = type_of(ctx, tree, "own slice<tree>");
    const abide_type *pointer = abide_represent__type(ctx, module, type, NULL);
    assert_int_equal(pointer->kind, ABIDE_KIND_POINTER);
    assert_string_equal(pointer->target->name, "list");
    const abide_type *list = abide_represent__type(ctx, module, pointer->target, NULL);
    const abide_layout *layout = abide_layout__physical(ctx, module->data, list);
    assert_int_equal(abide_layout__field(layout, 1).offset_bits, 64); /* aligned as a tree is */
    assert_true(list->fields[1].type->is_flexible);
    assert_int_equal(layout->size_bytes, 8);
    assert_string_equal(prototype(ctx, lower(ctx, "nim-cgen:gc=refc", NULL, tree,
                                             "(x own slice<tree>) -> tree", false)),
                        "void f(tySequence *x, tree *Result)");
}

static void a_niche_takes_no_room(void **state)
{
    static const struct {
        const char *type;
        uint64_t size_bytes;
    } rows[] = {
        {"option<ref<u8>>", 8},         {"option<ptr<u8>>", 16},
        {"option<string>", 16},         {"option<own slice<u8>>", 24},
        {"option<option<string>>", 24}, {"option<closure()>", 16},
        {"result<unit; string>", 16},   {"result<string; unit>", 24},
        {"result<unit; u32>", 8},       {"option<result<unit; string>>", 24},
    };
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const abide_layout *layout =
            abide_layout_of(ctx, load(ctx, "system"), type_of(ctx, "", rows[i].type));
        assert_int_equal(abide_layout_size_bytes(layout), rows[i].size_bytes);
    }
}

static void a_record_of_one_field_has_the_niche_of_the_field(void **state)
{
    static const char wrapped[] = "  id: {newtype: string}\n"
                                  "  one: {struct: {s: id}}\n"
                                  "  two: {struct: {o: one}}\n"
                                  "  pair: {struct: {s: string, n: u8}}\n"
                                  "  bits: {struct: {a: {type: u32, bits: 3}}}\n";
    static const struct {
        const char *type;
        uint64_t size_bytes;
    } rows[] = {
        {"option<id>", 16},   {"option<one>", 16}, {"option<two>", 16},
        {"option<pair>", 32}, {"option<bits>", 8}, {"result<unit; two>", 16},
    };
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const abide_layout *layout =
            abide_layout_of(ctx, load(ctx, "system"), type_of(ctx, wrapped, rows[i].type));
        assert_int_equal(abide_layout_size_bytes(layout), rows[i].size_bytes);
    }
}

static void an_open_variant_keeps_room_for_its_cases(void **state)
{
    abide_ctx *ctx = *state;
    static const char open[] =
        "  v: {variant: {a: u64, b: own string}, open: {size: 16, align: 8}}";
    assert_null(abide_represent__type(ctx, load(ctx, "system"), type_of(ctx, open, "v"), NULL));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "reserve-too-small");
    assert_non_null(strstr(abide_diag_print(ctx, abide_ctx_diag_at(ctx, 0), false), "case 'b'"));
}

/* --- forms ------------------------------------------------------------------------------------- */

static void an_interface_chooses_forms(void **state)
{
    static const struct row rows[] = {
        {"test-sums", "", "(s string) -> string", "text f(uint32_t s_count, uint8_t *s)"},
        {"test-sums", "", "{sig: (s string), forms: {string: thin}}", "void f(char *s)"},
        {"test-sums", "", "{sig: (s string), forms: {string: nul}}", NULL},
        {"c", "", "(s string) -> string",
         "struct { char *ptr; size_t len; } f(char *s, size_t s_len)"},
        {"c", "", "{sig: (s string) -> string, forms: {string: nul}}", "char *f(char *s)"},
        {"c", "", "{params: {s: {type: string, form: nul}, t: string}}",
         "void f(char *s, char *t, size_t t_len)"},
        {"system", "", "{sig: (s string), forms: {string: nul}}",
         "void f(const uint8_t *s, size_t s_len)"},
    };
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct abide_physical *physical =
            lower(ctx, rows[i].module, NULL, rows[i].types, rows[i].function, false);
        assert_int_equal(physical != NULL, rows[i].prototype != NULL);
        if (physical != NULL)
            assert_string_equal(prototype(ctx, physical), rows[i].prototype);
    }
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "unknown-form");
}

/* A form that no choice makes is that of the other side, and names of the other side are no mistake. */
static void a_form_can_be_that_of_the_other_side(void **state)
{
    abide_ctx *ctx = *state;
    static const char carried[] = "{sig: (s string), forms: {string: carried}}";
    assert_string_equal(prototype(ctx, lower(ctx, "c", "nim-cgen", "", carried, false)),
                        "void f(NimStringV2 s)");
    assert_string_equal(prototype(ctx, lower(ctx, "test-sums", "c", "",
                                             "{sig: (s string), forms: {string: nul}}", false)),
                        "void f(uint32_t s_count, uint8_t *s)");
    assert_null(lower(ctx, "c", NULL, "", carried, false));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "no-representation");
}

/* --- flat forms ---------------------------------------------------------------------------------- */

static const char *words_of(abide_ctx *ctx, const abide_module *module, const abide_type *type)
{
    struct abide_representing how = {.module = module};
    const struct abide_flat *flat = abide_flat__words(ctx, &how, type);
    struct abide_text text = {0};
    abide__text_add(ctx, &text, "", 0);
    if (flat == NULL)
        return "-";
    for (size_t i = 0; i < flat->word_count; i++) {
        const abide_type *word = flat->words[i].type;
        abide__text_printf(ctx, &text, "%s%s:%s", i > 0 ? " " : "", flat->type->fields[i].name,
                           abide_type_print(ctx, word));
    }
    return text.chars;
}

static void values_are_words_in_calls(void **state)
{
    static const char records[] = "  point: {struct: {x: f32, y: f32}}\n"
                                  "  line: {struct: {from: point, to: point}}\n"
                                  "  named: {struct: {name: string, id: u16}}\n"
                                  "  bits: {struct: {a: {type: u32, bits: 3}}}\n"
                                  "  both: {union: {a: u32, b: f32}}\n"
                                  "  none: {struct: {}}\n"
                                  "  caps: {flags: [r, w]}\n"
                                  "  mix: {variant: {a: u8, b: f32, c: }}\n"
                                  "  wide: {variant: {a: f64, b: u32}}\n"
                                  "  refs: {variant: {a: ref<u8>, b: string}}\n"
                                  "  same: {variant: {a: ref<u8>, b: ref<u8>}}\n"
                                  "  bare: {variant: {a: , b: }}\n"
                                  "  open: {variant: {a: u8}, open: {size: 8, align: 8}}\n";
    static const struct {
        const char *type, *words;
    } rows[] = {
        {"u8", "value:u8"},
        {"point", "x:f32 y:f32"},
        {"line", "from_x:f32 from_y:f32 to_x:f32 to_y:f32"},
        {"named", "name:ptr<u8> name_len:size id:u16"},
        {"tuple<u8; point>", "field0:u8 field1_x:f32 field1_y:f32"},
        {"array<u16; 3>", "0:u16 1:u16 2:u16"},
        {"array<u8; 257>", "-"},
        {"array<point; 2>", "0_x:f32 0_y:f32 1_x:f32 1_y:f32"},
        {"slice<line>", "ptr:ptr<line> len:size"},
        {"own string", "ptr:mutptr<u8> len:size owner:mutptr<sys_owner>"},
        {"box<u8>", "ptr:mutptr<u8> owner:mutptr<sys_owner>"},
        {"u128", "0:u64 1:u64"},
        {"f128", "-"},
        {"c_longdouble", "-"},
        {"bits", "-"},
        {"both", "-"},
        {"array<both; 2>", "-"},
        {"none", ""},
        {"caps", "value:caps"},
        {"option<u8>", "tag:u32 value:u8"},
        {"option<string>", "ptr:ptr<u8> len:size"},
        {"option<option<u8>>", "tag:u32 tag_1:u32 value:u8"},
        {"option<named>", "tag:u32 name:ptr<u8> name_len:size id:u16"},
        {"mix", "tag:u32 value:u32"},
        {"wide", "tag:u32 value:u64"},
        {"refs", "tag:u32 0:mutptr<void> len:size"},
        {"same", "tag:u32 value:ref<u8>"},
        {"bare", "tag:u32"},
        {"open", "-"},
        {"option<open>", "-"},
        {"result<u64; unit>", "tag:u32 value:u64"},
        {"result<f64; own string>", "tag:u32 0:u64 len:size owner:mutptr<sys_owner>"},
    };
    abide_ctx *ctx = *state;
    const abide_module *system = load(ctx, "system");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *words = words_of(ctx, system, type_of(ctx, records, rows[i].type));
        if (strcmp(words, rows[i].words) != 0)
            print_message("%s\n", rows[i].type);
        assert_string_equal(words, rows[i].words);
    }
}

/* Types of all sorts, for what holds for every one of them. */
static const char corpus[] =
    "  inner: {struct: {a: u8, b: u64, c: u16}}\n"
    "  outer: {struct: {i: inner, j: \"array<inner, 2>\", k: f32}}\n"
    "  packed: {struct: {a: u8, b: u64, c: u16}, packed: true}\n"
    "  text: {struct: {s: string, o: own string, x: own slice<u16>}}\n"
    "  call: {struct: {f: fn(u8), c: closure(u8), d: cstring}}\n"
    "  wide: {struct: {a: u128, b: i128, c: u8}}\n"
    "  maybe: {struct: {a: option<ref<u8>>, b: option<string>, c: u8}}\n"
    "  sum: {variant: {a: inner, b: u8, c: f64, d: text}}\n"
    "  sums: {struct: {a: sum, b: option<sum>, c: result<sum; u8>}}\n"
    "  deep: {variant: {a: sums, b: option<option<f32>>}}\n"
    "  tree: {variant: {leaf: u8, more: own slice<tree>, next: box<tree>}}\n";
static const char *const corpus_types[] = {"inner",
                                           "outer",
                                           "packed",
                                           "text",
                                           "call",
                                           "maybe",
                                           "sum",
                                           "sums",
                                           "deep",
                                           "tree",
                                           "option<inner>",
                                           "result<outer; sum>",
                                           "u8",
                                           "tuple<u8; sum>",
                                           "array<sum; 3>",
                                           "array<inner; 3>",
                                           "ref<u8>",
                                           "array<option<u16>; 4>"};
static const char *const corpus_targets[] = {"x86_64-linux-gnu", "aarch64-linux-gnu",
                                             "i386-linux-gnu", "arm-linux-gnueabihf",
                                             "riscv64-linux-gnu"};

static uint64_t size_of(abide_ctx *ctx, const abide_module *module, const abide_type *physical)
{
    const abide_layout *layout = abide_layout__physical(ctx, module->data, physical);
    assert_non_null(layout);
    return layout->size_bytes;
}

/* Words that are bytes of the value: each byte of each scalar in exactly one of them, and no other byte. */
static void check_tiles(abide_ctx *ctx, const abide_module *module, const abide_type *type,
                        const struct abide_flat *flat)
{
    const abide_layout *layout = abide_layout_of(ctx, module, type);
    const struct abide_leaves *leaves = abide_leaves__of(ctx, layout);
    unsigned char *bytes = abide__new_array(ctx, unsigned char, (size_t)layout->size_bytes);
    for (size_t i = 0; i < leaves->count; i++)
        memset(bytes + leaves->items[i].offset_bits / 8, 1, leaves->items[i].size_bits / 8);
    for (size_t i = 0; i < flat->word_count; i++) {
        uint64_t size_bytes = size_of(ctx, module, flat->words[i].type);
        assert_true(flat->words[i].source_bytes + size_bytes <= layout->size_bytes);
        for (uint64_t b = 0; b < size_bytes; b++)
            assert_int_equal(bytes[flat->words[i].source_bytes + b]++, 1);
    }
    for (uint64_t b = 0; b < layout->size_bytes; b++)
        assert_int_not_equal(bytes[b], 1);
}

/* A tag, and then a word for each word of each payload, that holds it. */
static void check_sum(abide_ctx *ctx, const abide_module *module, const abide_type *sum,
                      const struct abide_flat *flat)
{
    struct abide_representing how = {.module = module};
    size_t longest = 0;
    assert_int_equal(flat->words[0].type->scalar, ABIDE_SCALAR_U32);
    for (size_t i = 0; i < sum->field_count; i++) {
        if (sum->fields[i].type->kind == ABIDE_KIND_VOID)
            continue;
        const struct abide_flat *payload = abide_flat__words(ctx, &how, sum->fields[i].type);
        assert_non_null(payload);
        longest = payload->word_count > longest ? payload->word_count : longest;
        for (size_t w = 0; w < payload->word_count; w++)
            assert_true(size_of(ctx, module, flat->words[w + 1].type) >=
                        size_of(ctx, module, payload->words[w].type));
    }
    assert_int_equal(flat->word_count, longest + 1);
}

static void check_names(const struct abide_flat *flat)
{
    for (size_t i = 0; i < flat->word_count; i++) {
        assert_true(flat->type->fields[i].name[0] != '\0');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(flat->type->fields[i].name, flat->type->fields[j].name);
            assert_string_not_equal(flat->words[i].suffix, flat->words[j].suffix);
        }
    }
}

static void words_tile_what_they_stand_for(void **state)
{
    abide_ctx *ctx = *state;
    size_t in_place = 0, sums = 0;
    for (size_t t = 0; t < sizeof corpus_targets / sizeof *corpus_targets; t++) {
        const abide_module *module = load_for(ctx, "system", corpus_targets[t]);
        struct abide_representing how = {.module = module};
        for (size_t i = 0; i < sizeof corpus_types / sizeof *corpus_types; i++) {
            const abide_type *type = type_of(ctx, corpus, corpus_types[i]);
            const struct abide_flat *flat = abide_flat__words(ctx, &how, type);
            assert_non_null(flat);
            assert_ptr_equal(flat->type->flat_of, type);
            check_names(flat);
            if (flat->is_in_place)
                check_tiles(ctx, module, type, flat);
            if (abide_type__is_sum(type))
                check_sum(ctx, module, type, flat);
            in_place += flat->is_in_place;
            sums += abide_type__is_sum(type);
        }
    }
    assert_int_equal(in_place, 5 * 9);
    assert_int_equal(sums, 5 * 5);
}

/* 2^100 values in each other, of which each is looked at once. */
static void types_in_types_cost_no_more_than_their_names(void **state)
{
    abide_ctx *ctx = *state;
    struct abide_text text = {0};
    abide__text_printf(ctx, &text, "  t0: {struct: {}}\n");
    for (int i = 1; i <= 100; i++)
        abide__text_printf(ctx, &text, "  t%d: {struct: {a: t%d, b: t%d}}\n", i, i - 1, i - 1);
    assert_string_equal(words_of(ctx, load(ctx, "system"), type_of(ctx, text.chars, "t100")), "");
    abide__text_printf(ctx, &text, "  v0: {struct: {a: u8}}\n");
    for (int i = 1; i <= 60; i++)
        abide__text_printf(ctx, &text, "  v%d: {struct: {a: v%d, b: v%d}}\n", i, i - 1, i - 1);
    assert_string_equal(words_of(ctx, load(ctx, "system"), type_of(ctx, text.chars, "v60")), "-");
}

/* --- calls ----------------------------------------------------------------------------------------- */

static void system_calls_are_c_calls(void **state)
{
    static const char declarations[] = "  point: {struct: {x: f64, y: f64}}\n"
                                       "  big: {struct: {a: \"array<u64, 5>\"}}\n"
                                       "  sum: {variant: {a: u8, b: f64}}\n"
                                       "  bare: {variant: {a: , b: }}\n"
                                       "  file: {resource: file_close}\n";
    static const struct row rows[] = {
        {"system", declarations, "(p point, b big) -> point",
         "point f(double p_x, double p_y, const big *b)"},
        {"system", declarations, "(b own big) -> big", "void f(big *b, big *out)"},
        {"system", declarations, "(s sum, b bare) -> sum",
         "struct { uint32_t tag; uint64_t value; } f(uint32_t s_tag, uint64_t s, uint32_t b)"},
        {"system", declarations, "(f file, g own file) -> own file", "file *f(file *f, file *g)"},
        {"system", declarations, "(o out point, i inout u8, p u8) -> bare",
         "uint32_t f(point *o, uint8_t *i, uint8_t p)"},
        {"system", declarations, "\"(x result<big, u8>) -> result<big, u8>\"",
         "uint32_t f(const struct { uint8_t tag; union { big ok; uint8_t err; } payload; } *x, "
         "struct { uint8_t tag; union { big ok; uint8_t err; } payload; } *out)"},
        {"system", declarations, "\"(x array<u8, 16>, y array<u8, 2>) -> array<u8, 16>\"",
         "void f(const uint8_t *x, uint8_t y_0, uint8_t y_1, uint8_t *out)"},
        {"system", declarations, "(x u128) -> u128",
         "struct { uint64_t _0; uint64_t _1; } f(uint64_t x_0, uint64_t x_1)"},
    };
    CHECK_ROWS(*state, rows);
}

static void rules_ask_for_words_ownership_and_modes(void **state)
{
    static const char declarations[] = "  three: {struct: {a: u8, b: u8, c: u8}}\n"
                                       "  four: {struct: {a: u8, b: u8, c: u8, d: u8}}\n"
                                       "  sum: {variant: {a: u8, b: u16}}\n"
                                       "  long: {variant: {a: four, b: u8}}\n"
                                       "  err: {enum: {io: 1}}\n";
    static const struct row rows[] = {
        {"test-sums", declarations, "(t three, f four)",
         "void f(uint8_t t_a, uint8_t t_b, uint8_t t_c, four *f)"},
        {"test-sums", declarations, "(t own three)", "void f(three *t)"},
        {"test-sums", declarations, "(x i64) -> i64",
         "struct { uint32_t _0; uint32_t _1; } f(uint32_t x_0, uint32_t x_1)"},
        {"test-sums", declarations, "(s sum) -> long",
         "uint16_t f(uint16_t s_tag, uint16_t s, "
         "long_ *result)"},
        {"test-sums", declarations, "\"(x out array<u8, 4>, y inout array<u8, 4>)\"",
         "void f(uint8_t *x, uint8_t (*y)[4])"},
        {"test-sums", declarations, "{sig: \"() -> result<four, err>\", forms: {result: status}}",
         "int16_t f(four *result)"},
        {"test-sums", declarations, "{sig: \"() -> result<four, u32>\", forms: {result: status}}",
         "int16_t f(four *result, uint32_t *error)"},
        {"test-sums", declarations, "\"(x result<unit, ptr<u8>>) -> result<unit, ptr<four>>\"",
         "four *f(uint8_t *x)"},
        {"test-sums", declarations, "{sig: \"() -> result<unit, unit>\", forms: {result: status}}",
         "int16_t f(void)"},
    };
    CHECK_ROWS(*state, rows);
}

static void lowering_says_who_owns_and_writes(void **state)
{
    abide_ctx *ctx = *state;
    const struct abide_physical *physical = lower(
        ctx, "test-sums", NULL, "  t: {struct: {a: u64}}",
        "{params: {a: own t, b: {type: own t, facts: [sunk]}, c: out t, d: inout t, e: t}}", false);
    static const struct {
        enum abide_copy copy;
        enum abide_mode mode;
        bool is_consumed;
    } rows[] = {{ABIDE_COPY_MOVED, ABIDE_MODE_IN, false},
                {ABIDE_COPY_MOVED, ABIDE_MODE_IN, true},
                {ABIDE_COPY_BORROW, ABIDE_MODE_OUT, false},
                {ABIDE_COPY_BORROW, ABIDE_MODE_INOUT, false},
                {ABIDE_COPY_NONE, ABIDE_MODE_IN, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(physical->params[i].copy, rows[i].copy);
        assert_int_equal(physical->params[i].mode, rows[i].mode);
        assert_int_equal(physical->params[i].is_consumed, rows[i].is_consumed);
    }
    assert_null(physical->params[2].rule);
    assert_true(lower(ctx, "system", NULL, "", "(s own string)", false)->params[2].is_consumed);
}

/* Parts of the represented value where there is no tag, of the flat form where there is one. */
static void words_are_parts_of_a_value(void **state)
{
    abide_ctx *ctx = *state;
    const struct abide_physical *physical =
        lower(ctx, "system", NULL, "  t: {struct: {a: u8, b: u64}}",
              "(x t, y option<u64>, z u32) -> option<u64>", false);
    assert_string_equal(physical->params[0].value_type->name, "t");
    assert_string_equal(physical->params[1].part, "b");
    assert_int_equal(physical->params[1].part_offset_bytes, 8);
    assert_non_null(physical->params[2].value_type->flat_of);
    assert_int_equal(physical->params[3].part_offset_bytes, 8);
    assert_null(physical->params[4].part);
    assert_int_equal(physical->params[4].value_type->scalar, ABIDE_SCALAR_U32);
    assert_int_equal(physical->result.mode, ABIDE_RESULT_VALUE);
    assert_non_null(physical->result.value_type->flat_of);
    physical = lower(ctx, "system", NULL, "", "() -> result<u64; own string>", false);
    assert_int_equal(physical->result.mode, ABIDE_RESULT_OUT);
    assert_true(physical->result.returns_tag);
    assert_int_equal(physical->result.type->scalar, ABIDE_SCALAR_U32);
    physical = lower(ctx, "system", NULL, "", "() -> option<own string>", false);
    assert_false(physical->result.returns_tag);
}

static void a_status_has_a_number_for_each_error(void **state)
{
    abide_ctx *ctx = *state;
    static const char declarations[] = "  bad: {enum: [none, io]}\n  good: {enum: {io: 1}}";
    const struct abide_physical *physical =
        lower(ctx, "c", NULL, declarations,
              "{sig: \"() -> result<f64, good>\", forms: {result: status}}", false);
    assert_int_equal(physical->result.mode, ABIDE_RESULT_STATUS);
    assert_int_equal(physical->result.value_type->field_count, 2);
    assert_string_equal(physical->result.value_type->fields[0].name, "status");
    assert_string_equal(physical->result.value_type->fields[1].name, "value");
    assert_int_equal(physical->params[0].role, ABIDE_ROLE_OUT);
    assert_null(lower(ctx, "c", NULL, declarations,
                      "{sig: \"() -> result<f64, bad>\", forms: {result: status}}", false));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "status-of-zero");
}

/* What a language promises of short integers, at least: more where C promises more. */
static void languages_extend_short_integers(void **state)
{
    static const struct {
        const char *module, *target;
        abide_extend extend;
        unsigned bits;
    } rows[] = {
        {"c", "x86_64-linux-gnu", ABIDE_EXTEND_ZERO, 32},
        {"c", "aarch64-linux-gnu", ABIDE_EXTEND_NONE, 0},
        {"system", "aarch64-linux-gnu", ABIDE_EXTEND_ZERO, 32},
        {"test-sums", "x86_64-linux-gnu", ABIDE_EXTEND_ZERO, 64},
        {"c", "riscv64-linux-gnu", ABIDE_EXTEND_ZERO, 64},
        {"system", "riscv64-linux-gnu", ABIDE_EXTEND_ZERO, 64},
    };
    abide_ctx *ctx = *state;
    const abide_signature *signature = parse(ctx, "", "(x u8)");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const abide_assignment *assignment =
            abide_assignment_of(ctx, load_for(ctx, rows[i].module, rows[i].target), signature);
        abide_argument argument = abide_assignment_argument_at(assignment, 0);
        assert_int_equal(argument.pieces[0].extend, rows[i].extend);
        assert_int_equal(argument.pieces[0].extend_bits, rows[i].bits);
    }
}

/* --- ownership ------------------------------------------------------------------------------------- */

static void modules_say_how_memory_comes_and_goes(void **state)
{
    abide_ctx *ctx = *state;
    const struct abide_language *language = load(ctx, "test-sums")->language;
    assert_int_equal(language->owned_count, 3);
    assert_int_equal(language->owned[0].make, ABIDE_MAKE_ASSIGN);
    assert_string_equal(language->owned[0].make_hook, "fill");
    assert_int_equal(language->owned[0].drop, ABIDE_DROP_CALL);
    assert_int_equal(language->owned[1].make, ABIDE_MAKE_ALLOCATE);
    assert_int_equal(language->owned[1].drop, ABIDE_DROP_RELEASE);
    assert_int_equal(language->owned[2].make, ABIDE_MAKE_NONE);
    assert_int_equal(language->owned[2].drop, ABIDE_DROP_UNKNOWN);
    assert_true(abide_language__hook(language, "fill")->per_type);
    assert_string_equal(abide_language__hook(language, "get")->symbol, "get_memory");
    const struct abide_language *system = load(ctx, "system")->language;
    assert_int_equal(system->owned[0].drop, ABIDE_DROP_OWNER);
    assert_int_equal(load(ctx, "nim-cgen:gc=refc")->language->owned[1].drop, ABIDE_DROP_NOTHING);
}

/* Hooks of conversions are no hooks of calls. */
static void conversions_do_not_call_hooks_of_calls(void **state)
{
    abide_ctx *ctx = *state;
    static const char text[] = "abide: 1\nhooks: {load: begin, set_string: n_set}\n";
    const abide_iface *iface = abide_iface_parse(ctx, "test", text, strlen(text));
    const struct abide_hook_use *uses;
    assert_int_equal(abide_language__hooks(ctx, load(ctx, "nim-cgen"), true, iface, &uses), 1);
    assert_string_equal(uses[0].symbol, "begin");
    assert_int_equal(abide_language__hooks(ctx, load(ctx, "nim-cgen"), false, iface, &uses), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    static const struct CMUnitTest tests[] = {
        TEST(sums_lie_in_memory_as_templates_say),
        TEST(numbers_are_as_wide_as_templates_say),
        TEST(a_tag_is_found_by_its_member),
        TEST(templates_behind_pointers_stay_abstract),
        TEST(a_niche_takes_no_room),
        TEST(a_record_of_one_field_has_the_niche_of_the_field),
        TEST(an_open_variant_keeps_room_for_its_cases),
        TEST(an_interface_chooses_forms),
        TEST(a_form_can_be_that_of_the_other_side),
        TEST(values_are_words_in_calls),
        TEST(words_tile_what_they_stand_for),
        TEST(types_in_types_cost_no_more_than_their_names),
        TEST(system_calls_are_c_calls),
        TEST(rules_ask_for_words_ownership_and_modes),
        TEST(lowering_says_who_owns_and_writes),
        TEST(words_are_parts_of_a_value),
        TEST(a_status_has_a_number_for_each_error),
        TEST(languages_extend_short_integers),
        TEST(modules_say_how_memory_comes_and_goes),
        TEST(conversions_do_not_call_hooks_of_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
