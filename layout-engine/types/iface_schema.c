/* The tables of iface_schema.h. */
#include "types/iface_schema.h"

/* A set of shapes as iface_keys.def writes it: SCALAR | MAPPING. */
enum {
    SCALAR = ABIDE_SHAPE_SCALAR,
    SEQUENCE = ABIDE_SHAPE_SEQUENCE,
    MAPPING = ABIDE_SHAPE_MAPPING,
    NOTHING = ABIDE_SHAPE_NULL,
    ANY = ABIDE_SHAPE_ANY
};

#define ROW(id, name, shapes, required, doc, content) \
    {name, (unsigned)(shapes), required, doc, content},

const struct abide_word abide_iface__versions[] = {
    {"1", "the only one there is"},
    {NULL, NULL},
};
const struct abide_word abide_iface__unwinds[] = {
    {"abort", "adapters end the process"},
    {"allow", "it passes"},
    {NULL, NULL},
};
const struct abide_word abide_iface__check_modes[] = {
    {"trust", "adapters do not look"},
    {"checked", "what is invalid ends the process"},
    {"convert", "what is invalid becomes the error `on-invalid`, where the function has it"},
    {NULL, NULL},
};
const struct abide_word abide_iface__opens[] = {
    {"true", "enum, flags: later releases may add names"},
    {"false", "the names are all there will be"},
    {"sized", "struct: later releases may add fields"},
    {NULL, NULL},
};
const struct abide_word abide_iface__tags[] = {
    {"u8", "one byte"},
    {"u16", "two bytes"},
    {"u32", "four bytes"},
    {NULL, NULL},
};
const struct abide_word abide_iface__threads[] = {
    {"same", "it is used and destroyed on the thread on which it was made"},
    {"any", "it may be used and destroyed on every thread"},
    {NULL, NULL},
};
const struct abide_word abide_iface__origins[] = {
    {"library", "it is the library's own"},
    {"elsewhere", "the library has it from others"},
    {NULL, NULL},
};
const struct abide_word abide_iface__callback_threads[] = {
    {"same-thread", "on the thread that called"},
    {"any-thread", "on any thread, also later"},
    {NULL, NULL},
};
const struct abide_word abide_iface__unnameds[] = {
    {"va_list", "a list of them"},
    {"words", "the address of a row of words"},
    {"parameters", "parameters, one for each"},
    {NULL, NULL},
};

static const struct abide_key file_keys[] = {
#define FILE_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key type_keys[] = {
#define TYPE_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key field_keys[] = {
#define FIELD_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key enumerator_keys[] = {
#define ENUMERATOR_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key flag_keys[] = {
#define FLAG_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key case_keys[] = {
#define CASE_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key open_keys[] = {
#define OPEN_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key expect_keys[] = {
#define EXPECT_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key imported_keys[] = {
#define IMPORTED_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key function_keys[] = {
#define FUNCTION_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key param_keys[] = {
#define PARAM_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key checks_keys[] = {
#define CHECKS_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key method_keys[] = {
#define METHOD_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key constant_keys[] = {
#define CONSTANT_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key value_keys[] = {
#define VALUE_KEY ROW
#include "types/iface_keys.def"
};
static const struct abide_key callback_keys[] = {
#define CALLBACK_KEY ROW
#include "types/iface_keys.def"
};

const struct abide_schema abide_iface__file_schema = {"an interface file", file_keys,
                                                      FILE_KEY_COUNT};
const struct abide_schema abide_iface__type_schema = {"a type", type_keys, TYPE_KEY_COUNT};
const struct abide_schema abide_iface__field_schema = {"a field", field_keys, FIELD_KEY_COUNT};
const struct abide_schema abide_iface__enumerator_schema = {"an enumerator", enumerator_keys,
                                                            ENUMERATOR_KEY_COUNT};
const struct abide_schema abide_iface__flag_schema = {"a flag", flag_keys, FLAG_KEY_COUNT};
const struct abide_schema abide_iface__case_schema = {"a case", case_keys, CASE_KEY_COUNT};
const struct abide_schema abide_iface__open_schema = {"room for later cases", open_keys,
                                                      OPEN_KEY_COUNT};
const struct abide_schema abide_iface__expect_schema = {"an expectation", expect_keys,
                                                        EXPECT_KEY_COUNT};
const struct abide_schema abide_iface__imported_schema = {"where a file comes from", imported_keys,
                                                          IMPORTED_KEY_COUNT};
const struct abide_schema abide_iface__function_schema = {"a function", function_keys,
                                                          FUNCTION_KEY_COUNT};
const struct abide_schema abide_iface__param_schema = {"a parameter or result", param_keys,
                                                       PARAM_KEY_COUNT};
const struct abide_schema abide_iface__checks_schema = {"checks", checks_keys, CHECKS_KEY_COUNT};
const struct abide_schema abide_iface__method_schema = {"a method", method_keys, METHOD_KEY_COUNT};
const struct abide_schema abide_iface__constant_schema = {"a constant", constant_keys,
                                                          CONSTANT_KEY_COUNT};
const struct abide_schema abide_iface__value_schema = {"a value for targets", value_keys,
                                                       VALUE_KEY_COUNT};
const struct abide_schema abide_iface__callback_schema = {"a callback", callback_keys,
                                                          CALLBACK_KEY_COUNT};
