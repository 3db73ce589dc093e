/* C types as type expressions. */
#include "importer.h"

#include "attributes.h"

#include <string.h>

static const struct {
    enum CXTypeKind kind;
    const char *scalar;
    bool is_float;
} scalars[] = {
    {CXType_Bool, "bool", false},
    {CXType_Char_S, "c_char", false},
    {CXType_Char_U, "c_char", false},
    {CXType_SChar, "c_schar", false},
    {CXType_UChar, "c_uchar", false},
    {CXType_Short, "c_short", false},
    {CXType_UShort, "c_ushort", false},
    {CXType_Int, "c_int", false},
    {CXType_UInt, "c_uint", false},
    {CXType_Long, "c_long", false},
    {CXType_ULong, "c_ulong", false},
    {CXType_LongLong, "c_longlong", false},
    {CXType_ULongLong, "c_ulonglong", false},
    {CXType_Int128, "i128", false},
    {CXType_UInt128, "u128", false},
    {CXType_WChar, "c_wchar", false},
    {CXType_Float16, "f16", true},
    {CXType_BFloat16, "bf16", true},
    {CXType_Float, "f32", true},
    {CXType_Double, "f64", true},
    {CXType_LongDouble, "c_longdouble", true},
    {CXType_Float128, "f128", true},
    {CXType_Ibm128, "c_longdouble", true},
};

static bool is_float(CXType type)
{
    CXType canonical = clang_getCanonicalType(type);
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        if (scalars[i].kind == canonical.kind)
            return scalars[i].is_float;
    return false;
}

const char *scalar_of(CXType type)
{
    CXType canonical = clang_getCanonicalType(type);
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        if (scalars[i].kind == canonical.kind)
            return scalars[i].scalar;
    return NULL;
}

static const char *spelling(CXType type)
{
    return store_take(clang_getTypeSpelling(type));
}

bool is_function(CXType canonical)
{
    return canonical.kind == CXType_FunctionProto || canonical.kind == CXType_FunctionNoProto;
}

/* ---- pointers ---------------------------------------------------------------------------------- */

/* Of functions that have a convention of their own, which only a type with a name can have. */
static const char *function_pointer_with_convention(struct importer *importer, CXType function,
                                                    const char *convention)
{
    for (size_t i = 0; i < importer->model->types.count; i++) {
        const struct entry *entry = importer->model->types.items[i];
        if (entry->form == FORM_FUNCTION_POINTER && entry->convention && !entry->place.file[0] &&
            strcmp(entry->c_name, spelling(function)) == 0)
            return refer(importer, entry);
    }
    struct entry *entry =
        new_type(importer, clang_getNullCursor(), store_printf("%s-function", convention), "type");
    entry->c_name = spelling(function);
    entry->form = FORM_FUNCTION_POINTER;
    entry->convention = convention;
    struct scope scope = enter_entry(importer, entry);
    entry->text = signature_of_type(importer, function);
    leave_entry(importer, scope);
    if (!entry->text)
        entry->refusal = importer->why;
    return entry->text ? refer(importer, entry) : NULL;
}

static const char *function_pointer(struct importer *importer, CXType function)
{
    const char *convention = convention_of(function);
    if (convention && !*convention) {
        unsaid(importer, "the calling convention of %s", spelling(function));
        return NULL;
    }
    if (convention)
        return function_pointer_with_convention(importer, function, convention);
    const char *signature = signature_of_type(importer, function);
    return signature ? store_printf("fn%s", signature) : NULL;
}

/* A type of the header's own that stands for functions: `fn` is a pointer to one. */
static const char *named_function(struct importer *importer, CXType to)
{
    while (to.kind == CXType_Elaborated)
        to = clang_Type_getNamedType(to);
    return to.kind == CXType_Typedef ? typedef_expression(importer, to) : NULL;
}

/* What cannot be said is pointed to all the same. */
static const char *pointer_to_unsaid(struct importer *importer, CXType to)
{
    if (importer->current)
        LIST_ADD(
            &importer->model->remarks,
            (struct remark){importer->current->place,
                            store_printf("%s: a pointer to %s is said to be one to anything: "
                                         "%s",
                                         importer->current->c_name, spelling(to), importer->why),
                            importer->current});
    return "mutptr<void>";
}

