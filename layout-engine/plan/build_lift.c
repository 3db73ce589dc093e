/* Values that moving bytes cannot convert: a routine is called with their addresses. */
#include "plan/build.h"
#include "plan/flatten.h"

const abide_type *abide_builder__in_memory(const struct abide_side *side, const abide_type *type,
                                           const abide_type *physical, bool to_memory,
                                           struct abide_runs *runs)
{
    abide_ctx *ctx = side->ctx;
    const struct abide_data_model *data = side->module->machine->data;
    struct abide_representing how = {
        .module = side->module, .foreign = side->foreign, .quiet = true};
    if (physical->flat_of) {
        const abide_type *memory = abide_represent__as(ctx, &how, type);
        if (memory && !abide_flatten__runs(side, type, memory, physical, !to_memory, runs))
            return memory;
        runs->count = 0;
    }
    const abide_layout *layout = abide_layout__physical(ctx, data, physical);
    if (!layout)
        return NULL;
    abide_runs__add(ctx, runs,
                    (struct abide_run){.from_size_bytes = layout->size_bytes,
                                       .to_size_bytes = layout->size_bytes});
    return physical;
}

static const char *name_of(const struct abide_param *param)
{
    return !param ? "the result" : param->name ? param->name : "an argument";
}

static struct abide_lifting lifting_of(const struct abide_builder *builder,
                                       struct abide_crossing crossing,
                                       const struct abide_param *param)
{
    const char *name = param ? param->name : "result";
    return (struct abide_lifting){.crossing = crossing,
                                  .iface = builder->plan->iface,
                                  .function = builder->plan->function->name,
                                  .owner = builder->plan->function,
                                  .duties = abide_builder__duties(builder, crossing),
                                  .parameter = name ? name : ""};
}

static void store(struct abide_builder *builder, struct abide_object header, uint64_t offset_bytes,
                  struct abide_store word)
{
    word.temporary = header.index;
    word.offset_bytes = offset_bytes;
    word.size_bytes = (uint32_t)abide_builder__pointer_bytes(builder);
    abide__push(builder->ctx, &builder->stores, word);
}

/* Alignment of the buffer: of everything that a malloc gives memory for. */
static uint64_t buffer_align_bytes(const struct abide_builder *builder)
{
    return 2 * abide_builder__pointer_bytes(builder);
}

/* What lives until the call returns: one for all values. */
static struct abide_object frame_of(struct abide_builder *builder)
{
    uint64_t pointer_bytes = abide_builder__pointer_bytes(builder);
    if (builder->has_frame)
        return builder->frame;
    builder->has_frame = true;
    builder->frame =
        abide_builder__temporary(builder, abide_lift__frame_bytes(pointer_bytes), pointer_bytes,
                                 true, "what is made for the time of the call");
    struct abide_object buffer = abide_builder__temporary(
        builder, ABIDE_LIFT_FRAME_BUFFER_BYTES, buffer_align_bytes(builder), false,
        "room for it, before memory is allocated");
    store(builder, builder->frame, abide_lift__frame_next_bytes(pointer_bytes),
          (struct abide_store){.kind = ABIDE_STORE_ADDRESS, .value = buffer.index});
    store(
        builder, builder->frame, abide_lift__frame_left_bytes(pointer_bytes),
        (struct abide_store){.kind = ABIDE_STORE_CONSTANT, .value = ABIDE_LIFT_FRAME_BUFFER_BYTES});
    return builder->frame;
}

static const char *words_of_drop(const struct abide_builder *builder,
                                 const struct abide_dropping *dropping)
{
    abide_ctx *ctx = builder->ctx;
    const char *name = name_of(dropping->param);
    if (dropping->module != builder->caller)
        return abide__printf(ctx, "let go of %s, of which %s has its own by now", name,
                             builder->callee->name);
    unsigned rest = dropping->what & ~(unsigned)ABIDE_RELEASE_LOANS;
    if (dropping->what == ABIDE_RELEASE_LOANS ||
        (dropping->what & ABIDE_RELEASE_LOANS && !abide_lift__releases(ctx, dropping->type, rest)))
        return abide__printf(ctx, "drop the borrowed handles of %s, which %s counts", name,
                             builder->caller->name);
    const char *what =
        rest == ABIDE_RELEASE_LENT ? abide__printf(ctx, "what is lent in %s", name) : name;
    return abide__printf(ctx, "release %s, which %s gave away and %s only borrowed", what,
                         builder->caller->name, builder->callee->name);
}

static bool drop_step(struct abide_builder *builder, const struct abide_dropping *dropping,
                      const char *words, struct abide_copy_step *step)
{
    struct abide_lifting lifting = lifting_of(builder, dropping->crossing, dropping->param);
    const char *help = NULL;
    *step = (struct abide_copy_step){.from = dropping->value, .releases = true, .words = words};
    lifting.releases = dropping->what;
    const char *reason = abide_lift__drop(&lifting, dropping->module, dropping->type,
                                          dropping->physical, &step->routine, &help);
    return !reason || abide_builder__refuse(builder, dropping->param, reason, help);
}

