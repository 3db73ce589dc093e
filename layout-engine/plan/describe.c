/* Plans in words: the steps of an adapter, and what goes wrong where there is none. */
#include "plan/build.h"
#include "plan/places.h"
#include "plan/steps.h"

#include <inttypes.h>
#include <string.h>

struct words {
    abide_ctx *ctx;
    const struct abide_plan *plan;
};

static const char *param_name(const struct abide_physical *physical, size_t index)
{
    const struct abide_physical_param *param = &physical->params[index];
    if (param->role == ABIDE_ROLE_OUT)
        return "the result";
    if (param->role == ABIDE_ROLE_ENV)
        return "the environment";
    const char *name = param->of < physical->signature->param_count
                           ? physical->signature->params[param->of].name
                           : param->name;
    return name ? name : "(unnamed)";
}

static const char *named(abide_ctx *ctx, const struct abide_physical *physical, size_t index)
{
    const struct abide_physical_param *param = &physical->params[index];
    const char *name = param_name(physical, index);
    if (param->role != ABIDE_ROLE_VALUE)
        return name;
    return param->part ? abide__printf(ctx, "%s.%s", name, param->part) : name;
}

static const char *place_words(abide_ctx *ctx, const abide_piece *piece)
{
    return piece->register_name ? piece->register_name
                                : abide__printf(ctx, "sp+%" PRId64, piece->stack_offset_bytes);
}

/* "rdi, rsi" or "sp+0..sp+24". */
static const char *places_words(abide_ctx *ctx, const abide_assignment *assignment,
                                const struct abide_assigned *place)
{
    if (place->pass == ABIDE_PASS_IGNORE)
        return "nowhere";
    if (place->pass != ABIDE_PASS_DIRECT)
        return place_words(ctx, &place->pointer);
    if (abide_places__is_stack_range(assignment, place, 1)) {
        int64_t start = place->pieces[0].stack_offset_bytes;
        return abide__printf(ctx, "sp+%" PRId64 "..sp+%" PRId64, start,
                             start + (int64_t)place->size_bytes);
    }
    struct abide_text text = {0};
    for (size_t i = 0; i < place->piece_count; i++)
        abide__text_printf(ctx, &text, "%s%s", i ? ", " : "", place_words(ctx, &place->pieces[i]));
    return text.chars ? text.chars : "nowhere";
}

static const char *caller_places(const struct words *words, size_t index)
{
    return places_words(words->ctx, words->plan->caller, &words->plan->caller->arguments[index]);
}

static const char *callee_places(const struct words *words, size_t index)
{
    return places_words(words->ctx, words->plan->callee, &words->plan->callee->arguments[index]);
}

static const char *element_words(const struct words *words, size_t index)
{
    const struct abide_plan *plan = words->plan;
    const struct abide_physical *callee = plan->callee->physical;
    if (plan->function->interface) /* a method: the vtable in the environment */
        return "the object's vtable";
    const char *name = callee->signature->params[index].name;
    return abide__printf(words->ctx, "the memory of %s (args[%zu])", name ? name : "(unnamed)",
                         index);
}

