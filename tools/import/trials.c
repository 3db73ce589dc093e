/*
 * Each expression initialises a variable on a line of its own, so that an error in one is known by its line. One that breaks lines
 * behind it (a lone bracket) is an error itself; what it broke is tried again without it.
 */
#include "trials.h"

#include "importer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROUNDS = 50 };

struct round {
    const struct unit *unit;
    struct trial *trials;
    size_t count;
    size_t *lines; /* the trials of the lines behind `first_line` */
    unsigned first_line;
    enum CXTypeKind alike[ALIKE_COUNT]; /* what the words are on the target */
};

/* ---- types ---- */

/* The word that C libraries have a name for, such as uint64_t, or the type itself. */
static const char *scalar_of_value(const struct unit *unit, CXType type)
{
    for (;;) {
        CXCursor declaration = clang_getTypeDeclaration(type);
        if (type.kind == CXType_Elaborated) {
            type = clang_Type_getNamedType(type);
        } else if (type.kind == CXType_Auto) {
            CXType canonical = clang_getCanonicalType(type);
            if (clang_getCursorKind(declaration) != CXCursor_TypedefDecl)
                return clang_equalTypes(type, canonical) ? NULL : scalar_of_value(unit, canonical);
            type = clang_getCursorType(declaration);
        } else if (type.kind == CXType_Typedef) {
            const struct standard_word *word =
                standard_word_of(store_take(clang_getCursorSpelling(declaration)));
            if (word &&
                (word->size_bytes == clang_Type_getSizeOf(type) || word->size_bytes == -1 ||
                 (word->size_bytes == 0 && unit->pointer_bytes == clang_Type_getSizeOf(type))))
                return word->word;
            type = clang_getTypedefDeclUnderlyingType(declaration);
        } else if (type.kind == CXType_Enum) {
            type = clang_getEnumDeclIntegerType(declaration);
        } else {
            return scalar_of(type);
        }
    }
}

/* ---- results ---- */

static void take_result(struct trial *trial, CXCursor cursor, CXType canonical)
{
    CXEvalResult value = clang_Cursor_Evaluate(cursor);
    if (!value)
        return;
    CXEvalResultKind kind = clang_EvalResult_getKind(value);
    if (trial->is_array && kind == CXEval_StrLiteral) {
        trial->result = TRIAL_TEXT;
        trial->text = store_copy(clang_EvalResult_getAsStr(value));
        trial->text_bytes = (uint64_t)clang_getArraySize(canonical);
    } else if (trial->scalar && kind == CXEval_Int) {
        trial->result = TRIAL_INTEGER;
        trial->integer = clang_EvalResult_isUnsignedInt(value)
                             ? store_printf("%llu", clang_EvalResult_getAsUnsigned(value))
                             : store_printf("%lld", clang_EvalResult_getAsLongLong(value));
    } else if (trial->scalar && kind == CXEval_Float) {
        trial->result = TRIAL_FLOAT;
        trial->number = clang_EvalResult_getAsDouble(value);
    }
    clang_EvalResult_dispose(value);
}

void trial_take(const struct unit *unit, struct trial *trial, CXCursor variable)
{
    CXType type = clang_getCursorType(variable), canonical = clang_getCanonicalType(type);
    trial->kind = canonical.kind;
    trial->result = TRIAL_OTHER;
    trial->is_array = canonical.kind == CXType_ConstantArray;
    if (canonical.kind == CXType_Pointer) {
        enum CXTypeKind to = clang_getCanonicalType(clang_getPointeeType(canonical)).kind;
        trial->points_to_char = to == CXType_Char_S || to == CXType_Char_U;
        trial->result = TRIAL_ADDRESS;
        return;
    }
    /* libclang has numbers of 64 bits, and takes the others for such. */
    if (canonical.kind == CXType_Int128 || canonical.kind == CXType_UInt128)
        return;
    trial->scalar = scalar_of_value(unit, type);
    take_result(trial, variable, canonical);
}

