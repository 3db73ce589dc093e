/* Arithmetic on sizes that come from users' files: true if the result fits, as the built-ins do it the other way round. */
#ifndef ABIDE_BASE_CHECKED_H
#define ABIDE_BASE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

static inline bool abide__add(uint64_t a, uint64_t b, uint64_t *sum)
{
    return !__builtin_add_overflow(a, b, sum);
}

static inline bool abide__multiply(uint64_t a, uint64_t b, uint64_t *product)
{
    return !__builtin_mul_overflow(a, b, product);
}

/* Rounds up to a multiple of `align_bytes`, a power of two. */
static inline bool abide__align_up(uint64_t value, uint64_t align_bytes, uint64_t *aligned)
{
    if (!abide__add(value, align_bytes - 1, aligned))
        return false;
    *aligned &= ~(align_bytes - 1);
    return true;
}

static inline bool abide__is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

#endif
