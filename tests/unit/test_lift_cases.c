/* Conversions one by one: what is passed on, what is made, what ends the process, what is refused and why. */
#include "failing_allocator.h"
#include "lift_world.h"

#include "call/flat.h"
#include "call/physical.h"
#include "layout/layout.h"
#include "plan/lift.h"
#include "plan/plan.h"
#include "plan/routine_build.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct abide_guard guard;

struct fixture {
    abide_ctx *ctx;
    struct world world;
    const abide_iface *iface;
    struct abide_lifting lifting;
    struct abide_lifted lifted;
    const char *reason, *help;
    struct {
        uintptr_t words[4];
        _Alignas(16) char buffer[ABIDE_LIFT_FRAME_BUFFER_BYTES];
    } frame;
};

static void open_fixture(struct fixture *fixture, bool is_real, const char *types)
{
    static const char *const dirs[] = {ABIDE_TEST_DIR "/data/language"};
    abide_ctx_options options = ABIDE_CTX_OPTIONS_INIT;
    options.module_dirs = dirs;
    options.module_dir_count = 1;
    memset(fixture, 0, sizeof *fixture);
    abide_ctx *ctx = fixture->ctx = abide_ctx_new(&options);
    assert_non_null(ctx);
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        fail_msg("out of memory");
    world_open(&fixture->world, ctx, 1, is_real);
    const char *text = abide__printf(ctx, "abide: 1\n%sfunctions: {}\n", types);
    fixture->iface = abide_iface_parse(ctx, "test", text, strlen(text));
    for (size_t i = 0; !fixture->iface && i < abide_ctx_diag_count(ctx); i++)
        fputs(abide_diag_print(ctx, abide_ctx_diag_at(ctx, i), false), stderr);
    assert_non_null(fixture->iface);
}

static void close_fixture(struct fixture *fixture)
{
    world_close(&fixture->world);
    abide__guard_leave(fixture->ctx, &guard);
    abide_ctx_free(fixture->ctx);
}

static const abide_type *type_of(struct fixture *fixture, const char *name)
{
    const abide_type *type = abide_iface_type(fixture->iface, name);
    assert_non_null(type);
    return type;
}

static const abide_type *form(struct fixture *fixture, enum style style, enum style other,
                              const char *name)
{
    struct abide_representing how = {.module = fixture->world.modules[style],
                                     .foreign = fixture->world.modules[other]};
    const abide_type *physical = abide_represent__as(fixture->ctx, &how, type_of(fixture, name));
    assert_non_null(physical);
    return abide_type__strip(physical);
}

/* Whether there is a conversion; fills `lifted`, or `reason` and `help`. */
static bool find(struct fixture *fixture, const char *name, enum style from, enum style to,
                 enum abide_transfer transfer, bool names_hooks)
{
    struct world *world = &fixture->world;
    bool is_collected = from == STYLE_COLLECTED || to == STYLE_COLLECTED;
    const abide_iface *iface =
        names_hooks ? iface_with_hooks(world, fixture->iface,
                                       is_collected ? STYLE_COLLECTED : STYLE_DESTRUCTED)
                    : fixture->iface;
    fixture->lifting =
        (struct abide_lifting){.crossing = {fixture->ctx, world->modules[from], world->modules[to]},
                               .iface = iface,
                               .function = "greet",
                               .parameter = "name"};
    fixture->reason = abide_lift__convert(
        &fixture->lifting, type_of(fixture, name), form(fixture, from, to, name),
        form(fixture, to, from, name), transfer, &fixture->lifted, &fixture->help);
    return !fixture->reason;
}

/* False: it trapped. */
static bool run(struct fixture *fixture, const void *from, void *to)
{
    size_t next = abide_lift__frame_next_bytes(8) / 8, left = abide_lift__frame_left_bytes(8) / 8;
    memset(&fixture->frame, 0, sizeof fixture->frame);
    fixture->frame.words[next] = (uintptr_t)fixture->frame.buffer;
    fixture->frame.words[left] = sizeof fixture->frame.buffer;
    uintptr_t arguments[] = {(uintptr_t)from, (uintptr_t)to, (uintptr_t)&fixture->frame};
    return interpret(&fixture->world.interpreter, fixture->lifted.routine, arguments, NULL);
}

