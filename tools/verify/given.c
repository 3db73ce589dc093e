/* Functions of an interface file as signatures of the oracle, which knows no more of types than C's calls depend on. */
#include "given.h"

#include "answer.h"
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* What is being said in the oracle's own terms. */
struct saying {
    abide_ctx *ctx;
    struct signature *signature;
    const abide_type *types[MAX_TYPES]; /* that each of the signature's types is */
    unsigned sizes_bytes[MAX_TYPES];    /* roughly, and rather too large */
    const char *why;                    /* it cannot be said; NULL: so far it can */
};

static bool refuse(struct saying *saying, const char *why)
{
    if (!saying->why)
        saying->why = why;
    return false;
}

static bool is_kind(const abide_type *type, const char *kind)
{
    return strcmp(abide_type_kind_name(type), kind) == 0;
}

static const abide_type *without_names(const abide_type *type)
{
    while (is_kind(type, "newtype"))
        type = abide_type_target(type);
    return type;
}

static bool is_pointer(const abide_type *type)
{
    static const char *const kinds[] = {"pointer", "function", "cstring", "handle"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is_kind(type, kinds[i]))
            return true;
    return false;
}

static bool find_scalar(const char *name, struct use *use)
{
    for (unsigned i = 0; i < scalar_count; i++)
        if (strcmp(scalars[i].name, name) == 0) {
            use->kind = USE_SCALAR;
            use->index = i;
            return true;
        }
    return false;
}

/* The vector of this many such elements, or of others of their size. */
static bool find_vector(abide_ctx *ctx, const abide_type *type, struct use *use)
{
    struct use element;
    if (!find_scalar(abide_type_print(ctx, without_names(abide_type_target(type))), &element))
        return false;
    for (unsigned i = 0; i < scalar_count; i++) {
        struct scalar_parts parts = signature_scalar_parts(i);
        if (scalars[i].group != GROUP_VECTOR || parts.count != abide_type_count(type) ||
            scalars[parts.part].group != scalars[element.index].group ||
            scalars[parts.part].size_bytes != scalars[element.index].size_bytes)
            continue;
        use->kind = USE_SCALAR;
        use->index = i;
        return true;
    }
    return false;
}

static unsigned size_of(const struct saying *saying, const struct use *use)
{
    unsigned size_bytes =
        use->kind == USE_NAMED ? saying->sizes_bytes[use->index] : scalars[use->index].size_bytes;
    return size_bytes * signature_elements(use);
}

static bool say_use(struct saying *saying, const abide_type *type, struct use *use);

static bool say_member(struct saying *saying, const abide_member *member, struct type *type)
{
    struct field *field = &type->fields[type->field_count];
    if (type->field_count == MAX_FIELDS)
        return refuse(saying, "a value with many fields");
    if (!say_use(saying, member->type, &field->type))
        return false;
    field->is_bitfield = member->is_bitfield;
    field->is_unnamed = member->is_bitfield && !member->name;
    field->packed = member->is_packed;
    field->bits = member->bits;
    field->align_bytes = member->align_bytes;
    type->field_count++;
    return true;
}

static bool say_record(struct saying *saying, const abide_type *from, struct type *type,
                       unsigned *size_bytes)
{
    abide_packing packing = abide_type_packing(from);
    unsigned pad_bytes = packing.align_bytes;
    if (is_kind(from, "struct") && abide_type_target(from))
        return refuse(saying, "a struct with a base");
    for (size_t i = 0; i < abide_type_member_count(from); i++) {
        abide_member member = abide_type_member_at(from, i);
        if (!say_member(saying, &member, type))
            return false;
        unsigned member_bytes = size_of(saying, &type->fields[i].type);
        pad_bytes += member.align_bytes;
        *size_bytes += member_bytes;
    }
    *size_bytes += pad_bytes;
    type->packed = packing.is_packed;
    type->pack_bytes = packing.pack_bytes;
    type->align_bytes = packing.align_bytes;
    return true;
}

