/*
 * The types of a context, and the constructors everybody goes through. Anonymous types other than records, enums and
 * functions are interned by what they are made of.
 */
#include "types/type.h"

#include "base/table.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

/* An anonymous type under a key of words: kind and flags, count, then the addresses of its parts. */
struct interned {
    const abide_type *type;
    size_t key_count;
    uint64_t key[];
};

enum { PAGE_TYPES = 64 };

struct abide_type_table {
    struct abide_table interned;
    ABIDE_VEC(struct abide_type_slot *) pages; /* of PAGE_TYPES */
    size_t count;
    const abide_type *nothing;
    const abide_type *scalars[ABIDE_SCALAR_COUNT];
};

const struct abide_scalar_info abide__scalars[ABIDE_SCALAR_COUNT] = {
#define ABIDE_SCALAR(id, name, group, size_bytes, c_name) \
    [ABIDE_SCALAR_##id] = {name, c_name, ABIDE_GROUP_##group, size_bytes},
#include "types/scalars.def"
#undef ABIDE_SCALAR
};

const char *const abide__kind_names[ABIDE_KIND_COUNT] = {
#define ABIDE_KIND(id, name, example) [ABIDE_KIND_##id] = name,
#include "types/kinds.def"
#undef ABIDE_KIND
};

unsigned abide_scalar__bits(enum abide_scalar scalar)
{
    const struct abide_scalar_info *info = &abide__scalars[scalar];
    return info->group == ABIDE_GROUP_BOOL ? 1 : info->size_bytes * 8;
}

bool abide_facts__has(struct abide_facts facts, const char *name)
{
    for (size_t i = 0; i < facts.count; i++)
        if (strcmp(facts.items[i].name, name) == 0)
            return true;
    return false;
}

static struct abide_type_table *table_of(abide_ctx *ctx)
{
    if (!ctx->types)
        ctx->types = abide__new(ctx, struct abide_type_table);
    return ctx->types;
}

size_t abide_type__count(const abide_ctx *ctx)
{
    return ctx->types ? ctx->types->count : 0;
}

abide_type *abide_type__by_serial(const abide_ctx *ctx, size_t serial)
{
    return &ctx->types->pages.items[serial / PAGE_TYPES][serial % PAGE_TYPES].type;
}

static void add_page(abide_ctx *ctx, struct abide_type_table *table)
{
    size_t align_bytes = alignof(struct abide_type_slot);
    unsigned char *bytes =
        abide__alloc(ctx, sizeof(struct abide_type_slot[PAGE_TYPES]) + align_bytes);
    bytes += -(uintptr_t)bytes % align_bytes;
    abide__push(ctx, &table->pages, (struct abide_type_slot *)bytes);
}

abide_type *abide_type__new(abide_ctx *ctx, enum abide_kind kind, const char *name,
                            struct abide_place place)
{
    struct abide_type_table *table = table_of(ctx);
    const char *own_name = name ? abide__intern_text(ctx, name) : NULL;
    if (table->count == table->pages.count * PAGE_TYPES)
        add_page(ctx, table);
    uint32_t serial = (uint32_t)table->count++;
    abide_type *type = abide_type__by_serial(ctx, serial);
    type->kind = kind;
    type->name = own_name;
    type->place = place;
    type->serial = serial;
    type->is_complete = kind != ABIDE_KIND_OPAQUE;
    return type;
}

/* ---- parts -------------------------------------------------------------------------------- */

const struct abide_field *abide_type__part_field(const abide_type *type, size_t index)
{
    switch (type->kind) {
    case ABIDE_KIND_STRUCT:
        if (type->target) { /* the base is part 0 */
            if (index == 0)
                return NULL;
            index--;
        }
        break;
    case ABIDE_KIND_UNION:
    case ABIDE_KIND_TUPLE:
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT: break;
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_VECTOR:
    case ABIDE_KIND_COMPLEX:
    case ABIDE_KIND_ENUM:
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_NEWTYPE:
    case ABIDE_KIND_BITSET:
    case ABIDE_KIND_SLICE:
    case ABIDE_KIND_SEQ:
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_VA_LIST:
    case ABIDE_KIND_CSTRING:
    case ABIDE_KIND_CLOSURE:
    case ABIDE_KIND_RAW:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_BOX:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_STRING16:
    case ABIDE_KIND_UTF16:
    case ABIDE_KIND_RESOURCE:
    case ABIDE_KIND_HANDLE:
    case ABIDE_KIND_INTERFACE:
    case ABIDE_KIND_DYN:
    case ABIDE_KIND_COUNT: return NULL;
    }
    return index < type->field_count ? &type->fields[index] : NULL;
}

const abide_type *abide_type__part(const abide_type *type, size_t index)
{
    switch (type->kind) {
    case ABIDE_KIND_STRUCT:
        if (type->target && index == 0)
            return type->target;
        break;
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_VECTOR:
    case ABIDE_KIND_COMPLEX:
    case ABIDE_KIND_NEWTYPE:
    case ABIDE_KIND_RAW: return index == 0 ? type->target : NULL;
    case ABIDE_KIND_UNION:
    case ABIDE_KIND_TUPLE:
    case ABIDE_KIND_VOID:
    case ABIDE_KIND_SCALAR:
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_FUNCTION:
    case ABIDE_KIND_ENUM:
    case ABIDE_KIND_OPAQUE:
    case ABIDE_KIND_BITSET:
    case ABIDE_KIND_SLICE:
    case ABIDE_KIND_SEQ:
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_VA_LIST:
    case ABIDE_KIND_CSTRING:
    case ABIDE_KIND_CLOSURE:
    case ABIDE_KIND_FLAGS:
    case ABIDE_KIND_VARIANT:
    case ABIDE_KIND_OPTION:
    case ABIDE_KIND_RESULT:
    case ABIDE_KIND_BOX:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_STRING16:
    case ABIDE_KIND_UTF16:
    case ABIDE_KIND_HANDLE:
    case ABIDE_KIND_INTERFACE:
    case ABIDE_KIND_DYN:
    case ABIDE_KIND_RESOURCE:
    case ABIDE_KIND_COUNT: break;
    }
    const struct abide_field *field = abide_type__part_field(type, index);
    return field ? field->type : NULL;
}

/* ---- depth -------------------------------------------------------------------------------- */

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static unsigned nesting_of(const abide_type *type)
{
    return type && !type->name ? type->nesting : 0;
}

static unsigned signature_nesting(const abide_signature *signature)
{
    unsigned nesting = nesting_of(signature->result);
    for (size_t i = 0; i < signature->param_count; i++)
        nesting = larger(nesting, nesting_of(signature->params[i].type));
    return nesting;
}

static uint8_t plain_as(const struct abide_field *field)
{
    if (field->is_bitfield || field->packed || field->align_bytes != 0)
        return 0;
    if (field->type->kind == ABIDE_KIND_SCALAR)
        return (uint8_t)(field->type->scalar + 1);
    if (field->type->name) /* facts may be said of it */
        return 0;
    if (field->type->kind == ABIDE_KIND_POINTER)
        return ABIDE_PLAIN_POINTER;
    return field->type->kind == ABIDE_KIND_FUNCTION ? ABIDE_PLAIN_FUNCTION : 0;
}

static void find_plain(abide_type *type)
{
    size_t count = type->field_count;
    if (count > ABIDE_TYPE_PLAIN_FIELDS)
        count = ABIDE_TYPE_PLAIN_FIELDS;
    type->plain_set = 0;
    for (size_t i = 0; i < count; i++) {
        type->plain[i] = plain_as(&type->fields[i]);
        type->plain_set |= (uint64_t)1 << type->plain[i];
    }
    type->is_plain = count > 0 && count == type->field_count && !(type->plain_set & 1);
}

bool abide_type__measure(abide_type *type)
{
    unsigned nesting =
        type->signature ? signature_nesting(type->signature) : nesting_of(type->target);
    unsigned value_depth = 0;
    if (type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_UNION)
        find_plain(type);
    const abide_type *part;
    for (size_t i = 0; (part = abide_type__part(type, i)); i++) {
        nesting = larger(nesting, nesting_of(part));
        value_depth = larger(value_depth, part->value_depth + 1u);
    }
    if (nesting >= ABIDE_TYPE_MAX_NESTING || value_depth > ABIDE_TYPE_MAX_VALUE_DEPTH)
        return false;
    type->nesting = nesting + 1;
    type->value_depth = (uint16_t)value_depth;
    return true;
}

/* ---- interned types ----------------------------------------------------------------------- */

struct type_key {
    const uint64_t *words;
    size_t count;
};

static bool same_key(const void *value, const void *key_object)
{
    const struct interned *interned = value;
    const struct type_key *key = key_object;
    return interned->key_count == key->count &&
           memcmp(interned->key, key->words, key->count * sizeof *key->words) == 0;
}

static void add_interned(abide_ctx *ctx, const abide_type *type, struct type_key key, uint64_t hash)
{
    size_t key_bytes = key.count * sizeof *key.words;
    struct interned *interned = abide__alloc(ctx, sizeof *interned + key_bytes);
    interned->type = type;
    interned->key_count = key.count;
    memcpy(interned->key, key.words, key_bytes);
    abide_table__add(ctx, &table_of(ctx)->interned, hash, interned);
}

static const struct abide_field *copy_fields(abide_ctx *ctx, const abide_type *model)
{
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, model->field_count);
    for (size_t i = 0; i < model->field_count; i++)
        fields[i] = model->fields[i];
    return fields;
}

