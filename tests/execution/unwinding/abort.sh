#!/bin/sh
# abort.sh TRIPLE COMPILER [EMULATOR...]: exceptions that would leave a function end the process with its name, in machine code and in
# C. COMPILER is one of C or of C++.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/unwinding
triple=$1 compiler=$2
shift 2
command -v "${compiler%% *}" >/dev/null || { echo "$compiler is not installed"; exit 1; }
code=17 # SYS_TRAP_UNWIND

for output in machine.o adapters.c; do
    "$ABIDE" thunk "$here/abort.abi.yaml" --caller system --callee c --target "$triple" --prefix n_ -o $output
done
$compiler -x c -std=gnu11 -Wall -Wextra -Werror -O1 -fexceptions -c adapters.c -o c.o
if $compiler -x c -std=gnu11 -fno-exceptions -c adapters.c -o none.o 2>none.txt; then
    echo "C that does not see exceptions compiles"
    exit 1
fi
for made in machine c; do
    $compiler -Wall -Wextra -Werror -O1 -fexceptions -static "$here/abort.c" $made.o -o $made
    for way in same moved made visited passing; do
        for how in caught left; do
            case $made-$way-$how in
            *-passing-left | c-*-left) continue ;; # nobody ends it; C sees what somebody catches
            *-passing-*) wanted="caught 5" ;;
            *) wanted="$code $way " ;;
            esac
            found=$(timeout 60 "$@" ./$made $way $how)
            test "$found" = "$wanted" || { echo "$made $way $how: '$found', not '$wanted'"; exit 1; }
        done
    done
done