static const char *object_words(const struct words *words, const struct abide_object *object)
{
    abide_ctx *ctx = words->ctx;
    const struct abide_physical *caller = words->plan->caller->physical;
    const char *text = "";
    switch (object->kind) {
    case ABIDE_OBJECT_ARGUMENT:
        text = abide__printf(ctx, "%s (%s)", named(ctx, caller, object->index),
                             caller_places(words, object->index));
        break;
    case ABIDE_OBJECT_POINTEE:
        text = abide__printf(ctx, "the memory of %s (at %s)", named(ctx, caller, object->index),
                             caller_places(words, object->index));
        break;
    case ABIDE_OBJECT_ELEMENT: text = element_words(words, object->index); break;
    case ABIDE_OBJECT_TEMPORARY: text = abide__printf(ctx, "temporary %zu", object->index); break;
    case ABIDE_OBJECT_RESULT_MEMORY: text = "the caller's memory for the result"; break;
    case ABIDE_OBJECT_CALLEE_RESULT:
        text = abide__printf(ctx, "the callee's result (%s)",
                             places_words(ctx, words->plan->callee, &words->plan->callee->result));
        break;
    case ABIDE_OBJECT_CALLEE_POINTEE: text = "the memory that the callee's result points to"; break;
    case ABIDE_OBJECT_CALLEE_ARGUMENT:
        text = abide__printf(ctx, "the new %s (%s)",
                             named(ctx, words->plan->callee->physical, object->index),
                             callee_places(words, object->index));
        break;
    }
    if (object->offset_bytes)
        text = abide__printf(ctx, "%s, from byte %" PRIu64, text, object->offset_bytes);
    return text;
}

/* ---- steps: the n-th one is made when it is asked for ---- */

static const char *temporary_step(const struct words *words, size_t step, const char **kind)
{
    size_t index = 0;
    while (!words->plan->temporaries[index].purpose || step--)
        index++;
    const struct abide_temporary *temporary = &words->plan->temporaries[index];
    *kind = "temporary";
    return abide__printf(words->ctx, "temporary %zu: %" PRIu64 " bytes, align %" PRIu64 "%s: %s",
                         index, temporary->size_bytes, temporary->align_bytes,
                         temporary->zeroed ? ", cleared" : "", temporary->purpose);
}

static const char *store_step(const struct words *words, size_t index, const char **kind)
{
    const struct abide_store *store = &words->plan->stores[index];
    const char *what = "";
    switch (store->kind) {
    case ABIDE_STORE_CONSTANT: what = abide__printf(words->ctx, "0x%" PRIx64, store->value); break;
    case ABIDE_STORE_INNER:
        what = abide__printf(words->ctx, "the address of inner adapter %" PRIu64, store->value);
        break;
    case ABIDE_STORE_ADDRESS:
        what = abide__printf(words->ctx, "the address of temporary %" PRIu64 " + %" PRIu64,
                             store->value, store->address_offset_bytes);
        break;
    case ABIDE_STORE_OBJECT:
        what = abide__printf(words->ctx, "the address of %s",
                             object_words(words, &store->unless_null));
        break;
    }
    *kind = "store";
    return abide__printf(words->ctx, "store %s in temporary %zu, byte %" PRIu64, what,
                         store->temporary, store->offset_bytes);
}

/* What routines do beyond memory: traps and calls, those of the routines that they call included. */
struct deeds {
    abide_ctx *ctx;
    uint32_t traps; /* bits: 1 << enum abide_trap_code */
    ABIDE_VEC(const char *) symbols;
    ABIDE_VEC(const struct abide_routine *) seen;
};

static void note_symbol(struct deeds *deeds, const char *symbol)
{
    for (size_t i = 0; i < deeds->symbols.count; i++)
        if (strcmp(deeds->symbols.items[i], symbol) == 0)
            return;
    abide__push(deeds->ctx, &deeds->symbols, symbol);
}

static void note_routine(struct deeds *deeds, const struct abide_routine *routine)
{
    for (size_t i = 0; i < deeds->seen.count; i++)
        if (deeds->seen.items[i] == routine)
            return;
    abide__push(deeds->ctx, &deeds->seen, routine);
}

static void note_block(struct deeds *deeds, const struct abide_block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        const struct abide_op *op = &block->ops[i];
        if (op->kind == ABIDE_OP_TRAP && !op->argument_count)
            deeds->traps |= 1U << op->number;
        if (op->kind == ABIDE_OP_ROUTINE && op->number)
            deeds->traps |= 1U << op->number;
        if (op->kind == ABIDE_OP_SIZE)
            deeds->traps |= 1U << ABIDE_TRAP_OVERFLOW;
        if (op->kind == ABIDE_OP_CALL)
            note_symbol(deeds, op->symbol);
        note_block(deeds, &op->then);
        note_block(deeds, &op->otherwise);
    }
}

