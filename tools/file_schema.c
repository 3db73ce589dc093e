/*
 * JSON schemas (2020-12) of interface and module files: their keys, what each takes and says, from the tables by which files are
 * read (abide_key_at). What is inside the values of keys is added here.
 */
#include "file_schema.h"

#include "cli.h"

#include <string.h>

/* What the entries of a value are: of a mapping its values, of a list its elements. */
static const struct content {
    const char *kind, *key;
    const char *entry;   /* of a mapping: references with | between them; NULL: anything */
    const char *element; /* of a list; NULL: anything */
    const char *whole;   /* of a mapping: it is one of these itself */
} contents[] = {
    {"interface", "imported", NULL, NULL, "import"},
    {"interface", "forms", "value", NULL, NULL},
    {"interface", "checks", NULL, NULL, "checks"},
    {"interface", "constants", "constant", NULL, NULL},
    {"constant", "value", NULL, "value|targeted", NULL},
    {"targeted", "target", NULL, "value", NULL},
    {"targeted", "value", NULL, "value", NULL},
    {"interface", "types", "value|type", NULL, NULL},
    {"interface", "interfaces", "methods|nothing", NULL, NULL},
    {"interface", "functions", "value|function", NULL, NULL},
    {"interface", "hooks", "value|values", NULL, NULL},
    {"type", "struct", "value|field|type", "field|type", NULL},
    {"type", "union", "value|field|type", "field|type", NULL},
    {"type", "enum", "value|nothing|enumerator", "value", NULL},
    {"type", "flags", "value|nothing|bit", "value", NULL},
    {"type", "variant", "value|nothing|case|type|fields", NULL, NULL},
    {"type", "newtype", NULL, NULL, "type"},
    {"type", "open", NULL, NULL, "room"},
    {"type", "facts", NULL, "value", NULL},
    {"type", "expect", NULL, "expectation", "expectation"},
    {"field", "type", NULL, NULL, "type"},
    {"case", "type", NULL, NULL, "type"},
    {"expectation", "target", NULL, "value", NULL},
    {"expectation", "offset_bytes", "value", NULL, NULL},
    {"expectation", "offset_bits", "value", NULL, NULL},
    {"import", "target", NULL, "value", NULL},
    {"function", "params", "value|parameter|type", NULL, NULL},
    {"function", "returns", NULL, NULL, "parameter|type"},
    {"function", "variadic", NULL, "value", NULL},
    {"function", "facts", "value|list", NULL, NULL},
    {"function", "forms", "value", NULL, NULL},
    {"function", "callbacks", "callback", NULL, NULL},
    {"function", "checks", NULL, NULL, "checks"},
    {"function", "number", "value", NULL, NULL},
    {"parameter", "type", NULL, NULL, "type"},
    {"parameter", "facts", NULL, "value", NULL},
    {"module", "module", NULL, NULL, "head"},
    {"module", "overrides", "override|nothing", NULL, NULL},
    {"module", "banks", "bank|nothing", NULL, NULL},
    {"module", "return_banks", "bank|nothing", NULL, NULL},
    {"module", "args_first", NULL, "rule", NULL},
    {"module", "args", NULL, "rule", NULL},
    {"module", "returns_first", NULL, "rule", NULL},
    {"module", "returns", NULL, "rule", NULL},
    {"module", "preserved", NULL, "value", NULL},
    {"module", "conventions", NULL, "value", NULL},
    {"rule", "exhaust", NULL, "value", NULL},
    {"rule", "enter", NULL, "container", NULL},
    {"bank", "regs", NULL, "value", NULL},
    {"module", "target", NULL, NULL, "target"},
    {"module", "data", NULL, NULL, "data"},
    {"module", "classes", NULL, NULL, "classes"},
    {"module", "predicates", "conditions|tests|nothing", NULL, NULL},
    {"module", "niche", NULL, "tests", "test"},
    {"module", "gives", NULL, "tests", "test"},
    {"module", "consumes", NULL, "tests", "test"},
    {"module", "lends", NULL, "tests", "test"},
    {"rule", "when", NULL, "conditions", "condition"},
    {"target", "triples", "nothing|[value]", NULL, NULL},
    {"target", "systems", NULL, "value", NULL},
    {"data", "scalars", "value|nothing|scalar", NULL, NULL},
    {"data", "records", NULL, NULL, "records"},
    {"classes", "of", "value|nothing|[value]", NULL, NULL},
    {"classes", "merge", NULL, "value", NULL},
    {"classes", "conflicts", "value|nothing", NULL, NULL},
    {"classes", "join", "join|nothing", NULL, NULL},
    {"classes", "enter", NULL, "container", NULL},
    {"classes", "sizeless", NULL, "sizeless", NULL},
    {"homogeneous", "of", NULL, "kinds", NULL},
    {"homogeneous", "formats", NULL, "formats", NULL},
    {"homogeneous", "sizes", "some|nothing", NULL, NULL},
    {"homogeneous", "enter", NULL, "container", NULL},
    {"members", "max", "value|nothing", NULL, NULL},
    {"members", "sizes", "some|nothing", NULL, NULL},
    {"members", "shapes", NULL, "value", NULL},
    {"members", "enter", NULL, "container", NULL},
    {"condition_target", "arch", NULL, "value", NULL},
    {"condition_target", "os", NULL, "value", NULL},
    {"condition_target", "triple", NULL, "value", NULL},
    {"test_target", "arch", NULL, "value", NULL},
    {"test_target", "os", NULL, "value", NULL},
    {"test_target", "pointer", NULL, "value", NULL},
};

