#include "reading.h"
#include <stdio.h>

int main(void)
{
    reading got;
    mine_latest(42, &got);
    printf("%u %d %g %lld %s\n", got.sensor, got.ok, got.value, (long long)got.when,
           (const char *)got.unit);
    return 0;
}
