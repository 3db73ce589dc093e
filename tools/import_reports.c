/* Reading the reports of the programs that import. */
#include "import_reports.h"

#include <string.h>

/* A line that is being read: what it says, and under which id. NULL: none. */
struct reading {
    struct cli *cli;
    const char *usual_id;
    const char *id, *message;
};

static void end_report(struct reading *reading, const char *help)
{
    if (reading->message &&
        !abide_ctx_report(reading->cli->ctx, reading->id, reading->message, help))
        cli_no_memory();
    reading->message = NULL;
}

/* The id in "... [id]", which is cut off; else the usual one. */
static const char *take_id(const struct reading *reading, char *line)
{
    size_t length = strlen(line);
    char *open = strrchr(line, '[');
    if (!open || open == line || line[length - 1] != ']')
        return reading->usual_id;
    const char *id = cli_copy(open + 1, (size_t)(line + length - 1 - (open + 1)));
    if (!abide_diag_summary(id))
        return reading->usual_id;
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
    reading->message = cli_printf("%.*s%s", (int)(severity - line), line, severity + length);
}

void import_reports_add(struct cli *cli, const char *lines, const char *usual_id)
{
    struct reading reading = {cli, usual_id, NULL, NULL};
    while (lines && *lines) {
        size_t length = strcspn(lines, "\n");
        read_line(&reading, cli_copy(lines, length));
        lines += length + (lines[length] == '\n');
    }
    end_report(&reading, NULL);
}
