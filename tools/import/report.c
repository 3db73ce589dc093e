/* What is left out of an interface file. */
#include "model.h"

#include <stdio.h>
#include <string.h>

void count_out(struct model *model, const char *what)
{
    for (size_t i = 0; i < model->counted.count; i++)
        if (strcmp(model->counted.items[i].what, what) == 0) {
            model->counted.items[i].count++;
            return;
        }
    LIST_ADD(&model->counted, (struct counted){1, what});
}

/* "FILE:LINE:COLUMN: warning: ", as much of it as is known */
static void begin_warning(const struct place *place)
{
    fprintf(stderr, "%s:", place->file);
    if (place->line)
        fprintf(stderr, "%u:", place->line);
    if (place->line && place->column)
        fprintf(stderr, "%u:", place->column);
    fputs(" warning: ", stderr);
}

static void report_entries(const struct entries *entries, size_t *refused)
{
    for (size_t i = 0; i < entries->count; i++) {
        const struct entry *entry = entries->items[i];
        if (!entry->refusal || (!entry->is_own && !entry->is_stub))
            continue;
        begin_warning(&entry->place);
        fprintf(stderr, "%s is %s: %s [not-imported]\n", entry->c_name,
                entry->is_stub ? "opaque" : "left out", entry->refusal);
        ++*refused;
    }
}

static size_t count_kept(const struct entries *entries)
{
    size_t kept = 0;
    for (size_t i = 0; i < entries->count; i++)
        kept += entries->items[i]->is_kept;
    return kept;
}

static size_t count_constants(const struct constants *constants)
{
    size_t kept = 0;
    for (size_t i = 0; i < constants->count; i++)
        kept += !constants->items[i]->refusal;
    return kept;
}

bool model_is_empty(const struct model *model)
{
    return count_kept(&model->types) + count_kept(&model->functions) +
               count_constants(&model->constants) ==
           0;
}

/* What is counted, each reason as a warning. */
static void report_counted(const struct model *model, const char *program)
{
    for (size_t i = 0; i < model->counted.count; i++)
        fprintf(stderr, "%s: warning: left out: %zu %s [not-imported]\n", program,
                model->counted.items[i].count, model->counted.items[i].what);
}

void report(const struct model *model, const char *program, enum voice voice)
{
    if (voice == VOICE_NONE)
        return;
    size_t refused_types = 0, refused_functions = 0;
    report_entries(&model->types, &refused_types);
    report_entries(&model->functions, &refused_functions);
    for (size_t i = 0; i < model->remarks.count; i++) {
        const struct entry *entry = model->remarks.items[i].entry;
        if (entry && !entry->is_kept)
            continue;
        begin_warning(&model->remarks.items[i].place);
        fprintf(stderr, "%s [not-imported]\n", model->remarks.items[i].text);
    }
    if (voice == VOICE_EACH) {
        report_counted(model, program);
        return;
    }
    fprintf(stderr,
            "%s: %zu types, %zu functions and %zu constants; left out: %zu types, %zu functions",
            program, count_kept(&model->types), count_kept(&model->functions),
            count_constants(&model->constants), refused_types, refused_functions);
    for (size_t i = 0; i < model->counted.count; i++)
        fprintf(stderr, ", %zu %s", model->counted.items[i].count, model->counted.items[i].what);
    fputs("\n", stderr);
}
