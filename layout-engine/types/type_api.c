/* The public constructors: what they are given is checked here, as the reader checks what a file says. */
#include "types/type_api.h"

#include "base/checked.h"
#include "types/iface.h"
#include "types/name.h"

#include <string.h>

/* ---- checks. False: reported --------------------------------------------------------------------- */

/* NULL is what a maker returns that failed and has reported why. */
bool abide_type__check_given(abide_ctx *ctx, const void *part)
{
    if (!part && abide__error_count(ctx) == 0)
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, ABIDE_NOWHERE,
                      "NULL was given for a type or a signature");
    return part != NULL;
}

bool abide_type__check_name(abide_ctx *ctx, const char *what, const char *name)
{
    return !name || abide_name__check(ctx, ABIDE_NOWHERE, what, name);
}

bool abide_type__check_target(abide_ctx *ctx, const abide_type *type)
{
    if (!abide_type__check_given(ctx, type))
        return false;
    if (type->name || type->nesting < ABIDE_TYPE_MAX_NESTING - 1)
        return true;
    abide__report(ctx, ABIDE_CODE_TYPE_TOO_DEEP, ABIDE_NOWHERE,
                  "types without a name are nested more than %d deep", ABIDE_TYPE_MAX_NESTING - 1);
    return false;
}

bool abide_type__check_part(abide_ctx *ctx, const abide_type *type)
{
    if (!abide_type__check_given(ctx, type))
        return false;
    const abide_type *inner = abide_type__strip(type);
    if (inner->kind == ABIDE_KIND_RESOURCE) {
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_BAD_TYPE, ABIDE_NOWHERE,
                          "the resource %s is no type of a value", abide__quote(ctx, inner->name));
        abide__diag_help(ctx, diag, "a value is a handle of it: abide_type_handle");
        return false;
    }
    if (inner->kind == ABIDE_KIND_VOID) {
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, ABIDE_NOWHERE, "'void' is no type of a value");
        return false;
    }
    if (!inner->is_complete) {
        abide__report(ctx, ABIDE_CODE_INCOMPLETE_TYPE, ABIDE_NOWHERE,
                      "%s is opaque, so a value of it has no size", abide__quote(ctx, inner->name));
        return false;
    }
    if (type->value_depth >= ABIDE_TYPE_MAX_VALUE_DEPTH) {
        abide__report(ctx, ABIDE_CODE_TYPE_TOO_DEEP, ABIDE_NOWHERE,
                      "types lie in each other more than %d deep", ABIDE_TYPE_MAX_VALUE_DEPTH);
        return false;
    }
    return abide_type__check_target(ctx, type);
}

bool abide_type__check_count(abide_ctx *ctx, uint64_t count, uint64_t max)
{
    if (count <= max)
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_COUNT, ABIDE_NOWHERE, "a count of %llu is more than %llu",
                  (unsigned long long)count, (unsigned long long)max);
    return false;
}

/* The context's own type behind a const handle. */
static abide_type *writable(abide_ctx *ctx, const abide_type *type)
{
    return abide_type__by_serial(ctx, type->serial);
}

/* ---- constructors --------------------------------------------------------------------------------- */

const abide_type *abide_type_void(abide_ctx *ctx)
{
    GUARDED(ctx, type_result, abide_type__void(ctx));
}

static const char *scalar_at(const void *user, size_t index)
{
    (void)user;
    return index < ABIDE_SCALAR_COUNT ? abide__scalars[index].name : NULL;
}

static const abide_type *scalar(abide_ctx *ctx, const char *name)
{
    for (size_t i = 0; i < ABIDE_SCALAR_COUNT; i++)
        if (strcmp(abide__scalars[i].name, name) == 0)
            return abide_type__scalar(ctx, (enum abide_scalar)i);
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_TYPE, ABIDE_NOWHERE, "no scalar %s",
                                     abide__quote(ctx, name));
    const char *nearest = abide__nearest(name, scalar_at, NULL);
    if (nearest)
        abide__diag_help(ctx, diag, "did you mean %s?", nearest);
    return NULL;
}

const abide_type *abide_type_scalar(abide_ctx *ctx, const char *name)
{
    GUARDED(ctx, type_result, scalar(ctx, name));
}

