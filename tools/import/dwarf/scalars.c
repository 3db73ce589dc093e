/* Scalars: by the names that C compilers give them, else by what they are and how large. */
#include "reader.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Those whose size alone does not tell the format. An empty word: none that interface files have. */
static const struct {
    const char *name, *word;
} floats[] = {
    {"float", "f32"},
    {"double", "f64"},
    {"long double", "c_longdouble"},
    {"_Float16", "f16"},
    {"__fp16", ""}, /* arguments are promoted */
    {"__bf16", "bf16"},
    {"_Float32", "f32"},
    {"_Float64", "f64"},
    {"_Float32x", "f64"},
    {"_Float64x", ""},
    {"_Float128", "f128"},
    {"__float128", "f128"},
    {"__ieee128", "f128"},
    {"__ibm128", "c_longdouble"},
    {"real(kind=10)", "c_longdouble"},
    {"real(kind=16)", "f128"},
    {"long_long_float", "c_longdouble"},
};

const char *integer_word(bool is_unsigned, uint64_t size_bytes)
{
    switch (size_bytes) {
    case 1: return is_unsigned ? "u8" : "i8";
    case 2: return is_unsigned ? "u16" : "i16";
    case 4: return is_unsigned ? "u32" : "i32";
    case 8: return is_unsigned ? "u64" : "i64";
    case 16: return is_unsigned ? "u128" : "i128";
    default: return NULL;
    }
}

/* ---- names of C ---------------------------------------------------------------------------------- */

struct words {
    unsigned longs;
    bool is_signed, is_unsigned, is_short, is_char, is_int;
};

/* The words of an integer's name, in any order. false: one is of none. */
static bool read_words(const char *name, struct words *words)
{
    for (const char *word = name; *word;) {
        size_t length = strcspn(word, " ");
        if (strncmp(word, "long", length) == 0 && length == 4)
            words->longs++;
        else if (strncmp(word, "short", length) == 0 && length == 5)
            words->is_short = true;
        else if (strncmp(word, "int", length) == 0 && length == 3)
            words->is_int = true;
        else if (strncmp(word, "char", length) == 0 && length == 4)
            words->is_char = true;
        else if (strncmp(word, "signed", length) == 0 && length == 6)
            words->is_signed = true;
        else if (strncmp(word, "unsigned", length) == 0 && length == 8)
            words->is_unsigned = true;
        else
            return false;
        word += length;
        word += strspn(word, " ");
    }
    return true;
}

static const char *c_integer(const char *name)
{
    struct words words = {0};
    if (strcmp(name, "wchar_t") == 0)
        return "c_wchar";
    if (!read_words(name, &words) || words.longs > 2)
        return NULL;
    if (words.is_char)
        return words.is_unsigned ? "c_uchar" : words.is_signed ? "c_schar" : "c_char";
    if (words.is_short)
        return words.is_unsigned ? "c_ushort" : "c_short";
    if (words.longs == 2)
        return words.is_unsigned ? "c_ulonglong" : "c_longlong";
    if (words.longs == 1)
        return words.is_unsigned ? "c_ulong" : "c_long";
    return words.is_unsigned ? "c_uint" : "c_int";
}

/* ---- by encoding --------------------------------------------------------------------------------- */

static const char *float_word(const char *name, uint64_t size_bytes, bool has_c_names)
{
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        if (strcmp(floats[i].name, name) == 0)
            return *floats[i].word ? floats[i].word : NULL;
    if (has_c_names)
        return NULL;
    return size_bytes == 2 ? "f16" : size_bytes == 4 ? "f32" : size_bytes == 8 ? "f64" : NULL;
}

/* "complex double", "_Complex double", "double _Complex": what is left of it. */
static const char *without_complex(const char *name)
{
    static const char *const words[] = {"complex ", "_Complex ", " _Complex"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *at = strstr(name, words[i]);
        if (at)
            return store_printf("%.*s%s", (int)(at - name), name, at + strlen(words[i]));
    }
    return name;
}