static const char *deed_words(abide_ctx *ctx, const struct abide_routine *routine, const char *join)
{
    static const char *const causes[] = {
        [ABIDE_TRAP_NUL] = "a NUL inside text",
        [ABIDE_TRAP_OVERFLOW] = "a size that is too large",
        [ABIDE_TRAP_TAG] = "an unknown case",
        [ABIDE_TRAP_NULL] = "a null pointer",
        [ABIDE_TRAP_NO_MEMORY] = "a lack of memory",
        [ABIDE_TRAP_BOOL] = "a truth value that is neither 0 nor 1",
        [ABIDE_TRAP_ENUM] = "a value that no enumerator has",
        [ABIDE_TRAP_FLAGS] = "a bit that no flag has",
        [ABIDE_TRAP_CHAR] = "a number that is no character",
        [ABIDE_TRAP_UTF8] = "text that is no UTF-8",
        [ABIDE_TRAP_ALIGN] = "an address that is not aligned",
        [ABIDE_TRAP_ABSENT] = "a method that is not there",
        [ABIDE_TRAP_KEPT] = "a reference that is left to what was lent",
        [ABIDE_TRAP_UTF16] = "text that is no UTF-16",
        [ABIDE_TRAP_SIZE] = "a size that no release has",
        [ABIDE_TRAP_UNWIND] = "an exception",
        [ABIDE_TRAP_ONCE] = "a second call of what may be called once",
        [ABIDE_TRAP_UNKNOWN] = "a field of a later release that is not zero",
    };
    struct deeds deeds = {.ctx = ctx};
    struct abide_text text = {0};
    note_routine(&deeds, routine);
    for (size_t i = 0; i < deeds.seen.count; i++) {
        note_block(&deeds, &deeds.seen.items[i]->body);
        for (size_t k = 0; k < deeds.seen.items[i]->call_count; k++)
            note_routine(&deeds, deeds.seen.items[i]->calls[k]);
    }
    abide__text_add(ctx, &text, "", 0);
    for (size_t code = 0; code < sizeof causes / sizeof *causes; code++) {
        if (!causes[code] || !(deeds.traps & 1U << code))
            continue;
        abide__text_printf(ctx, &text, "%s%s", join, causes[code]);
        join = ", ";
    }
    join = "; calls ";
    for (size_t i = 0; i < deeds.symbols.count; i++) {
        abide__text_printf(ctx, &text, "%s%s", join, deeds.symbols.items[i]);
        join = ", ";
    }
    return text.chars ? text.chars : "";
}

static const char *copy_step(const struct words *words, const struct abide_copy_step *step,
                             const char **kind)
{
    if (step->looks_for) {
        *kind = "check";
        return abide__printf(
            words->ctx, "%s%s", step->words,
            deed_words(words->ctx, step->looks_for,
                       step->looks_for == step->routine ? "; traps on " : "; notes "));
    }
    if (step->routine) {
        *kind = step->releases ? "release" : "convert";
        return abide__printf(words->ctx, "%s%s", step->words,
                             deed_words(words->ctx, step->routine, "; traps on "));
    }
    *kind = "copy";
    bool converts =
        step->run_count > 1 ||
        (step->run_count == 1 && step->runs[0].from_size_bytes != step->runs[0].to_size_bytes);
    return abide__printf(words->ctx, "%s %" PRIu64 " bytes from %s to %s",
                         converts ? "convert" : "copy",
                         abide_runs__bytes(step->runs, step->run_count),
                         object_words(words, &step->from), object_words(words, &step->to));
}

