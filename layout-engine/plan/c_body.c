/* The body of an adapter as portable C: temporaries, arguments, the call, results. */
#include "plan/c_runs.h"
#include "plan/c_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

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

static const char *result_memory(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    size_t out = out_argument(plan);
    return out == SIZE_MAX ? "&result" : abide__printf(writer->ctx, "a%zu", out);
}

const char *abide_c__address(struct abide_c_writer *writer, const struct abide_plan *plan,
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

static void write_runs(struct abide_c_writer *writer, const char *to, const char *from,
                       const struct abide_run *runs, size_t run_count)
{
    const struct abide_c_sink sink = {writer->ctx, &writer->text, "    ", &writer->converted};
    abide_c__runs(&sink, to, from, runs, run_count);
}

static void write_conversion(struct abide_c_writer *writer, const struct abide_plan *plan,
                             const struct abide_copy_step *step)
{
    const struct abide_object *objects[] = {&step->from, &step->to, &step->frame};
    assert(step->routine->parameter_count <= 3);
    ADD(writer, "    %s(", abide_c_routines__name(&writer->routines, step->routine));
    for (size_t i = 0; i < step->routine->parameter_count; i++)
        ADD(writer, "%s(uintptr_t)(%s)", i ? ", " : "", abide_c__address(writer, plan, objects[i]));
    ADD(writer, ");\n");
}

static void write_steps(struct abide_c_writer *writer, const struct abide_plan *plan,
                        const struct abide_copy_step *steps, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (steps[i].routine)
            write_conversion(writer, plan, &steps[i]);
        else
            write_runs(writer, abide_c__address(writer, plan, &steps[i].to),
                       abide_c__address(writer, plan, &steps[i].from), steps[i].runs,
                       steps[i].run_count);
}

static void write_store(struct abide_c_writer *writer, const struct abide_plan *plan,
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
            abide_c__address(writer, plan, &store->unless_null), n);
        ADD(writer, "    if (s%zu)\n        s%zu = (void *)abide_inner_%zu_%" PRIu64 ";\n", n, n,
            writer->thunk, store->value);
        break;
    case ABIDE_STORE_ADDRESS:
        ADD(writer, "    void *s%zu = t%" PRIu64 " + %" PRIu64 ";\n", n, store->value,
            store->address_offset_bytes);
        break;
    case ABIDE_STORE_OBJECT:
        ADD(writer, "    void *s%zu = (void *)(%s);\n", n,
            abide_c__address(writer, plan, &store->unless_null));
        break;
    }
    ADD(writer, "    memcpy(t%zu + %" PRIu64 ", &s%zu, sizeof s%zu);\n", store->temporary,
        store->offset_bytes, n, n);
}

static void write_stores(struct abide_c_writer *writer, const struct abide_plan *plan,
                         bool are_late)
{
    for (size_t i = 0; i < plan->store_count; i++)
        if (abide_store__is_late(plan, &plan->stores[i]) == are_late)
            write_store(writer, plan, &plan->stores[i]);
}

