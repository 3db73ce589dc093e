/* `objects` of a module: what its objects are besides the members of their vtables. */
#include "spec/language.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"

#include <string.h>

enum { COUNTED, ID, REFUSED, ANY, SOURCE, KEYS };

static const struct abide_word ids[] = {
    {"number", "`query` gets a number, and gives a vtable or null"},
    {"address", "`query` gets the address of 16 bytes, and writes a reference to the object "
                "through its last parameter"},
    {NULL, NULL},
};

static const struct abide_key keys[KEYS] = {
    [COUNTED] = {"counted", ABIDE_SHAPE_SCALAR, false,
                 "`true`: every object counts its references, also one that is only lent.",
                 ABIDE_FLAG},
    [ID] =
        {"id", ABIDE_SHAPE_SCALAR, true,
         "How `query` gets what tells interfaces apart: `number`, and gives a vtable or null; or "
         "`address` of 16 bytes, and writes a reference to the object through its last parameter.",
         ABIDE_WORDS(ids)},
    [REFUSED] =
        {"refused", ABIDE_SHAPE_SCALAR, false,
         "With `id: address`: what `query` returns, instead of 0, if the object has no such "
         "interface.",
         ABIDE_NUMBER},
    [ANY] = {"any", ABIDE_SHAPE_SCALAR, false,
             "With `id: address`: 32 hexadecimal digits, the bytes of an id that every object has.",
             NULL},
    [SOURCE] = {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.", NULL}};
const struct abide_schema abide_objects__schema = {"'objects' of a module", keys, KEYS};

static int digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static void read_id(abide_ctx *ctx, const struct abide_yaml *node, struct abide_object_rule *rule)
{
    bool fine = strlen(node->text) == 2 * ABIDE_OBJECT_ID_BYTES;
    for (size_t i = 0; fine && i < ABIDE_OBJECT_ID_BYTES; i++) {
        int high = digit_of(node->text[2 * i]), low = digit_of(node->text[2 * i + 1]);
        fine = high >= 0 && low >= 0;
        rule->any_id[i] = (unsigned char)(high << 4 | low);
    }
    rule->has_any_id = fine;
    if (!fine)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "expected 32 digits from 0 to f");
}

void abide_objects__read(abide_ctx *ctx, const struct abide_yaml *tree,
                         struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "objects"), *values[KEYS];
    struct abide_object_rule *rule = &language->objects;
    size_t id = 0;
    if (node == NULL || !abide_schema__read(ctx, &abide_objects__schema, node, values))
        return;
    if (values[COUNTED] != NULL)
        abide_schema__bool(ctx, values[COUNTED], &rule->is_counted);
    if (!abide_schema__word(ctx, values[ID], ids, &id))
        return;
    rule->id_by_address = id == 1;
    const struct abide_yaml *extra = values[REFUSED] != NULL ? values[REFUSED] : values[ANY];
    if (extra != NULL && !rule->id_by_address)
        abide__report(ctx, ABIDE_CODE_BAD_COMBINATION, extra->place,
                      "this goes with `id: address`");
    if (values[REFUSED] != NULL)
        abide_schema__uint(ctx, values[REFUSED], UINT32_MAX, &rule->refused);
    if (values[ANY] != NULL)
        read_id(ctx, values[ANY], rule);
}
