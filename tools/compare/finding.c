/* What was found: each change of each thing once, however many targets show it. */
#include "compare.h"

#include <stdlib.h>
#include <string.h>

const struct change_info change_infos[CHANGE_COUNT] = {
#define CHANGE(id, name, forward, backward, title, why, way_out) \
    [CHANGE_##id] = {name, forward, backward, title, why, way_out},
#include "changes.def"
#undef CHANGE
};

const char *const severity_names[SEVERITY_COUNT] = {
    [NOTHING] = "compatible", [NOTE] = "note",         [ADDITION] = "addition",
    [RISK] = "risk",          [CONTRACT] = "contract", [BREAK] = "break"};

static size_t hash(enum change change, const char *path)
{
    size_t value = 5381 + (size_t)change;
    for (; *path; path++)
        value = value * 33 + (unsigned char)*path;
    return value;
}

static size_t *slot_of(struct comparison *comparison, enum change change, const char *path)
{
    for (size_t at = hash(change, path);; at++) {
        size_t *slot = &comparison->slots[at % comparison->slot_count];
        const struct finding *finding = *slot ? &comparison->findings[*slot - 1] : NULL;
        if (!finding || (finding->change == change && strcmp(finding->path, path) == 0))
            return slot;
    }
}

static void grow(struct comparison *comparison)
{
    size_t count = comparison->finding_count;
    if (count == comparison->finding_capacity) {
        size_t capacity = count ? 2 * count : 32;
        struct finding *findings = cli_alloc(capacity, sizeof *findings);
        if (count)
            memcpy(findings, comparison->findings, count * sizeof *findings);
        comparison->findings = findings;
        comparison->finding_capacity = capacity;
    }
    if (2 * count < comparison->slot_count)
        return;
    comparison->slot_count = count ? 4 * count : 64;
    comparison->slots = cli_alloc(comparison->slot_count, sizeof *comparison->slots);
    for (size_t i = 0; i < count; i++)
        *slot_of(comparison, comparison->findings[i].change, comparison->findings[i].path) = i + 1;
}

static abide_position position_of(const struct spot *spot)
{
    if (spot->function)
        return abide_function_position(spot->function);
    if (spot->signature)
        return abide_signature_position_at(spot->signature, spot->index);
    if (spot->constant)
        return abide_constant_position(spot->constant);
    return spot->type ? abide_type_position_at(spot->type, spot->index) : (abide_position){0};
}

bool is_consequence(enum change change)
{
    static const enum change changes[] = {
        CHANGE_TYPE_SIZE,       CHANGE_TYPE_SIZE_INDIRECT, CHANGE_TYPE_ALIGN,
        CHANGE_FIELD_OFFSET,    CHANGE_PAYLOAD_OFFSET,     CHANGE_TAG_OFFSET,
        CHANGE_PARAM_REGISTER,  CHANGE_PARAM_PASSING,      CHANGE_RESULT_PASSING,
        CHANGE_RESULT_REGISTER, CHANGE_STACK_BYTES};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        if (changes[i] == change)
            return true;
    return false;
}

static struct finding *finding_for(struct comparison *comparison, const struct seen *seen)
{
    grow(comparison);
    size_t *slot = slot_of(comparison, seen->change, seen->path);
    if (*slot)
        return &comparison->findings[*slot - 1];
    *slot = ++comparison->finding_count;
    struct finding *finding = &comparison->findings[*slot - 1];
    *finding = (struct finding){
        .change = seen->change,
        .path = seen->path,
        .before = position_of(&seen->before),
        .after = position_of(&seen->after),
        .via = seen->via,
        .group = seen->group ? seen->group : seen->path,
        .cause_group = seen->cause,
        .is_consequence = seen->is_call || is_consequence(seen->change),
        .sights = cli_alloc(comparison->sides[0].module_count, sizeof *finding->sights)};
    return finding;
}

static bool says(const char *text, const char *more)
{
    return !more || (text && strstr(text, more));
}

/* What is seen a second time may say more: registers besides types. */
static void add_sight(struct sight *sight, const struct seen *seen)
{
    if (!sight->is_there || (!sight->before && !sight->after))
        *sight = (struct sight){true, seen->old_text, seen->new_text};
    else if (!says(sight->before, seen->old_text) || !says(sight->after, seen->new_text))
        *sight = (struct sight){true, cli_printf("%s, %s", sight->before, seen->old_text),
                                cli_printf("%s, %s", sight->after, seen->new_text)};
}

void findings_add(struct comparison *comparison, const struct seen *seen, enum severity forward,
                  enum severity backward)
{
    struct finding *finding = finding_for(comparison, seen);
    forward = forward < comparison->most ? forward : comparison->most;
    backward = backward < comparison->most ? backward : comparison->most;
    add_sight(&finding->sights[comparison->module], seen);
    if (finding->severities[FORWARD] < forward)
        finding->severities[FORWARD] = forward;
    if (finding->severities[BACKWARD] < backward)
        finding->severities[BACKWARD] = backward;
}

void findings_note(struct comparison *comparison, const struct seen *seen)
{
    const struct change_info *info = &change_infos[seen->change];
    findings_add(comparison, seen, info->forward, info->backward);
}

bool findings_have(struct comparison *comparison, enum change change, const char *path)
{
    size_t slot = comparison->slot_count ? *slot_of(comparison, change, path) : 0;
    return slot && comparison->findings[slot - 1].sights[comparison->module].is_there;
}

enum severity findings_worst(const struct comparison *comparison, enum direction direction)
{
    enum severity worst = NOTHING;
    for (size_t i = 0; i < comparison->finding_count; i++) {
        const struct finding *finding = &comparison->findings[i];
        if (!finding->reason && finding->severities[direction] > worst)
            worst = finding->severities[direction];
    }
    return worst;
}

void findings_follow(struct comparison *comparison, const char *group, const char *cause)
{
    if (comparison->follower_count == comparison->follower_capacity)
        comparison->followers =
            cli_grow(comparison->followers, comparison->follower_count,
                     &comparison->follower_capacity, sizeof *comparison->followers);
    comparison->followers[comparison->follower_count++] = (struct follower){group, cause};
}

const char *finding_name(const struct finding *finding)
{
    return cli_printf("%s %s", change_infos[finding->change].id, finding->path);
}

/* ---- their order ---- */

/* Things that are told in lists: functions that came and went, constants. */
static int list_of(const struct finding *finding)
{
    bool is_listed =
        finding->change == CHANGE_SYMBOL_REMOVED || finding->change == CHANGE_SYMBOL_ADDED ||
        (finding->change >= CHANGE_CONSTANT_REMOVED && finding->change <= CHANGE_CONSTANT_TYPE);
    return is_listed ? 1 + (int)finding->change : 0;
}

static int compare_findings(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    enum severity of_a = finding_severity(a), of_b = finding_severity(b);
    if (of_a != of_b)
        return of_a > of_b ? -1 : 1;
    if (list_of(a) != list_of(b))
        return list_of(a) - list_of(b);
    if (a->after.line != b->after.line)
        return a->after.line < b->after.line ? -1 : 1;
    int order = strcmp(a->path, b->path);
    return order ? order : (int)a->change - (int)b->change;
}

/* ---- what follows from what ---- */

/* A finding of a group; the first of a group is what the others follow from. */
struct member {
    const char *group;
    bool is_consequence;
    size_t index;
};

static int compare_members(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    int order = strcmp(a->group, b->group);
    if (order)
        return order;
    if (a->is_consequence != b->is_consequence)
        return a->is_consequence ? 1 : -1;
    return (a->index > b->index) - (a->index < b->index); /* the worst first */
}

static struct member *sorted_members(const struct comparison *comparison)
{
    size_t count = comparison->finding_count;
    struct member *members = cli_alloc(count + 1, sizeof *members);
    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = &comparison->findings[i];
        members[i] = (struct member){finding->group, finding->is_consequence, i};
    }
    if (count)
        qsort(members, count, sizeof *members, compare_members);
    return members;
}

