/* The model: what C sees of an interface under one ABI. */
#include "bind.h"
#include "prose.h"

#include <ctype.h>
#include <string.h>

static bool is_kind(const abide_type *type, const char *kind)
{
    return strcmp(abide_type_kind_name(type), kind) == 0;
}

const char *take_failure(struct cli *cli)
{
    size_t count = abide_ctx_diag_count(cli->ctx);
    const abide_diag *diag = count ? abide_ctx_diag_at(cli->ctx, count - 1) : NULL;
    if (!diag)
        return "it has no form under this ABI";
    if (strcmp(abide_diag_id(diag), "out-of-memory") == 0)
        return NULL;
    const char *message = abide_diag_message(diag);
    message = cli_copy(message, strlen(message));
    abide_ctx_clear_diags(cli->ctx);
    return message;
}

/* ---- items ---- */

static const struct shape *shape_of(struct model *model, const abide_type *type, const char *where,
                                    bool by_value);

static void add_item(struct item ***items, size_t *count, size_t *capacity, struct item *item)
{
    if (*count == *capacity) {
        *capacity = *count ? 2 * *count : 32;
        struct item **copy = cli_alloc(*capacity, sizeof(struct item *));
        if (*count)
            memcpy(copy, *items, *count * sizeof(struct item *));
        *items = copy;
    }
    (*items)[(*count)++] = item;
}

/* A name as all languages can have it, but for keywords. */
static const char *plain(const char *name)
{
    char *copy = cli_copy(name, strlen(name));
    size_t length = 0;
    for (size_t i = 0; copy[i]; i++) {
        bool is_plain = isalnum((unsigned char)copy[i]) != 0;
        if (is_plain || (length && copy[length - 1] != '_'))
            copy[length++] = (char)(is_plain ? copy[i] : '_');
    }
    while (length && copy[length - 1] == '_')
        length--;
    copy[length] = '\0';
    return length ? copy : "x";
}

/* A name without what some languages see no difference in: `_` and case. */
static const char *bare_name(const char *name)
{
    char *copy = cli_copy(name, strlen(name));
    size_t length = 0;
    for (size_t i = 0; copy[i]; i++)
        if (isalnum((unsigned char)copy[i]))
            copy[length++] = (char)tolower((unsigned char)copy[i]);
    copy[length] = '\0';
    return copy;
}

static size_t hash_type(const abide_type *type)
{
    return (size_t)(((uint64_t)(uintptr_t)type * UINT64_C(0x9E3779B97F4A7C15)) >> 24);
}

/* A table of indexes + 1 into `known`. What is in it stays, so the first free slot ends a search. */
static void add_slot(struct item_slots *slots, size_t hash, size_t index)
{
    size_t at = hash;
    while (slots->items[at % slots->count])
        at++;
    slots->items[at % slots->count] = index + 1;
}

static void make_slots(struct model *model)
{
    size_t count = 4 * model->known_count + 64;
    if (2 * model->known_count < model->by_type.count)
        return;
    model->by_type = (struct item_slots){cli_alloc(count, sizeof(size_t)), count};
    for (size_t i = 0; i < model->known_count; i++) {
        add_slot(&model->by_type, hash_type(model->known[i]->type), i);
        if (model->known[i]->physical)
            add_slot(&model->by_type, hash_type(model->known[i]->physical), i);
    }
}

/*
 * A name that no other type has, nor one that differs from it in `_` and case alone. In many languages types and functions are not to
 * have the same name either, as `struct stat` and `stat` have: the function keeps it, as that is its symbol.
 */
static const char *unique(const struct model *model, const char *name)
{
    bool is_function = name_set_has(&model->routine_names, name);
    const char *wish = is_function ? cli_printf("%s_type", name) : name, *candidate = wish;
    for (unsigned number = 2; name_set_has(&model->item_names, bare_name(candidate)) ||
                              name_set_has(&model->routine_names, candidate);
         number++)
        candidate = cli_printf("%s%u", wish, number);
    return candidate;
}

static bool is_record_type(const abide_type *type)
{
    return is_kind(type, "struct") || is_kind(type, "union");
}

/*
 * The item of a type, also by what C sees of it: a parameter does not tell the other name of a function, nor a member of what an
 * ABI made the name of a variant. Another name of a function is none as long as it is looked for itself.
 */
