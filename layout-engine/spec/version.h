/* Versions of modules (semantic versioning 2.0.0, the three numbers). */
#ifndef ABIDE_SPEC_VERSION_H
#define ABIDE_SPEC_VERSION_H

#include <stdbool.h>
#include <stdint.h>

struct abide_semver {
    uint32_t part[3]; /* major, minor, patch */
    unsigned given;   /* how many parts were written */
};

/* "1", "1.2" or "1.2.3"; false: something else. */
bool abide_semver__parse(const char *text, struct abide_semver *version);
/* Whether `have` keeps the promises of `wanted` and has what it needs. `wanted.given` 0: anything fits. */
bool abide_semver__fits(struct abide_semver have, struct abide_semver wanted);
int abide_semver__compare(struct abide_semver left, struct abide_semver right);

#endif
