/* A static library of one member, always the same bytes: no times, no owners. */
#ifndef ABIDE_CODEGEN_ARCHIVE_H
#define ABIDE_CODEGEN_ARCHIVE_H

#include "base/ctx.h"

enum abide_archive_format {
    ABIDE_ARCHIVE_GNU, /* GNU ar's, as linkers for ELF and COFF read it */
    ABIDE_ARCHIVE_BSD  /* as linkers for Mach-O read it */
};

struct abide_archive_member {
    const char *name;
    const char *bytes;
    size_t size_bytes;
    const char *const *symbols; /* defined by the member, as the object file spells them */
    size_t symbol_count;
};

/* The archive as text in the context's memory. */
struct abide_text abide_archive__write(abide_ctx *ctx, enum abide_archive_format format,
                                       const struct abide_archive_member *member);

#endif
