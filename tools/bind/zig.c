/*
 * Bindings for Zig.
 *
 * Zig has a word for every layout but that of bit-fields. But it passes records by value otherwise than C on every target (0.16.0,
 * measured as README.md says), so functions that do so are declared for few types, and on few targets; adapters for the
 * module `zig` are there for the others.
 */
#include "bind.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* Also what this file calls things itself: `@"..."` makes no difference for those, see respell. */
static const char *const keywords[] = {"addrspace",
                                       "align",
                                       "allowzero",
                                       "and",
                                       "anyframe",
                                       "anytype",
                                       "asm",
                                       "break",
                                       "callconv",
                                       "catch",
                                       "comptime",
                                       "const",
                                       "continue",
                                       "defer",
                                       "else",
                                       "enum",
                                       "errdefer",
                                       "error",
                                       "export",
                                       "extern",
                                       "fn",
                                       "for",
                                       "if",
                                       "inline",
                                       "linksection",
                                       "noalias",
                                       "noinline",
                                       "nosuspend",
                                       "opaque",
                                       "or",
                                       "orelse",
                                       "packed",
                                       "pub",
                                       "resume",
                                       "return",
                                       "struct",
                                       "suspend",
                                       "switch",
                                       "test",
                                       "threadlocal",
                                       "try",
                                       "union",
                                       "unreachable",
                                       "var",
                                       "volatile",
                                       "while",
                                       "anyerror",
                                       "anyopaque",
                                       "bool",
                                       "c_int",
                                       "c_long",
                                       "c_longdouble",
                                       "c_longlong",
                                       "c_char",
                                       "c_short",
                                       "c_uint",
                                       "c_ulong",
                                       "c_ulonglong",
                                       "c_ushort",
                                       "false",
                                       "comptime_int",
                                       "f128",
                                       "f16",
                                       "f32",
                                       "comptime_float",
                                       "f64",
                                       "f80",
                                       "isize",
                                       "noreturn",
                                       "null",
                                       "true",
                                       "type",
                                       "undefined",
                                       "usize",
                                       "void",
                                       "async",
                                       "await",
                                       "usingnamespace",
                                       NULL};

/* Integers of all widths have names, this file has two of its own, and `_` is none. */
static const char *respell(const char *name)
{
    if (strcmp(name, "_") == 0)
        return "x_";
    if (strcmp(name, "builtin") == 0 || strcmp(name, "abide_target") == 0)
        return cli_printf("%s_", name);
    bool is_integer = (*name == 'i' || *name == 'u') && isdigit((unsigned char)name[1]);
    return is_integer ? cli_printf("@\"%s\"", name) : name;
}

static const char *name_of(const char *name)
{
    return safe_name(&language_zig, name);
}

static const char *spell(const struct shape *shape);

/* `x` in front of `x_len`, and `ptr` in front of `len`, is the address of that many. */
static bool is_counted(const struct part *parts, size_t count, size_t index)
{
    if (index + 1 >= count)
        return false;
    const struct part *part = &parts[index], *next = &parts[index + 1];
    bool is_length = next->shape->form == FORM_SCALAR && strcmp(next->shape->scalar, "size") == 0;
    return is_length && (strcmp(next->name, cli_printf("%s_len", part->name)) == 0 ||
                         (strcmp(part->name, "ptr") == 0 && strcmp(next->name, "len") == 0));
}

/* Texts are bytes for Zig. */
static const char *spell_target(const struct shape *target)
{
    if (target->form == FORM_VOID || !can_say(target, SCALAR_ZIG))
        return "anyopaque";
    bool is_char = target->form == FORM_SCALAR && strcmp(target->scalar, "c_char") == 0;
    return is_char ? "u8" : spell(target);
}

static const char *spell_pointer(const struct shape *shape, bool is_counted)
{
    const char *target = spell_target(shape->target);
    bool is_many = is_counted && strcmp(target, "anyopaque") != 0 &&
                   !(shape->target->form == FORM_ITEM && shape->target->item->kind == ITEM_OPAQUE);
    return cli_printf("%s%s%s%s", shape->is_nullable ? "?" : "",
                      shape->is_text ? "[*:0]"
                      : is_many      ? "[*]"
                                     : "*",
                      shape->is_const || shape->is_text ? "const " : "", target);
}

