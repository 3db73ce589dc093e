#include <stdarg.h>

/* Ints and doubles by turns, more than there are registers for. */
__attribute__((CONVENTION)) double add(int count, va_list args)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum = sum * 2 + va_arg(args, int);
        sum += va_arg(args, double);
    }
    return sum;
}
