/*
 * Constants: what has a value in place of an address, and variables that are never written and that no other object can replace. Of
 * both, those that are numbers or texts.
 */
#include "import/literals.h"
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define uthash_malloc(size_bytes)       store_new(1, size_bytes)
#define uthash_free(memory, size_bytes) ((void)(memory))
#include <uthash.h>

enum { TEXT_MAX_BYTES = 1 << 16 };

static const char no_number[] = "constants that are no numbers and no texts";
static const char not_there[] = "constants whose values are not in the file";
static const char with_others[] = "constants that have several values";

/* Constants that are known, by name. */
struct said {
    struct constant *constant;
    UT_hash_handle hh;
};

/* A constant that is being read. */
struct value {
    struct reader *reader;
    Dwarf_Die *die;
    Dwarf_Die type;   /* behind names and qualifiers */
    const char *word; /* what its type is called; NULL: only its size counts */
    unsigned char *bytes;
    size_t size_bytes;
    const char *why; /* why it is none, as what is counted */
};

/* ---- bytes ---------------------------------------------------------------------------------------- */

static bool refuse(struct value *value, const char *why)
{
    value->why = why;
    return false;
}

/* A number as it would stand in memory. */
static void store_number(struct value *value, uint64_t number)
{
    for (size_t i = 0; i < value->size_bytes; i++) {
        size_t at = value->reader->is_big_endian ? value->size_bytes - 1 - i : i;
        value->bytes[at] = i < 8 ? (unsigned char)(number >> (8 * i)) : 0;
    }
}

static uint64_t load_number(const struct value *value)
{
    uint64_t number = 0;
    for (size_t i = 0; i < value->size_bytes; i++) {
        size_t at = value->reader->is_big_endian ? i : value->size_bytes - 1 - i;
        number = number << 8 | value->bytes[at];
    }
    return number;
}

static bool read_said_value(struct value *value, Dwarf_Attribute *attribute)
{
    Dwarf_Block block;
    int64_t number;
    const char *text;
    switch (dwarf_whatform(attribute)) {
    case DW_FORM_block:
    case DW_FORM_block1:
    case DW_FORM_block2:
    case DW_FORM_block4:
    case DW_FORM_exprloc:
    case DW_FORM_data16:
        if (dwarf_formblock(attribute, &block) != 0 || block.length > TEXT_MAX_BYTES)
            return refuse(value, no_number);
        if (value->size_bytes == 0) { /* of a text whose type does not say it */
            value->size_bytes = block.length;
            value->bytes = store_new(block.length + 1, 1);
        }
        if (block.length != value->size_bytes)
            return refuse(value, no_number);
        memcpy(value->bytes, block.data, block.length);
        return true;
    case DW_FORM_string:
    case DW_FORM_strp:
    case DW_FORM_line_strp:
    case DW_FORM_strx:
    case DW_FORM_strx1:
    case DW_FORM_strx2:
    case DW_FORM_strx4:
        text = dwarf_formstring(attribute);
        if (!text || strlen(text) > value->size_bytes)
            return refuse(value, no_number);
        memcpy(value->bytes, text, strlen(text));
        return true;
    default: break;
    }
    if (value->size_bytes == 0 || !die_value(value->die, DW_AT_const_value, false, &number))
        return refuse(value, no_number);
    store_number(value, (uint64_t)number);
    return true;
}

/* Where it stands in what is loaded. */
static bool read_memory(struct value *value, Dwarf_Attribute *location)
{
    Dwarf_Op *operations;
    Dwarf_Attribute address;
    Dwarf_Addr start;
    size_t count;
    if (dwarf_getlocation(location, &operations, &count) != 0 || count != 1)
        return refuse(value, no_number);
    if (operations[0].atom == DW_OP_addr)
        start = operations[0].number;
    else if (dwarf_getlocation_attr(location, operations, &address) != 0 ||
             dwarf_formaddr(&address, &start) != 0)
        return refuse(value, no_number);
    return value->size_bytes &&
                   binary_read(value->reader->binary, start, value->bytes, value->size_bytes)
               ? true
               : refuse(value, not_there);
}

