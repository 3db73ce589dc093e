/* SHA-256 of canonical texts, by libmd. */
#include "base/digest.h"

#include <string.h>

void abide_digest__start(struct abide_digesting *digesting)
{
    SHA256Init(&digesting->state);
}

void abide_digest__add(struct abide_digesting *digesting, const char *chars, size_t length_bytes)
{
    SHA256Update(&digesting->state, (const uint8_t *)chars, length_bytes);
}

void abide_digest__add_text(struct abide_digesting *digesting, const char *text)
{
    abide_digest__add(digesting, text, strlen(text));
}

void abide_digest__hex(const struct abide_digest *digest, char hex[static ABIDE_DIGEST_HEX])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < ABIDE_DIGEST_BYTES; i++) {
        hex[2 * i] = digits[digest->bytes[i] >> 4];
        hex[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
}

void abide_digest__add_digest(struct abide_digesting *digesting, const struct abide_digest *digest)
{
    char hex[ABIDE_DIGEST_HEX];
    abide_digest__hex(digest, hex);
    abide_digest__add(digesting, hex, sizeof hex);
}

struct abide_digest abide_digest__finish(struct abide_digesting *digesting)
{
    struct abide_digest digest;
    SHA256Final(digest.bytes, &digesting->state);
    return digest;
}

struct abide_digest abide_digest__of(const char *chars, size_t length_bytes)
{
    struct abide_digesting digesting;
    abide_digest__start(&digesting);
    abide_digest__add(&digesting, chars, length_bytes);
    return abide_digest__finish(&digesting);
}

int abide_digest__compare(const struct abide_digest *a, const struct abide_digest *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

uint64_t abide_digest__first64(const struct abide_digest *digest)
{
    uint64_t value = 0;
    for (size_t i = 0; i < sizeof value; i++)
        value = value << 8 | digest->bytes[i];
    return value;
}
