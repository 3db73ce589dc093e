/* Words and JSON become values in memory. What does not fit is refused with the place in the value, and what would fit. */
#include "utf16.h"
#include "value.h"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A value on its way: which part of which argument, and where it goes. */
struct reading {
    struct cli *cli;
    const abide_module *c;
    const char *what;
    const abide_type *type;
    struct value_place place;
};

static bool read_word(const struct reading *r, const char *word);
static bool read_json(const struct reading *r, const json_t *json);

static bool refuse(const struct reading *r, const char *help, const char *message)
{
    cli_report(r->cli, "bad-argument", help, "%s: %s", r->what, message);
    return false;
}

/* JSON as messages show it. */
static const char *shown(const json_t *json)
{
    char *text = json_dumps(json, JSON_ENCODE_ANY);
    const char *copy = text ? cli_copy(text, strlen(text)) : "?";
    free(text);
    return copy;
}

static const char *type_text(const struct reading *r)
{
    return abide_type_print(r->cli->ctx, r->type);
}

static struct reading part_of(const struct reading *r, const char *name, const abide_type *type,
                              struct value_place place)
{
    return (struct reading){r->cli, r->c, cli_printf("%s.%s", r->what, name), value_type(type),
                            place};
}

static struct reading element_of(const struct reading *r, size_t index, const abide_type *type,
                                 struct value_place place)
{
    return (struct reading){r->cli, r->c, cli_printf("%s[%zu]", r->what, index), value_type(type),
                            place};
}

/* ---- numbers ---- */

static bool is_hexadecimal(const char *word)
{
    word += *word == '-';
    return word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
}

static bool refuse_integer(const struct reading *r, const char *word, bool is_signed)
{
    uint64_t bits = r->place.size_bits;
    uint64_t most = bits >= 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
    const char *range = is_signed
                            ? cli_printf("-%" PRIu64 " to %" PRIu64, (most >> 1) + 1, most >> 1)
                            : cli_printf("0 to %" PRIu64, most);
    return refuse(r, NULL,
                  cli_printf("%s is out of range: %s holds %s", word, type_text(r), range));
}

static bool read_integer(const struct reading *r, const char *word, bool is_signed)
{
    uint64_t bits = r->place.size_bits;
    bool is_negative = word[0] == '-';
    char *end;
    if (bits > 64)
        return refuse(r, "pass it behind a pointer, or as two halves",
                      cli_printf("no word says %s", type_text(r)));
    errno = 0;
    uint64_t value = strtoull(word + is_negative, &end, is_hexadecimal(word) ? 16 : 10);
    if (end == word + is_negative || *end || word[is_negative] == '-' || word[is_negative] == '+' ||
        word[is_negative] == ' ')
        return refuse(r, strchr(word, '.') ? "write it without a point" : NULL,
                      cli_printf("'%s' is no integer, and %s is wanted", word, type_text(r)));
    uint64_t most = bits >= 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
    uint64_t limit = !is_signed ? most : (most >> 1) + is_negative;
    if (errno == ERANGE || value > limit || (is_negative && !is_signed && value > 0))
        return refuse_integer(r, word, is_signed);
    value_bits_put(r->place, is_negative ? 0 - value : value);
    return true;
}

static bool read_float(const struct reading *r, const char *word)
{
    char *end;
    double value = strtod(word, &end);
    unsigned char *memory = r->place.memory + r->place.offset_bits / 8;
    if (end == word || *end)
        return refuse(r, NULL,
                      cli_printf("'%s' is no number, and %s is wanted", word, type_text(r)));
    if (r->place.size_bits == 32) {
        if (isfinite(value) && fabs(value) > FLT_MAX)
            return refuse(r, NULL, cli_printf("%s is out of range of %s", word, type_text(r)));
        float narrow = (float)value;
        memcpy(memory, &narrow, sizeof narrow);
    } else if (r->place.size_bits == 64) {
        if (!isfinite(value) && word[strspn(word, "+-")] <= '9')
            return refuse(r, NULL, cli_printf("%s is out of range of %s", word, type_text(r)));
        memcpy(memory, &value, sizeof value);
    } else {
        return refuse(r, "f32, f64 and their like can be written",
                      cli_printf("no word says %s", type_text(r)));
    }
    return true;
}