static void end_frame(struct fixture *fixture)
{
    uintptr_t frame = (uintptr_t)&fixture->frame;
    assert_true(interpret(&fixture->world.interpreter, abide_lift__frame_end(&fixture->lifting),
                          &frame, NULL));
}

static void assert_finds(struct fixture *fixture, const char *name, enum style from, enum style to,
                         enum abide_transfer transfer)
{
    if (!find(fixture, name, from, to, transfer, true))
        fail_msg("%s", fixture->reason);
}

/* It ends the process, and says for whom. */
static void assert_traps(struct fixture *fixture, const void *from, void *to,
                         enum abide_trap_code code)
{
    assert_false(run(fixture, from, to));
    const struct abide_op *trap = fixture->world.interpreter.trap;
    assert_int_equal(trap->number, code);
    assert_string_equal(trap->function, "greet");
    assert_string_equal(trap->parameter, "name");
}

struct text {
    const char *bytes;
    size_t length_bytes;
};

/* ---- what ends the process ---- */

static void text_with_a_nul_inside_does_not_become_shorter(void **state)
{
    (void)state;
    struct fixture fixture;
    char *to = NULL;
    open_fixture(&fixture, false, "types: {t: {newtype: string}}\n");
    assert_finds(&fixture, "t", STYLE_SYSTEM, STYLE_NUL, ABIDE_TRANSFER_BORROW);
    assert_traps(&fixture, &(struct text){"a\0b", 3}, &to, ABIDE_TRAP_NUL);
    assert_true(run(&fixture, &(struct text){"ab", 2}, &to));
    assert_string_equal(to, "ab");
    assert_true(
        run(&fixture, &(struct text){(const char *)1, 0}, &to)); /* empty: points anywhere */
    assert_string_equal(to, "");
    assert_true(fixture.lifted.lives_in_frame);
    end_frame(&fixture);
    close_fixture(&fixture);
}

static void a_null_pointer_is_no_text_and_no_box(void **state)
{
    (void)state;
    struct fixture fixture;
    char *from = NULL, to[32];
    open_fixture(&fixture, false, "types: {t: {newtype: string}, b: {newtype: own box<u8>}}\n");
    assert_finds(&fixture, "t", STYLE_NUL, STYLE_SYSTEM, ABIDE_TRANSFER_BORROW);
    assert_traps(&fixture, &from, to, ABIDE_TRAP_NULL);
    assert_finds(&fixture, "b", STYLE_NUL, STYLE_DESTRUCTED, ABIDE_TRANSFER_MOVE);
    assert_traps(&fixture, &from, to, ABIDE_TRAP_NULL);
    close_fixture(&fixture);
}

static void a_tag_that_is_no_case_goes_nowhere(void **state)
{
    (void)state;
    struct fixture fixture;
    struct {
        uint8_t tag;
        uint64_t payload;
    } from = {2, 5}, to;
    open_fixture(
        &fixture, false,
        "types: {t: {newtype: \"result<u64, u8>\"}, v: {variant: {a: own string, b: u8}}}\n");
    /* 0 and 1 are 7 and 3 on the other side. */
    assert_finds(&fixture, "t", STYLE_SYSTEM, STYLE_COUNTED, ABIDE_TRANSFER_BORROW);
    assert_traps(&fixture, &from, &to, ABIDE_TRAP_TAG);
    from.tag = 0;
    assert_true(run(&fixture, &from, &to));
    assert_int_equal(to.tag, 7);
    assert_int_equal(to.payload, 5);
    assert_finds(&fixture, "t", STYLE_COUNTED, STYLE_SYSTEM, ABIDE_TRANSFER_BORROW);
    assert_traps(&fixture, &from, &to, ABIDE_TRAP_TAG);
    /* Where both sides count alike, too. */
    uint8_t variant[40] = {2}, other[40];
    assert_finds(&fixture, "v", STYLE_SYSTEM, STYLE_DESTRUCTED, ABIDE_TRANSFER_MOVE);
    assert_traps(&fixture, variant, other, ABIDE_TRAP_TAG);
    close_fixture(&fixture);
}

