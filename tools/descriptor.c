/* Descriptors of any byte order: all numbers are read, checked, and written in this machine's order. */
#include "descriptor.h"

#include "cli.h"

#include <string.h>

struct reader {
    unsigned char
        *bytes; /* a copy, aligned; numbers change place by place to this machine's order */
    size_t size_bytes;
    bool big_endian;
    bool is_good;
};

static bool fits(const struct reader *reader, uint64_t at, uint64_t size_bytes)
{
    return at <= reader->size_bytes && size_bytes <= reader->size_bytes - at;
}

/* The number at an offset, which from now on stands there in this machine's order. */
static uint64_t number(struct reader *reader, size_t at, unsigned size_bytes)
{
    uint64_t value = 0;
    unsigned char own[8];
    for (unsigned i = 0; i < size_bytes; i++)
        value |= (uint64_t)reader->bytes[at + i]
                 << 8 * (reader->big_endian ? size_bytes - 1 - i : i);
    uint16_t as16 = (uint16_t)value;
    uint32_t as32 = (uint32_t)value;
    memcpy(own,
           size_bytes == 2   ? (void *)&as16
           : size_bytes == 4 ? (void *)&as32
                             : (void *)&value,
           size_bytes);
    memcpy(reader->bytes + at, own, size_bytes);
    return value;
}

static uint32_t word(struct reader *reader, size_t at)
{
    return (uint32_t)number(reader, at, 4);
}

static void check(struct reader *reader, bool holds)
{
    reader->is_good = reader->is_good && holds;
}

static void check_name(struct reader *reader, uint32_t at)
{
    check(reader,
          fits(reader, at, 1) && memchr(reader->bytes + at, '\0', reader->size_bytes - at) != NULL);
}

/* A table of entries: it lies behind the header, and is aligned as its numbers are. */
static bool check_table(struct reader *reader, uint32_t at, uint64_t count, size_t entry_bytes)
{
    check(reader,
          at % 8 == 0 && at >= sizeof(abide_descriptor) && fits(reader, at, count * entry_bytes));
    return reader->is_good;
}

static void read_function(struct reader *reader, size_t at)
{
    number(reader, at + offsetof(abide_descriptor_function, layout), 8);
    number(reader, at + offsetof(abide_descriptor_function, contract), 8);
    check_name(reader, word(reader, at + offsetof(abide_descriptor_function, symbol)));
    word(reader, at + offsetof(abide_descriptor_function, checks));
    uint32_t promises = word(reader, at + offsetof(abide_descriptor_function, promises));
    uint32_t promise_bytes = word(reader, at + offsetof(abide_descriptor_function, promise_bytes));
    check(reader, promise_bytes % 2 == 0 && fits(reader, promises, promise_bytes));
}

/* `*end`: where the numbers of the type before end; they stand in a row, so that none is read twice. */
static void read_growing(struct reader *reader, size_t at, uint64_t *end)
{
    check_name(reader, word(reader, at + offsetof(abide_descriptor_growing, name)));
    uint32_t count = word(reader, at + offsetof(abide_descriptor_growing, item_count));
    uint32_t items = word(reader, at + offsetof(abide_descriptor_growing, items));
    check(reader, items >= *end);
    if (!check_table(reader, items, count, sizeof(uint64_t)))
        return;
    *end = items + (uint64_t)count * sizeof(uint64_t);
    for (uint32_t i = 0; i < count; i++)
        number(reader, items + i * sizeof(uint64_t), 8);
}

static const char *name_at(const struct reader *reader, uint32_t table, size_t entry_bytes,
                           uint32_t index, size_t name_offset)
{
    uint32_t at;
    memcpy(&at, reader->bytes + table + index * entry_bytes + name_offset, sizeof at);
    return (const char *)reader->bytes + at;
}

/* Who looks something up counts on the order. */
static void check_order(struct reader *reader, uint32_t table, uint32_t count, size_t entry_bytes,
                        size_t name_offset)
{
    for (uint32_t i = 1; reader->is_good && i < count; i++)
        check(reader, strcmp(name_at(reader, table, entry_bytes, i - 1, name_offset),
                             name_at(reader, table, entry_bytes, i, name_offset)) <= 0);
}

static void read_functions(struct reader *reader)
{
    uint32_t count = word(reader, offsetof(abide_descriptor, function_count));
    uint32_t table = word(reader, offsetof(abide_descriptor, functions));
    if (!check_table(reader, table, count, sizeof(abide_descriptor_function)))
        return;
    for (uint32_t i = 0; i < count; i++)
        read_function(reader, table + i * sizeof(abide_descriptor_function));
    check_order(reader, table, count, sizeof(abide_descriptor_function),
                offsetof(abide_descriptor_function, symbol));
}

/* Behind the functions, so that no number is in both. */
static void read_all_growing(struct reader *reader)
{
    const void *start = reader->bytes;
    const abide_descriptor *head = start;
    uint64_t end =
        head->functions + (uint64_t)head->function_count * sizeof(abide_descriptor_function);
    uint32_t count = word(reader, offsetof(abide_descriptor, growing_count));
    uint32_t table = word(reader, offsetof(abide_descriptor, growing));
    check(reader, table >= end);
    if (!check_table(reader, table, count, sizeof(abide_descriptor_growing)))
        return;
    end = table + (uint64_t)count * sizeof(abide_descriptor_growing);
    for (uint32_t i = 0; i < count && reader->is_good; i++)
        read_growing(reader, table + i * sizeof(abide_descriptor_growing), &end);
    check_order(reader, table, count, sizeof(abide_descriptor_growing),
                offsetof(abide_descriptor_growing, name));
}

static bool start(struct reader *reader, const unsigned char *bytes, size_t size_bytes)
{
    static const unsigned char magic[] = {0x61, 0x62, 0x69, 0x64};
    if (size_bytes < sizeof(abide_descriptor))
        return false;
    reader->big_endian = memcmp(bytes, magic, sizeof magic) == 0;
    reader->size_bytes = sizeof(abide_descriptor);
    reader->bytes = (unsigned char *)cli_copy((const char *)bytes, sizeof(abide_descriptor));
    uint32_t own = word(reader, offsetof(abide_descriptor, magic));
    uint16_t version = (uint16_t)number(reader, offsetof(abide_descriptor, version), 2);
    uint32_t whole = word(reader, offsetof(abide_descriptor, size_bytes));
    if (own != ABIDE_DESCRIPTOR_MAGIC || version != ABIDE_DESCRIPTOR_VERSION ||
        whole < sizeof(abide_descriptor) || whole > size_bytes)
        return false;
    reader->size_bytes = whole;
    reader->bytes = (unsigned char *)cli_copy((const char *)bytes, whole);
    return true;
}

const abide_descriptor *descriptor_read(const unsigned char *bytes, size_t size_bytes)
{
    struct reader reader = {.is_good = true};
    if (!start(&reader, bytes, size_bytes))
        return NULL;
    word(&reader, offsetof(abide_descriptor, magic));
    number(&reader, offsetof(abide_descriptor, version), 2);
    number(&reader, offsetof(abide_descriptor, header_bytes), 2);
    word(&reader, offsetof(abide_descriptor, size_bytes));
    word(&reader, offsetof(abide_descriptor, flags));
    number(&reader, offsetof(abide_descriptor, package_id), 8);
    check_name(&reader, word(&reader, offsetof(abide_descriptor, package)));
    read_functions(&reader);
    if (reader.is_good)
        read_all_growing(&reader);
    const void *all = reader.bytes;
    return reader.is_good ? all : NULL;
}
