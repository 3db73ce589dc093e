/* What is wanted of what is found. */
#include "choice.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *word;
    enum subject subject;
} subjects[] = {
    {"type:", SUBJECT_TYPE}, {"function:", SUBJECT_FUNCTION}, {"constant:", SUBJECT_CONSTANT}};

static struct pattern read_pattern(const char *word)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        size_t length = strlen(subjects[i].word);
        if (strncmp(word, subjects[i].word, length) == 0)
            return (struct pattern){word, word + length, subjects[i].subject, false};
    }
    return (struct pattern){word, word, SUBJECT_ANY, false};
}

/* A name has no colon: one belongs to a word in front that is none of the three. */
static bool is_readable(const struct pattern *pattern)
{
    return *pattern->name && !strchr(pattern->name, ':');
}

int choice_read(struct choice *choice, const struct command *command)
{
    static const char wanted[] =
        "PATTERN, type:PATTERN, function:PATTERN or constant:PATTERN is wanted, not ";
    for (size_t i = 0; i < choice->only.count; i++) {
        LIST_ADD(&choice->only_patterns, read_pattern(choice->only.items[i]));
        if (!is_readable(&choice->only_patterns.items[i]))
            return command_misused(command, wanted, choice->only.items[i]);
    }
    for (size_t i = 0; i < choice->except.count; i++) {
        LIST_ADD(&choice->except_patterns, read_pattern(choice->except.items[i]));
        if (!is_readable(&choice->except_patterns.items[i]))
            return command_misused(command, wanted, choice->except.items[i]);
    }
    return STATUS_OK;
}

/* All patterns that match are used, not just the first. */
static bool matches(struct pattern *patterns, size_t count, enum subject subject, const char *name)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        if ((patterns[i].subjects & subject) && fnmatch(patterns[i].name, name, 0) == 0)
            found = patterns[i].is_used = true;
    return found;
}

static bool is_only(struct choice *choice, enum subject subject, const char *name)
{
    return matches(choice->only_patterns.items, choice->only_patterns.count, subject, name);
}

static bool is_except(struct choice *choice, enum subject subject, const char *name)
{
    return matches(choice->except_patterns.items, choice->except_patterns.count, subject, name);
}

bool choice_takes(struct choice *choice, enum subject subject, const char *name)
{
    if (is_except(choice, subject, name))
        return false;
    return choice->only_patterns.count == 0 || is_only(choice, subject, name);
}

/* ---- entries ------------------------------------------------------------------------------------- */

typedef bool is_match(struct choice *choice, enum subject subject, const char *name);

/* By the name that the file has, that of the source ("struct name"), or the linker's. */
static bool has_name(struct choice *choice, const struct entry *entry, enum subject subject,
                     is_match *match)
{
    const char *space = strrchr(entry->c_name, ' ');
    bool found = match(choice, subject, entry->name);
    found = match(choice, subject, space ? space + 1 : entry->c_name) || found;
    return (entry->symbol && match(choice, subject, entry->symbol)) || found;
}

static bool is_wanted(struct choice *choice, const struct entry *entry, enum subject subject)
{
    if (choice->only_patterns.count == 0 || has_name(choice, entry, subject, is_only))
        return true;
    for (size_t i = 0; i < entry->enumerators.count; i++)
        if (is_only(choice, SUBJECT_CONSTANT, entry->enumerators.items[i].name))
            return true;
    return false;
}

static void choose_entries(const struct entries *entries, struct choice *choice,
                           enum subject subject)
{
    for (size_t i = 0; i < entries->count; i++) {
        struct entry *entry = entries->items[i];
        if (!entry->c_name)
            continue;
        if (has_name(choice, entry, subject, is_except)) {
            entry->is_own = false; /* so that it is said only where something needs it */
            entry->refusal = "it is not wanted (--except)";
        } else if (entry->is_own) {
            entry->is_own = is_wanted(choice, entry, subject);
        }
    }
}

static void report_unused(const struct pattern *patterns, size_t count, const char *option,
                          const char *program)
{
    for (size_t i = 0; i < count; i++)
        if (!patterns[i].is_used)
            fprintf(stderr, "%s: warning: nothing is called like %s '%s' says [not-imported]\n",
                    program, option, patterns[i].word);
}

void choose(struct model *model, struct choice *choice, const char *program, enum voice voice)
{
    choose_entries(&model->types, choice, SUBJECT_TYPE);
    choose_entries(&model->functions, choice, SUBJECT_FUNCTION);
    if (voice == VOICE_NONE)
        return;
    report_unused(choice->only_patterns.items, choice->only_patterns.count, "--only", program);
    report_unused(choice->except_patterns.items, choice->except_patterns.count, "--except",
                  program);
}