static struct item *find_item(struct model *model, const abide_type *type)
{
    const struct item_slots *slots = &model->by_type;
    for (size_t at = hash_type(type); slots->count && slots->items[at % slots->count]; at++) {
        struct item *item = model->known[slots->items[at % slots->count] - 1];
        if (item->type == type ||
            (item->physical == type && (item->is_done || is_record_type(type))))
            return item;
    }
    return NULL;
}

static const abide_layout *layout_of(struct model *model, const abide_type *type)
{
    return abide_layout_of(model->cli->ctx, model->module, type);
}

static struct item *new_item(struct model *model, const abide_type *type, const char *name)
{
    struct item *item = cli_alloc(1, sizeof *item);
    item->type = type;
    bool is_newtype = is_kind(type, "newtype");
    bool has_layout = abide_type_has_size(type) && layout_of(model, type);
    if (abide_type_has_size(type) && !has_layout)
        item->absence = take_failure(model->cli);
    if (abide_type_name(type) && has_layout) {
        const abide_layout *layout = layout_of(model, type);
        const abide_type *physical = layout ? abide_layout_type(layout) : NULL;
        bool is_found = physical && (is_newtype ? abide_type_signature(physical) != NULL
                                                : is_record_type(physical));
        item->physical = is_found ? physical : NULL;
    }
    item->name = unique(model, plain(name));
    name_set_add(&model->item_names, bare_name(item->name));
    name_set_add(&model->type_names, item->name);
    make_slots(model);
    add_item(&model->known, &model->known_count, &model->known_capacity, item);
    add_slot(&model->by_type, hash_type(type), model->known_count - 1);
    if (item->physical)
        add_slot(&model->by_type, hash_type(item->physical), model->known_count - 1);
    return item;
}

static const char *member_name(const abide_member *member, size_t index)
{
    if (member->name)
        return member->name;
    return member->is_bitfield ? "" : cli_printf("anon%zu", index + 1);
}

static const struct shape *shape_of_item(struct model *model, struct item *item, bool by_value);

/* A pointer is a text, or never null. What stands for an option is null sometimes. */
static const struct shape *pointer_said(const struct shape *pointer, const abide_type *said)
{
    while (said && is_kind(said, "newtype"))
        said = abide_type_target(said);
    struct shape *copy = cli_alloc(1, sizeof *copy);
    *copy = *pointer;
    copy->is_text = said && is_kind(said, "cstring");
    copy->is_nullable =
        !said || !is_kind(said, "pointer") || (abide_type_traits(said) & ABIDE_TRAIT_NULLABLE);
    return copy;
}

/* What C sees, with what the interface says of it (`said`; NULL: nothing) and C does not know any more. An integer is an enum. */
static const struct shape *as_said(struct model *model, const struct shape *shape,
                                   const abide_type *said)
{
    if (shape->form == FORM_POINTER)
        return pointer_said(shape, said);
    struct item *item = said && is_kind(said, "enum") ? find_item(model, said) : NULL;
    return item && shape->form == FORM_SCALAR ? shape_of_item(model, item, true) : shape;
}

/* The type that the interface gives a member; NULL: it has none of that name there. */
static const abide_type *member_said(const abide_type *type, size_t index, const char *name)
{
    if (!is_record_type(type) || index >= abide_type_member_count(type))
        return NULL;
    abide_member member = abide_type_member_at(type, index);
    return member.name && name && strcmp(member.name, name) == 0 ? member.type : NULL;
}

/* A keyword with a letter more may be the name of another field or parameter. */
static void separate(const struct model *model, struct part *parts, size_t count)
{
    struct name_set names = {0};
    for (size_t i = 0; i < count; i++)
        name_set_add(&names, parts[i].name);
    for (size_t i = 0; i < count; i++) {
        const char *safe = safe_name(model->language, parts[i].name), *candidate = safe;
        parts[i].field = parts[i].name;
        if (strcmp(safe, parts[i].name) == 0)
            continue;
        while (name_set_has(&names, candidate))
            candidate = cli_printf("%sx", candidate);
        name_set_add(&names, candidate);
        if (strcmp(candidate, safe) != 0)
            parts[i].name = candidate;
    }
}

