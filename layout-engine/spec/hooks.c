/* Hooks: what a language's runtime wants called around a call. */
#include "spec/language.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"
#include "spec/search.h"

#include <string.h>

enum { WHEN, SIDE, PASS, GIVES, UNDONE_BY, USUAL, ONLY, SYMBOL, PER_TYPE, SOURCE, HOOK_KEYS };

/* In the order of enum abide_hook_when. */
static const struct abide_word whens[] = {
    {"once", "by the program, before the first call"},
    {"every-call", "in each adapter, before all else"},
    {"thread-exit", "by the program, when a thread ends"},
    {"convert", "where a value is converted"},
    {"blocking", "around functions that the interface calls `blocking`"},
    {"undo", "where the hook that names it in `undone_by` was called"},
    {NULL, NULL},
};
static const struct abide_word sides[] = {
    {"caller", "around calls that this language's code makes"},
    {"callee", "around calls of this language's functions"},
    {NULL, NULL},
};
static const struct abide_word passes[] = {
    {"frame_address", "an address in a frame above all frames of the callee"},
    {NULL, NULL},
};
static const struct abide_word tokens[] = {
    {"c_int", "an int"},
    {"pointer", "an address"},
    {NULL, NULL},
};

static const struct abide_key hook_keys[HOOK_KEYS] = {
    [WHEN] = {"when", ABIDE_SHAPE_SCALAR, true,
              "once, every-call, thread-exit, convert, blocking or undo.", ABIDE_WORDS(whens)},
    [SIDE] = {"side", ABIDE_SHAPE_SCALAR, false,
              "`callee`: for calls of this language's functions; `caller`: for calls it makes.",
              ABIDE_WORDS(sides)},
    [PASS] = {"pass", ABIDE_SHAPE_SCALAR, false,
              "`frame_address`: an address in a frame above all frames of the callee.",
              ABIDE_WORDS(passes)},
    [GIVES] = {"gives", ABIDE_SHAPE_SCALAR, false,
               "`c_int` or `pointer`: what it returns, and what `undone_by` gets.",
               ABIDE_WORDS(tokens)},
    [UNDONE_BY] = {"undone_by", ABIDE_SHAPE_SCALAR, false,
                   "The hook (`when: undo`) that is called after the call.", NULL},
    [USUAL] = {"usual", ABIDE_SHAPE_SCALAR, false, "The symbol that libraries usually have.", NULL},
    [ONLY] = {"only", ABIDE_SHAPE_ANY, false, "Options and targets that have the hook.",
              ABIDE_HOLDS("tests")},
    [SYMBOL] = {"symbol", ABIDE_SHAPE_SCALAR, false,
                "Of `convert`: what is called if the interface names nothing.", NULL},
    [PER_TYPE] = {"per_type", ABIDE_SHAPE_SCALAR, false,
                  "Of `convert`: whether the interface names a symbol for each type.", ABIDE_FLAG},
    [SOURCE] = {"source", ABIDE_SHAPE_SCALAR, false, "Document, release and clause.", NULL},
};

#define WHEN_BIT(when) (1u << (when))
enum {
    AROUND_CALLS = WHEN_BIT(ABIDE_HOOK_EVERY_CALL) | WHEN_BIT(ABIDE_HOOK_BLOCKING),
    HAS_SIDE = AROUND_CALLS | WHEN_BIT(ABIDE_HOOK_ONCE) | WHEN_BIT(ABIDE_HOOK_THREAD_EXIT)
};

/* Which keys go with which hooks. */
static bool check_keys(abide_ctx *ctx, const struct abide_yaml *node,
                       const struct abide_yaml **values, size_t when)
{
    static const struct {
        size_t key;
        unsigned whens;
        const char *owners;
    } owners[] = {
        {SIDE, HAS_SIDE, "around calls"},
        {PASS, HAS_SIDE, "around calls"},
        {GIVES, AROUND_CALLS, "of every call (`when: every-call`, `blocking`)"},
        {UNDONE_BY, AROUND_CALLS, "of every call (`when: every-call`, `blocking`)"},
        {SYMBOL, WHEN_BIT(ABIDE_HOOK_CONVERT), "that conversions call (`when: convert`)"},
        {PER_TYPE, WHEN_BIT(ABIDE_HOOK_CONVERT), "that conversions call (`when: convert`)"}};
    if ((HAS_SIDE & WHEN_BIT(when)) && values[SIDE] == NULL) {
        abide__report(ctx, ABIDE_CODE_MISSING_KEY, node->place, "a hook needs the key 'side'");
        return false;
    }
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        const struct abide_yaml *value = values[owners[i].key];
        if (value == NULL || (owners[i].whens & WHEN_BIT(when)))
            continue;
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, value->place,
                      "'%s' belongs to hooks %s; this one has `when: %s`",
                      hook_keys[owners[i].key].name, owners[i].owners, whens[when].name);
        return false;
    }
    return true;
}

