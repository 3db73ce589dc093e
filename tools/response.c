/* Reads response files. They are untrusted: how deep, how long and how many words is bounded. */
#include "response.h"

#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 8
#define BYTES_MAX ((size_t)16 << 20) /* of all files together */
#define WORDS_MAX ((size_t)1 << 20)

struct expansion {
    struct cli *cli;
    struct words *words;
    size_t bytes_left;
    bool options_ended; /* behind `--` every word stands for itself */
};

static bool refuse(struct expansion *expansion, const char *path, const char *why, const char *help)
{
    cli_report(expansion->cli, "bad-response-file", help, "'@%s': %s", path, why);
    return false;
}

/* Editors of Windows begin a file in UTF-8 with it. */
static void skip_byte_order_mark(struct text *text)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t mark_bytes = sizeof mark - 1;
    if (text->length_bytes < mark_bytes || memcmp(text->chars, mark, mark_bytes) != 0)
        return;
    text->length_bytes -= mark_bytes;
    memmove(text->chars, text->chars + mark_bytes, text->length_bytes + 1);
}

static bool read_all(struct expansion *expansion, const char *path, struct text *text)
{
    errno = 0;
    FILE *file = fopen(path, "rb");
    char bytes[4096];
    bool is_small = true;
    while (file && is_small && !feof(file) && !ferror(file)) {
        size_t count = fread(bytes, 1, sizeof bytes, file);
        is_small = count <= expansion->bytes_left;
        expansion->bytes_left -= is_small ? count : 0;
        text_add(text, bytes, count);
    }
    int reason = file && !ferror(file) ? 0 : errno;
    if (file)
        fclose(file);
    if (reason) {
        cli_report(expansion->cli, reason == ENOENT ? "missing-file" : "unreadable-file",
                   "a word that starts with @ names a file with more words; behind `--` it stands "
                   "for itself",
                   "'@%s': %s", path, strerror(reason));
        return false;
    }
    if (!is_small)
        return refuse(expansion, path, "response files have more than 16 MiB", NULL);
    text_add(text, "", 0);
    skip_byte_order_mark(text);
    if (memchr(text->chars, '\0', text->length_bytes))
        return refuse(expansion, path, "it is no text: there is a NUL in it", NULL);
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next word from `*at`, which is left behind it. NULL: a quote is not closed. */
static const char *next_word(const char **at, struct text *word)
{
    char quote = '\0';
    const char *c = *at;
    text_add(word, "", 0);
    for (; *c && (quote || !is_space(*c)); c++) {
        if (*c == '\\' && c[1])
            text_add(word, ++c, 1);
        else if (quote ? *c == quote : *c == '\'' || *c == '"')
            quote = (char)(quote ? '\0' : *c);
        else
            text_add(word, c, 1);
    }
    *at = c;
    return quote ? NULL : cli_copy(word->chars, word->length_bytes);
}

static bool add_word(struct expansion *expansion, const char *word, unsigned depth);

static bool add_words(struct expansion *expansion, const char *path, const char *chars,
                      unsigned depth)
{
    bool good = true;
    while (good) {
        while (is_space(*chars))
            chars++;
        if (!*chars)
            break;
        struct text scratch = {0};
        const char *word = next_word(&chars, &scratch);
        text_free(&scratch);
        good = word ? add_word(expansion, word, depth)
                    : refuse(expansion, path, "a quote is not closed",
                             "write \\' or \\\" for a quote that means itself");
    }
    return good;
}

static bool add_file(struct expansion *expansion, const char *path, unsigned depth)
{
    if (depth > DEPTH_MAX)
        return refuse(expansion, path, "response files name each other more than 8 deep",
                      "does one name itself?");
    struct text text = {0};
    bool good = read_all(expansion, path, &text) && add_words(expansion, path, text.chars, depth);
    text_free(&text);
    return good;
}

static bool add_word(struct expansion *expansion, const char *word, unsigned depth)
{
    if (*word == '@' && word[1] && !expansion->options_ended)
        return add_file(expansion, word + 1, depth + 1);
    if (expansion->words->count == WORDS_MAX)
        return refuse(expansion, "...", "response files make more than a million words", NULL);
    expansion->options_ended = expansion->options_ended || strcmp(word, "--") == 0;
    words_add(expansion->words, word);
    return true;
}

bool response_expand(struct cli *cli, int argc, const char *const *argv, struct words *words)
{
    struct expansion expansion = {.cli = cli, .words = words, .bytes_left = BYTES_MAX};
    bool good = true;
    for (int i = 0; i < argc && good; i++)
        good = add_word(&expansion, argv[i], 0);
    return good;
}
