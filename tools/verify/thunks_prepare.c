/* What an adapter's test needs to know before it is made. */
#include "bench.h"
#include "cli.h"
#include "values.h"

#include <string.h>

static bool same_layout(abide_ctx *ctx, const abide_module *a, const abide_module *b,
                        const abide_type *type)
{
    const abide_layout *x = abide_layout_of(ctx, a, type), *y = abide_layout_of(ctx, b, type);
    if (!x || !y || abide_layout_size_bytes(x) != abide_layout_size_bytes(y) ||
        abide_layout_align_bytes(x) != abide_layout_align_bytes(y) ||
        abide_layout_field_count(x) != abide_layout_field_count(y))
        return false;
    for (size_t i = 0; i < abide_layout_field_count(x); i++) {
        abide_field_info p = abide_layout_field_at(x, i), q = abide_layout_field_at(y, i);
        if (p.offset_bits != q.offset_bits || p.size_bits != q.size_bits)
            return false;
    }
    return true;
}

/* The C of both sides is written once, so its types must be laid out alike everywhere. */
static bool same_layouts(const struct bench *b, const struct signature *signature, unsigned number,
                         const abide_module *machine)
{
    bool used[MAX_TYPES];
    signature_mark_used(signature, used);
    for (unsigned k = 0; k < signature->type_count; k++) {
        const abide_type *type = abide_iface_type(b->iface, cli_printf("t%u_%u", number, k));
        if (used[k] && (!same_layout(b->ctx, b->caller, machine, type) ||
                        !same_layout(b->ctx, b->callee, machine, type)))
            return false;
    }
    return true;
}

static unsigned size_of(const struct bench *b, const abide_module *machine, const abide_type *type)
{
    const abide_layout *layout = type ? abide_layout_of(b->ctx, machine, type) : NULL;
    uint64_t size_bytes = layout ? abide_layout_size_bytes(layout) : CELL_BYTES + 1;
    return size_bytes <= CELL_BYTES ? (unsigned)size_bytes : CELL_BYTES + 1;
}

/*
 * A language lowers to the module of the C ABI as it usually is; what that says otherwise of the compiler that is asked
 * (`compiler=`) concerns some signatures only.
 */
static bool suits_compiler(const struct bench *b, const abide_module *side,
                           const abide_signature *signature)
{
    const abide_module *machine = abide_module_machine(side);
    if (machine == b->c || strcmp(abide_module_name(machine), abide_module_name(b->c)) != 0)
        return true;
    const abide_assignment *own = abide_assignment_of(b->ctx, b->c, signature),
                           *usual = abide_assignment_of(b->ctx, machine, signature);
    return own && usual &&
           strcmp(abide_assignment_places(b->ctx, own), abide_assignment_places(b->ctx, usual)) ==
               0;
}

/* The sizes of all values, from the C signature. false: one is too large. */
static bool read_sizes(const struct bench *b, const abide_module *machine,
                       const abide_assignment *plain, struct thunk_test *test)
{
    const struct signature *signature = test->signature;
    if (abide_assignment_argument_count(plain) != signature->param_count)
        return false;
    for (unsigned i = 0; i < thunk_value_count(test); i++) {
        abide_argument argument = i < signature->param_count
                                      ? abide_assignment_argument_at(plain, i)
                                      : abide_assignment_result(plain);
        test->sizes_bytes[i] = size_of(b, machine, argument.type);
        if (test->sizes_bytes[i] > CELL_BYTES)
            return false;
    }
    return true;
}

static void fill_values(const struct bench *b, struct thunk_test *test)
{
    const struct signature *signature = test->signature;
    const struct account *account = &b->accounts[test->number];
    uint64_t random = signature->seed ^ (signature->index * 0x9e3779b97f4a7c15u);
    size_t offset = 0;
    for (unsigned i = 0; i < thunk_value_count(test); i++) {
        unsigned char bytes[CELL_BYTES], mask[CELL_BYTES];
        const struct use *use =
            i < signature->param_count ? &signature->params[i] : &signature->result;
        unsigned size_bytes = test->sizes_bytes[i];
        value_fill(signature, account, b->engine->machine, use, size_bytes, &random, bytes);
        account_mask(signature, account, b->engine->machine, use, size_bytes, mask);
        memcpy(test->values + offset, bytes, size_bytes);
        memcpy(test->masks + offset, mask, size_bytes);
        offset += size_bytes;
    }
}

const abide_plan *thunks_prepare(struct bench *b, const struct signature *signature,
                                 unsigned number, struct thunk_test *test)
{
    *test = (struct thunk_test){.signature = signature, .number = number};
    const abide_function *function = abide_iface_function(b->iface, cli_printf("f%u", number));
    const abide_plan *plan = abide_plan_new(b->ctx, b->iface, function, b->caller, b->callee);
    if (!plan || !abide_plan_symbol(b->ctx, plan, THUNK_PREFIX)) {
        bench_leave_out(b, bench_refusal(b->ctx));
        return NULL;
    }
    const abide_module *machine = abide_module_machine(b->callee);
    const abide_signature *abstract = abide_function_signature(function);
    const abide_assignment *plain = abide_assignment_of(b->ctx, machine, abstract);
    if (!same_layouts(b, signature, number, machine)) {
        bench_leave_out(b, "another layout");
        return NULL;
    }
    if (!suits_compiler(b, b->caller, abstract) || !suits_compiler(b, b->callee, abstract)) {
        bench_leave_out(b, "another compiler's places");
        return NULL;
    }
    if (!plain || !read_sizes(b, machine, plain, test) ||
        !lowered_read(b->ctx, abide_module_machine(b->caller), abide_plan_caller(plan), abstract,
                      &test->caller) ||
        !lowered_read(b->ctx, machine, abide_plan_callee(plan), abstract, &test->callee)) {
        bench_leave_out(b, "another form in C");
        return NULL;
    }
    fill_values(b, test);
    return plan;
}
