/* Where the parts of strings, slices, lists and boxes lie: a template and the type that was built from it, walked side by side. */
#include "plan/lift_inner.h"

#include "base/checked.h"
#include "plan/transcode.h"

#include <string.h>

/* The largest EMPTY (plan/routine.h): what a null pointer is read as. */
#define EMPTY_BYTES 64

const abide_layout *abide_lift__layout(const struct abide_side *side, const abide_type *physical)
{
    return abide_layout__physical(side->ctx, side->module->machine->data, physical);
}

const abide_type *abide_lift__represent(const struct abide_side *side, const abide_type *type)
{
    struct abide_representing how = {
        .module = side->module, .foreign = side->foreign, .quiet = true};
    const abide_type *physical = abide_represent__as(side->ctx, &how, type);
    return physical ? abide_type__strip(physical) : NULL;
}

bool abide_lift__is_signed(const struct abide_side *side, const abide_type *physical)
{
    if (physical->kind == ABIDE_KIND_ENUM && physical->target)
        physical = abide_type__strip(physical->target);
    return physical->kind == ABIDE_KIND_SCALAR &&
           side->module->machine->data->scalars[physical->scalar].is_signed;
}

/* --- paths ------------------------------------------------------------------------------------------ */

static bool is_named(const char *name, const char *other)
{
    return name && other && strcmp(name, other) == 0;
}

struct search {
    const struct abide_side *side;
    const abide_type *subject; /* abstract */
    struct abide_lift_sequence *found;
    struct abide_lift_path path; /* to where the search is */
    const char *reason;
};

static struct abide_lift_path *path_of(struct abide_lift_sequence *found, const char *part)
{
    if (is_named(part, ABIDE_PART_POINTER))
        return &found->pointer;
    if (is_named(part, ABIDE_PART_DATA))
        return &found->data;
    if (is_named(part, ABIDE_PART_LENGTH))
        return &found->length;
    if (is_named(part, ABIDE_PART_CAPACITY))
        return &found->capacity;
    return is_named(part, ABIDE_PART_OWNER) ? &found->owner : NULL;
}

static void search_form(struct search *search, const struct abide_template *as,
                        const abide_type *physical);

/* A part that is read as a word must be one, and behind a pointer lie where a null pointer's zero bytes are. */
static void take_part(struct search *search, struct abide_lift_path *part,
                      const abide_type *physical, bool is_terminated)
{
    struct abide_lift_path *path = &search->path;
    bool is_data = part == &search->found->data;
    const abide_layout *layout = is_data ? NULL : abide_lift__layout(search->side, physical);
    path->type = physical;
    path->size_bytes = layout ? layout->size_bytes : 0;
    path->is_terminated = is_terminated;
    if (!is_data && (path->size_bytes == 0 ||
                     path->size_bytes > search->side->module->machine->data->pointer_bytes))
        search->reason = "a part of it is no word";
    if (path->hop_count && !is_data &&
        path->offsets_bytes[path->hop_count] + path->size_bytes > EMPTY_BYTES)
        search->reason = "a part of it lies too far behind a pointer";
    *part = *path;
}

/* Of text: the bytes of what a pointer, or an array, consists of. */
static uint64_t unit_of(const struct abide_side *side, const abide_type *physical)
{
    const abide_type *unit = physical->target ? abide_type__strip(physical->target) : NULL;
    const abide_layout *layout =
        unit && unit->kind == ABIDE_KIND_SCALAR ? abide_lift__layout(side, unit) : NULL;
    return layout ? layout->size_bytes : ABIDE_UTF8_UNIT_BYTES;
}

/*
 * Where the fields of a record lie. Behind a pointer, what a record consists of is abstract, so that types may lead to themselves:
 * of elements at its end only the alignment counts.
 */
static bool place_fields(struct search *search, const abide_type *record, uint64_t *offsets_bytes)
{
    uint64_t end_bytes = 0;
    for (size_t i = 0; i < record->field_count; i++) {
        const abide_type *type = abide_type__strip(record->fields[i].type);
        uint64_t size_bytes = 0, align_bytes = search->found->element_align_bytes;
        if (type->is_flexible && search->found->is_text)
            align_bytes = unit_of(search->side, type);
        if (!type->is_flexible) {
            const abide_layout *layout = abide_lift__layout(search->side, type);
            if (!layout)
                return false;
            size_bytes = layout->size_bytes;
            align_bytes = layout->align_bytes;
        }
        if (!abide__align_up(end_bytes, align_bytes, &offsets_bytes[i]))
            return false;
        end_bytes = offsets_bytes[i] + size_bytes;
    }
    return true;
}

