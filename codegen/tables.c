/* A table is a packed struct: entries at their offsets, and zero bytes between them. */
#include "tables.h"

#include "routine.h"
#include "thunk.h"

#include <inttypes.h>

/* Of all tables: no module knows a larger alignment of what can stand in one. */
#define TABLE_ALIGN_BYTES 16

struct made_table {
    const struct abide_routine_constant *table;
    LLVMTypeRef type;
    LLVMValueRef global;
};

/* The functions of one side's methods, of which several tables may be made. */
struct made_methods {
    const struct abide_methods *methods;
    LLVMValueRef *functions;
};

struct abide_made_tables {
    ABIDE_VEC(struct made_table) tables;
    ABIDE_VEC(struct made_methods) methods;
};

static struct abide_made_tables *made_of(struct abide_emission *e)
{
    if (!e->tables)
        e->tables = abide__new(e->ctx, struct abide_made_tables);
    return e->tables;
}

typedef ABIDE_VEC(LLVMTypeRef) type_list;
typedef ABIDE_VEC(LLVMValueRef) value_list;

static void add_gap(struct abide_emission *e, type_list *types, uint64_t size_bytes)
{
    if (size_bytes)
        abide__push(e->ctx, types, abide_llvm_array(e->byte, size_bytes));
}

static LLVMTypeRef type_of(struct abide_emission *e, const struct abide_routine_constant *table)
{
    type_list types = {0};
    uint64_t end_bytes = 0;
    for (size_t i = 0; i < table->entry_count; i++) {
        const struct abide_constant_entry *entry = &table->entries[i];
        add_gap(e, &types, entry->offset_bytes - end_bytes);
        abide__push(e->ctx, &types,
                    entry->kind == ABIDE_TABLE_NUMBER
                        ? LLVMIntTypeInContext(e->context, entry->size_bytes * 8)
                        : e->pointer);
        end_bytes = entry->offset_bytes + entry->size_bytes;
    }
    add_gap(e, &types, table->size_bytes - end_bytes);
    return LLVMStructTypeInContext(e->context, types.items, (unsigned)types.count, true);
}

LLVMValueRef abide_table__address(struct abide_emission *e,
                                  const struct abide_routine_constant *table)
{
    struct abide_made_tables *made = made_of(e);
    for (size_t i = 0; i < made->tables.count; i++)
        if (made->tables.items[i].table == table)
            return made->tables.items[i].global;
    struct made_table one = {.table = table, .type = type_of(e, table)};
    const char *name = abide__printf(e->ctx, "abide.%s.%" PRIu32, table->name, table->serial);
    one.global = LLVMAddGlobal(e->module, one.type, name);
    LLVMSetGlobalConstant(one.global, true);
    LLVMSetLinkage(one.global, LLVMInternalLinkage);
    LLVMSetAlignment(one.global, TABLE_ALIGN_BYTES);
    abide__push(e->ctx, &made->tables, one);
    return one.global;
}

/* NULL: reported. */
static const LLVMValueRef *functions_of(struct abide_emission *e,
                                        const struct abide_methods *methods)
{
    struct abide_made_tables *made = made_of(e);
    for (size_t i = 0; i < made->methods.count; i++)
        if (made->methods.items[i].methods == methods)
            return made->methods.items[i].functions;
    size_t count = methods->interface->field_count;
    struct made_methods one = {methods, abide__new_array(e->ctx, LLVMValueRef, count + 1)};
    abide__push(e->ctx, &made->methods, one);
    for (size_t i = 0; i < count; i++) {
        const char *name = abide__printf(e->ctx, "abide.%s.%s.%" PRIu32, methods->interface->name,
                                         methods->interface->fields[i].name, methods->serial);
        one.functions[i] = abide_thunk__emit(e, methods->plans[i], name, true);
        if (!one.functions[i])
            return NULL;
    }
    return one.functions;
}

static bool fill(struct abide_emission *e, const struct made_table *made)
{
    const struct abide_routine_constant *table = made->table;
    const LLVMValueRef *functions = functions_of(e, table->methods);
    value_list values = {0};
    uint64_t end_bytes = 0;
    if (!functions)
        return false;
    for (size_t i = 0; i < table->entry_count; i++) {
        const struct abide_constant_entry *entry = &table->entries[i];
        if (entry->offset_bytes > end_bytes)
            abide__push(e->ctx, &values,
                        LLVMConstNull(abide_llvm_array(e->byte, entry->offset_bytes - end_bytes)));
        LLVMValueRef value =
            entry->kind == ABIDE_TABLE_NUMBER
                ? LLVMConstInt(LLVMIntTypeInContext(e->context, entry->size_bytes * 8),
                               entry->number, false)
            : entry->kind == ABIDE_TABLE_ROUTINE ? abide_routine__function(e, entry->routine)
                                                 : functions[entry->number];
        abide__push(e->ctx, &values, value);
        end_bytes = entry->offset_bytes + entry->size_bytes;
    }
    if (table->size_bytes > end_bytes)
        abide__push(e->ctx, &values,
                    LLVMConstNull(abide_llvm_array(e->byte, table->size_bytes - end_bytes)));
    LLVMSetInitializer(made->global, LLVMConstStructInContext(e->context, values.items,
                                                              (unsigned)values.count, true));
    return true;
}

/* Functions in tables ask for no tables that routines have not asked for, and routines are written before. */
bool abide_tables__write(struct abide_emission *e)
{
    bool fine = true;
    for (size_t i = 0; e->tables && i < e->tables->tables.count; i++)
        fine = fill(e, &e->tables->tables.items[i]) && fine;
    return fine;
}
