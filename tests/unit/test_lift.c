/* Conversions that bytes cannot do, executed: what arrives is what was sent, and all memory is freed exactly once. */
#include "lift_world.h"

#include "call/flat.h"
#include "layout/layout.h"
#include "plan/lift.h"
#include "plan/routine_build.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct abide_guard guard;

static abide_ctx *open_ctx(void)
{
    static const char *const dirs[] = {ABIDE_TEST_DIR "/data/language"};
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.module_dirs = dirs;
    options.module_dir_count = 1;
    abide_ctx *ctx = abide_ctx_new(&options);
    assert_non_null(ctx);
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        fail_msg("out of memory");
    return ctx;
}

static void close_ctx(abide_ctx *ctx)
{
    abide__guard_leave(ctx, &guard);
    abide_ctx_free(ctx);
}

static const abide_iface *parse(abide_ctx *ctx, const char *text)
{
    const abide_iface *iface = abide_iface_parse(ctx, "test", text, strlen(text));
    for (size_t i = 0; !iface && i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), stderr);
    if (!iface)
        fail_msg("%s", text);
    return iface;
}

/* ---- one conversion ---- */

struct trial {
    struct world *world;
    const abide_iface *iface;
    const abide_type *type;
    enum style from, to;
    enum abide_transfer transfer;
    struct value value;
    struct abide_lifting lifting;
    struct abide_lifted lifted;
};

struct frame {
    uintptr_t words[4];
    _Alignas(16) char buffer[ABIDE_LIFT_FRAME_BUFFER_BYTES];
};

static void open_frame(struct frame *frame)
{
    memset(frame, 0, sizeof *frame);
    assert_true(abide_lift__frame_bytes(sizeof(void *)) <= sizeof frame->words);
    frame->words[abide_lift__frame_next_bytes(8) / 8] = (uintptr_t)frame->buffer;
    frame->words[abide_lift__frame_left_bytes(8) / 8] = sizeof frame->buffer;
}

static void run(struct trial *trial, const struct abide_routine *routine, uintptr_t a, uintptr_t b,
                uintptr_t c)
{
    uintptr_t arguments[] = {a, b, c};
    if (!interpret(&trial->world->interpreter, routine, arguments, NULL))
        fail_msg("trap %u in\n%s", (unsigned)trial->world->interpreter.trap->number,
                 abide_routine__print(trial->world->ctx, routine));
}

/* As the side's module represents it in the company of the other. */
static const abide_type *form_beside(struct trial *trial, enum style style, enum style other)
{
    struct world *world = trial->world;
    struct abide_representing how = {
        .module = world->modules[style], .foreign = world->modules[other], .quiet = true};
    const abide_type *form = abide_represent__as(world->ctx, &how, trial->type);
    return form ? abide_type__strip(form) : NULL;
}

/* NULL: it can be done, and `lifted` tells how. */
static const char *find(struct trial *trial)
{
    struct world *world = trial->world;
    const abide_type *from = form_beside(trial, trial->from, trial->to);
    const abide_type *to = form_beside(trial, trial->to, trial->from);
    if (!from || !to)
        return "one side has no form for it";
    trial->lifting = (struct abide_lifting){
        .crossing = {world->ctx, world->modules[trial->from], world->modules[trial->to]},
        .iface = trial->iface,
        .function = "f",
        .parameter = "p"};
    const char *help;
    return abide_lift__convert(&trial->lifting, trial->type, from, to, trial->transfer,
                               &trial->lifted, &help);
}

static void convert(struct trial *trial, void *from, void *to, struct frame *frame)
{
    bool uses_frame = trial->lifted.uses_frame;
    size_t size_bytes = layout_in(trial->world, trial->to, trial->type)->size_bytes;
    memset(to, 0xA5, size_bytes);
    open_frame(frame);
    run(trial, trial->lifted.routine, (uintptr_t)from, (uintptr_t)to,
        uses_frame ? (uintptr_t)frame : 0);
}

static void end_frame(struct trial *trial, struct frame *frame)
{
    run(trial, abide_lift__frame_end(&trial->lifting), (uintptr_t)frame, 0, 0);
}