/* A symbol that a module names stands in code: a C identifier. */
static bool check_symbol(abide_ctx *ctx, const struct abide_yaml *node)
{
    const char *text = node->text;
    bool fine = *text != '\0' && !(*text >= '0' && *text <= '9');
    for (const char *at = text; *at != '\0'; at++)
        fine = fine && ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_' ||
                        (*at >= '0' && *at <= '9'));
    if (!fine)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, node->place, "%s is no C identifier",
                      abide__quote(ctx, text));
    return fine;
}

const struct abide_schema abide_hook__schema = {"a hook", hook_keys, HOOK_KEYS};

static bool read_hook(abide_ctx *ctx, const struct abide_when_scope *scope,
                      const struct abide_yaml_entry *entry, struct abide_hook *hook,
                      const struct abide_when **only)
{
    const struct abide_yaml *values[HOOK_KEYS];
    size_t when, side = 0, pass, token = 0;
    hook->name = entry->key->text;
    hook->place = entry->key->place;
    if (!abide_schema__read(ctx, &abide_hook__schema, entry->value, values))
        return false;
    if (!abide_schema__word(ctx, values[WHEN], whens, &when) ||
        !check_keys(ctx, entry->value, values, when) ||
        (values[SIDE] != NULL && !abide_schema__word(ctx, values[SIDE], sides, &side)) ||
        (values[SYMBOL] != NULL && !check_symbol(ctx, values[SYMBOL])) ||
        (values[PER_TYPE] != NULL && !abide_schema__bool(ctx, values[PER_TYPE], &hook->per_type)) ||
        (values[PASS] != NULL && !abide_schema__word(ctx, values[PASS], passes, &pass)) ||
        (values[GIVES] != NULL && !abide_schema__word(ctx, values[GIVES], tokens, &token)))
        return false;
    hook->when = (enum abide_hook_when)when;
    hook->of_callee = side == 1;
    hook->passes_frame_address = values[PASS] != NULL;
    hook->gives = values[GIVES] == NULL ? ABIDE_HOOK_GIVES_NOTHING
                  : token == 0          ? ABIDE_HOOK_GIVES_INT
                                        : ABIDE_HOOK_GIVES_POINTER;
    hook->undone_by = values[UNDONE_BY] != NULL ? values[UNDONE_BY]->text : NULL;
    hook->symbol = values[SYMBOL] != NULL ? values[SYMBOL]->text : NULL;
    hook->usual = values[USUAL] != NULL ? values[USUAL]->text : NULL;
    *only = abide_when__read(ctx, scope, values[ONLY]);
    return abide_language__check_static(ctx, *only);
}

/* What a hook is undone by is a hook for that. */
static void check_undoing(abide_ctx *ctx, const struct abide_yaml *tree,
                          const struct abide_language *language)
{
    for (size_t i = 0; i < language->hook_count; i++) {
        const struct abide_hook *hook = &language->hooks[i];
        const struct abide_hook *undo =
            hook->undone_by != NULL ? abide_language__hook(language, hook->undone_by) : NULL;
        if (hook->undone_by == NULL || (undo != NULL && undo->when == ABIDE_HOOK_UNDO))
            continue;
        const struct abide_yaml *node = abide_yaml__get(tree, hook->name);
        abide_diag *diag = abide__report(
            ctx, ABIDE_CODE_UNKNOWN_HOOK, abide_yaml__get(node, "undone_by")->place,
            "the module has no hook %s that undoes one", abide__quote(ctx, hook->undone_by));
        abide__diag_help(ctx, diag, "declare it: `%s: {when: undo}`", hook->undone_by);
    }
}

void abide_hooks__read(abide_ctx *ctx, const struct abide_when_scope *scope,
                       const abide_module *module, const struct abide_yaml *tree,
                       struct abide_language *language)
{
    const struct abide_yaml *node = abide_yaml__get(tree, "hooks");
    if (node == NULL)
        return;
    if (node->kind != ABIDE_YAML_MAPPING) {
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, node->place,
                      "'hooks' of a module: expected a mapping from names to hooks");
        return;
    }
    struct abide_hook *hooks = abide__new_array(ctx, struct abide_hook, node->entry_count);
    size_t count = 0;
    for (size_t i = 0; i < node->entry_count; i++) {
        const struct abide_when *only;
        if (read_hook(ctx, scope, abide_yaml__entry(node, i), &hooks[count], &only)) {
            hooks[count].is_active = abide_language__holds(module, only, NULL);
            count++;
        }
    }
    language->hooks = hooks;
    language->hook_count = count;
    check_undoing(ctx, node, language);
}

