/* The verbs of rules. */
#include "call/pass.h"

#include "call/classify.h"
#include "call/join.h"
#include "call/leaves.h"
#include "call/mixed.h"
#include "call/storage.h"

/* Of pointers, and of what `spread` opens: as deep as records around one vector are in practice. */
enum { MAX_DEPTH = 16 };
/* That `spread` looks at; a value has fewer bytes, but fields without bytes might be without number. */
enum { MAX_FIELDS = 4096 };

static struct abide_part_list list_of(const abide_part_vector *parts)
{
    return (struct abide_part_list){parts->items, parts->count};
}

static bool is_floating(const struct abide_leaf *leaf)
{
    return leaf->kind == ABIDE_LEAF_FLOAT || leaf->kind == ABIDE_LEAF_VECTOR;
}

/* Whether all leaves in [start, end) are floats or vectors. */
static bool all_floating(const struct abide_leaves *leaves, uint64_t start, uint64_t end)
{
    for (size_t i = 0; leaves && i < leaves->count; i++) {
        const struct abide_leaf *leaf = &leaves->items[i];
        if (leaf->offset_bits < end * 8 && leaf->offset_bits + leaf->size_bits > start * 8 &&
            !is_floating(leaf))
            return false;
    }
    return leaves && leaves->count > 0;
}

static bool has_stack_piece(const abide_piece_list *pieces)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (!pieces->items[i].register_name)
            return true;
    return false;
}

/* Gives the parts their places. false: they do not fit, or not as the rule wants it. */
static bool place_parts(struct abide_deciding *deciding, const struct abide_pass_rule *rule,
                        struct abide_part_list parts)
{
    return abide_place__parts(deciding->placer, deciding->passed.layout, rule, parts) &&
           !(rule->fits_registers && has_stack_piece(&deciding->placer->pieces));
}

static bool pass_whole(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    bool is_float_leaf = abide_evaluate__kind(layout) == ABIDE_LEAF_FLOAT;
    bool is_float =
        all_floating(abide_leaves__of(deciding->placer->ctx, layout), 0, layout->size_bytes);
    struct abide_part part = {0, layout->size_bytes, rule->bank, is_float, is_float_leaf, 0};
    struct abide_part_list parts = {&part, 1};
    struct abide_cursor before = deciding->placer->cursor;
    if (!place_parts(deciding, rule, parts))
        return false;
    if (rule->also == ABIDE_NO_BANK)
        return true;
    /* In a block the copy has the same position; in sequences it takes registers of its own. */
    if (deciding->placer->area->is_block)
        deciding->placer->cursor.stack_bytes = before.stack_bytes;
    part.bank = rule->also;
    return abide_place__parts(deciding->placer, layout, rule, parts);
}

/* Whether a walk over the leaves may take this one by itself. */
static bool is_open(const struct abide_deciding *deciding, const struct abide_pass_rule *rule,
                    const struct abide_leaf *leaf)
{
    return !(abide_leaves__crossed(deciding->passed.layout, leaf) & ~rule->enter);
}

static bool add_member(struct abide_deciding *deciding, const struct abide_pass_rule *rule,
                       const struct abide_leaf *leaf, abide_part_vector *parts)
{
    uint8_t bank = rule->bank_of_kind[leaf->is_padding ? rule->padding_kind : leaf->kind];
    uint64_t start = leaf->offset_bits / 8;
    uint64_t end = (leaf->offset_bits + leaf->size_bits + 7) / 8;
    const struct abide_part *last = parts->count ? &parts->items[parts->count - 1] : NULL;
    bool repeats = last && last->offset_bytes == start && last->size_bytes == end - start &&
                   last->bank == bank;
    if (repeats) /* in several members of a union */
        return true;
    bool overlaps = last && start < last->offset_bytes + last->size_bytes;
    if (bank == ABIDE_NO_BANK || overlaps || !is_open(deciding, rule, leaf))
        return false;
    abide__push(deciding->placer->ctx, parts,
                (struct abide_part){start, end - start, bank, is_floating(leaf),
                                    leaf->kind == ABIDE_LEAF_FLOAT, leaf->align_bytes});
    return true;
}

static bool pass_members(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    const struct abide_leaves *leaves = abide_leaves__of(deciding->placer->ctx, layout);
    abide_part_vector parts = {0};
    for (size_t i = 0; leaves && i < leaves->count; i++)
        if ((!leaves->items[i].is_padding || rule->padding_kind != ABIDE_LEAF_KIND_COUNT) &&
            (!add_member(deciding, rule, &leaves->items[i], &parts) ||
             parts.count > ABIDE_MAX_REGISTERS))
            return false;
    return leaves && place_parts(deciding, rule, list_of(&parts));
}

