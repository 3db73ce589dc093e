#include "plan_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    abide_ctx *ctx;
    const struct abide_module *machine;
    ABIDE_VEC(struct abide_thunk) thunks;
    struct abide_plan *plan;
    struct abide_assignment *caller, *callee;
    ABIDE_VEC(struct abide_assigned) in, to;
    ABIDE_VEC(struct abide_feed) feeds;
    ABIDE_VEC(struct abide_temporary) temporaries;
    ABIDE_VEC(struct abide_copy_step) before, after;
    char *word; /* the next word; NULL at the end of the line */
    char *rest;
};

static _Noreturn void stop(const char *what, const char *word)
{
    fprintf(stderr, "plan text: %s: '%s'\n", what, word ? word : "(end of line)");
    exit(2);
}

static char *next(struct reader *r)
{
    r->word = strtok_r(NULL, " ", &r->rest);
    return r->word;
}

static uint64_t number(const char *text)
{
    return strtoull(text, NULL, 0);
}

static abide_piece read_place(struct reader *r, const char *word, uint64_t offset_bytes)
{
    abide_piece piece = {.offset_bytes = offset_bytes, .size_bytes = 8};
    size_t name_bytes = strcspn(word, ":@>");
    const char *at = word + name_bytes;
    if (*word == '[')
        piece.stack_offset_bytes = strtoll(word + 1, NULL, 0);
    else
        piece.register_name = abide__intern(r->ctx, word, name_bytes);
    if (*at == ':')
        piece.size_bytes = strtoull(at + 1, (char **)&at, 0);
    if (*at == 'z' || *at == 's') {
        piece.extend = *at == 'z' ? ABIDE_EXTEND_ZERO : ABIDE_EXTEND_SIGN;
        piece.extend_bits = (uint32_t)strtoull(at + 1, (char **)&at, 0);
    }
    if (*at == '@')
        piece.offset_bytes = number(at + 1);
    return piece;
}

/* `PASS SIZE PLACE...` up to the end of the line or `=`. */
static struct abide_assigned read_assigned(struct reader *r)
{
    static const char *const passes[] = {"none", "direct", "pointer", "hidden"};
    struct abide_assigned assigned = {0};
    ABIDE_VEC(abide_piece) pieces = {0};
    size_t pass = 0;
    while (pass < 4 && strcmp(passes[pass], r->word))
        pass++;
    if (pass == 4)
        stop("no pass", r->word);
    assigned.pass = (abide_pass)pass;
    if (pass == ABIDE_PASS_IGNORE) {
        next(r);
        return assigned;
    }
    assigned.size_bytes = number(next(r));
    uint64_t offset_bytes = 0;
    while (next(r) && strcmp(r->word, "=")) {
        abide_piece piece = read_place(r, r->word, offset_bytes);
        offset_bytes = piece.offset_bytes + piece.size_bytes;
        const char *returned = strchr(r->word, '>');
        if (returned)
            assigned.returned_register = abide__intern_text(r->ctx, returned + 1);
        assigned.pointer = piece;
        abide__push(r->ctx, &pieces, piece);
    }
    if (assigned.pass == ABIDE_PASS_DIRECT) {
        assigned.pieces = pieces.items;
        assigned.piece_count = pieces.count;
    }
    return assigned;
}

static uint64_t size_of_argument(struct reader *r, size_t index)
{
    return r->in.items[index].size_bytes;
}

static struct abide_object read_object(struct reader *r)
{
    const char *word = r->word;
    struct abide_object object = {.align_bytes = 8, .size_bytes = 8};
    char *end = (char *)word + strcspn(word, "0123456789+:");
    if (strchr("0123456789", *end) && *end)
        object.index = strtoull(end, &end, 10);
    if (!strncmp(word, "arg", 3)) {
        object.kind = ABIDE_OBJECT_ARGUMENT;
        object.size_bytes = size_of_argument(r, object.index);
    } else if (!strncmp(word, "ptr", 3)) {
        object.kind = ABIDE_OBJECT_POINTEE;
        object.size_bytes = size_of_argument(r, object.index);
    } else if (!strncmp(word, "tmp", 3)) {
        object.kind = ABIDE_OBJECT_TEMPORARY;
        object.size_bytes = r->temporaries.items[object.index].size_bytes;
    } else if (!strncmp(word, "result", 6)) {
        object.kind = ABIDE_OBJECT_RESULT_MEMORY;
        object.size_bytes = r->caller->result.size_bytes;
    } else if (!strncmp(word, "back", 4)) {
        object.kind = ABIDE_OBJECT_CALLEE_RESULT;
        object.size_bytes = r->callee->result.size_bytes;
    } else {
        stop("no object", word);
    }
    if (*end == '+')
        object.offset_bytes = strtoull(end + 1, &end, 10);
    if (*end == ':')
        object.size_bytes = strtoull(end + 1, &end, 10);
    next(r);
    return object;
}

