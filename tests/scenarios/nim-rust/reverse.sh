#!/bin/sh
# reverse.sh ARCH GC BUILD: C and Rust hosts call a Nim library through thunks: slices, closures
# with and without environment, callbacks, strings, and threads that Nim did not start.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ARCH=$1 GC=$2 BUILD=$3
. "$HERE/build.sh"

build_nim_library
make_host_thunks
build_c_host
run host >host.out
diff "$HERE/expected/reverse.txt" host.out
run host thread >thread.out
diff "$HERE/expected/thread.txt" thread.out
# By its natural C prototype and without a thunk, a proc is called wrongly.
status=0
run host wrong >wrong.out 2>/dev/null || status=$?
if [ $status = 0 ] && grep -q 'a=(1,2) b=(7.5,10)' wrong.out; then
    echo "a call without a thunk is right: this tests nothing" >&2
    exit 1
fi
if [ "$ARCH" = x86_64 ]; then
    build_rust_host
    run rust_host | grep -x 'rust host: all as expected'
fi
echo "as expected"
