/* The texts of naked functions, instruction by instruction. */
#include "edge_image.h"

#include "instruction.h"

#include <assert.h>
#include <string.h>

/* Stack arguments up to so many words are copied one by one; more in a loop. */
#define WORDS_WITHOUT_LOOP 16
/* The frame of an exit starts with the address of the picture, and room for one register. */
#define FRAME_WORDS 2

static uint64_t round_up(uint64_t value, uint64_t align)
{
    return (value + align - 1) / align * align;
}

/* ---- pictures ---- */

/* Of registers that move each other up, all up to the last one in use take part. */
static bool takes_part(const struct abide_edge_data *data, const struct abide_register_order *order,
                       const struct abide_register_use *use, size_t kind, size_t index)
{
    if (index >= use->counts[kind])
        return false;
    return use->bytes[kind][index] > 0 ||
           abide_edge_data__find(data, order->registers[kind].items[index]).group->is_pushed;
}

static uint32_t allot(const struct abide_edge_data *data, const struct abide_register_order *order,
                      const struct abide_register_use *use,
                      uint32_t (*offsets)[ABIDE_MAX_REGISTERS], uint32_t end_bytes)
{
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < use->counts[kind]; i++) {
            if (!takes_part(data, order, use, kind, i))
                continue;
            uint32_t bytes =
                abide_edge_data__find(data, order->registers[kind].items[i]).group->bytes;
            offsets[kind][i] = (uint32_t)round_up(end_bytes, bytes);
            end_bytes = offsets[kind][i] + bytes;
        }
    return end_bytes;
}

static uint32_t word_bytes_of(const struct abide_side *side)
{
    return side->processor->register_bytes[ABIDE_REGISTER_INTEGER];
}

/* What C functions can count on for their stack. */
static uint32_t align_bytes_of(const struct abide_side *side)
{
    return side->processor->conventions[0].align_bytes;
}

struct abide_image abide_image__of(const struct abide_side *side)
{
    const struct abide_edge_data *data = side->processor->edge;
    struct abide_image image = {0};
    uint32_t end_bytes = allot(data, &side->convention->results, &side->results, image.results, 0);
    image.address_bytes = (uint32_t)round_up(end_bytes, word_bytes_of(side));
    end_bytes = allot(data, &side->convention->arguments, &side->arguments, image.arguments,
                      image.address_bytes + word_bytes_of(side));
    image.stack_bytes = (uint32_t)round_up(end_bytes, 16);
    return image;
}

static abide_pictured_list list(abide_ctx *ctx, const struct abide_side *side,
                                const struct abide_register_order *order,
                                const struct abide_register_use *use,
                                const uint32_t (*offsets)[ABIDE_MAX_REGISTERS])
{
    abide_pictured_list found = {0};
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < use->counts[kind]; i++)
            if (takes_part(side->processor->edge, order, use, kind, i))
                abide__push(
                    ctx, &found,
                    (struct abide_pictured){order->registers[kind].items[i], offsets[kind][i]});
    return found;
}

abide_pictured_list abide_image__arguments(abide_ctx *ctx, const struct abide_side *side,
                                           const struct abide_image *image)
{
    return list(ctx, side, &side->convention->arguments, &side->arguments, image->arguments);
}

abide_pictured_list abide_image__results(abide_ctx *ctx, const struct abide_side *side,
                                         const struct abide_image *image)
{
    return list(ctx, side, &side->convention->results, &side->results, image->results);
}

static const char *number_of(const char *name)
{
    return name + strcspn(name, "0123456789");
}

/* Registers that are only saved are parts of those of their kind with the same number. */
static bool overlap(const struct abide_edge_data *data, const char *a, const char *b)
{
    const struct abide_edge_group *one = abide_edge_data__find(data, a).group;
    const struct abide_edge_group *other = abide_edge_data__find(data, b).group;
    if (!strcmp(a, b))
        return true;
    return one && other && one->is_passed != other->is_passed && one->kind == other->kind &&
           !strcmp(number_of(a), number_of(b));
}