static void memory_that_is_not_given_ends_the_process(void **state)
{
    (void)state;
    struct fixture fixture;
    char to[32];
    struct text from = {"abc", 3};
    open_fixture(&fixture, false, "types: {t: {newtype: own string}}\n");
    assert_finds(&fixture, "t", STYLE_COUNTED, STYLE_SYSTEM, ABIDE_TRANSFER_COPY);
    fixture.world.has_no_memory = true;
    assert_traps(&fixture, &from, to, ABIDE_TRAP_NO_MEMORY);
    close_fixture(&fixture);
}

struct list { /* system */
    void *elements;
    size_t count;
    void *owner;
};

static void sizes_and_counts_do_not_wrap(void **state)
{
    (void)state;
    struct fixture fixture;
    char to[32];
    struct list from = {to, SIZE_MAX / 4, NULL};
    open_fixture(&fixture, false,
                 "types: {t: {newtype: own slice<u8>}, w: {newtype: own slice<u64>}}\n");
    assert_finds(&fixture, "w", STYLE_SYSTEM, STYLE_COUNTED, ABIDE_TRANSFER_COPY);
    assert_false(run(&fixture, &from, to));
    assert_int_equal(fixture.world.interpreter.trap->number, ABIDE_TRAP_OVERFLOW);
    /* A count of 32 bits. */
    from.count = (size_t)UINT32_MAX + 1;
    assert_finds(&fixture, "t", STYLE_SYSTEM, STYLE_COUNTED, ABIDE_TRANSFER_BORROW);
    assert_traps(&fixture, &from, to, ABIDE_TRAP_OVERFLOW);
    from.count = UINT32_MAX;
    assert_true(run(&fixture, &from, to));
    close_fixture(&fixture);
}

/* ---- what is passed on ---- */

static void borrowed_memory_is_passed_on_as_it_is(void **state)
{
    (void)state;
    struct fixture fixture;
    struct text to = {0};
    static const char bytes[] = "0123456789abcdefhello";
    size_t *header = malloc(sizeof bytes);
    assert_non_null(header);
    memcpy(header, bytes, sizeof bytes);
    header[0] = 5;
    open_fixture(&fixture, true, "types: {t: {newtype: string}}\n");
    assert_finds(&fixture, "t", STYLE_COLLECTED, STYLE_SYSTEM, ABIDE_TRANSFER_BORROW);
    assert_int_equal(fixture.lifted.cost, ABIDE_COST_SHUFFLE);
    assert_false(fixture.lifted.uses_frame);
    assert_true(run(&fixture, &header, &to));
    assert_ptr_equal(to.bytes, (char *)header + 16);
    assert_int_equal(to.length_bytes, 5);
    /* A text that is nothing at all is empty. */
    void *nothing = NULL;
    assert_true(run(&fixture, &nothing, &to));
    assert_int_equal(to.length_bytes, 0);
    assert_finds(&fixture, "t", STYLE_SYSTEM, STYLE_COUNTED, ABIDE_TRANSFER_BORROW);
    assert_int_equal(fixture.lifted.cost, ABIDE_COST_SHUFFLE);
    assert_int_equal(fixture.lifted.routine->body.count, 1); /* one move of bytes */
    close_fixture(&fixture);
    free(header);
}

/* C's own memory becomes the system ABI's with an owner that frees it: nothing is copied. */
static void owned_memory_gets_an_owner_where_it_is(void **state)
{
    (void)state;
    struct fixture fixture;
    struct value value = {.text = "owned", .count = 5};
    struct text from;
    struct list to;
    open_fixture(&fixture, true, "types: {t: {newtype: own string}}\n");
    const abide_type *type = type_of(&fixture, "t");
    build_value(&fixture.world, STYLE_COUNTED, type, &value, &from);
    assert_finds(&fixture, "t", STYLE_COUNTED, STYLE_SYSTEM, ABIDE_TRANSFER_MOVE);
    assert_int_equal(fixture.lifted.cost, ABIDE_COST_SHUFFLE);
    assert_true(run(&fixture, &from, &to));
    assert_ptr_equal(to.elements, from.bytes);
    assert_non_null(to.owner);
    drop_value(&fixture.world, STYLE_SYSTEM, type, &to);
    assert_int_equal(world_owned(&fixture.world), 0);
    /* Nothing needs no owner. */
    assert_true(run(&fixture, &(struct text){NULL, 0}, &to));
    assert_null(to.owner);
    close_fixture(&fixture);
}

