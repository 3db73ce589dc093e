/*
 * JSON schemas (2020-12) of interface and module files, from the tables by which files are read: their keys, what stands for each
 * (abide_key_at), and words (abide_word_at). Here is only what these mean in JSON, and what concerns several keys at once.
 */
#include "file_schema.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>

struct writer {
    json_t *definitions;
    bool
        is_module; /* which may extend another one: it need not say what that says, and takes it out by saying nothing */
};

static json_t *ways_of(struct writer *writer, const char *grammar, const char *own_words);

static json_t *typed(const char *type)
{
    json_t *object = json_new_object();
    json_put_text(object, "type", type);
    return object;
}

static json_t *text_list(const char *const *texts)
{
    json_t *list = json_new_array();
    for (; *texts; texts++)
        json_add(list, json_text(*texts));
    return list;
}

/* --- values --- */

/* A value is text to the reader, whatever YAML makes of it. */
static json_t *text_schema(void)
{
    static const char *const types[] = {"string", "number", "boolean", NULL};
    json_t *object = json_new_object();
    json_put(object, "type", text_list(types));
    return object;
}

static json_t *nothing_schema(void)
{
    return typed("null");
}

static json_t *pattern_schema(const char *pattern)
{
    json_t *object = typed("string");
    json_put_text(object, "pattern", pattern);
    return object;
}

/* A number for YAML, or text of this form. */
static json_t *number_or(const char *pattern, bool has_sign)
{
    json_t *object = json_new_object(), *ways = json_new_array(), *number = typed("integer");
    if (!has_sign)
        json_put_size(number, "minimum", 0);
    json_add(ways, number);
    json_add(ways, pattern_schema(pattern));
    json_put(object, "anyOf", ways);
    return object;
}

#define DIGITS "(0|[1-9][0-9]*|0x[0-9a-fA-F]+)"

static json_t *number_schema(void)
{
    return number_or("^" DIGITS "$", false);
}

static json_t *integer_schema(void)
{
    return number_or("^-?" DIGITS "$", true);
}

static json_t *limit_schema(void)
{
    return number_or("^([<>]=?|=)? *-?(0x)?[0-9a-fA-F]+$", true);
}

/* "T|E|u8" */
static const char *template_words(void)
{
    const char *words = abide_word_at("template_word", 0).name, *word;
    for (size_t i = 1; word = abide_word_at("template_word", i).name, word; i++)
        words = cli_printf("%s|%s", words, word);
    return words;
}

static json_t *pointer_template_schema(void)
{
    return pattern_schema(cli_printf("^((ptr|mutptr)<)+(%s)>+$", template_words()));
}

static json_t *named_member_schema(void)
{
    return pattern_schema(
        cli_printf("^[A-Za-z_][A-Za-z0-9_]* ((ptr|mutptr)<)*(%s)>*$", template_words()));
}

/* A word as YAML, too, may read it. */
static json_t *word_value(const char *word)
{
    json_t *values = json_new_array();
    json_add(values, json_text(word));
    if (strcmp(word, "true") == 0)
        json_add(values, json_true());
    else if (strcmp(word, "false") == 0)
        json_add(values, json_false());
    else if (strcmp(word, "null") == 0)
        json_add(values, json_null());
    else if (word[strspn(word, "0123456789")] == '\0')
        json_add(values, json_integer(strtoll(word, NULL, 10)));
    return values;
}

static json_t *word_schema(abide_word_info word)
{
    json_t *object = json_new_object(), *values = word_value(word.name);
    if (json_array_size(values) > 1) {
        json_put(object, "enum", values);
    } else {
        json_decref(values);
        json_put_text(object, "const", word.name);
    }
    json_put_text(object, "description", word.doc);
    return object;
}

static json_t *words_schema(const char *set)
{
    json_t *object = json_new_object(), *ways = json_new_array();
    abide_word_info word;
    for (size_t i = 0; word = abide_word_at(set, i), word.name; i++)
        json_add(ways, word_schema(word));
    json_put(object, "anyOf", ways);
    return object;
}

static json_t *flag_schema(void)
{
    json_t *object = json_new_object(), *ways = json_new_array();
    json_add(ways, word_schema((abide_word_info){"true", "yes"}));
    json_add(ways, word_schema((abide_word_info){"false", "no"}));
    json_put(object, "anyOf", ways);
    return object;
}

static const struct {
    const char *name;
    json_t *(*schema)(void);
} values[] = {
    {"text", text_schema},
    {"nothing", nothing_schema},
    {"flag", flag_schema},
    {"number", number_schema},
    {"integer", integer_schema},
    {"limit", limit_schema},
    {"pointer_template", pointer_template_schema},
    {"named_member", named_member_schema},
};

/* --- ways --- */

