/* Bindings for Rust. */
#include "bind.h"

#include <inttypes.h>
#include <string.h>

static const char *const keywords[] = {
    "as",          "async",   "await",    "break",   "const",  "continue", "crate",    "dyn",
    "else",        "enum",    "extern",   "false",   "fn",     "for",      "gen",      "if",
    "impl",        "in",      "let",      "loop",    "match",  "mod",      "move",     "mut",
    "pub",         "ref",     "return",   "self",    "Self",   "static",   "struct",   "super",
    "trait",       "true",    "type",     "union",   "unsafe", "use",      "where",    "while",
    "abstract",    "become",  "box",      "do",      "final",  "macro",    "override", "priv",
    "try",         "typeof",  "unsized",  "virtual", "yield",  "i8",       "i16",      "i32",
    "i64",         "i128",    "u8",       "u16",     "u32",    "u64",      "u128",     "isize",
    "usize",       "f32",     "f64",      "bool",    "char",   "str",      "c_char",   "c_schar",
    "c_uchar",     "c_short", "c_ushort", "c_int",   "c_uint", "c_long",   "c_ulong",  "c_longlong",
    "c_ulonglong", "c_float", "c_double", "c_void",  "Option", "size_of",  "align_of", "_",
    NULL};

static const char *spell(const struct shape *shape);

static const char *parameters(const struct shape *code)
{
    const char *text = "";
    for (size_t i = 0; i < code->part_count; i++)
        text =
            cli_printf("%s%s%s: %s", text, i ? ", " : "",
                       safe_name(&language_rust, code->parts[i].name), spell(code->parts[i].shape));
    return code->is_variadic ? cli_printf("%s%s...", text, *text ? ", " : "") : text;
}

static const char *result(const struct shape *code)
{
    return code->target->form == FORM_VOID ? "" : cli_printf(" -> %s", spell(code->target));
}

/* What a pointer points to, where that can be said. */
static const char *spell_target(const struct shape *target)
{
    bool is_known = target->form != FORM_VOID && can_say(target, SCALAR_RUST);
    return is_known ? spell(target) : "c_void";
}

static const char *spell(const struct shape *shape)
{
    switch (shape->form) {
    case FORM_VOID: return "()";
    case FORM_SCALAR: return scalar_word(shape->scalar, SCALAR_RUST);
    case FORM_POINTER:
        return cli_printf("*%s %s", shape->is_const ? "const" : "mut", spell_target(shape->target));
    case FORM_ARRAY:
        return cli_printf("[%s; %" PRIu64 "]", spell(shape->target),
                          shape->is_flexible ? 0 : shape->count);
    case FORM_CODE:
        if (!can_say(shape, SCALAR_RUST))
            return "*const c_void";
        return cli_printf("Option<unsafe extern \"C\" fn(%s)%s>", parameters(shape), result(shape));
    case FORM_ITEM: return safe_name(&language_rust, shape->item->name);
    case FORM_VECTOR:
    case FORM_COMPLEX: break; /* see can_say */
    }
    return "c_void";
}

/* Whether rustc lays the record out as C does: it knows no bit-fields, and fields of their own alignment only as types. */
static bool is_told(const struct item *item)
{
    if (item->part_count == 0 || (item->is_packed && item->align_bytes) ||
        (item->pack_bytes && item->align_bytes))
        return false;
    for (size_t i = 0; i < item->part_count; i++) {
        const struct part *part = &item->parts[i];
        if (part->is_bitfield || part->is_packed || part->align_bytes ||
            (part->shape->form != FORM_CODE && !can_say(part->shape, SCALAR_RUST)))
            return false;
    }
    return true;
}

/* Inside a packed record nothing may have an alignment of its own. */
static bool has_alignment(const struct shape *shape)
{
    while (shape->form == FORM_ARRAY)
        shape = shape->target;
    if (shape->form != FORM_ITEM || !is_record(shape->item))
        return shape->form == FORM_ITEM && shape->item->kind == ITEM_ALIAS &&
               has_alignment(shape->item->target);
    const struct item *item = shape->item;
    if (item->align_bytes || !is_told(item))
        return true;
    for (size_t i = 0; i < item->part_count; i++)
        if (has_alignment(item->parts[i].shape))
            return true;
    return false;
}

static bool can_tell(const struct item *item)
{
    if (!is_told(item))
        return false;
    for (size_t i = 0; (item->is_packed || item->pack_bytes) && i < item->part_count; i++)
        if (has_alignment(item->parts[i].shape))
            return false;
    return true;
}

static const struct knowing known = {SCALAR_RUST, can_tell};