static void a_present_empty_slice_is_not_a_null_pointer(void **state)
{
    (void)state;
    struct fixture fixture;
    struct {
        uint8_t has;
        struct text value;
    } from = {1, {NULL, 0}};
    struct text to = {0};
    open_fixture(&fixture, true,
                 "types: {t: {newtype: option<slice<u32>>}, w: {struct: {a: own slice<u8>}}, "
                 "o: {newtype: option<w>}}\n");
    struct list owned = {&fixture, 1, &fixture};
    assert_finds(&fixture, "o", STYLE_COUNTED, STYLE_SYSTEM, ABIDE_TRANSFER_MOVE);
    assert_true(run(&fixture, &from, &owned));
    assert_non_null(owned.elements);
    assert_int_equal(owned.count, 0);
    assert_null(owned.owner);
    assert_finds(&fixture, "t", STYLE_COUNTED, STYLE_SYSTEM, ABIDE_TRANSFER_BORROW);
    assert_true(run(&fixture, &from, &to));
    assert_non_null(to.bytes);
    assert_int_equal((uintptr_t)to.bytes % 4, 0);
    from.has = 0;
    assert_true(run(&fixture, &from, &to));
    assert_null(to.bytes);
    close_fixture(&fixture);
}

static void what_lives_for_a_call_is_freed_with_it(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    struct fixture fixture;
    struct text from[COUNT], slice = {(const char *)from, COUNT}, to;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    for (size_t i = 0; i < COUNT; i++)
        from[i] = (struct text){letters, i % 26};
    open_fixture(&fixture, false, "types: {t: {newtype: slice<string>}}\n");
    assert_finds(&fixture, "t", STYLE_SYSTEM, STYLE_NUL, ABIDE_TRANSFER_BORROW);
    assert_int_equal(fixture.lifted.cost, ABIDE_COST_ALLOCATE);
    assert_true(run(&fixture, &slice, &to));
    assert_true(world_owned(&fixture.world) > 0); /* chunks */
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(strlen(((char **)(void *)to.bytes)[i]), i % 26);
    end_frame(&fixture);
    assert_int_equal(world_owned(&fixture.world), 0);
    slice.length_bytes = 3; /* these fit into the room that every frame has */
    assert_true(run(&fixture, &slice, &to));
    assert_int_equal(world_owned(&fixture.world), 0);
    end_frame(&fixture);
    close_fixture(&fixture);
}

/* ---- words ---- */

/* A tag that shares its word with a number of another case: nothing that lies behind it in memory comes with it. */
static void a_tag_is_a_word_of_its_own_width(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true,
                 "types: {color: {enum: [red, blue]}, "
                 "t: {newtype: \"result<result<u8, u8>, color>\"}}\n");
    abide_ctx *ctx = fixture.ctx;
    const abide_module *system = fixture.world.modules[STYLE_SYSTEM];
    struct abide_representing how = {.module = system, .foreign = system};
    const abide_type *type = type_of(&fixture, "t"), *words = abide_flat__of(ctx, &how, type);
    const abide_type *memory = form(&fixture, STYLE_SYSTEM, STYLE_SYSTEM, "t");
    assert_non_null(words);
    fixture.lifting = (struct abide_lifting){.crossing = {ctx, system, system},
                                             .iface = fixture.iface,
                                             .function = "f",
                                             .parameter = "p"};
    assert_null(abide_lift__convert(&fixture.lifting, type, memory, words, ABIDE_TRANSFER_BORROW,
                                    &fixture.lifted, &fixture.help));
    struct {
        uint32_t tag, shared;
        uint8_t payload;
    } flat;
    uint8_t value[8] = {0, 0xEE, 0xEE, 0xEE, 1, 0xFF, 0xEE, 0xEE}; /* ok(err(255)) and padding */
    assert_true(run(&fixture, value, &flat));
    assert_int_equal(flat.tag, 0);
    assert_int_equal(flat.shared, 1);
    assert_int_equal(flat.payload, 255);
    close_fixture(&fixture);
}

/* ---- a status in place of a result ---- */

