/*
 * Exceptions in C++, and the same in C, for machines whose C compiler is all there is. There nobody looks for a handler: frames are left
 * up to the one that "caught" them, which is what happens to a thread that is cancelled; or `look_for_handler` alone.
 */
#include <stddef.h>
#include <stdint.h>

typedef void risky(void *user);

#ifdef __cplusplus
static void throw_number(int number)
{
    throw number;
}

/* What was thrown; 0: nothing. */
static int caught(risky *work, void *user)
{
    try {
        work(user);
    } catch (int number) {
        return number;
    }
    return 0;
}
#else
#include <setjmp.h>
#include <stdlib.h>
#include <unwind.h>

static struct _Unwind_Exception thrown;
static jmp_buf handler;
static char *handler_frame;
static int thrown_number;
static int look_for_handler;

static _Unwind_Reason_Code leave(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                 struct _Unwind_Exception *exception,
                                 struct _Unwind_Context *context, void *user)
{
    (void)version, (void)kind, (void)exception, (void)user;
    if ((actions & _UA_END_OF_STACK) || (char *)_Unwind_GetCFA(context) > handler_frame)
        longjmp(handler, 1);
    return _URC_NO_REASON;
}

static void throw_number(int number)
{
    thrown_number = number;
    if (look_for_handler)
        _Unwind_RaiseException(&thrown); /* comes back: there is none */
    else
        _Unwind_ForcedUnwind(&thrown, leave, NULL);
    abort();
}

static __attribute__((noinline)) int caught(risky *work, void *user)
{
    char here;
    handler_frame = &here;
    if (setjmp(handler))
        return thrown_number;
    work(user);
    return 0;
}
#endif
