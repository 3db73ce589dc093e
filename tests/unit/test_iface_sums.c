/* Interface files: sums, flags, ownership, modes, lenders, forms. What is wrong is in tests/errors/interface. */
#include "cmocka_all.h"
#include "types/iface.h"

#include <stdio.h>
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

/* A file with resources, sums and a function f of this signature; `head` stands before the types. */
static const abide_iface *parse_function(abide_ctx *ctx, const char *head, const char *function)
{
    char text[2048];
    snprintf(text, sizeof text,
             "abide: 1\n%stypes:\n  gate: {resource: gate_drop}\n  name: string\n"
             "  holder: {struct: {text: string, kept: own string}}\n"
             "  either: {variant: {a: own string, b: }}\n"
             "functions:\n  f: %s\n",
             head, function);
    return parse(ctx, text);
}

static const abide_signature *signature(abide_ctx *ctx, const char *function)
{
    return abide_iface_signature(parse_function(ctx, "", function), "f");
}

static const char *printed(abide_ctx *ctx, const char *function)
{
    return abide_signature_print(ctx, signature(ctx, function));
}

static void signatures_print_as_they_were_written(void **state)
{
    static const char *const signatures[] = {
        "(a option<u8>, b option<unit>, c result<unit, unit>, d result<own string, gate>)",
        "(a box<holder>, b string0, c own string0, d own cstring, e mutslice<u8>)",
        "(a out holder, b inout own string, c own either, d own gate, e gate)",
        "(a gate) -> string from a",
        "(a gate) -> slice<string> from a",
        "(a gate) -> option<gate> from a",
        "(a gate) -> own gate",
        "(a fn(out u8, own either) -> own string) -> result<own slice<own string>, either>",
        "(a closure(x gate) -> string from x) -> cstring",
        "(a own slice<gate>, b own option<own gate>, c own tuple<own string, u8>)",
        "(a own ptr<holder>, ... own string)",
        "(a box<fn() -> own string>)"};
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
        char quoted[256];
        snprintf(quoted, sizeof quoted, "\"%s\"", signatures[i]);
        assert_string_equal(printed(ctx, quoted), signatures[i]);
    }
}

static void some_words_mean_others(void **state)
{
    static const char *const pairs[][2] = {
        {"(a bytes, b bytes<4>, c own bytes)", "(a slice<u8>, b array<u8, 4>, c own slice<u8>)"},
        {"(a callback (x u8) -> bool)", "(a closure(x u8) -> bool)"},
        {"(a borrow gate, b in string)", "(a gate, b string)"},
        {"(a option<void>) -> result<void; void>", "(a option<unit>) -> result<unit, unit>"},
        {"(a own mutslice<u8>)", "(a own slice<u8>)"},
        {"(a gate) -> borrow string from a", "(a gate) -> string from a"},
        {"(a gate) -> unit", "(a gate)"}};
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char quoted[256];
        snprintf(quoted, sizeof quoted, "\"%s\"", pairs[i][0]);
        assert_string_equal(printed(ctx, quoted), pairs[i][1]);
    }
}

static void names_of_a_file_come_before_newer_words(void **state)
{
    const abide_iface *iface = parse(*state, "abide: 1\n"
                                             "types:\n"
                                             "  bytes: {struct: {first: u8}}\n"
                                             "  unit: u16\n"
                                             "  callback: {opaque: true}\n"
                                             "functions:\n"
                                             "  f: (a bytes, b option<unit>, c ptr<callback>)\n");
    const abide_signature *f = abide_iface_signature(iface, "f");
    assert_ptr_equal(f->params[0].type, abide_iface_type(iface, "bytes"));
    assert_ptr_equal(f->params[1].type->fields[1].type, abide_iface_type(iface, "unit"));
    assert_ptr_equal(f->params[2].type->target, abide_iface_type(iface, "callback"));
}