static void fill_record(struct model *model, struct item *item, const abide_type *physical)
{
    abide_packing packing = abide_type_packing(physical);
    const abide_type *base = is_kind(physical, "struct") ? abide_type_target(physical) : NULL;
    size_t count = abide_type_member_count(physical), first = base ? 1 : 0;
    const abide_data *definition =
        prose_type(model->data, abide_type_name(item->type) ? abide_type_name(item->type) : "");
    const char *section = is_kind(physical, "union") ? "union" : "struct";
    item->kind = is_kind(physical, "union") ? ITEM_UNION : ITEM_STRUCT;
    item->is_packed = packing.is_packed;
    item->pack_bytes = packing.pack_bytes;
    item->align_bytes = packing.align_bytes;
    item->parts = cli_alloc(count + 2, sizeof *item->parts);
    if (base)
        item->parts[item->part_count++] =
            (struct part){.name = "base",
                          .is_base = true,
                          .shape = shape_of(model, base, cli_printf("%s_base", item->name), true)};
    for (size_t i = 0; i < count; i++) {
        abide_member member = abide_type_member_at(physical, i);
        const char *name = member_name(&member, i);
        struct part *part = &item->parts[first + i];
        *part = (struct part){
            .name = name,
            .shape = as_said(
                model, shape_of(model, member.type, cli_printf("%s_%s", item->name, name), true),
                member.is_bitfield ? NULL : member_said(item->type, i, member.name)),
            .doc = prose_part(definition, section, name),
            .bits = member.bits,
            .align_bytes = member.align_bytes,
            .is_bitfield = member.is_bitfield,
            .is_packed = member.is_packed};
        item->part_count++;
    }
    separate(model, item->parts, item->part_count);
}

static void fill_constants(struct model *model, struct item *item, const abide_type *type)
{
    bool is_flags = is_kind(type, "flags");
    size_t count = abide_type_value_count(type);
    const abide_type *base = abide_type_target(type);
    const abide_data *said =
        abide_type_name(type) ? prose_type(model->data, abide_type_name(type)) : NULL;
    item->kind = ITEM_ENUM;
    item->constants = cli_alloc(count + 1, sizeof *item->constants);
    for (size_t i = 0; i < count; i++) {
        abide_enum_value value = abide_type_value_at(type, i);
        bool is_top = is_flags && value.value == 63;
        item->constants[item->constant_count++] =
            (struct constant){.name = value.name,
                              .value = !is_flags ? value.value
                                       : is_top  ? INT64_MIN
                                                 : INT64_C(1) << (value.value & 63),
                              .is_unsigned = value.is_unsigned || is_top,
                              .doc = prose_part(said, is_flags ? "flags" : "enum", value.name)};
    }
    if (base || is_flags)
        item->target = shape_of(model, base ? base : abide_layout_type(layout_of(model, type)),
                                item->name, true);
}

/* What a type with a name is made of. Types whose values lie in others are done before them. */
static void fill(struct model *model, struct item *item)
{
    const abide_type *type = item->type;
    if (item->is_started)
        return;
    item->is_started = true;
    item->origin = abide_type_print(model->cli->ctx, type);
    item->doc =
        abide_type_name(type) ? prose_of(prose_type(model->data, abide_type_name(type))) : NULL;
    if (!abide_type_has_size(type) || item->absence) {
        item->kind = ITEM_OPAQUE;
    } else if (is_kind(type, "newtype")) { /* of a record, which may be known later */
        item->kind = ITEM_ALIAS;
        item->target = shape_of(model, abide_type_target(type), item->name, false);
        if (item->target->absence)
            item->doc =
                cli_printf("%s%sNot to be called on this target: %s.", item->doc ? item->doc : "",
                           item->doc ? "\n" : "", item->target->absence);
    } else {
        const abide_type *physical = abide_layout_type(layout_of(model, type));
        if (abide_type_value_count(type))
            fill_constants(model, item, type);
        else if (is_kind(physical, "struct") || is_kind(physical, "union"))
            fill_record(model, item, physical);
        else {
            item->kind = ITEM_ALIAS;
            item->target = shape_of(model, physical, item->name, true);
        }
    }
    item->is_done = true;
    add_item(&model->items, &model->item_count, &model->item_capacity, item);
}

