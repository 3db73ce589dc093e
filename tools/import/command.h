/* What the command lines of the programs that import have in common, and how they answer. */
#ifndef ABIDE_IMPORT_COMMAND_H
#define ABIDE_IMPORT_COMMAND_H

#include "model.h"

enum { STATUS_OK = 0, STATUS_USAGE = 2, STATUS_INPUT = 3 };

struct texts {
    const char **items;
    size_t count;
};

/* One of `flag`, `text` and `list` says where the option goes; the others are NULL. */
struct option {
    const char *name;
    bool *flag;
    const char **text;
    struct texts *list;
    bool keeps_name; /* the list gets "-Dname", not "name" */
};

struct command {
    const char *program, *synopsis;
    const char *operand_kind; /* "header" */
    const char **operand;
    struct texts *rest; /* words behind `--`; NULL: there are none */
    const struct option *options;
    size_t option_count;
};

/* A status; what is wrong is on standard error. The texts are those of `argv`. */
int command_read(const struct command *command, int argc, char **argv);
int command_misused(const struct command *command, const char *what, const char *word);
/* --version alone: it is printed. */
bool command_is_version(const char *program_and_version, int argc, char **argv);
/* The interface file on standard output, and on standard error what is left out. A status. */
int command_answer(const struct model *model, const struct heading *heading, const char *program,
                   enum voice voice);
enum voice voice_of(bool is_quiet, bool is_each);

#endif
