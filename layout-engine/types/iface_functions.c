/* The `functions:` section. */
#include "types/iface_reader.h"
#include "types/iface_schema.h"
#include "types/name.h"

#include <string.h>

/* ---- long form --------------------------------------------------------------------------------- */

/* A type, or {type:, facts:, form:}, of which the type is given back in `type`. False: reported. */
static bool open_long_form(struct iface_reader *reader, const struct abide_yaml *node,
                           const struct abide_yaml **values, struct abide_facts *facts,
                           const struct abide_yaml **type)
{
    *type = node;
    if (node->kind != ABIDE_YAML_MAPPING || abide_iface__defines_type(node))
        return true;
    if (!abide_schema__read(reader->ctx, &abide_iface__param_schema, node, values))
        return false;
    *type = values[PARAM_TYPE];
    return !values[PARAM_FACTS] || abide_iface__facts(reader, values[PARAM_FACTS], facts);
}

static bool read_param(struct iface_reader *reader, const struct abide_yaml *node,
                       struct abide_param *param)
{
    const struct abide_yaml *values[PARAM_KEY_COUNT] = {0};
    const struct abide_yaml *type;
    if (!open_long_form(reader, node, values, &param->facts, &type))
        return false;
    if (type->kind == ABIDE_YAML_MAPPING)
        param->type = abide_iface__type(reader, type, IFACE_USE_VALUE);
    else if (!abide_iface__param_type(reader, type, param))
        return false;
    if (param->type && values[PARAM_FORM])
        param->type = abide_iface__with_form(reader, values[PARAM_FORM], param->type);
    return param->type;
}

static bool read_result(struct iface_reader *reader, const struct abide_yaml *node,
                        abide_signature *signature)
{
    const struct abide_yaml *values[PARAM_KEY_COUNT] = {0};
    const struct abide_yaml *type;
    if (!open_long_form(reader, node, values, &signature->result_facts, &type))
        return false;
    if (type->kind == ABIDE_YAML_MAPPING)
        signature->result = abide_iface__type(reader, type, IFACE_USE_RESULT);
    else if (!abide_iface__result_type(reader, type, signature))
        return false;
    if (signature->result && values[PARAM_FORM])
        signature->result = abide_iface__with_form(reader, values[PARAM_FORM], signature->result);
    return signature->result;
}

/* Adds `count` parameters: from a mapping by name, or, for extra arguments, from a list of types. */
static bool read_params(struct iface_reader *reader, const struct abide_yaml *node,
                        bool is_variadic, struct abide_param *params)
{
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        params[i].is_variadic = is_variadic;
        params[i].place = entry->key ? entry->key->place : entry->value->place;
        params[i].name = entry->key ? entry->key->text : NULL;
        fine = read_param(reader, entry->value, &params[i]) &&
               (!entry->key ||
                abide_name__check(reader->ctx, params[i].place, "a parameter", params[i].name)) &&
               fine;
    }
    return fine;
}

/* `variadic: true`, or a list of the extra arguments, which is given back in `extra`. */
static bool read_variadic(struct iface_reader *reader, const struct abide_yaml *node,
                          abide_signature *signature, const struct abide_yaml **extra)
{
    *extra = NULL;
    if (!node)
        return true;
    if (node->kind == ABIDE_YAML_SCALAR)
        return abide_schema__bool(reader->ctx, node, &signature->is_variadic);
    signature->is_variadic = true;
    *extra = node;
    return true;
}

static bool read_long_signature(struct iface_reader *reader, const struct abide_yaml *const *values,
                                abide_signature *signature)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *fixed = values[FUNCTION_PARAMS];
    const struct abide_yaml *extra;
    if (!read_variadic(reader, values[FUNCTION_VARIADIC], signature, &extra))
        return false;
    signature->fixed_count = fixed ? fixed->entry_count : 0;
    signature->param_count = signature->fixed_count + (extra ? extra->entry_count : 0);
    struct abide_param *params = abide__new_array(ctx, struct abide_param, signature->param_count);
    signature->params = params;
    if ((fixed && !read_params(reader, fixed, false, params)) ||
        (extra && !read_params(reader, extra, true, params + signature->fixed_count)))
        return false;
    const struct abide_yaml *result = values[FUNCTION_RETURNS];
    signature->result = abide_type__void(ctx);
    return abide_iface__check_params(reader->ctx, signature) &&
           (!result || result->null || read_result(reader, result, signature));
}