/* ---- shapes ---- */

static struct shape *new_shape(enum form form)
{
    struct shape *shape = cli_alloc(1, sizeof *shape);
    shape->form = form;
    return shape;
}

static struct shape *void_pointer(void)
{
    struct shape *pointer = new_shape(FORM_POINTER);
    pointer->target = new_shape(FORM_VOID);
    return pointer;
}

/* What a value consists of is done first. */
static void complete(struct model *model, const struct shape *shape)
{
    while (shape->form == FORM_ITEM && shape->item->kind == ITEM_ALIAS && shape->item->is_done)
        shape = shape->item->target;
    struct item *item = shape->form == FORM_ITEM ? find_item(model, shape->item->type) : NULL;
    if (item)
        fill(model, item);
}

/* By value, an item is done first; behind a pointer its turn comes later, unless it is another name, which C needs before. */
static const struct shape *shape_of_item(struct model *model, struct item *item, bool by_value)
{
    bool is_alias =
        !item->absence && (is_kind(item->type, "newtype") || abide_type_value_count(item->type) ||
                           abide_type_signature(item->type));
    if (by_value || is_alias)
        fill(model, item);
    if (is_alias && !item->is_done) { /* it leads to itself, for which C has no words */
        struct shape *unknown = new_shape(FORM_VOID);
        return by_value ? void_pointer() : unknown;
    }
    struct shape *shape = new_shape(FORM_ITEM);
    shape->item = item;
    if (by_value)
        complete(model, shape);
    return shape;
}

/* A parameter that is called like a type would hide it from those behind it. */
static const char *parameter_name(const struct model *model, const char *name, size_t index)
{
    if (!name)
        return cli_printf("a%zu", index + 1);
    return name_set_has(&model->item_names, bare_name(name)) ? cli_printf("%s_arg", name) : name;
}

/* The type that a signature gives a parameter; NULL: it has none of that name. */
static const abide_type *parameter_said(const abide_signature *signature, const char *name)
{
    for (size_t i = 0; name && i < abide_signature_parameter_count(signature); i++) {
        abide_parameter parameter = abide_signature_parameter_at(signature, i);
        if (parameter.name && strcmp(parameter.name, name) == 0 &&
            abide_signature_mode_at(signature, i) == ABIDE_MODE_IN)
            return parameter.type;
    }
    return NULL;
}

static const struct shape *shape_of_code(struct model *model, const abide_assignment *assignment,
                                         const abide_signature *signature, const char *where)
{
    abide_ctx *ctx = model->cli->ctx;
    if (!assignment) {
        struct shape *unknown = void_pointer();
        unknown->absence = take_failure(model->cli);
        return unknown;
    }
    struct shape *code = new_shape(FORM_CODE);
    size_t count = abide_assignment_argument_count(assignment);
    struct part *parts = cli_alloc(count + 1, sizeof *parts);
    code->target =
        as_said(model,
                shape_of(model, abide_assignment_declared_at(ctx, assignment, ABIDE_RESULT).type,
                         cli_printf("%s_result", where), true),
                abide_signature_result(signature));
    for (size_t i = 0; i < count; i++) {
        if (abide_assignment_argument_at(assignment, i).is_variadic)
            continue;
        abide_parameter parameter = abide_assignment_declared_at(ctx, assignment, i);
        const char *name = parameter_name(model, parameter.name, i);
        parts[code->part_count++] = (struct part){
            .name = name,
            .shape = as_said(
                model, shape_of(model, parameter.type, cli_printf("%s_%s", where, name), true),
                parameter_said(signature, parameter.name))};
    }
    separate(model, parts, code->part_count);
    code->parts = parts;
    code->is_variadic = abide_signature_is_variadic(signature);
    return code;
}

