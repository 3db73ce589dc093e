/* Every operation of a routine at least once, and every place that a step may read or write. */
#include "routines.h"

#include "maker.h"

#include <string.h>

enum { FROM, TO, FRAME }; /* parameters of a routine */

/* ---- routines ---- */

static const struct abide_routine *arith(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "arith", 2);
    abide_value a = load_word(m, FROM, 0), b = load_word(m, FROM, 1);
    abide_value below = binary(m, ABIDE_OP_BELOW, a, b);
    const abide_value results[] = {
        constant(m, (uint64_t)-3),
        offset(m, a, (uint64_t)-16),
        binary(m, ABIDE_OP_ADD, a, b),
        binary(m, ABIDE_OP_SUBTRACT, a, b),
        binary(m, ABIDE_OP_AND, a, b),
        VALUE(m, .kind = ABIDE_OP_MULTIPLY, .a = a, .number = 12),
        binary(m, ABIDE_OP_EQUAL, a, b),
        below,
        VALUE(m, .kind = ABIDE_OP_SELECT, .a = below, .b = a, .c = b),
    };
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        store_word(m, TO, i, results[i]);
    binary(m, ABIDE_OP_ADD, a, results[0]); /* nobody wants it */
    maker_end(m);
    return routine;
}

/* Numbers of every size at odd places; what lies around them stays. */
static const struct abide_routine *access(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "access", 2);
    for (uint64_t size_bytes = 1; size_bytes <= m->word_bytes; size_bytes++) {
        abide_value number = load(m, FROM, 1, size_bytes);
        store_word(m, TO, size_bytes, number);
        store(m, TO, 128 + 11 * size_bytes, size_bytes, number);
    }
    maker_end(m);
    return routine;
}

static const struct abide_routine *runs(struct maker *m)
{
    static const struct abide_run all[] = {
        {.from_bytes = 1, .to_bytes = 4, .from_size_bytes = 11, .to_size_bytes = 11},
        {.from_bytes = 12,
         .to_bytes = 16,
         .from_size_bytes = 2,
         .to_size_bytes = 8,
         .widen = ABIDE_EXTEND_SIGN},
        {.from_bytes = 14,
         .to_bytes = 25,
         .from_size_bytes = 1,
         .to_size_bytes = 4,
         .widen = ABIDE_EXTEND_ZERO},
        {.from_bytes = 16, .to_bytes = 30, .from_size_bytes = 8, .to_size_bytes = 4}};
    const struct abide_routine *routine = maker_begin(m, "runs", 2);
    EFFECT(m, .kind = ABIDE_OP_RUNS, .a = TO, .b = FROM, .runs = all, .run_count = 4);
    maker_end(m);
    return routine;
}

/* {bytes, count} -> count bytes behind 8 zero bytes; then no bytes from nowhere. */
static const struct abide_routine *move(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "move", 2);
    abide_value bytes = load_word(m, FROM, 0), count = load_word(m, FROM, 1);
    EFFECT(m, .kind = ABIDE_OP_ZERO, .a = TO, .size_bytes = 8);
    abide_value behind = offset(m, TO, 8);
    EFFECT(m, .kind = ABIDE_OP_COPY, .a = behind, .b = bytes, .c = count);
    abide_value nothing = load_word(m, FROM, 2);
    EFFECT(m, .kind = ABIDE_OP_COPY, .a = behind, .b = nothing, .c = nothing);
    maker_end(m);
    return routine;
}

static abide_value has_nul(struct maker *m, abide_value bytes, abide_value count)
{
    return VALUE(m, .kind = ABIDE_OP_HAS_NUL, .a = bytes, .b = count);
}

static const struct abide_routine *text(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "text", 2);
    abide_value chars = load_word(m, FROM, 0), count = load_word(m, FROM, 1);
    abide_value null = constant(m, 0);
    store_word(m, TO, 0, VALUE(m, .kind = ABIDE_OP_LENGTH, .a = chars));
    store_word(m, TO, 1, has_nul(m, chars, count));
    store_word(m, TO, 2, has_nul(m, chars, offset(m, count, 1)));
    store_word(m, TO, 3, has_nul(m, null, null));
    maker_end(m);
    return routine;
}

