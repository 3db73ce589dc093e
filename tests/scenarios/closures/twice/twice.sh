#!/bin/sh
# twice.sh GC [EMIT]: Nim calls a closure again that may be called once: with checks that is found out.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
GC=$1 EMIT=${2:-obj}
. "$HERE/../../common.sh"

nim_compile --app:lib --noMain --threads:on -d:keeperLibrary --nimcache:library -o:"$PWD/libtwice.so" "$HERE/library.nim"
file=thunks.o
[ "$EMIT" = obj ] || file=thunks.c
quietly "$ABIDE" thunk "$HERE/twice.abi.yaml" --target "$TARGET" --checks checked --caller system --callee "nim-cgen:gc=$GC" \
    --prefix c_ --emit "$EMIT" -o $file
quietly "$CROSS_CC" -std=c11 -g -O1 -Wall -Wextra -Werror -I"$HERE/../../../../include" -o program "$HERE/program.c" $file \
    -L. -ltwice -Wl,-rpath,"$PWD"
run program >all.txt
run program again >>all.txt
# refc finds out later what is left.
[ "$GC" = refc ] && sed 's/[0-9]* alive/0 alive/' all.txt >out.txt || cp all.txt out.txt
diff - out.txt <<END
0 alive, heard 1
0 alive, heard 1
once: wait, done; 0 alive, heard 2
END
echo "as expected"
