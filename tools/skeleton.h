/* The file that a new module starts as: what it extends, what it takes over, and vectors that already hold. */
#ifndef ABIDE_TOOLS_SKELETON_H
#define ABIDE_TOOLS_SKELETON_H

#include "text.h"

#include "abide/abide.h"

struct cli;

/* Writes the module file of `name`, which extends `base`, into `text`. */
void skeleton_write(struct cli *cli, const char *name, const abide_module *base, struct text *text);

#endif
