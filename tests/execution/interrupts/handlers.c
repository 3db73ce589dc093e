/* Interrupts by hand: what entries that the adapter makes keep and pass on, and those of a compiler. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unwind.h>

#ifdef __x86_64__
enum { REGISTERS = 15, VECTORS = 16 };
#else
enum { REGISTERS = 7, VECTORS = 8 };
#endif

/* As interrupts push it; nothing is behind `flags` on i386, where the privilege does not change. */
struct interrupted {
    uintptr_t ip, cs, flags, sp, ss;
};

struct state {
    uintptr_t words[128 / sizeof(uintptr_t)]; /* the registers, then the flags */
    unsigned char vectors[16 * 16];
};

void interrupt(void (*entry)(void), int has_code, uintptr_t code, uintptr_t shift);
void wreck(void);
extern char back[], back_skipped[];
extern struct state before, after;
extern uintptr_t expected_sp, found_sp;
extern int skipped;

/* Entries; clang_ are those of the compiler's own attribute. */
void isr_tick(void), isr_fault(void), clang_tick(void), clang_fault(void);

static struct {
    uintptr_t ip, flags, sp, code;
    int calls, unwinds, is_aligned;
} seen;
static int skips, unwinds, failures;

static _Unwind_Reason_Code look(struct _Unwind_Context *context, void *user)
{
    (void)user;
    seen.unwinds += _Unwind_GetIP(context) == (uintptr_t)back;
    return _URC_NO_REASON;
}

static void handle(struct interrupted *frame, uintptr_t code)
{
    unsigned char bytes[100];
    memset(bytes, (int)code, sizeof bytes); /* goes up, whatever the interrupted code did */
    seen.ip = frame->ip;
    seen.flags = frame->flags;
#ifdef __x86_64__
    seen.sp = frame->sp;
#endif
    seen.code = code + bytes[99] - bytes[0];
    seen.calls++;
    if (skips)
        frame->ip = (uintptr_t)back_skipped;
    frame->flags ^= 1; /* the carry */
    seen.is_aligned =
        (uintptr_t)__builtin_frame_address(0) % 16 == (sizeof(uintptr_t) == 8 ? 0 : 8);
    if (unwinds)
        _Unwind_Backtrace(look, NULL);
    wreck();
}

void tick(struct interrupted *frame)
{
    handle(frame, 0);
}

void fault(struct interrupted *frame, uintptr_t code)
{
    handle(frame, code);
}

void tick_same(struct interrupted *frame)
{
    handle(frame, 0);
}

void fault_same(struct interrupted *frame, uintptr_t code)
{
    handle(frame, code);
}

static void check(int holds, const char *entry, const char *what, int index)
{
    if (holds)
        return;
    printf("%s: %s %d\n", entry, what, index);
    failures++;
}

static void fill(unsigned seed)
{
    unsigned char *bytes = (unsigned char *)&before;
    for (size_t i = 0; i < sizeof before; i++)
        bytes[i] = (unsigned char)(seed = seed * 1103515245 + 12345, seed >> 16);
    /* Carry, direction, and the bit that is always one; interrupts are enabled. */
    before.words[REGISTERS] = (seed >> 20 & 1) | 0x602;
}

static void try(const char *name, void (*entry)(void), int has_code, unsigned seed)
{
    uintptr_t code = has_code ? (uintptr_t)seed * 0x10001 : 0;
    memset(&seen, 0, sizeof seen);
    skipped = 0;
    skips = seed & 1;
    unwinds = !strncmp(name, "thunk", 5);
    fill(seed);
    interrupt(entry, has_code, code, seed % 7 * sizeof(uintptr_t));
    for (int i = 0; i < REGISTERS; i++)
        check(before.words[i] == after.words[i], name, "register", i);
    /* clang 19 for i386 keeps vectors at addresses that it takes for aligned, so there it is told that there are none. */
    for (int i = 0; i < VECTORS && (unwinds || sizeof(uintptr_t) == 8); i++)
        check(!memcmp(before.vectors + 16 * i, after.vectors + 16 * i, 16), name, "vector", i);
    check((before.words[REGISTERS] ^ 1) == (after.words[REGISTERS] & 0xe03), name, "flags", 0);
    check(found_sp == expected_sp, name, "stack pointer", 0);
    check(seen.calls == 1 && seen.ip == (uintptr_t)back, name, "frame", 0);
    check((seen.flags & 0xe03) == before.words[REGISTERS], name, "frame's flags", 0);
#ifdef __x86_64__
    check(seen.sp == expected_sp, name, "frame's stack pointer", 0);
#endif
    check(seen.code == code, name, "code", 0);
    check(skipped == skips, name, "changed frame", 0);
    /* clang 19 does not align the stack of the call where there is a code, and says nothing to unwinders. */
    if (!unwinds)
        return;
    check(seen.is_aligned, name, "alignment", 0);
    /* A way back that the handler has changed is no longer the one that came here. */
    check(seen.unwinds == !skips, name, "unwinding", 0);
}

int main(void)
{
    for (unsigned seed = 1; seed <= 200; seed++) {
        try("thunk", isr_tick, 0, seed);
        try("thunk with a code", isr_fault, 1, seed);
        try("clang", clang_tick, 0, seed);
        try("clang with a code", clang_fault, 1, seed);
    }
    printf("%d failures\n", failures);
    return failures != 0;
}