static const struct shape *shape_of_physical(struct model *model, const abide_type *type,
                                             const char *where)
{
    struct shape *shape;
    if (is_kind(type, "scalar")) {
        shape = new_shape(FORM_SCALAR);
        shape->scalar = abide_type_print(model->cli->ctx, type);
    } else if (is_kind(type, "array") || is_kind(type, "vector") || is_kind(type, "complex")) {
        shape = new_shape(is_kind(type, "array")    ? FORM_ARRAY
                          : is_kind(type, "vector") ? FORM_VECTOR
                                                    : FORM_COMPLEX);
        shape->count = abide_type_count(type);
        shape->is_flexible = abide_type_is_flexible(type);
        shape->target = shape_of(model, abide_type_target(type), where, true);
        if (shape->form == FORM_VECTOR)
            shape->size_bytes = abide_layout_size_bytes(layout_of(model, type));
    } else if (is_kind(type, "function")) {
        return shape_of_code(model, abide_assignment_of_code(model->cli->ctx, model->module, type),
                             abide_type_signature(type), where);
    } else if (is_kind(type, "pointer")) {
        shape = new_shape(FORM_POINTER);
        shape->is_const = !(abide_type_traits(type) & ABIDE_TRAIT_MUTABLE);
        shape->target = shape_of(model, abide_type_target(type), where, false);
    } else {
        return NULL;
    }
    return shape;
}

static bool has_words(const char *text)
{
    return strpbrk(text, "{:") == NULL && strlen(text) <= 60;
}

/*
 * Types without a name that become records get one: from what they are, the name that the ABI gives to all of their kind (not to each
 * slice<T>), or from where they stand.
 */
static struct item *item_for(struct model *model, const abide_type *type,
                             const abide_type *physical, const char *where)
{
    struct item *item = find_item(model, physical);
    const char *text = abide_type_print(model->cli->ctx, type);
    const char *name = abide_type_name(physical);
    bool is_told = type != physical && has_words(text) && (!name || strchr(text, '<'));
    return item ? item : new_item(model, physical, is_told ? text : name ? name : where);
}

/* Modules know types by their names alone, and make them where they need them. */
static const struct shape *shape_of_unknown(struct model *model, const abide_type *type,
                                            bool by_value)
{
    const char *name = abide_type_name(type);
    if (!name)
        return new_shape(FORM_VOID);
    for (size_t i = model->named_count; i < model->known_count; i++) { /* those that modules made */
        struct item *item = model->known[i];
        const char *other = abide_type_name(item->type);
        if (other && !abide_type_has_size(item->type) && strcmp(other, name) == 0)
            return shape_of_item(model, item, by_value);
    }
    return shape_of_item(model, new_item(model, type, name), by_value);
}

static const struct shape *shape_of(struct model *model, const abide_type *type, const char *where,
                                    bool by_value)
{
    struct item *item = find_item(model, type);
    if (item)
        return shape_of_item(model, item, by_value);
    if (is_kind(type, "void"))
        return new_shape(FORM_VOID);
    if (!abide_type_has_size(type))
        return shape_of_unknown(model, type, by_value);
    const abide_layout *layout = layout_of(model, type);
    if (!layout) { /* behind a pointer, or its user has none either */
        take_failure(model->cli);
        return new_shape(FORM_VOID);
    }
    const abide_type *physical = abide_layout_type(layout);
    if (is_kind(physical, "newtype"))
        return shape_of(model, abide_type_target(physical), where, by_value);
    if (is_kind(physical, "enum")) {
        struct shape *shape = new_shape(FORM_SCALAR);
        uint64_t size_bytes = abide_layout_size_bytes(layout);
        shape->scalar = cli_printf("%c%u", abide_layout_is_signed(layout) ? 'i' : 'u',
                                   (unsigned)(8 * size_bytes));
        return shape;
    }
    const struct shape *shape = shape_of_physical(model, physical, where);
    if (shape)
        return as_said(model, shape, type);
    return shape_of_item(model, item_for(model, type, physical, where), by_value);
}

const struct shape *model_shape(struct model *model, const abide_type *type, const char *where)
{
    return shape_of(model, type, where, true);
}

/* ---- functions ---- */

static void add_note(struct routine *routine, const char *words)
{
    routine->notes[routine->note_count++] = words;
}

/* The resource that a handle in the place is of; NULL: it is none. */
static const abide_type *resource_of(const abide_type *type)
{
    while (is_kind(type, "newtype"))
        type = abide_type_target(type);
    return is_kind(type, "handle") ? abide_type_target(type) : NULL;
}

