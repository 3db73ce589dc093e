/*
 * Closures as values. Code that the target can call as it is goes on with its environment. Else the target gets an adapter, and as
 * environment a record {code, env, drop} of the closure that it leads to: in the frame if the closure is lent; else in memory of the
 * target's own, which ends when the target drops the closure, or has called one that is called only once.
 */
#include "plan/inner.h"
#include "plan/lift_inner.h"

enum { RECORD_CODE, RECORD_ENV, RECORD_DROP, RECORD_WORDS };

#define DROP_PROTOTYPE "void SYMBOL(void *env)"

/* One conversion of a closure. */
struct handover {
    struct abide_lift *lift;
    const abide_type *type;
    struct abide_closure_parts from, to;
    const struct abide_owned_rule *from_owned, *to_owned;
    const char *obstacle; /* why its code cannot be called as it is; NULL: it can */
    abide_value code, env;
};

static uint64_t word_at(const struct abide_lift *lift, unsigned index)
{
    return index * lift->word_bytes;
}

static void store(struct abide_lift *lift, abide_value memory, uint64_t offset_bytes,
                  abide_value word)
{
    if (offset_bytes != SIZE_MAX)
        abide_op__store(&lift->build, memory, offset_bytes, lift->word_bytes, word);
}

static abide_value load(struct abide_lift *lift, abide_value memory, uint64_t offset_bytes)
{
    return abide_op__load(&lift->build, memory, offset_bytes, lift->word_bytes);
}

/* The address of a routine that others call. */
static abide_value address_of(struct abide_lift *lift, enum abide_lift_task task,
                              const char *symbol)
{
    return load(lift, abide_op__owner(&lift->build, abide_lift__helper(lift, task, symbol, NULL)),
                0);
}

/* Environments that a runtime counts are shared: each holder lets go of one for itself. */
static bool is_counted(const struct abide_owned_rule *owned)
{
    return owned && owned->keep_hook && owned->let_go_hook;
}

static bool is_made_by_runtime(const struct handover *handover)
{
    return handover->to_owned && handover->to_owned->make == ABIDE_MAKE_ASSIGN;
}

static void write_record(struct handover *handover, abide_value record, abide_value drop)
{
    struct abide_lift *lift = handover->lift;
    store(lift, record, word_at(lift, RECORD_CODE), handover->code);
    store(lift, record, word_at(lift, RECORD_ENV), handover->env);
    if (drop != ABIDE_NO_VALUE)
        store(lift, record, word_at(lift, RECORD_DROP), drop);
}

static void write_value(struct handover *handover, abide_value code, abide_value env,
                        abide_value drop)
{
    struct abide_lift *lift = handover->lift;
    store(lift, ABIDE_LIFT_TO, handover->to.code_bytes, code);
    store(lift, ABIDE_LIFT_TO, handover->to.env_bytes, env);
    if (drop != ABIDE_NO_VALUE)
        store(lift, ABIDE_LIFT_TO, handover->to.drop_bytes, drop);
}

static const char *adapter(struct handover *handover, const struct abide_lift_callee *more,
                           abide_value *code)
{
    struct abide_lift *lift = handover->lift;
    struct abide_lift_callee callee = *more;
    callee.crossing = lift->lifting->crossing;
    callee.function = lift->lifting->owner;
    callee.iface = lift->lifting->iface;
    callee.parameter = lift->lifting->parameter;
    callee.signature = handover->type->signature;
    callee.is_checked = lift->lifting->duties.checks;
    if (!callee.function)
        return handover->obstacle ? handover->obstacle : "it needs an adapter of its own";
    *code = abide_op__adapter(&lift->build, abide_lift__adapter(lift, &callee));
    return NULL;
}

/* --- lent ------------------------------------------------------------------------------------------- */