static const char *spell_part(const struct part *parts, size_t count, size_t index)
{
    const struct shape *shape = parts[index].shape;
    return shape->form == FORM_POINTER ? spell_pointer(shape, is_counted(parts, count, index))
                                       : spell(shape);
}

static const char *spell_code(const struct shape *code, const char *name)
{
    const char *text = cli_printf("fn %s(", name);
    for (size_t i = 0; i < code->part_count; i++)
        text = cli_printf("%s%s%s: %s", text, i ? ", " : "", name_of(code->parts[i].name),
                          spell_part(code->parts, code->part_count, i));
    return cli_printf("%s%s) callconv(.c) %s", text,
                      !code->is_variadic ? ""
                      : code->part_count ? ", ..."
                                         : "...",
                      spell(code->target));
}

static bool can_call_code(const struct shape *code);

static const char *spell(const struct shape *shape)
{
    switch (shape->form) {
    case FORM_VOID: return "void";
    case FORM_SCALAR: return scalar_word(shape->scalar, SCALAR_ZIG);
    case FORM_POINTER: return spell_pointer(shape, false);
    case FORM_ARRAY:
        return cli_printf("[%" PRIu64 "]%s", shape->is_flexible ? 0 : shape->count,
                          spell(shape->target));
    case FORM_CODE:
        return can_call_code(shape) ? cli_printf("?*const %s", spell_code(shape, ""))
                                    : "?*const anyopaque";
    case FORM_ITEM: return name_of(shape->item->name);
    case FORM_VECTOR:
    case FORM_COMPLEX: break; /* see can_say */
    }
    return "anyopaque";
}

/* ---- records ---- */

/* Whether Zig can be told to lay it out as C does: all but bit-fields, alignments can be said. */
static bool can_tell(const struct item *item)
{
    if (item->part_count == 0)
        return false;
    for (size_t i = 0; i < item->part_count; i++) {
        const struct part *part = &item->parts[i];
        bool is_twice = (part->align_bytes || part->is_packed) && item->pack_bytes;
        if (part->is_bitfield || is_twice ||
            (part->shape->form != FORM_CODE && !can_say(part->shape, SCALAR_ZIG)))
            return false;
    }
    return true;
}

/* The most that C aligns a type to without being told, under all targets. */
static uint64_t natural_align(const struct model *model, const struct shape *shape)
{
    static const char *const wide[] = {"i128", "u128", "f80", "f128", "c_longdouble", NULL};
    while (shape->form == FORM_ARRAY)
        shape = shape->target;
    uint64_t most = 8;
    for (size_t i = 0; shape->form == FORM_SCALAR && wide[i]; i++)
        most = strcmp(shape->scalar, wide[i]) == 0 ? 16 : most;
    if (shape->form == FORM_ITEM)
        for (size_t t = 0; t < model->target_count; t++)
            most =
                shape->item->facts[t].align_bytes > most ? shape->item->facts[t].align_bytes : most;
    return most;
}

/* `align(...)` of a field; "": its type's own. A record is aligned as the strictest of its fields, so the first one bears its alignment. */
static const char *spell_align(const struct model *model, const struct item *item, size_t index)
{
    const struct part *part = &item->parts[index];
    uint64_t of_record = index == 0 ? item->align_bytes : 0;
    uint64_t least = part->align_bytes > of_record ? part->align_bytes : of_record;
    uint64_t natural = natural_align(model, part->shape);
    const char *type = spell_part(item->parts, item->part_count, index);
    if (item->is_packed || part->is_packed || item->pack_bytes == 1)
        return cli_printf(" align(%" PRIu64 ")", least ? least : 1);
    if (item->pack_bytes && item->pack_bytes < natural && least < item->pack_bytes)
        return cli_printf(" align(@min(%u, @alignOf(%s)))", item->pack_bytes, type);
    if (least >= natural)
        return cli_printf(" align(%" PRIu64 ")", least);
    return least ? cli_printf(" align(@max(%" PRIu64 ", @alignOf(%s)))", least, type) : "";
}

