/* Bindings for Nim. */
#include "bind.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static const char *const keywords[] = {"addr",
                                       "and",
                                       "as",
                                       "asm",
                                       "bind",
                                       "block",
                                       "break",
                                       "case",
                                       "cast",
                                       "concept",
                                       "const",
                                       "continue",
                                       "converter",
                                       "defer",
                                       "discard",
                                       "distinct",
                                       "div",
                                       "do",
                                       "elif",
                                       "else",
                                       "end",
                                       "enum",
                                       "except",
                                       "export",
                                       "finally",
                                       "for",
                                       "from",
                                       "func",
                                       "if",
                                       "import",
                                       "in",
                                       "include",
                                       "interface",
                                       "is",
                                       "isnot",
                                       "iterator",
                                       "let",
                                       "macro",
                                       "method",
                                       "mixin",
                                       "mod",
                                       "nil",
                                       "not",
                                       "notin",
                                       "object",
                                       "of",
                                       "or",
                                       "out",
                                       "proc",
                                       "ptr",
                                       "raise",
                                       "ref",
                                       "return",
                                       "shl",
                                       "shr",
                                       "static",
                                       "template",
                                       "try",
                                       "tuple",
                                       "type",
                                       "using",
                                       "var",
                                       "when",
                                       "while",
                                       "xor",
                                       "yield",
                                       "result",
                                       "int",
                                       "uint",
                                       "float",
                                       "bool",
                                       "char",
                                       "string",
                                       "cstring",
                                       "pointer",
                                       "array",
                                       "seq",
                                       "set",
                                       "void",
                                       "auto",
                                       "any",
                                       "range",
                                       "string",
                                       "openarray",
                                       "varargs",
                                       "typed",
                                       "untyped",
                                       "cchar",
                                       "cint",
                                       "cuint",
                                       "clong",
                                       "culong",
                                       "cshort",
                                       "cushort",
                                       "cfloat",
                                       "cdouble",
                                       "csize_t",
                                       "uint8",
                                       "uint16",
                                       "uint32",
                                       "uint64",
                                       "int8",
                                       "int16",
                                       "int32",
                                       "int64",
                                       "float32",
                                       "float64",
                                       "byte",
                                       "ordinal",
                                       "natural",
                                       "positive",
                                       "true",
                                       "false",
                                       "sizeof",
                                       "offsetOf",
                                       "alignof",
                                       "echo",
                                       "assert",
                                       "doAssert",
                                       "abideSection",
                                       "NaN",
                                       "Inf",
                                       "NegInf",
                                       "cpuEndian",
                                       "littleEndian",
                                       "defined",
                                       "uncheckedArray",
                                       "cschar",
                                       "cuchar",
                                       "clonglong",
                                       "culonglong",
                                       "csize",
                                       NULL};

/* Nim's names neither begin nor end with `_`, and have no two in a row. */
static const char *respell(const char *name)
{
    char *copy = cli_printf("%s%s", *name == '_' ? "x" : "", name);
    size_t length = 0;
    for (size_t i = 0; copy[i]; i++)
        if (copy[i] != '_' || (copy[i + 1] && copy[i + 1] != '_'))
            copy[length++] = copy[i];
    copy[length] = '\0';
    return copy;
}

/* What Nim sees of a name: its first letter, and what follows without case and `_`. */
static const char *seen(const char *name)
{
    char *copy = cli_copy(name, strlen(name));
    size_t length = 0;
    for (size_t i = 0; copy[i]; i++)
        if (copy[i] != '_')
            copy[length++] = (char)(i == 0 ? copy[i] : tolower((unsigned char)copy[i]));
    copy[length] = '\0';
    return copy;
}

static const char *name_of(const char *name)
{
    /* The keywords above count in every spelling. */
    const char *safe = safe_name(&language_nim, name), *bare = seen(safe);
    for (size_t i = 0; keywords[i]; i++)
        if (*keywords[i] == *bare && strcmp(seen(keywords[i]), bare) == 0)
            return cli_printf("%sX", safe);
    return safe;
}