static const char *feed_step(const struct words *words, const struct abide_feed *feed,
                             const char *to, const char *what, const char **kind)
{
    abide_ctx *ctx = words->ctx;
    if (feed->in_place) {
        *kind = "keep";
        return feed->kind == ABIDE_FEED_NOTHING ? abide__printf(ctx, "%s needs no place", what)
                                                : abide__printf(ctx, "%s stays in %s", what, to);
    }
    switch (feed->kind) {
    case ABIDE_FEED_VALUE:
        *kind = feed->object.kind == ABIDE_OBJECT_ARGUMENT ? "move" : "load";
        return abide__printf(ctx, "%s <- %s%s", to, object_words(words, &feed->object),
                             feed->must_extend ? ", extended" : "");
    case ABIDE_FEED_ADDRESS:
        *kind = "address";
        return abide__printf(ctx, "%s <- the address of %s", to,
                             object_words(words, &feed->object));
    case ABIDE_FEED_INNER:
        *kind = "inner";
        return abide__printf(ctx, "%s <- inner adapter %zu for %s (null stays null)", to,
                             feed->index, what);
    case ABIDE_FEED_NULL:
    case ABIDE_FEED_NOTHING: break;
    }
    *kind = "null";
    return abide__printf(ctx, "%s <- nothing", to);
}

static const char *instruction_words(const struct words *words)
{
    const struct abide_plan *plan = words->plan;
    const struct abide_module *machine = plan->callee->physical->machine;
    if (!machine->number_register)
        return abide__printf(words->ctx, "call by %s", machine->called_by);
    return abide__printf(words->ctx, "call by %s, number %" PRIu32 " (%s) in %s",
                         machine->called_by, plan->number, plan->function->name,
                         machine->number_register);
}

static const char *call_step(const struct words *words, const char **kind)
{
    const struct abide_plan *plan = words->plan;
    const char *verb = plan->tier == ABIDE_TIER_CALL ? "call" : "jump to";
    *kind = plan->tier == ABIDE_TIER_CALL ? "call" : "jump";
    if (plan->target == ABIDE_TARGET_SYMBOL)
        return abide__printf(words->ctx, "%s %s", verb, plan->symbol);
    if (plan->target == ABIDE_TARGET_INSTRUCTION)
        return instruction_words(words);
    return abide__printf(words->ctx, "%s the code in %s%s", verb, object_words(words, &plan->code),
                         plan->env_argument == ABIDE_NO_INDEX ? ""
                                                              : "; a null environment is left out");
}

static const char *return_step(const struct words *words, const char **kind)
{
    const struct abide_return *result = &words->plan->result;
    const struct abide_assigned *to = &words->plan->caller->result;
    const char *by = words->plan->caller->physical->machine->returned_by;
    *kind = result->in_place ? "keep" : "return";
    if (by && result->kind == ABIDE_RETURN_NOTHING)
        return abide__printf(words->ctx, "return by %s", by);
    if (result->kind == ABIDE_RETURN_NOTHING)
        return "nothing is returned in registers";
    if (result->kind == ABIDE_RETURN_ADDRESS)
        return abide__printf(words->ctx, "%s %s the address of the result", to->returned_register,
                             result->in_place ? "already holds" : "<-");
    const char *places = places_words(words->ctx, words->plan->caller, to);
    if (result->in_place)
        return abide__printf(words->ctx, "the result stays in %s", places);
    return abide__printf(words->ctx, "%s <- %s%s", places, object_words(words, &result->object),
                         result->must_extend ? ", extended" : "");
}

static const char *back_step(const struct words *words, size_t index, const char **kind)
{
    const struct abide_way_back *back = &words->plan->back[index];
    const char *name = named(words->ctx, words->plan->caller->physical, back->argument);
    const char *places = caller_places(words, back->argument);
    *kind = back->in_place ? "keep" : "return";
    if (back->in_place)
        return abide__printf(words->ctx, "the new %s stays in %s", name, places);
    return abide__printf(words->ctx, "%s <- %s%s", places, object_words(words, &back->object),
                         back->must_extend ? ", extended" : "");
}