/* A callback that other code finds through an owner: the C function (owner, pointer, bytes) of words. */
static const struct abide_routine *release(struct maker *m)
{
    static const abide_value all[] = {0, 1, 2};
    struct abide_routine *routine = maker_begin(m, "release", 3);
    routine->is_callback = true;
    EFFECT(m, .kind = ABIDE_OP_CALL, .symbol = "driver_released", .arguments = all,
           .argument_count = 3);
    maker_end(m);
    return routine;
}

static const struct abide_routine *constants(struct maker *m)
{
    const struct abide_routine *callback = release(m);
    const struct abide_routine *routine = maker_begin(m, "constants", 2);
    for (size_t i = 0; i < 4; i++)
        store_word(m, TO, i, VALUE(m, .kind = ABIDE_OP_EMPTY, .size_bytes = (uint64_t)8 << i));
    store_word(m, TO, 4, VALUE(m, .kind = ABIDE_OP_OWNER, .routine = callback));
    store_word(m, TO, 5, VALUE(m, .kind = ABIDE_OP_OWNER, .routine = callback));
    maker_end(m);
    return routine;
}

static const struct abide_routine *calls(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "calls", 3);
    abide_value *words = abide__new_array(m->ctx, abide_value, 7);
    for (size_t i = 0; i < 7; i++)
        words[i] = load_word(m, FROM, i);
    store_word(m, TO, 0, VALUE(m, .kind = ABIDE_OP_CALL, .symbol = "driver_count"));
    VALUE(m, .kind = ABIDE_OP_CALL, .symbol = "driver_count");
    store_word(m, TO, 1,
               VALUE(m, .kind = ABIDE_OP_CALL, .symbol = "driver_sum", .arguments = words,
                     .argument_count = 7));
    EFFECT(m, .kind = ABIDE_OP_CALL, .symbol = "driver_sum", .arguments = words,
           .argument_count = 7);
    abide_value *two = abide__new_array(m->ctx, abide_value, 2);
    two[0] = TO;
    two[1] = words[0];
    EFFECT(m, .kind = ABIDE_OP_CALL_AT, .a = load_word(m, FRAME, 0), .arguments = two,
           .argument_count = 2);
    EFFECT(m, .kind = ABIDE_OP_CALL_AT, .a = load_word(m, FRAME, 1));
    maker_end(m);
    return routine;
}

/* sum(node {left, right, value}): the children's through another routine, which calls back. */
static const struct abide_routine *tree(struct maker *m)
{
    struct abide_routine *of_child = abide__new(m->ctx, struct abide_routine);
    abide_value *argument = abide__new_array(m->ctx, abide_value, 2);
    const struct abide_routine *of_node = maker_begin(m, "sum_of_node", 2);
    store_word(m, 1, 0, binary(m, ABIDE_OP_ADD, load_word(m, 1, 0), load_word(m, 0, 2)));
    abide_value counts[2];
    for (uint64_t i = 0; i < 2; i++) {
        abide_value *arguments = abide__new_array(m->ctx, abide_value, 2);
        arguments[0] = load_word(m, 0, i);
        arguments[1] = 1;
        counts[i] = VALUE(m, .kind = ABIDE_OP_ROUTINE, .routine = of_child, .arguments = arguments,
                          .argument_count = 2);
    }
    give(m, offset(m, binary(m, ABIDE_OP_ADD, counts[0], counts[1]), 1));
    maker_end(m);

    struct abide_routine *made = maker_begin(m, "sum_of_child", 2);
    argument[0] = 0;
    argument[1] = 1;
    /* What comes out of a choice goes through memory: the third word of what `to` points to. */
    abide_value place = offset(m, 1, 2 * m->word_bytes);
    abide_value before = load_word(m, place, 0);
    store_word(m, place, 0, constant(m, 0));
    maker_open(m);
    abide_value count = VALUE(m, .kind = ABIDE_OP_ROUTINE, .routine = of_node,
                              .arguments = argument, .argument_count = 2);
    store_word(m, place, 0, count);
    struct abide_block then = maker_close(m);
    EFFECT(m, .kind = ABIDE_OP_IF, .a = 0, .then = then);
    abide_value result = load_word(m, place, 0);
    store_word(m, place, 0, before);
    give(m, result);
    maker_end(m);
    *of_child = *made;

    const struct abide_routine *routine = maker_begin(m, "tree", 2);
    store_word(m, 1, 0, constant(m, 0));
    abide_value *both = abide__new_array(m->ctx, abide_value, 2);
    both[1] = 1;
    abide_value all = VALUE(m, .kind = ABIDE_OP_ROUTINE, .routine = of_child, .arguments = both,
                            .argument_count = 2);
    store_word(m, 1, 1, all);
    maker_end(m);
    return routine;
}

