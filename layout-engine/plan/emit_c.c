/*
 * A plan as portable C (GNU C: attributes, and an assembler name where a symbol is no identifier). The C compiler places
 * arguments and results, so both sides must call as C does on the target, or as C does with an attribute; everything else is
 * bytes copied with memcpy.
 */
#include "base/diag.h"
#include "plan/c_routine.h"
#include "plan/c_tables.h"
#include "plan/c_runs.h"
#include "plan/c_types.h"
#include "spec/compilers.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct writer {
    abide_ctx *ctx;
    struct abide_c_types types;
    struct abide_c_routines routines;
    struct abide_text text;             /* functions */
    struct abide_text heads;            /* of adapters, which routines name */
    size_t thunk;                       /* number of the outer plan: names of inner adapters */
    size_t converted;                   /* counts scratch variables */
    size_t guards;                      /* against exceptions, so far */
    ABIDE_VEC(const char *) attributes; /* of functions: which compilers must know */
    ABIDE_VEC(const char *) hooks;      /* their types and symbols: hook N is abide_hookN */
    ABIDE_VEC(const char *)
    once; /* symbols of hooks that run once: the flag of each is abide_once_INDEX */
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

/* Whether one of the words of a list, each between blanks, is `name`, or with `as_start` begins it. */
static bool is_listed(const char *list, const char *name, bool as_start)
{
    for (const char *word = list; *word; word += strcspn(word, " ")) {
        word += strspn(word, " ");
        size_t length = strcspn(word, " ");
        if (length && !strncmp(word, name, length) && (as_start || !name[length]))
            return true;
    }
    return false;
}

/* Whether a thunk may bear its symbol as its name: the language, its headers and this file have names of their own. */
static bool is_free_name(const char *name)
{
    static const char words[] =
        "alignas alignof asm auto bool break case char const constexpr continue default do double "
        "else enum extern false float for goto i386 if inline int linux long main max_align_t "
        "nullptr offsetof ptrdiff_t register restrict return short signed size_t sizeof static "
        "static_assert struct switch thread_local true typedef typeof typeof_unqual union unix "
        "unreachable unsigned void volatile wchar_t while NULL";
    static const char starts[] = "__ abide_ ABIDE_ target_ thunk_ int8 "
                                 "int16 int32 int64 intptr intmax int_ uint str mem";
    return is_identifier(name) && !is_listed(words, name, false) && !is_listed(starts, name, true);
}

static bool ends_in_star(const char *type)
{
    return type[strlen(type) - 1] == '*';
}

/* --- conventions --- */

/* What gives a function the side's convention, and a blank; or nothing. Compilers may have to be asked whether they know it. */
static const char *convention_of(struct writer *writer, const abide_assignment *side)
{
    const char *attribute = side->physical->machine->compilers->attribute;
    if (!attribute)
        return "";
    size_t known = 0;
    while (known < writer->attributes.count &&
           strcmp(writer->attributes.items[known], attribute) != 0)
        known++;
    if (known == writer->attributes.count)
        abide__push(writer->ctx, &writer->attributes, attribute);
    return abide__printf(writer->ctx, "__attribute__((%s)) ", attribute);
}

/* "regparm" of "regparm(3)": compilers that do not know it would warn, and call as ever. */
static void write_checks(abide_ctx *ctx, struct abide_text *text, const char *attributes)
{
    for (const char *name = attributes; *name;) {
        size_t length = strcspn(name, "(, ");
        if (length)
            abide__text_printf(ctx, text,
                               "#if !__has_attribute(%.*s)\n#error \"this compiler has no "
                               "attribute %.*s\"\n#endif\n",
                               (int)length, name, (int)length, name);
        name += length;
        for (int depth = 0; *name && (depth || *name == '(' || *name == ',' || *name == ' ');
             name++)
            depth += (*name == '(') - (*name == ')');
    }
}

static const char *checks(struct writer *writer)
{
    struct abide_text text = {0};
    abide__text_add(writer->ctx, &text, "", 0);
    for (size_t i = 0; i < writer->attributes.count; i++)
        write_checks(writer->ctx, &text, writer->attributes.items[i]);
    if (writer->attributes.count) /* known, but not on this processor */
        abide__text_printf(writer->ctx, &text, "#pragma GCC diagnostic error \"-Wattributes\"\n\n");
    return text.chars;
}

/* --- declarations --- */

/* " __attribute__((swift_context))", or nothing. */
static const char *attribute_of_param(struct writer *writer, const struct abide_physical *physical,
                                      const struct abide_physical_param *param)
{
    const char *attribute = NULL;
    if (param->of < physical->signature->param_count)
        attribute = abide_compilers__of_param(physical->machine->compilers,
                                              physical->signature->params[param->of].facts);
    return attribute ? abide__printf(writer->ctx, " __attribute__((%s))", attribute) : "";
}

