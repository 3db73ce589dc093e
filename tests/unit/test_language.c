/* The language level: what modules make of types and signatures, and how that reads in C. */
#include "language_world.h"

/* --- C --------------------------------------------------------------------------------------- */

static void c_has_natural_forms(void **state)
{
    static const struct row rows[] = {
        {"c", "", "\"(a array<i32, 3>, s slice<u8>, n cstring) -> array<i64, 2>\"",
         "void f(int32_t *a, uint8_t *s, size_t s_len, char *n, int64_t *result)"},
        {"c", "", "\"(b bitset<8>, c bitset<9>, d bitset<64>, e bitset<65>) -> bitset<33>\"",
         "uint64_t f(uint8_t b, uint16_t c, uint64_t d, uint8_t *e)"},
        {"c", "", "\"() -> bitset<100>\"", "void f(uint8_t *result)"},
        {"c", "", "\"(t tuple<i8, f64>)\"", "void f(struct { int8_t field0; double field1; } t)"},
        {"c", "", "\"(c closure(x i32) -> i8)\"",
         "void f(struct { int8_t (*code)(int32_t x, void *env); void *env; } c)"},
        {"c", "  p: {struct: {a: i8}}\n  k: {struct: {b: i8}, base: p}", "(k k, p ptr<k>)",
         "void f(k k, k *p)"},
    };
    CHECK_ROWS(*state, rows);
}

static void c_enums_are_as_large_as_compilers_make_them(void **state)
{
    static const struct {
        const char *values;
        enum abide_scalar base;
    } rows[] = {
        {"{a: 0}", ABIDE_SCALAR_C_UINT},
        {"{a: 4294967295}", ABIDE_SCALAR_C_UINT},
        {"{a: -1}", ABIDE_SCALAR_C_INT},
        {"{a: -2147483648, b: 2147483647}", ABIDE_SCALAR_C_INT},
        {"{a: -1, b: 2147483648}", ABIDE_SCALAR_I64},
        {"{a: 4294967296}", ABIDE_SCALAR_U64},
        {"{a: 1}, base: i16", ABIDE_SCALAR_I16},
    };
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *types = abide__printf(ctx, "  e: {enum: %s}", rows[i].values);
        const abide_type *type = parse(ctx, types, "(x e)")->params[0].type;
        const abide_type *physical = abide_represent__type(ctx, load(ctx, "c"), type, NULL);
        assert_int_equal(physical->kind, ABIDE_KIND_ENUM);
        assert_int_equal(physical->target->scalar, rows[i].base);
    }
}

static void declarators_read_from_the_inside(void **state)
{
    static const struct row rows[] = {
        {"c", "", "()", "void f(void)"},
        {"c", "", "(fmt cstring, ...) -> c_int", "int f(char *fmt, ...)"},
        {"c", "", "\"(fmt cstring, ... c_int, f64) -> c_int\"", "int f(char *fmt, ...)"},
        {"c", "", "\"(p mutptr<ptr<void>>, q ptr<array<i32, 4>>)\"",
         "void f(void **p, int32_t (*q)[4])"},
        {"c", "", "(x i32) -> fn(y i8) -> i16", "int16_t (*f(int32_t x))(int8_t y)"},
        {"c", "", "\"(g fn(h fn(i8) -> i16) -> ptr<array<i32, 4>>)\"",
         "void f(int32_t (*(*g)(int16_t (*h)(int8_t)))[4])"},
        {"c", "  t: {struct: {m: \"array<array<ptr<u8>, 2>, 3>\"}}", "(x mutref<t>) -> t",
         "t f(t *x)"},
        {"c", "", "\"(m array<array<i8, 2>, 3>)\"", "void f(int8_t (*m)[2])"},
        {"c", "  my-type: {opaque: true}", "\"(two-words ptr<my-type>, int i8, x2 c_longlong)\"",
         "void f(my_type *two_words, int8_t int_, long long x2)"},
        {"c", "", "{params: {x: {struct: {a: i8, b: {type: u32, bits: 3}}}}}",
         "void f(struct { int8_t a; uint32_t b : 3; } x)"},
    };
    CHECK_ROWS(*state, rows);
}

