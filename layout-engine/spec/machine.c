/* Reads the machine level of a module. */
#include "spec/machine.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/compilers.h"
#include "spec/keys.h"

#include <string.h>

/* --- facts that only adapters need --- */

enum {
    SPECIAL_STATIC_CHAIN,
    SPECIAL_INDIRECT_RESULT,
    SPECIAL_SCRATCH,
    SPECIAL_RESERVED,
    SPECIAL_ENTRY,
    SPECIAL_GP,
    SPECIAL_TOC,
    SPECIAL_CONTEXT,
    SPECIAL_ERROR,
    SPECIAL_SELF,
    SPECIAL_KEYS
};
#define REGISTERS (ABIDE_SHAPE_SCALAR | ABIDE_SHAPE_SEQUENCE)
static const struct abide_key special_keys[SPECIAL_KEYS] = {
    {"static_chain", REGISTERS, false, "register of a nested function's environment",
     ABIDE_HOLDS("registers")},
    {"indirect_result", REGISTERS, false, "register of the hidden result address",
     ABIDE_HOLDS("registers")},
    {"scratch", REGISTERS, false, "registers that an adapter may destroy",
     ABIDE_HOLDS("registers")},
    {"reserved", REGISTERS, false, "registers that belong to the platform",
     ABIDE_HOLDS("registers")},
    {"entry", REGISTERS, false, "register that holds the callee's own address at a call",
     ABIDE_HOLDS("registers")},
    {"gp", REGISTERS, false, "register of the global pointer", ABIDE_HOLDS("registers")},
    {"toc", REGISTERS, false, "register of the table of contents", ABIDE_HOLDS("registers")},
    {"context", REGISTERS, false, "register of a closure's context", ABIDE_HOLDS("registers")},
    {"error", REGISTERS, false, "register of an error", ABIDE_HOLDS("registers")},
    {"self", REGISTERS, false, "register of the receiver", ABIDE_HOLDS("registers")},
};
const struct abide_schema abide_machine__special_schema = {"'special'", special_keys, SPECIAL_KEYS};