/* "R name(T0 a0, T1 a1)". NULL: reported. */
static const char *declarator(struct writer *writer, const struct abide_plan *plan,
                              const abide_assignment *side, const char *name)
{
    const struct abide_physical *physical = side->physical;
    const char *result = type_name(writer, plan, physical->result.type);
    struct abide_text text = {0};
    if (!result)
        return NULL;
    abide__text_printf(writer->ctx, &text, "%s%s%s(", result, ends_in_star(result) ? "" : " ",
                       name);
    for (size_t i = 0; i < physical->param_count; i++) {
        const struct abide_physical_param *param = &physical->params[i];
        const char *type = type_name(writer, plan, param->type);
        if (!type)
            return NULL;
        abide__text_printf(writer->ctx, &text, "%s%s%s%sa%zu%s", i ? ", " : "", type,
                           ends_in_star(type) ? "" : " ", param->comes_back ? "*" : "", i,
                           attribute_of_param(writer, physical, param));
    }
    abide__text_printf(writer->ctx, &text, "%s)", physical->param_count ? "" : "void");
    return text.chars;
}

/* A function with the convention of its side. */
static const char *function_head(struct writer *writer, const struct abide_plan *plan,
                                 const abide_assignment *side, const char *name)
{
    const char *head = declarator(writer, plan, side, name);
    return head ? abide__printf(writer->ctx, "%s%s", convention_of(writer, side), head) : NULL;
}

/* "R (*)(T0 a0, T1 a1)": of a pointer to such a function. */
static const char *pointer_type(struct writer *writer, const struct abide_plan *plan,
                                const abide_assignment *side)
{
    return declarator(writer, plan, side,
                      abide__printf(writer->ctx, "(%s*)", convention_of(writer, side)));
}

/* Whether C returns something: the result, its address, or a copy of its tag. */
static bool has_result(const abide_assignment *side)
{
    return abide_type__strip(side->physical->result.type)->kind != ABIDE_KIND_VOID;
}

/* The argument that says where the caller's result goes, or SIZE_MAX. */
static size_t out_argument(const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->caller->physical->param_count; i++)
        if (plan->caller->physical->params[i].role == ABIDE_ROLE_OUT)
            return i;
    return SIZE_MAX;
}

static const char *result_memory(struct writer *writer, const struct abide_plan *plan)
{
    size_t out = out_argument(plan);
    return out == SIZE_MAX ? "&result" : abide__printf(writer->ctx, "a%zu", out);
}

/* The address of an object's first byte, as an expression. */
static const char *address(struct writer *writer, const struct abide_plan *plan,
                           const struct abide_object *object)
{
    abide_ctx *ctx = writer->ctx;
    const struct abide_physical *caller = plan->caller->physical;
    const char *base = "";
    switch (object->kind) {
    case ABIDE_OBJECT_ARGUMENT:
        base = abide__printf(ctx, "%sa%zu", caller->params[object->index].comes_back ? "" : "&",
                             object->index);
        break;
    case ABIDE_OBJECT_POINTEE: {
        bool is_pointer = caller->params[object->index].copy != ABIDE_COPY_NONE ||
                          plan->caller->arguments[object->index].pass == ABIDE_PASS_DIRECT;
        base = abide__printf(ctx, "%sa%zu", is_pointer ? "" : "&", object->index);
        break;
    }
    case ABIDE_OBJECT_ELEMENT:
        base = abide__printf(ctx, "((void **)a%zu)[%zu]", plan->vector_argument, object->index);
        break;
    case ABIDE_OBJECT_TEMPORARY: base = abide__printf(ctx, "t%zu", object->index); break;
    case ABIDE_OBJECT_RESULT_MEMORY: base = result_memory(writer, plan); break;
    case ABIDE_OBJECT_CALLEE_RESULT: base = "&r"; break;
    case ABIDE_OBJECT_CALLEE_POINTEE: base = "r"; break;
    case ABIDE_OBJECT_CALLEE_ARGUMENT: base = abide__printf(ctx, "&b%zu", object->index); break;
    }
    return abide_c__displaced(ctx, base, object->offset_bytes);
}

static void write_runs(struct writer *writer, const char *to, const char *from,
                       const struct abide_run *runs, size_t run_count)
{
    const struct abide_c_sink sink = {writer->ctx, &writer->text, "    ", &writer->converted};
    abide_c__runs(&sink, to, from, runs, run_count);
}

static void write_conversion(struct writer *writer, const struct abide_plan *plan,
                             const struct abide_copy_step *step)
{
    const struct abide_object *objects[] = {&step->from, &step->to, &step->frame};
    assert(step->routine->parameter_count <= 3);
    ADD(writer, "    %s(", abide_c_routines__name(&writer->routines, step->routine));
    for (size_t i = 0; i < step->routine->parameter_count; i++)
        ADD(writer, "%s(uintptr_t)(%s)", i ? ", " : "", address(writer, plan, objects[i]));
    ADD(writer, ");\n");
}

