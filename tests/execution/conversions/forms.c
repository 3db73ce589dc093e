/* The provider and the caller of forms.abi.yaml; see round.c. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int runtime_strings;
static int failures;

#define CHECK(condition)                                                   \
    do {                                                                   \
        if (!(condition)) {                                                \
            failures++;                                                    \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                  \
    } while (0)

enum { BUSY = 1, GONE = 5 };

#define DECLARE(prefix)                                         \
    int prefix##parse(char *s, int64_t *result);                \
    int prefix##start(int32_t n);                               \
    int prefix##name(int32_t n, char **result);                 \
    char *prefix##greet(char *s);                               \
    int32_t prefix##give(char **s, char **n);                   \
    int prefix##rich(int32_t n, int64_t *result, char **error); \
    size_t prefix##length(char *o);

DECLARE(c_)
DECLARE(impl_)

static char *copy_of(const char *text)
{
    return strcpy(malloc(strlen(text) + 1), text);
}

int impl_parse(char *s, int64_t *result)
{
    if (strcmp(s, "busy") == 0)
        return BUSY;
    if (!*s)
        return GONE;
    *result = atoll(s);
    return 0;
}

int impl_start(int32_t n)
{
    return n;
}

int impl_name(int32_t n, char **result)
{
    if (n < 0)
        return GONE;
    *result = copy_of(n ? "a name" : "");
    return 0;
}

char *impl_greet(char *s)
{
    char *text = malloc(strlen(s) + 8);
    sprintf(text, "hello %s", s);
    return text;
}

int32_t impl_give(char **s, char **n)
{
    *s = copy_of("given");
    int32_t first = **n;
    free(*n);
    *n = copy_of("new");
    return first;
}

int impl_rich(int32_t n, int64_t *result, char **error)
{
    if (n < 0)
        *error = copy_of("negative");
    else
        *result = INT64_C(1) << n;
    return n < 0;
}

size_t impl_length(char *o)
{
    return o ? strlen(o) : 77;
}

int main(void)
{
    int64_t number = -7;
    CHECK(c_parse((char *)"busy", &number) == BUSY && number == -7);
    CHECK(c_parse((char *)"", &number) == GONE && number == -7);
    CHECK(c_parse((char *)"-123456789012", &number) == 0 && number == -123456789012);
    CHECK(c_start(0) == 0 && c_start(3) == 3 && c_start(-4) == -4);
    char *text = NULL;
    CHECK(c_name(-1, &text) == GONE && !text);
    CHECK(c_name(1, &text) == 0 && strcmp(text, "a name") == 0);
    free(text);
    CHECK(c_name(0, &text) == 0 && strcmp(text, "") == 0);
    free(text);
    text = c_greet((char *)"you");
    CHECK(strcmp(text, "hello you") == 0);
    free(text);
    char *out = (char *)"not read", *inout = copy_of("old");
    CHECK(c_give(&out, &inout) == 'o' && strcmp(out, "given") == 0 && strcmp(inout, "new") == 0);
    free(out);
    free(inout);
    char *error = NULL;
    CHECK(c_rich(40, &number, &error) == 0 && number == INT64_C(1) << 40 && !error);
    CHECK(c_rich(-1, &number, &error) != 0 && number == INT64_C(1) << 40);
    CHECK(error && strcmp(error, "negative") == 0);
    free(error);
    CHECK(c_length(NULL) == 77 && c_length((char *)"") == 0 && c_length((char *)"four") == 4);
    CHECK(runtime_strings == 0);
    return failures != 0;
}
