/* Texts, references and digests; circles by Tarjan's algorithm, with a stack of its own. */
#include "fingerprint/graph.h"

#include "fingerprint/circle.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void abide_graph__start(struct abide_graph *graph, abide_ctx *ctx,
                        const struct abide_dialect *dialect, const abide_module *module)
{
    *graph = (struct abide_graph){.ctx = ctx, .dialect = dialect, .module = module};
}

/* ---- drafts ---- */

void abide_draft__text(struct abide_draft *draft, const char *format, ...)
{
    va_list arguments;
    char line[256];
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if ((size_t)length < sizeof line) {
        abide__text_add(draft->graph->ctx, &draft->graph->texts, line, (size_t)length);
        return;
    }
    va_start(arguments, format);
    const char *text = abide__vprintf(draft->graph->ctx, format, arguments);
    va_end(arguments);
    abide__text_add(draft->graph->ctx, &draft->graph->texts, text, (size_t)length);
}

/* What is known of a type; kept, for types are named many times. */
static struct abide_known *known_of(struct abide_graph *graph, const abide_type *type)
{
    const void **slot = abide_serials__slot(graph->ctx, &graph->known, type->serial);
    if (*slot)
        return (struct abide_known *)*slot; /* ours */
    struct abide_known *known = abide__new(graph->ctx, struct abide_known);
    known->settled = graph->dialect->settle(graph, type);
    known->word = graph->dialect->word(graph, known->settled);
    if (!known->word)
        known->pointer = graph->dialect->pointer(graph, known->settled, &known->target);
    *abide_serials__slot(graph->ctx, &graph->known, type->serial) = known;
    return known;
}

static void write_pointer(struct abide_draft *draft, const struct abide_known *known)
{
    struct abide_draft inside = {draft->graph, .in_pointer = true};
    abide__text_add(draft->graph->ctx, &draft->graph->texts, known->pointer,
                    strlen(known->pointer));
    abide_draft__type(&inside, known->target);
}

void abide_draft__type(struct abide_draft *draft, const abide_type *type)
{
    struct abide_graph *graph = draft->graph;
    struct abide_known *known = known_of(graph, type);
    if (known->word) {
        abide__text_add(graph->ctx, &graph->texts, known->word, strlen(known->word));
        return;
    }
    if (known->pointer && !draft->in_pointer) { /* one only, so that no text is long */
        write_pointer(draft, known);
        return;
    }
    if (known->settled != type)
        known = known_of(graph, known->settled);
    if (!known->node_and_one) {
        abide__push(graph->ctx, &graph->nodes, (struct abide_node){.type = known->settled});
        known->node_and_one = graph->nodes.count;
    }
    abide__push(graph->ctx, &graph->references,
                (struct abide_reference){graph->texts.length_bytes, known->node_and_one - 1});
}

/* ---- digests ---- */

/* What is written for a reference. */
enum naming {
    NAME_DIGESTS, /* every type has its digest */
    NAME_BLANKS,  /* members of the circle have none yet */
    NAME_LABELS   /* they have labels */
};

struct circle {
    const size_t *nodes; /* of the members, in the order of the labels */
    struct abide_circle inner;
};

static bool is_open(const struct abide_graph *graph, size_t node)
{
    return graph->nodes.items[node].state == ABIDE_NODE_OPEN;
}

static void add(struct abide_text *text, abide_ctx *ctx, const struct abide_digest *digest)
{
    char hex[ABIDE_DIGEST_HEX];
    abide_digest__hex(digest, hex);
    abide__text_add(ctx, text, hex, sizeof hex);
}

static void name(struct abide_graph *graph, struct abide_text *text, const struct circle *circle,
                 enum naming naming, size_t node)
{
    if (naming == NAME_DIGESTS || !is_open(graph, node)) {
        abide__text_add(graph->ctx, text, "#", 1);
        add(text, graph->ctx, &graph->nodes.items[node].digest);
        return;
    }
    abide__text_add(graph->ctx, text, "@", 1);
    if (naming == NAME_LABELS)
        add(text, graph->ctx, &circle->inner.labels[graph->nodes.items[node].member]);
}