/* `.@"x86_64-linux-gnu", ...` */
static const char *spell_targets(const struct model *model, const struct group *group)
{
    const char *text = "";
    for (size_t t = 0; t < group->count; t++)
        text = cli_printf("%s%s.@\"%s\"", text, t ? ", " : "",
                          model->targets[group->targets[t]].triple);
    return text;
}

static const char *spell_bytes(const struct facts *facts)
{
    return cli_printf("extern struct { bytes: [%" PRIu64 "]u8 align(%" PRIu64 ") }",
                      facts->size_bytes, facts->align_bytes);
}

/* Its size differs from target to target, maybe. */
static const char *unknown_value(const struct model *model, const struct item *item)
{
    struct group *groups;
    size_t count = group_by_bytes(model, item, "zig", &groups);
    const char *text = "switch (abide_target) {\n";
    if (has_one_size(item, model))
        return spell_bytes(own_facts(model, item));
    for (size_t g = 0; g < count; g++)
        text = cli_printf("%s    %s => %s,\n", text, spell_targets(model, &groups[g]),
                          spell_bytes(&item->facts[groups[g].targets[0]]));
    return cli_printf("%s    else => @compileError(\"%s: its size is not known here\"),\n}", text,
                      item->name);
}

static const char *record_value(const struct model *model, const struct item *item)
{
    struct text text = {0};
    text_printf(&text, "extern %s {\n", item->kind == ITEM_UNION ? "union" : "struct");
    for (size_t i = 0; i < item->part_count; i++) {
        print_comment(&text, "    ", "/// ", item->parts[i].doc);
        text_printf(&text, "    %s: %s%s,\n", name_of(item->parts[i].name),
                    spell_part(item->parts, item->part_count, i), spell_align(model, item, i));
    }
    text_puts(&text, "}");
    return take_text(&text);
}

/* ---- enums ---- */

/* The integer that holds an enum of C. */
static const char *enum_type(const struct model *model, const struct item *item)
{
    if (item->target && can_say(item->target, SCALAR_ZIG))
        return spell(item->target);
    const struct facts *facts = own_facts(model, item);
    return cli_printf("%c%" PRIu64, facts->is_signed ? 'i' : 'u', 8 * facts->size_bytes);
}

static const char *number(const struct facts *facts, const struct constant *constant)
{
    bool is_top = facts->size_bytes < 8 && facts->size_bytes &&
                  constant->value == INT64_C(1) << (8 * facts->size_bytes - 1);
    if (facts->is_signed && is_top) /* the sign, as a flag */
        return cli_printf("-%" PRId64, constant->value);
    return constant->is_unsigned && !facts->is_signed
               ? cli_printf("%" PRIu64, (uint64_t)constant->value)
               : cli_printf("%" PRId64, constant->value);
}

/* The first name of the number of constant `index`. */
static size_t first_name(const struct item *item, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (item->constants[i].value == item->constants[index].value)
            return i;
    return index;
}

/* Other numbers than those with names may come from C, so it is open, unless all numbers have names. */
static const char *enum_value(const struct model *model, const struct item *item)
{
    struct text text = {0};
    const struct facts *facts = own_facts(model, item);
    size_t count = 0;
    text_printf(&text, "enum(%s) {\n", enum_type(model, item));
    for (size_t i = 0; i < item->constant_count; i++) {
        if (first_name(item, i) != i)
            continue;
        print_comment(&text, "    ", "/// ", item->constants[i].doc);
        text_printf(&text, "    %s = %s,\n", name_of(item->constants[i].name),
                    number(facts, &item->constants[i]));
        count++;
    }
    bool is_full = facts->size_bytes == 1 && count == 256;
    text_puts(&text, is_full ? "" : "    _,\n");
    for (size_t i = 0; i < item->constant_count; i++) {
        if (first_name(item, i) == i)
            continue;
        print_comment(&text, "    ", "/// ", item->constants[i].doc);
        text_printf(&text, "    pub const %s: @This() = .%s;\n", name_of(item->constants[i].name),
                    name_of(item->constants[first_name(item, i)].name));
    }
    text_puts(&text, "}");
    return take_text(&text);
}

static bool is_flags(const struct item *item)
{
    return strcmp(abide_type_kind_name(item->type), "flags") == 0;
}

