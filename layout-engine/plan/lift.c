/*
 * The table of routines. A conversion inside another is a routine of its own, unless bytes can be moved: so types that lead to
 * themselves need nothing special, and what is written grows with the number of types. Routines are written one after the other
 * from a list, not inside each other: chains of types are longer than the C stack is deep.
 */
#include "plan/check.h"

#include "base/hash.h"
#include "plan/build.h"
#include "plan/sized.h"
#include "plan/transcode.h"

#include <ctype.h>
#include <string.h>

struct abide_lift_entry {
    struct abide_lift_key key;
    struct abide_routine *routine;
    abide_cost cost; /* of its own operations */
    bool lives_in_frame;
    ABIDE_VEC(struct abide_lift_entry *) nested;
    size_t visit; /* the last walk that came here */
    UT_hash_handle hh;
};

/* Whether something lies in a value: see abide_lift__owns and abide_lift__keeps_text. */
struct holds_key {
    const abide_module *module; /* NULL: whatever the form */
    const abide_type *type;
    uintptr_t releases; /* without a module: enum abide_release */
};

struct holds_answer {
    struct holds_key key;
    bool holds;
    UT_hash_handle hh;
};

/* An adapter that routines name, to be made when they are written. */
struct pending_adapter {
    struct abide_adapter *adapter;
    struct abide_lift_callee callee;
};

struct abide_lifts {
    ABIDE_VEC(struct pending_adapter) pending;
    bool makes_adapters;
    uint32_t adapter_count;
    struct abide_lift_entry *entries;
    ABIDE_VEC(struct abide_lift_entry *)
    queue; /* the routines of this walk, in the order they were asked for */
    bool is_walking;
    size_t visit;
    struct holds_answer *holds;
};

/* A walk that running out of memory cut short leaves routines behind that nobody wrote: they are forgotten. */
static struct abide_lifts *lifts_of(abide_ctx *ctx)
{
    if (!ctx->lifts)
        ctx->lifts = abide__new(ctx, struct abide_lifts);
    return ctx->lifts;
}

/* --- ownership --------------------------------------------------------------------------------------- */

/* A runtime's text is the runtime's own, whatever the interface says. */
static bool is_kept_text(abide_ctx *ctx, const abide_module *module, const abide_type *type)
{
    struct abide_side side = {.ctx = ctx, .module = module};
    const struct abide_owned_rule *owned =
        abide_kind__is_counted_text(type->kind) ? abide_parts__owned(&side, type) : NULL;
    return owned && owned->make == ABIDE_MAKE_ASSIGN && owned->drop != ABIDE_DROP_NOTHING;
}

static bool is_lent_sequence(const abide_type *type)
{
    return abide_lift__is_sequence(type) && !abide_lift__owns_itself(type);
}

bool abide_lift__releases_itself(const abide_type *type, uintptr_t what)
{
    if (what == ABIDE_RELEASE_SAID)
        return abide_lift__owns_itself(type);
    bool is_sequence = abide_lift__is_sequence(type);
    bool is_made = abide_kind__is_counted_text(type->kind) ||
                   (is_sequence && abide_lift__owns_itself(type)) ||
                   (type->kind == ABIDE_KIND_CLOSURE && type->is_own);
    return (what & ABIDE_RELEASE_MADE && is_made) ||
           (what & ABIDE_RELEASE_LENT && is_lent_sequence(type)) ||
           (what & ABIDE_RELEASE_MEMORY && is_sequence && abide_lift__owns_itself(type)) ||
           (what & ABIDE_RELEASE_RESOURCES && !is_sequence && abide_lift__owns_itself(type)) ||
           (what & ABIDE_RELEASE_LOANS && abide_convert__is_loan(type));
}

static bool holds(abide_ctx *ctx, const abide_module *module, const abide_type *type,
                  uintptr_t releases);

static bool find_holds(abide_ctx *ctx, const abide_module *module, const abide_type *type,
                       uintptr_t releases)
{
    const abide_type *part;
    if (module ? is_kept_text(ctx, module, type) : abide_lift__releases_itself(type, releases))
        return true;
    if (!module && releases & ABIDE_RELEASE_LOANS && abide_convert__lends_handles(ctx, type))
        return true;
    if (type->kind == ABIDE_KIND_RAW)
        return false;
    for (size_t i = 0; (part = abide_type__part(type, i)); i++)
        if (holds(ctx, module, part, releases))
            return true;
    return false;
}

