/*
 * Assignments: for each value the rules of the machine module are tried in order, and the first that applies and fits
 * decides. One walk serves caller and callee.
 */
#include "call/assignment.h"
#include "base/diag.h"
#include "base/hash.h"
#include "call/classify.h"
#include "call/evaluate.h"
#include "call/join.h"
#include "call/leaves.h"
#include "call/lowerings.h"
#include "call/place.h"
#include "spec/language.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

struct abide_assigned_to {
    const struct abide_physical *physical;
    const abide_assignment *assignment;
    UT_hash_handle hh;
};

/* A value with the rules it is placed by. */
struct deciding {
    struct abide_placer *placer;
    struct abide_passed passed;
    struct abide_rule_list rules;
    struct abide_placer *arguments; /* of a result: where a hidden address goes */
    unsigned depth;                 /* of pointers and parts that are placed by the same rules */
    bool may_wait;                  /* a rule may put it off until the others are placed */
    const struct abide_pass_rule *waits_by; /* the rule that did; NULL: it has its place */
    struct abide_assigned *out;
    const struct abide_param
        *param; /* what messages are about; NULL: the result, or what no interface names */
    struct abide_place place;
};

/* Of pointers, and of what `spread` opens: as deep as records around one vector are in practice. */
enum { MAX_DEPTH = 16 };

static bool decide(struct deciding *deciding);

typedef ABIDE_VEC(struct abide_part) part_list;

static struct abide_part_list list_of(const part_list *parts)
{
    return (struct abide_part_list){parts->items, parts->count};
}

/* --- verbs --- */

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
static bool place_parts(struct deciding *deciding, const struct abide_pass_rule *rule,
                        struct abide_part_list parts)
{
    return abide_place__parts(deciding->placer, deciding->passed.layout, rule, parts) &&
           !(rule->fits_registers && has_stack_piece(&deciding->placer->pieces));
}

static bool pass_whole(struct deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    bool is_float_leaf = abide_evaluate__kind(layout) == ABIDE_LEAF_FLOAT;
    bool is_float =
        all_floating(abide_leaves__of(deciding->placer->ctx, layout), 0, layout->size_bytes);
    struct abide_part part = {0, layout->size_bytes, rule->bank, is_float, is_float_leaf};
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
static bool is_open(const struct deciding *deciding, const struct abide_pass_rule *rule,
                    const struct abide_leaf *leaf)
{
    return !(abide_leaves__crossed(deciding->passed.layout, leaf) & ~rule->enter);
}

static bool add_member(struct deciding *deciding, const struct abide_pass_rule *rule,
                       const struct abide_leaf *leaf, part_list *parts)
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
                                    leaf->kind == ABIDE_LEAF_FLOAT});
    return true;
}

static bool pass_members(struct deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    const struct abide_leaves *leaves = abide_leaves__of(deciding->placer->ctx, layout);
    part_list parts = {0};
    for (size_t i = 0; leaves && i < leaves->count; i++)
        if ((!leaves->items[i].is_padding || rule->padding_kind != ABIDE_LEAF_KIND_COUNT) &&
            (!add_member(deciding, rule, &leaves->items[i], &parts) ||
             parts.count > ABIDE_MAX_REGISTERS))
            return false;
    return leaves && place_parts(deciding, rule, list_of(&parts));
}

static bool is_aligned(const struct abide_leaf *leaf)
{
    return leaf->offset_bits % (leaf->align_bytes * 8) == 0;
}

/*
 * `rest: chunks`: in each chunk aligned floating leaves go to their bank, and what else is there, from its first byte to its last,
 * to that of the integers. The chunks are those of the block.
 */
static void add_mixed_chunk(struct deciding *deciding, const struct abide_pass_rule *rule,
                            const struct abide_leaves *leaves, uint64_t start, uint64_t end,
                            part_list *parts)
{
    uint64_t rest_start = end, rest_end = start;
    for (size_t i = 0; i < leaves->count; i++) {
        const struct abide_leaf *leaf = &leaves->items[i];
        uint64_t from = leaf->offset_bits / 8, to = (leaf->offset_bits + leaf->size_bits + 7) / 8;
        if (leaf->is_padding || to <= start || from >= end)
            continue;
        if (is_floating(leaf) && is_open(deciding, rule, leaf) && is_aligned(leaf) &&
            rule->bank_of_kind[leaf->kind] != ABIDE_NO_BANK) {
            from = from < start ? start : from;
            to = to > end ? end : to;
            abide__push(deciding->placer->ctx, parts,
                        (struct abide_part){from, to - from, rule->bank_of_kind[leaf->kind], true,
                                            leaf->kind == ABIDE_LEAF_FLOAT});
            continue;
        }
        rest_start = from < rest_start ? (from < start ? start : from) : rest_start;
        rest_end = to > rest_end ? (to > end ? end : to) : rest_end;
    }
    if (rest_start < rest_end)
        abide__push(deciding->placer->ctx, parts,
                    (struct abide_part){rest_start, rest_end - rest_start,
                                        rule->bank_of_kind[ABIDE_LEAF_INT], false, false});
}

