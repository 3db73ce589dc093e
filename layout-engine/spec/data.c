/* Reads `data`: sizes, alignments and formats of scalars, and rules for records. */
#include "spec/keys.h"
#include "spec/machine.h"

#include "base/checked.h"
#include "base/diag.h"
#include "base/schema.h"

#include <string.h>

enum { DATA_SCALARS, DATA_RECORDS, DATA_VECTOR_ALIGN, DATA_ENUM, DATA_SOURCE, DATA_KEYS };
static const struct abide_key data_keys[DATA_KEYS] = {
    {"scalars", ABIDE_SHAPE_MAPPING, false, "sizes, or {size, align, signed, format}, by name",
     ABIDE_HOLDS("{sized: number|scalar|nothing}")},
    {"records", ABIDE_SHAPE_MAPPING, false, "rules for structs, unions and bit-fields",
     ABIDE_HOLDS("records")},
    {"vector_max_align", ABIDE_SHAPE_SCALAR, false,
     "most alignment of a vector in bytes (default: its size)", ABIDE_NUMBER},
    {"enum", ABIDE_SHAPE_SCALAR, false, "the integer type of an enum that fits it",
     ABIDE_HOLDS("integer_name")},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_data__schema = {"'data'", data_keys, DATA_KEYS};

enum { SCALAR_SIZE, SCALAR_ALIGN, SCALAR_SIGNED, SCALAR_FORMAT, SCALAR_KEYS };
static const struct abide_key scalar_keys[SCALAR_KEYS] = {
    {"size", ABIDE_SHAPE_SCALAR, true, "in bytes", ABIDE_NUMBER},
    {"align", ABIDE_SHAPE_SCALAR, false, "in bytes (default: the size)", ABIDE_NUMBER},
    {"signed", ABIDE_SHAPE_SCALAR, false, "`true` or `false`", ABIDE_FLAG},
    {"format", ABIDE_SHAPE_SCALAR, false, "half bfloat single double x87 quad or ibm",
     ABIDE_HOLDS("format")},
};
const struct abide_schema abide_data__scalar_schema = {"a scalar", scalar_keys, SCALAR_KEYS};

enum {
    RECORDS_BITFIELDS,
    RECORDS_UNNAMED,
    RECORDS_ZERO_WIDTH,
    RECORDS_NATURAL_BITS,
    RECORDS_ALIGNED_BITS,
    RECORDS_REQUIRED_ALIGN,
    RECORDS_MAX_PACK,
    RECORDS_EMPTY,
    RECORDS_MIN_ALIGN,
    RECORDS_KEYS
};
static const struct abide_word bitfields[] = {
    {"dense", "bits adjoin, and none crosses a boundary of its type"},
    {"units", "they share units of the declared type, of one size"},
    {"loose_units",
     "the same, but in a union a field takes its own bits, and a packed one aligns no record"},
    {"firm_units", "the same, but `packed` says nothing of bit-fields"},
    {NULL, NULL},
};
static const struct abide_word moments[] = {
    {"before", "then it may cross none"},
    {"after", "then its place is moved"},
    {NULL, NULL},
};
static const struct abide_key records_keys[RECORDS_KEYS] = {
    {"bitfields", ABIDE_SHAPE_SCALAR, false,
     "`dense` (bits adjoin, none crosses a boundary of its type), or `units`, `loose_units` or "
     "`firm_units` (of the declared type)",
     ABIDE_WORDS(bitfields)},
    {"unnamed_bits_align", ABIDE_SHAPE_SCALAR, false,
     "an unnamed bit-field raises the alignment of its record", ABIDE_FLAG},
    {"zero_width_aligns", ABIDE_SHAPE_SCALAR, false,
     "a bit-field of width 0 raises the alignment of its record", ABIDE_FLAG},
    {"natural_bits", ABIDE_SHAPE_SCALAR, false,
     "a bit-field raises the natural alignment of its record to that of its type, packed or not",
     ABIDE_FLAG},
    {"aligned_bits", ABIDE_SHAPE_SCALAR, false,
     "`before` or `after` it is asked whether a bit-field crosses a boundary, its `align` moves "
     "it",
     ABIDE_WORDS(moments)},
    {"required_align", ABIDE_SHAPE_SCALAR, false,
     "`align` holds in spite of `packed` and `pack`, also of the records around it", ABIDE_FLAG},
    {"max_pack", ABIDE_SHAPE_SCALAR, false, "a `pack` of more bytes says nothing", ABIDE_NUMBER},
    {"empty", ABIDE_SHAPE_SCALAR, false, "size in bytes of a record without members", ABIDE_NUMBER},
    {"min_align", ABIDE_SHAPE_SCALAR, false, "least alignment of a record in bytes", ABIDE_NUMBER},
};
const struct abide_schema abide_data__records_schema = {"'records'", records_keys, RECORDS_KEYS};

/* Scalars that an ABI has only if it says so. */
static const enum abide_scalar optional_scalars[] = {
    ABIDE_SCALAR_U128, ABIDE_SCALAR_I128, ABIDE_SCALAR_F16,
    ABIDE_SCALAR_BF16, ABIDE_SCALAR_F80,  ABIDE_SCALAR_F128,
};

/* Scalars that are like another one unless the module says otherwise; in an order that resolves chains. */
static const struct {
    enum abide_scalar scalar, like;
} alike[] = {
    {ABIDE_SCALAR_U128, ABIDE_SCALAR_I128},
    {ABIDE_SCALAR_C_USHORT, ABIDE_SCALAR_C_SHORT},
    {ABIDE_SCALAR_C_UINT, ABIDE_SCALAR_C_INT},
    {ABIDE_SCALAR_C_ULONG, ABIDE_SCALAR_C_LONG},
    {ABIDE_SCALAR_C_ULONGLONG, ABIDE_SCALAR_C_LONGLONG},
    {ABIDE_SCALAR_C_FLOAT, ABIDE_SCALAR_F32},
    {ABIDE_SCALAR_C_DOUBLE, ABIDE_SCALAR_F64},
};

static enum abide_format format_of_size(enum abide_scalar scalar, uint32_t size_bytes)
{
    if (scalar == ABIDE_SCALAR_BF16)
        return ABIDE_FORMAT_BFLOAT;
    switch (size_bytes) {
    case 2: return ABIDE_FORMAT_HALF;
    case 4: return ABIDE_FORMAT_SINGLE;
    case 8: return ABIDE_FORMAT_DOUBLE;
    default: return ABIDE_FORMAT_NONE;
    }
}

static void set_scalar(struct abide_data_model *model, enum abide_scalar scalar,
                       uint32_t size_bytes, uint32_t align_bytes)
{
    enum abide_scalar_group group = abide__scalars[scalar].group;
    model->scalars[scalar] = (struct abide_scalar_model){
        .size_bytes = size_bytes,
        .align_bytes = align_bytes,
        .is_signed = group == ABIDE_GROUP_SIGNED,
        .format =
            group == ABIDE_GROUP_FLOAT ? format_of_size(scalar, size_bytes) : ABIDE_FORMAT_NONE,
    };
}

static bool is_optional(enum abide_scalar scalar)
{
    for (size_t i = 0; i < sizeof optional_scalars / sizeof *optional_scalars; i++)
        if (optional_scalars[i] == scalar)
            return true;
    return false;
}

static void set_defaults(struct abide_data_model *model)
{
    for (size_t i = 0; i < ABIDE_SCALAR_COUNT; i++)
        if (!is_optional((enum abide_scalar)i))
            set_scalar(model, (enum abide_scalar)i, abide__scalars[i].size_bytes,
                       abide__scalars[i].size_bytes);
    static const enum abide_scalar words[] = {ABIDE_SCALAR_SIZE, ABIDE_SCALAR_SSIZE,
                                              ABIDE_SCALAR_UPTR};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        set_scalar(model, words[i], model->pointer_bytes, model->pointer_align_bytes);
}

/* What `scalars` also has, though it is no scalar. */
static const char pointer[] = "pointer";

struct abide_word abide_data__name_at(size_t index)
{
    static const struct abide_word words[] = {{pointer, "a pointer"}, {NULL, NULL}};
    if (index < ABIDE_SCALAR_COUNT)
        return (struct abide_word){abide__scalars[index].name, abide__scalars[index].c_name};
    return words[index != ABIDE_SCALAR_COUNT];
}

static const char *scalar_at(const void *user, size_t index)
{
    (void)user;
    return index < ABIDE_SCALAR_COUNT ? abide__scalars[index].name : NULL;
}

/* ABIDE_SCALAR_COUNT: `pointer`, or reported. */
static enum abide_scalar find_scalar(abide_ctx *ctx, const struct abide_yaml *name)
{
    size_t scalar = 0;
    while (scalar < ABIDE_SCALAR_COUNT && strcmp(abide__scalars[scalar].name, name->text) != 0)
        scalar++;
    if (scalar == ABIDE_SCALAR_COUNT && strcmp(name->text, pointer) != 0) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_KEY, name->place, "no scalar %s",
                                         abide__quote(ctx, name->text));
        const char *nearest = abide__nearest(name->text, scalar_at, NULL);
        if (nearest)
            abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
    }
    return (enum abide_scalar)scalar;
}