/* Runs up to the end of the line; none: all `size_bytes`. */
static const struct abide_run *read_runs(struct reader *r, uint64_t size_bytes, size_t *count)
{
    ABIDE_VEC(struct abide_run) runs = {0};
    for (; r->word; next(r)) {
        struct abide_run run = {.widen = ABIDE_EXTEND_ZERO};
        char *at = r->word;
        run.from_bytes = strtoull(at, &at, 10);
        run.to_bytes = strtoull(at + 1, &at, 10);
        run.from_size_bytes = run.to_size_bytes = strtoull(at + 1, &at, 10);
        if (*at == '>')
            run.to_size_bytes = strtoull(at + 1, &at, 10);
        if (*at == 's')
            run.widen = ABIDE_EXTEND_SIGN;
        abide__push(r->ctx, &runs, run);
    }
    if (runs.count == 0) {
        struct abide_run all = {.from_size_bytes = size_bytes, .to_size_bytes = size_bytes};
        abide__push(r->ctx, &runs, all);
    }
    *count = runs.count;
    return runs.items;
}

static struct abide_feed read_feed(struct reader *r, uint64_t size_bytes)
{
    struct abide_feed feed = {.kind = ABIDE_FEED_VALUE};
    const char *kind = r->word;
    next(r);
    if (!strcmp(kind, "nothing") || !strcmp(kind, "null")) {
        feed.kind = *kind == 'n' && kind[1] == 'u' ? ABIDE_FEED_NULL : ABIDE_FEED_NOTHING;
        return feed;
    }
    feed.in_place = !strcmp(kind, "here");
    feed.must_extend = !strcmp(kind, "extend");
    feed.object = read_object(r);
    if (!strcmp(kind, "address") || feed.object.kind == ABIDE_OBJECT_RESULT_MEMORY)
        feed.kind = ABIDE_FEED_ADDRESS;
    else
        feed.runs = read_runs(r, size_bytes, &feed.run_count);
    return feed;
}

static struct abide_copy_step read_copy(struct reader *r)
{
    struct abide_copy_step step = {.from = read_object(r)};
    step.to = read_object(r);
    step.runs = read_runs(r, step.to.size_bytes, &step.run_count);
    return step;
}

static void read_return(struct reader *r)
{
    struct abide_return *result = &r->plan->result;
    const char *kind = r->word;
    next(r);
    if (!strcmp(kind, "nothing"))
        return;
    if (!strcmp(kind, "here")) {
        result->in_place = true;
        kind = r->caller->result.pass == ABIDE_PASS_HIDDEN ? "address" : "value";
    }
    result->kind = !strcmp(kind, "address") ? ABIDE_RETURN_ADDRESS : ABIDE_RETURN_VALUE;
    result->must_extend = !strcmp(kind, "extend");
    result->object = read_object(r);
    result->runs = read_runs(r, r->caller->result.size_bytes, &result->run_count);
}

static uint64_t stack_end(const struct abide_assigned *arguments, size_t count)
{
    uint64_t end_bytes = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j <= arguments[i].piece_count; j++) {
            const abide_piece *piece =
                j < arguments[i].piece_count ? &arguments[i].pieces[j] : &arguments[i].pointer;
            uint64_t piece_end = (uint64_t)piece->stack_offset_bytes + piece->size_bytes;
            if (!piece->register_name && piece->size_bytes && piece_end > end_bytes)
                end_bytes = piece_end;
        }
    return (end_bytes + 7) / 8 * 8;
}

static void finish_side(struct reader *r, struct abide_assignment *side,
                        const struct abide_assigned *arguments, size_t count)
{
    struct abide_physical *physical = abide__new(r->ctx, struct abide_physical);
    physical->module = physical->machine = r->machine;
    side->preserved = r->machine->preserved;
    side->preserved_count = r->machine->preserved_count;
    physical->params = abide__new_array(r->ctx, struct abide_physical_param, count);
    physical->param_count = count;
    side->physical = physical;
    side->arguments = arguments;
    uint64_t end_bytes = stack_end(arguments, count);
    side->stack_bytes = end_bytes > side->stack_bytes ? end_bytes : side->stack_bytes;
    if (!side->stack_align_bytes)
        side->stack_align_bytes = 16;
}

