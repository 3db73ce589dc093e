/* Places in columns, and curves between them. */
#include "picture/wires.h"

#include "picture/markup.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>

#define NODE_WIDTH     204
#define COLUMN_GAP     200
#define NODE_HEIGHT    36
#define PORT_HEIGHT    20 /* between curves at one side of a node */
#define NODE_SPACE     6
#define LANE_HEIGHT    16 /* of a curve that crosses a column */
#define GROUP_HEIGHT   26
#define HEAD_HEIGHT    34
#define LABEL_DISTANCE 12 /* of the label of a curve from where that ends */
#define LABEL_SPACE    4
#define PILL_HEIGHT    15
#define TEXT_SPACE     6

size_t wires_node(struct wires *wires, unsigned column, const char *group, const char *tone,
                  const char *label, const char *note)
{
    wires->nodes =
        cli_grow(wires->nodes, wires->node_count, &wires->node_capacity, sizeof *wires->nodes);
    wires->nodes[wires->node_count] = (struct wire_node){
        .column = column, .group = group, .tone = tone, .label = label, .note = note};
    return wires->node_count++;
}

void wires_add(struct wires *wires, size_t from, size_t to, const char *kind, const char *label,
               const char *title)
{
    wires->wires =
        cli_grow(wires->wires, wires->wire_count, &wires->wire_capacity, sizeof *wires->wires);
    wires->wires[wires->wire_count++] =
        (struct wire){.from = from, .to = to, .kind = kind, .label = label, .title = title};
}

/* ---- where everything lies ---- */

/* At which side a curve leaves and arrives: 1 right, -1 left. Within a column both are at the right. */
static int side_of(const struct wires *wires, const struct wire *wire, bool of_target)
{
    unsigned from = wires->nodes[wire->from].column, to = wires->nodes[wire->to].column;
    if (from == to)
        return 1;
    return (from < to) == of_target ? -1 : 1;
}

/* One end of a curve, at a side of a node. */
struct port {
    size_t node;
    int side;
    int other_y; /* the middle of the node at the other end: ports stand in its order, so that few curves cross */
    int *y;
};

static int compare_ports(const void *a, const void *b)
{
    const struct port *left = a, *right = b;
    if (left->node != right->node)
        return left->node < right->node ? -1 : 1;
    if (left->side != right->side)
        return left->side - right->side;
    return left->other_y != right->other_y ? (left->other_y < right->other_y ? -1 : 1)
           : left->y < right->y            ? -1
                                           : left->y > right->y;
}

static int middle_of(const struct wires *wires, size_t node)
{
    return wires->nodes[node].y + wires->nodes[node].height / 2;
}

static void place_ports(struct wires *wires)
{
    struct port *ports = cli_alloc(2 * wires->wire_count + 1, sizeof *ports);
    size_t count = 0;
    for (size_t i = 0; i < wires->wire_count; i++) {
        struct wire *wire = &wires->wires[i];
        ports[count++] = (struct port){wire->from, side_of(wires, wire, false),
                                       middle_of(wires, wire->to), &wire->from_y};
        ports[count++] = (struct port){wire->to, side_of(wires, wire, true),
                                       middle_of(wires, wire->from), &wire->to_y};
    }
    qsort(ports, count, sizeof *ports, compare_ports);
    for (size_t i = 0; i < count;) {
        size_t end = i;
        while (end < count && ports[end].node == ports[i].node && ports[end].side == ports[i].side)
            end++;
        int y = middle_of(wires, ports[i].node) - (int)(end - i - 1) * PORT_HEIGHT / 2;
        for (; i < end; i++, y += PORT_HEIGHT)
            *ports[i].y = y;
    }
}