static void *new_value(struct trial *trial, enum style style)
{
    size_t size_bytes = layout_in(trial->world, style, trial->type)->size_bytes;
    void *memory = calloc(1, size_bytes ? size_bytes : 1);
    assert_non_null(memory);
    return memory;
}

static void drop(struct trial *trial, enum style style, void *memory, bool is_lender)
{
    trial->world->drops_lent = is_lender;
    drop_value(trial->world, style, trial->type, memory);
    trial->world->drops_lent = false;
}

/* The source keeps all it has, and everything else is gone when the call has returned. */
static void try_borrow(struct trial *trial)
{
    struct world *world = trial->world;
    struct frame frame;
    void *from = new_value(trial, trial->from), *to = new_value(trial, trial->to);
    build_value(world, trial->from, trial->type, &trial->value, from);
    size_t owned = world_owned(world);
    convert(trial, from, to, &frame);
    check_value(world, trial->to, trial->type, &trial->value, to);
    end_frame(trial, &frame);
    assert_int_equal(world_owned(world), owned);
    check_value(world, trial->from, trial->type, &trial->value, from);
    drop(trial, trial->from, from, true);
    assert_int_equal(world_owned(world), 0);
    free(from);
    free(to);
    world_clear(world);
}

static void drop_target(struct trial *trial, void *to)
{
    struct world *world = trial->world;
    const struct abide_routine *routine = NULL;
    const char *help, *reason = "";
    if (pick(world, 2))
        reason = abide_lift__drop(&trial->lifting, world->modules[trial->to], trial->type,
                                  form_beside(trial, trial->to, trial->from), &routine, &help);
    bool has_runtime = trial->to == STYLE_COLLECTED || trial->to == STYLE_DESTRUCTED;
    if (reason || has_runtime) /* which also drops what is lent, or that nobody has to drop */
        drop(trial, trial->to, to, false);
    else if (routine)
        run(trial, routine, (uintptr_t)to, 0, 0);
}

static void try_copy(struct trial *trial)
{
    struct world *world = trial->world;
    struct frame frame;
    void *from = new_value(trial, trial->from), *to = new_value(trial, trial->to);
    build_value(world, trial->from, trial->type, &trial->value, from);
    convert(trial, from, to, &frame);
    check_value(world, trial->to, trial->type, &trial->value, to);
    check_value(world, trial->from, trial->type, &trial->value, from);
    drop_target(trial, to);
    end_frame(trial, &frame);
    drop(trial, trial->from, from, true);
    assert_int_equal(world_owned(world), 0);
    free(from);
    free(to);
    world_clear(world);
}

/* There, and back again if there is a way. */
static void try_move(struct trial *trial)
{
    struct world *world = trial->world;
    struct frame frame, frame_back;
    void *from = new_value(trial, trial->from), *to = new_value(trial, trial->to);
    build_value(world, trial->from, trial->type, &trial->value, from);
    convert(trial, from, to, &frame);
    memset(from, 0x5A, layout_in(world, trial->from, trial->type)->size_bytes);
    check_value(world, trial->to, trial->type, &trial->value, to);
    struct trial back = *trial;
    back.from = trial->to;
    back.to = trial->from;
    if (!find(&back)) {
        convert(&back, to, from, &frame_back);
        check_value(world, trial->from, trial->type, &trial->value, from);
        drop_target(&back, from);
        end_frame(&back, &frame_back);
    } else {
        drop_target(trial, to);
    }
    end_frame(trial, &frame);
    assert_int_equal(world_owned(world), 0);
    free(from);
    free(to);
    world_clear(world);
}

/* ---- words ---- */

/* One half of a way through the words that a value of this type becomes in calls of the system ABI. */
static const char *find_words(struct trial *trial, const abide_type *flat, bool to_words)
{
    struct world *world = trial->world;
    const abide_module *side = world->modules[trial->from], *system = world->modules[STYLE_SYSTEM];
    const abide_type *form = form_beside(trial, trial->from, STYLE_SYSTEM);
    const char *help;
    trial->lifting = (struct abide_lifting){
        .crossing = {world->ctx, to_words ? side : system, to_words ? system : side},
        .iface = trial->iface,
        .function = "f",
        .parameter = "p"};
    return abide_lift__convert(&trial->lifting, trial->type, to_words ? form : flat,
                               to_words ? flat : form, trial->transfer, &trial->lifted, &help);
}

