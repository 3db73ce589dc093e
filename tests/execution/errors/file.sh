#!/bin/sh
# file.sh: `errors` of a whole file, in machine code and in C.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/errors
for output in file.o file-c.c; do
    "$ABIDE" thunk "$here/file.abi.yaml" --caller c --callee c --prefix c_ --target x86_64-linux-gnu -o $output
    gcc -std=gnu11 -Wall -Wextra -Werror -O1 -fsanitize=address,undefined -fno-sanitize-recover=all "$here/file.c" $output -o file
    ./file
done
