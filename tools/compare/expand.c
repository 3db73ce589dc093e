/* What two types of the same kind consist of, joined part by part; and signatures. */
#include "pairs.h"

#include <string.h>

static unsigned behind_pointer(unsigned use, bool is_mutable)
{
    unsigned makers = is_mutable ? USE_PROGRAM_GIVES | USE_LIBRARY_GIVES : use;
    return makers & ~(unsigned)USE_BY_VALUE;
}

/* Who gives and who takes changes sides in what is called back. */
static unsigned turned(unsigned use)
{
    return (use & USE_BY_VALUE) | (use & USE_PROGRAM_GIVES ? USE_LIBRARY_GIVES : 0U) |
           (use & USE_LIBRARY_GIVES ? USE_PROGRAM_GIVES : 0U);
}

static void expand_target(struct pairs *pairs, const struct pair *pair, unsigned use)
{
    const abide_type *before = abide_type_target(pair->before);
    const abide_type *after = abide_type_target(pair->after);
    if (!before || !after)
        return;
    pairs_join(pairs,
               &(struct edge){.path = pair->path,
                              .group = pair->path,
                              .via = pair->via,
                              .before = pair->before_spot,
                              .after = pair->after_spot,
                              .change = CHANGE_TYPE_KIND,
                              .use = use},
               before, after);
}

static const char *part_path(const struct pair *pair, const char *name, size_t index)
{
    return name ? cli_printf("%s/%s", pair->path, name)
                : cli_printf("%s/#%zu", pair->path, index + 1);
}

static void expand_members(struct pairs *pairs, const struct pair *pair)
{
    struct matching matching = match_members(pair->before, pair->after);
    for (size_t i = 0; i < matching.count; i++) {
        size_t k = matching.partners[i];
        if (k == SIZE_MAX)
            continue;
        abide_member before = abide_type_member_at(pair->before, i);
        abide_member after = abide_type_member_at(pair->after, k);
        pairs_join(pairs,
                   &(struct edge){.path = part_path(pair, after.name, k),
                                  .via = pair->via,
                                  .before = pair_spot(&pair->before_spot, i),
                                  .after = pair_spot(&pair->after_spot, k),
                                  .change = CHANGE_FIELD_TYPE,
                                  .use = pair->use},
                   before.type, after.type);
    }
}

/* Where fields came for others, those without partners have pointers all the same. */
static void expand_retold(struct pairs *pairs, const struct pair *pair)
{
    struct leaves leaves[2];
    if (pair_is_retold(pairs->comparison, pair, leaves))
        pairs_join_pointers(pairs,
                            &(struct edge){.path = pair->path,
                                           .via = pair->via,
                                           .before = pair->before_spot,
                                           .after = pair->after_spot,
                                           .change = CHANGE_TYPE_KIND,
                                           .use = pair->use},
                            leaves);
}

static void expand_cases(struct pairs *pairs, const struct pair *pair)
{
    struct matching matching = match_cases(pair->before, pair->after);
    for (size_t i = 0; i < matching.count; i++) {
        size_t k = matching.partners[i];
        if (k == SIZE_MAX)
            continue;
        abide_variant_case before = abide_type_case_at(pair->before, i);
        abide_variant_case after = abide_type_case_at(pair->after, k);
        pairs_join(pairs,
                   &(struct edge){.path = part_path(pair, after.name, k),
                                  .via = pair->via,
                                  .before = pair_spot(&pair->before_spot, i),
                                  .after = pair_spot(&pair->after_spot, k),
                                  .change = CHANGE_CASE_TYPE,
                                  .use = pair->use},
                   before.type, after.type);
    }
}

static void expand_methods(struct pairs *pairs, const struct pair *pair)
{
    struct matching matching = match_methods(pair->before, pair->after);
    for (size_t i = 0; i < matching.count; i++) {
        size_t k = matching.partners[i];
        if (k == SIZE_MAX)
            continue;
        abide_method before = abide_type_method_at(pair->before, i);
        abide_method after = abide_type_method_at(pair->after, k);
        pairs_join_signatures(pairs, cli_printf("%s.%s", pair->path, after.name), pair->via,
                              before.signature, after.signature,
                              USE_PROGRAM_GIVES | USE_LIBRARY_GIVES, true);
    }
}