static json_t *reference(struct writer *writer, const char *name);

static json_t *list_of(struct writer *writer, const char *elements, bool is_needed)
{
    json_t *list = typed("array");
    json_put(list, "items", ways_of(writer, elements, NULL));
    if (is_needed)
        json_put_size(list, "minItems", 1);
    return list;
}

static json_t *mapping_of(struct writer *writer, const char *entry)
{
    json_t *object = typed("object");
    json_put(object, "additionalProperties", ways_of(writer, entry, NULL));
    return object;
}

static bool is_word_of(const char *set, const char *word)
{
    const char *other;
    for (size_t i = 0; other = abide_word_at(set, i).name, other; i++)
        if (strcmp(other, word) == 0)
            return true;
    return false;
}

/* "^(int|ptr)[0-9]+$": a kind of leaf with its size in bytes. */
static const char *sized_leaf(void)
{
    const char *kinds = NULL, *word;
    for (size_t i = 0; word = abide_word_at("leaf", i).name, word; i++)
        if (is_word_of("kind", word))
            kinds = kinds ? cli_printf("%s|%s", kinds, word) : word;
    return cli_printf("^(%s)[0-9]+$", kinds);
}

/* A mapping whose keys are words of the set. */
static json_t *named_mapping(struct writer *writer, const char *set, const char *entry)
{
    json_t *object = typed("object"), *properties = json_new_object();
    abide_word_info word;
    for (size_t i = 0; word = abide_word_at(set, i), word.name; i++) {
        json_t *property = ways_of(writer, entry, NULL);
        json_put_text(property, "description", word.doc);
        json_put(properties, word.name, property);
    }
    json_put(object, "properties", properties);
    if (strcmp(set, "leaf") == 0) {
        json_t *patterns = json_new_object();
        json_put(patterns, sized_leaf(), ways_of(writer, entry, NULL));
        json_put(object, "patternProperties", patterns);
    }
    json_put_bool(object, "additionalProperties", false);
    return object;
}

/* `own_words`: the set that `word` stands for. */
static json_t *one_way(struct writer *writer, const char *way, const char *own_words)
{
    size_t length = strlen(way);
    if (strcmp(way, "word") == 0)
        return words_schema(own_words);
    if (*way == '[') {
        bool is_needed = way[1] == '+';
        return list_of(writer, cli_copy(way + 1 + is_needed, length - 2 - is_needed), is_needed);
    }
    if (*way != '{')
        return reference(writer, way);
    const char *inner = cli_copy(way + 1, length - 2), *colon = strstr(inner, ": ");
    size_t name_length = strspn(inner, "abcdefghijklmnopqrstuvwxyz_");
    if (!colon || colon != inner + name_length)
        return mapping_of(writer, inner);
    return named_mapping(writer, cli_copy(inner, name_length), colon + 2);
}

/* Up to the next `|` that is not in brackets. */
static size_t way_length(const char *ways)
{
    size_t depth = 0, length = 0;
    for (; ways[length] && (depth > 0 || ways[length] != '|'); length++) {
        depth += ways[length] == '[' || ways[length] == '{';
        depth -= ways[length] == ']' || ways[length] == '}';
    }
    return length;
}

/* What is one of the ways. */
static json_t *ways_of(struct writer *writer, const char *grammar, const char *own_words)
{
    json_t *object = json_new_object(), *ways = json_new_array();
    while (*grammar) {
        size_t length = way_length(grammar);
        json_add(ways, one_way(writer, cli_copy(grammar, length), own_words));
        grammar += length + (grammar[length] == '|');
    }
    json_put(object, "anyOf", ways);
    return object;
}

/* --- mappings --- */

static bool has_way(const char *grammar, const char *way)
{
    while (*grammar) {
        size_t length = way_length(grammar);
        if (strlen(way) == length && strncmp(grammar, way, length) == 0)
            return true;
        grammar += length + (grammar[length] == '|');
    }
    return false;
}

static bool must_be_said(struct writer *writer, const abide_key_info *key)
{
    static const char *const always[] = {"abide", "module", "name", "version"};
    bool is_own = false;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        is_own = is_own || strcmp(key->name, always[i]) == 0;
    return key->is_required && (!writer->is_module || is_own);
}

static json_t *key_schema(struct writer *writer, const char *kind, const abide_key_info *key)
{
    json_t *object = ways_of(writer, key->content, cli_printf("%s.%s", kind, key->name));
    if (key->doc)
        json_put_text(object, "description", key->doc);
    if (writer->is_module && !has_way(key->content, "nothing"))
        json_add(json_object_get(object, "anyOf"), reference(writer, "nothing"));
    return object;
}

