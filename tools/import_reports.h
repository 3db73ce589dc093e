/* What a program that imports reports, as diagnostics of this run: for --error-format json and its like. */
#ifndef ABIDE_TOOLS_IMPORT_REPORTS_H
#define ABIDE_TOOLS_IMPORT_REPORTS_H

#include "cli.h"

struct import_reports {
    const char *usual_id; /* of what has no id of abide's, as clang's own errors */
    bool
        shows_lines; /* the files that are named may be shown: a person named what includes them, and no binary did */
};

/*
 * Takes each "PLACE: error|warning: MESSAGE [ID]" of `lines` over, with the "= help:" behind it; PLACE is FILE:LINE[:COLUMN], or who
 * says it. What else is told, as how many types there are, is no diagnostic.
 */
void import_reports_add(struct cli *cli, const struct import_reports *reports, const char *lines);

#endif
