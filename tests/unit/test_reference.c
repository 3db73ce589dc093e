/*
 * abi-specs/interface.md agrees with the reader: its tables are those of the schemas, and its examples are read.
 * UPDATE_GOLDEN=1 writes the tables.
 */
#include "abide/iface.h"
#include "cmocka_all.h"
#include "types/iface_schema.h"
#include "types/type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE ABIDE_SOURCE_DIR "/abi-specs/interface.md"

static struct abide_guard guard;

static int setup(void **state)
{
    abide_ctx *ctx = abide_ctx_new(NULL);
    *state = ctx;
    return setjmp(*abide__guard_enter(ctx, &guard));
}

static int teardown(void **state)
{
    abide__guard_leave(*state, &guard);
    abide_ctx_free(*state);
    return 0;
}

static const char *shapes_text(unsigned shapes)
{
    switch (shapes & (ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE | ABIDE_SHAPE_MAPPING)) {
    case ABIDE_SHAPE_SCALAR: return "value";
    case ABIDE_SHAPE_MAPPING: return "mapping";
    case ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE: return "value, list";
    case ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING: return "value, mapping";
    case ABIDE_SHAPE_SEQUENCE | ABIDE_SHAPE_MAPPING: return "list, mapping";
    default: return "?";
    }
}

static void add_keys(abide_ctx *ctx, struct abide_text *out, const struct abide_schema *schema)
{
    abide__text_printf(ctx, out, "| key | takes | says |\n|---|---|---|\n");
    for (size_t i = 0; i < schema->key_count; i++) {
        const struct abide_key *key = &schema->keys[i];
        abide__text_printf(ctx, out, "| `%s`%s | %s | %s |\n", key->name,
                           key->required ? " (required)" : "", shapes_text(key->shapes), key->doc);
    }
}

static void add_scalars(abide_ctx *ctx, struct abide_text *out)
{
    static const char *const groups[] = {"truth value", "signed", "unsigned", "float"};
    abide__text_printf(ctx, out, "| name | kind | bytes | in C |\n|---|---|---|---|\n");
    for (size_t i = 0; i < ABIDE_SCALAR_COUNT; i++) {
        const struct abide_scalar_info *scalar = &abide__scalars[i];
        abide__text_printf(ctx, out, "| `%s` | %s | ", scalar->name, groups[scalar->group]);
        if (scalar->size_bytes)
            abide__text_printf(ctx, out, "%u", (unsigned)scalar->size_bytes);
        else
            abide__text_printf(ctx, out, "target");
        abide__text_printf(ctx, out, " | `%s` |\n", scalar->c_name);
    }
}

/* The table that belongs behind a marker; false: it is none of ours. */
static bool add_table(abide_ctx *ctx, struct abide_text *out, const char *marker)
{
    const struct abide_schema *schema;
    if (strncmp(marker, "<!-- scalars -->", 16) == 0) {
        add_scalars(ctx, out);
        return true;
    }
    for (size_t i = 0; (schema = abide_iface__schema_at(i)); i++) {
        const char *expected = abide__printf(ctx, "<!-- keys: %s -->", schema->what);
        if (strncmp(marker, expected, strlen(expected)) == 0) {
            add_keys(ctx, out, schema);
            return true;
        }
    }
    return false;
}

static const char *read_reference(abide_ctx *ctx)
{
    const struct abide_source *source = abide_source__from_file(ctx, REFERENCE);
    assert_non_null(source);
    return source->text;
}

/* The reference with its tables as the schemas have them. */
static const char *with_tables(abide_ctx *ctx, const char *text, size_t *table_count)
{
    struct abide_text out = {0};
    *table_count = 0;
    for (const char *line = text; *line;) {
        const char *end = strchr(line, '\n') + 1;
        abide__text_add(ctx, &out, line, (size_t)(end - line));
        if (strncmp(line, "<!-- ", 5) == 0 && strncmp(line, "<!-- end", 8) != 0) {
            assert_true(add_table(ctx, &out, line));
            ++*table_count;
            end = strstr(end, "<!-- end -->");
            assert_non_null(end);
        }
        line = end;
    }
    return out.chars;
}

static void tables_are_those_of_the_schemas(void **state)
{
    abide_ctx *ctx = *state;
    size_t table_count;
    size_t schema_count = 0;
    const char *text = read_reference(ctx);
    const char *expected = with_tables(ctx, text, &table_count);
    while (abide_iface__schema_at(schema_count))
        schema_count++;
    assert_int_equal(table_count, schema_count + 1);
    if (strcmp(text, expected) != 0 && getenv("UPDATE_GOLDEN")) {
        FILE *file = fopen(REFERENCE, "w");
        assert_non_null(file);
        fputs(expected, file);
        fclose(file);
    } else {
        assert_string_equal(text, expected);
    }
}

static void examples_are_read(void **state)
{
    abide_ctx *ctx = *state;
    size_t count = 0;
    for (const char *at = read_reference(ctx); (at = strstr(at, "```yaml\n")); count++) {
        at += 8;
        const char *end = strstr(at, "```");
        assert_non_null(end);
        const abide_iface *iface = abide_iface_parse(ctx, "example", at, (size_t)(end - at));
        for (size_t i = 0; i < abide_ctx_diag_count(ctx); i++)
            print_message("%s", abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false));
        assert_non_null(iface);
        at = end + 3;
    }
    assert_true(count >= 9);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(tables_are_those_of_the_schemas),
        TEST(examples_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
