#!/bin/sh
# Every C file of the project is as clang-format would write it; tests/data is what others wrote, and tests/bind/golden what the
# command writes.
set -eu
cd "$ABIDE_SOURCE_DIR"
format=$(command -v clang-format-19 || command -v clang-format) || {
    echo "clang-format-19 is not installed"
    exit 1
}
find include layout-engine codegen tools tests \( -path tests/data -o -path tests/bind/golden \) -prune -o -name '*.[ch]' -print0 |
    xargs -0 "$format" --dry-run -Werror
