/* Modules beyond loading: the list, the text that can be loaded again, lint. */
#include "abide/layout.h"
#include "abide/module.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static abide_ctx *open_ctx(void)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.embedded_only = true;
    return abide_ctx_new(&options);
}

static const abide_module_info *find(const abide_module_info *infos, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(infos[i].name, name) == 0)
            return &infos[i];
    return NULL;
}

static void the_list_has_what_can_be_named(void **state)
{
    (void)state;
    abide_ctx *ctx = open_ctx();
    const abide_module_info *infos;
    size_t count;
    assert_true(abide_module_list(ctx, &infos, &count));
    const abide_module_info *info = find(infos, count, "aapcs64");
    assert_non_null(info);
    assert_string_equal(info->level, "machine");
    assert_null(info->path);
    assert_true(info->target_count > 0);
    assert_string_equal(info->targets[0], "aarch64-linux-gnu");
    assert_null(info->of);
    info = find(infos, count, "vectorcall");
    assert_non_null(info);
    assert_string_equal(info->of, "ms-x64");
    assert_int_equal(info->target_count, 0);
    assert_null(find(infos, count, "c-common")); /* only there to be extended */
    for (size_t i = 0; i < count; i++)
        if (strcmp(infos[i].level, "machine") == 0 && infos[i].target_count)
            assert_non_null(abide_module_load(ctx, infos[i].name, infos[i].targets[0]));
    abide_ctx_free(ctx);
}

static bool is_signed(const char *reference, const char *target, const char *type)
{
    abide_ctx *ctx = open_ctx();
    const abide_module *module = abide_module_load(ctx, reference, target);
    assert_non_null(module);
    const abide_layout *layout = abide_layout_of(ctx, module, abide_type_scalar(ctx, type));
    assert_non_null(layout);
    bool found = abide_layout_is_signed(layout);
    abide_ctx_free(ctx);
    return found;
}

static void layouts_tell_signs(void **state)
{
    (void)state;
    assert_true(is_signed("c", "x86_64-linux-gnu", "c_char"));
    assert_false(is_signed("c", "aarch64-linux-gnu", "c_char"));
    assert_true(is_signed("c", "aarch64-linux-gnu", "c_schar"));
    assert_false(is_signed("c", "x86_64-linux-gnu", "u32"));
    assert_false(is_signed("c", "x86_64-linux-gnu", "bool"));
    assert_false(is_signed("c", "x86_64-linux-gnu", "f64"));
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* What is printed is a module file, and says the same. */
static void check_print(const char *reference, const char *target)
{
    abide_ctx *ctx = open_ctx();
    const abide_module *module = abide_module_load(ctx, reference, target);
    assert_non_null(module);
    const char *text = abide_module_print(ctx, module);
    assert_null(strstr(text, "extends:"));
    write_file("printed.yaml", text);
    abide_ctx *other = open_ctx();
    const abide_module *again = abide_module_load(other, "./printed.yaml", target);
    for (size_t i = 0; !again && i < abide_ctx_diag_count(other); i++)
        print_error("%s", abide_diag_print(other, abide_ctx_diag_at(other, i), false));
    assert_non_null(again);
    assert_string_equal(abide_module_print(other, again), text);
    remove("printed.yaml");
    abide_ctx_free(other);
    abide_ctx_free(ctx);
}

static void a_printed_module_can_be_loaded_again(void **state)
{
    (void)state;
    check_print("c", "x86_64-linux-gnu");
    check_print("c", "aarch64-linux-gnu");
    check_print("nim-cgen", "x86_64-linux-gnu");
}

static size_t count_findings(abide_ctx *ctx, const char *id)
{
    size_t count = 0;
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        count += strcmp(abide_diag_id(abide_ctx_diag_at(ctx, i)), id) == 0;
    return count;
}

static void lint_names_rules_without_a_source(void **state)
{
    (void)state;
    write_file("linted.yaml", "abide: 1\n"
                              "module: {name: linted, version: 1.0.0, level: machine, "
                              "extends: c-sysv@1}\n"
                              "args_first:\n"
                              "  - {id: tiny, when: {size: 1}, pass: stack}\n");
    abide_ctx *ctx = open_ctx();
    abide_module_lint(ctx, "linted.yaml");
    for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
        if (abide_diag_severity(abide_ctx_diag_at(ctx, i)) == ABIDE_SEVERITY_ERROR)
            fail_msg("%s", abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
    assert_int_equal(count_findings(ctx, "rule-without-source"), 1);
    abide_ctx_free(ctx);
    remove("linted.yaml");
}

static void lint_reports_the_mistakes_of_a_module(void **state)
{
    (void)state;
    write_file("linted.yaml", "abide: 1\n"
                              "module: {name: linted, version: 1.0.0, level: machine, "
                              "extends: c-sysv@1}\n"
                              "stack: {slto: 8}\n");
    abide_ctx *ctx = open_ctx();
    abide_module_lint(ctx, "linted.yaml");
    assert_int_equal(count_findings(ctx, "unknown-key"), 1);
    abide_ctx_free(ctx);
    remove("linted.yaml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_has_what_can_be_named),
        cmocka_unit_test(layouts_tell_signs),
        cmocka_unit_test(a_printed_module_can_be_loaded_again),
        cmocka_unit_test(lint_names_rules_without_a_source),
        cmocka_unit_test(lint_reports_the_mistakes_of_a_module),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
