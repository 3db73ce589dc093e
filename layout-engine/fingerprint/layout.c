/*
 * The layout dialect: how values lie in memory, and where they are when a function is called. It follows types as the interface
 * says them, beside what the module makes of them: only so are the cases of variants seen. abi-specs/fingerprints.md tells what
 * each line says.
 */
#include "base/diag.h"
#include "call/assignment.h"
#include "call/sum.h"
#include "fingerprint/dialects.h"
#include "layout/layout.h"
#include "plan/parts.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct abide_data_model *model_of(const struct abide_graph *graph)
{
    return graph->module->machine->data;
}

/* NULL: the module has no form for the type; what refers to it can still be told. */
static const abide_type *physical_of(const struct abide_graph *graph, const abide_type *type)
{
    struct abide_representing how = {.module = graph->module, .quiet = true};
    const abide_type *physical = abide_represent__as(graph->ctx, &how, type);
    return physical ? abide_type__strip(physical) : NULL;
}

static const abide_layout *layout_of(const struct abide_graph *graph, const abide_type *physical)
{
    return abide_layout__physical(graph->ctx, model_of(graph), physical);
}

static const struct abide_sum *sum_of(const struct abide_graph *graph, const abide_type *type)
{
    struct abide_representing how = {.module = graph->module, .quiet = true};
    return abide_type__is_sum(type) ? abide_sum__of(graph->ctx, &how, type) : NULL;
}

/* A sum without a tag lies in memory as its only payload does. */
static const abide_type *settle(struct abide_graph *graph, const abide_type *type)
{
    for (;;) {
        type = abide_type__strip(type);
        const struct abide_sum *sum = sum_of(graph, type);
        if (!sum || sum->tag)
            return type;
        type = sum->cases[1 - sum->null_case].payload;
    }
}

/* ---- words ---- */

static const char *scalar_word(const struct abide_graph *graph, enum abide_scalar scalar)
{
    static const char *const formats[] = {
        [ABIDE_FORMAT_HALF] = "half",     [ABIDE_FORMAT_BFLOAT] = "bfloat",
        [ABIDE_FORMAT_SINGLE] = "single", [ABIDE_FORMAT_DOUBLE] = "double",
        [ABIDE_FORMAT_X87] = "x87-",      [ABIDE_FORMAT_QUAD] = "quad",
        [ABIDE_FORMAT_IBM] = "ibm"};
    const struct abide_scalar_model *model = &model_of(graph)->scalars[scalar];
    const char *class = "u";
    switch (abide__scalars[scalar].group) {
    case ABIDE_GROUP_BOOL: class = "bool"; break;
    case ABIDE_GROUP_SIGNED: class = model->is_signed ? "s" : "u"; break;
    case ABIDE_GROUP_UNSIGNED: break;
    case ABIDE_GROUP_FLOAT:
        class = model->format == ABIDE_FORMAT_NONE ? "float" : formats[model->format];
        break;
    }
    return abide__printf(graph->ctx, "%s%u/%u", class, model->size_bytes, model->align_bytes);
}

static const char *enum_word(const struct abide_graph *graph, const abide_type *physical)
{
    const abide_layout *layout = layout_of(graph, physical);
    return layout ? abide__printf(graph->ctx, "%s%" PRIu64 "/%" PRIu32,
                                  abide_layout_is_signed(layout) ? "s" : "u", layout->size_bytes,
                                  layout->align_bytes)
                  : "foreign";
}

static const char *va_list_word(const struct abide_graph *graph, const abide_type *physical)
{
    const abide_layout *layout = layout_of(graph, physical);
    return layout ? abide__printf(graph->ctx, "va_list%" PRIu64 "/%" PRIu32, layout->size_bytes,
                                  layout->align_bytes)
                  : "foreign";
}

