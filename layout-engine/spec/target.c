/* Finds the module that is the C ABI of a target. */
#include "spec/target.h"

#include "base/diag.h"
#include "base/schema.h"
#include "spec/keys.h"
#include "spec/modules.h"
#include "spec/resolve.h"

#include <ctype.h>
#include <string.h>

enum {
    TARGET_ARCH,
    TARGET_ENDIAN,
    TARGET_POINTER,
    TARGET_OS,
    TARGET_TRIPLES,
    TARGET_SYSTEMS,
    TARGET_SOURCE,
    TARGET_KEYS
};
static const struct abide_word byte_orders[] = {
    {"little", "the lowest byte of a number comes first"},
    {"big", "the highest byte of a number comes first"},
    {NULL, NULL},
};
static const struct abide_key target_keys[TARGET_KEYS] = {
    {"arch", ABIDE_SHAPE_SCALAR, true, "the architecture, as its triples say it", NULL},
    {"endian", ABIDE_SHAPE_SCALAR, true, "`little` or `big`", ABIDE_WORDS(byte_orders)},
    {"pointer", ABIDE_SHAPE_SCALAR, true, "size of a pointer in bytes", ABIDE_NUMBER},
    {"os", ABIDE_SHAPE_SCALAR, false, "the operating system (default: as the triple says)", NULL},
    {"triples", ABIDE_SHAPE_MAPPING, false,
     "triples whose C ABI this is, without the vendor, each with its other spellings",
     ABIDE_HOLDS("{nothing|[text]}")},
    {"systems", ABIDE_SHAPE_SEQUENCE, false,
     "the operating systems on which it can be used (default: all)", ABIDE_HOLDS("[text]")},
    {"source", ABIDE_SHAPE_SCALAR, false, "document, release, clause", NULL},
};
const struct abide_schema abide_target__schema = {"'target'", target_keys, TARGET_KEYS};

#define MAX_PARTS 4

struct parts {
    const char *text[MAX_PARTS];
    size_t length[MAX_PARTS];
    size_t count;
};

static bool split(const char *triple, struct parts *parts)
{
    parts->count = 0;
    for (;;) {
        size_t length = strcspn(triple, "-");
        if (length == 0 || parts->count == MAX_PARTS)
            return false;
        parts->text[parts->count] = triple;
        parts->length[parts->count++] = length;
        if (!triple[length])
            return parts->count >= 2;
        triple += length + 1;
    }
}

/* The operating system may carry a version: darwin23.1. */
static bool same_part(const struct parts *asked, size_t i, const struct parts *known, size_t j,
                      bool version_allowed)
{
    size_t length = known->length[j];
    if (asked->length[i] < length || memcmp(asked->text[i], known->text[j], length) != 0)
        return false;
    for (size_t k = length; k < asked->length[i]; k++) {
        char extra = asked->text[i][k];
        if (!version_allowed || !(isdigit((unsigned char)extra) || extra == '.'))
            return false;
    }
    return true;
}

/* `skip`: which part of `asked` is the vendor; 0: none. */
static bool same_parts(const struct parts *asked, const struct parts *known, size_t skip)
{
    if (asked->count - (skip != 0) != known->count)
        return false;
    for (size_t i = 0, j = 0; i < asked->count; i++) {
        if (skip != 0 && i == skip)
            continue;
        if (!same_part(asked, i, known, j, j == 1))
            return false;
        j++;
    }
    return true;
}

static bool matches(const struct parts *asked, const char *spelling)
{
    struct parts known;
    if (strncmp(asked->text[0], spelling, asked->length[0]) != 0)
        return false;
    return split(spelling, &known) &&
           (same_parts(asked, &known, 0) || same_parts(asked, &known, 1));
}

/* The triple of `triples` that is asked for, directly or by another spelling; NULL: none. */
static const char *find_triple(const struct abide_yaml *triples, const struct parts *asked)
{
    if (!triples || triples->kind != ABIDE_YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < triples->entry_count; i++) {
        const struct abide_yaml *spellings = abide_yaml__at(triples, i);
        const char *triple = abide_yaml__key_at(triples, i)->text;
        if (matches(asked, triple))
            return triple;
        for (size_t j = 0; j < spellings->entry_count; j++)
            if (abide_yaml__at(spellings, j)->kind == ABIDE_YAML_SCALAR &&
                matches(asked, abide_yaml__at(spellings, j)->text))
                return triple;
    }
    return NULL;
}