static const char *spell(const struct shape *shape);

/* A name that is in use from then on. Names that are one for Nim get a number. */
static const char *new_name(struct name_set *taken, const char *wish)
{
    const char *name = name_of(wish), *candidate = name;
    for (unsigned number = 2; name_set_has(taken, seen(candidate)); number++)
        candidate = cli_printf("%sX%u", name, number);
    name_set_add(taken, seen(candidate));
    return candidate;
}

static const char *parameters(const struct shape *code)
{
    struct name_set taken = {0};
    struct text text = {0};
    for (size_t i = 0; i < code->part_count; i++)
        text_printf(&text, "%s%s: %s", i ? ", " : "", new_name(&taken, code->parts[i].name),
                    spell(code->parts[i].shape));
    const char *copy = cli_copy(text.chars ? text.chars : "", text.length_bytes);
    text_free(&text);
    return copy;
}

static const char *result(const struct shape *code)
{
    return code->target->form == FORM_VOID ? "" : cli_printf(": %s", spell(code->target));
}

static const char *spell(const struct shape *shape)
{
    switch (shape->form) {
    case FORM_VOID: return "void";
    case FORM_SCALAR: return scalar_word(shape->scalar, SCALAR_NIM);
    case FORM_POINTER:
        if (shape->target->form == FORM_VOID || !can_say(shape->target, SCALAR_NIM))
            return "pointer";
        return cli_printf("ptr %s", spell(shape->target));
    case FORM_ARRAY:
        if (shape->is_flexible)
            return cli_printf("UncheckedArray[%s]", spell(shape->target));
        return cli_printf("array[%" PRIu64 ", %s]", shape->count, spell(shape->target));
    case FORM_CODE:
        if (!can_say(shape, SCALAR_NIM))
            return "pointer";
        return cli_printf("proc (%s)%s {.cdecl%s.}", parameters(shape), result(shape),
                          shape->is_variadic ? ", varargs" : "");
    case FORM_ITEM: return name_of(shape->item->name);
    case FORM_VECTOR:
    case FORM_COMPLEX: break; /* see can_say */
    }
    return "pointer";
}

/* Whether Nim knows the layout at compile time, as C has it. */
static bool can_tell(const struct item *item)
{
    if (item->part_count == 0 || item->pack_bytes || item->align_bytes)
        return false;
    for (size_t i = 0; i < item->part_count; i++) {
        const struct part *part = &item->parts[i];
        bool is_empty = part->shape->form == FORM_ARRAY && part->shape->count == 0;
        if (part->is_bitfield || part->is_packed || part->align_bytes || is_empty)
            return false;
    }
    return true;
}

static const struct knowing known = {SCALAR_NIM, can_tell};

static const char *condition(const struct model *model, const struct group *group)
{
    const char *text = "";
    for (size_t t = 0; t < group->count; t++)
        text = cli_printf("%s%s(%s)", text, t ? " or\n    " : "",
                          target_guard(&model->targets[group->targets[t]], "nim"));
    return text;
}

static void print_bytes(struct text *text, const struct item *item)
{
    print_comment(text, "  ", "## ", "Nim has no words for what is in it: use it behind pointers.");
    text_printf(text, "  %s* {.incompleteStruct.} = object\n", name_of(item->name));
}

static void print_record(struct text *text, const struct item *item)
{
    if (!knows_record(&known, item)) {
        print_bytes(text, item);
        return;
    }
    text_printf(text, "  %s* {.bycopy%s%s.} = object\n", name_of(item->name),
                item->kind == ITEM_UNION ? ", union" : "", item->is_packed ? ", packed" : "");
    struct name_set taken = {0};
    for (size_t i = 0; i < item->part_count; i++) {
        text_printf(text, "    %s*: %s\n", new_name(&taken, item->parts[i].name),
                    spell(item->parts[i].shape));
        print_comment(text, "      ", "## ", item->parts[i].doc);
    }
}

