/* The answer of `abide compare`, for people and for programs. */
#include "../json.h"
#include "../table.h"
#include "compare.h"

#include <stdlib.h>
#include <string.h>

static const char *const direction_titles[] = {
    [FORWARD] = "old programs, new library", [BACKWARD] = "new programs, old library"};

/* "2 breaks, 1 contract change" of what is not accepted. */
static const char *count_text(const struct comparison *comparison, enum direction direction)
{
    static const char *const plurals[] = {[NOTE] = "note",
                                          [ADDITION] = "addition",
                                          [RISK] = "risk",
                                          [CONTRACT] = "contract change",
                                          [BREAK] = "break"};
    size_t counts[SEVERITY_COUNT] = {0};
    for (size_t i = 0; i < comparison->finding_count; i++)
        if (!comparison->findings[i].reason && !comparison->findings[i].cause)
            counts[comparison->findings[i].severities[direction]]++;
    const char *text = "";
    for (size_t severity = BREAK; severity > NOTE; severity--)
        if (counts[severity])
            text = cli_printf("%s%s%zu %s%s", text, *text ? ", " : "", counts[severity],
                              plurals[severity], counts[severity] == 1 ? "" : "s");
    return *text ? text : "nothing that matters";
}

/* What it comes to for one direction. Additions are what new programs may need. */
static const char *verdict(const struct comparison *comparison, enum direction direction)
{
    switch (findings_worst(comparison, direction)) {
    case NOTHING:
    case NOTE: return "compatible";
    case ADDITION:
        return direction == FORWARD ? "compatible" : "compatible as long as nothing new is used";
    case RISK: return "compatible with a risk";
    case CONTRACT:
    case BREAK:
    case SEVERITY_COUNT: break;
    }
    return "incompatible";
}

static const char *place_text(const struct comparison *comparison, int side,
                              const abide_position *position)
{
    return position->file
               ? cli_printf("%s:%u:%u", comparison->names[side], position->line, position->column)
               : cli_printf("%s", comparison->names[side]);
}

/* Whom it hurts. */
static const char *whom(const struct finding *finding)
{
    enum severity forward = finding->severities[FORWARD], back = finding->severities[BACKWARD];
    if (forward == back)
        return "both ways";
    return forward > back ? direction_titles[FORWARD] : direction_titles[BACKWARD];
}

static bool same_sight(const struct sight *a, const struct sight *b)
{
    return strcmp(a->before ? a->before : "", b->before ? b->before : "") == 0 &&
           strcmp(a->after ? a->after : "", b->after ? b->after : "") == 0;
}

/* How it shows, for the targets that show the same as the first that was not told. false: all were told. */
static bool next_sight(const struct comparison *comparison, const struct finding *finding,
                       bool *is_told, const struct sight **sight, const char **where)
{
    size_t count = comparison->sides[0].module_count, first = 0, told = 0;
    while (first < count && (is_told[first] || !finding->sights[first].is_there))
        first++;
    if (first == count)
        return false;
    *sight = &finding->sights[first];
    *where = "";
    for (size_t k = first; k < count; k++)
        if (finding->sights[k].is_there && same_sight(*sight, &finding->sights[k])) {
            is_told[k] = true;
            told++;
            *where = cli_printf("%s%s%s", *where, **where ? ", " : "",
                                abide_module_target(comparison->sides[1].modules[k]));
        }
    *where = count == 1 ? NULL : told == count ? "all targets" : *where;
    return true;
}

/* In quotes if it has an arrow of its own. */
static const char *state_text(const char *text)
{
    if (!text)
        return "?";
    return strstr(text, "->") ? cli_printf("'%s'", text) : text;
}

/* "rdi -> stack"; NULL: there is nothing to tell. */
static const char *sight_text(const struct sight *sight)
{
    return sight->before || sight->after
               ? cli_printf("%s -> %s", state_text(sight->before), state_text(sight->after))
               : NULL;
}

