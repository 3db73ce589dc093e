/* Does a binary agree with a description? */
#ifndef ABIDE_TOOLS_IMPORT_CHECK_H
#define ABIDE_TOOLS_IMPORT_CHECK_H

#include "cli.h"

/*
 * Compares the interface file at `path` with what has been imported from a binary: the types that have the same name, and the functions
 * that have the same symbol. Differences are reported at the lines of the file (binary-differs); the numbers become the product.
 */
enum status import_check(struct cli *cli, const abide_iface *binary, const char *path,
                         const char *target);

#endif
