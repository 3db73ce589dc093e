/* Where modules are found, and what extending one makes of it. */
#include "spec/search.h"

#include "abide/module.h"
#include "base/diag.h"
#include "spec/module.h"
#include "spec/resolve.h"
#include "spec/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "spec_fixture.h"

static char folder[] = "/tmp/abide-search-XXXXXX";

static void write_module(const char *file, const char *name, const char *version, const char *rest)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fprintf(out, "abide: 1\nmodule: {name: %s, version: %s, level: machine, extends: c-sysv@1}\n%s",
            name, version, rest);
    fclose(out);
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    char path[256];
    snprintf(path, sizeof path, "%s/machine", folder);
    mkdir(path, 0700);
    write_module("two.yaml", "two", "1.0.0", "");
    write_module("two@1.3.0.yaml", "two", "1.3.0", "");
    write_module("machine/two@2.1.0.yaml", "two", "2.1.0", "");
    write_module("misnamed.yaml", "other", "1.0.0", "");
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[256];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static abide_ctx *open_folder(void)
{
    static const char *const dirs[] = {folder};
    return open_ctx_with(dirs, 1);
}

static void expect_version(const char *reference, const char *version)
{
    abide_ctx *ctx = open_folder();
    const abide_module *module = abide_module_load(ctx, reference, "x86_64-linux-gnu");
    if (!module)
        fail_msg("%s: %s", reference, abide_diag_message(abide_ctx_diag_at(ctx, 0)));
    assert_string_equal(abide_module_version(module), version);
    close_ctx(ctx);
}

static void the_newest_version_that_fits_is_taken(void **state)
{
    (void)state;
    expect_version("two", "2.1.0");
    expect_version("two@1", "1.3.0");
    expect_version("two@1.0.0", "1.3.0");
    expect_version("two@2", "2.1.0");
}

static void expect_refusal(const char *reference, const char *id)
{
    abide_ctx *ctx = open_folder();
    assert_null(abide_module_load(ctx, reference, "x86_64-linux-gnu"));
    assert_string_equal(only_diag(ctx), id);
    close_ctx(ctx);
}

static void what_is_not_there_is_said(void **state)
{
    (void)state;
    expect_refusal("two@3", "unknown-module");
    expect_refusal("twoo", "unknown-module");
    expect_refusal("misnamed", "module-name");
    expect_refusal("./not-there.yaml", "missing-file");
    expect_refusal("c/fastcall", "unknown-module");
}

static void a_file_comes_before_all_places(void **state)
{
    (void)state;
    abide_ctx *ctx = open_folder();
    char path[256];
    snprintf(path, sizeof path, "%s/two.yaml", folder);
    assert_true(abide_module_add_file(ctx, path));
    const abide_module *module = abide_module_load(ctx, "two", "x86_64-linux-gnu");
    assert_string_equal(abide_module_version(module), "1.0.0");
    close_ctx(ctx);
}

/* A module from text; `text` follows the head. */
static const abide_module *load_text(abide_ctx *ctx, const char *head, const char *text)
{
    const char *all = abide__printf(ctx, "abide: 1\nmodule: {%s}\n%s", head, text);
    const struct abide_source *source = abide_source__from_text(ctx, "text.yaml", all, strlen(all));
    struct abide_spec_file *file = abide_search__add_source(ctx, source);
    return file ? abide_module_load(ctx, file->name, "x86_64-linux-gnu") : NULL;
}

#define CHILD "name: child, version: 1.0.0, level: machine, extends: c-sysv@1"

static void mappings_merge_and_lists_are_replaced(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_module *child = load_text(
        ctx, CHILD, "banks: {int: {regs: rdi rsi}}\nstack: {red_zone: 0}\npreserved: [rbx]\n");
    assert_non_null(child);
    assert_int_equal(child->banks[0]->register_count, 2);
    assert_int_equal(child->banks[0]->width_bytes, 8); /* taken over */
    assert_int_equal(child->stack.red_zone_bytes, 0);
    assert_int_equal(child->stack.align_bytes, 16);
    assert_int_equal(child->preserved_count, 1);
    assert_null(child->summary); /* a module's own */
    close_ctx(ctx);
}

static void null_deletes_and_first_rules_stand_first(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_module *child =
        load_text(ctx, CHILD,
                  "data: {scalars: {i128: null}}\nvariadic: null\n"
                  "args_first: [{id: odd, when: {size: 3}, pass: stack}]\n");
    assert_non_null(child);
    assert_int_equal(child->data->scalars[ABIDE_SCALAR_I128].size_bytes, 0);
    assert_int_equal(child->data->scalars[ABIDE_SCALAR_U128].size_bytes, 0);
    assert_null(child->vector_count_register);
    assert_string_equal(abide_module__rules(child)->args.items[0].origin.id, "odd");
    assert_string_equal(abide_module__rules(child)->args.items[1].origin.id, "empty");
    close_ctx(ctx);
}

static void triples_are_not_taken_over(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    assert_non_null(load_text(ctx, CHILD, ""));
    const abide_module *c = abide_module_load(ctx, "c", "x86_64-linux-gnu");
    assert_string_equal(abide_module_name(c), "c-sysv");
    close_ctx(ctx);
}

static void one_triple_has_one_module(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    assert_null(load_text(ctx, CHILD, "target: {triples: {x86_64-linux-gnu: }}\n"));
    assert_string_equal(only_diag(ctx), "ambiguous-target");
    close_ctx(ctx);
}

static void a_variant_declares_what_it_is_of(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    assert_non_null(load_text(ctx, CHILD ", of: c-sysv, convention: quick", ""));
    const abide_module *quick = abide_module_load(ctx, "c/quick", "x86_64-linux-gnu");
    assert_non_null(quick);
    assert_string_equal(abide_module_name(quick), "child");
    close_ctx(ctx);
}

static void a_module_may_not_lower_to_itself(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    assert_null(load_text(ctx, "name: loop, version: 1.0.0, level: language",
                          "lowers_to: loop\nparams: [{id: v, pass: value}]\n"
                          "results: [{id: v, pass: value}]\n"));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "lowering-cycle");
    /* Nothing of it is left in the way. */
    assert_non_null(abide_module_load(ctx, "c", "x86_64-linux-gnu"));
    close_ctx(ctx);
}

static void deep_predicates_are_refused_not_followed(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    struct abide_text text = {0};
    abide__text_printf(ctx, &text, "predicates:\n");
    for (unsigned i = 0; i < 40; i++)
        abide__text_printf(ctx, &text, "  p%u: [p%u, p%u]\n", i, i + 1, i + 1);
    abide__text_printf(ctx, &text, "  p40: {size: 8}\n");
    assert_null(load_text(ctx, CHILD, text.chars));
    assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), "condition-too-large");
    close_ctx(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_version_that_fits_is_taken),
        cmocka_unit_test(what_is_not_there_is_said),
        cmocka_unit_test(a_file_comes_before_all_places),
        cmocka_unit_test(mappings_merge_and_lists_are_replaced),
        cmocka_unit_test(null_deletes_and_first_rules_stand_first),
        cmocka_unit_test(triples_are_not_taken_over),
        cmocka_unit_test(one_triple_has_one_module),
        cmocka_unit_test(a_variant_declares_what_it_is_of),
        cmocka_unit_test(a_module_may_not_lower_to_itself),
        cmocka_unit_test(deep_predicates_are_refused_not_followed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