/* How it shows on each target, a line each; said once of all that show the same. */
static void print_sights(struct comparison *comparison, const struct finding *finding)
{
    struct text *text = &comparison->cli->product;
    bool *is_told = cli_alloc(comparison->sides[0].module_count + 1, sizeof *is_told);
    const struct sight *sight;
    const char *where;
    while (next_sight(comparison, finding, is_told, &sight, &where)) {
        const char *said = sight_text(sight);
        if (where || said)
            text_printf(text, "    %s%s%s%s\n", where ? where : "", where ? ":" : "",
                        where && said ? " " : "", said ? said : "");
    }
}

/* The same in one line; "" if there is nothing to tell. */
static const char *sights_text(const struct comparison *comparison, const struct finding *finding)
{
    bool *is_told = cli_alloc(comparison->sides[0].module_count + 1, sizeof *is_told);
    const struct sight *sight;
    const char *where, *text = "";
    while (next_sight(comparison, finding, is_told, &sight, &where)) {
        const char *said = sight_text(sight);
        bool is_all = !where || strcmp(where, "all targets") == 0;
        if (said || !is_all)
            text = cli_printf("%s%s%s%s%s", text, *text ? "; " : "", is_all ? "" : where,
                              is_all || !said ? "" : ": ", said ? said : "");
    }
    return text;
}

static const char *places_text(const struct comparison *comparison, const struct finding *finding)
{
    if (finding->before.file && finding->after.file)
        return cli_printf("%s -> %s", place_text(comparison, 0, &finding->before),
                          place_text(comparison, 1, &finding->after));
    if (finding->before.file)
        return place_text(comparison, 0, &finding->before);
    return finding->after.file ? place_text(comparison, 1, &finding->after) : NULL;
}

static void print_head(struct comparison *comparison, const struct finding *finding,
                       const char *subject)
{
    const struct change_info *info = &change_infos[finding->change];
    bool color = comparison->cli->color_out;
    text_printf(&comparison->cli->product, "\n%s%s%s %s  %s  (%s; %s)\n",
                style_on(CELL_HEAD, color), severity_names[finding_severity(finding)],
                style_off(CELL_HEAD, color), info->id, subject, info->title, whom(finding));
}

static void print_advice(struct comparison *comparison, const struct finding *finding)
{
    struct text *text = &comparison->cli->product;
    const struct change_info *info = &change_infos[finding->change];
    if (finding->reason)
        text_printf(text, "    accepted: %s\n", finding->reason);
    else if (finding_severity(finding) > ADDITION)
        text_printf(text, "    why: %s\n    way out: %s\n", info->why, info->way_out);
}

/* What follows from what, by the causes: findings with causes, sorted by these. */
struct followers {
    const struct finding **items;
    size_t count;
    size_t next; /* the first of a cause that was not printed */
};

static int compare_causes(const void *left, const void *right)
{
    const struct finding *const *a = left, *const *b = right;
    if ((*a)->cause != (*b)->cause)
        return (*a)->cause < (*b)->cause ? -1 : 1;
    return (*a > *b) - (*a < *b);
}

static struct followers followers_of(const struct comparison *comparison)
{
    struct followers followers = {
        .items = cli_alloc(comparison->finding_count + 1, sizeof *followers.items)};
    for (size_t i = 0; i < comparison->finding_count; i++)
        if (comparison->findings[i].cause)
            followers.items[followers.count++] = &comparison->findings[i];
    if (followers.count)
        qsort(followers.items, followers.count, sizeof *followers.items, compare_causes);
    return followers;
}