/* What is done instead of the call, and the return. */
static const char *answer_step(const struct words *words, size_t index, const char **kind)
{
    const struct abide_plan *plan = words->plan;
    const char *step = "return the error";
    if (index < plan->answer_count)
        step = copy_step(words, &plan->answer[index], kind);
    *kind = "answer";
    return abide__printf(words->ctx, "then: %s", step);
}

/* The hook of this number among those that are called at one time. */
static const char *hook_step(const struct words *words, enum abide_hook_at at, size_t index,
                             const char **kind)
{
    const struct abide_hook_call *hooks = words->plan->hooks;
    size_t i = 0;
    *kind = "hook";
    while (hooks[i].at != at || index-- > 0)
        i++;
    const char *with = "";
    if (hooks[i].passes_frame_address)
        with = " with the frame's address";
    else if (hooks[i].undoes != SIZE_MAX && hooks[hooks[i].undoes].gives)
        with = abide__printf(words->ctx, " with what %s gave", hooks[hooks[i].undoes].symbol);
    return abide__printf(words->ctx, "call %s%s", hooks[i].symbol, with);
}

static const char *duty_step(const struct words *words, size_t index, const char **kind)
{
    *kind = "duty";
    return abide__printf(words->ctx,
                         "left to the program: before a thread that called this ends, call %s",
                         words->plan->duties[index].symbol);
}

static const char *list_step(const struct words *words, const char **kind)
{
    *kind = "list";
    return abide__printf(words->ctx, "start a list of the unnamed arguments in temporary %zu",
                         words->plan->unnamed.list);
}

static const char *clear_step(const struct words *words, const char **kind)
{
    *kind = "clear";
    return abide__printf(words->ctx, "clear the caller's memory for the result, %" PRIu64 " bytes",
                         words->plan->result_memory_bytes);
}

static const char *own_step(const struct words *words, size_t index, const char **kind)
{
    const struct abide_plan *plan = words->plan;
    struct abide_step step = abide_step__at(plan, index);
    switch (step.kind) {
    case ABIDE_STEP_HOOK: return hook_step(words, step.at, step.index, kind);
    case ABIDE_STEP_TEMPORARY: return temporary_step(words, step.index, kind);
    case ABIDE_STEP_LIST: return list_step(words, kind);
    case ABIDE_STEP_STORE: return store_step(words, step.index, kind);
    case ABIDE_STEP_CLEAR: return clear_step(words, kind);
    case ABIDE_STEP_BEFORE: return copy_step(words, &plan->before[step.index], kind);
    case ABIDE_STEP_ANSWER: return answer_step(words, step.index, kind);
    case ABIDE_STEP_HIDDEN:
        return feed_step(words, &plan->hidden,
                         place_words(words->ctx, &plan->callee->result.pointer),
                         "the result's address", kind);
    case ABIDE_STEP_FEED:
        return feed_step(words, &plan->feeds[step.index], callee_places(words, step.index),
                         named(words->ctx, plan->callee->physical, step.index), kind);
    case ABIDE_STEP_CALL: return call_step(words, kind);
    case ABIDE_STEP_AFTER: return copy_step(words, &plan->after[step.index], kind);
    case ABIDE_STEP_BACK: return back_step(words, step.index, kind);
    case ABIDE_STEP_RETURN: return return_step(words, kind);
    case ABIDE_STEP_DUTY: return duty_step(words, step.index, kind);
    }
    return "";
}

size_t abide_plan_inner_count(const abide_plan *plan)
{
    return plan->inner_count + plan->adapter_count;
}

/* All of it but `first_step`. */
static abide_inner inner_at(const abide_plan *plan, size_t index)
{
    bool is_closure = index >= plan->inner_count;
    size_t number = is_closure ? index - plan->inner_count : index;
    abide_inner inner = {
        .plan = is_closure ? plan->adapters[number]->plan : plan->inner[number],
        .what = is_closure ? "closure" : "inner",
        .number = number,
    };
    inner.is_back = inner.plan->caller->physical->module == plan->callee->physical->module;
    return inner;
}