static const struct abide_yaml *triples_of(const struct abide_yaml *tree)
{
    const struct abide_yaml *target = abide_yaml__get(tree, "target");
    return target && target->kind == ABIDE_YAML_MAPPING ? abide_yaml__get(target, "triples") : NULL;
}

/* The operating system is the second part of a triple. */
static const char *os_of(abide_ctx *ctx, const char *triple)
{
    struct parts parts;
    return split(triple, &parts) ? abide__intern(ctx, parts.text[1], parts.length[1]) : NULL;
}

static void check_spellings(abide_ctx *ctx, const struct abide_yaml_entry *entry)
{
    struct parts parts;
    if (!split(entry->key->text, &parts) || parts.count > 3)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, entry->key->place,
                      "expected a triple of two or three parts, without the vendor");
    const struct abide_yaml *list = entry->value;
    if (list->kind != ABIDE_YAML_SEQUENCE && !list->null)
        abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, list->place,
                      "expected a list of other spellings, or nothing");
    for (size_t i = 0; list->kind == ABIDE_YAML_SEQUENCE && i < list->entry_count; i++) {
        const struct abide_yaml *spelling = abide_yaml__at(list, i);
        if (spelling->kind != ABIDE_YAML_SCALAR || !split(spelling->text, &parts) ||
            parts.count > 3)
            abide__report(ctx, ABIDE_CODE_BAD_VALUE, spelling->place,
                          "expected a triple of two or three parts, without the vendor");
    }
}

static void check_systems(abide_ctx *ctx, const struct abide_yaml *systems)
{
    for (size_t i = 0; systems && i < systems->entry_count; i++)
        if (abide_yaml__at(systems, i)->kind != ABIDE_YAML_SCALAR)
            abide__report(ctx, ABIDE_CODE_WRONG_SHAPE, abide_yaml__at(systems, i)->place,
                          "expected a word");
}

bool abide_target__read(abide_ctx *ctx, const struct abide_yaml *tree, struct abide_target *target)
{
    const struct abide_yaml *values[TARGET_KEYS];
    const struct abide_yaml *node = abide_yaml__get(tree, "target");
    if (!node) {
        abide__report(ctx, ABIDE_CODE_MISSING_KEY, tree->place,
                      "a machine module needs the key 'target'");
        return false;
    }
    size_t errors = abide__error_count(ctx), order = 0;
    uint64_t pointer = 0;
    if (!abide_schema__read(ctx, &abide_target__schema, node, values))
        return false;
    target->arch = values[TARGET_ARCH]->text;
    abide_schema__word(ctx, values[TARGET_ENDIAN], byte_orders, &order);
    target->big_endian = order == 1;
    if (abide_schema__uint(ctx, values[TARGET_POINTER], 8, &pointer) && pointer != 2 &&
        pointer != 4 && pointer != 8)
        abide__report(ctx, ABIDE_CODE_BAD_VALUE, values[TARGET_POINTER]->place,
                      "expected 2, 4 or 8");
    target->pointer_bytes = (uint32_t)pointer;
    target->os = values[TARGET_OS] ? values[TARGET_OS]->text : NULL;
    check_systems(ctx, values[TARGET_SYSTEMS]);
    const struct abide_yaml *triples = values[TARGET_TRIPLES];
    for (size_t i = 0; triples && i < triples->entry_count; i++)
        check_spellings(ctx, abide_yaml__entry(triples, i));
    return errors == abide__error_count(ctx);
}

static bool lists_system(const struct abide_yaml *systems, const char *system, size_t length)
{
    for (size_t i = 0; i < systems->entry_count; i++) {
        const struct abide_yaml *word = abide_yaml__at(systems, i);
        if (word->kind == ABIDE_YAML_SCALAR && strlen(word->text) == length &&
            memcmp(word->text, system, length) == 0)
            return true;
    }
    return false;
}

bool abide_target__admits(const struct abide_yaml *target, const char *triple)
{
    const struct abide_yaml *systems = abide_yaml__get(target, "systems");
    struct parts parts;
    return !systems || systems->kind != ABIDE_YAML_SEQUENCE || !split(triple, &parts) ||
           lists_system(systems, parts.text[1], parts.length[1]);
}

