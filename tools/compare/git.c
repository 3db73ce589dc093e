/* A file as it was at a revision: what `git show` prints. No shell, so names mean nothing to one. */
#include "child.h"
#include "compare.h"

#include <errno.h>
#include <string.h>

const char *git_read(struct cli *cli, const char *revision, const char *file, size_t *length_bytes)
{
    struct text text = {0}, errors = {0};
    const char *object =
        *file == '/' ? cli_printf("%s:%s", revision, file) : cli_printf("%s:./%s", revision, file);
    const char *const words[] = {"git", "show", "--no-textconv", "--end-of-options", object, NULL};
    int exit_status = 0;
    bool is_started = child_hear(words, &text, &errors, &exit_status);
    const char *said =
        is_started ? errors.chars : cli_printf("git cannot be started: %s", strerror(errno));
    const char *copy = is_started && exit_status == 0
                           ? cli_copy(text.chars ? text.chars : "", text.length_bytes)
                           : NULL;
    *length_bytes = text.length_bytes;
    text_free(&text);
    if (!copy)
        cli_report(cli, "unreadable-file", "ask git: git show 'REVISION:./FILE'",
                   "cannot read '%s' at revision '%s'%s%.*s", file, revision, said ? ": " : "",
                   said ? (int)strcspn(said, "\n") : 0, said ? said : "");
    text_free(&errors);
    return copy;
}
