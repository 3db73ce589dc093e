#!/bin/sh
# routines.sh TARGET FORMS COMPILERS [EMULATOR...]: thunks with routines written by hand, as the FORMS (c obj) of TARGET, called
# from and into code of each of the COMPILERS (`@` between them); and what becomes of a trap that the program does not catch.
set -eu
target=$1 forms=$2 compilers=$3
shift 3
link=-static
[ $# -gt 0 ] || link=
here=$ABIDE_SOURCE_DIR/tests/execution
emit() {
    "$ABIDE_BUILD_DIR/bin/emit_routines" "$here/routines.abi.yaml" "$target" "$@"
}

runs=0
old_ifs=$IFS
IFS=@
for compiler in $compilers; do
    IFS=$old_ifs
    command -v "${compiler%% *}" >/dev/null || { echo "$compiler is not installed"; exit 1; }
    for form in $forms; do
        case $form in
        c) file=thunks.c levels="-O0 -O2 -Os" ;;
        obj) file=thunks.o levels="-O2" ;;
        esac
        emit "$form" "$file"
        cp "$file" again
        emit "$form" "$file"
        cmp "$file" again
        for level in $levels; do
            for traps in -DCATCHES_TRAPS -DDIES; do
                # Whatever the thunks are in, the caller must not see into them.
                $compiler $level $traps -c "$here/routines_main.c" -o main.o
                $compiler $level -Wall -Wextra -Werror $link main.o "$file" -o routines
                "$@" ./routines || { echo "$compiler $level $form: wrong"; exit 1; }
                runs=$((runs + 1))
            done
            # Nobody catches it: the process dies, before the callee is reached.
            if (ulimit -c 0; "$@" ./routines die) >died.txt 2>&1; then
                echo "$compiler $level $form: went on behind a trap"
                exit 1
            fi
        done
    done
    IFS=@
done
IFS=$old_ifs
[ "$runs" -gt 0 ]
