/* Reads what a machine module says of calls and returns that are instructions of their own, and of failures. */
#include "base/diag.h"
#include "base/schema.h"
#include "spec/machine.h"
#include "types/name.h"

#include <string.h>

enum { CALL_BY, CALL_NUMBER, CALL_SOURCE, CALL_KEYS };
static const struct abide_key call_keys[CALL_KEYS] = {
    {"by", ABIDE_SHAPE_SCALAR, true, "the instruction's word in codegen/targets/"},
    {"number", ABIDE_SHAPE_SCALAR, false, "register of the number that tells the callee"},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause"},
};
static const struct abide_schema call_schema = {"'call'", call_keys, CALL_KEYS};

enum { RETURN_BY, RETURN_SOURCE, RETURN_KEYS };
static const struct abide_key return_keys[RETURN_KEYS] = {
    {"by", ABIDE_SHAPE_SCALAR, true, "the instruction's word in codegen/targets/"},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause"},
};
static const struct abide_schema return_schema = {"'return'", return_keys, RETURN_KEYS};

enum { ERROR_NEGATIVE, ERROR_FAILED, ERROR_LOCATION, ERROR_SOURCE, ERROR_KEYS };
static const struct abide_key error_keys[ERROR_KEYS] = {
    {"negative", ABIDE_SHAPE_SCALAR, false,
     "results from minus this to -1 are numbers of errors, negated"},
    {"failed", ABIDE_SHAPE_SCALAR, false, "the result of a function that failed"},
    {"location", ABIDE_SHAPE_SCALAR, false,
     "C function that gives the address of the c_int with the number"},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause"},
};
static const struct abide_schema error_schema = {"a way to report errors", error_keys, ERROR_KEYS};

/* Numbers of errors are few: a pointer or size must not look like one. */
#define ERRORS_MAX 65535

static const char *instruction(abide_ctx *ctx, const struct abide_yaml *word)
{
    return abide_name__check(ctx, word->place, "an instruction", word->text) ? word->text : NULL;
}

static void read_call(abide_ctx *ctx, struct abide_module *module,
                      const struct abide_registers *registers, const struct abide_yaml *node)
{
    const struct abide_yaml *values[CALL_KEYS];
    if (!node || !abide_schema__read(ctx, &call_schema, node, values))
        return;
    module->called_by = instruction(ctx, values[CALL_BY]);
    if (values[CALL_NUMBER])
        module->number_register = abide_registers__one(ctx, registers, values[CALL_NUMBER]);
}

static void read_return(abide_ctx *ctx, struct abide_module *module, const struct abide_yaml *node)
{
    const struct abide_yaml *values[RETURN_KEYS];
    if (node && abide_schema__read(ctx, &return_schema, node, values))
        module->returned_by = instruction(ctx, values[RETURN_BY]);
}

static void read_error(abide_ctx *ctx, const struct abide_yaml_entry *entry,
                       struct abide_error_rule *rule)
{
    const struct abide_yaml *values[ERROR_KEYS];
    *rule = (struct abide_error_rule){.name = entry->key->text};
    if (!abide_name__check(ctx, entry->key->place, "a way to report errors", rule->name) ||
        !abide_schema__read(ctx, &error_schema, entry->value, values))
        return;
    bool is_negative = values[ERROR_NEGATIVE];
    if (is_negative == (values[ERROR_FAILED] || values[ERROR_LOCATION]) ||
        !values[ERROR_FAILED] != !values[ERROR_LOCATION]) {
        abide__report(ctx, ABIDE_CODE_BAD_COMBINATION, entry->value->place,
                      "expected `negative`, or both `failed` and `location`");
        return;
    }
    if (is_negative) {
        abide_schema__uint(ctx, values[ERROR_NEGATIVE], ERRORS_MAX, &rule->most);
        return;
    }
    if (abide_schema__int(ctx, values[ERROR_FAILED], &rule->failed) &&
        abide_symbol__check(ctx, values[ERROR_LOCATION]->place, values[ERROR_LOCATION]->text))
        rule->location = values[ERROR_LOCATION]->text;
}

static void read_errors(abide_ctx *ctx, struct abide_module *module, const struct abide_yaml *node)
{
    if (!node || node->kind != ABIDE_YAML_MAPPING)
        return;
    struct abide_error_rule *rules =
        abide__new_array(ctx, struct abide_error_rule, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        read_error(ctx, &node->entries[i], &rules[i]);
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