/* A new type, copied from `model`, under its key; or the one that is there. */
static const abide_type *intern(abide_ctx *ctx, const abide_type *model, struct type_key key)
{
    uint64_t hash = abide_table__hash(key.words, key.count * sizeof *key.words);
    const struct interned *interned =
        abide_table__find(&table_of(ctx)->interned, hash, same_key, &key);
    if (interned)
        return interned->type;
    const struct abide_field *fields = copy_fields(ctx, model); /* before anybody sees the type */
    abide_type *type = abide_type__new(ctx, model->kind, NULL, ABIDE_NOWHERE);
    uint32_t serial = type->serial;
    *type = *model;
    type->serial = serial;
    type->is_complete = true;
    type->fields = fields;
    abide_type__measure(type); /* too deep: the caller asks, and never gets here again */
    add_interned(ctx, type, key, hash);
    return type;
}

/* A key of words: kind and flags, count, target, form, and the types of the fields. */
const abide_type *abide_type__like(abide_ctx *ctx, const abide_type *model)
{
    enum { FIXED = 4, SMALL = FIXED + 2 };
    uint64_t small[SMALL];
    size_t count = FIXED + model->field_count;
    uint64_t *key = count <= SMALL ? small : abide__new_array(ctx, uint64_t, count);
    uint64_t flags = (uint64_t)model->is_mutable | (uint64_t)model->is_nullable << 1 |
                     (uint64_t)model->is_flexible << 2 | (uint64_t)model->is_own << 3 |
                     (uint64_t)model->is_shared << 4;
    key[0] = (uint64_t)model->kind << 8 | flags;
    key[1] = model->count;
    key[2] = (uintptr_t)model->target;
    key[3] = (uintptr_t)model->form;
    for (size_t i = 0; i < model->field_count; i++)
        key[FIXED + i] = (uintptr_t)model->fields[i].type;
    return intern(ctx, model, (struct type_key){key, count});
}

