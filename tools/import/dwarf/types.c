/* Types of debug information as type expressions. */
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

enum { DIMENSIONS_MAX = 16, PARAMETERS_MAX = 1000, EXPRESSION_MAX_BYTES = 4000 };

/* A reference to a type that is in another unit, which is not there. */
static bool is_lost(struct reader *reader, Dwarf_Die *owner)
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
        LIST_ADD(&reader->model->remarks, (struct remark){reader->current->place, text});
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
static const char *pointer_to(struct reader *reader, Dwarf_Die *type, const char *word)
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

/* ---- arrays -------------------------------------------------------------------------------------- */

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

static const char *array_expression(struct reader *reader, Dwarf_Die *die)
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

/* ---- names that programs give ------------------------------------------------------------------ */

static bool is_list_name(const char *name)
{
    const struct standard_word *word = name ? standard_word_of(name) : NULL;
    return word && strcmp(word->word, "va_list") == 0;
}

static bool has_line(Dwarf_Die *die)
{
    uint64_t line = 0;
    return die_number(die, DW_AT_decl_line, &line) && line > 0;
}

/* What compilers make such lists of: a pointer to bytes, or something of their own, which has no place in a source file. */
static bool is_list_content(Dwarf_Die *die)
{
    Dwarf_Die type = *die, inner;
    int tag = dwarf_tag(&type);
    if (tag != DW_TAG_pointer_type && tag != DW_TAG_array_type)
        return is_record_tag(tag) && !has_line(&type);
    if (!die_type(&type, &inner) || !die_peel(&inner, true, NULL, NULL))
        return tag == DW_TAG_pointer_type;
    return tag == DW_TAG_pointer_type ? dwarf_tag(&inner) == DW_TAG_base_type : !has_line(&inner);
}

/* Whether it is the compiler's own list of unnamed arguments. */
static bool is_list(Dwarf_Die *die)
{
    Dwarf_Die content = *die, named = *die;
    return die_peel(&named, false, NULL, NULL) && dwarf_tag(&named) == DW_TAG_typedef &&
           is_list_name(die_name(&named)) && die_peel(&content, true, NULL, NULL) &&
           is_list_content(&content);
}

static bool is_integer(const struct reader *reader, Dwarf_Die *die, int size_bytes)
{
    Dwarf_Die type = *die;
    uint64_t size, encoding = 0, meant = size_bytes ? (uint64_t)size_bytes : reader->pointer_bytes;
    if (!die_peel(&type, true, NULL, NULL) || dwarf_tag(&type) != DW_TAG_base_type ||
        !die_number(&type, DW_AT_byte_size, &size))
        return false;
    die_number(&type, DW_AT_encoding, &encoding);
    return encoding != DW_ATE_float && encoding != DW_ATE_boolean &&
           (size_bytes < 0 || size == meant);
}

static const char *standard_word(const struct reader *reader, Dwarf_Die *die)
{
    const char *name = die_name(die);
    const struct standard_word *standard =
        name && reader->language->has_c_names ? standard_word_of(name) : NULL;
    if (!standard || dwarf_hasattr(die, DW_AT_alignment))
        return NULL;
    bool is_meant = strcmp(standard->word, "va_list") == 0
                        ? is_list(die)
                        : is_integer(reader, die, standard->size_bytes);
    return is_meant ? standard->word : NULL;
}

/* The function type that a type is, or points to, as it is written. */
static bool function_behind(Dwarf_Die *die, Dwarf_Die *function)
{
    Dwarf_Die inner;
    if (!die_type(die, function) || !die_peel(function, false, NULL, NULL))
        return false;
    if (dwarf_tag(function) == DW_TAG_pointer_type) {
        if (!die_type(function, &inner) || !die_peel(&inner, false, NULL, NULL))
            return false;
        *function = inner;
    }
    return dwarf_tag(function) == DW_TAG_subroutine_type;
}

static bool fill_typedef(struct reader *reader, struct entry *entry, Dwarf_Die *die)
{
    Dwarf_Die function;
    if (function_behind(die, &function)) {
        entry->form = FORM_FUNCTION_POINTER;
        if (!convention_word(reader, &function, &entry->convention))
            return false;
        entry->text = signature_text(reader, &function, false);
        return entry->text;
    }
    entry->form = FORM_ALIAS;
    Dwarf_Die target;
    bool is_opaque = die_type(die, &target) && die_peel(&target, true, NULL, NULL) &&
                     is_record_tag(dwarf_tag(&target)) && is_declaration(&target);
    reader->pointer_depth += is_opaque;
    entry->text = type_expression_of(reader, die);
    reader->pointer_depth -= is_opaque;
    return entry->text;
}