/* --- finding --- */

/* Whether words of the triple stand in a file that nobody has an index of. */
static bool mentions(abide_ctx *ctx, struct abide_spec_file *file, const struct parts *asked)
{
    static const char key[] = "triples";
    size_t last = asked->count - 1;
    size_t letters = strcspn(asked->text[last], "0123456789.-");
    return abide_search__mentions(ctx, file, asked->text[0], asked->length[0]) &&
           abide_search__mentions(ctx, file, asked->text[last], letters) &&
           abide_search__mentions(ctx, file, key, strlen(key));
}

static bool is_candidate(abide_ctx *ctx, struct abide_spec_file *file, const struct parts *asked,
                         bool is_exact)
{
    const char *triple = abide_search__triples(file, is_exact);
    if (!triple)
        return mentions(ctx, file, asked) && abide_search__is_first(ctx, file);
    while (*triple && !matches(asked, triple))
        triple += strlen(triple) + 1;
    return *triple && abide_search__is_first(ctx, file);
}

struct triples {
    ABIDE_VEC(const char *) known;
};

static void add_known(abide_ctx *ctx, struct triples *all, const struct abide_yaml *triples)
{
    for (size_t i = 0; triples && triples->kind == ABIDE_YAML_MAPPING && i < triples->entry_count;
         i++)
        abide__push(ctx, &all->known, abide_yaml__key_at(triples, i)->text);
}

static const char *triple_at(const void *user, size_t index)
{
    const struct triples *all = user;
    return index < all->known.count ? all->known.items[index] : NULL;
}

/* The one that was meant, or else all. */
static void add_help(abide_ctx *ctx, abide_diag *diag, const char *asked, const struct triples *all)
{
    const char *nearest = abide__nearest(asked, triple_at, all);
    if (nearest) {
        abide__diag_help(ctx, diag, "did you mean '%s'?", nearest);
        return;
    }
    struct abide_text text = {0};
    for (size_t i = 0; i < all->known.count; i++)
        abide__text_printf(ctx, &text, "%s%s", i ? " " : "", all->known.items[i]);
    if (text.length_bytes)
        abide__diag_help(ctx, diag, "known targets: %s", text.chars);
}

void abide_target__report_unknown(abide_ctx *ctx, const char *asked, struct abide_place place)
{
    abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_TARGET, place,
                                     "no module is the C ABI of %s", abide__quote(ctx, asked));
    struct abide_spec_files files = abide_search__files(ctx);
    struct triples all = {0};
    static const char key[] = "triples";
    for (size_t i = 0; i < files.count; i++)
        if (abide_search__mentions(ctx, files.items[i], key, strlen(key)) &&
            abide_search__is_first(ctx, files.items[i]) && abide_search__parse(ctx, files.items[i]))
            add_known(ctx, &all, triples_of(files.items[i]->tree));
    add_help(ctx, diag, asked, &all);
}

static void report_ambiguous(abide_ctx *ctx, const char *asked, const struct abide_spec_file *first,
                             const struct abide_spec_file *second, struct abide_place place)
{
    abide_diag *diag =
        abide__report(ctx, ABIDE_CODE_AMBIGUOUS_TARGET, place,
                      "two modules say that they are the C ABI of %s", abide__quote(ctx, asked));
    abide__diag_note(ctx, diag, triples_of(first->tree)->place, "'%s'", first->name);
    abide__diag_note(ctx, diag, triples_of(second->tree)->place, "'%s'", second->name);
}

/* false: reported. */
static bool find_file(abide_ctx *ctx, const struct parts *parts, bool is_exact,
                      struct abide_place place, struct abide_target *target)
{
    struct abide_spec_files files = abide_search__files(ctx);
    for (size_t i = 0; i < files.count; i++) {
        struct abide_spec_file *file = files.items[i];
        if (!is_candidate(ctx, file, parts, is_exact))
            continue;
        if (!abide_search__parse(ctx, file))
            return false;
        const char *triple = find_triple(triples_of(file->tree), parts);
        if (!triple || (target->file && target->file->name == file->name))
            continue;
        if (target->file) {
            report_ambiguous(ctx, target->asked, target->file, file, place);
            return false;
        }
        target->file = file;
        target->triple = triple;
    }
    return true;
}