/* C has no words for a function that takes itself: where it comes again, it is a pointer to something. */
static void types_that_lead_to_themselves_have_an_end(void **state)
{
    static const struct row rows[] = {
        {"c", "  again: {fn: (x ptr<again>)}", "(x again) -> again",
         "void (*f(void (*x)(void **x)))(void **x)"},
        {"c", "  again: ptr<again>", "(x again)", "void f(void **x)"},
        {"c", "  again: {closure: (x again)}", "(x ptr<again>)", "void f(again *x)"},
    };
    CHECK_ROWS(*state, rows);
}

static void very_long_prototypes_are_refused(void **state)
{
    abide_ctx *ctx = *state;
    char types[2048] = "";
    for (int i = 0; i < 30; i++)
        sprintf(types + strlen(types), "  t%d: {fn: (x t%d; y t%d)}\n", i, i + 1, i + 1);
    strcat(types, "  t30: i32");
    assert_null(prototype(ctx, lower(ctx, "c", NULL, types, "(x t0)", false)));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "prototype-too-large");
}

static void a_type_without_a_form_is_carried_in_the_other_sides(void **state)
{
    abide_ctx *ctx = *state;
    static const char signature[] = "\"(s raw<string>, r raw<i32>) -> raw<own slice<i8>>\"";
    assert_string_equal(prototype(ctx, lower(ctx, "c", "nim-cgen:gc=orc", "", signature, false)),
                        "tySequence f(NimStringV2 s, int32_t r)");
    assert_string_equal(prototype(ctx, lower(ctx, "c", "nim-cgen:gc=refc", "", signature, false)),
                        "tySequence *f(NimStringDesc *s, int32_t r)");
    assert_null(lower(ctx, "c", NULL, "", signature, false));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "no-representation");
}

static void facts_of_another_abi_decide_the_layout(void **state)
{
    abide_ctx *ctx = *state;
    static const char types[] = "  t: {struct: {a: i64}, facts: [inheritable]}";
    const struct abide_physical *physical = lower(ctx, "c", "nim-cgen", types, "(x t)", false);
    assert_int_equal(physical->params[0].value_type->field_count, 2);
    assert_string_equal(physical->params[0].value_type->fields[0].name, "m_type");
}

/* --- general words ----------------------------------------------------------------------------- */

