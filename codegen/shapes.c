/*
 * First comes a guess: thunks that look like no other are taken for shapes of their own. All others become IR, lot by lot, under
 * a name that stands for their own; equal texts are one shape. Then the shapes become code, lot by lot, each function in a
 * section of its own. Last, join.c copies the functions and gives them names.
 *
 * What is more than one function (inner adapters, routines, flags, edges with a body) is made in one module as ever, and joined
 * to the rest.
 */
#include "shapes.h"

#include "join.h"
#include "side.h"
#include "thunk.h"
#include "workers.h"

#include <stdlib.h>
#include <string.h>

/* Below, starting LLVM anew for each lot costs more than it saves. */
#define THUNKS_AT_LEAST 64
/* Large enough that the start of LLVM (0.3 ms) is lost in it, small enough for threads to end at about the same time. */
#define CANDIDATES_PER_LOT 256
#define SHAPES_PER_LOT     64

#define NONE SIZE_MAX

static const char name_in_text[] = "abide.thunk";
static const char called_in_text[] = "abide.callee";

/* What one thread makes has memory of its own. */
struct lot {
    struct shapes *shapes;
    abide_ctx *ctx;
    size_t first, count; /* of candidates, or of shapes */
    bool is_done;
    /* Of candidates: the texts that are new in this lot, and for each candidate which one, or NONE. */
    ABIDE_VEC(const char *) texts;
    size_t *text_of;
    /* Of shapes: which turned out to be more than one function. */
    bool *is_other;
    struct abide_join_object object;
};

struct shape {
    const char *text; /* NULL: nothing was compared with it */
    size_t thunk;     /* the first that has it */
};

struct shapes {
    abide_ctx *ctx;
    const abide_codegen_options *options;
    const struct abide_processor *processor;
    const struct abide_thunk *thunks;
    size_t thunk_count;
    ABIDE_VEC(struct shape) shapes;
    size_t *shape_of;   /* by thunk; NONE: it has none */
    size_t *candidates; /* thunks that look like others */
    size_t candidate_count;
    const struct abide_thunk *others;
    size_t other_count;
    const struct lots *lots; /* of shapes, when they are made */
    struct abide_text *made;
};

/* ---- texts ---- */

/* Texts by number, without a second of any. */
struct texts {
    size_t *slots; /* number plus 1 */
    size_t slot_count;
};

/* FNV-1a. */
#define HASH_START 14695981039346656037u

static uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * 1099511628211u;
}

static uint64_t hash_number(uint64_t hash, uint64_t number)
{
    for (; number > UINT8_MAX; number >>= 8)
        hash = hash_byte(hash, (unsigned char)number);
    return hash_byte(hash, (unsigned char)number);
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; text && *text; text++)
        hash = hash_byte(hash, (unsigned char)*text);
    return hash_byte(hash, 0);
}

static struct texts texts_for(abide_ctx *ctx, size_t count)
{
    return (struct texts){abide__new_array(ctx, size_t, 2 * count + 1), 2 * count + 1};
}

/* Where a text is, or would be. */
static size_t *slot_of(const struct texts *texts, const char *text,
                       const char *(*text_at)(const void *owner, size_t number), const void *owner)
{
    size_t at = (size_t)(hash_text(HASH_START, text) % texts->slot_count);
    while (texts->slots[at] && strcmp(text_at(owner, texts->slots[at] - 1), text) != 0)
        at = (at + 1) % texts->slot_count;
    return &texts->slots[at];
}

static const char *text_of_lot(const void *owner, size_t number)
{
    return ((const struct lot *)owner)->texts.items[number];
}

static const char *text_of_shape(const void *owner, size_t number)
{
    return ((const struct shapes *)owner)->shapes.items[number].text;
}

/* ---- the guess ---- */

/*
 * What mostly decides the code. Thunks that differ in it are not compared any further, so what is left out here costs a
 * comparison, and what is too much a shape that could have been shared. It never decides that two shapes are one.
 */
static uint64_t look_of_places(uint64_t hash, const struct abide_assigned *value)
{
    size_t count;
    const abide_piece *places = abide_side__places(value, &count);
    hash = hash_number(hash, (uint64_t)value->pass << 8 | count);
    for (size_t i = 0; i < count; i++) {
        hash = hash_text(hash, places[i].register_name);
        hash = hash_number(hash, (uint64_t)places[i].stack_offset_bytes);
    }
    return hash;
}

