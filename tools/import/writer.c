/* An interface file, as people write them (abi-specs/interface.md). */
#include "model.h"

#include <inttypes.h>
#include <string.h>

#define LINE_MAX_COLUMNS 100

static void indent(struct text *text, size_t columns)
{
    text_add(text, "%*s", (int)columns, "");
}

/* Text for readers: as much of it as is printable. */
static void quoted(struct text *text, const char *chars)
{
    text_add(text, "\"");
    for (const char *c = chars; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_add(text, "\\%c", *c);
        else if ((unsigned char)*c < ' ' || *c == 0x7f)
            text_add(text, " ");
        else
            text_add(text, "%c", *c);
    }
    text_add(text, "\"");
}

static void add_doc(struct text *text, size_t columns, const char *doc)
{
    if (!doc)
        return;
    indent(text, columns);
    text_add(text, "doc: ");
    quoted(text, doc);
    text_add(text, "\n");
}

/* ---- lists that may take several lines --------------------------------------------------------- */

/* [a, b] or {a: 1}: items are added with flow_item. */
struct flow {
    struct text *text;
    size_t columns, line_start;
    bool has_items;
};

static struct flow flow_begin(struct text *text, size_t columns, const char *opener)
{
    size_t line_start = text->length_bytes;
    while (line_start > 0 && text->chars[line_start - 1] != '\n')
        line_start--;
    text_add(text, "%s", opener);
    return (struct flow){text, columns, line_start, false};
}

static void flow_item(struct flow *flow, const char *item)
{
    struct text *text = flow->text;
    if (flow->has_items)
        text_add(text, ",");
    size_t used = text->length_bytes - flow->line_start;
    if (used + strlen(item) + 2 > LINE_MAX_COLUMNS && flow->has_items) {
        text_add(text, "\n");
        flow->line_start = text->length_bytes;
        indent(text, flow->columns);
    } else if (flow->has_items)
        text_add(text, " ");
    text_add(text, "%s", item);
    flow->has_items = true;
}

/* ---- records ----------------------------------------------------------------------------------- */

static void add_record(struct text *text, size_t columns, const struct record *record);

static void add_facts(struct text *text, size_t columns, const struct record *record)
{
    if (record->packed) {
        indent(text, columns);
        text_add(text, "packed: true\n");
    }
    if (record->pack_bytes) {
        indent(text, columns);
        text_add(text, "pack: %" PRIu64 "\n", record->pack_bytes);
    }
    if (record->align_bytes) {
        indent(text, columns);
        text_add(text, "align: %" PRIu64 "\n", record->align_bytes);
    }
}

static void add_member_facts(struct text *text, size_t columns, const struct member *member)
{
    if (member->is_bit_field) {
        indent(text, columns);
        text_add(text, "bits: %u\n", member->bits);
    }
    if (member->packed) {
        indent(text, columns);
        text_add(text, "packed: true\n");
    }
    if (member->align_bytes) {
        indent(text, columns);
        text_add(text, "align: %" PRIu64 "\n", member->align_bytes);
    }
    add_doc(text, columns, member->doc);
}

static void add_member_type(struct text *text, size_t columns, const struct member *member)
{
    indent(text, columns);
    if (!member->record) {
        text_add(text, "type: %s\n", member->type);
        return;
    }
    text_add(text, "type:\n");
    add_record(text, columns + 2, member->record);
}

static bool is_plain(const struct member *member)
{
    return member->type && !member->is_bit_field && !member->packed && !member->align_bytes &&
           !member->doc;
}

/* The same in one line, {type: c_int, bits: 3}, where nothing in it is long or has a comma. */
static bool add_short_member(struct text *text, const struct member *member)
{
    if (!member->type || member->doc || strpbrk(member->type, ",[]{}"))
        return false;
    text_add(text, member->name ? "{name: %s, type: %s" : "{%stype: %s",
             member->name ? member->name : "", member->type);
    if (member->is_bit_field)
        text_add(text, ", bits: %u", member->bits);
    text_add(text, "%s", member->packed ? ", packed: true" : "");
    if (member->align_bytes)
        text_add(text, ", align: %" PRIu64, member->align_bytes);
    text_add(text, "}\n");
    return true;
}

/* `name: type`, or the same with more to say. */
static void add_named_member(struct text *text, size_t columns, const struct member *member)
{
    struct member unnamed = *member;
    unnamed.name = NULL;
    indent(text, columns);
    if (is_plain(member)) {
        text_add(text, "%s: %s\n", member->name, member->type);
        return;
    }
    size_t length_bytes = text->length_bytes;
    text_add(text, "%s: ", member->name);
    if (add_short_member(text, &unnamed))
        return;
    text->length_bytes = length_bytes;
    text_add(text, "%s:\n", member->name);
    add_member_type(text, columns + 2, member);
    add_member_facts(text, columns + 2, member);
}

