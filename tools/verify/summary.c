/* All runs in a table, and their sums. */
#include "cli.h"
#include "json.h"
#include "report.h"

#include <string.h>

struct sums {
    size_t runs, broken;
    unsigned long signatures, compared, excused, failed, refused, mismatches;
    struct adapter_counts adapters;
    double seconds; /* of all runs, also of those at the same time */
};

static struct sums sums_of(const struct outcome *outcome)
{
    const struct tally *tally = &outcome->tally;
    return (struct sums){
        .runs = 1,
        .broken = outcome->broken != NULL,
        .signatures = tally->signatures,
        .compared = tally_compared(tally),
        .excused = tally_left_out(tally, LEFT_OUT_VALUES),
        .failed = tally_left_out(tally, LEFT_OUT_COMPILER),
        .refused = tally_left_out(tally, LEFT_OUT_REFUSED),
        .mismatches = outcome_mismatches(outcome),
        .adapters = outcome_adapters(outcome),
        .seconds = outcome->seconds,
    };
}

static void add_sums(struct sums *all, const struct sums *more)
{
    all->runs += more->runs;
    all->broken += more->broken;
    all->signatures += more->signatures;
    all->compared += more->compared;
    all->excused += more->excused;
    all->failed += more->failed;
    all->refused += more->refused;
    all->mismatches += more->mismatches;
    all->adapters.tested += more->adapters.tested;
    all->adapters.left_out += more->adapters.left_out;
    all->adapters.lost += more->adapters.lost;
    all->seconds += more->seconds;
}

static struct sums sums_of_all(const struct report *report)
{
    struct sums all = {0};
    for (size_t i = 0; i < report->count; i++) {
        if (!report_has(report, i))
            continue;
        const struct sums more = sums_of(&report->outcomes[i]);
        add_sums(&all, &more);
    }
    return all;
}

/* --- text --- */

static void put_row(struct text *text, const char *module, const char *compiler,
                    const struct sums *sums)
{
    const char *slash = strrchr(compiler, '/'); /* of a command of one's own */
    text_printf(text, "%-22s %-8s %10lu %8lu %7lu %6lu %7lu %8lu %9lu %10lu %7.0f%s\n", module,
                slash ? slash + 1 : compiler, sums->signatures, sums->compared, sums->excused,
                sums->failed, sums->refused, sums->adapters.tested, sums->adapters.left_out,
                sums->mismatches, sums->seconds, sums->broken ? "  broken" : "");
}

/* A line for each run that left something out in this way. */
static void put_reasons(const struct report *report, enum left_out what, const char *title,
                        struct text *text)
{
    bool has_title = false;
    for (size_t i = 0; i < report->count; i++) {
        const struct tally *tally = &report->outcomes[i].tally;
        bool has_line = false;
        for (unsigned k = 0; report_has(report, i) && k < MAX_LEFT_OUT; k++) {
            const struct tally_left_out *entry = &tally->left_out[k];
            if (entry->count == 0 || entry->what != what)
                continue;
            if (!has_title)
                text_printf(text, "%s\n", title);
            if (!has_line)
                text_printf(text, "  %s %s:", report->runs[i].engine.abi, report->runs[i].compiler);
            text_printf(text, "%s %s %lu (%.2f %%)%s", has_line ? "," : "", entry->reason,
                        entry->count, 100.0 * (double)entry->count / (double)tally->signatures,
                        tally_is_rare(tally, entry) ? "" : ", too many");
            has_title = has_line = true;
        }
        text_puts(text, has_line ? "\n" : "");
    }
}

/* Why adapters were not tried, of all runs together. */
static void put_adapters(const struct report *report, struct text *text)
{
    struct {
        const char *name;
        unsigned long count;
    } reasons[64] = {0};
    const size_t most = sizeof reasons / sizeof *reasons;
    for (size_t i = 0; i < report->count; i++)
        for (size_t t = 0; report_has(report, i) && t < report->outcomes[i].thunk_count; t++)
            for (unsigned k = 0; k < MAX_THUNK_REASONS; k++) {
                const struct thunk_outcome *thunks = &report->outcomes[i].thunks[t];
                size_t r = 0;
                if (!thunks->left_out[k].count)
                    continue;
                while (r + 1 < most && reasons[r].name &&
                       strcmp(reasons[r].name, thunks->left_out[k].name) != 0)
                    r++;
                reasons[r].name = thunks->left_out[k].name;
                reasons[r].count += thunks->left_out[k].count;
            }
    if (reasons[0].name)
        text_puts(text, "adapters that were not tried:\n ");
    for (size_t r = 0; r < most && reasons[r].name; r++)
        text_printf(text, "%s %s %lu", r ? "," : "", reasons[r].name, reasons[r].count);
    text_puts(text, reasons[0].name ? "\n" : "");
}

static void put_broken(const struct report *report, struct text *text)
{
    for (size_t i = 0; i < report->count; i++)
        if (report_has(report, i) && report->outcomes[i].broken)
            text_printf(text, "broken: %s %s: %s\n", report->runs[i].engine.abi,
                        report->runs[i].compiler, report->outcomes[i].broken);
}

void summary_text(const struct report *report, struct text *text)
{
    const struct verify_options *options = report->options;
    const struct sums all = sums_of_all(report);
    text_printf(text, "\n%-22s %-8s %10s %8s %7s %6s %7s %8s %9s %10s %7s\n", "module", "compiler",
                "signatures", "compared", "excused", "failed", "refused", "adapters", "not tried",
                "mismatches", "seconds");
    for (size_t i = 0; i < report->count; i++) {
        const struct sums sums = sums_of(&report->outcomes[i]);
        if (report_has(report, i))
            put_row(text, report->runs[i].engine.abi, report->runs[i].compiler, &sums);
    }
    put_row(text, "all", "", &all);
    put_reasons(report, LEFT_OUT_VALUES, "excused, by the module's deviations:", text);
    put_reasons(report, LEFT_OUT_COMPILER, "left out, since the compiler itself failed:", text);
    put_reasons(report, LEFT_OUT_REFUSED, "left out, since the module refuses a value:", text);
    put_adapters(report, text);
    put_broken(report, text);
    if (!options->given)
        text_printf(text, "%zu of %zu compilers, seed %llu, signatures %llu to %llu: %.0f s\n",
                    all.runs, report->count, (unsigned long long)options->seed,
                    (unsigned long long)options->first,
                    (unsigned long long)(options->first + options->count - 1), report->seconds);
}

/* --- JSON --- */

json_t *summary_json(const struct report *report)
{
    const struct sums all = sums_of_all(report);
    json_t *object = json_new_object();
    json_put_size(object, "runs", all.runs);
    json_put_size(object, "broken", all.broken);
    json_put_size(object, "signatures", all.signatures);
    json_put_size(object, "compared", all.compared);
    json_put_size(object, "excused", all.excused);
    json_put_size(object, "failed", all.failed);
    json_put_size(object, "refused", all.refused);
    json_put_size(object, "adapters", all.adapters.tested);
    json_put_size(object, "adapters_not_tried", all.adapters.left_out);
    json_put_size(object, "mismatches", all.mismatches);
    json_put_size(object, "milliseconds", (uint64_t)(report->seconds * 1000));
    return object;
}