static const char *lend_record(struct handover *handover)
{
    struct abide_lift *lift = handover->lift;
    const struct abide_closure_rule *rule = &handover->to.module->language->closure;
    uint64_t header_bytes = rule->foreign_env_header_words * lift->word_bytes;
    struct abide_lift_room room = {.count = abide_op__constant(&lift->build, 1),
                                   .element_bytes = header_bytes + word_at(lift, RECORD_DROP),
                                   .align_bytes = lift->word_bytes};
    const struct abide_lift_callee callee = {.record_bytes = 0};
    abide_value memory, code;
    const char *reason = abide_lift__allocate_in_frame(lift, &room, &memory);
    if (!reason)
        reason = adapter(handover, &callee, &code);
    if (reason)
        return reason;
    abide_lift__lives_in_frame(lift);
    for (size_t i = 0; i < rule->foreign_env_header_words; i++)
        store(lift, memory, i * lift->word_bytes,
              abide_op__constant(&lift->build, rule->foreign_env_header[i]));
    abide_value record = abide_op__offset(&lift->build, memory, header_bytes);
    write_record(handover, record, ABIDE_NO_VALUE);
    write_value(handover, code, record, ABIDE_NO_VALUE);
    return NULL;
}

static const char *lend(struct handover *handover)
{
    bool needs_header = handover->to.module->language->closure.foreign_env_header_words > 0 &&
                        handover->to.module != handover->from.module;
    if (handover->obstacle || needs_header)
        return lend_record(handover);
    write_value(handover, handover->code, handover->env, ABIDE_NO_VALUE);
    return NULL;
}

/* --- given away -------------------------------------------------------------------------------------- */

static const char *hook(struct handover *handover, const struct abide_closure_parts *parts,
                        const char *name, const char *prototype, const char **symbol)
{
    return abide_lift__hook(handover->lift, parts->module, name, NULL, prototype, symbol);
}

/* What ends the source's environment: a function, or null. A counted one is kept, unless its reference comes with it. */
static const char *source_drop(struct handover *handover, abide_value *drop)
{
    struct abide_lift *lift = handover->lift;
    const struct abide_owned_rule *owned = handover->from_owned;
    const char *keep, *let_go;
    if (!is_counted(owned)) {
        if (lift->transfer == ABIDE_TRANSFER_COPY)
            return "a closure that is given away cannot be copied, and the source keeps it";
        *drop = handover->from.drop_bytes == SIZE_MAX
                    ? abide_op__constant(&lift->build, 0)
                    : load(lift, ABIDE_LIFT_FROM, handover->from.drop_bytes);
        return NULL;
    }
    const char *reason = hook(handover, &handover->from, owned->keep_hook, DROP_PROTOTYPE, &keep);
    if (!reason)
        reason = hook(handover, &handover->from, owned->let_go_hook, DROP_PROTOTYPE, &let_go);
    if (reason)
        return reason;
    if (lift->transfer == ABIDE_TRANSFER_COPY || owned->drop == ABIDE_DROP_NOTHING) {
        abide_op__if(&lift->build, handover->env);
        abide_op__call(&lift->build, keep, &handover->env, 1, false);
        abide_op__end(&lift->build);
    }
    abide_lift__costs(lift, ABIDE_COST_RUNTIME);
    *drop = address_of(lift, ABIDE_LIFT_ENV_DROP, let_go);
    return NULL;
}

/* The source's reference ends with the only call, if its code does not see to that. */
static const char *let_go_after_call(struct handover *handover, const char **symbol)
{
    *symbol = NULL;
    return handover->type->is_once && is_counted(handover->from_owned)
               ? hook(handover, &handover->from, handover->from_owned->let_go_hook, DROP_PROTOTYPE,
                      symbol)
               : NULL;
}

/* A record in an environment of the target's runtime, which drops what is in it. */
static const char *give_made(struct handover *handover, abide_value drop)
{
    struct abide_lift *lift = handover->lift;
    const char *symbol;
    struct abide_lift_callee callee = {
        .record_bytes = handover->to.module->language->closure.made_env_words * lift->word_bytes,
        .is_disarmed = handover->type->is_once};
    abide_value code;
    const char *reason = hook(handover, &handover->to, handover->to_owned->make_hook,
                              "void SYMBOL(void *env)", &symbol);
    if (!reason)
        reason = let_go_after_call(handover, &callee.let_go);
    if (!reason)
        reason = adapter(handover, &callee, &code);
    if (reason)
        return reason;
    abide_lift__costs(lift, ABIDE_COST_RUNTIME);
    abide_value place = abide_op__offset(&lift->build, ABIDE_LIFT_TO, handover->to.env_bytes);
    abide_op__call(&lift->build, symbol, &place, 1, false);
    abide_value env = load(lift, ABIDE_LIFT_TO, handover->to.env_bytes);
    abide_value null = abide_op__constant(&lift->build, 0);
    abide_lift__trap_if(lift, abide_op__pair(&lift->build, ABIDE_OP_EQUAL, env, null),
                        ABIDE_TRAP_NO_MEMORY, null);
    write_record(handover, abide_op__offset(&lift->build, env, callee.record_bytes), drop);
    store(lift, ABIDE_LIFT_TO, handover->to.code_bytes, code);
    return NULL;
}