static void through_words(struct trial *there, struct trial *back, size_t words_bytes)
{
    struct world *world = there->world;
    struct frame frame, frame_back;
    void *from = new_value(there, there->from), *to = new_value(there, there->from);
    void *words = malloc(words_bytes + 1);
    assert_non_null(words);
    memset(words, 0xA5, words_bytes);
    build_value(world, there->from, there->type, &there->value, from);
    open_frame(&frame);
    open_frame(&frame_back);
    run(there, there->lifted.routine, (uintptr_t)from, (uintptr_t)words, (uintptr_t)&frame);
    run(back, back->lifted.routine, (uintptr_t)words, (uintptr_t)to, (uintptr_t)&frame_back);
    check_value(world, there->from, there->type, &there->value, to);
    if (there->transfer == ABIDE_TRANSFER_MOVE)
        drop(there, there->from, to, false);
    end_frame(back, &frame_back);
    end_frame(there, &frame);
    if (there->transfer == ABIDE_TRANSFER_BORROW)
        drop(there, there->from, from, true);
    assert_int_equal(world_owned(world), 0);
    free(words);
    free(from);
    free(to);
    world_clear(world);
}

/* There and back again, as words on the way; gives how often. */
static size_t try_words(const struct trial *trial)
{
    struct world *world = trial->world;
    struct abide_representing how = {.module = world->modules[STYLE_SYSTEM],
                                     .foreign = world->modules[trial->from],
                                     .quiet = true};
    const abide_type *flat = abide_flat__of(world->ctx, &how, trial->type);
    struct trial there = *trial, back = *trial;
    if (!flat || find_words(&there, flat, true) || find_words(&back, flat, false))
        return 0;
    const abide_layout *layout =
        abide_layout__physical(world->ctx, how.module->machine->data, flat);
    assert_non_null(layout);
    for (unsigned depth = 1; depth <= 3; depth++) {
        there.value = back.value = random_value(world, trial->type, depth);
        through_words(&there, &back, layout->size_bytes);
    }
    return 1;
}

/* ---- reasons that are no mistakes ---- */

static bool is_expected(const char *reason)
{
    static const char *const expected[] = {"one side has no form for it", "does not say how",
                                           "a resource cannot be copied", "it is lent, but"};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (strstr(reason, expected[i]))
            return true;
    return false;
}

static bool is_lent_slice(abide_ctx *ctx, const abide_type *type)
{
    (void)ctx;
    return type->kind == ABIDE_KIND_SLICE;
}

static bool is_owning(abide_ctx *ctx, const abide_type *type)
{
    return abide_lift__owns(ctx, type) || type->kind == ABIDE_KIND_STRING ||
           type->kind == ABIDE_KIND_STRING0;
}

/* Whether something of this sort lies in a value, or behind its pointers down to a depth. */
static bool holds(abide_ctx *ctx, const abide_type *type,
                  bool (*is_sought)(abide_ctx *, const abide_type *), unsigned depth)
{
    type = abide_type__strip(type);
    if (is_sought(ctx, type))
        return true;
    if (depth == 0)
        return false;
    if (type->kind == ABIDE_KIND_SLICE || type->kind == ABIDE_KIND_SEQ ||
        type->kind == ABIDE_KIND_BOX)
        return holds(ctx, type->target, is_sought, depth - 1);
    const abide_type *part;
    for (size_t i = 0; (part = abide_type__part(type, i)); i++)
        if (holds(ctx, part, is_sought, depth - 1))
            return true;
    return false;
}

struct tally {
    size_t done, refused;
    size_t through_words;
};