/* typedef struct {...} name, typedef struct name name: the name is that of the record or enum itself. */
static bool names_a_tag(const char *name, Dwarf_Die *target)
{
    int tag = dwarf_tag(target);
    const char *own = die_name(target);
    return (is_record_tag(tag) || tag == DW_TAG_enumeration_type) &&
           (!own || strcmp(own, name) == 0);
}

static const char *tag_expression(struct reader *reader, Dwarf_Die *target, const char *name)
{
    return dwarf_tag(target) == DW_TAG_enumeration_type ? enum_expression(reader, target, name)
                                                        : record_expression(reader, target, name);
}

/* NULL: refused, or there are too many. */
static struct entry *typedef_entry(struct reader *reader, Dwarf_Die *die, const char *name)
{
    struct entry *entry = names_find(&reader->names, die->addr);
    if (entry)
        return entry;
    const char *wish = scoped_name(reader, die, name);
    const char *content = content_of(reader, die);
    entry = identity_find(reader, wish, content);
    if (entry) {
        names_keep(&reader->names, die->addr, entry);
        return entry;
    }
    entry = new_type(reader, die, wish, "type");
    if (!entry)
        return NULL;
    entry->c_name = wish;
    identity_keep(reader, wish, content, entry);
    struct scope scope = enter_entry(reader, entry);
    entry->form = FORM_ALIAS;
    entry->text = ""; /* until it is known: it may name itself */
    if (!fill_typedef(reader, entry, die))
        entry->refusal = reader->why ? reader->why : "nothing is said of it";
    leave_entry(reader, scope);
    return entry;
}

static const char *typedef_expression(struct reader *reader, Dwarf_Die *die)
{
    const char *name = die_name(die);
    const char *word = standard_word(reader, die);
    Dwarf_Die target;
    if (word)
        return word;
    if (!die_type(die, &target))
        return type_expression_of(reader, die);
    Dwarf_Die peeled = target;
    if (!name || !die_peel(&peeled, true, NULL, NULL))
        return type_expression(reader, &target);
    if (names_a_tag(name, &target)) {
        reader->said_align_bytes = 0;
        die_number(die, DW_AT_alignment, &reader->said_align_bytes);
        return tag_expression(reader, &target, name);
    }
    if (dwarf_hasattr(die, DW_AT_alignment))
        return type_expression(reader, &target);
    struct entry *entry = typedef_entry(reader, die, name);
    if (!entry)
        return NULL;
    bool is_known = entry->text && *entry->text;
    if (!entry->refusal && (is_known || reader->pointer_depth > 0))
        return refer(reader, entry);
    unsaid(reader, "%s, which is %s", entry->c_name,
           entry->refusal ? "left out" : "defined by itself");
    return NULL;
}

