/* The completion of fish: a `complete` command for every verb and every option. */
#include "cli.h"
#include "completion.h"

#include <string.h>

static const char head[] =
    "# Completion of abide's command line in fish, made by 'abide completion fish' of version\n"
    "# " ABIDE_VERSION ". It asks the command itself for ABI modules, targets and ids.\n"
    "\n"
    "# Whether the verb is one of the arguments; of the operands behind it, the first one is being "
    "written or not.\n"
    "function __abide_verb\n"
    "    set -l words (commandline -opc)\n"
    "    set -q words[2]; and contains -- $words[2] $argv\n"
    "end\n"
    "function __abide_first\n"
    "    test (count (commandline -opc)) = 2; and __abide_verb $argv\n"
    "end\n"
    "function __abide_rest\n"
    "    test (count (commandline -opc)) -gt 2; and __abide_verb $argv\n"
    "end\n"
    "function __abide_targets\n"
    "    set -l words (commandline -opc)\n"
    "    $words[1] abi list 2>/dev/null | string replace -fr '^ *c of ' '' | string split ' '\n"
    "end\n"
    "function __abide_abis\n"
    "    set -l words (commandline -opc)\n"
    "    $words[1] abi list 2>/dev/null | sed -n '1d;s/^\\([a-z][a-z0-9_-]*\\)  .*/\\1/p'\n"
    "    __fish_complete_suffix .yaml\n"
    "end\n"
    "function __abide_ids\n"
    "    set -l words (commandline -opc)\n"
    "    $words[1] explain 2>/dev/null | sed -n 's/^\\([a-z][a-z0-9-]*\\)  .*/\\1/p'\n"
    "end\n"
    "# Names of the file on the line; while there is none, files.\n"
    "function __abide_names\n"
    "    set -l words (commandline -opc)\n"
    "    set -l option (commandline -ct | string replace -fr '^(--[a-z-]+)=.*' '$1')\n"
    "    $words[1] completion names -- $words[2..-1] $option 2>/dev/null\n"
    "    or __fish_complete_suffix .yaml\n"
    "end\n"
    "\n"
    "complete -c abide -f\n";

static void add_quoted(struct text *text, const char *chars)
{
    text_puts(text, "'");
    for (; *chars; chars++) {
        if (*chars == '\'' || *chars == '\\')
            text_puts(text, "\\");
        text_add(text, chars, 1);
    }
    text_puts(text, "'");
}

/* The options of `complete` that offer it. */
static const char *offering(struct place place)
{
    const char *words = *place.words ? cli_printf("%s ", place.words) : "";
    switch (place.offer) {
    case OFFER_NOTHING: return "";
    case OFFER_WORDS: return cli_printf(" -a '%s'", place.words);
    case OFFER_TARGETS: return cli_printf(" -a '%s(__abide_targets)'", words);
    case OFFER_ABIS: return cli_printf(" -a '%s(__abide_abis)'", words);
    case OFFER_FOLDERS: return " -a '(__fish_complete_directories)'";
    case OFFER_FILES: return " -F";
    case OFFER_YAML: return cli_printf(" -k -a '%s(__fish_complete_suffix .yaml)'", words);
    case OFFER_NAMES: return " -k -a '(__abide_names)'";
    case OFFER_IDS: return cli_printf(" -a '%s(__abide_ids)'", words);
    }
    return "";
}

static void add_option(const struct verb *verb, const struct poptOption *option, struct text *text)
{
    text_printf(text, "complete -c abide -n '__abide_verb %s'", verb->name);
    if (option->shortName)
        text_printf(text, " -s %c", option->shortName);
    if (option->longName)
        text_printf(text, " -%c %s", option->argInfo & POPT_ARGFLAG_ONEDASH ? 'o' : 'l',
                    option->longName);
    text_puts(text, " -d ");
    add_quoted(text, option->descrip);
    if (option->argDescrip) {
        struct place place = completion_of_value(option);
        text_printf(text, "%s%s", place.offer == OFFER_FILES ? " -r" : " -x", offering(place));
    }
    text_puts(text, "\n");
}

static void add_operands(const struct verb *verb, const char *where, struct place place,
                         struct text *text)
{
    if (place.offer != OFFER_NOTHING)
        text_printf(text, "complete -c abide -n '__abide_%s %s'%s\n", where, verb->name,
                    offering(place));
}

void completion_fish(struct text *text)
{
    text_puts(text, head);
    text_puts(text, "complete -c abide -n 'test (count (commandline -opc)) = 1' -a 'help' -l help "
                    "-s h -d 'show the verbs'\n"
                    "complete -c abide -n 'test (count (commandline -opc)) = 1' -l version -s V "
                    "-d 'show the version'\n");
    for (size_t i = 0; verbs[i]; i++) {
        text_printf(text, "complete -c abide -n 'test (count (commandline -opc)) = 1' -a %s -d ",
                    verbs[i]->name);
        add_quoted(text, verbs[i]->summary);
        text_puts(text, "\n");
    }
    for (size_t i = 0; verbs[i]; i++) {
        for (const struct option_row *row = options_rows(verbs[i]->options); row->option; row++)
            add_option(verbs[i], row->option, text);
        add_operands(verbs[i], "first", completion_of_first(verbs[i]->operands), text);
        add_operands(verbs[i], "rest", completion_of_rest(verbs[i]), text);
    }
}
