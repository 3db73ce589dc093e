/*
 * The engine decides. What has been read is written as an interface file, and abide computes each layout again; a record that it
 * lays out otherwise is tried with other facts, until one fits or none is left.
 */
#include "reader.h"

#include <abide/abide.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS_MAX = 400 };

struct fitting {
    struct reader *reader;
    const struct heading *heading;
    struct text text;
    abide_ctx *ctx;
    const abide_module *module;
    const abide_iface *iface; /* NULL: what is written is no interface file */
};

static bool is_pending(const struct entry *entry)
{
    return entry->guess && entry->guess->is_pending && !entry->refusal;
}

static bool is_written(const struct entry *entry)
{
    return entry->is_kept && !entry->is_stub;
}

/* ---- one round ----------------------------------------------------------------------------------- */

static bool open_round(struct fitting *fitting)
{
    fitting->text = (struct text){0};
    write_model(&fitting->text, fitting->reader->model, fitting->heading);
    fitting->ctx = abide_ctx_new(NULL);
    fitting->module =
        fitting->ctx ? abide_module_load(fitting->ctx, "c", fitting->heading->targets->names[0])
                     : NULL;
    if (!fitting->module)
        return false;
    fitting->iface =
        abide_iface_parse(fitting->ctx, "binary", fitting->text.chars, fitting->text.length_bytes);
    return true;
}

static void close_round(struct fitting *fitting)
{
    abide_ctx_free(fitting->ctx);
    fitting->ctx = NULL;
}

static void try_next(struct entry *entry, const char *why)
{
    struct record *record = guess_next(entry->guess);
    if (record)
        entry->record = record;
    else
        entry->refusal = store_printf("nothing explains its layout: %s", why);
}

static const char *last_message(abide_ctx *ctx)
{
    size_t count = abide_ctx_diag_count(ctx);
    return count ? store_copy(abide_diag_message(abide_ctx_diag_at(ctx, count - 1)))
                 : "the engine refuses it";
}

/* ---- what is no interface file ------------------------------------------------------------------- */

static struct entry *named(const struct entries *entries, const char *name, size_t length)
{
    for (size_t i = 0; i < entries->count; i++)
        if (entries->items[i]->is_kept && strlen(entries->items[i]->name) == length &&
            strncmp(entries->items[i]->name, name, length) == 0)
            return entries->items[i];
    return NULL;
}

