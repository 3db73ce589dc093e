/*
 * The options of all verbs. One popt table per verb is what is parsed, what `--help` prints, and what manual pages and the
 * completions of shells are made of.
 */
#ifndef ABIDE_TOOLS_OPTIONS_H
#define ABIDE_TOOLS_OPTIONS_H

#include <popt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli;

struct words {
    const char **items;
    size_t count;
    size_t capacity;
};

void words_add(struct words *words, const char *word);

/* The words behind the first two depend on the verb: a report of tests, or pictures. */
enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JUNIT };
enum error_format { ERRORS_TEXT, ERRORS_SHORT, ERRORS_GITHUB, ERRORS_JSON, ERRORS_SARIF };
enum picture_format { FORMAT_SVG = FORMAT_JSON + 1, FORMAT_HTML };
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum emit { EMIT_OBJECT, EMIT_ARCHIVE, EMIT_ASSEMBLY, EMIT_IR, EMIT_BITCODE, EMIT_C, EMIT_WAYS };
/* What `fingerprint` writes. */
enum carry { CARRY_TABLE, CARRY_TEXTS, CARRY_SOURCE, CARRY_ALIASES, CARRY_DEF, CARRY_HEADER };
enum level { LEVEL_ERROR, LEVEL_WARNING, LEVEL_NOTE };

struct options {
    struct words operands;
    struct words targets;
    struct words abis;
    struct words include_dirs;
    struct words module_files;
    int format;         /* enum format */
    int error_format;   /* enum error_format */
    int color;          /* enum color */
    const char *output; /* NULL: standard output */
    bool quiet;
    bool help;
    bool version;
    bool trace;
    const char *variadic; /* types of extra arguments */
    const char *caller;
    const char *callee;
    bool without;
    int checks;  /* abide_checks; UNSAID: as the interface says */
    int require; /* 1 + index into the words of --require; 0: nothing */
    int emit;    /* enum emit */
    bool emit_given;
    const char *prefix;
    int kind;         /* abide_plan_kind */
    const char *data; /* the parameter of a closure's record; NULL: none */
    bool depfile;
    const char *depfile_path;
    const char *depfile_target;
    bool cet;
    bool bti;
    bool pac;
    bool debug_info;
    int level; /* enum level */
    bool coverage;
    bool check;
    const char *extends;
    /* verify */
    const char *cc;
    const char *run;
    const char *to;
    const char *language;
    const char *language_command;
    const char *callee_cc;
    const char *other_cc;
    const char *count;
    const char *seed;
    const char *first;
    const char *jobs;
    const char *opt;
    const char *with_features;
    const char *without_features;
    const char *only;
    const char *stages;
    const char *report;
    const char *keep;
    const char *harness;
    const char *interface;
    bool no_shrink;
    bool odd;
    bool stop;
    bool selftest;
    bool all;
    bool list;
    struct words libraries;
    int carry; /* enum carry */
    bool layout_only;
    bool provide_aliases;
    bool call_aliases;
    const char *against;
    const char *check_file; /* import: what a binary is compared with */
    /* compare */
    struct words new_abis;
    const char *git;
    int direction; /* index into the words of --direction */
    int fail_on;   /* 0: contract; else 1 + index into the words of --fail-on */
    const char *accept;
    /* import */
    struct words from, wanted, unwanted;
    struct words header_dirs;
    struct words defines;
    struct words clang_flags;
    const char *package;
};

/* Which option it is, whatever the verb: the `val` of the popt tables. */
enum option {
    OPTION_TARGET = 1,
    OPTION_ABI,
    OPTION_INCLUDE,
    OPTION_MODULE,
    OPTION_FORMAT,
    OPTION_JSON,
    OPTION_OUTPUT,
    OPTION_ERROR_FORMAT,
    OPTION_COLOR,
    OPTION_QUIET,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_TRACE,
    OPTION_VARIADIC,
    OPTION_CALLER,
    OPTION_CALLEE,
    OPTION_WITHOUT,
    OPTION_CHECKS,
    OPTION_REQUIRE,
    OPTION_EMIT,
    OPTION_PREFIX,
    OPTION_LIBRARY,
    OPTION_RUN_ABI,
    OPTION_KIND,
    OPTION_DATA,
    OPTION_DEPFILE,
    OPTION_DEPFILE_PATH,
    OPTION_DEPFILE_TARGET,
    OPTION_CET,
    OPTION_BTI,
    OPTION_PAC,
    OPTION_DEBUG,
    OPTION_LEVEL,
    OPTION_COVERAGE,
    OPTION_CHECK,
    OPTION_EXTENDS,
    OPTION_FORMAT_JUNIT,
    OPTION_FORMAT_PICTURE,
    OPTION_CC,
    OPTION_RUN,
    OPTION_OTHER_CC,
    OPTION_TO,
    OPTION_LANGUAGE,
    OPTION_LANGUAGE_COMMAND,
    OPTION_CALLEE_CC,
    OPTION_SIGNATURES,
    OPTION_SEED,
    OPTION_FIRST,
    OPTION_JOBS,
    OPTION_OPT,
    OPTION_WITH_FEATURES,
    OPTION_WITHOUT_FEATURES,
    OPTION_ONLY,
    OPTION_STAGES,
    OPTION_REPORT,
    OPTION_KEEP,
    OPTION_HARNESS,
    OPTION_INTERFACE,
    OPTION_NO_SHRINK,
    OPTION_ODD,
    OPTION_STOP,
    OPTION_SELFTEST,
    OPTION_ALL,
    OPTION_LIST,
    OPTION_CARRY,
    OPTION_LAYOUT_ONLY,
    OPTION_PROVIDE_ALIASES,
    OPTION_CALL_ALIASES,
    OPTION_AGAINST,
    OPTION_CHECK_FILE,
    OPTION_NEW_ABI,
    OPTION_GIT,
    OPTION_DIRECTION,
    OPTION_FAIL_ON,
    OPTION_ACCEPT,
    OPTION_FROM,
    OPTION_WANTED,
    OPTION_UNWANTED,
    OPTION_PACKAGE,
    OPTION_HEADER_DIR,
    OPTION_DEFINE,
    OPTION_CLANG,
    OPTION_COUNT
};

