# Finds an LLVM that has the C interface abide uses (15 or later), as the target abide::llvm.
#
# find_package(LLVM 15) would refuse 19: LLVM's version file accepts its own major version only.
# So we look without a version and check it ourselves. LLVM_DIR, if set, has the only say; otherwise
# Debian's directories are tried, the version abide is tested with first.
set(ABIDE_LLVM_MIN 15)

function(abide_try_llvm)
    find_package(LLVM CONFIG QUIET ${ARGN})
    if(LLVM_FOUND AND LLVM_VERSION_MAJOR LESS ABIDE_LLVM_MIN)
        message(STATUS "LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR} is too old")
        set(LLVM_FOUND FALSE)
    endif()
    if(LLVM_FOUND)
        add_library(abide-llvm INTERFACE)
        add_library(abide::llvm ALIAS abide-llvm)
        target_include_directories(abide-llvm SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
        separate_arguments(definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
        target_compile_definitions(abide-llvm INTERFACE ${definitions})
        if(LLVM_LINK_LLVM_DYLIB)
            target_link_libraries(abide-llvm INTERFACE LLVM)
        else()
            llvm_map_components_to_libnames(libraries core analysis bitreader bitwriter
                irreader orcjit passes target ${LLVM_TARGETS_TO_BUILD})
            target_link_libraries(abide-llvm INTERFACE ${libraries})
        endif()
        set(LLVM_PACKAGE_VERSION ${LLVM_PACKAGE_VERSION} PARENT_SCOPE)
        set(LLVM_TOOLS_BINARY_DIR ${LLVM_TOOLS_BINARY_DIR} PARENT_SCOPE)
        set(LLVM_DIR ${LLVM_DIR} PARENT_SCOPE)
    endif()
endfunction()

if(LLVM_DIR)
    abide_try_llvm()
else()
    foreach(major 19 21 20 18 17 16 15)
        if(NOT TARGET abide-llvm AND IS_DIRECTORY /usr/lib/llvm-${major}/lib/cmake/llvm)
            abide_try_llvm(PATHS /usr/lib/llvm-${major} NO_DEFAULT_PATH)
        endif()
    endforeach()
    if(NOT TARGET abide-llvm)
        abide_try_llvm()
    endif()
endif()

include(FindPackageHandleStandardArgs)
if(TARGET abide-llvm)
    set(ABIDE_LLVM_IS_THERE TRUE)
endif()
find_package_handle_standard_args(AbideLLVM
    REQUIRED_VARS LLVM_DIR ABIDE_LLVM_IS_THERE VERSION_VAR LLVM_PACKAGE_VERSION)