static const char *release_of(const abide_type *type)
{
    const abide_type *resource = resource_of(type);
    return resource && abide_type_destructor(resource)
               ? cli_printf(": %s releases it", abide_type_destructor(resource))
               : "";
}

static bool is_owner(const abide_type *type)
{
    return (abide_type_traits(type) & (ABIDE_TRAIT_OWN | ABIDE_TRAIT_SHARED)) != 0 ||
           is_kind(type, "seq") || is_kind(type, "box");
}

/* Who owns what, for those who cannot read it off the types. */
static void fill_notes(struct routine *routine, const abide_signature *signature)
{
    size_t count = abide_signature_parameter_count(signature);
    size_t lender = abide_signature_lender(signature);
    const abide_type *result = abide_signature_result(signature);
    routine->notes = cli_alloc(3 * count + 5, sizeof *routine->notes);
    for (size_t i = 0; i < count; i++) {
        abide_parameter parameter = abide_signature_parameter_at(signature, i);
        abide_mode mode = abide_signature_mode_at(signature, i);
        if (abide_signature_is_own_at(signature, i))
            add_note(routine, cli_printf("%s is given away", parameter.name));
        else if (resource_of(parameter.type))
            add_note(routine, cli_printf("%s is borrowed for the call", parameter.name));
        if (mode != ABIDE_MODE_IN)
            add_note(routine,
                     cli_printf("%s is written%s", parameter.name,
                                mode == ABIDE_MODE_OUT ? "; it holds nothing before" : ""));
    }
    if (lender != ABIDE_RESULT)
        add_note(routine, cli_printf("the result belongs to %s and lives as long",
                                     abide_signature_parameter_at(signature, lender).name));
    else if (is_owner(result))
        add_note(routine, cli_printf("the result is given away%s", release_of(result)));
}

/* What the file says of parameters and the result. */
static void add_prose(const struct model *model, const char *function,
                      const abide_signature *signature, struct routine *routine)
{
    for (size_t i = 0; i < abide_signature_parameter_count(signature); i++) {
        const char *name = abide_signature_parameter_at(signature, i).name;
        const char *doc = prose_parameter(model->data, function, name);
        if (doc)
            add_note(routine, cli_printf("%s: %s", name, doc));
    }
    const char *doc = prose_parameter(model->data, function, NULL);
    if (doc)
        add_note(routine, cli_printf("the result: %s", doc));
}

/* `routine` has its names and its text for readers. */
static bool make_routine(struct model *model, const abide_signature *signature,
                         struct routine *routine)
{
    abide_ctx *ctx = model->cli->ctx;
    const abide_assignment *assignment = abide_assignment_of(ctx, model->module, signature);
    routine->signature = abide_signature_print(ctx, signature);
    fill_notes(routine, signature);
    if (!assignment)
        routine->absence = take_failure(model->cli);
    if (!assignment)
        return routine->absence != NULL;
    routine->shape = shape_of_code(model, assignment, signature, plain(routine->name));
    routine->attribute = abide_module_attribute(abide_module_machine(model->module));
    routine->is_callable = abide_module_is_in_c(abide_module_machine(model->module)) &&
                           !abide_assignment_called_by(assignment);
    return true;
}

static const char *symbol_of(const struct model *model, const abide_function *function)
{
    const char *prefix = model->cli->options.prefix;
    return prefix ? cli_printf("%s%s", prefix, plain(abide_function_name(function)))
                  : abide_function_symbol(function);
}

/* Before types get theirs. */
static void keep_names_of_functions(struct model *model)
{
    for (size_t i = 0; i < abide_iface_function_count(model->iface); i++) {
        const abide_function *function = abide_iface_function_at(model->iface, i);
        name_set_add(&model->routine_names, plain(abide_function_name(function)));
        name_set_add(&model->function_names, abide_function_name(function));
        name_set_add(&model->routine_names, symbol_of(model, function));
    }
}

static bool make_function(struct model *model, const abide_function *function)
{
    struct routine *routine = &model->routines[model->routine_count++];
    routine->name = abide_function_name(function);
    routine->symbol = symbol_of(model, function);
    routine->doc = abide_function_doc(function);
    const abide_signature *signature = abide_function_signature(function);
    bool is_made = make_routine(model, signature, routine);
    if (is_made)
        add_prose(model, routine->name, signature, routine);
    return is_made;
}