static uint64_t look_of_side(uint64_t hash, const abide_assignment *side)
{
    for (size_t i = 0; i < side->physical->param_count; i++)
        hash = look_of_places(hash, &side->arguments[i]);
    return look_of_places(hash, &side->result);
}

static uint64_t look_of(const struct abide_plan *plan)
{
    uint64_t hash = look_of_side(look_of_side(HASH_START, plan->caller), plan->callee);
    for (size_t i = 0; i < plan->feed_count; i++)
        hash = hash_number(hash, plan->feeds[i].kind);
    for (size_t i = 0; i < plan->temporary_count; i++)
        hash = hash_number(hash, plan->temporaries[i].size_bytes);
    return hash_number(hash, (uint64_t)plan->tier << 8 | plan->result.kind);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Whether a number is there only once, among sorted ones. */
static bool is_alone(const uint64_t *sorted, size_t count, uint64_t value)
{
    const uint64_t *found = bsearch(&value, sorted, count, sizeof *sorted, by_value);
    return (found == sorted || found[-1] != value) &&
           (found + 1 == sorted + count || found[1] != value);
}

static bool is_one_function(const struct abide_plan *plan)
{
    bool fine = plan->inner_count == 0;
    for (size_t i = 0; i < plan->before_count; i++)
        fine = fine && !plan->before[i].routine;
    for (size_t i = 0; i < plan->after_count; i++)
        fine = fine && !plan->after[i].routine;
    return fine;
}

static void add_shape(struct shapes *s, const char *text, size_t thunk)
{
    const struct shape shape = {text, thunk};
    abide__push(s->ctx, &s->shapes, shape);
}

static void guess(struct shapes *s)
{
    uint64_t *looks = abide__new_array(s->ctx, uint64_t, s->thunk_count);
    uint64_t *sorted = abide__new_array(s->ctx, uint64_t, s->thunk_count);
    s->shape_of = abide__new_array(s->ctx, size_t, s->thunk_count);
    s->candidates = abide__new_array(s->ctx, size_t, s->thunk_count);
    for (size_t i = 0; i < s->thunk_count; i++)
        sorted[i] = looks[i] = look_of(s->thunks[i].plan);
    qsort(sorted, s->thunk_count, sizeof *sorted, by_value);
    for (size_t i = 0; i < s->thunk_count; i++) {
        s->shape_of[i] = NONE;
        if (!is_one_function(s->thunks[i].plan))
            continue;
        if (!is_alone(sorted, s->thunk_count, looks[i])) {
            s->candidates[s->candidate_count++] = i;
            continue;
        }
        s->shape_of[i] = s->shapes.count;
        add_shape(s, NULL, i);
    }
}

/* ---- lots ---- */

static void free_lot(void *object)
{
    abide_ctx_free(((struct lot *)object)->ctx);
}

static bool open_lot(struct lot *lot, const abide_allocator *allocator)
{
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.allocator = *allocator;
    lot->ctx = abide_ctx_new(&options);
    return lot->ctx;
}

/* One use of LLVM in a lot's own memory. */
static void use_llvm(struct lot *lot, bool (*work)(struct abide_emission *e, void *lot))
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(lot->ctx, &guard)))
        return;
    bool fine = abide_emission__use(lot->ctx, lot->shapes->options, work, lot);
    abide__guard_leave(lot->ctx, &guard);
    lot->is_done = fine;
}

static bool start(struct abide_emission *e, const struct shapes *shapes)
{
    e->processor = shapes->processor;
    return abide_emission__start_module(e, shapes->thunks[0].plan->caller->physical->machine);
}

/* ---- from candidates to shapes ---- */

/* Whether the module is so many functions and what they call, and nothing else. */
static bool has_functions(const struct abide_emission *e, size_t wanted)
{
    size_t count = 0;
    for (LLVMValueRef f = LLVMGetFirstFunction(e->module); f; f = LLVMGetNextFunction(f))
        count += !LLVMIsDeclaration(f);
    return count == wanted && !LLVMGetFirstGlobal(e->module) && !LLVMGetFirstGlobalAlias(e->module);
}

