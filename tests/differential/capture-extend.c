/*
 * The other capture program: what compiled code leaves above a value that is
 * narrower than its register.  For each type of the batch a caller narrows a
 * wide number and passes it, and a callee narrows one and returns it.  Writes
 * the registers of both calls for every source value.
 */
#include "capture.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    WORD_BYTES = sizeof(void *),
    IMAGE_WORDS = IMAGE_BYTES / WORD_BYTES,
};

struct extend_case {
    void (*caller)(long source);
    void (*callee)(void);
};

/* From the batch. */
extern const struct extend_case extend_cases[];
extern const unsigned extend_case_count;

/* From the stub. */
void capture_call(const unsigned char *image, void (*callee)(void), unsigned char *results);
void capture_reset(void);
extern unsigned char capture_argument_image[IMAGE_BYTES];

/* The wide number stands in every argument place, so the callee finds it wherever it looks. */
static void call_callee(void (*callee)(void), int64_t source, unsigned char *results)
{
    static _Alignas(64) unsigned char image[IMAGE_BYTES];
    long wide = (long)source;
    for (unsigned word = 0; word < IMAGE_WORDS; word++)
        memcpy(image + word * WORD_BYTES, &wide, WORD_BYTES);
    memset(results, 0, RESULT_IMAGE_BYTES);
    capture_call(image, callee, results);
    capture_reset();
}

int main(int argc, char **argv)
{
    static const int64_t sources[EXTEND_SOURCES] = {0x0123456789abcdef, (int64_t)0xfedcba9876543210,
                                                    (int64_t)0x8877665584838281,
                                                    0x7777777701020304};
    static _Alignas(64) unsigned char results[RESULT_IMAGE_BYTES];
    FILE *file = argc == 2 ? fopen(argv[1], "wb") : NULL;
    if (file == NULL)
        return 2;
    for (unsigned i = 0; i < extend_case_count; i++)
        for (unsigned s = 0; s < EXTEND_SOURCES; s++) {
            memset(capture_argument_image, 0, sizeof capture_argument_image);
            extend_cases[i].caller((long)sources[s]);
            call_callee(extend_cases[i].callee, sources[s], results);
            fwrite(&sources[s], sizeof sources[s], 1, file);
            fwrite(capture_argument_image, 1, IMAGE_BYTES, file);
            fwrite(results, 1, RESULT_IMAGE_BYTES, file);
        }
    return fclose(file) == 0 ? 0 : 2;
}
