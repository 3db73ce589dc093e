#include "reading.h"
#include "values.h"
#include <stdio.h>

void o_latest(uint16_t sensor, reading *out);
void p_latest(uint16_t sensor, reading *out);
void h_latest(uint16_t sensor, reading *out);

int main(void)
{
    reading got[4];
    uint64_t weight = 21;
    mine_latest(42, &got[0]);
    o_latest(43, &got[1]);
    p_latest(44, &got[2]);
    h_latest(45, &got[3]);
    printf("%u %u %u %u %u\n", got[0].sensor, got[1].sensor, got[2].sensor, got[3].sensor,
           (unsigned)s_weigh(&weight, NULL));
    return 0;
}