/* Of a list, as there are members without names. */
static void add_listed_member(struct text *text, size_t columns, const struct member *member)
{
    struct text inner = {0};
    if (add_short_member(&inner, member)) {
        indent(text, columns);
        text_add(text, "- %s", inner.chars);
        return;
    }
    if (member->name) {
        indent(&inner, columns + 2);
        text_add(&inner, "name: %s\n", member->name);
    }
    bool is_anonymous =
        !member->name && member->record && !member->record->packed && !member->record->align_bytes;
    if (is_anonymous) /* what belongs to the record, and what to the member, have the same keys */
        add_record(&inner, columns + 2, member->record);
    else
        add_member_type(&inner, columns + 2, member);
    add_member_facts(&inner, columns + 2, member);
    indent(text, columns);
    text_add(text, "- %s", inner.chars + columns + 2);
}

static void add_record(struct text *text, size_t columns, const struct record *record)
{
    bool are_named = true;
    for (size_t i = 0; i < record->members.count; i++)
        are_named = are_named && record->members.items[i].name;
    indent(text, columns);
    text_add(text, "%s:%s\n", record->keyword, record->members.count ? "" : " {}");
    for (size_t i = 0; i < record->members.count; i++) {
        if (are_named)
            add_named_member(text, columns + 2, &record->members.items[i]);
        else
            add_listed_member(text, columns + 2, &record->members.items[i]);
    }
    add_facts(text, columns, record);
}

/* ---- expectations -------------------------------------------------------------------------------- */

static void add_offsets(struct flow *flow, const struct record *record, size_t target,
                        const char *prefix, uint64_t base_bits, bool of_bit_fields)
{
    const struct layout *layout = &record->layouts[target];
    for (size_t i = 0; i < record->members.count; i++) {
        const struct member *member = &record->members.items[i];
        uint64_t offset_bits = base_bits + layout->offsets_bits[i];
        if (member->name && member->is_bit_field == of_bit_fields)
            flow_item(flow, store_printf("%s%s: %" PRIu64, prefix, member->name,
                                         of_bit_fields ? offset_bits : offset_bits / 8));
        if (!member->record)
            continue;
        const char *inner = member->name ? store_printf("%s%s.", prefix, member->name) : prefix;
        add_offsets(flow, member->record, target, inner, offset_bits, of_bit_fields);
    }
}

/* What a target has of an entry, each without its key. `size` NULL: it was not asked, or there is nothing to expect. */
struct expectation {
    const char *size, *align, *offsets_bytes, *offsets_bits;
};

static const char *offset_list(const struct record *record, size_t target, size_t columns,
                               bool of_bit_fields)
{
    struct text text = {0};
    struct flow flow = flow_begin(&text, columns, "{");
    add_offsets(&flow, record, target, "", 0, of_bit_fields);
    text_add(&text, "}");
    return flow.has_items ? text.chars : NULL;
}

