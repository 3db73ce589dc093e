/* Reads the key `edge` of codegen/targets/ARCH.yaml. */
#include "edge_data.h"

#include "abide_llvm_compat.h"
#include "base/schema.h"

#include <assert.h>
#include <string.h>

#define MAX_BYTES 65536

static const char *text_of(const struct abide_yaml *node)
{
    return node ? node->text : NULL;
}

static bool read_bytes(abide_ctx *ctx, const struct abide_yaml *node, uint32_t *bytes)
{
    uint64_t value = 0;
    if (node && !abide_schema__uint(ctx, node, MAX_BYTES, &value))
        return false;
    *bytes = (uint32_t)value;
    return true;
}

static bool read_group(abide_ctx *ctx, const struct abide_yaml *node, const char *triple,
                       struct abide_edge_group *group, bool *is_there)
{
    static const struct abide_key keys[] = {
        {"names", ABIDE_SHAPE_SCALAR, true, "Names of registers, as modules say them.", NULL},
        {"kind", ABIDE_SHAPE_SCALAR, true, "integer, vector or extended.", NULL},
        {"bytes", ABIDE_SHAPE_SCALAR, true, "Of a place in memory that holds one.", NULL},
        {"spelled", ABIDE_SHAPE_SCALAR, true, "How assembly spells one.", NULL},
        {"load", ABIDE_SHAPE_SCALAR, true, "From memory.", NULL},
        {"store", ABIDE_SHAPE_SCALAR, true, "To memory.", NULL},
        {"move", ABIDE_SHAPE_SCALAR, false, "From another register of the group.", NULL},
        {"unwind", ABIDE_SHAPE_SCALAR, false, "How directives for unwinding spell one.", NULL},
        {"passed", ABIDE_SHAPE_SCALAR, false, "Whether it may hold arguments; absent: true.", NULL},
        {"pushed", ABIDE_SHAPE_SCALAR, false, "Whether loading one moves the others up.", NULL},
        {"boxed", ABIDE_SHAPE_SCALAR, false, "Whether narrow floats have ones above them.", NULL},
        {"systems", ABIDE_SHAPE_SEQUENCE, false, "Ends of the triples that have them.", NULL},
        {"swap", ABIDE_SHAPE_SCALAR, false, "With another register of the group.", NULL},
        {"load_word", ABIDE_SHAPE_SCALAR, false, "A word of memory to its start.", NULL},
        {"store_word", ABIDE_SHAPE_SCALAR, false, "Its first word to memory.", NULL},
        {"zero", ABIDE_SHAPE_SCALAR, false, "Clears all but <bits> bits.", NULL},
        {"sign", ABIDE_SHAPE_SCALAR, false, "Extends the lowest <bits> bits by their sign.", NULL},
        {"as1", ABIDE_SHAPE_SCALAR, false, "The names of their lowest bytes.", NULL},
        {"as2", ABIDE_SHAPE_SCALAR, false, "The names of their lowest two bytes.", NULL},
        {"as4", ABIDE_SHAPE_SCALAR, false, "The names of their lowest four bytes.", NULL}};
    static const struct abide_schema schema = {"registers of edges", keys, 20};
    const struct abide_yaml *values[20];
    size_t kind;
    *group = (struct abide_edge_group){.is_passed = true};
    if (!abide_schema__read(ctx, &schema, node, values) ||
        !abide_schema__word(ctx, values[1], abide_register__kinds, &kind) ||
        !read_bytes(ctx, values[2], &group->bytes))
        return false;
    group->names = abide_registers__list(ctx, values[0]);
    group->kind = (enum abide_register_kind)kind;
    group->spelled = values[3]->text;
    group->load = values[4]->text;
    group->store = values[5]->text;
    group->move = text_of(values[6]);
    group->unwind = text_of(values[7]);
    group->swap = text_of(values[12]);
    group->load_word = text_of(values[13]);
    group->store_word = text_of(values[14]);
    group->zero = text_of(values[15]);
    group->sign = text_of(values[16]);
    for (size_t i = 0; i < 3; i++)
        if (values[17 + i])
            group->narrower[i] = abide_registers__list(ctx, values[17 + i]);
    *is_there = abide_processors__is_listed(values[11], triple);
    return (!values[8] || abide_schema__bool(ctx, values[8], &group->is_passed)) &&
           (!values[9] || abide_schema__bool(ctx, values[9], &group->is_pushed)) &&
           (!values[10] || abide_schema__bool(ctx, values[10], &group->is_boxed));
}

static bool read_groups(abide_ctx *ctx, const struct abide_yaml *node, const char *triple,
                        struct abide_edge_data *data)
{
    struct abide_edge_group *groups =
        abide__new_array(ctx, struct abide_edge_group, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++) {
        bool is_there;
        if (!read_group(ctx, abide_yaml__at(node, i), triple, &groups[data->group_count],
                        &is_there))
            return false;
        data->group_count += is_there;
    }
    data->groups = groups;
    return true;
}

