/*
 * Files in their usual form. The tree says what is there, the source how it was written: scalars, comments and flow
 * collections of several lines are taken over as they stand, everything between them is written anew.
 *
 * A formatter must not change what a file means, so its result is read again and compared, and formatted again: a file for
 * which that does not come out right is refused.
 */
#include "abide/author.h"

#include "base/diag.h"
#include "spec/module.h"
#include "types/iface_schema.h"

#include <string.h>

#define INDENT 2u

struct formatter {
    abide_ctx *ctx;
    const struct abide_source *source;
    size_t at; /* in the source: what stands before it is written */
    bool is_module;
};

static void format_node(struct formatter *formatter, struct abide_text *out,
                        const struct abide_yaml *node, size_t indent);

static void put(struct formatter *formatter, struct abide_text *out, const char *chars,
                size_t length_bytes)
{
    abide__text_add(formatter->ctx, out, chars, length_bytes);
}

static void start_line(struct formatter *formatter, struct abide_text *out, size_t indent)
{
    abide__text_printf(formatter->ctx, out, "\n%*s", (int)indent, "");
}

static char char_at(const struct formatter *formatter, size_t at)
{
    return at < formatter->source->length_bytes ? formatter->source->text[at] : '\0';
}

static size_t column_of(const struct formatter *formatter, size_t at)
{
    size_t start = at;
    while (start > 0 && formatter->source->text[start - 1] != '\n')
        start--;
    return at - start;
}

/* --- comments and blank lines --- */

/* A run of text without its trailing blanks. */
static size_t trimmed(const char *chars, size_t length_bytes)
{
    while (length_bytes > 0 && strchr(" \t\r", chars[length_bytes - 1]))
        length_bytes--;
    return length_bytes;
}

static size_t line_end(const struct formatter *formatter, size_t at)
{
    const char *newline =
        memchr(formatter->source->text + at, '\n', formatter->source->length_bytes - at);
    return newline ? (size_t)(newline - formatter->source->text) : formatter->source->length_bytes;
}

static void put_comment(struct formatter *formatter, struct abide_text *out)
{
    size_t end = line_end(formatter, formatter->at);
    const char *start = formatter->source->text + formatter->at;
    put(formatter, out, start, trimmed(start, end - formatter->at));
    formatter->at = end;
}

/*
 * What stands between two tokens: comments keep their line or get lines of their own, of several blank lines one is left.
 * Stops at anything else, and at a comment that stands further left than `least_column`.
 */
static void take_gap(struct formatter *formatter, struct abide_text *out, size_t indent,
                     size_t least_column)
{
    size_t newlines = formatter->at == 0, blanks = 0;
    size_t seen = formatter->at;
    for (;; seen++) {
        char c = char_at(formatter, seen);
        if (c == '\n') {
            newlines++;
            blanks = 0;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            blanks++;
        } else if (c == '#' && newlines == 0 && blanks > 0) {
            abide__text_printf(formatter->ctx, out, "%*s", (int)blanks, "");
            formatter->at = seen;
            put_comment(formatter, out);
            seen = formatter->at - 1;
            blanks = 0;
        } else if (c == '#' && newlines > 0 && column_of(formatter, seen) >= least_column) {
            if (newlines > 1)
                put(formatter, out, "\n", 1);
            start_line(formatter, out, indent);
            formatter->at = seen;
            put_comment(formatter, out);
            seen = formatter->at - 1;
            newlines = blanks = 0;
        } else {
            break;
        }
    }
}

/* Whether an empty line stands between what is written and the next token. */
static bool has_blank_line(const struct formatter *formatter)
{
    size_t newlines = 0;
    for (size_t at = formatter->at;
         strchr(" \t\r\n", char_at(formatter, at)) && char_at(formatter, at); at++)
        newlines += char_at(formatter, at) == '\n';
    return newlines > 1 && formatter->at > 0;
}

/* --- flow collections --- */

static bool is_flow(const struct formatter *formatter, const struct abide_yaml *node)
{
    char first = char_at(formatter, node->place.start_bytes);
    return node->kind != ABIDE_YAML_SCALAR && (first == '{' || first == '[');
}

