/* The words that mean a type, and what to say about those that do not. */
#include "types/iface_expr.h"

#include <string.h>

#define BY_POINTER "use mutref<T> for now: the callee writes through it"
#define BY_HAND    "describe what lies in memory with struct, union and ptr<T> for now"

static const struct builtin builtins[] = {
#define ABIDE_SCALAR(id, name, group, size_bytes, c_name) \
    {name, abide_expr__scalar, ABIDE_SCALAR_##id, NULL},
#include "types/scalars.def"
#undef ABIDE_SCALAR
    {"void", abide_expr__void, 0, NULL},
    {"ptr", abide_expr__pointer, POINTER_NULLABLE, NULL},
    {"mutptr", abide_expr__pointer, POINTER_NULLABLE | POINTER_MUTABLE, NULL},
    {"ref", abide_expr__pointer, 0, NULL},
    {"mutref", abide_expr__pointer, POINTER_MUTABLE, NULL},
    {"array", abide_expr__array, 0, NULL},
    {"tuple", abide_expr__tuple, 0, NULL},
    {"bitset", abide_expr__bitset, 0, NULL},
    {"slice", abide_expr__around, ABIDE_KIND_SLICE, NULL},
    {"raw", abide_expr__around, ABIDE_KIND_RAW, NULL},
    {"string", abide_expr__plain, ABIDE_KIND_STRING, NULL},
    {"cstring", abide_expr__plain, ABIDE_KIND_CSTRING, NULL},
    {"fn", abide_expr__callable, ABIDE_KIND_FUNCTION, NULL},
    {"closure", abide_expr__callable, ABIDE_KIND_CLOSURE, NULL},
    {"own", abide_expr__own, 0, NULL},
    {"borrow", abide_expr__borrow, 0, NULL},
    {"in", abide_expr__borrow, 0, NULL},
    {"out", NULL, 0, BY_POINTER},
    {"inout", NULL, 0, BY_POINTER},
    {"once", NULL, 0,
     "leave it out: how often a callback is called changes no ABI that is described yet"},
    {"vector", NULL, 0, "there is no replacement: ABIs pass vectors in registers of their own"},
    {"complex", NULL, 0,
     "there is no replacement: ABIs pass complex numbers by rules of their own"},
    {"option", NULL, 0, BY_HAND "; an optional pointer is ptr<T>"},
    {"result", NULL, 0, BY_HAND},
    {"box", NULL, 0, "use mutref<T> for now"},
    {"string16", NULL, 0, BY_HAND},
};

void abide_iface__add_builtins(struct iface_reader *reader)
{
    abide_ctx *ctx = reader->ctx;
    const size_t count = sizeof builtins / sizeof *builtins;
    struct iface_word *words = abide__new_array(ctx, struct iface_word, count);
    for (size_t i = 0; i < count; i++) {
        words[i].name = builtins[i].name;
        words[i].builtin = &builtins[i];
        HASH_ADD_KEYPTR(hh, reader->words, words[i].name, strlen(words[i].name), &words[i]);
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
    {"struct", NULL, "a struct is a mapping, {struct: {x: f64, y: f64}}, where a type is defined"},
    {"object", NULL, "a struct is a mapping, {struct: {x: f64, y: f64}}, where a type is defined"},
    {"union", NULL, "a union is a mapping, {union: {i: i64, f: f64}}, where a type is defined"},
    {"enum", NULL, "an enum is a mapping, {enum: [red, green]}, where a type is defined"},
    {"opaque", NULL, "write NAME: {opaque: true} under `types:`, then use ptr<NAME>"},
    {"newtype", NULL, "write NAME: {newtype: T} under `types:`"},
    {"variant", NULL, "variants are not supported yet; " BY_HAND},
    {"flags", NULL, "use {enum: {a: 1, b: 2}} or an integer for now"},
    {"resource", NULL, "use {opaque: true} and ptr<NAME> for now"},
    {"interface", NULL, "use a struct of function pointers, fn(T) -> R, for now"},
};

/* More names than this are not compared with a misspelt one. */
#define NEAREST_MAX_WORDS 50000

struct word_list {
    const struct iface_word *next; /* moves along as abide__nearest asks */
};

static const char *next_word(const void *user, size_t index)
{
    struct word_list *list = *(struct word_list *const *)user;
    if (!list->next || index >= NEAREST_MAX_WORDS)
        return NULL;
    const char *name = list->next->name;
    list->next = list->next->hh.next;
    return name;
}

/* The name of the file or the word of the language that is nearest. */
static void suggest_nearest(struct iface_reader *reader, abide_diag *diag, const char *name)
{
    abide_ctx *ctx = reader->ctx;
    struct iface_word *word;
    struct word_list list = {reader->words};
    struct word_list *cursor = &list;
    const char *nearest = abide__nearest(name, next_word, &cursor);
    if (!nearest)
        return;
    HASH_FIND(hh, reader->words, nearest, strlen(nearest), word);
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

void abide_expr__report_unknown(struct expression *expression, struct abide_place place,
                                const char *name)
{
    struct iface_reader *reader = expression->reader;
    abide_ctx *ctx = reader->ctx;
    struct iface_memo *known;
    expression->failed = true;
    HASH_FIND_PTR(reader->unknown, &name, known);
    if (known)
        return;
    struct iface_memo *memo = abide__new(ctx, struct iface_memo);
    memo->text = name;
    HASH_ADD_PTR(reader->unknown, text, memo);
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_UNKNOWN_TYPE, place, "no type %s", abide__quote(ctx, name));
    if (abide__error_count(ctx) <= ABIDE_DIAG_MAX) /* else nobody reads it */
        suggest(reader, diag, name);
}