static void count_ports(struct wires *wires)
{
    for (size_t i = 0; i < wires->wire_count; i++) {
        const struct wire *wire = &wires->wires[i];
        struct wire_node *from = &wires->nodes[wire->from], *to = &wires->nodes[wire->to];
        *(side_of(wires, wire, false) > 0 ? &from->right_count : &from->left_count) += 1;
        *(side_of(wires, wire, true) > 0 ? &to->right_count : &to->left_count) += 1;
    }
}

static bool has_column(const struct wires *wires, unsigned column)
{
    for (size_t i = 0; i < wires->node_count; i++)
        if (wires->nodes[i].column == column)
            return true;
    return false;
}

/* Whether a curve in the direction crosses a column with nodes, which is the middle one. */
static bool crosses(const struct wires *wires, const struct wire *wire, bool to_right)
{
    unsigned from = wires->nodes[wire->from].column, to = wires->nodes[wire->to].column;
    return to_right ? from == 0 && to == 2 : from == 2 && to == 0;
}

/* Curves that cross the column get a lane each, one below the other. Returns where the last one ends. */
static int place_lanes(struct wires *wires, bool to_right, int y)
{
    bool is_free = !has_column(wires, 1);
    for (size_t i = 0; !is_free && i < wires->wire_count; i++)
        if (crosses(wires, &wires->wires[i], to_right)) {
            wires->wires[i].lane_y = y + LANE_HEIGHT / 2;
            y += LANE_HEIGHT;
        }
    return y;
}

/* The nodes of a column below each other. Returns where the last one ends. */
static int place_nodes(struct wires *wires, unsigned column, int y)
{
    const char *group = "";
    for (size_t i = 0; i < wires->node_count; i++) {
        struct wire_node *node = &wires->nodes[i];
        if (node->column != column)
            continue;
        if (strcmp(node->group, group) != 0)
            y += GROUP_HEIGHT;
        group = node->group;
        size_t ports = node->left_count > node->right_count ? node->left_count : node->right_count;
        node->y = y;
        node->height =
            (int)ports * PORT_HEIGHT > NODE_HEIGHT ? (int)ports * PORT_HEIGHT : NODE_HEIGHT;
        y += node->height + NODE_SPACE;
    }
    return y;
}

/* What goes to the right crosses above the nodes of a column, what comes back below them. */
static void place_column(struct wires *wires, unsigned column, int y)
{
    if (column == 1)
        y = place_lanes(wires, true, y);
    y = place_nodes(wires, column, y);
    if (column == 1)
        place_lanes(wires, false, y + NODE_SPACE);
}

/* ---- drawing ---- */

static void draw_node(struct canvas *canvas, const struct wire_node *node, int x)
{
    size_t columns = canvas_columns(NODE_WIDTH - 2 * TEXT_SPACE);
    bool has_note = *node->note;
    canvas_part(canvas, has_note ? cli_printf("%s: %s", node->label, node->note) : node->label,
                "data-node=\"\"");
    canvas_box(canvas, node->tone, x, node->y, NODE_WIDTH, node->height);
    canvas_text(canvas, "t b", x + TEXT_SPACE, node->y + (has_note ? 15 : 22),
                markup_cut(node->label, columns));
    if (has_note)
        canvas_text(canvas, "d s", x + TEXT_SPACE, node->y + 30,
                    markup_cut(node->note, canvas_small_columns(NODE_WIDTH - 2 * TEXT_SPACE)));
    canvas_part_end(canvas);
}

static void draw_wire(const struct wires *wires, const struct wire *wire, const int *xs,
                      struct canvas *canvas)
{
    int from_side = side_of(wires, wire, false), to_side = side_of(wires, wire, true);
    int from_x = xs[wires->nodes[wire->from].column] + (from_side > 0 ? NODE_WIDTH : 0);
    int to_x = xs[wires->nodes[wire->to].column] + (to_side > 0 ? NODE_WIDTH : 0);
    struct canvas_end points[4] = {{from_x, wire->from_y, from_side}};
    size_t count = 1;
    if (wire->lane_y) {
        int near = from_side > 0 ? xs[1] : xs[1] + NODE_WIDTH;
        points[count++] = (struct canvas_end){near, wire->lane_y, from_side};
        points[count++] =
            (struct canvas_end){near + from_side * NODE_WIDTH, wire->lane_y, from_side};
    }
    points[count++] = (struct canvas_end){to_x + to_side, wire->to_y, -to_side};
    canvas_part(canvas, wire->title, "data-wire=\"\"");
    canvas_curve(canvas, wire->kind, points, count);
    canvas_part_end(canvas);
    if (wire->lane_y)
        canvas_reach(canvas, 0, wire->lane_y);
}