static const char *condition(const struct model *model, const struct group *group)
{
    const char *text = "";
    for (size_t t = 0; t < group->count; t++)
        text = cli_printf("%s%s%s", text, t ? ",\n    " : "",
                          target_guard(&model->targets[group->targets[t]], "rust"));
    return group->count > 1 ? cli_printf("any(\n    %s\n)", text) : text;
}

/* Its size differs from target to target, maybe. */
static void print_bytes(const struct model *model, struct text *text, const struct item *item)
{
    struct group *groups;
    size_t count = group_by_bytes(model, item, "rust", &groups);
    print_comment(text, "", "/// ", "Rust has no words for what is in it.");
    for (size_t g = 0; g < count; g++) {
        const struct facts *facts = &item->facts[groups[g].targets[0]];
        if (count > 1)
            text_printf(text, "#[cfg(%s)]\n", condition(model, &groups[g]));
        text_printf(text,
                    "#[repr(C, align(%" PRIu64 "))]\n#[derive(Clone, Copy)]\n"
                    "pub struct %s(pub [u8; %" PRIu64 "]);\n",
                    facts->align_bytes, safe_name(&language_rust, item->name), facts->size_bytes);
    }
}

static void print_record(const struct model *model, struct text *text, const struct item *item)
{
    if (!can_tell(item)) {
        print_bytes(model, text, item);
        return;
    }
    const char *more = item->is_packed    ? ", packed"
                       : item->pack_bytes ? cli_printf(", packed(%u)", item->pack_bytes)
                                          : "";
    if (item->align_bytes)
        more = cli_printf("%s, align(%u)", more, item->align_bytes);
    text_printf(text, "#[repr(C%s)]\n#[derive(Clone, Copy)]\npub %s %s {\n", more,
                item->kind == ITEM_UNION ? "union" : "struct",
                safe_name(&language_rust, item->name));
    for (size_t i = 0; i < item->part_count; i++) {
        print_comment(text, "    ", "/// ", item->parts[i].doc);
        text_printf(text, "    pub %s: %s,\n", safe_name(&language_rust, item->parts[i].name),
                    spell(item->parts[i].shape));
    }
    text_puts(text, "}\n");
}

/* The integer that holds an enum of C. */
static const char *enum_type(const struct model *model, const struct item *item)
{
    if (item->target && can_say(item->target, SCALAR_RUST))
        return spell(item->target);
    const struct facts *facts = own_facts(model, item);
    return cli_printf("%c%" PRIu64, facts->is_signed ? 'i' : 'u', 8 * facts->size_bytes);
}

static void print_enum(const struct model *model, struct text *text, const struct item *item)
{
    const char *name = safe_name(&language_rust, item->name);
    text_printf(text, "pub type %s = %s;\n", name, enum_type(model, item));
    for (size_t i = 0; i < item->constant_count; i++) {
        const struct constant *constant = &item->constants[i];
        const char *number = constant->is_unsigned
                                 ? cli_printf("%" PRIu64 "_u64", (uint64_t)constant->value)
                                 : cli_printf("%" PRId64 "_i64", constant->value);
        print_comment(text, "", "/// ", constant->doc);
        text_printf(text, "pub const %s: %s = %s as %s;\n",
                    safe_name(&language_rust, constant->full_name), name, number, name);
    }
}

static void print_item(const struct model *model, struct text *text, const struct item *item)
{
    const char *name = safe_name(&language_rust, item->name);
    text_puts(text, "\n");
    print_item_comment(text, "", "/// ", item);
    switch (item->kind) {
    case ITEM_STRUCT:
    case ITEM_UNION: print_record(model, text, item); break;
    case ITEM_ENUM: print_enum(model, text, item); break;
    case ITEM_ALIAS:
        if (item->target->form == FORM_CODE || can_say(item->target, SCALAR_RUST))
            text_printf(text, "pub type %s = %s;\n", name, spell(item->target));
        else
            print_bytes(model, text, item);
        break;
    case ITEM_OPAQUE:
        text_printf(text, "#[repr(C)]\npub struct %s {\n    _unknown: [u8; 0],\n}\n", name);
        break;
    }
}

/* ---- constants ---- */

static const char *float_value(const struct valued *valued, const abide_literal *value)
{
    static const char *const specials[] = {[SPECIAL_NAN] = "NAN",
                                           [SPECIAL_INFINITY] = "INFINITY",
                                           [SPECIAL_MINUS_INFINITY] = "NEG_INFINITY"};
    enum precision precision = precision_of(valued->scalar);
    if (special_of(value))
        return cli_printf("%s::%s", precision == PRECISION_SINGLE ? "f32" : "f64",
                          specials[special_of(value)]);
    return float_digits(value, precision);
}

static const char *number_value(const struct valued *valued, const abide_literal *value)
{
    if (value->kind == ABIDE_LITERAL_FLOAT)
        return float_value(valued, value);
    if (valued->scalar && strcmp(valued->scalar, "bool") == 0)
        return value->low ? "true" : "false";
    return value->text;
}

