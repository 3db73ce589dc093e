/* The declarations of a header, one after the other. */
#include "constants.h"
#include "importer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void unsaid(struct importer *importer, const char *format, ...)
{
    char why[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    importer->why = store_copy(why);
}

void remark(struct importer *importer, CXCursor cursor, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    LIST_ADD(&importer->model->remarks, (struct remark){place_of(cursor), store_copy(text), NULL});
}

struct scope enter_entry(struct importer *importer, struct entry *entry)
{
    struct scope scope = {importer->current, importer->pointer_depth};
    importer->current = entry;
    importer->pointer_depth = 0;
    importer->why = NULL;
    return scope;
}

void leave_entry(struct importer *importer, struct scope scope)
{
    importer->current = scope.current;
    importer->pointer_depth = scope.pointer_depth;
}

bool has_tag(CXCursor declaration)
{
    const char *name = store_take(clang_getCursorSpelling(declaration));
    return *name && !strpbrk(name, "( ");
}

bool is_named_by_typedef(CXCursor record)
{
    const char *type = store_take(clang_getTypeSpelling(clang_getCursorType(record)));
    return strncmp(type, "struct ", 7) != 0 && strncmp(type, "union ", 6) != 0;
}

const char *doc_of(CXCursor declaration)
{
    const char *doc = store_take(clang_Cursor_getBriefCommentText(declaration));
    return *doc ? doc : NULL;
}

bool is_sayable(struct importer *importer, CXCursor declaration, const char *unknown_attribute)
{
    if (unknown_attribute) {
        unsaid(importer, "the attribute %s, whose effect is not known", unknown_attribute);
        return false;
    }
    const char *complaint = unit_complaint(importer->unit, declaration);
    if (complaint)
        unsaid(importer, "clang says: %s", complaint);
    return !complaint;
}

const void *key_of(CXCursor declaration)
{
    return clang_getCanonicalCursor(declaration).data[0];
}

struct entry *new_type(struct importer *importer, CXCursor declaration, const char *wish,
                       const char *kind)
{
    struct entry *entry = store_new(1, sizeof *entry);
    entry->name = names_take(&importer->names, wish, kind);
    entry->place.file = "";
    if (!clang_Cursor_isNull(declaration)) {
        entry->c_name = store_take(clang_getTypeSpelling(clang_getCursorType(declaration)));
        entry->place = place_of(declaration);
        entry->doc = doc_of(declaration);
        entry->is_own = unit_is_own(importer->unit, declaration);
        names_keep(&importer->names, key_of(declaration), entry);
    }
    LIST_ADD(&importer->model->types, entry);
    return entry;
}

const char *refer(struct importer *importer, const struct entry *entry)
{
    if (importer->current && importer->current != entry)
        LIST_ADD(&importer->current->needs,
                 (struct need){entry->name, importer->pointer_depth == 0, entry});
    return entry->name;
}

static void import_record(struct importer *importer, CXCursor declaration)
{
    if (!has_tag(declaration) || is_named_by_typedef(declaration))
        return; /* its typedef, or what it is the type of, says it */
    bool is_defined = !clang_Cursor_isNull(clang_getCursorDefinition(declaration));
    importer->pointer_depth += !is_defined;
    record_expression(importer, declaration);
    importer->pointer_depth -= !is_defined;
}

/* By its name; types are chosen when it is known which of them are needed. */
static bool is_wanted(const struct importer *importer, enum subject subject, CXCursor declaration)
{
    return choice_takes(importer->unit->request->choice, subject,
                        store_take(clang_getCursorSpelling(declaration)));
}

static enum CXChildVisitResult visit(CXCursor declaration, CXCursor parent, CXClientData data)
{
    (void)parent;
    struct importer *importer = data;
    if (!unit_is_own(importer->unit, declaration))
        return CXChildVisit_Continue;
    switch ((int)clang_getCursorKind(declaration)) {
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl: import_record(importer, declaration); break;
    case CXCursor_EnumDecl:
        if (clang_isCursorDefinition(declaration))
            enum_expression(importer, declaration);
        break;
    case CXCursor_TypedefDecl: import_typedef(importer, declaration); break;
    case CXCursor_FunctionDecl:
        if (is_wanted(importer, SUBJECT_FUNCTION, declaration))
            import_function(importer, declaration);
        break;
    case CXCursor_VarDecl:
        if (is_wanted(importer, SUBJECT_CONSTANT, declaration) &&
            !import_constant_variable(importer, declaration))
            remark(importer, declaration, "variable %s: interface files have no variables",
                   store_take(clang_getCursorSpelling(declaration)));
        break;
    case CXCursor_MacroDefinition:
        if (is_wanted(importer, SUBJECT_CONSTANT, declaration))
            import_macro(importer, declaration);
        break;
    default: break;
    }
    return CXChildVisit_Continue;
}

struct model *import_target(const struct request *request, const struct targets *targets,
                            size_t target)
{
    struct unit unit;
    struct importer importer = {.unit = &unit, .targets = targets, .target = target};
    if (unit_open(&unit, request, targets->names[target])) {
        importer.model = store_new(1, sizeof *importer.model);
        importer.model->first_include = unit.first_include;
        clang_visitChildren(clang_getTranslationUnitCursor(unit.parsed), visit, &importer);
        import_constants(&importer);
    }
    unit_close(&unit);
    return importer.model;
}
