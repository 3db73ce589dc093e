#!/bin/sh
# direct.sh ARCH CONSUMER PROVIDER [SANITIZE]: a C or Rust program calls the library as it is, in
# the terms of the system ABI.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ARCH=$1 CONSUMER=$2 PROVIDER=$3 SANITIZE=${4:-}
. "$HERE/build.sh"

build_library
"build_direct_$CONSUMER"
check direct