static const char *item_value(const struct model *model, const struct item *item, bool is_bytes)
{
    if (is_bytes)
        return unknown_value(model, item);
    switch (item->kind) {
    case ITEM_STRUCT:
    case ITEM_UNION: return record_value(model, item);
    case ITEM_ENUM: /* flags are joined by `|`, so they are numbers */
        return is_flags(item) ? enum_type(model, item) : enum_value(model, item);
    case ITEM_ALIAS: return spell(item->target);
    case ITEM_OPAQUE: break;
    }
    return "opaque {}";
}

/* ---- declarations ---- */

/* `text` has what stands in front of it; `type` NULL: that of the value. */
static void add_declaration(struct chunks *chunks, struct text *text, const char *name,
                            const char *type, const char *value)
{
    const char *lead = take_text(text);
    text_printf(text, "%spub const %s%s%s = %s;\n", lead, name, type ? ": " : "", type ? type : "",
                value);
    struct chunk *chunk = add_chunk(chunks, text);
    chunk->name = name;
    chunk->lead = lead;
    chunk->value = type ? cli_printf("@as(%s, %s)", type, value) : value;
}

static void add_item(const struct model *model, struct chunks *chunks, const struct item *item)
{
    struct text text = {0};
    bool is_bytes = (is_record(item) && !can_tell(item)) ||
                    (item->kind == ITEM_ALIAS && item->target->form != FORM_CODE &&
                     !can_say(item->target, SCALAR_ZIG));
    text_puts(&text, "\n");
    print_item_comment(&text, "", "/// ", item);
    if (is_bytes)
        print_comment(&text, "", "/// ", "Zig has no words for what is in it.");
    add_declaration(chunks, &text, name_of(item->name), NULL, item_value(model, item, is_bytes));
    chunks->items[chunks->count - 1].why = item->absence;
    for (size_t i = 0; item->kind == ITEM_ENUM && is_flags(item) && i < item->constant_count; i++) {
        print_comment(&text, "", "/// ", item->constants[i].doc);
        add_declaration(chunks, &text, name_of(item->constants[i].full_name), name_of(item->name),
                        number(own_facts(model, item), &item->constants[i]));
    }
}

static void add_items(const struct model *model, struct chunks *chunks)
{
    for (size_t i = 0; i < model->item_count; i++)
        add_item(model, chunks, model->items[i]);
}

/* ---- functions ---- */

/*
 * How sure it is that Zig passes values as C does. FEW: unless the compiler is one that miscounts registers (`zig_miscounts`). FLAT: on
 * targets of which that is known (`zig_flat`), as long as there are registers.
 */
enum passing { PASSES, PASSES_FEW, PASSES_FLAT, PASSES_OTHERWISE };

/* Structs of scalars of four and eight bytes, none in an array or another record, of 8 to 16 bytes on every target. */
static bool is_flat(const struct model *model, const struct item *item)
{
    for (size_t t = 0; t < model->target_count; t++)
        if (item->facts[t].size_bytes != SIZE_MAX &&
            (item->facts[t].size_bytes < 8 || item->facts[t].size_bytes > 16))
            return false;
    if (item->kind != ITEM_STRUCT || item->is_packed || item->pack_bytes || item->align_bytes)
        return false;
    for (size_t i = 0; i < item->part_count; i++) {
        const struct part *part = &item->parts[i];
        static const char *const words[] = {
            "u32",     "i32",      "u64",    "i64",     "f32",        "f64",
            "c_int",   "c_uint",   "c_long", "c_ulong", "c_longlong", "c_ulonglong",
            "c_float", "c_double", "size",   "ssize",   "uptr",       NULL};
        bool is_word = part->shape->form == FORM_POINTER || part->shape->form == FORM_CODE;
        for (size_t w = 0; part->shape->form == FORM_SCALAR && words[w] && !is_word; w++)
            is_word = strcmp(part->shape->scalar, words[w]) == 0;
        if (!is_word || part->is_bitfield || part->align_bytes || part->is_packed)
            return false;
    }
    return item->part_count > 0;
}

