/* What adapters make of texts, beside libunistring's functions (tools/runtime/utf16.c): whether they are well-formed, how long they are in
 * the other encoding, and all of it. */
#include <abide/system.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t library_check_utf16(const void *text, size_t units);
size_t library_utf8_to_utf16(const void *text, size_t bytes, void *memory);
size_t library_utf16_to_utf8(const void *text, size_t units, void *memory);

static size_t count, wrong, well_formed;

static void report(const char *what, const void *text, size_t bytes, size_t ours, size_t theirs)
{
    if (wrong++ > 10)
        return;
    printf("%s: ours %zu, theirs %zu:", what, ours, theirs);
    for (size_t i = 0; i < bytes; i++)
        printf(" %02x", ((const unsigned char *)text)[i]);
    printf("\n");
}

typedef size_t transcoder(const void *text, size_t count, void *memory);

static void compare(const char *what, transcoder *ours, transcoder *theirs, const void *text,
                    size_t units, size_t unit_bytes)
{
    unsigned char mine[512], other[512];
    size_t my_count = ours(text, units, NULL), other_count = theirs(text, units, NULL);
    count++;
    if (my_count != other_count) {
        report(what, text, units * unit_bytes, my_count, other_count);
        return;
    }
    if (my_count == SIZE_MAX)
        return;
    well_formed++;
    size_t bytes = my_count * (3 - unit_bytes);
    mine[bytes] = 0x5A; /* nothing is written behind the end */
    size_t written = ours(text, units, mine);
    theirs(text, units, other);
    if (written != my_count || mine[bytes] != 0x5A || memcmp(mine, other, bytes) != 0)
        report(what, text, units * unit_bytes, written, my_count);
}

static void from_utf8(const unsigned char *text, size_t bytes)
{
    compare("to UTF-16", abide_utf8_to_utf16, library_utf8_to_utf16, text, bytes, 1);
}

static void from_utf16(const uint16_t *text, size_t units)
{
    size_t ours = abide_check_utf16(text, units), theirs = library_check_utf16(text, units);
    if (ours != theirs)
        report("UTF-16", text, 2 * units, ours, theirs);
    compare("to UTF-8", abide_utf16_to_utf8, library_utf16_to_utf8, text, units, 2);
}

static uint32_t random_number(void)
{
    static uint64_t state = 1;
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

static const unsigned char edges8[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                       0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xFF};
static const uint16_t edges16[] = {0,      1,      0x7F,   0x80,   0x7FF,  0x800,
                                   0xD7FF, 0xD800, 0xD801, 0xDBFF, 0xDC00, 0xDC01,
                                   0xDFFF, 0xE000, 0xFFFD, 0xFFFF, 0x20AC};
enum { EDGES8 = sizeof edges8, EDGES16 = sizeof edges16 / sizeof *edges16, LONGEST = 60 };

/* All of up to two bytes, three with any of the first, four and five at their edges. */
static void all_utf8(void)
{
    unsigned char text[5];
    for (size_t bytes = 0; bytes <= 3; bytes++)
        for (size_t all = 0; all < (size_t)1 << (8 * bytes); all++) {
            for (size_t i = 0; i < bytes; i++)
                text[i] = (unsigned char)(all >> (8 * i));
            from_utf8(text, bytes);
        }
    for (unsigned first = 0xEF; first <= 0xF5; first++)
        for (unsigned second = 0; second <= 0xFF; second++)
            for (unsigned rest = 0; rest < EDGES8 * EDGES8 * EDGES8; rest++) {
                text[0] = (unsigned char)first, text[1] = (unsigned char)second;
                text[2] = edges8[rest % EDGES8], text[3] = edges8[rest / EDGES8 % EDGES8];
                text[4] = edges8[rest / EDGES8 / EDGES8];
                from_utf8(text, 4);
                from_utf8(text, 5);
            }
}

/* All of a unit, with every edge before and behind it, and all edges in a row of four. */
static void all_utf16(void)
{
    uint16_t text[4];
    for (unsigned unit = 0; unit <= 0xFFFF; unit++)
        for (unsigned around = 0; around < EDGES16 * EDGES16; around++) {
            text[0] = edges16[around % EDGES16], text[1] = (uint16_t)unit,
            text[2] = edges16[around / EDGES16];
            from_utf16(text, 3);
            if (around < EDGES16)
                from_utf16(text, 2);
            if (around == 0)
                from_utf16(text + 1, 1);
        }
    for (unsigned all = 0; all < EDGES16 * EDGES16 * EDGES16 * EDGES16; all++) {
        for (unsigned i = 0, rest = all; i < 4; i++, rest /= EDGES16)
            text[i] = edges16[rest % EDGES16];
        from_utf16(text, 4);
    }
    from_utf16(text, 0);
}

/* Every character, and longer texts of well-formed pieces with now and then one that is not. */
static void longer(size_t rounds)
{
    uint16_t wide[2 * LONGEST], torn[2 * LONGEST];
    unsigned char narrow[4 * LONGEST + 1];
    for (size_t i = 0; i < rounds; i++) {
        size_t units = 0, characters = random_number() % LONGEST;
        for (size_t k = 0; k < characters; k++) {
            uint32_t c = i < 0x110000 / 8 && k < 8
                             ? (uint32_t)i * 8 + (uint32_t)k
                             : random_number() % 0x110000 >> random_number() % 20;
            if (c >= 0xD800 && c < 0xE000)
                c = 0xFFFD;
            if (c >= 0x10000)
                wide[units++] = (uint16_t)(0xD7C0 + (c >> 10));
            wide[units++] = (uint16_t)(c < 0x10000 ? c : 0xDC00 | (c & 0x3FF));
        }
        from_utf16(wide, units);
        size_t bytes = library_utf16_to_utf8(wide, units, NULL);
        library_utf16_to_utf8(wide, units, narrow);
        from_utf8(narrow, bytes);
        memcpy(torn, wide, sizeof *wide * units);
        if (units)
            torn[random_number() % units] = edges16[random_number() % EDGES16];
        from_utf16(torn, units);
        if (bytes)
            narrow[random_number() % bytes] = edges8[random_number() % EDGES8];
        from_utf8(narrow, bytes);
        from_utf8(narrow, random_number() % (bytes + 1));
    }
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    if (atol(argv[1])) {
        all_utf8();
        all_utf16();
    }
    longer((size_t)atol(argv[2]));
    printf("%zu texts, %zu of them well-formed, %zu wrong\n", count, well_formed, wrong);
    return wrong != 0;
}
