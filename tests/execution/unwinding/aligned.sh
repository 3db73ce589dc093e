#!/bin/sh
# Exceptions and backtraces through thunks whose frames are aligned for a value, on four processors.
set -eu
here=$ABIDE_SOURCE_DIR/tests/execution/unwinding

write_module() { # NAME, WORDS OF ITS RULE FOR RECORDS, C'S MODULE
    cat >"$1.yaml" <<END
abide: 1
module: {name: $1, version: 1.0.0, level: machine, extends: $3@1, summary: made up}
args_first: [{id: record, when: {kind: struct}, $2, source: x}]
stack: {max_align: 64, align: 64}
END
}

thunk() { # TRIPLE CALLER CALLEE PREFIX OPTIONS...
    triple=$1 caller=$2 callee=$3 prefix=$4
    shift 4
    "$ABIDE" thunk "$here/aligned.abi.yaml" --caller "$caller" --callee "$callee" --target "$triple" --prefix "${prefix}_" "$@"
}

run() { # TRIPLE C'S-MODULE OBJCOPY COMPILER [EMULATOR]
    for by in "pointer, copy: caller" stack; do
        name=by-${by%%,*}
        write_module "$name" "pass: $by" "$2"
        for protection in "" --cet; do
            # shellcheck disable=SC2086
            thunk "$1" c "./$name.yaml" out $protection -o out.o
            # shellcheck disable=SC2086
            thunk "$1" "./$name.yaml" c in $protection -o in.o
            "$3" --redefine-sym leave=in_leave out.o
            # shellcheck disable=SC2086
            $4 -O2 -Wall -Wextra -Wno-psabi -fexceptions "$here/aligned.c" -x none in.o out.o -o leave
            ${5:-} ./leave || { echo "$4: $name $protection"; exit 1; }
        done
    done
}

# Frames are aligned indeed.
write_module by-pointer "pass: pointer, copy: caller" c-sysv
thunk x86_64-linux-gnu c ./by-pointer.yaml out --emit asm -o - | grep 'andq.*-64' >/dev/null || { echo "no frame is aligned"; exit 1; }
run x86_64-linux-gnu c-sysv objcopy "g++ -x c++ -std=c++17 -Wno-missing-field-initializers"
run x86_64-linux-gnu c-sysv objcopy gcc
run i386-linux-gnu c-sysv-i386 objcopy "gcc -m32"
# Without records for unwinding nothing gets out, so that this test sees what it looks for.
objcopy --remove-section .eh_frame out.o
gcc -m32 -O2 -Wno-psabi -fexceptions "$here/aligned.c" in.o out.o -o leave
(./leave >/dev/null 2>&1) 2>/dev/null && { echo "frames without records are unwound"; exit 1; }
run aarch64-linux-gnu aapcs64 aarch64-linux-gnu-objcopy "aarch64-linux-gnu-gcc -static -mbranch-protection=standard" "qemu-aarch64 -cpu max"
aarch64-linux-gnu-objdump -d in.o | grep -q paciasp || { echo "return addresses are not signed"; exit 1; }
run riscv64-linux-gnu riscv64-lp64d riscv64-linux-gnu-objcopy "riscv64-linux-gnu-gcc -static" qemu-riscv64
echo "exceptions leave aligned frames"
