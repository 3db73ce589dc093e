/* A header as libclang reads it for one target. */
#ifndef ABIDE_IMPORT_UNIT_H
#define ABIDE_IMPORT_UNIT_H

#include "choice.h"
#include "source.h"

#include <clang-c/Index.h>

/* What the command line asks for. */
struct request {
    const char *header; /* a path, or a name between <> */
    const char *package;
    struct texts targets;
    struct texts flags; /* of clang */
    struct texts from;  /* patterns of other headers whose declarations are imported too */
    struct choice *choice;
    struct sources *sources; /* the headers that were imported are added */
    bool all, quiet;
    bool each; /* nothing that is left out is only counted in the summary */
};

/* About an attribute that clang does not know, or does not apply. */
struct complaint {
    struct place place;
    const char *text;
};

struct unit {
    const struct request *request;
    const char *target;
    CXIndex index;
    CXTranslationUnit parsed;
    CXFile header;
    const char *first_include; /* of the header; NULL: it has none */
    long long pointer_bytes;
    LIST(struct complaint) complaints;
};

/* false: the reasons are on standard error. */
bool unit_open(struct unit *unit, const struct request *request, const char *target);
void unit_close(struct unit *unit);

/* The text of a string of libclang, which is given back. Never NULL. */
const char *store_take(CXString string);
struct place place_of(CXCursor cursor);
/* Whether it is declared in what is to be imported. */
bool unit_is_own(const struct unit *unit, CXCursor cursor);
/* What clang complains about near a declaration; NULL: nothing that matters. */
const char *unit_complaint(const struct unit *unit, CXCursor cursor);
/* The value of a constant expression after the header. false: it has none. */
bool unit_evaluate(const struct unit *unit, const char *expression, uint64_t *value);
/* The header with lines behind it, the first of which is `*first_line` of the main file. NULL: libclang has failed. */
CXTranslationUnit unit_parse_behind(const struct unit *unit, const char *lines,
                                    unsigned *first_line);
bool unit_is_main(CXFile file);

#endif
