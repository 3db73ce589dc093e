#include "report.h"

#include "cli.h"
#include "json.h"

#include <string.h>

static const char *scalar_list(uint64_t set)
{
    const char *list = "";
    for (unsigned i = 0; i < scalar_count; i++)
        if ((set >> i & 1) != 0)
            list = cli_printf("%s%s%s", list, *list ? ", " : "", scalars[i].name);
    return list;
}

/* What is generated otherwise than usual. */
static const char *feature_options(const struct verify_options *options)
{
    const char *with = "", *without = "";
    for (unsigned i = 0; i < FEATURE_COUNT; i++) {
        bool is_usual = (FEATURE_DEFAULT >> i & 1) != 0,
             is_there = (options->features >> i & 1) != 0;
        if (is_there && !is_usual)
            with = cli_printf("%s%s%s", with, *with ? "," : " --with ", feature_names[i]);
        if (!is_there && is_usual)
            without =
                cli_printf("%s%s%s", without, *without ? "," : " --without ", feature_names[i]);
    }
    const char *only = "";
    for (unsigned i = 0; options->scalars_allowed != UINT64_MAX && i < scalar_count; i++)
        if ((options->scalars_allowed >> i & 1) != 0)
            only = cli_printf("%s%s%s", only, *only ? "," : "", scalars[i].name);
    return cli_printf("%s%s%s%s%s%s", with, without, *only ? " --only '" : "", only,
                      *only ? "'" : "", (options->features & FEATURE_ODD) ? " --odd" : "");
}

/* How to have one signature again. */
static const char *reproduce(const struct report *report, const struct verify_run *run,
                             uint64_t index)
{
    const char *which =
        report->options->given
            ? cli_printf("--interface '%s'", report->options->given->path)
            : cli_printf("--seed %llu --first %llu --count 1",
                         (unsigned long long)report->options->seed, (unsigned long long)index);
    return cli_printf("abide verify '%s' --target %s --cc '%s'%s%s%s%s%s --opt %s %s",
                      run->engine.abi, run->engine.target, run->cc, *run->run ? " --run '" : "",
                      run->run, *run->run ? "'" : "",
                      run->language ? cli_printf(" --language '%s' --language-command '%s'",
                                                 run->language->source, run->language->command)
                                    : "",
                      report->options->given ? "" : feature_options(report->options),
                      report->options->opt, which);
}

/* --- text --- */

static void put_indented(struct text *text, const char *lines)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        text_puts(text, "    ");
        text_add(text, lines, length);
        text_puts(text, "\n");
        lines += length + (lines[length] == '\n');
    }
}

static void put_part(struct text *text, const char *title, const char *lines)
{
    if (!*lines)
        return;
    text_printf(text, "  %s:\n", title);
    put_indented(text, lines);
}

static void put_finding(const struct report *report, size_t run, size_t number, struct text *text)
{
    const struct outcome *outcome = &report->outcomes[run];
    const struct explanation *finding = &outcome->findings[number];
    const struct given *given = report->options->given;
    text_printf(text, "mismatch: %s: %s%s%s\n", mismatch_names[finding->class],
                given ? given->names[outcome->finding_indexes[number]] : "", given ? ": " : "",
                finding->where);
    put_part(text, "as an interface", finding->interface);
    put_part(text, "in C", finding->c);
    put_part(text, "the compiler", finding->compiler);
    put_part(text, report->runs[run].other_cc ? "the other compiler" : "abide", finding->expected);
    put_part(text, "decided by", finding->rules);
    text_printf(text, "  again: %s\n",
                reproduce(report, &report->runs[run], outcome->finding_indexes[number]));
}

static void put_thunks(const struct outcome *outcome, struct text *text)
{
    for (size_t i = 0; i < outcome->thunk_count; i++) {
        const struct thunk_outcome *t = &outcome->thunks[i];
        text_printf(text, "  adapters from %s to %s%s: %lu, %lu wrong", t->pair.caller,
                    t->pair.callee, t->is_source ? ", in C" : "", t->tested, t->wrong);
        for (unsigned k = 0; k < MAX_THUNK_REASONS && t->left_out[k].count != 0; k++)
            text_printf(text, "%s%lu %s", k ? ", " : "; left out: ", t->left_out[k].count,
                        t->left_out[k].name);
        text_puts(text, "\n");
    }
    if (outcome_loses_adapters(outcome))
        text_printf(text, "  the compiler fails at too many adapters: %lu\n",
                    outcome_adapters(outcome).lost);
}

