/* Debug information on its way into a model: what the parts of the importer share. */
#ifndef ABIDE_IMPORT_READER_H
#define ABIDE_IMPORT_READER_H

#include "import/choice.h"
#include "import/names.h"

#include <elfutils/libdw.h>

/* What the command line asks for. */
struct request {
    const char *binary;
    const char *target; /* NULL: this machine's */
    const char *package;
    struct texts from; /* patterns of source files; none: all */
    bool all;          /* also functions that are only declared */
    struct choice *choice;
    bool quiet;
    bool each; /* nothing that is left out is only counted in the summary */
};

/* How a language's debug information is to be read. */
struct language {
    int code;
    const char *name;
    bool has_c_names; /* its integers are called as C calls them */
    bool
        has_c_layouts; /* fields lie in the order in which they are declared, alignment is said where it is unusual */
    bool has_c_calls; /* its functions are called as C's are */
    bool has_scopes;  /* types of different scopes may have the same name */
    bool says_prototyped;
    bool is_column_major;
    bool
        has_value_constants; /* what has a value in place of an address is a constant, whatever its type says */
    bool
        exports_constants; /* what others can link with, and is constant, is a constant to them too */
    bool passes_addresses; /* of parameters, whose types then do not say it */
    long long lower_bound; /* of arrays that do not say it */
};

/* A scalar that was used, and its size: the target must agree. */
struct scalar_use {
    const char *word, *c_name;
    uint64_t size_bytes;
};

/* A record that was only pointed to so far. */
struct later {
    struct entry *entry;
    Dwarf_Die *die;
};

struct reader {
    const struct request *request;
    struct model *model;
    struct names names, function_names;
    struct identity *identities; /* types of the same name and content (identity.c) */
    struct scope_of *scopes;     /* prefixes of names by declaration */
    const struct binary *binary;
    bool is_big_endian;
    struct said *constants; /* by name (constants.c) */
    struct symbol *symbols; /* what the binary defines; NULL: it has no table */
    LIST(struct scalar_use) scalars;
    LIST(struct later) later;
    size_t content_bytes; /* of the texts that types are known by */
    unsigned pointer_bytes;
    const struct language *language; /* of what is being read */
    bool is_without_types;           /* the unit that is being read */
    struct parts *parts;             /* of units that stand in another file, and have been read */
    const void *unit;                /* that it is in */
    struct entry *current;           /* what needs what is referred to; NULL: nothing */
    unsigned pointer_depth;          /* behind how many pointers */
    unsigned depth;                  /* of definitions and expressions in each other */
    unsigned work;                   /* what has been read for the current entry */
    uint64_t said_align_bytes;       /* by the name of a record that has no other; 0: not said */
    const char *why;                 /* why the last thing could not be said */
};

enum {
    DEPTH_MAX = 40,       /* expressions and definitions in each other */
    WORK_MAX = 20000,     /* declarations that one entry may refer to, each time it does */
    LOOKS_MAX = 2000,     /* declarations that are looked at to find out one thing */
    ENTRIES_MAX = 200000, /* types and functions */
    MEMBERS_MAX = 100000, /* of a record or an enum */
};