/* The number behind a prefix; SIZE_MAX: the name has another one. */
static size_t number_behind(const char *name, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(name, prefix, length) == 0 ? strtoull(name + length, NULL, 10) : SIZE_MAX;
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data)
{
    struct round *round = data;
    (void)parent;
    if (clang_getCursorKind(cursor) != CXCursor_VarDecl)
        return CXChildVisit_Continue;
    const char *name = store_take(clang_getCursorSpelling(cursor));
    size_t word = number_behind(name, "abide_alike_"), index = number_behind(name, "abide_trial_");
    if (word < ALIKE_COUNT)
        round->alike[word] = clang_getCanonicalType(clang_getCursorType(cursor)).kind;
    if (index >= round->count || round->trials[index].result != TRIAL_OPEN)
        return CXChildVisit_Continue;
    struct trial *trial = &round->trials[index];
    trial_take(round->unit, trial, cursor);
    for (size_t i = 0; i < ALIKE_COUNT; i++)
        trial->alike |= (unsigned)(trial->kind == round->alike[i]) << i;
    return CXChildVisit_Continue;
}

/* Errors belong to the trial of their line; those of the header itself were seen before. */
static void take_errors(const struct round *round, CXTranslationUnit parsed, size_t line_count)
{
    for (unsigned i = 0; i < clang_getNumDiagnostics(parsed); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(parsed, i);
        CXFile file;
        unsigned line = 0;
        clang_getFileLocation(clang_getDiagnosticLocation(diagnostic), &file, &line, NULL, NULL);
        bool is_error = clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error;
        if (is_error && unit_is_main(file) && line >= round->first_line &&
            line - round->first_line < line_count) {
            round->trials[round->lines[line - round->first_line]].result = TRIAL_FAILED;
        }
        clang_disposeDiagnostic(diagnostic);
    }
}

/* In the order of alike_words. */
static const char *const alike_types[ALIKE_COUNT] = {
    "__SIZE_TYPE__",   "__INTPTR_TYPE__", "__UINT64_TYPE__", "__INT64_TYPE__",
    "__UINT32_TYPE__", "__INT32_TYPE__",  "__WCHAR_TYPE__"};

static size_t count_open(const struct round *round)
{
    size_t open = 0;
    for (size_t i = 0; i < round->count; i++)
        open += round->trials[i].result == TRIAL_OPEN;
    return open;
}

/* Tries those that are open. false: none of them was decided. */
static bool run_round(struct round *round)
{
    struct text text = {0};
    size_t line_count = 0, open = count_open(round);
    for (size_t i = 0; i < ALIKE_COUNT; i++)
        text_add(&text, "extern %s abide_alike_%zu;\n", alike_types[i], i);
    for (size_t i = 0; i < round->count; i++) {
        const struct trial *trial = &round->trials[i];
        if (trial->result != TRIAL_OPEN)
            continue;
        text_add(&text,
                 trial->is_array ? "static const char abide_trial_%zu[] = %s;\n"
                                 : "static const __auto_type abide_trial_%zu = (%s);\n",
                 i, trial->expression);
        round->lines[line_count++] = i;
    }
    CXTranslationUnit parsed = unit_parse_behind(round->unit, text.chars, &round->first_line);
    if (!parsed)
        return false;
    round->first_line += ALIKE_COUNT;
    take_errors(round, parsed, line_count);
    clang_visitChildren(clang_getTranslationUnitCursor(parsed), visit, round);
    clang_disposeTranslationUnit(parsed);
    return count_open(round) < open;
}

void trials_run(const struct unit *unit, struct trial *trials, size_t count)
{
    struct round round = {.unit = unit, .trials = trials, .count = count};
    round.lines = store_new(count + 1, sizeof *round.lines);
    for (int i = 0; i < MAX_ROUNDS && count_open(&round); i++)
        if (!run_round(&round))
            return;
}