/* `columns`: how far lines are indented that the lists are continued in. */
static struct expectation expectation_of(const struct entry *entry, size_t target, size_t columns)
{
    if (entry->form == FORM_ENUM && entry->sizes_bytes[target])
        return (struct expectation){.size = store_printf("%" PRIu64, entry->sizes_bytes[target])};
    if (entry->form != FORM_RECORD || !entry->record->layouts[target].is_known)
        return (struct expectation){0};
    const struct layout *layout = &entry->record->layouts[target];
    return (struct expectation){
        .size = store_printf("%" PRIu64, layout->size_bytes),
        .align = layout->align_bytes ? store_printf("%" PRIu64, layout->align_bytes) : NULL,
        .offsets_bytes = offset_list(entry->record, target, columns, false),
        .offsets_bits = offset_list(entry->record, target, columns, true),
    };
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool are_same(const struct expectation *a, const struct expectation *b)
{
    return is_same(a->size, b->size) && is_same(a->align, b->align) &&
           is_same(a->offsets_bytes, b->offsets_bytes) && is_same(a->offsets_bits, b->offsets_bits);
}

static void add_fact(struct text *text, const char *separator, const char *key, const char *value)
{
    if (value)
        text_add(text, "%s%s: %s", separator, key, value);
}

static void add_expectation(struct text *text, const struct expectation *said, const char *targets,
                            const char *opener, const char *separator, const char *closer)
{
    text_add(text, "%sabi: c", opener);
    add_fact(text, separator, "target", targets);
    add_fact(text, separator, "size_bytes", said->size);
    add_fact(text, separator, "align_bytes", said->align);
    add_fact(text, separator, "offset_bytes", said->offsets_bytes);
    add_fact(text, separator, "offset_bits", said->offsets_bits);
    text_add(text, "%s\n", closer);
}

/* The targets that have the same as the one at `first`, which are then done. */
static const char *same_targets(struct expectation *found, size_t first,
                                const struct targets *targets)
{
    struct expectation said = found[first];
    struct text text = {0};
    struct flow flow = flow_begin(&text, 10, "[");
    for (size_t t = first; t < targets->count; t++)
        if (found[t].size && are_same(&found[t], &said)) {
            flow_item(&flow, targets->names[t]);
            found[t].size = NULL;
        }
    text_add(&text, "]");
    return text.chars;
}

/* Targets that have the same are said together; in one line, if it is not long. */
static void add_expectations(struct text *text, const struct entry *entry,
                             const struct targets *targets)
{
    struct expectation *found = store_new(targets->count, sizeof *found);
    bool has_heading = false;
    for (size_t t = 0; t < targets->count; t++)
        found[t] = expectation_of(entry, t, 10);
    for (size_t t = 0; t < targets->count; t++) {
        if (!found[t].size)
            continue;
        struct expectation said = found[t];
        const char *same = same_targets(found, t, targets);
        text_add(text, "%s", has_heading ? "" : "    expect:\n");
        has_heading = true;
        struct text line = {0};
        add_expectation(&line, &said, same, "      - {", ", ", "}");
        if (line.length_bytes <= LINE_MAX_COLUMNS + 1)
            text_add(text, "%s", line.chars);
        else
            add_expectation(text, &said, same, "      - ", "\n        ", "");
    }
}

/* ---- entries ------------------------------------------------------------------------------------- */

static bool counts_up(const struct entry *entry)
{
    for (size_t i = 0; i < entry->enumerators.count; i++)
        if (strcmp(entry->enumerators.items[i].value, store_printf("%zu", i)) != 0)
            return false;
    return true;
}

static bool has_docs(const struct entry *entry)
{
    for (size_t i = 0; i < entry->enumerators.count; i++)
        if (entry->enumerators.items[i].doc)
            return true;
    return false;
}

/* Of which something is said: a line or more each. */
static void add_documented_values(struct text *text, const struct entry *entry)
{
    text_add(text, "    enum:\n");
    for (size_t i = 0; i < entry->enumerators.count; i++) {
        const struct enumerator *enumerator = &entry->enumerators.items[i];
        text_add(text, enumerator->doc ? "      %s:\n        value: %s\n" : "      %s: %s\n",
                 enumerator->name, enumerator->value);
        add_doc(text, 8, enumerator->doc);
    }
}

static void add_bare_values(struct text *text, const struct entry *entry)
{
    bool is_list = counts_up(entry);
    text_add(text, "    enum: ");
    struct flow flow = flow_begin(text, 6, is_list ? "[" : "{");
    for (size_t i = 0; i < entry->enumerators.count; i++) {
        const struct enumerator *enumerator = &entry->enumerators.items[i];
        flow_item(&flow, is_list ? enumerator->name
                                 : store_printf("%s: %s", enumerator->name, enumerator->value));
    }
    text_add(text, "%s\n", is_list ? "]" : "}");
}

static void add_enum(struct text *text, const struct entry *entry)
{
    if (has_docs(entry))
        add_documented_values(text, entry);
    else
        add_bare_values(text, entry);
    if (entry->base)
        text_add(text, "    base: %s\n", entry->base);
    text_add(text, "    open: true\n"); /* C has no others */
}

/* A signature, in several lines if it is long. */
static void add_signature(struct text *text, size_t columns, const char *signature)
{
    size_t line_start = text->length_bytes;
    while (line_start > 0 && text->chars[line_start - 1] != '\n')
        line_start--;
    while (*signature) {
        const char *end = strstr(signature, ", ");
        size_t length = end ? (size_t)(end - signature) + 1 : strlen(signature);
        if (text->length_bytes - line_start + length + 1 > LINE_MAX_COLUMNS &&
            text->length_bytes - line_start > columns + 30) {
            text_add(text, "\n");
            line_start = text->length_bytes;
            indent(text, columns);
        } else if (text->chars[text->length_bytes - 1] == ',')
            text_add(text, " ");
        text_add(text, "%.*s", (int)length, signature);
        signature += length;
        while (*signature == ' ')
            signature++;
    }
    text_add(text, "\n");
}

static void add_function(struct text *text, const struct entry *entry, const char *key)
{
    bool is_pointer = entry->form == FORM_FUNCTION_POINTER;
    if (!entry->doc && !entry->convention && !entry->symbol && !is_pointer) {
        text_add(text, "  %s: ", entry->name);
        add_signature(text, 4, entry->text);
        return;
    }
    text_add(text, "  %s:\n    %s: ", entry->name, key);
    add_signature(text, 6, entry->text);
    if (entry->symbol)
        text_add(text, "    symbol: %s\n", entry->symbol);
    if (entry->convention)
        text_add(text, "    convention: %s\n", entry->convention);
}

static void add_definition(struct text *text, const struct entry *entry)
{
    enum form form = entry->is_stub ? FORM_OPAQUE : entry->form;
    switch (form) {
    case FORM_OPAQUE: text_add(text, "  %s:\n    opaque: true\n", entry->name); break;
    case FORM_RECORD:
        text_add(text, "  %s:\n", entry->name);
        add_record(text, 4, entry->record);
        break;
    case FORM_ENUM:
        text_add(text, "  %s:\n", entry->name);
        add_enum(text, entry);
        break;
    case FORM_ALIAS:
        text_add(text, entry->doc ? "  %s:\n    newtype: %s\n" : "  %s: %s\n", entry->name,
                 entry->text);
        break;
    case FORM_FUNCTION_POINTER: add_function(text, entry, "fn"); break;
    case FORM_FUNCTION: add_function(text, entry, "sig"); break;
    }
    add_doc(text, 4, entry->doc);
}

const char *definition_text(const struct entry *entry)
{
    struct text text = {0};
    add_definition(&text, entry);
    return text.chars;
}

static void add_heading(struct text *text, const struct heading *heading)
{
    text_add(text, "abide: 1\n");
    if (heading->package)
        text_add(text, "package: %s\n", heading->package);
    text_add(text, "imported:\n  tool: ");
    quoted(text, heading->tool);
    text_add(text, "\n  from: ");
    quoted(text, heading->header);
    if (heading->source)
        text_add(text, "\n  source: \"%s\"", heading->source);
    text_add(text, "\n  target: ");
    struct flow flow = flow_begin(text, 4, "[");
    for (size_t t = 0; t < heading->targets->count; t++)
        flow_item(&flow, heading->targets->names[t]);
    text_add(text, "]\n");
}

/* ---- constants ----------------------------------------------------------------------------------- */

static bool has_one_value(const struct constant *constant, const struct targets *targets)
{
    for (size_t t = 0; t < targets->count; t++)
        if (!constant->values[t] || strcmp(constant->values[t], constant->values[0]) != 0)
            return false;
    return true;
}

/* Targets that have the same value are said together. Nothing is said of those that were not asked. */
static void add_values(struct text *text, const struct constant *constant,
                       const struct targets *targets)
{
    bool *is_done = store_new(targets->count, sizeof *is_done);
    bool is_first = true;
    for (size_t t = 0; t < targets->count; t++) {
        const char *value = constant->values[t];
        if (!value || is_done[t])
            continue;
        text_add(text, "%s\n      {target: ", is_first ? "" : ",");
        is_first = false;
        struct flow flow = flow_begin(text, 8, "[");
        for (size_t other = t; other < targets->count; other++)
            if (constant->values[other] && strcmp(constant->values[other], value) == 0) {
                flow_item(&flow, targets->names[other]);
                is_done[other] = true;
            }
        text_add(text, "], value: %s}", value);
    }
}

static void add_constant(struct text *text, const struct constant *constant,
                         const struct targets *targets)
{
    text_add(text, "  %s: {type: %s, value: ", constant->name, constant->type);
    if (has_one_value(constant, targets)) {
        text_add(text, "%s}\n", constant->values[0]);
        return;
    }
    text_add(text, "[");
    add_values(text, constant, targets);
    text_add(text, "]}\n");
}

static void add_constants(struct text *text, const struct model *model,
                          const struct targets *targets)
{
    bool has_any = false;
    for (size_t i = 0; i < model->constants.count; i++) {
        const struct constant *constant = model->constants.items[i];
        if (constant->refusal)
            continue;
        text_add(text, "%s", has_any ? "" : "constants:\n");
        has_any = true;
        add_constant(text, constant, targets);
    }
}

void write_model(struct text *text, const struct model *model, const struct heading *heading)
{
    add_heading(text, heading);
    add_constants(text, model, heading->targets);
    bool has_any = false;
    for (size_t i = 0; i < model->types.count; i++) {
        const struct entry *entry = model->types.items[i];
        if (!entry->is_kept)
            continue;
        text_add(text, "%s", has_any ? "" : "types:\n");
        has_any = true;
        add_definition(text, entry);
        if (!entry->is_stub)
            add_expectations(text, entry, heading->targets);
    }
    has_any = false;
    for (size_t i = 0; i < model->functions.count; i++) {
        const struct entry *entry = model->functions.items[i];
        if (!entry->is_kept)
            continue;
        text_add(text, "%s", has_any ? "" : "functions:\n");
        has_any = true;
        add_definition(text, entry);
    }
}
