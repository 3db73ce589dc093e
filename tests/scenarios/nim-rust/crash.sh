#!/bin/sh
# crash.sh ARCH GC: what happens without thunks, so that the other tests are known to test something.
# The client imports the library with the signatures that its header suggests.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ARCH=$1 GC=$2
BUILD=debug LIBRARY=c
[ "$ARCH" != x86_64 ] || LIBRARY=rust
. "$HERE/build.sh"

build_library
build_client plain
# At the limit of what Nim leaves alone: works without.
run plain vec3 | diff "$HERE/expected/forward/vec3.txt" -

status=0
run plain intro >crash.out 2>crash.err || status=$?
case $ARCH in
x86_64)
    # The library takes the result buffer for the context.
    [ $status = 134 ]
    grep -x 'convo: create_intro_bundle: the context argument is not a context' crash.err
    ;;
aarch64)
    # The result goes to whatever the indirect-result register holds.
    [ $status = 139 ]
    ;;
esac
for step in stamp quat scrub; do
    status=0
    run plain $step >$step.out 2>/dev/null || status=$?
    if [ $status = 0 ] && cmp -s $step.out "$HERE/expected/forward/$step.txt"; then
        echo "step $step is right without a thunk: it tests nothing" >&2
        exit 1
    fi
done
echo "crashes as described"
