/*
 * Calls thunks by address where each page wants landing pads: without a C library, which need not have them. The callees look for
 * return addresses on the stack that are not signed.
 */
#include <stdint.h>

struct triple {
    int64_t a, b, c;
};

extern const char __executable_start[], etext[];
/* Go's registers hold the members; C has their address. */
typedef int64_t by_members(int64_t a, int64_t b, int64_t c, int64_t factor);
typedef int64_t by_address(struct triple t, int64_t factor);
int64_t c_weigh(struct triple t, int64_t factor);
int64_t go_weigh(int64_t a, int64_t b, int64_t c, int64_t factor);

int64_t to_go_weigh(struct triple t, int64_t factor);
int64_t to_c_weigh(int64_t a, int64_t b, int64_t c, int64_t factor);

static const uintptr_t *outermost;
static int plain_addresses, calls;

static void look_for_return_addresses(uintptr_t callee)
{
    const uintptr_t *word = __builtin_frame_address(0);
    calls++;
    for (; word < outermost; word++)
        if (*word >= (uintptr_t)__executable_start && *word < (uintptr_t)etext && *word != callee)
            plain_addresses++;
}

int64_t c_weigh(struct triple t, int64_t factor)
{
    look_for_return_addresses((uintptr_t)c_weigh);
    return (t.a + 10 * t.b + 100 * t.c) * factor;
}

int64_t go_weigh(int64_t a, int64_t b, int64_t c, int64_t factor)
{
    look_for_return_addresses((uintptr_t)go_weigh);
    return (a + 10 * b + 100 * c) * factor;
}

static int check(void)
{
    by_address *volatile to_go = to_go_weigh;
    by_members *volatile to_c = to_c_weigh;
    outermost = __builtin_frame_address(0);
    int wrongs = to_go((struct triple){1, 2, 3}, 2) != 642;
    wrongs += to_c(4, 5, 6, 3) != 1962;
    return wrongs || calls != 2 ? 1 : plain_addresses ? 2 : 0;
}

void start(void)
{
    register long status __asm__("x0") = check();
    register long number __asm__("x8") = 93; /* exit */
    __asm__ volatile("svc #0" ::"r"(status), "r"(number));
    for (;;) {
    }
}
