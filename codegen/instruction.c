/* An instruction that calls is inline assembly with its registers as operands: LLVM moves, keeps and saves around it. */
#include "instruction.h"

#include "base/diag.h"
#include "base/schema.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* ---- the data ---- */

static bool read_group(abide_ctx *ctx, const struct abide_yaml *node, struct abide_operands *group)
{
    static const struct abide_key keys[] = {
        {"names", ABIDE_SHAPE_SCALAR, true, "Names of registers, as modules say them.", NULL},
        {"as", ABIDE_SHAPE_SCALAR, false, "Other names for them, in the same order.", NULL},
        {"operand", ABIDE_SHAPE_SCALAR, true, "LLVM's constraint for one.", NULL},
        {"passed", ABIDE_SHAPE_SCALAR, false, "Whether it may hold arguments; absent: true.",
         NULL}};
    static const struct abide_schema schema = {"operands", keys, 4};
    const struct abide_yaml *values[4];
    *group = (struct abide_operands){.is_passed = true};
    if (!abide_schema__read(ctx, &schema, node, values) ||
        (values[3] && !abide_schema__bool(ctx, values[3], &group->is_passed)))
        return false;
    group->names = abide_registers__list(ctx, values[0]);
    group->as = values[1] ? abide_registers__list(ctx, values[1]) : group->names;
    group->operand = values[2]->text;
    assert(group->as.count == group->names.count);
    return true;
}

/* `{WORD: text}`, or `{WORD: {first: text, last: text}}`. */
static bool read_list(abide_ctx *ctx, const struct abide_yaml *node,
                      struct abide_instruction_list *list)
{
    static const struct abide_key keys[] = {
        {"first", ABIDE_SHAPE_SCALAR, true, "What the code starts with.", NULL},
        {"last", ABIDE_SHAPE_SCALAR, true, "The instruction.", NULL}};
    static const struct abide_schema schema = {"an instruction", keys, 2};
    struct abide_instruction *items =
        abide__new_array(ctx, struct abide_instruction, node ? node->entry_count : 0);
    for (size_t i = 0; node && i < node->entry_count; i++) {
        const struct abide_yaml *value = abide_yaml__at(node, i), *values[2] = {0};
        items[i] = (struct abide_instruction){.name = abide_yaml__key_at(node, i)->text};
        if (value->kind == ABIDE_YAML_MAPPING && !abide_schema__read(ctx, &schema, value, values))
            return false;
        items[i].first = values[0] ? values[0]->text : NULL;
        items[i].last = values[1] ? values[1]->text : value->text;
    }
    *list = (struct abide_instruction_list){items, node ? node->entry_count : 0};
    return true;
}

static bool read_groups(abide_ctx *ctx, const struct abide_yaml *node,
                        struct abide_instructions *data)
{
    struct abide_operands *groups = abide__new_array(ctx, struct abide_operands, node->entry_count);
    for (size_t i = 0; i < node->entry_count; i++)
        if (!read_group(ctx, abide_yaml__at(node, i), &groups[i]))
            return false;
    data->groups = groups;
    data->group_count = node->entry_count;
    return true;
}

static bool read_stack(abide_ctx *ctx, const struct abide_yaml *node,
                       struct abide_instructions *data)
{
    static const struct abide_key keys[] = {
        {"lower", ABIDE_SHAPE_SCALAR, true, "Makes room of <bytes>.", NULL},
        {"store", ABIDE_SHAPE_SCALAR, true, "Stores <operand> at <offset> of it.", NULL},
        {"raise", ABIDE_SHAPE_SCALAR, true, "Gives <bytes> back.", NULL}};
    static const struct abide_schema schema = {"the stack of instructions", keys, 3};
    const struct abide_yaml *values[3];
    if (!node)
        return true;
    if (!abide_schema__read(ctx, &schema, node, values))
        return false;
    data->stack_lower = values[0]->text;
    data->stack_store = values[1]->text;
    data->stack_raise = values[2]->text;
    return true;
}

