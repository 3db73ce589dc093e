/*
 * Targets: the triples that machine modules are the C ABI of. A triple has two to four parts; the vendor, where there is
 * one, means nothing.
 */
#ifndef ABIDE_SPEC_TARGET_H
#define ABIDE_SPEC_TARGET_H

#include "spec/search.h"

struct abide_target {
    const char *asked;  /* what was asked for; interned */
    const char *triple; /* as the module writes it, without the vendor; where none does, as asked */
    struct abide_spec_file *file; /* of the module that is the C ABI of the target; NULL: none is */
    const char *arch;
    const char *os;
    uint32_t pointer_bytes;
    bool big_endian;
};

/*
 * `asked` NULL: the machine the library was built for. A triple that no module is the C ABI of is a target all the same if
 * its architecture is known: modules that are named outright can be used there. NULL: reported (unknown-target).
 */
const struct abide_target *abide_target__find(abide_ctx *ctx, const char *asked,
                                              struct abide_place place);
/* Says that no module is the C ABI of the target. */
void abide_target__report_unknown(abide_ctx *ctx, const char *asked, struct abide_place place);
/* Whether `target:` of a module admits the operating system of a triple. */
bool abide_target__admits(const struct abide_yaml *target, const char *triple);
/* Properties from a resolved module's `target`. false: reported. */
bool abide_target__read(abide_ctx *ctx, const struct abide_yaml *tree, struct abide_target *target);

#endif