static bool read_bytes(struct value *value)
{
    Dwarf_Attribute attribute;
    value->bytes = store_new(value->size_bytes + 1, 1);
    if (dwarf_attr_integrate(value->die, DW_AT_const_value, &attribute))
        return read_said_value(value, &attribute);
    if (dwarf_attr_integrate(value->die, DW_AT_location, &attribute))
        return read_memory(value, &attribute);
    return refuse(value, not_there);
}

/* ---- types ---------------------------------------------------------------------------------------- */

/* The first name of a C library that the type goes by. */
static const char *library_word(struct reader *reader, Dwarf_Die *type)
{
    Dwarf_Die at = *type;
    for (int i = 0; i < 64 && die_peel(&at, false, NULL, NULL); i++) {
        const char *word = dwarf_tag(&at) == DW_TAG_typedef ? standard_word(reader, &at) : NULL;
        Dwarf_Die inner;
        if (word || dwarf_tag(&at) != DW_TAG_typedef || !die_type(&at, &inner))
            return word;
        at = inner;
    }
    return NULL;
}

/* What an enum, or a range of numbers, is made of. */
static bool underlying(Dwarf_Die *type, uint64_t size_bytes, const char **word)
{
    Dwarf_Die inner;
    if (die_type(type, &inner) && die_peel(&inner, true, NULL, NULL) &&
        dwarf_tag(&inner) == DW_TAG_base_type) {
        *type = inner;
        return true;
    }
    *word = integer_word(dwarf_tag(type) == DW_TAG_enumeration_type, size_bytes);
    return *word;
}

static bool find_word(struct value *value, Dwarf_Die *type)
{
    struct reader *reader = value->reader;
    value->word = library_word(reader, type);
    if (value->word)
        return true;
    int tag = dwarf_tag(&value->type);
    if ((tag == DW_TAG_enumeration_type || tag == DW_TAG_subrange_type) &&
        !underlying(&value->type, value->size_bytes, &value->word))
        return false;
    if (!value->word && dwarf_tag(&value->type) == DW_TAG_base_type)
        value->word = scalar_expression(reader, &value->type);
    return value->word;
}

static bool is_of_char(struct reader *reader, Dwarf_Die *array)
{
    Dwarf_Die element;
    uint64_t size_bytes = 0, encoding = 0;
    if (!die_type(array, &element) || !die_peel(&element, true, NULL, NULL) ||
        dwarf_tag(&element) != DW_TAG_base_type)
        return false;
    die_number(&element, DW_AT_byte_size, &size_bytes);
    die_number(&element, DW_AT_encoding, &encoding);
    bool is_char = encoding == DW_ATE_signed_char || encoding == DW_ATE_unsigned_char;
    const char *name = die_name(&element);
    return size_bytes == 1 && is_char &&
           (!reader->language->has_c_names || (name && strcmp(name, "char") == 0));
}

/* ---- values ---------------------------------------------------------------------------------------- */

static const char *float_value(struct value *value)
{
    double number;
    float single;
    uint64_t bits = load_number(value);
    uint32_t low = (uint32_t)bits;
    bool is_single = strcmp(value->word, "f32") == 0;
    if (!is_single && strcmp(value->word, "f64") != 0) {
        value->why = "floats that are no float and no double";
        return NULL;
    }
    memcpy(&number, &bits, sizeof number);
    memcpy(&single, &low, sizeof single);
    const char *text = literal_float(is_single ? (double)single : number, is_single);
    if (!text)
        value->why = "NaN with a sign";
    return text;
}

static const char *integer_value(struct value *value)
{
    uint64_t number = load_number(value);
    unsigned bits = 8 * (unsigned)value->size_bytes;
    bool is_unsigned = dwarf_tag(&value->type) == DW_TAG_base_type ? base_is_unsigned(&value->type)
                                                                   : value->word[0] == 'u';
    if (is_unsigned)
        return store_printf("%" PRIu64, number);
    if (bits < 64 && number >> (bits - 1))
        number |= ~UINT64_C(0) << bits;
    return store_printf("%" PRId64, (int64_t)number);
}

