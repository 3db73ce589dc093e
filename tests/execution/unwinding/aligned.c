/*
 * Exceptions through frames that are aligned for what lies in them: out_leave and in_leave, one behind the other, pass a record of 64 bytes'
 * alignment by address and by value. In C++ it is thrown and caught; in C, where there are no libraries of C++, frames are left by
 * force, with what is to be done on the way.
 */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <unwind.h>

#define KEPT 6

struct wide {
    int64_t a __attribute__((aligned(64)));
    int64_t b[3];
};

#ifdef __cplusplus
extern "C" {
#endif
int64_t out_leave(int64_t first, struct wide w, int64_t b, int64_t c);
int64_t leave(int64_t first, struct wide w, int64_t b, int64_t c);
#ifdef __cplusplus
}
#endif

static int64_t seen[KEPT];
static int unwound, frames_found;

/* Inlined, so that it is the registers that landing here finds. */
static inline __attribute__((always_inline)) void note(int64_t (*kept)[KEPT])
{
    for (int i = 0; i < KEPT; i++)
        seen[i] = (*kept)[i];
    unwound++;
}

static __attribute__((noinline)) int64_t guarded(int64_t seed)
{
    volatile int64_t any = seed;
    __attribute__((cleanup(note))) int64_t kept[KEPT] = {any * 3, any * 5,  any * 7,
                                                         any * 9, any * 11, any * 13};
    struct wide w = {any, {any + 1, any + 2, any + 3}};
    int64_t back = out_leave(seed, w, seed + 4, seed + 5);
    return back + kept[0] - kept[5] + any * 10;
}

#ifdef __cplusplus
static __attribute__((noinline)) bool is_left(int64_t seed)
{
    try {
        return guarded(seed) != seed && false;
    } catch (int64_t caught) {
        return caught == seed;
    }
}

static void go(int64_t value)
{
    throw value;
}
#else
static jmp_buf outside;

static __attribute__((noinline)) _Bool is_left(int64_t seed)
{
    return setjmp(outside) || (guarded(seed), 0);
}

static _Unwind_Reason_Code leave_frame(int version, _Unwind_Action actions,
                                       _Unwind_Exception_Class class,
                                       struct _Unwind_Exception *exception,
                                       struct _Unwind_Context *context, void *user)
{
    (void)version, (void)class, (void)exception, (void)user;
    if (_Unwind_GetRegionStart(context) == (uintptr_t)is_left)
        longjmp(outside, 1);
    return actions & _UA_END_OF_STACK ? _URC_FATAL_PHASE2_ERROR : _URC_NO_REASON;
}

static void go(int64_t value)
{
    static struct _Unwind_Exception exception;
    (void)value;
    _Unwind_ForcedUnwind(&exception, leave_frame, NULL);
}
#endif

static _Unwind_Reason_Code look_at_frame(struct _Unwind_Context *context, void *user)
{
    (void)user;
    uintptr_t start = _Unwind_GetRegionStart(context);
    frames_found += start == (uintptr_t)guarded || start == (uintptr_t)is_left;
    return _URC_NO_REASON;
}

int64_t leave(int64_t first, struct wide w, int64_t b, int64_t c)
{
    if (w.a != first || w.b[0] != first + 1 || w.b[1] != first + 2 || w.b[2] != first + 3 ||
        b != first + 4 || c != first + 5)
        return -1;
    frames_found = 0;
    _Unwind_Backtrace(look_at_frame, NULL);
    if (first < 0)
        go(first);
    return first;
}

int main(void)
{
    if (guarded(9) != 9 * (1 + 3 - 13 + 10) || unwound != 1)
        return puts("the result is another one"), 1;
    int64_t seed = -17;
    if (!is_left(seed) || unwound != 2)
        return puts("the exception does not arrive"), 1;
    if (frames_found != 2)
        return puts("frames are missing in a backtrace"), 1;
    for (int i = 0; i < KEPT; i++)
        if (seen[i] != seed * (2 * i + 3))
            return printf("a register that is preserved has another value: %d\n", i), 1;
    return 0;
}