/* Of an enum, only what holds it matters: its least value, or its base. */
static bool say_enum(struct saying *saying, const abide_type *from, struct type *type)
{
    struct use base;
    type->base = -1;
    for (size_t i = 0; i < abide_type_value_count(from); i++) {
        abide_enum_value value = abide_type_value_at(from, i);
        if (value.is_unsigned || value.value > INT32_MAX || value.value < INT32_MIN)
            return refuse(saying, "an enum with values that an int does not hold");
        if (value.value < type->first_value)
            type->first_value = value.value;
    }
    if (!abide_type_target(from))
        return true;
    if (!find_scalar(abide_type_print(saying->ctx, without_names(abide_type_target(from))), &base))
        return refuse(saying, "an enum of an unusual base");
    type->base = (int)base.index;
    type->first_value = 0;
    return true;
}

/* A type of the signature's own. */
static bool say_type(struct saying *saying, const abide_type *from, struct use *use)
{
    use->kind = USE_NAMED;
    for (use->index = 0; use->index < saying->signature->type_count; use->index++)
        if (saying->types[use->index] == from)
            return true;
    struct type type = {0};
    unsigned size_bytes = 8;
    bool is_enum = is_kind(from, "enum");
    type.kind = is_enum                  ? TYPE_ENUM
                : is_kind(from, "union") ? TYPE_UNION
                : is_kind(from, "tuple") ? TYPE_TUPLE
                                         : TYPE_STRUCT;
    if (!is_enum && type.kind == TYPE_STRUCT && !is_kind(from, "struct"))
        return refuse(saying, "a value of a type that the oracle does not make");
    if (is_enum ? !say_enum(saying, from, &type) : !say_record(saying, from, &type, &size_bytes))
        return false;
    if (saying->signature->type_count == MAX_TYPES)
        return refuse(saying, "values of many types");
    if (size_bytes > MAX_VALUE_BYTES)
        return refuse(saying, "a large value");
    use->index = saying->signature->type_count++;
    saying->types[use->index] = from;
    saying->sizes_bytes[use->index] = size_bytes;
    saying->signature->types[use->index] = type;
    return true;
}

static bool say_use(struct saying *saying, const abide_type *type, struct use *use)
{
    unsigned dimensions = 0;
    for (type = without_names(type); is_kind(type, "array");
         type = without_names(abide_type_target(type))) {
        uint64_t count = abide_type_count(type);
        if (dimensions == MAX_DIMENSIONS || count > MAX_VALUE_BYTES)
            return refuse(saying, "a value with a large array, or one of many dimensions");
        use->counts[dimensions++] = abide_type_is_flexible(type) ? COUNT_OPEN
                                    : count == 0                 ? COUNT_ZERO
                                                                 : (unsigned)count;
    }
    if (is_pointer(type))
        return find_scalar("ptr<void>", use);
    if (is_kind(type, "vector") && find_vector(saying->ctx, type, use))
        return true;
    if (!find_scalar(abide_type_print(saying->ctx, type), use) && !say_type(saying, type, use))
        return false;
    return size_of(saying, use) <= MAX_VALUE_BYTES || refuse(saying, "a large value");
}

/* A variadic function without described extra arguments is called with two. */
static bool say_extra(struct saying *saying)
{
    struct signature *signature = saying->signature;
    if (signature->param_count == 0)
        return refuse(saying, "no parameter stands before the extra ones");
    if (signature->param_count > MAX_PARAMETERS - 2)
        signature->param_count = MAX_PARAMETERS - 2;
    find_scalar("c_int", &signature->params[signature->param_count++]);
    find_scalar("f64", &signature->params[signature->param_count++]);
    signature->unnamed_count = 2;
    return true;
}

/* Of many parameters the first ones: where they go does not depend on those behind them. */
static bool say_signature(struct saying *saying, const abide_signature *from)
{
    struct signature *signature = saying->signature;
    size_t fixed = abide_signature_fixed_count(from);
    for (size_t i = 0; i < fixed && i < MAX_PARAMETERS; i++) {
        abide_parameter parameter = abide_signature_parameter_at(from, i);
        if (!say_use(saying, parameter.type, &signature->params[signature->param_count++]))
            return false;
    }
    const abide_type *result = abide_signature_result(from);
    signature->has_result = !is_kind(result, "void");
    if (signature->has_result && !say_use(saying, result, &signature->result))
        return false;
    return !abide_signature_is_variadic(from) || say_extra(saying);
}

/* --- each once --- */