static void try_all_ways(struct trial *trial, struct tally *tally)
{
    static void (*const tries[])(struct trial *) = {try_borrow, try_move, try_copy};
    abide_ctx *ctx = trial->world->ctx;
    for (int transfer = ABIDE_TRANSFER_BORROW; transfer <= ABIDE_TRANSFER_COPY; transfer++) {
        trial->transfer = (enum abide_transfer)transfer;
        /* How much is left of what a moved value lends, a test cannot tell. */
        if (transfer != ABIDE_TRANSFER_BORROW && holds(ctx, trial->type, is_lent_slice, 6) &&
            holds(ctx, trial->type, is_owning, 6))
            continue;
        const char *reason = find(trial);
        if (reason && !is_expected(reason))
            fail_msg("%s from %s to %s: %s", abide_type_print(ctx, trial->type),
                     trial->lifting.crossing.from->name, trial->lifting.crossing.to->name, reason);
        tally->done += !reason;
        tally->refused += reason != NULL;
        if (!reason && getenv("ABIDE_SHOW"))
            fprintf(stderr, "%d %s: %d to %d\n", transfer, abide_type_print(ctx, trial->type),
                    (int)trial->from, (int)trial->to);
        for (int i = 0; !reason && i < 3; i++) {
            trial->value = random_value(trial->world, trial->type, (unsigned)i + 1);
            tries[transfer](trial);
        }
        if (!reason && trial->to == STYLE_SYSTEM && transfer != ABIDE_TRANSFER_COPY)
            tally->through_words += try_words(trial);
    }
}

/* One interface names the hooks of one runtime, where two have hooks of the same names. */
static bool is_possible(const struct world *world, enum style from, enum style to)
{
    return !world->is_real || from + to != STYLE_COLLECTED + STYLE_DESTRUCTED || from == to;
}

static void try_all_pairs(struct world *world, const abide_iface *iface, const abide_type *type,
                          enum style left_out, struct tally *tally)
{
    const abide_iface *collected = iface_with_hooks(world, iface, STYLE_COLLECTED);
    const abide_iface *destructed = iface_with_hooks(world, iface, STYLE_DESTRUCTED);
    for (enum style from = 0; from < STYLE_COUNT; from++) {
        for (enum style to = 0; to < STYLE_COUNT; to++) {
            bool is_collected = from == STYLE_COLLECTED || to == STYLE_COLLECTED;
            struct trial trial = {.world = world,
                                  .iface = is_collected ? collected : destructed,
                                  .type = type,
                                  .from = from,
                                  .to = to};
            if (from != left_out && to != left_out && is_possible(world, from, to))
                try_all_ways(&trial, tally);
        }
    }
}

/* ---- random types ---- */

static const char *random_type(struct world *world, unsigned depth, size_t named);

static const char *random_leaf(struct world *world)
{
    static const char *const leaves[] = {"u8",
                                         "i16",
                                         "u32",
                                         "i64",
                                         "f64",
                                         "bool",
                                         "string",
                                         "cstring",
                                         "own string",
                                         "string0",
                                         "color",
                                         "own resource",
                                         "borrow resource",
                                         "caps",
                                         "later",
                                         "own string0",
                                         "meters",
                                         "f32",
                                         "option<own resource>",
                                         "option<borrow resource>",
                                         "option<box<u32>>",
                                         "own string"};
    return leaves[pick(world, sizeof leaves / sizeof *leaves)];
}

static const char *random_type(struct world *world, unsigned depth, size_t named)
{
    abide_ctx *ctx = world->ctx;
    if (depth == 0 || pick(world, 3) == 0)
        return named && pick(world, 3) == 0 ? abide__printf(ctx, "t%zu", (size_t)pick(world, named))
                                            : random_leaf(world);
    const char *inner = random_type(world, depth - 1, named);
    switch (pick(world, 8)) {
    case 0: return abide__printf(ctx, "slice<%s>", inner);
    case 1:
    case 2: return abide__printf(ctx, "own slice<%s>", inner);
    case 3: return abide__printf(ctx, "box<%s>", inner);
    case 4: return abide__printf(ctx, "option<%s>", inner);
    case 5: return abide__printf(ctx, "result<%s; %s>", inner, random_leaf(world));
    case 6: return abide__printf(ctx, "tuple<%s; %s>", random_leaf(world), inner);
    default: return abide__printf(ctx, "array<%s, 3>", inner);
    }
}