static const char *enum_type(const struct model *model, const struct item *item)
{
    if (item->target && can_say(item->target, SCALAR_NIM))
        return spell(item->target);
    const struct facts *facts = own_facts(model, item);
    return cli_printf("%s%" PRIu64, facts->is_signed ? "int" : "uint", 8 * facts->size_bytes);
}

static void print_item(const struct model *model, struct text *text, const struct item *item)
{
    const char *name = name_of(item->name);
    print_item_comment(text, "  ", "## ", item);
    switch (item->kind) {
    case ITEM_STRUCT:
    case ITEM_UNION: print_record(text, item); break;
    case ITEM_ENUM: text_printf(text, "  %s* = %s\n", name, enum_type(model, item)); break;
    case ITEM_ALIAS:
        if (is_bytes(&known, item->target))
            print_bytes(text, item);
        else
            text_printf(text, "  %s* = %s\n", name, spell(item->target));
        break;
    case ITEM_OPAQUE: text_printf(text, "  %s* {.incompleteStruct.} = object\n", name); break;
    }
}

static void add_items(const struct model *model, struct chunks *chunks)
{
    struct text text = {0};
    for (size_t i = 0; i < model->item_count; i++) {
        print_item(model, &text, model->items[i]);
        add_chunk(chunks, &text)->item = model->items[i];
    }
}

static void print_numbers(struct name_set *taken, struct text *text, const struct item *item)
{
    for (size_t k = 0; k < item->constant_count; k++) {
        const struct constant *constant = &item->constants[k];
        const char *number = constant->is_unsigned
                                 ? cli_printf("%" PRIu64 "'u64", (uint64_t)constant->value)
                                 : cli_printf("%" PRId64 "'i64", constant->value);
        text_puts(text, k ? "" : "\n");
        print_comment(text, "", "# ", constant->doc);
        text_printf(text, "const %s* = cast[%s](%s)\n", new_name(taken, constant->full_name),
                    name_of(item->name), number);
    }
}

/* ---- constants ---- */

static const char *float_value(const struct valued *valued, const abide_literal *value)
{
    static const char *const specials[] = {
        [SPECIAL_NAN] = "NaN", [SPECIAL_INFINITY] = "Inf", [SPECIAL_MINUS_INFINITY] = "NegInf"};
    /* Nim computes with all digits when it compiles, so those of f32 are said, too. */
    const char *digits =
        special_of(value) ? specials[special_of(value)] : float_digits(value, PRECISION_DOUBLE);
    return cli_printf("%s(%s)", spell(valued->shape), digits);
}

static const char *number_value(const struct valued *valued, const abide_literal *value)
{
    if (value->kind == ABIDE_LITERAL_FLOAT)
        return float_value(valued, value);
    if (valued->scalar && strcmp(valued->scalar, "bool") == 0)
        return value->low ? "true" : "false";
    return cli_printf("cast[%s](%s'%s)", spell(valued->shape), value->text,
                      value->is_negative ? "i64" : "u64");
}

static void print_constant(const struct model *model, const struct valued *valued,
                           const abide_literal *value, struct text *text)
{
    const char *name = valued->name;
    (void)model;
    if (value->kind == ABIDE_LITERAL_TEXT) {
        bool is_cstring = strcmp(valued_kind(valued), "string") != 0;
        text_printf(text, "const %s*%s = \"", name, is_cstring ? ": cstring" : "");
        print_escaped(text, "\\x%02x", value);
        text_puts(text, "\"\n");
    } else if (value->kind == ABIDE_LITERAL_BYTES) {
        text_printf(text, "const %s*: array[%zu, uint8] = [", name, value->length_bytes);
        for (size_t i = 0; i < value->length_bytes; i++)
            text_printf(text, "%s0x%02x'u8",
                        i == 0   ? ""
                        : i % 16 ? ", "
                                 : ",\n  ",
                        (unsigned char)value->text[i]);
        text_puts(text, "]\n");
    } else if (!can_say_constant(valued, SCALAR_NIM)) {
        text_printf(text, "discard # %s: Nim has no words for its type.\n", name);
    } else {
        text_printf(text, "const %s* = %s\n", name, number_value(valued, value));
    }
}