static bool read_scalar(const struct reading *r, const char *word)
{
    switch (value_number(r->cli, r->type)) {
    case VALUE_FLOAT: return read_float(r, word);
    case VALUE_BOOL:
        if (strcmp(word, "true") != 0 && strcmp(word, "false") != 0)
            return refuse(r, NULL, cli_printf("'%s' is no bool: write true or false", word));
        value_bits_put(r->place, word[0] == 't');
        return true;
    case VALUE_SIGNED: return read_integer(r, word, true);
    case VALUE_UNSIGNED: break;
    }
    return read_integer(r, word, false);
}

/* ---- names ---- */

static const char *name_at(const void *type, size_t index)
{
    return abide_type_value_at(type, index).name;
}

static bool refuse_name(const struct reading *r, const char *word,
                        const char *(*candidate)(const void *user, size_t index), const void *user,
                        const char *kind)
{
    const char *nearest = abide_nearest(word, candidate, user);
    const char *list = "";
    for (size_t i = 0; candidate(user, i) && i < 12; i++)
        list = cli_printf("%s%s%s", list, i ? ", " : "", candidate(user, i));
    return refuse(
        r, nearest ? cli_printf("did you mean '%s'?", nearest) : cli_printf("it has %s", list),
        cli_printf("%s has no %s '%s'", type_text(r), kind, word));
}

/* The value of an enum or the number of a flag. false: reported. */
static bool find_name(const struct reading *r, const char *word, int64_t *value)
{
    for (size_t i = 0; i < abide_type_value_count(r->type); i++) {
        abide_enum_value one = abide_type_value_at(r->type, i);
        const char *number = one.is_unsigned ? cli_printf("%" PRIu64, (uint64_t)one.value)
                                             : cli_printf("%" PRId64, one.value);
        *value = one.value;
        if (strcmp(one.name, word) == 0 || (value_is(r->type, "enum") && strcmp(number, word) == 0))
            return true;
    }
    return refuse_name(r, word, name_at, r->type, value_is(r->type, "enum") ? "value" : "flag");
}

static bool read_enum(const struct reading *r, const char *word)
{
    int64_t value;
    if (!find_name(r, word, &value))
        return false;
    value_bits_put(r->place, (uint64_t)value);
    return true;
}

/* "read|write"; nothing, or 0: none. */
static bool read_flags(const struct reading *r, const char *word)
{
    uint64_t flags = 0;
    if (strcmp(word, "0") == 0)
        word = "";
    while (*word) {
        size_t length = strcspn(word, "|");
        int64_t bit;
        if (!find_name(r, cli_copy(word, length), &bit))
            return false;
        flags |= (uint64_t)1 << bit;
        word += length + (word[length] == '|');
    }
    value_bits_put(r->place, flags);
    return true;
}

/* ---- text, and values in a row ---- */

static void put_address(struct value_place place, const void *address)
{
    value_bits_put(place, (uint64_t)(uintptr_t)address);
}

/* Pointer and length, as C has them. */
static bool put_sequence(const struct reading *r, const void *data, uint64_t count)
{
    struct value_place pointer, length;
    if (!value_member(r->cli, r->c, r->type, "ptr", r->place, &pointer) ||
        !value_member(r->cli, r->c, r->type, "len", r->place, &length))
        return refuse(r, NULL, cli_printf("no word says %s of this form", type_text(r)));
    put_address(pointer, data);
    value_bits_put(length, count);
    return true;
}

static bool read_wide(const struct reading *r, const char *chars, size_t length_bytes,
                      bool is_ended)
{
    const uint16_t *units; /* a NUL is behind them */
    size_t count;
    if (!utf16_of(chars, length_bytes, &units, &count))
        return refuse(r, NULL, "it is no UTF-8");
    if (!is_ended)
        return put_sequence(r, units, count);
    put_address(r->place, units);
    return true;
}