/* Of which words the plain value of a key is one. */
static const struct choice {
    const char *kind, *key, *set;
} choices[] = {
    {"target", "endian", "byte_order"},
    {"data", "enum", "scalar_name"},
    {"scalar", "signed", "flag"},
    {"scalar", "format", "format"},
    {"records", "bitfields", "bitfields"},
    {"records", "unnamed_bits_align", "flag"},
    {"records", "zero_width_aligns", "flag"},
    {"records", "natural_bits", "flag"},
    {"records", "aligned_bits", "moment"},
    {"records", "required_align", "flag"},
    {"homogeneous", "of", "kind"},
    {"homogeneous", "formats", "format"},
    {"members", "fill", "flag"},
    {"rule", "pass", "verb"},
};

/* Of which words the keys of a mapping are. */
static const struct choice names[] = {
    {"data", "scalars", "sized"}, {"classes", "of", "leaf"},  {"homogeneous", "sizes", "kind"},
    {"members", "sizes", "kind"}, {"members", "max", "kind"},
};

/*
 * Definitions by what they are one of: [X] is a list of X, [+X] one that is not empty, {X} a mapping to X. KIND-FORM is how a
 * condition's key is written (abide_key_info.form).
 */
static const struct {
    const char *name, *ways;
} of_conditions[] = {
    {"some", "value|[value]"},
    {"conditions", "value|condition|[+conditions]"},
    {"kinds", "kind|[kinds]"},
    {"formats", "format|[formats]"},
    {"condition-FLAG", "flag"},
    {"condition-PARTS", "[+conditions]"},
    {"condition-OPERAND", "conditions"},
    {"condition-NAME", "value"},
    {"condition-KINDS", "kinds"},
    {"condition-CONTENTS", "kind|format|[condition-CONTENTS]"},
    {"condition-FORMATS", "formats"},
    {"condition-LIMITS", "some"},
    {"condition-SCALARS", "scalar_name|[scalar_name]"},
    {"condition-HOMOGENEOUS", "homogeneous"},
    {"condition-MEMBERS", "members"},
    {"condition-FACTS", "some"},
    {"condition-BUDGETS", "some"},
    {"condition-OPTIONS", "{some}"},
    {"condition-TARGETS", "condition_target"},
    {"tests", "value|test|[tests]"},
    {"test-FLAG", "flag"},
    {"test-NUMBERS", "some"},
    {"test-FACTS", "some"},
    {"test-CONDITION", "tests"},
    {"test-CONDITIONS", "tests"},
    {"test-KINDS", "type_kind|[type_kind]"},
    {"test-BASE", "base"},
    {"test-OPTIONS", "{some}"},
    {"test-TARGET", "test_target"},
    {"test-CASES", "{tests}"},
    {"test-MODES", "mode|[mode]"},
    {"test-FORMS", "some"},
};

