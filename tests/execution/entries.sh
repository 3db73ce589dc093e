#!/bin/sh
# entries.sh TRIPLE COMPILER [EMULATOR...]: closures by entries, on a machine that need not be this one.
set -eu
triple=$1 compiler=$2
shift 2
here=$ABIDE_SOURCE_DIR/tests/execution
command -v "$compiler" >/dev/null || { echo "$compiler is not installed"; exit 1; }
"$ABIDE_BUILD_DIR/bin/emit_entry" "$triple" entry.o
for kind in closure handler; do
    "$ABIDE" thunk "$here/entries.abi.yaml" --kind $kind --caller c --callee c --target "$triple" -o $kind.o
done
"$compiler" -O1 -Wall -Wextra -static -I "$ABIDE_SOURCE_DIR/include" -I "$ABIDE_SOURCE_DIR/codegen" \
    "$here/entries.c" "$ABIDE_SOURCE_DIR/codegen/entries.c" entry.o closure.o handler.o -o entries
"$@" ./entries
