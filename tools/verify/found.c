/* What test programs write, read into accounts. */
#include "found.h"

#include "process.h"

#include <string.h>

/* inverse[bit][code] is the place whose bytes show `code` in that bit over all runs. */
static uint16_t inverse[8][65536];

static void fill_inverse(void)
{
    if (inverse[0][0] != 0)
        return;
    memset(inverse, 0xff, sizeof inverse);
    for (unsigned place = 0; place < IMAGE_BYTES; place++)
        for (unsigned bit = 0; bit < 8; bit++)
            inverse[bit][capture_mix(place, bit)] = (uint16_t)place;
}

static int16_t locate(const unsigned char *runs, unsigned stride, unsigned char mask,
                      unsigned limit)
{
    int found = PLACE_NONE;
    for (unsigned bit = 0; bit < 8; bit++) {
        if ((mask >> bit & 1) == 0)
            continue;
        unsigned code = 0;
        for (unsigned run = 0; run < VALUE_RUNS; run++)
            code |= (runs[run * stride] >> bit & 1u) << run;
        unsigned place = inverse[bit][code];
        if (place >= limit || (found != PLACE_NONE && found != (int)place))
            return PLACE_UNKNOWN;
        found = (int)place;
    }
    return (int16_t)found;
}

static bool is_record(const struct type *type)
{
    return type->kind != TYPE_ENUM && type->kind != TYPE_NEWTYPE;
}

struct reader {
    FILE *file;
    bool failed;
};

/* What cannot be read any more stays as it is. */
static void read_bytes(struct reader *reader, unsigned char *bytes, size_t size_bytes)
{
    if (!reader->failed && fread(bytes, 1, size_bytes, reader->file) != size_bytes)
        reader->failed = true;
}

static unsigned read_number(struct reader *reader)
{
    unsigned char bytes[4] = {0};
    read_bytes(reader, bytes, sizeof bytes);
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (unsigned)bytes[3] << 24;
}

/* Where the bytes came from; `boxed`: as it looked with boxed floats in the registers. */
static void read_runs(struct reader *reader, struct value_account *value, const unsigned char *mask,
                      unsigned limit, bool boxed)
{
    static unsigned char runs[VALUE_RUNS * CELL_BYTES];
    size_t size = (size_t)VALUE_RUNS * value->size_bytes;
    read_bytes(reader, runs, size);
    for (unsigned i = 0; i < value->size_bytes; i++)
        if (!boxed || value->places[i] == PLACE_UNKNOWN)
            value->places[i] = locate(runs + i, value->size_bytes, mask[i], limit);
}

/* Are these bytes a float of `size_bytes` that is `number`? */
static bool is_number(const unsigned char *bytes, unsigned size_bytes, bool is_big_endian,
                      float number)
{
    uint64_t expected = 0, found = 0;
    double wide = number;
    if (size_bytes == sizeof number)
        memcpy(&expected, &number, sizeof number);
    else
        memcpy(&expected, &wide, sizeof wide);
    for (unsigned i = 0; i < size_bytes; i++)
        found |= (uint64_t)bytes[is_big_endian ? size_bytes - 1 - i : i] << 8 * i;
    return found == expected;
}

/* Whether the float at `offset` was that of register `index` of those that convert, in every run of numbers. */
static bool was_number(const unsigned char *runs, unsigned stride, unsigned offset,
                       unsigned size_bytes, bool is_big_endian, unsigned index)
{
    for (unsigned run = 0; run < NUMBER_RUNS; run++)
        if (!is_number(runs + run * stride + offset, size_bytes, is_big_endian,
                       capture_number_of(index, run)))
            return false;
    return true;
}

/* Codes do not survive where a register holds floats in a format of its own, so numbers were tried. */
static void find_converted(const struct machine *machine, const struct machine_registers *all,
                           const unsigned char *runs, unsigned offset, struct value_account *value)
{
    unsigned index = 0;
    for (size_t r = 0; r < all->count; r++) {
        if (!all->list[r].converts)
            continue;
        for (unsigned size_bytes = 4; size_bytes <= 8; size_bytes += 4) {
            if (offset + size_bytes > value->size_bytes || value->places[offset] != PLACE_UNKNOWN ||
                !was_number(runs, value->size_bytes, offset, size_bytes, machine->is_big_endian,
                            index))
                continue;
            for (unsigned i = 0; i < size_bytes; i++)
                value->places[offset + i] =
                    (int16_t)(PLACE_CONVERTED + (int)(all->list[r].place + i));
        }
        index++;
    }
}