/* A text with a NUL behind it is checked when it is compiled. */
static void print_text(const struct valued *valued, const abide_literal *value, struct text *text)
{
    bool has_nul = strcmp(valued_kind(valued), "string") != 0;
    text_printf(text,
                has_nul ? "pub const %s: &::core::ffi::CStr = match "
                          "::core::ffi::CStr::from_bytes_with_nul(b\""
                        : "pub const %s: &str = match ::core::str::from_utf8(b\"",
                valued->name);
    print_escaped(text, "\\x%02x", value);
    text_printf(text,
                "%s\") { ::core::result::Result::Ok(text) => text, "
                "::core::result::Result::Err(_) => panic!() };\n",
                has_nul ? "\\0" : "");
}

static void print_constant(const struct model *model, const struct valued *valued,
                           const abide_literal *value, struct text *text)
{
    (void)model;
    if (value->kind == ABIDE_LITERAL_TEXT) {
        print_text(valued, value, text);
    } else if (value->kind == ABIDE_LITERAL_BYTES) {
        bool is_slice = strcmp(valued_kind(valued), "slice") == 0;
        text_printf(text,
                    is_slice ? "pub const %s: &[u8] = b\""
                             : cli_printf("pub const %%s: [u8; %zu] = *b\"", value->length_bytes),
                    valued->name);
        print_escaped(text, "\\x%02x", value);
        text_puts(text, "\";\n");
    } else if (!can_say_constant(valued, SCALAR_RUST)) {
        text_printf(text, "// %s: Rust has no words for its type.\n", valued->name);
    } else {
        text_printf(text, "pub const %s: %s = %s;\n", valued->name, spell(valued->shape),
                    number_value(valued, value));
    }
}

static void open_condition(const struct model *model, const struct group *group, size_t index,
                           struct text *text)
{
    (void)index;
    text_printf(text, "#[cfg(%s)]\n", condition(model, group));
}

static void close_condition(struct text *text)
{
    (void)text;
}

static void print_constants(const struct model *model, struct text *text)
{
    static const struct printer printer = {"rust", print_constant, open_condition, close_condition};
    text_puts(text, model->constant_count ? "\n" : "");
    for (size_t i = 0; i < model->constant_count; i++) {
        const char *doc = model->constants[i].doc;
        bool has_words = model->constants[i].value_count && model->constants[i].is_for_all;
        print_comment(text, "", has_words ? "/// " : "// ", doc);
        print_constant_values(model, &model->constants[i], text, &printer);
    }
}

static void add_items(const struct model *model, struct chunks *chunks)
{
    struct text text = {0};
    for (size_t i = 0; i < model->item_count; i++) {
        print_item(model, &text, model->items[i]);
        add_chunk(chunks, &text);
    }
}

static void print_routine(const struct routine *routine, struct text *text)
{
    print_routine_comment(text, "    ", "/// ", routine);
    const char *name = safe_name(&language_rust, routine->name);
    if (strcmp(name, routine->symbol) != 0)
        text_printf(text, "    #[link_name = \"%s\"]\n", routine->symbol);
    text_printf(text, "    pub fn %s(%s)%s;\n", name, parameters(routine->shape),
                result(routine->shape));
}

static void add_routines(const struct model *model, struct chunks *chunks)
{
    struct text text = {0};
    for (size_t i = 0; i < model->routine_count; i++) {
        if (can_call(&known, &model->routines[i])) {
            print_routine(&model->routines[i], &text);
            add_chunk(chunks, &text);
        } else {
            add_left_out(chunks, &text, "    ", "// ", &model->routines[i],
                         "Rust has no words for how it is called.");
        }
    }
}

/* ---- sections: modules of one name, which is exported ---- */

/* What model `m` has and others have not, or what is common if `m` is the count of models. */
static const char *own_text(const struct file *file, const struct chunks *chunks, size_t m,
                            const char *separator)
{
    struct text text = {0};
    for (size_t i = 0; i < chunks->count; i++) {
        const struct chunk *chunk = &chunks->items[i];
        bool all = is_common(file, chunk);
        if (m == file->model_count ? all : !all && chunk->models[m])
            text_printf(&text, "%s%s", text.length_bytes ? separator : "", chunk->text);
    }
    return take_text(&text);
}

static const char *declarations(const struct file *file, const struct chunks *items,
                                const struct chunks *routines, size_t m)
{
    const char *block = own_text(file, routines, m, "\n");
    return cli_printf("%s%s", own_text(file, items, m, ""),
                      *block ? cli_printf("\nunsafe extern \"C\" {\n%s}\n", block) : "");
}

