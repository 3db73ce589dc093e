/* Completions of shells: scripts that know every verb, every option and what may stand behind it. */
#ifndef ABIDE_TOOLS_COMPLETION_H
#define ABIDE_TOOLS_COMPLETION_H

#include "cli.h"

struct text;

/* What a shell offers in some place of the command line. */
enum offer {
    OFFER_NOTHING, /* whatever one likes: a number, a name, a command */
    OFFER_WORDS,   /* some words */
    OFFER_TARGETS, /* triples */
    OFFER_ABIS,    /* names of modules, and files */
    OFFER_FOLDERS,
    OFFER_FILES,
    OFFER_YAML, /* files that are modules or interfaces, and folders */
    OFFER_IDS,  /* of diagnostics */
    OFFER_NAMES /* of the file on the line; while there is none, OFFER_YAML */
};

struct place {
    enum offer offer;
    const char *words; /* with blanks between them: OFFER_WORDS, or besides the offer */
};

/* What stands for the value of an option, as its table calls it ("TRIPLE", "text|json"). */
struct place completion_of_value(const struct poptOption *option);
/* What stands for the first operand of a verb ("c|rust FILE"), and for those behind it. */
struct place completion_of_first(const char *operands);
struct place completion_of_rest(const struct verb *verb);

/*
 * The answer to a shell that asks which names of the file on a line may stand next; the operands of `cli` are the words of the
 * line from its verb on, up to the one that is being written. A line each. STATUS_NO: the line has no file yet. Nothing
 * is reported: not of a line that is not finished, and not of the file.
 */
enum status completion_names(struct cli *cli);

void completion_bash(struct text *text);
void completion_zsh(struct text *text);
void completion_fish(struct text *text);

#endif
