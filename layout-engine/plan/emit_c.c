/*
 * A plan as portable C (GNU C: attributes, and an assembler name where a symbol is no identifier). The C compiler places
 * arguments and results, so both sides must call as C does on the target, or as C does with an attribute; everything else is
 * bytes copied with memcpy. Here are the functions of a file, and what C cannot say; c_writer.h names the rest.
 */
#include "base/diag.h"
#include "plan/c_tables.h"
#include "plan/c_writer.h"
#include "spec/compilers.h"

#include <string.h>

static bool write_inner(struct abide_c_writer *writer, const struct abide_plan *plan, size_t index)
{
    const char *name = abide__printf(writer->ctx, "abide_inner_%zu_%zu", writer->thunk, index);
    const char *head = abide_c__function_head(writer, plan, plan->caller, name);
    if (!head)
        return false;
    abide_c__declare_guard(writer, plan);
    ADD(writer, "static %s\n", head);
    return abide_c__write_body(writer, plan);
}

/* The functions of methods, of which several tables may be made. */
static bool write_methods(struct abide_c_writer *writer, const struct abide_methods *methods)
{
    for (size_t i = 0; i < methods->interface->field_count; i++) {
        const struct abide_plan *plan = methods->plans[i];
        const char *name = abide_c_tables__method(writer->ctx, methods, i);
        const char *head = abide_c__function_head(writer, plan, plan->caller, name);
        writer->thunk++;
        for (size_t k = 0; k < plan->inner_count; k++)
            if (!write_inner(writer, plan->inner[k], k))
                return false;
        if (!head)
            return false;
        abide_c__declare_guard(writer, plan);
        ADD(writer, "static %s\n", head);
        if (!abide_c__write_body(writer, plan))
            return false;
    }
    return true;
}

/*
 * Both sides must call as the C compiler does, or with an attribute can be made to; which module is C is known from the target.
 */