/* What is no record: scalars whose passing was measured, and all that is passed as one. */
static bool is_plain(const struct shape *shape)
{
    static const char *const wide[] = {"i128", "u128", "f16", "f80", "f128", "c_longdouble", NULL};
    switch (shape->form) {
    case FORM_VOID:
    case FORM_POINTER:
    case FORM_CODE: return true;
    case FORM_ARRAY:
    case FORM_VECTOR:
    case FORM_COMPLEX: return false;
    case FORM_ITEM:
        return shape->item->kind == ITEM_ALIAS ? is_plain(shape->item->target)
                                               : shape->item->kind == ITEM_ENUM;
    case FORM_SCALAR: break;
    }
    for (size_t i = 0; wide[i]; i++)
        if (strcmp(shape->scalar, wide[i]) == 0)
            return false;
    return can_say(shape, SCALAR_ZIG);
}

static enum passing passing_of(const struct model *model, const struct shape *shape)
{
    while (shape->form == FORM_ITEM && shape->item->kind == ITEM_ALIAS)
        shape = shape->item->target;
    if (is_plain(shape))
        return PASSES;
    return shape->form == FORM_ITEM && is_flat(model, shape->item) ? PASSES_FLAT : PASSES_OTHERWISE;
}

/* With so many words, and the address of a result, no registers run out anywhere. */
enum { FEW_WORDS = 6 };

static uint64_t words_of(const struct model *model, const struct shape *shape)
{
    uint64_t most = 1;
    if (shape->form == FORM_ITEM && is_record(shape->item))
        for (size_t t = 0; t < model->target_count; t++) {
            uint64_t size_bytes = shape->item->facts[t].size_bytes;
            uint64_t words = size_bytes == SIZE_MAX ? 0 : (size_bytes + 7) / 8;
            most = words > most ? words : most;
        }
    return most;
}

static bool is_float(const struct shape *shape)
{
    while (shape->form == FORM_ITEM && shape->item->kind == ITEM_ALIAS)
        shape = shape->item->target;
    return shape->form == FORM_SCALAR &&
           (*shape->scalar == 'f' || strcmp(shape->scalar, "c_float") == 0 ||
            strcmp(shape->scalar, "c_double") == 0);
}

static bool has_many(const struct shape *code)
{
    bool has_float = code->is_variadic;
    for (size_t i = 0; i < code->part_count; i++)
        has_float = has_float || is_float(code->parts[i].shape);
    return has_float && code->part_count > FEW_WORDS;
}

static enum passing passing_of_code(const struct model *model, const struct shape *code)
{
    enum passing worst = passing_of(model, code->target);
    uint64_t words = 1; /* where the result lies, maybe */
    for (size_t i = 0; i < code->part_count; i++) {
        enum passing passing = passing_of(model, code->parts[i].shape);
        worst = passing > worst ? passing : worst;
        words += words_of(model, code->parts[i].shape);
    }
    if (worst == PASSES_FLAT && (words > FEW_WORDS || code->is_variadic))
        return PASSES_OTHERWISE;
    return worst == PASSES && has_many(code) ? PASSES_FEW : worst;
}

/* What a pointer to a function points to, on every target. */
static bool can_call_code(const struct shape *code)
{
    for (size_t i = 0; i < code->part_count; i++)
        if (!is_plain(code->parts[i].shape))
            return false;
    return is_plain(code->target) && !has_many(code);
}

/* The targets where Zig is known to pass flat records as C does. */
static const char *flat_targets(const struct model *model)
{
    const char *text = "";
    for (size_t t = 0; t < model->target_count; t++)
        if (target_guard(&model->targets[t], "zig") && target_guard(&model->targets[t], "zig_flat"))
            text = cli_printf("%s%s.@\"%s\"", text, *text ? ", " : "", model->targets[t].triple);
    return text;
}

/* The condition under which the compiler miscounts registers; NULL: there is none on these targets. */
static const char *miscounts(const struct model *model)
{
    for (size_t t = 0; t < model->target_count; t++)
        if (target_guard(&model->targets[t], "zig_miscounts"))
            return target_guard(&model->targets[t], "zig_miscounts");
    return NULL;
}

/* The function itself, for whom `@extern` names no other declaration. */
static const char *spell_extern(const struct routine *routine)
{
    return cli_printf("@extern(*const %s, .{ .name = \"%s\" })", spell_code(routine->shape, ""),
                      routine->symbol);
}

