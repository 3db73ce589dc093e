#ifndef READING_H
#define READING_H
#include <stdbool.h>
#include <stdint.h>

typedef struct reading {
    uint16_t sensor;
    bool ok;
    double value;
    int64_t when;
    uint8_t unit[8];
} reading;

reading latest(uint16_t sensor);                 /* the library, as C has it */
void mine_latest(uint16_t sensor, reading *out); /* the thunk, as the program's ABI has it */

#endif
