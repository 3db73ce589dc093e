/* Command lines of the programs that import, and their answers. */
#include "command.h"

#include <stdio.h>
#include <string.h>

int command_misused(const struct command *command, const char *what, const char *word)
{
    fprintf(stderr, "%s: error: %s%s [unknown-option]\n  = help: %s\n", command->program, what,
            word, command->synopsis);
    return STATUS_USAGE;
}

static const struct option *find_option(const struct command *command, const char *word)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (strcmp(command->options[i].name, word) == 0)
            return &command->options[i];
    return NULL;
}

/* Takes the option at `*at` with its text. false: there is no such option, or no text. */
static bool take_option(const struct command *command, int argc, char **argv, int *at)
{
    const struct option *option = find_option(command, argv[*at]);
    if (!option)
        return false;
    if (option->flag) {
        *option->flag = true;
        return true;
    }
    const char *text = *at + 1 < argc ? argv[++*at] : NULL;
    if (!text)
        return false;
    if (option->text)
        *option->text = text;
    else
        LIST_ADD(option->list,
                 option->keeps_name ? store_printf("%s%s", option->name, text) : text);
    return true;
}

int command_read(const struct command *command, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (command->rest && strcmp(word, "--") == 0) {
            for (i++; i < argc; i++)
                LIST_ADD(command->rest, argv[i]);
        } else if (*word == '-') {
            if (!take_option(command, argc, argv, &i))
                return command_misused(command,
                                       "this option is unknown, or lacks its text: ", word);
        } else if (*command->operand) {
            return command_misused(
                command, store_printf("one %s at a time, not also ", command->operand_kind), word);
        } else {
            *command->operand = word;
        }
    }
    return *command->operand
               ? STATUS_OK
               : command_misused(command, store_printf("which %s?", command->operand_kind), "");
}

bool command_is_version(const char *program_and_version, int argc, char **argv)
{
    return argc == 2 && strcmp(argv[1], "--version") == 0 && puts(program_and_version) >= 0;
}

enum voice voice_of(bool is_quiet, bool is_each)
{
    return is_quiet ? VOICE_NONE : is_each ? VOICE_EACH : VOICE_SUMMARY;
}

int command_answer(const struct model *model, const struct heading *heading, const char *program,
                   enum voice voice)
{
    struct text text = {0};
    write_model(&text, model, heading);
    report(model, program, voice);
    return fputs(text.chars, stdout) >= 0 && fflush(stdout) == 0 ? STATUS_OK : STATUS_INPUT;
}
