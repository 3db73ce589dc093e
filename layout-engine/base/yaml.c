/*
 * libyaml's events into our own tree; no other file knows libyaml.
 *
 * The text is checked first (UTF-8, control characters), so that these errors get exact places. libyaml counts in
 * code points and we in bytes: `cursor` translates, and costs nothing for ASCII.
 */
#include "base/yaml.h"

#include "base/diag.h"
#include "base/yaml_errors.h"

#include <string.h>
#include <utf8proc.h>
#include <yaml.h>

/* Where a code point is; moves along with the events. */
struct cursor {
    bool is_ascii;
    size_t code_point;
    size_t byte;
};

/* A collection that is still open. */
struct level {
    struct abide_yaml *node;
    const struct abide_yaml *key; /* of a mapping: read, and waiting for its value */
    size_t first_entry;           /* in reader.entries */
};

struct reader {
    abide_ctx *ctx;
    const struct abide_source *source;
    size_t start_bytes; /* behind a byte order mark */
    struct cursor cursor;
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    size_t node_count;
    struct level levels[ABIDE_YAML_MAX_DEPTH];
    size_t depth;
    ABIDE_VEC(struct abide_yaml_entry) entries; /* of all open collections */
    const struct abide_yaml *root;
    uint32_t *slots; /* hash table for duplicate keys: index of an entry + 1 */
    size_t slot_capacity;
};

static void release_reader(void *object)
{
    struct reader *reader = object;
    if (reader->has_event)
        yaml_event_delete(&reader->event);
    yaml_parser_delete(&reader->parser);
}

/* ---- places ------------------------------------------------------------------------------- */

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The byte at which code point `code_point` starts. */
static size_t byte_of(struct reader *reader, size_t code_point)
{
    struct cursor *cursor = &reader->cursor;
    const char *text = reader->source->text;
    size_t length_bytes = reader->source->length_bytes;
    if (cursor->is_ascii) {
        size_t byte = reader->start_bytes + code_point;
        return byte < length_bytes ? byte : length_bytes;
    }
    for (; cursor->code_point < code_point && cursor->byte < length_bytes; cursor->code_point++)
        do
            cursor->byte++;
        while (is_continuation(text[cursor->byte]));
    for (; cursor->code_point > code_point; cursor->code_point--)
        do
            cursor->byte--;
        while (is_continuation(text[cursor->byte]));
    return cursor->byte;
}

static struct abide_place place_between(struct reader *reader, size_t start, size_t end)
{
    struct abide_place place = {reader->source, byte_of(reader, start), 0};
    place.end_bytes = byte_of(reader, end);
    return place;
}

static struct abide_place event_place(struct reader *reader)
{
    return place_between(reader, reader->event.start_mark.index, reader->event.end_mark.index);
}

/* ---- the text before it is parsed ----------------------------------------------------------- */

static bool is_ascii_text(unsigned char c)
{
    return (c >= 0x20 && c < 0x7F) || c == '\t' || c == '\n' || c == '\r';
}

/* What YAML allows beyond ASCII: no surrogates (utf8proc refuses them), no C1 controls but NEL, no non-characters. */
static bool is_wide_text(utf8proc_int32_t code_point)
{
    return code_point == 0x85 || (code_point >= 0xA0 && code_point != 0xFEFF &&
                                  code_point != 0xFFFE && code_point != 0xFFFF);
}

static bool refuse_byte(struct reader *reader, size_t at, size_t length_bytes, const char *what)
{
    struct abide_place place = {reader->source, at, at + length_bytes};
    abide_diag *diag = abide__report(reader->ctx, ABIDE_CODE_YAML_ENCODING, place, "%s", what);
    abide__diag_help(reader->ctx, diag, "save the file as UTF-8 text");
    return false;
}

