/* JSON answers. */
#include "json.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static json_t *there(json_t *value)
{
    if (!value)
        cli_no_memory();
    return value;
}

json_t *json_new_object(void)
{
    return there(json_object());
}

json_t *json_new_array(void)
{
    return there(json_array());
}

void json_put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, there(value)) != 0)
        cli_no_memory();
}

void json_add(json_t *array, json_t *value)
{
    if (json_array_append_new(array, there(value)) != 0)
        cli_no_memory();
}

/* JSON is UTF-8, paths need not be: bytes that are none become U+FFFD. */
static const char *as_utf8(const char *chars)
{
    struct text text = {0};
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)chars;
    while (*at) {
        utf8proc_int32_t code_point;
        utf8proc_ssize_t length = utf8proc_iterate(at, -1, &code_point);
        if (length > 0)
            text_add(&text, (const char *)at, (size_t)length);
        else
            text_puts(&text, "\xEF\xBF\xBD");
        at += length > 0 ? length : 1;
    }
    const char *copy = cli_copy(text.chars ? text.chars : "", text.length_bytes);
    text_free(&text);
    return copy;
}

json_t *json_text(const char *text)
{
    json_t *value = json_string(text);
    return there(value ? value : json_string(as_utf8(text)));
}

void json_put_text(json_t *object, const char *key, const char *text)
{
    json_put(object, key, text ? json_text(text) : json_null());
}

void json_put_size(json_t *object, const char *key, uint64_t value)
{
    if (value > INT64_MAX)
        cli_bug("a number does not fit into JSON");
    json_put(object, key, json_integer((json_int_t)value));
}

void json_put_bool(json_t *object, const char *key, bool value)
{
    json_put(object, key, json_boolean(value));
}

json_t *json_new_answer(const struct cli *cli)
{
    json_t *root = json_new_object();
    json_put_size(root, "abide", 1);
    json_put_text(root, "verb", cli->verb->name);
    return root;
}

json_t *json_module(const abide_module *module)
{
    json_t *abi = json_new_object();
    json_put_text(abi, "name", abide_module_name(module));
    json_put_text(abi, "version", abide_module_version(module));
    size_t count = abide_module_option_count(module);
    if (count) {
        json_t *options = json_new_object();
        for (size_t i = 0; i < count; i++)
            json_put_text(options, abide_module_option_name_at(module, i),
                          abide_module_option_value_at(module, i));
        json_put(abi, "options", options);
    }
    const abide_module *machine = abide_module_machine(module);
    if (machine != module)
        json_put(abi, "machine", json_module(machine));
    return abi;
}

void json_put_module(json_t *object, const abide_module *module)
{
    json_put_text(object, "target", abide_module_target(module));
    json_put(object, "abi", json_module(module));
}

#define LINE_COLUMNS 100

struct printer {
    struct text *text;
    const struct json_series *series;
    size_t series_count;
};

/* NULL: the value is all there. */
static const struct json_series *series_of(const struct printer *printer, const json_t *value)
{
    for (size_t i = 0; i < printer->series_count; i++)
        if (printer->series[i].array == value && printer->series[i].count > 0)
            return &printer->series[i];
    return NULL;
}

/* At least how many columns a value takes in one line; more than `room` is not counted out. A series never fits. */
static size_t columns_at_least(const struct printer *printer, json_t *value, size_t room)
{
    size_t columns = 2;
    size_t index;
    json_t *entry;
    const char *key;
    if (series_of(printer, value))
        return room + 1;
    if (json_is_string(value))
        columns += json_string_length(value);
    json_array_foreach(value, index, entry)
    {
        if (columns > room)
            break;
        columns += columns_at_least(printer, entry, room - columns);
    }
    json_object_foreach(value, key, entry)
    {
        if (columns > room)
            break;
        columns += 4 + strlen(key);
        columns += columns > room ? 0 : columns_at_least(printer, entry, room - columns);
    }
    return columns;
}

/* Adds a value in one line, if it fits there; what is no collection does. */
static bool add_in_line(const struct printer *printer, json_t *value, size_t column)
{
    bool is_collection = json_is_object(value) || json_is_array(value);
    size_t room = column < LINE_COLUMNS ? LINE_COLUMNS - column : 0;
    if (is_collection && columns_at_least(printer, value, room) > room)
        return false;
    char *dump = json_dumps(value, JSON_ENCODE_ANY);
    if (!dump)
        cli_no_memory();
    size_t length = strlen(dump);
    bool fits = !is_collection || length <= room;
    if (fits)
        text_add(printer->text, dump, length);
    free(dump);
    return fits;
}

static void start_line(struct text *text, size_t index, size_t indent)
{
    text_puts(text, index ? ",\n" : "\n");
    text_repeat(text, ' ', indent);
}

static void add_value(const struct printer *printer, json_t *value, size_t indent, size_t column);

static void add_entries(const struct printer *printer, json_t *object, size_t indent)
{
    struct text *text = printer->text;
    size_t index = 0;
    json_t *entry;
    const char *key;
    json_object_foreach(object, key, entry)
    {
        start_line(text, index++, indent);
        json_t *quoted = json_text(key);
        size_t start = text->length_bytes;
        add_in_line(printer, quoted, 0);
        json_decref(quoted);
        text_puts(text, ": ");
        add_value(printer, entry, indent, indent + text->length_bytes - start);
    }
}

static void add_series(const struct printer *printer, const struct json_series *series,
                       size_t indent)
{
    for (size_t i = 0; i < series->count; i++) {
        json_t *entry = series->make(series, i);
        start_line(printer->text, i, indent);
        add_value(printer, entry, indent, indent);
        json_decref(entry);
    }
}

static void add_elements(const struct printer *printer, json_t *array, size_t indent)
{
    size_t index;
    json_t *entry;
    json_array_foreach(array, index, entry)
    {
        start_line(printer->text, index, indent);
        add_value(printer, entry, indent, indent);
    }
}

/* `column`: where the value starts. What does not fit into a line has an entry in each line. */
static void add_value(const struct printer *printer, json_t *value, size_t indent, size_t column)
{
    struct text *text = printer->text;
    const struct json_series *series = series_of(printer, value);
    if (add_in_line(printer, value, column))
        return;
    text_puts(text, json_is_object(value) ? "{" : "[");
    if (series)
        add_series(printer, series, indent + 2);
    else if (json_is_object(value))
        add_entries(printer, value, indent + 2);
    else
        add_elements(printer, value, indent + 2);
    text_puts(text, "\n");
    text_repeat(text, ' ', indent);
    text_puts(text, json_is_object(value) ? "}" : "]");
}

void json_print_series(json_t *root, const struct json_series *series, size_t series_count,
                       struct text *text)
{
    struct printer printer = {text, series, series_count};
    add_value(&printer, root, 0, 0);
    json_decref(root);
    text_puts(text, "\n");
}

void json_print(json_t *root, struct text *text)
{
    json_print_series(root, NULL, 0, text);
}