/* {rows, columns, bytes...}: how many bytes are zero, and a choice of two ways for each row. */
static const struct abide_routine *control(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "control", 2);
    abide_value rows = load_word(m, FROM, 0), columns = load_word(m, FROM, 1);
    abide_value bytes = offset(m, FROM, 2 * m->word_bytes), zero = constant(m, 0);
    abide_value row = maker_reserve(m), column = maker_reserve(m);
    maker_open(m);
    maker_open(m);
    /* The address of a column first, so that it is no matter which operand of a sum is the address. */
    abide_value in_row = binary(m, ABIDE_OP_ADD, column, bytes);
    abide_value line = VALUE(m, .kind = ABIDE_OP_MULTIPLY, .a = row, .number = 3);
    abide_value byte = load(m, binary(m, ABIDE_OP_ADD, in_row, line), 0, 1);
    maker_open(m);
    store_word(m, TO, 0, offset(m, load_word(m, TO, 0), 1));
    struct abide_block then = maker_close(m);
    maker_open(m);
    store_word(m, TO, 1, offset(m, load_word(m, TO, 1), 1));
    struct abide_block otherwise = maker_close(m);
    EFFECT(m, .kind = ABIDE_OP_IF, .a = binary(m, ABIDE_OP_EQUAL, byte, zero), .then = then,
           .otherwise = otherwise);
    struct abide_block inner = maker_close(m);
    maker_add_as(m, column, (struct abide_op){.kind = ABIDE_OP_LOOP, .a = columns, .then = inner});
    struct abide_block outer = maker_close(m);
    maker_add_as(m, row, (struct abide_op){.kind = ABIDE_OP_LOOP, .a = rows, .then = outer});
    /* A loop whose number nobody wants, and one that is never entered. */
    maker_open(m);
    store_word(m, TO, 2, offset(m, load_word(m, TO, 2), 1));
    struct abide_block counting = maker_close(m);
    EFFECT(m, .kind = ABIDE_OP_LOOP, .a = rows, .then = counting);
    EFFECT(m, .kind = ABIDE_OP_LOOP, .a = zero, .then = counting);
    maker_end(m);
    return routine;
}

/* {count}: bytes for a header of 24 and elements of 12; of elements of no bytes. */
static const struct abide_routine *sizes(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "sizes", 2);
    abide_value count = load_word(m, FROM, 0);
    store_word(m, TO, 1, VALUE(m, .kind = ABIDE_OP_SIZE, .a = count, .number = 0, .size_bytes = 5));
    store_word(m, TO, 0,
               VALUE(m, .kind = ABIDE_OP_SIZE, .a = count, .number = 12, .size_bytes = 24,
                     .function = "f \"quoted\\\" ?\?=", .parameter = "items"));
    maker_end(m);
    return routine;
}

/* {tag}: 0 and 1 are fine, others trap; behind the trap nothing happens. */
static const struct abide_routine *checked(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "checked", 2);
    abide_value tag = load(m, FROM, 0, 4), two = constant(m, 2);
    maker_open(m);
    store_word(m, TO, 0, tag);
    struct abide_block fine = maker_close(m);
    maker_open(m);
    EFFECT(m, .kind = ABIDE_OP_TRAP, .a = tag, .number = ABIDE_TRAP_TAG, .function = "send",
           .parameter = "shape");
    struct abide_block wrong = maker_close(m);
    EFFECT(m, .kind = ABIDE_OP_IF, .a = binary(m, ABIDE_OP_BELOW, tag, two), .then = fine,
           .otherwise = wrong);
    maker_open(m);
    EFFECT(m, .kind = ABIDE_OP_TRAP, .a = ABIDE_NO_VALUE, .number = ABIDE_TRAP_NULL);
    struct abide_block null = maker_close(m);
    EFFECT(m, .kind = ABIDE_OP_IF, .a = load(m, FROM, 4, 1), .then = null);
    maker_end(m);
    return routine;
}

