#include "process.h"

#include "cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* --- memory that is not lost when something dies --- */

struct block {
    _Alignas(max_align_t) struct block *previous;
    struct block *next;
};

static struct block *last_block;

void *allocate(size_t count, size_t size_bytes)
{
    size_t all_bytes;
    if (__builtin_mul_overflow(count, size_bytes, &all_bytes) ||
        __builtin_add_overflow(all_bytes, sizeof(struct block), &all_bytes))
        cli_no_memory();
    struct block *block = calloc(1, all_bytes);
    if (!block)
        cli_no_memory();
    block->previous = last_block;
    if (last_block)
        last_block->next = block;
    last_block = block;
    return block + 1;
}

void release(void *memory)
{
    struct block *block = memory ? (struct block *)memory - 1 : NULL;
    if (!block)
        return;
    // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): what is released is in the list no more
    if (block->previous)
        block->previous->next = block->next;
    if (block->next)
        block->next->previous = block->previous;
    else
        last_block = block->previous;
    free(block);
}

/* --- dying --- */

/* What is attempted just now. */
static struct {
    bool is_there;
    jmp_buf place;
    struct block *last_block; /* before it */
    char why[512];
} attempted;

void die(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(attempted.why, sizeof attempted.why, format, list);
    va_end(list);
    if (attempted.is_there)
        longjmp(attempted.place, 1);
    if (!is_interrupted())
        fprintf(stderr, "abide: error: %s [cannot-verify]\n", attempted.why);
    exit(STATUS_INPUT);
}

bool attempt(void (*action)(void *user), void *user, const char **why)
{
    attempted.last_block = last_block;
    attempted.is_there = true;
    if (setjmp(attempted.place) == 0) {
        action(user);
        attempted.is_there = false;
        return true;
    }
    attempted.is_there = false;
    while (last_block != attempted.last_block)
        release(last_block + 1);
    *why = cli_copy(attempted.why, strlen(attempted.why));
    return false;
}

void attempt_nothing(void)
{
    attempted.is_there = false;
}

/* --- pipes --- */

bool write_all(int descriptor, const void *bytes, size_t size_bytes)
{
    const char *from = bytes;
    while (size_bytes > 0) {
        ssize_t wrote = write(descriptor, from, size_bytes);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        from += wrote;
        size_bytes -= (size_t)wrote;
    }
    return true;
}

