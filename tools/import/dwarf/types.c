/* Types of debug information as type expressions. */
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

enum { EXPRESSION_MAX_BYTES = 4000 };

/* A reference to a type that is in another unit, which is not there. */
bool is_lost(struct reader *reader, Dwarf_Die *owner)
{
    Dwarf_Die type;
    bool is_lost = dwarf_hasattr_integrate(owner, DW_AT_type) && !die_type(owner, &type);
    if (is_lost)
        unsaid(reader,
               "a type whose unit is not found (is it an object that has not been linked?)");
    return is_lost;
}

/* ---- pointers ---------------------------------------------------------------------------------- */

/* What cannot be said is pointed to all the same. Several such pointers of one entry are told once. */
static const char *pointer_to_unsaid(struct reader *reader)
{
    const struct model *model = reader->model;
    if (!reader->current || model->remarks.count >= ENTRIES_MAX)
        return "mutptr<void>";
    const char *text = store_printf("%s: a pointer is said to be one to anything: %s",
                                    reader->current->c_name, reader->why);
    size_t count = model->remarks.count;
    if (count == 0 || strcmp(model->remarks.items[count - 1].text, text) != 0)
        LIST_ADD(&reader->model->remarks,
                 (struct remark){reader->current->place, text, reader->current});
    return "mutptr<void>";
}

static const char *function_pointer(struct reader *reader, Dwarf_Die *function)
{
    const char *convention;
    if (!convention_word(reader, function, &convention))
        return NULL;
    if (convention) {
        unsaid(reader, "a function with the convention %s, which has no name", convention);
        return NULL;
    }
    const char *signature = signature_text(reader, function, false);
    return signature ? store_printf("fn%s", signature) : NULL;
}

static const char *target_expression(struct reader *reader, Dwarf_Die *type, Dwarf_Die *peeled)
{
    int tag = dwarf_tag(peeled);
    if (tag == DW_TAG_unspecified_type)
        return "void";
    if (tag == DW_TAG_subroutine_type && dwarf_tag(type) != DW_TAG_typedef)
        return function_pointer(reader, peeled);
    return type_expression(reader, type);
}

/* `type`: what is pointed to. NULL: void. */
const char *pointer_to(struct reader *reader, Dwarf_Die *type, const char *word)
{
    bool is_const = false;
    Dwarf_Die peeled, bare;
    if (type)
        peeled = bare = *type;
    if (!type || !die_peel(&peeled, true, &is_const, NULL))
        return store_printf("%s%s<void>", is_const ? "" : "mut", word);
    die_peel(&bare, false, NULL, NULL);
    reader->pointer_depth++;
    const char *target = target_expression(reader, &bare, &peeled);
    reader->pointer_depth--;
    if (!target)
        return pointer_to_unsaid(reader);
    if (dwarf_tag(&peeled) == DW_TAG_subroutine_type)
        return target; /* the word for functions, and a name for their type, mean a pointer */
    return store_printf("%s%s<%s>", is_const ? "" : "mut", word, target);
}

static const char *pointer_expression(struct reader *reader, Dwarf_Die *die)
{
    uint64_t size_bytes = reader->pointer_bytes, space = 0;
    die_number(die, DW_AT_byte_size, &size_bytes);
    if (size_bytes != reader->pointer_bytes) {
        unsaid(reader, "a pointer of another size, %" PRIu64 " bytes", size_bytes);
        return NULL;
    }
    if (die_number(die, DW_AT_address_class, &space) && space != 0) {
        unsaid(reader, "a pointer into another address space");
        return NULL;
    }
    Dwarf_Die target;
    if (is_lost(reader, die))
        return pointer_to_unsaid(reader);
    bool is_reference = dwarf_tag(die) != DW_TAG_pointer_type;
    return pointer_to(reader, die_type(die, &target) ? &target : NULL,
                      is_reference ? "ref" : "ptr");
}

/* ---- what other languages have ----------------------------------------------------------------- */

