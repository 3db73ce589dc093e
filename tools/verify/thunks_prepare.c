/* What an adapter's test needs to know before it is made. */
#include "bench.h"
#include "cli.h"
#include "process.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

static bool same_extents(const struct extent *a, const struct extent *b, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (a[i].offset_bits != b[i].offset_bits || a[i].size_bits != b[i].size_bits)
            return false;
    return true;
}

/* Whether two accounts lay out the types of the signature alike. */
static bool same_layouts(const struct signature *signature, const struct account *a,
                         const struct account *b)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned k = 0; k < signature->type_count; k++) {
        const struct type_account *x = &a->types[k], *y = &b->types[k];
        if (used[k] && (x->size_bytes != y->size_bytes || x->align_bytes != y->align_bytes ||
                        !same_extents(x->fields, y->fields, signature->types[k].field_count)))
            return false;
    }
    return true;
}

/* The integer of this size, an index into `scalars`; -1: there is none. */
static int integer_of(unsigned size_bytes, bool is_signed)
{
    const char *name = cli_printf("%c%u", is_signed ? 'i' : 'u', size_bytes * 8);
    for (unsigned i = 0; i < scalar_count; i++)
        if (strcmp(scalars[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* A language's own sizes in words of C: an enum is an integer, and what has no members but a byte has one. */
static void spell(struct thunk_side *side)
{
    const struct use byte = {.kind = USE_SCALAR, .index = (unsigned)integer_of(1, false)};
    for (unsigned k = 0; k < side->spelled.type_count; k++) {
        struct type *type = &side->spelled.types[k];
        unsigned size_bytes = side->account->types[k].size_bytes;
        if (type->kind == TYPE_ENUM)
            type->base = integer_of(size_bytes, type->first_value < 0 && !type->is_list);
        if (type->kind != TYPE_ENUM && type->kind != TYPE_NEWTYPE && type->field_count == 0 &&
            size_bytes == 1)
            type->fields[type->field_count++].type = byte;
    }
}

/* false: C cannot say the types as this side lays them out. */
static bool spell_side(const struct bench *b, const struct thunk_test *test,
                       struct thunk_side *side)
{
    const struct signature *signature = test->signature;
    side->spelled = *signature;
    if (test->has_two_layouts)
        spell(side);
    if (same_layouts(signature, &b->accounts[test->number], side->account))
        return true;
    struct account *account = allocate(1, sizeof *account);
    answer_run(b->engine, &side->spelled, 1, account);
    bool is_said = same_layouts(signature, account, side->account);
    release(account);
    return is_said;
}

static bool spell_sides(const struct bench *b, struct thunk_test *test)
{
    const struct account *own = &b->accounts[test->number];
    test->has_two_layouts = !same_layouts(test->signature, own, test->caller.account) ||
                            !same_layouts(test->signature, own, test->callee.account);
    return spell_side(b, test, &test->caller) && spell_side(b, test, &test->callee);
}

static unsigned size_of(const struct bench *b, const abide_module *machine, const abide_type *type)
{
    const abide_layout *layout = type ? abide_layout_of(b->ctx, machine, type) : NULL;
    uint64_t size_bytes = layout ? abide_layout_size_bytes(layout) : CELL_BYTES + 1;
    return size_bytes <= CELL_BYTES ? (unsigned)size_bytes : CELL_BYTES + 1;
}

/* A value of the call that a language makes, as C has it. */
static const abide_type *type_in_c(const struct bench *b, const abide_argument *argument)
{
    if (argument->form == ABIDE_FORM_ADDRESS)
        return abide_type_pointer(b->ctx, abide_type_void(b->ctx), true);
    return argument->pass == ABIDE_PASS_IGNORE && !argument->type ? abide_type_void(b->ctx)
                                                                  : argument->type;
}

/* The call that `lowered` places. NULL: its values have no types of their own. */
static const abide_signature *signature_in_c(const struct bench *b, const abide_assignment *lowered)
{
    size_t count = abide_assignment_argument_count(lowered);
    abide_parameter *params = allocate(count + 1, sizeof *params);
    bool has_types = true;
    for (size_t i = 0; i < count; i++) {
        abide_argument argument = abide_assignment_argument_at(lowered, i);
        params[i].type = type_in_c(b, &argument);
        has_types = has_types && params[i].type;
    }
    /* What goes through a parameter, or has no bytes, is no result of C's. */
    abide_argument result = abide_assignment_result(lowered);
    const abide_type *returned =
        result.pass == ABIDE_PASS_IGNORE ? abide_type_void(b->ctx) : type_in_c(b, &result);
    const abide_signature *signature =
        has_types ? abide_signature_new(b->ctx, params, count, returned) : NULL;
    release(params);
    return signature;
}

/*
 * A language lowers to the module of the C ABI as it usually is; what that says otherwise of the compiler that is asked
 * (`compiler=`) concerns some signatures only.
 */
static bool suits_compiler(const struct bench *b, const abide_module *side,
                           const abide_assignment *lowered)
{
    const abide_module *machine = abide_module_machine(side);
    if (machine == b->c || strcmp(abide_module_name(machine), abide_module_name(b->c)) != 0)
        return true;
    const abide_signature *signature = signature_in_c(b, lowered);
    const abide_assignment *own = abide_assignment_of(b->ctx, b->c, signature),
                           *usual = abide_assignment_of(b->ctx, machine, signature);
    return own && usual &&
           strcmp(abide_assignment_places(b->ctx, own), abide_assignment_places(b->ctx, usual)) ==
               0;
}

/* The sizes of all values under one side's module. false: one is too large. */
static bool read_sizes(const struct bench *b, const abide_module *module,
                       const abide_assignment *plain, const struct signature *signature,
                       struct thunk_side *side)
{
    for (unsigned i = 0; i < signature->param_count + signature->has_result; i++) {
        bool is_param = i < signature->param_count || signature->back > 0;
        unsigned param = i < signature->param_count ? i : signature->back - 1;
        abide_argument argument =
            is_param ? abide_assignment_argument_at(plain, param) : abide_assignment_result(plain);
        side->sizes_bytes[i] = size_of(b, module, argument.type);
        if (side->sizes_bytes[i] > CELL_BYTES)
            return false;
    }
    return true;
}

/* Both sides draw the same numbers, so that they mean the same, whatever the layout. */
static void fill_values(const struct bench *b, const struct signature *signature,
                        struct thunk_side *side)
{
    uint64_t random = signature->seed ^ (signature->index * 0x9e3779b97f4a7c15u);
    size_t offset = 0;
    for (unsigned i = 0; i < signature->param_count + signature->has_result; i++) {
        unsigned char bytes[CELL_BYTES], mask[CELL_BYTES];
        const struct use *use =
            i < signature->param_count ? &signature->params[i] : &signature->result;
        unsigned size_bytes = side->sizes_bytes[i];
        value_fill(signature, side->account, b->engine->machine, use, size_bytes, &random, bytes);
        account_mask(signature, side->account, b->engine->machine, use, size_bytes, mask);
        memcpy(side->values + offset, bytes, size_bytes);
        memcpy(side->masks + offset, mask, size_bytes);
        offset += size_bytes;
    }
}

/* false: C, as far as this knows it, cannot say the call as the module lowers it. */
static bool prepare_side(const struct bench *b, const abide_module *module,
                         const abide_assignment *assignment, const abide_signature *abstract,
                         const struct signature *signature, struct thunk_side *side)
{
    const abide_module *machine = abide_module_machine(module);
    const abide_assignment *plain = abide_assignment_of(b->ctx, machine, abstract);
    if (!plain || abide_assignment_argument_count(plain) != signature->param_count ||
        !read_sizes(b, module, plain, signature, side) ||
        !lowered_read(b->ctx, machine, assignment, abstract, (int)signature->back - 1,
                      &side->lowered))
        return false;
    fill_values(b, signature, side);
    return true;
}

bool thunks_prepare(struct bench *b, const struct signature *signature, unsigned number,
                    struct thunk_test *test)
{
    *test = (struct thunk_test){
        .signature = signature,
        .number = number,
        .caller = {.letter = 'x', .account = &b->accounts[b->batch + number]},
        .callee = {.letter = 'y', .account = &b->accounts[2 * b->batch + number]}};
    const abide_function *function = abide_iface_function(b->iface, cli_printf("f%u", number));
    const abide_plan *plan = abide_plan_new(b->ctx, b->iface, function, b->caller, b->callee);
    if (!plan || !abide_plan_symbol(b->ctx, plan, THUNK_PREFIX)) {
        bench_leave_out(b, bench_refusal(b->ctx));
        return false;
    }
    test->plan = plan;
    const abide_signature *abstract = abide_function_signature(function);
    const char *reason = NULL;
    if (!spell_sides(b, test))
        reason = "another layout";
    else if (!suits_compiler(b, b->caller, abide_plan_caller(plan)) ||
             !suits_compiler(b, b->callee, abide_plan_callee(plan)))
        reason = "another compiler's places";
    else if (!prepare_side(b, b->caller, abide_plan_caller(plan), abstract, signature,
                           &test->caller) ||
             !prepare_side(b, b->callee, abide_plan_callee(plan), abstract, signature,
                           &test->callee))
        reason = "another form in C";
    if (reason)
        bench_leave_out(b, reason);
    return !reason;
}