static bool read_text(const struct reading *r, const char *chars, size_t length_bytes)
{
    const char *copy = cli_copy(chars, length_bytes);
    if (value_is(r->type, "slice"))
        return put_sequence(r, copy, length_bytes);
    struct value_text form = value_text_of(r->cli, r->c, r->type);
    if (form.is_ended && strlen(copy) != length_bytes)
        return refuse(r, NULL, cli_printf("%s holds no NUL", type_text(r)));
    if (form.is_wide)
        return read_wide(r, copy, length_bytes, form.is_ended);
    if (!form.is_ended)
        return put_sequence(r, copy, length_bytes);
    put_address(r->place, copy);
    return true;
}

/* So many values from a list, in memory of their own or in the place that there is. */
static bool read_elements(const struct reading *r, const json_t *list, unsigned char *memory,
                          uint64_t offset_bits, const abide_type *type)
{
    const abide_layout *layout = abide_layout_of(r->cli->ctx, r->c, type);
    if (!layout)
        return false;
    uint64_t size_bits = abide_layout_size_bytes(layout) * 8;
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct reading element = element_of(
            r, i, type, (struct value_place){memory, offset_bits + i * size_bits, size_bits});
        if (!read_json(&element, json_array_get(list, i)))
            return false;
    }
    return true;
}

static bool read_slice(const struct reading *r, const json_t *json)
{
    const abide_type *type = abide_type_target(r->type);
    const abide_layout *layout = abide_layout_of(r->cli->ctx, r->c, type);
    if (!layout)
        return false;
    if (!json_is_array(json))
        return refuse(r, "write a list: [1, 2, 3]", cli_printf("%s is a list", type_text(r)));
    unsigned char *memory =
        cli_alloc(json_array_size(json) + 1,
                  abide_layout_size_bytes(layout) + abide_layout_align_bytes(layout));
    return read_elements(r, json, memory, 0, type) &&
           put_sequence(r, memory, json_array_size(json));
}

static bool read_array(const struct reading *r, const json_t *json)
{
    uint64_t count = value_is(r->type, "complex") ? 2 : abide_type_count(r->type);
    if (!json_is_array(json) || json_array_size(json) != count)
        return refuse(
            r, NULL,
            cli_printf("%s is a list of %" PRIu64 " values, in brackets", type_text(r), count));
    return read_elements(r, json, r->place.memory, r->place.offset_bits,
                         abide_type_target(r->type));
}

/* ---- records ---- */

/* Where a member is; one of a base has its own place. false: reported. */
static bool find_member(const struct reading *r, size_t index, abide_member *member,
                        struct value_place *place)
{
    const abide_layout *layout = abide_layout_of(r->cli->ctx, r->c, r->type);
    size_t count = abide_type_member_count(r->type);
    *member = abide_type_member_at(r->type, index);
    if (!layout)
        return false;
    if (abide_layout_field_count(layout) != count || (!member->name && !value_is(r->type, "tuple")))
        return refuse(r, NULL, cli_printf("%s has parts without a name", type_text(r)));
    abide_field_info field = abide_layout_field_at(layout, index);
    *place = value_part(r->place, &field);
    return true;
}

static const char *member_name_at(const void *type, size_t index)
{
    abide_member member = abide_type_member_at(type, index);
    return member.type ? (member.name ? member.name : "") : NULL;
}

static bool check_keys(const struct reading *r, const json_t *json)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)json, key, value)
    {
        size_t i = 0;
        while (member_name_at(r->type, i) && strcmp(member_name_at(r->type, i), key) != 0)
            i++;
        if (!member_name_at(r->type, i))
            return refuse_name(r, key, member_name_at, r->type, "field");
    }
    return true;
}