static void words_that_no_real_module_needs_yet(void **state)
{
    abide_ctx *ctx = *state;
    static const char types[] = "  big: {struct: {a: \"array<i64, 3>\"}}\n"
                                "  pair: {struct: {a: i64, b: i64}}\n"
                                "  held: {struct: {a: i8}, facts: [shared]}";
    static const struct row rows[] = {
        {"test-words", types, "(x i128) -> i32",
         "int32_t f(struct { uint64_t lo; uint64_t hi; } x)"},
        {"test-words", types, "\"(s string, b big) -> pair\"",
         "void f(pair *into, char *s_at, uint32_t s_count, big *b)"},
        {"test-words", types, "(o held)", "void f(held *o)"},
    };
    assert_string_equal(
        prototype(ctx, lower(ctx, rows[0].module, NULL, types, rows[0].function, false)),
        rows[0].prototype);
    assert_string_equal(
        prototype(ctx, lower(ctx, "test-words", NULL, types, rows[1].function, false)),
        rows[1].prototype);
    const struct abide_physical *physical =
        lower(ctx, "test-words", NULL, types, rows[1].function, true);
    static const abide_role roles[] = {ABIDE_ROLE_OUT, ABIDE_ROLE_ENV, ABIDE_ROLE_VALUE,
                                       ABIDE_ROLE_VALUE, ABIDE_ROLE_VALUE};
    assert_int_equal(physical->param_count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(physical->params[i].role, roles[i]);
    assert_true(physical->result.exclusive);
    assert_false(physical->result.zeroed);
    assert_string_equal(physical->params[3].part, "count");
    assert_int_equal(physical->params[3].part_offset_bytes, 8);
    assert_int_equal(physical->params[4].copy, ABIDE_COPY_CALLER);
    assert_string_equal(physical->params[4].rule->id, "large");
    assert_string_equal(
        prototype(ctx, lower(ctx, "test-words", NULL, types, rows[2].function, false)),
        rows[2].prototype);
    physical =
        lower(ctx, "test-words", NULL, types, "{params: {x: {type: i32, facts: [given]}}}", false);
    assert_int_equal(physical->params[0].copy, ABIDE_COPY_MOVED);
    assert_null(lower(ctx, "test-words", NULL, types, "(x f16)", false));
}

static void the_convention_chooses_the_machine_module(void **state)
{
    abide_ctx *ctx = *state;
    assert_string_equal(lower(ctx, "test-words", NULL, "", "(x i32)", false)->machine->name,
                        "c-sysv");
    assert_string_equal(
        lower(ctx, "test-words", NULL, "", "{sig: (x i32), convention: quick}", false)
            ->machine->name,
        "test-quick");
    assert_string_equal(
        lower(ctx, "test-words:call=quick", NULL, "", "(x i32)", false)->machine->name,
        "test-quick");
}

static const struct abide_physical *lower_with(abide_ctx *ctx, const char *module,
                                               const char *target, const char *foreign,
                                               const char *function)
{
    const abide_signature *signature =
        parse(ctx, "  back: {fn: (x i32), convention: stdcall}", function);
    return abide_physical__of(ctx, load_for(ctx, module, target), signature,
                              foreign ? load_for(ctx, foreign, target) : NULL, false);
}

/* `convention` asks for a variant of a machine module, in whatever variant it is asked. */
static void functions_of_c_choose_variants(void **state)
{
    static const char fast[] = "{sig: (x i32), convention: fastcall}";
    static const char plain[] = "{sig: (x i32), convention: cdecl}";
    static const struct {
        const char *module, *target, *function, *machine;
    } rows[] = {
        {"c", "i386-freebsd", "(x i32)", "test-i386"},
        {"c", "i386-freebsd", fast, "test-i386-fastcall"},
        {"c", "i386-freebsd", plain, "test-i386"},
        {"c/stdcall", "i386-freebsd", "(x i32)", "test-i386-stdcall"},
        {"c/stdcall", "i386-freebsd", fast, "test-i386-fastcall"},
        {"c/stdcall", "i386-freebsd", plain, "test-i386"},
        {"c/fastcall", "i386-freebsd", fast, "test-i386-fastcall"},
        {"c", "x86_64-linux-gnu", fast, "c-sysv"}, /* compilers ignore the attribute */
        {"c:compiler=clang", "x86_64-linux-gnu", plain, "c-sysv"},
    };
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct abide_physical *physical =
            lower_with(ctx, rows[i].module, rows[i].target, NULL, rows[i].function);
        assert_non_null(physical);
        assert_string_equal(physical->machine->name, rows[i].machine);
    }
    const struct abide_physical *code =
        lower_with(ctx, "c", "i386-freebsd", NULL, "(f back) -> void");
    const abide_type *function = abide_type__strip(code->params[0].type);
    code = abide_physical__of(ctx, load_for(ctx, "c", "i386-freebsd"), function->signature, NULL,
                              false);
    assert_string_equal(code->machine->name, "test-i386-stdcall");
}

/* A variant is loaded with the options of what asks for it. */
static void variants_have_the_same_options(void **state)
{
    abide_ctx *ctx = *state;
    const struct abide_physical *physical =
        lower_with(ctx, "c-sysv:compiler=clang", TARGET, NULL, "{sig: (), convention: quick}");
    assert_string_equal(physical->machine->name, "test-quick");
    assert_string_equal(abide_language__option(physical->machine, "compiler", NULL), "clang");
}

/* The words of the other side tell C nothing; what nobody knows is refused. */
static void unknown_conventions_are_refused(void **state)
{
    static const char nim[] = "{sig: (x i32), convention: nimcall}";
    abide_ctx *ctx = *state;
    assert_string_equal(lower_with(ctx, "c", TARGET, "nim-cgen", nim)->machine->name, "c-sysv");
    assert_null(lower_with(ctx, "c", TARGET, NULL, nim));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "unknown-convention");
    assert_non_null(strstr(abide_diag_print(ctx, abide_ctx_diag_at(ctx, 0), false), "quick"));
}