void pair_expand(struct pairs *pairs, const struct pair *pair)
{
    const abide_type *type = pair->after;
    unsigned mutable = abide_type_traits(pair->before) | abide_type_traits(type);
    bool is_mutable = (mutable & ABIDE_TRAIT_MUTABLE) != 0;
    unsigned both = USE_PROGRAM_GIVES | USE_LIBRARY_GIVES;
    if (is_kind(type, "pointer"))
        expand_target(pairs, pair, behind_pointer(pair->use, is_mutable));
    else if (is_kind(type, "box"))
        expand_target(pairs, pair, behind_pointer(pair->use, false));
    else if (is_kind(type, "handle") || is_kind(type, "dyn"))
        expand_target(pairs, pair, both);
    else if (is_kind(type, "slice") || is_kind(type, "seq"))
        expand_target(pairs, pair, pair->use | USE_BY_VALUE | (is_mutable ? both : 0U));
    else if (abide_type_signature(type) && abide_type_signature(pair->before))
        pairs_join_signatures(pairs, pair->path, pair->via, abide_type_signature(pair->before),
                              abide_type_signature(type), turned(pair->use), true);
    else if (is_kind(type, "interface"))
        expand_methods(pairs, pair);
    else if (abide_type_case_at(type, 0).name)
        expand_cases(pairs, pair);
    else if (is_kind(type, "resource") && !resources_keep_one(pair->before, type))
        return; /* it is said that it keeps another one */
    else if (is_kind(type, "array"))
        expand_target(pairs, pair, pair->use | USE_BY_VALUE); /* its size says where the next is */
    else if (!is_kind(type, "enum") && !is_kind(type, "flags"))
        expand_target(pairs, pair, pair->use); /* what is wrapped, the base */
    if (!abide_type_member_count(type))
        return;
    expand_members(pairs, pair);
    expand_retold(pairs, pair);
}

/* ---- signatures ---- */

struct sides {
    struct pairs *pairs;
    const char *path, *via;
    const abide_signature *before, *after;
};

static void note(const struct sides *sides, enum change change, size_t index, const char *path,
                 const char *old_text, const char *new_text)
{
    struct seen seen = {.change = change,
                        .path = path,
                        .before = {.signature = sides->before, .index = index},
                        .after = {.signature = sides->after, .index = index},
                        .old_text = old_text,
                        .new_text = new_text,
                        .via = sides->via,
                        .group = sides->path};
    findings_note(sides->pairs->comparison, &seen);
    if (sides->pairs->parent)
        sides->pairs->items[sides->pairs->parent - 1].leads = true;
}

static const char *parameter_path(const struct sides *sides, const abide_signature *signature,
                                  size_t index)
{
    if (index == ABIDE_RESULT)
        return cli_printf("%s/result", sides->path);
    const char *name = abide_signature_parameter_at(signature, index).name;
    return name ? cli_printf("%s/%s", sides->path, name)
                : cli_printf("%s/#%zu", sides->path, index + 1);
}

/* Whether every fact of one side is one of the other. */
static bool has_facts(const abide_signature *signature, const abide_signature *other, size_t index)
{
    const char *fact, *same;
    for (size_t i = 0; (fact = abide_signature_fact_at(signature, index, i)); i++) {
        bool is_there = false;
        for (size_t k = 0; (same = abide_signature_fact_at(other, index, k)) && !is_there; k++)
            is_there = strcmp(fact, same) == 0;
        if (!is_there)
            return false;
    }
    return true;
}

