/* Flat forms: each is made of those of its parts, which are remembered, so that types in types cost no more than they have words. */
#include "call/flat.h"

#include "base/hash.h"
#include "call/decide.h"
#include "call/instantiate.h"
#include "call/lowerings.h"
#include "layout/layout.h"

#include <string.h>

struct key {
    const abide_module *module;
    const abide_module *foreign;
    const abide_type *type;
};

struct abide_flattened {
    struct key key;
    const struct abide_flat *flat; /* NULL: there is none */
    UT_hash_handle hh;
};

/* One type, its representation, and the words found so far. */
struct flattening {
    abide_ctx *ctx;
    const struct abide_representing *how;
    const struct abide_flatten *rules;
    const abide_type *type; /* stripped */
    const abide_type *physical;
    const abide_layout *layout; /* of `physical` */
    const struct abide_template *as;
    ABIDE_VEC(struct abide_flat_word) words;
};

static bool add_physical(struct flattening *flattening, const abide_type *physical,
                         uint64_t at_bytes, const char *prefix, const char *leaf);

/* --- words --------------------------------------------------------------------------------------- */

static bool add_word(struct flattening *flattening, const abide_type *type, uint64_t source_bytes,
                     const char *suffix, const char *leaf)
{
    struct abide_flat_word word = {
        .type = type, .suffix = suffix, .leaf = leaf, .source_bytes = source_bytes};
    if (flattening->words.count == ABIDE_FLAT_MAX_WORDS)
        return false;
    abide__push(flattening->ctx, &flattening->words, word);
    return true;
}

static const abide_layout *layout_of(const struct flattening *flattening, const abide_type *type)
{
    return abide_layout__physical(flattening->ctx, flattening->how->module->data, type);
}

static uint64_t size_of(const struct flattening *flattening, const abide_type *type)
{
    const abide_layout *layout = layout_of(flattening, type);
    return layout != NULL ? layout->size_bytes : 0;
}

static const struct abide_flat_scalar *find_scalar(const struct abide_flatten *rules,
                                                   enum abide_scalar scalar)
{
    for (size_t i = 0; i < rules->scalar_count; i++) {
        if (rules->scalars[i].of == scalar)
            return &rules->scalars[i];
    }
    return NULL;
}

/* A scalar, or the words that stand for it, which are the same bytes. */
static bool add_scalar(struct flattening *flattening, const abide_type *type, uint64_t at_bytes,
                       const char *suffix, const char *leaf)
{
    abide_ctx *ctx = flattening->ctx;
    const struct abide_flat_scalar *rule = find_scalar(flattening->rules, type->scalar);
    if (rule == NULL)
        return add_word(flattening, type, at_bytes, suffix, leaf);
    for (size_t i = 0; i < rule->word_count; i++) {
        const abide_type *word = abide_type__scalar(ctx, rule->words[i]);
        bool is_one = rule->word_count == 1;
        if (!add_word(flattening, word, at_bytes,
                      is_one ? suffix : abide__printf(ctx, "%s_%zu", suffix, i),
                      is_one ? leaf : abide__printf(ctx, "%s%zu", leaf, i)))
            return false;
        at_bytes += abide__scalars[rule->words[i]].size_bytes;
    }
    return rule->word_count > 0;
}

/* --- parts ---------------------------------------------------------------------------------------- */

static const char *join(abide_ctx *ctx, const char *prefix, const char *name)
{
    return name != NULL ? abide__printf(ctx, "%s_%s", prefix, name) : prefix;
}

static const char *leaf_of(const char *name)
{
    return name != NULL ? name : "value";
}

/* The words of a part that lies at this offset of the represented value. */
static bool add_part(struct flattening *flattening, const abide_type *type, uint64_t at_bytes,
                     const char *prefix, const char *name)
{
    abide_ctx *ctx = flattening->ctx;
    const struct abide_flat *part = abide_flat__words(ctx, flattening->how, type);
    if (part == NULL)
        return false;
    for (size_t i = 0; i < part->word_count; i++) {
        const struct abide_flat_word *word = &part->words[i];
        uint64_t source_bytes = word->source_bytes == ABIDE_FLAT_NOWHERE
                                    ? ABIDE_FLAT_NOWHERE
                                    : at_bytes + word->source_bytes;
        const char *suffix = abide__printf(ctx, "%s%s", prefix, word->suffix);
        bool is_plain = part->word_count == 1 && word->suffix[0] == '\0';
        if (!add_word(flattening, word->type, source_bytes, suffix,
                      is_plain && name != NULL ? name : word->leaf))
            return false;
    }
    return true;
}