/* ---- references to parameters --------------------------------------------------------------------- */

static bool find_param(struct iface_reader *reader, const abide_signature *signature,
                       const struct abide_yaml *name, size_t *index)
{
    return abide_iface__find_param(reader->ctx, signature, name->text, name->place,
                                   ABIDE_CODE_BAD_CALLBACK, index);
}

static bool report_param_type(struct iface_reader *reader, const struct abide_yaml *name,
                              const struct abide_param *param, const char *expected)
{
    abide_ctx *ctx = reader->ctx;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_BAD_CALLBACK, name->place,
                                     "%s is no %s, but %s", abide__quote(ctx, name->text), expected,
                                     abide__quote(ctx, abide_type_print(ctx, param->type)));
    abide__diag_note(ctx, diag, param->place, "the parameter");
    return false;
}

/* {data: user, at: 0} of the function parameter `name` */
static bool read_callback(struct iface_reader *reader, const struct abide_yaml_entry *entry,
                          const abide_signature *signature, struct abide_callback *callback)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *values[CALLBACK_KEY_COUNT];
    uint64_t at;
    if (!abide_schema__read(ctx, &abide_iface__callback_schema, entry->value, values) ||
        !find_param(reader, signature, entry->key, &callback->function) ||
        !find_param(reader, signature, values[CALLBACK_DATA], &callback->data))
        return false;
    const struct abide_param *function = &signature->params[callback->function];
    const abide_type *type = abide_type__callback(function->type);
    if (!type)
        return report_param_type(reader, entry->key, function, "function");
    if (callback->data == callback->function) {
        abide__report(ctx, ABIDE_CODE_BAD_CALLBACK, values[CALLBACK_DATA]->place,
                      "a callback cannot be its own user data");
        return false;
    }
    if (type->signature->fixed_count == 0) {
        abide__report(ctx, ABIDE_CODE_BAD_CALLBACK, values[CALLBACK_AT]->place,
                      "%s takes no arguments", abide__quote(ctx, entry->key->text));
        return false;
    }
    if (!abide_schema__uint(ctx, values[CALLBACK_AT], type->signature->fixed_count - 1, &at))
        return false;
    callback->at = (size_t)at;
    callback->place = entry->key->place;
    return true;
}

static bool read_callbacks(struct iface_reader *reader, const struct abide_yaml *node,
                           abide_signature *signature)
{
    struct abide_callback *callbacks =
        abide__new_array(reader->ctx, struct abide_callback, node->entry_count);
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++)
        fine = read_callback(reader, abide_yaml__entry(node, i), signature, &callbacks[i]) && fine;
    signature->callbacks = callbacks;
    signature->callback_count = node->entry_count;
    return fine;
}

static bool read_invokes(struct iface_reader *reader, const struct abide_yaml *node,
                         struct abide_function *function)
{
    if (!find_param(reader, function->signature, node, &function->invokes))
        return false;
    const struct abide_param *param = &function->signature->params[function->invokes];
    /* raw<T> is a closure in the callee's own form: the one that can be called without a wrapper. */
    const abide_type *type = abide_type__strip(param->type);
    if (type->kind == ABIDE_KIND_RAW)
        type = abide_type__strip(type->target);
    if (type->kind != ABIDE_KIND_CLOSURE)
        return report_param_type(reader, node, param, "closure");
    function->has_invokes = true;
    return true;
}

/* ---- unnamed arguments ----------------------------------------------------------------------------- */

static bool report_unnamed(struct iface_reader *reader, const struct abide_yaml *node,
                           const char *what, const char *help)
{
    abide_diag *diag =
        abide__report(reader->ctx, ABIDE_CODE_BAD_COMBINATION, node->place, "%s", what);
    abide__diag_help(reader->ctx, diag, "%s", help);
    return false;
}