static bool join_parameter(const struct sides *sides, size_t index, unsigned use, bool is_loose)
{
    static const char *const modes[] = {
        [ABIDE_MODE_IN] = "in", [ABIDE_MODE_OUT] = "out", [ABIDE_MODE_INOUT] = "inout"};
    const char *path = parameter_path(sides, sides->after, index);
    abide_parameter before = abide_signature_parameter_at(sides->before, index);
    abide_parameter after = abide_signature_parameter_at(sides->after, index);
    abide_mode old = abide_signature_mode_at(sides->before, index);
    abide_mode new = abide_signature_mode_at(sides->after, index);
    bool was_own = abide_signature_is_own_at(sides->before, index);
    bool is_own = abide_signature_is_own_at(sides->after, index);
    bool is_found = false;
    if (old != new) {
        note(sides, CHANGE_MODE, index, path, modes[old], modes[new]);
        is_found = true;
    }
    if (was_own != is_own) {
        note(sides, CHANGE_OWNERSHIP, index, path, was_own ? "given away" : "lent",
             is_own ? "given away" : "lent");
        is_found = true;
    }
    if (!has_facts(sides->before, sides->after, index) ||
        !has_facts(sides->after, sides->before, index)) {
        note(sides, CHANGE_FACTS, index, path, NULL, NULL);
        is_found = true;
    }
    unsigned makers = new == ABIDE_MODE_IN    ? use
                      : new == ABIDE_MODE_OUT ? turned(use)
                                              : use | turned(use);
    struct edge edge = {.path = path,
                        .group = sides->path,
                        .via = sides->via ? sides->via : path,
                        .before = {.signature = sides->before, .index = index},
                        .after = {.signature = sides->after, .index = index},
                        .change = CHANGE_PARAM_TYPE,
                        .use = makers | USE_BY_VALUE,
                        .is_loose = is_loose};
    if (before.name && after.name && strcmp(before.name, after.name) != 0 && old == new)
        note(sides, CHANGE_PARAM_RENAMED, index, path, before.name, after.name);
    return pairs_join(sides->pairs, &edge, before.type, after.type) || is_found;
}

/* Integers and pointers in registers that nobody has to clear, so that who does not know of a result leaves it there. */
static bool can_be_ignored(struct comparison *comparison, int side, const abide_type *result)
{
    if (!abide_type_has_size(result))
        return false;
    const struct leaves leaves = leaves_of(comparison, side, result);
    for (size_t i = 0; i < leaves.count; i++)
        if (!strchr("busp", leaves.items[i].class))
            return false;
    return leaves.is_all;
}

/* A result where there was none, or none where there was one: it matters to callers that look for it. */
static void note_result(const struct sides *sides, const char *path, unsigned use)
{
    struct comparison *comparison = sides->pairs->comparison;
    const abide_type *types[] = {abide_signature_result(sides->before),
                                 abide_signature_result(sides->after)};
    bool is_gained = is_kind(types[0], "void");
    bool is_ignored = can_be_ignored(comparison, is_gained, types[is_gained]);
    bool program_calls = (use & USE_PROGRAM_GIVES) != 0,
         library_calls = (use & USE_LIBRARY_GIVES) != 0;
    /* The new side calls the old one: the program with the old library, or the library with the old callback. */
    bool is_forward = is_gained ? library_calls : program_calls;
    bool is_backward = is_gained ? program_calls : library_calls;
    struct seen seen = {.change = CHANGE_RESULT_TYPE,
                        .path = path,
                        .before = {.signature = sides->before, .index = ABIDE_RESULT},
                        .after = {.signature = sides->after, .index = ABIDE_RESULT},
                        .old_text = abide_type_print(comparison->cli->ctx, types[0]),
                        .new_text = abide_type_print(comparison->cli->ctx, types[1]),
                        .via = sides->via,
                        .group = sides->path};
    findings_add(comparison, &seen, is_forward || !is_ignored ? BREAK : NOTE,
                 is_backward || !is_ignored ? BREAK : NOTE);
    if (sides->pairs->parent)
        sides->pairs->items[sides->pairs->parent - 1].leads = true;
}

