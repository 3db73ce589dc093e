# abide_add_thunks(TARGET target INTERFACE file CALLER abi CALLEE abi
#     [FUNCTIONS name...]     only these (default: all of the interface)
#     [PREFIX text]           in front of every function's name (default: the caller's own)
#     [CHECKS trust|checked|convert]
#     [TRIPLE triple]         default: what the compiler for C, or for C++ where there is none, makes code for
#     [EMIT obj|c]            machine code, or C source for the target's own compiler (default: obj; c without LLVM, and for
#                             object libraries, of which CMake hands on only what it compiles)
#     [MODULES file...]       module files that `abi` names, [MODULE_DIRS folder...]: where more are
#     [OPTIONS option...])    others of `abide thunk`, such as -g or --cet
#
# Makes adapters by which code of the ABI CALLER calls functions of the interface that are implemented in the ABI CALLEE,
# and adds them to `target`: a program, a library of any kind, or an interface library, which hands them on to what links it. They
# are made again when the interface, a module that was read, or abide changes, and not
# otherwise. Same inputs, same bytes, wherever sources and build lie. An ABI that is a file (`./mine.yaml`) is relative to
# the current source folder, as files are. ABIDE_COMMAND, if set, is the command that is run: needed only if abide itself
# was built for another machine.
include_guard(GLOBAL)
cmake_policy(PUSH)
cmake_policy(VERSION 3.20...3.25)