static void put_left_out(const struct tally *tally, struct text *text)
{
    static const char *const words[] = {
        [LEFT_OUT_VALUES] = "compared without values of the deviation",
        [LEFT_OUT_REFUSED] = "left out, since the module refuses a value:",
        [LEFT_OUT_COMPILER] = "left out, since the compiler itself failed:",
    };
    for (unsigned i = 0; i < MAX_LEFT_OUT && tally->left_out[i].count != 0; i++) {
        const struct tally_left_out *entry = &tally->left_out[i];
        text_printf(text, "  %s %s: %lu (%.2f %%%s)%s\n", words[entry->what], entry->reason,
                    entry->count, 100.0 * (double)entry->count / (double)tally->signatures,
                    entry->most_percent ? cli_printf(", known: up to %u", entry->most_percent) : "",
                    tally_is_rare(tally, entry) ? "" : ", which is too many");
    }
    unsigned long compared = tally_compared(tally);
    if (compared != tally->signatures)
        text_printf(text, "  compared: %lu of %lu signatures\n", compared, tally->signatures);
}

static void put_counts(const struct outcome *outcome, struct text *text)
{
    const struct tally *t = &outcome->tally;
    const struct extend_result *e = &outcome->extend;
    text_printf(text,
                "  parameters: %lu in registers, %lu on the stack, %lu by pointer, %lu empty\n",
                t->passed[PASS_DIRECT] - t->on_stack, t->on_stack, t->passed[PASS_POINTER],
                t->passed[PASS_IGNORE]);
    text_printf(text, "  results: %lu in registers, %lu hidden, %lu empty\n",
                t->returned[PASS_DIRECT], t->returned[PASS_HIDDEN], t->returned[PASS_IGNORE]);
    if (e->arguments.claims + e->arguments.unclaimed > 0)
        text_printf(text, "  extended: %lu of %lu kinds of arguments, %lu of %lu of results\n",
                    e->arguments.claims, e->arguments.claims + e->arguments.unclaimed,
                    e->results.claims, e->results.claims + e->results.unclaimed);
    put_thunks(outcome, text);
    if (outcome->compiler_lacks)
        text_printf(text, "  the compiler lacks: %s\n", scalar_list(outcome->compiler_lacks));
    if (outcome->module_lacks)
        text_printf(text, "  the module lacks: %s\n", scalar_list(outcome->module_lacks));
    put_left_out(t, text);
}

static void put_thunk_finding(const struct verify_run *run, const struct thunk_outcome *thunks,
                              const struct report *report, struct text *text)
{
    text_printf(text, "mismatch: an adapter from %s to %s: %s\n", thunks->pair.caller,
                thunks->pair.callee, thunks->where);
    put_part(text, "as an interface", thunks->interface);
    put_part(text, "in C", thunks->c);
    text_printf(text, "  again: %s --stages thunks --to '%s'\n",
                reproduce(report, run, thunks->index),
                strcmp(thunks->pair.caller, run->engine.abi) == 0 ? thunks->pair.callee
                                                                  : thunks->pair.caller);
}

static void put_broken(const struct verify_run *run, const struct outcome *outcome,
                       struct text *text)
{
    if (outcome->broken)
        text_printf(text, "error: %s %s, %s: %s\n", outcome->abi, run->engine.target, run->cc,
                    outcome->broken);
}

/* What of an interface file nothing can be said of. */
static void put_unasked(const struct given *given, const struct outcome *outcome, struct text *text)
{
    for (size_t i = 0; i < given->unasked.count; i++)
        text_printf(text, "  function not asked: %s\n", given->unasked.items[i]);
    for (size_t i = 0; i < outcome->layouts.unasked.count; i++)
        text_printf(text, "  type not asked: %s\n", outcome->layouts.unasked.items[i]);
    for (size_t i = 0; i < outcome->layouts.refused.count; i++)
        text_printf(text, "  function not asked: %s\n", outcome->layouts.refused.items[i]);
}