static bool has_routine(const struct model *model, const char *symbol)
{
    for (size_t i = 0; i < model->routine_count; i++)
        if (strcmp(model->routines[i].symbol, symbol) == 0 ||
            strcmp(model->routines[i].name, symbol) == 0)
            return true;
    return false;
}

/* What destroys a resource, which is no function of the interface but may be one of its names. */
static bool make_destructor(struct model *model, const abide_type *resource)
{
    abide_ctx *ctx = model->cli->ctx;
    const char *symbol = is_kind(resource, "resource") ? abide_type_destructor(resource) : NULL;
    if (!symbol || has_routine(model, symbol))
        return true;
    abide_parameter it = {"it", abide_type_handle(ctx, resource, true)};
    const abide_signature *signature = abide_signature_new(ctx, &it, 1, abide_type_void(ctx));
    signature =
        signature ? abide_signature_with_mode(ctx, signature, 0, ABIDE_MODE_IN, true) : NULL;
    struct routine *routine = &model->routines[model->routine_count++];
    routine->name = routine->symbol = symbol;
    routine->is_destructor = true;
    return signature && make_routine(model, signature, routine);
}

/* Languages have one namespace for all: `mode_fast`, unless a type or a function is called so, or another value. */
static void name_constants(struct model *model)
{
    struct name_set names = {0};
    for (size_t i = 0; i < model->item_count; i++)
        for (size_t k = 0; k < model->items[i]->constant_count; k++) {
            struct constant *constant = &model->items[i]->constants[k];
            const char *name = plain(cli_printf("%s_%s", model->items[i]->name, constant->name));
            bool is_taken =
                name_set_has(&model->type_names, name) || name_set_has(&model->routine_names, name);
            const char *wish = is_taken ? cli_printf("%s_value", name) : name;
            constant->full_name = wish;
            for (unsigned number = 2; name_set_has(&names, constant->full_name); number++)
                constant->full_name = cli_printf("%s_%u", wish, number);
            name_set_add(&names, constant->full_name);
        }
}

static void mark_types_of_modules(struct model *model)
{
    for (size_t i = model->named_count; i < model->known_count; i++) {
        struct item *item = model->known[i];
        const char *name = abide_type_name(item->type);
        item->is_of_module = name && strcmp(name, item->name) == 0;
    }
}

bool model_make(struct model *model)
{
    size_t type_count = abide_iface_type_count(model->iface);
    size_t count = abide_iface_function_count(model->iface);
    model->package = abide_iface_package(model->iface);
    model->doc = prose_of(model->data);
    model->routines = cli_alloc(count + type_count + 1, sizeof *model->routines);
    keep_names_of_functions(model);
    for (size_t i = 0; i < type_count; i++) {
        const abide_type *type = abide_iface_type_at(model->iface, i);
        new_item(model, type, abide_type_name(type));
    }
    model->named_count = model->known_count;
    bool good = !cli_has_errors(model->cli);
    for (size_t i = 0; good && i < type_count; i++)
        fill(model, model->known[i]);
    /* What has no name is called after the type that has it, whichever function comes first. */
    for (size_t i = 0; good && i < type_count; i++)
        if (model->known[i]->kind == ITEM_ALIAS)
            complete(model, model->known[i]->target);
    for (size_t i = 0; good && i < count; i++)
        good = make_function(model, abide_iface_function_at(model->iface, i));
    for (size_t i = 0; good && i < type_count; i++)
        good = make_destructor(model, abide_iface_type_at(model->iface, i));
    for (size_t i = 0; good && i < model->known_count; i++) /* what stands behind pointers alone */
        fill(model, model->known[i]);
    mark_types_of_modules(model);
    name_constants(model);
    return good && !cli_has_errors(model->cli);
}

/* ---- targets ---- */

/* Fields of a layout come in the order of the parts; unnamed bit-fields may not be there. UINT64_MAX: not found. */
static uint64_t offset_of(const struct item *item, size_t index, const abide_layout *layout,
                          size_t *next)
{
    const char *name = item->parts[index].field;
    for (size_t i = *next; *name && i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout_field_at(layout, i);
        bool is_same = field.name ? strcmp(field.name, name) == 0 : strncmp(name, "anon", 4) == 0;
        if (!is_same && !(item->parts[index].is_base && i == *next))
            continue;
        *next = i + 1;
        return field.offset_bits;
    }
    return UINT64_MAX;
}

