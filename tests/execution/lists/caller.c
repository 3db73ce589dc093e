#include <stdarg.h>

double through_add(int count, va_list args);

static double sum(int count, ...)
{
    va_list args;
    va_start(args, count);
    double all = through_add(count, args);
    va_end(args);
    return all;
}

int main(void)
{
    double all =
        sum(9, 1, 2.0, 3, 4.0, 5, 6.0, 7, 8.0, 9, 10.0, 11, 12.0, 13, 14.0, 15, 16.0, 17, 18.0);
    return all == 3541 ? 0 : 1;
}