static bool read_texts(abide_ctx *ctx, const struct abide_yaml *node, struct abide_edge_data *data)
{
    static const struct abide_key keys[] = {
        {"enter", ABIDE_SHAPE_SCALAR, true, "Makes a frame.", NULL},
        {"leave", ABIDE_SHAPE_SCALAR, true, "Ends it.", NULL},
        {"lower", ABIDE_SHAPE_SCALAR, true, "Lowers the stack pointer by <bytes>.", NULL},
        {"raise", ABIDE_SHAPE_SCALAR, true, "Raises it by <bytes>.", NULL},
        {"align", ABIDE_SHAPE_SCALAR, true, "Aligns it to <bytes>.", NULL},
        {"unwind", ABIDE_SHAPE_SCALAR, true, "Sets it to <bytes> below the frame pointer.", NULL},
        {"realign", ABIDE_SHAPE_SCALAR, true,
         "Lowers it by <bytes>, aligns it to <align>, and keeps the old one at <offset>.", NULL},
        {"unalign", ABIDE_SHAPE_SCALAR, true, "Sets it to what is kept at <offset>.", NULL},
        {"address", ABIDE_SHAPE_SCALAR, true, "<register> is <base> plus <offset>.", NULL},
        {"copy", ABIDE_SHAPE_SCALAR, true, "Copies <bytes> from <base> plus <offset> to the stack.",
         NULL},
        {"call", ABIDE_SHAPE_SCALAR, true, "Calls <target>.", NULL},
        {"call_at", ABIDE_SHAPE_SCALAR, true, "Calls the link register, or what is at <offset>.",
         NULL},
        {"return", ABIDE_SHAPE_SCALAR, true, "Returns.", NULL},
        {"return_pop", ABIDE_SHAPE_SCALAR, false, "Removes <bytes> of arguments and returns.",
         NULL},
        {"return_pop_far", ABIDE_SHAPE_SCALAR, false, "The same for very many.", NULL},
        {"sign", ABIDE_SHAPE_SCALAR, false, "Signs the return address, where that is asked for.",
         NULL},
        {"check", ABIDE_SHAPE_SCALAR, false, "Checks it before a return.", NULL}};
    static const struct abide_schema schema = {"instructions of edges", keys,
                                               ABIDE_EDGE_TEXT_COUNT};
    const struct abide_yaml *values[ABIDE_EDGE_TEXT_COUNT];
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    for (size_t i = 0; i < ABIDE_EDGE_TEXT_COUNT; i++)
        data->texts[i] = text_of(values[i]);
    return true;
}

static void read_counts(abide_ctx *ctx, const struct abide_yaml *node, struct abide_edge_data *data)
{
    data->count_count = node ? node->entry_count : 0;
    struct abide_setting *counts = abide__new_array(ctx, struct abide_setting, data->count_count);
    for (size_t i = 0; i < data->count_count; i++)
        counts[i] = (struct abide_setting){abide_yaml__key_at(node, i)->text,
                                           abide_yaml__at(node, i)->text};
    data->counts = counts;
}

static bool read_operand(abide_ctx *ctx, const struct abide_yaml *node,
                         struct abide_edge_data *data)
{
    static const struct abide_key keys[] = {
        {"constraint", ABIDE_SHAPE_SCALAR, true, "LLVM's letters for the address of a function.",
         NULL},
        {"text", ABIDE_SHAPE_SCALAR, true, "How its name is written then.", NULL}};
    static const struct abide_schema schema = {"an operand", keys, 2};
    const struct abide_yaml *values[2];
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    data->constraint = values[0]->text;
    data->operand = values[1]->text;
    return true;
}

static bool read_moves(abide_ctx *ctx, const struct abide_yaml *node, const char *triple,
                       struct abide_edge_data *data)
{
    static const struct abide_key keys[] = {
        {"since", ABIDE_SHAPE_SCALAR, true, "The first LLVM that knows the constraint.", NULL},
        {"constraint", ABIDE_SHAPE_SCALAR, true, "LLVM's letters for the address of a function.",
         NULL},
        {"operand", ABIDE_SHAPE_SCALAR, true, "How its name is written then.", NULL},
        {"call", ABIDE_SHAPE_SCALAR, true, "Calls <target> of another file.", NULL},
        {"jump", ABIDE_SHAPE_SCALAR, true, "Jumps to it.", NULL},
        {"through", ABIDE_SHAPE_SCALAR, false, "Registers one of which a jump takes (<from>).",
         NULL},
        {"systems", ABIDE_SHAPE_SEQUENCE, false, "Ends of the triples that it is for.", NULL}};
    static const struct abide_schema schema = {"moves of edges", keys, 7};
    const struct abide_yaml *values[7];
    uint64_t since;
    if (!node)
        return true;
    if (!abide_schema__read(ctx, &schema, node, values) ||
        !abide_schema__uint(ctx, values[0], 999, &since))
        return false;
    if (since > LLVM_VERSION_MAJOR || !abide_processors__is_listed(values[6], triple))
        return true;
    struct abide_edge_moves *moves = abide__new(ctx, struct abide_edge_moves);
    *moves = (struct abide_edge_moves){
        values[1]->text, values[2]->text, values[3]->text, values[4]->text, {0}};
    if (values[5])
        moves->through = abide_registers__list(ctx, values[5]);
    data->moves = moves;
    return true;
}