static bool read_unnamed(struct iface_reader *reader, const struct abide_yaml *node,
                         struct abide_function *function)
{
    const abide_signature *signature = function->signature;
    size_t word;
    if (!abide_schema__word(reader->ctx, node, abide_iface__unnameds, &word))
        return false;
    enum abide_unnamed found = (enum abide_unnamed)(ABIDE_UNNAMED_LIST + word);
    function->unnamed = found;
    if (!signature->is_variadic)
        return report_unnamed(reader, node, "the function has no unnamed arguments",
                              "add dots to its signature: (fmt cstring, ...)");
    bool is_described = signature->param_count > signature->fixed_count;
    if (found == ABIDE_UNNAMED_PARAMETERS && !is_described)
        return report_unnamed(reader, node, "nobody says what the unnamed arguments are",
                              "list their types behind the dots: (fmt cstring, ... c_int, f64)");
    return found == ABIDE_UNNAMED_PARAMETERS || !is_described ||
           report_unnamed(reader, node, "a list holds whatever the caller passes",
                          "leave out the types behind the dots");
}

/* ---- functions ----------------------------------------------------------------------------------- */

static bool report_pair(struct iface_reader *reader, const struct abide_yaml *place,
                        const char *first, const char *second)
{
    abide__report(reader->ctx, ABIDE_CODE_BAD_COMBINATION, place->place,
                  "a function cannot have both '%s' and '%s'", first, second);
    return false;
}

/* The keys that a later release will read, and the way out until then. */
static const struct abide_later_key later_keys[] = {
    {"abi", "a function of another ABI goes into a file of its own"},
    {"since", "leave it out: versions of functions are not compared yet"},
    {NULL, NULL},
};

static bool check_no_facts(struct iface_reader *reader, const struct abide_yaml *node)
{
    const struct abide_yaml *facts = abide_yaml__get(node, "facts");
    if (!facts || facts->kind == ABIDE_YAML_MAPPING)
        return true;
    abide_diag *diag =
        abide__report(reader->ctx, ABIDE_CODE_UNKNOWN_KEY, facts->place, "a function has no facts");
    abide__diag_help(reader->ctx, diag,
                     "they stand on a parameter or the result: facts: {a: [...]}, or "
                     "params: {a: {type: T, facts: [...]}}, returns: {type: R, facts: [...]}");
    return false;
}

static bool check_keys(struct iface_reader *reader, const struct abide_yaml *node,
                       const struct abide_yaml *const *values)
{
    abide_ctx *ctx = reader->ctx;
    static const enum function_key long_keys[] = {FUNCTION_PARAMS, FUNCTION_RETURNS,
                                                  FUNCTION_VARIADIC};
    bool has_long = false;
    for (size_t i = 0; i < sizeof long_keys / sizeof *long_keys; i++) {
        const struct abide_yaml *value = values[long_keys[i]];
        has_long = has_long || value;
        if (value && values[FUNCTION_SIG])
            return report_pair(reader, value, "sig",
                               abide_iface__function_schema.keys[long_keys[i]].name);
    }
    if (!has_long && !values[FUNCTION_SIG]) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_MISSING_KEY, node->place,
                                         "the function has no signature");
        abide__diag_help(ctx, diag, "add sig: (a T, b U) -> R; or params: and returns:");
        return false;
    }
    if (values[FUNCTION_UNNAMED] && values[FUNCTION_INVOKES])
        return report_pair(reader, values[FUNCTION_UNNAMED], "invokes", "unnamed");
    if (values[FUNCTION_SYMBOL] && values[FUNCTION_INVOKES])
        return report_pair(reader, values[FUNCTION_SYMBOL], "invokes", "symbol");
    return true;
}

/* `sig`, or `params` and `returns`, with the function's own `forms`. */
static bool read_types(struct iface_reader *reader, const struct abide_yaml *const *values,
                       abide_signature *signature)
{
    const char *file_forms[ABIDE_KIND_COUNT];
    const struct abide_yaml *forms = values[FUNCTION_FORMS];
    memcpy(file_forms, reader->forms, sizeof file_forms);
    reader->in_function_forms = forms;
    bool fine = (!forms || abide_iface__read_forms(reader, forms)) &&
                (values[FUNCTION_SIG]
                     ? abide_iface__signature(reader, values[FUNCTION_SIG], true, signature)
                     : read_long_signature(reader, values, signature));
    memcpy(reader->forms, file_forms, sizeof file_forms);
    reader->in_function_forms = false;
    return fine;
}