/* Behind a quoted text that starts at `at`. */
static size_t quoted_end(const struct formatter *formatter, size_t at)
{
    char quote = char_at(formatter, at++);
    while (char_at(formatter, at) && char_at(formatter, at) != quote)
        at += quote == '"' && char_at(formatter, at) == '\\' ? 2 : 1;
    return at + 1;
}

/* Behind the bracket that closes the flow collection at `at`. */
static size_t flow_end(const struct formatter *formatter, size_t at)
{
    size_t depth = 0;
    do {
        char c = char_at(formatter, at), before = at ? char_at(formatter, at - 1) : ' ';
        bool starts_token = strchr(" \t\n{[,", before) != NULL;
        if (starts_token && (c == '"' || c == '\'')) {
            at = quoted_end(formatter, at);
            continue;
        }
        if (c == '#' && starts_token)
            at = line_end(formatter, at);
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        at++;
    } while (depth > 0 && at < formatter->source->length_bytes);
    return at;
}

/* Whether a flow collection can be written anew from its nodes: `[a: b]` has a mapping without brackets. */
static bool is_plain_flow(const struct formatter *formatter, const struct abide_yaml *node)
{
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml *value = abide_yaml__at(node, i);
        if (value->kind != ABIDE_YAML_SCALAR &&
            (!is_flow(formatter, value) || !is_plain_flow(formatter, value)))
            return false;
    }
    return true;
}

static void put_token(struct formatter *formatter, struct abide_text *out,
                      const struct abide_yaml *node)
{
    put(formatter, out, formatter->source->text + node->place.start_bytes,
        node->place.end_bytes - node->place.start_bytes);
}

static bool has_colon(const struct formatter *formatter, const struct abide_yaml *key)
{
    size_t at = key->place.end_bytes;
    while (char_at(formatter, at) == ' ')
        at++;
    return char_at(formatter, at) == ':';
}

static void format_flow_line(struct formatter *formatter, struct abide_text *out,
                             const struct abide_yaml *node)
{
    if (node->kind == ABIDE_YAML_SCALAR) {
        put_token(formatter, out, node);
        return;
    }
    bool is_mapping = node->kind == ABIDE_YAML_MAPPING;
    put(formatter, out, is_mapping ? "{" : "[", 1);
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_yaml_entry *entry = abide_yaml__entry(node, i);
        put(formatter, out, ", ", i ? 2 : 0);
        if (entry->key) {
            put_token(formatter, out, entry->key);
            put(formatter, out, ": ", has_colon(formatter, entry->key) ? 2 : 0);
        }
        format_flow_line(formatter, out, entry->value);
    }
    put(formatter, out, is_mapping ? "}" : "]", 1);
}

/* Lines of the source as they stand, shifted with their first one. */
static void shift_lines(struct formatter *formatter, struct abide_text *out, size_t start,
                        size_t end, size_t new_column)
{
    size_t old_column = column_of(formatter, start);
    for (size_t at = start; at < end;) {
        size_t stop = line_end(formatter, at);
        stop = stop < end ? stop : end;
        const char *line = formatter->source->text + at;
        size_t blanks = at == start ? 0 : strspn(line, " ");
        if (blanks > stop - at)
            blanks = stop - at;
        size_t length = trimmed(line + blanks, stop - at - blanks);
        size_t column = blanks + new_column > old_column ? blanks + new_column - old_column : 0;
        if (at != start)
            abide__text_printf(formatter->ctx, out, "\n%*s", length ? (int)column : 0, "");
        put(formatter, out, line + blanks, length);
        at = stop + 1;
    }
}

static size_t written_column(const struct abide_text *out)
{
    size_t start = out->length_bytes;
    while (start > 0 && out->chars[start - 1] != '\n')
        start--;
    return out->length_bytes - start;
}

static void format_flow(struct formatter *formatter, struct abide_text *out,
                        const struct abide_yaml *node)
{
    size_t start = node->place.start_bytes, end = flow_end(formatter, start);
    bool is_line = !memchr(formatter->source->text + start, '\n', end - start);
    if (is_line && is_plain_flow(formatter, node))
        format_flow_line(formatter, out, node);
    else
        shift_lines(formatter, out, start, end, written_column(out));
    formatter->at = end;
}

/* --- block collections --- */

/* Keys that a mapping has in a usual order, and whose order means nothing. */
static size_t rank_of(const char *const *keys, const char *key)
{
    size_t rank = 0;
    while (keys[rank] && strcmp(keys[rank], key) != 0)
        rank++;
    return rank;
}

