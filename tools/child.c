/* Starting another program, and reading what it writes. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Beside this program, as both are installed; NULL: not there. */
static const char *beside(const char *name)
{
    char own[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length < 0)
        return NULL;
    own[length] = '\0';
    char *slash = strrchr(own, '/');
    if (!slash)
        return NULL;
    *slash = '\0';
    const char *path = cli_printf("%s/%s", own, name);
    return access(path, X_OK) == 0 ? path : NULL;
}

static bool start(const char *const *words, int output, bool is_silent, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        cli_no_memory();
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (is_silent)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const char *path = beside(words[0]);
    char *const *arguments = (char *const *)words;
    int error = path ? posix_spawn(child, path, &actions, NULL, arguments, environ)
                     : posix_spawnp(child, words[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    errno = error;
    return error == 0;
}

static void read_all(int input, struct text *answer)
{
    char chunk[4096];
    for (;;) {
        ssize_t length = read(input, chunk, sizeof chunk);
        if (length > 0)
            text_add(answer, chunk, (size_t)length);
        else if (length == 0 || errno != EINTR)
            return;
    }
}

static bool run(const char *const *words, bool is_silent, struct text *answer, int *exit_status)
{
    int ends[2];
    pid_t child;
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    bool started = start(words, ends[1], is_silent, &child);
    int error = errno;
    close(ends[1]);
    if (started)
        read_all(ends[0], answer);
    close(ends[0]);
    if (!started) {
        errno = error;
        return false;
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    *exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

bool child_run(const char *const *words, struct text *answer, int *exit_status)
{
    return run(words, false, answer, exit_status);
}

bool child_ask(const char *const *words, struct text *answer, int *exit_status)
{
    return run(words, true, answer, exit_status);
}