abide_inner abide_plan_inner_at(const abide_plan *plan, size_t index)
{
    abide_inner inner = inner_at(plan, index);
    inner.first_step = abide_step__count(plan);
    for (size_t i = 0; i < index; i++)
        inner.first_step += abide_step__count(inner_at(plan, i).plan);
    return inner;
}

size_t abide_plan_step_count(const abide_plan *plan)
{
    size_t count = abide_step__count(plan);
    for (size_t i = 0; i < abide_plan_inner_count(plan); i++)
        count += abide_step__count(inner_at(plan, i).plan);
    return count;
}

static const char *step_at(abide_ctx *ctx, const abide_plan *plan, size_t index, const char **kind)
{
    struct words words = {ctx, plan};
    if (index < abide_step__count(plan))
        return own_step(&words, index, kind);
    index -= abide_step__count(plan);
    for (size_t i = 0; i < abide_plan_inner_count(plan); i++) {
        abide_inner inner = inner_at(plan, i);
        words.plan = inner.plan;
        if (index < abide_step__count(inner.plan))
            return abide__printf(ctx, "%s %zu: %s", inner.what, inner.number,
                                 own_step(&words, index, kind));
        index -= abide_step__count(inner.plan);
    }
    *kind = "none";
    return "";
}

const char *abide_plan_step_at(abide_ctx *ctx, const abide_plan *plan, size_t index,
                               const char **kind)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *ignored;
    const char *step = step_at(ctx, plan, index, kind ? kind : &ignored);
    abide__guard_leave(ctx, &guard);
    return step;
}

/* ---- clashes: what the callee reads, and what the caller put there ---- */

enum meaning { MEANS_NOTHING, MEANS_VALUE, MEANS_ADDRESS, MEANS_RESULT_ADDRESS, MEANS_ENV };

/* What one place holds, as one side sees it. */
struct content {
    enum meaning meaning;
    size_t of;             /* abstract parameter */
    uint64_t offset_bytes; /* in its value */
    uint64_t size_bytes;
    const char *words;
};

static bool covers(const abide_piece *piece, const abide_piece *at)
{
    if (piece->register_name || at->register_name)
        return piece->register_name && at->register_name &&
               strcmp(piece->register_name, at->register_name) == 0;
    return piece->stack_offset_bytes <= at->stack_offset_bytes &&
           at->stack_offset_bytes < piece->stack_offset_bytes + (int64_t)piece->size_bytes;
}

static struct content argument_content(abide_ctx *ctx, const struct abide_physical *physical,
                                       size_t index, const abide_piece *piece, bool by_pointer,
                                       uint64_t skip_bytes)
{
    const struct abide_physical_param *param = &physical->params[index];
    const char *name = named(ctx, physical, index);
    struct content content = {.of = param->of, .size_bytes = piece->size_bytes};
    if (param->role == ABIDE_ROLE_OUT) {
        content.meaning = MEANS_RESULT_ADDRESS;
        content.words = "the address of the result";
    } else if (param->role == ABIDE_ROLE_ENV) {
        content.meaning = MEANS_ENV;
        content.words = "the closure's environment";
    } else if (by_pointer || param->copy != ABIDE_COPY_NONE) {
        content.meaning = MEANS_ADDRESS;
        content.words = abide__printf(ctx, "the address of `%s`", name);
    } else {
        content.meaning = MEANS_VALUE;
        content.offset_bytes = param->part_offset_bytes + piece->offset_bytes + skip_bytes;
        bool whole = piece->offset_bytes + skip_bytes == 0 && !param->part;
        content.words =
            whole ? abide__printf(ctx, "`%s`", name)
                  : abide__printf(ctx, "byte %" PRIu64 " on of `%s`", content.offset_bytes, name);
    }
    return content;
}