static bool holds(abide_ctx *ctx, const abide_module *module, const abide_type *type,
                  uintptr_t releases)
{
    struct holds_key key;
    struct holds_answer *answer = NULL;
    memset(&key, 0, sizeof key);
    key.module = module;
    key.type = abide_type__strip(type);
    key.releases = releases;
    HASH_FIND(hh, lifts_of(ctx)->holds, &key, sizeof key, answer);
    if (!answer) {
        bool found = find_holds(ctx, module, key.type, releases);
        answer = abide__new(ctx, struct holds_answer);
        answer->key = key;
        answer->holds = found;
        HASH_ADD(hh, lifts_of(ctx)->holds, key, sizeof answer->key, answer);
    }
    return answer->holds;
}

bool abide_lift__owns(abide_ctx *ctx, const abide_type *type)
{
    return holds(ctx, NULL, type, ABIDE_RELEASE_SAID);
}

bool abide_lift__releases(abide_ctx *ctx, const abide_type *type, unsigned what)
{
    return holds(ctx, NULL, type, what);
}

bool abide_lift__keeps_text(abide_ctx *ctx, const abide_module *module, const abide_type *type)
{
    return holds(ctx, module, type, 0);
}

/* --- names --------------------------------------------------------------------------------------------- */

static const char *task_name(const struct abide_lift_key *key)
{
    switch ((enum abide_lift_task)key->task) {
    case ABIDE_LIFT_CONVERT:
        return key->transfer == ABIDE_TRANSFER_BORROW ? "lend"
               : key->transfer == ABIDE_TRANSFER_MOVE ? "move"
                                                      : "copy";
    case ABIDE_LIFT_DROP: return "drop";
    case ABIDE_LIFT_RELEASE: return "release";
    case ABIDE_LIFT_FREE: return "free_chunk";
    case ABIDE_LIFT_FRAME_BYTES: return "frame_bytes";
    case ABIDE_LIFT_FRAME_DROP: return "frame_drop";
    case ABIDE_LIFT_FRAME_END: return "frame_end";
    case ABIDE_LIFT_ENV_DROP: return "let_go";
    case ABIDE_LIFT_RECORD_DROP: return "drop_closure";
    case ABIDE_LIFT_RECORD_END: return "end_closure";
    case ABIDE_LIFT_RECORD_DISARM: return "use_up_closure";
    case ABIDE_LIFT_ENV_USED_UP: return "used_up";
    case ABIDE_LIFT_CHECK:
    case ABIDE_LIFT_CHECK_PART: return "check";
    case ABIDE_LIFT_TRAP_AT: return "trap_at";
    case ABIDE_LIFT_PUT_TEXT: return "put_text";
    case ABIDE_LIFT_PUT_NUMBER: return "put_number";
    case ABIDE_LIFT_PUT_PATH: return "put_path";
    case ABIDE_LIFT_UTF8: return "utf8";
    case ABIDE_LIFT_UTF16: return "utf16";
    case ABIDE_LIFT_TO_UTF16: return "to_utf16";
    case ABIDE_LIFT_TO_UTF8: return "to_utf8";
    case ABIDE_LIFT_LENGTH16: return "length16";
    case ABIDE_LIFT_HAS_NUL16: return "has_nul16";
    case ABIDE_LIFT_OBJECT_DROP: return "end";
    case ABIDE_LIFT_OBJECT_RETAIN: return "retain";
    case ABIDE_LIFT_OBJECT_RETURN: return "give_back";
    case ABIDE_LIFT_OBJECT_CHECK: return "check";
    case ABIDE_LIFT_OBJECT_QUERY: return "query";
    case ABIDE_LIFT_OBJECT_ABSENT: return "absent";
    }
    return "";
}

/* "move_message": a C identifier. */
static const char *name_of(abide_ctx *ctx, const struct abide_lift_key *key)
{
    struct abide_text text = {0};
    const char *type = !key->type        ? NULL
                       : key->type->name ? key->type->name
                                         : abide__kind_names[key->type->kind];
    abide__text_printf(ctx, &text, "%s%s%s", task_name(key), type ? "_" : "", type ? type : "");
    for (size_t i = 0; i < text.length_bytes; i++)
        if (!isalnum((unsigned char)text.chars[i]))
            text.chars[i] = '_';
    return text.chars;
}