/* The whole text, from the title on, behind what is in `text`. */
static void complete(struct abide_graph *graph, const struct abide_node *node,
                     const struct circle *circle, enum naming naming, struct abide_text *text)
{
    size_t at = node->text_start;
    abide__text_add(graph->ctx, text, graph->dialect->title, strlen(graph->dialect->title));
    for (size_t i = node->reference_start; i < node->reference_end; i++) {
        const struct abide_reference *reference = &graph->references.items[i];
        abide__text_add(graph->ctx, text, graph->texts.chars + at, reference->at_bytes - at);
        at = reference->at_bytes;
        name(graph, text, circle, naming, reference->node);
    }
    abide__text_add(graph->ctx, text, graph->texts.chars + at, node->text_end - at);
}

/* For people: the digest, then the text, indented. */
static void record(struct abide_graph *graph, const struct abide_digest *digest, const char *chars,
                   size_t length_bytes)
{
    if (!graph->record)
        return;
    add(graph->record, graph->ctx, digest);
    abide__text_add(graph->ctx, graph->record, "\n", 1);
    for (const char *at = chars, *end = chars + length_bytes; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        assert(line_end); /* texts end with one */
        abide__text_printf(graph->ctx, graph->record, "  %.*s\n", (int)(line_end - at), at);
        at = line_end + 1;
    }
}

static struct abide_digest digest_text(struct abide_graph *graph, const struct abide_text *text)
{
    struct abide_digest digest = abide_digest__of(text->chars, text->length_bytes);
    record(graph, &digest, text->chars, text->length_bytes);
    return digest;
}

static struct abide_digest digest_node(struct abide_graph *graph, const struct abide_node *node,
                                       const struct circle *circle, enum naming naming)
{
    struct abide_text *text = &graph->scratch;
    text->length_bytes = 0;
    complete(graph, node, circle, naming, text);
    return naming == NAME_BLANKS ? abide_digest__of(text->chars, text->length_bytes)
                                 : digest_text(graph, text);
}

/* ---- circles ---- */

/* The references among members. `all` is how many references there are at most. */
static void find_references(struct abide_graph *graph, struct circle *circle, size_t all)
{
    size_t *starts = abide__new_array(graph->ctx, size_t, circle->inner.count + 1);
    size_t *to = abide__new_array(graph->ctx, size_t, all);
    size_t count = 0;
    for (size_t m = 0; m < circle->inner.count; m++) {
        const struct abide_node *node = &graph->nodes.items[circle->nodes[m]];
        starts[m] = count;
        for (size_t i = node->reference_start; i < node->reference_end; i++)
            if (is_open(graph, graph->references.items[i].node))
                to[count++] = graph->nodes.items[graph->references.items[i].node].member;
    }
    starts[circle->inner.count] = count;
    circle->inner.starts = starts;
    circle->inner.to = to;
}

struct labelled {
    struct abide_digest label;
    size_t member;
};

static int compare_labelled(const void *left, const void *right)
{
    return abide_digest__compare(&((const struct labelled *)left)->label,
                                 &((const struct labelled *)right)->label);
}

/* The members in the order of their labels, one for each; `*count` is how many. */
static struct labelled *sort_members(abide_ctx *ctx, const struct abide_circle *inner,
                                     size_t *count)
{
    struct labelled *sorted = abide__new_array(ctx, struct labelled, inner->count);
    size_t kept = 0;
    for (size_t m = 0; m < inner->count; m++)
        sorted[m] = (struct labelled){inner->labels[m], m};
    qsort(sorted, inner->count, sizeof *sorted, compare_labelled);
    for (size_t i = 0; i < inner->count; i++)
        if (i == 0 || compare_labelled(&sorted[kept - 1], &sorted[i]))
            sorted[kept++] = sorted[i];
    *count = kept;
    return sorted;
}

static size_t member_of_label(const struct labelled *sorted, size_t count,
                              const struct abide_digest *label)
{
    struct labelled key = {.label = *label};
    const struct labelled *found = bsearch(&key, sorted, count, sizeof *sorted, compare_labelled);
    assert(found);
    return (size_t)(found - sorted);
}

/*
 * Members that consist of the same count as one: labelled once more among themselves, all labels are as if the others were not
 * there.
 */
