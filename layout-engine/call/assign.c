/* Assignments: every value of a signature gets its place. One walk serves caller and callee. */
#include "call/assignment.h"

#include "base/diag.h"
#include "base/hash.h"
#include "call/area.h"
#include "call/budget.h"
#include "call/choose.h"
#include "call/lowerings.h"
#include "call/pass.h"
#include "spec/language.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct abide_assigned_to {
    const struct abide_physical *physical;
    const abide_assignment *assignment;
    UT_hash_handle hh;
};

static enum abide_extend_rule extend_of_machine(const struct abide_rules *rules, bool is_return)
{
    return is_return ? rules->extend_results : rules->extend_args;
}

/*
 * A language module may ask for more in its own calls than the machine module does in C's. A C compiler on either side knows
 * nothing of that, so nobody can rely on it.
 */
static enum abide_extend_rule extend_of(const struct abide_physical *physical, bool is_return)
{
    const struct abide_language *language = physical->module->language;
    enum abide_extend_rule own = is_return ? language->extend_results : language->extend_args;
    enum abide_extend_rule least =
        extend_of_machine(abide_module__rules(physical->machine), is_return);
    return own > least ? own : least;
}

static struct abide_placer placer_of(abide_ctx *ctx, const struct abide_physical *physical,
                                     bool is_return)
{
    const abide_module *machine = physical->machine;
    return (struct abide_placer){
        .ctx = ctx,
        .module = machine,
        .banks = is_return ? machine->return_banks : machine->banks,
        .bank_count = is_return ? machine->return_bank_count : machine->bank_count,
        .area = is_return ? &machine->return_stack : &machine->stack,
        .extend = extend_of(physical, is_return),
        .extend_is_owed = extend_of(physical, is_return) !=
                          extend_of_machine(abide_module__rules(machine), is_return),
    };
}

/* A pointer may also stand for a value whose content nobody knows. */
static bool has_size(const abide_type *type)
{
    type = type ? abide_type__strip(type) : NULL;
    return type && type->kind != ABIDE_KIND_OPAQUE && type->kind != ABIDE_KIND_VOID &&
           (type->is_complete ||
            (type->kind != ABIDE_KIND_STRUCT && type->kind != ABIDE_KIND_UNION));
}

/* The layout of a value that is passed, or that an adapter may have to copy. NULL: reported. */
static const abide_layout *passed_layout(abide_ctx *ctx, const struct abide_physical *physical,
                                         const abide_type *type)
{
    const abide_layout *layout = abide_layout__physical(ctx, physical->machine->data, type);
    if (!layout || layout->size_bytes <= ABIDE_PASSED_MAX_BYTES)
        return layout;
    abide__report(ctx, ABIDE_CODE_TYPE_TOO_LARGE, type->place,
                  "a value of %" PRIu64 " bytes is too large to be passed: the most is 2^40",
                  layout->size_bytes);
    return NULL;
}

/* A call while its values are placed: the result, without a layout if there is none, and behind it the arguments. */
struct call {
    abide_ctx *ctx;
    const struct abide_physical *physical;
    struct abide_passed *values;
};

static bool read_result(abide_ctx *ctx, const struct abide_physical *physical,
                        struct abide_passed *passed)
{
    const abide_type *type = physical->result.type;
    *passed = (struct abide_passed){
        .ctx = ctx,
        .module = physical->machine,
        .is_variadic_function = physical->is_variadic,
        .has_no_result = abide_physical__has_no_result(physical),
        .facts = physical->signature->result_facts,
    };
    if (!type || type->kind == ABIDE_KIND_VOID)
        return true;
    passed->layout = passed_layout(ctx, physical, type);
    return passed->layout != NULL;
}

static bool read_argument(abide_ctx *ctx, const struct abide_physical *physical, size_t index,
                          struct abide_passed *passed)
{
    const struct abide_physical_param *param = &physical->params[index];
    *passed = (struct abide_passed){
        .ctx = ctx,
        .module = physical->machine,
        .layout = passed_layout(ctx, physical, param->type),
        .is_variadic = param->is_variadic,
        .is_variadic_function = physical->is_variadic,
        .has_no_result = abide_physical__has_no_result(physical),
        .number = index + 1,
    };
    if (param->of < physical->signature->param_count)
        passed->facts = physical->signature->params[param->of].facts;
    return passed->layout != NULL;
}

/* false: reported. */
static bool read_values(struct call *call, abide_origin_list *inner_rules)
{
    const struct abide_physical *physical = call->physical;
    size_t count = physical->param_count + 1;
    call->values = abide__new_array(call->ctx, struct abide_passed, count);
    if (!read_result(call->ctx, physical, &call->values[0]))
        return false;
    for (size_t i = 0; i < physical->param_count; i++)
        if (!read_argument(call->ctx, physical, i, &call->values[i + 1]))
            return false;
    if (physical->machine->budget_bank_count > 0)
        abide_budget__spend(call->ctx, physical->machine, call->values, count, inner_rules);
    return true;
}

