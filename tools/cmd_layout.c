/* abide layout: sizes, alignments, offsets and padding, for one ABI or several side by side. */
#include "json.h"
#include "question.h"
#include "table.h"

#include <string.h>

const struct poptOption layout_options[] = {OPTION_TARGETS_ROW, OPTION_ABIS_ROW, OPTIONS_MODULES,
                                            OPTIONS_COMMON, POPT_TABLEEND};

/* A nested record is taken apart until a type has this many rows: nesting doubles, files stay small. */
#define ROWS_MAX 4096

/* A line of the picture of a type: a field, a field of a field, padding, or the heading of a case. */
struct row {
    const char *path; /* "payloads.ptr"; NULL: padding */
    bool is_heading;
    const char *type;
    uint64_t offset_bits;
    uint64_t size_bits;
    bool is_bitfield;
};

struct rows {
    struct row *items;
    size_t count;
    size_t capacity;
    uint64_t padding_bits;
    bool overlap; /* a union is among them, so padding cannot be summed up */
};

/* A type under one of the modules. */
struct view {
    const abide_module *module;
    const char *title;
    const abide_layout *layout;
    const abide_sum *sum; /* NULL: the type has no cases */
    struct rows rows;
};

/* A type that is asked for. */
struct subject {
    const abide_type *type;
    struct view *views; /* one per module; NULL: an opaque type or a resource that nobody named */
};

static void add_row(struct rows *rows, struct row row)
{
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity ? 2 * rows->capacity : 16;
        struct row *items = cli_alloc(capacity, sizeof *items);
        if (rows->count)
            memcpy(items, rows->items, rows->count * sizeof *items);
        rows->items = items;
        rows->capacity = capacity;
    }
    rows->items[rows->count++] = row;
}

static struct row padding_row(uint64_t offset_bits, uint64_t size_bits)
{
    return (struct row){.type = "padding", .offset_bits = offset_bits, .size_bits = size_bits};
}

static bool is_kind(const abide_type *type, const char *kind)
{
    return strcmp(abide_type_kind_name(type), kind) == 0;
}

static bool is_record(const abide_type *type)
{
    return is_kind(type, "struct") || is_kind(type, "union");
}

static const char *join_path(const char *prefix, const char *name)
{
    if (!name)
        return prefix;
    return *prefix ? cli_printf("%s.%s", prefix, name) : name;
}

static void collect(struct cli *cli, const abide_module *machine, const abide_layout *layout,
                    uint64_t base_bits, const char *prefix, struct rows *rows);

static void collect_field(struct cli *cli, const abide_module *machine, abide_field_info field,
                          uint64_t base_bits, const char *prefix, struct rows *rows)
{
    const char *path = join_path(prefix, field.name);
    if (!field.is_bitfield && is_record(field.type) && rows->count < ROWS_MAX) {
        const abide_layout *inner = abide_layout_of(cli->ctx, machine, field.type);
        if (inner && abide_layout_field_count(inner)) {
            collect(cli, machine, inner, base_bits + field.offset_bits, path, rows);
            return;
        }
    }
    add_row(rows, (struct row){.path = *path ? path : "(unnamed)",
                               .type = abide_type_print(cli->ctx, field.type),
                               .offset_bits = base_bits + field.offset_bits,
                               .size_bits = field.size_bits,
                               .is_bitfield = field.is_bitfield});
}

/* Fields and holes, both in order of offset, become rows in order of offset. */
static void collect(struct cli *cli, const abide_module *machine, const abide_layout *layout,
                    uint64_t base_bits, const char *prefix, struct rows *rows)
{
    size_t hole_index = 0;
    size_t hole_count = abide_layout_hole_count(layout);
    size_t field_count = abide_layout_field_count(layout);
    if (is_kind(abide_layout_type(layout), "union"))
        rows->overlap = true;
    for (size_t i = 0; i <= field_count; i++) {
        uint64_t next_bits =
            i < field_count ? abide_layout_field_at(layout, i).offset_bits : UINT64_MAX;
        for (; hole_index < hole_count; hole_index++) {
            abide_hole hole = abide_layout_hole_at(layout, hole_index);
            if (hole.offset_bits >= next_bits)
                break;
            rows->padding_bits += hole.size_bits;
            add_row(rows, padding_row(base_bits + hole.offset_bits, hole.size_bits));
        }
        if (i < field_count)
            collect_field(cli, machine, abide_layout_field_at(layout, i), base_bits, prefix, rows);
    }
}