/* A number from 1 to `max`. */
static bool read_bytes(abide_ctx *ctx, const struct abide_yaml *node, uint32_t max, bool power,
                       uint32_t *bytes)
{
    uint64_t value;
    if (!abide_schema__uint(ctx, node, max, &value))
        return false;
    if (value > 0 && (!power || abide__is_power_of_two(value))) {
        *bytes = (uint32_t)value;
        return true;
    }
    abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected %s, not %llu",
                  power ? "a power of two" : "at least 1", (unsigned long long)value);
    return false;
}

static enum abide_format read_format(abide_ctx *ctx, const struct abide_yaml *node)
{
    enum abide_format format = node->kind == ABIDE_YAML_SCALAR
                                   ? abide_condition__format_of(node->text)
                                   : ABIDE_FORMAT_NONE;
    if (format == ABIDE_FORMAT_NONE)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "expected half, bfloat, single, double, x87, quad or ibm");
    return format;
}

/* A size alone, or a mapping. */
static bool read_scalar_model(abide_ctx *ctx, const struct abide_yaml *node,
                              struct abide_scalar_model *scalar)
{
    const struct abide_yaml *values[SCALAR_KEYS] = {[SCALAR_SIZE] = node};
    if (node->kind != ABIDE_YAML_SCALAR &&
        !abide_schema__read(ctx, &abide_data__scalar_schema, node, values))
        return false;
    if (!read_bytes(ctx, values[SCALAR_SIZE], 64, false, &scalar->size_bytes))
        return false;
    uint32_t align_bytes = 1; /* of sizes that are no power of two, the next smaller one */
    while (align_bytes * 2 <= scalar->size_bytes)
        align_bytes *= 2;
    if (values[SCALAR_ALIGN] && !read_bytes(ctx, values[SCALAR_ALIGN], 64, true, &align_bytes))
        return false;
    scalar->align_bytes = align_bytes;
    if (values[SCALAR_SIGNED] &&
        !abide_schema__bool(ctx, values[SCALAR_SIGNED], &scalar->is_signed))
        return false;
    if (values[SCALAR_FORMAT])
        scalar->format = read_format(ctx, values[SCALAR_FORMAT]);
    return true;
}

