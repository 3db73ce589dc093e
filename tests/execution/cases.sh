#!/bin/sh
# cases.sh: variants of many cases: each arrives as itself, what is none ends the process, and code grows with the cases, not faster.
set -eu
cases=240
{
    echo "abide: 1
package: many
provides: system@1
types: {many: {variant: {"
    i=0
    while [ $i -lt $cases ]; do
        echo "c$i: own string, c$((i + 1)): u16, c$((i + 2)): box<i64>,"
        i=$((i + 3))
    done
    echo "}}}
functions: {make: () -> own many}"
} >many.abi.yaml
cat >main.c <<'C'
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
struct of_c { uint32_t tag; union { struct { char *ptr; size_t len; } text; uint16_t number; int64_t *box; } u; };
struct of_system { uint16_t tag; union { struct { char *ptr; size_t len; struct owner *owner; } text; uint16_t number; int64_t *box; } u; };
struct owner { void (*release)(struct owner **, void *, size_t); };
static uint32_t now;
struct of_c many_make(void)
{
    struct of_c made = {.tag = now};
    if (now % 3 == 0)
        made.u.text.ptr = strdup("text"), made.u.text.len = 4;
    else if (now % 3 == 1)
        made.u.number = (uint16_t)(now + 7);
    else
        *(made.u.box = malloc(sizeof(int64_t))) = (int64_t)now - 9;
    return made;
}
uint32_t sys_make(struct of_system *out);
int main(int argc, char **argv)
{
    (void)argv;
    for (now = argc > 1 ? CASES : 0; argc > 1 || now < CASES; now++) {
        struct of_system got;
        sys_make(&got);
        if (got.tag != now)
            return 1;
        if (now % 3 == 0 && (got.u.text.len != 4 || memcmp(got.u.text.ptr, "text", 4) != 0 || !got.u.text.owner))
            return 2;
        if (now % 3 == 1 && got.u.number != (uint16_t)(now + 7))
            return 3;
        if (now % 3 == 2 && *got.u.box != (int64_t)now - 9)
            return 4;
        if (now % 3 != 1)
            free(got.u.box);
    }
    return 0;
}
C
thunk="$ABIDE thunk many.abi.yaml --caller system --callee c --target x86_64-linux-gnu"
$thunk -o made.o
$thunk --emit c -o written.c
gcc -O1 -c written.c
for thunks in made.o written.o; do
    gcc -DCASES=$cases -o program main.c $thunks
    ./program || { echo "$thunks: a case arrives as another one"; exit 1; }
    if ./program none 2>/dev/null; then
        echo "$thunks: what is no case passes"
        exit 1
    fi
done
bytes=$(size made.o | awk 'NR == 2 { print $1 }')
[ "$bytes" -lt $((cases * 16)) ] || { echo "$bytes bytes for $cases cases of three kinds"; exit 1; }
