/* The units of a binary, and what is declared in them. */
#include "reader.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* What is known of languages. Others, and what is not said here: nothing as in C. */
#define C_LIKE(number, text) \
    .code = number, .name = text, .has_c_names = true, .has_c_layouts = true, .has_c_calls = true
#define C(number)   {C_LIKE(number, "C"), .says_prototyped = true}
#define CPP(number) {C_LIKE(number, "C++"), .has_scopes = true}
#define WITH_ADDRESSES(number, text) \
    .code = number, .name = text, .has_c_calls = true, .passes_addresses = true
#define FORTRAN(number)                                                                     \
    {WITH_ADDRESSES(number, "Fortran"), .exports_constants = true, .is_column_major = true, \
     .lower_bound = 1}
#define ADA(number) {WITH_ADDRESSES(number, "Ada"), .exports_constants = true, .lower_bound = 1}
static const struct language languages[] = {
    C(DW_LANG_C89),
    C(DW_LANG_C),
    C(DW_LANG_C99),
    C(DW_LANG_C11),
    C(0x2c), /* C17 */
    C(DW_LANG_ObjC),
    CPP(DW_LANG_C_plus_plus),
    CPP(DW_LANG_C_plus_plus_03),
    CPP(DW_LANG_C_plus_plus_11),
    CPP(DW_LANG_C_plus_plus_14),
    CPP(0x2a), /* C++17 */
    CPP(0x2b), /* C++20 */
    FORTRAN(DW_LANG_Fortran77),
    FORTRAN(DW_LANG_Fortran90),
    FORTRAN(DW_LANG_Fortran95),
    FORTRAN(DW_LANG_Fortran03),
    FORTRAN(DW_LANG_Fortran08),
    ADA(DW_LANG_Ada83),
    ADA(DW_LANG_Ada95),
    {WITH_ADDRESSES(DW_LANG_Pascal83, "Pascal"), .has_value_constants = true},
    {.code = DW_LANG_Rust, .name = "Rust", .has_scopes = true},
    {.code = 0, .name = "a language that is not known", .has_scopes = true},
};

static const struct language *language_of_code(int code)
{
    size_t i = 0;
    while (languages[i].code != code && languages[i].code != 0)
        i++;
    return &languages[i];
}

struct position enter_unit(struct reader *reader, Dwarf_Die *die)
{
    struct position position = {reader->language, reader->unit};
    Dwarf_Die unit;
    if (die->cu == reader->unit)
        return position;
    reader->unit = die->cu;
    int code = dwarf_cu_info(die->cu, NULL, NULL, &unit, NULL, NULL, NULL, NULL) == 0
                   ? dwarf_srclang(&unit)
                   : 0;
    if (code > 0) /* parts that several units have in common say none */
        reader->language = language_of_code(code);
    return position;
}

void leave_unit(struct reader *reader, struct position position)
{
    reader->language = position.language;
    reader->unit = position.unit;
}

/* ---- scopes -------------------------------------------------------------------------------------- */

/* Types in namespaces and in types are known by these, too: their declarations do not say in what they are. */
static void note_scopes(struct reader *reader, Dwarf_Die *parent, const char *scope, unsigned depth)
{
    Dwarf_Die child;
    if (depth > DEPTH_MAX)
        return;
    for (bool more = die_child(parent, &child); more; more = die_next(&child)) {
        int tag = dwarf_tag(&child);
        const char *name = die_name(&child);
        if (scope && tag != DW_TAG_member)
            keep_scope(reader, &child, scope);
        if (tag != DW_TAG_namespace && tag != DW_TAG_module && !is_record_tag(tag))
            continue;
        const char *inner = scope && name ? store_printf("%s-%s", scope, name) : name;
        note_scopes(reader, &child, inner ? inner : scope, depth + 1);
    }
}

/* ---- declarations -------------------------------------------------------------------------------- */

/* Enums without a name may get one from a typedef, which comes later. */
static bool is_nameless_enum(Dwarf_Die *die)
{
    return dwarf_tag(die) == DW_TAG_enumeration_type && !die_name(die);
}

static void visit(struct reader *reader, Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    bool is_declared = is_declaration(die);
    if (tag == DW_TAG_subprogram)
        import_function(reader, die);
    else if (tag == DW_TAG_typedef)
        import_typedef(reader, die);
    else if (tag == DW_TAG_enumeration_type && !is_declared)
        enum_expression(reader, die, NULL);
    else if (is_record_tag(tag) && !is_declared && die_name(die))
        record_expression(reader, die, NULL);
    else if (tag == DW_TAG_variable || tag == DW_TAG_constant ||
             (tag == DW_TAG_member &&
              die_flag(die, DW_AT_external))) /* of a class, before DWARF 5 */
        import_variable(reader, die);
}

/* Parts of units that several binaries have in common are in a file of their own (dwz): what this one refers to is its own. */
struct parts {
    const void *unit;
    bool nameless_enums;
    struct parts *next;
};

