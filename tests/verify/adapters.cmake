# Adapters on every architecture, with languages and conventions, by each compiler that there is for it.
set(adapters aapcs64:aarch64-linux-gnu aapcs64-be:aarch64_be-linux-gnu apple-arm64:aarch64-darwin
    aapcs-vfp:arm-linux-gnueabihf aapcs:arm-linux-gnueabi c-sysv-i386:i386-linux-gnu ms-x64:x86_64-windows-msvc
    riscv64-lp64d:riscv64-linux-gnu riscv64-lp64:riscv64-none-elf riscv32-ilp32d:riscv32-linux-gnu
    ppc64le-elfv2:powerpc64le-linux-gnu ppc64-elfv1:powerpc64-linux-gnu s390x:s390x-linux-gnu
    loongarch64-lp64d:loongarch64-linux-gnu mips64-n64:mips64el-linux-gnuabi64 mips64-n64-be:mips64-linux-gnuabi64
    mips32-o32:mipsel-linux-gnu mips32-o32-be:mips-linux-gnu sparc64:sparc64-linux-gnu)
foreach(pair ${adapters})
    string(REPLACE ":" ";" pair ${pair})
    list(GET pair 0 module)
    list(GET pair 1 target)
    abide_add_script_test(verify/adapters-${module} abide-cli verify ${module} --target ${target} --jobs 1 --no-shrink
        --stages thunks --count 30 --seed 12)
    # All left out is no success, and every form of these languages can be written in C.
    set_tests_properties(verify/adapters-${module} PROPERTIES FAIL_REGULAR_EXPRESSION
        "(nim-cgen|system)[^\n]*: 0, 0 wrong;(nim-cgen|system|cpython)[^\n]*another form in C")
endforeach()

# Records of floats fill all result registers.
abide_add_script_test(verify/adapters-vectorcall abide-cli verify vectorcall --target x86_64-windows-msvc --jobs 1 --no-shrink
    --stages thunks --only f64,c_float --count 600 --seed 12)