static void write_steps(struct writer *writer, const struct abide_plan *plan,
                        const struct abide_copy_step *steps, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (steps[i].routine)
            write_conversion(writer, plan, &steps[i]);
        else
            write_runs(writer, address(writer, plan, &steps[i].to),
                       address(writer, plan, &steps[i].from), steps[i].runs, steps[i].run_count);
}

static size_t once_index(const struct writer *writer, const char *symbol)
{
    size_t index = 0;
    while (index < writer->once.count && strcmp(writer->once.items[index], symbol) != 0)
        index++;
    return index;
}

static const char *token_type(enum abide_hook_token token)
{
    switch (token) {
    case ABIDE_HOOK_GIVES_INT: return "int";
    case ABIDE_HOOK_GIVES_POINTER: return "void *";
    case ABIDE_HOOK_GIVES_NOTHING: break;
    }
    return "void";
}

/* Declares a hook, under a name that no other one has in this file. */
static const char *declare_hook(struct writer *writer, const char *symbol, const char *result,
                                const char *parameter)
{
    const char *type = abide__printf(writer->ctx, "%s(%s) %s", result, parameter, symbol);
    size_t index = 0;
    while (index < writer->hooks.count && strcmp(writer->hooks.items[index], type) != 0)
        index++;
    if (index == writer->hooks.count)
        abide__push(writer->ctx, &writer->hooks, type);
    const char *name = abide__printf(writer->ctx, "abide_hook%zu", index);
    ADD(writer, "    extern %s%s%s(%s) __asm__(ABIDE_SYMBOL \"%s\");\n", result,
        ends_in_star(result) ? "" : " ", name, parameter, symbol);
    return name;
}

/* The call of hooks[index]; what it gives is in a variable of its own. */
static void write_hook(struct writer *writer, const struct abide_plan *plan, size_t index)
{
    const struct abide_hook_call *hook = &plan->hooks[index];
    const struct abide_hook_call *undone =
        hook->undoes != SIZE_MAX && plan->hooks[hook->undoes].gives ? &plan->hooks[hook->undoes]
                                                                    : NULL;
    const char *parameter = undone                       ? token_type(undone->gives)
                            : hook->passes_frame_address ? "void *"
                                                         : "void";
    const char *argument = hook->passes_frame_address ? "__builtin_frame_address(0)" : "";
    if (undone)
        argument = abide__printf(writer->ctx, "abide_token%zu", hook->undoes);
    const char *result = token_type(hook->gives);
    const char *name = declare_hook(writer, hook->symbol, result, parameter);
    if (hook->once) {
        size_t flag = once_index(writer, hook->symbol);
        ADD(writer,
            "    if (!__atomic_load_n(&abide_once_%zu, __ATOMIC_ACQUIRE) &&\n"
            "        !__atomic_exchange_n(&abide_once_%zu, 1, __ATOMIC_ACQ_REL))\n    ",
            flag, flag);
    }
    ADD(writer, "    ");
    if (hook->gives)
        ADD(writer, "%s%sabide_token%zu = ", result, ends_in_star(result) ? "" : " ", index);
    ADD(writer, "%s(%s);\n", name, argument);
}

static void write_hooks(struct writer *writer, const struct abide_plan *plan, enum abide_hook_at at)
{
    for (size_t i = 0; i < plan->hook_count; i++)
        if (plan->hooks[i].at == at)
            write_hook(writer, plan, i);
}

/* Flags of hooks that run once: a byte for each symbol, shared with all other thunks of the program. */
static void write_once_flags(struct writer *writer, const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->hook_count; i++) {
        const char *symbol = plan->hooks[i].symbol;
        size_t index = once_index(writer, symbol);
        if (!plan->hooks[i].once || index < writer->once.count)
            continue;
        abide__push(writer->ctx, &writer->once, symbol);
        ADD(writer,
            "__attribute__((weak, visibility(\"hidden\"))) unsigned char abide_once_%zu "
            "__asm__(ABIDE_SYMBOL \"abide_once.%s\");\n",
            index, symbol);
    }
}