/* What an assignment has in the place of `at`. */
static struct content content_of(abide_ctx *ctx, const abide_assignment *assignment,
                                 const abide_piece *at)
{
    const struct abide_physical *physical = assignment->physical;
    if (assignment->result.pass == ABIDE_PASS_HIDDEN && covers(&assignment->result.pointer, at))
        return (struct content){.meaning = MEANS_RESULT_ADDRESS,
                                .words = "the address of the result"};
    for (size_t i = 0; i < physical->param_count; i++) {
        const struct abide_assigned *place = &assignment->arguments[i];
        if (place->pass == ABIDE_PASS_POINTER && covers(&place->pointer, at))
            return argument_content(ctx, physical, i, &place->pointer, true, 0);
        for (size_t k = 0; place->pass == ABIDE_PASS_DIRECT && k < place->piece_count; k++)
            if (covers(&place->pieces[k], at))
                return argument_content(
                    ctx, physical, i, &place->pieces[k], false,
                    at->register_name
                        ? 0
                        : (uint64_t)(at->stack_offset_bytes - place->pieces[k].stack_offset_bytes));
    }
    return (struct content){.meaning = MEANS_NOTHING, .words = "nothing"};
}

struct clashes {
    const char **items;
    size_t count;
    size_t capacity;
};

/* The callee reads the place of `piece` as `wanted`: compare with what is there. */
static void check_place(const struct words *words, const abide_piece *piece, struct content wanted,
                        size_t of_caller, struct clashes *clashes)
{
    struct content found = content_of(words->ctx, words->plan->caller, piece);
    if (found.meaning == wanted.meaning &&
        (wanted.meaning == MEANS_RESULT_ADDRESS || wanted.meaning == MEANS_ENV ||
         (found.of == of_caller && found.offset_bytes == wanted.offset_bytes)))
        return;
    const char *what = found.meaning == MEANS_NOTHING
                           ? "and the caller put nothing there"
                           : abide__printf(words->ctx, "and the caller put %s there", found.words);
    abide__push(words->ctx, clashes,
                abide__printf(words->ctx, "the callee reads %s as %s, %s",
                              place_words(words->ctx, piece), wanted.words, what));
}

static size_t caller_param(const struct abide_plan *plan, size_t of)
{
    return plan->function->has_invokes && !plan->is_inner && of >= plan->function->invokes ? of + 1
                                                                                           : of;
}

/* User data is only replaced to bind a function that has its own clash. */
static bool is_user_data(const struct abide_plan *plan, size_t index)
{
    const struct abide_physical *callee = plan->callee->physical;
    for (size_t i = 0; i < callee->signature->callback_count; i++)
        if (callee->signature->callbacks[i].data == callee->params[index].of)
            return plan->feeds[index].kind == ABIDE_FEED_ADDRESS;
    return false;
}

static void check_argument(const struct words *words, size_t index, struct clashes *clashes)
{
    const struct abide_plan *plan = words->plan;
    const struct abide_assigned *place = &plan->callee->arguments[index];
    const struct abide_feed *feed = &plan->feeds[index];
    const struct abide_physical *callee = plan->callee->physical;
    size_t before = clashes->count, of = caller_param(plan, callee->params[index].of);
    if (feed->in_place || place->pass == ABIDE_PASS_IGNORE || is_user_data(plan, index))
        return;
    if (place->pass == ABIDE_PASS_POINTER)
        check_place(words, &place->pointer,
                    argument_content(words->ctx, callee, index, &place->pointer, true, 0), of,
                    clashes);
    for (size_t i = 0; place->pass == ABIDE_PASS_DIRECT && i < place->piece_count; i++)
        check_place(words, &place->pieces[i],
                    argument_content(words->ctx, callee, index, &place->pieces[i], false, 0), of,
                    clashes);
    if (clashes->count != before)
        return;
    const char *name = named(words->ctx, callee, index);
    const char *what = "the two sides represent `%s` differently";
    if (feed->kind == ABIDE_FEED_ADDRESS && feed->object.kind == ABIDE_OBJECT_TEMPORARY)
        what = "the callee may overwrite `%s`, which is the caller's own object";
    else if (feed->kind == ABIDE_FEED_INNER)
        what = "the callee calls `%s` by another calling sequence than it has";
    else if (feed->must_extend)
        what = "the callee relies on the upper bits of `%s`, and the caller leaves them undefined";
    struct abide_text text = {0};
    const char *hole = strstr(what, "%s");
    abide__text_add(words->ctx, &text, what, (size_t)(hole - what));
    abide__text_printf(words->ctx, &text, "%s%s", name, hole + 2);
    abide__push(words->ctx, clashes, text.chars);
}

