/*
 * Objects that stand for another side's. The target gets an environment as the object's data,
 *
 *     {table, count, self, vtable}
 *
 * with the address of a vtable in the target's form, the references that there are, and the source's object as its own two words. A thin
 * object of the target is the address of the environment, whose first word is what it expects there. The vtable is constant; its
 * methods are adapters (plan/methods.c), which find the source's method by the environment. It has as many of them as the source's
 * vtable, by that one's size.
 *
 * An environment of what is given away comes from a hook, and goes with the last reference, which ends the source's. That of what is
 * lent lives until the call returns.
 */
#include "plan/lift_inner.h"
#include "plan/methods.h"
#include "plan/object.h"
#include "spec/language.h"

#include <stdlib.h>
#include <string.h>

/* An object that is converted. */
struct object {
    struct abide_lift *lift;
    const abide_type *interface;
    struct abide_object_form from, to;
    struct abide_vtable from_vtable, to_vtable;
    const struct abide_object_rule *rule; /* of the form that the target has */
    bool is_given, is_shared;
    size_t least; /* methods that all releases have */
};

static const struct abide_object_rule *rule_of(const struct abide_side *side,
                                               const abide_type *interface)
{
    struct abide_representing how = {.module = side->module, .foreign = side->foreign};
    bool is_carried = !abide_represent__template(side->ctx, &how, interface) && side->foreign;
    return &(is_carried ? side->foreign : side->module)->language->objects;
}

static abide_value word_at(struct abide_lift *lift, abide_value memory, uint64_t offset_bytes)
{
    return abide_op__load(&lift->build, memory, offset_bytes, lift->word_bytes);
}

static abide_value env_word(struct abide_lift *lift, abide_value env, enum abide_env_word word)
{
    return word_at(lift, env, word * lift->word_bytes);
}

static void set_env_word(struct abide_lift *lift, abide_value env, enum abide_env_word word,
                         abide_value value)
{
    abide_op__store(&lift->build, env, word * lift->word_bytes, lift->word_bytes, value);
}

static abide_value add_references(struct abide_lift *lift, abide_value env, bool one_less)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value change = abide_op__constant(build, 1);
    if (one_less)
        change = abide_op__pair(build, ABIDE_OP_SUBTRACT, abide_op__constant(build, 0), change);
    return abide_op__count(build, env, ABIDE_ENV_COUNT * lift->word_bytes, change);
}

/* What methods get, and the vtable, of the object that lies at `value`. */
static void read_object(struct abide_lift *lift, const struct abide_object_form *form,
                        abide_value value, abide_value *self, abide_value *vtable)
{
    *self = word_at(lift, value, form->is_thin ? 0 : form->self_bytes);
    *vtable = word_at(lift, form->is_thin ? *self : value, form->vtable_bytes);
}

/* ---- header functions --------------------------------------------------------------------------- */

static const abide_type *entry_type(const struct abide_vtable *vtable,
                                    enum abide_vtable_entry entry)
{
    return vtable->physical->fields[vtable->fields[entry]].type;
}

static bool returns_something(const struct abide_vtable *vtable, enum abide_vtable_entry entry)
{
    return entry_type(vtable, entry)->signature->result->kind != ABIDE_KIND_VOID;
}

/* Calls a function of the source's vtable that gets the object alone. */
static void call_entry(struct abide_lift *lift, const struct abide_vtable *vtable,
                       enum abide_vtable_entry entry, abide_value self, abide_value at)
{
    abide_value code = word_at(lift, at, abide_vtable__offset_bytes(vtable, vtable->fields[entry]));
    abide_op__call_at(&lift->build, code, &self, 1);
}

/* The place of a register or the stack that is the same: what a number of two words shares with the first of them. */
static bool starts_at(const abide_assignment *whole, size_t argument, const abide_assignment *words,
                      size_t word)
{
    const struct abide_assigned *a = &whole->arguments[argument], *b = &words->arguments[word];
    if (a->piece_count == 0 || b->piece_count == 0)
        return false;
    const abide_piece *left = &a->pieces[0], *right = &b->pieces[0];
    if (left->register_name || right->register_name)
        return left->register_name && right->register_name &&
               strcmp(left->register_name, right->register_name) == 0;
    return left->stack_offset_bytes == right->stack_offset_bytes;
}