static bool has_converting(const struct machine_registers *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].converts)
            return true;
    return false;
}

static void read_numbers(struct reader *reader, const struct machine *machine,
                         const struct machine_registers *all, struct value_account *value)
{
    static unsigned char runs[NUMBER_RUNS * CELL_BYTES];
    size_t size = (size_t)NUMBER_RUNS * value->size_bytes;
    if (!has_converting(all))
        return;
    read_bytes(reader, runs, size);
    for (unsigned offset = 0; offset < value->size_bytes; offset += 4)
        find_converted(machine, all, runs, offset, value);
}

static void read_places(struct reader *reader, const struct machine *machine,
                        const struct machine_registers *all, struct value_account *value,
                        const unsigned char *mask, unsigned limit)
{
    read_runs(reader, value, mask, limit, false);
    if (machine->argument_box_count > 0)
        read_runs(reader, value, mask, limit, true);
    read_numbers(reader, machine, all, value);
}

static void read_size(struct reader *reader, struct value_account *value)
{
    memset(value->copies, 0xff, sizeof value->copies);
    value->size_bytes = read_number(reader);
    if (value->size_bytes > CELL_BYTES) {
        reader->failed = true;
        value->size_bytes = 0;
    }
}

static void read_param(struct reader *reader, const struct toolchain *t,
                       const struct signature *signature, const struct use *use,
                       struct account *account, struct value_account *value)
{
    unsigned char mask[CELL_BYTES];
    read_size(reader, value);
    value->pointer_place = (int)read_number(reader);
    value->pass = value->size_bytes == 0      ? PASS_IGNORE
                  : value->pointer_place >= 0 ? PASS_POINTER
                                              : PASS_DIRECT;
    if (value->pointer_place >= 0)
        return;
    account_mask(signature, account, t->machine, use, value->size_bytes, mask);
    read_places(reader, t->machine, &t->machine->arguments, value, mask, IMAGE_BYTES);
}

static void read_result(struct reader *reader, const struct toolchain *t,
                        const struct signature *signature, struct account *account)
{
    unsigned char mask[CELL_BYTES];
    struct value_account *value = &account->result;
    read_size(reader, value);
    value->pointer_place = (int)read_number(reader);
    account->returned_words = read_number(reader);
    value->pass = value->size_bytes == 0      ? PASS_IGNORE
                  : value->pointer_place >= 0 ? PASS_HIDDEN
                                              : PASS_DIRECT;
    if (value->pass != PASS_DIRECT)
        return;
    account_mask(signature, account, t->machine, &signature->result, value->size_bytes, mask);
    read_places(reader, t->machine, &t->machine->results, value, mask, RESULT_IMAGE_BYTES);
}

static void read_layouts(struct reader *reader, const struct signature *signature,
                         struct account *account)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned i = 0; i < signature->type_count; i++) {
        if (!used[i])
            continue;
        account->types[i].size_bytes = read_number(reader);
        account->types[i].align_bytes = read_number(reader);
        const struct type *type = &signature->types[i];
        for (unsigned f = 0; is_record(type) && f < type->field_count; f++) {
            account->types[i].fields[f].offset_bits = read_number(reader);
            account->types[i].fields[f].size_bits = read_number(reader);
        }
    }
}

/* false: the program ended inside this case. */
static bool read_calls(struct reader *reader, const struct toolchain *t,
                       const struct signature *signature, struct account *account)
{
    for (unsigned i = 0; i < signature->param_count && !reader->failed; i++)
        read_param(reader, t, signature, &signature->params[i], account, &account->params[i]);
    account->popped_bytes = read_number(reader);
    account->touched_bytes = read_number(reader);
    if (!reader->failed)
        read_result(reader, t, signature, account);
    account->is_complete = !reader->failed && read_number(reader) == END_OF_CASE && !reader->failed;
    return account->is_complete;
}

unsigned found_read(const struct toolchain *t, const char *path, const struct signature *signatures,
                    unsigned first, unsigned count, struct account *accounts)
{
    fill_inverse();
    struct reader reader = {.file = fopen(path, "rb")};
    if (reader.file == NULL)
        return first;
    if (first == 0)
        read_number(&reader);
    for (unsigned i = 0; first == 0 && i < count && !reader.failed; i++)
        read_layouts(&reader, &signatures[i], &accounts[i]);
    unsigned done = first;
    while (done < count && !reader.failed &&
           read_calls(&reader, t, &signatures[done], &accounts[done]))
        done++;
    fclose(reader.file);
    return done;
}