static void variants_have_cases_and_tags(void **state)
{
    const abide_iface *iface =
        parse(*state, "abide: 1\n"
                      "types:\n"
                      "  number: {variant: {int: size, float: f64}}\n"
                      "  error:\n"
                      "    variant:\n"
                      "      invalid:\n"
                      "      io: i32\n"
                      "      rejected: {reason: own string, retry-ms: option<u32>}\n"
                      "      far: {type: u8, tag: 300}\n"
                      "      after: {tag: 0x200, doc: a bare case with a number}\n"
                      "      last: {variant: {a: , b: bool}}\n"
                      "      typed: {type: u8, size: u32}\n"
                      "    tag: u16\n"
                      "  grows: {variant: {a: u8}, open: {size: 56, align: 8}}\n"
                      "  later: {variant: {}, open: {size: 0, align: 1}}\n");
    const abide_type *number = abide_iface_type(iface, "number");
    assert_true(abide_type__is_sum(number) && !number->is_open && !number->target);
    assert_int_equal(abide_type__case(number, "float"), 1);
    assert_int_equal(abide_type__case(number, "double"), SIZE_MAX);
    assert_int_equal(number->enumerators[1].value, 1);
    const abide_type *error = abide_iface_type(iface, "error");
    static const int64_t tags[] = {0, 1, 2, 300, 0x200, 0x201, 0x202};
    assert_int_equal(error->field_count, 7);
    assert_int_equal(error->enumerator_count, 7);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(error->enumerators[i].value, tags[i]);
        assert_ptr_equal(error->enumerators[i].name, error->fields[i].name);
    }
    assert_int_equal(error->target->scalar, ABIDE_SCALAR_U16);
    assert_int_equal(error->fields[0].type->kind, ABIDE_KIND_VOID);
    assert_int_equal(error->fields[2].type->kind, ABIDE_KIND_STRUCT);
    assert_true(error->fields[2].type->fields[0].type->is_own);
    assert_int_equal(error->fields[3].type->scalar, ABIDE_SCALAR_U8);
    assert_int_equal(error->fields[4].type->kind, ABIDE_KIND_VOID);
    assert_int_equal(error->fields[5].type->kind, ABIDE_KIND_VARIANT);
    assert_int_equal(error->fields[6].type->field_count, 2); /* `size` makes it a struct */
    const abide_type *grows = abide_iface_type(iface, "grows");
    assert_true(grows->is_open);
    assert_int_equal(grows->reserved_bytes, 56);
    assert_int_equal(grows->reserved_align_bytes, 8);
    assert_int_equal(abide_iface_type(iface, "later")->field_count, 0);
}

static void options_and_results_are_sums(void **state)
{
    abide_ctx *ctx = *state;
    const abide_signature *f =
        signature(ctx, "'(a option<u8>, b result<unit, either>, c option<u8>)'");
    const abide_type *option = f->params[0].type;
    const abide_type *result = f->params[1].type;
    assert_ptr_equal(option, f->params[2].type);
    assert_true(abide_type__is_sum(option) && abide_type__is_sum(result));
    assert_int_equal(option->fields[abide_type__case(option, "none")].type->kind, ABIDE_KIND_VOID);
    assert_int_equal(abide_type__case(option, "some"), 1);
    assert_int_equal(option->fields[1].type->scalar, ABIDE_SCALAR_U8);
    assert_int_equal(abide_type__case(result, "ok"), 0);
    assert_int_equal(result->enumerators[1].value, 1);
    assert_string_equal(result->fields[1].type->name, "either");
}

static void flags_and_enums_can_be_open(void **state)
{
    const abide_iface *iface =
        parse(*state, "abide: 1\n"
                      "types:\n"
                      "  caps: {flags: [files, voice, video], base: u32, open: true}\n"
                      "  sparse: {flags: {a: 3, b: , c: 63}}\n"
                      "  wide: {flags: {a: 127}, base: u128}\n"
                      "  status: {enum: [offline, online], base: u8, open: true}\n"
                      "  closed: {enum: [a], open: false}\n");
    const abide_type *caps = abide_iface_type(iface, "caps");
    assert_true(caps->is_open);
    assert_int_equal(caps->kind, ABIDE_KIND_FLAGS);
    assert_int_equal(caps->enumerators[2].value, 2);
    assert_int_equal(caps->target->scalar, ABIDE_SCALAR_U32);
    assert_int_equal(abide_iface_type(iface, "sparse")->enumerators[1].value, 4);
    assert_true(abide_iface_type(iface, "status")->is_open);
    assert_false(abide_iface_type(iface, "closed")->is_open);
}

