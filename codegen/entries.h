/*
 * Functions of their own for closures, without code of their own: pages of entries that are all alike, each of which knows where its
 * record is by where it is itself, so far behind. The pages of entries are written once and are then executable; those of records
 * are data.
 */
#ifndef ABIDE_CODEGEN_ENTRIES_H
#define ABIDE_CODEGEN_ENTRIES_H

#include "abide/jit.h"

/* Bytes of the entries of one block, and of its records; as many as the largest pages have. */
#define ABIDE_ENTRIES_BYTES ((size_t)1 << 16)

/* What an entry finds: the thunk takes the address of the record. An entry is at most twice as large. */
struct abide_entry_record {
    abide_closure_record closure;
    abide_jit_function *thunk;
    struct abide_entry_record *next; /* free: the next free one */
};

struct abide_entries_block;

struct abide_entries {
    const void *code; /* of one entry, which works wherever it is; NULL: none is known yet */
    size_t code_bytes;
    struct abide_entries_block *blocks;
    struct abide_entry_record *unused;
};

/* Not for several threads at once. NULL: no memory. */
abide_jit_function *abide_entries__add(struct abide_entries *entries, abide_jit_function *thunk,
                                       abide_jit_function *code, void *env);
void abide_entries__remove(struct abide_entries *entries, abide_jit_function *entry);
void abide_entries__free(struct abide_entries *entries);

#endif