static bool read_bytes_of(abide_ctx *ctx, const struct abide_yaml *const *values,
                          struct abide_edge_data *data)
{
    return read_bytes(ctx, values[0], &data->stack_number) &&
           read_bytes(ctx, values[1], &data->return_bytes) &&
           read_bytes(ctx, values[2], &data->frame_bytes) &&
           read_bytes(ctx, values[3], &data->near_bytes);
}

const struct abide_edge_data *abide_edge_data__read(abide_ctx *ctx, const struct abide_yaml *node,
                                                    const char *triple)
{
    static const struct abide_key keys[] = {
        {"stack_number", ABIDE_SHAPE_SCALAR, true, "DWARF's number of the stack pointer.", NULL},
        {"return_bytes", ABIDE_SHAPE_SCALAR, true, "What a call pushes.", NULL},
        {"frame_bytes", ABIDE_SHAPE_SCALAR, true,
         "From the frame pointer to the stack pointer of the call.", NULL},
        {"near_bytes", ABIDE_SHAPE_SCALAR, true,
         "The most that one instruction adds to the stack pointer; 0: any number.", NULL},
        {"stack", ABIDE_SHAPE_SCALAR, true, "The stack pointer.", NULL},
        {"frame", ABIDE_SHAPE_SCALAR, true, "The frame pointer.", NULL},
        {"spare", ABIDE_SHAPE_SCALAR, true, "A register that no C function gets or keeps.", NULL},
        {"link", ABIDE_SHAPE_SCALAR, false, "The register of the return address.", NULL},
        {"registers", ABIDE_SHAPE_SEQUENCE, true, "The registers there are.", NULL},
        {"text", ABIDE_SHAPE_MAPPING, true, "Instructions.", NULL},
        {"operand", ABIDE_SHAPE_MAPPING, true, "How a function of the file is named.", NULL},
        {"counts", ABIDE_SHAPE_MAPPING, false,
         "Registers for the number of vector registers: those that they are a part of.", NULL},
        {"except", ABIDE_SHAPE_SEQUENCE, false, "Ends of the triples that have no edges.", NULL},
        {"moves", ABIDE_SHAPE_MAPPING, false, "How a thunk of assembly alone goes on.", NULL},
        {"line", ABIDE_SHAPE_MAPPING, false, "How a thunk is straight lines of assembly.", NULL}};
    static const struct abide_schema schema = {"edges", keys, 15};
    const struct abide_yaml *values[15];
    if (!node || !abide_schema__read(ctx, &schema, node, values) ||
        (values[12] && abide_processors__is_listed(values[12], triple)))
        return NULL;
    struct abide_edge_data *data = abide__new(ctx, struct abide_edge_data);
    data->stack = values[4]->text;
    data->frame = values[5]->text;
    data->spare = values[6]->text;
    data->link = text_of(values[7]);
    read_counts(ctx, values[11], data);
    return read_bytes_of(ctx, values, data) && read_groups(ctx, values[8], triple, data) &&
                   read_texts(ctx, values[9], data) && read_operand(ctx, values[10], data) &&
                   read_moves(ctx, values[13], triple, data) &&
                   abide_line_data__read(ctx, values[14], triple, &data->line)
               ? data
               : NULL;
}

/* All names of a kind that can be passed, one group behind the other. */
static struct abide_words passed(abide_ctx *ctx, const struct abide_edge_data *data,
                                 enum abide_register_kind kind)
{
    const char **names = abide__new_array(ctx, const char *, ABIDE_MAX_REGISTERS);
    struct abide_words words = {names, 0};
    for (size_t i = 0; i < data->group_count; i++) {
        const struct abide_edge_group *group = &data->groups[i];
        for (size_t j = 0; group->is_passed && group->kind == kind && j < group->names.count; j++) {
            assert(words.count < ABIDE_MAX_REGISTERS);
            names[words.count++] = group->names.items[j];
        }
    }
    return words;
}

struct abide_convention abide_edge_data__convention(abide_ctx *ctx,
                                                    const struct abide_edge_data *data,
                                                    const struct abide_convention *c)
{
    struct abide_convention edge = {.name = "the registers that there are",
                                    .id = c->id,
                                    .is_edge = true,
                                    .copies = true,
                                    .preserved = c->preserved};
    for (int kind = 0; kind < ABIDE_REGISTER_KIND_COUNT; kind++)
        edge.arguments.registers[kind] = passed(ctx, data, (enum abide_register_kind)kind);
    edge.arguments.is_whole = true;
    edge.results = edge.arguments;
    edge.slot_bytes = edge.align_bytes = data->groups[0].bytes;
    return edge;
}

struct abide_edge_register abide_edge_data__find(const struct abide_edge_data *data,
                                                 const char *name)
{
    for (size_t i = 0; i < data->group_count; i++) {
        size_t at = abide_words__find(data->groups[i].names, name);
        if (at != SIZE_MAX)
            return (struct abide_edge_register){&data->groups[i], data->groups[i].names.items[at]};
    }
    return (struct abide_edge_register){0};
}