static void search_record(struct search *search, const struct abide_template *as,
                          const abide_type *physical)
{
    uint64_t *offset = &search->path.offsets_bytes[search->path.hop_count];
    uint64_t start_bytes = *offset;
    uint64_t *offsets = abide__new_array(search->side->ctx, uint64_t, physical->field_count + 1);
    size_t field = 0;
    if (!place_fields(search, physical, offsets))
        search->reason = "one side has no layout for it";
    for (size_t i = 0; !search->reason && i < as->member_count; i++) {
        const struct abide_template_member *member = &as->members[i];
        size_t count = abide_parts__field_count(member, search->subject);
        if (member->type && field < physical->field_count) {
            const abide_type *type = abide_type__strip(physical->fields[field].type);
            struct abide_lift_path *part = path_of(search->found, member->part);
            *offset = start_bytes + offsets[field];
            if (part)
                take_part(search, part, type, member->is_terminated);
            else
                search_form(search, member->type, type);
        }
        field += count;
    }
    *offset = start_bytes;
}

/* The module whose template and rules apply: see abide_parts__template. */
static const abide_module *form_module(const struct abide_side *side, const abide_type *type)
{
    struct abide_representing how = {
        .module = side->module, .foreign = side->foreign, .quiet = true};
    bool is_carried = side->foreign && !abide_represent__template(side->ctx, &how, type);
    return is_carried ? side->foreign : side->module;
}

/* What a pointer points to is abstract until somebody looks at it. */
static const abide_type *look(const struct search *search, const abide_type *target)
{
    const struct abide_side *side = search->side;
    const abide_module *module = form_module(side, search->subject);
    struct abide_representing how = {
        .module = module, .foreign = module == side->module ? side->foreign : NULL, .quiet = true};
    const abide_type *physical = abide_represent__as(side->ctx, &how, target);
    return physical != NULL ? abide_type__strip(physical) : NULL;
}

static void search_form(struct search *search, const struct abide_template *as,
                        const abide_type *physical)
{
    struct abide_lift_path *path = &search->path;
    if (as->op == ABIDE_TEMPLATE_RECORD && physical->kind == ABIDE_KIND_STRUCT) {
        search_record(search, as, physical);
    } else if (as->op == ABIDE_TEMPLATE_POINTER && physical->kind == ABIDE_KIND_POINTER &&
               as->items[0]->op == ABIDE_TEMPLATE_RECORD) {
        if (path->hop_count == ABIDE_LIFT_MAX_HOPS) {
            search->reason = "its parts lie behind too many pointers";
            return;
        }
        const struct abide_lift_path before = *path;
        path->offsets_bytes[++path->hop_count] = 0;
        const abide_type *target = look(search, physical->target);
        if (target != NULL)
            search_form(search, as->items[0], target);
        *path = before;
    }
}

/* A pointer without parts in it is the pointer to the first element. */
static void take_plain_pointer(struct search *search, const abide_type *physical)
{
    struct abide_lift_sequence *found = search->found;
    if (!found->pointer.type && !found->data.type && physical->kind == ABIDE_KIND_POINTER) {
        search->path = (struct abide_lift_path){0};
        take_part(search, &found->pointer, physical, false);
    }
}

/* --- sequences -------------------------------------------------------------------------------------- */

bool abide_lift__is_sequence(const abide_type *type)
{
    switch (type->kind) {
    case ABIDE_KIND_STRING:
    case ABIDE_KIND_STRING0:
    case ABIDE_KIND_STRING16:
    case ABIDE_KIND_UTF16:
    case ABIDE_KIND_CSTRING:
    case ABIDE_KIND_SLICE:
    case ABIDE_KIND_SEQ:
    case ABIDE_KIND_BOX: return true;
    default: return false;
    }
}

bool abide_lift__owns_itself(const abide_type *type)
{
    bool can_be_own = abide_kind__is_text(type->kind) || type->kind == ABIDE_KIND_HANDLE ||
                      type->kind == ABIDE_KIND_CLOSURE || type->kind == ABIDE_KIND_DYN;
    return type->kind == ABIDE_KIND_SEQ || type->kind == ABIDE_KIND_BOX ||
           (can_be_own && type->is_own);
}