static void open_condition(const struct model *model, const struct group *group, size_t index,
                           struct text *text)
{
    text_printf(text, "%s %s:\n  ", index ? "elif" : "when", condition(model, group));
}

static void close_condition(struct text *text)
{
    (void)text;
}

static void print_constants(const struct model *model, struct name_set *taken, struct text *text)
{
    static const struct printer printer = {"nim", print_constant, open_condition, close_condition};
    text_puts(text, model->constant_count ? "\n" : "");
    for (size_t i = 0; i < model->constant_count; i++) {
        struct valued valued = model->constants[i];
        valued.name = new_name(taken, valued.name);
        print_comment(text, "", "# ", valued.doc);
        print_constant_values(model, &valued, text, &printer);
    }
}

/* How `importc` spells a symbol, in which `$` has a meaning; NULL: the C of Nim's compiler has no name for it. */
static const char *imported(const char *symbol)
{
    char *spelt = cli_alloc(2 * strlen(symbol) + 1, 1), *at = spelt;
    for (; *symbol; symbol++) {
        if (!isalnum((unsigned char)*symbol) && *symbol != '_' && *symbol != '$')
            return NULL;
        if (*symbol == '$')
            *at++ = '$';
        *at++ = *symbol;
    }
    return spelt;
}

static void add_routine(struct name_set *taken, const struct routine *routine,
                        struct chunks *chunks)
{
    const char *symbol = imported(routine->symbol);
    struct text text = {0};
    text_puts(&text, "\n");
    if (!can_call(&known, routine) || !symbol) {
        add_left_out(chunks, &text, "", "# ", routine,
                     symbol ? "Nim has no words for how it is called."
                            : "Nim has no words for its symbol.");
        return;
    }
    text_printf(&text, "proc %s*(%s)%s {.importc: \"%s\", cdecl%s.}\n",
                new_name(taken, routine->name), parameters(routine->shape), result(routine->shape),
                symbol, routine->shape->is_variadic ? ", varargs" : "");
    print_routine_comment(&text, "  ", "## ", routine);
    add_chunk(chunks, &text);
}

/* What stands behind the types, whose names are put into `taken`. */
static void add_named(const struct model *model, struct name_set *taken, struct chunks *chunks)
{
    struct text text = {0};
    for (size_t i = 0; i < model->item_count; i++)
        name_set_add(taken, seen(name_of(model->items[i]->name)));
    for (size_t i = 0; i < model->item_count; i++) {
        print_numbers(taken, &text, model->items[i]);
        if (text.length_bytes)
            add_chunk(chunks, &text);
    }
    for (size_t i = 0; i < model->routine_count; i++)
        add_routine(taken, &model->routines[i], chunks);
}

static void add_others(const struct model *model, struct chunks *chunks)
{
    struct name_set taken = {0};
    add_named(model, &taken, chunks);
}

/* ---- sections ---- */

static const struct choice choice = {
    .key = "nim",
    .head = "\n# What is not the same on all targets stands in sections.\n",
    .first = "when %s:\n  const abide_section = %s\n",
    .next = "elif %s:\n  const abide_section = %s\n",
    .end = "else:\n  {.error: \"this binding is not for this target\".}\n",
    .one = "(%s)",
    .between = " or\n    ",
    .is = "abide_section == %s",
    .or_is = " or ",
    .open = "when %s:\n",
    .other = "elif %s:\n",
    .close = "",
    .indent = "  ",
    .nothing = "discard",
};

static bool refers_to(const struct shape *shape, const struct name_set *names)
{
    for (size_t i = 0; i < shape->part_count; i++)
        if (refers_to(shape->parts[i].shape, names))
            return true;
    if (shape->form == FORM_ITEM)
        return name_set_has(names, shape->item->name);
    return shape->target && refers_to(shape->target, names);
}

static bool item_refers_to(const struct item *item, const struct name_set *names)
{
    for (size_t i = 0; i < item->part_count; i++)
        if (refers_to(item->parts[i].shape, names))
            return true;
    return item->target && refers_to(item->target, names);
}