/* `waits`: NULL if the result has to be placed now; else whether a rule puts its address behind the arguments. */
static bool assign_result(const struct call *call, struct abide_placer *arguments,
                          abide_assignment *assignment, bool *waits)
{
    const struct abide_physical *physical = call->physical;
    if (!call->values[0].layout) {
        assignment->result.pass = ABIDE_PASS_IGNORE;
        return true;
    }
    struct abide_placer placer = placer_of(call->ctx, physical, true);
    placer.inner_rules = arguments->inner_rules;
    struct abide_deciding deciding = {
        .placer = &placer,
        .passed = call->values[0],
        .rules = abide_module__rules(physical->machine)->returns,
        .arguments = arguments,
        .may_wait = waits != NULL,
        .out = &assignment->result,
        .place = physical->signature->place,
    };
    bool fine = abide_choose__rule(&deciding);
    if (waits)
        *waits = deciding.waits_by != NULL;
    return fine;
}

/* Only one of the two says that a new value comes back. */
static bool report_way_back(const struct abide_deciding *deciding,
                            const struct abide_physical_param *param,
                            const struct abide_assigned *assigned)
{
    abide_ctx *ctx = deciding->placer->ctx;
    const char *module = deciding->placer->module->name;
    const char *name = abide__quote(ctx, param->name ? param->name : "");
    abide_diag *diag;
    if (assigned->comes_back) {
        diag = abide__report(ctx, ABIDE_CODE_REFUSED_VALUE, deciding->place,
                             "parameter %s comes back changed from functions of module '%s'", name,
                             module);
        abide__diag_help(ctx, diag, "say so: `inout` in front of its type");
    } else {
        diag = abide__report(ctx, ABIDE_CODE_REFUSED_VALUE, deciding->place,
                             "parameter %s has no place in which module '%s' could give it back",
                             name, module);
        abide__diag_help(ctx, diag, "take the fact away: its address is passed then");
    }
    abide__diag_note(ctx, diag, assigned->rule->place, "rule '%s'", assigned->rule->id);
    return false;
}

/* `waits_by`: NULL if the argument has to be placed now; else the rule that puts it off, if one does. */
static bool assign_argument(const struct call *call, struct abide_placer *placer, size_t index,
                            struct abide_assigned *assigned,
                            const struct abide_pass_rule **waits_by)
{
    abide_ctx *ctx = call->ctx;
    const struct abide_physical *physical = call->physical;
    const struct abide_physical_param *param = &physical->params[index];
    struct abide_deciding deciding = {
        .placer = placer,
        .passed = call->values[index + 1],
        .rules = abide_module__rules(physical->machine)->args,
        .may_wait = waits_by != NULL,
        .out = assigned,
    };
    if (param->of < physical->signature->param_count) {
        deciding.param = &physical->signature->params[param->of];
        deciding.place = deciding.param->place;
    }
    if (!abide_choose__rule(&deciding))
        return false;
    if (waits_by)
        *waits_by = deciding.waits_by;
    if (deciding.waits_by)
        return true;
    if (assigned->comes_back != param->comes_back)
        return report_way_back(&deciding, param, assigned);
    assigned->value_size_bytes = assigned->size_bytes;
    bool is_pointer = param->copy != ABIDE_COPY_NONE || param->role == ABIDE_ROLE_OUT;
    if (!is_pointer || !has_size(param->value_type))
        return true;
    const abide_layout *value = passed_layout(ctx, physical, param->value_type);
    if (value && param->copy != ABIDE_COPY_NONE)
        assigned->value_size_bytes = value->size_bytes;
    return value != NULL;
}

/*
 * An argument that is put off. In a block its position is kept: where no register of its rule stands for the position, only if
 * the value turns out to lie in memory, which a run before this one has found.
 */
struct waiting {
    size_t index;
    uint64_t stack_bytes;
    bool has_position;
};

static bool is_position_of_register(const struct abide_placer *placer,
                                    const struct abide_pass_rule *rule)
{
    uint64_t position = placer->cursor.stack_bytes / placer->area->slot_bytes;
    if (rule->verb != ABIDE_VERB_MEMBERS)
        return rule->bank == ABIDE_NO_BANK || position < placer->banks[rule->bank]->register_count;
    for (size_t kind = 0; kind < ABIDE_LEAF_KIND_COUNT; kind++) {
        uint8_t bank = rule->bank_of_kind[kind];
        if (bank != ABIDE_NO_BANK && position < placer->banks[bank]->register_count)
            return true;
    }
    return false;
}

