/* Places in columns, and curves between them: how calls are drawn. A model first; drawing it decides where everything lies. */
#ifndef PICTURE_WIRES_H
#define PICTURE_WIRES_H

#include "picture/canvas.h"

#include <stddef.h>

#define WIRES_COLUMNS 3

/* What a curve says, a class of the palette. */
#define WIRE_MOVE    "move"    /* the value itself */
#define WIRE_COPY    "copy"    /* bytes of memory */
#define WIRE_ADDRESS "address" /* where something is */
#define WIRE_CONVERT "convert" /* it changes on the way */
#define WIRE_KEEP    "keep"    /* it stays where it is */
#define WIRE_CLASH   "clash"   /* it is taken for something else */

/* What stands over a column. */
struct wires_head {
    const char *label, *note; /* `label` NULL: nothing; `note` may be "" */
};

struct wire_node {
    unsigned column;
    const char *group; /* a heading, which nodes one after the other share */
    const char *tone;
    const char *label, *note;       /* `note` may be "" */
    size_t left_count, right_count; /* curves at each side */
    int y, height;
};

struct wire {
    size_t from, to;
    const char *kind;
    const char *label; /* "3 copy"; "" none */
    const char *title; /* the whole of it */
    int from_y, to_y;
    int lane_y; /* where it crosses a column between; 0: there is none */
};

struct wires {
    struct wires_head heads[WIRES_COLUMNS];
    struct wire_node *nodes;
    size_t node_count, node_capacity;
    struct wire *wires;
    size_t wire_count, wire_capacity;
};

/* The number of the new node. Nodes of a group are added one after the other. */
size_t wires_node(struct wires *wires, unsigned column, const char *group, const char *tone,
                  const char *label, const char *note);
void wires_add(struct wires *wires, size_t from, size_t to, const char *kind, const char *label,
               const char *title);
/* Draws columns that have nodes, below what is there. */
void wires_draw(struct wires *wires, struct canvas *canvas);

#endif
