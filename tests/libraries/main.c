/* Runs a consumer twice, which returns how many of its expectations held; it ends the process where one does not. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef NIM
void NimMain(void);
#endif
uint32_t consume(void);

/* Nothing that these programs pass is invalid. */
void abide_trap(size_t code, const char *function, const char *parameter, size_t value)
{
    fprintf(stderr, "trap %zu: %s, %s, %zu\n", code, function, parameter, value);
    abort();
}

int main(void)
{
#ifdef NIM
    NimMain();
#endif
    uint32_t first = consume(), second = consume();
    printf("%u values as expected\n", first + second);
    return first == 0 || first != second;
}
