/* Names of types that C programs give. */
#include "importer.h"

#include "attributes.h"

#include <string.h>

/* Whether it is the compiler's own list of unnamed arguments, and not something that a header calls so. */
static bool is_list(CXCursor declaration)
{
    const char *name = store_take(clang_getCursorSpelling(declaration));
    if (strcmp(name, "__builtin_va_list") == 0)
        return true;
    CXType of = without_sugar(clang_getTypedefDeclUnderlyingType(declaration));
    return of.kind == CXType_Typedef && is_list(clang_getTypeDeclaration(of));
}

/* Whether it is what its name promises: an integer of that size, aligned as such. */
static bool is_integer(const struct importer *importer, CXCursor declaration, int size_bytes)
{
    CXType type = clang_getCursorType(declaration);
    CXType canonical = clang_getCanonicalType(type);
    long long meant = size_bytes ? size_bytes : importer->unit->pointer_bytes;
    bool is_scalar = canonical.kind >= CXType_Bool && canonical.kind <= CXType_Int128;
    return is_scalar && !typedef_changes_alignment(type) &&
           (size_bytes < 0 || clang_Type_getSizeOf(type) == meant);
}

static const char *standard_word(const struct importer *importer, CXCursor declaration)
{
    const struct standard_word *word =
        standard_word_of(store_take(clang_getCursorSpelling(declaration)));
    if (!word)
        return NULL;
    bool is_meant = strcmp(word->word, "va_list") == 0
                        ? is_list(declaration)
                        : is_integer(importer, declaration, word->size_bytes);
    return is_meant ? word->word : NULL;
}

bool typedef_changes_alignment(CXType type)
{
    long long own = clang_Type_getAlignOf(type);
    return own > 0 && own != clang_Type_getAlignOf(clang_getCanonicalType(type));
}

/* Whether the name is that of the record or enum itself: `typedef struct {...} name`, `typedef struct name name`. */
static bool names_a_tag(CXCursor declaration, CXType canonical)
{
    if (canonical.kind != CXType_Record && canonical.kind != CXType_Enum)
        return false;
    CXCursor tagged = clang_getTypeDeclaration(canonical);
    return !has_tag(tagged) || strcmp(store_take(clang_getCursorSpelling(tagged)),
                                      store_take(clang_getCursorSpelling(declaration))) == 0;
}

static bool fill_function(struct importer *importer, struct entry *entry, CXType function)
{
    const char *convention = convention_of(function);
    if (convention && !*convention) {
        unsaid(importer, "its calling convention");
        return false;
    }
    entry->form = FORM_FUNCTION_POINTER;
    entry->convention = convention;
    entry->text = signature_of_type(importer, function);
    return entry->text;
}

/* The function type that a type is, or points to, as it is written. */
static bool function_behind(CXType type, CXType *function)
{
    *function = without_sugar(type);
    if (function->kind == CXType_Pointer)
        *function = clang_getPointeeType(*function);
    return function->kind != CXType_Typedef && function->kind != CXType_Elaborated &&
           is_function(clang_getCanonicalType(*function));
}

static bool fill(struct importer *importer, struct entry *entry, CXCursor declaration)
{
    CXType target = clang_getTypedefDeclUnderlyingType(declaration);
    CXType canonical = clang_getCanonicalType(target);
    CXType function;
    if (!is_sayable(importer, declaration, attributes_of(importer->unit, declaration).unknown))
        return false;
    if (function_behind(target, &function))
        return fill_function(importer, entry, function);
    entry->form = FORM_ALIAS;
    bool is_incomplete = clang_Type_getSizeOf(canonical) < 0;
    importer->pointer_depth += is_incomplete;
    entry->text = type_expression(importer, target);
    importer->pointer_depth -= is_incomplete;
    return entry->text;
}

/* The entry of a typedef of the header's own. NULL: it has none, see what it stands for. */
static struct entry *entry_of(struct importer *importer, CXCursor declaration)
{
    struct entry *entry = names_find(&importer->names, key_of(declaration));
    if (entry)
        return entry;
    CXType target = clang_getTypedefDeclUnderlyingType(declaration);
    CXType canonical = clang_getCanonicalType(target);
    if (!unit_is_own(importer->unit, declaration) || standard_word(importer, declaration) ||
        names_a_tag(declaration, canonical) || canonical.kind == CXType_Void ||
        canonical.kind == CXType_IncompleteArray ||
        (clang_Type_getSizeOf(canonical) >= 0 &&
         typedef_changes_alignment(clang_getCursorType(declaration))))
        return NULL;
    entry =
        new_type(importer, declaration, store_take(clang_getCursorSpelling(declaration)), "type");
    struct scope scope = enter_entry(importer, entry);
    if (!fill(importer, entry, declaration))
        entry->refusal = importer->why;
    leave_entry(importer, scope);
    return entry;
}

const char *typedef_expression(struct importer *importer, CXType type)
{
    CXCursor declaration = clang_getTypeDeclaration(type);
    const char *word = standard_word(importer, declaration);
    if (word)
        return word;
    struct entry *entry = entry_of(importer, declaration);
    if (!entry)
        return NULL;
    if (!entry->refusal)
        return refer(importer, entry);
    unsaid(importer, "%s, which is left out", entry->c_name);
    return NULL;
}

void note_alignment(struct importer *importer, CXType type)
{
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind == CXType_Record && typedef_changes_alignment(type) &&
        is_named_by_typedef(clang_getTypeDeclaration(canonical)))
        importer->aligned = type;
}

void import_typedef(struct importer *importer, CXCursor declaration)
{
    CXType type = clang_getCursorType(declaration);
    CXType canonical = clang_getCanonicalType(type);
    if (!names_a_tag(declaration, canonical)) {
        entry_of(importer, declaration);
        return;
    }
    bool is_incomplete = clang_Type_getSizeOf(canonical) < 0;
    importer->pointer_depth += is_incomplete;
    type_expression(importer, type); /* refusals are kept with the entry */
    importer->pointer_depth -= is_incomplete;
}