/* Causes are printed in the order of findings, as followers are sorted. */
static void print_followers(struct comparison *comparison, struct followers *followers,
                            const struct finding *finding)
{
    enum { TOLD_MOST = 8 };
    struct text *text = &comparison->cli->product;
    size_t cause = (size_t)(finding - comparison->findings) + 1, first = followers->next;
    while (followers->next < followers->count && followers->items[followers->next]->cause == cause)
        followers->next++;
    size_t count = followers->next - first;
    size_t told = count <= TOLD_MOST + 1 ? count : TOLD_MOST; /* "1 more" takes a line, too */
    for (size_t i = 0; i < told; i++)
        text_printf(text, "    so %s  %s\n", finding_name(followers->items[first + i]),
                    sights_text(comparison, followers->items[first + i]));
    if (count > told)
        text_printf(text, "    and %zu more follow, which --json lists\n", count - told);
}

static void print_finding(struct comparison *comparison, struct followers *followers,
                          const struct finding *finding)
{
    struct text *text = &comparison->cli->product;
    const char *places = places_text(comparison, finding);
    print_head(comparison, finding, finding->path);
    if (places)
        text_printf(text, "    %s\n", places);
    print_sights(comparison, finding);
    if (finding->via && strcmp(finding->via, finding->path) != 0)
        text_printf(text, "    reached by %s\n", finding->via);
    print_followers(comparison, followers, finding);
    print_advice(comparison, finding);
}

/* ---- many of a kind ---- */

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Whether one block can tell both: functions that are gone, fields of one type that moved. */
static bool is_alike(const struct finding *a, const struct finding *b)
{
    const char *end_a = strrchr(a->path, '/'), *end_b = strrchr(b->path, '/');
    size_t length_a = end_a ? (size_t)(end_a - a->path) : 0;
    size_t length_b = end_b ? (size_t)(end_b - b->path) : 0;
    return a->change == b->change && !a->cause && !b->cause &&
           a->severities[FORWARD] == b->severities[FORWARD] &&
           a->severities[BACKWARD] == b->severities[BACKWARD] && length_a == length_b &&
           strncmp(a->path, b->path, length_a) == 0 && is_same_text(a->reason, b->reason);
}

/* How many findings from this one on are told in one list. */
static size_t alike_count(const struct comparison *comparison, size_t index)
{
    size_t count = 1;
    while (index + count < comparison->finding_count &&
           is_alike(&comparison->findings[index], &comparison->findings[index + count]))
        count++;
    return count;
}

static void print_list(struct comparison *comparison, struct followers *followers,
                       const struct finding *findings, size_t count)
{
    struct text *text = &comparison->cli->product;
    print_head(comparison, findings, cli_printf("%zu times", count));
    for (size_t i = 0; i < count; i++) {
        const char *places = places_text(comparison, &findings[i]);
        text_printf(text, "    %s", findings[i].path);
        if (places)
            text_printf(text, "  %s", places);
        text_printf(text, "  %s\n", sights_text(comparison, &findings[i]));
    }
    if (findings->via)
        text_printf(text, "    reached by %s\n", findings->via);
    for (size_t i = 0; i < count; i++)
        print_followers(comparison, followers, &findings[i]);
    print_advice(comparison, findings);
}

static void print_findings(struct comparison *comparison)
{
    struct followers followers = followers_of(comparison);
    size_t count;
    for (size_t i = 0; i < comparison->finding_count; i += count) {
        const struct finding *finding = &comparison->findings[i];
        count = finding->cause ? 1 : alike_count(comparison, i);
        if (count > 1)
            print_list(comparison, &followers, finding, count);
        else if (!finding->cause)
            print_finding(comparison, &followers, finding);
    }
}

void compare_print_text(struct comparison *comparison, const struct accept *accept)
{
    struct text *text = &comparison->cli->product;
    text_printf(text, "%s -> %s\n", comparison->names[0], comparison->names[1]);
    for (enum direction direction = FORWARD; direction < DIRECTION_COUNT; direction++)
        text_printf(text, "  %s: %s (%s)\n", direction_titles[direction],
                    verdict(comparison, direction), count_text(comparison, direction));
    text_puts(text, "  under");
    for (size_t m = 0; m < comparison->sides[1].module_count; m++)
        text_printf(text, "%s %s (%s)", m ? "," : "",
                    abide_module_target(comparison->sides[1].modules[m]),
                    comparison->sides[1].titles[m]);
    text_puts(text, "\n");
    print_findings(comparison);
    const char *unused;
    for (size_t i = 0; (unused = accept_unused_at(accept, i)); i++)
        text_printf(text, "\naccepted, and not found: %s\n", unused);
}