static const char *complex_word(const char *name, uint64_t size_bytes, bool has_c_names)
{
    if (strcmp(name, "complex") ==
        0) { /* clang says no more: where the size tells the format, it does */
        static const char *const words[] = {
            [4] = "f16", [8] = "f32", [16] = "f64", [24] = "c_longdouble"};
        const char *word = size_bytes <= 24 ? words[size_bytes] : NULL;
        return word ? store_printf("complex<%s>", word) : NULL;
    }
    static const char fortran[] = "complex(kind=";
    const char *part = strncmp(name, fortran, sizeof fortran - 1) == 0
                           ? store_printf("real(kind=%s", name + sizeof fortran - 1)
                           : without_complex(name);
    const char *word = float_word(part, size_bytes / 2, has_c_names);
    return word && strcmp(word, "bf16") != 0 ? store_printf("complex<%s>", word) : NULL;
}

bool base_is_unsigned(Dwarf_Die *base)
{
    uint64_t encoding = 0;
    die_number(base, DW_AT_encoding, &encoding);
    return encoding == DW_ATE_unsigned || encoding == DW_ATE_unsigned_char ||
           encoding == DW_ATE_boolean || encoding == DW_ATE_UTF ||
           encoding == DW_ATE_unsigned_fixed;
}

static const char *integer(const struct reader *reader, Dwarf_Die *base, const char *name,
                           uint64_t size_bytes)
{
    const char *word = reader->language->has_c_names ? c_integer(name) : NULL;
    return word ? word : integer_word(base_is_unsigned(base), size_bytes);
}

static const char *word_of(const struct reader *reader, Dwarf_Die *base, const char *name,
                           uint64_t size_bytes)
{
    uint64_t encoding = 0;
    bool has_c_names = reader->language->has_c_names;
    die_number(base, DW_AT_encoding, &encoding);
    switch (encoding) {
    case DW_ATE_boolean: return size_bytes == 1 ? "bool" : integer_word(true, size_bytes);
    case DW_ATE_signed:
    case DW_ATE_unsigned:
    case DW_ATE_signed_char:
    case DW_ATE_unsigned_char:
    case DW_ATE_signed_fixed:
    case DW_ATE_unsigned_fixed: return integer(reader, base, name, size_bytes);
    case DW_ATE_UTF:
        return !has_c_names && strcmp(name, "char") == 0 ? "char" : integer_word(true, size_bytes);
    case DW_ATE_float: return float_word(name, size_bytes, has_c_names);
    case DW_ATE_complex_float: return complex_word(name, size_bytes, has_c_names);
    default: return NULL;
    }
}

static void note_use(struct reader *reader, const char *word, const char *name, uint64_t size_bytes)
{
    for (size_t i = 0; i < reader->scalars.count; i++)
        if (strcmp(reader->scalars.items[i].word, word) == 0 &&
            reader->scalars.items[i].size_bytes == size_bytes)
            return;
    if (strchr(word, '<') || reader->scalars.count > 100)
        return;
    LIST_ADD(&reader->scalars, (struct scalar_use){word, store_copy(name), size_bytes});
}

const char *scalar_expression(struct reader *reader, Dwarf_Die *base)
{
    uint64_t size_bytes = 0, bits = 0;
    const char *name = die_name(base);
    die_number(base, DW_AT_byte_size, &size_bytes);
    bool has_odd_bits =
        die_number(base, DW_AT_bit_size, &bits) && bits != 8 * size_bytes && size_bytes < 1024;
    name = name ? name : "";
    const char *word = has_odd_bits || strncmp(name, "_BitInt", 7) == 0 ||
                               strncmp(name, "unsigned _BitInt", 16) == 0
                           ? NULL
                           : word_of(reader, base, name, size_bytes);
    if (word)
        note_use(reader, word, name, size_bytes);
    else
        unsaid(reader, "the type %s", *name ? name : "without a name");
    return word;
}
