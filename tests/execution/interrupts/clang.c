/* The same by the compiler's attribute. */
#include <stdint.h>

struct interrupted;
void tick(struct interrupted *frame);
void fault(struct interrupted *frame, uintptr_t code);

__attribute__((interrupt)) void clang_tick(struct interrupted *frame)
{
    tick(frame);
}

__attribute__((interrupt)) void clang_fault(struct interrupted *frame, uintptr_t code)
{
    fault(frame, code);
}