static bool is_scalar_line(const struct formatter *formatter, const struct abide_yaml *node)
{
    return !memchr(formatter->source->text + node->place.start_bytes, '\n',
                   node->place.end_bytes - node->place.start_bytes);
}

/* A scalar of several lines: those of `|` and `>` move as a whole, of others the indentation means nothing. */
static void format_scalar(struct formatter *formatter, struct abide_text *out,
                          const struct abide_yaml *node, size_t indent)
{
    size_t start = node->place.start_bytes, end = node->place.end_bytes;
    if (is_scalar_line(formatter, node)) {
        put_token(formatter, out, node);
    } else {
        size_t body = line_end(formatter, start) + 1;
        while (strchr(" \n", char_at(formatter, body)) && body < end)
            body++;
        size_t column = column_of(formatter, body), own = column_of(formatter, start);
        shift_lines(formatter, out, start, end,
                    indent > column ? own + indent - column : own - (column - indent));
    }
    formatter->at = end;
}

/* A scalar of several lines that begins on a line of its own. */
static bool is_paragraph(const struct formatter *formatter, const struct abide_yaml *node)
{
    size_t start = node->place.start_bytes;
    return node->kind == ABIDE_YAML_SCALAR && !is_scalar_line(formatter, node) &&
           memchr(formatter->source->text + formatter->at, '\n', start - formatter->at);
}

/* What stands behind `key:` or `-`. */
static void format_value(struct formatter *formatter, struct abide_text *out,
                         const struct abide_yaml *node, size_t indent, bool in_list)
{
    if (node->kind == ABIDE_YAML_SCALAR && node->place.start_bytes == node->place.end_bytes)
        return; /* nothing: what follows is a gap */
    if (in_list || node->kind == ABIDE_YAML_SCALAR || is_flow(formatter, node)) {
        size_t before = out->length_bytes;
        take_gap(formatter, out, indent, 0);
        bool has_comment = out->length_bytes != before;
        if (has_comment || is_paragraph(formatter, node))
            start_line(formatter, out, indent);
        else
            put(formatter, out, " ", 1);
    }
    format_node(formatter, out, node, indent);
}

static void format_entry(struct formatter *formatter, struct abide_text *out,
                         const struct abide_yaml_entry *entry, size_t indent)
{
    if (entry->key) {
        put_token(formatter, out, entry->key);
        put(formatter, out, ":", 1);
        formatter->at = entry->key->place.end_bytes;
        while (char_at(formatter, formatter->at) == ' ')
            formatter->at++;
        formatter->at += char_at(formatter, formatter->at) == ':';
    } else {
        put(formatter, out, "-", 1);
        while (char_at(formatter, formatter->at) && char_at(formatter, formatter->at) != '-')
            formatter->at++;
        formatter->at++;
    }
    format_value(formatter, out, entry->value, indent + INDENT, !entry->key);
}

/* Each entry with the comments that stand before it, as texts of their own. */
static struct abide_text *format_entries(struct formatter *formatter, const struct abide_yaml *node,
                                         size_t indent, bool continues_line)
{
    struct abide_text *texts =
        abide__new_array(formatter->ctx, struct abide_text, node->entry_count + 1);
    size_t column = column_of(formatter, node->place.start_bytes);
    for (size_t i = 0; i < node->entry_count; i++) {
        if (i > 0 || !continues_line) {
            take_gap(formatter, &texts[i], indent, 0);
            if (has_blank_line(formatter))
                put(formatter, &texts[i], "\n", 1);
            start_line(formatter, &texts[i], indent);
        }
        format_entry(formatter, &texts[i], abide_yaml__entry(node, i), indent);
        take_gap(formatter, &texts[i], indent + INDENT, column + 1);
    }
    take_gap(formatter, &texts[node->entry_count], indent, column);
    return texts;
}