static bool read_record(const struct reading *r, const json_t *json)
{
    bool is_union = value_is(r->type, "union"), is_tuple = value_is(r->type, "tuple");
    size_t count = abide_type_member_count(r->type);
    if (is_tuple ? !json_is_array(json) || json_array_size(json) != count : !json_is_object(json))
        return refuse(r, is_tuple ? NULL : "write its fields: {\"name\": value}",
                      cli_printf("'%s' is no %s", shown(json), type_text(r)));
    if (!is_tuple && !check_keys(r, json))
        return false;
    if (is_union && json_object_size(json) != 1)
        return refuse(r, NULL, "one field of a union, and one alone, has a value");
    for (size_t i = 0; i < count; i++) {
        abide_member member;
        struct value_place place;
        if (!find_member(r, i, &member, &place))
            return false;
        const json_t *value =
            is_tuple ? json_array_get(json, i) : json_object_get(json, member.name);
        if (!value && !is_union)
            return refuse(r, NULL, cli_printf("field '%s' is missing", member.name));
        struct reading part = is_tuple ? element_of(r, i, member.type, place)
                                       : part_of(r, member.name, member.type, place);
        if (value && !read_json(&part, value))
            return false;
    }
    return true;
}

/* ---- sums ---- */

static const char *case_name_at(const void *type, size_t index)
{
    return abide_type_case_at(type, index).name;
}

static bool put_case(const struct reading *r, size_t index, const json_t *payload)
{
    const abide_sum *sum = abide_sum_of(r->cli->ctx, r->c, r->type);
    abide_variant_case one = abide_type_case_at(r->type, index);
    if (!sum)
        return refuse(r, NULL, cli_printf("C has no form of %s", type_text(r)));
    abide_field_info tag = abide_sum_discriminant(sum);
    abide_case stored = abide_sum_case_at(sum, index);
    if (tag.type)
        value_bits_put(value_part(r->place, &tag), (uint64_t)stored.tag);
    if (!stored.payload.type)
        return !payload || json_is_null(payload) ||
               refuse(r, NULL, cli_printf("case '%s' holds nothing", one.name));
    if (!payload)
        return refuse(
            r, cli_printf("write {\"%s\": value}", one.name),
            cli_printf("case '%s' holds %s", one.name, abide_type_print(r->cli->ctx, one.type)));
    struct reading part = part_of(r, one.name, one.type, value_part(r->place, &stored.payload));
    return read_json(&part, payload);
}

static bool read_sum(const struct reading *r, const json_t *json)
{
    if (value_is(r->type, "option"))
        return json_is_null(json) ? put_case(r, 0, NULL) : put_case(r, 1, json);
    bool is_object = json_is_object(json) && json_object_size(json) == 1;
    const char *name = is_object ? json_object_iter_key(json_object_iter((json_t *)json))
                                 : json_string_value(json);
    if (!name)
        return refuse(r, "write {\"case\": value}, or the name of a case that holds nothing",
                      cli_printf("'%s' is no %s", shown(json), type_text(r)));
    for (size_t i = 0; case_name_at(r->type, i); i++)
        if (strcmp(case_name_at(r->type, i), name) == 0)
            return put_case(r, i, is_object ? json_object_get(json, name) : NULL);
    return refuse_name(r, name, case_name_at, r->type, "case");
}

/* ---- pointers ---- */

/* What it points to is a value of the command line's. */
static bool read_pointee(const struct reading *r, const json_t *json)
{
    const abide_type *type = abide_type_target(r->type);
    if (json_is_null(json)) {
        put_address(r->place, NULL);
        return true;
    }
    if (!type || !abide_type_has_size(type) || value_is(type, "void") || value_is(type, "function"))
        return refuse(r, "null can be written",
                      cli_printf("no word says what %s points to", type_text(r)));
    struct value_place memory = value_new(r->cli, r->c, type);
    struct reading pointee = {r->cli, r->c, cli_printf("*%s", r->what), value_type(type), memory};
    put_address(r->place, memory.memory);
    return memory.memory && read_json(&pointee, json);
}

/* ---- all kinds ---- */

static bool is_one_of(const struct reading *r, const char *const *kinds)
{
    for (size_t i = 0; kinds[i]; i++)
        if (value_is(r->type, kinds[i]))
            return true;
    return false;
}