static bool assign_waiting(const struct call *call, struct abide_placer *placer,
                           const struct waiting *waiting, struct abide_assigned *assigned)
{
    uint64_t end = placer->cursor.stack_bytes;
    if (placer->area->is_block)
        placer->cursor.stack_bytes = waiting->stack_bytes;
    bool fine = assign_argument(call, placer, waiting->index, assigned, NULL);
    if (placer->area->is_block)
        placer->cursor.stack_bytes = end;
    return fine;
}

/* In order, and then those that a rule makes wait. `*grew`: some of these need positions after all, and have them now. */
static bool run_arguments(const struct call *call, struct abide_placer *placer,
                          struct abide_assigned *arguments, bool *in_memory, bool *grew)
{
    ABIDE_VEC(struct waiting) waiting = {0};
    for (size_t i = 0; i < call->physical->param_count; i++) {
        const struct abide_pass_rule *rule = NULL;
        struct waiting entry = {i, placer->cursor.stack_bytes, false};
        if (!assign_argument(call, placer, i, &arguments[i], &rule))
            return false;
        if (!rule)
            continue;
        entry.has_position =
            placer->area->is_block && (in_memory[i] || is_position_of_register(placer, rule));
        if (entry.has_position)
            placer->cursor.stack_bytes += placer->area->slot_bytes;
        abide__push(call->ctx, &waiting, entry);
    }
    for (size_t i = 0; i < waiting.count; i++) {
        const struct waiting *entry = &waiting.items[i];
        if (!assign_waiting(call, placer, entry, &arguments[entry->index]))
            return false;
        if (placer->area->is_block && !entry->has_position &&
            abide_pass__is_on_stack(&arguments[entry->index]))
            *grew = in_memory[entry->index] = true;
    }
    return true;
}

static bool assign_arguments(const struct call *call, struct abide_placer *placer,
                             struct abide_assigned *arguments)
{
    const struct abide_cursor start = placer->cursor;
    bool *in_memory = abide__new_array(call->ctx, bool, call->physical->param_count);
    bool grew;
    do {
        placer->cursor = start;
        grew = false;
        if (!run_arguments(call, placer, arguments, in_memory, &grew))
            return false;
    } while (grew);
    return true;
}

static bool is_held_in(const struct abide_assigned *result, const char *register_name)
{
    for (size_t i = 0; i < result->piece_count; i++)
        if (result->pieces[i].register_name &&
            !strcmp(result->pieces[i].register_name, register_name))
            return true;
    return false;
}

/* The result, its address, or what comes back of a parameter. */
static bool holds_result(const abide_assignment *assignment, const char *register_name)
{
    const struct abide_assigned *result = &assignment->result;
    if ((result->returned_register && !strcmp(result->returned_register, register_name)) ||
        is_held_in(result, register_name))
        return true;
    for (size_t i = 0; i < assignment->physical->param_count; i++)
        if (assignment->arguments[i].comes_back &&
            is_held_in(&assignment->arguments[i], register_name))
            return true;
    return false;
}

/* A register of the result cannot be preserved, whatever the module says of others' sakes. */
static void set_preserved(abide_ctx *ctx, abide_assignment *assignment)
{
    const struct abide_module *machine = assignment->physical->machine;
    const char **kept = NULL;
    assignment->preserved = machine->preserved;
    for (size_t i = 0; i < machine->preserved_count; i++) {
        bool is_kept = !holds_result(assignment, machine->preserved[i]);
        if (!is_kept && !kept) {
            kept = abide__new_array(ctx, const char *, machine->preserved_count);
            memcpy(kept, machine->preserved, i * sizeof *kept);
            assignment->preserved = kept;
        }
        if (is_kept && kept)
            kept[assignment->preserved_count] = machine->preserved[i];
        assignment->preserved_count += is_kept;
    }
}

/* The pieces of an argument or result that a call has when it is made. */
static const abide_piece *called_with(const struct abide_assigned *assigned, size_t *count)
{
    bool is_pointer = assigned->pass == ABIDE_PASS_POINTER || assigned->pass == ABIDE_PASS_HIDDEN;
    *count = is_pointer ? 1 : assigned->pass == ABIDE_PASS_DIRECT ? assigned->piece_count : 0;
    return is_pointer ? &assigned->pointer : assigned->pieces;
}

static const char *shared_register(const struct abide_assigned *a, const struct abide_assigned *b)
{
    size_t count, other_count;
    const abide_piece *pieces = called_with(a, &count), *others = called_with(b, &other_count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = a == b ? i + 1 : 0; pieces[i].register_name && k < other_count; k++)
            if (others[k].register_name &&
                !strcmp(pieces[i].register_name, others[k].register_name))
                return others[k].register_name;
    return NULL;
}