static const char *const sets[] = {"byte_order", "bitfields", "moment",      "sizeless",
                                   "base",       "mode",      "scalar_name", "kind",
                                   "format",     "container", "type_kind",   "verb"};

static const char *const of_interfaces[] = {"type",        "field",    "enumerator", "bit",
                                            "case",        "room",     "checks",     "function",
                                            "parameter",   "import",   "method",     "callback",
                                            "expectation", "constant", "targeted",   NULL};
static const char *const of_modules[] = {
    "head",        "bank", "rule",      "target",      "data",    "scalar",           "records",
    "classes",     "join", "condition", "homogeneous", "members", "condition_target", "test",
    "test_target", NULL};

static json_t *typed(const char *type)
{
    json_t *object = json_new_object();
    json_put_text(object, "type", type);
    return object;
}

static json_t *reference(const char *name)
{
    json_t *object = json_new_object();
    json_put_text(object, "$ref", cli_printf("#/$defs/%s", name));
    return object;
}

static json_t *list_of(const char *element);
static json_t *mapping_of(const char *entry);

/* "type", "[type]", "[+type]" or "{type}". */
static json_t *one_way(const char *way, size_t length)
{
    if (*way == '{')
        return mapping_of(cli_copy(way + 1, length - 2));
    if (*way != '[')
        return reference(cli_copy(way, length));
    bool is_needed = way[1] == '+';
    json_t *list = list_of(cli_copy(way + 1 + is_needed, length - 2 - is_needed));
    if (is_needed)
        json_put_size(list, "minItems", 1);
    return list;
}

/* "value|type" as what is one of these. */
static json_t *one_of(const char *names)
{
    if (!strchr(names, '|'))
        return one_way(names, strlen(names));
    json_t *ways = json_new_array();
    while (*names) {
        size_t length = strcspn(names, "|");
        json_add(ways, one_way(names, length));
        names += length + (names[length] == '|');
    }
    json_t *object = json_new_object();
    json_put(object, "anyOf", ways);
    return object;
}

static json_t *mapping_of(const char *entry)
{
    json_t *object = typed("object");
    if (entry)
        json_put(object, "additionalProperties", one_of(entry));
    return object;
}

static json_t *list_of(const char *element)
{
    json_t *object = typed("array");
    if (element)
        json_put(object, "items", one_of(element));
    return object;
}

static const struct content *content_of(const char *kind, const char *key)
{
    static const struct content nothing = {NULL, NULL, NULL, NULL, NULL};
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        if (strcmp(contents[i].kind, kind) == 0 && strcmp(contents[i].key, key) == 0)
            return &contents[i];
    return &nothing;
}

/* NULL: the key has no words of its own. */
static const char *set_of(const struct choice *table, size_t count, const char *kind,
                          const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].kind, kind) == 0 && strcmp(table[i].key, key) == 0)
            return table[i].set;
    return NULL;
}

static bool is_word_of(const char *set, const char *word)
{
    const char *other;
    for (size_t i = 0; other = abide_word_at(set, i), other; i++)
        if (strcmp(other, word) == 0)
            return true;
    return false;
}

/* "^(int|ptr)[0-9]+$": a kind of leaf with its size in bytes. */
static const char *sized_leaf(void)
{
    const char *kinds = NULL, *word;
    for (size_t i = 0; word = abide_word_at("leaf", i), word; i++)
        if (is_word_of("kind", word))
            kinds = kinds ? cli_printf("%s|%s", kinds, word) : word;
    return cli_printf("^(%s)[0-9]+$", kinds);
}

