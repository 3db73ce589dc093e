#!/bin/sh
# odd.sh GENERATOR PREFIX: projects of another kind than one program in C (projects/odd, projects/plusplus), with an installed
# abide, in a folder whose name has a space.
set -eu
generator=$1 prefix=$2
here=$(cd "$(dirname "$0")" && pwd)
folder="a folder"
rm -rf "$folder"
mkdir "$folder"

fail() {
    echo "$generator: $*"
    tail -n 40 log
    exit 1
}

# NAME PROJECT OPTION...: a copy of a project is configured; the rest of the names are of files in it.
configure() {
    name=$1 project=$2
    shift 2
    cp -R "$here/projects/$project" "$folder/$name"
    for file in readings.abi.yaml mine.yaml reading.h; do
        cp "$here/projects/shared/$file" "$folder/$name"
    done
    cmake -S "$folder/$name" -B "$folder/$name/build" -G "$generator" -D CMAKE_PREFIX_PATH="$prefix" "$@" >log 2>&1
}

build() {
    cmake --build "$folder/$1/build" >log 2>&1 || fail "$1 is not built"
}

thunks_again() {
    grep -q "Thunks of" log
}

for emit in obj c; do
    configure $emit odd -D EMIT=$emit -D CMAKE_C_COMPILER="$CC" || fail "$emit is not configured"
    build $emit
    said=$(find "$folder/$emit/build" -name readings -type f -exec {} \;)
    [ "$said" = "42 43 44 45 42" ] || fail "$emit says $said"
    build $emit
    ! thunks_again || fail "$emit: thunks are made again without need"
    echo "# a comment" >>"$folder/$emit/mine.yaml"
    build $emit
    thunks_again || fail "$emit: a module was changed, and no thunks were made"
done

for kind in imported utility; do
    ! configure $kind odd -D EMIT=obj -D REFUSED=$kind -D CMAKE_C_COMPILER="$CC" || fail "$kind targets are not refused"
    tr -s '\n ' ' ' <log | grep -q "'refused' is neither a program nor a library that this project builds" || fail "$kind: it does not say why"
done

configure narrow plusplus -D EMIT=obj -D CMAKE_CXX_COMPILER=g++ -D CMAKE_CXX_FLAGS=-m32 || fail "narrow is not configured"
build narrow
for object in "$folder"/narrow/build/abide/readings/*.o; do
    readelf -h "$object" | grep -q 'Machine: *Intel 80386' || fail "the compiler has -m32, and thunks are for another machine"
done
! configure text plusplus -D EMIT=c -D CMAKE_CXX_COMPILER=g++ || fail "thunks in C, and nobody compiles them"
tr -s '\n ' ' ' <log | grep -q 'EMIT c needs a compiler for C: enable_language(C)' || fail "it does not say what is missing"
echo "$generator: built and run"
