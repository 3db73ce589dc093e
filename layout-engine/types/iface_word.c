/* The words that mean a type, and what to say about those that do not. */
#include "types/iface_expr.h"

#include <string.h>

static const struct builtin builtins[] = {
#define ABIDE_SCALAR(id, name, group, size_bytes, c_name) \
    {name, abide_expr__scalar, ABIDE_SCALAR_##id, false},
#include "types/scalars.def"
#undef ABIDE_SCALAR
    {"void", abide_expr__void, 0, false},
    {"ptr", abide_expr__pointer, POINTER_NULLABLE, false},
    {"mutptr", abide_expr__pointer, POINTER_NULLABLE | POINTER_MUTABLE, false},
    {"ref", abide_expr__pointer, 0, false},
    {"mutref", abide_expr__pointer, POINTER_MUTABLE, false},
    {"array", abide_expr__array, 0, false},
    {"vector", abide_expr__vector, 0, false},
    {"complex", abide_expr__complex, 0, false},
    {"tuple", abide_expr__tuple, 0, false},
    {"bitset", abide_expr__bitset, 0, false},
    {"unit", abide_expr__void, 0, true},
    {"slice", abide_expr__around, ABIDE_KIND_SLICE, false},
    {"mutslice", abide_expr__around, ABIDE_KIND_SLICE | AROUND_MUTABLE, true},
    {"bytes", abide_expr__bytes, 0, true},
    {"box", abide_expr__around, ABIDE_KIND_BOX, false},
    {"raw", abide_expr__around, ABIDE_KIND_RAW, false},
    {"string", abide_expr__plain, ABIDE_KIND_STRING, false},
    {"string0", abide_expr__plain, ABIDE_KIND_STRING0, true},
    {"cstring", abide_expr__plain, ABIDE_KIND_CSTRING, false},
    {"va_list", abide_expr__plain, ABIDE_KIND_VA_LIST, true},
    {"option", abide_expr__option, 0, false},
    {"result", abide_expr__result, 0, false},
    {"fn", abide_expr__callable, ABIDE_KIND_FUNCTION, false},
    {"closure", abide_expr__callable, ABIDE_KIND_CLOSURE, false},
    {"callback", abide_expr__callable, ABIDE_KIND_CLOSURE, true},
    {"own", abide_expr__own, 0, false},
    {"once", abide_expr__once, 0, false},
    {"borrow", abide_expr__borrow, 0, false},
    {"in", abide_expr__borrow, 0, false},
    {"out", abide_expr__mode, 0, false},
    {"inout", abide_expr__mode, 0, false},
    {"newtype", abide_expr__newtype, 0, true},
    {"dyn", abide_expr__dyn, 0, true},
    {"shared", abide_expr__shared, 0, true},
    {"string16", abide_expr__plain, ABIDE_KIND_STRING16, false},
    {"utf16", abide_expr__plain, ABIDE_KIND_UTF16, true},
};

static bool same_word(const void *word, const void *name)
{
    return ((const struct iface_word *)word)->name == name;
}

struct iface_word *abide_iface__find_word(const struct iface_reader *reader, const char *name)
{
    return abide_table__find(&reader->words, abide_table__hash_address(name), same_word, name);
}

/* A soft word gives way. */
static bool replace_word(const struct iface_reader *reader, const struct iface_word *word)
{
    struct iface_word *known = abide_iface__find_word(reader, word->name);
    if (known)
        *known = *word;
    return known;
}

bool abide_iface__is_taken(const struct iface_reader *reader, const char *name)
{
    const struct iface_word *word = abide_iface__find_word(reader, name);
    return word && !(word->builtin && word->builtin->is_soft);
}

void abide_iface__add_word(struct iface_reader *reader, struct iface_word *word)
{
    if (replace_word(reader, word))
        return;
    abide_table__add(reader->ctx, &reader->words, abide_table__hash_address(word->name), word);
    abide__push(reader->ctx, &reader->word_list, word);
}

void abide_iface__add_builtins(struct iface_reader *reader)
{
    abide_ctx *ctx = reader->ctx;
    const size_t count = sizeof builtins / sizeof *builtins;
    struct iface_word *words = abide__new_array(ctx, struct iface_word, count);
    for (size_t i = 0; i < count; i++) {
        words[i].name = abide__intern_text(ctx, builtins[i].name);
        words[i].builtin = &builtins[i];
        abide_iface__add_word(reader, &words[i]);
    }
}

/* What people write who come from elsewhere, and keys that are no types. */
static const struct {
    const char *word;
    const char *type; /* what they mean; NULL: `help` says it */
    const char *help;
} hints[] = {
    {"int", "c_int", NULL},
    {"unsigned", "c_uint", NULL},
    {"uint", "c_uint", NULL},
    {"short", "c_short", NULL},
    {"long", "c_long", NULL},
    {"longlong", "c_longlong", NULL},
    {"float", "f32", NULL},
    {"double", "f64", NULL},
    {"size_t", "size", NULL},
    {"ssize_t", "ssize", NULL},
    {"usize", "size", NULL},
    {"isize", "ssize", NULL},
    {"uintptr_t", "uptr", NULL},
    {"intptr_t", "ssize", NULL},
    {"uint8_t", "u8", NULL},
    {"uint16_t", "u16", NULL},
    {"uint32_t", "u32", NULL},
    {"uint64_t", "u64", NULL},
    {"int8_t", "i8", NULL},
    {"int16_t", "i16", NULL},
    {"int32_t", "i32", NULL},
    {"int64_t", "i64", NULL},
    {"uint8", "u8", NULL},
    {"uint16", "u16", NULL},
    {"uint32", "u32", NULL},
    {"uint64", "u64", NULL},
    {"int8", "i8", NULL},
    {"int16", "i16", NULL},
    {"int32", "i32", NULL},
    {"int64", "i64", NULL},
    {"float32", "f32", NULL},
    {"float64", "f64", NULL},
    {"byte", "u8", NULL},
    {"str", "string", NULL},
    {"String", "string", NULL},
    {"wchar_t", "c_wchar", NULL},
    {"_Bool", "bool", NULL},
    {"boolean", "bool", NULL},
    {"pointer", "ptr<void>", NULL},
    {"seq", "own slice<T>", NULL},
    {"Vec", "own slice<T>", NULL},
    {"openArray", "slice<T>", NULL},
    {"set", "bitset<N>", NULL},
    {"func", "fn(T) -> R", NULL},
    {"function", "fn(T) -> R", NULL},
    {"proc", "fn(T) -> R", NULL},
    {"const", NULL, "ptr<T> is read through, mutptr<T> written through"},
    {"mut", NULL, "what is written through is mutslice<T>, mutptr<T> or mutref<T>"},
    {"list", "own slice<T>", NULL},
    {"struct", NULL, "a struct is a mapping, {struct: {x: f64, y: f64}}, where a type is defined"},
    {"object", NULL, "a struct is a mapping, {struct: {x: f64, y: f64}}, where a type is defined"},
    {"union", NULL, "a union is a mapping, {union: {i: i64, f: f64}}, where a type is defined"},
    {"enum", NULL, "an enum is a mapping, {enum: [red, green]}, where a type is defined"},
    {"opaque", NULL, "write NAME: {opaque: true} under `types:`, then use ptr<NAME>"},
    {"variant", NULL, "a variant is a mapping, {variant: {a: f64, b: }}, where a type is defined"},
    {"flags", NULL, "flags are a mapping, {flags: [a, b]}, where a type is defined"},
    {"resource", NULL,
     "write NAME: {resource: SYMBOL} under `types:`, then use own NAME and borrow NAME"},
    {"Option", "option<T>", NULL},
    {"Result", "result<T, E>", NULL},
    {"Box", "box<T>", NULL},
    {"interface", NULL, "write NAME: {f: (self)} under `interfaces:`, then use dyn NAME"},
};

/* More names than this are not compared with a misspelt one. */
#define NEAREST_MAX_WORDS 50000

static const char *word_at(const void *user, size_t index)
{
    const struct iface_reader *reader = user;
    bool is_past = index >= reader->word_list.count || index >= NEAREST_MAX_WORDS;
    return is_past ? NULL : reader->word_list.items[index]->name;
}

/* The name of the file or the word of the language that is nearest. */
static void suggest_nearest(struct iface_reader *reader, abide_diag *diag, const char *name)
{
    abide_ctx *ctx = reader->ctx;
    const char *nearest = abide__nearest(name, word_at, reader);
    if (!nearest)
        return;
    const struct iface_word *word = abide_iface__find_word(reader, nearest);
    if (word->key)
        abide__diag_note(ctx, diag, word->key->place, "a type with a similar name");
    abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
}

static void suggest(struct iface_reader *reader, abide_diag *diag, const char *name)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (strcmp(hints[i].word, name) != 0)
            continue;
        if (hints[i].type)
            abide__diag_help(reader->ctx, diag, "did you mean '%s'?", hints[i].type);
        else
            abide__diag_help(reader->ctx, diag, "%s", hints[i].help);
        return;
    }
    suggest_nearest(reader, diag, name);
}

static bool same_name(const void *known, const void *name)
{
    return known == name;
}

/* True the first time. */
static bool remember_unknown(struct iface_reader *reader, const char *name)
{
    uint64_t hash = abide_table__hash_address(name);
    if (abide_table__find(&reader->unknown, hash, same_name, name))
        return false;
    abide_table__add(reader->ctx, &reader->unknown, hash,
                     (char *)name); /* only its address is used */
    return true;
}

void abide_expr__report_unknown(struct expression *expression, struct abide_place place,
                                const char *name)
{
    struct iface_reader *reader = expression->reader;
    abide_ctx *ctx = reader->ctx;
    expression->failed = true;
    if (!remember_unknown(reader, name))
        return;
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_TYPE, place, "no type %s", abide__quote(ctx, name));
    if (abide__error_count(ctx) <= ABIDE_DIAG_MAX) /* else nobody reads it */
        suggest(reader, diag, name);
}
