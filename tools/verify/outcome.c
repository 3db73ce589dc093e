/* What a run found, and how it gets from the process that found it to the one that tells. */
#include "cli.h"
#include "process.h"
#include "verify.h"

#include <string.h>

unsigned long outcome_mismatches(const struct outcome *outcome)
{
    unsigned long sum = outcome->missed + outcome->extend.arguments.broken +
                        outcome->extend.results.broken + outcome->extend.short_rooms +
                        outcome->extend.wrong_signs + tally_too_many(&outcome->tally) +
                        outcome_loses_adapters(outcome);
    for (unsigned i = MISMATCH_NONE + 1; i < MISMATCH_CLASSES; i++)
        sum += outcome->tally.classes[i];
    for (size_t i = 0; i < outcome->thunk_count; i++)
        sum += outcome->thunks[i].wrong;
    return sum + outcome->layouts.wrong;
}

struct adapter_counts outcome_adapters(const struct outcome *outcome)
{
    struct adapter_counts sum = {0};
    for (size_t i = 0; i < outcome->thunk_count; i++) {
        const struct thunk_outcome *thunks = &outcome->thunks[i];
        sum.tested += thunks->tested;
        sum.lost += thunks->lost;
        for (unsigned k = 0; k < MAX_THUNK_REASONS; k++)
            sum.left_out += thunks->left_out[k].count;
    }
    return sum;
}

bool outcome_loses_adapters(const struct outcome *outcome)
{
    const unsigned long least = 1000;
    struct adapter_counts adapters = outcome_adapters(outcome);
    unsigned long all = adapters.tested + adapters.left_out;
    return adapters.lost * 100 > outcome->known_percent * (all > least ? all : least);
}

void outcome_add_failure(struct outcome *outcome, const struct failure *failure)
{
    if (outcome->failure_count == outcome->failure_capacity) {
        size_t capacity = outcome->failure_capacity ? 2 * outcome->failure_capacity : 16;
        struct failure *list = cli_alloc(capacity, sizeof *list);
        if (outcome->failure_count)
            memcpy(list, outcome->failures, outcome->failure_count * sizeof *list);
        outcome->failures = list;
        outcome->failure_capacity = capacity;
    }
    outcome->failures[outcome->failure_count++] = *failure;
}

/* --- through a pipe: the struct, then what it points to --- */

/* Each text that an outcome points to. false: it could not be done with one. */
typedef bool visit_text(int descriptor, const char **text);

static bool visit_explanation(struct explanation *explanation, int descriptor, visit_text *visit)
{
    const char **const texts[] = {&explanation->interface, &explanation->c, &explanation->compiler,
                                  &explanation->expected, &explanation->rules};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!visit(descriptor, texts[i]))
            return false;
    return true;
}

static bool visit_thunks(struct thunk_outcome *thunks, int descriptor, visit_text *visit)
{
    const char **const texts[] = {&thunks->pair.caller, &thunks->pair.callee, &thunks->where,
                                  &thunks->interface, &thunks->c};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!visit(descriptor, texts[i]))
            return false;
    for (unsigned i = 0; i < MAX_THUNK_REASONS; i++)
        if (!visit(descriptor, &thunks->left_out[i].name))
            return false;
    return true;
}

static bool visit_words(struct words *words, int descriptor, visit_text *visit)
{
    for (size_t i = 0; i < words->count; i++)
        if (!visit(descriptor, &words->items[i]))
            return false;
    return true;
}

static bool visit_texts(struct outcome *outcome, int descriptor, visit_text *visit)
{
    const char **const texts[] = {&outcome->abi, &outcome->extend_findings,
                                  &outcome->layouts.findings, &outcome->notes, &outcome->broken};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!visit(descriptor, texts[i]))
            return false;
    for (size_t i = 0; i < outcome->finding_count; i++)
        if (!visit_explanation(&outcome->findings[i], descriptor, visit))
            return false;
    for (size_t i = 0; i < outcome->thunk_count; i++)
        if (!visit_thunks(&outcome->thunks[i], descriptor, visit))
            return false;
    return visit_words(&outcome->layouts.unasked, descriptor, visit) &&
           visit_words(&outcome->layouts.refused, descriptor, visit);
}

static bool write_text(int descriptor, const char **text)
{
    size_t length_bytes = *text ? strlen(*text) : 0;
    return write_all(descriptor, &length_bytes, sizeof length_bytes) &&
           write_all(descriptor, *text, length_bytes);
}

/* What comes is a pointer of the other process: whether it is NULL is all that it says. */
static bool read_text(int descriptor, const char **text)
{
    size_t length_bytes;
    if (!read_all(descriptor, &length_bytes, sizeof length_bytes))
        return false;
    char *copy = *text ? cli_alloc(length_bytes + 1, 1) : NULL;
    *text = copy;
    return read_all(descriptor, copy, length_bytes);
}

bool outcome_send(const struct outcome *outcome, int descriptor)
{
    struct outcome sent = *outcome; /* a visitor may change texts, this one does not */
    return write_all(descriptor, &sent, sizeof sent) &&
           write_all(descriptor, sent.failures, sent.failure_count * sizeof *sent.failures) &&
           visit_texts(&sent, descriptor, write_text);
}

/* As many texts, which are still to come. */
static void expect_words(struct words *words)
{
    words->items = cli_alloc(words->count + 1, sizeof *words->items);
    words->capacity = words->count + 1;
    for (size_t i = 0; i < words->count; i++)
        words->items[i] = "";
}

bool outcome_receive(struct outcome *outcome, int descriptor)
{
    struct outcome got;
    if (!read_all(descriptor, &got, sizeof got))
        return false;
    got.failures = cli_alloc(got.failure_count + 1, sizeof *got.failures);
    got.failure_capacity = got.failure_count + 1;
    expect_words(&got.layouts.unasked);
    expect_words(&got.layouts.refused);
    if (!read_all(descriptor, got.failures, got.failure_count * sizeof *got.failures) ||
        !visit_texts(&got, descriptor, read_text))
        return false;
    *outcome = got;
    return true;
}
