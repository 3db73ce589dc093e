/* Words, numbers and marks of a type expression, and where they stand in the file. */
#include "types/iface_expr.h"

#include <string.h>

/* ---- tokens ------------------------------------------------------------------------------- */

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Letters, digits, `_`, and `-` between them (so `->` ends a word). */
static size_t word_length(const char *text)
{
    size_t length = 0;
    while (is_word_char(text[length]) ||
           (text[length] == '-' && length > 0 && is_word_char(text[length + 1])))
        length++;
    return length;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * The bytes of the source that a run of `blanks` in the text stands for: YAML folds a line break and the blanks around it
 * into one, and keeps other blanks.
 */
static size_t source_blanks(const struct expression *expression, size_t source_at, size_t blanks)
{
    struct abide_place place = expression->node->place;
    const char *source = place.source->text + place.start_bytes;
    size_t end = place.end_bytes - place.start_bytes;
    bool folded = false;
    size_t after = source_at;
    for (; after < end && is_blank(source[after]); after++)
        folded = folded || source[after] == '\n';
    return folded ? after - source_at : blanks;
}

void abide_expr__next(struct expression *expression)
{
    const char *text = expression->text;
    size_t at = expression->start + expression->length;
    size_t blanks = 0;
    while (is_blank(text[at + blanks]))
        blanks++;
    expression->source_last_end = expression->source_start + expression->length;
    expression->source_start = expression->source_last_end;
    if (blanks)
        expression->source_start += source_blanks(expression, expression->source_start, blanks);
    at += blanks;
    expression->start = at;
    expression->length = 1;
    if (!text[at]) {
        expression->token = TOKEN_END;
        expression->length = 0;
    } else if (is_word_char(text[at])) {
        expression->token = text[at] >= '0' && text[at] <= '9' ? TOKEN_NUMBER : TOKEN_WORD;
        expression->length = word_length(text + at);
    } else if (strncmp(text + at, "->", 2) == 0) {
        expression->token = TOKEN_ARROW;
        expression->length = 2;
    } else if (strncmp(text + at, "...", 3) == 0) {
        expression->token = TOKEN_DOTS;
        expression->length = 3;
    } else {
        expression->token = strchr("<>(),;", text[at]) ? TOKEN_MARK : TOKEN_OTHER;
    }
}

bool abide_expr__at_mark(const struct expression *expression, char mark)
{
    return expression->token == TOKEN_MARK && expression->text[expression->start] == mark;
}

bool abide_expr__at_word(const struct expression *expression, const char *word)
{
    return expression->token == TOKEN_WORD && strlen(word) == expression->length &&
           memcmp(expression->text + expression->start, word, expression->length) == 0;
}

bool abide_expr__at_separator(const struct expression *expression)
{
    return abide_expr__at_mark(expression, ',') || abide_expr__at_mark(expression, ';');
}

bool abide_expr__accept(struct expression *expression, char mark)
{
    if (!abide_expr__at_mark(expression, mark))
        return false;
    abide_expr__next(expression);
    return true;
}

/* ---- places ------------------------------------------------------------------------------- */

struct abide_place abide_expr__place_from(const struct expression *expression, size_t source_start)
{
    return abide_place__within(expression->node->place, source_start,
                               expression->source_last_end - source_start);
}

struct abide_place abide_expr__token_place(const struct expression *expression)
{
    return abide_place__within(expression->node->place, expression->source_start,
                               expression->length);
}

const char *abide_expr__token_text(struct expression *expression)
{
    return abide__intern(expression->reader->ctx, expression->text + expression->start,
                         expression->length);
}

static const char *quote_token(struct expression *expression)
{
    if (expression->token == TOKEN_END)
        return "the end";
    return abide__quote_bytes(expression->reader->ctx, expression->text + expression->start,
                              expression->length);
}

/* More brackets open than close: something cut the text off. */
static bool is_cut_off(const char *text)
{
    int open = 0;
    for (; *text; text++) {
        if (*text == '<' || *text == '(')
            open++;
        else if (*text == ')' || (*text == '>' && text[-1] != '-'))
            open--;
    }
    return open > 0;
}

static void add_syntax_help(struct expression *expression, const char *expected, abide_diag *diag)
{
    abide_ctx *ctx = expression->reader->ctx;
    char c = expression->text[expression->start];
    if (c == '*' || c == '&')
        abide__diag_help(
            ctx, diag,
            "types take no sigils: a pointer is ptr<T>, a reference that is never null ref<T>");
    else if (c == '[')
        abide__diag_help(ctx, diag, "an array is array<T, N>, a slice slice<T>");
    else if (c == ':')
        abide__diag_help(ctx, diag,
                         "a name stands in front of its type, without a colon: `(count u32)`");
    else if (c == '?')
        abide__diag_help(ctx, diag,
                         "what may be missing is option<T>, a pointer that may be null ptr<T>");
    else if (c == '(' && strcmp(expected, "a type") == 0)
        abide__diag_help(ctx, diag, "several values without names are tuple<T, U>");
    else if (expression->token == TOKEN_END && is_cut_off(expression->text))
        abide__diag_help(ctx, diag,
                         "inside {...} and [...] a comma ends the text: write `;` for `,` there, "
                         "or use block style");
}

/* Reports that something else is expected at the current token; after a mistake only that one is told. */
void abide_expr__report_expected(struct expression *expression, const char *expected)
{
    if (expression->failed)
        return;
    expression->failed = true;
    abide_diag *diag = abide__report(expression->reader->ctx, ABIDE_CODE_BAD_TYPE,
                                     abide_expr__token_place(expression), "expected %s, not %s",
                                     expected, quote_token(expression));
    add_syntax_help(expression, expected, diag);
}

bool abide_expr__expect(struct expression *expression, char mark, const char *expected)
{
    if (abide_expr__accept(expression, mark))
        return true;
    abide_expr__report_expected(expression, expected);
    return false;
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* A decimal count of at most `max`. */
bool abide_expr__count(struct expression *expression, uint64_t max, uint64_t *count)
{
    if (expression->token != TOKEN_NUMBER) {
        abide_expr__report_expected(expression, "a number");
        return false;
    }
    *count = 0;
    const char *digits = expression->text + expression->start;
    bool fine = expression->length == 1 || digits[0] != '0';
    for (size_t i = 0; i < expression->length && fine; i++) {
        uint64_t digit = (uint64_t)(digits[i] - '0');
        fine = digits[i] >= '0' && digits[i] <= '9' && *count <= (max - digit) / 10;
        *count = *count * 10 + digit;
    }
    if (!fine) {
        abide__report(expression->reader->ctx, ABIDE_CODE_BAD_COUNT,
                      abide_expr__token_place(expression),
                      "expected a decimal number of at most %llu, not %s", (unsigned long long)max,
                      quote_token(expression));
        expression->failed = true;
        return false;
    }
    abide_expr__next(expression);
    return true;
}
