/* Plans as pictures. */
#include "picture/plan.h"

#include "picture/canvas.h"
#include "picture/markup.h"
#include "picture/page.h"
#include "picture/slots.h"
#include "picture/wires.h"

#include <string.h>

#define CALLER          0
#define ADAPTER         1
#define CALLEE          2
#define PARAGRAPH_WIDTH 900
#define NUMBER_WIDTH    30

/* A side of the adapter: its slots, and the number of the first one's node. */
struct side {
    unsigned column;
    const abide_assignment *assignment;
    struct slot *slots;
    size_t count, first_node;
};

/* A node for what is no slot: memory, a temporary, an inner adapter. */
struct extra {
    abide_end_kind kind;
    size_t index, node;
};

struct drawing {
    struct cli *cli;
    const abide_plan *outer; /* the adapter that the picture is of, which names all steps */
    const abide_plan *plan;  /* the same, or one inside it */
    size_t first_step;       /* of it, among those of the outer one */
    struct wires wires;
    struct side caller, callee;
    struct extra *extras;
    size_t extra_count, extra_capacity;
};

static struct side add_side(struct drawing *drawing, unsigned column,
                            const abide_assignment *assignment)
{
    struct side side = {.column = column, .assignment = assignment};
    side.slots = slots_of(drawing->cli, assignment, &side.count);
    side.first_node = drawing->wires.node_count;
    for (size_t i = 0; i < side.count; i++) {
        const struct slot *slot = &side.slots[i];
        bool is_address = slot->role != SLOT_VALUE && slot->role != SLOT_RESULT;
        wires_node(&drawing->wires, column, slot_group(slot), slot_tone(slot), slot->name,
                   is_address ? cli_printf("address of %s", slot->value) : slot->value);
    }
    return side;
}

/* ---- nodes of the ends of flows ---- */

static const char *argument_name(const struct side *side, size_t index)
{
    for (size_t i = 0; i < side->count; i++)
        if (side->slots[i].argument == index && !slot_is_of_result(&side->slots[i]))
            return side->slots[i].value;
    return "";
}

static size_t add_extra(struct drawing *drawing, const abide_end *end)
{
    struct wires *wires = &drawing->wires;
    const char *purpose = NULL, *name = argument_name(&drawing->caller, end->index);
    switch (end->kind) {
    case ABIDE_END_ARGUMENT_MEMORY:
        return wires_node(wires, CALLER, "memory", "u", cli_printf("memory of %s", name),
                          "of the caller");
    case ABIDE_END_ELEMENT:
        return wires_node(wires, CALLER, "memory", "u",
                          cli_printf("memory of argument %zu", end->index), "of the caller");
    case ABIDE_END_RESULT_MEMORY:
        return wires_node(wires, CALLER, "memory", "u", "memory for the result", "of the caller");
    case ABIDE_END_CALLEE_MEMORY:
        return wires_node(wires, CALLEE, "memory", "u", "memory of the result", "of the callee");
    case ABIDE_END_INNER:
        return wires_node(wires, ADAPTER, "temporaries", "f3",
                          cli_printf("inner adapter %zu", end->index), "");
    default: break;
    }
    uint64_t size_bytes = abide_plan_temporary_at(drawing->plan, end->index, &purpose);
    return wires_node(wires, ADAPTER, "temporaries", "f3", cli_printf("temporary %zu", end->index),
                      cli_printf("%llu bytes%s%s", (unsigned long long)size_bytes,
                                 purpose ? ": " : "", purpose ? purpose : ""));
}

/* The node of what is no slot, made when it is first asked for. */
static size_t extra_of(struct drawing *drawing, const abide_end *end)
{
    for (size_t i = 0; i < drawing->extra_count; i++)
        if (drawing->extras[i].kind == end->kind && drawing->extras[i].index == end->index)
            return drawing->extras[i].node;
    drawing->extras = cli_grow(drawing->extras, drawing->extra_count, &drawing->extra_capacity,
                               sizeof *drawing->extras);
    size_t node = add_extra(drawing, end);
    drawing->extras[drawing->extra_count++] = (struct extra){end->kind, end->index, node};
    return node;
}

/* The side whose slots an end is, and which of them; NULL: it is none. */
static const struct side *side_of_end(const struct drawing *drawing, const abide_end *end)
{
    switch (end->kind) {
    case ABIDE_END_ARGUMENT:
    case ABIDE_END_RESULT: return &drawing->caller;
    case ABIDE_END_CALLEE_ARGUMENT:
    case ABIDE_END_CALLEE_HIDDEN:
    case ABIDE_END_CALLEE_RESULT: return &drawing->callee;
    default: return NULL;
    }
}

