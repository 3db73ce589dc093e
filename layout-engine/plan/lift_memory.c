/*
 * Memory that conversions make: hooks of runtimes, and frames.
 *
 * A frame is {next, left, last, count}: where free bytes start, how many they are, and the records of what has to be done when the
 * call returns: {previous record, code, argument}. A chunk of allocated memory starts with the record that frees it, so that
 * records that lie in a chunk are always done before it is freed.
 */
#include "plan/lift_inner.h"

#include <string.h>

/* Hooks of any module that has them; how chunks of frames come and go. */
#define ALLOCATE "allocate"
#define RELEASE  "release"

#define CHUNK_BYTES 4096

enum { FRAME_NEXT, FRAME_LEFT, FRAME_LAST, FRAME_COUNT, FRAME_WORDS };
enum { RECORD_PREVIOUS, RECORD_CODE, RECORD_ARGUMENT, RECORD_WORDS };

uint64_t abide_lift__frame_bytes(uint64_t pointer_bytes)
{
    return FRAME_WORDS * pointer_bytes;
}

uint64_t abide_lift__frame_next_bytes(uint64_t pointer_bytes)
{
    return FRAME_NEXT * pointer_bytes;
}

uint64_t abide_lift__frame_left_bytes(uint64_t pointer_bytes)
{
    return FRAME_LEFT * pointer_bytes;
}

/* --- hooks --------------------------------------------------------------------------------------- */

static const struct abide_hook *find_hook(const abide_module *module, const char *name)
{
    for (size_t i = 0; name && i < module->language->hook_count; i++) {
        const struct abide_hook *hook = &module->language->hooks[i];
        if (hook->is_active && strcmp(hook->name, name) == 0)
            return hook;
    }
    return NULL;
}

/* Hooks of sequences are named by their elements. What is made for one type is not called for all. */
static bool is_named_for(const struct abide_iface_hook *named, const struct abide_hook *hook,
                         const abide_type *type)
{
    if (!named->type || !type)
        return !named->type && !hook->per_type;
    type = abide_type__strip(type);
    const abide_type *held = abide_type__strip(type->target ? type->target : type);
    const abide_type *wanted = abide_type__strip(named->type);
    /* `own NAME` of closures is a type for each place that it stands in. */
    bool are_closures = held->kind == ABIDE_KIND_CLOSURE && wanted->kind == ABIDE_KIND_CLOSURE;
    return wanted == held || (are_closures && wanted->signature == held->signature &&
                              wanted->is_own == held->is_own && wanted->is_once == held->is_once);
}

static const char *symbol_for(const abide_iface *iface, const struct abide_hook *hook,
                              const abide_type *type)
{
    for (size_t i = 0; iface && i < iface->hook_count; i++) {
        const struct abide_iface_hook *named = &iface->hooks[i];
        if (strcmp(named->name, hook->name) == 0 && is_named_for(named, hook, type))
            return named->symbol;
    }
    return hook->symbol;
}

/* What the interface must say, and who has to define the symbol: code of the module that declares the hook. */
static const char *help_for(abide_ctx *ctx, const abide_module *module,
                            const struct abide_hook *hook, const abide_type *type,
                            const char *prototype)
{
    const char *symbol = hook->usual ? hook->usual : "SYMBOL";
    const char *entry = symbol;
    if (hook->per_type && type) {
        const abide_type *element = type->target ? type->target : type;
        const char *key = element->name ? element->name : abide_type_print(ctx, element);
        entry = abide__printf(ctx, "{%s: %s}", key, symbol);
    }
    return abide__printf(ctx,
                         "write 'hooks: {%s: %s}' in the interface, and define it in code of %s: "
                         "%s",
                         hook->name, entry, module->name, prototype);
}

const char *abide_lift__hook(struct abide_lift *lift, const abide_module *module, const char *name,
                             const abide_type *type, const char *prototype, const char **symbol)
{
    const struct abide_hook *hook = find_hook(module, name);
    if (!hook) {
        lift->help = abide__printf(lift->ctx,
                                   "add it to the module: 'hooks: {%s: {when: convert, symbol: "
                                   "SYMBOL}}'",
                                   name ? name : "NAME");
        return abide__printf(lift->ctx, "%s has no hook '%s'", module->name, name ? name : "");
    }
    *symbol = symbol_for(lift->lifting->iface, hook, type);
    if (*symbol)
        return NULL;
    lift->help = help_for(lift->ctx, module, hook, type, prototype);
    return abide__printf(lift->ctx, "the interface does not name %s's hook '%s' for %s",
                         module->name, name, type ? abide_type_print(lift->ctx, type) : "memory");
}