/* What a curve does stands beside its head, over all curves. */
static void draw_label(const struct wires *wires, const struct wire *wire, const int *xs,
                       struct canvas *canvas)
{
    if (!*wire->label)
        return;
    /* Those of two columns that face each other have half of the gap each. */
    int room = COLUMN_GAP / 2 - LABEL_DISTANCE - 1 - 2 * LABEL_SPACE;
    const char *label = markup_cut(wire->label, canvas_small_columns(room));
    int width = canvas_small_width(label) + 2 * LABEL_SPACE;
    int side = side_of(wires, wire, true);
    int x = xs[wires->nodes[wire->to].column];
    x = side > 0 ? x + NODE_WIDTH + LABEL_DISTANCE : x - LABEL_DISTANCE - width;
    canvas_box(canvas, cli_printf("pill %s", wire->kind), x, wire->to_y - PILL_HEIGHT / 2, width,
               PILL_HEIGHT);
    canvas_text(canvas, "t s c", x + width / 2, wire->to_y + 4, label);
}

static void draw_heads(const struct wires *wires, const int *xs, int y, struct canvas *canvas)
{
    for (unsigned column = 0; column < WIRES_COLUMNS; column++) {
        const struct wires_head *head = &wires->heads[column];
        if (!has_column(wires, column) || !head->label)
            continue;
        canvas_text(canvas, "t b", xs[column], y + 12,
                    markup_cut(head->label, canvas_columns(NODE_WIDTH)));
        const char *note =
            markup_cut(head->note, canvas_small_columns(NODE_WIDTH + COLUMN_GAP / 2));
        canvas_text(canvas, "d s", xs[column], y + 28, note);
        canvas_reach(canvas, xs[column] + canvas_small_width(note), 0);
    }
    const char *groups[WIRES_COLUMNS] = {"", "", ""};
    for (size_t i = 0; i < wires->node_count; i++) {
        const struct wire_node *node = &wires->nodes[i];
        if (strcmp(node->group, groups[node->column]) != 0)
            canvas_text(canvas, "d s", xs[node->column], node->y - 5,
                        markup_cut(node->group, canvas_small_columns(NODE_WIDTH)));
        groups[node->column] = node->group;
    }
}

void wires_draw(struct wires *wires, struct canvas *canvas)
{
    int xs[WIRES_COLUMNS] = {0}, x = CANVAS_MARGIN, top = canvas->height;
    count_ports(wires);
    for (unsigned column = 0; column < WIRES_COLUMNS; column++) {
        xs[column] = x;
        if (has_column(wires, column))
            x += NODE_WIDTH + COLUMN_GAP;
        place_column(wires, column, top + HEAD_HEIGHT);
    }
    place_ports(wires);
    draw_heads(wires, xs, top, canvas);
    for (size_t i = 0; i < wires->wire_count; i++)
        draw_wire(wires, &wires->wires[i], xs, canvas);
    for (size_t i = 0; i < wires->node_count; i++)
        draw_node(canvas, &wires->nodes[i], xs[wires->nodes[i].column]);
    for (size_t i = 0; i < wires->wire_count; i++)
        draw_label(wires, &wires->wires[i], xs, canvas);
    for (size_t i = 0; i < wires->wire_count; i++)
        text_printf(&canvas->words, "%s.\n", wires->wires[i].title);
}