static void delete_functions(struct abide_emission *e, bool are_declarations)
{
    for (LLVMValueRef next, f = LLVMGetFirstFunction(e->module); f; f = next) {
        next = LLVMGetNextFunction(f);
        if ((bool)LLVMIsDeclaration(f) == are_declarations)
            LLVMDeleteFunction(f);
    }
}

/* So that the next text does not depend on what was here. */
static void empty_module(struct abide_emission *e)
{
    delete_functions(e, false);
    delete_functions(e, true);
    for (LLVMValueRef next, global = LLVMGetFirstGlobal(e->module); global; global = next) {
        next = LLVMGetNextGlobal(global);
        LLVMDeleteGlobal(global);
    }
    e->edges = NULL;
}

static size_t number_of_text(struct lot *lot, struct texts *texts, const char *text)
{
    size_t *slot = slot_of(texts, text, text_of_lot, lot);
    if (!*slot) {
        const char *copy = abide__printf(lot->ctx, "%s", text);
        abide__push(lot->ctx, &lot->texts, copy);
        *slot = lot->texts.count;
    }
    return *slot - 1;
}

static bool find_text(struct abide_emission *e, struct lot *lot, struct texts *texts,
                      const struct abide_thunk *thunk, size_t *text)
{
    *text = NONE;
    if (!abide_thunk__emit(e, thunk->plan, name_in_text, false))
        return false;
    if (has_functions(e, 1)) {
        e->text = LLVMPrintModuleToString(e->module);
        *text = number_of_text(lot, texts, e->text);
        LLVMDisposeMessage(e->text);
        e->text = NULL;
    }
    empty_module(e);
    return true;
}

static const struct abide_thunk *thunk_at(const struct lot *lot, size_t index)
{
    const struct shapes *s = lot->shapes;
    return &s->thunks[s->candidates[lot->first + index]];
}

static bool find_texts(struct abide_emission *e, void *object)
{
    struct lot *lot = object;
    if (!start(e, lot->shapes))
        return false;
    struct texts texts = texts_for(lot->ctx, lot->count);
    lot->text_of = abide__new_array(lot->ctx, size_t, lot->count);
    e->called = called_in_text;
    for (size_t i = 0; i < lot->count; i++)
        if (!find_text(e, lot, &texts, thunk_at(lot, i), &lot->text_of[i]))
            return false;
    return true;
}

/* The shape with a text, which is that of the thunk if there is none so far. */
static size_t shape_with(struct shapes *s, struct texts *texts, const char *text, size_t thunk)
{
    size_t *slot = slot_of(texts, text, text_of_shape, s);
    if (!*slot) {
        add_shape(s, text, thunk);
        *slot = s->shapes.count;
    }
    return *slot - 1;
}

/* The shapes of a lot among those of all before it. */
static void add_texts(struct shapes *s, struct texts *texts, const struct lot *lot)
{
    for (size_t i = 0; i < lot->count; i++) {
        size_t thunk = s->candidates[lot->first + i], text = lot->text_of[i];
        if (text != NONE)
            s->shape_of[thunk] = shape_with(s, texts, lot->texts.items[text], thunk);
    }
}

/* ---- from shapes to code ---- */

static const char *placeholder(abide_ctx *ctx, const char *name, size_t index)
{
    return abide__printf(ctx, "%s.%zu", name, index);
}

static bool make_shape(struct abide_emission *e, const struct abide_plan *plan, size_t index)
{
    const char *section = abide__printf(e->ctx, ABIDE_JOIN_SECTION_FORMAT, index);
    e->called = placeholder(e->ctx, called_in_text, index);
    LLVMValueRef function =
        abide_thunk__emit(e, plan, placeholder(e->ctx, name_in_text, index), false);
    if (function)
        LLVMSetSection(function, section);
    return function;
}

static const struct abide_plan *plan_at(const struct lot *lot, size_t index)
{
    const struct shapes *s = lot->shapes;
    return s->thunks[s->shapes.items[lot->first + index].thunk].plan;
}

