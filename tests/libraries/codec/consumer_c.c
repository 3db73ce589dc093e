/* A program in C's own forms. */
#include "must.h"

static uint8_t colours_of_6[] = "PX10\3\2\10abcdefghijkl\0\0\0\0qrstuvwx";
static uint8_t gray_of_4[] = "PX10\2\2\1\0\100\200\377";
static uint8_t deep_of_2[] = "PX10\1\2\20\1\2\3\377";
#define DATA(of) of, sizeof of - 1

static options usual(void)
{
    return (options){.size = sizeof(options), .quality = 0.5f};
}

static bool is_text(fault_payload_unsupported text, const char *words)
{
    return text.len == strlen(words) && memcmp(text.ptr, words, text.len) == 0;
}

static void end(image i)
{
    for (size_t n = 0; n < i.notes.len; n++) {
        free(i.notes.ptr[n].key.ptr);
        if (i.notes.ptr[n].value.has)
            free(i.notes.ptr[n].value.value.ptr);
    }
    free(i.notes.ptr);
    free(i.pixels.payload.gray.ptr);
}

static void look(void)
{
    uint8_t magic[4];
    use_magic(magic);
    EXPECT(memcmp(magic, "PX10", 4) == 0 &&
           use_supported() == (features_lossless | features_metadata));
    probe_result found = use_probe(DATA(colours_of_6));
    EXPECT(found.has && found.value.width == 3 && found.value.height == 2 &&
           !found.value.colours.has);
    EXPECT(found.value.features == (features_lossless | features_alpha));
    found = use_probe(DATA(gray_of_4));
    EXPECT(found.has && found.value.colours.has && found.value.colours.value == 2);
    EXPECT(!use_probe(NULL, 0).has);
}

static bool see(float done, void *env)
{
    float *seen = env;
    *seen += done;
    return *seen < 2;
}

static void decode(void)
{
    options opts = usual();
    float seen = 0;
    opts.wanted = features_metadata;
    opts.background = (options_background){true, {1, 2, 3, 4}};
    opts.progress = (options_progress){true, {see, &seen}};
    decode_result all = use_decode(DATA(colours_of_6), &opts);
    image made = all.payload.ok;
    EXPECT(all.tag == 0 && made.width == 3 && made.depth == depth_eight && seen == 1.5f);
    EXPECT(made.pixels.tag == 1 && made.pixels.payload.colours.len == 6);
    EXPECT(made.pixels.payload.colours.ptr[3].b == 3 &&
           made.pixels.payload.colours.ptr[5].a == 'x');
    EXPECT(made.notes.len == 2 && is_text(made.notes.ptr[0].key, "quality") &&
           made.notes.ptr[0].value.has);
    EXPECT(is_text(made.notes.ptr[0].value.value, "50 %"));
    EXPECT(is_text(made.notes.ptr[1].key, "w\xc3\xa4nted") && !made.notes.ptr[1].value.has);
    uint32_t histogram[4];
    use_histogram(made.pixels, histogram);
    EXPECT(histogram[0] == 1 && histogram[1] == 5 && histogram[2] == 0 && histogram[3] == 0);
    encode_result packed = use_encode(made, &opts);
    EXPECT(packed.tag == 0 && packed.payload.ok.len == 31);
    EXPECT(memcmp(packed.payload.ok.ptr, colours_of_6, 19) == 0 && packed.payload.ok.ptr[19] == 1);
    free(packed.payload.ok.ptr);
    opts.wanted = features_animation;
    packed = use_encode(made, &opts);
    EXPECT(packed.tag == 1 && packed.payload.err.tag == 2);
    EXPECT(is_text(packed.payload.err.payload.unsupported, "anim\xc3\xa4tion"));
    free(packed.payload.err.payload.unsupported.ptr);
    end(made);
    all = use_decode(DATA(colours_of_6), &opts);
    EXPECT(all.tag == 1 && all.payload.err.tag == 4);
}

static void fail(void)
{
    options opts = usual();
    uint8_t wrong[] = "QX10\1\1\1.", odd[] = "PX10\1\1\7.";
    fault err = use_decode(DATA(wrong), &opts).payload.err;
    EXPECT(err.tag == 1 && memcmp(err.payload.bad_magic, "QX10", 4) == 0);
    err = use_decode(DATA(odd), &opts).payload.err;
    EXPECT(err.tag == 2 && is_text(err.payload.unsupported, "depth 7"));
    free(err.payload.unsupported.ptr);
    err = use_decode(gray_of_4, 9, &opts).payload.err;
    EXPECT(err.tag == 0 && err.payload.truncated == 9);
    opts.most = 3;
    err = use_decode(DATA(gray_of_4), &opts).payload.err;
    EXPECT(err.tag == 3 && err.payload.limit.wanted == 4 && err.payload.limit.most == 3);
    opts.size = offsetof(options, most); /* a program that does not know it yet */
    decode_result all = use_decode(DATA(gray_of_4), &opts);
    EXPECT(all.tag == 0);
    end(all.payload.ok);
}

static void convert(void)
{
    options opts = usual();
    image gray = use_decode(DATA(gray_of_4), &opts).payload.ok;
    EXPECT(gray.pixels.tag == 0 && gray.pixels.payload.gray.ptr[3] == 255);
    image made = use_convert(gray, depth_eight);
    EXPECT(made.depth == depth_eight && made.pixels.tag == 1 &&
           made.pixels.payload.colours.len == 4);
    EXPECT(made.pixels.payload.colours.ptr[2].g == 128 &&
           is_text(made.notes.ptr[0].value.value, "50 %"));
    palette_result palette = use_palette(made.pixels.payload.colours.ptr, 4);
    EXPECT(palette.field0.r == 255 && palette.field1 == (64 + 128 + 255) / 4.0);
    end(made);
    image deep = use_convert(use_decode(DATA(deep_of_2), &opts).payload.ok, depth_one);
    EXPECT(deep.depth == depth_sixteen && deep.pixels.tag == 2 &&
           deep.pixels.payload.deep.ptr[1] == 0xff03);
    uint32_t histogram[4];
    use_histogram(deep.pixels, histogram);
    EXPECT(histogram[0] == 1 && histogram[3] == 1);
    end(deep);
}

static bool see_row(uint32_t y, colour *row, size_t row_len, void *env)
{
    *(uint32_t *)env += (uint32_t)(100 * y + 10 * row_len + (row[0].r == 'a'));
    return *(uint32_t *)env < 200;
}

static void stream(void)
{
    colour into[8] = {{0}};
    uint32_t rows = 77, seen = 0;
    decode_into_result all = use_decode_into(DATA(colours_of_6), into, 8, &rows);
    EXPECT(all.tag == 0 && all.payload.ok == 6 && rows == 2 && into[5].r == 'u' && into[6].a == 0);
    all = use_decode_into(DATA(colours_of_6), into, 5, &rows);
    EXPECT(all.tag == 1 && all.payload.err.tag == 3 && all.payload.err.payload.limit.most == 5 &&
           rows == 0);
    rows_result each = use_rows(DATA(colours_of_6), (rows_each){see_row, &seen});
    EXPECT(each.tag == 0 && each.payload.ok == 2 && seen == 161);
    each = use_rows(DATA(colours_of_6), (rows_each){see_row, &seen});
    EXPECT(each.tag == 1 && each.payload.err.tag == 4 && seen == 322);
}

uint32_t consume(void)
{
    expectations = 0;
    look();
    decode();
    fail();
    convert();
    stream();
    return expectations;
}
