/* Ends the program where something is not as it must be. */
#ifndef ABIDE_TESTS_OBJECTS_MUST_H
#define ABIDE_TESTS_OBJECTS_MUST_H

#include <stdio.h>
#include <stdlib.h>

#define MUST(condition)                                                             \
    do                                                                              \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                \
        }                                                                           \
    while (0)

#endif
