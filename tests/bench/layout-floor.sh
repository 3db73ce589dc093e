#!/bin/sh
# What questions about a small file cost, in instructions (callgrind), against a bar: 2 million for `abide layout`.
#
#     layout-floor.sh [ABIDE]        a release build: cmake --preset release && cmake --build build/release
#
# Instructions, not seconds: they do not depend on what else the machine does.
set -eu
abide=${1:-${ABIDE:-build/release/bin/abide}}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/small.abi.yaml" <<'YAML'
abide: 1
package: small
types:
  point: {struct: {x: f64, y: f64}}
  line: {struct: {from: point, to: point, colour: u8}}
functions:
  length: (l line) -> f64
YAML
printf 'int main(void) { return 0; }\n' >"$folder/nothing.c"
"${CC:-cc}" -O2 -o "$folder/nothing" "$folder/nothing.c"

instructions() {
    valgrind --tool=callgrind --callgrind-out-file="$folder/out" "$@" >"$folder/stdout" \
        2>"$folder/stderr" || {
        cat "$folder/stderr" >&2
        exit 1
    }
    sed -n 's/^summary: //p' "$folder/out"
}

status=0
show() { # QUESTION BAR INSTRUCTIONS
    printf '%-24s %9d instructions  %4d%% of the bar\n' "$1" "$3" $((100 * $3 / $2))
    [ "$3" -le "$2" ] || {
        echo "$1: above the bar of $2" >&2
        status=1
    }
}

file=$folder/small.abi.yaml
show "an empty C program" 1000000 "$(instructions "$folder/nothing")"
show "abide --version" 1000000 "$(instructions "$abide" --version)"
show "abide layout" 2000000 "$(instructions "$abide" layout "$file")"
show "abide layout --json" 2000000 "$(instructions "$abide" layout "$file" --json)"
show "abide call" 2400000 "$(instructions "$abide" call "$file")"
exit $status
