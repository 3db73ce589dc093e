/* What a program that imports reports, as diagnostics of this run: for --error-format json and its like. */
#ifndef ABIDE_TOOLS_IMPORT_REPORTS_H
#define ABIDE_TOOLS_IMPORT_REPORTS_H

#include "cli.h"

/*
 * Takes each "PLACE: error|warning: MESSAGE [ID]" of `lines` over, with the "= help:" behind it. Without an id of abide's, as clang's own
 * errors, it is reported as `usual_id`. What else is told, as how many types there are, is no diagnostic.
 */
void import_reports_add(struct cli *cli, const char *lines, const char *usual_id);

#endif
