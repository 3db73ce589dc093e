/* A file as it was at a revision: what `git show` prints. No shell, so names mean nothing to one. */
#include "compare.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_MAX ((size_t)1 << 30) /* as of files */

extern char **environ;

static bool read_all(int descriptor, struct text *text)
{
    char buffer[65536];
    for (;;) {
        ssize_t count = read(descriptor, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0;
        if (text->length_bytes + (size_t)count > READ_MAX)
            return false;
        text_add(text, buffer, (size_t)count);
    }
}

static int run_git(const char *object, struct text *text, bool *is_read)
{
    int pipes[2];
    pid_t process;
    posix_spawn_file_actions_t actions;
    if (pipe(pipes) != 0)
        return errno;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, pipes[0]);
    posix_spawn_file_actions_addclose(&actions, pipes[1]);
    char *const words[] = {"git",          "show", "--no-textconv", "--end-of-options",
                           (char *)object, NULL};
    int error = posix_spawnp(&process, "git", &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(pipes[1]);
    int status = -1;
    if (error == 0) {
        *is_read = read_all(pipes[0], text);
        close(pipes[0]);
        while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
        }
        *is_read = *is_read && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    } else {
        close(pipes[0]);
    }
    return error;
}

const char *git_read(struct cli *cli, const char *revision, const char *file, size_t *length_bytes)
{
    struct text text = {0};
    bool is_read = false;
    const char *object =
        *file == '/' ? cli_printf("%s:%s", revision, file) : cli_printf("%s:./%s", revision, file);
    int error = run_git(object, &text, &is_read);
    const char *copy = is_read ? cli_copy(text.chars ? text.chars : "", text.length_bytes) : NULL;
    *length_bytes = text.length_bytes;
    text_free(&text);
    if (!copy)
        cli_report(cli, "unreadable-file", "ask git: git show 'REVISION:./FILE'",
                   "cannot read '%s' at revision '%s'%s%s", file, revision, error ? ": " : "",
                   error ? strerror(error) : "");
    return copy;
}
