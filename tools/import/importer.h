/* One target's header on its way into a model: what the parts of the importer share. */
#ifndef ABIDE_IMPORT_IMPORTER_H
#define ABIDE_IMPORT_IMPORTER_H

#include "macros.h"
#include "names.h"
#include "unit.h"

struct importer {
    const struct unit *unit;
    struct model *model;
    const struct targets *targets;
    size_t target; /* index of this one */
    struct names names;
    struct macros macros;
    struct entry *current;  /* what needs what is referred to; NULL: nothing */
    unsigned pointer_depth; /* behind how many pointers */
    CXType aligned;         /* the name of a record without a tag, if it says its alignment */
    const char *why;        /* why the last thing could not be said */
};

/* The model of a header for one of the targets. NULL: the reasons are on standard error. */
struct model *import_target(const struct request *request, const struct targets *targets,
                            size_t target);

/* Says why something cannot be said, for a caller who returns NULL or false. */
void unsaid(struct importer *importer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void remark(struct importer *importer, CXCursor cursor, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What goes on while an entry is made, in place of what goes on now. */
struct scope {
    struct entry *current;
    unsigned pointer_depth;
};
struct scope enter_entry(struct importer *importer, struct entry *entry);
void leave_entry(struct importer *importer, struct scope scope);

/* What the names know a declaration by. */
const void *key_of(CXCursor declaration);

/* declarations.c: a new entry among the types or functions; `wish` is the name it gets if it can. */
struct entry *new_type(struct importer *importer, CXCursor declaration, const char *wish,
                       const char *kind);
/* Notes that the current entry needs another one, and returns its name. */
const char *refer(struct importer *importer, const struct entry *entry);
bool has_tag(CXCursor declaration);
/* typedef struct {...} name: libclang gives it the name, and programs cannot write `struct name`. */
bool is_named_by_typedef(CXCursor record);
const char *doc_of(CXCursor declaration);
/* Whether an attribute forbids saying the declaration. */
bool is_sayable(struct importer *importer, CXCursor declaration, const char *unknown_attribute);

/* types.c: expressions. NULL: it cannot be said. */
const char *type_expression(struct importer *importer, CXType type);
/* Without what only programs see: the words of tags, parentheses, attributes. Names stay. */
CXType without_sugar(CXType type);
const char *parameter_expression(struct importer *importer, CXType type);
const char *result_expression(struct importer *importer, CXType type);
bool is_function(CXType canonical);
/* A signature without names, as in `fn(...)`. */
const char *signature_of_type(struct importer *importer, CXType function);
/* The scalar that an interface file has for an integer type. NULL: none. */
const char *scalar_of(CXType type);

/* records.c */
const char *record_expression(struct importer *importer, CXCursor declaration);
/* enums.c */
const char *enum_expression(struct importer *importer, CXCursor declaration);
/* The same for those without a name, which get one. */
const char *hoisted_expression(struct importer *importer, CXCursor declaration, const char *wish);

/* typedefs.c: NULL without a reason: the name means nothing here, see what it stands for. */
const char *typedef_expression(struct importer *importer, CXType type);
void import_typedef(struct importer *importer, CXCursor declaration);
/* Whether the name alone says of an alignment what its type does not. */
bool typedef_changes_alignment(CXType type);
/* typedef struct {...} name __attribute__((aligned(16))): the record has no other name, so it gets the alignment. */
void note_alignment(struct importer *importer, CXType type);

/* functions.c */
void import_function(struct importer *importer, CXCursor declaration);

#endif
