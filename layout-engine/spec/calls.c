/* Reads what a machine module says of calls and returns that are instructions of their own, and of failures. */
#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"
#include "spec/machine.h"
#include "types/name.h"

#include <string.h>

enum { CALL_BY, CALL_NUMBER, CALL_SOURCE, CALL_KEYS };
static const struct abide_key call_keys[CALL_KEYS] = {
    {"by", ABIDE_SHAPE_SCALAR, true, "the instruction's word in codegen/targets/", NULL},
    {"number", ABIDE_SHAPE_SCALAR, false, "register of the number that tells the callee", NULL},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_calls__call_schema = {"'call'", call_keys, CALL_KEYS};

enum { RETURN_BY, RETURN_SOURCE, RETURN_KEYS };
static const struct abide_key return_keys[RETURN_KEYS] = {
    {"by", ABIDE_SHAPE_SCALAR, true, "the instruction's word in codegen/targets/", NULL},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_calls__return_schema = {"'return'", return_keys, RETURN_KEYS};

static const char *instruction(abide_ctx *ctx, const struct abide_yaml *word)
{
    return abide_name__check(ctx, word->place, "an instruction", word->text) ? word->text : NULL;
}

static void read_call(abide_ctx *ctx, struct abide_module *module,
                      const struct abide_registers *registers, const struct abide_yaml *node)
{
    const struct abide_yaml *values[CALL_KEYS];
    if (!node || !abide_schema__read(ctx, &abide_calls__call_schema, node, values))
        return;
    module->called_by = instruction(ctx, values[CALL_BY]);
    if (values[CALL_NUMBER])
        module->number_register = abide_registers__one(ctx, registers, values[CALL_NUMBER]);
}

static void read_return(abide_ctx *ctx, struct abide_module *module, const struct abide_yaml *node)
{
    const struct abide_yaml *values[RETURN_KEYS];
    if (node && abide_schema__read(ctx, &abide_calls__return_schema, node, values))
        module->returned_by = instruction(ctx, values[RETURN_BY]);
}

static void read_errors(abide_ctx *ctx, struct abide_module *module, const struct abide_yaml *node)
{
    if (!node || node->kind != ABIDE_YAML_MAPPING)
        return;
    struct abide_error_rule *rules =
        abide__new_array(ctx, struct abide_error_rule, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        if (abide_error_rule__check_name(ctx, entry->key->place, entry->key->text))
            abide_error_rule__read(ctx, entry->key->text, entry->value, &rules[i]);
    }
    module->errors = rules;
    module->error_count = node->entry_count;
}

void abide_calls__read(abide_ctx *ctx, struct abide_module *module,
                       const struct abide_registers *registers, const struct abide_yaml *tree)
{
    read_call(ctx, module, registers, abide_yaml__get(tree, "call"));
    read_return(ctx, module, abide_yaml__get(tree, "return"));
    read_errors(ctx, module, abide_yaml__get(tree, "errors"));
}

const struct abide_error_rule *abide_module__errors(const abide_module *module, const char *name)
{
    for (size_t i = 0; i < module->error_count; i++)
        if (strcmp(module->errors[i].name, name) == 0)
            return &module->errors[i];
    return NULL;
}
