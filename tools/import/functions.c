/* Functions. */
#include "importer.h"

#include "attributes.h"

#include <string.h>

/* The name of a parameter that is a word by itself, and no other parameter's. */
static const char *parameter_name(CXCursor function, int index)
{
    const char *name =
        store_take(clang_getCursorSpelling(clang_Cursor_getArgument(function, (unsigned)index)));
    if (!name_is_possible(name))
        return store_printf("p%d", index);
    for (int i = 0; i < index; i++) /* C compilers refuse two of the same name */
        if (strcmp(name, store_printf("p%d", i)) == 0)
            return store_printf("%s_", name);
    return name_is_reserved(name) ? store_printf("%s_", name) : name;
}

static const char *signature(struct importer *importer, CXCursor function)
{
    CXType type = clang_getCursorType(function);
    int count = clang_Cursor_getNumArguments(function);
    struct text text = {0};
    text_add(&text, "(");
    for (int i = 0; i < count; i++) {
        CXCursor argument = clang_Cursor_getArgument(function, (unsigned)i);
        const char *unknown = attributes_of(importer->unit, argument).unknown;
        const char *expression = is_sayable(importer, argument, unknown)
                                     ? parameter_expression(importer, clang_getCursorType(argument))
                                     : NULL;
        if (!expression)
            return NULL;
        text_add(&text, "%s%s %s", i ? ", " : "", parameter_name(function, i), expression);
    }
    if (clang_isFunctionTypeVariadic(type))
        text_add(&text, "%s...", count ? ", " : "");
    const char *result = result_expression(importer, clang_getResultType(type));
    if (!result)
        return NULL;
    text_add(&text, ")");
    if (strcmp(result, "void") != 0)
        text_add(&text, " -> %s", result);
    return text.chars;
}

static enum CXChildVisitResult find_label(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (clang_getCursorKind(cursor) == CXCursor_AsmLabelAttr)
        *(const char **)data = store_take(clang_getCursorSpelling(cursor));
    return CXChildVisit_Continue;
}

static bool is_written_label(const char *label)
{
    for (; *label; label++)
        if (*label <= ' ' || *label > '~' || strchr("\"'\\,:{}[]#&*!|>%@`", *label))
            return false;
    return true;
}

static bool fill(struct importer *importer, struct entry *entry, CXCursor declaration)
{
    CXType type = clang_getCursorType(declaration);
    if (clang_getCanonicalType(type).kind != CXType_FunctionProto) {
        unsaid(importer, "its parameters are not declared");
        return false;
    }
    if (!is_sayable(importer, declaration, attributes_of(importer->unit, declaration).unknown))
        return false;
    entry->convention = convention_of(type);
    if (entry->convention && !*entry->convention) {
        unsaid(importer, "its calling convention");
        return false;
    }
    clang_visitChildren(declaration, find_label, &entry->symbol);
    if (!name_is_possible(entry->name) || (entry->symbol && !is_written_label(entry->symbol))) {
        unsaid(importer, "its name");
        return false;
    }
    entry->text = signature(importer, declaration);
    return entry->text;
}

void import_function(struct importer *importer, CXCursor declaration)
{
    if (names_find(&importer->names, key_of(declaration)))
        return;
    if (clang_Cursor_getStorageClass(declaration) == CX_SC_Static) {
        if (clang_equalCursors(clang_getCanonicalCursor(declaration), declaration))
            count_out(importer->model, "static functions, which no library has as a symbol");
        return;
    }
    struct entry *entry = store_new(1, sizeof *entry);
    *entry = (struct entry){.name = store_take(clang_getCursorSpelling(declaration)),
                            .place = place_of(declaration),
                            .form = FORM_FUNCTION,
                            .is_own = true,
                            .doc = doc_of(declaration)};
    entry->c_name = store_printf("function %s", entry->name);
    names_keep(&importer->names, key_of(declaration), entry);
    LIST_ADD(&importer->model->functions, entry);
    struct scope scope = enter_entry(importer, entry);
    if (!fill(importer, entry, declaration))
        entry->refusal = importer->why;
    leave_entry(importer, scope);
}