const abide_type *abide_type__void(abide_ctx *ctx)
{
    struct abide_type_table *table = table_of(ctx);
    if (!table->nothing)
        table->nothing = abide_type__new(ctx, ABIDE_KIND_VOID, NULL, ABIDE_NOWHERE);
    return table->nothing;
}

const abide_type *abide_type__scalar(abide_ctx *ctx, enum abide_scalar scalar)
{
    struct abide_type_table *table = table_of(ctx);
    if (!table->scalars[scalar]) {
        abide_type *type = abide_type__new(ctx, ABIDE_KIND_SCALAR, NULL, ABIDE_NOWHERE);
        type->scalar = scalar;
        table->scalars[scalar] = type;
    }
    return table->scalars[scalar];
}

const abide_type *abide_type__pointer(abide_ctx *ctx, const abide_type *target, bool is_mutable,
                                      bool is_nullable)
{
    return abide_type__like(ctx, &(abide_type){.kind = ABIDE_KIND_POINTER,
                                               .target = target,
                                               .is_mutable = is_mutable,
                                               .is_nullable = is_nullable});
}

const abide_type *abide_type__array(abide_ctx *ctx, const abide_type *element, uint64_t count,
                                    bool is_flexible)
{
    return abide_type__like(ctx, &(abide_type){.kind = ABIDE_KIND_ARRAY,
                                               .target = element,
                                               .count = count,
                                               .is_flexible = is_flexible});
}

