/* Input texts: from memory, from files, and places in them. */
#include "base/source.h"

#include "base/diag.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The most that is looked at to find the line of a place: many are asked for places in one large file. */
#define BLOCK_BYTES ((size_t)4096)

/* The line of byte `at_bytes`, which is `line` or one behind it. */
static struct abide_source_line line_of(const char *text, struct abide_source_line line,
                                        size_t at_bytes)
{
    for (const char *end;
         (end = memchr(text + line.start_bytes, '\n', at_bytes - line.start_bytes)); line.number++)
        line.start_bytes = (size_t)(end - text) + 1;
    return line;
}

static const struct abide_source_line *lines_of_blocks(abide_ctx *ctx, const char *text,
                                                       size_t length_bytes)
{
    if (length_bytes < BLOCK_BYTES)
        return NULL;
    size_t count = length_bytes / BLOCK_BYTES + 1;
    struct abide_source_line *lines = abide__alloc(ctx, count * sizeof *lines), line = {0, 1};
    for (size_t block = 0; block < count; block++) {
        line = line_of(text, line, block * BLOCK_BYTES);
        lines[block] = line;
    }
    return lines;
}

/* `text` has a NUL at length_bytes. */
struct abide_source *abide_source__around(abide_ctx *ctx, const char *name, const char *text,
                                          size_t length_bytes)
{
    struct abide_source *source = abide__new(ctx, struct abide_source);
    *source = (struct abide_source){.name = abide__intern_text(ctx, name),
                                    .text = text,
                                    .length_bytes = length_bytes,
                                    .lines = lines_of_blocks(ctx, text, length_bytes)};
    return source;
}

static void report_too_large(abide_ctx *ctx, const char *name)
{
    abide__report(ctx, ABIDE_CODE_FILE_TOO_LARGE, ABIDE_NOWHERE, "%s: more than %zu MiB",
                  abide__quote(ctx, name), ABIDE_SOURCE_MAX_BYTES >> 20);
}

const struct abide_source *abide_source__from_text(abide_ctx *ctx, const char *name,
                                                   const char *text, size_t length_bytes)
{
    char *copy = abide__alloc(ctx, length_bytes + 1);
    if (length_bytes)
        memcpy(copy, text, length_bytes);
    return abide_source__around(ctx, name, copy, length_bytes);
}

static void close_file(void *file)
{
    if (file != stdin)
        fclose(file);
}

static void report_unreadable(abide_ctx *ctx, const char *path, int reason)
{
    bool missing = reason == ENOENT || reason == ENOTDIR;
    abide__report(ctx, missing ? ABIDE_CODE_MISSING_FILE : ABIDE_CODE_UNREADABLE_FILE,
                  ABIDE_NOWHERE, "%s: %s", abide__quote(ctx, path), strerror(reason));
}

/* All of a file that may also be a pipe. NULL: reported. */
static char *read_all(abide_ctx *ctx, FILE *file, const char *path, size_t expected_bytes,
                      size_t *length_bytes)
{
    size_t capacity_bytes =
        expected_bytes + 2; /* room for the terminator, and to see the end without growing */
    char *text = abide__alloc(ctx, capacity_bytes);
    *length_bytes = 0;
    for (;;) {
        errno = 0;
        size_t read_bytes =
            fread(text + *length_bytes, 1, capacity_bytes - 1 - *length_bytes, file);
        *length_bytes += read_bytes;
        if (ferror(file)) {
            report_unreadable(ctx, path, errno ? errno : EIO);
            return NULL;
        }
        if (*length_bytes > ABIDE_SOURCE_MAX_BYTES) {
            report_too_large(ctx, path);
            return NULL;
        }
        if (read_bytes == 0)
            return text;
        while (*length_bytes + 1 >= capacity_bytes)
            text = abide__vec_grow(ctx, text, capacity_bytes, &capacity_bytes, 1);
    }
}

/* What stat tells about a regular file's size; 4 KiB for a pipe, a device, standard input. */
static uint64_t expected_size_bytes(FILE *file)
{
    struct stat status;
    if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0)
        return 4096;
    return (uint64_t)status.st_size;
}

/* NULL: reported. */
static char *read_within_limit(abide_ctx *ctx, FILE *file, const char *path, size_t *length_bytes)
{
    uint64_t expected_bytes = expected_size_bytes(file);
    if (expected_bytes > ABIDE_SOURCE_MAX_BYTES) {
        report_too_large(ctx, path);
        return NULL;
    }
    return read_all(ctx, file, path, (size_t)expected_bytes, length_bytes);
}