static const char *result_words(const struct words *words, const abide_assignment *assignment)
{
    if (assignment->result.pass == ABIDE_PASS_HIDDEN)
        return abide__printf(words->ctx, "in memory at the address in %s",
                             place_words(words->ctx, &assignment->result.pointer));
    size_t out = abide_builder__find_role(assignment, ABIDE_ROLE_OUT);
    if (out != ABIDE_NO_INDEX)
        return abide__printf(words->ctx, "in memory at the address in %s",
                             places_words(words->ctx, assignment, &assignment->arguments[out]));
    return abide__printf(words->ctx, "in %s",
                         places_words(words->ctx, assignment, &assignment->result));
}

static void check_result(const struct words *words, struct clashes *clashes)
{
    const struct abide_plan *plan = words->plan;
    if (plan->hidden.kind != ABIDE_FEED_NOTHING && !plan->hidden.in_place)
        check_place(
            words, &plan->callee->result.pointer,
            (struct content){.meaning = MEANS_RESULT_ADDRESS, .words = "the address of the result"},
            0, clashes);
    const char *wanted = result_words(words, plan->caller),
               *found = result_words(words, plan->callee);
    if (plan->result.in_place && plan->after_count == 0)
        return;
    if (strcmp(wanted, found) != 0)
        abide__push(words->ctx, clashes,
                    abide__printf(words->ctx,
                                  "the caller looks for the result %s, the callee leaves it %s",
                                  wanted, found));
    if (plan->result.kind == ABIDE_RETURN_ADDRESS && !plan->result.in_place)
        abide__push(words->ctx, clashes,
                    abide__printf(words->ctx,
                                  "the caller expects the address of the result back in %s",
                                  plan->caller->result.returned_register));
}

static const struct clashes *clashes_of(abide_ctx *ctx, const abide_plan *plan)
{
    struct words words = {ctx, plan};
    struct clashes *clashes = abide__new(ctx, struct clashes);
    if (plan->target == ABIDE_TARGET_INSTRUCTION)
        abide__push(ctx, clashes,
                    abide__printf(ctx, "the callee is no function, but reached by %s",
                                  plan->callee->physical->machine->called_by));
    if (plan->caller->physical->machine->returned_by)
        abide__push(ctx, clashes,
                    abide__printf(ctx, "the caller counts on %s, the callee returns otherwise",
                                  plan->caller->physical->machine->returned_by));
    if (plan->tier == ABIDE_TIER_SAME || plan->target == ABIDE_TARGET_POINTER)
        return clashes;
    check_result(&words, clashes);
    for (size_t i = 0; i < plan->feed_count; i++)
        check_argument(&words, i, clashes);
    const char *obstacle = abide_places__jump_obstacle(plan->caller, plan->callee);
    if (obstacle && plan->callee->stack_bytes <= plan->caller->stack_bytes)
        abide__push(ctx, clashes, obstacle);
    return clashes;
}

const char *const *abide_plan_clashes(abide_ctx *ctx, const abide_plan *plan, size_t *count)
{
    struct abide_guard guard;
    *count = 0;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const struct clashes *clashes = clashes_of(ctx, plan);
    abide__guard_leave(ctx, &guard);
    *count = clashes->count;
    return clashes->items;
}