static bool is_slot_of(const struct slot *slot, const abide_end *end)
{
    switch (end->kind) {
    case ABIDE_END_ARGUMENT:
    case ABIDE_END_CALLEE_ARGUMENT:
        return (slot->role == SLOT_VALUE || slot->role == SLOT_ADDRESS) &&
               slot->argument == end->index;
    case ABIDE_END_CALLEE_HIDDEN: return slot->role == SLOT_HIDDEN;
    default: return slot_is_of_result(slot);
    }
}

/* One of the nodes that an end stands for: bytes [offset, offset + size) of its value; `size_bytes` 0: all of it. */
struct share {
    size_t node;
    uint64_t offset_bytes, size_bytes;
};

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
    return !a_size || !b_size || (a < b + b_size && b < a + a_size);
}

static struct share *shares_of(struct drawing *drawing, const abide_end *end, size_t *count)
{
    const struct side *side = side_of_end(drawing, end);
    struct share *shares = cli_alloc(side ? side->count + 1 : 1, sizeof *shares);
    *count = 0;
    for (size_t i = 0; side && i < side->count; i++) {
        const struct slot *slot = &side->slots[i];
        bool is_value = slot->role == SLOT_VALUE || slot->role == SLOT_RESULT;
        struct share share = {side->first_node + i, is_value ? slot->piece.offset_bytes : 0,
                              is_value ? slot->piece.size_bytes : 0};
        if (is_slot_of(slot, end) &&
            overlap(share.offset_bytes, share.size_bytes, end->offset_bytes, end->size_bytes))
            shares[(*count)++] = share;
    }
    if (!side && end->kind != ABIDE_END_NONE)
        shares[(*count)++] = (struct share){extra_of(drawing, end), 0, 0};
    return shares;
}

/* Whether bytes of one share become bytes of the other. Values of other sizes go as a whole. */
static bool are_joined(const abide_flow *flow, const struct share *from, const struct share *to)
{
    if (!from->size_bytes || !to->size_bytes || flow->from.size_bytes != flow->to.size_bytes)
        return true;
    uint64_t moved = from->offset_bytes + flow->to.offset_bytes;
    return overlap(moved, from->size_bytes, to->offset_bytes + flow->from.offset_bytes,
                   to->size_bytes);
}

/* The word for a flow, and the kind of its curve; "" for what is no way from one place to another. */
static const char *word_of(const abide_flow *flow, const char **wire)
{
    static const struct {
        const char *word, *wire;
    } words[] = {
        [ABIDE_FLOW_KEEP] = {"stays", WIRE_KEEP},
        [ABIDE_FLOW_MOVE] = {"move", WIRE_MOVE},
        [ABIDE_FLOW_COPY] = {"copy", WIRE_COPY},
        [ABIDE_FLOW_ADDRESS] = {"address", WIRE_ADDRESS},
        [ABIDE_FLOW_CONVERT] = {"convert", WIRE_CONVERT},
        [ABIDE_FLOW_CHECK] = {"check", ""},
        [ABIDE_FLOW_RELEASE] = {"release", ""},
    };
    bool is_slot = flow->from.kind == ABIDE_END_ARGUMENT ||
                   flow->from.kind == ABIDE_END_CALLEE_RESULT ||
                   flow->from.kind == ABIDE_END_CALLEE_ARGUMENT;
    *wire = words[flow->kind].wire;
    return flow->kind == ABIDE_FLOW_MOVE && !is_slot ? "load" : words[flow->kind].word;
}

static const char *step_text(const struct drawing *drawing, size_t step)
{
    const char *text = abide_plan_step_at(drawing->cli->ctx, drawing->outer, step, NULL);
    if (!text)
        cli_no_memory();
    return text;
}

static void add_flow(struct drawing *drawing, const abide_flow *flow)
{
    const char *kind, *word = word_of(flow, &kind);
    size_t step = drawing->first_step + flow->step;
    const char *label = cli_printf("%zu %s", step + 1, word);
    const char *title = cli_printf("step %zu: %s", step + 1, step_text(drawing, step));
    size_t from_count, to_count;
    const struct share *froms = shares_of(drawing, &flow->from, &from_count);
    const struct share *tos = shares_of(drawing, &flow->to, &to_count);
    for (size_t i = 0; i < from_count; i++) {
        struct wire_node *node = &drawing->wires.nodes[froms[i].node];
        if (!*kind)
            node->note = cli_printf("%s%s%s", label, *node->note ? ", " : "", node->note);
        for (size_t k = 0; *kind && k < to_count; k++)
            if (froms[i].node != tos[k].node && are_joined(flow, &froms[i], &tos[k]))
                wires_add(&drawing->wires, froms[i].node, tos[k].node, kind, label, title);
    }
}

/* ---- without an adapter: who is right about what lies where ---- */