/* --- nim-cgen: what the prototypes of the probe do not show ------------------------------------- */

static const char nim_types[] = "  s24: {struct: {a: i64, b: i64, c: i64}}\n"
                                "  s32: {struct: {a: i64, b: i64, c: i64, d: i64}}\n"
                                "  traced: {newtype: mutptr<i32>, facts: [traced]}\n"
                                "  refs: {struct: {r: traced}}\n"
                                "  text: {struct: {s: string}}\n"
                                "  bits: {struct: {a: {type: u32, bits: 3}}}\n"
                                "  quirk: {struct: {a: u8, s: bitset<72>, b: u8, t: bitset<72>}}";

static void nim_rules_begin_at_their_versions(void **state)
{
    static const char sink[] = "{params: {x: {type: s32, facts: [sink]}}}";
    static const char by_ref[] = "{params: {x: {type: i32, facts: [byref]}}}";
    static const char by_copy[] = "{params: {x: {type: s32, facts: [bycopy]}}}";
    static const char c_refs[] = "{sig: () -> refs, convention: cdecl}";
    static const char std_refs[] = "{sig: () -> refs, convention: stdcall}";
    static const char c_bits[] = "{sig: () -> bits, convention: cdecl}";
    static const struct row rows[] = {
        {"nim-cgen:nim=2.0.4,gc=refc", nim_types, sink, "void f(s32 *x)"},
        {"nim-cgen:nim=2.0.6,gc=refc", nim_types, sink, "void f(s32 x)"},
        {"nim-cgen:nim=2.0.10,gc=orc", nim_types, sink, "void f(s32 *x)"},
        {"nim-cgen:nim=1.6.10", nim_types, by_ref, "void f(int32_t x)"},
        {"nim-cgen:nim=2.0.0", nim_types, by_ref, "void f(int32_t *x)"},
        {"nim-cgen:nim=1.6.10", nim_types, by_copy, "void f(s32 *x)"},
        {"nim-cgen:nim=2.0.0", nim_types, by_copy, "void f(s32 x)"},
        {"nim-cgen:nim=2.0.4,gc=orc", nim_types, c_refs, "void f(refs *Result)"},
        {"nim-cgen:nim=2.0.6,gc=orc", nim_types, c_refs, "refs f(void)"},
        {"nim-cgen:nim=2.0.6,gc=arc", nim_types, c_refs, "refs f(void)"},
        {"nim-cgen:nim=2.0.6,gc=refc", nim_types, c_refs, "void f(refs *Result)"},
        {"nim-cgen:nim=2.0.6,gc=orc", nim_types, std_refs, "void f(refs *Result)"},
        {"nim-cgen:nim=2.0.6,gc=orc", nim_types, "() -> bits", "bits f(void)"},
        {"nim-cgen:nim=2.0.8,gc=orc", nim_types, "() -> bits", "void f(bits *Result)"},
        {"nim-cgen:nim=2.0.8,gc=orc", nim_types, c_bits, "bits f(void)"},
        {"nim-cgen:nim=2.0.8,gc=refc", nim_types, c_bits, "void f(bits *Result)"},
        {"nim-cgen", "  later: {struct: {a: i8}, facts: [forward]}", "(x later)",
         "void f(later *x)"},
        {"nim-cgen:nim=1.6.10", nim_types, "(x quirk)", "void f(quirk *x)"},
        {"nim-cgen:nim=2.0.0", nim_types, "(x quirk)", "void f(quirk x)"},
    };
    CHECK_ROWS(*state, rows);
}

