/*
 * A plan as portable C (GNU C: attributes, and an assembler name where a symbol is no identifier). The C compiler places
 * arguments and results, so both sides must call as C does on the target; everything else is bytes copied with memcpy.
 */
#include "base/diag.h"
#include "plan/c_types.h"

#include <inttypes.h>
#include <string.h>

struct writer {
    abide_ctx *ctx;
    struct abide_c_types types;
    struct abide_text text; /* functions */
    size_t thunk;           /* number of the outer plan: names of inner adapters */
    size_t converted;       /* counts scratch variables */
};

#define ADD(writer, ...) abide__text_printf((writer)->ctx, &(writer)->text, __VA_ARGS__)

static const char *type_name(struct writer *writer, const struct abide_plan *plan,
                             const abide_type *type)
{
    return abide_c_types__name(&writer->types, type, plan->function->place);
}

static bool is_identifier(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!(*c == '_' || ((*c | 32) >= 'a' && (*c | 32) <= 'z') ||
              (c != name && *c >= '0' && *c <= '9')))
            return false;
    return *name != 0;
}

/* "R name(T0 a0, T1 a1)", or with `pointer` "R (*)(T0 a0, T1 a1)". NULL: reported. */
static const char *declarator(struct writer *writer, const struct abide_plan *plan,
                              const abide_assignment *side, const char *name)
{
    const struct abide_physical *physical = side->physical;
    const char *result = type_name(writer, plan, physical->result.type);
    struct abide_text text = {0};
    if (!result)
        return NULL;
    abide__text_printf(writer->ctx, &text, "%s %s(", result, name);
    for (size_t i = 0; i < physical->param_count; i++) {
        const char *type = type_name(writer, plan, physical->params[i].type);
        if (!type)
            return NULL;
        abide__text_printf(writer->ctx, &text, "%s%s a%zu", i ? ", " : "", type, i);
    }
    abide__text_printf(writer->ctx, &text, "%s)", physical->param_count ? "" : "void");
    return text.chars;
}

static bool has_result(const abide_assignment *side)
{
    return side->physical->result.mode == ABIDE_RESULT_VALUE ||
           side->physical->result.mode == ABIDE_RESULT_POINTER;
}

/* The address of an object's first byte, as an expression of type unsigned char *. */
static const char *address(struct writer *writer, const struct abide_plan *plan,
                           const struct abide_object *object)
{
    abide_ctx *ctx = writer->ctx;
    const struct abide_physical *caller = plan->caller->physical;
    const char *base = "";
    switch (object->kind) {
    case ABIDE_OBJECT_ARGUMENT:
        base = abide__printf(ctx, "(unsigned char *)&a%zu", object->index);
        break;
    case ABIDE_OBJECT_POINTEE: {
        bool is_pointer = caller->params[object->index].copy != ABIDE_COPY_NONE ||
                          plan->caller->arguments[object->index].pass == ABIDE_PASS_DIRECT;
        base = abide__printf(ctx, "(unsigned char *)%sa%zu", is_pointer ? "" : "&", object->index);
        break;
    }
    case ABIDE_OBJECT_TEMPORARY: base = abide__printf(ctx, "t%zu", object->index); break;
    case ABIDE_OBJECT_RESULT_MEMORY: base = "result_memory"; break;
    case ABIDE_OBJECT_CALLEE_RESULT: base = "(unsigned char *)&r"; break;
    case ABIDE_OBJECT_CALLEE_POINTEE: base = "(unsigned char *)r"; break;
    }
    return object->offset_bytes ? abide__printf(ctx, "%s + %" PRIu64, base, object->offset_bytes)
                                : abide__printf(ctx, "%s", base);
}

static const char *integer_name(abide_ctx *ctx, uint64_t size_bytes, bool is_signed)
{
    return size_bytes == 16
               ? (is_signed ? "__int128" : "unsigned __int128")
               : abide__printf(ctx, "%sint%" PRIu64 "_t", is_signed ? "" : "u", size_bytes * 8);
}

static void write_run(struct writer *writer, const char *to, const char *from,
                      const struct abide_run *run)
{
    if (run->from_size_bytes == run->to_size_bytes) {
        ADD(writer, "    memcpy(%s + %" PRIu64 ", %s + %" PRIu64 ", %" PRIu64 ");\n", to,
            run->to_bytes, from, run->from_bytes, run->to_size_bytes);
        return;
    }
    bool is_signed = run->widen == ABIDE_EXTEND_SIGN;
    size_t n = writer->converted++;
    ADD(writer, "    %s x%zu;\n    memcpy(&x%zu, %s + %" PRIu64 ", sizeof x%zu);\n",
        integer_name(writer->ctx, run->from_size_bytes, is_signed), n, n, from, run->from_bytes, n);
    ADD(writer, "    %s y%zu = (%s)x%zu;\n    memcpy(%s + %" PRIu64 ", &y%zu, sizeof y%zu);\n",
        integer_name(writer->ctx, run->to_size_bytes, is_signed), n,
        integer_name(writer->ctx, run->to_size_bytes, is_signed), n, to, run->to_bytes, n, n);
}

