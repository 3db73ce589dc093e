# What the folders' CMakeLists.txt have in common.

# abide_layer(NAME SOURCE...): one folder of the layer chain, as an object library that the shared
# libraries, the tests and the tools all link.
function(abide_layer name)
    if(NOT ARGN)
        return()
    endif()
    add_library(abide-${name} OBJECT ${ARGN})
    target_include_directories(abide-${name} PUBLIC ${PROJECT_SOURCE_DIR}/include
        ${PROJECT_SOURCE_DIR}/layout-engine ${ABIDE_UTHASH_INCLUDE_DIR})
    target_compile_definitions(abide-${name} PRIVATE ABIDE_BUILDING
        ABIDE_VERSION="${PROJECT_VERSION}")
endfunction()

# abide_embed(OUT SYMBOL ROOT DIR...): writes the C file OUT with every *.yaml below ROOT's DIRs as
# a table called SYMBOL. A new file is noticed by the next build. The program that writes it runs
# during the build, so building for another machine needs CMAKE_CROSSCOMPILING_EMULATOR.
function(abide_embed out symbol root)
    list(TRANSFORM ARGN APPEND /*.yaml OUTPUT_VARIABLE patterns)
    list(TRANSFORM patterns PREPEND ${root}/)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${patterns})
    add_custom_command(OUTPUT ${out}
        COMMAND abide-embed ${out} ${symbol} ${root} ${files}
        DEPENDS ${files} abide-embed
        COMMENT "Embedding ${symbol}" VERBATIM)
endfunction()

# abide_embed_texts(OUT SYMBOL ROOT PATTERN...): the same of any files below ROOT, as their text alone.
function(abide_embed_texts out symbol root)
    list(TRANSFORM ARGN PREPEND ${root}/ OUTPUT_VARIABLE patterns)
    file(GLOB files CONFIGURE_DEPENDS ${patterns})
    add_custom_command(OUTPUT ${out}
        COMMAND abide-embed --texts ${out} ${symbol} ${root} ${files}
        DEPENDS ${files} abide-embed
        COMMENT "Embedding ${symbol}" VERBATIM)
endfunction()

# abide_shared(NAME): what the exported libraries have in common.
function(abide_shared name)
    set_target_properties(${name} PROPERTIES VERSION ${PROJECT_VERSION}
        SOVERSION ${ABIDE_SOVERSION} INSTALL_RPATH "$ORIGIN")
    target_include_directories(${name} INTERFACE
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    # A symbol that nobody defines is found now, not by the first program that is linked. A sanitizer
    # leaves its own to the program.
    if(NOT ABIDE_SANITIZE AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
        target_link_options(${name} PRIVATE LINKER:-z,defs)
    endif()
    install(TARGETS ${name} EXPORT abide)
endfunction()

# abide_archive(TARGET NAME): installs the static library TARGET as lib*NAME*.a.
function(abide_archive target name)
    install(FILES $<TARGET_FILE:${target}> DESTINATION ${CMAKE_INSTALL_LIBDIR}
        RENAME ${CMAKE_STATIC_LIBRARY_PREFIX}${name}${CMAKE_STATIC_LIBRARY_SUFFIX})
endfunction()
