/* Versions of modules. */
#include "spec/version.h"

#include <ctype.h>
#include <stddef.h>

bool abide_semver__parse(const char *text, struct abide_semver *version)
{
    *version = (struct abide_semver){0};
    for (;;) {
        const char *start = text;
        uint32_t value = 0;
        while (isdigit((unsigned char)*text) && text - start < 8)
            value = value * 10 + (uint32_t)(*text++ - '0');
        if (text == start || version->given == 3)
            return false;
        version->part[version->given++] = value;
        if (*text != '.')
            return *text == '\0';
        text++;
    }
}

int abide_semver__compare(struct abide_semver left, struct abide_semver right)
{
    for (size_t i = 0; i < 3; i++)
        if (left.part[i] != right.part[i])
            return left.part[i] < right.part[i] ? -1 : 1;
    return 0;
}

/* Before 1.0.0 every minor version may break (semver, clause 4). */
bool abide_semver__fits(struct abide_semver have, struct abide_semver wanted)
{
    if (wanted.given == 0)
        return true;
    if (have.part[0] != wanted.part[0])
        return false;
    if (wanted.part[0] == 0 && wanted.given > 1 && have.part[1] != wanted.part[1])
        return false;
    return abide_semver__compare(have, wanted) >= 0;
}
