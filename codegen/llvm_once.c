/* LLVM has one handler of fatal errors for the process; which thread waits for one is kept here. */
#include "llvm_once.h"

#include <llvm-c/ErrorHandling.h>
#include <llvm-c/Target.h>

#include <string.h>
#include <threads.h>

static once_flag started = ONCE_FLAG_INIT;
static thread_local struct abide_llvm_use *current;

static void give_up(const char *reason)
{
    struct abide_llvm_use *use = current;
    if (!use)
        return;
    size_t length_bytes = strnlen(reason, sizeof use->reason - 1);
    memcpy(use->reason, reason, length_bytes);
    use->reason[length_bytes] = 0;
    longjmp(use->out, 1);
}

static void start(void)
{
    LLVMInitializeAllTargetInfos();
    LLVMInitializeAllTargets();
    LLVMInitializeAllTargetMCs();
    LLVMInitializeAllAsmPrinters();
    LLVMInitializeAllAsmParsers();
    LLVMInstallFatalErrorHandler(give_up);
}

jmp_buf *abide_llvm__enter(struct abide_llvm_use *use)
{
    call_once(&started, start);
    use->outer = current;
    current = use;
    return &use->out;
}

void abide_llvm__leave(void *use)
{
    current = ((struct abide_llvm_use *)use)->outer;
}
