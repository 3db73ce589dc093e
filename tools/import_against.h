/* Is a file that was imported still what is there? */
#ifndef ABIDE_TOOLS_IMPORT_AGAINST_H
#define ABIDE_TOOLS_IMPORT_AGAINST_H

#include "cli.h"

/*
 * Compares the file at `path` with what has been imported now: its text is the product, `imported` that text as it was read, and
 * `name` what it was read from. Which release of abide made the file, from which copy, does not count. What has changed, in the terms
 * of `abide compare`, becomes the product, and the status is STATUS_NO (import-changed).
 */
enum status import_against(struct cli *cli, const abide_iface *imported, const char *path,
                           const char *name, const struct words *targets);
/* The targets that an imported file says; none, if it says nothing, or cannot be read. */
struct words import_targets_of_file(const char *path);

#endif