static const char *pointer_to(struct importer *importer, CXType to)
{
    CXType canonical = clang_getCanonicalType(to);
    const char *pointer = clang_isConstQualifiedType(canonical) ? "ptr" : "mutptr";
    const char *target = NULL;
    importer->pointer_depth++;
    if (is_function(canonical)) {
        target = named_function(importer, to);
        if (!target)
            target = function_pointer(importer, to);
        importer->pointer_depth--;
        return target ? target : pointer_to_unsaid(importer, to);
    }
    if (canonical.kind == CXType_Void)
        target = "void";
    else if (canonical.kind == CXType_IncompleteArray)
        target = type_expression(importer, clang_getArrayElementType(canonical));
    else
        target = type_expression(importer, to);
    importer->pointer_depth--;
    return target ? store_printf("%s<%s>", pointer, target) : pointer_to_unsaid(importer, to);
}

static const char *pointer_expression(struct importer *importer, CXType type)
{
    if (clang_Type_getSizeOf(type) != importer->unit->pointer_bytes) {
        unsaid(importer, "a pointer of another size: %s", spelling(type));
        return NULL;
    }
    CXType to = clang_getPointeeType(type);
    if (clang_getAddressSpace(to) != 0) {
        unsaid(importer, "a pointer into another address space: %s", spelling(type));
        return NULL;
    }
    return pointer_to(importer, to);
}

/* ---- what holds others --------------------------------------------------------------------------- */

static const char *array_expression(struct importer *importer, CXType type)
{
    unsigned depth = importer->pointer_depth;
    importer->pointer_depth = 0; /* also a pointer to an array needs the size of its elements */
    const char *element = type_expression(importer, clang_getArrayElementType(type));
    importer->pointer_depth = depth;
    if (!element)
        return NULL;
    return type.kind == CXType_IncompleteArray
               ? store_printf("array<%s>", element)
               : store_printf("array<%s, %lld>", element, clang_getArraySize(type));
}

static const char *vector_expression(struct importer *importer, CXType type)
{
    CXType element = clang_getElementType(type);
    const char *scalar = scalar_of(element);
    if (!scalar || strcmp(scalar, "bool") == 0 || strcmp(scalar, "c_longdouble") == 0) {
        unsaid(importer, "a vector of %s", spelling(element));
        return NULL;
    }
    return store_printf("vector<%s, %lld>", scalar, clang_getNumElements(type));
}

static const char *complex_expression(struct importer *importer, CXType type)
{
    CXType element = clang_getElementType(type);
    const char *scalar = scalar_of(element);
    if (!is_float(element) || strcmp(scalar, "bf16") == 0) {
        unsaid(importer, "a complex number of %s", spelling(element));
        return NULL;
    }
    return store_printf("complex<%s>", scalar);
}

/* One word of memory at most: larger ones are aligned to more than their type is. */
static const char *atomic_expression(struct importer *importer, CXType type)
{
    CXType value = clang_Type_getValueType(type);
    CXType canonical = clang_getCanonicalType(value);
    if (clang_Type_getSizeOf(type) <= importer->unit->pointer_bytes &&
        clang_Type_getSizeOf(type) == clang_Type_getSizeOf(value) &&
        (scalar_of(value) || canonical.kind == CXType_Pointer || canonical.kind == CXType_Enum))
        return type_expression(importer, value);
    unsaid(importer, "%s: atomic, and more than a number of one word", spelling(type));
    return NULL;
}

CXType without_sugar(CXType type)
{
    for (;;) {
        CXType inner;
        if (type.kind == CXType_Elaborated)
            inner = clang_Type_getNamedType(type);
        else if (type.kind == CXType_Attributed)
            inner = clang_Type_getModifiedType(type);
        else if (type.kind == CXType_Unexposed)
            inner = clang_getCanonicalType(type);
        else
            return type;
        if (inner.kind == type.kind || inner.kind == CXType_Invalid)
            return type;
        type = inner;
    }
}

