/* As much of a C library as routines_main.c needs, for a processor that no C library of this machine is for: AArch64 with the
 * highest byte first, on Linux. */
#include <stdarg.h>
#include <stddef.h>

int main(int argc, char **argv);

static long call_linux(long number, long a, long b, long c)
{
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x8 __asm__("x8") = number;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x8) : "memory");
    return x0;
}

__attribute__((used)) static void start(long *stack)
{
    call_linux(93, main((int)stack[0], (char **)(stack + 1)), 0, 0);
}

__attribute__((naked)) void _start(void)
{
    __asm__("mov x0, sp\n\tb start");
}

void *memcpy(void *to, const void *from, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((volatile char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memset(void *to, int value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((volatile char *)to)[i] = (char)value;
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const volatile unsigned char *left = a, *right = b;
    for (size_t i = 0; i < size; i++)
        if (left[i] != right[i])
            return left[i] - right[i];
    return 0;
}

void *memchr(const void *bytes, int value, size_t size)
{
    const volatile unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        if (at[i] == (unsigned char)value)
            return (void *)(at + i);
    return NULL;
}

size_t strlen(const char *text)
{
    size_t size = 0;
    while (((const volatile char *)text)[size])
        size++;
    return size;
}

/* Says the format, and the last text. */
int printf(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_arg(arguments, const char *);
    int line = va_arg(arguments, int);
    const char *text = va_arg(arguments, const char *);
    va_end(arguments);
    char digits[5] = {(char)('0' + line / 100 % 10), (char)('0' + line / 10 % 10),
                      (char)('0' + line % 10), ' ', 0};
    call_linux(64, 1, (long)digits, 4);
    call_linux(64, 1, (long)text, (long)strlen(text));
    call_linux(64, 1, (long)"\n", 1);
    return 0;
}