static const char *word(struct abide_graph *graph, const abide_type *type)
{
    if (type->kind == ABIDE_KIND_RESOURCE || !type->is_complete)
        return "unknown";
    const abide_type *physical = physical_of(graph, type);
    if (!physical)
        return "foreign";
    switch (physical->kind) {
    case ABIDE_KIND_VOID: return "void";
    case ABIDE_KIND_SCALAR: return scalar_word(graph, physical->scalar);
    case ABIDE_KIND_ENUM: return enum_word(graph, physical);
    case ABIDE_KIND_VA_LIST: return va_list_word(graph, physical);
    case ABIDE_KIND_OPAQUE: return "unknown";
    default: return NULL;
    }
}

static const char *pointer(struct abide_graph *graph, const abide_type *type,
                           const abide_type **target)
{
    const struct abide_data_model *model = model_of(graph);
    const abide_type *physical = physical_of(graph, type);
    if (!physical || physical->kind != ABIDE_KIND_POINTER)
        return NULL;
    *target = physical->target;
    return abide__printf(graph->ctx, "ptr%" PRIu32 "/%" PRIu32 " ", model->pointer_bytes,
                         model->pointer_align_bytes);
}

/* ---- records ---- */

/*
 * What the interface says of the fields of a form, by their places in it; NULL: the module's own. One field of the interface stands
 * for each, so that this takes as long as there are fields.
 */
static const abide_type **meant_fields(struct abide_graph *graph, const abide_type *type,
                                       const abide_type *physical)
{
    const abide_type **meant =
        abide__new_array(graph->ctx, const abide_type *, physical->field_count + 1);
    struct abide_side side = {.ctx = graph->ctx, .module = graph->module};
    if (!abide_type__is_record(type))
        return meant;
    if (type->kind == ABIDE_KIND_STRUCT && type->target) {
        size_t field = abide_parts__field(&side, type, physical, SIZE_MAX);
        if (field < physical->field_count)
            meant[field] = type->target;
    }
    for (size_t i = 0; i < type->field_count; i++) {
        size_t field = abide_parts__field(&side, type, physical, i);
        if (field < physical->field_count)
            meant[field] = type->fields[i].type;
    }
    return meant;
}

/* Later releases may add fields to a struct that grows: only those of the first one are told. */
static size_t first_later(struct abide_graph *graph, const abide_type *type,
                          const abide_type *physical)
{
    struct abide_side side = {.ctx = graph->ctx, .module = graph->module};
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].is_later)
            return abide_parts__field(&side, type, physical, i);
    return physical->field_count;
}

static bool write_record(struct abide_draft *draft, const abide_type *type,
                         const abide_type *physical)
{
    struct abide_graph *graph = draft->graph;
    const abide_layout *layout = layout_of(graph, physical);
    if (!layout)
        return false;
    const abide_type **meant =
        physical != type ? meant_fields(graph, type, physical) : NULL; /* what it says is meant */
    bool grows = type != physical && abide_type__is_sized(type);
    size_t end = grows ? first_later(graph, type, physical) : physical->field_count;
    abide_draft__text(draft, "%s %" PRIu64 "/%" PRIu32 "\n",
                      physical->kind == ABIDE_KIND_UNION ? "union"
                      : grows                            ? "sized"
                                                         : "struct",
                      grows ? 0 : layout->size_bytes, layout->align_bytes);
    for (size_t i = 0; i < end; i++) {
        const struct abide_field *field = &physical->fields[i];
        uint64_t offset_bits = abide_layout__offset_bits(layout, i);
        if (field->is_bitfield && !field->name) /* padding */
            continue;
        if (field->is_bitfield)
            abide_draft__text(draft, "%" PRIu64 "+%u ", offset_bits, field->bits);
        else
            abide_draft__text(draft, "%" PRIu64 " ", offset_bits);
        abide_draft__type(draft, meant && meant[i] ? meant[i] : field->type);
        abide_draft__text(draft, "\n");
    }
    return true;
}

/* ---- sums ---- */

static int compare_tags(const void *left, const void *right)
{
    const struct abide_sum_case *const *a = left, *const *b = right;
    return (*a)->tag<(*b)->tag ? -1 : (*a)->tag>(*b)->tag;
}

