/* Bindings for Python: ctypes. */
#include "bind.h"

#include <inttypes.h>
#include <string.h>

static const char *const keywords[] = {"False",    "None",     "True",     "and",
                                       "as",       "assert",   "async",    "await",
                                       "break",    "class",    "continue", "def",
                                       "del",      "elif",     "else",     "except",
                                       "finally",  "for",      "from",     "global",
                                       "if",       "import",   "in",       "is",
                                       "lambda",   "nonlocal", "not",      "or",
                                       "pass",     "raise",    "return",   "try",
                                       "while",    "with",     "yield",    "match",
                                       "case",     "type",     "print",    "ctypes",
                                       "bind",     "library",  "self",     "NotImplementedError",
                                       "_machine", "_system",  "_bits",    "_section",
                                       "_handle",  "_FuncPtr", "_name",    "platform",
                                       "float",    "getattr",  "hasattr",  NULL};

/* Names with `_` at both ends mean something to Python or to ctypes: `__class__`, `_fields_`. */
static const char *respell(const char *name)
{
    return *name == '_' && name[strlen(name) - 1] == '_' ? cli_printf("%sx", name) : name;
}

static const char *spell(const struct shape *shape);

/* ctypes aligns as C does without being told otherwise, and knows `pack`. */
static bool can_tell(const struct item *item)
{
    if (item->align_bytes)
        return false;
    for (size_t i = 0; i < item->part_count; i++)
        if (item->parts[i].is_bitfield || item->parts[i].is_packed || item->parts[i].align_bytes)
            return false;
    return true;
}

static const struct knowing known = {SCALAR_PYTHON, can_tell};

static const char *name_of(const char *name)
{
    return safe_name(&language_python, name);
}

static const char *spell_result(const struct shape *shape)
{
    return shape->form == FORM_VOID ? "None" : spell(shape);
}

/* Pointers to types that are told later are addresses: a class must be there when it is named. */
static const char *spell_pointer(const struct shape *target)
{
    bool is_class =
        target->form == FORM_ITEM && (is_record(target->item) || target->item->kind == ITEM_OPAQUE);
    bool is_scalar = target->form == FORM_SCALAR && can_say(target, SCALAR_PYTHON);
    return is_class || is_scalar ? cli_printf("ctypes.POINTER(%s)", spell(target))
                                 : "ctypes.c_void_p";
}

static const char *spell(const struct shape *shape)
{
    const char *text = "";
    switch (shape->form) {
    case FORM_VOID: return "None";
    case FORM_SCALAR: return cli_printf("ctypes.%s", scalar_word(shape->scalar, SCALAR_PYTHON));
    case FORM_POINTER: return spell_pointer(shape->target);
    case FORM_ARRAY:
        return cli_printf("%s * %" PRIu64, spell(shape->target),
                          shape->is_flexible ? 0 : shape->count);
    case FORM_CODE:
        if (!can_say(shape, SCALAR_PYTHON))
            return "ctypes.c_void_p";
        for (size_t i = 0; i < shape->part_count; i++)
            text = cli_printf("%s, %s", text, spell(shape->parts[i].shape));
        return cli_printf("ctypes.CFUNCTYPE(%s%s)", spell_result(shape->target), text);
    case FORM_ITEM: return name_of(shape->item->name);
    case FORM_VECTOR:
    case FORM_COMPLEX: break; /* see can_say */
    }
    return "None";
}

static const char *parenthesized(const struct shape *shape)
{
    return shape->form == FORM_ARRAY ? cli_printf("(%s)", spell(shape)) : spell(shape);
}

/* `"` and `\` do not get here: see print_comment. */
static void print_doc(struct text *text, const char *indent, const char *doc)
{
    if (!doc)
        return;
    text_printf(text, "%s\"\"\"\n", indent);
    print_comment(text, indent, "", doc);
    text_printf(text, "%s\"\"\"\n", indent);
}