static void write_store(struct writer *writer, const struct abide_plan *plan,
                        const struct abide_store *store)
{
    size_t n = writer->converted++;
    switch (store->kind) {
    case ABIDE_STORE_CONSTANT:
        ADD(writer, "    uint%u_t s%zu = UINT64_C(0x%" PRIx64 ");\n", store->size_bytes * 8, n,
            store->value);
        break;
    case ABIDE_STORE_INNER:
        ADD(writer, "    void *s%zu;\n    memcpy(&s%zu, %s, sizeof s%zu);\n", n, n,
            address(writer, plan, &store->unless_null), n);
        ADD(writer, "    if (s%zu)\n        s%zu = (void *)abide_inner_%zu_%" PRIu64 ";\n", n, n,
            writer->thunk, store->value);
        break;
    case ABIDE_STORE_ADDRESS:
        ADD(writer, "    void *s%zu = t%" PRIu64 " + %" PRIu64 ";\n", n, store->value,
            store->address_offset_bytes);
        break;
    case ABIDE_STORE_OBJECT:
        ADD(writer, "    void *s%zu = (void *)(%s);\n", n,
            address(writer, plan, &store->unless_null));
        break;
    }
    ADD(writer, "    memcpy(t%zu + %" PRIu64 ", &s%zu, sizeof s%zu);\n", store->temporary,
        store->offset_bytes, n, n);
}

static void write_stores(struct writer *writer, const struct abide_plan *plan, bool are_late)
{
    for (size_t i = 0; i < plan->store_count; i++)
        if (abide_store__is_late(plan, &plan->stores[i]) == are_late)
            write_store(writer, plan, &plan->stores[i]);
}

/* The caller's argument as it is, where that is what the callee gets; else NULL. */
static const char *forwarded(struct writer *writer, const struct abide_plan *plan, size_t index)
{
    const struct abide_feed *feed = &plan->feeds[index];
    const struct abide_physical_param *sink = &plan->callee->physical->params[index];
    const abide_type *to = sink->type;
    if (sink->comes_back)
        return NULL;
    if (feed->kind == ABIDE_FEED_ADDRESS && feed->object.kind == ABIDE_OBJECT_POINTEE &&
        feed->object.offset_bytes == 0 &&
        plan->caller->arguments[feed->object.index].pass == plan->callee->arguments[index].pass &&
        plan->callee->arguments[index].pass == ABIDE_PASS_DIRECT)
        return abide__printf(writer->ctx, "a%zu", feed->object.index);
    if (feed->kind != ABIDE_FEED_VALUE || feed->object.kind != ABIDE_OBJECT_ARGUMENT ||
        feed->object.offset_bytes || plan->caller->physical->params[feed->object.index].comes_back)
        return NULL;
    const char *from_name =
        type_name(writer, plan, plan->caller->physical->params[feed->object.index].type);
    const char *to_name = type_name(writer, plan, to);
    bool is_identity =
        abide_runs__are_identity(feed->runs, feed->run_count, feed->object.size_bytes) &&
        feed->object.size_bytes == plan->callee->arguments[index].size_bytes;
    return is_identity && from_name && to_name && strcmp(from_name, to_name) == 0
               ? abide__printf(writer->ctx, "a%zu", feed->object.index)
               : NULL;
}

/* Nothing is read for what has no bytes, and the caller may not have it at all. */
static bool reads_object(const struct abide_feed *feed)
{
    switch (feed->kind) {
    case ABIDE_FEED_VALUE: return feed->run_count > 0;
    case ABIDE_FEED_ADDRESS:
    case ABIDE_FEED_INNER: return true;
    case ABIDE_FEED_NULL:
    case ABIDE_FEED_NOTHING: break;
    }
    return false;
}

/* Declares b<index>, the callee's argument, unless it is one of the caller's. */
static bool write_feed(struct writer *writer, const struct abide_plan *plan, size_t index)
{
    const struct abide_feed *feed = &plan->feeds[index];
    const char *name = type_name(writer, plan, plan->callee->physical->params[index].type);
    uint64_t size_bytes = plan->callee->arguments[index].size_bytes;
    const char *zeros =
        size_bytes ? " = {0};\n" : ";\n"; /* what has no members has no initializer */
    if (!name)
        return false;
    if (forwarded(writer, plan, index))
        return true;
    ADD(writer, "    %s%sb%zu", name, ends_in_star(name) ? "" : " ", index);
    const char *from = reads_object(feed) ? address(writer, plan, &feed->object) : NULL;
    switch (feed->kind) {
    case ABIDE_FEED_VALUE: {
        bool is_whole = abide_runs__are_identity(feed->runs, feed->run_count, size_bytes);
        ADD(writer, "%s", is_whole ? ";\n" : zeros);
        write_runs(writer, abide__printf(writer->ctx, "&b%zu", index), from, feed->runs,
                   feed->run_count);
        return true;
    }
    case ABIDE_FEED_ADDRESS:
        if (plan->callee->physical->params[index].copy != ABIDE_COPY_NONE ||
            plan->callee->arguments[index].pass == ABIDE_PASS_DIRECT)
            ADD(writer, " = %s;\n", from);
        else /* the C compiler makes the copy that is passed */
            ADD(writer, ";\n    memcpy(&b%zu, %s, sizeof b%zu);\n", index, from, index);
        return true;
    case ABIDE_FEED_INNER:
        ADD(writer, ";\n    memcpy(&b%zu, %s, sizeof b%zu);\n", index, from, index);
        ADD(writer, "    if (b%zu)\n        b%zu = (void *)abide_inner_%zu_%zu;\n", index, index,
            writer->thunk, feed->index);
        return true;
    case ABIDE_FEED_NULL:
    case ABIDE_FEED_NOTHING: break;
    }
    ADD(writer, "%s", zeros);
    return true;
}