static void write_runs(struct writer *writer, const char *to, const char *from,
                       const struct abide_run *runs, size_t run_count)
{
    for (size_t i = 0; i < run_count; i++)
        write_run(writer, to, from, &runs[i]);
}

static void write_copies(struct writer *writer, const struct abide_plan *plan,
                         const struct abide_copy_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_runs(writer, address(writer, plan, &steps[i].to),
                   address(writer, plan, &steps[i].from), steps[i].runs, steps[i].run_count);
}

static void write_hooks(struct writer *writer, const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->hook_count; i++) {
        const struct abide_hook_call *hook = &plan->hooks[i];
        const char *argument = hook->passes_frame_address ? "__builtin_frame_address(0)" : "";
        ADD(writer, "    extern void hook%zu(%s) __asm__(ABIDE_SYMBOL \"%s\");\n", i,
            hook->passes_frame_address ? "void *" : "void", hook->symbol);
        if (hook->once)
            ADD(writer,
                "    if (!__atomic_load_n(&abide_once_%zu_%zu, __ATOMIC_ACQUIRE) &&\n"
                "        !__atomic_exchange_n(&abide_once_%zu_%zu, 1, __ATOMIC_ACQ_REL))\n    ",
                writer->thunk, i, writer->thunk, i);
        ADD(writer, "    hook%zu(%s);\n", i, argument);
    }
}

/* Flags of hooks that run once: one a symbol, shared with all other thunks of the program. */
static void write_once_flags(struct writer *writer, const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->hook_count; i++)
        if (plan->hooks[i].once)
            ADD(writer,
                "__attribute__((weak, visibility(\"hidden\"))) int abide_once_%zu_%zu "
                "__asm__(ABIDE_SYMBOL "
                "\"abide_once_%s\");\n",
                writer->thunk, i, plan->hooks[i].symbol);
}

static void write_stores(struct writer *writer, const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->store_count; i++) {
        const struct abide_store *store = &plan->stores[i];
        size_t n = writer->converted++;
        switch (store->kind) {
        case ABIDE_STORE_CONSTANT:
            ADD(writer, "    uint%u_t s%zu = UINT64_C(0x%" PRIx64 ");\n", store->size_bytes * 8, n,
                store->value);
            break;
        case ABIDE_STORE_INNER:
            ADD(writer, "    void *s%zu;\n    memcpy(&s%zu, %s, sizeof s%zu);\n", n, n,
                address(writer, plan, &store->unless_null), n);
            ADD(writer, "    if (s%zu)\n        s%zu = (void *)abide_inner_%zu_%" PRIu64 ";\n", n,
                n, writer->thunk, store->value);
            break;
        case ABIDE_STORE_ADDRESS:
            ADD(writer, "    void *s%zu = t%" PRIu64 " + %" PRIu64 ";\n", n, store->value,
                store->address_offset_bytes);
            break;
        }
        ADD(writer, "    memcpy(t%zu + %" PRIu64 ", &s%zu, sizeof s%zu);\n", store->temporary,
            store->offset_bytes, n, n);
    }
}

/* Declares b<index>, the callee's argument. */
static bool write_feed(struct writer *writer, const struct abide_plan *plan, size_t index)
{
    const struct abide_feed *feed = &plan->feeds[index];
    const abide_type *type = plan->callee->physical->params[index].type;
    const char *name = type_name(writer, plan, type);
    if (!name)
        return false;
    ADD(writer, "    %s b%zu;\n", name, index);
    const char *to = abide__printf(writer->ctx, "(unsigned char *)&b%zu", index);
    switch (feed->kind) {
    case ABIDE_FEED_VALUE:
        ADD(writer, "    memset(&b%zu, 0, sizeof b%zu);\n", index, index);
        write_runs(writer, to, address(writer, plan, &feed->object), feed->runs, feed->run_count);
        return true;
    case ABIDE_FEED_ADDRESS:
        if (plan->callee->physical->params[index].copy != ABIDE_COPY_NONE ||
            plan->callee->arguments[index].pass == ABIDE_PASS_DIRECT)
            ADD(writer, "    b%zu = (void *)(%s);\n", index, address(writer, plan, &feed->object));
        else /* the C compiler makes the copy that is passed */
            ADD(writer, "    memcpy(&b%zu, %s, sizeof b%zu);\n", index,
                address(writer, plan, &feed->object), index);
        return true;
    case ABIDE_FEED_INNER:
        ADD(writer, "    memcpy(&b%zu, %s, sizeof b%zu);\n", index,
            address(writer, plan, &feed->object), index);
        ADD(writer, "    if (b%zu)\n        b%zu = (void *)abide_inner_%zu_%zu;\n", index, index,
            writer->thunk, feed->index);
        return true;
    case ABIDE_FEED_NULL:
    case ABIDE_FEED_NOTHING: break;
    }
    ADD(writer, "    memset(&b%zu, 0, sizeof b%zu);\n", index, index);
    return true;
}