static const abide_type *pointer(abide_ctx *ctx, const abide_type *target, bool is_mutable,
                                 bool is_nullable)
{
    return abide_type__check_target(ctx, target)
               ? abide_type__pointer(ctx, target, is_mutable, is_nullable)
               : NULL;
}

const abide_type *abide_type_pointer(abide_ctx *ctx, const abide_type *target, bool is_mutable)
{
    GUARDED(ctx, type_result, pointer(ctx, target, is_mutable, true));
}

const abide_type *abide_type_reference(abide_ctx *ctx, const abide_type *target, bool is_mutable)
{
    GUARDED(ctx, type_result, pointer(ctx, target, is_mutable, false));
}

static const abide_type *array(abide_ctx *ctx, const abide_type *element, uint64_t count)
{
    bool fine = abide_type__check_part(ctx, element) &&
                abide_type__check_count(ctx, count, ABIDE_TYPE_MAX_COUNT);
    return fine ? abide_type__array(ctx, element, count, false) : NULL;
}

const abide_type *abide_type_array(abide_ctx *ctx, const abide_type *element, uint64_t count)
{
    GUARDED(ctx, type_result, array(ctx, element, count));
}

/* `kind` says how the message calls it. */
static bool check_element(abide_ctx *ctx, enum abide_kind kind, const abide_type *element)
{
    if (!abide_type__check_part(ctx, element))
        return false;
    if (abide_type__can_be_element(kind, abide_type__strip(element)))
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_TYPE, ABIDE_NOWHERE, "there is no %s of %s",
                  abide__kind_names[kind], abide__quote(ctx, abide_type_print(ctx, element)));
    return false;
}

static const abide_type *vector(abide_ctx *ctx, const abide_type *element, uint64_t count)
{
    if (!check_element(ctx, ABIDE_KIND_VECTOR, element) ||
        !abide_type__check_count(ctx, count, ABIDE_TYPE_MAX_ELEMENTS))
        return NULL;
    if (count > 0)
        return abide_type__vector(ctx, abide_type__strip(element), count);
    abide__report(ctx, ABIDE_CODE_BAD_COUNT, ABIDE_NOWHERE, "a vector of no elements");
    return NULL;
}

const abide_type *abide_type_vector(abide_ctx *ctx, const abide_type *element, uint64_t count)
{
    GUARDED(ctx, type_result, vector(ctx, element, count));
}

static const abide_type *complex_number(abide_ctx *ctx, const abide_type *part)
{
    return check_element(ctx, ABIDE_KIND_COMPLEX, part)
               ? abide_type__complex(ctx, abide_type__strip(part))
               : NULL;
}

const abide_type *abide_type_complex(abide_ctx *ctx, const abide_type *part)
{
    GUARDED(ctx, type_result, complex_number(ctx, part));
}

static const abide_type *around(abide_ctx *ctx, enum abide_kind kind, const abide_type *element)
{
    return abide_type__check_part(ctx, element) ? abide_type__of(ctx, kind, element) : NULL;
}

const abide_type *abide_type_slice(abide_ctx *ctx, const abide_type *element)
{
    GUARDED(ctx, type_result, around(ctx, ABIDE_KIND_SLICE, element));
}

const abide_type *abide_type_sequence(abide_ctx *ctx, const abide_type *element)
{
    GUARDED(ctx, type_result, around(ctx, ABIDE_KIND_SEQ, element));
}

const abide_type *abide_type_raw(abide_ctx *ctx, const abide_type *target)
{
    GUARDED(ctx, type_result, around(ctx, ABIDE_KIND_RAW, target));
}

const abide_type *abide_type_string(abide_ctx *ctx)
{
    GUARDED(ctx, type_result, abide_type__of(ctx, ABIDE_KIND_STRING, NULL));
}

const abide_type *abide_type_cstring(abide_ctx *ctx)
{
    GUARDED(ctx, type_result, abide_type__of(ctx, ABIDE_KIND_CSTRING, NULL));
}

static const abide_type *bitset(abide_ctx *ctx, uint64_t count)
{
    return abide_type__check_count(ctx, count, ABIDE_TYPE_MAX_BITS) ? abide_type__bitset(ctx, count)
                                                                    : NULL;
}

