/* What runs found, as text, as JSON (tools/schemas/verify.json) and as JUnit's XML. */
#ifndef ABIDE_VERIFY_REPORT_H
#define ABIDE_VERIFY_REPORT_H

#include "verify.h"

struct cli;
struct text;

struct report {
    const struct verify_options *options;
    const struct verify_run *runs;
    const struct outcome *outcomes;
    size_t count;
};

void report_text(const struct report *report, bool quiet, struct text *text);
void report_json(struct cli *cli, const struct report *report, struct text *text);
void report_junit(const struct report *report, struct text *text);

#endif