/* "r = ((R (*)(...))code)(b0, b1)", without argument `skipped`. */
static bool write_one_call(struct writer *writer, const struct abide_plan *plan,
                           const abide_assignment *callee, size_t skipped)
{
    const char *type = declarator(writer, plan, callee, "(*)");
    if (!type)
        return false;
    ADD(writer, "    %s((%s)%s)(", has_result(callee) ? "r = " : "", type,
        plan->target == ABIDE_TARGET_SYMBOL
            ? abide__printf(writer->ctx, "target_%zu", writer->thunk)
            : "code");
    const char *separator = "";
    for (size_t i = 0; i < plan->callee->physical->param_count; i++) {
        if (i == skipped)
            continue;
        ADD(writer, "%sb%zu", separator, i);
        separator = ", ";
    }
    ADD(writer, ");\n");
    return true;
}

static bool write_call(struct writer *writer, const struct abide_plan *plan)
{
    if (has_result(plan->callee)) {
        const char *name = type_name(writer, plan, plan->callee->physical->result.type);
        if (!name)
            return false;
        ADD(writer, "    %s r;\n", name);
    }
    if (plan->target == ABIDE_TARGET_POINTER)
        ADD(writer, "    void *code;\n    memcpy(&code, %s, sizeof code);\n",
            address(writer, plan, &plan->code));
    if (plan->env_argument == SIZE_MAX)
        return write_one_call(writer, plan, plan->callee, SIZE_MAX);
    ADD(writer, "    if (b%zu)\n    ", plan->env_argument);
    if (!write_one_call(writer, plan, plan->callee, SIZE_MAX))
        return false;
    ADD(writer, "    else\n    ");
    return write_one_call(writer, plan, plan->callee_without_env, plan->env_argument);
}

/* After the call: what C returned goes where the plan wants the callee's memory result. */
static void write_hidden(struct writer *writer, const struct abide_plan *plan)
{
    if (plan->hidden.kind == ABIDE_FEED_ADDRESS)
        ADD(writer, "    memcpy(%s, &r, sizeof r);\n", address(writer, plan, &plan->hidden.object));
}

static void write_return(struct writer *writer, const struct abide_plan *plan)
{
    if (!has_result(plan->caller))
        return;
    if (plan->caller->result.pass != ABIDE_PASS_HIDDEN && plan->result.kind == ABIDE_RETURN_VALUE)
        write_runs(writer, "result_memory", address(writer, plan, &plan->result.object),
                   plan->result.runs, plan->result.run_count);
    ADD(writer, "    return result;\n");
}

static bool write_result_memory(struct writer *writer, const struct abide_plan *plan)
{
    const struct abide_physical *caller = plan->caller->physical;
    if (has_result(plan->caller)) {
        const char *name = type_name(writer, plan, caller->result.type);
        if (!name)
            return false;
        ADD(writer,
            "    %s result;\n    unsigned char *result_memory = (unsigned char *)&result;\n"
            "    memset(&result, 0, sizeof result);\n",
            name);
        return true;
    }
    for (size_t i = 0; i < caller->param_count; i++)
        if (caller->params[i].role == ABIDE_ROLE_OUT)
            ADD(writer, "    unsigned char *result_memory = a%zu;\n    (void)result_memory;\n", i);
    return true;
}

static bool write_body(struct writer *writer, const struct abide_plan *plan)
{
    ADD(writer, "{\n");
    if (!write_result_memory(writer, plan))
        return false;
    write_hooks(writer, plan);
    for (size_t i = 0; i < plan->temporary_count; i++) {
        const struct abide_temporary *temporary = &plan->temporaries[i];
        ADD(writer, "    _Alignas(%" PRIu64 ") unsigned char t%zu[%" PRIu64 "]; /* %s */\n",
            temporary->align_bytes, i, temporary->size_bytes ? temporary->size_bytes : 1,
            temporary->purpose);
        if (temporary->zeroed)
            ADD(writer, "    memset(t%zu, 0, sizeof t%zu);\n", i, i);
    }
    write_stores(writer, plan);
    if (plan->zero_result_memory)
        ADD(writer, "    memset(result_memory, 0, %" PRIu64 ");\n", plan->result_memory_bytes);
    write_copies(writer, plan, plan->before, plan->before_count);
    for (size_t i = 0; i < plan->feed_count; i++)
        if (!write_feed(writer, plan, i))
            return false;
    if (!write_call(writer, plan))
        return false;
    write_hidden(writer, plan);
    write_copies(writer, plan, plan->after, plan->after_count);
    write_return(writer, plan);
    ADD(writer, "}\n\n");
    return true;
}