const abide_type *abide_type_bitset(abide_ctx *ctx, uint64_t count)
{
    GUARDED(ctx, type_result, bitset(ctx, count));
}

static const abide_type *tuple(abide_ctx *ctx, const abide_type *const *elements,
                               size_t element_count)
{
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, element_count);
    for (size_t i = 0; i < element_count; i++) {
        if (!abide_type__check_part(ctx, elements[i]))
            return NULL;
        fields[i].type = elements[i];
    }
    return abide_type__tuple(ctx, fields, element_count);
}

const abide_type *abide_type_tuple(abide_ctx *ctx, const abide_type *const *elements,
                                   size_t element_count)
{
    GUARDED(ctx, type_result, tuple(ctx, elements, element_count));
}

static const abide_type *newtype(abide_ctx *ctx, const char *name, const abide_type *target)
{
    if (!abide_name__check(ctx, ABIDE_NOWHERE, "a type", name) ||
        !abide_type__check_part(ctx, target))
        return NULL;
    abide_type *type = abide_type__new(ctx, ABIDE_KIND_NEWTYPE, name, ABIDE_NOWHERE);
    type->target = target;
    abide_type__measure(type);
    return type;
}

const abide_type *abide_type_newtype(abide_ctx *ctx, const char *name, const abide_type *target)
{
    GUARDED(ctx, type_result, newtype(ctx, name, target));
}

bool abide_type__check_base(abide_ctx *ctx, const abide_type *base)
{
    const abide_type *inner = abide_type__strip(base);
    if (inner->kind == ABIDE_KIND_SCALAR &&
        abide__scalars[inner->scalar].group != ABIDE_GROUP_FLOAT)
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_BASE, ABIDE_NOWHERE,
                  "the base of an enum or of flags is no integer type, but %s",
                  abide__quote(ctx, abide_type_print(ctx, base)));
    return false;
}

const struct abide_enumerator *abide_type__copy_values(abide_ctx *ctx, const char *what,
                                                       const abide_enum_value *values,
                                                       size_t value_count)
{
    if (value_count == 0 || value_count > ABIDE_IFACE_MAX_FIELDS) {
        abide__report(ctx, ABIDE_CODE_TOO_MANY, ABIDE_NOWHERE, "%s is one of 1 to %zu", what,
                      ABIDE_IFACE_MAX_FIELDS);
        return NULL;
    }
    struct abide_enumerator *enumerators =
        abide__new_array(ctx, struct abide_enumerator, value_count);
    for (size_t i = 0; i < value_count; i++) {
        if (!abide_name__check(ctx, ABIDE_NOWHERE, what, values[i].name))
            return NULL;
        enumerators[i].name = abide__intern_text(ctx, values[i].name);
        enumerators[i].value = values[i].value;
        enumerators[i].is_large = values[i].is_unsigned && values[i].value < 0;
    }
    return enumerators;
}

static const abide_type *enumeration(abide_ctx *ctx, const char *name,
                                     const abide_enum_value *values, size_t value_count,
                                     const abide_type *base)
{
    if (!abide_type__check_name(ctx, "an enum", name) ||
        (base && !abide_type__check_base(ctx, base)))
        return NULL;
    const struct abide_enumerator *enumerators =
        abide_type__copy_values(ctx, "an enumerator", values, value_count);
    if (!enumerators)
        return NULL;
    abide_type *type = abide_type__new(ctx, ABIDE_KIND_ENUM, name, ABIDE_NOWHERE);
    type->enumerators = enumerators;
    type->enumerator_count = value_count;
    type->target = base;
    return abide_iface__check_values(ctx, type) ? type : NULL;
}

const abide_type *abide_type_enum(abide_ctx *ctx, const char *name, const abide_enum_value *values,
                                  size_t value_count, const abide_type *base)
{
    GUARDED(ctx, type_result, enumeration(ctx, name, values, value_count, base));
}

static const abide_type *opaque(abide_ctx *ctx, const char *name)
{
    if (!abide_name__check(ctx, ABIDE_NOWHERE, "a type", name))
        return NULL;
    return abide_type__new(ctx, ABIDE_KIND_OPAQUE, name, ABIDE_NOWHERE);
}