/* lib/nimbase.h: on 64-bit targets, and mostly elsewhere, the macros of conventions are empty. */
static void nim_conventions_matter_on_32_bit_windows(void **state)
{
    static const struct {
        const char *target, *convention, *machine;
    } rows[] = {
        {"i386-windows-gnu", "nimcall", "test-i386-fastcall"},
        {"i386-windows-gnu", "closure", "test-i386-fastcall"},
        {"i386-windows-gnu", "fastcall", "test-i386-fastcall"},
        {"i386-windows-gnu", "stdcall", "test-i386-stdcall"},
        {"i386-windows-gnu", "safecall", "test-i386-stdcall"},
        {"i386-windows-gnu", "cdecl", "test-i386"},
        {"i386-freebsd", "nimcall", "test-i386"},
        {"i386-freebsd", "stdcall", "test-i386"},
        {"i386-freebsd", "fastcall", "test-i386-fastcall"},
        {"x86_64-linux-gnu", "fastcall", "c-sysv"},
    };
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *function =
            abide__printf(ctx, "{sig: (x s24) -> s32, convention: %s}", rows[i].convention);
        const struct abide_physical *physical =
            abide_physical__of(ctx, load_for(ctx, "nim-cgen", rows[i].target),
                               parse(ctx, nim_types, function), NULL, false);
        assert_string_equal(physical->machine->name, rows[i].machine);
        assert_int_equal(physical->params[0].copy, ABIDE_COPY_NONE); /* 24 bytes everywhere */
    }
}

static void nim_signatures_are_lowered_under_their_own_convention(void **state)
{
    static const char types[] =
        "  envelope: {struct: {a: \"array<i64, 4>\"}}\n"
        "  walk: {fn: \"(user mutptr<void>, env envelope, n u32, ...) -> envelope\"}\n"
        "  cwalk: {fn: \"(user mutptr<void>, env envelope) -> envelope\", convention: cdecl}\n"
        "  nest: {fn: \"(w walk, c cwalk)\", convention: cdecl}";
    static const struct row rows[] = {
        {"nim-cgen", types, "(f walk)",
         "void f(void (*f)(void *user, envelope *env, uint32_t n, envelope *Result, ...))"},
        {"nim-cgen", types, "{sig: (f cwalk), convention: nimcall}",
         "void f(envelope (*f)(void *user, envelope *env))"},
        {"nim-cgen", types, "(f nest)",
         "void f(void (*f)(void (*w)(void *user, envelope *env, uint32_t n, envelope *Result, "
         "...), "
         "envelope (*c)(void *user, envelope *env)))"},
    };
    CHECK_ROWS(*state, rows);
}

static void nim_closures_take_the_environment_behind_the_result(void **state)
{
    abide_ctx *ctx = *state;
    static const char signature[] = "\"(x s32, y slice<i8>) -> s32\"";
    const struct abide_physical *physical =
        lower(ctx, "nim-cgen", NULL, nim_types, signature, true);
    assert_string_equal(prototype(ctx, physical),
                        "void f(s32 *x, int8_t *y, intptr_t yLen_0, s32 *Result, void *ClE_0)");
    assert_int_equal(physical->params[4].role, ABIDE_ROLE_ENV);
    assert_string_equal(physical->params[1].part, "ptr");
    assert_string_equal(physical->params[2].part, "len");
    assert_int_equal(physical->params[2].part_offset_bytes, 8);
    const struct abide_closure_rule *orc = &load(ctx, "nim-cgen:gc=orc")->language->closure;
    const struct abide_closure_rule *arc = &load(ctx, "nim-cgen:gc=arc")->language->closure;
    assert_true(orc->null_env_omits_argument);
    assert_int_equal(orc->foreign_env_header_words, 2);
    assert_int_equal(arc->foreign_env_header_words, 1);
    const abide_type *closure =
        parse(ctx, nim_types, "\"(c closure(x s32) -> s32)\"")->params[0].type;
    assert_int_equal(abide_layout_size_bytes(abide_layout_of(ctx, load(ctx, "nim-cgen"), closure)),
                     16);
}