static bool pass_mixed(struct deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    const struct abide_leaves *leaves = abide_leaves__of(deciding->placer->ctx, layout);
    uint64_t slot = deciding->placer->area->slot_bytes;
    if (!leaves || !deciding->placer->area->is_block ||
        rule->bank_of_kind[ABIDE_LEAF_INT] == ABIDE_NO_BANK)
        return false;
    part_list parts = {0};
    for (uint64_t start = 0; start < layout->size_bytes; start += slot) {
        uint64_t end = start + slot < layout->size_bytes ? start + slot : layout->size_bytes;
        add_mixed_chunk(deciding, rule, leaves, start, end, &parts);
    }
    return place_parts(deciding, rule, list_of(&parts));
}

/* One part for each chunk that has a class, longer where chunks join. false: a class has no bank. */
static bool parts_of_classes(struct deciding *deciding, const struct abide_pass_rule *rule,
                             const struct abide_chunk *chunks, size_t count, part_list *parts)
{
    const abide_layout *layout = deciding->passed.layout;
    uint64_t step = deciding->placer->module->rules->classes->chunk_bytes;
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
                    (struct abide_part){start, size, bank, false, false});
    }
    return layout->size_bytes <= deciding->placer->module->rules->classes->divide_bytes ||
           (parts->count == 1 && parts->items[0].size_bytes == layout->size_bytes);
}

