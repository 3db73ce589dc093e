/* Constants of an interface under the modules of a question, and the ways to print them. */
#ifndef ABIDE_TOOLS_CONSTANTS_H
#define ABIDE_TOOLS_CONSTANTS_H

#include "question.h"
#include "table.h"

#include <jansson.h>

struct valued {
    const abide_constant *constant;
    abide_literal *values; /* one per module; of kind NONE where the target has none */
};

struct constants {
    struct valued *items;
    size_t count;
};

/* Adds a constant under every module. false: reported, and it is not added. */
bool constants_add(struct cli *cli, const struct question *question, const abide_constant *constant,
                   struct constants *constants);
/* A heading, and a row for each: name, type, values ("-": none), what the file says to readers if `with_docs`. */
void constants_table(struct cli *cli, const struct question *question,
                     const struct constants *constants, bool with_docs, struct table *table);
void constants_print_text(struct cli *cli, const struct question *question,
                          const struct constants *constants);
/* Those that the target of a module has, as a list of objects (schemas/layout.json). */
json_t *constants_json(struct cli *cli, const struct constants *constants, size_t module);

#endif