static void nim_results_say_what_memory_they_go_to(void **state)
{
    static const struct {
        const char *module;
        const char *function;
        enum abide_result_mode mode;
        bool zeroed, callee_reads;
    } rows[] = {
        {"nim-cgen:gc=refc", "() -> s32", ABIDE_RESULT_OUT, true, false},
        {"nim-cgen:gc=refc", "() -> refs", ABIDE_RESULT_OUT, true, true},
        {"nim-cgen:gc=refc", "() -> text", ABIDE_RESULT_OUT, true, true},
        {"nim-cgen:gc=orc", "() -> refs", ABIDE_RESULT_OUT, true, false},
        {"nim-cgen:gc=orc", "() -> text", ABIDE_RESULT_VALUE, false, false},
        {"nim-cgen:gc=refc", "() -> s24", ABIDE_RESULT_VALUE, false, false},
        {"nim-cgen:gc=refc", "()", ABIDE_RESULT_NOTHING, false, false},
        {"nim-cgen:gc=refc", "{params: {x: s32}, returns: {type: i64, facts: [lent]}}",
         ABIDE_RESULT_POINTER, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct abide_physical *physical =
            lower(*state, rows[i].module, NULL, nim_types, rows[i].function, false);
        assert_int_equal(physical->result.mode, rows[i].mode);
        assert_int_equal(physical->result.zeroed, rows[i].zeroed);
        assert_int_equal(physical->result.callee_reads, rows[i].callee_reads);
        assert_false(rows[i].mode == ABIDE_RESULT_OUT && physical->result.exclusive);
    }
}

/* Large parameters are the caller's own objects, which a callee of another language must not write. */
static void nim_parameters_are_borrowed(void **state)
{
    const struct abide_physical *physical = lower(
        *state, "nim-cgen", NULL, nim_types, "\"(x s32, y s24, z array<i8, 2>, r refs)\"", false);
    assert_int_equal(physical->params[0].copy, ABIDE_COPY_BORROW);
    assert_int_equal(physical->params[1].copy, ABIDE_COPY_NONE);
    assert_int_equal(physical->params[2].copy, ABIDE_COPY_BORROW);
    assert_int_equal(physical->params[3].copy, ABIDE_COPY_NONE);
    assert_string_equal(physical->params[0].rule->id, "large");
    assert_non_null(physical->params[0].rule->source);
}

static void nim_hooks_are_called_where_the_interface_names_them(void **state)
{
    abide_ctx *ctx = *state;
    static const char text[] = "abide: 1\nhooks: {thread_attach: enter, load: begin}\n";
    const abide_iface *iface = abide_iface_parse(ctx, "test", text, strlen(text));
    const struct abide_hook_use *uses;
    const abide_module *refc = load(ctx, "nim-cgen:gc=refc");
    const abide_module *orc = load(ctx, "nim-cgen:gc=orc");
    assert_int_equal(abide_language__hooks(ctx, refc, true, iface, &uses), 2);
    assert_string_equal(uses[0].symbol, "begin");
    assert_int_equal(uses[0].hook->when, ABIDE_HOOK_ONCE);
    assert_false(uses[0].hook->passes_frame_address);
    assert_string_equal(uses[1].symbol, "enter");
    assert_int_equal(uses[1].hook->when, ABIDE_HOOK_EVERY_CALL);
    assert_true(uses[1].hook->passes_frame_address);
    assert_int_equal(abide_language__hooks(ctx, refc, false, iface, &uses), 0);
    assert_int_equal(abide_language__hooks(ctx, orc, true, iface, &uses), 1);
    assert_true(abide_language__check_hooks(ctx, load(ctx, "c"), orc, iface));
    /* Others that use the same interface are not disturbed; what nobody has is a mistake. */
    assert_true(abide_language__check_hooks(ctx, load(ctx, "c"), load(ctx, "c"), iface));
    static const char wrong[] = "abide: 1\nhooks: {thread_atach: enter}\n";
    iface = abide_iface_parse(ctx, "test", wrong, strlen(wrong));
    assert_false(abide_language__check_hooks(ctx, load(ctx, "c"), orc, iface));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "unknown-hook");
}

