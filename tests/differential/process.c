#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void die(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "differential: ");
    vfprintf(stderr, format, list);
    fprintf(stderr, "\n");
    va_end(list);
    exit(3);
}

void *allocate(size_t count, size_t size_bytes)
{
    void *memory = calloc(count, size_bytes);
    if (memory == NULL)
        die("out of memory");
    return memory;
}

void command_add(struct command *command, const char *word)
{
    if (command->count == MAX_WORDS)
        die("a command of more than %d words", MAX_WORDS);
    command->words[command->count] = strdup(word);
    if (command->words[command->count++] == NULL)
        die("out of memory");
}

void command_add_words(struct command *command, const char *text)
{
    char word[1024];
    while (*(text += strspn(text, " ")) != '\0') {
        size_t length = strcspn(text, " ");
        if (length >= sizeof word)
            die("a word of %zu bytes in a command", length);
        memcpy(word, text, length);
        word[length] = '\0';
        command_add(command, word);
        text += length;
    }
}

void command_add_path(struct command *command, const char *directory, const char *name)
{
    char path[1024];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", directory, name) >= sizeof path)
        die("path too long: %s/%s", directory, name);
    command_add(command, path);
}

static int status_of(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int command_run(struct command *command, const char *directory, const char *name)
{
    char out[1024], err[1024];
    snprintf(out, sizeof out, "%s/%s.out", directory, name);
    snprintf(err, sizeof err, "%s/%s.err", directory, name);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out, flags, 0644);
    posix_spawn_file_actions_addopen(&actions, 2, err, flags, 0644);
    pid_t child;
    int status = 0;
    int error = posix_spawnp(&child, command->words[0], &actions, NULL, command->words, environ);
    if (error != 0)
        die("%s: %s", command->words[0], strerror(error));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    posix_spawn_file_actions_destroy(&actions);
    for (size_t i = 0; i < command->count; i++)
        free(command->words[i]);
    *command = (struct command){0};
    return status_of(status);
}

void show_file(const char *directory, const char *name, const char *suffix)
{
    char path[1024], line[512];
    snprintf(path, sizeof path, "%s/%s%s", directory, name, suffix);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return;
    for (int i = 0; i < 12 && fgets(line, sizeof line, file) != NULL; i++)
        fprintf(stderr, "    %s", line);
    fclose(file);
}

static char workplace[256];

/* It holds files only. */
static void remove_workplace(void)
{
    DIR *directory = opendir(workplace);
    if (directory == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    rmdir(workplace);
}

static void tell_workplace(void)
{
    printf("kept: %s\n", workplace);
}

const char *make_workplace(bool keep)
{
    const char *place = getenv("TMPDIR");
    snprintf(workplace, sizeof workplace, "%s/abide-differential-XXXXXX",
             place != NULL ? place : "/tmp");
    if (mkdtemp(workplace) == NULL)
        die("cannot make %s: %s", workplace, strerror(errno));
    atexit(keep ? tell_workplace : remove_workplace);
    return workplace;
}