static void add_members(struct world *world, struct abide_text *text, size_t index,
                        bool may_be_bare)
{
    size_t count = pick(world, 4) + 1;
    for (size_t i = 0; i < count; i++) {
        bool is_bare = may_be_bare && pick(world, 3) == 0;
        const char *type = is_bare ? "" : random_type(world, 2, index);
        if (!is_bare && pick(world, 8) == 0)
            type = abide__printf(world->ctx,
                                 pick(world, 2) ? "own slice<t%zu>" : "option<box<t%zu>>", index);
        abide__text_printf(world->ctx, text, "      m%zu:%s%s%s\n", i, is_bare ? "" : " \"", type,
                           is_bare ? "" : "\"");
    }
}

enum { NAMED_TYPES = 5 };

static const char *random_interface(struct world *world, const char *forms)
{
    struct abide_text text = {0};
    abide_ctx *ctx = world->ctx;
    abide__text_printf(ctx, &text,
                       "abide: 1\n%stypes:\n  color: {enum: [red, green, blue]}\n"
                       "  resource: {resource: resource_drop}\n"
                       "  caps: {flags: [files, voice, video], base: u16}\n"
                       "  meters: {newtype: u32}\n"
                       "  later: {variant: {a: u8, b: own string, c: , d: option<box<color>>}, "
                       "open: {size: 48, align: 8}}\n",
                       forms);
    for (size_t i = 0; i < NAMED_TYPES; i++) {
        bool is_variant = pick(world, 3) == 0;
        abide__text_printf(ctx, &text, "  t%zu:\n    %s:\n", i, is_variant ? "variant" : "struct");
        add_members(world, &text, i, is_variant);
    }
    abide__text_printf(ctx, &text, "functions: {}\n");
    return text.chars;
}

static uint64_t seed_from(const char *text, uint64_t usual)
{
    return text ? strtoull(text, NULL, 10) : usual;
}

/* `left_out`: a side that does not take part. */
static void try_interface(struct world *world, const char *text, enum style left_out,
                          struct tally *tally)
{
    if (getenv("ABIDE_SHOW"))
        fputs(text, stderr);
    const abide_iface *iface = parse(world->ctx, text);
    for (size_t k = 0; k < NAMED_TYPES; k++)
        try_all_pairs(world, iface, abide_iface_type(iface, abide__printf(world->ctx, "t%zu", k)),
                      left_out, tally);
}

/* ABIDE_SEED starts elsewhere, ABIDE_ROUNDS does more. */
static void try_random(bool is_real, const char *forms, enum style left_out)
{
    uint64_t seed = seed_from(getenv("ABIDE_SEED"), 1);
    uint64_t rounds = seed_from(getenv("ABIDE_ROUNDS"), 6);
    struct tally tally = {0};
    for (uint64_t i = 0; i < rounds; i++) {
        abide_ctx *ctx = open_ctx();
        struct world world;
        world_open(&world, ctx, seed + i, is_real);
        printf("seed %llu\n", (unsigned long long)(seed + i));
        fflush(stdout);
        try_interface(&world, random_interface(&world, forms), left_out, &tally);
        world_close(&world);
        close_ctx(ctx);
    }
    printf("%zu conversions done, %zu of them through words; %zu refused\n", tally.done,
           tally.through_words, tally.refused);
    assert_true(tally.through_words > 0);
    assert_true(tally.done > tally.refused);
}

static void random_values_arrive(void **state)
{
    (void)state;
    try_random(false, "", STYLE_COUNT);
}

static void random_values_arrive_in_counted_text(void **state)
{
    (void)state;
    try_random(true, "", STYLE_NUL);
}

static void random_values_arrive_in_ended_text(void **state)
{
    (void)state;
    try_random(true, "forms: {string: nul}\n", STYLE_COUNTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_values_arrive),
        cmocka_unit_test(random_values_arrive_in_counted_text),
        cmocka_unit_test(random_values_arrive_in_ended_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
