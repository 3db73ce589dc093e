#!/bin/sh
# Rust's panics through thunks of every kind.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/unwinding
. "$here/build.sh"
make_thunks x86_64-linux-gnu odd-x86_64.yaml
for level in 0 2; do
    rustc --edition 2021 -C opt-level=$level -C link-arg=jump.o -C link-arg=moves.o -C link-arg=frame.o -C link-arg=outer.o \
        -C link-arg=inner.o -C link-arg=outer-edges.o -C link-arg=inner-edges.o "$here/panic.rs" -o panic
    ./panic
done
