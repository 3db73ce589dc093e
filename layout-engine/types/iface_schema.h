/* The tables of iface_keys.def: an enum of keys and a schema for each kind of mapping. */
#ifndef ABIDE_TYPES_IFACE_SCHEMA_H
#define ABIDE_TYPES_IFACE_SCHEMA_H

#include "base/schema.h"

enum file_key {
#define FILE_KEY(id, name, shapes, required, doc, content) FILE_##id,
#include "types/iface_keys.def"
    FILE_KEY_COUNT
};
enum type_key {
#define TYPE_KEY(id, name, shapes, required, doc, content) TYPE_##id,
#include "types/iface_keys.def"
    TYPE_KEY_COUNT
};
enum field_key {
#define FIELD_KEY(id, name, shapes, required, doc, content) FIELD_##id,
#include "types/iface_keys.def"
    FIELD_KEY_COUNT
};
enum enumerator_key {
#define ENUMERATOR_KEY(id, name, shapes, required, doc, content) ENUMERATOR_##id,
#include "types/iface_keys.def"
    ENUMERATOR_KEY_COUNT
};
enum flag_key {
#define FLAG_KEY(id, name, shapes, required, doc, content) FLAG_##id,
#include "types/iface_keys.def"
    FLAG_KEY_COUNT
};
enum case_key {
#define CASE_KEY(id, name, shapes, required, doc, content) CASE_##id,
#include "types/iface_keys.def"
    CASE_KEY_COUNT
};
enum open_key {
#define OPEN_KEY(id, name, shapes, required, doc, content) OPEN_##id,
#include "types/iface_keys.def"
    OPEN_KEY_COUNT
};
enum expect_key {
#define EXPECT_KEY(id, name, shapes, required, doc, content) EXPECT_##id,
#include "types/iface_keys.def"
    EXPECT_KEY_COUNT
};
enum imported_key {
#define IMPORTED_KEY(id, name, shapes, required, doc, content) IMPORTED_##id,
#include "types/iface_keys.def"
    IMPORTED_KEY_COUNT
};
enum function_key {
#define FUNCTION_KEY(id, name, shapes, required, doc, content) FUNCTION_##id,
#include "types/iface_keys.def"
    FUNCTION_KEY_COUNT
};
enum param_key {
#define PARAM_KEY(id, name, shapes, required, doc, content) PARAM_##id,
#include "types/iface_keys.def"
    PARAM_KEY_COUNT
};
enum checks_key {
#define CHECKS_KEY(id, name, shapes, required, doc, content) CHECKS_##id,
#include "types/iface_keys.def"
    CHECKS_KEY_COUNT
};
enum method_key {
#define METHOD_KEY(id, name, shapes, required, doc, content) METHOD_##id,
#include "types/iface_keys.def"
    METHOD_KEY_COUNT
};
enum constant_key {
#define CONSTANT_KEY(id, name, shapes, required, doc, content) CONSTANT_##id,
#include "types/iface_keys.def"
    CONSTANT_KEY_COUNT
};
enum value_key {
#define VALUE_KEY(id, name, shapes, required, doc, content) VALUE_##id,
#include "types/iface_keys.def"
    VALUE_KEY_COUNT
};
enum callback_key {
#define CALLBACK_KEY(id, name, shapes, required, doc, content) CALLBACK_##id,
#include "types/iface_keys.def"
    CALLBACK_KEY_COUNT
};

/* Words that keys take. */
extern const struct abide_word abide_iface__versions[]; /* of the format */
extern const struct abide_word abide_iface__unwinds[];
extern const struct abide_word
    abide_iface__check_modes[]; /* in the order of abide_checks, from ABIDE_CHECKS_TRUST on */
extern const struct abide_word abide_iface__opens[];
extern const struct abide_word abide_iface__tags[];
extern const struct abide_word abide_iface__threads[];
extern const struct abide_word abide_iface__origins[];
extern const struct abide_word abide_iface__callback_threads[];
extern const struct abide_word
    abide_iface__unnameds[]; /* in the order of enum abide_unnamed, from ABIDE_UNNAMED_LIST on */

extern const struct abide_schema abide_iface__file_schema;
extern const struct abide_schema abide_iface__type_schema;
extern const struct abide_schema abide_iface__field_schema;
extern const struct abide_schema abide_iface__enumerator_schema;
extern const struct abide_schema abide_iface__flag_schema;
extern const struct abide_schema abide_iface__case_schema;
extern const struct abide_schema abide_iface__open_schema;
extern const struct abide_schema abide_iface__expect_schema;
extern const struct abide_schema abide_iface__imported_schema;
extern const struct abide_schema abide_iface__function_schema;
extern const struct abide_schema abide_iface__param_schema;
extern const struct abide_schema abide_iface__checks_schema;
extern const struct abide_schema abide_iface__method_schema;
extern const struct abide_schema abide_iface__constant_schema;
extern const struct abide_schema abide_iface__value_schema;
extern const struct abide_schema abide_iface__callback_schema;
extern const struct abide_schema abide_iface__error_sides_schema;

#endif
