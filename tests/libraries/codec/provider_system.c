/* The library in C, in the terms of the system ABI, as `abide bind c` declares them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t own_magic[4] = {'P', 'X', '1', '0'};

/* Whose memory it is that is given away. */
struct sys_owner {
    void (*release)(sys_owner *self, void *ptr, size_t bytes);
};

static void release(sys_owner *self, void *ptr, size_t bytes)
{
    (void)self;
    (void)bytes;
    free(ptr);
}

static sys_owner mine = {release};

uint16_t px_supported(void)
{
    return features_lossless | features_metadata;
}

void px_magic(uint8_t *out)
{
    memcpy(out, own_magic, 4);
}

static pixels_payload_gray own(const void *data, size_t bytes)
{
    return (pixels_payload_gray){memcpy(malloc(bytes + 1), data, bytes), bytes, &mine};
}

static sys_string text(const char *of)
{
    pixels_payload_gray bytes = own(of, strlen(of));
    return (sys_string){bytes.ptr, bytes.len, bytes.owner};
}

uint32_t px_probe(const uint8_t *data, size_t len, option_info *out)
{
    memset(out, 0, sizeof *out);
    if (len < 7 || memcmp(data, own_magic, 4) != 0)
        return 0;
    out->tag = 1;
    out->payload.some = (info){data[4],
                               data[5],
                               features_lossless | (data[6] == 8 ? features_alpha : 0),
                               {data[6] == 1, {2}}};
    return 1;
}

static bool check(const uint8_t *data, size_t len, uint64_t most, bool wants_colours, fault *err)
{
    memset(err, 0, sizeof *err);
    uint64_t count = len < 7 ? 0 : (uint64_t)data[4] * data[5];
    if (len < 7) {
        *err = (fault){.tag = 0, .payload.truncated = len};
    } else if (memcmp(data, own_magic, 4) != 0) {
        err->tag = 1;
        memcpy(err->payload.bad_magic, data, 4);
    } else if ((data[6] != 1 && data[6] != 16 && data[6] != 8) || (wants_colours && data[6] != 8)) {
        char words[20];
        snprintf(words, sizeof words, "depth %d", data[6]);
        *err = (fault){.tag = 2, .payload.unsupported = text(words)};
    } else if (most && count > most) {
        *err = (fault){.tag = 3, .payload.limit = {count, most}};
    } else if (len - 7 < count * (data[6] == 1 ? 1 : data[6] == 8 ? 4 : 2)) {
        *err = (fault){.tag = 0, .payload.truncated = len};
    } else {
        return true;
    }
    return false;
}

static bool goes_on(const options *opts, unsigned rows)
{
    if (opts->size < offsetof(options, most) || !opts->progress.fn)
        return true;
    for (unsigned y = 1; y <= rows; y++)
        if (!opts->progress.fn((float)y / (float)rows, opts->progress.env))
            return false;
    return true;
}

static pixels pixels_of(const uint8_t *data, const options *opts)
{
    size_t count = (size_t)data[4] * data[5];
    pixels all = {.tag = data[6] == 1 ? 0 : data[6] == 8 ? 1 : 2};
    pixels_payload_gray bytes = own(data + 7, count * (data[6] == 1 ? 1 : data[6] == 8 ? 4 : 2));
    if (all.tag == 0)
        all.payload.gray = bytes;
    else if (all.tag == 2)
        all.payload.deep = (pixels_payload_deep){(uint16_t *)(void *)bytes.ptr, count, bytes.owner};
    else
        all.payload.colours = (pixels_payload_colours){(colour *)bytes.ptr, count, bytes.owner};
    for (size_t i = 0; all.tag == 1 && i < count; i++)
        if (all.payload.colours.ptr[i].a == 0 && opts->background.tag)
            all.payload.colours.ptr[i] = opts->background.payload.some;
    return all;
}

