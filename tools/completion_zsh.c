/* The completion of zsh: a specification for `_arguments` of every verb. */
#include "cli.h"
#include "completion.h"

#include <string.h>

static const char head[] =
    "#compdef abide\n"
    "# Completion of abide's command line in zsh, made by 'abide completion zsh' of version\n"
    "# " ABIDE_VERSION ". It asks the command itself for ABI modules, targets and ids.\n"
    "\n"
    "_abide_targets() {\n"
    "    local -a targets=(${=\"$($words[1] abi list 2>/dev/null | sed -n 's/^ *c of //p')\"})\n"
    "    _wanted targets expl target compadd -a targets\n"
    "}\n"
    "\n"
    "_abide_abis() {\n"
    "    local -a modules=(${(f)\"$($words[1] abi list 2>/dev/null |\n"
    "        sed -n '1d;s/^\\([a-z][a-z0-9_-]*\\)  .*/\\1/p')\"})\n"
    "    _alternative 'modules:ABI module:compadd -a modules' 'files:module file:_files -g "
    "\"*.yaml\"'\n"
    "}\n"
    "\n"
    "_abide_ids() {\n"
    "    local -a ids=(${(f)\"$($words[1] explain 2>/dev/null |\n"
    "        sed -n 's/^\\([a-z][a-z0-9-]*\\)  .*/\\1/p')\"})\n"
    "    _wanted ids expl id compadd -a ids\n"
    "}\n"
    "\n"
    "# Names of the file on the line, of which `before` is what stands in front; while there is "
    "none, files.\n"
    "_abide_names() {\n"
    "    local -a names\n"
    "    [[ $IPREFIX != --*= ]] || before+=(${IPREFIX%=})\n"
    "    if names=(${(f)\"$($words[1] completion names -- \"${(@Q)before}\" 2>/dev/null)\"}); "
    "then\n"
    "        _wanted names expl name compadd -a names\n"
    "    else\n"
    "        _files -g \"*.yaml\"\n"
    "    fi\n"
    "}\n";

/* In single quotes: a quote ends them, is escaped, and starts them again. `special`: bytes that get a backslash. */
static void add_quoted(struct text *text, const char *chars, const char *special)
{
    for (; *chars; chars++) {
        if (*chars == '\'')
            text_puts(text, "'\\''");
        else if (strchr(special, *chars))
            text_printf(text, "\\%c", *chars);
        else
            text_add(text, chars, 1);
    }
}

/* What `_arguments` does to offer it. */
static const char *action(struct place place)
{
    switch (place.offer) {
    case OFFER_NOTHING: return " ";
    case OFFER_WORDS: return cli_printf("(%s)", place.words);
    case OFFER_TARGETS: return "_abide_targets";
    case OFFER_ABIS: return "_abide_abis";
    case OFFER_FOLDERS: return "_files -/";
    case OFFER_FILES: return "_files";
    case OFFER_YAML: return "_files -g \"*.yaml\"";
    case OFFER_IDS: return "_abide_ids";
    case OFFER_NAMES: return "_abide_names";
    }
    return " ";
}

/* One name of an option. `others`: names that are not offered any more once it is there; "" for none. */
static void add_option(const struct poptOption *option, const char *name, const char *others,
                       struct text *text)
{
    const char *joined = strncmp(name, "--", 2) == 0 ? "=" : "+";
    bool is_single_dash_word = name[1] != '-' && name[2];
    text_puts(text, " \\\n            '");
    if (options_may_repeat(option))
        text_puts(text, "*");
    else if (*others)
        text_printf(text, "(%s)", others);
    text_printf(text, "%s%s[", name, !option->argDescrip || is_single_dash_word ? "" : joined);
    add_quoted(text, option->descrip, "[]\\");
    text_puts(text, "]");
    if (option->argDescrip) {
        text_puts(text, ":");
        add_quoted(text, option->argDescrip, ":\\");
        text_puts(text, ":");
        add_quoted(text, action(completion_of_value(option)), "");
    }
    text_puts(text, "'");
}

static void add_verb(const struct verb *verb, struct text *text)
{
    text_printf(text, "        %s)\n            _arguments -S", verb->name);
    for (const struct option_row *row = options_rows(verb->options); row->option; row++) {
        const char *short_name = options_short_name(row->option);
        const char *name = options_long_name(row->option);
        if (short_name)
            add_option(row->option, short_name, name ? name : "", text);
        if (name)
            add_option(row->option, name, short_name ? short_name : "", text);
    }
    text_puts(text, " \\\n            '1:");
    add_quoted(text, verb->operands, ":\\");
    text_puts(text, ":");
    add_quoted(text, action(completion_of_first(verb->operands)), "");
    text_puts(text, "' \\\n            '*:");
    add_quoted(text, verb->operands, ":\\");
    text_puts(text, ":");
    add_quoted(text, action(completion_of_rest(verb)), "");
    text_puts(text, "' ;;\n");
}

void completion_zsh(struct text *text)
{
    text_puts(text, head);
    text_puts(text, "\n_abide() {\n    local -a abide_verbs=(\n");
    for (size_t i = 0; verbs[i]; i++) {
        text_printf(text, "        '%s:", verbs[i]->name);
        add_quoted(text, verbs[i]->summary, ":\\");
        text_puts(text, "'\n");
    }
    text_puts(text, "    )\n"
                    "    if (( CURRENT == 2 )); then\n"
                    "        _describe verb abide_verbs -- '(help --help --version)'\n"
                    "        return\n"
                    "    fi\n"
                    "    local verb=$words[2] command=$words[1]\n"
                    "    local -a before=(\"${(@)words[2,CURRENT-1]}\")\n"
                    "    words=(\"$command\" \"${(@)words[3,-1]}\")\n"
                    "    (( CURRENT-- ))\n"
                    "    case $verb in\n");
    for (size_t i = 0; verbs[i]; i++)
        add_verb(verbs[i], text);
    text_puts(text, "    esac\n}\n\n"
                    "if [ \"$funcstack[1]\" = _abide ]; then\n"
                    "    _abide \"$@\"\n"
                    "else # read by `source <(abide completion zsh)`\n"
                    "    compdef _abide abide\n"
                    "fi\n");
}
