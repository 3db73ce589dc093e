/* Diagnostics as people and programs read them: the one place that decides what an error looks like. */
#ifndef ABIDE_TOOLS_DIAGS_H
#define ABIDE_TOOLS_DIAGS_H

#include "cli.h"
#include "json.h"

/*
 * Diagnostics of the run's context, as --error-format says. Where people read them, what comes after `most` (0: all) is counted
 * only. `is_wanted` may leave some out; NULL: none.
 */
struct diags {
    struct cli *cli;
    bool color;
    size_t most;
    bool keeps_repeated;
    bool (*is_wanted)(const struct options *options, const abide_diag *diag);
    const bool *repeated; /* set by diags_write: by index, those that are left out; NULL: none */
};
void diags_write(const struct diags *diags, struct text *text);

/* "error", "warning", "note" */
const char *diags_severity(const abide_diag *diag);

/* Those that are wanted as a log in SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/. */
json_t *diags_sarif(const struct diags *diags);
/* The diagnostic at `index` if it is wanted, else NULL. */
const abide_diag *diags_wanted(const struct diags *diags, size_t index);

#endif