static void print_class(struct text *text, const struct item *item)
{
    text_printf(text, "\n\nclass %s(ctypes.%s):\n", name_of(item->name),
                item->kind == ITEM_UNION ? "Union" : "Structure");
    print_doc(text, "    ", item->doc);
    if (item->absence)
        print_comment(text, "    ", "# ",
                      cli_printf("Known behind pointers alone on this target: %s.", item->absence));
    if (is_record(item) && !knows_record(&known, item))
        text_puts(text, "    # ctypes has no words for what is in it: use it behind pointers.\n");
    text_puts(text, "    pass\n");
}

static void print_fields(struct text *text, const struct item *item)
{
    const char *name = name_of(item->name);
    if (!knows_record(&known, item))
        return;
    text_puts(text, "\n");
    if (item->is_packed || item->pack_bytes)
        text_printf(text, "%s._pack_ = %u\n", name, item->is_packed ? 1 : item->pack_bytes);
    text_printf(text, "%s._fields_ = [\n", name);
    for (size_t i = 0; i < item->part_count; i++) {
        print_comment(text, "    ", "# ", item->parts[i].doc);
        text_printf(text, "    (\"%s\", %s),\n", name_of(item->parts[i].name),
                    parenthesized(item->parts[i].shape));
    }
    text_puts(text, "]\n");
}

static const char *enum_type(const struct model *model, const struct item *item)
{
    if (item->target && can_say(item->target, SCALAR_PYTHON))
        return spell(item->target);
    const struct facts *facts = own_facts(model, item);
    return cli_printf("ctypes.c_%s%" PRIu64, facts->is_signed ? "int" : "uint",
                      8 * facts->size_bytes);
}

static void print_enum(const struct model *model, struct text *text, const struct item *item)
{
    text_printf(text, "\n%s = %s\n", name_of(item->name), enum_type(model, item));
    print_comment(text, "", "# ", item->doc);
    for (size_t i = 0; i < item->constant_count; i++) {
        const struct constant *constant = &item->constants[i];
        print_comment(text, "", "# ", constant->doc);
        text_printf(text, "%s = %s\n", name_of(constant->full_name),
                    constant->is_unsigned ? cli_printf("%" PRIu64, (uint64_t)constant->value)
                                          : cli_printf("%" PRId64, constant->value));
    }
}

static void print_item(const struct model *model, struct text *text, const struct item *item)
{
    if (is_record(item))
        print_fields(text, item);
    else if (item->kind == ITEM_ENUM)
        print_enum(model, text, item);
    else if (item->kind == ITEM_ALIAS && !is_bytes(&known, item->target))
        text_printf(text, "\n%s = %s\n", name_of(item->name), spell(item->target));
    else if (item->kind == ITEM_ALIAS)
        text_printf(text, "\n%s = None  # ctypes has no words for it\n", name_of(item->name));
    if (item->kind == ITEM_ALIAS)
        print_comment(text, "", "# ", item->doc);
}

/* ---- constants ---- */

static const char *number_value(const struct valued *valued, const abide_literal *value)
{
    static const char *const specials[] = {
        [SPECIAL_NAN] = "nan", [SPECIAL_INFINITY] = "inf", [SPECIAL_MINUS_INFINITY] = "-inf"};
    if (value->kind == ABIDE_LITERAL_FLOAT && special_of(value))
        return cli_printf("float(\"%s\")", specials[special_of(value)]);
    if (value->kind == ABIDE_LITERAL_FLOAT)
        return float_digits(value, PRECISION_DOUBLE);
    if (valued->scalar && strcmp(valued->scalar, "bool") == 0)
        return value->low ? "True" : "False";
    return value->text;
}