static const char *const texts[] = {"string", "string16", "utf16", "cstring", "string0", NULL};
static const char *const words[] = {"scalar", "enum", "flags", NULL};
static const char *const rows[] = {"array", "vector", "complex", NULL};
static const char *const records[] = {"struct", "tuple", "union", NULL};
static const char *const sums[] = {"variant", "option", "result", NULL};
static const char *const pointers[] = {"pointer", "function", NULL};

/* Elements of one byte: text will do for a list of them. */
static bool is_bytes(const struct reading *r)
{
    if (!value_is(r->type, "slice"))
        return false;
    const char *element = abide_type_print(r->cli->ctx, value_type(abide_type_target(r->type)));
    return !strcmp(element, "u8") || !strcmp(element, "c_char") || !strcmp(element, "c_uchar");
}

static const char *word_of(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_STRING: return json_string_value(json);
    case JSON_INTEGER: return cli_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json));
    case JSON_REAL: return cli_printf("%.17g", json_real_value(json));
    case JSON_TRUE: return "true";
    case JSON_FALSE: return "false";
    default: return NULL;
    }
}

/* ["read", "write"] */
static const char *flag_words(const json_t *json)
{
    const char *list = "";
    for (size_t i = 0; i < json_array_size(json); i++) {
        const char *name = json_string_value(json_array_get(json, i));
        list = cli_printf("%s%s%s", list, i ? "|" : "", name ? name : "?");
    }
    return list;
}

static bool read_json(const struct reading *r, const json_t *json)
{
    if (json_is_string(json) && (is_one_of(r, texts) || is_bytes(r)))
        return read_text(r, json_string_value(json), json_string_length(json));
    if (value_is(r->type, "flags") && json_is_array(json))
        return read_word(r, flag_words(json));
    if (is_one_of(r, words) && word_of(json))
        return read_word(r, word_of(json));
    if (value_is(r->type, "slice"))
        return read_slice(r, json);
    if (is_one_of(r, rows))
        return read_array(r, json);
    if (is_one_of(r, records))
        return read_record(r, json);
    if (is_one_of(r, sums))
        return read_sum(r, json);
    if (is_one_of(r, pointers))
        return read_pointee(r, json);
    if (is_one_of(r, texts) && json_is_null(json))
        return refuse(r, "say option<...> in the interface if it may be missing",
                      cli_printf("%s is never null", type_text(r)));
    return refuse(r, NULL, cli_printf("'%s' says no %s", shown(json), type_text(r)));
}

/* Where only JSON says what is meant. */
static bool read_json_word(const struct reading *r, const char *word)
{
    json_error_t error;
    json_t *json = json_loads(word, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (!json)
        return refuse(r, "the shell takes quotes away: put '...' around the whole",
                      cli_printf("'%.60s' is no JSON: %s", word, error.text));
    bool fine = read_json(r, json);
    json_decref(json);
    return fine;
}

static bool read_word(const struct reading *r, const char *word)
{
    if (value_is(r->type, "enum"))
        return read_enum(r, word);
    if (value_is(r->type, "flags"))
        return word[0] == '[' ? read_json_word(r, word) : read_flags(r, word);
    if (value_is(r->type, "scalar"))
        return read_scalar(r, word);
    if (is_one_of(r, texts) || (is_bytes(r) && word[0] != '['))
        return read_text(r, word, strlen(word));
    bool is_json = strchr("[{\"", word[0]) && word[0];
    bool holds_word = value_is(r->type, "pointer") || is_one_of(r, sums);
    if (!is_json && holds_word && strcmp(word, "null") != 0) {
        json_t *text = json_string(word);
        bool fine = text && read_json(r, text);
        json_decref(text);
        return text ? fine : refuse(r, NULL, "it is no UTF-8");
    }
    return read_json_word(r, word);
}

bool value_read(struct cli *cli, const abide_module *c, const char *what, const abide_type *type,
                const char *word, struct value_place place)
{
    const struct reading reading = {cli, c, what, value_type(type), place};
    return read_word(&reading, word);
}