/* "tag 3", "null pointer", "tag 3, no payload" */
static const char *case_text(const abide_sum *sum, size_t index)
{
    abide_case found = abide_sum_case_at(sum, index);
    const char *key = abide_sum_discriminant(sum).type
                          ? cli_printf("tag %lld", (long long)found.tag)
                      : index == abide_sum_null_case(sum) ? "null pointer"
                                                          : "not a null pointer";
    return found.payload.type ? key : cli_printf("%s, no payload", key);
}

/*
 * The rows of a case: its payload, and what belongs to nothing while it is there, in order of offset. Padding inside the
 * payload comes with its fields.
 */
static void collect_case(struct cli *cli, const abide_module *machine, const abide_sum *sum,
                         size_t index, struct rows *rows)
{
    abide_field_info payload = abide_sum_case_at(sum, index).payload;
    bool is_shown = !payload.type;
    add_row(rows, (struct row){.path = cli_printf("case %s", abide_sum_case_at(sum, index).name),
                               .type = case_text(sum, index),
                               .is_heading = true});
    for (size_t i = 0; i < abide_sum_case_hole_count(sum, index); i++) {
        abide_hole hole = abide_sum_case_hole_at(sum, index, i);
        if (!is_shown && hole.offset_bits >= payload.offset_bits) {
            collect_field(cli, machine, payload, 0, "", rows);
            is_shown = true;
        }
        bool is_inside = payload.type && hole.offset_bits >= payload.offset_bits &&
                         hole.offset_bits < payload.offset_bits + payload.size_bits;
        if (!is_inside)
            add_row(rows, padding_row(hole.offset_bits, hole.size_bits));
    }
    if (!is_shown)
        collect_field(cli, machine, payload, 0, "", rows);
}

/* The tag and the cases of a sum. What is padding depends on the case, so it is not summed up. */
static void collect_cases(struct cli *cli, const abide_module *machine, const abide_sum *sum,
                          struct rows *rows)
{
    abide_field_info tag = abide_sum_discriminant(sum);
    abide_hole reserve = abide_sum_reserve(sum);
    rows->overlap = true;
    if (tag.type)
        collect_field(cli, machine, tag, 0, "", rows);
    if (reserve.size_bits)
        add_row(rows, (struct row){.path = "payload",
                                   .type = "room for cases to come",
                                   .offset_bits = reserve.offset_bits,
                                   .size_bits = reserve.size_bits});
    for (size_t i = 0; i < abide_sum_case_count(sum); i++)
        collect_case(cli, machine, sum, i, rows);
}

/* "24", or "24:3" for byte 24, bit 3. */
static const char *offset_text(uint64_t bits)
{
    return bits % 8 ? cli_printf("%llu:%u", (unsigned long long)(bits / 8), (unsigned)(bits % 8))
                    : cli_printf("%llu", (unsigned long long)(bits / 8));
}

/* "8", or ":3" for three bits. */
static const char *size_text(const struct row *row)
{
    if (row->is_bitfield || row->size_bits % 8)
        return cli_printf(":%llu", (unsigned long long)row->size_bits);
    return cli_printf("%llu", (unsigned long long)(row->size_bits / 8));
}

static const char *padding_text(uint64_t bits)
{
    const char *unit = bits % 8 ? "bit" : "byte";
    uint64_t count = bits % 8 ? bits : bits / 8;
    return cli_printf("%llu %s%s of padding", (unsigned long long)count, unit,
                      count == 1 ? "" : "s");
}

static const char *view_text(const struct view *view)
{
    return cli_printf("%s, %s", view->title, abide_module_target(view->module));
}

static void print_heading(struct cli *cli, const struct subject *subject, const char *rest)
{
    text_printf(&cli->product, "%s%s%s  %s%s\n", style_on(CELL_HEAD, cli->color_out),
                abide_type_name(subject->type), style_off(CELL_HEAD, cli->color_out),
                abide_type_kind_name(subject->type), rest);
}

