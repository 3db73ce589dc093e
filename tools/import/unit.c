/* Parsing, and what can be asked of a parsed header as a whole. */
#include "unit.h"

#include "attributes.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What is parsed: a file that does not exist, so that a header's name between <> is looked up as a program's would be. */
#define MAIN_FILE "abide-import.c"

static const char *main_text(const struct request *request)
{
    const char *format = *request->header == '<' ? "#include %s\n" : "#include \"%s\"\n";
    return store_printf(format, request->header);
}

/* The headers that belong to the compiler: those of the libclang that this was built with, unless a flag says others. */
static const char *resources(const struct request *request)
{
    for (size_t i = 0; i < request->flags.count; i++)
        if (strncmp(request->flags.items[i], "-resource-dir", 13) == 0)
            return NULL;
    return access(ABIDE_CLANG_RESOURCES "/include/stddef.h", R_OK) == 0
               ? "-resource-dir=" ABIDE_CLANG_RESOURCES
               : NULL;
}

/* `is_trial`: all errors are wanted, and nothing else. */
static CXTranslationUnit parse(const struct unit *unit, const char *text, unsigned options,
                               bool is_trial)
{
    const struct request *request = unit->request;
    LIST(const char *) words = {0};
    LIST_ADD(&words, store_printf("--target=%s", unit->target));
    LIST_ADD(&words, "-xc");
    LIST_ADD(&words, "-std=gnu17");
    if (resources(request))
        LIST_ADD(&words, resources(request));
    for (size_t i = 0; i < request->flags.count; i++)
        LIST_ADD(&words, request->flags.items[i]);
    /* Attributes matter in all headers, and nothing else does. */
    static const char *const warnings[] = {"-Wno-everything",      "-Wunknown-attributes",
                                           "-Wignored-attributes", "-Wsystem-headers",
                                           "-Wno-error",           "-ferror-limit=20"};
    for (size_t i = 0; i < sizeof warnings / sizeof *warnings; i++)
        LIST_ADD(&words, warnings[i]);
    if (is_trial) {
        LIST_ADD(&words, "-w");
        LIST_ADD(&words, "-ferror-limit=0");
    }
    struct CXUnsavedFile file = {MAIN_FILE, text, strlen(text)};
    CXTranslationUnit parsed = NULL;
    clang_parseTranslationUnit2(unit->index, MAIN_FILE, words.items, (int)words.count, &file, 1,
                                options | CXTranslationUnit_SkipFunctionBodies, &parsed);
    return parsed;
}

static struct place place_of_location(CXSourceLocation location)
{
    CXFile file;
    unsigned line, column;
    clang_getFileLocation(location, &file, &line, &column, NULL);
    const char *name = file ? store_take(clang_getFileName(file)) : "";
    return (struct place){strncmp(name, "./", 2) == 0 ? name + 2 : name, line, column};
}

const char *store_take(CXString string)
{
    const char *chars = clang_getCString(string);
    const char *copy = store_copy(chars ? chars : "");
    clang_disposeString(string);
    return copy;
}

struct place place_of(CXCursor cursor)
{
    return place_of_location(clang_getCursorLocation(cursor));
}

/* What is wrong with the text that includes the header, or with a flag, has no place that anybody would know. */
static void print_error(struct place place, const char *text)
{
    if (place.line == 0 || strcmp(place.file, MAIN_FILE) == 0)
        fprintf(stderr, "abide-import-c: error: %s\n", text);
    else
        fprintf(stderr, "%s:%u:%u: error: %s\n", place.file, place.line, place.column, text);
}

/* Errors go to standard error; what is said of attributes is kept. false: there is an error. */
static bool read_diagnostics(struct unit *unit)
{
    bool good = true;
    for (unsigned i = 0; i < clang_getNumDiagnostics(unit->parsed); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(unit->parsed, i);
        if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error) {
            print_error(place_of_location(clang_getDiagnosticLocation(diagnostic)),
                        store_take(clang_getDiagnosticSpelling(diagnostic)));
            good = false;
        } else if (clang_getDiagnosticSeverity(diagnostic) == CXDiagnostic_Warning) {
            const char *text = store_take(clang_getDiagnosticSpelling(diagnostic));
            if (!attribute_is_harmless_complaint(text))
                LIST_ADD(&unit->complaints,
                         (struct complaint){
                             place_of_location(clang_getDiagnosticLocation(diagnostic)), text});
        }
        clang_disposeDiagnostic(diagnostic);
    }
    if (!good)
        fprintf(stderr,
                "abide-import-c: error: clang cannot read %s for %s, so nothing is imported "
                "[unreadable-header]\n"
                "  = help: give what it needs: -I DIR, -D NAME, flags of clang behind --\n",
                unit->request->header, unit->target);
    return good;
}

static bool is_own_file(const struct unit *unit, CXFile file);

static void add_source(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
    const struct unit *unit = data;
    (void)stack;
    if (depth == 0 || !is_own_file(unit, file))
        return;
    size_t length_bytes = 0;
    const char *bytes = clang_getFileContents(unit->parsed, file, &length_bytes);
    if (bytes)
        sources_add(unit->request->sources, bytes, length_bytes);
}