static void format_block(struct formatter *formatter, struct abide_text *out,
                         const struct abide_yaml *node, size_t indent, const char *const *order)
{
    bool continues_line =
        out->length_bytes && written_column(out) > 0 && out->chars[out->length_bytes - 1] == ' ';
    struct abide_text *texts = format_entries(formatter, node, indent, continues_line);
    size_t ranks = 0;
    while (order && order[ranks])
        ranks++;
    for (size_t rank = 0; rank <= ranks; rank++)
        for (size_t i = 0; i < node->entry_count; i++) {
            const struct abide_yaml *key = abide_yaml__key_at(node, i);
            if ((order && key ? rank_of(order, key->text) : ranks) == rank)
                put(formatter, out, texts[i].chars, texts[i].length_bytes);
        }
    const struct abide_text *rest = &texts[node->entry_count];
    if (rest->length_bytes)
        put(formatter, out, rest->chars, rest->length_bytes);
}

static void format_node(struct formatter *formatter, struct abide_text *out,
                        const struct abide_yaml *node, size_t indent)
{
    if (node->kind == ABIDE_YAML_SCALAR)
        format_scalar(formatter, out, node, indent);
    else if (is_flow(formatter, node))
        format_flow(formatter, out, node);
    else
        format_block(formatter, out, node, indent, NULL);
}

/* --- files --- */

/* The keys at the top of a file, in their usual order. */
static const char *const *top_order(const struct formatter *formatter)
{
    size_t count = 0;
    while (formatter->is_module ? abide_module__key_at(count) != NULL
                                : count < abide_iface__file_schema.key_count)
        count++;
    const char **order = abide__new_array(formatter->ctx, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        order[i] =
            formatter->is_module ? abide_module__key_at(i) : abide_iface__file_schema.keys[i].name;
    return order;
}

static const char *format(abide_ctx *ctx, const struct abide_source *source,
                          const struct abide_yaml *root)
{
    struct formatter formatter = {ctx, source, 0, abide_yaml__get(root, "module") != NULL};
    struct abide_text out = {0};
    if (source->length_bytes >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0)
        formatter.at = 3;
    take_gap(&formatter, &out, 0, 0); /* what is said of the whole file stays in front */
    if (out.length_bytes && has_blank_line(&formatter)) {
        put(&formatter, &out, "\n", 1);
        formatter.at = root->place.start_bytes;
    }
    format_block(&formatter, &out, root, 0, top_order(&formatter));
    put(&formatter, &out, "\n", 1);
    size_t start = strspn(out.chars, "\n");
    return out.chars + start;
}

/* Whether two trees say the same. At the top of a file the order of keys means nothing. */
static bool is_same(const struct abide_yaml *a, const struct abide_yaml *b, bool is_top)
{
    if (a->kind != b->kind || a->entry_count != b->entry_count || a->null != b->null)
        return false;
    if (a->kind == ABIDE_YAML_SCALAR)
        return strcmp(a->text, b->text) == 0;
    for (size_t i = 0; i < a->entry_count; i++) {
        const struct abide_yaml_entry *mine = abide_yaml__entry(a, i),
                                      *other = abide_yaml__entry(b, i);
        const struct abide_yaml *value =
            is_top && mine->key ? abide_yaml__get(b, mine->key->text) : other->value;
        bool same_key = is_top || !mine->key || strcmp(mine->key->text, other->key->text) == 0;
        if (!same_key || !value || !is_same(mine->value, value, false))
            return false;
    }
    return true;
}

static const char *format_checked(abide_ctx *ctx, const char *path)
{
    const struct abide_source *source = abide_source__from_file(ctx, path);
    const struct abide_yaml *root = source ? abide_yaml__parse(ctx, source) : NULL;
    if (!root)
        return NULL;
    const char *text = NULL, *again = NULL;
    if (root->kind == ABIDE_YAML_MAPPING &&
        char_at(&(struct formatter){.source = source}, root->place.start_bytes) != '{') {
        size_t errors = abide__error_count(ctx);
        text = format(ctx, source, root);
        const struct abide_source *result =
            abide_source__from_text(ctx, source->name, text, strlen(text));
        const struct abide_yaml *tree = abide_yaml__parse(ctx, result);
        if (tree && errors == abide__error_count(ctx) && is_same(root, tree, true))
            again = format(ctx, result, tree);
    }
    if (again && strcmp(text, again) == 0)
        return text;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNFORMATTABLE, root->place,
                                     "this file cannot be brought into the usual form");
    abide__diag_help(ctx, diag, "write it in block style, without texts of several lines");
    return NULL;
}

const char *abide_format_file(abide_ctx *ctx, const char *path)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = format_checked(ctx, path);
    abide__guard_leave(ctx, &guard);
    return text;
}