/* --- the table ----------------------------------------------------------------------------------------- */

static size_t parameters_of(const struct abide_lift_key *key)
{
    switch ((enum abide_lift_task)key->task) {
    case ABIDE_LIFT_CHECK: return key->notes ? 2 : 1;
    case ABIDE_LIFT_CHECK_PART:
    case ABIDE_LIFT_PUT_TEXT:
    case ABIDE_LIFT_PUT_NUMBER:
    case ABIDE_LIFT_PUT_PATH:
    case ABIDE_LIFT_UTF16:
    case ABIDE_LIFT_HAS_NUL16:
    case ABIDE_LIFT_UTF8: return 2;
    case ABIDE_LIFT_TRAP_AT: return 5;
    case ABIDE_LIFT_OBJECT_DROP:
    case ABIDE_LIFT_OBJECT_RETAIN:
    case ABIDE_LIFT_OBJECT_RETURN:
    case ABIDE_LIFT_OBJECT_CHECK:
    case ABIDE_LIFT_OBJECT_QUERY:
    case ABIDE_LIFT_OBJECT_ABSENT: return key->transfer >> 1;
    case ABIDE_LIFT_TO_UTF16:
    case ABIDE_LIFT_TO_UTF8:
    case ABIDE_LIFT_CONVERT:
    case ABIDE_LIFT_RELEASE:
    case ABIDE_LIFT_FRAME_BYTES:
    case ABIDE_LIFT_FRAME_DROP: return 3;
    case ABIDE_LIFT_LENGTH16:
    case ABIDE_LIFT_DROP:
    case ABIDE_LIFT_FREE:
    case ABIDE_LIFT_FRAME_END:
    case ABIDE_LIFT_ENV_DROP:
    case ABIDE_LIFT_RECORD_DROP:
    case ABIDE_LIFT_RECORD_END:
    case ABIDE_LIFT_RECORD_DISARM:
    case ABIDE_LIFT_ENV_USED_UP: return 1;
    }
    return 0;
}

static struct abide_lift_entry *entry_for(abide_ctx *ctx, const struct abide_lift_key *key)
{
    struct abide_lifts *lifts = lifts_of(ctx);
    struct abide_lift_entry *entry = NULL;
    HASH_FIND(hh, lifts->entries, key, sizeof *key, entry);
    if (entry)
        return entry;
    entry = abide__new(ctx, struct abide_lift_entry);
    entry->key = *key;
    entry->cost = ABIDE_COST_SHUFFLE;
    entry->routine = abide_routine__new(ctx, name_of(ctx, key), parameters_of(key));
    abide__push(ctx, &lifts->queue, entry);
    HASH_ADD(hh, lifts->entries, key, sizeof entry->key, entry);
    return entry;
}

static struct abide_lift_key key_of(const struct abide_lifting *lifting, enum abide_lift_task task)
{
    abide_ctx *ctx = lifting->crossing.ctx;
    struct abide_lift_key key;
    memset(&key, 0, sizeof key);
    key.from = lifting->crossing.from;
    key.to = lifting->crossing.to;
    key.iface = lifting->iface;
    key.function = abide__intern_text(ctx, lifting->function ? lifting->function : "");
    key.parameter = abide__intern_text(ctx, lifting->parameter ? lifting->parameter : "");
    key.task = task;
    key.what = lifting->passes_unknown | lifting->takes_all << 1 | lifting->passes_resources << 2 |
               lifting->releases << 3;
    return key;
}

/* Of adapters, which only some routines make or serve. */
static void add_duties(struct abide_lift_key *key, const struct abide_lifting *lifting)
{
    uintptr_t enters_runtime = lifting->duties.enters_runtime, checks = lifting->duties.checks;
    key->what |= enters_runtime << 8 | checks << 9;
}

static struct abide_lift_key convert_key(const struct abide_lifting *lifting,
                                         const abide_type *type, const abide_type *from_type,
                                         const abide_type *to_type, enum abide_transfer transfer)
{
    struct abide_lift_key key = key_of(lifting, ABIDE_LIFT_CONVERT);
    key.type = type;
    key.from_type = from_type;
    key.to_type = to_type;
    key.transfer = transfer;
    add_duties(&key, lifting);
    return key;
}