static const abide_assignment *assign(struct abide_lift *lift, const abide_signature *signature)
{
    const struct abide_physical *physical =
        abide_physical__of(lift->ctx, lift->to.module->machine, signature, NULL, false);
    return physical ? abide_assignment__of(lift->ctx, physical) : NULL;
}

/* Where among words a parameter starts that is a number of two of them; SIZE_MAX: nowhere. */
static size_t first_word(struct abide_lift *lift, const abide_signature *signature, size_t param)
{
    enum { MOST = 5 };
    struct abide_param words[MOST];
    for (size_t i = 0; i < MOST; i++)
        words[i] = (struct abide_param){.type = abide_type__scalar(lift->ctx, ABIDE_SCALAR_UPTR)};
    abide_signature of_words = *signature;
    struct abide_param *copy = abide__new_array(lift->ctx, struct abide_param, MOST);
    memcpy(copy, words, sizeof words);
    of_words.params = copy;
    of_words.param_count = of_words.fixed_count = MOST;
    const abide_assignment *whole = assign(lift, signature);
    const abide_assignment *apart =
        assign(lift, memcpy(abide__new(lift->ctx, abide_signature), &of_words, sizeof of_words));
    for (size_t i = param; whole && apart && i + 1 < MOST; i++)
        if (starts_at(whole, param, apart, i))
            return i;
    return SIZE_MAX;
}

/* `bytes` of an id as a word of the machine. */
static uint64_t word_of(const struct abide_lift *lift, const unsigned char *bytes)
{
    bool big = lift->to.module->machine->data->big_endian;
    uint64_t word = 0;
    for (size_t i = 0; i < lift->word_bytes; i++)
        word |= (uint64_t)bytes[i] << 8 * (big ? lift->word_bytes - 1 - i : i);
    return word;
}

static abide_value both(struct abide_lift *lift, abide_value a, abide_value b)
{
    return a == ABIDE_NO_VALUE ? b : abide_op__pair(&lift->build, ABIDE_OP_AND, a, b);
}

static abide_value is_word(struct abide_lift *lift, abide_value found, uint64_t wanted)
{
    return abide_op__pair(&lift->build, ABIDE_OP_EQUAL, found,
                          abide_op__constant(&lift->build, wanted));
}

/* Whether the id at an address is this one. */
static abide_value is_id_at(struct abide_lift *lift, abide_value address,
                            const unsigned char *bytes)
{
    abide_value same = ABIDE_NO_VALUE;
    for (size_t at = 0; at < ABIDE_OBJECT_ID_BYTES; at += lift->word_bytes)
        same = both(lift, same,
                    is_word(lift, abide_op__load(&lift->build, address, at, lift->word_bytes),
                            word_of(lift, bytes + at)));
    return same;
}

uint64_t abide_object__id_number(const abide_type *interface)
{
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof number; i++)
        number = number << 8 | interface->id->sha256[i];
    return number;
}

/* Whether the id that is the parameters from `first` on is this one, a number of 64 bits. */
static abide_value is_id_in(struct abide_lift *lift, size_t first, uint64_t number)
{
    if (lift->word_bytes >= sizeof number)
        return is_word(lift, (abide_value)first, number);
    bool big = lift->to.module->machine->data->big_endian;
    uint64_t low = (uint32_t)number, high = number >> 32;
    return both(lift, is_word(lift, (abide_value)first, big ? high : low),
                is_word(lift, (abide_value)first + 1, big ? low : high));
}

/* (data, id): the object's own vtable, or null. */
static void write_query_by_number(struct abide_lift *lift, const abide_type *interface,
                                  size_t first)
{
    enum { DATA };
    abide_value is = is_id_in(lift, first, abide_object__id_number(interface));
    abide_value own = env_word(lift, DATA, ABIDE_ENV_TABLE);
    abide_op__return(&lift->build,
                     abide_op__select(&lift->build, is, own, abide_op__constant(&lift->build, 0)));
}

