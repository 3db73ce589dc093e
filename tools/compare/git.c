/* A file as it was at a revision: what `git cat-file` prints. No shell, so names mean nothing to one. */
#include "child.h"
#include "compare.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* What git printed, and how it ended. */
struct heard {
    struct text text, errors;
    bool is_good;
};

static void free_heard(struct heard *heard)
{
    text_free(&heard->text);
    text_free(&heard->errors);
}

static struct heard hear(const char *const *words)
{
    struct heard heard = {0};
    int exit_status = 0;
    bool is_started = child_hear(words, &heard.text, &heard.errors, &exit_status);
    if (!is_started)
        text_printf(&heard.errors, "git cannot be started: %s", strerror(errno));
    heard.is_good = is_started && exit_status == 0;
    return heard;
}

/* The line that says why git failed, without what it warned of before. */
static const char *reason_of(const struct heard *heard)
{
    const char *said = heard->errors.chars ? heard->errors.chars : "";
    const char *fatal = strstr(said, "fatal: ");
    said = fatal ? fatal : said;
    return cli_copy(said, strcspn(said, "\n"));
}

/* The folder of a file, if there is one now: whose repository is asked. */
static const char *folder_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    struct stat status;
    const char *folder = slash == file ? "/" : slash ? cli_copy(file, (size_t)(slash - file)) : ".";
    return stat(folder, &status) == 0 && S_ISDIR(status.st_mode) ? folder : NULL;
}

/* Whether there are files of a repository around a folder: a bare one has none. */
static bool has_files(const char *folder)
{
    const char *const words[] = {"git", "-C", folder, "rev-parse", "--is-inside-work-tree", NULL};
    struct heard heard = hear(words);
    bool has = heard.is_good && heard.text.chars && strncmp(heard.text.chars, "true", 4) == 0;
    free_heard(&heard);
    return has;
}

const char *git_read(struct cli *cli, const char *revision, const char *file, size_t *length_bytes)
{
    const char *folder = folder_of(file), *slash = strrchr(file, '/');
    bool is_there = folder && has_files(folder);
    bool is_relative = is_there || (*file != '/' && has_files("."));
    const char *object = cli_printf(is_relative ? "%s:./%s" : "%s:%s", revision,
                                    is_there && slash ? slash + 1 : file);
    const char *const words[] = {
        "git", "-C", is_there ? folder : ".", "cat-file", "--end-of-options", "blob", object, NULL};
    struct heard heard = hear(words);
    const char *copy =
        heard.is_good ? cli_copy(heard.text.chars ? heard.text.chars : "", heard.text.length_bytes)
                      : NULL;
    *length_bytes = heard.text.length_bytes;
    if (!copy)
        cli_report(cli, "unreadable-file",
                   "ask git: git log --follow FILE; of a file that was renamed, name the old and "
                   "the new path",
                   "cannot read '%s' at revision '%s': %s", file, revision, reason_of(&heard));
    free_heard(&heard);
    return copy;
}
