/* The places of a call, one by one. */
#include "picture/slots.h"

#include "call_text.h"

struct list {
    struct cli *cli;
    struct slot *slots;
    size_t count, capacity;
};

bool slot_is_of_result(const struct slot *slot)
{
    return slot->role == SLOT_RESULT || slot->role == SLOT_RETURNED;
}

const char *slot_group(const struct slot *slot)
{
    return slot_is_of_result(slot) ? "result" : slot->piece.register_name ? "registers" : "stack";
}

const char *slot_tone(const struct slot *slot)
{
    return slot->piece.register_name ? "f0" : "f2";
}

/* "at byte 4, as f64, zero-extended to 32 bits" */
static const char *how_text(const abide_piece *piece)
{
    const char *text = piece->at_bytes ? cli_printf("at byte %u", piece->at_bytes) : "";
    if (piece->as)
        text = cli_printf("%s%sas %s", text, *text ? ", " : "", piece->as);
    if (piece->extend == ABIDE_EXTEND_ZERO || piece->extend == ABIDE_EXTEND_SIGN)
        text = cli_printf("%s%s%s-extended to %u bits", text, *text ? ", " : "",
                          piece->extend == ABIDE_EXTEND_ZERO ? "zero" : "sign", piece->extend_bits);
    return text;
}

static void add(struct list *list, enum slot_role role, size_t index,
                const abide_argument *argument, const abide_piece *piece, const char *value)
{
    list->slots = cli_grow(list->slots, list->count, &list->capacity, sizeof *list->slots);
    list->slots[list->count++] =
        (struct slot){.role = role,
                      .argument = index,
                      .piece = *piece,
                      .name = call_slot_text(piece),
                      .value = value,
                      .type = abide_type_print(list->cli->ctx, argument->type),
                      .how = how_text(piece),
                      .comes_back = argument->comes_back};
}

static void add_runs(struct list *list, enum slot_role role, size_t index,
                     const abide_argument *argument, const char *name, bool in_registers)
{
    abide_piece run;
    for (size_t i = 0; call_next_run(argument, &i, &run);) {
        if ((run.register_name != NULL) != in_registers)
            continue;
        const char *range = call_range_text(argument, &run);
        add(list, role, index, argument, &run, *range ? cli_printf("%s %s", name, range) : name);
    }
}

static void add_argument(struct list *list, const abide_assignment *assignment, size_t index,
                         bool in_registers)
{
    abide_argument argument = abide_assignment_argument_at(assignment, index);
    const char *name = call_argument_label(&argument, index);
    if (argument.pass == ABIDE_PASS_DIRECT)
        add_runs(list, argument.form == ABIDE_FORM_ADDRESS ? SLOT_ADDRESS : SLOT_VALUE, index,
                 &argument, name, in_registers);
    else if (argument.pass == ABIDE_PASS_POINTER &&
             (argument.pointer->register_name != NULL) == in_registers)
        add(list, SLOT_ADDRESS, index, &argument, argument.pointer, name);
}

struct slot *slots_of(struct cli *cli, const abide_assignment *assignment, size_t *count)
{
    struct list list = {.cli = cli};
    size_t arguments = abide_assignment_argument_count(assignment);
    abide_argument result = abide_assignment_result(assignment);
    if (result.pass == ABIDE_PASS_HIDDEN)
        add(&list, SLOT_HIDDEN, arguments, &result, result.pointer, "result");
    for (int in_registers = 1; in_registers >= 0; in_registers--)
        for (size_t i = 0; i < arguments; i++)
            add_argument(&list, assignment, i, in_registers);
    for (int in_registers = 1; result.pass == ABIDE_PASS_DIRECT && in_registers >= 0;
         in_registers--)
        add_runs(&list, SLOT_RESULT, arguments, &result, "result", in_registers);
    abide_piece back = {.register_name = result.returned_register};
    if (result.returned_register)
        add(&list, SLOT_RETURNED, arguments, &result, &back, "result");
    *count = list.count;
    return list.slots;
}
