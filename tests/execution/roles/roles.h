/* Functions with a context, an error and the memory of a result: in C parameters, or with SWIFT what clang makes of its attributes. */
#include <stdint.h>

#ifdef SWIFT
#define CONVENTION __attribute__((swiftcall))
#define CONTEXT    __attribute__((swift_context))
#define ERROR      __attribute__((swift_error_result))
#define INDIRECT   __attribute__((swift_indirect_result))
#else
#define CONVENTION
#define CONTEXT
#define ERROR
#define INDIRECT
#endif

typedef struct {
    uint8_t a;
    uint16_t b;
    float c;
    uint64_t d;
    double e;
} mixed;

CONVENTION int32_t NAME(divide)(int32_t a, int32_t b, const int32_t *self CONTEXT,
                                void **error ERROR);
CONVENTION mixed NAME(many)(mixed m, int64_t a, int64_t b, int64_t c, int64_t d, int64_t e,
                            int32_t *self CONTEXT, void **error ERROR, double f);
CONVENTION void NAME(fail)(const int32_t *self CONTEXT, void **error ERROR);
CONVENTION void NAME(fill)(int32_t *to INDIRECT, int32_t a, const int32_t *self CONTEXT);