/* A drop does not depend on what the value is converted to, but on whose hooks are named and which forms are carried. */
static struct abide_lift_key drop_key(const struct abide_lifting *lifting,
                                      const struct abide_side *side, const abide_type *type,
                                      const abide_type *physical)
{
    struct abide_lift_key key = key_of(lifting, ABIDE_LIFT_DROP);
    key.from = side->module;
    key.to = side->foreign;
    key.type = type;
    key.from_type = physical;
    return key;
}

static void add_nested(struct abide_lift *lift, struct abide_lift_entry *entry)
{
    abide__push(lift->ctx, &lift->entry->nested, entry);
}

struct abide_routine *abide_lift__helper(struct abide_lift *lift, enum abide_lift_task task,
                                         const char *symbol, const char *symbol2)
{
    struct abide_lift_key key = key_of(lift->lifting, task);
    key.function = key.parameter = NULL; /* for all */
    key.symbol = symbol ? abide__intern_text(lift->ctx, symbol) : NULL;
    key.symbol2 = symbol2 ? abide__intern_text(lift->ctx, symbol2) : NULL;
    struct abide_lift_entry *entry = entry_for(lift->ctx, &key);
    add_nested(lift, entry);
    return entry->routine;
}

/* It depends on whose object it stands for, and for whom: the crossing of the conversion. */
struct abide_routine *abide_lift__object_helper(struct abide_lift *lift, enum abide_lift_task task,
                                                const abide_type *interface, const char *symbol,
                                                size_t parameter_count, bool gives_value)
{
    struct abide_lift_key key = key_of(lift->lifting, task);
    key.function = key.parameter = NULL; /* for all */
    key.type = interface;
    key.symbol = symbol ? abide__intern_text(lift->ctx, symbol) : NULL;
    key.transfer = parameter_count << 1 | gives_value;
    add_duties(&key, lift->lifting);
    struct abide_lift_entry *entry = entry_for(lift->ctx, &key);
    add_nested(lift, entry);
    entry->routine->is_callback = true;
    entry->routine->gives_value = gives_value;
    return entry->routine;
}

struct abide_routine *abide_lift__dropper(struct abide_lift *lift, const struct abide_side *side,
                                          const abide_type *type, const abide_type *physical)
{
    struct abide_lift_key key =
        drop_key(lift->lifting, side, abide_type__strip(type), abide_type__strip(physical));
    struct abide_lift_entry *entry = entry_for(lift->ctx, &key);
    add_nested(lift, entry);
    return entry->routine;
}

static struct abide_lift_key check_key(const struct abide_lifting *lifting,
                                       abide_validities doubtful, const abide_type *type,
                                       const abide_type *physical, enum abide_lift_task task)
{
    struct abide_lift_key key = key_of(lifting, task);
    key.type = abide_type__strip(type);
    key.from_type = abide_type__strip(physical);
    key.doubtful = doubtful;
    if (task == ABIDE_LIFT_CHECK_PART) /* its names come with the path */
        key.parameter = NULL;
    return key;
}

struct abide_routine *abide_lift__checker(struct abide_lift *lift, const abide_type *type,
                                          const abide_type *physical, bool notes)
{
    struct abide_lift_key key =
        check_key(lift->lifting, lift->doubtful, type, physical, ABIDE_LIFT_CHECK_PART);
    key.notes = notes;
    struct abide_lift_entry *entry = entry_for(lift->ctx, &key);
    add_nested(lift, entry);
    return entry->routine;
}

void abide_lift__costs(struct abide_lift *lift, abide_cost cost)
{
    if (lift->entry->cost < cost)
        lift->entry->cost = cost;
}

void abide_lift__lives_in_frame(struct abide_lift *lift)
{
    lift->entry->lives_in_frame = true;
}

/* --- steps --------------------------------------------------------------------------------------------- */

/* Its bytes cannot be counted beforehand. */
static bool tells_size(struct abide_crossing crossing, const abide_type *type,
                       const abide_type *from_type, const abide_type *to_type)
{
    const struct abide_side from = abide_crossing__from(crossing),
                            to = abide_crossing__to(crossing);
    return abide_type__is_sized(type) &&
           (abide_sized__tells(&from, type, from_type) || abide_sized__tells(&to, type, to_type));
}