static const char *give_allocated(struct handover *handover, abide_value drop)
{
    struct abide_lift *lift = handover->lift;
    struct abide_lift_callee callee = {.record_bytes = 0};
    struct abide_lift_room room = {.count = abide_op__constant(&lift->build, 1),
                                   .element_bytes = word_at(lift, RECORD_WORDS),
                                   .align_bytes = lift->word_bytes};
    const char *release;
    abide_value record, code;
    const char *reason =
        hook(handover, &handover->to, "release", "void SYMBOL(void *memory)", &release);
    if (handover->type->is_once)
        callee.release = reason ? NULL : release;
    if (!reason)
        reason = let_go_after_call(handover, &callee.let_go);
    if (!reason)
        reason = adapter(handover, &callee, &code);
    if (!reason)
        reason = abide_lift__allocate(lift, handover->to.module, handover->to_owned->make_hook,
                                      NULL, &room, &record);
    if (reason)
        return reason;
    write_record(handover, record, drop);
    write_value(handover, code, record,
                handover->to.drop_bytes != SIZE_MAX
                    ? address_of(lift, ABIDE_LIFT_RECORD_DROP, release)
                    : ABIDE_NO_VALUE);
    return NULL;
}

static const char *check_given(struct handover *handover)
{
    struct abide_lift *lift = handover->lift;
    const char *to = handover->to.module->name;
    if (!handover->to_owned || handover->to_owned->make == ABIDE_MAKE_NONE)
        return abide__printf(lift->ctx, "%s does not say how a closure that is given away is made",
                             to);
    if (handover->type->is_once || is_made_by_runtime(handover) ||
        handover->to.drop_bytes != SIZE_MAX)
        return NULL;
    lift->help = "choose a form that has such a function (of C: `forms: {closure: notify}`), or "
                 "leave 'own' out: the closure is then borrowed for the call";
    return abide__printf(
        lift->ctx, "it is given away, and %s keeps no function that ends it, so nobody would", to);
}

static const char *give(struct handover *handover)
{
    abide_value drop;
    const char *reason = check_given(handover);
    if (!reason)
        reason = source_drop(handover, &drop);
    if (reason)
        return reason;
    if (is_made_by_runtime(handover))
        return give_made(handover, drop);
    bool ends_itself = !handover->type->is_once || !is_counted(handover->from_owned);
    if (handover->obstacle || !ends_itself)
        return give_allocated(handover, drop);
    write_value(handover, handover->code, handover->env, drop);
    return NULL;
}

/* --- routines ----------------------------------------------------------------------------------------- */

const char *abide_lift__write_closure(struct abide_lift *lift, const abide_type *type,
                                      const abide_type *from_type, const abide_type *to_type)
{
    struct handover handover = {.lift = lift,
                                .type = type,
                                .from_owned = abide_parts__owned(&lift->from, type),
                                .to_owned = abide_parts__owned(&lift->to, type)};
    const abide_layout *layout = abide_lift__layout(&lift->to, to_type);
    if (!layout || !abide_parts__closure(&lift->from, from_type, &handover.from) ||
        !abide_parts__closure(&lift->to, to_type, &handover.to))
        return "one side does not say how it represents closures";
    handover.obstacle = abide_inner__callable_same(lift->lifting->crossing, type->signature, true);
    if (!handover.obstacle)
        handover.obstacle =
            abide_callables__obstacle(lift->lifting->crossing, type, lift->lifting->duties);
    abide_op__zero(&lift->build, ABIDE_LIFT_TO, layout->size_bytes);
    handover.code = load(lift, ABIDE_LIFT_FROM, handover.from.code_bytes);
    abide_op__if(&lift->build, handover.code);
    handover.env = load(lift, ABIDE_LIFT_FROM, handover.from.env_bytes);
    bool is_lent = lift->transfer == ABIDE_TRANSFER_BORROW || !type->is_own;
    const char *reason = is_lent ? lend(&handover) : give(&handover);
    abide_op__end(&lift->build);
    return reason;
}