/* The directive of the text that is parsed, and not what flags include in front of it (-include). */
static enum CXChildVisitResult find_header(CXCursor cursor, CXCursor parent, CXClientData data)
{
    struct unit *unit = data;
    CXFile in;
    (void)parent;
    if (clang_getCursorKind(cursor) != CXCursor_InclusionDirective)
        return CXChildVisit_Continue;
    clang_getFileLocation(clang_getCursorLocation(cursor), &in, NULL, NULL, NULL);
    if (!unit_is_main(in))
        return CXChildVisit_Continue;
    unit->header = clang_getIncludedFile(cursor);
    return CXChildVisit_Break;
}

static void find_include(CXFile file, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
    struct unit *unit = data;
    CXFile in = NULL;
    if (depth == 0 || unit->first_include)
        return;
    clang_getFileLocation(stack[0], &in, NULL, NULL, NULL);
    if (in && clang_File_isEqual(in, unit->header))
        unit->first_include = store_take(clang_getFileName(file));
}

bool unit_open(struct unit *unit, const struct request *request, const char *target)
{
    *unit = (struct unit){.request = request, .target = target};
    unit->index = clang_createIndex(0, 0);
    unit->parsed = parse(unit, main_text(request),
                         CXTranslationUnit_DetailedPreprocessingRecord |
                             CXTranslationUnit_VisitImplicitAttributes,
                         false);
    if (!unit->parsed) {
        fprintf(stderr,
                "abide-import-c: error: libclang cannot start for target %s "
                "[unreadable-header]\n",
                target);
        return false;
    }
    if (!read_diagnostics(unit))
        return false;
    clang_visitChildren(clang_getTranslationUnitCursor(unit->parsed), find_header, unit);
    if (!unit->header) {
        fprintf(stderr,
                "abide-import-c: error: clang does not say which file %s is "
                "[unreadable-header]\n",
                unit->request->header);
        return false;
    }
    clang_getInclusions(unit->parsed, find_include, unit);
    clang_getInclusions(unit->parsed, add_source, unit);
    CXTargetInfo info = clang_getTranslationUnitTargetInfo(unit->parsed);
    unit->pointer_bytes = clang_TargetInfo_getPointerWidth(info) / 8;
    clang_TargetInfo_dispose(info);
    return true;
}

void unit_close(struct unit *unit)
{
    if (unit->parsed)
        clang_disposeTranslationUnit(unit->parsed);
    if (unit->index)
        clang_disposeIndex(unit->index);
}

static bool is_own_file(const struct unit *unit, CXFile file)
{
    /* What is called by its name may be declared anywhere, unless it is said where. */
    bool is_anywhere = unit->request->choice->only.count && unit->request->from.count == 0;
    if (unit->request->all || is_anywhere || clang_File_isEqual(file, unit->header))
        return true;
    if (unit->request->from.count == 0)
        return false;
    const char *name = store_take(clang_getFileName(file));
    for (size_t i = 0; i < unit->request->from.count; i++)
        if (fnmatch(unit->request->from.items[i], name, 0) == 0)
            return true;
    return false;
}

bool unit_is_own(const struct unit *unit, CXCursor cursor)
{
    CXFile file;
    clang_getFileLocation(clang_getCursorLocation(cursor), &file, NULL, NULL, NULL);
    return file && is_own_file(unit, file);
}

/*
 * Attributes may stand behind what libclang has as the extent of a declaration, and in front of it: a line of both sides counts.
 */
const char *unit_complaint(const struct unit *unit, CXCursor cursor)
{
    if (unit->complaints.count == 0)
        return NULL;
    CXSourceRange range = clang_getCursorExtent(cursor);
    struct place start = place_of_location(clang_getRangeStart(range));
    struct place end = place_of_location(clang_getRangeEnd(range));
    for (size_t i = 0; i < unit->complaints.count; i++) {
        const struct complaint *complaint = &unit->complaints.items[i];
        if (complaint->place.line + 1 >= start.line && complaint->place.line <= end.line + 1 &&
            strcmp(complaint->place.file, start.file) == 0)
            return complaint->text;
    }
    return NULL;
}

static enum CXChildVisitResult read_value(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (clang_getCursorKind(cursor) == CXCursor_EnumConstantDecl &&
        strcmp(store_take(clang_getCursorSpelling(cursor)), "abide_value") == 0)
        *(uint64_t *)data = clang_getEnumConstantDeclUnsignedValue(cursor);
    return CXChildVisit_Recurse;
}

bool unit_evaluate(const struct unit *unit, const char *expression, uint64_t *value)
{
    const char *text = store_printf("%senum abide_evaluated { abide_value = (%s) };\n",
                                    main_text(unit->request), expression);
    CXTranslationUnit parsed = parse(unit, text, 0, false);
    bool good = parsed;
    for (unsigned i = 0; good && i < clang_getNumDiagnostics(parsed); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(parsed, i);
        good = clang_getDiagnosticSeverity(diagnostic) < CXDiagnostic_Error;
        clang_disposeDiagnostic(diagnostic);
    }
    *value = 0;
    if (good)
        clang_visitChildren(clang_getTranslationUnitCursor(parsed), read_value, value);
    if (parsed)
        clang_disposeTranslationUnit(parsed);
    return good && *value;
}

bool unit_is_main(CXFile file)
{
    return file && strcmp(store_take(clang_getFileName(file)), MAIN_FILE) == 0;
}

CXTranslationUnit unit_parse_behind(const struct unit *unit, const char *lines,
                                    unsigned *first_line)
{
    *first_line = 2;
    return parse(unit, store_printf("%s%s", main_text(unit->request), lines),
                 CXTranslationUnit_KeepGoing, true);
}