static bool write_inner(struct writer *writer, const struct abide_plan *plan, size_t index)
{
    const char *name = abide__printf(writer->ctx, "abide_inner_%zu_%zu", writer->thunk, index);
    const char *head = declarator(writer, plan, plan->caller, name);
    if (!head)
        return false;
    ADD(writer, "static %s\n", head);
    return write_body(writer, plan);
}

/* Both sides must call as the C compiler does; which modules are C is known from the target. */
static bool check_convention(abide_ctx *ctx, const struct abide_plan *plan)
{
    const abide_module *c = abide_module_load(ctx, "c", plan->caller->physical->machine->triple);
    if (!c)
        return false;
    const abide_assignment *sides[] = {plan->caller, plan->callee};
    for (size_t i = 0; i < 2; i++) {
        const abide_module *machine = sides[i]->physical->machine;
        if (strcmp(machine->name, c->name) == 0)
            continue;
        abide_diag *diag =
            abide__report(ctx, ABIDE_CODE_CANNOT_SAY_IN_C, plan->function->place,
                          "portable C cannot say calls of '%s' by %s: C on %s is %s",
                          plan->function->name, machine->name, machine->triple, c->name);
        abide__diag_help(ctx, diag, "emit an object file instead: `--emit obj`");
        return false;
    }
    return true;
}

static bool write_thunk(struct writer *writer, const struct abide_plan *plan, const char *symbol)
{
    if (plan->callee->physical->is_variadic) {
        abide__report(writer->ctx, ABIDE_CODE_CANNOT_SAY_IN_C, plan->function->place,
                      "portable C cannot forward the variadic arguments of '%s'",
                      plan->function->name);
        return false;
    }
    if (!check_convention(writer->ctx, plan))
        return false;
    for (size_t i = 0; i < plan->inner_count; i++)
        if (!write_inner(writer, plan->inner[i], i))
            return false;
    write_once_flags(writer, plan);
    if (plan->target == ABIDE_TARGET_SYMBOL)
        ADD(writer, "extern void target_%zu(void) __asm__(ABIDE_SYMBOL \"%s\");\n", writer->thunk,
            plan->symbol);
    const char *name =
        is_identifier(symbol) ? symbol : abide__printf(writer->ctx, "thunk_%zu", writer->thunk);
    const char *head = declarator(writer, plan, plan->caller, name);
    if (!head)
        return false;
    ADD(writer, "%s%s;\n", head,
        name == symbol ? "" : abide__printf(writer->ctx, " __asm__(ABIDE_SYMBOL \"%s\")", symbol));
    ADD(writer, "%s\n", head);
    return write_body(writer, plan);
}

static const char *print_c(abide_ctx *ctx, const abide_plan *const *plans, size_t plan_count,
                           const char *prefix)
{
    struct writer writer = {.ctx = ctx};
    writer.types.ctx = ctx;
    bool fine = true;
    abide__text_add(ctx, &writer.text, "", 0);
    abide__text_add(ctx, &writer.types.text, "", 0);
    for (size_t i = 0; i < plan_count; i++) {
        const char *symbol = abide_plan_symbol(ctx, plans[i], prefix);
        writer.types.data = plans[i]->caller->physical->machine->data;
        writer.thunk = i;
        fine = symbol && write_thunk(&writer, plans[i], symbol) && fine;
    }
    if (!fine)
        return NULL;
    return abide__printf(
        ctx,
        "/* Written by abide; do not edit. Compile with gcc or clang%s%s. */\n"
        "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n\n"
        "#define ABIDE_TEXT_(x) #x\n#define ABIDE_TEXT(x) ABIDE_TEXT_(x)\n"
        "#define ABIDE_SYMBOL ABIDE_TEXT(__USER_LABEL_PREFIX__)\n\n%s\n%s",
        plan_count ? " for " : "", plan_count ? plans[0]->caller->physical->machine->triple : "",
        writer.types.text.chars, writer.text.chars);
}

const char *abide_plan_print_c(abide_ctx *ctx, const abide_plan *const *plans, size_t plan_count,
                               const char *prefix)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const char *text = print_c(ctx, plans, plan_count, prefix);
    abide__guard_leave(ctx, &guard);
    return text;
}
