/* Structs and unions: their members, and how clang has laid them out. */
#include "importer.h"

#include "attributes.h"

#include <string.h>

#define PACK_MAX 16

/* ---- #pragma pack ------------------------------------------------------------------------------ */

struct packed_member {
    uint64_t offset_bits, size_bits;
    uint64_t align_bytes; /* without the pragma */
    bool is_bit_field, counts;
};

/* What the members of a record tell about the packing that is in force. */
struct packing {
    LIST(struct packed_member) members;
    bool is_in_force, has_bit_fields;
};

static uint64_t round_up(uint64_t value, uint64_t unit)
{
    return (value + unit - 1) / unit * unit;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Whether members would lie where they do, and the record be aligned as it is, if none were aligned to more than `pack_bytes`. */
static bool is_consistent(const struct packing *packing, const struct record *record,
                          uint64_t pack_bytes, uint64_t align_bytes)
{
    bool is_struct = strcmp(record->keyword, "struct") == 0;
    bool end_is_known = true;
    uint64_t end_bits = 0, largest = 1;
    for (size_t i = 0; i < packing->members.count; i++) {
        const struct packed_member *member = &packing->members.items[i];
        uint64_t align = least(member->align_bytes, pack_bytes);
        if (member->counts && align > largest)
            largest = align;
        if (member->is_bit_field || !is_struct) {
            end_is_known = !is_struct;
            continue;
        }
        if (member->offset_bits % (8 * align) != 0 ||
            (end_is_known && member->offset_bits != round_up(end_bits, 8 * align)))
            return false;
        end_bits = member->offset_bits + member->size_bits;
        end_is_known = true;
    }
    return record->align_bytes ? largest <= align_bytes : largest == align_bytes;
}

/* libclang says that there is a pragma, and not which: the largest that explains the layout has no other effect. */
static bool find_pack(struct importer *importer, const struct packing *packing,
                      struct record *record, uint64_t align_bytes)
{
    if (!packing->is_in_force)
        return true;
    if (!packing->has_bit_fields && is_consistent(packing, record, UINT64_MAX, align_bytes))
        return true;
    if (packing->has_bit_fields && record->align_bytes) {
        unsaid(importer, "#pragma pack together with an alignment and bit-fields");
        return false;
    }
    for (record->pack_bytes = PACK_MAX; record->pack_bytes > 0; record->pack_bytes /= 2)
        if (is_consistent(packing, record, record->pack_bytes, align_bytes))
            return true;
    unsaid(importer, "a packing that its layout does not tell");
    return false;
}

static enum CXChildVisitResult find_hidden(CXCursor child, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (clang_getCursorKind(child) == CXCursor_UnexposedAttr)
        *(bool *)data = true;
    return CXChildVisit_Continue;
}

/* ---- members ----------------------------------------------------------------------------------- */

struct reading {
    struct importer *importer;
    struct record *record;
    struct packing packing;
    const char *name; /* of the record, for what is defined in it */
    LIST(uint64_t) offsets_bits;
    bool failed;
};

static bool define(struct importer *importer, CXCursor declaration, struct record *record,
                   const char *name);

static bool has_name(CXCursor field)
{
    const char *name = store_take(clang_getCursorSpelling(field));
    return *name && !strchr(name, '(');
}

/* The record or enum without a tag that a field's type defines, behind its dimensions. */
static bool is_defined_in_place(CXType type, CXCursor *declaration, bool *has_dimensions)
{
    *has_dimensions = false;
    type = without_sugar(type);
    while (type.kind == CXType_ConstantArray || type.kind == CXType_IncompleteArray) {
        *has_dimensions = true;
        type = without_sugar(clang_getArrayElementType(type));
    }
    *declaration = clang_getTypeDeclaration(type);
    return (type.kind == CXType_Record || type.kind == CXType_Enum) && !has_tag(*declaration);
}

static const char *with_dimensions(CXType type, const char *element)
{
    type = without_sugar(type);
    if (type.kind != CXType_ConstantArray && type.kind != CXType_IncompleteArray)
        return element;
    const char *inner = with_dimensions(clang_getArrayElementType(type), element);
    return type.kind == CXType_IncompleteArray
               ? store_printf("array<%s>", inner)
               : store_printf("array<%s, %lld>", inner, clang_getArraySize(type));
}

static bool read_type(struct reading *reading, CXCursor field, struct member *member)
{
    struct importer *importer = reading->importer;
    CXType type = clang_getCursorType(field);
    CXCursor declaration;
    bool has_dimensions;
    if (!is_defined_in_place(type, &declaration, &has_dimensions)) {
        member->type = type_expression(importer, type);
        return member->type;
    }
    const char *name = store_printf("%s-%s", reading->name, member->name ? member->name : "part");
    if (!has_dimensions && clang_getCursorKind(declaration) != CXCursor_EnumDecl) {
        member->record = store_new(1, sizeof *member->record);
        return define(importer, clang_getCursorDefinition(declaration), member->record, name);
    }
    const char *element = hoisted_expression(importer, declaration, name);
    member->type = element ? with_dimensions(type, element) : NULL;
    return element;
}

/* What a typedef alone says of alignment is said of the field. */
static bool read_alignment(struct importer *importer, CXType type, bool is_in_place,
                           struct member *member)
{
    if (is_in_place || !typedef_changes_alignment(type))
        return true;
    if (member->is_bit_field) {
        unsaid(importer, "a bit-field of a type that is aligned by a typedef");
        return false;
    }
    uint64_t own = (uint64_t)clang_Type_getAlignOf(type);
    bool is_less = own < (uint64_t)clang_Type_getAlignOf(clang_getCanonicalType(type));
    if (is_less && !member->packed) {
        member->packed = true;
        if (own > 1 && own > member->align_bytes)
            member->align_bytes = own;
    } else if (!is_less && !member->packed && own > member->align_bytes)
        member->align_bytes = own;
    return true;
}

/* A number that clang has, which is negative if it has none. */
static bool read_offset(struct reading *reading, CXCursor field, uint64_t *offset_bits)
{
    long long offset = clang_Cursor_getOffsetOfField(field);
    if (offset < 0) {
        unsaid(reading->importer, "libclang does not know where %s is",
               store_take(clang_getCursorSpelling(field)));
        return false;
    }
    *offset_bits = (uint64_t)offset;
    return true;
}

static void note_packing(struct reading *reading, CXType type, const struct member *member,
                         uint64_t offset_bits)
{
    long long size_bytes = clang_Type_getSizeOf(type);
    long long natural = clang_Type_getAlignOf(type);
    bool packed = member->packed || reading->record->packed;
    uint64_t align = packed || natural < 1 ? 1 : (uint64_t)natural;
    if (member->align_bytes > align)
        align = member->align_bytes;
    bool counts = !member->is_bit_field || member->name;
    LIST_ADD(&reading->packing.members,
             (struct packed_member){offset_bits, size_bytes > 0 ? 8 * (uint64_t)size_bytes : 0,
                                    align, member->is_bit_field, counts});
    if (align > reading->record->member_align_bytes)
        reading->record->member_align_bytes = align;
    reading->packing.has_bit_fields |= member->is_bit_field;
}

static bool read_member(struct reading *reading, CXCursor field)
{
    struct importer *importer = reading->importer;
    CXType type = clang_getCursorType(field);
    struct attributes attributes = attributes_of(importer->unit, field);
    struct member member = {
        .packed = attributes.packed, .align_bytes = attributes.align_bytes, .doc = doc_of(field)};
    uint64_t offset_bits;
    if (has_name(field))
        member.name = store_take(clang_getCursorSpelling(field));
    if (member.name && !name_is_possible(member.name)) {
        unsaid(importer, "a field called %s", member.name);
        return false;
    }
    if (clang_Cursor_isBitField(field)) {
        member.is_bit_field = true;
        member.bits = (unsigned)clang_getFieldDeclBitWidth(field);
    }
    if (!is_sayable(importer, field, attributes.unknown) || !read_type(reading, field, &member) ||
        !read_alignment(importer, type, member.record, &member) ||
        !read_offset(reading, field, &offset_bits))
        return false;
    note_packing(reading, type, &member, offset_bits);
    LIST_ADD(&reading->record->members, member);
    LIST_ADD(&reading->offsets_bits, offset_bits);
    return true;
}

static enum CXVisitorResult visit_field(CXCursor field, CXClientData data)
{
    struct reading *reading = data;
    reading->failed = !read_member(reading, field);
    return reading->failed ? CXVisit_Break : CXVisit_Continue;
}

/* ---- records ----------------------------------------------------------------------------------- */

/* The name that says an alignment counts as the type: see note_alignment. */
static CXType measured_type(struct importer *importer, CXType type)
{
    CXType aligned = importer->aligned;
    importer->aligned = (CXType){0};
    bool is_meant = aligned.kind != CXType_Invalid &&
                    clang_equalTypes(clang_getCanonicalType(aligned), clang_getCanonicalType(type));
    return is_meant ? aligned : type;
}

static bool define(struct importer *importer, CXCursor declaration, struct record *record,
                   const char *name)
{
    CXType type = clang_getCursorType(declaration);
    CXType measured = measured_type(importer, type);
    long long size_bytes = clang_Type_getSizeOf(measured);
    long long align_bytes = clang_Type_getAlignOf(measured);
    struct attributes attributes = attributes_of(importer->unit, declaration);
    if (!is_sayable(importer, declaration, attributes.unknown))
        return false;
    if (size_bytes < 0 || align_bytes < 1 || size_bytes % align_bytes != 0) {
        unsaid(importer,
               size_bytes < 0 ? "it has no size" : "its name is aligned to more than its size");
        return false;
    }
    bool is_union = clang_getCursorKind(declaration) == CXCursor_UnionDecl;
    record->keyword = is_union ? "union" : "struct";
    record->packed = attributes.packed;
    record->align_bytes = attributes.align_bytes;
    if (measured.kind != type.kind && (uint64_t)align_bytes > record->align_bytes)
        record->align_bytes = (uint64_t)align_bytes;
    struct reading reading = {.importer = importer, .record = record, .name = name};
    clang_Type_visitFields(type, visit_field, &reading);
    if (reading.failed)
        return false;
    clang_visitChildren(declaration, find_hidden, &reading.packing.is_in_force);
    if (!find_pack(importer, &reading.packing, record, (uint64_t)align_bytes))
        return false;
    record->layouts = store_new(importer->targets->count, sizeof *record->layouts);
    record->layouts[importer->target] = (struct layout){
        true, (uint64_t)size_bytes, (uint64_t)align_bytes, reading.offsets_bits.items};
    return true;
}

static void define_entry(struct importer *importer, struct entry *entry, CXCursor declaration)
{
    struct scope scope = enter_entry(importer, entry);
    entry->form = FORM_RECORD; /* from here on: a record may point to itself */
    entry->record = store_new(1, sizeof *entry->record);
    if (!define(importer, declaration, entry->record, entry->name))
        entry->refusal = importer->why;
    leave_entry(importer, scope);
}

static const char *refer_to_record(struct importer *importer, CXCursor declaration,
                                   const char *wish)
{
    CXCursor definition = clang_getCursorDefinition(declaration);
    bool is_defined = !clang_Cursor_isNull(definition);
    if (is_defined)
        declaration = definition;
    struct entry *entry = names_find(&importer->names, key_of(declaration));
    if (!entry) {
        entry =
            new_type(importer, declaration, wish,
                     clang_getCursorKind(declaration) == CXCursor_UnionDecl ? "union" : "struct");
        entry->is_record = true;
    }
    bool is_by_value = importer->pointer_depth == 0;
    if (is_defined && entry->form == FORM_OPAQUE &&
        (is_by_value || unit_is_own(importer->unit, declaration)))
        define_entry(importer, entry, declaration);
    if (is_by_value && !is_defined) {
        unsaid(importer, "%s, which is not defined", entry->c_name);
        return NULL;
    }
    if (is_by_value && entry->refusal) {
        unsaid(importer, "%s, which is left out", entry->c_name);
        return NULL;
    }
    return refer(importer, entry);
}

const char *record_expression(struct importer *importer, CXCursor declaration)
{
    if (has_tag(declaration))
        return refer_to_record(importer, declaration,
                               store_take(clang_getCursorSpelling(declaration)));
    const char *owner = importer->current ? importer->current->name : "record";
    return refer_to_record(importer, declaration, store_printf("%s-record", owner));
}

const char *hoisted_expression(struct importer *importer, CXCursor declaration, const char *wish)
{
    if (clang_getCursorKind(declaration) != CXCursor_EnumDecl)
        return refer_to_record(importer, declaration, wish);
    return enum_expression(importer, declaration);
}
