/* Digests of what was read. */
#include "source.h"

#include <string.h>
#include <sys/types.h>

#include <sha2.h>

static const char *hex(const unsigned char *bytes, size_t length_bytes)
{
    struct text text = {0};
    text_add(&text, "%s", "");
    for (size_t i = 0; i < length_bytes; i++)
        text_add(&text, "%02x", bytes[i]);
    return text.chars;
}

static const char *digest(const void *bytes, size_t length_bytes)
{
    SHA2_CTX state;
    unsigned char result[SHA256_DIGEST_LENGTH];
    SHA256Init(&state);
    SHA256Update(&state, bytes, length_bytes);
    SHA256Final(result, &state);
    return hex(result, sizeof result);
}

void sources_add(struct sources *sources, const char *bytes, size_t length_bytes)
{
    const char *added = digest(bytes, length_bytes);
    for (size_t i = 0; i < sources->count; i++)
        if (strcmp(sources->items[i], added) == 0)
            return;
    LIST_ADD(sources, added);
}

const char *sources_digest(const struct sources *sources)
{
    struct text text = {0};
    if (sources->count == 1)
        return store_printf("sha256:%s", sources->items[0]);
    for (size_t i = 0; i < sources->count; i++)
        text_add(&text, "%s\n", sources->items[i]);
    return text.chars ? store_printf("sha256:%s", digest(text.chars, text.length_bytes)) : NULL;
}

const char *source_of_build_id(const unsigned char *bytes, size_t length_bytes)
{
    return store_printf("build-id:%s", hex(bytes, length_bytes));
}