const abide_type *abide_type_opaque(abide_ctx *ctx, const char *name)
{
    GUARDED(ctx, type_result, opaque(ctx, name));
}

static bool complete(abide_ctx *ctx, const abide_type *declared, const abide_type *definition)
{
    if (!abide_type__check_given(ctx, declared) || !abide_type__check_given(ctx, definition))
        return false;
    bool is_content =
        !definition->name &&
        (definition->kind == ABIDE_KIND_STRUCT || definition->kind == ABIDE_KIND_UNION ||
         definition->kind == ABIDE_KIND_ENUM || definition->kind == ABIDE_KIND_FLAGS ||
         definition->kind == ABIDE_KIND_VARIANT);
    if (declared->kind != ABIDE_KIND_OPAQUE || !is_content) {
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, ABIDE_NOWHERE,
                      "only an opaque type can be completed, by a struct, union, enum, flags or "
                      "variant without "
                      "a name");
        return false;
    }
    abide_type *type = writable(ctx, declared);
    abide_type before = *type;
    *type = *definition;
    type->name = before.name;
    type->serial = before.serial;
    type->place = before.place;
    type->facts = before.facts;
    return true;
}

bool abide_type_complete(abide_ctx *ctx, const abide_type *declared, const abide_type *definition)
{
    GUARDED(ctx, bool, complete(ctx, declared, definition));
}

static bool add_fact(abide_ctx *ctx, const abide_type *type, const char *fact)
{
    if (!abide_type__check_given(ctx, type))
        return false;
    if (!type->name) {
        abide__report(ctx, ABIDE_CODE_BAD_TYPE, ABIDE_NOWHERE,
                      "facts are said of types that have a name");
        return false;
    }
    if (!abide_name__check(ctx, ABIDE_NOWHERE, "a fact", fact))
        return false;
    struct abide_fact *facts = abide__new_array(ctx, struct abide_fact, type->facts.count + 1);
    if (type->facts.count)
        memcpy(facts, type->facts.items, type->facts.count * sizeof *facts);
    facts[type->facts.count].name = abide__intern_text(ctx, fact);
    writable(ctx, type)->facts = (struct abide_facts){facts, type->facts.count + 1};
    return true;
}

bool abide_type_add_fact(abide_ctx *ctx, const abide_type *type, const char *fact)
{
    GUARDED(ctx, bool, add_fact(ctx, type, fact));
}

/* ---- signatures --------------------------------------------------------------------------------------- */

static const abide_signature *new_signature(abide_ctx *ctx, const abide_parameter *parameters,
                                            size_t parameter_count, const abide_type *result)
{
    abide_signature *signature = abide__new(ctx, abide_signature);
    struct abide_param *params = abide__new_array(ctx, struct abide_param, parameter_count);
    for (size_t i = 0; i < parameter_count; i++) {
        if (!abide_type__check_name(ctx, "a parameter", parameters[i].name) ||
            !abide_type__check_part(ctx, parameters[i].type))
            return NULL;
        params[i].name = parameters[i].name ? abide__intern_text(ctx, parameters[i].name) : NULL;
        params[i].type = parameters[i].type;
    }
    if (!abide_type__check_given(ctx, result) ||
        (result->kind != ABIDE_KIND_VOID && !abide_type__check_part(ctx, result)))
        return NULL;
    signature->params = params;
    signature->param_count = parameter_count;
    signature->fixed_count = parameter_count;
    /* As in a file, a result is given away; abide_signature_with_lender says otherwise. */
    const abide_type *inner = abide_type__strip(result);
    signature->result = abide_type__is_borrowed(inner) ? abide_type__owned(ctx, inner) : result;
    return abide_iface__check_params(ctx, signature) ? signature : NULL;
}

const abide_signature *abide_signature_new(abide_ctx *ctx, const abide_parameter *parameters,
                                           size_t parameter_count, const abide_type *result)
{
    GUARDED(ctx, signature_result, new_signature(ctx, parameters, parameter_count, result));
}

/* A signature like another one, to be changed before anybody sees it. */
static abide_signature *copy_signature(abide_ctx *ctx, const abide_signature *signature)
{
    abide_signature *copy = abide__new(ctx, abide_signature);
    *copy = *signature;
    return copy;
}