static void read_scalar(abide_ctx *ctx, struct abide_data_model *model,
                        const struct abide_yaml_entry *entry)
{
    enum abide_scalar scalar = find_scalar(ctx, entry->key);
    struct abide_scalar_model read = {0};
    bool is_pointer = strcmp(entry->key->text, pointer) == 0;
    if (scalar < ABIDE_SCALAR_COUNT)
        read.is_signed = abide__scalars[scalar].group == ABIDE_GROUP_SIGNED;
    if ((scalar == ABIDE_SCALAR_COUNT && !is_pointer) ||
        !read_scalar_model(ctx, entry->value, &read))
        return;
    if (is_pointer) {
        if (read.size_bytes != model->pointer_bytes)
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, entry->value->place,
                          "`target: pointer` says %u bytes", model->pointer_bytes);
        model->pointer_align_bytes = read.align_bytes;
        return;
    }
    uint32_t fixed_bytes = abide__scalars[scalar].size_bytes;
    if (fixed_bytes && read.size_bytes != fixed_bytes)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, entry->value->place, "%s has %u bytes everywhere",
                      entry->key->text, fixed_bytes);
    if (abide__scalars[scalar].group == ABIDE_GROUP_FLOAT && read.format == ABIDE_FORMAT_NONE)
        read.format = format_of_size(scalar, read.size_bytes);
    if (abide__scalars[scalar].group == ABIDE_GROUP_FLOAT && read.format == ABIDE_FORMAT_NONE) {
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_MISSING_KEY, entry->value->place,
                          "the format of a float of %u bytes is not known", read.size_bytes);
        abide__diag_help(ctx, diag, "say it: %s: {size: %u, format: quad}", entry->key->text,
                         read.size_bytes);
    }
    model->scalars[scalar] = read;
}

