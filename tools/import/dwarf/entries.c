/* Entries of the model, and how much may be read for one. */
#include "reader.h"

#include <dwarf.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define uthash_malloc(size_bytes)       store_new(1, size_bytes)
#define uthash_free(memory, size_bytes) ((void)(memory))
#include <uthash.h>

struct scope_of {
    const void *declaration;
    const char *scope;
    UT_hash_handle hh;
};

void unsaid(struct reader *reader, const char *format, ...)
{
    char why[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    reader->why = store_copy(why);
}

struct scope enter_entry(struct reader *reader, struct entry *entry)
{
    struct scope scope = {reader->current, reader->pointer_depth, reader->work};
    reader->current = entry;
    reader->pointer_depth = 0;
    reader->work = 0;
    reader->why = NULL;
    return scope;
}

void leave_entry(struct reader *reader, struct scope scope)
{
    reader->current = scope.current;
    reader->pointer_depth = scope.pointer_depth;
    reader->work = scope.work;
}

bool is_own_place(const struct reader *reader, const struct place *place)
{
    if (reader->request->from.count == 0)
        return true;
    for (size_t i = 0; i < reader->request->from.count; i++)
        if (fnmatch(reader->request->from.items[i], place->file, 0) == 0)
            return true;
    return false;
}

struct entry *new_type(struct reader *reader, Dwarf_Die *die, const char *wish, const char *kind)
{
    if (reader->model->types.count >= ENTRIES_MAX) {
        unsaid(reader, "there are more than %d types", ENTRIES_MAX);
        return NULL;
    }
    struct entry *entry = store_new(1, sizeof *entry);
    entry->name = names_take(&reader->names, wish, kind);
    entry->c_name = store_printf("%s %.200s", kind, wish);
    entry->place = die_place(reader, die);
    /* What compilers declare by themselves has no place. */
    bool is_of_compiler = reader->language->has_c_names && entry->place.line == 0;
    entry->is_own = !is_of_compiler && is_own_place(reader, &entry->place);
    names_keep(&reader->names, die->addr, entry);
    LIST_ADD(&reader->model->types, entry);
    return entry;
}

const char *refer(struct reader *reader, const struct entry *entry)
{
    if (reader->current && reader->current != entry)
        LIST_ADD(&reader->current->needs,
                 (struct need){entry->name, reader->pointer_depth == 0, entry});
    return entry->name;
}

bool descend(struct reader *reader)
{
    if (reader->depth >= DEPTH_MAX || reader->work >= WORK_MAX) {
        unsaid(reader, "it is made of too much");
        return false;
    }
    reader->depth++;
    reader->work++;
    return true;
}

void descend_end(struct reader *reader)
{
    reader->depth--;
}

void keep_scope(struct reader *reader, Dwarf_Die *die, const char *scope)
{
    struct scope_of *found;
    const void *key = die->addr;
    HASH_FIND_PTR(reader->scopes, &key, found);
    if (found)
        return;
    found = store_new(1, sizeof *found);
    found->declaration = die->addr;
    found->scope = scope;
    HASH_ADD_PTR(reader->scopes, declaration, found);
}

const char *scoped_name(const struct reader *reader, Dwarf_Die *die, const char *name)
{
    struct scope_of *found;
    const void *key = die->addr;
    HASH_FIND_PTR(reader->scopes, &key, found);
    return found ? store_printf("%s-%s", found->scope, name) : name;
}
