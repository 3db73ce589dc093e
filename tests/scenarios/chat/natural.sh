#!/bin/sh
# natural.sh ARCH CONSUMER PROVIDER [SANITIZE]: a program calls the library through thunks, in the
# forms of its own language. CONSUMER is c, rust, or nim:GC:BUILD.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ARCH=$1 CONSUMER=$2 PROVIDER=$3 SANITIZE=${4:-}
case $CONSUMER in
nim:*)
    GC=${CONSUMER#nim:}
    BUILD=${GC#*:} GC=${GC%%:*} CONSUMER=nim
    ;;
esac
. "$HERE/build.sh"

build_library
"build_natural_$CONSUMER"
check natural