const char *abide_lift__drop_closure(struct abide_lift *lift, const abide_type *type,
                                     const abide_type *physical)
{
    const struct abide_owned_rule *owned = abide_parts__owned(&lift->from, type);
    struct abide_closure_parts parts;
    const char *symbol;
    if (!abide_parts__closure(&lift->from, physical, &parts))
        return "nobody says how it represents closures";
    if (parts.drop_bytes == SIZE_MAX && !is_counted(owned))
        return type->is_once ? NULL : "nobody keeps with it what ends its environment";
    if (parts.drop_bytes == SIZE_MAX && owned->drop == ABIDE_DROP_NOTHING)
        return NULL;
    abide_value env = load(lift, 0, parts.env_bytes);
    if (parts.drop_bytes != SIZE_MAX) {
        abide_value drop = load(lift, 0, parts.drop_bytes);
        abide_op__if(&lift->build, drop);
        abide_op__call_at(&lift->build, drop, &env, 1);
        abide_op__end(&lift->build);
        return NULL;
    }
    const char *reason =
        abide_lift__hook(lift, parts.module, owned->let_go_hook, NULL, DROP_PROTOTYPE, &symbol);
    if (reason)
        return reason;
    abide_op__if(&lift->build, env);
    abide_op__call(&lift->build, symbol, &env, 1, false);
    abide_op__end(&lift->build);
    return NULL;
}

static void call_with_env(struct abide_lift *lift, const char *symbol, abide_value env)
{
    abide_op__if(&lift->build, env);
    abide_op__call(&lift->build, symbol, &env, 1, false);
    abide_op__end(&lift->build);
}

/* What the drop function of a record does: first what it leads to, then the record. */
static void write_record_drop(struct abide_lift *lift, const struct abide_lift_key *key)
{
    enum { RECORD };
    abide_value record = RECORD, drop = load(lift, RECORD, word_at(lift, RECORD_DROP));
    abide_op__if(&lift->build, drop);
    abide_value env = load(lift, RECORD, word_at(lift, RECORD_ENV));
    abide_op__call_at(&lift->build, drop, &env, 1);
    abide_op__end(&lift->build);
    abide_op__call(&lift->build, key->symbol, &record, 1, false);
}

static void write_record_end(struct abide_lift *lift, const struct abide_lift_key *key)
{
    enum { RECORD };
    abide_value record = RECORD;
    if (key->symbol)
        call_with_env(lift, key->symbol, load(lift, RECORD, word_at(lift, RECORD_ENV)));
    if (key->symbol2)
        abide_op__call(&lift->build, key->symbol2, &record, 1, false);
}

/* Before the only call. What is dropped then does nothing, by a function of our own, so that a second call sees that it is one. */
static void write_disarm(struct abide_lift *lift)
{
    enum { RECORD };
    abide_value mark = abide_op__constant(&lift->build, 0);
    if (lift->lifting->duties.checks) {
        abide_value drop = load(lift, RECORD, word_at(lift, RECORD_DROP));
        mark = address_of(lift, ABIDE_LIFT_ENV_USED_UP, NULL);
        abide_lift__trap_if(lift, abide_op__pair(&lift->build, ABIDE_OP_EQUAL, drop, mark),
                            ABIDE_TRAP_ONCE, abide_op__constant(&lift->build, 0));
    }
    store(lift, RECORD, word_at(lift, RECORD_DROP), mark);
}

void abide_lift__write_record_helper(struct abide_lift *lift, const struct abide_lift_key *key)
{
    switch ((enum abide_lift_task)key->task) {
    case ABIDE_LIFT_ENV_DROP: call_with_env(lift, key->symbol, 0); return;
    case ABIDE_LIFT_RECORD_DROP: write_record_drop(lift, key); return;
    case ABIDE_LIFT_RECORD_END: write_record_end(lift, key); return;
    case ABIDE_LIFT_RECORD_DISARM: write_disarm(lift); return;
    default: return;
    }
}