static void print_one(struct cli *cli, const struct subject *subject)
{
    const struct view *view = &subject->views[0];
    uint64_t size_bytes = abide_layout_size_bytes(view->layout);
    print_heading(cli, subject,
                  cli_printf(", %llu byte%s, align %llu   (%s)", (unsigned long long)size_bytes,
                             size_bytes == 1 ? "" : "s",
                             (unsigned long long)abide_layout_align_bytes(view->layout),
                             view_text(view)));
    if (!view->rows.count)
        return;
    struct table table;
    table_start(&table, 4);
    table_add_right(&table, "offset");
    table_add_right(&table, "size");
    table_add(&table, "field");
    table_add(&table, "type");
    for (size_t i = 0; i < view->rows.count; i++) {
        const struct row *row = &view->rows.items[i];
        table_add_right(&table, row->is_heading ? "" : offset_text(row->offset_bits));
        table_add_right(&table, row->is_heading ? "" : size_text(row));
        table_add(&table, row->path ? row->path : "...");
        table_add(&table, row->type);
        if (!row->path)
            table_style_row(&table, CELL_DIM);
    }
    table_print(&table, 2, cli->color_out, &cli->product);
    if (view->rows.padding_bits && !view->rows.overlap)
        text_printf(&cli->product, "  %s\n", padding_text(view->rows.padding_bits));
}

static bool is_same_field(const struct rows *rows, size_t index, const struct row *wanted)
{
    const struct row *row = &rows->items[index];
    return row->path && strcmp(row->path, wanted->path) == 0 &&
           strcmp(row->type, wanted->type) == 0;
}

/* The same field under another ABI. It stands near `index`, where this ABI has it, so the search goes outward. */
static const struct row *row_of(const struct rows *rows, const struct row *wanted, size_t index)
{
    for (size_t distance = 0; distance <= index || index + distance < rows->count; distance++) {
        if (distance <= index && index - distance < rows->count &&
            is_same_field(rows, index - distance, wanted))
            return &rows->items[index - distance];
        if (index + distance < rows->count && is_same_field(rows, index + distance, wanted))
            return &rows->items[index + distance];
    }
    return NULL;
}

/* "offset  size" of one ABI is one cell, as wide as its heading needs. */
static const char *place_text(const char *offset, const char *size)
{
    return cli_printf("%6s  %4s", offset, size);
}

/* Every field that any of the ABIs has, in the order of the first that has it. */
static void add_field_rows(struct table *table, const struct subject *subject, size_t view_count)
{
    for (size_t first = 0; first < view_count; first++) {
        const struct rows *rows = &subject->views[first].rows;
        for (size_t i = 0; i < rows->count; i++) {
            const struct row *row = &rows->items[i];
            bool done = !row->path;
            for (size_t earlier = 0; earlier < first && !done; earlier++)
                done = row_of(&subject->views[earlier].rows, row, i) != NULL;
            if (done)
                continue;
            table_add(table, row->path);
            table_add(table, row->type);
            for (size_t v = 0; v < view_count; v++) {
                const struct row *here = row_of(&subject->views[v].rows, row, i);
                table_add(table, here ? place_text(offset_text(here->offset_bits), size_text(here))
                                      : place_text("-", "-"));
            }
        }
    }
}

static void add_total(struct table *table, const struct subject *subject, size_t view_count,
                      const char *what, uint64_t (*total)(const abide_layout *layout))
{
    table_add(table, what);
    table_add(table, "");
    for (size_t v = 0; v < view_count; v++) {
        unsigned long long value = total(subject->views[v].layout);
        table_add(table, place_text("", cli_printf("%llu", value)));
    }
}

static void print_side_by_side(struct cli *cli, const struct subject *subject, size_t view_count)
{
    print_heading(cli, subject, "");
    struct table table;
    table_start(&table, 2 + view_count);
    for (int line = 0; line < 2; line++) {
        table_add(&table, "");
        table_add(&table, "");
        for (size_t v = 0; v < view_count; v++) {
            const abide_module *module = subject->views[v].module;
            table_add(&table, line == 0 ? subject->views[v].title : abide_module_target(module));
        }
    }
    table_add(&table, "field");
    table_add(&table, "type");
    for (size_t v = 0; v < view_count; v++)
        table_add(&table, place_text("offset", "size"));
    add_field_rows(&table, subject, view_count);
    add_total(&table, subject, view_count, "size", abide_layout_size_bytes);
    add_total(&table, subject, view_count, "align", abide_layout_align_bytes);
    table_print(&table, 2, cli->color_out, &cli->product);
}

static void print_text(struct cli *cli, const struct subject *subjects, size_t count,
                       size_t view_count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            text_puts(&cli->product, "\n");
        if (!subjects[i].views)
            print_heading(cli, &subjects[i], ": known by name only");
        else if (view_count == 1)
            print_one(cli, &subjects[i]);
        else
            print_side_by_side(cli, &subjects[i], view_count);
    }
}

static json_t *field_json(struct cli *cli, const abide_module *machine, abide_field_info field);

static json_t *fields_json(struct cli *cli, const abide_module *machine, const abide_layout *layout)
{
    json_t *fields = json_new_array();
    for (size_t i = 0; i < abide_layout_field_count(layout); i++)
        json_add(fields, field_json(cli, machine, abide_layout_field_at(layout, i)));
    return fields;
}

