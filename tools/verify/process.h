/* Starting other programs: arguments as a list, output into files; and what happens when something around them goes wrong. */
#ifndef ABIDE_VERIFY_PROCESS_H
#define ABIDE_VERIFY_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

enum { MAX_WORDS = 64 };

struct command {
    char *words[MAX_WORDS + 1];
    size_t count;
};

/* The words of a text such as "clang-19 --target=aarch64-linux-gnu", split at spaces. */
void command_add_words(struct command *command, const char *text);
void command_add(struct command *command, const char *word);
/* A path below a directory. */
void command_add_path(struct command *command, const char *directory, const char *name);

/*
 * Runs it and frees the words. Standard output and error go to files in `directory`, called NAME.out and NAME.err; standard
 * input comes from the file `input`, or is empty if that is NULL. Returns the exit status, or 128 plus the number of a
 * signal: also of the one that ends what takes minutes, or too much memory, or fills the disk.
 */
int command_run(struct command *command, const char *directory, const char *name,
                const char *input);

/* Whether the first word of a command can be started. */
bool command_exists(const char *text);

/* The first lines of a file, on standard error: why a program failed. */
void show_file(const char *directory, const char *name, const char *suffix);

/* The whole file, which the caller frees with the process; NULL: it cannot be read. */
const char *read_text_file(const char *path);
void write_text_file(const char *directory, const char *name, const char *text);

/* A new directory for temporary files: below `keep`, which is made if need be, or one that goes when the program ends. */
const char *make_workplace(const char *keep);

/* A folder in it. */
const char *make_workplace_part(const char *name);

/* Zeroed memory, which `release` gives back: also of what is attempted and fails. */
void *allocate(size_t count, size_t size_bytes);
void release(void *memory);

/* Something around the test programs went wrong. Ends what is attempted, or the process with the status of bad input. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Does something that may die. false: it did; `*why` is its last word, and what it had allocated has been released. */
bool attempt(void (*action)(void *user), void *user, const char **why);
/* In a new process: nothing is attempted here, so it dies as a whole. */
void attempt_nothing(void);

/* All the bytes, through a pipe; false: the other end is gone. */
bool write_all(int descriptor, const void *bytes, size_t size_bytes);
bool read_all(int descriptor, void *bytes, size_t size_bytes);

/* From now on SIGINT, SIGTERM and SIGHUP end the command that runs, and what is attempted, instead of this process. */
void catch_interrupts(void);
bool is_interrupted(void);

#endif
