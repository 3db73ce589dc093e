/* Blocks of entries and of records side by side, from the operating system. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */ // NOLINT(bugprone-reserved-identifier,cert-dcl37-c)
#include "entries.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct abide_entries_block {
    struct abide_entries_block *next;
    char *memory; /* entries, then records */
};

/* From one entry to the next, and from one record to the next. */
static size_t stride_bytes(const struct abide_entries *entries)
{
    size_t record_bytes = sizeof(struct abide_entry_record);
    assert(entries->code && entries->code_bytes <= 2 * record_bytes);
    return entries->code_bytes <= record_bytes ? record_bytes : 2 * record_bytes;
}

static struct abide_entry_record *record_behind(char *entry)
{
    /* Records are aligned, as blocks and strides are: NOLINTNEXTLINE(bugprone-casting-through-void) */
    return (struct abide_entry_record *)(void *)(entry + ABIDE_ENTRIES_BYTES);
}

static char *entry_before(struct abide_entry_record *record)
{
    return (char *)record - ABIDE_ENTRIES_BYTES;
}

/* Writes the entries; then they are code. false: the system does not allow that. */
static bool write_entries(const struct abide_entries *entries, char *memory)
{
    size_t stride = stride_bytes(entries);
    for (size_t at = 0; at < ABIDE_ENTRIES_BYTES; at += stride)
        memcpy(memory + at, entries->code, entries->code_bytes);
    __builtin___clear_cache(memory, memory + ABIDE_ENTRIES_BYTES);
    return mprotect(memory, ABIDE_ENTRIES_BYTES, PROT_READ | PROT_EXEC) == 0;
}

static bool add_block(struct abide_entries *entries)
{
    struct abide_entries_block *block = malloc(sizeof *block);
    void *memory = mmap(NULL, 2 * ABIDE_ENTRIES_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!block || memory == MAP_FAILED || !write_entries(entries, memory)) {
        if (memory != MAP_FAILED)
            munmap(memory, 2 * ABIDE_ENTRIES_BYTES);
        free(block);
        return false;
    }
    *block = (struct abide_entries_block){entries->blocks, memory};
    entries->blocks = block;
    for (size_t at = ABIDE_ENTRIES_BYTES; at > 0;) {
        at -= stride_bytes(entries);
        struct abide_entry_record *record = record_behind(block->memory + at);
        record->next = entries->unused;
        entries->unused = record;
    }
    return true;
}

abide_jit_function *abide_entries__add(struct abide_entries *entries, abide_jit_function *thunk,
                                       abide_jit_function *code, void *env)
{
    if (!entries->unused && !add_block(entries))
        return NULL;
    struct abide_entry_record *record = entries->unused;
    entries->unused = record->next;
    *record = (struct abide_entry_record){{code, env}, thunk, NULL};
    char *entry = entry_before(record);
    abide_jit_function *function;
    memcpy(&function, &entry, sizeof function);
    return function;
}

/* A call of what is gone meets a null pointer. */
void abide_entries__remove(struct abide_entries *entries, abide_jit_function *function)
{
    char *entry;
    memcpy(&entry, &function, sizeof entry);
    struct abide_entry_record *record = record_behind(entry);
    *record = (struct abide_entry_record){.next = entries->unused};
    entries->unused = record;
}

void abide_entries__free(struct abide_entries *entries)
{
    while (entries->blocks) {
        struct abide_entries_block *block = entries->blocks;
        entries->blocks = block->next;
        munmap(block->memory, 2 * ABIDE_ENTRIES_BYTES);
        free(block);
    }
}