/* The first word chooses: 3 and 70,000 have a block, and all others one; then again, where all others have none. */
static const struct abide_routine *chosen(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "chosen", 2);
    abide_value number = load_word(m, FROM, 0);
    for (uint64_t i = 0; i < 2; i++) {
        maker_open(m);
        for (uint64_t k = 0; k < 2; k++) {
            maker_open(m);
            store_word(m, TO, i, constant(m, 10 + k));
            struct abide_block one = maker_close(m);
            EFFECT(m, .kind = ABIDE_OP_CASE, .number = k ? 70000 : 3, .then = one);
        }
        struct abide_block cases = maker_close(m);
        maker_open(m);
        if (i == 0)
            store_word(m, TO, i, offset(m, number, 1));
        struct abide_block otherwise = maker_close(m);
        EFFECT(m, .kind = ABIDE_OP_CHOOSE, .a = number, .then = cases, .otherwise = otherwise);
    }
    maker_end(m);
    return routine;
}

/* Swaps two words. */
static const struct abide_routine *swap(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "swap", 2);
    abide_value first = load_word(m, FROM, 0), second = load_word(m, FROM, 1);
    store_word(m, TO, 0, second);
    store_word(m, TO, 1, first);
    maker_end(m);
    return routine;
}

/* {next} in the frame: takes two words there, fills them, and points to them. */
static const struct abide_routine *box(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "box", 3);
    abide_value next = load_word(m, FRAME, 0);
    store_word(m, next, 0, load_word(m, FROM, 0));
    store_word(m, next, 1, load_word(m, FROM, 1));
    store_word(m, FRAME, 0, offset(m, next, 2 * m->word_bytes));
    store_word(m, TO, 0, next);
    maker_end(m);
    return routine;
}

static const struct abide_routine *frame_end(struct maker *m)
{
    static const abide_value all[] = {0};
    const struct abide_routine *routine = maker_begin(m, "frame_end", 1);
    EFFECT(m, .kind = ABIDE_OP_CALL, .symbol = "driver_frame_ended", .arguments = all,
           .argument_count = 1);
    maker_end(m);
    return routine;
}

/* {x} -> {x, x + 1, x + 2, x + 3} */
static const struct abide_routine *spread(struct maker *m)
{
    const struct abide_routine *routine = maker_begin(m, "spread", 2);
    abide_value x = load_word(m, FROM, 0);
    for (uint64_t i = 0; i < 4; i++)
        store_word(m, TO, i, offset(m, x, i));
    maker_end(m);
    return routine;
}

/* ---- plans ---- */

static struct abide_object at(enum abide_object_kind kind, size_t index, uint64_t words,
                              const struct maker *m)
{
    return (struct abide_object){.kind = kind,
                                 .index = index,
                                 .size_bytes = words * m->word_bytes,
                                 .align_bytes = m->word_bytes};
}

static void set_steps(struct maker *m, const struct abide_copy_step **steps, size_t *count,
                      const struct abide_copy_step *list, size_t list_count)
{
    struct abide_copy_step *copy = abide__new_array(m->ctx, struct abide_copy_step, list_count);
    memcpy(copy, list, list_count * sizeof *list);
    *steps = copy;
    *count = list_count;
}

static void set_temporaries(struct maker *m, struct abide_plan *plan,
                            const struct abide_temporary *list, size_t count)
{
    struct abide_temporary *copy = abide__new_array(m->ctx, struct abide_temporary, count);
    memcpy(copy, list, count * sizeof *list);
    for (size_t i = 0; i < count; i++)
        copy[i].purpose = "made by hand";
    plan->temporaries = copy;
    plan->temporary_count = count;
}

static struct abide_feed *own_feeds(struct maker *m, struct abide_plan *plan)
{
    struct abide_feed *feeds = abide__new_array(m->ctx, struct abide_feed, plan->feed_count);
    memcpy(feeds, plan->feeds, plan->feed_count * sizeof *feeds);
    plan->feeds = feeds;
    for (size_t i = 0; i < plan->feed_count; i++)
        feeds[i].in_place = false;
    return feeds;
}

static const struct abide_run *words(struct maker *m, uint64_t count)
{
    struct abide_run *run = abide__new(m->ctx, struct abide_run);
    run->from_size_bytes = run->to_size_bytes = count * m->word_bytes;
    return run;
}

