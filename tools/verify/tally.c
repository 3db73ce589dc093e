#include "tally.h"

#include <string.h>

/* A compiler that fails as nobody knows of does so with many words, of which the first are as good as any. */
static bool is_unknown_failure(enum left_out what, unsigned most_percent)
{
    return what == LEFT_OUT_COMPILER && most_percent == 0;
}

static bool is_of(const struct tally_left_out *entry, enum left_out what, const char *reason,
                  unsigned most_percent)
{
    return entry->what == what &&
           (is_unknown_failure(what, most_percent) ? is_unknown_failure(what, entry->most_percent)
                                                   : strcmp(entry->reason, reason) == 0);
}

static void count_left_out(struct tally *tally, enum left_out what, const char *reason,
                           unsigned most_percent, unsigned long count)
{
    unsigned i = 0;
    while (i + 1 < MAX_LEFT_OUT && tally->left_out[i].count != 0 &&
           !is_of(&tally->left_out[i], what, reason, most_percent))
        i++;
    struct tally_left_out *entry = &tally->left_out[i];
    if (entry->count == 0)
        snprintf(entry->reason, sizeof entry->reason, "%s", reason);
    entry->what = what;
    entry->most_percent = most_percent;
    entry->count += count;
}

void tally_signature(struct tally *tally, const struct signature *signature,
                     const struct account *measured, const struct account *said)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++)
        tally->types += used[i];
    tally->signatures++;
    tally->params += signature->param_count;
    for (unsigned i = 0; i < signature->param_count; i++) {
        const struct value_account *value = &measured->params[i];
        tally->passed[value->pass]++;
        tally->on_stack += value->pass == PASS_DIRECT && account_is_on_stack(value->places[0]);
    }
    if (!signature->has_result)
        return;
    tally->results++;
    tally->returned[measured->result.pass]++;
    if (measured->result.pass == PASS_HIDDEN)
        tally->always_returned &= measured->returned_words;
    /* Where it came in it may still be, which promises nothing. */
    tally->said_returned |= said->returned_words | said->arrived_words;
}

void tally_verdict(struct tally *tally, const struct verdict *verdict)
{
    tally->classes[verdict->class]++;
    if (verdict->class == MISMATCH_NONE && verdict->left_out != LEFT_OUT_NOTHING)
        count_left_out(tally, verdict->left_out, verdict->reason, verdict->most_percent, 1);
}

void tally_add(struct tally *sum, const struct tally *more)
{
    sum->signatures += more->signatures;
    sum->types += more->types;
    sum->params += more->params;
    sum->results += more->results;
    sum->on_stack += more->on_stack;
    for (unsigned i = 0; i < 4; i++) {
        sum->passed[i] += more->passed[i];
        sum->returned[i] += more->returned[i];
    }
    for (unsigned i = 0; i < MISMATCH_CLASSES; i++)
        sum->classes[i] += more->classes[i];
    sum->always_returned &= more->always_returned;
    sum->said_returned |= more->said_returned;
    for (unsigned i = 0; i < MAX_LEFT_OUT && more->left_out[i].count != 0; i++)
        count_left_out(sum, more->left_out[i].what, more->left_out[i].reason,
                       more->left_out[i].most_percent, more->left_out[i].count);
}

bool tally_is_rare(const struct tally *tally, const struct tally_left_out *left_out)
{
    const unsigned long least = 1000;
    unsigned long most_percent = left_out->most_percent               ? left_out->most_percent
                                 : left_out->what == LEFT_OUT_REFUSED ? 66
                                                                      : 1;
    return left_out->count * 100 <=
           most_percent * (tally->signatures > least ? tally->signatures : least);
}

unsigned long tally_left_out(const struct tally *tally, enum left_out what)
{
    unsigned long sum = 0;
    for (unsigned i = 0; i < MAX_LEFT_OUT; i++)
        if (tally->left_out[i].what == what)
            sum += tally->left_out[i].count;
    return sum;
}

unsigned long tally_compared(const struct tally *tally)
{
    return tally->signatures - tally_left_out(tally, LEFT_OUT_REFUSED) -
           tally_left_out(tally, LEFT_OUT_COMPILER);
}

unsigned long tally_too_many(const struct tally *tally)
{
    unsigned long sum = 0;
    for (unsigned i = 0; i < MAX_LEFT_OUT && tally->left_out[i].count != 0; i++)
        sum += !tally_is_rare(tally, &tally->left_out[i]);
    return sum;
}