static void write_cases(struct abide_draft *draft, const struct abide_sum *sum)
{
    const struct abide_sum_case **cases =
        abide__new_array(draft->graph->ctx, const struct abide_sum_case *, sum->case_count);
    for (size_t i = 0; i < sum->case_count; i++)
        cases[i] = &sum->cases[i];
    qsort(cases, sum->case_count, sizeof(*cases), compare_tags);
    for (size_t i = 0; i < sum->case_count; i++) {
        abide_draft__text(draft, "case %" PRId64, cases[i]->tag);
        if (cases[i]->physical) {
            abide_draft__text(draft, " %" PRIu64 " ", 8 * cases[i]->offset_bytes);
            abide_draft__type(draft, cases[i]->payload);
        }
        abide_draft__text(draft, "\n");
    }
}

/* Later releases may add cases to an open variant: only its room is told. */
static bool write_sum(struct abide_draft *draft, const struct abide_sum *sum)
{
    abide_draft__text(draft, "sum %" PRIu64 "/%" PRIu32 "\ntag %" PRIu64 " ",
                      sum->layout->size_bytes, sum->layout->align_bytes, 8 * sum->tag_offset_bytes);
    abide_draft__type(draft, sum->tag);
    abide_draft__text(draft, "\n");
    if (!sum->type->is_open) {
        write_cases(draft, sum);
        return true;
    }
    abide_draft__text(draft, "open %" PRIu64 "+%" PRIu64 "\n", 8 * sum->payload_offset_bytes,
                      sum->keeps_room ? 8 * sum->payload_bytes : 0);
    return true;
}

/* ---- functions ---- */

static void write_piece(struct abide_draft *draft, const abide_piece *piece)
{
    static const char *const extends[] = {[ABIDE_EXTEND_UNSTATED] = NULL,
                                          [ABIDE_EXTEND_NONE] = "none",
                                          [ABIDE_EXTEND_ZERO] = "zero",
                                          [ABIDE_EXTEND_SIGN] = "sign"};
    abide_draft__text(draft, " %" PRIu64 "+%" PRIu64 "=", piece->offset_bytes, piece->size_bytes);
    if (piece->register_name)
        abide_draft__text(draft, "%s", piece->register_name);
    else
        abide_draft__text(draft, "stack+%" PRId64, piece->stack_offset_bytes);
    if (piece->at_bytes)
        abide_draft__text(draft, "@%" PRIu32, piece->at_bytes);
    if (piece->as)
        abide_draft__text(draft, ",as-%s", piece->as);
    if (extends[piece->extend])
        abide_draft__text(draft, ",%s", extends[piece->extend]);
    if (piece->extend == ABIDE_EXTEND_ZERO || piece->extend == ABIDE_EXTEND_SIGN)
        abide_draft__text(draft, "%" PRIu32 "%s", piece->extend_bits,
                          piece->extend_is_owed ? ",owed" : "");
}