static bool read_signature(struct iface_reader *reader, const struct abide_yaml_entry *entry,
                           const struct abide_yaml *const *values, abide_signature *signature)
{
    const struct abide_yaml *convention = values[FUNCTION_CONVENTION];
    signature->place = entry->key->place;
    if (!read_types(reader, values, signature))
        return false;
    if (!convention)
        return true;
    signature->convention = convention->text;
    signature->convention_place = convention->place;
    return abide_name__check(reader->ctx, convention->place, "a convention", convention->text);
}

/* {a: [...], b: word}: what the long form of a parameter says as well. */
static bool read_facts(struct iface_reader *reader, const struct abide_yaml *node,
                       abide_signature *signature)
{
    bool fine = true;
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        size_t index;
        if (!abide_iface__find_param(reader->ctx, signature, entry->key->text, entry->key->place,
                                     ABIDE_CODE_UNKNOWN_KEY, &index)) {
            fine = false;
            continue;
        }
        struct abide_param *param = (struct abide_param *)&signature->params[index];
        if (param->facts.count > 0)
            abide__report(reader->ctx, ABIDE_CODE_BAD_COMBINATION, entry->key->place,
                          "parameter %s has facts of its own",
                          abide__quote(reader->ctx, entry->key->text));
        fine = param->facts.count == 0 && abide_iface__facts(reader, entry->value, &param->facts) &&
               fine;
    }
    return fine;
}

/* ---- numbers ------------------------------------------------------------------------------------------ */

static bool read_one_number(struct iface_reader *reader, const struct abide_yaml *node,
                            struct abide_function_number *number)
{
    uint64_t value;
    if (node->kind != ABIDE_YAML_SCALAR) {
        abide__report(reader->ctx, ABIDE_CODE_WRONG_SHAPE, node->place, "expected a number");
        return false;
    }
    if (!abide_schema__uint(reader->ctx, node, UINT32_MAX, &value))
        return false;
    number->value = (uint32_t)value;
    return true;
}

/* `number: 39`, or numbers by architecture or triple. */
static bool read_numbers(struct iface_reader *reader, const struct abide_yaml *node,
                         struct abide_function *function)
{
    bool is_list = node->kind == ABIDE_YAML_MAPPING, fine = true;
    size_t count = is_list ? node->entry_count : 1;
    struct abide_function_number *numbers =
        abide__new_array(reader->ctx, struct abide_function_number, count);
    for (size_t i = 0; i < count; i++) {
        if (is_list)
            numbers[i].where = abide_yaml__key_at(node, i)->text;
        fine =
            read_one_number(reader, is_list ? abide_yaml__at(node, i) : node, &numbers[i]) && fine;
    }
    function->numbers = numbers;
    function->number_count = count;
    return fine;
}

/* What the function does to the thread that calls it, and to others. */
static bool read_threads(struct iface_reader *reader, const struct abide_yaml *const *values,
                         struct abide_function *function)
{
    const struct abide_yaml *blocking = values[FUNCTION_BLOCKING];
    const struct abide_yaml *calls_back = values[FUNCTION_CALLS_BACK];
    size_t index = 0;
    if ((blocking && !abide_schema__bool(reader->ctx, blocking, &function->is_blocking)) ||
        (calls_back &&
         !abide_schema__word(reader->ctx, calls_back, abide_iface__callback_threads, &index)))
        return false;
    function->calls_back_anywhere = index == 1;
    return true;
}

bool abide_iface__read_unwind(struct iface_reader *reader, const struct abide_yaml *node,
                              enum abide_unwind *unwind)
{
    size_t index;
    if (!abide_schema__word(reader->ctx, node, abide_iface__unwinds, &index))
        return false;
    *unwind = index == 0 ? ABIDE_UNWIND_ABORT : ABIDE_UNWIND_ALLOW;
    return true;
}