static void read_scalars(abide_ctx *ctx, struct abide_data_model *model,
                         const struct abide_yaml *node)
{
    set_defaults(model);
    for (size_t i = 0; node && i < node->entry_count; i++)
        read_scalar(ctx, model, abide_yaml__entry(node, i));
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
        if (model->scalars[alike[i].scalar].size_bytes)
            continue;
        model->scalars[alike[i].scalar] = model->scalars[alike[i].like];
        model->scalars[alike[i].scalar].is_signed = false;
    }
}

static void read_records(abide_ctx *ctx, struct abide_data_model *model,
                         const struct abide_yaml *node)
{
    const struct abide_yaml *values[RECORDS_KEYS];
    if (!abide_schema__read(ctx, &abide_data__records_schema, node, values))
        return;
    size_t algorithm = 0;
    if (values[RECORDS_BITFIELDS])
        abide_schema__word(ctx, values[RECORDS_BITFIELDS], bitfields, &algorithm);
    model->bitfields = (enum abide_bitfields)algorithm; /* in the same order */
    if (values[RECORDS_UNNAMED])
        abide_schema__bool(ctx, values[RECORDS_UNNAMED], &model->unnamed_bits_align);
    if (values[RECORDS_ZERO_WIDTH])
        abide_schema__bool(ctx, values[RECORDS_ZERO_WIDTH], &model->zero_width_aligns);
    if (values[RECORDS_NATURAL_BITS])
        abide_schema__bool(ctx, values[RECORDS_NATURAL_BITS], &model->natural_bits);
    size_t moment = 0;
    if (values[RECORDS_ALIGNED_BITS])
        abide_schema__word(ctx, values[RECORDS_ALIGNED_BITS], moments, &moment);
    model->aligned_bits_after = moment == 1;
    if (values[RECORDS_REQUIRED_ALIGN])
        abide_schema__bool(ctx, values[RECORDS_REQUIRED_ALIGN], &model->required_align);
    if (values[RECORDS_MAX_PACK])
        read_bytes(ctx, values[RECORDS_MAX_PACK], 64, true, &model->max_pack_bytes);
    uint64_t empty = 0;
    if (values[RECORDS_EMPTY])
        abide_schema__uint(ctx, values[RECORDS_EMPTY], 64, &empty);
    model->empty_bytes = (uint32_t)empty;
    if (values[RECORDS_MIN_ALIGN])
        read_bytes(ctx, values[RECORDS_MIN_ALIGN], 64, true, &model->record_min_align_bytes);
}

static void read_enum(abide_ctx *ctx, struct abide_data_model *model, const struct abide_yaml *node)
{
    enum abide_scalar scalar = find_scalar(ctx, node);
    bool is_known = scalar < ABIDE_SCALAR_COUNT;
    if (strcmp(node->text, pointer) == 0 ||
        (is_known && abide__scalars[scalar].group == ABIDE_GROUP_FLOAT))
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "an enum is an integer");
    else if (is_known)
        model->enum_base = scalar;
}

const struct abide_data_model *abide_data__read(abide_ctx *ctx, const struct abide_module *module,
                                                const struct abide_yaml *node, uint32_t serial)
{
    struct abide_data_model *model = abide__new(ctx, struct abide_data_model);
    model->serial = serial;
    model->pointer_bytes = module->pointer_bytes;
    model->pointer_align_bytes = module->pointer_bytes;
    model->big_endian = module->big_endian;
    model->record_min_align_bytes = 1;
    model->enum_base = ABIDE_SCALAR_C_INT;
    const struct abide_yaml *values[DATA_KEYS] = {NULL};
    if (node && !abide_schema__read(ctx, &abide_data__schema, node, values))
        return model;
    read_scalars(ctx, model, values[DATA_SCALARS]);
    if (values[DATA_RECORDS])
        read_records(ctx, model, values[DATA_RECORDS]);
    if (values[DATA_VECTOR_ALIGN])
        read_bytes(ctx, values[DATA_VECTOR_ALIGN], 4096, true, &model->vector_max_align_bytes);
    if (values[DATA_ENUM])
        read_enum(ctx, model, values[DATA_ENUM]);
    return model;
}