/* The finding of a group that the others follow from; NULL: there is none. */
static const struct member *head_of(const struct member *members, size_t count, const char *group)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(members[middle].group, group) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && strcmp(members[low].group, group) == 0 ? &members[low] : NULL;
}

static int compare_followers(const void *left, const void *right)
{
    const struct follower *a = left, *b = right;
    return strcmp(a->group, b->group);
}

static const char *followed_by(const struct comparison *comparison, const char *group)
{
    const struct follower *found =
        comparison->follower_count
            ? bsearch(&(struct follower){group, NULL}, comparison->followers,
                      comparison->follower_count, sizeof *comparison->followers, compare_followers)
            : NULL;
    return found ? found->cause : NULL;
}

static void find_cause(struct comparison *comparison, const struct member *members, size_t index)
{
    struct finding *finding = &comparison->findings[index];
    if (!finding->is_consequence)
        return;
    const struct member *head = head_of(members, comparison->finding_count, finding->group);
    const char *cause =
        finding->cause_group ? finding->cause_group : followed_by(comparison, finding->group);
    if (cause && (!head || head->is_consequence))
        head = head_of(members, comparison->finding_count, cause);
    if (head && head->index != index &&
        finding_severity(&comparison->findings[head->index]) >= finding_severity(finding))
        finding->cause = head->index + 1;
}

static void find_causes(struct comparison *comparison)
{
    const struct member *members = sorted_members(comparison);
    if (comparison->follower_count)
        qsort(comparison->followers, comparison->follower_count, sizeof *comparison->followers,
              compare_followers);
    for (size_t i = 0; i < comparison->finding_count; i++)
        find_cause(comparison, members, i);
    /* Of causes that follow from others, the last one, so that each finding stands under one that is told by itself. */
    for (size_t i = 0; i < comparison->finding_count; i++) {
        size_t cause = comparison->findings[i].cause, steps = 0;
        while (cause && comparison->findings[cause - 1].cause &&
               steps++ < comparison->finding_count)
            cause = comparison->findings[cause - 1].cause;
        bool is_circle = cause && comparison->findings[cause - 1].cause;
        comparison->findings[i].cause = is_circle ? 0 : cause;
    }
}

void findings_sort(struct comparison *comparison)
{
    if (comparison->finding_count)
        qsort(comparison->findings, comparison->finding_count, sizeof *comparison->findings,
              compare_findings);
    comparison->slot_count = 0; /* the indexes are others now */
    find_causes(comparison);
}