const struct abide_instructions *abide_instructions__read(abide_ctx *ctx,
                                                          const struct abide_yaml *node)
{
    static const struct abide_key keys[] = {
        {"operands", ABIDE_SHAPE_SEQUENCE, true, "Registers, and how LLVM names them.", NULL},
        {"spoils", ABIDE_SHAPE_SCALAR, true, "What each may destroy that no module names.", NULL},
        {"frame", ABIDE_SHAPE_SCALAR, false, "An operand only if no frame needs it.", NULL},
        {"calls", ABIDE_SHAPE_MAPPING, false, "Instructions that call, by their words.", NULL},
        {"returns", ABIDE_SHAPE_MAPPING, false, "Instructions that return, by their words.", NULL},
        {"stack", ABIDE_SHAPE_MAPPING, false, "How arguments get to the stack.", NULL}};
    static const struct abide_schema schema = {"instructions", keys, 6};
    const struct abide_yaml *values[6];
    struct abide_instructions *data = abide__new(ctx, struct abide_instructions);
    if (!abide_schema__read(ctx, &schema, node, values) || !read_groups(ctx, values[0], data) ||
        !read_list(ctx, values[3], &data->calls) || !read_list(ctx, values[4], &data->returns) ||
        !read_stack(ctx, values[5], data))
        return NULL;
    data->spoils = abide_registers__list(ctx, values[1]);
    data->frame = values[2] ? values[2]->text : NULL;
    return data;
}

struct abide_convention abide_instructions__convention(abide_ctx *ctx,
                                                       const struct abide_instructions *data,
                                                       const struct abide_convention *c)
{
    const char **names = abide__new_array(ctx, const char *, ABIDE_MAX_REGISTERS);
    struct abide_words words = {names, 0};
    for (size_t i = 0; i < data->group_count; i++)
        for (size_t j = 0; data->groups[i].is_passed && j < data->groups[i].names.count; j++) {
            assert(words.count < ABIDE_MAX_REGISTERS);
            names[words.count++] = data->groups[i].names.items[j];
        }
    struct abide_convention convention = {.name = "the registers of an instruction",
                                          .id = c->id,
                                          .is_instruction = true,
                                          .preserved = c->preserved,
                                          .slot_bytes = c->slot_bytes,
                                          .align_bytes = c->align_bytes};
    convention.arguments.registers[ABIDE_REGISTER_INTEGER] = words;
    convention.results = convention.arguments;
    return convention;
}

const struct abide_instruction *abide_instruction__find(abide_ctx *ctx,
                                                        const struct abide_instruction_list *list,
                                                        const char *name, const char **reason)
{
    struct abide_text known = {0};
    for (size_t i = 0; i < list->count; i++) {
        if (!strcmp(list->items[i].name, name))
            return &list->items[i];
        abide__text_printf(ctx, &known, "%s %s", i ? "," : "; those are", list->items[i].name);
    }
    *reason = abide__printf(ctx, "no instruction is known by the word %s%s",
                            abide__quote(ctx, name), known.chars ? known.chars : "");
    return NULL;
}

/* How LLVM names a register in a constraint; NULL: it is not among those of the data. */
static const char *operand_of(abide_ctx *ctx, const struct abide_instructions *data,
                              const char *name)
{
    for (size_t i = 0; i < data->group_count; i++) {
        const struct abide_operands *group = &data->groups[i];
        size_t at = abide_words__find(group->names, name);
        const char *hole = strchr(group->operand, '<');
        if (at == SIZE_MAX)
            continue;
        const char *as = group->as.items[at];
        bool is_number = hole && !strncmp(hole, "<number>", 8);
        return !hole ? group->operand
                     : abide__printf(ctx, "%.*s%s%s", (int)(hole - group->operand), group->operand,
                                     is_number ? as + strcspn(as, "0123456789") : as,
                                     strchr(hole, '>') + 1);
    }
    return NULL;
}

/* ---- what can be done ---- */

static bool is_used(const struct abide_side *side, const char *name)
{
    struct abide_register_at at;
    return abide_convention__argument(side->convention, name, &at) &&
           side->arguments.bytes[at.kind][at.index];
}

const char *abide_instruction__obstacle(abide_ctx *ctx, const struct abide_side *side)
{
    const struct abide_module *machine = side->assignment->physical->machine;
    const struct abide_instructions *data = side->processor->instructions;
    const char *number = machine->number_register, *reason;
    struct abide_register_at at;
    if (!abide_instruction__find(ctx, &data->calls, machine->called_by, &reason))
        return reason;
    if (side->stack_end_bytes > side->convention->start_bytes && !data->stack_store)
        return "it passes no arguments on the stack";
    if (number && !abide_convention__argument(side->convention, number, &at))
        return abide__printf(ctx, "it takes no number in %s", number);
    if (number && is_used(side, number))
        return abide__printf(ctx, "the number of the function and an argument are both in %s",
                             number);
    for (size_t i = 0; i < side->convention->preserved.count; i++) {
        const char *name = side->convention->preserved.items[i];
        if (!abide_side__preserves(side, name) && !operand_of(ctx, data, name))
            return abide__printf(ctx, "it counts on %s", name);
    }
    return NULL;
}