static void label_once_each(abide_ctx *ctx, struct abide_circle *inner,
                            const struct abide_digest *alone)
{
    size_t count;
    struct labelled *sorted = sort_members(ctx, inner, &count);
    if (count == inner->count)
        return;
    struct abide_circle each = {.count = count};
    size_t *starts = abide__new_array(ctx, size_t, count + 1);
    size_t *to = abide__new_array(ctx, size_t, inner->starts[inner->count]);
    each.labels = abide__new_array(ctx, struct abide_digest, count);
    size_t filled = 0;
    for (size_t i = 0; i < count; i++) {
        size_t member = sorted[i].member;
        each.labels[i] = alone[member];
        starts[i] = filled;
        for (size_t k = inner->starts[member]; k < inner->starts[member + 1]; k++)
            to[filled++] = member_of_label(sorted, count, &inner->labels[inner->to[k]]);
    }
    starts[count] = filled;
    each.starts = starts;
    each.to = to;
    abide_circle__label(ctx, &each);
    for (size_t m = 0; m < inner->count; m++)
        inner->labels[m] = each.labels[member_of_label(sorted, count, &inner->labels[m])];
}

/* What all members are together: a line for each label. */
static struct abide_digest digest_circle(struct abide_graph *graph, const struct circle *circle)
{
    size_t count;
    struct labelled *sorted = sort_members(graph->ctx, &circle->inner, &count);
    struct abide_text text = {0};
    abide__text_printf(graph->ctx, &text, "%scircle\n", graph->dialect->title);
    for (size_t i = 0; i < count; i++) {
        const struct abide_node *node = &graph->nodes.items[circle->nodes[sorted[i].member]];
        struct abide_digest whole = digest_node(graph, node, circle, NAME_LABELS);
        add(&text, graph->ctx, &sorted[i].label);
        abide__text_add(graph->ctx, &text, " ", 1);
        add(&text, graph->ctx, &whole);
        abide__text_add(graph->ctx, &text, "\n", 1);
    }
    return digest_text(graph, &text);
}

static struct abide_digest digest_member(struct abide_graph *graph,
                                         const struct abide_digest *whole,
                                         const struct abide_digest *label)
{
    struct abide_text text = {0};
    abide__text_printf(graph->ctx, &text, "%smember\n", graph->dialect->title);
    add(&text, graph->ctx, whole);
    abide__text_add(graph->ctx, &text, "\n", 1);
    add(&text, graph->ctx, label);
    abide__text_add(graph->ctx, &text, "\n", 1);
    return digest_text(graph, &text);
}

static void finish_circle(struct abide_graph *graph, const size_t *nodes, size_t count)
{
    abide_ctx *ctx = graph->ctx;
    struct circle circle = {.nodes = nodes, .inner = {.count = count}};
    size_t reference_count = 0;
    for (size_t m = 0; m < count; m++) {
        struct abide_node *node = &graph->nodes.items[nodes[m]];
        node->member = m;
        reference_count += node->reference_end - node->reference_start;
    }
    find_references(graph, &circle, reference_count);
    struct abide_digest *alone = abide__new_array(ctx, struct abide_digest, count);
    for (size_t m = 0; m < count; m++)
        alone[m] = digest_node(graph, &graph->nodes.items[nodes[m]], &circle, NAME_BLANKS);
    circle.inner.labels = abide__new_array(ctx, struct abide_digest, count);
    memcpy(circle.inner.labels, alone, count * sizeof *alone);
    abide_circle__label(ctx, &circle.inner);
    label_once_each(ctx, &circle.inner, alone);
    struct abide_digest whole = digest_circle(graph, &circle);
    for (size_t m = 0; m < count; m++)
        graph->nodes.items[nodes[m]].digest = digest_member(graph, &whole, &circle.inner.labels[m]);
}

static bool refers_to_itself(const struct abide_graph *graph, size_t index)
{
    const struct abide_node *node = &graph->nodes.items[index];
    for (size_t i = node->reference_start; i < node->reference_end; i++)
        if (graph->references.items[i].node == index)
            return true;
    return false;
}

/* ---- the walk ---- */