/* `rest: chunks`. */
static bool pass_mixed(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    const struct abide_placer *placer = deciding->placer;
    abide_part_vector parts = {0};
    return placer->area->is_block && rule->bank_of_kind[ABIDE_LEAF_INT] != ABIDE_NO_BANK &&
           abide_mixed__parts(placer->ctx, deciding->passed.layout, rule, placer->area->slot_bytes,
                              &parts) &&
           place_parts(deciding, rule, list_of(&parts));
}

/* One part for each chunk that has a class, longer where chunks join. false: a class has no bank. */
static bool parts_of_classes(struct abide_deciding *deciding, const struct abide_pass_rule *rule,
                             const struct abide_chunk *chunks, size_t count,
                             abide_part_vector *parts)
{
    const abide_layout *layout = deciding->passed.layout;
    uint64_t step = abide_module__rules(deciding->placer->module)->classes->chunk_bytes;
    for (size_t i = 0; i < count; i++) {
        if (chunks[i].class == ABIDE_NO_CLASS)
            continue;
        uint64_t start = i * step;
        uint64_t size = layout->size_bytes - start < step ? layout->size_bytes - start : step;
        if (chunks[i].joined && parts->count > 0) {
            struct abide_part *last = &parts->items[parts->count - 1];
            last->size_bytes += size;
            if (last->size_bytes > deciding->placer->banks[last->bank]->width_bytes)
                return false;
            continue;
        }
        uint8_t bank = rule->bank_of_class[chunks[i].class];
        if (bank == ABIDE_NO_BANK)
            return false;
        abide__push(deciding->placer->ctx, parts,
                    (struct abide_part){start, size, bank, false, false, 0});
    }
    return layout->size_bytes <=
               abide_module__rules(deciding->placer->module)->classes->divide_bytes ||
           (parts->count == 1 && parts->items[0].size_bytes == layout->size_bytes);
}

static bool pass_classes(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    abide_ctx *ctx = deciding->placer->ctx;
    struct abide_chunk chunks[ABIDE_MAX_REGISTERS];
    size_t count;
    abide_part_vector parts = {0};
    if (!abide_classify__chunks(ctx, abide_module__rules(deciding->placer->module)->classes, layout,
                                chunks, &count) ||
        !parts_of_classes(deciding, rule, chunks, count, &parts))
        return false;
    const struct abide_leaves *leaves = abide_leaves__of(ctx, layout);
    for (size_t i = 0; i < parts.count; i++) {
        struct abide_part *part = &parts.items[i];
        part->is_float =
            all_floating(leaves, part->offset_bytes, part->offset_bytes + part->size_bytes);
        part->is_float_leaf = part->is_float && abide_evaluate__kind(layout) == ABIDE_LEAF_FLOAT;
    }
    return abide_place__parts(deciding->placer, layout, rule, list_of(&parts));
}

/* Places another value by the same rules, and gives the pieces back; the pieces in hand stay as they are. */
static bool decide_inner(struct abide_deciding *deciding, const abide_layout *layout,
                         struct abide_assigned *out)
{
    if (deciding->depth == MAX_DEPTH)
        return false;
    struct abide_deciding inner = *deciding;
    inner.may_wait = false;
    abide_piece_list outer = deciding->placer->pieces;
    inner.passed.layout = layout;
    inner.passed.budgeted = NULL; /* the value in which it is has paid */
    inner.out = out;
    inner.depth++;
    deciding->placer->pieces = (abide_piece_list){0};
    bool fine = abide_choose__rule(&inner);
    deciding->placer->pieces = outer;
    return fine;
}

void abide_pass__note_inner(const struct abide_placer *placer, const struct abide_assigned *place)
{
    if (placer->inner_rules)
        abide__push(placer->ctx, placer->inner_rules, place->rule);
}

/* What `spread` makes an argument of its own. */
static bool decide_part(struct abide_deciding *deciding, const abide_layout *layout,
                        struct abide_assigned *out)
{
    bool was_part = deciding->passed.is_part;
    deciding->passed.is_part = true;
    bool fine = decide_inner(deciding, layout, out);
    deciding->passed.is_part = was_part;
    if (fine)
        abide_pass__note_inner(deciding->placer, out);
    return fine;
}

static const abide_layout *pointer_layout(abide_ctx *ctx, const abide_module *module)
{
    const abide_type *pointer = abide_type__pointer(ctx, abide_type__void(ctx), true, true);
    return abide_layout__physical(ctx, module->data, pointer);
}