const char *abide_instruction__frame_obstacle(const struct abide_frame *frame)
{
    const struct abide_plan *plan = frame->plan;
    const char *name = frame->e->processor->instructions->frame;
    if (!name || !is_used(&frame->callee, name))
        return NULL;
    for (size_t i = 0; i < plan->temporary_count; i++)
        if (plan->temporaries[i].align_bytes > frame->callee.convention->align_bytes)
            return "an argument is in the frame's register, and the frame has to be aligned";
    for (size_t i = 0; i < plan->hook_count; i++)
        if (plan->hooks[i].passes_frame_address)
            return "an argument is in the frame's register, and a hook gets the frame's address";
    return NULL;
}

/* ---- the call ---- */

struct calling {
    struct abide_emission *e;
    const struct abide_side *side;
    const struct abide_instructions *data;
    LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS];
    struct abide_text constraints;
    size_t outputs[ABIDE_MAX_REGISTERS]; /* by output: the register */
    size_t output_count;
    LLVMValueRef inputs[2 * ABIDE_MAX_REGISTERS];
    unsigned input_count;
    const struct abide_stack_item *stack;
    size_t stack_count;
    struct abide_text before; /* what puts arguments on the stack */
};

static bool is_input(const struct calling *call, size_t index)
{
    return call->side->arguments.bytes[ABIDE_REGISTER_INTEGER][index] > 0;
}

static bool is_result(const struct calling *call, size_t index)
{
    return call->side->results.bytes[ABIDE_REGISTER_INTEGER][index] > 0;
}

static void add_constraint(struct calling *call, const char *mark, const char *text)
{
    abide__text_printf(call->e->ctx, &call->constraints, "%s%s%s",
                       call->constraints.length_bytes ? "," : "", mark, text);
}

/* Results; and arguments that do not stay what they were, for inputs cannot be said to be destroyed. */
static void add_outputs(struct calling *call)
{
    struct abide_words names = call->side->convention->arguments.registers[ABIDE_REGISTER_INTEGER];
    for (size_t i = 0; i < names.count; i++) {
        bool is_spoilt = is_input(call, i) && !abide_side__preserves(call->side, names.items[i]);
        if (!is_result(call, i) && !is_spoilt)
            continue;
        add_constraint(call, "=", operand_of(call->e->ctx, call->data, names.items[i]));
        call->outputs[call->output_count++] = i;
    }
}

static size_t output_at(const struct calling *call, size_t index)
{
    for (size_t i = 0; i < call->output_count; i++)
        if (call->outputs[i] == index)
            return i;
    return SIZE_MAX;
}

static void add_inputs(struct calling *call)
{
    struct abide_words names = call->side->convention->arguments.registers[ABIDE_REGISTER_INTEGER];
    for (size_t i = 0; i < names.count; i++) {
        LLVMValueRef value = call->registers[ABIDE_REGISTER_INTEGER][i];
        size_t output = output_at(call, i);
        if (!is_input(call, i))
            continue;
        add_constraint(call, "",
                       output != SIZE_MAX ? abide__printf(call->e->ctx, "%zu", output)
                                          : operand_of(call->e->ctx, call->data, names.items[i]));
        call->inputs[call->input_count++] =
            value ? abide_prototype__fit(call->e, value, call->e->word)
                  : LLVMGetPoison(call->e->word);
    }
}

/* Texts of the data with numbers in place of their words; LLVM takes a dollar sign for an operand, unless there are two. */
static void write_stack(struct calling *call, struct abide_text *out, const char *text,
                        uint64_t number, unsigned operand)
{
    while (*text) {
        size_t plain = strcspn(text, "<$");
        abide__text_printf(call->e->ctx, out, "%.*s", (int)plain, text);
        text += plain;
        if (*text == '$') {
            abide__text_printf(call->e->ctx, out, "$$");
            text++;
        } else if (*text == '<') {
            bool is_operand = !strncmp(text, "<operand>", 9);
            abide__text_printf(call->e->ctx, out, is_operand ? "$%" PRIu64 : "%" PRIu64,
                               is_operand ? operand : number);
            text = strchr(text, '>') + 1;
        }
    }
    abide__text_printf(call->e->ctx, out, "\n");
}

static uint64_t room_bytes(const struct calling *call)
{
    uint64_t align_bytes = call->side->convention->align_bytes;
    uint64_t bytes = call->stack_count * call->e->word_bytes;
    return (bytes + align_bytes - 1) / align_bytes * align_bytes;
}