static void types_in_place_print_as_they_were_written(void **state)
{
    static const char *const types[] = {
        "{variant: {a: array<u8; 3>, b: , c: {tag: 7}, d: {type: tuple<u8; u8>, tag: 9}}, tag: "
        "u16}",
        "{variant: {a: {struct: {x: option<u8>}}}, open: {size: 8, align: 4}}",
        "{flags: [a, b], base: u8, open: true}",
        "{flags: {a: 1, b: 5}}",
        "{enum: {a: 1, b: 1}, base: i8}",
        "{enum: [a, b], open: true}",
        "{union: {a: fn(u8; u8) -> u8, b: result<u8; u8>}}"};
    abide_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        char text[512];
        snprintf(text, sizeof text, "abide: 1\ntypes: {s: {struct: {x: %s}}}\n", types[i]);
        const abide_type *type = abide_iface_type(parse(ctx, text), "s")->fields[0].type;
        assert_string_equal(abide_type_print(ctx, type), types[i]);
    }
}

static void recursion_goes_through_what_owns_memory(void **state)
{
    const abide_iface *iface = parse(*state, "abide: 1\n"
                                             "types:\n"
                                             "  tree: {variant: {leaf: i64, node: box<tree>, "
                                             "many: own slice<tree>, seen: ref<tree>}}\n"
                                             "  list: {struct: {next: option<box<list>>}}\n");
    const abide_type *tree = abide_iface_type(iface, "tree");
    assert_int_equal(tree->fields[1].type->kind, ABIDE_KIND_BOX);
    assert_ptr_equal(tree->fields[1].type->target, tree);
}

static void resources_become_handles(void **state)
{
    const abide_iface *iface =
        parse(*state, "abide: 1\n"
                      "types:\n"
                      "  inner: {resource: inner_drop, keeps: outer, threads: same}\n"
                      "  outer: {resource: outer_drop, threads: any}\n"
                      "functions:\n"
                      "  open: (o outer, p own outer) -> inner\n"
                      "  look: (i borrow inner, all slice<inner>) -> outer from i\n");
    const abide_type *inner = abide_iface_type(iface, "inner");
    const abide_type *outer = abide_iface_type(iface, "outer");
    assert_int_equal(inner->kind, ABIDE_KIND_RESOURCE);
    assert_string_equal(inner->destructor, "inner_drop");
    assert_ptr_equal(inner->target, outer);
    assert_true(outer->any_thread && !inner->any_thread);
    const abide_signature *open = abide_iface_signature(iface, "open");
    assert_int_equal(open->params[0].type->kind, ABIDE_KIND_HANDLE);
    assert_ptr_equal(open->params[0].type->target, outer);
    assert_false(open->params[0].type->is_own || open->params[0].is_own);
    assert_true(open->params[1].type->is_own && open->params[1].is_own);
    assert_true(open->result->is_own);
    const abide_signature *look = abide_iface_signature(iface, "look");
    assert_false(look->params[1].type->target->is_own);
    assert_ptr_equal(look->result, open->params[0].type);
    assert_true(look->has_lender);
    assert_int_equal(look->lender, 0);
}