/* A number of Ada that has no type but the widest one, and needs no more than 64 bits. */
static bool is_universal(struct value *value)
{
    int64_t number;
    Dwarf_Attribute attribute;
    return dwarf_tag(value->die) == DW_TAG_constant &&
           dwarf_attr_integrate(value->die, DW_AT_const_value, &attribute) &&
           dwarf_whatform(&attribute) != DW_FORM_data16 &&
           die_value(value->die, DW_AT_const_value, false, &number) &&
           (int64_t)load_number(value) == number;
}

static const char *number_value(struct value *value)
{
    uint64_t encoding = 0;
    die_number(&value->type, DW_AT_encoding, &encoding);
    if (value->size_bytes == 16 && is_universal(value)) {
        value->word = "i64";
        return store_printf("%" PRId64, (int64_t)load_number(value));
    }
    if (value->size_bytes > 8) {
        value->why = encoding == DW_ATE_float ? "floats that are no float and no double"
                                              : "integers of 128 bits";
        return NULL;
    }
    if (encoding == DW_ATE_float)
        return float_value(value);
    if (strcmp(value->word, "bool") == 0)
        return load_number(value) ? "true" : "false";
    if (encoding == DW_ATE_complex_float || strcmp(value->word, "char") == 0) {
        value->why = no_number;
        return NULL;
    }
    return integer_value(value);
}

/* Without its NUL, if it ends in one. */
static const char *text_value(struct value *value, const char *text, size_t length_bytes,
                              const char **word)
{
    bool has_end = length_bytes && text[length_bytes - 1] == '\0';
    const char *chars = store_printf("%.*s", (int)length_bytes, text);
    if (strlen(chars) != length_bytes - has_end || !literal_is_plain(chars)) {
        value->why = "texts with bytes that are no characters";
        return NULL;
    }
    *word = has_end ? "cstring" : "string";
    return literal_text(chars);
}

/* Pascal's: a byte for the length is in front. */
static bool is_counted_text(struct value *value)
{
    const char *name = die_name(&value->type);
    return value->reader->language->has_value_constants && name && strcmp(name, "ShortString") == 0;
}

static bool is_text(struct value *value)
{
    int tag = dwarf_tag(&value->type);
    return tag == DW_TAG_string_type || is_counted_text(value) ||
           (tag == DW_TAG_array_type && is_of_char(value->reader, &value->type));
}

/* The size of an array of bytes; 0: it is not said. */
static size_t array_size(Dwarf_Die *array)
{
    if (dwarf_tag(array) != DW_TAG_array_type)
        return 0;
    Dwarf_Word size_bytes;
    return dwarf_aggregate_size(array, &size_bytes) == 0 && size_bytes <= TEXT_MAX_BYTES
               ? (size_t)size_bytes
               : 0;
}

static const char *read_text(struct value *value, const char **word)
{
    bool is_counted = is_counted_text(value);
    value->size_bytes = is_counted ? 0 : array_size(&value->type);
    if (!read_bytes(value))
        return NULL;
    size_t skipped = is_counted && value->size_bytes && value->bytes[0] == value->size_bytes - 1;
    return text_value(value, (const char *)value->bytes + skipped, value->size_bytes - skipped,
                      word);
}

/* As interface files write it, and what its type is. NULL: `value->why`. */
static const char *read_value(struct value *value, Dwarf_Die *type, const char **word)
{
    uint64_t size_bytes = 0;
    value->why = no_number;
    if (is_text(value))
        return read_text(value, word);
    Dwarf_Word aggregate;
    if (dwarf_aggregate_size(&value->type, &aggregate) == 0)
        size_bytes = aggregate;
    if (size_bytes == 0 || size_bytes > 16)
        return NULL;
    value->size_bytes = (size_t)size_bytes;
    if (!find_word(value, type) || !read_bytes(value))
        return NULL;
    const char *text = number_value(value);
    *word = value->word;
    return text;
}

/* ---- entries -------------------------------------------------------------------------------------- */