/* {status, value}: as call/lower.c makes it. */
static const abide_type *status_form(struct fixture *fixture)
{
    abide_ctx *ctx = fixture->ctx;
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, 2);
    fields[0] =
        (struct abide_field){.name = "status", .type = abide_type__scalar(ctx, ABIDE_SCALAR_C_INT)};
    fields[1] =
        (struct abide_field){.name = "value", .type = abide_type__scalar(ctx, ABIDE_SCALAR_U64)};
    abide_type *record = abide_type__new(ctx, ABIDE_KIND_STRUCT, NULL, ABIDE_NOWHERE);
    record->fields = fields;
    record->field_count = 2;
    record->is_complete = true;
    abide_type__measure(record);
    return record;
}

struct status {
    int status;
    uint64_t value;
};
struct result { /* system */
    uint8_t tag;
    union {
        uint64_t ok;
        int8_t err;
    } payload;
};

static void find_status(struct fixture *fixture, bool to_status)
{
    enum style from = to_status ? STYLE_SYSTEM : STYLE_COUNTED;
    enum style to = to_status ? STYLE_COUNTED : STYLE_SYSTEM;
    const abide_type *status = status_form(fixture);
    const abide_type *own = form(fixture, STYLE_SYSTEM, STYLE_COUNTED, "t");
    fixture->lifting = (struct abide_lifting){
        .crossing = {fixture->ctx, fixture->world.modules[from], fixture->world.modules[to]},
        .iface = fixture->iface,
        .function = "greet",
        .parameter = "name"};
    fixture->reason = abide_lift__convert(&fixture->lifting, type_of(fixture, "t"),
                                          to_status ? own : status, to_status ? status : own,
                                          ABIDE_TRANSFER_MOVE, &fixture->lifted, &fixture->help);
    assert_null(fixture->reason);
}

static void errors_are_statuses_that_are_not_0(void **state)
{
    (void)state;
    struct fixture fixture;
    struct status status;
    struct result result = {0, {.ok = 77}};
    open_fixture(&fixture, true, "types: {t: {newtype: \"result<u64, i8>\"}}\n");
    find_status(&fixture, true);
    assert_true(run(&fixture, &result, &status));
    assert_int_equal(status.status, 0);
    assert_int_equal(status.value, 77);
    result = (struct result){1, {.err = -5}};
    assert_true(run(&fixture, &result, &status));
    assert_int_equal(status.status, -5);
    result.payload.err = 0; /* an error that would be success */
    assert_traps(&fixture, &result, &status, ABIDE_TRAP_TAG);
    find_status(&fixture, false);
    assert_true(run(&fixture, &(struct status){0, 78}, &result));
    assert_int_equal(result.tag, 0);
    assert_int_equal(result.payload.ok, 78);
    assert_true(run(&fixture, &(struct status){-128, 0}, &result));
    assert_int_equal(result.tag, 1);
    assert_int_equal(result.payload.err, -128);
    assert_traps(&fixture, &(struct status){-129, 0}, &result, ABIDE_TRAP_TAG);
    assert_traps(&fixture, &(struct status){128, 0}, &result, ABIDE_TRAP_TAG);
    close_fixture(&fixture);
}

/* ---- reasons ---- */

static void assert_refused(struct fixture *fixture, const char *name, enum style from,
                           enum style to, enum abide_transfer transfer, const char *reason,
                           const char *help)
{
    assert_false(find(fixture, name, from, to, transfer, false));
    if (!strstr(fixture->reason, reason))
        assert_string_equal(fixture->reason, reason);
    if (help && (!fixture->help || !strstr(fixture->help, help)))
        assert_string_equal(fixture->help ? fixture->help : "", help);
}