static json_t *field_json(struct cli *cli, const abide_module *machine, abide_field_info field)
{
    json_t *object = json_new_object();
    json_put_text(object, "name", field.name);
    json_put_text(object, "type", abide_type_print(cli->ctx, field.type));
    json_put_size(object, "offset_bits", field.offset_bits);
    json_put_size(object, "size_bits", field.size_bits);
    if (field.is_bitfield)
        json_put_bool(object, "bitfield", true);
    if (!field.is_bitfield && is_record(field.type) && !abide_type_name(field.type)) {
        /* Nothing else describes a type without a name. Offsets count from its own start. */
        const abide_layout *inner = abide_layout_of(cli->ctx, machine, field.type);
        if (inner)
            json_put(object, "fields", fields_json(cli, machine, inner));
    }
    return object;
}

static json_t *place_json(uint64_t offset_bits, uint64_t size_bits)
{
    json_t *object = json_new_object();
    json_put_size(object, "offset_bits", offset_bits);
    json_put_size(object, "size_bits", size_bits);
    return object;
}

static json_t *case_json(struct cli *cli, const abide_module *machine, const abide_sum *sum,
                         size_t index)
{
    abide_case found = abide_sum_case_at(sum, index);
    json_t *object = json_new_object();
    json_put_text(object, "name", found.name);
    if (abide_sum_discriminant(sum).type)
        json_put(object, "value", json_integer((json_int_t)found.tag));
    json_t *fields = json_new_array();
    if (found.payload.type)
        json_add(fields, field_json(cli, machine, found.payload));
    json_put(object, "fields", fields);
    json_t *padding = json_new_array();
    for (size_t i = 0; i < abide_sum_case_hole_count(sum, index); i++) {
        abide_hole hole = abide_sum_case_hole_at(sum, index, i);
        json_add(padding, place_json(hole.offset_bits, hole.size_bits));
    }
    json_put(object, "padding", padding);
    return object;
}

/* What tells the cases of a sum apart, and what each looks like. */
static void put_cases(struct cli *cli, json_t *object, const struct view *view)
{
    const abide_sum *sum = view->sum;
    abide_field_info tag = abide_sum_discriminant(sum);
    abide_hole reserve = abide_sum_reserve(sum);
    if (tag.type) {
        json_t *discriminant = place_json(tag.offset_bits, tag.size_bits);
        json_put_text(discriminant, "type", abide_type_print(cli->ctx, tag.type));
        json_put(object, "discriminant", discriminant);
    } else {
        json_t *niche = place_json(0, abide_sum_null_bits(sum));
        json_put_text(niche, "case", abide_sum_case_at(sum, abide_sum_null_case(sum)).name);
        json_put_size(niche, "value", 0);
        json_put(object, "niche", niche);
    }
    if (reserve.size_bits)
        json_put(object, "reserved", place_json(reserve.offset_bits, reserve.size_bits));
    json_t *cases = json_new_array();
    for (size_t i = 0; i < abide_sum_case_count(sum); i++)
        json_add(cases, case_json(cli, abide_module_machine(view->module), sum, i));
    json_put(object, "cases", cases);
}

static json_t *view_json(struct cli *cli, const struct subject *subject, const struct view *view)
{
    json_t *object = json_new_object();
    json_put_text(object, "name", abide_type_name(subject->type));
    json_put_text(object, "kind", abide_type_kind_name(subject->type));
    json_put_size(object, "size_bytes", abide_layout_size_bytes(view->layout));
    json_put_size(object, "align_bytes", abide_layout_align_bytes(view->layout));
    json_put(object, "fields", fields_json(cli, abide_module_machine(view->module), view->layout));
    json_t *padding = json_new_array();
    for (size_t i = 0; i < abide_layout_hole_count(view->layout); i++) {
        abide_hole hole = abide_layout_hole_at(view->layout, i);
        json_add(padding, place_json(hole.offset_bits, hole.size_bits));
    }
    json_put(object, "padding", padding);
    if (view->sum)
        put_cases(cli, object, view);
    return object;
}

static void put_answer(struct cli *cli, json_t *answer, const struct subject *subjects,
                       size_t count, const abide_module *module, size_t view)
{
    json_put_module(answer, module);
    json_t *types = json_new_array();
    json_t *skipped = json_new_array();
    for (size_t i = 0; i < count; i++)
        if (subjects[i].views)
            json_add(types, view_json(cli, &subjects[i], &subjects[i].views[view]));
        else
            json_add(skipped, json_text(abide_type_name(subjects[i].type)));
    json_put(answer, "types", types);
    if (json_array_size(skipped))
        json_put(answer, "skipped", skipped);
    else
        json_decref(skipped);
}

