#!/bin/sh
# entries.sh TRIPLE COMPILER [EMULATOR...]: closures by entries, on a machine that need not be this one.
set -eu
triple=$1 compiler=$2
shift 2
here=$ABIDE_SOURCE_DIR/tests/execution
command -v "${compiler%% *}" >/dev/null || { echo "$compiler is not installed"; exit 1; }
for protection in "" --cet; do
    # shellcheck disable=SC2086
    "$ABIDE_BUILD_DIR/bin/emit_entry" "$triple" entry.o $protection
    for kind in closure handler; do
        # shellcheck disable=SC2086
        "$ABIDE" thunk "$here/entries.abi.yaml" --kind $kind --caller c --callee c --target "$triple" $protection -o $kind.o
    done
    $compiler -O1 -Wall -Wextra -static -I "$ABIDE_SOURCE_DIR/include" -I "$ABIDE_SOURCE_DIR/codegen" \
        "$here/entries.c" "$ABIDE_SOURCE_DIR/codegen/entries.c" entry.o closure.o handler.o -o entries
    "$@" ./entries
done
# The last entry is protected: where the processor has landing pads, it begins with one.
begins() { # OBJDUMP TEXT
    "$1" -d entry.o | grep -A1 '<abide.entry>:' | grep -q "$2" || { echo "the protected entry does not begin with '$2'"; exit 1; }
}
case $triple in
x86_64-*) begins objdump endbr64 ;;
i386-*) begins objdump endbr32 ;;
aarch64-*) begins aarch64-linux-gnu-objdump 'bti\|hint' ;;
esac
