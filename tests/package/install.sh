#!/bin/sh
# install.sh PREFIX: installs this build for the other tests of this folder.
set -eu
rm -rf "$1"
cmake --install "$ABIDE_BUILD_DIR" --prefix "$1" >install.log 2>&1 || {
    cat install.log
    exit 1
}