/* Rows of a verb's table. */
#define OPTION_TEXT(long_name, short_name, option, help, value) \
    {long_name, short_name, POPT_ARG_STRING, NULL, option, help, value}
#define OPTION_FLAG(long_name, short_name, option, help) \
    {long_name, short_name, POPT_ARG_NONE, NULL, option, help, NULL}
/* Options as compilers write them, with one dash. */
#define OPTION_DASH_TEXT(name, option, help, value) \
    {name, 0, POPT_ARG_STRING | POPT_ARGFLAG_ONEDASH, NULL, option, help, value}
#define OPTION_DASH_FLAG(name, option, help) \
    {name, 0, POPT_ARG_NONE | POPT_ARGFLAG_ONEDASH, NULL, option, help, NULL}
#define OPTION_TARGET_ROW                                                                      \
    OPTION_TEXT("target", 't', OPTION_TARGET, "ask about this target instead of this machine", \
                "TRIPLE")
#define OPTION_TARGETS_ROW                    \
    OPTION_TEXT("target", 't', OPTION_TARGET, \
                "ask about this target instead of this machine; may be repeated", "TRIPLE")
#define OPTION_PICTURE_ROW                                                                        \
    OPTION_TEXT("format", 0, OPTION_FORMAT_PICTURE,                                               \
                "the form of the answer: text (default), json, svg (a picture) or html (a page)", \
                "text|json|svg|html")
#define OPTION_ABIS_ROW                                                                           \
    OPTION_TEXT("abi", 0, OPTION_ABI,                                                             \
                "the ABI: NAME[@VERSION][:OPTION=VALUE,...] or a file (default: c, the target's " \
                "C ABI); may be repeated",                                                        \
                "REF")
/* Groups that verbs share. */
#define OPTIONS_MODULES \
    {NULL, 0, POPT_ARG_INCLUDE_TABLE, (void *)options_modules, 0, "Finding ABI modules:", NULL}
#define OPTIONS_COMMON \
    {NULL, 0, POPT_ARG_INCLUDE_TABLE, (void *)options_common, 0, "Every verb:", NULL}
/* Without --format, for a verb that has more of them. */
#define OPTIONS_REST {NULL, 0, POPT_ARG_INCLUDE_TABLE, (void *)options_rest, 0, "Every verb:", NULL}
extern const struct poptOption options_modules[];
extern const struct poptOption options_common[];
extern const struct poptOption options_rest[];

/*
 * How errors are to be shown, wherever in the words that is said: also mistakes in words in front of it, and in the verb,
 * are shown that way.
 */
enum error_format options_error_format(int argc, const char **argv);
/* Reads the words after the verb. false: reported. */
bool options_parse(struct cli *cli, int argc, const char **argv);
/*
 * Reads the words after the verb of a line that is still being written, up to the one that is: mistakes pass. The option whose
 * value comes next, or NULL.
 */
const struct poptOption *options_read_unfinished(struct cli *cli, int argc, const char **argv);
/* A number that an option has as its text; without a text it stays as it is. false: reported. */
bool options_number(struct cli *cli, const char *option, const char *text, uint64_t min,
                    uint64_t max, uint64_t *number);
/* What --jobs says; else as many as there are processors. false: reported. */
bool options_jobs(struct cli *cli, unsigned *jobs);
/*
 * The options of a verb one by one, with the groups they stand in ("Options" for its own); NULL past the last. A verb's own
 * come first, whatever the order in its table.
 */
struct option_row {
    const struct poptOption *option;
    const char *group;
};
const struct option_row *options_rows(const struct poptOption *table);
/* Whether it may be given several times. */
bool options_may_repeat(const struct poptOption *option);
/* "--target", "-MF"; NULL: there is none. "-t"; NULL: there is none. */
const char *options_long_name(const struct poptOption *option);
const char *options_short_name(const struct poptOption *option);
/* The options as `--help` shows them. */
struct text;
void options_describe(const struct poptOption *table, struct text *text);

#endif
