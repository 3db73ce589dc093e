/* Where modules were installed, also after the installation was moved as a whole. */
#ifndef ABIDE_SPEC_INSTALLED_H
#define ABIDE_SPEC_INSTALLED_H

#include "abide/ctx.h"
#include "spec/embedded.h"

/* The folder with `machine` and `language`; it need not exist. Owned by `ctx`; no memory unwinds. */
const char *abide_installed__modules(abide_ctx *ctx);

/*
 * The same for a library that was loaded from `library`: below the prefix, if `library` lies in the prefix's folder for
 * libraries, `libdir` ("lib/x86_64-linux-gnu"); `datadir` is relative to the prefix as well. NULL: it lies elsewhere.
 */
const char *abide_installed__beside(abide_ctx *ctx, const char *library, const char *libdir,
                                    const char *datadir);

/*
 * What is embedded under the name of the file at `path`, and of its size: what it probably is a copy of. It need not be read for
 * that. NULL: nothing is.
 */
const struct abide_embedded *abide_installed__likely_original(const char *path);

/*
 * What the file at `path` is a copy of, as installed modules are; NULL: it differs, or nothing embedded has its name.
 * Copies need not be parsed, and no build has to look at them.
 */
const struct abide_embedded *abide_installed__original(const char *path);

#endif