const char *type_expression(struct importer *importer, CXType type)
{
    type = without_sugar(type);
    if (type.kind == CXType_Typedef) {
        importer->why = NULL;
        const char *name = typedef_expression(importer, type);
        if (name || importer->why)
            return name;
        note_alignment(importer, type);
        CXCursor declaration = clang_getTypeDeclaration(type);
        return type_expression(importer, clang_getTypedefDeclUnderlyingType(declaration));
    }
    const char *scalar = scalar_of(type);
    if (scalar)
        return scalar;
    switch ((int)type.kind) {
    case CXType_Pointer: return pointer_expression(importer, type);
    case CXType_ConstantArray:
    case CXType_IncompleteArray: return array_expression(importer, type);
    case CXType_Vector:
    case CXType_ExtVector: return vector_expression(importer, type);
    case CXType_Complex: return complex_expression(importer, type);
    case CXType_Record: return record_expression(importer, clang_getTypeDeclaration(type));
    case CXType_Enum: return enum_expression(importer, clang_getTypeDeclaration(type));
    case CXType_Atomic: return atomic_expression(importer, type);
    default: unsaid(importer, "the type %s", spelling(type)); return NULL;
    }
}

/* ---- signatures ---------------------------------------------------------------------------------- */

/* A value whose size nobody knows, or that is aligned as only its name says. */
static bool is_passable(struct importer *importer, CXType type)
{
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind == CXType_Record && clang_Type_getSizeOf(canonical) < 0) {
        unsaid(importer, "a value of %s, which is not defined", spelling(type));
        return false;
    }
    if (canonical.kind != CXType_Pointer && typedef_changes_alignment(type)) {
        unsaid(importer, "a value of %s, whose alignment only its name says", spelling(type));
        return false;
    }
    return true;
}

/* The first member of a union that is passed as that. */
static enum CXVisitorResult take_first(CXCursor field, CXClientData data)
{
    *(CXType *)data = clang_getCursorType(field);
    return CXVisit_Break;
}

static bool is_transparent(const struct importer *importer, CXType type)
{
    if (clang_getCanonicalType(type).kind != CXType_Record)
        return false;
    for (type = without_sugar(type); type.kind == CXType_Typedef; type = without_sugar(type)) {
        CXCursor declaration = clang_getTypeDeclaration(type);
        if (attributes_of(importer->unit, declaration).transparent)
            return true;
        type = clang_getTypedefDeclUnderlyingType(declaration);
    }
    CXCursor declaration = clang_getTypeDeclaration(type);
    return attributes_of(importer->unit, clang_getCursorDefinition(declaration)).transparent;
}

const char *parameter_expression(struct importer *importer, CXType type)
{
    CXType bare = without_sugar(type);
    if (bare.kind == CXType_Typedef) { /* a list of unnamed arguments is an array on some targets */
        importer->why = NULL;
        const char *name = typedef_expression(importer, bare);
        if (name && strcmp(name, "va_list") == 0)
            return name;
    }
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind == CXType_ConstantArray || canonical.kind == CXType_IncompleteArray ||
        canonical.kind == CXType_VariableArray)
        return pointer_to(importer, clang_getArrayElementType(canonical));
    if (is_function(canonical))
        return pointer_to(importer, type);
    if (!is_passable(importer, type))
        return NULL;
    if (is_transparent(importer, type)) {
        CXType first = {0};
        clang_Type_visitFields(canonical, take_first, &first);
        return parameter_expression(importer, first);
    }
    return type_expression(importer, type);
}

const char *result_expression(struct importer *importer, CXType type)
{
    if (clang_getCanonicalType(type).kind == CXType_Void)
        return "void";
    return is_passable(importer, type) ? type_expression(importer, type) : NULL;
}

const char *signature_of_type(struct importer *importer, CXType function)
{
    CXType canonical = clang_getCanonicalType(function);
    if (canonical.kind != CXType_FunctionProto) {
        unsaid(importer, "its parameters are not declared");
        return NULL;
    }
    /* A pointer to the function is enough to call it: what it takes must be known. */
    unsigned depth = importer->pointer_depth;
    importer->pointer_depth = 0;
    struct text text = {0};
    text_add(&text, "(");
    bool good = true;
    int count = clang_getNumArgTypes(function);
    for (int i = 0; good && i < count; i++) {
        const char *parameter =
            parameter_expression(importer, clang_getArgType(function, (unsigned)i));
        good = parameter;
        text_add(&text, "%s%s", i ? ", " : "", parameter ? parameter : "");
    }
    if (clang_isFunctionTypeVariadic(canonical))
        text_add(&text, "%s...", count ? ", " : "");
    const char *result = good ? result_expression(importer, clang_getResultType(function)) : NULL;
    importer->pointer_depth = depth;
    if (!result)
        return NULL;
    text_add(&text, ") -> %s", result);
    return text.chars;
}