static bool check_convention(abide_ctx *ctx, const struct abide_plan *plan)
{
    const abide_module *c = abide_module_load(ctx, "c", plan->caller->physical->machine->triple);
    if (!c)
        return false;
    const abide_assignment *sides[] = {plan->caller, plan->callee};
    for (size_t i = 0; i < 2; i++) {
        const abide_module *machine = sides[i]->physical->machine;
        if (strcmp(machine->name, c->name) == 0 || machine->compilers->attribute)
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

/* Nor has it a register in which an address comes beside the parameters. */
static bool check_chain(abide_ctx *ctx, const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->caller->physical->param_count; i++) {
        const struct abide_assigned *place = &plan->caller->arguments[i];
        const char *name = place->piece_count ? place->pieces[0].register_name : NULL;
        if (!name || strcmp(name, ABIDE_CHAIN) != 0)
            continue;
        abide_diag *diag = abide__report(
            ctx, ABIDE_CODE_CANNOT_SAY_IN_C, plan->function->place,
            "portable C cannot say where the record of '%s' comes, but in a parameter",
            plan->function->name);
        abide__diag_help(ctx, diag,
                         "name the parameter of user data (`--data NAME`), or emit an object file");
        return false;
    }
    return true;
}

static bool check_instructions(abide_ctx *ctx, const struct abide_plan *plan)
{
    const char *calls = plan->callee->physical->machine->called_by;
    const char *returns = plan->caller->physical->machine->returned_by;
    if (!calls && !returns)
        return true;
    abide_diag *diag = abide__report(
        ctx, ABIDE_CODE_CANNOT_SAY_IN_C, plan->function->place,
        "portable C has no words for the instruction '%s', by which '%s' %s",
        calls ? calls : returns, plan->function->name, calls ? "is called" : "returns");
    abide__diag_help(ctx, diag, "emit an object file or assembly");
    return false;
}

/* A symbol as a C string: as the side's module spells it, or with what the compiler puts in front of names. */
static const char *linked(struct abide_c_writer *writer, const abide_assignment *side,
                          const char *symbol)
{
    static const char name[] = "$name";
    const char *pattern = side->physical->machine->link_name;
    if (!pattern)
        return abide__printf(writer->ctx, "ABIDE_SYMBOL \"%s\"", symbol);
    const char *place = strstr(pattern, name);
    return abide__printf(writer->ctx, "\"%.*s%s%s\"", (int)(place - pattern), pattern, symbol,
                         place + sizeof name - 1);
}

/* Compilers write it into assembly as it is, and what assemblers make of other names differs. */
static bool check_name(abide_ctx *ctx, const struct abide_plan *plan, const char *symbol)
{
    bool fine = *symbol != '$';
    for (const char *at = symbol; *at; at++)
        fine = fine && *at != '@' && *at != '?';
    if (fine)
        return true;
    abide_diag *diag = abide__report(
        ctx, ABIDE_CODE_CANNOT_SAY_IN_C, plan->function->place,
        "portable C cannot name the symbol '%s' of function '%s': assemblers read it as more than "
        "a name",
        symbol, plan->function->name);
    abide__diag_help(ctx, diag,
                     "make an object instead (--emit obj), or have the library offer the function "
                     "under a second name, of letters, digits and `_`");
    return false;
}

static bool check_sides(abide_ctx *ctx, const struct abide_plan *plan)
{
    return check_instructions(ctx, plan) && check_chain(ctx, plan) && check_convention(ctx, plan);
}

/* The adapters that closures lead to. */
static bool write_adapters(struct abide_c_writer *writer)
{
    abide__text_add(writer->ctx, &writer->heads, "", 0);
    for (size_t i = 0; i < writer->routines.adapter_count; i++) {
        const struct abide_plan *plan = writer->routines.adapters[i]->plan;
        const char *name =
            abide_c_routines__adapter(&writer->routines, writer->routines.adapters[i]);
        writer->types.data = plan->caller->physical->machine->data;
        if (!check_sides(writer->ctx, plan))
            return false;
        const char *head = abide_c__function_head(writer, plan, plan->caller, name);
        if (!head)
            return false;
        abide__text_printf(writer->ctx, &writer->heads, "static %s;\n", head);
        abide_c__declare_guard(writer, plan);
        ADD(writer, "static %s\n", head);
        if (!abide_c__write_body(writer, plan))
            return false;
    }
    return true;
}

static bool write_thunk(struct abide_c_writer *writer, const struct abide_plan *plan,
                        const char *symbol)
{
    if (plan->callee->physical->is_variadic || plan->caller->physical->is_variadic) {
        abide__report(
            writer->ctx, ABIDE_CODE_CANNOT_SAY_IN_C, plan->function->place,
            "portable C has no words for what an adapter does with the unnamed arguments of '%s'",
            plan->function->name);
        return false;
    }
    if (!check_sides(writer->ctx, plan) || !check_name(writer->ctx, plan, symbol) ||
        (plan->target == ABIDE_TARGET_SYMBOL && !check_name(writer->ctx, plan, plan->symbol)))
        return false;
    for (size_t i = 0; i < plan->inner_count; i++)
        if (!write_inner(writer, plan->inner[i], i))
            return false;
    abide_c__write_once_flags(writer, plan);
    if (plan->target == ABIDE_TARGET_SYMBOL) {
        const char *callee = abide_c__function_head(
            writer, plan, plan->callee, abide__printf(writer->ctx, "target_%zu", writer->thunk));
        if (!callee)
            return false;
        ADD(writer, "extern %s __asm__(%s);\n", callee, linked(writer, plan->callee, plan->symbol));
    }
    bool is_name = abide_c__is_free_name(symbol) && !plan->caller->physical->machine->link_name;
    const char *name = is_name ? symbol : abide__printf(writer->ctx, "thunk_%zu", writer->thunk);
    const char *head = abide_c__function_head(writer, plan, plan->caller, name);
    if (!head)
        return false;
    ADD(writer, "%s%s;\n", head,
        is_name ? ""
                : abide__printf(writer->ctx, " __asm__(%s)", linked(writer, plan->caller, symbol)));
    abide_c__declare_guard(writer, plan);
    ADD(writer, "%s\n", head);
    return abide_c__write_body(writer, plan);
}

static bool are_checks(const struct abide_copy_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (steps[i].looks_for)
            return true;
    return false;
}

/* Whether an adapter, or one inside it, looks at values that may be invalid. */
static bool has_checks(const struct abide_plan *plan)
{
    bool found =
        are_checks(plan->before, plan->before_count) || are_checks(plan->after, plan->after_count);
    for (size_t i = 0; i < plan->inner_count && !found; i++)
        found = has_checks(plan->inner[i]);
    return found;
}

static const char *print_c(abide_ctx *ctx, const abide_plan *const *plans, size_t plan_count,
                           const char *prefix)
{
    struct abide_c_writer writer = {.ctx = ctx};
    writer.types.ctx = ctx;
    bool fine = true;
    abide__text_add(ctx, &writer.text, "", 0);
    abide__text_add(ctx, &writer.types.text, "", 0);
    const char *const *symbols = abide_plan__symbols(ctx, plans, plan_count, prefix);
    if (!symbols)
        return NULL;
    size_t table_count, methods_count;
    const struct abide_routine_constant *const *tables =
        abide_plan__tables(ctx, plans, plan_count, &table_count);
    struct abide_methods *const *methods =
        abide_plan__methods(ctx, plans, plan_count, &methods_count);
    writer.routines = abide_c_routines__of(ctx, plans, plan_count);
    for (size_t i = 0; i < plan_count; i++)
        writer.types.has_raw_bools = writer.types.has_raw_bools || has_checks(plans[i]);
    for (size_t i = 0; i < plan_count; i++) {
        writer.types.data = plans[i]->caller->physical->machine->data;
        writer.thunk = i;
        fine = write_thunk(&writer, plans[i], symbols[i]) && fine;
    }
    fine = write_adapters(&writer) && fine;
    for (size_t i = 0; i < methods_count; i++)
        fine = write_methods(&writer, methods[i]) && fine;
    if (!fine)
        return NULL;
    return abide__printf(
        ctx,
        "/* Written by abide; do not edit. Compile with gcc or clang%s%s. */\n"
        "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n\n"
        "/* Code and data have addresses of one kind here, and an adapter need not use all that it "
        "gets. */\n"
        "#pragma GCC diagnostic ignored \"-Wpedantic\"\n"
        "#pragma GCC diagnostic ignored \"-Wunused-parameter\"\n\n"
        "#define ABIDE_TEXT_(x) #x\n#define ABIDE_TEXT(x) ABIDE_TEXT_(x)\n"
        "#define ABIDE_SYMBOL ABIDE_TEXT(__USER_LABEL_PREFIX__)\n\n%s%s\n%s%s%s%s%s",
        plan_count ? " for " : "", plan_count ? plans[0]->caller->physical->machine->triple : "",
        abide_c__attribute_checks(&writer), writer.types.text.chars, writer.heads.chars,
        abide_c_tables__declarations(ctx, tables, table_count),
        abide_c_routines__text(&writer.routines), writer.text.chars,
        abide_c_tables__definitions(&writer.routines, tables, table_count));
}

const char *abide_plan_print_c(abide_ctx *ctx, const abide_plan *const *plans, size_t plan_count,
                               const char *prefix)
{
    struct abide_guard guard;
    if (setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    plans = abide_plan__with_releases(ctx, plans, &plan_count);
    const char *text = print_c(ctx, plans, plan_count, prefix);
    abide__guard_leave(ctx, &guard);
    return text;
}
