/* What may stand in each place of a command line, and the completion of bash, which looks that up in tables of its own. */
#include "completion.h"

#include "cli.h"

#include <ctype.h>
#include <string.h>

/* "text|json" or "[text|json]" as "text json": what is to be written as it is. NULL: there is no such word. */
static const char *words_of(const char *names)
{
    const char *words = NULL;
    names += *names == '[';
    while (*names) {
        size_t length = strcspn(names, "|]");
        const char *word = cli_copy(names, length);
        bool is_literal = islower((unsigned char)*names) || isdigit((unsigned char)*names);
        if (is_literal)
            words = words ? cli_printf("%s %s", words, word) : word;
        names += length + (names[length] != '\0');
    }
    return words;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

struct place completion_of_value(const struct poptOption *option)
{
    static const char *const files[] = {"FILE", "LIB", "LIBRARY", "NAME|FILE", NULL};
    const char *value = option->argDescrip;
    const char *words = value ? words_of(value) : NULL;
    if (words)
        return (struct place){OFFER_WORDS, words};
    if (!value)
        return (struct place){OFFER_NOTHING, ""};
    if (option->val == OPTION_VARIADIC || option->val == OPTION_DATA)
        return (struct place){OFFER_NAMES, ""};
    if (strcmp(value, "TRIPLE") == 0)
        return (struct place){OFFER_TARGETS, ""};
    if (strcmp(value, "REF") == 0)
        return (struct place){OFFER_ABIS, ""};
    if (strcmp(value, "DIR") == 0)
        return (struct place){OFFER_FOLDERS, ""};
    return (struct place){is_one_of(value, files) ? OFFER_FILES : OFFER_NOTHING, ""};
}

/* Of an operand that is no word: what its name offers. */
static enum offer offer_of_operand(const char *name)
{
    static const char *const binaries[] = {"LIBRARY", "HEADER", "BINARY", NULL};
    if (strncmp(name, "REF", 3) == 0)
        return OFFER_ABIS;
    if (strcmp(name, "[ID]") == 0)
        return OFFER_IDS;
    return is_one_of(name, binaries) ? OFFER_FILES : OFFER_YAML;
}

struct place completion_of_first(const char *operands)
{
    struct place place = {OFFER_NOTHING, ""};
    while (*operands) { /* "list | show REF": one way after the other */
        size_t length = strcspn(operands, " ");
        const char *name = cli_copy(operands, length);
        const char *words = words_of(name);
        if (words)
            place = (struct place){
                OFFER_WORDS, cli_printf("%s%s%s", place.words, *place.words ? " " : "", words)};
        else
            place.offer = offer_of_operand(name);
        const char *next = strstr(operands, " | ");
        operands = next ? next + 3 : "";
    }
    return place;
}

struct place completion_of_rest(const struct verb *verb)
{
    const char *last = strrchr(verb->operands, ' ');
    const char *name = last ? last + 1 : verb->operands;
    return (struct place){verb->names ? OFFER_NAMES : offer_of_operand(name), ""};
}

/* The word by which a script's tables name what is offered. */
static const char *word_of_offer(struct place place)
{
    static const char *const words[] = {
        [OFFER_NOTHING] = "nothing", [OFFER_WORDS] = "",          [OFFER_TARGETS] = "targets",
        [OFFER_ABIS] = "abis",       [OFFER_FOLDERS] = "folders", [OFFER_FILES] = "files",
        [OFFER_YAML] = "yaml",       [OFFER_IDS] = "ids",         [OFFER_NAMES] = "names"};
    if (place.offer == OFFER_WORDS)
        return cli_printf("words %s", place.words);
    return words[place.offer];
}

static const char bash_head[] =
    "# Completion of abide's command line in bash, made by 'abide completion bash' of version\n"
    "# " ABIDE_VERSION ". It asks the command itself for ABI modules, targets and ids.\n"
    "\n"
    "# The words in front of the one that is being written, without quotes. Nothing is expanded: "
    "they may be anything.\n"
    "# (COMP_WORDS has the quotes, and is parted at = and : too.)\n"
    "_abide_before() {\n"
    "    local line=${COMP_LINE:0:COMP_POINT} quote='' word='' is_word='' char index\n"
    "    before=()\n"
    "    for ((index = 0; index < ${#line}; index++)); do\n"
    "        char=${line:index:1}\n"
    "        case $quote$char in\n"
    "        \"''\" | '\"\"') quote='' ;;\n"
    "        \"'\"?) word+=$char ;;\n"
    "        \\\\ | \"\\\"\\\\\")\n"
    "            index=$((index + 1))\n"
    "            word+=${line:index:1} is_word=1 ;;\n"
    "        '\"'?) word+=$char ;;\n"
    "        \"'\" | '\"') quote=$char is_word=1 ;;\n"
    "        ' ' | $'\\t' | $'\\n')\n"
    "            [ -z \"$is_word\" ] || before+=(\"$word\")\n"
    "            word='' is_word='' ;;\n"
    "        *) word+=$char is_word=1 ;;\n"
    "        esac\n"
    "    done\n"
    "    case $word in --*=*) before+=(\"${word%%=*}\") ;; esac\n"
    "}\n"
    "\n"
    "# Of the words in the input, a line or several, those that start with $1.\n"
    "_abide_starting() {\n"
    "    local words word\n"
    "    while read -r -a words; do\n"
    "        for word in \"${words[@]}\"; do\n"
    "            case $word in \"$1\"*) printf '%s\\n' \"$word\" ;; esac\n"
    "        done\n"
    "    done\n"
    "}\n"
    "\n"
    "# What is offered for a word $2: `words ...`, or what the command $1, the line or the disk "
    "knows.\n"
    "_abide_offer() {\n"
    "    local command=$1 word=$2 offer=$3 names before\n"
    "    shift 3\n"
    "    if [ \"$offer\" = names ]; then\n"
    "        _abide_before\n"
    "        names=$(\"$command\" completion names -- \"${before[@]:1}\" 2>/dev/null) || "
    "offer=yaml\n"
    "    fi\n"
    "    case $offer in\n"
    "    words) echo \"$*\" ;;\n"
    "    targets) \"$command\" abi list 2>/dev/null | sed -n 's/^ *c of //p' ;;\n"
    "    abis)\n"
    "        \"$command\" abi list 2>/dev/null |\n"
    "            sed -n '1d;s/^\\([a-z][a-z0-9_-]*\\)  .*/\\1/p' ;;\n"
    "    ids)\n"
    "        \"$command\" explain 2>/dev/null |\n"
    "            sed -n 's/^\\([a-z][a-z0-9-]*\\)  .*/\\1/p' ;;\n"
    "    names) printf '%s\\n' \"$names\" ;;\n"
    "    esac | _abide_starting \"$word\"\n"
    "    case $offer in\n"
    "    abis) compgen -f -X '!*.yaml' -- \"$word\" ;;\n"
    "    folders) compgen -d -- \"$word\" ;;\n"
    "    files) compgen -f -- \"$word\" ;;\n"
    "    yaml)\n"
    "        compgen -f -X '!*.yaml' -- \"$word\"\n"
    "        compgen -d -- \"$word\" ;;\n"
    "    esac\n"
    "}\n";

static const char bash_tail[] =
    "\n"
    "_abide() {\n"
    "    local command=${COMP_WORDS[0]} verb=${COMP_WORDS[1]} word=${COMP_WORDS[COMP_CWORD]}\n"
    "    local before=${COMP_WORDS[COMP_CWORD - 1]} offer\n"
    "    COMPREPLY=()\n"
    "    if [ \"$COMP_CWORD\" = 1 ]; then\n"
    "        mapfile -t COMPREPLY < <(echo \"$(_abide_verbs) help --help --version\" |\n"
    "            _abide_starting \"$word\")\n"
    "        return\n"
    "    fi\n"
    "    if [ \"$word\" = = ]; then # --format=\n"
    "        word=\n"
    "    elif [ \"$before\" = = ] && [ \"$COMP_CWORD\" -gt 3 ]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    offer=$(_abide_value \"$verb\" \"$before\")\n"
    "    if [ -z \"$offer\" ] && [ \"${word#-}\" != \"$word\" ]; then\n"
    "        offer=\"words $(_abide_options \"$verb\")\"\n"
    "    elif [ -z \"$offer\" ]; then\n"
    "        offer=$(_abide_operands \"$verb\" \"$COMP_CWORD\")\n"
    "    fi\n"
    "    # shellcheck disable=SC2086\n"
    "    mapfile -t COMPREPLY < <(_abide_offer \"$command\" \"$word\" $offer)\n"
    "}\n"
    "\n"
    "complete -o filenames -F _abide abide\n";

static void bash_options(const struct verb *verb, struct text *text)
{
    text_printf(text, "    %s) echo '", verb->name);
    const char *space = "";
    for (const struct option_row *row = options_rows(verb->options); row->option; row++) {
        const char *names[] = {options_short_name(row->option), options_long_name(row->option)};
        for (size_t i = 0; i < 2; i++)
            if (names[i]) {
                text_printf(text, "%s%s", space, names[i]);
                space = " ";
            }
    }
    text_puts(text, "' ;;\n");
}

static void bash_values(const struct verb *verb, struct text *text)
{
    for (const struct option_row *row = options_rows(verb->options); row->option; row++) {
        if (!row->option->argDescrip)
            continue;
        const char *short_name = options_short_name(row->option);
        const char *name = options_long_name(row->option);
        text_puts(text, "    ");
        if (short_name)
            text_printf(text, "'%s %s'%s", verb->name, short_name, name ? " | " : "");
        if (name)
            text_printf(text, "'%s %s'", verb->name, name);
        text_printf(text, ") echo '%s' ;;\n", word_of_offer(completion_of_value(row->option)));
    }
}

static void bash_operands(const struct verb *verb, struct text *text)
{
    struct place first = completion_of_first(verb->operands);
    struct place rest = completion_of_rest(verb);
    text_printf(text, "    '%s 2') echo '%s' ;;\n    '%s '*) echo '%s' ;;\n", verb->name,
                word_of_offer(first), verb->name, word_of_offer(rest));
}

/* A function that looks something up: `write` adds the lines of a verb. */
static void bash_table(const char *comment, const char *name, const char *key,
                       void (*write)(const struct verb *, struct text *), struct text *text)
{
    text_printf(text, "\n# %s\n%s() {\n    case %s in\n", comment, name, key);
    for (size_t i = 0; verbs[i]; i++)
        write(verbs[i], text);
    text_puts(text, "    esac\n}\n");
}

void completion_bash(struct text *text)
{
    text_puts(text, bash_head);
    text_puts(text, "\n_abide_verbs() {\n    echo '");
    for (size_t i = 0; verbs[i]; i++)
        text_printf(text, "%s%s", i ? " " : "", verbs[i]->name);
    text_puts(text, "'\n}\n");
    bash_table("The options of the verb $1.", "_abide_options", "$1", bash_options, text);
    bash_table("What is offered behind the option $2 of the verb $1.", "_abide_value", "\"$1 $2\"",
               bash_values, text);
    bash_table("What is offered for the word at $2 of the verb $1, where it is no option.",
               "_abide_operands", "\"$1 $2\"", bash_operands, text);
    text_puts(text, bash_tail);
}