static void results_are_given_away_unless_lent(void **state)
{
    static const struct {
        const char *function;
        enum abide_kind kind;
        bool is_own;
        bool has_lender;
    } cases[] = {
        {"() -> string", ABIDE_KIND_STRING, true, false},
        {"() -> own string", ABIDE_KIND_STRING, true, false},
        {"() -> name", ABIDE_KIND_STRING, true, false},
        {"() -> string0", ABIDE_KIND_STRING0, true, false},
        {"() -> cstring", ABIDE_KIND_CSTRING, false, false},
        {"() -> own cstring", ABIDE_KIND_CSTRING, true, false},
        {"() -> bytes", ABIDE_KIND_SEQ, false, false},
        {"() -> holder", ABIDE_KIND_STRUCT, false, false},
        {"(x u8, from holder) -> string from from", ABIDE_KIND_STRING, false, true},
        {"(x u8, y holder) -> name from y", ABIDE_KIND_NEWTYPE, false, true},
        {"(x u8, y holder) -> slice<u8> from y", ABIDE_KIND_SLICE, false, true},
        {"{params: {x: u8, y: holder}, returns: {type: string from y}}", ABIDE_KIND_STRING, false,
         true},
        {"{params: {x: u8}, returns: string}", ABIDE_KIND_STRING, true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char quoted[256];
        snprintf(quoted, sizeof quoted, cases[i].function[0] == '(' ? "'%s'" : "%s",
                 cases[i].function);
        const abide_signature *f = signature(*state, quoted);
        assert_int_equal(f->result->kind, cases[i].kind);
        assert_int_equal(f->result->is_own, cases[i].is_own);
        assert_int_equal(f->has_lender, cases[i].has_lender);
        assert_int_equal(f->lender, cases[i].has_lender);
    }
}

static void closures_of_a_file_give_away_their_results(void **state)
{
    const abide_iface *iface = parse(*state, "abide: 1\n"
                                             "types:\n"
                                             "  ask: callback () -> name\n"
                                             "  name: string\n");
    const abide_type *ask = abide_type__strip(abide_iface_type(iface, "ask"));
    assert_int_equal(ask->signature->result->kind, ABIDE_KIND_STRING);
    assert_true(ask->signature->result->is_own);
}

static void parameters_have_modes(void **state)
{
    const abide_signature *f =
        signature(*state, "{params: {a: out holder, b: {type: inout own string}, c: in u8, "
                          "d: own either, e: string}}");
    static const enum abide_mode modes[] = {ABIDE_MODE_OUT, ABIDE_MODE_INOUT, ABIDE_MODE_IN,
                                            ABIDE_MODE_IN, ABIDE_MODE_IN};
    static const bool own[] = {false, true, false, true, false};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(f->params[i].mode, modes[i]);
        assert_int_equal(f->params[i].is_own, own[i]);
    }
    assert_true(f->params[1].type->is_own);
    assert_string_equal(f->params[3].type->name, "either"); /* `own` changes nothing here */
}

static void forms_make_other_types(void **state)
{
    abide_ctx *ctx = *state;
    const abide_iface *iface = parse(ctx, "abide: 1\n"
                                          "forms: {string: nul, result: status, closure: fat}\n"
                                          "types:\n"
                                          "  s: {struct: {a: string, b: {type: string, form: "
                                          "counted}, c: own string}}\n"
                                          "  v: {variant: {a: u8}, form: flat}\n"
                                          "  n: {newtype: cstring, form: wide}\n"
                                          "  c: {closure: (), form: thin}\n"
                                          "functions:\n"
                                          "  f: (a string, c closure()) -> result<unit, u8>\n"
                                          "  g: {sig: (a string), forms: {string: counted}}\n"
                                          "  h: (a string)\n"
                                          "  i: {params: {a: {type: string, form: long}}}\n"
                                          "  j: () -> string\n");
    const abide_type *s = abide_iface_type(iface, "s");
    const abide_type *nul = s->fields[0].type;
    const abide_type *counted = s->fields[1].type;
    assert_string_equal(nul->form, "nul");
    assert_string_equal(counted->form, "counted");
    assert_string_equal(s->fields[2].type->form, "nul");
    assert_ptr_not_equal(nul, counted);
    assert_null(s->form);
    assert_string_equal(abide_iface_type(iface, "v")->form, "flat");
    assert_string_equal(abide_iface_type(iface, "n")->target->form, "wide");
    assert_string_equal(abide_iface_type(iface, "c")->target->form, "thin");
    assert_string_equal(abide_iface_signature(iface, "f")->params[1].type->form, "fat");
    assert_string_equal(abide_iface_signature(iface, "f")->result->form, "status");
    assert_ptr_equal(abide_iface_signature(iface, "f")->params[0].type, nul);
    assert_ptr_equal(abide_iface_signature(iface, "g")->params[0].type, counted);
    assert_ptr_equal(abide_iface_signature(iface, "h")->params[0].type, nul);
    assert_string_equal(abide_iface_signature(iface, "i")->params[0].type->form, "long");
    assert_string_equal(abide_iface_signature(iface, "j")->result->form, "nul");
    assert_ptr_not_equal(nul, abide_type_string(ctx)); /* no form: the ABI's first */
}

