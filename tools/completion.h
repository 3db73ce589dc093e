/* Completions of shells: scripts that know every verb, every option and what may stand behind it. */
#ifndef ABIDE_TOOLS_COMPLETION_H
#define ABIDE_TOOLS_COMPLETION_H

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
    OFFER_IDS   /* of diagnostics */
};

struct place {
    enum offer offer;
    const char *words; /* with blanks between them: OFFER_WORDS, or besides the offer */
};

/* What stands for the value of an option, as its table calls it ("TRIPLE", "text|json"). */
struct place completion_of_value(const char *value);
/* What stands for the first operand of a verb ("c|rust FILE"), and for those behind it. */
struct place completion_of_first(const char *operands);
struct place completion_of_rest(const char *operands);

void completion_bash(struct text *text);
void completion_zsh(struct text *text);
void completion_fish(struct text *text);

#endif