/* What is to be read in the place of the declaration; NULL: there is one. */
static const char *why_not(const struct model *model, const struct routine *routine,
                           enum passing passing)
{
    if (!routine->is_callable || routine->attribute)
        return "Zig has no words for how it is called.";
    bool is_otherwise =
        passing == PASSES_OTHERWISE || (passing == PASSES_FLAT && !*flat_targets(model));
    return is_otherwise ? "Zig passes its values otherwise than C: see adapters for the ABI zig."
                        : NULL;
}

static const char *routine_value(const struct model *model, const struct routine *routine,
                                 enum passing passing)
{
    const char *wrong = passing == PASSES_FEW ? miscounts(model) : NULL;
    if (passing == PASSES_FLAT)
        return cli_printf(
            "switch (abide_target) {\n    %s => %s,\n"
            "    else => @compileError(\"%s: Zig passes its records otherwise than C here: "
            "see adapters for the ABI zig\"),\n}",
            flat_targets(model), spell_extern(routine), routine->name);
    if (wrong)
        return cli_printf("if (%s)\n    @compileError(\"%s: this compiler passes so many "
                          "parameters otherwise than C: use -fllvm\")\nelse\n    %s",
                          wrong, routine->name, spell_extern(routine));
    return spell_extern(routine);
}

static void add_routine(const struct model *model, struct chunks *chunks,
                        const struct routine *routine)
{
    struct text text = {0};
    const char *name = name_of(routine->name);
    bool is_c = routine->is_callable && !routine->attribute;
    enum passing passing = is_c ? passing_of_code(model, routine->shape) : PASSES_OTHERWISE;
    const char *why = why_not(model, routine, passing);
    text_puts(&text, "\n");
    if (why) {
        add_left_out(chunks, &text, "", "// ", routine, why);
        chunks->items[chunks->count - 1].name = name;
        return;
    }
    print_routine_comment(&text, "", "/// ", routine);
    const char *lead = take_text(&text);
    text_puts(&text, lead);
    add_declaration(chunks, &text, name, NULL, routine_value(model, routine, passing));
    bool is_plain_one = passing == PASSES || (passing == PASSES_FEW && !miscounts(model));
    if (is_plain_one && strcmp(name, routine->symbol) == 0)
        chunks->items[chunks->count - 1].text =
            cli_printf("%spub extern %s;\n", lead, spell_code(routine->shape, name));
}

static void add_routines(const struct model *model, struct chunks *chunks)
{
    for (size_t i = 0; i < model->routine_count; i++)
        add_routine(model, chunks, &model->routines[i]);
}

/* ---- sections ---- */

/* The targets of the models that have a chunk. */
static struct group targets_of(const struct file *file, const struct chunk *chunk)
{
    struct group group = {cli_alloc(file->models[0].target_count, sizeof(size_t)), 0, NULL};
    for (size_t t = 0; t < file->models[0].target_count; t++)
        for (size_t m = 0; m < file->model_count; m++)
            if (chunk->models[m] && file->models[m].is_own[t] &&
                target_guard(&file->models[m].targets[t], "zig"))
                group.targets[group.count++] = t;
    return group;
}

/* One name, and what it is on each target. */
static void print_switch(const struct file *file, const struct chunks *chunks, size_t first,
                         struct text *text)
{
    const char *name = chunks->items[first].name;
    struct text arms = {0};
    const char *lead = NULL;
    for (size_t i = first; i < chunks->count; i++) {
        const struct chunk *chunk = &chunks->items[i];
        struct group group = targets_of(file, chunk);
        if (strcmp(chunk->name, name) != 0 || !group.count)
            continue;
        if (chunk->value && chunk->why)
            print_comment(&arms, "    ", "// ", chunk->why);
        text_printf(&arms, "    %s => ", spell_targets(file->models, &group));
        struct text value = {0};
        print_indented(&value, "    ", chunk->value ? chunk->value : "");
        if (chunk->value)
            text_printf(&arms, "%.*s,\n", (int)(value.length_bytes - 5), value.chars + 4);
        else
            text_printf(&arms, "@compileError(\"%s: %s\"),\n", chunk->name, chunk->why);
        text_free(&value);
        lead = lead || chunk->why ? lead : chunk->lead;
    }
    text_printf(text,
                "%spub const %s = switch (abide_target) {\n%s    else => "
                "@compileError(\"this binding is not for this target\"),\n};\n",
                lead ? lead : "\n", name, take_text(&arms));
}

