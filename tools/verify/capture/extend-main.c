/*
 * What compiled code leaves above a value that is narrower than its register: for each type of the batch a caller narrows
 * a wide number and passes it, and a callee narrows one and returns it. Writes the registers of both calls for every
 * source value.
 */
#include "runtime.h"

struct extend_case {
    void (*caller)(intptr_t source);
    void (*callee)(void);
};

/* From the batch. */
extern const struct extend_case extend_cases[];
extern const unsigned extend_case_count;

/* The wide number stands in every argument place, so the callee finds it wherever it looks. */
static void call_callee(void (*callee)(void), intptr_t source, unsigned char *results)
{
    static _Alignas(64) unsigned char image[IMAGE_BYTES];
    for (unsigned word = 0; word < IMAGE_WORDS; word++)
        memcpy(image + word * WORD_BYTES, &source, WORD_BYTES);
    memset(results, 0, RESULT_IMAGE_BYTES);
    capture_call(image, callee, results);
    capture_reset();
}

void capture_main(unsigned first)
{
    static const uint64_t sources[EXTEND_SOURCES] = {0x0123456789abcdef, 0xfedcba9876543210,
                                                     0x8877665584838281, 0x7777777701020304};
    static _Alignas(64) unsigned char results[RESULT_IMAGE_BYTES];
    for (unsigned i = first; i < extend_case_count; i++)
        for (unsigned s = 0; s < EXTEND_SOURCES; s++) {
            memset(capture_argument_image, 0, sizeof capture_argument_image);
            extend_cases[i].caller((intptr_t)sources[s]);
            call_callee(extend_cases[i].callee, (intptr_t)sources[s], results);
            capture_put(capture_argument_image, IMAGE_BYTES);
            capture_put(results, RESULT_IMAGE_BYTES);
            capture_flush();
        }
}