/* Text is str; what ends in a NUL in C is bytes, as ctypes has it, without the NUL. */
static void print_constant(const struct model *model, const struct valued *valued,
                           const abide_literal *value, struct text *text)
{
    const char *name = valued->name;
    bool is_text = value->kind == ABIDE_LITERAL_TEXT;
    (void)model;
    if (is_text || value->kind == ABIDE_LITERAL_BYTES) {
        bool is_str = is_text && strcmp(valued_kind(valued), "string") == 0;
        text_printf(text, "%s = b\"", name);
        print_escaped(text, "\\x%02x", value);
        text_puts(text, is_str ? "\".decode()\n" : "\"\n");
    } else if (value->kind == ABIDE_LITERAL_FLOAT && !value->is_exact) {
        text_printf(text, "pass  # %s: Python has no words for its type.\n", name);
    } else {
        text_printf(text, "%s = %s\n", name, number_value(valued, value));
    }
}

static const char *condition(const struct model *model, const struct group *group)
{
    const char *text = "";
    for (size_t t = 0; t < group->count; t++)
        text = cli_printf("%s%s%s", text, t ? "\n        or " : "",
                          target_guard(&model->targets[group->targets[t]], "python"));
    return text;
}

static void open_condition(const struct model *model, const struct group *group, size_t index,
                           struct text *text)
{
    text_printf(text, "%s (%s):\n    ", index ? "elif" : "if", condition(model, group));
}

static void close_condition(struct text *text)
{
    (void)text;
}

static void print_constants(const struct model *model, struct text *text)
{
    static const struct printer printer = {"python", print_constant, open_condition,
                                           close_condition};
    text_puts(text, model->constant_count ? "\n\n" : "");
    for (size_t i = 0; i < model->constant_count; i++) {
        print_comment(text, "", "# ", model->constants[i].doc);
        print_constant_values(model, &model->constants[i], text, &printer);
    }
}

/* By value, ctypes passes packed records as if their fields were aligned: libffi knows no others. */
static bool is_packed(const struct shape *shape)
{
    while (shape->form == FORM_ARRAY)
        shape = shape->target;
    if (shape->form != FORM_ITEM)
        return false;
    const struct item *item = shape->item;
    if (item->kind == ITEM_ALIAS)
        return is_packed(item->target);
    bool is_found = is_record(item) && (item->is_packed || item->pack_bytes);
    for (size_t i = 0; is_record(item) && i < item->part_count && !is_found; i++)
        is_found = is_packed(item->parts[i].shape);
    return is_found;
}

static bool can_pass(const struct routine *routine)
{
    const struct shape *shape = routine->shape;
    bool is_good = can_call(&known, routine) && !is_packed(shape->target);
    for (size_t i = 0; is_good && i < shape->part_count; i++)
        is_good = !is_packed(shape->parts[i].shape);
    return is_good;
}

/* Libraries are told their functions' types: ctypes guesses otherwise. */
static void print_routine(const struct routine *routine, struct text *text)
{
    const char *name = name_of(routine->name);
    print_routine_comment(text, "", "# ", routine);
    const char *indent = routine->is_destructor ? "    " : "";
    if (routine->is_destructor) /* a library of adapters has none of its own */
        text_printf(text, "if hasattr(library, \"%s\"):\n", routine->symbol);
    text_printf(text, "%slibrary.%s = getattr(library, \"%s\")\n", indent, name, routine->symbol);
    text_printf(text, "%slibrary.%s.argtypes = [", indent, name);
    for (size_t k = 0; k < routine->shape->part_count; k++)
        text_printf(text, "%s%s", k ? ", " : "", spell(routine->shape->parts[k].shape));
    text_printf(text, "]\n%slibrary.%s.restype = %s\n", indent, name,
                spell_result(routine->shape->target));
}

static void add_classes(const struct model *model, struct chunks *chunks)
{
    struct text text = {0};
    for (size_t i = 0; i < model->item_count; i++) {
        const struct item *item = model->items[i];
        if (!is_record(item) && item->kind != ITEM_OPAQUE)
            continue;
        print_class(&text, item);
        add_chunk(chunks, &text);
    }
}

static void add_items(const struct model *model, struct chunks *chunks)
{
    struct text text = {0};
    for (size_t i = 0; i < model->item_count; i++) {
        print_item(model, &text, model->items[i]);
        if (text.length_bytes)
            add_chunk(chunks, &text);
    }
}