/* Checks that the text is UTF-8 and printable, and learns whether it is ASCII. */
static bool check_text(struct reader *reader)
{
    const unsigned char *text = (const unsigned char *)reader->source->text;
    size_t length_bytes = reader->source->length_bytes;
    reader->cursor.is_ascii = true;
    for (size_t at = reader->start_bytes; at < length_bytes;) {
        if (is_ascii_text(text[at])) {
            at++;
            continue;
        }
        if (text[at] < 0x80)
            return refuse_byte(
                reader, at, 1,
                abide__printf(reader->ctx, "a control character (0x%02x) in the text", text[at]));
        reader->cursor.is_ascii = false;
        utf8proc_int32_t code_point;
        utf8proc_ssize_t read_bytes =
            utf8proc_iterate(text + at, (utf8proc_ssize_t)(length_bytes - at), &code_point);
        if (read_bytes <= 0)
            return refuse_byte(
                reader, at, 1,
                abide__printf(reader->ctx, "a byte (0x%02x) that is no UTF-8", text[at]));
        if (!is_wide_text(code_point))
            return refuse_byte(reader, at, (size_t)read_bytes,
                               abide__printf(reader->ctx,
                                             "a control character (U+%04X) in the text",
                                             (unsigned)code_point));
        at += (size_t)read_bytes;
    }
    return true;
}

/* ---- what YAML has and we refuse ------------------------------------------------------------ */

static bool refuse(struct reader *reader, enum abide_code code, struct abide_place place,
                   const char *what, const char *help)
{
    abide_diag *diag = abide__report(reader->ctx, code, place, "%s", what);
    abide__diag_help(reader->ctx, diag, "%s", help);
    return false;
}

static bool refuse_anchor(struct reader *reader)
{
    return refuse(reader, ABIDE_CODE_YAML_FEATURE, event_place(reader), "anchors are not used here",
                  "write the value out where it is needed");
}

static bool refuse_tag(struct reader *reader)
{
    return refuse(reader, ABIDE_CODE_YAML_FEATURE, event_place(reader), "tags are not used here",
                  "leave the tag out: what a value is follows from its key");
}

/* True if the token that starts at `start_bytes` is the first of its line and a tab stands before it. */
static bool tab_before(const struct reader *reader, size_t start_bytes, size_t *tab)
{
    const char *text = reader->source->text;
    bool found = false;
    while (start_bytes > reader->start_bytes) {
        char c = text[--start_bytes];
        if (c == '\t') {
            found = true;
            *tab = start_bytes;
        } else if (c != ' ') {
            return found && (c == '\n' || c == '\r');
        }
    }
    return found;
}

static bool refuse_tab(struct reader *reader, size_t tab)
{
    struct abide_place place = {reader->source, tab, tab + 1};
    return refuse(reader, ABIDE_CODE_YAML_TAB, place, "a tab in the indentation",
                  "indent with spaces");
}

/* Anchors, tags and tabs: what any node may carry. False: reported. */
static bool check_node(struct reader *reader, const void *anchor, const void *tag)
{
    size_t tab;
    if (anchor)
        return refuse_anchor(reader);
    if (tag)
        return refuse_tag(reader);
    if (tab_before(reader, byte_of(reader, reader->event.start_mark.index), &tab))
        return refuse_tab(reader, tab);
    return true;
}

/* ---- building the tree ---------------------------------------------------------------------- */

static bool refuse_key(struct reader *reader, const struct abide_yaml *key)
{
    return refuse(reader, ABIDE_CODE_YAML_KEY, key->place, "a list or a mapping as a key",
                  "keys are plain words; if a value is meant, put it behind `key: `");
}

static bool refuse_merge(struct reader *reader, const struct abide_yaml *key)
{
    return refuse(reader, ABIDE_CODE_YAML_FEATURE, key->place, "merge keys are not used here",
                  "write the keys out; a module can take over another with `extends`");
}

/* Puts a finished node (or one that is just opened) where it belongs. */
static bool place_node(struct reader *reader, const struct abide_yaml *node)
{
    if (reader->depth == 0) {
        reader->root = node;
        return true;
    }
    struct level *level = &reader->levels[reader->depth - 1];
    struct abide_yaml_entry entry = {NULL, node};
    if (level->node->kind == ABIDE_YAML_MAPPING) {
        if (!level->key) {
            level->key = node;
            if (node->kind != ABIDE_YAML_SCALAR)
                return refuse_key(reader, node);
            return strcmp(node->text, "<<") != 0 || node->quoted || refuse_merge(reader, node);
        }
        entry.key = level->key;
        level->key = NULL;
    }
    abide__push(reader->ctx, &reader->entries, entry);
    return true;
}