/* The function to call, as an expression: its own name where both names and types are C's, else a cast. */
static const char *target(struct writer *writer, const struct abide_plan *plan,
                          const abide_assignment *callee)
{
    if (plan->target == ABIDE_TARGET_SYMBOL)
        return abide__printf(writer->ctx, "target_%zu", writer->thunk);
    const char *type = pointer_type(writer, plan, callee);
    return type ? abide__printf(writer->ctx, "((%s)code)", type) : NULL;
}

/* "f(a0, b1)", without argument `skipped`, after `before`. */
static bool write_one_call(struct writer *writer, const struct abide_plan *plan,
                           const abide_assignment *callee, size_t skipped, const char *before)
{
    const char *function = target(writer, plan, callee);
    if (!function)
        return false;
    ADD(writer, "    %s%s(", before, function);
    const char *separator = "";
    for (size_t i = 0; i < plan->callee->physical->param_count; i++) {
        if (i == skipped)
            continue;
        const char *argument = forwarded(writer, plan, i);
        bool comes_back = plan->callee->physical->params[i].comes_back;
        ADD(writer, "%s%s", separator,
            argument ? argument : abide__printf(writer->ctx, "%sb%zu", comes_back ? "&" : "", i));
        separator = ", ";
    }
    ADD(writer, ");\n");
    return true;
}

/* Whether there is work for hooks between the call and the return. */
static bool ends_with_hooks(const struct abide_plan *plan)
{
    return plan->hook_count > 0 && plan->hooks[plan->hook_count - 1].at > ABIDE_HOOK_BEFORE_CALL;
}

/* The callee's result is the caller's, in the same C type: `return f(...)`. */
static bool returns_directly(struct writer *writer, const struct abide_plan *plan)
{
    if (!has_result(plan->caller) || !has_result(plan->callee) || plan->answers_invalid ||
        plan->unwinds)
        return false;
    const char *from = type_name(writer, plan, plan->callee->physical->result.type);
    const char *to = type_name(writer, plan, plan->caller->physical->result.type);
    bool in_value = plan->result.kind == ABIDE_RETURN_VALUE &&
                    plan->result.object.kind == ABIDE_OBJECT_CALLEE_RESULT &&
                    plan->result.object.offset_bytes == 0 &&
                    abide_runs__are_identity(plan->result.runs, plan->result.run_count,
                                             plan->caller->result.size_bytes);
    bool in_memory = plan->hidden.kind == ABIDE_FEED_ADDRESS &&
                     plan->hidden.object.kind == ABIDE_OBJECT_RESULT_MEMORY;
    return plan->after_count == 0 && plan->back_count == 0 && !ends_with_hooks(plan) &&
           (in_value || in_memory) && from && to && strcmp(from, to) == 0;
}

static bool is_from_callee(const struct abide_object *object)
{
    return object->kind == ABIDE_OBJECT_CALLEE_RESULT ||
           object->kind == ABIDE_OBJECT_CALLEE_POINTEE;
}

/* Whether anybody reads what C returns. */
static bool needs_result(const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->after_count; i++)
        if (is_from_callee(&plan->after[i].from) || is_from_callee(&plan->after[i].frame))
            return true;
    return plan->hidden.kind == ABIDE_FEED_ADDRESS ||
           (plan->result.kind == ABIDE_RETURN_VALUE && is_from_callee(&plan->result.object));
}

static bool write_call(struct writer *writer, const struct abide_plan *plan)
{
    const char *before = "";
    if (returns_directly(writer, plan)) {
        before = "return ";
    } else if (has_result(plan->callee) && needs_result(plan)) {
        const char *name = type_name(writer, plan, plan->callee->physical->result.type);
        if (!name)
            return false;
        ADD(writer, "    %s%sr;\n", name, ends_in_star(name) ? "" : " ");
        before = "r = ";
    }
    if (plan->target == ABIDE_TARGET_POINTER)
        ADD(writer, "    void *code;\n    memcpy(&code, %s, sizeof code);\n",
            address(writer, plan, &plan->code));
    if (plan->env_argument == SIZE_MAX)
        return write_one_call(writer, plan, plan->callee, SIZE_MAX, before);
    const char *env = forwarded(writer, plan, plan->env_argument);
    ADD(writer, "    if (%s)\n    ",
        env ? env : abide__printf(writer->ctx, "b%zu", plan->env_argument));
    if (!write_one_call(writer, plan, plan->callee, SIZE_MAX, before))
        return false;
    ADD(writer, "    else\n    ");
    return write_one_call(writer, plan, plan->callee_without_env, plan->env_argument, before);
}

