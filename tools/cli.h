/*
 * What the verbs of the command share: the run, its memory, its product, its exit status.
 *
 * Memory taken with cli_alloc and its friends lives until the process ends; a failing allocation ends the process with
 * STATUS_INTERNAL, so that no verb has to look.
 */
#ifndef ABIDE_TOOLS_CLI_H
#define ABIDE_TOOLS_CLI_H

#include "options.h"
#include "text.h"

#include "abide/abide.h"

enum status {
    STATUS_OK = 0,
    STATUS_NO = 1,     /* the answer is no: an expectation does not hold, lint found something */
    STATUS_USAGE = 2,  /* the command line makes no sense */
    STATUS_INPUT = 3,  /* the input makes no sense, or the output cannot be written */
    STATUS_ABSENT = 4, /* a target or a feature that is not built in */
    STATUS_INTERNAL = 70
};

struct cli {
    const struct verb *verb;
    struct options options;
    abide_ctx *ctx;
    struct text product; /* for standard output or `-o FILE`; written if the status is OK or NO */
    bool is_partial;     /* or whatever it is: the product is what could be answered */
    bool color_out;
    bool color_err;
};

struct names;

struct verb {
    const char *name;
    const char *summary;  /* one line, for the list of verbs */
    const char *operands; /* "FILE [TYPE...]" */
    const char *about;    /* a paragraph */
    const char *examples
        [2]; /* commands for a shell, each with a comment: "abide layout FILE   # what that shows" */
    const struct poptOption *options;
    size_t operands_min;
    size_t operands_max;
    enum status (*run)(struct cli *cli);
    /* What its operands TYPE or FUNCTION name in the file; NULL: it has none of them. */
    struct names (*names)(const abide_iface *iface);
    /* Words that mean others, before they are read; NULL: there are none. */
    const char **(*words)(int *argc, const char **argv);
};

#define OPERANDS_ANY ((size_t)-1)

extern const struct verb verb_layout, verb_call, verb_plan, verb_thunk, verb_lint, verb_abi,
    verb_fmt, verb_verify, verb_explain, verb_run, verb_fingerprint, verb_inspect, verb_compare,
    verb_bind, verb_import, verb_doc, verb_completion, verb_doctor, verb_schema;

/* All of them, in the order of `abide --help`; NULL ends the table. */
extern const struct verb *const verbs[];
/* NULL: there is no such verb. */
const struct verb *verb_named(const char *name);

/* Zeroed. */
void *cli_alloc(size_t count, size_t size_bytes);
/* Items with room for one more behind the first `count`; which are there stay as they are. */
void *cli_grow(void *items, size_t count, size_t *capacity, size_t item_bytes);
char *cli_copy(const char *chars, size_t length_bytes);
char *cli_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void cli_no_memory(void);
/* Ends the process with STATUS_INTERNAL: something happened that cannot happen. */
_Noreturn void cli_bug(const char *what);
/* Gives all of it back. */
void cli_free_all(void);

/* Reports a mistake in how the command was used and returns STATUS_USAGE. `help` may be NULL. */
enum status cli_misuse(struct cli *cli, const char *id, const char *help, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Reports something else and returns the status that its id stands for. `help` may be NULL. */
enum status cli_report(struct cli *cli, const char *id, const char *help, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool cli_has_errors(const struct cli *cli);
/* The status that the errors reported so far stand for; STATUS_INTERNAL if there is none. */
enum status cli_failure(const struct cli *cli);

/* "did you mean 'x'?" for a word and the words it may be (NULL-terminated), or NULL. */
const char *cli_did_you_mean(const char *word, const char *const *words);

#endif