static const char *find_element(struct abide_lift_sequence *sequence)
{
    const abide_type *type = sequence->type;
    sequence->element_bytes = sequence->element_align_bytes = 1;
    if (sequence->is_text)
        return NULL;
    sequence->element = abide_type__strip(type->target);
    sequence->element_physical = abide_lift__represent(sequence->side, type->target);
    const abide_layout *layout =
        sequence->element_physical ? abide_lift__layout(sequence->side, sequence->element_physical)
                                   : NULL;
    if (!layout)
        return "one side has no form for what it consists of";
    sequence->element_bytes = layout->size_bytes;
    sequence->element_align_bytes = layout->align_bytes;
    return NULL;
}

/* The encoding of text, and whether a NUL stands behind it. */
static const char *find_unit(struct abide_lift_sequence *sequence)
{
    enum abide_kind kind = sequence->type->kind;
    uint64_t unit_bytes =
        unit_of(sequence->side, sequence->data.type ? sequence->data.type : sequence->pointer.type);
    if (!abide_transcode__is_unit(unit_bytes))
        return "the units of its text are neither those of UTF-8 nor of UTF-16";
    sequence->element_bytes = sequence->element_align_bytes = unit_bytes;
    sequence->is_terminated = !sequence->length.type || kind == ABIDE_KIND_STRING0 ||
                              kind == ABIDE_KIND_CSTRING || sequence->pointer.is_terminated ||
                              sequence->data.is_terminated;
    return NULL;
}

static const char *lacks_part(struct abide_lift *lift, const struct abide_lift_sequence *sequence,
                              const char *what, const char *part)
{
    lift->help =
        abide__printf(lift->ctx, "mark the member with 'part: %s' under `represent:` of %s", part,
                      sequence->module->name);
    return abide__printf(lift->ctx, "%s does not say %s (part: %s)", sequence->module->name, what,
                         part);
}

const char *abide_lift__sequence(struct abide_lift *lift, const struct abide_side *side,
                                 const abide_type *type, const abide_type *physical,
                                 struct abide_lift_sequence *sequence)
{
    const struct abide_template *as = abide_parts__template(side, type);
    const abide_layout *layout = abide_lift__layout(side, physical);
    memset(sequence, 0, sizeof *sequence);
    *sequence = (struct abide_lift_sequence){.side = side,
                                             .module = form_module(side, type),
                                             .type = type,
                                             .physical = physical,
                                             .owned = abide_parts__owned(side, type)};
    struct search search = {.side = side, .subject = type, .found = sequence};
    sequence->is_text = abide_kind__is_text(type->kind);
    const char *reason = find_element(sequence);
    if (reason)
        return reason;
    if (as)
        search_form(&search, as, physical);
    take_plain_pointer(&search, physical);
    if (search.reason)
        return search.reason;
    if (!layout || (!sequence->pointer.type && !sequence->data.type))
        return lacks_part(lift, sequence, "where its elements are", ABIDE_PART_POINTER);
    if (!sequence->length.type && !sequence->is_text && type->kind != ABIDE_KIND_BOX)
        return lacks_part(lift, sequence, "how many elements it has", ABIDE_PART_LENGTH);
    sequence->size_bytes = layout->size_bytes;
    return sequence->is_text ? find_unit(sequence) : NULL;
}

/* --- reading and writing ---------------------------------------------------------------------------- */

/* The memory that the last offset counts from. A null pointer on the way leads to zero bytes: nothing, and empty. */
static abide_value follow(struct abide_lift *lift, const struct abide_lift_path *path,
                          abide_value value)
{
    for (size_t i = 0; i < path->hop_count; i++) {
        abide_value pointer =
            abide_op__load(&lift->build, value, path->offsets_bytes[i], lift->word_bytes);
        abide_value empty = abide_op__empty(&lift->build, EMPTY_BYTES);
        value = abide_op__select(&lift->build, pointer, pointer, empty);
    }
    return value;
}

abide_value abide_lift__read(struct abide_lift *lift, const struct abide_lift_path *path,
                             abide_value value)
{
    return abide_op__load(&lift->build, follow(lift, path, value),
                          path->offsets_bytes[path->hop_count], path->size_bytes);
}

void abide_lift__write(struct abide_lift *lift, const struct abide_lift_path *path,
                       abide_value value, abide_value word)
{
    for (size_t i = 0; i < path->hop_count; i++)
        value = abide_op__load(&lift->build, value, path->offsets_bytes[i], lift->word_bytes);
    abide_op__store(&lift->build, value, path->offsets_bytes[path->hop_count], path->size_bytes,
                    word);
}

abide_value abide_lift__elements(struct abide_lift *lift,
                                 const struct abide_lift_sequence *sequence, abide_value value)
{
    const struct abide_lift_path *data = &sequence->data;
    if (!data->type)
        return abide_lift__read(lift, &sequence->pointer, value);
    return abide_op__offset(&lift->build, follow(lift, data, value),
                            data->offsets_bytes[data->hop_count]);
}