bool abide_builder__drop(struct abide_builder *builder, const struct abide_dropping *dropping)
{
    struct abide_copy_step drop;
    if (!drop_step(builder, dropping, words_of_drop(builder, dropping), &drop))
        return false;
    if (drop.routine)
        abide__push(builder->ctx, &builder->cleanup, drop);
    return true;
}

bool abide_builder__drop_old(struct abide_builder *builder, size_t param, size_t argument,
                             struct abide_copy_step *step)
{
    *step = (struct abide_copy_step){0};
    if (!builder->caller->language->out.zeroed)
        return true;
    const struct abide_dropping old = {
        .param = &builder->signature->params[param],
        .crossing = abide_builder__inward(builder),
        .module = builder->caller,
        .type = builder->signature->params[param].type,
        .physical = builder->plan->caller->physical->params[argument].value_type,
        .value = abide_builder__argument(builder, argument),
        .what = ABIDE_RELEASE_MADE};
    const char *words =
        abide__printf(builder->ctx, "release what %s held before the call", name_of(old.param));
    return drop_step(builder, &old, words, step);
}

static const char general_help[] =
    "give the type a representation that both sides share, such as `base:` on an enum, or pass it "
    "behind a pointer to an opaque type";

static const char *words_for(abide_ctx *ctx, const struct abide_conversion *step)
{
    return abide__printf(ctx, "convert %s, %s, from the form of %s to that of %s (%s)",
                         name_of(step->param), abide_type_print(ctx, step->type),
                         step->crossing.from->name, step->crossing.to->name, step->why);
}

static bool is_memory(const struct abide_object *object)
{
    return object->kind == ABIDE_OBJECT_POINTEE || object->kind == ABIDE_OBJECT_RESULT_MEMORY;
}

/* A value that one side passes in memory is copied when it is converted, as it would be if its bytes were only moved. */
static void charge_copy(struct abide_builder *builder, const struct abide_conversion *step)
{
    const abide_layout *layout =
        abide_layout__physical(builder->ctx, step->crossing.to->machine->data, step->to_type);
    if (!layout || (!is_memory(&step->from) && !is_memory(&step->to)))
        return;
    builder->copied_bytes += layout->size_bytes;
    abide_builder__charge(builder, step->index, ABIDE_COST_COPY, step->why);
}

bool abide_builder__lift(struct abide_builder *builder, const struct abide_conversion *step)
{
    struct abide_lifting lifting = lifting_of(builder, step->crossing, step->param);
    struct abide_lifted lifted = {0};
    const char *help = NULL;
    lifting.takes_all = step->takes_all;
    lifting.passes_resources = step->passes_resources;
    const char *reason = abide_lift__convert(&lifting, step->type, step->from_type, step->to_type,
                                             step->transfer, &lifted, &help);
    if (reason)
        return abide_builder__refuse(builder, step->param, reason, help ? help : general_help);
    if (step->must_outlive && lifted.lives_in_frame)
        return abide_builder__refuse(
            builder, step->param,
            abide__printf(builder->ctx,
                          "the caller would get a converted copy that ends with the call, "
                          "since %s",
                          step->why),
            "let it be given away (`own`, no `from`), or choose a form that both sides share");
    struct abide_copy_step call = {.from = step->from,
                                   .to = step->to,
                                   .routine = lifted.routine,
                                   .words = words_for(builder->ctx, step)};
    if (lifted.lives_in_frame && step->index != SIZE_MAX)
        builder->ends_with_call[step->index] = true;
    /* A routine that does not use the frame may take one all the same. */
    call.frame = lifted.uses_frame ? frame_of(builder) : step->to;
    if (step->after_call)
        abide__push(builder->ctx, &builder->after, call);
    else
        abide__push(builder->ctx, &builder->before, call);
    abide_builder__charge(builder, step->index, lifted.cost, step->why);
    charge_copy(builder, step);
    return true;
}

struct abide_object abide_builder__unflatten(struct abide_builder *builder,
                                             const struct abide_side *side,
                                             const struct abide_param *param,
                                             struct abide_object words, const abide_type **type)
{
    abide_ctx *ctx = builder->ctx;
    struct abide_crossing at_home = {ctx, side->module, side->module};
    struct abide_representing how = {
        .module = side->module, .foreign = side->foreign, .quiet = true};
    struct abide_lifting lifting = lifting_of(builder, at_home, param);
    struct abide_lifted lifted = {0};
    lifting.duties = (struct abide_callback_duties){0}; /* it stays where it is */
    const abide_type *memory = abide_represent__as(ctx, &how, param->type);
    const abide_layout *layout =
        memory ? abide_layout__physical(ctx, side->module->machine->data, memory) : NULL;
    if (!layout ||
        abide_lift__convert(&lifting, param->type, *type, memory, ABIDE_TRANSFER_BORROW, &lifted,
                            NULL) ||
        lifted.uses_frame)
        return words;
    struct abide_object value = abide_builder__temporary(
        builder, layout->size_bytes, layout->align_bytes, false,
        abide__printf(ctx, "%s, put together", param->name ? param->name : "argument"));
    struct abide_copy_step step = {
        .from = words,
        .to = value,
        .frame = value,
        .routine = lifted.routine,
        .words =
            abide__printf(ctx, "put %s together from its words, as its case says", name_of(param))};
    abide__push(ctx, &builder->before, step);
    *type = memory;
    return value;
}