/* Says why something cannot be said, for a caller who returns NULL or false. */
void unsaid(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- binary.c: the file, and numbers in it ------------------------------------------------------- */
struct binary {
    void *dwfl;
    void **modules; /* the objects of an archive; else one */
    size_t module_count;
    void *module; /* that is being read, and what it has */
    Dwarf *dwarf;
    Elf *elf;
    Elf *plain;    /* the same before it is relocated */
    uint64_t bias; /* of addresses in the debug information */
    int file;      /* of `plain`; -1: it is not open */
};
/* false: the reason is on standard error. */
bool binary_open(struct binary *binary, const struct request *request);
void binary_close(struct binary *binary);
/* Goes on with one of the modules. false: it has no debug information. */
bool binary_select(struct binary *binary, size_t index);
/* The symbols that others can link with. */
void binary_symbols(const struct binary *binary, struct reader *reader);
bool is_symbol(const struct reader *reader, const char *name);

/* An attribute as a number; false: there is none, or it is an expression. */
bool die_number(Dwarf_Die *die, unsigned name, uint64_t *value);
/* A number that may be negative, as constants of enums are. */
bool die_value(Dwarf_Die *die, unsigned name, bool is_unsigned, int64_t *value);
/* The declaration that an attribute refers to. */
bool die_reference(Dwarf_Die *die, unsigned name, Dwarf_Die *to);
bool die_type(Dwarf_Die *die, Dwarf_Die *type);
bool die_flag(Dwarf_Die *die, unsigned name);
/* Not what defines it. */
bool is_declaration(Dwarf_Die *die);
/* NULL: it has none. */
const char *die_name(Dwarf_Die *die);
struct place die_place(const struct reader *reader, Dwarf_Die *die);
/* Without qualifiers; `is_const` and `is_atomic` may be NULL. false: it is void. */
bool die_peel(Dwarf_Die *die, bool with_typedefs, bool *is_const, bool *is_atomic);
/* Goes through the children: for (bool more = die_child(&parent, &child); more; more = die_next(&child)) */
bool die_child(Dwarf_Die *parent, Dwarf_Die *child);
bool die_next(Dwarf_Die *die);
bool is_record_tag(int tag);

/* The bytes at an address of what is loaded and never written. false: there are none, or too few. */
bool binary_read(const struct binary *binary, uint64_t address, unsigned char *bytes,
                 size_t length_bytes);

/* ---- entries.c ----------------------------------------------------------------------------------- */
struct scope {
    struct entry *current;
    unsigned pointer_depth, work;
};
struct scope enter_entry(struct reader *reader, struct entry *entry);
void leave_entry(struct reader *reader, struct scope scope);
/* A new entry among the types; `wish` is the name it gets if it can. NULL: there are too many. */
struct entry *new_type(struct reader *reader, Dwarf_Die *die, const char *wish, const char *kind);
/* Whether it is declared in what is asked for. */
bool is_own_place(const struct reader *reader, const struct place *place);
const char *refer(struct reader *reader, const struct entry *entry);
/* Counts what is read, and how deep. false: it is too much. Each true is followed by descend_end. */
bool descend(struct reader *reader);
void descend_end(struct reader *reader);
/* A name with its scopes in front, as `scope-name`. */
const char *scoped_name(const struct reader *reader, Dwarf_Die *die, const char *name);
void keep_scope(struct reader *reader, Dwarf_Die *die, const char *scope);

/* ---- identity.c: the same type in several units -------------------------------------------------- */
/* A text that is the same for the same type of each unit. */
const char *content_of(struct reader *reader, Dwarf_Die *die);
struct entry *identity_find(const struct reader *reader, const char *wish, const char *content);
void identity_keep(struct reader *reader, const char *wish, const char *content,
                   struct entry *entry);

/* ---- scalars.c ----------------------------------------------------------------------------------- */
const char *scalar_expression(struct reader *reader, Dwarf_Die *base);
bool base_is_unsigned(Dwarf_Die *base);
/* What an integer of this size is called. NULL: nothing. */
const char *integer_word(bool is_unsigned, uint64_t size_bytes);

/* ---- types.c ------------------------------------------------------------------------------------- */
const char *type_expression(struct reader *reader, Dwarf_Die *die);
/* The type of a member, a parameter: what DW_AT_type of it says. */
const char *type_expression_of(struct reader *reader, Dwarf_Die *owner);
/* Whether what DW_AT_type of a declaration refers to is in another unit, which is not there: it is said. */
bool is_lost(struct reader *reader, Dwarf_Die *owner);
/* A pointer of the kind `word` to `type`; NULL: to anything. */
const char *pointer_to(struct reader *reader, Dwarf_Die *type, const char *word);

/* ---- arrays.c, typedefs.c ------------------------------------------------------------------------ */
const char *array_expression(struct reader *reader, Dwarf_Die *die);
const char *typedef_expression(struct reader *reader, Dwarf_Die *die);
void import_typedef(struct reader *reader, Dwarf_Die *die);
/* The word that C libraries have for what a typedef names, such as uint64_t; NULL: it is no such name. */
const char *standard_word(const struct reader *reader, Dwarf_Die *die);
/* Whether it is the compiler's own list of unnamed arguments. */
bool is_list(Dwarf_Die *die);

/* ---- signatures.c -------------------------------------------------------------------------------- */
const char *result_expression(struct reader *reader, Dwarf_Die *function);
/* A signature; `with_names` of parameters. */
const char *signature_text(struct reader *reader, Dwarf_Die *function, bool with_names);
/* The convention that is said of a function; false: one that has no name here. NULL: the usual one. */
bool convention_word(struct reader *reader, Dwarf_Die *function, const char **word);

/* ---- constants.c ---------------------------------------------------------------------------------- */
/* A variable or a constant of a unit or a class: as a constant, or counted as what it is. */
void import_variable(struct reader *reader, Dwarf_Die *die);
/* In the order of the source. */
void constants_sort(struct reader *reader);

/* ---- records.c, enums.c, functions.c, walk.c ----------------------------------------------------- */
const char *record_expression(struct reader *reader, Dwarf_Die *die, const char *wish);
/* Records that are pointed to are defined when what points to them has been: rows of them may be long. */
void define_later(struct reader *reader, struct entry *entry, Dwarf_Die *die);
void define_rest(struct reader *reader);
const char *enum_expression(struct reader *reader, Dwarf_Die *die, const char *wish);
void import_function(struct reader *reader, Dwarf_Die *die);
/* Everything of the binary. */
void walk(struct reader *reader, Dwarf *dwarf);
/* The language of the unit that a declaration is in holds until leave_unit. */
struct position {
    const struct language *language;
    const void *unit;
};
struct position enter_unit(struct reader *reader, Dwarf_Die *die);
void leave_unit(struct reader *reader, struct position position);

/* ---- guess.c, fit.c: facts that debug information does not tell --------------------------------- */
/* A member as debug information has it. */
struct raw_member {
    const char *name, *type; /* as in struct member */
    struct guess *inner;     /* defined in place */
    bool is_bit_field;
    unsigned bits;
    uint64_t offset_bits, size_bytes; /* of its type; 0: not known */
    uint64_t align_bytes;             /* that is said; 0: none is */
    uint64_t likely_align_bytes;      /* of a scalar of its size */
    const char *doc;
};

struct guess {
    const char *keyword;
    uint64_t size_bytes, align_bytes; /* alignment 0: not said */
    bool has_c_layout;
    LIST(struct raw_member) members;
    size_t attempt;  /* which of the facts are tried */
    bool is_pending; /* the engine has not found the same yet */
};

/* The record with the facts of the next attempt; NULL: there is none left. */
struct record *guess_next(struct guess *guess);
/*
 * Finds facts with which the engine comes to the layouts that the binary has, and refuses what none explain. false: nothing can be
 * said at all; the reason is on standard error.
 */
bool fit(struct reader *reader, const struct heading *heading);

#endif
