# cmake -D OUT= -D SYMBOL= -D ROOT= -D FILES= -P embed.cmake
#
# Writes the FILES into the C file OUT as an array of struct abide_embedded called SYMBOL, sorted
# by their paths relative to ROOT, and their number as SYMBOL_count. Each text ends in a zero byte
# that its length does not count.
set(texts "")
set(rows "")
set(count 0)
foreach(file IN LISTS FILES)
    file(RELATIVE_PATH path ${ROOT} ${file})
    list(APPEND paths ${path})
endforeach()
list(SORT paths COMPARE STRING)
foreach(path IN LISTS paths)
    file(READ ${ROOT}/${path} hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR length "${digits} / 2")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "((0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,)(0x..,))" "\\1\n"
        bytes "${bytes}")
    string(APPEND texts "static const unsigned char text_${count}[] = {\n${bytes}0};\n")
    string(APPEND rows "    {\"${path}\", (const char *)text_${count}, ${length}},\n")
    math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT} "/* Written by tools/cmake/embed.cmake. */
#include \"spec/embedded.h\"

${texts}
const struct abide_embedded ${SYMBOL}[] = {
${rows}    {0, 0, 0},
};
const size_t ${SYMBOL}_count = ${count};
")