/* The routine gets what the three arguments point to. */
static void plan_pointers(struct maker *m, struct abide_plan *plan,
                          const struct abide_routine *routine)
{
    const struct abide_copy_step step = {.from = at(ABIDE_OBJECT_POINTEE, FROM, 1, m),
                                         .to = at(ABIDE_OBJECT_POINTEE, TO, 1, m),
                                         .frame = at(ABIDE_OBJECT_POINTEE, FRAME, 1, m),
                                         .routine = routine};
    set_steps(m, &plan->before, &plan->before_count, &step, 1);
}

/* Both arguments are taken from registers or the stack, converted, and passed as parts of a temporary. */
static void plan_by_value(struct maker *m, struct abide_plan *plan)
{
    const struct abide_routine *routine = swap(m);
    const struct abide_temporary temporary = {.size_bytes = 8 * m->word_bytes,
                                              .align_bytes = m->word_bytes};
    struct abide_object first = at(ABIDE_OBJECT_TEMPORARY, 0, 2, m);
    struct abide_object second = at(ABIDE_OBJECT_TEMPORARY, 0, 4, m);
    struct abide_object half = at(ABIDE_OBJECT_TEMPORARY, 0, 2, m);
    first.offset_bytes = m->word_bytes;
    second.offset_bytes = 4 * m->word_bytes;
    half.offset_bytes = 6 * m->word_bytes;
    const struct abide_copy_step steps[] = {
        {.from = at(ABIDE_OBJECT_ARGUMENT, 0, 2, m), .to = first, .routine = routine},
        {.from = at(ABIDE_OBJECT_ARGUMENT, 1, 4, m),
         .to = second,
         .runs = words(m, 4),
         .run_count = 1},
        {.from = at(ABIDE_OBJECT_ARGUMENT, 1, 4, m), .to = half, .routine = routine}};
    struct abide_feed *feeds = own_feeds(m, plan);
    set_temporaries(m, plan, &temporary, 1);
    set_steps(m, &plan->before, &plan->before_count, steps, 3);
    feeds[0] = (struct abide_feed){
        .kind = ABIDE_FEED_VALUE, .object = first, .runs = words(m, 2), .run_count = 1};
    feeds[1] = (struct abide_feed){.kind = plan->callee->arguments[1].pass == ABIDE_PASS_POINTER
                                               ? ABIDE_FEED_ADDRESS
                                               : ABIDE_FEED_VALUE,
                                   .object = second,
                                   .runs = words(m, 4),
                                   .run_count = 1};
}

/* The frame's first word is the address of a buffer behind it; the callee gets the address of a pointer to it. */
static void plan_in_frame(struct maker *m, struct abide_plan *plan)
{
    const struct abide_temporary temporaries[] = {
        {.size_bytes = 2 * m->word_bytes, .align_bytes = m->word_bytes},
        {.size_bytes = 8 * m->word_bytes, .align_bytes = m->word_bytes, .zeroed = true}};
    struct abide_object frame = at(ABIDE_OBJECT_TEMPORARY, 1, 8, m);
    struct abide_object boxed = at(ABIDE_OBJECT_TEMPORARY, 0, 1, m);
    boxed.offset_bytes = m->word_bytes;
    const struct abide_copy_step before = {
        .from = at(ABIDE_OBJECT_POINTEE, 0, 2, m), .to = boxed, .frame = frame, .routine = box(m)};
    const struct abide_copy_step after = {.from = frame, .to = frame, .routine = frame_end(m)};
    struct abide_store *store = abide__new(m->ctx, struct abide_store);
    *store = (struct abide_store){.kind = ABIDE_STORE_ADDRESS,
                                  .temporary = 1,
                                  .size_bytes = (uint32_t)m->word_bytes,
                                  .value = 1,
                                  .address_offset_bytes = 2 * m->word_bytes};
    set_temporaries(m, plan, temporaries, 2);
    plan->stores = store;
    plan->store_count = 1;
    set_steps(m, &plan->before, &plan->before_count, &before, 1);
    set_steps(m, &plan->after, &plan->after_count, &after, 1);
    own_feeds(m, plan)[0] = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = boxed};
    plan->result.in_place = false;
}