static void remember_input(abide_ctx *ctx, const char *path)
{
    path = abide__intern_text(ctx, path);
    for (size_t i = 0; i < ctx->input_count; i++)
        if (ctx->inputs[i] == path)
            return;
    ctx->inputs = abide__vec_grow(ctx, ctx->inputs, ctx->input_count, &ctx->input_capacity,
                                  sizeof *ctx->inputs);
    ctx->inputs[ctx->input_count++] = path;
}

const char *abide_ctx_input_at(const abide_ctx *ctx, size_t index)
{
    return index < ctx->input_count ? ctx->inputs[index] : NULL;
}

/* Devices such as /dev/zero never end; a terminal does. */
static bool is_endless(FILE *file)
{
    struct stat status;
    return fstat(fileno(file), &status) == 0 &&
           (S_ISBLK(status.st_mode) || (S_ISCHR(status.st_mode) && !isatty(fileno(file))));
}

/* NULL: reported. */
static FILE *open_file(abide_ctx *ctx, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        report_unreadable(ctx, path, errno);
        return NULL;
    }
    if (!is_endless(file))
        return file;
    fclose(file);
    abide__report(ctx, ABIDE_CODE_UNREADABLE_FILE, ABIDE_NOWHERE, "%s: a device, not a file",
                  abide__quote(ctx, path));
    return NULL;
}

const struct abide_source *abide_source__from_file(abide_ctx *ctx, const char *path)
{
    bool standard_input = strcmp(path, "-") == 0;
    FILE *file = standard_input ? stdin : open_file(ctx, path);
    if (!file)
        return NULL;
    struct abide_resource resource;
    abide__guard_own(ctx, &resource, close_file, file);
    size_t length_bytes;
    char *text = read_within_limit(ctx, file, path, &length_bytes);
    abide__guard_release(ctx, &resource);
    if (!text)
        return NULL;
    text[length_bytes] = '\0';
    if (!standard_input)
        remember_input(ctx, path);
    return abide_source__around(ctx, standard_input ? "<stdin>" : path, text, length_bytes);
}

/* How many bytes of a line are marked: a word, or one byte. */
static size_t mark_bytes(const char *text, size_t length_bytes)
{
    static const char in_words[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    size_t word_bytes = strspn(text, in_words);
    return word_bytes ? word_bytes : length_bytes ? 1 : 0;
}

struct abide_place abide_source__foreign_place(abide_ctx *ctx, abide_position position,
                                               const char *line_text)
{
    size_t length_bytes = line_text ? strcspn(line_text, "\r\n") : 0;
    size_t before_bytes = position.column ? position.column - 1 : 0;
    struct abide_source *source = abide__new(ctx, struct abide_source);
    *source = *abide_source__from_text(ctx, position.file, line_text, length_bytes);
    source->lines_before = position.line ? position.line - 1 : 0;
    source->is_unseen = !line_text;
    if (!line_text) {
        source->columns_before = (unsigned)before_bytes;
        return (struct abide_place){source, 0, 0};
    }
    if (before_bytes > length_bytes)
        before_bytes = length_bytes;
    if (position.column == 0)
        return (struct abide_place){source, strspn(source->text, " \t"), length_bytes};
    return (struct abide_place){
        source, before_bytes,
        before_bytes + mark_bytes(source->text + before_bytes, length_bytes - before_bytes)};
}

struct abide_place abide_place__within(struct abide_place place, size_t offset_bytes,
                                       size_t length_bytes)
{
    size_t room_bytes = place.end_bytes - place.start_bytes;
    if (offset_bytes > room_bytes)
        offset_bytes = room_bytes;
    if (length_bytes > room_bytes - offset_bytes)
        length_bytes = room_bytes - offset_bytes;
    place.start_bytes += offset_bytes;
    place.end_bytes = place.start_bytes + length_bytes;
    return place;
}

/* Code points in [start, end): bytes that do not continue a UTF-8 sequence. */
static unsigned count_code_points(const char *start, const char *end)
{
    unsigned count = 0;
    for (; start < end; start++)
        count += ((unsigned char)*start & 0xC0) != 0x80;
    return count;
}

abide_position abide_place__position(struct abide_place place)
{
    if (!place.source)
        return (abide_position){NULL, 0, 0};
    const struct abide_source *source = place.source;
    struct abide_source_line line = {0, 1};
    if (source->lines)
        line = source->lines[place.start_bytes / BLOCK_BYTES];
    line = line_of(source->text, line, place.start_bytes);
    unsigned column =
        count_code_points(source->text + line.start_bytes, source->text + place.start_bytes) + 1;
    return (abide_position){source->name, line.number + source->lines_before,
                            column + source->columns_before};
}
