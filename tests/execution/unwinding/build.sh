# Sourced: makes thunks.o for a TRIPLE, each function by the way that its name says.
#
# `jump`, `moves` and `frame` are one thunk each; the other two are two, one behind the other: the second one, called
# inner_FUNCTION, has the odd convention's callers, and calls the function itself.
make_thunks() { # TRIPLE ODD-MODULE
    interface=$here/thunks.abi.yaml
    modules=$ABIDE_SOURCE_DIR/tests/execution/modules
    set -- "$1" "$here/$2" "--target $1 --prefix thunk_"
    # shellcheck disable=SC2086
    {
        "$ABIDE" thunk "$interface" jump --caller c --callee c $3 -o jump.o
        "$ABIDE" thunk "$interface" moves --caller "$modules/first.yaml" --callee "$modules/last.yaml" $3 -o moves.o
        "$ABIDE" thunk "$interface" frame --caller "$modules/last.yaml" --callee "$modules/first.yaml" $3 -o frame.o
        "$ABIDE" thunk "$interface" assembly --caller c --callee "$2" $3 -o outer.o
        "$ABIDE" thunk "$interface" assembly --caller "$2" --callee c --target "$1" --prefix inner_ -o inner.o
        "$ABIDE" thunk "$interface" edges --caller c --callee "$2:align=64" $3 -o outer-edges.o
        "$ABIDE" thunk "$interface" edges --caller "$2:align=64" --callee c --target "$1" --prefix inner_ -o inner-edges.o
        "$ABIDE" thunk "$interface" edges --caller c --callee "$2:align=64" $3 --emit ways -o - | grep "a frame and a call, left by assembly" >/dev/null
        "$ABIDE" thunk "$interface" assembly --caller c --callee "$2" $3 --emit ways -o - | grep "moves and a call, by assembly" >/dev/null
    }
    "${OBJCOPY:-objcopy}" --redefine-sym assembly=inner_assembly outer.o
    "${OBJCOPY:-objcopy}" --redefine-sym edges=inner_edges outer-edges.o
}