static bool is_one_of(const char *const *words, const char *text, size_t length)
{
    for (size_t i = 0; words[i]; i++)
        if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0)
            return true;
    return false;
}

/* Vendors that stand where an operating system could. */
static const char *const vendors[] = {"unknown", "pc", "apple", "w64", NULL};

/*
 * Systems that a module may be used on without being their C ABI: each has one size of pointer an architecture and an
 * object format of its own. Others are taken for mistakes.
 */
static const char *const systems[] = {"darwin", "macos", "windows", "none", NULL};

/* The operating system of a triple that no module knows, without its version; NULL: not one of the above. */
static const char *foreign_os(abide_ctx *ctx, const struct parts *parts)
{
    bool has_vendor = parts->count == 4 ||
                      (parts->count == 3 && is_one_of(vendors, parts->text[1], parts->length[1]));
    const char *os = parts->text[has_vendor ? 2 : 1];
    size_t length = strcspn(os, "-0123456789.");
    return is_one_of(systems, os, length) ? abide__intern(ctx, os, length) : NULL;
}

static bool has_arch(const struct abide_yaml *triples, const struct parts *asked)
{
    struct parts known;
    for (size_t i = 0; triples && triples->kind == ABIDE_YAML_MAPPING && i < triples->entry_count;
         i++)
        if (split(abide_yaml__key_at(triples, i)->text, &known) &&
            same_part(asked, 0, &known, 0, false))
            return true;
    return false;
}

/* What a module of the same architecture says of it. false: there is none, or reported. */
static bool read_arch(abide_ctx *ctx, const struct parts *parts, struct abide_target *target)
{
    struct abide_spec_files files = abide_search__files(ctx);
    const char *os = foreign_os(ctx, parts);
    for (size_t i = 0; os && i < files.count; i++) {
        struct abide_spec_file *file = files.items[i];
        if (!abide_search__mentions(ctx, file, parts->text[0], parts->length[0]) ||
            !abide_search__is_first(ctx, file) || !abide_search__parse(ctx, file) ||
            !has_arch(triples_of(file->tree), parts))
            continue;
        const struct abide_yaml *tree = abide_resolve__tree(ctx, file);
        if (!tree || !abide_target__read(ctx, tree, target))
            return false;
        target->triple = target->asked;
        target->os = os;
        return true;
    }
    return false;
}

static const struct abide_target *find(abide_ctx *ctx, const char *asked, struct abide_place place)
{
    struct abide_target *target = abide__new(ctx, struct abide_target);
    struct parts parts;
    target->asked = asked;
    if (!split(asked, &parts)) {
        abide_diag *diag = abide__report(ctx, ABIDE_CODE_UNKNOWN_TARGET, place, "%s is no target",
                                         abide__quote(ctx, asked));
        abide__diag_help(ctx, diag,
                         "a target is a triple of two to four parts: "
                         "ARCHITECTURE-[VENDOR-]SYSTEM[-ENVIRONMENT]");
        return NULL;
    }
    /* Installed files that look like those built in are read only if nothing is found without. */
    if (!find_file(ctx, &parts, false, place, target) ||
        (!target->file && !find_file(ctx, &parts, true, place, target)))
        return NULL;
    if (!target->file) {
        size_t errors = abide__error_count(ctx);
        bool is_known = read_arch(ctx, &parts, target);
        if (!is_known && errors == abide__error_count(ctx))
            abide_target__report_unknown(ctx, asked, place);
        return is_known ? target : NULL;
    }
    const struct abide_yaml *tree = abide_resolve__tree(ctx, target->file);
    if (!tree || !abide_target__read(ctx, tree, target))
        return NULL;
    if (!target->os)
        target->os = os_of(ctx, target->triple);
    return target;
}

const struct abide_target *abide_target__find(abide_ctx *ctx, const char *asked,
                                              struct abide_place place)
{
    struct abide_modules *modules = abide_modules__of(ctx);
    asked = abide__intern_text(ctx, asked ? asked : ABIDE_HOST_TRIPLE);
    for (size_t i = 0; i < modules->targets.count; i++)
        if (modules->targets.items[i]->asked == asked)
            return modules->targets.items[i];
    const struct abide_target *target = find(ctx, asked, place);
    if (target)
        abide__push(ctx, &modules->targets, target);
    return target;
}
