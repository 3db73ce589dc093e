/*
 * Modules that are part of the library are trusted: mistakes are not looked for in them when they are loaded, and much of
 * them is read late. So whatever can be loaded of them has to pass as a file of somebody's, which is checked in full.
 */
#include "spec/compilers.h"
#include "spec/embedded.h"
#include "spec/language.h"
#include "spec/resolve.h"
#include "spec/rules.h"
#include "spec/search.h"

#include "abide/layout.h"
#include "abide/module.h"
#include "abide/type.h"

#include "spec_fixture.h"

#include <stdlib.h>
#include <string.h>

/*
 * What a context may allocate for a layout, in objects: a fifth more than it does. Such a count is the same on every machine,
 * and what makes questions slow (tests/bench/layout-floor.sh) is seen in it: texts, nodes and rules that nobody asked for.
 */
#define OBJECTS_OF_LAYOUT_MAX 1400

/* The text of a built-in module, in which the first `word` is `other` (NULL: as it is). */
static const char *text_of(abide_ctx *ctx, const struct abide_embedded *file, const char *word,
                           const char *other)
{
    const char *found = word ? strstr(file->text, word) : NULL;
    if (!word)
        return file->text;
    assert_non_null(found);
    return abide__printf(ctx, "%.*s%s%s", (int)(found - file->text), file->text, other,
                         found + strlen(word));
}

/* The module as a file of somebody's. */
static struct abide_spec_file *add_text(abide_ctx *ctx, const char *text)
{
    struct abide_spec_file *file =
        abide_search__add_source(ctx, abide_source__from_text(ctx, "mine", text, strlen(text)));
    assert_non_null(file);
    return file;
}

static void expect_no_errors(abide_ctx *ctx, const char *reference, const char *triple)
{
    if (abide_ctx_diag_count(ctx) > 0)
        fail_msg("%s for %s: %s", reference, triple, abide_diag_message(abide_ctx_diag_at(ctx, 0)));
}

/* Loads what both contexts know by this reference: `trusting` as built in, `checking` as a file. Whether there is such a one. */
static bool compare(abide_ctx *trusting, abide_ctx *checking, const char *reference,
                    const char *triple)
{
    const abide_module *module = abide_module_load(trusting, reference, triple);
    if (!module)
        return false;
    assert_true(module->is_built_in);
    const abide_module *checked = abide_module_load(checking, reference, triple);
    expect_no_errors(checking, reference, triple);
    assert_non_null(checked);
    assert_false(checked->is_built_in);
    return true;
}

/* Every value of every option; of a version one of each generation. */
static void compare_options(abide_ctx *trusting, abide_ctx *checking,
                            const struct abide_spec_file *file, const char *triple)
{
    static const char *const versions[] = {"1.0.0", "1.6.10", "2.0.0", "2.0.8", "2.2.0", "3.0.0"};
    const struct abide_option_decl *options;
    size_t count;
    assert_true(abide_language__read_options(checking, file->resolved, &options, &count));
    for (size_t i = 0; i < count; i++) {
        const char *const *values = options[i].is_version ? versions : options[i].values;
        size_t value_count =
            options[i].is_version ? sizeof versions / sizeof *versions : options[i].value_count;
        for (size_t j = 0; j < value_count; j++)
            compare(trusting, checking,
                    abide__printf(checking, "%s:%s=%s", file->name, options[i].name, values[j]),
                    triple);
    }
}

static bool is_abstract(const struct abide_spec_file *file)
{
    return abide_yaml__get(abide_yaml__get(file->tree, "module"), "abstract") != NULL;
}

/* All targets that the modules are the C ABI of. Gives how many the module could be loaded for. */
static size_t compare_targets(abide_ctx *trusting, abide_ctx *checking,
                              const struct abide_spec_file *file)
{
    const abide_module_info *infos;
    size_t count, found = 0;
    assert_true(abide_module_list(trusting, &infos, &count));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < infos[i].target_count; j++) {
            const char *triple = infos[i].targets[j];
            if (!compare(trusting, checking, file->name, triple))
                continue;
            if (found++ < 3)
                compare_options(trusting, checking, file, triple);
        }
    return found;
}

static void compare_all(abide_ctx *trusting, abide_ctx *checking, const char *text)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(checking, &guard)))
        fail();
    struct abide_spec_file *file = add_text(checking, text);
    assert_non_null(abide_resolve__tree(checking, file));
    size_t found = compare_targets(trusting, checking, file);
    if (is_abstract(file))
        assert_int_equal(found, 0);
    else if (found == 0)
        fail_msg("%s is for no target", file->name);
    abide__guard_leave(checking, &guard);
}