/* After the call: what C returned goes where the plan wants the callee's memory result. */
static void write_after(struct writer *writer, const struct abide_plan *plan)
{
    size_t first_at_last = plan->after_count - plan->at_last_count;
    write_steps(writer, plan, plan->after, 0, plan->at_once_count);
    write_hooks(writer, plan, ABIDE_HOOK_AFTER_CALL);
    if (plan->hidden.kind == ABIDE_FEED_ADDRESS)
        ADD(writer, "    memcpy(%s, &r, sizeof r);\n", address(writer, plan, &plan->hidden.object));
    write_steps(writer, plan, plan->after, plan->at_once_count, first_at_last);
    for (size_t i = 0; i < plan->back_count; i++)
        write_runs(writer, abide__printf(writer->ctx, "a%zu", plan->back[i].argument),
                   address(writer, plan, &plan->back[i].object), plan->back[i].runs,
                   plan->back[i].run_count);
    write_hooks(writer, plan, ABIDE_HOOK_LAST);
    write_steps(writer, plan, plan->after, first_at_last, plan->after_count);
    bool is_returned = has_result(plan->caller) && plan->caller->result.pass != ABIDE_PASS_HIDDEN &&
                       plan->result.kind == ABIDE_RETURN_VALUE;
    if (is_returned)
        write_runs(writer, "&result", address(writer, plan, &plan->result.object),
                   plan->result.runs, plan->result.run_count);
    if (has_result(plan->caller))
        ADD(writer, "    return result;\n");
}

/* The variable that is returned. */
static bool write_result(struct writer *writer, const struct abide_plan *plan)
{
    if (!has_result(plan->caller))
        return true;
    const char *name = type_name(writer, plan, plan->caller->physical->result.type);
    if (!name)
        return false;
    ADD(writer, "    %s%sresult;\n", name, ends_in_star(name) ? "" : " ");
    return true;
}

/* Where something invalid came, the adapter itself answers. */
static void write_answer(struct writer *writer, const struct abide_plan *plan)
{
    if (!plan->answers_invalid)
        return;
    size_t n = writer->converted++;
    ADD(writer, "    uintptr_t s%zu;\n    memcpy(&s%zu, %s, sizeof s%zu);\n    if (s%zu) {\n", n, n,
        address(writer, plan, &plan->invalid), n, n);
    write_steps(writer, plan, plan->answer, 0, plan->answer_count);
    if (has_result(plan->caller) && plan->caller->result.pass != ABIDE_PASS_HIDDEN &&
        plan->answered.kind == ABIDE_RETURN_VALUE)
        write_runs(writer, "&result", address(writer, plan, &plan->answered.object),
                   plan->answered.runs, plan->answered.run_count);
    write_hooks(writer, plan, ABIDE_HOOK_LAST);
    ADD(writer, "    return%s;\n    }\n", has_result(plan->caller) ? " result" : "");
}

static bool is_undone_by_token(const struct abide_plan *plan, size_t index)
{
    for (size_t i = 0; i < plan->hook_count; i++)
        if (plan->hooks[i].undoes == index)
            return plan->hooks[index].gives != ABIDE_HOOK_GIVES_NOTHING;
    return false;
}

/* What the routine of a step gets, as words. */
static void write_unwound_words(struct writer *writer, const struct abide_plan *plan)
{
    for (size_t i = 0; i < plan->unwound_count; i++) {
        const struct abide_copy_step *step = &plan->unwound[i];
        const struct abide_object *objects[] = {&step->from, &step->to, &step->frame};
        for (size_t k = 0; k < step->routine->parameter_count; k++)
            ADD(writer, ", (uintptr_t)(%s)", address(writer, plan, objects[k]));
    }
}

/* The guard of a call: an exception is what leaves the frame before it is cleared. */
static void write_guard(struct writer *writer, const struct abide_plan *plan)
{
    if (plan->unwinds)
        ADD(writer, "    __attribute__((cleanup(%s_if))) volatile char unwinds = 1;\n",
            abide_c_routines__name(&writer->routines, plan->unwinds));
    if (!plan->cleans_up)
        return;
    ADD(writer,
        "    __attribute__((cleanup(abide_unwound_%zu))) struct abide_unwinding_%zu unwinds = {1",
        writer->guards, writer->guards);
    for (size_t i = 0; i < plan->hook_count; i++)
        if (is_undone_by_token(plan, i))
            ADD(writer, ", abide_token%zu", i);
    write_unwound_words(writer, plan);
    ADD(writer, "};\n");
}

static void clear_guard(struct writer *writer, const struct abide_plan *plan)
{
    if (plan->unwinds)
        ADD(writer, "    unwinds = 0;\n");
    if (plan->cleans_up)
        ADD(writer, "    unwinds.passes = 0;\n");
}