/* Types that name one another stand in one `type`: those of sections, and all that need them, which become theirs. */
static struct chunks split_types(const struct file *file, struct chunks *types)
{
    struct name_set moved = {0};
    struct chunks own = {0}, common = {0};
    for (size_t before = SIZE_MAX; before != moved.count;) {
        before = moved.count;
        for (size_t i = 0; i < types->count; i++)
            if (!is_common(file, &types->items[i]) || item_refers_to(types->items[i].item, &moved))
                name_set_add(&moved, types->items[i].item->name);
    }
    for (size_t i = 0; i < types->count; i++) {
        const struct chunk *chunk = &types->items[i];
        take_chunk(name_set_has(&moved, chunk->item->name) ? &own : &common, chunk);
    }
    *types = common;
    return own;
}

static void print_own_types(const struct file *file, const struct chunks *own, struct text *text)
{
    struct chunks sections = {0};
    for (size_t m = 0; own->count && m < file->model_count; m++) {
        struct text section = {0};
        for (size_t i = 0; i < own->count; i++)
            if (own->items[i].models[m])
                text_printf(&section, "%s%s", section.length_bytes ? "" : "\ntype\n",
                            own->items[i].text);
        if (!section.length_bytes)
            continue;
        size_t at = 0; /* where another model has the same */
        while (at < sections.count && strcmp(sections.items[at].text, section.chars) != 0)
            at++;
        if (at == sections.count) {
            struct chunk *chunk = add_chunk(&sections, &section);
            chunk->models = cli_alloc(file->model_count, sizeof *chunk->models);
        }
        sections.items[at].models[m] = true;
        text_free(&section);
    }
    print_chunks(file, &sections, &choice, text);
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
    text_printf(text, "    doAssert sizeof(%s) == %" PRIu64 ", \"%s: size\"\n", name,
                facts->size_bytes, item->name);
    text_printf(text, "    doAssert alignof(%s) == %" PRIu64 ", \"%s: alignment\"\n", name,
                facts->align_bytes, item->name);
    struct name_set taken = {0};
    for (size_t i = 0; is_record(item) && i < item->part_count; i++) {
        const char *part = new_name(&taken, item->parts[i].name);
        if (facts->offsets_bits[i] != UINT64_MAX)
            text_printf(text,
                        "    doAssert offsetOf(%s, %s) == %" PRIu64 ", \"%s: offset of %s\"\n",
                        name, part, facts->offsets_bits[i] / 8, item->name, item->parts[i].name);
    }
}

static void print_assertions(const struct file *file, struct text *text)
{
    struct group *groups;
    size_t count = group_by_assertions(file, "nim", print_item_assertions, &groups);
    for (size_t g = 0; g < count; g++)
        text_printf(text, "\nwhen %s:\n  static:\n    discard\n%s",
                    condition(file->models, &groups[g]), groups[g].text);
}

/* Names that constants cannot have any more. */
static struct name_set taken_names(const struct file *file)
{
    struct name_set taken = {0};
    for (size_t m = 0; m < file->model_count; m++) {
        struct name_set own = {0};
        struct chunks unused = {0};
        add_named(&file->models[m], &own, &unused);
        for (size_t i = 0; i < own.slot_count; i++)
            if (own.slots[i])
                name_set_add(&taken, own.slots[i]);
    }
    return taken;
}

static void print(const struct file *file, struct text *text)
{
    struct chunks types = merge_chunks(file, add_items);
    struct chunks own = split_types(file, &types);
    struct chunks others = merge_chunks(file, add_others);
    struct name_set taken = taken_names(file);
    print_head(file->models, "Nim", "## ", text);
    print_choice(file, &choice, text);
    text_puts(text, types.count ? "\ntype\n" : "");
    print_chunks(file, &types, &choice, text);
    print_own_types(file, &own, text);
    print_chunks(file, &others, &choice, text);
    print_constants(file->models, &taken, text);
    print_assertions(file, text);
}

const struct language language_nim = {
    .name = "nim", .keywords = keywords, .suffix = "X", .respell = respell, .print = print};