void import_typedef(struct reader *reader, Dwarf_Die *die)
{
    Dwarf_Die target;
    if (!die_type(die, &target) || !die_peel(&target, true, NULL, NULL))
        return; /* void */
    bool is_opaque = is_record_tag(dwarf_tag(&target)) && is_declaration(&target);
    reader->pointer_depth += is_opaque;
    type_expression(reader, die); /* refusals are kept with the entry */
    reader->pointer_depth -= is_opaque;
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

/* ---- signatures ---------------------------------------------------------------------------------- */

bool convention_word(struct reader *reader, Dwarf_Die *function, const char **word)
{
    uint64_t convention = DW_CC_normal;
    *word = NULL;
    die_number(function, DW_AT_calling_convention, &convention);
    if (convention == DW_CC_normal)
        return true;
    unsaid(reader,
           convention == DW_CC_nocall ? "a convention that only its callers know"
                                      : "the calling convention 0x%" PRIx64,
           convention);
    return false;
}

/* Alignment that only a name says, and that values of it do not have on every target. */
static bool is_aligned_by_name(Dwarf_Die *die)
{
    Dwarf_Die type = *die;
    for (int i = 0; i < DEPTH_MAX && dwarf_tag(&type) == DW_TAG_typedef; i++) {
        Dwarf_Die next;
        if (dwarf_hasattr(&type, DW_AT_alignment))
            return true;
        if (!die_type(&type, &next) || !die_peel(&next, false, NULL, NULL))
            return false;
        type = next;
    }
    return false;
}

/* Constructors and destructors: of what has some, C++ may pass the address. */
static bool has_special_functions(Dwarf_Die *record)
{
    Dwarf_Die child;
    const char *name = die_name(record);
    for (bool more = die_child(record, &child); more; more = die_next(&child)) {
        const char *called = dwarf_tag(&child) == DW_TAG_subprogram ? die_name(&child) : NULL;
        bool is_virtual = called && dwarf_hasattr(&child, DW_AT_virtuality);
        if (called && (is_virtual || *called == '~' || !name ||
                       strncmp(called, name, strcspn(name, "<")) == 0))
            return true;
    }
    return false;
}

/* Whether values of a type are passed as C's are. Some compilers say it of each class. */
static bool is_copied_as_bytes(Dwarf_Die *die, unsigned depth, unsigned *budget)
{
    Dwarf_Die type = *die, child, inner;
    uint64_t convention = 0;
    if (depth > 8 || *budget == 0)
        return false;
    --*budget;
    if (!die_peel(&type, true, NULL, NULL))
        return true;
    if (dwarf_tag(&type) == DW_TAG_array_type)
        return !die_type(&type, &inner) || is_copied_as_bytes(&inner, depth + 1, budget);
    if (!is_record_tag(dwarf_tag(&type)))
        return true;
    if (die_number(&type, DW_AT_calling_convention, &convention))
        return convention != DW_CC_pass_by_reference;
    if (has_special_functions(&type))
        return false;
    for (bool more = die_child(&type, &child); more; more = die_next(&child))
        if (dwarf_tag(&child) == DW_TAG_member && die_type(&child, &inner) &&
            !is_copied_as_bytes(&inner, depth + 1, budget))
            return false;
    return true;
}

static bool is_passable(struct reader *reader, Dwarf_Die *type)
{
    Dwarf_Die peeled = *type;
    if (!die_peel(&peeled, true, NULL, NULL)) {
        unsaid(reader, "a value of no type");
        return false;
    }
    unsigned budget = LOOKS_MAX;
    bool is_class = reader->language->has_c_layouts && reader->language->has_scopes;
    if (is_class && !is_copied_as_bytes(&peeled, 0, &budget)) {
        unsaid(reader, "a value of the class %s, which is passed by its address",
               die_name(&peeled) ? die_name(&peeled) : "without a name");
        return false;
    }
    if (is_aligned_by_name(type)) {
        unsaid(reader, "a value whose alignment only its name says");
        return false;
    }
    return true;
}

/* Where such a list is an array, what is passed is the address of its element. */
static bool is_list_element(Dwarf_Die *type)
{
    Dwarf_Die pointer = *type, element;
    if (!die_peel(&pointer, true, NULL, NULL) || dwarf_tag(&pointer) != DW_TAG_pointer_type ||
        !die_type(&pointer, &element))
        return false;
    const char *name = die_name(&element);
    return name && strcmp(name, "__va_list_tag") == 0;
}

/* How a parameter comes, of languages that pass addresses without saying so in its type. */
enum passing { PASSED_DIRECTLY, PASSED_BY_ADDRESS, PASSED_SOMEHOW };

static enum passing passing_of_location(const Dwarf_Op *operations, size_t count)
{
    if (count == 0)
        return PASSED_SOMEHOW;
    unsigned first = operations[0].atom;
    if (count == 1 && ((first >= DW_OP_reg0 && first <= DW_OP_reg31) || first == DW_OP_regx ||
                       first == DW_OP_fbreg))
        return PASSED_DIRECTLY;
    bool is_from_register = first >= DW_OP_breg0 && first <= DW_OP_breg31;
    if (count == 1 && is_from_register) /* in memory: of the frame, or where a register points to */
        return operations[0].number == 0 ? PASSED_BY_ADDRESS : PASSED_DIRECTLY;
    bool is_pointed_to = count == 2 && (first == DW_OP_fbreg || is_from_register) &&
                         operations[1].atom == DW_OP_deref;
    return is_pointed_to ? PASSED_BY_ADDRESS : PASSED_SOMEHOW;
}

static enum passing passing_of(Dwarf_Die *parameter)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t count;
    Dwarf_Addr base, start, end;
    if (!dwarf_attr_integrate(parameter, DW_AT_location, &attribute))
        return PASSED_SOMEHOW;
    if (dwarf_getlocation(&attribute, &operations, &count) == 0 ||
        dwarf_getlocations(&attribute, 0, &base, &start, &end, &operations, &count) > 0)
        return passing_of_location(operations, count);
    return PASSED_SOMEHOW;
}

static const char *parameter_by_address(struct reader *reader, Dwarf_Die *type)
{
    bool is_const = false;
    Dwarf_Die element, peeled = *type;
    bool is_array = die_peel(&peeled, true, &is_const, NULL) &&
                    dwarf_tag(&peeled) == DW_TAG_array_type && die_type(&peeled, &element);
    return pointer_to(reader, is_array ? &element : type, is_array ? "ptr" : "ref");
}

/* Hidden parameters of constructors and destructors are not all there. */
static bool is_made_up(const struct reader *reader, Dwarf_Die *parameter)
{
    const char *name = die_name(parameter);
    return reader->language->has_scopes && die_flag(parameter, DW_AT_artificial) &&
           !(name && strcmp(name, "this") == 0);
}