static bool add_array(struct flattening *flattening, const abide_type *physical, uint64_t at_bytes,
                      const char *prefix, const abide_type *element)
{
    const abide_layout *layout = layout_of(flattening, physical->target);
    if (layout == NULL || physical->is_flexible || physical->count > ABIDE_FLAT_MAX_WORDS)
        return false;
    for (uint64_t i = 0; i < physical->count; i++) {
        const char *name = abide__printf(flattening->ctx, "%llu", (unsigned long long)i);
        const char *own = join(flattening->ctx, prefix, name);
        uint64_t at = at_bytes + i * layout->size_bytes;
        if (element != NULL ? !add_part(flattening, element, at, own, name)
                            : !add_physical(flattening, physical->target, at, own, name))
            return false;
    }
    return true;
}

/* A field of a record: of its abstract type, or of the physical one where a template made it. */
static bool add_field(struct flattening *flattening, const struct abide_field *field,
                      abide_field_info info, const abide_type *abstract, const char *prefix)
{
    const char *own = join(flattening->ctx, prefix, field->name);
    if (field->is_bitfield)
        return false;
    if (abstract != NULL)
        return add_part(flattening, abstract, info.offset_bits / 8, own, field->name);
    return add_physical(flattening, field->type, info.offset_bits / 8, own, leaf_of(field->name));
}

static bool add_physical_record(struct flattening *flattening, const abide_type *physical,
                                uint64_t at_bytes, const char *prefix)
{
    const abide_layout *layout = layout_of(flattening, physical);
    for (size_t i = 0; layout != NULL && i < physical->field_count; i++) {
        const struct abide_field *field = &physical->fields[i];
        uint64_t at = at_bytes + abide_layout__field(layout, i).offset_bits / 8;
        if (field->is_bitfield ||
            !add_physical(flattening, field->type, at, join(flattening->ctx, prefix, field->name),
                          leaf_of(field->name)))
            return false;
    }
    return layout != NULL;
}

/* What an ABI made, without an abstract type behind it. */
static bool add_physical(struct flattening *flattening, const abide_type *physical,
                         uint64_t at_bytes, const char *prefix, const char *leaf)
{
    physical = abide_type__strip(physical);
    switch (physical->kind) {
    case ABIDE_KIND_SCALAR: return add_scalar(flattening, physical, at_bytes, prefix, leaf);
    case ABIDE_KIND_ENUM:
    case ABIDE_KIND_POINTER:
    case ABIDE_KIND_FUNCTION: return add_word(flattening, physical, at_bytes, prefix, leaf);
    case ABIDE_KIND_ARRAY:
    case ABIDE_KIND_COMPLEX: return add_array(flattening, physical, at_bytes, prefix, NULL);
    case ABIDE_KIND_STRUCT:
        return physical->is_complete && add_physical_record(flattening, physical, at_bytes, prefix);
    case ABIDE_KIND_VOID: return true;
    default: return false; /* unions, vectors, and what is only known by its name */
    }
}

/* --- records -------------------------------------------------------------------------------------- */

/* The fields of the subject, which begin at `*next` in its representation. */
static bool add_own_fields(struct flattening *flattening, size_t *next)
{
    const abide_type *type = flattening->type, *physical = flattening->physical;
    for (size_t i = 0; i < type->field_count; i++) {
        if (*next == physical->field_count)
            return false;
        if (!add_field(flattening, &physical->fields[*next],
                       abide_layout__field(flattening->layout, *next), type->fields[i].type, ""))
            return false;
        (*next)++;
    }
    return true;
}