bool abide_pass__is_on_stack(const struct abide_assigned *assigned)
{
    if (assigned->pass == ABIDE_PASS_POINTER)
        return !assigned->pointer.register_name;
    for (size_t i = 0; i < assigned->piece_count; i++)
        if (!assigned->pieces[i].register_name)
            return true;
    return false;
}

static bool pass_pointer(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    static const enum abide_copy copies[] = {
        [ABIDE_COPY_WORD_CALLER] = ABIDE_COPY_CALLER,
        [ABIDE_COPY_WORD_BORROW] = ABIDE_COPY_BORROW,
        [ABIDE_COPY_WORD_MOVED] = ABIDE_COPY_MOVED,
        [ABIDE_COPY_WORD_SHARED] = ABIDE_COPY_SHARED,
    };
    struct abide_assigned address = {0};
    const abide_layout *pointer = pointer_layout(deciding->placer->ctx, deciding->placer->module);
    if (!pointer || !decide_inner(deciding, pointer, &address) || address.piece_count != 1 ||
        (rule->fits_registers && abide_pass__is_on_stack(&address)))
        return false;
    deciding->out->pass = ABIDE_PASS_POINTER;
    deciding->out->pointer = address.pieces[0];
    deciding->out->copy = copies[rule->copy];
    if (rule->copy_align_bytes > deciding->out->align_bytes)
        deciding->out->align_bytes = rule->copy_align_bytes;
    return true;
}

/* Bytes [from, to) of a piece; none of them: its size is 0 then. */
static abide_piece clipped(abide_piece piece, uint64_t from, uint64_t to)
{
    uint64_t end = piece.offset_bytes + piece.size_bytes;
    end = end < to ? end : to;
    if (piece.offset_bytes < from) {
        piece.at_bytes += (uint32_t)(from - piece.offset_bytes);
        piece.stack_offset_bytes += (int64_t)(from - piece.offset_bytes);
        piece.offset_bytes = from;
    }
    piece.size_bytes = end > piece.offset_bytes ? end - piece.offset_bytes : 0;
    return piece;
}

/* One part of a value as an argument of its own; its pieces become pieces of the value, as far as that has their bytes. */
static bool spread_joined_part(struct abide_deciding *deciding, const struct abide_pass_rule *rule,
                               const struct abide_joined *joined)
{
    struct abide_placer *placer = deciding->placer;
    struct abide_assigned part = {0};
    const abide_layout *layout =
        abide_layout__physical(placer->ctx, placer->module->data, joined->type);
    if (!layout || !decide_part(deciding, layout, &part))
        return false;
    if (part.pass == ABIDE_PASS_IGNORE)
        return true;
    if (part.pass != ABIDE_PASS_DIRECT || (rule->fits_registers && abide_pass__is_on_stack(&part)))
        return false;
    bool of_vector = abide_type__strip(deciding->passed.layout->type)->kind == ABIDE_KIND_VECTOR;
    bool is_stored =
        rule->spread_of == ABIDE_SPREAD_STORAGE || rule->spread_of == ABIDE_SPREAD_CHUNKS;
    bool is_of_c =
        !of_vector && rule->join_bytes == 0 && !is_stored; /* an argument that C could name */
    for (size_t i = 0; i < part.piece_count; i++) {
        abide_piece piece = clipped(part.pieces[i], joined->skipped_bytes, joined->size_bytes);
        if (piece.size_bytes == 0)
            continue;
        piece.offset_bytes += joined->offset_bytes;
        if (!is_of_c && piece.extend != ABIDE_EXTEND_UNSTATED)
            piece.extend = ABIDE_EXTEND_NONE, piece.extend_bits = 0;
        abide__push(placer->ctx, &placer->pieces, piece);
    }
    return true;
}

static bool spread_part(struct abide_deciding *deciding, const struct abide_pass_rule *rule,
                        const abide_type *type, uint64_t offset_bytes)
{
    return spread_joined_part(deciding, rule,
                              &(struct abide_joined){.offset_bytes = offset_bytes,
                                                     .size_bytes = UINT64_MAX,
                                                     .type = type});
}

/* `join`: integers that share a group of bytes are one argument. */
static bool spread_joined(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    const struct abide_module *machine = deciding->placer->module;
    abide_joined_list parts = {0};
    if (!abide_join__parts(deciding->placer->ctx, layout, rule, machine->pointer_bytes, &parts))
        return false;
    for (size_t i = 0; i < parts.count; i++)
        if (!spread_joined_part(deciding, rule, &parts.items[i]))
            return false;
    return true;
}

