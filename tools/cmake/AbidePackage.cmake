# What makes an installed abide found: a CMake package and pkg-config files.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/abide)

# What whoever links the archives needs as well.
set(abide_requires yaml-0.1 libutf8proc libmd)
string(REPLACE ";" " " pc_requires "${abide_requires}")
set(abide_requires ${pc_requires})
set(pc_dl "")
if(CMAKE_DL_LIBS)
    set(pc_dl -l${CMAKE_DL_LIBS})
endif()

install(EXPORT abide NAMESPACE abide:: DESTINATION ${package_dir} FILE abide-targets.cmake)
if(TARGET abide-cli)
    install(EXPORT abide-cli NAMESPACE abide:: DESTINATION ${package_dir} FILE abide-cli.cmake)
endif()
set(static_libdir ${CMAKE_INSTALL_LIBDIR})
set(static_includedir ${CMAKE_INSTALL_INCLUDEDIR})
foreach(file abide-config abide-static)
    configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/${file}.cmake.in ${PROJECT_BINARY_DIR}/${file}.cmake
        INSTALL_DESTINATION ${package_dir} PATH_VARS static_libdir static_includedir NO_CHECK_REQUIRED_COMPONENTS_MACRO)
endforeach()
# The command serves projects for any machine; the configuration looks at whether the libraries fit.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/abide-config-version.cmake
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/abide-config.cmake ${PROJECT_BINARY_DIR}/abide-static.cmake
    ${PROJECT_BINARY_DIR}/abide-config-version.cmake ${CMAKE_CURRENT_LIST_DIR}/abide-thunks.cmake
    DESTINATION ${package_dir})

# Relative to where the .pc file lies, so that an installation works wherever `cmake --install --prefix` or a move puts it;
# absolute folders stay.
if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
    set(pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
    file(RELATIVE_PATH pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
    string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${pc_prefix}")
endif()
foreach(kind LIBDIR INCLUDEDIR DATADIR BINDIR)
    string(TOLOWER pc_${kind} variable)
    set(${variable} "\${prefix}")
    cmake_path(APPEND ${variable} ${CMAKE_INSTALL_${kind}})
endforeach()
# LLVM's own libraries, for the archive of codegen.
set(pc_llvm "")
if(AbideLLVM_FOUND)
    separate_arguments(components UNIX_COMMAND "${abide_llvm_components}")
    list(TRANSFORM components TOLOWER)
    execute_process(COMMAND ${LLVM_TOOLS_BINARY_DIR}/llvm-config --libs --system-libs ${components}
        OUTPUT_VARIABLE pc_llvm COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX REPLACE "[ \n]+" " " pc_llvm "-L${LLVM_LIBRARY_DIR} ${pc_llvm}")
endif()
foreach(library abide abide-codegen)
    if(TARGET ${library})
        configure_file(${CMAKE_CURRENT_LIST_DIR}/${library}.pc.in
            ${PROJECT_BINARY_DIR}/${library}.pc @ONLY)
        install(FILES ${PROJECT_BINARY_DIR}/${library}.pc
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
    endif()
endforeach()

# abide_add_thunks is there for who builds abide as a part of something else, too.
set_property(GLOBAL PROPERTY ABIDE_HAS_CODEGEN ${AbideLLVM_FOUND})
include(abide-thunks)