# The triple that the compiler for C makes code for, by its own words and with its flags (-m32); where there is none, that for
# C++. "" if nobody knows.
function(abide_triple_of_compiler out)
    set(${out} "" PARENT_SCOPE)
    set(language C)
    if(NOT CMAKE_C_COMPILER)
        set(language CXX)
    endif()
    if(CMAKE_${language}_COMPILER_TARGET)
        set(${out} ${CMAKE_${language}_COMPILER_TARGET} PARENT_SCOPE)
        return()
    endif()
    if(NOT CMAKE_${language}_COMPILER)
        return()
    endif()
    separate_arguments(flags NATIVE_COMMAND "${CMAKE_${language}_FLAGS}")
    foreach(question -print-multiarch -dumpmachine) # -dumpmachine of gcc does not look at -m32
        execute_process(COMMAND ${CMAKE_${language}_COMPILER} ${flags} ${question}
            OUTPUT_VARIABLE triple ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
        if(NOT failed AND triple MATCHES "^[A-Za-z0-9_.]+(-[A-Za-z0-9_.]+)+$")
            set(${out} ${triple} PARENT_SCOPE)
            return()
        endif()
    endforeach()
endfunction()

# Of a reference that is a file, its absolute path; others as they are: NAME[@VERSION][:OPTION=VALUE].
function(abide_reference out reference)
    if(reference MATCHES "/|\\.yaml$")
        cmake_path(ABSOLUTE_PATH reference BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    endif()
    set(${out} ${reference} PARENT_SCOPE)
endfunction()

# Files whose change means that abide is another one.
function(abide_files_of_command command files)
    if(ABIDE_COMMAND)
        set(${command} ${ABIDE_COMMAND} PARENT_SCOPE)
        set(${files} ${ABIDE_COMMAND} PARENT_SCOPE)
        return()
    endif()
    if(NOT TARGET abide::cli)
        message(FATAL_ERROR "abide_add_thunks: this abide was installed without its command; "
            "set ABIDE_COMMAND to one that runs here")
    endif()
    set(found $<TARGET_FILE:abide::cli>)
    foreach(library abide::abide abide::codegen)
        if(TARGET ${library})
            list(APPEND found $<TARGET_FILE:${library}>)
        endif()
    endforeach()
    set(${command} abide::cli PARENT_SCOPE)
    set(${files} ${found} PARENT_SCOPE)
endfunction()

# The options of `abide thunk` for the parsed arguments of abide_add_thunks.
function(abide_thunk_options out)
    set(options "")
    foreach(side CALLER CALLEE)
        abide_reference(reference "${arg_${side}}")
        string(TOLOWER ${side} name)
        list(APPEND options --${name} ${reference})
    endforeach()
    foreach(name PREFIX CHECKS)
        if(DEFINED arg_${name})
            string(TOLOWER ${name} option)
            list(APPEND options --${option} "${arg_${name}}")
        endif()
    endforeach()
    foreach(file IN LISTS arg_MODULES)
        cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
        list(APPEND options --module ${file})
    endforeach()
    foreach(folder IN LISTS arg_MODULE_DIRS)
        cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
        list(APPEND options -I ${folder})
    endforeach()
    if(NOT arg_TRIPLE)
        abide_triple_of_compiler(arg_TRIPLE)
    endif()
    if(arg_TRIPLE)
        list(APPEND options --target ${arg_TRIPLE})
    elseif(CMAKE_CROSSCOMPILING)
        message(FATAL_ERROR "abide_add_thunks: say which machine the code is for: TRIPLE aarch64-linux-gnu or the like")
    endif()
    set(${out} ${options} ${arg_OPTIONS} PARENT_SCOPE)
endfunction()

# A name of its own for each call, of what tells two calls of a target apart.
function(abide_thunk_output out)
    cmake_path(GET arg_INTERFACE STEM LAST_ONLY stem)
    string(SHA256 digest "${arg_INTERFACE}|${arg_CALLER}|${arg_CALLEE}|${arg_PREFIX}|${arg_FUNCTIONS}|${arg_CHECKS}|${arg_OPTIONS}")
    string(SUBSTRING ${digest} 0 8 digest)
    set(ending .o)
    if(arg_EMIT STREQUAL "c")
        set(ending .c)
    endif()
    set(${out} ${CMAKE_CURRENT_BINARY_DIR}/abide/${arg_TARGET}/${stem}-${digest}${ending} PARENT_SCOPE)
endfunction()

# What is made, obj or c: as EMIT says, else as the target and this abide can have it.
function(abide_thunk_kind out)
    get_target_property(type ${arg_TARGET} TYPE)
    get_property(has_codegen GLOBAL PROPERTY ABIDE_HAS_CODEGEN)
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    set(kind ${arg_EMIT})
    if(NOT kind)
        set(kind c)
        if(has_codegen AND NOT type STREQUAL "OBJECT_LIBRARY")
            set(kind obj)
        endif()
    endif()
    if(NOT kind MATCHES "^(obj|c)$")
        message(FATAL_ERROR "abide_add_thunks: EMIT is obj or c, not '${kind}'")
    elseif(kind STREQUAL "obj" AND type STREQUAL "OBJECT_LIBRARY")
        message(FATAL_ERROR "abide_add_thunks: '${arg_TARGET}' is an object library, of which CMake hands on only what it "
            "compiles: say EMIT c")
    elseif(kind STREQUAL "c" AND NOT "C" IN_LIST languages)
        message(FATAL_ERROR "abide_add_thunks: EMIT c needs a compiler for C: enable_language(C)")
    endif()
    set(${out} ${kind} PARENT_SCOPE)
endfunction()

# The target itself of what may be another name for it; an error if nothing can be added to it.
function(abide_thunk_target target)
    if(NOT TARGET ${${target}})
        message(FATAL_ERROR "abide_add_thunks: there is no target '${${target}}' yet")
    endif()
    get_target_property(aliased ${${target}} ALIASED_TARGET)
    if(aliased)
        set(${target} ${aliased})
        set(${target} ${aliased} PARENT_SCOPE)
    endif()
    get_target_property(imported ${${target}} IMPORTED)
    get_target_property(type ${${target}} TYPE)
    if(imported OR type STREQUAL "UTILITY")
        message(FATAL_ERROR "abide_add_thunks: '${${target}}' is neither a program nor a library that this project builds")
    endif()
    get_target_property(folder ${${target}} SOURCE_DIR)
    if(NOT folder STREQUAL CMAKE_CURRENT_SOURCE_DIR)
        message(FATAL_ERROR "abide_add_thunks: call it in ${folder}, where '${${target}}' is made")
    endif()
endfunction()

# Makes what an interface library hands on, of which others in any folder know neither what it depends on nor its properties.
function(abide_hand_on_thunks library output)
    cmake_path(GET output FILENAME name)
    if(name MATCHES "\\.c$")
        add_library(${library}-${name} OBJECT ${output})
        set_target_properties(${library}-${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
        set(output $<TARGET_OBJECTS:${library}-${name}>)
    else()
        add_custom_target(${library}-${name} DEPENDS ${output})
        add_dependencies(${library} ${library}-${name})
    endif()
    target_sources(${library} INTERFACE ${output})
endfunction()

function(abide_add_thunks)
    set(one TARGET INTERFACE CALLER CALLEE PREFIX CHECKS TRIPLE EMIT)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "${one}" "FUNCTIONS;MODULES;MODULE_DIRS;OPTIONS")
    foreach(name TARGET INTERFACE CALLER CALLEE)
        if(NOT arg_${name})
            message(FATAL_ERROR "abide_add_thunks: ${name} is missing")
        endif()
    endforeach()
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "abide_add_thunks: what is '${arg_UNPARSED_ARGUMENTS}'?")
    endif()
    foreach(name INTERFACE CALLER CALLEE PREFIX) # the output's name is made of them
        if("${arg_${name}}" MATCHES "\\$<")
            message(FATAL_ERROR "abide_add_thunks: ${name} has no generator expressions; OPTIONS may")
        endif()
    endforeach()
    abide_thunk_target(arg_TARGET)
    abide_thunk_kind(arg_EMIT)
    set(interface ${arg_INTERFACE})
    cmake_path(ABSOLUTE_PATH interface BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    abide_thunk_options(options)
    abide_files_of_command(command command_files)
    abide_thunk_output(output)
    cmake_path(GET output PARENT_PATH output_folder)
    file(MAKE_DIRECTORY ${output_folder})

    # abide leaves a file alone whose bytes would not change; make wants it newer than what it is made of.
    set(touch "")
    if(CMAKE_GENERATOR MATCHES "Make")
        set(touch COMMAND ${CMAKE_COMMAND} -E touch_nocreate ${output})
    endif()
    add_custom_command(OUTPUT ${output}
        COMMAND ${command} thunk ${interface} ${arg_FUNCTIONS} ${options} --emit ${arg_EMIT} -o ${output}
            -MD -MF ${output}.d -MT ${output}
        ${touch}
        DEPENDS ${interface} ${command_files} DEPFILE ${output}.d
        COMMENT "Thunks of ${arg_INTERFACE}: ${arg_CALLER} calls ${arg_CALLEE}" VERBATIM COMMAND_EXPAND_LISTS)
    if(arg_EMIT STREQUAL "obj")
        set_source_files_properties(${output} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
    else() # it declares functions in its own words, so that it stands in no file together with others
        set_source_files_properties(${output} PROPERTIES SKIP_UNITY_BUILD_INCLUSION TRUE SKIP_PRECOMPILE_HEADERS TRUE)
    endif()
    get_target_property(type ${arg_TARGET} TYPE)
    if(type STREQUAL "INTERFACE_LIBRARY")
        abide_hand_on_thunks(${arg_TARGET} ${output})
    else()
        target_sources(${arg_TARGET} PRIVATE ${output})
    endif()
endfunction()

cmake_policy(POP)
