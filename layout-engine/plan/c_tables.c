/* A table is a packed struct: entries at their offsets, and bytes without a name between them. */
#include "plan/c_tables.h"

#include "types/type.h"

#include <inttypes.h>

/* Of all tables: no module knows a larger alignment of what can stand in one. */
#define TABLE_ALIGN_BYTES 16

const char *abide_c_tables__method(abide_ctx *ctx, const struct abide_methods *methods,
                                   size_t method)
{
    return abide__printf(ctx, "abide_method_%" PRIu32 "_%zu", methods->serial, method);
}

static void declare_gap(abide_ctx *ctx, struct abide_text *text, uint64_t from_bytes,
                        uint64_t to_bytes)
{
    if (to_bytes > from_bytes)
        abide__text_printf(ctx, text, "    unsigned char gap_%" PRIu64 "[%" PRIu64 "];\n",
                           from_bytes, to_bytes - from_bytes);
}

static void declare(abide_ctx *ctx, struct abide_text *text,
                    const struct abide_routine_constant *table)
{
    uint64_t end_bytes = 0;
    abide__text_printf(ctx, text, "struct abide_table_%" PRIu32 " {\n", table->serial);
    for (size_t i = 0; i < table->entry_count; i++) {
        const struct abide_constant_entry *entry = &table->entries[i];
        declare_gap(ctx, text, end_bytes, entry->offset_bytes);
        if (entry->kind == ABIDE_TABLE_NUMBER)
            abide__text_printf(ctx, text, "    uint%" PRIu32 "_t at_%" PRIu64 ";\n",
                               entry->size_bytes * 8, entry->offset_bytes);
        else
            abide__text_printf(ctx, text, "    void (*at_%" PRIu64 ")(void);\n",
                               entry->offset_bytes);
        end_bytes = entry->offset_bytes + entry->size_bytes;
    }
    declare_gap(ctx, text, end_bytes, table->size_bytes);
    abide__text_printf(ctx, text,
                       "} __attribute__((packed, aligned(%d)));\n"
                       "static const struct abide_table_%" PRIu32 " abide_table_%" PRIu32 ";\n",
                       TABLE_ALIGN_BYTES, table->serial, table->serial);
}

const char *abide_c_tables__declarations(abide_ctx *ctx,
                                         const struct abide_routine_constant *const *tables,
                                         size_t count)
{
    struct abide_text text = {0};
    abide__text_add(ctx, &text, "", 0);
    for (size_t i = 0; i < count; i++)
        declare(ctx, &text, tables[i]);
    return text.chars;
}

static void define(const struct abide_c_routines *routines, struct abide_text *text,
                   const struct abide_routine_constant *table)
{
    abide_ctx *ctx = routines->ctx;
    abide__text_printf(ctx, text,
                       "static const struct abide_table_%" PRIu32 " abide_table_%" PRIu32 " = {\n",
                       table->serial, table->serial);
    for (size_t i = 0; i < table->entry_count; i++) {
        const struct abide_constant_entry *entry = &table->entries[i];
        abide__text_printf(ctx, text, "    .at_%" PRIu64 " = ", entry->offset_bytes);
        if (entry->kind == ABIDE_TABLE_NUMBER)
            abide__text_printf(ctx, text, "UINT64_C(0x%" PRIx64 "),\n", entry->number);
        else
            abide__text_printf(
                ctx, text, "(void (*)(void))%s,\n",
                entry->kind == ABIDE_TABLE_ROUTINE
                    ? abide_c_routines__name(routines, entry->routine)
                    : abide_c_tables__method(ctx, table->methods, (size_t)entry->number));
    }
    abide__text_printf(ctx, text, "};\n");
}

const char *abide_c_tables__definitions(const struct abide_c_routines *routines,
                                        const struct abide_routine_constant *const *tables,
                                        size_t count)
{
    struct abide_text text = {0};
    abide__text_add(routines->ctx, &text, "", 0);
    for (size_t i = 0; i < count; i++)
        define(routines, &text, tables[i]);
    return text.chars;
}