/* "$pLen_0" without the name of the whole: "Len_0". */
static const char *suffix_of(abide_ctx *ctx, const struct abide_template_member *member)
{
    const char *pattern = member->parameter;
    if (pattern == NULL)
        return join(ctx, "", member->part != NULL ? member->part : member->name);
    const char *hole = strstr(pattern, "$p");
    return hole != NULL ? hole + 2 : abide__printf(ctx, "_%s", pattern);
}

/* A member that a template made: the parts of strings, slices, closures. */
static bool add_member(struct flattening *flattening, const struct abide_template_member *member,
                       size_t index)
{
    const struct abide_field *field = &flattening->physical->fields[index];
    const char *leaf = leaf_of(member->part != NULL ? member->part : field->name);
    return add_physical(flattening, field->type,
                        abide_layout__field(flattening->layout, index).offset_bits / 8,
                        suffix_of(flattening->ctx, member), leaf);
}

/* Walks the template and the record that was made of it side by side. */
static bool add_record(struct flattening *flattening)
{
    const struct abide_template *as = flattening->as;
    const abide_type *type = flattening->type, *physical = flattening->physical;
    size_t next = 0;
    if (physical->kind != ABIDE_KIND_STRUCT || !physical->is_complete)
        return false;
    if (as == NULL)
        return add_own_fields(flattening, &next);
    for (size_t i = 0; i < as->member_count; i++) {
        const struct abide_template_member *member = &as->members[i];
        if (member->type == NULL) {
            if (!add_own_fields(flattening, &next))
                return false;
            continue;
        }
        if (next == physical->field_count)
            return false;
        bool is_base = member->type->op == ABIDE_TEMPLATE_BASE;
        bool fine = is_base
                        ? add_field(flattening, &physical->fields[next],
                                    abide_layout__field(flattening->layout, next), type->target, "")
                        : add_member(flattening, member, next);
        if (!fine)
            return false;
        next++;
    }
    return next == physical->field_count;
}

/* --- sums ------------------------------------------------------------------------------------------ */

static const abide_type *unsigned_of(abide_ctx *ctx, uint64_t size_bytes)
{
    static const enum abide_scalar scalars[] = {ABIDE_SCALAR_U8, ABIDE_SCALAR_U16, ABIDE_SCALAR_U32,
                                                ABIDE_SCALAR_U64};
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++) {
        if (abide__scalars[scalars[i]].size_bytes == size_bytes)
            return abide_type__scalar(ctx, scalars[i]);
    }
    return NULL;
}

/* Two words that stand at the same position. NULL: no word can hold both. */
static const abide_type *join_types(const struct flattening *flattening, const abide_type *a,
                                    const abide_type *b)
{
    if (a == b)
        return a;
    bool are_pointers = a->kind == ABIDE_KIND_POINTER && b->kind == ABIDE_KIND_POINTER;
    if (are_pointers)
        return abide_type__pointer(flattening->ctx, abide_type__void(flattening->ctx), true, true);
    uint64_t a_bytes = size_of(flattening, a), b_bytes = size_of(flattening, b);
    return unsigned_of(flattening->ctx, a_bytes > b_bytes ? a_bytes : b_bytes);
}

/* What a joined word has for a truth value: where no case uses it, it may hold what is none, and then nobody may pass it on as one. */
static const abide_type *joinable(struct flattening *flattening, const abide_type *type)
{
    bool is_truth = type->kind == ABIDE_KIND_SCALAR && type->scalar == ABIDE_SCALAR_BOOL;
    return is_truth ? unsigned_of(flattening->ctx, size_of(flattening, type)) : type;
}

/* Word `at` of a payload, joined with what stands there from other payloads. */
static bool join_word(struct flattening *flattening, const struct abide_flat_word *word, size_t at)
{
    const abide_type *own = joinable(flattening, word->type);
    if (own == NULL)
        return false;
    if (at == flattening->words.count)
        return add_word(flattening, own, ABIDE_FLAT_NOWHERE, word->suffix, word->leaf);
    struct abide_flat_word *other = &flattening->words.items[at];
    const abide_type *type = join_types(flattening, other->type, own);
    if (type == NULL)
        return false;
    other->type = type;
    if (strcmp(other->suffix, word->suffix) != 0 || strcmp(other->leaf, word->leaf) != 0) {
        other->leaf = abide__printf(flattening->ctx, "word%zu", at - 1);
        other->suffix = abide__printf(flattening->ctx, "_%zu", at - 1);
    }
    return true;
}

