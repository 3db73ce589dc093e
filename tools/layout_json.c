/* Types as programs read them (schemas/layout.json). */
#include "json.h"
#include "layout_answer.h"

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
    if (!field.is_bitfield && layout_is_record(field.type) && !abide_type_name(field.type)) {
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
    uint64_t id;
    if (abide_type_interface(subject->type, &id))
        json_put_text(object, "interface_id", cli_printf("0x%016llx", (unsigned long long)id));
    if (view->sum)
        put_cases(cli, object, view);
    return object;
}

/* The subjects that have a layout, under one of the question's modules. */
struct answers {
    const struct subject **subjects;
    size_t view;
};

static json_t *make_view(const struct json_series *series, size_t index)
{
    const struct answers *answers = series->user;
    const struct subject *subject = answers->subjects[index];
    return view_json(series->cli, subject, &subject->views[answers->view]);
}

static struct json_series put_answer(struct cli *cli, json_t *answer,
                                     const struct subject *subjects, size_t count,
                                     const struct question *question, size_t view)
{
    struct answers *answers = cli_alloc(1, sizeof *answers);
    struct json_series types = {json_new_array(), 0, make_view, answers, cli};
    json_t *skipped = json_new_array();
    *answers = (struct answers){cli_alloc(count + 1, sizeof *answers->subjects), view};
    json_put_module(answer, question->modules[view]);
    for (size_t i = 0; i < count; i++)
        if (subjects[i].views)
            answers->subjects[types.count++] = &subjects[i];
        else
            json_add(skipped, json_text(abide_type_name(subjects[i].type)));
    json_put(answer, "types", types.array);
    if (json_array_size(skipped))
        json_put(answer, "skipped", skipped);
    else
        json_decref(skipped);
    return types;
}

void layout_print_json(struct cli *cli, const struct question *question,
                       const struct subject *subjects, size_t count,
                       const struct constants *constants)
{
    json_t *root = json_new_answer(cli);
    struct json_series *types = cli_alloc(question->module_count, sizeof *types);
    json_t *answers = question->module_count == 1 ? NULL : json_new_array();
    for (size_t v = 0; v < question->module_count; v++) {
        json_t *answer = answers ? json_new_object() : root;
        types[v] = put_answer(cli, answer, subjects, count, question, v);
        if (abide_iface_constant_count(question->iface))
            json_put(answer, "constants", constants_json(cli, constants, v));
        if (answers)
            json_add(answers, answer);
    }
    if (answers)
        json_put(root, "answers", answers);
    json_print_series(root, types, question->module_count, &cli->product);
}
