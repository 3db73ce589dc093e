/* Response files: a word `@FILE` of the command line stands for the words of the file. */
#ifndef ABIDE_TOOLS_RESPONSE_H
#define ABIDE_TOOLS_RESPONSE_H

#include <stdbool.h>

struct cli;
struct words;

/*
 * The command line with each @FILE in front of `--` replaced by the words of the file, which may hold @FILE itself. Words are
 * separated by white space; '...' and "..." keep what is between them together, and a backslash takes the next character as
 * it is, also between quotes, as gcc reads such files. false: reported.
 */
bool response_expand(struct cli *cli, int argc, const char *const *argv, struct words *words);

#endif
