/* Diagnostics as a log in SARIF 2.1.0 (OASIS, with Errata 01), which code scanners and editors read. Numbers are its clauses. */
#include "diags.h"

#include <ctype.h>
#include <string.h>

/* {"text": ...}: a message (3.11), or a multiformatMessageString (3.12) */
static json_t *message(const char *chars)
{
    json_t *object = json_new_object();
    json_put_text(object, "text", chars);
    return object;
}

/* A path as a URI or a reference relative to where the command ran (3.4.3, RFC 3986). */
static const char *uri_of(const char *path)
{
    struct text uri = {0};
    text_puts(&uri, *path == '/' ? "file://" : "");
    for (const char *at = path; *at; at++) {
        if (isalnum((unsigned char)*at) || strchr("/-._~", *at))
            text_add(&uri, at, 1);
        else
            text_printf(&uri, "%%%02X", (unsigned)(unsigned char)*at);
    }
    const char *copy = cli_copy(uri.chars, uri.length_bytes);
    text_free(&uri);
    return copy;
}

/* location (3.28) */
static json_t *location(abide_position start, abide_position end)
{
    json_t *region = json_new_object(); /* 3.30; the end column is behind the last character */
    json_put_size(region, "startLine", start.line);
    json_put_size(region, "startColumn", start.column);
    json_put_size(region, "endLine", end.line);
    json_put_size(region, "endColumn", end.column);
    json_t *artifact = json_new_object();
    json_put_text(artifact, "uri", uri_of(start.file));
    json_t *physical = json_new_object();
    json_put(physical, "artifactLocation", artifact);
    json_put(physical, "region", region);
    json_t *object = json_new_object();
    json_put(object, "physicalLocation", physical);
    return object;
}

/* The message with what it helps, and with notes that have no place of their own. */
static json_t *whole_message(const abide_diag *diag)
{
    struct text text = {0};
    text_puts(&text, abide_diag_message(diag));
    abide_diag_note note;
    for (size_t i = 0; note = abide_diag_note_at(diag, i), note.text; i++)
        if (!note.start.file)
            text_printf(&text, "\nnote: %s", note.text);
    const char *help;
    for (size_t i = 0; (help = abide_diag_help_at(diag, i)); i++)
        text_printf(&text, "\nhelp: %s", help);
    json_t *object = message(text.chars);
    text_free(&text);
    return object;
}

static json_t *related_locations(const abide_diag *diag)
{
    json_t *list = json_new_array();
    abide_diag_note note;
    for (size_t i = 0; note = abide_diag_note_at(diag, i), note.text; i++)
        if (note.start.file) {
            json_t *related = location(note.start, note.end);
            json_put(related, "message", message(note.text));
            json_add(list, related);
        }
    return list;
}

/* result (3.27) */
static json_t *result(const abide_diag *diag, size_t rule)
{
    json_t *object = json_new_object();
    json_put_text(object, "ruleId", abide_diag_id(diag));
    json_put_size(object, "ruleIndex", rule);
    json_put_text(object, "level", diags_severity(diag));
    json_put(object, "message", whole_message(diag));
    json_t *locations = json_new_array();
    abide_position start = abide_diag_position(diag);
    if (start.file)
        json_add(locations, location(start, abide_diag_end(diag)));
    json_put(object, "locations", locations);
    json_put(object, "relatedLocations", related_locations(diag));
    return object;
}

/* The index of the id in the list of rules (3.49), to which it is added if it is new. */
static size_t rule_index(json_t *rules, const char *id)
{
    size_t count = json_array_size(rules);
    for (size_t i = 0; i < count; i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(rules, i), "id")), id) == 0)
            return i;
    json_t *rule = json_new_object();
    json_put_text(rule, "id", id);
    json_put(rule, "shortDescription", message(abide_diag_summary(id)));
    json_put(rule, "fullDescription", message(abide_diag_explain(id)));
    json_add(rules, rule);
    return count;
}

json_t *diags_sarif(const struct diags *diags)
{
    json_t *rules = json_new_array(), *results = json_new_array();
    for (size_t i = 0; i < abide_ctx_diag_count(diags->cli->ctx); i++) {
        const abide_diag *diag = diags_wanted(diags, i);
        if (diag)
            json_add(results, result(diag, rule_index(rules, abide_diag_id(diag))));
    }
    json_t *driver = json_new_object();
    json_put_text(driver, "name", "abide");
    json_put_text(driver, "version", ABIDE_VERSION);
    json_put(driver, "rules", rules);
    json_t *tool = json_new_object();
    json_put(tool, "driver", driver);
    json_t *run = json_new_object();
    json_put(run, "tool", tool);
    json_put_text(run, "columnKind", "unicodeCodePoints");
    json_put(run, "results", results);
    json_t *runs = json_new_array();
    json_add(runs, run);
    json_t *log = json_new_object();
    json_put_text(log, "$schema",
                  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                  "sarif-schema-2.1.0.json");
    json_put_text(log, "version", "2.1.0");
    json_put(log, "runs", runs);
    return log;
}
