/* What all languages share: names, scalars, comments. */
#include "bind.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *name;
    const char *words[5]; /* by enum scalar_column; NULL: there is none */
} scalars[] = {{"bool", {"bool", "bool", "bool", "c_bool", "bool"}},
               {"u8", {"uint8_t", "u8", "uint8", "c_uint8", "u8"}},
               {"u16", {"uint16_t", "u16", "uint16", "c_uint16", "u16"}},
               {"u32", {"uint32_t", "u32", "uint32", "c_uint32", "u32"}},
               {"u64", {"uint64_t", "u64", "uint64", "c_uint64", "u64"}},
               {"u128", {"unsigned __int128", "u128", NULL, NULL, "u128"}},
               {"i8", {"int8_t", "i8", "int8", "c_int8", "i8"}},
               {"i16", {"int16_t", "i16", "int16", "c_int16", "i16"}},
               {"i32", {"int32_t", "i32", "int32", "c_int32", "i32"}},
               {"i64", {"int64_t", "i64", "int64", "c_int64", "i64"}},
               {"i128", {"__int128", "i128", NULL, NULL, "i128"}},
               {"f16", {"_Float16", NULL, NULL, NULL, "f16"}},
               {"bf16", {"__bf16", NULL, NULL, NULL, NULL}},
               {"f32", {"float", "f32", "float32", "c_float", "f32"}},
               {"f64", {"double", "f64", "float64", "c_double", "f64"}},
               {"f80", {"ABIDE_F80", NULL, NULL, NULL, "f80"}},
               {"f128", {"ABIDE_F128", NULL, NULL, NULL, "f128"}},
               {"char", {"uint32_t", "u32", "uint32", "c_uint32", "u32"}},
               {"c_char", {"char", "c_char", "cchar", "c_char", "c_char"}},
               {"c_schar", {"signed char", "c_schar", "cschar", "c_byte", "i8"}},
               {"c_uchar", {"unsigned char", "c_uchar", "uint8", "c_ubyte", "u8"}},
               {"c_short", {"short", "c_short", "cshort", "c_short", "c_short"}},
               {"c_ushort", {"unsigned short", "c_ushort", "cushort", "c_ushort", "c_ushort"}},
               {"c_int", {"int", "c_int", "cint", "c_int", "c_int"}},
               {"c_uint", {"unsigned int", "c_uint", "cuint", "c_uint", "c_uint"}},
               {"c_long", {"long", "c_long", "clong", "c_long", "c_long"}},
               {"c_ulong", {"unsigned long", "c_ulong", "culong", "c_ulong", "c_ulong"}},
               {"c_longlong", {"long long", "c_longlong", "clonglong", "c_longlong", "c_longlong"}},
               {"c_ulonglong",
                {"unsigned long long", "c_ulonglong", "culonglong", "c_ulonglong", "c_ulonglong"}},
               {"c_float", {"float", "c_float", "cfloat", "c_float", "f32"}},
               {"c_double", {"double", "c_double", "cdouble", "c_double", "f64"}},
               {"c_longdouble", {"long double", NULL, NULL, "c_longdouble", "c_longdouble"}},
               {"c_wchar", {"wchar_t", NULL, NULL, "c_wchar", NULL}},
               {"size", {"size_t", "usize", "csize_t", "c_size_t", "usize"}},
               {"ssize", {"intptr_t", "isize", "int", "c_ssize_t", "isize"}},
               {"uptr", {"uintptr_t", "usize", "uint", "c_size_t", "usize"}}};

const char *scalar_word(const char *scalar, enum scalar_column column)
{
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        if (strcmp(scalars[i].name, scalar) == 0)
            return scalars[i].words[column];
    return NULL;
}

bool can_say(const struct shape *shape, enum scalar_column column)
{
    switch (shape->form) {
    case FORM_VOID:
    case FORM_POINTER: /* what it points to may be unknown */
    case FORM_ITEM: return true;
    case FORM_SCALAR: return scalar_word(shape->scalar, column) != NULL;
    case FORM_ARRAY: return can_say(shape->target, column);
    case FORM_VECTOR:
    case FORM_COMPLEX: return column == SCALAR_C && can_say(shape->target, column);
    case FORM_CODE: break;
    }
    for (size_t i = 0; i < shape->part_count; i++)
        if (!can_say(shape->parts[i].shape, column))
            return false;
    return can_say(shape->target, column);
}