/* At least one of the keys must be there. */
static void put_one_needed(json_t *object, const char *const *keys)
{
    json_t *ways = json_new_array();
    for (; *keys; keys++) {
        json_t *way = json_new_object(), *required = json_new_array();
        json_add(required, json_text(*keys));
        json_put(way, "required", required);
        json_add(ways, way);
    }
    json_put(object, "anyOf", ways);
}

/* A file that has interfaces names its package. */
static void put_package_needed(json_t *object)
{
    json_t *some = typed("object"), *properties = json_new_object(), *when = json_new_object();
    json_t *package = json_new_array(), *interfaces = json_new_array(), *then = json_new_object();
    json_put_size(some, "minProperties", 1);
    json_put(properties, "interfaces", some);
    json_add(interfaces, json_text("interfaces"));
    json_put(when, "properties", properties);
    json_put(when, "required", interfaces);
    json_add(package, json_text("package"));
    json_put(then, "required", package);
    json_put(object, "if", when);
    json_put(object, "then", then);
}

static void put_mapping(struct writer *writer, json_t *object, const char *kind)
{
    static const char *const forms[] = {"struct",  "union",    "enum",   "flags",
                                        "variant", "resource", "opaque", "newtype",
                                        "fn",      "closure",  NULL};
    static const char *const signatures[] = {"sig", "params", "returns", "variadic", NULL};
    json_t *properties = json_new_object(), *required = json_new_array();
    abide_key_info key;
    for (size_t i = 0; key = abide_key_at(kind, i), key.name; i++) {
        json_put(properties, key.name, key_schema(writer, kind, &key));
        if (must_be_said(writer, &key))
            json_add(required, json_text(key.name));
    }
    json_put_text(object, "type", "object");
    json_put(object, "properties", properties);
    json_put(object, "required", required);
    json_put_bool(object, "additionalProperties", false);
    if (strcmp(kind, "type") == 0)
        put_one_needed(object, forms);
    if (strcmp(kind, "function") == 0)
        put_one_needed(object, signatures);
    if (strcmp(kind, "interface") == 0)
        put_package_needed(object);
}

/* --- definitions --- */

static json_t *value_schema(const char *name)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i].name, name) == 0)
            return values[i].schema();
    return NULL;
}

static void define(struct writer *writer, const char *name)
{
    if (json_object_get(writer->definitions, name))
        return;
    json_t *value = value_schema(name), *object = value ? value : json_new_object();
    const char *grammar = abide_content_of(name);
    /* Before what it refers to, which may refer to it. */
    json_put(writer->definitions, name, object);
    if (value)
        return;
    if (abide_key_at(name, 0).name)
        put_mapping(writer, object, name);
    else
        json_object_update_new(object,
                               grammar ? ways_of(writer, grammar, NULL) : words_schema(name));
}

static json_t *reference(struct writer *writer, const char *name)
{
    json_t *object = json_new_object();
    define(writer, name);
    json_put_text(object, "$ref", cli_printf("#/$defs/%s", name));
    return object;
}

/* In a module that says this level, `predicates` are conditions of that level. */
static json_t *predicates_of(struct writer *writer, const char *level, const char *entry)
{
    json_t *rule = json_new_object(), *when = json_new_object(), *then = json_new_object();
    json_t *outer = json_new_object(), *head = json_new_object(), *inner = json_new_object();
    json_t *word = json_new_object(), *predicates = json_new_object(), *needed = json_new_array();
    json_put_text(word, "const", level);
    json_put(inner, "level", word);
    json_add(needed, json_text("level"));
    json_put(head, "properties", inner);
    json_put(head, "required", needed);
    json_put(outer, "module", head);
    json_put(when, "properties", outer);
    json_put(predicates, "predicates", ways_of(writer, entry, NULL));
    json_put(then, "properties", predicates);
    json_put(rule, "if", when);
    json_put(rule, "then", then);
    return rule;
}

static void put_predicates(struct writer *writer, json_t *root)
{
    json_t *rules = json_new_array();
    json_add(rules, predicates_of(writer, "machine", "nothing|{conditions|nothing}"));
    json_add(rules, predicates_of(writer, "language", "nothing|{tests|nothing}"));
    json_put(root, "allOf", rules);
}

json_t *file_schema(const char *kind)
{
    bool is_interface = strcmp(kind, "interface") == 0;
    if (!is_interface && strcmp(kind, "module") != 0)
        return NULL;
    json_t *root = json_new_object();
    struct writer writer = {json_new_object(), !is_interface};
    json_put_text(root, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_put_text(root, "$id", cli_printf("urn:abide:schema:%s-file:1", kind));
    json_put_text(root, "title", is_interface ? "an interface file of abide" : "a module of abide");
    put_mapping(&writer, root, kind);
    if (!is_interface)
        put_predicates(&writer, root);
    json_put(root, "$defs", writer.definitions);
    return root;
}