const abide_type *abide_type__vector(abide_ctx *ctx, const abide_type *element, uint64_t count)
{
    return abide_type__like(
        ctx, &(abide_type){.kind = ABIDE_KIND_VECTOR, .target = element, .count = count});
}

const abide_type *abide_type__complex(abide_ctx *ctx, const abide_type *part)
{
    return abide_type__like(ctx,
                            &(abide_type){.kind = ABIDE_KIND_COMPLEX, .target = part, .count = 2});
}

const abide_type *abide_type__of(abide_ctx *ctx, enum abide_kind kind, const abide_type *target)
{
    return abide_type__like(ctx, &(abide_type){.kind = kind, .target = target});
}

const abide_type *abide_type__bitset(abide_ctx *ctx, uint64_t count)
{
    return abide_type__like(ctx, &(abide_type){.kind = ABIDE_KIND_BITSET, .count = count});
}

const abide_type *abide_type__tuple(abide_ctx *ctx, const struct abide_field *fields,
                                    size_t field_count)
{
    return abide_type__like(
        ctx, &(abide_type){.kind = ABIDE_KIND_TUPLE, .fields = fields, .field_count = field_count});
}

/* OPTION, RESULT: two cases with fixed names, and the tags 0 and 1. */
static const abide_type *two_cases(abide_ctx *ctx, enum abide_kind kind, const char *const *names,
                                   const abide_type *first, const abide_type *second)
{
    struct abide_enumerator *tags = abide__new_array(ctx, struct abide_enumerator, 2);
    struct abide_field cases[2] = {{.type = first}, {.type = second}};
    for (int i = 0; i < 2; i++) {
        tags[i].name = cases[i].name = abide__intern_text(ctx, names[i]);
        tags[i].value = i;
    }
    return abide_type__like(ctx, &(abide_type){.kind = kind,
                                               .fields = cases,
                                               .field_count = 2,
                                               .enumerators = tags,
                                               .enumerator_count = 2});
}

const abide_type *abide_type__option(abide_ctx *ctx, const abide_type *payload)
{
    static const char *const names[] = {"none", "some"};
    return two_cases(ctx, ABIDE_KIND_OPTION, names, abide_type__void(ctx), payload);
}

const abide_type *abide_type__result(abide_ctx *ctx, const abide_type *ok, const abide_type *err)
{
    static const char *const names[] = {"ok", "err"};
    return two_cases(ctx, ABIDE_KIND_RESULT, names, ok, err);
}

bool abide_kind__is_counted_text(enum abide_kind kind)
{
    return kind == ABIDE_KIND_STRING || kind == ABIDE_KIND_STRING0 || kind == ABIDE_KIND_STRING16 ||
           kind == ABIDE_KIND_UTF16;
}

bool abide_kind__is_text(enum abide_kind kind)
{
    return abide_kind__is_counted_text(kind) || kind == ABIDE_KIND_CSTRING;
}