bool read_all(int descriptor, void *bytes, size_t size_bytes)
{
    char *to = bytes;
    while (size_bytes > 0) {
        ssize_t got = read(descriptor, to, size_bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        size_bytes -= (size_t)got;
    }
    return true;
}

/* --- interruptions --- */

static volatile sig_atomic_t interrupted;

static void interrupt(int number)
{
    interrupted = number;
}

void catch_interrupts(void)
{
    /* Not restarted: waiting for a command ends. */
    const struct sigaction action = {.sa_handler = interrupt};
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
}

bool is_interrupted(void)
{
    return interrupted != 0;
}

/* --- commands --- */

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

/* Folders may be searched, which access() takes for running. */
static bool is_program(const char *path)
{
    struct stat file;
    return access(path, X_OK) == 0 && stat(path, &file) == 0 && S_ISREG(file.st_mode);
}

bool command_exists(const char *text)
{
    char word[1024], path[4096];
    size_t length = strcspn(text, " ");
    if (length == 0 || length >= sizeof word)
        return false;
    memcpy(word, text, length);
    word[length] = '\0';
    if (strchr(word, '/'))
        return is_program(word);
    const char *place = getenv("PATH");
    while (place && *place != '\0') {
        size_t part = strcspn(place, ":");
        snprintf(path, sizeof path, "%.*s/%s", (int)part, place, word);
        if (is_program(path))
            return true;
        place += part + (place[part] == ':');
    }
    return false;
}

/*
 * What a command may take. A test program may run for ever, or write for ever: wrong code returns to anywhere; a compiler may
 * loop. What they need for a batch is a few seconds of processor time and some hundred MiB. Of processor time (-t, seconds),
 * address space (-v, KiB: an emulator reserves 4 GiB for a program of 32 bits), and each file (-f, blocks of 512 bytes).
 */
#define LIMITS "ulimit -t 120; ulimit -v 12582912 2>/dev/null; ulimit -f 2097152 2>/dev/null; "
/* Of time, for what sleeps. */
enum { SECONDS_AT_MOST = 900 };

/* The command behind a shell that limits it, and everything it starts, in a process group of its own, which can be ended. */
static pid_t start(struct command *command, const posix_spawn_file_actions_t *actions)
{
    char *words[MAX_WORDS + 5] = {"sh", "-c", LIMITS "exec \"$@\"", "sh"};
    memcpy(words + 4, command->words, command->count * sizeof *words);
    pid_t child;
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    int error = posix_spawn(&child, "/bin/sh", actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        die("/bin/sh: %s", strerror(error));
    return child;
}

static void ring(int number)
{
    (void)number;
}

/* Waits for a command, but not longer than it may take, and not when this process is to end. */
static int wait_for(pid_t child)
{
    const struct sigaction action = {.sa_handler = ring};
    sigaction(SIGALRM, &action, NULL);
    int status = 0;
    alarm(SECONDS_AT_MOST);
    if (is_interrupted())
        kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        kill(-child, SIGKILL);
    alarm(0);
    return status_of(status);
}

int command_run(struct command *command, const char *directory, const char *name, const char *input)
{
    char out[1024], err[1024];
    snprintf(out, sizeof out, "%s/%s.out", directory, name);
    snprintf(err, sizeof err, "%s/%s.err", directory, name);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const int flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions, 0, input ? input : "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out, flags, 0644);
    posix_spawn_file_actions_addopen(&actions, 2, err, flags, 0644);
    int status = wait_for(start(command, &actions));
    posix_spawn_file_actions_destroy(&actions);
    for (size_t i = 0; i < command->count; i++)
        free(command->words[i]);
    *command = (struct command){0};
    if (is_interrupted())
        die("interrupted");
    return status;
}

void show_file(const char *directory, const char *name, const char *suffix)
{
    char path[1024], line[512];
    snprintf(path, sizeof path, "%s/%s%s", directory, name, suffix);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return;
    for (int i = 0; i < 12 && fgets(line, sizeof line, file) != NULL; i++)
        fprintf(stderr, "    %.160s%s", line, strlen(line) > 160 ? "\n" : "");
    fclose(file);
}

const char *read_text_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    struct text text = {0};
    char part[4096];
    while (!feof(file) && !ferror(file))
        text_add(&text, part, fread(part, 1, sizeof part, file));
    bool good = !ferror(file);
    fclose(file);
    const char *copy = good ? cli_copy(text.chars ? text.chars : "", text.length_bytes) : NULL;
    text_free(&text);
    return copy;
}

void write_text_file(const char *directory, const char *name, const char *text)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        die("cannot write %s: %s", path, strerror(errno));
}

static char workplace[1024];
static pid_t workplace_owner;

/* What a folder holds, files and few folders; the descriptor is closed. */
static void empty_folder(int descriptor)
{
    DIR *directory = fdopendir(descriptor);
    if (directory == NULL)
        return;
    int at = dirfd(directory);
    for (struct dirent *entry; at >= 0 && (entry = readdir(directory)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            unlinkat(at, entry->d_name, 0) == 0)
            continue;
        int folder = openat(at, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        if (folder >= 0)
            empty_folder(folder);
        unlinkat(at, entry->d_name, AT_REMOVEDIR);
    }
    closedir(directory);
}

static void remove_workplace(void)
{
    if (getpid() != workplace_owner)
        return;
    int descriptor = open(workplace, O_RDONLY | O_DIRECTORY);
    if (descriptor >= 0)
        empty_folder(descriptor);
    rmdir(workplace);
}

const char *make_workplace_part(const char *name)
{
    const char *path = cli_printf("%s/%s", workplace, name);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        die("cannot make %s: %s", path, strerror(errno));
    return path;
}

const char *make_workplace(const char *keep)
{
    const char *place = getenv("TMPDIR");
    if (keep) {
        snprintf(workplace, sizeof workplace, "%s", keep);
        if (mkdir(workplace, 0777) != 0 && errno != EEXIST)
            die("cannot make %s: %s", workplace, strerror(errno));
        return workplace;
    }
    snprintf(workplace, sizeof workplace, "%s/abide-verify-XXXXXX", place ? place : "/tmp");
    if (mkdtemp(workplace) == NULL)
        die("cannot make %s: %s", workplace, strerror(errno));
    workplace_owner = getpid();
    atexit(remove_workplace);
    return workplace;
}