static struct abide_yaml *new_node(struct reader *reader, enum abide_yaml_kind kind)
{
    struct abide_place place = event_place(reader);
    if (++reader->node_count > ABIDE_YAML_MAX_NODES) {
        abide__report(reader->ctx, ABIDE_CODE_YAML_TOO_LARGE, place,
                      "more than %zu values in one file", ABIDE_YAML_MAX_NODES);
        return NULL;
    }
    struct abide_yaml *node = abide__new(reader->ctx, struct abide_yaml);
    node->kind = kind;
    node->place = place;
    return node;
}

static bool is_null_text(const char *text)
{
    return !*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0;
}

/* libyaml ends a plain scalar that the file ends in, or a block scalar, behind the line break; the token ends before. */
static void trim_place(struct abide_place *place)
{
    const char *text = place->source->text;
    while (place->end_bytes > place->start_bytes && strchr(" \t\r\n", text[place->end_bytes - 1]))
        place->end_bytes--;
}

/* Whether a text has a character that moves a terminal's cursor: in double quotes any can be written as an escape. */
static bool has_control_character(const char *text, size_t length_bytes)
{
    for (size_t i = 0; i < length_bytes; i++) {
        unsigned char byte = (unsigned char)text[i];
        unsigned char next = i + 1 < length_bytes ? (unsigned char)text[i + 1] : 0;
        if ((byte < 0x20 && !strchr("\t\r\n", byte)) || byte == 0x7F ||
            (byte == 0xC2 && next >= 0x80 && next < 0xA0 && next != 0x85))
            return true;
    }
    return false;
}

static bool read_scalar(struct reader *reader)
{
    const char *text = (const char *)reader->event.data.scalar.value;
    size_t length_bytes = reader->event.data.scalar.length;
    yaml_scalar_style_t style = reader->event.data.scalar.style;
    if (!check_node(reader, reader->event.data.scalar.anchor, reader->event.data.scalar.tag))
        return false;
    struct abide_yaml *node = new_node(reader, ABIDE_YAML_SCALAR);
    if (!node)
        return false;
    trim_place(&node->place);
    if (memchr(text, '\0', length_bytes))
        return refuse(reader, ABIDE_CODE_YAML_ENCODING, node->place,
                      "a NUL character (\\0) in a text", "no name and no text here can hold one");
    if (has_control_character(text, length_bytes))
        return refuse(reader, ABIDE_CODE_YAML_ENCODING, node->place,
                      "a control character in a text", "no name and no text here can hold one");
    node->text = abide__intern(reader->ctx, text, length_bytes);
    node->length_bytes = length_bytes;
    node->quoted =
        style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    node->null = style == YAML_PLAIN_SCALAR_STYLE && is_null_text(node->text);
    return place_node(reader, node);
}

static bool open_collection(struct reader *reader, enum abide_yaml_kind kind, const void *anchor,
                            const void *tag)
{
    if (!check_node(reader, anchor, tag))
        return false;
    struct abide_yaml *node = new_node(reader, kind);
    if (!node)
        return false;
    if (reader->depth == ABIDE_YAML_MAX_DEPTH) {
        abide__report(reader->ctx, ABIDE_CODE_YAML_TOO_DEEP, node->place,
                      "nested more than %d deep", ABIDE_YAML_MAX_DEPTH);
        return false;
    }
    if (!place_node(reader, node))
        return false;
    reader->levels[reader->depth++] = (struct level){node, NULL, reader->entries.count};
    return true;
}

/* ---- duplicate keys ------------------------------------------------------------------------- */

/* "4>" and "b)", which a comma has cut off of something that began before. */
static bool is_cut_off(const char *text)
{
    int open_count = 0;
    for (; *text && open_count >= 0; text++)
        open_count += (*text == '<' || *text == '(') - (*text == '>' || *text == ')');
    return open_count < 0;
}

static bool report_duplicate(struct reader *reader, const struct abide_yaml *first,
                             const struct abide_yaml *again)
{
    abide_ctx *ctx = reader->ctx;
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_DUPLICATE_KEY, again->place,
                                     "%s stands here twice", abide__quote(ctx, again->text));
    abide__diag_note(ctx, diag, first->place, "first here");
    if (is_cut_off(again->text))
        abide__diag_help(
            ctx, diag, "inside {...} a comma ends the entry: a type's own commas are written `;`");
    return false;
}