const struct abide_hook *abide_language__hook(const struct abide_language *language,
                                              const char *name)
{
    for (size_t i = 0; i < language->hook_count; i++) {
        if (strcmp(language->hooks[i].name, name) == 0)
            return &language->hooks[i];
    }
    return NULL;
}

static const struct abide_iface_hook *named_in(const abide_iface *iface, const char *name)
{
    for (size_t i = 0; i < iface->hook_count; i++) {
        if (strcmp(iface->hooks[i].name, name) == 0)
            return &iface->hooks[i];
    }
    return NULL;
}

size_t abide_language__hooks(abide_ctx *ctx, const abide_module *module, bool is_callee,
                             const abide_iface *iface, const struct abide_hook_use **uses)
{
    const struct abide_language *language = module->language;
    struct abide_hook_use *found =
        abide__new_array(ctx, struct abide_hook_use, language->hook_count);
    size_t count = 0;
    for (size_t i = 0; i < language->hook_count; i++) {
        const struct abide_hook *hook = &language->hooks[i];
        const struct abide_iface_hook *named = named_in(iface, hook->name);
        const struct abide_iface_hook *undo =
            hook->undone_by != NULL ? named_in(iface, hook->undone_by) : NULL;
        if (named != NULL && hook->is_active && (HAS_SIDE & WHEN_BIT(hook->when)) &&
            hook->of_callee == is_callee)
            found[count++] = (struct abide_hook_use){
                hook, named->symbol, undo != NULL ? undo->symbol : NULL, named->place};
    }
    *uses = found;
    return count;
}

static bool knows(const abide_module *module, const char *name)
{
    return abide_language__hook(module->language, name) != NULL;
}

struct both {
    const struct abide_language *caller, *callee;
};

static const char *nth_hook(const void *user, size_t index)
{
    const struct both *both = user;
    if (index < both->caller->hook_count)
        return both->caller->hooks[index].name;
    index -= both->caller->hook_count;
    return index < both->callee->hook_count ? both->callee->hooks[index].name : NULL;
}

/* What is begun must be ended: a lock that nobody gives back stops the program. */
static bool check_undo(abide_ctx *ctx, const abide_module *module, const abide_iface *iface)
{
    const struct abide_language *language = module->language;
    bool fine = true;
    for (size_t i = 0; i < language->hook_count; i++) {
        const struct abide_hook *hook = &language->hooks[i];
        const struct abide_iface_hook *named = named_in(iface, hook->name);
        if (named == NULL || hook->undone_by == NULL || named_in(iface, hook->undone_by) != NULL)
            continue;
        abide_diag *diag = abide__report(
            ctx, ABIDE_CODE_MISSING_HOOK, named->place,
            "the hook %s of %s is undone by another one, %s, which has no symbol",
            abide__quote(ctx, hook->name), module->name, abide__quote(ctx, hook->undone_by));
        const struct abide_hook *undo = abide_language__hook(language, hook->undone_by);
        abide__diag_help(ctx, diag, "name it too: `hooks: {%s: %s, %s: %s}`", hook->name,
                         named->symbol, undo->name, undo->usual != NULL ? undo->usual : "SYMBOL");
        fine = false;
    }
    return fine;
}

bool abide_language__check_hooks(abide_ctx *ctx, const abide_module *caller,
                                 const abide_module *callee, const abide_iface *iface)
{
    bool fine = check_undo(ctx, caller, iface);
    if (callee != caller)
        fine = check_undo(ctx, callee, iface) && fine;
    for (size_t i = 0; i < iface->hook_count; i++) {
        const struct abide_iface_hook *hook = &iface->hooks[i];
        if (knows(caller, hook->name) || knows(callee, hook->name) ||
            abide_search__declares(ctx, "hooks", NULL, hook->name))
            continue;
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_HOOK, hook->place,
                                         "neither %s nor %s has a hook %s", caller->name,
                                         callee->name, abide__quote(ctx, hook->name));
        struct both both = {caller->language, callee->language};
        const char *near = abide__nearest(hook->name, nth_hook, &both);
        if (near != NULL)
            abide__diag_help(ctx, diag, "did you mean '%s'?", near);
        fine = false;
    }
    return fine;
}