bool abide_image__has(const struct abide_edge_data *data, const abide_pictured_list *pictured,
                      const char *name)
{
    for (size_t i = 0; i < pictured->count; i++)
        if (overlap(data, pictured->items[i].name, name))
            return true;
    return false;
}

bool abide_image__returns_in(const struct abide_side *side, const char *name)
{
    for (size_t kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        for (size_t i = 0; i < side->results.counts[kind]; i++)
            if (side->results.bytes[kind][i] &&
                overlap(side->processor->edge, side->convention->results.registers[kind].items[i],
                        name))
                return true;
    return false;
}

bool abide_image__preserves(const struct abide_side *side, const char *name)
{
    const struct abide_edge_data *data = side->processor->edge;
    if (abide_image__returns_in(side, name))
        return false;
    const struct abide_edge_group *group = abide_edge_data__find(data, name).group;
    const abide_assignment *assignment = side->assignment;
    for (size_t i = 0; i < assignment->preserved_count; i++) {
        const struct abide_edge_group *other =
            abide_edge_data__find(data, assignment->preserved[i]).group;
        if (group && other && group->bytes <= other->bytes &&
            overlap(data, name, assignment->preserved[i]))
            return true;
    }
    return abide_side__preserves(side, name);
}

static void store_all(struct abide_assembly *a, const abide_pictured_list *pictured,
                      const char *base, const char *except)
{
    for (size_t i = 0; i < pictured->count; i++)
        if (!except || strcmp(pictured->items[i].name, except) != 0)
            abide_assembly__store(a, pictured->items[i].name, base, pictured->items[i].at_bytes);
}

static void load_all(struct abide_assembly *a, const abide_pictured_list *pictured,
                     const char *base, const char *except)
{
    for (size_t i = pictured->count; i-- > 0;)
        if (!except || strcmp(pictured->items[i].name, except) != 0)
            abide_assembly__load(a, pictured->items[i].name, base, pictured->items[i].at_bytes);
}

/* Where one register of a list is; NULL: it is not in use. */
static const struct abide_pictured *find(const abide_pictured_list *pictured, const char *name)
{
    for (size_t i = 0; i < pictured->count; i++)
        if (!strcmp(pictured->items[i].name, name))
            return &pictured->items[i];
    return NULL;
}

void abide_image__keep(abide_ctx *ctx, const struct abide_edge_data *data,
                       abide_pictured_list *kept, const char *name, uint64_t *end_bytes)
{
    uint32_t bytes = abide_edge_data__find(data, name).group->bytes;
    uint32_t at_bytes = (uint32_t)round_up(*end_bytes, bytes);
    for (size_t i = 0; i < kept->count; i++) {
        struct abide_pictured *one = &kept->items[i];
        if (!overlap(data, one->name, name))
            continue;
        /* Of a register and a part of it, the whole is kept. */
        if (abide_edge_data__find(data, one->name).group->bytes < bytes) {
            *one = (struct abide_pictured){name, at_bytes};
            *end_bytes = at_bytes + bytes;
        }
        return;
    }
    abide__push(ctx, kept, (struct abide_pictured){name, at_bytes});
    *end_bytes = at_bytes + bytes;
}

void abide_image__restore(struct abide_assembly *a, const abide_pictured_list *kept)
{
    load_all(a, kept, a->data->stack, NULL);
}

void abide_image__save(struct abide_assembly *a, const abide_pictured_list *kept,
                       uint64_t top_bytes)
{
    for (size_t i = 0; i < kept->count; i++) {
        const struct abide_pictured *one = &kept->items[i];
        abide_assembly__store(a, one->name, a->data->stack, one->at_bytes);
        abide_assembly__saved(a, one->name, top_bytes - one->at_bytes);
    }
}

/* ---- entries ---- */

struct entry {
    struct abide_assembly a;
    const struct abide_side *side;
    const char *first;
    abide_pictured_list arguments;
    abide_pictured_list results;
    abide_pictured_list kept;
    struct abide_image image;
    uint64_t kept_bytes;
    uint64_t image_bytes;
    const struct abide_instruction *returns; /* NULL: as functions do */
};

static const struct abide_instruction *instruction_of(abide_ctx *ctx, const struct abide_side *side)
{
    const char *name = side->assignment->physical->machine->returned_by, *reason;
    return name ? abide_instruction__find(ctx, &side->processor->instructions->returns, name,
                                          &reason)
                : NULL;
}

/* Frame pointer and return address are kept in any case. */
static void list_kept_for_caller(struct entry *entry)
{
    const struct abide_side *side = entry->side;
    const struct abide_edge_data *data = entry->a.data;
    const abide_assignment *assignment = side->assignment;
    for (size_t i = 0; i < assignment->preserved_count; i++) {
        const char *name = assignment->preserved[i];
        if (abide_edge_data__find(data, name).group && strcmp(name, data->frame) != 0 &&
            abide_words__find(side->convention->preserved, name) == SIZE_MAX &&
            !abide_image__has(data, &entry->results, name))
            abide_image__keep(entry->a.ctx, data, &entry->kept, name, &entry->kept_bytes);
    }
    uint64_t align_bytes = align_bytes_of(side);
    entry->kept_bytes = round_up(entry->kept_bytes, align_bytes);
    uint64_t above_bytes = data->frame_bytes + entry->kept_bytes;
    entry->image_bytes =
        round_up(above_bytes + entry->image.stack_bytes, align_bytes) - above_bytes;
}

/* The frame pointer's place in the picture, and that in the frame. The scratch register is the first argument's. */
static void pass_frame_pointer(struct entry *entry, const struct abide_pictured *frame,
                               bool is_result)
{
    const struct abide_edge_data *data = entry->a.data;
    if (!frame)
        return;
    abide_assembly__load(&entry->a, entry->first, is_result ? data->stack : data->frame,
                         is_result ? frame->at_bytes : 0);
    abide_assembly__store(&entry->a, entry->first, is_result ? data->frame : data->stack,
                          is_result ? 0 : frame->at_bytes);
}

/* From the frame pointer to the stack pointer of the call; nothing was pushed where no function calls. */
static uint64_t above_frame(const struct entry *entry)
{
    const struct abide_edge_data *data = entry->a.data;
    return data->frame_bytes - (entry->returns ? data->return_bytes : 0);
}

static void call_body(struct entry *entry)
{
    struct abide_assembly *a = &entry->a;
    const char *frame = a->data->frame, *stack = a->data->stack;
    store_all(a, &entry->arguments, stack, frame);
    pass_frame_pointer(entry, find(&entry->arguments, frame), false);
    struct abide_edge_words caller = {
        .name = entry->first, .base = frame, .offset = above_frame(entry)};
    abide_assembly__say(a, ABIDE_EDGE_ADDRESS, caller);
    abide_assembly__store(a, entry->first, stack, entry->image.address_bytes);
    struct abide_edge_words picture = {.name = entry->first, .base = stack};
    abide_assembly__say(a, ABIDE_EDGE_ADDRESS, picture);
    abide_assembly__say(a, ABIDE_EDGE_CALL, (struct abide_edge_words){0});
    pass_frame_pointer(entry, find(&entry->results, frame), true);
    load_all(a, &entry->results, stack, frame);
}

static void say_bytes(struct abide_assembly *a, enum abide_edge_text text, uint64_t bytes)
{
    abide_assembly__say(a, text, (struct abide_edge_words){.bytes = bytes});
}

void abide_image__give_back(struct abide_assembly *a, uint64_t bytes)
{
    bool is_far = bytes > ABIDE_EDGE_POP_NEAR_BYTES && a->data->texts[ABIDE_EDGE_RETURN_POP_FAR];
    if (bytes > 0 && a->data->texts[ABIDE_EDGE_RETURN_POP]) {
        say_bytes(a, is_far ? ABIDE_EDGE_RETURN_POP_FAR : ABIDE_EDGE_RETURN_POP, bytes);
        return;
    }
    abide_assembly__raise(a, bytes);
    abide_assembly__say(a, ABIDE_EDGE_RETURN, (struct abide_edge_words){0});
}

/* Where an instruction of its own leads back, no return address came that could be signed. */
static void arrive(struct entry *entry)
{
    struct abide_edge_words removed = {
        .bytes = abide_assignment__removed_bytes(entry->side->assignment)};
    if (entry->returns)
        abide_assembly__write(&entry->a, entry->returns->first, removed);
    else
        abide_assembly__sign(&entry->a);
}

static void go_back(struct entry *entry)
{
    struct abide_edge_words removed = {
        .bytes = abide_assignment__removed_bytes(entry->side->assignment)};
    if (!entry->returns) {
        abide_assembly__check(&entry->a);
        abide_image__give_back(&entry->a, removed.bytes);
        return;
    }
    abide_assembly__raise(&entry->a, removed.bytes);
    abide_assembly__write(&entry->a, entry->returns->last, removed);
}

const char *abide_edge_text__entry(abide_ctx *ctx, const struct abide_side *side, const char *first,
                                   bool is_protected)
{
    struct entry entry = {.a = {.ctx = ctx,
                                .data = side->processor->edge,
                                .is_protected = is_protected,
                                .has_frame = true},
                          .side = side,
                          .first = first,
                          .image = abide_image__of(side)};
    struct abide_assembly *a = &entry.a;
    const abide_assignment *assignment = side->assignment;
    entry.returns = instruction_of(ctx, side);
    entry.arguments = abide_image__arguments(ctx, side, &entry.image);
    entry.results = abide_image__results(ctx, side, &entry.image);
    list_kept_for_caller(&entry);
    arrive(&entry);
    abide_assembly__say(a, ABIDE_EDGE_ENTER, (struct abide_edge_words){0});
    abide_assembly__lower(a, entry.kept_bytes);
    abide_image__save(a, &entry.kept, a->data->frame_bytes + entry.kept_bytes);
    abide_assembly__lower(a, entry.image_bytes);
    if (assignment->physical->machine->stack.align_bytes % align_bytes_of(side) != 0)
        say_bytes(a, ABIDE_EDGE_ALIGN, align_bytes_of(side));
    call_body(&entry);
    say_bytes(a, ABIDE_EDGE_UNWIND, entry.kept_bytes);
    abide_image__restore(a, &entry.kept);
    abide_assembly__say(a, ABIDE_EDGE_LEAVE, (struct abide_edge_words){0});
    a->has_frame = false;
    go_back(&entry);
    return a->text.chars;
}

/* ---- exits ---- */

struct leaving {
    struct abide_assembly a;
    const struct abide_side *side;
    const char *first;
    abide_pictured_list arguments;
    abide_pictured_list results;
    abide_pictured_list kept;
    struct abide_image image;
    uint64_t word_bytes;
    uint64_t frame_bytes;  /* of what is kept */
    uint64_t stack_bytes;  /* of the callee's arguments */
    uint64_t call_bytes;   /* of them, and of what lies above them: two words */
    uint64_t popped_bytes; /* by the callee */
    bool is_aligned;       /* more strictly than C functions are */
};

static void list_kept_for_c(struct leaving *exit)
{
    const struct abide_edge_data *data = exit->a.data;
    struct abide_words preserved = exit->side->convention->preserved;
    uint64_t end_bytes = FRAME_WORDS * exit->word_bytes;
    if (data->link)
        abide_image__keep(exit->a.ctx, data, &exit->kept, data->link, &end_bytes);
    for (size_t i = 0; i < preserved.count; i++) {
        const char *name = preserved.items[i];
        bool is_written = abide_image__has(data, &exit->arguments, name) ||
                          abide_image__has(data, &exit->results, name);
        if (strcmp(name, data->stack) != 0 &&
            (is_written || !abide_image__preserves(exit->side, name)))
            abide_image__keep(exit->a.ctx, data, &exit->kept, name, &end_bytes);
    }
    uint64_t align_bytes = align_bytes_of(exit->side);
    exit->frame_bytes = round_up(data->return_bytes + end_bytes, align_bytes) - data->return_bytes;
    exit->call_bytes = round_up(exit->stack_bytes + 2 * exit->word_bytes, align_bytes);
}

/* What a callee's frame is, from the stack pointer before its arguments to that of the call of the exit. */
static uint64_t above_call(const struct leaving *exit)
{
    return exit->a.data->return_bytes + exit->frame_bytes;
}

static void make_room(struct leaving *exit)
{
    struct abide_assembly *a = &exit->a;
    if (!exit->is_aligned) {
        abide_assembly__lower(a, exit->call_bytes);
        return;
    }
    struct abide_edge_words words = {.bytes = exit->call_bytes,
                                     .align = exit->side->assignment->stack_align_bytes,
                                     .offset = exit->stack_bytes};
    abide_assembly__say(a, ABIDE_EDGE_REALIGN, words);
    abide_assembly__unwinds_through(a, exit->stack_bytes, above_call(exit));
}

static void copy_stack(struct leaving *exit)
{
    struct abide_assembly *a = &exit->a;
    uint64_t from_bytes = exit->image.stack_bytes;
    if (exit->stack_bytes > WORDS_WITHOUT_LOOP * exit->word_bytes) {
        abide_assembly__say(a, ABIDE_EDGE_COPY,
                            (struct abide_edge_words){.bytes = exit->stack_bytes,
                                                      .base = exit->first,
                                                      .offset = from_bytes});
        return;
    }
    for (uint64_t at = 0; at < exit->stack_bytes; at += exit->word_bytes) {
        abide_assembly__load(a, a->data->spare, exit->first, from_bytes + at);
        abide_assembly__store(a, a->data->spare, a->data->stack, at);
    }
}

/* The picture's own register is loaded last. */
static void call_callee(struct leaving *exit)
{
    struct abide_assembly *a = &exit->a;
    const struct abide_pictured *first = find(&exit->arguments, exit->first);
    uint64_t target_bytes = exit->stack_bytes + exit->word_bytes;
    abide_assembly__load(a, a->data->link ? a->data->link : a->data->spare, exit->first,
                         exit->image.address_bytes);
    if (!a->data->link)
        abide_assembly__store(a, a->data->spare, a->data->stack, target_bytes);
    load_all(a, &exit->arguments, exit->first, exit->first);
    if (first)
        abide_assembly__load(a, first->name, exit->first, first->at_bytes);
    abide_assembly__say(a, ABIDE_EDGE_CALL_AT, (struct abide_edge_words){.offset = target_bytes});
}

/* After the call, where the stack pointer is higher by so many bytes. */
static void unwind_call(struct leaving *exit, uint64_t removed_bytes)
{
    if (exit->is_aligned)
        abide_assembly__unwinds_through(&exit->a, exit->stack_bytes - removed_bytes,
                                        above_call(exit));
    else
        abide_assembly__unwinds_by(&exit->a, above_call(exit) + exit->call_bytes - removed_bytes);
}

/*
 * Puts the stack pointer back to where it was at the call: what the callee removed need not be a multiple of what the processor wants
 * of a stack pointer that memory is addressed by.
 */
static void take_back_room(struct leaving *exit)
{
    struct abide_assembly *a = &exit->a;
    if (exit->popped_bytes == 0)
        return;
    unwind_call(exit, exit->popped_bytes);
    a->has_frame = exit->is_aligned;
    abide_assembly__lower(a, exit->popped_bytes);
    a->has_frame = false;
    unwind_call(exit, 0);
    exit->popped_bytes = 0;
}

static void give_back_room(struct leaving *exit)
{
    struct abide_assembly *a = &exit->a;
    if (exit->is_aligned) {
        abide_assembly__say(a, ABIDE_EDGE_UNALIGN,
                            (struct abide_edge_words){.offset = exit->stack_bytes});
        abide_assembly__unwinds_by(a, above_call(exit));
        return;
    }
    if (exit->popped_bytes > 0)
        unwind_call(exit, exit->popped_bytes);
    abide_assembly__raise(a, exit->call_bytes - exit->popped_bytes);
}

/* Whether nobody minds what is in a register after the call. */
static bool is_free(const struct leaving *exit, const char *name)
{
    bool is_owed = abide_words__find(exit->side->convention->preserved, name) != SIZE_MAX;
    return !find(&exit->results, name) && (!is_owed || find(&exit->kept, name));
}

/* A register that holds no result; NULL: there is none. */
static const char *free_register(const struct leaving *exit)
{
    const struct abide_edge_data *data = exit->a.data;
    struct abide_words names = exit->side->convention->results.registers[ABIDE_REGISTER_INTEGER];
    if (data->link)
        return data->link;
    for (size_t i = 0; i < names.count; i++)
        if (is_free(exit, names.items[i]))
            return names.items[i];
    return NULL;
}

/* Where all registers hold results, one is laid down for the address, and brought by another one that is stored. */
static void store_results(struct leaving *exit)
{
    struct abide_assembly *a = &exit->a;
    const char *stack = a->data->stack, *base = free_register(exit), *full = NULL;
    if (!base) {
        base = full = a->data->spare;
        abide_assembly__store(a, full, stack, exit->word_bytes);
    }
    if (exit->results.count > 0)
        abide_assembly__load(a, base, stack, 0);
    store_all(a, &exit->results, base, full);
    if (full) {
        const char *other = exit->results.items[0].name;
        other = strcmp(other, full) != 0 ? other : exit->results.items[1].name;
        abide_assembly__load(a, other, stack, exit->word_bytes);
        abide_assembly__store(a, other, base, find(&exit->results, full)->at_bytes);
    }
}

/* A result on the stack, while that is not given back. No register holds one, too. */
static void copy_stack_result(struct leaving *exit)
{
    struct abide_assembly *a = &exit->a;
    const abide_piece *piece = &exit->side->assignment->result.pieces[0];
    uint64_t start = (uint64_t)piece->stack_offset_bytes / exit->word_bytes * exit->word_bytes;
    uint64_t end = (uint64_t)piece->stack_offset_bytes + piece->size_bytes;
    uint64_t frame_at_bytes = exit->is_aligned ? 0 : exit->call_bytes;
    if (exit->is_aligned)
        abide_assembly__load(a, exit->first, a->data->stack, exit->stack_bytes);
    abide_assembly__load(a, exit->first, exit->is_aligned ? exit->first : a->data->stack,
                         frame_at_bytes);
    for (uint64_t at = start; at < end; at += exit->word_bytes) {
        abide_assembly__load(a, a->data->spare, a->data->stack, at);
        abide_assembly__store(a, a->data->spare, exit->first, exit->image.stack_bytes + at);
    }
}

static bool has_stack_result(const struct abide_side *side)
{
    const struct abide_assigned *result = &side->assignment->result;
    return result->pass == ABIDE_PASS_DIRECT && result->piece_count == 1 &&
           !result->pieces[0].register_name;
}

const char *abide_edge_text__exit(abide_ctx *ctx, const struct abide_side *side, const char *first,
                                  uint64_t stack_bytes, bool is_protected)
{
    const abide_assignment *assignment = side->assignment;
    struct leaving exit = {
        .a = {.ctx = ctx, .data = side->processor->edge, .is_protected = is_protected},
        .side = side,
        .first = first,
        .image = abide_image__of(side),
        .word_bytes = word_bytes_of(side),
        .stack_bytes = stack_bytes,
        .popped_bytes = abide_assignment__removed_bytes(assignment),
        .is_aligned = assignment->stack_align_bytes > align_bytes_of(side)};
    struct abide_assembly *a = &exit.a;
    exit.arguments = abide_image__arguments(ctx, side, &exit.image);
    exit.results = abide_image__results(ctx, side, &exit.image);
    list_kept_for_c(&exit);
    abide_assembly__sign(a);
    abide_assembly__lower(a, exit.frame_bytes);
    abide_image__save(a, &exit.kept, above_call(&exit));
    abide_assembly__store(a, first, a->data->stack, 0);
    make_room(&exit);
    copy_stack(&exit);
    call_callee(&exit);
    if (exit.is_aligned || has_stack_result(side))
        take_back_room(&exit);
    if (has_stack_result(side))
        copy_stack_result(&exit);
    give_back_room(&exit);
    if (!has_stack_result(side))
        store_results(&exit);
    abide_image__restore(a, &exit.kept);
    abide_assembly__raise(a, exit.frame_bytes);
    abide_assembly__check(a);
    abide_assembly__say(a, ABIDE_EDGE_RETURN, (struct abide_edge_words){0});
    return a->text.chars;
}
