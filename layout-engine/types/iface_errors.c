/* `errors:` of a file, of its functions, and of what these call back: how failures are told, on both sides of a call or on either. */
#include "types/iface_reader.h"
#include "types/iface_schema.h"

#include <string.h>

/* What says that a result is a value, whatever the file says. */
static const char none[] = "none";

static const struct abide_key side_keys[] = {
    {"caller", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, true, "what callers are told",
     ABIDE_HOLDS("text|error_rule")},
    {"callee", ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_MAPPING, true, "what the function does",
     ABIDE_HOLDS("text|error_rule")},
};
const struct abide_schema abide_iface__error_sides_schema = {"'errors' of both sides", side_keys,
                                                             2};

static bool read_use(struct iface_reader *reader, const struct abide_yaml *node,
                     const struct abide_error_use **use)
{
    abide_ctx *ctx = reader->ctx;
    struct abide_error_use *read = abide__new(ctx, struct abide_error_use);
    read->place = node->place;
    *use = read;
    if (node->kind == ABIDE_YAML_MAPPING) {
        struct abide_error_rule *rule = abide__new(ctx, struct abide_error_rule);
        read->rule = rule;
        return abide_error_rule__read(ctx, NULL, node, rule);
    }
    if (strcmp(node->text, none) != 0)
        read->word = node->text;
    return abide_error_rule__check_name(ctx, node->place, node->text);
}

static bool read_uses(struct iface_reader *reader, const struct abide_yaml *node,
                      const struct abide_error_use **caller, const struct abide_error_use **callee)
{
    const struct abide_yaml *values[2];
    bool is_split = false;
    for (size_t i = 0; i < 2; i++) {
        values[i] = node->kind == ABIDE_YAML_MAPPING
                        ? abide_yaml__get(node, abide_iface__error_sides_schema.keys[i].name)
                        : NULL;
        is_split = is_split || values[i];
    }
    if (!is_split) {
        if (!read_use(reader, node, callee))
            return false;
        *caller = *callee;
        return true;
    }
    if (!values[0] || !values[1] || node->entry_count != 2) {
        abide__report(reader->ctx, ABIDE_CODE_BAD_COMBINATION, node->place,
                      "expected a rule, or `caller` and `callee` and nothing else");
        return false;
    }
    return read_use(reader, values[0], caller) && read_use(reader, values[1], callee);
}

bool abide_iface__read_file_errors(struct iface_reader *reader, const struct abide_yaml *node)
{
    return read_uses(reader, node, &reader->caller_errors, &reader->callee_errors);
}

static const struct abide_error_use *named_after(struct iface_reader *reader,
                                                 const struct abide_error_use *use,
                                                 const struct abide_function *function)
{
    if (!use || (!use->word && !use->rule))
        return NULL;
    struct abide_error_use *copy = abide__new(reader->ctx, struct abide_error_use);
    *copy = *use;
    copy->function = function ? function->name : NULL;
    return copy;
}

bool abide_iface__read_errors(struct iface_reader *reader, const struct abide_yaml *node,
                              abide_signature *signature, struct abide_function *function)
{
    const struct abide_error_use *caller = reader->caller_errors, *callee = reader->callee_errors;
    if (node && !read_uses(reader, node, &caller, &callee))
        return false;
    if (!reader->types_are_sound)
        return true;
    bool is_result = signature->result && abide_type__is(signature->result, ABIDE_KIND_RESULT);
    if (!node && !is_result)
        return true; /* what the file says is about results */
    function->caller_errors = named_after(reader, caller, function);
    function->callee_errors = named_after(reader, callee, function);
    if (is_result)
        signature->errors = function->callee_errors;
    return true;
}

/* ---- what is called back ------------------------------------------------------------------------- */

bool abide_iface__read_callable_errors(struct iface_reader *reader, const struct abide_yaml *node,
                                       abide_signature *signature)
{
    const struct abide_error_use *caller, *callee;
    if (!read_uses(reader, node, &caller, &callee))
        return false;
    if (caller != callee) {
        abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_BAD_COMBINATION, node->place,
                                         "what is called back has one rule, for both sides");
        abide__diag_help(reader->ctx, diag,
                         "say what the C side does; an ABI without such rules has a result");
        return false;
    }
    signature->errors = named_after(reader, callee, NULL);
    if (signature->errors)
        abide__push(reader->ctx, &reader->callables_that_fail, signature);
    return true;
}

void abide_iface__check_callable_errors(struct iface_reader *reader)
{
    for (size_t i = 0; i < reader->callables_that_fail.count; i++) {
        const abide_signature *signature = reader->callables_that_fail.items[i];
        if (abide_type__is(signature->result, ABIDE_KIND_RESULT))
            continue;
        abide_diag *diag =
            abide__report(reader->ctx, ABIDE_CODE_BAD_COMBINATION, signature->errors->place,
                          "what is called back does not say that it can fail");
        abide__diag_help(reader->ctx, diag, "let it return a result<T, E>: `-> result<%s, i32>`",
                         signature->result->kind == ABIDE_KIND_VOID
                             ? "unit"
                             : abide_type_print(reader->ctx, signature->result));
    }
}