static bool add_tag(struct flattening *flattening, const abide_type *stored, const char *suffix,
                    uint64_t at_bytes)
{
    const abide_type *tag = abide_type__scalar(flattening->ctx, flattening->rules->tag);
    uint64_t tag_bytes = size_of(flattening, tag), stored_bytes = size_of(flattening, stored);
    if (stored_bytes > tag_bytes)
        return false;
    bool is_same = stored_bytes == tag_bytes;
    return add_word(flattening, tag, is_same ? at_bytes : ABIDE_FLAT_NOWHERE, suffix, "tag");
}

/* The tag, then all payloads at once. */
static bool add_cases(struct flattening *flattening)
{
    const abide_type *type = flattening->type;
    size_t tag = abide_template__part(flattening->as, ABIDE_PART_TAG);
    size_t field = tag != SIZE_MAX
                       ? abide_instantiate__field(flattening->as, tag, flattening->physical)
                       : SIZE_MAX;
    const abide_type *stored = field != SIZE_MAX ? flattening->physical->fields[field].type : NULL;
    if (stored == NULL || !add_tag(flattening, stored, "_tag", ABIDE_FLAT_NOWHERE))
        return false;
    for (size_t i = 0; i < type->field_count; i++) {
        if (type->fields[i].type->kind == ABIDE_KIND_VOID)
            continue;
        const struct abide_flat *payload =
            abide_flat__words(flattening->ctx, flattening->how, type->fields[i].type);
        if (payload == NULL)
            return false;
        for (size_t at = 0; at < payload->word_count; at++) {
            if (!join_word(flattening, &payload->words[at], at + 1))
                return false;
        }
    }
    return true;
}

static bool add_sum(struct flattening *flattening)
{
    const abide_type *type = flattening->type;
    const char *lone_case = abide_template__lone_case(flattening->as);
    if (lone_case != NULL) {
        size_t index = abide_type__case(type, lone_case);
        return index != SIZE_MAX && add_part(flattening, type->fields[index].type, 0, "", NULL);
    }
    switch (flattening->as->op) {
    case ABIDE_TEMPLATE_TAG: return add_tag(flattening, flattening->physical, "", 0);
    case ABIDE_TEMPLATE_RECORD:
        return flattening->physical->kind == ABIDE_KIND_STRUCT && add_cases(flattening);
    default: return false;
    }
}

/* --- a type ----------------------------------------------------------------------------------------- */

static bool is_whole(const struct flattening *flattening)
{
    const struct abide_when *whole = flattening->rules->whole;
    struct abide_subject subject = {.module = flattening->how->module,
                                    .foreign = flattening->how->foreign,
                                    .type = flattening->type};
    return whole != NULL && abide_decide__holds(flattening->ctx, &subject, whole);
}

static bool add_type(struct flattening *flattening)
{
    const abide_type *type = flattening->type;
    if (is_whole(flattening) || type->kind == ABIDE_KIND_UNION)
        return false;
    if (abide_type__is_sum(type) && flattening->as != NULL)
        return add_sum(flattening);
    bool is_record = type->kind == ABIDE_KIND_STRUCT || type->kind == ABIDE_KIND_TUPLE;
    bool is_made = flattening->as != NULL && flattening->as->op == ABIDE_TEMPLATE_RECORD &&
                   !flattening->as->is_union;
    if (is_made || (is_record && flattening->as == NULL))
        return add_record(flattening);
    if (abide_type__is_sequence(type) && flattening->physical->kind == type->kind)
        return add_array(flattening, flattening->physical, 0, "", type->target);
    return add_physical(flattening, flattening->physical, 0, "", "value");
}