static void provided_functions_carry_the_package_s_name(void **state)
{
    const abide_iface *iface =
        parse_function(*state, "package: my-lib\nprovides: system@1\nversion: \"2.1\"\n",
                       "()\n  do-it: ()\n  named: {sig: (), symbol: other}");
    assert_string_equal(abide_iface_provides(iface), "system@1");
    assert_string_equal(abide_function_symbol(abide_iface_function(iface, "do-it")),
                        "my_lib_do_it");
    assert_string_equal(abide_function_symbol(abide_iface_function(iface, "named")), "other");
    assert_string_equal(abide_iface_type(iface, "gate")->destructor, "gate_drop");
    iface = parse_function(*state, "package: my-lib\n", "()\n  do-it: ()");
    assert_null(abide_iface_provides(iface));
    assert_string_equal(abide_function_symbol(abide_iface_function(iface, "do-it")), "do_it");
}

static void hooks_can_be_of_one_type(void **state)
{
    abide_ctx *ctx = *state;
    const abide_iface *iface = parse_function(
        ctx, "hooks: {load: start, new_seq: {holder: new_holders, own string: new_texts}}\n", "()");
    assert_int_equal(iface->hook_count, 3);
    assert_null(iface->hooks[0].type);
    assert_string_equal(iface->hooks[1].name, "new_seq");
    assert_ptr_equal(iface->hooks[1].type, abide_iface_type(iface, "holder"));
    assert_string_equal(iface->hooks[2].symbol, "new_texts");
    assert_true(iface->hooks[2].type->is_own);
}

static void a_whole_library_is_read(void **state)
{
    abide_ctx *ctx = *state;
    const abide_iface *iface = abide_iface_load(ctx, ABIDE_TEST_DIR "/data/chat.abi.yaml");
    assert_non_null(iface);
    assert_int_equal(abide_iface_type_count(iface), 12);
    assert_string_equal(abide_type_print(ctx, abide_iface_type(iface, "peer-id")->target),
                        "array<u8, 32>");
    const abide_function *start = abide_iface_function(iface, "start");
    assert_string_equal(abide_function_symbol(start), "chat_start");
    assert_string_equal(abide_signature_print(ctx, abide_function_signature(start)),
                        "(inst installation, bundle slice<u8>, first string) -> "
                        "result<own convo, error>");
}

static size_t warnings(abide_ctx *ctx)
{
    size_t count = 0;
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        count += strcmp(abide_diag_id(abide_ctx_diag_at(ctx, i)), "borrowed-result") == 0;
    return count;
}

static void lint_finds_borrowed_things_in_what_is_given_away(void **state)
{
    abide_ctx *ctx = *state;
    abide_iface_lint(ctx, ABIDE_TEST_DIR "/data/chat.abi.yaml");
    assert_int_equal(warnings(ctx), 0);
    abide_ctx_clear_diags(ctx);
    abide_iface_lint(ctx, ABIDE_TEST_DIR "/data/borrowed.abi.yaml");
    assert_int_equal(abide_ctx_diag_count(ctx), 6);
    assert_int_equal(warnings(ctx), 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(signatures_print_as_they_were_written, setup, teardown),
        cmocka_unit_test_setup_teardown(some_words_mean_others, setup, teardown),
        cmocka_unit_test_setup_teardown(names_of_a_file_come_before_newer_words, setup, teardown),
        cmocka_unit_test_setup_teardown(variants_have_cases_and_tags, setup, teardown),
        cmocka_unit_test_setup_teardown(options_and_results_are_sums, setup, teardown),
        cmocka_unit_test_setup_teardown(flags_and_enums_can_be_open, setup, teardown),
        cmocka_unit_test_setup_teardown(types_in_place_print_as_they_were_written, setup, teardown),
        cmocka_unit_test_setup_teardown(recursion_goes_through_what_owns_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(resources_become_handles, setup, teardown),
        cmocka_unit_test_setup_teardown(results_are_given_away_unless_lent, setup, teardown),
        cmocka_unit_test_setup_teardown(closures_of_a_file_give_away_their_results, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(parameters_have_modes, setup, teardown),
        cmocka_unit_test_setup_teardown(forms_make_other_types, setup, teardown),
        cmocka_unit_test_setup_teardown(provided_functions_carry_the_package_s_name, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(hooks_can_be_of_one_type, setup, teardown),
        cmocka_unit_test_setup_teardown(a_whole_library_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(lint_finds_borrowed_things_in_what_is_given_away, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
