#!/bin/sh
# With -g an address in a thunk leads to the line of the interface file that declares the function.
set -eu
cat >lines.abi.yaml <<'YAML'
abide: 1
package: lines
types:
  big: {struct: {a: i64, b: i64, c: i64, d: i64}}
functions:
  same: (a i32) -> i32
  moved: (b big, n i64) -> big
YAML
modules=$ABIDE_SOURCE_DIR/tests/execution/modules
check() { # TARGET FUNCTION LINE
    "$ABIDE" thunk lines.abi.yaml "$2" --caller "$modules/last.yaml" --callee c -t "$1" -g -o lines.o
    found=$("$ABIDE_LLVM_BIN/llvm-symbolizer" --obj=lines.o 0x0)
    expected="last_$2
lines.abi.yaml:$3:0"
    [ "$(printf '%s' "$found" | sed 's|\./||; /^$/d')" = "$expected" ] || {
        echo "$1 $2: expected $expected, found $found"
        exit 1
    }
}
for target in x86_64-linux-gnu aarch64-linux-gnu; do
    check "$target" same 6
    check "$target" moved 7
done