/* What the callee gives goes through routines into the memory of an argument, and from a temporary back. */
static void plan_read_back(struct maker *m, struct abide_plan *plan)
{
    const struct abide_routine *routine = spread(m);
    const struct abide_temporary temporary = {.size_bytes = 4 * m->word_bytes,
                                              .align_bytes = m->word_bytes};
    struct abide_object last = at(ABIDE_OBJECT_TEMPORARY, 0, 1, m);
    last.offset_bytes = 3 * m->word_bytes;
    const struct abide_copy_step after[] = {{.from = at(ABIDE_OBJECT_CALLEE_RESULT, 0, 1, m),
                                             .to = at(ABIDE_OBJECT_POINTEE, 0, 4, m),
                                             .routine = routine},
                                            {.from = at(ABIDE_OBJECT_POINTEE, 0, 1, m),
                                             .to = at(ABIDE_OBJECT_TEMPORARY, 0, 4, m),
                                             .routine = routine}};
    set_temporaries(m, plan, &temporary, 1);
    set_steps(m, &plan->after, &plan->after_count, after, 2);
    own_feeds(m, plan);
    plan->result = (struct abide_return){
        .kind = ABIDE_RETURN_VALUE, .object = last, .runs = words(m, 1), .run_count = 1};
}

/* The callee writes into a temporary, from which a routine makes the caller's result. */
static void plan_whole(struct maker *m, struct abide_plan *plan)
{
    const struct abide_temporary temporary = {.size_bytes = 5 * m->word_bytes,
                                              .align_bytes = m->word_bytes};
    struct abide_object wide = at(ABIDE_OBJECT_TEMPORARY, 0, 4, m);
    wide.offset_bytes = m->word_bytes;
    struct abide_object last = at(ABIDE_OBJECT_TEMPORARY, 0, 1, m);
    last.offset_bytes = 4 * m->word_bytes;
    const struct abide_copy_step after = {
        .from = last, .to = at(ABIDE_OBJECT_RESULT_MEMORY, 0, 4, m), .routine = spread(m)};
    set_temporaries(m, plan, &temporary, 1);
    set_steps(m, &plan->after, &plan->after_count, &after, 1);
    own_feeds(m, plan);
    plan->hidden = (struct abide_feed){.kind = ABIDE_FEED_ADDRESS, .object = wide};
    plan->result.in_place = false;
}

static const struct {
    const char *name;
    const struct abide_routine *(*make)(struct maker *);
} pointers[] = {{"arith", arith}, {"access", access},   {"runs", runs},
                {"move", move},   {"text", text},       {"constants", constants},
                {"calls", calls}, {"tree", tree},       {"control", control},
                {"sizes", sizes}, {"checked", checked}, {"chosen", chosen}};

static const struct {
    const char *name;
    void (*fill)(struct maker *, struct abide_plan *);
} others[] = {{"by-value", plan_by_value},
              {"in-frame", plan_in_frame},
              {"read-back", plan_read_back},
              {"whole", plan_whole}};

#define POINTERS (sizeof pointers / sizeof *pointers)
#define OTHERS   (sizeof others / sizeof *others)

/* The plan that moves nothing, as a call with a frame. */
static struct abide_plan *plain(abide_ctx *ctx, const abide_iface *iface, const char *name,
                                const abide_module *module)
{
    const abide_function *function = abide_iface_function(iface, name);
    const abide_plan *made = abide_plan_new(ctx, iface, function, module, module);
    if (!made)
        return NULL;
    struct abide_plan *plan = abide__new(ctx, struct abide_plan);
    *plan = *made;
    plan->tier = ABIDE_TIER_CALL;
    return plan;
}

const abide_plan *const *routine_plans(abide_ctx *ctx, const char *interface_path,
                                       const char *target, const char *triple, size_t *count)
{
    const abide_iface *iface = abide_iface_load(ctx, interface_path);
    const abide_module *module = abide_module_load(ctx, "c", target);
    const abide_plan **plans = abide__new_array(ctx, const abide_plan *, POINTERS + OTHERS);
    if (!iface || !module)
        return NULL;
    if (triple)
        ((abide_module *)module)->triple = triple;
    struct maker maker = {.ctx = ctx, .word_bytes = module->pointer_bytes};
    *count = POINTERS + OTHERS;
    for (size_t i = 0; i < *count; i++) {
        const char *name = i < POINTERS ? pointers[i].name : others[i - POINTERS].name;
        struct abide_plan *plan = plain(ctx, iface, name, module);
        if (!plan)
            return NULL;
        if (i < POINTERS)
            plan_pointers(&maker, plan, pointers[i].make(&maker));
        else
            others[i - POINTERS].fill(&maker, plan);
        plans[i] = plan;
    }
    return plans;
}
