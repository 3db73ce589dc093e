/* Starting another program, and reading what it writes. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define OWN_ERRORS (-1) /* a child writes errors where this process does */

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

static bool start(const char *const *words, int output, int errors, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        cli_no_memory();
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (errors != OWN_ERRORS)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
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

/* `errors`: where its standard error goes, a file or OWN_ERRORS. */
static bool run(const char *const *words, int errors, struct text *answer, int *exit_status)
{
    int ends[2];
    pid_t child;
    if (pipe(ends) != 0)
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    bool started = start(words, ends[1], errors, &child);
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
    return run(words, OWN_ERRORS, answer, exit_status);
}

bool child_hear(const char *const *words, struct text *answer, struct text *errors,
                int *exit_status)
{
    FILE *file = tmpfile(); /* as both are read: a pipe that is full would stop it */
    if (!file)
        return false;
    fcntl(fileno(file), F_SETFD, FD_CLOEXEC);
    bool is_started = run(words, fileno(file), answer, exit_status);
    int error = errno;
    if (lseek(fileno(file), 0, SEEK_SET) == 0)
        read_all(fileno(file), errors);
    fclose(file);
    errno = error;
    return is_started;
}

bool child_ask(const char *const *words, struct text *answer, int *exit_status)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool is_started = run(words, nowhere, answer, exit_status);
    int error = errno;
    if (nowhere >= 0)
        close(nowhere);
    errno = error;
    return is_started;
}
