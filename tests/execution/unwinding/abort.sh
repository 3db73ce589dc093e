#!/bin/sh
# Exceptions that would leave a function end the process with its name: in machine code, and in C.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/unwinding
command -v g++ >/dev/null || { echo "g++ is not installed"; exit 1; }

expect() # OUTPUT, PROGRAM, WAY, HOW
{
    found=$(timeout 60 "./$2" "$3" "$4")
    test "$found" = "$1" || { echo "$2 $3 $4: '$found', not '$1'"; exit 1; }
}

thunk() # OUTPUT
{
    "$ABIDE" thunk "$here/abort.abi.yaml" --caller system --callee c --prefix n_ -o "$1"
}

thunk machine.o
thunk adapters.c
gcc -std=gnu11 -Wall -Wextra -Werror -O1 -fexceptions -c adapters.c -o c.o
if gcc -std=gnu11 -O1 -c adapters.c -o none.o 2>none.txt; then
    echo "C that does not see exceptions compiles"
    exit 1
fi
code=17 # SYS_TRAP_UNWIND
for made in machine c; do
    g++ -std=c++17 -Wall -Wextra -O1 "$here/abort.cc" "$made.o" -o "$made"
    for way in same moved made visited; do
        expect "$code $way " "$made" "$way" caught
        test "$made" = c || expect "$code $way " "$made" "$way" left
    done
    expect "caught 5" "$made" passing caught
done