static void whatever_loads_is_without_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < abide__embedded_count; i++) {
        abide_ctx *trusting = open_ctx();
        abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
        options.embedded_only = true;
        abide_ctx *checking = abide_ctx_new(&options);
        assert_non_null(checking);
        compare_all(trusting, checking, abide__embedded[i].text);
        abide_ctx_free(checking);
        close_ctx(trusting);
    }
}

static const struct abide_embedded *embedded(const char *path)
{
    for (size_t i = 0; i < abide__embedded_count; i++)
        if (strcmp(abide__embedded[i].path, path) == 0)
            return &abide__embedded[i];
    fail_msg("%s is not built in", path);
    return NULL;
}

/* In the parts that are read late of built-in modules, too. */
static void mistakes_in_files_are_found_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *path, *word, *other, *diag;
    } rows[] = {
        {"machine/c-sysv.yaml", "pass: classes", "pass: clases", "bad-value"},
        {"machine/c-sysv.yaml", "\npredicates:\n", "\npredicates:\n  nobody: {sizes: 1}\n",
         "unknown-key"},
        {"machine/c-sysv.yaml", "\ndeviations:\n",
         "\ndeviations:\n  - {id: x, compiler: gcc, of: args, when: {sizes: 1}, example: x}\n",
         "unknown-key"},
        {"machine/c-sysv.yaml", "\nrepresent:\n", "\nrepresent:\n  slice: {strukt: {}}\n",
         "unknown-key"},
        {"language/system.yaml", "\nrepresent:\n", "\nrepresent:\n  slices: none\n", "unknown-key"},
        {"machine/c-sysv.yaml", "\noverrides:\n",
         "\noverrides:\n  nobody: {when: {os: nowhere}, bank: {}}\n", "unknown-key"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        abide_ctx *ctx = open_ctx();
        struct abide_spec_file *file =
            add_text(ctx, text_of(ctx, embedded(rows[i].path), rows[i].word, rows[i].other));
        assert_null(abide_module_load(ctx, file->name, "x86_64-linux-gnu"));
        assert_true(abide_ctx_diag_count(ctx) > 0);
        assert_string_equal(abide_diag_id(abide_ctx_diag_at(ctx, 0)), rows[i].diag);
        close_ctx(ctx);
    }
}

static void *count_objects(void *user, void *block, size_t size_bytes)
{
    if (!block)
        ++*(size_t *)user;
    if (size_bytes)
        return realloc(block, size_bytes);
    free(block);
    return NULL;
}

/* How many objects a context makes for the layout of a record, with the module's rules for calls or without. */
static size_t objects_of_layout(bool with_rules)
{
    size_t objects = 0;
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.embedded_only = true;
    options.allocator = (abide_allocator){count_objects, &objects};
    abide_ctx *ctx = abide_ctx_new(&options);
    assert_non_null(ctx);
    ctx->separate_blocks = true;
    const abide_module *c = abide_module_load(ctx, "c", "x86_64-linux-gnu");
    const abide_type *f64 = abide_type_scalar(ctx, "f64");
    const abide_member members[] = {{.name = "x", .type = f64}, {.name = "y", .type = f64}};
    const abide_type *point = abide_type_struct(ctx, "point", members, 2);
    assert_int_equal(abide_layout_size_bytes(abide_layout_of(ctx, c, point)), 16);
    assert_null(c->rules_text->rules);
    for (size_t i = 0; i < c->compilers->deviation_count; i++)
        assert_non_null(c->compilers->deviations[i].when);
    assert_non_null(c->language->represent->of_kind[ABIDE_KIND_SLICE].text);
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        fail();
    if (with_rules)
        assert_true(abide_module__rules(c)->args.count > 0);
    abide__guard_leave(ctx, &guard);
    abide_ctx_free(ctx);
    return objects;
}

/* The floor of a question is reading its module: what it does not ask for stays packed. */
static void a_layout_reads_no_more_than_it_needs(void **state)
{
    (void)state;
    size_t layout = objects_of_layout(false), with_rules = objects_of_layout(true);
    print_message("%zu objects for a layout, %zu with the rules of calls\n", layout, with_rules);
    assert_true(layout < OBJECTS_OF_LAYOUT_MAX);
    assert_true(with_rules > layout + 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_loads_is_without_mistakes),
        cmocka_unit_test(mistakes_in_files_are_found_at_once),
        cmocka_unit_test(a_layout_reads_no_more_than_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
