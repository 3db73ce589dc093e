#!/bin/sh
# The JIT and its closures used by several threads, with the thread sanitizer: all of abide is built with it, LLVM is not.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/threads
for tool in clang-19 clang++-19 cmake ninja; do
    command -v $tool >/dev/null || { echo "$tool is not installed"; exit 1; }
done
flags="-g -O1 -fsanitize=thread"
build() { # NAME OPTIONS...: test_jit with the mutexes of pthreads.c
    name=$1
    shift
    # shellcheck disable=SC2086
    clang-19 $flags -Wall -Wextra "$@" -c "$here/pthreads.c" -o "$name.o"
    CC=clang-19 CXX=clang++-19 cmake -G Ninja -S "$ABIDE_SOURCE_DIR" -B build -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" \
        -DCMAKE_EXE_LINKER_FLAGS="-fsanitize=thread $PWD/$name.o" -DCMAKE_SHARED_LINKER_FLAGS=-fsanitize=thread > cmake.log 2>&1 || { cat cmake.log; exit 1; }
    ninja -C build -j2 test_jit > ninja.log 2>&1 || { tail -30 ninja.log; exit 1; }
    mv build/bin/test_jit "$name"
}
# LLVM is not built with it: what its atomics order is not seen, as of the statics that it makes when they are first used.
echo 'race:libLLVM' > suppressions
# The sanitizer's memory has fixed places, which random addresses of the system may take.
run() { TSAN_OPTIONS="suppressions=$PWD/suppressions halt_on_error=0 exitcode=66" setarch -R "./$1" serves_threads > "$1.log" 2>&1; }
build locked
run locked || { tail -60 locked.log; exit 1; }
# Without locks it finds something, so that it would have.
build unlocked -DWITHOUT_LOCKS
if run unlocked || ! grep 'WARNING: ThreadSanitizer: data race' unlocked.log >/dev/null; then
    echo "without locks there should be data races"
    exit 1
fi
echo "no data races"