/* The entry that a line of the text belongs to. */
static struct entry *entry_at(const struct fitting *fitting, unsigned line)
{
    const struct entries *entries = &fitting->reader->model->types;
    const char *name = NULL;
    unsigned number = 1;
    for (const char *at = fitting->text.chars; at && number <= line; number++) {
        if (strncmp(at, "functions:\n", 11) == 0)
            entries = &fitting->reader->model->functions;
        if (at[0] == ' ' && at[1] == ' ' && at[2] != ' ')
            name = at + 2;
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    return name ? named(entries, name, strcspn(name, ":\n")) : NULL;
}

/* Refuses what the engine complains about, or tries other facts. false: it is nothing that was read. */
static bool refuse_complaints(struct fitting *fitting)
{
    bool has_any = false;
    const struct entry *last = NULL;
    for (size_t i = 0; i < abide_ctx_diag_count(fitting->ctx); i++) {
        const abide_diag *diag = abide_ctx_diag_at(fitting->ctx, i);
        struct entry *entry = entry_at(fitting, abide_diag_position(diag).line);
        if (!entry || entry->refusal || entry == last)
            continue;
        const char *why = store_copy(abide_diag_message(diag));
        if (is_pending(entry))
            try_next(entry, why);
        else
            entry->refusal = why;
        last = entry;
        has_any = true;
    }
    return has_any;
}

/* ---- layouts ------------------------------------------------------------------------------------- */

static bool has_layout(struct fitting *fitting, const struct entry *entry)
{
    const abide_type *type = abide_iface_type(fitting->iface, entry->name);
    abide_ctx_clear_diags(fitting->ctx);
    return type && abide_layout_check(fitting->ctx, fitting->module, fitting->iface, &type, 1) &&
           abide_layout_of(fitting->ctx, fitting->module, type);
}

/*
 * Whether the records that it holds have been found. Before that, nothing is said of its own facts: it may have the layout that is
 * expected with an inner one that is wrong.
 */
static bool can_be_judged(struct fitting *fitting, const struct entry *entry, unsigned depth)
{
    for (size_t i = 0; i < entry->needs.count; i++) {
        const struct need *need = &entry->needs.items[i];
        if (!need->by_value)
            continue;
        if (is_pending(need->entry) && !has_layout(fitting, need->entry))
            return false;
        bool is_name = need->entry->form == FORM_ALIAS; /* of what is held */
        if (is_name && (depth > DEPTH_MAX || !can_be_judged(fitting, need->entry, depth + 1)))
            return false;
    }
    return true;
}

/* Whether anything has become known. */
static bool judge(struct fitting *fitting)
{
    const struct entries *types = &fitting->reader->model->types;
    bool has_news = false;
    for (size_t i = 0; i < types->count; i++) {
        struct entry *entry = types->items[i];
        if (!is_pending(entry) || !is_written(entry) || !can_be_judged(fitting, entry, 0))
            continue;
        if (has_layout(fitting, entry)) {
            entry->guess->is_pending = false;
            has_news = true;
            continue;
        }
        try_next(entry, last_message(fitting->ctx));
        has_news = true;
    }
    return has_news;
}

/* false: it makes no sense to go on. */
static bool try_round(struct fitting *fitting, bool *has_news)
{
    if (!open_round(fitting)) {
        fprintf(stderr, "abide-import-dwarf: error: %s\n",
                fitting->ctx ? last_message(fitting->ctx) : "no memory");
        close_round(fitting);
        return false;
    }
    *has_news = fitting->iface ? judge(fitting) : refuse_complaints(fitting);
    if (!fitting->iface && !*has_news)
        fprintf(stderr, "abide-import-dwarf: error: %s\n", last_message(fitting->ctx));
    bool is_good = fitting->iface || *has_news;
    close_round(fitting);
    return is_good;
}

static bool fit_layouts(struct fitting *fitting)
{
    struct model *model = fitting->reader->model;
    bool has_news = true;
    settle(model);
    for (int round = 0; has_news && round < ROUNDS_MAX; round++) {
        if (round > 0)
            keep_only(model, is_pending);
        if (!try_round(fitting, &has_news))
            return false;
        settle(model);
    }
    for (size_t i = 0; i < model->types.count; i++)
        if (is_pending(model->types.items[i]))
            model->types.items[i]->refusal = "nothing explains its layout";
    return true;
}

/* ---- scalars and calls ----------------------------------------------------------------------------- */

/* A file of another target is noticed by the sizes of its numbers. */
static bool are_scalars_as_said(struct fitting *fitting)
{
    const struct reader *reader = fitting->reader;
    for (size_t i = 0; i < reader->scalars.count; i++) {
        const struct scalar_use *use = &reader->scalars.items[i];
        const abide_type *type = abide_type_scalar(fitting->ctx, use->word);
        const abide_layout *layout =
            type ? abide_layout_of(fitting->ctx, fitting->module, type) : NULL;
        uint64_t size_bytes = layout ? abide_layout_size_bytes(layout) : 0;
        if (!layout || size_bytes == use->size_bytes)
            continue;
        fprintf(stderr,
                "%s: error: '%s' has %" PRIu64 " bytes, and %" PRIu64 " on %s [unreadable-binary]\n"
                "  = help: say what the file is for: --target TRIPLE\n",
                reader->request->binary, use->c_name, use->size_bytes, size_bytes,
                fitting->heading->targets->names[0]);
        return false;
    }
    return true;
}

static void fit_calls(struct fitting *fitting)
{
    const struct entries *functions = &fitting->reader->model->functions;
    for (size_t i = 0; i < functions->count; i++) {
        struct entry *entry = functions->items[i];
        if (!is_written(entry))
            continue;
        abide_ctx_clear_diags(fitting->ctx);
        const abide_signature *signature = abide_iface_signature(fitting->iface, entry->name);
        if (!signature || !abide_assignment_of(fitting->ctx, fitting->module, signature))
            entry->refusal = store_printf("it cannot be called: %s", last_message(fitting->ctx));
    }
}

/* Functions whose signatures the engine does not take are found one round after the other. */
static bool fit_functions(struct fitting *fitting)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        settle(fitting->reader->model);
        if (!open_round(fitting)) {
            close_round(fitting);
            return false;
        }
        bool is_parsed = fitting->iface;
        bool is_good = is_parsed ? are_scalars_as_said(fitting) : refuse_complaints(fitting);
        if (is_parsed && is_good)
            fit_calls(fitting);
        if (!is_parsed && !is_good)
            fprintf(stderr, "abide-import-dwarf: error: %s\n", last_message(fitting->ctx));
        close_round(fitting);
        if (is_parsed || !is_good) {
            settle(fitting->reader->model);
            return is_good;
        }
    }
    return false;
}

bool fit(struct reader *reader, const struct heading *heading)
{
    struct fitting fitting = {.reader = reader, .heading = heading};
    return fit_layouts(&fitting) && fit_functions(&fitting);
}