bool abide_type__is_borrowed(const abide_type *type)
{
    bool has_owner = abide_kind__is_counted_text(type->kind) || type->kind == ABIDE_KIND_HANDLE ||
                     type->kind == ABIDE_KIND_DYN || type->kind == ABIDE_KIND_CLOSURE;
    return type->kind == ABIDE_KIND_SLICE || (has_owner && !type->is_own);
}

const abide_type *abide_type__owned(abide_ctx *ctx, const abide_type *type)
{
    if (type->name || (!abide_type__is_borrowed(type) && type->kind != ABIDE_KIND_CSTRING))
        return type;
    if (type->kind == ABIDE_KIND_CLOSURE)
        return abide_type__given_closure(ctx, type, false);
    abide_type model = *type;
    if (type->kind == ABIDE_KIND_SLICE) {
        model.kind = ABIDE_KIND_SEQ;
        model.is_mutable = false;
        model.form = NULL; /* a slice's forms are not those of an owned one */
    } else {
        model.is_own = true;
    }
    return abide_type__like(ctx, &model);
}

const abide_type *abide_type__given_closure(abide_ctx *ctx, const abide_type *closure, bool is_once)
{
    abide_type *given = abide_type__new(ctx, ABIDE_KIND_CLOSURE, NULL, closure->place);
    given->is_own = true;
    given->is_once = is_once;
    given->is_complete = true;
    if (closure->name) {
        abide_signature *unknown = abide__new(ctx, abide_signature);
        unknown->result = abide_type__void(ctx);
        unknown->place = closure->place;
        given->signature = unknown;
        given->target = closure;
        return given;
    }
    given->target = closure->target;
    given->signature = closure->signature;
    given->form = closure->form;
    given->facts = closure->facts;
    abide_type__measure(given);
    return given;
}

bool abide_type__settle_closure(abide_ctx *ctx, const abide_type *closure)
{
    abide_type *given = abide_type__by_serial(ctx, closure->serial);
    const abide_type *inner = abide_type__strip(closure->target);
    if (inner->kind != ABIDE_KIND_CLOSURE)
        return false;
    given->signature = inner->signature;
    given->facts = closure->target->facts;
    given->is_once = given->is_once || inner->is_once;
    if (inner->form)
        given->form = inner->form;
    return true;
}

bool abide_type__is_interned(const abide_type *type)
{
    static const bool kinds[ABIDE_KIND_COUNT] = {
        [ABIDE_KIND_POINTER] = true,  [ABIDE_KIND_ARRAY] = true,   [ABIDE_KIND_TUPLE] = true,
        [ABIDE_KIND_BITSET] = true,   [ABIDE_KIND_SLICE] = true,   [ABIDE_KIND_SEQ] = true,
        [ABIDE_KIND_STRING] = true,   [ABIDE_KIND_CSTRING] = true, [ABIDE_KIND_RAW] = true,
        [ABIDE_KIND_OPTION] = true,   [ABIDE_KIND_RESULT] = true,  [ABIDE_KIND_BOX] = true,
        [ABIDE_KIND_STRING0] = true,  [ABIDE_KIND_HANDLE] = true,  [ABIDE_KIND_VECTOR] = true,
        [ABIDE_KIND_COMPLEX] = true,  [ABIDE_KIND_VA_LIST] = true, [ABIDE_KIND_DYN] = true,
        [ABIDE_KIND_STRING16] = true, [ABIDE_KIND_UTF16] = true,
    };
    return !type->name && kinds[type->kind];
}

bool abide_type__has_forms(enum abide_kind kind)
{
    return kind > ABIDE_KIND_NEWTYPE && kind < ABIDE_KIND_COUNT && kind != ABIDE_KIND_RESOURCE &&
           kind != ABIDE_KIND_VA_LIST && kind != ABIDE_KIND_INTERFACE && kind != ABIDE_KIND_DYN;
}

const abide_type *abide_type__with_form(abide_ctx *ctx, const abide_type *type, const char *form)
{
    assert(!type->name && abide_type__has_forms(type->kind));
    if (!abide_type__is_interned(type)) {
        abide_type__by_serial(ctx, type->serial)->form = form;
        return type;
    }
    abide_type model = *type;
    model.form = form;
    return abide_type__like(ctx, &model);
}