/* (data, address of an id, where to): another reference to the object, and 0. */
static void write_query_by_address(struct abide_lift *lift, const abide_type *interface,
                                   const struct abide_object_rule *rule)
{
    enum { DATA, ID, TO };
    struct abide_routine_builder *build = &lift->build;
    abide_value null = abide_op__constant(build, 0);
    abide_value is = is_id_at(lift, ID, interface->id->sha256);
    if (rule->has_any_id)
        is = abide_op__select(build, is, is, is_id_at(lift, ID, rule->any_id));
    abide_op__if(build, is);
    add_references(lift, DATA, false);
    abide_op__end(build);
    abide_op__store(build, TO, 0, lift->word_bytes, abide_op__select(build, is, DATA, null));
    abide_op__return(build,
                     abide_op__select(build, is, null, abide_op__constant(build, rule->refused)));
}

/* The last reference ends that to the source's object. */
static void write_drop(struct abide_lift *lift, const struct abide_vtable *source,
                       const char *release, bool gives_value)
{
    enum { DATA };
    struct abide_routine_builder *build = &lift->build;
    abide_value left = add_references(lift, DATA, true), env = DATA;
    abide_op__if(build, is_word(lift, left, 0));
    if (abide_vtable__has(source, ABIDE_VTABLE_DROP))
        call_entry(lift, source, ABIDE_VTABLE_DROP, env_word(lift, DATA, ABIDE_ENV_SELF),
                   env_word(lift, DATA, ABIDE_ENV_VTABLE));
    abide_op__call(build, release, &env, 1, false);
    abide_op__end(build);
    if (gives_value)
        abide_op__return(build, left);
}

static void write_check(struct abide_lift *lift, const abide_type *interface)
{
    enum { DATA };
    abide_value count = env_word(lift, DATA, ABIDE_ENV_COUNT);
    abide_op__if(&lift->build, is_word(lift, is_word(lift, count, 1), 0));
    abide_op__trap(&lift->build, ABIDE_TRAP_KEPT, interface->name, "", count);
    abide_op__end(&lift->build);
}

const char *abide_lift__write_object_helper(struct abide_lift *lift,
                                            const struct abide_lift_key *key)
{
    enum { DATA };
    struct abide_vtable source;
    const struct abide_object_rule *rule = rule_of(&lift->to, key->type);
    bool gives_value = key->transfer & 1;
    if (!abide_object__vtable(&lift->from, key->type, &source))
        return "one side does not say how it stores interfaces";
    switch ((enum abide_lift_task)key->task) {
    case ABIDE_LIFT_OBJECT_DROP: write_drop(lift, &source, key->symbol, gives_value); break;
    case ABIDE_LIFT_OBJECT_RETAIN:
    case ABIDE_LIFT_OBJECT_RETURN: {
        abide_value count = add_references(lift, DATA, key->task == ABIDE_LIFT_OBJECT_RETURN);
        if (gives_value)
            abide_op__return(&lift->build, count);
        break;
    }
    case ABIDE_LIFT_OBJECT_CHECK: write_check(lift, key->type); break;
    case ABIDE_LIFT_OBJECT_QUERY:
        if (rule->id_by_address)
            write_query_by_address(lift, key->type, rule);
        else
            write_query_by_number(lift, key->type,
                                  (key->transfer >> 1) - (lift->word_bytes >= 8 ? 1 : 2));
        break;
    case ABIDE_LIFT_OBJECT_ABSENT:
        abide_op__trap(&lift->build, ABIDE_TRAP_ABSENT, key->symbol, "",
                       abide_op__constant(&lift->build, 0));
        break;
    default: break;
    }
    return NULL;
}

/* ---- the target's vtable -------------------------------------------------------------------------- */

typedef ABIDE_VEC(struct abide_constant_entry) entry_list;

