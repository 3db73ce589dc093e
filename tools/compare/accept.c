/* Findings that somebody has accepted, with a reason: `--accept FILE`. */
#include "compare.h"

#include <string.h>

struct entry {
    const char *id;
    const char *path;
    const char *reason;
    bool is_used;
};

struct accept {
    struct entry *entries;
    size_t count;
};

static bool is_change(const char *id)
{
    for (size_t i = 0; i < CHANGE_COUNT; i++)
        if (strcmp(change_infos[i].id, id) == 0)
            return true;
    return false;
}

static const char *change_at(const void *user, size_t index)
{
    (void)user;
    return index < CHANGE_COUNT ? change_infos[index].id : NULL;
}

static const char *word(struct cli *cli, const abide_data *entry, const char *key)
{
    const abide_data *value = abide_data_get(entry, key);
    const char *text = value ? abide_data_text(value) : NULL;
    if (text && text[strspn(text, " ")])
        return text;
    abide_data_report(cli->ctx, value ? value : entry, "missing-key",
                      cli_printf("an accepted change needs `%s`", key),
                      "write {id: ID, path: PATH, reason: why it does no harm}");
    return NULL;
}

static bool read_entry(struct cli *cli, const abide_data *data, struct entry *entry)
{
    static const char *const keys[] = {"id", "path", "reason"};
    for (size_t i = 0; i < abide_data_count(data); i++) {
        const char *key = abide_data_key_at(data, i);
        bool is_known = false;
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            is_known = is_known || (key && strcmp(key, keys[k]) == 0);
        if (!is_known) {
            abide_data_report(cli->ctx, abide_data_at(data, i), "unknown-key",
                              "an accepted change has the keys id, path and reason", NULL);
            return false;
        }
    }
    entry->id = word(cli, data, "id");
    entry->path = word(cli, data, "path");
    entry->reason = word(cli, data, "reason");
    if (!entry->id || !entry->path || !entry->reason)
        return false;
    if (is_change(entry->id))
        return true;
    const char *near = abide_nearest(entry->id, change_at, NULL);
    abide_data_report(cli->ctx, abide_data_get(data, "id"), "bad-value",
                      cli_printf("'%s' is no change", entry->id),
                      near ? cli_printf("did you mean '%s'?", near) : NULL);
    return false;
}

bool accept_load(struct cli *cli, struct accept **accept)
{
    const char *path = cli->options.accept;
    *accept = cli_alloc(1, sizeof **accept);
    if (!path)
        return true;
    const abide_data *data = abide_data_load(cli->ctx, path);
    const abide_data *list = abide_data_get(data, "accept");
    if (data && (!list || abide_data_kind_of(list) != ABIDE_DATA_SEQUENCE)) {
        abide_data_report(cli->ctx, list ? list : data, "missing-key",
                          "expected `accept:` and a list of accepted changes", NULL);
        return false;
    }
    if (!data)
        return false;
    (*accept)->count = abide_data_count(list);
    (*accept)->entries = cli_alloc((*accept)->count + 1, sizeof *(*accept)->entries);
    bool good = true;
    for (size_t i = 0; i < (*accept)->count; i++)
        good = read_entry(cli, abide_data_at(list, i), &(*accept)->entries[i]) && good;
    return good;
}

/* Whoever accepts a change accepts what follows from it. */
static void accept_consequences(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->finding_count; i++) {
        struct finding *finding = &comparison->findings[i];
        if (finding->cause && !finding->reason)
            finding->reason = comparison->findings[finding->cause - 1].reason;
    }
}

void accept_apply(struct accept *accept, struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->finding_count; i++) {
        struct finding *finding = &comparison->findings[i];
        for (size_t k = 0; k < accept->count; k++) {
            struct entry *entry = &accept->entries[k];
            if (strcmp(entry->id, change_infos[finding->change].id) == 0 &&
                question_matches(entry->path, finding->path)) {
                entry->is_used = true;
                finding->reason = finding->reason ? finding->reason : entry->reason;
            }
        }
    }
    accept_consequences(comparison);
}

const char *accept_unused_at(const struct accept *accept, size_t index)
{
    for (size_t i = 0; i < accept->count; i++)
        if (!accept->entries[i].is_used && index-- == 0)
            return cli_printf("%s %s", accept->entries[i].id, accept->entries[i].path);
    return NULL;
}