static void print_declarations(const struct file *file, make_chunks *make, struct text *text)
{
    struct chunks chunks = merge_chunks(file, make);
    struct name_set said = {0};
    for (size_t i = 0; i < chunks.count; i++) {
        const struct chunk *chunk = &chunks.items[i];
        if (is_common(file, chunk))
            text_puts(text, chunk->text);
        else if (!name_set_has(&said, chunk->name))
            print_switch(file, &chunks, i, text);
        if (!is_common(file, chunk))
            name_set_add(&said, chunk->name);
    }
}

/* ---- constants ---- */

static const char *float_value(const struct valued *valued, const abide_literal *value)
{
    static const char *const specials[] = {
        [SPECIAL_NAN] = "nan", [SPECIAL_INFINITY] = "inf", [SPECIAL_MINUS_INFINITY] = "inf"};
    enum special special = special_of(value);
    if (special)
        return cli_printf("%s@import(\"std\").math.%s(%s)",
                          special == SPECIAL_MINUS_INFINITY ? "-" : "", specials[special],
                          spell(valued->shape));
    return float_digits(value, precision_of(valued->scalar));
}

static const char *bytes_value(const abide_literal *value)
{
    struct text text = {0};
    text_puts(&text, "\"");
    print_escaped(&text, "\\x%02x", value);
    text_puts(&text, "\"");
    const char *copy = cli_copy(text.chars, text.length_bytes);
    text_free(&text);
    return copy;
}

static const char *constant_value(const struct valued *valued, const abide_literal *value)
{
    if (value->kind == ABIDE_LITERAL_TEXT || value->kind == ABIDE_LITERAL_BYTES)
        return cli_printf(strcmp(valued_kind(valued), "array") == 0 ? "%s.*" : "%s",
                          bytes_value(value));
    if (value->kind == ABIDE_LITERAL_FLOAT)
        return float_value(valued, value);
    if (valued->scalar && strcmp(valued->scalar, "bool") == 0)
        return value->low ? "true" : "false";
    bool is_enum = strcmp(valued_kind(valued), "enum") == 0;
    return is_enum ? cli_printf("@enumFromInt(%s)", value->text) : value->text;
}

static const char *constant_type(const struct valued *valued)
{
    const abide_literal *value = &valued->values[0].literal;
    if (value->kind == ABIDE_LITERAL_TEXT)
        return strcmp(valued_kind(valued), "string") == 0 ? "[]const u8" : "[*:0]const u8";
    if (value->kind == ABIDE_LITERAL_BYTES)
        return strcmp(valued_kind(valued), "array") == 0
                   ? cli_printf("[%zu]u8", value->length_bytes)
                   : "[]const u8";
    return can_say_constant(valued, SCALAR_ZIG) ? spell(valued->shape) : NULL;
}

/* Values by target; whoever names a constant that a target has not gets an error of the compiler. */
static void print_targeted_values(const struct model *model, const struct valued *valued,
                                  struct text *text)
{
    text_puts(text, "switch (abide_target) {\n");
    for (size_t v = 0; v < valued->value_count; v++) {
        const struct value *value = &valued->values[v];
        const char *lead = "    ";
        for (size_t t = 0; t < value->target_count; t++) {
            const struct bound_target *target = &model->targets[value->targets[t]];
            if (!target_guard(target, "zig"))
                continue;
            text_printf(text, "%s.@\"%s\"", lead, target->triple);
            lead = ", ";
        }
        if (*lead == ',')
            text_printf(text, " => %s,\n", constant_value(valued, &value->literal));
    }
    text_puts(text, "    else => @compileError(\"the target has no such constant\"),\n}");
}