enum {
    VARIADIC_VECTOR_COUNT,
    VARIADIC_HOME,
    VARIADIC_AREA,
    VARIADIC_LIST,
    VARIADIC_SOURCE,
    VARIADIC_KEYS
};
static const struct abide_key variadic_keys[VARIADIC_KEYS] = {
    {"vector_count", ABIDE_SHAPE_SCALAR, false,
     "register that holds how many vector registers a variadic call uses", NULL},
    {"home", ABIDE_SHAPE_SCALAR, false, "bytes that the caller of a variadic function reserves",
     ABIDE_NUMBER},
    {"area", ABIDE_SHAPE_SCALAR, false,
     "a bank whose next register holds the address of the unnamed arguments", NULL},
    {"list", ABIDE_SHAPE_MAPPING, false, "a list of unnamed arguments, where they lie in a row",
     ABIDE_HOLDS("list")},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_machine__variadic_schema = {"'variadic'", variadic_keys,
                                                            VARIADIC_KEYS};

const struct abide_word abide_machine__list_fields[] = {
    {"address", "the address of the next unnamed argument"},
    {NULL, NULL},
};

enum { LIST_SLOT, LIST_OVER, LIST_KEYS };
static const struct abide_key list_keys[LIST_KEYS] = {
    {"slot", ABIDE_SHAPE_SCALAR, true, "bytes that each unnamed argument takes there at least",
     ABIDE_NUMBER},
    {"over", ABIDE_SHAPE_MAPPING, false,
     "what the fields of the list hold: a number, or `address`; without it the list is the "
     "address",
     ABIDE_HOLDS("{list_field|nothing}")},
};
const struct abide_schema abide_machine__list_schema = {"'list'", list_keys, LIST_KEYS};

enum { HIDDEN_EXCLUSIVE, HIDDEN_SOURCE, HIDDEN_KEYS };
static const struct abide_key hidden_keys[HIDDEN_KEYS] = {
    {"exclusive", ABIDE_SHAPE_SCALAR, false,
     "nothing else points to a result's memory until the call returns", ABIDE_FLAG},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_machine__hidden_schema = {"'hidden'", hidden_keys, HIDDEN_KEYS};

static const char *single(struct abide_words words)
{
    return words.count ? words.items[0] : NULL;
}

static void read_special(abide_ctx *ctx, struct abide_module *module,
                         const struct abide_registers *registers, const struct abide_yaml *node)
{
    const struct abide_yaml *values[SPECIAL_KEYS];
    if (!node || !abide_schema__read(ctx, &abide_machine__special_schema, node, values))
        return;
    struct abide_words words[SPECIAL_KEYS] = {{0}};
    for (size_t i = 0; i < SPECIAL_KEYS; i++) {
        if (!values[i])
            continue;
        words[i] = abide_registers__declared(ctx, registers, values[i]);
        if (words[i].count != 1 && i != SPECIAL_SCRATCH && i != SPECIAL_RESERVED)
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[i]->place, "expected one register");
    }
    module->static_chain_register = single(words[SPECIAL_STATIC_CHAIN]);
    module->indirect_result_register = single(words[SPECIAL_INDIRECT_RESULT]);
    module->scratch = words[SPECIAL_SCRATCH].items;
    module->scratch_count = words[SPECIAL_SCRATCH].count;
}

static const struct abide_bank *find_bank(abide_ctx *ctx, const struct abide_module *module,
                                          const struct abide_yaml *name)
{
    for (size_t i = 0; i < module->bank_count; i++)
        if (name->text && strcmp(module->banks[i]->name, name->text) == 0)
            return module->banks[i];
    abide__report(ctx, ABIDE_CODE_UNKNOWN_BANK, name->place, "no bank %s",
                  abide__quote(ctx, name->text ? name->text : ""));
    return NULL;
}

static bool read_list_field(abide_ctx *ctx, const struct abide_yaml_entry *entry,
                            struct abide_list_field *field)
{
    *field = (struct abide_list_field){.name = entry->key->text, .place = entry->value->place};
    field->is_address = entry->value->kind == ABIDE_YAML_SCALAR &&
                        strcmp(entry->value->text, abide_machine__list_fields[0].name) == 0;
    return field->is_address || abide_schema__int(ctx, entry->value, &field->value);
}

static void read_list(abide_ctx *ctx, struct abide_unnamed_list *list,
                      const struct abide_yaml *node)
{
    const struct abide_yaml *values[LIST_KEYS];
    uint64_t slot_bytes = 0;
    if (!abide_schema__read(ctx, &abide_machine__list_schema, node, values) ||
        !abide_schema__uint(ctx, values[LIST_SLOT], 64, &slot_bytes))
        return;
    list->slot_bytes = (uint32_t)slot_bytes;
    if (!values[LIST_OVER])
        return;
    size_t count = values[LIST_OVER]->entry_count, addresses = 0;
    struct abide_list_field *fields = abide__new_array(ctx, struct abide_list_field, count);
    for (size_t i = 0; i < count; i++) {
        if (!read_list_field(ctx, abide_yaml__entry(values[LIST_OVER], i), &fields[i]))
            return;
        addresses += fields[i].is_address;
    }
    list->fields = fields;
    list->field_count = count;
    if (addresses != 1)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[LIST_OVER]->place,
                      "expected one field that is `address`");
}

static void read_variadic(abide_ctx *ctx, struct abide_module *module,
                          const struct abide_registers *registers,
                          const struct abide_yaml *const *values)
{
    uint64_t home = 0;
    if (values[VARIADIC_VECTOR_COUNT])
        module->vector_count_register =
            abide_registers__one(ctx, registers, values[VARIADIC_VECTOR_COUNT]);
    if (values[VARIADIC_HOME] && abide_schema__uint(ctx, values[VARIADIC_HOME], 4096, &home))
        module->variadic_home_bytes = (uint32_t)home;
    if (values[VARIADIC_AREA])
        module->variadic_area = find_bank(ctx, module, values[VARIADIC_AREA]);
    if (values[VARIADIC_LIST])
        read_list(ctx, &module->unnamed_list, values[VARIADIC_LIST]);
}

static void check_words(abide_ctx *ctx, const struct abide_yaml *list)
{
    for (size_t i = 0; list && i < list->entry_count; i++)
        if (abide_yaml__at(list, i)->kind != ABIDE_YAML_SCALAR)
            abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, abide_yaml__at(list, i)->place,
                          "expected a word");
}

/* It becomes part of texts that assemblers and compilers read. */
static void read_link_name(abide_ctx *ctx, struct abide_module *module,
                           const struct abide_yaml *node)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$@?";
    if (!node)
        return;
    module->link_name = node->text;
    if (node->kind != ABIDE_YAML_SCALAR || !strstr(node->text, "$name") ||
        node->text[strspn(node->text, letters)] != '\0')
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place,
                      "expected a pattern with $name, such as _$name");
}

