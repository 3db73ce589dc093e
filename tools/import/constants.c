/* Constants: macros that are constant expressions, and constants that are variables to C. clang evaluates them. */
#include "constants.h"

#include "importer.h"
#include "literals.h"
#include "trials.h"

#include <stdlib.h>
#include <string.h>

/* Of texts that have a NUL in them, or are no text. */
enum { MAX_TEXT_BYTES = 1 << 16 };

/* ---- one constant ---- */

static struct constant *new_constant(struct importer *importer, const char *name,
                                     struct place place)
{
    struct constant *constant = store_new(1, sizeof *constant);
    constant->name = name;
    constant->place = place;
    constant->values = store_new(importer->targets->count, sizeof *constant->values);
    LIST_ADD(&importer->model->constants, constant);
    return constant;
}

static void refuse(struct constant *constant, const char *why)
{
    constant->refusal = why;
}

static void take_number(struct importer *importer, struct constant *constant,
                        const struct trial *trial)
{
    constant->type = trial->scalar;
    constant->alike = trial->alike;
    if (trial->result == TRIAL_INTEGER) {
        bool is_bool = strcmp(trial->scalar, "bool") == 0;
        constant->values[importer->target] = !is_bool                           ? trial->integer
                                             : strcmp(trial->integer, "0") == 0 ? "false"
                                                                                : "true";
        return;
    }
    bool is_double = trial->kind == CXType_Double || trial->kind == CXType_Float;
    const char *text = literal_float(trial->number, trial->kind == CXType_Float);
    if (!is_double)
        refuse(constant, "floats that are no float and no double");
    else if (!text)
        refuse(constant, "NaN with a sign");
    else
        constant->values[importer->target] = text;
}

/* ---- texts ---- */

/* Texts with a NUL in them, byte by byte. */
static void take_bytes(struct importer *importer, struct constant *constant,
                       const struct trial *array)
{
    size_t count = array->text_bytes - 1;
    if (count > MAX_TEXT_BYTES) {
        refuse(constant, "very long texts");
        return;
    }
    struct trial *trials = store_new(count + 1, sizeof *trials);
    for (size_t i = 0; i < count; i++)
        trials[i].expression = store_printf("(unsigned char)(%s)[%zu]", array->expression, i);
    trials_run(importer->unit, trials, count);
    unsigned char *bytes = store_new(count + 1, 1);
    for (size_t i = 0; i < count; i++) {
        if (trials[i].result != TRIAL_INTEGER) {
            refuse(constant, "texts that are not known");
            return;
        }
        bytes[i] = (unsigned char)strtoul(trials[i].integer, NULL, 10);
    }
    constant->type = "bytes";
    constant->values[importer->target] = literal_bytes(bytes, count);
}

static void take_text(struct importer *importer, struct constant *constant,
                      const struct trial *array)
{
    if (array->result != TRIAL_TEXT) {
        refuse(constant, "addresses");
    } else if (array->text_bytes == strlen(array->text) + 1 && literal_is_plain(array->text)) {
        constant->type = "cstring";
        constant->values[importer->target] = literal_text(array->text);
    } else {
        take_bytes(importer, constant, array);
    }
}

/* Addresses of char may be literals. */
static void take_texts(struct importer *importer, struct constant **constants,
                       const struct trial *trials, size_t count)
{
    struct trial *arrays = store_new(count + 1, sizeof *arrays);
    size_t array_count = 0;
    for (size_t i = 0; i < count; i++)
        if (trials[i].result == TRIAL_ADDRESS && trials[i].points_to_char)
            arrays[array_count++] = (struct trial){trials[i].expression, .is_array = true};
    trials_run(importer->unit, arrays, array_count);
    for (size_t i = 0, at = 0; i < count; i++)
        if (trials[i].result == TRIAL_ADDRESS && trials[i].points_to_char)
            take_text(importer, constants[i], &arrays[at++]);
}

/* ---- macros ---- */

