/* Enums. */
#include "importer.h"

#include "attributes.h"

#include <inttypes.h>
#include <string.h>

struct reading {
    struct importer *importer;
    struct entry *entry;
    bool is_unsigned;
    bool is_wide; /* a value needs more than an int, and an unsigned one */
    bool has_negative, has_large;
    bool failed;
    unsigned comment_offset_bytes; /* of the last one that is a value's */
};

/* What is said of a value. libclang gives a comment also to the values behind its own: only a `;` or a brace ends it. */
static const char *comment_of(struct reading *reading, CXCursor cursor)
{
    unsigned offset_bytes;
    CXSourceRange range = clang_Cursor_getCommentRange(cursor);
    clang_getFileLocation(clang_getRangeStart(range), NULL, NULL, NULL, &offset_bytes);
    if (clang_Range_isNull(range) || offset_bytes == reading->comment_offset_bytes)
        return NULL;
    reading->comment_offset_bytes = offset_bytes;
    return doc_of(cursor);
}

static void read_enumerator(struct reading *reading, CXCursor cursor)
{
    struct enumerator enumerator = {.name = store_take(clang_getCursorSpelling(cursor)),
                                    .doc = comment_of(reading, cursor)};
    long long value = clang_getEnumConstantDeclValue(cursor);
    unsigned long long bits = clang_getEnumConstantDeclUnsignedValue(cursor);
    bool is_negative = !reading->is_unsigned && value < 0;
    enumerator.value = is_negative ? store_printf("%lld", value) : store_printf("%llu", bits);
    reading->has_negative |= is_negative;
    reading->has_large |= !is_negative && bits > INT32_MAX;
    reading->is_wide |= is_negative ? value < INT32_MIN : bits > UINT32_MAX;
    if (!name_is_possible(enumerator.name)) {
        unsaid(reading->importer, "a value called %s", enumerator.name);
        reading->failed = true;
    }
    LIST_ADD(&reading->entry->enumerators, enumerator);
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (clang_getCursorKind(cursor) == CXCursor_EnumConstantDecl)
        read_enumerator(data, cursor);
    return CXChildVisit_Continue;
}

static bool is_unsigned(CXType integer)
{
    const char *scalar = scalar_of(integer);
    return scalar &&
           (scalar[0] == 'u' || strncmp(scalar, "c_u", 3) == 0 || strcmp(scalar, "bool") == 0 ||
            clang_getCanonicalType(integer).kind == CXType_Char_U);
}

/* The integer is said where the ABI's own choice may be another: what C programs cannot see is what made it so. */
static const char *base_of(const struct reading *reading, CXType integer, long long size_bytes)
{
    bool needs_wide = reading->is_wide || (reading->has_negative && reading->has_large);
    if (size_bytes < 4 || (size_bytes > 4 && !needs_wide))
        return scalar_of(integer);
    return NULL;
}

static void define(struct importer *importer, struct entry *entry, CXCursor declaration)
{
    CXType integer = clang_getEnumDeclIntegerType(declaration);
    long long size_bytes = clang_Type_getSizeOf(clang_getCursorType(declaration));
    struct reading reading = {
        .importer = importer, .entry = entry, .is_unsigned = is_unsigned(integer)};
    clang_visitChildren(declaration, visit, &reading);
    entry->form = FORM_ENUM;
    struct attributes attributes = attributes_of(importer->unit, declaration);
    if (size_bytes < 1 || !scalar_of(integer)) {
        unsaid(importer, "it has no integer type");
        reading.failed = true;
    }
    if (reading.failed || !is_sayable(importer, declaration, attributes.unknown)) {
        entry->refusal = importer->why;
        return;
    }
    entry->base = base_of(&reading, integer, size_bytes);
    entry->sizes_bytes = store_new(importer->targets->count, sizeof *entry->sizes_bytes);
    entry->sizes_bytes[importer->target] = (uint64_t)size_bytes;
}

static enum CXChildVisitResult take_first(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (clang_getCursorKind(cursor) != CXCursor_EnumConstantDecl)
        return CXChildVisit_Continue;
    *(const char **)data = store_take(clang_getCursorSpelling(cursor));
    return CXChildVisit_Break;
}

/* One without a tag is called like its first value. */
static const char *wish_of(CXCursor declaration)
{
    if (has_tag(declaration))
        return store_take(clang_getCursorSpelling(declaration));
    const char *first = "";
    clang_visitChildren(declaration, take_first, &first);
    return store_printf("enum-%s", first);
}

const char *enum_expression(struct importer *importer, CXCursor declaration)
{
    CXCursor definition = clang_getCursorDefinition(declaration);
    if (clang_Cursor_isNull(definition)) {
        unsaid(importer, "%s, which is not defined",
               store_take(clang_getTypeSpelling(clang_getCursorType(declaration))));
        return NULL;
    }
    struct entry *entry = names_find(&importer->names, key_of(definition));
    if (!entry) {
        entry = new_type(importer, definition, wish_of(definition), "enum");
        struct scope scope = enter_entry(importer, entry);
        define(importer, entry, definition);
        leave_entry(importer, scope);
    }
    if (!entry->refusal)
        return refer(importer, entry);
    unsaid(importer, "%s, which is left out", entry->c_name);
    return NULL;
}