const char *abide_lift__memory_symbol(const struct abide_lifting *lifting,
                                      const abide_module *module, bool allocates,
                                      const char **symbol, const char **help)
{
    struct abide_lift lift = {.ctx = lifting->crossing.ctx, .lifting = lifting};
    const char *reason = abide_lift__hook(
        &lift, module, allocates ? ALLOCATE : RELEASE, NULL,
        allocates ? "void *SYMBOL(size_t bytes)" : "void SYMBOL(void *memory)", symbol);
    *help = lift.help;
    return reason;
}

void abide_lift__trap(struct abide_lift *lift, enum abide_trap_code code, abide_value value)
{
    abide_op__trap(&lift->build, code, lift->lifting->function, lift->lifting->parameter, value);
}

void abide_lift__trap_if(struct abide_lift *lift, abide_value condition, enum abide_trap_code code,
                         abide_value value)
{
    abide_op__if(&lift->build, condition);
    abide_lift__trap(lift, code, value);
    abide_op__end(&lift->build);
}

void abide_lift__trap_if_null(struct abide_lift *lift, abide_value memory, abide_value bytes)
{
    abide_value null = abide_op__constant(&lift->build, 0);
    abide_lift__trap_if(lift, abide_op__pair(&lift->build, ABIDE_OP_EQUAL, memory, null),
                        ABIDE_TRAP_NO_MEMORY, bytes);
}

/* Allocators may give nothing for no bytes. */
static abide_value at_least_one(struct abide_lift *lift, abide_value bytes)
{
    return abide_op__select(&lift->build, bytes, bytes, abide_op__constant(&lift->build, 1));
}

const char *abide_lift__allocate(struct abide_lift *lift, const abide_module *module,
                                 const char *hook, const abide_type *type,
                                 const struct abide_lift_room *room, abide_value *memory)
{
    const char *symbol = NULL;
    const char *reason =
        abide_lift__hook(lift, module, hook, type, "void *SYMBOL(size_t bytes)", &symbol);
    if (reason)
        return reason;
    abide_value bytes =
        abide_op__size(&lift->build, room->count, room->element_bytes, room->more_bytes);
    if (room->more_bytes == 0)
        bytes = at_least_one(lift, bytes);
    *memory = abide_op__call(&lift->build, symbol, &bytes, 1, true);
    abide_lift__trap_if_null(lift, *memory, bytes);
    abide_lift__costs(lift, ABIDE_COST_ALLOCATE);
    return NULL;
}

/* --- frames -------------------------------------------------------------------------------------- */

/* The hook of whoever has it: one of the languages, else the machine. */
static const char *chunk_hook(struct abide_lift *lift, const char *name, const char **symbol)
{
    const struct abide_crossing *crossing = &lift->lifting->crossing;
    const abide_module *const modules[] = {crossing->to, crossing->from, crossing->to->machine,
                                           crossing->from->machine};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        const struct abide_hook *hook = find_hook(modules[i], name);
        *symbol = hook ? symbol_for(lift->lifting->iface, hook, NULL) : NULL;
        if (*symbol)
            return NULL;
    }
    return abide__printf(lift->ctx,
                         "memory for it may have to be allocated, and neither %s nor %s has a hook "
                         "'%s' with a symbol",
                         crossing->from->name, crossing->to->name, name);
}

const char *abide_lift__memory_hooks(struct abide_lift *lift, const char **allocate,
                                     const char **release)
{
    const char *reason = chunk_hook(lift, ALLOCATE, allocate);
    return reason ? reason : chunk_hook(lift, RELEASE, release);
}

const char *abide_lift__allocate_in_frame(struct abide_lift *lift,
                                          const struct abide_lift_room *room, abide_value *memory)
{
    const char *allocate, *release;
    const char *reason = abide_lift__memory_hooks(lift, &allocate, &release);
    if (reason)
        return reason;
    struct abide_routine *routine =
        abide_lift__helper(lift, ABIDE_LIFT_FRAME_BYTES, allocate, release);
    abide_value arguments[] = {
        ABIDE_LIFT_FRAME,
        abide_op__size(&lift->build, room->count, room->element_bytes, room->more_bytes),
        abide_op__constant(&lift->build, room->align_bytes ? room->align_bytes : 1)};
    routine->gives_value = true; /* before it is written */
    *memory = abide_op__routine(&lift->build, routine, arguments, 3);
    abide_lift__costs(lift, ABIDE_COST_ALLOCATE);
    return NULL;
}