/* What is moved bit by bit must not be owned by both sides, nor released by the target in a way that the source does not know. */
static const char *runs_for(const struct abide_lifting *lifting, const abide_type *type,
                            const abide_type *from_type, const abide_type *to_type,
                            enum abide_transfer transfer, struct abide_runs *runs)
{
    struct abide_crossing crossing = lifting->crossing;
    if (tells_size(crossing, type, from_type, to_type))
        return "how much of it is there turns out when it comes";
    const char *reason = abide_convert__runs(crossing, type, from_type, to_type, runs);
    if (!reason)
        reason = abide_callables__obstacle(crossing, type, lifting->duties);
    if (reason || transfer == ABIDE_TRANSFER_BORROW)
        return reason;
    bool owns = lifting->passes_resources
                    ? abide_lift__releases(crossing.ctx, type, ABIDE_RELEASE_MEMORY)
                    : abide_lift__owns(crossing.ctx, type);
    if (lifting->takes_all && abide_lift__releases(crossing.ctx, type, ABIDE_RELEASE_LENT))
        return "the source keeps what it only lends";
    if (transfer == ABIDE_TRANSFER_MOVE)
        return owns ? abide_convert__moves(crossing, type) : NULL;
    return owns || abide_lift__keeps_text(crossing.ctx, crossing.to, type)
               ? "the source keeps what it owns"
               : NULL;
}

const char *abide_lift__step(struct abide_lift *lift, const abide_type *type,
                             const abide_type *from_type, const abide_type *to_type,
                             enum abide_transfer transfer, struct abide_lift_step *step)
{
    type = abide_type__strip(type);
    from_type = abide_type__strip(from_type);
    to_type = abide_type__strip(to_type);
    memset(step, 0, sizeof *step);
    if (!runs_for(lift->lifting, type, from_type, to_type, transfer, &step->runs)) {
        const abide_layout *from = abide_lift__layout(&lift->from, from_type);
        const abide_layout *to = abide_lift__layout(&lift->to, to_type);
        step->moves_all =
            from && to && from->size_bytes == to->size_bytes &&
            abide_runs__are_identity(step->runs.items, step->runs.count, to->size_bytes);
        return NULL;
    }
    step->runs = (struct abide_runs){0};
    struct abide_lift_key key = convert_key(lift->lifting, type, from_type, to_type, transfer);
    struct abide_lift_entry *entry = entry_for(lift->ctx, &key);
    add_nested(lift, entry);
    step->routine = entry->routine;
    return NULL;
}

void abide_lift__apply(struct abide_lift *lift, const struct abide_lift_step *step,
                       abide_value from, uint64_t from_bytes, abide_value to, uint64_t to_bytes)
{
    struct abide_routine_builder *build = &lift->build;
    if (!step->routine) {
        struct abide_runs runs = {0};
        abide_runs__add_all(lift->ctx, &runs, &step->runs, from_bytes, to_bytes);
        abide_op__runs(build, to, from, &runs);
        return;
    }
    abide_value arguments[] = {abide_op__offset(build, from, from_bytes),
                               abide_op__offset(build, to, to_bytes), ABIDE_LIFT_FRAME};
    abide_op__routine(build, step->routine, arguments, 3);
}

/* --- writing ------------------------------------------------------------------------------------------- */

static const char *write_handle(const abide_type *type, const char *reason)
{
    bool is_copied = type->kind == ABIDE_KIND_HANDLE && type->is_own;
    return is_copied ? "a resource cannot be copied" : reason;
}

/* An adapter would have to find the function, and nothing that comes with it leads there. */
static const char *write_function(struct abide_lift *lift, const char *reason)
{
    lift->help = "make it a closure, whose environment leads an adapter to it; or say that it is "
                 "the other side's business alone: raw<T>, or ptr<void>";
    return abide__printf(lift->ctx, "a function in it cannot be called as it is: %s", reason);
}

/* What a reference leads to is nobody's to write anew. */
static const char *write_pointer(struct abide_lift *lift, const abide_type *type,
                                 const char *reason)
{
    const struct abide_lifting *lifting = lift->lifting;
    const char *obstacle = abide_callables__obstacle(lifting->crossing, type, lifting->duties);
    if (!obstacle)
        return reason;
    lift->help = "pass it as a value or in a slice; or behind ptr<T>, if its functions belong to "
                 "the other side";
    return abide__printf(lift->ctx, "what can be called behind it cannot be called as it is: %s",
                         obstacle);
}