bool is_record(const struct item *item)
{
    return item->kind == ITEM_STRUCT || item->kind == ITEM_UNION;
}

bool knows_record(const struct knowing *knowing, const struct item *item)
{
    if (!knowing->can_tell(item))
        return false;
    for (size_t i = 0; i < item->part_count; i++)
        if (is_bytes(knowing, item->parts[i].shape))
            return false;
    return true;
}

bool is_bytes(const struct knowing *knowing, const struct shape *shape)
{
    while (shape->form == FORM_ARRAY)
        shape = shape->target;
    if (shape->form != FORM_ITEM)
        return shape->form != FORM_CODE && !can_say(shape, knowing->column);
    if (is_record(shape->item))
        return !knows_record(knowing, shape->item);
    return shape->item->kind == ITEM_ALIAS && is_bytes(knowing, shape->item->target);
}

bool can_call(const struct knowing *knowing, const struct routine *routine)
{
    const struct shape *shape = routine->shape;
    if (!shape || !routine->is_callable || routine->attribute || !can_say(shape, knowing->column) ||
        is_bytes(knowing, shape->target))
        return false;
    for (size_t i = 0; i < shape->part_count; i++)
        if (is_bytes(knowing, shape->parts[i].shape))
            return false;
    return true;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at += length)
        if (!is_word(at[length]) && (at == text || !is_word(at[-1])))
            return true;
    return false;
}

const char *safe_name(const struct language *language, const char *name)
{
    char *copy = cli_copy(name, strlen(name));
    for (size_t i = 0; copy[i]; i++)
        if (copy[i] == '-')
            copy[i] = '_';
    for (size_t i = 0; language->keywords[i]; i++)
        if (strcmp(language->keywords[i], copy) == 0)
            return cli_printf("%s%s%s", language->prefix ? language->prefix : "", copy,
                              language->suffix);
    return language->respell ? language->respell(copy) : copy;
}

/* Words that would end a comment, or be lost in one, are taken apart. A backslash at the end of a line would join it with the next. */
static void add_comment_words(struct text *text, const char *words, size_t length)
{
    while (length && (words[length - 1] == ' ' || words[length - 1] == '\t'))
        length--;
    for (size_t i = 0; i < length; i++) {
        bool ends = words[i] == '/' && i > 0 && words[i - 1] == '*';
        bool begins = words[i] == '*' && i > 0 && words[i - 1] == '/';
        if (ends || begins)
            text_puts(text, " ");
        if (words[i] == '\\' && i + 1 == length)
            text_puts(text, "/");
        else if (words[i] == '"' || (unsigned char)words[i] < ' ')
            text_puts(text, words[i] == '"' ? "'" : " ");
        else
            text_add(text, &words[i], 1);
    }
}

void print_comment(struct text *text, const char *indent, const char *start, const char *words)
{
    while (words && *words) {
        size_t length = strcspn(words, "\n");
        text_printf(text, "%s%s", indent, start);
        add_comment_words(text, words, length);
        text_puts(text, "\n");
        words += length + (words[length] == '\n');
    }
}

void print_routine_comment(struct text *text, const char *indent, const char *start,
                           const struct routine *routine)
{
    print_comment(text, indent, start, routine->doc);
    print_comment(text, indent, start, cli_printf("%s%s", routine->name, routine->signature));
    for (size_t i = 0; i < routine->note_count; i++)
        print_comment(text, indent, start, cli_printf("- %s", routine->notes[i]));
}

void print_item_comment(struct text *text, const char *indent, const char *start,
                        const struct item *item)
{
    print_comment(text, indent, start, item->doc);
    if (item->absence)
        print_comment(text, indent, start,
                      cli_printf("Known behind pointers alone on this target: %s.", item->absence));
}

void print_head(const struct model *model, const char *language, const char *start,
                struct text *text)
{
    print_comment(text, "", start,
                  cli_printf("%s in %s. Made by abide bind %s: change the interface file instead.",
                             model->package ? model->package : "An interface", language,
                             model->language->name));
    print_comment(text, "", start, model->doc);
}
