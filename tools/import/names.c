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

/* Names that all C libraries have, whatever they stand for, and what interface files call them. */
static const struct standard_word standard[] = {
    {"int8_t", "i8", 1},
    {"int16_t", "i16", 2},
    {"int32_t", "i32", 4},
    {"int64_t", "i64", 8},
    {"uint8_t", "u8", 1},
    {"uint16_t", "u16", 2},
    {"uint32_t", "u32", 4},
    {"uint64_t", "u64", 8},
    {"size_t", "size", 0},
    {"ssize_t", "ssize", 0},
    {"ptrdiff_t", "ssize", 0},
    {"intptr_t", "ssize", 0},
    {"uintptr_t", "uptr", 0},
    {"wchar_t", "c_wchar", -1},
    {"char16_t", "u16", 2},
    {"char32_t", "u32", 4},
    {"va_list", "va_list", -1},
    {"__gnuc_va_list", "va_list", -1},
    {"__builtin_va_list", "va_list", -1},
    /* Those of Linux's own headers. */
    {"__u8", "u8", 1},
    {"__u16", "u16", 2},
    {"__u32", "u32", 4},
    {"__u64", "u64", 8},
    {"__s8", "i8", 1},
    {"__s16", "i16", 2},
    {"__s32", "i32", 4},
    {"__s64", "i64", 8},
};

const struct standard_word *standard_word_of(const char *name)
{
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (strcmp(standard[i].name, name) == 0)
            return &standard[i];
    return NULL;
}

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

const char *name_cleaned(const char *wish)
{
    struct text text = {0};
    bool has_dash = false; /* what comes next is behind one */
    for (const char *c = wish; *c && text.length_bytes < 900; c++) {
        bool is_plain = isalnum((unsigned char)*c) || *c == '_';
        if (is_plain && text.length_bytes == 0 && isdigit((unsigned char)*c))
            text_add(&text, "_");
        if (is_plain)
            text_add(&text, "%s%c", has_dash && text.length_bytes ? "-" : "", *c);
        has_dash = !is_plain;
    }
    return text.chars ? text.chars : "_";
}

const char *names_take(struct names *names, const char *wish, const char *kind)
{
    const char *name = name_cleaned(wish);
    if (is_taken(names, name))
        name = store_printf("%s-%s", kind, name);
    while (is_taken(names, name))
        name = store_printf("%s_", name);
    struct taken *taken = store_new(1, sizeof *taken);
    taken->name = name;
    HASH_ADD_KEYPTR(hh, names->taken, name, strlen(name), taken);
    return name;
}

void names_keep(struct names *names, const void *declaration, struct entry *entry)
{
    struct known *known = store_new(1, sizeof *known);
    known->declaration = declaration;
    known->entry = entry;
    HASH_ADD_PTR(names->known, declaration, known);
}

struct entry *names_find(const struct names *names, const void *declaration)
{
    struct known *known;
    HASH_FIND_PTR(names->known, &declaration, known);
    return known ? known->entry : NULL;
}