/* Banks that do not know of each other may hand out a register twice. */
static bool has_own_registers(abide_ctx *ctx, const abide_assignment *assignment)
{
    const struct abide_physical *physical = assignment->physical;
    const struct abide_assigned *arguments = assignment->arguments, *result = &assignment->result;
    for (size_t i = 0; i < physical->param_count; i++) {
        const char *shared =
            result->pass == ABIDE_PASS_HIDDEN ? shared_register(&arguments[i], result) : NULL;
        for (size_t k = 0; k <= i && !shared; k++)
            shared = shared_register(&arguments[i], &arguments[k]);
        if (!shared)
            continue;
        abide_diag *diag = abide__report(
            ctx, ABIDE_CODE_TWO_IN_A_REGISTER, physical->signature->place,
            "module '%s' puts parameter %s where something else is already: into '%s'",
            physical->machine->name,
            abide__quote(ctx, physical->params[i].name ? physical->params[i].name : ""), shared);
        abide__diag_help(ctx, diag, "`abide lint` says which banks hand out the same register");
        return false;
    }
    return true;
}

static const abide_assignment *assign(abide_ctx *ctx, const struct abide_physical *physical)
{
    abide_assignment *assignment = abide__new(ctx, abide_assignment);
    struct abide_assigned *arguments =
        abide__new_array(ctx, struct abide_assigned, physical->param_count);
    struct abide_placer placer = placer_of(ctx, physical, false);
    assignment->physical = physical;
    assignment->arguments = arguments;
    abide_origin_list inner_rules = {0};
    placer.inner_rules = &inner_rules;
    struct call call = {ctx, physical, NULL};
    bool waits = false;
    if (!read_values(&call, &inner_rules) || !assign_result(&call, &placer, assignment, &waits) ||
        !assign_arguments(&call, &placer, arguments) ||
        (waits && !assign_result(&call, &placer, assignment, NULL)))
        return NULL;
    if (placer.area->is_reversed)
        abide_area__reverse(&placer, assignment, arguments);
    uint64_t result_start_bytes = abide_area__place_result(&placer, assignment);
    abide_area__end(physical, &placer, assignment);
    if (physical->machine->returned_by) {
        assignment->callee_pops_bytes = abide_area__removed_bytes(assignment);
    } else if (assignment->callee_cleans && abide_area__has_result(&assignment->result)) {
        assignment->callee_cleans = false;
        assignment->callee_pops_bytes = result_start_bytes;
    } else if (!assignment->callee_cleans) { /* else the hidden address is one of the arguments */
        assignment->callee_pops_bytes = abide_area__popped_bytes(physical, &assignment->result);
    }
    set_preserved(ctx, assignment);
    assignment->inner_rules = inner_rules.items;
    assignment->inner_rule_count = inner_rules.count;
    return abide_area__is_agreed(&placer, assignment) && has_own_registers(ctx, assignment)
               ? assignment
               : NULL;
}

const abide_assignment *abide_assignment__of(abide_ctx *ctx, const struct abide_physical *physical)
{
    struct abide_lowerings *lowerings = abide_lowerings__of(ctx);
    struct abide_assigned_to *entry;
    HASH_FIND_PTR(lowerings->assigned, &physical, entry);
    if (entry)
        return entry->assignment;
    const abide_assignment *assignment = assign(ctx, physical);
    if (!assignment)
        return NULL;
    entry = abide__new(ctx, struct abide_assigned_to);
    entry->physical = physical;
    entry->assignment = assignment;
    HASH_ADD_PTR(lowerings->assigned, physical, entry);
    return assignment;
}

static const abide_assignment *assignment_of(abide_ctx *ctx, const abide_module *module,
                                             const abide_signature *signature, bool env)
{
    struct abide_guard guard;
    if (!module || !signature)
        return NULL;
    const struct abide_place before = abide__report_about(ctx, signature->place);
    if (setjmp(*abide__guard_enter(ctx, &guard))) {
        abide__report_about(ctx, before);
        return NULL;
    }
    const struct abide_physical *physical = abide_physical__of(ctx, module, signature, NULL, env);
    const abide_assignment *assignment = physical ? abide_assignment__of(ctx, physical) : NULL;
    abide__report_about(ctx, before);
    abide__guard_leave(ctx, &guard);
    return assignment;
}

const abide_assignment *abide_assignment_of(abide_ctx *ctx, const abide_module *module,
                                            const abide_signature *signature)
{
    return assignment_of(ctx, module, signature, false);
}

const abide_assignment *abide_assignment_of_code(abide_ctx *ctx, const abide_module *module,
                                                 const abide_type *code)
{
    return code ? assignment_of(ctx, module, code->signature, code->target != NULL) : NULL;
}