static void write_places(struct abide_draft *draft, const struct abide_assigned *assigned)
{
    switch (assigned->pass) {
    case ABIDE_PASS_IGNORE: abide_draft__text(draft, " nowhere"); break;
    case ABIDE_PASS_DIRECT:
        for (size_t i = 0; i < assigned->piece_count; i++)
            write_piece(draft, &assigned->pieces[i]);
        break;
    case ABIDE_PASS_POINTER:
        abide_draft__text(draft, " address");
        write_piece(draft, &assigned->pointer);
        break;
    case ABIDE_PASS_HIDDEN:
        abide_draft__text(draft, " hidden");
        write_piece(draft, &assigned->pointer);
        if (assigned->returned_register)
            abide_draft__text(draft, " back=%s", assigned->returned_register);
        break;
    }
    abide_draft__text(draft, "\n");
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The registers that a callee keeps, in the order of their names. */
static void write_kept(struct abide_draft *draft, const abide_assignment *assignment)
{
    size_t count = assignment->preserved_count;
    const char **names = abide__new_array(draft->graph->ctx, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = assignment->preserved[i];
    qsort(names, count, sizeof(*names), compare_names);
    abide_draft__text(draft, "keeps");
    for (size_t i = 0; i < count; i++)
        abide_draft__text(draft, " %s", names[i]);
    abide_draft__text(draft, "\n");
}

static void write_stack(struct abide_draft *draft, const abide_assignment *assignment)
{
    abide_draft__text(draft, "stack %" PRIu64 "/%" PRIu64 " pops %" PRIu64 "\n",
                      assignment->stack_bytes, assignment->stack_align_bytes,
                      assignment->callee_cleans ? assignment->stack_bytes
                                                : assignment->callee_pops_bytes);
    if (assignment->vector_count_register)
        abide_draft__text(draft, "counter %s\n", assignment->vector_count_register);
    if (assignment->area_register)
        abide_draft__text(draft, "area %s\n", assignment->area_register);
    if (abide_assignment_called_by(assignment))
        abide_draft__text(draft, "called %s\n", abide_assignment_called_by(assignment));
    if (abide_assignment_number_register(assignment))
        abide_draft__text(draft, "number-in %s\n", abide_assignment_number_register(assignment));
    if (abide_assignment_returned_by(assignment))
        abide_draft__text(draft, "returns %s\n", abide_assignment_returned_by(assignment));
    write_kept(draft, assignment);
}

/* What the interface says, deep; then what becomes of it in a call. */
static bool write_signature(struct abide_draft *draft, const abide_signature *signature, bool env)
{
    static const char *const modes[] = {
        [ABIDE_MODE_IN] = "in", [ABIDE_MODE_OUT] = "out", [ABIDE_MODE_INOUT] = "inout"};
    struct abide_graph *graph = draft->graph;
    const struct abide_physical *physical =
        abide_physical__of(graph->ctx, graph->module, signature, NULL, env);
    const abide_assignment *assignment =
        physical ? abide_assignment__of(graph->ctx, physical) : NULL;
    if (!assignment)
        return false;
    abide_draft__text(draft, "function %s\n", model_of(graph)->big_endian ? "big" : "little");
    for (size_t i = 0; i < signature->param_count; i++) {
        abide_draft__text(draft, "%s ", modes[signature->params[i].mode]);
        abide_draft__type(draft, signature->params[i].type);
        abide_draft__text(draft, "%s\n", signature->params[i].is_variadic ? " unnamed" : "");
    }
    abide_draft__text(draft, "result ");
    abide_draft__type(draft, signature->result);
    abide_draft__text(draft, "\n");
    for (size_t i = 0; i < physical->param_count; i++) {
        abide_draft__text(draft, "argument ");
        abide_draft__type(draft, physical->params[i].type);
        write_places(draft, &assignment->arguments[i]);
    }
    if (signature->is_variadic)
        abide_draft__text(draft, "dots %zu\n", signature->fixed_count);
    abide_draft__text(draft, "returned ");
    abide_draft__type(draft, physical->result.type);
    write_places(draft, &assignment->result);
    write_stack(draft, assignment);
    return true;
}

/* How the module makes a failure of what is returned, if the interface says that it may be one. */
static void write_errors(struct abide_draft *draft, const struct abide_error_use *use,
                         bool is_result)
{
    const abide_module *module = draft->graph->module;
    const struct abide_error_rule *rule = use ? use->rule : NULL;
    if (is_result && module->error_count == 0)
        return; /* the result is a value */
    if (use && !rule)
        rule = abide_module__errors(is_result ? module : module->machine, use->word);
    if (rule)
        abide_draft__text(draft, "errors %s\n", abide_error_rule__print(draft->graph->ctx, rule));
}

bool abide_layout_dialect__write_function(struct abide_draft *draft, const void *function)
{
    static const char *const unnamed[] = {[ABIDE_UNNAMED_SAME] = NULL,
                                          [ABIDE_UNNAMED_LIST] = "va_list",
                                          [ABIDE_UNNAMED_WORDS] = "words",
                                          [ABIDE_UNNAMED_PARAMETERS] = "parameters"};
    const abide_function *described = function;
    if (!write_signature(draft, described->signature, false))
        return false;
    if (unnamed[described->unnamed])
        abide_draft__text(draft, "unnamed %s\n", unnamed[described->unnamed]);
    uint32_t number;
    const abide_module *machine = draft->graph->module->machine;
    if (machine->number_register && abide_function_number(described, machine, &number))
        abide_draft__text(draft, "number %" PRIu32 "\n", number);
    write_errors(draft, described->callee_errors,
                 abide_type__is(described->signature->result, ABIDE_KIND_RESULT));
    abide_draft__text(draft, "unwind %s\n",
                      described->unwind == ABIDE_UNWIND_ALLOW ? "allow" : "abort");
    return true;
}

/* ---- others ---- */

static bool write_elements(struct abide_draft *draft, const abide_type *type,
                           const abide_type *physical)
{
    if (physical->is_flexible)
        abide_draft__text(draft, "array *\n");
    else
        abide_draft__text(draft, "array %" PRIu64 "\n", physical->count);
    abide_draft__type(draft, type->kind == ABIDE_KIND_ARRAY ? type->target : physical->target);
    abide_draft__text(draft, "\n");
    return true;
}

/* A function that is passed on; of a closure if it says of which. */
static bool write_callable(struct abide_draft *draft, const abide_type *physical)
{
    if (!write_signature(draft, physical->signature, physical->target != NULL))
        return false;
    write_errors(draft, physical->signature->errors, true);
    return true;
}

/* A vector or a complex number: of scalars, with an alignment of its own. */
static bool write_parts(struct abide_draft *draft, const abide_type *physical)
{
    const abide_layout *layout = layout_of(draft->graph, physical);
    if (!layout)
        return false;
    abide_draft__text(draft, "%s %" PRIu64 " %" PRIu64 "/%" PRIu32 "\n",
                      physical->kind == ABIDE_KIND_VECTOR ? "vector" : "complex", physical->count,
                      layout->size_bytes, layout->align_bytes);
    abide_draft__type(draft, physical->target);
    abide_draft__text(draft, "\n");
    return true;
}

/* A vtable: its header, and the methods that every object has. Where others lie follows. */
static bool write_interface(struct abide_draft *draft, const abide_type *type,
                            const abide_type *physical)
{
    struct abide_side side = {.ctx = draft->graph->ctx, .module = draft->graph->module};
    const abide_layout *layout = layout_of(draft->graph, physical);
    if (!layout)
        return false;
    size_t first = type->field_count ? abide_parts__field(&side, type, physical, 0) : SIZE_MAX;
    abide_draft__text(draft, "interface %" PRIu32 "\n", layout->align_bytes);
    for (size_t i = 0; i < physical->field_count; i++) {
        if (i >= first && i - first < type->field_count && type->fields[i - first].is_later)
            continue;
        abide_draft__text(draft, "%" PRIu64 " ", abide_layout__offset_bits(layout, i));
        abide_draft__type(draft, physical->fields[i].type);
        abide_draft__text(draft, "\n");
    }
    return true;
}

static bool write(struct abide_draft *draft, const abide_type *type)
{
    const struct abide_sum *sum = sum_of(draft->graph, type);
    const abide_type *physical = physical_of(draft->graph, type);
    assert(physical); /* else it has a word */
    if (type->kind == ABIDE_KIND_INTERFACE && physical->kind == ABIDE_KIND_STRUCT)
        return write_interface(draft, type, physical);
    switch (physical->kind) {
    case ABIDE_KIND_FUNCTION: return write_callable(draft, physical);
    case ABIDE_KIND_ARRAY: return write_elements(draft, type, physical);
    case ABIDE_KIND_VECTOR:
    case ABIDE_KIND_COMPLEX: return write_parts(draft, physical);
    default: return sum ? write_sum(draft, sum) : write_record(draft, type, physical);
    }
}

const struct abide_dialect abide__layout_dialect = {.title = "abide-layout 1\n",
                                                    .settle = settle,
                                                    .word = word,
                                                    .pointer = pointer,
                                                    .write = write};