static void print_json(struct cli *cli, const struct question *question,
                       const struct subject *subjects, size_t count)
{
    json_t *root = json_new_answer(cli);
    if (question->module_count == 1) {
        put_answer(cli, root, subjects, count, question->modules[0], 0);
    } else {
        json_t *answers = json_new_array();
        for (size_t v = 0; v < question->module_count; v++) {
            json_t *answer = json_new_object();
            put_answer(cli, answer, subjects, count, question->modules[v], v);
            json_add(answers, answer);
        }
        json_put(root, "answers", answers);
    }
    json_print(root, &cli->product);
}

/* Only its address is known. */
static bool is_known_by_name(const abide_type *type)
{
    return is_kind(type, "opaque") || is_kind(type, "resource");
}

/* Lays the type out under every module. An opaque type has no layout, which is a mistake only if it was asked for. */
static bool answer(struct cli *cli, const struct question *question, struct subject *subject,
                   bool by_name)
{
    if (!by_name && is_known_by_name(subject->type))
        return true;
    subject->views = cli_alloc(question->module_count, sizeof *subject->views);
    for (size_t v = 0; v < question->module_count; v++) {
        struct view *view = &subject->views[v];
        view->module = question->modules[v];
        view->title = question->titles[v];
        view->layout = abide_layout_of(cli->ctx, view->module, subject->type);
        if (!view->layout)
            return false;
        view->sum = abide_sum_of(cli->ctx, view->module, subject->type);
        const abide_module *machine = abide_module_machine(view->module);
        if (cli->options.format == FORMAT_JSON)
            continue;
        if (view->sum && question->module_count == 1)
            collect_cases(cli, machine, view->sum, &view->rows);
        else
            collect(cli, machine, view->layout, 0, "", &view->rows);
    }
    return true;
}

/* What the interface expects of the types that were asked for (`expect:`). */
static enum status check_expectations(struct cli *cli, const struct question *question,
                                      const struct selection *selection)
{
    const abide_type **types = cli_alloc(selection->count + 1, sizeof *types);
    for (size_t i = 0; i < selection->count; i++)
        types[i] = abide_iface_type_at(question->iface, selection->indexes[i]);
    bool good = true;
    for (size_t v = 0; v < question->module_count; v++)
        good = abide_layout_check(cli->ctx, question->modules[v], question->iface, types,
                                  selection->count) &&
               good;
    return good ? STATUS_OK : cli_failure(cli);
}

static enum status run(struct cli *cli)
{
    struct question question = {0};
    enum status status = question_open(cli, &question);
    if (status != STATUS_OK)
        return status;
    struct names names = question_types(question.iface);
    struct selection selection;
    status = question_select(cli, &names, &selection);
    if (status != STATUS_OK)
        return status;

    struct subject *subjects = cli_alloc(selection.count + 1, sizeof *subjects);
    bool good = true;
    for (size_t i = 0; i < selection.count; i++) {
        subjects[i].type = abide_iface_type_at(question.iface, selection.indexes[i]);
        good = answer(cli, &question, &subjects[i], selection.by_name[i]) && good;
    }
    if (!good)
        return cli_failure(cli);
    if (cli->options.format == FORMAT_JSON)
        print_json(cli, &question, subjects, selection.count);
    else
        print_text(cli, subjects, selection.count, question.module_count);
    return check_expectations(cli, &question, &selection);
}

const struct verb verb_layout = {
    .name = "layout",
    .summary = "sizes, alignments, offsets and padding of types",
    .operands = "FILE [TYPE...]",
    .about =
        "Shows how an ABI lays out the types of an interface file: all of them, or those that\n"
        "are named. A name may be a pattern with * and ?. An offset like 3:5 is byte 3, bit\n"
        "5; a size like :2 is two bits. Of a variant, an option or a result, each case is shown\n"
        "with what tells it apart. Several --abi or --target stand side by side. What the file\n"
        "expects (its key `expect`) is compared; status 1 says that it does not hold.",
    .examples = {"abide layout geometry.abi.yaml                       every type, this machine",
                 "abide layout geometry.abi.yaml point --json          one type, for programs"},
    .options = layout_options,
    .operands_min = 1,
    .operands_max = OPERANDS_ANY,
    .run = run,
};