static void add_number(const struct object *object, entry_list *entries,
                       enum abide_vtable_entry entry, uint64_t number)
{
    const struct abide_vtable *vtable = &object->to_vtable;
    if (!abide_vtable__has(vtable, entry))
        return;
    size_t field = vtable->fields[entry];
    uint32_t size_bytes = (uint32_t)(abide_layout__field(vtable->layout, field).size_bits / 8);
    abide__push(
        object->lift->ctx, entries,
        ((struct abide_constant_entry){
            .kind = ABIDE_TABLE_NUMBER,
            .offset_bytes = abide_vtable__offset_bytes(vtable, field),
            .size_bytes = size_bytes,
            .number = size_bytes < 8 ? number & ((UINT64_C(1) << 8 * size_bytes) - 1) : number}));
}

static void add_routine(const struct object *object, entry_list *entries, uint64_t offset_bytes,
                        const struct abide_routine *routine)
{
    abide__push(object->lift->ctx, entries,
                ((struct abide_constant_entry){.kind = ABIDE_TABLE_ROUTINE,
                                               .offset_bytes = offset_bytes,
                                               .size_bytes = (uint32_t)object->lift->word_bytes,
                                               .routine = routine}));
}

static void add_entry(const struct object *object, entry_list *entries,
                      enum abide_vtable_entry entry, enum abide_lift_task task, const char *symbol,
                      size_t parameter_count)
{
    const struct abide_vtable *vtable = &object->to_vtable;
    bool gives_value = returns_something(vtable, entry);
    add_routine(object, entries, abide_vtable__offset_bytes(vtable, vtable->fields[entry]),
                abide_lift__object_helper(object->lift, task, object->interface, symbol,
                                          parameter_count, gives_value));
}

static const char *add_drop(const struct object *object, entry_list *entries)
{
    const char *allocate, *release;
    if (!abide_vtable__has(&object->to_vtable, ABIDE_VTABLE_DROP))
        return NULL;
    if (!object->is_given) {
        add_entry(object, entries, ABIDE_VTABLE_DROP, ABIDE_LIFT_OBJECT_RETURN, NULL, 1);
        return NULL;
    }
    const char *reason = abide_lift__memory_hooks(object->lift, &allocate, &release);
    if (!reason)
        add_entry(object, entries, ABIDE_VTABLE_DROP, ABIDE_LIFT_OBJECT_DROP, release, 1);
    return reason;
}

static const char *add_query(const struct object *object, entry_list *entries)
{
    struct abide_lift *lift = object->lift;
    enum { BY_ADDRESS_PARAMETERS = 3 };
    if (!abide_vtable__has(&object->to_vtable, ABIDE_VTABLE_QUERY))
        return NULL;
    const abide_signature *signature =
        entry_type(&object->to_vtable, ABIDE_VTABLE_QUERY)->signature;
    size_t wanted = object->rule->id_by_address ? BY_ADDRESS_PARAMETERS : 2, count = wanted;
    if (signature->param_count != wanted)
        return "the function that looks for another interface has other parameters than "
               "`objects` of the module says";
    if (!object->rule->id_by_address) {
        size_t first = first_word(lift, signature, 1);
        if (first == SIZE_MAX)
            return "nobody knows where the id of an interface is passed";
        count = first + (lift->word_bytes >= 8 ? 1 : 2);
    }
    add_entry(object, entries, ABIDE_VTABLE_QUERY, ABIDE_LIFT_OBJECT_QUERY, NULL, count);
    return NULL;
}

/* Methods behind the first `present` ones are not there, and trap where the vtable does not tell its size. */
static void add_methods(const struct object *object, entry_list *entries, size_t present)
{
    abide_ctx *ctx = object->lift->ctx;
    const struct abide_vtable *vtable = &object->to_vtable;
    bool tells_size = abide_vtable__has(vtable, ABIDE_VTABLE_SIZE);
    for (size_t i = 0; i < object->interface->field_count; i++) {
        uint64_t offset_bytes = abide_vtable__method_bytes(vtable, i);
        const char *name =
            abide__printf(ctx, "%s.%s", object->interface->name, object->interface->fields[i].name);
        if (i < present)
            abide__push(
                ctx, entries,
                ((struct abide_constant_entry){.kind = ABIDE_TABLE_METHOD,
                                               .offset_bytes = offset_bytes,
                                               .size_bytes = (uint32_t)object->lift->word_bytes,
                                               .number = i}));
        else if (!tells_size)
            add_routine(object, entries, offset_bytes,
                        abide_lift__object_helper(object->lift, ABIDE_LIFT_OBJECT_ABSENT,
                                                  object->interface, name, 0, false));
    }
}