abide_value abide_lift__count(struct abide_lift *lift, const struct abide_lift_sequence *sequence,
                              abide_value value, abide_value elements)
{
    if (sequence->length.type)
        return abide_lift__read(lift, &sequence->length, value);
    return sequence->is_text ? abide_transcode__length(lift, elements, sequence->element_bytes)
                             : abide_op__constant(&lift->build, 1);
}

/* --- giving memory back ------------------------------------------------------------------------------ */

const char *abide_lift__owner(struct abide_lift *lift, const struct abide_lift_sequence *sequence,
                              const char *hook, abide_value *owner)
{
    const char *symbol;
    const char *reason = abide_lift__hook(lift, sequence->module, hook ? hook : "release",
                                          sequence->type, "void SYMBOL(void *memory)", &symbol);
    if (!reason)
        *owner = abide_op__owner(&lift->build,
                                 abide_lift__helper(lift, ABIDE_LIFT_RELEASE, symbol, NULL));
    return reason;
}

/* The function that an owner word leads to, with the owner, the memory and the bytes of its elements, of which a NUL is none. */
static void release_through_owner(struct abide_lift *lift,
                                  const struct abide_lift_sequence *sequence, abide_value value,
                                  abide_value elements, abide_value count)
{
    struct abide_routine_builder *build = &lift->build;
    abide_value owner = abide_lift__read(lift, &sequence->owner, value);
    abide_op__if(build, owner);
    abide_value bytes = abide_op__size(build, count, sequence->element_bytes, 0);
    abide_value arguments[] = {owner, elements, bytes};
    abide_op__call_at(build, abide_op__load(build, owner, 0, lift->word_bytes), arguments, 3);
    abide_op__end(build);
}

/* What an allocator gave: where the elements start, or what stands in front of them. */
static void release_memory(struct abide_lift *lift, const struct abide_lift_sequence *sequence,
                           const char *symbol, abide_value value, abide_value elements)
{
    const struct abide_lift_path *data = &sequence->data;
    abide_value memory = elements;
    if (data->type) {
        for (size_t i = 0; i + 1 < data->hop_count; i++)
            value = abide_op__load(&lift->build, value, data->offsets_bytes[i], lift->word_bytes);
        memory = data->hop_count
                     ? abide_op__load(&lift->build, value, data->offsets_bytes[data->hop_count - 1],
                                      lift->word_bytes)
                     : value;
    }
    abide_op__if(&lift->build, memory);
    abide_op__call(&lift->build, symbol, &memory, 1, false);
    abide_op__end(&lift->build);
}

const char *abide_lift__release(struct abide_lift *lift, const struct abide_lift_sequence *sequence,
                                abide_value value, abide_value elements, abide_value count)
{
    const struct abide_owned_rule *owned = sequence->owned;
    const char *symbol, *reason;
    enum abide_drop way = owned ? owned->drop : ABIDE_DROP_UNKNOWN;
    switch (way) {
    case ABIDE_DROP_UNKNOWN:
        lift->help =
            abide__printf(lift->ctx, "say it under `owned:` of %s", sequence->module->name);
        return abide__printf(lift->ctx, "%s does not say how %s is released",
                             sequence->module->name, abide_type_print(lift->ctx, sequence->type));
    case ABIDE_DROP_NOTHING: return NULL;
    case ABIDE_DROP_OWNER:
        if (!sequence->owner.type)
            return lacks_part(lift, sequence, "where its owner is", ABIDE_PART_OWNER);
        release_through_owner(lift, sequence, value, elements, count);
        return NULL;
    case ABIDE_DROP_RELEASE:
        reason = abide_lift__hook(lift, sequence->module, owned->drop_hook, sequence->type,
                                  "void SYMBOL(void *memory)", &symbol);
        if (reason)
            return reason;
        if (owned->empty_is_nowhere)
            abide_op__if(&lift->build, count);
        release_memory(lift, sequence, symbol, value, elements);
        if (owned->empty_is_nowhere)
            abide_op__end(&lift->build);
        return NULL;
    case ABIDE_DROP_CALL:
        reason = abide_lift__hook(lift, sequence->module, owned->drop_hook, sequence->type,
                                  "void SYMBOL(void *value)", &symbol);
        if (!reason)
            abide_op__call(&lift->build, symbol, &value, 1, false);
        abide_lift__costs(lift, ABIDE_COST_RUNTIME);
        return reason;
    }
    return NULL;
}
