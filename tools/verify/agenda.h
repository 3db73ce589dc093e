/* All toolchains that are to be asked: planned before the first is asked, and what was found of each. */
#ifndef ABIDE_VERIFY_AGENDA_H
#define ABIDE_VERIFY_AGENDA_H

#include "plan.h"
#include "report.h"

struct agenda {
    struct verify_run *runs;
    struct outcome *outcomes;
    bool *is_done;
    size_t count, capacity, done_count;
    struct words not_asked; /* modules and compilers, each with the reason */
    double start_seconds;
};

/* Adds what is asked about one module. */
enum status agenda_add(struct cli *cli, const struct verify_options *options, const char *reference,
                       struct agenda *agenda);
/* Adds all machine modules that have a compiler. */
enum status agenda_add_all(struct cli *cli, const struct verify_options *options,
                           struct agenda *agenda);

/* What a run found, when it is done. false: it cannot be told, and all ends. */
typedef bool agenda_told(void *user, size_t number);

/* Asks one after the other, each by all processes of the options. */
bool agenda_run(struct agenda *agenda, const struct verify_options *options, agenda_told *told,
                void *user);
/*
 * Asks each in a process of its own, as many at a time as the options have processes. One that crashes, or takes too long, ends
 * itself alone: its outcome is `broken`, and has what it had found until then.
 */
bool agenda_run_apart(struct agenda *agenda, const struct verify_options *options,
                      agenda_told *told, void *user);

struct report agenda_report(const struct agenda *agenda, const struct verify_options *options);

/* agenda.c, for apart.c: room for what will be found. */
void agenda_start(struct agenda *agenda);

#endif
