/* SHA-256 of canonical texts. The only user of the library that computes it. */
#ifndef ABIDE_BASE_DIGEST_H
#define ABIDE_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>

#include <sha2.h>

enum { ABIDE_DIGEST_BYTES = 32, ABIDE_DIGEST_HEX = 2 * ABIDE_DIGEST_BYTES };

struct abide_digest {
    unsigned char bytes[ABIDE_DIGEST_BYTES];
};

struct abide_digesting {
    SHA2_CTX state;
};

void abide_digest__start(struct abide_digesting *digesting);
void abide_digest__add(struct abide_digesting *digesting, const char *chars, size_t length_bytes);
/* The text up to its NUL. */
void abide_digest__add_text(struct abide_digesting *digesting, const char *text);
/* As 64 lower-case hexadecimal digits. */
void abide_digest__add_digest(struct abide_digesting *digesting, const struct abide_digest *digest);
struct abide_digest abide_digest__finish(struct abide_digesting *digesting);

struct abide_digest abide_digest__of(const char *chars, size_t length_bytes);
int abide_digest__compare(const struct abide_digest *a, const struct abide_digest *b);
void abide_digest__hex(const struct abide_digest *digest, char hex[static ABIDE_DIGEST_HEX]);
/* The first 64 bits, the first byte being the most significant one. */
uint64_t abide_digest__first64(const struct abide_digest *digest);

#endif