static const abide_signature *with_convention(abide_ctx *ctx, const abide_signature *signature,
                                              const char *convention)
{
    if (!abide_type__check_given(ctx, signature) ||
        !abide_name__check(ctx, ABIDE_NOWHERE, "a convention", convention))
        return NULL;
    abide_signature *copy = copy_signature(ctx, signature);
    copy->convention = abide__intern_text(ctx, convention);
    return copy;
}

const abide_signature *abide_signature_with_convention(abide_ctx *ctx,
                                                       const abide_signature *signature,
                                                       const char *convention)
{
    GUARDED(ctx, signature_result, with_convention(ctx, signature, convention));
}

static bool check_index(abide_ctx *ctx, const abide_signature *signature, size_t index)
{
    if (!abide_type__check_given(ctx, signature))
        return false;
    if (index < signature->fixed_count)
        return true;
    abide__report(ctx, ABIDE_CODE_BAD_COUNT, ABIDE_NOWHERE, "there is no parameter %zu of %zu",
                  index, signature->fixed_count);
    return false;
}

static const abide_signature *with_mode(abide_ctx *ctx, const abide_signature *signature,
                                        size_t index, abide_mode mode, bool is_own)
{
    if (!check_index(ctx, signature, index))
        return NULL;
    abide_signature *copy = copy_signature(ctx, signature);
    struct abide_param *params = abide__new_array(ctx, struct abide_param, copy->param_count);
    for (size_t i = 0; i < copy->param_count; i++)
        params[i] = signature->params[i];
    params[index].mode = mode;
    params[index].is_own = is_own;
    copy->params = params;
    return copy;
}

const abide_signature *abide_signature_with_mode(abide_ctx *ctx, const abide_signature *signature,
                                                 size_t parameter, abide_mode mode, bool is_own)
{
    GUARDED(ctx, signature_result, with_mode(ctx, signature, parameter, mode, is_own));
}

static const abide_signature *with_lender(abide_ctx *ctx, const abide_signature *signature,
                                          const abide_type *result, size_t lender)
{
    if (!check_index(ctx, signature, lender) || !abide_type__check_part(ctx, result))
        return NULL;
    const struct abide_param *param = &signature->params[lender];
    if (param->is_own || param->mode == ABIDE_MODE_OUT) {
        abide__report(ctx, ABIDE_CODE_BAD_LENDER, ABIDE_NOWHERE,
                      "parameter %zu is given away or written, so nothing can be borrowed from it",
                      lender);
        return NULL;
    }
    abide_signature *copy = copy_signature(ctx, signature);
    copy->result = result;
    copy->has_lender = true;
    copy->lender = lender;
    return copy;
}

const abide_signature *abide_signature_with_lender(abide_ctx *ctx, const abide_signature *signature,
                                                   const abide_type *result, size_t lender)
{
    GUARDED(ctx, signature_result, with_lender(ctx, signature, result, lender));
}

static const abide_signature *variadic(abide_ctx *ctx, const abide_signature *signature,
                                       size_t fixed_count)
{
    if (!abide_type__check_given(ctx, signature))
        return NULL;
    if (fixed_count > signature->param_count) {
        abide__report(ctx, ABIDE_CODE_BAD_COUNT, ABIDE_NOWHERE,
                      "of %zu parameters %zu cannot be fixed", signature->param_count, fixed_count);
        return NULL;
    }
    abide_signature *copy = copy_signature(ctx, signature);
    struct abide_param *params = abide__new_array(ctx, struct abide_param, copy->param_count);
    for (size_t i = 0; i < copy->param_count; i++) {
        params[i] = signature->params[i];
        params[i].is_variadic = i >= fixed_count;
    }
    copy->params = params;
    copy->fixed_count = fixed_count;
    copy->is_variadic = true;
    return copy;
}

static struct abide_facts plus_fact(abide_ctx *ctx, struct abide_facts facts, const char *fact)
{
    struct abide_fact *items = abide__new_array(ctx, struct abide_fact, facts.count + 1);
    if (facts.count)
        memcpy(items, facts.items, facts.count * sizeof *items);
    items[facts.count].name = abide__intern_text(ctx, fact);
    return (struct abide_facts){items, facts.count + 1};
}

