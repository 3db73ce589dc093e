/* Writing files and standard output. */
#define _XOPEN_SOURCE 700 /* realpath */ // NOLINT(bugprone-reserved-identifier,cert-dcl37-c)
#include "output.h"

#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void output_claim_standard_streams(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fcntl(descriptor, F_GETFD) != -1)
            continue;
        /* Opened the wrong way round, so that using it still fails. */
        int opened = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        if (opened != descriptor && opened != -1)
            close(opened);
    }
}

void output_outlive_limits(void)
{
    signal(SIGXFSZ, SIG_IGN);
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

bool output_wants_color(const struct cli *cli, int descriptor)
{
    if (cli->options.color != COLOR_AUTO)
        return cli->options.color == COLOR_ALWAYS;
    if (*variable("NO_COLOR"))
        return false;
    static const char *const forces[] = {"CLICOLOR_FORCE", "FORCE_COLOR"};
    for (size_t i = 0; i < sizeof forces / sizeof *forces; i++)
        if (*variable(forces[i]) && strcmp(variable(forces[i]), "0") != 0)
            return true;
    const char *terminal = variable("TERM");
    return strcmp(variable("CLICOLOR"), "0") != 0 && isatty(descriptor) && *terminal &&
           strcmp(terminal, "dumb") != 0;
}

static bool write_all(int descriptor, const char *bytes, size_t size_bytes)
{
    while (size_bytes) {
        ssize_t written = write(descriptor, bytes, size_bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        size_bytes -= (size_t)written;
    }
    return true;
}

static bool report_failure(struct cli *cli, const char *name)
{
    cli_report(cli, "unwritable-output", NULL, "cannot write %s: %s", name, strerror(errno));
    return false;
}

/* Whether the file holds exactly these bytes. */
static bool has_bytes(const char *path, off_t file_bytes, const char *bytes, size_t size_bytes)
{
    if (file_bytes < 0 || (size_t)file_bytes != size_bytes)
        return false;
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char *old = malloc(size_bytes + 1);
    bool same = old && fread(old, 1, size_bytes + 1, file) == size_bytes &&
                memcmp(old, bytes, size_bytes) == 0;
    free(old);
    fclose(file);
    return same;
}

/* The permissions of a new file, which mkstemp does not give. */
static mode_t new_file_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Into a file beside `path`, which then takes its name. */
static bool replace(const char *path, mode_t mode, const char *bytes, size_t size_bytes)
{
    const char *slash = strrchr(path, '/');
    int folder_bytes = slash ? (int)(slash + 1 - path) : 0;
    char *temporary = cli_printf("%.*s.abide-XXXXXX", folder_bytes, path);
    int descriptor = mkstemp(temporary);
    if (descriptor < 0)
        return false;
    bool good = write_all(descriptor, bytes, size_bytes) && fchmod(descriptor, mode) == 0;
    int reason = errno;
    if (close(descriptor) != 0 && good) {
        good = false;
        reason = errno;
    }
    if (good && rename(temporary, path) == 0)
        return true;
    if (good)
        reason = errno;
    unlink(temporary);
    errno = reason;
    return false;
}

/* A device or a pipe is no file that could be replaced: the bytes go into it. */
static bool write_into(const char *path, const char *bytes, size_t size_bytes)
{
    int descriptor = open(path, O_WRONLY);
    if (descriptor < 0)
        return false;
    bool good = write_all(descriptor, bytes, size_bytes);
    int reason = errno;
    if (close(descriptor) != 0 && good)
        return false;
    errno = reason;
    return good;
}

/* Whether it is one of the files that the answer was made from. */
static bool is_input(const struct cli *cli, const char *path)
{
    struct stat info, other;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    const char *input;
    for (size_t i = 0; (input = abide_ctx_input_at(cli->ctx, i)); i++)
        if (stat(input, &other) == 0 && other.st_dev == info.st_dev && other.st_ino == info.st_ino)
            return true;
    return false;
}

/* The folder of a path, which may not exist. */
static bool stat_folder(const char *path, const char *name, struct stat *info)
{
    return stat(name == path ? "." : cli_printf("%.*s", (int)(name - path), path), info) == 0;
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool output_is_same(const char *a, const char *b)
{
    struct stat of_a, of_b;
    if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0)
        return strcmp(a, b) == 0;
    if (stat(a, &of_a) != 0 || stat(b, &of_b) != 0) { /* where they would be */
        const char *a_name = last_name(a), *b_name = last_name(b);
        if (strcmp(a_name, b_name) != 0 || !stat_folder(a, a_name, &of_a) ||
            !stat_folder(b, b_name, &of_b))
            return false;
    } else if (!S_ISREG(of_a.st_mode)) {
        return false; /* writing to a device twice replaces nothing */
    }
    return of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

static bool write_file(const char *path, const char *bytes, size_t size_bytes)
{
    struct stat info;
    if (stat(path, &info) != 0) /* nothing there; a symbolic link to nothing is left alone */
        return errno == ENOENT && lstat(path, &info) != 0 && *path &&
               replace(path, new_file_mode(), bytes, size_bytes);
    if (S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (!S_ISREG(info.st_mode))
        return write_into(path, bytes, size_bytes);
    if (has_bytes(path, info.st_size, bytes, size_bytes))
        return true;
    if (access(path, W_OK) != 0)
        return false;
    char *real = realpath(path, NULL); /* a symbolic link stays one */
    if (!real)
        return false;
    bool good = replace(real, info.st_mode & 07777, bytes, size_bytes);
    free(real);
    return good;
}

bool output_write(struct cli *cli, const char *path, const char *bytes, size_t size_bytes)
{
    if (!path || strcmp(path, "-") == 0)
        return write_all(STDOUT_FILENO, bytes, size_bytes) ||
               report_failure(cli, "standard output");
    if (is_input(cli, path)) {
        cli_report(cli, "unwritable-output", "choose another name for the output",
                   "'%s' is what the answer was made from", path);
        return false;
    }
    return write_file(path, bytes, size_bytes) || report_failure(cli, cli_printf("'%s'", path));
}

bool output_rewrite(struct cli *cli, const char *path, const char *bytes, size_t size_bytes)
{
    return write_file(path, bytes, size_bytes) || report_failure(cli, cli_printf("'%s'", path));
}