static int compare_offsets(const void *left, const void *right)
{
    const struct abide_constant_entry *a = left, *b = right;
    return a->offset_bytes < b->offset_bytes ? -1 : a->offset_bytes > b->offset_bytes;
}

static const char *make_table(const struct object *object, size_t present,
                              const struct abide_routine_constant **made)
{
    const struct abide_vtable *vtable = &object->to_vtable;
    bool is_whole =
        present == object->interface->field_count || !abide_vtable__has(vtable, ABIDE_VTABLE_SIZE);
    uint64_t size_bytes =
        is_whole ? vtable->layout->size_bytes : abide_vtable__method_bytes(vtable, present);
    entry_list entries = {0};
    add_number(object, &entries, ABIDE_VTABLE_SIZE, size_bytes);
    add_number(object, &entries, ABIDE_VTABLE_ID, abide_object__id_number(object->interface));
    const char *reason = add_drop(object, &entries);
    bool is_counted = object->is_shared || object->rule->is_counted;
    if (abide_vtable__has(vtable, ABIDE_VTABLE_RETAIN) && is_counted)
        add_entry(object, &entries, ABIDE_VTABLE_RETAIN, ABIDE_LIFT_OBJECT_RETAIN, NULL, 1);
    if (!reason)
        reason = add_query(object, &entries);
    add_methods(object, &entries, present);
    qsort(entries.items, entries.count, sizeof *entries.items, compare_offsets);
    struct abide_routine_constant table = {
        .name = abide__printf(object->lift->ctx, "%s_vtable", object->interface->name),
        .size_bytes = size_bytes,
        .entries = entries.items,
        .entry_count = entries.count};
    *made = abide_methods__table(&object->lift->lifting->crossing, object->lift->lifting->iface,
                                 object->interface, object->lift->lifting->duties, &table);
    return reason;
}

/* The vtable that has the methods that the source's has. */
static const char *choose_table(const struct object *object, abide_value source,
                                abide_value *chosen)
{
    struct abide_lift *lift = object->lift;
    const struct abide_vtable *vtable = &object->from_vtable;
    size_t total = object->interface->field_count;
    bool tells_size = abide_vtable__has(vtable, ABIDE_VTABLE_SIZE);
    const struct abide_routine_constant *table;
    const char *reason = make_table(object, tells_size ? object->least : total, &table);
    if (reason)
        return reason;
    *chosen = abide_op__table(&lift->build, table);
    if (!tells_size || object->least == total)
        return NULL;
    size_t field = vtable->fields[ABIDE_VTABLE_SIZE];
    abide_value size =
        abide_op__load(&lift->build, source, abide_vtable__offset_bytes(vtable, field),
                       abide_layout__field(vtable->layout, field).size_bits / 8);
    for (size_t i = object->least; i < total && !reason; i++) {
        reason = make_table(object, i + 1, &table);
        abide_value offset =
            abide_op__constant(&lift->build, abide_vtable__method_bytes(vtable, i));
        *chosen = abide_op__select(&lift->build,
                                   abide_op__pair(&lift->build, ABIDE_OP_BELOW, offset, size),
                                   abide_op__table(&lift->build, table), *chosen);
    }
    return reason;
}

/* ---- conversions ---------------------------------------------------------------------------------- */