/* What bytes that are moved cannot do; `reason` says why. */
static const char *write_by_kind(struct abide_lift *lift, const abide_type *type,
                                 const abide_type *from_type, const abide_type *to_type,
                                 const char *reason)
{
    if (type->kind != ABIDE_KIND_RESULT && (from_type->code_of || to_type->code_of))
        return abide_lift__write_code(lift, type, from_type, to_type);
    if (from_type->flat_of || to_type->flat_of)
        return abide_lift__write_flat(lift, type, from_type, to_type);
    if (abide_lift__is_sequence(type))
        return abide_lift__write_sequence(lift, type, from_type, to_type);
    if (abide_type__is_sum(type))
        return abide_lift__write_sum(lift, type, from_type, to_type);
    switch (type->kind) {
    case ABIDE_KIND_STRUCT:
        if (tells_size(lift->lifting->crossing, type, from_type, to_type))
            return abide_lift__write_sized(lift, type, from_type, to_type);
        return abide_lift__write_record(lift, type, from_type, to_type);
    case ABIDE_KIND_TUPLE: return abide_lift__write_record(lift, type, from_type, to_type);
    case ABIDE_KIND_ARRAY: return abide_lift__write_array(lift, type, from_type, to_type);
    case ABIDE_KIND_CLOSURE: return abide_lift__write_closure(lift, type, from_type, to_type);
    case ABIDE_KIND_DYN: return abide_lift__write_object(lift, type, from_type, to_type);
    case ABIDE_KIND_FUNCTION: return write_function(lift, reason);
    case ABIDE_KIND_POINTER: return write_pointer(lift, type, reason);
    default: return write_handle(type, reason);
    }
}

static const char *write_convert(struct abide_lift *lift, const struct abide_lift_key *key)
{
    struct abide_runs runs = {0};
    const char *reason =
        runs_for(lift->lifting, key->type, key->from_type, key->to_type, lift->transfer, &runs);
    if (reason)
        return write_by_kind(lift, key->type, key->from_type, key->to_type, reason);
    abide_op__runs(&lift->build, ABIDE_LIFT_TO, ABIDE_LIFT_FROM, &runs);
    return NULL;
}

static const char *write_entry(const struct abide_lifting *lifting, struct abide_lift_entry *entry,
                               const char **help)
{
    const struct abide_lift_key *key = &entry->key;
    struct abide_crossing crossing = lifting->crossing;
    struct abide_lift lift = {.ctx = crossing.ctx,
                              .lifting = lifting,
                              .entry = entry,
                              .from = abide_crossing__from(crossing),
                              .to = abide_crossing__to(crossing),
                              .transfer = (enum abide_transfer)key->transfer,
                              .word_bytes = crossing.from->machine->data->pointer_bytes};
    struct abide_lifting for_all = *lifting;
    const char *reason = NULL;
    for_all.function = for_all.parameter = NULL;
    if (!key->function)
        lift.lifting = &for_all;
    abide_routine__start(lift.ctx, &lift.build, entry->routine);
    if (key->task == ABIDE_LIFT_CONVERT) {
        reason = write_convert(&lift, key);
    } else if (key->task == ABIDE_LIFT_DROP) {
        lift.from = lift.to = (struct abide_side){lift.ctx, key->from, key->to};
        reason = abide_lift__write_drop(&lift, key->type, key->from_type);
    } else if (key->task >= ABIDE_LIFT_OBJECT_DROP && key->task <= ABIDE_LIFT_OBJECT_ABSENT) {
        reason = abide_lift__write_object_helper(&lift, key);
    } else if (key->task == ABIDE_LIFT_CHECK || key->task == ABIDE_LIFT_CHECK_PART) {
        lift.doubtful = (abide_validities)key->doubtful;
        reason = abide_check__write(&lift, key);
    } else if (key->task >= ABIDE_LIFT_UTF16) {
        abide_transcode__write_helper(&lift, (enum abide_lift_task)key->task);
    } else if (key->task >= ABIDE_LIFT_TRAP_AT) {
        abide_check__write_helper(&lift, (enum abide_lift_task)key->task);
    } else {
        abide_lift__write_helper(&lift, key);
    }
    if (!reason)
        abide_routine__finish(&lift.build);
    else
        *help = lift.help;
    return reason;
}