/* The keys besides the signature. */
static bool read_details(struct iface_reader *reader, const struct abide_yaml *const *values,
                         abide_signature *signature, struct abide_function *function)
{
    const struct abide_yaml *symbol = values[FUNCTION_SYMBOL];
    if (symbol) {
        function->symbol = symbol->text;
        function->symbol_place = symbol->place;
        if (!abide_symbol__check(reader->ctx, symbol->place, symbol->text))
            return false;
    }
    if ((values[FUNCTION_NUMBER] && !read_numbers(reader, values[FUNCTION_NUMBER], function)) ||
        !abide_iface__read_errors(reader, values[FUNCTION_ERRORS], signature, function) ||
        !read_threads(reader, values, function) ||
        (values[FUNCTION_UNWIND] &&
         !abide_iface__read_unwind(reader, values[FUNCTION_UNWIND], &function->unwind)))
        return false;
    if (values[FUNCTION_CHECKS] &&
        !abide_iface__read_checks(reader, values[FUNCTION_CHECKS], &function->checks))
        return false;
    function->doc = values[FUNCTION_DOC] ? values[FUNCTION_DOC]->text : NULL;
    if (values[FUNCTION_FACTS] && !read_facts(reader, values[FUNCTION_FACTS], signature))
        return false;
    if (!reader->types_are_sound)
        return true;
    return abide_iface__check_signature(reader, signature) &&
           (!values[FUNCTION_CALLBACKS] ||
            read_callbacks(reader, values[FUNCTION_CALLBACKS], signature)) &&
           (!values[FUNCTION_UNNAMED] ||
            read_unnamed(reader, values[FUNCTION_UNNAMED], function)) &&
           (!values[FUNCTION_INVOKES] || read_invokes(reader, values[FUNCTION_INVOKES], function));
}

/* A library that offers itself in an ABI's terms has its name in front of each symbol: other libraries have functions too. */
static const char *default_symbol(const struct iface_reader *reader, const char *name)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_iface *iface = reader->iface;
    return abide_symbol__from_name(ctx, iface->provides && iface->package
                                            ? abide__printf(ctx, "%s_%s", iface->package, name)
                                            : name);
}

static bool read_function(struct iface_reader *reader, const struct abide_yaml_entry *entry,
                          struct abide_function *function)
{
    abide_ctx *ctx = reader->ctx;
    const struct abide_yaml *name = entry->key;
    if (!abide_name__check(ctx, name->place, "a function", name->text))
        return false;
    abide_signature *signature = abide__new(ctx, abide_signature);
    *function = (struct abide_function){.name = name->text,
                                        .symbol = default_symbol(reader, name->text),
                                        .signature = signature,
                                        .unwind = reader->iface->unwind,
                                        .checks = reader->iface->checks,
                                        .place = name->place,
                                        .symbol_place = name->place};
    if (entry->value->kind != ABIDE_YAML_MAPPING)
        return abide_iface__signature(reader, entry->value, true, signature) &&
               abide_iface__read_errors(reader, NULL, signature, function) &&
               (!reader->types_are_sound || abide_iface__check_signature(reader, signature));
    const struct abide_yaml *values[FUNCTION_KEY_COUNT];
    return check_no_facts(reader, entry->value) &&
           abide_iface__check_not_later(reader, entry->value, later_keys) &&
           abide_schema__read(ctx, &abide_iface__function_schema, entry->value, values) &&
           check_keys(reader, entry->value, values) &&
           read_signature(reader, entry, values, signature) &&
           read_details(reader, values, signature, function);
}

void abide_iface__read_functions(struct iface_reader *reader, const struct abide_yaml *section)
{
    struct abide_function *functions =
        abide__new_array(reader->ctx, struct abide_function, section->entry_count);
    const abide_function **list =
        abide__new_array(reader->ctx, const abide_function *, section->entry_count);
    for (size_t i = 0; i < section->entry_count; i++) {
        read_function(reader, abide_yaml__entry(section, i), &functions[i]);
        list[i] = &functions[i];
    }
    reader->iface->functions = list;
    reader->iface->function_count = section->entry_count;
}
