/* What a consumer in C expects. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t expectations;
#define EXPECT(condition)               \
    ((condition) ? (void)expectations++ \
                 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition), exit(1)))
