/*
 * Canonical texts of types and their digests. A text names other types by their digests, so that one digest stands for all that
 * can be reached from a type; types that lead back to themselves are treated as a circle (circle.h). What the texts say is the
 * business of a dialect: layout.c, contract.c.
 */
#ifndef ABIDE_FINGERPRINT_GRAPH_H
#define ABIDE_FINGERPRINT_GRAPH_H

#include "abide/module.h"
#include "base/serials.h"
#include "base/digest.h"
#include "types/type.h"

struct abide_graph;

/* A text that is being written: what a type consists of, or a function. */
struct abide_draft {
    struct abide_graph *graph;
    bool in_pointer; /* what is written is what a pointer points to */
};

void abide_draft__text(struct abide_draft *draft, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The word for a type, or a reference to its text. */
void abide_draft__type(struct abide_draft *draft, const abide_type *type);

struct abide_dialect {
    const char *title; /* the first line of every text */
    /* The type that tells all there is to tell of `type`: one without other names for it. */
    const abide_type *(*settle)(struct abide_graph *graph, const abide_type *type);
    /* The one word for a settled type; NULL: it has a text. */
    const char *(*word)(struct abide_graph *graph, const abide_type *type);
    /* What stands in front of what a settled type points to; NULL: it is no pointer. */
    const char *(*pointer)(struct abide_graph *graph, const abide_type *type,
                           const abide_type **target);
    /* Writes the text of a settled type that is none. false: reported. */
    bool (*write)(struct abide_draft *draft, const abide_type *type);
};

/* A place in a text where a type is named by its digest. */
struct abide_reference {
    size_t at_bytes; /* in the texts */
    size_t node;
};

/* What a dialect says of a type. */
struct abide_known {
    const abide_type *settled;
    const char *word;    /* NULL: it has a text */
    const char *pointer; /* NULL: it is none */
    const abide_type *target;
    size_t node_and_one; /* of a settled type; 0: it has none yet */
};

enum abide_node_state { ABIDE_NODE_NEW, ABIDE_NODE_OPEN, ABIDE_NODE_DONE };

struct abide_node {
    const abide_type *type;
    struct abide_digest digest;
    enum abide_node_state state;
    size_t number,
        lowest; /* OPEN: the order in which they were met, and the earliest one that leads here */
    size_t text_start, text_end;           /* in the texts */
    size_t reference_start, reference_end; /* in the references */
    size_t next;                           /* of the references: which one to look at */
    size_t member;                         /* in the circle that is looked at */
};

struct abide_graph {
    abide_ctx *ctx;
    const struct abide_dialect *dialect;
    const abide_module *module; /* whose layouts are meant; NULL: the dialect needs none */
    struct abide_serials known; /* struct abide_known, by the type's serial */
    ABIDE_VEC(struct abide_node) nodes;
    /* Of the nodes that are not done. */
    struct abide_text texts;
    ABIDE_VEC(struct abide_reference) references;
    ABIDE_VEC(size_t) open;  /* nodes of circles that are not complete */
    ABIDE_VEC(size_t) trail; /* nodes whose references are being looked at */
    size_t met;
    struct abide_text scratch; /* one text with its references */
    struct abide_text
        *record; /* where texts are kept with their digests, for people; NULL: nowhere */
};

void abide_graph__start(struct abide_graph *graph, abide_ctx *ctx,
                        const struct abide_dialect *dialect, const abide_module *module);

/*
 * The digest of a text that `write` writes, which stands for nothing that others refer to, such as a function. false: reported.
 */
bool abide_graph__digest(struct abide_graph *graph,
                         bool (*write)(struct abide_draft *draft, const void *user),
                         const void *user, struct abide_digest *digest);

#endif
