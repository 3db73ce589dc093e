#!/usr/bin/env python3
"""What adapters take for UTF-8 is what utf8proc takes for it (tools/runtime/check_utf8.c): all of up to three bytes, the edges of four, and
random ones."""
import os
import subprocess
import sys

ABIDE = os.environ.get("ABIDE", "abide")
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.environ.get("ABIDE_SOURCE_DIR", os.path.dirname(os.path.dirname(HERE)))
PROGRAM = r"""
#include <abide/system.h>
#include <stdio.h>
#include <stdlib.h>
size_t by_library(const void *text, size_t bytes);
static size_t count, wrong;
static void compare(const unsigned char *text, size_t bytes)
{
    size_t ours = abide_check_utf8(text, bytes), theirs = by_library(text, bytes);
    count++;
    if (ours == theirs || wrong++ > 10)
        return;
    printf("ours %zu, theirs %zu:", ours, theirs);
    for (size_t i = 0; i < bytes; i++)
        printf(" %02x", text[i]);
    printf("\n");
}
int main(void)
{
    static const unsigned char edges[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xE0, 0xF0, 0xFF};
    enum { EDGES = sizeof edges };
    unsigned char text[64];
    for (size_t bytes = 0; bytes <= 3; bytes++)
        for (size_t all = 0; all < (size_t)1 << (8 * bytes); all++) {
            for (size_t i = 0; i < bytes; i++)
                text[i] = (unsigned char)(all >> (8 * i));
            compare(text, bytes);
        }
    for (unsigned first = 0xE0; first <= 0xFF; first++)
        for (unsigned second = 0; second <= 0xFF; second++)
            for (unsigned rest = 0; rest < EDGES * EDGES * EDGES; rest++) {
                text[0] = (unsigned char)first, text[1] = (unsigned char)second;
                text[2] = edges[rest % EDGES], text[3] = edges[rest / EDGES % EDGES], text[4] = edges[rest / EDGES / EDGES];
                compare(text, 4);
                compare(text, 5);
            }
    srand(1);
    for (size_t i = 0; i < 200000; i++) {
        size_t bytes = (size_t)rand() % sizeof text;
        for (size_t k = 0; k < bytes; k++)
            text[k] = edges[(size_t)rand() % EDGES];
        compare(text, bytes);
    }
    printf("%zu texts, %zu wrong\n", count, wrong);
    return wrong != 0;
}
"""


def must(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"failed ({done.returncode}): {' '.join(command)}\n{done.stdout[:4000]}")
    return done.stdout


def main():
    for name, text in (("utf8.abi.yaml", "abide: 1\nchecks: checked\nfunctions: {f: (text string)}\n"), ("utf8.c", PROGRAM)):
        with open(name, "w", encoding="utf-8") as file:
            file.write(text)
    library = os.path.join(SOURCE, "tools", "runtime", "check_utf8.c")
    must(["gcc", "-O2", "-Dabide_check_utf8=by_library", "-c", library, "-o", "library.o"])
    for emit, output in (("obj", "thunks.o"), ("c", "thunks.c")):
        must([ABIDE, "thunk", "utf8.abi.yaml", "--target", "x86_64-linux-gnu", "--caller", "c", "--callee", "system", "--prefix", "c_",
              "--emit", emit, "-o", output])
        must(["gcc", "-std=c11", "-O2", f"-I{SOURCE}/include", "utf8.c", output, "library.o", "-Wl,--defsym=f=0", "-lutf8proc", "-o",
              "utf8"])
        print(emit, must(["./utf8"]).strip())


main()
