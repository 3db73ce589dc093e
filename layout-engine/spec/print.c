/* A module as the text of a module file: its tree, with all that it takes over. */
#include "base/ctx.h"
#include "spec/module.h"

#include <string.h>

#define LINE_COLUMNS 100

/* Whether a plain scalar would be read back as the same text. */
static bool needs_quotes(const struct abide_yaml *node)
{
    if (node->null)
        return false;
    const char *text = node->text;
    static const char *const nulls[] = {"null", "Null", "NULL", "~", ""};
    for (size_t i = 0; i < sizeof nulls / sizeof *nulls; i++)
        if (strcmp(text, nulls[i]) == 0)
            return true;
    if (strchr("-?:,[]{}#&*!|>'\"%@` ", text[0]) || text[strlen(text) - 1] == ' ')
        return true;
    for (const char *at = text; *at; at++)
        if (strchr("\t\n\r,[]{}", *at) || (*at == ':' && (at[1] == ' ' || !at[1])) ||
            (*at == ' ' && at[1] == '#'))
            return true;
    return strncmp(text, "---", 3) == 0 || strncmp(text, "...", 3) == 0;
}

static void add_quoted(abide_ctx *ctx, struct abide_text *out, const char *text)
{
    abide__text_add(ctx, out, "\"", 1);
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c == '"' || c == '\\')
            abide__text_printf(ctx, out, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            abide__text_printf(ctx, out, "\\x%02X", c);
        else
            abide__text_add(ctx, out, at, 1);
    }
    abide__text_add(ctx, out, "\"", 1);
}

static void add_scalar(abide_ctx *ctx, struct abide_text *out, const struct abide_yaml *node)
{
    if (node->null)
        abide__text_printf(ctx, out, "null");
    else if (needs_quotes(node))
        add_quoted(ctx, out, node->text);
    else
        abide__text_printf(ctx, out, "%s", node->text);
}

/* In one line: {a: b, c: [d]}. The depth is that of the tree, which is limited. */
static void add_flow(abide_ctx *ctx, struct abide_text *out, const struct abide_yaml *node)
{
    if (node->kind == ABIDE_YAML_SCALAR) {
        add_scalar(ctx, out, node);
        return;
    }
    bool is_mapping = node->kind == ABIDE_YAML_MAPPING;
    abide__text_add(ctx, out, is_mapping ? "{" : "[", 1);
    for (size_t i = 0; i < node->entry_count; i++) {
        abide__text_printf(ctx, out, "%s", i ? ", " : "");
        if (is_mapping) {
            add_scalar(ctx, out, abide_yaml__key_at(node, i));
            abide__text_add(ctx, out, ": ", 2);
        }
        add_flow(ctx, out, abide_yaml__at(node, i));
    }
    abide__text_add(ctx, out, is_mapping ? "}" : "]", 1);
}

static void add_block(abide_ctx *ctx, struct abide_text *out, const struct abide_yaml *node,
                      unsigned indent, bool continues_line);

/* What stands behind `key:` or `-`: in the same line if it fits there. */
static void add_value(abide_ctx *ctx, struct abide_text *out, const struct abide_yaml *node,
                      unsigned indent, size_t line_start, bool in_list)
{
    struct abide_text flow = {0};
    add_flow(ctx, &flow, node);
    size_t used = out->length_bytes - line_start;
    bool fits = used + 1 + flow.length_bytes <= LINE_COLUMNS;
    if (node->kind == ABIDE_YAML_SCALAR || node->entry_count == 0 || fits) {
        abide__text_printf(ctx, out, " %s\n", flow.chars);
        return;
    }
    abide__text_add(ctx, out, in_list ? " " : "\n", 1);
    add_block(ctx, out, node, indent + 2, in_list);
}

/* `continues_line`: the first entry stands behind the `-` of the list that the node is in. */
static void add_block(abide_ctx *ctx, struct abide_text *out, const struct abide_yaml *node,
                      unsigned indent, bool continues_line)
{
    bool is_mapping = node->kind == ABIDE_YAML_MAPPING;
    for (size_t i = 0; i < node->entry_count; i++) {
        bool starts_line = i > 0 || !continues_line;
        size_t line_start = starts_line ? out->length_bytes : out->length_bytes - indent;
        abide__text_printf(ctx, out, "%*s", starts_line ? (int)indent : 0, "");
        if (is_mapping)
            add_scalar(ctx, out, abide_yaml__key_at(node, i));
        abide__text_add(ctx, out, is_mapping ? ":" : "-", 1);
        add_value(ctx, out, abide_yaml__at(node, i), indent, line_start, !is_mapping);
    }
}

/* The entries of `module:` but for `extends`, which has been followed. */
static const struct abide_yaml *without_extends(abide_ctx *ctx, const struct abide_yaml *head)
{
    struct abide_yaml *rest = abide_yaml__new_like(ctx, head, head->entry_count);
    for (size_t i = 0; i < head->entry_count; i++)
        if (strcmp(abide_yaml__key_at(head, i)->text, "extends") != 0)
            abide_yaml__add(rest, abide_yaml__key_at(head, i), abide_yaml__at(head, i));
    return rest;
}

/* The file as a whole: every top-level key is a block, since `{...}` for all of it would be unreadable. */
static const char *print(abide_ctx *ctx, const abide_module *module)
{
    struct abide_text out = {0};
    for (size_t i = 0; i < module->tree->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(module->tree, i);
        const struct abide_yaml *value = entry->value;
        if (value->kind == ABIDE_YAML_MAPPING && strcmp(entry->key->text, "module") == 0)
            value = without_extends(ctx, value);
        size_t line_start = out.length_bytes;
        add_scalar(ctx, &out, entry->key);
        abide__text_add(ctx, &out, ":", 1);
        add_value(ctx, &out, value, 0, line_start, false);
    }
    return out.chars;
}

const char *abide_module_print(abide_ctx *ctx, const abide_module *module)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = print(ctx, module);
    abide__guard_leave(ctx, &guard);
    return text;
}
