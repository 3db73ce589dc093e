/*
 * Functions and closures that lie in values. One is called by the side that the value goes to: what it gets goes the other way, what it
 * returns the same way, and either may hold further ones.
 */
#include "plan/callables.h"

#include "base/hash.h"
#include "plan/check.h"

/* A type, and whether values of it go the way of the crossing or the other one. */
struct way_key {
    const abide_type *type;
    uintptr_t goes_back;
};

struct way {
    struct way_key key;
    UT_hash_handle hh;
};

/* Types lead back to themselves, and chains are longer than the C stack is deep: a list of what is still to be seen. */
struct search {
    struct abide_crossing crossing;
    struct abide_callback_duties duties;
    struct way *seen;
    ABIDE_VEC(struct way_key) open;
};

static void see(struct search *search, const abide_type *type, bool goes_back)
{
    abide_ctx *ctx = search->crossing.ctx;
    struct way_key key = {abide_type__strip(type), goes_back};
    struct way *way;
    HASH_FIND(hh, search->seen, &key, sizeof key, way);
    if (way)
        return;
    way = abide__new(ctx, struct way);
    way->key = key;
    HASH_ADD(hh, search->seen, key, sizeof way->key, way);
    abide__push(ctx, &search->open, key);
}

static bool is_callable(const abide_type *type)
{
    return type->kind == ABIDE_KIND_FUNCTION || type->kind == ABIDE_KIND_CLOSURE;
}

static bool is_doubtful(const struct search *search, const abide_type *type, bool goes_back)
{
    struct abide_crossing crossing = search->crossing;
    if (goes_back)
        crossing = (struct abide_crossing){crossing.ctx, crossing.to, crossing.from};
    return abide_check__is_needed(crossing, abide_validity__doubtful(crossing.from, crossing.to),
                                  type);
}

/* What it gets, and returns, is looked at by an adapter; what can be called of these is found there. */
static bool is_doubtful_callable(struct search *search, const abide_signature *signature,
                                 bool goes_back)
{
    bool found = is_doubtful(search, signature->result, goes_back);
    see(search, signature->result, goes_back);
    for (size_t i = 0; i < signature->param_count && !found; i++) {
        if (signature->params[i].is_self)
            continue;
        found = is_doubtful(search, signature->params[i].type, !goes_back);
        see(search, signature->params[i].type, !goes_back);
    }
    return found;
}

/*
 * Elements and what is in a box lie behind pointers that everybody follows. What a reference leads to is lent by the other side, and is
 * not looked at; a plain pointer may lead to what is this side's own.
 */
static const abide_type *behind(const struct search *search, const abide_type *type)
{
    bool is_reference =
        type->kind == ABIDE_KIND_POINTER && !type->is_nullable && search->duties.enters_runtime;
    return type->kind == ABIDE_KIND_SLICE || type->kind == ABIDE_KIND_SEQ ||
                   type->kind == ABIDE_KIND_BOX || is_reference
               ? type->target
               : NULL;
}

static bool has_doubtful_method(struct search *search, const struct way_key *way)
{
    const abide_type *interface = abide_type__strip(way->type->target);
    bool found = false;
    for (size_t i = 0; i < interface->field_count && !found; i++)
        found = is_doubtful_callable(search, interface->fields[i].type->signature, way->goes_back);
    return found;
}

static void see_parts(struct search *search, const struct way_key *way)
{
    const abide_type *part, *type = way->type;
    bool is_skipped = type->kind == ABIDE_KIND_RAW ||
                      (type->kind == ABIDE_KIND_UNION && !search->duties.enters_runtime);
    if (is_skipped)
        return;
    if (behind(search, type))
        see(search, behind(search, type), way->goes_back);
    for (size_t i = 0; (part = abide_type__part(type, i)); i++)
        see(search, part, way->goes_back);
}

const char *abide_callables__obstacle(struct abide_crossing crossing, const abide_type *type,
                                      struct abide_callback_duties duties)
{
    struct search search = {.crossing = crossing, .duties = duties};
    if (!duties.enters_runtime && !duties.checks)
        return NULL;
    see(&search, type, false);
    while (search.open.count) {
        const struct way_key way = search.open.items[--search.open.count];
        bool is_object = way.type->kind == ABIDE_KIND_DYN;
        if (!is_object && !is_callable(way.type)) {
            see_parts(&search, &way);
            continue;
        }
        if (duties.enters_runtime)
            return "the runtime that it belongs to must be called first, on another thread or "
                   "without its lock";
        if (is_object && has_doubtful_method(&search, &way))
            return "what its methods get, or return, has to be looked at";
        if (!is_object && is_doubtful_callable(&search, way.type->signature, way.goes_back))
            return "what it gets, or returns, has to be looked at";
    }
    return NULL;
}