/* What a hook begins, another one ends: an interface names both. */
static void hooks_that_are_undone_come_in_pairs(void **state)
{
    abide_ctx *ctx = *state;
    static const char text[] = "abide: 1\nhooks: {gil_ensure: enter, gil_release: leave}\n";
    static const char lone[] = "abide: 1\nhooks: {gil_ensure: enter}\n";
    const abide_module *c = load(ctx, "c"), *python = load(ctx, "cpython");
    const struct abide_hook_use *uses;
    const abide_iface *iface = abide_iface_parse(ctx, "test", text, strlen(text));
    assert_int_equal(abide_language__hooks(ctx, python, true, iface, &uses), 1);
    assert_string_equal(uses[0].symbol, "enter");
    assert_string_equal(uses[0].undo_symbol, "leave");
    assert_int_equal(uses[0].hook->gives, ABIDE_HOOK_GIVES_INT);
    assert_true(abide_language__check_hooks(ctx, c, python, iface));
    iface = abide_iface_parse(ctx, "test", lone, strlen(lone));
    assert_true(abide_language__check_hooks(ctx, c, c, iface));
    assert_false(abide_language__check_hooks(ctx, c, python, iface));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "missing-hook");
}

/* --- limits -------------------------------------------------------------------------------------- */

/* Each type holds the one before twice: 2^40 ways lead to the innermost. */
static void types_that_hold_types_twice_are_walked_once(void **state)
{
    abide_ctx *ctx = *state;
    const char *types = "  t0: {struct: {a: i8}}\n";
    for (int i = 1; i <= 40; i++)
        types = abide__printf(ctx, "%s  t%d: {union: {a: t%d, b: t%d}}\n", types, i, i - 1, i - 1);
    assert_string_equal(
        prototype(ctx, lower(ctx, "nim-cgen", NULL, types, "(x t40) -> t40", false)),
        "t40 f(t40 x)");
}

static void versions_compare_by_number(void **state)
{
    (void)state;
    assert_true(abide_version__compare("1.6.10", "1.6.9") > 0);
    assert_true(abide_version__compare("2", "2.0.0") == 0);
    assert_true(abide_version__compare("2.0.6", "2.0.10") < 0);
    assert_true(abide_version__compare("99999999999999999999999", "1") > 0);
    assert_false(abide_version__is_legal("2..0"));
    assert_false(abide_version__is_legal("2."));
    assert_false(abide_version__is_legal(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(c_has_natural_forms, setup, teardown),
        cmocka_unit_test_setup_teardown(c_enums_are_as_large_as_compilers_make_them, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(declarators_read_from_the_inside, setup, teardown),
        cmocka_unit_test_setup_teardown(types_that_lead_to_themselves_have_an_end, setup, teardown),
        cmocka_unit_test_setup_teardown(very_long_prototypes_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_type_without_a_form_is_carried_in_the_other_sides, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(facts_of_another_abi_decide_the_layout, setup, teardown),
        cmocka_unit_test_setup_teardown(words_that_no_real_module_needs_yet, setup, teardown),
        cmocka_unit_test_setup_teardown(the_convention_chooses_the_machine_module, setup, teardown),
        cmocka_unit_test_setup_teardown(functions_of_c_choose_variants, setup, teardown),
        cmocka_unit_test_setup_teardown(variants_have_the_same_options, setup, teardown),
        cmocka_unit_test_setup_teardown(unknown_conventions_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(nim_rules_begin_at_their_versions, setup, teardown),
        cmocka_unit_test_setup_teardown(nim_conventions_matter_on_32_bit_windows, setup, teardown),
        cmocka_unit_test_setup_teardown(nim_signatures_are_lowered_under_their_own_convention,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(nim_closures_take_the_environment_behind_the_result, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(nim_results_say_what_memory_they_go_to, setup, teardown),
        cmocka_unit_test_setup_teardown(nim_parameters_are_borrowed, setup, teardown),
        cmocka_unit_test_setup_teardown(nim_hooks_are_called_where_the_interface_names_them, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(hooks_that_are_undone_come_in_pairs, setup, teardown),
        cmocka_unit_test_setup_teardown(types_that_hold_types_twice_are_walked_once, setup,
                                        teardown),
        cmocka_unit_test(versions_compare_by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
