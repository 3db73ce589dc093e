#!/bin/bash
# completion.sh: what bash offers in the middle of a command line.
set -u # compgen fails where it has nothing to offer
export PATH="${ABIDE%/*}:$PATH" ABIDE_PATH=
. "$ABIDE_SOURCE_DIR/tools/completions/abide.bash"
failures=0

# offers "WORDS THAT ARE OFFERED" WORD...: the last word is being written.
offers() {
    local expected=$1
    shift
    COMP_WORDS=(abide "$@")
    COMP_CWORD=$#
    _abide
    local got
    got=$(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort | tr '\n' ' ')
    [ "$got" = "$expected " ] || {
        echo "abide $*: offers $got, not $expected"
        failures=1
    }
}

touch a.abi.yaml other.txt
mkdir -p abis
offers "layout lint" l
offers "--help --version" --
offers "--emit" thunk --em
offers "archive asm" thunk --emit a
offers "always auto" layout --color a
offers "nim-cgen" call --abi nim
offers "" call --abi nam
offers "nim-cgen" thunk --caller nim
offers "a.abi.yaml" call --abi a.
offers "abis" call -I a
offers "a.abi.yaml abis" layout a
offers "cannot-adapt" explain cannot-ad
offers "" nonsense --x

# Each verb's options are those of its help.
for verb in $(_abide_verbs abide); do
    COMP_WORDS=(abide "$verb" -) COMP_CWORD=2
    _abide
    for option in $(abide "$verb" --help | sed -n 's/^  \(-.*\)/\1/p' | sed 's/   *[^ ].*//' | tr ' ,' '\n\n' | grep '^-'); do
        case " ${COMPREPLY[*]} " in *" $option "*) ;; *) echo "abide $verb: $option is not offered" && failures=1 ;; esac
    done
done
exit $failures
