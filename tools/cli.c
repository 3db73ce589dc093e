/* Memory and messages of a run. */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every block starts with a link, so that a leak checker finds nothing left at the end. */
struct block {
    _Alignas(max_align_t) struct block *next;
};

static struct block *blocks;

void cli_no_memory(void)
{
    static const char message[] = "abide: error: no memory [out-of-memory]\n";
    ssize_t ignored = write(STDERR_FILENO, message, sizeof message - 1);
    (void)ignored;
    _exit(STATUS_INTERNAL);
}

void cli_bug(const char *what)
{
    fprintf(stderr, "abide: internal error: %s; please report this\n", what);
    _exit(STATUS_INTERNAL);
}

void *cli_alloc(size_t count, size_t size_bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, size_bytes, &total) ||
        __builtin_add_overflow(total, sizeof(struct block), &total))
        cli_no_memory();
    struct block *block = calloc(1, total);
    if (!block)
        cli_no_memory();
    block->next = blocks;
    blocks = block;
    return block + 1;
}

char *cli_copy(const char *chars, size_t length_bytes)
{
    char *copy = cli_alloc(length_bytes + 1, 1);
    memcpy(copy, chars, length_bytes);
    return copy;
}

void *cli_grow(void *items, size_t count, size_t *capacity, size_t item_bytes)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    void *larger = cli_alloc(*capacity, item_bytes);
    if (count)
        memcpy(larger, items, count * item_bytes);
    return larger;
}

static char *format_text(const char *format, va_list arguments)
{
    char buffer[256]; /* most texts are printed once */
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    if (length < 0)
        cli_no_memory();
    char *chars = cli_alloc((size_t)length + 1, 1);
    if ((size_t)length < sizeof buffer)
        memcpy(chars, buffer, (size_t)length + 1);
    else
        vsnprintf(chars, (size_t)length + 1, format, again);
    va_end(again);
    return chars;
}

char *cli_printf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *chars = format_text(format, arguments);
    va_end(arguments);
    return chars;
}

void cli_free_all(void)
{
    while (blocks) {
        struct block *block = blocks;
        blocks = block->next;
        free(block);
    }
}

/* What an error means to a script. An id that is not here is bad input. */
static const struct {
    const char *id;
    enum status status;
} statuses[] = {
    {"out-of-memory", STATUS_INTERNAL},    {"unknown-target", STATUS_ABSENT},
    {"unsupported-target", STATUS_ABSENT}, {"unsupported-convention", STATUS_ABSENT},
    {"not-built-in", STATUS_ABSENT},       {"not-yet-supported", STATUS_ABSENT},
    {"import-changed", STATUS_NO},         {"binary-differs", STATUS_NO},
    {"layout-mismatch", STATUS_NO},        {"cannot-adapt", STATUS_NO},
    {"cannot-say-in-c", STATUS_NO},        {"cannot-emit", STATUS_NO},
    {"variadic-adapter", STATUS_NO},       {"symbol-collision", STATUS_NO},
    {"requirement-not-met", STATUS_NO},    {"fingerprint-mismatch", STATUS_NO},
    {"prefix-required", STATUS_USAGE},     {"unknown-verb", STATUS_USAGE},
    {"unknown-option", STATUS_USAGE},      {"bad-option-value", STATUS_USAGE},
    {"bad-response-file", STATUS_USAGE},   {"missing-operand", STATUS_USAGE},
    {"unexpected-operand", STATUS_USAGE},
};

static enum status status_of(const char *id)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (strcmp(statuses[i].id, id) == 0)
            return statuses[i].status;
    return STATUS_INPUT;
}

static const abide_diag *first_error(const struct cli *cli)
{
    for (size_t i = 0; i < abide_ctx_diag_count(cli->ctx); i++) {
        const abide_diag *diag = abide_ctx_diag_at(cli->ctx, i);
        if (abide_diag_severity(diag) == ABIDE_SEVERITY_ERROR)
            return diag;
    }
    return NULL;
}

bool cli_has_errors(const struct cli *cli)
{
    return first_error(cli) != NULL;
}

enum status cli_failure(const struct cli *cli)
{
    const abide_diag *diag = first_error(cli);
    return diag ? status_of(abide_diag_id(diag)) : STATUS_INTERNAL;
}

static enum status report(struct cli *cli, const char *id, const char *help, const char *format,
                          va_list arguments)
{
    if (!abide_ctx_report(cli->ctx, id, format_text(format, arguments), help))
        cli_no_memory();
    return status_of(id);
}

enum status cli_report(struct cli *cli, const char *id, const char *help, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    enum status status = report(cli, id, help, format, arguments);
    va_end(arguments);
    return status;
}

enum status cli_misuse(struct cli *cli, const char *id, const char *help, const char *format, ...)
{
    if (!help)
        help =
            cli->verb ? cli_printf("see 'abide %s --help'", cli->verb->name) : "see 'abide --help'";
    va_list arguments;
    va_start(arguments, format);
    enum status status = report(cli, id, help, format, arguments);
    va_end(arguments);
    return status;
}

static const char *word_at(const void *words, size_t index)
{
    return ((const char *const *)words)[index];
}

const char *cli_did_you_mean(const char *word, const char *const *words)
{
    const char *nearest = abide_nearest(word, word_at, words);
    return nearest ? cli_printf("did you mean '%s'?", nearest) : NULL;
}
