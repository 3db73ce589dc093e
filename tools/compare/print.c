/* The answer of `abide compare`, for people and for programs. */
#include "../json.h"
#include "../table.h"
#include "compare.h"

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
        if (!comparison->findings[i].reason)
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

/* How it shows on each target; said once of all that show the same. */
static void print_sights(struct comparison *comparison, const struct finding *finding)
{
    struct text *text = &comparison->cli->product;
    size_t count = comparison->sides[0].module_count;
    bool *is_told = cli_alloc(count + 1, sizeof *is_told);
    for (size_t m = 0; m < count; m++) {
        const struct sight *sight = &finding->sights[m];
        if (!sight->is_there || is_told[m])
            continue;
        const char *where = "";
        size_t told = 0;
        for (size_t k = m; k < count; k++)
            if (finding->sights[k].is_there && same_sight(sight, &finding->sights[k])) {
                is_told[k] = true;
                told++;
                where = cli_printf("%s%s%s", where, *where ? ", " : "",
                                   abide_module_target(comparison->sides[1].modules[k]));
            }
        if (count > 1)
            text_printf(text, "    %s:", told == count ? "all targets" : where);
        else
            text_puts(text, "   ");
        if (sight->before || sight->after)
            text_printf(text, " %s -> %s", sight->before ? sight->before : "?",
                        sight->after ? sight->after : "?");
        text_puts(text, "\n");
    }
}

static bool has_texts(const struct comparison *comparison, const struct finding *finding)
{
    if (comparison->sides[0].module_count > 1)
        return true;
    return finding->sights[0].before || finding->sights[0].after;
}

static void print_finding(struct comparison *comparison, const struct finding *finding)
{
    struct text *text = &comparison->cli->product;
    const struct change_info *info = &change_infos[finding->change];
    bool color = comparison->cli->color_out;
    text_printf(text, "\n%s%s%s %s  %s  (%s; %s)\n", style_on(CELL_HEAD, color),
                severity_names[finding_severity(finding)], style_off(CELL_HEAD, color), info->id,
                finding->path, info->title, whom(finding));
    if (finding->before.file && finding->after.file)
        text_printf(text, "    %s -> %s\n", place_text(comparison, 0, &finding->before),
                    place_text(comparison, 1, &finding->after));
    else if (finding->before.file)
        text_printf(text, "    %s\n", place_text(comparison, 0, &finding->before));
    else if (finding->after.file)
        text_printf(text, "    %s\n", place_text(comparison, 1, &finding->after));
    if (has_texts(comparison, finding))
        print_sights(comparison, finding);
    if (finding->via && strcmp(finding->via, finding->path) != 0)
        text_printf(text, "    reached by %s\n", finding->via);
    if (finding->reason)
        text_printf(text, "    accepted: %s\n", finding->reason);
    else if (finding_severity(finding) > ADDITION)
        text_printf(text, "    why: %s\n    way out: %s\n", info->why, info->way_out);
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
    for (size_t i = 0; i < comparison->finding_count; i++)
        print_finding(comparison, &comparison->findings[i]);
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
