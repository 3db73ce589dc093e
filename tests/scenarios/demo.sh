#!/bin/sh
# demo.sh: `tools/demo` tells what it says that it tells, in sources that came as an archive, in a folder whose name has spaces
# and a quote.
set -eu
tree="a checkout of anna's"
rm -rf "$tree"
mkdir -p "$tree"
(cd "$ABIDE_SOURCE_DIR" && tar -cf - include tools tests/scenarios) | tar -xf - -C "$tree"
"$tree/tools/demo" >demo.log 2>&1 || {
    tail -n 40 demo.log
    exit 1
}
grep -x '8 of 8 exchanges agree.' demo.log
grep -q 'segmentation fault' demo.log # without thunks
! grep 'wrong:' demo.log