/* Words of the stack come in registers that the instruction does not touch, and are stored before it. */
static void add_stack(struct calling *call)
{
    if (call->stack_count == 0)
        return;
    write_stack(call, &call->before, call->data->stack_lower, room_bytes(call), 0);
    for (size_t i = 0; i < call->stack_count; i++) {
        if (!call->stack[i].value)
            continue;
        add_constraint(call, "", "r");
        write_stack(call, &call->before, call->data->stack_store, i * call->e->word_bytes,
                    (unsigned)call->output_count + call->input_count);
        call->inputs[call->input_count++] =
            abide_prototype__fit(call->e, call->stack[i].value, call->e->word);
    }
}

static void add_spoils(struct calling *call)
{
    struct abide_words order = call->side->convention->arguments.registers[ABIDE_REGISTER_INTEGER];
    for (size_t i = 0; i < call->data->group_count; i++) {
        struct abide_words names = call->data->groups[i].names;
        for (size_t j = 0; j < names.count; j++) {
            size_t index = abide_words__find(order, names.items[j]);
            bool is_operand =
                index != SIZE_MAX && (is_input(call, index) || is_result(call, index));
            if (!is_operand && !abide_side__preserves(call->side, names.items[j]))
                add_constraint(call, "~", operand_of(call->e->ctx, call->data, names.items[j]));
        }
    }
    for (size_t i = 0; i < call->data->spoils.count; i++)
        add_constraint(call, "~", abide__printf(call->e->ctx, "{%s}", call->data->spoils.items[i]));
}

static LLVMTypeRef type_of(const struct calling *call)
{
    struct abide_emission *e = call->e;
    LLVMTypeRef words[2 * ABIDE_MAX_REGISTERS], result = e->void_type;
    for (size_t i = 0; i < 2 * ABIDE_MAX_REGISTERS; i++)
        words[i] = e->word;
    if (call->output_count == 1)
        result = e->word;
    else if (call->output_count > 1)
        result = LLVMStructTypeInContext(e->context, words, (unsigned)call->output_count, false);
    return LLVMFunctionType(result, words, call->input_count, false);
}

/* LLVM takes a dollar sign for an operand, unless there are two. */
static const char *escaped(abide_ctx *ctx, const char *text)
{
    struct abide_text out = {0};
    for (; *text; text++)
        abide__text_printf(ctx, &out, *text == '$' ? "$$" : "%c", *text);
    return out.chars;
}

static void put_number(const struct abide_frame *frame, struct calling *call,
                       struct abide_side *side)
{
    const char *name = side->assignment->physical->machine->number_register;
    struct abide_register_at at;
    if (!name || !abide_convention__argument(side->convention, name, &at))
        return;
    side->arguments.bytes[at.kind][at.index] = frame->e->word_bytes;
    call->registers[at.kind][at.index] = abide_emission__number(frame->e, frame->plan->number);
}

void abide_instruction__call(struct abide_frame *frame, const struct abide_side *side,
                             LLVMValueRef (*registers)[ABIDE_MAX_REGISTERS],
                             const struct abide_stack_item *stack, size_t stack_count)
{
    struct abide_emission *e = frame->e;
    struct abide_side own = *side;
    struct calling call = {.e = e,
                           .side = &own,
                           .data = side->processor->instructions,
                           .registers = registers,
                           .stack = stack,
                           .stack_count = side->stack_end_bytes > 0 ? stack_count : 0};
    const char *reason;
    const struct abide_instruction *instruction = abide_instruction__find(
        e->ctx, &call.data->calls, side->assignment->physical->machine->called_by, &reason);
    assert(instruction);
    put_number(frame, &call, &own);
    add_outputs(&call);
    add_inputs(&call);
    add_stack(&call);
    add_spoils(&call);
    LLVMTypeRef type = type_of(&call);
    struct abide_text after = {0};
    if (call.stack_count > 0)
        write_stack(&call, &after, call.data->stack_raise, room_bytes(&call), 0);
    const char *text = abide__printf(e->ctx, "%s%s%s%s", call.before.chars ? call.before.chars : "",
                                     escaped(e->ctx, instruction->last), after.chars ? "\n" : "",
                                     after.chars ? after.chars : "");
    const char *constraints = call.constraints.chars ? call.constraints.chars : "";
    LLVMValueRef code = abide_llvm_assembly(type, text, constraints);
    LLVMValueRef value = LLVMBuildCall2(e->builder, type, code, call.inputs, call.input_count, "");
    for (size_t i = 0; i < call.output_count; i++)
        if (is_result(&call, call.outputs[i]))
            frame->results[ABIDE_REGISTER_INTEGER][call.outputs[i]] =
                call.output_count == 1 ? value
                                       : LLVMBuildExtractValue(e->builder, value, (unsigned)i, "");
}