static const char *reason_of(const struct trial *trial)
{
    switch (trial->result) {
    case TRIAL_OPEN: return "macros that spoil what follows";
    case TRIAL_FAILED: return "macros that are no constant expressions";
    case TRIAL_ADDRESS: return "addresses";
    default: break;
    }
    if (trial->kind == CXType_Int128 || trial->kind == CXType_UInt128)
        return "integers of 128 bits";
    return "values that are no numbers and no texts";
}

/* Why a macro that is none is none. */
static const char *why_failed(struct importer *importer, const char *name,
                              const struct trial *trial)
{
    return trial->result == TRIAL_FAILED && macros_calls_undeclared(&importer->macros, name)
               ? "macros that call what nothing declares (-- -include HEADER)"
               : reason_of(trial);
}

static void try_macros(struct importer *importer, struct constant **constants, size_t count)
{
    struct trial *trials = store_new(count + 1, sizeof *trials);
    for (size_t i = 0; i < count; i++)
        trials[i].expression = constants[i]->name;
    trials_run(importer->unit, trials, count);
    for (size_t i = 0; i < count; i++)
        if (trials[i].result == TRIAL_INTEGER || trials[i].result == TRIAL_FLOAT)
            take_number(importer, constants[i], &trials[i]);
        else if (trials[i].result != TRIAL_ADDRESS || !trials[i].points_to_char)
            refuse(constants[i], why_failed(importer, constants[i]->name, &trials[i]));
    take_texts(importer, constants, trials, count);
}

static enum CXChildVisitResult collect(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    if (clang_getCursorKind(cursor) == CXCursor_MacroDefinition)
        macros_add(data, cursor);
    else if (clang_isDeclaration(clang_getCursorKind(cursor)))
        macros_declare(data, store_take(clang_getCursorSpelling(cursor)));
    return CXChildVisit_Continue;
}

void import_macro(struct importer *importer, CXCursor definition)
{
    if (clang_Cursor_isMacroBuiltin(definition))
        return;
    if (!importer->macros.unit) {
        importer->macros.unit = importer->unit;
        clang_visitChildren(clang_getTranslationUnitCursor(importer->unit->parsed), collect,
                            &importer->macros);
    }
    const char *name = store_take(clang_getCursorSpelling(definition));
    if (!macros_note(&importer->macros, name))
        return;
    const char *why = macros_refuse(&importer->macros, name);
    if (!why && !name_is_possible(name))
        why = "names that interface files have not";
    struct constant *constant = new_constant(importer, name, place_of(definition));
    constant->is_macro = true;
    constant->refusal = why;
}

void import_constants(struct importer *importer)
{
    struct constants *all = &importer->model->constants;
    struct constant **constants = store_new(all->count + 1, sizeof *constants);
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i]->is_macro && !all->items[i]->refusal)
            constants[count++] = all->items[i];
    try_macros(importer, constants, count);
}

/* ---- variables ---- */

bool import_constant_variable(struct importer *importer, CXCursor variable)
{
    CXType type = clang_getCanonicalType(clang_getCursorType(variable));
    const char *name = store_take(clang_getCursorSpelling(variable));
    if (!clang_isConstQualifiedType(type) || clang_isVolatileQualifiedType(type) ||
        clang_Cursor_getStorageClass(variable) != CX_SC_Static || !name_is_possible(name))
        return false;
    struct trial trial = {.expression = name};
    trial_take(importer->unit, &trial, variable);
    bool is_number = trial.result == TRIAL_INTEGER || trial.result == TRIAL_FLOAT;
    bool is_text = trial.result == TRIAL_TEXT && trial.text_bytes == strlen(trial.text) + 1 &&
                   literal_is_plain(trial.text);
    if (!is_number && !is_text)
        return false;
    struct constant *constant = new_constant(importer, name, place_of(variable));
    if (is_number)
        take_number(importer, constant, &trial);
    else
        take_text(importer, constant, &trial);
    return true;
}
