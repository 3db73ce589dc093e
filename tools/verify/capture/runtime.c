#include "capture-target.h" /* written by the oracle, from the data of the architecture */
#include "runtime.h"

_Alignas(64) unsigned char capture_result_image[RESULT_IMAGE_BYTES];
_Alignas(64) unsigned char capture_argument_image[IMAGE_BYTES];

/* --- what compilers call, whatever one tells them; by words, since images are copied all the time --- */

typedef unsigned long __attribute__((may_alias)) word;

static int are_words(const void *a, const void *b)
{
    return (((uintptr_t)a | (uintptr_t)b) & (sizeof(word) - 1)) == 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size_bytes)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if (are_words(t, f))
        for (; size_bytes >= sizeof(word); t += sizeof(word), f += sizeof(word)) {
            *(word *)t = *(const word *)f;
            size_bytes -= sizeof(word);
        }
    for (; size_bytes > 0; size_bytes--)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t size_bytes)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if ((uintptr_t)t <= (uintptr_t)f)
        return memcpy(to, from, size_bytes);
    while (size_bytes-- > 0)
        t[size_bytes] = f[size_bytes];
    return to;
}

void *memset(void *to, int value, size_t size_bytes)
{
    unsigned char *t = to;
    word all = (unsigned char)value * (~(word)0 / 255);
    if (are_words(t, t))
        for (; size_bytes >= sizeof(word); t += sizeof(word), size_bytes -= sizeof(word))
            *(word *)t = all;
    for (; size_bytes > 0; size_bytes--)
        *t++ = (unsigned char)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t size_bytes)
{
    const unsigned char *x = a, *y = b;
    if (are_words(x, y))
        for (; size_bytes >= sizeof(word) && *(const word *)x == *(const word *)y;
             size_bytes -= sizeof(word)) {
            x += sizeof(word);
            y += sizeof(word);
        }
    for (; size_bytes > 0; size_bytes--, x++, y++)
        if (*x != *y)
            return *x < *y ? -1 : 1;
    return 0;
}

/* --- calls --- */

__attribute__((noinline)) void capture_call_deep(const unsigned char *image, void (*callee)(void),
                                                 unsigned char *results)
{
    unsigned char room[2 * STACK_WINDOW_BYTES];
    __asm__ volatile("" : : "r"(room) : "memory"); /* or a compiler takes it away */
    capture_call(image, callee, results);
    __asm__ volatile("" : : "r"(room) : "memory");
}

uintptr_t capture_address_at(const unsigned char *place)
{
    uintptr_t address;
    memcpy(&address, place, sizeof address);
    return address;
}

/* --- output --- */

static unsigned char buffer[1 << 18];
static size_t buffered_bytes;

static void end(int status)
{
    for (;;)
        capture_syscall(CAPTURE_EXIT, status, 0, 0);
}

void capture_flush(void)
{
    for (size_t done = 0; done < buffered_bytes;) {
        long wrote =
            capture_syscall(CAPTURE_WRITE, 1, (long)(buffer + done), (long)(buffered_bytes - done));
        if (wrote <= 0)
            end(2);
        done += (size_t)wrote;
    }
    buffered_bytes = 0;
}

void capture_put(const void *bytes, size_t size_bytes)
{
    if (buffered_bytes + size_bytes > sizeof buffer)
        capture_flush();
    if (size_bytes > sizeof buffer)
        end(2);
    memcpy(buffer + buffered_bytes, bytes, size_bytes);
    buffered_bytes += size_bytes;
}

void capture_put_number(unsigned number)
{
    const unsigned char bytes[4] = {
        (unsigned char)number,
        (unsigned char)(number >> 8),
        (unsigned char)(number >> 16),
        (unsigned char)(number >> 24),
    };
    capture_put(bytes, sizeof bytes);
}

/* --- the start: standard input says which case is the first --- */

void capture_start(void *initial_stack_pointer)
{
    (void)initial_stack_pointer;
    static unsigned char first[4];
    if (capture_syscall(CAPTURE_READ, 0, (long)first, sizeof first) != sizeof first)
        end(2);
    capture_main(first[0] | (unsigned)first[1] << 8 | (unsigned)first[2] << 16 |
                 (unsigned)first[3] << 24);
    capture_flush();
    end(0);
}