static void add_own_targets(struct group *group, const struct model *model)
{
    for (size_t t = 0; t < model->target_count; t++)
        if (model->is_own[t] && target_guard(&model->targets[t], "rust"))
            group->targets[group->count++] = t;
}

/* Models that differ in nothing that Rust has words for are one. */
static void print_sections(const struct file *file, const struct chunks *items,
                           const struct chunks *routines, struct text *text)
{
    size_t target_count = file->models[0].target_count;
    const char **own = cli_alloc(file->model_count, sizeof *own);
    struct group all = {cli_alloc(target_count, sizeof(size_t)), 0, NULL};
    for (size_t m = 0; m < file->model_count; m++)
        own[m] = declarations(file, items, routines, m);
    for (size_t m = 0; m < file->model_count; m++) {
        struct group group = {cli_alloc(target_count, sizeof(size_t)), 0, NULL};
        for (size_t k = m; own[m] && k < file->model_count; k++) {
            if (!own[k] || strcmp(own[k], own[m]) != 0)
                continue;
            add_own_targets(&group, &file->models[k]);
            add_own_targets(&all, &file->models[k]);
            own[k] = k == m ? own[k] : NULL;
        }
        if (!group.count)
            continue;
        text_printf(text, "\n#[cfg(%s)]\nmod abide_section {\n    use super::*;\n",
                    condition(file->models, &group));
        print_indented(text, "    ", own[m]);
        text_puts(text, "}\n");
    }
    text_printf(text,
                "\n#[cfg(not(%s))]\nmod abide_section {\n"
                "    compile_error!(\"this binding is not for this target\");\n}\n"
                "\npub use abide_section::*;\n",
                condition(file->models, &all));
}

static void print_item_assertions(const struct model *model, struct text *text,
                                  const struct item *item, const struct facts *facts)
{
    const char *name = safe_name(&language_rust, item->name);
    (void)model;
    text_printf(text, "    assert!(size_of::<%s>() == %" PRIu64 ", \"%s: size\");\n", name,
                facts->size_bytes, item->name);
    text_printf(text, "    assert!(align_of::<%s>() == %" PRIu64 ", \"%s: alignment\");\n", name,
                facts->align_bytes, item->name);
    for (size_t i = 0; is_record(item) && can_tell(item) && i < item->part_count; i++)
        if (facts->offsets_bits[i] != UINT64_MAX)
            text_printf(text,
                        "    assert!(offset_of!(%s, %s) == %" PRIu64 ", \"%s: offset of %s\");\n",
                        name, safe_name(&language_rust, item->parts[i].name),
                        facts->offsets_bits[i] / 8, item->name, item->parts[i].name);
}

static void print_assertions(const struct file *file, struct text *text)
{
    struct group *groups;
    size_t count = group_by_assertions(file, "rust", print_item_assertions, &groups);
    for (size_t g = 0; g < count; g++)
        text_printf(text, "\n#[cfg(%s)]\nconst _: () = {\n%s};\n",
                    condition(file->models, &groups[g]), groups[g].text);
}

/* The words for C's types that a binding uses. Not all of the module, which has names that types may have. */
static void print_imports(const char *lines, struct text *text)
{
    static const char *const words[] = {
        "c_char",  "c_double", "c_float", "c_int",   "c_long",      "c_longlong", "c_schar",
        "c_short", "c_uchar",  "c_uint",  "c_ulong", "c_ulonglong", "c_ushort",   "c_void"};
    const char *found = "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (has_word(lines, words[i]))
            found = cli_printf("%s%s%s", found, *found ? ", " : "", words[i]);
    text_puts(text, *found ? cli_printf("use ::core::ffi::{%s};\n", found) : "");
    text_puts(text, "use ::core::mem::{align_of, offset_of, size_of};\n");
}

static void print(const struct file *file, struct text *text)
{
    struct chunks items = merge_chunks(file, add_items);
    struct chunks routines = merge_chunks(file, add_routines);
    const char *block = own_text(file, &routines, file->model_count, "\n");
    struct text body = {0};
    text_puts(&body, own_text(file, &items, file->model_count, ""));
    print_constants(file->models, &body);
    if (*block)
        text_printf(&body, "\nunsafe extern \"C\" {\n%s}\n", block);
    if (file->model_count > 1)
        print_sections(file, &items, &routines, &body);
    print_assertions(file, &body);
    const char *lines = take_text(&body);
    print_head(file->models, "Rust", "//! ", text);
    text_puts(text, "#![allow(clashing_extern_declarations, dead_code, improper_ctypes,\n"
                    "    non_camel_case_types, non_snake_case, non_upper_case_globals,\n"
                    "    unexpected_cfgs, unused_imports)]\n\n");
    print_imports(lines, text);
    text_puts(text, lines);
}

const struct language language_rust = {
    .name = "rust", .keywords = keywords, .suffix = "_", .print = print};