/* What was written for a conversion that cannot be finished may call what never will be. */
static void forget_walk(struct abide_lifts *lifts)
{
    for (size_t i = 0; i < lifts->queue.count; i++) {
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): all of the queue are in the table
        HASH_DEL(lifts->entries, lifts->queue.items[i]);
    }
}

/* Writes the routine for `key` and all that it calls. */
static const char *write_all(const struct abide_lifting *lifting, const struct abide_lift_key *key,
                             struct abide_lift_entry **entry, const char **help)
{
    abide_ctx *ctx = lifting->crossing.ctx;
    if (lifts_of(ctx)->is_walking)
        ctx->lifts = NULL;
    struct abide_lifts *lifts = lifts_of(ctx);
    const char *reason = NULL, *way_out = NULL;
    lifts->is_walking = true;
    lifts->queue.count = 0;
    *entry = entry_for(ctx, key);
    for (size_t i = 0; i < lifts->queue.count && !reason; i++)
        reason = write_entry(lifting, lifts->queue.items[i], &way_out);
    if (reason) {
        forget_walk(lifts);
        *entry = NULL;
    }
    lifts->is_walking = false;
    if (help)
        *help = way_out;
    return reason;
}

/* --- adapters that routines name --------------------------------------------------------------------- */

const char abide_lift__reported[] = "as was reported";

const struct abide_adapter *abide_lift__adapter(struct abide_lift *lift,
                                                const struct abide_lift_callee *callee)
{
    struct abide_lifts *lifts = lifts_of(lift->ctx);
    struct abide_adapter *adapter = abide__new(lift->ctx, struct abide_adapter);
    adapter->serial = lifts->adapter_count++;
    abide__push(lift->ctx, &lifts->pending, ((struct pending_adapter){adapter, *callee}));
    return adapter;
}

/* A helper outside of a walk. */
static const struct abide_routine *helper(const struct abide_lifting *lifting,
                                          enum abide_lift_task task, const char *symbol,
                                          const char *symbol2)
{
    struct abide_lift_key key = key_of(lifting, task);
    struct abide_lift_entry *entry;
    key.function = key.parameter = NULL;
    key.symbol = symbol ? abide__intern_text(lifting->crossing.ctx, symbol) : NULL;
    key.symbol2 = symbol2 ? abide__intern_text(lifting->crossing.ctx, symbol2) : NULL;
    write_all(lifting, &key, &entry, NULL); /* nothing in it can fail */
    return entry ? entry->routine : NULL;
}

/* What notes that a record was used. What is one for all could not say whose it was, so that it looks at nothing. */
static const struct abide_routine *disarming(const struct abide_lift_callee *callee)
{
    struct abide_lifting lifting = {.crossing = callee->crossing,
                                    .iface = callee->iface,
                                    .function = callee->function->name,
                                    .parameter = callee->parameter,
                                    .duties = {.checks = callee->is_checked}};
    struct abide_lift_key key = key_of(&lifting, ABIDE_LIFT_RECORD_DISARM);
    struct abide_lift_entry *entry;
    if (!callee->is_checked)
        return helper(&lifting, ABIDE_LIFT_RECORD_DISARM, NULL, NULL);
    add_duties(&key, &lifting);
    write_all(&lifting, &key, &entry, NULL); /* nothing in it can fail */
    return entry ? entry->routine : NULL;
}

static const struct abide_plan *make_adapter(const struct abide_lift_callee *callee)
{
    struct abide_lifting lifting = {.crossing = callee->crossing, .iface = callee->iface};
    struct abide_closure_call call = {.crossing = callee->crossing,
                                      .iface = callee->iface,
                                      .function = callee->function,
                                      .parameter = callee->parameter,
                                      .signature = callee->signature,
                                      .record_bytes = callee->record_bytes};
    if (callee->is_disarmed)
        call.disarm = disarming(callee);
    if (callee->let_go || callee->release)
        call.end = helper(&lifting, ABIDE_LIFT_RECORD_END, callee->let_go, callee->release);
    return abide_build__closure(&call);
}

/*
 * Adapters convert what they pass on, so that others may be asked for while one is made: they are made one after the other. false: one
 * was refused, which is reported.
 */