/* The same constant is in each unit that includes its header. */
static void keep(struct reader *reader, const char *name, struct place place, const char *type,
                 const char *text)
{
    struct said *said;
    HASH_FIND_STR(reader->constants, name, said);
    if (said) {
        struct constant *constant = said->constant;
        bool is_same = constant->refusal || (strcmp(constant->type, type) == 0 &&
                                             strcmp(constant->values[0], text) == 0);
        if (!is_same) {
            constant->refusal = with_others;
            count_out(reader->model, with_others);
        }
        return;
    }
    said = store_new(1, sizeof *said);
    said->constant = store_new(1, sizeof *said->constant);
    *said->constant = (struct constant){.name = store_copy(name), .place = place, .type = type};
    said->constant->values = store_new(1, sizeof *said->constant->values);
    said->constant->values[0] = text;
    HASH_ADD_KEYPTR(hh, reader->constants, said->constant->name, strlen(name), said);
    LIST_ADD(&reader->model->constants, said->constant);
}

/* Whether the type itself is, behind names and other qualifiers. */
static bool is_volatile(Dwarf_Die type)
{
    for (int i = 0; i < 64; i++) {
        int tag = dwarf_tag(&type);
        if (tag == DW_TAG_volatile_type)
            return true;
        if ((tag != DW_TAG_const_type && tag != DW_TAG_typedef) || !die_type(&type, &type))
            return false;
    }
    return true;
}

/* Whether nobody writes it, and nobody else may have another one in its place. */
static bool is_constant(const struct reader *reader, Dwarf_Die *die, Dwarf_Die *type, bool is_const)
{
    const struct language *language = reader->language;
    bool has_value = dwarf_hasattr_integrate(die, DW_AT_const_value);
    if (dwarf_tag(die) == DW_TAG_constant || (has_value && language->has_value_constants))
        return true;
    if (!is_const || is_volatile(*type))
        return false;
    return has_value || !die_flag(die, DW_AT_external) || language->exports_constants;
}

static void import_constant(struct reader *reader, Dwarf_Die *die, Dwarf_Die *type,
                            const char *name)
{
    struct value value = {.reader = reader, .die = die, .type = *type};
    const char *word = NULL, *text = NULL;
    value.why = no_number;
    if (die_peel(&value.type, true, NULL, NULL))
        text = read_value(&value, type, &word);
    if (text && reader->model->constants.count >= ENTRIES_MAX)
        count_out(reader->model, "constants, of which there are too many");
    else if (text)
        keep(reader, name, die_place(reader, die), word, text);
    else
        count_out(reader->model, value.why);
}

void import_variable(struct reader *reader, Dwarf_Die *die)
{
    const char *own = die_name(die);
    Dwarf_Die type;
    bool is_const = false;
    struct place place = die_place(reader, die);
    if (!own || !choice_takes(reader->request->choice, SUBJECT_CONSTANT, own) ||
        !is_own_place(reader, &place))
        return;
    bool has_type = die_type(die, &type);
    Dwarf_Die peeled = type;
    while (has_type && die_peel(&peeled, true, &is_const, NULL) &&
           dwarf_tag(&peeled) == DW_TAG_array_type && die_type(&peeled, &peeled))
        ; /* arrays are constant if what they are of is */
    if (!has_type || !is_constant(reader, die, &type, is_const)) {
        if (die_flag(die, DW_AT_external))
            count_out(reader->model, "variables, which interface files have not");
        return;
    }
    if (is_declaration(die) && !dwarf_hasattr(die, DW_AT_const_value))
        return; /* it is defined elsewhere */
    Dwarf_Die declared = *die;
    die_reference(die, DW_AT_specification, &declared); /* of a class */
    const char *name = scoped_name(reader, &declared, own);
    if (name_is_possible(name))
        import_constant(reader, die, &type, name);
    else
        count_out(reader->model, "names that interface files have not");
}

static int compare(const void *a, const void *b)
{
    const struct constant *one = *(struct constant *const *)a,
                          *other = *(struct constant *const *)b;
    int files = strcmp(one->place.file, other->place.file);
    if (files != 0)
        return files;
    if (one->place.line != other->place.line)
        return one->place.line < other->place.line ? -1 : 1;
    return strcmp(one->name, other->name);
}

void constants_sort(struct reader *reader)
{
    struct constants *constants = &reader->model->constants;
    if (constants->count)
        qsort(constants->items, constants->count, sizeof *constants->items, compare);
}