/* A parameter must not have the name of a constant. */
static void print_constants(const struct model *model, struct text *text)
{
    text_puts(text, model->constant_count ? "\n" : "");
    for (size_t i = 0; i < model->constant_count; i++) {
        const struct valued *valued = &model->constants[i];
        const char *type = valued->value_count ? constant_type(valued) : NULL;
        print_comment(text, "", type ? "/// " : "// ", valued->doc);
        if (!type) {
            text_printf(text, "// %s: Zig has no words for its type, or no target has it.\n",
                        valued->name);
            continue;
        }
        const char *name =
            valued->hides_part
                ? name_of(cli_printf("%s_constant", abide_constant_name(valued->constant)))
                : valued->name;
        text_printf(text, "pub const %s: %s = ", name, type);
        if (valued->is_for_all)
            text_puts(text, constant_value(valued, &valued->values[0].literal));
        else
            print_targeted_values(model, valued, text);
        text_puts(text, ";\n");
    }
}

/* ---- assertions ---- */

static void print_assertion(struct text *text, const char *what, uint64_t value,
                            const struct item *item, const char *of)
{
    text_printf(text, "            if (%s != %" PRIu64 ") @compileError(\"%s: %s\");\n", what,
                value, item->name, of);
}

/* The name as a text: `"x"` of x, and of @"x". */
static const char *name_text(const char *name)
{
    const char *spelled = name_of(name);
    return *spelled == '@' ? spelled + 1 : cli_printf("\"%s\"", spelled);
}

static void print_item_assertions(const struct model *model, struct text *text,
                                  const struct item *item, const struct facts *facts)
{
    const char *name = name_of(item->name);
    (void)model;
    print_assertion(text, cli_printf("@sizeOf(%s)", name), facts->size_bytes, item, "size");
    print_assertion(text, cli_printf("@alignOf(%s)", name), facts->align_bytes, item, "alignment");
    /* In a union all offsets are 0. */
    for (size_t i = 0; item->kind == ITEM_STRUCT && can_tell(item) && i < item->part_count; i++)
        if (facts->offsets_bits[i] != UINT64_MAX)
            print_assertion(
                text, cli_printf("@offsetOf(%s, %s)", name, name_text(item->parts[i].name)),
                facts->offsets_bits[i] / 8, item, cli_printf("offset of %s", item->parts[i].name));
}

static void print_assertions(const struct file *file, struct text *text)
{
    struct group *groups;
    size_t count = group_by_assertions(file, "zig", print_item_assertions, &groups);
    if (!count)
        return;
    text_puts(text, "\ncomptime {\n    switch (abide_target) {\n");
    for (size_t g = 0; g < count; g++)
        text_printf(text, "        %s => {\n%s        },\n",
                    spell_targets(file->models, &groups[g]), groups[g].text);
    text_printf(text, "        .other => %s,\n    }\n}\n",
                file->model_count > 1 ? "@compileError(\"this binding is not for this target\")"
                                      : "{}");
}

/* `abide_target`: the one of the targets in the file that is compiled for. */
static void print_targets(const struct model *model, struct text *text)
{
    text_puts(text, "\nconst builtin = @import(\"builtin\");\nconst abide_target: enum {\n");
    for (size_t t = 0; t < model->target_count; t++)
        if (target_guard(&model->targets[t], "zig"))
            text_printf(text, "    @\"%s\",\n", model->targets[t].triple);
    text_puts(text, "    other,\n} = ");
    const char *lead = "";
    for (size_t t = 0; t < model->target_count; t++) {
        const char *guard = target_guard(&model->targets[t], "zig");
        if (!guard)
            continue;
        text_printf(text, "%sif (%s)\n    .@\"%s\"\n", lead, guard, model->targets[t].triple);
        lead = "else ";
    }
    text_puts(text, *lead ? "else\n    .other;\n" : ".other;\n");
}

static void print(const struct file *file, struct text *text)
{
    print_head(file->models, "Zig", "//! ", text);
    print_targets(file->models, text);
    print_declarations(file, add_items, text);
    print_declarations(file, add_routines, text);
    print_constants(file->models, text);
    print_assertions(file, text);
}

const struct language language_zig = {.name = "zig",
                                      .keywords = keywords,
                                      .prefix = "@\"",
                                      .suffix = "\"",
                                      .respell = respell,
                                      .print = print};
