/* Makes arrays of squares, and counts how many are not released. */
#include "interchange.h"

#include <stdlib.h>

static int alive;

int arrays_alive(void)
{
    return alive;
}

static void release_squares(struct ArrowArray *array)
{
    free((void *)array->buffers[1]);
    free((void *)array->buffers);
    array->release = NULL;
    alive--;
}

int make_squares(int64_t count, struct ArrowArray *out)
{
    const void **buffers = calloc(2, sizeof *buffers);
    int64_t *values = calloc((size_t)count, sizeof *values);
    for (int64_t i = 0; i < count; i++)
        values[i] = i * i;
    buffers[1] = values;
    *out = (struct ArrowArray){
        .length = count, .n_buffers = 2, .buffers = buffers, .release = release_squares};
    alive++;
    return 0;
}
