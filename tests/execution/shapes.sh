#!/bin/sh
# shapes.sh ARCH COMPILER [EMULATOR...]: the thunks of ARCH.plans, called from and into code of a C compiler.
set -eu
arch=$1 compiler=$2
shift 2
here=$ABIDE_SOURCE_DIR/tests/execution
command -v "$compiler" >/dev/null || { echo "$compiler is not installed"; exit 1; }
if [ $# -gt 0 ]; then
    command -v "$1" >/dev/null || { echo "$1 is not installed"; exit 1; }
fi
"$ABIDE_BUILD_DIR/bin/emit_plans" "$arch" "$here/$arch.plans" obj "thunks-$arch.o"
for level in -O0 -O2; do
    # The caller must not see into its own adapters: each in a file of its own.
    for file in shapes_main shims shape_targets; do
        "$compiler" $level -c "$here/$file.c" -o "$file-$arch.o"
    done
    "$compiler" -static "shapes_main-$arch.o" "shims-$arch.o" "shape_targets-$arch.o" \
        "thunks-$arch.o" -o "shapes-$arch"
    "$@" "./shapes-$arch"
done
