/* "did you mean": the nearest of a list of words, by typing mistakes, else by what it begins with. */
#include "base/diag.h"

#include <string.h>

/* Words are compared up to this length; longer ones have no neighbours. */
#define WORD_MAX_BYTES 64
/* Less than this is the beginning of anything. */
#define PREFIX_MIN_BYTES 3

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Fills row `i` of the table from the two above it; returns its least entry. */
static size_t fill_row(size_t rows[3][WORD_MAX_BYTES + 1], size_t i, const char *a, const char *b,
                       size_t b_length)
{
    size_t *row = rows[i % 3];
    const size_t *above = rows[(i + 2) % 3];
    const size_t *above_that = rows[(i + 1) % 3];
    size_t least_entry = row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
        size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
        row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            row[j] = least(row[j], above_that[j - 2] + 1);
        least_entry = least(least_entry, row[j]);
    }
    return least_entry;
}

/*
 * Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours, no part edited twice;
 * anything above `allowed` may be given as allowed + 1. Three rows of the table are enough. The words are at most
 * WORD_MAX_BYTES long.
 */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length,
                       size_t allowed)
{
    size_t rows[3][WORD_MAX_BYTES + 1];
    size_t last_least = 0;
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t least_entry = fill_row(rows, i, a, b, b_length);
        if (least_entry > allowed && last_least > allowed) /* a swap reaches back two rows */
            return allowed + 1;
        last_least = least_entry;
    }
    return rows[a_length % 3][b_length];
}

/* The first candidate that goes on where `word` ends. */
static const char *longer(const char *word, size_t word_length,
                          const char *(*candidate)(const void *user, size_t index),
                          const void *user)
{
    const char *text;
    if (word_length < PREFIX_MIN_BYTES)
        return NULL;
    for (size_t i = 0; (text = candidate(user, i)); i++)
        if (strncmp(text, word, word_length) == 0)
            return text;
    return NULL;
}

const char *abide__nearest(const char *word,
                           const char *(*candidate)(const void *user, size_t index),
                           const void *user)
{
    size_t word_length = strlen(word);
    if (word_length == 0 || word_length > WORD_MAX_BYTES)
        return NULL;
    size_t allowed = word_length / 3 > 2 ? word_length / 3 : 2;
    const char *nearest = NULL;
    const char *text;
    for (size_t i = 0; (text = candidate(user, i)); i++) {
        size_t length = strnlen(text, WORD_MAX_BYTES + 1);
        if (length > WORD_MAX_BYTES || length > word_length + allowed ||
            word_length > length + allowed)
            continue;
        size_t edits = distance(word, word_length, text, length, allowed);
        if (edits <= allowed && edits * 2 <= word_length) {
            nearest = text;
            if (edits == 0)
                break;
            allowed = edits - 1; /* the first of several equally near ones stays */
        }
    }
    return nearest ? nearest : longer(word, word_length, candidate, user);
}
