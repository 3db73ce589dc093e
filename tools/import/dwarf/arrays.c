/* Arrays and vectors. */
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

enum { DIMENSIONS_MAX = 16 };

/* The number of elements of one dimension. */
struct dimension {
    bool is_known;
    uint64_t count;
};

static bool enumeration_count(Dwarf_Die *die, struct dimension *dimension)
{
    Dwarf_Die child;
    for (bool more = die_child(die, &child); more && dimension->count < MEMBERS_MAX;
         more = die_next(&child))
        dimension->count += dwarf_tag(&child) == DW_TAG_enumerator;
    dimension->is_known = true;
    return true;
}

/* false: the bounds are known when the program runs. */
static bool subrange_count(const struct reader *reader, Dwarf_Die *die, struct dimension *dimension)
{
    int64_t lower = reader->language->lower_bound, upper;
    *dimension = (struct dimension){0};
    if (dwarf_tag(die) == DW_TAG_enumeration_type)
        return enumeration_count(die, dimension);
    if (dwarf_hasattr_integrate(die, DW_AT_count)) {
        dimension->is_known = die_number(die, DW_AT_count, &dimension->count);
        return dimension->is_known;
    }
    if (!dwarf_hasattr_integrate(die, DW_AT_upper_bound))
        return true; /* without a count */
    uint64_t known;
    if ((dwarf_hasattr_integrate(die, DW_AT_lower_bound) &&
         (!die_number(die, DW_AT_lower_bound, &known) ||
          !die_value(die, DW_AT_lower_bound, false, &lower))) ||
        !die_number(die, DW_AT_upper_bound, &known) ||
        !die_value(die, DW_AT_upper_bound, false, &upper))
        return false;
    dimension->is_known = true;
    uint64_t last = (uint64_t)upper -
                    (uint64_t)lower; /* of int[0] it is -1, in as many bytes as the writer likes */
    bool is_empty = upper < lower || last == UINT32_MAX || last == UINT64_MAX;
    dimension->count = is_empty ? 0 : last + 1;
    return true;
}

static bool read_dimensions(struct reader *reader, Dwarf_Die *array, struct dimension *dimensions,
                            size_t *count)
{
    Dwarf_Die child;
    *count = 0;
    for (bool more = die_child(array, &child); more; more = die_next(&child)) {
        int tag = dwarf_tag(&child);
        if (tag != DW_TAG_subrange_type && tag != DW_TAG_enumeration_type)
            continue;
        if (*count == DIMENSIONS_MAX) {
            unsaid(reader, "an array of more than %d dimensions", DIMENSIONS_MAX);
            return false;
        }
        if (!subrange_count(reader, &child, &dimensions[(*count)++])) {
            unsaid(reader, "an array whose bounds are known when the program runs");
            return false;
        }
    }
    if (*count == 0)
        dimensions[(*count)++] = (struct dimension){0};
    return true;
}

static bool is_plain_array(struct reader *reader, Dwarf_Die *die)
{
    static const unsigned unusual[] = {DW_AT_data_location, DW_AT_allocated, DW_AT_associated,
                                       DW_AT_bit_stride};
    uint64_t stride_bytes, size_bytes = 0;
    Dwarf_Die element;
    bool has_stride = dwarf_hasattr_integrate(die, DW_AT_byte_stride);
    if (has_stride && die_type(die, &element) && die_peel(&element, true, NULL, NULL))
        die_number(&element, DW_AT_byte_size, &size_bytes);
    if (has_stride &&
        (!die_number(die, DW_AT_byte_stride, &stride_bytes) || stride_bytes != size_bytes)) {
        unsaid(reader, "an array with a stride");
        return false;
    }
    for (size_t i = 0; i < sizeof unusual / sizeof *unusual; i++)
        if (dwarf_hasattr_integrate(die, unusual[i])) {
            unsaid(reader, "an array with a descriptor");
            return false;
        }
    return true;
}

static const char *array_of(const char *element, const struct dimension *dimension)
{
    return dimension->is_known ? store_printf("array<%s, %" PRIu64 ">", element, dimension->count)
                               : store_printf("array<%s>", element);
}

static const char *vector_of(struct reader *reader, const char *element,
                             const struct dimension *dimension)
{
    if (dimension->is_known && !strpbrk(element, "<(") && strcmp(element, "bool") != 0 &&
        strcmp(element, "c_longdouble") != 0)
        return store_printf("vector<%s, %" PRIu64 ">", element, dimension->count);
    unsaid(reader, "a vector of %s", element);
    return NULL;
}

const char *array_expression(struct reader *reader, Dwarf_Die *die)
{
    struct dimension dimensions[DIMENSIONS_MAX];
    size_t count;
    unsigned depth = reader->pointer_depth;
    reader->pointer_depth = 0; /* also a pointer to an array needs the size of its elements */
    bool is_sayable =
        is_plain_array(reader, die) && read_dimensions(reader, die, dimensions, &count);
    const char *text = is_sayable ? type_expression_of(reader, die) : NULL;
    reader->pointer_depth = depth;
    if (!text)
        return NULL;
    if (die_flag(die, DW_AT_GNU_vector))
        return vector_of(reader, text, &dimensions[0]);
    for (size_t i = 0; i < count; i++) /* C's last dimension is the innermost */
        text = array_of(text, &dimensions[reader->language->is_column_major ? i : count - 1 - i]);
    return text;
}