static void put_run(const struct report *report, size_t number, bool quiet, struct text *text)
{
    const struct verify_run *run = &report->runs[number];
    const struct outcome *outcome = &report->outcomes[number];
    const struct tally *t = &outcome->tally;
    for (size_t i = 0; i < outcome->finding_count; i++)
        put_finding(report, number, i, text);
    if (*outcome->notes)
        text_printf(text, "mismatch: %s", outcome->notes);
    put_part(text, "mismatch: layouts", outcome->layouts.findings);
    put_part(text, "mismatch: bits above narrow values, or room on the stack",
             outcome->extend_findings);
    for (size_t i = 0; i < outcome->thunk_count; i++)
        if (*outcome->thunks[i].where)
            put_thunk_finding(run, &outcome->thunks[i], report, text);
    if (outcome->broken && t->signatures + outcome->layouts.compared == 0) {
        put_broken(run, outcome, text);
        return;
    }
    const struct given *given = report->options->given;
    text_printf(text, "%s %s, %s%s%s -O%s, %s: ", run->other_cc ? run->other_cc : outcome->abi,
                run->engine.target, run->language ? run->language->command : "",
                run->language ? " with " : "", run->cc, report->options->opt,
                given ? given->path
                      : cli_printf("seed %llu", (unsigned long long)report->options->seed));
    if (given)
        text_printf(text,
                    "layouts of %zu types; %zu functions, of which alike ones are asked once: ",
                    outcome->layouts.compared, given->function_count - given->unasked.count);
    text_printf(text, "%lu signatures, %lu types, %lu parameters, %lu results; %lu %s",
                t->signatures, t->types, t->params, t->results, outcome_mismatches(outcome),
                report->options->selftest ? "wrong answers missed" : "mismatches");
    for (unsigned i = MISMATCH_NONE + 1; i < MISMATCH_CLASSES; i++)
        if (t->classes[i] != 0)
            text_printf(text, " (%s %lu)", mismatch_names[i], t->classes[i]);
    text_puts(text, "\n");
    if (!quiet && !report->options->selftest)
        put_counts(outcome, text);
    if (!quiet && given)
        put_unasked(given, outcome, text);
    put_broken(run, outcome, text);
}

bool report_has(const struct report *report, size_t number)
{
    return report->is_done && report->is_done[number];
}

void report_text_of(const struct report *report, size_t number, bool quiet, struct text *text)
{
    put_run(report, number, quiet, text);
}

void report_text(const struct report *report, bool quiet, struct text *text)
{
    for (size_t i = 0; i < report->count; i++)
        if (report_has(report, i))
            put_run(report, i, quiet, text);
}

void report_not_asked(const struct report *report, struct text *text)
{
    for (size_t i = 0; i < report->not_asked_count; i++)
        text_printf(text, "not asked: %s\n", report->not_asked[i]);
}

void report_list(const struct report *report, struct text *text)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct verify_run *run = &report->runs[i];
        text_printf(text, "%s %s %s: %s%s%s\n", run->engine.abi, run->engine.target, run->compiler,
                    run->cc, *run->run ? ", run by " : "", run->run);
    }
}

/* --- JSON --- */

static json_t *scalars_json(uint64_t set)
{
    json_t *list = json_new_array();
    for (unsigned i = 0; i < scalar_count; i++)
        if ((set >> i & 1) != 0)
            json_add(list, json_text(scalars[i].name));
    return list;
}

static json_t *finding_json(const struct report *report, size_t run, size_t number)
{
    const struct outcome *outcome = &report->outcomes[run];
    const struct explanation *finding = &outcome->findings[number];
    json_t *object = json_new_object();
    json_put_size(object, "first", outcome->finding_indexes[number]);
    json_put_text(object, "class", mismatch_names[finding->class]);
    json_put_text(object, "where", finding->where);
    json_put_text(object, "interface", finding->interface);
    json_put_text(object, "c", finding->c);
    json_put_text(object, "compiler", finding->compiler);
    json_put_text(object, "expected", finding->expected);
    json_put_text(object, "rules", finding->rules);
    json_put_text(object, "again",
                  reproduce(report, &report->runs[run], outcome->finding_indexes[number]));
    return object;
}

static json_t *failures_json(const struct outcome *outcome)
{
    json_t *list = json_new_array();
    for (size_t i = 0; i < outcome->failure_count; i++) {
        json_t *object = json_new_object();
        json_put_size(object, "first", outcome->failures[i].index);
        json_put_text(object, "class", mismatch_names[outcome->failures[i].class]);
        json_put_text(object, "where", outcome->failures[i].where);
        json_add(list, object);
    }
    return list;
}

