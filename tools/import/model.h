/*
 * What an interface file says of a header: types and functions, as one target has them (declarations.c) and then as all targets
 * have them (merge.c). Nothing here knows libclang.
 */
#ifndef ABIDE_IMPORT_MODEL_H
#define ABIDE_IMPORT_MODEL_H

#include "store.h"

#include <stdint.h>

struct place {
    const char *file;
    unsigned line;   /* 0: not known */
    unsigned column; /* in bytes, from 1; 0: not known */
};

/* Where one target has the members of a record, and how large it is. `is_known` false: the target was not asked. */
struct layout {
    bool is_known;
    uint64_t size_bytes, align_bytes; /* alignment 0: not known */
    uint64_t *offsets_bits;           /* one for each member */
};

struct record;
struct guess;
struct entry;

struct member {
    const char *name; /* NULL: an anonymous record or an unnamed bit-field */
    const char *type; /* an expression; NULL: `record` is defined in place */
    struct record *record;
    bool is_bit_field;
    unsigned bits;
    bool packed;
    uint64_t align_bytes; /* 0: not said */
    const char *doc;      /* NULL: none */
};

struct record {
    const char *keyword; /* "struct", "union" */
    bool packed;
    uint64_t pack_bytes, align_bytes; /* 0: not said */
    uint64_t member_align_bytes; /* the largest of a member: a larger `pack` would change nothing */
    LIST(struct member) members;
    struct layout *layouts; /* by target */
};

struct enumerator {
    const char *name, *value;
    const char *doc; /* NULL: none */
};

enum form { FORM_OPAQUE, FORM_RECORD, FORM_ENUM, FORM_ALIAS, FORM_FUNCTION_POINTER, FORM_FUNCTION };

/* That an entry needs another one, by name. */
struct need {
    const char *name;
    bool by_value;             /* not behind a pointer */
    const struct entry *entry; /* in the model of one target */
};

struct entry {
    const char *name;   /* in the interface file */
    const char *c_name; /* for messages */
    struct place place;
    enum form form;
    const char *doc;       /* NULL: none */
    struct record *record; /* FORM_RECORD */
    LIST(struct enumerator) enumerators;
    const char *base;       /* FORM_ENUM; NULL: the ABI chooses */
    const char *text;       /* the expression of an alias; the signature of a function */
    const char *convention; /* NULL: the target's own */
    const char *symbol;     /* NULL: the name */
    uint64_t *sizes_bytes;  /* FORM_ENUM: by target; 0: not asked */
    LIST(struct need) needs;
    const char *refusal; /* why it is left out; NULL: it is not */
    bool is_own;         /* declared in what is imported; else it is there because others need it */
    bool is_record;
    bool is_stub;        /* a record that was refused, and that others point to: it is opaque */
    bool is_kept;        /* written: own, or needed by what is */
    struct guess *guess; /* a record whose facts are found by trying; NULL: they are known */
};

/* A constant: macros of C, and variables that are constants. */
struct constant {
    const char *name;
    struct place place;
    const char *type;    /* NULL: nothing is known of it */
    const char **values; /* by target, as interface files write them; NULL: none */
    unsigned alike;      /* bits of alike_words: what else names the type on all targets */
    bool is_macro;
    const char *
        refusal; /* what such things are called, where none of the targets has a value; NULL: one has */
};

/* Words for integers that are another type of C on each target; size first, since C has it for what is counted. */
enum { ALIKE_COUNT = 7 };
extern const char *const alike_words[ALIKE_COUNT];

struct constants {
    struct constant **items;
    size_t count;
};

/* Things that are left out for a reason that many have. */
struct counted {
    size_t count;
    const char *what;
};

/* Something that is said less well than in C, or not at all, though what it belongs to is. */
struct remark {
    struct place place;
    const char *text;
    const struct entry *entry; /* that it is about, in the model of one target; NULL: none */
};

struct entries {
    struct entry **items;
    size_t count;
};

struct model {
    struct entries types, functions;
    struct constants constants;
    LIST(struct remark) remarks;
    LIST(struct counted) counted;
    const char *first_include; /* of the header; NULL: none */
};

struct targets {
    const char *const *names;
    size_t count;
};

/* Everything that the model of one target says and those of the others say too; what they do not is refused. */
struct model *merge(struct model *const *models, const struct targets *targets);
/* One more of what is left out for this reason. */
void count_out(struct model *model, const char *what);
/* Refuses what needs something that is refused; records that are only pointed to become opaque; what nobody needs goes. */
void settle(struct model *model);
/* Whether nothing is written. */
bool model_is_empty(const struct model *model);
/* Keeps only the types that are `wanted`, and what they need. */
void keep_only(struct model *model, bool (*wanted)(const struct entry *entry));
/* How what many have in common is said: at the end of the summary, which people read, or as warnings, which programs do. */
enum voice { VOICE_NONE, VOICE_SUMMARY, VOICE_EACH };
/* What is left out, with its place, on standard error. */
void report(const struct model *model, const char *program, enum voice voice);

struct heading {
    const char *header, *tool, *package; /* package: NULL, none */
    const char *source;                  /* its digest (source.h); NULL: not known */
    const struct targets *targets;
};

void write_model(struct text *text, const struct model *model, const struct heading *heading);
/* One entry without what compilers say of it: what targets must agree on. */
const char *definition_text(const struct entry *entry);

#endif