static void read_facts(abide_ctx *ctx, struct abide_module *module,
                       const struct abide_registers *registers, const struct abide_yaml *tree)
{
    const struct abide_yaml *values[HIDDEN_KEYS + VARIADIC_KEYS];
    const struct abide_yaml *variadic = abide_yaml__get(tree, "variadic");
    if (variadic && abide_schema__read(ctx, &abide_machine__variadic_schema, variadic, values))
        read_variadic(ctx, module, registers, values);
    const struct abide_yaml *hidden = abide_yaml__get(tree, "hidden");
    if (hidden && abide_schema__read(ctx, &abide_machine__hidden_schema, hidden, values) &&
        values[HIDDEN_EXCLUSIVE])
        abide_schema__bool(ctx, values[HIDDEN_EXCLUSIVE], &module->hidden_exclusive);
    const struct abide_yaml *preserved = abide_yaml__get(tree, "preserved");
    if (preserved) {
        struct abide_words words = abide_registers__declared(ctx, registers, preserved);
        module->preserved = words.items;
        module->preserved_count = words.count;
    }
    check_words(ctx, abide_yaml__get(tree, "conventions"));
    read_link_name(ctx, module, abide_yaml__get(tree, "link_name"));
}

/* --- banks and stack --- */

static void read_banks(abide_ctx *ctx, struct abide_module *module,
                       const struct abide_registers *registers, const struct abide_yaml *tree)
{
    module->banks =
        abide_banks__read(ctx, registers, abide_yaml__get(tree, "banks"), &module->bank_count);
    const struct abide_yaml *returns = abide_yaml__get(tree, "return_banks");
    if (returns && returns->kind == ABIDE_YAML_SCALAR) {
        if (strcmp(returns->text, "same") != 0)
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, returns->place,
                          "expected banks, or `same` for those of the arguments");
        module->return_banks = module->banks;
        module->return_bank_count = module->bank_count;
        return;
    }
    module->return_banks = abide_banks__read(ctx, registers, returns, &module->return_bank_count);
}

/* In a block a register stands for a position, so its banks have the width of a slot unless they count on their own. */
static void check_block_banks(abide_ctx *ctx, const struct abide_stack *area,
                              const struct abide_bank *const *banks, size_t count)
{
    for (size_t i = 0; area->is_block && i < count; i++)
        if (banks[i]->overflow && banks[i]->overflow->own_counter)
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, banks[i]->place,
                          "bank '%s' overflows into one that has no positions", banks[i]->name);
}

static void read_areas(abide_ctx *ctx, struct abide_module *module, const struct abide_yaml *tree)
{
    const struct abide_yaml *stack = abide_yaml__get(tree, "stack");
    const struct abide_yaml *block = abide_yaml__get(tree, "block");
    const struct abide_yaml *return_block = abide_yaml__get(tree, "return_block");
    if (stack && block)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, block->place,
                      "a module has either `stack` or `block`");
    if (!stack && !block)
        abide__report(ctx, ABIDE_CODE_MISSING_KEY, tree->place,
                      "a machine module needs the key 'stack' or 'block'");
    module->stack =
        abide_stack__read(ctx, block ? block : stack, block != NULL, module->pointer_bytes);
    module->return_stack =
        abide_stack__read(ctx, return_block, return_block != NULL, module->pointer_bytes);
    if (!return_block) {
        module->return_stack = module->stack;
        module->return_stack.is_block = false;
    }
    check_block_banks(ctx, &module->stack, module->banks, module->bank_count);
}

void abide_machine__read(abide_ctx *ctx, struct abide_module *module, const struct abide_yaml *tree,
                         const struct abide_option_decl *options, size_t option_count,
                         uint32_t serial)
{
    const struct abide_registers *registers =
        abide_registers__read(ctx, abide_yaml__get(tree, "registers"));
    module->data = abide_data__read(ctx, module, abide_yaml__get(tree, "data"), serial);
    read_banks(ctx, module, registers, tree);
    read_areas(ctx, module, tree);
    struct abide_condition_scope *scope =
        abide_condition__scope(ctx, module, tree, options, option_count);
    abide_calls__read(ctx, module, registers, tree);
    abide_rules__read_budget_banks(ctx, module, tree);
    module->rules_text = abide__new(ctx, struct abide_rules_text);
    *module->rules_text = (struct abide_rules_text){
        .ctx = ctx, .module = module, .tree = tree, .scope = scope, .registers = registers};
    if (!module->is_built_in)
        abide_module__rules(module);
    abide_compilers__read(ctx, module, tree, scope);
    if (!module->is_built_in)
        abide_condition__read_named(ctx, scope);
    read_special(ctx, module, registers, abide_yaml__get(tree, "special"));
    read_facts(ctx, module, registers, tree);
}