/* The caller's argument as it is, where that is what the callee gets; else NULL. */
static const char *forwarded(struct abide_c_writer *writer, const struct abide_plan *plan,
                             size_t index)
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
        abide_c__type_name(writer, plan, plan->caller->physical->params[feed->object.index].type);
    const char *to_name = abide_c__type_name(writer, plan, to);
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
static bool write_feed(struct abide_c_writer *writer, const struct abide_plan *plan, size_t index)
{
    const struct abide_feed *feed = &plan->feeds[index];
    const char *name = abide_c__type_name(writer, plan, plan->callee->physical->params[index].type);
    uint64_t size_bytes = plan->callee->arguments[index].size_bytes;
    const char *zeros =
        size_bytes ? " = {0};\n" : ";\n"; /* what has no members has no initializer */
    if (!name)
        return false;
    if (forwarded(writer, plan, index))
        return true;
    ADD(writer, "    %s%sb%zu", name, abide_c__ends_in_star(name) ? "" : " ", index);
    const char *from = reads_object(feed) ? abide_c__address(writer, plan, &feed->object) : NULL;
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
static const char *target(struct abide_c_writer *writer, const struct abide_plan *plan,
                          const abide_assignment *callee)
{
    if (plan->target == ABIDE_TARGET_SYMBOL)
        return abide__printf(writer->ctx, "target_%zu", writer->thunk);
    const char *type = abide_c__pointer_type(writer, plan, callee);
    return type ? abide__printf(writer->ctx, "((%s)code)", type) : NULL;
}

/* "f(a0, b1)", without argument `skipped`, after `before`. */
static bool write_one_call(struct abide_c_writer *writer, const struct abide_plan *plan,
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
static bool returns_directly(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    if (!has_result(plan->caller) || !has_result(plan->callee) || plan->answers_invalid ||
        plan->unwinds)
        return false;
    const char *from = abide_c__type_name(writer, plan, plan->callee->physical->result.type);
    const char *to = abide_c__type_name(writer, plan, plan->caller->physical->result.type);
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

static bool write_call(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    const char *before = "";
    if (returns_directly(writer, plan)) {
        before = "return ";
    } else if (has_result(plan->callee) && needs_result(plan)) {
        const char *name = abide_c__type_name(writer, plan, plan->callee->physical->result.type);
        if (!name)
            return false;
        ADD(writer, "    %s%sr;\n", name, abide_c__ends_in_star(name) ? "" : " ");
        before = "r = ";
    }
    if (plan->target == ABIDE_TARGET_POINTER)
        ADD(writer, "    void *code;\n    memcpy(&code, %s, sizeof code);\n",
            abide_c__address(writer, plan, &plan->code));
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
static void write_after(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    size_t first_at_last = plan->after_count - plan->at_last_count;
    write_steps(writer, plan, plan->after, 0, plan->at_once_count);
    abide_c__write_hooks(writer, plan, ABIDE_HOOK_AFTER_CALL);
    if (plan->hidden.kind == ABIDE_FEED_ADDRESS)
        ADD(writer, "    memcpy(%s, &r, sizeof r);\n",
            abide_c__address(writer, plan, &plan->hidden.object));
    write_steps(writer, plan, plan->after, plan->at_once_count, first_at_last);
    for (size_t i = 0; i < plan->back_count; i++)
        write_runs(writer, abide__printf(writer->ctx, "a%zu", plan->back[i].argument),
                   abide_c__address(writer, plan, &plan->back[i].object), plan->back[i].runs,
                   plan->back[i].run_count);
    abide_c__write_hooks(writer, plan, ABIDE_HOOK_LAST);
    write_steps(writer, plan, plan->after, first_at_last, plan->after_count);
    bool is_returned = has_result(plan->caller) && plan->caller->result.pass != ABIDE_PASS_HIDDEN &&
                       plan->result.kind == ABIDE_RETURN_VALUE;
    if (is_returned)
        write_runs(writer, "&result", abide_c__address(writer, plan, &plan->result.object),
                   plan->result.runs, plan->result.run_count);
    if (has_result(plan->caller))
        ADD(writer, "    return result;\n");
}

/* The variable that is returned. */
static bool write_result(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    if (!has_result(plan->caller))
        return true;
    const char *name = abide_c__type_name(writer, plan, plan->caller->physical->result.type);
    if (!name)
        return false;
    ADD(writer, "    %s%sresult;\n", name, abide_c__ends_in_star(name) ? "" : " ");
    return true;
}

/* Where something invalid came, the adapter itself answers. */
static void write_answer(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    if (!plan->answers_invalid)
        return;
    size_t n = writer->converted++;
    ADD(writer, "    uintptr_t s%zu;\n    memcpy(&s%zu, %s, sizeof s%zu);\n    if (s%zu) {\n", n, n,
        abide_c__address(writer, plan, &plan->invalid), n, n);
    write_steps(writer, plan, plan->answer, 0, plan->answer_count);
    if (has_result(plan->caller) && plan->caller->result.pass != ABIDE_PASS_HIDDEN &&
        plan->answered.kind == ABIDE_RETURN_VALUE)
        write_runs(writer, "&result", abide_c__address(writer, plan, &plan->answered.object),
                   plan->answered.runs, plan->answered.run_count);
    abide_c__write_hooks(writer, plan, ABIDE_HOOK_LAST);
    ADD(writer, "    return%s;\n    }\n", has_result(plan->caller) ? " result" : "");
}

bool abide_c__write_body(struct abide_c_writer *writer, const struct abide_plan *plan)
{
    bool is_direct = returns_directly(writer, plan);
    ADD(writer, "{\n");
    if (!is_direct && !write_result(writer, plan))
        return false;
    abide_c__write_hooks(writer, plan, ABIDE_HOOK_FIRST);
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
    abide_c__write_hooks(writer, plan, ABIDE_HOOK_BEFORE_CALL);
    abide_c__write_guard(writer, plan);
    if (!write_call(writer, plan))
        return false;
    abide_c__clear_guard(writer, plan);
    if (!is_direct)
        write_after(writer, plan);
    ADD(writer, "}\n\n");
    return true;
}
