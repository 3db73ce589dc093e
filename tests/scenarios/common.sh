# Sourced by the build.sh of each scenario: how programs are compiled and run for one combination.
#
#     ARCH    x86_64 or aarch64 (cross compiler, qemu-aarch64)
#     GC      Nim's memory manager: refc or orc
#     BUILD   debug or release, of the Nim side
#
# $ABIDE is the command. Nim hands what --passL says to a shell, so it names no folder, which may have spaces in its name.
: "${ARCH:=x86_64}" "${GC:=refc}" "${BUILD:=debug}" "${ABIDE:=abide}"

case $ARCH in
x86_64)
    TARGET=x86_64-linux-gnu
    CROSS_CC=${CC:-gcc}
    RUN=
    NIM_CPU=
    ;;
aarch64)
    TARGET=aarch64-linux-gnu
    CROSS_CC=aarch64-linux-gnu-gcc
    RUN='qemu-aarch64 -L /usr/aarch64-linux-gnu'
    NIM_CPU="--cpu:arm64 --os:linux --arm64.linux.gcc.exe:$CROSS_CC
        --arm64.linux.gcc.linkerexe:$CROSS_CC"
    ;;
*)
    echo "unknown ARCH $ARCH" >&2
    exit 2
    ;;
esac

# Prints what a command said only if it failed.
quietly() {
    if ! "$@" >quietly.log 2>&1; then
        echo "failed: $*" >&2
        cat quietly.log >&2
        return 1
    fi
}

nim_compile() {
    mode=
    [ "$BUILD" = debug ] || mode=-d:$BUILD
    # shellcheck disable=SC2086
    quietly nim c --skipUserCfg --skipParentCfg --hints:off --warnings:off --mm:"$GC" $mode \
        $NIM_CPU "$@"
}

# run PROGRAM [ARGUMENT...]: its status is the program's, 128 + N if signal N ended it.
run() {
    # shellcheck disable=SC2086
    timeout 120 $RUN ./"$@"
}
