#include "values.h"

uint64_t weigh(uint64_t *by)
{
    return 2 * *by;
}

bool keep(closure done)
{
    item made = {NULL, NULL};
    bool said = done.code(made, done.env);
    done.drop(done.env);
    return said;
}