/* A mapping whose keys are words of the set. */
static json_t *named_mapping(const char *set, const char *entry)
{
    json_t *object = typed("object"), *properties = json_new_object();
    const char *word;
    for (size_t i = 0; word = abide_word_at(set, i), word; i++)
        json_put(properties, word, one_of(entry));
    json_put(object, "properties", properties);
    if (strcmp(set, "leaf") == 0) {
        json_t *patterns = json_new_object();
        json_put(patterns, sized_leaf(), one_of(entry));
        json_put(object, "patternProperties", patterns);
    }
    json_put_bool(object, "additionalProperties", false);
    return object;
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* A module that extends another one need not say what that says, and takes it out by saying nothing. */
static bool may_extend(const char *kind)
{
    return strcmp(kind, "module") == 0 || is_among(kind, of_modules);
}

static bool must_be_said(const char *kind, const abide_key_info *key)
{
    static const char *const always[] = {"abide", "module", "name", "version", NULL};
    return key->is_required && (!may_extend(kind) || is_among(key->name, always));
}

static json_t *key_mapping(const char *kind, const char *key, const struct content *content)
{
    const char *set = set_of(names, sizeof names / sizeof *names, kind, key);
    if (content->whole)
        return one_of(content->whole);
    return set ? named_mapping(set, content->entry) : mapping_of(content->entry);
}

static json_t *key_schema(const char *kind, const abide_key_info *key)
{
    const struct content *content = content_of(kind, key->name);
    const char *set = set_of(choices, sizeof choices / sizeof *choices, kind, key->name);
    json_t *object = json_new_object(), *ways = json_new_array();
    if (key->doc)
        json_put_text(object, "description", key->doc);
    if (key->form) {
        json_add(ways, reference(cli_printf("%s-%s", kind, key->form)));
        json_add(ways, reference("nothing"));
        json_put(object, "anyOf", ways);
        return object;
    }
    if (key->takes & ABIDE_TAKES_VALUE)
        json_add(ways, reference(set ? set : "value"));
    if (key->takes & ABIDE_TAKES_NOTHING || may_extend(kind))
        json_add(ways, reference("nothing"));
    if (key->takes & ABIDE_TAKES_LIST)
        json_add(ways, list_of(content->element));
    if (key->takes & ABIDE_TAKES_MAPPING)
        json_add(ways, key_mapping(kind, key->name, content));
    json_put(object, "anyOf", ways);
    return object;
}

static void add_keys(const char *kind, json_t *properties, json_t *required)
{
    abide_key_info key;
    for (size_t i = 0; key = abide_key_at(kind, i), key.name; i++) {
        json_put(properties, key.name, key_schema(kind, &key));
        if (must_be_said(kind, &key))
            json_add(required, json_text(key.name));
    }
}

static void finish_mapping(json_t *object, json_t *properties, json_t *required)
{
    json_put_text(object, "type", "object");
    json_put(object, "properties", properties);
    json_put(object, "required", required);
    json_put_bool(object, "additionalProperties", false);
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

static void put_mapping(json_t *object, const char *kind)
{
    static const char *const forms[] = {"struct",  "union",    "enum",   "flags",
                                        "variant", "resource", "opaque", "newtype",
                                        "fn",      "closure",  NULL};
    static const char *const signatures[] = {"sig", "params", "returns", "variadic", NULL};
    if (strcmp(kind, "type") == 0)
        put_one_needed(object, forms);
    if (strcmp(kind, "function") == 0)
        put_one_needed(object, signatures);
    if (strcmp(kind, "interface") == 0)
        put_package_needed(object);
    json_t *properties = json_new_object(), *required = json_new_array();
    add_keys(kind, properties, required);
    finish_mapping(object, properties, required);
}

static void add_definition(json_t *definitions, const char *kind)
{
    json_t *object = json_new_object();
    put_mapping(object, kind);
    json_put(definitions, kind, object);
}

/* Keys of a module that stand only where one is defined, and so in no override. */
static json_t *override_schema(void)
{
    static const char *const fixed[] = {"abide", "module", "options", "overrides", "target"};
    json_t *object = json_new_object(), *properties = json_new_object();
    json_t *required = json_new_array(), *when = one_of("conditions|nothing");
    add_keys("module", properties, required);
    json_array_clear(required);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        json_object_del(properties, fixed[i]);
    json_put_text(when, "description", "options, or properties of the target, that bring it about");
    json_put(properties, "when", when);
    json_put(properties, "source", reference("value"));
    finish_mapping(object, properties, required);
    return object;
}

/* A value is text to the reader, whatever YAML makes of it; nothing is nothing at all. */
static json_t *value_schema(void)
{
    json_t *object = json_new_object(), *types = json_new_array();
    static const char *const names[] = {"string", "number", "boolean"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        json_add(types, json_text(names[i]));
    json_put(object, "type", types);
    return object;
}

/* true and false, also as text. */
static json_t *flag_schema(void)
{
    json_t *object = json_new_object(), *ways = json_new_array();
    json_add(ways, json_true());
    json_add(ways, json_false());
    json_add(ways, json_text("true"));
    json_add(ways, json_text("false"));
    json_put(object, "enum", ways);
    return object;
}

static json_t *set_schema(const char *set)
{
    json_t *object = json_new_object(), *words = json_new_array();
    const char *word;
    for (size_t i = 0; word = abide_word_at(set, i), word; i++)
        json_add(words, json_text(word));
    json_put(object, "enum", words);
    return object;
}

static void add_conditions(json_t *definitions)
{
    json_put(definitions, "flag", flag_schema());
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        json_put(definitions, sets[i], set_schema(sets[i]));
    for (size_t i = 0; i < sizeof of_conditions / sizeof *of_conditions; i++)
        json_put(definitions, of_conditions[i].name, one_of(of_conditions[i].ways));
}

/* In a module that says this level, `predicates` are conditions of that level. */
static json_t *predicates_of(const char *level, const char *entry)
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
    json_put(predicates, "predicates", mapping_of(entry));
    json_put(then, "properties", predicates);
    json_put(rule, "if", when);
    json_put(rule, "then", then);
    return rule;
}

static void put_predicates(json_t *root)
{
    json_t *rules = json_new_array();
    json_add(rules, predicates_of("machine", "conditions|nothing"));
    json_add(rules, predicates_of("language", "tests|nothing"));
    json_put(root, "allOf", rules);
}

json_t *file_schema(const char *kind)
{
    bool is_interface = strcmp(kind, "interface") == 0;
    if (!is_interface && strcmp(kind, "module") != 0)
        return NULL;
    json_t *root = json_new_object(), *definitions = json_new_object();
    json_put_text(root, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_put_text(root, "$id", cli_printf("urn:abide:schema:%s-file:1", kind));
    json_put_text(root, "title", is_interface ? "an interface file of abide" : "a module of abide");
    put_mapping(root, kind);
    json_put(definitions, "value", value_schema());
    json_put(definitions, "nothing", typed("null"));
    const char *const *kinds = is_interface ? of_interfaces : of_modules;
    for (size_t i = 0; kinds[i]; i++)
        add_definition(definitions, kinds[i]);
    if (is_interface) {
        json_put(definitions, "values", mapping_of("value"));
        json_put(definitions, "fields", mapping_of("value|field|type"));
        json_put(definitions, "list", list_of("value"));
        json_put(definitions, "methods", mapping_of("value|method"));
    } else {
        json_put(definitions, "override", override_schema());
        add_conditions(definitions);
        put_predicates(root);
    }
    json_put(root, "$defs", definitions);
    return root;
}
