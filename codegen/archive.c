/*
 * Source: ar(5) of the GNU and of the BSD system. Numbers of the symbol table are big-endian in the one, and of the target's
 * endianness (little, here) in the other.
 */
#include "archive.h"

#include <string.h>

#define MAGIC        "!<arch>\n"
#define HEADER_BYTES 60
#define NAME_BYTES   16

static size_t round_up(size_t value, size_t align)
{
    return (value + align - 1) / align * align;
}

static void add_zeros(abide_ctx *ctx, struct abide_text *text, size_t count)
{
    static const char zeros[8];
    abide__text_add(ctx, text, zeros, count);
}

static void add_number(abide_ctx *ctx, struct abide_text *text, size_t value, bool big_endian)
{
    char bytes[4];
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(value >> 8 * (big_endian ? 3 - i : i));
    abide__text_add(ctx, text, bytes, sizeof bytes);
}

static void add_header(abide_ctx *ctx, struct abide_text *text, const char *name, size_t size_bytes,
                       unsigned mode)
{
    abide__text_printf(ctx, text, "%-16s%-12d%-6d%-6d%-8o%-10zu`\n", name, 0, 0, 0, mode,
                       size_bytes);
}

static void pad(abide_ctx *ctx, struct abide_text *text)
{
    if (text->length_bytes % 2)
        abide__text_add(ctx, text, "\n", 1);
}

static size_t names_bytes(const struct abide_archive_member *member)
{
    size_t total_bytes = 0;
    for (size_t i = 0; i < member->symbol_count; i++)
        total_bytes += strlen(member->symbols[i]) + 1;
    return total_bytes;
}

static void add_names(abide_ctx *ctx, struct abide_text *text,
                      const struct abide_archive_member *member)
{
    for (size_t i = 0; i < member->symbol_count; i++)
        abide__text_add(ctx, text, member->symbols[i], strlen(member->symbols[i]) + 1);
}

static void add_member(abide_ctx *ctx, struct abide_text *text,
                       const struct abide_archive_member *member)
{
    abide__text_add(ctx, text, member->bytes, member->size_bytes);
    pad(ctx, text);
}

/* Members "/" (symbols), "//" (long names, if the name is one), and the object file. */
static void write_gnu(abide_ctx *ctx, struct abide_text *text,
                      const struct abide_archive_member *member)
{
    size_t name_length_bytes = strlen(member->name);
    bool is_long = name_length_bytes >= NAME_BYTES;
    size_t table_bytes = round_up(4 + 4 * member->symbol_count + names_bytes(member), 2);
    size_t long_bytes = is_long ? round_up(name_length_bytes + 2, 2) : 0;
    size_t member_at =
        strlen(MAGIC) + HEADER_BYTES + table_bytes + (is_long ? HEADER_BYTES + long_bytes : 0);
    add_header(ctx, text, "/", table_bytes, 0);
    add_number(ctx, text, member->symbol_count, true);
    for (size_t i = 0; i < member->symbol_count; i++)
        add_number(ctx, text, member_at, true);
    add_names(ctx, text, member);
    add_zeros(ctx, text, text->length_bytes % 2);
    if (is_long) {
        add_header(ctx, text, "//", long_bytes, 0);
        abide__text_printf(ctx, text, "%s/\n", member->name);
        pad(ctx, text);
    }
    add_header(ctx, text, is_long ? "/0" : abide__printf(ctx, "%s/", member->name),
               member->size_bytes, 0100644);
    add_member(ctx, text, member);
}

/* Members "__.SYMDEF" and the object file, their names after their headers and aligned to 8 bytes. */
static void write_bsd(abide_ctx *ctx, struct abide_text *text,
                      const struct abide_archive_member *member)
{
    static const char table_name[] = "__.SYMDEF";
    const size_t table_name_bytes = 12; /* so that what follows its header is aligned */
    size_t strings_bytes = round_up(names_bytes(member), 8);
    size_t table_bytes = 4 + 8 * member->symbol_count + 4 + strings_bytes;
    size_t member_at = strlen(MAGIC) + HEADER_BYTES + table_name_bytes + table_bytes;
    size_t name_bytes =
        round_up(member_at + HEADER_BYTES + strlen(member->name) + 1, 8) - member_at - HEADER_BYTES;
    add_header(ctx, text, abide__printf(ctx, "#1/%zu", table_name_bytes),
               table_name_bytes + table_bytes, 0100644);
    abide__text_add(ctx, text, table_name, sizeof table_name - 1);
    add_zeros(ctx, text, table_name_bytes - (sizeof table_name - 1));
    add_number(ctx, text, 8 * member->symbol_count, false);
    for (size_t i = 0, at = 0; i < member->symbol_count; i++) {
        add_number(ctx, text, at, false);
        add_number(ctx, text, member_at, false);
        at += strlen(member->symbols[i]) + 1;
    }
    add_number(ctx, text, strings_bytes, false);
    add_names(ctx, text, member);
    add_zeros(ctx, text, strings_bytes - names_bytes(member));
    add_header(ctx, text, abide__printf(ctx, "#1/%zu", name_bytes), name_bytes + member->size_bytes,
               0100644);
    abide__text_add(ctx, text, member->name, strlen(member->name));
    add_zeros(ctx, text, name_bytes - strlen(member->name));
    add_member(ctx, text, member);
}

struct abide_text abide_archive__write(abide_ctx *ctx, enum abide_archive_format format,
                                       const struct abide_archive_member *member)
{
    struct abide_text text = {0};
    abide__text_printf(ctx, &text, MAGIC);
    switch (format) {
    case ABIDE_ARCHIVE_GNU: write_gnu(ctx, &text, member); break;
    case ABIDE_ARCHIVE_BSD: write_bsd(ctx, &text, member); break;
    }
    return text;
}