static bool make_adapters(abide_ctx *ctx)
{
    struct abide_lifts *lifts = lifts_of(ctx);
    bool fine = true;
    if (lifts->makes_adapters)
        return true;
    lifts->makes_adapters = true;
    for (size_t i = 0; i < lifts->pending.count && fine; i++) {
        struct pending_adapter pending = lifts->pending.items[i];
        pending.adapter->plan = make_adapter(&pending.callee);
        fine = pending.adapter->plan;
    }
    lifts->pending.count = 0;
    lifts->makes_adapters = false;
    if (!fine) /* routines that name one that is not there */
        ctx->lifts = NULL;
    return fine;
}

/* --- what a conversion does, with all that it calls ------------------------------------------------------ */

static void sum_up(abide_ctx *ctx, struct abide_lift_entry *first, struct abide_lifted *lifted)
{
    struct abide_lifts *lifts = lifts_of(ctx);
    ABIDE_VEC(struct abide_lift_entry *) open = {0};
    size_t visit = ++lifts->visit;
    first->visit = visit;
    abide__push(ctx, &open, first);
    while (open.count) {
        struct abide_lift_entry *entry = open.items[--open.count];
        if (lifted->cost < entry->cost)
            lifted->cost = entry->cost;
        lifted->uses_frame = lifted->uses_frame || entry->key.task == ABIDE_LIFT_FRAME_BYTES;
        lifted->lives_in_frame = lifted->lives_in_frame || entry->lives_in_frame;
        for (size_t i = 0; i < entry->nested.count; i++) {
            struct abide_lift_entry *next = entry->nested.items[i];
            if (next->visit == visit)
                continue;
            next->visit = visit;
            abide__push(ctx, &open, next);
        }
    }
}

const char *abide_lift__convert(const struct abide_lifting *lifting, const abide_type *type,
                                const abide_type *from_type, const abide_type *to_type,
                                enum abide_transfer transfer, struct abide_lifted *lifted,
                                const char **help)
{
    struct abide_lift_key key =
        convert_key(lifting, abide_type__strip(type), abide_type__strip(from_type),
                    abide_type__strip(to_type), transfer);
    struct abide_lift_entry *entry;
    memset(lifted, 0, sizeof *lifted);
    const char *reason = write_all(lifting, &key, &entry, help);
    if (reason)
        return reason;
    lifted->routine = entry->routine;
    sum_up(lifting->crossing.ctx, entry, lifted);
    return make_adapters(lifting->crossing.ctx) ? NULL : abide_lift__reported;
}

const char *abide_lift__drop(const struct abide_lifting *lifting, const abide_module *module,
                             const abide_type *type, const abide_type *physical,
                             const struct abide_routine **routine, const char **help)
{
    struct abide_crossing crossing = lifting->crossing;
    struct abide_side side =
        module == crossing.from ? abide_crossing__from(crossing) : abide_crossing__to(crossing);
    *routine = NULL;
    if (help)
        *help = NULL;
    if (!abide_lift__releases(crossing.ctx, type, lifting->releases))
        return NULL;
    struct abide_lift_key key =
        drop_key(lifting, &side, abide_type__strip(type), abide_type__strip(physical));
    struct abide_lift_entry *entry;
    const char *reason = write_all(lifting, &key, &entry, help);
    if (!reason && entry->routine->body.count)
        *routine = entry->routine;
    return reason;
}

const char *abide_lift__check(const struct abide_lifting *lifting, abide_validities doubtful,
                              const abide_type *type, const abide_type *physical,
                              enum abide_check_what what, enum abide_check_end end,
                              const struct abide_routine **routine)
{
    struct abide_lift_key key = check_key(lifting, doubtful, type, physical, ABIDE_LIFT_CHECK);
    struct abide_lift_entry *entry;
    key.what = what;
    key.notes = end == ABIDE_CHECK_NOTES;
    *routine = NULL;
    const char *reason = write_all(lifting, &key, &entry, NULL);
    if (!reason && entry->routine->body.count)
        *routine = entry->routine;
    return reason;
}

const struct abide_routine *abide_lift__frame_end(const struct abide_lifting *lifting)
{
    struct abide_lift_key key = key_of(lifting, ABIDE_LIFT_FRAME_END);
    struct abide_lift_entry *entry;
    key.function = key.parameter = NULL;
    write_all(lifting, &key, &entry, NULL); /* nothing in it can fail */
    return entry ? entry->routine : NULL;
}