const char *abide_lift__call_in_frame(struct abide_lift *lift, struct abide_routine *called,
                                      abide_value value)
{
    const char *allocate, *release;
    const char *reason = abide_lift__memory_hooks(lift, &allocate, &release);
    if (reason)
        return reason;
    struct abide_routine *routine =
        abide_lift__helper(lift, ABIDE_LIFT_FRAME_DROP, allocate, release);
    abide_value owner = abide_op__owner(&lift->build, called);
    abide_value arguments[] = {ABIDE_LIFT_FRAME,
                               abide_op__load(&lift->build, owner, 0, lift->word_bytes), value};
    abide_op__routine(&lift->build, routine, arguments, 3);
    return NULL;
}

const char *abide_lift__drop_in_frame(struct abide_lift *lift, const struct abide_side *side,
                                      const abide_type *type, const abide_type *physical,
                                      abide_value value)
{
    return abide_lift__call_in_frame(lift, abide_lift__dropper(lift, side, type, physical), value);
}

/* --- bodies of helpers --------------------------------------------------------------------------- */

static abide_value load_word(struct abide_lift *lift, abide_value memory, unsigned index)
{
    return abide_op__load(&lift->build, memory, index * lift->word_bytes, lift->word_bytes);
}

static void store_word(struct abide_lift *lift, abide_value memory, unsigned index,
                       abide_value word)
{
    abide_op__store(&lift->build, memory, index * lift->word_bytes, lift->word_bytes, word);
}

/* Puts a record in front of those of the frame. */
static void add_record(struct abide_lift *lift, abide_value frame, abide_value record,
                       abide_value code, abide_value argument)
{
    store_word(lift, record, RECORD_PREVIOUS, load_word(lift, frame, FRAME_LAST));
    store_word(lift, record, RECORD_CODE, code);
    store_word(lift, record, RECORD_ARGUMENT, argument);
    store_word(lift, frame, FRAME_LAST, record);
    abide_value count = load_word(lift, frame, FRAME_COUNT);
    store_word(lift, frame, FRAME_COUNT, abide_op__offset(&lift->build, count, 1));
}

/* `next` rounded up to a multiple of `align`, a power of two. */
static abide_value align_up(struct abide_lift *lift, abide_value next, abide_value align)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value one = abide_op__constant(build, 1), null = abide_op__constant(build, 0);
    abide_value end = abide_op__pair(build, ABIDE_OP_ADD, next, align);
    abide_value mask = abide_op__pair(build, ABIDE_OP_SUBTRACT, null, align);
    return abide_op__pair(build, ABIDE_OP_AND, abide_op__pair(build, ABIDE_OP_SUBTRACT, end, one),
                          mask);
}

/* The bytes that are used up when `bytes` of this alignment are taken, and in *start where they lie. */
static abide_value used_bytes(struct abide_lift *lift, abide_value next, abide_value bytes,
                              abide_value align, abide_value *start)
{
    *start = align_up(lift, next, align);
    return abide_op__pair(&lift->build, ABIDE_OP_ADD,
                          abide_op__pair(&lift->build, ABIDE_OP_SUBTRACT, *start, next), bytes);
}

/* A chunk in which the bytes fit becomes what is taken from next. */
static void write_chunk(struct abide_lift *lift, const struct abide_lift_key *key,
                        abide_value frame, abide_value bytes, abide_value align)
{
    struct abide_routine_builder *build = &lift->build;
    uint64_t record_bytes = RECORD_WORDS * lift->word_bytes;
    abide_value least = abide_op__constant(build, CHUNK_BYTES);
    abide_value wanted =
        abide_op__offset(build, abide_op__pair(build, ABIDE_OP_ADD, bytes, align), record_bytes);
    abide_value total = abide_op__select(
        build, abide_op__pair(build, ABIDE_OP_BELOW, wanted, least), least, wanted);
    abide_value chunk = abide_op__call(build, key->symbol, &total, 1, true);
    abide_lift__trap_if_null(lift, chunk, total);
    struct abide_routine *release = abide_lift__helper(lift, ABIDE_LIFT_FREE, key->symbol2, NULL);
    abide_value code = load_word(lift, abide_op__owner(build, release), 0);
    add_record(lift, frame, chunk, code, chunk);
    store_word(lift, frame, FRAME_NEXT, abide_op__offset(build, chunk, record_bytes));
    abide_value taken = abide_op__constant(build, record_bytes);
    store_word(lift, frame, FRAME_LEFT, abide_op__pair(build, ABIDE_OP_SUBTRACT, total, taken));
}