static bool is_same_place(const struct slot *a, const struct slot *b)
{
    return slot_is_of_result(a) == slot_is_of_result(b) && strcmp(a->name, b->name) == 0;
}

static bool is_same_content(const struct slot *a, const struct slot *b)
{
    bool is_result_address = (a->role == SLOT_HIDDEN || strcmp(a->value, "result (out)") == 0) &&
                             (b->role == SLOT_HIDDEN || strcmp(b->value, "result (out)") == 0);
    return is_result_address || (a->role == b->role && strcmp(a->value, b->value) == 0);
}

/* What one side puts into a place goes to whoever looks there. */
static void add_misreadings(struct drawing *drawing, bool goes_wrong)
{
    const struct side *caller = &drawing->caller, *callee = &drawing->callee;
    for (size_t i = 0; i < caller->count; i++)
        for (size_t k = 0; k < callee->count; k++) {
            const struct slot *here = &caller->slots[i], *there = &callee->slots[k];
            if (!is_same_place(here, there))
                continue;
            bool is_wrong = goes_wrong && !is_same_content(here, there);
            bool is_back = slot_is_of_result(here);
            size_t from = caller->first_node + i, to = callee->first_node + k;
            wires_add(&drawing->wires, is_back ? to : from, is_back ? from : to,
                      is_wrong ? WIRE_CLASH : WIRE_KEEP, is_wrong ? "clash" : "",
                      cli_printf("%s: %s for the caller, %s for the callee%s", here->name,
                                 here->value, there->value, is_wrong ? ": a clash" : ""));
        }
}

/* ---- files ---- */

/* Lines with numbers in front, and what they are in the description. */
static void draw_steps(struct drawing *drawing, struct canvas *canvas)
{
    int y = canvas->height + 12;
    for (size_t i = 0; i < abide_plan_step_count(drawing->outer); i++) {
        const char *text = step_text(drawing, i);
        canvas_text(canvas, "d e", CANVAS_MARGIN + NUMBER_WIDTH - 10, y, cli_printf("%zu", i + 1));
        y = canvas_paragraph(canvas, "t", CANVAS_MARGIN + NUMBER_WIDTH, y,
                             PARAGRAPH_WIDTH - NUMBER_WIDTH, text);
        text_printf(&canvas->words, "%zu: %s.\n", i + 1, text);
    }
}

static void draw_clashes(const char *const *clashes, size_t count, struct canvas *canvas)
{
    int y = canvas->height + 12;
    if (!count)
        canvas_text(canvas, "t", CANVAS_MARGIN, y, "nothing goes wrong: both sides agree");
    for (size_t i = 0; i < count; i++) {
        y = canvas_paragraph(canvas, "t", CANVAS_MARGIN, y, PARAGRAPH_WIDTH,
                             cli_printf("\xE2\x80\xA2 %s", clashes[i]));
        text_printf(&canvas->words, "%s.\n", clashes[i]);
    }
}

static void add_flows(struct drawing *drawing)
{
    size_t count;
    const abide_flow *flows = abide_plan_flows(drawing->cli->ctx, drawing->plan, &count);
    for (size_t i = 0; i < count; i++)
        add_flow(drawing, &flows[i]);
}

/* The sides of the plan; `is_back`: code of the callee's ABI calls. */
static void add_sides(struct drawing *drawing, const struct adapters *adapters, bool is_back)
{
    const struct options *options = &drawing->cli->options;
    const char *caller = question_abi_title(adapters->caller, options->caller);
    const char *callee = question_abi_title(adapters->callee, options->callee);
    drawing->wires.heads[CALLER] = (struct wires_head){"caller", is_back ? callee : caller};
    drawing->wires.heads[ADAPTER] = (struct wires_head){"adapter", ""};
    drawing->wires.heads[CALLEE] = (struct wires_head){"callee", is_back ? caller : callee};
    drawing->caller = add_side(drawing, CALLER, abide_plan_caller(drawing->plan));
    drawing->callee = add_side(drawing, CALLEE, abide_plan_callee(drawing->plan));
}

/* A heading, then what will be below it. */
static void draw_heading(const struct drawing *drawing, const char *heading, int y,
                         struct canvas *canvas)
{
    if (y)
        y = canvas_paragraph(canvas, "t b", CANVAS_MARGIN, y, PARAGRAPH_WIDTH, heading);
    canvas_reach(canvas, CANVAS_MARGIN + PARAGRAPH_WIDTH, y - CANVAS_MARGIN);
    text_printf(&canvas->words, "%s, the caller is %s, the callee %s.\n", heading,
                drawing->wires.heads[CALLER].note, drawing->wires.heads[CALLEE].note);
}