static const abide_signature *with_fact(abide_ctx *ctx, const abide_signature *signature,
                                        size_t parameter, const char *fact)
{
    if (!abide_type__check_given(ctx, signature) ||
        !abide_name__check(ctx, ABIDE_NOWHERE, "a fact", fact))
        return NULL;
    if (parameter != ABIDE_RESULT && parameter >= signature->param_count) {
        abide__report(ctx, ABIDE_CODE_BAD_COUNT, ABIDE_NOWHERE, "there is no parameter %zu",
                      parameter);
        return NULL;
    }
    abide_signature *copy = abide__new(ctx, abide_signature);
    *copy = *signature;
    if (parameter == ABIDE_RESULT) {
        copy->result_facts = plus_fact(ctx, signature->result_facts, fact);
        return copy;
    }
    struct abide_param *params = abide__new_array(ctx, struct abide_param, signature->param_count);
    memcpy(params, signature->params, signature->param_count * sizeof *params);
    params[parameter].facts = plus_fact(ctx, params[parameter].facts, fact);
    copy->params = params;
    return copy;
}

const abide_signature *abide_signature_with_fact(abide_ctx *ctx, const abide_signature *signature,
                                                 size_t parameter, const char *fact)
{
    GUARDED(ctx, signature_result, with_fact(ctx, signature, parameter, fact));
}

const abide_signature *abide_signature_variadic(abide_ctx *ctx, const abide_signature *signature,
                                                size_t fixed_count)
{
    GUARDED(ctx, signature_result, variadic(ctx, signature, fixed_count));
}

/* Why these parameters cannot be a callback and its user data; NULL: they can. */
static const char *callback_mistake(const abide_signature *signature, size_t function, size_t data,
                                    size_t at)
{
    if (function >= signature->fixed_count || data >= signature->fixed_count)
        return "there is no such parameter";
    const abide_type *type = abide_type__callback(signature->params[function].type);
    if (!type)
        return "its type is no function";
    if (data == function)
        return "a callback cannot be its own user data";
    return at < type->signature->fixed_count ? NULL : "the function takes fewer arguments";
}

static const abide_signature *with_callback(abide_ctx *ctx, const abide_signature *signature,
                                            size_t function, size_t data, size_t at)
{
    if (!abide_type__check_given(ctx, signature))
        return NULL;
    const char *mistake = callback_mistake(signature, function, data, at);
    if (mistake) {
        abide__report(ctx, ABIDE_CODE_BAD_CALLBACK, ABIDE_NOWHERE,
                      "parameter %zu is no callback with parameter %zu as argument %zu: %s",
                      function, data, at, mistake);
        return NULL;
    }
    abide_signature *copy = copy_signature(ctx, signature);
    struct abide_callback *callbacks =
        abide__new_array(ctx, struct abide_callback, copy->callback_count + 1);
    for (size_t i = 0; i < copy->callback_count; i++)
        callbacks[i] = signature->callbacks[i];
    callbacks[copy->callback_count++] =
        (struct abide_callback){.function = function, .data = data, .at = at};
    copy->callbacks = callbacks;
    return copy;
}

const abide_signature *abide_signature_with_callback(abide_ctx *ctx,
                                                     const abide_signature *signature,
                                                     size_t function, size_t data, size_t at)
{
    GUARDED(ctx, signature_result, with_callback(ctx, signature, function, data, at));
}

static const abide_type *callable(abide_ctx *ctx, enum abide_kind kind,
                                  const abide_signature *signature)
{
    if (!abide_type__check_given(ctx, signature))
        return NULL;
    const abide_type *type = abide_type__callable(ctx, kind, signature);
    return abide_type__measure(writable(ctx, type)) && abide_type__check_target(ctx, type) ? type
                                                                                           : NULL;
}

const abide_type *abide_type_function(abide_ctx *ctx, const abide_signature *signature)
{
    GUARDED(ctx, type_result, callable(ctx, ABIDE_KIND_FUNCTION, signature));
}

const abide_type *abide_type_closure(abide_ctx *ctx, const abide_signature *signature)
{
    GUARDED(ctx, type_result, callable(ctx, ABIDE_KIND_CLOSURE, signature));
}