/* What a guard holds: what hooks gave, and what the routines of steps get. */
static void declare_unwinding(struct writer *writer, const struct abide_plan *plan)
{
    ADD(writer, "struct abide_unwinding_%zu {\n    char passes;\n", writer->guards);
    for (size_t i = 0; i < plan->hook_count; i++)
        if (is_undone_by_token(plan, i))
            ADD(writer, "    %s abide_token%zu;\n", token_type(plan->hooks[i].gives), i);
    for (size_t i = 0; i < plan->unwound_count; i++)
        for (size_t k = 0; k < plan->unwound[i].routine->parameter_count; k++)
            ADD(writer, "    uintptr_t w%zu_%zu;\n", i, k);
    ADD(writer, "};\n\n");
}

/* What ends when an exception passes, in the order in which it would have ended. */
static void write_unwound(struct writer *writer, const struct abide_plan *plan)
{
    declare_unwinding(writer, plan);
    ADD(writer, "static void abide_unwound_%zu(struct abide_unwinding_%zu *unwinds)\n{\n",
        writer->guards, writer->guards);
    ADD(writer, "    if (!unwinds->passes)\n        return;\n");
    for (size_t i = 0; i < plan->hook_count; i++)
        if (is_undone_by_token(plan, i))
            ADD(writer, "    %s abide_token%zu = unwinds->abide_token%zu;\n",
                token_type(plan->hooks[i].gives), i, i);
    write_hooks(writer, plan, ABIDE_HOOK_AFTER_CALL);
    for (size_t i = 0; i < plan->unwound_count; i++) {
        const struct abide_routine *routine = plan->unwound[i].routine;
        ADD(writer, "    %s(", abide_c_routines__name(&writer->routines, routine));
        for (size_t k = 0; k < routine->parameter_count; k++)
            ADD(writer, "%sunwinds->w%zu_%zu", k ? ", " : "", i, k);
        ADD(writer, ");\n");
    }
    write_hooks(writer, plan, ABIDE_HOOK_LAST);
    ADD(writer, "}\n\n");
}

/* In front of functions: what a guard calls. C that ends frames without looking at them would not see an exception. */
static void declare_guard(struct writer *writer, const struct abide_plan *plan)
{
    if (!plan->unwinds && !plan->cleans_up)
        return;
    ADD(writer,
        "#ifndef __EXCEPTIONS\n#error \"compile with -fexceptions: what leaves this function by an "
        "exception has to be seen\"\n#endif\n");
    writer->guards++;
    if (plan->cleans_up)
        write_unwound(writer, plan);
    if (!plan->unwinds)
        return;
    const char *name = abide_c_routines__name(&writer->routines, plan->unwinds);
    ADD(writer,
        "static void %s_if(volatile char *unwinds)\n{\n    if (*unwinds)\n        %s();\n}\n\n",
        name, name);
}

static bool write_body(struct writer *writer, const struct abide_plan *plan)
{
    bool is_direct = returns_directly(writer, plan);
    ADD(writer, "{\n");
    if (!is_direct && !write_result(writer, plan))
        return false;
    write_hooks(writer, plan, ABIDE_HOOK_FIRST);
    for (size_t i = 0; i < plan->temporary_count; i++) {
        const struct abide_temporary *temporary = &plan->temporaries[i];
        if (!temporary->purpose)
            continue;
        ADD(writer, "    _Alignas(%" PRIu64 ") unsigned char t%zu[%" PRIu64 "]%s;\n",
            temporary->align_bytes, i, temporary->size_bytes ? temporary->size_bytes : 1,
            temporary->zeroed ? " = {0}" : "");
        if (!temporary->size_bytes)
            ADD(writer, "    (void)t%zu;\n", i);
    }
    for (size_t i = 0; i < plan->caller->physical->param_count; i++)
        if (plan->caller->arguments[i].size_bytes == 0)
            ADD(writer, "    (void)a%zu;\n", i);
    write_steps(writer, plan, plan->before, 0, plan->check_count);
    write_answer(writer, plan);
    write_stores(writer, plan, false);
    if (plan->zero_result_memory) /* its padding too, which `= {0}` leaves as it is */
        ADD(writer, "    memset(%s, 0, %" PRIu64 ");\n", result_memory(writer, plan),
            plan->result_memory_bytes);
    write_steps(writer, plan, plan->before, plan->check_count, plan->before_count);
    write_stores(writer, plan, true);
    for (size_t i = 0; i < plan->feed_count; i++)
        if (!write_feed(writer, plan, i))
            return false;
    write_hooks(writer, plan, ABIDE_HOOK_BEFORE_CALL);
    write_guard(writer, plan);
    if (!write_call(writer, plan))
        return false;
    clear_guard(writer, plan);
    if (!is_direct)
        write_after(writer, plan);
    ADD(writer, "}\n\n");
    return true;
}

