/* What the files of join.c share: objects in pieces on their way into one. */
#ifndef ABIDE_CODEGEN_JOIN_PIECES_H
#define ABIDE_CODEGEN_JOIN_PIECES_H

#include "elf.h"
#include "join.h"

#define ABIDE_JOIN_NONE SIZE_MAX

/* A symbol of the result: locals and others are counted apart until all are known. */
struct abide_join_reference {
    bool is_local;
    size_t index; /* ABIDE_JOIN_NONE: no symbol */
};

struct abide_join_output_relocation {
    struct abide_elf_relocation relocation;
    struct abide_join_reference symbol;
};

struct abide_join_output_section {
    struct abide_elf_section section; /* but for bytes, size and what is counted later */
    struct abide_text bytes;
    uint64_t size_bytes;
    ABIDE_VEC(struct abide_join_output_relocation) relocations;
    bool has_addends;
    size_t symbol; /* the local one that stands for it; ABIDE_JOIN_NONE: nothing needs it so far */
    const char *mapping; /* the last mapping symbol in it (is_mapping); NULL: none */
};

/* A record of unwind information about code. */
struct abide_join_record {
    size_t at_bytes, size_bytes;
    size_t common;          /* the record of the result that it counts on, by number */
    size_t first, count;    /* its relocations */
    size_t next_of_section; /* ABIDE_JOIN_NONE: the last one about its section */
};

/* Where a symbol of an object is in the result, as seen from one piece. */
struct abide_join_seen {
    size_t piece; /* for which this holds, plus 1 */
    struct abide_join_reference symbol;
};

struct abide_join_input {
    struct abide_elf elf;
    size_t *relocations;          /* by section: the section with its relocations; 0: none */
    size_t *first_symbol;         /* by section; ABIDE_JOIN_NONE: no symbols are in it */
    size_t *next_symbol;          /* by symbol: of the same section */
    struct abide_join_seen *seen; /* by symbol */
    size_t *functions;            /* sections of functions that are copied, by index */
    size_t function_count;
    bool *is_function;  /* by section */
    size_t *output;     /* by section: that of the result, for pieces that are put there once */
    uint64_t *at_bytes; /* by section: where there */
    size_t unwinding;   /* its section; 0: none */
    struct abide_join_record *records;
    size_t *first_record; /* by section */
    size_t *last_record;
};

struct abide_join_piece {
    struct abide_join_input *input;
    size_t number;
    size_t section;
    size_t output;
    uint64_t at_bytes;
    const struct abide_join_copy *copy; /* NULL: names are what they are */
};

struct abide_join_common {
    const unsigned char *bytes;
    size_t size_bytes;
    size_t at_bytes;
};

struct abide_join {
    abide_ctx *ctx;
    struct abide_elf_target target;
    struct abide_join_input *inputs;
    size_t input_count;
    unsigned char fill;
    ABIDE_VEC(struct abide_join_piece) pieces;
    ABIDE_VEC(struct abide_join_output_section) outputs;
    ABIDE_VEC(struct abide_elf_symbol) locals;
    ABIDE_VEC(struct abide_elf_symbol) globals;
    ABIDE_VEC(struct abide_elf_section) marks;
    ABIDE_VEC(struct abide_join_common) commons;
    size_t *slots; /* of globals by name: index plus 1 */
    size_t slot_count;
    size_t unwinding; /* its output; ABIDE_JOIN_NONE: none yet */
};

/* The section of the result that a section of an object, under a name, goes to. */
size_t abide_join__output_for(struct abide_join *j, const struct abide_elf_section *section,
                              const char *name);
/* Puts a section there. `copy`: of a function, under other names; else NULL. */
struct abide_join_piece *abide_join__put(struct abide_join *j, struct abide_join_input *input,
                                         size_t number, const char *name,
                                         const struct abide_join_copy *copy);
/* Enters the symbols that a piece defines. false: two define one. */
bool abide_join__define(struct abide_join *j, const struct abide_join_piece *piece);
/* Its relocations, and one of another section that is about it. false: they are of a kind that cannot be joined. */
bool abide_join__relocate(struct abide_join *j, const struct abide_join_piece *piece);
bool abide_join__add_relocation(struct abide_join *j, const struct abide_join_piece *piece,
                                size_t table, size_t index, size_t output, uint64_t from_bytes,
                                uint64_t to_bytes);

size_t abide_join__add_local(struct abide_join *j, struct abide_elf_symbol symbol);
bool abide_join__is_mapping(const struct abide_elf_symbol *symbol);
struct abide_elf_symbol abide_join__moved(const struct abide_elf_symbol *symbol, size_t output,
                                          uint64_t at_bytes);
struct abide_elf_symbol abide_join__defined(struct abide_elf_symbol symbol);

/* The records of an object, by the code that they are about; those of one piece (join_unwinding.c). */
bool abide_join__read_unwinding(struct abide_join *j, struct abide_join_input *input);
bool abide_join__unwind(struct abide_join *j, const struct abide_join_piece *piece);

/* The bytes of the result, when all pieces are in it (join_file.c). */
struct abide_text abide_join__write(struct abide_join *j);

#endif