static void what_cannot_be_done_is_said_with_a_way_out(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true,
                 "types:\n  thing: {struct: {a: string}}\n  r: {resource: r_drop}\n"
                 "  t: {newtype: own string}\n  l: {newtype: own slice<thing>}\n"
                 "  m: {newtype: mutslice<thing>}\n  h: {struct: {h: own r}}\n");
    assert_refused(
        &fixture, "t", STYLE_SYSTEM, STYLE_DESTRUCTED, ABIDE_TRANSFER_MOVE,
        "the interface does not name nim-cgen's hook 'set_string' for own string",
        "write 'hooks: {set_string: nim_set_string}' in the interface, and define "
        "it in code of nim-cgen: void SYMBOL(void *value, const void *data, size_t length)");
    assert_refused(&fixture, "l", STYLE_SYSTEM, STYLE_DESTRUCTED, ABIDE_TRANSFER_MOVE,
                   "hook 'new_seq' for own slice<thing>",
                   "write 'hooks: {new_seq: {thing: SYMBOL}}' in the interface, and define "
                   "it in code of nim-cgen: void SYMBOL(void *value, size_t length)");
    assert_refused(&fixture, "t", STYLE_DESTRUCTED, STYLE_SYSTEM, ABIDE_TRANSFER_MOVE,
                   "hook 'drop_string'", "void SYMBOL(void *value)");
    assert_refused(&fixture, "m", STYLE_DESTRUCTED, STYLE_SYSTEM, ABIDE_TRANSFER_BORROW,
                   "what the callee writes into it would have to be converted back", NULL);
    assert_refused(&fixture, "h", STYLE_SYSTEM, STYLE_SYSTEM, ABIDE_TRANSFER_COPY,
                   "a resource cannot be copied", NULL);
    /* What failed leaves nothing behind: with the hooks named it can be done. */
    assert_finds(&fixture, "l", STYLE_SYSTEM, STYLE_DESTRUCTED, ABIDE_TRANSFER_MOVE);
    close_fixture(&fixture);
}

/* ---- size ---- */

static size_t count_routines(abide_ctx *ctx, const struct abide_routine *routine)
{
    struct abide_copy_step step = {.routine = routine};
    struct abide_plan plan = {.before = &step, .before_count = 1};
    const abide_plan *plans[] = {&plan};
    size_t count;
    abide_plan__routines(ctx, plans, 1, &count);
    return count;
}

/* Each type has its routine, however often and however deep it lies in others. */
static void routines_grow_with_the_types(void **state)
{
    (void)state;
    enum { LEVELS = 30 };
    struct fixture fixture;
    struct abide_text types = {0};
    open_fixture(&fixture, true, "types: {x: {newtype: u8}}\n");
    abide__text_printf(fixture.ctx, &types, "types:\n  t0: {struct: {a: own string}}\n");
    for (int i = 1; i <= LEVELS; i++)
        abide__text_printf(fixture.ctx, &types, "  t%d: {variant: {a: t%d, b: t%d, c: t%d}}\n", i,
                           i - 1, i - 1, i - 1);
    struct fixture deep;
    char *text = strdup(types.chars);
    close_fixture(&fixture);
    open_fixture(&deep, true, text);
    assert_finds(&deep, "t30", STYLE_SYSTEM, STYLE_DESTRUCTED, ABIDE_TRANSFER_MOVE);
    assert_in_range(count_routines(deep.ctx, deep.lifted.routine), LEVELS, LEVELS + 4);
    close_fixture(&deep);
    free(text);
}

/* Chains through boxes, longer than recursion could follow. */
static void chains_of_types_may_be_long(void **state)
{
    (void)state;
    enum { LINKS = 3000 };
    struct fixture fixture;
    size_t room = LINKS * 64, length = 0;
    char *text = malloc(room);
    assert_non_null(text);
    length += (size_t)snprintf(text, room, "types:\n  t0: {struct: {a: own string}}\n");
    for (int i = 1; i <= LINKS; i++)
        length += (size_t)snprintf(text + length, room - length,
                                   "  t%d: {struct: {next: box<t%d>}}\n", i, i - 1);
    open_fixture(&fixture, true, text);
    assert_finds(&fixture, "t3000", STYLE_SYSTEM, STYLE_COUNTED, ABIDE_TRANSFER_MOVE);
    assert_true(count_routines(fixture.ctx, fixture.lifted.routine) > LINKS);
    close_fixture(&fixture);
    free(text);
}

/* ---- without memory ---- */