/* The functions of a lot that are no others; `*count`: how many. */
static bool write_shapes(struct abide_emission *e, const struct lot *lot, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < lot->count; i++) {
        if (lot->is_other[i])
            continue;
        if (!make_shape(e, plan_at(lot, i), i))
            return false;
        ++*count;
    }
    return true;
}

/* Where there are more functions than shapes, each is looked at by itself. */
static bool find_others(struct abide_emission *e, struct lot *lot)
{
    empty_module(e);
    for (size_t i = 0; i < lot->count; i++) {
        if (!make_shape(e, plan_at(lot, i), i))
            return false;
        lot->is_other[i] = !has_functions(e, 1);
        empty_module(e);
    }
    return true;
}

static bool make_shapes(struct abide_emission *e, void *object)
{
    struct lot *lot = object;
    size_t count;
    lot->is_other = abide__new_array(lot->ctx, bool, lot->count);
    if (!start(e, lot->shapes) || !write_shapes(e, lot, &count) ||
        (!has_functions(e, count) && (!find_others(e, lot) || !write_shapes(e, lot, &count))))
        return false;
    return abide_emission__make_object(e, &lot->object.bytes, &lot->object.size_bytes);
}

/* Everything that is not one function, as it is made without shapes. */
static bool make_others(struct abide_emission *e, void *object)
{
    struct lot *lot = object;
    const struct shapes *s = lot->shapes;
    return start(e, s) && abide_emission__write(e, s->others, s->other_count) &&
           abide_emission__make_object(e, &lot->object.bytes, &lot->object.size_bytes);
}

/* ---- lots by threads ---- */

struct lots {
    struct lot *items;
    size_t count;
    abide_allocator allocator;
    bool (*work)(struct abide_emission *e, void *lot);
};

static void work_on(void *user, size_t index)
{
    struct lots *lots = user;
    struct lot *lot = &lots->items[index];
    if (open_lot(lot, &lots->allocator))
        use_llvm(lot, lots->work);
}

static void free_lots(void *object)
{
    struct lots *lots = object;
    for (size_t i = 0; i < lots->count; i++)
        free_lot(&lots->items[i]);
}

/* Lots of so many of `total` things each. */
static struct lots new_lots(struct shapes *s, size_t total, size_t per_lot,
                            bool (*work)(struct abide_emission *e, void *lot))
{
    struct lots lots = {
        .count = (total + per_lot - 1) / per_lot, .allocator = s->ctx->allocator, .work = work};
    lots.items = abide__new_array(s->ctx, struct lot, lots.count);
    for (size_t i = 0; i < lots.count; i++) {
        size_t left = total - i * per_lot;
        lots.items[i] = (struct lot){
            .shapes = s, .first = i * per_lot, .count = left < per_lot ? left : per_lot};
    }
    return lots;
}

/* false: something in a lot is not as it has to be, which its own context knows. */
static bool do_lots(struct shapes *s, struct lots *lots)
{
    bool fine = true;
    abide_workers__run(s->options->threads, lots->count, work_on, lots);
    for (size_t i = 0; i < lots->count; i++) {
        if (!lots->items[i].ctx || lots->items[i].ctx->memory_ran_out)
            abide__out_of_memory(s->ctx);
        fine = fine && lots->items[i].is_done;
    }
    return fine;
}

/* ---- all together ---- */

static struct abide_join_names names_of(struct abide_emission *e, const struct abide_plan *plan,
                                        const char *own, const char *called)
{
    struct abide_join_names names = {
        .own = abide_emission__linker_name(e, plan->caller->physical->machine, own)};
    if (plan->target == ABIDE_TARGET_SYMBOL)
        names.called = abide_emission__linker_name(e, plan->callee->physical->machine, called);
    return names;
}

static struct abide_join_copy copy_of(struct abide_emission *e, const struct shapes *s,
                                      const struct abide_thunk *thunk, size_t shape)
{
    size_t index = shape % SHAPES_PER_LOT;
    return (struct abide_join_copy){
        .object = shape / SHAPES_PER_LOT,
        .index = index,
        .from = names_of(e, thunk->plan, placeholder(s->ctx, name_in_text, index),
                         placeholder(s->ctx, called_in_text, index)),
        .to = names_of(e, thunk->plan, thunk->symbol, thunk->plan->symbol)};
}