static struct facts measure(struct model *model, const struct item *item,
                            const abide_module *module)
{
    struct facts facts = {.size_bytes = SIZE_MAX};
    if (!abide_type_has_size(item->type))
        return facts;
    const abide_layout *layout = abide_layout_of(model->cli->ctx, module, item->type);
    if (!layout) {
        take_failure(model->cli);
        return facts;
    }
    facts.size_bytes = abide_layout_size_bytes(layout);
    facts.align_bytes = abide_layout_align_bytes(layout);
    facts.is_signed = abide_layout_is_signed(layout);
    facts.offsets_bits = cli_alloc(item->part_count + 1, sizeof *facts.offsets_bits);
    size_t next = 0;
    for (size_t i = 0; i < item->part_count; i++)
        facts.offsets_bits[i] = offset_of(item, i, layout, &next);
    return facts;
}

void model_measure(struct model *model)
{
    for (size_t i = 0; i < model->item_count; i++) {
        struct item *item = model->items[i];
        item->facts = cli_alloc(model->target_count, sizeof *item->facts);
        for (size_t t = 0; t < model->target_count; t++)
            item->facts[t] = measure(model, item, model->targets[t].module);
    }
}

const struct facts *own_facts(const struct model *model, const struct item *item)
{
    return &item->facts[model->first_target];
}

const char *target_guard(const struct bound_target *target, const char *key)
{
    const abide_data *guard = abide_data_get(target->guards, key);
    return guard ? abide_data_text(guard) : NULL;
}

static void add_to_group(struct group *group, size_t target, size_t target_count)
{
    if (!group->targets)
        group->targets = cli_alloc(target_count, sizeof *group->targets);
    group->targets[group->count++] = target;
}

static bool same_bytes(const struct facts *a, const struct facts *b)
{
    return a->size_bytes == b->size_bytes && a->align_bytes == b->align_bytes;
}

size_t group_by_bytes(const struct model *model, const struct item *item, const char *key,
                      struct group **groups)
{
    size_t count = 0;
    *groups = cli_alloc(model->target_count + 1, sizeof **groups);
    for (size_t t = 0; t < model->target_count; t++) {
        size_t at = 0;
        if (!target_guard(&model->targets[t], key) || item->facts[t].size_bytes == SIZE_MAX)
            continue;
        while (at < count && !same_bytes(&item->facts[(*groups)[at].targets[0]], &item->facts[t]))
            at++;
        add_to_group(&(*groups)[at], t, model->target_count);
        count += at == count;
    }
    return count;
}

bool has_one_size(const struct item *item, const struct model *model)
{
    const struct facts *first = NULL;
    for (size_t t = 0; t < model->target_count; t++) {
        const struct facts *facts = &item->facts[t];
        if (facts->size_bytes == SIZE_MAX)
            continue;
        if (first && !same_bytes(first, facts))
            return false;
        first = facts;
    }
    return true;
}

static const char *asserted(const struct model *model, size_t target, print_asserted *print)
{
    struct text text = {0};
    for (size_t i = 0; i < model->item_count; i++)
        if (model->items[i]->facts[target].size_bytes != SIZE_MAX)
            print(model, &text, model->items[i], &model->items[i]->facts[target]);
    return take_text(&text);
}

size_t group_by_assertions(const struct file *file, const char *key, print_asserted *print,
                           struct group **groups)
{
    size_t count = 0, target_count = file->models[0].target_count;
    *groups = cli_alloc(target_count + 1, sizeof **groups);
    for (size_t t = 0; t < target_count; t++) {
        const struct model *model = file->models;
        while (!model->is_own[t])
            model++;
        if (!target_guard(&model->targets[t], key))
            continue;
        const char *text = asserted(model, t, print);
        size_t at = 0;
        while (at < count && strcmp((*groups)[at].text, text) != 0)
            at++;
        (*groups)[at].text = text;
        add_to_group(&(*groups)[at], t, target_count);
        count += at == count;
    }
    return count;
}