static const char *make_env(const struct object *object, abide_value *env)
{
    struct abide_lift *lift = object->lift;
    const char *allocate, *release;
    struct abide_lift_room room = {.count = abide_op__constant(&lift->build, 0),
                                   .element_bytes = 1,
                                   .more_bytes = ABIDE_ENV_WORDS * lift->word_bytes,
                                   .align_bytes = lift->word_bytes};
    if (!object->is_given) {
        abide_lift__lives_in_frame(lift);
        return abide_lift__allocate_in_frame(lift, &room, env);
    }
    const char *reason = abide_lift__memory_hooks(lift, &allocate, &release);
    if (reason)
        return reason;
    abide_value bytes = abide_op__constant(&lift->build, room.more_bytes);
    *env = abide_op__call(&lift->build, allocate, &bytes, 1, true);
    abide_lift__trap_if_null(lift, *env, bytes);
    abide_lift__costs(lift, ABIDE_COST_ALLOCATE);
    return NULL;
}

static void write_target(const struct object *object, abide_value env, abide_value table)
{
    struct abide_lift *lift = object->lift;
    abide_op__store(&lift->build, ABIDE_LIFT_TO, object->to.is_thin ? 0 : object->to.self_bytes,
                    lift->word_bytes, env);
    if (!object->to.is_thin)
        abide_op__store(&lift->build, ABIDE_LIFT_TO, object->to.vtable_bytes, lift->word_bytes,
                        table);
}

static const char *convert(const struct object *object)
{
    struct abide_lift *lift = object->lift;
    abide_value self, vtable, table, env;
    read_object(lift, &object->from, ABIDE_LIFT_FROM, &self, &vtable);
    const char *reason = choose_table(object, vtable, &table);
    if (!reason)
        reason = make_env(object, &env);
    if (reason)
        return reason;
    set_env_word(lift, env, ABIDE_ENV_TABLE, table);
    set_env_word(lift, env, ABIDE_ENV_COUNT, abide_op__constant(&lift->build, 1));
    set_env_word(lift, env, ABIDE_ENV_SELF, self);
    set_env_word(lift, env, ABIDE_ENV_VTABLE, vtable);
    write_target(object, env, table);
    if (object->is_given || !object->rule->is_counted)
        return NULL;
    return abide_lift__call_in_frame(
        lift,
        abide_lift__object_helper(lift, ABIDE_LIFT_OBJECT_CHECK, object->interface, NULL, 1, false),
        env);
}

const char *abide_lift__write_object(struct abide_lift *lift, const abide_type *type,
                                     const abide_type *from_type, const abide_type *to_type)
{
    struct object object = {.lift = lift,
                            .interface = type->target,
                            .rule = rule_of(&lift->to, type->target),
                            .is_given = type->is_own,
                            .is_shared = type->is_shared};
    if (type->is_own && lift->transfer == ABIDE_TRANSFER_COPY)
        return "an object cannot be copied";
    object.is_given = type->is_own && lift->transfer == ABIDE_TRANSFER_MOVE;
    if (!abide_object__form(&lift->from, type, from_type, &object.from) ||
        !abide_object__form(&lift->to, type, to_type, &object.to) ||
        !abide_object__vtable(&lift->from, type->target, &object.from_vtable) ||
        !abide_object__vtable(&lift->to, type->target, &object.to_vtable))
        return "one side does not say how it stores objects";
    if (object.to.is_thin && object.to.vtable_bytes != 0)
        return "the vtable's address is not the first word of an object";
    while (object.least < type->target->field_count && !type->target->fields[object.least].is_later)
        object.least++;
    return convert(&object);
}

const char *abide_lift__drop_object(struct abide_lift *lift, const abide_type *type,
                                    const abide_type *physical)
{
    enum { VALUE };
    struct abide_object_form form;
    struct abide_vtable vtable;
    abide_value self, at;
    if (!abide_object__form(&lift->from, type, physical, &form) ||
        !abide_object__vtable(&lift->from, type->target, &vtable) ||
        !abide_vtable__has(&vtable, ABIDE_VTABLE_DROP))
        return "nobody says how an object is dropped";
    read_object(lift, &form, VALUE, &self, &at);
    call_entry(lift, &vtable, ABIDE_VTABLE_DROP, self, at);
    return NULL;
}
