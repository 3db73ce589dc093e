/* Reading the reports of the programs that import. */
#include "import_reports.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The most of a line that is read to be shown. */
enum { LINE_MAX_BYTES = 4096 };

/* A line that is being read: what it says of which place, and under which id. `message` NULL: none. */
struct reading {
    struct cli *cli;
    const struct import_reports *reports;
    const char *id, *message;
    abide_position position; /* `file` NULL: none */
};

/* A regular file only: what is named may be anything, and never end. NULL: it cannot be read. */
static FILE *open_regular(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return NULL;
    FILE *stream = fstat(file, &status) == 0 && S_ISREG(status.st_mode) ? fdopen(file, "rb") : NULL;
    if (!stream)
        close(file);
    return stream;
}

/* The text of a line, to be shown. NULL: it cannot be read. */
static const char *line_of(const abide_position *position)
{
    FILE *file = open_regular(position->file);
    if (!file)
        return NULL;
    char chunk[LINE_MAX_BYTES];
    bool is_found = false;
    for (unsigned line = 1; !is_found && fgets(chunk, sizeof chunk, file);) {
        is_found = line == position->line;
        line += strchr(chunk, '\n') != NULL;
    }
    fclose(file);
    return is_found ? cli_copy(chunk, strcspn(chunk, "\n")) : NULL;
}

static void end_report(struct reading *reading, const char *help)
{
    abide_ctx *ctx = reading->cli->ctx;
    const abide_position *position = &reading->position;
    if (!reading->message)
        return;
    const char *line = position->file && reading->reports->shows_lines ? line_of(position) : NULL;
    bool is_reported = position->file ? abide_ctx_report_at(ctx, reading->id, *position, line,
                                                            reading->message, help)
                                      : abide_ctx_report(ctx, reading->id, reading->message, help);
    if (!is_reported)
        cli_no_memory();
    reading->message = NULL;
}

/* The number behind the last ':' of a text, which is cut off. 0: there is none, and nothing is cut off. */
static unsigned take_number(char *text)
{
    char *colon = strrchr(text, ':'), *end;
    if (!colon || colon == text || !isdigit((unsigned char)colon[1]))
        return 0;
    unsigned long number = strtoul(colon + 1, &end, 10);
    if (*end || number == 0 || number > INT32_MAX)
        return 0;
    *colon = '\0';
    return (unsigned)number;
}

/* "FILE:LINE:COLUMN: ", "FILE:LINE: ", or the name of who reports, in front of the severity. */
static abide_position take_position(const char *line, size_t length)
{
    if (length < 2 || strncmp(line + length - 2, ": ", 2) != 0)
        return (abide_position){NULL, 0, 0};
    size_t dot = strncmp(line, "./", 2) == 0 ? 2 : 0;
    char *place = cli_copy(line + dot, length - 2 - dot);
    unsigned last = take_number(place), first = last ? take_number(place) : 0;
    if (last == 0)
        return (abide_position){NULL, 0, 0};
    return first ? (abide_position){place, first, last} : (abide_position){place, last, 0};
}

/* The id in "... [id]", which is cut off; else the usual one. */
static const char *take_id(const struct reading *reading, char *line)
{
    size_t length = strlen(line);
    char *open = strrchr(line, '[');
    if (!open || open == line || line[length - 1] != ']')
        return reading->reports->usual_id;
    const char *id = cli_copy(open + 1, (size_t)(line + length - 1 - (open + 1)));
    if (!abide_diag_summary(id))
        return reading->reports->usual_id;
    open[-1] = '\0';
    return id;
}

/* Where the severity stands, and how long the word is with its colon; NULL: nowhere. */
static char *find_severity(char *line, size_t *length)
{
    static const char *const severities[] = {"fatal error: ", "error: ", "warning: "};
    char *first = NULL;
    for (size_t i = 0; i < sizeof severities / sizeof *severities; i++) {
        char *found = strstr(line, severities[i]);
        if (found && (!first || found < first)) {
            first = found;
            *length = strlen(severities[i]);
        }
    }
    return first;
}

static void read_line(struct reading *reading, char *line)
{
    static const char help[] = "= help: ";
    const char *words = line + strspn(line, " ");
    if (strncmp(words, help, strlen(help)) == 0) {
        end_report(reading, words + strlen(help));
        return;
    }
    end_report(reading, NULL);
    size_t length = 0;
    char *severity = find_severity(line, &length);
    if (!severity)
        return;
    reading->id = take_id(reading, severity);
    reading->position = take_position(line, (size_t)(severity - line));
    reading->message = reading->position.file
                           ? severity + length
                           : cli_printf("%.*s%s", (int)(severity - line), line, severity + length);
}

void import_reports_add(struct cli *cli, const struct import_reports *reports, const char *lines)
{
    struct reading reading = {.cli = cli, .reports = reports};
    while (lines && *lines) {
        size_t length = strcspn(lines, "\n");
        read_line(&reading, cli_copy(lines, length));
        lines += length + (lines[length] == '\n');
    }
    end_report(&reading, NULL);
}