const abide_type *abide_type__callable(abide_ctx *ctx, enum abide_kind kind,
                                       const abide_signature *signature)
{
    assert(kind == ABIDE_KIND_FUNCTION || kind == ABIDE_KIND_CLOSURE);
    abide_type *type = abide_type__new(ctx, kind, NULL, signature->place);
    type->signature = signature;
    abide_type__measure(type);
    return type;
}

const char *abide_type_interface(const abide_type *type, uint64_t *id)
{
    if (type->kind != ABIDE_KIND_INTERFACE)
        return NULL;
    if (id)
        *id = 0;
    for (size_t i = 0; id && i < sizeof *id; i++)
        *id = *id << 8 | type->id->sha256[i];
    return type->id->text;
}

/* ---- questions ---------------------------------------------------------------------------- */

const abide_type *abide_type__strip(const abide_type *type)
{
    while (type->kind == ABIDE_KIND_NEWTYPE)
        type = type->target;
    return type;
}

const abide_type *abide_type__callback(const abide_type *type)
{
    type = abide_type__strip(type);
    if (type->kind == ABIDE_KIND_OPTION)
        type = abide_type__strip(type->fields[1].type);
    return type->kind == ABIDE_KIND_FUNCTION ? type : NULL;
}

bool abide_type__is(const abide_type *type, enum abide_kind kind)
{
    return abide_type__strip(type)->kind == kind;
}

const char *abide_type_name(const abide_type *type)
{
    return type->name;
}

bool abide_type_has_size(const abide_type *type)
{
    const abide_type *inner = abide_type__strip(type);
    return inner->is_complete && inner->kind != ABIDE_KIND_VOID &&
           inner->kind != ABIDE_KIND_RESOURCE;
}

const char *abide_type_kind_name(const abide_type *type)
{
    return abide__kind_names[type->kind];
}

bool abide_type__is_record(const abide_type *type)
{
    return type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_UNION ||
           type->kind == ABIDE_KIND_TUPLE;
}

bool abide_type__is_sum(const abide_type *type)
{
    return type->kind == ABIDE_KIND_VARIANT || type->kind == ABIDE_KIND_OPTION ||
           type->kind == ABIDE_KIND_RESULT;
}

bool abide_type__is_integer(const abide_type *type)
{
    type = abide_type__strip(type);
    return type->kind == ABIDE_KIND_ENUM ||
           (type->kind == ABIDE_KIND_SCALAR &&
            abide__scalars[type->scalar].group != ABIDE_GROUP_FLOAT);
}

unsigned abide_type__integer_bits(const abide_type *type)
{
    if (type->kind == ABIDE_KIND_ENUM && type->target)
        type = abide_type__strip(type->target);
    if (type->kind != ABIDE_KIND_SCALAR)
        return 0;
    return abide_scalar__bits(type->scalar);
}

bool abide_type__is_sequence(const abide_type *type)
{
    return type->kind == ABIDE_KIND_ARRAY || type->kind == ABIDE_KIND_COMPLEX;
}

static bool is_float(enum abide_scalar scalar)
{
    return abide__scalars[scalar].group == ABIDE_GROUP_FLOAT;
}

/* What gcc 12 and clang 19 refuse: _Complex of integers and __bf16, vectors of truth values; x87 has no vector registers. */
bool abide_type__can_be_element(enum abide_kind kind, const abide_type *type)
{
    if (type->kind != ABIDE_KIND_SCALAR)
        return false;
    if (kind == ABIDE_KIND_COMPLEX)
        return is_float(type->scalar) && type->scalar != ABIDE_SCALAR_BF16;
    return type->scalar != ABIDE_SCALAR_BOOL && type->scalar != ABIDE_SCALAR_F80 &&
           type->scalar != ABIDE_SCALAR_C_LONGDOUBLE;
}

size_t abide_type__case(const abide_type *sum, const char *name)
{
    for (size_t i = 0; i < sum->field_count; i++)
        if (strcmp(sum->fields[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}
