/* Writing: a file as a whole or not at all, and not touched when its bytes would not change. */
#ifndef ABIDE_TOOLS_OUTPUT_H
#define ABIDE_TOOLS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct cli;

/* `path` NULL or "-": standard output. false: reported (unwritable-output). */
bool output_write(struct cli *cli, const char *path, const char *bytes, size_t size_bytes);
/* The same for an input whose new content the answer is. */
bool output_rewrite(struct cli *cli, const char *path, const char *bytes, size_t size_bytes);
/* Whether what is written to the two paths would be one file, there or not yet. */
bool output_is_same(const char *a, const char *b);
/* Makes sure that descriptors 0 to 2 are taken, so that no file opened later receives what is meant for them. */
void output_claim_standard_streams(void);
/* Makes a limit on the size of files (ulimit -f) a failed write, which cleans up and is reported, instead of the end of the process. */
void output_outlive_limits(void);
/* Whether to colour what goes to the descriptor, by option, environment and terminal. */
bool output_wants_color(const struct cli *cli, int descriptor);

#endif