static const char *bytes_expression(struct reader *reader, Dwarf_Die *die, const char *element)
{
    uint64_t size_bytes;
    if (die_number(die, DW_AT_byte_size, &size_bytes))
        return store_printf("array<%s, %" PRIu64 ">", element, size_bytes);
    unsaid(reader, "text or a set whose size is known when the program runs");
    return NULL;
}

/* A set is bits: a number, if it is as large as one. */
static const char *set_expression(struct reader *reader, Dwarf_Die *die)
{
    uint64_t size_bytes = 0;
    die_number(die, DW_AT_byte_size, &size_bytes);
    const char *word = size_bytes <= 4 ? integer_word(true, size_bytes) : NULL;
    return word ? word : bytes_expression(reader, die, "u8");
}

static const char *subrange_expression(struct reader *reader, Dwarf_Die *die)
{
    uint64_t size_bytes, of_base;
    Dwarf_Die base;
    bool has_base = die_type(die, &base);
    bool has_size = die_number(die, DW_AT_byte_size, &size_bytes);
    if (has_base &&
        (!has_size || (die_number(&base, DW_AT_byte_size, &of_base) && size_bytes == of_base)))
        return type_expression(reader, &base);
    int64_t lower = -1;
    die_value(die, DW_AT_lower_bound, false, &lower);
    const char *word = has_size ? integer_word(lower >= 0, size_bytes) : NULL;
    if (!word)
        unsaid(reader, "a range of values without a size");
    return word;
}

/* One word of memory at most: larger ones are aligned to more than their type is. */
static const char *atomic_expression(struct reader *reader, Dwarf_Die *die)
{
    Dwarf_Die value = *die;
    uint64_t size_bytes = reader->pointer_bytes;
    int tag = die_peel(&value, true, NULL, NULL) ? dwarf_tag(&value) : 0;
    die_number(&value, DW_AT_byte_size, &size_bytes);
    bool is_word = size_bytes <= reader->pointer_bytes;
    if (is_word &&
        (tag == DW_TAG_base_type || tag == DW_TAG_pointer_type || tag == DW_TAG_enumeration_type))
        return type_expression_of(reader, die);
    unsaid(reader, "an atomic value that is more than a number of one word");
    return NULL;
}

/* ---- expressions --------------------------------------------------------------------------------- */

static const char *expression(struct reader *reader, Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    switch (tag) {
    case DW_TAG_base_type: return scalar_expression(reader, die);
    case DW_TAG_typedef: return typedef_expression(reader, die);
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_restrict_type:
    case DW_TAG_immutable_type:
    case DW_TAG_packed_type: return type_expression_of(reader, die);
    case DW_TAG_atomic_type: return atomic_expression(reader, die);
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type: return pointer_expression(reader, die);
    case DW_TAG_array_type: return array_expression(reader, die);
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
    case DW_TAG_class_type:
    case DW_TAG_interface_type: return record_expression(reader, die, NULL);
    case DW_TAG_enumeration_type: return enum_expression(reader, die, NULL);
    case DW_TAG_subrange_type: return subrange_expression(reader, die);
    case DW_TAG_string_type: return bytes_expression(reader, die, "c_char");
    case DW_TAG_set_type: return set_expression(reader, die);
    case DW_TAG_subroutine_type: unsaid(reader, "a function by value"); return NULL;
    default: unsaid(reader, "a type that C has not (tag 0x%x)", (unsigned)tag); return NULL;
    }
}

const char *type_expression(struct reader *reader, Dwarf_Die *die)
{
    if (!descend(reader))
        return NULL;
    struct position position = enter_unit(reader, die);
    const char *text = expression(reader, die);
    leave_unit(reader, position);
    descend_end(reader);
    if (text && strlen(text) > EXPRESSION_MAX_BYTES) {
        unsaid(reader, "it is made of too much");
        return NULL;
    }
    return text;
}

const char *type_expression_of(struct reader *reader, Dwarf_Die *owner)
{
    Dwarf_Die type;
    if (die_type(owner, &type))
        return type_expression(reader, &type);
    if (!is_lost(reader, owner))
        unsaid(reader, "a value of no type");
    return NULL;
}
