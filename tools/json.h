/* JSON answers. Keys keep their order; a failing allocation ends the process (see cli.h). */
#ifndef ABIDE_TOOLS_JSON_H
#define ABIDE_TOOLS_JSON_H

#include "text.h"

#include "abide/abide.h"

#include <jansson.h>

struct cli;

json_t *json_new_object(void);
json_t *json_new_array(void);
/* Adds to an object; `value` is taken over. */
void json_put(json_t *object, const char *key, json_t *value);
void json_put_text(json_t *object, const char *key, const char *text); /* NULL: null */
void json_put_size(json_t *object, const char *key, uint64_t value);
void json_put_bool(json_t *object, const char *key, bool value);
void json_add(json_t *array, json_t *value);
json_t *json_text(const char *text);

/* {"abide": 1, "verb": ...} */
json_t *json_new_answer(const struct cli *cli);
/* "abi": {"name", "version", "options", "machine"} */
json_t *json_module(const abide_module *module);
/* "target" and "abi" of the answer for a module. */
void json_put_module(json_t *object, const abide_module *module);
/*
 * The entries of an array that are made when they are printed, one at a time: a tree of all types of a large file would take ten
 * times the memory of its text.
 */
struct json_series {
    json_t *array; /* empty, somewhere below the root */
    size_t count;
    json_t *(*make)(const struct json_series *series, size_t index);
    const void *user;
    struct cli *cli;
};

/* Prints and gives back the root. */
void json_print(json_t *root, struct text *text);
/* The same, with the entries of some of its arrays. */
void json_print_series(json_t *root, const struct json_series *series, size_t series_count,
                       struct text *text);

#endif
