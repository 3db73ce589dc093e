/*
 * Two descriptions of a library, and what changed between them: for old programs with the new library, and for new
 * programs with the old one.
 */
#ifndef ABIDE_COMPARE_COMPARE_H
#define ABIDE_COMPARE_COMPARE_H

#include "../question.h"

enum severity { NOTHING, NOTE, ADDITION, RISK, CONTRACT, BREAK, SEVERITY_COUNT };

enum change {
#define CHANGE(id, name, forward, backward, title, why, way_out) CHANGE_##id,
#include "changes.def"
#undef CHANGE
    CHANGE_COUNT
};

struct change_info {
    const char *id;
    enum severity forward, backward;
    const char *title;
    const char *why;
    const char *way_out;
};
extern const struct change_info change_infos[CHANGE_COUNT];
extern const char *const severity_names[SEVERITY_COUNT];

/* Who uses whose bytes, in the order of struct finding's `severities`. */
enum direction { FORWARD, BACKWARD, DIRECTION_COUNT };

/* A place in a file, which is counted out only if there is something to say about it. The first that is not NULL counts. */
struct spot {
    const abide_function *function;
    const abide_signature *signature;
    const abide_type *type;
    const abide_constant *constant;
    size_t index; /* of a parameter, a field, a case */
};

/* How a change shows under one pair of ABIs. NULL: not at all, or nothing is to be said. */
struct sight {
    bool is_there;
    const char *before;
    const char *after;
};

struct finding {
    enum change change;
    const char *path; /* "send/m", "message/text" */
    enum severity severities[DIRECTION_COUNT];
    abide_position before, after;
    const char *via;         /* of types: where a function reaches it first, "send/m"; NULL */
    struct sight *sights;    /* one for each pair of modules */
    const char *reason;      /* of an entry of --accept that has it; NULL */
    const char *group;       /* what it is a change of: a type, a function */
    const char *cause_group; /* of which the change moved this one; NULL: nothing is known of it */
    bool is_consequence;     /* it is seldom made: something else moves, and this with it */
    size_t cause;            /* the finding that it follows from, + 1; 0: it stands for itself */
};

/* Types that only changed because of what lies in them. */
struct follower {
    const char *group, *cause;
};

struct comparison {
    struct cli *cli;
    struct question sides[2]; /* the old and the new one: as many modules in both */
    const char *names[2];     /* "geometry.abi.yaml", "v1.2:geometry.abi.yaml" */
    struct finding *findings;
    size_t finding_count, finding_capacity;
    size_t *slots; /* hash table of indexes + 1 into `findings` */
    size_t slot_count;
    struct follower *followers;
    size_t follower_count, follower_capacity;
    size_t module;      /* the pair of modules that is being looked at */
    enum severity most; /* of what is being looked at: worse is not known to matter */
    bool is_incomplete; /* something could not be judged */
};
static inline const abide_module *module_of(const struct comparison *comparison, int side)
{
    return comparison->sides[side].modules[comparison->module];
}

/* What is known about a change. `path` and the texts stay the caller's. */
struct seen {
    enum change change;
    const char *path;
    struct spot before, after;
    const char *old_text, *new_text; /* how it shows under this pair of modules */
    const char *via;
    const char *group; /* NULL: `path` */
    const char *cause; /* the group whose change moved it; NULL */
    bool is_call;      /* it is how a call looks, whatever was changed */
};
/* Adds it for the module that is looked at, or to the finding that is there; with severities of its own. */
void findings_add(struct comparison *comparison, const struct seen *seen, enum severity forward,
                  enum severity backward);
/* With those of the table. */
void findings_note(struct comparison *comparison, const struct seen *seen);
/* Changes of one type follow from those of another, which lies in it. */
void findings_follow(struct comparison *comparison, const char *group, const char *cause);
/* Whether it was found under the modules that are looked at. */
bool findings_have(struct comparison *comparison, enum change change, const char *path);
/* The worst that is left after --accept. */
enum severity findings_worst(const struct comparison *comparison, enum direction direction);
static inline enum severity finding_severity(const struct finding *finding)
{
    return finding->severities[FORWARD] > finding->severities[BACKWARD]
               ? finding->severities[FORWARD]
               : finding->severities[BACKWARD];
}
/* Worst first, then in the order of the new file; what follows from another finding knows of which. */
void findings_sort(struct comparison *comparison);
/* Whether such a change of a type or a call is seldom made: something else moves, and this with it. */
bool is_consequence(enum change change);
/* "ID PATH" */
const char *finding_name(const struct finding *finding);

/* ---- types ---- */

/* Who makes values of a type, and whether the other side sees them by value. A bit each. */
enum use { USE_PROGRAM_GIVES = 1, USE_LIBRARY_GIVES = 2, USE_BY_VALUE = 4, USE_ALL = 7 };

struct pairs;
struct pairs *pairs_new(struct comparison *comparison);
/* Two types that stand in the same place, of which something named `what` consists: looks at what they are, at once. */
struct edge {
    const char *path;
    const char *group; /* what has the place: a function, or a type */
    const char *via;
    struct spot before, after;
    enum change change; /* what it is if the two are of different kinds */
    unsigned use;       /* enum use */
    bool is_loose;      /* what promises say of it is left out: it is looked at elsewhere */
};
/* Whether anything was found here. The types behind are looked at by pairs_examine. */
bool pairs_join(struct pairs *pairs, const struct edge *edge, const abide_type *before,
                const abide_type *after);
/* Parameters and results of two signatures: of functions, or (`is_type`) of what is called back. */
bool pairs_join_signatures(struct pairs *pairs, const char *path, const char *via,
                           const abide_signature *before, const abide_signature *after,
                           unsigned use, bool is_type);
/* Types of one name that no function reaches; nothing happens if either was joined. */
void pairs_join_unreached(struct pairs *pairs, const abide_type *before, const abide_type *after);
/* Where such types are reached from, in the place of a function's name. */
extern const char pairs_nowhere[];
/* Looks at all pairs of types that were joined since the last time. */
void pairs_examine(struct pairs *pairs);
/* Whether from these two, which were joined, something can be reached that was found. */
bool pairs_lead_to_finding(struct pairs *pairs, const abide_type *before, const abide_type *after);

/* Which type's change made these two, which are handed over by value, other bytes: the path of its pair. NULL: none did. */
const char *pairs_cause(struct pairs *pairs, const abide_type *before, const abide_type *after);

/* Through other names for a type. */
const abide_type *bare(const abide_type *type);
bool is_kind(const abide_type *type, const char *kind);

/* ---- calls ---- */

/* Where arguments and results go, of what `model` names: its path, via and cause. Whether anything was found. */
bool calls_compare(struct comparison *comparison, const struct seen *model,
                   const abide_signature *before, const abide_signature *after);

/* Compares everything, under every pair of modules. */
void compare_all(struct comparison *comparison);

/* ---- around it ---- */

/* What `git show REVISION:FILE` prints. NULL: reported. */
const char *git_read(struct cli *cli, const char *revision, const char *file, size_t *length_bytes);

struct accept;
/* Reads the file of --accept. false: reported. */
bool accept_load(struct cli *cli, struct accept **accept);
/* Gives findings the reasons of those that are accepted. */
void accept_apply(struct accept *accept, struct comparison *comparison);
/* Entries that nothing was found for; NULL past the last. */
const char *accept_unused_at(const struct accept *accept, size_t index);

void compare_print_text(struct comparison *comparison, const struct accept *accept);
void compare_print_json(struct comparison *comparison, const struct accept *accept);

#endif
