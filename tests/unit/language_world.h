/* What tests of the language level share: modules of the project and of data/, interfaces in a line, prototypes. */
#ifndef TESTS_UNIT_LANGUAGE_WORLD_H
#define TESTS_UNIT_LANGUAGE_WORLD_H

#include "call/assignment.h"
#include "call/physical.h"
#include "cmocka_all.h"
#include "spec/language.h"
#include "types/iface.h"

#include <stdio.h>
#include <string.h>

#define TARGET "x86_64-linux-gnu"

static struct abide_guard language_guard;

static inline int setup(void **state)
{
    static const char *const dirs[] = {ABIDE_TEST_DIR "/data"};
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.module_dirs = dirs;
    options.module_dir_count = 1;
    abide_ctx *ctx = abide_ctx_new(&options);
    *state = ctx;
    return setjmp(*abide__guard_enter(ctx, &language_guard));
}

static inline int teardown(void **state)
{
    abide__guard_leave(*state, &language_guard);
    abide_ctx_free(*state);
    return 0;
}

static inline const abide_module *load_for(abide_ctx *ctx, const char *reference,
                                           const char *target)
{
    const abide_module *module = abide_module_load(ctx, reference, target);
    for (size_t i = 0; module == NULL && i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), stderr);
    assert_non_null(module);
    return module;
}

static inline const abide_module *load(abide_ctx *ctx, const char *reference)
{
    return load_for(ctx, reference, TARGET);
}

/* A signature, with what it needs under `types:`. */
static inline const abide_signature *parse(abide_ctx *ctx, const char *types, const char *function)
{
    const char *text =
        abide__printf(ctx, "abide: 1\ntypes:\n%s\nfunctions:\n  f: %s\n", types, function);
    const abide_iface *iface = abide_iface_parse(ctx, "test", text, strlen(text));
    for (size_t i = 0; iface == NULL && i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), stderr);
    assert_non_null(iface);
    return abide_iface_signature(iface, "f");
}

static inline const struct abide_physical *lower(abide_ctx *ctx, const char *reference,
                                                 const char *foreign, const char *types,
                                                 const char *function, bool env)
{
    return abide_physical__of(ctx, load(ctx, reference), parse(ctx, types, function),
                              foreign != NULL ? load(ctx, foreign) : NULL, env);
}

static inline const char *prototype(abide_ctx *ctx, const struct abide_physical *physical)
{
    assert_non_null(physical);
    abide_assignment assignment = {.physical = physical};
    return abide_assignment_prototype(ctx, &assignment, "f");
}

struct row {
    const char *module;
    const char *types;
    const char *function;
    const char *prototype;
};

static inline void check_rows(abide_ctx *ctx, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_string_equal(prototype(ctx, lower(ctx, rows[i].module, NULL, rows[i].types,
                                                 rows[i].function, false)),
                            rows[i].prototype);
}

#define CHECK_ROWS(ctx, rows) check_rows(ctx, rows, sizeof(rows) / sizeof *(rows))

#endif