static bool pass_classes(struct deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    abide_ctx *ctx = deciding->placer->ctx;
    struct abide_chunk chunks[ABIDE_MAX_REGISTERS];
    size_t count;
    part_list parts = {0};
    if (!abide_classify__chunks(ctx, deciding->placer->module->rules->classes, layout, chunks,
                                &count) ||
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
static bool decide_inner(struct deciding *deciding, const abide_layout *layout,
                         struct abide_assigned *out)
{
    if (deciding->depth == MAX_DEPTH)
        return false;
    struct deciding inner = *deciding;
    inner.may_wait = false;
    abide_piece_list outer = deciding->placer->pieces;
    inner.passed.layout = layout;
    inner.out = out;
    inner.depth++;
    deciding->placer->pieces = (abide_piece_list){0};
    bool fine = decide(&inner);
    deciding->placer->pieces = outer;
    return fine;
}

static const abide_layout *pointer_layout(abide_ctx *ctx, const abide_module *module)
{
    const abide_type *pointer = abide_type__pointer(ctx, abide_type__void(ctx), true, true);
    return abide_layout__physical(ctx, module->data, pointer);
}

static bool is_on_stack(const struct abide_assigned *assigned)
{
    if (assigned->pass == ABIDE_PASS_POINTER)
        return !assigned->pointer.register_name;
    for (size_t i = 0; i < assigned->piece_count; i++)
        if (!assigned->pieces[i].register_name)
            return true;
    return false;
}

static bool pass_pointer(struct deciding *deciding, const struct abide_pass_rule *rule)
{
    static const enum abide_copy copies[] = {
        [ABIDE_COPY_WORD_CALLER] = ABIDE_COPY_CALLER,
        [ABIDE_COPY_WORD_BORROW] = ABIDE_COPY_BORROW,
        [ABIDE_COPY_WORD_MOVED] = ABIDE_COPY_MOVED,
    };
    struct abide_assigned address = {0};
    const abide_layout *pointer = pointer_layout(deciding->placer->ctx, deciding->placer->module);
    if (!pointer || !decide_inner(deciding, pointer, &address) || address.piece_count != 1 ||
        (rule->fits_registers && is_on_stack(&address)))
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
static bool spread_joined_part(struct deciding *deciding, const struct abide_pass_rule *rule,
                               const struct abide_joined *joined)
{
    struct abide_placer *placer = deciding->placer;
    struct abide_assigned part = {0};
    const abide_layout *layout =
        abide_layout__physical(placer->ctx, placer->module->data, joined->type);
    if (!layout || !decide_inner(deciding, layout, &part))
        return false;
    if (part.pass == ABIDE_PASS_IGNORE)
        return true;
    if (part.pass != ABIDE_PASS_DIRECT || (rule->fits_registers && is_on_stack(&part)))
        return false;
    bool of_vector = abide_type__strip(deciding->passed.layout->type)->kind == ABIDE_KIND_VECTOR;
    bool is_of_c = !of_vector && rule->join_bytes == 0; /* an argument that C could name */
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

static bool spread_part(struct deciding *deciding, const struct abide_pass_rule *rule,
                        const abide_type *type, uint64_t offset_bytes)
{
    return spread_joined_part(deciding, rule,
                              &(struct abide_joined){.offset_bytes = offset_bytes,
                                                     .size_bytes = UINT64_MAX,
                                                     .type = type});
}

/* `join`: integers that share a group of bytes are one argument. */
static bool spread_joined(struct deciding *deciding, const struct abide_pass_rule *rule)
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

/* The elements of a sequence, or of a vector the units that the rule says, one after the other. */
static bool spread_elements(struct deciding *deciding, const struct abide_pass_rule *rule,
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

static bool spread_fields(struct deciding *deciding, const struct abide_pass_rule *rule,
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

static bool pass_spread(struct deciding *deciding, const struct abide_pass_rule *rule)
{
    const abide_layout *layout = deciding->passed.layout;
    const abide_type *type = abide_type__strip(layout->type);
    if (layout->size_bytes > ABIDE_LEAVES_MAX_BYTES)
        return false;
    if (rule->join_bytes)
        return spread_joined(deciding, rule);
    bool has_elements = abide_type__is_sequence(type) || type->kind == ABIDE_KIND_VECTOR;
    if (has_elements && layout->size_bytes)
        return spread_elements(deciding, rule, type);
    bool is_open = type->kind == ABIDE_KIND_STRUCT ||
                   (type->kind == ABIDE_KIND_UNION && abide_layout__shape(layout)->leaf_count == 1);
    return is_open && spread_fields(deciding, rule, type);
}

/* The address of the result takes the first place among the arguments, or a register outside the banks. */
static bool pass_hidden(struct deciding *deciding, const struct abide_pass_rule *rule)
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
    struct abide_part part = {0, pointer->size_bytes, rule->bank, false, false};
    arguments->pieces = (abide_piece_list){0};
    if (rule->hidden_on_stack)
        abide_place__stack(arguments, pointer, &plain, 0);
    else if (!abide_place__parts(arguments, pointer, &plain, (struct abide_part_list){&part, 1}))
        return false;
    out->pointer = arguments->pieces.items[0];
    arguments->pieces = (abide_piece_list){0};
    return true;
}

static bool pass(struct deciding *deciding, const struct abide_pass_rule *rule)
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
    case ABIDE_VERB_REFUSE: return false; /* decide() has reported it */
    }
    return false;
}

/* --- rules --- */

/* In order of their bytes; of two with the same bytes (`also`) the one that the rule names first. Almost sorted as they come. */
static void sort_pieces(abide_piece *pieces, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        abide_piece piece = pieces[i];
        size_t at = i;
        for (; at > 0 && pieces[at - 1].offset_bytes > piece.offset_bytes; at--)
            pieces[at] = pieces[at - 1];
        pieces[at] = piece;
    }
}

static void keep_pieces(struct deciding *deciding)
{
    abide_piece_list *pieces = &deciding->placer->pieces;
    sort_pieces(pieces->items, pieces->count);
    deciding->out->pieces = pieces->items;
    deciding->out->piece_count = pieces->count;
    *pieces = (abide_piece_list){0};
    /* A rule may place what has no bytes, for its alignment; nothing of it is passed. */
    if (deciding->out->pass == ABIDE_PASS_DIRECT && deciding->out->size_bytes == 0)
        deciding->out->pass = ABIDE_PASS_IGNORE;
}

static bool withhold(struct deciding *deciding, const struct abide_pass_rule *rule)
{
    return rule->withheld == ABIDE_NO_BANK ||
           abide_place__withhold(deciding->placer, rule->withheld,
                                 deciding->passed.layout->size_bytes);
}

/* Tries one rule; everything is as before if it does not fit. */
static bool try_rule(struct deciding *deciding, const struct abide_pass_rule *rule)
{
    struct abide_cursor before = deciding->placer->cursor, arguments_before = {0};
    if (deciding->arguments)
        arguments_before = deciding->arguments->cursor;
    struct abide_assigned empty = {
        .size_bytes = deciding->passed.layout->size_bytes,
        .align_bytes = deciding->passed.layout->align_bytes,
        .rule = &rule->origin,
        .comes_back = rule->comes_back,
    };
    *deciding->out = empty;
    deciding->placer->pieces = (abide_piece_list){0};
    if (!abide_evaluate__holds(&deciding->passed, rule->when))
        return false;
    if (!pass(deciding, rule) || !withhold(deciding, rule)) {
        deciding->placer->cursor = before;
        if (deciding->arguments)
            deciding->arguments->cursor = arguments_before;
        return false;
    }
    if (rule->has_counts && deciding->placer->area->is_block)
        abide_place__count(deciding->placer, &before, deciding->passed.layout, rule->counts_bytes);
    if (rule->shadow != ABIDE_NO_BANK)
        abide_place__shadow(deciding->placer, rule->shadow, deciding->passed.layout->size_bytes);
    abide_place__exhaust(rule->verb == ABIDE_VERB_HIDDEN ? deciding->arguments : deciding->placer,
                         rule->exhaust);
    keep_pieces(deciding);
    return true;
}

static bool report_refusal(const struct deciding *deciding, const struct abide_pass_rule *rule)
{
    abide_ctx *ctx = deciding->placer->ctx;
    const abide_type *type = deciding->passed.layout->type;
    const char *name = deciding->param ? deciding->param->name : NULL;
    struct abide_place place = deciding->place.source ? deciding->place : type->place;
    abide_diag *diag = abide__report(
        ctx, ABIDE_CODE_REFUSED_VALUE, place, "%s is a %s that module '%s' does not %s: %s",
        name                  ? abide__printf(ctx, "parameter %s", abide__quote(ctx, name))
        : deciding->arguments ? "the result"
                              : "an argument",
        abide_type_kind_name(type), deciding->placer->module->name,
        deciding->arguments ? "return" : "pass", rule->because);
    abide__diag_help(ctx, diag, "use its address: `ptr<T>`");
    abide__diag_note(ctx, diag, rule->origin.place, "rule '%s'", rule->origin.id);
    return false;
}

static bool decide(struct deciding *deciding)
{
    for (size_t i = 0; i < deciding->rules.count; i++) {
        const struct abide_pass_rule *rule = &deciding->rules.items[i];
        if (rule->verb == ABIDE_VERB_REFUSE && abide_evaluate__holds(&deciding->passed, rule->when))
            return report_refusal(deciding, rule);
        if (rule->waits && deciding->may_wait &&
            abide_evaluate__holds(&deciding->passed, rule->when)) {
            deciding->waits_by = rule;
            return true;
        }
        if (try_rule(deciding, rule))
            return true;
    }
    if (deciding->depth == 0)
        abide__report(deciding->placer->ctx, ABIDE_CODE_RULES_RUN_OUT,
                      deciding->placer->module->place, "no rule of module '%s' takes a %s",
                      deciding->placer->module->name,
                      abide_type_kind_name(deciding->passed.layout->type));
    return false;
}

/* --- a signature --- */

static enum abide_extend_rule extend_of_machine(const struct abide_rules *rules, bool is_return)
{
    return is_return ? rules->extend_results : rules->extend_args;
}

/*
 * A language module may ask for more in its own calls than the machine module does in C's. A C compiler on either side knows
 * nothing of that, so nobody can rely on it.
 */
static enum abide_extend_rule extend_of(const struct abide_physical *physical, bool is_return)
{
    const struct abide_language *language = physical->module->language;
    enum abide_extend_rule own = is_return ? language->extend_results : language->extend_args;
    enum abide_extend_rule least = extend_of_machine(physical->machine->rules, is_return);
    return own > least ? own : least;
}

static struct abide_placer placer_of(abide_ctx *ctx, const struct abide_physical *physical,
                                     bool is_return)
{
    const abide_module *machine = physical->machine;
    return (struct abide_placer){
        .ctx = ctx,
        .module = machine,
        .banks = is_return ? machine->return_banks : machine->banks,
        .bank_count = is_return ? machine->return_bank_count : machine->bank_count,
        .area = is_return ? &machine->return_stack : &machine->stack,
        .extend = extend_of(physical, is_return),
        .extend_is_owed =
            extend_of(physical, is_return) != extend_of_machine(machine->rules, is_return),
    };
}

/* A pointer may also stand for a value whose content nobody knows. */
static bool has_size(const abide_type *type)
{
    type = type ? abide_type__strip(type) : NULL;
    return type && type->kind != ABIDE_KIND_OPAQUE && type->kind != ABIDE_KIND_VOID &&
           (type->is_complete ||
            (type->kind != ABIDE_KIND_STRUCT && type->kind != ABIDE_KIND_UNION));
}

/* The layout of a value that is passed, or that an adapter may have to copy. NULL: reported. */
static const abide_layout *passed_layout(abide_ctx *ctx, const struct abide_physical *physical,
                                         const abide_type *type)
{
    const abide_layout *layout = abide_layout__physical(ctx, physical->machine->data, type);
    if (!layout || layout->size_bytes <= ABIDE_PASSED_MAX_BYTES)
        return layout;
    abide__report(ctx, ABIDE_CODE_TYPE_TOO_LARGE, type->place,
                  "a value of %" PRIu64 " bytes is too large to be passed: the most is 2^40",
                  layout->size_bytes);
    return NULL;
}

/* `waits`: NULL if the result has to be placed now; else whether a rule puts its address behind the arguments. */
static bool assign_result(abide_ctx *ctx, const struct abide_physical *physical,
                          struct abide_placer *arguments, abide_assignment *assignment, bool *waits)
{
    const abide_type *type = physical->result.type;
    if (!type || type->kind == ABIDE_KIND_VOID) {
        assignment->result.pass = ABIDE_PASS_IGNORE;
        return true;
    }
    struct abide_placer placer = placer_of(ctx, physical, true);
    struct deciding deciding = {
        .placer = &placer,
        .passed =
            {
                .ctx = ctx,
                .module = physical->machine,
                .layout = passed_layout(ctx, physical, type),
                .is_variadic_function = physical->is_variadic,
                .has_no_result = abide_physical__has_no_result(physical),
                .facts = physical->signature->result_facts,
            },
        .rules = physical->machine->rules->returns,
        .arguments = arguments,
        .may_wait = waits != NULL,
        .out = &assignment->result,
        .place = physical->signature->place,
    };
    bool fine = deciding.passed.layout && decide(&deciding);
    if (waits)
        *waits = deciding.waits_by != NULL;
    return fine;
}

/* Only one of the two says that a new value comes back. */
static bool report_way_back(const struct deciding *deciding,
                            const struct abide_physical_param *param,
                            const struct abide_assigned *assigned)
{
    abide_ctx *ctx = deciding->placer->ctx;
    const char *module = deciding->placer->module->name;
    const char *name = abide__quote(ctx, param->name ? param->name : "");
    abide_diag *diag;
    if (assigned->comes_back) {
        diag = abide__report(ctx, ABIDE_CODE_REFUSED_VALUE, deciding->place,
                             "parameter %s comes back changed from functions of module '%s'", name,
                             module);
        abide__diag_help(ctx, diag, "say so: `inout` in front of its type");
    } else {
        diag = abide__report(ctx, ABIDE_CODE_REFUSED_VALUE, deciding->place,
                             "parameter %s has no place in which module '%s' could give it back",
                             name, module);
        abide__diag_help(ctx, diag, "take the fact away: its address is passed then");
    }
    abide__diag_note(ctx, diag, assigned->rule->place, "rule '%s'", assigned->rule->id);
    return false;
}

/* `waits_by`: NULL if the argument has to be placed now; else the rule that puts it off, if one does. */
static bool assign_argument(abide_ctx *ctx, const struct abide_physical *physical,
                            struct abide_placer *placer, const struct abide_physical_param *param,
                            struct abide_assigned *assigned,
                            const struct abide_pass_rule **waits_by)
{
    struct deciding deciding = {
        .placer = placer,
        .passed =
            {
                .ctx = ctx,
                .module = physical->machine,
                .layout = passed_layout(ctx, physical, param->type),
                .is_variadic = param->is_variadic,
                .is_variadic_function = physical->is_variadic,
                .has_no_result = abide_physical__has_no_result(physical),
                .number = (size_t)(param - physical->params) + 1,
            },
        .rules = physical->machine->rules->args,
        .may_wait = waits_by != NULL,
        .out = assigned,
    };
    if (param->of < physical->signature->param_count) {
        deciding.param = &physical->signature->params[param->of];
        deciding.place = deciding.param->place;
        deciding.passed.facts = deciding.param->facts;
    }
    if (!deciding.passed.layout || !decide(&deciding))
        return false;
    if (waits_by)
        *waits_by = deciding.waits_by;
    if (deciding.waits_by)
        return true;
    if (assigned->comes_back != param->comes_back)
        return report_way_back(&deciding, param, assigned);
    assigned->value_size_bytes = assigned->size_bytes;
    bool is_pointer = param->copy != ABIDE_COPY_NONE || param->role == ABIDE_ROLE_OUT;
    if (!is_pointer || !has_size(param->value_type))
        return true;
    const abide_layout *value = passed_layout(ctx, physical, param->value_type);
    if (value && param->copy != ABIDE_COPY_NONE)
        assigned->value_size_bytes = value->size_bytes;
    return value != NULL;
}

/* Where the last argument ends: of those on the stack, and in some blocks of those with a position there as well. */
static uint64_t end_of_arguments(const struct abide_stack *area, const struct abide_cursor *cursor,
                                 bool is_variadic)
{
    int64_t end = cursor->end_bytes, all = area->start_bytes + (int64_t)cursor->stack_bytes;
    bool is_covered = area->covers == ABIDE_COVERS_ALL ||
                      (area->covers == ABIDE_COVERS_OVERFLOW && (end > 0 || is_variadic));
    if (is_covered && all > end)
        end = all;
    return end > 0 ? (uint64_t)end : 0;
}

/* `variadic: {area: BANK}`: the address of the unnamed arguments is one more argument, behind those that are named. */
static const char *area_register(const struct abide_physical *physical,
                                 const struct abide_placer *placer)
{
    const struct abide_bank *bank = physical->machine->variadic_area;
    if (!physical->is_variadic || !bank)
        return NULL;
    size_t next = placer->cursor.banks[bank->counted_in].next;
    return next < bank->register_count ? bank->registers[next] : NULL;
}

static bool is_in_registers(const struct abide_assigned *assigned)
{
    const abide_piece *first =
        assigned->pass == ABIDE_PASS_POINTER ? &assigned->pointer : assigned->pieces;
    bool has_place = assigned->pass == ABIDE_PASS_POINTER || assigned->piece_count > 0;
    return has_place && first->register_name;
}

/* Behind what lies on the stack: a place for each argument in registers, in their order. */
static uint64_t end_of_places(const struct abide_physical *physical,
                              const struct abide_assigned *arguments, uint64_t end)
{
    uint64_t word_bytes = physical->machine->pointer_bytes;
    int64_t start = physical->machine->stack.start_bytes;
    if (start > 0 && end < (uint64_t)start)
        end = (uint64_t)start;
    end = (end + word_bytes - 1) / word_bytes * word_bytes;
    for (size_t i = 0; i < physical->param_count; i++) {
        bool is_pointer = arguments[i].pass == ABIDE_PASS_POINTER;
        uint64_t align_bytes = is_pointer ? word_bytes : arguments[i].align_bytes;
        if (!is_in_registers(&arguments[i]))
            continue;
        if (align_bytes > word_bytes)
            align_bytes = word_bytes;
        end = (end + align_bytes - 1) / align_bytes * align_bytes;
        end += is_pointer ? word_bytes : arguments[i].size_bytes;
    }
    return (end + word_bytes - 1) / word_bytes * word_bytes;
}

/* A callee that removes the arguments leaves such a result where the stack then starts: who calls made room for it, and removes that. */
static bool has_stack_result(const struct abide_assigned *result)
{
    for (size_t i = 0; i < result->piece_count; i++)
        if (!result->pieces[i].register_name)
            return true;
    return false;
}

/* What the call as a whole needs of the stack. */
static void set_stack(const struct abide_physical *physical, const struct abide_placer *placer,
                      abide_assignment *assignment)
{
    const struct abide_stack *area = &physical->machine->stack;
    uint64_t end = end_of_arguments(area, &placer->cursor, physical->is_variadic);
    if (area->covers == ABIDE_COVERS_REGISTERS)
        end = end_of_places(physical, assignment->arguments, end);
    end = (end + area->slot_bytes - 1) / area->slot_bytes * area->slot_bytes;
    uint64_t home = area->home_bytes;
    if (physical->is_variadic && physical->machine->variadic_home_bytes > home)
        home = physical->machine->variadic_home_bytes;
    assignment->stack_bytes = end > home ? end : home;
    assignment->stack_align_bytes = area->align_bytes > placer->cursor.align_bytes
                                        ? area->align_bytes
                                        : placer->cursor.align_bytes;
    /* A callee cannot know what a variadic call put there. */
    assignment->callee_cleans = area->callee_cleans && !physical->is_variadic;
    if (physical->is_variadic)
        assignment->vector_count_register = physical->machine->vector_count_register;
    assignment->area_register = area_register(physical, placer);
}

static uint64_t popped_bytes(const struct abide_physical *physical,
                             const struct abide_assigned *result)
{
    const struct abide_rule_list *rules = &physical->machine->rules->returns;
    for (size_t i = 0; i < rules->count; i++)
        if (&rules->items[i].origin == result->rule)
            return rules->items[i].callee_pops_bytes;
    return 0;
}

/* What lies on the stack before memory that the instruction takes which returns: that is what callees write to. */
static uint64_t removed_before(const abide_assignment *assignment)
{
    const struct abide_physical *physical = assignment->physical;
    uint64_t removed_bytes = assignment->stack_bytes;
    for (size_t i = 0; i < physical->param_count; i++) {
        const struct abide_assigned *place = &assignment->arguments[i];
        bool is_taken =
            place->comes_back && place->piece_count > 0 && !place->pieces[0].register_name;
        if (is_taken && (uint64_t)place->pieces[0].stack_offset_bytes < removed_bytes)
            removed_bytes = (uint64_t)place->pieces[0].stack_offset_bytes;
    }
    return removed_bytes;
}

/*
 * An argument that is put off. In a block its position is kept: where no register of its rule stands for the position, only if
 * the value turns out to lie in memory, which a run before this one has found.
 */
struct waiting {
    size_t index;
    uint64_t stack_bytes;
    bool has_position;
};

static bool is_position_of_register(const struct abide_placer *placer,
                                    const struct abide_pass_rule *rule)
{
    uint64_t position = placer->cursor.stack_bytes / placer->area->slot_bytes;
    if (rule->verb != ABIDE_VERB_MEMBERS)
        return rule->bank == ABIDE_NO_BANK || position < placer->banks[rule->bank]->register_count;
    for (size_t kind = 0; kind < ABIDE_LEAF_KIND_COUNT; kind++) {
        uint8_t bank = rule->bank_of_kind[kind];
        if (bank != ABIDE_NO_BANK && position < placer->banks[bank]->register_count)
            return true;
    }
    return false;
}

static bool assign_waiting(abide_ctx *ctx, const struct abide_physical *physical,
                           struct abide_placer *placer, const struct waiting *waiting,
                           struct abide_assigned *assigned)
{
    uint64_t end = placer->cursor.stack_bytes;
    if (placer->area->is_block)
        placer->cursor.stack_bytes = waiting->stack_bytes;
    bool fine =
        assign_argument(ctx, physical, placer, &physical->params[waiting->index], assigned, NULL);
    if (placer->area->is_block)
        placer->cursor.stack_bytes = end;
    return fine;
}

/* In order, and then those that a rule makes wait. `*grew`: some of these need positions after all, and have them now. */
static bool run_arguments(abide_ctx *ctx, const struct abide_physical *physical,
                          struct abide_placer *placer, struct abide_assigned *arguments,
                          bool *in_memory, bool *grew)
{
    ABIDE_VEC(struct waiting) waiting = {0};
    for (size_t i = 0; i < physical->param_count; i++) {
        const struct abide_pass_rule *rule = NULL;
        struct waiting entry = {i, placer->cursor.stack_bytes, false};
        if (!assign_argument(ctx, physical, placer, &physical->params[i], &arguments[i], &rule))
            return false;
        if (!rule)
            continue;
        entry.has_position =
            placer->area->is_block && (in_memory[i] || is_position_of_register(placer, rule));
        if (entry.has_position)
            placer->cursor.stack_bytes += placer->area->slot_bytes;
        abide__push(ctx, &waiting, entry);
    }
    for (size_t i = 0; i < waiting.count; i++) {
        const struct waiting *entry = &waiting.items[i];
        if (!assign_waiting(ctx, physical, placer, entry, &arguments[entry->index]))
            return false;
        if (placer->area->is_block && !entry->has_position && is_on_stack(&arguments[entry->index]))
            *grew = in_memory[entry->index] = true;
    }
    return true;
}

static bool assign_arguments(abide_ctx *ctx, const struct abide_physical *physical,
                             struct abide_placer *placer, struct abide_assigned *arguments)
{
    const struct abide_cursor start = placer->cursor;
    bool *in_memory = abide__new_array(ctx, bool, physical->param_count);
    bool grew;
    do {
        placer->cursor = start;
        grew = false;
        if (!run_arguments(ctx, physical, placer, arguments, in_memory, &grew))
            return false;
    } while (grew);
    return true;
}

static void reverse_piece(struct abide_placer *placer, abide_piece *piece, int64_t *end_bytes)
{
    if (piece->register_name || piece->size_bytes == 0)
        return;
    piece->stack_offset_bytes += abide_place__reversal(placer, piece);
    int64_t piece_end_bytes = piece->stack_offset_bytes + (int64_t)piece->size_bytes;
    *end_bytes = piece_end_bytes > *end_bytes ? piece_end_bytes : *end_bytes;
}

static void reverse_value(struct abide_placer *placer, struct abide_assigned *value,
                          int64_t *end_bytes)
{
    if (value->pass == ABIDE_PASS_POINTER || value->pass == ABIDE_PASS_HIDDEN)
        reverse_piece(placer, &value->pointer, end_bytes);
    if (value->pass != ABIDE_PASS_DIRECT || value->piece_count == 0)
        return;
    abide_piece *pieces = abide__new_array(placer->ctx, abide_piece, value->piece_count);
    memcpy(pieces, value->pieces, value->piece_count * sizeof *pieces);
    for (size_t i = 0; i < value->piece_count; i++)
        reverse_piece(placer, &pieces[i], end_bytes);
    value->pieces = pieces;
}

/* Where arguments are pushed in their order, the last one lies first. */
static void reverse(struct abide_placer *placer, abide_assignment *assignment,
                    struct abide_assigned *arguments)
{
    int64_t end_bytes = 0;
    if (assignment->result.pass == ABIDE_PASS_HIDDEN)
        reverse_value(placer, &assignment->result, &end_bytes);
    for (size_t i = 0; i < assignment->physical->param_count; i++)
        reverse_value(placer, &arguments[i], &end_bytes);
    placer->cursor.end_bytes = end_bytes;
}

static bool is_most_aligned(const struct abide_placer *placer, const struct abide_assigned *value)
{
    for (size_t i = 0; i < placer->cursor.stacked_count; i++) {
        const struct abide_stacked *stacked = &placer->stacked.items[i];
        if (stacked->align_bytes != placer->cursor.align_bytes)
            continue;
        int64_t start = placer->area->start_bytes + (int64_t)stacked->start_bytes;
        for (size_t k = 0; value->pass == ABIDE_PASS_DIRECT && k < value->piece_count; k++)
            if (!value->pieces[k].register_name && value->pieces[k].stack_offset_bytes == start)
                return true;
    }
    return false;
}

/* `stack: {uneven: TEXT}`: a compiler whose callees do not remove what its callers count on. */
static bool is_agreed(const struct abide_placer *placer, const abide_assignment *assignment)
{
    const struct abide_physical *physical = assignment->physical;
    const char *because = placer->area->uneven_because;
    if (!because || !assignment->callee_cleans || placer->cursor.align_bytes == 0 ||
        assignment->stack_bytes % placer->cursor.align_bytes == 0)
        return true;
    size_t at = 0;
    while (at + 1 < physical->param_count && !is_most_aligned(placer, &assignment->arguments[at]))
        at++;
    const struct abide_physical_param *param = &physical->params[at];
    struct abide_place place = param->of < physical->signature->param_count
                                   ? physical->signature->params[param->of].place
                                   : physical->signature->place;
    abide_diag *diag = abide__report(
        placer->ctx, ABIDE_CODE_REFUSED_VALUE, place.source ? place : physical->signature->place,
        "parameter %s lies on the stack, aligned to %" PRIu64 ", in a call of %" PRIu64
        " bytes, which module '%s' does not make: %s",
        abide__quote(placer->ctx, param->name ? param->name : ""), placer->cursor.align_bytes,
        assignment->stack_bytes, placer->module->name, because);
    abide__diag_help(placer->ctx, diag,
                     "use its address: `ptr<T>`, or a convention whose callers clean up");
    return false;
}

/* A result on the stack lies behind the arguments. Returns where. */
static uint64_t place_result_behind(struct abide_placer *placer, abide_assignment *assignment)
{
    int64_t word_bytes = assignment->physical->machine->pointer_bytes;
    int64_t slot_bytes = placer->area->slot_bytes;
    int64_t unit_bytes = slot_bytes > word_bytes ? slot_bytes : word_bytes;
    int64_t start = placer->area->start_bytes, end = placer->cursor.end_bytes;
    abide_piece *pieces = (abide_piece *)assignment->result.pieces;
    int64_t shift = ((end > start ? end - start : 0) + unit_bytes - 1) / unit_bytes * unit_bytes;
    for (size_t i = 0; i < assignment->result.piece_count; i++) {
        if (pieces[i].register_name)
            continue;
        pieces[i].stack_offset_bytes += shift;
        end = pieces[i].stack_offset_bytes + (int64_t)pieces[i].size_bytes;
        if (end > placer->cursor.end_bytes)
            placer->cursor.end_bytes = end;
    }
    return (uint64_t)(start + shift);
}

static bool is_held_in(const struct abide_assigned *result, const char *register_name)
{
    for (size_t i = 0; i < result->piece_count; i++)
        if (result->pieces[i].register_name &&
            !strcmp(result->pieces[i].register_name, register_name))
            return true;
    return false;
}

/* The result, its address, or what comes back of a parameter. */
static bool holds_result(const abide_assignment *assignment, const char *register_name)
{
    const struct abide_assigned *result = &assignment->result;
    if ((result->returned_register && !strcmp(result->returned_register, register_name)) ||
        is_held_in(result, register_name))
        return true;
    for (size_t i = 0; i < assignment->physical->param_count; i++)
        if (assignment->arguments[i].comes_back &&
            is_held_in(&assignment->arguments[i], register_name))
            return true;
    return false;
}

/* A register of the result cannot be preserved, whatever the module says of others' sakes. */
static void set_preserved(abide_ctx *ctx, abide_assignment *assignment)
{
    const struct abide_module *machine = assignment->physical->machine;
    const char **kept = NULL;
    assignment->preserved = machine->preserved;
    for (size_t i = 0; i < machine->preserved_count; i++) {
        bool is_kept = !holds_result(assignment, machine->preserved[i]);
        if (!is_kept && !kept) {
            kept = abide__new_array(ctx, const char *, machine->preserved_count);
            memcpy(kept, machine->preserved, i * sizeof *kept);
            assignment->preserved = kept;
        }
        if (is_kept && kept)
            kept[assignment->preserved_count] = machine->preserved[i];
        assignment->preserved_count += is_kept;
    }
}

/* The pieces of an argument or result that a call has when it is made. */
static const abide_piece *called_with(const struct abide_assigned *assigned, size_t *count)
{
    bool is_pointer = assigned->pass == ABIDE_PASS_POINTER || assigned->pass == ABIDE_PASS_HIDDEN;
    *count = is_pointer ? 1 : assigned->pass == ABIDE_PASS_DIRECT ? assigned->piece_count : 0;
    return is_pointer ? &assigned->pointer : assigned->pieces;
}

static const char *shared_register(const struct abide_assigned *a, const struct abide_assigned *b)
{
    size_t count, other_count;
    const abide_piece *pieces = called_with(a, &count), *others = called_with(b, &other_count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = a == b ? i + 1 : 0; pieces[i].register_name && k < other_count; k++)
            if (others[k].register_name &&
                !strcmp(pieces[i].register_name, others[k].register_name))
                return others[k].register_name;
    return NULL;
}

/* Banks that do not know of each other may hand out a register twice. */
static bool has_own_registers(abide_ctx *ctx, const abide_assignment *assignment)
{
    const struct abide_physical *physical = assignment->physical;
    const struct abide_assigned *arguments = assignment->arguments, *result = &assignment->result;
    for (size_t i = 0; i < physical->param_count; i++) {
        const char *shared =
            result->pass == ABIDE_PASS_HIDDEN ? shared_register(&arguments[i], result) : NULL;
        for (size_t k = 0; k <= i && !shared; k++)
            shared = shared_register(&arguments[i], &arguments[k]);
        if (!shared)
            continue;
        abide_diag *diag = abide__report(
            ctx, ABIDE_CODE_TWO_IN_A_REGISTER, physical->signature->place,
            "module '%s' puts parameter %s where something else is already: into '%s'",
            physical->machine->name,
            abide__quote(ctx, physical->params[i].name ? physical->params[i].name : ""), shared);
        abide__diag_help(ctx, diag, "`abide lint` says which banks hand out the same register");
        return false;
    }
    return true;
}

static const abide_assignment *assign(abide_ctx *ctx, const struct abide_physical *physical)
{
    abide_assignment *assignment = abide__new(ctx, abide_assignment);
    struct abide_assigned *arguments =
        abide__new_array(ctx, struct abide_assigned, physical->param_count);
    struct abide_placer placer = placer_of(ctx, physical, false);
    assignment->physical = physical;
    assignment->arguments = arguments;
    bool waits = false;
    if (!assign_result(ctx, physical, &placer, assignment, &waits) ||
        !assign_arguments(ctx, physical, &placer, arguments) ||
        (waits && !assign_result(ctx, physical, &placer, assignment, NULL)))
        return NULL;
    if (placer.area->is_reversed)
        reverse(&placer, assignment, arguments);
    uint64_t result_start_bytes = place_result_behind(&placer, assignment);
    set_stack(physical, &placer, assignment);
    if (physical->machine->returned_by) {
        assignment->callee_pops_bytes = removed_before(assignment);
    } else if (assignment->callee_cleans && has_stack_result(&assignment->result)) {
        assignment->callee_cleans = false;
        assignment->callee_pops_bytes = result_start_bytes;
    } else if (!assignment->callee_cleans) { /* else the hidden address is one of the arguments */
        assignment->callee_pops_bytes = popped_bytes(physical, &assignment->result);
    }
    set_preserved(ctx, assignment);
    return is_agreed(&placer, assignment) && has_own_registers(ctx, assignment) ? assignment : NULL;
}

const abide_assignment *abide_assignment__of(abide_ctx *ctx, const struct abide_physical *physical)
{
    struct abide_lowerings *lowerings = abide_lowerings__of(ctx);
    struct abide_assigned_to *entry;
    HASH_FIND_PTR(lowerings->assigned, &physical, entry);
    if (entry)
        return entry->assignment;
    const abide_assignment *assignment = assign(ctx, physical);
    if (!assignment)
        return NULL;
    entry = abide__new(ctx, struct abide_assigned_to);
    entry->physical = physical;
    entry->assignment = assignment;
    HASH_ADD_PTR(lowerings->assigned, physical, entry);
    return assignment;
}

const abide_assignment *abide_assignment_of(abide_ctx *ctx, const abide_module *module,
                                            const abide_signature *signature)
{
    struct abide_guard guard;
    if (!module || !signature || setjmp(*abide__guard_enter(ctx, &guard)))
        return NULL;
    const struct abide_physical *physical = abide_physical__of(ctx, module, signature, NULL, false);
    const abide_assignment *assignment = physical ? abide_assignment__of(ctx, physical) : NULL;
    abide__guard_leave(ctx, &guard);
    return assignment;
}