static void add_routines(const struct model *model, struct chunks *chunks)
{
    struct text text = {0};
    for (size_t i = 0; i < model->routine_count; i++) {
        const struct routine *routine = &model->routines[i];
        if (can_pass(routine)) {
            print_routine(routine, &text);
            add_chunk(chunks, &text);
        } else {
            add_left_out(chunks, &text, "", "# ", routine,
                         "ctypes has no words for how it is called.");
        }
    }
}

static void print_item_assertions(const struct model *model, struct text *text,
                                  const struct item *item, const struct facts *facts)
{
    const char *name = name_of(item->name);
    (void)model;
    bool is_unknown = (is_record(item) && !knows_record(&known, item)) ||
                      (item->kind == ITEM_ALIAS && is_bytes(&known, item->target));
    if (is_unknown)
        return;
    text_printf(text, "    assert ctypes.sizeof(%s) == %" PRIu64 ", \"%s: size\"\n", name,
                facts->size_bytes, item->name);
    text_printf(text, "    assert ctypes.alignment(%s) == %" PRIu64 ", \"%s: alignment\"\n", name,
                facts->align_bytes, item->name);
    for (size_t i = 0; is_record(item) && i < item->part_count; i++)
        if (facts->offsets_bits[i] != UINT64_MAX)
            text_printf(text, "    assert %s.%s.offset == %" PRIu64 ", \"%s: offset of %s\"\n",
                        name, name_of(item->parts[i].name), facts->offsets_bits[i] / 8, item->name,
                        item->parts[i].name);
}

static const char platform[] = "_machine, _system, _bits = platform.machine(), "
                               "platform.system(), 8 * ctypes.sizeof(ctypes.c_void_p)\n";

static void print_assertions(const struct file *file, struct text *text)
{
    struct group *groups;
    size_t count = group_by_assertions(file, "python", print_item_assertions, &groups);
    text_printf(text, "\n\n%s", file->model_count > 1 ? "" : platform);
    for (size_t g = 0; g < count; g++)
        text_printf(text, "%s (%s):\n    pass\n%s", g ? "elif" : "if",
                    condition(file->models, &groups[g]), groups[g].text);
}

static const struct choice choice = {
    .key = "python",
    .head = "\n# What is not the same on all targets stands in sections.\n",
    .first = "if (%s):\n    _section = %s\n",
    .next = "elif (%s):\n    _section = %s\n",
    .end = "else:\n    raise ImportError(\"this binding is not for this target\")\n",
    .one = "(%s)",
    .between = "\n        or ",
    .is = "_section == %s",
    .or_is = " or ",
    .open = "if %s:\n",
    .other = "elif %s:\n",
    .close = "",
    .indent = "    ",
    .nothing = "pass",
};

static void print_declarations(const struct file *file, make_chunks *make, const char *indent,
                               struct text *text)
{
    struct chunks chunks = merge_chunks(file, make);
    struct text lines = {0};
    print_chunks(file, &chunks, &choice, &lines);
    print_indented(text, indent, take_text(&lines));
}

static void print(const struct file *file, struct text *text)
{
    print_head(file->models, "Python", "# ", text);
    text_puts(text, "import ctypes\nimport platform\n");
    if (file->model_count > 1)
        text_printf(text, "\n%s", platform);
    print_choice(file, &choice, text);
    print_declarations(file, add_classes, "", text);
    text_puts(text, "\n");
    print_declarations(file, add_items, "", text);
    text_puts(text, "\n\ndef bind(library):\n"
                    "    \"\"\"Tells a library of ctypes what its functions take and return; gives "
                    "it back.\"\"\"\n");
    print_declarations(file, add_routines, "    ", text);
    text_puts(text, "    return library\n");
    print_assertions(file, text);
    print_constants(file->models, text);
}

const struct language language_python = {
    .name = "python", .keywords = keywords, .suffix = "_", .respell = respell, .print = print};
