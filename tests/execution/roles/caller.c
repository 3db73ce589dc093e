#define NAME(name) through_##name
#include "roles.h"

#include <stdio.h>

int main(void)
{
    int32_t self = 1000, two[2];
    void *error = 0;
    int32_t result = through_divide(7, 2, &self, &error);
    printf("%d %s\n", result, error ? (char *)error : "fine");
    result = through_divide(7, 0, &self, &error);
    printf("%d %s\n", result, error ? (char *)error : "fine");
    mixed m = {1, 2, 3.5f, 4, 5.5};
    error = (void *)16;
    m = through_many(m, 1, 2, 3, 4, 5, &self, &error, 0.25);
    printf("%d %d %g %d %g %d %d\n", m.a, m.b, m.c, (int)m.d, m.e, self, (int)(intptr_t)error);
    error = 0;
    through_fail(&self, &error);
    printf("%d\n", error == &self);
    through_fill(two, 5, &self);
    printf("%d %d\n", two[0], two[1]);
    return 0;
}
