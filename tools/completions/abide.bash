# Completion of abide's command line in bash. It asks the command itself, so it knows what `abide --help` tells, and no more:
# verbs, options, their values, names of ABI modules, ids of diagnostics.

_abide_verbs() {
    "$1" --help 2>/dev/null | sed -n '/^Verbs:$/,/^$/s/^  \([a-z][a-z-]*\)  .*/\1/p'
}

# "-t TRIPLE", "--target TRIPLE": a line for each name of each option of a verb, with its value if it has one.
_abide_options() {
    "$1" "$2" --help 2>/dev/null | sed -n 's/^  \(-.*\)/\1/p' | sed 's/   *[^ ].*//' |
        awk '{ value = ""; names = $0
               if (match(names, / [^ ,-][^ ]*$/)) { value = substr(names, RSTART); names = substr(names, 1, RSTART - 1) }
               count = split(names, name, ", ")
               for (i = 1; i <= count; i++) print name[i] value }'
}

# What may stand for a value that the help calls $3, and starts with $2.
_abide_value() {
    case $3 in
    *'|'*) mapfile -t COMPREPLY < <(compgen -W "${3//|/ }" -- "$2") ;;
    REF) mapfile -t COMPREPLY < <(compgen -W "$("$1" abi list 2>/dev/null | sed -n '1d;s/^\([a-z][a-z0-9_-]*\)  .*/\1/p')" -- "$2"
        compgen -f -X '!*.yaml' -- "$2") ;;
    DIR) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    FILE | LIBRARY) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
    esac
}

_abide() {
    local command=${COMP_WORDS[0]} verb=${COMP_WORDS[1]} word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} value
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_abide_verbs "$command") --help --version" -- "$word")
        return
    fi
    value=$(_abide_options "$command" "$verb" | awk -v name="$before" '$1 == name { print $2; exit }')
    if [ -n "$value" ]; then
        _abide_value "$command" "$word" "$value"
    elif [ "${word#-}" != "$word" ]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_abide_options "$command" "$verb" | cut -d' ' -f1)" -- "$word")
    elif [ "$verb" = explain ]; then
        mapfile -t COMPREPLY < <(compgen -W "$("$command" explain 2>/dev/null | sed -n 's/^\([a-z][a-z0-9-]*\).*/\1/p')" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -X '!*.yaml' -- "$word"; compgen -d -- "$word")
    fi
}

complete -o filenames -F _abide abide