/* ---- JSON ---- */

static json_t *json_place(const struct comparison *comparison, int side,
                          const abide_position *position)
{
    if (!position->file)
        return json_null();
    json_t *json = json_new_object();
    json_put_text(json, "file", comparison->names[side]);
    json_put_size(json, "line", position->line);
    json_put_size(json, "column", position->column);
    return json;
}

static json_t *json_sights(const struct comparison *comparison, const struct finding *finding)
{
    json_t *array = json_new_array();
    for (size_t m = 0; m < comparison->sides[0].module_count; m++) {
        if (!finding->sights[m].is_there)
            continue;
        json_t *json = json_new_object();
        json_put_text(json, "target", abide_module_target(comparison->sides[1].modules[m]));
        json_put_text(json, "abi", abide_module_name(comparison->sides[1].modules[m]));
        json_put_text(json, "old", finding->sights[m].before);
        json_put_text(json, "new", finding->sights[m].after);
        json_add(array, json);
    }
    return array;
}

static json_t *json_finding(const struct comparison *comparison, const struct finding *finding)
{
    const struct change_info *info = &change_infos[finding->change];
    json_t *json = json_new_object();
    json_put_text(json, "id", info->id);
    json_put_text(json, "path", finding->path);
    json_put_text(json, "severity", severity_names[finding_severity(finding)]);
    json_put_text(json, "old_programs", severity_names[finding->severities[FORWARD]]);
    json_put_text(json, "new_programs", severity_names[finding->severities[BACKWARD]]);
    json_put_text(json, "title", info->title);
    json_put(json, "old", json_place(comparison, 0, &finding->before));
    json_put(json, "new", json_place(comparison, 1, &finding->after));
    json_put(json, "targets", json_sights(comparison, finding));
    json_put_text(json, "reached_by", finding->via == pairs_nowhere ? NULL : finding->via);
    json_put_text(json, "follows_from",
                  finding->cause ? finding_name(&comparison->findings[finding->cause - 1]) : NULL);
    json_put_text(json, "why", info->why);
    json_put_text(json, "way_out", info->way_out);
    json_put_text(json, "accepted", finding->reason);
    return json;
}

static json_t *json_side(const struct comparison *comparison, int side)
{
    json_t *json = json_new_object();
    json_t *modules = json_new_array();
    json_put_text(json, "name", comparison->names[side]);
    for (size_t m = 0; m < comparison->sides[side].module_count; m++) {
        json_t *module = json_new_object();
        json_put_module(module, comparison->sides[side].modules[m]);
        json_add(modules, module);
    }
    json_put(json, "abis", modules);
    return json;
}

void compare_print_json(struct comparison *comparison, const struct accept *accept)
{
    json_t *root = json_new_answer(comparison->cli);
    json_t *findings = json_new_array(), *unused = json_new_array();
    json_put(root, "old", json_side(comparison, 0));
    json_put(root, "new", json_side(comparison, 1));
    json_put_text(root, "old_programs", severity_names[findings_worst(comparison, FORWARD)]);
    json_put_text(root, "new_programs", severity_names[findings_worst(comparison, BACKWARD)]);
    for (size_t i = 0; i < comparison->finding_count; i++)
        json_add(findings, json_finding(comparison, &comparison->findings[i]));
    json_put(root, "findings", findings);
    const char *entry;
    for (size_t i = 0; (entry = accept_unused_at(accept, i)); i++)
        json_add(unused, json_text(entry));
    json_put(root, "unused_accepts", unused);
    json_print(root, &comparison->cli->product);
}