uint32_t px_decode(const uint8_t *data, size_t len, const options *opts, result_image_fault *out)
{
    out->tag = 1;
    if (!check(data, len, opts->size == sizeof *opts ? opts->most : 0, false, &out->payload.err))
        return 1;
    if (!goes_on(opts, data[5])) {
        out->payload.err.tag = 4;
        return 1;
    }
    out->tag = 0;
    image *made = &out->payload.ok;
    *made = (image){
        data[4], data[5], data[6], pixels_of(data, opts), {malloc(2 * sizeof(note)), 1, &mine}};
    char quality[20];
    snprintf(quality, sizeof quality, "%d %%", (int)(opts->quality * 100));
    made->notes.ptr[0] = (note){text("quality"), text(quality)};
    if (opts->wanted & features_metadata)
        made->notes.ptr[made->notes.len++] = (note){.key = text("w\xc3\xa4nted")};
    return 0;
}

uint32_t px_encode(const image *i, const options *opts, result_own_slice_u8_fault *out)
{
    size_t count = (size_t)i->width * i->height, bytes = count * (i->pixels.tag == 0   ? 1
                                                                  : i->pixels.tag == 1 ? 4
                                                                                       : 2);
    out->tag = (opts->wanted & features_animation) != 0;
    if (out->tag) {
        out->payload.err = (fault){.tag = 2, .payload.unsupported = text("anim\xc3\xa4tion")};
        return 1;
    }
    uint8_t *data = malloc(7 + bytes);
    memcpy(data, own_magic, 4);
    data[4] = (uint8_t)i->width;
    data[5] = (uint8_t)i->height;
    data[6] = i->depth;
    memcpy(data + 7, i->pixels.payload.gray.ptr, bytes);
    out->payload.ok = (pixels_payload_gray){data, 7 + bytes, &mine};
    return 0;
}

uint32_t px_decode_into(const uint8_t *data, size_t len, colour *into, size_t into_len,
                        uint32_t *rows, result_size_fault *out)
{
    *rows = 0;
    out->tag = 1;
    if (!check(data, len, 0, true, &out->payload.err))
        return 1;
    size_t count = (size_t)data[4] * data[5];
    if (into_len < count) {
        out->payload.err = (fault){.tag = 3, .payload.limit = {count, into_len}};
        return 1;
    }
    memcpy(into, data + 7, count * 4);
    *rows = data[5];
    out->tag = 0;
    out->payload.ok = count;
    return 0;
}

uint32_t px_rows(const uint8_t *data, size_t len,
                 bool (*each)(uint32_t, const colour *, size_t, void *), void *env,
                 result_u32_fault *out)
{
    out->tag = 1;
    if (!check(data, len, 0, true, &out->payload.err))
        return 1;
    for (uint32_t y = 0; y < data[5]; y++) {
        if (each(y, (const colour *)(data + 7) + y * data[4], data[4], env))
            continue;
        out->payload.err = (fault){.tag = 4};
        return 1;
    }
    out->tag = 0;
    out->payload.ok = data[5];
    return 0;
}

void px_convert(image *i, uint8_t to, image *out)
{
    *out = *i;
    if (i->pixels.tag != 0 || to != depth_eight)
        return;
    pixels_payload_gray gray = i->pixels.payload.gray;
    colour *all = malloc((gray.len + 1) * sizeof *all);
    for (size_t n = 0; n < gray.len; n++)
        all[n] = (colour){gray.ptr[n], gray.ptr[n], gray.ptr[n], 255};
    out->depth = to;
    out->pixels.tag = 1;
    out->pixels.payload.colours = (pixels_payload_colours){all, gray.len, &mine};
    gray.owner->release(gray.owner, gray.ptr, gray.len);
}

void px_histogram(uint32_t tag, void *ptr, size_t len, void *owner, uint32_t *out)
{
    (void)owner;
    memset(out, 0, 16);
    for (size_t i = 0; i < len; i++)
        out[tag == 0   ? ((uint8_t *)ptr)[i] / 64
            : tag == 1 ? ((colour *)ptr)[i].r / 64
                       : ((uint16_t *)ptr)[i] / 16384]++;
}

void px_palette(const colour *list, size_t len, tuple_colour_f64 *out)
{
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < len; i++) {
        colour c = list[i], most = out->field0;
        if (c.r + c.g + c.b > most.r + most.g + most.b)
            out->field0 = c;
        out->field1 += (double)c.r / (double)len;
    }
}
