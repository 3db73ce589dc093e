/* Names of types. */
#include "names.h"

#include <ctype.h>
#include <string.h>

#define uthash_malloc(size_bytes)       store_new(1, size_bytes)
#define uthash_free(memory, size_bytes) ((void)(memory))
#include <uthash.h>

struct known {
    const void *declaration;
    struct entry *entry;
    UT_hash_handle hh;
};

struct taken {
    const char *name;
    UT_hash_handle hh;
};

/* Words of type expressions (abi-specs/interface.md). A test asks the engine about each. */
static const char *const reserved[] = {
    "array",    "bf16",     "bitset",       "bool",    "borrow",  "box",        "bytes",
    "callback", "char",     "closure",      "complex", "cstring", "dyn",        "f128",
    "f16",      "f32",      "f64",          "f80",     "fn",      "from",       "i128",
    "i16",      "i32",      "i64",          "i8",      "in",      "inout",      "mutptr",
    "mutref",   "mutslice", "newtype",      "once",    "option",  "out",        "own",
    "ptr",      "raw",      "ref",          "result",  "self",    "seq",        "shared",
    "size",     "slice",    "ssize",        "string",  "string0", "string16",   "tuple",
    "u128",     "u16",      "u32",          "u64",     "u8",      "unit",       "uptr",
    "va_list",  "vector",   "void",         "c_char",  "c_schar", "c_uchar",    "c_short",
    "c_ushort", "c_int",    "c_uint",       "c_long",  "c_ulong", "c_longlong", "c_ulonglong",
    "c_float",  "c_double", "c_longdouble", "c_wchar",
};

bool name_is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(reserved[i], name) == 0)
            return true;
    return false;
}

bool name_is_possible(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return false;
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
            return false;
    return strlen(name) <= 1000;
}

static bool is_taken(const struct names *names, const char *name)
{
    struct taken *found;
    HASH_FIND_STR(names->taken, name, found);
    return found || name_is_reserved(name);
}

/* Characters that a name cannot have become dashes. */
static const char *cleaned(const char *wish)
{
    struct text text = {0};
    if (!isalpha((unsigned char)*wish) && *wish != '_')
        text_add(&text, "_");
    for (const char *c = wish; *c && text.length_bytes < 900; c++)
        text_add(&text, "%c", isalnum((unsigned char)*c) || *c == '_' ? *c : '-');
    return text.chars;
}

const char *names_take(struct names *names, const char *wish, const char *kind)
{
    const char *name = cleaned(wish);
    if (is_taken(names, name))
        name = store_printf("%s-%s", kind, name);
    while (is_taken(names, name))
        name = store_printf("%s_", name);
    struct taken *taken = store_new(1, sizeof *taken);
    taken->name = name;
    HASH_ADD_KEYPTR(hh, names->taken, name, strlen(name), taken);
    return name;
}

static const void *key_of(CXCursor declaration)
{
    return clang_getCanonicalCursor(declaration).data[0];
}

void names_keep(struct names *names, CXCursor declaration, struct entry *entry)
{
    struct known *known = store_new(1, sizeof *known);
    known->declaration = key_of(declaration);
    known->entry = entry;
    HASH_ADD_PTR(names->known, declaration, known);
}

struct entry *names_find(const struct names *names, CXCursor declaration)
{
    const void *key = key_of(declaration);
    struct known *known;
    HASH_FIND_PTR(names->known, &key, known);
    return known ? known->entry : NULL;
}