static void finish(struct reader *r)
{
    if (!r->plan)
        return;
    finish_side(r, r->caller, r->in.items, r->in.count);
    finish_side(r, r->callee, r->to.items, r->to.count);
    struct abide_plan *plan = r->plan;
    plan->caller = r->caller;
    plan->callee = r->callee;
    plan->feeds = r->feeds.items;
    plan->feed_count = r->feeds.count;
    plan->temporaries = r->temporaries.items;
    plan->temporary_count = r->temporaries.count;
    plan->before = r->before.items;
    plan->before_count = r->before.count;
    plan->after = r->after.items;
    plan->after_count = r->after.count;
}

static void begin(struct reader *r)
{
    static const char *const tiers[] = {"same", "tail", "call"};
    abide_ctx *ctx = r->ctx;
    finish(r);
    r->plan = abide__new(ctx, struct abide_plan);
    r->caller = abide__new(ctx, struct abide_assignment);
    r->callee = abide__new(ctx, struct abide_assignment);
    memset(&r->in, 0, sizeof r->in);
    memset(&r->to, 0, sizeof r->to);
    memset(&r->feeds, 0, sizeof r->feeds);
    memset(&r->temporaries, 0, sizeof r->temporaries);
    memset(&r->before, 0, sizeof r->before);
    memset(&r->after, 0, sizeof r->after);
    struct abide_thunk thunk = {r->plan, abide__intern_text(ctx, r->word)};
    abide__push(ctx, &r->thunks, thunk);
    next(r);
    int tier = 0;
    while (tier < 3 && strcmp(tiers[tier], r->word))
        tier++;
    r->plan->tier = (enum abide_tier)tier;
    r->plan->symbol = abide__intern_text(ctx, next(r));
    r->plan->env_argument = SIZE_MAX;
    r->plan->hidden.kind = ABIDE_FEED_NOTHING;
}

static void read_line(struct reader *r, char *line)
{
    const char *verb = strtok_r(line, " ", &r->rest);
    if (!verb || *verb == '#')
        return;
    next(r);
    if (!strcmp(verb, "thunk")) {
        begin(r);
    } else if (!strcmp(verb, "align")) {
        r->caller->stack_align_bytes = number(r->word);
        r->callee->stack_align_bytes = number(next(r));
    } else if (!strcmp(verb, "area")) {
        r->caller->stack_bytes = number(r->word);
        r->callee->stack_bytes = number(next(r));
    } else if (!strcmp(verb, "in")) {
        abide__push(r->ctx, &r->in, read_assigned(r));
    } else if (!strcmp(verb, "out")) {
        r->caller->result = read_assigned(r);
    } else if (!strcmp(verb, "back")) {
        r->callee->result = read_assigned(r);
    } else if (!strcmp(verb, "to")) {
        struct abide_assigned argument = read_assigned(r);
        abide__push(r->ctx, &r->to, argument);
        next(r);
        abide__push(r->ctx, &r->feeds, read_feed(r, argument.size_bytes));
    } else if (!strcmp(verb, "hidden")) {
        r->plan->hidden = read_feed(r, 8);
    } else if (!strcmp(verb, "temp")) {
        struct abide_temporary temporary = {.size_bytes = number(r->word), .purpose = "by hand"};
        temporary.align_bytes = number(next(r));
        abide__push(r->ctx, &r->temporaries, temporary);
    } else if (!strcmp(verb, "before")) {
        abide__push(r->ctx, &r->before, read_copy(r));
    } else if (!strcmp(verb, "after")) {
        abide__push(r->ctx, &r->after, read_copy(r));
    } else if (!strcmp(verb, "return")) {
        read_return(r);
    } else {
        stop("no such verb", verb);
    }
}

const struct abide_thunk *plan_text_read(abide_ctx *ctx, const struct abide_module *machine,
                                         const char *text, size_t *count)
{
    struct reader r = {.ctx = ctx, .machine = machine};
    char *copy = abide__alloc(ctx, strlen(text) + 1), *rest;
    strcpy(copy, text);
    for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        read_line(&r, line);
    finish(&r);
    *count = r.thunks.count;
    return r.thunks.items;
}