/* The adapters by which functions, closures and methods that the outer one passes on are called. */
static void draw_inner(const struct drawing *outer, const struct adapters *adapters,
                       struct canvas *canvas)
{
    for (size_t i = 0; i < abide_plan_inner_count(outer->plan); i++) {
        abide_inner inner = abide_plan_inner_at(outer->plan, i);
        struct drawing drawing = {.cli = outer->cli,
                                  .outer = outer->plan,
                                  .plan = inner.plan,
                                  .first_step = inner.first_step};
        add_sides(&drawing, adapters, inner.is_back);
        draw_heading(&drawing, cli_printf("%s %zu", inner.what, inner.number), canvas->height + 24,
                     canvas);
        add_flows(&drawing);
        wires_draw(&drawing.wires, canvas);
    }
}

static void draw_misreadings(struct drawing *drawing, struct canvas *canvas)
{
    size_t count = 0;
    const char *const *clashes = abide_plan_clashes(drawing->cli->ctx, drawing->plan, &count);
    add_misreadings(drawing, count > 0);
    wires_draw(&drawing->wires, canvas);
    draw_clashes(clashes, count, canvas);
}

static void draw(struct cli *cli, const struct adapters *adapters, size_t index, bool is_named,
                 struct canvas *canvas)
{
    const abide_plan *plan = adapters->plans[index];
    const abide_function *function = adapters->functions[index];
    struct drawing drawing = {.cli = cli, .outer = plan, .plan = plan};
    add_sides(&drawing, adapters, false);
    const char *heading =
        cli_printf("%s%s", abide_function_name(function),
                   abide_signature_print(cli->ctx, abide_function_signature(function)));
    int y = canvas->height ? canvas->height + 24 : is_named ? CANVAS_MARGIN + 14 : 0;
    draw_heading(&drawing, heading, is_named ? y : 0, canvas);
    if (cli->options.without) {
        draw_misreadings(&drawing, canvas);
        return;
    }
    add_flows(&drawing);
    wires_draw(&drawing.wires, canvas);
    draw_inner(&drawing, adapters, canvas);
    draw_steps(&drawing, canvas);
}

static const char *page_title(const struct cli *cli, const struct adapters *adapters)
{
    return cli_printf("%s of %s, %s", cli->options.without ? "Calls without adapters" : "Adapters",
                      question_subject(cli, adapters->iface),
                      abide_module_target(adapters->callee));
}

void plan_print_svg(struct cli *cli, const struct adapters *adapters)
{
    struct canvas canvas = {0};
    for (size_t i = 0; i < adapters->count; i++)
        draw(cli, adapters, i, true, &canvas);
    canvas_print_file(&canvas, page_title(cli, adapters), &cli->product);
    canvas_free(&canvas);
}

static void print_refusal(const struct adapters *adapters, size_t index, struct text *out)
{
    text_puts(out, "<p>");
    markup_text(out, cli_printf("%s: %s.", abide_module_target(adapters->callee),
                                adapters->refusals[index]));
    text_puts(out, "</p>\n");
}

void picture_adapters(struct cli *cli, const struct adapters *adapters, size_t count, size_t index,
                      struct text *out)
{
    struct page_picture *pictures = cli_alloc(count + 1, sizeof *pictures);
    const char *name = abide_function_name(adapters[0].functions[index]);
    size_t drawn = 0;
    for (size_t i = 0; i < count; i++) {
        const abide_plan *plan = adapters[i].plans[index];
        if (!plan) {
            print_refusal(&adapters[i], index, out);
            continue;
        }
        pictures[drawn].caption = cli_printf(
            "Adapter, %s: %s", abide_module_target(adapters[i].callee), adapter_cost_text(plan));
        draw(cli, &adapters[i], index, false, &pictures[drawn++].canvas);
    }
    page_figures(out, pictures, drawn, "plan", name, cli_printf("Adapter for %s", name));
}

void plan_print_html(struct cli *cli, const struct adapters *adapters)
{
    struct text *out = &cli->product;
    page_begin(out, page_title(cli, adapters));
    text_puts(out, "<h1>");
    markup_text(out, page_title(cli, adapters));
    text_puts(out, "</h1>\n");
    for (size_t i = 0; i < adapters->count; i++) {
        struct page_picture picture = {.caption = abide_module_target(adapters->callee)};
        const abide_function *function = adapters->functions[i];
        const char *name = abide_function_name(function);
        page_section(out, 2, "function", name,
                     abide_signature_print(cli->ctx, abide_function_signature(function)));
        draw(cli, adapters, i, false, &picture.canvas);
        page_figures(out, &picture, 1, "plan", name, cli_printf("Adapter for %s", name));
        page_section_end(out);
    }
    page_end(out, "Made by abide plan --format html.");
}
