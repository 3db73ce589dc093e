#!/bin/sh
# What `abide layout` of a small file costs, in instructions (callgrind), against the bar of 2 million.
#
#     layout-floor.sh [ABIDE]        a release build: cmake --preset release && cmake --build build/release
#
# Instructions, not seconds: they do not depend on what else the machine does.
set -eu
abide=${1:-${ABIDE:-build/release/bin/abide}}
bar=2000000
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

worst=0
show() {
    printf '%-28s %9d instructions  %4d%% of the bar\n' "$1" "$2" $((100 * $2 / bar))
    worst=$(($2 > worst ? $2 : worst))
}

show "an empty C program" "$(instructions "$folder/nothing")"
show "abide --version" "$(instructions "$abide" --version)"
show "abide layout" "$(instructions "$abide" layout "$folder/small.abi.yaml")"
show "abide layout --json" "$(instructions "$abide" layout "$folder/small.abi.yaml" --json)"
[ "$worst" -le $bar ] || {
    echo "above the bar of $bar" >&2
    exit 1
}