static void write_frame_bytes(struct abide_lift *lift, const struct abide_lift_key *key)
{
    enum { FRAME, BYTES, ALIGN };
    struct abide_routine_builder *build = &lift->build;
    abide_value start,
        used = used_bytes(lift, load_word(lift, FRAME, FRAME_NEXT), BYTES, ALIGN, &start);
    abide_op__if(build,
                 abide_op__pair(build, ABIDE_OP_BELOW, load_word(lift, FRAME, FRAME_LEFT), used));
    write_chunk(lift, key, FRAME, BYTES, ALIGN);
    abide_op__end(build);
    abide_value next = load_word(lift, FRAME, FRAME_NEXT);
    abide_value left = load_word(lift, FRAME, FRAME_LEFT);
    used = used_bytes(lift, next, BYTES, ALIGN, &start);
    store_word(lift, FRAME, FRAME_NEXT, abide_op__pair(build, ABIDE_OP_ADD, next, used));
    store_word(lift, FRAME, FRAME_LEFT, abide_op__pair(build, ABIDE_OP_SUBTRACT, left, used));
    abide_op__return(build, start);
}

static void write_frame_drop(struct abide_lift *lift, const struct abide_lift_key *key)
{
    enum { FRAME, CODE, ARGUMENT };
    struct abide_routine *bytes =
        abide_lift__helper(lift, ABIDE_LIFT_FRAME_BYTES, key->symbol, key->symbol2);
    abide_value arguments[] = {FRAME,
                               abide_op__constant(&lift->build, RECORD_WORDS * lift->word_bytes),
                               abide_op__constant(&lift->build, lift->word_bytes)};
    bytes->gives_value = true;
    abide_value record = abide_op__routine(&lift->build, bytes, arguments, 3);
    add_record(lift, FRAME, record, CODE, ARGUMENT);
}

/* The last record first: it is taken out before its code is called, which may free the memory it lies in. */
static void write_frame_end(struct abide_lift *lift)
{
    enum { FRAME };
    abide_op__loop(&lift->build, load_word(lift, FRAME, FRAME_COUNT));
    abide_value record = load_word(lift, FRAME, FRAME_LAST);
    store_word(lift, FRAME, FRAME_LAST, load_word(lift, record, RECORD_PREVIOUS));
    abide_value argument = load_word(lift, record, RECORD_ARGUMENT);
    abide_op__call_at(&lift->build, load_word(lift, record, RECORD_CODE), &argument, 1);
    abide_op__end(&lift->build);
}

static void write_release(struct abide_lift *lift, const struct abide_lift_key *key)
{
    enum { OWNER, MEMORY, BYTES };
    abide_value memory = MEMORY;
    abide_op__call(&lift->build, key->symbol, &memory, 1, false);
}

static void write_free(struct abide_lift *lift, const struct abide_lift_key *key)
{
    abide_value memory = 0;
    abide_op__call(&lift->build, key->symbol, &memory, 1, false);
}

void abide_lift__write_helper(struct abide_lift *lift, const struct abide_lift_key *key)
{
    switch ((enum abide_lift_task)key->task) {
    case ABIDE_LIFT_RELEASE: write_release(lift, key); return;
    case ABIDE_LIFT_FREE: write_free(lift, key); return;
    case ABIDE_LIFT_FRAME_BYTES: write_frame_bytes(lift, key); return;
    case ABIDE_LIFT_FRAME_DROP: write_frame_drop(lift, key); return;
    case ABIDE_LIFT_FRAME_END: write_frame_end(lift); return;
    case ABIDE_LIFT_ENV_DROP:
    case ABIDE_LIFT_RECORD_DROP:
    case ABIDE_LIFT_RECORD_END:
    case ABIDE_LIFT_RECORD_DISARM:
    case ABIDE_LIFT_ENV_USED_UP: abide_lift__write_record_helper(lift, key); return;
    default: return;
    }
}