/* Suffixes such that no two parameters have one name: a sum in a sum has two tags. */
static void tell_apart(abide_ctx *ctx, struct abide_flat_word *words, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i;) {
            bool is_taken = strcmp(words[j].suffix, words[i].suffix) == 0;
            if (is_taken)
                words[i].suffix = abide__printf(ctx, "%s_%zu", words[i].suffix, i);
            j = is_taken ? 0 : j + 1;
        }
    }
}

/* A name that is good for a field: not empty, and not that of a field before it. */
static const char *field_name(abide_ctx *ctx, const struct abide_field *fields, size_t count,
                              const struct abide_flat_word *word)
{
    const char *name = word->suffix[0] != '\0' ? word->suffix : word->leaf;
    name += name[0] == '_' && name[1] != '\0';
    for (size_t i = 0; i < count;) {
        bool is_taken = strcmp(fields[i].name, name) == 0;
        if (is_taken)
            name = abide__printf(ctx, "%s_%zu", name, count);
        i = is_taken ? 0 : i + 1;
    }
    return name;
}

static const struct abide_flat *finish(struct flattening *flattening, const abide_type *type)
{
    abide_ctx *ctx = flattening->ctx;
    size_t count = flattening->words.count;
    struct abide_flat *flat = abide__new(ctx, struct abide_flat);
    struct abide_field *fields = abide__new_array(ctx, struct abide_field, count);
    tell_apart(ctx, flattening->words.items, count);
    flat->words = flattening->words.items;
    flat->word_count = count;
    flat->is_in_place = true;
    for (size_t i = 0; i < count; i++) {
        const struct abide_flat_word *word = &flat->words[i];
        fields[i] = (struct abide_field){
            .name = field_name(ctx, fields, i, word), .type = word->type, .place = type->place};
        flat->is_in_place = flat->is_in_place && word->source_bytes != ABIDE_FLAT_NOWHERE;
    }
    abide_type *record = abide_type__new(ctx, ABIDE_KIND_STRUCT, NULL, type->place);
    record->fields = fields;
    record->field_count = count;
    record->flat_of = type;
    record->is_complete = true;
    abide_type__measure(record);
    flat->type = record;
    return flat;
}

static const struct abide_flat *flatten(abide_ctx *ctx, const struct abide_representing *how,
                                        const abide_type *type)
{
    struct flattening flattening = {.ctx = ctx,
                                    .how = how,
                                    .rules = &how->module->language->flatten,
                                    .type = abide_type__strip(type)};
    if (!flattening.rules->is_present)
        return NULL;
    flattening.physical = abide_represent__as(ctx, how, type);
    if (flattening.physical == NULL)
        return NULL;
    flattening.physical = abide_type__strip(flattening.physical);
    bool has_size = flattening.physical->kind != ABIDE_KIND_VOID;
    flattening.layout = has_size ? layout_of(&flattening, flattening.physical) : NULL;
    if (has_size && flattening.layout == NULL)
        return NULL;
    flattening.as = abide_represent__template(ctx, how, flattening.type);
    return add_type(&flattening) ? finish(&flattening, type) : NULL;
}

const struct abide_flat *abide_flat__words(abide_ctx *ctx, const struct abide_representing *how,
                                           const abide_type *type)
{
    struct key key = {how->module, how->foreign, type};
    struct abide_flattened *known;
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the key has no padding
    HASH_FIND(hh, abide_lowerings__of(ctx)->flattened, &key, sizeof key, known);
    if (known != NULL)
        return known->flat;
    const struct abide_flat *flat = flatten(ctx, how, type);
    known = abide__new(ctx, struct abide_flattened);
    known->key = key;
    known->flat = flat;
    HASH_ADD(hh, abide_lowerings__of(ctx)->flattened, key, sizeof known->key, known);
    return flat;
}

const abide_type *abide_flat__of(abide_ctx *ctx, const struct abide_representing *how,
                                 const abide_type *type)
{
    const struct abide_flat *flat = abide_flat__words(ctx, how, type);
    return flat != NULL ? flat->type : NULL;
}

size_t abide_flat__count(abide_ctx *ctx, const struct abide_representing *how,
                         const abide_type *type)
{
    const struct abide_flat *flat = abide_flat__words(ctx, how, type);
    return flat != NULL ? flat->word_count : SIZE_MAX;
}