static bool is_new_part(struct reader *reader, Dwarf_Die *part, bool nameless_enums)
{
    const struct binary *binary = reader->binary;
    if (dwarf_cu_getdwarf(part->cu) != dwarf_getalt(binary->dwarf))
        return false; /* it is among the units of the binary */
    for (const struct parts *other = reader->parts; other; other = other->next)
        if (other->unit == part->cu && other->nameless_enums == nameless_enums)
            return false;
    struct parts *added = store_new(1, sizeof *added);
    *added = (struct parts){part->cu, nameless_enums, reader->parts};
    reader->parts = added;
    return true;
}

static void visit_children(struct reader *reader, Dwarf_Die *parent, unsigned depth,
                           bool nameless_enums);

static void visit_part(struct reader *reader, Dwarf_Die *imported, unsigned depth,
                       bool nameless_enums)
{
    Dwarf_Die part;
    if (depth < DEPTH_MAX && die_reference(imported, DW_AT_import, &part) &&
        is_new_part(reader, &part, nameless_enums))
        visit_children(reader, &part, depth + 1, nameless_enums);
}

static void visit_children(struct reader *reader, Dwarf_Die *parent, unsigned depth,
                           bool nameless_enums)
{
    Dwarf_Die child;
    for (bool more = die_child(parent, &child); more; more = die_next(&child)) {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_imported_unit)
            visit_part(reader, &child, depth, nameless_enums);
        if (is_nameless_enum(&child) != nameless_enums)
            continue;
        reader->current = NULL;
        reader->pointer_depth = reader->work = 0;
        visit(reader, &child);
        define_rest(reader);
        bool has_inner = tag == DW_TAG_namespace || tag == DW_TAG_module ||
                         (is_record_tag(tag) && reader->language->has_scopes);
        if (has_inner && depth < DEPTH_MAX)
            visit_children(reader, &child, depth + 1, nameless_enums);
    }
}

typedef void each_unit(struct reader *reader, Dwarf_Die *unit);

static void each_scope(struct reader *reader, Dwarf_Die *unit)
{
    if (reader->language->has_scopes)
        note_scopes(reader, unit, NULL, 0);
}

static bool has_type(Dwarf_Die *unit)
{
    Dwarf_Die child;
    for (bool more = die_child(unit, &child); more; more = die_next(&child)) {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_base_type || tag == DW_TAG_pointer_type || tag == DW_TAG_imported_unit ||
            tag == DW_TAG_typedef || tag == DW_TAG_enumeration_type || is_record_tag(tag))
            return true;
    }
    return false;
}

/* Of -g3: they are texts, which a compiler would have to evaluate. */
static void note_macros(struct reader *reader, Dwarf_Die *unit)
{
    static const unsigned names[] = {DW_AT_macros, DW_AT_GNU_macros, DW_AT_macro_info};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (dwarf_hasattr(unit, names[i])) {
            count_out(reader->model,
                      "units whose macros are not read (`abide import c` reads those of headers)");
            return;
        }
}

static void each_declaration(struct reader *reader, Dwarf_Die *unit)
{
    note_macros(reader, unit);
    reader->is_without_types = !has_type(unit);
    visit_children(reader, unit, 0, false);
    visit_children(reader, unit, 0, true);
}

static void units(struct reader *reader, Dwarf *dwarf, each_unit *each)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Half version;
    uint8_t type, address_bytes;
    Dwarf_Die die, sub;
    reader->language = &languages[0];
    reader->unit = NULL;
    while (dwarf_get_units(dwarf, unit, &unit, &version, &type, &die, &sub) == 0) {
        bool is_split = type == DW_UT_skeleton && sub.addr;
        Dwarf_Die *root = is_split ? &sub : &die;
        if (type == DW_UT_skeleton && !is_split) {
            if (each == each_declaration)
                count_out(reader->model, "split units whose file is not there");
            continue;
        }
        if (dwarf_cu_info(root->cu, NULL, NULL, NULL, NULL, NULL, &address_bytes, NULL) == 0 &&
            !reader->pointer_bytes)
            reader->pointer_bytes = address_bytes;
        enter_unit(reader, root);
        each(reader, root);
    }
}

/* Compilers have an order of their own: that of the source is what readers expect. */
static int compare_places(const void *a, const void *b)
{
    const struct entry *one = *(struct entry *const *)a, *other = *(struct entry *const *)b;
    int files = strcmp(one->place.file, other->place.file);
    if (files != 0)
        return files;
    if (one->place.line != other->place.line)
        return one->place.line < other->place.line ? -1 : 1;
    return strcmp(one->name, other->name);
}

static void sort(struct entries *entries)
{
    if (entries->count)
        qsort(entries->items, entries->count, sizeof *entries->items, compare_places);
}

void walk(struct reader *reader, Dwarf *dwarf)
{
    units(reader, dwarf, each_scope);
    units(reader, dwarf, each_declaration);
    sort(&reader->model->types);
    sort(&reader->model->functions);
    constants_sort(reader);
}