/* Keys are interned, so a key's address is its identity. */
static bool check_few_keys(struct reader *reader, const struct abide_yaml_entry *entries,
                           size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (entries[i].key->text == entries[j].key->text)
                return report_duplicate(reader, entries[j].key, entries[i].key);
    return true;
}

static size_t hash_address(const void *address)
{
    uint64_t bits = (uintptr_t)address;
    return (size_t)((bits * UINT64_C(0x9E3779B97F4A7C15)) >> 20);
}

/* Open addressing in a table at most half full. */
static bool check_many_keys(struct reader *reader, const struct abide_yaml_entry *entries,
                            size_t count)
{
    size_t slot_count = 64;
    while (slot_count < count * 2)
        slot_count *= 2;
    if (slot_count > reader->slot_capacity) {
        reader->slots = abide__new_array(reader->ctx, uint32_t, slot_count);
        reader->slot_capacity = slot_count;
    }
    memset(reader->slots, 0, slot_count * sizeof *reader->slots);
    for (size_t i = 0; i < count; i++) {
        size_t slot = hash_address(entries[i].key->text) & (slot_count - 1);
        for (; reader->slots[slot]; slot = (slot + 1) & (slot_count - 1)) {
            const struct abide_yaml *other = entries[reader->slots[slot] - 1].key;
            if (other->text == entries[i].key->text)
                return report_duplicate(reader, other, entries[i].key);
        }
        reader->slots[slot] = (uint32_t)(i + 1);
    }
    return true;
}

static bool check_keys(struct reader *reader, const struct abide_yaml_entry *entries, size_t count)
{
    return count <= 16 ? check_few_keys(reader, entries, count)
                       : check_many_keys(reader, entries, count);
}

/* ---- events --------------------------------------------------------------------------------- */

static bool close_collection(struct reader *reader)
{
    size_t tab;
    if (tab_before(reader, byte_of(reader, reader->event.start_mark.index), &tab) &&
        reader->event.start_mark.index != reader->event.end_mark.index)
        return refuse_tab(reader, tab);
    struct level *level = &reader->levels[--reader->depth];
    size_t count = reader->entries.count - level->first_entry;
    struct abide_yaml_entry *entries =
        abide__new_array(reader->ctx, struct abide_yaml_entry, count);
    if (count)
        memcpy(entries, reader->entries.items + level->first_entry, count * sizeof *entries);
    reader->entries.count = level->first_entry;
    level->node->entry_list = entries;
    level->node->entry_count = count;
    return level->node->kind != ABIDE_YAML_MAPPING || check_keys(reader, entries, count);
}

static bool open_document(struct reader *reader)
{
    const yaml_event_t *event = &reader->event;
    if (event->data.document_start.version_directive ||
        event->data.document_start.tag_directives.start !=
            event->data.document_start.tag_directives.end)
        return refuse(reader, ABIDE_CODE_YAML_FEATURE, event_place(reader),
                      "directives are not used here", "leave the line that starts with `%` out");
    if (reader->root)
        return refuse(reader, ABIDE_CODE_YAML_DOCUMENTS, event_place(reader),
                      "a second document in one file",
                      "make it a file of its own, or leave the `---` out");
    return true;
}