/* Gives up what was begun: memory ran out, or something was reported. */
static void abandon(struct abide_graph *graph)
{
    for (size_t i = 0; i < graph->open.count; i++)
        graph->nodes.items[graph->open.items[i]].state = ABIDE_NODE_NEW;
    graph->open.count = graph->trail.count = graph->references.count = 0;
    graph->texts.length_bytes = 0;
    graph->met = 0;
}

static bool write_text(struct abide_graph *graph, const abide_type *type)
{
    struct abide_draft draft = {.graph = graph};
    const struct abide_known *known = known_of(graph, type);
    if (!known->pointer)
        return graph->dialect->write(&draft, type);
    write_pointer(&draft, known);
    abide_draft__text(&draft, "\n");
    return true;
}

static bool open_node(struct abide_graph *graph, size_t index)
{
    abide__push(graph->ctx, &graph->open, index);
    abide__push(graph->ctx, &graph->trail, index);
    struct abide_node *node = &graph->nodes.items[index];
    node->state = ABIDE_NODE_OPEN;
    node->number = node->lowest = graph->met++;
    size_t text_start = graph->texts.length_bytes;
    size_t reference_start = graph->references.count;
    bool fine = write_text(graph, node->type);
    node = &graph->nodes.items[index]; /* references add nodes */
    node->text_start = text_start;
    node->text_end = graph->texts.length_bytes;
    node->reference_start = node->next = reference_start;
    node->reference_end = graph->references.count;
    return fine;
}

/* The node's part of the open ones is complete. */
static void close_node(struct abide_graph *graph, size_t index)
{
    struct abide_node *node = &graph->nodes.items[index];
    if (node->lowest != node->number)
        return;
    size_t first = graph->open.count - 1;
    while (graph->open.items[first] != index)
        first--;
    size_t count = graph->open.count - first;
    if (count > 1 || refers_to_itself(graph, index))
        finish_circle(graph, &graph->open.items[first], count);
    else
        node->digest = digest_node(graph, node, NULL, NAME_DIGESTS);
    for (size_t i = first; i < graph->open.count; i++)
        graph->nodes.items[graph->open.items[i]].state = ABIDE_NODE_DONE;
    graph->open.count = first;
}

static void lower(struct abide_graph *graph, size_t index, size_t number)
{
    struct abide_node *node = &graph->nodes.items[index];
    if (number < node->lowest)
        node->lowest = number;
}

/* One step from the end of the trail: to the next reference, or back. */
static bool step(struct abide_graph *graph)
{
    size_t index = graph->trail.items[graph->trail.count - 1];
    struct abide_node *node = &graph->nodes.items[index];
    if (node->next < node->reference_end) {
        size_t target = graph->references.items[node->next++].node;
        if (graph->nodes.items[target].state == ABIDE_NODE_NEW)
            return open_node(graph, target);
        if (is_open(graph, target))
            lower(graph, index, graph->nodes.items[target].number);
        return true;
    }
    close_node(graph, index);
    graph->trail.count--;
    if (graph->trail.count > 0)
        lower(graph, graph->trail.items[graph->trail.count - 1], graph->nodes.items[index].lowest);
    return true;
}

static bool finish_node(struct abide_graph *graph, size_t index)
{
    if (graph->nodes.items[index].state == ABIDE_NODE_DONE)
        return true;
    bool fine = open_node(graph, index);
    while (fine && graph->trail.count > 0)
        fine = step(graph);
    return fine;
}

bool abide_graph__digest(struct abide_graph *graph,
                         bool (*write)(struct abide_draft *draft, const void *user),
                         const void *user, struct abide_digest *digest)
{
    abandon(graph); /* if memory ran out the last time */
    struct abide_draft draft = {.graph = graph};
    bool fine = write(&draft, user);
    struct abide_node root = {.text_end = graph->texts.length_bytes,
                              .reference_end = graph->references.count};
    for (size_t i = 0; fine && i < root.reference_end; i++)
        fine = finish_node(graph, graph->references.items[i].node);
    if (fine)
        *digest = digest_node(graph, &root, NULL, NAME_DIGESTS);
    abandon(graph);
    return fine;
}
