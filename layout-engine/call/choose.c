/* Rules in their order, for one value. */
#include "call/choose.h"

#include "base/diag.h"
#include "call/pass.h"

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

static void keep_pieces(struct abide_deciding *deciding)
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

static bool withhold(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
{
    return rule->withheld == ABIDE_NO_BANK ||
           abide_place__withhold(deciding->placer, rule->withheld,
                                 deciding->passed.layout->size_bytes);
}

/* Tries one rule; everything is as before if it does not fit. */
static bool try_rule(struct abide_deciding *deciding, const struct abide_pass_rule *rule)
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
    if (!abide_pass__by(deciding, rule) || !withhold(deciding, rule)) {
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

static bool report_refusal(const struct abide_deciding *deciding,
                           const struct abide_pass_rule *rule)
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

bool abide_choose__rule(struct abide_deciding *deciding)
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
