#!/bin/sh
# nested.sh CONSUMER PROVIDER [EMIT]: a program calls a library, and each gives the other values of types in types.
#
#     CONSUMER  c, nim:GC, rust, python; the last two in the terms of the system ABI, with the bindings that abide makes
#     PROVIDER  rust; c and nim:GC, which adapters give the symbols of the system ABI
#     EMIT      obj (default), or c: adapters in portable C
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ARCH=x86_64 CONSUMER=$1 PROVIDER=$2 EMIT=${3:-obj}
. "$HERE/../common.sh"
[ "$CONSUMER" = c ] && SANITIZE=-fsanitize=address,undefined || SANITIZE= # a library alone cannot be watched

compile_c() {
    # shellcheck disable=SC2086
    quietly "$CROSS_CC" -std=c11 -g -O1 -Wall -Wextra -Werror $SANITIZE "$@"
}

# thunks NAME CALLER CALLEE PREFIX
thunks() {
    file=$1.o
    [ "$EMIT" = obj ] || file=$1.c
    quietly "$ABIDE" thunk "$HERE/nested.abi.yaml" --target "$TARGET" --caller "$2" --callee "$3" --prefix "$4" \
        --emit "$EMIT" -o "$file"
    [ "$EMIT" = obj ] || quietly "$CROSS_CC" -std=c11 -O1 -fPIC -c -o "$1.o" "$1.c"
}

# The library has its functions as impl_NAME, and adapters call nested_NAME: they shall be that.
provider_thunks() {
    thunks provider system "$1" sys_
    for name in merge apply parse split sum range take; do
        echo "nested_$name impl_$name" >>callees
        echo "sys_$name nested_$name" >>symbols
    done
    quietly objcopy --redefine-syms=callees provider.o
    quietly objcopy --redefine-syms=symbols provider.o
}

build_library() {
    case $PROVIDER in
    rust)
        quietly "$ABIDE" bind rust "$HERE/nested.abi.yaml" --target "$TARGET" -o terms.rs
        cp "$HERE/library.rs" "$HERE/values.rs" "$HERE/../owned.rs" .
        quietly rustc --edition 2021 -g -O -C panic=abort --crate-type cdylib -o libnested.so library.rs
        ;;
    c)
        provider_thunks c
        compile_c -fPIC -shared -o libnested.so "$HERE/library.c" provider.o
        ;;
    nim:*)
        provider_thunks "nim-cgen:gc=${PROVIDER#nim:}"
        GC=${PROVIDER#nim:}
        nim_compile --app:lib --noMain --nimcache:library --passL:"$PWD/provider.o" -o:"$PWD/libnested.so" \
            "$HERE/library.nim"
        ;;
    esac
}

build_client() {
    case $CONSUMER in
    c)
        thunks client c system c_
        compile_c -o client "$HERE/client.c" client.o -L. -lnested -Wl,-rpath,"$PWD"
        ;;
    nim:*)
        thunks client "nim-cgen:gc=${CONSUMER#nim:}" system nim_
        GC=${CONSUMER#nim:}
        nim_compile --nimcache:client-cache --passL:"$PWD/client.o -L$PWD -lnested -Wl,-rpath,$PWD" -o:"$PWD/client" \
            "$HERE/client.nim"
        ;;
    rust)
        quietly "$ABIDE" bind rust "$HERE/nested.abi.yaml" --target "$TARGET" -o terms.rs
        cp "$HERE/client.rs" "$HERE/values.rs" "$HERE/../owned.rs" .
        quietly rustc --edition 2021 -g -O -o client client.rs -L. -lnested -C link-arg=-Wl,-rpath,"$PWD"
        ;;
    python)
        quietly "$ABIDE" bind python "$HERE/nested.abi.yaml" --target "$TARGET" -o terms.py
        cp "$HERE/client.py" .
        printf '#!/bin/sh\nexec python3 -B client.py "%s"\n' "$PWD/libnested.so" >client
        chmod +x client
        ;;
    esac
}

rm -f callees symbols
build_library
build_client
run ./client >client.out
diff "$HERE/expected.txt" client.out
echo "$(wc -l <client.out) lines as expected"