static bool join_result(const struct sides *sides, unsigned use, bool is_loose)
{
    const abide_type *before = abide_signature_result(sides->before);
    const abide_type *after = abide_signature_result(sides->after);
    const char *path = parameter_path(sides, sides->after, ABIDE_RESULT);
    bool is_found = false;
    size_t lender = abide_signature_lender(sides->before);
    if (lender != abide_signature_lender(sides->after)) {
        bool was_lent = lender != ABIDE_RESULT;
        bool is_lent = abide_signature_lender(sides->after) != ABIDE_RESULT;
        note(sides, was_lent && is_lent ? CHANGE_LENDER : CHANGE_OWNERSHIP, ABIDE_RESULT, path,
             was_lent ? "borrowed" : "given away", is_lent ? "borrowed" : "given away");
        is_found = true;
    }
    if (!has_facts(sides->before, sides->after, ABIDE_RESULT) ||
        !has_facts(sides->after, sides->before, ABIDE_RESULT)) {
        note(sides, CHANGE_FACTS, ABIDE_RESULT, path, NULL, NULL);
        is_found = true;
    }
    if (is_kind(before, "void") && is_kind(after, "void"))
        return is_found;
    if (is_kind(before, "void") || is_kind(after, "void")) {
        note_result(sides, path, use);
        return true;
    }
    struct edge edge = {.path = path,
                        .group = sides->path,
                        .via = sides->via ? sides->via : path,
                        .before = {.signature = sides->before, .index = ABIDE_RESULT},
                        .after = {.signature = sides->after, .index = ABIDE_RESULT},
                        .change = CHANGE_RESULT_TYPE,
                        .use = turned(use) | USE_BY_VALUE,
                        .is_loose = is_loose};
    return pairs_join(sides->pairs, &edge, before, after) || is_found;
}

/* The same parameters in another order, by their names. */
static bool is_reordered(const abide_signature *before, const abide_signature *after)
{
    size_t count = abide_signature_parameter_count(before);
    bool is_moved = false;
    for (size_t i = 0; i < count; i++) {
        const char *name = abide_signature_parameter_at(before, i).name;
        size_t step = 0;
        for (; step < count; step++) { /* most likely it is where it was */
            const char *other = abide_signature_parameter_at(after, (i + step) % count).name;
            if (name && other && strcmp(name, other) == 0)
                break;
        }
        if (step == count)
            return false;
        is_moved = is_moved || step != 0;
    }
    return is_moved;
}

static bool is_same_word(const char *before, const char *after)
{
    return before == after || (before && after && strcmp(before, after) == 0);
}

static bool compare_conventions(const struct sides *sides)
{
    const char *before = abide_signature_convention(sides->before);
    const char *after = abide_signature_convention(sides->after);
    if (is_same_word(before, after))
        return false;
    note(sides, CHANGE_ABI_CHANGED, ABIDE_RESULT, sides->path, before ? before : "the usual one",
         after ? after : "the usual one");
    return true;
}

/* Of what is called back; functions are asked themselves, since each side of a call may have its own. */
static bool compare_errors(const struct sides *sides)
{
    abide_ctx *ctx = sides->pairs->comparison->cli->ctx;
    const char *before = abide_signature_errors(ctx, sides->before);
    const char *after = abide_signature_errors(ctx, sides->after);
    if (is_same_word(before, after))
        return false;
    note(sides, CHANGE_ERROR_RULE, ABIDE_RESULT, sides->path, before ? before : "unsaid",
         after ? after : "unsaid");
    return true;
}

bool pairs_join_signatures(struct pairs *pairs, const char *path, const char *via,
                           const abide_signature *before, const abide_signature *after,
                           unsigned use, bool is_type)
{
    struct sides sides = {pairs, path, via, before, after};
    abide_ctx *ctx = pairs->comparison->cli->ctx;
    size_t count = abide_signature_parameter_count(before);
    size_t other_count = abide_signature_parameter_count(after);
    bool is_found = compare_conventions(&sides);
    is_found = (is_type && compare_errors(&sides)) || is_found;
    if (abide_signature_is_variadic(before) != abide_signature_is_variadic(after)) {
        note(&sides, CHANGE_VARIADIC, ABIDE_RESULT, path,
             abide_signature_is_variadic(before) ? "unnamed arguments" : "none",
             abide_signature_is_variadic(after) ? "unnamed arguments" : "none");
        is_found = true;
    }
    is_found = join_result(&sides, use, !is_type) || is_found;
    if (count != other_count || is_reordered(before, after)) {
        note(&sides,
             count == other_count  ? CHANGE_PARAM_ORDER
             : count < other_count ? CHANGE_PARAM_ADDED
                                   : CHANGE_PARAM_REMOVED,
             ABIDE_RESULT, path, abide_signature_print(ctx, before),
             abide_signature_print(ctx, after));
        return true;
    }
    for (size_t i = 0; i < count; i++)
        is_found = join_parameter(&sides, i, use, !is_type) || is_found;
    return is_found;
}