static json_t *left_out_json(const struct tally *tally)
{
    json_t *list = json_new_array();
    static const char *const words[] = {"", "values", "refused", "compiler"};
    for (unsigned i = 0; i < MAX_LEFT_OUT && tally->left_out[i].count != 0; i++) {
        json_t *object = json_new_object();
        json_put_text(object, "id", tally->left_out[i].reason);
        json_put_text(object, "what", words[tally->left_out[i].what]);
        json_put_size(object, "count", tally->left_out[i].count);
        json_put(object, "known_percent",
                 tally->left_out[i].most_percent ? json_integer(tally->left_out[i].most_percent)
                                                 : json_null());
        json_put_bool(object, "rare", tally_is_rare(tally, &tally->left_out[i]));
        json_add(list, object);
    }
    return list;
}

static json_t *thunks_json(const struct outcome *outcome)
{
    json_t *list = json_new_array();
    for (size_t i = 0; i < outcome->thunk_count; i++) {
        const struct thunk_outcome *t = &outcome->thunks[i];
        json_t *object = json_new_object(), *left_out = json_new_array();
        json_put_text(object, "caller", t->pair.caller);
        json_put_text(object, "callee", t->pair.callee);
        json_put_text(object, "made_of", t->is_source ? "c" : "machine code");
        json_put_size(object, "tested", t->tested);
        json_put_size(object, "wrong", t->wrong);
        json_put_size(object, "lost", t->lost);
        for (unsigned k = 0; k < MAX_THUNK_REASONS && t->left_out[k].count != 0; k++) {
            json_t *reason = json_new_object();
            json_put_text(reason, "id", t->left_out[k].name);
            json_put_size(reason, "count", t->left_out[k].count);
            json_add(left_out, reason);
        }
        json_put(object, "left_out", left_out);
        json_put_text(object, "where", *t->where ? t->where : NULL);
        json_put_text(object, "interface", *t->where ? t->interface : NULL);
        json_add(list, object);
    }
    return list;
}

static json_t *words_json(const struct words *words)
{
    json_t *list = json_new_array();
    for (size_t i = 0; i < words->count; i++)
        json_add(list, json_text(words->items[i]));
    return list;
}

/* Of an interface file; null: signatures were random. */
static json_t *given_json(const struct given *given, const struct outcome *outcome)
{
    if (!given)
        return json_null();
    json_t *object = json_new_object();
    json_put_text(object, "file", given->path);
    json_put_size(object, "types", outcome->layouts.compared);
    json_put_size(object, "wrong_types", outcome->layouts.wrong);
    json_put_size(object, "functions", given->function_count - given->unasked.count);
    json_put_text(object, "layout_findings", outcome->layouts.findings);
    json_put(object, "types_not_asked", words_json(&outcome->layouts.unasked));
    json_put(object, "functions_not_asked", words_json(&given->unasked));
    json_put(object, "functions_refused", words_json(&outcome->layouts.refused));
    return object;
}

/* What a run asks. */
static json_t *asked_json(const struct verify_run *run)
{
    json_t *object = json_new_object();
    json_put_text(object, "abi", run->engine.abi);
    json_put_text(object, "module", run->title);
    json_put_text(object, "target", run->engine.target);
    json_put_text(object, "compiler", run->compiler);
    json_put_text(object, "cc", run->cc);
    json_put_text(object, "run", *run->run ? run->run : NULL);
    return object;
}

static json_t *run_json(const struct report *report, size_t number)
{
    const struct verify_run *run = &report->runs[number];
    const struct outcome *outcome = &report->outcomes[number];
    json_t *object = asked_json(run);
    json_put_text(object, "abi", outcome->abi);
    json_put_text(object, "other_cc", run->other_cc);
    json_put_text(object, "language", run->language ? run->language->name : NULL);
    json_put_text(object, "opt", report->options->opt);
    json_put_size(object, "seed", report->options->seed);
    json_put_size(object, "first", report->options->first);
    json_put(object, "interface", given_json(report->options->given, outcome));
    json_put_size(object, "signatures", outcome->tally.signatures);
    json_put_size(object, "compared", tally_compared(&outcome->tally));
    json_put_size(object, "types", outcome->tally.types);
    json_put_size(object, "parameters", outcome->tally.params);
    json_put_size(object, "results", outcome->tally.results);
    json_put_size(object, "mismatches", outcome_mismatches(outcome));
    json_put(object, "compiler_lacks", scalars_json(outcome->compiler_lacks));
    json_put(object, "module_lacks", scalars_json(outcome->module_lacks));
    json_put(object, "left_out", left_out_json(&outcome->tally));
    json_put(object, "failures", failures_json(outcome));
    json_t *findings = json_new_array();
    for (size_t i = 0; i < outcome->finding_count; i++)
        json_add(findings, finding_json(report, number, i));
    json_put(object, "findings", findings);
    json_put_text(object, "extend_findings", outcome->extend_findings);
    json_put_text(object, "notes", outcome->notes);
    json_put(object, "thunks", thunks_json(outcome));
    json_put_text(object, "broken", outcome->broken);
    json_put_size(object, "milliseconds", (uint64_t)(outcome->seconds * 1000));
    return object;
}