static uint64_t hash_of(const struct signature *signature)
{
    const unsigned char *bytes = (const unsigned char *)signature;
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < sizeof *signature; i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    return hash;
}

static bool are_same_uses(const struct use *a, const struct use *b)
{
    return a->kind == b->kind && a->index == b->index && a->counts[0] == b->counts[0] &&
           a->counts[1] == b->counts[1];
}

static bool are_same_types(const struct type *a, const struct type *b)
{
    bool same = a->kind == b->kind && a->field_count == b->field_count && a->packed == b->packed &&
                a->pack_bytes == b->pack_bytes && a->align_bytes == b->align_bytes &&
                a->first_value == b->first_value && a->is_list == b->is_list && a->base == b->base;
    for (unsigned i = 0; same && i < a->field_count; i++) {
        const struct field *x = &a->fields[i], *y = &b->fields[i];
        same = are_same_uses(&x->type, &y->type) && x->is_bitfield == y->is_bitfield &&
               x->is_unnamed == y->is_unnamed && x->packed == y->packed && x->bits == y->bits &&
               x->align_bytes == y->align_bytes;
    }
    return same;
}

static bool are_same(const struct signature *a, const struct signature *b)
{
    bool same = a->type_count == b->type_count && a->param_count == b->param_count &&
                a->unnamed_count == b->unnamed_count && a->has_result == b->has_result &&
                a->back == b->back && (!a->has_result || are_same_uses(&a->result, &b->result));
    for (unsigned i = 0; same && i < a->type_count; i++)
        same = are_same_types(&a->types[i], &b->types[i]);
    for (unsigned i = 0; same && i < a->param_count; i++)
        same = are_same_uses(&a->params[i], &b->params[i]) && a->roles[i] == b->roles[i];
    return same;
}

struct known {
    size_t *slots; /* 1 + index; 0: free */
    size_t mask;
};

/* Whether the last signature is a new one. */
static bool is_new(struct given *given, struct known *known)
{
    const struct signature *last = &given->signatures[given->count];
    size_t at = hash_of(last) & known->mask;
    for (; known->slots[at]; at = (at + 1) & known->mask)
        if (are_same(&given->signatures[known->slots[at] - 1], last))
            return false;
    known->slots[at] = given->count + 1;
    return true;
}

static void add_function(struct given *given, struct known *known, abide_ctx *ctx,
                         const abide_function *function)
{
    struct signature *signature = &given->signatures[given->count];
    struct saying saying = {.ctx = ctx, .signature = signature};
    memset(signature, 0, sizeof *signature);
    const char *name = abide_function_name(function);
    if (!say_signature(&saying, abide_function_signature(function)))
        words_add(&given->unasked, cli_printf("%s: %s", name, saying.why));
    else if (is_new(given, known))
        given->names[given->count++] = name;
}

static void add_functions(struct given *given, abide_ctx *ctx, const abide_iface *iface)
{
    struct known known = {.mask = 15};
    given->function_count = abide_iface_function_count(iface);
    while (known.mask < 2 * given->function_count)
        known.mask = 2 * known.mask + 1;
    known.slots = cli_alloc(known.mask + 1, sizeof *known.slots);
    given->signatures = cli_alloc(given->function_count + 1, sizeof *given->signatures);
    given->names = cli_alloc(given->function_count + 1, sizeof *given->names);
    for (size_t i = 0; i < given->function_count; i++)
        add_function(given, &known, ctx, abide_iface_function_at(iface, i));
    for (size_t i = 0; i < given->count; i++)
        given->signatures[i].index = i;
}

void given_name_refused(const struct given *given, const struct engine *engine,
                        struct words *refused)
{
    static struct account account;
    for (size_t i = 0; i < given->count; i++) {
        answer_run(engine, &given->signatures[i], 1, &account);
        if (account.is_refused)
            words_add(refused, cli_printf("%s: %s", given->names[i], account.error));
    }
}

bool given_load(struct cli *cli, const char *path, struct given *given)
{
    *given = (struct given){.path = path, .ctx = cli->ctx};
    given->iface = abide_iface_load(cli->ctx, path);
    if (!given->iface)
        return false;
    add_functions(given, cli->ctx, given->iface);
    return true;
}
