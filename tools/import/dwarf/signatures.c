/* Signatures: what functions take and return. */
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

enum { PARAMETERS_MAX = 1000 };

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

/*
 * With -g1 compilers name functions alone, which look like those that take and return nothing. Then the unit has no type either.
 */
static bool says_parameters(struct reader *reader, Dwarf_Die *function, const struct signature *has)
{
    if (has->count || has->is_variadic || !reader->is_without_types ||
        dwarf_tag(function) != DW_TAG_subprogram || dwarf_hasattr_integrate(function, DW_AT_type))
        return true;
    Dwarf_Die unit;
    Dwarf_Attribute attribute;
    const char *producer = NULL;
    if (dwarf_diecu(function, &unit, NULL, NULL) && dwarf_attr(&unit, DW_AT_producer, &attribute))
        producer = dwarf_formstring(&attribute);
    return !reader->language->says_prototyped && !(producer && strstr(producer, " -g1"));
}

static bool is_prototyped(struct reader *reader, Dwarf_Die *function, const struct signature *has)
{
    bool says_nothing = has->is_variadic && has->count == 0 && !reader->language->has_c_names;
    if (die_flag(function, DW_AT_prototyped))
        return true;
    if (!reader->language->says_prototyped && !says_nothing &&
        says_parameters(reader, function, has))
        return true;
    if (!says_parameters(reader, function, has)) {
        unsaid(reader, "its parameters and its result are not told: compile with -g, not with -g1");
        return false;
    }
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
