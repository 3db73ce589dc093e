/* Sizes and fields that an adapter must refuse: a program that is newer than the library, or none at all (RELEASE is 2, LIBRARY 1). */
#include "must.h"
#include "sized.h"

#include <setjmp.h>

static jmp_buf back;
static size_t code, found;
static const char *where;

void abide_trap(size_t why, const char *function, const char *parameter, size_t value)
{
    (void)function;
    code = why;
    where = parameter;
    found = value;
    longjmp(back, 1);
}

/* What the call was refused for; 0: it was not. */
static size_t try_open(const options *o)
{
    code = 0;
    if (!setjmp(back))
        rig_open(o);
    return code;
}

static size_t try_read(counters *c)
{
    code = 0;
    if (!setjmp(back))
        rig_read(1, c);
    return code;
}

int main(void)
{
    options o;
    counters c;
    memset(&o, 0, sizeof o);
    o.size = sizeof o;
    MUST(try_open(&o) == 0);
    o.limit.payload.some = 1; /* the last bytes of all */
    MUST(try_open(&o) == SYS_TRAP_UNKNOWN && strcmp(where, "o") == 0 &&
         found == offsetof(options, limit.payload.some));
    o.size = (uint32_t)offsetof(options, limit);
    MUST(try_open(&o) == 0);
    o.size = (uint32_t)offsetof(options, extra) - 1;
    MUST(try_open(&o) == SYS_TRAP_SIZE && found == o.size);
    o.size = 0;
    MUST(try_open(&o) == SYS_TRAP_SIZE && found == 0);
    memset(&c, 0, sizeof c);
    c.size = (uint32_t)offsetof(counters, bytes);
    MUST(try_read(&c) == SYS_TRAP_SIZE && strcmp(where, "c") == 0);
    c.size = (uint32_t)offsetof(counters, bytes) + 1;
    c.lost = 5;
    MUST(try_read(&c) == 0 && c.bytes == 7 && c.lost == 5);
    return 0;
}
