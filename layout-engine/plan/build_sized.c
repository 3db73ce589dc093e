/* Structs that grow, on their way: memory that the adapter has itself tells how large it is. */
#include "plan/build.h"
#include "plan/sized.h"

void abide_builder__tell_size(struct abide_builder *builder, const abide_module *module,
                              const abide_type *type, const abide_type *physical,
                              struct abide_object memory)
{
    struct abide_side side = {builder->ctx, module,
                              module == builder->caller ? builder->callee : builder->caller};
    struct abide_sized sized;
    type = abide_type__strip(type);
    if (memory.kind != ABIDE_OBJECT_TEMPORARY || !abide_type__is_sized(type) ||
        !abide_sized__of(&side, type, physical, &sized) || !sized.tells_bytes)
        return;
    abide__push(builder->ctx, &builder->stores,
                ((struct abide_store){.kind = ABIDE_STORE_CONSTANT,
                                      .temporary = memory.index,
                                      .offset_bytes = sized.at_bytes,
                                      .size_bytes = (uint32_t)sized.tells_bytes,
                                      .value = sized.own_bytes}));
}

const char *abide_builder__tells_size(const struct abide_builder *builder, const abide_type *type,
                                      const abide_type *caller_type, const abide_type *callee_type)
{
    const struct abide_side caller = {builder->ctx, builder->caller, builder->callee};
    const struct abide_side callee = {builder->ctx, builder->callee, builder->caller};
    if (!abide_type__is_sized(abide_type__strip(type)) ||
        (!abide_sized__tells(&caller, type, caller_type) &&
         !abide_sized__tells(&callee, type, callee_type)))
        return NULL;
    return "how much of it is there turns out when it comes";
}