/* `of: storage`: padding that is bytes is passed as well, and destroys what is in its registers. */
static bool spread_storage(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    const struct abide_storage *storage =
        abide_storage__of(deciding->placer->ctx, deciding->passed.layout);
    for (size_t i = 0; storage && i < storage->count; i++) {
        const struct abide_stored *stored = &storage->items[i];
        if (!spread_joined_part(deciding, rule,
                                &(struct abide_joined){.offset_bytes = stored->offset_bytes,
                                                       .size_bytes = stored->size_bytes,
                                                       .type = stored->type}))
            return false;
    }
    return storage != NULL;
}

static bool has_integers(const struct abide_leaves *leaves, uint64_t start, uint64_t end)
{
    for (size_t i = 0; leaves && i < leaves->count; i++) {
        const struct abide_leaf *leaf = &leaves->items[i];
        if (leaf->offset_bits < end * 8 && leaf->offset_bits + leaf->size_bits > start * 8 &&
            !leaf->is_padding && !is_floating(leaf))
            return true;
    }
    return false;
}

/* What a chunk, or several that join, are as an argument: a float or a vector, or an integer. */
static const abide_type *type_of_chunk(abide_ctx *ctx, const abide_layout *layout, uint64_t start,
                                       uint64_t size_bytes, uint64_t step)
{
    const abide_type *f64 = abide_type__scalar(ctx, ABIDE_SCALAR_F64);
    if (size_bytes > step)
        return abide_type__vector(ctx, f64, (size_bytes + 7) / 8);
    if (!has_integers(abide_leaves__of(ctx, layout), start, start + size_bytes))
        return size_bytes > 4 ? f64 : abide_type__scalar(ctx, ABIDE_SCALAR_F32);
    uint64_t integer_bytes = abide_storage__integer_bytes(ctx, layout, start, step);
    return abide_type__scalar(ctx, integer_bytes == 1   ? ABIDE_SCALAR_U8
                                   : integer_bytes == 2 ? ABIDE_SCALAR_U16
                                   : integer_bytes <= 4 ? ABIDE_SCALAR_U32
                                                        : ABIDE_SCALAR_U64);
}

/* `of: chunks`: what the classes find in each of them. */
static bool spread_chunks(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    abide_ctx *ctx = deciding->placer->ctx;
    const abide_layout *layout = deciding->passed.layout;
    const struct abide_classes *classes = abide_module__rules(deciding->placer->module)->classes;
    struct abide_chunk chunks[ABIDE_MAX_REGISTERS];
    size_t count;
    uint64_t step = classes->chunk_bytes;
    if (!abide_classify__chunks(ctx, classes, layout, chunks, &count))
        return false;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && chunks[end].joined; end++)
            ;
        uint64_t start = i * step;
        uint64_t size_bytes =
            (end * step < layout->size_bytes ? end * step : layout->size_bytes) - start;
        if (chunks[i].class == ABIDE_NO_CLASS)
            continue;
        if (!spread_joined_part(deciding, rule,
                                &(struct abide_joined){
                                    .offset_bytes = start,
                                    .size_bytes = size_bytes,
                                    .type = type_of_chunk(ctx, layout, start, size_bytes, step)}))
            return false;
    }
    return true;
}

/* `of: declared`: fields of structs, of those inside as well; a bit-field counts as its type, named or not. */
static bool spread_declared(struct abide_deciding *deciding, const struct abide_pass_rule *rule,
                            const abide_layout *layout, size_t *left)
{
    const abide_type *type = abide_leaves__container(layout);
    for (size_t i = 0; i < type->field_count; i++) {
        abide_field_info field = abide_layout__field(layout, i);
        const abide_layout *part = abide_leaves__part(deciding->placer->ctx, layout, i);
        if ((*left)-- == 0)
            return false;
        bool is_fine = !field.is_bitfield && abide_evaluate__kind(part) == ABIDE_LEAF_STRUCT
                           ? spread_declared(deciding, rule, part, left)
                           : spread_part(deciding, rule, field.type, field.offset_bits / 8);
        if (!is_fine)
            return false;
    }
    return true;
}

