/* Asks abide, by its command line, and reads the JSON it answers. */
#ifndef ABIDE_DIFFERENTIAL_ANSWER_H
#define ABIDE_DIFFERENTIAL_ANSWER_H

#include "account.h"

#include <jansson.h>

struct engine {
    const char *abide; /* the executable */
    const char *abi;
    const char *target;
    const char *directory; /* where to work */
    const struct machine *machine;
};

/*
 * Fills one account for each signature.  False: abide refused the batch, with
 * the reason in the work directory (answer_complain shows it).
 */
bool answer_run(const struct engine *engine, const struct signature *signatures, unsigned count,
                struct account *accounts);
/* The answer to one verb about an interface file; NULL: refused. */
json_t *answer_ask(const struct engine *engine, const char *verb, const char *path);
void answer_complain(const struct engine *engine);

/* The two JSON documents about a batch, read into accounts. */
void answer_read_layout(const json_t *document, const struct signature *signatures, unsigned count,
                        struct account *accounts);
void answer_read_call(const json_t *document, const struct machine *machine,
                      const struct signature *signatures, unsigned count, struct account *accounts);

#endif
