/* Values of constants as interface files write them. */
#include "literals.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *literal_float(double number, bool is_single)
{
    const char *text = "";
    if (isnan(number))
        return signbit(number) ? NULL : "nan";
    if (isinf(number))
        return number < 0 ? "-inf" : "inf";
    for (int digits = 1; digits <= DBL_DECIMAL_DIG; digits++) {
        text = store_printf("%.*g", digits, number);
        double again = is_single ? (double)strtof(text, NULL) : strtod(text, NULL);
        if (!(again < number) && !(again > number))
            break;
    }
    return strpbrk(text, ".e") ? text : store_printf("%s.0", text);
}

/* How many bytes the character at `at` has that YAML lets stand in quotes; 0: it does not, or it is no UTF-8. */
static size_t plain_bytes(const unsigned char *at)
{
    if (*at < 0x80)
        return (*at >= ' ' && *at < 0x7f) || *at == '\n' || *at == '\t';
    size_t more = *at >= 0xf0 && *at < 0xf5 ? 3 : *at >= 0xe0 ? 2 : *at >= 0xc2 ? 1 : 0;
    if (!more || *at >= 0xf5)
        return 0;
    unsigned long code = *at & (0x3fUL >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (at[i] & 0x3f);
    }
    static const unsigned long least[] = {0, 0xa0, 0x800, 0x10000};
    bool is_odd = code < least[more] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ||
                  code == 0x2028 || code == 0x2029 || code == 0xfeff || (code & 0xfffe) == 0xfffe;
    return is_odd ? 0 : more + 1;
}

bool literal_is_plain(const char *text)
{
    size_t length = 0;
    for (; *text; text += length) {
        length = plain_bytes((const unsigned char *)text);
        if (!length)
            return false;
    }
    return true;
}

const char *literal_text(const char *chars)
{
    struct text text = {0};
    text_add(&text, "\"");
    for (; *chars; chars++) {
        if (*chars == '"' || *chars == '\\')
            text_add(&text, "\\%c", *chars);
        else if (*chars == '\n' || *chars == '\t')
            text_add(&text, *chars == '\n' ? "\\n" : "\\t");
        else
            text_add(&text, "%c", *chars);
    }
    text_add(&text, "\"");
    return text.chars;
}

const char *literal_bytes(const unsigned char *bytes, size_t length_bytes)
{
    struct text text = {0};
    text_add(&text, "\"");
    for (size_t i = 0; i < length_bytes; i++)
        text_add(&text, "%s%02x", i ? " " : "", bytes[i]);
    text_add(&text, "\"");
    return text.chars;
}