static bool write_inner(struct writer *writer, const struct abide_plan *plan, size_t index)
{
    const char *name = abide__printf(writer->ctx, "abide_inner_%zu_%zu", writer->thunk, index);
    const char *head = function_head(writer, plan, plan->caller, name);
    if (!head)
        return false;
    declare_guard(writer, plan);
    ADD(writer, "static %s\n", head);
    return write_body(writer, plan);
}

/* The functions of methods, of which several tables may be made. */
static bool write_methods(struct writer *writer, const struct abide_methods *methods)
{
    for (size_t i = 0; i < methods->interface->field_count; i++) {
        const struct abide_plan *plan = methods->plans[i];
        const char *name = abide_c_tables__method(writer->ctx, methods, i);
        const char *head = function_head(writer, plan, plan->caller, name);
        writer->thunk++;
        for (size_t k = 0; k < plan->inner_count; k++)
            if (!write_inner(writer, plan->inner[k], k))
                return false;
        if (!head)
            return false;
        declare_guard(writer, plan);
        ADD(writer, "static %s\n", head);
        if (!write_body(writer, plan))
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
static const char *linked(struct writer *writer, const abide_assignment *side, const char *symbol)
{
    static const char name[] = "$name";
    const char *pattern = side->physical->machine->link_name;
    if (!pattern)
        return abide__printf(writer->ctx, "ABIDE_SYMBOL \"%s\"", symbol);
    const char *place = strstr(pattern, name);
    return abide__printf(writer->ctx, "\"%.*s%s%s\"", (int)(place - pattern), pattern, symbol,
                         place + sizeof name - 1);
}

static bool check_sides(abide_ctx *ctx, const struct abide_plan *plan)
{
    return check_instructions(ctx, plan) && check_chain(ctx, plan) && check_convention(ctx, plan);
}

/* The adapters that closures lead to. */
static bool write_adapters(struct writer *writer)
{
    abide__text_add(writer->ctx, &writer->heads, "", 0);
    for (size_t i = 0; i < writer->routines.adapter_count; i++) {
        const struct abide_plan *plan = writer->routines.adapters[i]->plan;
        const char *name =
            abide_c_routines__adapter(&writer->routines, writer->routines.adapters[i]);
        writer->types.data = plan->caller->physical->machine->data;
        if (!check_sides(writer->ctx, plan))
            return false;
        const char *head = function_head(writer, plan, plan->caller, name);
        if (!head)
            return false;
        abide__text_printf(writer->ctx, &writer->heads, "static %s;\n", head);
        declare_guard(writer, plan);
        ADD(writer, "static %s\n", head);
        if (!write_body(writer, plan))
            return false;
    }
    return true;
}

static bool write_thunk(struct writer *writer, const struct abide_plan *plan, const char *symbol)
{
    if (plan->callee->physical->is_variadic || plan->caller->physical->is_variadic) {
        abide__report(
            writer->ctx, ABIDE_CODE_CANNOT_SAY_IN_C, plan->function->place,
            "portable C has no words for what an adapter does with the unnamed arguments of '%s'",
            plan->function->name);
        return false;
    }
    if (!check_sides(writer->ctx, plan))
        return false;
    for (size_t i = 0; i < plan->inner_count; i++)
        if (!write_inner(writer, plan->inner[i], i))
            return false;
    write_once_flags(writer, plan);
    if (plan->target == ABIDE_TARGET_SYMBOL) {
        const char *callee = function_head(writer, plan, plan->callee,
                                           abide__printf(writer->ctx, "target_%zu", writer->thunk));
        if (!callee)
            return false;
        ADD(writer, "extern %s __asm__(%s);\n", callee, linked(writer, plan->callee, plan->symbol));
    }
    bool is_name = is_free_name(symbol) && !plan->caller->physical->machine->link_name;
    const char *name = is_name ? symbol : abide__printf(writer->ctx, "thunk_%zu", writer->thunk);
    const char *head = function_head(writer, plan, plan->caller, name);
    if (!head)
        return false;
    ADD(writer, "%s%s;\n", head,
        is_name ? ""
                : abide__printf(writer->ctx, " __asm__(%s)", linked(writer, plan->caller, symbol)));
    declare_guard(writer, plan);
    ADD(writer, "%s\n", head);
    return write_body(writer, plan);
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
    struct writer writer = {.ctx = ctx};
    writer.types.ctx = ctx;
    bool fine = true;
    abide__text_add(ctx, &writer.text, "", 0);
    abide__text_add(ctx, &writer.types.text, "", 0);
    const char *const *symbols = abide_plan__symbols(ctx, plans, plan_count, prefix);
    if (!symbols)
        return NULL;
    size_t table_count, methods_count;
    const struct abide_constant *const *tables =
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
        checks(&writer), writer.types.text.chars, writer.heads.chars,
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
