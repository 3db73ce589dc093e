/* What the verbs that ask about an interface have in common: the file, the ABIs, the names they are asked for. */
#ifndef ABIDE_TOOLS_QUESTION_H
#define ABIDE_TOOLS_QUESTION_H

#include "cli.h"

/* An interface, and one module for every pair of target and ABI, targets first. */
struct question {
    const abide_iface *iface;
    const abide_module **modules;
    const char **titles; /* parallel: how the modules are called in headings */
    size_t module_count;
};

/* Reads the interface in the first operand and the modules of --abi and --target. */
enum status question_open(struct cli *cli, struct question *question);
/* The same; without --abi the ABI is the one that the interface says it provides, else C's. */
enum status question_open_as_provided(struct cli *cli, struct question *question);
/* The modules of these references, or of `usual` if there are none, for every --target. */
enum status question_load_modules(struct cli *cli, struct question *question,
                                  const struct words *references, const char *usual);
const char *question_provided_abi(const abide_iface *iface);

/* A list of things with names, for question_select. */
struct names {
    const char *what;       /* "type" */
    const char *unknown_id; /* "unknown-type" */
    size_t count;
    const char *(*name_at)(const void *user, size_t index); /* NULL past the last */
    const void *user;
};

/* Indexes without repetition. */
struct selection {
    size_t *indexes;
    bool *by_name; /* parallel: named in full, neither by a pattern nor because nothing was named */
    size_t count;
};

/* Things that the operands after the first name, in the order asked for; all if there is none. Patterns: * and ?. */
enum status question_select(struct cli *cli, const struct names *names,
                            struct selection *selection);
struct names question_types(const abide_iface *iface);
struct names question_functions(const abide_iface *iface);
/* Functions, and behind them methods. */
struct names question_callables(const abide_iface *iface);
const abide_function *question_callable_at(const abide_iface *iface, size_t index);

/* Whether a name is that of a pattern with * and ?. */
bool question_matches(const char *pattern, const char *name);

/* What the interface is called in titles: its package, else its file. */
const char *question_subject(const struct cli *cli, const abide_iface *iface);

/* "NAME@VERSION", the options that the reference gives, and what a language module lowers to. */
const char *question_abi_title(const abide_module *module, const char *reference);

#endif
