/* Where installed modules are, and which of them are copies of what is embedded. */
#include "spec/installed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"

static void the_prefix_is_found_from_the_library(void **state)
{
    (void)state;
    abide_ctx *ctx = abide_ctx_new(NULL);
    assert_string_equal(abide_installed__beside(ctx, "/opt/a/lib/libabide.so.0.1", "lib", "share"),
                        "/opt/a/share/abide/abi-specs");
    assert_string_equal(abide_installed__beside(ctx, "/usr/lib/x86/libabide.so", "lib/x86", "data"),
                        "/usr/data/abide/abi-specs");
    assert_string_equal(abide_installed__beside(ctx, "/lib/libabide.so", "lib", "share"),
                        "/share/abide/abi-specs");
    assert_null(abide_installed__beside(ctx, "/opt/a/mylib/libabide.so", "lib", "share"));
    assert_null(abide_installed__beside(ctx, "lib/libabide.so", "lib", "share"));
    assert_null(abide_installed__beside(ctx, "libabide.so", "lib", "share"));
    assert_null(abide_installed__beside(ctx, "/opt/a/lib/libabide.so", "/opt/a/lib", "share"));
    /* This program is not our library, so it is not asked where it lies. */
    assert_string_equal(abide_installed__modules(ctx), ABIDE_INSTALLED_MODULES);
    abide_ctx_free(ctx);
}

/* The embedded module `of` is written to a folder of its own, with `more` behind it; whether that is taken for a copy. */
static const struct abide_embedded *written(const struct abide_embedded *of, size_t length_bytes,
                                            const char *more)
{
    char folder[] = "/tmp/abide-installed-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[256], command[300];
    snprintf(command, sizeof command, "mkdir %s/machine %s/language", folder, folder);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof path, "%s/%s", folder, of->path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(of->text, 1, length_bytes, file);
    fputs(more, file);
    fclose(file);
    const struct abide_embedded *original = abide_installed__original(path);
    bool has_size = length_bytes + strlen(more) == of->length_bytes;
    assert_ptr_equal(abide_installed__likely_original(path), has_size ? of : NULL);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    return original;
}

static void only_copies_are_taken_for_copies(void **state)
{
    (void)state;
    const struct abide_embedded *first = abide__embedded;
    assert_ptr_equal(written(first, first->length_bytes, ""), first);
    assert_null(written(first, first->length_bytes, "\n"));
    assert_null(written(first, first->length_bytes - 1, ""));
    assert_null(written(first, first->length_bytes - 1, "#"));
    assert_null(written(first, 0, ""));
    assert_null(abide_installed__original("/nowhere/at/all.yaml"));
    assert_null(abide_installed__original("/nowhere/machine"));
    assert_null(abide_installed__likely_original("machine"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_prefix_is_found_from_the_library),
        cmocka_unit_test(only_copies_are_taken_for_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
