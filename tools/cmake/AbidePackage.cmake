# What makes an installed abide found: a CMake package and pkg-config files.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/abide)

install(EXPORT abide NAMESPACE abide:: DESTINATION ${package_dir} FILE abide-targets.cmake)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/abide-config.cmake.in
    ${PROJECT_BINARY_DIR}/abide-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/abide-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/abide-config.cmake
    ${PROJECT_BINARY_DIR}/abide-config-version.cmake DESTINATION ${package_dir})

# Relative to where the .pc file lies, so that an installation works wherever `cmake --install --prefix` or a move puts it;
# absolute folders stay.
if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
    set(pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
    file(RELATIVE_PATH pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
    string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${pc_prefix}")
endif()
foreach(kind LIBDIR INCLUDEDIR DATADIR)
    string(TOLOWER pc_${kind} variable)
    set(${variable} "\${prefix}")
    cmake_path(APPEND ${variable} ${CMAKE_INSTALL_${kind}})
endforeach()
foreach(library abide abide-codegen)
    if(TARGET ${library})
        configure_file(${CMAKE_CURRENT_LIST_DIR}/${library}.pc.in
            ${PROJECT_BINARY_DIR}/${library}.pc @ONLY)
        install(FILES ${PROJECT_BINARY_DIR}/${library}.pc
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
    endif()
endforeach()