static const char *parameter_expression(struct reader *reader, Dwarf_Die *parameter,
                                        bool is_of_function)
{
    Dwarf_Die type, peeled;
    if (!die_type(parameter, &type))
        return type_expression_of(reader, parameter);
    if (is_made_up(reader, parameter)) {
        unsaid(reader, "a parameter that the compiler adds");
        return NULL;
    }
    if (reader->language->passes_addresses && is_of_function) {
        enum passing passing = passing_of(parameter);
        if (passing == PASSED_BY_ADDRESS)
            return parameter_by_address(reader, &type);
        if (passing == PASSED_SOMEHOW) {
            unsaid(reader, "it is not said whether a parameter is passed by its address");
            return NULL;
        }
    }
    if (is_list(&type) || is_list_element(&type))
        return "va_list";
    peeled = type;
    if (die_peel(&peeled, true, NULL, NULL) && dwarf_tag(&peeled) == DW_TAG_array_type &&
        !die_flag(&peeled, DW_AT_GNU_vector)) {
        unsaid(reader, "an array by value");
        return NULL;
    }
    return is_passable(reader, &type) ? type_expression(reader, &type) : NULL;
}

const char *result_expression(struct reader *reader, Dwarf_Die *function)
{
    Dwarf_Die type;
    if (!die_type(function, &type))
        return is_lost(reader, function) ? NULL : "void";
    Dwarf_Die peeled = type;
    uint64_t size_bytes = 1;
    if (!die_peel(&peeled, true, NULL, NULL))
        return "void";
    if (dwarf_tag(&peeled) == DW_TAG_base_type &&
        die_number(&peeled, DW_AT_byte_size, &size_bytes) && size_bytes == 0)
        return "void"; /* the value that says nothing */
    return is_passable(reader, &type) ? type_expression(reader, &type) : NULL;
}

/* A name that no parameter before has: `names` has `count` of them. */
static const char *parameter_name(Dwarf_Die *parameter, const char *const *names, size_t count)
{
    const char *name = die_name(parameter);
    if (!name || !name_is_possible(name))
        name = store_printf("p%zu", count);
    else if (name_is_reserved(name))
        name = store_printf("%s_", name);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) {
            name = store_printf("%s_", name);
            i = (size_t)-1; /* from the start again */
        }
    return name;
}

struct signature {
    struct text text;
    const char *names[PARAMETERS_MAX];
    size_t count;
    bool is_variadic;
};

static bool add_parameter(struct reader *reader, struct signature *signature, Dwarf_Die *parameter,
                          bool with_names)
{
    if (signature->count == PARAMETERS_MAX) {
        unsaid(reader, "more than %d parameters", PARAMETERS_MAX);
        return false;
    }
    const char *type = parameter_expression(reader, parameter, with_names);
    if (!type)
        return false;
    const char *name =
        with_names ? parameter_name(parameter, signature->names, signature->count) : "";
    text_add(&signature->text, "%s%s%s%s", signature->count ? ", " : "", name,
             with_names ? " " : "", type);
    signature->names[signature->count++] = name;
    return true;
}

static bool add_parameters(struct reader *reader, struct signature *signature, Dwarf_Die *function,
                           bool with_names)
{
    Dwarf_Die child;
    for (bool more = die_child(function, &child); more; more = die_next(&child)) {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_unspecified_parameters)
            signature->is_variadic = true;
        else if (tag == DW_TAG_formal_parameter &&
                 !add_parameter(reader, signature, &child, with_names))
            return false;
    }
    return true;
}

static bool is_prototyped(struct reader *reader, Dwarf_Die *function, const struct signature *has)
{
    bool says_nothing = has->is_variadic && has->count == 0 && !reader->language->has_c_names;
    if ((!reader->language->says_prototyped && !says_nothing) ||
        die_flag(function, DW_AT_prototyped))
        return true;
    /* A definition without parameters takes none, whether it says so or not. */
    if (dwarf_tag(function) == DW_TAG_subprogram && has->count == 0 && !has->is_variadic &&
        !is_declaration(function))
        return true;
    unsaid(reader, "its parameters are not declared");
    return false;
}

const char *signature_text(struct reader *reader, Dwarf_Die *function, bool with_names)
{
    /* A pointer to the function is enough to call it: what it takes must be known. */
    unsigned depth = reader->pointer_depth;
    reader->pointer_depth = 0;
    struct signature *signature = store_new(1, sizeof *signature);
    text_add(&signature->text, "(");
    const char *result = NULL;
    if (add_parameters(reader, signature, function, with_names) &&
        is_prototyped(reader, function, signature))
        result = result_expression(reader, function);
    reader->pointer_depth = depth;
    if (!result)
        return NULL;
    if (signature->is_variadic)
        text_add(&signature->text, "%s...", signature->count ? ", " : "");
    text_add(&signature->text, ")");
    if (!with_names || strcmp(result, "void") != 0)
        text_add(&signature->text, " -> %s", result);
    return signature->text.chars;
}