/* False: reported. */
static bool handle_event(struct reader *reader)
{
    const yaml_event_t *event = &reader->event;
    switch (event->type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT: return true;
    case YAML_DOCUMENT_START_EVENT: return open_document(reader);
    case YAML_ALIAS_EVENT:
        return refuse(reader, ABIDE_CODE_YAML_FEATURE, event_place(reader),
                      "aliases are not used here",
                      "write the value out where it is needed; a pointer is `ptr<T>`");
    case YAML_SCALAR_EVENT: return read_scalar(reader);
    case YAML_SEQUENCE_START_EVENT:
        return open_collection(reader, ABIDE_YAML_SEQUENCE, event->data.sequence_start.anchor,
                               event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return open_collection(reader, ABIDE_YAML_MAPPING, event->data.mapping_start.anchor,
                               event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return close_collection(reader);
    }
    return false;
}

/* ---- libyaml's own errors ------------------------------------------------------------------- */

/* One code point at a mark; at the end of the text, the last character that is no space. */
static struct abide_place place_at(struct reader *reader, yaml_mark_t mark)
{
    struct abide_place place = {reader->source, byte_of(reader, mark.index), 0};
    const char *text = reader->source->text;
    if (place.start_bytes >= reader->source->length_bytes)
        while (place.start_bytes > reader->start_bytes &&
               strchr(" \t\r\n", text[place.start_bytes - 1]))
            place.start_bytes--;
    place.end_bytes = place.start_bytes;
    return place;
}

static void report_syntax(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    abide_ctx *ctx = reader->ctx;
    if (parser->error == YAML_MEMORY_ERROR)
        abide__out_of_memory(ctx);
    struct abide_place place = place_at(reader, parser->problem_mark);
    size_t tab;
    if (tab_before(reader, place.start_bytes + (reader->source->text[place.start_bytes] == '\t'),
                   &tab)) {
        refuse_tab(reader, tab);
        return;
    }
    struct yaml_error_text error = abide_yaml__error_text(parser->problem, parser->context);
    bool has_context = parser->context && parser->context_mark.index != parser->problem_mark.index;
    if (has_context && error.at_context) {
        place = place_at(reader, parser->context_mark);
        has_context = false;
    }
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_YAML_SYNTAX, place, "%s", error.message);
    if (has_context && error.context)
        abide__diag_note(ctx, diag, place_at(reader, parser->context_mark), "%s", error.context);
    if (error.help)
        abide__diag_help(ctx, diag, "%s", error.help);
}

/* Reads to the end of the stream. False: reported. */
static bool read_events(struct reader *reader)
{
    bool at_end = false;
    while (!at_end) {
        if (!yaml_parser_parse(&reader->parser, &reader->event)) {
            report_syntax(reader);
            return false;
        }
        reader->has_event = true;
        at_end = reader->event.type == YAML_STREAM_END_EVENT;
        bool fine = handle_event(reader);
        reader->has_event = false;
        yaml_event_delete(&reader->event);
        if (!fine)
            return false;
    }
    return true;
}

static bool parse(struct reader *reader)
{
    if (!yaml_parser_initialize(&reader->parser))
        abide__out_of_memory(reader->ctx);
    struct abide_resource resource;
    abide__guard_own(reader->ctx, &resource, release_reader, reader);
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser,
                                 (const unsigned char *)reader->source->text + reader->start_bytes,
                                 reader->source->length_bytes - reader->start_bytes);
    bool fine = read_events(reader);
    abide__guard_release(reader->ctx, &resource);
    return fine;
}

static bool is_empty(const struct abide_yaml *root)
{
    return root->null && !*root->text;
}

const struct abide_yaml *abide_yaml__parse(abide_ctx *ctx, const struct abide_source *source)
{
    struct reader *reader = abide__new(ctx, struct reader);
    reader->ctx = ctx;
    reader->source = source;
    if (source->length_bytes >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0)
        reader->start_bytes = 3;
    reader->cursor.byte = reader->start_bytes;
    if (!check_text(reader) || !parse(reader))
        return NULL;
    if (!reader->root || is_empty(reader->root)) {
        struct abide_place start = {source, reader->start_bytes, reader->start_bytes};
        refuse(reader, ABIDE_CODE_YAML_EMPTY, start, "the file is empty",
               "it should start with `abide: 1`");
        return NULL;
    }
    return reader->root;
}

const struct abide_yaml *abide_yaml__get(const struct abide_yaml *mapping, const char *key)
{
    if (mapping->kind != ABIDE_YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->entry_count; i++)
        if (strcmp(abide_yaml__key_at(mapping, i)->text, key) == 0)
            return abide_yaml__at(mapping, i);
    return NULL;
}

struct abide_yaml *abide_yaml__new_like(abide_ctx *ctx, const struct abide_yaml *like,
                                        size_t capacity)
{
    struct abide_yaml *node = abide__new(ctx, struct abide_yaml);
    node->kind = like->kind;
    node->place = like->place;
    node->entry_list = abide__new_array(ctx, struct abide_yaml_entry, capacity);
    return node;
}

void abide_yaml__add(struct abide_yaml *node, const struct abide_yaml *key,
                     const struct abide_yaml *value)
{
    struct abide_yaml_entry *entries = (struct abide_yaml_entry *)node->entry_list;
    entries[node->entry_count++] = (struct abide_yaml_entry){key, value};
}
