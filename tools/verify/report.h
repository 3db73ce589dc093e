/* What runs found, as text, as JSON (tools/schemas/verify.json) and as JUnit's XML. */
#ifndef ABIDE_VERIFY_REPORT_H
#define ABIDE_VERIFY_REPORT_H

#include "verify.h"

#include <jansson.h>

struct cli;
struct text;

struct report {
    const struct verify_options *options;
    const struct verify_run *runs;
    const struct outcome *outcomes;
    const bool *is_done; /* of each run; NULL: none is */
    size_t count;
    double seconds;               /* since the first was asked */
    const char *const *not_asked; /* compilers and modules, each with the reason */
    size_t not_asked_count;
};

/* Whether a run is done. */
bool report_has(const struct report *report, size_t number);
void report_text_of(const struct report *report, size_t number, bool quiet, struct text *text);
void report_text(const struct report *report, bool quiet, struct text *text);
/* A line for each compiler that was not asked. */
void report_not_asked(const struct report *report, struct text *text);
/* A line for each run: what it asks, and nothing that it found. */
void report_list(const struct report *report, struct text *text);
void report_list_json(struct cli *cli, const struct report *report, struct text *text);
void report_json(struct cli *cli, const struct report *report, struct text *text);
void report_junit(const struct report *report, struct text *text);

/*
 * summary.c: a line for each run with how much was compared and how much did not agree, what was left out and why, and the sums.
 */
void summary_text(const struct report *report, struct text *text);
json_t *summary_json(const struct report *report);

#endif