static json_t *not_asked_json(const struct report *report)
{
    json_t *list = json_new_array();
    for (size_t i = 0; i < report->not_asked_count; i++)
        json_add(list, json_text(report->not_asked[i]));
    return list;
}

void report_list_json(struct cli *cli, const struct report *report, struct text *text)
{
    json_t *root = json_new_answer(cli);
    json_t *asked = json_new_array();
    for (size_t i = 0; i < report->count; i++)
        json_add(asked, asked_json(&report->runs[i]));
    json_put(root, "asked", asked);
    json_put(root, "not_asked", not_asked_json(report));
    json_print(root, text);
}

void report_json(struct cli *cli, const struct report *report, struct text *text)
{
    json_t *root = json_new_answer(cli);
    json_t *runs = json_new_array();
    for (size_t i = 0; i < report->count; i++)
        if (report_has(report, i))
            json_add(runs, run_json(report, i));
    json_put(root, "runs", runs);
    json_put(root, "sums", summary_json(report));
    json_put(root, "not_asked", not_asked_json(report));
    json_print(root, text);
}

/* --- JUnit --- */

static void put_xml(struct text *text, const char *chars)
{
    for (; *chars; chars++)
        switch (*chars) {
        case '&': text_puts(text, "&amp;"); break;
        case '<': text_puts(text, "&lt;"); break;
        case '>': text_puts(text, "&gt;"); break;
        case '"': text_puts(text, "&quot;"); break;
        default: /* XML has no other control characters */
            if ((unsigned char)*chars >= ' ' || *chars == '\n' || *chars == '\t')
                text_add(text, chars, 1);
        }
}

static void put_testcase(const struct report *report, size_t number, struct text *text)
{
    const struct outcome *outcome = &report->outcomes[number];
    const struct verify_run *run = &report->runs[number];
    struct text details = {0};
    text_puts(text, "  <testcase classname=\"");
    put_xml(text, run->title);
    text_puts(text, "\" name=\"");
    put_xml(text, cli_printf("%s %s", run->engine.target, run->cc));
    text_printf(text, "\" time=\"%.3f\">\n", outcome->seconds);
    put_run(report, number, false, &details);
    const char *element = outcome_mismatches(outcome) != 0 ? "failure"
                          : outcome->broken                ? "error"
                                                           : "system-out";
    text_printf(text, "    <%s", element);
    if (outcome_mismatches(outcome) != 0)
        text_printf(text, " message=\"%lu mismatches\"", outcome_mismatches(outcome));
    else if (outcome->broken)
        text_puts(text, " message=\"not all was asked\"");
    text_puts(text, ">");
    put_xml(text, details.chars);
    text_printf(text, "</%s>\n  </testcase>\n", element);
    text_free(&details);
}

void report_junit(const struct report *report, struct text *text)
{
    size_t count = 0, failed = 0, broken = 0;
    double seconds = 0;
    for (size_t i = 0; i < report->count; i++) {
        if (!report_has(report, i))
            continue;
        count++;
        failed += outcome_mismatches(&report->outcomes[i]) != 0;
        broken += report->outcomes[i].broken != NULL;
        seconds += report->outcomes[i].seconds;
    }
    text_printf(text,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<testsuite name=\"abide verify\" tests=\"%zu\" failures=\"%zu\" "
                "errors=\"%zu\" time=\"%.3f\">\n",
                count, failed, broken, seconds);
    for (size_t i = 0; i < report->count; i++)
        if (report_has(report, i))
            put_testcase(report, i, text);
    struct text table = {0};
    summary_text(report, &table);
    text_puts(text, "  <system-out>");
    put_xml(text, table.chars);
    text_puts(text, "</system-out>\n</testsuite>\n");
    text_free(&table);
}