/* The conversion that the context is asked for; false: out of memory, which was reported. */
static bool convert_once(abide_ctx *ctx)
{
    static const char text[] = "abide: 1\ntypes:\n"
                               "  t: {variant: {a: own slice<t>, b: string, c: option<box<u8>>}}\n"
                               "functions: {}\n";
    pause_failures(ctx, true);
    const abide_module *from = abide_module_load(ctx, "c", "x86_64-linux-gnu");
    const abide_module *to = abide_module_load(ctx, "system", "x86_64-linux-gnu");
    const abide_iface *iface = abide_iface_parse(ctx, "test", text, strlen(text));
    pause_failures(ctx, false);
    struct abide_guard inner;
    if (!from || !to || !iface || setjmp(*abide__guard_enter(ctx, &inner)))
        return false;
    struct abide_lifting lifting = {
        .crossing = {ctx, from, to}, .iface = iface, .function = "f", .parameter = "p"};
    struct abide_lifted lifted;
    const abide_type *type = abide_iface_type(iface, "t");
    const char *help,
        *reason = abide_lift__convert(&lifting, type, abide_represent__type(ctx, from, type, to),
                                      abide_represent__type(ctx, to, type, from),
                                      ABIDE_TRANSFER_COPY, &lifted, &help);
    abide__guard_leave(ctx, &inner);
    assert_null(reason);
    return true;
}

static void running_out_of_memory_leaves_nothing_half_written(void **state)
{
    (void)state;
    assert_true(fail_every_allocation(convert_once) > 100);
}

/* ---- what they look like ---- */

static void assert_text(struct fixture *fixture, const char *expected)
{
    assert_string_equal(abide_routine__print(fixture->ctx, fixture->lifted.routine), expected);
}

static void routines_read_well(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, true, "types: {t: {newtype: own string}}\n");
    assert_finds(&fixture, "t", STYLE_COUNTED, STYLE_SYSTEM, ABIDE_TRANSFER_MOVE);
    assert_text(&fixture, "move_string(v0, v1, v2)\n"
                          "  v3 = load 8 at v0 + 0\n"
                          "  v4 = load 8 at v0 + 8\n"
                          "  v5 = owner release\n"
                          "  v6 = 0\n"
                          "  v7 = v3 ? v5 : v6\n"
                          "  store 8 at v1 + 0 = v3\n"
                          "  store 8 at v1 + 8 = v4\n"
                          "  store 8 at v1 + 16 = v7\n");
    close_fixture(&fixture);
    open_fixture(&fixture, false, "types: {v: {variant: {a: own string, b: u8}}}\n");
    assert_finds(&fixture, "v", STYLE_SYSTEM, STYLE_DESTRUCTED, ABIDE_TRANSFER_MOVE);
    assert_text(&fixture, "move_v(v0, v1, v2)\n"
                          "  v3 = load 1 at v0 + 0\n"
                          "  zero 24 at v1\n"
                          "  v4 = 2\n"
                          "  v5 = v3 < v4\n"
                          "  v6 = 0\n"
                          "  v7 = v5 == v6\n"
                          "  if v7\n"
                          "    trap tag v3 (greet, name)\n"
                          "  store 1 at v1 + 0 = v3\n"
                          "  choose v3\n"
                          "    case 0\n"
                          "      v8 = v0 + 8\n"
                          "      v9 = v1 + 8\n"
                          "      routine move_string(v8, v9, v2)\n"
                          "    case 1\n"
                          "      runs v1 <- v0: 8+1 <- 8+1\n");
    close_fixture(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_with_a_nul_inside_does_not_become_shorter),
        cmocka_unit_test(a_null_pointer_is_no_text_and_no_box),
        cmocka_unit_test(a_tag_that_is_no_case_goes_nowhere),
        cmocka_unit_test(memory_that_is_not_given_ends_the_process),
        cmocka_unit_test(sizes_and_counts_do_not_wrap),
        cmocka_unit_test(borrowed_memory_is_passed_on_as_it_is),
        cmocka_unit_test(owned_memory_gets_an_owner_where_it_is),
        cmocka_unit_test(a_present_empty_slice_is_not_a_null_pointer),
        cmocka_unit_test(what_lives_for_a_call_is_freed_with_it),
        cmocka_unit_test(a_tag_is_a_word_of_its_own_width),
        cmocka_unit_test(errors_are_statuses_that_are_not_0),
        cmocka_unit_test(what_cannot_be_done_is_said_with_a_way_out),
        cmocka_unit_test(routines_grow_with_the_types),
        cmocka_unit_test(chains_of_types_may_be_long),
        cmocka_unit_test(running_out_of_memory_leaves_nothing_half_written),
        cmocka_unit_test(routines_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