/* The objects of the lots, and of the others if there are any. */
static bool join(struct abide_emission *e, struct shapes *s, const struct lots *lots,
                 const struct lots *others, struct abide_text *made)
{
    size_t count = lots->count + others->count, copy_count = 0;
    struct abide_join_object *objects = abide__new_array(s->ctx, struct abide_join_object, count);
    for (size_t i = 0; i < count; i++)
        objects[i] = (i < lots->count ? &lots->items[i] : &others->items[i - lots->count])->object;
    struct abide_join_copy *copies =
        abide__new_array(s->ctx, struct abide_join_copy, s->thunk_count);
    for (size_t i = 0; i < s->thunk_count; i++)
        if (s->shape_of[i] != NONE)
            copies[copy_count++] = copy_of(e, s, &s->thunks[i], s->shape_of[i]);
    return abide_join__make(s->ctx, objects, count, copies, copy_count, s->processor->fill, made);
}

static void gather_others(struct shapes *s, const struct lots *lots)
{
    struct abide_thunk *others = abide__new_array(s->ctx, struct abide_thunk, s->thunk_count);
    for (size_t i = 0; i < s->thunk_count; i++) {
        size_t shape = s->shape_of[i];
        if (shape != NONE && lots->items[shape / SHAPES_PER_LOT].is_other[shape % SHAPES_PER_LOT])
            s->shape_of[i] = NONE;
        if (s->shape_of[i] == NONE)
            others[s->other_count++] = s->thunks[i];
    }
    s->others = others;
}

/* Does lots of work, frees what they made, and gives what `then` says of it. */
static bool with_lots(struct abide_emission *e, struct shapes *s, struct lots *lots,
                      bool (*then)(struct abide_emission *e, struct shapes *s, struct lots *lots))
{
    struct abide_resource resource;
    abide__guard_own(s->ctx, &resource, free_lots, lots);
    bool fine = do_lots(s, lots) && then(e, s, lots);
    abide__guard_release(s->ctx, &resource);
    return fine;
}

static bool join_with_others(struct abide_emission *e, struct shapes *s, struct lots *others)
{
    return join(e, s, s->lots, others, s->made);
}

static bool make_rest(struct abide_emission *e, struct shapes *s, struct lots *lots)
{
    gather_others(s, lots);
    s->lots = lots;
    struct lots others =
        new_lots(s, s->other_count, s->other_count ? s->other_count : 1, make_others);
    return with_lots(e, s, &others, join_with_others);
}

static bool make_code(struct abide_emission *e, struct shapes *s, struct lots *candidates)
{
    struct texts texts = texts_for(s->ctx, s->candidate_count);
    for (size_t i = 0; i < candidates->count; i++)
        add_texts(s, &texts, &candidates->items[i]);
    struct lots lots = new_lots(s, s->shapes.count, SHAPES_PER_LOT, make_shapes);
    return s->shapes.count > 0 && with_lots(e, s, &lots, make_rest);
}

/* Names that LLVM writes into objects as they are. */
static bool are_plain(const struct abide_thunk *thunks, size_t thunk_count)
{
    for (size_t i = 0; i < thunk_count; i++)
        if (strchr(thunks[i].symbol, '@') ||
            (thunks[i].plan->target == ABIDE_TARGET_SYMBOL && strchr(thunks[i].plan->symbol, '@')))
            return false;
    return true;
}

bool abide_shapes__make(struct abide_emission *e, const struct abide_thunk *thunks,
                        size_t thunk_count, struct abide_text *object)
{
    bool is_object =
        e->options->emit == ABIDE_EMIT_OBJECT || e->options->emit == ABIDE_EMIT_ARCHIVE;
    if (!is_object || e->options->debug_info || !e->processor->joins ||
        thunk_count < THUNKS_AT_LEAST || !are_plain(thunks, thunk_count))
        return false;
    struct shapes s = {.ctx = e->ctx,
                       .options = e->options,
                       .processor = e->processor,
                       .thunks = thunks,
                       .thunk_count = thunk_count,
                       .made = object};
    guess(&s);
    struct lots candidates = new_lots(&s, s.candidate_count, CANDIDATES_PER_LOT, find_texts);
    return with_lots(e, &s, &candidates, make_code);
}