/* The elements of a sequence, or of a vector the units that the rule says, one after the other. */
static bool spread_elements(struct abide_deciding *deciding, const struct abide_pass_rule *rule,
                            const abide_type *type)
{
    const abide_layout *layout = deciding->passed.layout;
    const abide_type *part = type->target;
    uint64_t step = layout->size_bytes / type->count;
    if (type->kind == ABIDE_KIND_VECTOR && rule->unit_bytes > step) {
        if (layout->size_bytes <= rule->unit_bytes)
            return false;
        part = abide_type__vector(deciding->placer->ctx, part, rule->unit_bytes / step);
        step = rule->unit_bytes;
    }
    for (uint64_t at = 0; at < layout->size_bytes; at += step)
        if (!spread_part(deciding, rule, part, at))
            return false;
    return true;
}

static bool spread_fields(struct abide_deciding *deciding, const struct abide_pass_rule *rule,
                          const abide_type *type)
{
    const abide_layout *layout = deciding->passed.layout;
    for (size_t i = 0; i < abide_layout_field_count(layout); i++) {
        abide_field_info field = abide_layout__field(layout, i);
        if (field.is_bitfield && !type->fields[i].name)
            continue;
        if (field.is_bitfield || !spread_part(deciding, rule, field.type, field.offset_bits / 8))
            return false;
    }
    return true;
}

static bool pass_spread(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    const abide_type *type = abide_type__strip(layout->type);
    if (layout->size_bytes > ABIDE_LEAVES_MAX_BYTES)
        return false;
    if (rule->join_bytes)
        return spread_joined(deciding, rule);
    if (rule->spread_of == ABIDE_SPREAD_STORAGE)
        return spread_storage(deciding, rule);
    if (rule->spread_of == ABIDE_SPREAD_CHUNKS)
        return spread_chunks(deciding, rule);
    size_t left = MAX_FIELDS;
    if (rule->spread_of == ABIDE_SPREAD_DECLARED)
        return abide_evaluate__kind(layout) == ABIDE_LEAF_STRUCT &&
               spread_declared(deciding, rule, layout, &left);
    bool has_elements = abide_type__is_sequence(type) || type->kind == ABIDE_KIND_VECTOR;
    if (has_elements && layout->size_bytes)
        return spread_elements(deciding, rule, type);
    bool is_open = type->kind == ABIDE_KIND_STRUCT ||
                   (type->kind == ABIDE_KIND_UNION && abide_layout__shape(layout)->leaf_count == 1);
    return is_open && spread_fields(deciding, rule, type);
}

/* The address of the result takes the first place among the arguments, or a register outside the banks. */
static bool pass_hidden(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    struct abide_placer *arguments = deciding->arguments;
    const abide_layout *pointer = pointer_layout(arguments->ctx, arguments->module);
    if (!pointer)
        return false;
    struct abide_assigned *out = deciding->out;
    out->pass = ABIDE_PASS_HIDDEN;
    out->returned_register = rule->returned_register;
    out->pointer = (abide_piece){.size_bytes = pointer->size_bytes};
    if (rule->hidden_register) {
        out->pointer.register_name = rule->hidden_register;
        return true;
    }
    static const struct abide_pass_rule plain = {.also = ABIDE_NO_BANK};
    struct abide_part part = {0, pointer->size_bytes, rule->bank, false, false, 0};
    arguments->pieces = (abide_piece_list){0};
    if (rule->hidden_on_stack)
        abide_place__stack(arguments, pointer, &plain, 0);
    else if (!abide_place__parts(arguments, pointer, &plain, (struct abide_part_list){&part, 1}))
        return false;
    out->pointer = arguments->pieces.items[0];
    arguments->pieces = (abide_piece_list){0};
    return true;
}

bool abide_pass__by(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    deciding->out->pass = ABIDE_PASS_DIRECT;
    switch (rule->verb) {
    case ABIDE_VERB_IGNORE:
        deciding->out->pass = ABIDE_PASS_IGNORE;
        abide_place__skip(deciding->placer, layout, rule);
        return true;
    case ABIDE_VERB_STACK: abide_place__stack(deciding->placer, layout, rule, 0); return true;
    case ABIDE_VERB_POINTER: return pass_pointer(deciding, rule);
    case ABIDE_VERB_WHOLE:
    case ABIDE_VERB_CHUNKS: return pass_whole(deciding, rule);
    case ABIDE_VERB_MEMBERS:
        return rule->rest_in_chunks ? pass_mixed(deciding, rule) : pass_members(deciding, rule);
    case ABIDE_VERB_CLASSES: return pass_classes(deciding, rule);
    case ABIDE_VERB_SPREAD: return pass_spread(deciding, rule);
    case ABIDE_VERB_HIDDEN: return pass_hidden(deciding, rule);
    case ABIDE_VERB_REFUSE: return false; /* abide_choose__rule() has reported it */
    }
    return false;
}
